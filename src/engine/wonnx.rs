//! The GPU engine: [wonnx](https://docs.rs/wonnx/0.5.1) on WebGPU.
//!
//! wonnx keeps the graph, plans the buffers and runs kernels. Around it this adapter
//!
//! - accepts only the core set ([`crate::onnx::core_set`]), which it has kernels for;
//! - hands over every weight as an *input* that is uploaded once ([`plan`]): so no copy of the weights is made in our
//!   memory, and wonnx's optimiser never copies a part of the graph for a second reader;
//! - replaces every kernel by one of ours ([`kernels`]);
//! - turns what the device reports into errors. wonnx itself would return zeros.

mod activation;
mod elementwise;
mod fuse;
mod kernels;
#[cfg(feature = "drivers")]
mod measure;
mod pack;
mod plan;
mod rearrange;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod turn;

use std::cell::Cell;
use std::collections::HashMap;

use wgpu::compat::{self, Buffer, Gpu, Prepared};
use wonnx::utils::{InputTensor, OutputTensor};
use wonnx::{GpuError, Session, SessionConfig, SessionError};

use self::plan::{Plan, plan};
use self::turn::Turns;
use super::runner::{Engine, EngineError, LocalFuture, Runner};
use crate::domain::tensor::Tensor;
use crate::onnx::graph::Graph;
use crate::onnx::lower::Limits;
use crate::onnx::shapes::Shapes;

pub use self::kernels::Form;
#[cfg(feature = "drivers")]
pub use self::measure::{Measured, Work};
pub use wgpu::compat::{Count, Info};

/// What one preparation made; a test compares the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Made {
    /// Nodes that compute something, after those that run as one have been joined.
    pub nodes: usize,
    /// Compute pipelines. More than nodes means that wonnx copied a part of the graph.
    pub pipelines: usize,
}

/// Runs lowered graphs on the GPU.
#[derive(Debug)]
pub struct WonnxEngine {
    gpu: Gpu,
    form: Form,
    made: Cell<Made>,
}

impl WonnxEngine {
    /// Opens the GPU device.
    ///
    /// # Errors
    /// [`EngineError::NoGpu`] where there is none that the page may use.
    pub async fn open() -> Result<Self, EngineError> {
        Ok(Self::on(Gpu::open().await.map_err(|error| EngineError::NoGpu(error.to_string()))?))
    }

    /// The engine on a device that is open already.
    pub fn on(gpu: Gpu) -> Self {
        let form = Form::of(gpu.info(), gpu.limits());
        Self { gpu, form, made: Cell::default() }
    }

    /// Computes products of matrices in this form, whatever the device.
    #[must_use]
    pub fn with_form(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// Computes them in tiles, as a graphics card does, on a software adapter too.
    #[must_use]
    pub fn with_tiles(self) -> Self {
        let form = Form::in_tiles(self.gpu.limits());
        self.with_form(form)
    }

    /// How products of matrices are computed.
    pub fn form(&self) -> Form {
        self.form
    }

    /// What is known about the adapter, and whether it computes on the CPU.
    pub fn info(&self) -> &Info {
        self.gpu.info()
    }

    /// What is alive on the device, and what was done on it so far.
    pub fn count(&self) -> Count {
        self.gpu.count()
    }

    /// What the last preparation made.
    pub fn made(&self) -> Made {
        self.made.get()
    }

    /// Why the device was lost, or `None` while it is there.
    pub fn lost(&self) -> Option<String> {
        self.gpu.lost()
    }

    /// Takes the device away, as a driver may do at any time: the test of what happens then.
    pub fn destroy(&self) {
        self.gpu.destroy();
    }

    async fn prepare_runner(&self, graph: Graph) -> Result<WonnxRunner, EngineError> {
        let Plan { model, preparation, uploads, inputs, outputs, milestones, constants, nodes, names } =
            plan(&graph, self.gpu.limits(), self.form)?;
        let in_order = milestones.into_iter().chain(outputs.iter().map(|(name, _)| name.clone())).collect();
        let config = SessionConfig::new().with_outputs(Some(in_order));
        // In the same go, since each asks the device about errors once.
        let upload_all = |session: &Result<Session, _>, prepared: &Prepared| {
            if session.is_err() {
                return;
            }
            for upload in &uploads {
                // An input that nothing reads has no buffer.
                if let Some(buffer) = prepared.inputs.get(upload.input()) {
                    upload.run(|offset, bytes| self.gpu.upload(buffer, offset, bytes));
                }
            }
        };
        let load = Session::from_model_with_config(model, &config);
        let (session, Prepared { pipelines, outputs: output_buffers, .. }) =
            self.gpu.prepare(preparation, load, upload_all).await.map_err(device_error)?;
        let session = session.map_err(|error| session_error(error, &names))?;
        self.made.set(Made { nodes, pipelines });
        Ok(WonnxRunner {
            gpu: self.gpu.clone(),
            session,
            inputs,
            outputs,
            output_buffers,
            constants,
            names,
            turns: Turns::default(),
        })
    }
}

impl Engine for WonnxEngine {
    fn name(&self) -> &'static str {
        "wonnx"
    }

