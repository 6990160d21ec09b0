//! What each node of a lowered graph becomes: one of our kernels with its numbers, or another view of a buffer.

use wonnx::utils::node as node_message;

use super::{Planner, Refusal, value_message};
use crate::domain::tensor::element_count;
use crate::engine::runner::EngineError;
use crate::engine::wonnx::activation::activation;
use crate::engine::wonnx::elementwise;
use crate::engine::wonnx::fuse::Step;
use crate::engine::wonnx::kernels::{self, Chosen, Conv, Pool};
use crate::engine::wonnx::pack::Upload;
use crate::engine::wonnx::rearrange;
use crate::onnx::graph::Node;
use crate::onnx::operator::{Kernel, Operator};
use crate::onnx::slice_sums::{SliceSums, Sums};
use crate::onnx::weights::Floats;

/// An operator of wonnx's that it compiles for any number of inputs of any shapes. Nodes with one of our kernels go by this
/// name, since their numbers are one input more than wonnx knows of; what wonnx writes for it is never run.
const STAND_IN: &str = "Abs";

/// wonnx binds four buffers to a group, and a device has four groups or more.
const MOST_BINDINGS: usize = 16;

impl<'a> Planner<'a> {
    /// Adds a node, with the activation that was joined with it.
    pub fn add(&mut self, step: &Step<'a>) -> Result<(), Refusal> {
        let node = step.node;
        if !step.before.is_empty() {
            return self.add_joined(step);
        }
        let core = Operator::of(node).and_then(|operator| operator.core);
        match core.ok_or_else(|| Refusal::Node("is not known".to_owned()))?.kernel {
            Kernel::Conv => self.add_conv(step),
            Kernel::Combination => self.add_combination(node),
            Kernel::Map => self.add_map(node),
            Kernel::SliceSums => self.add_slice_sums(node),
            Kernel::Ranks => self.add_ranks(node),
            Kernel::MatMul => self.add_matmul(node),
            Kernel::Expand => self.add_expand(node),
            Kernel::GlobalAverage => self.add_global_average(node),
            Kernel::Pool => self.add_pool(node),
            Kernel::PoolGradient => self.add_pool_gradient(node),
            Kernel::Transpose => self.add_transpose(node),
            Kernel::Concat => self.add_concat(node),
            Kernel::Resize => self.add_resize(node),
            Kernel::View => {
                let input = self.operand(input(node, 0)?)?;
                // For wonnx this hands on the same buffer under another shape; a Flatten takes no parameters.
                self.push("Flatten", &[&input], node, step.output);
                Ok(())
            }
        }
    }

    fn add_conv(&mut self, step: &Step<'a>) -> Result<(), Refusal> {
        let node = step.node;
        let (x, weights, bias) = (input(node, 0)?, input(node, 1)?, input(node, 2)?);
        let conv = self.conv(step)?;
        let most = self.limits.max_compute_workgroups_per_dimension;
        let (chosen, order) = kernels::conv(&conv, step.activation, self.form, most);
        let values = order.length(element_count(self.shape(weights)?).unwrap_or(usize::MAX));
        let weights = self.constant(weights, order, &[values])?;
        let x = self.operand(x)?;
        let bias = self.floats(bias)?;
        self.add_chosen(node, step.output, &[&x, &weights], chosen, Some(bias))
    }

    /// The sizes of a Conv.
    pub fn conv(&self, step: &Step<'a>) -> Result<Conv, Refusal> {
        let node = step.node;
        let (
            &[1, in_channels, in_height, in_width],
            &[out_channels, _, kernel_height, kernel_width],
            &[1, _, out_height, out_width],
        ) = (self.shape(input(node, 0)?)?, self.shape(input(node, 1)?)?, self.shape(step.output)?)
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
        Ok(conv)
    }

