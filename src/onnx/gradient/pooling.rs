//! Pooling.

use super::adjoint::STEP;
use super::convolution::Reading;
use super::{Backward, GradientError};
use crate::onnx::graph::{Attribute, Constant, Node};
use crate::onnx::lower::build::tensor_shape;
use crate::onnx::lower::conv::{Weights, Window, emit, to_usize, window_attributes};

/// Windows of up to so many pixels are taken as a whole: measured with 3×3 and stride 2, that takes two thirds of the time that
/// rows and columns one after the other do, since twice as many values are moved between them.
const LARGEST_WHOLE_WINDOW: usize = 16;

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
    ///
    /// A window of k×l pixels is the maximum of the maxima of its rows, and the first maximum lies in the first row that has
    /// it. So a large window can be taken column by column and then row by row, with k + l comparisons in place of k·l.
    pub fn max_pool(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let Some(input) = self.wanted(node, 0) else { return Ok(()) };
        let reading = self.window_of(node, input)?;
        let Reading { window, input: from, output } = reading;
        let adjoint = self.full(adjoint.to_owned(), &tensor_shape(output))?;
        let operand = if window.kernel.contains(&1) || window.kernel[0] * window.kernel[1] <= LARGEST_WHOLE_WINDOW {
            self.first_maximum(input, node.output(), &adjoint, &reading)?
        } else {
            let (kernel, strides, pads) = (window.kernel, window.strides, window.pads);
            let across =
                Window { kernel: [1, kernel[1]], strides: [1, strides[1]], pads: [0, pads[1], 0, pads[3]], ..window };
            let down =
                Window { kernel: [kernel[0], 1], strides: [strides[0], 1], pads: [pads[0], 0, pads[2], 0], ..window };
            let between = [from[0], from[1], output[2]];
            let pool = window_attributes(Node::new("MaxPool", &[input], ""), &across);
            let rows = self.lowering.emit(STEP, pool, tensor_shape(between))?;
            let of_rows = Reading { window: down, input: between, output };
            let of_rows = self.first_maximum(&rows, node.output(), &adjoint, &of_rows)?;
            self.first_maximum(input, &rows, &of_rows, &Reading { window: across, input: from, output: between })?
        };
        self.contribute(input, operand);
        Ok(())
    }

    /// Gives each window's adjoint to its first maximum.
    ///
    /// A Conv brings what a window sees side by side. The sign s of what each of them lacks to the maximum is 0 for a
    /// maximum and 1 for all else, so `1 − sᵢ − Σ (1 − sⱼ)` over the earlier j is 1 for the first maximum and not positive
    /// for the others: a 1×1 Conv and a Relu.
    fn first_maximum(
        &mut self,
        values: &str,
        maxima: &str,
        adjoint: &str,
        reading: &Reading,
    ) -> Result<String, GradientError> {
        let Reading { window, input: [channels, ..], output: [_, height, width] } = *reading;
        let taps = window.kernel[0] * window.kernel[1];
        let spread = [channels * taps, height, width];
        let window = Window { group: channels, ..window };
        let mut one_each = vec![0.0; taps * taps];
        one_each.iter_mut().step_by(taps + 1).for_each(|value| *value = 1.0);
        let kernel = vec![channels * taps, 1, window.kernel[0], window.kernel[1]];
        let kernel = Constant::floats(kernel, one_each.repeat(channels));
        let seen = self.filtered(values, kernel.clone(), &window, spread)?;
        // One axis for the channels and one for what a window sees, so that the maximum is there for each of it.
        let (apart, alone) = ([channels, taps, height, width], [channels, 1, height, width]);
        let seen = self.seen_as(&seen, &apart)?;
        let maxima = self.seen_as(maxima, &alone)?;
        let mut lacking = self.combine("Sub", &maxima, &seen)?;
        if window.pads != [0; 4] {
            // The Conv pads with zeros, which may be larger than the maximum.
            lacking = self.map("Abs", &lacking)?;
        }
        let sign = self.map("Sign", &lacking)?;
        let sign = self.seen_as(&sign, &tensor_shape(spread))?;
        let first = self.first_of(&sign, taps, spread)?;
        let first = self.seen_as(&first, &apart)?;
        let adjoint = self.seen_as(adjoint, &alone)?;
        let given = self.combine("Mul", &first, &adjoint)?;
        let given = self.seen_as(&given, &tensor_shape(spread))?;
        self.conv_input(&given, &kernel, &Reading { window, output: spread, ..*reading })
    }

    /// For each run of `taps` channels 1 in the first that is 0, and 0 in all others.
    #[expect(clippy::cast_precision_loss, reason = "a window has few pixels")]
    fn first_of(&mut self, sign: &str, taps: usize, extents: [usize; 3]) -> Result<String, GradientError> {
        let channels = extents[0] / taps;
        let values = (0..taps).flat_map(|own| {
            (0..taps).map(move |other| match other.cmp(&own) {
                std::cmp::Ordering::Less => 1.0,
                std::cmp::Ordering::Equal => -1.0,
                std::cmp::Ordering::Greater => 0.0,
            })
        });
        let values: Vec<f32> = values.collect();
        let bias: Vec<f32> = (0..taps).map(|own| 1.0 - own as f32).collect();
        let weights = Weights {
            kernel: Constant::floats(vec![extents[0], taps, 1, 1], values.repeat(channels)),
            kernel_name: None,
            bias: Some(Constant::floats(vec![extents[0]], bias.repeat(channels))),
            bias_name: None,
        };
        let window = Window { group: channels, ..Window::pointwise() };
        let balance = emit(&mut self.lowering, sign, weights, &window, extents, STEP)?;
        self.map("Relu", &balance)
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
