//! The size of a GIF picture.

use std::borrow::Cow;

/// The bytes up to the end of the screen's description.
const HEADER: usize = 13;

/// The file with a screen that is large enough for its first frame, which browsers show whole. Our decoder would cut off what
/// reaches over the screen that the file describes, and refuse one without any size.
pub(super) fn with_whole_frame(bytes: &[u8]) -> Cow<'_, [u8]> {
    let grown = first_frame(bytes).and_then(|[left, top, width, height]| {
        let screen = [word(bytes, 6)?, word(bytes, 8)?];
        let needed = [screen[0].max(left.checked_add(width)?), screen[1].max(top.checked_add(height)?)];
        (needed != screen).then_some(needed)
    });
    let Some([width, height]) = grown else { return Cow::Borrowed(bytes) };
    let mut copy = bytes.to_vec();
    copy[6..8].copy_from_slice(&width.to_le_bytes());
    copy[8..10].copy_from_slice(&height.to_le_bytes());
    Cow::Owned(copy)
}

/// Left, top, width and height of the first frame, where the file gets that far.
fn first_frame(bytes: &[u8]) -> Option<[u16; 4]> {
    let flags = *bytes.get(10)?;
    // Three bytes for each of 2^(n + 1) colours.
    let mut position = HEADER + if flags & 0x80 == 0 { 0 } else { 6 << (flags & 7) };
    loop {
        match *bytes.get(position)? {
            b',' => {
                let at = |place| word(bytes, position + place);
                return Some([at(1)?, at(3)?, at(5)?, at(7)?]);
            }
            // An extension: its kind, and blocks of as many bytes as the one before them says; an empty one is the last.
            b'!' => {
                position += 2;
                loop {
                    let length = usize::from(*bytes.get(position)?);
                    position += 1 + length;
                    if length == 0 {
                        break;
                    }
                }
            }
            _ => return None,
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A GIF up to its first frame's description: 30 × 20 pixels of screen, flags, what lies between, and the frame's place and size.
    fn file(flags: u8, between: &[u8], frame: [u16; 4]) -> Vec<u8> {
        let mut bytes = b"GIF89a\x1E\0\x14\0".to_vec();
        bytes.extend([flags, 0, 0]);
        bytes.extend(between);
        bytes.push(b',');
        bytes.extend(frame.iter().flat_map(|side| side.to_le_bytes()));
        bytes.extend([0, 2, 0]);
        bytes
    }

    fn screen(file: &[u8]) -> [u16; 2] {
        let whole = with_whole_frame(file);
        assert_eq!((&whole[..6], &whole[10..]), (&file[..6], &file[10..]));
        [6, 8].map(|at| word(&whole, at).unwrap())
    }

    #[test]
    fn the_screen_holds_the_first_frame() {
        assert_eq!(screen(&file(0, b"", [0, 0, 30, 20])), [30, 20]);
        assert_eq!(screen(&file(0, b"", [2, 3, 10, 10])), [30, 20]);
        assert_eq!(screen(&file(0, b"", [4, 0, 30, 20])), [34, 20]);
        assert_eq!(screen(&file(0, b"", [0, 5, 3, 400])), [30, 405]);
        assert!(matches!(with_whole_frame(&file(0, b"", [0, 0, 30, 20])), Cow::Borrowed(_)));
    }

    #[test]
    fn colours_and_extensions_come_before_the_frame() {
        // The flags' first bit tells that there are colours, and the last three how many: 2, or 2 to the power of 3.
        for (flags, colours) in [(0x80, 2), (0xF2, 8), (0x87, 256)] {
            let between = [vec![b','; 3 * colours], b"!\xF9\x04,,,,\0!\xFE\x02,,\x03,,,\0".to_vec()].concat();
            assert_eq!(screen(&file(flags, &between, [0, 0, 50, 60])), [50, 60]);
        }
        // Without the first bit the others say nothing.
        assert_eq!(screen(&file(0x07, b"", [0, 0, 50, 60])), [50, 60]);
    }

    #[test]
    fn what_is_no_frame_or_too_large_for_a_screen_is_left_alone() {
        let whole = file(0, b"", [0, 0, 50, 60]);
        for length in 0..22 {
            assert_eq!(*with_whole_frame(&whole[..length]), whole[..length]);
        }
        assert_eq!(screen(&file(0, b";", [0, 0, 50, 60])), [30, 20]);
        assert_eq!(screen(&file(0, b"", [1, 0, 65_535, 60])), [30, 20]);
        assert_eq!(*with_whole_frame(b"GIF89a"), *b"GIF89a");
    }
}
