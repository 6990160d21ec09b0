//! The guess rule: which recipe a classifier without a card was trained with.
//!
//! Photos with known labels are shown under each recipe, and the recipe under which the known labels get the most
//! probability is taken. Confidence alone would mislead: a network is often surest under a wrong recipe (SqueezeNet on a
//! photo of a cat: 0.88 with raw RGB, 0.50 with its own recipe, but of the wrong thing).

use super::order::order;

/// What the rule found. Recipes are named by their place in the list of candidates.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    pub best: usize,
    /// Second in score, for the page to offer; `None` with one candidate.
    pub runner_up: Option<usize>,
    /// The summed probability of the known labels for each candidate, from 0 to the number of photos.
    pub scores: Vec<f64>,
}

/// Scores each candidate recipe; `candidates[recipe][photo]` are the probabilities of all classes, and `known[photo]` are
/// the classes that count as right for a photo (a cat may be a tabby or a tiger cat). Equal scores: the earlier
/// candidate.
///
/// `None` where no candidate gives any known label a probability, so that there is nothing to choose by.
pub fn guess(candidates: &[Vec<Vec<f32>>], known: &[Vec<usize>]) -> Option<Guess> {
    let scores: Vec<f64> = candidates.iter().map(|photos| score(photos, known)).collect();
    // Equal scores stay in order, so that the earlier candidate comes first.
    let order = order(scores.len(), &|first, second| scores[second].total_cmp(&scores[first]));
    let best = *order.first()?;
    (scores[best] > 0.0).then(|| Guess { best, runner_up: order.get(1).copied(), scores })
}

fn score(photos: &[Vec<f32>], known: &[Vec<usize>]) -> f64 {
    let of_photo = |(probabilities, labels): (&Vec<f32>, &Vec<usize>)| -> f64 {
        labels
            .iter()
            .filter_map(|&label| probabilities.get(label))
            .filter(|value| value.is_finite())
            .map(|&value| f64::from(value))
            .sum()
    };
    photos.iter().zip(known).map(of_photo).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_labels_beat_confidence() {
        // The first recipe is surer, but of the wrong class.
        let sure = vec![vec![0.9, 0.05, 0.05], vec![0.88, 0.1, 0.02]];
        let right = vec![vec![0.3, 0.3, 0.4], vec![0.4, 0.5, 0.1]];
        let neither = vec![vec![0.5, 0.1, 0.1], vec![0.6, 0.2, 0.2]];
        let guess = guess(&[sure, right, neither], &[vec![1, 2], vec![1]]).unwrap();
        assert_eq!((guess.best, guess.runner_up), (1, Some(2)));
        for (score, expected) in guess.scores.iter().zip([0.2, 1.2, 0.4]) {
            assert!((score - expected).abs() < 1e-6, "{:?}", guess.scores);
        }
    }

    #[test]
    fn ties_go_to_the_earlier_and_nothing_known_decides_nothing() {
        let same = vec![vec![0.5, 0.5]];
        let tie = guess(&[same.clone(), same.clone()], &[vec![0]]).unwrap();
        assert_eq!((tie.best, tie.runner_up), (0, Some(1)));
        assert_eq!(guess(std::slice::from_ref(&same), &[vec![1]]).unwrap().runner_up, None);
        assert_eq!(guess(std::slice::from_ref(&same), &[vec![999]]), None);
        assert_eq!(guess(&[vec![vec![f32::NAN]]], &[vec![0]]), None);
        assert_eq!(guess(&[], &[vec![0]]), None);
        // A little is more than nothing.
        assert_eq!(guess(&[vec![vec![0.0]], vec![vec![0.001]]], &[vec![0]]).unwrap().best, 1);
    }
}
