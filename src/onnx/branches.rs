//! Puts the branch that an If takes in its place, where its condition is known before the graph runs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Attribute, Constant, Graph, Node};
use super::shapes::{Elements, ShapeError, Walk};
use super::tables::IntoTable;

/// The same graph without the Ifs whose condition is a constant or follows from the shapes of `inputs`, as for
/// [`super::shapes::infer`]. Exporters write them for a `squeeze` that they cannot see through.
///
/// # Errors
/// [`ShapeError`] as inference has it.
pub fn resolve<'a>(graph: &'a Graph, inputs: &BTreeMap<String, Vec<usize>>) -> Result<Cow<'a, Graph>, ShapeError> {
    if !graph.nodes.iter().any(is_if) {
        return Ok(Cow::Borrowed(graph));
    }
    let mut names = Names::of(graph);
    let mut flat = graph.clone();
    let mut constants = std::mem::take(&mut flat.constants);
    for node in flat.nodes.iter_mut().filter(|node| is_if(node)) {
        names.open(node, &mut constants);
    }
    flat.constants = constants;
    let mut waiting: Vec<Node> = std::mem::take(&mut flat.nodes).into_iter().rev().collect();
    let mut nodes = Vec::with_capacity(waiting.len());
    let mut walk = Walk::new(&flat, inputs)?;
    while let Some(node) = waiting.pop() {
        match taken(&node, &walk) {
            Some(branch) => {
                let results = branch.outputs.iter().zip(&node.outputs);
                let handed_on = results.map(|(inner, outer)| Node::new("Identity", &[inner], outer));
                waiting.extend(branch.nodes.iter().cloned().chain(handed_on).rev_list());
            }
            None => {
                walk.step(&node)?;
                nodes.push(node);
            }
        }
    }
    flat.nodes = nodes;
    Ok(Cow::Owned(flat))
}

fn is_if(node: &Node) -> bool {
    node.op == "If" && node.domain.is_empty()
}

/// The branch that is taken, where that is known.
fn taken<'n>(node: &'n Node, walk: &Walk<'_>) -> Option<&'n Graph> {
    let condition = if is_if(node) { walk.value(node.input(0)?)? } else { return None };
    let Elements::Int(truth) = &condition.elements else { return None };
    let name = if *truth.first()? != 0 { "then_branch" } else { "else_branch" };
    match node.attributes.get(name)? {
        Attribute::Graph(branch) if branch.outputs.len() == node.outputs.len() => Some(branch),
        _ => None,
    }
}

/// The names that are in use.
struct Names(BTreeSet<String>);

impl Names {
    fn of(graph: &Graph) -> Self {
        let made = graph.nodes.iter().flat_map(|node| node.outputs.iter().chain(&node.inputs));
        let inputs = graph.inputs.iter().map(|input| &input.name);
        Self(made.chain(graph.constants.keys()).chain(inputs).cloned().into_set())
    }

    /// Gives what the branches of an If make and hold names of its own in the whole graph, and moves their constants there.
    fn open(&mut self, node: &mut Node, constants: &mut BTreeMap<String, Constant>) {
        let prefix = node.output().to_owned();
        for (key, value) in &mut node.attributes {
            let Attribute::Graph(body) = value else { continue };
            let own = body.nodes.iter().flat_map(|node| &node.outputs).chain(body.constants.keys()).cloned().into_set();
            let renamed: BTreeMap<String, String> = own
                .into_iter()
                .filter(|name| !name.is_empty())
                .map(|name| {
                    let fresh = self.fresh(format!("{prefix}/{key}/{name}"));
                    (name, fresh)
                })
                .into_map();
            rename(body, &renamed);
            for (name, constant) in std::mem::take(&mut body.constants) {
                constants.insert(renamed.get(&name).cloned().unwrap_or(name), constant);
            }
            for inner in body.nodes.iter_mut().filter(|node| is_if(node)) {
                self.open(inner, constants);
            }
        }
    }

    fn fresh(&mut self, mut name: String) -> String {
        while !self.0.insert(name.clone()) {
            name.push('\'');
        }
        name
    }
}

/// Renames the values of a body, also where bodies inside of it read them.
fn rename(body: &mut Graph, names: &BTreeMap<String, String>) {
    let change = |name: &mut String| {
        if let Some(other) = names.get(name) {
            name.clone_from(other);
        }
    };
    body.outputs.iter_mut().for_each(change);
    for node in &mut body.nodes {
        node.inputs.iter_mut().chain(&mut node.outputs).for_each(change);
        for value in node.attributes.values_mut() {
            if let Attribute::Graph(inner) = value {
                rename(inner, names);
            }
        }
    }
}

/// The items from the last to the first.
trait Reversed: Iterator + Sized {
    fn rev_list(self) -> std::iter::Rev<std::vec::IntoIter<Self::Item>> {
        self.collect::<Vec<_>>().into_iter().rev()
    }
}

impl<I: Iterator> Reversed for I {}
