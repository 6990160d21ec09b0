//! The largest values of a dimension and where they are: each value's rank is how many come before it, which comparing all pairs
//! tells; a table of which value has which rank then takes them out.

use super::matmul;
use super::reduce;
use crate::onnx::core::arithmetic::{Operand, binary};
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::numbers::from_end;
use crate::onnx::core::rearrange;
use crate::onnx::graph::{Constant, Node};

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
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
    let table = rank_table(lowering, &row, &column, [rows, size, count], smallest, last_of_equal)?;
    if hard {
        // The first row of the table is the result.
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
        let chosen = matmul::product(lowering, To::Node, &Operand::Computed(table.clone()), &of)?;
        let apart = rearrange::reshaped(lowering, chosen, &made)?;
        let result = View { tensor: apart.tensor, layout: apart.layout.transposed(&back) };
        let drops = arg && node.int("keepdims").unwrap_or(1) == 0;
        lowering.set(output, if drops { reduce::without(result, &[axis]) } else { result });
    }
    Ok(())
}

/// For each row and each of the first ranks a row with a 1 at the value that has it.
fn rank_table(
    lowering: &mut Lowering<'_>,
    row: &View,
    column: &View,
    [rows, size, count]: [usize; 3],
    smallest: bool,
    last_of_equal: bool,
) -> Result<View, LowerError> {
    let (row, column) = (Operand::Computed(row.clone()), Operand::Computed(column.clone()));
    let (first, second) = if smallest { (&column, &row) } else { (&row, &column) };
    let pairs = [rows, size, size];
    lowering.made_up(&pairs)?;
    let ahead = binary(lowering, To::Step("ahead"), "Sub", first, second, &pairs)?;
    let sign = lowering.unary(To::Step("sign"), "Sign", &ahead)?;
    let before = lowering.unary(To::Step("before"), "Relu", &sign)?;
    // Of equal values the first comes first.
    let differs = lowering.unary(To::Step("differs"), "Abs", &sign)?;
    let equal = Operand::Computed(lowering.number_with(To::Step("equal"), "Sub", 1.0, &differs)?);
    let earlier = (0..size * size).map(|at| {
        let (own, other) = (at / size, at % size);
        f32::from(u8::from(if last_of_equal { other > own } else { other < own }))
    });
    let earlier = Operand::Constant(Constant::floats(vec![1, size, size], earlier.collect()));
    let tied = binary(lowering, To::Step("tied"), "Mul", &equal, &earlier, &pairs)?;
    let counted =
        binary(lowering, To::Step("counted"), "Add", &Operand::Computed(before), &Operand::Computed(tied), &pairs)?;
    let rank = reduce::sum(lowering, To::Step("rank"), &counted, &[2])?;
    let rank = Operand::Computed(rearrange::reshaped(lowering, rank, &[rows, 1, size])?);
    #[expect(clippy::cast_precision_loss, reason = "ranks in a dimension")]
    let ranks = Operand::Constant(Constant::floats(vec![1, count, 1], (0..count).map(|rank| rank as f32).collect()));
    let distance = binary(lowering, To::Step("distance"), "Sub", &rank, &ranks, &[rows, count, size])?;
    let sign = lowering.unary(To::Step("sign"), "Sign", &distance)?;
    let differs = lowering.unary(To::Step("differs"), "Abs", &sign)?;
    lowering.number_with(To::Step("table"), "Sub", 1.0, &differs)
}
