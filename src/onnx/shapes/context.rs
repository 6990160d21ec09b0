//! What a rule may ask about its node.

use std::borrow::Cow;

use super::value::{Elements, Value};
use super::{Fault, Known, MOST_ELEMENTS, MOST_KNOWN_ELEMENTS, invalid};
use crate::onnx::graph::{Graph, Node};

/// The largest number that any size, pad, stride or dilation may have, so that the product of two never overflows.
pub(super) const LARGEST: i64 = MOST_ELEMENTS as i64;

/// A node together with what is known of its inputs.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub node: &'a Node,
    pub opset: i64,
    pub graph: &'a Graph,
    pub known: &'a Known,
}

impl<'a> Context<'a> {
    /// The shape of input `index`, which must be there.
    pub fn shape(&self, index: usize) -> Result<&'a [usize], Fault> {
        match self.optional_shape(index)? {
            Some(shape) => Ok(shape),
            None => invalid(format!("input {index} is missing")),
        }
    }

    /// The shape of input `index`, or `None` where it is left out.
    pub fn optional_shape(&self, index: usize) -> Result<Option<&'a [usize]>, Fault> {
        let Some(name) = self.node.input(index) else { return Ok(None) };
        match self.known.shapes.get(name) {
            Some(shape) => Ok(Some(shape)),
            None => invalid(format!("nothing makes its input \"{name}\"")),
        }
    }

    /// The shape of input `index` as signed numbers, none of them above [`LARGEST`].
    pub fn sizes(&self, index: usize) -> Result<Vec<i64>, Fault> {
        self.shape(index)?.iter().map(|&length| signed(length)).collect()
    }

    /// The value of input `index` where it is known before the graph runs, however large.
    pub fn any_value(&self, index: usize) -> Option<Cow<'a, Value>> {
        let name = self.node.input(index)?;
        if let Some(value) = self.known.values.get(name) {
            return Some(Cow::Borrowed(value));
        }
        Value::from_constant(self.graph.constants.get(name)?).map(Cow::Owned)
    }

    /// The value of input `index` where it is known and small.
    pub fn value(&self, index: usize) -> Option<Cow<'a, Value>> {
        let name = self.node.input(index)?;
        let small = self.graph.constants.get(name).is_none_or(|constant| {
            crate::domain::tensor::element_count(&constant.shape).is_some_and(|count| count <= MOST_KNOWN_ELEMENTS)
        });
        if small { self.any_value(index) } else { None }
    }

    /// The integers of input `index`, or `None` where it is left out.
    pub fn input_integers(&self, index: usize) -> Result<Option<Vec<i64>>, Fault> {
        if self.node.input(index).is_none() {
            return Ok(None);
        }
        match self.value(index).as_deref().map(|value| &value.elements) {
            Some(Elements::Int(integers)) => Ok(Some(integers.clone())),
            Some(Elements::Float(_)) => invalid(format!("input {index} must hold integers")),
            None => Err(Fault::Dynamic(format!("its input {index} is not a constant"))),
        }
    }

    /// The floats of input `index`, or `None` where it is left out.
    pub fn input_floats(&self, index: usize) -> Result<Option<Vec<f32>>, Fault> {
        if self.node.input(index).is_none() {
            return Ok(None);
        }
        match self.value(index).as_deref().map(|value| &value.elements) {
            Some(Elements::Float(floats)) => Ok(Some(floats.clone())),
            Some(Elements::Int(_)) => invalid(format!("input {index} must hold floats")),
            None => Err(Fault::Dynamic(format!("its input {index} is not a constant"))),
        }
    }

    /// Integers that older opsets give as an attribute and newer ones as an input.
    pub fn integers(&self, attribute: &str, index: usize) -> Result<Option<Vec<i64>>, Fault> {
        Ok(self.input_integers(index)?.or_else(|| self.node.ints(attribute).map(<[i64]>::to_vec)))
    }

    /// An axis attribute as an index below `rank`; `default` where it is left out.
    pub fn axis(&self, default: i64, rank: usize) -> Result<usize, Fault> {
        axis(self.node.int("axis").unwrap_or(default), rank)
    }
}

/// A size as a signed number that can be calculated with.
pub(super) fn signed(length: usize) -> Result<i64, Fault> {
    match i64::try_from(length) {
        Ok(length) if length <= LARGEST => Ok(length),
        _ => invalid(format!("a size of {length} is too large")),
    }
}

/// A calculated size as a shape's dimension.
pub(super) fn length(name: &str, size: i64) -> Result<usize, Fault> {
    match usize::try_from(size) {
        Ok(length) if size <= LARGEST => Ok(length),
        _ => invalid(format!("{name} would be {size}")),
    }
}

/// Checks that a parameter is within `least..=LARGEST`.
pub(super) fn bounded(name: &str, number: i64, least: i64) -> Result<i64, Fault> {
    if (least..=LARGEST).contains(&number) { Ok(number) } else { invalid(format!("{name} is {number}")) }
}

/// An axis, which may count from the end, as an index below `rank`.
pub(super) fn axis(axis: i64, rank: usize) -> Result<usize, Fault> {
    let from_start = if axis < 0 { axis.checked_add(signed(rank)?) } else { Some(axis) };
    match from_start.and_then(|axis| usize::try_from(axis).ok()) {
        Some(index) if index < rank => Ok(index),
        _ => invalid(format!("axis {axis} does not exist in a value of {rank} dimensions")),
    }
}

/// Several axes as indices below `rank`, each of them once.
pub(super) fn axes(list: &[i64], rank: usize) -> Result<Vec<usize>, Fault> {
    let mut indices = Vec::with_capacity(list.len().min(rank));
    for &number in list {
        let index = axis(number, rank)?;
        if indices.contains(&index) {
            return invalid(format!("axis {number} is named twice"));
        }
        indices.push(index);
    }
    Ok(indices)
}
