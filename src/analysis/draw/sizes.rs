//! The sizes that a drawing goes through, and what they would take of memory.

use super::session::lowered_at;
use super::{DrawOptions, Preset};
use crate::analysis::error::AnalysisError;
use crate::analysis::open::Opened;
use crate::domain::ascent::{FIRST_SIZE, sizes};
use crate::domain::view::seen_side;
use crate::engine::Engine;
use crate::onnx::lower::Lowered;

/// The least height and width that the layer must have at the first size: a map of one value has no place to draw at.
const LEAST_CELLS: usize = 2;

/// All values of a forward and backward pass together may take so many bytes: half of what a page on a phone may have.
const MOST_BYTES: u64 = 1 << 30;

/// The sides of the drawing in order, at least one: the article's up to the largest, from the first at which the layer has a
/// place to draw at, or the one of the modern way.
///
/// # Errors
/// [`AnalysisError::DrawTooSmall`] and [`AnalysisError::DrawTooLarge`].
pub fn usable_sizes(
    opened: &Opened,
    engine: &dyn Engine,
    options: &DrawOptions<'_>,
) -> Result<Vec<usize>, AnalysisError> {
    let all: Vec<usize> = match options.preset {
        Preset::Article => sizes(options.largest),
        Preset::Modern => vec![options.largest],
    };
    let seen = |side: usize| match options.preset {
        Preset::Article => side,
        Preset::Modern => seen_side(side),
    };
    let big_enough = |lowered: &Lowered| {
        lowered.shapes.get(options.layer).is_some_and(|shape| shape.iter().skip(2).all(|&cells| cells >= LEAST_CELLS))
    };
    let usable = |&&side: &&usize| side >= options.first.unwrap_or(FIRST_SIZE) && side <= options.largest;
    // A side at which a window does not fit into its map has no shapes. Only the smallest is lowered: lowering for the largest
    // that anybody may ask for would be the work that the estimate is there to avoid.
    let probe = |side: usize| lowered_at(opened, engine, options.layer, side).ok().filter(big_enough);
    let found = match options.preset {
        Preset::Article => all.iter().filter(usable).find_map(|&side| probe(side).map(|lowered| (side, lowered))),
        // Any side will do to estimate by, and one that fits is quick.
        Preset::Modern => all.iter().filter(usable).find_map(|&side| {
            let small = sizes(side).into_iter().find_map(|small| probe(seen(small)).map(|lowered| (small, lowered)));
            small.or_else(|| probe(seen(side)).map(|lowered| (side, lowered)))
        }),
    };
    let Some((first, lowered)) = found else {
        return Err(AnalysisError::DrawTooSmall { layer: options.layer.to_owned(), largest: options.largest });
    };
    let used: Vec<usize> = all.into_iter().filter(|&side| side >= first && side <= options.largest).collect();
    // Everything grows with the area. The backward pass holds about as much as the forward pass.
    let elements: u64 = lowered.shapes.values().map(|shape| shape.iter().product::<usize>() as u64).sum();
    let area = |side: usize| (seen(side) as u64).pow(2);
    let bytes = |side: usize| 2 * 4 * elements * area(side) / area(first);
    let last = used.last().copied().unwrap_or(first);
    if bytes(last) <= MOST_BYTES {
        return Ok(used);
    }
    let fits = sizes(last).into_iter().rev().find(|&side| side >= first && bytes(side) <= MOST_BYTES).unwrap_or(0);
    Err(AnalysisError::DrawTooLarge { size: options.largest, fits, megabytes: bytes(last) / 1_000_000 })
}
