//! Operators that give the same elements another shape or order, or repeat them.

use super::context::{axes, axis, bounded, length, signed};
use super::elementwise::broadcast_shapes;
use super::{Context, Outcome, invalid};
use crate::domain::tensor::element_count;

/// 0 keeps a dimension (unless `allowzero`), one −1 takes what is left.
pub(super) fn reshape(context: &Context) -> Outcome {
    let input = context.shape(0)?;
    let Some(wanted) = context.integers("shape", 1)? else { return invalid("it has no shape") };
    let allow_zero = context.node.int("allowzero").unwrap_or(0) != 0;
    let mut shape = Vec::with_capacity(wanted.len());
    let mut open = None;
    for (index, &size) in wanted.iter().enumerate() {
        shape.push(match size {
            -1 if open.is_none() => {
                open = Some(index);
                1
            }
            0 if !allow_zero => match input.get(index) {
                Some(&kept) => kept,
                None => return invalid(format!("dimension {index} of {input:?} does not exist")),
            },
            size => length("a dimension", size)?,
        });
    }
    let (Some(total), Some(rest)) = (element_count(input), element_count(&shape)) else {
        return invalid(format!("{wanted:?} is too large"));
    };
    if let Some(index) = open {
        if rest == 0 || total % rest != 0 {
            return invalid(format!("{input:?} cannot become {wanted:?}"));
        }
        shape[index] = total / rest;
    } else if total != rest {
        return invalid(format!("{input:?} has {total} elements, {wanted:?} has {rest}"));
    }
    Ok(vec![shape])
}

/// Two dimensions: the product of those before the axis and of those from it on.
pub(super) fn flatten(context: &Context) -> Outcome {
    let input = context.shape(0)?;
    let number = context.node.int("axis").unwrap_or(1);
    let axis = if number == signed(input.len())? { input.len() } else { axis(number, input.len())? };
    match (element_count(&input[..axis]), element_count(&input[axis..])) {
        (Some(rows), Some(columns)) => Ok(vec![vec![rows, columns]]),
        _ => invalid(format!("{input:?} is too large")),
    }
}

/// Removes dimensions of 1.
pub(super) fn squeeze(context: &Context) -> Outcome {
    let input = context.shape(0)?;
    let removed = match context.integers("axes", 1)? {
        Some(list) => axes(&list, input.len())?,
        None => (0..input.len()).filter(|&axis| input[axis] == 1).collect(),
    };
    if let Some(axis) = removed.iter().find(|&&axis| input[axis] != 1) {
        return invalid(format!("dimension {axis} of {input:?} is not 1"));
    }
    let kept = (0..input.len()).filter(|axis| !removed.contains(axis));
    Ok(vec![kept.map(|axis| input[axis]).collect()])
}

/// Inserts dimensions of 1 at positions of the result.
pub(super) fn unsqueeze(context: &Context) -> Outcome {
    let input = context.shape(0)?;
    let Some(list) = context.integers("axes", 1)? else { return invalid("it has no axes") };
    let rank = input.len() + list.len();
    let inserted = axes(&list, rank)?;
    let mut rest = input.iter();
    let shape = (0..rank).filter_map(|axis| if inserted.contains(&axis) { Some(1) } else { rest.next().copied() });
    Ok(vec![shape.collect()])
}

/// The order of axes of a Transpose; reversed where it is left out.
pub(crate) fn permutation(context: &Context) -> Result<Vec<usize>, super::Fault> {
    let rank = context.shape(0)?.len();
    match context.node.ints("perm") {
        None => Ok((0..rank).rev().collect()),
        Some(list) if list.len() == rank => axes(list, rank),
        Some(list) => invalid(format!("perm {list:?} does not fit {rank} dimensions")),
    }
}

/// Axes in another order.
pub(super) fn transpose(context: &Context) -> Outcome {
    let input = context.shape(0)?;
    Ok(vec![permutation(context)?.into_iter().map(|axis| input[axis]).collect()])
}

/// Broadcast to a shape (in both directions).
pub(super) fn expand(context: &Context) -> Outcome {
    let Some(wanted) = context.integers("shape", 1)? else { return invalid("it has no shape") };
    let wanted = wanted.iter().map(|&size| length("a dimension", size)).collect::<Result<Vec<_>, _>>()?;
    Ok(vec![broadcast_shapes(&[context.shape(0)?, &wanted])?])
}

/// Each axis repeated.
pub(super) fn tile(context: &Context) -> Outcome {
    let input = context.sizes(0)?;
    let Some(repeats) = context.integers("repeats", 1)? else { return invalid("it has no repeats") };
    if repeats.len() != input.len() {
        return invalid(format!("{} repeats do not fit {} dimensions", repeats.len(), input.len()));
    }
    let tiled =
        input.iter().zip(&repeats).map(|(size, &times)| length("a dimension", size * bounded("repeats", times, 0)?));
    Ok(vec![tiled.collect::<Result<_, _>>()?])
}

/// The block size and the four dimensions of the input.
fn blocks(context: &Context) -> Result<(i64, [i64; 4]), super::Fault> {
    let block = bounded("blocksize", context.node.int("blocksize").unwrap_or(0), 1)?;
    match context.sizes(0)?[..] {
        [batch, channels, height, width] => Ok((block, [batch, channels, height, width])),
        ref shape => invalid(format!("its input of shape {shape:?} does not have four dimensions")),
    }
}

fn shape_of(sizes: [i64; 4]) -> Outcome {
    Ok(vec![sizes.into_iter().map(|size| length("a dimension", size)).collect::<Result<_, _>>()?])
}

/// Channels become blocks of pixels.
pub(super) fn depth_to_space(context: &Context) -> Outcome {
    let (block, [batch, channels, height, width]) = blocks(context)?;
    if channels % (block * block) != 0 {
        return invalid(format!("{channels} channels do not make {block}×{block} blocks"));
    }
    shape_of([batch, channels / (block * block), height * block, width * block])
}

/// Blocks of pixels become channels.
pub(super) fn space_to_depth(context: &Context) -> Outcome {
    let (block, [batch, channels, height, width]) = blocks(context)?;
    if height % block != 0 || width % block != 0 {
        return invalid(format!("{height}×{width} is not made of {block}×{block} blocks"));
    }
    match channels.checked_mul(block * block) {
        Some(channels) => shape_of([batch, channels, height / block, width / block]),
        None => invalid(format!("{block}×{block} blocks are too large")),
    }
}
