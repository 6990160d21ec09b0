//! Turns a lowered graph into what wonnx takes, and into what is done beside wonnx: kernels, uploads, checks. What becomes of each
//! node is in `plan/nodes.rs`.
//!
//! # Weights are inputs
//!
//! wonnx's optimiser looks for chains of nodes with one *dynamic* input each and, following one, forgets what it has seen:
//! every further reader of a value gets its own copy of all nodes before it. An input of the graph is dynamic. So a node
//! with one of our kernels ends every chain, since the numbers that the kernel reads are an input too.
//!
//! It also saves memory: an initializer would be copied into the message, and from there into a vector, while an input is
//! written to the GPU straight from where it is.

mod nodes;

use std::collections::{BTreeMap, HashMap, HashSet};

use wgpu::compat::{Limits, Preparation};
use wonnx::onnx::{ModelProto, NodeProto, ValueInfoProto};
use wonnx::utils::{graph as graph_message, model_with_opset, tensor};

use super::fuse::{Step, steps};
#[cfg(feature = "drivers")]
use super::kernels::Conv;
use super::kernels::Form;
use super::pack::{Order, Upload};
use crate::domain::tensor::element_count;
use crate::engine::runner::EngineError;
use crate::onnx::core_set;
use crate::onnx::graph::{Data, Dimension, Graph, Node};
use crate::onnx::links::Links;
use crate::onnx::operator::{Kernel, Operator};
use crate::onnx::shapes::{Shapes, infer};
use crate::onnx::weights::Floats;

/// The most values of a node's output: wonnx believes that a thread computes four of them, and has at most 65,535 workgroups of 256.
const MOST_VALUES: usize = 4 * 65_535 * 256;

/// How many steps depend on each other in a row without a milestone. wonnx walks the graph by recursion from its outputs, one after
/// another, and goes nowhere twice; with 2,000 nodes the one megabyte of stack that a WebAssembly module has was not enough. So a
/// value that is deep gets an output of its own before the others: all that lies before it is known by the time these are walked.
const BETWEEN_MILESTONES: usize = 200;

/// A graph made ready for wonnx.
pub(super) struct Plan {
    pub model: ModelProto,
    /// The kernels that are replaced.
    pub preparation: Preparation,
    /// What is written to the GPU once, after the session was made.
    pub uploads: Vec<Upload>,
    /// What the caller gives to each run.
    pub inputs: Vec<(String, Vec<usize>)>,
    /// What each run returns.
    pub outputs: Vec<(String, Vec<usize>)>,
    /// Outputs of one number each that wonnx walks to before the others, in order ([`BETWEEN_MILESTONES`]).
    pub milestones: Vec<String>,
    /// The inputs that are on the GPU already.
    pub constants: Vec<String>,
    /// Nodes that compute something.
    pub nodes: usize,
    /// The user's node name and operator for the name that wonnx knows a node by.
    pub names: HashMap<String, (String, String)>,
}

/// Makes the plan for a graph whose inputs all have fixed shapes.
///
/// # Errors
/// What wonnx, or one of our kernels, could not do on a device with these limits.
pub(super) fn plan(graph: &Graph, limits: &Limits, form: Form) -> Result<Plan, EngineError> {
    core_set::check(graph).map_err(|error| EngineError::Unsupported {
        node: error.node,
        op: error.op,
        detail: error.detail,
    })?;
    let inputs = inputs(graph)?;
    let shapes = infer(graph, &inputs.iter().cloned().collect::<BTreeMap<_, _>>())
        .map_err(|error| EngineError::BadGraph(error.to_string()))?;
    let steps = steps(graph, &shapes);
    let outputs = outputs(graph, &shapes)?;
    let deep = deep_values(&steps, BETWEEN_MILESTONES);
    let mut planner = Planner::new(graph, &shapes, limits, form);
    for (name, shape) in &inputs {
        planner.check_bytes(name, element_count(shape).unwrap_or(usize::MAX))?;
        planner.add_input(name, shape);
    }
    for step in &steps {
        planner.check_output(step)?;
        let added = planner
            .add(step)
            .and_then(|()| if deep.contains(step.output) { planner.add_milestone(step) } else { Ok(()) });
        added.map_err(|error| match error {
            Refusal::Engine(error) => error,
            Refusal::Node(detail) => {
                EngineError::Unsupported { node: step.node.name.clone(), op: step.node.op.clone(), detail }
            }
        })?;
    }
    Ok(planner.finish(inputs, outputs))
}

