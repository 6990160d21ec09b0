//! Who makes and who reads each value of a graph.

use std::collections::BTreeMap;

use super::graph::{Graph, Node};

/// An index over a graph's nodes.
pub(crate) struct Links<'a> {
    pub graph: &'a Graph,
    makers: BTreeMap<&'a str, usize>,
    readers: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Links<'a> {
    pub fn new(graph: &'a Graph) -> Self {
        let mut links = Self { graph, makers: BTreeMap::new(), readers: BTreeMap::new() };
        for (index, node) in graph.nodes.iter().enumerate() {
            for output in node.outputs.iter().filter(|output| !output.is_empty()) {
                links.makers.insert(output, index);
            }
            for input in node.inputs.iter().filter(|input| !input.is_empty()) {
                links.readers.entry(input).or_default().push(index);
            }
        }
        links
    }

    /// The position of the node that makes a value; `None` for inputs and constants.
    pub fn position(&self, value: &str) -> Option<usize> {
        self.makers.get(value).copied()
    }

    /// The node that makes a value; `None` for inputs and constants.
    pub fn maker(&self, value: &str) -> Option<&'a Node> {
        self.position(value).map(|index| &self.graph.nodes[index])
    }

    /// A value's name as the nodes have it, or `None` where no node makes it.
    pub fn name(&self, value: &str) -> Option<&'a str> {
        self.makers.get_key_value(value).map(|(&name, _)| name)
    }

    /// The nodes that read a value, once for each time they do.
    pub fn readers(&self, value: &str) -> impl Iterator<Item = &'a Node> {
        self.readers.get(value).into_iter().flatten().map(|&index| &self.graph.nodes[index])
    }

    /// Whether a node reads this value; results that nobody reads do not count.
    pub fn is_read(&self, value: &str) -> bool {
        self.readers.contains_key(value)
    }

    /// The one node that reads a value, unless others do or the value is a result of the graph.
    pub fn only_reader(&self, value: &str) -> Option<&'a Node> {
        self.only_reader_position(value).map(|index| &self.graph.nodes[index])
    }

    /// The position of [`Self::only_reader`].
    pub fn only_reader_position(&self, value: &str) -> Option<usize> {
        match self.readers.get(value).map(Vec::as_slice) {
            Some(&[index]) if !self.is_output(value) => Some(index),
            _ => None,
        }
    }

    /// Whether the graph gives this value as a result.
    pub fn is_output(&self, value: &str) -> bool {
        self.graph.outputs.iter().any(|output| output == value)
    }

    /// Whether this value is a constant of the graph.
    pub fn is_constant(&self, value: &str) -> bool {
        self.graph.constants.contains_key(value)
    }

    /// The inputs of a node that are not constants, in order.
    pub fn data_inputs(&self, node: &'a Node) -> impl Iterator<Item = &'a str> {
        let given = node.inputs.iter().map(String::as_str).filter(|input| !input.is_empty());
        given.filter(|input| !self.is_constant(input))
    }

    /// The one number of a constant that holds just one.
    pub fn scalar(&self, value: &str) -> Option<f32> {
        match self.graph.constants.get(value)?.as_floats()? {
            &[number] => Some(number),
            _ => None,
        }
    }
}
