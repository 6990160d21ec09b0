//! Pooling.

use super::adjoint::STEP;
use super::convolution::Reading;
use super::{Backward, GradientError};
use crate::onnx::core::build::{View, tensor_shape};
use crate::onnx::core::convolution::{Window, depthwise, window_attributes};
use crate::onnx::core::layout::Layout;
use crate::onnx::core::numbers::to_usize;
use crate::onnx::graph::{Attribute, Constant, Node, to_i64};
use crate::onnx::operator::{MAX_POOL_GRADIENT, OWN_SET};

impl<'g> Backward<'g> {
    /// The adjoint of maps from that of their means: the same for each pixel, and therefore left at one pixel.
    pub fn global_average_pool(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let Some(input) = self.wanted(node, 0) else { return Ok(()) };
        let [_, height, width] = self.extents(input)?;
        let share = self.scaled(adjoint, reciprocal(height * width))?;
        self.contribute(input, share);
        Ok(())
    }

    /// The adjoint of what an AveragePool reads: each pixel has its share of every window that it lies in.
    pub fn average_pool(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let Some(input) = self.wanted(node, 0) else { return Ok(()) };
        let Reading { window, input: from, output } = self.window_of(node, input)?;
        let adjoint = self.full(adjoint.to_owned(), &tensor_shape(output))?;
        let area = window.kernel[0] * window.kernel[1];
        let side_by_side = window.kernel == window.strides
            && window.pads == [0; 4]
            && (0..2).all(|axis| output[axis + 1] * window.strides[axis] == from[axis + 1]);
        if side_by_side {
            let share = self.scaled(&adjoint, reciprocal(area))?;
            let operand = self.repeated(&share, window.strides)?;
            self.contribute(input, operand);
            return Ok(());
        }
        let (adjoint, share) = if node.int("count_include_pad").unwrap_or(0) != 0 || window.pads == [0; 4] {
            (adjoint, reciprocal(area))
        } else {
            let shares = shares(&window, [from[1], from[2]], [output[1], output[2]]);
            let shares = Constant::floats(tensor_shape([1, output[1], output[2]]), shares);
            let shares = self.lowering.add_constant("shares", shares);
            (self.combine("Mul", &adjoint, &shares)?, 1.0)
        };
        let channels = from[0];
        let kernel =
            Constant::floats(vec![channels, 1, window.kernel[0], window.kernel[1]], vec![share; channels * area]);
        let window = Window { group: channels, ..window };
        let operand = self.conv_input(&adjoint, &kernel, &Reading { window, input: from, output })?;
        self.contribute(input, operand);
        Ok(())
    }

    /// The adjoint of what a MaxPool reads: each window gives all of its own to its first maximum in reading order.
    pub fn max_pool(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let Some(input) = self.wanted(node, 0) else { return Ok(()) };
        let Reading { window, input: from, output } = self.window_of(node, input)?;
        let given = self.full(adjoint.to_owned(), &tensor_shape(output))?;
        let mut back = window_attributes(Node::new(MAX_POOL_GRADIENT, &[input, &given], ""), &window);
        OWN_SET.clone_into(&mut back.domain);
        if window.dilations != [1, 1] {
            back = back.with("dilations", Attribute::Ints(window.dilations.map(to_i64).to_vec()));
        }
        let operand = self.lowering.emit(STEP, back, tensor_shape(from))?;
        self.contribute(input, operand);
        Ok(())
    }

    /// The adjoint of values that were put where the maxima of windows are, no two of which see one pixel: of each window the adjoint at
    /// its maximum. Where that is does not change with the picture, but for steps.
    pub fn max_unpool(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let (Some(image), Some(given)) = (node.input(0), self.wanted(node, 1)) else { return Ok(()) };
        let (from, made) = (self.extents(image)?, self.extents(given)?);
        let Some(&[down, across]) = node.ints("kernel_shape") else {
            return Err(self.unsupported("its kernel_shape is not two numbers"));
        };
        let kernel = [to_usize(down), to_usize(across)];
        let window = Window::of(&self.lowering, node, kernel, [from[1], from[2]], [made[1], made[2]])?;
        if (0..2).any(|axis| window.kernel[axis] > window.strides[axis]) {
            return Err(self.unsupported("its windows overlap"));
        }
        let zeros = self.scaled(given, 0.0)?;
        let one = self.lowering.number(1.0);
        let ones = self.combine("Add", &zeros, &one)?;
        let maxima = Node { inputs: vec![image.to_owned(), ones], outputs: vec![String::new()], ..node.clone() };
        let maxima = self.lowering.emit(STEP, maxima, tensor_shape(from))?;
        let adjoint = self.full(adjoint.to_owned(), &tensor_shape(from))?;
        let tensor = self.combine("Mul", &adjoint, &maxima)?;
        let picked = View { tensor, layout: Layout::usual(&tensor_shape(from)) };
        let every = vec![1.0; kernel[0] * kernel[1]];
        let sums = depthwise(&mut self.lowering, &picked, &every, window, [made[1], made[2]], STEP)?;
        self.contribute(given, sums.tensor);
        Ok(())
    }

    /// The sizes of a pooling.
    fn window_of(&self, node: &Node, input: &str) -> Result<Reading, GradientError> {
        match node.attributes.get("kernel_shape") {
            Some(Attribute::Ints(sizes)) if sizes.len() == 2 => {
                self.reading(node, input, [to_usize(sizes[0]), to_usize(sizes[1])])
            }
            _ => Err(self.unsupported("its kernel_shape is not two numbers")),
        }
    }
}

/// One in so many.
#[expect(clippy::cast_precision_loss, reason = "below 2^24 for every picture that fits into memory")]
fn reciprocal(count: usize) -> f32 {
    1.0 / count.max(1) as f32
}

/// For each window one in the number of its pixels that lie in the picture.
fn shares(window: &Window, size: [usize; 2], output: [usize; 2]) -> Vec<f32> {
    let [rows, columns] = [0, 1].map(|axis| {
        let inside = |place: usize| {
            let begin = place * window.strides[axis];
            let (first, last) = (window.pads[axis], window.pads[axis] + size[axis]);
            (begin..begin + window.kernel[axis]).filter(|at| (first..last).contains(at)).count()
        };
        (0..output[axis]).map(inside).collect::<Vec<usize>>()
    });
    rows.iter().flat_map(|row| columns.iter().map(move |column| reciprocal(row * column))).collect()
}
