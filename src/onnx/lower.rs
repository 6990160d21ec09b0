//! Rewrites a user's graph into the core operator set ([`super::core_set`]) that every engine computes right.
//!
//! Each node is lowered by itself, in order, by the file of its family under `lower/`. What makes that simple is that a
//! value is not a tensor but a view of one ([`layout`](super::core::layout)): Reshape, Transpose, Flatten and their like only change the view,
//! and a dense layer or a mean reads its input where it lies.
//!
//! Names: the node that makes a value of the user's graph keeps the user's node name, and the value its name; a
//! BatchNormalization in the Conv before it leaves the Conv's node name and its own value name. Whatever else is emitted
//! carries these names with a suffix.

mod activation;
mod broadcast;
mod computed;
mod condition;
pub(super) mod conv;
mod conv_transpose;
mod dense;
mod einsum;
mod matmul;
mod normalize;
mod order;
mod pad;
mod place;
mod pool;
mod quantise;
pub(super) mod rearrange;
mod reduce;
pub(super) mod resize;
mod sample;
mod slice_sums;
mod volume;

use std::collections::BTreeSet;

pub use super::core::error::{Limits, LowerError};

use super::core::build::{Lowering, Place, View, tensor_shape};
use super::core::layout::Layout;
use super::core_set;
use super::fold::{Folded, fold};
use super::graph::{Dimension, Graph, Input, Node};
use super::operator::{Family, OWN_SET, Operator};
use super::shapes::Shapes;
use crate::onnx::tables::IntoTable;

/// A graph of core operators.
#[derive(Debug, Clone, PartialEq)]
pub struct Lowered {
    /// The graph. Its outputs are those of the source, with the same values in the same row-major order; a value that is not
    /// an image has more dimensions of length 1 than in the source (`[1, 1000, 1, 1]` for `[1, 1000]`), and so has an
    /// input of fewer than four dimensions.
    pub graph: Graph,
    /// The shape of every value of the graph.
    pub shapes: Shapes,
    /// Whether the source ends in a Softmax or LogSoftmax over all its classes. It is left out: the output holds the logits.
    pub removed_softmax: bool,
}

/// Rewrites `graph`, whose inputs have their shapes in `shapes`, to core operators; folds its constants first.
///
/// # Errors
/// [`LowerError::Unsupported`] names the operator and the node that has no lowering.
pub fn lower(graph: &Graph, shapes: &Shapes, limits: &Limits) -> Result<Lowered, LowerError> {
    let inputs = graph.inputs.iter().filter_map(|input| shapes.get_key_value(&input.name));
    let inputs = inputs.map(|(name, shape)| (name.clone(), shape.clone())).into_map();
    let Folded { graph, shapes } = fold(graph, &inputs)?;
    let mut lowering = Lowering::new(&graph, &shapes, *limits);
    lower_inputs(&mut lowering)?;
    let needed = needed_nodes(&graph);
    let mut removed_softmax = false;
    for (index, node) in graph.nodes.iter().enumerate() {
        if !needed.contains(&index) || lowering.merged.contains(&index) {
            continue;
        }
        lowering.place = Place::of(node);
        check_elements(&lowering, node)?;
        if is_final_softmax(&lowering, node)? {
            if removed_softmax {
                return Err(lowering.unsupported("a second Softmax at the end"));
            }
            removed_softmax = true;
            rearrange::alias(&mut lowering, node)?;
            continue;
        }
        lower_node(&mut lowering, node)?;
    }
    let (graph, shapes) = lowering.finish()?;
    core_set::check(&graph)?;
    Ok(Lowered { graph, shapes, removed_softmax })
}

/// Refuses a node with an empty result: no picture has one, and no engine takes tensors without elements.
fn check_elements(lowering: &Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    for output in node.outputs.iter().filter(|output| !output.is_empty()) {
        let shape = lowering.shape(output)?;
        if shape.contains(&0) {
            return Err(lowering.unsupported(format!("its result of shape {shape:?} is empty")));
        }
    }
    Ok(())
}

