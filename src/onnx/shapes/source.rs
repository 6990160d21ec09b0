//! Operators that make a value from nothing, or from a shape alone.

use super::context::{axis, bounded, length, signed};
use super::{Context, Elements, Fault, Outcome, Value, invalid};
use crate::onnx::graph::Attribute;
use crate::onnx::proto::data_type;

/// The attribute's shape.
pub(super) fn constant(context: &Context) -> Outcome {
    match constant_value(context) {
        Some(value) => Ok(vec![value.shape]),
        None => Err(Fault::Unknown),
    }
}

/// The part of a shape that a Shape node gives: from `start` up to `end`, each clamped, negative from the end.
pub(super) fn shape_part<'a>(context: &Context<'a>) -> Result<&'a [usize], Fault> {
    let input = context.shape(0)?;
    let rank = signed(input.len())?;
    let place = |number: i64| {
        let number = if number < 0 { number.saturating_add(rank) } else { number };
        length("an index", number.clamp(0, rank))
    };
    let start = place(context.node.int("start").unwrap_or(0))?;
    let end = place(context.node.int("end").unwrap_or(rank))?;
    Ok(&input[start..end.max(start)])
}

/// One number per dimension.
pub(super) fn shape(context: &Context) -> Outcome {
    Ok(vec![vec![shape_part(context)?.len()]])
}

/// The input's values as a shape.
pub(super) fn constant_of_shape(context: &Context) -> Outcome {
    let Some(sizes) = context.input_integers(0)? else { return invalid("it has no shape") };
    Ok(vec![sizes.iter().map(|&size| length("a dimension", size)).collect::<Result<_, _>>()?])
}

/// `⌈(limit − start) / delta⌉` numbers.
pub(super) fn range(context: &Context) -> Outcome {
    let mut values = Vec::new();
    for index in 0..3 {
        match context.value(index).as_deref().map(|value| &value.elements) {
            Some(Elements::Int(integers)) if integers.len() == 1 => values.push(integers[0] as f64),
            Some(Elements::Float(floats)) if floats.len() == 1 => values.push(f64::from(floats[0])),
            Some(_) => return invalid(format!("input {index} is not one number")),
            None => return Err(Fault::Dynamic(format!("its input {index} is not a constant"))),
        }
    }
    let count = ((values[1] - values[0]) / values[2]).ceil();
    if !count.is_finite() {
        return invalid(format!("it goes from {} to {} by {}", values[0], values[1], values[2]));
    }
    Ok(vec![vec![length("its length", bounded("its length", count.max(0.0) as i64, 0)?)?]])
}

/// One column per element that is not zero.
pub(super) fn non_zero(context: &Context) -> Outcome {
    let rank = context.shape(0)?.len();
    match context.value(0) {
        Some(value) => {
            let count = match &value.elements {
                Elements::Int(integers) => integers.iter().filter(|&&integer| integer != 0).count(),
                Elements::Float(floats) => floats.iter().filter(|&&float| float != 0.0).count(),
            };
            Ok(vec![vec![rank, count]])
        }
        None => Err(Fault::Dynamic("it counts elements that are not zero".to_owned())),
    }
}

/// The indices' shape with one more axis of `depth`.
pub(super) fn one_hot(context: &Context) -> Outcome {
    let mut shape = context.shape(0)?.to_vec();
    let depth = match context.value(1).as_deref().map(|value| &value.elements) {
        Some(Elements::Int(integers)) if integers.len() == 1 => integers[0],
        Some(Elements::Float(floats)) if floats.len() == 1 => floats[0] as i64,
        Some(_) => return invalid("its depth is not one number"),
        None => return Err(Fault::Dynamic("its depth is not a constant".to_owned())),
    };
    let axis = axis(context.node.int("axis").unwrap_or(-1), shape.len() + 1)?;
    shape.insert(axis, length("its depth", depth)?);
    Ok(vec![shape])
}

/// The value of a Constant node in any of its forms.
pub(super) fn constant_value(context: &Context) -> Option<Value> {
    let attributes = &context.node.attributes;
    if let Some(Attribute::Tensor(constant)) = attributes.get("value") {
        return Value::from_constant(constant);
    }
    let node = context.node;
    if let Some(integer) = node.int("value_int") {
        return Value::new(vec![], data_type::INT64, Elements::Int(vec![integer]));
    }
    if let Some(float) = node.float("value_float") {
        return Value::new(vec![], data_type::FLOAT, Elements::Float(vec![float]));
    }
    if let Some(integers) = node.ints("value_ints") {
        return Some(Value::integers(integers.to_vec()));
    }
    if let Some(Attribute::Floats(floats)) = attributes.get("value_floats") {
        return Value::new(vec![floats.len()], data_type::FLOAT, Elements::Float(floats.clone()));
    }
    None
}
