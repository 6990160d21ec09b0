//! The rounds of a Loop one after another, where it is known before the graph runs how many there are.

use std::collections::{BTreeMap, BTreeSet};

use super::{Writer, rename, sequences};
use crate::onnx::graph::{Attribute, Constant, Data, Graph, Node};
use crate::onnx::proto::data_type;
use crate::onnx::shapes::{Elements, Walk};
use crate::onnx::tables::IntoTable;

/// The most rounds of one Loop.
const MOST_ROUNDS: i64 = 1024;

/// The most nodes that all Loops of a graph are made of.
const MOST_NODES: usize = 20_000;

/// The attribute of a Loop of which some rounds are written out: how many. What they have collected of each list of results is under
/// [`collected`].
const DONE: &str = "rounds-done";

fn collected(list: usize) -> String {
    format!("collected-{list}")
}

/// The nodes of the next round, and the Loop that is left; or after the last one what hands its values on. `None` where the picture
/// decides how many rounds there are.
pub(super) fn parts(writer: &mut Writer, node: &Node, walk: &mut Walk<'_>) -> Option<Vec<Node>> {
    let Some(Attribute::Graph(body)) = node.attributes.get("body") else { return None };
    let carried = node.inputs.len().checked_sub(2)?;
    let lists = body.outputs.len().checked_sub(1 + carried)?;
    if body.inputs.len() != 2 + carried || node.outputs.len() > carried + lists {
        return None;
    }
    let number = |index: usize| match node.input(index) {
        None => Some(None),
        Some(name) => match &walk.value(name)?.elements {
            Elements::Int(numbers) => Some(Some(*numbers.first()?)),
            Elements::Float(_) => None,
        },
    };
    let (most, goes_on) = (number(0)?, number(1)?);
    let done = node.int(DONE).unwrap_or(0);
    if goes_on == Some(0) || most.is_some_and(|most| done >= most) {
        return after(writer, node, walk, carried, lists);
    }
    writer.unrolled += nodes_in(body) + 1;
    if most.unwrap_or(0) > MOST_ROUNDS || done >= MOST_ROUNDS || writer.unrolled > MOST_NODES {
        return None;
    }
    let body = round(writer, node, walk, body, done);
    let mut rest = node.clone().with(DONE, Attribute::Int(done + 1));
    let mut results = body.outputs.into_iter();
    rest.inputs[1] = results.next()?;
    for (input, result) in rest.inputs[2..].iter_mut().zip(results.by_ref()) {
        *input = result;
    }
    for (list, result) in results.enumerate() {
        match rest.attributes.entry(collected(list)).or_insert_with(|| Attribute::Texts(Vec::new())) {
            Attribute::Texts(names) => names.push(result),
            _ => return None,
        }
    }
    let mut nodes = body.nodes;
    nodes.push(rest);
    Some(nodes)
}

/// The body with names of its own, and with what it is given in the place of its inputs.
fn round(writer: &mut Writer, node: &Node, walk: &mut Walk<'_>, body: &Graph, done: i64) -> Graph {
    let mut body = body.clone();
    let prefix = format!("{}/{done}", node.output());
    let count = writer.constant(walk, format!("{prefix}/round"), Constant::integers(Vec::new(), vec![done]));
    let truth = Data::Other { data_type: data_type::BOOL, bytes: vec![1].into() };
    let goes_on = writer.constant(walk, format!("{prefix}/condition"), Constant { shape: Vec::new(), data: truth });
    let given = [count, goes_on].into_iter().chain(node.inputs.iter().skip(2).cloned());
    let mut names: BTreeMap<String, String> = body.inputs.iter().map(|input| input.name.clone()).zip(given).into_map();
    for name in made_in(&body) {
        let fresh = writer.names.fresh(format!("{prefix}/{name}"));
        names.insert(name, fresh);
    }
    rename(&mut body, &names);
    for inner in &mut body.nodes {
        inner.name = format!("{}/{done}/{}", node.name, inner.name);
    }
    body
}

/// The bodies of a node: the branches of an If, the rounds of a Loop.
fn bodies(node: &Node) -> impl Iterator<Item = &Graph> {
    node.attributes.values().filter_map(|value| match value {
        Attribute::Graph(body) => Some(&**body),
        _ => None,
    })
}

/// The values that a body makes, and those that bodies inside of it are given and make.
fn made_in(body: &Graph) -> BTreeSet<String> {
    let mut made: BTreeSet<String> = body.nodes.iter().flat_map(|node| &node.outputs).cloned().into_set();
    for inner in body.nodes.iter().flat_map(bodies) {
        made.extend(inner.inputs.iter().map(|input| input.name.clone()));
        made.extend(made_in(inner));
    }
    made.remove("");
    made
}

/// How many nodes a body has, with those of the bodies inside of it.
fn nodes_in(body: &Graph) -> usize {
    body.nodes.iter().map(|node| 1 + bodies(node).map(nodes_in).sum::<usize>()).sum()
}

/// What is left when there are no rounds any more.
fn after(writer: &mut Writer, node: &Node, walk: &mut Walk<'_>, carried: usize, lists: usize) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    for (input, output) in node.inputs[2..].iter().zip(&node.outputs).filter(|(_, output)| !output.is_empty()) {
        nodes.push(Node::new("Identity", &[input], output));
    }
    for (list, output) in (0..lists).zip(node.outputs.iter().skip(carried)).filter(|(_, output)| !output.is_empty()) {
        let Some(Attribute::Texts(names)) = node.attributes.get(&collected(list)) else { return None };
        let mut parts = Vec::with_capacity(names.len());
        for name in names {
            let shape = [&[1], &walk.known.shapes.get(name)?[..]].concat();
            let (reshape, made) = sequences::reshaped(writer, walk, name, &shape);
            nodes.push(reshape);
            parts.push(made);
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        nodes.push(Node::new("Concat", &parts, output).with("axis", Attribute::Int(0)));
    }
    Some(nodes)
}
