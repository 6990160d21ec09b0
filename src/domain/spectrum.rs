//! Pictures as sums of waves. A gradient step on the waves changes all places of a picture at once, and coarse structure as
//! easily as fine, where one on the pixels makes noise (Olah, Mordvintsev, Schubert 2017, "Feature Visualization", Distill).

use std::f64::consts::TAU;
use std::sync::Arc;

use rustfft::algorithm::{BluesteinsAlgorithm, Radix4};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftDirection};

/// The standard deviation of the coefficients of a random start (lucid's `fft_image`).
const START: f64 = 0.01;

/// Pictures are divided by this, by which lucid's start is grey with little contrast.
const DIVISOR: f64 = 4.0;

/// Planes that a picture has.
const PLANES: usize = 3;

/// The way between square pictures of one side and their coefficients: of each plane the waves that a real picture needs, by
/// their frequency down and across, real and imaginary part one after another. Low frequencies weigh more: a coefficient
/// counts 1 / max(f, 1/side), f in waves a pixel, so that all have about the share that they have in photos.
pub struct Spectrum {
    side: usize,
    /// Waves across: the others are theirs in a mirror.
    across: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    weights: Vec<f64>,
}

impl Spectrum {
    /// For pictures of this side, which must not be zero.
    pub fn new(side: usize) -> Self {
        let across = side / 2 + 1;
        let frequency = |place: usize| place.min(side - place) as f64 / side as f64;
        let weight = |place: usize| {
            let length = frequency(place / across).hypot(frequency(place % across)).max(1.0 / side as f64);
            // A transform both ways is divided by the number of pixels, each way by its root.
            1.0 / (length * side as f64 * DIVISOR)
        };
        let weights = (0..side * across).map(weight).collect();
        Self {
            side,
            across,
            forward: transform(side, FftDirection::Forward),
            inverse: transform(side, FftDirection::Inverse),
            weights,
        }
    }

    /// Coefficients of a start that is nearly grey, normally distributed; the same numbers of `random` give the same.
    pub fn random(&self, random: &mut fastrand::Rng) -> Vec<f32> {
        let mut normal = || {
            // Box and Muller 1958; 1 − u, since the logarithm of zero is none.
            let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
            (START * radius * (TAU * random.f64()).cos()) as f32
        };
        (0..2 * PLANES * self.weights.len()).map(|_| normal()).collect()
    }

    /// The three planes of the picture.
    pub fn planes(&self, coefficients: &[f32]) -> Vec<f32> {
        let mut planes = Vec::with_capacity(PLANES * self.side * self.side);
        let mut line = vec![Complex::default(); self.side];
        let mut scratch = vec![Complex::default(); self.inverse.get_inplace_scratch_len()];
        for pairs in coefficients.chunks_exact(2 * self.weights.len()) {
            let weighted = pairs.chunks_exact(2).zip(&self.weights);
            let mut waves: Vec<Complex<f64>> = weighted
                .map(|(pair, weight)| Complex::new(f64::from(pair[0]) * weight, f64::from(pair[1]) * weight))
                .collect();
            self.down(&mut waves, &*self.inverse);
            // Two real rows are the real and the imaginary part of one transform.
            for rows in waves.chunks(2 * self.across) {
                let (one, other) = rows.split_at(self.across);
                for (place, &wave) in one.iter().enumerate() {
                    let beside = other.get(place).copied().unwrap_or_default();
                    if self.has_mirror(place) {
                        line[place] = Complex::new(wave.re - beside.im, wave.im + beside.re);
                        line[self.side - place] = Complex::new(wave.re + beside.im, beside.re - wave.im);
                    } else {
                        line[place] = Complex::new(wave.re, beside.re);
                    }
                }
                self.inverse.process_with_scratch(&mut line, &mut scratch);
                planes.extend(line.iter().map(|value| value.re as f32));
                if !other.is_empty() {
                    planes.extend(line.iter().map(|value| value.im as f32));
                }
            }
        }
        planes
    }

    /// From the gradient with respect to the planes that with respect to the coefficients: the adjoint of [`Self::planes`].
    pub fn gradient(&self, planes: &[f32]) -> Vec<f32> {
        let mut gradient = Vec::with_capacity(2 * PLANES * self.weights.len());
        let mut line = vec![Complex::default(); self.side];
        let mut scratch = vec![Complex::default(); self.forward.get_inplace_scratch_len()];
        for plane in planes.chunks_exact(self.side * self.side) {
            let mut waves = Vec::with_capacity(self.weights.len());
            for rows in plane.chunks(2 * self.side) {
                let (one, other) = rows.split_at(self.side);
                for (place, to) in line.iter_mut().enumerate() {
                    let beside = other.get(place).copied().unwrap_or_default();
                    *to = Complex::new(f64::from(one[place]), f64::from(beside));
                }
                self.forward.process_with_scratch(&mut line, &mut scratch);
                let mirrored = |place: usize| line[(self.side - place) % self.side];
                waves.extend((0..self.across).map(|place| {
                    let (wave, mirror) = (line[place], mirrored(place));
                    Complex::new(wave.re + mirror.re, wave.im - mirror.im) * self.half(place)
                }));
                if !other.is_empty() {
                    waves.extend((0..self.across).map(|place| {
                        let (wave, mirror) = (line[place], mirrored(place));
                        Complex::new(wave.im + mirror.im, mirror.re - wave.re) * self.half(place)
                    }));
                }
            }
            self.down(&mut waves, &*self.forward);
            let weighted = waves.iter().zip(&self.weights).map(|(wave, weight)| wave * weight);
            gradient.extend(weighted.flat_map(|wave| [wave.re as f32, wave.im as f32]));
        }
        gradient
    }

