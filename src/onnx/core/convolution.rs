//! A Conv of the core set, and the window that it shares with poolings.

use super::build::{Lowering, View, tensor_shape};
use super::emit::To;
use super::error::LowerError;
use super::layout::{CHANNEL, Layout};
use super::numbers::to_usize;
use crate::onnx::graph::{Attribute, Constant, Node, to_i64};

/// No picture, window, stride or padding is longer than this; what a file states beyond it must not overflow the sums here.
pub(in crate::onnx) const LARGEST_SIZE: usize = 1 << 20;

/// The window of a Conv or a pooling, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::onnx) struct Window {
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
    /// Top, left, bottom, right.
    pub pads: [usize; 4],
    pub dilations: [usize; 2],
    pub group: usize,
}

impl Window {
    /// One pixel.
    pub const fn pointwise() -> Self {
        Self { kernel: [1, 1], strides: [1, 1], pads: [0; 4], dilations: [1, 1], group: 1 }
    }

    /// The attributes of a Conv or pooling node whose input is `size` pixels (height, width) and whose output is
    /// `output` pixels; the pads are settled so that the window fits that output exactly.
    pub fn of(
        lowering: &Lowering<'_>,
        node: &Node,
        kernel: [usize; 2],
        size: [usize; 2],
        output: [usize; 2],
    ) -> Result<Self, LowerError> {
        let pair = |name: &str| match node.ints(name) {
            None => Ok([1, 1]),
            Some(&[width]) if width > 0 => Ok([1, to_usize(width)]),
            Some(&[height, width]) if height > 0 && width > 0 => Ok([to_usize(height), to_usize(width)]),
            Some(values) => Err(lowering.unsupported(format!("{name} are {values:?}"))),
        };
        let (strides, dilations) = (pair("strides")?, pair("dilations")?);
        let group = match node.int("group") {
            None => 1,
            Some(group) if group > 0 => to_usize(group),
            Some(group) => return Err(lowering.unsupported(format!("group is {group}"))),
        };
        let mut pads = match (node.text("auto_pad").unwrap_or("NOTSET"), node.ints("pads")) {
            ("NOTSET" | "", Some(&[top, left, bottom, right])) if top.min(left).min(bottom).min(right) >= 0 => {
                [top, left, bottom, right].map(to_usize)
            }
            ("NOTSET" | "", Some(&[left, right])) if left.min(right) >= 0 => [0, to_usize(left), 0, to_usize(right)],
            ("NOTSET" | "", None) | ("VALID", _) => [0; 4],
            ("NOTSET" | "", Some(pads)) => return Err(lowering.unsupported(format!("pads are {pads:?}"))),
            (auto @ ("SAME_UPPER" | "SAME_LOWER"), _) => {
                let mut pads = [0; 4];
                for axis in 0..2 {
                    let reach = dilations[axis].saturating_mul(kernel[axis].saturating_sub(1));
                    let steps = output[axis].saturating_sub(1).saturating_mul(strides[axis]);
                    let total = steps.saturating_add(reach).saturating_add(1).saturating_sub(size[axis]);
                    let begin = if auto == "SAME_UPPER" { total / 2 } else { total - total / 2 };
                    (pads[axis], pads[axis + 2]) = (begin, total - begin);
                }
                pads
            }
            (auto, _) => return Err(lowering.unsupported(format!("auto_pad is {auto}"))),
        };
        let sizes = [kernel, strides, dilations, output, [pads[0], pads[1]], [pads[2], pads[3]]];
        if kernel.contains(&0) || output.contains(&0) || sizes.iter().flatten().any(|&size| size > LARGEST_SIZE) {
            return Err(lowering.unsupported(format!("a window of {kernel:?} that makes {output:?} pixels")));
        }
        // ceil_mode only adds to the end of the picture, and a rest that no window reaches needs no padding.
        for axis in 0..2 {
            let span = (output[axis] - 1) * strides[axis] + dilations[axis] * (kernel[axis] - 1) + 1;
            pads[axis + 2] = span.saturating_sub(size[axis] + pads[axis]);
        }
        Ok(Self { kernel, strides, pads, dilations, group })
    }
}

/// A kernel `[outputs, inputs / group, height, width]` and a bias; the names are those of the source's constants where the
/// values are unchanged, so that the weights are in memory once.
#[derive(Debug, Clone)]
pub(in crate::onnx) struct Weights {
    pub kernel: Constant,
    pub kernel_name: Option<String>,
    pub bias: Option<Constant>,
    pub bias_name: Option<String>,
}

