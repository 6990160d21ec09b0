//! Joins an activation with the convolution before it, where nothing else reads the value between them.

use std::collections::HashSet;

use crate::onnx::graph::{Graph, Node};
use crate::onnx::links::Links;

/// What is applied to each value before it is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Activation {
    None,
    Relu,
    /// Between two bounds; either may be infinite.
    Clip(f32, f32),
}

/// A node, and what is applied to its output.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub node: &'a Node,
    pub activation: Activation,
    /// The value that the step makes: the activation's output where there is one.
    pub output: &'a str,
}

/// The nodes that the outputs depend on, in order, activations joined with the convolutions before them.
pub(super) fn steps(graph: &Graph) -> Vec<Step<'_>> {
    let mut steps = joined_steps(graph);
    let mut needed: HashSet<&str> = graph.outputs.iter().map(String::as_str).collect();
    for step in steps.iter().rev() {
        if needed.contains(step.output) {
            needed.extend(step.node.inputs.iter().map(String::as_str));
        }
    }
    steps.retain(|step| needed.contains(step.output));
    steps
}

fn joined_steps(graph: &Graph) -> Vec<Step<'_>> {
    let links = Links::new(graph);
    let mut joined: HashSet<&str> = HashSet::new();
    let mut steps = Vec::with_capacity(graph.nodes.len());
    for node in &graph.nodes {
        if joined.contains(node.output()) {
            continue;
        }
        let mut step = Step { node, activation: Activation::None, output: node.output() };
        if node.op == "Conv"
            && let Some(reader) = links.only_reader(node.output())
            && let Some(activation) = activation(reader, graph)
        {
            step.activation = activation;
            step.output = reader.output();
            joined.insert(reader.output());
        }
        steps.push(step);
    }
    steps
}

/// The activation that a node is, where a convolution's kernel can apply it.
pub(super) fn activation(node: &Node, graph: &Graph) -> Option<Activation> {
    match node.op.as_str() {
        "Relu" => Some(Activation::Relu),
        "Clip" => {
            let bound = |index: usize, open: f32| match node.input(index) {
                None => Some(open),
                Some(name) => graph.constants.get(name)?.as_floats()?.first().copied(),
            };
            Some(Activation::Clip(bound(1, f32::NEG_INFINITY)?, bound(2, f32::INFINITY)?))
        }
        _ => None,
    }
}
