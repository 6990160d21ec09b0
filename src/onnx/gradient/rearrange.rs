//! Concat, Resize, Transpose and Reshape.

use super::adjoint::STEP;
use super::{Backward, GradientError};
use crate::onnx::core::convolution::Window;
use crate::onnx::core::movement::select_channels;
use crate::onnx::graph::{Constant, Node};
use crate::onnx::shapes::Shapes;
use crate::onnx::slice_sums::SliceSums;

impl<'g> Backward<'g> {
    /// Cuts the adjoint of a Concat into those of its parts.
    pub fn concat(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let total = self.extents(node.output())?[0];
        let [own, height, width] = self.extents(adjoint)?;
        if own != total {
            return Err(self.unsupported(format!("its adjoint has {own} channels in place of {total}")));
        }
        let mut first = 0;
        for (index, name) in node.inputs.iter().enumerate() {
            let count = self.extents(name)?[0];
            if let Some(input) = self.wanted(node, index) {
                let part = self.channels(adjoint, [total, height, width], first, count)?;
                self.contribute(input, part);
            }
            first += count;
        }
        Ok(())
    }

    /// Channels `first` to `first + count`: a 1×1 Conv that selects, over blocks of channels that are as large as they can be.
    /// (For two halves of 64 channels each it multiplies by 2 weights a pixel and not by 128.)
    fn channels(
        &mut self,
        adjoint: &str,
        [total, height, width]: [usize; 3],
        first: usize,
        count: usize,
    ) -> Result<String, GradientError> {
        if count == total {
            return Ok(adjoint.to_owned());
        }
        let block = [first, count].into_iter().fold(total, greatest_common_divisor);
        let blocks = self.seen_as(adjoint, &[1, total / block, block * height, width])?;
        let chosen: Vec<usize> = (first / block..(first + count) / block).collect();
        let chosen = select_channels(&mut self.lowering, &blocks, &chosen, STEP)?;
        self.seen_as(&chosen, &[1, count, height, width])
    }

    /// The adjoint of a pixel is the sum of those of its copies.
    pub fn resize(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let Some(input) = self.wanted(node, 0) else { return Ok(()) };
        let (output, extents) = (self.shape(node.output())?, self.extents(input)?);
        let adjoint = self.full(adjoint.to_owned(), &output)?;
        let [channels, height, width] = extents;
        let kernel = [output[2] / height, output[3] / width];
        let ones =
            Constant::floats(vec![channels, 1, kernel[0], kernel[1]], vec![1.0; channels * kernel[0] * kernel[1]]);
        let window = Window { kernel, strides: kernel, group: channels, ..Window::pointwise() };
        let operand = self.filtered(&adjoint, ones, &window, extents)?;
        self.contribute(input, operand);
        Ok(())
    }

    /// Each slice gets its share of every sum that it is part of.
    pub fn slice_sums(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let Some(input) = self.wanted(node, 0) else { return Ok(()) };
        let (output, before) = (self.shape(node.output())?, self.shape(input)?);
        let adjoint = self.full(adjoint.to_owned(), &output)?;
        let slices = SliceSums::of(node).filter(|slices| slices.shape(&before).is_some());
        let SliceSums { axis, sums } = slices.ok_or_else(|| self.unsupported("it takes slices that are not there"))?;
        let back = SliceSums { axis, sums: sums.transposed(before[axis]) }.node(&adjoint);
        let operand = self.lowering.emit(STEP, back, before)?;
        self.contribute(input, operand);
        Ok(())
    }

    /// The same rearrangements for another value.
    pub fn rearranged(&mut self, value: String, nodes: &[&Node], shapes: &Shapes) -> Result<String, GradientError> {
        let mut moved = value;
        for node in nodes {
            let shape = shapes.get(node.output()).cloned().unwrap_or_default();
            moved = if node.op == "Reshape" {
                self.seen_as(&moved, &shape)?
            } else {
                let mut again = (*node).clone();
                again.inputs = vec![moved];
                self.lowering.emit(STEP, again, shape)?
            };
        }
        Ok(moved)
    }

    /// The same exchange of axes, undone.
    pub fn transpose(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let Some(input) = self.wanted(node, 0) else { return Ok(()) };
        let shape = self.shape(node.output())?;
        let adjoint = self.full(adjoint.to_owned(), &shape)?;
        let permutation = node.ints("perm").unwrap_or_default();
        let place = |axis: usize| permutation.iter().position(|&from| usize::try_from(from) == Ok(axis));
        let order: Option<Vec<usize>> = (0..shape.len()).map(place).collect();
        let order = order.ok_or_else(|| self.unsupported(format!("its perm is {permutation:?}")))?;
        let operand = self.lowering.transpose(STEP, &adjoint, &shape, &order)?;
        self.contribute(input, operand);
        Ok(())
    }

    /// The same elements in the shape that they had.
    pub fn reshape(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let Some(input) = self.wanted(node, 0) else { return Ok(()) };
        let (shape, before) = (self.shape(node.output())?, self.shape(input)?);
        let adjoint = self.full(adjoint.to_owned(), &shape)?;
        let operand = self.seen_as(&adjoint, &before)?;
        self.contribute(input, operand);
        Ok(())
    }
}

fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
