//! Einsum: each operand is brought to the labels that anybody else asks for, and then two at a time are multiplied as stacks of
//! matrices.

use std::collections::BTreeMap;

use super::matmul::product;
use super::reduce;
use crate::onnx::core::along::along;
use crate::onnx::core::arithmetic::{Operand, operand};
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::rearrange::reshaped;
use crate::onnx::einsum::Equation;
use crate::onnx::graph::{Attribute, Constant, Data, Node};
use crate::onnx::shapes::{Value, compute};
use crate::onnx::slice_sums::Sums;

/// An operand and the labels of its dimensions.
type Term = (Operand, Vec<char>);

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let operands = (0..node.inputs.len()).map(|index| operand(lowering, node, index)).collect::<Result<Vec<_>, _>>()?;
    let shapes: Vec<Vec<usize>> = operands.iter().map(Operand::shape).collect();
    let shapes: Vec<&[usize]> = shapes.iter().map(Vec::as_slice).collect();
    let ranks: Vec<usize> = shapes.iter().map(|shape| shape.len()).collect();
    let read = Equation::read(node.text("equation").unwrap_or_default(), &ranks)
        .and_then(|read| Ok((read.sizes(&shapes)?, read)));
    let (sizes, Equation { terms: labels, result }) = read.map_err(|detail| lowering.unsupported(detail))?;
    let mut terms: Vec<Term> = Vec::with_capacity(operands.len());
    for (own, (operand, own_labels)) in operands.into_iter().zip(&labels).enumerate() {
        let asked = |label: &char| {
            result.contains(label)
                || labels.iter().enumerate().any(|(other, labels)| other != own && labels.contains(label))
        };
        // A dimension of one element stands for any number of them, and takes no part.
        let wanted: Vec<char> = own_labels
            .iter()
            .enumerate()
            .filter(|&(place, label)| {
                let whole = sizes.get(label) == Some(&shapes[own][place]);
                whole && asked(label) && !own_labels[..place].contains(label)
            })
            .map(|(_, &label)| label)
            .collect();
        terms.push((narrowed(lowering, operand, own_labels, &wanted)?, wanted));
    }
    // A computed value first, so that every product is of one.
    terms.sort_by_key(|(operand, _)| matches!(operand, Operand::Constant(_)));
    let mut terms = terms.into_iter().peekable();
    let mut all = terms.next().ok_or_else(|| lowering.unsupported("it has no operands"))?;
    while let Some(next) = terms.next() {
        let last = terms.peek().is_none();
        let rest: Vec<Term> = terms.collect();
        let kept = |label: &char| result.contains(label) || rest.iter().any(|(_, labels)| labels.contains(label));
        all = multiplied(lowering, if last { To::Node } else { To::Step("product") }, all, next, &kept, &sizes)?;
        terms = rest.into_iter().peekable();
    }
    let (Operand::Computed(view), labels) = all else {
        return Err(lowering.unsupported("all of its operands are constants"));
    };
    let view = ordered(&view, &labels, &result).ok_or_else(|| lowering.unsupported(format!("{labels:?}")))?;
    lowering.set(node.output(), view);
    Ok(())
}

/// An operand with each wanted label once: its diagonal where a label stands twice, and the sum over what is not wanted.
fn narrowed(
    lowering: &mut Lowering<'_>,
    operand: Operand,
    labels: &[char],
    wanted: &[char],
) -> Result<Operand, LowerError> {
    if labels == wanted {
        return Ok(operand);
    }
    let mut view = match operand {
        Operand::Constant(constant) => return Ok(Operand::Constant(rearranged(lowering, &constant, labels, wanted)?)),
        Operand::Computed(view) => view,
    };
    let mut labels = labels.to_vec();
    while let Some((first, second)) = twice(&labels) {
        let shape = view.layout.shape();
        let (rank, size, label) = (shape.len(), shape[first], labels[first]);
        let mut order: Vec<usize> = (0..rank).filter(|&axis| axis != first && axis != second).collect();
        let mut whole: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
        labels = order.iter().map(|&axis| labels[axis]).collect();
        labels.push(label);
        order.extend([first, second]);
        whole.push(lowering.made_up(&[size, size])?);
        let moved = View { layout: view.layout.transposed(&order), ..view };
        let pairs = reshaped(lowering, moved, &whole)?;
        let diagonal = Sums::taking((0..size).map(|place| Some(place * (size + 1))));
        view = along(lowering, To::Step("diagonal"), pairs, rank - 2, diagonal)?;
    }
    let others: Vec<usize> = (0..labels.len()).filter(|&at| !wanted.contains(&labels[at])).collect();
    if !others.is_empty() {
        let sum = reduce::sum(lowering, To::Step("sum"), &view, &others)?;
        view = reduce::without(sum, &others);
        labels.retain(|label| wanted.contains(label));
    }
    ordered(&view, &labels, wanted)
        .map(Operand::Computed)
        .ok_or_else(|| lowering.unsupported(format!("dimensions {wanted:?} of {labels:?}")))
}

