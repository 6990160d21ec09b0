//! The static shape of every value of a graph.
//!
//! [`infer`] goes through the nodes in order. Each family of operators has its rules in a file of its own below
//! `shapes/`; small integer and float values (the `Shape → Gather → Concat → Reshape` chains that exporters write) are
//! computed on the way, so that shapes that depend on them are known as well. An operator without a rule takes the
//! shape the file states for its result, or is an error that names it.

mod context;
mod elementwise;
pub(super) mod error;
mod evaluate;
mod linear;
mod moving;
mod reduce;
mod reshape;
mod resize;
mod sample;
mod source;
mod value;
mod window;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub(crate) use self::context::Context;
pub(crate) use self::evaluate::{base_grid, evaluate};
pub(crate) use self::moving::{pad_amounts, slice_ranges};
pub(crate) use self::reduce::reduced_axes;
pub(crate) use self::reshape::permutation;
pub(crate) use self::sample::Deformed;
pub(crate) use self::value::{Elements, Value, integers_of_type, is_float};

pub use self::error::{ShapeError, Shapes};
use super::budget::{Budget, MOST_MADE};
use super::graph::{Constant, Dimension, Graph, Node};
use super::operator::{Operator, ShapeRule};

/// The most elements one value may have: 2^29 floats are 2 GiB, more than a 32-bit memory can usefully hold.
pub const MOST_ELEMENTS: usize = 1 << 29;

/// Values up to this many elements are computed during inference. Shapes, axes, scales and the like are far smaller.
const MOST_KNOWN_ELEMENTS: usize = 4096;

/// What is known about a graph before it runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub shapes: Shapes,
    /// The values that could be computed, other than the graph's constants.
    pub values: BTreeMap<String, Value>,
}

/// Why a rule gives no shape; [`infer`] adds the node's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    Unknown,
    Dynamic(String),
    Invalid(String),
}

/// What each rule returns: the shape of each output in order.
type Outcome = Result<Vec<Vec<usize>>, Fault>;

/// A [`Fault::Invalid`] with a sentence.
fn invalid<T>(detail: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Invalid(detail.into()))
}

/// Finds the shape of every value of `graph`.
///
/// `inputs` gives the shape of each graph input; one that is left out must be stated by the file, except for a
/// symbolic first dimension, which is the batch and taken as 1.
///
/// # Errors
/// See [`ShapeError`]; each names the node or the input to blame.
pub fn infer(graph: &Graph, inputs: &BTreeMap<String, Vec<usize>>) -> Result<Shapes, ShapeError> {
    Ok(analyse(graph, inputs)?.shapes)
}

/// The shape of each input of `graph` with batch 1, and open heights and widths set to `size` (`[height, width]`).
///
/// Channels come first unless the last dimension is a fixed 1, 3 or 4 and the second is not.
///
/// # Errors
/// [`ShapeError::Input`] where a dimension stays open.
pub fn settle_inputs(graph: &Graph, size: Option<[usize; 2]>) -> Result<BTreeMap<String, Vec<usize>>, ShapeError> {
    let mut settled = BTreeMap::new();
    for input in &graph.inputs {
        let mut shape = input.shape.clone();
        if let Some(batch) = shape.first_mut()
            && input.shape.len() > 1
        {
            *batch = Dimension::Fixed(1);
        }
        if let ([_, second, .., last], [height, width]) = (&input.shape[..], size.unwrap_or_default())
            && input.shape.len() == 4
            && size.is_some()
        {
            let channels = |dimension: &Dimension| matches!(dimension, Dimension::Fixed(1 | 3 | 4));
            let first_axis = if channels(last) && !channels(second) { 1 } else { 2 };
            for (axis, length) in [(first_axis, height), (first_axis + 1, width)] {
                if let Dimension::Symbolic(_) = shape[axis] {
                    shape[axis] = Dimension::Fixed(length);
                }
            }
        }
        settled.insert(input.name.clone(), stated_input(&input.name, &shape)?);
    }
    Ok(settled)
}

