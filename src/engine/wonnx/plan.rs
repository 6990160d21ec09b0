//! Turns a lowered graph into what wonnx takes, and into what is done beside wonnx: kernels, uploads, checks.
//!
//! # Weights are inputs
//!
//! wonnx's optimiser looks for chains of nodes with one *dynamic* input each and, following one, forgets what it has seen:
//! every further reader of a value gets its own copy of all nodes before it. An input of the graph is dynamic. So a node
//! with one of our kernels ends every chain, since the numbers that the kernel reads are an input too.
//!
//! It also saves memory: an initializer would be copied into the message, and from there into a vector, while an input is
//! written to the GPU straight from where it is.

use std::collections::{BTreeMap, HashMap, HashSet};

use wgpu::compat::{Limits, Preparation};
use wonnx::onnx::{AttributeProto, ModelProto, NodeProto, ValueInfoProto};
use wonnx::utils::{attribute, graph as graph_message, model_with_opset, node as node_message, tensor};

use super::fuse::{Step, activation, steps};
use super::kernels::{self, Chosen, Conv, Pool};
use super::pack::{Order, Upload};
use crate::domain::tensor::element_count;
use crate::engine::runner::EngineError;
use crate::onnx::core_set;
use crate::onnx::graph::{Data, Dimension, Graph, Node};
use crate::onnx::shapes::{Shapes, infer};
use crate::onnx::weights::Floats;

/// An operator of wonnx's that it compiles for any number of inputs of any shapes. Nodes with one of our kernels go by this
/// name, since their numbers are one input more than wonnx knows of; what wonnx writes for it is never run.
const STAND_IN: &str = "Abs";

/// The most values of the output of wonnx's own kernels (Transpose, Resize), which have a thread for each and at most 65,535
/// workgroups of 256.
const MOST_VALUES: usize = 65_535 * 256;

/// The same for [`STAND_IN`], whose threads wonnx believes to compute four values each.
const MOST_STAND_IN_VALUES: usize = 4 * MOST_VALUES;

/// wonnx binds four buffers to a group, and a device has four groups or more.
const MOST_BINDINGS: usize = 16;

