//! Pad. Zeros or a number around an image are put off: the Conv or pooling that reads it can mostly pad itself. Anything else is
//! done for each dimension by itself.

use crate::onnx::core::build::{Lowering, Padded, Value};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::numbers::{from_end, to_usize};
use crate::onnx::core::padding::pad_dimension;
use crate::onnx::graph::Node;

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
