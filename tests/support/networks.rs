//! What becomes of a network that `tests/networks/export.py` exported: which of its layers are right, whether it has Grad-CAM, and
//! whether a step of a drawing can be made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use featurescope::analysis::cam::class_activation;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::draw::{DrawOptions, Gradients, draw};
use featurescope::analysis::finds::Finds;
use featurescope::analysis::look::{Look, LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::{Ready, prepare};
use featurescope::domain::picture::Picture;
use featurescope::domain::recipe::{Recipe, Resize, apply};
use featurescope::domain::tensor::Tensor;
use featurescope::engine::Engine;
use featurescope::onnx::cut::cut;
use featurescope::onnx::layers::Layer;
use featurescope::onnx::read::{ExternalFile, Model, read};
use featurescope::onnx::weights::Bytes32;
use serde::Deserialize;

/// As `record.py` has it.
const STEP: usize = 15_485_863;

/// Where PyTorch's own single precision is off by more than this, there is no right derivative to compare with (`reference.py`).
const CERTAIN: f64 = 1e-4;

/// Of so many layers besides the default one Grad-CAM is asked for, spread over the network.
const CAMS: usize = 4;

/// Below this a layer's largest value counts as rounding.
const SMALLEST: f64 = 1e-6;

/// What `record.py` wrote beside a network.
#[derive(Deserialize)]
pub struct Recorded {
    size: [usize; 2],
    pub exporter: String,
    pub parameters: u64,
    values: BTreeMap<String, Value>,
    cams: Vec<RecordedCam>,
}

/// A value as onnxruntime computes it. What is no number is left out by JSON.
#[derive(Deserialize)]
struct Value {
    shape: Vec<usize>,
    mean: Option<f64>,
    min: Option<f64>,
    max: Option<f64>,
    samples: Vec<Option<f64>>,
}

/// Grad-CAM as PyTorch computes it of the same file in double precision.
#[derive(Deserialize)]
struct RecordedCam {
    layer: String,
    class: usize,
    /// Of a detector: which element of the value with the scores was differentiated.
    element: Option<usize>,
    /// By how much PyTorch's single precision is off.
    single: f64,
    cells: Vec<f64>,
}

impl RecordedCam {
    /// The largest difference of cells from these, relative to the largest cell.
    fn deviation(&self, found: &[f32]) -> Result<f64, String> {
        let largest = self.cells.iter().fold(SMALLEST, |largest, cell| largest.max(*cell));
        if found.len() != self.cells.len() {
            return Err(format!("{}: {} cells, where PyTorch has {}", self.layer, found.len(), self.cells.len()));
        }
        let differences = found.iter().zip(&self.cells).map(|(&found, expected)| (f64::from(found) - expected).abs());
        Ok(differences.fold(0.0, f64::max) / largest)
    }
}

/// A network with what is known about it.
pub struct Network {
    pub name: String,
    pub recorded: Recorded,
    path: PathBuf,
}

/// How far something is off, and which layer it is.
pub type Deviation = (f64, String);

/// What became of a network on one engine.
pub struct Found {
    /// Whether the default layer was looked at.
    pub look: Result<(), String>,
    /// So many layers came back, and the layers that did not.
    pub right: usize,
    pub wrong: Vec<String>,
    /// The largest difference, relative to the layer's largest value.
    pub deviation: Deviation,
    /// The same of Grad-CAM's cells. Nothing where there are no class scores.
    pub cam: Option<Result<Deviation, String>>,
    /// The side of the drawing of which a step was made.
    pub draw: Result<usize, String>,
    pub milliseconds: u128,
}

/// The networks of a folder, by name.
pub fn networks(folder: &Path) -> Vec<Network> {
    let files = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "onnx") && path.with_extension("json").exists())
        .collect();
    paths.sort();
    let network = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read(path.with_extension("json")).unwrap();
        let recorded = serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        Network { name, recorded, path }
    };
    paths.into_iter().map(network).collect()
}

impl Network {
    fn model(&self) -> Result<Model, String> {
        let bytes = |path: &Path| Bytes32::from(&std::fs::read(path).unwrap()[..]);
        let data = self.path.with_extension("onnx.data");
        let name = data.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let external = data.exists().then(|| ExternalFile { name, content: bytes(&data) });
        read(bytes(&self.path), external.into_iter().collect()).map_err(|error| error.to_string())
    }

    fn recipe(&self) -> Recipe {
        let [height, width] = self.recorded.size;
        let (mean, std) = (vec![0.5; 3], vec![0.25; 3]);
        Recipe { resize: Resize::Squash, scale: 1.0 / 255.0, mean, std, ..Recipe::of_size(height, width) }
    }

    fn picture(&self) -> Picture {
        let [height, width] = self.recorded.size;
        Picture::new(width, height, std::fs::read(self.path.with_file_name(format!("{height}x{width}.rgb"))).unwrap())
            .unwrap()
    }

    /// # Errors
    /// Why the network is refused.
    pub fn open(&self) -> Result<Opened, String> {
        let card = Card { recipe: Some(self.recipe()), ..Card::default() };
        Opened::new(self.model()?, card).map_err(|error| error.to_string())
    }

