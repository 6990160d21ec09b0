//! Writes out in plain operators what depends on nothing but shapes and constants: the branch that an If takes, the rounds of a Loop,
//! sequences of values, and Attention.

mod attention;
mod rounds;
mod sequences;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Attribute, Constant, Data, Graph, Node};
use super::operator::{ElementType, Operator};
use super::proto::data_type;
use super::shapes::{Elements, ShapeError, Walk};
use super::tables::IntoTable;

/// The same graph without the nodes that are written out ([`Operator::written_out`]), where their conditions, counts and sizes are constants
/// or follow from the shapes of `inputs`, as for [`super::shapes::infer`]. One that the picture decides on stays.
///
/// # Errors
/// [`ShapeError`] as inference has it.
pub fn resolve<'a>(graph: &'a Graph, inputs: &BTreeMap<String, Vec<usize>>) -> Result<Cow<'a, Graph>, ShapeError> {
    if !graph.nodes.iter().any(is_written_out) {
        return Ok(Cow::Borrowed(graph));
    }
    let mut names = Names::of(graph);
    let mut flat = graph.clone();
    let mut constants = std::mem::take(&mut flat.constants);
    for node in flat.nodes.iter_mut().filter(|node| has_body(node)) {
        names.open(node, &mut constants);
    }
    flat.constants = constants;
    let mut waiting: Vec<Node> = std::mem::take(&mut flat.nodes).into_iter().rev().collect();
    let mut nodes = Vec::with_capacity(waiting.len());
    let mut walk = Walk::new(&flat, inputs)?;
    let mut writer = Writer { names, ..Writer::default() };
    while let Some(node) = waiting.pop() {
        match writer.parts(&node, &mut walk) {
            Some(parts) => waiting.extend(parts.into_iter().rev_list()),
            None => {
                walk.step(&node)?;
                writer.note_truth(&node, &walk);
                nodes.push(node);
            }
        }
    }
    flat.nodes = nodes;
    flat.constants.extend(writer.constants);
    Ok(Cow::Owned(flat))
}

fn is_written_out(node: &Node) -> bool {
    Operator::of(node).is_some_and(|operator| operator.written_out)
}

fn has_body(node: &Node) -> bool {
    matches!(node.op.as_str(), "If" | "Loop") && is_written_out(node)
}

/// What is written out so far.
#[derive(Default)]
struct Writer {
    names: Names,
    /// Constants that were made up.
    constants: BTreeMap<String, Constant>,
    /// The values that each sequence consists of.
    sequences: BTreeMap<String, Vec<String>>,
    /// Values that are true or false.
    truths: BTreeSet<String>,
    /// How many nodes Loops have become.
    unrolled: usize,
}

impl Writer {
    /// What a node becomes; `None` where it stays.
    fn parts(&mut self, node: &Node, walk: &mut Walk<'_>) -> Option<Vec<Node>> {
        match node.op.as_str() {
            "If" => {
                let branch = taken(node, walk)?;
                let results = branch.outputs.iter().zip(&node.outputs);
                let handed_on = results.map(|(inner, outer)| Node::new("Identity", &[inner], outer));
                Some(branch.nodes.iter().cloned().chain(handed_on).collect())
            }
            "Loop" if is_written_out(node) => rounds::parts(self, node, walk),
            "Attention" if is_written_out(node) => attention::parts(self, node, walk),
            "Identity" => sequences::parts(self, node, walk),
            _ if is_written_out(node) => sequences::parts(self, node, walk),
            _ => None,
        }
    }

    /// A constant of the graph, under this name or one like it.
    fn constant(&mut self, walk: &mut Walk<'_>, wanted: String, constant: Constant) -> String {
        let name = self.names.fresh(wanted);
        walk.know(&name, &constant);
        self.constants.insert(name.clone(), constant);
        name
    }

    /// Remembers whether the results of a node that stays are true or false.
    fn note_truth(&mut self, node: &Node, walk: &Walk<'_>) {
        let of = |index: usize| node.input(index).is_some_and(|name| self.is_truth(walk, name));
        let truth = match Operator::of(node).map(|operator| operator.makes) {
            Some(ElementType::Truths) => true,
            Some(ElementType::OfFirst) => of(0),
            Some(ElementType::OfSecond) => of(1),
            Some(ElementType::Stated) => node.int("to") == Some(data_type::BOOL.into()),
            Some(ElementType::Integers | ElementType::Unknown) | None => false,
        };
        if truth {
            self.truths.insert(node.output().to_owned());
        }
    }

    /// Whether a value consists of truth values.
    fn is_truth(&self, walk: &Walk<'_>, name: &str) -> bool {
        let constant = |constant: &Constant| matches!(constant.data, Data::Other { data_type: data_type::BOOL, .. });
        self.truths.contains(name)
            || walk.constant(name).is_some_and(constant)
            || self.constants.get(name).is_some_and(constant)
            || walk.value(name).is_some_and(|value| value.data_type == data_type::BOOL)
    }
}

/// The branch that is taken, where that is known.
fn taken<'n>(node: &'n Node, walk: &Walk<'_>) -> Option<&'n Graph> {
    let condition = if is_written_out(node) { walk.value(node.input(0)?)? } else { return None };
    let Elements::Int(truth) = &condition.elements else { return None };
    let name = if *truth.first()? != 0 { "then_branch" } else { "else_branch" };
    match node.attributes.get(name)? {
        Attribute::Graph(branch) if branch.outputs.len() == node.outputs.len() => Some(branch),
        _ => None,
    }
}

/// The names that are in use.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn of(graph: &Graph) -> Self {
        let made = graph.nodes.iter().flat_map(|node| node.outputs.iter().chain(&node.inputs));
        let inputs = graph.inputs.iter().map(|input| &input.name);
        Self(made.chain(graph.constants.keys()).chain(inputs).cloned().into_set())
    }

    /// Gives what the bodies of an If or Loop are given, make and hold names of its own in the whole graph, and moves their constants there.
    fn open(&mut self, node: &mut Node, constants: &mut BTreeMap<String, Constant>) {
        let prefix = node.output().to_owned();
        for (key, value) in &mut node.attributes {
            let Attribute::Graph(body) = value else { continue };
            let made = body.nodes.iter().flat_map(|node| &node.outputs).chain(body.constants.keys());
            let own = made.chain(body.inputs.iter().map(|input| &input.name)).cloned().into_set();
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
            for inner in body.nodes.iter_mut().filter(|node| has_body(node)) {
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
pub(super) fn rename(body: &mut Graph, names: &BTreeMap<String, String>) {
    let change = |name: &mut String| {
        if let Some(other) = names.get(name) {
            name.clone_from(other);
        }
    };
    body.outputs.iter_mut().chain(body.inputs.iter_mut().map(|input| &mut input.name)).for_each(change);
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
