//! The domain against what PIL, matplotlib and onnxruntime make of the same files. The recorders lie beside this file.

mod files;
mod overlays;
mod refusals;
mod sizes;
mod variants;

use std::path::{Path, PathBuf};

use featurescope::domain::picture::Picture;

/// A file of the recorded data.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/domain/data").join(name)
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// An expectation, read without the code under test. It may be smaller than what a user may drop.
fn expected(name: &str) -> Picture {
    let image = image::load_from_memory(&read(&data(name))).unwrap().into_rgb8();
    Picture::new(image.width() as usize, image.height() as usize, image.into_raw()).unwrap()
}

/// The largest and the mean difference in grey levels between two pictures of the same size.
fn difference(actual: &Picture, expected: &Picture) -> (u8, f64) {
    assert_eq!((actual.width(), actual.height()), (expected.width(), expected.height()));
    let differences = || actual.rgb().iter().zip(expected.rgb()).map(|(&one, &other)| one.abs_diff(other));
    let sum: u64 = differences().map(u64::from).sum();
    (differences().max().unwrap_or(0), sum as f64 / actual.rgb().len() as f64)
}
