//! What the shape of a network's input says about the pictures it takes.

use thiserror::Error;

use super::recipe::{Channels, Layout, MAX_SIDE};

/// The side that a network with a free size gets: ImageNet's usual one.
pub const DEFAULT_SIDE: usize = 224;

/// The pictures that a network takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputForm {
    /// Height and width in pixels.
    pub size: [usize; 2],
    pub layout: Layout,
    /// [`Channels::Rgb`] for three channels, since a shape does not tell their order, or [`Channels::Grey`] for one.
    pub channels: Channels,
}

/// An input that takes no pictures.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InputFormError {
    /// Not batch, channels and two sides in any order.
    #[error(
        "The model's input has the shape {}. One with four dimensions is needed: batch, channels, height and width.",
        display(shape)
    )]
    Rank { shape: Vec<Option<usize>> },
    /// Neither of the places for channels holds so few that they could be a picture's.
    #[error("The model's input has the shape {}. Pictures have 1 to 16 channels.", display(shape))]
    Channels { shape: Vec<Option<usize>> },
    /// A side is zero or longer than [`MAX_SIDE`].
    #[error("The model's input has the shape {}. Its sides have to be from 1 to {MAX_SIDE}.", display(shape))]
    Size { shape: Vec<Option<usize>> },
}

/// Decides layout, channels and size from a shape, in which `None` is a symbolic dimension. The batch is not looked at.
///
/// Channels are where 1 or 3 stands; where both places could hold them, they come first, as PyTorch writes them. A
/// symbolic side takes the other side's length, two of them [`DEFAULT_SIDE`].
///
/// # Errors
/// [`InputFormError`] for a shape that takes no pictures.
pub fn input_form(shape: &[Option<usize>]) -> Result<InputForm, InputFormError> {
    let &[_, second, third, fourth] = shape else {
        return Err(InputFormError::Rank { shape: shape.to_vec() });
    };
    let is_channels = |dimension| matches!(dimension, Some(1 | 3));
    let (layout, channels, sides) = if is_channels(second) {
        (Layout::Nchw, second, [third, fourth])
    } else if is_channels(fourth) {
        (Layout::Nhwc, fourth, [second, third])
    } else if second.is_none() {
        (Layout::Nchw, None, [third, fourth])
    } else {
        return Err(InputFormError::Channels { shape: shape.to_vec() });
    };
    let size = match sides {
        [Some(height), Some(width)] => [height, width],
        [Some(side), None] | [None, Some(side)] => [side, side],
        [None, None] => [DEFAULT_SIDE, DEFAULT_SIDE],
    };
    if size.iter().any(|side| !(1..=MAX_SIDE).contains(side)) {
        return Err(InputFormError::Size { shape: shape.to_vec() });
    }
    let channels = if channels == Some(1) { Channels::Grey } else { Channels::Rgb };
    Ok(InputForm { size, layout, channels })
}

/// "1 × 3 × ? × ?"
fn display(shape: &[Option<usize>]) -> String {
    let dimension = |dimension: &Option<usize>| dimension.map_or("?".to_owned(), |dimension| dimension.to_string());
    let dimensions: Vec<String> = shape.iter().map(dimension).collect();
    if dimensions.is_empty() { "()".to_owned() } else { dimensions.join(" × ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_frameworks_write() {
        let cases = [
            ([Some(1), Some(3), Some(224), Some(192)], [224, 192], Layout::Nchw, Channels::Rgb),
            ([Some(1), Some(1), Some(64), Some(64)], [64, 64], Layout::Nchw, Channels::Grey),
            ([None, Some(299), Some(299), Some(3)], [299, 299], Layout::Nhwc, Channels::Rgb),
            ([None, None, None, Some(3)], [224, 224], Layout::Nhwc, Channels::Rgb),
            ([None, Some(28), Some(28), Some(1)], [28, 28], Layout::Nhwc, Channels::Grey),
            ([None, Some(3), None, None], [224, 224], Layout::Nchw, Channels::Rgb),
            ([None, Some(3), None, Some(128)], [128, 128], Layout::Nchw, Channels::Rgb),
            ([None, None, None, None], [224, 224], Layout::Nchw, Channels::Rgb),
            ([None, Some(3), Some(4096), Some(1)], [4096, 1], Layout::Nchw, Channels::Rgb),
            // Both places could be channels.
            ([Some(1), Some(3), Some(8), Some(3)], [8, 3], Layout::Nchw, Channels::Rgb),
        ];
        for (shape, size, layout, channels) in cases {
            assert_eq!(input_form(&shape), Ok(InputForm { size, layout, channels }), "{shape:?}");
        }
    }

    #[test]
    fn shapes_that_take_no_pictures() {
        assert!(matches!(input_form(&[Some(1), Some(784)]), Err(InputFormError::Rank { .. })));
        assert_eq!(
            input_form(&[]).unwrap_err().to_string(),
            "The model's input has the shape (). One with four dimensions is needed: batch, channels, height and width."
        );
        assert!(matches!(input_form(&[Some(1), Some(4), Some(9), Some(9)]), Err(InputFormError::Channels { .. })));
        let zero = input_form(&[None, Some(3), Some(0), None]).unwrap_err();
        assert_eq!(
            zero.to_string(),
            "The model's input has the shape ? × 3 × 0 × ?. Its sides have to be from 1 to 4096."
        );
        assert!(matches!(input_form(&[None, Some(3), Some(5000), None]), Err(InputFormError::Size { .. })));
    }
}
