//! ConvTranspose: a Conv that makes all the pixels between two input pixels as channels, which are then moved into place.
//!
//! With stride s, output pixel q·s + r (counted before the padding is cut off) is the sum over j of input pixel q − j times
//! weight r + j·s. For each of the s remainders r this is an ordinary Conv over the input, so one Conv with s² times the
//! channels makes them all.

use super::computed;
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::convolution::LARGEST_SIZE;
use crate::onnx::core::convolution::{Weights, Window};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::Layout;
use crate::onnx::core::numbers::to_usize;
use crate::onnx::core::rearrange;
use crate::onnx::graph::{Constant, Node};

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let output_shape = lowering.shape(node.output())?;
    let is_constant = |index: usize| node.input(index).is_none_or(|name| lowering.constant(name).is_some());
    let plain = output_shape.len() == 4
        && is_constant(1)
        && is_constant(2)
        && output_shape[0] == 1
        && node.int("group").unwrap_or(1) == 1
        && node.ints("dilations").is_none_or(|dilations| dilations.iter().all(|&dilation| dilation == 1))
        && node.text("auto_pad").is_none_or(|auto| auto == "NOTSET")
        && node.ints("output_shape").is_none();
    if !plain {
        return computed::transposed(lowering, node);
    }
    let &[1, outputs, output_height, output_width] = output_shape else {
        return Err(lowering.unsupported(format!("its output has shape {output_shape:?}")));
    };
    let kernel = node.input(1).and_then(|name| lowering.constant(name));
    let Some((&[inputs, kernel_outputs, height, width], weights)) =
        kernel.and_then(|kernel| Some((<&[usize; 4]>::try_from(kernel.shape.as_slice()).ok()?, kernel.as_floats()?)))
    else {
        return Err(lowering.unsupported("its kernel is not a constant of four dimensions"));
    };
    let bias = lowering.constant_input(node, 2);
    if node.input(2).is_some() && bias.is_none() {
        return Err(lowering.unsupported("its bias is not a constant"));
    }
    let image = lowering.image(node, 0)?;
    let size = [image.layout.extents[1], image.layout.extents[2]];
    let kernel = [height, width];
    let output = [output_height, output_width];
    let at = |name: &str, index: usize, default: usize| {
        node.ints(name).and_then(|values| values.get(index)).map_or(default, |&value| to_usize(value))
    };
    let strides: [usize; 2] = std::array::from_fn(|axis| at("strides", axis, 1));
    let cut: [usize; 2] = std::array::from_fn(|axis| at("pads", axis, 0));
    let sizes = [strides, cut, kernel, output];
    let too_large = sizes.iter().flatten().any(|&size| size > LARGEST_SIZE);
    if too_large || strides.contains(&0) || kernel.contains(&0) || kernel_outputs != outputs || inputs == 0 {
        return Err(lowering.unsupported(format!("strides {strides:?} and a kernel of {kernel:?}")));
    }
    // Taps of each remainder's Conv, and how many of its pixels are needed.
    let taps: [usize; 2] = std::array::from_fn(|axis| kernel[axis].div_ceil(strides[axis]));
    let places: [usize; 2] =
        std::array::from_fn(|axis| (cut[axis] + output[axis]).div_ceil(strides[axis]).max(size[axis]));
    let [down, across] = strides;
    let mut values = vec![0.0; lowering.made_up(&[outputs, down, across, inputs, taps[0], taps[1]])?];
    let phases = down * across;
    let mut filled = values.iter_mut();
    for channel in 0..outputs {
        for phase in 0..phases {
            for input in 0..inputs {
                for tap in 0..taps[0] * taps[1] {
                    let row = phase / strides[1] + (taps[0] - 1 - tap / taps[1]) * strides[0];
                    let column = phase % strides[1] + (taps[1] - 1 - tap % taps[1]) * strides[1];
                    if let (Some(value), true) = (filled.next(), row < height && column < width) {
                        *value = weights[((input * outputs + channel) * height + row) * width + column];
                    }
                }
            }
        }
    }
    let extents = [outputs * phases, places[0], places[1]];
    let window = Window {
        kernel: taps,
        pads: [taps[0] - 1, taps[1] - 1, places[0] - size[0], places[1] - size[1]],
        ..Window::pointwise()
    };
    let repeated = bias.map(|bias| bias.iter().flat_map(|&value| vec![value; phases]).collect::<Vec<f32>>());
    let weights = Weights {
        kernel: Constant::floats(vec![outputs * phases, inputs, taps[0], taps[1]], values),
        kernel_name: None,
        bias: repeated.map(|bias| Constant::floats(vec![bias.len()], bias)),
        bias_name: None,
    };
    let tensor = lowering.convolve(&image.tensor, weights, &window, extents, To::Node)?;
    let phased = View { tensor, layout: Layout::usual(&[1, extents[0], extents[1], extents[2]]) };
    let apart = [1, outputs, strides[0], strides[1], places[0], places[1]];
    let apart = rearrange::reshaped(lowering, phased, &apart)?;
    let moved = View { tensor: apart.tensor, layout: apart.layout.transposed(&[0, 1, 4, 2, 5, 3]) };
    let whole = [places[0] * strides[0], places[1] * strides[1]];
    let mut result = rearrange::reshaped(lowering, moved, &[1, outputs, whole[0], whole[1]])?;
    for axis in 0..2 {
        if whole[axis] != output[axis] {
            result = lowering.usual(result)?;
            let kept: Vec<usize> = (cut[axis]..cut[axis] + output[axis]).collect();
            result = rearrange::selected(lowering, To::Step("cut"), result, axis + 2, &kept)?;
        }
    }
    lowering.set(node.output(), result);
    Ok(())
}
