//! Operators that compute nothing: they see a value in another shape or order, choose parts of it, or join values.

use super::LowerError;
use super::activation::truncated;
use super::along::{expanded, repeated};
use super::build::{Lowering, View, tensor_shape};
use super::conv::{Window, depthwise, to_usize};
use super::emit::To;
use super::layout::{Arrangement, CHANNEL, Digit, HEIGHT, Layout, WIDTH, extents_of, usual_arrangement};
use super::movement;
use super::pad::from_end;
use crate::onnx::graph::{Attribute, Node, to_i64};
use crate::onnx::proto::data_type;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    match node.op.as_str() {
        "Identity" | "Dropout" => alias(lowering, node),
        "Cast" => {
            let to = node.int("to").and_then(|to| i32::try_from(to).ok()).unwrap_or_default();
            match to {
                data_type::FLOAT | data_type::FLOAT16 | data_type::BFLOAT16 | data_type::DOUBLE => {
                    alias(lowering, node)
                }
                data_type::BOOL => {
                    let x = lowering.input(node, 0)?;
                    let sign = lowering.unary(To::Step("sign"), "Sign", &x)?;
                    let truth = lowering.unary(To::Node, "Abs", &sign)?;
                    lowering.set(node.output(), truth);
                    Ok(())
                }
                data_type::INT64
                | data_type::INT32
                | data_type::INT16
                | data_type::INT8
                | data_type::UINT8
                | data_type::UINT16
                | data_type::UINT32
                | data_type::UINT64 => to_integer(lowering, node, to),
                _ => Err(lowering.unsupported(format!("to element type {to}"))),
            }
        }
        "Expand" => expand(lowering, node),
        "Tile" => tile(lowering, node),
        "Concat" => concat(lowering, node),
        "Split" => split(lowering, node),
        "Slice" => slice(lowering, node),
        "Gather" => gather(lowering, node),
        op => {
            let x = lowering.input(node, 0)?;
            let shape = lowering.shape(node.output())?;
            let result = match op {
                "Transpose" => {
                    let rank = x.layout.dimensions.len();
                    let order: Vec<usize> = match node.ints("perm") {
                        Some(perm) => perm.iter().map(|&axis| to_usize(axis)).collect(),
                        None => (0..rank).rev().collect(),
                    };
                    if order.len() != rank || order.iter().any(|&axis| axis >= rank) {
                        return Err(lowering.unsupported(format!("the order {order:?} of {rank} dimensions")));
                    }
                    View { tensor: x.tensor, layout: x.layout.transposed(&order) }
                }
                "DepthToSpace" | "SpaceToDepth" => blocks(lowering, node, x, shape)?,
                _ => reshaped(lowering, x, shape)?,
            };
            lowering.set(node.output(), result);
            Ok(())
        }
    }
}

/// What is behind the point is cut off; of types of one byte what does not fit comes round again, as with onnxruntime.
fn to_integer(lowering: &mut Lowering<'_>, node: &Node, to: i32) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    // The least of the type's numbers, where there are few enough.
    let range = match to {
        data_type::UINT8 => Some((0.0, 256.0)),
        data_type::INT8 => Some((-128.0, 256.0)),
        _ => None,
    };
    let Some((least, count)) = range else {
        let whole = truncated(lowering, To::Node, &x)?;
        lowering.set(node.output(), whole);
        return Ok(());
    };
    let whole = truncated(lowering, To::Step("whole"), &x)?;
    let shifted = lowering.with_number(To::Step("shifted"), "Sub", &whole, least)?;
    let rounds = lowering.with_number(To::Step("rounds"), "Mul", &shifted, 1.0 / count)?;
    let rounds = lowering.unary(To::Step("rounds"), "Floor", &rounds)?;
    let rounds = lowering.with_number(To::Step("rounds"), "Mul", &rounds, count)?;
    let inside = lowering.pairwise(To::Node, "Sub", &whole, &rounds)?;
    lowering.set(node.output(), inside);
    Ok(())
}

