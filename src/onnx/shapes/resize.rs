//! Resize, and its predecessor Upsample.

use super::context::{axes, bounded, length};
use super::{Context, Fault, Outcome, invalid};

/// The result's size is `⌊input · scale⌋` or stated.
pub(super) fn resize(context: &Context) -> Outcome {
    if context.node.text("coordinate_transformation_mode") == Some("tf_crop_and_resize") {
        return Err(Fault::Dynamic("it crops by a region that is given when it runs".to_owned()));
    }
    let input = context.sizes(0)?;
    let axes = match context.node.ints("axes") {
        Some(list) => axes(list, input.len())?,
        None => (0..input.len()).collect(),
    };
    let mut output = input.clone();
    match (scales(context)?, context.input_integers(3)?) {
        (Some(scales), _) if !scales.is_empty() => {
            if scales.len() != axes.len() {
                return invalid(format!("{} scales do not fit {} axes", scales.len(), axes.len()));
            }
            for (&axis, scale) in axes.iter().zip(scales) {
                output[axis] = scaled(input[axis], scale, f32::floor)?;
            }
        }
        (_, Some(sizes)) => {
            if sizes.len() != axes.len() {
                return invalid(format!("{} sizes do not fit {} axes", sizes.len(), axes.len()));
            }
            for (&axis, &size) in axes.iter().zip(&sizes) {
                output[axis] = bounded("a size", size, 1)?;
            }
            keep_aspect_ratio(context, &axes, &input, &mut output)?;
        }
        _ => return invalid("it has neither scales nor sizes"),
    }
    Ok(vec![output.into_iter().map(|size| length("a dimension", size)).collect::<Result<_, _>>()?])
}

/// The scales: an attribute (Upsample 7), the second input (Upsample 9, Resize 10) or the third (Resize 11 and later).
pub(super) fn scales(context: &Context) -> Result<Option<Vec<f32>>, Fault> {
    if let Some(super::super::graph::Attribute::Floats(scales)) = context.node.attributes.get("scales") {
        return Ok(Some(scales.clone()));
    }
    let index = if context.node.op == "Upsample" || context.opset < 11 { 1 } else { 2 };
    context.input_floats(index)
}

/// `keep_aspect_ratio_policy`: one scale for all axes, the smallest or the largest that the sizes ask for.
fn keep_aspect_ratio(context: &Context, axes: &[usize], input: &[i64], output: &mut [i64]) -> Result<(), Fault> {
    let choose = match context.node.text("keep_aspect_ratio_policy") {
        None | Some("" | "stretch") => return Ok(()),
        Some("not_larger") => f32::min,
        Some("not_smaller") => f32::max,
        Some(other) => return invalid(format!("keep_aspect_ratio_policy \"{other}\" does not exist")),
    };
    let scale = axes.iter().map(|&axis| output[axis] as f32 / input[axis] as f32).reduce(choose).unwrap_or(1.0);
    for &axis in axes {
        output[axis] = scaled(input[axis], scale, |size| (size + 0.5).floor())?;
    }
    Ok(())
}

/// A size times a scale, in single precision as onnxruntime does it.
fn scaled(size: i64, scale: f32, round: impl Fn(f32) -> f32) -> Result<i64, Fault> {
    if !scale.is_finite() || scale <= 0.0 {
        return invalid(format!("a scale is {scale}"));
    }
    bounded("a size", round(size as f32 * scale) as i64, 0)
}
