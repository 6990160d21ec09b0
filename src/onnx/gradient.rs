//! The gradient of a weighted sum of a value's elements, as a graph of core operators.
//!
//! From a lowered graph and the name of a value, [`gradient`] makes one graph that computes the value, the sum
//! `Σ weights · value` (the *objective*) and the derivative of that sum with respect to each element of the network's
//! input or of another value. The weights are an input of the graph: which map is drawn, which position or which class, is
//! chosen at every run, and all maps of a layer share one graph
//! ([`domain::objective`](crate::domain::objective) makes the usual weights).
//!
//! This is reverse accumulation (Griewank and Walther, "Evaluating Derivatives", 2nd ed. 2008, chapter 3): the nodes that
//! lie between the two values are visited from the last to the first, and each turns the derivative with respect to its
//! output, the *adjoint*, into those with respect to its inputs. Values of the forward pass are read where they are and
//! never computed anew; what comes after the objective's value is left out. The rules are in the files of `gradient/`, one
//! for each family of operators.
//!
//! At kinks the derivatives are PyTorch's: 0 for Relu at 0, the first of equal maxima in reading order for MaxPool, half for
//! each of two equal operands of Min and Max. Only Clip differs: at its bounds PyTorch lets the gradient through, and here
//! nothing passes, because the mask is made from the output alone.
//!
//! The rounding of a quantised network is passed straight through (Bengio, Léonard and Courville, "Estimating or Propagating
//! Gradients Through Stochastic Neurons for Conditional Computation", 2013), as networks are trained to be quantised: its true
//! derivative is zero nearly everywhere, so that no map of such a network could be drawn. What lies beyond the range of the
//! integers is clipped, and nothing passes there. A Round of the file's own has its true derivative.

mod adjoint;
mod convolution;
mod elementwise;
mod matmul;
mod opening;
mod pooling;
mod rearrange;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use self::adjoint::STEP;
use self::opening::{Pass, lift_limits, open_values, passed_operand};
use super::core_set::{self, NotCore};
use super::cut::{CutError, cut};
use super::graph::{Dimension, Graph, Input, Node};
use super::lower::Lowered;
use super::operator::{GradientRule, Operator};
use super::shapes::Shapes;
use crate::onnx::core::build::{Lowering, Place};
use crate::onnx::core::error::{Limits, LowerError};
use crate::onnx::core::movement::mix_channels;

/// What becomes of the gradient at an activation whose input lies where its output is constant.
///
/// A map that is zero everywhere has no gradient, so ascending it from there goes nowhere. Letting the gradient through, as
/// if the value before the activation were ascended, gets it started. The activations that can do so are Relu, Clip, Min and Max
/// with a constant, Sigmoid and Tanh, and a value times a function of itself, as HardSwish is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rectifiers {
    /// Nothing passes: the true derivative.
    #[default]
    Exact,
    /// The activations that make the objective's value itself (seen through Concat, Reshape, Transpose, pooling and arithmetic
    /// with constants) let everything through, those before them are exact. The objective's value is still that after the
    /// activation.
    OpenAtObjective,
    /// All of them let everything through.
    Open,
}

/// What is differentiated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GradientOptions<'a> {
    /// The value whose elements are weighted and added up. For a class score this is the output of a graph whose final
    /// Softmax lowering has left out.
    pub objective: &'a str,
    /// Further values whose weighted elements are added to it, each with weights of its own: the logits of the other members where
    /// the mean of several networks is asked about.
    pub more: &'a [String],
    /// The value that the objective is read from instead, where that is not what is differentiated: the probabilities of a layer
    /// whose logits are ascended. It has the shape of the objective's value.
    pub read_from: Option<&'a str>,
    /// The value with respect to whose elements the derivatives are taken: an input of the graph, or a value on the way to
    /// the objective. Only an output of the graph that was lowered is sure to have kept its name.
    pub with_respect_to: &'a str,
    /// Values of the forward pass that are returned as well.
    pub also: &'a [String],
    pub rectifiers: Rectifiers,
    /// The activations that make the objective's value have no upper limit (6 of ReLU6), here and in what is returned of that value: a
    /// map that is at its limit has no gradient, and says no more how much of it there is. Where something else reads such an
    /// activation on the way to the objective, its limit stays.
    pub beyond_limits: bool,
}

