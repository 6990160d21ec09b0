//! The markers of a JPEG file, as far as they tell whether our decoder reads it rightly.

/// A form of JPEG that is left to the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RareForm {
    /// As part of a sentence.
    pub(super) name: &'static str,
    pub(super) width: u16,
    pub(super) height: u16,
}

/// Recognises forms of JPEG that our decoder (zune-jpeg 0.5) does not know, or reads wrongly without a word: what a browser
/// makes of them is right. Everything that this lets through was compared with libjpeg-turbo
/// (`tests/domain/record_variants.py`).
pub(super) fn rare_form(bytes: &[u8]) -> Option<RareForm> {
    let mut frame = None;
    let mut is_jfif = false;
    let mut adobe = None;
    for (marker, content) in segments(bytes) {
        match marker {
            // Among the frames' markers are those of tables, which come before the frame and say nothing of it.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => frame = Some(Frame::read(marker, content)?),
            0xE0 => is_jfif |= content.starts_with(b"JFIF\0"),
            // Version and two times flags take six bytes.
            0xEE if content.starts_with(b"Adobe") => adobe = content.get(11).copied().or(adobe),
            0xDA => {
                let frame: Frame = frame?;
                let scanned = content.first().map_or(0, |&count| usize::from(count));
                let name = match frame.marker {
                    0xC0..=0xC2 if frame.bits != 8 => "12-bit JPEG",
                    0xC0..=0xC2 if !frame.has_common_sampling() => "unusually sampled JPEG",
                    0xC0 | 0xC1 if scanned < frame.components.len() => "not interleaved JPEG",
                    0xC0..=0xC2 if frame.is_colour_ambiguous(is_jfif, adobe) => "unusually coloured JPEG",
                    0xC0..=0xC2 => return None,
                    0xC9 | 0xCA => "arithmetically coded JPEG",
                    0xC3 | 0xCB => "lossless JPEG",
                    _ => "hierarchical JPEG",
                };
                return Some(RareForm { name, width: frame.width, height: frame.height });
            }
            _ => {}
        }
    }
    None
}

/// Walks the segments of a JPEG file and tells whether its end marker comes.
///
/// Looking for the two bytes anywhere would not do: the thumbnail inside the EXIF segment has an end marker too.
pub(super) fn has_end(bytes: &[u8]) -> bool {
    segments(bytes).any(|(marker, _)| marker == END)
}

const END: u8 = 0xD9;

/// The markers of a file and what belongs to each, up to its end marker. In a well-formed file what lies between is nothing
/// but the entropy-coded data after a scan's header. A segment that the file's end cuts off is left out.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    const RESTART_FIRST: u8 = 0xD0;
    const RESTART_LAST: u8 = 0xD7;
    const START: u8 = 0xD8;
    const TEMPORARY: u8 = 0x01;

    let mut rest = bytes;
    std::iter::from_fn(move || {
        // Find the next marker: 0xFF and then a byte that is neither stuffing nor filling.
        let offset = rest.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF))?;
        let marker = rest[offset + 1];
        rest = &rest[offset + 2..];
        if matches!(marker, START | TEMPORARY | RESTART_FIRST..=RESTART_LAST) {
            return Some((marker, [].as_slice()));
        }
        if marker == END {
            rest = &[];
            return Some((marker, rest));
        }
        // Every other marker has a length, which counts its own two bytes.
        let &[high, low] = rest.get(..2)? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low])).max(2);
        let content = rest.get(2..length)?;
        rest = &rest[length..];
        Some((marker, content))
    })
}

/// What a frame's header says (ITU-T T.81, B.2.2).
struct Frame {
    marker: u8,
    bits: u8,
    height: u16,
    width: u16,
    components: Vec<Component>,
}

struct Component {
    name: u8,
    horizontal: u8,
    vertical: u8,
}

impl Frame {
    fn read(marker: u8, content: &[u8]) -> Option<Self> {
        // Bits, height, width and the number of components; then a name, two factors and a table of each.
        let (&[bits, top, bottom, left, right, _], components) = content.split_first_chunk::<6>()?;
        let (components, _) = components.as_chunks::<3>();
        let components = components.iter().map(|&[name, factors, _]| Component {
            name,
            horizontal: factors >> 4,
            vertical: factors & 15,
        });
        let (height, width) = (u16::from_be_bytes([top, bottom]), u16::from_be_bytes([left, right]));
        Some(Self { marker, bits, height, width, components: components.collect() })
    }

