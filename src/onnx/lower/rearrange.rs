//! Operators that compute nothing: they see a value in another shape or order, choose parts of it, or join values.

use super::activation::truncated;
use crate::onnx::core::along::{expanded, repeated};
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::numbers::{from_end, to_usize};
use crate::onnx::core::rearrange::{joined, reshaped, selected};
use crate::onnx::graph::{Node, to_i64};
use crate::onnx::proto::data_type;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    match node.op.as_str() {
        "Identity" | "Dropout" => alias(lowering, node),
        "Cast" => {
            let to = node.int("to").and_then(|to| i32::try_from(to).ok()).unwrap_or_default();
            match to {
                data_type::FLOAT | data_type::FLOAT16 | data_type::BFLOAT16 | data_type::DOUBLE => {
                    alias(lowering, node)
                }
                data_type::BOOL => {
                    let x = lowering.input(node, 0)?;
                    let sign = lowering.unary(To::Step("sign"), "Sign", &x)?;
                    let truth = lowering.unary(To::Node, "Abs", &sign)?;
                    lowering.set(node.output(), truth);
                    Ok(())
                }
                data_type::INT64
                | data_type::INT32
                | data_type::INT16
                | data_type::INT8
                | data_type::UINT8
                | data_type::UINT16
                | data_type::UINT32
                | data_type::UINT64 => to_integer(lowering, node, to),
                _ => Err(lowering.unsupported(format!("to element type {to}"))),
            }
        }
        "Expand" => expand(lowering, node),
        "Tile" => tile(lowering, node),
        "Concat" => concat(lowering, node),
        "Split" => split(lowering, node),
        "Slice" => slice(lowering, node),
        "Gather" => gather(lowering, node),
        op => {
            let x = lowering.input(node, 0)?;
            let shape = lowering.shape(node.output())?;
            let result = match op {
                "Transpose" => {
                    let rank = x.layout.dimensions.len();
                    let order: Vec<usize> = match node.ints("perm") {
                        Some(perm) => perm.iter().map(|&axis| to_usize(axis)).collect(),
                        None => (0..rank).rev().collect(),
                    };
                    if order.len() != rank || order.iter().any(|&axis| axis >= rank) {
                        return Err(lowering.unsupported(format!("the order {order:?} of {rank} dimensions")));
                    }
                    View { tensor: x.tensor, layout: x.layout.transposed(&order) }
                }
                "DepthToSpace" | "SpaceToDepth" => blocks(lowering, node, x, shape)?,
                _ => reshaped(lowering, x, shape)?,
            };
            lowering.set(node.output(), result);
            Ok(())
        }
    }
}

/// What is behind the point is cut off; of types of one byte what does not fit comes round again, as with onnxruntime.
fn to_integer(lowering: &mut Lowering<'_>, node: &Node, to: i32) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    // The least of the type's numbers, where there are few enough.
    let range = match to {
        data_type::UINT8 => Some((0.0, 256.0)),
        data_type::INT8 => Some((-128.0, 256.0)),
        _ => None,
    };
    let Some((least, count)) = range else {
        let whole = truncated(lowering, To::Node, &x)?;
        lowering.set(node.output(), whole);
        return Ok(());
    };
    let whole = truncated(lowering, To::Step("whole"), &x)?;
    let shifted = lowering.with_number(To::Step("shifted"), "Sub", &whole, least)?;
    let rounds = lowering.with_number(To::Step("rounds"), "Mul", &shifted, 1.0 / count)?;
    let rounds = lowering.unary(To::Step("rounds"), "Floor", &rounds)?;
    let rounds = lowering.with_number(To::Step("rounds"), "Mul", &rounds, count)?;
    let inside = lowering.pairwise(To::Node, "Sub", &whole, &rounds)?;
    lowering.set(node.output(), inside);
    Ok(())
}

fn expand(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let (x, shape) = (lowering.input(node, 0)?, lowering.shape(node.output())?);
    // Arithmetic repeats its operand by itself.
    let reader = lowering.links.only_reader(node.output()).filter(|_| !lowering.links.is_output(node.output()));
    let repeats_itself = reader.is_some_and(|reader| {
        let others = reader.inputs.iter().filter(|input| *input != node.output());
        matches!(reader.op.as_str(), "Add" | "Sub" | "Mul" | "Div")
            && others.clone().count() == 1
            && others.clone().all(|other| lowering.shape(other).is_ok_and(|other| other == shape))
    });
    let result = if repeats_itself { x } else { expanded(lowering, To::Node, x, shape)? };
    lowering.set(node.output(), result);
    Ok(())
}

fn tile(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let (own, shape) = (x.layout.shape(), lowering.shape(node.output())?);
    if own.len() != shape.len() || own.iter().zip(shape).any(|(own, size)| size % own != 0) {
        return Err(lowering.unsupported(format!("from shape {own:?} to {shape:?}")));
    }
    let repeats: Vec<usize> = own.iter().zip(shape).map(|(own, size)| size / own).collect();
    let result = repeated(lowering, To::Node, x, &own, &repeats)?;
    lowering.set(node.output(), result);
    Ok(())
}

/// The output is the input.
pub(super) fn alias(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let view = lowering.input(node, 0)?;
    lowering.set(node.output(), view);
    Ok(())
}

