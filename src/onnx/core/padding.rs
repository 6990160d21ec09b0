//! Padding: of one dimension in any mode, and of an image, which is put off until somebody needs the result.

use super::along::along;
use super::arithmetic::{Operand, binary};
use super::build::{Lowering, Padded, Place, View};
use super::convolution::{LARGEST_SIZE, Window, depthwise};
use super::emit::To;
use super::error::LowerError;
use super::numbers::to_usize;
use crate::onnx::graph::{Constant, to_i64};
use crate::onnx::slice_sums::Sums;

/// The value with elements added to a dimension before and after, or, where a number is negative, cut off.
pub(in crate::onnx) fn pad_dimension(
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
