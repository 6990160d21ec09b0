//! Operators of two or more values that broadcast as NumPy does.

use super::activation;
use crate::onnx::core::arithmetic::{Operand, binary, broadcast_shape, operand};
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::graph::{Constant, Node};
use crate::onnx::operator::GATE;
use crate::onnx::shapes::is_float;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let operands = (0..node.inputs.len()).map(|index| operand(lowering, node, index)).collect::<Result<Vec<_>, _>>()?;
    let shape = lowering.shape(node.output())?.to_vec();
    let result = match (node.op.as_str(), operands.as_slice()) {
        ("Pow", [Operand::Computed(base), Operand::Constant(exponent)]) => match exponent.as_floats() {
            Some(&[exponent]) => activation::power(lowering, To::Node, base, exponent)?,
            _ => match exponent.as_integers() {
                #[expect(clippy::cast_precision_loss, reason = "exponents are small")]
                Some(&[exponent]) => activation::power(lowering, To::Node, base, exponent as f32)?,
                _ => {
                    let logarithm = Operand::Computed(lowering.unary(To::Step("log"), "Log", base)?);
                    let exponent = Operand::Constant(exponent.clone());
                    let scaled = binary(lowering, To::Step("scaled"), "Mul", &logarithm, &exponent, &shape)?;
                    lowering.unary(To::Node, "Exp", &scaled)?
                }
            },
        },
        ("PRelu", [Operand::Computed(x), slope]) => {
            let (positive, negative) = activation::parts(lowering, x)?;
            let negative = Operand::Computed(negative);
            let scaled = binary(lowering, To::Step("scaled"), "Mul", &negative, slope, &shape)?;
            binary(lowering, To::Node, "Add", &Operand::Computed(positive), &Operand::Computed(scaled), &shape)?
        }
        // Of whole numbers what is behind the point is cut off.
        ("Div", [left, right]) if holds_integers(lowering, node) => {
            let quotient = binary(lowering, To::Step("quotient"), "Div", left, right, &shape)?;
            activation::truncated(lowering, To::Node, &quotient)?
        }
        ("Mod", [left, right]) => {
            // fmod has the sign of the first operand, and what whole numbers are otherwise that of the second.
            let like_first = node.int("fmod").unwrap_or(0) != 0;
            let quotient = binary(lowering, To::Step("quotient"), "Div", left, right, &shape)?;
            let whole = if like_first {
                activation::truncated(lowering, To::Step("whole"), &quotient)?
            } else {
                lowering.unary(To::Step("whole"), "Floor", &quotient)?
            };
            let whole = Operand::Computed(whole);
            let product = Operand::Computed(binary(lowering, To::Step("product"), "Mul", &whole, right, &shape)?);
            binary(lowering, To::Node, "Sub", left, &product, &shape)?
        }
        ("Pow", [Operand::Constant(base), Operand::Computed(exponent)]) => {
            // bˣ is exp(x · log b).
            let logarithms = base.as_floats().filter(|base| base.iter().all(|&base| base > 0.0));
            let logarithms = logarithms.ok_or_else(|| lowering.unsupported("its base is not positive"))?;
            let logarithms = logarithms.iter().map(|base| base.ln()).collect();
            let logarithms = Operand::Constant(Constant::floats(base.shape.clone(), logarithms));
            let exponent = Operand::Computed(exponent.clone());
            let scaled = binary(lowering, To::Step("scaled"), "Mul", &exponent, &logarithms, &shape)?;
            lowering.unary(To::Node, "Exp", &scaled)?
        }
        ("Pow", [left @ Operand::Computed(base), right @ Operand::Computed(_)]) => {
            let logarithm = Operand::Computed(lowering.unary(To::Step("log"), "Log", base)?);
            debug_assert_eq!(left.shape(), base.layout.shape());
            let scaled = binary(lowering, To::Step("scaled"), "Mul", &logarithm, right, &shape)?;
            lowering.unary(To::Node, "Exp", &scaled)?
        }
        ("Sum" | "Mean" | "Min" | "Max", operands) => sum(lowering, node, operands, &shape)?,
        ("Add" | "Sub" | "Mul" | "Div" | GATE, [left, right]) => {
            binary(lowering, To::Node, &node.op, left, right, &shape)?
        }
        (_, operands) => return Err(lowering.unsupported(format!("it has {} operands", operands.len()))),
    };
    lowering.set(node.output(), result);
    Ok(())
}

/// The sum, mean, least or largest of any number of values.
fn sum(lowering: &mut Lowering<'_>, node: &Node, operands: &[Operand], shape: &[usize]) -> Result<View, LowerError> {
    let op = if matches!(node.op.as_str(), "Min" | "Max") { &node.op } else { "Add" };
    #[expect(clippy::cast_precision_loss, reason = "there are few operands")]
    let scale = (node.op == "Mean").then(|| 1.0 / operands.len() as f32);
    let [first, middle @ .., last] = operands else {
        return match operands {
            [Operand::Computed(x)] => lowering.with_number(To::Node, "Add", x, 0.0),
            _ => Err(lowering.unsupported("it has no computed operand")),
        };
    };
    let mut total = first.clone();
    let steps = middle.iter().map(|operand| (operand, To::Step("sum")));
    let end = if scale.is_some() { To::Step("sum") } else { To::Node };
    for (operand, to) in steps.chain(std::iter::once((last, end))) {
        let partial = broadcast_shape(&total.shape(), &operand.shape());
        let partial = if partial.len() == shape.len() { partial } else { shape.to_vec() };
        total = Operand::Computed(binary(lowering, to, op, &total, operand, &partial)?);
    }
    match (total, scale) {
        (Operand::Computed(total), Some(scale)) => lowering.with_number(To::Node, "Mul", &total, scale),
        (Operand::Computed(total), None) => Ok(total),
        (Operand::Constant(_), _) => Err(lowering.unsupported("it has no computed operand")),
    }
}

/// Whether a node computes with whole numbers.
fn holds_integers(lowering: &Lowering<'_>, node: &Node) -> bool {
    node.inputs.iter().any(|input| is_integer(lowering, input, MOST_STEPS_BACK))
}

/// How far back the type of a value is looked for; further than exporters go between two Casts.
const MOST_STEPS_BACK: usize = 64;

/// Whether a value consists of whole numbers: a constant of these, or what was cast to them and calculated with since.
fn is_integer(lowering: &Lowering<'_>, value: &str, steps: usize) -> bool {
    if let Some(constant) = lowering.constant(value) {
        return constant.as_floats().is_none();
    }
    let (Some(node), Some(steps)) = (lowering.links.maker(value), steps.checked_sub(1)) else { return false };
    match node.op.as_str() {
        "Cast" => node.int("to").and_then(|to| i32::try_from(to).ok()).is_some_and(|to| !is_float(to)),
        "ArgMax" | "ArgMin" => true,
        "Where" => node.input(1).is_some_and(|input| is_integer(lowering, input, steps)),
        _ => node.input(0).is_some_and(|input| is_integer(lowering, input, steps)),
    }
}
