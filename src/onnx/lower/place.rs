//! Operators that pick and place elements by indices, and those that go along an axis: all of them sums of elements whose places are
//! known.

use super::matmul::product;
use super::reduce::sum;
use crate::onnx::core::along::along;
use crate::onnx::core::arithmetic::{Operand, binary};
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::numbers::from_end;
use crate::onnx::core::rearrange::{joined, reshaped};
use crate::onnx::graph::{Constant, Node, to_i64};
use crate::onnx::operator::GATE;
use crate::onnx::proto::data_type;
use crate::onnx::shapes::{Elements, Value, compute};
use crate::onnx::slice_sums::Sums;

/// The most updates of one place where each takes a step.
const MOST_ROUNDS: usize = 64;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let shape = lowering.shape(node.output())?.to_vec();
    let result = match node.op.as_str() {
        "CumSum" => cumulative(lowering, node, &shape)?,
        "OneHot" => one_hot(lowering, node, &shape)?,
        "Trilu" => triangle(lowering, node, &shape)?,
        _ if node.input(1).is_some_and(|indices| lowering.constant(indices).is_none()) => {
            matched(lowering, node, &shape)?
        }
        _ => picked(lowering, node, &shape)?,
    };
    lowering.set(node.output(), result);
    Ok(())
}

fn cumulative(lowering: &mut Lowering<'_>, node: &Node, shape: &[usize]) -> Result<View, LowerError> {
    let x = lowering.input(node, 0)?;
    let axis = constant(lowering, node, 1)?.as_integers().and_then(|axes| axes.first().copied());
    let axis = axis.map(|axis| from_end(axis, shape.len())).filter(|&axis| axis < shape.len());
    let axis = axis.ok_or_else(|| lowering.unsupported("its axis is not known"))?;
    let flag = |name: &str| node.int(name).unwrap_or(0) != 0;
    let (exclusive, reverse, size) = (flag("exclusive"), flag("reverse"), shape[axis]);
    lowering.made_up(&[size, size])?;
    let mut sums = Sums::default();
    for place in 0..size {
        let taken = match (reverse, exclusive) {
            (false, false) => 0..place + 1,
            (false, true) => 0..place,
            (true, false) => place..size,
            (true, true) => place + 1..size,
        };
        sums.push(taken.map(|source| (source, 1.0)));
    }
    along(lowering, To::Node, x, axis, sums)
}

/// On where the index is, counted from the start or from the end, and off elsewhere.
fn one_hot(lowering: &mut Lowering<'_>, node: &Node, shape: &[usize]) -> Result<View, LowerError> {
    let axis = from_end(node.int("axis").unwrap_or(-1), shape.len());
    let values = match constant(lowering, node, 2)?.elements {
        Elements::Float(floats) => floats,
        #[expect(clippy::cast_precision_loss, reason = "everything is computed in f32")]
        Elements::Int(integers) => integers.into_iter().map(|integer| integer as f32).collect(),
    };
    let (&[off, on], true) = (&values[..], axis < shape.len()) else {
        return Err(lowering.unsupported("its values or axis are not known"));
    };
    let mut once = shape.to_vec();
    once[axis] = 1;
    let indices = lowering.input(node, 0)?;
    let indices = Operand::Computed(reshaped(lowering, indices, &once)?);
    let differs = elsewhere(lowering, &indices, axis, shape)?;
    let change = lowering.with_number(To::Step("change"), "Mul", &differs, off - on)?;
    lowering.with_number(To::Node, "Add", &change, on)
}

/// 0 where the place along an axis is the index, counted from the start or from the end, and 1 elsewhere.
fn elsewhere(lowering: &mut Lowering<'_>, indices: &Operand, axis: usize, shape: &[usize]) -> Result<View, LowerError> {
    lowering.made_up(shape)?;
    let mut form = vec![1; shape.len()];
    form[axis] = shape[axis];
    let mut both = Vec::new();
    for from in [0, -to_i64(shape[axis])] {
        #[expect(clippy::cast_precision_loss, reason = "places in a dimension")]
        let places = (from..from + to_i64(shape[axis])).map(|place| place as f32).collect();
        let places = Operand::Constant(Constant::floats(form.clone(), places));
        let distance = binary(lowering, To::Step("distance"), "Sub", indices, &places, shape)?;
        let sign = lowering.unary(To::Step("sign"), "Sign", &distance)?;
        both.push(lowering.unary(To::Step("differs"), "Abs", &sign)?);
    }
    lowering.pairwise(To::Step("elsewhere"), "Mul", &both[0], &both[1])
}

