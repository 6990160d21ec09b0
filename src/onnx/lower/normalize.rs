//! Normalizations: with constant statistics (BatchNormalization), and with those of the value itself.

use super::activation::power;
use super::reduce;
use crate::onnx::core::arithmetic::{Operand, binary, operand};
use crate::onnx::core::build::{Lowering, View, tensor_shape};
use crate::onnx::core::convolution::{Weights, Window};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::CHANNEL;
use crate::onnx::core::movement;
use crate::onnx::core::numbers::{from_end, to_usize};
use crate::onnx::core::rearrange;
use crate::onnx::graph::{Constant, Node};

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    if node.outputs.iter().skip(1).any(|name| !name.is_empty() && lowering.links.is_read(name)) {
        return Err(lowering.unsupported("its statistics are used"));
    }
    let x = lowering.input(node, 0)?;
    let shape = x.layout.shape();
    let epsilon = node.float("epsilon").unwrap_or(1e-5);
    let axis = from_end(node.int("axis").unwrap_or(-1), shape.len());
    if axis >= shape.len() {
        return Err(lowering.unsupported(format!("axis {axis} of a value of shape {shape:?}")));
    }
    let result = match node.op.as_str() {
        // With the statistics of the picture itself.
        "BatchNormalization" if node.int("training_mode").unwrap_or(0) != 0 => {
            let axes: Vec<usize> = (0..shape.len()).filter(|&axis| axis != 1).collect();
            let [scale, shift] = per_channel(lowering, node, shape.len())?;
            scaled(lowering, &x, &axes, epsilon, Some(scale), Some(shift))?
        }
        "MeanVarianceNormalization" => {
            let axes: Vec<usize> = match node.ints("axes") {
                Some(axes) => axes.iter().map(|&axis| from_end(axis, shape.len())).collect(),
                None => vec![0, 2, 3],
            };
            if axes.iter().any(|&axis| axis >= shape.len()) {
                return Err(lowering.unsupported(format!("axes {axes:?} of a value of shape {shape:?}")));
            }
            // The standard deviation is made larger by 1e-9, which matters only where it is zero.
            normalized(lowering, To::Node, &x, &axes, 1e-18)?
        }
        "RMSNormalization" => {
            let axes: Vec<usize> = (axis..shape.len()).collect();
            let squares = lowering.pairwise(To::Step("square"), "Mul", &x, &x)?;
            let mean = reduce::mean(lowering, To::Step("mean"), &squares, &axes)?;
            let shifted = lowering.with_number(To::Step("shifted"), "Add", &mean, epsilon)?;
            let size = Operand::Computed(lowering.unary(To::Step("size"), "Sqrt", &shifted)?);
            let x = Operand::Computed(x);
            let scaled = Operand::Computed(binary(lowering, To::Step("scaled"), "Div", &x, &size, &shape)?);
            let scale = operand(lowering, node, 1)?;
            binary(lowering, To::Node, "Mul", &scaled, &scale, &shape)?
        }
        "BatchNormalization" => {
            let (scale, shift) = batch_norm_affine(lowering, node)?;
            affine(lowering, &x, &scale, &shift)?
        }
        "LRN" => local_response(lowering, node, x)?,
        "LayerNormalization" => {
            let axes: Vec<usize> = (axis..shape.len()).collect();
            let constant = |index: usize| node.input(index).map(|name| lowering.constant(name).cloned());
            let (scale, shift) = (constant(1), constant(2));
            if matches!(scale, Some(None)) || matches!(shift, Some(None)) {
                return Err(lowering.unsupported("its scale or bias is not a constant"));
            }
            scaled(lowering, &x, &axes, epsilon, scale.flatten(), shift.flatten())?
        }
        "InstanceNormalization" => {
            let axes: Vec<usize> = (2..shape.len()).collect();
            let [scale, shift] = per_channel(lowering, node, shape.len())?;
            scaled(lowering, &x, &axes, epsilon, Some(scale), Some(shift))?
        }
        "GroupNormalization" => group(lowering, node, &x, epsilon)?,
        _ => {
            let size = if node.int("p").unwrap_or(2) == 1 {
                let sizes = lowering.unary(To::Step("size"), "Abs", &x)?;
                reduce::sum(lowering, To::Step("norm"), &sizes, &[axis])?
            } else {
                let squares = lowering.pairwise(To::Step("square"), "Mul", &x, &x)?;
                let total = reduce::sum(lowering, To::Step("sum"), &squares, &[axis])?;
                lowering.unary(To::Step("norm"), "Sqrt", &total)?
            };
            // What has no size stays zero: it is divided by 1, and then multiplied by 0.
            let sign = lowering.unary(To::Step("sign"), "Sign", &size)?;
            let gap = lowering.number_with(To::Step("gap"), "Sub", 1.0, &sign)?;
            let divisor = Operand::Computed(lowering.pairwise(To::Step("divisor"), "Add", &size, &gap)?);
            let x = Operand::Computed(x);
            let quotient = Operand::Computed(binary(lowering, To::Step("quotient"), "Div", &x, &divisor, &shape)?);
            binary(lowering, To::Node, "Mul", &quotient, &Operand::Computed(sign), &shape)?
        }
    };
    lowering.set(node.output(), result);
    Ok(())
}

