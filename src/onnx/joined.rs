//! Operations on each value by itself of which each only serves the next. An engine may compute them at once, so that what lies between
//! them never goes through memory, which is what takes the time: the gradient of a network is full of them, that of a ReLU6 alone
//! are five.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Node;
use super::links::Links;
use super::shapes::Shapes;

/// What an engine can compute at once.
pub(crate) struct Joinable<'r> {
    /// How many operands of a node are operated on; `None` where the engine does not take it. (The bounds of a Clip are no operands.)
    pub operands: &'r dyn Fn(&Node) -> Option<usize>,
    /// The most operations, so that no file makes an endless program.
    pub operations: usize,
    /// The most tensors that they may read.
    pub tensors: usize,
}

impl Joinable<'_> {
    /// The inputs of a node that are operated on.
    pub fn operands<'n>(&self, node: &'n Node) -> Vec<&'n str> {
        let count = (self.operands)(node).unwrap_or_default();
        node.inputs.iter().take(count).map(String::as_str).collect()
    }

    /// Whether a node is an operation on values that lie at the same place of tensors of one shape, or on those and single numbers.
    pub fn takes(&self, node: &Node, links: &Links<'_>, shapes: &Shapes) -> bool {
        let Some(shape) = shapes.get(node.output()) else { return false };
        let operands = self.operands(node);
        let is_tensor = |operand: &&str| links.scalar(operand).is_none();
        operands.iter().any(is_tensor)
            && operands.iter().filter(|operand| is_tensor(operand)).all(|operand| shapes.get(*operand) == Some(shape))
    }

    /// The tensors that nodes read from outside, each once.
    pub fn tensors<'a>(&self, nodes: &[&'a Node], links: &Links<'_>) -> Vec<&'a str> {
        let mut tensors = Vec::new();
        for operand in nodes.iter().flat_map(|node| self.operands(node)) {
            let is_inner = nodes.iter().any(|node| node.output() == operand);
            if !is_inner && links.scalar(operand).is_none() && !tensors.contains(&operand) {
                tensors.push(operand);
            }
        }
        tensors
    }

    /// Joins nodes, which come in the order in which they can run.
    pub fn join<'a>(
        &self,
        nodes: impl Iterator<Item = &'a Node>,
        links: &Links<'a>,
        shapes: &Shapes,
    ) -> JoinedNodes<'a> {
        let mut joined = JoinedNodes::default();
        for node in nodes.filter(|node| self.takes(node, links, shapes)) {
            let mut before: Vec<&Node> = Vec::new();
            for input in &node.inputs {
                let alone = links.only_reader(input).is_some();
                let Some(earlier) = joined.ends.get(&input[..]).filter(|_| alone) else { continue };
                let all: Vec<&Node> = before.iter().chain(earlier).copied().collect();
                let with_node: Vec<&Node> = all.iter().copied().chain([node]).collect();
                if with_node.len() <= self.operations && self.tensors(&with_node, links).len() <= self.tensors {
                    before = all;
                    let inner = joined.ends.remove(&input[..]).and_then(|nodes| nodes.last().map(|node| node.output()));
                    joined.inner.extend(inner);
                }
            }
            before.push(node);
            joined.ends.insert(node.output(), before);
        }
        joined
    }
}

/// Which nodes are computed at once.
#[derive(Debug, Default)]
pub(crate) struct JoinedNodes<'a> {
    ends: BTreeMap<&'a str, Vec<&'a Node>>,
    inner: BTreeSet<&'a str>,
}

impl<'a> JoinedNodes<'a> {
    /// Whether a value lies between operations that are computed at once, so that nobody sees it.
    pub fn hides(&self, value: &str) -> bool {
        self.inner.contains(value)
    }

    /// The operations, in order, of which the last makes a value; `None` where none that can be joined does.
    pub fn making(&self, value: &str) -> Option<&[&'a Node]> {
        self.ends.get(value).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::graph::{Constant, Dimension, Graph, Input};
    use crate::onnx::shapes::infer;

    fn graph(nodes: Vec<Node>, outputs: &[&str]) -> Graph {
        let input = |name: &str| Input { name: name.to_owned(), shape: vec![Dimension::Fixed(2), Dimension::Fixed(3)] };
        Graph {
            inputs: vec![input("x"), input("y")],
            outputs: outputs.iter().map(|&name| name.to_owned()).collect(),
            nodes,
            constants: [
                ("two".to_owned(), Constant::floats(Vec::new(), vec![2.0])),
                ("row".to_owned(), Constant::floats(vec![3], vec![1.0, 2.0, 3.0])),
            ]
            .into(),
            opsets: BTreeMap::from([(String::new(), 18)]),
            stated_shapes: BTreeMap::new(),
        }
    }

    /// The names of what is computed at once, for each value that is left.
    fn joined(graph: &Graph, operations: usize, tensors: usize) -> Vec<String> {
        let operands = |node: &Node| match &node.op[..] {
            "Add" | "Mul" => Some(2),
            "Sign" => Some(1),
            _ => None,
        };
        let joinable = Joinable { operands: &operands, operations, tensors };
        let (links, shapes) = (Links::new(graph), infer(graph, &BTreeMap::new()).unwrap());
        let joined = joinable.join(graph.nodes.iter(), &links, &shapes);
        let made = graph.nodes.iter().filter_map(|node| joined.making(node.output()));
        made.map(|nodes| nodes.iter().map(|node| node.output()).collect::<Vec<_>>().join(" ")).collect()
    }

    fn row() -> Vec<Node> {
        vec![
            Node::new("Sign", &["x"], "a"),
            Node::new("Mul", &["y", "two"], "b"),
            Node::new("Mul", &["a", "b"], "c"),
            Node::new("Add", &["c", "c"], "d"),
        ]
    }

    #[test]
    fn operations_that_only_serve_the_next_are_joined() {
        assert_eq!(joined(&graph(row(), &["d"]), 9, 9), ["a b c", "d"]);
        let mut nodes = row();
        nodes[3] = Node::new("Sign", &["c"], "d");
        assert_eq!(joined(&graph(nodes.clone(), &["d"]), 9, 9), ["a b c d"]);
        // A result that others see is written down.
        assert_eq!(joined(&graph(nodes.clone(), &["d", "b"]), 9, 9), ["b", "a c d"]);
        assert_eq!(joined(&graph(nodes, &["d"]), 2, 9), ["b", "a c", "d"]);
    }

    #[test]
    fn too_many_tensors_other_shapes_and_other_operations_stay_apart() {
        assert_eq!(joined(&graph(row(), &["d"]), 9, 1), ["a", "b", "c", "d"]);
        let nodes = vec![Node::new("Add", &["x", "row"], "a"), Node::new("Sign", &["a"], "b")];
        assert_eq!(joined(&graph(nodes, &["b"]), 9, 9), ["b"]);
        let nodes = vec![Node::new("Exp", &["x"], "a"), Node::new("Sign", &["a"], "b")];
        assert_eq!(joined(&graph(nodes, &["b"]), 9, 9), ["b"]);
    }
}
