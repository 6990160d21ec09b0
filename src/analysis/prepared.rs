//! From a model and the layers one wants to see to a graph that an engine has ready.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use crate::domain::tensor::{Tensor, element_count};
use crate::engine::{Engine, EngineError, Runner, checked};
use crate::onnx::budget;
use crate::onnx::cut::{cut, from_layer};
use crate::onnx::gradient::{GradientError, GradientOptions, Rectifiers, gradient};
use crate::onnx::graph::{Graph, Node};
use crate::onnx::head::Output;
use crate::onnx::lower::{Limits, LowerError, Lowered, lower};
use crate::onnx::operator::Operator;
use crate::onnx::partly::{Partly, lower_nodes};
use crate::onnx::shapes::Shapes;

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::open::Opened;

/// How many graphs are kept ready: the layer one looks at and the one before. Each holds its own copy of the weights
/// on a GPU.
const KEPT: usize = 2;

/// What an engine that takes any graph may be given when a model has to be lowered for it: nothing needs splitting.
pub const UNLIMITED: Limits = Limits { max_binding_bytes: u64::MAX, max_workgroups: u32::MAX };

/// Which form of the graph runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As the file has it, but for nodes that the engine lacks.
    Original,
    /// Rewritten to the core set.
    Lowered,
}

/// A graph that is ready to run.
pub struct Prepared {
    pub form: Form,
    runner: Box<dyn Runner>,
    /// The names of the graph's inputs.
    inputs: Vec<String>,
    /// The shapes of the inputs where lowering has added dimensions of length 1 to them.
    widened: Vec<(String, Vec<usize>)>,
    /// The graph leaves out the softmax at the end of the model.
    pub softmax_left_out: bool,
    /// Of a gradient's graph, the inputs that say what is differentiated: one for each value that is, in their order.
    pub weights: Vec<Weights>,
    /// What is differentiated are the class scores as the file has them: the layer is behind all that they are made of.
    pub of_result: bool,
}

/// An input of a gradient's graph that takes the weights of a part of the objective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    pub input: String,
    pub shape: Vec<usize>,
}

impl Prepared {
    /// Whether the graph has this input.
    pub fn takes(&self, input: &str) -> bool {
        self.inputs.iter().any(|name| name == input)
    }

    /// Runs the graph. The results have the shapes that were inferred. A long run lets others have their turn in between.
    ///
    /// # Errors
    /// What the engine reports, and [`AnalysisError::Cancelled`].
    pub async fn run(&self, inputs: &[(&str, &Tensor)], control: &dyn Control) -> Result<Vec<Tensor>, AnalysisError> {
        let widened = inputs
            .iter()
            .map(|&(name, tensor)| {
                let shape = self.widened.iter().find(|(other, _)| other == name).map(|(_, shape)| shape.clone())?;
                // A tensor of another size stays as it is, and the engine says what is wrong with it.
                Tensor::new(shape, tensor.data().to_vec()).ok()
            })
            .collect::<Vec<_>>();
        let inputs: Vec<(&str, &Tensor)> = inputs
            .iter()
            .zip(&widened)
            .map(|(&(name, tensor), widened)| (name, widened.as_ref().unwrap_or(tensor)))
            .collect();
        let go_on = || control.pause();
        self.runner.run_in_parts(&inputs, &go_on).await?.ok_or(AnalysisError::Cancelled)
    }
}

/// The graphs that are ready, most recently used last.
#[derive(Default)]
pub struct Ready {
    kept: RefCell<Vec<(Key, Rc<Prepared>)>>,
}

/// Which part of the model, for which input size.
#[derive(PartialEq)]
struct Key {
    part: Part,
    given: Given,
    size: [usize; 2],
}

#[derive(PartialEq)]
enum Part {
    /// From the picture to these values.
    Outputs(Vec<String>),
    /// From this layer to what the network gives.
    Rest(String, Vec<String>),
    /// From this layer to the scores and back.
    ScoreGradient(String),
    /// From this layer to a value and back.
    ValueGradient(String, String),
}

/// What a graph is given beside the picture, or instead of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    /// Of attention: an input chooses the patch whose row is looked at
    /// ([`AttentionRows::token`](crate::onnx::layers::AttentionRows::token)).
    pub row: bool,
    /// Of a network that takes a stack of slices: an input holds these ([`Volume::value`](crate::onnx::intake::Volume::value)).
    pub slices: bool,
}

