//! The chunks of a PNG file, as far as its decoder does not check them itself.

/// Walks the chunks and tells whether the last one comes.
pub(super) fn has_end(bytes: &[u8]) -> bool {
    chunks(bytes).any(|(kind, _)| kind == *b"IEND")
}

/// Whether a palette is no whole number of colours, or has too many. The decoder (png 0.18) would go on with such a one, and
/// panic at its first pixel.
pub(super) fn has_broken_palette(bytes: &[u8]) -> bool {
    /// What eight bits can tell apart, three bytes each.
    const LARGEST: usize = 256 * 3;
    chunks(bytes)
        .any(|(kind, length)| kind == *b"PLTE" && (length == 0 || length > LARGEST || !length.is_multiple_of(3)))
}

/// The kind and length of each chunk whose beginning is in the file.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], usize)> {
    let mut position = 8_usize;
    std::iter::from_fn(move || {
        let (&[a, b, c, d], rest) = bytes.get(position..)?.split_first_chunk::<4>()?;
        let &kind = rest.first_chunk::<4>()?;
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        // Length, kind and checksum are four bytes each.
        position = position.saturating_add(length).saturating_add(12);
        Some((kind, length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x01abcd\x07\0\0\0\0";

    #[test]
    fn png_ends_with_its_last_chunk() {
        assert!(!has_end(START));
        assert!(has_end(&[START, b"\0\0\0\0IEND".as_slice()].concat()));
        assert!(!has_end(b"\x89PNG\r\n\x1a\n\xFF\xFF\xFF\xFFabcd"));
    }

    #[test]
    fn a_palette_is_a_whole_number_of_colours() {
        let file = |length: u32| [START, length.to_be_bytes().as_slice(), b"PLTE".as_slice(), &[0; 900]].concat();
        for length in [0, 1, 4, 26, 769, 771] {
            assert!(has_broken_palette(&file(length)), "{length}");
        }
        for length in [3, 48, 768] {
            assert!(!has_broken_palette(&file(length)), "{length}");
        }
    }
}
