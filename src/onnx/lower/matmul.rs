//! Products of two computed matrices, or of stacks of them.

use crate::onnx::core::along::expanded;
use crate::onnx::core::arithmetic::{Operand, broadcast_shape};
use crate::onnx::core::build::{Lowering, View, tensor_shape};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::{Layout, arrangement_of, extents_of};
use crate::onnx::graph::{Constant, Node};

/// The product of two values as NumPy's `matmul` has it: the last two dimensions are matrices, those before them broadcast.
pub(super) fn product(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    left: &Operand,
    right: &Operand,
) -> Result<View, LowerError> {
    let (left_is_row, right_is_column) = (left.shape().len() == 1, right.shape().len() == 1);
    let left = if left_is_row { with_dimension(left, 0) } else { left.clone() };
    let right = if right_is_column { with_dimension(right, 1) } else { right.clone() };
    let (left_shape, right_shape) = (left.shape(), right.shape());
    let (&[ref left_stack @ .., rows, inner], &[ref right_stack @ .., other, columns]) =
        (&left_shape[..], &right_shape[..])
    else {
        return Err(lowering.unsupported("a number is no matrix"));
    };
    if inner != other {
        return Err(lowering.unsupported(format!("a product of {left_shape:?} and {right_shape:?}")));
    }
    let stack = broadcast_shape(left_stack, right_stack);
    let left = matrices(lowering, left, &stack)?;
    let right = matrices(lowering, right, &stack)?;
    let mut shape = [&stack[..], &[rows, columns]].concat();
    let rank = shape.len();
    let arrangement = arrangement_of(&shape, &[(0..rank - 2).collect(), vec![rank - 2], vec![rank - 1]]);
    let node = Node::new("MatMul", &[&left, &right], "");
    let tensor = lowering.emit(to, node, tensor_shape(extents_of(&arrangement)))?;
    let mut layout = Layout::arranged(rank, &arrangement);
    if right_is_column {
        shape.pop();
        layout.dimensions.remove(rank - 1);
    }
    if left_is_row {
        layout.dimensions.remove(rank - 2);
    }
    Ok(View { tensor, layout })
}

/// The operand with one more dimension of length 1.
fn with_dimension(operand: &Operand, at: usize) -> Operand {
    match operand {
        Operand::Computed(view) => {
            let mut layout = view.layout.clone();
            layout.dimensions.insert(at, Vec::new());
            Operand::Computed(View { tensor: view.tensor.clone(), layout })
        }
        Operand::Constant(constant) => {
            let mut constant = constant.clone();
            constant.shape.insert(at, 1);
            Operand::Constant(constant)
        }
    }
}

/// A tensor with a matrix in each channel: as many as in the stack, or one for all of them.
fn matrices(lowering: &mut Lowering<'_>, operand: Operand, stack: &[usize]) -> Result<String, LowerError> {
    let own = operand.shape();
    let rank = own.len();
    let count: usize = own[..rank - 2].iter().product();
    let fits = count == 1 || count == stack.iter().product::<usize>();
    match operand {
        Operand::Constant(constant) if fits => {
            let shape = tensor_shape([count, own[rank - 2], own[rank - 1]]);
            Ok(lowering.add_constant("matrices", Constant { shape, ..constant }))
        }
        Operand::Constant(_) => {
            Err(lowering.unsupported(format!("a constant of shape {own:?} for {stack:?} products")))
        }
        Operand::Computed(mut view) => {
            if !fits {
                let shape = [stack, &own[rank - 2..]].concat();
                view = expanded(lowering, To::Step("stack"), view, &shape)?;
            }
            let shape = view.layout.shape();
            let rank = shape.len();
            let arrangement = arrangement_of(&shape, &[(0..rank - 2).collect(), vec![rank - 2], vec![rank - 1]]);
            Ok(lowering.arranged(view, &arrangement, To::Step("matrices"))?.tensor)
        }
    }
}
