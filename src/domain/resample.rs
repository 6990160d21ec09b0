//! Pictures in another size: bilinear as PIL computes it, bit for bit (see [`resize`]).
//!
//! A network is judged by what it was trained on, and nearly all were trained behind PIL. When a picture shrinks, PIL's
//! bilinear filter averages all pixels under a triangle, unlike a canvas or a GPU sampler, which look at four.
//!
//! The crate `fast_image_resize` is not used: its fixed-point tables are coarser, so it is up to one level off, and what
//! it saves is little beside the decoding (a 12-megapixel JPEG decodes in 50 ms and shrinks in 25 ms here, natively).

use std::ops::Range;

use featurescope_kernels::{PRECISION_BITS, Tap, resample_columns, resample_rows};

use super::picture::{Picture, PictureError};

/// How the pixels around a place are weighed, by Pillow's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// A triangle.
    #[default]
    Bilinear,
    /// Keys' cubic with −1/2.
    Bicubic,
    /// A sinc of three lobes.
    Lanczos,
}

impl Filter {
    /// All of them, with the names for cards.
    pub const NAMES: [(Self, &str); 3] =
        [(Self::Bilinear, "bilinear"), (Self::Bicubic, "bicubic"), (Self::Lanczos, "lanczos")];

    /// How far it reaches, in pixels of the coarser picture.
    fn support(self) -> f64 {
        match self {
            Self::Bilinear => 1.0,
            Self::Bicubic => 2.0,
            Self::Lanczos => 3.0,
        }
    }

    /// The weight at a distance from the place, as Pillow's Resample.c has it.
    fn weight(self, distance: f64) -> f64 {
        let x = distance.abs();
        let sinc = |x: f64| if x == 0.0 { 1.0 } else { (x * std::f64::consts::PI).sin() / (x * std::f64::consts::PI) };
        match self {
            Self::Bilinear => (1.0 - x).max(0.0),
            Self::Bicubic if x < 1.0 => ((1.5 * x) - 2.5) * x * x + 1.0,
            Self::Bicubic if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * -0.5,
            Self::Lanczos if x < 3.0 => sinc(x) * sinc(x / 3.0),
            Self::Bicubic | Self::Lanczos => 0.0,
        }
    }
}

/// A rectangle of pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub columns: Range<usize>,
    pub rows: Range<usize>,
}

/// Resizes a picture. Sides may shrink and grow each on its own. Within one grey level of Pillow's bilinear filter
/// (recorded from version 13 in `tests/domain`).
///
/// # Errors
/// [`PictureError::Length`] for an empty size.
pub fn resize(picture: &Picture, width: usize, height: usize) -> Result<Picture, PictureError> {
    resize_by(picture, width, height, Filter::Bilinear)
}

/// [`resize`] by another filter.
///
/// # Errors
/// [`PictureError::Length`] for an empty size.
pub fn resize_by(picture: &Picture, width: usize, height: usize, filter: Filter) -> Result<Picture, PictureError> {
    resize_window(picture, width, height, &Window { columns: 0..width, rows: 0..height }, filter)
}

/// Resizes a picture to `width × height` and cuts `window` out, without computing what is cut away.
///
/// # Errors
/// [`PictureError::Length`] for an empty window, or one that is not within the new size.
pub fn resize_window(
    picture: &Picture,
    width: usize,
    height: usize,
    window: &Window,
    filter: Filter,
) -> Result<Picture, PictureError> {
    let (columns, rows) = (window.columns.len(), window.rows.len());
    if columns == 0 || rows == 0 || window.columns.end > width || window.rows.end > height {
        return Err(PictureError::Length { width: columns, height: rows, channels: 3, actual: 0 });
    }
    if (width, height) == (picture.width(), picture.height()) && (columns, rows) == (width, height) {
        return Ok(picture.clone());
    }
    let horizontal = taps(picture.width(), width, window.columns.clone(), filter);
    let vertical = taps(picture.height(), height, window.rows.clone(), filter);
    // Between the two passes the values are rounded to bytes, so their order shows in the last bit. Pillow always began
    // with the columns; version 13 begins with the rows where a picture loses many more rows than columns, which is
    // rare for inputs of networks and one level apart.
    let used = reach(&vertical);
    let stride = picture.width() * 3;
    let narrow = resample_columns(&picture.rgb()[used.start * stride..used.end * stride], picture.width(), &horizontal);
    Picture::new(columns, rows, resample_rows(&narrow, columns * 3, used.start, &vertical))
}

/// PIL's `precompute_coeffs` and `normalize_coeffs_8bpc` (Resample.c) for a filter, for the new pixels in
/// `range` of a side that goes from `source` to `target` pixels.
fn taps(source: usize, target: usize, range: Range<usize>, filter: Filter) -> Vec<Tap> {
    let scale = source as f64 / target as f64;
    // When a side grows, the filter keeps its width in pixels of the source.
    let filter_scale = scale.max(1.0);
    let support = filter.support() * filter_scale;
    // Multiplied, not divided by the scale, since the last bit of a weight can decide how a pixel is rounded.
    let inverse = 1.0 / filter_scale;
    let tap = |position: usize| {
        let centre = (position as f64 + 0.5) * scale;
        // A negative float becomes zero.
        let start = (centre - support + 0.5) as usize;
        let end = ((centre + support + 0.5) as usize).min(source);
        let weight = |pixel: usize| filter.weight((pixel as f64 - centre + 0.5) * inverse);
        let weights: Vec<f64> = (start..end).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        let fixed = |weight: &f64| {
            let weight = weight / sum * f64::from(1 << PRECISION_BITS);
            (weight + 0.5_f64.copysign(weight)) as i32
        };
        Tap { start, weights: weights.iter().map(fixed).collect() }
    };
    range.map(tap).collect()
}

