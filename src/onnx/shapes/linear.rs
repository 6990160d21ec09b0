//! Matrix products.

use std::collections::BTreeMap;

use super::elementwise::broadcast_shapes;
use super::{Context, Outcome, invalid};

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

/// Einstein sums with named axes; an ellipsis has no rule here.
pub(super) fn einsum(context: &Context) -> Outcome {
    let Some(equation) = context.node.text("equation") else { return invalid("it has no equation") };
    let equation: String = equation.chars().filter(|letter| !letter.is_whitespace()).collect();
    if equation.contains('.') {
        return Err(super::Fault::Unknown);
    }
    let (terms, result) = match equation.split_once("->") {
        Some((terms, result)) => (terms, Some(result)),
        None => (&equation[..], None),
    };
    let mut sizes: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    let terms: Vec<&str> = terms.split(',').collect();
    if terms.len() != context.node.inputs.len() {
        return invalid(format!("\"{equation}\" has {} terms", terms.len()));
    }
    for (index, term) in terms.iter().enumerate() {
        let shape = context.shape(index)?;
        if term.chars().count() != shape.len() {
            return invalid(format!("\"{term}\" does not fit an input of shape {shape:?}"));
        }
        for (letter, &length) in term.chars().zip(shape) {
            let (size, times) = sizes.entry(letter).or_insert((length, 0));
            *times += 1;
            if *size != length {
                return invalid(format!("axis {letter} is both {size} and {length}"));
            }
        }
    }
    let result = match result {
        Some(result) => result.to_owned(),
        // Without an arrow the result has every letter that stands once, in alphabetical order.
        None => sizes.iter().filter(|(_, (_, times))| *times == 1).map(|(letter, _)| *letter).collect(),
    };
    let mut shape = Vec::new();
    for letter in result.chars() {
        match sizes.get(&letter) {
            Some((size, _)) => shape.push(*size),
            None => return invalid(format!("axis {letter} of the result is in no term")),
        }
    }
    Ok(vec![shape])
}
