//! Operators that pick or place elements by indices that are values themselves, and those that go along one axis.

use super::moving::{all_offsets, broadcast_indices, indices, picked, strides};
use super::{Context, Elements, Input, Value};
use crate::domain::tensor::element_count;
use crate::onnx::graph::to_i64;
use crate::onnx::proto::data_type;
use crate::onnx::shapes::moving::pad_amounts;

/// An index that may count from the end.
fn index(number: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let number = if number < 0 { number.checked_add(length)? } else { number };
    usize::try_from(number).ok().filter(|_| number < length)
}

pub(super) fn gather_elements(context: &Context, value: &Value, chosen: &Value, shape: &[usize]) -> Option<Value> {
    let sources = element_places(context, &value.shape, chosen)?;
    picked(value, &sources, shape)
}

/// For each of the indices the place in a value of shape `shape` that it means along the node's axis.
fn element_places(context: &Context, shape: &[usize], chosen: &Value) -> Option<Vec<usize>> {
    let axis = context.axis(0, shape.len()).ok()?;
    if chosen.shape.len() != shape.len()
        || chosen.shape.iter().zip(shape).enumerate().any(|(at, (a, b))| at != axis && a > b)
    {
        return None;
    }
    let strides = strides(shape);
    let rows = chosen
        .shape
        .iter()
        .enumerate()
        .map(|(at, &length)| (0..length).map(|index| if at == axis { 0 } else { index * strides[at] }).collect());
    let rows = indices(&rows.collect::<Vec<Vec<usize>>>());
    let along = chosen.as_integers()?.iter();
    along.zip(rows).map(|(&number, row)| Some(row + index(number, shape[axis])? * strides[axis])).collect()
}

/// For each tuple of indices the place of the first element of the slice that it means, and the length of the slices.
fn slice_places(shape: &[usize], chosen: &Value, batch: usize) -> Option<(Vec<usize>, usize)> {
    let (&depth, outer) = chosen.shape.split_last()?;
    let fixed = batch.checked_add(depth).filter(|&fixed| fixed <= shape.len())?;
    let (strides, length) = (strides(shape), element_count(&shape[fixed..])?);
    let per_batch = element_count(outer.get(batch..)?)?;
    let block: usize = element_count(&shape[batch..])?;
    let numbers = chosen.as_integers()?;
    let count = element_count(outer)?;
    let place = |at: usize| {
        let start = at.checked_div(per_batch)? * block;
        numbers[at * depth..(at + 1) * depth].iter().enumerate().try_fold(start, |place, (axis, &number)| {
            Some(place + index(number, shape[batch + axis])? * strides[batch + axis])
        })
    };
    Some(((0..count).map(place).collect::<Option<_>>()?, length))
}

pub(super) fn gather_nd(context: &Context, value: &Value, chosen: &Value, shape: &[usize]) -> Option<Value> {
    let batch = usize::try_from(context.node.int("batch_dims").unwrap_or(0)).ok()?;
    let (places, length) = slice_places(&value.shape, chosen, batch)?;
    let sources: Vec<usize> = places.into_iter().flat_map(|place| place..place + length).collect();
    picked(value, &sources, shape)
}

pub(super) fn scatter_elements(context: &Context, value: &Value, chosen: &Value, updates: &Value) -> Option<Value> {
    let places = element_places(context, &value.shape, chosen)?;
    scatter(context, value, &places, updates)
}

pub(super) fn scatter_nd(context: &Context, value: &Value, chosen: &Value, updates: &Value) -> Option<Value> {
    let (places, length) = slice_places(&value.shape, chosen, 0)?;
    let places: Vec<usize> = places.into_iter().flat_map(|place| place..place + length).collect();
    scatter(context, value, &places, updates)
}

