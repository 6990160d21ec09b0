//! Values sampled at positions that are values themselves.

use super::context::{bounded, length, signed};
use super::window::Windows;
use super::{Context, Fault, Outcome, invalid};

/// `[batch, channels, spatial…]` at `[batch, new spatial…, axes]`.
pub(super) fn grid_sample(context: &Context) -> Outcome {
    let (value, grid) = (context.shape(0)?, context.shape(1)?);
    let (&[batch, channels, ref spatial @ ..], &[grids, ref places @ .., axes]) = (value, grid) else {
        return invalid(format!("a grid of shape {grid:?} for a value of shape {value:?}"));
    };
    // Of each axis up to four elements count, so that their number grows with a power of the axes; ONNX knows pictures and volumes.
    if batch != grids || spatial.len() != axes || places.len() != axes || !matches!(axes, 1..=3) || spatial.contains(&0)
    {
        return invalid(format!("a grid of shape {grid:?} for a value of shape {value:?}"));
    }
    Ok(vec![[&[batch, channels], places].concat()])
}

/// A grid for the size `[batch, channels, spatial…]`, which is an input.
pub(super) fn affine_grid(context: &Context) -> Outcome {
    let Some(size) = context.input_integers(1)? else { return invalid("its size is missing") };
    let sizes = size.iter().map(|&size| length("the grid", size)).collect::<Result<Vec<_>, _>>()?;
    match (&sizes[..], context.shape(0)?) {
        (&[batch, _, ref spatial @ ..], &[thetas, rows, columns])
            if matches!(spatial.len(), 2 | 3)
                && thetas == batch
                && [rows, columns] == [spatial.len(), spatial.len() + 1] =>
        {
            Ok(vec![[&[batch], spatial, &[spatial.len()]].concat()])
        }
        (_, theta) => invalid(format!("theta of shape {theta:?} for a size of {size:?}")),
    }
}

/// What a DeformConv is told about its picture, weights and offsets.
pub(crate) struct Deformed {
    pub windows: Windows,
    pub batch: usize,
    pub channels: usize,
    pub group: usize,
    pub offset_group: usize,
    /// Height and width of the result.
    pub size: [usize; 2],
    pub maps: usize,
}

impl Deformed {
    /// Reads the attributes, and holds the shapes of the inputs against each other.
    pub fn read(context: &Context) -> Result<Self, Fault> {
        let (value, weights, offsets) = (context.shape(0)?, context.shape(1)?, context.shape(2)?);
        let (&[batch, channels, height, width], &[maps, per_group, down, across]) = (value, weights) else {
            return invalid(format!("weights of shape {weights:?} for a value of shape {value:?}"));
        };
        let count = |name: &str| bounded(name, context.node.int(name).unwrap_or(1), 1).and_then(|it| length(name, it));
        let (group, offset_group) = (count("group")?, count("offset_group")?);
        if per_group.checked_mul(group) != Some(channels) || maps % group != 0 || channels % offset_group != 0 {
            return invalid(format!(
                "weights of shape {weights:?} in {group} groups, with offsets for {offset_group}, for {channels} channels"
            ));
        }
        let windows = Windows::read(context, 2, Some(&[signed(down)?, signed(across)?]))?;
        let size = [windows.count(0, signed(height)?, false)?, windows.count(1, signed(width)?, false)?];
        let taps = offset_group.saturating_mul(down).saturating_mul(across);
        if *offsets != [batch, taps.saturating_mul(2), size[0], size[1]] {
            return invalid(format!("offsets of shape {offsets:?} for {taps} places at {size:?}"));
        }
        match (context.optional_shape(3)?, context.optional_shape(4)?) {
            (Some(bias), _) if *bias != [maps] => invalid(format!("a bias of shape {bias:?} for {maps} maps")),
            (_, Some(mask)) if *mask != [batch, taps, size[0], size[1]] => {
                invalid(format!("a mask of shape {mask:?} for {taps} places at {size:?}"))
            }
            _ => Ok(Self { windows, batch, channels, group, offset_group, size, maps }),
        }
    }

    /// Where the windows of the result look along an axis before anything is offset: for each place of the kernel and each of the result.
    pub fn places(&self, axis: usize) -> impl Fn(usize, usize) -> i64 {
        let [before, _] = self.windows.padding(axis, 1);
        let (stride, dilation) = (self.windows.strides[axis], self.windows.dilations[axis]);
        let number = |index: usize| i64::try_from(index).unwrap_or(i64::MAX);
        move |tap, place| number(place) * stride - before + number(tap) * dilation
    }
}

pub(super) fn deform_conv(context: &Context) -> Outcome {
    let Deformed { batch, maps, size: [height, width], .. } = Deformed::read(context)?;
    Ok(vec![vec![batch, maps, height, width]])
}