    /// Takes from the coefficients what a Gaussian blur of this standard deviation in pixels takes from the picture, which
    /// here goes on at its opposite edge.
    pub fn blur(&self, coefficients: &mut [f32], deviation: f64) {
        let frequency = |place: usize| place.min(self.side - place) as f64 / self.side as f64;
        for (place, pair) in coefficients.chunks_exact_mut(2).enumerate() {
            let place = place % self.weights.len();
            let square = frequency(place / self.across).powi(2) + frequency(place % self.across).powi(2);
            let left = (-0.5 * (TAU * deviation).powi(2) * square).exp();
            pair.iter_mut().for_each(|part| *part = (f64::from(*part) * left) as f32);
        }
    }

    /// Whether this wave across has a mirror image, which is no coefficient of its own: then it counts twice.
    fn has_mirror(&self, across: usize) -> bool {
        across > 0 && 2 * across != self.side
    }

    /// Half as often as a wave counts.
    fn half(&self, across: usize) -> f64 {
        if self.has_mirror(across) { 1.0 } else { 0.5 }
    }

    /// Transforms every column.
    fn down(&self, waves: &mut [Complex<f64>], transform: &dyn Fft<f64>) {
        let mut column = vec![Complex::default(); self.side];
        let mut scratch = vec![Complex::default(); transform.get_inplace_scratch_len()];
        for place in 0..self.across {
            let values = waves.iter().skip(place).step_by(self.across);
            column.iter_mut().zip(values).for_each(|(to, &wave)| *to = wave);
            transform.process_with_scratch(&mut column, &mut scratch);
            let values = waves.iter_mut().skip(place).step_by(self.across);
            values.zip(&column).for_each(|(to, &wave)| *to = wave);
        }
    }
}

/// The algorithms are chosen by hand, since rustfft's planner would bring all of them into the download: for lengths that are
/// not powers of two Bluestein's, which makes them powers of two.
fn transform(length: usize, direction: FftDirection) -> Arc<dyn Fft<f64>> {
    if length.is_power_of_two() {
        return Arc::new(Radix4::new(length, direction));
    }
    let inner = Radix4::new((2 * length - 1).next_power_of_two(), direction);
    Arc::new(BluesteinsAlgorithm::new(length, Arc::new(inner)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lucid's start: normally distributed with a standard deviation of 0.01, of which 68.3 % lie within one and 95.4 % within two.
    #[test]
    fn a_start_is_normally_distributed() {
        let found = Spectrum::new(64).random(&mut fastrand::Rng::with_seed(5));
        assert_eq!(found.len(), 2 * 3 * 64 * 33);
        let count = found.len() as f64;
        let mean = found.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
        let deviation = (found.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count).sqrt();
        assert!(mean.abs() < 5e-4 && (deviation - 0.01).abs() < 3e-4, "{mean} {deviation}");
        for (bound, share) in [(0.01, 0.6827), (0.02, 0.9545)] {
            let within = found.iter().filter(|value| f64::from(value.abs()) < bound).count() as f64 / count;
            assert!((within - share).abs() < 0.01, "{within} within {bound}");
        }
        // Neighbours have nothing to do with each other.
        let together = found.windows(2).map(|pair| f64::from(pair[0]) * f64::from(pair[1])).sum::<f64>() / count;
        assert!(together.abs() < 3e-6, "{together}");
    }

    /// A Gaussian in the picture itself, which goes on at its opposite edge.
    #[test]
    fn blurred_waves_are_a_blurred_picture() {
        const SIDE: usize = 9;
        const REACH: usize = 18;
        const DEVIATION: f64 = 1.5;
        let spectrum = Spectrum::new(SIDE);
        let mut coefficients = spectrum.random(&mut fastrand::Rng::with_seed(2));
        let sharp = spectrum.planes(&coefficients);
        spectrum.blur(&mut coefficients, DEVIATION);
        let blurred = spectrum.planes(&coefficients);
        let weight = |step: usize| (-0.5 * ((step as f64 - REACH as f64) / DEVIATION).powi(2)).exp();
        let weights: Vec<f64> = (0..=2 * REACH).map(weight).collect();
        let sum = weights.iter().sum::<f64>().powi(2);
        for (place, found) in blurred.iter().enumerate() {
            let (plane, row, column) = (place / (SIDE * SIDE), place / SIDE % SIDE, place % SIDE);
            let mut expected = 0.0;
            for (down, one) in weights.iter().enumerate() {
                for (right, other) in weights.iter().enumerate() {
                    // The reach is a multiple of the side.
                    let at = (plane * SIDE + (row + down) % SIDE) * SIDE + (column + right) % SIDE;
                    expected += one * other * f64::from(sharp[at]) / sum;
                }
            }
            assert!((f64::from(*found) - expected).abs() < 1e-6, "{place}: {found} {expected}");
        }
    }
}
