//! The operations that are computed by our own kernels instead of rten's, which in WebAssembly are slow: its max pooling
//! calls `fmaxf` for each value it sees, its depthwise convolution writes each output as often as the window has places,
//! and its product of matrices needs more registers than WebAssembly's compilers have (8×8 sums at a time; 4×8 are twice
//! as fast). Its mean of maps goes through an iterator value by value, which took 1.5 of MobileNetV2's 26 ms, and so does its
//! transposition, which took a tenth of EfficientNet-Lite0's gradient.

use featurescope_kernels::{
    Bounds, Convolution, Kernels, Terms, Window, depthwise, max_pool, max_pool_gradient, means, packed_length,
    slice_sums, transpose,
};
use rten::{Value, ValueView};
use rten_tensor::{Layout, Tensor};

use super::ready::{Ready, Shape};
use super::threads;
use crate::engine::runner::EngineError;
use crate::onnx::bounds::bounds_of;
use crate::onnx::graph::{Constant, Data, Graph, Node};
use crate::onnx::operator::{MAX_POOL_GRADIENT, OWN_SET, SLICE_SUMS};
use crate::onnx::slice_sums::SliceSums;
use crate::onnx::weights::Floats;

/// A node that one of our kernels computes, with the activation that follows it.
pub struct WindowNode {
    name: String,
    pub inputs: Vec<String>,
    pub output: String,
    window: Window,
    work: Work,
}

enum Work {
    MaxPool,
    MaxPoolGradient,
    Convolution {
        weights: Floats,
        bias: Vec<f32>,
        groups: usize,
        bounds: Bounds,
        ready: Ready,
    },
    /// A convolution of which each channel is a group of its own.
    Depthwise {
        weights: Floats,
        bias: Vec<f32>,
        bounds: Bounds,
    },
    SliceSums(SliceSums),
    /// Of each map.
    Mean,
    /// The last dimension becomes the last but one.
    Transpose(Vec<usize>),
}

impl WindowNode {
    /// The node in our form, if a kernel covers it.
    pub fn of(node: &Node, graph: &Graph) -> Option<Self> {
        if node.domain == OWN_SET && node.op == SLICE_SUMS {
            let inputs = node.inputs.iter().take(1).cloned().collect();
            let (name, output) = (node.name.clone(), node.output().to_owned());
            let window = Window { size: [1; 2], strides: [1; 2], pads: [0; 4], dilations: [1; 2] };
            return Some(Self { name, inputs, output, window, work: Work::SliceSums(SliceSums::of(node)?) });
        }
        if node.domain.is_empty() && node.op == "GlobalAveragePool" {
            let (name, output) = (node.name.clone(), node.output().to_owned());
            let window = Window { size: [1; 2], strides: [1; 2], pads: [0; 4], dilations: [1; 2] };
            return Some(Self { name, inputs: node.inputs.clone(), output, window, work: Work::Mean });
        }
        if let Some(order) = transposed(node) {
            let (name, output) = (node.name.clone(), node.output().to_owned());
            let window = Window { size: [1; 2], strides: [1; 2], pads: [0; 4], dilations: [1; 2] };
            return Some(Self { name, inputs: node.inputs.clone(), output, window, work: Work::Transpose(order) });
        }
        let gradient = node.domain == OWN_SET && node.op == MAX_POOL_GRADIENT;
        let plain = (node.domain.is_empty() || gradient)
            && node.outputs.iter().skip(1).all(String::is_empty)
            && node.text("auto_pad").is_none_or(|pad| pad == "NOTSET")
            && node.int("ceil_mode").unwrap_or(0) == 0;
        if !plain {
            return None;
        }
        let (size, work) = match &node.op[..] {
            "MaxPool" => (sizes(node.ints("kernel_shape")?)?, Work::MaxPool),
            MAX_POOL_GRADIENT if gradient => (sizes(node.ints("kernel_shape")?)?, Work::MaxPoolGradient),
            "Conv" => convolution(node, graph)?,
            _ => return None,
        };
        let strides = node.ints("strides").map_or(Some([1, 1]), sizes)?;
        let pads = node.ints("pads").map_or(Some([0; 4]), sizes)?;
        let dilations = node.ints("dilations").map_or(Some([1, 1]), sizes)?;
        let window = Window { size, strides, pads, dilations };
        let takes_gaps = !matches!(work, Work::Convolution { .. });
        let spans = window.spans()?;
        let in_bounds = strides.iter().chain(&dilations).all(|&length| length > 0)
            && (takes_gaps || dilations == [1, 1])
            && (0..4).all(|side| pads[side] < spans[side % 2]);
        // A Conv's weights are kept beside its work.
        let inputs = node.inputs.iter().take(if gradient { 2 } else { 1 }).cloned().collect();
        in_bounds.then(|| Self { name: node.name.clone(), inputs, output: node.output().to_owned(), window, work })
    }

