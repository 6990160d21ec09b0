//! The small networks of `tests/cases`: opened as the page opens them, looked at in every layer, and compared with the
//! values of onnxruntime or PyTorch; on the CPU engine, and in the lowered form, which is what WebGPU gets.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::support::Lowering;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::draw::{DrawOptions, Gradients, draw};
use featurescope::analysis::look::{LookOptions, look};
use featurescope::analysis::open::{Opened, takes};
use featurescope::analysis::prepared::{Form, Ready};
use featurescope::domain::picture::decode;
use featurescope::domain::recipe::{Channels, Layout, Recipe, Resize};
use featurescope::engine::Engine;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::{ExternalFile, Model, read};
use featurescope::onnx::weights::Bytes32;
use serde::Deserialize;

/// The largest error of a layer's means, maxima and minima, as a part of the layer's largest value.
const LAYER_TOLERANCE: f64 = 1e-3;
/// The largest error of a probability.
const PROBABILITY_TOLERANCE: f64 = 1e-4;

/// What `case.json` holds; `tests/cases/README.md` describes it.
#[derive(Deserialize)]
struct Case {
    recipe: CaseRecipe,
    /// The page is told no recipe.
    #[serde(default)]
    norecipe: bool,
    files: Vec<String>,
    layers: BTreeMap<String, LayerValues>,
    /// None where the network scores no classes.
    scores: Option<Vec<f64>>,
    /// `logits` or `softmax`: what `scores` are.
    output: String,
    /// The class names that the file itself holds, where it holds any.
    #[serde(default)]
    labels: Vec<String>,
}

#[derive(Deserialize)]
struct CaseRecipe {
    size: usize,
    scale: f64,
    mean: Vec<f64>,
    std: Vec<f64>,
    channels: String,
    #[serde(default)]
    layout: Option<String>,
}

#[derive(Deserialize)]
struct LayerValues {
    shape: Vec<usize>,
    means: Vec<f64>,
    max: Vec<f64>,
    min: Vec<f64>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().join("case.json").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

impl Case {
    fn read(name: &str) -> Self {
        serde_json::from_slice(&std::fs::read(folder().join(name).join("case.json")).unwrap()).unwrap()
    }

    fn model(&self, name: &str) -> Result<Model, String> {
        let bytes = |file: &String| Bytes32::from(&std::fs::read(folder().join(name).join(file)).unwrap()[..]);
        let external = self.files[1..].iter().map(|file| ExternalFile { name: file.clone(), content: bytes(file) });
        read(bytes(&self.files[0]), external.collect()).map_err(|error| error.to_string())
    }

    fn recipe(&self) -> Recipe {
        Recipe {
            resize: Resize::Squash,
            channels: match &self.recipe.channels[..] {
                "grey" => Channels::Grey,
                "bgr" => Channels::Bgr,
                _ => Channels::Rgb,
            },
            scale: self.recipe.scale,
            mean: self.recipe.mean.clone(),
            std: self.recipe.std.clone(),
            layout: if self.recipe.layout.as_deref() == Some("nhwc") { Layout::Nhwc } else { Layout::Nchw },
            ..Recipe::of_size(self.recipe.size, self.recipe.size)
        }
    }

