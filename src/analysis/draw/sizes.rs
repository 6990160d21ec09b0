//! The sizes that a drawing goes through, and whether they fit into memory.

use super::estimate::{Estimate, most_bytes};
use super::gradient::gradient_of;
use super::network::{Fit, Network};
use super::target::Place;
use super::{DrawOptions, Preset};
use crate::analysis::error::AnalysisError;
use crate::analysis::open::Opened;
use crate::domain::ascent::{FIRST_SIZE, LARGEST_SIZE, sizes};
use crate::domain::view::seen_side;
use crate::engine::Engine;
use crate::onnx::gradient::Rectifiers;
use crate::onnx::retarget::Freedom;

/// Memory is estimated at the last size, but not above this one: from here on everything grows with the area well enough.
const ESTIMATED_AT: usize = 230;

/// A network may take only pictures whose side leaves a certain rest, that of its own side, when divided by what its strides make
/// together.
const STRIDES: [usize; 6] = [2, 4, 8, 16, 32, 64];

/// A size that the network does not take is replaced by one that differs by at most an eighth: the article's sizes differ by a
/// fifth.
const NEAR: usize = 8;

/// From the least that is written anew: what the file says counts where it can.
const FREEDOMS: [Freedom; 3] = [Freedom::None, Freedom::Sizes, Freedom::SizesAndPads];

/// How the sizes of a drawing came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sizing {
    /// As asked for.
    Asked,
    /// The network takes only some sizes; those next to the ones asked for.
    Nearest,
    /// Up to the size asked for the layer is not yet two cells high; the first size at which it is.
    Larger,
    /// The network takes pictures of its own size only.
    Own,
}

/// The sides of the drawing in order, at least one, and what they take of memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Of a drawing at the network's own size alone, that once for each size that the article goes through below it, so that it
    /// is as many steps.
    pub sizes: Vec<usize>,
    pub sizing: Sizing,
    pub freedom: Freedom,
    /// Whether a map is ascended beyond the upper limit of its activation. The article's program stops there.
    pub beyond_limits: bool,
    pub estimate: Estimate,
}

/// The article's sizes up to the largest, from the first at which the layer has a place to draw at, or the one of the modern way;
/// others where the network does not take them.
///
/// # Errors
/// [`AnalysisError::DrawTooSmall`], [`AnalysisError::DrawTooLarge`], and why the model cannot be lowered or has no gradient.
pub fn plan(
    opened: &Opened,
    engine: &dyn Engine,
    place: &Place,
    options: &DrawOptions<'_>,
) -> Result<Plan, AnalysisError> {
    let network = Network::new(opened, place)?;
    let probe = Probe { network: &network, preset: options.preset };
    let (used, sizing, freedom) = probe.usable(options)?;
    let seen = |side: usize| probe.seen(side);
    let end = |side: Option<&usize>| side.copied().unwrap_or(options.largest);
    let (first, last) = (end(used.first()), end(used.last()));
    let smaller: Vec<usize> = match options.preset {
        Preset::Article => used.clone(),
        Preset::Modern => {
            let at = probe.near(last.min(ESTIMATED_AT), last, freedom).unwrap_or(last);
            sizes(at).into_iter().filter(|&side| side < at).chain([at]).collect()
        }
    };
    // A side at which a single value is too large for the engine is no help.
    let (article, most) = (options.preset == Preset::Article, ESTIMATED_AT.max(first));
    let mut sides = smaller.into_iter().rev().skip_while(|&side| article && side > most);
    let mut refused = None;
    let lowered = sides.find_map(|side| match network.lowered(engine, seen(side), freedom) {
        Ok(lowered) => Some((side, lowered)),
        Err(error) => {
            refused.get_or_insert(error);
            None
        }
    });
    let too_small = || AnalysisError::DrawTooSmall { layer: options.layer.to_owned(), largest: options.largest };
    let beyond_limits = options.preset == Preset::Modern;
    let Some((at, lowered)) = lowered else { return Err(refused.unwrap_or_else(too_small)) };
    let gradient = gradient_of(opened, engine, &lowered, place, Rectifiers::Exact, beyond_limits)?;
    let estimate = Estimate::of(&gradient, engine, seen(at));
    let most_of_one = engine.limits().map_or(u64::MAX, |limits| limits.max_binding_bytes);
    let fits = |side: usize| {
        estimate.bytes_at(seen(side)) <= most_bytes(engine) && estimate.largest_at(seen(side)) <= most_of_one
    };
    if fits(last) {
        return Ok(Plan { sizes: used, sizing, freedom, beyond_limits, estimate });
    }
    let largest = match options.preset {
        Preset::Article => used.into_iter().rev().find(|&side| fits(side)),
        Preset::Modern => largest_below(last, &fits).filter(|&side| side >= FIRST_SIZE),
    };
    let megabytes = estimate.bytes_at(seen(last)) / 1_000_000;
    Err(AnalysisError::DrawTooLarge { size: options.largest, fits: largest.unwrap_or(0), megabytes })
}

/// Tries sizes of pictures.
struct Probe<'a> {
    network: &'a Network<'a>,
    preset: Preset,
}

