//! Enlarging and shrinking by nearest neighbours.

use super::LowerError;
use super::build::{Lowering, To, View, tensor_shape};
use super::layout::{HEIGHT, Layout, WIDTH};
use super::rearrange::selected;
use crate::onnx::graph::{Attribute, Constant, Node};

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let mode = node.text("mode").unwrap_or("nearest");
    if mode != "nearest" {
        return Err(lowering.unsupported(format!("mode {mode:?}")));
    }
    let x = lowering.image(node, 0)?;
    let shape = lowering.shape(node.output())?;
    let &[1, channels, height, width] = shape else {
        return Err(lowering.unsupported(format!("its output has shape {shape:?}")));
    };
    let extents = x.layout.extents;
    if channels != extents[0] {
        return Err(lowering.unsupported("of the channels"));
    }
    let size = [height, width];
    let mut sources = Vec::new();
    for axis in [HEIGHT, WIDTH] {
        let scale = scale(lowering, node, axis, extents[axis], size[axis - 1]);
        sources.push(nearest(lowering, node, extents[axis], size[axis - 1], scale)?);
    }
    let factors: Vec<Option<usize>> = [HEIGHT, WIDTH]
        .iter()
        .map(|&axis| {
            let factor = size[axis - 1] / extents[axis];
            let whole = sources[axis - 1].iter().enumerate().all(|(place, &source)| source == place / factor.max(1));
            (factor * extents[axis] == size[axis - 1] && whole).then_some(factor)
        })
        .collect();
    let result = if let [Some(down), Some(across)] = factors[..] {
        enlarged(lowering, &x, [down, across], To::Node)?
    } else {
        let rows = selected(lowering, To::Step("rows"), x, 2, &sources[0])?;
        selected(lowering, To::Node, rows, 3, &sources[1])?
    };
    lowering.set(node.output(), result);
    Ok(())
}

/// Repeats each pixel.
#[expect(clippy::cast_precision_loss, reason = "factors are small")]
pub(in crate::onnx) fn enlarged(
    lowering: &mut Lowering<'_>,
    x: &View,
    factors: [usize; 2],
    to: To<'_>,
) -> Result<View, LowerError> {
    let scales = vec![1.0, 1.0, factors[0] as f32, factors[1] as f32];
    let scales = lowering.add_constant("scales", Constant::floats(vec![4], scales));
    let node = Node::new("Resize", &[&x.tensor, "", &scales], "")
        .with("mode", Attribute::Text("nearest".to_owned()))
        .with("nearest_mode", Attribute::Text("floor".to_owned()))
        .with("coordinate_transformation_mode", Attribute::Text("asymmetric".to_owned()));
    let [channels, height, width] = x.layout.extents;
    let shape = tensor_shape([channels, height * factors[0], width * factors[1]]);
    let tensor = lowering.emit(to, node, shape.clone())?;
    Ok(View { tensor, layout: Layout::usual(&shape) })
}

/// The factor along an axis: the one the node states, or that of the sizes.
#[expect(clippy::cast_precision_loss, reason = "sizes of images are far below 2^24")]
fn scale(lowering: &Lowering<'_>, node: &Node, axis: usize, from: usize, to: usize) -> f32 {
    let stated = match node.attributes.get("scales") {
        Some(Attribute::Floats(scales)) => Some(scales.as_slice()),
        // Upsample and Resize of opset 10 have the scales as second input, later ones as third.
        _ => {
            [2, 1].into_iter().find_map(|index| lowering.constant_input(node, index).filter(|scales| scales.len() == 4))
        }
    };
    let sizes_are_given = node.input(3).is_some();
    match stated {
        Some(scales) if scales.len() == 4 && !sizes_are_given => scales[axis + 1],
        _ => to as f32 / from as f32,
    }
}

/// The pixel that each pixel of the result is taken from.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positions in an image, clamped to its size"
)]
fn nearest(lowering: &Lowering<'_>, node: &Node, from: usize, to: usize, scale: f32) -> Result<Vec<usize>, LowerError> {
    // Before opset 11 there were no modes: positions are divided by the scale and rounded down.
    let old = node.op == "Upsample" || lowering.source.opset() < 11;
    let text = |name: &str, default: &'static str, before: &'static str| {
        node.text(name).map_or_else(|| if old { before } else { default }.to_owned(), str::to_owned)
    };
    let transformation = text("coordinate_transformation_mode", "half_pixel", "asymmetric");
    let rounding = text("nearest_mode", "round_prefer_floor", "floor");
    let position = |place: usize| {
        let place = place as f32;
        match transformation.as_str() {
            "asymmetric" => Some(place / scale),
            "half_pixel" => Some((place + 0.5) / scale - 0.5),
            "pytorch_half_pixel" => Some(if to > 1 { (place + 0.5) / scale - 0.5 } else { 0.0 }),
            "align_corners" => Some(if to > 1 { place * (from as f32 - 1.0) / (to as f32 - 1.0) } else { 0.0 }),
            _ => None,
        }
    };
    let round = |position: f32| match rounding.as_str() {
        "round_prefer_floor" => Some((position - 0.5).ceil()),
        "round_prefer_ceil" => Some((position + 0.5).floor()),
        "floor" => Some(position.floor()),
        "ceil" => Some(position.ceil()),
        _ => None,
    };
    (0..to)
        .map(|place| position(place).and_then(round).map(|source| (source.max(0.0) as usize).min(from - 1)))
        .collect::<Option<Vec<usize>>>()
        .ok_or_else(|| lowering.unsupported(format!("{transformation:?} with {rounding:?}")))
}
