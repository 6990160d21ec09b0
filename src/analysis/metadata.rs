//! What a model file says about the pictures it takes, in the words of the ONNX standard or of Ultralytics.

use std::collections::BTreeMap;

use super::ultralytics;
use crate::domain::input_form::InputForm;
use crate::domain::recipe::{Channels, Recipe, Resize};

/// The key under which a file can hold a recipe of ours, written as JSON like that of a model card.
pub const RECIPE_KEY: &str = "featurescope.recipe";

/// The recipe that the standard's image metadata describe (`Image.NominalPixelRange` and `Image.BitmapPixelFormat`, whose keys and
/// values may be written in any case), or `None` where they say too little or do not fit the input. As the common recipes it
/// crops, since the metadata do not speak of sizes.
pub fn recipe(metadata: &BTreeMap<String, String>, form: &InputForm) -> Option<Recipe> {
    standard_recipe(metadata, form).or_else(|| ultralytics::recipe(metadata, form))
}

fn standard_recipe(metadata: &BTreeMap<String, String>, form: &InputForm) -> Option<Recipe> {
    let value = |wanted: &str| {
        let (_, value) = metadata.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted))?;
        Some(value.trim().to_ascii_lowercase())
    };
    let (scale, mean) = match value("Image.NominalPixelRange")?.as_str() {
        "nominalrange_0_255" => (1.0, 0.0),
        "normalized_0_1" => (1.0 / 255.0, 0.0),
        "normalized_1_1" => (1.0 / 127.5, 1.0),
        "nominalrange_16_235" => (219.0 / 255.0, -16.0),
        _ => return None,
    };
    let channels = match value("Image.BitmapPixelFormat").as_deref() {
        None => form.channels,
        Some("gray8") => Channels::Grey,
        Some("rgb8") => Channels::Rgb,
        Some("bgr8") => Channels::Bgr,
        Some(_) => return None,
    };
    let [height, width] = form.size;
    let plain = Recipe::of_size(height, width);
    let recipe = Recipe { resize: Resize::Crop, channels, scale, mean: vec![mean], layout: form.layout, ..plain };
    (channels.count() == form.channels.count()).then_some(recipe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::recipe::Layout;

    fn of(pairs: &[(&str, &str)], channels: Channels) -> Option<Recipe> {
        let metadata = pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect();
        recipe(&metadata, &InputForm { size: [64, 48], layout: Layout::Nhwc, channels })
    }

    #[test]
    fn the_range_decides_and_the_format_orders_the_channels() {
        let found =
            of(&[("image.nominalpixelrange", "normalized_1_1"), ("Image.BitmapPixelFormat", "Bgr8")], Channels::Rgb);
        let found = found.unwrap();
        assert_eq!(found.check(), Ok(()));
        assert_eq!((found.size, found.layout, found.channels), ([64, 48], Layout::Nhwc, Channels::Bgr));
        let ends = |recipe: &Recipe| [0.0, 255.0].map(|pixel| (pixel * recipe.scale - recipe.mean[0]) / recipe.std[0]);
        assert_eq!(ends(&found), [-1.0, 1.0]);
        let limited = of(&[("Image.NominalPixelRange", "NominalRange_16_235")], Channels::Grey).unwrap();
        assert_eq!((ends(&limited), limited.channels), ([16.0, 235.0], Channels::Grey));
    }

    #[test]
    fn what_says_too_little_or_does_not_fit_is_no_recipe() {
        assert_eq!(of(&[("Image.BitmapPixelFormat", "Bgr8")], Channels::Rgb), None);
        assert_eq!(of(&[("Image.NominalPixelRange", "any")], Channels::Rgb), None);
        let grey = [("Image.NominalPixelRange", "Normalized_0_1"), ("Image.BitmapPixelFormat", "Gray8")];
        assert_eq!(of(&grey, Channels::Rgb), None);
    }
}
