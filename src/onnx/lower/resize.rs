//! Enlarging and shrinking: by nearest neighbours, or as weighted sums of rows and of columns.

use super::LowerError;
use super::build::{Lowering, View, tensor_shape};
use super::conv::to_usize;
use super::emit::To;
use super::layout::{Arrangement, Digit, HEIGHT, Layout, WIDTH, extents_of};
use super::movement::mix_channels;
use super::rearrange::selected;
use crate::onnx::graph::{Attribute, Constant, Node, to_i64};

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let policy = node.text("keep_aspect_ratio_policy").unwrap_or("stretch");
    if policy != "stretch" {
        return Err(lowering.unsupported(format!("keep_aspect_ratio_policy {policy:?}")));
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
    let result = match node.text("mode").unwrap_or("nearest") {
        "nearest" => repeated(lowering, node, x, size)?,
        "linear" => interpolated(lowering, node, x, size, &linear)?,
        "cubic" => {
            let sharpness = node.float("cubic_coeff_a").unwrap_or(-0.75);
            interpolated(lowering, node, x, size, &|fraction| cubic(fraction, sharpness))?
        }
        mode => return Err(lowering.unsupported(format!("mode {mode:?}"))),
    };
    lowering.set(node.output(), result);
    Ok(())
}

/// Every pixel is that of its nearest neighbour.
fn repeated(lowering: &mut Lowering<'_>, node: &Node, x: View, size: [usize; 2]) -> Result<View, LowerError> {
    let extents = x.layout.extents;
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
    if let [Some(down), Some(across)] = factors[..] {
        enlarged(lowering, &x, [down, across], To::Node)
    } else {
        let rows = selected(lowering, To::Step("rows"), x, 2, &sources[0])?;
        selected(lowering, To::Node, rows, 3, &sources[1])
    }
}

/// Every row, and then every column, is a weighted sum of some of the image's. `weights` gives the weights of as many
/// neighbours as it looks at, half of them before a position and half after it, which lies this fraction of a pixel behind the
/// last one before it.
fn interpolated(
    lowering: &mut Lowering<'_>,
    node: &Node,
    x: View,
    size: [usize; 2],
    weights: &dyn Fn(f32) -> Vec<f32>,
) -> Result<View, LowerError> {
    if node.int("antialias").unwrap_or(0) != 0 {
        return Err(lowering.unsupported("with antialias"));
    }
    let excludes_outside = node.int("exclude_outside").unwrap_or(0) != 0;
    let extents = x.layout.extents;
    let changed: Vec<usize> = [HEIGHT, WIDTH].into_iter().filter(|&axis| size[axis - 1] != extents[axis]).collect();
    let mut result = x;
    for &axis in &changed {
        let (from, to) = (extents[axis], size[axis - 1]);
        let scale = scale(lowering, node, axis, from, to);
        let positions = positions(lowering, node, from, to, scale)?;
        let mut matrix = vec![0.0; lowering.made_up(&[to, from])?];
        for (row, position) in matrix.chunks_exact_mut(from).zip(positions) {
            let before = position.floor();
            let neighbours = weights(position - before);
            for (offset, weight) in (1 - to_i64(neighbours.len() / 2)..).zip(neighbours) {
                #[expect(clippy::cast_possible_truncation, reason = "a position in an image or close to it")]
                let source = before as i64 + offset;
                let inside = source.clamp(0, to_i64(from) - 1);
                // Outside, the image goes on with the pixels at its edge.
                if inside == source || !excludes_outside {
                    row[to_usize(inside)] += weight;
                }
            }
            if excludes_outside {
                let sum: f32 = row.iter().sum();
                row.iter_mut().for_each(|weight| *weight /= sum);
            }
        }
        let to = if changed.last() == Some(&axis) { To::Node } else { To::Step("rows") };
        result = mixed(lowering, result, axis + 1, matrix, size[axis - 1], to)?;
    }
    Ok(result)
}

/// The weights of two neighbours.
fn linear(fraction: f32) -> Vec<f32> {
    vec![1.0 - fraction, fraction]
}

