//! Cubic enlargement of planes of numbers, as the article's library enlarges its pictures between two sizes.

use super::separable::{Separable, Tap};

/// The kernel's free parameter, which OpenCV and PyTorch set to −0.75.
const A: f64 = -0.75;

/// From `from` = height and width to another height and width. Cubic convolution (Keys 1981) with half-pixel centres;
/// beyond the edges the outermost values go on, as in `cv2.resize(…, INTER_CUBIC)` and
/// `torch.nn.functional.interpolate(mode="bicubic")`.
pub fn cubic(from: [usize; 2], to: [usize; 2]) -> Separable {
    Separable::new(from, taps(from[0], to[0]), taps(from[1], to[1]))
}

/// The four values that make each new one.
fn taps(source: usize, target: usize) -> Vec<Tap> {
    let scale = source as f64 / target as f64;
    let last = source.saturating_sub(1) as f64;
    let tap = |position: usize| {
        let centre = (position as f64 + 0.5) * scale - 0.5;
        let at = |step: usize| centre.floor() + step as f64 - 1.0;
        (0..4).map(|step| (at(step).clamp(0.0, last) as usize, kernel((centre - at(step)).abs()))).collect()
    };
    (0..target).map(tap).collect()
}

/// The weight of a value at this distance, at most two.
fn kernel(distance: f64) -> f64 {
    let x = distance;
    if x <= 1.0 { ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0 } else { ((A * x - 5.0 * A) * x + 8.0 * A) * x - 4.0 * A }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `torch.nn.functional.interpolate(torch.tensor([[[[0., 1., 4.], [9., 16., 25.]]]]), size=(3, 4), mode="bicubic")`
    /// of PyTorch 1.13, to six digits.
    #[test]
    fn as_pytorch_has_it() {
        let found = cubic([2, 3], [3, 4]).apply(&[0.0, 1.0, 4.0, 9.0, 16.0, 25.0]);
        for (found, recorded) in found.iter().zip(RECORDED) {
            assert!((found - recorded).abs() < 1e-4, "{found} {recorded}");
        }
        // The same size is the same.
        assert_eq!(cubic([2, 2], [2, 2]).apply(&[1.0, 2.0, 3.0, 4.0]), [1.0, 2.0, 3.0, 4.0]);
    }

    const RECORDED: [f32; 12] = [
        -0.815644, -0.747121, 0.643931, 2.35503, 4.21289, 6.39941, 11.1016, 14.9307, 9.24142, 13.5459, 21.5592, 27.5063,
    ];

    /// Keys' two polynomials: (a + 2) x³ − (a + 3) x² + 1 up to 1, and a x³ − 5 a x² + 8 a x − 4 a up to 2.
    #[test]
    fn the_kernel_by_hand() {
        for (distance, weight) in
            [(0.0, 1.0), (0.5, 0.59375), (1.0, 0.0), (1.03, -0.021_170_25), (1.5, -0.09375), (2.0, 0.0)]
        {
            assert!((kernel(distance) - weight).abs() < 1e-12, "{distance}");
        }
    }
}