/// Puts each update in its place, by the node's `reduction` where it names one.
fn scatter(context: &Context, value: &Value, places: &[usize], updates: &Value) -> Option<Value> {
    if updates.elements.count() != places.len() {
        return None;
    }
    let mut result = value.clone();
    let reduction = context.node.text("reduction").unwrap_or("none");
    match (&mut result.elements, &updates.elements) {
        (Elements::Float(all), Elements::Float(updates)) => {
            for (&place, &update) in places.iter().zip(updates) {
                let old = all.get_mut(place)?;
                *old = match reduction {
                    "none" => update,
                    "add" => *old + update,
                    "mul" => *old * update,
                    "max" => old.max(update),
                    "min" => old.min(update),
                    _ => return None,
                };
            }
        }
        (Elements::Int(all), Elements::Int(updates)) => {
            for (&place, &update) in places.iter().zip(updates) {
                let old = all.get_mut(place)?;
                *old = match reduction {
                    "none" => update,
                    "add" => old.checked_add(update)?,
                    "mul" => old.checked_mul(update)?,
                    "max" => update.max(*old),
                    "min" => update.min(*old),
                    _ => return None,
                };
            }
        }
        _ => return None,
    }
    Some(result)
}

/// The places of each row along an axis: where it begins, in row-major order of the others.
fn rows(shape: &[usize], axis: usize) -> (Vec<usize>, usize) {
    let mut offsets = all_offsets(shape);
    offsets[axis] = vec![0];
    (indices(&offsets), strides(shape)[axis])
}

pub(super) fn cumulative_sum(context: &Context, value: &Value, axis: &Value) -> Option<Value> {
    let axis = index(*axis.as_integers()?.first()?, value.shape.len())?;
    let flag = |name: &str| context.node.int(name).unwrap_or(0) != 0;
    let (exclusive, reverse) = (flag("exclusive"), flag("reverse"));
    let (starts, step) = rows(&value.shape, axis);
    let length = value.shape[axis];
    let mut result = value.clone();
    let place = |start: usize, at: usize| start + if reverse { length - 1 - at } else { at } * step;
    match &mut result.elements {
        Elements::Float(all) => {
            for start in starts {
                let mut sum = 0.0;
                for at in 0..length {
                    let element = all.get_mut(place(start, at))?;
                    let with = sum + *element;
                    *element = if exclusive { sum } else { with };
                    sum = with;
                }
            }
        }
        Elements::Int(all) => {
            for start in starts {
                let mut sum: i64 = 0;
                for at in 0..length {
                    let element = all.get_mut(place(start, at))?;
                    let with = sum.checked_add(*element)?;
                    *element = if exclusive { sum } else { with };
                    sum = with;
                }
            }
        }
    }
    Some(result)
}

/// The places of the elements of each row, the best first: the largest or smallest, and of equal ones the first.
fn ranked(value: &Value, axis: usize, largest: bool) -> Option<Vec<(usize, Vec<usize>)>> {
    let (starts, step) = rows(&value.shape, axis);
    let length = value.shape[axis];
    // Zeros of either sign are equal.
    let number = |place: usize| match &value.elements {
        Elements::Float(floats) => f64::from(floats[place]) + 0.0,
        Elements::Int(integers) => integers[place] as f64,
    };
    let row = |start: usize| {
        let order = crate::domain::order::order(length, &|a, b| {
            let (a, b) = (number(start + a * step), number(start + b * step));
            if largest { b.total_cmp(&a) } else { a.total_cmp(&b) }
        });
        (start, order)
    };
    Some(starts.into_iter().map(row).collect())
}

/// The best along an axis, and their indices.
pub(super) fn top_k(context: &Context, value: &Value, shape: &[usize]) -> Option<Vec<Value>> {
    let axis = context.axis(-1, value.shape.len()).ok()?;
    let ranked = ranked(value, axis, context.node.int("largest").unwrap_or(1) != 0)?;
    let (step, count) = (strides(&value.shape)[axis], shape[axis]);
    let (starts, new_step) = rows(shape, axis);
    let total = element_count(shape)?;
    let (mut sources, mut numbers) = (vec![0; total], vec![0_i64; total]);
    for ((start, order), target) in ranked.into_iter().zip(starts) {
        for (rank, &at) in order.iter().take(count).enumerate() {
            sources[target + rank * new_step] = start + at * step;
            numbers[target + rank * new_step] = i64::try_from(at).ok()?;
        }
    }
    Some(vec![picked(value, &sources, shape)?, Value::new(shape.to_vec(), data_type::INT64, Elements::Int(numbers))?])
}

