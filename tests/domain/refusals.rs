//! Files that are no pictures, or broken ones: each gets an error of its kind, and none takes the program down.

use featurescope::domain::picture::{NotAPicture, PictureError, decode};
use proptest::prelude::*;

use super::{data, read};

/// The start of a PNG with eight bits for each channel that claims a size.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    png_header_with(width, height, 8)
}

/// Of red, green, blue and alpha, with a correct checksum.
fn png_header_with(width: u32, height: u32, bits: u8) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([bits, 6, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0D".to_vec();
    file.extend(&header);
    file.extend(crc32(&header).to_be_bytes());
    file.extend(b"\0\0\0\x02IDAT\x78\x9C\0\0\0\0");
    file
}

/// The checksum of PNG's chunks (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), step))
}

#[test]
fn giants_are_refused_from_their_header() {
    let mut jpeg = read(&data("jpeg-420.jpg"));
    let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFD, 0xE8, 0xFD, 0xE8]);
    let mut gif = read(&data("animated.gif"));
    gif[6..10].copy_from_slice(&[0x20, 0x4E, 0x20, 0x4E]);
    let mut bmp = read(&data("rgb.bmp"));
    bmp[18..26].copy_from_slice(&[0x20, 0x4E, 0, 0, 0x20, 0x4E, 0, 0]);
    for (name, file) in [("PNG", png_header(20_000, 20_000)), ("JPEG", jpeg), ("GIF", gif), ("BMP", bmp)] {
        match decode(&file) {
            Err(PictureError::TooLarge { width, height, .. }) => assert!(width >= 20_000 && height >= 20_000, "{name}"),
            other => panic!("{name}: {:?}", other.map(|picture| picture.width())),
        }
    }
    // Sides whose product no decoder can count with.
    let mut giant = png_header(u32::MAX >> 1, u32::MAX >> 1);
    giant.extend(b"\0\0\0\0IEND\xAE\x42\x60\x82");
    assert_eq!(decode(&giant), Err(PictureError::DecoderLimit { format: "PNG" }));
}

/// 200 million bytes are decoded, and the file would be cut off; of sixteen bits for each channel that is half as many pixels.
#[test]
fn a_picture_may_be_as_large_as_the_limits() {
    let cut = Err(PictureError::Cut { format: "PNG" });
    assert_eq!(decode(&png_header(10_000, 5_000)), cut);
    assert_eq!(decode(&png_header_with(5_000, 5_000, 16)), cut);
    let (width, height) = (5_000, 5_001);
    let large = PictureError::TooLarge { width: width.into(), height: height.into(), bytes_per_pixel: 8 };
    assert_eq!(decode(&png_header_with(width, height, 16)), Err(large));
}

/// What is whole but makes no sense is damaged, and of another kind than what was not copied to its end.
#[test]
fn damage_is_told_from_a_cut() {
    let marked = |name: &str, mark: &[u8], after: usize, bytes: &[u8]| {
        let mut file = read(&data(name));
        let place = file.windows(mark.len()).position(|window| window == mark).unwrap() + after;
        file[place..place + bytes.len()].copy_from_slice(bytes);
        decode(&file).map(|picture| picture.width())
    };
    let cases = [
        ("PNG", marked("rgba.png", b"IDAT", 4, &[0xFF; 8])),
        ("WebP", marked("rgba.webp", b"VP8L", 8, &[0; 6])),
        ("GIF", marked("transparent.gif", b",\0\0\0\0", 10, &[0x20])),
        // More codes of a length than there can be.
        ("JPEG", marked("jpeg-420.jpg", b"\xFF\xC4", 5, &[0xFF; 8])),
    ];
    for (format, found) in cases {
        assert!(
            matches!(&found, Err(PictureError::Damaged { format: named, .. }) if *named == format),
            "{format}: {found:?}"
        );
    }
}

/// A BMP may hold a JPEG (compression 4), which the decoder does not unpack and a browser may.
#[test]
fn what_a_decoder_does_not_support_is_left_to_the_browser() {
    let mut file = read(&data("rgb.bmp"));
    file[30] = 4;
    let refused = decode(&file).map(|picture| picture.width());
    assert_eq!(refused, Err(PictureError::NeedsBrowser { format: Some("BMP") }));
}

#[test]
fn specks_show_nothing() {
    assert_eq!(decode(&png_header(1, 1)), Err(PictureError::TooSmall { width: 1, height: 1 }));
    assert_eq!(decode(&png_header(7, 500)), Err(PictureError::TooSmall { width: 7, height: 500 }));
}

