//! The questions about classes, from photo files to lists, against the article's algorithm on onnxruntime's maps
//! (`classes/record.py`).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::image_set::{ImageSet, Seen};
use featurescope::analysis::look::{LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::class_maps::ClassMapOptions;
use featurescope::domain::picture::decode;
use featurescope::domain::predictions::Output;
use featurescope::domain::recipe::{Channels, Layout, Recipe, Resize};
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use serde_json::Value;

/// The largest acceptable difference of a sum, as a part of the largest one.
const TOLERANCE: f64 = 1e-3;

/// The recipe of SqueezeNet's card.
fn recipe() -> Recipe {
    Recipe {
        size: [227, 227],
        resize: Resize::Crop,
        channels: Channels::Bgr,
        scale: 1.0,
        mean: vec![104.006, 116.669, 122.679],
        std: vec![1.0; 3],
        layout: Layout::Nchw,
        ..Recipe::of_size(1, 1)
    }
}

#[test]
fn twenty_photos_in_four_classes() {
    let record: Value = serde_json::from_slice(&fs::read("tests/classes/photos.json").unwrap()).unwrap();
    // The record names each list by its class in the order of the lists.
    let lists: Vec<&Value> = record["classMaps"].as_array().unwrap().iter().collect();
    let names: Vec<&str> = lists.iter().map(|list| list["name"].as_str().unwrap()).collect();

    let bytes = fs::read("models/squeezenet1.1.onnx").unwrap();
    let model = read(Bytes32::from(&bytes[..]), Vec::new()).unwrap();
    let opened = Opened::new(model, Card { output: Some(Output::Softmax), ..Card::default() }).unwrap();
    let (ready, recipe) = (Ready::default(), recipe());
    let mut set = ImageSet::default();
    // As a set takes in what engines in other workers saw.
    let mut taken = ImageSet::default();
    let mut classes: Vec<Vec<usize>> = Vec::new();
    for name in &names {
        let mut class = Vec::new();
        for file in strings(&record["classes"][name]) {
            let path = Path::new("models/fetched/imagenet-photos").join(&file);
            let bytes = fs::read(&path)
                .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask models` fetches it", path.display()));
            let options = LookOptions { layer: "fire9/concat", recipe: &recipe, patch: None, slices: &[] };
            let picture = decode(&bytes).unwrap();
            let seen = pollster::block_on(look(&opened, &RtenEngine, &ready, &picture, options, &Unattended)).unwrap();
            class.push(set.add(&seen).unwrap());
            assert_eq!(taken.take(Seen::of(&seen)).unwrap(), class[class.len() - 1]);
        }
        classes.push(class);
    }

    let options = ClassMapOptions { per_image: number(&record["perImage"]), per_class: number(&record["perClass"]) };
    let found = set.class_maps(&classes, options).unwrap();
    let sums: BTreeMap<&str, Vec<Vec<f32>>> = names
        .iter()
        .zip(&found)
        .map(|(name, class)| {
            let sums = set.sums(&class.maps.iter().map(|counted| counted.map).collect::<Vec<_>>());
            (*name, classes.iter().map(|class| class.iter().map(|&image| sums[image]).collect()).collect())
        })
        .collect();
    for ((list, class), name) in lists.iter().zip(&found).zip(&names) {
        let maps: Vec<[usize; 2]> = class.maps.iter().map(|counted| [counted.map, counted.count]).collect();
        assert_eq!(maps, pairs(&list["maps"]), "{name}");
        let removed: Vec<[usize; 2]> = class.removed.iter().map(|shared| [shared.map, shared.count]).collect();
        assert_eq!(removed, pairs(&list["removed"]), "{name}");
        for (shared, recorded) in class.removed.iter().zip(list["removed"].as_array().unwrap()) {
            let also_in: Vec<String> = shared.also_in.iter().map(|&other| names[other].to_owned()).collect();
            assert_eq!(also_in, strings(&recorded["alsoIn"]), "{name}, map {}", shared.map);
        }
    }
    let recorded =
        |of: &str, class: &str| record["sums"][of][class].as_array().unwrap().iter().map(|sum| sum.as_f64().unwrap());
    let all = names.iter().flat_map(|of| names.iter().flat_map(move |class| recorded(of, class)));
    let largest = all.fold(0.0, f64::max);
    for of in &names {
        for (class, ours) in names.iter().zip(&sums[of]) {
            for (&ours, theirs) in ours.iter().zip(recorded(of, class)) {
                let difference = (f64::from(ours) - theirs).abs();
                assert!(difference <= TOLERANCE * largest, "{of} on {class}: {ours}, recorded is {theirs}");
            }
        }
    }
    let ties: Vec<Vec<usize>> =
        names.iter().map(|name| record["ties"][name].as_array().unwrap().iter().map(number).collect()).collect();
    let confusion: Vec<Vec<usize>> = record["confusion"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_array().unwrap().iter().map(number).collect())
        .collect();
    assert_eq!(set.confusion(&classes, &ties).unwrap(), confusion);

    assert_eq!(taken.class_maps(&classes, options).unwrap(), found);
    assert_eq!(taken.said(), set.said());
    assert_eq!(taken.map(7), set.map(7));
    let elsewhere = Seen { layer: "elsewhere".to_owned(), maps: Vec::new(), ranked: Vec::new(), said: None };
    assert!(matches!(taken.take(elsewhere), Err(AnalysisError::OtherLayer { .. })));

    // One map over all images is its own sum, and what is asked of an image that is not there has no answer.
    let over = set.map(7).unwrap();
    assert_eq!(over.means, set.sums(&[7]));
    assert!(over.maxima.iter().zip(&over.means).all(|(max, mean)| max >= mean));
    assert_eq!(set.map(usize::MAX), None);
    assert_eq!(set.said().len(), over.means.len());
    assert!(set.class_maps(&[vec![over.means.len()]], options).is_err());
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn pairs(list: &Value) -> Vec<[usize; 2]> {
    list.as_array().unwrap().iter().map(|entry| [number(&entry["map"]), number(&entry["count"])]).collect()
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}
