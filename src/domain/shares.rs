//! How much each part of a mixed probability makes of it: of the mean of two networks' softmax, which of the two says so.
//!
//! A probability that is 1 or 0 in single precision has no slope, and neither has its logarithm where it is 1. What is
//! differentiated instead is the logarithm of each part's numerator, which is its score, times the part's share of the
//! mixture; for a probability of one part that is its score alone. Everything is computed from the scores, by logarithms in
//! double precision, so that a part that is zero in single precision still has its share among others that are.

use std::collections::BTreeMap;

/// What makes a probability of a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Normalizer {
    /// Softmax over `length` scores that lie `stride` apart.
    Softmax { stride: usize, length: usize },
    /// Sigmoid of `slope` times the score.
    Sigmoid { slope: f32 },
    /// The exponential function; or nothing is known, and the score stands for itself.
    Exponential,
}

/// The logarithms of probabilities, from the scores that they are made of. What the scores of a softmax have in common is computed
/// once, since a class may be the sum of all others.
#[derive(Debug)]
pub struct LogProbabilities<'a> {
    normalizer: Normalizer,
    scores: &'a [f32],
    /// Of each softmax that was asked about, by its first score.
    sums: BTreeMap<usize, Sums>,
}

/// The logarithms of sums of exponentials.
#[derive(Debug, Clone, Copy)]
struct Sums {
    all: f64,
    /// The place of the largest score, and the logarithm for all others, which is lost in that for all where one is sure.
    largest: usize,
    others: f64,
}

impl<'a> LogProbabilities<'a> {
    pub fn new(normalizer: Normalizer, scores: &'a [f32]) -> Self {
        Self { normalizer, scores, sums: BTreeMap::new() }
    }

    /// The logarithm of the probability of one of the scores, or with `opposite` of its complement.
    pub fn of(&mut self, element: usize, opposite: bool) -> f64 {
        let scores = self.scores;
        let score = scores.get(element).map_or(f64::NEG_INFINITY, |&score| f64::from(score));
        match self.normalizer {
            Normalizer::Softmax { stride, length } => {
                let place = element.checked_div(stride).unwrap_or(0) % length.max(1);
                let first = element - place * stride;
                let at = |index: usize| scores.get(first + index * stride).map_or(f64::NEG_INFINITY, |&x| f64::from(x));
                let Sums { all, largest, others } = *self.sums.entry(first).or_insert_with(|| {
                    let largest = (0..length).fold(0, |best, index| if at(index) > at(best) { index } else { best });
                    let others = log_sum_exp((0..length).filter(|&index| index != largest).map(at));
                    Sums { all: log_sum_exp((0..length).map(at)), largest, others }
                });
                let logarithm = score - all;
                match opposite {
                    false => logarithm,
                    true if place == largest => others - all,
                    // At most one half, so that nothing is lost.
                    true => (-logarithm.exp()).ln_1p(),
                }
            }
            // ln σ(x) = −ln(1 + e^−x)
            Normalizer::Sigmoid { slope } => {
                let x = f64::from(slope) * if opposite { -score } else { score };
                x.min(0.0) - (-x.abs()).exp().ln_1p()
            }
            Normalizer::Exponential if opposite => -score,
            Normalizer::Exponential => score,
        }
    }
}

/// What each of several parts, of these logarithms, makes of their sum. Equal shares where none makes anything.
pub fn shares(logarithms: &[f64]) -> Vec<f64> {
    let all = log_sum_exp(logarithms.iter().copied());
    if !all.is_finite() {
        return vec![1.0 / logarithms.len() as f64; logarithms.len()];
    }
    logarithms.iter().map(|logarithm| (logarithm - all).exp()).collect()
}

fn log_sum_exp(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if !largest.is_finite() {
        return largest;
    }
    largest + values.map(|value| (value - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_of_probabilities_hold_where_the_probabilities_are_0_or_1() {
        // Two softmax over three classes each, for two positions: class 1 at position 0 is elements 0, 2 and 4.
        let scores = [1.0, 500.0, 2.0, 0.0, 3.0, -500.0];
        let mut softmax = LogProbabilities::new(Normalizer::Softmax { stride: 2, length: 3 }, &scores);
        let sum = 1f64.exp() + 2f64.exp() + 3f64.exp();
        assert!((softmax.of(2, false) - (2.0 - sum.ln())).abs() < 1e-12);
        assert!((softmax.of(2, true) - (1.0 - 2f64.exp() / sum).ln()).abs() < 1e-12);
        assert_eq!(softmax.of(1, false), 0.0);
        assert_eq!(softmax.of(1, true), -500.0);
        assert_eq!(softmax.of(5, false), -1000.0);
        let sigmoid =
            |score: f32, opposite| LogProbabilities::new(Normalizer::Sigmoid { slope: 1.0 }, &[score]).of(0, opposite);
        assert_eq!(sigmoid(900.0, true), -900.0);
        assert_eq!(
            [false, true].map(|opposite| LogProbabilities::new(Normalizer::Exponential, &[1.0, 3.0]).of(1, opposite)),
            [3.0, -3.0]
        );
        assert!((sigmoid(0.5, false) + (1.0 + (-0.5f64).exp()).ln()).abs() < 1e-15);
    }

    #[test]
    fn all_classes_of_a_large_softmax_are_told_at_once_and_as_each_by_itself() {
        // Four thousand million exponentials if each class added up all others.
        let scores: Vec<f32> = (0..1 << 16).map(|index| (index * 37 % 1009) as f32 / 50.0).collect();
        let mut softmax = LogProbabilities::new(Normalizer::Softmax { stride: 1, length: scores.len() }, &scores);
        let exponentials: Vec<f64> = scores.iter().map(|&score| f64::from(score).exp()).collect();
        let sum: f64 = exponentials.iter().sum();
        for (element, exponential) in exponentials.iter().enumerate() {
            let probability = exponential / sum;
            assert!((softmax.of(element, false) - probability.ln()).abs() < 1e-9);
            assert!((softmax.of(element, true) - (-probability).ln_1p()).abs() < 1e-12);
        }
        // Where two share everything, where one has it all, and where there is none but one.
        let mut two = LogProbabilities::new(Normalizer::Softmax { stride: 1, length: 3 }, &[700.0, -900.0, 700.0]);
        let found = [0, 1, 2].map(|element| two.of(element, true));
        assert!(found.iter().zip([0.5f64.ln(), 0.0, 0.5f64.ln()]).all(|(one, other)| (one - other).abs() < 1e-12));
        let mut one = LogProbabilities::new(Normalizer::Softmax { stride: 1, length: 1 }, &[5.0]);
        assert_eq!([one.of(0, false), one.of(0, true)], [0.0, f64::NEG_INFINITY]);
    }

    #[test]
    fn shares_add_up_to_one_also_of_what_underflows() {
        let found = shares(&[-1000.0, -1000.0 - 3f64.ln()]);
        assert!((found[0] - 0.75).abs() < 1e-12 && (found[1] - 0.25).abs() < 1e-12);
        assert_eq!(shares(&[f64::NEG_INFINITY; 4]), [0.25; 4]);
        assert_eq!(shares(&[f64::NEG_INFINITY, -2.0]), [0.0, 1.0]);
    }
}
