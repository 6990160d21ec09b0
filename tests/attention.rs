//! What one token attends to, as a layer: its maps against onnxruntime's rows (`attention/record.py`) and against the attention itself, and what
//! comes after it against the whole network with that attention changed in the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{Lowering, largest_difference};
use featurescope::analysis::ablate::{AblateOptions, Replacement, ablate};
use featurescope::analysis::cam::class_activation;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::evaluate::evaluate;
use featurescope::analysis::look::{Attending, Look, LookOptions, Patch, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::picture::{Picture, decode};
use featurescope::domain::recipe::{Recipe, Resize};
use featurescope::engine::Engine;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::graph::{Constant, Node};
use featurescope::onnx::read::{ExternalFile, Model, read};
use featurescope::onnx::weights::Bytes32;
use serde::Deserialize;

/// Vision transformers: one that reads its class token alone, and one with other tokens whose answer is the mean of its patches.
const NETWORKS: [&str; 2] = ["NV-class-token", "NV-registers"];

fn model(name: &str) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name).join("model.onnx");
    read(Bytes32::from(&std::fs::read(path).unwrap()[..]), Vec::new()).unwrap()
}

fn open(model: Model) -> Opened {
    let size = Opened::new(model.clone(), Card::default()).unwrap().size();
    let card = Card { recipe: Some(Recipe::of_size(size[0], size[1])), ..Card::default() };
    Opened::new(model, card).unwrap()
}

fn look_at(opened: &Opened, engine: &dyn Engine, layer: &str) -> Look {
    look_at_patch(opened, engine, layer, None)
}

fn look_at_patch(opened: &Opened, engine: &dyn Engine, layer: &str, patch: Option<Patch>) -> Look {
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gives/picture.png");
    let picture = decode(&std::fs::read(picture).unwrap()).unwrap();
    let options = LookOptions { layer, recipe: opened.recipe(), patch, slices: &[] };
    pollster::block_on(look(opened, engine, &Ready::default(), &picture, options, &Unattended)).unwrap()
}

fn attention_layers(opened: &Opened) -> Vec<String> {
    let layers = opened.layers().iter().filter(|layer| layer.op == "Attention");
    layers.map(|layer| layer.id.clone()).collect()
}

/// What onnxruntime computes.
#[derive(Deserialize)]
struct Recorded {
    networks: BTreeMap<String, RecordedNetwork>,
}

#[derive(Deserialize)]
struct RecordedNetwork {
    grid: [usize; 2],
    values: BTreeMap<String, Vec<RecordedRow>>,
}

/// A token's attention to the patches, for each head.
#[derive(Deserialize)]
struct RecordedRow {
    /// Row and column of the patch; none of the class token.
    cell: Option<[usize; 2]>,
    heads: Vec<Vec<f32>>,
}

/// The recipe of a case.
#[derive(Deserialize)]
struct Case {
    recipe: CaseRecipe,
}

