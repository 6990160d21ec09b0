//! What one patch attends to within its window, as a layer: its maps, what comes after it with a head switched off, and Grad-CAM, against PyTorch
//! (`attention/windows.py`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{Lowering, largest_difference};
use featurescope::analysis::ablate::{AblateOptions, Replacement, ablate};
use featurescope::analysis::cam::class_activation;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::look::{Attending, Look, LookOptions, Patch, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::picture::Picture;
use featurescope::domain::recipe::{Recipe, Resize};
use featurescope::engine::Engine;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use serde::Deserialize;

#[derive(Deserialize)]
struct Recorded {
    /// Height and width of the picture.
    size: [usize; 2],
    networks: BTreeMap<String, Network>,
}

#[derive(Deserialize)]
struct Network {
    scores: Vec<f32>,
    values: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Value {
    grid: [usize; 2],
    /// Of some patches, that in the middle first.
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    /// Row and column of the patch.
    cell: [usize; 2],
    /// What it attends to, of each head, on the whole grid.
    heads: Vec<Vec<f32>>,
    /// The mean derivative of the first score with respect to that.
    slopes: Vec<f32>,
    /// The scores where what it attends to is zero in this head.
    head_off: usize,
    scores_without: Vec<f32>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attention")
}

fn recorded() -> Recorded {
    serde_json::from_slice(&std::fs::read(folder().join("windows.json")).unwrap()).unwrap()
}

/// A network, and the picture that it was given.
fn opened(name: &str, [height, width]: [usize; 2]) -> (Opened, Picture) {
    let bytes = std::fs::read(folder().join(format!("{name}.onnx"))).unwrap();
    let model = read(Bytes32::from(&bytes[..]), Vec::new()).unwrap();
    let (mean, std) = (vec![0.5; 3], vec![0.25; 3]);
    let recipe = Recipe::of_size(height, width);
    let recipe = Recipe { scale: 1.0 / 255.0, mean, std, resize: Resize::Squash, ..recipe };
    let pixels = std::fs::read(folder().join(format!("{height}x{width}.rgb"))).unwrap();
    let card = Card { recipe: Some(recipe), ..Card::default() };
    (Opened::new(model, card).unwrap(), Picture::new(width, height, pixels).unwrap())
}

fn softmax(scores: &[f32]) -> Vec<f32> {
    let sum: f32 = scores.iter().map(|score| score.exp()).sum();
    scores.iter().map(|score| score.exp() / sum).collect()
}

/// Asks both forms of the graph for each layer of attention, and for each row of it that was recorded. The usual row is asked for twice: as such,
/// and as that of a patch that was chosen.
fn for_each_row(check: impl Fn(&Opened, &dyn Engine, &Ready, &Look, &Row, &Network)) {
    let Recorded { size, networks } = recorded();
    assert_eq!(networks.len(), 4);
    for (name, network) in &networks {
        let (opened, picture) = opened(name, size);
        let layers: Vec<&str> =
            opened.layers().iter().filter(|layer| layer.op == "Attention").map(|layer| &layer.id[..]).collect();
        assert_eq!(layers.len(), network.values.len(), "{name}");
        for engine in [&RtenEngine as &dyn Engine, &Lowering] {
            for (value, Value { grid, rows }) in &network.values {
                let ready = Ready::default();
                let layer = format!("{value}/attention");
                let chosen = rows.iter().map(|row| (row, true));
                for (row, is_chosen) in std::iter::once((&rows[0], false)).chain(chosen) {
                    let [at_row, at_column] = row.cell;
                    let patch = is_chosen.then_some(Patch::In { row: at_row, column: at_column });
                    let options = LookOptions { layer: &layer, recipe: opened.recipe(), patch, slices: &[] };
                    let found = look(&opened, engine, &ready, &picture, options, &Unattended);
                    let found = pollster::block_on(found).unwrap_or_else(|error| panic!("{name}, {layer}: {error}"));
                    assert_eq!(found.attending, Some(Attending { cell: Some(row.cell), is_chosen }), "{name}, {layer}");
                    assert_eq!([found.layer.height, found.layer.width], *grid, "{name}, {layer}");
                    check(&opened, engine, &ready, &found, row, network);
                }
            }
        }
    }
}

#[test]
fn rows_within_windows_lie_on_the_whole_grid_as_in_pytorch() {
    for_each_row(|_, _, _, found, row, network| {
        let difference = largest_difference(found.maps.data(), &row.heads.concat());
        assert!(difference < 1e-5, "{}, {:?}: {difference}", found.layer.id, row.cell);
        assert!(largest_difference(&found.probabilities, &softmax(&network.scores)) < 1e-5);
    });
}

#[test]
fn without_a_head_of_a_row_the_network_says_what_pytorch_says() {
    for_each_row(|opened, engine, ready, found, row, network| {
        let off = |maps: &[usize]| {
            let options = AblateOptions { maps, to: Replacement::Zero, controls: 0, seed: 1 };
            let given = pollster::block_on(ablate(opened, engine, ready, found, options, &Unattended)).unwrap();
            given.without.probabilities
        };
        let (layer, cell) = (&found.layer.id, row.cell);
        assert!(largest_difference(&off(&[]), &softmax(&network.scores)) < 1e-5, "{layer}, {cell:?}");
        let difference = largest_difference(&off(&[row.head_off]), &softmax(&row.scores_without));
        assert!(difference < 1e-5, "{layer}, {cell:?}: {difference}");
    });
}

#[test]
fn grad_cam_of_rows_within_windows_weighs_heads_as_pytorch_does() {
    for_each_row(|opened, engine, ready, found, row, _| {
        let cam = pollster::block_on(class_activation(opened, engine, ready, found, 0, &Unattended)).unwrap();
        let largest = row.slopes.iter().fold(0.0_f32, |most, slope| most.max(slope.abs()));
        assert!(largest > 0.0, "{}, {:?}", found.layer.id, row.cell);
        let difference = largest_difference(&cam.weights, &row.slopes);
        assert!(difference < 1e-3 * largest, "{}, {:?}: {difference} of {largest}", found.layer.id, row.cell);
    });
}
