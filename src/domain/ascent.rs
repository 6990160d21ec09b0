//! Gradient ascent on a picture: how a start looks, how it grows, and how a step changes it. The numbers are those of
//! FeatureMapVisualizer 1.0.6, which the article was written with.

use featurescope_kernels::{AdamStep, adam};

/// Adam's decay of the mean and of the square, and what keeps it from dividing by zero (Kingma and Ba 2015, "Adam: A Method
/// for Stochastic Optimization", and PyTorch's defaults).
const BETA_MEAN: f64 = 0.9;
const BETA_SQUARE: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// The article's side at the start, in pixels.
pub const FIRST_SIZE: usize = 33;

/// The article's side at the end.
pub const LARGEST_SIZE: usize = 986;

/// The article's gradient steps at each size.
pub const STEPS: usize = 20;

/// The article's settings of Adam.
pub const RATE: f64 = 0.2;
pub const WEIGHT_DECAY: f64 = 1e-6;

/// The rate while a map is dead, about which the article's program can do nothing: lucid's. Adam's first step moves every pixel by
/// the whole rate, and 0.2 is so far that the value before the activation falls, for some maps of SqueezeNet's last layer to twice
/// its depth; of 20, two did not fire within a size, and with this rate all do.
pub const DEAD_RATE: f64 = 0.05;

/// The side after one enlargement: int(1.2 · size).
pub const fn next_size(size: usize) -> usize {
    size * 6 / 5
}

/// The article's sides from the first one up to `largest`: 33, 39, 46, …
pub fn sizes(largest: usize) -> Vec<usize> {
    let mut sizes = vec![FIRST_SIZE];
    while let Some(next) = sizes.last().map(|&size| next_size(size)).filter(|&next| next <= largest) {
        sizes.push(next);
    }
    sizes
}

/// The article's start: whole numbers from 150 to 179 at random, divided by 255, taken as logits. The same seed gives the
/// same start.
pub fn start(count: usize, seed: u64) -> Vec<f32> {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..count).map(|_| random.u8(150..180) as f32 / 255.0).collect()
}

/// The gradient with respect to the logits, from that with respect to their pixels.
pub fn sigmoid_slope(gradient: &[f64], pixels: &[f32]) -> Vec<f32> {
    let slope = |(&given, &pixel): (&f64, &f32)| {
        let level = f64::from(pixel);
        (given * level * (1.0 - level)) as f32
    };
    gradient.iter().zip(pixels).map(slope).collect()
}

/// Adam with its memory, for one size.
#[derive(Debug, Clone)]
pub struct Adam {
    rate: f64,
    weight_decay: f64,
    means: Vec<f64>,
    squares: Vec<f64>,
    steps: i32,
}

impl Adam {
    pub fn new(count: usize, rate: f64, weight_decay: f64) -> Self {
        Self { rate, weight_decay, means: vec![0.0; count], squares: vec![0.0; count], steps: 0 }
    }

    /// Another rate from now on.
    pub fn set_rate(&mut self, rate: f64) {
        self.rate = rate;
    }

    /// Changes `values` so that what `gradient` is the gradient of grows. Weight decay pulls towards zero by being added to the
    /// gradient of the loss, as PyTorch's `Adam` has it (not `AdamW`).
    pub fn ascend(&mut self, values: &mut [f32], gradient: &[f32]) {
        self.steps += 1;
        let decays = [BETA_MEAN, BETA_SQUARE];
        let step = AdamStep {
            rate: self.rate,
            weight_decay: self.weight_decay,
            decays,
            shares: decays.map(|decay| 1.0 - decay.powi(self.steps)),
            epsilon: EPSILON,
        };
        adam(values, gradient, &mut self.means, &mut self.squares, &step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_s_sizes() {
        let all = [33, 39, 46, 55, 66, 79, 94, 112, 134, 160, 192, 230, 276, 331, 397, 476, 571, 685, 822, 986];
        assert_eq!(sizes(986), all);
        assert_eq!(sizes(230), all[..12]);
        assert_eq!(sizes(1), [33]);
        assert_eq!((FIRST_SIZE, LARGEST_SIZE, STEPS), (33, 986, 20));
    }

    #[test]
    fn a_start_is_seeded_and_in_its_range() {
        let first = start(3000, 1);
        assert!(first.iter().all(|logit| (150.0 / 255.0..180.0 / 255.0).contains(logit)));
        assert_eq!(first, start(3000, 1));
        assert_ne!(first, start(3000, 2));
    }

    /// Two steps with constant gradients, against PyTorch 1.13: `torch.optim.Adam([x], lr=0.2, weight_decay=1e-6)` with the
    /// loss −(3 x₀ − 2 x₁) from (0.5, 0.25).
    #[test]
    fn adam_as_pytorch_has_it() {
        let mut adam = Adam::new(2, RATE, WEIGHT_DECAY);
        let mut values = [0.5, 0.25];
        for _ in 0..2 {
            adam.ascend(&mut values, &[3.0, -2.0]);
        }
        assert!((values[0] - 0.9).abs() < 1e-6 && (values[1] + 0.15).abs() < 1e-6, "{values:?}");
    }

    /// Gradients that change, and a decay that counts: algorithm 1 of Kingma and Ba 2015 in numpy's double precision, with the
    /// decay added to the loss's gradient. The second has gradients as small as what keeps Adam from dividing by zero.
    #[test]
    fn adam_by_its_definition() {
        let follow = |start: f32, gradients: [f32; 4], weight_decay: f64, expected: [f32; 4]| {
            let mut adam = Adam::new(1, 0.1, weight_decay);
            let mut value = [start];
            for (gradient, expected) in gradients.into_iter().zip(expected) {
                adam.ascend(&mut value, &[gradient]);
                assert!((value[0] - expected).abs() < 1e-6, "{value:?} {expected}");
            }
        };
        follow(2.0, [1.0, -3.0, 2.0, 0.5], 0.2, [2.1, 2.038_278, 2.021_553, 2.009_314]);
        follow(-1.0, [1e-8, -2e-8, 0.0, 3e-8], 0.0, [-0.95, -0.972_428, -0.988_374, -0.967_018]);
    }

    #[test]
    fn another_rate_counts_from_the_next_step_on() {
        let mut adam = Adam::new(1, 0.2, 0.0);
        let mut value = [0.0];
        for (rate, expected) in [(0.2, 0.2), (0.05, 0.25)] {
            adam.set_rate(rate);
            adam.ascend(&mut value, &[1.0]);
            assert!((value[0] - expected).abs() < 1e-6, "{value:?}");
        }
    }

    #[test]
    fn a_start_has_every_level_from_150_to_179() {
        let levels: std::collections::BTreeSet<u32> =
            start(3000, 1).iter().map(|logit| (255.0 * logit).round() as u32).collect();
        assert_eq!(levels, (150..180).collect());
    }

    #[test]
    fn a_pixel_s_slope_is_that_of_the_sigmoid() {
        // p (1 − p): a quarter in the middle, 3/16 at three quarters.
        assert_eq!(sigmoid_slope(&[2.0, -16.0], &[0.5, 0.75]), [0.5, -3.0]);
    }
}
