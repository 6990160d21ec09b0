//! Pad. It is put off: the Conv or pooling that reads the padded image can mostly pad itself.

use super::LowerError;
use super::build::{Lowering, Padded, Place, Value, View};
use super::conv::{Window, depthwise, to_usize};
use super::emit::To;
use crate::onnx::graph::{Node, to_i64};

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let mode = node.text("mode").unwrap_or("constant");
    if mode != "constant" {
        return Err(lowering.unsupported(format!("mode {mode:?}")));
    }
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
            (Some(&begin), Some(&end), Some(pair)) if begin >= 0 && end >= 0 => {
                *pair = (to_usize(begin), to_usize(end));
            }
            _ => return Err(lowering.unsupported(format!("pads are {pads:?}"))),
        }
    }
    let view = lowering.input(node, 0)?;
    if by_dimension.iter().all(|&pair| pair == (0, 0)) {
        lowering.set(node.output(), view);
        return Ok(());
    }
    let [(0, 0), (0, 0), height, width] = by_dimension[..] else {
        return Err(lowering.unsupported(format!("pads are {pads:?}; only height and width can be padded")));
    };
    let padded = Padded {
        image: lowering.as_image(view)?,
        pads: [height.0, width.0, height.1, width.1],
        fill,
        node: lowering.place.node.clone(),
        output: node.output().to_owned(),
    };
    lowering.values.insert(node.output().to_owned(), Value::Padded(padded));
    Ok(())
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
    if !padded.fill.is_finite() {
        return Err(lowering.unsupported(format!("padding with {} that no pooling takes in", padded.fill)));
    }
    let [_, height, width] = padded.image.layout.extents;
    let [top, left, bottom, right] = padded.pads;
    let size = [height + top + bottom, width + left + right];
    let window = Window { pads: padded.pads, ..Window::pointwise() };
    if padded.fill == 0.0 {
        return depthwise(lowering, &padded.image, &[1.0], window, size, To::Node);
    }
    // Zero is moved to the fill value for the padding, and back.
    let shifted = lowering.with_number(To::Step("shifted"), "Sub", &padded.image, padded.fill)?;
    let zeros = depthwise(lowering, &shifted, &[1.0], window, size, To::Step("zeros"))?;
    lowering.with_number(To::Node, "Add", &zeros, padded.fill)
}

/// An axis or index counted from the front, where negative ones count from the end; `usize::MAX` where it lies before the front,
/// so that a comparison with the size refuses it.
pub(super) fn from_end(axis: i64, rank: usize) -> usize {
    let from_front = if axis < 0 { axis.saturating_add(to_i64(rank)) } else { axis };
    usize::try_from(from_front).unwrap_or(usize::MAX)
}
