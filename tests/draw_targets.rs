//! What else than one map can be drawn: a class, one position of a map, several maps; and maps whose activation has an upper limit.

use std::fs;

use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::draw::{DrawOptions, Drawing, Gradients, Target, draw};
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::look::{LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::objective::ObjectiveError;
use featurescope::domain::recipe::{Channels, Layout, Recipe, Resize};
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;

fn open(file: &str) -> Opened {
    let bytes = fs::read(file).unwrap_or_else(|error| panic!("{file}: {error}; `cargo xtask models` fetches it"));
    Opened::new(read(Bytes32::from(&bytes[..]), Vec::new()).unwrap(), Card::default()).unwrap()
}

/// Of the card of the story's networks, which see 96 × 96 pixels, or EfficientNet-Lite0's.
fn recipe(side: usize, mean: f64, scale: f64, std: f64) -> Recipe {
    let (resize, channels, layout) = (Resize::Squash, Channels::Rgb, Layout::Nchw);
    let plain = Recipe::of_size(side, side);
    Recipe { resize, channels, scale, mean: vec![mean; 3], std: vec![std; 3], layout, ..plain }
}

fn story() -> (Opened, Recipe) {
    (open("models/story/story-plain.onnx"), recipe(96, 0.0, 1.0 / 255.0, 1.0))
}

fn run(opened: &Opened, options: DrawOptions<'_>) -> Result<Drawing, AnalysisError> {
    pollster::block_on(draw(opened, &RtenEngine, &Gradients::default(), options, &Unattended, &|_| {}))
}

fn rises(activations: &[f32], count: usize) -> bool {
    let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
    mean(&activations[activations.len() - count..]) > mean(&activations[..count])
}

/// The network takes the picture of a class for that class, whichever way it was drawn.
#[test]
fn a_drawn_class_is_taken_for_it() {
    let (opened, recipe) = story();
    for class in 0..2 {
        for options in [
            DrawOptions { largest: 94, ..DrawOptions::article("", 0, &recipe) },
            DrawOptions { largest: 96, steps: 60, ..DrawOptions::modern("", 0, &recipe) },
        ] {
            let target = Target::Class(class);
            let found = run(&opened, DrawOptions { target, ..options }).unwrap();
            assert!(rises(&found.activations, 10), "{class}: {:?}", found.activations);
            let (picture, options) = (
                found.canvas.picture().unwrap(),
                LookOptions { layer: opened.default_layer(), recipe: &recipe, patch: None, slices: &[] },
            );
            let seen =
                pollster::block_on(look(&opened, &RtenEngine, &Ready::default(), &picture, options, &Unattended));
            let probability = seen.unwrap().probabilities[class];
            println!("class {class}: {probability}, score {:?}", found.activations.last());
            assert!(probability > 0.95, "{class}: {probability}");
        }
    }
}

/// The positions of a map, which has 12 × 12 of them, stand for those of a map of a smaller picture: all of them together are its mean.
#[test]
fn a_position_is_where_it_is_at_any_size() {
    let (opened, recipe) = story();
    let options = DrawOptions { largest: 33, steps: 1, ..DrawOptions::article("relu5", 41, &recipe) };
    let mean = run(&opened, options.clone()).unwrap().activations[0];
    let gradients = Gradients::default();
    let at = |row: usize, column: usize| {
        let target = Target::Position { map: 41, row, column };
        let options = DrawOptions { target, ..options.clone() };
        let found = pollster::block_on(draw(&opened, &RtenEngine, &gradients, options, &Unattended, &|_| {}));
        found.unwrap().activations[0]
    };
    let layer = opened.layer("relu5").unwrap();
    assert_eq!((layer.height, layer.width), (12, 12));
    let all: Vec<f32> =
        (0..12).flat_map(|row| (0..12).map(move |column| (row, column))).map(|(row, column)| at(row, column)).collect();
    let of_all = all.iter().sum::<f32>() / 144.0;
    assert!((of_all - mean).abs() <= 1e-5 * mean.abs().max(1.0), "{of_all} {mean}");
    // That has 4 × 4.
    assert!([1, 2, 12, 26].iter().all(|&place| all[place] == all[0]) && all.iter().any(|value| *value != all[0]));
    let target = Target::Position { map: 41, row: 6, column: 6 };
    let found = run(&opened, DrawOptions { largest: 46, steps: 20, target, ..options }).unwrap();
    assert!(rises(&found.activations, 10), "{:?}", found.activations);
}

#[test]
fn maps_are_mixed_by_their_weights() {
    let (opened, recipe) = story();
    let options = DrawOptions { largest: 46, first: Some(46), steps: 10, ..DrawOptions::article("relu5", 0, &recipe) };
    let of = |maps: &[(usize, f32)]| {
        run(&opened, DrawOptions { target: Target::Maps(maps.to_vec()), ..options.clone() }).unwrap()
    };
    // Two maps that fire on the start.
    let mut firing = (0..96).map(|map| (map, of(&[(map, 1.0)]))).filter(|(_, drawing)| drawing.activations[0] > 0.02);
    let ((first, one), (second, other)) = (firing.next().unwrap(), firing.next().unwrap());
    assert_eq!(one, run(&opened, DrawOptions { target: Target::map(first), ..options.clone() }).unwrap());
    let mixed = of(&[(first, 2.0), (second, 0.5)]);
    let expected = 2.0 * one.activations[0] + 0.5 * other.activations[0];
    assert!((mixed.activations[0] - expected).abs() < 1e-5 * expected.abs().max(1.0), "{expected}");
    assert!(rises(&mixed.activations, 3));
    // What has a negative weight is driven out.
    let without = of(&[(first, -1.0), (second, 1.0)]);
    let mean = |drawing: &Drawing, map| {
        let start = Some(drawing.canvas.logits().to_vec());
        let options = DrawOptions { start, steps: 1, target: Target::map(map), ..options.clone() };
        run(&opened, options).unwrap().activations[0]
    };
    let [with, driven] = [&mixed, &without].map(|drawing| mean(drawing, first));
    println!("map {first}: {with} with map {second}, {driven} against it");
    assert!(driven < with && rises(&without.activations, 3), "{with} {driven}");
}

#[test]
fn what_the_model_has_not_is_named() {
    let (opened, recipe) = story();
    let of = |layer, target| run(&opened, DrawOptions { target, ..DrawOptions::article(layer, 0, &recipe) });
    let no_map = |found| matches!(found, Err(AnalysisError::NoSuchMap { map: 96, channels: 96 }));
    assert!(no_map(of("relu5", Target::Maps(vec![(3, 1.0), (96, 1.0)]))));
    assert!(no_map(of("relu5", Target::Position { map: 96, row: 0, column: 0 })));
    let outside = of("relu5", Target::Position { map: 0, row: 11, column: 12 }).unwrap_err();
    let expected = ObjectiveError::NoSuchPosition { row: 11, column: 12, height: 12, width: 12 };
    assert_eq!(outside, AnalysisError::Objective(expected));
    assert!(matches!(of("relu7", Target::map(0)), Err(AnalysisError::NoSuchLayer(_))));
    assert!(matches!(of("", Target::Class(2)), Err(AnalysisError::NoSuchClass { index: 2, classes: 2 })));
}

/// The last maps of EfficientNet-Lite0 end at 6. The modern way goes on beyond, with what is ascended told as it is; the article's stays
/// there and is helped at nearly every step.
#[test]
fn a_map_at_its_limit_is_drawn_further() {
    let opened = open("models/fetched/efficientnet-lite0.onnx");
    let recipe = recipe(224, 127.0, 1.0, 128.0);
    for map in [0, 100] {
        let modern = DrawOptions { largest: 64, steps: 24, ..DrawOptions::modern("head_relu6", map, &recipe) };
        let found = run(&opened, modern).unwrap();
        println!("map {map}: {} cured, {:?}", found.cured, found.activations);
        assert_eq!(found.saturated, 0);
        let last = found.activations[20..].iter().sum::<f32>() / 4.0;
        assert!(last > 12.0 && rises(&found.activations[8..], 4), "{map}: {:?}", found.activations);
    }
    let found =
        run(&opened, DrawOptions { largest: 66, first: Some(66), ..DrawOptions::article("head_relu6", 0, &recipe) })
            .unwrap();
    println!("as the article: {} of {} helped", found.saturated, found.activations.len());
    assert!(found.saturated > 10 && found.activations.iter().all(|&mean| mean <= 6.0), "{:?}", found.activations);
}
