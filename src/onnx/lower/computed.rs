//! Convolutions in the forms that the kernels do not have as they are: of rows, of several pictures at once, and with weights or
//! a bias that the network computes.

use super::matmul;
use crate::onnx::core::along::along;
use crate::onnx::core::arithmetic::{Operand, binary, operand};
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::convolution::{LARGEST_SIZE, Weights, Window};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::{CHANNEL, Layout};
use crate::onnx::core::numbers::to_usize;
use crate::onnx::core::rearrange;
use crate::onnx::graph::{Constant, Node, to_i64};
use crate::onnx::slice_sums::Sums;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let output_shape = lowering.shape(node.output())?;
    let (batch, outputs, size) = match *output_shape {
        [batch, outputs, width] => (batch, outputs, [1, width]),
        [batch, outputs, height, width] => (batch, outputs, [height, width]),
        ref shape => return Err(lowering.unsupported(format!("its output has shape {shape:?}"))),
    };
    let kernel = operand(lowering, node, 1)?;
    let kernel_shape = match kernel.shape()[..] {
        [outputs, inputs, width] => [outputs, inputs, 1, width],
        [outputs, inputs, height, width] => [outputs, inputs, height, width],
        ref shape => return Err(lowering.unsupported(format!("its kernel has shape {shape:?}"))),
    };
    let view = lowering.input(node, 0)?;
    let image = lowering.planes(view)?;
    let [planes, height, width] = image.layout.extents;
    let window = Window::of(lowering, node, [kernel_shape[2], kernel_shape[3]], [height, width], size)?;
    if kernel_shape[0] != outputs || outputs % window.group != 0 || kernel_shape[1] * window.group * batch != planes {
        return Err(lowering.unsupported(format!("a kernel of shape {kernel_shape:?} for {planes} channels")));
    }
    let to = if node.input(2).is_some() { To::Step("product") } else { To::Node };
    let result = match &kernel {
        Operand::Constant(constant) => {
            let values = constant.as_floats().ok_or_else(|| lowering.unsupported("its kernel does not hold floats"))?;
            lowering.made_up(&[batch, values.len()])?;
            // Every picture has groups of its own, with the same weights.
            let shape = vec![batch * outputs, kernel_shape[1], kernel_shape[2], kernel_shape[3]];
            let weights = Weights {
                kernel: Constant::floats(shape, values.repeat(batch)),
                kernel_name: None,
                bias: None,
                bias_name: None,
            };
            let window = Window { group: window.group * batch, ..window };
            let tensor = lowering.convolve(&image.tensor, weights, &window, [batch * outputs, size[0], size[1]], to)?;
            View { tensor, layout: Layout::usual(&[1, batch * outputs, size[0], size[1]]) }
        }
        Operand::Computed(kernel) => {
            if batch != 1 {
                return Err(lowering.unsupported("of several pictures by a kernel that is computed"));
            }
            by_computed(lowering, to, image, kernel.clone(), kernel_shape, &window, size)?
        }
    };
    with_bias(lowering, node, result, outputs, output_shape)
}

/// Sets the result of a node, seen in its shape, with its bias for each of the channels added.
fn with_bias(
    lowering: &mut Lowering<'_>,
    node: &Node,
    result: View,
    outputs: usize,
    output_shape: &[usize],
) -> Result<(), LowerError> {
    let result = rearrange::reshaped(lowering, result, output_shape)?;
    if node.input(2).is_none() {
        lowering.set(node.output(), result);
        return Ok(());
    }
    let mut bias_shape = vec![outputs];
    bias_shape.resize(output_shape.len() - 1, 1);
    let bias = match operand(lowering, node, 2)? {
        Operand::Constant(constant) => Operand::Constant(Constant { shape: bias_shape, ..constant }),
        Operand::Computed(view) => Operand::Computed(rearrange::reshaped(lowering, view, &bias_shape)?),
    };
    let result = binary(lowering, To::Node, "Add", &Operand::Computed(result), &bias, output_shape)?;
    lowering.set(node.output(), result);
    Ok(())
}

