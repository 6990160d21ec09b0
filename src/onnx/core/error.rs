//! What lowering may take, and why it refuses.

use thiserror::Error;

use crate::onnx::core_set::NotCore;
use crate::onnx::shapes::ShapeError;

/// What the engine can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest tensor, in bytes.
    pub max_binding_bytes: u64,
    /// Most workgroups in one dimension of a dispatch.
    pub max_workgroups: u32,
}

impl Default for Limits {
    /// The limits that WebGPU guarantees everywhere.
    fn default() -> Self {
        Self { max_binding_bytes: 128 << 20, max_workgroups: 65_535 }
    }
}

/// Why a graph cannot be lowered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LowerError {
    /// An operator, or a form of it, that is not made of core operators.
    #[error("in node {node:?}: operator {op} is not supported: {detail}")]
    Unsupported { op: String, node: String, detail: String },
    /// A tensor that is too large for one binding and cannot be split.
    #[error("in node {node:?}: a tensor of shape {shape:?} is larger than the limit of {limit} bytes")]
    TooLarge { node: String, shape: Vec<usize>, limit: u64 },
    /// More numbers would be made up for the graph than memory should be taken for.
    #[error("in node {node:?}: what is made up for it and the nodes before it is more than the limit of {limit} bytes")]
    TooMuch { node: String, limit: u64 },
    /// The graph's constants could not be folded.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A value without a shape.
    #[error("the shape of {value:?} is not known")]
    UnknownShape { value: String },
    /// A node that reads a value that nothing makes.
    #[error("in node {node:?}: nothing makes its input {value:?}")]
    UnknownValue { value: String, node: String },
    /// Lowering itself wrote something outside of the core set: a defect of ours, found before it can do harm.
    #[error("lowering left something that is not in the core set: {0}")]
    NotCore(#[from] NotCore),
}
