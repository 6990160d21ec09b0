//! Products of two computed matrices.

use super::adjoint::STEP;
use super::{Backward, GradientError};
use crate::onnx::graph::Node;

impl<'g> Backward<'g> {
    /// Of C = A · B the adjoints of the factors: C′ · Bᵀ and Aᵀ · C′, added up where one matrix stands for a stack of them.
    pub fn matmul(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let (Some(left), Some(right)) = (node.input(0), node.input(1)) else {
            return Err(self.unsupported("an operand is missing"));
        };
        let shape = self.shape(node.output())?;
        let adjoint = self.full(adjoint.to_owned(), &shape)?;
        if self.wanted(node, 0).is_some() {
            let other = self.transposed_matrices(right)?;
            let product = self.product(&adjoint, &other)?;
            self.contribute_matrices(left, product)?;
        }
        if self.wanted(node, 1).is_some() {
            let other = self.transposed_matrices(left)?;
            let product = self.product(&other, &adjoint)?;
            self.contribute_matrices(right, product)?;
        }
        Ok(())
    }

    fn contribute_matrices(&mut self, operand: &str, adjoint: String) -> Result<(), GradientError> {
        let (full, own) = (self.shape(&adjoint)?, self.shape(operand)?);
        let adjoint = self.unbroadcast(adjoint, &full, &own)?;
        self.contribute(operand, adjoint);
        Ok(())
    }

    fn transposed_matrices(&mut self, value: &str) -> Result<String, GradientError> {
        let shape = self.shape(value)?;
        Ok(self.lowering.transpose(STEP, value, &shape, &[0, 1, 3, 2])?)
    }

    fn product(&mut self, left: &str, right: &str) -> Result<String, GradientError> {
        let ([lefts, rows, _], [rights, _, columns]) = (self.extents(left)?, self.extents(right)?);
        let node = Node::new("MatMul", &[left, right], "");
        Ok(self.lowering.emit(STEP, node, vec![1, lefts.max(rights), rows, columns])?)
    }
}