/// Gathered or scattered along an axis by indices that are computed: a product with the table of which index is which place.
fn matched(lowering: &mut Lowering<'_>, node: &Node, shape: &[usize]) -> Result<View, LowerError> {
    let (x, indices) = (lowering.input(node, 0)?, lowering.input(node, 1)?);
    let (own, chosen) = (x.layout.shape(), indices.layout.shape());
    let axis = from_end(node.int("axis").unwrap_or(0), own.len());
    let fits = own.len() == chosen.len()
        && axis < own.len()
        && own.iter().zip(&chosen).enumerate().all(|(at, (own, chosen))| at == axis || own == chosen);
    let scatters = node.op == "ScatterElements";
    let adds = match node.text("reduction") {
        None | Some("none") => false,
        Some("add") if scatters => true,
        _ => return Err(lowering.unsupported("what is there already takes part")),
    };
    if !fits || !matches!(node.op.as_str(), "GatherElements" | "ScatterElements") {
        return Err(lowering.unsupported("its indices are computed and not for every row"));
    }
    let mut order: Vec<usize> = (0..own.len()).filter(|&dimension| dimension != axis).collect();
    order.push(axis);
    let (size, count) = (own[axis], chosen[axis]);
    let rows = own.iter().product::<usize>() / size.max(1);
    let turned = |view: View| View { layout: view.layout.transposed(&order), ..view };
    let indices = Operand::Computed(reshaped(lowering, turned(indices), &[rows, count, 1])?);
    let elsewhere = elsewhere(lowering, &indices, 2, &[rows, count, size])?;
    let table = lowering.number_with(To::Step("table"), "Sub", 1.0, &elsewhere)?;
    let made = if scatters {
        let updates = lowering.input(node, 2)?;
        let updates = Operand::Computed(reshaped(lowering, turned(updates), &[rows, 1, count])?);
        let placed = product(lowering, To::Step("placed"), &updates, &Operand::Computed(table.clone()))?;
        let placed = Operand::Computed(reshaped(lowering, placed, &[rows, size])?);
        let there = reshaped(lowering, turned(x), &[rows, size])?;
        let there = if adds {
            there
        } else {
            let covered = sum(lowering, To::Step("covered"), &table, &[1])?;
            let covered = reshaped(lowering, covered, &[rows, size])?;
            let free = Operand::Computed(lowering.number_with(To::Step("free"), "Sub", 1.0, &covered)?);
            binary(lowering, To::Step("kept"), "Mul", &Operand::Computed(there), &free, &[rows, size])?
        };
        binary(lowering, To::Step("all"), "Add", &Operand::Computed(there), &placed, &[rows, size])?
    } else {
        let there = Operand::Computed(reshaped(lowering, turned(x), &[rows, size, 1])?);
        product(lowering, To::Step("chosen"), &Operand::Computed(table), &there)?
    };
    let moved: Vec<usize> = order.iter().map(|&dimension| shape[dimension]).collect();
    let made = reshaped(lowering, made, &moved)?;
    let mut back: Vec<usize> = (0..own.len() - 1).collect();
    back.insert(axis, own.len() - 1);
    Ok(View { layout: made.layout.transposed(&back), ..made })
}

fn triangle(lowering: &mut Lowering<'_>, node: &Node, shape: &[usize]) -> Result<View, LowerError> {
    let x = Operand::Computed(lowering.input(node, 0)?);
    let matrix = shape[shape.len().saturating_sub(2)..].to_vec();
    let count = lowering.made_up(&matrix)?;
    let ones = Value::new(matrix.clone(), data_type::FLOAT, Elements::Float(vec![1.0; count]));
    let diagonal = node.input(1).map(|_| constant(lowering, node, 1)).transpose()?;
    let made = compute(node, lowering.source.opset(), vec![ones, diagonal]);
    let Some(Elements::Float(mask)) = made.ok().and_then(|made| made.into_iter().next()).map(|mask| mask.elements)
    else {
        return Err(lowering.unsupported("its diagonal is not known"));
    };
    binary(lowering, To::Node, GATE, &Operand::Constant(Constant::floats(matrix, mask)), &x, shape)
}

