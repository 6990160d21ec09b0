//! Pad. Zeros or a number around an image are put off: the Conv or pooling that reads it can mostly pad itself. Anything else is
//! done for each dimension by itself.

use super::LowerError;
use super::along::along;
use super::broadcast::{Operand, binary};
use super::build::{Lowering, Padded, Place, Value, View};
use super::conv::{LARGEST_SIZE, Window, depthwise, to_usize};
use super::emit::To;
use crate::onnx::graph::{Constant, Node, to_i64};
use crate::onnx::slice_sums::Sums;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let pads = match (node.ints("pads").or_else(|| node.ints("paddings")), lowering.integer_input(node, 1)) {
        (Some(pads), _) | (None, Some(pads)) => pads.to_vec(),
        (None, None) => return Err(lowering.unsupported("its pads are not constants")),
    };
    let fill = match (node.input(2), lowering.constant_input(node, 2)) {
        (None, _) => node.float("value").unwrap_or(0.0),
        (Some(_), Some(&[fill])) => fill,
        (Some(_), _) => return Err(lowering.unsupported("its value is not a constant")),
    };
    let rank = lowering.shape(node.output())?.len();
    let axes: Vec<usize> = match (node.input(3), lowering.integer_input(node, 3)) {
        (None, _) => (0..rank).collect(),
        (Some(_), Some(axes)) => axes.iter().map(|&axis| from_end(axis, rank)).collect(),
        (Some(_), None) => return Err(lowering.unsupported("its axes are not constants")),
    };
    let mut by_dimension = vec![(0, 0); rank];
    for (index, &axis) in axes.iter().enumerate() {
        match (pads.get(index), pads.get(index + axes.len()), by_dimension.get_mut(axis)) {
            (Some(&begin), Some(&end), Some(pair)) => *pair = (begin, end),
            _ => return Err(lowering.unsupported(format!("pads are {pads:?}"))),
        }
    }
    let view = lowering.input(node, 0)?;
    let mode = node.text("mode").unwrap_or("constant");
    if let ([(0, 0), (0, 0), (top @ 0.., bottom @ 0..), (left @ 0.., right @ 0..)], "constant", [1, ..]) =
        (&by_dimension[..], mode, &view.layout.shape()[..])
        && [top, bottom, left, right].iter().any(|&&pad| pad != 0)
    {
        let padded = Padded {
            image: lowering.as_image(view)?,
            pads: [top, left, bottom, right].map(|&pad| to_usize(pad)),
            fill,
            node: lowering.place.node.clone(),
            output: node.output().to_owned(),
        };
        lowering.values.insert(node.output().to_owned(), Value::Padded(padded));
        return Ok(());
    }
    let padded: Vec<usize> = (0..rank).filter(|&dimension| by_dimension[dimension] != (0, 0)).collect();
    let mut result = view;
    for &dimension in &padded {
        let to = if padded.last() == Some(&dimension) { To::Node } else { To::Step("padded") };
        result = pad_dimension(lowering, to, result, dimension, by_dimension[dimension], mode, fill)?;
    }
    lowering.set(node.output(), result);
    Ok(())
}

/// The value with elements added to a dimension before and after, or, where a number is negative, cut off.
fn pad_dimension(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    view: View,
    dimension: usize,
    (begin, end): (i64, i64),
    mode: &str,
    fill: f32,
) -> Result<View, LowerError> {
    let size = to_i64(view.layout.shape()[dimension]);
    // What is cut off is not there any more when the rest is padded.
    let (first, last) = (-begin.min(0), size + end.min(0));
    let kept = last - first;
    let total = kept.saturating_add(begin.max(0)).saturating_add(end.max(0));
    if kept < 1 && (mode != "constant" || kept < 0) || total < 1 || total > to_i64(LARGEST_SIZE) {
        return Err(lowering.unsupported(format!("pads of {begin} and {end} for {size} elements")));
    }
    let source = |place: i64| {
        let at = place - begin.max(0);
        // None where there is no such mode; inside it, none where zeros are added.
        match mode {
            "constant" => Some((0..kept).contains(&at).then_some(at)),
            "edge" => Some(Some(at.clamp(0, kept - 1))),
            "wrap" => Some(Some(at.rem_euclid(kept))),
            // There and back again, the ends once.
            "reflect" => {
                let period = (2 * (kept - 1)).max(1);
                let at = at.rem_euclid(period);
                Some(Some(at.min(period - at).min(kept - 1)))
            }
            _ => None,
        }
    };
    let sources: Option<Vec<Option<i64>>> = (0..total).map(source).collect();
    let sources = sources.ok_or_else(|| lowering.unsupported(format!("mode {mode:?}")))?;
    let is_padding: Vec<bool> = sources.iter().map(Option::is_none).collect();
    let filled = fill != 0.0 && is_padding.contains(&true);
    let sums = Sums::taking(sources.into_iter().map(|source| source.map(|at| to_usize(at + first))));
    let padded = along(lowering, if filled { To::Step("zeros") } else { to }, view, dimension, sums)?;
    if !filled {
        return Ok(padded);
    }
    let shape = padded.layout.shape();
    let mut own = vec![1; shape.len()];
    own[dimension] = is_padding.len();
    let fills = is_padding.into_iter().map(|padding| if padding { fill } else { 0.0 }).collect();
    let fills = Operand::Constant(Constant::floats(own, fills));
    binary(lowering, to, "Add", &Operand::Computed(padded), &fills, &shape)
}

/// Computes the padding: a depthwise 1×1 Conv of ones with pads.
pub(super) fn compute(lowering: &mut Lowering<'_>, padded: &Padded) -> Result<View, LowerError> {
    let place = Place { op: "Pad".to_owned(), node: padded.node.clone(), output: padded.output.clone() };
    let reader = std::mem::replace(&mut lowering.place, place);
    let result = emit(lowering, padded);
    lowering.place = reader;
    result
}

fn emit(lowering: &mut Lowering<'_>, padded: &Padded) -> Result<View, LowerError> {
    let [_, height, width] = padded.image.layout.extents;
    let [top, left, bottom, right] = padded.pads;
    if padded.fill == 0.0 {
        let size = [height + top + bottom, width + left + right];
        let window = Window { pads: padded.pads, ..Window::pointwise() };
        return depthwise(lowering, &padded.image, &[1.0], window, size, To::Node);
    }
    let rows = pad_dimension(
        lowering,
        To::Step("rows"),
        padded.image.clone(),
        2,
        (to_i64(top), to_i64(bottom)),
        "constant",
        padded.fill,
    )?;
    pad_dimension(lowering, To::Node, rows, 3, (to_i64(left), to_i64(right)), "constant", padded.fill)
}

/// An axis or index counted from the front, where negative ones count from the end; `usize::MAX` where it lies before the front,
/// so that a comparison with the size refuses it.
pub(super) fn from_end(axis: i64, rank: usize) -> usize {
    let from_front = if axis < 0 { axis.saturating_add(to_i64(rank)) } else { axis };
    usize::try_from(from_front).unwrap_or(usize::MAX)
}