/// A graph that computes an objective and its gradient.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient {
    /// Core operators only. Its outputs are the objective, the gradient, the values that were asked for, and `passing`.
    pub graph: Graph,
    /// The shape of every value of the graph.
    pub shapes: Shapes,
    /// The input that takes the weights, of the shape of the objective's value.
    pub weights: String,
    /// The inputs that take the weights of the further values.
    pub more_weights: Vec<String>,
    /// The output `[1, 1, 1, 1]` that holds `Σ weights · value`.
    pub objective: String,
    /// The output that holds the derivatives, of the shape of the value that they are taken with respect to.
    pub gradient: String,
    /// With [`Rectifiers::OpenAtObjective`], the last output, `[1, 1, 1, 1]`: the squared length of what the open
    /// activations would let through if they were exact. Where it is zero, the true derivative is zero as well. Nothing where
    /// no activation is open, and the gradient is therefore the true one.
    pub passing: Option<String>,
}

/// Why there is no gradient graph.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GradientError {
    /// A name that the graph does not have.
    #[error(transparent)]
    Cut(#[from] CutError),
    /// The objective does not depend on the value.
    #[error("\"{objective}\" does not depend on \"{with_respect_to}\"")]
    NotConnected { objective: String, with_respect_to: String },
    /// The objective's value is not `[1, channels, height, width]`, which every layer and every result of a lowered graph is.
    #[error("\"{value}\" has the shape {shape:?}, which is not that of maps")]
    NotMaps { value: String, shape: Vec<usize> },
    /// A node without a rule, or in a form that its rule does not cover.
    #[error("in node \"{node}\": there is no gradient of {op}: {detail}")]
    Unsupported { node: String, op: String, detail: String },
    /// A step of the backward pass could not be written, as where a tensor is too large.
    #[error(transparent)]
    Lower(#[from] LowerError),
    /// Something outside of the core set was written: a defect of ours, found before it can do harm.
    #[error("the gradient is not in the core set: {0}")]
    NotCore(#[from] NotCore),
}

/// Builds the graph of an objective and its gradient from a lowered graph.
///
/// # Errors
/// [`GradientError`] names the value or the node that is in the way.
pub fn gradient(lowered: &Lowered, options: &GradientOptions<'_>, limits: &Limits) -> Result<Gradient, GradientError> {
    let GradientOptions { objective, more, read_from, with_respect_to, also, rectifiers, beyond_limits } = *options;
    let objectives = || std::iter::once(objective).chain(more.iter().map(String::as_str));
    let wanted = objectives().chain(read_from).chain(also.iter().map(String::as_str)).map(str::to_owned);
    let mut forward = cut(&lowered.graph, &wanted.collect::<Vec<_>>())?;
    let all: Vec<&str> = objectives().collect();
    if beyond_limits {
        lift_limits(&mut forward, &all);
    }
    // Lowering may compute a layer in another order than it is asked for, and read it there: then the gradient of what is
    // read goes the same way as the layer's values.
    let depends = |active: &BTreeSet<&str>| objectives().any(|value| active.contains(value));
    let (variable, rearrangements) = if depends(&dependents(&forward, with_respect_to)) {
        (with_respect_to, Vec::new())
    } else {
        before_rearrangements(&lowered.graph, with_respect_to)
    };
    let active = dependents(&forward, variable);
    if !depends(&active) {
        return Err(GradientError::NotConnected {
            objective: objective.to_owned(),
            with_respect_to: with_respect_to.to_owned(),
        });
    }
    let open = open_values(&forward, &all, rectifiers);
    let compares = rectifiers == Rectifiers::OpenAtObjective
        && forward.nodes.iter().any(|node| open.contains(node.output()) && passed_operand(&forward, node).is_some());
    let mut backward = Backward {
        lowering: Lowering::new(&forward, &lowered.shapes, *limits),
        adjoints: BTreeMap::new(),
        exact: BTreeMap::new(),
        pass: Pass::Open,
        active,
        open,
        compares,
    };
    backward.keep_forward_pass();
    let (weights, mut sum) = backward.begin(objective, read_from.unwrap_or(objective))?;
    if compares {
        backward.pass = Pass::Exact;
        backward.contribute(objective, weights.clone());
        backward.pass = Pass::Open;
    }
    let mut more_weights = Vec::with_capacity(more.len());
    for value in more {
        let (weights, part) = backward.begin(value, value)?;
        if compares {
            backward.pass = Pass::Exact;
            backward.contribute(value, weights.clone());
            backward.pass = Pass::Open;
        }
        sum = backward.combine("Add", &sum, &part)?;
        more_weights.push(weights);
    }
    for node in forward.nodes.iter().rev() {
        if node.output() != variable && backward.active.contains(node.output()) {
            backward.visit(node)?;
        }
    }
    let result = backward.result(variable)?;
    let result = backward.rearranged(result, &rearrangements, &lowered.shapes)?;
    let passing = if compares { backward.passing(objective)? } else { None };
    let Lowering { built: mut graph, shapes, .. } = backward.lowering;
    let outputs = [sum.clone(), result.clone()].into_iter().chain(also.iter().cloned()).chain(passing.clone());
    graph.outputs = outputs.collect();
    let graph = cut(&graph, &graph.outputs)?;
    core_set::check(&graph)?;
    Ok(Gradient { graph, shapes, weights, more_weights, objective: sum, gradient: result, passing })
}

/// The backward pass while it grows behind the forward pass.
struct Backward<'g> {
    lowering: Lowering<'g>,
    /// For each value of the forward pass the tensors whose sum is its adjoint. A tensor may have length 1 along an axis
    /// along which all its elements would be equal.
    adjoints: BTreeMap<&'g str, Vec<String>>,
    /// The same with all activations exact, for the open values and what they are made of.
    exact: BTreeMap<&'g str, Vec<String>>,
    /// Which of the two is being written.
    pass: Pass,
    /// The values that depend on the one that derivatives are taken with respect to.
    active: BTreeSet<&'g str>,
    /// The values between the objective and the last activation that lets the whole gradient through, both included.
    open: BTreeSet<&'g str>,
    /// Whether the exact adjoints are written as well.
    compares: bool,
}

impl<'g> Backward<'g> {
    /// Takes the forward pass over as it is.
    fn keep_forward_pass(&mut self) {
        let forward = self.lowering.source;
        self.lowering.built = forward.clone();
        let known = self.lowering.source_shapes;
        let outputs = forward.nodes.iter().map(Node::output);
        let inputs = forward.inputs.iter().map(|input| input.name.as_str());
        for name in outputs.chain(inputs).chain(forward.constants.keys().map(String::as_str)) {
            let constant = forward.constants.get(name).map(|constant| &constant.shape);
            if let Some(shape) = constant.or_else(|| known.get(name)) {
                self.lowering.shapes.insert(name.to_owned(), shape.clone());
            }
        }
    }

    /// Adds the input for the weights of the objective.
    fn add_weights(&mut self, objective: &str, shape: &[usize]) -> String {
        let name = self.lowering.fresh_value(&format!("{objective}/weights"));
        let dimensions = shape.iter().map(|&size| Dimension::Fixed(size)).collect();
        self.lowering.built.inputs.push(Input { name: name.clone(), shape: dimensions });
        self.lowering.shapes.insert(name.clone(), shape.to_vec());
        name
    }

    /// Adds weights for a value, which are its adjoint, and `Σ weights · read_from` as `[1, 1, 1, 1]`.
    fn begin(&mut self, value: &str, read_from: &str) -> Result<(String, String), GradientError> {
        let known = self.lowering.source_shapes;
        let shape = known.get(value).ok_or_else(|| CutError::NoSuchValue(value.to_owned()))?;
        let &[1, channels, height, width] = &shape[..] else {
            return Err(GradientError::NotMaps { value: value.to_owned(), shape: shape.clone() });
        };
        let weights = self.add_weights(value, shape);
        self.at_objective(value);
        let sum = self.sum_of_products(read_from, &weights, [channels, height, width])?;
        self.contribute(value, weights.clone());
        Ok((weights, sum))
    }

    /// The squared length of what the open activations would let through if they were exact; nothing where no path to the
    /// variable leads through them.
    fn passing(&mut self, objective: &str) -> Result<Option<String>, GradientError> {
        self.at_objective(objective);
        self.pass = Pass::Exact;
        let mut sum: Option<String> = None;
        let values: Vec<&str> = self.exact.keys().copied().collect();
        for value in values {
            let Some(adjoint) = self.sum(value)? else { continue };
            let extents = self.extents(&adjoint)?;
            let squares = self.sum_of_products(&adjoint, &adjoint, extents)?;
            sum = Some(match sum {
                Some(sum) => self.combine("Add", &sum, &squares)?,
                None => squares,
            });
        }
        Ok(sum)
    }

    /// Nodes written from now on belong to the objective.
    fn at_objective(&mut self, objective: &str) {
        let place = &mut self.lowering.place;
        "objective".clone_into(&mut place.op);
        objective.clone_into(&mut place.node);
        objective.clone_into(&mut place.output);
    }

    /// `Σ left · right` as `[1, 1, 1, 1]`: the mean of each map of products, times its number of pixels, added up by a 1×1
    /// Conv.
    fn sum_of_products(
        &mut self,
        left: &str,
        right: &str,
        [channels, height, width]: [usize; 3],
    ) -> Result<String, GradientError> {
        let weighted = self.combine("Mul", left, right)?;
        let (means, pixels) =
            if height * width == 1 { (weighted, 1) } else { (self.means(&weighted)?, height * width) };
        #[expect(clippy::cast_precision_loss, reason = "below 2^24 for every picture that fits into memory")]
        let ones = vec![pixels as f32; channels];
        Ok(mix_channels(&mut self.lowering, &means, ones, [1, 1, 1], None, STEP)?)
    }

    /// Turns the adjoint of a node's output into those of its inputs, and its exact adjoint where that is written as well.
    fn visit(&mut self, node: &'g Node) -> Result<(), GradientError> {
        self.lowering.place = Place::of(node);
        if !(self.compares && self.open.contains(node.output())) {
            return self.apply(node);
        }
        let opens = passed_operand(self.lowering.source, node).is_some();
        if !opens && self.exact.get(node.output()) == self.adjoints.get(node.output()) {
            self.pass = Pass::Both;
            self.apply(node)?;
        } else {
            self.pass = Pass::Exact;
            self.apply(node)?;
            self.pass = Pass::Open;
            self.apply(node)?;
        }
        self.pass = Pass::Open;
        Ok(())
    }

    /// The same for the adjoints that are being written.
    fn apply(&mut self, node: &'g Node) -> Result<(), GradientError> {
        let Some(adjoint) = self.sum(node.output())? else { return Ok(()) };
        if self.pass == Pass::Open
            && self.open.contains(node.output())
            && let Some(operand) = passed_operand(self.lowering.source, node)
        {
            return self.contribute_summed(node, operand, adjoint);
        }
        let core = Operator::of(node).and_then(|operator| operator.core);
        match core.map(|core| core.gradient) {
            Some(GradientRule::Conv) => self.conv(node, &adjoint),
            Some(GradientRule::MaxPool) => self.max_pool(node, &adjoint),
            Some(GradientRule::MaxUnpool) => self.max_unpool(node, &adjoint),
            Some(GradientRule::AveragePool) => self.average_pool(node, &adjoint),
            Some(GradientRule::GlobalAveragePool) => self.global_average_pool(node, &adjoint),
            Some(GradientRule::Concat) => self.concat(node, &adjoint),
            Some(GradientRule::Resize) => self.resize(node, &adjoint),
            Some(GradientRule::Transpose) => self.transpose(node, &adjoint),
            Some(GradientRule::Reshape) => self.reshape(node, &adjoint),
            Some(GradientRule::MatMul) => self.matmul(node, &adjoint),
            Some(GradientRule::Expand) => self.contribute_summed(node, 0, adjoint),
            Some(GradientRule::Gate) => self.gate(node, &adjoint),
            Some(GradientRule::SliceSums) => self.slice_sums(node, &adjoint),
            Some(GradientRule::Binary) => self.binary(node, &adjoint),
            // A graph that was not lowered is refused there, by name.
            Some(GradientRule::Unary) | None => self.unary(node, &adjoint),
        }
    }

    /// The gradient under a name of its own, made by a node, in the shape of its value.
    fn result(&mut self, with_respect_to: &'g str) -> Result<String, GradientError> {
        let place = &mut self.lowering.place;
        "gradient".clone_into(&mut place.op);
        with_respect_to.clone_into(&mut place.node);
        with_respect_to.clone_into(&mut place.output);
        let Some(adjoint) = self.sum(with_respect_to)? else {
            // Every path leads through a function that is constant wherever it can be differentiated.
            let zero = self.lowering.number(0.0);
            return self.combine("Mul", with_respect_to, &zero);
        };
        let shape = self.shape(with_respect_to)?;
        let full = self.full(adjoint, &shape)?;
        // An engine returns only what a node makes.
        if self.lowering.built.inputs.iter().any(|input| input.name == full) {
            let one = self.lowering.number(1.0);
            return self.combine("Mul", &full, &one);
        }
        Ok(full)
    }
}

/// The value that is only seen in other shapes and orders on the way to this one, and the nodes that do that.
fn before_rearrangements<'g>(graph: &'g Graph, value: &'g str) -> (&'g str, Vec<&'g Node>) {
    let (mut source, mut path) = (value, Vec::new());
    for node in graph.nodes.iter().rev() {
        if node.output() == source
            && matches!(node.op.as_str(), "Reshape" | "Transpose")
            && let Some(input) = node.input(0)
        {
            source = input;
            path.insert(0, node);
        }
    }
    (source, path)
}

/// The value itself and everything that is computed from it.
fn dependents<'g>(graph: &'g Graph, value: &str) -> BTreeSet<&'g str> {
    let names = graph.inputs.iter().map(|input| input.name.as_str()).chain(graph.nodes.iter().map(Node::output));
    let mut active: BTreeSet<&str> = BTreeSet::new();
    active.extend(names.filter(|name| *name == value));
    for node in &graph.nodes {
        if node.inputs.iter().any(|input| active.contains(input.as_str())) {
            active.insert(node.output());
        }
    }
    active
}
