//! From the bytes of a file to a [`Picture`].

use std::borrow::Cow;
use std::io::{Cursor, ErrorKind};

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::recognise::{Format, recognise};
use super::{MAX_DECODED_BYTES, Picture, PictureError, check_size, gif, jpeg, over_white, png};

/// Decodes JPEG (turned as its EXIF orientation says), PNG, WebP, GIF and BMP; of several frames the first. What is
/// transparent shows white. 16 bits per channel are rounded to 8. Rare forms of JPEG are left to the browser.
///
/// The format is told by content, and the size is checked from the header before room is made for the pixels.
///
/// # Errors
/// Each kind of [`PictureError`] but `Length`. After [`PictureError::NeedsBrowser`] the browser's own decoder is worth a try.
pub fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
    let format = recognise(bytes)?;
    let failure = |error: ImageError| failure(format, bytes, &error);
    let whole = match format.image {
        ImageFormat::Jpeg => {
            if let Some(form) = jpeg::rare_form(bytes) {
                // Here too, since a browser shows a cut file as far as it goes, and takes the memory that it asks for.
                check_size(form.width.into(), form.height.into())?;
                return Err(if jpeg::has_end(bytes) {
                    PictureError::NeedsBrowser { format: Some(form.name) }
                } else {
                    PictureError::Cut { format: format.name }
                });
            }
            Cow::Borrowed(bytes)
        }
        ImageFormat::Png if png::has_broken_palette(bytes) => {
            let detail = "the palette is no whole number of colours".to_owned();
            return Err(PictureError::Damaged { format: format.name, detail });
        }
        ImageFormat::Gif => gif::with_whole_frame(bytes),
        _ => Cow::Borrowed(bytes),
    };
    let mut decoder =
        ImageReader::with_format(Cursor::new(&whole[..]), format.image).into_decoder().map_err(failure)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (u64::from(width), u64::from(height));
    check_size(width, height)?;
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        let bytes_per_pixel = u64::from(decoder.color_type().bytes_per_pixel());
        return Err(PictureError::TooLarge { width, height, bytes_per_pixel });
    }
    // The JPEG decoder paints what is missing grey without a word, so the end is looked for beforehand.
    if format.image == ImageFormat::Jpeg && !jpeg::has_end(bytes) {
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
        ImageFormat::Png => ends_early || !png::has_end(bytes),
        ImageFormat::WebP => ends_early || riff_is_longer_than(bytes),
        ImageFormat::Jpeg => ends_early || !jpeg::has_end(bytes),
        // A GIF ends with its trailer, a semicolon.
        ImageFormat::Gif => ends_early || bytes.last() != Some(&b';'),
        _ => ends_early,
    };
    match error {
        ImageError::Limits(_) => PictureError::DecoderLimit { format: format.name },
        _ if cut => PictureError::Cut { format: format.name },
        // What the decoder itself calls unsupported the browser may know.
        ImageError::Unsupported(_) => PictureError::NeedsBrowser { format: Some(format.name) },
        error => PictureError::Damaged { format: format.name, detail: error.to_string() },
    }
}

/// Whether a RIFF file says that it is longer than it is.
fn riff_is_longer_than(bytes: &[u8]) -> bool {
    match bytes.get(4..8) {
        Some(&[a, b, c, d]) => u64::from(u32::from_le_bytes([a, b, c, d])) + 8 > bytes.len() as u64,
        _ => true,
    }
}
