//! Convolution and pooling.

use super::context::{bounded, length, signed};
use super::{Context, Fault, Outcome, invalid};

/// Where a window goes along each spatial axis.
pub(crate) struct Windows {
    /// One entry per spatial axis: the window's own size, without dilation.
    pub kernel: Vec<i64>,
    pub strides: Vec<i64>,
    pub dilations: Vec<i64>,
    /// Padding before the first element of each axis, then after the last of each; zero where `automatic` is set.
    pub pads: Vec<i64>,
    pub automatic: Automatic,
    /// Whether padding is added as if there were no dilation: so onnxruntime does for poolings, whose result is then smaller than
    /// ⌈input / stride⌉.
    pub ignores_dilation: bool,
}

/// The `auto_pad` attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Automatic {
    /// `NOTSET`: explicit pads.
    Off,
    /// `VALID`: no pads.
    None,
    /// `SAME_UPPER`: the output is ⌈input / stride⌉; an odd element of padding goes at the end.
    Upper,
    /// `SAME_LOWER`: likewise, with the odd element at the start.
    Lower,
}

impl Windows {
    /// Reads the attributes; `kernel` is what the weights say, if there are any.
    pub fn read(context: &Context, axes: usize, kernel: Option<&[i64]>) -> Result<Self, Fault> {
        let node = context.node;
        let list = |name: &str, default: i64, least: i64, count: usize| match node.ints(name) {
            None => Ok(vec![default; count]),
            Some(numbers) if numbers.len() == count => {
                numbers.iter().map(|&number| bounded(name, number, least)).collect::<Result<Vec<_>, _>>()
            }
            Some(numbers) => invalid(format!("{name} has {} numbers instead of {count}", numbers.len())),
        };
        let automatic = match node.text("auto_pad") {
            None | Some("" | "NOTSET") => Automatic::Off,
            Some("VALID") => Automatic::None,
            Some("SAME_UPPER") => Automatic::Upper,
            Some("SAME_LOWER") => Automatic::Lower,
            Some(other) => return invalid(format!("auto_pad \"{other}\" does not exist")),
        };
        // Poolings have no weights.
        let kernel_is_stated = kernel.is_none();
        let kernel = match (kernel, node.ints("kernel_shape")) {
            (Some(kernel), None) => kernel.to_vec(),
            (Some(kernel), Some(stated)) if kernel == stated => kernel.to_vec(),
            (Some(kernel), Some(stated)) => {
                return invalid(format!("kernel_shape is {stated:?}, but the weights have {kernel:?}"));
            }
            (None, Some(_)) => list("kernel_shape", 1, 1, axes)?,
            (None, None) => return invalid("kernel_shape is missing"),
        };
        let pads = match automatic {
            Automatic::Off => list("pads", 0, 0, 2 * axes)?,
            _ => vec![0; 2 * axes],
        };
        Ok(Self {
            kernel,
            strides: list("strides", 1, 1, axes)?,
            dilations: list("dilations", 1, 1, axes)?,
            pads,
            automatic,
            ignores_dilation: kernel_is_stated,
        })
    }

    /// The size of a window along an axis, with the gaps of dilation.
    fn extent(&self, axis: usize) -> i64 {
        (self.kernel[axis] - 1) * self.dilations[axis] + 1
    }

    /// The padding before the first element of each axis, for inputs of these sizes.
    pub fn begin(&self, input: &[usize]) -> Option<Vec<i64>> {
        let along = |(axis, &input): (usize, &usize)| Some(self.padding(axis, i64::try_from(input).ok()?)[0]);
        input.iter().enumerate().map(along).collect()
    }

    /// The padding before and after an axis of `input` elements.
    pub fn padding(&self, axis: usize, input: i64) -> [i64; 2] {
        let reach = if self.ignores_dilation { self.kernel[axis] } else { self.extent(axis) };
        let windows = (input + self.strides[axis] - 1) / self.strides[axis];
        let total = ((windows - 1) * self.strides[axis] + reach - input).max(0);
        match self.automatic {
            Automatic::Off => [self.pads[axis], self.pads[axis + self.kernel.len()]],
            Automatic::None => [0, 0],
            Automatic::Upper => [total / 2, total - total / 2],
            Automatic::Lower => [total - total / 2, total / 2],
        }
    }