    fn limits(&self) -> Option<Limits> {
        let limits = self.gpu.limits();
        Some(Limits {
            // A sixteenth is kept back for weights, which take a little more room in the order that the kernels read.
            max_binding_bytes: limits.max_storage_buffer_binding_size.min(limits.max_buffer_size) / 16 * 15,
            max_workgroups: limits.max_compute_workgroups_per_dimension,
        })
    }

    fn kept_values<'g>(&self, graph: &'g Graph, shapes: &Shapes) -> Option<Vec<&'g str>> {
        Some(fuse::steps(graph, shapes).iter().map(|step| step.output).collect())
    }

    fn prepare<'a>(&'a self, graph: Graph) -> LocalFuture<'a, Result<Box<dyn Runner>, EngineError>> {
        Box::pin(async move { Ok(Box::new(self.prepare_runner(graph).await?) as Box<dyn Runner>) })
    }
}

/// A wonnx session with its weights on the GPU. Dropping it destroys its buffers.
///
/// A run has to be awaited to its end: wonnx panics when a result arrives that nobody waits for any more.
struct WonnxRunner {
    gpu: Gpu,
    session: Session,
    inputs: Vec<(String, Vec<usize>)>,
    outputs: Vec<(String, Vec<usize>)>,
    /// What the outputs are read back from.
    output_buffers: Vec<Buffer>,
    constants: Vec<String>,
    names: HashMap<String, (String, String)>,
    turns: Turns,
}

impl WonnxRunner {
    async fn run_in_turn(&self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, EngineError> {
        let tensors = self.tensors(inputs)?;
        // All runs of a session write to the same buffers, and wonnx reads its outputs one after another: a second run
        // that began in between would change them.
        let _turn = self.turns.wait().await;
        let run = self.gpu.run(self.output_buffers.clone(), self.session.run(&tensors));
        let outputs = run.await.map_err(device_error)?;
        let mut outputs = outputs.map_err(|error| session_error(error, &self.names))?;
        self.outputs
            .iter()
            .map(|(name, shape)| match outputs.remove(name) {
                Some(OutputTensor::F32(values)) => {
                    Tensor::new(shape.clone(), values).map_err(|error| EngineError::Failed(error.to_string()))
                }
                _ => Err(EngineError::Failed(format!("wonnx returned no value \"{name}\""))),
            })
            .collect()
    }

    /// What wonnx is given: the caller's tensors, and nothing for the inputs that are on the GPU already.
    fn tensors<'a>(&self, given: &[(&str, &'a Tensor)]) -> Result<HashMap<String, InputTensor<'a>>, EngineError> {
        let mut tensors = HashMap::with_capacity(self.inputs.len() + self.constants.len());
        for (name, shape) in &self.inputs {
            let bad = |detail: String| EngineError::BadInput { name: name.clone(), detail };
            let (_, tensor) =
                given.iter().find(|(given, _)| given == name).ok_or_else(|| bad("is missing".to_owned()))?;
            if tensor.shape() != shape {
                return Err(bad(format!("has the shape {:?}, but the model takes {shape:?}", tensor.shape())));
            }
            tensors.insert(name.clone(), InputTensor::from(tensor.data()));
        }
        for name in &self.constants {
            tensors.insert(name.clone(), InputTensor::from(&[][..] as &[f32]));
        }
        Ok(tensors)
    }
}

impl Runner for WonnxRunner {
    fn run<'a>(&'a self, inputs: &'a [(&'a str, &'a Tensor)]) -> LocalFuture<'a, Result<Vec<Tensor>, EngineError>> {
        Box::pin(self.run_in_turn(inputs))
    }
}

fn device_error(error: compat::Error) -> EngineError {
    match error {
        compat::Error::Lost(reason) => EngineError::DeviceLost(reason),
        compat::Error::OutOfMemory => EngineError::TooLarge("the GPU has not enough memory".to_owned()),
        compat::Error::Validation(message) => EngineError::Failed(message),
    }
}

/// `names` gives the user's node and operator for the name that wonnx knows a node by.
fn session_error(error: SessionError, names: &HashMap<String, (String, String)>) -> EngineError {
    match error {
        SessionError::GpuError(GpuError::CompileError { node, error }) => {
            let (name, op) = names.get(&node).cloned().unwrap_or((node, String::new()));
            EngineError::Unsupported { node: name, op, detail: error.to_string() }
        }
        // Errors of validation have been caught before, so only a lost device refuses to be read. It may say so after this.
        SessionError::GpuError(error @ GpuError::BufferAsyncError(_)) => EngineError::DeviceLost(error.to_string()),
        error => EngineError::Failed(error.to_string()),
    }
}