/// Where a label stands for the first and the second time.
fn twice(labels: &[char]) -> Option<(usize, usize)> {
    labels.iter().enumerate().find_map(|(second, label)| {
        labels[..second].iter().position(|other| other == label).map(|first| (first, second))
    })
}

/// The product of two terms, summed over what both have and nobody keeps.
fn multiplied(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    (left, left_labels): Term,
    (right, right_labels): Term,
    kept: &dyn Fn(&char) -> bool,
    sizes: &BTreeMap<char, usize>,
) -> Result<Term, LowerError> {
    let of = |labels: &[char], wanted: &dyn Fn(&char) -> bool| -> Vec<char> {
        labels.iter().copied().filter(|label| wanted(label)).collect()
    };
    let stack = of(&left_labels, &|label| right_labels.contains(label) && kept(label));
    let inner = of(&left_labels, &|label| right_labels.contains(label) && !kept(label));
    let rows = of(&left_labels, &|label| !right_labels.contains(label));
    let columns = of(&right_labels, &|label| !left_labels.contains(label));
    let lengths =
        |labels: &[char]| -> Vec<usize> { labels.iter().filter_map(|label| sizes.get(label).copied()).collect() };
    let count = |labels: &[char]| lengths(labels).iter().product::<usize>();
    let mut matrices = |operand: Operand, labels: &[char], order: [&[char]; 3]| {
        let shape = [&lengths(order[0])[..], &[count(order[1]), count(order[2])]].concat();
        in_order(lowering, operand, labels, &order.concat(), shape)
    };
    let left = matrices(left, &left_labels, [&stack, &rows, &inner])?;
    let right = matrices(right, &right_labels, [&stack, &inner, &columns])?;
    let product = product(lowering, to, &left, &right)?;
    let labels = [&stack[..], &rows, &columns].concat();
    let apart = reshaped(lowering, product, &lengths(&labels))?;
    Ok((Operand::Computed(apart), labels))
}

/// The value with its dimensions in another order.
fn ordered(view: &View, labels: &[char], wanted: &[char]) -> Option<View> {
    let order: Option<Vec<usize>> = wanted.iter().map(|label| labels.iter().position(|it| it == label)).collect();
    let order = order.filter(|order| order.len() == labels.len())?;
    Some(View { tensor: view.tensor.clone(), layout: view.layout.transposed(&order) })
}

/// The operand with its dimensions in another order, seen in a shape.
fn in_order(
    lowering: &mut Lowering<'_>,
    operand: Operand,
    labels: &[char],
    wanted: &[char],
    shape: Vec<usize>,
) -> Result<Operand, LowerError> {
    match operand {
        Operand::Computed(view) => {
            let view = ordered(&view, labels, wanted)
                .ok_or_else(|| lowering.unsupported(format!("dimensions {wanted:?} of {labels:?}")))?;
            Ok(Operand::Computed(reshaped(lowering, view, &shape)?))
        }
        Operand::Constant(constant) => {
            let Constant { data, .. } = rearranged(lowering, &constant, labels, wanted)?;
            Ok(Operand::Constant(Constant { shape, data }))
        }
    }
}

/// A constant with other labels, by the rule that folds constants.
fn rearranged(
    lowering: &Lowering<'_>,
    constant: &Constant,
    labels: &[char],
    wanted: &[char],
) -> Result<Constant, LowerError> {
    if labels == wanted {
        return Ok(constant.clone());
    }
    // The labels of an ellipsis are no letters of an equation.
    let all = ('a'..='z').chain('A'..='Z');
    let free: Vec<char> = all.filter(|letter| !labels.contains(letter)).collect();
    let others: Vec<char> = labels.iter().copied().filter(|label| !label.is_ascii()).collect();
    let letter = |label: &char| match others.iter().position(|other| other == label) {
        Some(place) => free.get(place).copied(),
        None => Some(*label),
    };
    let written = |labels: &[char]| labels.iter().map(letter).collect::<Option<String>>();
    let made = written(labels).zip(written(wanted)).and_then(|(from, to)| {
        let equation = Attribute::Text(format!("{from}->{to}"));
        let node = Node::new("Einsum", &["constant"], "").with("equation", equation);
        let made = compute(&node, lowering.source.opset(), vec![Some(Value::from_constant(constant)?)]).ok()?;
        made.into_iter().next()?.to_constant()
    });
    made.filter(|made| matches!(made.data, Data::F32(_)))
        .ok_or_else(|| lowering.unsupported("a constant cannot be rearranged"))
}