/// The factor and the summand of each channel that a BatchNormalization comes to.
pub(super) fn batch_norm_affine(lowering: &Lowering<'_>, node: &Node) -> Result<(Vec<f32>, Vec<f32>), LowerError> {
    let failed = |detail: &str| LowerError::Unsupported {
        op: node.op.clone(),
        node: node.name.clone(),
        detail: detail.to_owned(),
    };
    if node.int("spatial") == Some(0) || node.int("training_mode").unwrap_or(0) != 0 {
        return Err(failed("statistics for each pixel, or of the batch"));
    }
    let constants: Option<Vec<&[f32]>> = (1..5).map(|index| lowering.constant_input(node, index)).collect();
    let Some([gamma, beta, mean, variance]) = constants.as_deref() else {
        return Err(failed("its parameters are not constants"));
    };
    if [beta.len(), mean.len(), variance.len()] != [gamma.len(); 3] {
        return Err(failed("its parameters differ in length"));
    }
    let epsilon = f64::from(node.float("epsilon").unwrap_or(1e-5));
    #[expect(clippy::cast_possible_truncation, reason = "computed in f64 to round once")]
    let pairs = (0..gamma.len()).map(|channel| {
        let scale = f64::from(gamma[channel]) / (f64::from(variance[channel]) + epsilon).sqrt();
        (scale as f32, (f64::from(beta[channel]) - f64::from(mean[channel]) * scale) as f32)
    });
    Ok(pairs.unzip())
}

/// `scale · x + shift` for each index of dimension 1: a depthwise 1×1 Conv where that dimension is the channels.
fn affine(lowering: &mut Lowering<'_>, x: &View, scale: &[f32], shift: &[f32]) -> Result<View, LowerError> {
    let shape = x.layout.shape();
    if shape.get(1) != Some(&scale.len()) {
        return Err(lowering.unsupported(format!("{} parameters for a value of shape {shape:?}", scale.len())));
    }
    if x.layout.is_axis(1, CHANNEL) {
        let weights = Weights {
            kernel: Constant::floats(vec![scale.len(), 1, 1, 1], scale.to_vec()),
            kernel_name: None,
            bias: Some(Constant::floats(vec![shift.len()], shift.to_vec())),
            bias_name: None,
        };
        let window = Window { group: scale.len(), ..Window::pointwise() };
        let tensor = lowering.convolve(&x.tensor, weights, &window, x.layout.extents, To::Node)?;
        return Ok(View { tensor, layout: x.layout.clone() });
    }
    let constant =
        |values: &[f32]| Operand::Constant(Constant::floats(channel_shape(values.len(), shape.len()), values.to_vec()));
    let product = binary(lowering, To::Step("scaled"), "Mul", &Operand::Computed(x.clone()), &constant(scale), &shape)?;
    binary(lowering, To::Node, "Add", &Operand::Computed(product), &constant(shift), &shape)
}

/// `[channels, 1, 1]` for images.
fn channel_shape(channels: usize, rank: usize) -> Vec<usize> {
    let mut shape = vec![1; rank.saturating_sub(1)];
    if let Some(first) = shape.first_mut() {
        *first = channels;
    }
    shape
}

/// Inputs 1 and 2 as constants that broadcast along dimension 1.
fn per_channel(lowering: &Lowering<'_>, node: &Node, rank: usize) -> Result<[Constant; 2], LowerError> {
    let constant = |index: usize| -> Result<Constant, LowerError> {
        let values = lowering.constant_input(node, index);
        let values = values.ok_or_else(|| lowering.unsupported("its scale or bias is not a constant"))?;
        Ok(Constant::floats(channel_shape(values.len(), rank), values.to_vec()))
    };
    Ok([constant(1)?, constant(2)?])
}