/// How many values of its row come before each, as [`RANKS`](crate::onnx::operator::RANKS) counts them.
#[expect(clippy::cast_precision_loss, reason = "places in a dimension")]
pub(super) fn ranks(context: &Context, value: &Value) -> Option<Value> {
    let Elements::Float(floats) = &value.elements else { return None };
    let flag = |name: &str| context.node.int(name).unwrap_or(0) != 0;
    let (smallest, last) = (flag("smallest"), flag("last"));
    let length = *value.shape.last()?;
    let mut made = vec![0.0; floats.len()];
    for (row, made) in floats.chunks_exact(length.max(1)).zip(made.chunks_exact_mut(length.max(1))) {
        let place = |at: usize| if last { length - 1 - at } else { at };
        let order = crate::domain::order::order(length, &|a, b| {
            // Zeros of either sign are equal.
            let (a, b) = (row[place(a)] + 0.0, row[place(b)] + 0.0);
            if smallest { a.total_cmp(&b) } else { b.total_cmp(&a) }
        });
        for (rank, at) in order.into_iter().enumerate() {
            made[place(at)] = rank as f32;
        }
    }
    Value::new(value.shape.clone(), value.data_type, Elements::Float(made))
}

/// The index of the largest or smallest along an axis.
pub(super) fn best(context: &Context, value: &Value, largest: bool, shape: &[usize]) -> Option<Value> {
    let axis = context.axis(0, value.shape.len()).ok()?;
    let last = context.node.int("select_last_index").unwrap_or(0) != 0;
    let (starts, step) = rows(&value.shape, axis);
    let length = value.shape[axis];
    let number = |place: usize| match &value.elements {
        Elements::Float(floats) => f64::from(floats[place]),
        Elements::Int(integers) => integers[place] as f64,
    };
    let numbers = starts.into_iter().map(|start| {
        let mut best = 0;
        for at in 1..length {
            let (new, old) = (number(start + at * step), number(start + best * step));
            if (if largest { new > old } else { new < old }) || last && new == old {
                best = at;
            }
        }
        (length > 0).then(|| to_i64(best))
    });
    Value::new(shape.to_vec(), data_type::INT64, Elements::Int(numbers.collect::<Option<_>>()?))
}

/// 1 at the first of the largest values along an axis, or before operator set 13 along all axes from the named one on, and 0
/// elsewhere.
pub(super) fn hardmax(context: &Context, value: &Value) -> Option<Value> {
    let Elements::Float(floats) = &value.elements else { return None };
    let together = context.opset < 13;
    let axis = context.axis(if together { 1 } else { -1 }, value.shape.len()).ok()?;
    let (starts, step, length) = if together {
        let length: usize = value.shape.get(axis..)?.iter().product();
        ((0..floats.len()).step_by(length.max(1)).collect(), 1, length)
    } else {
        let (starts, step) = rows(&value.shape, axis);
        (starts, step, *value.shape.get(axis)?)
    };
    let mut made = vec![0.0; floats.len()];
    for start in starts {
        let at = |place: usize| start + place * step;
        let best = (1..length).fold(0, |best, place| if floats[at(place)] > floats[at(best)] { place } else { best });
        *made.get_mut(at(best))? = 1.0;
    }
    Value::new(value.shape.clone(), value.data_type, Elements::Float(made))
}

/// The upper or lower triangle of the last two axes.
pub(super) fn triangle(context: &Context, value: &Value, diagonal: Option<&Value>) -> Option<Value> {
    let shift = diagonal.map_or(Some(0), |value| value.as_integers()?.first().copied())?;
    let upper = context.node.int("upper").unwrap_or(1) != 0;
    let &[.., rows, columns] = &value.shape[..] else { return None };
    let mut result = value.clone();
    let is_kept = |place: usize| {
        let row = i64::try_from(place / columns % rows).unwrap_or(0);
        let column = i64::try_from(place % columns).unwrap_or(0);
        let distance = (column - row).saturating_sub(shift);
        if upper { distance >= 0 } else { distance <= 0 }
    };
    match &mut result.elements {
        Elements::Float(all) => {
            all.iter_mut().enumerate().filter(|(place, _)| !is_kept(*place)).for_each(|(_, x)| *x = 0.0)
        }
        Elements::Int(all) => {
            all.iter_mut().enumerate().filter(|(place, _)| !is_kept(*place)).for_each(|(_, x)| *x = 0)
        }
    }
    Some(result)
}

