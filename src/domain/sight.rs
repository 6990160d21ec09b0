//! From the pixels of a drawing to what the network sees of them, and from the network's gradient back to the pixels.

use super::recipe::{Channels, Layout, Recipe};
use super::tensor::{Tensor, TensorError};

/// Rec. 601 luminance, by which a picture becomes grey ([`apply`](super::recipe::apply) has it in fixed point).
const LUMINANCE: [f64; 3] = [0.299, 0.587, 0.114];

/// The input for three square planes of pixels from 0 to 1: (255 · pixel · scale − mean) / std, in the recipe's channels and
/// layout. Its size and way to resize do not matter, since a drawing has its own.
///
/// # Errors
/// [`TensorError`] where the planes do not have this side.
pub fn input(pixels: &[f32], side: usize, recipe: &Recipe) -> Result<Tensor, TensorError> {
    let cells = side * side;
    let planes: Vec<Vec<f32>> = weights(recipe)
        .iter()
        .enumerate()
        .map(|(channel, weights)| {
            let (mean, std) = recipe.mean_and_std(channel);
            let shift = f64::from(mean as f32);
            let used: Vec<(&[f32], f64)> =
                used(weights).map(|(plane, weight)| (&pixels[plane * cells..], weight)).collect();
            let value = |cell: usize| {
                let level: f64 = used.iter().map(|(plane, weight)| weight * f64::from(plane[cell])).sum();
                ((255.0 * level * recipe.scale - shift) / std) as f32
            };
            (0..cells).map(value).collect()
        })
        .collect();
    match recipe.layout {
        Layout::Nchw => Tensor::new(vec![1, planes.len(), side, side], planes.concat()),
        Layout::Nhwc => {
            let pixels = (0..cells).flat_map(|cell| planes.iter().map(move |plane| plane[cell])).collect();
            Tensor::new(vec![1, side, side, planes.len()], pixels)
        }
    }
}

/// The gradient with respect to the pixels, from that with respect to [`input`].
pub fn gradient(input: &Tensor, side: usize, recipe: &Recipe) -> Vec<f64> {
    let cells = side * side;
    let weights = weights(recipe);
    let channels = weights.len();
    let mut gradient = vec![0.0; 3 * cells];
    for (channel, weights) in weights.iter().enumerate() {
        let slope = 255.0 * recipe.scale / recipe.mean_and_std(channel).1;
        let (first, step) = match recipe.layout {
            Layout::Nchw => (channel * cells, 1),
            Layout::Nhwc => (channel, channels),
        };
        for (plane, weight) in used(weights) {
            let values = input.data().iter().skip(first).step_by(step);
            let sums = gradient[plane * cells..].iter_mut().take(cells);
            sums.zip(values).for_each(|(sum, &value)| *sum += f64::from(value) * slope * weight);
        }
    }
    gradient
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

/// The planes that count, with their weights.
fn used(weights: &[f64; 3]) -> impl Iterator<Item = (usize, f64)> {
    weights.iter().copied().enumerate().filter(|&(_, weight)| weight != 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::input_form::InputForm;
    use crate::domain::picture::Picture;
    use crate::domain::recipe::common::CommonRecipe;
    use crate::domain::recipe::{Resize, apply};

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
            ..Recipe::of_size(2, 2)
        }
    }

    /// Central differences of a weighted sum of the input with respect to each pixel.
    #[test]
    fn the_gradient_is_that_of_the_input() {
        for channels in [Channels::Rgb, Channels::Bgr, Channels::Grey] {
            for layout in [Layout::Nchw, Layout::Nhwc] {
                let recipe = recipe(channels, layout);
                let pixels: Vec<f32> = (0..12).map(|place| place as f32 / 12.0).collect();
                let seen = input(&pixels, 2, &recipe).unwrap();
                let outer: Vec<f32> = (0..seen.data().len()).map(|place| 1.0 + place as f32).collect();
                let found = gradient(&Tensor::new(seen.shape().to_vec(), outer.clone()).unwrap(), 2, &recipe);
                for (place, found) in found.iter().enumerate() {
                    let at = |step: f32| {
                        let mut moved = pixels.clone();
                        moved[place] += step;
                        let seen = input(&moved, 2, &recipe).unwrap();
                        seen.data().iter().zip(&outer).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>()
                    };
                    let expected = (at(0.01) - at(-0.01)) / 0.02;
                    assert!((found - expected).abs() < 1e-3 * (1.0 + expected.abs()), "{found} {expected}");
                }
            }
        }
    }

    /// Pixels that a picture can have are seen in a drawing as they are in a photo, by every recipe: with a mean and a standard
    /// deviation for each channel, or with one for all.
    #[test]
    fn a_drawing_is_seen_as_a_photo_of_the_same_pixels() {
        let rgb: Vec<u8> = (0..12).map(|place| place * 21).collect();
        let picture = Picture::new(2, 2, rgb.clone()).unwrap();
        let planes: Vec<f32> =
            (0..3).flat_map(|plane| rgb.iter().skip(plane).step_by(3).map(|&level| f32::from(level) / 255.0)).collect();
        for channels in [Channels::Rgb, Channels::Bgr, Channels::Grey] {
            for layout in [Layout::Nchw, Layout::Nhwc] {
                let form = InputForm { size: [2, 2], layout, channels };
                let own = recipe(channels, layout);
                let alike = Recipe { mean: vec![0.4], std: vec![0.25], ..own.clone() };
                for recipe in [own, alike].into_iter().chain(CommonRecipe::ALL.map(|common| common.recipe(&form))) {
                    let recipe = Recipe { resize: Resize::Squash, ..recipe };
                    let (photo, drawn) = (apply(&picture, &recipe).unwrap().input, input(&planes, 2, &recipe).unwrap());
                    assert_eq!(photo.shape(), drawn.shape());
                    // A photo's luminance is rounded to a whole level; nothing of the others is.
                    let level = 255.0 * recipe.scale / recipe.mean_and_std(0).1;
                    let off = level * if recipe.channels == Channels::Grey { 0.51 } else { 1e-4 };
                    for (photo, drawn) in photo.data().iter().zip(drawn.data()) {
                        assert!(f64::from((photo - drawn).abs()) <= off, "{recipe:?}: {photo} {drawn}");
                    }
                }
            }
        }
    }

    /// Rec. 601: of red 0.2, green 0.4 and blue 0.9 the luminance is 0.3972.
    #[test]
    fn values_by_hand() {
        let seen = |channels, scale| {
            let recipe = Recipe { scale, ..recipe(channels, Layout::Nchw) };
            input(&[0.2, 0.4, 0.9], 1, &recipe).unwrap().into_data()
        };
        let cases = [
            (Channels::Rgb, 1.0, vec![0.2, 0.8, 0.3]),
            (Channels::Bgr, 1.0, vec![1.6, 0.8, -0.05]),
            (Channels::Grey, 1.0, vec![0.5944]),
            (Channels::Rgb, 2.0, vec![0.6, 2.4, 0.75]),
        ];
        for (channels, scale, expected) in cases {
            for (found, expected) in seen(channels, scale / 255.0).into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-6, "{channels:?}: {found} {expected}");
            }
        }
    }
}
