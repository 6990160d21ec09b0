//! The operators that every engine computes right, and the form they must have. Lowering writes nothing else, and the
//! wonnx adapter accepts nothing else: what wonnx gets wrong, it gets wrong silently.
//!
//! The list comes from running single operators through wonnx 0.5.1 and comparing with onnxruntime; `tests/ops` holds
//! the cases. Dilated Convs and MaxPools, Clip with any bounds, Min and Max are on it because the adapter replaces wonnx's kernels for
//! them by its own.

use thiserror::Error;

use super::graph::{Attribute, Graph, Node};
use super::slice_sums::SliceSums;

/// The operator set version that lowered graphs are written in. wonnx refuses more than 15, and 13 is the first in which
/// every operator that we write takes its parameters as it does today.
pub const OPSET: i64 = 13;

/// The operator set of the operators that ONNX does not have.
pub const OWN_SET: &str = "featurescope";

/// The gradient of MaxPool, in [`OWN_SET`]: of a picture and a value for each window, with MaxPool's attributes, what each
/// pixel gets when every window gives its value to its first maximum in reading order. Made of the other operators (a Conv that
/// lays out what each window sees, comparisons, a Conv that puts the result back) it took up to half of the time of
/// SqueezeNet's forward and backward pass.
pub const MAX_POOL_GRADIENT: &str = "MaxPoolGradient";

/// Weighted sums of the slices of a tensor along one of its axes, in [`OWN_SET`]; [`SliceSums`] has its attributes. Padding of any
/// kind, cutting, repeating and resizing are this, each along an axis, and so is the gradient of each.
pub const SLICE_SUMS: &str = "SliceSums";

/// Of a condition and a value, in [`OWN_SET`]: the value where the condition is not zero, and zero elsewhere, whatever stands there.
/// A product with a mask would make NaN of an infinity that is masked.
pub const GATE: &str = "Gate";

/// The nearest whole number, the even one of two, in [`OWN_SET`]: what Round is, with the derivative of the number itself
/// ([`super::gradient`] says why).
pub const STRAIGHT_ROUND: &str = "StraightRound";

/// The numbers that integers of some width stand for, in [`OWN_SET`]; not of the core set. Of a value, a scale and a zero point:
/// `(clamp(round(value / scale) + zero, low, high) − zero) · scale` with the attributes `low` and `high`; where a fourth input is given,
/// the value is multiplied by that one and not divided by the scale. The zero point may be left out. `axis` says along which axis a list
/// of scales or factors lies. `joined` is 1 where the file has no name for the value, since the operator that makes it is quantised
/// itself.
pub const QUANTIZE_DEQUANTIZE: &str = "QuantizeDequantize";

/// The operator set that an operator of the core set belongs to.
pub fn domain_of(op: &str) -> &'static str {
    if matches!(op, MAX_POOL_GRADIENT | SLICE_SUMS | GATE | STRAIGHT_ROUND) { OWN_SET } else { "" }
}

/// A node that is not in the core set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("in node {node:?}: operator {op} {detail}")]
pub struct NotCore {
    pub node: String,
    pub op: String,
    pub detail: String,
}

/// How many inputs an operator of the core set takes, and what has to be true of the node.
struct Rule {
    op: &'static str,
    inputs: std::ops::RangeInclusive<usize>,
    check: fn(&Node, &Graph) -> Result<(), String>,
}

const fn rule(op: &'static str, inputs: usize) -> Rule {
    Rule { op, inputs: inputs..=inputs, check: |_, _| Ok(()) }
}

const RULES: &[Rule] = &[
    Rule { op: "Conv", inputs: 3..=3, check: conv },
    Rule { op: "MaxPool", inputs: 1..=1, check: max_pool },
    Rule { op: MAX_POOL_GRADIENT, inputs: 2..=2, check: max_pool },
    Rule { op: "AveragePool", inputs: 1..=1, check: pool },
    rule("GlobalAveragePool", 1),
    rule("Relu", 1),
    rule("Sigmoid", 1),
    rule("Tanh", 1),
    rule("Exp", 1),
    rule("Log", 1),
    rule("Sqrt", 1),
    rule("Abs", 1),
    rule("Sign", 1),
    rule("Neg", 1),
    rule("Reciprocal", 1),
    rule("Add", 2),
    rule("Sub", 2),
    rule("Mul", 2),
    rule("Div", 2),
    rule("Min", 2),
    rule("Max", 2),
    rule("Floor", 1),
    rule("Round", 1),
    rule(STRAIGHT_ROUND, 1),
    rule(GATE, 2),
    Rule { op: SLICE_SUMS, inputs: 1..=1, check: slice_sums },
    rule("MatMul", 2),
    Rule { op: "Expand", inputs: 2..=2, check: constant_shape },
    Rule { op: "Clip", inputs: 2..=3, check: clip },
    Rule { op: "Concat", inputs: 1..=usize::MAX, check: concat },
    Rule { op: "Resize", inputs: 3..=3, check: resize },
    Rule { op: "Transpose", inputs: 1..=1, check: transpose },
    Rule { op: "Reshape", inputs: 2..=2, check: constant_shape },
];

