//! Gaussian blur, which takes from a picture what is finer than it shall be.

use super::separable::{Separable, Tap};

/// A Gaussian is left out beyond so many standard deviations, where it is under a hundredth of its middle.
const REACH: f64 = 3.0;

/// Blurs square planes of this side by a Gaussian of this standard deviation in pixels; beyond the edges the outermost values
/// go on. A deviation that is not above zero changes nothing.
pub fn blur(side: usize, deviation: f64) -> Separable {
    let reach = if deviation > 0.0 { (REACH * deviation).ceil() as isize } else { 0 };
    let weight = |step: isize| if reach == 0 { 1.0 } else { (-0.5 * (step as f64 / deviation).powi(2)).exp() };
    let sum: f64 = (-reach..=reach).map(weight).sum();
    let last = side.saturating_sub(1);
    let tap = |position: usize| {
        (-reach..=reach).map(|step| (position.saturating_add_signed(step).min(last), weight(step) / sum)).collect()
    };
    let taps: Vec<Tap> = (0..side).map(tap).collect();
    Separable::new([side; 2], taps.clone(), taps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_becomes_a_gaussian_and_a_flat_picture_stays() {
        let mut dot = vec![0.0; 41 * 41];
        dot[20 * 41 + 20] = 1.0;
        let found = blur(41, 2.0).apply(&dot);
        assert!((found.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        let across: f32 =
            found.iter().enumerate().map(|(place, value)| ((place % 41) as f32 - 20.0).powi(2) * value).sum();
        // The variance, of which the tails beyond three deviations are missing.
        assert!((3.8..4.0).contains(&across), "{across}");
        assert!(blur(9, 1.5).apply(&[0.25; 81]).iter().all(|value| (value - 0.25).abs() < 1e-6));
        assert_eq!(blur(2, 0.0).apply(&[1.0, 2.0, 3.0, 4.0]), [1.0, 2.0, 3.0, 4.0]);
    }

    /// scipy.ndimage.gaussian_filter(…, 2, mode="nearest", truncate=3) of scipy 1.17.
    #[test]
    fn as_scipy_has_it() {
        let picture: [f32; 25] = [
            0.0, 0.0, 9.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7.0, 0.0, 3.0,
            0.0, 0.0, 0.0, 0.0,
        ];
        let expected: [f32; 25] = [
            0.97744, 1.279556, 1.408552, 1.286117, 0.995463, 0.966398, 1.157654, 1.227011, 1.122676, 0.901538,
            1.022086, 1.079509, 1.064587, 0.950618, 0.769816, 1.159908, 1.062063, 0.93658, 0.781732, 0.611039,
            1.351331, 1.089959, 0.83893, 0.623533, 0.446688,
        ];
        for (found, expected) in blur(5, 2.0).apply(&picture).iter().zip(expected) {
            assert!((found - expected).abs() < 2e-6, "{found} {expected}");
        }
    }
}
