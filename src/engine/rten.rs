//! The CPU engine: [rten](https://docs.rs/rten), which takes ONNX graphs as they are.

mod computed;
mod joined;
mod operators;
mod ready;
mod refused;
mod rewrite;
mod split;
pub mod threads;
mod window;

use std::collections::{BTreeMap, BTreeSet};

use rten::{LoadErrorKind, Model, ModelOptions, NodeId, RunErrorKind, Value, ValueOrView, ValueView};
use rten_tensor::Layout;

use self::computed::ComputedNode;
use self::joined::JoinedNodes;
use self::operators::operators;
use self::rewrite::{with_exact_quotients, with_fast_activations, with_gates, with_signs};
use self::split::{Part, split};
use self::window::WindowNode;
use super::runner::{Engine, EngineError, GoOn, LocalFuture, Runner};
use crate::domain::tensor::Tensor;
use crate::onnx::encode::{Encoded, encode};
use crate::onnx::graph::{Constant, Dimension, Graph, Input};
use crate::onnx::lower::Limits;
use crate::onnx::tables::IntoTable;
use crate::onnx::weights::Floats;

/// Runs graphs on the CPU, in the thread that asks.
#[derive(Debug, Default, Clone, Copy)]
pub struct RtenEngine;

impl Engine for RtenEngine {
    fn name(&self) -> &'static str {
        "rten"
    }

    fn limits(&self) -> Option<Limits> {
        None
    }

    fn packed_bytes(&self, graph: &Graph) -> u64 {
        // Nodes over the same weights share them.
        let convolutions = graph.nodes.iter().filter_map(|node| Some((node.input(1)?, WindowNode::of(node, graph)?)));
        convolutions.into_map().values().map(WindowNode::packed_bytes).sum()
    }

    fn prepare<'a>(&'a self, graph: Graph) -> LocalFuture<'a, Result<Box<dyn Runner>, EngineError>> {
        Box::pin(async move { Ok(Box::new(RtenRunner::new(graph)?) as Box<dyn Runner>) })
    }
}

/// A graph that is ready: parts that rten runs, and between them what our own kernels compute.
struct RtenRunner {
    inputs: Vec<Input>,
    outputs: Vec<String>,
    /// Those that our kernels read as if they were computed (a table of positions that a Conv makes maps of).
    constants: Vec<(String, Constant)>,
    steps: Vec<Step>,
}

/// After this many floats a long run lets others have their turn. Of SqueezeNet's gradient at 230 pixels that is a tenth.
const FLOATS_AT_A_TIME: usize = 2 << 20;

/// A part, and the values that no later part needs.
struct Step {
    work: Work,
    finished: Vec<String>,
}

enum Work {
    Model(Box<LoadedModel>),
    Window(Box<WindowNode>),
    Joined(Box<JoinedNodes>),
    Computed(Box<ComputedNode>),
}

impl RtenRunner {
    fn new(graph: Graph) -> Result<Self, EngineError> {
        refused::check(&graph)?;
        let (inputs, outputs, all_constants) = (graph.inputs.clone(), graph.outputs.clone(), graph.constants.clone());
        let mut steps = split(with_exact_quotients(graph))
            .into_iter()
            .map(|part| {
                let work = match part {
                    Part::Graph(graph) => {
                        let graph = with_gates(with_signs(with_fast_activations(graph)));
                        Work::Model(Box::new(LoadedModel::new(&graph)?))
                    }
                    Part::Window(window) => Work::Window(Box::new(window)),
                    Part::Joined(joined) => Work::Joined(Box::new(joined)),
                    Part::Computed(computed) => Work::Computed(Box::new(computed)),
                };
                Ok(Step { work, finished: Vec::new() })
            })
            .collect::<Result<Vec<_>, EngineError>>()?;
        let is_kernel = |work: &Work| matches!(work, Work::Window(_) | Work::Joined(_));
        let read = steps.iter().filter(|step| is_kernel(&step.work)).flat_map(|step| step.work.inputs());
        let constants = read.into_set().into_iter().filter_map(|name| all_constants.get_key_value(name));
        let constants = constants.map(|(name, constant)| (name.clone(), constant.clone())).collect();
        let mut needed: BTreeSet<String> = outputs.iter().cloned().into_set();
        for step in steps.iter_mut().rev() {
            let used = step.work.inputs();
            step.finished =
                used.iter().filter(|&&name| needed.insert(name.to_owned())).map(|&name| name.to_owned()).collect();
        }
        Ok(Self { inputs, outputs, constants, steps })
    }