fn inputs(graph: &Graph) -> Result<Vec<(String, Vec<usize>)>, EngineError> {
    let fixed = |dimension: &Dimension| match dimension {
        Dimension::Fixed(size) => Some(*size),
        Dimension::Symbolic(_) => None,
    };
    graph
        .inputs
        .iter()
        .map(|input| {
            let shape = input.shape.iter().map(fixed).collect::<Option<Vec<_>>>();
            let open = || EngineError::BadGraph(format!("the input \"{}\" has no fixed shape", input.name));
            Ok((input.name.clone(), shape.ok_or_else(open)?))
        })
        .collect()
}

fn outputs(graph: &Graph, shapes: &Shapes) -> Result<Vec<(String, Vec<usize>)>, EngineError> {
    let made: HashSet<&str> = graph.nodes.iter().map(Node::output).collect();
    graph
        .outputs
        .iter()
        .map(|name| match shapes.get(name) {
            Some(shape) if made.contains(name.as_str()) => Ok((name.clone(), shape.clone())),
            _ => Err(EngineError::BadGraph(format!("no node makes the output \"{name}\""))),
        })
        .collect()
}

/// The convolutions of a graph that [`plan`] takes, by the values that they make.
#[cfg(feature = "drivers")]
pub(super) fn convolutions(graph: &Graph, limits: &Limits, form: Form) -> HashMap<String, Conv> {
    let Ok(inputs) = inputs(graph) else { return HashMap::new() };
    let Ok(shapes) = infer(graph, &inputs.into_iter().collect()) else { return HashMap::new() };
    let planner = Planner::new(graph, &shapes, limits, form);
    let steps = steps(graph, &shapes);
    let convs = steps.iter().filter(|step| step.node.op == "Conv");
    convs.filter_map(|step| Some((step.output.to_owned(), planner.conv(step).ok()?))).collect()
}

/// The values of which every `between`th lies on each path of steps that depend on each other.
fn deep_values<'a>(steps: &[Step<'a>], between: usize) -> HashSet<&'a str> {
    let mut deep = HashSet::new();
    // How many steps lie between a value and the milestones, or the inputs, before it.
    let mut distances: HashMap<&str, usize> = HashMap::new();
    for step in steps {
        let nodes = step.nodes();
        let inputs = nodes.iter().flat_map(|node| &node.inputs);
        let before = inputs.filter_map(|input| distances.get(input.as_str())).max().copied().unwrap_or(0);
        let distance = if before + 1 == between {
            deep.insert(step.output);
            0
        } else {
            before + 1
        };
        distances.insert(step.output, distance);
    }
    deep
}

/// Why a step cannot be added.
enum Refusal {
    /// In words, for the node that is being added.
    Node(String),
    Engine(EngineError),
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

struct Planner<'a> {
    graph: &'a Graph,
    links: Links<'a>,
    shapes: &'a Shapes,
    limits: &'a Limits,
    form: Form,
    /// Names that are in use, so that ours collide with none.
    taken: HashSet<&'a str>,
    /// The input that stands for a constant in an order.
    constants: HashMap<(&'a str, Order), String>,
    uploads: Vec<Upload>,
    preparation: Preparation,
    input_messages: Vec<ValueInfoProto>,
    value_messages: Vec<ValueInfoProto>,
    node_messages: Vec<NodeProto>,
    names: HashMap<String, (String, String)>,
    milestones: Vec<String>,
    nodes: usize,
}

impl<'a> Planner<'a> {
    fn new(graph: &'a Graph, shapes: &'a Shapes, limits: &'a Limits, form: Form) -> Self {
        Self {
            graph,
            links: Links::new(graph),
            shapes,
            limits,
            form,
            taken: shapes.keys().map(String::as_str).collect(),
            constants: HashMap::new(),
            uploads: Vec::new(),
            preparation: Preparation::default(),
            input_messages: Vec::new(),
            value_messages: Vec::new(),
            node_messages: Vec::new(),
            names: HashMap::new(),
            milestones: Vec::new(),
            nodes: 0,
        }
    }

