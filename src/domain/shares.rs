//! How much each part of a mixed probability makes of it: of the mean of two networks' softmax, which of the two says so.
//!
//! A probability that is 1 or 0 in single precision has no slope, and neither has its logarithm where it is 1. What is
//! differentiated instead is the logarithm of each part's numerator, which is its score, times the part's share of the
//! mixture; for a probability of one part that is its score alone. Everything is computed from the scores, by logarithms in
//! double precision, so that a part that is zero in single precision still has its share among others that are.

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

impl Normalizer {
    /// The logarithm of the probability of one of the `scores`, or with `opposite` of its complement.
    pub fn log_probability(self, scores: &[f32], element: usize, opposite: bool) -> f64 {
        let score = scores.get(element).map_or(f64::NEG_INFINITY, |&score| f64::from(score));
        match self {
            Self::Softmax { stride, length } => {
                let place = element.checked_div(stride).unwrap_or(0) % length.max(1);
                let first = element - place * stride;
                let at = |index: usize| scores.get(first + index * stride).map_or(f64::NEG_INFINITY, |&x| f64::from(x));
                let all = log_sum_exp((0..length).map(at));
                let own =
                    if opposite { log_sum_exp((0..length).filter(|&index| index != place).map(at)) } else { score };
                own - all
            }
            // ln σ(x) = −ln(1 + e^−x)
            Self::Sigmoid { slope } => {
                let x = f64::from(slope) * if opposite { -score } else { score };
                x.min(0.0) - (-x.abs()).exp().ln_1p()
            }
            Self::Exponential if opposite => -score,
            Self::Exponential => score,
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
        let softmax = Normalizer::Softmax { stride: 2, length: 3 };
        let sum = 1f64.exp() + 2f64.exp() + 3f64.exp();
        assert!((softmax.log_probability(&scores, 2, false) - (2.0 - sum.ln())).abs() < 1e-12);
        assert!((softmax.log_probability(&scores, 2, true) - (1.0 - 2f64.exp() / sum).ln()).abs() < 1e-12);
        assert_eq!(softmax.log_probability(&scores, 1, false), 0.0);
        assert_eq!(softmax.log_probability(&scores, 1, true), -500.0);
        assert_eq!(softmax.log_probability(&scores, 5, false), -1000.0);
        let sigmoid = Normalizer::Sigmoid { slope: 1.0 };
        assert_eq!(sigmoid.log_probability(&[900.0], 0, true), -900.0);
        assert_eq!(
            [false, true].map(|opposite| Normalizer::Exponential.log_probability(&[1.0, 3.0], 1, opposite)),
            [3.0, -3.0]
        );
        assert!((sigmoid.log_probability(&[0.5], 0, false) + (1.0 + (-0.5f64).exp()).ln()).abs() < 1e-15);
    }

    #[test]
    fn shares_add_up_to_one_also_of_what_underflows() {
        let found = shares(&[-1000.0, -1000.0 - 3f64.ln()]);
        assert!((found[0] - 0.75).abs() < 1e-12 && (found[1] - 0.25).abs() < 1e-12);
        assert_eq!(shares(&[f64::NEG_INFINITY; 4]), [0.25; 4]);
        assert_eq!(shares(&[f64::NEG_INFINITY, -2.0]), [0.0, 1.0]);
    }
}
