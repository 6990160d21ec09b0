//! What a classifier says: probabilities and the best of them.

use super::order::order;

/// What the last layer of a network gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// Scores, which a softmax turns into probabilities.
    #[default]
    Logits,
    /// Probabilities of classes that exclude each other.
    Softmax,
    /// The probability of each class on its own.
    Sigmoid,
}

impl Output {
    /// The name in a card.
    pub fn name(self) -> &'static str {
        match self {
            Self::Logits => "logits",
            Self::Softmax => "softmax",
            Self::Sigmoid => "sigmoid",
        }
    }

    /// The output of that name in a card.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Logits, Self::Softmax, Self::Sigmoid].into_iter().find(|output| output.name() == name)
    }
}

/// How it is known what the last layer gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Evidence {
    /// The graph shows it, or whoever knows the network says so.
    #[default]
    Known,
    /// Neither does; the values have to tell.
    Values,
    /// They are not negative, and the larger the more probable, but may add up to anything.
    Weighted,
    /// They lie between bounds, so that they are neither scores of any size nor probabilities.
    Bounded,
}

/// What the values of the last layer are, as far as anybody can tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub output: Output,
    pub evidence: Evidence,
    /// What counts as the whole of a probability: 1, or 100 for percent.
    pub whole: f32,
}

impl Reading {
    /// What a layer gives of which it is known.
    pub fn known(output: Output) -> Self {
        Self { output, evidence: Evidence::Known, whole: 1.0 }
    }
}

/// Why there are no probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// The network gives no class scores.
    NoScores,
    /// A score is infinite or not a number.
    NotFinite,
    /// Nobody knows what the scores mean, and they are no probabilities.
    Unclear,
    /// The engine cannot run what makes them.
    Missing,
}

/// What a network says of one picture.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// One for each class, from 0 to 1; empty where there is a reason for silence.
    pub probabilities: Vec<f32>,
    /// As what the values were taken.
    pub output: Output,
    /// They may be something else.
    pub doubt: bool,
    pub silence: Option<Silence>,
}

/// Probabilities may miss their bounds, and a distribution its sum, by so much: half-precision networks round to a thousandth.
const ROUNDING: f32 = 2e-3;

/// What the values of a network's last layer say. Where it is not known what they are, values that are not negative and add up
/// to 1 are probabilities. What lies outside of 0 to 1 is no probability, whatever was said of it.
pub fn answer(values: &[f32], reading: Reading) -> Answer {
    let Reading { output, evidence, whole } = reading;
    let silent = |silence| Answer { probabilities: Vec::new(), output, doubt: true, silence: Some(silence) };
    if values.is_empty() {
        return silent(Silence::NoScores);
    }
    // The logarithm of a probability that is too small for its format is −∞, and the probability 0.
    let impossible = |value: &f32| *value == f32::NEG_INFINITY && output == Output::Logits;
    let is_told = |value: &f32| value.is_finite() || impossible(value);
    if !values.iter().all(is_told) || values.iter().all(impossible) {
        return silent(Silence::NotFinite);
    }
    let shares: Vec<f32> = values.iter().map(|value| value / whole).collect();
    let could_be = shares.iter().all(|share| (-ROUNDING..=1.0 + ROUNDING).contains(share));
    let sum: f64 = shares.iter().map(|&share| f64::from(share)).sum();
    let is_distribution = could_be && shares.len() > 1 && (sum - 1.0).abs() <= f64::from(ROUNDING);
    let (output, doubt) = match (evidence, output) {
        (Evidence::Known, Output::Logits) => (Output::Logits, false),
        (Evidence::Known, probabilities) if could_be => (probabilities, false),
        (Evidence::Known, _) => (Output::Logits, true),
        (_, _) if is_distribution => (Output::Softmax, false),
        (Evidence::Values | Evidence::Weighted, _) if could_be => (Output::Sigmoid, true),
        (Evidence::Values, _) => (Output::Logits, true),
        (Evidence::Weighted | Evidence::Bounded, _) => return silent(Silence::Unclear),
    };
    let probabilities = match output {
        Output::Logits => probabilities(values, output),
        _ => shares.into_iter().map(|share| share.clamp(0.0, 1.0)).collect(),
    };
    Answer { probabilities, output, doubt, silence: None }
}

/// The probabilities of the classes. Softmax is applied to logits and nothing else, so never twice. A single logit is that of
/// yes against no, and a sigmoid makes its probability: a softmax would say 1 of every picture.
///
/// Where a preparation step has taken a trailing Softmax out of the graph, the values are [`Output::Logits`], whatever
/// the card says about the file.
pub fn probabilities(values: &[f32], output: Output) -> Vec<f32> {
    match output {
        Output::Softmax | Output::Sigmoid => values.to_vec(),
        Output::Logits => match values {
            [value] => vec![sigmoid(*value)],
            _ => softmax(values),
        },
    }
}

