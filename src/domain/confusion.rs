//! Which class a network takes the images of each class for.

use super::predictions::Output;

/// The least probability at which a network whose classes do not exclude each other says a class at all.
const SAID: f32 = 0.5;

/// The output that stands for an image: the most probable one, of equals the first. `None` where the network says nothing:
/// no output, or, with [`Output::Sigmoid`] and where there is a single output, none of at least one half.
pub fn said(probabilities: &[f32], output: Output) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (index, &probability) in probabilities.iter().enumerate() {
        if best.is_none_or(|(_, largest)| probability > largest) && !probability.is_nan() {
            best = Some((index, probability));
        }
    }
    let exclusive = output != Output::Sigmoid && probabilities.len() > 1;
    best.filter(|&(_, largest)| exclusive || largest >= SAID).map(|(index, _)| index)
}

/// For each class, how many of its images are taken for each class; the last column is for everything else.
///
/// `said` holds, for each class, the output that stands for each image. `ties` says which outputs belong to each class; an
/// output that is tied to several belongs to the first.
pub fn confusion(said: &[Vec<Option<usize>>], ties: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let column = |output: &Option<usize>| {
        output.and_then(|output| ties.iter().position(|tied| tied.contains(&output))).unwrap_or(ties.len())
    };
    let row = |images: &Vec<Option<usize>>| {
        let mut counts = vec![0; ties.len() + 1];
        for output in images {
            counts[column(output)] += 1;
        }
        counts
    };
    said.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_network_says() {
        assert_eq!(said(&[0.1, 0.4, 0.4], Output::Softmax), Some(1));
        assert_eq!(said(&[0.1, 0.4, 0.4], Output::Sigmoid), None);
        // Two that exclude each other may both be below a half, by rounding.
        assert_eq!(said(&[0.499, 0.4985], Output::Softmax), Some(0));
        assert_eq!(said(&[f32::NAN, 0.5], Output::Sigmoid), Some(1));
        assert_eq!([said(&[0.4], Output::Logits), said(&[0.6], Output::Logits)], [None, Some(0)]);
        assert_eq!(said(&[], Output::Logits), None);
    }

    #[test]
    fn every_image_is_in_one_place_of_its_class() {
        let said = [vec![Some(0), Some(3), None, Some(9)], vec![], vec![Some(4), Some(4)]];
        let ties = [vec![0, 1], vec![3], vec![3, 4]];
        assert_eq!(confusion(&said, &ties), [vec![1, 1, 0, 2], vec![0, 0, 0, 0], vec![0, 0, 2, 0]]);
        assert_eq!(confusion(&said[..1], &[]), [vec![4]]);
    }
}
