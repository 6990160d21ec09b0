//! From a model and the layers one wants to see to a graph that an engine has ready.

use std::cell::RefCell;
use std::rc::Rc;

use crate::domain::tensor::Tensor;
use crate::engine::{Engine, EngineError, Runner};
use crate::onnx::cut::cut;
use crate::onnx::lower::{Limits, LowerError, lower};

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::open::Opened;

/// How many graphs are kept ready: the layer one looks at and the one before. Each holds its own copy of the weights
/// on a GPU.
const KEPT: usize = 2;

/// What an engine that takes any graph may be given when a model has to be lowered for it: nothing needs splitting.
const UNLIMITED: Limits = Limits { max_binding_bytes: u64::MAX, max_workgroups: u32::MAX };

/// Which form of the graph runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As the file has it.
    Original,
    /// Rewritten to the core set.
    Lowered,
}

/// A graph that is ready to run for one picture at a time.
pub struct Prepared {
    pub form: Form,
    runner: Box<dyn Runner>,
    input: String,
    /// The graph leaves out the softmax at the end of the model.
    pub softmax_left_out: bool,
}

impl Prepared {
    /// Runs the graph on one input.
    ///
    /// # Errors
    /// What the engine reports.
    pub async fn run(&self, input: &Tensor) -> Result<Vec<Tensor>, EngineError> {
        self.runner.run(&[(&self.input, input)]).await
    }
}

/// The graphs that are ready, most recently used last.
#[derive(Default)]
pub struct Ready {
    kept: RefCell<Vec<(Key, Rc<Prepared>)>>,
}

type Key = (Vec<String>, [usize; 2]);

impl Ready {
    /// A graph that returns `outputs` (value names of the file), prepared now or before.
    ///
    /// # Errors
    /// What lowering or the engine refuses.
    pub async fn get(
        &self,
        opened: &Opened,
        engine: &dyn Engine,
        outputs: &[String],
        control: &dyn Control,
    ) -> Result<Rc<Prepared>, AnalysisError> {
        let key = (outputs.to_vec(), opened.size());
        let found = {
            let mut kept = self.kept.borrow_mut();
            kept.iter().position(|(other, _)| *other == key).map(|index| {
                let entry = kept.remove(index);
                let prepared = entry.1.clone();
                kept.push(entry);
                prepared
            })
        };
        if let Some(prepared) = found {
            return Ok(prepared);
        }
        control.progress(Stage::Prepare, 0, 1);
        pause(control).await?;
        // The oldest goes first, so that its memory is free for the new one.
        {
            let mut kept = self.kept.borrow_mut();
            let surplus = (kept.len() + 1).saturating_sub(KEPT);
            kept.drain(..surplus);
        }
        let prepared = Rc::new(prepare(opened, engine, outputs).await?);
        self.kept.borrow_mut().push((key, prepared.clone()));
        control.progress(Stage::Prepare, 1, 1);
        pause(control).await?;
        Ok(prepared)
    }

    /// Frees everything.
    pub fn clear(&self) {
        self.kept.borrow_mut().clear();
    }
}

async fn prepare(opened: &Opened, engine: &dyn Engine, outputs: &[String]) -> Result<Prepared, AnalysisError> {
    let graph = cut(opened.graph(), outputs)?;
    let input = opened.input().name.clone();
    let limits = match engine.limits() {
        Some(limits) => limits,
        None => match engine.prepare(graph.clone()).await {
            Ok(runner) => return Ok(Prepared { form: Form::Original, runner, input, softmax_left_out: false }),
            // An operator that the engine lacks may well be made of others that it has.
            Err(EngineError::Unsupported { node, op, detail }) => {
                return match lowered(opened, engine, &graph, UNLIMITED).await {
                    Err(AnalysisError::Lower(LowerError::Unsupported { .. })) => {
                        Err(EngineError::Unsupported { node, op, detail }.into())
                    }
                    other => other,
                };
            }
            Err(error) => return Err(error.into()),
        },
    };
    lowered(opened, engine, &graph, limits).await
}

async fn lowered(
    opened: &Opened,
    engine: &dyn Engine,
    graph: &crate::onnx::graph::Graph,
    limits: Limits,
) -> Result<Prepared, AnalysisError> {
    let lowered = lower(graph, opened.shapes(), &limits)?;
    let softmax_left_out = lowered.removed_softmax;
    let runner = engine.prepare(lowered.graph).await?;
    Ok(Prepared { form: Form::Lowered, runner, input: opened.input().name.clone(), softmax_left_out })
}