/// A layer that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Its id.
    pub layer: &'a str,
    pub given: Given,
}

/// The model's graph with the inputs that it is given; `layer`: the attention whose row is chosen.
pub(super) fn whole<'a>(opened: &'a Opened, layer: Option<&str>, given: Given) -> Cow<'a, Graph> {
    let mut graph = Cow::Borrowed(opened.graph());
    if let Some(volume) = opened.volume().filter(|_| given.slices) {
        graph = Cow::Owned(volume.given(&graph));
    }
    if let Some(rows) = layer.and_then(|layer| opened.attention(layer)).filter(|_| given.row) {
        graph = Cow::Owned(rows.chosen(&graph));
    }
    graph
}

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
        let part = Part::Outputs(outputs.to_vec());
        let make = async || prepare(engine, &cut(opened.graph(), outputs)?, opened.shapes()).await;
        self.part(opened, part, Given::default(), make, control).await
    }

    /// The same for a look at a layer.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn seen(
        &self,
        opened: &Opened,
        engine: &dyn Engine,
        Subject { layer, given }: Subject<'_>,
        outputs: &[String],
        control: &dyn Control,
    ) -> Result<Rc<Prepared>, AnalysisError> {
        let part = Part::Outputs(outputs.to_vec());
        let make = async || prepare(engine, &cut(&whole(opened, Some(layer), given), outputs)?, opened.shapes()).await;
        self.part(opened, part, given, make, control).await
    }

    /// The graph from a layer to `values`, prepared now or before: it takes the layer's value, and the picture where a path leads around
    /// the layer.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn rest(
        &self,
        opened: &Opened,
        engine: &dyn Engine,
        subject: Subject<'_>,
        values: &[String],
        control: &dyn Control,
    ) -> Result<Rc<Prepared>, AnalysisError> {
        let make = async || prepare(engine, &rest_of(opened, subject, values)?, opened.shapes()).await;
        let part = Part::Rest(subject.layer.to_owned(), values.to_vec());
        self.part(opened, part, subject.given, make, control).await
    }

    /// The graph from a layer to a weighted sum of the class scores, and the derivatives of that sum with respect to the
    /// layer, prepared now or before. It takes what [`Self::rest`] takes and the weights, and returns the sum, the
    /// derivatives and, where a class is a mixture of scores, the values that hold them. A score is what the model has before it makes
    /// probabilities of it.
    ///
    /// # Errors
    /// As [`Self::rest`], and [`AnalysisError::Gradient`] for an operator that has no gradient.
    pub async fn score_gradient(
        &self,
        opened: &Opened,
        engine: &dyn Engine,
        subject: Subject<'_>,
        control: &dyn Control,
    ) -> Result<Rc<Prepared>, AnalysisError> {
        let layer = subject.layer;
        let Output { value, logits, .. } = opened.scored()?;
        let make = async || {
            let limits = engine.limits().unwrap_or(UNLIMITED);
            let sources: Vec<String> = logits.values().into_iter().map(str::to_owned).collect();
            // A layer behind the logits, if there is one, only makes the probabilities.
            let (rest, of_result) = match rest_of(opened, subject, &sources)? {
                rest if rest.inputs.iter().any(|input| input.name == layer) => (rest, false),
                _ => (rest_of(opened, subject, std::slice::from_ref(value))?, true),
            };
            // Only core operators have gradients, on any engine.
            let lowered = lower(&rest, opened.shapes(), &limits).map_err(GradientError::from)?;
            let values = &lowered.graph.outputs;
            let (objective, more) = values.split_first().map_or(("", &[][..]), |(first, more)| (&first[..], more));
            // How a mixture is made depends on their values. The layer may be one of them, which whoever asks has.
            let also: Vec<String> = match logits.plain() {
                None if !of_result => values.iter().filter(|value| *value != layer).cloned().collect(),
                _ => Vec::new(),
            };
            let options = GradientOptions {
                objective,
                more,
                read_from: None,
                with_respect_to: layer,
                also: &also,
                rectifiers: Rectifiers::Exact,
                beyond_limits: false,
            };
            let found = gradient(&lowered, &options, &limits)?;
            let inputs = std::iter::once(found.weights).chain(found.more_weights);
            let weights = inputs.map(|input| {
                let shape = found.shapes.get(&input).cloned().unwrap_or_default();
                Weights { input, shape }
            });
            Ok(Prepared {
                weights: weights.collect(),
                of_result,
                ..of_lowered(engine, found.graph, &found.shapes, opened.shapes(), lowered.removed_softmax).await?
            })
        };
        self.part(opened, Part::ScoreGradient(layer.to_owned()), subject.given, make, control).await
    }

    /// The graph from a layer to a weighted sum of a value's elements, and the derivatives of that sum with respect to the layer, prepared now or
    /// before; `None` where the layer has no part in the value. It takes what [`Self::rest`] takes and the weights.
    ///
    /// # Errors
    /// As [`Self::rest`], and [`AnalysisError::Gradient`] for an operator that has no gradient.
    pub async fn value_gradient(
        &self,
        opened: &Opened,
        engine: &dyn Engine,
        subject: Subject<'_>,
        value: &str,
        control: &dyn Control,
    ) -> Result<Option<Rc<Prepared>>, AnalysisError> {
        let layer = subject.layer;
        let rest = rest_of(opened, subject, &[value.to_owned()])?;
        if !rest.inputs.iter().any(|input| input.name == layer) {
            return Ok(None);
        }
        let make = async || {
            let limits = engine.limits().unwrap_or(UNLIMITED);
            let lowered = lower(&rest, opened.shapes(), &limits).map_err(GradientError::from)?;
            let options = GradientOptions {
                objective: value,
                more: &[],
                read_from: None,
                with_respect_to: layer,
                also: &[],
                rectifiers: Rectifiers::Exact,
                beyond_limits: false,
            };
            let found = gradient(&lowered, &options, &limits)?;
            let shape = found.shapes.get(&found.weights).cloned().unwrap_or_default();
            let weights = vec![Weights { input: found.weights, shape }];
            let softmax_left_out = lowered.removed_softmax;
            Ok(Prepared {
                weights,
                ..of_lowered(engine, found.graph, &found.shapes, opened.shapes(), softmax_left_out).await?
            })
        };
        let part = Part::ValueGradient(layer.to_owned(), value.to_owned());
        self.part(opened, part, subject.given, make, control).await.map(Some)
    }

    async fn part(
        &self,
        opened: &Opened,
        part: Part,
        given: Given,
        make: impl AsyncFnOnce() -> Result<Prepared, AnalysisError>,
        control: &dyn Control,
    ) -> Result<Rc<Prepared>, AnalysisError> {
        let key = Key { part, given, size: opened.size() };
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
        let prepared = Rc::new(make().await?);
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

/// Makes the graph ready: as it is where the engine takes it, but for the nodes that it lacks, which are rewritten to the core set; all of it
/// where the engine takes nothing else.
///
/// # Errors
/// What lowering or the engine refuses.
pub async fn prepare(engine: &dyn Engine, graph: &Graph, shapes: &Shapes) -> Result<Prepared, AnalysisError> {
    let Some(limits) = engine.limits() else {
        return match with_some_lowered(engine, graph, shapes).await {
            // What no node of the graph can be spared may still be made of several together.
            Err(AnalysisError::Engine(refused @ EngineError::Unsupported { .. })) => {
                match lowered(engine, graph, shapes, UNLIMITED).await {
                    Err(AnalysisError::Lower(LowerError::Unsupported { .. })) => Err(refused.into()),
                    other => other,
                }
            }
            other => other,
        };
    };
    lowered(engine, graph, shapes, limits).await
}

/// So many forms of operators that an engine refuses are rewritten one after the other; with more the graph is lowered as a whole.
const MOST_REFUSED: usize = 32;

/// Makes the graph ready with the nodes rewritten that the engine refuses, and no others.
async fn with_some_lowered(engine: &dyn Engine, graph: &Graph, shapes: &Shapes) -> Result<Prepared, AnalysisError> {
    let lacks = |node: &Node| Operator::of(node).is_some_and(|operator| operator.cpu.is_none());
    // Nodes of a form that was refused.
    let mut refused: Vec<&Node> = Vec::new();
    loop {
        let is_refused = |node: &Node| refused.iter().any(|it| it.op == node.op && it.attributes == node.attributes);
        let is_chosen = |node: &Node| lacks(node) || is_refused(node);
        // Most files have none.
        let partly = graph.nodes.iter().any(is_chosen).then(|| lower_nodes(graph, shapes, &UNLIMITED, is_chosen));
        let made = match partly {
            Some(Partly { graph, shapes, .. }) => ready_to_run(engine, graph, &shapes).await,
            None => ready_to_run(engine, graph.clone(), shapes).await,
        };
        let error = match made {
            Ok(runner) => {
                return Ok(Prepared {
                    form: Form::Original,
                    runner,
                    inputs: graph.inputs.iter().map(|input| input.name.clone()).collect(),
                    widened: Vec::new(),
                    softmax_left_out: false,
                    weights: Vec::new(),
                    of_result: false,
                });
            }
            Err(error) => error,
        };
        let AnalysisError::Engine(EngineError::Unsupported { node, .. }) = &error else { return Err(error) };
        match graph.nodes.iter().find(|it| it.name == *node) {
            Some(node) if !lacks(node) && !is_refused(node) && refused.len() < MOST_REFUSED => refused.push(node),
            _ => return Err(error),
        }
    }
}

async fn lowered(
    engine: &dyn Engine,
    graph: &Graph,
    shapes: &Shapes,
    limits: Limits,
) -> Result<Prepared, AnalysisError> {
    let Lowered { graph, shapes: widened, removed_softmax } = lower(graph, shapes, &limits)?;
    of_lowered(engine, graph, &widened, shapes, removed_softmax).await
}

/// Makes a lowered graph ready, whose values have the shapes `made`, and those of the file the shapes `shapes`.
async fn of_lowered(
    engine: &dyn Engine,
    graph: Graph,
    made: &Shapes,
    shapes: &Shapes,
    softmax_left_out: bool,
) -> Result<Prepared, AnalysisError> {
    check_outputs(&graph, made, shapes)?;
    let inputs: Vec<String> = graph.inputs.iter().map(|input| input.name.clone()).collect();
    let widened = inputs
        .iter()
        .filter_map(|name| Some((name, made.get(name)?)))
        .filter(|(name, shape)| shapes.get(&name[..]) != Some(shape))
        .map(|(name, shape)| (name.clone(), shape.clone()))
        .collect();
    let runner = ready_to_run(engine, graph, made).await?;
    Ok(Prepared {
        form: Form::Lowered,
        runner,
        inputs,
        widened,
        softmax_left_out,
        weights: Vec::new(),
        of_result: false,
    })
}

/// Whether lowering made of the file's values what inference said of them: the maps of one picture are the same, and others have
/// as many elements. (Lowering joins a batch with the channels, in the same order of values.)
fn check_outputs(graph: &Graph, made: &Shapes, shapes: &Shapes) -> Result<(), EngineError> {
    for value in &graph.outputs {
        let (Some(found), Some(expected)) = (made.get(value), shapes.get(value)) else { continue };
        let same = match expected[..] {
            [1, _, _, _] => found == expected,
            _ => element_count(found) == element_count(expected),
        };
        if !same {
            let (value, expected, found) = (value.clone(), expected.clone(), found.clone());
            return Err(EngineError::OtherShape { value, expected, found });
        }
    }
    Ok(())
}

/// Makes a graph ready whose values have these shapes: it has to keep to the budget, and its results to their shapes.
///
/// # Errors
/// [`ShapeError`](crate::onnx::shapes::ShapeError) for what is too large, and what the engine refuses.
pub async fn ready_to_run(
    engine: &dyn Engine,
    graph: Graph,
    shapes: &Shapes,
) -> Result<Box<dyn Runner>, AnalysisError> {
    budget::check(&graph, shapes)?;
    Ok(checked::prepare(engine, graph, shapes).await?)
}

/// The network after a layer, to some values.
fn rest_of(opened: &Opened, Subject { layer, given }: Subject<'_>, values: &[String]) -> Result<Graph, AnalysisError> {
    let graph = whole(opened, Some(layer), given);
    let whole = match opened.attention(layer) {
        Some(rows) => cut(&rows.taken(&graph, given.row), values)?,
        None => cut(&graph, values)?,
    };
    Ok(from_layer(&whole, opened.shapes(), layer)?)
}
