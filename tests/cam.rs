//! Grad-CAM against what PyTorch computes in float64 (`cam/record.py`).

use std::fs;

use featurescope::analysis::cam::class_activation;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::look::{Look, LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::cam::Cam;
use featurescope::domain::picture::decode;
use featurescope::domain::recipe::{Channels, Recipe};
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use serde::Deserialize;

/// Every number within this share of the largest of its kind.
const TOLERANCE: f32 = 1e-3;

#[derive(Deserialize)]
struct Recorded {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    model: String,
    picture: String,
    layer: String,
    class: usize,
    maps: usize,
    height: usize,
    width: usize,
    weights: usize,
    cells: usize,
    step: usize,
    pixels: usize,
}

/// The recipes of the cards of the two models.
fn recipe(model: &str) -> Recipe {
    let squeezenet = model.starts_with("squeezenet");
    let (size, channels) = if squeezenet { ([227, 227], Channels::Bgr) } else { ([224, 224], Channels::Rgb) };
    let mean = if squeezenet { vec![104.006, 116.669, 122.679] } else { vec![127.0; 3] };
    let std = vec![if squeezenet { 1.0 } else { 128.0 }; 3];
    Recipe { channels, mean, std, ..Recipe::of_size(size[0], size[1]) }
}

struct Network {
    opened: Opened,
    ready: Ready,
    recipe: Recipe,
}

impl Network {
    fn open(model: &str) -> Self {
        let bytes = fs::read(format!("models/{model}")).unwrap();
        let read = read(Bytes32::from(&bytes[..]), Vec::new()).unwrap();
        let opened = Opened::new(read, Card::default()).unwrap();
        Self { opened, ready: Ready::default(), recipe: recipe(model) }
    }

    fn look(&self, picture: &str, layer: &str) -> Look {
        let picture = decode(&fs::read(format!("tests/goldens/inputs/{picture}.png")).unwrap()).unwrap();
        let options = LookOptions { layer, recipe: &self.recipe, patch: None, slices: &[] };
        pollster::block_on(look(&self.opened, &RtenEngine, &self.ready, &picture, options, &Unattended)).unwrap()
    }

    fn cam(&self, look: &Look, class: usize) -> Result<Cam, AnalysisError> {
        pollster::block_on(class_activation(&self.opened, &RtenEngine, &self.ready, look, class, &Unattended))
    }
}

/// The largest difference as a share of the largest number.
fn error(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    found.iter().zip(expected).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max) / largest
}

#[test]
fn every_case_is_pytorch_grad_cam_s() {
    let recorded: Recorded = serde_json::from_slice(&fs::read("tests/cam/recorded.json").unwrap()).unwrap();
    let blob = fs::read("tests/cam/recorded.bin").unwrap();
    let floats = |offset: usize, count: usize| -> Vec<f32> {
        let bytes = blob[offset..offset + 4 * count].chunks_exact(4);
        bytes.map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
    };
    assert_eq!(recorded.cases.len(), 10);
    for case in &recorded.cases {
        let network = Network::open(&case.model);
        let found = network.cam(&network.look(&case.picture, &case.layer), case.class).unwrap();
        let size = network.recipe.size;
        let pixels = found.enlarged(size).unwrap();
        assert_eq!(pixels.len(), size[0] * size[1]);
        assert_eq!(found.cells.shape(), [1, 1, case.height, case.width]);
        let pixels: Vec<f32> = pixels.into_iter().step_by(case.step).take(1024).collect();
        let weights = error(&found.weights, &floats(case.weights, case.maps));
        let cells = error(found.cells.data(), &floats(case.cells, case.height * case.width));
        let pixels = error(&pixels, &floats(case.pixels, 1024));
        let name = format!("{}, {}, class {}", case.model, case.layer, case.class);
        println!("{name}: weights off by {weights:e}, cells by {cells:e}, pixels by {pixels:e}");
        assert!(weights < TOLERANCE && cells < TOLERANCE && pixels < TOLERANCE, "{name}");
    }
}

#[test]
fn a_class_that_is_not_there_is_named() {
    let network = Network::open("squeezenet1.1.onnx");
    let look = network.look("chelsea-227", "fire9/concat");
    let refused = network.cam(&look, 1000);
    assert!(matches!(refused, Err(AnalysisError::NoSuchClass { index: 1000, classes: 1000 })));
}