    /// The elements of an axis of `length` that window number `index` sees.
    pub fn places(&self, axis: usize, index: usize, begin: i64, length: usize) -> impl Iterator<Item = usize> {
        let start = i64::try_from(index).unwrap_or(0) * self.strides[axis] - begin;
        let dilation = self.dilations[axis];
        let inside = move |at: i64| usize::try_from(start + at * dilation).ok().filter(|&place| place < length);
        (0..self.kernel[axis]).filter_map(inside)
    }

    /// How many windows there are along an axis of `input` elements.
    pub fn count(&self, axis: usize, input: i64, ceil: bool) -> Result<usize, Fault> {
        let (stride, extent) = (self.strides[axis], self.extent(axis));
        let [before, after] = self.padding(axis, input);
        let room = input + before + after - extent;
        // Rounded up, the first window may reach beyond the end as well.
        if room < 0 && !(ceil && room > -stride) {
            return invalid(format!(
                "a window of {extent} does not fit into {input} elements with {before} + {after} of padding"
            ));
        }
        // All of the padding is used where it is made for the windows.
        let is_made = matches!(self.automatic, Automatic::Upper | Automatic::Lower);
        let count = if ceil && !is_made {
            // The last window must begin inside the input or the padding before it, as ONNX says.
            let count = (room + stride - 1).div_euclid(stride) + 1;
            if (count - 1) * stride >= input + before { count - 1 } else { count }
        } else {
            room / stride + 1
        };
        length("the output", count)
    }
}

/// Batch, channels and spatial sizes of the input.
fn split_input(context: &Context) -> Result<(usize, usize, Vec<i64>), Fault> {
    match context.shape(0)? {
        [batch, channels, spatial @ ..] if !spatial.is_empty() => {
            let spatial = spatial.iter().map(|&length| signed(length)).collect::<Result<_, _>>()?;
            Ok((*batch, *channels, spatial))
        }
        shape => invalid(format!("its input of shape {shape:?} has no height and width")),
    }
}

/// The weights' first two dimensions and the kernel of a (transposed) convolution, and its number of groups.
fn weights(context: &Context, axes: usize) -> Result<(i64, i64, Vec<i64>, i64), Fault> {
    let group = bounded("group", context.node.int("group").unwrap_or(1), 1)?;
    match &context.sizes(1)?[..] {
        [first, second, kernel @ ..] if kernel.len() == axes => {
            for &length in kernel {
                bounded("kernel size", length, 1)?;
            }
            Ok((*first, *second, kernel.to_vec(), group))
        }
        shape => invalid(format!("weights of shape {shape:?} do not fit an input with {axes} spatial axes")),
    }
}

fn check_bias(context: &Context, channels: i64) -> Result<(), Fault> {
    match context.optional_shape(2)? {
        Some(bias) if bias != [length("channels", channels)?] => {
            invalid(format!("a bias of shape {bias:?} does not fit {channels} channels"))
        }
        _ => Ok(()),
    }
}

/// `[batch, channels, spatial…]` by weights `[maps, channels / group, kernel…]`.
pub(super) fn conv(context: &Context) -> Outcome {
    let (batch, channels, spatial) = split_input(context)?;
    let (maps, per_group, kernel, group) = weights(context, spatial.len())?;
    if per_group * group != signed(channels)? || maps % group != 0 {
        return invalid(format!(
            "weights for {maps} maps from {per_group} channels in {group} groups do not fit {channels} channels"
        ));
    }
    check_bias(context, maps)?;
    let windows = Windows::read(context, spatial.len(), Some(&kernel))?;
    let mut shape = vec![batch, length("channels", maps)?];
    for (axis, &input) in spatial.iter().enumerate() {
        shape.push(windows.count(axis, input, false)?);
    }
    Ok(vec![shape])
}

