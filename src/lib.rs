//! Featurescope: what a convolutional neural network looks at.
//!
//! The layers point one way, each knowing only the ones before it (a test reads the `use` lines and holds this):
//! [`domain`] (pure maths) ← [`onnx`] (graph in, graph out) ← [`engine`] (runs a graph) ← [`analysis`]
//! (the questions) ← `web` (the JavaScript edge).

pub mod analysis;
pub mod domain;
pub mod engine;
pub mod onnx;
#[cfg(target_arch = "wasm32")]
mod web;
