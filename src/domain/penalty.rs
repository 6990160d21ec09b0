//! What a drawing may be held back by: differences of neighbouring pixels, and distance from grey.

use super::view::GREY;

/// Below this difference the root in the total variation is rounded off, so that it has a slope everywhere.
const ROUNDED: f64 = 0.01;

/// Weights of the penalties. What is ascended is log(activation) − Σ weight · penalty: relative to the activation, since one
/// layer's are a hundred times another's.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Penalties {
    /// Of the total variation: the mean over all pixels, from 0 to 1, of the length of their gradient.
    pub total_variation: f64,
    /// Of the mean over all pixels of the squared distance from grey.
    pub l2: f64,
}

impl Penalties {
    /// The penalty of planes of pixels from 0 to 1 with this side.
    pub fn value(&self, pixels: &[f32], side: usize) -> f64 {
        self.total_variation * total_variation(pixels, side, |_, _, _| {}) + self.l2 * distance(pixels)
    }

    /// Adds the slope of the ascended logarithm to `gradient`, the activation's slope, both times the activation. `gradient` is
    /// that with respect to the pixels.
    pub fn hold_back(&self, gradient: &mut [f64], pixels: &[f32], side: usize, activation: f32) {
        let strength = f64::from(activation.abs()) / pixels.len().max(1) as f64;
        if self.total_variation > 0.0 {
            let strength = strength * self.total_variation;
            total_variation(pixels, side, |place, next, slope| {
                gradient[place] += strength * slope;
                gradient[next] -= strength * slope;
            });
        }
        if self.l2 > 0.0 {
            let strength = 2.0 * strength * self.l2;
            let slopes = gradient.iter_mut().zip(pixels);
            slopes.for_each(|(slope, &pixel)| *slope -= strength * f64::from(pixel - GREY));
        }
    }
}

/// Gives also each difference's share of the slope: place, its neighbour's place, and the neighbour's slope times the number of
/// pixels.
fn total_variation(pixels: &[f32], side: usize, mut slope: impl FnMut(usize, usize, f64)) -> f64 {
    let cells = side * side;
    let mut sum = 0.0;
    for place in 0..pixels.len() {
        let (row, column) = (place % cells / side, place % side);
        let right = if column + 1 < side { place + 1 } else { place };
        let below = if row + 1 < side { place + side } else { place };
        let across = f64::from(pixels[right] - pixels[place]);
        let down = f64::from(pixels[below] - pixels[place]);
        let length = (across * across + down * down + ROUNDED * ROUNDED).sqrt();
        sum += length;
        slope(place, right, across / length);
        slope(place, below, down / length);
    }
    sum / pixels.len().max(1) as f64
}

fn distance(pixels: &[f32]) -> f64 {
    pixels.iter().map(|&pixel| f64::from(pixel - GREY).powi(2)).sum::<f64>() / pixels.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Central differences of −activation · penalty.
    #[test]
    fn the_slope_is_that_of_the_penalty() {
        let mut random = fastrand::Rng::with_seed(4);
        let pixels: Vec<f32> = (0..3 * 25).map(|_| random.f32()).collect();
        for penalties in [Penalties { total_variation: 2.0, l2: 0.0 }, Penalties { total_variation: 0.0, l2: 3.0 }] {
            let mut found = vec![0.0; pixels.len()];
            penalties.hold_back(&mut found, &pixels, 5, 1.5);
            for (place, found) in found.iter().enumerate() {
                let at = |step: f32| {
                    let mut moved = pixels.clone();
                    moved[place] += step;
                    -1.5 * penalties.value(&moved, 5)
                };
                let expected = (at(1e-3) - at(-1e-3)) / 2e-3;
                assert!((found - expected).abs() < 1e-3, "{place}: {found} {expected}");
            }
        }
        assert!(Penalties { total_variation: 1.0, l2: 1.0 }.value(&[0.5; 12], 2) <= ROUNDED);
    }

    /// Of the pixels 0, 0.3 over 0.4, 0 by hand: √(0.3² + 0.4² + 0.01²), √(0.3² + 0.01²), √(0.4² + 0.01²) and 0.01, and the squares of
    /// 0.5, 0.2, 0.1 and 0.5.
    #[test]
    fn values_by_hand() {
        let pixels = [0.0, 0.3, 0.4, 0.0];
        let both = Penalties { total_variation: 2.0, l2: 3.0 };
        let (variation, distance) = (0.302_597_9, 0.1375);
        let found = [
            both.value(&pixels, 2),
            Penalties { l2: 0.0, ..both }.value(&pixels, 2),
            Penalties { total_variation: 0.0, ..both }.value(&pixels, 2),
        ];
        for (found, expected) in found.iter().zip([2.0 * variation + 3.0 * distance, 2.0 * variation, 3.0 * distance]) {
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
    }

    /// The penalties' weights are relative to the activation's size; without any, and of nothing, the gradient stays.
    #[test]
    fn what_is_held_back_is_added_to_the_gradient() {
        let held = |penalties: Penalties, activation: f32| {
            let mut gradient = vec![1.0; 4];
            penalties.hold_back(&mut gradient, &[0.0, 0.5, 0.75, 1.0], 2, activation);
            gradient
        };
        let l2 = Penalties { total_variation: 0.0, l2: 2.0 };
        // 1 − 2 · activation · l2 · (pixel − 0.5) / 4
        for activation in [1.5, -1.5] {
            assert_eq!(held(l2, activation), [1.75, 1.0, 0.625, 0.25]);
        }
        assert_eq!(held(Penalties::default(), 1.5), [1.0; 4]);
        // However small a weight is, it counts.
        let little = |gradient: Vec<f64>| gradient.iter().map(|slope| (slope - 1.0).abs()).sum::<f64>();
        assert!((little(held(Penalties { total_variation: 0.0, l2: 0.01 }, 1.5)) - 0.009_375).abs() < 1e-9);
        assert!(little(held(Penalties { total_variation: 0.01, l2: 0.0 }, 1.5)) > 1e-3);
    }
}
