//! A square picture that is drawn by gradient steps: every pixel is the sigmoid of a number that may become anything.

use featurescope_kernels::{levels, sigmoids};

use super::ascent::start;
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
        sigmoids(&self.logits)
    }

    /// The picture as it is shown.
    ///
    /// # Errors
    /// [`PictureError`] for a canvas beyond all memory.
    pub fn picture(&self) -> Result<Picture, PictureError> {
        Picture::new(self.size, self.size, levels(&self.pixels()))
    }

    /// The standard deviation of the pixels from 0 to 255, each channel's about its own mean: near zero for a picture of one
    /// colour.
    pub fn contrast(&self) -> f64 {
        let plane = (self.size * self.size).max(1);
        let variance = |pixels: &[f32]| {
            let levels = || pixels.iter().map(|&pixel| 255.0 * f64::from(pixel));
            let mean = levels().sum::<f64>() / plane as f64;
            levels().map(|level| (level - mean) * (level - mean)).sum::<f64>() / plane as f64
        };
        (self.pixels().chunks_exact(plane).map(variance).sum::<f64>() / 3.0).sqrt()
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

    #[test]
    fn a_canvas_is_three_planes_of_logits() {
        // What is missing counts as zero, which is grey.
        let canvas = Canvas::of(2, vec![3.0_f32.ln(), 0.0, 9.0, -9.0]);
        assert_eq!((canvas.logits().len(), canvas.pixels().len()), (12, 12));
        assert!((canvas.pixels()[0] - 0.75).abs() < 1e-6 && canvas.pixels()[4..] == [0.5; 8]);
        assert_eq!(canvas.picture().unwrap().rgb()[..6], [191, 128, 128, 128, 128, 128]);
        // Blurring and enlarging leave a flat canvas as it is and take from one that is not.
        let flat = Canvas::of(4, vec![0.75; 48]);
        assert!(
            flat.blurred(1.0)
                .logits()
                .iter()
                .chain(flat.enlarged(6).logits())
                .all(|&logit| (logit - 0.75).abs() < 1e-6)
        );
        let dot = Canvas::of(4, (0..48).map(|place| f32::from(u8::from(place == 5))).collect());
        let blurred = dot.blurred(1.0);
        assert!(blurred.logits()[5] < 0.5 && blurred.logits()[6] > 0.05 && blurred.logits()[16..] == [0.0; 32]);
        assert_eq!(dot.blurred(0.0), dot);
        assert_eq!(dot.enlarged(4), dot);
        let mut changed = dot.clone();
        changed.logits_mut()[5] = 0.0;
        assert_eq!(changed, Canvas::of(4, Vec::new()));
    }

    /// The root of the mean over the channels of their variances: half of the pixels of red at 63.75 and half at 191.25 are
    /// 63.75 off their mean, and the other channels are flat.
    #[test]
    fn contrast_is_the_deviation_from_each_channel_s_mean() {
        let logit = 3.0_f32.ln();
        let canvas = Canvas::of(2, vec![logit, -logit, -logit, logit, 1.0, 1.0, 1.0, 1.0, -2.0, -2.0, -2.0, -2.0]);
        assert!((canvas.contrast() - 63.75 / 3.0_f64.sqrt()).abs() < 1e-4, "{}", canvas.contrast());
    }
}