/// The weights of four neighbours, as Keys' cubic convolution has them.
fn cubic(fraction: f32, a: f32) -> Vec<f32> {
    let near = |distance: f32| ((a + 2.0) * distance - (a + 3.0)) * distance * distance + 1.0;
    let far = |distance: f32| ((a * distance - 5.0 * a) * distance + 8.0 * a) * distance - 4.0 * a;
    vec![far(1.0 + fraction), near(fraction), near(1.0 - fraction), far(2.0 - fraction)]
}

/// The value with a dimension multiplied by a matrix of `size` rows.
fn mixed(
    lowering: &mut Lowering<'_>,
    x: View,
    dimension: usize,
    matrix: Vec<f32>,
    size: usize,
    to: To<'_>,
) -> Result<View, LowerError> {
    let rank = x.layout.dimensions.len();
    let others: Vec<Digit> =
        x.layout.arrangement().into_iter().flatten().filter(|digit| digit.dimension != dimension).collect();
    let arranged = |size: usize| -> Arrangement {
        let channels = if size == 1 { Vec::new() } else { vec![Digit { dimension, inner: 1, size }] };
        [channels, others.clone(), Vec::new()]
    };
    let from = x.layout.shape()[dimension];
    let x = lowering.arranged(x, &arranged(from), To::Step("layout"))?;
    let arrangement = arranged(size);
    let tensor = mix_channels(lowering, &x.tensor, matrix, extents_of(&arrangement), None, to)?;
    Ok(View { tensor, layout: Layout::arranged(rank, &arrangement) })
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

/// Before opset 11 there were no modes: positions are divided by the scale and rounded down.
fn has_no_modes(lowering: &Lowering<'_>, node: &Node) -> bool {
    node.op == "Upsample" || lowering.source.opset() < 11
}

/// Where in the image each pixel of the result lies.
#[expect(clippy::cast_precision_loss, reason = "positions in an image")]
fn positions(lowering: &Lowering<'_>, node: &Node, from: usize, to: usize, scale: f32) -> Result<Vec<f32>, LowerError> {
    let default = if has_no_modes(lowering, node) { "asymmetric" } else { "half_pixel" };
    let transformation = node.text("coordinate_transformation_mode").unwrap_or(default);
    let position = |place: usize| {
        let place = place as f32;
        match transformation {
            "asymmetric" => Some(place / scale),
            "half_pixel" => Some((place + 0.5) / scale - 0.5),
            "pytorch_half_pixel" => Some(if to > 1 { (place + 0.5) / scale - 0.5 } else { 0.0 }),
            "align_corners" => Some(if to > 1 { place * (from as f32 - 1.0) / (to as f32 - 1.0) } else { 0.0 }),
            _ => None,
        }
    };
    let all: Option<Vec<f32>> = (0..to).map(position).collect();
    all.ok_or_else(|| lowering.unsupported(format!("coordinate_transformation_mode {transformation:?}")))
}

/// The pixel that each pixel of the result is taken from.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positions in an image, clamped to its size"
)]
fn nearest(lowering: &Lowering<'_>, node: &Node, from: usize, to: usize, scale: f32) -> Result<Vec<usize>, LowerError> {
    let default = if has_no_modes(lowering, node) { "floor" } else { "round_prefer_floor" };
    let rounding = node.text("nearest_mode").unwrap_or(default);
    let round = |position: f32| match rounding {
        "round_prefer_floor" => Some((position - 0.5).ceil()),
        "round_prefer_ceil" => Some((position + 0.5).floor()),
        "floor" => Some(position.floor()),
        "ceil" => Some(position.ceil()),
        _ => None,
    };
    positions(lowering, node, from, to, scale)?
        .into_iter()
        .map(|position| round(position).map(|source| (source.max(0.0) as usize).min(from - 1)))
        .collect::<Option<Vec<usize>>>()
        .ok_or_else(|| lowering.unsupported(format!("nearest_mode {rounding:?}")))
}