    fn add_combination(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let (first, second) = (input(node, 0)?, input(node, 1)?);
        let chosen = elementwise::combine(
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

    fn add_slice_sums(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let x = input(node, 0)?;
        let shape = self.shape(x)?;
        let slices = SliceSums::of(node).filter(|slices| slices.shape(shape).is_some());
        let SliceSums { axis, sums } = slices.ok_or_else(|| Refusal::Node("does not fit its input".to_owned()))?;
        let sizes = [shape[..axis].iter().product(), shape[axis], shape[axis + 1..].iter().product()];
        let chosen = kernels::slice_sums(&sums, sizes, self.limits.max_compute_workgroups_per_dimension);
        let x = self.operand(x)?;
        self.add_chosen(node, node.output(), &[&x], chosen, None)
    }

    /// A number of a step's value, as an output of its own: the value's first.
    pub fn add_milestone(&mut self, step: &Step<'a>) -> Result<(), Refusal> {
        let values = element_count(self.shape(step.output)?).unwrap_or(usize::MAX);
        let first = Sums::taking([Some(0)]);
        let chosen = kernels::slice_sums(&first, [1, values, 1], self.limits.max_compute_workgroups_per_dimension);
        let name = self.free_name(format!("{} is reached", step.output));
        self.add_chosen(step.node, &name, &[step.output], chosen, None)?;
        self.milestones.push(name);
        Ok(())
    }

    fn add_ranks(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let x = input(node, 0)?;
        let shape = self.shape(x)?;
        let flag = |name: &str| node.int(name).unwrap_or(0) != 0;
        let values = element_count(shape).unwrap_or(usize::MAX);
        let size = shape.last().copied().unwrap_or(1);
        let most = self.limits.max_compute_workgroups_per_dimension;
        let chosen = kernels::ranks(values, size, flag("smallest"), flag("last"), most);
        let x = self.operand(x)?;
        self.add_chosen(node, node.output(), &[&x], chosen, None)
    }

    fn add_matmul(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let (left, right) = (input(node, 0)?, input(node, 1)?);
        let (&[1, lefts, rows, inner], &[1, rights, other, columns]) = (self.shape(left)?, self.shape(right)?) else {
            return Err(Refusal::Node("needs four dimensions".to_owned()));
        };
        if inner != other || lefts != rights && lefts != 1 && rights != 1 {
            return Err(Refusal::Node("has operands that do not fit".to_owned()));
        }
        let steps = [if lefts == 1 { 0 } else { rows * inner }, if rights == 1 { 0 } else { inner * columns }];
        let most = self.limits.max_compute_workgroups_per_dimension;
        let (matrices, sizes) = (lefts.max(rights), [rows, inner, columns]);
        let chosen = kernels::tiled_matmul(matrices, sizes, steps, self.form, most)
            .unwrap_or_else(|| kernels::matmul(matrices, sizes, steps, most));
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        self.add_chosen(node, node.output(), &[&left, &right], chosen, None)
    }

    /// A value repeated is the larger of itself and itself, seen in the larger shape.
    fn add_expand(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let x = input(node, 0)?;
        let (shape, most) = (self.shape(x)?, self.limits.max_compute_workgroups_per_dimension);
        let chosen = elementwise::combine("Max", shape, shape, self.shape(node.output())?, most);
        let chosen = chosen.ok_or_else(|| Refusal::Node("is not known".to_owned()))?;
        let x = self.operand(x)?;
        self.add_chosen(node, node.output(), &[&x, &x], chosen, None)
    }

    /// Operations on each value by itself as one.
    fn add_joined(&mut self, step: &Step<'a>) -> Result<(), Refusal> {
        let nodes = step.nodes();
        let values = element_count(self.shape(step.output)?).unwrap_or(usize::MAX);
        let chosen = elementwise::joined(&nodes, &self.links, values, self.limits.max_compute_workgroups_per_dimension);
        let chosen = chosen.ok_or_else(|| Refusal::Node("is not known".to_owned()))?;
        let tensors = elementwise::JOINABLE.tensors(&nodes, &self.links);
        let tensors = tensors.into_iter().map(|tensor| self.operand(tensor)).collect::<Result<Vec<_>, _>>()?;
        let tensors: Vec<&str> = tensors.iter().map(String::as_str).collect();
        self.add_chosen(step.node, step.output, &tensors, chosen, None)
    }

    fn add_map(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let values = element_count(self.shape(node.output())?).unwrap_or(usize::MAX);
        let most = self.limits.max_compute_workgroups_per_dimension;
        let chosen = match activation(node, self.graph) {
            Some(activation) => Some(elementwise::activation_alone(activation, values, most)),
            None => elementwise::map(&node.op, values, most),
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
        self.push(STAND_IN, &inputs, node, output);
        Ok(())
    }

    fn add_transpose(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let x = input(node, 0)?;
        let most = self.limits.max_compute_workgroups_per_dimension;
        let chosen = node.ints("perm").and_then(|order| rearrange::transpose(self.shapes.get(x)?, order, most));
        let chosen = chosen.ok_or_else(|| Refusal::Node("does not fit its input".to_owned()))?;
        let x = self.operand(x)?;
        self.add_chosen(node, node.output(), &[&x], chosen, None)
    }

    fn add_pool(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let (planes, sizes) = self.window_sizes(node, input(node, 0)?, node.output())?;
        let pool = match (node.op.as_str(), node.int("count_include_pad")) {
            ("MaxPool", _) => Pool::Max,
            (_, None | Some(0)) => Pool::Average,
            (_, Some(_)) => Pool::AverageWithPadding,
        };
        let most = self.limits.max_compute_workgroups_per_dimension;
        let input = self.operand(input(node, 0)?)?;
        let chosen = kernels::pool(pool, planes, sizes, pair(node, "dilations", 1)?, most);
        self.add_chosen(node, node.output(), &[&input], chosen, None)
    }

    /// How many planes a pooling goes over, and the sizes that its kernels take: heights and widths of a plane and of its result,
    /// of the window, its stride and the padding before it.
    fn window_sizes(&self, node: &Node, plane: &str, result: &str) -> Result<(usize, [[usize; 2]; 5]), Refusal> {
        let (&[batch, channels, in_height, in_width], &[_, _, out_height, out_width]) =
            (self.shape(plane)?, self.shape(result)?)
        else {
            return Err(Refusal::Node("needs four dimensions".to_owned()));
        };
        let window = [pair(node, "kernel_shape", 1)?, pair(node, "strides", 1)?, pair(node, "pads", 0)?];
        Ok((batch * channels, [[in_height, in_width], [out_height, out_width], window[0], window[1], window[2]]))
    }

    fn add_pool_gradient(&mut self, node: &'a Node) -> Result<(), Refusal> {
        let (x, given) = (input(node, 0)?, input(node, 1)?);
        let (planes, sizes) = self.window_sizes(node, x, given)?;
        let most = self.limits.max_compute_workgroups_per_dimension;
        let windows = element_count(self.shape(given)?).unwrap_or(usize::MAX);
        let (x, given) = (self.operand(x)?, self.operand(given)?);
        let dilations = pair(node, "dilations", 1)?;
        // Whole numbers are as large as the values that wonnx takes them for.
        let places = self.free_name(format!("{} from", node.output()));
        self.value_messages.push(value_message(&places, &[windows]));
        self.add_chosen(node, &places, &[&x], kernels::pool(Pool::Place, planes, sizes, dilations, most), None)?;
        let gradient = kernels::max_pool_gradient(planes, sizes, dilations, most);
        self.add_chosen(node, node.output(), &[&places, &given], gradient, None)
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
        let x = input(node, 0)?;
        let most = self.limits.max_compute_workgroups_per_dimension;
        let scales = node.input(2).and_then(|name| self.graph.constants.get(name)).and_then(|it| it.as_floats());
        // The core set has whole numbers only.
        let repeats = scales.map(|scales| scales.iter().map(|&scale| scale as usize).collect::<Vec<_>>());
        let chosen = repeats.and_then(|repeats| rearrange::repeat(self.shapes.get(x)?, &repeats, most));
        let chosen = chosen.ok_or_else(|| Refusal::Node("needs constant scales".to_owned()))?;
        let x = self.operand(x)?;
        self.add_chosen(node, node.output(), &[&x], chosen, None)
    }

    /// Adds a node, of which wonnx knows by the name of its output, the only one of its kind.
    fn push(&mut self, op: &str, inputs: &[&str], node: &Node, output: &str) {
        if let Some(shape) = self.shapes.get(output) {
            self.value_messages.push(value_message(output, shape));
        }
        self.nodes += usize::from(op != "Flatten");
        self.node_messages.push(node_message(inputs.to_vec(), vec![output], output, op, Vec::new()));
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
