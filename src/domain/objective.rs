//! The weights of an objective: what is to be made large in a picture, or whose gradient is asked for.
//!
//! An objective is a sum over the elements of one value, each times a weight. The weights are a tensor of the value's
//! shape; the gradient with respect to that value is the weights themselves.

use thiserror::Error;

use super::tensor::{Tensor, TensorError, element_count};

/// Why there are no such weights.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ObjectiveError {
    /// The value is not one set of maps, or too large.
    #[error(transparent)]
    Tensor(#[from] TensorError),
    #[error("there is no map {map}: the layer has {channels}, numbered from 0")]
    NoSuchMap { map: usize, channels: usize },
    #[error("there is no position {row}, {column} in a map of {height}×{width}")]
    NoSuchPosition { row: usize, column: usize, height: usize, width: usize },
    #[error("there is no class {class}: the model has {classes}, numbered from 0")]
    NoSuchClass { class: usize, classes: usize },
}

/// The mean of one map (numbered from 0) of a layer of shape `[1, channels, height, width]`.
///
/// # Errors
/// [`ObjectiveError::NoSuchMap`], and [`ObjectiveError::Tensor`] for any other shape.
pub fn mean_of_map(shape: &[usize], map: usize) -> Result<Tensor, ObjectiveError> {
    weighted_means(shape, &[(map, 1.0)])
}

/// The sum of one map.
///
/// # Errors
/// As [`mean_of_map`].
pub fn sum_of_map(shape: &[usize], map: usize) -> Result<Tensor, ObjectiveError> {
    weighted_sums(shape, &[(map, 1.0)])
}

/// The sum of the means of some maps, each `(map, weight)` times its weight. A map that is named twice counts twice.
///
/// # Errors
/// As [`mean_of_map`].
#[expect(clippy::cast_precision_loss, reason = "maps are smaller than 2^24 pixels")]
pub fn weighted_means(shape: &[usize], maps: &[(usize, f32)]) -> Result<Tensor, ObjectiveError> {
    let pixels: usize = shape.iter().skip(2).product();
    let shares: Vec<(usize, f32)> = maps.iter().map(|&(map, weight)| (map, weight / pixels.max(1) as f32)).collect();
    weighted_sums(shape, &shares)
}

/// One position of a map, by row and column from 0.
///
/// # Errors
/// [`ObjectiveError::NoSuchMap`] and [`ObjectiveError::NoSuchPosition`].
pub fn position(shape: &[usize], map: usize, row: usize, column: usize) -> Result<Tensor, ObjectiveError> {
    let mut weights = zeros(shape)?;
    let (channels, height, width) = sizes(&weights)?;
    if map >= channels {
        return Err(ObjectiveError::NoSuchMap { map, channels });
    }
    if row >= height || column >= width {
        return Err(ObjectiveError::NoSuchPosition { row, column, height, width });
    }
    weights.data_mut()[(map * height + row) * width + column] = 1.0;
    Ok(weights)
}

/// The score of one class (numbered from 0), for scores of any shape with one element for each class.
///
/// # Errors
/// [`ObjectiveError::NoSuchClass`].
pub fn class_score(shape: &[usize], class: usize) -> Result<Tensor, ObjectiveError> {
    weighted_scores(shape, &[(class, 1.0)])
}

/// The sum of some scores, each `(class, weight)` times its weight. A class that is named twice counts twice.
///
/// # Errors
/// As [`class_score`].
pub fn weighted_scores(shape: &[usize], scores: &[(usize, f32)]) -> Result<Tensor, ObjectiveError> {
    let mut weights = zeros(shape)?;
    let classes = weights.data().len();
    for &(class, weight) in scores {
        *weights.data_mut().get_mut(class).ok_or(ObjectiveError::NoSuchClass { class, classes })? += weight;
    }
    Ok(weights)
}

