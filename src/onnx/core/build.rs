//! The lowered graph while it grows, and what has become of the source's values. [`super::values`] gives these, [`super::emit`] adds
//! operators, and [`super::outputs`] ends it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::error::{Limits, LowerError};
use super::layout::Layout;
use crate::domain::tensor::element_count;
use crate::onnx::graph::{Constant, Graph, Node};
use crate::onnx::links::Links;
use crate::onnx::shapes::Shapes;
use crate::onnx::tables::IntoTable;

/// The most weights that lowering makes up for one operator; a quarter of a gigabyte. They are in no file, so that a few bytes
/// of attributes could ask for any number of them.
const MOST_MADE_UP: usize = 1 << 26;

/// The most that it makes up for a graph; a gigabyte of the four that WebAssembly has.
const MOST_MADE_UP_IN_ALL: usize = 1 << 28;

/// A value of the user's graph: the tensor that holds it, and where its elements lie in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::onnx) struct View {
    pub tensor: String,
    pub layout: Layout,
}

/// What has become of a value of the user's graph.
#[derive(Debug, Clone)]
pub(in crate::onnx) enum Value {
    Tensor(View),
    /// A zero- or constant-padded image that has not been computed, since the Conv or pooling that reads it can pad itself.
    Padded(Padded),
}

/// Padding that is left to the reader.
#[derive(Debug, Clone)]
pub(in crate::onnx) struct Padded {
    /// The `[1, C, H, W]` image inside the padding.
    pub image: View,
    /// Top, left, bottom, right.
    pub pads: [usize; 4],
    pub fill: f32,
    /// The Pad node and its output, for the case that it has to be computed after all.
    pub node: String,
    pub output: String,
}

/// The names under which operators are emitted.
#[derive(Debug, Clone)]
pub(in crate::onnx) struct Place {
    pub op: String,
    pub node: String,
    pub output: String,
}

impl Place {
    /// The names of a node of the source.
    pub fn of(node: &Node) -> Self {
        Self { op: node.op.clone(), node: node.name.clone(), output: node.output().to_owned() }
    }
}

/// The state of one lowering.
pub(in crate::onnx) struct Lowering<'g> {
    pub source: &'g Graph,
    pub source_shapes: &'g Shapes,
    pub limits: Limits,
    /// Who makes and who reads each value of the source.
    pub links: Links<'g>,
    /// Source nodes that were lowered together with an earlier one.
    pub merged: BTreeSet<usize>,
    pub values: BTreeMap<String, Value>,
    pub built: Graph,
    pub shapes: Shapes,
    pub place: Place,
    pub node_names: BTreeSet<String>,
    /// Names of the source's values are reserved: only the node that makes a value may use them.
    value_names: BTreeSet<String>,
    /// The tensors that hold constants of the source in the usual layout.
    pub(super) constant_views: BTreeMap<String, String>,
    /// How many weights were made up.
    made_up: Cell<usize>,
}

impl<'g> Lowering<'g> {
    pub fn new(source: &'g Graph, source_shapes: &'g Shapes, limits: Limits) -> Self {
        let value_names = source
            .nodes
            .iter()
            .flat_map(|node| node.outputs.iter())
            .chain(source.inputs.iter().map(|input| &input.name))
            .chain(source.constants.keys())
            .cloned()
            .into_set();
        let node_names = source.nodes.iter().map(|node| node.name.clone()).into_set();
        let built = Graph {
            inputs: Vec::new(),
            outputs: source.outputs.clone(),
            nodes: Vec::new(),
            constants: BTreeMap::new(),
            opsets: BTreeMap::from([(String::new(), crate::onnx::core_set::OPSET)]),
            stated_shapes: BTreeMap::new(),
        };
        Self {
            source,
            source_shapes,
            limits,
            links: Links::new(source),
            merged: BTreeSet::new(),
            values: BTreeMap::new(),
            built,
            shapes: Shapes::new(),
            place: Place { op: String::new(), node: String::new(), output: String::new() },
            node_names,
            value_names,
            constant_views: BTreeMap::new(),
            made_up: Cell::new(0),
        }
    }

    /// The operator at hand cannot be lowered.
    pub fn unsupported(&self, detail: impl Into<String>) -> LowerError {
        LowerError::Unsupported { op: self.place.op.clone(), node: self.place.node.clone(), detail: detail.into() }
    }

    /// How many weights a shape holds, which lowering is about to make up.
    ///
    /// # Errors
    /// [`LowerError::TooLarge`] for more than memory should be taken for, [`LowerError::TooMuch`] where all that were asked for are.
    pub fn made_up(&self, shape: &[usize]) -> Result<usize, LowerError> {
        let node = || self.place.node.clone();
        let count = element_count(shape).filter(|&count| count <= MOST_MADE_UP).ok_or_else(|| {
            LowerError::TooLarge { node: node(), shape: shape.to_vec(), limit: MOST_MADE_UP as u64 * 4 }
        })?;
        let all = self.made_up.get() + count;
        if all > MOST_MADE_UP_IN_ALL {
            return Err(LowerError::TooMuch { node: node(), limit: MOST_MADE_UP_IN_ALL as u64 * 4 });
        }
        self.made_up.set(all);
        Ok(count)
    }

