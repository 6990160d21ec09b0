//! A square picture that is drawn by gradient steps: every pixel is the sigmoid of a number that may become anything.

use super::ascent::{sigmoid, start};
use super::cubic::cubic;
use super::picture::{Picture, PictureError};
use super::recipe::{Channels, Layout, Recipe};
use super::tensor::{Tensor, TensorError};

/// Rec. 601 luminance, by which a picture becomes grey ([`apply`](super::recipe::apply) has it in fixed point).
const LUMINANCE: [f64; 3] = [0.299, 0.587, 0.114];

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
        Self { size, logits: cubic(&self.logits, [self.size; 2], [size; 2]) }
    }

    /// What the network sees: (255 · sigmoid(x) · scale − mean) / std, in the recipe's channels and layout. Its size and
    /// way to resize do not matter, since the canvas has its own.
    ///
    /// # Errors
    /// [`TensorError`] for a canvas beyond all memory.
    pub fn input(&self, recipe: &Recipe) -> Result<Tensor, TensorError> {
        let cells = self.size * self.size;
        let planes: Vec<Vec<f32>> = weights(recipe)
            .iter()
            .enumerate()
            .map(|(channel, weights)| {
                let shift = f64::from(recipe.mean.get(channel).copied().unwrap_or(0.0) as f32);
                let std = recipe.std.get(channel).copied().unwrap_or(1.0);
                let value = |cell: usize| {
                    let level: f64 = (0..3)
                        .map(|plane| weights[plane] * f64::from(sigmoid(self.logits[plane * cells + cell])))
                        .sum();
                    ((255.0 * level * recipe.scale - shift) / std) as f32
                };
                (0..cells).map(value).collect()
            })
            .collect();
        let side = self.size;
        match recipe.layout {
            Layout::Nchw => Tensor::new(vec![1, planes.len(), side, side], planes.concat()),
            Layout::Nhwc => {
                let pixels = (0..cells).flat_map(|cell| planes.iter().map(move |plane| plane[cell])).collect();
                Tensor::new(vec![1, side, side, planes.len()], pixels)
            }
        }
    }

    /// The gradient with respect to the logits, from that with respect to [`Self::input`], by the chain rule.
    pub fn gradient(&self, input: &Tensor, recipe: &Recipe) -> Vec<f32> {
        let cells = self.size * self.size;
        let weights = weights(recipe);
        let channels = weights.len();
        let mut gradient = vec![0.0; self.logits.len()];
        for (channel, weights) in weights.iter().enumerate() {
            let slope = 255.0 * recipe.scale / recipe.std.get(channel).copied().unwrap_or(1.0);
            for cell in 0..cells {
                let place = match recipe.layout {
                    Layout::Nchw => channel * cells + cell,
                    Layout::Nhwc => cell * channels + channel,
                };
                let given = f64::from(input.data().get(place).copied().unwrap_or(0.0));
                for (plane, weight) in weights.iter().enumerate() {
                    let level = f64::from(sigmoid(self.logits[plane * cells + cell]));
                    gradient[plane * cells + cell] += (given * slope * weight * level * (1.0 - level)) as f32;
                }
            }
        }
        gradient
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

    /// The standard deviation of the pixels from 0 to 255, over all channels: near zero for a picture that stayed grey.
    pub fn contrast(&self) -> f64 {
        let count = self.logits.len().max(1) as f64;
        let levels = || self.logits.iter().map(|&logit| 255.0 * f64::from(sigmoid(logit)));
        let mean = levels().sum::<f64>() / count;
        (levels().map(|level| (level - mean) * (level - mean)).sum::<f64>() / count).sqrt()
    }
}

/// For each channel of the input how much of red, green and blue is in it.
fn weights(recipe: &Recipe) -> Vec<[f64; 3]> {
    let [red, green, blue] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    match recipe.channels {
        Channels::Rgb => vec![red, green, blue],
        Channels::Bgr => vec![blue, green, red],
        Channels::Grey => vec![LUMINANCE],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::recipe::Resize;

    fn recipe(channels: Channels, layout: Layout) -> Recipe {
        let count = channels.count();
        Recipe {
            size: [2, 2],
            resize: Resize::Squash,
            channels,
            scale: 1.0 / 255.0,
            mean: vec![0.1, 0.2, 0.3][..count].to_vec(),
            std: vec![0.5, 0.25, 2.0][..count].to_vec(),
            layout,
        }
    }

    /// Central differences of a weighted sum of the input with respect to each logit.
    #[test]
    fn the_gradient_is_that_of_the_input() {
        for channels in [Channels::Rgb, Channels::Bgr, Channels::Grey] {
            for layout in [Layout::Nchw, Layout::Nhwc] {
                let recipe = recipe(channels, layout);
                let canvas = Canvas::of(2, (0..12).map(|i| (i as f32 - 6.0) / 3.0).collect());
                let input = canvas.input(&recipe).unwrap();
                let outer: Vec<f32> = (0..input.data().len()).map(|i| 1.0 + i as f32).collect();
                let sum = |canvas: &Canvas| -> f64 {
                    let input = canvas.input(&recipe).unwrap();
                    input.data().iter().zip(&outer).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
                };
                let found = canvas.gradient(&Tensor::new(input.shape().to_vec(), outer.clone()).unwrap(), &recipe);
                for (logit, found) in found.iter().enumerate() {
                    let at = |step: f32| {
                        let mut moved = canvas.clone();
                        moved.logits_mut()[logit] += step;
                        sum(&moved)
                    };
                    let expected = (at(0.01) - at(-0.01)) / 0.02;
                    assert!((f64::from(*found) - expected).abs() < 1e-3 * (1.0 + expected.abs()), "{found} {expected}");
                }
            }
        }
    }

    #[test]
    fn a_canvas_is_a_picture_of_its_size() {
        let canvas = Canvas::random(33, 3);
        assert_eq!((canvas.size(), canvas.logits().len()), (33, 3267));
        let picture = canvas.enlarged(39).picture().unwrap();
        assert_eq!((picture.width(), picture.height()), (39, 39));
        // Logits from 0.59 to 0.70 are pixels from 164 to 171.
        assert!(canvas.picture().unwrap().rgb().iter().all(|level| (163..=171).contains(level)));
        assert!(canvas.contrast() < 3.0);
        assert_eq!(Canvas::of(1, vec![-90.0, 0.0, 90.0]).picture().unwrap().rgb(), [0, 128, 255]);
    }
}
