//! Resampling and recipes against PIL.

use std::path::Path;

use featurescope::domain::picture::{Picture, decode};
use featurescope::domain::recipe::{Channels, Recipe, Resize, apply};
use featurescope::domain::resample::resize;
use serde_json::Value;

use super::{data, difference, expected, read};

#[test]
fn resampling_is_pils_bilinear() {
    let photo = expected("photo.png");
    for (width, height) in
        [(224, 224), (32, 32), (61, 94), (90, 27), (7, 13), (122, 20), (61, 17), (100, 47), (1, 1), (2, 150), (61, 47)]
    {
        let name =
            if (width, height) == (61, 47) { "photo.png".to_owned() } else { format!("photo-{width}x{height}.png") };
        let resized = resize(&photo, width, height).unwrap();
        // Pillow 13 made these two with the rows first.
        let tolerance = if [(122, 20), (90, 27)].contains(&(width, height)) { 1 } else { 0 };
        assert!(difference(&resized, &expected(&name)).0 <= tolerance, "{width} × {height}");
    }
}

#[test]
fn a_crop_is_torchvisions() {
    let cases: Value = serde_json::from_slice(&read(&data("crops.json"))).unwrap();
    for case in cases.as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let side = case["side"].as_u64().unwrap() as usize;
        let recipe = Recipe { resize: Resize::Crop, ..Recipe::of_size(side, side) };
        let seen = apply(&expected(&format!("crop-{name}.png")), &recipe).unwrap().seen;
        assert_eq!(difference(&seen, &expected(&format!("crop-{name}-seen.png"))).0, 0, "{name}");
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// The inputs of the recorded networks, which tests/goldens/recipe.py computes with NumPy.
#[test]
fn inputs_are_those_of_the_goldens() {
    let goldens = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let manifests = [
        "squeezenet1.1/chelsea-227.json",
        "efficientnet-lite0/coffee-224.json",
        "cifar10-plaincnn/chelsea-32.json",
        "fer-mini-xception/camera-face-64.json",
    ];
    for name in manifests {
        let manifest: Value = serde_json::from_slice(&read(&goldens.join(name))).unwrap();
        let input = &manifest["input"];
        let card = &input["recipe"];
        let side = card["size"].as_u64().unwrap() as usize;
        let recipe = Recipe {
            channels: match card["channels"].as_str().unwrap() {
                "bgr" => Channels::Bgr,
                "grey" => Channels::Grey,
                _ => Channels::Rgb,
            },
            scale: card["scale"].as_f64().unwrap(),
            mean: numbers(&card["mean"]),
            std: numbers(&card["std"]),
            ..Recipe::of_size(side, side)
        };
        let png = input["png"].as_str().unwrap();
        let picture: Picture =
            decode(&read(&goldens.join("inputs").join(Path::new(png).file_name().unwrap()))).unwrap();
        let prepared = apply(&picture, &recipe).unwrap().input;
        let shape: Vec<f64> = prepared.shape().iter().map(|&side| side as f64).collect();
        assert_eq!(shape, numbers(&input["shape"]), "{name}");
        for (&actual, expected) in prepared.data().iter().zip(numbers(&input["first"])) {
            assert!(
                (f64::from(actual) - expected).abs() <= 1e-5 * expected.abs().max(1.0),
                "{name}: {actual} {expected}"
            );
        }
        let sum: f64 = prepared.data().iter().map(|&value| f64::from(value)).sum();
        let expected = input["sum"].as_f64().unwrap();
        assert!((sum - expected).abs() <= 1e-5 * expected.abs().max(1.0), "{name}: {sum} {expected}");
    }
}
