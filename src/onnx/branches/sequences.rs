//! Sequences of values whose length is known: a list of names, of which nothing is left in the graph.

use super::Writer;
use crate::onnx::graph::{Attribute, Constant, Node, to_i64};
use crate::onnx::shapes::{Elements, Walk};

/// The most parts that a value is split into: each becomes a value with a name.
const MOST_PARTS: usize = 1024;

/// The nodes that an operator on sequences is made of; `None` where it depends on the picture, or is of something else.
pub(super) fn parts(writer: &mut Writer, node: &Node, walk: &mut Walk<'_>) -> Option<Vec<Node>> {
    let output = node.output().to_owned();
    let sequence = || node.input(0).and_then(|name| writer.sequences.get(name)).cloned();
    let made = match node.op.as_str() {
        "SequenceConstruct" => node.inputs.clone(),
        "SequenceEmpty" => Vec::new(),
        "Identity" => sequence()?,
        "SequenceInsert" => {
            let mut all = sequence()?;
            let place = position(node, 2, walk, all.len(), all.len())?;
            all.insert(place, node.input(1)?.to_owned());
            all
        }
        "SequenceErase" => {
            let mut all = sequence()?;
            let place = position(node, 1, walk, all.len().checked_sub(1)?, all.len())?;
            (place < all.len()).then(|| all.remove(place))?;
            all
        }
        "SequenceAt" => {
            let all = sequence()?;
            let chosen = all.get(position(node, 1, walk, all.len(), all.len())?)?;
            return Some(vec![Node::new("Identity", &[chosen], &output).named(&node.name)]);
        }
        "SequenceLength" => {
            let length = to_i64(sequence()?.len());
            let length = Constant::integers(Vec::new(), vec![length]);
            let length = writer.constant(walk, format!("{output}/length"), length);
            return Some(vec![Node::new("Identity", &[&length], &output).named(&node.name)]);
        }
        "SplitToSequence" => return split(writer, node, walk),
        "ConcatFromSequence" => {
            let all = sequence()?;
            return joined(writer, node, walk, &all);
        }
        _ => return None,
    };
    writer.sequences.insert(output, made);
    Some(Vec::new())
}

/// A place in a sequence that an input names, counted from the end where it is negative; the default where it is left out.
fn position(node: &Node, index: usize, walk: &Walk<'_>, default: usize, length: usize) -> Option<usize> {
    let Some(name) = node.input(index) else { return Some(default) };
    let Elements::Int(number) = &walk.value(name)?.elements else { return None };
    let number = *number.first()?;
    let number = if number < 0 { number.checked_add(to_i64(length))? } else { number };
    usize::try_from(number).ok().filter(|&place| place <= length)
}

/// An axis of a value of this rank.
fn axis_of(node: &Node, rank: usize) -> Option<usize> {
    let axis = node.int("axis").unwrap_or(0);
    let axis = if axis < 0 { axis.checked_add(to_i64(rank))? } else { axis };
    usize::try_from(axis).ok().filter(|&axis| axis < rank)
}

fn split(writer: &mut Writer, node: &Node, walk: &mut Walk<'_>) -> Option<Vec<Node>> {
    let shape = walk.known.shapes.get(node.input(0)?)?.clone();
    let axis = axis_of(node, shape.len())?;
    let length = shape[axis];
    let count = |size: usize| length.div_ceil(size.max(1));
    let sizes: Vec<usize> = match node.input(1) {
        None if count(1) > MOST_PARTS => return None,
        None => vec![1; length],
        Some(name) => {
            let value = walk.value(name)?;
            let Elements::Int(sizes) = &value.elements else { return None };
            let sizes = sizes.iter().map(|&size| usize::try_from(size).ok()).collect::<Option<Vec<_>>>()?;
            match sizes[..] {
                [size] if value.shape.is_empty() && count(size) > MOST_PARTS => return None,
                [size] if value.shape.is_empty() => {
                    (0..length).step_by(size.max(1)).map(|start| size.max(1).min(length - start)).collect()
                }
                _ => sizes,
            }
        }
    };
    let sum = sizes.iter().try_fold(0_usize, |sum, &size| sum.checked_add(size));
    if sum != Some(length) || sizes.is_empty() || sizes.len() > MOST_PARTS {
        return None;
    }
    let output = node.output();
    let mut parts: Vec<String> = (0..sizes.len()).map(|at| writer.names.fresh(format!("{output}/{at}"))).collect();
    let mut apart = Node::new("Split", &[node.input(0)?], &parts[0]).named(&node.name);
    apart.outputs.clone_from(&parts);
    let numbers: Vec<i64> = sizes.iter().map(|&size| to_i64(size)).collect();
    if walk.opset() < 13 {
        apart = apart.with("split", Attribute::Ints(numbers));
    } else {
        let constant = Constant::integers(vec![sizes.len()], numbers);
        apart.inputs.push(writer.constant(walk, format!("{output}/split"), constant));
    }
    let mut nodes = vec![apart.with("axis", Attribute::Int(to_i64(axis)))];
    if node.input(1).is_none() && node.int("keepdims").unwrap_or(1) == 0 {
        let mut without = shape;
        without.remove(axis);
        for part in &mut parts {
            let (node, made) = reshaped(writer, walk, part, &without);
            nodes.push(node);
            *part = made;
        }
    }
    writer.sequences.insert(output.to_owned(), parts);
    Some(nodes)
}

fn joined(writer: &mut Writer, node: &Node, walk: &mut Walk<'_>, all: &[String]) -> Option<Vec<Node>> {
    let (mut parts, mut nodes) = (all.to_vec(), Vec::new());
    let mut shapes = all.iter().map(|name| walk.known.shapes.get(name).cloned()).collect::<Option<Vec<_>>>()?;
    let new = node.int("new_axis").unwrap_or(0) != 0;
    let rank = shapes.first()?.len();
    if shapes.iter().any(|shape| shape.len() != rank) {
        return None;
    }
    let axis = axis_of(node, rank + usize::from(new))?;
    if new {
        for (part, shape) in parts.iter_mut().zip(&mut shapes) {
            shape.insert(axis, 1);
            let (node, made) = reshaped(writer, walk, part, shape);
            nodes.push(node);
            *part = made;
        }
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    nodes.push(Node::new("Concat", &parts, node.output()).named(&node.name).with("axis", Attribute::Int(to_i64(axis))));
    Some(nodes)
}

/// A Reshape of a value, and the name of what it makes.
pub(super) fn reshaped(writer: &mut Writer, walk: &mut Walk<'_>, value: &str, shape: &[usize]) -> (Node, String) {
    let sizes = shape.iter().map(|&size| to_i64(size)).collect();
    let target = writer.constant(walk, format!("{value}/shape"), Constant::integers(vec![shape.len()], sizes));
    let made = writer.names.fresh(format!("{value}/reshaped"));
    (Node::new("Reshape", &[value, &target], &made), made)
}
