//! What a network that gives no class scores finds on a picture, in the picture's own places.

use crate::domain::boxes::{BoxForm, FoundBox, boxes};
use crate::domain::instances::{Instance, MixedMasks, instances};
use crate::domain::picture::Picture;
use crate::domain::recipe::Frame;
use crate::domain::segments::{Mask, mask};
use crate::onnx::head::{Kind, PictureForm};

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Finds {
    /// The network gives class scores, or nobody knows what it gives.
    Nothing,
    Boxes {
        /// The best first, in pixels of the picture.
        boxes: Vec<FoundBox>,
        /// Of each box which of its places the thing has; empty where the network does not tell.
        masks: Vec<Instance>,
    },
    /// Over all of what the network saw.
    Mask(Mask),
    Embedding(Vec<f32>),
    Picture(Picture),
    /// The values are infinite or no numbers.
    NotFinite,
}

/// What the values say that a network gives. `size` is height and width of its input, which lies on the picture as `frame` says.
pub fn finds(kind: &Kind, values: &[&[f32]], size: [usize; 2], frame: &Frame) -> Finds {
    match (kind, values) {
        (Kind::Boxes { form, masks }, _) => on_picture(form, masks.as_ref(), values, size, frame),
        (Kind::Mask(form), &[values]) => mask(form, values).map_or(Finds::NotFinite, Finds::Mask),
        (Kind::Embedding { .. }, &[vector]) if vector.iter().all(|value| value.is_finite()) => {
            Finds::Embedding(vector.to_vec())
        }
        (Kind::Picture(form), &[values]) => painted(form, values).map_or(Finds::NotFinite, Finds::Picture),
        (Kind::Embedding { .. }, _) => Finds::NotFinite,
        _ => Finds::Nothing,
    }
}

#[inline(never)]
fn on_picture(form: &BoxForm, masks: Option<&MixedMasks>, values: &[&[f32]], size: [usize; 2], frame: &Frame) -> Finds {
    let [height, width] = size.map(|side| side.max(1) as f64);
    let across = |x: f32| (frame.left + f64::from(x) * frame.width / width) as f32;
    let down = |y: f32| (frame.top + f64::from(y) * frame.height / height) as f32;
    let place = |one: FoundBox| FoundBox {
        left: across(one.left),
        right: across(one.right),
        top: down(one.top),
        bottom: down(one.bottom),
        ..one
    };
    // What masks are made of stands behind the form's own values.
    let found = boxes(form, &values[..values.len() - usize::from(masks.is_some()).min(values.len())], size);
    let masks = masks.map_or_else(Vec::new, |masks| instances(masks, form, values, &found, size));
    Finds::Boxes { boxes: found.into_iter().map(place).collect(), masks }
}

/// The picture that values stand for. Of which range they are, they tell themselves: 0 to 255, 0 to 1, −1 to 1, and otherwise their own.
#[inline(never)]
fn painted(form: &PictureForm, values: &[f32]) -> Option<Picture> {
    let PictureForm { channels, height, width, channels_last } = *form;
    let places = height.checked_mul(width)?;
    if places.checked_mul(channels) != Some(values.len()) || !values.iter().all(|value| value.is_finite()) {
        return None;
    }
    let least = values.iter().copied().fold(f32::INFINITY, f32::min);
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (from, to) = match (least, most) {
        // Networks miss their range by a little at sharp edges.
        _ if least >= -0.2 && most <= 1.2 => (0.0, 1.0),
        _ if least >= -1.2 && most <= 1.2 => (-1.0, 1.0),
        _ if least >= -50.0 && (100.0..=305.0).contains(&most) => (0.0, 255.0),
        _ => (least, most),
    };
    let level =
        |value: f32| (255.0 * (value - from) / (to - from).max(f32::MIN_POSITIVE)).clamp(0.0, 255.0).round() as u8;
    let value = |channel: usize, place: usize| {
        let channel = channel.min(channels - 1);
        if channels_last { values[place * channels + channel] } else { values[channel * places + place] }
    };
    let rgb = (0..places).flat_map(|place| [0, 1, 2].map(|channel| level(value(channel, place)))).collect();
    Picture::new(width, height, rgb).ok()
}