    /// Takes the activation that is the only use of this node's output along; whether it could.
    pub fn follow_with(&mut self, activation: &Node, graph: &Graph) -> bool {
        let (Work::Convolution { bounds, .. } | Work::Depthwise { bounds, .. }) = &mut self.work else { return false };
        let Some([low, high]) = bounds_of(activation, graph) else { return false };
        *bounds = Bounds { low, high };
        activation.output().clone_into(&mut self.output);
        true
    }

    /// The bytes of its weights in the order in which they are read; none where they are read as they are.
    pub fn packed_bytes(&self) -> u64 {
        let Work::Convolution { weights, bias, groups, .. } = &self.work else { return 0 };
        let [height, width] = self.window.size;
        let seen = weights.as_slice().len().checked_div(bias.len() * height * width).unwrap_or(0);
        (packed_length(seen * groups, bias.len(), *groups, &self.window) * size_of::<f32>()) as u64
    }

    /// Computes the node.
    ///
    /// # Errors
    /// [`EngineError::Failed`] for an input that the graph cannot mean.
    pub fn run(&self, inputs: &[ValueView]) -> Result<Value, EngineError> {
        let failed = |what: String| EngineError::Failed(format!("in node \"{}\": {what}", self.name));
        let floats = |index: usize| match inputs.get(index) {
            Some(ValueView::FloatTensor(floats)) => Ok(floats),
            _ => Err(failed(format!("input {index} does not consist of floats"))),
        };
        let input = floats(0)?;
        if let Work::SliceSums(SliceSums { axis, sums }) = &self.work {
            let shape = input.shape();
            let planes = shape.get(..*axis).zip(shape.get(*axis + 1..));
            let (before, after) = planes.ok_or_else(|| failed(format!("the input has the shape {shape:?}")))?;
            let [outer, inner] = [before, after].map(|sizes| sizes.iter().product());
            let terms = Terms { ends: &sums.ends, sources: &sums.sources, weights: &sums.weights };
            let values = slice_sums(input.to_contiguous().data(), [outer, shape[*axis], inner], &terms);
            let values = values.ok_or_else(|| failed(format!("the slices do not fit the input of {shape:?}")))?;
            let mut made = shape.to_vec();
            made[*axis] = sums.len();
            let tensor = Tensor::try_from_data(&made[..], values);
            return Ok(tensor.map_err(|error| failed(error.to_string()))?.into());
        }
        if let Work::Mean = self.work {
            let mut made = input.shape().to_vec();
            let size = made.iter().skip(2).product();
            made.iter_mut().skip(2).for_each(|size| *size = 1);
            let values = means(input.to_contiguous().data(), size);
            let values = values.ok_or_else(|| failed("the maps have no values".to_owned()))?;
            let tensor = Tensor::try_from_data(&made[..], values);
            return Ok(tensor.map_err(|error| failed(error.to_string()))?.into());
        }
        if let Work::Transpose(order) = &self.work {
            let made: Option<Vec<usize>> = order.iter().map(|&axis| input.shape().get(axis).copied()).collect();
            let values = transpose(input.to_contiguous().data(), input.shape(), order);
            let (made, values) =
                made.zip(values).ok_or_else(|| failed(format!("the input has the shape {:?}", input.shape())))?;
            let tensor = Tensor::try_from_data(&made[..], values);
            return Ok(tensor.map_err(|error| failed(error.to_string()))?.into());
        }
        let &[batch, channels, height, width] = input.shape() else {
            return Err(failed(format!("the input has the shape {:?}", input.shape())));
        };
        let unfit = || failed(format!("the window does not fit the input of {batch}×{channels}×{height}×{width}"));
        let values = input.to_contiguous();
        let map = [height, width];
        let pool = threads::pool();
        let computed = match &self.work {
            Work::MaxPool => max_pool(values.data(), map, &self.window, pool),
            Work::MaxPoolGradient => {
                max_pool_gradient(values.data(), floats(1)?.to_contiguous().data(), map, &self.window)
            }
            Work::SliceSums(_) | Work::Mean | Work::Transpose(_) => None,
            Work::Depthwise { bias, .. } if bias.len() != channels => None,
            Work::Depthwise { weights, bias, bounds } => {
                depthwise(values.data(), map, weights.as_slice(), bias, &self.window, *bounds, pool)
            }
            Work::Convolution { weights, bias, groups, bounds, ready } => {
                let shape = Shape { channels, map, made: bias.len(), groups: *groups, window: self.window };
                ready.of(weights, shape).and_then(|shared| {
                    if shared.convolution.takes(values.data()) {
                        return shared.convolution.run(values.data(), map, bias, *bounds, pool);
                    }
                    let kernels = Kernels { weights: weights.as_slice(), made: bias.len(), groups: *groups };
                    let convolution = Convolution::by_definition(channels, map, kernels, &self.window)?;
                    convolution.run(values.data(), map, bias, *bounds, pool)
                })
            }
        };
        let [out_height, out_width] = match self.work {
            Work::MaxPoolGradient => map,
            _ => self.window.output(map).ok_or_else(unfit)?,
        };
        let made = match &self.work {
            Work::MaxPool | Work::MaxPoolGradient | Work::SliceSums(_) | Work::Mean | Work::Transpose(_) => channels,
            Work::Convolution { bias, .. } | Work::Depthwise { bias, .. } => bias.len(),
        };
        let shape = [batch, made, out_height, out_width];
        let tensor = Tensor::try_from_data(&shape[..], computed.ok_or_else(unfit)?);
        Ok(tensor.map_err(|error| failed(error.to_string()))?.into())
    }
}

