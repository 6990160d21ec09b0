//! How far a graph can be computed: what lies before the nodes that nobody here computes.
//!
//! A network is more than its end. Where a node has no shape that could be known before the picture is there (a list of as many boxes
//! as there happen to be), or is of an operator that no engine has, it goes, and all that is made of it; everything before stays, and is
//! looked at like any other network's.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::fold::{Folded, element_types, fold};
use super::graph::{Graph, Node};
use super::operator::Operator;
use super::shapes::{ShapeError, Shapes, is_float};
use crate::onnx::tables::IntoTable;

/// A node that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    pub node: String,
    pub op: String,
    /// What is missing.
    pub reason: Reason,
}

/// Why a node cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No engine has the operator, and it cannot be written as others.
    NoOperator,
    /// The shape of its result depends on the picture.
    Dynamic(String),
}

/// A folded graph without what cannot be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// Its outputs are those of the file that are left, or, where none is, the values that the blocked nodes read.
    pub folded: Folded,
    /// In the order in which they are computed. None: the graph is whole.
    pub blocked: Vec<Blocked>,
    /// Whether one of the file's results is left.
    pub has_results: bool,
}

/// Folds a graph ([`fold`]) as far as it can be computed.
///
/// # Errors
/// [`ShapeError`] for a graph that contradicts itself or takes more than there is, and where nothing is left.
pub fn reach(graph: &Graph, inputs: &BTreeMap<String, Vec<usize>>) -> Result<Reached, ShapeError> {
    let mut rest = Cow::Borrowed(graph);
    let mut blocked = Vec::new();
    let Folded { graph: mut folded, shapes } = loop {
        let error = match fold(&rest, inputs) {
            Ok(folded) => break folded,
            Err(error) => error,
        };
        let (name, reason) = match &error {
            ShapeError::Unknown { node, .. } => (node, Reason::NoOperator),
            ShapeError::Dynamic { node, detail, .. } => (node, Reason::Dynamic(detail.clone())),
            _ => return Err(error),
        };
        // What stands in the body of a Loop stands for it; in that of an If it has no place of its own.
        let place = rest.nodes.iter().find(|node| node.name == *name).or_else(|| {
            let inside = |node: &&Node| node.op == "Loop" && name.starts_with(&format!("{}/", node.name));
            rest.nodes.iter().find(inside)
        });
        let Some(node) = place else { return Err(error) };
        blocked.push(Blocked { node: node.name.clone(), op: node.op.clone(), reason });
        let Some(left) = without(&rest, &BTreeSet::from([node.output()])) else { return Err(error) };
        rest = Cow::Owned(left);
    };
    let lacking: BTreeSet<&str> =
        folded.nodes.iter().filter(|node| is_lacking(node, &shapes)).map(Node::output).into_set();
    if !lacking.is_empty() {
        let named = folded.nodes.iter().filter(|node| is_lacking(node, &shapes));
        let of = |node: &Node| Blocked { node: node.name.clone(), op: node.op.clone(), reason: Reason::NoOperator };
        blocked.extend(named.map(of));
        folded = without(&folded, &lacking).ok_or_else(|| {
            let first = blocked.first().map(|blocked| (blocked.node.clone(), blocked.op.clone()));
            let (node, op) = first.unwrap_or_default();
            ShapeError::Unknown { node, op }
        })?;
    }
    let results: Vec<String> = graph.outputs.iter().filter(|output| folded.outputs.contains(output)).cloned().collect();
    let has_results = !results.is_empty();
    if has_results {
        folded.outputs = results;
    }
    let shapes = if blocked.is_empty() { shapes } else { shapes_of(&folded, &shapes) };
    Ok(Reached { folded: Folded { graph: folded, shapes }, blocked, has_results })
}

/// Whether no engine computes the node, as it is or as others. In a folded graph: what only says how large something is has gone.
fn is_lacking(node: &Node, shapes: &Shapes) -> bool {
    let Some(operator) = Operator::of(node) else { return true };
    let nobody = operator.cpu.is_none() && operator.lowering.is_none();
    nobody || is_beyond_space(node, shapes)
}

/// Whether a window goes over more dimensions than those of a volume, which nobody computes.
fn is_beyond_space(node: &Node, shapes: &Shapes) -> bool {
    let rank = node.input(0).and_then(|name| shapes.get(name)).map_or(0, Vec::len);
    matches!(&node.op[..], "Conv" | "ConvTranspose" | "MaxPool") && rank > 5
}

/// The graph without the nodes that make the values `gone`, and without what is made of them. It also returns what these read, so
/// that whatever makes that stays. Nothing where no value is left.
fn without(graph: &Graph, gone: &BTreeSet<&str>) -> Option<Graph> {
    let mut gone = gone.clone();
    let (mut nodes, mut read): (Vec<Node>, BTreeSet<&str>) = (Vec::new(), BTreeSet::new());
    for node in &graph.nodes {
        if node.outputs.iter().chain(&node.inputs).any(|name| gone.contains(name.as_str())) {
            gone.extend(node.outputs.iter().map(String::as_str).filter(|name| !name.is_empty()));
            read.extend(node.inputs.iter().map(String::as_str));
        } else {
            nodes.push(node.clone());
        }
    }
    // Sizes and places are of no use without what they are for.
    let types = element_types(graph);
    let is_made = |name: &&String| nodes.iter().any(|node| node.outputs.contains(*name));
    let is_number = |name: &str| types.get(name).is_none_or(|&kind| is_float(kind));
    let mut outputs: Vec<String> =
        graph.outputs.iter().filter(|output| !gone.contains(output.as_str())).cloned().collect();
    let edge = graph.nodes.iter().flat_map(|node| &node.outputs).filter(|name| read.contains(name.as_str()));
    for name in edge.filter(is_made).filter(|name| is_number(name)) {
        if !outputs.contains(name) {
            outputs.push(name.clone());
        }
    }
    (!outputs.is_empty()).then(|| Graph { nodes, outputs, ..graph.clone() })
}

