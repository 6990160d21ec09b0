//! Every linear map that a drawing goes through, against its adjoint: ⟨Ax, y⟩ = ⟨x, Aᵀy⟩ for random pictures, sizes and
//! motions. A gradient that came back by another way than the picture went would still make something fire, only worse.

use featurescope::domain::ascent::sigmoid_slope;
use featurescope::domain::blur::blur;
use featurescope::domain::canvas::Canvas;
use featurescope::domain::colour::{correlated, correlated_adjoint};
use featurescope::domain::cubic::cubic;
use featurescope::domain::spectrum::Spectrum;
use featurescope::domain::view::{Motion, View, seen_side};
use featurescope::domain::waves::Waves;
use proptest::prelude::*;

/// Of the product of the lengths: single precision, rounded a few times on the way.
const TOLERANCE: f64 = 1e-5;

fn random(count: usize, seed: u64) -> Vec<f32> {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..count).map(|_| random.f32() - 0.5).collect()
}

fn product(one: &[f32], other: &[f32]) -> f64 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

fn holds(count: usize, apply: impl Fn(&[f32]) -> Vec<f32>, adjoint: impl Fn(&[f32]) -> Vec<f32>) {
    let x = random(count, 1);
    let there = apply(&x);
    let y = random(there.len(), 2);
    let (one, other) = (product(&there, &y), product(&x, &adjoint(&y)));
    let lengths = (product(&there, &there) * product(&y, &y)).sqrt();
    assert!((one - other).abs() <= TOLERANCE * lengths.max(1e-3), "{one} and {other}, lengths {lengths}");
}

fn view_holds(side: usize, seen: usize, motion: Motion) {
    let view = View::new(side, seen, motion);
    holds(3 * side * side, |x| view.apply(x), |y| view.adjoint(y));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn waves_and_pictures(side in 1_usize..70) {
        let spectrum = Spectrum::new(side);
        let count = spectrum.random(&mut fastrand::Rng::with_seed(1)).len();
        prop_assert_eq!(count, 3 * 2 * side * (side / 2 + 1));
        holds(count, |x| spectrum.planes(x), |y| spectrum.gradient(y));
    }

    #[test]
    fn padding_and_cutting(side in 1_usize..40, seen in 1_usize..60) {
        view_holds(side, seen, Motion::default());
    }

    #[test]
    fn jitter(side in 1_usize..40, seen in 1_usize..60, down in -4_i32..=4, right in -4_i32..=4) {
        let shift = [f64::from(down), f64::from(right)];
        view_holds(side, seen, Motion { first: shift, ..Motion::default() });
        view_holds(side, seen, Motion { second: shift, ..Motion::default() });
    }

    #[test]
    fn scaling(side in 1_usize..40, seen in 1_usize..60, scale in 0.9_f64..1.1) {
        view_holds(side, seen, Motion { scale, ..Motion::default() });
    }

    #[test]
    fn turning(side in 1_usize..40, seen in 1_usize..60, degrees in -10.0_f64..10.0) {
        view_holds(side, seen, Motion { degrees, ..Motion::default() });
    }

    #[test]
    fn all_motions_together(side in 1_usize..40, seed: u64) {
        view_holds(side, seen_side(side), Motion::random(&mut fastrand::Rng::with_seed(seed)));
    }

    #[test]
    fn colours(cells in 1_usize..500) {
        holds(3 * cells, correlated, correlated_adjoint);
    }

    #[test]
    fn blurring(side in 1_usize..40, deviation in 0.0_f64..4.0) {
        let blur = blur(side, deviation);
        holds(3 * side * side, |x| blur.apply(x), |y| blur.adjoint(y));
    }

    /// Of waves it only makes each smaller, so that it is its own adjoint.
    #[test]
    fn blurring_waves(side in 1_usize..40, deviation in 0.0_f64..4.0) {
        let spectrum = Spectrum::new(side);
        let blurred = |x: &[f32]| {
            let mut x = x.to_vec();
            spectrum.blur(&mut x, deviation);
            x
        };
        holds(3 * 2 * side * (side / 2 + 1), blurred, blurred);
    }

    #[test]
    fn cubic_enlargement(height in 1_usize..30, width in 1_usize..30, more in 0_usize..20, wider in 0_usize..20) {
        let map = cubic([height, width], [height + more, width + wider]);
        holds(3 * height * width, |x| map.apply(x), |y| map.adjoint(y));
    }

    #[test]
    fn the_slope_of_a_pixel(logit in -6.0_f32..6.0) {
        let at = |step: f64| 1.0 / (1.0 + (-(f64::from(logit) + step)).exp());
        let expected = (at(1e-5) - at(-1e-5)) / 2e-5;
        let found = f64::from(sigmoid_slope(&[1.0], &Canvas::of(1, vec![logit]).pixels()[..1])[0]);
        prop_assert!((found - expected).abs() < 1e-6, "{} {}", found, expected);
    }
}

/// The inverse transform of each wave is that wave, at its weight: what the sum of waves is, said without a fast transform.
#[test]
fn a_coefficient_is_a_wave() {
    let side = 6;
    let spectrum = Spectrum::new(side);
    let across = side / 2 + 1;
    for (down, right, imaginary) in [(0, 0, false), (2, 1, false), (5, 2, true), (3, 3, false), (0, 3, false)] {
        let mut coefficients = vec![0.0; 3 * 2 * side * across];
        coefficients[2 * (down * across + right) + usize::from(imaginary)] = 1.0;
        let found = spectrum.planes(&coefficients);
        let frequency = |place: usize| place.min(side - place) as f64 / side as f64;
        let weight = 1.0 / frequency(down).hypot(frequency(right)).max(1.0 / side as f64) / side as f64 / 4.0;
        let times = if right == 0 || 2 * right == side { 1.0 } else { 2.0 };
        for (place, &found) in found[..side * side].iter().enumerate() {
            let angle = std::f64::consts::TAU * ((down * (place / side) + right * (place % side)) as f64) / side as f64;
            let wave = if imaginary { -angle.sin() } else { angle.cos() };
            let expected = times * weight * wave;
            assert!((f64::from(found) - expected).abs() < 1e-6, "{down} {right}: {found} {expected}");
        }
    }
}

#[test]
fn a_start_is_nearly_grey_and_seeded() {
    let start = Waves::random(64, 3);
    assert_eq!(start.canvas(), Waves::random(64, 3).canvas());
    assert_ne!(start.canvas(), Waves::random(64, 4).canvas());
    let pixels = start.canvas().pixels();
    let mean = pixels.iter().sum::<f32>() / pixels.len() as f32;
    assert!((mean - 0.5).abs() < 0.05, "{mean}");
    assert!((0.1..10.0).contains(&start.canvas().contrast()), "{}", start.canvas().contrast());
}

/// lucid's `color_correlation_svd_sqrt` divided by its longest column (its `color.py`), computed from lucid's numbers outside of
/// this project: the red, green and blue of each of the three independent colours, of which the first is light and dark.
#[test]
fn independent_colours_are_lucid_s() {
    let lucid: [[f32; 3]; 3] =
        [[0.562829, 0.584476, 0.584476], [0.194825, 0.000000, -0.194825], [0.043295, -0.108236, 0.064942]];
    for (colour, wanted) in lucid.iter().enumerate() {
        let mut planes = [0.0; 3];
        planes[colour] = 1.0;
        for (found, wanted) in correlated(&planes).iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-6, "colour {colour}: {found}, not {wanted}");
        }
    }
}
