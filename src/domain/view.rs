//! How a network sees a picture that is moved, scaled and turned a little at every step. Patterns that fire only at their
//! exact place and size do not survive that (Olah, Mordvintsev, Schubert 2017, "Feature Visualization", Distill).

use featurescope_kernels::{Corners, gathered, scattered};

/// What lies around a picture, and what is neither light nor dark in it.
pub const GREY: f32 = 0.5;

/// lucid's `standard_transforms`: grey pixels on each side, …
const PAD: usize = 12;
/// … then cut smaller by so many pixels at a random place, …
const FIRST_JITTER: u32 = 8;
/// … scaled by 0.90, 0.92, … 1.10, …
const SCALES: u32 = 11;
/// … turned by at most so many whole degrees, …
const MOST_DEGREES: i32 = 10;
/// … and cut smaller once more.
const SECOND_JITTER: u32 = 4;

/// How a picture is moved, in the order in which it happens. The default changes nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// Pixels down and to the right.
    pub first: [f64; 2],
    /// Both sides grow by this factor around the middle.
    pub scale: f64,
    /// Clockwise, around the middle.
    pub degrees: f64,
    /// Pixels down and to the right.
    pub second: [f64; 2],
}

impl Default for Motion {
    fn default() -> Self {
        Self { first: [0.0; 2], scale: 1.0, degrees: 0.0, second: [0.0; 2] }
    }
}

impl Motion {
    /// Random within the bounds of lucid's `standard_transforms`.
    pub fn random(random: &mut fastrand::Rng) -> Self {
        // A cut at a random place moves the picture by up to half of what is cut away.
        // The type says how many bits are drawn: with `usize` a seed would not be the same everywhere.
        let mut shift = |jitter: u32| [(); 2].map(|()| f64::from(random.u32(0..=jitter)) - f64::from(jitter) / 2.0);
        let (first, second) = (shift(FIRST_JITTER), shift(SECOND_JITTER));
        let scale = 0.9 + 0.02 * f64::from(random.u32(0..SCALES));
        Self { first, scale, degrees: f64::from(random.i32(-MOST_DEGREES..=MOST_DEGREES)), second }
    }
}

/// The side of what the network sees of a picture with this side: padded, and what the two cuts leave. It is the same at every
/// step: of a picture that grows or shrinks the middle counts, with grey around it where there is too little.
pub fn seen_side(side: usize) -> usize {
    side + 2 * PAD - (FIRST_JITTER + SECOND_JITTER) as usize
}

/// A picture that was moved: one bilinear lookup for each pixel, however it was moved.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    side: usize,
    seen: usize,
    /// For each pixel that is seen, four pixels of the picture and their weights; outside the picture they are zero.
    taps: Vec<Corners>,
}

impl View {
    /// Of square planes of side `side`, the `seen × seen` pixels around the middle.
    pub fn new(side: usize, seen: usize, motion: Motion) -> Self {
        let (sine, cosine) = motion.degrees.to_radians().sin_cos();
        let middle = seen as f64 / 2.0;
        let mut taps = Vec::with_capacity(seen * seen);
        for row in 0..seen {
            for column in 0..seen {
                // From what is seen back to the picture: each motion undone, the last first, all from the middle.
                let y = row as f64 + 0.5 - middle - motion.second[0];
                let x = column as f64 + 0.5 - middle - motion.second[1];
                let (y, x) = ((cosine * y - sine * x) / motion.scale, (cosine * x + sine * y) / motion.scale);
                let origin = side as f64 / 2.0 - 0.5;
                taps.push(bilinear(side, y - motion.first[0] + origin, x - motion.first[1] + origin));
            }
        }
        Self { side, seen, taps }
    }

    /// The linear part: planes of which grey is zero, seen.
    pub fn apply(&self, planes: &[f32]) -> Vec<f32> {
        gathered(planes, self.side * self.side, &self.taps)
    }

    /// The adjoint of [`Self::apply`], for gradients.
    pub fn adjoint(&self, seen: &[f32]) -> Vec<f32> {
        scattered(seen, self.side * self.side, &self.taps)
    }

    /// Pixels of a side that are seen.
    pub fn seen(&self) -> usize {
        self.seen
    }
}

