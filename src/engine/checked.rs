//! Compares the shapes of what an engine returns with those that were inferred: the one place where an engine's results are
//! believed. Whoever reads them counts on their lengths.

use super::runner::{Engine, EngineError, GoOn, LocalFuture, Runner};
use crate::domain::tensor::Tensor;
use crate::onnx::graph::Graph;
use crate::onnx::shapes::Shapes;

/// Makes a graph ready whose outputs have to come back in the shapes that `shapes` states.
///
/// # Errors
/// What the engine refuses, and [`EngineError::BadGraph`] for an output without a shape.
pub async fn prepare(engine: &dyn Engine, graph: Graph, shapes: &Shapes) -> Result<Box<dyn Runner>, EngineError> {
    let stated = |name: &String| {
        let shape = shapes.get(name).or_else(|| graph.constants.get(name).map(|constant| &constant.shape));
        let shape = shape.ok_or_else(|| EngineError::BadGraph(format!("the shape of \"{name}\" is not known")))?;
        Ok((name.clone(), shape.clone()))
    };
    let outputs = graph.outputs.iter().map(stated).collect::<Result<_, EngineError>>()?;
    Ok(Box::new(Checked { runner: engine.prepare(graph).await?, outputs }))
}

/// A runner whose results are held against the shapes that they should have.
struct Checked {
    runner: Box<dyn Runner>,
    outputs: Vec<(String, Vec<usize>)>,
}

impl Checked {
    fn check(&self, results: Vec<Tensor>) -> Result<Vec<Tensor>, EngineError> {
        if results.len() != self.outputs.len() {
            let (given, wanted) = (results.len(), self.outputs.len());
            return Err(EngineError::Failed(format!("it returned {given} values instead of {wanted}")));
        }
        for ((name, expected), result) in self.outputs.iter().zip(&results) {
            if result.shape() != expected {
                let (value, found) = (name.clone(), result.shape().to_vec());
                return Err(EngineError::OtherShape { value, expected: expected.clone(), found });
            }
        }
        Ok(results)
    }
}

impl Runner for Checked {
    fn run<'a>(&'a self, inputs: &'a [(&'a str, &'a Tensor)]) -> LocalFuture<'a, Result<Vec<Tensor>, EngineError>> {
        Box::pin(async move { self.check(self.runner.run(inputs).await?) })
    }

    fn run_in_parts<'a>(
        &'a self,
        inputs: &'a [(&'a str, &'a Tensor)],
        go_on: &'a GoOn<'a>,
    ) -> LocalFuture<'a, Result<Option<Vec<Tensor>>, EngineError>> {
        Box::pin(async move {
            self.runner.run_in_parts(inputs, go_on).await?.map(|results| self.check(results)).transpose()
        })
    }
}
