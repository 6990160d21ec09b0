//! The values of the source as a lowering reads them.

use super::build::{Lowering, Value, View, tensor_shape};
use super::emit::To;
use super::error::LowerError;
use super::layout::{Layout, usual_arrangement};
use super::padding;
use crate::onnx::graph::{Constant, Node};

impl Lowering<'_> {
    /// The value as a tensor, with padding computed where it was put off.
    pub fn view(&mut self, name: &str) -> Result<View, LowerError> {
        match self.values.get(name) {
            Some(Value::Tensor(view)) => Ok(view.clone()),
            Some(Value::Padded(padded)) => {
                let padded = padded.clone();
                let view = padding::compute(self, &padded)?;
                self.values.insert(name.to_owned(), Value::Tensor(view.clone()));
                Ok(view)
            }
            None => match self.source.constants.get(name) {
                Some(constant) => match constant.as_floats() {
                    Some(floats) => Ok(self.constant_view(name, &constant.shape, floats)),
                    None => Err(self.unsupported(format!("input {name:?} holds whole numbers"))),
                },
                None => Err(LowerError::UnknownValue { value: name.to_owned(), node: self.place.node.clone() }),
            },
        }
    }

    /// A constant of the source among computed values, in the usual layout of its shape.
    fn constant_view(&mut self, name: &str, shape: &[usize], floats: &[f32]) -> View {
        let layout = Layout::usual(shape);
        let extents = tensor_shape(layout.extents);
        if let Some(tensor) = self.constant_views.get(name) {
            return View { tensor: tensor.clone(), layout };
        }
        let tensor = self.fresh_value(&format!("{name}/value"));
        self.keep_constant(&tensor, Constant::floats(extents, floats.to_vec()));
        self.constant_views.insert(name.to_owned(), tensor.clone());
        View { tensor, layout }
    }

    /// Input `index` of a node as a tensor.
    pub fn input(&mut self, node: &Node, index: usize) -> Result<View, LowerError> {
        match node.input(index) {
            Some(name) => self.view(name),
            None => Err(self.unsupported(format!("input {index} is missing"))),
        }
    }

    /// Input `index` of a node as a `[1, channels, height, width]` image.
    pub fn image(&mut self, node: &Node, index: usize) -> Result<View, LowerError> {
        let view = self.input(node, index)?;
        self.as_image(view)
    }

    /// The value as a `[1, channels, height, width]` image in the usual order.
    pub fn as_image(&mut self, view: View) -> Result<View, LowerError> {
        match view.layout.shape()[..] {
            [1, _, _, _] => self.usual(view),
            ref shape => Err(self.unsupported(format!("a value of shape {shape:?} is not one picture or set of maps"))),
        }
    }

    /// A value of pictures or rows, `[batch, channels, height, width]` or `[batch, channels, width]`, as one image with all channels
    /// of all of them.
    pub fn planes(&mut self, mut view: View) -> Result<View, LowerError> {
        match view.layout.dimensions.len() {
            3 => view.layout.dimensions.insert(2, Vec::new()),
            4 => {}
            _ => {
                let shape = view.layout.shape();
                return Err(self.unsupported(format!("a value of shape {shape:?} does not consist of maps")));
            }
        }
        let View { tensor, layout } = self.usual(view)?;
        Ok(View { tensor, layout: Layout::usual(&tensor_shape(layout.extents)) })
    }

    /// The value in the usual layout of its shape.
    pub fn usual(&mut self, view: View) -> Result<View, LowerError> {
        let arrangement = usual_arrangement(&view.layout.shape());
        self.arranged(view, &arrangement, To::Step("layout"))
    }
}