fn lower_node(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let Some(operator) = Operator::of(node) else {
        return Err(lowering.unsupported(match node.domain.as_str() {
            "" | "ai.onnx" | OWN_SET => "there is no lowering for it".to_owned(),
            domain => format!("it belongs to the operator set {domain:?}"),
        }));
    };
    let Some(family) = operator.lowering else { return Err(lowering.unsupported("there is no lowering for it")) };
    match family {
        Family::Conv => match *lowering.shape(node.output())? {
            [batch, channels, depth, height, width] => {
                volume::lower(lowering, node, [batch, channels, depth, height, width])
            }
            _ => conv::lower(lowering, node),
        },
        Family::ConvTranspose => match *lowering.shape(node.output())? {
            [batch, channels, depth, height, width] => {
                volume::transposed(lowering, node, [batch, channels, depth, height, width])
            }
            _ => conv_transpose::lower(lowering, node),
        },
        Family::Dense => dense::lower(lowering, node),
        Family::Activation => activation::lower(lowering, node),
        Family::Broadcast => broadcast::lower(lowering, node),
        Family::Condition => condition::lower(lowering, node),
        Family::Order => order::lower(lowering, node),
        Family::Place => place::lower(lowering, node),
        Family::Einsum => einsum::lower(lowering, node),
        Family::Pool => pool::lower(lowering, node),
        Family::MaxPoolGradient => pool::lower_max_gradient(lowering, node),
        Family::Reduce => reduce::lower(lowering, node),
        Family::Normalize => normalize::lower(lowering, node),
        Family::Rearrange => rearrange::lower(lowering, node),
        Family::Pad => pad::lower(lowering, node),
        Family::Resize => resize::lower(lowering, node),
        Family::Sample => sample::lower(lowering, node),
        Family::SliceSums => slice_sums::lower(lowering, node),
        Family::Quantise => quantise::lower(lowering, node),
    }
}

/// The inputs keep their names. One of other than four dimensions becomes `[1, channels, height, width]` with the same
/// elements in the same order.
fn lower_inputs(lowering: &mut Lowering<'_>) -> Result<(), LowerError> {
    for input in &lowering.source.inputs {
        let shape = lowering.shape(&input.name)?;
        let layout = Layout::usual(shape);
        let extents = tensor_shape(layout.extents);
        lowering.built.inputs.push(Input {
            name: input.name.clone(),
            shape: extents.iter().map(|&size| Dimension::Fixed(size)).collect(),
        });
        lowering.shapes.insert(input.name.clone(), extents);
        lowering.set(&input.name, View { tensor: input.name.clone(), layout });
    }
    Ok(())
}

/// The nodes that the outputs depend on.
fn needed_nodes(graph: &Graph) -> BTreeSet<usize> {
    let mut wanted: BTreeSet<&str> = graph.outputs.iter().map(String::as_str).into_set();
    let mut needed = BTreeSet::new();
    for (index, node) in graph.nodes.iter().enumerate().rev() {
        if node.outputs.iter().any(|output| wanted.contains(output.as_str())) {
            needed.insert(index);
            wanted.extend(node.inputs.iter().map(String::as_str).filter(|name| !name.is_empty()));
        }
    }
    needed
}

/// Whether the node is a Softmax, or the logarithm of one, over all elements of its input, at the end of the graph.
fn is_final_softmax(lowering: &Lowering<'_>, node: &Node) -> Result<bool, LowerError> {
    let at_the_end = lowering.links.is_output(node.output()) && !lowering.links.is_read(node.output());
    if !matches!(node.op.as_str(), "Softmax" | "LogSoftmax") || !at_the_end {
        return Ok(false);
    }
    let shape = lowering.shape(node.output())?;
    let elements: usize = shape.iter().product();
    let axes = reduce::softmax_axes(lowering, node, shape.len())?;
    // Of a single score the Softmax is always 1, and cannot be told from the score once it is left out.
    Ok(elements > 1 && axes.iter().map(|&axis| shape[axis]).product::<usize>() == elements)
}
