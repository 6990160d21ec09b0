//! A picture as 8-bit RGB, however it came in.

mod decode;
mod erase;
mod error;
mod gif;
mod jpeg;
mod png;
mod recognise;

pub use decode::decode;
pub use erase::{Fill, Stroke};
pub use error::{NotAPicture, PictureError};

/// The most pixels a picture may have: 50 megapixels, more than any phone takes by default. Decoded it is 150 MB, and
/// turning it takes as much again, which a browser tab still has.
pub const MAX_PIXELS: u64 = 50_000_000;

/// The most bytes a picture may take as its file describes it (50 megapixels with 8-bit alpha). A picture with 16 bits
/// per channel reaches this with half the pixels.
pub const MAX_DECODED_BYTES: u64 = 200_000_000;

/// The fewest pixels a side may have. Below that there is nothing to look at.
pub const MIN_SIDE: usize = 8;

/// A picture: `height` rows of `width` pixels, each red, green, blue from 0 to 255 (sRGB as stored). Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Picture {
    /// Joins a size and its pixels, three bytes each, row by row. Any size but an empty one: a network's input may be
    /// smaller than what is accepted from a user.
    ///
    /// # Errors
    /// [`PictureError::Length`] where the number of bytes is not `3 · width · height` or is zero.
    pub fn new(width: usize, height: usize, rgb: Vec<u8>) -> Result<Self, PictureError> {
        let expected = byte_count(width, height, 3);
        if expected != Some(rgb.len()) || rgb.is_empty() {
            return Err(PictureError::Length { width, height, channels: 3, actual: rgb.len() });
        }
        Ok(Self { width, height, rgb })
    }

    /// Takes what the browser's own decoder (or a canvas) gives: four bytes per pixel, not multiplied by alpha. What is
    /// transparent shows white.
    ///
    /// # Errors
    /// [`PictureError::Length`] where the number of bytes is not `4 · width · height`; [`PictureError::TooSmall`] and
    /// [`PictureError::TooLarge`] as for a file.
    pub fn from_rgba(width: usize, height: usize, rgba: &[u8]) -> Result<Self, PictureError> {
        check_size(width as u64, height as u64)?;
        if byte_count(width, height, 4) != Some(rgba.len()) {
            return Err(PictureError::Length { width, height, channels: 4, actual: rgba.len() });
        }
        Self::new(width, height, over_white(rgba))
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Red, green and blue of each pixel, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The pixels as opaque RGBA, as a canvas wants them.
    pub fn to_rgba(&self) -> Vec<u8> {
        let (pixels, _) = self.rgb.as_chunks::<3>();
        pixels.iter().flat_map(|&[red, green, blue]| [red, green, blue, 255]).collect()
    }

    /// The mean of each channel, rounded. It is what the eraser paints with, since it says least to a network.
    pub fn mean_colour(&self) -> [u8; 3] {
        let (pixels, _) = self.rgb.as_chunks::<3>();
        let mut sums = [0_u64; 3];
        for pixel in pixels {
            for (sum, &value) in sums.iter_mut().zip(pixel) {
                *sum += u64::from(value);
            }
        }
        let count = pixels.len() as u64;
        sums.map(|sum| ((sum + count / 2) / count) as u8)
    }
}

/// Refuses sizes that are too small to show anything or too large to hold.
fn check_size(width: u64, height: u64) -> Result<(), PictureError> {
    if width.saturating_mul(height) > MAX_PIXELS {
        return Err(PictureError::TooLarge { width, height, bytes_per_pixel: 3 });
    }
    if width.min(height) < MIN_SIDE as u64 {
        return Err(PictureError::TooSmall { width, height });
    }
    Ok(())
}

fn byte_count(width: usize, height: usize, channels: usize) -> Option<usize> {
    width.checked_mul(height)?.checked_mul(channels)
}

/// Lays RGBA pixels, not multiplied by alpha, over white.
fn over_white(rgba: &[u8]) -> Vec<u8> {
    let (pixels, _) = rgba.as_chunks::<4>();
    let mut rgb = Vec::with_capacity(pixels.len() * 3);
    for &[red, green, blue, alpha] in pixels {
        let alpha = u32::from(alpha);
        let blend = |channel: u8| ((u32::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        rgb.extend([blend(red), blend(green), blend(blue)]);
    }
    rgb
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_that_does_not_fit_is_refused() {
        assert!(matches!(Picture::new(2, 1, vec![0; 5]), Err(PictureError::Length { .. })));
        assert!(matches!(Picture::new(0, 9, vec![]), Err(PictureError::Length { .. })));
        assert!(matches!(Picture::new(usize::MAX, 2, vec![0; 6]), Err(PictureError::Length { .. })));
        let short = PictureError::Length { width: 8, height: 8, channels: 4, actual: 255 };
        assert_eq!(Picture::from_rgba(8, 8, &[0; 255]), Err(short));
    }

    #[test]
    fn transparent_pixels_show_white() {
        let rgba = [[10, 20, 30, 255], [10, 20, 30, 0], [0, 100, 255, 128], [0, 0, 0, 1]].concat().repeat(16);
        let picture = Picture::from_rgba(8, 8, &rgba).unwrap();
        assert_eq!(picture.rgb()[..12], [10, 20, 30, 255, 255, 255, 127, 177, 255, 254, 254, 254]);
        // 127/255 + 254 is below the middle, and 128/255 + 254 above it.
        let close = Picture::from_rgba(8, 8, &[127, 128, 127, 1].repeat(64)).unwrap();
        assert_eq!(close.rgb()[..3], [254, 255, 254]);
    }

    #[test]
    fn from_rgba_holds_the_limits_of_a_file() {
        assert!(matches!(Picture::from_rgba(7, 9, &[]), Err(PictureError::TooSmall { width: 7, height: 9 })));
        assert!(matches!(Picture::from_rgba(20_000, 20_000, &[]), Err(PictureError::TooLarge { .. })));
    }

    #[test]
    fn the_mean_colour_is_rounded() {
        let picture = Picture::new(2, 1, vec![0, 10, 255, 1, 20, 255]).unwrap();
        assert_eq!(picture.mean_colour(), [1, 15, 255]);
        assert_eq!(picture.to_rgba(), [0, 10, 255, 255, 1, 20, 255, 255]);
    }

    #[test]
    fn the_limits_themselves_are_within() {
        assert_eq!([check_size(8, 8), check_size(10_000, 5_000)], [Ok(()), Ok(())]);
        let large = |width, height| Err(PictureError::TooLarge { width, height, bytes_per_pixel: 3 });
        assert_eq!(check_size(10_000, 5_001), large(10_000, 5_001));
        assert_eq!(check_size(16_666_667, 3), large(16_666_667, 3));
        assert_eq!(check_size(u64::MAX, 2), large(u64::MAX, 2));
        assert_eq!(check_size(8, 7), Err(PictureError::TooSmall { width: 8, height: 7 }));
        assert_eq!((MAX_DECODED_BYTES, MIN_SIDE), (200_000_000, 8));
    }
}