    /// Asks an engine everything.
    pub fn survey(&self, opened: &Opened, engine: &dyn Engine) -> Found {
        let began = Instant::now();
        let ready = Ready::default();
        let look = self.look(opened, engine, &ready, opened.default_layer()).map(|_| ());
        let milliseconds = began.elapsed().as_millis();
        let (mut right, mut wrong, mut worst) = (0, Vec::new(), (0.0, String::new()));
        for (layer, maps) in self.layers(opened, engine) {
            match maps.and_then(|maps| self.deviation(layer, &maps)) {
                Ok(deviation) => {
                    right += 1;
                    if deviation > worst.0 {
                        worst = (deviation, layer.id.clone());
                    }
                }
                Err(error) => wrong.push(format!("{}: {error}", layer.id)),
            }
        }
        let (cam, draw) = (self.cam(opened, engine), self.draw(opened, engine));
        Found { look, right, wrong, deviation: worst, cam, draw, milliseconds }
    }

    fn look(&self, opened: &Opened, engine: &dyn Engine, ready: &Ready, layer: &str) -> Result<Look, String> {
        let options = LookOptions { layer, recipe: opened.recipe(), patch: None, slices: &[] };
        let picture = self.picture();
        let seen = look(opened, engine, ready, &picture, options, &Unattended);
        pollster::block_on(seen).map_err(|error| error.to_string())
    }

    /// The maps of every layer: of all in one run, or one after another where they cannot be had together.
    fn layers<'a>(&self, opened: &'a Opened, engine: &dyn Engine) -> Vec<(&'a Layer, Result<Tensor, String>)> {
        let names: Vec<String> = compared(opened).map(|layer| layer.id.clone()).collect();
        let input = apply(&self.picture(), opened.recipe()).unwrap().input;
        let together = async {
            let prepared = prepare(engine, &cut(opened.graph(), &names)?, opened.shapes()).await?;
            prepared.run(&[(&opened.input().name, &input)], &Unattended).await
        };
        if let Ok(values) = pollster::block_on(together) {
            return compared(opened).zip(values.into_iter().map(Ok)).collect();
        }
        let one = |layer: &'a Layer| {
            let seen = self.look(opened, engine, &Ready::default(), &layer.id);
            (layer, seen.map(|seen| seen.maps))
        };
        compared(opened).map(one).collect()
    }

    /// How far a layer's maps are from onnxruntime's, relative to the layer's largest value.
    fn deviation(&self, layer: &Layer, maps: &Tensor) -> Result<f64, String> {
        let id = layer.id.trim_end_matches('\'');
        let in_blocks = id.strip_suffix("/block-maps").and_then(|source| self.recorded.values.get(source));
        let Some(expected) = in_blocks.or_else(|| self.recorded.values.get(&layer.id)) else {
            let source = id.strip_suffix("/maps").and_then(|source| self.recorded.values.get(source));
            return source.map_or_else(
                || Err("onnxruntime has no such value".to_owned()),
                |expected| of_tokens(expected, layer, maps.data()),
            );
        };
        let elements: usize = expected.shape.iter().product();
        let found = maps.data();
        if found.len() != elements || elements != layer.channels * layer.height * layer.width {
            return Err(format!("{} elements, where onnxruntime has {:?}", found.len(), expected.shape));
        }
        let (Some(mean), Some(min), Some(max)) = (expected.mean, expected.min, expected.max) else {
            return Err("no numbers".to_owned());
        };
        let largest = min.abs().max(max.abs()).max(SMALLEST);
        let values = || found.iter().map(|&value| f64::from(value));
        let mut differences = vec![
            values().sum::<f64>() / elements as f64 - mean,
            values().fold(f64::INFINITY, f64::min) - min,
            values().fold(f64::NEG_INFINITY, f64::max) - max,
        ];
        // Maps that were laid out anew have their values in another order; that of blocks is held by `tests/attention.rs`.
        if expected.shape[..] == [1, layer.channels, layer.height, layer.width] {
            let places = expected.samples.iter().enumerate();
            differences.extend(places.map(|(place, sample)| {
                sample.map_or(f64::NAN, |sample| f64::from(found[place * STEP % elements]) - sample)
            }));
        }
        if differences.iter().any(|difference| difference.is_nan()) {
            return Err("no numbers".to_owned());
        }
        Ok(differences.iter().fold(0.0_f64, |worst, difference| worst.max(difference.abs())) / largest)
    }

    /// Grad-CAM of the default layer and of a few others of which it was recorded: the largest difference from PyTorch's, relative to the
    /// largest cell, and where. Nothing of a network that gives neither scores nor boxes nor a mask.
    fn cam(&self, opened: &Opened, engine: &dyn Engine) -> Option<Result<Deviation, String>> {
        let seen = match self.look(opened, engine, &Ready::default(), opened.default_layer()) {
            Ok(seen) => seen,
            Err(error) => return Some(Err(error)),
        };
        let any = match &seen.finds {
            Finds::Boxes { boxes, .. } => (!boxes.is_empty()).then_some(0),
            Finds::Mask(mask) => mask.classes.first().map(|&class| usize::from(class)),
            _ => opened.scores().map(|_| 0),
        }?;
        let asked = self.asked_cams(opened, &seen.finds);
        if asked.is_empty() {
            let cells = self.cells(opened, engine, opened.default_layer(), any);
            return Some(cells.map(|_| (0.0, String::new())));
        }
        let differences = asked.into_iter().map(|(cam, number)| {
            let found = self.cells(opened, engine, &cam.layer, number)?;
            Ok((cam.deviation(&found)?, cam.layer.clone()))
        });
        let differences: Result<Vec<Deviation>, String> = differences.collect();
        let worst = |worst: Deviation, one: Deviation| if one.0 > worst.0 { one } else { worst };
        Some(differences.map(|all| all.into_iter().fold((0.0, String::new()), worst)))
    }

    /// What was recorded of a few layers, the default one among them, with the number that Featurescope has for what is asked.
    fn asked_cams(&self, opened: &Opened, finds: &Finds) -> Vec<(&RecordedCam, usize)> {
        let number = |cam: &RecordedCam| match finds {
            Finds::Boxes { boxes, .. } => boxes.iter().position(|one| Some(one.element) == cam.element),
            _ => cam.element.is_none().then_some(cam.class),
        };
        let listed = self.recorded.cams.iter().filter(|cam| cam.single <= CERTAIN && opened.layer(&cam.layer).is_ok());
        let listed: Vec<(&RecordedCam, usize)> = listed.filter_map(|cam| Some((cam, number(cam)?))).collect();
        let first = listed.iter().position(|(cam, _)| cam.layer == opened.default_layer());
        let last = listed.len().saturating_sub(1);
        let mut places: Vec<usize> = (0..CAMS).map(|place| place * last / (CAMS - 1)).chain(first).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|place| listed.get(place).copied()).collect()
    }

    fn cells(&self, opened: &Opened, engine: &dyn Engine, layer: &str, number: usize) -> Result<Vec<f32>, String> {
        let ready = Ready::default();
        let seen = self.look(opened, engine, &ready, layer)?;
        let found = class_activation(opened, engine, &ready, &seen, number, &Unattended);
        let found = pollster::block_on(found).map_err(|error| format!("{layer}: {error}"))?;
        let cells = found.cells.data().to_vec();
        if cells.iter().all(|cell| cell.is_finite()) { Ok(cells) } else { Err(format!("{layer}: no numbers")) }
    }

    /// One step of a drawing of the default layer, at the file's own size where that can be had.
    fn draw(&self, opened: &Opened, engine: &dyn Engine) -> Result<usize, String> {
        let modern = DrawOptions::modern(opened.default_layer(), 0, opened.recipe());
        let options = DrawOptions { largest: self.recorded.size[0], steps: 1, ..modern };
        let drawn = pollster::block_on(draw(opened, engine, &Gradients::default(), options, &Unattended, &|_| {}));
        let drawn = drawn.map_err(|error| error.to_string())?;
        if drawn.lost > 0 {
            return Err("no numbers".to_owned());
        }
        drawn.sizes.first().copied().ok_or_else(|| "no size".to_owned())
    }
}

