//! The recipes that most published networks were trained with.

use super::{Channels, Recipe, Resize};
use crate::domain::input_form::InputForm;

/// A recipe by the name of who made it common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommonRecipe {
    /// Pixels from 0 to 1, minus ImageNet's mean, over its standard deviation.
    Torchvision,
    /// Keras' mode "caffe": BGR from 0 to 255 minus ImageNet's mean.
    KerasCaffe,
    /// Keras' mode "tf": from −1 to 1.
    KerasTf,
    /// From 0 to 1.
    ZeroOne,
    /// From 0 to 255 as they are.
    Raw,
}

impl CommonRecipe {
    /// All of them, in the order in which a tie of the guess rule is decided.
    pub const ALL: [Self; 5] = [Self::Torchvision, Self::KerasCaffe, Self::KerasTf, Self::ZeroOne, Self::Raw];

    /// The name for cards and lists.
    pub fn name(self) -> &'static str {
        match self {
            Self::Torchvision => "torchvision",
            Self::KerasCaffe => "keras-caffe",
            Self::KerasTf => "keras-tf",
            Self::ZeroOne => "zero-one",
            Self::Raw => "raw",
        }
    }

    /// The recipe of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|recipe| recipe.name() == name)
    }

    /// The recipe for a network that takes pictures of this form. One channel gets the average of the means, and of the
    /// standard deviations, of the three.
    ///
    /// All of them crop, as the published networks are evaluated, and so that the guess rule compares the numbers alone: with a
    /// squash for some, EfficientNet-Lite0 would look like a network of torchvision's (`tests/goldens/photos.rs`).
    pub fn recipe(self, form: &InputForm) -> Recipe {
        let [height, width] = form.size;
        let grey = form.channels == Channels::Grey;
        let channels = |colour: Channels| if grey { Channels::Grey } else { colour };
        let values = |values: [f64; 3]| if grey { vec![values.iter().sum::<f64>() / 3.0] } else { values.to_vec() };
        let plain = Recipe {
            channels: channels(Channels::Rgb),
            layout: form.layout,
            resize: Resize::Crop,
            ..Recipe::of_size(height, width)
        };
        match self {
            // torchvision.transforms' documented values for its ImageNet weights.
            Self::Torchvision => Recipe {
                scale: 1.0 / 255.0,
                mean: values([0.485, 0.456, 0.406]),
                std: values([0.229, 0.224, 0.225]),
                ..plain
            },
            // keras.applications.imagenet_utils.preprocess_input, in the order blue, green, red.
            Self::KerasCaffe => {
                Recipe { channels: channels(Channels::Bgr), mean: values([103.939, 116.779, 123.68]), ..plain }
            }
            Self::KerasTf => Recipe { scale: 1.0 / 127.5, mean: vec![1.0], ..plain },
            Self::ZeroOne => Recipe { scale: 1.0 / 255.0, ..plain },
            Self::Raw => plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::picture::Picture;
    use crate::domain::recipe::{Layout, apply};

    #[test]
    fn all_can_be_used_for_every_form() {
        for channels in [Channels::Rgb, Channels::Grey] {
            for layout in [Layout::Nchw, Layout::Nhwc] {
                for common in CommonRecipe::ALL {
                    let recipe = common.recipe(&InputForm { size: [9, 12], layout, channels });
                    assert_eq!(recipe.check(), Ok(()));
                    assert_eq!((recipe.size, recipe.layout), ([9, 12], layout));
                    assert_eq!(recipe.channels.count(), channels.count());
                    assert_eq!(CommonRecipe::from_name(common.name()), Some(common));
                }
            }
        }
    }

    /// What each gives for an orange pixel (255, 128, 0), and for its luminance, which Pillow has as 151: torchvision's
    /// `Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])` of its documentation, and Keras'
    /// `preprocess_input`, "caffe" (minus 103.939, 116.779 and 123.68 from blue on) and "tf" (over 127.5, minus 1).
    #[test]
    fn values_as_published() {
        let cases = [
            (CommonRecipe::Torchvision, [2.248_908, 0.205_182, -1.804_444], 0.633_437),
            (CommonRecipe::KerasCaffe, [-103.939, 11.221, 131.32], 36.200_67),
            (CommonRecipe::KerasTf, [1.0, 0.003_922, -1.0], 0.184_314),
            (CommonRecipe::ZeroOne, [1.0, 0.501_961, 0.0], 0.592_157),
            (CommonRecipe::Raw, [255.0, 128.0, 0.0], 151.0),
        ];
        let orange = Picture::new(1, 1, vec![255, 128, 0]).unwrap();
        for (common, colour, grey) in cases {
            for (channels, expected) in [(Channels::Rgb, colour.to_vec()), (Channels::Grey, vec![grey])] {
                let recipe = common.recipe(&InputForm { size: [1, 1], layout: Layout::Nchw, channels });
                assert_eq!(recipe.resize, Resize::Crop);
                let found = apply(&orange, &recipe).unwrap().input.into_data();
                assert_eq!(found.len(), expected.len());
                for (found, expected) in found.into_iter().zip(expected) {
                    assert!((found - expected).abs() < 2e-5, "{common:?}: {found} {expected}");
                }
            }
        }
        assert_eq!(CommonRecipe::from_name("keras"), None);
    }
}
