//! Emits core operators with unique names and known shapes.

use super::build::{Lowering, View, fresh, tensor_shape};
use super::error::LowerError;
use crate::domain::tensor::element_count;
use crate::onnx::core_set;
use crate::onnx::graph::{Attribute, Constant, Node, to_i64};

/// Where an emitted operator's result goes.
#[derive(Debug, Clone, Copy)]
pub(in crate::onnx) enum To<'n> {
    /// It is the value of the user's node: the node keeps its name, the value too.
    Node,
    /// It is a step on the way; both get this suffix.
    Step(&'n str),
}

impl Lowering<'_> {
    fn names(&mut self, to: To<'_>) -> (String, String) {
        match to {
            // The name is given once; a node that needs more than one operator for its value says so with steps.
            To::Node if !self.shapes.contains_key(&self.place.output) => {
                (self.place.node.clone(), self.place.output.clone())
            }
            To::Node => self.names(To::Step("value")),
            To::Step(suffix) => {
                let node = fresh(&mut self.node_names, &format!("{}/{suffix}", self.place.node));
                let value = self.fresh_value(&format!("{}/{suffix}", self.place.output));
                (node, value)
            }
        }
    }

    /// Emits a core operator; its result has the given `[1, channels, height, width]` extents or, inside of a layout change,
    /// any other shape.
    pub fn emit(&mut self, to: To<'_>, mut node: Node, shape: Vec<usize>) -> Result<String, LowerError> {
        let bytes = element_count(&shape).and_then(|count| u64::try_from(count).ok()?.checked_mul(4));
        match bytes {
            Some(bytes) if bytes <= self.limits.max_binding_bytes => {}
            _ => {
                return Err(LowerError::TooLarge {
                    node: self.place.node.clone(),
                    shape,
                    limit: self.limits.max_binding_bytes,
                });
            }
        }
        let (name, output) = self.names(to);
        node.name = name;
        core_set::domain_of(&node.op).clone_into(&mut node.domain);
        node.outputs = vec![output.clone()];
        self.shapes.insert(output.clone(), shape);
        self.built.nodes.push(node);
        Ok(output)
    }

    /// Emits an operator of one input that works on each element by itself.
    pub fn unary(&mut self, to: To<'_>, op: &str, view: &View) -> Result<View, LowerError> {
        let tensor = self.emit(to, Node::new(op, &[&view.tensor], ""), tensor_shape(view.layout.extents))?;
        Ok(View { tensor, layout: view.layout.clone() })
    }

    /// Emits `left op right` for tensors whose extents broadcast; the names may be constants.
    pub fn arithmetic(&mut self, to: To<'_>, op: &str, left: &str, right: &str) -> Result<String, LowerError> {
        let extents = |name: &str| self.shapes.get(name).cloned().unwrap_or_default();
        let shape = extents(left).iter().zip(&extents(right)).map(|(&a, &b)| if a == 1 { b } else { a }).collect();
        self.emit(to, Node::new(op, &[left, right], ""), shape)
    }

    /// Emits `view op number`.
    pub fn with_number(&mut self, to: To<'_>, op: &str, view: &View, number: f32) -> Result<View, LowerError> {
        let number = self.number(number);
        let tensor = self.arithmetic(to, op, &view.tensor, &number)?;
        Ok(View { tensor, layout: view.layout.clone() })
    }

    /// Emits `number op view`.
    pub fn number_with(&mut self, to: To<'_>, op: &str, number: f32, view: &View) -> Result<View, LowerError> {
        let number = self.number(number);
        let tensor = self.arithmetic(to, op, &number, &view.tensor)?;
        Ok(View { tensor, layout: view.layout.clone() })
    }

    /// Emits `left op right` for two values in the same layout.
    pub fn pairwise(&mut self, to: To<'_>, op: &str, left: &View, right: &View) -> Result<View, LowerError> {
        let tensor = self.arithmetic(to, op, &left.tensor, &right.tensor)?;
        Ok(View { tensor, layout: left.layout.clone() })
    }

    /// Emits a Reshape.
    pub fn reshape(&mut self, to: To<'_>, tensor: &str, shape: Vec<usize>) -> Result<String, LowerError> {
        let sizes = shape.iter().map(|&size| to_i64(size)).collect();
        let target = self.add_constant("shape", Constant::integers(vec![shape.len()], sizes));
        self.emit(to, Node::new("Reshape", &[tensor, &target], ""), shape)
    }

    /// Emits an Expand; `shape` has as many dimensions as the tensor.
    pub fn expand(&mut self, to: To<'_>, tensor: &str, shape: Vec<usize>) -> Result<String, LowerError> {
        let sizes = shape.iter().map(|&size| to_i64(size)).collect();
        let target = self.add_constant("shape", Constant::integers(vec![shape.len()], sizes));
        self.emit(to, Node::new("Expand", &[tensor, &target], ""), shape)
    }

    /// Emits a Transpose of a tensor of `shape`.
    pub fn transpose(
        &mut self,
        to: To<'_>,
        tensor: &str,
        shape: &[usize],
        order: &[usize],
    ) -> Result<String, LowerError> {
        let perm = order.iter().map(|&axis| to_i64(axis)).collect();
        let node = Node::new("Transpose", &[tensor], "").with("perm", Attribute::Ints(perm));
        self.emit(to, node, order.iter().map(|&axis| shape[axis]).collect())
    }
}
