//! Enlarging and shrinking: by nearest neighbours, or as weighted sums of rows and of columns.

use crate::onnx::core::along::along;
use crate::onnx::core::build::{Lowering, View, tensor_shape};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::Layout;
use crate::onnx::core::numbers::{from_end, to_usize};
use crate::onnx::graph::{Attribute, Constant, Node, to_i64};
use crate::onnx::slice_sums::Sums;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let (from, shape) = (x.layout.shape(), lowering.shape(node.output())?);
    if from.len() != shape.len() {
        return Err(lowering.unsupported(format!("from shape {from:?} to {shape:?}")));
    }
    let mode = node.text("mode").unwrap_or("nearest");
    let mut sums = Vec::new();
    for dimension in 0..from.len() {
        // A scale that is rounded down to as many pixels still moves them.
        let moves = scale(lowering, node, dimension, from[dimension], shape[dimension]) != 1.0;
        if from[dimension] != shape[dimension] || moves {
            let axis = Axis::of(lowering, node, dimension, from[dimension], shape[dimension])?;
            let taken = match mode {
                "nearest" => axis.nearest(lowering, node)?,
                "linear" => axis.interpolated(lowering, node, 1.0, &linear)?,
                "cubic" => {
                    let sharpness = node.float("cubic_coeff_a").unwrap_or(-0.75);
                    axis.interpolated(lowering, node, 2.0, &|distance| cubic(distance, sharpness))?
                }
                mode => return Err(lowering.unsupported(format!("mode {mode:?}"))),
            };
            sums.push((dimension, taken));
        }
    }
    // Whole factors of an image are in the core set as they are.
    if from.len() == 4
        && from[0] == 1
        && let Some(factors) = whole_factors(&from, shape, &sums)
    {
        let x = lowering.as_image(x)?;
        let result = enlarged(lowering, &x, factors, To::Node)?;
        lowering.set(node.output(), result);
        return Ok(());
    }
    let mut result = x;
    let last = sums.len().saturating_sub(1);
    for (index, (dimension, taken)) in sums.into_iter().enumerate() {
        let to = if index == last { To::Node } else { To::Step("resized") };
        result = along(lowering, to, result, dimension, taken)?;
    }
    lowering.set(node.output(), result);
    Ok(())
}

/// How often each pixel is repeated down and across, where that is all that is done.
fn whole_factors(from: &[usize], to: &[usize], sums: &[(usize, Sums)]) -> Option<[usize; 2]> {
    let mut factors = [1, 1];
    for (dimension, taken) in sums {
        let factor = to[*dimension] / from[*dimension];
        let repeats = factor * from[*dimension] == to[*dimension]
            && *taken == Sums::taking((0..to[*dimension]).map(|place| Some(place / factor)));
        *factors.get_mut(dimension.checked_sub(2)?)? = if repeats { factor } else { return None };
    }
    Some(factors)
}

/// One dimension that is resized.
struct Axis {
    from: usize,
    to: usize,
    scale: f32,
    /// Where in the image each pixel of the result lies.
    positions: Vec<f32>,
}

impl Axis {
    fn of(lowering: &Lowering<'_>, node: &Node, dimension: usize, from: usize, to: usize) -> Result<Self, LowerError> {
        lowering.made_up(&[from.saturating_add(to)])?;
        let scale = scale(lowering, node, dimension, from, to);
        let positions = positions(lowering, node, from, to, scale)?;
        Ok(Self { from, to, scale, positions })
    }

