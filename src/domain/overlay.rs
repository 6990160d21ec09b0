//! Feature maps laid over the picture that the network saw.

mod light;

use thiserror::Error;

pub use self::light::glow_ramp;
use self::light::{Glow, spotlight};

use super::colormap::{Colormap, level};
use super::enlarge::{Enlargement, Enlarger};
use super::picture::{Picture, PictureError};
use super::resample::resize;
use super::statistics::{MapStatistics, plane_statistics};
use super::tensor::Maps;

/// The longest side of an overlay in pixels.
pub const MAX_SIDE: usize = 4096;

/// The colour of a dead map: one grey everywhere, which no colour map and no photo looks like.
pub const DEAD_GREY: u8 = 128;

/// How a value v from 0 to 1 and the picture make a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// (1 − alpha·v) · picture + alpha·v · colour(v): where nothing fires the picture shows unchanged.
    #[default]
    Alpha,
    /// picture · min(1, gain·v): a spotlight, as in FeatureMapVisualizer 1.0.6.
    Multiply,
    /// colour(v) without the picture.
    Raw,
    /// The picture in dark grey, and over it inferno, in full from v = 0.3 on; negative values glow cold.
    Glow,
    /// The picture dimmed, never to black, and in full light from v = 0.5 on.
    Spotlight,
}

/// What a value is divided by, so that the largest is 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Scale {
    /// The largest value of each map itself. Maps cannot be compared then.
    #[default]
    Map,
    /// The same number for every map: the largest value of the layer or of the image set, or 1 to take the values as
    /// they are (as the article does).
    By(f32),
}

/// How an overlay is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OverlayOptions {
    pub style: Style,
    /// Not used for signed maps, which take [`Colormap::Diverging`], and by [`Style::Glow`], whose colours are its own.
    pub colormap: Colormap,
    pub scale: Scale,
    /// The most that [`Style::Alpha`] covers, from 0 to 1.
    pub alpha: f32,
    /// What [`Style::Multiply`] multiplies v by.
    pub gain: f32,
    pub enlargement: Enlargement,
    /// For layers before an activation: v goes from −1 to 1, scaled by the largest magnitude. Otherwise negative values
    /// count as zero.
    pub signed: bool,
    pub width: usize,
    pub height: usize,
}

impl Default for OverlayOptions {
    fn default() -> Self {
        Self {
            style: Style::default(),
            colormap: Colormap::default(),
            scale: Scale::default(),
            alpha: 0.7,
            gain: 1.0,
            enlargement: Enlargement::default(),
            signed: false,
            width: 224,
            height: 224,
        }
    }
}

/// A drawn overlay and the numbers for its legend.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    pub width: usize,
    pub height: usize,
    /// Opaque pixels for a canvas, `4 · width · height` bytes.
    pub rgba: Vec<u8>,
    /// Every chosen map is dead: the pixels are all [`DEAD_GREY`].
    pub dead: bool,
    /// The value that v = 1 stands for. `None` for several maps that are each scaled by their own.
    pub scale: Option<f32>,
}

/// An overlay that cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OverlayError {
    #[error("No feature map is chosen.")]
    NoMap,
    #[error("There is no feature map {map}: the layer has {channels}, numbered from 0.")]
    NoSuchMap { map: usize, channels: usize },
    /// A side is zero or longer than [`MAX_SIDE`].
    #[error("An overlay of {width} × {height} pixels is outside 1 to {MAX_SIDE}.")]
    Size { width: usize, height: usize },
    #[error(transparent)]
    Picture(#[from] PictureError),
}

/// Lays the chosen maps over the picture that the network saw: each enlarged, all summed, the sum clipped.
///
/// Where the picture has not the size of the overlay it is resized, so for many overlays resize it once beforehand.
/// Dead maps add nothing to a sum.
///
/// # Errors
/// [`OverlayError`] for no map, a map that the layer has not, or a size outside 1 to [`MAX_SIDE`].
pub fn overlay(
    seen: &Picture,
    maps: &Maps<'_>,
    chosen: &[usize],
    options: &OverlayOptions,
) -> Result<Overlay, OverlayError> {
    let (width, height) = (options.width, options.height);
    if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
        return Err(OverlayError::Size { width, height });
    }
    if chosen.is_empty() {
        return Err(OverlayError::NoMap);
    }
    let enlarger = Enlarger::new([maps.height(), maps.width()], [height, width], options.enlargement);
    let mut values = vec![0.0; width * height];
    let mut dead = true;
    let mut scale = None;
    for &map in chosen {
        let plane = maps.plane(map).ok_or(OverlayError::NoSuchMap { map, channels: maps.channels() })?;
        let statistics = plane_statistics(plane, maps.width());
        if statistics.dead {
            continue;
        }
        dead = false;
        let divisor = divisor(&statistics, options);
        scale = Some(divisor);
        enlarger.add(plane, reciprocal(divisor), &mut values);
    }
    if options.scale == Scale::Map && chosen.len() > 1 {
        scale = None;
    }
    let rgba = if dead {
        [DEAD_GREY, DEAD_GREY, DEAD_GREY, 255].repeat(width * height)
    } else if (seen.width(), seen.height()) == (width, height) {
        paint(seen, &values, options)
    } else {
        paint(&resize(seen, width, height)?, &values, options)
    };
    Ok(Overlay { width, height, rgba, dead, scale })
}

