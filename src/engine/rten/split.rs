//! Splits a graph at the nodes that our own kernels compute.

use std::collections::{BTreeMap, BTreeSet};

use super::computed::ComputedNode;
use super::joined::{self, JOINABLE, JoinedNodes};
use super::window::WindowNode;
use crate::onnx::fold::element_types;
use crate::onnx::graph::{Attribute, Graph, Input, Node};
use crate::onnx::links::Links;
use crate::onnx::proto::data_type;
use crate::onnx::tables::IntoTable;

/// The most nodes that depend on each other in a row in one part. rten plans a graph by recursion, and with 3,000 nodes the stack that a
/// browser gives WebAssembly was not enough.
const MOST_IN_A_ROW: usize = 500;

/// One step on the way from the inputs to the outputs.
pub enum Part {
    /// For rten. Its outputs are what other parts and the caller need of it.
    Graph(Graph),
    Window(WindowNode),
    Joined(JoinedNodes),
    Computed(ComputedNode),
}

/// What runs after the same number of our kernels.
#[derive(Default)]
struct Level<'a> {
    nodes: Vec<&'a Node>,
    /// Kernels that follow; none of them needs another one's result.
    windows: Vec<WindowNode>,
    joined: Vec<JoinedNodes>,
    /// Nodes that the folding rules compute, after which the next level begins as well.
    computed: Vec<ComputedNode>,
}

/// The parts of a graph in an order in which they can run; the graph as it is where our kernels cover nothing.
///
/// Nodes are grouped by how many of our kernels lie before them on the longest way, which makes few parts; a long row without any
/// goes on in a part of its own.
pub fn split(graph: Graph) -> Vec<Part> {
    let produced: BTreeSet<&str> = graph.nodes.iter().flat_map(|node| &node.outputs).map(String::as_str).into_set();
    // The body of a Loop or If sees values of the whole graph, of which the inputs of its node say nothing.
    let has_bodies =
        graph.nodes.iter().any(|node| node.attributes.values().any(|value| matches!(value, Attribute::Graph(_))));
    if has_bodies || !graph.outputs.iter().all(|output| produced.contains(&output[..])) {
        return vec![Part::Graph(graph)];
    }
    let mut levels: Vec<Level> = vec![Level::default()];
    // For each value the level from which on it can be used, and the level whose nodes make it if no kernel does.
    let mut usable: BTreeMap<&str, usize> = BTreeMap::new();
    let mut made_at: BTreeMap<&str, usize> = BTreeMap::new();
    // How many nodes of its own level lie in a row up to a value.
    let mut in_a_row: BTreeMap<&str, usize> = BTreeMap::new();
    let mut needed: BTreeSet<&str> = graph.outputs.iter().map(String::as_str).into_set();
    let links = Links::new(&graph);
    let mut windows: BTreeMap<&str, (WindowNode, Option<&Node>)> = BTreeMap::new();
    // Activations that a kernel computes along with its own node.
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let types = element_types(&graph);
    let is_float = |name: &String| name.is_empty() || types.get(&name[..]) == Some(&data_type::FLOAT);
    for node in &graph.nodes {
        // Weights are floats of themselves; of what else our kernels take it has to be known.
        let known = node.inputs.iter().all(is_float) || node.op != "Transpose";
        let Some(mut window) = WindowNode::of(node, &graph).filter(|_| known) else { continue };
        let following = links.only_reader(node.output()).filter(|reader| window.follow_with(reader, &graph));
        taken.extend(following.map(|following| following.output()));
        windows.insert(node.output(), (window, following));
    }
    let shapes = joined::fixed_shapes(&graph);
    let left = graph.nodes.iter().filter(|node| !taken.contains(node.output()));
    let known = left.filter(|node| joined::takes(node, &graph) && node.inputs.iter().all(is_float));
    let together = JOINABLE.join(known, &links, &shapes);
    for node in &graph.nodes {
        if taken.contains(node.output()) || together.hides(node.output()) {
            continue;
        }
        let (window, following) = windows.remove(node.output()).map_or((None, None), |(it, next)| (Some(it), next));
        let joined = together.making(node.output()).and_then(|nodes| JoinedNodes::of(nodes, &links));
        let computed = ComputedNode::of(node, &graph);
        let inputs: Vec<&str> = match together.making(node.output()).filter(|_| joined.is_some()) {
            Some(nodes) => JOINABLE.tensors(nodes, &links),
            None => node.inputs.iter().map(String::as_str).collect(),
        };
        let inputs = || inputs.iter().copied();
        let level = inputs().filter_map(|input| usable.get(input)).max().copied().unwrap_or(0);
        let made = following.unwrap_or(node);
        let own = inputs().filter(|input| made_at.get(input) == Some(&level));
        let row = 1 + own.filter_map(|input| in_a_row.get(input)).max().copied().unwrap_or(0);
        let is_ours = window.is_some() || joined.is_some() || computed.is_some();
        let next = level + usize::from(is_ours || row == MOST_IN_A_ROW);
        levels.resize_with(levels.len().max(next + 1), Level::default);
        usable.extend(made.outputs.iter().map(|output| (&output[..], next)));
        if is_ours {
            needed.extend(inputs());
        }
        match (window, joined, computed) {
            (Some(window), _, _) => levels[level].windows.push(window),
            (None, Some(joined), _) => levels[level].joined.push(joined),
            (None, None, Some(computed)) => levels[level].computed.push(computed),
            (None, None, None) => {
                needed.extend(inputs().filter(|input| made_at.get(input).is_some_and(|&made| made != level)));
                made_at.extend(node.outputs.iter().map(|output| (&output[..], level)));
                in_a_row.extend(node.outputs.iter().map(|output| (&output[..], row)));
                levels[level].nodes.push(node);
            }
        }
    }
    if levels.len() == 1 {
        return vec![Part::Graph(graph)];
    }
    let mut parts = Vec::new();
    for Level { nodes, windows, joined, computed } in levels {
        let inside = part(&graph, &nodes, &needed);
        // Nodes that nobody needs anything of do not run.
        if !inside.outputs.is_empty() {
            parts.push(Part::Graph(inside));
        }
        parts.extend(windows.into_iter().map(Part::Window));
        parts.extend(joined.into_iter().map(Part::Joined));
        parts.extend(computed.into_iter().map(Part::Computed));
    }
    parts
}

/// A graph of some of the nodes.
fn part(graph: &Graph, nodes: &[&Node], needed: &BTreeSet<&str>) -> Graph {
    let made: BTreeSet<&str> = nodes.iter().flat_map(|node| &node.outputs).map(String::as_str).into_set();
    let used: BTreeSet<&str> = nodes.iter().flat_map(|node| &node.inputs).map(String::as_str).into_set();
    let from_outside =
        used.iter().filter(|name| !name.is_empty() && !made.contains(*name) && !graph.constants.contains_key(**name));
    let inputs = from_outside.map(|name| {
        let stated = graph.inputs.iter().find(|input| input.name == **name);
        stated.cloned().unwrap_or_else(|| Input { name: (*name).to_owned(), shape: Vec::new() })
    });
    let mut constants = graph.constants.clone();
    constants.retain(|name, _| used.contains(&name[..]));
    Graph {
        inputs: inputs.collect(),
        outputs: made.iter().filter(|name| needed.contains(*name)).map(|&name| name.to_owned()).collect(),
        nodes: nodes.iter().map(|&node| node.clone()).collect(),
        constants,
        opsets: graph.opsets.clone(),
        stated_shapes: BTreeMap::new(),
    }
}
