//! What can be wrong with a file that should be a picture, each a sentence that the page shows as it is.

use std::fmt;

use thiserror::Error;

use super::{MAX_DECODED_BYTES, MAX_PIXELS, MIN_SIDE};

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PictureError {
    /// No bytes at all.
    #[error("This file is empty.")]
    Empty,
    /// The content is of another kind, whatever the file's name says.
    #[error("{0}")]
    NotAPicture(NotAPicture),
    /// A format that is left to the browser's own decoder, which gives RGBA for [`super::Picture::from_rgba`].
    /// The name, of the format or of its rare form, is given where the content tells it.
    #[error(
        "{} could not be read: neither Featurescope nor this browser can decode it. Save it as PNG or as a common JPEG first.",
        format.map_or("This file".to_owned(), |format| format!("This {format} picture"))
    )]
    NeedsBrowser { format: Option<&'static str> },
    /// More pixels or bytes than [`MAX_PIXELS`] and [`MAX_DECODED_BYTES`], as the header says.
    #[error(
        "This picture is too large: {width} × {height} pixels of {bytes_per_pixel} bytes. The limits are {} million \
         pixels and {} million bytes.", MAX_PIXELS / 1_000_000, MAX_DECODED_BYTES / 1_000_000
    )]
    TooLarge { width: u64, height: u64, bytes_per_pixel: u64 },
    /// The decoder stopped at its own limit on memory, before the size was known.
    #[error("This {format} file is too large: it needs more memory than its decoder may use.")]
    DecoderLimit { format: &'static str },
    /// A side is shorter than [`MIN_SIDE`].
    #[error(
        "There is nothing to look at in a picture of {width} × {height} pixels: each side needs at least {MIN_SIDE}."
    )]
    TooSmall { width: u64, height: u64 },
    /// The file ends before its picture does.
    #[error("This {format} file is cut off: the end of the picture is missing. Copy or download it again.")]
    Cut { format: &'static str },
    /// The decoder gave up for another reason.
    #[error("This {format} file is damaged ({detail}).")]
    Damaged { format: &'static str, detail: String },
    /// The caller's size and bytes disagree.
    #[error("{width} × {height} pixels of {channels} bytes do not make {actual} bytes.")]
    Length { width: usize, height: usize, channels: usize, actual: usize },
}

/// A file of another kind, recognised by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAPicture {
    Pdf,
    Svg,
    WebPage,
    Text,
    /// ZIP (also office documents) and gzip.
    Archive,
}

impl fmt::Display for NotAPicture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pdf => "This is a PDF, not a picture. Save the page you mean as PNG or JPEG.",
            Self::Svg => "This is an SVG drawing, which has no pixels of its own. Export it as PNG.",
            Self::WebPage => "This is a web page, not a picture. Save the picture itself.",
            Self::Text => "This is a text file, not a picture.",
            Self::Archive => "This is a packed archive, not a picture. Unpack it first.",
        })
    }
}
