//! The largest values of a dimension and where they are: each value's rank is how many come before it; a table of which value has which
//! rank then takes them out.

use std::ops::Range;

use super::matmul;
use super::reduce;
use crate::onnx::core::arithmetic::{Operand, binary};
use crate::onnx::core::build::{Lowering, View, tensor_shape};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::arrangement_of;
use crate::onnx::core::numbers::from_end;
use crate::onnx::core::rearrange;
use crate::onnx::graph::{Attribute, Constant, Node};
use crate::onnx::operator::RANKS;

/// The most numbers that a table has; where there would be more, the ranks are taken in blocks.
const MOST_AT_A_TIME: usize = 1 << 24;

/// The most blocks.
const MOST_BLOCKS: usize = 64;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    if node.op == RANKS {
        return alone(lowering, node);
    }
    let arg = matches!(node.op.as_str(), "ArgMax" | "ArgMin");
    let hard = node.op == "Hardmax";
    let x = lowering.input(node, 0)?;
    let shape = x.layout.shape();
    let axis = from_end(node.int("axis").unwrap_or(if arg { 0 } else { -1 }), shape.len());
    if axis >= shape.len() {
        return Err(lowering.unsupported(format!("axis {axis} of a value of shape {shape:?}")));
    }
    let smallest = node.op == "ArgMin" || !arg && node.int("largest").unwrap_or(1) == 0;
    let last_of_equal = arg && node.int("select_last_index").unwrap_or(0) != 0;
    let size = shape[axis];
    let count = if arg || hard {
        1
    } else {
        let stated = node.output();
        lowering.shape(stated)?[axis]
    };
    // The dimension last, and all others as rows.
    let mut order: Vec<usize> = (0..shape.len()).filter(|&dimension| dimension != axis).collect();
    order.push(axis);
    let rows = shape.iter().product::<usize>() / size.max(1);
    let moved = View { tensor: x.tensor, layout: x.layout.transposed(&order) };
    let row = rearrange::reshaped(lowering, moved, &[rows, 1, size])?;
    let column = rearrange::reshaped(lowering, row.clone(), &[rows, size, 1])?;
    let ranks = ranks(lowering, row, rows, size, [smallest, last_of_equal])?;
    let block = (MOST_AT_A_TIME / (rows * size).max(1)).clamp(1, count.max(1));
    if count.div_ceil(block) > MOST_BLOCKS {
        return Err(lowering.unsupported(format!("{count} of {size} values in {rows} rows are too many")));
    }
    let mut tables = Vec::new();
    for start in (0..count).step_by(block) {
        tables.push(rank_table(lowering, &ranks, start..count.min(start + block))?);
    }
    if hard && let [table] = &tables[..] {
        // The first row of the table is the result.
        let table = table.clone();
        let moved: Vec<usize> = order.iter().map(|&dimension| shape[dimension]).collect();
        let apart = rearrange::reshaped(lowering, table, &moved)?;
        let mut back: Vec<usize> = (0..shape.len() - 1).collect();
        back.insert(axis, shape.len() - 1);
        lowering.set(node.output(), View { layout: apart.layout.transposed(&back), ..apart });
        return Ok(());
    }
    let mut made = order.iter().map(|&dimension| shape[dimension]).collect::<Vec<usize>>();
    made[shape.len() - 1] = count;
    let mut back: Vec<usize> = (0..shape.len() - 1).collect();
    back.insert(axis, shape.len() - 1);
    #[expect(clippy::cast_precision_loss, reason = "places in a dimension")]
    let places = Operand::Constant(Constant::floats(vec![1, size, 1], (0..size).map(|place| place as f32).collect()));
    let outputs: Vec<(&String, Operand)> = if arg {
        node.outputs.iter().take(1).map(|output| (output, places.clone())).collect()
    } else {
        node.outputs.iter().zip([Operand::Computed(column), places]).collect()
    };
    for (index, (output, of)) in outputs.into_iter().enumerate() {
        if output.is_empty() || !(lowering.links.is_read(output) || lowering.links.is_output(output)) {
            continue;
        }
        if index == 0 {
            lowering.place.output.clone_from(output);
        } else {
            lowering.next_part(output);
        }
        let to = if tables.len() == 1 { To::Node } else { To::Step("block") };
        let mut parts = Vec::with_capacity(tables.len());
        for table in &tables {
            parts.push(matmul::product(lowering, to, &Operand::Computed(table.clone()), &of)?);
        }
        let chosen = match &parts[..] {
            [only] => only.clone(),
            parts => rearrange::joined(lowering, To::Node, parts, 1)?,
        };
        let apart = rearrange::reshaped(lowering, chosen, &made)?;
        let result = View { tensor: apart.tensor, layout: apart.layout.transposed(&back) };
        let drops = arg && node.int("keepdims").unwrap_or(1) == 0;
        lowering.set(output, if drops { reduce::without(result, &[axis]) } else { result });
    }
    Ok(())
}

/// The operator of our own that counts ranks, along the last dimension.
fn alone(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let row = lowering.input(node, 0)?;
    let shape = row.layout.shape();
    let size = shape.last().copied().unwrap_or(1);
    let rows = shape.iter().product::<usize>() / size.max(1);
    let flags = ["smallest", "last"].map(|name| node.int(name).unwrap_or(0) != 0);
    let made = ranks(lowering, row, rows, size, flags)?;
    let made = rearrange::reshaped(lowering, made, &shape)?;
    lowering.set(node.output(), made);
    Ok(())
}

/// The rank of each value of the rows, `[rows, 1, size]`.
fn ranks(
    lowering: &mut Lowering<'_>,
    row: View,
    rows: usize,
    size: usize,
    [smallest, last]: [bool; 2],
) -> Result<View, LowerError> {
    let flat = rearrange::reshaped(lowering, row, &[rows, size])?;
    let arrangement = arrangement_of(&[rows, size], &[vec![0], Vec::new(), vec![1]]);
    let View { tensor, layout } = lowering.arranged(flat, &arrangement, To::Step("rows"))?;
    let node = Node::new(RANKS, &[&tensor], "")
        .with("smallest", Attribute::Int(smallest.into()))
        .with("last", Attribute::Int(last.into()));
    let tensor = lowering.emit(To::Step("ranks"), node, tensor_shape(layout.extents))?;
    rearrange::reshaped(lowering, View { tensor, layout }, &[rows, 1, size])
}

/// For each row and each of these ranks a row with a 1 at the value that has it.
fn rank_table(lowering: &mut Lowering<'_>, ranks: &View, wanted: Range<usize>) -> Result<View, LowerError> {
    let &[rows, _, size] = &ranks.layout.shape()[..] else {
        return Err(lowering.unsupported("it has no ranks"));
    };
    let shape = [rows, wanted.len(), size];
    lowering.made_up(&shape)?;
    #[expect(clippy::cast_precision_loss, reason = "ranks in a dimension")]
    let own = Constant::floats(vec![1, wanted.len(), 1], wanted.map(|rank| rank as f32).collect());
    let ranks = Operand::Computed(ranks.clone());
    let distance = binary(lowering, To::Step("distance"), "Sub", &ranks, &Operand::Constant(own), &shape)?;
    let sign = lowering.unary(To::Step("sign"), "Sign", &distance)?;
    let differs = lowering.unary(To::Step("differs"), "Abs", &sign)?;
    lowering.number_with(To::Step("table"), "Sub", 1.0, &differs)
}
