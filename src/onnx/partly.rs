//! Rewrites some nodes of a graph to core operators and leaves all others as the file has them.
//!
//! An engine that takes files as they are lacks an operator now and then. Each node that it lacks is lowered as a graph of its own
//! ([`lower`]), which takes the place of the node; where lowering has added dimensions of length 1 to its inputs and results, a Reshape
//! stands at the seam. So nothing else is rewritten for it, and two nodes of which one runs only as it is and the other only lowered run
//! in one graph.

use std::collections::{BTreeMap, BTreeSet};

use super::core_set;
use super::fold::element_types;
use super::graph::{Attribute, Constant, Dimension, Graph, Input, Node, to_i64};
use super::lower::{Limits, Lowered, lower};
use super::proto::data_type;
use super::shapes::Shapes;
use crate::onnx::tables::IntoTable;

/// A graph of which some nodes are rewritten.
#[derive(Debug, Clone, PartialEq)]
pub struct Partly {
    pub graph: Graph,
    /// The shape of every value of the graph.
    pub shapes: Shapes,
    /// How many nodes were rewritten.
    pub rewritten: usize,
}

/// Rewrites the nodes that are `chosen`, as far as they have a lowering; those that have none stay. `graph` has to be folded, and `shapes`
/// to hold the shapes of its values.
pub fn lower_nodes(graph: &Graph, shapes: &Shapes, limits: &Limits, chosen: impl Fn(&Node) -> bool) -> Partly {
    let types = element_types(graph);
    let is_float = |name: &str| types.get(name).is_none_or(|&kind| kind == data_type::FLOAT);
    let mut partly = Partly {
        graph: Graph { nodes: Vec::with_capacity(graph.nodes.len()), ..graph.clone() },
        shapes: shapes.clone(),
        rewritten: 0,
    };
    for node in &graph.nodes {
        // Core operators calculate with floats, and what comes after the seam expects what was there before.
        let is_ours = chosen(node) && named(node).filter(|name| !graph.constants.contains_key(*name)).all(is_float);
        match is_ours.then(|| lowered_alone(graph, shapes, limits, node)).flatten() {
            Some(lowered) => partly.take_in(graph, shapes, node, lowered),
            None => partly.graph.nodes.push(node.clone()),
        }
    }
    partly
}

/// The values that a node reads and makes.
fn named(node: &Node) -> impl Iterator<Item = &str> {
    node.inputs.iter().chain(&node.outputs).map(String::as_str).filter(|name| !name.is_empty())
}

/// The node as a graph of core operators; nothing where it has no such form.
fn lowered_alone(graph: &Graph, shapes: &Shapes, limits: &Limits, node: &Node) -> Option<Lowered> {
    if node.attributes.values().any(|value| matches!(value, Attribute::Graph(_))) {
        return None;
    }
    let outputs: Vec<String> = node.outputs.iter().filter(|output| !output.is_empty()).cloned().collect();
    let read: BTreeSet<&str> = node.inputs.iter().map(String::as_str).filter(|name| !name.is_empty()).into_set();
    let of = |name: &str| Some((name.to_owned(), graph.constants.get(name)?.clone()));
    let constants: BTreeMap<String, Constant> = read.iter().filter_map(|name| of(name)).into_map();
    let inputs = read.iter().filter(|name| !constants.contains_key(**name)).map(|&name| {
        let shape = shapes.get(name)?.iter().map(|&length| Dimension::Fixed(length)).collect();
        Some(Input { name: name.to_owned(), shape })
    });
    let alone = Graph {
        inputs: inputs.collect::<Option<_>>()?,
        outputs,
        nodes: vec![node.clone()],
        constants,
        opsets: graph.opsets.clone(),
        stated_shapes: BTreeMap::new(),
    };
    // A Softmax that is left out is one at the end of a graph, which this one is not.
    let is_whole = |lowered: &Lowered| !lowered.removed_softmax && reads_alike(graph, lowered);
    lower(&alone, shapes, limits).ok().filter(is_whole)
}

