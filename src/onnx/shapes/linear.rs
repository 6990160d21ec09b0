//! Matrix products.

use super::elementwise::broadcast_shapes;
use super::{Context, Outcome, invalid};
use crate::onnx::einsum::Equation;

/// `[rows, inner] · [inner, columns]`, each possibly transposed, plus an optional third matrix.
pub(super) fn gemm(context: &Context) -> Outcome {
    let matrix = |index: usize, flag: &str| match *context.shape(index)? {
        [rows, columns] if context.node.int(flag).unwrap_or(0) == 0 => Ok([rows, columns]),
        [rows, columns] => Ok([columns, rows]),
        ref shape => invalid(format!("input {index} has shape {shape:?}, which is no matrix")),
    };
    let ([rows, inner], [other, columns]) = (matrix(0, "transA")?, matrix(1, "transB")?);
    if inner != other {
        return invalid(format!("{rows}×{inner} and {other}×{columns} cannot be multiplied"));
    }
    let shape = vec![rows, columns];
    if let Some(addend) = context.optional_shape(2)?
        && broadcast_shapes(&[&shape, addend])? != shape
    {
        return invalid(format!("the addend of shape {addend:?} does not broadcast to {shape:?}"));
    }
    Ok(vec![shape])
}

/// NumPy's `matmul`: leading dimensions broadcast, a vector stands for a row or a column.
pub(super) fn matmul(context: &Context) -> Outcome {
    let (left, right) = (context.shape(0)?, context.shape(1)?);
    let (left_batch, left_rows, left_inner) = match left {
        [] => return invalid("its first input is a scalar"),
        [inner] => (&[][..], None, *inner),
        [batch @ .., rows, inner] => (batch, Some(*rows), *inner),
    };
    let (right_batch, right_inner, right_columns) = match right {
        [] => return invalid("its second input is a scalar"),
        [inner] => (&[][..], *inner, None),
        [batch @ .., inner, columns] => (batch, *inner, Some(*columns)),
    };
    if left_inner != right_inner {
        return invalid(format!("{left:?} and {right:?} cannot be multiplied"));
    }
    let mut shape = broadcast_shapes(&[left_batch, right_batch])?;
    shape.extend(left_rows);
    shape.extend(right_columns);
    Ok(vec![shape])
}

/// Einstein sums with named axes.
pub(super) fn einsum(context: &Context) -> Outcome {
    let Some(equation) = context.node.text("equation") else { return invalid("it has no equation") };
    let shapes: Vec<&[usize]> =
        (0..context.node.inputs.len()).map(|index| context.shape(index)).collect::<Result<_, _>>()?;
    let ranks: Vec<usize> = shapes.iter().map(|shape| shape.len()).collect();
    let read = Equation::read(equation, &ranks).and_then(|read| Ok((read.sizes(&shapes)?, read.result)));
    match read {
        Ok((sizes, result)) => {
            Ok(vec![result.iter().map(|label| sizes.get(label).copied().unwrap_or_default()).collect()])
        }
        Err(detail) => invalid(detail),
    }
}
