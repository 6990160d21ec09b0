//! Moves elements to where an operator needs them: channels that are taken one by one, or Reshape, Transpose, Reshape.

use super::build::{Lowering, View, tensor_shape};
use super::convolution::{Weights, Window};
use super::emit::To;
use super::error::LowerError;
use super::layout::{Arrangement, CHANNEL, HEIGHT, Layout, Mode, WIDTH, coalesce, extents_of, usual_arrangement};
use crate::domain::order::order;
use crate::onnx::graph::Constant;
use crate::onnx::slice_sums::{SliceSums, Sums};

impl Lowering<'_> {
    /// The value in this arrangement, with its elements moved where that is needed.
    pub fn arranged(&mut self, view: View, arrangement: &Arrangement, to: To<'_>) -> Result<View, LowerError> {
        let layout = Layout::arranged(view.layout.dimensions.len(), arrangement);
        let tensor = arrange(self, &view, arrangement, to)?;
        debug_assert_eq!(extents_of(arrangement), layout.extents);
        Ok(View { tensor, layout })
    }
}

/// The tensor that holds the value in this arrangement; the present one where nothing has to move.
fn arrange(
    lowering: &mut Lowering<'_>,
    view: &View,
    arrangement: &Arrangement,
    to: To<'_>,
) -> Result<String, LowerError> {
    let Some(target) = target_modes(&view.layout, arrangement) else {
        return rearrange_row_major(lowering, view, arrangement, to);
    };
    let extents = extents_of(arrangement);
    let flat = |mode: &Mode| (mode.size, view.layout.flat_stride(*mode));
    let runs = coalesce(target.iter().flatten().map(flat));
    if runs.iter().all(|&(_, stride)| stride == 1) {
        if extents == view.layout.extents {
            return Ok(view.tensor.clone());
        }
        return lowering.reshape(to, &view.tensor, tensor_shape(extents));
    }
    let image_stays = [HEIGHT, WIDTH].iter().all(|&axis| {
        let modes = coalesce(target[axis].iter().map(|mode| (mode.size, mode.stride)));
        let size = view.layout.extents[axis];
        extents[axis] == size
            && target[axis].iter().all(|mode| mode.axis == axis)
            && (size == 1 || modes == [(size, 1)])
    });
    if image_stays {
        let mut channels = vec![0];
        for mode in &target[CHANNEL] {
            channels =
                channels.iter().flat_map(|from| (0..mode.size).map(move |step| from + step * mode.stride)).collect();
        }
        let selected = select_channels(lowering, &view.tensor, &channels, to)?;
        return Ok(selected);
    }
    transpose(lowering, view, &target, &runs, extents, to)
}

/// The modes of the present layout in the order of the arrangement, for each axis.
fn target_modes(layout: &Layout, arrangement: &Arrangement) -> Option<[Vec<Mode>; 3]> {
    let mut target: [Vec<Mode>; 3] = Default::default();
    for (modes, digits) in target.iter_mut().zip(arrangement) {
        for &digit in digits {
            modes.extend(layout.modes_of(digit)?);
        }
    }
    Some(target)
}

/// Where the arrangement cuts the present modes at places that do not divide them: row-major first, then seen anew.
fn rearrange_row_major(
    lowering: &mut Lowering<'_>,
    view: &View,
    arrangement: &Arrangement,
    to: To<'_>,
) -> Result<String, LowerError> {
    let refused = lowering.unsupported("its elements would have to move in a way that is not known");
    // A value without elements is cut nowhere, not even in its usual arrangement, which would ask for itself without end.
    if target_modes(&view.layout, &usual_arrangement(&view.layout.shape())).is_none() {
        return Err(refused);
    }
    let row_major = lowering.usual(view.clone())?;
    let elements = row_major.layout.extents.iter().product();
    let tensor = lowering.reshape(To::Step("flat"), &row_major.tensor, tensor_shape([elements, 1, 1]))?;
    // One mode holds all elements, so that it can be cut anywhere.
    let flat =
        Layout { extents: [elements, 1, 1], dimensions: vec![vec![Mode { axis: CHANNEL, size: elements, stride: 1 }]] };
    let layout = flat.reshaped(&view.layout.shape()).ok_or(refused)?;
    if target_modes(&layout, arrangement).is_none() {
        return Err(lowering.unsupported("its elements would have to move in a way that is not known"));
    }
    arrange(lowering, &View { tensor, layout }, arrangement, to)
}

