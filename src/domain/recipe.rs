//! Recipes: how a picture becomes the numbers that a network was trained on.

pub mod common;

use thiserror::Error;

use super::picture::{Picture, PictureError};
use super::resample::{Filter, Window, resize_by, resize_window};
use super::tensor::{Tensor, TensorError};

/// The longest side a network's input may have here.
pub const MAX_SIDE: usize = 4096;

/// How a picture is brought to the size of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resize {
    /// Each side on its own, so that all of the picture is seen, out of shape.
    #[default]
    Squash,
    /// The shorter side goes to round(size · 256/224) and the centre is cut out, as torchvision evaluates.
    Crop,
    /// All of the picture is seen in its own shape, in the middle, with grey beside it: Ultralytics' `LetterBox`.
    Letterbox,
}

/// What lies beside a picture that does not fill the input: `padding_value` of Ultralytics' `LetterBox`.
const LETTERBOX_GREY: u8 = 114;

/// The order of the colour channels, or one channel of luminance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Channels {
    #[default]
    Rgb,
    Bgr,
    Grey,
}

impl Channels {
    /// How many channels the input has.
    pub fn count(self) -> usize {
        match self {
            Self::Rgb | Self::Bgr => 3,
            Self::Grey => 1,
        }
    }
}

/// Where the channels stand in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// `[1, channels, height, width]`.
    #[default]
    Nchw,
    /// `[1, height, width, channels]`.
    Nhwc,
}

/// value = (pixel · scale − mean) / std, with pixel from 0 to 255 and mean and std in the order of `channels`.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Height and width of the input in pixels.
    pub size: [usize; 2],
    pub resize: Resize,
    pub channels: Channels,
    pub scale: f64,
    /// One value per channel, or one for all.
    pub mean: Vec<f64>,
    /// One value per channel, or one for all. Not zero.
    pub std: Vec<f64>,
    pub layout: Layout,
    /// Of a picture that is cropped, the part of its shorter side that is seen, as timm's `crop_pct`; where left out, 224 of 256.
    pub crop_share: Option<f64>,
    pub filter: Filter,
}

/// The least of a picture that is seen.
const LEAST_SHARE: f64 = 0.05;

/// What a network gets for a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The input in the layout of the recipe, with a batch of 1.
    pub input: Tensor,
    /// The same as a picture: resized or cropped, grey where the input is. Overlays lie on this one.
    pub seen: Picture,
}

