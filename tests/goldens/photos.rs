//! What the models say about the bundled photos, from the files to the classes, against onnxruntime and PIL.

use featurescope::domain::guess::guess;
use featurescope::domain::input_form::InputForm;
use featurescope::domain::ranking::{RankOptions, rank};
use featurescope::domain::recipe::common::CommonRecipe;
use featurescope::domain::recipe::{Channels, Layout, apply};
use featurescope::domain::statistics::{means, statistics};

use super::support::{self, Card, CardRecipe, Photo, PhotoGoldens, Prepared, graph, json, picture, root};

/// Pixels may differ from PIL's by one grey level where a JPEG is decoded or a picture resized, which moves a probability by
/// less than this.
const PROBABILITY_TOLERANCE: f32 = 0.01;

/// The same for the mean of a map, as a part of the strongest map's mean.
const MEAN_TOLERANCE: f32 = 0.01;

/// The same for the probabilities of four photos' labels together.
const SCORE_TOLERANCE: f64 = 0.03;

#[test]
fn squeezenet_sees_in_the_photos_what_onnxruntime_sees() {
    compare("squeezenet1.1");
}

#[test]
fn efficientnet_lite_sees_in_the_photos_what_onnxruntime_sees() {
    compare("efficientnet-lite0");
}

fn compare(model: &str) {
    let card: Card = json(&root().join(format!("models/{model}.json")));
    let goldens: PhotoGoldens = json(&support::goldens().join("photos.json"));
    let graph = graph(&format!("{model}.onnx"));
    let output = graph.outputs[0].clone();
    let prepared = Prepared::new(graph, vec![output, card.default_layer.clone()]);
    let (mut worst_probability, mut worst_mean) = (0.0_f32, 0.0_f32);
    let recorded: Vec<_> = goldens.predictions.iter().filter(|golden| golden.model == model).collect();
    assert_eq!(recorded.len(), 10);
    for golden in recorded {
        let what = format!("{model}, {}, {}", golden.photo, golden.resize);
        let recipe = CardRecipe { resize: golden.resize.clone(), ..card.recipe.clone() };
        let input = recipe.apply(&picture(&root().join("models/photos").join(&golden.photo)));
        let [probabilities, maps] = &prepared.run(&input)[..] else { panic!("{what}: two outputs were asked for") };

        let ranked = rank(probabilities.data(), &[], RankOptions { top: golden.top5.len() });
        for (ours, theirs) in ranked.iter().zip(&golden.top5) {
            let error = (probabilities.data()[theirs.index] - theirs.probability).abs();
            assert!(error <= PROBABILITY_TOLERANCE, "{what}: class {} is off by {error}", theirs.index);
            worst_probability = worst_probability.max(error);
            let gap = (ours.mean - theirs.probability).abs();
            assert!(
                ours.map == theirs.index || gap <= PROBABILITY_TOLERANCE,
                "{what}: place {} is class {}, recorded is {}",
                ours.rank,
                ours.map,
                theirs.index
            );
        }

        let means = means(&statistics(&maps.maps().expect("the default layer is a set of maps")));
        let strongest = golden.maps[0].mean;
        for theirs in &golden.maps {
            let error = (means[theirs.map] - theirs.mean).abs() / strongest;
            assert!(error <= MEAN_TOLERANCE, "{what}: map {} is off by {error}", theirs.map);
            worst_mean = worst_mean.max(error);
        }
    }
    println!(
        "{model}: a probability is off by at most {worst_probability}, a map's mean by {worst_mean} of the strongest"
    );
}

#[test]
fn the_labels_of_the_photos_tell_the_recipe() {
    let goldens: PhotoGoldens = json(&support::goldens().join("photos.json"));
    let photos: Vec<Photo> = json(&root().join("models/photos/photos.json"));
    let (pictures, known): (Vec<_>, Vec<_>) = photos
        .into_iter()
        .filter(|photo| !photo.label.is_empty())
        .map(|photo| (picture(&root().join("models/photos").join(&photo.file)), photo.label))
        .unzip();
    assert_eq!(pictures.len(), 4);
    for (model, size, truth) in
        [("squeezenet1.1", 227, CommonRecipe::KerasCaffe), ("efficientnet-lite0", 224, CommonRecipe::KerasTf)]
    {
        let graph = graph(&format!("{model}.onnx"));
        let output = graph.outputs[0].clone();
        let prepared = Prepared::new(graph, vec![output]);
        let form = InputForm { size: [size, size], layout: Layout::Nchw, channels: Channels::Rgb };
        let probabilities = |common: CommonRecipe| {
            let recipe = common.recipe(&form);
            pictures
                .iter()
                .map(|picture| {
                    let input = apply(picture, &recipe).expect("the recipe fits its picture").input;
                    prepared.run(&input).remove(0).into_data()
                })
                .collect::<Vec<_>>()
        };
        let guess = guess(&CommonRecipe::ALL.map(probabilities), &known).expect("the network knows the labels");
        assert_eq!(CommonRecipe::ALL[guess.best], truth, "{model}: {:?}", guess.scores);
        for (common, score) in CommonRecipe::ALL.iter().zip(&guess.scores) {
            let recorded = goldens
                .guess
                .iter()
                .find(|golden| (&*golden.model, &*golden.recipe, &*golden.resize) == (model, common.name(), "crop"))
                .expect("every common recipe is recorded")
                .sum;
            println!("{model}, {}: {score:.3}, recorded {recorded:.3}", common.name());
            assert!((score - recorded).abs() <= SCORE_TOLERANCE, "{model}, {}: {score}", common.name());
        }
    }
}
