//! From the bytes of a file to a [`Picture`].

use std::io::{Cursor, ErrorKind};

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::recognise::{Format, recognise};
use super::{MAX_DECODED_BYTES, Picture, PictureError, check_size, over_white};

/// Decodes JPEG (turned as its EXIF orientation says), PNG, WebP, GIF and BMP; of several frames the first. What is
/// transparent shows white. 16 bits per channel are rounded to 8.
///
/// The format is told by content, and the size is checked from the header before room is made for the pixels.
///
/// # Errors
/// Each kind of [`PictureError`] but `Length`. After [`PictureError::NeedsBrowser`] the browser's own decoder is worth a try.
pub fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
    let format = recognise(bytes)?;
    let failure = |error: ImageError| failure(format, bytes, &error);
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format.image).into_decoder().map_err(failure)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (u64::from(width), u64::from(height));
    check_size(width, height)?;
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        let bytes_per_pixel = u64::from(decoder.color_type().bytes_per_pixel());
        return Err(PictureError::TooLarge { width, height, bytes_per_pixel });
    }
    // The JPEG decoder paints what is missing grey without a word, so the end is looked for beforehand.
    if format.image == ImageFormat::Jpeg && !has_jpeg_end(bytes) {
        return Err(PictureError::Cut { format: format.name });
    }
    // A picture whose EXIF block is broken is shown as it is stored, as browsers do.
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(failure)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    let (width, height) = (image.width() as usize, image.height() as usize);
    let rgb =
        if image.color().has_alpha() { over_white(image.into_rgba8().as_raw()) } else { image.into_rgb8().into_raw() };
    Picture::new(width, height, rgb)
}

/// Puts the decoder's error into our terms.
fn failure(format: Format, bytes: &[u8], error: &ImageError) -> PictureError {
    let ends_early = matches!(error, ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof);
    let cut = match format.image {
        ImageFormat::Png => ends_early || !has_png_end(bytes),
        ImageFormat::WebP => ends_early || riff_is_longer_than(bytes),
        ImageFormat::Jpeg => ends_early || !has_jpeg_end(bytes),
        // A GIF ends with its trailer, a semicolon.
        ImageFormat::Gif => ends_early || bytes.last() != Some(&b';'),
        _ => ends_early,
    };
    match error {
        ImageError::Limits(_) => PictureError::DecoderLimit { format: format.name },
        _ if cut => PictureError::Cut { format: format.name },
        // Rare variants, such as arithmetic coding: the browser may know them.
        ImageError::Unsupported(_) => PictureError::NeedsBrowser { format: Some(format.name) },
        error => PictureError::Damaged { format: format.name, detail: error.to_string() },
    }
}

/// Walks the segments of a JPEG file and tells whether its end marker comes.
///
/// Looking for the two bytes anywhere would not do: the thumbnail inside the EXIF segment has an end marker too.
fn has_jpeg_end(bytes: &[u8]) -> bool {
    const RESTART_FIRST: u8 = 0xD0;
    const RESTART_LAST: u8 = 0xD7;
    const START: u8 = 0xD8;
    const END: u8 = 0xD9;
    const TEMPORARY: u8 = 0x01;

    let mut position = 0;
    loop {
        // Find the next marker: 0xFF and then a byte that is neither stuffing nor filling. In a well-formed file this
        // steps over nothing but the entropy-coded data after a scan header.
        let Some(offset) =
            bytes[position..].windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF))
        else {
            return false;
        };
        let marker = bytes[position + offset + 1];
        position += offset + 2;
        match marker {
            END => return true,
            START | TEMPORARY | RESTART_FIRST..=RESTART_LAST => {}
            // Every other marker has a length, which counts its own two bytes.
            _ => {
                let Some(&[high, low]) = bytes.get(position..position + 2) else { return false };
                position += usize::from(u16::from_be_bytes([high, low])).max(2);
            }
        }
        if position >= bytes.len() {
            return false;
        }
    }
}

/// Walks the chunks of a PNG file and tells whether its last one comes.
fn has_png_end(bytes: &[u8]) -> bool {
    let mut position = 8;
    while let Some(&[a, b, c, d, ref kind @ ..]) = bytes.get(position..position + 8) {
        if kind == b"IEND" {
            return true;
        }
        // Length, kind and checksum are four bytes each.
        position = position.saturating_add(u32::from_be_bytes([a, b, c, d]) as usize).saturating_add(12);
        if position > bytes.len() {
            return false;
        }
    }
    false
}

/// Whether a RIFF file says that it is longer than it is.
fn riff_is_longer_than(bytes: &[u8]) -> bool {
    match bytes.get(4..8) {
        Some(&[a, b, c, d]) => u64::from(u32::from_le_bytes([a, b, c, d])) + 8 > bytes.len() as u64,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_jpeg_is_not_the_end_of_its_thumbnail() {
        let start = b"\xFF\xD8\xFF\xE1\x00\x06\xFF\xD9\x00\x00".as_slice();
        let scan = b"\xFF\xDA\x00\x03\x00\x12\x34\xFF\x00\x56\xFF\xD0\x78".as_slice();
        assert!(!has_jpeg_end(start));
        assert!(!has_jpeg_end(&[start, scan].concat()));
        assert!(has_jpeg_end(&[start, scan, b"\xFF\xD9".as_slice()].concat()));
        assert!(!has_jpeg_end(b"\xFF\xD8\xFF\xE1\xFF"));
    }

    #[test]
    fn png_ends_with_its_last_chunk() {
        let start = b"\x89PNG\r\n\x1a\n\0\0\0\x01abcd\x07\0\0\0\0".as_slice();
        assert!(!has_png_end(start));
        assert!(has_png_end(&[start, b"\0\0\0\0IEND".as_slice()].concat()));
        assert!(!has_png_end(b"\x89PNG\r\n\x1a\n\xFF\xFF\xFF\xFFabcd"));
    }
}
