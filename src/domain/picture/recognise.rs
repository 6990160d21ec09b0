//! Tells by content what a file is. Names lie: a PDF may be called `.png`.

use image::ImageFormat;

use super::{NotAPicture, PictureError};

/// How many bytes at the start tell what a file is. A comment may stand before `<svg`, and junk before `%PDF`.
const HEAD: usize = 1024;

/// A format that this crate decodes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) image: ImageFormat,
    pub(super) name: &'static str,
}

/// Names the format of a file.
pub(super) fn recognise(bytes: &[u8]) -> Result<Format, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    // Text comes before the signatures, since the one of BMP is just "BM".
    if let Some(kind) = other_kind(head) {
        return Err(PictureError::NotAPicture(kind));
    }
    let name = match image::guess_format(head) {
        Ok(image @ ImageFormat::Jpeg) => return Ok(Format { image, name: "JPEG" }),
        Ok(image @ ImageFormat::Png) => return Ok(Format { image, name: "PNG" }),
        Ok(image @ ImageFormat::WebP) => return Ok(Format { image, name: "WebP" }),
        Ok(image @ ImageFormat::Gif) => return Ok(Format { image, name: "GIF" }),
        Ok(image @ ImageFormat::Bmp) => return Ok(Format { image, name: "BMP" }),
        Ok(ImageFormat::Avif) => Some("AVIF"),
        Ok(ImageFormat::Tiff) => Some("TIFF"),
        Ok(ImageFormat::Ico) => Some("ICO"),
        _ => brand(head),
    };
    Err(PictureError::NeedsBrowser { format: name })
}

/// The picture formats that are told by an ISO media brand or by the signature of JPEG XL.
fn brand(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(&[0xFF, 0x0A]) || head.starts_with(b"\0\0\0\x0CJXL \r\n\x87\n") {
        return Some("JPEG XL");
    }
    match (head.get(4..8)?, head.get(8..12)?) {
        (b"ftyp", b"avif" | b"avis") => Some("AVIF"),
        (b"ftyp", b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1") => Some("HEIC"),
        _ => None,
    }
}

/// Recognises what is surely no picture.
fn other_kind(head: &[u8]) -> Option<NotAPicture> {
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Some(NotAPicture::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0x1F, 0x8B]) {
        return Some(NotAPicture::Archive);
    }
    let text = text_of(head)?.to_ascii_lowercase();
    if text.contains("<svg") {
        Some(NotAPicture::Svg)
    } else if text.contains("<!doctype html") || text.contains("<html") {
        Some(NotAPicture::WebPage)
    } else {
        Some(NotAPicture::Text)
    }
}

