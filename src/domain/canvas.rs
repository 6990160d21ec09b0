//! A square picture that is drawn by gradient steps: every pixel is the sigmoid of a number that may become anything.

use super::ascent::{sigmoid, start};
use super::blur::blur;
use super::cubic::cubic;
use super::picture::{Picture, PictureError};

/// Red, green and blue planes of logits.
#[derive(Debug, Clone, PartialEq)]
pub struct Canvas {
    size: usize,
    logits: Vec<f32>,
}

impl Canvas {
    /// The article's start; see [`start`].
    pub fn random(size: usize, seed: u64) -> Self {
        Self { size, logits: start(3 * size * size, seed) }
    }

    /// A canvas from logits, three planes of `size × size`; too few of them count as zero.
    pub fn of(size: usize, mut logits: Vec<f32>) -> Self {
        logits.resize(3 * size * size, 0.0);
        Self { size, logits }
    }

    /// Pixels of a side.
    pub fn size(&self) -> usize {
        self.size
    }

    pub fn logits(&self) -> &[f32] {
        &self.logits
    }

    pub fn logits_mut(&mut self) -> &mut [f32] {
        &mut self.logits
    }

    /// The same picture in another size: the logits are enlarged by cubic convolution.
    #[must_use]
    pub fn enlarged(&self, size: usize) -> Self {
        Self { size, logits: cubic([self.size; 2], [size; 2]).apply(&self.logits) }
    }

    /// Blurred by a Gaussian of this standard deviation in pixels.
    #[must_use]
    pub fn blurred(&self, deviation: f64) -> Self {
        Self { size: self.size, logits: blur(self.size, deviation).apply(&self.logits) }
    }

    /// The pixels, from 0 to 1.
    pub fn pixels(&self) -> Vec<f32> {
        self.logits.iter().map(|&logit| sigmoid(logit)).collect()
    }

    /// The picture as it is shown.
    ///
    /// # Errors
    /// [`PictureError`] for a canvas beyond all memory.
    pub fn picture(&self) -> Result<Picture, PictureError> {
        let cells = self.size * self.size;
        let level = |logit: f32| (255.0 * sigmoid(logit)).round() as u8;
        let rgb =
            (0..cells).flat_map(|cell| (0..3).map(move |plane| level(self.logits[plane * cells + cell]))).collect();
        Picture::new(self.size, self.size, rgb)
    }

    /// The standard deviation of the pixels from 0 to 255, each channel's about its own mean: near zero for a picture of one
    /// colour.
    pub fn contrast(&self) -> f64 {
        let plane = (self.size * self.size).max(1);
        let variance = |logits: &[f32]| {
            let levels = || logits.iter().map(|&logit| 255.0 * f64::from(sigmoid(logit)));
            let mean = levels().sum::<f64>() / plane as f64;
            levels().map(|level| (level - mean) * (level - mean)).sum::<f64>() / plane as f64
        };
        (self.logits.chunks_exact(plane).map(variance).sum::<f64>() / 3.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canvas_is_a_picture_of_its_size() {
        let canvas = Canvas::random(33, 3);
        assert_eq!((canvas.size(), canvas.logits().len()), (33, 3267));
        let picture = canvas.enlarged(39).picture().unwrap();
        assert_eq!((picture.width(), picture.height()), (39, 39));
        // Logits from 0.59 to 0.70 are pixels from 164 to 171.
        assert!(canvas.picture().unwrap().rgb().iter().all(|level| (163..=171).contains(level)));
        assert!(canvas.contrast() < 3.0);
        // Flat red has no pattern, and stripes of one channel are one.
        let red = [vec![9.0; 16], vec![-9.0; 32]].concat();
        assert!(Canvas::of(4, red).contrast() < 1e-3);
        let stripes = (0..48).map(|place| if place < 16 && place % 2 == 0 { 9.0 } else { -9.0 }).collect();
        assert!(Canvas::of(4, stripes).contrast() > 70.0);
        assert_eq!(Canvas::of(1, vec![-90.0, 0.0, 90.0]).picture().unwrap().rgb(), [0, 128, 255]);
    }
}
