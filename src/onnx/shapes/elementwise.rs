//! Operators whose result has the shape of an input, or of their inputs broadcast together.

use super::{Context, Fault, Outcome, invalid};

/// One result of the first input's shape.
pub(super) fn same(context: &Context) -> Outcome {
    Ok(vec![context.shape(0)?.to_vec()])
}

/// The result, and in older opsets or training mode the statistics, which have one number per channel.
pub(super) fn batch_normalization(context: &Context) -> Outcome {
    let shape = context.shape(0)?;
    let Some(&channels) = shape.get(1) else {
        return invalid(format!("its input has shape {shape:?}, which has no channels"));
    };
    for index in 1..5 {
        let parameter = context.shape(index)?;
        if parameter != [channels] {
            return invalid(format!("input {index} has shape {parameter:?}, but there are {channels} channels"));
        }
    }
    let mut shapes = vec![shape.to_vec()];
    shapes.resize(context.node.outputs.len().clamp(1, 5), vec![channels]);
    Ok(shapes)
}

/// The result, the mean, and the reciprocal of the standard deviation.
pub(super) fn layer_normalization(context: &Context) -> Outcome {
    let shape = context.shape(0)?;
    let axis = context.axis(-1, shape.len())?;
    let mut statistics = shape.to_vec();
    statistics[axis..].fill(1);
    Ok(vec![shape.to_vec(), statistics.clone(), statistics])
}

/// The result and the mask.
pub(super) fn dropout(context: &Context) -> Outcome {
    let shape = context.shape(0)?.to_vec();
    Ok(vec![shape.clone(), shape])
}

/// The first input's shape, to which the slope must broadcast.
pub(super) fn prelu(context: &Context) -> Outcome {
    let (shape, slope) = (context.shape(0)?, context.shape(1)?);
    if broadcast_shapes(&[shape, slope])? != shape {
        return invalid(format!("its slope of shape {slope:?} does not broadcast to {shape:?}"));
    }
    Ok(vec![shape.to_vec()])
}

/// All inputs broadcast together.
pub(super) fn broadcast(context: &Context) -> Outcome {
    let mut shapes = Vec::new();
    for index in 0..context.node.inputs.len() {
        shapes.push(context.shape(index)?);
    }
    if shapes.is_empty() {
        return invalid("it has no inputs");
    }
    Ok(vec![broadcast_shapes(&shapes)?])
}

/// NumPy's broadcasting: shapes are aligned at the end, and a dimension of 1 takes any size.
pub(super) fn broadcast_shapes(shapes: &[&[usize]]) -> Result<Vec<usize>, Fault> {
    let rank = shapes.iter().map(|shape| shape.len()).max().unwrap_or(0);
    let mut result = vec![1; rank];
    for shape in shapes {
        for (length, &other) in result[rank - shape.len()..].iter_mut().zip(*shape) {
            match (*length, other) {
                (1, _) => *length = other,
                (_, 1) => {}
                (length, other) if length == other => {}
                _ => return invalid(format!("the shapes {shapes:?} do not broadcast")),
            }
        }
    }
    Ok(result)
}
