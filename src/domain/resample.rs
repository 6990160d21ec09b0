//! Pictures in another size: bilinear exactly as PIL computes it, bit for bit.
//!
//! A network is judged by what it was trained on, and nearly all were trained behind PIL. When a picture shrinks, PIL's
//! bilinear filter averages all pixels under a triangle, unlike a canvas or a GPU sampler, which look at four.
//!
//! The crate `fast_image_resize` is not used: its fixed-point tables are coarser, so it only comes near PIL, and this
//! file is smaller than the code it adds to the download.

use std::ops::Range;

use super::picture::{Picture, PictureError};

/// Fraction bits of a weight. PIL's number: 8 bits of pixel and 2 of headroom fill up 32.
const PRECISION_BITS: u32 = 32 - 8 - 2;

/// A rectangle of pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub columns: Range<usize>,
    pub rows: Range<usize>,
}

/// Resizes a picture. Sides may shrink and grow each on its own.
///
/// # Errors
/// [`PictureError::Length`] for an empty size.
pub fn resize(picture: &Picture, width: usize, height: usize) -> Result<Picture, PictureError> {
    resize_window(picture, width, height, &Window { columns: 0..width, rows: 0..height })
}

/// Resizes a picture to `width × height` and cuts `window` out, without computing what is cut away.
///
/// # Errors
/// [`PictureError::Length`] for an empty window, or one that is not within the new size.
pub fn resize_window(picture: &Picture, width: usize, height: usize, window: &Window) -> Result<Picture, PictureError> {
    let (columns, rows) = (window.columns.len(), window.rows.len());
    if columns == 0 || rows == 0 || window.columns.end > width || window.rows.end > height {
        return Err(PictureError::Length { width: columns, height: rows, channels: 3, actual: 0 });
    }
    if (width, height) == (picture.width(), picture.height()) && (columns, rows) == (width, height) {
        return Ok(picture.clone());
    }
    let horizontal = taps(picture.width(), width, window.columns.clone());
    let vertical = taps(picture.height(), height, window.rows.clone());

    // As PIL: first the rows that are needed get their new width, rounded to bytes, then the columns their new height.
    let (Some(first), Some(last)) = (vertical.first(), vertical.last()) else {
        return Err(PictureError::Length { width: columns, height: rows, channels: 3, actual: 0 });
    };
    let source_rows = first.start..last.start + last.weights.len();
    let mut narrow = Vec::with_capacity(source_rows.len() * columns * 3);
    for row in source_rows.clone() {
        let row = &picture.rgb()[row * picture.width() * 3..][..picture.width() * 3];
        for tap in &horizontal {
            let (pixels, _) = row[tap.start * 3..].as_chunks::<3>();
            let mut sums = [1_i32 << (PRECISION_BITS - 1); 3];
            for (&weight, pixel) in tap.weights.iter().zip(pixels) {
                for (sum, &value) in sums.iter_mut().zip(pixel) {
                    *sum += i32::from(value) * weight;
                }
            }
            narrow.extend(sums.map(to_byte));
        }
    }

    let stride = columns * 3;
    let mut rgb = Vec::with_capacity(rows * stride);
    let mut sums = vec![0_i32; stride];
    for tap in &vertical {
        sums.fill(1 << (PRECISION_BITS - 1));
        let lines = narrow[(tap.start - source_rows.start) * stride..].chunks_exact(stride);
        for (&weight, line) in tap.weights.iter().zip(lines) {
            for (sum, &value) in sums.iter_mut().zip(line) {
                *sum += i32::from(value) * weight;
            }
        }
        rgb.extend(sums.iter().map(|&sum| to_byte(sum)));
    }
    Picture::new(columns, rows, rgb)
}

/// The weights of the source pixels that make one new pixel.
struct Tap {
    start: usize,
    weights: Vec<i32>,
}

/// PIL's `precompute_coeffs` and `normalize_coeffs_8bpc` (Resample.c) for the triangle filter, for the new pixels in
/// `range` of a side that goes from `source` to `target` pixels.
fn taps(source: usize, target: usize, range: Range<usize>) -> Vec<Tap> {
    let scale = source as f64 / target as f64;
    // When a side grows, the triangle keeps its width of one source pixel on either side.
    let filter_scale = scale.max(1.0);
    let tap = |position: usize| {
        let centre = (position as f64 + 0.5) * scale;
        // A negative float becomes zero.
        let start = (centre - filter_scale + 0.5) as usize;
        let end = ((centre + filter_scale + 0.5) as usize).min(source);
        let triangle = |pixel: usize| (1.0 - ((pixel as f64 - centre + 0.5) / filter_scale).abs()).max(0.0);
        let weights: Vec<f64> = (start..end).map(triangle).collect();
        let sum: f64 = weights.iter().sum();
        let fixed = |weight: &f64| (0.5 + weight / sum * f64::from(1 << PRECISION_BITS)) as i32;
        Tap { start, weights: weights.iter().map(fixed).collect() }
    };
    range.map(tap).collect()
}

/// Drops the fraction and keeps within a byte, since rounded weights may add up to a little over one.
fn to_byte(sum: i32) -> u8 {
    (sum >> PRECISION_BITS).clamp(0, 255) as u8
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
        let whole = resize(&picture, 16, 40).unwrap();
        let window = Window { columns: 3..11, rows: 20..33 };
        let cut = resize_window(&picture, 16, 40, &window).unwrap();
        for (line, row) in cut.rgb().chunks(8 * 3).zip(window.rows) {
            assert_eq!(line, &whole.rgb()[(row * 16 + 3) * 3..(row * 16 + 11) * 3]);
        }
    }

    #[test]
    fn empty_and_outside_windows_are_refused() {
        let picture = gradient(8, 8);
        assert!(resize(&picture, 0, 4).is_err());
        assert!(resize_window(&picture, 4, 4, &Window { columns: 2..5, rows: 0..4 }).is_err());
    }
}
