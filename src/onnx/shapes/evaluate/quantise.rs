//! Numbers rounded to those that integers of some width stand for.

use std::borrow::Cow;

use super::{Context, Elements, Input, Value};
use crate::onnx::quantised::{Scheme, rounded};
use crate::onnx::shapes::context::axis;

/// A value rounded; scale, zero point and factor are one number each, or one for each place along an axis.
pub(super) fn round_trip(context: &Context, inputs: &[Input]) -> Option<Value> {
    let value = inputs.first()?.as_deref()?;
    let floats = |index: usize| {
        Some(match &inputs.get(index)?.as_deref()?.elements {
            Elements::Float(floats) => Cow::Borrowed(&floats[..]),
            // A zero point that the network computes is still of its own type.
            Elements::Int(integers) => integers.iter().map(|&integer| integer as f32).collect(),
        })
    };
    let (given, scales, factors) = (floats(0)?, floats(1)?, floats(3));
    let zeros = floats(2).unwrap_or(Cow::Borrowed(&[0.0]));
    let [low, high] = [context.node.float("low")?, context.node.float("high")?];
    let axis = axis(context.node.int("axis").unwrap_or(0), value.shape.len().max(1)).ok()?;
    let places = |lists: [&[f32]; 2]| Scheme { scales: lists[0], zeros: lists[1], axis, block: 0 }.places(&value.shape);
    let (place, factor_place) = (places([&scales, &zeros])?, places([factors.as_deref().unwrap_or(&[1.0]), &[0.0]])?);
    let number = |list: &[f32], place: usize| if list.len() == 1 { list.first() } else { list.get(place) }.copied();
    let at = |(index, &value): (usize, &f32)| {
        let scale = number(&scales, place(index))?;
        let steps = match &factors {
            Some(factors) => value * number(factors, factor_place(index))?,
            None => value / scale,
        };
        Some(rounded(steps, scale, number(&zeros, place(index))?, low, high))
    };
    let elements = given.iter().enumerate().map(at).collect::<Option<_>>()?;
    Value::new(value.shape.clone(), value.data_type, Elements::Float(elements))
}