/// Gathered or scattered by indices that are constants. What the operator makes of the numbers of all places tells where each element comes
/// from.
fn picked(lowering: &mut Lowering<'_>, node: &Node, shape: &[usize]) -> Result<View, LowerError> {
    let mut numbered = 0;
    let mut parts = Vec::new();
    let mut inputs = Vec::new();
    for index in 0..node.inputs.len() {
        if index == 1 {
            inputs.push(Some(constant(lowering, node, 1)?));
            continue;
        }
        let part = lowering.input(node, index)?;
        let own = part.layout.shape();
        let count = lowering.made_up(&own)?;
        let places = (numbered..numbered + to_i64(count)).collect();
        inputs.push(Value::new(own, data_type::INT64, Elements::Int(places)));
        parts.push(reshaped(lowering, part, &[1, count])?);
        numbered += to_i64(count);
    }
    if let Some(reduction) = node.text("reduction").filter(|&reduction| reduction != "none") {
        let reduced = reduced(lowering, node, reduction, &inputs, &parts)?;
        return reshaped(lowering, reduced, shape);
    }
    let made = compute(node, lowering.source.opset(), inputs).map_err(|detail| lowering.unsupported(detail))?;
    let sources = made.first().and_then(Value::as_integers).unwrap_or_default();
    let sources = Sums::taking(sources.iter().map(|&source| usize::try_from(source).ok()));
    let all = match &parts[..] {
        [only] => only.clone(),
        parts => joined(lowering, To::Step("all"), parts, 1)?,
    };
    let chosen = along(lowering, To::Step("chosen"), all, 1, sources)?;
    reshaped(lowering, chosen, shape)
}

/// Scattered by indices that are constants, where what is there already takes part. `inputs` are the numbers of all places and the
/// indices, `parts` the value and the updates as rows.
fn reduced(
    lowering: &mut Lowering<'_>,
    node: &Node,
    reduction: &str,
    inputs: &[Option<Value>],
    parts: &[View],
) -> Result<View, LowerError> {
    // Where an update goes is where a value would be gathered from.
    let gather = if node.op == "ScatterND" { "GatherND" } else { "GatherElements" };
    let mut gather = Node::new(gather, &["places", "indices"], "chosen");
    gather.attributes.extend(node.attributes.get("axis").map(|axis| ("axis".to_owned(), axis.clone())));
    let chosen = compute(&gather, lowering.source.opset(), inputs.iter().take(2).cloned().collect());
    let chosen = chosen.map_err(|detail| lowering.unsupported(detail))?;
    let places = chosen.first().and_then(Value::as_integers).unwrap_or_default();
    let [there, _] = parts else {
        return Err(lowering.unsupported("it has no updates"));
    };
    let count = there.layout.shape()[1];
    let mut updates = vec![Vec::new(); count];
    for (update, &place) in places.iter().enumerate() {
        let of_place = usize::try_from(place).ok().and_then(|place| updates.get_mut(place));
        of_place.ok_or_else(|| lowering.unsupported("it has a place that is not there"))?.push(count + update);
    }
    let all = joined(lowering, To::Step("all"), parts, 1)?;
    if reduction == "add" {
        let mut sums = Sums::default();
        for (place, updates) in updates.iter().enumerate() {
            sums.push([place].iter().chain(updates).map(|&source| (source, 1.0)));
        }
        return along(lowering, To::Step("chosen"), all, 1, sums);
    }
    let op = match reduction {
        "mul" => "Mul",
        "max" => "Max",
        "min" => "Min",
        _ => return Err(lowering.unsupported(format!("reduction {reduction:?}"))),
    };
    let rounds = updates.iter().map(Vec::len).max().unwrap_or(0);
    if rounds > MOST_ROUNDS {
        return Err(lowering.unsupported(format!("{rounds} updates for one place")));
    }
    let mut made = there.clone();
    for round in 0..rounds {
        let missing = |place: usize| updates[place].get(round).is_none();
        // What has no update is multiplied with 1, or is the larger or smaller of itself and itself.
        let own = |place: usize| if op == "Mul" { None } else { Some(place) };
        let sources = updates.iter().enumerate().map(|(place, updates)| updates.get(round).copied().or(own(place)));
        let mut next = along(lowering, To::Step("updates"), all.clone(), 1, Sums::taking(sources))?;
        if op == "Mul" && (0..count).any(missing) {
            let ones = (0..count).map(|place| f32::from(u8::from(missing(place)))).collect();
            let ones = Operand::Constant(Constant::floats(vec![1, count], ones));
            next = binary(lowering, To::Step("factors"), "Add", &Operand::Computed(next), &ones, &[1, count])?;
        }
        let (before, next) = (Operand::Computed(made), Operand::Computed(next));
        made = binary(lowering, To::Step("reduced"), op, &before, &next, &[1, count])?;
    }
    Ok(made)
}

fn constant(lowering: &Lowering<'_>, node: &Node, index: usize) -> Result<Value, LowerError> {
    let value = node.input(index).and_then(|name| Value::from_constant(lowering.constant(name)?));
    value.ok_or_else(|| lowering.unsupported(format!("its input {index} is not a constant")))
}
