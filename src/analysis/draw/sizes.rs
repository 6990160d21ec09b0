//! The sizes that a drawing goes through, and whether they fit into memory.

use super::estimate::{Estimate, most_bytes};
use super::session::{gradient_of, lowered_at};
use super::{DrawOptions, Preset};
use crate::analysis::error::AnalysisError;
use crate::analysis::open::Opened;
use crate::domain::ascent::{FIRST_SIZE, LARGEST_SIZE, sizes};
use crate::domain::view::seen_side;
use crate::engine::Engine;
use crate::onnx::gradient::Rectifiers;
use crate::onnx::lower::Lowered;

/// The least height and width that the layer must have at the first size: a map of one value has no place to draw at.
const LEAST_CELLS: usize = 2;

/// Memory is estimated at the last size, but not above this one: from here on everything grows with the area well enough.
const ESTIMATED_AT: usize = 230;

/// The sides of the drawing in order, at least one, and what they take of memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub sizes: Vec<usize>,
    pub estimate: Estimate,
}

/// The article's sizes up to the largest, from the first at which the layer has a place to draw at, or the one of the modern way.
///
/// # Errors
/// [`AnalysisError::DrawTooSmall`], [`AnalysisError::DrawTooLarge`], and why the model cannot be lowered or has no gradient.
pub fn plan(opened: &Opened, engine: &dyn Engine, options: &DrawOptions<'_>) -> Result<Plan, AnalysisError> {
    let seen = |side: usize| seen_in(options.preset, side);
    let probe = |side: usize| lowered_at(opened, engine, options.layer, seen(side));
    let (first, used) = usable(&probe, options)?;
    let last = used.last().copied().unwrap_or(first);
    let at = last.min(ESTIMATED_AT).max(first);
    // A side at which a single value is too large for the engine is no help.
    let (at, lowered) = match probe(at) {
        Ok(lowered) => (at, lowered),
        Err(_) => (first, probe(first)?),
    };
    let gradient = gradient_of(opened, engine, &lowered, options.layer, Rectifiers::Exact)?;
    let estimate = Estimate::of(&gradient, engine, seen(at));
    let most_of_one = engine.limits().map_or(u64::MAX, |limits| limits.max_binding_bytes);
    let fits = |side: usize| {
        estimate.bytes_at(seen(side)) <= most_bytes(engine) && estimate.largest_at(seen(side)) <= most_of_one
    };
    if fits(last) {
        return Ok(Plan { sizes: used, estimate });
    }
    let largest = match options.preset {
        Preset::Article => used.into_iter().rev().find(|&side| fits(side)),
        Preset::Modern => largest_below(last, &fits).filter(|&side| side >= FIRST_SIZE),
    };
    let megabytes = estimate.bytes_at(seen(last)) / 1_000_000;
    Err(AnalysisError::DrawTooLarge { size: options.largest, fits: largest.unwrap_or(0), megabytes })
}

/// The side of what the network sees of a picture.
fn seen_in(preset: Preset, side: usize) -> usize {
    match preset {
        Preset::Article => side,
        Preset::Modern => seen_side(side),
    }
}

/// A side at which the layer has a place to draw at, and those of the drawing: for the article's way the first of them.
fn usable(
    probe: &dyn Fn(usize) -> Result<Lowered, AnalysisError>,
    options: &DrawOptions<'_>,
) -> Result<(usize, Vec<usize>), AnalysisError> {
    let DrawOptions { preset, layer, largest, first, .. } = *options;
    let too_small = || AnalysisError::DrawTooSmall { layer: layer.to_owned(), largest };
    if largest < FIRST_SIZE {
        return Err(too_small());
    }
    let big_enough = |lowered: &Lowered| {
        lowered.shapes.get(layer).is_some_and(|shape| shape.iter().skip(2).all(|&cells| cells >= LEAST_CELLS))
    };
    let (wanted, larger): (Vec<usize>, Vec<usize>) = match preset {
        Preset::Article => {
            let from = first.unwrap_or(FIRST_SIZE);
            let all = sizes(largest.max(LARGEST_SIZE)).into_iter().filter(|&side| side >= from);
            all.partition(|&side| side <= largest)
        }
        // A layer that is large enough at a smaller side is so at its own, which may be beyond all limits.
        Preset::Modern => {
            let (below, larger): (Vec<usize>, _) = sizes(LARGEST_SIZE).into_iter().partition(|&side| side <= largest);
            let below = below.into_iter().rev().skip_while(|&side| side > ESTIMATED_AT);
            (std::iter::once(largest.min(ESTIMATED_AT)).chain([largest]).chain(below).collect(), larger)
        }
    };
    // A side at which a window does not fit into its map has no shapes.
    let mut refused = None;
    for (place, &side) in wanted.iter().enumerate() {
        match probe(side) {
            Ok(lowered) if big_enough(&lowered) => {
                let used = if preset == Preset::Article { wanted[place..].to_vec() } else { vec![largest] };
                return Ok((side, used));
            }
            Ok(_) => refused = None,
            Err(error) => refused = Some(error),
        }
    }
    // It is too small only if it would do when it were larger. A model that takes no other size than its own never does.
    match refused {
        Some(error) if !larger.iter().any(|&side| probe(side).is_ok_and(|lowered| big_enough(&lowered))) => Err(error),
        _ => Err(too_small()),
    }
}

/// The largest number up to this one that fits, where every smaller one fits as well.
fn largest_below(most: usize, fits: &dyn Fn(usize) -> bool) -> Option<usize> {
    let (mut fitting, mut too_large) = (0, most);
    while too_large - fitting > 1 {
        let middle = fitting + (too_large - fitting) / 2;
        if fits(middle) { fitting = middle } else { too_large = middle }
    }
    (fitting > 0).then_some(fitting)
}
