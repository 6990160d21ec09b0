//! Graphs as rten computes them right and quickly.

use std::collections::BTreeSet;

use crate::onnx::graph::{Attribute, Constant, Graph, Node};
use crate::onnx::operator::{GATE, OWN_SET, QUANTIZE_DEQUANTIZE, STRAIGHT_ROUND};
use crate::onnx::shapes::is_float;
use crate::onnx::tables::IntoTable;

/// The same graph with every Relu as a Clip from 0 to infinity, which is the same function. rten writes Relu as `f32::max`,
/// which on WebAssembly is a call of `fmaxf` for each value (its handling of NaN is not the instruction's), while its
/// Clip compares and selects, which becomes vector instructions.
pub fn with_fast_activations(mut graph: Graph) -> Graph {
    for node in graph.nodes.iter_mut().filter(|node| node.op == "Relu" && node.domain.is_empty()) {
        "Clip".clone_into(&mut node.op);
        node.attributes.clear();
        node.attributes.insert("min".to_owned(), Attribute::Float(0.0));
        node.attributes.insert("max".to_owned(), Attribute::Float(f32::INFINITY));
    }
    graph
}

/// The same graph with every Gate of the core set as a comparison and a Where.
pub fn with_gates(mut graph: Graph) -> Graph {
    const ZERO: &str = "gate/zero";
    let taken: BTreeSet<String> = graph.nodes.iter().flat_map(|node| &node.outputs).cloned().into_set();
    let mut nodes = Vec::with_capacity(graph.nodes.len());
    for node in std::mem::take(&mut graph.nodes) {
        let (Some(condition), Some(value)) = (node.input(0), node.input(1)) else {
            nodes.push(node);
            continue;
        };
        if node.op != GATE || node.domain != OWN_SET {
            nodes.push(node);
            continue;
        }
        graph.constants.insert(ZERO.to_owned(), Constant::floats(Vec::new(), vec![0.0]));
        let [size, open] = ["size", "open"].map(|suffix| {
            let mut name = format!("{}/{suffix}", node.output());
            while taken.contains(&name) {
                name.push('\'');
            }
            name
        });
        nodes.push(Node::new("Abs", &[condition], &size));
        nodes.push(Node::new("Greater", &[&size, ZERO], &open));
        nodes.push(Node::new("Where", &[&open, value, ZERO], node.output()).named(&node.name));
    }
    graph.nodes = nodes;
    graph
}

/// The same graph with every Sign as a product with a huge number, clipped to −1 and 1. rten's own Sign gives 1 for 0 and −1
/// for −0, where ONNX says 0. (Between 0 and 3e-39 the result is a fraction.)
pub fn with_signs(mut graph: Graph) -> Graph {
    const NAME: &str = "sign/scale";
    let made: BTreeSet<String> = graph.nodes.iter().flat_map(|node| &node.outputs).cloned().into_set();
    let mut nodes = Vec::with_capacity(graph.nodes.len());
    for node in std::mem::take(&mut graph.nodes) {
        if node.op != "Sign" || !node.domain.is_empty() {
            nodes.push(node);
            continue;
        }
        graph.constants.insert(NAME.to_owned(), Constant::floats(Vec::new(), vec![f32::MAX]));
        let mut scaled = format!("{}/scaled", node.output());
        while made.contains(&scaled) {
            scaled.push('\'');
        }
        nodes.push(Node::new("Mul", &[node.input(0).unwrap_or_default(), NAME], &scaled));
        let clip = Node::new("Clip", &[&scaled], node.output()).named(&node.name);
        nodes.push(clip.with("min", Attribute::Float(-1.0)).with("max", Attribute::Float(1.0)));
    }
    graph.nodes = nodes;
    graph
}

/// The same graph with exact quotients where they are rounded to steps later on. rten multiplies by the reciprocal of a divisor that is a
/// single number, which is the next number up or down from the quotient often enough to round a half to the other side. Two divisors
/// of the same value along a new last axis are no single number, and of the two quotients the first is taken.
pub fn with_exact_quotients(mut graph: Graph) -> Graph {
    let outputs = graph.nodes.iter().flat_map(|node| &node.outputs);
    let others = graph.constants.keys().chain(graph.inputs.iter().map(|input| &input.name));
    let taken: BTreeSet<String> = outputs.chain(others).cloned().into_set();
    let free = |mut name: String| {
        while taken.contains(&name) {
            name.push('\'');
        }
        name
    };
    let first = &free("quotient/first".to_owned());
    let mut rounded: BTreeSet<String> = BTreeSet::new();
    let mut nodes = Vec::with_capacity(graph.nodes.len());
    // From the last node to the first, so that it is known who reads what; the nodes are put in their order again below.
    for node in std::mem::take(&mut graph.nodes).into_iter().rev() {
        let is_rounded = node.outputs.iter().any(|output| rounded.contains(output));
        if is_rounded || makes_steps(&node) {
            rounded.extend(node.inputs.iter().cloned());
        }
        let several =
            |name: &str| graph.constants.get(name).is_some_and(|divisor| divisor.shape.iter().any(|&size| size > 1));
        let (Some(dividend), Some(divisor)) = (node.input(0), node.input(1)) else {
            nodes.push(node);
            continue;
        };
        if !is_rounded || node.op != "Div" || !node.domain.is_empty() || several(divisor) {
            nodes.push(node);
            continue;
        }
        graph.constants.insert(first.clone(), Constant::integers(Vec::new(), vec![0]));
        let [above, below, twice, quotients] =
            ["above", "below", "twice", "quotients"].map(|suffix| free(format!("{}/{suffix}", node.output())));
        let widened = |value, name| Node::new("Unsqueeze", &[value], name).with("axes", Attribute::Ints(vec![-1]));
        let on_the_last = |node: Node| node.with("axis", Attribute::Int(-1));
        nodes.extend([
            on_the_last(Node::new("Gather", &[&quotients, first], node.output()).named(&node.name)),
            Node::new("Div", &[&above, &twice], &quotients),
            on_the_last(Node::new("Concat", &[&below, &below], &twice)),
            widened(divisor, &below),
            widened(dividend, &above),
        ]);
    }
    nodes.reverse();
    graph.nodes = nodes;
    graph
}

/// Whether the node's result moves in steps where its input moves a little.
fn makes_steps(node: &Node) -> bool {
    match &node.op[..] {
        "Ceil" | "Floor" | "Mod" | "Round" | QUANTIZE_DEQUANTIZE | STRAIGHT_ROUND => true,
        "Cast" => node.int("to").and_then(|to| i32::try_from(to).ok()).is_some_and(|to| !is_float(to)),
        _ => false,
    }
}