    /// Whether the first component is at least as fine as each other one, and all of it in factors that were tried.
    fn has_common_sampling(&self) -> bool {
        let Some(first) = self.components.first() else { return true };
        let is_common = |factor: u8, most: u8| factor == 1 || (factor == 2 && most == 2);
        matches!(first.horizontal, 1 | 2 | 4)
            && matches!(first.vertical, 1..=4)
            && self.components[1..].iter().all(|component| {
                is_common(component.horizontal, first.horizontal) && is_common(component.vertical, first.vertical)
            })
    }

    /// Whether the marks that tell RGB from YCbCr contradict each other, or say something unknown. libjpeg and so every
    /// browser believe JFIF first, then Adobe, then the components' names; our decoder has another order.
    fn is_colour_ambiguous(&self, is_jfif: bool, adobe: Option<u8>) -> bool {
        let has_names_of_rgb = self.components.iter().map(|component| component.name).eq(*b"RGB");
        match (self.components.len(), adobe) {
            (3, Some(0)) => is_jfif,
            (3, None | Some(1 | 2)) => has_names_of_rgb && (is_jfif || adobe.is_some()),
            (_, None) => false,
            (_, Some(transform)) => transform > 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_jpeg_is_not_the_end_of_its_thumbnail() {
        let start = b"\xFF\xD8\xFF\xE1\x00\x06\xFF\xD9\x00\x00".as_slice();
        let scan = b"\xFF\xDA\x00\x03\x00\x12\x34\xFF\x00\x56\xFF\xD0\x78".as_slice();
        assert!(!has_end(start));
        assert!(!has_end(&[start, scan].concat()));
        assert!(has_end(&[start, scan, b"\xFF\xD9".as_slice()].concat()));
        assert!(!has_end(b"\xFF\xD8\xFF\xE1\xFF"));
    }

    /// The headers of a file: its frame's marker, bits, the components' names and factors, and how many its first scan has.
    fn file(marker: u8, bits: u8, components: &[(u8, u8)], scanned: u8, before: &[u8]) -> Vec<u8> {
        let mut bytes = [b"\xFF\xD8".as_slice(), before, &[0xFF, marker, 0, 8 + 3 * components.len() as u8]].concat();
        bytes.extend([bits, 0, 40, 0, 60, components.len() as u8]);
        bytes.extend(components.iter().flat_map(|&(name, factors)| [name, factors, 0]));
        bytes.extend([0xFF, 0xDA, 0, 3, scanned]);
        bytes
    }

    #[test]
    fn rare_forms_have_their_names() {
        const JFIF: &[u8] = b"\xFF\xE0\x00\x07JFIF\0";
        let adobe = |transform| [b"\xFF\xEE\x00\x0EAdobe\0\x64\0\0\0\0".as_slice(), &[transform]].concat();
        let common = [(1, 0x22), (2, 0x11), (3, 0x11)];
        let rgb = [(b'R', 0x11), (b'G', 0x11), (b'B', 0x11)];
        let form = |marker, bits, components: &[_], scanned, before: &[u8]| {
            rare_form(&file(marker, bits, components, scanned, before)).map(|form| form.name)
        };
        for marker in [0xC0, 0xC1, 0xC2] {
            assert_eq!(form(marker, 8, &common, 3, JFIF), None);
            assert_eq!(form(marker, 8, &[(1, 0x22)], 1, b""), None);
            assert_eq!(form(marker, 12, &common, 3, JFIF), Some("12-bit JPEG"));
            assert_eq!(form(marker, 8, &[(1, 0x11), (2, 0x21), (3, 0x11)], 3, b""), Some("unusually sampled JPEG"));
            assert_eq!(form(marker, 8, &[(1, 0x12), (2, 0x12), (3, 0x21)], 3, b""), Some("unusually sampled JPEG"));
            assert_eq!(form(marker, 8, &[(1, 0x31)], 1, b""), Some("unusually sampled JPEG"));
        }
        assert_eq!(form(0xC0, 8, &common, 1, JFIF), Some("not interleaved JPEG"));
        assert_eq!(form(0xC2, 8, &common, 1, JFIF), None);
        assert_eq!(form(0xC3, 8, &common, 3, b""), Some("lossless JPEG"));
        assert_eq!(form(0xC9, 8, &common, 3, b""), Some("arithmetically coded JPEG"));
        assert_eq!(form(0xCA, 8, &common, 1, b"\xFF\xCC\x00\x04\0\0"), Some("arithmetically coded JPEG"));
        let rare = rare_form(&file(0xC9, 8, &common, 3, b"")).unwrap();
        assert_eq!((rare.width, rare.height), (60, 40));
        assert_eq!(form(0xC5, 8, &common, 3, b""), Some("hierarchical JPEG"));
        assert_eq!(form(0xC0, 8, &rgb, 3, b""), None);
        assert_eq!(form(0xC0, 8, &rgb, 3, &adobe(0)), None);
        assert_eq!(form(0xC0, 8, &rgb, 3, &adobe(1)), Some("unusually coloured JPEG"));
        assert_eq!(form(0xC0, 8, &rgb, 3, JFIF), Some("unusually coloured JPEG"));
        assert_eq!(form(0xC0, 8, &common, 3, &[JFIF, &adobe(0)].concat()), Some("unusually coloured JPEG"));
        assert_eq!(form(0xC0, 8, &common, 3, &[JFIF, &adobe(1)].concat()), None);
        assert_eq!(form(0xC0, 8, &common, 3, &adobe(9)), Some("unusually coloured JPEG"));
    }

    #[test]
    fn factors_that_were_compared_are_told_from_others() {
        let is_rare = |factors: [u8; 3]| {
            let components: Vec<(u8, u8)> = (1..).zip(factors).collect();
            rare_form(&file(0xC0, 8, &components, 3, b"")).map(|form| form.name) == Some("unusually sampled JPEG")
        };
        // The first may be one, two or four times as wide, and up to four times as high; the others have one, or two of its two.
        for common in [
            [0x11, 0x11, 0x11],
            [0x41, 0x11, 0x11],
            [0x14, 0x11, 0x11],
            [0x13, 0x11, 0x11],
            [0x22, 0x21, 0x12],
            [0x22, 0x22, 0x11],
        ] {
            assert!(!is_rare(common), "{common:x?}");
        }
        for rare in [
            [0x31, 0x11, 0x11],
            [0x15, 0x11, 0x11],
            [0x42, 0x21, 0x11],
            [0x24, 0x12, 0x11],
            [0x22, 0x11, 0x31],
            [0x11, 0x12, 0x11],
            [0x01, 0x11, 0x11],
        ] {
            assert!(is_rare(rare), "{rare:x?}");
        }
    }

    /// Grey, with four channels, and with two: the marks of RGB are for three.
    #[test]
    fn only_three_channels_can_be_rgb() {
        let adobe = |transform| [b"\xFF\xEE\x00\x0EAdobe\0\x64\0\0\0\0".as_slice(), &[transform]].concat();
        let of = |count: usize, before: &[u8]| {
            let components = &[(b'R', 0x11), (b'G', 0x11), (b'B', 0x11), (b'K', 0x11)][..count];
            rare_form(&file(0xC0, 8, components, count as u8, before)).map(|form| form.name)
        };
        for count in [1, 4] {
            assert_eq!([of(count, b""), of(count, &adobe(0)), of(count, &adobe(2))], [None; 3]);
            assert_eq!(of(count, &adobe(3)), Some("unusually coloured JPEG"));
        }
        // Others use the same marker.
        assert_eq!(of(4, b"\xFF\xEE\x00\x0EOther\0\x64\0\0\0\0\x03"), None);
    }

    #[test]
    fn what_lies_between_two_segments_is_passed_over() {
        // Restarts, a temporary marker and filling have no length; a length below two counts as two.
        let odd = b"\xFF\xD8\xFF\x01\xFF\xD3\xFF\xD7\xFF\xFF\xFE\x00\x00\xFF\xE1\x00\x05\xFF\xD9\x00".as_slice();
        let markers =
            |bytes: &[u8]| segments(bytes).map(|(marker, content)| (marker, content.len())).collect::<Vec<_>>();
        assert_eq!(markers(odd), [(0xD8, 0), (0x01, 0), (0xD3, 0), (0xD7, 0), (0xFE, 0), (0xE1, 3)]);
        assert_eq!(markers(b"\xFF\xD9\xFF\xD8"), [(0xD9, 0)]);
        assert_eq!(markers(b"\xFF\xE1\x00"), []);
        assert!(!has_end(&[]));
        // A frame that is cut off is none, and a scan without a frame tells nothing.
        assert_eq!(rare_form(b"\xFF\xD8\xFF\xC9\x00\x05\x08\0\0\xFF\xDA\x00\x03\x01"), None);
        assert_eq!(rare_form(b"\xFF\xD8\xFF\xDA\x00\x03\x01"), None);
    }
}