/// The four pixels around a place, and their weights.
fn bilinear(side: usize, y: f64, x: f64) -> Corners {
    let (top, left) = (y.floor(), x.floor());
    let (down, right) = (y - top, x - left);
    let tap = |dy: f64, dx: f64| {
        let (row, column) = (top + dy, left + dx);
        let inside = |at: f64| at >= 0.0 && at < side as f64;
        if !(inside(row) && inside(column)) {
            return (0, 0.0);
        }
        let part = |share: f64, at: f64| if at > 0.0 { share } else { 1.0 - share };
        ((row as usize * side + column as usize) as u32, (part(down, dy) * part(right, dx)) as f32)
    };
    [tap(0.0, 0.0), tap(0.0, 1.0), tap(1.0, 0.0), tap(1.0, 1.0)]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn unmoved_it_is_the_picture_with_grey_around_it() {
        let plane = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(View::new(2, 2, Motion::default()).apply(&plane), plane);
        let padded = View::new(2, 4, Motion::default()).apply(&plane);
        assert_eq!(padded, [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(seen_side(128), 140);
    }

    #[test]
    fn motions_go_the_way_they_are_named() {
        let dot = |place: usize| {
            let mut plane = [0.0; 25];
            plane[place] = 1.0;
            plane
        };
        let see = |place: usize, motion: Motion| View::new(5, 5, motion).apply(&dot(place));
        let shifted = Motion { first: [1.0, -2.0], ..Motion::default() };
        assert_eq!(see(12, shifted), dot(15));
        let both = Motion { second: [-1.0, 2.0], ..shifted };
        assert_eq!(see(12, both), dot(12));
        // What is up in the middle goes to the right: clockwise, as the rows count down.
        let turned = see(7, Motion { degrees: 90.0, ..Motion::default() });
        assert!(turned[13] > 0.999, "{turned:?}");
        // Twice as large: two pixels from the middle instead of one.
        let grown = see(13, Motion { scale: 2.0, ..Motion::default() });
        assert!(grown[14] > 0.999 && (grown[13] - 0.5).abs() < 1e-6, "{grown:?}");
    }

    #[test]
    fn random_motions_stay_within_their_bounds_and_reach_them() {
        let mut random = fastrand::Rng::with_seed(1);
        let all: Vec<Motion> = (0..2000).map(|_| Motion::random(&mut random)).collect();
        let most = |value: &dyn Fn(&Motion) -> f64| all.iter().map(value).fold(f64::NEG_INFINITY, f64::max);
        let least = |value: &dyn Fn(&Motion) -> f64| all.iter().map(value).fold(f64::INFINITY, f64::min);
        let bounds =
            |value: &dyn Fn(&Motion) -> f64| [least(value), most(value)].map(|bound| (100.0 * bound).round() / 100.0);
        assert_eq!(bounds(&|motion| motion.first[0]), [-4.0, 4.0]);
        assert_eq!(bounds(&|motion| motion.second[1]), [-2.0, 2.0]);
        assert_eq!(bounds(&|motion| motion.scale), [0.9, 1.1]);
        assert_eq!(bounds(&|motion| motion.degrees), [-10.0, 10.0]);
    }

    /// First moved, then scaled and turned around the middle, then moved once more: a pixel to the right of the middle goes one further,
    /// from 2 to 3, below the middle, and one down.
    #[test]
    fn motions_follow_each_other() {
        let mut dot = [0.0; 81];
        dot[4 * 9 + 5] = 1.0;
        let motion = Motion { first: [0.0, 1.0], scale: 1.5, degrees: 90.0, second: [1.0, 0.0] };
        let seen = View::new(9, 9, motion).apply(&dot);
        assert!(seen[8 * 9 + 4] > 0.999, "{seen:?}");
        // By a quarter of a pixel, down and to the right, of four values in a row and a column.
        let quarter = View::new(9, 9, Motion { first: [0.25, 0.25], ..Motion::default() }).apply(&dot);
        let around = [4 * 9 + 5, 4 * 9 + 6, 5 * 9 + 5, 5 * 9 + 6].map(|place| quarter[place]);
        assert_eq!(around, [0.5625, 0.1875, 0.1875, 0.0625]);
        assert_eq!(quarter.iter().sum::<f32>(), 1.0);
    }

    /// Lucid cuts 8 and then 4 pixels at random places, in both directions, scales by 0.90, 0.92, … 1.10 and turns by whole degrees.
    #[test]
    fn motions_are_lucid_s() {
        let mut random = fastrand::Rng::with_seed(1);
        let all: Vec<Motion> = (0..2000).map(|_| Motion::random(&mut random)).collect();
        let values = |value: &dyn Fn(&Motion) -> f64| -> Vec<i64> {
            all.iter()
                .map(|motion| (100.0 * value(motion)).round() as i64)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect()
        };
        let whole = |most: i64| (-most..=most).map(|step| 100 * step).collect::<Vec<_>>();
        for axis in [0, 1] {
            assert_eq!(values(&|motion| motion.first[axis]), whole(4));
            assert_eq!(values(&|motion| motion.second[axis]), whole(2));
        }
        assert_eq!(values(&|motion| motion.scale), (45..=55).map(|half| 2 * half).collect::<Vec<_>>());
        assert_eq!(values(&|motion| motion.degrees), whole(10));
        assert!(all.iter().any(|motion| motion.first[0] != motion.first[1]));
        assert_eq!([1, 33, 128].map(seen_side), [13, 45, 140]);
    }

    #[test]
    fn several_planes_are_seen_alike() {
        let view = View::new(2, 3, Motion { first: [0.5, 0.5], ..Motion::default() });
        assert_eq!(view.seen(), 3);
        let planes = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        let seen = view.apply(&planes);
        // Of three pixels around the middle of two: the corners' own.
        assert_eq!(seen, [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0, 5.0, 6.0, 0.0, 7.0, 8.0]);
        assert_eq!(view.adjoint(&seen), planes);
    }
}
