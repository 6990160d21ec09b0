//! Operators that join values, cut them apart, or pick elements.

use super::context::{axes, axis, bounded, length, signed};
use super::{Context, Fault, Outcome, invalid};
use crate::onnx::slice_sums::SliceSums;

/// Joined along one axis.
pub(super) fn concat(context: &Context) -> Outcome {
    let mut shape = context.shape(0)?.to_vec();
    let Some(number) = context.node.int("axis") else { return invalid("it has no axis") };
    let axis = axis(number, shape.len())?;
    for index in 1..context.node.inputs.len() {
        let other = context.shape(index)?;
        let fits = other.len() == shape.len() && (0..shape.len()).all(|at| at == axis || other[at] == shape[at]);
        if !fits {
            return invalid(format!("{shape:?} and {other:?} cannot be joined along axis {axis}"));
        }
        shape[axis] = match shape[axis].checked_add(other[axis]) {
            Some(sum) => sum,
            None => return invalid("the result is too large"),
        };
    }
    Ok(vec![shape])
}

/// The axis of a Split and the size of each part.
pub(crate) fn split_sizes(context: &Context) -> Result<(usize, Vec<usize>), Fault> {
    let input = context.shape(0)?;
    let axis = context.axis(0, input.len())?;
    let total = signed(input[axis])?;
    let parts = context.node.outputs.len();
    let sizes = match context.integers("split", 1)? {
        Some(sizes) => sizes,
        None => {
            let count = match context.node.int("num_outputs") {
                Some(count) => bounded("num_outputs", count, 1)?,
                None => bounded("the number of outputs", signed(parts)?, 1)?,
            };
            if length("num_outputs", count)? != parts {
                return invalid(format!("num_outputs is {count}, but there are {parts} outputs"));
            }
            if context.node.int("num_outputs").is_none() && total % count != 0 {
                return invalid(format!("{total} cannot be split into {count} equal parts"));
            }
            // An uneven split has a smaller last part.
            let part = (total + count - 1) / count;
            (0..count).map(|index| part.min(total - (part * index).min(total))).collect()
        }
    };
    if sizes.len() != parts {
        return invalid(format!("{} sizes are given for {parts} outputs", sizes.len()));
    }
    let sizes = sizes.iter().map(|&size| length("a part", size)).collect::<Result<Vec<_>, _>>()?;
    let sum = sizes.iter().try_fold(0_usize, |sum, &size| sum.checked_add(size));
    if sum != Some(input[axis]) {
        return invalid(format!("parts of {sizes:?} do not make {total}"));
    }
    Ok((axis, sizes))
}

/// Cut apart along one axis.
pub(super) fn split(context: &Context) -> Outcome {
    let input = context.shape(0)?;
    let (axis, sizes) = split_sizes(context)?;
    let part = |size| {
        let mut shape = input.to_vec();
        shape[axis] = size;
        shape
    };
    Ok(sizes.into_iter().map(part).collect())
}

/// As many slices along the axis as there are sums.
pub(super) fn slice_sums(context: &Context) -> Outcome {
    let shape = context.shape(0)?;
    match SliceSums::of(context.node).and_then(|sums| sums.shape(shape)) {
        Some(shape) => Ok(vec![shape]),
        None => invalid(format!("it takes slices that an input of shape {shape:?} does not have")),
    }
}

/// What a Slice takes along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub axis: usize,
    pub start: i64,
    pub step: i64,
    pub count: usize,
}