/// Sigmoid in double precision.
fn sigmoid(value: f32) -> f32 {
    (1.0 / (1.0 + (-f64::from(value)).exp())) as f32
}

/// Softmax that neither overflows nor loses small values: the largest is taken off first, and sums are in double
/// precision. A value of +∞ takes all; without a finite value there is nothing to tell and every class gets the same.
fn softmax(values: &[f32]) -> Vec<f32> {
    let largest = values.iter().copied().filter(|value| !value.is_nan()).fold(f32::NEG_INFINITY, f32::max);
    let weight = |value: f32| match value {
        value if value.is_nan() => 0.0,
        value if value == largest => 1.0,
        value => (f64::from(value) - f64::from(largest)).exp(),
    };
    let sum: f64 = values.iter().copied().map(weight).sum();
    if sum == 0.0 {
        return vec![1.0 / values.len() as f32; values.len()];
    }
    values.iter().map(|&value| (weight(value) / sum) as f32).collect()
}

/// A class and its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The number of the class, from 0.
    pub index: usize,
    /// From 0 to 1.
    pub probability: f32,
}

/// The most probable classes, descending; of equal ones the lower index comes first. What is not a number has no place.
pub fn top(probabilities: &[f32], count: usize) -> Vec<Prediction> {
    let predictions: Vec<Prediction> = probabilities
        .iter()
        .enumerate()
        .filter(|(_, probability)| !probability.is_nan())
        .map(|(index, &probability)| Prediction { index, probability })
        .collect();
    // Equal ones stay in order, so that the lower index comes first. Adding zero makes the two zeros equal.
    let probability = |position: usize| predictions[position].probability + 0.0;
    let descending = order(predictions.len(), &|first, second| probability(second).total_cmp(&probability(first)));
    descending.into_iter().take(count).map(|position| predictions[position]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn softmax_by_hand_and_at_the_edges() {
        let close = |values: &[f32], expected: &[f32]| {
            let actual = probabilities(values, Output::Logits);
            assert!(actual.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{actual:?}");
        };
        close(&[0.0, 2.0_f32.ln(), 5.0_f32.ln()], &[0.125, 0.25, 0.625]);
        close(&[3.0e38, -3.0e38, 3.0e38], &[0.5, 0.0, 0.5]);
        close(&[f32::INFINITY, 1.0], &[1.0, 0.0]);
        close(&[f32::NAN, 1.0, 1.0], &[0.0, 0.5, 0.5]);
        close(&[f32::NAN, f32::NAN], &[0.5, 0.5]);
        assert!(probabilities(&[], Output::Logits).is_empty());
    }

    #[test]
    fn a_single_logit_is_that_of_yes_against_no() {
        let probability = |value: f32| probabilities(&[value], Output::Logits)[0];
        assert_eq!([probability(0.0), probability(f32::INFINITY), probability(f32::NEG_INFINITY)], [0.5, 1.0, 0.0]);
        assert!((probability(3.0_f32.ln()) - 0.75).abs() < 1e-6);
        assert!(probability(f32::NAN).is_nan());
    }

    #[test]
    fn softmax_is_never_applied_twice() {
        let values = [0.1, 0.9, 0.0];
        assert_eq!(probabilities(&values, Output::Softmax), values);
        assert_eq!(probabilities(&values, Output::Sigmoid), values);
    }

    #[test]
    fn ties_go_to_the_lower_class() {
        let indices: Vec<usize> =
            top(&[0.2, 0.3, f32::NAN, 0.3, 0.2], 3).iter().map(|prediction| prediction.index).collect();
        assert_eq!(indices, [1, 3, 0]);
    }

    proptest! {
        #[test]
        fn softmax_keeps_the_order_and_sums_to_one(values in prop::collection::vec(-1e4_f32..1e4, 2..50)) {
            let probabilities = probabilities(&values, Output::Logits);
            let sum: f64 = probabilities.iter().map(|&value| f64::from(value)).sum();
            prop_assert!((sum - 1.0).abs() < 1e-5);
            for (first, &value) in values.iter().enumerate() {
                for (second, &other) in values.iter().enumerate() {
                    prop_assert!(value < other || probabilities[first] >= probabilities[second]);
                }
            }
        }
    }

    fn reading(output: Output, evidence: Evidence) -> Reading {
        Reading { output, evidence, whole: 1.0 }
    }

    /// As what values are taken, whether that is in doubt, and why there may be no answer.
    #[test]
    fn what_values_are_is_told_by_the_graph_and_then_by_themselves() {
        use Evidence::{Bounded, Known, Values, Weighted};
        use Output::{Logits, Sigmoid, Softmax};
        let cases = [
            (&[0.25, 0.75][..], Logits, Known, Logits, false, None),
            (&[0.25, 0.75][..], Softmax, Known, Softmax, false, None),
            (&[0.5, 0.75][..], Sigmoid, Known, Sigmoid, false, None),
            (&[-0.5, 1.5][..], Softmax, Known, Logits, true, None),
            (&[0.25, 0.75][..], Logits, Values, Softmax, false, None),
            (&[0.25, 0.75][..], Logits, Bounded, Softmax, false, None),
            (&[0.5, 0.75][..], Logits, Values, Sigmoid, true, None),
            (&[0.5, 0.75][..], Logits, Weighted, Sigmoid, true, None),
            (&[0.5, 0.75][..], Logits, Bounded, Logits, true, Some(Silence::Unclear)),
            (&[3.0, 7.0][..], Logits, Values, Logits, true, None),
            (&[3.0, 7.0][..], Logits, Weighted, Logits, true, Some(Silence::Unclear)),
            // A single value that is 1 is no distribution.
            (&[1.0][..], Logits, Values, Sigmoid, true, None),
            (&[][..], Logits, Known, Logits, true, Some(Silence::NoScores)),
            (&[f32::NAN, 1.0][..], Logits, Known, Logits, true, Some(Silence::NotFinite)),
            (&[f32::INFINITY, 1.0][..], Logits, Known, Logits, true, Some(Silence::NotFinite)),
            (&[f32::NEG_INFINITY, 1.0][..], Softmax, Known, Softmax, true, Some(Silence::NotFinite)),
            (&[f32::NEG_INFINITY; 2][..], Logits, Known, Logits, true, Some(Silence::NotFinite)),
            (&[f32::NEG_INFINITY, 1.0][..], Logits, Known, Logits, false, None),
        ];
        for (values, output, evidence, taken, doubt, silence) in cases {
            let found = answer(values, reading(output, evidence));
            assert_eq!((found.output, found.doubt, found.silence), (taken, doubt, silence), "{values:?}, {evidence:?}");
            assert_eq!(found.probabilities.is_empty(), silence.is_some());
        }
        assert_eq!(answer(&[0.25, 0.75], Reading::known(Softmax)).probabilities, [0.25, 0.75]);
        assert_eq!(answer(&[f32::NEG_INFINITY, 1.0], Reading::known(Logits)).probabilities, [0.0, 1.0]);
        // Scores of which one is three times as probable as the other, and a single one of yes against no.
        for scores in [&[2.0, 2.0 + 3.0_f32.ln()][..], &[3.0_f32.ln()]] {
            let probability = *answer(scores, Reading::known(Logits)).probabilities.last().unwrap();
            assert!((probability - 0.75).abs() < 1e-6, "{probability}");
        }
        let percent = Reading { whole: 100.0, ..reading(Logits, Values) };
        assert_eq!(answer(&[25.0, 75.0], percent).probabilities, [0.25, 0.75]);
    }

    /// Two thousandths beyond are still a probability, which is shown within its bounds, and three are none; of sums alike.
    #[test]
    fn what_was_rounded_is_still_a_probability() {
        use Output::{Logits, Sigmoid, Softmax};
        let taken = |values: &[f32], output, evidence| answer(values, reading(output, evidence)).output;
        assert_eq!(answer(&[-0.0015, 1.0015], Reading::known(Softmax)).probabilities, [0.0, 1.0]);
        assert_eq!(taken(&[-0.00205, 1.0], Softmax, Evidence::Known), Logits);
        assert_eq!(taken(&[0.0, 1.00205], Softmax, Evidence::Known), Logits);
        for (sum, output) in [(0.99805, Softmax), (1.00195, Softmax), (0.99795, Sigmoid), (1.00205, Sigmoid)] {
            assert_eq!(taken(&[0.5, sum - 0.5], Logits, Evidence::Values), output, "{sum}");
        }
    }

    #[test]
    fn outputs_have_names() {
        for output in [Output::Logits, Output::Softmax, Output::Sigmoid] {
            assert_eq!(Output::from_name(output.name()), Some(output));
        }
        assert_eq!(Output::from_name("tanh"), None);
        assert_eq!(Output::Sigmoid.name(), "sigmoid");
    }

    #[test]
    fn the_most_probable_come_first_with_their_probabilities() {
        let found = top(&[0.2, 0.7, 0.1], 2);
        assert_eq!(found, [Prediction { index: 1, probability: 0.7 }, Prediction { index: 0, probability: 0.2 }]);
        // The two zeros are equal.
        assert_eq!(top(&[-0.0, 0.0], 2)[0].index, 0);
    }
}
