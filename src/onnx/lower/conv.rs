//! Conv, with the padding before it and the BatchNormalization after it.

use super::computed;
use super::normalize;
use crate::onnx::core::build::{Lowering, Padded, Value, View};
use crate::onnx::core::convolution::{Weights, Window};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::{HEIGHT, Layout, WIDTH};
use crate::onnx::graph::Node;

/// Lowers a Conv node of the source.
pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let output_shape = lowering.shape(node.output())?;
    let kernel = node.input(1).and_then(|name| lowering.constant(name));
    let &[1, _, height, width] = output_shape else {
        return computed::lower(lowering, node);
    };
    let bias_is_computed = node.input(2).is_some_and(|name| lowering.constant(name).is_none());
    if kernel.is_none() || bias_is_computed {
        return computed::lower(lowering, node);
    }
    let mut weights = weights_of(lowering, node)?;
    let &[outputs, inputs, kernel_height, kernel_width] = weights.kernel.shape.as_slice() else {
        return Err(lowering.unsupported(format!("its kernel has shape {:?}", weights.kernel.shape)));
    };
    let Source { image, outer, order } = source_of(lowering, node)?;
    let [channels, image_height, image_width] = image.layout.extents;
    let size = [image_height + outer[0] + outer[2], image_width + outer[1] + outer[3]];
    let mut window = Window::of(lowering, node, [kernel_height, kernel_width], size, [height, width])?;
    if inputs * window.group != channels || outputs % window.group != 0 {
        return Err(lowering.unsupported(format!(
            "a kernel of shape {:?} with group {} does not fit {channels} channels",
            weights.kernel.shape, window.group
        )));
    }
    for (own, outer) in window.pads.iter_mut().zip(outer) {
        *own += outer;
    }
    if let Some(order) = order {
        weights
            .read_channels(&order, channels)
            .ok_or_else(|| lowering.unsupported("its kernel does not hold floats"))?;
    }
    let name = absorb_followers(lowering, node.output(), &mut weights)?;
    lowering.place.output.clone_from(&name);
    let tensor = lowering.convolve(&image.tensor, weights, &window, [outputs, height, width], To::Node)?;
    let layout = Layout::usual(&[1, outputs, height, width]);
    lowering.set(&name, View { tensor, layout });
    Ok(())
}

/// What a Conv reads.
struct Source {
    image: View,
    /// Zero padding around the image that was put off for the Conv: top, left, bottom, right.
    outer: [usize; 4],
    /// Where the channels lie in another order that the kernel can follow, as after a channel shuffle: for each channel of the
    /// tensor which one of the value it is.
    order: Option<Vec<usize>>,
}

fn source_of(lowering: &mut Lowering<'_>, node: &Node) -> Result<Source, LowerError> {
    if let Some(Value::Padded(Padded { image, pads, fill: 0.0, .. })) =
        node.input(0).and_then(|name| lowering.values.get(name))
    {
        return Ok(Source { image: image.clone(), outer: *pads, order: None });
    }
    let view = lowering.input(node, 0)?;
    let layout = &view.layout;
    let pixels_stay = layout.dimensions.len() == 4 && layout.is_axis(2, HEIGHT) && layout.is_axis(3, WIDTH);
    if pixels_stay && layout.dimensions[0].is_empty() && node.int("group").unwrap_or(1) == 1 {
        let order = layout.channel_index(&[1]);
        let moved = order.filter(|order| order.iter().enumerate().any(|(place, &channel)| place != channel));
        if moved.is_some() {
            return Ok(Source { image: view, outer: [0; 4], order: moved });
        }
    }
    Ok(Source { image: lowering.as_image(view)?, outer: [0; 4], order: None })
}

pub(super) fn weights_of(lowering: &Lowering<'_>, node: &Node) -> Result<Weights, LowerError> {
    let named = |index: usize| {
        let name = node.input(index)?;
        lowering.constant(name).filter(|constant| constant.as_floats().is_some()).map(|constant| (name, constant))
    };
    let (kernel_name, kernel) = named(1).ok_or_else(|| lowering.unsupported("its kernel is not a constant"))?;
    let bias = named(2);
    if node.input(2).is_some() && bias.is_none() {
        return Err(lowering.unsupported("its bias is not a constant"));
    }
    if bias.is_some_and(|(_, bias)| bias.shape.first() != kernel.shape.first() || bias.shape.len() != 1)
        || kernel.shape.contains(&0)
    {
        return Err(lowering.unsupported(format!("a kernel of shape {:?} with its bias", kernel.shape)));
    }
    Ok(Weights {
        kernel: kernel.clone(),
        kernel_name: Some(kernel_name.to_owned()),
        bias: bias.map(|(_, constant)| constant.clone()),
        bias_name: bias.map(|(name, _)| name.to_owned()),
    })
}

/// Takes a BatchNormalization that is the only use of the Conv's output into the weights. Gives the name of the value that the
/// Conv now makes: the BatchNormalization's.
pub(super) fn absorb_followers(
    lowering: &mut Lowering<'_>,
    output: &str,
    weights: &mut Weights,
) -> Result<String, LowerError> {
    let Some((index, follower)) = lowering.only_reader(output) else {
        return Ok(output.to_owned());
    };
    let trains = follower.int("training_mode").unwrap_or(0) != 0;
    if follower.op != "BatchNormalization" || follower.input(0) != Some(output) || trains {
        return Ok(output.to_owned());
    }
    let (scale, shift) = normalize::batch_norm_affine(lowering, follower)?;
    weights
        .scale_outputs(&scale, &shift)
        .ok_or_else(|| lowering.unsupported("a BatchNormalization of another size follows it"))?;
    lowering.merged.insert(index);
    Ok(follower.output().to_owned())
}
