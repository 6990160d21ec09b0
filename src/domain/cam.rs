//! Grad-CAM: where in the picture a class's score comes from, over all maps of a layer (Selvaraju et al. 2017, "Grad-CAM:
//! Visual Explanations from Deep Networks via Gradient-based Localization").

use super::enlarge::{Enlargement, Enlarger};
use super::tensor::{Tensor, TensorError};

/// What keeps pytorch-grad-cam from dividing by zero where no cell speaks for the class.
const EPSILON: f32 = 1e-7;

/// Where a class's score comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Cam {
    /// Of each map, how much the score rises with it: the mean over the cells of the score's derivative.
    pub weights: Vec<f32>,
    /// `max(0, Σ weight · map)` for each cell of the layer, `[1, 1, height, width]`.
    pub cells: Tensor,
}

/// The cam of a layer's maps and the derivatives of a class's score with respect to them, both `[1, channels, height, width]`.
///
/// # Errors
/// [`TensorError`] where one of the two is no set of maps.
pub fn cam(maps: &Tensor, gradient: &Tensor) -> Result<Cam, TensorError> {
    let (maps, gradient) = (maps.maps()?, gradient.maps()?);
    let area = maps.height() * maps.width();
    let mean = |map: usize| {
        let slopes = gradient.plane(map).unwrap_or_default();
        (slopes.iter().map(|&slope| f64::from(slope)).sum::<f64>() / area.max(1) as f64) as f32
    };
    let weights: Vec<f32> = (0..maps.channels()).map(mean).collect();
    let mut sums = vec![0.0_f64; area];
    for (map, &weight) in weights.iter().enumerate() {
        for (sum, &value) in sums.iter_mut().zip(maps.plane(map).unwrap_or_default()) {
            *sum += f64::from(weight) * f64::from(value);
        }
    }
    let cells = sums.into_iter().map(|sum| sum.max(0.0) as f32).collect();
    Ok(Cam { weights, cells: Tensor::new(vec![1, 1, maps.height(), maps.width()], cells)? })
}

impl Cam {
    /// The cells at the size `[height, width]` of the network's input, from 0 to 1, as pytorch-grad-cam returns them: scaled,
    /// enlarged bilinearly, and scaled once more, since no pixel need lie on the largest cell.
    ///
    /// # Errors
    /// Never for a cam that [`cam`] made.
    pub fn enlarged(&self, size: [usize; 2]) -> Result<Vec<f32>, TensorError> {
        let maps = self.cells.maps()?;
        let mut large = vec![0.0; size[0] * size[1]];
        let cells = scaled(self.cells.data());
        Enlarger::new([maps.height(), maps.width()], size, Enlargement::Bilinear).add(&cells, 1.0, &mut large);
        Ok(scaled(&large))
    }
}

/// From 0 for the smallest value to 1 for the largest.
fn scaled(values: &[f32]) -> Vec<f32> {
    let smallest = values.iter().copied().fold(f32::INFINITY, f32::min);
    let largest = values.iter().map(|value| value - smallest).fold(0.0, f32::max);
    values.iter().map(|value| (value - smallest) / (EPSILON + largest)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(channels: usize, values: &[f32]) -> Tensor {
        Tensor::new(vec![1, channels, 2, 2], values.to_vec()).unwrap()
    }

    #[test]
    fn maps_are_weighed_by_how_much_the_score_rises_with_them() {
        let maps = tensor(2, &[1.0, 2.0, 3.0, 4.0, 1.0, 0.0, 0.0, 2.0]);
        let gradient = tensor(2, &[2.0, 0.0, 0.0, 2.0, -3.0, -3.0, -3.0, -3.0]);
        let found = cam(&maps, &gradient).unwrap();
        assert_eq!(found.weights, [1.0, -3.0]);
        // 1 − 3, 2 − 0, 3 − 0 and 4 − 6; what speaks against the class counts as nothing.
        assert_eq!(found.cells.data(), [0.0, 2.0, 3.0, 0.0]);
        let pixels = found.enlarged([2, 2]).unwrap();
        assert!((pixels[1] - 2.0 / 3.0).abs() < 1e-6 && (pixels[2] - 1.0).abs() < 1e-6, "{pixels:?}");
    }

    #[test]
    fn a_class_that_nothing_speaks_for_is_zero_everywhere() {
        let found = cam(&tensor(1, &[1.0; 4]), &tensor(1, &[-1.0; 4])).unwrap();
        assert_eq!(found.enlarged([3, 5]).unwrap(), [0.0; 15]);
    }

    /// Of maps that are not square each cell counts once, and the smallest of cells that all speak for the class is the 0 of the scale.
    #[test]
    fn cells_are_scaled_from_the_smallest_to_the_largest() {
        let row = |values: &[f32]| Tensor::new(vec![1, 1, 1, 5], values.to_vec()).unwrap();
        let found = cam(&row(&[2.0, 4.0, 3.0, 10.0, 6.0]), &row(&[1.0, 2.0, 3.0, 4.0, 5.0])).unwrap();
        assert_eq!((&found.weights[..], found.cells.data()), (&[3.0][..], &[6.0, 12.0, 9.0, 30.0, 18.0][..]));
        assert_eq!(scaled(&[2.0, 6.0, 3.0]), [0.0, 1.0, 0.25]);
        // pytorch-grad-cam divides by 1e-7 more than the largest.
        assert!((scaled(&[0.0, 1e-7])[1] - 0.5).abs() < 1e-6);
        // A map of one cell.
        let one = |value: f32| Tensor::new(vec![1, 1, 1, 1], vec![value]).unwrap();
        assert_eq!(cam(&one(4.0), &one(3.0)).unwrap(), Cam { weights: vec![3.0], cells: one(12.0) });
        for (pixel, expected) in found.enlarged([1, 5]).unwrap().into_iter().zip([0.0, 0.25, 0.125, 1.0, 0.5]) {
            assert!((pixel - expected).abs() < 1e-6, "{pixel} {expected}");
        }
    }
}