/// The ranges of a Slice, from attributes (opsets before 10) or inputs.
pub(crate) fn slice_ranges(context: &Context) -> Result<Vec<Range>, Fault> {
    let input = context.sizes(0)?;
    let (Some(starts), Some(ends)) = (context.integers("starts", 1)?, context.integers("ends", 2)?) else {
        return invalid("it has no starts or no ends");
    };
    let axes = match context.integers("axes", 3)? {
        Some(list) => axes(&list, input.len())?,
        None => (0..starts.len()).collect(),
    };
    let steps = context.input_integers(4)?.unwrap_or_else(|| vec![1; starts.len()]);
    if starts.len() != ends.len() || starts.len() != axes.len() || starts.len() != steps.len() {
        return invalid("starts, ends, axes and steps differ in length");
    }
    let mut ranges = Vec::new();
    for (index, &axis) in axes.iter().enumerate() {
        let Some(&size) = input.get(axis) else {
            return invalid(format!("axis {axis} does not exist in a value of {} dimensions", input.len()));
        };
        let step = steps[index];
        if step == 0 {
            return invalid("a step is 0");
        }
        // Both ends count from the end where negative and are then clamped; −1 stands before the first element when
        // going backwards.
        let (least, most) = if step > 0 { (0, size) } else { (-1, size - 1) };
        let place = |number: i64| if number < 0 { number.saturating_add(size) } else { number };
        let start = place(starts[index]).clamp(if step > 0 { 0 } else { 0.min(most) }, most.max(0));
        let end = place(ends[index]).clamp(least, most.max(least));
        let span = if step > 0 { end - start } else { start - end };
        let width = step.unsigned_abs();
        let count = if span <= 0 || size == 0 { 0 } else { span.unsigned_abs().div_ceil(width) };
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        ranges.push(Range { axis, start, step, count: length("a part", count)? });
    }
    Ok(ranges)
}

/// A part of each axis.
pub(super) fn slice(context: &Context) -> Outcome {
    let mut shape = context.shape(0)?.to_vec();
    for range in slice_ranges(context)? {
        shape[range.axis] = range.count;
    }
    Ok(vec![shape])
}

/// How much a Pad adds before and after each axis; negative numbers cut.
pub(crate) fn pad_amounts(context: &Context) -> Result<Vec<[i64; 2]>, Fault> {
    let rank = context.shape(0)?.len();
    let Some(pads) = context.integers("pads", 1)? else { return invalid("it has no pads") };
    let axes = match context.input_integers(3)? {
        Some(list) => axes(&list, rank)?,
        None => (0..rank).collect(),
    };
    if pads.len() != 2 * axes.len() {
        return invalid(format!("{} pads do not fit {} axes", pads.len(), axes.len()));
    }
    let mut amounts = vec![[0, 0]; rank];
    for (index, &axis) in axes.iter().enumerate() {
        amounts[axis] = [pads[index], pads[index + axes.len()]];
        for amount in amounts[axis] {
            if amount == i64::MIN {
                return invalid(format!("a pad is {amount}"));
            }
            bounded("a pad", amount.abs(), 0)?;
        }
    }
    Ok(amounts)
}

/// Elements added around the input.
pub(super) fn pad(context: &Context) -> Outcome {
    let input = context.sizes(0)?;
    let padded = input
        .iter()
        .zip(pad_amounts(context)?)
        .map(|(size, [before, after])| length("a dimension", size + before + after));
    Ok(vec![padded.collect::<Result<_, _>>()?])
}

/// Whole slices picked along one axis.
pub(super) fn gather(context: &Context) -> Outcome {
    let (input, indices) = (context.shape(0)?, context.shape(1)?);
    let axis = context.axis(0, input.len())?;
    Ok(vec![[&input[..axis], indices, &input[axis + 1..]].concat()])
}

/// Elements picked one by one.
pub(super) fn gather_elements(context: &Context) -> Outcome {
    let (input, indices) = (context.shape(0)?, context.shape(1)?);
    context.axis(0, input.len())?;
    if input.len() != indices.len() {
        return invalid(format!("indices of shape {indices:?} do not fit {input:?}"));
    }
    Ok(vec![indices.to_vec()])
}

/// Slices picked by index tuples.
pub(super) fn gather_nd(context: &Context) -> Outcome {
    let (input, indices) = (context.shape(0)?, context.shape(1)?);
    let batch = bounded("batch_dims", context.node.int("batch_dims").unwrap_or(0), 0)?;
    let batch = length("batch_dims", batch)?;
    match indices {
        [outer @ .., depth] if batch <= outer.len() && batch + depth <= input.len() => {
            Ok(vec![[outer, &input[batch + depth..]].concat()])
        }
        _ => invalid(format!("indices of shape {indices:?} do not fit {input:?}")),
    }
}