fn transpose(
    lowering: &mut Lowering<'_>,
    view: &View,
    target: &[Vec<Mode>; 3],
    runs: &[(usize, usize)],
    extents: [usize; 3],
    to: To<'_>,
) -> Result<String, LowerError> {
    let from = tensor_shape(view.layout.extents);
    // Whole axes that only change places need no Reshape around the Transpose.
    if let Some(order) = axis_order(&view.layout, target) {
        return lowering.transpose(to, &view.tensor, &from, &order);
    }
    let descending = order(runs.len(), &|first, second| runs[second].1.cmp(&runs[first].1));
    let source: Vec<(usize, usize)> = descending.into_iter().map(|position| runs[position]).collect();
    let mut sizes: Vec<usize> = source.iter().map(|&(size, _)| size).collect();
    let mut order: Vec<usize> =
        runs.iter().filter_map(|run| source.iter().position(|candidate| candidate == run)).collect();
    // Four dimensions where that is enough, as everywhere else.
    while sizes.len() < 4 {
        sizes.insert(0, 1);
        order = std::iter::once(0).chain(order.iter().map(|axis| axis + 1)).collect();
    }
    let input = if sizes == from {
        view.tensor.clone()
    } else {
        lowering.reshape(To::Step("split"), &view.tensor, sizes.clone())?
    };
    let moved: Vec<usize> = order.iter().map(|&axis| sizes[axis]).collect();
    if moved == tensor_shape(extents) {
        return lowering.transpose(to, &input, &sizes, &order);
    }
    let transposed = lowering.transpose(To::Step("transposed"), &input, &sizes, &order)?;
    lowering.reshape(to, &transposed, tensor_shape(extents))
}

/// The order of the axes `[batch, channels, height, width]` where each target axis is one whole axis of the source.
fn axis_order(layout: &Layout, target: &[Vec<Mode>; 3]) -> Option<Vec<usize>> {
    let mut order: Vec<Option<usize>> = vec![Some(0)];
    for modes in target {
        let axis = modes.first().map(|mode| mode.axis);
        if let Some(axis) = axis {
            let runs = coalesce(modes.iter().map(|mode| (mode.size, mode.stride)));
            let whole = modes.iter().all(|mode| mode.axis == axis) && runs == [(layout.extents[axis], 1)];
            if !whole {
                return None;
            }
        }
        order.push(axis.map(|axis| axis + 1));
    }
    // Axes of length 1 fill the places that are left.
    let mut unused = (1..4).filter(|axis| !order.contains(&Some(*axis))).collect::<Vec<_>>().into_iter();
    order.iter().map(|axis| axis.or_else(|| unused.next())).collect()
}

/// A tensor whose channel `i` is channel `channels[i]` of this one. Each element is read once: a Conv that picks them would read every
/// channel for each, and for a hundred thousand channels of one pixel would not fit into memory.
pub(in crate::onnx) fn select_channels(
    lowering: &mut Lowering<'_>,
    tensor: &str,
    channels: &[usize],
    to: To<'_>,
) -> Result<String, LowerError> {
    let [_, _, height, width] = lowering.shapes[tensor][..] else {
        return Err(lowering.unsupported("channels of something that is not an image"));
    };
    lowering.made_up(&[Sums::NUMBERS_OF_A_TERM, channels.len()])?;
    let sums = Sums::taking(channels.iter().map(|&channel| Some(channel)));
    let node = SliceSums { axis: CHANNEL + 1, sums }.node(tensor);
    lowering.emit(to, node, tensor_shape([channels.len(), height, width]))
}

/// A 1×1 Conv with these weights (`outputs × inputs`) and bias.
pub(in crate::onnx) fn mix_channels(
    lowering: &mut Lowering<'_>,
    tensor: &str,
    weights: Vec<f32>,
    extents: [usize; 3],
    bias: Option<Vec<f32>>,
    to: To<'_>,
) -> Result<String, LowerError> {
    let from = weights.len() / extents[CHANNEL];
    let kernel = Constant::floats(vec![extents[CHANNEL], from, 1, 1], weights);
    let bias = bias.map(|bias| Constant::floats(vec![bias.len()], bias));
    let weights = Weights { kernel, kernel_name: None, bias, bias_name: None };
    lowering.convolve(tensor, weights, &Window::pointwise(), extents, to)
}