    /// The shape of a value of the source.
    pub fn shape(&self, name: &str) -> Result<&'g [usize], LowerError> {
        let shape = self.source_shapes.get(name).map(Vec::as_slice);
        let shape = shape.or_else(|| self.source.constants.get(name).map(|constant| constant.shape.as_slice()));
        shape.ok_or_else(|| LowerError::UnknownShape { value: name.to_owned() })
    }

    /// The constant of that name.
    pub fn constant(&self, name: &str) -> Option<&'g Constant> {
        self.source.constants.get(name)
    }

    /// The floats of input `index` of a node where that is a constant.
    pub fn constant_input(&self, node: &Node, index: usize) -> Option<&'g [f32]> {
        self.constant(node.input(index)?)?.as_floats()
    }

    /// The integers of input `index` of a node where that is a constant.
    pub fn integer_input(&self, node: &Node, index: usize) -> Option<&'g [i64]> {
        self.constant(node.input(index)?)?.as_integers()
    }

    /// The one node that reads the value and is the only use of it.
    pub fn only_reader(&self, value: &str) -> Option<(usize, &'g Node)> {
        let index = self.links.only_reader_position(value)?;
        Some((index, &self.source.nodes[index]))
    }

    /// Says what a value of the source has become.
    pub fn set(&mut self, name: &str, view: View) {
        self.values.insert(name.to_owned(), Value::Tensor(view));
    }

    /// A constant of the lowered graph with new values.
    pub fn add_constant(&mut self, suffix: &str, constant: Constant) -> String {
        let name = self.fresh_value(&format!("{}/{suffix}", self.place.output));
        self.keep_constant(&name, constant);
        name
    }

    /// A constant of the lowered graph under a name of the source, whose values it shares.
    pub fn keep_constant(&mut self, name: &str, constant: Constant) {
        self.shapes.insert(name.to_owned(), constant.shape.clone());
        self.built.constants.insert(name.to_owned(), constant);
    }

    /// A number to calculate with; the same number is kept once.
    pub fn number(&mut self, value: f32) -> String {
        // The bits, since 0 and −0 are different numbers here.
        let name = format!("number/{:08x}", value.to_bits());
        self.keep_constant(&name, Constant::floats(vec![1, 1, 1, 1], vec![value]));
        name
    }

    /// Goes on under another node name, for the next value of a node that makes several.
    pub fn next_part(&mut self, output: &str) {
        self.place.node = fresh(&mut self.node_names, &format!("{}/part", self.place.node));
        output.clone_into(&mut self.place.output);
    }

    /// A name that no value has.
    pub fn fresh_value(&mut self, wanted: &str) -> String {
        fresh(&mut self.value_names, wanted)
    }
}

/// `[1, channels, height, width]`.
pub(in crate::onnx) fn tensor_shape([channels, height, width]: [usize; 3]) -> Vec<usize> {
    vec![1, channels, height, width]
}

pub(super) fn fresh(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    let mut count = 1;
    while !taken.insert(name.clone()) {
        count += 1;
        name = format!("{wanted}{count}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::graph::{Attribute, Dimension, Input};
    use crate::onnx::lower::lower;
    use crate::onnx::shapes::infer;

    fn graph(nodes: Vec<Node>) -> Graph {
        Graph {
            inputs: vec![Input { name: "x".to_owned(), shape: [1, 2, 1, 1].map(Dimension::Fixed).to_vec() }],
            outputs: vec!["y".to_owned()],
            nodes,
            constants: BTreeMap::from([("w".to_owned(), Constant::floats(vec![1, 2, 1, 1], vec![3.0, 4.0]))]),
            opsets: BTreeMap::from([(String::new(), 13)]),
            stated_shapes: BTreeMap::new(),
        }
    }

    #[test]
    fn a_constant_is_not_taken_for_a_value_of_its_name() {
        let graph = graph(vec![
            Node::new("Relu", &["x"], "w/value").named("first"),
            Node::new("Concat", &["w/value", "w"], "y").named("second").with("axis", Attribute::Int(1)),
        ]);
        let shapes = infer(&graph, &BTreeMap::new()).unwrap();
        let lowered = lower(&graph, &shapes, &Limits::default()).unwrap().graph;
        let joined = lowered.nodes.iter().find(|node| node.op == "Concat").unwrap();
        let constant = &lowered.constants[&joined.inputs[1]];
        assert_eq!((&joined.inputs[0][..], constant.as_floats()), ("w/value", Some(&[3.0, 4.0][..])));
    }

    #[test]
    fn what_many_nodes_ask_for_together_has_a_limit() {
        // What four sums over 8192 places each ask for is a gigabyte.
        let (graph, shapes) = (graph(Vec::new()), Shapes::new());
        let lowering = Lowering::new(&graph, &shapes, Limits::default());
        for _ in 0..4 {
            assert_eq!(lowering.made_up(&[8192, 8192]), Ok(1 << 26));
        }
        assert_eq!(lowering.made_up(&[1]), Err(LowerError::TooMuch { node: String::new(), limit: 1 << 30 }));
        assert!(matches!(lowering.made_up(&[8192, 8193]), Err(LowerError::TooLarge { .. })));
    }
}