/// Moves blocks of pixels between channels and space, by the Reshape, Transpose and Reshape that define it.
fn blocks(lowering: &mut Lowering<'_>, node: &Node, x: View, shape: &[usize]) -> Result<View, LowerError> {
    let block = to_usize(node.int("blocksize").unwrap_or(1)).max(1);
    let &[1, channels, height, width] = x.layout.shape().as_slice() else {
        return Err(lowering.unsupported("of something that is not an image"));
    };
    let area = block.saturating_mul(block);
    let (split, order) = match (node.op.as_str(), node.text("mode").unwrap_or("DCR")) {
        // Operator set 28 gave SpaceToDepth the order that DepthToSpace has had since set 11.
        ("SpaceToDepth", mode) => (
            vec![1, channels, height / block, block, width / block, block],
            if mode == "CRD" { [0, 1, 3, 5, 2, 4] } else { [0, 3, 5, 1, 2, 4] },
        ),
        (_, "CRD") => (vec![1, channels / area, block, block, height, width], [0, 1, 4, 2, 5, 3]),
        _ => (vec![1, block, block, channels / area, height, width], [0, 3, 4, 1, 5, 2]),
    };
    let apart = reshaped(lowering, x, &split)?;
    let moved = View { tensor: apart.tensor, layout: apart.layout.transposed(&order) };
    reshaped(lowering, moved, shape)
}

fn concat(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let shape = lowering.shape(node.output())?;
    let axis = from_end(node.int("axis").unwrap_or(1), shape.len());
    if axis >= shape.len() {
        return Err(lowering.unsupported(format!("axis {axis} of a value of shape {shape:?}")));
    }
    let views = (0..node.inputs.len()).map(|index| lowering.input(node, index)).collect::<Result<Vec<_>, _>>()?;
    let result = joined(lowering, To::Node, &views, axis)?;
    lowering.set(node.output(), result);
    Ok(())
}

fn split(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let axis = from_end(node.int("axis").unwrap_or(0), x.layout.dimensions.len());
    if axis >= x.layout.dimensions.len() {
        return Err(lowering.unsupported(format!("axis {axis} of a value of shape {:?}", x.layout.shape())));
    }
    let mut first = 0;
    for output in &node.outputs {
        let size = lowering.shape(output)?[axis];
        if lowering.links.is_read(output) || lowering.source.outputs.contains(output) {
            // Each part is a node of its own, named after its value.
            if first == 0 {
                lowering.place.output.clone_from(output);
            } else {
                lowering.next_part(output);
            }
            let indices: Vec<usize> = (first..first + size).collect();
            let part = selected(lowering, To::Node, x.clone(), axis, &indices)?;
            lowering.set(output, part);
        }
        first += size;
    }
    Ok(())
}

fn slice(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let shape = x.layout.shape();
    let parameter = |attribute: &str, index: usize| match (node.ints(attribute), lowering.integer_input(node, index)) {
        (Some(values), _) | (None, Some(values)) => Ok(Some(values.to_vec())),
        (None, None) if node.input(index).is_none() => Ok(None),
        (None, None) => Err(lowering.unsupported(format!("its {attribute} are not constants"))),
    };
    let (Some(starts), Some(ends)) = (parameter("starts", 1)?, parameter("ends", 2)?) else {
        return Err(lowering.unsupported("it has no bounds"));
    };
    let axes = parameter("axes", 3)?.unwrap_or_else(|| (0..starts.len()).map(to_i64).collect());
    let steps = parameter("steps", 4)?.unwrap_or_else(|| vec![1; starts.len()]);
    let mut chosen: Vec<(usize, Vec<usize>)> = Vec::new();
    for (((&start, &end), &axis), &step) in starts.iter().zip(&ends).zip(&axes).zip(&steps) {
        let axis = from_end(axis, shape.len());
        if axis >= shape.len() {
            return Err(lowering.unsupported(format!("axis {axis} of a value of shape {shape:?}")));
        }
        let indices = range(start, end, step, shape[axis]);
        if indices.len() != shape[axis] || step < 0 {
            chosen.push((axis, indices));
        }
    }
    let mut result = x;
    let last = chosen.len().saturating_sub(1);
    for (index, (axis, indices)) in chosen.iter().enumerate() {
        let to = if index == last { To::Node } else { To::Step("slice") };
        result = selected(lowering, to, result, *axis, indices)?;
    }
    lowering.set(node.output(), result);
    Ok(())
}

/// The indices that `start:end:step` means along a dimension of this size, as NumPy has it.
fn range(start: i64, end: i64, step: i64, size: usize) -> Vec<usize> {
    let size = to_i64(size);
    let (lowest, highest) = if step > 0 { (0, size) } else { (-1, size - 1) };
    let bound = |value: i64| (if value < 0 { value.saturating_add(size) } else { value }).clamp(lowest, highest);
    let (start, end) = (bound(start), bound(end));
    let mut indices = Vec::new();
    let mut index = start;
    while step != 0 && if step > 0 { index < end } else { index > end } {
        indices.push(to_usize(index));
        index = index.saturating_add(step);
    }
    indices
}

fn gather(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let shape = x.layout.shape();
    let axis = from_end(node.int("axis").unwrap_or(0), shape.len());
    let indices =
        lowering.integer_input(node, 1).ok_or_else(|| lowering.unsupported("its indices are not constants"))?;
    let size = shape.get(axis).copied().unwrap_or(0);
    let indices: Vec<usize> = indices.iter().map(|&index| from_end(index, size)).collect();
    if indices.iter().any(|&index| index >= size) {
        return Err(lowering.unsupported("an index is out of range"));
    }
    let chosen = selected(lowering, To::Node, x, axis, &indices)?;
    let result = reshaped(lowering, chosen, lowering.shape(node.output())?)?;
    lowering.set(node.output(), result);
    Ok(())
}
