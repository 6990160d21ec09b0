//! Conv, with the padding before it and the BatchNormalization after it.

use super::build::{Lowering, Padded, Place, Value, View, tensor_shape};
use super::emit::To;
use super::layout::{CHANNEL, HEIGHT, Layout, WIDTH};
use super::{LowerError, computed, normalize, split};
use crate::onnx::graph::{Attribute, Constant, Node, to_i64};

/// No picture, window, stride or padding is longer than this; what a file states beyond it must not overflow the sums here.
pub(super) const LARGEST_SIZE: usize = 1 << 20;

/// The window of a Conv or a pooling, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::onnx) struct Window {
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
    /// Top, left, bottom, right.
    pub pads: [usize; 4],
    pub dilations: [usize; 2],
    pub group: usize,
}

impl Window {
    /// One pixel.
    pub const fn pointwise() -> Self {
        Self { kernel: [1, 1], strides: [1, 1], pads: [0; 4], dilations: [1, 1], group: 1 }
    }

    /// The attributes of a Conv or pooling node whose input is `size` pixels (height, width) and whose output is
    /// `output` pixels; the pads are settled so that the window fits that output exactly.
    pub fn of(
        lowering: &Lowering<'_>,
        node: &Node,
        kernel: [usize; 2],
        size: [usize; 2],
        output: [usize; 2],
    ) -> Result<Self, LowerError> {
        let pair = |name: &str| match node.ints(name) {
            None => Ok([1, 1]),
            Some(&[width]) if width > 0 => Ok([1, to_usize(width)]),
            Some(&[height, width]) if height > 0 && width > 0 => Ok([to_usize(height), to_usize(width)]),
            Some(values) => Err(lowering.unsupported(format!("{name} are {values:?}"))),
        };
        let (strides, dilations) = (pair("strides")?, pair("dilations")?);
        let group = match node.int("group") {
            None => 1,
            Some(group) if group > 0 => to_usize(group),
            Some(group) => return Err(lowering.unsupported(format!("group is {group}"))),
        };
        let mut pads = match (node.text("auto_pad").unwrap_or("NOTSET"), node.ints("pads")) {
            ("NOTSET" | "", Some(&[top, left, bottom, right])) if top.min(left).min(bottom).min(right) >= 0 => {
                [top, left, bottom, right].map(to_usize)
            }
            ("NOTSET" | "", Some(&[left, right])) if left.min(right) >= 0 => [0, to_usize(left), 0, to_usize(right)],
            ("NOTSET" | "", None) | ("VALID", _) => [0; 4],
            ("NOTSET" | "", Some(pads)) => return Err(lowering.unsupported(format!("pads are {pads:?}"))),
            (auto @ ("SAME_UPPER" | "SAME_LOWER"), _) => {
                let mut pads = [0; 4];
                for axis in 0..2 {
                    let reach = dilations[axis].saturating_mul(kernel[axis].saturating_sub(1));
                    let steps = output[axis].saturating_sub(1).saturating_mul(strides[axis]);
                    let total = steps.saturating_add(reach).saturating_add(1).saturating_sub(size[axis]);
                    let begin = if auto == "SAME_UPPER" { total / 2 } else { total - total / 2 };
                    (pads[axis], pads[axis + 2]) = (begin, total - begin);
                }
                pads
            }
            (auto, _) => return Err(lowering.unsupported(format!("auto_pad is {auto}"))),
        };
        let sizes = [kernel, strides, dilations, output, [pads[0], pads[1]], [pads[2], pads[3]]];
        if kernel.contains(&0) || output.contains(&0) || sizes.iter().flatten().any(|&size| size > LARGEST_SIZE) {
            return Err(lowering.unsupported(format!("a window of {kernel:?} that makes {output:?} pixels")));
        }
        // ceil_mode only adds to the end of the picture, and a rest that no window reaches needs no padding.
        for axis in 0..2 {
            let span = (output[axis] - 1) * strides[axis] + dilations[axis] * (kernel[axis] - 1) + 1;
            pads[axis + 2] = span.saturating_sub(size[axis] + pads[axis]);
        }
        Ok(Self { kernel, strides, pads, dilations, group })
    }
}

/// A kernel `[outputs, inputs / group, height, width]` and a bias; the names are those of the source's constants where the
/// values are unchanged, so that the weights are in memory once.
#[derive(Debug, Clone)]
pub(in crate::onnx) struct Weights {
    pub kernel: Constant,
    pub kernel_name: Option<String>,
    pub bias: Option<Constant>,
    pub bias_name: Option<String>,
}

impl Weights {
    /// Multiplies each output channel and adds to it.
    pub fn scale_outputs(&mut self, scale: &[f32], shift: &[f32]) -> Option<()> {
        if self.kernel.shape.first() != Some(&scale.len()) || scale.is_empty() {
            return None;
        }
        let values = self.kernel.as_floats()?;
        let per_output = values.len() / scale.len();
        let scaled = values.iter().enumerate().map(|(index, value)| value * scale[index / per_output]).collect();
        let bias = match &self.bias {
            Some(bias) => bias.as_floats()?.iter().zip(scale).zip(shift).map(|((b, a), c)| b * a + c).collect(),
            None => shift.to_vec(),
        };
        self.kernel = Constant::floats(self.kernel.shape.clone(), scaled);
        self.bias = Some(Constant::floats(vec![shift.len()], bias));
        (self.kernel_name, self.bias_name) = (None, None);
        Some(())
    }

