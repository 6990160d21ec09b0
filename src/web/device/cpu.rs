//! The CPU engine. It is the oracle of the tests, so there is nothing to check at run time.

use std::rc::Rc;

use super::{EngineInfo, GpuUse, SelfCheckResult};
use crate::analysis::error::AnalysisError;
use crate::engine::Engine;
use crate::engine::rten::RtenEngine;

#[derive(Clone)]
pub struct Device;

impl Device {
    pub async fn open() -> Result<Self, AnalysisError> {
        Ok(Self)
    }

    pub fn engine(&self) -> Rc<dyn Engine> {
        Rc::new(RtenEngine)
    }

    pub fn info(&self) -> EngineInfo {
        EngineInfo { name: "rten", device: "cpu", adapter: String::new(), fallback: false }
    }

    pub fn gpu_use(&self) -> GpuUse {
        GpuUse::default()
    }

    pub async fn self_check(&self) -> Result<SelfCheckResult, AnalysisError> {
        Ok(SelfCheckResult { ok: true, op: None })
    }

    pub fn destroy(&self) {}
}
