//! How a picture becomes the input where neither a card nor the file says it in words: what the graph itself does to its input
//! tells what it expects.

use crate::domain::input_form::InputForm;
use crate::domain::recipe::Recipe;
use crate::domain::recipe::common::CommonRecipe;
use crate::onnx::entrance::{Entrance, entrance};
use crate::onnx::graph::Graph;
use crate::onnx::read::Model;

/// The recipe for a model about which nothing is known.
pub fn default_recipe(form: &InputForm) -> Recipe {
    CommonRecipe::Torchvision.recipe(form)
}

/// The recipe of a network that takes whole numbers, or normalises its input itself: pixels as they are, from 0 to 255 or from 0
/// to 1, squashed to its size as Keras loads a picture. `graph` is the model's, with constants computed.
pub fn own_recipe(model: &Model, graph: &Graph, form: &InputForm) -> Option<(CommonRecipe, Recipe)> {
    let taken = if model.takes_integers { Some(Taken::Levels) } else { entrance(graph).as_ref().and_then(taken) };
    let [height, width] = form.size;
    let plain = Recipe { channels: form.channels, layout: form.layout, ..Recipe::of_size(height, width) };
    Some(match taken? {
        Taken::Levels => (CommonRecipe::Raw, plain),
        Taken::Shares => (CommonRecipe::ZeroOne, Recipe { scale: 1.0 / 255.0, ..plain }),
        Taken::Signed => (CommonRecipe::KerasTf, Recipe { scale: 1.0 / 127.5, mean: vec![1.0], ..plain }),
    })
}

/// What numbers stand for the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// From 0 to 255.
    Levels,
    /// From 0 to 1.
    Shares,
    /// From −1 to 1.
    Signed,
}

/// What a network takes that makes this of its input. Networks are trained on numbers of a few units around zero, or on levels
/// less their mean (of Keras' mode "caffe"); a normalization of what has been normalised already tells nothing.
fn taken(entrance: &Entrance) -> Option<Taken> {
    let mean = |numbers: &[f32]| numbers.iter().sum::<f32>() / numbers.len().max(1) as f32;
    let (factor, offset) = (mean(&entrance.factor).abs(), mean(&entrance.offset));
    match factor {
        // 1/255 · 1/std is .017, 1/255 is .004.
        0.002..=0.05 => Some(Taken::Levels),
        // A mean of levels is taken off.
        0.5..2.0 if offset.abs() > 20.0 => Some(Taken::Levels),
        // 1/std is 4.4, and 2x − 1 makes −1 to 1 of 0 to 1.
        1.5..=20.0 => Some(Taken::Shares),
        0.5..1.5 if (0.2..=0.8).contains(&offset.abs()) => Some(Taken::Shares),
        // Back to levels: from −1 to 1, or from 0 to 1.
        100.0..150.0 if (offset - factor).abs() <= 0.05 * factor => Some(Taken::Signed),
        200.0..=300.0 => Some(Taken::Shares),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(factor: &[f32], offset: &[f32]) -> Option<Taken> {
        taken(&Entrance { factor: factor.to_vec(), offset: offset.to_vec() })
    }

    #[test]
    fn what_frameworks_write_before_the_first_layer() {
        // Keras: Rescaling(1/255), Rescaling(1/127.5, -1), EfficientNet's normalization, mode "caffe".
        assert_eq!(of(&[1.0 / 255.0], &[0.0]), Some(Taken::Levels));
        assert_eq!(of(&[1.0 / 127.5], &[-1.0]), Some(Taken::Levels));
        let std = [0.229_f32, 0.224, 0.225];
        let mean = [0.485_f32, 0.456, 0.406];
        let shift: Vec<f32> = mean.iter().zip(std).map(|(mean, std)| -mean / std).collect();
        assert_eq!(of(&std.map(|std| 1.0 / 255.0 / std), &shift), Some(Taken::Levels));
        assert_eq!(of(&[1.0], &[-103.9, -116.8, -123.7]), Some(Taken::Levels));
        // torchvision's transform of what ToTensor gives, and x · 2 − 1.
        assert_eq!(of(&std.map(|std| 1.0 / std), &shift), Some(Taken::Shares));
        assert_eq!(of(&[2.0], &[-1.0]), Some(Taken::Shares));
        assert_eq!(of(&[1.0], &[-0.5]), Some(Taken::Shares));
        assert_eq!(of(&[255.0], &[-104.0, -117.0, -124.0]), Some(Taken::Shares));
        assert_eq!(of(&[127.5], &[127.5]), Some(Taken::Signed));
        // Inverted levels, and a normalization of what is normalised.
        assert_eq!(of(&[-1.0 / 255.0], &[1.0]), Some(Taken::Levels));
        assert_eq!(of(&[1.02, 0.98, 1.0], &[0.01, -0.03, 0.0]), None);
    }
}