fn divisor(statistics: &MapStatistics, options: &OverlayOptions) -> f32 {
    match options.scale {
        Scale::By(scale) => scale,
        Scale::Map if options.signed => statistics.max.max(-statistics.min),
        Scale::Map => statistics.max,
    }
}

/// One over the scale. Where that makes no sense, since nothing in a map is positive, v is zero everywhere.
fn reciprocal(scale: f32) -> f32 {
    let reciprocal = 1.0 / scale;
    if reciprocal.is_finite() && reciprocal > 0.0 { reciprocal } else { 0.0 }
}

fn paint(picture: &Picture, values: &[f32], options: &OverlayOptions) -> Vec<u8> {
    let colours = if options.signed { Colormap::Diverging.table() } else { options.colormap.table() };
    let lowest = if options.signed { -1.0 } else { 0.0 };
    let clip = |value: f32| if value.is_nan() { 0.0 } else { value.max(lowest).min(1.0) };
    let colour = |value: f32| colours[level(if options.signed { (value + 1.0) / 2.0 } else { value })];
    let (pixels, _) = picture.rgb().as_chunks::<3>();
    let mut rgba = vec![255; values.len() * 4];
    let (painted, _) = rgba.as_chunks_mut::<4>();
    let each = painted.iter_mut().zip(pixels.iter().zip(values));
    match options.style {
        Style::Alpha => {
            let alpha = options.alpha.clamp(0.0, 1.0);
            for (painted, (pixel, &value)) in each {
                let value = clip(value);
                let (share, colour) = (fixed(alpha * value.abs()), colour(value));
                for channel in 0..3 {
                    let (under, over) = (i32::from(pixel[channel]), i32::from(colour[channel]));
                    painted[channel] = (under + (((over - under) * share + HALF) >> FRACTION_BITS)) as u8;
                }
            }
        }
        Style::Multiply => {
            for (painted, (pixel, &value)) in each {
                // The gain comes before the clipping, as in the library: image · clip(gain · value, 0, 1). A signed
                // value below zero leaves it dark.
                let light = fixed(clip(options.gain * value).max(0.0));
                for channel in 0..3 {
                    painted[channel] = ((i32::from(pixel[channel]) * light + HALF) >> FRACTION_BITS) as u8;
                }
            }
        }
        Style::Raw => {
            for (painted, (_, &value)) in each {
                painted[..3].copy_from_slice(&colour(clip(value)));
            }
        }
        Style::Glow => {
            let glow = Glow::new();
            for (painted, (pixel, &value)) in each {
                painted[..3].copy_from_slice(&glow.pixel(*pixel, clip(value)));
            }
        }
        Style::Spotlight => {
            for (painted, (pixel, &value)) in each {
                // As for multiplied ones, a signed value below zero stays in the dark.
                painted[..3].copy_from_slice(&spotlight(*pixel, clip(value).max(0.0)));
            }
        }
    }
    rgba
}

/// Blending is done in whole numbers, since rounding three floats to bytes for each pixel is slow. The fraction is fine
/// enough for every byte.
const FRACTION_BITS: u32 = 16;
const HALF: i32 = 1 << (FRACTION_BITS - 1);

