//! The graph that everything passes around: a complete, order-checked form of an ONNX graph.
//!
//! It keeps every node, attribute and constant of the user's file, so that the original can be written out again
//! unchanged ([`super::encode`]), and it is also what lowering and gradients build.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::weights::Floats;

/// One dimension of a graph input as the file states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dimension {
    /// A known size.
    Fixed(usize),
    /// A size that the file leaves open, with its name (empty where it has none).
    Symbolic(String),
}

/// An input that must be given to run the graph (constants are not inputs here, even where the file lists them).
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub name: String,
    pub shape: Vec<Dimension>,
}

/// A constant tensor of the graph: a weight, a bias, a shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    pub shape: Vec<usize>,
    pub data: Data,
}

/// The values of a constant. Floating-point weights of any width are widened or narrowed to `f32` when read, integers
/// of any width but 64 are kept as they are written.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    F32(Floats),
    I64(Arc<[i64]>),
    /// Any other ONNX element type (`data_type` is the number of `TensorProto.DataType`), little-endian.
    Other {
        data_type: i32,
        bytes: Arc<[u8]>,
    },
}

impl Constant {
    /// A constant of floats that are already in memory.
    pub fn floats(shape: Vec<usize>, values: Vec<f32>) -> Self {
        Self { shape, data: Data::F32(Floats::owned(values)) }
    }

    /// A constant of 64-bit integers, such as a shape or axes.
    pub fn integers(shape: Vec<usize>, values: Vec<i64>) -> Self {
        Self { shape, data: Data::I64(values.into()) }
    }

    /// The values where they are floats.
    pub fn as_floats(&self) -> Option<&[f32]> {
        match &self.data {
            Data::F32(floats) => Some(floats.as_slice()),
            _ => None,
        }
    }

    /// The values where they are 64-bit integers.
    pub fn as_integers(&self) -> Option<&[i64]> {
        match &self.data {
            Data::I64(integers) => Some(integers),
            _ => None,
        }
    }
}

/// An attribute of a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute {
    Int(i64),
    Float(f32),
    Text(String),
    Ints(Vec<i64>),
    Floats(Vec<f32>),
    Texts(Vec<String>),
    Tensor(Constant),
    /// The body of a Loop, If or Scan. It may read values of the graph around it.
    Graph(Box<Graph>),
}

/// One operation. An input that is left out is an empty name, as in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The node's name in the file, or, where it has none, the name of its first output.
    pub name: String,
    pub op: String,
    /// The operator set; empty for the standard one.
    pub domain: String,
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
    pub attributes: BTreeMap<String, Attribute>,
}

impl Node {
    /// A node of the standard operator set without attributes, named after its output.
    pub fn new(op: &str, inputs: &[&str], output: &str) -> Self {
        Self {
            name: output.to_owned(),
            op: op.to_owned(),
            domain: String::new(),
            inputs: inputs.iter().map(|&name| name.to_owned()).collect(),
            outputs: vec![output.to_owned()],
            attributes: BTreeMap::new(),
        }
    }

    /// The same node with one more attribute.
    #[must_use]
    pub fn with(mut self, name: &str, value: Attribute) -> Self {
        self.attributes.insert(name.to_owned(), value);
        self
    }

    /// The same node under another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The name of input `index`, or `None` where it is left out.
    pub fn input(&self, index: usize) -> Option<&str> {
        self.inputs.get(index).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The name of the first output; empty where the node has none.
    pub fn output(&self) -> &str {
        self.outputs.first().map_or("", String::as_str)
    }

    /// An integer attribute.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.attributes.get(name) {
            Some(Attribute::Int(value)) => Some(*value),
            _ => None,
        }
    }

    /// A float attribute.
    pub fn float(&self, name: &str) -> Option<f32> {
        match self.attributes.get(name) {
            Some(Attribute::Float(value)) => Some(*value),
            _ => None,
        }
    }

    /// A list-of-integers attribute.
    pub fn ints(&self, name: &str) -> Option<&[i64]> {
        match self.attributes.get(name) {
            Some(Attribute::Ints(values)) => Some(values),
            _ => None,
        }
    }

    /// A text attribute.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.attributes.get(name) {
            Some(Attribute::Text(value)) => Some(value),
            _ => None,
        }
    }
}

/// A whole graph. `nodes` are in an order in which each can run after the ones before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    pub inputs: Vec<Input>,
    pub outputs: Vec<String>,
    pub nodes: Vec<Node>,
    pub constants: BTreeMap<String, Constant>,
    /// Operator set versions by domain (empty for the standard one).
    pub opsets: BTreeMap<String, i64>,
    /// Shapes the file states for values, kept as a hint where inference knows no rule.
    pub stated_shapes: BTreeMap<String, Vec<Dimension>>,
}

impl Graph {
    /// The version of the standard operator set.
    pub fn opset(&self) -> i64 {
        self.opsets.get("").copied().unwrap_or(1)
    }
}

/// A size as attributes and shape tensors write it.
pub(crate) fn to_i64(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
