//! The one engine that this module was compiled with, and what the page may know of it.

#[cfg(feature = "rten")]
mod cpu;
#[cfg(all(feature = "wonnx", not(feature = "rten")))]
mod gpu;

use serde::Serialize;

#[cfg(feature = "rten")]
pub use cpu::Device;
#[cfg(all(feature = "wonnx", not(feature = "rten")))]
pub use gpu::Device;

/// What the page shows about the engine.
#[derive(Serialize, Clone)]
#[serde(rename_all = "camelCase")]
pub struct EngineInfo {
    /// `wonnx` or `rten`.
    pub name: &'static str,
    /// `webgpu` or `cpu`.
    pub device: &'static str,
    /// What the browser says of the GPU, the same for the same adapter and driver; empty on the CPU.
    pub adapter: String,
    /// The GPU is emulated by the CPU.
    pub fallback: bool,
}

/// What the GPU holds at the moment, and what was done on it so far; all zero on the CPU.
#[derive(Serialize, Clone, Copy, Default)]
#[serde(rename_all = "camelCase")]
pub struct GpuUse {
    pub gpu_buffers: f64,
    pub gpu_bytes: f64,
    /// Compute pipelines made so far.
    pub pipelines: f64,
    /// Dispatches so far.
    pub dispatches: f64,
    /// Submissions to the queue so far.
    pub submissions: f64,
    /// Buffers mapped so far to read what came back.
    pub readbacks: f64,
    /// Error scopes closed so far, each of which is a question to the GPU's process.
    pub error_scopes: f64,
    /// Nodes of the graph that was prepared last.
    pub prepared_nodes: f64,
    /// Pipelines made for it; more than nodes means that a part of the graph was copied.
    pub prepared_pipelines: f64,
}

/// Whether the engine computes a small graph right.
#[derive(Serialize)]
pub struct SelfCheckResult {
    pub ok: bool,
    /// The first operator with wrong values.
    pub op: Option<String>,
}