/// The shape an input states; an open first dimension is the batch, which is 1.
fn stated_input(name: &str, shape: &[Dimension]) -> Result<Vec<usize>, ShapeError> {
    shape
        .iter()
        .enumerate()
        .map(|(axis, dimension)| match dimension {
            Dimension::Fixed(length) => Ok(*length),
            Dimension::Symbolic(_) if axis == 0 => Ok(1),
            Dimension::Symbolic(symbol) => Err(ShapeError::Input {
                input: name.to_owned(),
                detail: format!(
                    "the size of dimension {axis} is left open by the file (\"{symbol}\") and must be given"
                ),
            }),
        })
        .collect()
}

/// [`infer`], and the values that were computed on the way.
pub(crate) fn analyse(graph: &Graph, inputs: &BTreeMap<String, Vec<usize>>) -> Result<Known, ShapeError> {
    let mut walk = Walk::new(graph, inputs)?;
    for node in &graph.nodes {
        walk.step(node)?;
    }
    Ok(walk.known)
}

/// The values of all outputs of one node, computed by the rules that fold constants; `None` in the place of an input that is left
/// out.
///
/// # Errors
/// A sentence where the inputs do not fit, or where no rule computes the operator.
pub(crate) fn compute(node: &Node, opset: i64, inputs: Vec<Option<Value>>) -> Result<Vec<Value>, String> {
    let mut known = Known::default();
    for (name, value) in node.inputs.iter().zip(inputs) {
        if let Some(value) = value {
            known.shapes.insert(name.clone(), value.shape.clone());
            known.values.insert(name.clone(), value);
        }
    }
    let graph = Graph {
        inputs: Vec::new(),
        outputs: Vec::new(),
        nodes: Vec::new(),
        constants: BTreeMap::new(),
        opsets: BTreeMap::new(),
        stated_shapes: BTreeMap::new(),
    };
    let context = Context { node, opset, graph: &graph, known: &known };
    let shapes = match rule(&context) {
        Ok(shapes) if shapes.iter().all(|shape| fits(shape)) => shapes,
        Ok(_) => return Err("its result is too large".to_owned()),
        Err(Fault::Invalid(detail) | Fault::Dynamic(detail)) => return Err(detail),
        Err(Fault::Unknown) => return Err("there is no rule for it".to_owned()),
    };
    evaluate(&context, &shapes).ok_or_else(|| "it is not computed in this form".to_owned())
}

/// Inference on its way through a graph, node by node.
pub(crate) struct Walk<'a> {
    graph: &'a Graph,
    stated: Stated<'a>,
    pub known: Known,
    budget: Budget,
}

impl<'a> Walk<'a> {
    /// Nothing but the constants and inputs is known.
    pub fn new(graph: &'a Graph, inputs: &BTreeMap<String, Vec<usize>>) -> Result<Self, ShapeError> {
        let mut known = Known::default();
        for (name, constant) in &graph.constants {
            known.shapes.insert(name.clone(), constant.shape.clone());
        }
        for input in &graph.inputs {
            let shape = match inputs.get(&input.name) {
                Some(given) => given.clone(),
                None => stated_input(&input.name, &input.shape)?,
            };
            if shape.len() != input.shape.len() && !input.shape.is_empty() {
                let detail = format!("the model takes {} dimensions, but {shape:?} was given", input.shape.len());
                return Err(ShapeError::Input { input: input.name.clone(), detail });
            }
            let count = crate::domain::tensor::element_count(&shape).unwrap_or(usize::MAX);
            if count as u64 > MOST_MADE || count == 0 {
                let detail = format!("a value of shape {shape:?} is empty or too large");
                return Err(ShapeError::Input { input: input.name.clone(), detail });
            }
            known.shapes.insert(input.name.clone(), shape);
        }
        Ok(Self { graph, stated: Stated::new(graph, inputs), known, budget: Budget::default() })
    }