    /// Reads an image of `channels` channels of which channel `i` is the kernel's input channel `order[i]`.
    fn read_channels(&mut self, order: &[usize], channels: usize) -> Option<()> {
        let &[outputs, inputs, height, width] = self.kernel.shape.as_slice() else {
            return None;
        };
        let (values, area) = (self.kernel.as_floats()?, height * width);
        let mut moved = Vec::with_capacity(outputs * channels * area);
        for kernel in values.chunks_exact(inputs * area) {
            for &input in order {
                moved.extend_from_slice(&kernel[input * area..(input + 1) * area]);
            }
        }
        self.kernel = Constant::floats(vec![outputs, channels, height, width], moved);
        self.kernel_name = None;
        Some(())
    }
}

/// Lowers a Conv node of the source.
pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let output_shape = lowering.shape(node.output())?;
    let kernel = node.input(1).and_then(|name| lowering.constant(name));
    let &[1, _, height, width] = output_shape else {
        return computed::lower(lowering, node);
    };
    let bias_is_computed = node.input(2).is_some_and(|name| lowering.constant(name).is_none());
    if kernel.is_none() || bias_is_computed {
        return computed::lower(lowering, node);
    }
    let mut weights = weights_of(lowering, node)?;
    let &[outputs, inputs, kernel_height, kernel_width] = weights.kernel.shape.as_slice() else {
        return Err(lowering.unsupported(format!("its kernel has shape {:?}", weights.kernel.shape)));
    };
    let Source { image, outer, order } = source_of(lowering, node)?;
    let [channels, image_height, image_width] = image.layout.extents;
    let size = [image_height + outer[0] + outer[2], image_width + outer[1] + outer[3]];
    let mut window = Window::of(lowering, node, [kernel_height, kernel_width], size, [height, width])?;
    if inputs * window.group != channels || outputs % window.group != 0 {
        return Err(lowering.unsupported(format!(
            "a kernel of shape {:?} with group {} does not fit {channels} channels",
            weights.kernel.shape, window.group
        )));
    }
    for (own, outer) in window.pads.iter_mut().zip(outer) {
        *own += outer;
    }
    if let Some(order) = order {
        weights
            .read_channels(&order, channels)
            .ok_or_else(|| lowering.unsupported("its kernel does not hold floats"))?;
    }
    let name = absorb_followers(lowering, node.output(), &mut weights)?;
    lowering.place.output.clone_from(&name);
    let tensor = emit(lowering, &image.tensor, weights, &window, [outputs, height, width], To::Node)?;
    let layout = Layout::usual(&[1, outputs, height, width]);
    lowering.set(&name, View { tensor, layout });
    Ok(())
}

/// What a Conv reads.
struct Source {
    image: View,
    /// Zero padding around the image that was put off for the Conv: top, left, bottom, right.
    outer: [usize; 4],
    /// Where the channels lie in another order that the kernel can follow, as after a channel shuffle: for each channel of the
    /// tensor which one of the value it is.
    order: Option<Vec<usize>>,
}

fn source_of(lowering: &mut Lowering<'_>, node: &Node) -> Result<Source, LowerError> {
    if let Some(Value::Padded(Padded { image, pads, fill: 0.0, .. })) =
        node.input(0).and_then(|name| lowering.values.get(name))
    {
        return Ok(Source { image: image.clone(), outer: *pads, order: None });
    }
    let view = lowering.input(node, 0)?;
    let layout = &view.layout;
    let pixels_stay = layout.dimensions.len() == 4 && layout.is_axis(2, HEIGHT) && layout.is_axis(3, WIDTH);
    if pixels_stay && layout.dimensions[0].is_empty() && node.int("group").unwrap_or(1) == 1 {
        let order = layout.channel_index(&[1]);
        let moved = order.filter(|order| order.iter().enumerate().any(|(place, &channel)| place != channel));
        if moved.is_some() {
            return Ok(Source { image: view, outer: [0; 4], order: moved });
        }
    }
    Ok(Source { image: lowering.as_image(view)?, outer: [0; 4], order: None })
}

pub(super) fn weights_of(lowering: &Lowering<'_>, node: &Node) -> Result<Weights, LowerError> {
    let named = |index: usize| {
        let name = node.input(index)?;
        lowering.constant(name).filter(|constant| constant.as_floats().is_some()).map(|constant| (name, constant))
    };
    let (kernel_name, kernel) = named(1).ok_or_else(|| lowering.unsupported("its kernel is not a constant"))?;
    let bias = named(2);
    if node.input(2).is_some() && bias.is_none() {
        return Err(lowering.unsupported("its bias is not a constant"));
    }
    if bias.is_some_and(|(_, bias)| bias.shape.first() != kernel.shape.first() || bias.shape.len() != 1)
        || kernel.shape.contains(&0)
    {
        return Err(lowering.unsupported(format!("a kernel of shape {:?} with its bias", kernel.shape)));
    }
    Ok(Weights {
        kernel: kernel.clone(),
        kernel_name: Some(kernel_name.to_owned()),
        bias: bias.map(|(_, constant)| constant.clone()),
        bias_name: bias.map(|(name, _)| name.to_owned()),
    })
}