    fn probabilities(&self) -> Option<Vec<f64>> {
        let scores = self.scores.as_ref()?;
        if self.output == "softmax" {
            return Some(scores.clone());
        }
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = scores.iter().map(|score| (score - largest).exp()).collect();
        let total: f64 = weights.iter().sum();
        Some(weights.iter().map(|weight| weight / total).collect())
    }
}

/// What is wrong with a case in one form of the graph.
fn failure(name: &str, engine: &dyn Engine, form: Option<Form>) -> Option<String> {
    let case = Case::read(name);
    let model = match case.model(name) {
        Ok(model) => model,
        Err(error) => return Some(error),
    };
    let card = Card { recipe: (!case.norecipe).then(|| case.recipe()), ..Card::default() };
    // A size that the file leaves open comes from the card.
    assert!(takes(&model).is_err() || !case.norecipe || case.recipe.size > 0);
    let opened = match Opened::new(model, card) {
        Ok(opened) => opened,
        Err(error) => return Some(error.to_string()),
    };
    let picture = decode(&std::fs::read(folder().join(name).join("image.png")).unwrap()).unwrap();
    let (ready, mut compared) = (Ready::default(), 0);
    for layer in opened.layers() {
        let options = LookOptions { layer: &layer.id, recipe: opened.recipe(), patch: None, slices: &[] };
        let looked = look(&opened, engine, &ready, &picture, options, &Unattended);
        let seen = match pollster::block_on(looked) {
            Ok(seen) => seen,
            Err(error) => return Some(format!("{}: {error}", layer.id)),
        };
        if form.is_some_and(|form| form != seen.form) {
            return Some(format!("{}: ran in the form {:?}", layer.id, seen.form));
        }
        if let Some(expected) = case.probabilities() {
            let found: Vec<f64> = seen.probabilities.iter().map(|&value| f64::from(value)).collect();
            if let Some(detail) = differ(&found, &expected, 1.0, PROBABILITY_TOLERANCE) {
                return Some(format!("probabilities{detail}"));
            }
        }
        let Some(expected) = case.layers.get(&layer.id) else { continue };
        let shape = [1, layer.channels, layer.height, layer.width];
        if shape[..] != expected.shape[..] {
            return Some(format!("{} has the shape {shape:?}, not {:?}", layer.id, expected.shape));
        }
        let largest = expected.max.iter().chain(&expected.min).fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let of = |value: fn(&featurescope::domain::statistics::MapStatistics) -> f32| -> Vec<f64> {
            seen.statistics.iter().map(|map| f64::from(value(map))).collect()
        };
        let found = [
            ("means", of(|map| map.mean), &expected.means),
            ("max", of(|map| map.max), &expected.max),
            ("min", of(|map| map.min), &expected.min),
        ];
        for (what, found, expected) in found {
            if let Some(detail) = differ(&found, expected, largest, LAYER_TOLERANCE) {
                return Some(format!("{}.{what}{detail}", layer.id));
            }
        }
        compared += 1;
    }
    if compared == 0 {
        return Some("no layer could be compared".to_owned());
    }
    (opened.labels() != case.labels).then(|| format!("the labels are {:?}", opened.labels()))
}

/// The first value that is off by more than `tolerance` of `largest`.
fn differ(found: &[f64], expected: &[f64], largest: f64, tolerance: f64) -> Option<String> {
    if found.len() != expected.len() {
        return Some(format!(" are {}, not {}", found.len(), expected.len()));
    }
    let limit = tolerance * largest.max(1e-6);
    let wrong = |&(_, (found, expected)): &(usize, (&f64, &f64))| {
        let difference = (found - expected).abs();
        difference.is_nan() || difference > limit
    };
    let (index, (found, expected)) = found.iter().zip(expected).enumerate().find(wrong)?;
    Some(format!("[{index}] is {found}, not {expected}"))
}

/// Holds every case in one form of the graph against the list of those that are known to fail.
fn check(key: &str, engine: &dyn Engine, form: Option<Form>) {
    let list = std::fs::read_to_string(folder().join("known-failures.txt")).unwrap();
    let known: BTreeSet<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix(key)?.strip_prefix(' ')?.split_once(':'))
        .map(|(name, _)| name)
        .collect();
    let names = names();
    assert!(names.len() >= 270, "the list of cases is not whole: {}", names.len());
    let gone: Vec<&&str> = known.iter().filter(|known| !names.iter().any(|name| name == *known)).collect();
    assert!(gone.is_empty(), "known failures that are no cases: {gone:?}");
    let wrong: Vec<String> = names
        .iter()
        .filter_map(|name| match (failure(name, engine, form), known.contains(&name[..])) {
            (Some(detail), false) => Some(format!("{key} {name}: {detail}")),
            (None, true) => Some(format!("{key} {name} is right now: take it off the list of known failures")),
            _ => None,
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), names.len(), wrong.join("\n"));
}

#[test]
fn every_case_is_right_on_the_cpu_engine() {
    check("cpu", &RtenEngine, None);
}

#[test]
fn every_case_is_right_in_the_lowered_form() {
    check("lowered", &Lowering, Some(Form::Lowered));
}

fn opened(name: &str) -> Opened {
    let case = Case::read(name);
    let card = Card { recipe: Some(case.recipe()), ..Card::default() };
    Opened::new(case.model(name).unwrap(), card).unwrap()
}