    /// The value of this name where it is known and small.
    pub fn value(&self, name: &str) -> Option<Cow<'_, Value>> {
        if let Some(value) = self.known.values.get(name) {
            return Some(Cow::Borrowed(value));
        }
        let constant = self.graph.constants.get(name).filter(|constant| is_small(&constant.shape))?;
        Value::from_constant(constant).map(Cow::Owned)
    }

    /// The graph's constant of this name.
    pub fn constant(&self, name: &str) -> Option<&Constant> {
        self.graph.constants.get(name)
    }

    /// The version of the standard operator set.
    pub fn opset(&self) -> i64 {
        self.graph.opset()
    }

    /// Takes a constant into account that the graph is about to get.
    pub fn know(&mut self, name: &str, constant: &Constant) {
        self.known.shapes.insert(name.to_owned(), constant.shape.clone());
        if let Some(value) = Value::from_constant(constant).filter(|value| is_small(&value.shape)) {
            self.known.values.insert(name.to_owned(), value);
        }
    }

    /// Adds the shapes of a node's outputs to what is known, and their values where they can be computed. The node may be a changed
    /// one of the graph's, as long as its inputs are known.
    pub fn step(&mut self, node: &Node) -> Result<(), ShapeError> {
        let context = Context { node, opset: self.graph.opset(), graph: self.graph, known: &self.known };
        let shapes = match rule(&context) {
            Ok(shapes) => shapes,
            Err(Fault::Invalid(detail)) => {
                return Err(ShapeError::Invalid { node: node.name.clone(), op: node.op.clone(), detail });
            }
            Err(fault) => self.stated.outputs(node).ok_or_else(|| match fault {
                Fault::Dynamic(detail) => ShapeError::Dynamic { node: node.name.clone(), op: node.op.clone(), detail },
                _ => ShapeError::Unknown { node: node.name.clone(), op: node.op.clone() },
            })?,
        };
        if let Some(shape) = shapes.iter().find(|shape| !fits(shape)) {
            let (node, op) = (node.name.clone(), node.op.clone());
            return Err(ShapeError::TooLarge { node, op, shape: shape.clone() });
        }
        let made: Vec<&[usize]> = node
            .outputs
            .iter()
            .zip(&shapes)
            .filter(|(name, _)| !name.is_empty())
            .map(|(_, shape)| &shape[..])
            .collect();
        self.budget.add(node, &made, |name| self.known.shapes.get(name).map(Vec::as_slice))?;
        let values = if shapes.iter().all(|shape| is_small(shape)) { evaluate(&context, &shapes) } else { None };
        let count = node.outputs.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        if shapes.len() < count {
            return Err(ShapeError::Unknown { node: node.name.clone(), op: node.op.clone() });
        }
        let named = node.outputs.iter().zip(shapes).filter(|(name, _)| !name.is_empty());
        for (name, shape) in named {
            self.known.shapes.insert(name.clone(), shape);
        }
        for (name, value) in node.outputs.iter().zip(values.into_iter().flatten()) {
            self.known.values.insert(name.clone(), value);
        }
        Ok(())
    }
}

fn fits(shape: &[usize]) -> bool {
    crate::domain::tensor::element_count(shape).is_some_and(|count| count <= MOST_ELEMENTS)
        && shape.iter().all(|&length| length <= MOST_ELEMENTS)
}

fn is_small(shape: &[usize]) -> bool {
    crate::domain::tensor::element_count(shape).is_some_and(|count| count <= MOST_KNOWN_ELEMENTS)
}

/// The shapes that the file states, with its symbols replaced by the sizes given for the inputs.
struct Stated<'a> {
    graph: &'a Graph,
    symbols: BTreeMap<&'a str, usize>,
    /// Whether the inputs have the sizes the file was written for; otherwise what it states is void.
    valid: bool,
}

impl<'a> Stated<'a> {
    fn new(graph: &'a Graph, inputs: &BTreeMap<String, Vec<usize>>) -> Self {
        let mut stated = Self { graph, symbols: BTreeMap::new(), valid: true };
        for input in &graph.inputs {
            let given = inputs.get(&input.name);
            for (axis, dimension) in input.shape.iter().enumerate() {
                let length = given.map_or((axis == 0).then_some(1), |shape| shape.get(axis).copied());
                match (dimension, length) {
                    (Dimension::Fixed(stated_length), Some(length)) => stated.valid &= *stated_length == length,
                    (Dimension::Symbolic(symbol), Some(length)) if !symbol.is_empty() => {
                        stated.symbols.insert(symbol, length);
                    }
                    _ => {}
                }
            }
        }
        stated
    }

