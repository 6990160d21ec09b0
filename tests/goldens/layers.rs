//! Every recorded layer of the four models, from pictures that have the size of the input.

use std::collections::BTreeMap;

use featurescope::domain::predictions::{Output, probabilities};
use featurescope::domain::ranking::{RankOptions, Ranked, rank};
use featurescope::domain::statistics::{means, statistics};
use featurescope::domain::tensor::Tensor;
use featurescope::onnx::core_set::check;
use featurescope::onnx::graph::Graph;
use featurescope::onnx::layers::{Tokens, survey};
use featurescope::onnx::lower::{Limits, lower};
use featurescope::onnx::shapes::infer;

use super::support::{self, Card, Golden, GoldenLayer, Prepared, graph, json, picture, root};

/// The largest error, as a part of the layer's largest value.
const TOLERANCE: f32 = 1e-3;

/// Probabilities lie between 0 and 1, so this is absolute.
const PROBABILITY_TOLERANCE: f32 = 1e-4;

/// How many of the strongest maps have to come in the same order.
const TOP: usize = 25;

/// Whether the graph runs as the file has it or lowered to the core operators, as for WebGPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    AsRead,
    Lowered,
}

#[test]
fn squeezenet_computes_what_onnxruntime_computes() {
    compare("squeezenet1.1", &["chelsea-227", "coffee-227"], Form::AsRead);
}

#[test]
fn efficientnet_lite_computes_what_onnxruntime_computes() {
    compare("efficientnet-lite0", &["chelsea-224", "coffee-224"], Form::AsRead);
}

#[test]
fn fer_mini_xception_computes_what_onnxruntime_computes() {
    compare("fer-mini-xception", &["astronaut-face-64", "camera-face-64"], Form::AsRead);
}

#[test]
fn cifar10_plaincnn_computes_what_onnxruntime_computes() {
    compare("cifar10-plaincnn", &["chelsea-32", "coffee-32"], Form::AsRead);
}

#[test]
fn squeezenet_computes_the_same_when_lowered() {
    compare("squeezenet1.1", &["chelsea-227", "coffee-227"], Form::Lowered);
}

#[test]
fn efficientnet_lite_computes_the_same_when_lowered() {
    compare("efficientnet-lite0", &["chelsea-224", "coffee-224"], Form::Lowered);
}

#[test]
fn fer_mini_xception_computes_the_same_when_lowered() {
    compare("fer-mini-xception", &["astronaut-face-64", "camera-face-64"], Form::Lowered);
}

#[test]
fn cifar10_plaincnn_computes_the_same_when_lowered() {
    compare("cifar10-plaincnn", &["chelsea-32", "coffee-32"], Form::Lowered);
}

/// The cards name their default layer, and a user's model without a card gets one by the same rule.
#[test]
fn the_default_layers_of_the_cards_are_those_of_the_rule() {
    let cards = [
        "models/squeezenet1.1.json",
        "models/efficientnet-lite0.json",
        "models/fer-mini-xception.json",
        "tests/goldens/cifar10-plaincnn/card.json",
    ];
    for path in cards {
        let card: Card = json(&root().join(path));
        let graph = graph(&card.file);
        let shapes = infer(&graph, &BTreeMap::new()).unwrap_or_else(|error| panic!("{path}: {error}"));
        let found = survey(&graph, &shapes, &Tokens::new());
        assert_eq!(found.default, Some(card.default_layer), "{path}");
    }
}

fn compare(model: &str, pictures: &[&str], form: Form) {
    for name in pictures {
        let golden = Golden::load(model, name);
        let input = golden.input.recipe.apply(&picture(&support::goldens().join(&golden.input.png)));
        check_input(&golden, &input);

        let ids = golden.layers.iter().map(|layer| layer.id.clone());
        let outputs: Vec<String> = ids.chain([golden.output.name.clone()]).collect();
        let (graph, output) = prepare(graph(&golden.model), &outputs, form);
        let mut values = Prepared::new(graph, outputs).run(&input);
        let last = values.pop().expect("the final output is there");
        let probabilities = probabilities(last.data(), output);
        assert_eq!(values.len(), golden.layers.len());

        let mut worst = 0.0_f32;
        for (layer, maps) in golden.layers.iter().zip(&values) {
            let error = check_layer(&golden, layer, maps);
            assert!(
                error <= TOLERANCE,
                "{model}, {name}, {} {}: error {error:e} of the largest value",
                layer.op,
                layer.id
            );
            worst = worst.max(error);
            check_order(&golden, layer, maps);
        }
        let expected = golden.floats(golden.output.values);
        let error = largest_difference(&probabilities, &expected);
        assert!(error <= PROBABILITY_TOLERANCE, "{model}, {name}: a probability is off by {error:e}");
        println!(
            "{model}, {name}, {form:?}: {} layers, largest error {worst:e} of the layer's largest value",
            values.len()
        );
    }
}

