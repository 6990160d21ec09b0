//! Numbers rounded to those that integers of some width stand for.

use super::activation::clip;
use crate::onnx::core::arithmetic::{Operand, binary, operand};
use crate::onnx::core::build::Lowering;
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::numbers::from_end;
use crate::onnx::graph::{Constant, Node};
use crate::onnx::operator::STRAIGHT_ROUND;

/// `(clamp(round(x / scale) + zero, low, high) − zero) · scale`, or with `x · factor` instead of the quotient.
pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let shape = lowering.shape(node.output())?.to_vec();
    let x = Operand::Computed(lowering.input(node, 0)?);
    let scale = parameter(lowering, node, 1, shape.len())?;
    let zero = match node.input(2) {
        Some(_) => parameter(lowering, node, 2, shape.len())?,
        None => Operand::Constant(Constant::floats(Vec::new(), vec![0.0])),
    };
    let [low, high] = ["low", "high"].map(|bound| node.float(bound).unwrap_or_default());
    let quotient = match node.input(3) {
        Some(_) => {
            let factor = parameter(lowering, node, 3, shape.len())?;
            binary(lowering, To::Step("steps"), "Mul", &x, &factor, &shape)?
        }
        None => binary(lowering, To::Step("steps"), "Div", &x, &scale, &shape)?,
    };
    let whole = match &zero {
        Operand::Constant(constant) if constant.as_floats().is_some_and(|zeros| zeros.len() == 1) => {
            let zero = constant.as_floats().and_then(|zeros| zeros.first().copied()).unwrap_or_default();
            let inside = clip(lowering, To::Step("inside"), &quotient, low - zero, high - zero)?;
            lowering.unary(To::Step("whole"), STRAIGHT_ROUND, &inside)?
        }
        zero => {
            let whole = Operand::Computed(lowering.unary(To::Step("whole"), STRAIGHT_ROUND, &quotient)?);
            let integer = binary(lowering, To::Step("integer"), "Add", &whole, zero, &shape)?;
            let inside = Operand::Computed(clip(lowering, To::Step("inside"), &integer, low, high)?);
            binary(lowering, To::Step("back"), "Sub", &inside, zero, &shape)?
        }
    };
    let is_one = matches!(&scale, Operand::Constant(one) if one.as_floats().is_some_and(|list| list.iter().all(|&it| it == 1.0)));
    let result =
        if is_one { whole } else { binary(lowering, To::Node, "Mul", &Operand::Computed(whole), &scale, &shape)? };
    lowering.set(node.output(), result);
    Ok(())
}

/// A scale or zero point in a form that broadcasts.
fn parameter(lowering: &mut Lowering<'_>, node: &Node, index: usize, rank: usize) -> Result<Operand, LowerError> {
    Ok(match operand(lowering, node, index)? {
        Operand::Constant(constant) => {
            let floats = constant.as_floats().unwrap_or_default().to_vec();
            let mut form = Vec::new();
            if floats.len() != 1 {
                form.resize(rank.saturating_sub(from_end(node.int("axis").unwrap_or(0), rank)).max(1), 1);
                form[0] = floats.len();
            }
            Operand::Constant(Constant::floats(form, floats))
        }
        computed => computed,
    })
}