/// The layers that are compared with onnxruntime's. What is recorded of an attention are samples of all its rows; its first one is compared by
/// `tests/attention.rs`.
pub fn compared(opened: &Opened) -> impl Iterator<Item = &Layer> {
    opened.layers().iter().filter(|layer| layer.op != "Attention")
}

/// The same of the maps of tokens, which onnxruntime has channels last and with other tokens before those of the grid.
fn of_tokens(expected: &Value, layer: &Layer, maps: &[f32]) -> Result<f64, String> {
    let cells = layer.height * layer.width;
    let count: usize = expected.shape.iter().product();
    let others = (count / layer.channels).checked_sub(cells);
    let others =
        others.filter(|_| expected.shape.last() == Some(&layer.channels) && maps.len() == cells * layer.channels);
    let others =
        others.ok_or_else(|| format!("{} elements, where onnxruntime has {:?}", maps.len(), expected.shape))?;
    let (Some(min), Some(max)) = (expected.min, expected.max) else { return Err("no numbers".to_owned()) };
    let largest = min.abs().max(max.abs()).max(SMALLEST);
    let mut differences = Vec::new();
    for (index, sample) in expected.samples.iter().enumerate() {
        let place = index * STEP % count;
        let (token, channel) = (place / layer.channels, place % layer.channels);
        if let Some(cell) = token.checked_sub(others) {
            let found = f64::from(maps[channel * cells + cell]);
            differences.push(sample.map_or(f64::NAN, |sample| (found - sample).abs()));
        }
    }
    if differences.is_empty() || differences.iter().any(|difference| difference.is_nan()) {
        return Err("no numbers".to_owned());
    }
    Ok(differences.into_iter().fold(0.0, f64::max) / largest)
}
