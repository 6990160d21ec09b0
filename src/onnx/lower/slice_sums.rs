//! The operator of our own that sums slices.

use crate::onnx::core::along::along;
use crate::onnx::core::build::Lowering;
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::graph::Node;
use crate::onnx::slice_sums::SliceSums;

/// Sums of slices are in the core set as they are.
pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let shape = x.layout.shape();
    let slices = SliceSums::of(node).filter(|slices| slices.shape(&shape).is_some());
    let SliceSums { axis, sums } = slices.ok_or_else(|| lowering.unsupported("it takes slices that are not there"))?;
    let result = along(lowering, To::Node, x, axis, sums)?;
    lowering.set(node.output(), result);
    Ok(())
}
