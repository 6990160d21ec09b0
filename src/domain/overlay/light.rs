//! The two styles that light a map up: `glow` and `spotlight`. The photo is dimmed first, so that even on a bright photo there is
//! room above it, and where the map is strong the pixel is much lighter than it would be without the map. How much lighter
//! is measured in `tests/overlay_contrast.rs`.

use crate::domain::colormap::{Colormap, level};

/// From this value on the colours of `glow` hide the photo's grey; below, they fade out, since inferno begins in black and a value
/// near zero has to leave the photo as it is.
const GLOW_FULL: f32 = 0.3;

/// Where in inferno a value begins to glow: below lie colours as dark as the dimmed photo.
const GLOW_FIRST: f32 = 0.2;

/// The greys of black and white under `glow`, from 0 to 255: CIELAB lightness 5 to 39, below inferno's upper half.
const GLOW_GREYS: [f32; 2] = [16.0, 92.0];

/// How much of its brightness a glowing colour loses over black, so that the photo's forms can be made out within it.
const GLOW_RELIEF: f32 = 0.2;

/// From this value on `spotlight` shows the full light.
const SPOTLIGHT_FULL: f32 = 0.5;

/// What `spotlight` makes of black and white where nothing fires, from 0 to 255: dim, and never black.
const SPOTLIGHT_DIM: [f32; 2] = [8.0, 72.0];

/// What it makes of black in the full light; white stays white. A light makes black things visible too.
const SPOTLIGHT_BLACK: f32 = 28.0;

/// The colours of inferno.
pub struct Glow([[u8; 3]; 256]);

impl Glow {
    pub fn new() -> Self {
        Self(Colormap::Inferno.table())
    }

    /// The pixel in grey, and over it inferno at the value's root; values from −1 to 1. Below zero red and blue change places,
    /// which gives a cold light of the same order from dark to bright.
    pub fn pixel(&self, pixel: [u8; 3], value: f32) -> [u8; 3] {
        let strength = value.abs();
        let lightness = lifted(luma(pixel), 0.3);
        let grey = between(GLOW_GREYS, lightness);
        let share = gradually(strength / GLOW_FULL);
        let [red, green, blue] = self.0[level(between([GLOW_FIRST, 1.0], strength.sqrt()))];
        let colour = if value < 0.0 { [blue, green, red] } else { [red, green, blue] };
        let relief = between([1.0 - GLOW_RELIEF, 1.0], lightness);
        colour.map(|channel| byte(between([grey, relief * f32::from(channel)], share)))
    }
}

/// The colours of `glow` for a legend, over a middle grey: from 0 to 1, or from −1 to 1 where values below zero carry meaning.
pub fn glow_ramp(signed: bool) -> [[u8; 3]; 256] {
    let (glow, range) = (Glow::new(), [if signed { -1.0 } else { 0.0 }, 1.0]);
    std::array::from_fn(|place| glow.pixel([128; 3], between(range, place as f32 / 255.0)))
}

/// The pixel dimmed, and where the value (from 0 to 1) is strong in full light.
pub fn spotlight(pixel: [u8; 3], value: f32) -> [u8; 3] {
    let share = gradually(value / SPOTLIGHT_FULL);
    pixel.map(|channel| {
        let channel = f32::from(channel) / 255.0;
        let (dim, lit) = (between(SPOTLIGHT_DIM, channel), between([SPOTLIGHT_BLACK, 255.0], lifted(channel, 0.5)));
        byte(between([dim, lit], share))
    })
}

/// How light a pixel is, from 0 to 1: Rec. 709's weights.
fn luma([red, green, blue]: [u8; 3]) -> f32 {
    (0.2126 * f32::from(red) + 0.7152 * f32::from(green) + 0.0722 * f32::from(blue)) / 255.0
}

/// Middle tones made lighter; black and white stay.
fn lifted(level: f32, by: f32) -> f32 {
    level + by * level * (1.0 - level)
}

fn between([first, last]: [f32; 2], share: f32) -> f32 {
    first + (last - first) * share
}

