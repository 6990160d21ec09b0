//! Windows over volumes, one axis at a time.

use super::build::Lowering;
use super::convolution::{LARGEST_SIZE, Window};
use super::error::LowerError;
use super::numbers::to_usize;
use crate::onnx::graph::Node;

/// A window along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::onnx) struct Side {
    pub kernel: usize,
    pub stride: usize,
    pub dilation: usize,
    /// Padding before the first pixel, and behind the last as far as a window reaches there.
    pub pads: [usize; 2],
}

impl Default for Side {
    /// One pixel.
    fn default() -> Self {
        Self { kernel: 1, stride: 1, dilation: 1, pads: [0, 0] }
    }
}

impl Side {
    /// How many pixels it spans.
    pub const fn extent(&self) -> usize {
        (self.kernel - 1) * self.dilation + 1
    }

    /// Which pixel of `size` a place of the window sees, if any.
    pub fn seen(&self, window: usize, tap: usize, size: usize) -> Option<usize> {
        let at = window * self.stride + tap * self.dilation;
        at.checked_sub(self.pads[0]).filter(|&at| at < size)
    }

    /// The window whose rows are this and whose columns are `other`.
    pub const fn with(&self, other: &Self) -> Window {
        Window {
            kernel: [self.kernel, other.kernel],
            strides: [self.stride, other.stride],
            pads: [self.pads[0], other.pads[0], self.pads[1], other.pads[1]],
            dilations: [self.dilation, other.dilation],
            group: 1,
        }
    }
}

/// The window of a Conv or pooling node over a volume of this depth, height and width that makes so many outputs. Its kernel and pads are
/// written out (`onnx/explicit.rs`).
///
/// # Errors
/// [`LowerError::Unsupported`] where a number is missing or none that a window could have.
pub(in crate::onnx) fn volume_windows(
    lowering: &Lowering<'_>,
    node: &Node,
    size: [usize; 3],
    output: [usize; 3],
) -> Result<[Side; 3], LowerError> {
    if node.text("auto_pad").is_some_and(|auto| !matches!(auto, "NOTSET" | "VALID" | "")) {
        return Err(lowering.unsupported("auto_pad in more than two dimensions"));
    }
    let mut sides = [Side::default(); 3];
    for (axis, side) in sides.iter_mut().enumerate() {
        let number = |name: &str, default: usize| {
            let value = node.ints(name).and_then(|values| values.get(axis));
            value.map_or(default, |&value| to_usize(value))
        };
        let (kernel, stride, dilation) = (number("kernel_shape", 0), number("strides", 1), number("dilations", 1));
        let before = number("pads", 0);
        let numbers = [kernel, stride, dilation, output[axis], size[axis]];
        if numbers.contains(&0) || numbers.into_iter().chain([before]).any(|number| number > LARGEST_SIZE) {
            return Err(
                lowering.unsupported(format!("a window of {kernel} pixels that makes {} of them", output[axis]))
            );
        }
        let reach = (output[axis] - 1).saturating_mul(stride).saturating_add((kernel - 1).saturating_mul(dilation)) + 1;
        if reach > LARGEST_SIZE {
            return Err(lowering.unsupported(format!("windows over {reach} pixels")));
        }
        *side = Side { kernel, stride, dilation, pads: [before, reach.saturating_sub(before + size[axis])] };
    }
    Ok(sides)
}
