//! Damaged pictures of every format that the core decodes.

use std::fs;
use std::path::Path;

use fastrand::Rng;

/// Small ones, of each form of each format.
const PICTURES: [&str; 14] = [
    "animated.gif",
    "animated.webp",
    "bits.png",
    "grey-alpha.png",
    "grey16.png",
    "jpeg-420.jpg",
    "jpeg-grey.jpg",
    "jpeg-progressive.jpg",
    "jpeg-restart.jpg",
    "lossy.webp",
    "orientation-6.jpg",
    "palette.bmp",
    "rgb.bmp",
    "grey.png",
];

/// A picture with some of its bytes changed, taken out or doubled. The checks of PNG's parts are written anew, or nothing behind them
/// would ever be reached.
pub fn damaged(random: &mut Rng, root: &Path) -> Vec<u8> {
    let name = random.choice(PICTURES).unwrap_or("grey.png");
    let mut bytes = fs::read(root.join("tests/domain/data").join(name)).unwrap_or_default();
    damage(random, &mut bytes);
    if name.ends_with(".png") && random.u8(..4) > 0 {
        mend_png(&mut bytes);
    }
    bytes
}

/// Changes bytes, mostly near the beginning, where the headers are.
pub fn damage(random: &mut Rng, bytes: &mut Vec<u8>) {
    for _ in 0..=random.usize(..6) {
        if bytes.is_empty() {
            return;
        }
        let reach = if random.bool() { bytes.len().min(200) } else { bytes.len() };
        let place = random.usize(..reach);
        match random.u8(..8) {
            0 => bytes[place] = random.u8(..),
            1 => bytes[place] ^= 1 << random.u8(..8),
            2 => bytes[place] = *random.choice(&[0, 1, 0x7f, 0x80, 0xff]).unwrap_or(&0),
            3 => bytes.truncate(place),
            4 => drop(bytes.drain(place..(place + 1 + random.usize(..16)).min(bytes.len()))),
            5 => bytes.insert(place, random.u8(..)),
            6 => {
                let part = bytes[place..(place + random.usize(..64)).min(bytes.len())].to_vec();
                bytes.splice(place..place, part);
            }
            _ => bytes[place..].iter_mut().take(4).for_each(|byte| *byte = random.u8(..)),
        }
    }
}

/// Writes the checksum of each part of a PNG anew.
fn mend_png(bytes: &mut [u8]) {
    let mut place = 8;
    while place + 12 <= bytes.len() {
        let length = u32::from_be_bytes([bytes[place], bytes[place + 1], bytes[place + 2], bytes[place + 3]]) as usize;
        let Some(end) = (place + 8).checked_add(length).filter(|end| end + 4 <= bytes.len()) else { return };
        let sum = crc32(&bytes[place + 4..end]);
        bytes[end..end + 4].copy_from_slice(&sum.to_be_bytes());
        place = end + 4;
    }
}

/// The checksum of PNG (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    })
}