impl Weights {
    /// Multiplies each output channel and adds to it.
    pub fn scale_outputs(&mut self, scale: &[f32], shift: &[f32]) -> Option<()> {
        if self.kernel.shape.first() != Some(&scale.len()) || scale.is_empty() {
            return None;
        }
        let values = self.kernel.as_floats()?;
        let per_output = values.len() / scale.len();
        let scaled = values.iter().enumerate().map(|(index, value)| value * scale[index / per_output]).collect();
        let bias = match &self.bias {
            Some(bias) => bias.as_floats()?.iter().zip(scale).zip(shift).map(|((b, a), c)| b * a + c).collect(),
            None => shift.to_vec(),
        };
        self.kernel = Constant::floats(self.kernel.shape.clone(), scaled);
        self.bias = Some(Constant::floats(vec![shift.len()], bias));
        (self.kernel_name, self.bias_name) = (None, None);
        Some(())
    }

    /// Reads an image of `channels` channels of which channel `i` is the kernel's input channel `order[i]`.
    pub fn read_channels(&mut self, order: &[usize], channels: usize) -> Option<()> {
        let &[outputs, inputs, height, width] = self.kernel.shape.as_slice() else {
            return None;
        };
        let (values, area) = (self.kernel.as_floats()?, height * width);
        let mut moved = Vec::with_capacity(outputs * channels * area);
        for kernel in values.chunks_exact(inputs * area) {
            for &input in order {
                moved.extend_from_slice(&kernel[input * area..(input + 1) * area]);
            }
        }
        self.kernel = Constant::floats(vec![outputs, channels, height, width], moved);
        self.kernel_name = None;
        Some(())
    }
}

/// Emits one Conv node.
pub(super) fn emit_whole(
    lowering: &mut Lowering<'_>,
    tensor: &str,
    weights: Weights,
    window: &Window,
    extents: [usize; 3],
    to: To<'_>,
) -> Result<String, LowerError> {
    let Weights { kernel, kernel_name, bias, bias_name } = weights;
    let kernel = match kernel_name {
        Some(name) => {
            lowering.keep_constant(&name, kernel);
            name
        }
        None => lowering.add_constant("kernel", kernel),
    };
    let bias = match (bias, bias_name) {
        (Some(bias), Some(name)) => {
            lowering.keep_constant(&name, bias);
            name
        }
        (Some(bias), None) => lowering.add_constant("bias", bias),
        // The kernel always adds one.
        (None, _) => {
            let name = format!("zeros/{}", extents[CHANNEL]);
            lowering.keep_constant(&name, Constant::floats(vec![extents[CHANNEL]], vec![0.0; extents[CHANNEL]]));
            name
        }
    };
    let node = window_attributes(Node::new("Conv", &[tensor, &kernel, &bias], ""), window)
        .with("dilations", Attribute::Ints(window.dilations.map(to_i64).to_vec()))
        .with("group", Attribute::Int(to_i64(window.group)));
    lowering.emit(to, node, tensor_shape(extents))
}

/// The node with the attributes of the window that Conv and pooling share.
pub(in crate::onnx) fn window_attributes(node: Node, window: &Window) -> Node {
    node.with("kernel_shape", Attribute::Ints(window.kernel.map(to_i64).to_vec()))
        .with("strides", Attribute::Ints(window.strides.map(to_i64).to_vec()))
        .with("pads", Attribute::Ints(window.pads.map(to_i64).to_vec()))
}

/// A Conv that filters each channel by itself with the same kernel; reads and gives images.
pub(in crate::onnx) fn depthwise(
    lowering: &mut Lowering<'_>,
    image: &View,
    kernel: &[f32],
    window: Window,
    size: [usize; 2],
    to: To<'_>,
) -> Result<View, LowerError> {
    let channels = image.layout.extents[CHANNEL];
    let shape = vec![channels, 1, window.kernel[0], window.kernel[1]];
    lowering.made_up(&shape)?;
    let weights = Weights {
        kernel: Constant::floats(shape, kernel.repeat(channels)),
        kernel_name: None,
        bias: None,
        bias_name: None,
    };
    let extents = [channels, size[0], size[1]];
    let tensor = lowering.convolve(&image.tensor, weights, &Window { group: channels, ..window }, extents, to)?;
    Ok(View { tensor, layout: Layout::usual(&tensor_shape(extents)) })
}
