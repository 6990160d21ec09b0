//! Joins nodes that can be computed in one step where nothing else reads the value between them: an activation with the
//! convolution before it, and operations on each value by itself with one another.

use std::collections::HashSet;

use super::activation::{Activation, activation};
use super::elementwise::JOINABLE;
use crate::onnx::graph::{Graph, Node};
use crate::onnx::links::Links;
use crate::onnx::shapes::Shapes;

/// Nodes that are computed at once.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub node: &'a Node,
    /// Operations on each value by itself that `node`, which is one too, is joined with; they come before it, in order.
    pub before: Vec<&'a Node>,
    /// What is applied to the node's output.
    pub activation: Activation,
    /// The value that the step makes: the activation's output where there is one.
    pub output: &'a str,
}

impl<'a> Step<'a> {
    /// All nodes of the step but the activation, in order.
    pub fn nodes(&self) -> Vec<&'a Node> {
        self.before.iter().copied().chain([self.node]).collect()
    }
}

/// The steps that the outputs depend on, in order.
pub(super) fn steps<'a>(graph: &'a Graph, shapes: &Shapes) -> Vec<Step<'a>> {
    let links = Links::new(graph);
    let mut steps = with_activations(graph, &links);
    let mut needed: HashSet<&str> = graph.outputs.iter().map(String::as_str).collect();
    for step in steps.iter().rev() {
        if needed.contains(step.output) {
            needed.extend(step.node.inputs.iter().map(String::as_str));
        }
    }
    steps.retain(|step| needed.contains(step.output));
    let joined = JOINABLE.join(steps.iter().map(|step| step.node), &links, shapes);
    steps.retain(|step| !joined.hides(step.output));
    for step in &mut steps {
        if let Some((_, before)) = joined.making(step.output).and_then(|nodes| nodes.split_last()) {
            step.before = before.to_vec();
        }
    }
    steps
}

/// Every node as a step, activations joined with the convolutions before them.
fn with_activations<'a>(graph: &'a Graph, links: &Links<'a>) -> Vec<Step<'a>> {
    let mut joined: HashSet<&str> = HashSet::new();
    let mut steps = Vec::with_capacity(graph.nodes.len());
    for node in &graph.nodes {
        if joined.contains(node.output()) {
            continue;
        }
        let mut step = Step { node, before: Vec::new(), activation: Activation::None, output: node.output() };
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