/// The source pixels that the taps, which are in order, read.
fn reach(taps: &[Tap]) -> Range<usize> {
    let start = taps.first().map_or(0, |tap| tap.start);
    let end = taps.last().map_or(0, |tap| tap.start + tap.weights.len());
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(width: usize, height: usize) -> Picture {
        let rgb = (0..width * height * 3).map(|index| (index * 37 % 251) as u8).collect();
        Picture::new(width, height, rgb).unwrap()
    }

    #[test]
    fn halving_a_pair_averages_and_growing_keeps_a_flat_picture() {
        let pair = Picture::new(2, 1, vec![0, 10, 255, 100, 20, 255]).unwrap();
        assert_eq!(resize(&pair, 1, 1).unwrap().rgb(), [50, 15, 255]);
        let flat = Picture::new(3, 2, vec![255; 18]).unwrap();
        assert!(resize(&flat, 17, 11).unwrap().rgb().iter().all(|&value| value == 255));
    }

    #[test]
    fn a_window_is_the_same_as_cutting_afterwards() {
        let picture = gradient(37, 23);
        for (width, height) in [(16, 40), (50, 15)] {
            let whole = resize(&picture, width, height).unwrap();
            let window = Window { columns: 3..11, rows: 4..13 };
            let cut = resize_window(&picture, width, height, &window, Filter::Bilinear).unwrap();
            assert_eq!(cut.rgb().len(), 8 * 9 * 3);
            for (line, row) in cut.rgb().chunks(8 * 3).zip(window.rows) {
                assert_eq!(line, &whole.rgb()[(row * width + 3) * 3..(row * width + 11) * 3]);
            }
        }
    }

    /// Pillow 13.0.0's `Image.resize`.
    #[test]
    fn other_filters_are_pillows() {
        let picture = gradient(9, 7);
        let cases = [
            (
                Filter::Bicubic,
                3,
                2,
                &[156, 101, 105, 124, 151, 96, 84, 126, 164, 158, 124, 89, 106, 151, 143, 119, 108, 148][..],
            ),
            (
                Filter::Bicubic,
                4,
                9,
                &[
                    81, 74, 119, 156, 113, 88, 113, 158, 133, 90, 127, 172, 152, 67, 116, 147, 104, 85, 110, 156, 130,
                    87, 124, 169, 187, 88, 112, 139, 140, 81, 106, 147, 126, 83, 120, 165, 176, 115, 108, 136, 186, 76,
                    102, 138, 121, 79, 116, 161, 172, 108, 104, 132, 177, 73, 98, 135, 118, 75, 112, 157, 168, 104, 94,
                    128, 173, 120, 93, 131, 165, 64, 108, 147, 164, 100, 88, 123, 169, 131, 98, 127, 176, 132, 104,
                    141, 160, 96, 84, 118, 165, 123, 101, 123, 168, 184, 100, 137, 157, 93, 81, 115, 162, 120, 97, 120,
                    165, 173, 97, 134,
                ][..],
            ),
            (
                Filter::Lanczos,
                3,
                2,
                &[157, 100, 103, 123, 153, 95, 81, 126, 166, 161, 127, 87, 103, 154, 143, 119, 104, 150][..],
            ),
            (
                Filter::Lanczos,
                4,
                9,
                &[
                    80, 70, 122, 162, 117, 85, 108, 161, 131, 91, 124, 177, 150, 60, 119, 148, 103, 82, 107, 160, 128,
                    88, 121, 174, 197, 85, 114, 136, 144, 79, 104, 146, 125, 83, 118, 169, 175, 117, 112, 135, 195, 70,
                    100, 132, 116, 81, 117, 167, 174, 108, 107, 131, 183, 70, 96, 130, 116, 76, 113, 162, 170, 104, 90,
                    127, 179, 121, 90, 126, 167, 61, 109, 145, 167, 101, 82, 121, 176, 137, 99, 123, 183, 131, 106,
                    137, 162, 96, 79, 113, 171, 123, 105, 118, 169, 189, 101, 134, 159, 93, 76, 111, 168, 122, 99, 115,
                    168, 171, 98, 131,
                ][..],
            ),
        ];
        for (filter, width, height, expected) in cases {
            let found = resize_by(&picture, width, height, filter).unwrap();
            let furthest = found.rgb().iter().zip(expected).map(|(&a, &b): (&u8, &u8)| a.abs_diff(b)).max();
            assert!(found.rgb().len() == expected.len() && furthest <= Some(1), "{filter:?} {width} × {height}");
        }
    }

    #[test]
    fn empty_and_outside_windows_are_refused() {
        let picture = gradient(8, 8);
        assert!(resize(&picture, 0, 4).is_err());
        assert!(resize_window(&picture, 4, 4, &Window { columns: 2..5, rows: 0..4 }, Filter::Bilinear).is_err());
    }
}