    /// The shapes of all outputs of a node, where the file states every one.
    fn outputs(&self, node: &Node) -> Option<Vec<Vec<usize>>> {
        if !self.valid {
            return None;
        }
        node.outputs.iter().map(|name| if name.is_empty() { Some(vec![]) } else { self.shape(name) }).collect()
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        let resolve = |dimension: &Dimension| match dimension {
            Dimension::Fixed(length) => Some(*length),
            Dimension::Symbolic(symbol) => self.symbols.get(symbol.as_str()).copied(),
        };
        self.graph.stated_shapes.get(name)?.iter().map(resolve).collect()
    }
}

/// The rule of the node's operator.
fn rule(context: &Context) -> Outcome {
    let operator = Operator::of(context.node).ok_or(Fault::Unknown)?;
    match operator.shape {
        ShapeRule::Same => elementwise::same(context),
        ShapeRule::Broadcast => elementwise::broadcast(context),
        ShapeRule::BatchNormalization => elementwise::batch_normalization(context),
        ShapeRule::LayerNormalization => elementwise::layer_normalization(context),
        ShapeRule::Dropout => elementwise::dropout(context),
        ShapeRule::PRelu => elementwise::prelu(context),
        ShapeRule::Conv => window::conv(context),
        ShapeRule::ConvTranspose => window::conv_transpose(context),
        ShapeRule::Pool => window::pool(context),
        ShapeRule::GlobalPool => window::global_pool(context),
        ShapeRule::MaxUnpool => window::max_unpool(context),
        ShapeRule::MaxPoolGradient => window::max_pool_gradient(context),
        ShapeRule::Gemm => linear::gemm(context),
        ShapeRule::MatMul => linear::matmul(context),
        ShapeRule::Einsum => linear::einsum(context),
        ShapeRule::DepthToSpace => reshape::depth_to_space(context),
        ShapeRule::SpaceToDepth => reshape::space_to_depth(context),
        ShapeRule::Expand => reshape::expand(context),
        ShapeRule::Flatten => reshape::flatten(context),
        ShapeRule::Reshape => reshape::reshape(context),
        ShapeRule::Squeeze => reshape::squeeze(context),
        ShapeRule::Unsqueeze => reshape::unsqueeze(context),
        ShapeRule::Tile => reshape::tile(context),
        ShapeRule::Transpose => reshape::transpose(context),
        ShapeRule::Concat => moving::concat(context),
        ShapeRule::Gather => moving::gather(context),
        ShapeRule::GatherElements => moving::gather_elements(context),
        ShapeRule::GatherNd => moving::gather_nd(context),
        ShapeRule::Pad => moving::pad(context),
        ShapeRule::Slice => moving::slice(context),
        ShapeRule::SliceSums => moving::slice_sums(context),
        ShapeRule::Split => moving::split(context),
        ShapeRule::Best => reduce::arg(context),
        ShapeRule::Reduce => reduce::reduce(context),
        ShapeRule::TopK => reduce::top_k(context),
        ShapeRule::Resize => resize::resize(context),
        ShapeRule::GridSample => sample::grid_sample(context),
        ShapeRule::AffineGrid => sample::affine_grid(context),
        ShapeRule::DeformConv => sample::deform_conv(context),
        ShapeRule::Constant => source::constant(context),
        ShapeRule::ConstantOfShape => source::constant_of_shape(context),
        ShapeRule::NonZero => source::non_zero(context),
        ShapeRule::OneHot => source::one_hot(context),
        ShapeRule::Range => source::range(context),
        ShapeRule::Shape => source::shape(context),
        ShapeRule::Size => Ok(vec![vec![]]),
        // What is written out is never asked about; what cannot be is as little known as an operator without a record.
        ShapeRule::WrittenOut => Err(Fault::Unknown),
    }
}
