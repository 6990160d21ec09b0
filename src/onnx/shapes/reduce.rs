//! Reductions along axes.

use super::context::{axis, bounded, length};
use super::{Context, Fault, Outcome, invalid};
use crate::onnx::tables::IntoTable;

/// The axes a reduction goes over, in ascending order, and whether it keeps them as 1.
pub(crate) fn reduced_axes(context: &Context) -> Result<(Vec<usize>, bool), Fault> {
    let rank = context.shape(0)?.len();
    let keep = context.node.int("keepdims").unwrap_or(1) != 0;
    let list = context.integers("axes", 1)?.unwrap_or_default();
    if list.is_empty() {
        let none = context.node.int("noop_with_empty_axes").unwrap_or(0) != 0;
        return Ok((if none { vec![] } else { (0..rank).collect() }, keep));
    }
    // An axis that is named twice is reduced once, as onnxruntime does it.
    let axes = list.iter().map(|&number| axis(number, rank)).collect::<Result<Vec<_>, _>>()?;
    Ok((axes.into_iter().into_set().into_iter().collect(), keep))
}

fn without(shape: &[usize], axes: &[usize], keep: bool) -> Vec<usize> {
    let kept = shape.iter().enumerate().filter_map(|(axis, &length)| match axes.contains(&axis) {
        true if keep => Some(1),
        true => None,
        false => Some(length),
    });
    kept.collect()
}

/// Sum, mean, maximum and so on.
pub(super) fn reduce(context: &Context) -> Outcome {
    let (axes, keep) = reduced_axes(context)?;
    Ok(vec![without(context.shape(0)?, &axes, keep)])
}

/// The index of the largest or smallest element along one axis.
pub(super) fn arg(context: &Context) -> Outcome {
    let shape = context.shape(0)?;
    let axis = context.axis(0, shape.len())?;
    Ok(vec![without(shape, &[axis], context.node.int("keepdims").unwrap_or(1) != 0)])
}

/// The largest elements along one axis, and their indices.
pub(super) fn top_k(context: &Context) -> Outcome {
    let mut shape = context.shape(0)?.to_vec();
    let axis = context.axis(-1, shape.len())?;
    let count = match context.input_integers(1)?.as_deref() {
        Some(&[count]) => Some(count),
        Some(_) => None,
        None => context.node.int("k"),
    };
    let Some(count) = count else { return invalid("it has no k") };
    let count = length("k", bounded("k", count, 0)?)?;
    if count > shape[axis] {
        return invalid(format!("the {count} largest of {} do not exist", shape[axis]));
    }
    shape[axis] = count;
    Ok(vec![shape.clone(), shape])
}
