//! The adjoint of what a Conv reads.
//!
//! Input pixel r is read by output o through tap i where r = o·s + i − p (stride s, leading pad p), so its adjoint is the sum
//! of output adjoints times weights over all such pairs. With stride 1 that is a Conv with the taps in reverse order and the
//! channels exchanged. With a larger stride the pixels r = q·s + t of each remainder t are such a Conv of their own, over
//! the output's pixels and with about k/s taps: one Conv makes all remainders as channels, which are then moved into place
//! (as in [`lower::conv_transpose`](crate::onnx::lower), with the taps counted from the uncut picture so that nothing has to be
//! cut off at the top and left).

use super::adjoint::STEP;
use super::{Backward, GradientError};
use crate::onnx::core::build::{View, tensor_shape};
use crate::onnx::core::convolution::Window;
use crate::onnx::core::layout::Layout;
use crate::onnx::core::rearrange;
use crate::onnx::graph::{Constant, Node};

/// Up to so many remainders each is a Conv of its own; networks have strides up to 16 (ViT's patches) in each direction.
const MOST_PHASES: usize = 16 * 16;

/// Where the taps of a Conv lie along one axis of the adjoint's Conv.
#[derive(Debug, Clone)]
struct Axis {
    /// For each remainder and each tap of the new kernel the tap of the old one, if any.
    taps: Vec<Vec<Option<usize>>>,
    /// Leading and trailing pad.
    pads: [usize; 2],
    /// Pixels of each remainder.
    pixels: usize,
}

impl Axis {
    /// For `kernel` taps that are `dilation` apart, from `outputs` pixels to `inputs` pixels. With a stride the dilation
    /// has to be 1.
    fn new(kernel: usize, stride: usize, dilation: usize, pad: usize, outputs: usize, inputs: usize) -> Self {
        let signed = |value: usize| isize::try_from(value).unwrap_or(isize::MAX);
        let (step, distance) = (signed(stride), signed(dilation));
        let pixels = inputs.div_ceil(stride);
        // How far from pixel q of a remainder the output lies that reads it through a tap; `None` where none does.
        let offset = |remainder: usize, tap: usize| {
            let ahead = signed(remainder) + signed(pad) - signed(tap) * distance;
            (ahead % step == 0).then(|| ahead / step)
        };
        let offsets = (0..stride).flat_map(|remainder| (0..kernel).filter_map(move |tap| offset(remainder, tap)));
        let (low, high) = offsets.fold((isize::MAX, isize::MIN), |(low, high), at| (low.min(at), high.max(at)));
        // Pads are not negative: where the outermost outputs see only padding, taps without weight skip them.
        let skipped = |surplus: isize| (surplus.max(0) + distance - 1) / distance * distance;
        let (low, high) = (low - skipped(low), high + skipped(signed(outputs) - signed(pixels) - high));
        let count = usize::try_from((high - low) / distance + 1).unwrap_or(1);
        let taps = (0..stride)
            .map(|remainder| {
                let of = |place: usize| {
                    let at = low + signed(place) * distance;
                    (0..kernel).find(|&tap| offset(remainder, tap) == Some(at))
                };
                (0..count).map(of).collect()
            })
            .collect();
        let trailing = signed(pixels) + high - signed(outputs);
        Self { taps, pads: [-low, trailing].map(|pad| usize::try_from(pad).unwrap_or(0)), pixels }
    }

    fn taps(&self) -> usize {
        self.taps[0].len()
    }
}

/// The sizes of a Conv whose input's adjoint is computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub window: Window,
    /// Channels, height and width of the Conv's input.
    pub input: [usize; 3],
    /// Channels, height and width of its output.
    pub output: [usize; 3],
}

impl<'g> Backward<'g> {
    /// The adjoint of the picture that a Conv reads.
    pub fn conv(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let Some(input) = self.wanted(node, 0) else { return Ok(()) };
        let kernel = node.input(1).and_then(|name| self.lowering.source.constants.get(name));
        let kernel = kernel.ok_or_else(|| self.unsupported("its kernel is not a constant"))?;
        let &[_, _, height, width] = &kernel.shape[..] else {
            return Err(self.unsupported(format!("its kernel has the shape {:?}", kernel.shape)));
        };
        let reading = self.reading(node, input, [height, width])?;
        let adjoint = self.full(adjoint.to_owned(), &tensor_shape(reading.output))?;
        let operand = self.conv_input(&adjoint, kernel, &reading)?;
        self.contribute(input, operand);
        Ok(())
    }

    /// The sizes of a Conv or pooling.
    pub fn reading(&self, node: &Node, input: &str, kernel: [usize; 2]) -> Result<Reading, GradientError> {
        let (input, output) = (self.extents(input)?, self.extents(node.output())?);
        let window = Window::of(&self.lowering, node, kernel, [input[1], input[2]], [output[1], output[2]])?;
        Ok(Reading { window, input, output })
    }

