//! What the native bench asks of the engine: how long each kernel takes by itself, and what it reads.

use std::collections::HashMap;
use std::time::Duration;

use wgpu::compat::Binding;
use wonnx::onnx::ValueInfoProto;

use super::WonnxEngine;
use super::kernels::{Conv, Form};
use super::plan::{self, plan};
use crate::engine::runner::EngineError;
use crate::onnx::graph::Graph;

/// A kernel of a network.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The value that it makes.
    pub value: String,
    /// The operator that it is for, and for a convolution the size of its window and, where there are several, its groups.
    pub what: String,
    /// One dispatch.
    pub time: Duration,
    /// Where it is a convolution.
    pub work: Option<Work>,
}

/// What a convolution does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    pub multiply_adds: usize,
    /// Bytes read from global memory, by the loops of the kernel.
    pub bytes_read: usize,
    /// What threads by themselves would read.
    pub bytes_read_directly: usize,
}

impl WonnxEngine {
    /// Every convolution of a lowered graph, by the value that it makes: what it is and does. Nothing is run.
    pub fn works(&self, graph: &Graph) -> HashMap<String, (String, Work)> {
        let works = plan::convolutions(graph, self.gpu.limits(), self.form);
        works.into_iter().map(|(value, conv)| (value, (name(&conv), work(&conv, self.form)))).collect()
    }

    /// Runs every kernel of ours in a lowered graph by itself, on inputs that are zero but for the weights.
    ///
    /// # Errors
    /// As [`Engine::prepare`](crate::engine::Engine::prepare), and what the driver says.
    pub fn measure(&self, graph: &Graph) -> Result<Vec<Measured>, EngineError> {
        let mut works = self.works(graph);
        let plan = plan(graph, self.gpu.limits(), self.form)?;
        let message = plan.model.get_graph();
        let values = message.get_input().iter().chain(message.get_value_info()).chain(message.get_output());
        let mut bindings: HashMap<&str, Binding> = values.map(|value| (value.get_name(), binding(value))).collect();
        for upload in &plan.uploads {
            let Some(binding) = bindings.get_mut(upload.input()) else { continue };
            upload.run(|offset, bytes| binding.content.push((offset, bytes.to_vec())));
        }
        let kernels: HashMap<_, _> = plan.preparation.kernels().collect();
        let mut measured = Vec::with_capacity(kernels.len());
        for node in message.get_node() {
            let Some(kernel) = kernels.get(node.get_name()) else { continue };
            let bound = node.get_input().iter().chain(node.get_output());
            let bound: Vec<Binding> =
                bound.map(|value| bindings.get(&value[..]).cloned().unwrap_or_default()).collect();
            let time = self.gpu.time(kernel, &bound).map_err(EngineError::Failed)?;
            let work = works.remove(node.get_name());
            let op = plan.names.get(node.get_name()).map(|(_, op)| op.clone()).unwrap_or_default();
            let (what, work) = work.map_or((op, None), |(what, work)| (what, Some(work)));
            measured.push(Measured { value: node.get_name().to_owned(), what, time, work });
        }
        Ok(measured)
    }
}

fn name(conv: &Conv) -> String {
    let [height, width] = conv.kernel;
    match conv.groups {
        1 => format!("Conv {height}×{width}"),
        _ => format!("Conv {height}×{width} in groups"),
    }
}

fn work(conv: &Conv, form: Form) -> Work {
    Work {
        multiply_adds: conv.multiply_adds(),
        bytes_read: conv.bytes_read(form),
        bytes_read_directly: conv.bytes_read(Form::Direct),
    }
}

fn binding(value: &ValueInfoProto) -> Binding {
    let dimensions = value.get_field_type().get_tensor_type().get_shape().get_dim();
    let values: i64 = dimensions.iter().map(|dimension| dimension.get_dim_value()).product();
    Binding { bytes: 4 * values.unsigned_abs(), content: Vec::new() }
}
