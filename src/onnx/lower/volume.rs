//! Conv and ConvTranspose over volumes, as one Conv over pictures: what each place of the window along the depth sees becomes channels of its own, and the
//! slices of the result lie below each other in one high picture. So the weights stay as they are, and it costs what it has to.

use super::computed::{Spread, cut_before, flipped};
use super::conv::{absorb_followers, weights_of};
use crate::onnx::core::along::along;
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::convolution::{LARGEST_SIZE, Weights, Window};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::Layout;
use crate::onnx::core::numbers::to_usize;
use crate::onnx::core::rearrange;
use crate::onnx::core::volume::{Side, volume_windows};
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
    let sides = volume_windows(lowering, node, [depth, height, width], [slices, rows, columns])?;
    let name = absorb_followers(lowering, node.output(), &mut weights)?;
    lowering.place.output.clone_from(&name);
    let result = convolved(lowering, x, weights, &sides, group, output)?;
    lowering.set(&name, result);
    Ok(())
}

/// Lowers a ConvTranspose with such a result: zeros are put between the elements and around them, and an ordinary Conv with the taps in
/// reverse order goes over that.
pub(super) fn transposed(lowering: &mut Lowering<'_>, node: &Node, output: [usize; 5]) -> Result<(), LowerError> {
    let constant = |index: usize| node.input(index).and_then(|name| lowering.constant(name));
    let kernel = constant(1).ok_or_else(|| lowering.unsupported("its kernel is not a constant"))?;
    let values = kernel.as_floats().ok_or_else(|| lowering.unsupported("its kernel does not hold floats"))?;
    let bias = constant(2).filter(|bias| bias.shape == [output[1]] && bias.as_floats().is_some()).cloned();
    if node.input(2).is_some() && bias.is_none() {
        return Err(lowering.unsupported("its bias is not a constant"));
    }
    let x = lowering.input(node, 0)?;
    let shape = x.layout.shape();
    let unfit = || lowering.unsupported(format!("a kernel of shape {:?} over {shape:?}", kernel.shape));
    let (&[batch, channels, depth, height, width], &[inputs, per_group, taps, down, across]) =
        (&shape[..], &kernel.shape[..])
    else {
        return Err(unfit());
    };
    let group = node.int("group").map_or(1, to_usize);
    let fits =
        group > 0 && inputs == channels && inputs % group == 0 && per_group.checked_mul(group) == Some(output[1]);
    if !fits || batch != output[0] {
        return Err(unfit());
    }
    let (size, kernel) = ([depth, height, width], [taps, down, across]);
    let mut spread = x;
    let mut sides = [Side::default(); 3];
    for axis in 0..3 {
        let at = |name: &str, default: usize| {
            node.ints(name).and_then(|values| values.get(axis)).map_or(default, |&value| to_usize(value))
        };
        let step = Spread {
            stride: at("strides", 1),
            dilation: at("dilations", 1),
            extra: at("output_padding", 0),
            kernel: kernel[axis],
            from: size[axis],
            to: output[2 + axis],
        };
        let sums = step.sums(|total| cut_before(node, 3, axis, total, at("pads", 0)));
        let sums =
            sums.ok_or_else(|| lowering.unsupported(format!("stride {} and dilation {}", step.stride, step.dilation)))?;
        spread = along(lowering, To::Step("spread"), spread, axis + 2, sums)?;
        sides[axis] = Side { kernel: kernel[axis], dilation: step.dilation, ..Side::default() };
    }
    let (seen, area) = (inputs / group, kernel.iter().product::<usize>());
    lowering.made_up(&[output[1], seen, area])?;
    let flipped = flipped(values, [output[1], per_group, seen, area]);
    let kernel = Constant::floats(vec![output[1], seen, taps, down, across], flipped);
    let weights = Weights { kernel, kernel_name: None, bias, bias_name: None };
    let result = convolved(lowering, spread, weights, &sides, group, output)?;
    lowering.set(node.output(), result);
    Ok(())
}

/// The volume under a window. The kernel is `[outputs, inputs of a group, depth, height, width]`.
fn convolved(
    lowering: &mut Lowering<'_>,
    x: View,
    mut weights: Weights,
    [deep, high, wide]: &[Side; 3],
    group: usize,
    output: [usize; 5],
) -> Result<View, LowerError> {
    let [batch, outputs, slices, rows, columns] = output;
    let (shape, taps, inputs) = (x.layout.shape(), deep.kernel, weights.kernel.shape[1]);
    let (channels, depth, height, width) = (shape[1], shape[2], shape[3], shape[4]);
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
    weights.kernel.shape = vec![outputs, inputs * taps, high.kernel, wide.kernel];
    // In this shape it is another constant, whose values are those of the file.
    weights.kernel_name = None;
    if batch > 1 {
        repeat(lowering, &mut weights.kernel, batch)?;
        if let Some(bias) = &mut weights.bias {
            repeat(lowering, bias, batch)?;
        }
        weights.bias_name = None;
    }
    let made = [batch * outputs, (all - high.extent()) / high.stride + 1, columns];
    let window = Window { pads: [0, wide.pads[0], 0, wide.pads[1]], group: group * batch, ..high.with(wide) };
    let is_all = made[1] == slices * rows;
    let to = if is_all { To::Node } else { To::Step("all-rows") };
    let tensor = lowering.convolve(&seen.tensor, weights, &window, made, to)?;
    let mut result = View { tensor, layout: Layout::usual(&[1, made[0], made[1], made[2]]) };
    if !is_all {
        // Windows that see two slices are left out.
        let own = (0..slices).flat_map(|slice| (0..rows).map(move |place| Some(slice * (row / high.stride) + place)));
        result = along(lowering, To::Node, result, 2, Sums::taking(own))?;
    }
    rearrange::reshaped(lowering, result, &output)
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
