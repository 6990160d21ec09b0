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

/// The gradients of one size, each prepared when it is needed for the first time.
pub struct Sessions {
    pub lowered: Lowered,
    exact: Option<Session>,
    /// Ascends the value before the activation.
    lenient: Option<Session>,
}

impl Sessions {
    /// Prepares the gradient that will be needed first: the lenient one where the map had no true one so far.
    pub async fn new(
        engine: &dyn Engine,
        opened: &Opened,
        lowered: Lowered,
        target: &Target,
        helped: bool,
    ) -> Result<Self, AnalysisError> {
        let mut sessions = Self { lowered, exact: None, lenient: None };
        sessions.ready(engine, opened, target, helped).await?;
        Ok(sessions)
    }

    /// The true gradient, or where that is zero the lenient one; and whether it is that. `helped`: so it was a step ago. Then
    /// it is most of the time, and the lenient run can tell by itself.
    pub async fn run(
        &mut self,
        engine: &dyn Engine,
        opened: &Opened,
        target: &Target,
        input: &Tensor,
        helped: bool,
    ) -> Result<(Found, bool), AnalysisError> {
        let mut lenient = None;
        if helped {
            let found = self.ready(engine, opened, target, true).await?.run(input).await?;
            if found.stopped {
                return Ok((found, true));
            }
            lenient = Some(found);
        }
        let exact = self.ready(engine, opened, target, false).await?.run(input).await?;
        if exact.gradient.data().iter().any(|&value| value != 0.0) {
            return Ok((exact, false));
        }
        match lenient {
            Some(found) => Ok((found, true)),
            None => Ok((self.ready(engine, opened, target, true).await?.run(input).await?, true)),
        }
    }

    async fn ready(
        &mut self,
        engine: &dyn Engine,
        opened: &Opened,
        target: &Target,
        lenient: bool,
    ) -> Result<&Session, AnalysisError> {
        let (place, rectifiers) = match lenient {
            true => (&mut self.lenient, Rectifiers::OpenAtObjective),
            false => (&mut self.exact, Rectifiers::Exact),
        };
        let session = match place.take() {
            Some(session) => session,
            None => Session::new(engine, &self.lowered, opened, target, rectifiers).await?,
        };
        Ok(place.insert(session))
    }
}

/// An objective and its gradient at one size, ready to run.
struct Session {
    runner: Box<dyn Runner>,
    /// The names of the inputs.
    input: String,
    weights: String,
    /// The value of the second input.
    objective: Tensor,
    /// Whether the last output tells what the true derivative would be.
    tells_passing: bool,
}

/// What a run gives.
pub struct Found {
    pub activation: f32,
    /// With respect to the input.
    pub gradient: Tensor,
    /// The gradient is not the true one, which is zero.
    stopped: bool,
}

impl Session {
    async fn new(
        engine: &dyn Engine,
        lowered: &Lowered,
        opened: &Opened,
        target: &Target,
        rectifiers: Rectifiers,
    ) -> Result<Self, AnalysisError> {
        let input = opened.input().name.clone();
        let limits = engine.limits().unwrap_or(UNLIMITED);
        let wanted = GradientOptions { objective: &target.layer, with_respect_to: &input, also: &[], rectifiers };
        let Gradient { graph, shapes, weights, passing, .. } = gradient(lowered, &wanted, &limits)?;
        let shape = shapes.get(&target.layer).cloned().unwrap_or_default();
        let objective = mean_of_map(&shape, target.map)?;
        let tells_passing = passing.is_some();
        Ok(Self { runner: engine.prepare(graph).await?, input, weights, objective, tells_passing })
    }

    async fn run(&self, input: &Tensor) -> Result<Found, AnalysisError> {
        let given = [(&self.input[..], input), (&self.weights[..], &self.objective)];
        let mut results = self.runner.run(&given).await?.into_iter();
        let number = |result: Option<Tensor>| result.and_then(|result| result.data().first().copied());
        let activation = number(results.next()).unwrap_or(0.0);
        let gradient = match results.next() {
            Some(gradient) => gradient,
            None => Tensor::new(input.shape().to_vec(), vec![0.0; input.data().len()])?,
        };
        let stopped = self.tells_passing && number(results.next()) == Some(0.0);
        Ok(Found { activation, gradient, stopped })
    }
}