fn expand(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let (x, shape) = (lowering.input(node, 0)?, lowering.shape(node.output())?);
    // Arithmetic repeats its operand by itself.
    let reader = lowering.links.only_reader(node.output()).filter(|_| !lowering.links.is_output(node.output()));
    let repeats_itself = reader.is_some_and(|reader| {
        let others = reader.inputs.iter().filter(|input| *input != node.output());
        matches!(reader.op.as_str(), "Add" | "Sub" | "Mul" | "Div")
            && others.clone().count() == 1
            && others.clone().all(|other| lowering.shape(other).is_ok_and(|other| other == shape))
    });
    let result = if repeats_itself { x } else { expanded(lowering, To::Node, x, shape)? };
    lowering.set(node.output(), result);
    Ok(())
}

fn tile(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let (own, shape) = (x.layout.shape(), lowering.shape(node.output())?);
    if own.len() != shape.len() || own.iter().zip(shape).any(|(own, size)| size % own != 0) {
        return Err(lowering.unsupported(format!("from shape {own:?} to {shape:?}")));
    }
    let repeats: Vec<usize> = own.iter().zip(shape).map(|(own, size)| size / own).collect();
    let result = repeated(lowering, To::Node, x, &own, &repeats)?;
    lowering.set(node.output(), result);
    Ok(())
}

/// The output is the input.
pub(super) fn alias(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let view = lowering.input(node, 0)?;
    lowering.set(node.output(), view);
    Ok(())
}

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

/// Moves blocks of pixels between channels and space, by the Reshape, Transpose and Reshape that define it.
fn blocks(lowering: &mut Lowering<'_>, node: &Node, x: View, shape: &[usize]) -> Result<View, LowerError> {
    let block = to_usize(node.int("blocksize").unwrap_or(1)).max(1);
    let &[1, channels, height, width] = x.layout.shape().as_slice() else {
        return Err(lowering.unsupported("of something that is not an image"));
    };
    let area = block.saturating_mul(block);
    let (split, order) = match (node.op.as_str(), node.text("mode").unwrap_or("DCR")) {
        // Operator set 28 gave SpaceToDepth the order that DepthToSpace has had since set 11.
        ("SpaceToDepth", mode) => (
            vec![1, channels, height / block, block, width / block, block],
            if mode == "CRD" { [0, 1, 3, 5, 2, 4] } else { [0, 3, 5, 1, 2, 4] },
        ),
        (_, "CRD") => (vec![1, channels / area, block, block, height, width], [0, 1, 4, 2, 5, 3]),
        _ => (vec![1, block, block, channels / area, height, width], [0, 3, 4, 1, 5, 2]),
    };
    let apart = reshaped(lowering, x, &split)?;
    let moved = View { tensor: apart.tensor, layout: apart.layout.transposed(&order) };
    reshaped(lowering, moved, shape)
}

fn concat(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let shape = lowering.shape(node.output())?;
    let axis = from_end(node.int("axis").unwrap_or(1), shape.len());
    if axis >= shape.len() {
        return Err(lowering.unsupported(format!("axis {axis} of a value of shape {shape:?}")));
    }
    let views = (0..node.inputs.len()).map(|index| lowering.input(node, index)).collect::<Result<Vec<_>, _>>()?;
    let result = joined(lowering, To::Node, &views, axis)?;
    lowering.set(node.output(), result);
    Ok(())
}