    /// The adjoint of a Conv's input from that of its output, `adjoint`, which has its full shape.
    pub fn conv_input(&mut self, adjoint: &str, kernel: &Constant, reading: &Reading) -> Result<String, GradientError> {
        let Reading { window, input, output } = *reading;
        let weights = kernel.as_floats().ok_or_else(|| self.unsupported("its kernel does not hold floats"))?;
        let group = window.group.max(1);
        let (made, seen) = (output[0] / group, input[0] / group);
        if weights.len() != output[0] * seen * window.kernel[0] * window.kernel[1] {
            return Err(self.unsupported(format!("its kernel has the shape {:?}", kernel.shape)));
        }
        if is_dense(reading) {
            return self.dense_input(adjoint, weights, reading);
        }
        // Of a single output the stride says nothing, however long it is.
        let strides = [0, 1].map(|axis| if output[axis + 1] == 1 { 1 } else { window.strides[axis] });
        let window = Window { strides, ..window };
        let dilated_and_strided = (0..2).any(|axis| window.strides[axis] > 1 && window.dilations[axis] > 1);
        let phases = strides[0].saturating_mul(strides[1]);
        // With so many remainders nearly all of them are zero.
        if dilated_and_strided || phases > MOST_PHASES {
            let spread = self.spread(adjoint, window.strides)?;
            let [_, height, width] = self.extents(&spread)?;
            let window = Window { strides: [1, 1], ..window };
            return self.conv_input(&spread, kernel, &Reading { window, input, output: [output[0], height, width] });
        }
        let [rows, columns] = [0, 1].map(|axis| {
            let Window { kernel, strides, dilations, pads, .. } = window;
            Axis::new(kernel[axis], strides[axis], dilations[axis], pads[axis], output[axis + 1], input[axis + 1])
        });
        let area = window.kernel[0] * window.kernel[1];
        let shape = vec![input[0].saturating_mul(phases), made, rows.taps(), columns.taps()];
        let mut values = Vec::with_capacity(self.lowering.made_up(&shape)?);
        for channel in 0..input[0] {
            let (first, channel) = (channel / seen * made, channel % seen);
            for phase in 0..phases {
                let (down, across) = (&rows.taps[phase / window.strides[1]], &columns.taps[phase % window.strides[1]]);
                for output in first..first + made {
                    let weights = &weights[(output * seen + channel) * area..][..area];
                    for row in down {
                        values.extend(across.iter().map(|column| match (row, column) {
                            (Some(row), Some(column)) => weights[row * window.kernel[1] + column],
                            _ => 0.0,
                        }));
                    }
                }
            }
        }
        let taps = [rows.taps(), columns.taps()];
        let kernel = Constant::floats(shape, values);
        let back = Window {
            kernel: taps,
            strides: [1, 1],
            pads: [rows.pads[0], columns.pads[0], rows.pads[1], columns.pads[1]],
            dilations: window.dilations,
            group,
        };
        let pixels = [rows.pixels, columns.pixels];
        let phased = self.filtered(adjoint, kernel, &back, [input[0] * phases, pixels[0], pixels[1]])?;
        self.interleaved(phased, input, window.strides, pixels)
    }

    /// Moves remainders that are channels to their pixels: `[1, C·s·s, h, w]` becomes `[1, C, height, width]`, where what
    /// reaches beyond the picture is cut off.
    fn interleaved(
        &mut self,
        phased: String,
        [channels, height, width]: [usize; 3],
        strides: [usize; 2],
        pixels: [usize; 2],
    ) -> Result<String, GradientError> {
        if strides == [1, 1] {
            return Ok(phased);
        }
        let layout = Layout::usual(&self.shape(&phased)?);
        let view = View { tensor: phased, layout };
        let lowering = &mut self.lowering;
        let apart = [1, channels, strides[0], strides[1], pixels[0], pixels[1]];
        let apart = rearrange::reshaped(lowering, view, &apart)?;
        let moved = View { tensor: apart.tensor, layout: apart.layout.transposed(&[0, 1, 4, 2, 5, 3]) };
        let whole = [pixels[0] * strides[0], pixels[1] * strides[1]];
        let whole = rearrange::reshaped(lowering, moved, &[1, channels, whole[0], whole[1]])?;
        let mut result = lowering.usual(whole)?;
        for (axis, wanted) in [(2, height), (3, width)] {
            if result.layout.shape()[axis] != wanted {
                let kept: Vec<usize> = (0..wanted).collect();
                result = rearrange::selected(lowering, STEP, result, axis, &kept)?;
            }
        }
        Ok(lowering.usual(result)?.tensor)
    }

    /// Puts zeros between the pixels: pixel o comes to place o·s.
    fn spread(&mut self, adjoint: &str, strides: [usize; 2]) -> Result<String, GradientError> {
        let repeated = self.repeated(adjoint, strides)?;
        let [_, height, width] = self.extents(&repeated)?;
        self.lowering.made_up(&[height, width])?;
        let mask = (0..height * width).map(|place| {
            let kept = (place / width).is_multiple_of(strides[0]) && (place % width).is_multiple_of(strides[1]);
            f32::from(u8::from(kept))
        });
        let mask = Constant::floats(vec![1, 1, height, width], mask.collect());
        let mask = self.lowering.add_constant("mask", mask);
        self.combine("Mul", &repeated, &mask)
    }

    /// A Conv that reads the whole picture into one pixel, as dense layers are lowered: a 1×1 Conv that makes all pixels as
    /// channels, since any other would multiply mostly by padding.
    fn dense_input(&mut self, adjoint: &str, weights: &[f32], reading: &Reading) -> Result<String, GradientError> {
        let (outputs, inputs) = (reading.output[0], reading.input.iter().product::<usize>());
        let values = (0..inputs).flat_map(|input| (0..outputs).map(move |output| weights[output * inputs + input]));
        let kernel = Constant::floats(vec![inputs, outputs, 1, 1], values.collect());
        let pixels = self.filtered(adjoint, kernel, &Window::pointwise(), [inputs, 1, 1])?;
        self.seen_as(&pixels, &tensor_shape(reading.input))
    }
}

fn is_dense(Reading { window, input, output }: &Reading) -> bool {
    window.group == 1
        && [output[1], output[2]] == [1, 1]
        && window.kernel == [input[1], input[2]]
        && window.pads == [0; 4]
        && window.dilations == [1, 1]
}
