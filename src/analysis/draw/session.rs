//! A model at the size of a drawing, ready to be run forwards and backwards.

use std::collections::BTreeMap;

use crate::analysis::error::AnalysisError;
use crate::analysis::open::Opened;
use crate::analysis::prepared::UNLIMITED;
use crate::domain::objective::mean_of_map;
use crate::domain::recipe::Layout;
use crate::domain::tensor::Tensor;
use crate::engine::{Engine, Runner};
use crate::onnx::cut::cut;
use crate::onnx::fold::fold;
use crate::onnx::gradient::{Gradient, GradientOptions, Rectifiers, gradient};
use crate::onnx::graph::Dimension;
use crate::onnx::lower::{Lowered, lower};

/// The network up to a layer for a picture of another side, in core operators.
pub fn lowered_at(opened: &Opened, engine: &dyn Engine, layer: &str, side: usize) -> Result<Lowered, AnalysisError> {
    let mut graph = cut(opened.graph(), &[layer.to_owned()])?;
    let mut inputs = BTreeMap::new();
    let first = match opened.form().layout {
        Layout::Nchw => 2,
        Layout::Nhwc => 1,
    };
    for input in &mut graph.inputs {
        let mut shape = opened.shapes().get(&input.name).cloned().unwrap_or_default();
        shape.iter_mut().skip(first).take(2).for_each(|length| *length = side);
        input.shape = shape.iter().map(|&length| Dimension::Fixed(length)).collect();
        inputs.insert(input.name.clone(), shape);
    }
    // What the file states is for its own size.
    graph.stated_shapes.clear();
    let folded = fold(&graph, &inputs)?;
    Ok(lower(&folded.graph, &folded.shapes, &engine.limits().unwrap_or(UNLIMITED))?)
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub layer: String,
    pub map: usize,
}

/// An objective and its gradient at one size, ready to run.
pub struct Session {
    runner: Box<dyn Runner>,
    /// The names of the inputs.
    input: String,
    weights: String,
    /// The value of the second input.
    objective: Tensor,
}

/// What a run gives.
pub struct Found {
    pub activation: f32,
    /// With respect to the input.
    pub gradient: Tensor,
}

impl Session {
    pub async fn new(
        engine: &dyn Engine,
        lowered: &Lowered,
        opened: &Opened,
        target: &Target,
        rectifiers: Rectifiers,
    ) -> Result<Self, AnalysisError> {
        let input = opened.input().name.clone();
        let limits = engine.limits().unwrap_or(UNLIMITED);
        let wanted = GradientOptions { objective: &target.layer, with_respect_to: &input, also: &[], rectifiers };
        let Gradient { graph, shapes, weights, .. } = gradient(lowered, &wanted, &limits)?;
        let shape = shapes.get(&target.layer).cloned().unwrap_or_default();
        let objective = mean_of_map(&shape, target.map)?;
        Ok(Self { runner: engine.prepare(graph).await?, input, weights, objective })
    }

    pub async fn run(&self, input: &Tensor) -> Result<Found, AnalysisError> {
        let given = [(&self.input[..], input), (&self.weights[..], &self.objective)];
        let mut results = self.runner.run(&given).await?.into_iter();
        let activation = results.next().and_then(|objective| objective.data().first().copied()).unwrap_or(0.0);
        let gradient = match results.next() {
            Some(gradient) => gradient,
            None => Tensor::new(input.shape().to_vec(), vec![0.0; input.data().len()])?,
        };
        Ok(Found { activation, gradient })
    }
}