    /// Nothing where `go_on` says no.
    async fn run_steps(
        &self,
        inputs: &[(&str, &Tensor)],
        go_on: Option<&GoOn<'_>>,
    ) -> Result<Option<Vec<Tensor>>, EngineError> {
        let mut values: BTreeMap<&str, ValueOrView> = BTreeMap::new();
        for Input { name, shape: stated } in &self.inputs {
            let bad = |detail: String| EngineError::BadInput { name: name.clone(), detail };
            let (_, tensor) =
                inputs.iter().find(|(given, _)| given == name).ok_or_else(|| bad("is missing".to_owned()))?;
            if !fits(stated, tensor.shape()) {
                return Err(bad(format!("has the shape {:?}, but the model takes {}", tensor.shape(), words(stated))));
            }
            let view = ValueView::from_shape(tensor.shape(), tensor.data())
                .map_err(|error| bad(format!("cannot be read: {error}")))?;
            values.insert(name, view.into());
        }
        for (name, constant) in &self.constants {
            let floats = constant.as_floats().ok_or_else(|| no_value(name))?;
            let view = ValueView::from_shape(&constant.shape[..], floats);
            let view = view.map_err(|_| no_value(name))?;
            values.insert(name, view.into());
        }
        let mut floats = 0;
        for Step { work, finished } in &self.steps {
            if floats > FLOATS_AT_A_TIME
                && let Some(go_on) = go_on
            {
                floats = 0;
                if !go_on().await {
                    return Ok(None);
                }
            }
            // What nobody needs afterwards is handed over, so that it can be changed in place and its memory used again.
            let mut given: BTreeMap<&str, ValueOrView> =
                finished.iter().filter_map(|name| values.remove_entry(&name[..])).into_map();
            let made = work.run(&mut given, &values)?;
            floats += made.iter().map(|(_, value)| value.len()).sum::<usize>();
            values.extend(made.into_iter().map(|(name, value)| (name, value.into())));
        }
        let last = self.outputs.iter().map(|name| {
            let value = values.get(&name[..]).ok_or_else(|| no_value(name))?;
            Ok(value.to_owned())
        });
        let last = last.collect::<Result<Vec<Value>, EngineError>>()?;
        last.into_iter().map(tensor).collect::<Result<Vec<Tensor>, EngineError>>().map(Some)
    }
}

impl Work {
    /// The values that it takes, each once.
    fn inputs(&self) -> Vec<&str> {
        match self {
            Self::Model(model) => model.inputs.iter().map(|(name, _)| &name[..]).collect(),
            Self::Window(window) => window.inputs.iter().map(String::as_str).into_set().into_iter().collect(),
            Self::Joined(joined) => joined.inputs.iter().map(String::as_str).collect(),
            Self::Computed(computed) => computed.inputs.iter().map(String::as_str).into_set().into_iter().collect(),
        }
    }

