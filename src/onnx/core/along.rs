//! Work on one dimension of a value at a time: its slices are moved, repeated, left out or added up with weights, and the value
//! as a whole is repeated.

use super::build::{Lowering, View, tensor_shape};
use super::emit::To;
use super::error::LowerError;
use super::layout::{Arrangement, CHANNEL, Digit, HEIGHT, Layout, WIDTH, coalesce, extents_of, usual_arrangement};
use crate::onnx::slice_sums::{SliceSums, Sums};

/// The value with sums of its slices along a dimension in the place of these.
pub(in crate::onnx) fn along(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    view: View,
    dimension: usize,
    sums: Sums,
) -> Result<View, LowerError> {
    let (rank, size) = (view.layout.dimensions.len(), view.layout.shape()[dimension]);
    if sums.is_empty() {
        return Err(lowering.unsupported("nothing is left of its input"));
    }
    if sums.changes_nothing(size) {
        return Ok(view);
    }
    lowering.made_up(&[Sums::NUMBERS_OF_A_TERM, sums.sources.len()])?;
    let digit = (sums.len() > 1).then_some(Digit { dimension, inner: 1, size: sums.len() });
    // Where the dimension is an axis of its own, or could be one; that of an image first.
    let usual = (rank - 1 - dimension).min(2);
    let axes = [WIDTH - usual, CHANNEL, HEIGHT, WIDTH];
    if let Some(&axis) = axes.iter().find(|&&axis| view.layout.is_axis(dimension, axis)) {
        let mut arrangement = view.layout.arrangement();
        arrangement[axis] = digit.into_iter().collect();
        let node = SliceSums { axis: axis + 1, sums }.node(&view.tensor);
        let tensor = lowering.emit(to, node, tensor_shape(extents_of(&arrangement)))?;
        return Ok(View { tensor, layout: Layout::arranged(rank, &arrangement) });
    }
    // Where it is one run of elements within an axis, the tensor is seen in another shape meanwhile.
    let modes = &view.layout.dimensions[dimension];
    let runs = coalesce(modes.iter().map(|&mode| (mode.size, view.layout.flat_stride(mode))));
    if let (&[(size, inner)], Some(first)) = (&runs[..], modes.first())
        && modes.iter().all(|mode| mode.axis == first.axis)
    {
        let mut arrangement = view.layout.arrangement();
        let digits = &mut arrangement[first.axis];
        let place = digits.iter().position(|digit| digit.dimension == dimension).unwrap_or_default();
        digits.retain(|digit| digit.dimension != dimension);
        digits.splice(place..place, digit);
        let outer = view.layout.extents.iter().product::<usize>() / (size * inner);
        let count = sums.len();
        let run = lowering.reshape(To::Step("run"), &view.tensor, tensor_shape([outer, size, inner]))?;
        let node = SliceSums { axis: 2, sums }.node(&run);
        let made = lowering.emit(To::Step("sums"), node, tensor_shape([outer, count, inner]))?;
        let tensor = lowering.reshape(to, &made, tensor_shape(extents_of(&arrangement)))?;
        return Ok(View { tensor, layout: Layout::arranged(rank, &arrangement) });
    }
    let view = alone(lowering, view, dimension)?;
    along(lowering, to, view, dimension, sums)
}

/// The value with a dimension alone on the channels, and all others on the height.
fn alone(lowering: &mut Lowering<'_>, view: View, dimension: usize) -> Result<View, LowerError> {
    let all: Vec<Digit> = Layout::usual(&view.layout.shape()).arrangement().into_iter().flatten().collect();
    let (own, others) = all.into_iter().partition(|digit| digit.dimension == dimension);
    let arrangement: Arrangement = [own, others, Vec::new()];
    lowering.arranged(view, &arrangement, To::Step("layout"))
}

/// The value as one of this shape, as NumPy broadcasts it.
pub(in crate::onnx) fn expanded(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    view: View,
    shape: &[usize],
) -> Result<View, LowerError> {
    let mut own = view.layout.shape();
    let Some(missing) = shape.len().checked_sub(own.len()) else {
        return Err(lowering.unsupported(format!("a value of shape {own:?} as one of {shape:?}")));
    };
    own.splice(0..0, std::iter::repeat_n(1, missing));
    if own.iter().zip(shape).any(|(&own, &size)| own != size && own != 1) {
        return Err(lowering.unsupported(format!("a value of shape {own:?} as one of {shape:?}")));
    }
    let repeats: Vec<usize> = own.iter().zip(shape).map(|(own, size)| size / own).collect();
    repeated(lowering, to, view, &own, &repeats)
}

/// The value, seen as one of `own` shape, laid side by side so often along each dimension.
pub(in crate::onnx) fn repeated(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    view: View,
    own: &[usize],
    repeats: &[usize],
) -> Result<View, LowerError> {
    let shape: Vec<usize> = own.iter().zip(repeats).map(|(size, times)| size * times).collect();
    let extents = extents_of(&usual_arrangement(&shape));
    let mut tensor = lowering.usual(view)?.tensor;
    // Neighbouring dimensions that are repeated and have length 1 are repeated as one.
    let mut inner = 1;
    let mut dimension = own.len();
    while dimension > 0 {
        dimension -= 1;
        let mut times = repeats[dimension];
        inner *= own[dimension];
        if times == 1 {
            continue;
        }
        while own[dimension] == 1 && dimension > 0 && own[dimension - 1] == 1 {
            dimension -= 1;
            times *= repeats[dimension];
        }
        let outer: usize = own[..dimension].iter().product();
        let once = lowering.reshape(To::Step("once"), &tensor, tensor_shape([outer, 1, inner]))?;
        tensor = lowering.expand(To::Step("repeated"), &once, tensor_shape([outer, times, inner]))?;
        inner *= times;
    }
    let tensor = lowering.reshape(to, &tensor, tensor_shape(extents))?;
    Ok(View { tensor, layout: Layout::usual(&shape) })
}