/// The same weight at every position of a map.
fn weighted_sums(shape: &[usize], maps: &[(usize, f32)]) -> Result<Tensor, ObjectiveError> {
    let mut weights = zeros(shape)?;
    let (channels, height, width) = sizes(&weights)?;
    let area = height * width;
    for &(map, weight) in maps {
        if map >= channels {
            return Err(ObjectiveError::NoSuchMap { map, channels });
        }
        weights.data_mut()[map * area..(map + 1) * area].iter_mut().for_each(|value| *value += weight);
    }
    Ok(weights)
}

fn sizes(tensor: &Tensor) -> Result<(usize, usize, usize), TensorError> {
    let maps = tensor.maps()?;
    Ok((maps.channels(), maps.height(), maps.width()))
}

fn zeros(shape: &[usize]) -> Result<Tensor, TensorError> {
    let count = element_count(shape).ok_or_else(|| TensorError::TooLarge { shape: shape.to_vec() })?;
    Tensor::new(shape.to_vec(), vec![0.0; count])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: [usize; 4] = [1, 3, 2, 2];

    #[test]
    fn the_weights_of_a_map_add_up_to_its_mean_or_sum() {
        let mean = mean_of_map(&SHAPE, 1).unwrap();
        assert_eq!(mean.data(), [0.0, 0.0, 0.0, 0.0, 0.25, 0.25, 0.25, 0.25, 0.0, 0.0, 0.0, 0.0]);
        let sum = sum_of_map(&SHAPE, 2).unwrap();
        assert_eq!(&sum.data()[7..], [0.0, 1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn several_maps_are_weighted_and_may_be_named_twice() {
        let weights = weighted_means(&SHAPE, &[(0, 2.0), (2, -4.0), (0, 2.0)]).unwrap();
        assert_eq!(weights.data(), [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, -1.0, -1.0, -1.0, -1.0]);
    }

    #[test]
    fn a_position_and_a_class_are_one_element() {
        let one = position(&SHAPE, 2, 1, 0).unwrap();
        assert_eq!(one.data().iter().position(|&weight| weight == 1.0), Some(10));
        assert_eq!(one.data().iter().sum::<f32>(), 1.0);
        assert_eq!(class_score(&[1, 3, 1, 1], 1).unwrap().data(), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn what_is_not_there_is_named() {
        assert_eq!(mean_of_map(&SHAPE, 3), Err(ObjectiveError::NoSuchMap { map: 3, channels: 3 }));
        assert_eq!(
            position(&SHAPE, 0, 2, 0),
            Err(ObjectiveError::NoSuchPosition { row: 2, column: 0, height: 2, width: 2 })
        );
        assert_eq!(class_score(&[1, 3], 3), Err(ObjectiveError::NoSuchClass { class: 3, classes: 3 }));
        assert!(matches!(sum_of_map(&[1, 3], 0), Err(ObjectiveError::Tensor(TensorError::NotMaps { .. }))));
        assert!(matches!(class_score(&[usize::MAX, 2], 0), Err(ObjectiveError::Tensor(TensorError::TooLarge { .. }))));
    }

    #[test]
    fn maps_need_not_be_square() {
        let shape = [1, 2, 3, 5];
        let one = position(&shape, 1, 2, 3).unwrap();
        // The second map begins at 15, and its third row at 25.
        assert_eq!(one.data().iter().position(|&weight| weight == 1.0), Some(28));
        let sum = sum_of_map(&shape, 1).unwrap();
        assert_eq!((&sum.data()[..15], &sum.data()[15..]), (&[0.0; 15][..], &[1.0; 15][..]));
        assert_eq!(mean_of_map(&shape, 0).unwrap().data()[..15], [1.0 / 15.0; 15]);
        assert_eq!(mean_of_map(&[1, 2, 1, 1], 1).unwrap().data(), [0.0, 1.0]);
        assert!(matches!(position(&shape, 0, 0, 5), Err(ObjectiveError::NoSuchPosition { column: 5, width: 5, .. })));
        assert!(matches!(position(&shape, 2, 0, 0), Err(ObjectiveError::NoSuchMap { map: 2, channels: 2 })));
    }
}