/// A share from 0 to 1 as a whole number.
fn fixed(share: f32) -> i32 {
    (share * (1 << FRACTION_BITS) as f32) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tensor::Tensor;

    fn grey_picture(width: usize, height: usize, level: u8) -> Picture {
        Picture::new(width, height, vec![level; width * height * 3]).unwrap()
    }

    fn draw(channels: usize, data: &[f32], chosen: &[usize], options: OverlayOptions) -> Overlay {
        let tensor = Tensor::new(vec![1, channels, 1, data.len() / channels], data.to_vec()).unwrap();
        let options = OverlayOptions { width: data.len() / channels, height: 1, ..options };
        let picture = grey_picture(options.width, 1, 100);
        overlay(&picture, &tensor.maps().unwrap(), chosen, &options).unwrap()
    }

    fn reds(overlay: &Overlay) -> Vec<u8> {
        overlay.rgba.chunks(4).map(|pixel| pixel[0]).collect()
    }

    #[test]
    fn alpha_follows_the_value() {
        let options = OverlayOptions { colormap: Colormap::Grey, alpha: 0.8, ..OverlayOptions::default() };
        let overlay = draw(1, &[0.0, 2.0, 4.0, -4.0], &[0], options);
        // v = 0, 0.5, 1, 0: 100; 0.6 · 100 + 0.4 · 128 = 111.2; 0.2 · 100 + 0.8 · 255 = 224; 100.
        assert_eq!(reds(&overlay), [100, 111, 224, 100]);
        assert_eq!((overlay.dead, overlay.scale), (false, Some(4.0)));
        assert!(overlay.rgba.chunks(4).all(|pixel| pixel[3] == 255));
    }

    #[test]
    fn multiply_is_a_spotlight_with_gain() {
        let options = OverlayOptions { style: Style::Multiply, scale: Scale::By(1.0), gain: 2.0, ..Default::default() };
        assert_eq!(reds(&draw(1, &[-1.0, 0.1, 0.5, 7.0], &[0], options)), [0, 20, 100, 100]);
    }

    #[test]
    fn raw_is_the_colour_alone_and_layers_share_a_scale() {
        let options = OverlayOptions { style: Style::Raw, colormap: Colormap::Grey, ..Default::default() };
        assert_eq!(reds(&draw(1, &[0.0, 1.0, 2.0], &[0], options)), [0, 128, 255]);
        let shared = OverlayOptions { scale: Scale::By(8.0), ..options };
        assert_eq!(reds(&draw(1, &[0.0, 1.0, 2.0], &[0], shared)), [0, 32, 64]);
    }

    #[test]
    fn signed_maps_diverge_around_zero() {
        let options = OverlayOptions { style: Style::Raw, signed: true, ..Default::default() };
        let overlay = draw(1, &[-4.0, 0.0, 2.0], &[0], options);
        let table = Colormap::Diverging.table();
        assert_eq!(overlay.rgba[..3], table[0]);
        assert_eq!(overlay.rgba[4..7], table[128]);
        assert_eq!(overlay.rgba[8..11], table[192]);
        let alpha = OverlayOptions { signed: true, ..Default::default() };
        assert_eq!(reds(&draw(1, &[-4.0, 0.0], &[0], alpha))[1], 100);
    }

    #[test]
    fn several_maps_are_summed_and_clipped() {
        let options = OverlayOptions { style: Style::Multiply, scale: Scale::By(1.0), ..Default::default() };
        let data = [0.2, 0.6, 0.0, 0.3, 0.6, 0.1, 5.0, 5.0, 5.0];
        let overlay = draw(3, &data, &[0, 1], options);
        assert_eq!(reds(&overlay), [50, 100, 10]);
        // The third map is dead and adds nothing; scaled by map each counts up to 1.
        let each = draw(3, &data, &[0, 1, 2], OverlayOptions { scale: Scale::Map, ..options });
        assert_eq!(reds(&each), [83, 100, 17]);
        assert_eq!(each.scale, None);
    }

    #[test]
    fn dead_maps_are_grey_and_say_so() {
        for signed in [false, true] {
            let overlay = draw(1, &[3.0, 3.0], &[0], OverlayOptions { signed, ..Default::default() });
            assert!(overlay.dead);
            assert_eq!(reds(&overlay), [DEAD_GREY; 2]);
        }
    }

    #[test]
    fn nothing_positive_leaves_the_picture_and_no_number_is_zero() {
        assert_eq!(reds(&draw(1, &[-3.0, -1.0], &[0], OverlayOptions::default())), [100, 100]);
        assert_eq!(
            reds(&draw(1, &[f32::NAN, 1.0, 2.0], &[0], OverlayOptions { scale: Scale::By(2.0), ..Default::default() }))
                [0],
            100
        );
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let tensor = Tensor::new(vec![1, 1, 1, 2], vec![0.0, 1.0]).unwrap();
        let (maps, picture) = (tensor.maps().unwrap(), grey_picture(2, 1, 0));
        let options = OverlayOptions::default();
        assert_eq!(overlay(&picture, &maps, &[], &options), Err(OverlayError::NoMap));
        assert_eq!(overlay(&picture, &maps, &[1], &options), Err(OverlayError::NoSuchMap { map: 1, channels: 1 }));
        let none = OverlayOptions { width: 0, ..options };
        assert_eq!(overlay(&picture, &maps, &[0], &none), Err(OverlayError::Size { width: 0, height: 224 }));
        // A picture of another size is brought to the overlay's.
        assert_eq!(overlay(&picture, &maps, &[0], &options).unwrap().rgba.len(), 224 * 224 * 4);
    }

    #[test]
    fn a_scale_for_all_is_told_of_several_maps_too() {
        let shared = OverlayOptions { scale: Scale::By(3.0), ..Default::default() };
        let data = [0.0, 1.0, 2.0, 0.0];
        assert_eq!(draw(2, &data, &[0, 1], shared).scale, Some(3.0));
        assert_eq!(draw(2, &data, &[0, 1], OverlayOptions::default()).scale, None);
        assert_eq!(draw(2, &data, &[1], OverlayOptions::default()).scale, Some(2.0));
        // The largest magnitude may be below zero, which counts where values are signed.
        assert_eq!(draw(1, &[-5.0, 3.0], &[0], OverlayOptions::default()).scale, Some(3.0));
        let signed = OverlayOptions { signed: true, ..Default::default() };
        assert_eq!(draw(1, &[-5.0, 3.0], &[0], signed).scale, Some(5.0));
        assert_eq!(draw(1, &[-5.0, 7.0], &[0], signed).scale, Some(7.0));
    }

    #[test]
    fn shares_and_lights_stay_within_their_bounds() {
        let grey = OverlayOptions { colormap: Colormap::Grey, ..Default::default() };
        let with = |alpha: f32| reds(&draw(1, &[0.0, 4.0], &[0], OverlayOptions { alpha, ..grey }));
        assert_eq!([with(7.0), with(1.0), with(0.0), with(-2.0)], [[100, 255], [100, 255], [100, 100], [100, 100]]);
        // However large the values are, the largest is one; and of a scale that makes no sense nothing is.
        assert_eq!(reds(&draw(1, &[0.0, 1e6], &[0], OverlayOptions { alpha: 1.0, ..grey })), [100, 255]);
        for scale in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert_eq!(
                reds(&draw(1, &[0.0, 4.0], &[0], OverlayOptions { scale: Scale::By(scale), ..grey })),
                [100, 100]
            );
        }
        // Below −1 a signed value is −1: half of 100 and half of the red of the darkest purple, 45.
        let below = OverlayOptions { signed: true, scale: Scale::By(1.0), alpha: 0.5, ..grey };
        assert_eq!(reds(&draw(1, &[-4.0, 0.0], &[0], below)), [73, 100]);
        // A spotlight on signed maps leaves dark what is below zero, and the gain comes before the clipping.
        let light = OverlayOptions { style: Style::Multiply, signed: true, gain: 3.0, ..Default::default() };
        assert_eq!(reds(&draw(1, &[-4.0, 1.0, 4.0, 0.0], &[0], light)), [0, 75, 100, 0]);
    }

    #[test]
    fn a_side_has_one_to_4096_pixels() {
        let tensor = Tensor::new(vec![1, 1, 1, 2], vec![0.0, 1.0]).unwrap();
        let (maps, picture) = (tensor.maps().unwrap(), grey_picture(2, 1, 0));
        let drawn = |width, height| {
            let options = OverlayOptions { width, height, ..Default::default() };
            overlay(&picture, &maps, &[0], &options).map(|drawn| drawn.rgba.len())
        };
        assert_eq!([drawn(MAX_SIDE, 1), drawn(1, 4096)], [Ok(4 * 4096), Ok(4 * 4096)]);
        for (width, height) in [(4097, 1), (1, 4097), (1, 0), (0, 1)] {
            assert_eq!(drawn(width, height), Err(OverlayError::Size { width, height }));
        }
    }

    #[test]
    fn a_picture_is_brought_to_the_size_of_the_overlay() {
        let tensor = Tensor::new(vec![1, 2, 1, 2], vec![0.0, 1.0, 3.0, 3.0]).unwrap();
        let (maps, picture) = (tensor.maps().unwrap(), grey_picture(2, 1, 100));
        let options = OverlayOptions { style: Style::Multiply, width: 4, height: 3, ..Default::default() };
        let drawn = overlay(&picture, &maps, &[0], &options).unwrap();
        assert_eq!((drawn.width, drawn.height), (4, 3));
        // Half-pixel centres: 0, 0.25, 0.75 and 1 in each of the rows.
        assert_eq!(reds(&drawn), [0, 25, 75, 100].repeat(3));
        assert_eq!(reds(&overlay(&picture, &maps, &[1], &options).unwrap()), [DEAD_GREY; 12]);
    }
}