    fn finish(self, inputs: Vec<(String, Vec<usize>)>, outputs: Vec<(String, Vec<usize>)>) -> Plan {
        let milestones = self.milestones.iter().map(|name| value_message(name, &[1]));
        let output_messages =
            milestones.chain(outputs.iter().map(|(name, shape)| value_message(name, shape))).collect();
        let message =
            graph_message(self.input_messages, output_messages, self.value_messages, Vec::new(), self.node_messages);
        let constants = self.uploads.iter().map(|upload| upload.input().to_owned()).collect();
        Plan {
            model: model_with_opset(message, core_set::OPSET),
            preparation: self.preparation,
            uploads: self.uploads,
            inputs,
            outputs,
            milestones: self.milestones,
            constants,
            nodes: self.nodes,
            names: self.names,
        }
    }

    fn shape(&self, value: &str) -> Result<&'a [usize], EngineError> {
        self.shapes
            .get(value)
            .map(Vec::as_slice)
            .ok_or_else(|| EngineError::BadGraph(format!("the value \"{value}\" has no shape")))
    }

    /// Refuses a value that no buffer of the device can hold, or for which wonnx finds no number of threads.
    fn check_output(&self, step: &Step<'_>) -> Result<(), EngineError> {
        let value = step.output;
        let values = element_count(self.shape(value)?).unwrap_or(usize::MAX);
        self.check_bytes(value, values)?;
        let kernel = Operator::of(step.node).and_then(|operator| operator.core).map(|core| core.kernel);
        let most = match kernel {
            // This hands on a buffer, and nothing is computed.
            Some(Kernel::View) => usize::MAX,
            _ => MOST_VALUES,
        };
        if values > most {
            return Err(EngineError::TooLarge(format!(
                "\"{value}\" has {values} values, and no more than {most} can be computed in one step"
            )));
        }
        Ok(())
    }

    /// Refuses what no buffer of the device can hold.
    fn check_bytes(&self, value: &str, values: usize) -> Result<(), EngineError> {
        let bytes = (values as u64).saturating_mul(4).saturating_add(16);
        let most = self.limits.max_storage_buffer_binding_size.min(self.limits.max_buffer_size);
        if bytes > most {
            return Err(EngineError::TooLarge(format!(
                "\"{value}\" has {} MB, but this GPU takes no more than {} MB at once",
                bytes / 1_000_000,
                most / 1_000_000
            )));
        }
        Ok(())
    }

    fn add_input(&mut self, name: &str, shape: &[usize]) {
        self.input_messages.push(value_message(name, shape));
    }

    /// A name that no value has.
    fn free_name(&self, wanted: String) -> String {
        let mut name = wanted;
        while self.taken.contains(name.as_str()) {
            name.push('\'');
        }
        name
    }

    /// The wonnx input for a value: itself, or for a constant the input that it is uploaded to.
    fn operand(&mut self, value: &'a str) -> Result<String, Refusal> {
        if self.graph.constants.contains_key(value) {
            let shape = self.shape(value)?;
            self.constant(value, Order::Same, shape)
        } else {
            Ok(value.to_owned())
        }
    }

    /// Makes a constant an input. `shape` is the one that wonnx is told.
    fn constant(&mut self, value: &'a str, order: Order, shape: &[usize]) -> Result<String, Refusal> {
        if let Some(name) = self.constants.get(&(value, order)) {
            return Ok(name.clone());
        }
        let floats = self.floats(value)?;
        self.check_bytes(value, order.length(floats.as_slice().len()))?;
        let name = match order {
            Order::Same => value.to_owned(),
            Order::OutChannelsLast { .. } => self.free_name(format!("{value} in order")),
        };
        self.add_input(&name, shape);
        self.uploads.push(Upload::constant(name.clone(), floats, order));
        self.constants.insert((value, order), name.clone());
        Ok(name)
    }

    fn floats(&self, value: &str) -> Result<Floats, Refusal> {
        match self.graph.constants.get(value).map(|constant| &constant.data) {
            Some(Data::F32(floats)) => Ok(floats.clone()),
            _ => Err(Refusal::Node(format!("needs \"{value}\" to be a constant of floats"))),
        }
    }
}

fn value_message(name: &str, shape: &[usize]) -> ValueInfoProto {
    let sizes: Vec<i64> = shape.iter().map(|&size| size as i64).collect();
    tensor(name, &sizes)
}
