//! Activations that other kernels can apply.

use crate::onnx::bounds::bounds_of;
use crate::onnx::graph::{Graph, Node};

/// What is applied to each value before it is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Activation {
    None,
    Relu,
    /// Between two bounds; either may be infinite.
    Clip(f32, f32),
}

/// The activation that a node is, where a convolution's kernel can apply it.
pub(super) fn activation(node: &Node, graph: &Graph) -> Option<Activation> {
    match (bounds_of(node, graph)?, &node.op[..]) {
        (_, "Relu") => Some(Activation::Relu),
        ([low, high], _) => Some(Activation::Clip(low, high)),
    }
}
