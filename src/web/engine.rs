//! The one engine that this module was compiled with.

use std::rc::Rc;

use serde::Serialize;

use crate::analysis::error::AnalysisError;
use crate::engine::Engine;

/// What the page shows about the engine.
#[derive(Serialize, Clone)]
#[serde(rename_all = "camelCase")]
pub struct EngineInfo {
    /// `wonnx` or `rten`.
    pub name: &'static str,
    /// `webgpu` or `cpu`.
    pub device: &'static str,
    /// What the browser says of the GPU; empty on the CPU.
    pub adapter: String,
    /// The GPU is emulated by the CPU.
    pub fallback: bool,
}

/// What the GPU holds at the moment; all zero on the CPU.
#[derive(Serialize, Clone, Copy, Default)]
#[serde(rename_all = "camelCase")]
pub struct GpuUse {
    pub gpu_buffers: usize,
    pub gpu_bytes: f64,
    pub pipelines: usize,
    pub dispatches: usize,
}

#[cfg(feature = "rten")]
pub async fn create() -> Result<(Rc<dyn Engine>, EngineInfo), AnalysisError> {
    let engine = Rc::new(crate::engine::rten::RtenEngine);
    Ok((engine, EngineInfo { name: "rten", device: "cpu", adapter: String::new(), fallback: false }))
}

#[cfg(feature = "rten")]
pub fn gpu_use() -> GpuUse {
    GpuUse::default()
}