fn shapes_of(graph: &Graph, shapes: &Shapes) -> Shapes {
    let names = graph.nodes.iter().flat_map(|node| node.inputs.iter().chain(&node.outputs));
    let names = names.chain(graph.inputs.iter().map(|input| &input.name));
    names.filter_map(|name| Some((name.clone(), shapes.get(name)?.clone()))).into_map()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::graph::{Attribute, Dimension, Input};

    fn graph(nodes: Vec<Node>, outputs: &[&str]) -> Graph {
        let nodes = nodes.into_iter().map(|node| {
            let name = format!("{} of {}", node.op, node.output());
            node.named(&name)
        });
        Graph {
            inputs: vec![Input { name: "x".to_owned(), shape: [1, 3, 4, 4].map(Dimension::Fixed).to_vec() }],
            outputs: outputs.iter().map(|&name| name.to_owned()).collect(),
            nodes: nodes.collect(),
            constants: BTreeMap::new(),
            opsets: BTreeMap::from([(String::new(), 17)]),
            stated_shapes: BTreeMap::new(),
        }
    }

    fn made(reached: &Reached) -> Vec<&str> {
        reached.folded.graph.nodes.iter().map(Node::output).collect()
    }

    #[test]
    fn what_is_whole_stays_whole() {
        let graph = graph(vec![Node::new("Relu", &["x"], "a"), Node::new("Neg", &["a"], "y")], &["y"]);
        let found = reach(&graph, &BTreeMap::new()).unwrap();
        assert_eq!((made(&found), &found.blocked[..], found.has_results), (vec!["a", "y"], &[][..], true));
    }

    /// Two ends that cannot be computed are both named, and all before them stays.
    #[test]
    fn what_lies_before_blocked_nodes_stays() {
        let graph = graph(
            vec![
                Node::new("Relu", &["x"], "a"),
                Node::new("Neg", &["a"], "b"),
                Node::new("NonZero", &["b"], "places"),
                Node::new("Cast", &["places"], "y").with("to", Attribute::Int(1)),
                Node::new("Exp", &["a"], "c"),
                Node::new("RoiAlign", &["c", "y"], "d"),
                Node::new("CenterCropPad", &["c", "a"], "z"),
            ],
            &["y", "d", "z"],
        );
        let found = reach(&graph, &BTreeMap::new()).unwrap();
        assert_eq!(made(&found), ["a", "b", "c"]);
        let names: Vec<&str> = found.blocked.iter().map(|blocked| &blocked.node[..]).collect();
        assert_eq!(names, ["NonZero of places", "CenterCropPad of z"]);
        assert!(matches!(found.blocked[0].reason, Reason::Dynamic(_)), "{:?}", found.blocked);
        assert!(!found.has_results);
        assert_eq!(found.folded.graph.outputs, ["b", "c", "a"]);
    }

    /// Where the file states the shape of an operator that nobody has, that is no help.
    #[test]
    fn an_operator_without_engine_is_blocked_though_its_shape_is_stated() {
        let nodes = vec![
            Node::new("Relu", &["x"], "a"),
            Node::new("NonMaxSuppression", &["a"], "y"),
            Node::new("Neg", &["a"], "z"),
        ];
        let mut graph = graph(nodes, &["y", "z"]);
        graph.stated_shapes.insert("y".to_owned(), vec![Dimension::Fixed(3); 2]);
        let found = reach(&graph, &BTreeMap::new()).unwrap();
        assert_eq!((made(&found), found.has_results), (vec!["a", "z"], true));
        assert_eq!(found.blocked[0].op, "NonMaxSuppression");
        assert_eq!(found.folded.graph.outputs, ["z"]);
    }

    /// A window over more than a volume is nobody's.
    #[test]
    fn windows_over_more_than_volumes_are_blocked() {
        for (rank, blocked) in [(5, 0), (6, 1)] {
            let window = Node::new("MaxPool", &["a"], "b").with("kernel_shape", Attribute::Ints(vec![2; rank - 2]));
            let nodes = vec![Node::new("Relu", &["x"], "a"), window, Node::new("Neg", &["b"], "y")];
            let mut graph = graph(nodes, &["y"]);
            graph.inputs[0].shape = [1, 3, 3, 4, 4, 4][..rank].iter().copied().map(Dimension::Fixed).collect();
            assert_eq!(reach(&graph, &BTreeMap::new()).unwrap().blocked.len(), blocked, "{rank}");
        }
    }

    #[test]
    fn a_graph_of_which_nothing_is_left_is_refused() {
        let graph = graph(vec![Node::new("RoiAlign", &["x"], "y")], &["y"]);
        let found = reach(&graph, &BTreeMap::new());
        assert!(matches!(found, Err(ShapeError::Unknown { op, .. }) if op == "RoiAlign"));
    }
}