/// How many nodes may depend on each other in a row. wonnx walks the graph by recursion, and with 2,000 nodes the one
/// megabyte of stack that a WebAssembly module has was not enough; with 1,000 it was.
const DEEPEST: usize = 1_000;

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
pub(super) fn plan(graph: &Graph, limits: &Limits) -> Result<Plan, EngineError> {
    core_set::check(graph).map_err(|error| EngineError::Unsupported {
        node: error.node,
        op: error.op,
        detail: error.detail,
    })?;
    let inputs = inputs(graph)?;
    let shapes = infer(graph, &inputs.iter().cloned().collect::<BTreeMap<_, _>>())
        .map_err(|error| EngineError::BadGraph(error.to_string()))?;
    let steps = steps(graph);
    check_depth(&steps)?;
    let outputs = outputs(graph, &shapes)?;
    let mut planner = Planner::new(graph, &shapes, limits);
    for (name, shape) in &inputs {
        planner.check_bytes(name, element_count(shape).unwrap_or(usize::MAX))?;
        planner.add_input(name, shape);
    }
    for step in &steps {
        planner.check_output(step)?;
        planner.add(step).map_err(|error| match error {
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

fn check_depth(steps: &[Step<'_>]) -> Result<(), EngineError> {
    let mut depths: HashMap<&str, usize> = HashMap::new();
    for step in steps {
        let before = step.node.inputs.iter().filter_map(|input| depths.get(input.as_str())).max().copied().unwrap_or(0);
        if before >= DEEPEST {
            let reason = format!("more than {DEEPEST} of its nodes depend on each other in a row");
            return Err(EngineError::TooLarge(reason));
        }
        depths.insert(step.output, before + 1);
    }
    Ok(())
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
    shapes: &'a Shapes,
    limits: &'a Limits,
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
    nodes: usize,
}

impl<'a> Planner<'a> {
    fn new(graph: &'a Graph, shapes: &'a Shapes, limits: &'a Limits) -> Self {
        Self {
            graph,
            shapes,
            limits,
            taken: shapes.keys().map(String::as_str).collect(),
            constants: HashMap::new(),
            uploads: Vec::new(),
            preparation: Preparation::default(),
            input_messages: Vec::new(),
            value_messages: Vec::new(),
            node_messages: Vec::new(),
            names: HashMap::new(),
            nodes: 0,
        }
    }

    fn finish(self, inputs: Vec<(String, Vec<usize>)>, outputs: Vec<(String, Vec<usize>)>) -> Plan {
        let output_messages = outputs.iter().map(|(name, shape)| value_message(name, shape)).collect();
        let message =
            graph_message(self.input_messages, output_messages, self.value_messages, Vec::new(), self.node_messages);
        let constants = self.uploads.iter().map(|upload| upload.input().to_owned()).collect();
        Plan {
            model: model_with_opset(message, core_set::OPSET),
            preparation: self.preparation,
            uploads: self.uploads,
            inputs,
            outputs,
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
        let most = match step.node.op.as_str() {
            "Transpose" | "Resize" => MOST_VALUES,
            // These hand on a buffer, and nothing is computed.
            "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" => usize::MAX,
            _ => MOST_STAND_IN_VALUES,
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

    fn add(&mut self, step: &Step<'a>) -> Result<(), Refusal> {
        let node = step.node;
        match node.op.as_str() {
            "Conv" => self.add_conv(step),
            "Add" | "Sub" | "Mul" | "Div" | "Min" | "Max" => self.add_combination(node),
            "GlobalAveragePool" => self.add_global_average(node),
            "MaxPool" | "AveragePool" => self.add_pool(node),
            core_set::MAX_POOL_GRADIENT => self.add_pool_gradient(node),
            "Transpose" => self.add_as_it_is(node, &["perm"]),
            "Concat" => self.add_concat(node),
            "Resize" => self.add_resize(node),
            "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" => {
                let input = self.operand(input(node, 0)?)?;
                // For wonnx all of these hand on the same buffer under another shape; this one takes no parameters.
                self.push("Flatten", &[&input], node, step.output, Vec::new());
                Ok(())
            }
            _ => self.add_map(node),
        }
    }

    fn add_conv(&mut self, step: &Step<'a>) -> Result<(), Refusal> {
        let node = step.node;
        let (x, weights, bias) = (input(node, 0)?, input(node, 1)?, input(node, 2)?);
        let (
            &[1, in_channels, in_height, in_width],
            &[out_channels, _, kernel_height, kernel_width],
            &[1, _, out_height, out_width],
        ) = (self.shape(x)?, self.shape(weights)?, self.shape(step.output)?)
        else {
            return Err(Refusal::Node("needs one picture of two dimensions".to_owned()));
        };
        let conv = Conv {
            in_channels,
            input: [in_height, in_width],
            out_channels,
            output: [out_height, out_width],
            kernel: [kernel_height, kernel_width],
            strides: pair(node, "strides", 1)?,
            dilations: pair(node, "dilations", 1)?,
            pads: pair(node, "pads", 0)?,
            groups: node.int("group").and_then(|groups| usize::try_from(groups).ok()).filter(|&it| it > 0).unwrap_or(1),
        };
        if in_channels % conv.groups != 0 || out_channels % conv.groups != 0 {
            return Err(Refusal::Node(format!("has {} groups for {in_channels} channels", conv.groups)));
        }
        let most = self.limits.max_compute_workgroups_per_dimension;
        let (chosen, order) = kernels::conv(&conv, step.activation, most);
        let values = order.length(element_count(self.shape(weights)?).unwrap_or(usize::MAX));
        let weights = self.constant(weights, order, &[values])?;
        let x = self.operand(x)?;
        let bias = self.floats(bias)?;
        self.add_chosen(node, step.output, &[&x, &weights], chosen, Some(bias))
    }

    fn add_combination(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let (first, second) = (input(node, 0)?, input(node, 1)?);
        let chosen = kernels::combine(
            &node.op,
            self.shape(first)?,
            self.shape(second)?,
            self.shape(node.output())?,
            self.limits.max_compute_workgroups_per_dimension,
        );
        let (first, second) = (self.operand(first)?, self.operand(second)?);
        let chosen = chosen.ok_or_else(|| Refusal::Node("is not known".to_owned()))?;
        self.add_chosen(node, node.output(), &[&first, &second], chosen, None)
    }

    fn add_map(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let values = element_count(self.shape(node.output())?).unwrap_or(usize::MAX);
        let most = self.limits.max_compute_workgroups_per_dimension;
        let chosen = match activation(node, self.graph) {
            Some(activation) => Some(kernels::activation(activation, values, most)),
            None => kernels::map(&node.op, values, most),
        };
        let chosen = chosen.ok_or_else(|| Refusal::Node("is not known".to_owned()))?;
        let input = self.operand(input(node, 0)?)?;
        self.add_chosen(node, node.output(), &[&input], chosen, None)
    }

    fn add_global_average(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let &[batch, channels, height, width] = self.shape(input(node, 0)?)? else {
            return Err(Refusal::Node("needs four dimensions".to_owned()));
        };
        let most = self.limits.max_compute_workgroups_per_dimension;
        let input = self.operand(input(node, 0)?)?;
        let chosen = kernels::global_average(batch * channels, height * width, most);
        self.add_chosen(node, node.output(), &[&input], chosen, None)
    }

    /// A node with one of our kernels. Its last input are the numbers of the kernel, and `values` after them.
    fn add_chosen(
        &mut self,
        node: &Node,
        output: &str,
        inputs: &[&str],
        chosen: Chosen,
        values: Option<Floats>,
    ) -> Result<(), Refusal> {
        let most = self.limits.max_compute_workgroups_per_dimension;
        if chosen.kernel.workgroups.iter().any(|&count| count > most) {
            let reason = format!("\"{output}\" needs more workgroups than a dispatch may have");
            return Err(EngineError::TooLarge(reason).into());
        }
        self.preparation.replace(output, chosen.kernel);
        let name = self.free_name(format!("{output} in numbers"));
        let length = chosen.numbers.len() + values.as_ref().map_or(0, |values| values.as_slice().len());
        self.add_input(&name, &[length]);
        self.uploads.push(Upload::numbers(name.clone(), chosen.numbers, values));
        let inputs: Vec<&str> = inputs.iter().copied().chain([name.as_str()]).collect();
        self.push(STAND_IN, &inputs, node, output, Vec::new());
        Ok(())
    }

    /// A node that runs with wonnx's own kernel.
    fn add_as_it_is(&mut self, node: &'a Node, attributes: &[&str]) -> Result<(), Refusal> {
        let input = self.operand(input(node, 0)?)?;
        let attributes = attributes
            .iter()
            .filter_map(|&name| match (node.ints(name), node.int(name)) {
                (Some(values), _) => Some(attribute(name, values.to_vec())),
                (None, Some(value)) => Some(attribute(name, value)),
                (None, None) => None,
            })
            .collect();
        self.push(&node.op, &[&input], node, node.output(), attributes);
        Ok(())
    }

    fn add_pool(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let (&[batch, channels, in_height, in_width], &[_, _, out_height, out_width]) =
            (self.shape(input(node, 0)?)?, self.shape(node.output())?)
        else {
            return Err(Refusal::Node("needs four dimensions".to_owned()));
        };
        let pool = match (node.op.as_str(), node.int("count_include_pad")) {
            ("MaxPool", _) => Pool::Max,
            (_, None | Some(0)) => Pool::Average,
            (_, Some(_)) => Pool::AverageWithPadding,
        };
        let sizes = [
            [in_height, in_width],
            [out_height, out_width],
            pair(node, "kernel_shape", 1)?,
            pair(node, "strides", 1)?,
            pair(node, "pads", 0)?,
        ];
        let most = self.limits.max_compute_workgroups_per_dimension;
        let input = self.operand(input(node, 0)?)?;
        let chosen = kernels::pool(pool, batch * channels, sizes, pair(node, "dilations", 1)?, most);
        self.add_chosen(node, node.output(), &[&input], chosen, None)
    }

    fn add_pool_gradient(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let (x, given) = (input(node, 0)?, input(node, 1)?);
        let (&[batch, channels, in_height, in_width], &[_, _, out_height, out_width]) =
            (self.shape(x)?, self.shape(given)?)
        else {
            return Err(Refusal::Node("needs four dimensions".to_owned()));
        };
        let sizes = [
            [in_height, in_width],
            [out_height, out_width],
            pair(node, "kernel_shape", 1)?,
            pair(node, "strides", 1)?,
            pair(node, "pads", 0)?,
        ];
        let most = self.limits.max_compute_workgroups_per_dimension;
        let (x, given) = (self.operand(x)?, self.operand(given)?);
        let chosen = kernels::max_pool_gradient(batch * channels, sizes, most);
        self.add_chosen(node, node.output(), &[&x, &given], chosen, None)
    }

    /// A device binds so many buffers to a shader at once, so many inputs are joined a few at a time.
    fn add_concat(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let most_groups = self.limits.max_compute_workgroups_per_dimension;
        // Beside the inputs there are the numbers and the output.
        let most = MOST_BINDINGS.min(self.limits.max_storage_buffers_per_shader_stage as usize) - 2;
        let shape = self.shape(node.output())?;
        if shape.first() != Some(&1) {
            return Err(Refusal::Node("joins the channels of more than one picture".to_owned()));
        }
        let mut parts = Vec::with_capacity(node.inputs.len());
        for name in &node.inputs {
            parts.push((self.operand(name)?, element_count(self.shape(name)?).unwrap_or(usize::MAX)));
        }
        while parts.len() > most {
            let joined: Vec<(String, usize)> = parts.drain(..most).collect();
            let (names, lengths): (Vec<&str>, Vec<usize>) =
                joined.iter().map(|(name, length)| (name.as_str(), *length)).unzip();
            let length = lengths.iter().sum();
            let name = self.free_name(format!("{} up to {}", node.output(), names[most - 1]));
            self.value_messages.push(value_message(&name, &[length]));
            self.add_chosen(node, &name, &names, kernels::concat(&lengths, most_groups), None)?;
            parts.insert(0, (name, length));
        }
        let (names, lengths): (Vec<&str>, Vec<usize>) =
            parts.iter().map(|(name, length)| (name.as_str(), *length)).unzip();
        self.add_chosen(node, node.output(), &names, kernels::concat(&lengths, most_groups), None)
    }

    fn add_resize(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let x = self.operand(input(node, 0)?)?;
        let scales = node.input(2).and_then(|name| self.graph.constants.get(name)).and_then(|it| it.as_floats());
        let scales = scales.ok_or_else(|| Refusal::Node("needs constant scales".to_owned()))?.to_vec();
        let attributes = vec![
            attribute("scales", scales),
            attribute("mode", "nearest"),
            attribute("nearest_mode", "floor"),
            attribute("coordinate_transformation_mode", "asymmetric"),
        ];
        self.push("Resize", &[&x], node, node.output(), attributes);
        Ok(())
    }

    /// Adds a node whose output is a value of the graph.
    fn push(&mut self, op: &str, inputs: &[&str], node: &Node, output: &str, attributes: Vec<AttributeProto>) {
        if let Some(shape) = self.shapes.get(output) {
            self.value_messages.push(value_message(output, shape));
        }
        self.push_node(op, inputs, node, output, attributes);
    }

    /// wonnx knows a node by the name of its output, which is the only one of its kind.
    fn push_node(&mut self, op: &str, inputs: &[&str], node: &Node, output: &str, attributes: Vec<AttributeProto>) {
        self.nodes += usize::from(op != "Flatten");
        self.node_messages.push(node_message(inputs.to_vec(), vec![output], output, op, attributes));
        self.names.insert(output.to_owned(), (node.name.clone(), node.op.clone()));
    }
}

fn input(node: &Node, index: usize) -> Result<&str, Refusal> {
    node.input(index).ok_or_else(|| Refusal::Node(format!("has no input {index}")))
}

/// The first two numbers of an attribute, which are those of height and width, or of top and left.
fn pair(node: &Node, name: &str, default: usize) -> Result<[usize; 2], Refusal> {
    match node.ints(name) {
        None => Ok([default; 2]),
        Some([height, width, ..]) => match (usize::try_from(*height), usize::try_from(*width)) {
            (Ok(height), Ok(width)) => Ok([height, width]),
            _ => Err(Refusal::Node(format!("has negative {name}"))),
        },
        Some(values) => Err(Refusal::Node(format!("has {name} {values:?}"))),
    }
}

fn value_message(name: &str, shape: &[usize]) -> ValueInfoProto {
    let sizes: Vec<i64> = shape.iter().map(|&size| size as i64).collect();
    tensor(name, &sizes)
}
