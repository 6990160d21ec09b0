//! Adjoints: adding them up, seeing them in the shape of their value, adding them up along axes that were broadcast.

use super::opening::Pass;
use super::{Backward, GradientError};
use crate::onnx::core::build::View;
use crate::onnx::core::convolution::{Weights, Window, window_attributes};
use crate::onnx::core::emit::To;
use crate::onnx::core::layout::Layout;
use crate::onnx::core::movement::mix_channels;
use crate::onnx::graph::{Attribute, Constant, Node};
use crate::onnx::lower::resize::enlarged;

/// How the nodes of the backward pass and their values are named: after those of the forward pass.
pub(super) const STEP: To<'static> = To::Step("gradient");

impl<'g> Backward<'g> {
    /// Adds to the adjoint of a value. Its axes may have length 1 where all elements are equal.
    pub fn contribute(&mut self, value: &str, adjoint: String) {
        let Some(&value) = self.active.get(value) else { return };
        if self.pass != Pass::Open {
            self.exact.entry(value).or_default().push(adjoint.clone());
        }
        if self.pass != Pass::Exact {
            self.adjoints.entry(value).or_default().push(adjoint);
        }
    }

    /// Whether the adjoint of a node's input is needed; if so, the input's name.
    pub fn wanted(&self, node: &'g Node, index: usize) -> Option<&'g str> {
        node.input(index).filter(|input| self.active.contains(input))
    }

    /// The adjoint of a value, or `None` where it is zero.
    pub fn sum(&mut self, value: &str) -> Result<Option<String>, GradientError> {
        let exact = if self.pass == Pass::Open { None } else { self.exact.remove(value) };
        let parts = if self.pass == Pass::Exact { exact } else { self.adjoints.remove(value) }.unwrap_or_default();
        let mut parts = parts.into_iter();
        let Some(mut sum) = parts.next() else { return Ok(None) };
        for part in parts {
            sum = self.combine("Add", &sum, &part)?;
        }
        Ok(Some(sum))
    }

    /// The shape of a value of the graph.
    pub fn shape(&self, value: &str) -> Result<Vec<usize>, GradientError> {
        let unsupported = || self.unsupported(format!("the shape of \"{value}\" is not known"));
        self.lowering.shapes.get(value).cloned().ok_or_else(unsupported)
    }

    /// Channels, height and width of a value that is an image.
    pub fn extents(&self, value: &str) -> Result<[usize; 3], GradientError> {
        match self.shape(value)?[..] {
            [1, channels, height, width] => Ok([channels, height, width]),
            ref shape => Err(self.unsupported(format!("\"{value}\" has the shape {shape:?}"))),
        }
    }

    /// There is no rule for the node at hand.
    pub fn unsupported(&self, detail: impl Into<String>) -> GradientError {
        let place = &self.lowering.place;
        GradientError::Unsupported { node: place.node.clone(), op: place.op.clone(), detail: detail.into() }
    }

    /// Emits `op(value)`, for each element by itself.
    pub fn map(&mut self, op: &str, value: &str) -> Result<String, GradientError> {
        let shape = self.shape(value)?;
        Ok(self.lowering.emit(STEP, Node::new(op, &[value], ""), shape)?)
    }

    /// Emits `left op right`; the shapes broadcast.
    pub fn combine(&mut self, op: &str, left: &str, right: &str) -> Result<String, GradientError> {
        Ok(self.lowering.arithmetic(STEP, op, left, right)?)
    }

    /// Emits `value · number`.
    pub fn scaled(&mut self, value: &str, number: f32) -> Result<String, GradientError> {
        if number == 1.0 {
            return Ok(value.to_owned());
        }
        let number = self.lowering.number(number);
        self.combine("Mul", value, &number)
    }

    /// Emits the mean of each map.
    pub fn means(&mut self, value: &str) -> Result<String, GradientError> {
        let [channels, ..] = self.extents(value)?;
        let node = Node::new("GlobalAveragePool", &[value], "");
        Ok(self.lowering.emit(STEP, node, vec![1, channels, 1, 1])?)
    }

    /// Emits a Reshape, unless the shape is there already.
    pub fn seen_as(&mut self, value: &str, shape: &[usize]) -> Result<String, GradientError> {
        if self.shape(value)? == shape {
            return Ok(value.to_owned());
        }
        Ok(self.lowering.reshape(STEP, value, shape.to_vec())?)
    }

    /// Emits a Conv with new weights and no bias.
    pub fn filtered(
        &mut self,
        value: &str,
        kernel: Constant,
        window: &Window,
        extents: [usize; 3],
    ) -> Result<String, GradientError> {
        let weights = Weights { kernel, kernel_name: None, bias: None, bias_name: None };
        Ok(self.lowering.convolve(value, weights, window, extents, STEP)?)
    }

    /// Repeats each pixel of an image this often down and across.
    pub fn repeated(&mut self, value: &str, factors: [usize; 2]) -> Result<String, GradientError> {
        if factors == [1, 1] {
            return Ok(value.to_owned());
        }
        let layout = Layout::usual(&self.shape(value)?);
        let view = View { tensor: value.to_owned(), layout };
        Ok(enlarged(&mut self.lowering, &view, factors, STEP)?.tensor)
    }

    /// The adjoint with every axis at its full length.
    pub fn full(&mut self, adjoint: String, shape: &[usize]) -> Result<String, GradientError> {
        if self.shape(&adjoint)? == shape {
            return Ok(adjoint);
        }
        let [own, height, width] = self.extents(&adjoint)?;
        let &[1, channels, full_height, full_width] = shape else {
            return Err(self.unsupported(format!("its adjoint cannot be seen as {shape:?}")));
        };
        let mut full = adjoint;
        if own != channels {
            full = mix_channels(&mut self.lowering, &full, vec![1.0; channels], [channels, height, width], None, STEP)?;
        }
        self.repeated(&full, [full_height / height, full_width / width])
    }

    /// The adjoint of an operand from that of the result that it was broadcast to: the sum over the axes along which it was
    /// repeated.
    pub fn unbroadcast(
        &mut self,
        adjoint: String,
        result: &[usize],
        operand: &[usize],
    ) -> Result<String, GradientError> {
        if result == operand {
            return Ok(adjoint);
        }
        let shape = self.shape(&adjoint)?;
        let (&[1, own_channels, own_height, own_width], &[1, channels, height, width], &[1, c, h, w]) =
            (&shape[..], operand, result)
        else {
            return Err(self.unsupported(format!("from the shape {operand:?} to {result:?}")));
        };
        let own = [own_channels, own_height, own_width];
        let (wanted, full) = ([channels, height, width], [c, h, w]);
        // Along an axis on which the adjoint holds one element for all that are equal, the sum is a product.
        let mut factor = 1;
        let mut summed = [false; 3];
        for axis in 0..3 {
            if wanted[axis] == 1 && full[axis] > 1 {
                summed[axis] = own[axis] > 1;
                factor *= if summed[axis] { 1 } else { full[axis] };
            }
        }
        let mut sum = adjoint;
        if (summed[1] || summed[2]) && [1, 2].iter().all(|&axis| summed[axis] || own[axis] == 1) {
            sum = self.means(&sum)?;
            factor *= own[1] * own[2];
        } else if summed[1] || summed[2] {
            let kernel = [if summed[1] { own[1] } else { 1 }, if summed[2] { own[2] } else { 1 }];
            let size = [own[1] / kernel[0], own[2] / kernel[1]];
            let window = Window { kernel, ..Window::pointwise() };
            let node = Node::new("AveragePool", &[&sum], "").with("count_include_pad", Attribute::Int(0));
            let shape = vec![1, own[0], size[0], size[1]];
            sum = self.lowering.emit(STEP, window_attributes(node, &window), shape)?;
            factor *= kernel[0] * kernel[1];
        }
        #[expect(clippy::cast_precision_loss, reason = "below 2^24 for every picture that fits into memory")]
        let factor = factor as f32;
        if summed[0] {
            let [_, height, width] = self.extents(&sum)?;
            return Ok(mix_channels(&mut self.lowering, &sum, vec![factor; own[0]], [1, height, width], None, STEP)?);
        }
        self.scaled(&sum, factor)
    }
}
