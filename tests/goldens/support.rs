//! Reads the goldens and the cards, and runs a model on the CPU engine.

use std::fs;
use std::path::{Path, PathBuf};

use featurescope::domain::picture::{Picture, decode};
use featurescope::domain::recipe::{Channels, Layout, Recipe, Resize, apply};
use featurescope::domain::tensor::Tensor;
use featurescope::engine::rten::RtenEngine;
use featurescope::engine::{Engine, Runner};
use featurescope::onnx::graph::Graph;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the goldens.
pub fn goldens() -> PathBuf {
    root().join("tests/goldens")
}

/// The whole of a file, or a failure that names it.
pub fn bytes_of(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A JSON file.
pub fn json<T: DeserializeOwned>(path: &Path) -> T {
    serde_json::from_slice(&bytes_of(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A picture file, decoded as the page does.
pub fn picture(path: &Path) -> Picture {
    decode(&bytes_of(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A recipe as cards and manifests write it.
#[derive(Debug, Clone, Deserialize)]
pub struct CardRecipe {
    pub size: usize,
    pub resize: String,
    pub channels: String,
    pub scale: f64,
    pub mean: Vec<f64>,
    pub std: Vec<f64>,
    pub layout: String,
}

impl CardRecipe {
    /// The input for a picture.
    pub fn apply(&self, picture: &Picture) -> Tensor {
        let recipe = Recipe {
            size: [self.size, self.size],
            resize: match self.resize.as_str() {
                "squash" => Resize::Squash,
                "crop" => Resize::Crop,
                other => panic!("unknown resize {other}"),
            },
            channels: match self.channels.as_str() {
                "rgb" => Channels::Rgb,
                "bgr" => Channels::Bgr,
                "grey" => Channels::Grey,
                other => panic!("unknown channels {other}"),
            },
            scale: self.scale,
            mean: self.mean.clone(),
            std: self.std.clone(),
            layout: match self.layout.as_str() {
                "nchw" => Layout::Nchw,
                "nhwc" => Layout::Nhwc,
                other => panic!("unknown layout {other}"),
            },
            ..Recipe::of_size(self.size, self.size)
        };
        apply(picture, &recipe).expect("the recipe fits its picture").input
    }
}

/// What the tests need of a model card.
#[derive(Debug, Deserialize)]
pub struct Card {
    pub file: String,
    pub recipe: CardRecipe,
    #[serde(rename = "defaultLayer")]
    pub default_layer: String,
}

/// The graph of a model file in `models/` or, fetched, in `models/fetched/`.
pub fn graph(file: &str) -> Graph {
    let bundled = root().join("models").join(file);
    let path = if bundled.is_file() { bundled } else { root().join("models/fetched").join(file) };
    assert!(path.is_file(), "{file} is missing: run `cargo xtask models`, which fetches it");
    let bytes = bytes_of(&path);
    read(Bytes32::from(&bytes[..]), Vec::new()).unwrap_or_else(|error| panic!("{file}: {error}")).graph
}

/// A graph that is ready to run on the CPU engine.
pub struct Prepared {
    runner: Box<dyn Runner>,
    input: String,
}

impl Prepared {
    /// Prepares a graph so that it returns `outputs`.
    pub fn new(mut graph: Graph, outputs: Vec<String>) -> Self {
        let input = graph.inputs[0].name.clone();
        graph.outputs = outputs;
        let runner = pollster::block_on(RtenEngine.prepare(graph)).expect("the CPU engine takes the graph");
        Self { runner, input }
    }

    /// Runs the graph.
    pub fn run(&self, input: &Tensor) -> Vec<Tensor> {
        pollster::block_on(self.runner.run(&[(&self.input, input)])).expect("the CPU engine runs the graph")
    }
}

/// A run of 4-byte little-endian numbers in a golden's .bin file.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Run {
    offset: usize,
    count: usize,
}

/// Positions in a layer's row-major values, and what stands there.
#[derive(Debug, Deserialize)]
pub struct Samples {
    pub indices: Run,
    pub values: Run,
}

/// What was recorded of one layer.
#[derive(Debug, Deserialize)]
pub struct GoldenLayer {
    pub id: String,
    pub op: String,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub largest: f32,
    pub means: Run,
    pub maxima: Run,
    pub samples: Samples,
}

/// What was fed to the model.
#[derive(Debug, Deserialize)]
pub struct GoldenInput {
    pub png: String,
    pub recipe: CardRecipe,
    pub shape: Vec<usize>,
    pub first: Vec<f32>,
    pub sum: f64,
}

/// The final output.
#[derive(Debug, Deserialize)]
pub struct GoldenOutput {
    pub name: String,
    pub values: Run,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    model: String,
    input: GoldenInput,
    output: GoldenOutput,
    layers: Vec<GoldenLayer>,
}

/// A manifest and its numbers.
pub struct Golden {
    pub model: String,
    pub input: GoldenInput,
    pub output: GoldenOutput,
    pub layers: Vec<GoldenLayer>,
    numbers: Vec<u8>,
}

impl Golden {
    /// The recording of a picture's pass through a model.
    pub fn load(model: &str, picture: &str) -> Self {
        let folder = goldens().join(model);
        let Manifest { model, input, output, layers } = json(&folder.join(format!("{picture}.json")));
        Self { model, input, output, layers, numbers: bytes_of(&folder.join(format!("{picture}.bin"))) }
    }

    fn words(&self, run: Run) -> impl Iterator<Item = [u8; 4]> {
        let (words, _) = self.numbers[run.offset..run.offset + 4 * run.count].as_chunks::<4>();
        words.iter().copied()
    }

    /// A run of f32.
    pub fn floats(&self, run: Run) -> Vec<f32> {
        self.words(run).map(f32::from_le_bytes).collect()
    }

    /// A run of u32, as indices.
    pub fn indices(&self, run: Run) -> Vec<usize> {
        self.words(run).map(|word| u32::from_le_bytes(word) as usize).collect()
    }
}

/// A class and its probability.
#[derive(Debug, Clone, Deserialize)]
pub struct Prediction {
    pub index: usize,
    pub probability: f32,
}

/// A map and its mean.
#[derive(Debug, Clone, Deserialize)]
pub struct MapMean {
    pub map: usize,
    pub mean: f32,
}

/// What was recorded of a bundled photo.
#[derive(Debug, Deserialize)]
pub struct PhotoPrediction {
    pub model: String,
    pub photo: String,
    pub resize: String,
    pub top5: Vec<Prediction>,
    pub maps: Vec<MapMean>,
}

/// How probable the photos' labels are together when they are read by a recipe.
#[derive(Debug, Deserialize)]
pub struct GuessSum {
    pub model: String,
    pub recipe: String,
    pub resize: String,
    pub sum: f64,
}

/// photos.json.
#[derive(Debug, Deserialize)]
pub struct PhotoGoldens {
    pub predictions: Vec<PhotoPrediction>,
    pub guess: Vec<GuessSum>,
}

/// A bundled photo and the classes that are right for it.
#[derive(Debug, Deserialize)]
pub struct Photo {
    pub file: String,
    pub label: Vec<usize>,
}
