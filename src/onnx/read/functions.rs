//! Puts the nodes of a function that the file defines in the place of each node that calls it.

use std::collections::{BTreeMap, BTreeSet};

use super::ReadError;
use crate::onnx::proto::{AttributeProto, FunctionProto, GraphProto, NodeProto};
use crate::onnx::tables::IntoTable;

/// How deep functions may call each other.
const DEEPEST: usize = 32;
/// The most nodes that a graph may have afterwards: many more than any network, and few enough to hold.
const MOST_NODES: usize = 1 << 16;

/// The functions of a file by operator set, name and overload.
type Functions<'a> = BTreeMap<[&'a str; 3], &'a FunctionProto>;

/// Writes out every call of a function in `graph`.
///
/// # Errors
/// [`ReadError::Function`] for functions that call themselves, or that make too many nodes.
pub(super) fn inline(graph: &mut GraphProto, functions: &[FunctionProto]) -> Result<(), ReadError> {
    if functions.is_empty() {
        return Ok(());
    }
    let functions: Functions = functions
        .iter()
        .map(|function| ([&function.domain[..], &function.name, &function.overload], function))
        .into_map();
    let inputs = graph.input.iter().map(|input| &input.name);
    let constants = graph.initializer.iter().map(|constant| &constant.name);
    let made = graph.node.iter().flat_map(|node| &node.output);
    let mut taken = inputs.chain(constants).chain(made).cloned().collect();
    let nodes = std::mem::take(&mut graph.node);
    written_out(nodes, &functions, 0, &mut taken, &mut graph.node)
}

fn written_out(
    nodes: Vec<NodeProto>,
    functions: &Functions<'_>,
    depth: usize,
    taken: &mut BTreeSet<String>,
    into: &mut Vec<NodeProto>,
) -> Result<(), ReadError> {
    for node in nodes {
        if into.len() >= MOST_NODES {
            return Err(ReadError::Function { op: node.op_type, detail: "its calls make too many nodes" });
        }
        match functions.get(&[&node.domain[..], &node.op_type, &node.overload]) {
            None => into.push(node),
            Some(_) if depth >= DEEPEST => {
                return Err(ReadError::Function { op: node.op_type, detail: "it calls itself" });
            }
            Some(function) => written_out(body(&node, function, taken), functions, depth + 1, taken, into)?,
        }
    }
    Ok(())
}

/// The nodes of a function with the values of one call. What only the function knows gets the call's name before its own, and is
/// marked where that is taken: the last call within a function has the name of the function's own call.
fn body(call: &NodeProto, function: &FunctionProto, taken: &mut BTreeSet<String>) -> Vec<NodeProto> {
    let prefix = call.output.iter().find(|output| !output.is_empty()).unwrap_or(&call.name);
    let mut own = |place: &str| {
        let mut name = format!("{prefix}/{place}");
        while !taken.insert(name.clone()) {
            name.push('\'');
        }
        name
    };
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    for (places, given) in [(&function.input, &call.input), (&function.output, &call.output)] {
        for (index, place) in places.iter().enumerate() {
            let name = given.get(index).filter(|name| !name.is_empty()).cloned();
            // An input that is left out stays left out, an output has to have some name.
            let is_output = std::ptr::eq(places, &function.output);
            let otherwise = || if is_output { own(place) } else { String::new() };
            names.insert(place, name.unwrap_or_else(otherwise));
        }
    }
    for output in function.node.iter().flat_map(|node| &node.output).filter(|output| !output.is_empty()) {
        names.entry(output).or_insert_with(|| own(output));
    }
    let attributes = |node: &NodeProto| {
        let value = |attribute: &AttributeProto| {
            if attribute.ref_attr_name.is_empty() {
                return Some(attribute.clone());
            }
            let stands_for = |other: &&AttributeProto| other.name == attribute.ref_attr_name;
            let given = call.attribute.iter().find(stands_for).or(function.attribute_proto.iter().find(stands_for))?;
            Some(AttributeProto { name: attribute.name.clone(), ..given.clone() })
        };
        node.attribute.iter().filter_map(value).collect()
    };
    let renamed = |node: &NodeProto| {
        let mut node = NodeProto { attribute: attributes(node), ..node.clone() };
        node.name = if function.node.len() == 1 { call.name.clone() } else { format!("{}/{}", call.name, node.name) };
        rename(&mut node, &names);
        node
    };
    function.node.iter().map(renamed).collect()
}

/// Gives the values of a node, and those that its bodies see from outside, other names.
fn rename(node: &mut NodeProto, names: &BTreeMap<&str, String>) {
    for name in node.input.iter_mut().chain(&mut node.output) {
        if let Some(other) = names.get(&name[..]) {
            name.clone_from(other);
        }
    }
    for graph in node.attribute.iter_mut().filter_map(|attribute| attribute.g.as_deref_mut()) {
        for inner in &mut graph.node {
            rename(inner, names);
        }
        for output in &mut graph.output {
            if let Some(other) = names.get(&output.name[..]) {
                output.name.clone_from(other);
            }
        }
    }
}
