//! What GridSample takes at a position of an axis: places and their weights.

use super::graph::Node;

/// How what lies between the elements is made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interpolation {
    /// The nearest element, the one of even index of two.
    Nearest,
    Linear,
    /// Four elements with the weights of Keys' kernel, whose parameter is [`CUBIC`].
    Cubic,
}

/// What lies outside of the elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outside {
    Zeros,
    /// The element at the border.
    Border,
    /// The elements mirrored: at the middle of the outermost ones where corners are aligned, else at their outer edge.
    Reflection,
}

/// The parameter of the cubic kernel, as ONNX has it.
pub(crate) const CUBIC: f32 = -0.75;

/// How a value is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sampling {
    pub interpolation: Interpolation,
    pub outside: Outside,
    /// Whether −1 and 1 are the middles of the outermost elements, and not their outer edges.
    pub align_corners: bool,
}

/// Up to four places and their weights.
pub(crate) type Taps = [Option<(usize, f32)>; 4];

impl Sampling {
    /// What a GridSample says; `None` of a mode that ONNX does not have. Operator set 20 changed the names of two modes.
    pub fn of(node: &Node) -> Option<Self> {
        let interpolation = match node.text("mode") {
            None | Some("linear" | "bilinear") => Interpolation::Linear,
            Some("nearest") => Interpolation::Nearest,
            Some("cubic" | "bicubic") => Interpolation::Cubic,
            Some(_) => return None,
        };
        let outside = match node.text("padding_mode") {
            None | Some("zeros") => Outside::Zeros,
            Some("border") => Outside::Border,
            Some("reflection") => Outside::Reflection,
            Some(_) => return None,
        };
        Some(Self { interpolation, outside, align_corners: node.int("align_corners").unwrap_or(0) != 0 })
    }

    /// The position between elements that a number from −1 to 1 means.
    #[expect(clippy::cast_precision_loss, reason = "sizes of pictures are far below 2^24")]
    pub fn position(&self, number: f32, size: usize) -> f32 {
        let size = size as f32;
        if self.align_corners { (number + 1.0) / 2.0 * (size - 1.0) } else { ((number + 1.0) * size - 1.0) / 2.0 }
    }

    /// The elements of an axis that a position takes, and their weights; an element may be there twice.
    #[expect(clippy::cast_possible_truncation, reason = "a position beyond all integers is outside as well")]
    pub fn taps(&self, position: f32, size: usize) -> Taps {
        let mut taps = [None; 4];
        if !position.is_finite() {
            return taps;
        }
        let first = match self.interpolation {
            Interpolation::Nearest => position.round_ties_even(),
            _ => position.floor(),
        };
        let between = position - first;
        let (start, weights): (i64, &[f32]) = match self.interpolation {
            Interpolation::Nearest => (0, &[1.0]),
            Interpolation::Linear => (0, &[1.0 - between, between]),
            Interpolation::Cubic => (-1, &cubic(between)),
        };
        for ((tap, &weight), offset) in taps.iter_mut().zip(weights).zip(start..) {
            *tap = self.place((first as i64).saturating_add(offset), size).map(|place| (place, weight));
        }
        taps
    }

    /// The element that stands at an index; `None` where that is zero.
    pub fn place(&self, index: i64, size: usize) -> Option<usize> {
        // Of an axis without elements there is nothing to take.
        let last = i64::try_from(size).ok().filter(|&size| size > 0)? - 1;
        let place = match self.outside {
            _ if (0..=last).contains(&index) => index,
            Outside::Zeros => return None,
            Outside::Border => index.clamp(0, last),
            Outside::Reflection if self.align_corners && last == 0 => 0,
            Outside::Reflection => {
                let period = if self.align_corners { 2 * last } else { 2 * (last + 1) };
                let at = index.rem_euclid(period);
                if at <= last { at } else { period - at - i64::from(!self.align_corners) }
            }
        };
        usize::try_from(place).ok()
    }
}

/// The weights of the four elements around a position that is so far behind the second of them.
fn cubic(behind: f32) -> [f32; 4] {
    let near = |x: f32| ((CUBIC + 2.0) * x - (CUBIC + 3.0)) * x * x + 1.0;
    let far = |x: f32| ((CUBIC * x - 5.0 * CUBIC) * x + 8.0 * CUBIC) * x - 4.0 * CUBIC;
    [far(behind + 1.0), near(behind), near(1.0 - behind), far(2.0 - behind)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_is_mirrored_at_the_middle_or_the_edge() {
        let places = |align_corners| {
            let sampling =
                Sampling { interpolation: Interpolation::Nearest, outside: Outside::Reflection, align_corners };
            (-5..8).map(|index| sampling.place(index, 3).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(places(true), [1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1]);
        assert_eq!(places(false), [1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1]);
    }
}
