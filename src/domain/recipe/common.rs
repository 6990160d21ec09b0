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
    use crate::domain::recipe::Layout;

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
}
