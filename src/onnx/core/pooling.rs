//! Poolings of the core set.

use super::build::{Lowering, View, tensor_shape};
use super::convolution::{Window, window_attributes};
use super::emit::To;
use super::error::LowerError;
use super::layout::Layout;
use crate::onnx::graph::{Attribute, Node, to_i64};

/// The mean of each map.
pub(in crate::onnx) fn global_average(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    image: &View,
) -> Result<View, LowerError> {
    let extents = [image.layout.extents[0], 1, 1];
    let tensor = lowering.emit(to, Node::new("GlobalAveragePool", &[&image.tensor], ""), tensor_shape(extents))?;
    Ok(View { tensor, layout: Layout::usual(&tensor_shape(extents)) })
}

/// The maximum of each window.
pub(in crate::onnx) fn max(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    image: &View,
    window: Window,
    size: [usize; 2],
) -> Result<View, LowerError> {
    let mut node = Node::new("MaxPool", &[&image.tensor], "");
    if window.dilations != [1, 1] {
        node = node.with("dilations", Attribute::Ints(window.dilations.map(to_i64).to_vec()));
    }
    pool(lowering, to, node, image, window, size)
}

/// A pooling of the core set.
pub(in crate::onnx) fn pool(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    node: Node,
    image: &View,
    window: Window,
    size: [usize; 2],
) -> Result<View, LowerError> {
    let extents = [image.layout.extents[0], size[0], size[1]];
    let tensor = lowering.emit(to, window_attributes(node, &window), tensor_shape(extents))?;
    Ok(View { tensor, layout: Layout::usual(&tensor_shape(extents)) })
}