/// `off` everywhere but at the index, where it is `on`.
pub(super) fn one_hot(context: &Context, inputs: &[Input], shape: &[usize]) -> Option<Value> {
    let (chosen, values) = (inputs.first()?.as_deref()?, inputs.get(2)?.as_deref()?);
    let axis = context.axis(-1, shape.len()).ok()?;
    let (starts, step) = rows(shape, axis);
    let mut sources = vec![0; element_count(shape)?];
    for (&start, &number) in starts.iter().zip(chosen.as_integers()?) {
        if let Some(at) = index(number, shape[axis]) {
            *sources.get_mut(start + at * step)? = 1;
        }
    }
    picked(values, &sources, shape)
}

/// Elements around the value: one number, or mirrored, repeated or continued from the value itself. Negative amounts cut.
pub(super) fn pad(context: &Context, value: &Value, filling: Option<&Value>, shape: &[usize]) -> Option<Value> {
    let amounts = pad_amounts(context).ok()?;
    let mode = context.node.text("mode").unwrap_or("constant");
    let mut inside = Vec::with_capacity(shape.len());
    for (axis, (&length, &[before, _])) in shape.iter().zip(&amounts).enumerate() {
        let size = i64::try_from(value.shape[axis]).ok()?;
        let source = |at: usize| {
            let at = i64::try_from(at).ok()? - before;
            let at = match mode {
                _ if (0..size).contains(&at) => at,
                "constant" => return Some(None),
                _ if size == 0 => return None,
                "edge" => at.clamp(0, size - 1),
                "wrap" => at.rem_euclid(size),
                "reflect" if size == 1 => 0,
                "reflect" => {
                    let at = at.rem_euclid(2 * (size - 1));
                    at.min(2 * (size - 1) - at)
                }
                _ => return None,
            };
            usize::try_from(at).ok().map(Some)
        };
        inside.push((0..length).map(source).collect::<Option<Vec<Option<usize>>>>()?);
    }
    let strides = strides(&value.shape);
    let mut sources: Vec<Option<usize>> = vec![Some(0)];
    for (axis, places) in inside.iter().enumerate() {
        let next = |base: &Option<usize>| {
            places.iter().map(|place| Some((*base)? + (*place)? * strides[axis])).collect::<Vec<_>>()
        };
        sources = sources.iter().flat_map(next).collect();
    }
    let elements = match &value.elements {
        Elements::Float(floats) => {
            let filling = match filling.map(|value| &value.elements) {
                Some(Elements::Float(number)) => *number.first()?,
                Some(Elements::Int(_)) => return None,
                None => context.node.float("value").unwrap_or(0.0),
            };
            Elements::Float(sources.iter().map(|source| source.map_or(filling, |at| floats[at])).collect())
        }
        Elements::Int(integers) => {
            let filling = filling.map_or(Some(0), |value| value.as_integers()?.first().copied())?;
            Elements::Int(sources.iter().map(|source| source.map_or(filling, |at| integers[at])).collect())
        }
    };
    Value::new(shape.to_vec(), value.data_type, elements)
}

/// Values that are the same along the axes left out are given once for each element of `shape`.
pub(super) fn along(value: &Value, shape: &[usize], axis: usize) -> Option<Vec<f32>> {
    let Elements::Float(floats) = &value.elements else { return None };
    let mut form = vec![1; shape.len()];
    *form.get_mut(axis)? = floats.len();
    let places = broadcast_indices(&form, shape)?;
    Some(places.into_iter().map(|place| floats[place]).collect())
}
