//! Conv over volumes, as one Conv over pictures: what each place of the window along the depth sees becomes channels of its own, and the
//! slices of the result lie below each other in one high picture. So the weights stay as they are, and it costs what it has to.

use super::conv::{absorb_followers, weights_of};
use crate::onnx::core::along::along;
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::convolution::{LARGEST_SIZE, Window};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::Layout;
use crate::onnx::core::numbers::to_usize;
use crate::onnx::core::rearrange;
use crate::onnx::core::volume::volume_windows;
use crate::onnx::graph::{Constant, Node};
use crate::onnx::slice_sums::Sums;

/// Lowers a Conv whose result is `[batch, channels, depth, height, width]`. Its kernel is a constant.
pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node, output: [usize; 5]) -> Result<(), LowerError> {
    let [batch, outputs, slices, rows, columns] = output;
    let mut weights = weights_of(lowering, node)?;
    let x = lowering.input(node, 0)?;
    let shape = x.layout.shape();
    let (&[seen_batch, channels, depth, height, width], &[kernels, inputs, taps, down, across]) =
        (&shape[..], &weights.kernel.shape[..])
    else {
        return Err(lowering.unsupported(format!("a kernel of shape {:?} over {shape:?}", weights.kernel.shape)));
    };
    let group = node.int("group").map_or(1, to_usize);
    if group == 0
        || inputs.checked_mul(group) != Some(channels)
        || kernels != outputs
        || outputs % group != 0
        || seen_batch != batch
        || node.ints("kernel_shape").map(|sizes| sizes.iter().map(|&size| to_usize(size)).collect::<Vec<_>>())
            != Some(vec![taps, down, across])
    {
        return Err(lowering.unsupported(format!("a kernel of shape {:?} over {shape:?}", weights.kernel.shape)));
    }
    let [deep, high, wide] = volume_windows(lowering, node, [depth, height, width], [slices, rows, columns])?;
    // So high is a slice with its padding that the windows of each begin at the same of its rows.
    let row = ((rows - 1) * high.stride + high.extent()).div_ceil(high.stride) * high.stride;
    let all = slices.saturating_mul(row);
    if all > LARGEST_SIZE || taps.saturating_mul(slices) > LARGEST_SIZE {
        return Err(lowering.unsupported(format!("a volume of {slices} slices of {row} rows")));
    }
    let places = (0..taps).flat_map(|tap| (0..slices).map(move |slice| deep.seen(slice, tap, depth)));
    let stack = along(lowering, To::Step("depth"), x, 2, Sums::taking(places))?;
    let padded = Sums::taking((0..row).map(|place| place.checked_sub(high.pads[0]).filter(|&place| place < height)));
    let stack = along(lowering, To::Step("rows"), stack, 3, padded)?;
    let seen = rearrange::reshaped(lowering, stack, &[1, batch * channels * taps, all, width])?;
    let seen = lowering.as_image(seen)?;
    weights.kernel.shape = vec![outputs, inputs * taps, down, across];
    // In this shape it is another constant, whose values are those of the file.
    weights.kernel_name = None;
    let name = absorb_followers(lowering, node.output(), &mut weights)?;
    lowering.place.output.clone_from(&name);
    if batch > 1 {
        repeat(lowering, &mut weights.kernel, batch)?;
        if let Some(bias) = &mut weights.bias {
            repeat(lowering, bias, batch)?;
        }
        weights.bias_name = None;
    }
    let made = [batch * outputs, (all - high.extent()) / high.stride + 1, columns];
    let window = Window { pads: [0, wide.pads[0], 0, wide.pads[1]], group: group * batch, ..high.with(&wide) };
    let is_all = made[1] == slices * rows;
    let to = if is_all { To::Node } else { To::Step("all-rows") };
    let tensor = lowering.convolve(&seen.tensor, weights, &window, made, to)?;
    let mut result = View { tensor, layout: Layout::usual(&[1, made[0], made[1], made[2]]) };
    if !is_all {
        // Windows that see two slices are left out.
        let own = (0..slices).flat_map(|slice| (0..rows).map(move |place| Some(slice * (row / high.stride) + place)));
        result = along(lowering, To::Node, result, 2, Sums::taking(own))?;
    }
    let result = rearrange::reshaped(lowering, result, &output)?;
    lowering.set(&name, result);
    Ok(())
}

/// Every volume has groups of its own, with the same weights.
fn repeat(lowering: &Lowering<'_>, constant: &mut Constant, batch: usize) -> Result<(), LowerError> {
    let values = constant.as_floats().ok_or_else(|| lowering.unsupported("its kernel does not hold floats"))?;
    lowering.made_up(&[batch, values.len()])?;
    let mut shape = constant.shape.clone();
    if let Some(outputs) = shape.first_mut() {
        *outputs *= batch;
    }
    *constant = Constant::floats(shape, values.repeat(batch));
    Ok(())
}
