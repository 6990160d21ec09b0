//! Runs any graph on given inputs: how an engine is compared with recorded values, and how a script reads several layers
//! at once.

use std::collections::BTreeMap;

use crate::domain::tensor::Tensor;
use crate::engine::{Engine, EngineError};
use crate::onnx::cut::cut;
use crate::onnx::fold::{Folded, fold};
use crate::onnx::graph::Dimension;
use crate::onnx::read::Model;

use super::error::AnalysisError;
use super::prepared::{Form, prepare};

/// The values of a graph for given inputs.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// In the order in which they were asked for. A lowered graph may return more dimensions of length 1 than the file
    /// states, with the same values in the same order; and the scores before a softmax at the end.
    pub values: Vec<Tensor>,
    pub form: Form,
    /// The softmax at the end of the model was left out.
    pub softmax_left_out: bool,
}

/// Computes `outputs` (value names of the file; all results of the graph where none are named).
///
/// # Errors
/// [`AnalysisError`] for missing or unfitting inputs, and for what the engine refuses.
pub async fn evaluate(
    model: &Model,
    engine: &dyn Engine,
    inputs: &[(&str, &Tensor)],
    outputs: &[String],
) -> Result<Evaluation, AnalysisError> {
    let mut graph = model.graph.clone();
    if !outputs.is_empty() {
        graph = cut(&graph, outputs)?;
    }
    let mut sizes = BTreeMap::new();
    for input in &mut graph.inputs {
        let (_, tensor) = inputs
            .iter()
            .find(|(name, _)| *name == input.name)
            .ok_or_else(|| EngineError::BadInput { name: input.name.clone(), detail: "is missing".to_owned() })?;
        input.shape = tensor.shape().iter().map(|&size| Dimension::Fixed(size)).collect();
        sizes.insert(input.name.clone(), tensor.shape().to_vec());
    }
    let Folded { graph, shapes } = fold(&graph, &sizes)?;
    let prepared = prepare(engine, &graph, &shapes).await?;
    let kept: Vec<(&str, &Tensor)> =
        inputs.iter().filter(|(name, _)| graph.inputs.iter().any(|input| input.name == *name)).copied().collect();
    let values = prepared.run(&kept).await?;
    Ok(Evaluation { values, form: prepared.form, softmax_left_out: prepared.softmax_left_out })
}