/// What each place of the window sees is laid out as rows, which the weights are multiplied with.
fn by_computed(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    image: View,
    kernel: View,
    [outputs, inputs, down, across]: [usize; 4],
    window: &Window,
    size: [usize; 2],
) -> Result<View, LowerError> {
    let groups = window.group;
    let pixels = size[0] * size[1];
    let extents = image.layout.extents;
    lowering.made_up(&[extents[CHANNEL], down, across, pixels])?;
    let mut seen = image;
    for axis in 0..2 {
        let places = (0..window.kernel[axis]).flat_map(|tap| (0..size[axis]).map(move |place| (tap, place)));
        let sources = places.map(|(tap, place)| {
            let at = place * window.strides[axis] + tap * window.dilations[axis];
            at.checked_sub(window.pads[axis]).filter(|&at| at < extents[axis + 1])
        });
        seen = along(lowering, To::Step("seen"), seen, axis + 2, Sums::taking(sources))?;
    }
    let apart = rearrange::reshaped(lowering, seen, &[groups, inputs, down, size[0], across, size[1]])?;
    let moved = View { tensor: apart.tensor, layout: apart.layout.transposed(&[0, 1, 2, 4, 3, 5]) };
    let rows = rearrange::reshaped(lowering, moved, &[groups, inputs * down * across, pixels])?;
    let weights = rearrange::reshaped(lowering, kernel, &[groups, outputs / groups, inputs * down * across])?;
    let product = matmul::product(lowering, to, &Operand::Computed(weights), &Operand::Computed(rows))?;
    rearrange::reshaped(lowering, product, &[1, outputs, size[0], size[1]])
}

/// A transposed convolution in any form: zeros are put between the pixels and around them, and an ordinary one with the taps in
/// reverse order goes over that.
pub(super) fn transposed(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let output_shape = lowering.shape(node.output())?;
    let (batch, outputs, size) = match *output_shape {
        [batch, outputs, width] => (batch, outputs, [1, width]),
        [batch, outputs, height, width] => (batch, outputs, [height, width]),
        ref shape => return Err(lowering.unsupported(format!("its output has shape {shape:?}"))),
    };
    let axes = output_shape.len() - 2;
    let weights = operand(lowering, node, 1)?;
    let [inputs, per_group, down, across] = match weights.shape()[..] {
        [inputs, per_group, width] => [inputs, per_group, 1, width],
        [inputs, per_group, height, width] => [inputs, per_group, height, width],
        ref shape => return Err(lowering.unsupported(format!("its kernel has shape {shape:?}"))),
    };
    let at = |name: &str, axis: usize, default: usize| -> usize {
        // Of rows there is one number, which is that of the width.
        let index = (axis + axes).checked_sub(2);
        let values = node.ints(name).unwrap_or_default();
        index.and_then(|index| values.get(index)).map_or(default, |&value| to_usize(value))
    };
    let group = node.int("group").map_or(1, to_usize);
    let view = lowering.input(node, 0)?;
    let image = lowering.planes(view)?;
    let extents = image.layout.extents;
    let kernel = [down, across];
    let mut spread = image;
    let mut dilations = [1, 1];
    for axis in 0..2 {
        let (stride, dilation, extra) =
            (at("strides", axis, 1), at("dilations", axis, 1), at("output_padding", axis, 0));
        dilations[axis] = dilation;
        let step = Spread { stride, dilation, extra, kernel: kernel[axis], from: extents[axis + 1], to: size[axis] };
        let sums = step.sums(|total| cut_before(node, axes, axis, total, at("pads", axis, 0)));
        let sums = sums.ok_or_else(|| lowering.unsupported(format!("stride {stride} and dilation {dilation}")))?;
        spread = along(lowering, To::Step("spread"), spread, axis + 2, sums)?;
    }
    if group == 0 || inputs % group != 0 || per_group * group != outputs || inputs * batch != extents[CHANNEL] {
        return Err(lowering.unsupported(format!("{inputs} channels in {group} groups")));
    }
    let (seen, area) = (inputs / group, down * across);
    lowering.made_up(&[batch, outputs, seen, area])?;
    let window = Window { kernel, dilations, group: group * batch, ..Window::pointwise() };
    let made = [batch * outputs, size[0], size[1]];
    let bias = lowering.constant_input(node, 2);
    let values = match (&weights, node.input(2).is_none() || bias.is_some()) {
        (Operand::Constant(constant), true) => {
            constant.as_floats().ok_or_else(|| lowering.unsupported("its kernel does not hold floats"))?
        }
        // What of the two is a constant may stand in a computed product as well.
        _ if batch != 1 => return Err(lowering.unsupported("of several pictures by a kernel or bias that is computed")),
        _ => {
            let to = if node.input(2).is_some() { To::Step("product") } else { To::Node };
            let kernel_shape = [outputs, seen, down, across];
            let result = match weights {
                Operand::Computed(kernel) => {
                    let kernel = turned(lowering, kernel, [group, seen, per_group, down, across])?;
                    by_computed(lowering, to, spread, kernel, kernel_shape, &window, size)?
                }
                Operand::Constant(constant) => {
                    let values = constant.as_floats().unwrap_or_default();
                    let flipped = flipped(values, [outputs, per_group, seen, area]);
                    let kernel = Constant::floats(kernel_shape.to_vec(), flipped);
                    let weights = Weights { kernel, kernel_name: None, bias: None, bias_name: None };
                    let tensor = lowering.convolve(&spread.tensor, weights, &window, made, to)?;
                    View { tensor, layout: Layout::usual(&[1, made[0], made[1], made[2]]) }
                }
            };
            return with_bias(lowering, node, result, outputs, output_shape);
        }
    };
    let flipped = flipped(values, [outputs, per_group, seen, area]);
    let weights = Weights {
        kernel: Constant::floats(vec![batch * outputs, seen, down, across], flipped.repeat(batch)),
        kernel_name: None,
        bias: bias.map(|bias| Constant::floats(vec![batch * outputs], bias.repeat(batch))),
        bias_name: None,
    };
    let tensor = lowering.convolve(&spread.tensor, weights, &window, made, To::Node)?;
    let layout = Layout::usual(&[1, made[0], made[1], made[2]]);
    let result = rearrange::reshaped(lowering, View { tensor, layout }, output_shape)?;
    lowering.set(node.output(), result);
    Ok(())
}