/// From 0 to 1 without an edge at either end.
fn gradually(share: f32) -> f32 {
    let share = share.clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

/// To the nearest level. The cast keeps within a byte.
fn byte(level: f32) -> u8 {
    (level + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: [u8; 3] = [0; 3];
    const WHITE: [u8; 3] = [255; 3];

    #[test]
    fn where_nothing_fires_the_photo_is_grey_or_dim() {
        let glow = Glow::new();
        assert_eq!([BLACK, WHITE].map(|pixel| glow.pixel(pixel, 0.0)), [[16; 3], [92; 3]]);
        // Green is lighter than red, and red than blue.
        let [red, green, blue] =
            [[255, 0, 0], [0, 255, 0], [0, 0, 255]].map(|pixel| glow.pixel(pixel, 0.0)).map(|[grey, other, third]| {
                assert_eq!((grey, grey), (other, third));
                grey
            });
        assert!(green > red && red > blue && blue > 16, "{red} {green} {blue}");
        assert_eq!([BLACK, WHITE].map(|pixel| spotlight(pixel, 0.0)), [[8; 3], [72; 3]]);
        // Colours stay: 8 + 64 · 0.2, 0.4 and 0.8.
        assert_eq!(spotlight([51, 102, 204], 0.0), [21, 34, 59]);
    }

    #[test]
    fn where_the_map_is_strong_it_is_inferno_or_full_light() {
        let glow = Glow::new();
        // Inferno's last colour, over white as it is and over black a fifth darker.
        assert_eq!(glow.pixel(WHITE, 1.0), [0xfc, 0xff, 0xa4]);
        assert_eq!(glow.pixel(BLACK, 1.0), [202, 204, 131]);
        // From 0.3 on none of the grey is left: 0.2 + 0.8 · √0.36 is 0.68, the colour of level 174.
        assert_eq!(glow.pixel(WHITE, 0.36), Colormap::Inferno.table()[174]);
        assert_eq!([BLACK, WHITE].map(|pixel| spotlight(pixel, 0.5)), [[28; 3], WHITE]);
        assert_eq!(spotlight([51, 102, 204], 0.5), spotlight([51, 102, 204], 1.0));
        // 0.2, 0.4 and 0.8, lifted to 0.28, 0.52 and 0.88.
        assert_eq!(spotlight([51, 102, 204], 1.0), [92, 146, 228]);
    }

    #[test]
    fn a_light_grows_without_an_edge() {
        // At half of the way half of the light: (8 + 28) / 2 and (72 + 255) / 2.
        assert_eq!([BLACK, WHITE].map(|pixel| spotlight(pixel, 0.25)), [[18; 3], [164; 3]]);
        let glow = Glow::new();
        for pixel in [BLACK, [100; 3], WHITE] {
            let steps: Vec<[u8; 3]> = (0..=512).map(|step| glow.pixel(pixel, step as f32 / 512.0)).collect();
            let largest = steps
                .windows(2)
                .flat_map(|pair| (0..3).map(|channel| pair[0][channel].abs_diff(pair[1][channel])).collect::<Vec<_>>())
                .max();
            assert!(largest <= Some(5), "{largest:?}");
        }
    }

    #[test]
    fn below_zero_red_and_blue_change_places() {
        let glow = Glow::new();
        for value in [0.1, 0.5, 1.0] {
            let [red, green, blue] = glow.pixel([90; 3], value);
            assert_eq!(glow.pixel([90; 3], -value), [blue, green, red]);
        }
    }

    #[test]
    fn a_legend_goes_from_grey_to_the_brightest_colour() {
        let (plain, signed, glow) = (glow_ramp(false), glow_ramp(true), Glow::new());
        assert_eq!((plain[0], plain[255]), (glow.pixel([128; 3], 0.0), glow.pixel([128; 3], 1.0)));
        assert_eq!((signed[0], signed[255]), (glow.pixel([128; 3], -1.0), glow.pixel([128; 3], 1.0)));
    }
}