    /// Every pixel is that of its nearest neighbour.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positions in an image, clamped to its size"
    )]
    fn nearest(&self, lowering: &Lowering<'_>, node: &Node) -> Result<Sums, LowerError> {
        /// How far from the middle of two pixels onnxruntime takes a position for being there; found by trying.
        const TIE: f64 = 1e-6;
        // Before there were modes, onnxruntime rounded up where it made smaller.
        let default = match has_no_modes(lowering, node) {
            true if self.scale < 1.0 => "ceil",
            true => "floor",
            false => "round_prefer_floor",
        };
        let rounding = node.text("nearest_mode").unwrap_or(default);
        let round = |position: f32| {
            let position = f64::from(position);
            let is_tie = (position - position.floor() - 0.5).abs() < TIE;
            Some(match rounding {
                "round_prefer_floor" if is_tie => position.floor(),
                "round_prefer_ceil" if is_tie => position.ceil(),
                "round_prefer_floor" | "round_prefer_ceil" => position.round(),
                "floor" => position.floor(),
                "ceil" => position.ceil(),
                _ => return None,
            })
        };
        let sources: Option<Vec<Option<usize>>> = self
            .positions
            .iter()
            .map(|&position| round(position).map(|source| Some((source.max(0.0) as usize).min(self.from - 1))))
            .collect();
        sources.map(Sums::taking).ok_or_else(|| lowering.unsupported(format!("nearest_mode {rounding:?}")))
    }

    /// Every pixel is a weighted sum of those that are nearer than `reach`; the weights follow from how near.
    #[expect(clippy::cast_possible_truncation, reason = "a position in an image or close to it")]
    fn interpolated(
        &self,
        lowering: &Lowering<'_>,
        node: &Node,
        reach: f32,
        weight: &dyn Fn(f32) -> f32,
    ) -> Result<Sums, LowerError> {
        let excludes_outside = node.int("exclude_outside").unwrap_or(0) != 0;
        // Where an image becomes smaller, what is nearer than a pixel of the result counts.
        let antialias = node.int("antialias").unwrap_or(0) != 0;
        let stretch = if antialias && self.scale < 1.0 { 1.0 / self.scale } else { 1.0 };
        let reach = reach * stretch;
        lowering.made_up(&[self.to, to_usize((2.0 * reach) as i64 + 3)])?;
        let last = to_i64(self.from) - 1;
        let mut sums = Sums::default();
        for &position in &self.positions {
            let (first, end) = ((position - reach).floor() as i64, (position + reach).ceil() as i64);
            let mut terms: Vec<(usize, f32)> = Vec::new();
            for source in first..=end {
                let inside = source.clamp(0, last);
                #[expect(clippy::cast_precision_loss, reason = "positions in an image")]
                let distance = (source as f32 - position).abs();
                if distance >= reach || (inside != source && excludes_outside) {
                    continue;
                }
                // Outside, the image goes on with the pixels at its edge.
                let (inside, weight) = (to_usize(inside), weight(distance / stretch));
                match terms.last_mut() {
                    Some((before, sum)) if *before == inside => *sum += weight,
                    _ => terms.push((inside, weight)),
                }
            }
            if excludes_outside || antialias {
                let sum: f32 = terms.iter().map(|(_, weight)| weight).sum();
                terms.iter_mut().for_each(|(_, weight)| *weight /= sum);
            }
            sums.push(terms);
        }
        Ok(sums)
    }
}

/// The weight of a pixel at this distance.
fn linear(distance: f32) -> f32 {
    1.0 - distance
}

/// The same, as Keys' cubic convolution has it.
fn cubic(distance: f32, a: f32) -> f32 {
    if distance <= 1.0 {
        ((a + 2.0) * distance - (a + 3.0)) * distance * distance + 1.0
    } else {
        ((a * distance - 5.0 * a) * distance + 8.0 * a) * distance - 4.0 * a
    }
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

/// The factor along a dimension: the one the node states, or that of the sizes.
#[expect(clippy::cast_precision_loss, reason = "sizes of images are far below 2^24")]
fn scale(lowering: &Lowering<'_>, node: &Node, dimension: usize, from: usize, to: usize) -> f32 {
    let stated = match node.attributes.get("scales") {
        Some(Attribute::Floats(scales)) => Some(scales.as_slice()),
        // Upsample and Resize of opset 10 have the scales as second input, later ones as third.
        _ if has_no_modes(lowering, node) => lowering.constant_input(node, 1),
        _ => lowering.constant_input(node, 2),
    };
    let rank = lowering.shape(node.output()).map_or(0, <[usize]>::len);
    let axes: Vec<usize> = match node.ints("axes") {
        Some(axes) => axes.iter().map(|&axis| from_end(axis, rank)).collect(),
        None => (0..rank).collect(),
    };
    let Some(place) = axes.iter().position(|&axis| axis == dimension) else { return 1.0 };
    let own = node.input(0).and_then(|input| lowering.shape(input).ok()).unwrap_or_default();
    // One scale for all dimensions, the smallest or the largest that the sizes ask for.
    let choose: Option<fn(f32, f32) -> f32> = match node.text("keep_aspect_ratio_policy") {
        Some("not_larger") => Some(f32::min),
        Some("not_smaller") => Some(f32::max),
        _ => None,
    };
    if let (Some(choose), Some(sizes)) = (choose, lowering.integer_input(node, 3)) {
        let scales = axes.iter().zip(sizes).filter_map(|(&axis, &size)| Some(size as f32 / *own.get(axis)? as f32));
        return scales.reduce(choose).unwrap_or(1.0);
    }
    stated
        .filter(|_| node.input(3).is_none())
        .and_then(|scales| scales.get(place).copied())
        .unwrap_or(to as f32 / from as f32)
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
            "tf_half_pixel_for_nn" => Some((place + 0.5) / scale),
            // The result is in the middle of the image, also where its size was rounded down. Worked out in f64, as
            // onnxruntime does (found by trying).
            #[expect(clippy::cast_possible_truncation, reason = "rounded to the type of the others")]
            "half_pixel_symmetric" => {
                let adjustment = to as f32 / (scale * from as f32);
                let offset = from as f32 / 2.0 * (1.0 - adjustment);
                Some((f64::from(offset) + (f64::from(place) + 0.5) / f64::from(scale) - 0.5) as f32)
            }
            "align_corners" => Some(if to > 1 { place * (from as f32 - 1.0) / (to as f32 - 1.0) } else { 0.0 }),
            _ => None,
        }
    };
    let all: Option<Vec<f32>> = (0..to).map(position).collect();
    all.ok_or_else(|| lowering.unsupported(format!("coordinate_transformation_mode {transformation:?}")))
}
