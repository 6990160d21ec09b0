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