/// How the elements along an axis are spread for a transposed convolution.
#[derive(Clone, Copy)]
pub(super) struct Spread {
    pub stride: usize,
    pub dilation: usize,
    /// What `output_padding` adds at the end.
    pub extra: usize,
    pub kernel: usize,
    /// How many elements there are, and how many the result has.
    pub from: usize,
    pub to: usize,
}

impl Spread {
    /// The elements with zeros between them and around, so that an ordinary convolution with its stride of 1 makes the result. `cut` is how
    /// much is cut off before the first of what is made, of so many that are at both ends. `None` for sizes that no window has.
    pub fn sums(&self, cut: impl Fn(i64) -> i64) -> Option<Sums> {
        let &Self { stride, dilation, extra, kernel, from, to } = self;
        let sizes = [stride, dilation, extra, kernel, from, to];
        if sizes.iter().any(|&size| size > LARGEST_SIZE) || [stride, dilation, kernel, from].contains(&0) {
            return None;
        }
        let reach = dilation.saturating_mul(kernel - 1);
        let whole = stride.saturating_mul(from - 1).saturating_add(extra).saturating_add(reach) + 1;
        let first = cut(to_i64(whole) - to_i64(to)) - to_i64(reach);
        let length = to.saturating_add(reach);
        if length > LARGEST_SIZE {
            return None;
        }
        let step = to_i64(stride);
        Some(Sums::taking((0..length).map(|place| {
            let at = to_i64(place) + first;
            let source = usize::try_from(at.div_euclid(step)).ok().filter(|_| at % step == 0);
            source.filter(|&source| source < from)
        })))
    }
}

/// The kernel of a transposed convolution as that of an ordinary one: by outputs, with the taps in reverse order.
pub(super) fn flipped(values: &[f32], [outputs, per_group, seen, area]: [usize; 4]) -> Vec<f32> {
    let mut flipped = Vec::with_capacity(outputs * seen * area);
    for output in 0..outputs {
        let first = output / per_group * seen;
        for input in first..first + seen {
            let taps = &values[(input * per_group + output % per_group) * area..][..area];
            flipped.extend(taps.iter().rev());
        }
    }
    flipped
}

/// The same of a kernel that is computed, of these groups, inputs and outputs of each, rows and columns.
fn turned(lowering: &mut Lowering<'_>, kernel: View, sizes: [usize; 5]) -> Result<View, LowerError> {
    let apart = rearrange::reshaped(lowering, kernel, &sizes)?;
    let mut turned = View { tensor: apart.tensor, layout: apart.layout.transposed(&[0, 2, 1, 3, 4]) };
    for axis in [3, 4] {
        let reverse = Sums::taking((0..sizes[axis]).rev().map(Some));
        turned = along(lowering, To::Step("turned"), turned, axis, reverse)?;
    }
    let [group, seen, per_group, down, across] = sizes;
    rearrange::reshaped(lowering, turned, &[group * per_group, seen, down, across])
}

/// How much is cut off before the first pixel along an axis, of `total` that is cut off at both ends: as stated, or where the
/// size of the result is, as onnxruntime shares it out.
pub(super) fn cut_before(node: &Node, axes: usize, axis: usize, total: i64, stated: usize) -> i64 {
    let auto = node.text("auto_pad").unwrap_or("NOTSET");
    let sized = node.ints("output_shape").is_some() || matches!(auto, "SAME_UPPER" | "SAME_LOWER");
    if !sized || axis + axes < 2 {
        return if auto == "VALID" { 0 } else { to_i64(stated) };
    }
    let total = total.max(0);
    if auto == "SAME_UPPER" { total / 2 } else { total - total / 2 }
}