/// Whether the file's operator set reads what lowering wrote as it is meant: before set 11 a Resize has other inputs.
fn reads_alike(graph: &Graph, lowered: &Lowered) -> bool {
    graph.opset() >= core_set::OPSET.min(11) || lowered.graph.nodes.iter().all(|node| node.op != "Resize")
}

impl Partly {
    /// Puts a lowered node into its place.
    fn take_in(&mut self, source: &Graph, shapes: &Shapes, node: &Node, lowered: Lowered) {
        self.rewritten += 1;
        let seam = &self.free_prefix(node);
        let Lowered { graph: made, shapes: made_shapes, .. } = lowered;
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for Input { name, .. } in &made.inputs {
            let (Some(own), Some(shape)) = (shapes.get(name), made_shapes.get(name)) else { continue };
            let inside = if own == shape { name.clone() } else { self.given(seam, name, shape) };
            names.insert(name.clone(), inside);
        }
        let mut outer = Vec::new();
        for name in &made.outputs {
            let (Some(own), Some(shape)) = (shapes.get(name), made_shapes.get(name)) else { continue };
            if own == shape {
                names.insert(name.clone(), name.clone());
            } else {
                let inside = format!("{seam}/value/{name}");
                names.insert(name.clone(), inside.clone());
                outer.push((inside, name.clone(), own.clone()));
            }
        }
        let inside = |name: &String| match names.get(name) {
            Some(known) => known.clone(),
            None if name.is_empty() => String::new(),
            None => format!("{seam}/value/{name}"),
        };
        for (name, shape) in &made_shapes {
            self.shapes.entry(inside(name)).or_insert_with(|| shape.clone());
        }
        for (name, constant) in &made.constants {
            self.graph.constants.insert(inside(name), constant.clone());
        }
        for mut core in made.nodes {
            for name in core.inputs.iter_mut().chain(&mut core.outputs) {
                *name = inside(name);
            }
            if core.name != node.name {
                core.name = format!("{seam}/node/{}", core.name);
            }
            self.graph.nodes.push(core);
        }
        for (inside, name, shape) in outer {
            self.reshape(seam, &inside, &name, &shape);
        }
        self.graph.opsets.extend(made.opsets.into_iter().filter(|(domain, _)| !source.opsets.contains_key(domain)));
    }

    /// What the names of all that comes in the place of a node begin with: no name of the graph does.
    fn free_prefix(&self, node: &Node) -> String {
        let mut prefix = format!("{}/alone", node.output());
        let is_taken = |prefix: &str| {
            let values = self.shapes.keys().chain(self.graph.constants.keys());
            values.chain(self.graph.nodes.iter().map(|node| &node.name)).any(|name| name.starts_with(prefix))
        };
        while is_taken(&prefix) {
            prefix.push('\'');
        }
        prefix
    }

    /// A value that the node reads in another shape, by a new name.
    fn given(&mut self, seam: &str, name: &str, shape: &[usize]) -> String {
        let other = format!("{seam}/given/{name}");
        self.reshape(seam, name, &other, shape);
        self.shapes.insert(other.clone(), shape.to_vec());
        other
    }

    /// Adds a Reshape, with its shape as a constant.
    fn reshape(&mut self, seam: &str, from: &str, to: &str, shape: &[usize]) {
        let lengths: Vec<i64> = shape.iter().map(|&length| to_i64(length)).collect();
        let target = format!("{seam}/shape/{to}");
        self.shapes.insert(target.clone(), vec![lengths.len()]);
        self.graph.constants.insert(target.clone(), Constant::integers(vec![lengths.len()], lengths));
        self.graph.nodes.push(Node::new("Reshape", &[from, &target], to).named(&format!("{seam}/reshape/{to}")));
    }
}