    /// Takes values out of `given` or looks at them in `kept`, and returns the values that it makes.
    fn run<'a>(
        &'a self,
        given: &mut BTreeMap<&str, ValueOrView>,
        kept: &BTreeMap<&str, ValueOrView>,
    ) -> Result<Vec<(&'a str, Value)>, EngineError> {
        match self {
            Self::Model(model) => {
                let mut inputs: Vec<(NodeId, ValueOrView)> = Vec::with_capacity(model.inputs.len());
                for (name, node) in &model.inputs {
                    let value = match given.remove(&name[..]) {
                        Some(value) => value,
                        None => kept.get(&name[..]).ok_or_else(|| no_value(name))?.as_view().into(),
                    };
                    inputs.push((*node, value));
                }
                let nodes: Vec<NodeId> = model.outputs.iter().map(|(_, node)| *node).collect();
                let made = model.model.run(inputs, &nodes, None).map_err(run_error)?;
                Ok(model.outputs.iter().map(|(name, _)| &name[..]).zip(made).collect())
            }
            Self::Computed(computed) => {
                let values = computed.inputs.iter().map(|name| view(name, given, kept));
                computed.run(&values.collect::<Result<Vec<_>, EngineError>>()?)
            }
            Self::Joined(joined) => {
                let values = joined.inputs.iter().map(|name| view(name, given, kept));
                Ok(vec![(&joined.output, joined.run(&values.collect::<Result<Vec<_>, EngineError>>()?)?)])
            }
            Self::Window(window) => {
                let value = |name: &String| view(name, given, kept);
                let values = window.inputs.iter().map(value).collect::<Result<Vec<_>, EngineError>>()?;
                Ok(vec![(&window.output, window.run(&values)?)])
            }
        }
    }
}

/// The value of that name, wherever it is.
fn view<'v>(
    name: &str,
    given: &'v BTreeMap<&str, ValueOrView>,
    kept: &'v BTreeMap<&str, ValueOrView>,
) -> Result<ValueView<'v>, EngineError> {
    Ok(given.get(name).or_else(|| kept.get(name)).ok_or_else(|| no_value(name))?.as_view())
}

fn no_value(name: &str) -> EngineError {
    EngineError::BadGraph(format!("the graph has no value \"{name}\""))
}

/// A graph loaded into rten. It borrows the weights instead of copying them.
struct LoadedModel {
    // Declared, and therefore dropped, before `_weights`, which it borrows.
    model: Model,
    inputs: Vec<(String, NodeId)>,
    outputs: Vec<(String, NodeId)>,
    _weights: Vec<Floats>,
}

impl LoadedModel {
    fn new(graph: &Graph) -> Result<Self, EngineError> {
        let Encoded { message, external } = encode(graph);
        let weights: Vec<Floats> = external.values().cloned().collect();
        let mut options = ModelOptions::with_ops(operators());
        for ((location, _), floats) in external.iter().zip(&weights) {
            let bytes: &[u8] = bytemuck::cast_slice(floats.as_slice());
            // SAFETY: the slice is called 'static but only has to live as long as `model`, the only thing that keeps
            // it: `options` ends with this function, a runner returns owned values, and `_weights` holds a share of
            // the memory (which is never written to again and does not move when the share moves) until after
            // `model` is dropped, by the order of the fields.
            let bytes: &'static [u8] = unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) };
            options.external_data_static(location, bytes);
        }
        let model = options.load(message).map_err(|error| load_error(&error, graph))?;
        let node = |name: &String| Ok((name.clone(), model.find_node(name).ok_or_else(|| no_value(name))?));
        let inputs = graph.inputs.iter().map(|input| node(&input.name)).collect::<Result<_, EngineError>>()?;
        let outputs = graph.outputs.iter().map(node).collect::<Result<_, EngineError>>()?;
        Ok(Self { model, inputs, outputs, _weights: weights })
    }
}

impl Runner for RtenRunner {
    fn run<'a>(&'a self, inputs: &'a [(&'a str, &'a Tensor)]) -> LocalFuture<'a, Result<Vec<Tensor>, EngineError>> {
        Box::pin(async move { Ok(self.run_steps(inputs, None).await?.unwrap_or_default()) })
    }

