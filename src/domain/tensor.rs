//! A dense tensor of `f32` in row-major order, checked when it is made.

use thiserror::Error;

/// A shape that does not fit its data, or a shape that is too large to exist.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TensorError {
    /// The number of values differs from the product of the shape.
    #[error("a tensor of shape {shape:?} needs {expected} values, but {actual} were given")]
    Length { shape: Vec<usize>, expected: usize, actual: usize },
    /// The product of the shape does not fit into `usize`.
    #[error("a tensor of shape {shape:?} is too large")]
    TooLarge { shape: Vec<usize> },
    /// Something that has to be one picture or one set of feature maps has another number of dimensions, or a batch.
    #[error("expected a tensor of shape [1, channels, height, width], but got {shape:?}")]
    NotMaps { shape: Vec<usize> },
}

/// The number of values in a tensor of this shape, or `None` where that overflows.
pub fn element_count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |count, &dimension| count.checked_mul(dimension))
}

/// A dense row-major tensor. Pictures and feature maps are `[1, channels, height, width]` (NCHW).
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    shape: Vec<usize>,
    data: Vec<f32>,
}

impl Tensor {
    /// Joins a shape and its values.
    ///
    /// # Errors
    /// [`TensorError::Length`] where the number of values differs from the product of the shape.
    pub fn new(shape: Vec<usize>, data: Vec<f32>) -> Result<Self, TensorError> {
        let Some(expected) = element_count(&shape) else {
            return Err(TensorError::TooLarge { shape });
        };
        if expected != data.len() {
            return Err(TensorError::Length { shape, expected, actual: data.len() });
        }
        Ok(Self { shape, data })
    }

    /// The size of each dimension.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// All values in row-major order.
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// All values in row-major order, to be changed in place.
    pub fn data_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// Takes the values out.
    pub fn into_data(self) -> Vec<f32> {
        self.data
    }

    /// Looks at a `[1, channels, height, width]` tensor as feature maps.
    ///
    /// # Errors
    /// [`TensorError::NotMaps`] for any other number of dimensions, or a batch other than 1.
    pub fn maps(&self) -> Result<Maps<'_>, TensorError> {
        match self.shape[..] {
            [1, channels, height, width] => Ok(Maps { data: &self.data, channels, height, width }),
            _ => Err(TensorError::NotMaps { shape: self.shape.clone() }),
        }
    }
}

/// The feature maps of one layer for one picture: `channels` planes of `height × width` values each.
#[derive(Debug, Clone, Copy)]
pub struct Maps<'a> {
    data: &'a [f32],
    channels: usize,
    height: usize,
    width: usize,
}

impl<'a> Maps<'a> {
    /// How many maps the layer has.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Rows of each map.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Columns of each map.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The values of map `map` (numbered from 0) in row-major order, or `None` where the layer has no such map.
    pub fn plane(&self, map: usize) -> Option<&'a [f32]> {
        let area = self.height * self.width;
        (map < self.channels).then(|| &self.data[map * area..(map + 1) * area])
    }

    /// All maps in order.
    pub fn planes(&self) -> impl ExactSizeIterator<Item = &'a [f32]> + use<'a> {
        let area = self.height * self.width;
        let data = self.data;
        (0..self.channels).map(move |map| &data[map * area..(map + 1) * area])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_that_does_not_fit_is_refused() {
        assert!(matches!(
            Tensor::new(vec![2, 2], vec![0.0; 3]),
            Err(TensorError::Length { expected: 4, actual: 3, .. })
        ));
        assert!(matches!(Tensor::new(vec![usize::MAX, 2], vec![]), Err(TensorError::TooLarge { .. })));
    }

    #[test]
    fn planes_are_the_channels_in_order() {
        let tensor = Tensor::new(vec![1, 2, 1, 2], vec![1.0, 2.0, 3.0, 4.0]).unwrap();
        let maps = tensor.maps().unwrap();
        assert_eq!(maps.planes().collect::<Vec<_>>(), [[1.0, 2.0], [3.0, 4.0]]);
        assert_eq!(maps.plane(1), Some(&[3.0, 4.0][..]));
        assert_eq!(maps.plane(2), None);
    }

    #[test]
    fn maps_are_those_of_one_picture() {
        let tensor = Tensor::new(vec![2, 1, 1, 3], vec![0.0; 6]).unwrap();
        assert_eq!(tensor.maps().unwrap_err(), TensorError::NotMaps { shape: vec![2, 1, 1, 3] });
        let mut tensor = Tensor::new(vec![1, 1, 2, 3], vec![0.0; 6]).unwrap();
        tensor.data_mut()[4] = 7.0;
        let maps = tensor.maps().unwrap();
        assert_eq!((maps.channels(), maps.height(), maps.width()), (1, 2, 3));
        assert_eq!((tensor.shape(), tensor.data()), (&[1, 1, 2, 3][..], &[0.0, 0.0, 0.0, 0.0, 7.0, 0.0][..]));
        assert_eq!(tensor.into_data()[4], 7.0);
        // No dimensions are one value.
        assert_eq!(
            (element_count(&[]), element_count(&[usize::MAX, 2]), element_count(&[3, 0])),
            (Some(1), None, Some(0))
        );
    }
}
