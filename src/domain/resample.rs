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
    // Between the two passes the values are rounded to bytes, so their order shows in the last bit. Pillow always began
    // with the columns; version 13 begins with the rows where a picture loses many more rows than columns, which is
    // rare for inputs of networks and one level apart.
    let used = reach(&vertical);
    let stride = picture.width() * 3;
    let narrow = resample_columns(&picture.rgb()[used.start * stride..used.end * stride], picture.width(), &horizontal);
    Picture::new(columns, rows, resample_rows(&narrow, columns * 3, used.start, &vertical))
}

/// PIL's `precompute_coeffs` and `normalize_coeffs_8bpc` (Resample.c) for the triangle filter, for the new pixels in
/// `range` of a side that goes from `source` to `target` pixels.
fn taps(source: usize, target: usize, range: Range<usize>) -> Vec<Tap> {
    let scale = source as f64 / target as f64;
    // When a side grows, the triangle keeps its width of one source pixel on either side.
    let filter_scale = scale.max(1.0);
    // Multiplied, not divided by the scale, since the last bit of a weight can decide how a pixel is rounded.
    let inverse = 1.0 / filter_scale;
    let tap = |position: usize| {
        let centre = (position as f64 + 0.5) * scale;
        // A negative float becomes zero.
        let start = (centre - filter_scale + 0.5) as usize;
        let end = ((centre + filter_scale + 0.5) as usize).min(source);
        let triangle = |pixel: usize| (1.0 - ((pixel as f64 - centre + 0.5) * inverse).abs()).max(0.0);
        let weights: Vec<f64> = (start..end).map(triangle).collect();
        let sum: f64 = weights.iter().sum();
        let fixed = |weight: &f64| (0.5 + weight / sum * f64::from(1 << PRECISION_BITS)) as i32;
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
            let cut = resize_window(&picture, width, height, &window).unwrap();
            assert_eq!(cut.rgb().len(), 8 * 9 * 3);
            for (line, row) in cut.rgb().chunks(8 * 3).zip(window.rows) {
                assert_eq!(line, &whole.rgb()[(row * width + 3) * 3..(row * width + 11) * 3]);
            }
        }
    }

    #[test]
    fn empty_and_outside_windows_are_refused() {
        let picture = gradient(8, 8);
        assert!(resize(&picture, 0, 4).is_err());
        assert!(resize_window(&picture, 4, 4, &Window { columns: 2..5, rows: 0..4 }).is_err());
    }
}
