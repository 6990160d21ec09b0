//! The GPU engine.

use std::rc::Rc;

use super::{EngineInfo, GpuUse, SelfCheckResult};
use crate::analysis::error::AnalysisError;
use crate::engine::Engine;
use crate::engine::self_check::{SelfCheck, self_check};
use crate::engine::wonnx::WonnxEngine;

#[derive(Clone)]
pub struct Device {
    engine: Rc<WonnxEngine>,
}

impl Device {
    pub async fn open() -> Result<Self, AnalysisError> {
        Ok(Self { engine: Rc::new(WonnxEngine::open().await?) })
    }

    pub fn engine(&self) -> Rc<dyn Engine> {
        self.engine.clone()
    }

    pub fn info(&self) -> EngineInfo {
        let info = self.engine.info();
        EngineInfo { name: "wonnx", device: "webgpu", adapter: info.adapter.clone(), fallback: info.software }
    }

    pub fn gpu_use(&self) -> GpuUse {
        let count = self.engine.count();
        let made = self.engine.made();
        GpuUse {
            gpu_buffers: count.live_buffers as f64,
            gpu_bytes: count.live_bytes as f64,
            pipelines: count.pipelines as f64,
            dispatches: count.dispatches as f64,
            submissions: count.submissions as f64,
            readbacks: count.readbacks as f64,
            error_scopes: count.error_scopes as f64,
            prepared_nodes: made.nodes as f64,
            prepared_pipelines: made.pipelines as f64,
        }
    }

    pub async fn self_check(&self) -> Result<SelfCheckResult, AnalysisError> {
        Ok(match self_check(&*self.engine).await? {
            SelfCheck::Ok => SelfCheckResult { ok: true, op: None },
            SelfCheck::Mismatch { op } => SelfCheckResult { ok: false, op: Some(op) },
        })
    }

    /// Takes the device away, as a driver may do at any time.
    pub fn destroy(&self) {
        self.engine.destroy();
    }
}
