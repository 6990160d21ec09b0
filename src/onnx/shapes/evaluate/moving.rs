//! Reordering, joining and cutting known values: each is a list of indices into the elements.

use super::{Context, Elements, Input, Value};
use crate::domain::tensor::element_count;
use crate::onnx::shapes::moving::{slice_ranges, split_sizes};
use crate::onnx::shapes::reshape::permutation;

/// How far apart neighbours along each axis are, in row-major order.
pub(super) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    strides
}

/// Every sum of one offset per axis, the last axis running fastest.
pub(super) fn indices(offsets: &[Vec<usize>]) -> Vec<usize> {
    let mut indices = vec![0];
    for axis in offsets {
        indices = indices.iter().flat_map(|index| axis.iter().map(move |offset| index + offset)).collect();
    }
    indices
}

/// For each element of shape `to`, the index of the element of shape `from` that broadcasting takes.
pub(super) fn broadcast_indices(from: &[usize], to: &[usize]) -> Option<Vec<usize>> {
    let missing = to.len().checked_sub(from.len())?;
    let strides = strides(from);
    let offsets = to.iter().enumerate().map(|(axis, &length)| match axis.checked_sub(missing) {
        Some(source) if from[source] == length => Some((0..length).map(|index| index * strides[source]).collect()),
        Some(source) if from[source] != 1 => None,
        _ => Some(vec![0; length]),
    });
    Some(indices(&offsets.collect::<Option<Vec<_>>>()?))
}

pub(super) fn picked(value: &Value, indices: &[usize], shape: &[usize]) -> Option<Value> {
    Value::new(shape.to_vec(), value.data_type, value.elements.pick(indices)?)
}

/// The offsets of every index along every axis.
pub(super) fn all_offsets(shape: &[usize]) -> Vec<Vec<usize>> {
    shape
        .iter()
        .zip(strides(shape))
        .map(|(&length, stride)| (0..length).map(|index| index * stride).collect())
        .collect()
}

pub(super) fn concat(context: &Context, inputs: &[Input], shape: &[usize]) -> Option<Value> {
    let axis = context.axis(0, shape.len()).ok()?;
    let inputs: Vec<&Value> = inputs.iter().map(Option::as_deref).collect::<Option<_>>()?;
    let data_type = inputs.first()?.data_type;
    let outer = element_count(&shape[..axis])?;
    let mut indices = Vec::new();
    for row in 0..outer {
        let mut start = 0;
        for input in &inputs {
            let run = element_count(&input.shape[axis..])?;
            indices.extend((0..run).map(|index| start + row * run + index));
            start += input.elements.count();
        }
    }
    let all = if inputs.iter().all(|input| matches!(input.elements, Elements::Int(_))) {
        Elements::Int(inputs.iter().filter_map(|input| input.as_integers()).flatten().copied().collect())
    } else {
        let floats = inputs.iter().map(|input| match &input.elements {
            Elements::Float(floats) => Some(floats.as_slice()),
            Elements::Int(_) => None,
        });
        Elements::Float(floats.collect::<Option<Vec<_>>>()?.concat())
    };
    Value::new(shape.to_vec(), data_type, all.pick(&indices)?)
}

pub(super) fn expand(value: &Value, shape: &[usize]) -> Option<Value> {
    picked(value, &broadcast_indices(&value.shape, shape)?, shape)
}

pub(super) fn gather(context: &Context, value: &Value, chosen: &Value, shape: &[usize]) -> Option<Value> {
    let axis = context.axis(0, value.shape.len()).ok()?;
    let mut offsets = all_offsets(&value.shape);
    let length = i64::try_from(value.shape[axis]).ok()?;
    let along = chosen.as_integers()?.iter().map(|&index| {
        let index = if index < 0 { index.checked_add(length)? } else { index };
        offsets[axis].get(usize::try_from(index).ok()?).copied()
    });
    offsets[axis] = along.collect::<Option<_>>()?;
    picked(value, &indices(&offsets), shape)
}

pub(super) fn slice(context: &Context, value: &Value, shape: &[usize]) -> Option<Value> {
    let mut offsets = all_offsets(&value.shape);
    for range in slice_ranges(context).ok()? {
        let place = |index: usize| {
            let index = range.step.checked_mul(i64::try_from(index).ok()?)?.checked_add(range.start)?;
            offsets[range.axis].get(usize::try_from(index).ok()?).copied()
        };
        offsets[range.axis] = (0..range.count).map(place).collect::<Option<_>>()?;
    }
    picked(value, &indices(&offsets), shape)
}

pub(super) fn split(context: &Context, value: &Value, shapes: &[Vec<usize>]) -> Option<Vec<Value>> {
    let (axis, sizes) = split_sizes(context).ok()?;
    let mut start = 0;
    let parts = sizes.into_iter().zip(shapes).map(|(size, shape)| {
        let mut offsets = all_offsets(&value.shape);
        offsets[axis] = offsets[axis].get(start..start + size)?.to_vec();
        start += size;
        picked(value, &indices(&offsets), shape)
    });
    parts.collect()
}

pub(super) fn tile(value: &Value, shape: &[usize]) -> Option<Value> {
    let offsets = all_offsets(&value.shape).into_iter().zip(shape).map(|(axis, &length)| {
        // An axis of no elements repeats to none, so the remainder is only taken where there is something.
        (0..length).map(|index| axis[index % axis.len()]).collect()
    });
    picked(value, &indices(&offsets.collect::<Vec<_>>()), shape)
}

pub(super) fn transpose(context: &Context, value: &Value, shape: &[usize]) -> Option<Value> {
    let offsets = all_offsets(&value.shape);
    let permuted: Vec<_> = permutation(context).ok()?.into_iter().map(|axis| offsets[axis].clone()).collect();
    picked(value, &indices(&permuted), shape)
}
