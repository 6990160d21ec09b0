//! The grid of forms of `tests/grid`, whose generate.py and gradients.py describe the files.

use std::path::PathBuf;

use featurescope::domain::tensor::Tensor;
use serde::Deserialize;

/// Inputs are held in this part of one.
pub const PART: f32 = 1.0 / 32.0;

/// `cases.bin`.
pub struct Grid {
    pub cases: Vec<Case>,
    blob: Vec<u8>,
}

/// The index at its beginning.
#[derive(Deserialize)]
struct Index {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    pub what: String,
    model: [usize; 2],
    pub inputs: Vec<Values>,
    pub outputs: Vec<Values>,
}

#[derive(Deserialize)]
pub struct Values {
    pub name: String,
    pub shape: Vec<usize>,
    at: usize,
}

impl Values {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }
}

pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/grid"))
}

impl Grid {
    pub fn read() -> Self {
        let bytes = std::fs::read(folder().join("cases.bin")).unwrap();
        let (length, rest) = bytes.split_at(8);
        let length = usize::try_from(u64::from_le_bytes(length.try_into().unwrap())).unwrap();
        let (index, blob) = rest.split_at(length);
        let Index { cases } = serde_json::from_slice(index).unwrap();
        assert!(cases.len() >= 2000, "there are {} cases only", cases.len());
        Self { cases, blob: blob.to_vec() }
    }

    /// The file of a case.
    pub fn model(&self, case: &Case) -> &[u8] {
        let [at, length] = case.model;
        &self.blob[at..at + length]
    }

    /// The values of an input as they are held, in parts of one.
    pub fn bytes(&self, values: &Values) -> &[u8] {
        &self.blob[values.at..values.at + values.count()]
    }

    /// The values of an input.
    pub fn input(&self, values: &Values) -> Tensor {
        let data = self.bytes(values).iter().map(|&byte| f32::from(byte.cast_signed()) * PART).collect();
        Tensor::new(values.shape.clone(), data).unwrap()
    }

    /// onnxruntime's values of an output.
    pub fn output(&self, values: &Values) -> Vec<f32> {
        let floats = self.blob[values.at..values.at + 4 * values.count()].chunks_exact(4);
        floats.map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
    }
}

/// Numbers from −1 to below 1 that look random, all of them exact in single precision; gradients.py makes the same.
pub fn numbers(seed: u32, stream: u32, count: usize) -> impl Iterator<Item = f64> {
    let start = mix(mix(seed).wrapping_add(stream));
    (0_u32..).take(count).map(move |place| f64::from(mix(start.wrapping_add(place)) >> 8) / 8_388_608.0 - 1.0)
}

/// A permutation of the integers of 32 bits (lowbias32 of Chris Wellons' hash-prospector).
fn mix(mut value: u32) -> u32 {
    value ^= value >> 16;
    value = value.wrapping_mul(0x7FEB_352D);
    value ^= value >> 15;
    value = value.wrapping_mul(0x846C_A68B);
    value ^ value >> 16
}