    fn run_in_parts<'a>(
        &'a self,
        inputs: &'a [(&'a str, &'a Tensor)],
        go_on: &'a GoOn<'a>,
    ) -> LocalFuture<'a, Result<Option<Vec<Tensor>>, EngineError>> {
        Box::pin(self.run_steps(inputs, Some(go_on)))
    }
}

/// Whether a tensor has the shape that the graph states. A graph that states no shape leaves it open.
fn fits(stated: &[Dimension], shape: &[usize]) -> bool {
    stated.is_empty()
        || stated.len() == shape.len()
            && stated.iter().zip(shape).all(|(stated, size)| match stated {
                Dimension::Fixed(fixed) => fixed == size,
                Dimension::Symbolic(_) => true,
            })
}

fn words(shape: &[Dimension]) -> String {
    let sizes: Vec<String> = shape
        .iter()
        .map(|dimension| match dimension {
            Dimension::Fixed(size) => size.to_string(),
            Dimension::Symbolic(_) => "any".to_owned(),
        })
        .collect();
    sizes.join("×")
}

fn tensor(value: Value) -> Result<Tensor, EngineError> {
    let (shape, data) = match value {
        Value::FloatTensor(floats) => (floats.shape().to_vec(), floats.into_data()),
        // The numbers of classes, for example.
        Value::Int32Tensor(integers) => {
            (integers.shape().to_vec(), integers.into_data().into_iter().map(|integer| integer as f32).collect())
        }
        _ => return Err(EngineError::Failed("an output consists neither of floats nor of whole numbers".to_owned())),
    };
    Tensor::new(shape, data).map_err(|error| EngineError::Failed(error.to_string()))
}

fn load_error(error: &rten::LoadError, graph: &Graph) -> EngineError {
    let node = error.node().unwrap_or_default().to_owned();
    match error.kind() {
        LoadErrorKind::OperatorInvalid => {
            let op = graph.nodes.iter().find(|other| other.name == node).map(|other| other.op.clone());
            EngineError::Unsupported { node, op: op.unwrap_or_default(), detail: error.to_string() }
        }
        _ => EngineError::BadGraph(error.to_string()),
    }
}

fn run_error(error: rten::RunError) -> EngineError {
    match error.kind() {
        RunErrorKind::InvalidInput => EngineError::BadInput { name: String::new(), detail: error.to_string() },
        RunErrorKind::OperatorError => EngineError::Failed(error.to_string()),
        _ => EngineError::BadGraph(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::graph::{Attribute, Node};

    /// Networks make maps of a table of positions, and add these to the picture's.
    #[test]
    fn a_convolution_of_a_constant_is_computed() {
        let shape = [1, 1, 2, 2];
        let ones = |attribute: usize| Attribute::Ints(vec![1; attribute]);
        let conv = Node::new("Conv", &["table", "weights"], "maps").with("kernel_shape", ones(2));
        let graph = Graph {
            inputs: vec![Input { name: "x".to_owned(), shape: shape.map(Dimension::Fixed).to_vec() }],
            outputs: vec!["y".to_owned()],
            nodes: vec![conv.with("strides", ones(2)), Node::new("Add", &["x", "maps"], "y")],
            constants: BTreeMap::from([
                ("table".to_owned(), Constant::floats(shape.to_vec(), vec![1.0, 2.0, 3.0, 4.0])),
                ("weights".to_owned(), Constant::floats(vec![1; 4], vec![10.0])),
            ]),
            opsets: BTreeMap::from([(String::new(), 17)]),
            stated_shapes: BTreeMap::new(),
        };
        let runner = pollster::block_on(RtenEngine.prepare(graph)).unwrap();
        let picture = Tensor::new(shape.to_vec(), vec![0.5; 4]).unwrap();
        for _ in 0..2 {
            let found = pollster::block_on(runner.run(&[("x", &picture)])).unwrap();
            assert_eq!(found[0].data(), [10.5, 20.5, 30.5, 40.5]);
        }
    }
}
