//! Finds the activation functions of a graph: operators of their own, and those that exporters write out.

use std::collections::{BTreeMap, BTreeSet};

use crate::onnx::graph::Node;
use crate::onnx::links::Links;
use crate::onnx::operator::Operator;
use crate::onnx::tables::IntoTable;

/// The activation whose result a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Activation {
    /// The operator's name, or for one that is written out the name of the function: `SiLU`, `HardSwish`, `Gelu`, …
    pub op: &'static str,
    /// The value it is applied to.
    pub input: String,
    /// Values that only exist because the function is written out.
    pub interior: Vec<String>,
}

/// A written-out function has at most this many nodes; GELU by tanh has ten.
const MOST_PARTS: usize = 12;

/// Every activation of the graph by the value that is its result.
pub(crate) fn activations(links: &Links) -> BTreeMap<String, Activation> {
    let mut found = BTreeMap::new();
    for node in links.graph.nodes.iter().filter(|node| node.domain.is_empty()) {
        if let Some(activation) = written_out(links, node).or_else(|| single(node)) {
            found.insert(node.output().to_owned(), activation);
        }
    }
    // What is a part of a larger function is no activation of its own, unless something else reads it.
    let interior: BTreeSet<String> = found.values().flat_map(|activation| activation.interior.clone()).into_set();
    found.retain(|output, _| !interior.contains(output));
    found
}

/// Whether written-out activations are made of the node's operator.
fn is_part(node: &Node) -> bool {
    Operator::of(node).is_some_and(|operator| operator.part_of_activations)
}

fn single(node: &Node) -> Option<Activation> {
    let op = Operator::of(node).filter(|operator| operator.activation)?.name;
    Some(Activation { op, input: node.input(0)?.to_owned(), interior: vec![] })
}

/// A function of one value that ends in this node.
fn written_out(links: &Links, node: &Node) -> Option<Activation> {
    if !matches!(node.op.as_str(), "Mul" | "Div" | "Min" | "Max") {
        return None;
    }
    // The input is the nearest value that everything else depends on: try those that the node's tree reads.
    candidates(links, node).into_iter().find_map(|input| {
        let parts = parts_from(links, node, input)?;
        let op = classify(links, node, &parts, input)?;
        let interior = parts.iter().map(|part| part.output().to_owned()).filter(|value| value != node.output());
        Some(Activation { op, input: input.to_owned(), interior: interior.collect() })
    })
}

/// Values that a function ending in `node` may start from, the nearest first.
fn candidates<'a>(links: &Links<'a>, node: &'a Node) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let mut level = vec![node];
    for _ in 0..6 {
        let mut next = Vec::new();
        for value in level.iter().flat_map(|node| links.data_inputs(node)) {
            if !found.contains(&value) && found.len() < 2 * MOST_PARTS {
                found.push(value);
                next.extend(links.maker(value).filter(|maker| is_part(maker)));
            }
        }
        level = next;
    }
    found
}

/// The nodes between `input` and `node`, both ends' own results excluded and included, where nothing but `input` and
/// constants goes in and nothing but the result comes out.
fn parts_from<'a>(links: &Links<'a>, node: &'a Node, input: &str) -> Option<Vec<&'a Node>> {
    let mut parts = vec![node];
    let mut index = 0;
    while index < parts.len() {
        for value in links.data_inputs(parts[index]) {
            if value == input {
                continue;
            }
            let maker = links.maker(value)?;
            if !is_part(maker) {
                return None;
            }
            if !parts.iter().any(|part| std::ptr::eq(*part, maker)) {
                parts.push(maker);
            }
        }
        if parts.len() > MOST_PARTS {
            return None;
        }
        index += 1;
    }
    let inside = |reader: &Node| parts.iter().any(|part| std::ptr::eq(*part, reader));
    let closed =
        parts[1..].iter().all(|part| links.readers(part.output()).all(inside) && !links.is_output(part.output()));
    closed.then_some(parts)
}

/// The name of the function, told by the operators in it; `None` where it is no known activation.
fn classify(links: &Links, node: &Node, parts: &[&Node], input: &str) -> Option<&'static str> {
    let has = |op: &str| parts.iter().any(|part| part.op == op);
    // `x · f(x)`: the input is also read by a product, directly.
    let gated = parts
        .iter()
        .any(|part| part.op == "Mul" && links.data_inputs(part).count() == 2 && part.inputs.iter().any(|x| x == input));
    match node.op.as_str() {
        "Mul" | "Div" if gated && has("Erf") => Some("Gelu"),
        "Mul" | "Div" if gated && has("Tanh") && (has("Softplus") || has("Exp")) => Some("Mish"),
        "Mul" | "Div" if gated && has("Tanh") => Some("Gelu"),
        "Mul" | "Div" if gated && has("Sigmoid") && parts.len() == 2 => Some("SiLU"),
        // The sigmoid approximation of GELU: x · σ(1.702 x).
        "Mul" if gated && has("Sigmoid") && parts.len() == 3 => Some("Gelu"),
        "Mul" if gated && has("HardSigmoid") => Some("HardSwish"),
        "Mul" | "Div" if gated && has("Add") && clips(parts) => Some("HardSwish"),
        // clip(x + 3, 0, 6) / 6, the gate of MobileNetV3's squeeze-and-excite.
        "Mul" | "Div" if !gated && has("Add") && clips(parts) && parts.iter().all(|part| is_linear_or_clip(part)) => {
            Some("HardSigmoid")
        }
        "Max" if parts.len() == 2 && has("Mul") && node.inputs.iter().any(|x| x == input) => Some("LeakyRelu"),
        // ReLU with an upper bound, as tf2onnx writes it.
        "Min" if parts.len() == 2 && (has("Relu") || has("Max")) => Some("Clip"),
        "Max" if parts.len() == 1 && node.inputs.iter().any(|x| links.scalar(x) == Some(0.0)) => Some("Relu"),
        _ => None,
    }
}

fn clips(parts: &[&Node]) -> bool {
    parts.iter().any(|part| matches!(part.op.as_str(), "Clip" | "Min"))
}

fn is_linear_or_clip(part: &Node) -> bool {
    matches!(part.op.as_str(), "Add" | "Clip" | "Div" | "Identity" | "Max" | "Min" | "Mul" | "Relu")
}
