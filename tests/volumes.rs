//! Networks that take a stack of slices, given several pictures as these, against onnxruntime (`volumes/record.py`).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::support::{Lowering, largest_difference};
use featurescope::analysis::ablate::{AblateOptions, Replacement, ablate};
use featurescope::analysis::cam::class_activation;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::depth::{DepthOptions, Depths, depth};
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::look::{LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::analysis::stack::spread;
use featurescope::domain::picture::Picture;
use featurescope::domain::recipe::{Layout, Recipe, Resize};
use featurescope::engine::Engine;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;

#[derive(Deserialize)]
struct Recorded {
    side: usize,
    /// By the model's path.
    networks: BTreeMap<String, Network>,
}

#[derive(Deserialize)]
struct Network {
    recipe: NetworkRecipe,
    stacks: Vec<Stack>,
}

/// What a network makes of some pictures.
#[derive(Deserialize)]
struct Stack {
    pictures: usize,
    /// Which of them each slice is.
    slices: Vec<usize>,
    /// Of some layers the mean of each slice of each channel.
    means: BTreeMap<String, Vec<f32>>,
    last: Vec<f32>,
    scores: Vec<f32>,
}

#[derive(Deserialize)]
struct NetworkRecipe {
    scale: f64,
    mean: Vec<f64>,
    std: Vec<f64>,
    layout: String,
}

const VOLUME: &str = "tests/cases/ND-volume-convolutions/model.onnx";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn recorded() -> (Recorded, Vec<Picture>) {
    let folder = root().join("tests/volumes");
    let recorded: Recorded = serde_json::from_slice(&fs::read(folder.join("recorded.json")).unwrap()).unwrap();
    let bytes = fs::read(folder.join("slices.rgb")).unwrap();
    let side = recorded.side;
    let pictures = bytes.chunks_exact(side * side * 3).map(|rgb| Picture::new(side, side, rgb.to_vec()).unwrap());
    let pictures = pictures.collect();
    (recorded, pictures)
}

fn open(path: &str, side: usize, recipe: &NetworkRecipe) -> Opened {
    let NetworkRecipe { scale, mean, std, layout } = recipe;
    let layout = if layout == "nhwc" { Layout::Nhwc } else { Layout::Nchw };
    let (mean, std) = (mean.clone(), std.clone());
    let recipe = Recipe { resize: Resize::Squash, scale: *scale, mean, std, layout, ..Recipe::of_size(side, side) };
    let model = read(Bytes32::from(&fs::read(root().join(path)).unwrap()[..]), Vec::new()).unwrap();
    Opened::new(model, Card { recipe: Some(recipe), ..Card::default() }).unwrap()
}

/// The network of `tests/cases` that takes `[1, C, D, H, W]`, and the pictures.
fn volume() -> (Opened, Vec<Picture>) {
    let (Recorded { side, networks }, pictures) = recorded();
    (open(VOLUME, side, &networks[VOLUME].recipe), pictures)
}

fn probabilities(scores: &[f32]) -> Vec<f32> {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = scores.iter().map(|score| (score - largest).exp()).collect();
    let sum: f32 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

#[test]
fn slices_are_the_pictures_that_are_given() {
    let (recorded, pictures) = recorded();
    assert_eq!(recorded.networks.len(), 4);
    for (name, Network { recipe, stacks }) in &recorded.networks {
        // A model that was told another recipe takes slices as before.
        let opened = open(name, recorded.side, recipe);
        let opened = opened.with_recipe(opened.recipe().clone()).unwrap();
        assert_eq!(opened.volume().unwrap().slices(), 4, "{name}");
        for engine in [&RtenEngine as &dyn Engine, &Lowering] {
            for Stack { pictures: count, slices, means, last, scores } in stacks {
                let ready = Ready::default();
                let given: Vec<&Picture> = pictures[..*count].iter().collect();
                let seen = |layer: &str| {
                    let options = LookOptions { layer, recipe: opened.recipe(), patch: None, slices: &given };
                    pollster::block_on(look(&opened, engine, &ready, given[count / 2], options, &Unattended)).unwrap()
                };
                for (value, expected) in means {
                    let found = seen(&format!("{value}/maps"));
                    let difference = largest_difference(&found.means(), expected);
                    assert!(difference < 1e-4, "{name}, {count} pictures, {value}: {difference}");
                    assert_eq!(found.stacked.as_ref().unwrap().pictures, *slices, "{name}");
                }
                let found = seen("last/maps");
                assert!(largest_difference(found.maps.data(), last) < 1e-4, "{name}, {count} pictures");
                let expected = probabilities(scores);
                assert!(largest_difference(&found.probabilities, &expected) < 1e-4, "{name}, {count} pictures");
                // What comes after a layer has the same slices, also where it is given the picture beside the layer.
                let early = seen("stem/maps");
                let options = AblateOptions { maps: &[], to: Replacement::Zero, controls: 0, seed: 1 };
                let without = ablate(&opened, engine, &ready, &early, options, &Unattended);
                let without = pollster::block_on(without).unwrap().without;
                assert!(largest_difference(&without.probabilities, &expected) < 1e-4, "{name}, {count} pictures");
                let cam = class_activation(&opened, engine, &ready, &early, 0, &Unattended);
                assert!(pollster::block_on(cam).unwrap().weights.iter().any(|weight| *weight != 0.0), "{name}");
            }
        }
    }
}

#[test]
fn one_picture_is_every_slice_and_other_networks_take_one() {
    let (opened, pictures) = volume();
    let seen = |slices: &[&Picture]| {
        let options = LookOptions { layer: "last/maps", recipe: opened.recipe(), patch: None, slices };
        let ready = Ready::default();
        pollster::block_on(look(&opened, &RtenEngine, &ready, &pictures[0], options, &Unattended)).unwrap()
    };
    assert!(largest_difference(seen(&[]).maps.data(), seen(&[&pictures[0]]).maps.data()) < 1e-5);
    let plain = fs::read(root().join("tests/cases/NV-class-token/model.onnx")).unwrap();
    let plain = Opened::new(read(Bytes32::from(&plain[..]), Vec::new()).unwrap(), Card::default()).unwrap();
    assert!(plain.volume().is_none());
    let options = LookOptions {
        layer: plain.default_layer(),
        recipe: plain.recipe(),
        patch: None,
        slices: &[&pictures[0], &pictures[1]],
    };
    let ready = Ready::default();
    let refused = look(&plain, &RtenEngine, &ready, &pictures[0], options, &Unattended);
    assert_eq!(pollster::block_on(refused).unwrap_err(), AnalysisError::NoVolume);
}

#[test]
fn pictures_are_spread_evenly_over_slices() {
    assert_eq!(spread(4, 4), [0, 1, 2, 3]);
    assert_eq!(spread(9, 3), [1, 4, 7]);
    assert_eq!(spread(2, 5), [0, 0, 1, 1, 1]);
    assert_eq!(spread(1, 3), [0, 0, 0]);
}

#[test]
fn maps_lie_on_the_slice_that_they_are_about() {
    let (opened, pictures) = volume();
    let given: Vec<&Picture> = pictures.iter().collect();
    let options = LookOptions { layer: "stem/maps", recipe: opened.recipe(), patch: None, slices: &given };
    let ready = Ready::default();
    let seen = look(&opened, &RtenEngine, &ready, given[3], options, &Unattended);
    let seen = pollster::block_on(seen).unwrap();
    let slices = seen.layer.slices;
    assert_eq!(seen.layer.channels % slices, 0);
    let stacked = seen.stacked.as_ref().unwrap();
    assert_eq!(stacked.pictures, [0, 2, 4, 6]);
    // The layer has as many slices as the network takes, so each has a picture of its own.
    assert_eq!(slices, 4);
    for (slice, &picture) in stacked.pictures.iter().enumerate() {
        assert_eq!(stacked.under(&[slice, 4 + slice], slices), Some(&pictures[picture]));
    }
    assert_eq!(stacked.under(&[0, 1], slices), None);
    // Of two slices each is about two of the network's, and the later of these is nearer to its middle.
    assert_eq!(stacked.under(&[0, 2], 2), Some(&pictures[2]));
    assert_eq!(stacked.under(&[1], 2), Some(&pictures[6]));
    assert_eq!(stacked.under(&[5], 1), Some(&pictures[4]));
}

#[test]
fn the_strongest_maps_are_those_of_the_stack() {
    let (opened, pictures) = volume();
    let given: Vec<&Picture> = pictures.iter().collect();
    for engine in [&RtenEngine as &dyn Engine, &Lowering] {
        let depths = Depths::default();
        let strongest = |slices: &[&Picture]| {
            let options = DepthOptions { layers: &[], recipe: opened.recipe(), slices };
            pollster::block_on(depth(&opened, engine, &depths, given[3], options, &Unattended)).unwrap()
        };
        let (stack, alone) = (strongest(&given), strongest(&[]));
        assert_ne!(stack, alone);
        for found in stack {
            let options = LookOptions { layer: &found.layer, recipe: opened.recipe(), patch: None, slices: &given };
            let ready = Ready::default();
            let seen = pollster::block_on(look(&opened, engine, &ready, given[3], options, &Unattended)).unwrap();
            let [first] = seen.top(1)[..] else { panic!("{}", found.layer) };
            assert_eq!(first.map, found.map, "{}", found.layer);
            assert!((first.mean - found.mean).abs() < 1e-5, "{}", found.layer);
        }
    }
}
