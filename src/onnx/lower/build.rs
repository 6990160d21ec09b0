//! The lowered graph while it grows: emits core operators with unique names and known shapes.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Layout, extents_of, usual_arrangement};
use super::{Limits, LowerError, Shapes};
use crate::domain::tensor::element_count;
use crate::onnx::graph::{Attribute, Constant, Graph, Node, to_i64};
use crate::onnx::links::Links;
use crate::onnx::tables::IntoTable;

/// The most weights that lowering makes up for one operator; a quarter of a gigabyte. They are in no file, so that a few bytes
/// of attributes could ask for any number of them.
const MOST_MADE_UP: usize = 1 << 26;

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

/// Where an emitted operator's result goes.
#[derive(Debug, Clone, Copy)]
pub(in crate::onnx) enum To<'n> {
    /// It is the value of the user's node: the node keeps its name, the value too.
    Node,
    /// It is a step on the way; both get this suffix.
    Step(&'n str),
}

/// The names under which operators are emitted.
#[derive(Debug, Clone)]
pub(in crate::onnx) struct Place {
    pub op: String,
    pub node: String,
    pub output: String,
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
    node_names: BTreeSet<String>,
    /// Names of the source's values are reserved: only the node that makes a value may use them.
    value_names: BTreeSet<String>,
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
        }
    }

    /// The operator at hand cannot be lowered.
    pub fn unsupported(&self, detail: impl Into<String>) -> LowerError {
        LowerError::Unsupported { op: self.place.op.clone(), node: self.place.node.clone(), detail: detail.into() }
    }

    /// How many weights a shape holds, which lowering is about to make up.
    ///
    /// # Errors
    /// [`LowerError::TooLarge`] for more than memory should be taken for.
    pub fn made_up(&self, shape: &[usize]) -> Result<usize, LowerError> {
        element_count(shape).filter(|&count| count <= MOST_MADE_UP).ok_or_else(|| LowerError::TooLarge {
            node: self.place.node.clone(),
            shape: shape.to_vec(),
            limit: MOST_MADE_UP as u64 * 4,
        })
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

    /// The value as a tensor, with padding computed where it was put off.
    pub fn view(&mut self, name: &str) -> Result<View, LowerError> {
        match self.values.get(name) {
            Some(Value::Tensor(view)) => Ok(view.clone()),
            Some(Value::Padded(padded)) => {
                let padded = padded.clone();
                let view = super::pad::compute(self, &padded)?;
                self.values.insert(name.to_owned(), Value::Tensor(view.clone()));
                Ok(view)
            }
            None => match self.source.constants.get(name) {
                Some(_) => {
                    Err(self.unsupported(format!("input {name:?} is a constant where a computed value is needed")))
                }
                None => Err(LowerError::UnknownValue { value: name.to_owned(), node: self.place.node.clone() }),
            },
        }
    }

    /// Input `index` of a node as a tensor.
    pub fn input(&mut self, node: &Node, index: usize) -> Result<View, LowerError> {
        match node.input(index) {
            Some(name) => self.view(name),
            None => Err(self.unsupported(format!("input {index} is missing"))),
        }
    }

    /// Input `index` of a node as a `[1, channels, height, width]` image.
    pub fn image(&mut self, node: &Node, index: usize) -> Result<View, LowerError> {
        let view = self.input(node, index)?;
        self.as_image(view)
    }

    /// The value as a `[1, channels, height, width]` image in the usual order.
    pub fn as_image(&mut self, view: View) -> Result<View, LowerError> {
        match view.layout.shape()[..] {
            [1, _, _, _] => self.usual(view),
            ref shape => Err(self.unsupported(format!("a value of shape {shape:?} is not one picture or set of maps"))),
        }
    }

    /// The value in the usual layout of its shape.
    pub fn usual(&mut self, view: View) -> Result<View, LowerError> {
        let arrangement = usual_arrangement(&view.layout.shape());
        self.arranged(view, &arrangement, To::Step("layout"))
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

    fn names(&mut self, to: To<'_>) -> (String, String) {
        match to {
            // The name is given once; a node that needs more than one operator for its value says so with steps.
            To::Node if !self.shapes.contains_key(&self.place.output) => {
                (self.place.node.clone(), self.place.output.clone())
            }
            To::Node => self.names(To::Step("value")),
            To::Step(suffix) => {
                let node = fresh(&mut self.node_names, &format!("{}/{suffix}", self.place.node));
                let value = self.fresh_value(&format!("{}/{suffix}", self.place.output));
                (node, value)
            }
        }
    }

    /// Emits a core operator; its result has the given `[1, channels, height, width]` extents or, inside of a layout change,
    /// any other shape.
    pub fn emit(&mut self, to: To<'_>, mut node: Node, shape: Vec<usize>) -> Result<String, LowerError> {
        let bytes = element_count(&shape).and_then(|count| u64::try_from(count).ok()?.checked_mul(4));
        match bytes {
            Some(bytes) if bytes <= self.limits.max_binding_bytes => {}
            _ => {
                return Err(LowerError::TooLarge {
                    node: self.place.node.clone(),
                    shape,
                    limit: self.limits.max_binding_bytes,
                });
            }
        }
        let (name, output) = self.names(to);
        node.name = name;
        node.outputs = vec![output.clone()];
        self.shapes.insert(output.clone(), shape);
        self.built.nodes.push(node);
        Ok(output)
    }

    /// Emits an operator of one input that works on each element by itself.
    pub fn unary(&mut self, to: To<'_>, op: &str, view: &View) -> Result<View, LowerError> {
        let tensor = self.emit(to, Node::new(op, &[&view.tensor], ""), tensor_shape(view.layout.extents))?;
        Ok(View { tensor, layout: view.layout.clone() })
    }

    /// Emits `left op right` for tensors whose extents broadcast; the names may be constants.
    pub fn arithmetic(&mut self, to: To<'_>, op: &str, left: &str, right: &str) -> Result<String, LowerError> {
        let extents = |name: &str| self.shapes.get(name).cloned().unwrap_or_default();
        let shape = extents(left).iter().zip(&extents(right)).map(|(&a, &b)| if a == 1 { b } else { a }).collect();
        self.emit(to, Node::new(op, &[left, right], ""), shape)
    }

    /// Emits `view op number`.
    pub fn with_number(&mut self, to: To<'_>, op: &str, view: &View, number: f32) -> Result<View, LowerError> {
        let number = self.number(number);
        let tensor = self.arithmetic(to, op, &view.tensor, &number)?;
        Ok(View { tensor, layout: view.layout.clone() })
    }

    /// Emits `number op view`.
    pub fn number_with(&mut self, to: To<'_>, op: &str, number: f32, view: &View) -> Result<View, LowerError> {
        let number = self.number(number);
        let tensor = self.arithmetic(to, op, &number, &view.tensor)?;
        Ok(View { tensor, layout: view.layout.clone() })
    }

    /// Emits `left op right` for two values in the same layout.
    pub fn pairwise(&mut self, to: To<'_>, op: &str, left: &View, right: &View) -> Result<View, LowerError> {
        let tensor = self.arithmetic(to, op, &left.tensor, &right.tensor)?;
        Ok(View { tensor, layout: left.layout.clone() })
    }

    /// Emits a Reshape.
    pub fn reshape(&mut self, to: To<'_>, tensor: &str, shape: Vec<usize>) -> Result<String, LowerError> {
        let sizes = shape.iter().map(|&size| to_i64(size)).collect();
        let target = self.add_constant("shape", Constant::integers(vec![shape.len()], sizes));
        self.emit(to, Node::new("Reshape", &[tensor, &target], ""), shape)
    }

    /// Emits a Transpose of a tensor of `shape`.
    pub fn transpose(
        &mut self,
        to: To<'_>,
        tensor: &str,
        shape: &[usize],
        order: &[usize],
    ) -> Result<String, LowerError> {
        let perm = order.iter().map(|&axis| to_i64(axis)).collect();
        let node = Node::new("Transpose", &[tensor], "").with("perm", Attribute::Ints(perm));
        self.emit(to, node, order.iter().map(|&axis| shape[axis]).collect())
    }

    /// The value in this arrangement, with its elements moved where that is needed.
    pub fn arranged(
        &mut self,
        view: View,
        arrangement: &super::layout::Arrangement,
        to: To<'_>,
    ) -> Result<View, LowerError> {
        let layout = Layout::arranged(view.layout.dimensions.len(), arrangement);
        let tensor = super::movement::arrange(self, &view, arrangement, to)?;
        debug_assert_eq!(extents_of(arrangement), layout.extents);
        Ok(View { tensor, layout })
    }

    /// Makes the value row-major, under the output's own name where anything has to be computed.
    pub fn finish(mut self) -> Result<(Graph, Shapes), LowerError> {
        for name in self.source.outputs.clone() {
            let view = self.view(&name)?;
            if view.tensor == name && view.layout.is_row_major() {
                continue;
            }
            // The output's own name is taken where its tensor is there in another order.
            let clash = self.shapes.contains_key(&name);
            self.place = Place { op: "Reshape".to_owned(), node: name.clone(), output: name.clone() };
            if clash {
                let renamed = self.fresh_value(&format!("{name}/tensor"));
                self.rename(&name, &renamed);
            }
            let view = self.view(&name)?;
            if view.layout.is_row_major() && self.is_hidden_vector(&view.tensor) {
                self.rename(&view.tensor, &name);
                continue;
            }
            let arrangement = usual_arrangement(&view.layout.shape());
            self.place.node = fresh(&mut self.node_names, &format!("{name}/output"));
            if view.layout.is_row_major() {
                self.reshape(To::Node, &view.tensor, tensor_shape(extents_of(&arrangement)))?;
            } else {
                self.arranged(view, &arrangement, To::Node)?;
            }
        }
        Ok((self.built, self.shapes))
    }

    /// Whether a tensor is one that nobody asks for by its name: computed, not an output, and not a layer, since layers have more
    /// than one pixel.
    fn is_hidden_vector(&self, tensor: &str) -> bool {
        let computed = self.built.nodes.iter().any(|node| node.output() == tensor);
        let pixels: usize = self.shapes.get(tensor).map_or(0, |shape| shape[2..].iter().product());
        computed && pixels == 1 && !self.source.outputs.iter().any(|output| output == tensor)
    }

    /// Gives a tensor of the lowered graph another name.
    fn rename(&mut self, tensor: &str, renamed: &str) {
        for node in &mut self.built.nodes {
            for name in node.inputs.iter_mut().chain(&mut node.outputs).filter(|name| *name == tensor) {
                renamed.clone_into(name);
            }
        }
        if let Some(shape) = self.shapes.remove(tensor) {
            self.shapes.insert(renamed.to_owned(), shape);
        }
        for value in self.values.values_mut() {
            let (Value::Tensor(view) | Value::Padded(Padded { image: view, .. })) = value;
            if view.tensor == tensor {
                renamed.clone_into(&mut view.tensor);
            }
        }
    }
}

/// `[1, channels, height, width]`.
pub(in crate::onnx) fn tensor_shape([channels, height, width]: [usize; 3]) -> Vec<usize> {
    vec![1, channels, height, width]
}

fn fresh(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    let mut count = 1;
    while !taken.insert(name.clone()) {
        count += 1;
        name = format!("{wanted}{count}");
    }
    name
}
