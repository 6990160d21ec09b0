//! The outputs of the lowered graph: the source's, row-major and under their own names.

use super::build::{Lowering, Padded, Place, Value, fresh, tensor_shape};
use super::emit::To;
use super::error::LowerError;
use super::layout::{extents_of, usual_arrangement};
use crate::onnx::graph::Graph;
use crate::onnx::shapes::Shapes;

impl Lowering<'_> {
    /// Makes the value row-major, under the output's own name where anything has to be computed.
    pub fn finish(mut self) -> Result<(Graph, Shapes), LowerError> {
        for name in self.source.outputs.clone() {
            let view = self.view(&name)?;
            // A value of another shape with the same elements in the same order would be taken for other maps.
            let arrangement = usual_arrangement(&view.layout.shape());
            let is_usual = view.layout.is_row_major() && view.layout.extents == extents_of(&arrangement);
            if view.tensor == name && is_usual {
                continue;
            }
            // The output's own name is taken where its tensor is there in another order.
            let clash = self.shapes.contains_key(&name);
            self.place = Place { op: "Reshape".to_owned(), node: name.clone(), output: name.clone() };
            if clash {
                let renamed = self.fresh_value(&format!("{name}/tensor"));
                self.rename(&name, &renamed);
            }
            let view = self.view(&name)?;
            if is_usual && self.is_hidden_vector(&view.tensor) {
                self.rename(&view.tensor, &name);
                continue;
            }
            self.place.node = fresh(&mut self.node_names, &format!("{name}/output"));
            if view.layout.is_row_major() {
                self.reshape(To::Node, &view.tensor, tensor_shape(extents_of(&arrangement)))?;
            } else {
                self.arranged(view, &arrangement, To::Node)?;
            }
        }
        Ok((self.built, self.shapes))
    }

    /// Whether a tensor is one that nobody asks for by its name: computed, not an output, and not a layer, since layers have more
    /// than one pixel.
    fn is_hidden_vector(&self, tensor: &str) -> bool {
        let computed = self.built.nodes.iter().any(|node| node.output() == tensor);
        let pixels: usize = self.shapes.get(tensor).map_or(0, |shape| shape[2..].iter().product());
        computed && pixels == 1 && !self.source.outputs.iter().any(|output| output == tensor)
    }

    /// Gives a tensor of the lowered graph another name.
    fn rename(&mut self, tensor: &str, renamed: &str) {
        for node in &mut self.built.nodes {
            for name in node.inputs.iter_mut().chain(&mut node.outputs).filter(|name| *name == tensor) {
                renamed.clone_into(name);
            }
        }
        if let Some(shape) = self.shapes.remove(tensor) {
            self.shapes.insert(renamed.to_owned(), shape);
        }
        for value in self.values.values_mut() {
            let (Value::Tensor(view) | Value::Padded(Padded { image: view, .. })) = value;
            if view.tensor == tensor {
                renamed.clone_into(&mut view.tensor);
            }
        }
    }
}