impl Probe<'_> {
    /// The side of what the network sees of a picture.
    fn seen(&self, side: usize) -> usize {
        match self.preset {
            Preset::Article => side,
            Preset::Modern => seen_side(side),
        }
    }

    fn fit(&self, side: usize, freedom: Freedom) -> Fit {
        self.network.fit(self.seen(side), freedom)
    }

    fn fits(&self, side: usize, freedom: Freedom) -> bool {
        matches!(self.fit(side, freedom), Fit::Fits)
    }

    /// The sizes of a drawing, how they came about, and what the network has to be allowed for them.
    fn usable(&self, options: &DrawOptions<'_>) -> Result<(Vec<usize>, Sizing, Freedom), AnalysisError> {
        let DrawOptions { preset, layer, largest, first, .. } = *options;
        let too_small = AnalysisError::DrawTooSmall { layer: layer.to_owned(), largest };
        if largest < FIRST_SIZE {
            return Err(too_small);
        }
        let from = first.unwrap_or(FIRST_SIZE);
        let all = sizes(largest.max(LARGEST_SIZE)).into_iter().filter(|&side| side >= from);
        let (below, larger): (Vec<usize>, Vec<usize>) = all.partition(|&side| side <= largest);
        let wanted = if preset == Preset::Article { below } else { vec![largest] };
        let (mut refused, mut tried) = (None, &FREEDOMS[..]);
        for (place, freedom) in FREEDOMS.into_iter().enumerate() {
            match self.all(&wanted, freedom) {
                Ok(used) if !used.is_empty() => return Ok((used, Sizing::Asked, freedom)),
                // Where it is only too small, nothing needs to be written anew.
                Ok(_) => {
                    tried = &FREEDOMS[..=place];
                    break;
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        // Of several ways that let some sizes pass, the one that lets most.
        let mut best: Option<(Vec<usize>, Freedom)> = None;
        for &freedom in tried {
            let found = self.nearest(&wanted, largest, freedom);
            if found.len() > best.as_ref().map_or(0, |(sizes, _)| sizes.len()) {
                best = Some((found, freedom));
            }
        }
        let mut sizing = Sizing::Nearest;
        if best.is_none() {
            let mut pairs = larger.iter().flat_map(|&side| tried.iter().map(move |&freedom| (side, freedom)));
            let near = |(side, freedom)| Some((vec![self.near(side, usize::MAX, freedom)?], freedom));
            (best, sizing) = (pairs.find_map(near), Sizing::Larger);
        }
        let own = self.network.own_side().and_then(|side| side.checked_sub(self.seen(0))).filter(|&side| side > 0);
        match (best, own) {
            (Some((sizes, freedom)), own) if own.is_none_or(|own| sizes != [own]) => Ok((sizes, sizing, freedom)),
            (_, Some(own)) if self.fits(own, Freedom::None) => {
                let times = if preset == Preset::Article { sizes(own).len() } else { 1 };
                Ok((vec![own; times], Sizing::Own, Freedom::None))
            }
            _ => Err(refused.unwrap_or(too_small)),
        }
    }

    /// Those of the sizes at which the layer is large enough, unless one is refused for another reason.
    fn all(&self, wanted: &[usize], freedom: Freedom) -> Result<Vec<usize>, AnalysisError> {
        let mut used = Vec::with_capacity(wanted.len());
        for &side in wanted {
            match self.fit(side, freedom) {
                Fit::Fits => used.push(side),
                Fit::TooSmall => {}
                // Nothing can be told of it but from a smaller one; the estimate of its memory refuses it.
                Fit::TooLarge if !used.is_empty() || self.fits(side.min(ESTIMATED_AT), freedom) => used.push(side),
                Fit::TooLarge => {}
                Fit::Refused(error) => return Err(error),
            }
        }
        Ok(used)
    }

    /// For each size the one next to it that the network takes, in order.
    fn nearest(&self, wanted: &[usize], largest: usize, freedom: Freedom) -> Vec<usize> {
        let mut used: Vec<usize> = wanted.iter().filter_map(|&side| self.near(side, largest, freedom)).collect();
        used.dedup();
        used
    }

    /// The size next to this one that the network takes, and that is not above `largest`.
    fn near(&self, side: usize, largest: usize, freedom: Freedom) -> Option<usize> {
        if self.fits(side, freedom) {
            return Some(side);
        }
        let margin = self.seen(0);
        let own = self.network.own_side()?;
        let mut candidates: Vec<usize> = Vec::new();
        for stride in STRIDES {
            let below = (side + margin).checked_sub((side + margin + stride - own % stride) % stride);
            let both = below.into_iter().flat_map(|below| [below, below + stride]);
            candidates.extend(both.filter_map(|seen| seen.checked_sub(margin)));
        }
        candidates.retain(|&other| other > 0 && other <= largest && other.abs_diff(side) <= side / NEAR);
        candidates.sort_by_key(|&other| (other.abs_diff(side), other));
        candidates.dedup();
        candidates.into_iter().find(|&other| self.fits(other, freedom))
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
