//! Values in other shapes, joined, and cut.

use super::build::{Lowering, View, tensor_shape};
use super::convolution::{Window, depthwise};
use super::emit::To;
use super::error::LowerError;
use super::layout::{Arrangement, CHANNEL, Digit, HEIGHT, Layout, WIDTH, extents_of, usual_arrangement};
use super::movement::select_channels;
use crate::onnx::graph::{Attribute, Node};

/// The value in another shape.
pub(in crate::onnx) fn reshaped(lowering: &mut Lowering<'_>, view: View, shape: &[usize]) -> Result<View, LowerError> {
    if let Some(layout) = view.layout.reshaped(shape) {
        return Ok(View { tensor: view.tensor, layout });
    }
    if shape.iter().product::<usize>() != view.layout.extents.iter().product::<usize>() {
        return Err(lowering.unsupported(format!("from shape {:?} to {shape:?}", view.layout.shape())));
    }
    let row_major = lowering.usual(view)?;
    let extents = extents_of(&usual_arrangement(shape));
    let tensor = lowering.reshape(To::Node, &row_major.tensor, tensor_shape(extents))?;
    Ok(View { tensor, layout: Layout::usual(shape) })
}

/// Values one after another along an axis.
pub(in crate::onnx) fn joined(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    views: &[View],
    axis: usize,
) -> Result<View, LowerError> {
    let Some(first) = views.first() else {
        return Err(lowering.unsupported("it has no inputs"));
    };
    let mut shape = first.layout.shape();
    shape[axis] = views.iter().map(|view| view.layout.shape()[axis]).sum();
    let shape = &shape[..];
    // The joined dimension has to be the channels, and the others lie in each input as in the first.
    let present = first.layout.arrangement();
    let others: Vec<Digit> =
        Layout::usual(shape).arrangement().into_iter().flatten().filter(|digit| digit.dimension != axis).collect();
    let fits = present[CHANNEL].iter().all(|digit| digit.dimension == axis)
        && first.layout.dimensions[axis].iter().all(|mode| mode.axis == CHANNEL);
    let (height, width) = if fits {
        let [_, height, width] = present;
        (height, width)
    } else {
        (others, Vec::new())
    };
    let arrangement = |size: usize| -> Arrangement {
        let channels = if size == 1 { Vec::new() } else { vec![Digit { dimension: axis, inner: 1, size }] };
        [channels, height.clone(), width.clone()]
    };
    let mut tensors = Vec::new();
    for view in views {
        let size = view.layout.shape()[axis];
        tensors.push(lowering.arranged(view.clone(), &arrangement(size), To::Step("layout"))?.tensor);
    }
    let inputs: Vec<&str> = tensors.iter().map(String::as_str).collect();
    let total = arrangement(shape[axis]);
    let concat = Node::new("Concat", &inputs, "").with("axis", Attribute::Int(1));
    let tensor = lowering.emit(to, concat, tensor_shape(extents_of(&total)))?;
    Ok(View { tensor, layout: Layout::arranged(shape.len(), &total) })
}

/// The value with only these indices along a dimension.
pub(in crate::onnx) fn selected(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    view: View,
    dimension: usize,
    indices: &[usize],
) -> Result<View, LowerError> {
    if indices.is_empty() {
        return Err(lowering.unsupported("nothing is left of its input"));
    }
    let rank = view.layout.dimensions.len();
    for axis in [HEIGHT, WIDTH] {
        if view.layout.is_axis(dimension, axis)
            && view.layout.extents[axis] != 1
            && let Some(result) = cropped(lowering, to, &view, dimension, axis, indices)?
        {
            return Ok(result);
        }
    }
    let on_channels = view.layout.dimensions[dimension].iter().all(|mode| mode.axis == CHANNEL);
    let view = if on_channels {
        view
    } else {
        let size = view.layout.shape()[dimension];
        let others: Vec<Digit> =
            view.layout.arrangement().into_iter().flatten().filter(|digit| digit.dimension != dimension).collect();
        let arrangement = [vec![Digit { dimension, inner: 1, size }], others, Vec::new()];
        lowering.arranged(view, &arrangement, To::Step("layout"))?
    };
    // The other digits of the channels stay in their order, before the chosen ones.
    let mut arrangement = view.layout.arrangement();
    arrangement[CHANNEL].retain(|digit| digit.dimension != dimension);
    let others: usize = arrangement[CHANNEL].iter().map(|digit| digit.size).product();
    let own = view.layout.channel_index(&[dimension]);
    let own = own.ok_or_else(|| lowering.unsupported("along a dimension that is not on the channels"))?;
    let size = view.layout.shape()[dimension];
    let mut channel_of = vec![0; others * size];
    let mut seen = vec![0; size];
    for (channel, &index) in own.iter().enumerate() {
        // Channels with the same index come in the order of the others.
        channel_of[seen[index] * size + index] = channel;
        seen[index] += 1;
    }
    let channels: Vec<usize> = (0..others)
        .flat_map(|other| indices.iter().map(move |index| (other, *index)))
        .map(|(other, index)| channel_of[other * size + index])
        .collect();
    if indices.len() > 1 {
        arrangement[CHANNEL].push(Digit { dimension, inner: 1, size: indices.len() });
    }
    let tensor = select_channels(lowering, &view.tensor, &channels, to)?;
    Ok(View { tensor, layout: Layout::arranged(rank, &arrangement) })
}

/// Evenly spaced rows or columns of an image: a depthwise Conv with one 1 in its kernel. `None` where they are not evenly
/// spaced.
fn cropped(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    view: &View,
    dimension: usize,
    axis: usize,
    indices: &[usize],
) -> Result<Option<View>, LowerError> {
    let (first, count) = (indices[0], indices.len());
    let step = indices.get(1).map_or(1, |second| second.saturating_sub(first));
    if step == 0 || indices.iter().enumerate().any(|(place, &index)| index != first + place * step) {
        return Ok(None);
    }
    let extents = view.layout.extents;
    let (mut kernel, mut strides, mut size) = ([1, 1], [1, 1], [extents[HEIGHT], extents[WIDTH]]);
    // As long as it can be without another window fitting in.
    kernel[axis - 1] = extents[axis] - (count - 1) * step;
    strides[axis - 1] = step;
    size[axis - 1] = count;
    let mut values = vec![0.0; kernel[axis - 1]];
    values[first] = 1.0;
    let image = View { tensor: view.tensor.clone(), layout: Layout::usual(&tensor_shape(extents)) };
    let window = Window { kernel, strides, ..Window::pointwise() };
    let part = depthwise(lowering, &image, &values, window, size, to)?;
    let mut arrangement = view.layout.arrangement();
    arrangement[axis].clear();
    if count > 1 {
        arrangement[axis].push(Digit { dimension, inner: 1, size: count });
    }
    Ok(Some(View { tensor: part.tensor, layout: Layout::arranged(view.layout.dimensions.len(), &arrangement) }))
}
