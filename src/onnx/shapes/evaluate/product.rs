//! Products of matrices, in the general form of Einstein sums: every letter is an axis, and what the result lacks is summed.

use std::collections::BTreeMap;

use super::moving::strides;
use super::{Context, Elements, Input, Value};
use crate::domain::tensor::element_count;
use crate::onnx::einsum::Equation;
use crate::onnx::proto::data_type;

/// The most products that are added up: what takes a second or two.
const MOST_PRODUCTS: usize = 1 << 30;

/// Axes by letters. NumPy's `matmul` broadcasts leading axes, so a length of 1 may stand for any.
pub(super) fn einsum(context: &Context, inputs: &[Input], shape: &[usize]) -> Option<Value> {
    let given: Vec<&Value> = inputs.iter().map(Option::as_deref).collect::<Option<_>>()?;
    let ranks: Vec<usize> = given.iter().map(|value| value.shape.len()).collect();
    let Equation { terms, result } = Equation::read(context.node.text("equation")?, &ranks).ok()?;
    sum_of_products(&terms, &given, &result, shape)
}

pub(super) fn matmul(left: &Value, right: &Value, shape: &[usize]) -> Option<Value> {
    // The axes before the last two by capital letters, aligned at the end.
    let batch = left.shape.len().max(right.shape.len()).saturating_sub(2);
    let letter = |place: usize| char::from_u32(u32::try_from(place).ok()? + 0x100);
    let leading: Vec<char> = (0..batch).map(letter).collect::<Option<_>>()?;
    let of = |value: &Value, last: [char; 2], vector: char| {
        if value.shape.len() == 1 {
            return vec![vector];
        }
        let own = value.shape.len() - 2;
        [&leading[batch - own..], &last[..]].concat()
    };
    let terms = vec![of(left, ['i', 'k'], 'k'), of(right, ['k', 'j'], 'k')];
    let mut result = leading.clone();
    result.extend((left.shape.len() > 1).then_some('i'));
    result.extend((right.shape.len() > 1).then_some('j'));
    sum_of_products(&terms, &[left, right], &result, shape)
}

pub(super) fn gemm(context: &Context, inputs: &[Input], shape: &[usize]) -> Option<Value> {
    let given = |index: usize| inputs.get(index).and_then(Option::as_deref);
    let turned = |flag: &str| context.node.int(flag).unwrap_or(0) != 0;
    let left = if turned("transA") { ['k', 'i'] } else { ['i', 'k'] };
    let right = if turned("transB") { ['j', 'k'] } else { ['k', 'j'] };
    let terms = vec![left.to_vec(), right.to_vec()];
    let product = sum_of_products(&terms, &[given(0)?, given(1)?], &['i', 'j'], shape)?;
    let number = |name: &str| context.node.float(name).unwrap_or(1.0);
    let (Elements::Float(products), alpha, beta) = (product.elements, number("alpha"), number("beta")) else {
        return None;
    };
    let added = match given(2) {
        None => vec![0.0; products.len()],
        Some(value) => {
            let Elements::Float(floats) = &value.elements else { return None };
            let places = super::moving::broadcast_indices(&value.shape, shape)?;
            places.into_iter().map(|place| floats[place]).collect()
        }
    };
    let sums = products.iter().zip(added).map(|(product, added)| alpha * product + beta * added).collect();
    Value::new(shape.to_vec(), data_type::FLOAT, Elements::Float(sums))
}

fn sum_of_products(terms: &[Vec<char>], values: &[&Value], result: &[char], shape: &[usize]) -> Option<Value> {
    if terms.len() != values.len() || result.len() != shape.len() {
        return None;
    }
    let mut sizes: BTreeMap<char, usize> = BTreeMap::new();
    for (term, value) in terms.iter().zip(values) {
        if term.len() != value.shape.len() {
            return None;
        }
        for (&letter, &length) in term.iter().zip(&value.shape) {
            let size = sizes.entry(letter).or_insert(length);
            *size = length.max(*size);
        }
    }
    let summed: Vec<char> = sizes.keys().copied().filter(|letter| !result.contains(letter)).collect();
    let letters: Vec<char> = result.iter().copied().chain(summed.iter().copied()).collect();
    let lengths: Vec<usize> = letters.iter().map(|letter| sizes.get(letter).copied()).collect::<Option<_>>()?;
    element_count(&lengths).filter(|&count| count <= MOST_PRODUCTS)?;
    // How far each factor moves with each letter: an axis of one element does not.
    let steps: Vec<Vec<usize>> = terms
        .iter()
        .zip(values)
        .map(|(term, value)| {
            let strides = strides(&value.shape);
            let step = |letter: &char| {
                let own = term.iter().enumerate().filter(|(axis, other)| *other == letter && value.shape[*axis] > 1);
                own.map(|(axis, _)| strides[axis]).sum()
            };
            letters.iter().map(step).collect()
        })
        .collect();
    let floats: Vec<&[f32]> = values
        .iter()
        .map(|value| match &value.elements {
            Elements::Float(floats) => Some(&floats[..]),
            Elements::Int(_) => None,
        })
        .collect::<Option<_>>()?;
    let (outer, inner) = lengths.split_at(result.len());
    let count: usize = element_count(inner)?;
    let mut sums = Vec::with_capacity(element_count(outer)?);
    let mut place = vec![0; result.len()];
    let mut along = vec![0; inner.len()];
    for _ in 0..element_count(outer)? {
        let start: Vec<usize> =
            steps.iter().map(|steps| place.iter().zip(steps).map(|(at, step)| at * step).sum()).collect();
        let mut sum = 0.0_f32;
        along.fill(0);
        let mut at = start.clone();
        for _ in 0..count {
            let mut product = 1.0;
            for (floats, &at) in floats.iter().zip(&at) {
                product *= floats.get(at)?;
            }
            sum += product;
            for axis in (0..inner.len()).rev() {
                let letter = result.len() + axis;
                along[axis] += 1;
                let back = along[axis] == inner[axis];
                for (at, steps) in at.iter_mut().zip(&steps) {
                    *at = if back { *at - steps[letter] * (inner[axis] - 1) } else { *at + steps[letter] };
                }
                if !back {
                    break;
                }
                along[axis] = 0;
            }
        }
        sums.push(sum);
        for axis in (0..place.len()).rev() {
            place[axis] += 1;
            if place[axis] < outer[axis] {
                break;
            }
            place[axis] = 0;
        }
    }
    Value::new(shape.to_vec(), data_type::FLOAT, Elements::Float(sums))
}
