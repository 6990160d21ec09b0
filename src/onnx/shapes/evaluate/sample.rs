//! Values sampled at positions that are values themselves.

use super::moving::strides;
use super::{Context, Elements, Input, Value};
use crate::domain::tensor::element_count;
use crate::onnx::sampling::{Interpolation, Outside, Sampling, Taps};
use crate::onnx::shapes::sample::Deformed;

fn floats(value: &Value) -> Option<&[f32]> {
    match &value.elements {
        Elements::Float(floats) => Some(floats),
        Elements::Int(_) => None,
    }
}

pub(super) fn grid_sample(context: &Context, value: &Value, grid: &Value, shape: &[usize]) -> Option<Value> {
    let sampling = Sampling::of(context.node)?;
    let (&[batch, channels, ref spatial @ ..], places) = (&value.shape[..], shape.get(2..)?) else { return None };
    let (area, count) = (element_count(spatial)?, element_count(places)?);
    let (elements, numbers) = (floats(value)?, floats(grid)?);
    let mut made = vec![0.0; element_count(shape)?];
    for at in 0..batch * count {
        let given = numbers.get(at * spatial.len()..(at + 1) * spatial.len())?;
        // The grid names the last axis first.
        let taps: Vec<Taps> = spatial
            .iter()
            .zip(given.iter().rev())
            .map(|(&size, &number)| sampling.taps(sampling.position(number, size), size))
            .collect();
        let terms = terms(&taps, spatial);
        let (picture, place) = (at / count, at % count);
        for plane in picture * channels..(picture + 1) * channels {
            let own = elements.get(plane * area..(plane + 1) * area)?;
            made[plane * count + place] = terms.iter().map(|&(source, weight)| own[source] * weight).sum();
        }
    }
    Value::new(shape.to_vec(), value.data_type, Elements::Float(made))
}

/// The elements of a plane that are taken, and their weights, from those along each axis.
fn terms(taps: &[Taps], spatial: &[usize]) -> Vec<(usize, f32)> {
    let strides = strides(spatial);
    let mut terms = vec![(0, 1.0)];
    for (own, stride) in taps.iter().zip(strides) {
        let along = |&(start, weight): &(usize, f32)| {
            own.iter().flatten().map(move |&(place, own)| (start + place * stride, weight * own)).collect::<Vec<_>>()
        };
        terms = terms.iter().flat_map(along).collect();
    }
    terms
}

pub(super) fn affine_grid(context: &Context, theta: &Value, shape: &[usize]) -> Option<Value> {
    let (&[_, ref spatial @ .., axes], theta) = (shape, floats(theta)?) else { return None };
    let align_corners = context.node.int("align_corners").unwrap_or(0) != 0;
    let base = base_grid(spatial, align_corners);
    let mut made = Vec::with_capacity(element_count(shape)?);
    for matrix in theta.chunks_exact(axes * (axes + 1)) {
        for place in base.chunks_exact(axes + 1) {
            let row = |row: &[f32]| row.iter().zip(place).map(|(a, b)| a * b).sum::<f32>();
            made.extend(matrix.chunks_exact(axes + 1).map(row));
        }
    }
    Value::new(shape.to_vec(), crate::onnx::proto::data_type::FLOAT, Elements::Float(made))
}

/// The place of each element of a grid as numbers from −1 to 1, the last axis first, and a 1.
#[expect(clippy::cast_precision_loss, reason = "sizes of pictures are far below 2^24")]
pub(crate) fn base_grid(spatial: &[usize], align_corners: bool) -> Vec<f32> {
    let count: usize = spatial.iter().product();
    let strides = strides(spatial);
    let mut made = Vec::with_capacity(count * (spatial.len() + 1));
    for at in 0..count {
        for (&size, stride) in spatial.iter().zip(&strides).rev() {
            let (place, size) = ((at / stride % size) as f32, size as f32);
            made.push(match align_corners {
                true if size > 1.0 => 2.0 * place / (size - 1.0) - 1.0,
                true => -1.0,
                false => (2.0 * place + 1.0) / size - 1.0,
            });
        }
        made.push(1.0);
    }
    made
}

pub(super) fn deform_conv(context: &Context, inputs: &[Input], shape: &[usize]) -> Option<Value> {
    let deformed = Deformed::read(context).ok()?;
    let of = |index: usize| inputs.get(index)?.as_deref().map(floats);
    let (value, weights, offsets) = (of(0)??, of(1)??, of(2)??);
    let (bias, mask) = (of(3), of(4));
    let &[_, channels, height, width] = context.shape(0).ok()? else { return None };
    let &[_, per_group, down, across] = context.shape(1).ok()? else { return None };
    let Deformed { batch, group, offset_group, size, maps, .. } = deformed;
    let (taps, pixels, area) = (down * across, size[0] * size[1], height * width);
    let sampling = Sampling { interpolation: Interpolation::Linear, outside: Outside::Zeros, align_corners: false };
    let (rows, columns) = (deformed.places(0), deformed.places(1));
    // What each place of the kernel sees, for each channel.
    let mut seen = vec![0.0_f32; channels * taps * pixels];
    let mut made = vec![0.0_f32; element_count(shape)?];
    for picture in 0..batch {
        for (at, place) in (0..offset_group * taps).flat_map(|at| (0..pixels).map(move |place| (at, place))) {
            let (own, tap) = (at / taps, at % taps);
            let offset = |axis: usize| offsets.get(((picture * offset_group * taps + at) * 2 + axis) * pixels + place);
            #[expect(clippy::cast_precision_loss, reason = "places in a picture")]
            let along = |axis: usize, place: i64| Some(place as f32 + offset(axis)?);
            let y = along(0, rows(tap / across, place / size[1]))?;
            let x = along(1, columns(tap % across, place % size[1]))?;
            let terms = terms(&[sampling.taps(y, height), sampling.taps(x, width)], &[height, width]);
            let strength = match mask {
                Some(mask) => *mask?.get((picture * offset_group * taps + at) * pixels + place)?,
                None => 1.0,
            };
            let per_offsets = channels / offset_group;
            for channel in own * per_offsets..(own + 1) * per_offsets {
                let plane = value.get((picture * channels + channel) * area..)?;
                let sum: f32 = terms.iter().map(|&(source, weight)| plane[source] * weight).sum();
                seen[(channel * taps + tap) * pixels + place] = sum * strength;
            }
        }
        for map in 0..maps {
            let result = made.get_mut((picture * maps + map) * pixels..)?.get_mut(..pixels)?;
            if let Some(bias) = bias {
                result.fill(*bias?.get(map)?);
            }
            let first = map / (maps / group) * per_group * taps;
            let own = weights.get(map * per_group * taps..)?.iter().take(per_group * taps);
            for (row, weight) in seen.chunks_exact(pixels).skip(first).zip(own) {
                result.iter_mut().zip(row).for_each(|(sum, seen)| *sum += seen * weight);
            }
        }
    }
    Value::new(shape.to_vec(), crate::onnx::proto::data_type::FLOAT, Elements::Float(made))
}
