//! Weights in memory once.
//!
//! A model file is mostly weights. They stay in the buffer that the file was read into: each tensor is moved by at most
//! three bytes so that it is aligned to four ([`super::read`]), and from then on the graph, the CPU engine and the
//! lowering all look at the same bytes.

use std::fmt;
use std::sync::Arc;

/// A byte buffer whose start is aligned for `f32`.
#[derive(Default)]
pub struct Bytes32 {
    words: Vec<u32>,
    length: usize,
}

impl Bytes32 {
    /// A buffer of `length` zero bytes, or `None` where there is not enough memory for it.
    pub fn zeroed(length: usize) -> Option<Self> {
        let words = length.div_ceil(4);
        let mut buffer = Vec::new();
        buffer.try_reserve_exact(words).ok()?;
        buffer.resize(words, 0);
        Some(Self { words: buffer, length })
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.length]
    }

    /// The bytes, to be written to.
    pub fn as_bytes_mut(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.words)[..self.length]
    }
}

impl AsRef<[u8]> for Bytes32 {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl From<&[u8]> for Bytes32 {
    fn from(bytes: &[u8]) -> Self {
        let mut words = vec![0; bytes.len().div_ceil(4)];
        bytemuck::cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(bytes);
        Self { words, length: bytes.len() }
    }
}

impl fmt::Debug for Bytes32 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Bytes32({} bytes)", self.length)
    }
}

/// Shared `f32` values: a part of a file's buffer, or values of their own.
#[derive(Clone)]
pub struct Floats(Source);

#[derive(Clone)]
enum Source {
    File { file: Arc<Bytes32>, first_word: usize, count: usize },
    Owned(Arc<[f32]>),
}

impl Floats {
    /// Values of their own.
    pub fn owned(values: impl Into<Arc<[f32]>>) -> Self {
        Self(Source::Owned(values.into()))
    }

    /// `count` values that begin at byte `offset` of a file, or `None` where the offset is not a multiple of four or
    /// the values reach beyond the file.
    pub fn in_file(file: Arc<Bytes32>, offset: usize, count: usize) -> Option<Self> {
        let end = count.checked_mul(4)?.checked_add(offset)?;
        (offset.is_multiple_of(4) && end <= file.length).then_some(Self(Source::File {
            file,
            first_word: offset / 4,
            count,
        }))
    }

    /// The values.
    pub fn as_slice(&self) -> &[f32] {
        match &self.0 {
            Source::File { file, first_word, count } => {
                bytemuck::cast_slice(&file.words[*first_word..first_word + count])
            }
            Source::Owned(values) => values,
        }
    }
}

impl PartialEq for Floats {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl fmt::Debug for Floats {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Floats({} values)", self.as_slice().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_in_a_file_are_checked_and_shared() {
        let bytes: Vec<u8> = [1.0_f32, 2.0, 3.0].iter().flat_map(|value| value.to_le_bytes()).collect();
        let file = Arc::new(Bytes32::from(&bytes[..]));
        let floats = Floats::in_file(file.clone(), 4, 2).unwrap();
        assert_eq!(floats.as_slice(), [2.0, 3.0]);
        assert!(std::ptr::eq(floats.as_slice(), floats.clone().as_slice()));
        assert!(Floats::in_file(file.clone(), 2, 1).is_none());
        assert!(Floats::in_file(file, 8, 2).is_none());
    }
}
