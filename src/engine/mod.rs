//! Runs a graph: named `f32` tensors in, named `f32` tensors out. Does not know what the picture is for.

pub mod checked;
#[cfg(feature = "rten")]
pub mod rten;
mod runner;
pub mod self_check;
#[cfg(feature = "wonnx")]
pub mod wonnx;

pub use runner::{Engine, EngineError, GoOn, LocalFuture, Runner};
