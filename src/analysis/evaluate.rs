//! Runs any graph on given inputs: how an engine is compared with recorded values, and how a script reads several layers
//! at once.

use std::collections::BTreeMap;

use crate::domain::objective::{ObjectiveError, class_score, position, sum_of_map, weighted_means};
use crate::domain::tensor::Tensor;
use crate::engine::{Engine, EngineError};
use crate::onnx::cut::cut;
use crate::onnx::fold::{Folded, fold};
use crate::onnx::gradient::{Gradient, GradientOptions, Rectifiers, gradient};
use crate::onnx::graph::{Dimension, Graph};
use crate::onnx::lower::lower;
use crate::onnx::read::Model;

use super::control::Unattended;
use super::error::AnalysisError;
use super::prepared::{Form, UNLIMITED, prepare, ready_to_run};

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
    let Folded { graph, shapes } = sized(graph, inputs)?;
    let prepared = prepare(engine, &graph, &shapes).await?;
    let values = prepared.run(&used(&graph, inputs), &Unattended).await?;
    Ok(Evaluation { values, form: prepared.form, softmax_left_out: prepared.softmax_left_out })
}

/// What is summed up and differentiated: some elements of one value.
#[derive(Debug, Clone, PartialEq)]
pub enum Objective {
    /// The sum of the means of these maps.
    Means(Vec<usize>),
    /// The sum of this map.
    Sum(usize),
    /// One position of a map, by row and column from 0.
    Position { map: usize, row: usize, column: usize },
    /// The score of this class.
    Score(usize),
    /// All elements, each times its weight, in the value's order.
    Weighted(Vec<f32>),
}

/// Computes the objective over the elements of `value`, and its derivatives with respect to those of `with_respect_to` (value
/// names of the file), by the graph that drawing and Grad-CAM use.
///
/// # Errors
/// As [`evaluate`], and [`AnalysisError::Gradient`] for an operator that has no gradient.
pub async fn differentiate(
    model: &Model,
    engine: &dyn Engine,
    inputs: &[(&str, &Tensor)],
    value: &str,
    with_respect_to: &str,
    objective: &Objective,
) -> Result<(f32, Tensor), AnalysisError> {
    let Folded { graph, shapes } = sized(cut(&model.graph, &[value.to_owned()])?, inputs)?;
    let limits = engine.limits().unwrap_or(UNLIMITED);
    let lowered = lower(&graph, &shapes, &limits)?;
    let options = GradientOptions {
        objective: value,
        with_respect_to,
        more: &[],
        read_from: None,
        also: &[],
        rectifiers: Rectifiers::Exact,
        beyond_limits: false,
    };
    let Gradient { graph, shapes, weights: name, .. } = gradient(&lowered, &options, &limits)?;
    let shape = shapes.get(value).cloned().unwrap_or_default();
    let weights = match objective {
        Objective::Means(maps) => weighted_means(&shape, &maps.iter().map(|&map| (map, 1.0)).collect::<Vec<_>>())?,
        &Objective::Sum(map) => sum_of_map(&shape, map)?,
        &Objective::Position { map, row, column } => position(&shape, map, row, column)?,
        Objective::Score(class) => class_score(&shape, *class)?,
        Objective::Weighted(weights) => Tensor::new(shape, weights.clone()).map_err(ObjectiveError::from)?,
    };
    // Lowering adds dimensions of length 1 to an input of fewer than four.
    let seen = |(name, tensor): (&str, &Tensor)| {
        let shape = shapes.get(name).cloned().unwrap_or_default();
        Ok((name.to_owned(), Tensor::new(shape, tensor.data().to_vec()).map_err(ObjectiveError::from)?))
    };
    let inputs: Vec<(String, Tensor)> =
        used(&graph, inputs).into_iter().map(seen).collect::<Result<_, AnalysisError>>()?;
    let mut given: Vec<(&str, &Tensor)> = inputs.iter().map(|(name, tensor)| (&name[..], tensor)).collect();
    given.push((&name, &weights));
    let runner = ready_to_run(engine, graph, &shapes).await?;
    let mut found = runner.run(&given).await?.into_iter();
    match (found.next(), found.next()) {
        (Some(sum), Some(slopes)) => Ok((sum.data().first().copied().unwrap_or(0.0), slopes)),
        _ => Err(EngineError::Failed("the engine gave no gradient".to_owned()).into()),
    }
}

/// The graph for inputs of these sizes.
fn sized(mut graph: Graph, inputs: &[(&str, &Tensor)]) -> Result<Folded, AnalysisError> {
    let mut sizes = BTreeMap::new();
    for input in &mut graph.inputs {
        let (_, tensor) = inputs
            .iter()
            .find(|(name, _)| *name == input.name)
            .ok_or_else(|| EngineError::BadInput { name: input.name.clone(), detail: "is missing".to_owned() })?;
        input.shape = tensor.shape().iter().map(|&size| Dimension::Fixed(size)).collect();
        sizes.insert(input.name.clone(), tensor.shape().to_vec());
    }
    Ok(fold(&graph, &sizes)?)
}

/// Those that the graph has.
fn used<'a>(graph: &Graph, inputs: &[(&'a str, &'a Tensor)]) -> Vec<(&'a str, &'a Tensor)> {
    inputs.iter().filter(|(name, _)| graph.inputs.iter().any(|input| input.name == *name)).copied().collect()
}
