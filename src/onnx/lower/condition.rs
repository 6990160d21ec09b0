//! Comparisons, truth values and what is chosen by them. A truth value is 1 or 0.

use crate::onnx::core::arithmetic::{Operand, binary, broadcast_shape, operand};
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::graph::{Constant, Node};
use crate::onnx::operator::GATE;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let shape = lowering.shape(node.output())?.to_vec();
    let operands = (0..node.inputs.len()).map(|index| operand(lowering, node, index)).collect::<Result<Vec<_>, _>>()?;
    let result = match (node.op.as_str(), &operands[..]) {
        ("Where", [condition, yes, no]) => choose(lowering, condition, yes, no, &shape)?,
        ("Not", [Operand::Computed(x)]) => not(lowering, To::Node, x)?,
        ("And", [left, right]) => binary(lowering, To::Node, "Mul", left, right, &shape)?,
        ("Or", [left, right]) => binary(lowering, To::Node, "Max", left, right, &shape)?,
        ("Xor", [left, right]) => {
            let difference = binary(lowering, To::Step("difference"), "Sub", left, right, &shape)?;
            lowering.unary(To::Node, "Abs", &difference)?
        }
        ("Equal", [left, right]) => {
            let difference = binary(lowering, To::Step("difference"), "Sub", left, right, &shape)?;
            let sign = lowering.unary(To::Step("sign"), "Sign", &difference)?;
            let differs = lowering.unary(To::Step("differs"), "Abs", &sign)?;
            not(lowering, To::Node, &differs)?
        }
        ("Greater", [left, right]) | ("Less", [right, left]) => {
            let ahead = binary(lowering, To::Step("ahead"), "Sub", left, right, &shape)?;
            positive(lowering, To::Node, &ahead)?
        }
        ("LessOrEqual", [left, right]) | ("GreaterOrEqual", [right, left]) => {
            let ahead = binary(lowering, To::Step("ahead"), "Sub", left, right, &shape)?;
            let greater = positive(lowering, To::Step("greater"), &ahead)?;
            not(lowering, To::Node, &greater)?
        }
        (_, operands) => return Err(lowering.unsupported(format!("it has {} operands", operands.len()))),
    };
    lowering.set(node.output(), result);
    Ok(())
}

/// 1 where the value is above zero, else 0.
fn positive(lowering: &mut Lowering<'_>, to: To<'_>, x: &View) -> Result<View, LowerError> {
    let sign = lowering.unary(To::Step("sign"), "Sign", x)?;
    lowering.unary(to, "Relu", &sign)
}

/// The opposite of a truth value.
fn not(lowering: &mut Lowering<'_>, to: To<'_>, x: &View) -> Result<View, LowerError> {
    lowering.number_with(to, "Sub", 1.0, x)
}

/// One value where the condition holds and another elsewhere: the sum of each behind a gate, since a product would make NaN of
/// an infinity that is not chosen.
fn choose(
    lowering: &mut Lowering<'_>,
    condition: &Operand,
    yes: &Operand,
    no: &Operand,
    shape: &[usize],
) -> Result<View, LowerError> {
    let opposite = match condition {
        Operand::Computed(view) => Operand::Computed(not(lowering, To::Step("else"), view)?),
        Operand::Constant(constant) => {
            let values = constant.as_floats().unwrap_or_default();
            let values = values.iter().map(|&value| f32::from(u8::from(value == 0.0))).collect();
            Operand::Constant(Constant::floats(constant.shape.clone(), values))
        }
    };
    let yes = behind(lowering, condition, yes)?;
    let no = behind(lowering, &opposite, no)?;
    let is_zero = |operand: &Operand| match operand {
        Operand::Constant(constant) => constant.as_floats().is_some_and(|values| values.iter().all(|&it| it == 0.0)),
        Operand::Computed(_) => false,
    };
    // Nothing is added to what has the shape of the result already.
    match (yes, no) {
        (Operand::Computed(view), other) | (other, Operand::Computed(view))
            if is_zero(&other) && view.layout.shape() == shape =>
        {
            Ok(view)
        }
        (yes, no) => binary(lowering, To::Node, "Add", &yes, &no, shape),
    }
}

/// A value behind a gate.
fn behind(lowering: &mut Lowering<'_>, condition: &Operand, value: &Operand) -> Result<Operand, LowerError> {
    let shape = broadcast_shape(&condition.shape(), &value.shape());
    if let (Operand::Constant(condition), Operand::Constant(value)) = (condition, value) {
        let (Some(conditions), Some(values)) = (condition.as_floats(), value.as_floats()) else {
            return Err(lowering.unsupported("an operand does not hold numbers"));
        };
        let count = lowering.made_up(&shape)?;
        let gated = (0..count).map(|index| {
            let at = |own: &[usize]| broadcast_index(index, &shape, own);
            if conditions[at(&condition.shape)] == 0.0 { 0.0 } else { values[at(&value.shape)] }
        });
        return Ok(Operand::Constant(Constant::floats(shape.clone(), gated.collect())));
    }
    Ok(Operand::Computed(binary(lowering, To::Step("chosen"), GATE, condition, value, &shape)?))
}

/// Where the element of a broadcast value lies in the one that was broadcast.
fn broadcast_index(index: usize, shape: &[usize], own: &[usize]) -> usize {
    let (mut rest, mut at, mut stride) = (index, 0, 1);
    for (from_last, &size) in shape.iter().rev().enumerate() {
        let place = rest % size;
        rest /= size;
        if let Some(&own) = own.iter().rev().nth(from_last) {
            at += if own == 1 { 0 } else { place * stride };
            stride *= own;
        }
    }
    at
}