/// The order of a Transpose that puts what lay apart between each other, as the gradient of a stride does; rten goes value by value there.
fn transposed(node: &Node) -> Option<Vec<usize>> {
    if node.op != "Transpose" || !node.domain.is_empty() {
        return None;
    }
    let order: Vec<usize> = node.ints("perm")?.iter().map(|&axis| usize::try_from(axis).ok()).collect::<Option<_>>()?;
    let [.., last_but_one, _] = order[..] else { return None };
    (order.len() > 4 && last_but_one + 1 == order.len()).then_some(order)
}

/// A convolution over two axes whose weights are constants.
fn convolution(node: &Node, graph: &Graph) -> Option<([usize; 2], Work)> {
    let constant = |index: usize| node.input(index).and_then(|name| graph.constants.get(name));
    let Constant { shape, data: Data::F32(weights) } = constant(1)? else { return None };
    let &[channels, seen, height, width] = &shape[..] else { return None };
    let groups = usize::try_from(node.int("group").unwrap_or(1)).ok()?;
    let bias = match node.input(2) {
        Some(_) => constant(2)?.as_floats()?.to_vec(),
        None => vec![0.0; channels],
    };
    if bias.len() != channels {
        return None;
    }
    let (weights, bounds) = (weights.clone(), Bounds::NONE);
    // A single channel that sees a single one is an ordinary convolution.
    let work = if groups == channels && seen == 1 && channels > 1 {
        Work::Depthwise { weights, bias, bounds }
    } else {
        Work::Convolution { weights, bias, groups, bounds, ready: Ready::default() }
    };
    Some(([height, width], work))
}

/// Exactly this many lengths, none of them negative.
fn sizes<const N: usize>(values: &[i64]) -> Option<[usize; N]> {
    let lengths: Vec<usize> = values.iter().map(|&value| usize::try_from(value).ok()).collect::<Option<_>>()?;
    lengths.try_into().ok()
}