#[derive(Deserialize)]
struct CaseRecipe {
    scale: f64,
    mean: Vec<f64>,
    std: Vec<f64>,
    size: usize,
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// A network that rows were recorded of, and the picture that it was given.
fn recorded_network(name: &str) -> (Opened, Picture) {
    let bytes = |path: PathBuf| Bytes32::from(&std::fs::read(path).unwrap()[..]);
    let folder = tests().join("cases").join(name);
    let (model, picture, recipe) = if folder.exists() {
        let case: Case = serde_json::from_slice(&std::fs::read(folder.join("case.json")).unwrap()).unwrap();
        let CaseRecipe { scale, mean, std, size } = case.recipe;
        let recipe = Recipe { scale, mean, std, ..Recipe::of_size(size, size) };
        let picture = decode(&std::fs::read(folder.join("image.png")).unwrap()).unwrap();
        (model(name), picture, recipe)
    } else {
        let folder = tests().join("networks");
        let data = format!("{name}.onnx.data");
        let external = folder.join(&data).exists().then(|| bytes(folder.join(&data)));
        let external = external.into_iter().map(|content| ExternalFile { name: data.clone(), content }).collect();
        let model = read(bytes(folder.join(format!("{name}.onnx"))), external).unwrap();
        let picture = Picture::new(64, 64, std::fs::read(folder.join("64x64.rgb")).unwrap()).unwrap();
        let recipe = Recipe { scale: 1.0 / 255.0, mean: vec![0.5; 3], std: vec![0.25; 3], ..Recipe::of_size(64, 64) };
        (model, picture, recipe)
    };
    let card = Card { recipe: Some(Recipe { resize: Resize::Squash, ..recipe }), ..Card::default() };
    (Opened::new(model, card).unwrap(), picture)
}

#[test]
fn rows_of_any_patch_are_those_of_onnxruntime() {
    let recorded = std::fs::read(tests().join("attention/rows.json")).unwrap();
    let recorded: Recorded = serde_json::from_slice(&recorded).unwrap();
    assert_eq!(recorded.networks.len(), 4);
    for (name, network) in recorded.networks {
        let (opened, picture) = recorded_network(&name);
        for engine in [&RtenEngine as &dyn Engine, &Lowering] {
            for (value, rows) in &network.values {
                // Once for every patch: what chooses the row is an input.
                let ready = Ready::default();
                let layer = format!("{value}/attention");
                let seen = |patch| {
                    let options = LookOptions { layer: &layer, recipe: opened.recipe(), patch, slices: &[] };
                    pollster::block_on(look(&opened, engine, &ready, &picture, options, &Unattended)).unwrap()
                };
                let middle = network.grid.map(|count| count / 2);
                let has_class_token = rows.iter().any(|row| row.cell.is_none());
                for RecordedRow { cell, heads } in rows {
                    let expected: Vec<f32> = heads.concat();
                    let check = |found: &Look, is_chosen: bool| {
                        let difference = largest_difference(found.maps.data(), &expected);
                        assert!(difference < 1e-5, "{name}, {value}, {cell:?}: {difference}");
                        assert_eq!(found.attending, Some(Attending { cell: *cell, is_chosen }), "{name}");
                    };
                    let Some([row, column]) = *cell else {
                        check(&seen(None), false);
                        continue;
                    };
                    check(&seen(Some(Patch::In { row, column })), true);
                    let [x, y] = [(column, network.grid[1]), (row, network.grid[0])]
                        .map(|(place, count)| (place as f64 + 0.5) / count as f64);
                    check(&seen(Some(Patch::At { x, y })), true);
                    // Without a class token it is the patch in the middle.
                    if *cell == Some(middle) && !has_class_token {
                        check(&seen(None), false);
                    }
                }
            }
        }
    }
}

#[test]
fn a_patch_has_to_be_one_of_an_attention() {
    let opened = open(model("NV-class-token"));
    let picture = decode(&std::fs::read(tests().join("gives/picture.png")).unwrap()).unwrap();
    let refused = |layer: &str, patch| {
        let options = LookOptions { layer, recipe: opened.recipe(), patch: Some(patch), slices: &[] };
        let ready = Ready::default();
        pollster::block_on(look(&opened, &RtenEngine, &ready, &picture, options, &Unattended)).unwrap_err()
    };
    let attention = &attention_layers(&opened)[0];
    let beyond = AnalysisError::NoSuchPatch { row: 6, column: 0, height: 6, width: 6 };
    assert_eq!(refused(attention, Patch::In { row: 6, column: 0 }), beyond);
    let other = opened.default_layer();
    assert_eq!(refused(other, Patch::At { x: 0.5, y: 0.5 }), AnalysisError::NotAttention(other.to_owned()));
}

#[test]
fn the_maps_are_the_first_row_of_the_attention() {
    for name in NETWORKS {
        let opened = open(model(name));
        let layers = attention_layers(&opened);
        assert!(layers.len() > 1, "{name}");
        for engine in [&RtenEngine as &dyn Engine, &Lowering] {
            for id in &layers {
                let seen = look_at(&opened, engine, id);
                let source = id.strip_suffix("/attention").unwrap().to_owned();
                let input = seen.input().unwrap();
                let inputs = [(&opened.input().name[..], &input)];
                let whole = pollster::block_on(evaluate(&model(name), &RtenEngine, &inputs, &[source])).unwrap();
                let shape = whole.values[0].shape();
                let &[heads, rows, columns] = &shape[shape.len() - 3..] else { panic!("{shape:?}") };
                assert_eq!((seen.layer.channels, rows), (heads, columns), "{name}");
                let cells = seen.layer.height * seen.layer.width;
                // What stands beside the patches comes first.
                let before = if name == "NV-registers" { columns - cells } else { 1 };
                let expected: Vec<f32> = (0..heads)
                    .flat_map(|head| {
                        let row = head * rows * columns + before;
                        whole.values[0].data()[row..row + cells].to_vec()
                    })
                    .collect();
                assert!(largest_difference(seen.maps.data(), &expected) < 1e-5, "{name}, {id}");
                // The softmax of a row adds up to 1, of which the other tokens have a part.
                let sum: f32 = seen.maps.data()[..cells].iter().sum();
                assert!(sum > 0.0 && sum < 1.0, "{name}: {sum}");
            }
        }
    }
}

/// The network with the attention of one head to the patches multiplied by zero in the row that was looked at, in the file itself.
fn without_head(name: &str, look: &Look, head: usize) -> Opened {
    let mut model = model(name);
    let source = look.layer.id.strip_suffix("/attention").unwrap();
    let opened = open(model.clone());
    let shape = opened.shapes()[source].clone();
    let &[_, rows, columns] = &shape[shape.len() - 3..] else { panic!("{shape:?}") };
    let cells = look.layer.height * look.layer.width;
    let before = if name == "NV-registers" { columns - cells } else { 1 };
    let mut kept = vec![1.0; shape.iter().product()];
    let cell = look.attending.unwrap().cell;
    let row = cell.map_or(0, |[row, column]| before + row * look.layer.width + column);
    kept[(head * rows + row) * columns + before..][..cells].fill(0.0);
    let graph = &mut model.graph;
    let place = graph.nodes.iter().position(|node| node.outputs.iter().any(|output| output == source)).unwrap();
    graph.nodes[place].outputs[0] = "whole".to_owned();
    graph.nodes.insert(place + 1, Node::new("Mul", &["whole", "kept"], source).named("switch_off"));
    graph.constants.insert("kept".to_owned(), Constant::floats(shape, kept));
    open(model)
}

#[test]
fn switching_a_head_off_is_what_the_whole_network_does_without_it() {
    for name in NETWORKS {
        let opened = open(model(name));
        let layers = attention_layers(&opened);
        let last = layers.last().unwrap();
        let patches = [None, Some(Patch::In { row: 0, column: 0 }), Some(Patch::In { row: 2, column: 4 })];
        for (id, patch) in layers.iter().flat_map(|id| patches.map(|patch| (id, patch))) {
            let seen = look_at_patch(&opened, &RtenEngine, id, patch);
            for engine in [&RtenEngine as &dyn Engine, &Lowering] {
                let ready = Ready::default();
                let off = |maps: &[usize]| {
                    let options = AblateOptions { maps, to: Replacement::Zero, controls: 0, seed: 1 };
                    let found = ablate(&opened, engine, &ready, &seen, options, &Unattended);
                    pollster::block_on(found).unwrap().without.probabilities
                };
                assert!(largest_difference(&off(&[]), &seen.probabilities) < 1e-5, "{name}, {id}");
                for head in 0..seen.layer.channels {
                    let whole = without_head(name, &seen, head);
                    let expected = look_at(&whole, &RtenEngine, whole.default_layer()).probabilities;
                    let found = off(&[head]);
                    assert!(largest_difference(&found, &expected) < 1e-5, "{name}, {id}, head {head}");
                    // Nobody reads what the first token has seen last where the answer is a mean of the patches, and what a patch has where the
                    // answer is the first token.
                    let is_read = id != last || patch.is_none() == (name == "NV-class-token");
                    let is_changed = largest_difference(&found, &seen.probabilities) > 1e-6;
                    assert!(is_changed || !is_read || name == "NV-registers", "{name}, {id}, {patch:?}, head {head}");
                }
            }
        }
    }
}

#[test]
fn grad_cam_of_attention_follows_the_score() {
    const STEP: f32 = 1e-3;
    // The last attention of the class token, and that of a patch in the one before it, which all tokens read.
    let patch = Some(Patch::In { row: 1, column: 3 });
    let asked = NETWORKS.iter().flat_map(|&name| [(name, None, 1), (name, patch, 2)]);
    for (name, patch, from_end) in asked {
        let opened = open(model(name));
        let layers = attention_layers(&opened);
        let id = layers[layers.len() - from_end].clone();
        let ready = Ready::default();
        let seen = look_at_patch(&opened, &RtenEngine, &id, patch);
        let found = pollster::block_on(class_activation(&opened, &RtenEngine, &ready, &seen, 0, &Unattended)).unwrap();
        let is_read = found.weights.iter().any(|&weight| weight != 0.0);
        assert_eq!(is_read, name == "NV-class-token" || patch.is_some(), "{name}");
        // What a head's attention everywhere, and a little more, does to the difference of two classes' logarithms.
        let other = pollster::block_on(class_activation(&opened, &RtenEngine, &ready, &seen, 1, &Unattended)).unwrap();
        let cells = seen.layer.height * seen.layer.width;
        for head in 0..seen.layer.channels {
            let apart = |step: f32| {
                let mut moved = seen.clone();
                moved.maps.data_mut()[head * cells..][..cells].iter_mut().for_each(|value| *value += step);
                let options = AblateOptions { maps: &[], to: Replacement::Zero, controls: 0, seed: 1 };
                let given = pollster::block_on(ablate(&opened, &RtenEngine, &ready, &moved, options, &Unattended));
                let given = given.unwrap().without.probabilities;
                f64::from(given[0]).ln() - f64::from(given[1]).ln()
            };
            let slope = (apart(STEP) - apart(-STEP)) / (2.0 * f64::from(STEP) * cells as f64);
            let expected = f64::from(found.weights[head] - other.weights[head]);
            let largest = found.weights.iter().chain(&other.weights).fold(0.0_f32, |most, it| most.max(it.abs()));
            assert!(
                (slope - expected).abs() < 0.03 * f64::from(largest) + 1e-5,
                "{name}, head {head}: {slope}, {expected}"
            );
        }
    }
}

/// What `attention/in_blocks.py` recorded.
#[derive(Deserialize)]
struct RecordedBlocks {
    size: [usize; 2],
    networks: BTreeMap<String, BTreeMap<String, RecordedMaps>>,
}

/// Maps `[1, channels, height, width]`, as the network's authors lay them back.
#[derive(Deserialize)]
struct RecordedMaps {
    shape: [usize; 4],
    values: Vec<f32>,
}

#[test]
fn tokens_in_blocks_are_laid_back_as_their_authors_do() {
    let folder = tests().join("attention");
    let recorded = std::fs::read(folder.join("in_blocks.json")).unwrap();
    let RecordedBlocks { size: [height, width], networks } = serde_json::from_slice(&recorded).unwrap();
    let pixels = std::fs::read(tests().join(format!("networks/{height}x{width}.rgb"))).unwrap();
    let picture = Picture::new(width, height, pixels).unwrap();
    let recipe = Recipe {
        scale: 1.0 / 255.0,
        mean: vec![0.5; 3],
        std: vec![0.25; 3],
        resize: Resize::Squash,
        ..Recipe::of_size(height, width)
    };
    assert_eq!(networks.len(), 3);
    for (name, maps) in networks {
        let file = std::fs::read(folder.join(format!("{name}.onnx"))).unwrap();
        let model = read(Bytes32::from(&file[..]), Vec::new()).unwrap();
        let opened = Opened::new(model, Card { recipe: Some(recipe.clone()), ..Card::default() }).unwrap();
        for (value, RecordedMaps { shape: [_, channels, rows, columns], values }) in maps {
            // Of the last stage's four cells the order is the grid's, and so is that of patches.
            let suffix = if rows * columns == 4 || name == "patches" { "maps" } else { "block-maps" };
            let layer = format!("{value}/{suffix}");
            let listed = opened.layer(&layer).unwrap();
            assert_eq!([listed.channels, listed.height, listed.width], [channels, rows, columns], "{name}, {value}");
            for engine in [&RtenEngine as &dyn Engine, &Lowering] {
                let options = LookOptions { layer: &layer, recipe: opened.recipe(), patch: None, slices: &[] };
                let ready = Ready::default();
                let seen = pollster::block_on(look(&opened, engine, &ready, &picture, options, &Unattended)).unwrap();
                let difference = largest_difference(seen.maps.data(), &values);
                assert!(difference < 1e-5, "{name}, {value}: {difference}");
            }
        }
    }
}
