//! The switch "as the article": what FeatureMapVisualizer 1.0.6 and the article written with it do, in one place.

use super::input_form::InputForm;
use super::overlay::{OverlayOptions, Scale, Style};
use super::recipe::common::CommonRecipe;
use super::recipe::{Recipe, Resize};

/// How many top maps the article takes of each image (N1).
pub const MAPS_PER_IMAGE: usize = 25;

/// How many top maps the article keeps of each class (N2).
pub const MAPS_PER_CLASS: usize = 25;

/// The article's recipe: pixels from 0 to 1, squashed to the input, without ImageNet's mean and standard deviation. For
/// 224 × 224 unless the network has another fixed size.
pub fn recipe(form: &InputForm) -> Recipe {
    Recipe { resize: Resize::Squash, ..CommonRecipe::ZeroOne.recipe(form) }
}

/// The article's overlay, image · clip(gain · value, 0, 1), with the values as they are. The maps of residual networks
/// are weaker, so those get a gain of 2 and all others 1.
pub fn overlay(residual: bool, width: usize, height: usize) -> OverlayOptions {
    OverlayOptions {
        style: Style::Multiply,
        scale: Scale::By(1.0),
        gain: if residual { 2.0 } else { 1.0 },
        width,
        height,
        ..OverlayOptions::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::recipe::{Channels, Layout};

    #[test]
    fn as_the_article() {
        let form = InputForm { size: [224, 224], layout: Layout::Nchw, channels: Channels::Rgb };
        let recipe = recipe(&form);
        assert_eq!((recipe.resize, recipe.size, recipe.mean[0], recipe.std[0]), (Resize::Squash, [224, 224], 0.0, 1.0));
        assert!((recipe.scale * 255.0 - 1.0).abs() < 1e-12);
        let options = overlay(true, 224, 224);
        assert_eq!((options.style, options.scale, options.gain), (Style::Multiply, Scale::By(1.0), 2.0));
        let plain = overlay(false, 320, 240);
        assert_eq!((plain.gain, plain.width, plain.height), (1.0, 320, 240));
        assert_eq!((MAPS_PER_IMAGE, MAPS_PER_CLASS), (25, 25));
    }
}
