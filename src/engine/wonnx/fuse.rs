//! Joins nodes that can be computed in one step where nothing else reads the value between them: an activation with the
//! convolution before it, and operations on each value by itself with one another.

use std::collections::{HashMap, HashSet};

use super::activation::{Activation, activation};
use super::elementwise::{MOST_OPERATIONS, MOST_TENSORS, can_be_joined, tensors};
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
    joined(steps, &links, shapes)
}

/// Joins operations on each value by itself with those before them.
fn joined<'a>(steps: Vec<Step<'a>>, links: &Links<'a>, shapes: &Shapes) -> Vec<Step<'a>> {
    let mut made: Vec<Option<Step<'a>>> = Vec::with_capacity(steps.len());
    let mut places: HashMap<&str, usize> = HashMap::new();
    for mut step in steps {
        if can_be_joined(step.node, links, shapes) {
            for input in &step.node.inputs {
                let place = places.get(input.as_str()).filter(|_| links.only_reader(input).is_some());
                let Some(slot) = place.and_then(|&place| made.get_mut(place)) else { continue };
                let Some(earlier) = slot else { continue };
                let mut before = step.before.clone();
                before.extend(earlier.nodes());
                let all: Vec<&Node> = before.iter().copied().chain([step.node]).collect();
                if all.len() <= MOST_OPERATIONS && tensors(&all, links).len() <= MOST_TENSORS {
                    step.before = before;
                    *slot = None;
                }
            }
            places.insert(step.output, made.len());
        }
        made.push(Some(step));
    }
    made.into_iter().flatten().collect()
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