/// The head as text, if that is what it is: UTF-8, or UTF-16 with its mark, without control characters.
fn text_of(head: &[u8]) -> Option<String> {
    let text = match head {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => match std::str::from_utf8(head) {
            Ok(text) => text.to_owned(),
            // The head may end in the middle of a character.
            Err(error) if error.error_len().is_none() => {
                String::from_utf8_lossy(&head[..error.valid_up_to()]).into_owned()
            }
            Err(_) => return None,
        },
    };
    let is_text =
        |character: char| !character.is_control() || matches!(character, '\t' | '\n' | '\r' | '\x0C' | '\x1B');
    text.chars().all(is_text).then_some(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|&pair| unit(pair)).collect();
    // As above, the last character may be half there.
    let whole = match units.last() {
        Some(0xD800..=0xDBFF) => &units[..units.len() - 1],
        _ => &units[..],
    };
    String::from_utf16(whole).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_are_told_by_content() {
        let kind = |bytes: &[u8]| match recognise(bytes) {
            Err(PictureError::NotAPicture(kind)) => Some(kind),
            _ => None,
        };
        assert_eq!(recognise(b""), Err(PictureError::Empty));
        assert_eq!(kind(b"%PDF-1.7\n%\xE2\xE3"), Some(NotAPicture::Pdf));
        assert_eq!(kind(b"\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- drawn -->\n<SVG width='9'>"), Some(NotAPicture::Svg));
        assert_eq!(kind(b"<!DOCTYPE html><title>404</title>"), Some(NotAPicture::WebPage));
        assert_eq!(kind(b"BMW and GIF89a are words"), Some(NotAPicture::Text));
        assert_eq!(kind(b"\xFF\xFEh\0i\0"), Some(NotAPicture::Text));
        assert_eq!(kind(b"PK\x03\x04\x14\0"), Some(NotAPicture::Archive));
        // A head that ends in the middle of a character is still text.
        assert_eq!(kind("ä".repeat(800).as_bytes().split_at(1023).0), Some(NotAPicture::Text));
    }

    #[test]
    fn what_the_browser_may_know_is_named() {
        let format = |bytes: &[u8]| match recognise(bytes) {
            Err(PictureError::NeedsBrowser { format }) => format,
            other => panic!("{other:?}"),
        };
        assert_eq!(format(b"\0\0\0\x1Cftypavif\0\0\0\0"), Some("AVIF"));
        assert_eq!(format(b"\0\0\0\x18ftypheic\0\0\0\0"), Some("HEIC"));
        assert_eq!(format(b"II*\0\x08\0\0\0"), Some("TIFF"));
        assert_eq!(format(b"\xFF\x0A\0\0\0\0\0\0\0\0\0\0"), Some("JPEG XL"));
        assert_eq!(format(&[0x08, 0x00, 0x12, 0x07]), None);
    }

    #[test]
    fn every_format_has_its_signature() {
        let decoded: [(&[u8], &str); 5] = [
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", "JPEG"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\x0D", "PNG"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
            (b"GIF87a\x01\0\x01\0\0", "GIF"),
            (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "BMP"),
        ];
        for (head, name) in decoded {
            assert_eq!(recognise(head).map(|format| format.name), Ok(name));
        }
        let brands = [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"].map(|brand| (brand, Some("HEIC")));
        let others = [(b"avif", Some("AVIF")), (b"avis", Some("AVIF")), (b"mp42", None)];
        for (brand, name) in brands.into_iter().chain(others) {
            let head = [b"\0\0\0\x18ftyp".as_slice(), brand, b"\0\0\0\0"].concat();
            assert_eq!(recognise(&head), Err(PictureError::NeedsBrowser { format: name }));
        }
        let known: [(&[u8], &str); 3] = [
            (b"\0\0\0\x0CJXL \r\n\x87\n", "JPEG XL"),
            (b"MM\0*\0\0\0\x08", "TIFF"),
            (b"\0\0\x01\0\x01\0\x10\x10", "ICO"),
        ];
        for (head, name) in known {
            assert_eq!(recognise(head), Err(PictureError::NeedsBrowser { format: Some(name) }));
        }
    }

    #[test]
    fn text_is_told_in_every_encoding_of_unicode() {
        let kind = |bytes: &[u8]| match recognise(bytes) {
            Err(PictureError::NotAPicture(kind)) => Some(kind),
            _ => None,
        };
        let utf16 = |text: &str, unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        for text in ["\u{feff}<html>", "\u{feff}<!doctype HTML>"] {
            assert_eq!(kind(&utf16(text, u16::to_le_bytes)), Some(NotAPicture::WebPage));
            assert_eq!(kind(&utf16(text, u16::to_be_bytes)), Some(NotAPicture::WebPage));
        }
        // Cut within a character, and a half that is none.
        assert_eq!(kind(&utf16("\u{feff}ab\u{1f600}", u16::to_le_bytes)[..8]), Some(NotAPicture::Text));
        assert_eq!(kind(b"\xFF\xFE\x00\xDC\x00\x00"), None);
        assert_eq!(kind(b"\x1F\x8B\x08\0"), Some(NotAPicture::Archive));
        // White space and escapes are of texts; other control characters, and what is no UTF-8, are not.
        assert_eq!(kind(b"a\tb\r\n\x0C\x1B[0m"), Some(NotAPicture::Text));
        assert_eq!([kind(b"a\x00b"), kind(b"a\x07"), kind(b"a\xE4b")], [None; 3]);
    }
}
