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