/// A recipe that makes no sense.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RecipeError {
    /// A side is zero or longer than [`MAX_SIDE`].
    #[error("The recipe's size of {height} × {width} is outside 1 to {MAX_SIDE}.")]
    Size { height: usize, width: usize },
    /// Neither one value nor one per channel.
    #[error("The recipe's {field} has {actual} values, but there are {expected} channels.")]
    Count { field: &'static str, expected: usize, actual: usize },
    /// A value that is not finite, or a std of zero.
    #[error("The recipe's {field} of {value} cannot be used.")]
    Value { field: &'static str, value: f64 },
    #[error(transparent)]
    Picture(#[from] PictureError),
    #[error(transparent)]
    Tensor(#[from] TensorError),
}

impl Recipe {
    /// The recipe with everything left out but the size: squash, RGB, pixels from 0 to 255 as they are, NCHW.
    pub fn of_size(height: usize, width: usize) -> Self {
        Self {
            size: [height, width],
            resize: Resize::default(),
            channels: Channels::default(),
            scale: 1.0,
            mean: vec![0.0],
            std: vec![1.0],
            layout: Layout::default(),
            crop_share: None,
            filter: Filter::default(),
        }
    }

    /// Checks the numbers, which may come from a user's card.
    ///
    /// # Errors
    /// [`RecipeError`] for the first number that cannot be used.
    pub fn check(&self) -> Result<(), RecipeError> {
        let [height, width] = self.size;
        if !(1..=MAX_SIDE).contains(&height) || !(1..=MAX_SIDE).contains(&width) {
            return Err(RecipeError::Size { height, width });
        }
        let expected = self.channels.count();
        for (field, values) in [("mean", &self.mean), ("std", &self.std)] {
            if values.len() != 1 && values.len() != expected {
                return Err(RecipeError::Count { field, expected, actual: values.len() });
            }
            if let Some(&value) = values.iter().find(|value| !value.is_finite() || (field == "std" && **value == 0.0)) {
                return Err(RecipeError::Value { field, value });
            }
        }
        if !self.scale.is_finite() {
            return Err(RecipeError::Value { field: "scale", value: self.scale });
        }
        if let Some(value) = self.crop_share.filter(|share| !(LEAST_SHARE..=1.0).contains(share)) {
            return Err(RecipeError::Value { field: "cropShare", value });
        }
        Ok(())
    }

    /// Mean and standard deviation of one channel: its own, or the one for all.
    pub fn mean_and_std(&self, channel: usize) -> (f64, f64) {
        // `check` has ruled out every other number of values.
        let of = |values: &[f64], empty: f64| values.get(channel).or(values.first()).copied().unwrap_or(empty);
        (of(&self.mean, 0.0), of(&self.std, 1.0))
    }

    /// The value of each of the 256 pixel levels in one channel.
    fn levels(&self, channel: usize) -> [f32; 256] {
        let (mean, std) = self.mean_and_std(channel);
        std::array::from_fn(|pixel| ((pixel as f64 * self.scale - mean) / std) as f32)
    }
}

/// Prepares a picture for a network.
///
/// # Errors
/// [`RecipeError`] where the recipe makes no sense.
pub fn apply(picture: &Picture, recipe: &Recipe) -> Result<Prepared, RecipeError> {
    recipe.check()?;
    let [height, width] = recipe.size;
    let mut seen = match recipe.resize {
        Resize::Squash => resize_by(picture, width, height, recipe.filter)?,
        Resize::Crop => crop(picture, recipe)?,
        Resize::Letterbox => letterbox(picture, recipe)?,
    };
    let channels = match recipe.channels {
        Channels::Rgb => &[0, 1, 2][..],
        Channels::Bgr => &[2, 1, 0],
        Channels::Grey => {
            seen = to_grey(&seen)?;
            &[0]
        }
    };
    let levels: Vec<[f32; 256]> = (0..channels.len()).map(|channel| recipe.levels(channel)).collect();
    let (pixels, _) = seen.rgb().as_chunks::<3>();
    let (shape, data): (Vec<usize>, Vec<f32>) = match recipe.layout {
        Layout::Nchw => {
            let plane = |(&channel, levels): (&usize, &[f32; 256])| {
                let levels = *levels;
                pixels.iter().map(move |pixel| levels[usize::from(pixel[channel])])
            };
            (vec![1, channels.len(), height, width], channels.iter().zip(&levels).flat_map(plane).collect())
        }
        Layout::Nhwc => {
            let values = |pixel: &[u8; 3]| {
                channels
                    .iter()
                    .zip(&levels)
                    .map(|(&channel, levels)| levels[usize::from(pixel[channel])])
                    .collect::<Vec<_>>()
            };
            (vec![1, height, width, channels.len()], pixels.iter().flat_map(values).collect())
        }
    };
    Ok(Prepared { input: Tensor::new(shape, data)?, seen })
}

/// Where the input lies on the picture, in pixels of the picture: the whole of it, a part, or (with grey beside it) more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// From the picture's left edge; negative where there is grey.
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// Where the input of this recipe lies on a picture of that many columns and rows.
pub fn frame(columns: usize, rows: usize, recipe: &Recipe) -> Frame {
    let [height, width] = recipe.size;
    let placed = match recipe.resize {
        Resize::Squash => Placed { width: width as u64, height: height as u64, left: 0, top: 0 },
        Resize::Crop => cropped(columns, rows, recipe),
        Resize::Letterbox => letterboxed(columns, rows, height, width),
    };
    let (across, down) = (columns as f64 / placed.width.max(1) as f64, rows as f64 / placed.height.max(1) as f64);
    Frame {
        left: placed.left as f64 * across,
        top: placed.top as f64 * down,
        width: width as f64 * across,
        height: height as f64 * down,
    }
}

/// A picture that was resized, and where on it the input begins.
struct Placed {
    width: u64,
    height: u64,
    left: i64,
    top: i64,
}

/// As Ultralytics' `LetterBox` rounds.
fn letterboxed(columns: usize, rows: usize, height: usize, width: usize) -> Placed {
    let (from_width, from_height) = (columns as f64, rows as f64);
    let factor = (width as f64 / from_width).min(height as f64 / from_height);
    let side = |from: f64, most: usize| ((from * factor).round_ties_even() as u64).clamp(1, most.max(1) as u64);
    let (to_width, to_height) = (side(from_width, width), side(from_height, height));
    let margin = |side: usize, of: u64| ((side as f64 - of as f64) / 2.0 - 0.1).round() as i64;
    Placed { width: to_width, height: to_height, left: -margin(width, to_width), top: -margin(height, to_height) }
}

/// The picture in the middle of grey.
#[inline(never)]
fn letterbox(picture: &Picture, recipe: &Recipe) -> Result<Picture, PictureError> {
    let [height, width] = recipe.size;
    let placed = letterboxed(picture.width(), picture.height(), height, width);
    let small = resize_by(picture, placed.width as usize, placed.height as usize, recipe.filter)?;
    let (left, top) = ((-placed.left) as usize, (-placed.top) as usize);
    let mut rgb = vec![LETTERBOX_GREY; 3 * width * height];
    for (row, pixels) in small.rgb().chunks_exact(3 * small.width()).enumerate() {
        rgb[3 * ((top + row) * width + left)..][..pixels.len()].copy_from_slice(pixels);
    }
    Picture::new(width, height, rgb)
}

/// torchvision's `Resize` followed by its `CenterCrop`. For an input that is not square, the picture is scaled until it
/// covers both sides.
fn crop(picture: &Picture, recipe: &Recipe) -> Result<Picture, PictureError> {
    let [height, width] = recipe.size;
    let placed = cropped(picture.width(), picture.height(), recipe);
    let (left, top) = (placed.left as usize, placed.top as usize);
    let window = Window { columns: left..left + width, rows: top..top + height };
    resize_window(picture, placed.width as usize, placed.height as usize, &window, recipe.filter)
}

fn cropped(columns: usize, rows: usize, recipe: &Recipe) -> Placed {
    let [height, width] = recipe.size;
    let (from_width, from_height) = (columns as u64, rows as u64);
    let (cover_height, cover_width) = (crop_cover(height, recipe.crop_share), crop_cover(width, recipe.crop_share));
    // The longer side is cut to whole pixels, not rounded, as torchvision does.
    let (to_width, to_height) = if from_width * cover_height <= from_height * cover_width {
        (cover_width, cover_width * from_height / from_width)
    } else {
        (cover_height * from_width / from_height, cover_height)
    };
    let cut = |side: u64, of: usize| half_to_even(side as usize - of) as i64;
    Placed { width: to_width, height: to_height, left: cut(to_width, width), top: cut(to_height, height) }
}

/// round(size · 256/224), of which there is never exactly a half; with a share of its own size / share without its fraction, as timm does.
fn crop_cover(size: usize, share: Option<f64>) -> u64 {
    match share {
        None => (size as u64 * 16 + 7) / 14,
        // 224 / (224 / 232) may be a little less than 232.
        Some(share) => (size as f64 / share + 1e-6) as u64,
    }
}

/// Half of a margin as Python's `round` gives it: a half goes to the even neighbour.
fn half_to_even(margin: usize) -> usize {
    match margin % 4 {
        3 => margin / 2 + 1,
        _ => margin / 2,
    }
}

/// PIL's conversion to "L": ITU-R 601 luminance in 16-bit fixed point.
fn to_grey(picture: &Picture) -> Result<Picture, PictureError> {
    let (pixels, _) = picture.rgb().as_chunks::<3>();
    let grey = |&[red, green, blue]: &[u8; 3]| {
        let sum = u32::from(red) * 19_595 + u32::from(green) * 38_470 + u32::from(blue) * 7_471 + 0x8000;
        [(sum >> 16) as u8; 3]
    };
    Picture::new(picture.width(), picture.height(), pixels.iter().flat_map(grey).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two pixels: red-ish and blue-ish.
    fn pair() -> Picture {
        Picture::new(2, 1, vec![200, 100, 0, 10, 20, 250]).unwrap()
    }

    #[test]
    fn layouts_and_channel_orders() {
        let values = |recipe: &Recipe| apply(&pair(), recipe).unwrap().input;
        let rgb = Recipe::of_size(1, 2);
        assert_eq!(values(&rgb).shape(), [1, 3, 1, 2]);
        assert_eq!(values(&rgb).data(), [200.0, 10.0, 100.0, 20.0, 0.0, 250.0]);
        let bgr = Recipe { channels: Channels::Bgr, ..rgb.clone() };
        assert_eq!(values(&bgr).data(), [0.0, 250.0, 100.0, 20.0, 200.0, 10.0]);
        let last = Recipe { layout: Layout::Nhwc, ..bgr };
        assert_eq!(values(&last).shape(), [1, 1, 2, 3]);
        assert_eq!(values(&last).data(), [0.0, 100.0, 200.0, 250.0, 20.0, 10.0]);
        // PIL: Image.new("RGB", (1, 1), (200, 100, 0)).convert("L") is 118, and (10, 20, 250) is 43.
        let grey = Recipe { channels: Channels::Grey, ..rgb };
        let prepared = apply(&pair(), &grey).unwrap();
        assert_eq!(prepared.input.shape(), [1, 1, 1, 2]);
        assert_eq!(prepared.input.data(), [118.0, 43.0]);
        assert_eq!(prepared.seen.rgb(), [118, 118, 118, 43, 43, 43]);
        // Pillow again, where the sum is next to the edge between two levels.
        let close = Picture::new(2, 1, vec![195, 110, 216, 5, 188, 32]).unwrap();
        assert_eq!(apply(&close, &grey).unwrap().input.data(), [147.0, 115.0]);
        assert_eq!([Channels::Rgb, Channels::Bgr, Channels::Grey].map(Channels::count), [3, 3, 1]);
    }

    #[test]
    fn mean_and_std_follow_the_order_of_channels() {
        let recipe = Recipe {
            channels: Channels::Bgr,
            scale: 0.5,
            mean: vec![1.0, 2.0, 3.0],
            std: vec![2.0],
            ..Recipe::of_size(1, 2)
        };
        assert_eq!(apply(&pair(), &recipe).unwrap().input.data(), [-0.5, 62.0, 24.0, 4.0, 48.5, 1.0]);
    }

    #[test]
    fn cropping_rounds_as_torchvision() {
        assert_eq!([224, 227, 240, 299, 32, 1].map(|size| crop_cover(size, None)), [256, 259, 274, 342, 37, 1]);
        // Python: [math.floor(size / share) for size, share in …], and a side that was told as 232.
        let shares = [(224, 0.9, 248), (224, 0.95, 235), (288, 1.0, 288), (299, 0.875, 341), (224, 224.0 / 232.0, 232)];
        for (size, share, cover) in shares {
            assert_eq!(crop_cover(size, Some(share)), cover);
        }
        // Python: [round(margin / 2) for margin in range(8)]
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(half_to_even), [0, 0, 1, 2, 2, 2, 3, 4]);
    }

    #[test]
    fn a_crop_of_a_strip_makes_no_giant() {
        // Scaled to 256 rows this would be 12.8 million pixels wide, of which 224 are computed.
        let strip = Picture::new(400_000, 8, vec![77; 400_000 * 8 * 3]).unwrap();
        let recipe = Recipe { resize: Resize::Crop, ..Recipe::of_size(224, 224) };
        assert!(apply(&strip, &recipe).unwrap().seen.rgb().iter().all(|&value| value == 77));
    }

    #[test]
    fn recipes_that_make_no_sense_are_refused() {
        let good = Recipe::of_size(4, 4);
        let bad = [
            Recipe { size: [0, 4], ..good.clone() },
            Recipe { size: [4, MAX_SIDE + 1], ..good.clone() },
            Recipe { mean: vec![0.0; 2], ..good.clone() },
            Recipe { mean: vec![], ..good.clone() },
            Recipe { std: vec![1.0, 0.0, 1.0], ..good.clone() },
            Recipe { std: vec![f64::NAN], ..good.clone() },
            Recipe { scale: f64::INFINITY, ..good.clone() },
            Recipe { channels: Channels::Grey, mean: vec![0.0; 3], ..good.clone() },
        ];
        for recipe in bad {
            assert!(apply(&pair(), &recipe).is_err(), "{recipe:?}");
        }
        assert_eq!(good.check(), Ok(()));
    }

    /// A picture that already has the size to which it would be brought: only the cut is left. 16 : 14 of 448 × 224 is 512 × 256.
    #[test]
    fn a_crop_covers_both_sides_and_takes_the_middle() {
        for (width, height, left, top) in [(512, 256, 32, 16), (512, 300, 32, 38), (600, 256, 76, 16)] {
            let rgb =
                (0..height).flat_map(|y| (0..width).flat_map(move |x| [(x % 251) as u8, (y % 241) as u8, 0])).collect();
            let picture = Picture::new(width, height, rgb).unwrap();
            let recipe = Recipe { resize: Resize::Crop, ..Recipe::of_size(224, 448) };
            let seen = apply(&picture, &recipe).unwrap().seen;
            assert_eq!((seen.width(), seen.height()), (448, 224));
            let place = |x: usize, y: usize| seen.rgb()[3 * (y * 448 + x)..][..2].to_vec();
            for (x, y) in [(0, 0), (447, 223)] {
                assert_eq!(place(x, y), [((x + left) % 251) as u8, ((y + top) % 241) as u8], "{width} × {height}");
            }
        }
    }

    /// Ultralytics' `LetterBox((64, 96))` of a picture of 100 columns and 50 rows, and of one of 30 columns and 90 rows: the ratio is the
    /// smaller one, and of an odd margin the smaller part comes first.
    #[test]
    fn a_letterbox_shows_all_of_a_picture_in_grey() {
        let recipe = Recipe { resize: Resize::Letterbox, ..Recipe::of_size(64, 96) };
        for (columns, rows, left, top, width, height) in
            [(100, 50, 0, 8, 96, 48), (30, 90, 37, 0, 21, 64), (1, 900, 47, 0, 1, 64)]
        {
            let picture = Picture::new(columns, rows, vec![200; 3 * columns * rows]).unwrap();
            let seen = apply(&picture, &recipe).unwrap().seen;
            assert_eq!((seen.width(), seen.height()), (96, 64));
            for (place, pixel) in seen.rgb().as_chunks::<3>().0.iter().enumerate() {
                let (x, y) = (place % 96, place / 96);
                let inside = (left..left + width).contains(&x) && (top..top + height).contains(&y);
                assert_eq!(*pixel, [if inside { 200 } else { 114 }; 3], "{columns} × {rows} at {x}, {y}");
            }
        }
    }

    #[test]
    fn a_frame_undoes_what_a_recipe_does_to_a_picture() {
        let of = |resize, columns, rows| {
            let Frame { left, top, width, height } =
                frame(columns, rows, &Recipe { resize, ..Recipe::of_size(64, 96) });
            [left, top, width, height]
        };
        assert_eq!(of(Resize::Squash, 300, 50), [0.0, 0.0, 300.0, 50.0]);
        // 100 × 50 is seen as 96 × 48, with 8 grey rows above it.
        assert_eq!(of(Resize::Letterbox, 100, 50), [0.0, -8.0 * 50.0 / 48.0, 100.0, 64.0 * 50.0 / 48.0]);
        // 96 · 256/224 is 110, 64 · 256/224 is 73: 220 × 146 covers both when it is halved, and 7 and 4 pixels are cut on the left and above.
        assert_eq!(of(Resize::Crop, 220, 146), [14.0, 8.0, 192.0, 128.0]);
    }

    #[test]
    fn what_is_wrong_with_a_recipe_is_named() {
        let good = Recipe::of_size(4, 4);
        assert_eq!(Recipe { size: [1, MAX_SIDE], ..good.clone() }.check(), Ok(()));
        assert_eq!(MAX_SIDE, 4096);
        assert_eq!(Recipe { mean: vec![1.0; 3], std: vec![-2.0; 3], ..good.clone() }.check(), Ok(()));
        assert_eq!(Recipe { mean: vec![0.0], ..good.clone() }.check(), Ok(()));
        let cases = [
            (Recipe { size: [0, 4], ..good.clone() }, RecipeError::Size { height: 0, width: 4 }),
            (Recipe { size: [4, 4097], ..good.clone() }, RecipeError::Size { height: 4, width: 4097 }),
            (
                Recipe { mean: vec![0.0; 2], ..good.clone() },
                RecipeError::Count { field: "mean", expected: 3, actual: 2 },
            ),
            (Recipe { std: vec![], ..good.clone() }, RecipeError::Count { field: "std", expected: 3, actual: 0 }),
            (Recipe { std: vec![1.0, 0.0, 1.0], ..good.clone() }, RecipeError::Value { field: "std", value: 0.0 }),
            (
                Recipe { mean: vec![f64::INFINITY], ..good.clone() },
                RecipeError::Value { field: "mean", value: f64::INFINITY },
            ),
            (Recipe { scale: f64::INFINITY, ..good }, RecipeError::Value { field: "scale", value: f64::INFINITY }),
        ];
        for (recipe, error) in cases {
            assert_eq!(recipe.check(), Err(error));
        }
    }
}