#[test]
fn cut_files_say_so() {
    for name in [
        "jpeg-420.jpg",
        "jpeg-progressive.jpg",
        "rgba.png",
        "rgba.webp",
        "lossy.webp",
        "rgb.bmp",
        "palette.bmp",
        "transparent.gif",
    ] {
        let file = read(&data(name));
        for length in [60, file.len() / 2, file.len() * 9 / 10] {
            match decode(&file[..length]) {
                Err(PictureError::Cut { .. }) => {}
                other => panic!("{name} cut to {length}: {:?}", other.map(|picture| picture.width())),
            }
        }
    }
    // Only the end marker is missing: still cut, as the standard has it.
    let file = read(&data("jpeg-444.jpg"));
    let cut = decode(&file[..file.len() - 2]).unwrap_err();
    assert_eq!(
        cut.to_string(),
        "This JPEG file is cut off: the end of the picture is missing. Copy or download it again."
    );
}

/// Found by a fuzzer: the decoder panicked at each of them.
#[test]
fn palettes_that_are_cut_within_a_colour_are_damage() {
    for name in ["palette-panic.png", "plte4.png"] {
        let refused = decode(&read(&data(&format!("damaged/{name}")))).map(|picture| picture.width());
        assert!(matches!(refused, Err(PictureError::Damaged { format: "PNG", .. })), "{name}: {refused:?}");
    }
}

#[test]
fn other_files_are_named_whatever_they_are_called() {
    let cases: [(&[u8], &str); 5] = [
        (b"", "This file is empty."),
        (b"%PDF-1.4\n1 0 obj", "This is a PDF, not a picture. Save the page you mean as PNG or JPEG."),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "This is an SVG drawing, which has no pixels of its own. Export it as PNG.",
        ),
        (b"Dear diary", "This is a text file, not a picture."),
        (b"PK\x03\x04\x14\0\x06\0", "This is a packed archive, not a picture. Unpack it first."),
    ];
    for (file, sentence) in cases {
        assert_eq!(decode(file).unwrap_err().to_string(), sentence);
    }
    assert_eq!(decode(b"%PDF-1.4"), Err(PictureError::NotAPicture(NotAPicture::Pdf)));
}

#[test]
fn what_only_the_browser_may_know_is_handed_over() {
    let avif = decode(b"\0\0\0\x1Cftypavif\0\0\0\0mif1").unwrap_err();
    assert_eq!(avif, PictureError::NeedsBrowser { format: Some("AVIF") });
    assert_eq!(decode(&[8, 7, 0, 1, 2, 3]), Err(PictureError::NeedsBrowser { format: None }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A flipped byte or two may give any error or a wrong pixel, but no panic and no giant.
    #[test]
    fn damage_never_panics(file in 0_usize..7, places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let names =
            ["jpeg-420.jpg", "jpeg-progressive.jpg", "rgba.png", "rgb16.png", "lossy.webp", "transparent.gif", "palette.bmp"];
        let mut bytes = read(&data(names[file]));
        for (place, value) in places {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Ok(picture) = decode(&bytes) {
            prop_assert_eq!(picture.rgb().len(), picture.width() * picture.height() * 3);
        }
    }

    /// The same with what no checksum tells: a PNG's chunk of another content, length or kind, whose checksum is right.
    #[test]
    fn damaged_chunks_never_panic(file in 0_usize..6, chunk in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), value in any::<u8>(), length in 0_usize..40) {
        let names = ["rgba.png", "rgb16.png", "palette.png", "bits.png", "grey-alpha.png", "grey16.png"];
        let bytes = read(&data(names[file]));
        let mut chunks = chunks(&bytes);
        let chunk = chunk.index(chunks.len());
        if length < 30 {
            // The kind, then the content.
            let content = &mut chunks[chunk];
            let place = place.index(content.len());
            content[place] = value;
        } else {
            // Longer or shorter by some bytes.
            let content = &mut chunks[chunk];
            let length = (content.len() + length).saturating_sub(36).max(4);
            content.resize(length, value);
        }
        if let Ok(picture) = decode(&written(&chunks)) {
            prop_assert_eq!(picture.rgb().len(), picture.width() * picture.height() * 3);
        }
    }
}

/// Kind and content of each chunk of a whole PNG.
fn chunks(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = &bytes[8..];
    let mut found = Vec::new();
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        found.push(tail[..length + 4].to_vec());
        rest = &tail[length + 8..];
    }
    found
}

/// A PNG of such chunks, with their checksums.
fn written(chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for chunk in chunks {
        file.extend((chunk.len() as u32 - 4).to_be_bytes());
        file.extend(chunk);
        file.extend(crc32(chunk).to_be_bytes());
    }
    file
}