/// Checks that the graph consists of core operators in their right form.
///
/// # Errors
/// [`NotCore`] for the first node that does not.
pub fn check(graph: &Graph) -> Result<(), NotCore> {
    for node in &graph.nodes {
        let failed = |detail: String| NotCore { node: node.name.clone(), op: node.op.clone(), detail };
        let rule = RULES
            .iter()
            .find(|rule| rule.op == node.op && node.domain == domain_of(rule.op))
            .ok_or_else(|| failed("is not in the core set".to_owned()))?;
        if !rule.inputs.contains(&node.inputs.len()) || node.outputs.len() != 1 {
            return Err(failed(format!("has {} inputs and {} outputs", node.inputs.len(), node.outputs.len())));
        }
        (rule.check)(node, graph).map_err(failed)?;
    }
    Ok(())
}

fn length(node: &Node, attribute: &str, expected: usize) -> Result<(), String> {
    match node.ints(attribute) {
        Some(values) if values.len() == expected && values.iter().all(|&value| value >= 0) => Ok(()),
        Some(values) => Err(format!("has {attribute} {values:?}")),
        None => Err(format!("has no {attribute}")),
    }
}

fn window(node: &Node) -> Result<(), String> {
    length(node, "kernel_shape", 2)?;
    length(node, "strides", 2)?;
    length(node, "pads", 4)?;
    if node.attributes.contains_key("auto_pad") {
        return Err("has an auto_pad attribute".to_owned());
    }
    Ok(())
}

fn conv(node: &Node, graph: &Graph) -> Result<(), String> {
    window(node)?;
    length(node, "dilations", 2)?;
    if node.int("group").is_none() {
        return Err("has no group attribute".to_owned());
    }
    let rank = |index: usize| node.input(index).and_then(|name| graph.constants.get(name)).map(|it| it.shape.len());
    match (rank(1), rank(2)) {
        (Some(4), Some(1)) => Ok(()),
        _ => Err("needs a constant kernel of 4 dimensions and a constant bias".to_owned()),
    }
}

fn max_pool(node: &Node, _: &Graph) -> Result<(), String> {
    window(node)?;
    let dilations =
        node.ints("dilations").is_none_or(|dilations| matches!(dilations, &[down, across] if down > 0 && across > 0));
    if dilations && node.int("ceil_mode").unwrap_or(0) == 0 {
        Ok(())
    } else {
        Err("has ceil_mode or odd dilations".to_owned())
    }
}

fn pool(node: &Node, _: &Graph) -> Result<(), String> {
    window(node)?;
    match (node.int("ceil_mode"), node.ints("dilations")) {
        (None | Some(0), None | Some([1, 1])) => Ok(()),
        _ => Err("has ceil_mode or dilations".to_owned()),
    }
}

fn slice_sums(node: &Node, _: &Graph) -> Result<(), String> {
    SliceSums::of(node).map(|_| ()).ok_or_else(|| "does not say what it sums".to_owned())
}

fn clip(node: &Node, graph: &Graph) -> Result<(), String> {
    let one_number = |name: &str| {
        graph.constants.get(name).and_then(|constant| constant.as_floats()).is_some_and(|values| values.len() == 1)
    };
    let bounds = [1, 2].map(|index| node.input(index));
    if bounds.iter().flatten().all(|name| one_number(name)) {
        Ok(())
    } else {
        Err("has bounds that are not constant numbers".to_owned())
    }
}

fn concat(node: &Node, _: &Graph) -> Result<(), String> {
    if node.int("axis") == Some(1) { Ok(()) } else { Err("is not along the channels".to_owned()) }
}

fn resize(node: &Node, graph: &Graph) -> Result<(), String> {
    for (attribute, expected) in
        [("mode", "nearest"), ("nearest_mode", "floor"), ("coordinate_transformation_mode", "asymmetric")]
    {
        if node.text(attribute) != Some(expected) {
            return Err(format!("has {attribute} {:?}", node.text(attribute)));
        }
    }
    let scales = node.input(2).and_then(|name| graph.constants.get(name)).and_then(|constant| constant.as_floats());
    match scales {
        Some([1.0, 1.0, height, width]) if height.fract() == 0.0 && width.fract() == 0.0 => Ok(()),
        scales => Err(format!("has scales {scales:?}")),
    }
}

fn transpose(node: &Node, _: &Graph) -> Result<(), String> {
    if matches!(node.attributes.get("perm"), Some(Attribute::Ints(_))) { Ok(()) } else { Err("has no perm".to_owned()) }
}

fn constant_shape(node: &Node, graph: &Graph) -> Result<(), String> {
    let shape = node.input(1).and_then(|name| graph.constants.get(name)).and_then(|constant| constant.as_integers());
    match shape {
        Some(shape) if shape.iter().all(|&size| size > 0) => Ok(()),
        _ => Err("needs a constant shape".to_owned()),
    }
}
