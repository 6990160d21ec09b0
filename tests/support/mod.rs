//! What several integration tests need: reading a model, running a graph on the CPU engine, comparing values.

// The example `networks` is a program of its own and uses a part of this.
#![allow(dead_code)]

pub mod grid;
pub mod networks;

use std::collections::BTreeMap;
use std::path::Path;

use featurescope::domain::tensor::Tensor;
use featurescope::engine::rten::RtenEngine;
use featurescope::engine::{Engine, EngineError, LocalFuture, Runner};
use featurescope::onnx::encode::encode;
use featurescope::onnx::fold::{Folded, fold};
use featurescope::onnx::graph::{Data, Dimension, Graph};
use featurescope::onnx::lower::Limits;
use featurescope::onnx::read::read;
use featurescope::onnx::shapes::Shapes;
use featurescope::onnx::weights::Bytes32;

/// The CPU engine as one that takes lowered graphs only, as the GPU engine does.
pub struct Lowering;

impl Engine for Lowering {
    fn name(&self) -> &'static str {
        "rten"
    }

    fn limits(&self) -> Option<Limits> {
        Some(Limits::default())
    }

    fn prepare<'a>(&'a self, graph: Graph) -> LocalFuture<'a, Result<Box<dyn Runner>, EngineError>> {
        RtenEngine.prepare(graph)
    }
}

/// The graph of a model file.
pub fn read_model(path: &Path) -> Graph {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    read(Bytes32::from(&bytes[..]), Vec::new()).unwrap_or_else(|error| panic!("{}: {error}", path.display())).graph
}

/// The graph as a file of its own, with all constants in it.
pub fn model_file(graph: &Graph) -> Vec<u8> {
    const FLOAT: i32 = 1;
    let mut graph = graph.clone();
    for constant in graph.constants.values_mut() {
        if let Some(floats) = constant.as_floats() {
            let bytes: Vec<u8> = floats.iter().flat_map(|value| value.to_le_bytes()).collect();
            constant.data = Data::Other { data_type: FLOAT, bytes: bytes.into() };
        }
    }
    encode(&graph).message
}

/// The folded graph, which is what is run, and the shape of every value in it.
pub fn analyse(graph: &Graph, inputs: &BTreeMap<String, Tensor>) -> Result<(Graph, Shapes), String> {
    let input_shapes = inputs.iter().map(|(name, tensor)| (name.clone(), tensor.shape().to_vec())).collect();
    let Folded { graph, shapes } = fold(graph, &input_shapes).map_err(|error| format!("shapes: {error}"))?;
    Ok((graph, shapes))
}

/// Runs a graph on the CPU engine; inputs are seen in the shapes that the graph states.
pub fn run(graph: &Graph, inputs: &BTreeMap<String, Tensor>) -> Result<BTreeMap<String, Tensor>, EngineError> {
    let given: Vec<(&str, Tensor)> = graph
        .inputs
        .iter()
        .map(|input| {
            let tensor = &inputs[&input.name];
            let stated: Option<Vec<usize>> = input
                .shape
                .iter()
                .map(|dimension| match dimension {
                    Dimension::Fixed(size) => Some(*size),
                    Dimension::Symbolic(_) => None,
                })
                .collect();
            let shape = stated.filter(|_| !input.shape.is_empty()).unwrap_or_else(|| tensor.shape().to_vec());
            (input.name.as_str(), Tensor::new(shape, tensor.data().to_vec()).unwrap())
        })
        .collect();
    let given: Vec<(&str, &Tensor)> = given.iter().map(|(name, tensor)| (*name, tensor)).collect();
    let runner = pollster::block_on(RtenEngine.prepare(graph.clone()))?;
    let results = pollster::block_on(runner.run(&given))?;
    Ok(graph.outputs.iter().cloned().zip(results).collect())
}

/// The largest difference, relative to the largest expected value or to 1 where that is smaller.
pub fn largest_difference(actual: &[f32], expected: &[f32]) -> f32 {
    if actual.len() != expected.len() {
        return f32::INFINITY;
    }
    let largest = expected.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    actual.iter().zip(expected).fold(0.0_f32, |worst, (a, b)| {
        let difference = (a - b).abs();
        if difference.is_nan() || difference > worst { difference } else { worst }
    }) / largest
}

/// What lowering leaves to the caller where a model ends in a Softmax over all classes.
pub fn softmax(tensor: &mut Tensor) {
    let highest = tensor.data().iter().fold(f32::NEG_INFINITY, |highest, &value| highest.max(value));
    let total: f32 = tensor.data().iter().map(|value| (value - highest).exp()).sum();
    for value in tensor.data_mut() {
        *value = (*value - highest).exp() / total;
    }
}
