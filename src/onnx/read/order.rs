//! Brings nodes into an order in which each can run, and checks that every value is made exactly once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::ReadError;
use crate::onnx::graph::{Attribute, Graph, Node};
use crate::onnx::tables::IntoTable;

/// Sorts `graph.nodes`, keeping the file's order where it can.
pub(super) fn order(graph: &mut Graph) -> Result<(), ReadError> {
    let given: BTreeSet<&str> = graph
        .constants
        .keys()
        .map(String::as_str)
        .chain(graph.inputs.iter().map(|input| input.name.as_str()))
        .into_set();
    let makers = makers(graph, &given)?;
    // The values that a node waits for are those that other nodes make; all others must be there from the start.
    let mut waits = vec![0_usize; graph.nodes.len()];
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for (index, node) in graph.nodes.iter().enumerate() {
        for value in node.inputs.iter().filter(|value| !value.is_empty()) {
            match makers.get(value.as_str()) {
                Some(&maker) => {
                    waits[index] += 1;
                    readers[maker].push(index);
                }
                None if given.contains(value.as_str()) => {}
                None => return Err(ReadError::MissingValue { node: node.name.clone(), value: value.clone() }),
            }
        }
    }
    // What a body reads of the graph around it is made before.
    for (index, node) in graph.nodes.iter().enumerate() {
        for value in captured(node) {
            if let Some(&maker) = makers.get(value).filter(|&&maker| maker != index) {
                waits[index] += 1;
                readers[maker].push(index);
            }
        }
    }
    if let Some(output) =
        graph.outputs.iter().find(|output| !makers.contains_key(output.as_str()) && !given.contains(output.as_str()))
    {
        return Err(ReadError::MissingOutput(output.clone()));
    }
    let mut ready: BinaryHeap<Reverse<usize>> =
        waits.iter().enumerate().filter(|(_, waits)| **waits == 0).map(|(index, _)| Reverse(index)).collect();
    let mut sequence = Vec::with_capacity(graph.nodes.len());
    while let Some(Reverse(index)) = ready.pop() {
        sequence.push(index);
        for &reader in &readers[index] {
            waits[reader] -= 1;
            if waits[reader] == 0 {
                ready.push(Reverse(reader));
            }
        }
    }
    if sequence.len() < graph.nodes.len() {
        return Err(cycle(&graph.nodes, &waits, &makers));
    }
    let mut nodes: Vec<Option<Node>> = std::mem::take(&mut graph.nodes).into_iter().map(Some).collect();
    graph.nodes = sequence.into_iter().filter_map(|index| nodes[index].take()).collect();
    Ok(())
}

/// The values that the bodies of a node read, those that they make themselves among them.
fn captured(node: &Node) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for value in node.attributes.values() {
        let Attribute::Graph(body) = value else { continue };
        names.extend(body.outputs.iter().map(String::as_str));
        for inner in &body.nodes {
            names.extend(inner.inputs.iter().map(String::as_str));
            names.extend(captured(inner));
        }
    }
    names
}

/// The position of the node that makes each value.
fn makers<'a>(graph: &'a Graph, given: &BTreeSet<&str>) -> Result<BTreeMap<&'a str, usize>, ReadError> {
    let mut makers = BTreeMap::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        for value in node.outputs.iter().filter(|value| !value.is_empty()) {
            if given.contains(value.as_str()) || makers.insert(value.as_str(), index).is_some() {
                return Err(ReadError::DuplicateValue { node: node.name.clone(), value: value.clone() });
            }
        }
    }
    Ok(makers)
}

/// Names a node that waits for itself: walking from reader to maker among the nodes that never got ready must come
/// back to one.
fn cycle(nodes: &[Node], waits: &[usize], makers: &BTreeMap<&str, usize>) -> ReadError {
    let mut index = waits.iter().position(|&waits| waits > 0).unwrap_or(0);
    let mut seen = BTreeSet::new();
    while seen.insert(index) {
        let waiting = |value: &String| makers.get(value.as_str()).copied().filter(|&maker| waits[maker] > 0);
        index = nodes[index].inputs.iter().find_map(waiting).unwrap_or(index);
    }
    ReadError::Cycle { node: nodes[index].name.clone() }
}