/// `[batch, channels, spatial…]` by weights `[channels, maps / group, kernel…]`.
pub(super) fn conv_transpose(context: &Context) -> Outcome {
    let (batch, channels, spatial) = split_input(context)?;
    let (first, per_group, kernel, group) = weights(context, spatial.len())?;
    if first != signed(channels)? || first % group != 0 {
        return invalid(format!("weights for {first} channels in {group} groups do not fit {channels} channels"));
    }
    let maps = per_group * group;
    check_bias(context, maps)?;
    let windows = Windows::read(context, spatial.len(), Some(&kernel))?;
    let extra = context.node.ints("output_padding").map_or_else(|| vec![0; spatial.len()], <[i64]>::to_vec);
    if extra.len() != spatial.len() {
        return invalid(format!("output_padding has {} numbers", extra.len()));
    }
    let mut shape = vec![batch, length("channels", maps)?];
    // Some exporters write the whole shape here, although only the spatial part is meant.
    let stated = context.node.ints("output_shape").map(|stated| &stated[stated.len().saturating_sub(spatial.len())..]);
    for (axis, &input) in spatial.iter().enumerate() {
        let extra = bounded("output_padding", extra[axis], 0)?;
        let output = match (stated, windows.automatic) {
            (Some(stated), _) => match stated.get(axis) {
                Some(&size) => bounded("output_shape", size, 1)?,
                None => return invalid("output_shape has too few numbers"),
            },
            (None, automatic) => {
                let pads = windows.pads[axis] + windows.pads[axis + spatial.len()];
                let unpadded = windows.strides[axis] * (input - 1) + extra + windows.extent(axis);
                match automatic {
                    // Padding only takes away: where the windows do not overlap the output is smaller than this.
                    Automatic::Upper | Automatic::Lower => unpadded.min(input * windows.strides[axis]),
                    Automatic::Off | Automatic::None => unpadded - pads,
                }
            }
        };
        shape.push(length("the output", bounded("the output", output, 1)?)?);
    }
    Ok(vec![shape])
}

/// The pooled value; for MaxPool also the indices of the maxima.
pub(super) fn pool(context: &Context) -> Outcome {
    let (batch, channels, spatial) = split_input(context)?;
    let windows = Windows::read(context, spatial.len(), None)?;
    let ceil = context.node.int("ceil_mode").unwrap_or(0) != 0;
    let mut shape = vec![batch, channels];
    for (axis, &input) in spatial.iter().enumerate() {
        shape.push(windows.count(axis, input, ceil)?);
    }
    Ok(vec![shape.clone(), shape])
}

/// The stated shape, or the size whose windows these values are of.
pub(super) fn max_unpool(context: &Context) -> Outcome {
    let (batch, channels, spatial) = split_input(context)?;
    if context.optional_shape(2)?.is_some() {
        let Some(sizes) = context.value(2).and_then(|value| value.as_integers().map(<[i64]>::to_vec)) else {
            return Err(Fault::Dynamic("its output_shape is computed".to_owned()));
        };
        if sizes.len() != spatial.len() + 2 {
            return invalid(format!("output_shape is {sizes:?}"));
        }
        return Ok(vec![sizes.into_iter().map(|size| length("the output", size)).collect::<Result<_, _>>()?]);
    }
    let windows = Windows::read(context, spatial.len(), None)?;
    let mut shape = vec![batch, channels];
    for (axis, &input) in spatial.iter().enumerate() {
        let pads = windows.pads[axis] + windows.pads[axis + spatial.len()];
        shape.push(length("the output", (input - 1) * windows.strides[axis] + windows.kernel[axis] - pads)?);
    }
    Ok(vec![shape])
}

/// The picture's shape; the other input has a value for each window.
pub(super) fn max_pool_gradient(context: &Context) -> Outcome {
    let (picture, given) = (context.shape(0)?.to_vec(), context.shape(1)?);
    match pool(context)?.first() {
        Some(windows) if windows == given => Ok(vec![picture]),
        windows => invalid(format!("its values have the shape {given:?} and its windows {windows:?}")),
    }
}

/// Every spatial axis becomes 1.
pub(super) fn global_pool(context: &Context) -> Outcome {
    let (batch, channels, spatial) = split_input(context)?;
    let mut shape = vec![batch, channels];
    shape.resize(2 + spatial.len(), 1);
    Ok(vec![shape])
}