/// The graph to run, and what its last output holds: lowering leaves out the Softmax at the end.
fn prepare(mut graph: Graph, outputs: &[String], form: Form) -> (Graph, Output) {
    if form == Form::AsRead {
        return (graph, Output::Softmax);
    }
    graph.outputs = outputs.to_vec();
    let shapes = infer(&graph, &BTreeMap::new()).expect("the shapes are fixed");
    let lowered = lower(&graph, &shapes, &Limits::default()).expect("the model can be lowered");
    check(&lowered.graph).expect("only core operators are left");
    (lowered.graph, if lowered.removed_softmax { Output::Logits } else { Output::Softmax })
}

/// The recipe is checked on its own, since a mistake there would blame every layer.
fn check_input(golden: &Golden, input: &Tensor) {
    assert_eq!(input.shape(), golden.input.shape);
    let first = &input.data()[..golden.input.first.len()];
    assert!(largest_difference(first, &golden.input.first) <= 1e-5, "the input starts with {first:?}");
    let sum: f64 = input.data().iter().map(|&value| f64::from(value)).sum();
    let scale: f64 = input.data().iter().map(|&value| f64::from(value.abs())).sum();
    assert!((sum - golden.input.sum).abs() <= 1e-6 * scale, "the input's sum is {sum}, not {}", golden.input.sum);
}

/// Returns the largest error as a part of the layer's largest value.
fn check_layer(golden: &Golden, layer: &GoldenLayer, maps: &Tensor) -> f32 {
    assert_eq!(maps.shape(), [1, layer.channels, layer.height, layer.width], "{}", layer.id);
    let computed = statistics(&maps.maps().expect("a layer is a set of maps"));
    let maxima: Vec<f32> = computed.iter().map(|map| map.max).collect();
    let samples: Vec<f32> = golden.indices(layer.samples.indices).into_iter().map(|index| maps.data()[index]).collect();
    let errors = [
        largest_difference(&means(&computed), &golden.floats(layer.means)),
        largest_difference(&maxima, &golden.floats(layer.maxima)),
        largest_difference(&samples, &golden.floats(layer.samples.values)),
    ];
    errors.into_iter().fold(0.0, f32::max) / layer.largest
}

/// The strongest maps in the recorded order; two maps may swap where their recorded means are closer than the tolerance.
fn check_order(golden: &Golden, layer: &GoldenLayer, maps: &Tensor) {
    let expected = golden.floats(layer.means);
    let of = |means: &[f32]| rank(means, &[], RankOptions { top: TOP });
    let computed = of(&means(&statistics(&maps.maps().expect("a layer is a set of maps"))));
    assert_same_order(&computed, &of(&expected), &expected, TOLERANCE * layer.largest, &layer.id);
}

fn assert_same_order(computed: &[Ranked], expected: &[Ranked], means: &[f32], tolerance: f32, what: &str) {
    assert_eq!(computed.len(), expected.len(), "{what}");
    for (ours, theirs) in computed.iter().zip(expected) {
        let gap = (means[ours.map] - theirs.mean).abs();
        assert!(
            ours.map == theirs.map || gap <= tolerance,
            "{what}: rank {} is map {}, recorded is map {} with a mean that is {gap} away",
            ours.rank,
            ours.map,
            theirs.map
        );
    }
}

/// Infinite where one of the values is not a number, so that no comparison lets it pass.
fn largest_difference(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len());
    let difference = |(ours, theirs): (&f32, &f32)| {
        let difference = (ours - theirs).abs();
        if difference.is_nan() { f32::INFINITY } else { difference }
    };
    ours.iter().zip(theirs).map(difference).fold(0.0, f32::max)
}
