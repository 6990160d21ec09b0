//! A Conv that is too large for one GPU binding or one dispatch becomes several, each for a part of the outputs, and a Concat.

use super::build::{Lowering, tensor_shape};
use super::convolution::{Weights, Window, emit_whole};
use super::emit::To;
use super::error::LowerError;
use super::layout::CHANNEL;
use super::movement::select_channels;
use crate::onnx::graph::{Attribute, Constant, Node};

impl Lowering<'_> {
    /// Emits a Conv of the core set, in parts where it is too large for one; `extents` are those of its output.
    pub fn convolve(
        &mut self,
        tensor: &str,
        weights: Weights,
        window: &Window,
        extents: [usize; 3],
        to: To<'_>,
    ) -> Result<String, LowerError> {
        match parts(self, &weights.kernel, window, extents[CHANNEL])? {
            1 => emit_whole(self, tensor, weights, window, extents, to),
            parts => emit(self, tensor, &weights, window, extents, parts, to),
        }
    }
}

/// Output channels per workgroup of the engine's Conv kernels: of those with one group, and of those with several. Pixels need
/// no split, since an engine can dispatch them in rows.
const CHANNELS_PER_WORKGROUP: [u64; 2] = [64, 8];

/// Engines may keep a few values after the last one, so that it can be read as a vector of four.
const SPARE_BYTES: u64 = 64;

/// Parts are multiples of this many outputs: of four, which is what engines compute at a time, or of whole groups, since a
/// part of a group would need a part of its inputs.
fn unit(outputs: usize, window: &Window) -> usize {
    if window.group == 1 { 4 } else { outputs / window.group }
}

/// In how many parts of equal channels (the last may be smaller) the Conv has to be computed. It makes one output channel or
/// more.
fn parts(lowering: &Lowering<'_>, kernel: &Constant, window: &Window, outputs: usize) -> Result<usize, LowerError> {
    let limits = lowering.limits;
    let weight_bytes = kernel.shape.iter().map(|&size| size as u64).product::<u64>() * 4;
    let bytes_each = weight_bytes / outputs as u64;
    let by_bytes = limits.max_binding_bytes.saturating_sub(SPARE_BYTES) / bytes_each.max(1);
    let by_workgroups = u64::from(limits.max_workgroups) * CHANNELS_PER_WORKGROUP[usize::from(window.group > 1)];
    let most = usize::try_from(by_bytes.min(by_workgroups)).unwrap_or(usize::MAX);
    let unit = unit(outputs, window);
    let most = if most >= outputs { outputs } else { most / unit * unit };
    if most == 0 {
        return Err(LowerError::TooLarge {
            node: lowering.place.node.clone(),
            shape: kernel.shape.clone(),
            limit: limits.max_binding_bytes,
        });
    }
    Ok(outputs.div_ceil(most))
}

/// Emits the Conv in parts.
fn emit(
    lowering: &mut Lowering<'_>,
    tensor: &str,
    weights: &Weights,
    window: &Window,
    extents: [usize; 3],
    parts: usize,
    to: To<'_>,
) -> Result<String, LowerError> {
    let outputs = extents[CHANNEL];
    let (per_group, inputs_per_group) = (outputs / window.group, weights.kernel.shape[1]);
    let unit = unit(outputs, window);
    let most = outputs.div_ceil(unit).div_ceil(parts) * unit;
    let values = weights.kernel.as_floats().ok_or_else(|| lowering.unsupported("its kernel does not hold floats"))?;
    let per_output = values.len() / outputs;
    let mut tensors = Vec::new();
    for first in (0..outputs).step_by(most) {
        let count = most.min(outputs - first);
        let mut shape = weights.kernel.shape.clone();
        shape[0] = count;
        let kernel = Constant::floats(shape, values[first * per_output..(first + count) * per_output].to_vec());
        let bias = weights.bias.as_ref().and_then(Constant::as_floats);
        let bias = bias.map(|bias| Constant::floats(vec![count], bias[first..first + count].to_vec()));
        let (part_window, input) = if window.group == 1 {
            (*window, tensor.to_owned())
        } else {
            let groups = count / per_group;
            let start = first / per_group * inputs_per_group;
            let channels: Vec<usize> = (start..start + groups * inputs_per_group).collect();
            let input = select_channels(lowering, tensor, &channels, To::Step("input"))?;
            (Window { group: groups, ..*window }, input)
        };
        let part = Weights { kernel, kernel_name: None, bias, bias_name: None };
        let part_extents = [count, extents[1], extents[2]];
        tensors.push(emit_whole(lowering, &input, part, &part_window, part_extents, To::Step("part"))?);
    }
    let inputs: Vec<&str> = tensors.iter().map(String::as_str).collect();
    let node = Node::new("Concat", &inputs, "").with("axis", Attribute::Int(1));
    lowering.emit(to, node, tensor_shape(extents))
}
