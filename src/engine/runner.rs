//! The port that every engine fills: prepare a graph once, run it often.

use std::future::Future;
use std::pin::Pin;

use thiserror::Error;

use crate::domain::tensor::Tensor;
use crate::onnx::graph::Graph;
use crate::onnx::lower::Limits;
use crate::onnx::shapes::Shapes;

/// A future that stays on its thread: WebAssembly has one, and GPU handles cannot leave it.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Why an engine could not prepare or run a graph.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EngineError {
    /// The engine has no such operation, or not in this form.
    #[error("in node \"{node}\": the operator {op} is not supported ({detail})")]
    Unsupported { node: String, op: String, detail: String },
    /// The graph itself is at fault.
    #[error("the model cannot be run: {0}")]
    BadGraph(String),
    /// A tensor given to the run is missing, unknown, or of the wrong shape.
    #[error("the input \"{name}\" {detail}")]
    BadInput { name: String, detail: String },
    /// A result has another shape than was inferred: the graph does not mean what it says, or the engine computes it wrongly.
    #[error("the engine gave \"{value}\" in the shape {found:?}, where the model says {expected:?}")]
    OtherShape { value: String, expected: Vec<usize>, found: Vec<usize> },
    /// The graph needs more memory, or larger bindings, than there is.
    #[error("the model is too large for this device: {0}")]
    TooLarge(String),
    /// There is no GPU that the page may use.
    #[error("no usable GPU: {0}")]
    NoGpu(String),
    /// The GPU was taken away while in use; everything prepared on it is gone.
    #[error("the GPU device was lost: {0}")]
    DeviceLost(String),
    /// Anything else that the engine reports.
    #[error("the engine failed: {0}")]
    Failed(String),
}

/// A way to run graphs.
pub trait Engine {
    /// `wonnx` or `rten`.
    fn name(&self) -> &'static str;

    /// What a graph has to keep to, for an engine that takes only lowered graphs; `None` for one that takes any.
    fn limits(&self) -> Option<Limits>;

    /// The values made by a graph's nodes that have memory of their own for as long as the graph is ready; `None` for an engine that
    /// frees each after its last reader.
    fn kept_values<'g>(&self, graph: &'g Graph, shapes: &Shapes) -> Option<Vec<&'g str>> {
        let _ = (graph, shapes);
        None
    }

    /// The bytes of a graph's weights that it holds in an order of its own, besides the graph's.
    fn packed_bytes(&self, graph: &Graph) -> u64 {
        let _ = graph;
        0
    }

    /// Compiles a graph whose input shapes are all fixed. `graph.outputs` says which values every run returns.
    ///
    /// # Errors
    /// What the engine cannot do is [`EngineError::Unsupported`] or [`EngineError::TooLarge`], never a wrong number.
    fn prepare<'a>(&'a self, graph: Graph) -> LocalFuture<'a, Result<Box<dyn Runner>, EngineError>>;
}

/// A graph that is ready to run. Dropping it frees its memory.
pub trait Runner {
    /// Runs the graph and returns its outputs in the order of `graph.outputs`.
    ///
    /// # Errors
    /// [`EngineError::BadInput`] where a tensor is missing or has another shape than the graph says.
    fn run<'a>(&'a self, inputs: &'a [(&'a str, &'a Tensor)]) -> LocalFuture<'a, Result<Vec<Tensor>, EngineError>>;

    /// The same for a long run that may be given up: an engine that holds its thread asks `go_on` between parts of the graph,
    /// and returns nothing where the answer is no.
    ///
    /// # Errors
    /// As [`Self::run`].
    fn run_in_parts<'a>(
        &'a self,
        inputs: &'a [(&'a str, &'a Tensor)],
        go_on: &'a GoOn<'a>,
    ) -> LocalFuture<'a, Result<Option<Vec<Tensor>>, EngineError>> {
        let _ = go_on;
        Box::pin(async move { self.run(inputs).await.map(Some) })
    }
}

/// Lets others have their turn, and says whether a run shall go on.
pub type GoOn<'a> = dyn Fn() -> LocalFuture<'a, bool> + 'a;