/// The maps of tokens are layers; the one that is shown first is the last block's whose patches matter to the scores.
#[test]
fn tokens_are_layers() {
    for (name, blocks, default) in [("NV-class-token", 3, "b1"), ("NV-registers", 2, "b1"), ("NV-windows", 2, "b1")] {
        let opened = opened(name);
        let layers: Vec<&str> = opened.layers().iter().map(|layer| &layer.id[..]).collect();
        for part in ["attended", "hidden", "block"] {
            for block in 0..blocks {
                assert!(
                    layers.contains(&&format!("b{block}_{part}/maps")[..]),
                    "{name}: {part} of {block}: {layers:?}"
                );
            }
        }
        assert_eq!(opened.default_layer(), format!("{default}_block/maps"), "{name}");
        // What a token attends to, be it among all or within its window.
        let attention = layers.iter().filter(|layer| layer.ends_with("/attention")).count();
        assert_eq!(attention, blocks, "{name}: {layers:?}");
    }
}

/// What a quantised network is made of: what its integers stand for, under the names of the file, and no step of the arithmetic between.
#[test]
fn the_layers_of_quantised_networks_are_those_of_the_file() {
    let layers = |name: &str| -> Vec<(String, String)> {
        opened(name).layers().iter().map(|layer| (layer.id.clone(), layer.op.clone())).collect()
    };
    let expect = |name: &str, expected: &[(&str, &str)]| {
        let expected: Vec<(String, String)> =
            expected.iter().map(|(id, op)| ((*id).to_owned(), (*op).to_owned())).collect();
        assert_eq!(layers(name), expected, "{name}");
    };
    let pooled = |name| (name, "GlobalAveragePool");
    expect(
        "A16-qdq",
        &[("qc", "Conv"), ("relu6", "Relu"), ("conv9", "Conv"), ("relu10", "Relu"), pooled("globalaveragepool11")],
    );
    expect("A16-qlinear", &[("qlc", "Conv"), ("conv4", "Conv"), ("relu5", "Relu"), pooled("globalaveragepool6")]);
    expect(
        "NA16-qlinear-chain",
        &[("qlinearconv1", "Conv"), ("qlinearconv2", "Conv"), ("relu1", "Relu"), pooled("globalaveragepool1")],
    );
    let found = layers("NA16-microsoft");
    let own = ["qlinearadd1", "qlinearleakyrelu1", "qlinearconcat1", "qlinearglobalaveragepool1"];
    let ops = ["Add", "LeakyRelu", "Concat", "GlobalAveragePool"];
    for (id, op) in own.iter().zip(ops) {
        assert!(found.contains(&((*id).to_owned(), op.to_owned())), "{id} is no {op} in {found:?}");
    }
    assert!(found.iter().all(|(id, _)| !id.contains('/')), "{found:?}");
}

/// The weights are there before anything else looks at the graph: what replaces them by random ones finds them.
#[test]
fn the_weights_of_quantised_networks_are_numbers() {
    for name in names().into_iter().filter(|name| name.contains("A16")) {
        let graph = opened(&name).unsettled();
        let weighted = graph.nodes.iter().filter(|node| matches!(node.op.as_str(), "Conv" | "Gemm" | "MatMul"));
        for node in weighted {
            let weights = node.input(1).and_then(|input| graph.constants.get(input));
            assert!(weights.is_some_and(|weights| weights.as_floats().is_some()), "{name}: {}", node.name);
        }
    }
}

/// Rounding has no slope; a straight line through its steps has, and climbs.
#[test]
fn quantised_networks_are_drawn() {
    for name in ["A16-qdq", "A16-qlinear", "NA16-qlinear-chain", "NA16-dynamic"] {
        let opened = opened(name);
        let article =
            DrawOptions { largest: 33, steps: 6, ..DrawOptions::article(opened.default_layer(), 1, opened.recipe()) };
        let drawn =
            pollster::block_on(draw(&opened, &RtenEngine, &Gradients::default(), article, &Unattended, &|_| {}));
        let drawn = drawn.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(drawn.lost, 0, "{name}");
        let (first, last) = (drawn.activations[0], drawn.activations[drawn.activations.len() - 1]);
        assert!(last > first + 0.1 * first.abs(), "{name}: {:?}", drawn.activations);
    }
}
