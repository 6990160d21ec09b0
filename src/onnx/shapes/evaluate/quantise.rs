//! Numbers rounded to those that integers of some width stand for.

use super::{Context, Elements, Input, Value};
use crate::onnx::quantised::{Scheme, rounded};
use crate::onnx::shapes::context::axis;

/// A value rounded; scale, zero point and factor are one number each, or one for each place along an axis.
pub(super) fn round_trip(context: &Context, inputs: &[Input]) -> Option<Value> {
    let value = inputs.first()?.as_deref()?;
    let floats = |index: usize| match &inputs.get(index).and_then(Option::as_deref)?.elements {
        Elements::Float(floats) => Some(&floats[..]),
        Elements::Int(_) => None,
    };
    let (given, scales, zeros, factors) = (floats(0)?, floats(1)?, floats(2).unwrap_or(&[0.0]), floats(3));
    let [low, high] = [context.node.float("low")?, context.node.float("high")?];
    let axis = axis(context.node.int("axis").unwrap_or(0), value.shape.len().max(1)).ok()?;
    let places = |lists: [&[f32]; 2]| Scheme { scales: lists[0], zeros: lists[1], axis, block: 0 }.places(&value.shape);
    let (place, factor_place) = (places([scales, zeros])?, places([factors.unwrap_or(&[1.0]), &[0.0]])?);
    let number = |list: &[f32], place: usize| if list.len() == 1 { list.first() } else { list.get(place) }.copied();
    let at = |(index, &value): (usize, &f32)| {
        let scale = number(scales, place(index))?;
        let steps = match factors {
            Some(factors) => value * number(factors, factor_place(index))?,
            None => value / scale,
        };
        Some(rounded(steps, scale, number(zeros, place(index))?, low, high))
    };
    let elements = given.iter().enumerate().map(at).collect::<Option<_>>()?;
    Value::new(value.shape.clone(), value.data_type, Elements::Float(elements))
}