/// `(x − mean) / √(variance + ε) · scale + shift`, where mean and variance are along the axes.
fn scaled(
    lowering: &mut Lowering<'_>,
    x: &View,
    axes: &[usize],
    epsilon: f32,
    scale: Option<Constant>,
    shift: Option<Constant>,
) -> Result<View, LowerError> {
    let shape = x.layout.shape();
    let end = |last: bool, suffix| if last { To::Node } else { To::Step(suffix) };
    let mut result = normalized(lowering, end(scale.is_none() && shift.is_none(), "normalized"), x, axes, epsilon)?;
    if let Some(scale) = scale {
        let to = end(shift.is_none(), "scaled");
        result = binary(lowering, to, "Mul", &Operand::Computed(result), &Operand::Constant(scale), &shape)?;
    }
    if let Some(shift) = shift {
        result = binary(lowering, To::Node, "Add", &Operand::Computed(result), &Operand::Constant(shift), &shape)?;
    }
    Ok(result)
}

fn normalized(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    x: &View,
    axes: &[usize],
    epsilon: f32,
) -> Result<View, LowerError> {
    let shape = x.layout.shape();
    let mean = Operand::Computed(reduce::mean(lowering, To::Step("mean"), x, axes)?);
    let centred = binary(lowering, To::Step("centred"), "Sub", &Operand::Computed(x.clone()), &mean, &shape)?;
    let squares = lowering.pairwise(To::Step("square"), "Mul", &centred, &centred)?;
    let variance = reduce::mean(lowering, To::Step("variance"), &squares, axes)?;
    let shifted = lowering.with_number(To::Step("shifted"), "Add", &variance, epsilon)?;
    let deviation = Operand::Computed(lowering.unary(To::Step("deviation"), "Sqrt", &shifted)?);
    binary(lowering, to, "Div", &Operand::Computed(centred), &deviation, &shape)
}

fn group(lowering: &mut Lowering<'_>, node: &Node, x: &View, epsilon: f32) -> Result<View, LowerError> {
    let shape = x.layout.shape();
    let groups = to_usize(node.int("num_groups").unwrap_or(0));
    if shape.len() < 3 || groups == 0 || !shape[1].is_multiple_of(groups) {
        return Err(lowering.unsupported(format!("{groups} groups of a value of shape {shape:?}")));
    }
    let mut grouped_shape = vec![shape[0], groups, shape[1] / groups];
    grouped_shape.extend(&shape[2..]);
    let grouped = rearrange::reshaped(lowering, x.clone(), &grouped_shape)?;
    let axes: Vec<usize> = (2..grouped_shape.len()).collect();
    let [scale, shift] = [1, 2].map(|index| lowering.constant_input(node, index).map(<[f32]>::to_vec));
    let (Some(scale), Some(shift)) = (scale, shift) else {
        return Err(lowering.unsupported("its scale or bias is not a constant"));
    };
    // Opsets 18 to 20 have one parameter for each group, from 21 on there is one for each channel.
    let constant = |values: Vec<f32>| {
        let members = if values.len() == groups { 1 } else { shape[1] / groups };
        let mut parameter_shape = vec![groups, members];
        parameter_shape.resize(grouped_shape.len() - 1, 1);
        Constant::floats(parameter_shape, values)
    };
    let (scale, shift) = (constant(scale), constant(shift));
    let result = scaled(lowering, &grouped, &axes, epsilon, Some(scale), Some(shift))?;
    rearrange::reshaped(lowering, result, &shape)
}

/// `x / (bias + alpha/size · Σ x²)^beta`, where the sum is over neighbouring channels: a 1×1 Conv with a band of weights.
fn local_response(lowering: &mut Lowering<'_>, node: &Node, x: View) -> Result<View, LowerError> {
    let x = lowering.as_image(x)?;
    let channels = x.layout.extents[CHANNEL];
    let size = to_usize(node.int("size").unwrap_or(1)).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a window of channels is small")]
    let alpha = node.float("alpha").unwrap_or(1e-4) / size as f32;
    let (before, after) = ((size - 1) / 2, size / 2);
    let mut weights = vec![0.0; lowering.made_up(&[channels, channels])?];
    for (channel, row) in weights.chunks_exact_mut(channels).enumerate() {
        row[channel.saturating_sub(before)..(channel + after + 1).min(channels)].fill(alpha);
    }
    let bias = vec![node.float("bias").unwrap_or(1.0); channels];
    let squares = lowering.pairwise(To::Step("square"), "Mul", &x, &x)?;
    let extents = x.layout.extents;
    let sums = movement::mix_channels(lowering, &squares.tensor, weights, extents, Some(bias), To::Step("sums"))?;
    debug_assert_eq!(lowering.shapes[&sums], tensor_shape(extents));
    let sums = View { tensor: sums, layout: x.layout.clone() };
    let divisor = power(lowering, To::Step("divisor"), &sums, node.float("beta").unwrap_or(0.75))?;
    lowering.pairwise(To::Node, "Div", &x, &divisor)
}
