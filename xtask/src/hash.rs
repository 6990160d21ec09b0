//! SHA-256 as the text that cards and lists of packages hold.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The hash of these parts one after another, in lower-case hexadecimal digits.
pub fn sha256(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