/// Takes a BatchNormalization that is the only use of the Conv's output into the weights. Gives the name of the value that the
/// Conv now makes: the BatchNormalization's.
pub(super) fn absorb_followers(
    lowering: &mut Lowering<'_>,
    output: &str,
    weights: &mut Weights,
) -> Result<String, LowerError> {
    let Some((index, follower)) = lowering.only_reader(output) else {
        return Ok(output.to_owned());
    };
    let trains = follower.int("training_mode").unwrap_or(0) != 0;
    if follower.op != "BatchNormalization" || follower.input(0) != Some(output) || trains {
        return Ok(output.to_owned());
    }
    let (scale, shift) = normalize::batch_norm_affine(lowering, follower)?;
    weights
        .scale_outputs(&scale, &shift)
        .ok_or_else(|| lowering.unsupported("a BatchNormalization of another size follows it"))?;
    lowering.merged.insert(index);
    Ok(follower.output().to_owned())
}

/// Emits a Conv of the core set, in parts where it is too large for one; `extents` are those of its output.
pub(in crate::onnx) fn emit(
    lowering: &mut Lowering<'_>,
    tensor: &str,
    weights: Weights,
    window: &Window,
    extents: [usize; 3],
    to: To<'_>,
) -> Result<String, LowerError> {
    match split::parts(lowering, &weights.kernel, window, extents[CHANNEL])? {
        1 => emit_whole(lowering, tensor, weights, window, extents, to),
        parts => split::emit(lowering, tensor, &weights, window, extents, parts, to),
    }
}

/// Emits one Conv node.
pub(super) fn emit_whole(
    lowering: &mut Lowering<'_>,
    tensor: &str,
    weights: Weights,
    window: &Window,
    extents: [usize; 3],
    to: To<'_>,
) -> Result<String, LowerError> {
    let Weights { kernel, kernel_name, bias, bias_name } = weights;
    let kernel = match kernel_name {
        Some(name) => {
            lowering.keep_constant(&name, kernel);
            name
        }
        None => lowering.add_constant("kernel", kernel),
    };
    let bias = match (bias, bias_name) {
        (Some(bias), Some(name)) => {
            lowering.keep_constant(&name, bias);
            name
        }
        (Some(bias), None) => lowering.add_constant("bias", bias),
        // wonnx computes a 3×3 Conv without a bias wrong.
        (None, _) => {
            let name = format!("zeros/{}", extents[CHANNEL]);
            lowering.keep_constant(&name, Constant::floats(vec![extents[CHANNEL]], vec![0.0; extents[CHANNEL]]));
            name
        }
    };
    let node = window_attributes(Node::new("Conv", &[tensor, &kernel, &bias], ""), window)
        .with("dilations", Attribute::Ints(window.dilations.map(to_i64).to_vec()))
        .with("group", Attribute::Int(to_i64(window.group)));
    lowering.emit(to, node, tensor_shape(extents))
}

/// The node with the attributes of the window that Conv and pooling share.
pub(in crate::onnx) fn window_attributes(node: Node, window: &Window) -> Node {
    node.with("kernel_shape", Attribute::Ints(window.kernel.map(to_i64).to_vec()))
        .with("strides", Attribute::Ints(window.strides.map(to_i64).to_vec()))
        .with("pads", Attribute::Ints(window.pads.map(to_i64).to_vec()))
}

/// A Conv that filters each channel by itself with the same kernel; reads and gives images.
pub(in crate::onnx) fn depthwise(
    lowering: &mut Lowering<'_>,
    image: &View,
    kernel: &[f32],
    window: Window,
    size: [usize; 2],
    to: To<'_>,
) -> Result<View, LowerError> {
    let channels = image.layout.extents[CHANNEL];
    let shape = vec![channels, 1, window.kernel[0], window.kernel[1]];
    lowering.made_up(&shape)?;
    let weights = Weights {
        kernel: Constant::floats(shape, kernel.repeat(channels)),
        kernel_name: None,
        bias: None,
        bias_name: None,
    };
    let extents = [channels, size[0], size[1]];
    let tensor = emit(lowering, &image.tensor, weights, &Window { group: channels, ..window }, extents, to)?;
    Ok(View { tensor, layout: Layout::usual(&tensor_shape(extents)) })
}

/// Sets where a lowered value goes to be named after another node than the one at hand.
pub(in crate::onnx) fn place_of(node: &Node) -> Place {
    Place { op: node.op.clone(), node: node.name.clone(), output: node.output().to_owned() }
}

pub(in crate::onnx) fn to_usize(value: i64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
