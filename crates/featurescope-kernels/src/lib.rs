//! The inner loops: convolution, max pooling and its gradient over feature maps, operations on each value by itself, gradient ascent
//! on pictures, and resampling of them, in a form that compilers turn into vector instructions.
//!
//! The functions are never inlined: inside a caller that is compiled for size they would be too.

mod ascent;
mod convolution;
mod elementwise;
mod entry;
mod lanes;
mod pool;
mod product;
mod resample;
mod scatter;
mod slide;
mod sums;
mod taps;
mod transpose;
mod winograd;

pub use ascent::{Step as AdamStep, adam, levels, sigmoids};
pub use convolution::{Convolution, Kernels, packed_length};
pub use elementwise::{Operand, Operation, Step, elementwise};
pub use entry::address;
pub use pool::{Pool, Work};
pub use resample::{PRECISION_BITS, Tap, resample_columns, resample_rows};
pub use scatter::max_pool_gradient;
pub use slide::{depthwise, max_pool};
pub use sums::{Terms, means, slice_sums};
pub use taps::{Corners, gathered, scattered};
pub use transpose::transpose;

/// A window that slides over a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Height and width, not zero.
    pub size: [usize; 2],
    /// Steps down and to the right, not zero.
    pub strides: [usize; 2],
    /// Padding at the top, left, bottom and right.
    pub pads: [usize; 4],
    /// Steps from one row or column of the window to the next, not zero; 1 where it has no gaps. Only [`max_pool`] and
    /// [`depthwise`] take others.
    pub dilations: [usize; 2],
}

impl Window {
    /// Height and width of the output for a map of this height and width; `None` where the window does not fit into it.
    pub fn output(&self, map: [usize; 2]) -> Option<[usize; 2]> {
        let [height, width] = self.spans()?;
        let steps = |axis: usize, span: usize| {
            let padded = map[axis].checked_add(self.pads[axis])?.checked_add(self.pads[axis + 2])?;
            Some(padded.checked_sub(span)?.checked_div(self.strides[axis])? + 1)
        };
        Some([steps(0, height)?, steps(1, width)?])
    }

    /// How many rows and columns lie between its ends, gaps included; `None` for an empty window or one without end.
    pub fn spans(&self) -> Option<[usize; 2]> {
        let span = |axis: usize| self.size[axis].checked_sub(1)?.checked_mul(self.dilations[axis])?.checked_add(1);
        Some([span(0)?, span(1)?])
    }

    /// The same window on a map of this size, with no stride beyond the padded map: there is one output along that axis, however large
    /// the step to the next would be.
    fn within(&self, map: [usize; 2]) -> Self {
        let stride = |axis: usize| {
            let padded = map[axis].saturating_add(self.pads[axis]).saturating_add(self.pads[axis + 2]);
            self.strides[axis].min(padded.max(1))
        };
        Self { strides: [stride(0), stride(1)], ..*self }
    }

    /// Whether what it sees lies side by side.
    fn has_no_gaps(&self) -> bool {
        self.dilations == [1, 1]
    }
}

/// The activation that follows a convolution, where it is one that bounds the values: Relu is from 0 to infinity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub low: f32,
    pub high: f32,
}

impl Bounds {
    /// No activation.
    pub const NONE: Self = Self { low: f32::NEG_INFINITY, high: f32::INFINITY };
}
