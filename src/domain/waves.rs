//! The picture of the modern way: waves in independent colours, of which the network sees a view that moves.

use super::ascent::sigmoid_slope;
use super::canvas::Canvas;
use super::colour::{correlated, correlated_adjoint};
use super::penalty::Penalties;
use super::recipe::Recipe;
use super::sight;
use super::spectrum::Spectrum;
use super::tensor::{Tensor, TensorError};
use super::view::{GREY, Motion, View, seen_side};

/// lucid's rate of Adam.
pub const RATE: f64 = 0.05;

/// The side in pixels and the number of steps that lucid draws with.
pub const SIZE: usize = 128;
pub const STEPS: usize = 512;

/// A picture made of waves.
pub struct Waves {
    spectrum: Spectrum,
    coefficients: Vec<f32>,
    canvas: Canvas,
    pixels: Vec<f32>,
    random: fastrand::Rng,
    view: View,
}

impl Waves {
    /// A random start, which is nearly grey. The same seed gives the same start and the same motions.
    pub fn random(side: usize, seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let spectrum = Spectrum::new(side);
        let coefficients = spectrum.random(&mut random);
        let view = View::new(side, seen_side(side), Motion::default());
        let canvas = Canvas::of(side, Vec::new());
        let mut waves = Self { spectrum, coefficients, canvas, pixels: Vec::new(), random, view };
        waves.paint();
        waves
    }

    /// The picture, which does not move.
    pub fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    /// The side of what the network sees of it.
    pub fn seen_side(&self) -> usize {
        self.view.seen()
    }

    pub fn coefficients_mut(&mut self) -> &mut [f32] {
        &mut self.coefficients
    }

    /// How many coefficients there are.
    pub fn count(&self) -> usize {
        self.coefficients.len()
    }

    /// What the network sees of it next: moved at random.
    ///
    /// # Errors
    /// As [`sight::input`].
    pub fn input(&mut self, recipe: &Recipe) -> Result<Tensor, TensorError> {
        let side = self.canvas.size();
        self.view = View::new(side, seen_side(side), Motion::random(&mut self.random));
        let levels: Vec<f32> = self.pixels.iter().map(|pixel| pixel - GREY).collect();
        let seen: Vec<f32> = self.view.apply(&levels).iter().map(|level| level + GREY).collect();
        sight::input(&seen, self.view.seen(), recipe)
    }

    /// The gradient with respect to the coefficients, from that with respect to the last input.
    pub fn gradient(&self, input: &Tensor, recipe: &Recipe, penalties: Penalties, activation: f32) -> Vec<f32> {
        let seen = sight::gradient(input, self.view.seen(), recipe);
        let seen: Vec<f32> = seen.iter().map(|&slope| slope as f32).collect();
        let mut slopes: Vec<f64> = self.view.adjoint(&seen).iter().map(|&slope| f64::from(slope)).collect();
        penalties.hold_back(&mut slopes, &self.pixels, self.canvas.size(), activation);
        self.spectrum.gradient(&correlated_adjoint(&sigmoid_slope(&slopes, &self.pixels)))
    }

    /// Blurs the picture by a Gaussian of this standard deviation in pixels.
    pub fn blur(&mut self, deviation: f64) {
        self.spectrum.blur(&mut self.coefficients, deviation);
    }

    /// Makes the picture from changed coefficients.
    pub fn paint(&mut self) {
        self.canvas = Canvas::of(self.canvas.size(), correlated(&self.spectrum.planes(&self.coefficients)));
        self.pixels = self.canvas.pixels();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::domain::recipe::{Channels, Resize};

    fn recipe() -> Recipe {
        Recipe {
            channels: Channels::Bgr,
            scale: 1.0 / 255.0,
            mean: vec![0.2, 0.3, 0.4],
            std: vec![0.5, 0.25, 1.0],
            resize: Resize::Squash,
            ..Recipe::of_size(8, 8)
        }
    }

    /// What is seen with a coefficient moved: the same seed moves the picture alike.
    fn seen(side: usize, place: usize, step: f32) -> (Waves, Tensor) {
        let mut waves = Waves::random(side, 7);
        waves.coefficients_mut()[place] += step;
        waves.paint();
        let input = waves.input(&recipe()).unwrap();
        (waves, input)
    }

    /// Central differences of a weighted sum of what the network sees, less the penalties of the picture that does not move.
    #[test]
    fn the_gradient_is_that_of_what_is_seen() {
        const SIDE: usize = 8;
        let (waves, input) = seen(SIDE, 0, 0.0);
        assert_eq!(input.shape(), [1, 3, waves.seen_side(), waves.seen_side()]);
        assert_eq!(waves.count(), 3 * 2 * SIDE * (SIDE / 2 + 1));
        let outer: Vec<f32> = (0..input.data().len()).map(|place| ((place * 37 % 101) as f32 - 50.0) / 50.0).collect();
        let activation = 2.0;
        for penalties in [Penalties::default(), Penalties { total_variation: 40.0, l2: 900.0 }] {
            let slopes = Tensor::new(input.shape().to_vec(), outer.clone()).unwrap();
            let found = waves.gradient(&slopes, &recipe(), penalties, activation);
            for place in [0, 3, 10, 47, 81, 90, 161, 200] {
                let at = |step: f32| {
                    let (waves, input) = seen(SIDE, place, step);
                    let sum: f64 = input.data().iter().zip(&outer).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
                    sum - f64::from(activation) * penalties.value(&waves.canvas().pixels(), SIDE)
                };
                let expected = (at(0.01) - at(-0.01)) / 0.02;
                let found = f64::from(found[place]);
                assert!((found - expected).abs() < 2e-3 * (1.0 + expected.abs()), "{place}: {found} {expected}");
            }
        }
    }

    #[test]
    fn the_numbers_are_lucid_s() {
        assert_eq!((RATE, SIZE, STEPS), (0.05, 128, 512));
        let start = Waves::random(SIZE, 1);
        assert_eq!((start.seen_side(), start.canvas().size()), (140, 128));
    }

    #[test]
    fn what_is_blurred_is_smoother() {
        let mut waves = Waves::random(32, 1);
        let steps =
            |waves: &Waves| waves.canvas().logits().windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f32>();
        let rough = steps(&waves);
        waves.blur(2.0);
        waves.paint();
        assert!(steps(&waves) < 0.7 * rough, "{} {rough}", steps(&waves));
    }

    /// Without any waves all is grey, within the picture and around it.
    #[test]
    fn grey_is_seen_as_grey() {
        let mut waves = Waves::random(8, 1);
        waves.coefficients_mut().fill(0.0);
        waves.paint();
        let input = waves.input(&recipe()).unwrap();
        let cells = waves.seen_side() * waves.seen_side();
        for (plane, expected) in input.data().chunks(cells).zip([0.6, 0.8, 0.1]) {
            assert!(plane.iter().all(|value| (value - expected).abs() < 1e-6), "{expected}");
        }
    }
}