/// Values one after another along an axis.
pub(super) fn joined(lowering: &mut Lowering<'_>, to: To<'_>, views: &[View], axis: usize) -> Result<View, LowerError> {
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

fn split(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let axis = from_end(node.int("axis").unwrap_or(0), x.layout.dimensions.len());
    if axis >= x.layout.dimensions.len() {
        return Err(lowering.unsupported(format!("axis {axis} of a value of shape {:?}", x.layout.shape())));
    }
    let mut first = 0;
    for output in &node.outputs {
        let size = lowering.shape(output)?[axis];
        if lowering.links.is_read(output) || lowering.source.outputs.contains(output) {
            // Each part is a node of its own, named after its value.
            if first == 0 {
                lowering.place.output.clone_from(output);
            } else {
                lowering.next_part(output);
            }
            let indices: Vec<usize> = (first..first + size).collect();
            let part = selected(lowering, To::Node, x.clone(), axis, &indices)?;
            lowering.set(output, part);
        }
        first += size;
    }
    Ok(())
}

fn slice(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let shape = x.layout.shape();
    let parameter = |attribute: &str, index: usize| match (node.ints(attribute), lowering.integer_input(node, index)) {
        (Some(values), _) | (None, Some(values)) => Ok(Some(values.to_vec())),
        (None, None) if node.input(index).is_none() => Ok(None),
        (None, None) => Err(lowering.unsupported(format!("its {attribute} are not constants"))),
    };
    let (Some(starts), Some(ends)) = (parameter("starts", 1)?, parameter("ends", 2)?) else {
        return Err(lowering.unsupported("it has no bounds"));
    };
    let axes = parameter("axes", 3)?.unwrap_or_else(|| (0..starts.len()).map(to_i64).collect());
    let steps = parameter("steps", 4)?.unwrap_or_else(|| vec![1; starts.len()]);
    let mut chosen: Vec<(usize, Vec<usize>)> = Vec::new();
    for (((&start, &end), &axis), &step) in starts.iter().zip(&ends).zip(&axes).zip(&steps) {
        let axis = from_end(axis, shape.len());
        if axis >= shape.len() {
            return Err(lowering.unsupported(format!("axis {axis} of a value of shape {shape:?}")));
        }
        let indices = range(start, end, step, shape[axis]);
        if indices.len() != shape[axis] || step < 0 {
            chosen.push((axis, indices));
        }
    }
    let mut result = x;
    let last = chosen.len().saturating_sub(1);
    for (index, (axis, indices)) in chosen.iter().enumerate() {
        let to = if index == last { To::Node } else { To::Step("slice") };
        result = selected(lowering, to, result, *axis, indices)?;
    }
    lowering.set(node.output(), result);
    Ok(())
}

/// The indices that `start:end:step` means along a dimension of this size, as NumPy has it.
fn range(start: i64, end: i64, step: i64, size: usize) -> Vec<usize> {
    let size = to_i64(size);
    let (lowest, highest) = if step > 0 { (0, size) } else { (-1, size - 1) };
    let bound = |value: i64| (if value < 0 { value.saturating_add(size) } else { value }).clamp(lowest, highest);
    let (start, end) = (bound(start), bound(end));
    let mut indices = Vec::new();
    let mut index = start;
    while step != 0 && if step > 0 { index < end } else { index > end } {
        indices.push(to_usize(index));
        index = index.saturating_add(step);
    }
    indices
}

fn gather(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let shape = x.layout.shape();
    let axis = from_end(node.int("axis").unwrap_or(0), shape.len());
    let indices =
        lowering.integer_input(node, 1).ok_or_else(|| lowering.unsupported("its indices are not constants"))?;
    let size = shape.get(axis).copied().unwrap_or(0);
    let indices: Vec<usize> = indices.iter().map(|&index| from_end(index, size)).collect();
    if indices.iter().any(|&index| index >= size) {
        return Err(lowering.unsupported("an index is out of range"));
    }
    let chosen = selected(lowering, To::Node, x, axis, &indices)?;
    let result = reshaped(lowering, chosen, lowering.shape(node.output())?)?;
    lowering.set(node.output(), result);
    Ok(())
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
    let tensor = movement::select_channels(lowering, &view.tensor, &channels, to)?;
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
