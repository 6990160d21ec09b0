//! Switching maps off, on a real network and photo: what is known of a linear head says what has to come out.

use std::fs;

use featurescope::analysis::ablate::{AblateOptions, Ablation, Replacement, ablate};
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::look::{Look, LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::contribution::contributions;
use featurescope::domain::picture::decode;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;

struct Case {
    opened: Opened,
    ready: Ready,
}

impl Case {
    fn efficientnet() -> Self {
        let bytes = fs::read("models/fetched/efficientnet-lite0.onnx").unwrap();
        let model = read(Bytes32::from(&bytes[..]), Vec::new()).unwrap();
        Self { opened: Opened::new(model, Card::default()).unwrap(), ready: Ready::default() }
    }

    fn look(&self, layer: &str) -> Look {
        let picture = decode(&fs::read("tests/goldens/inputs/coffee-224.png").unwrap()).unwrap();
        let options = LookOptions { layer, recipe: self.opened.recipe(), patch: None, slices: &[] };
        pollster::block_on(look(&self.opened, &RtenEngine, &self.ready, &picture, options, &Unattended)).unwrap()
    }

    fn ablate(&self, look: &Look, maps: &[usize], to: Replacement, controls: usize) -> Result<Ablation, AnalysisError> {
        let options = AblateOptions { maps, to, controls, seed: 7 };
        pollster::block_on(ablate(&self.opened, &RtenEngine, &self.ready, look, options, &Unattended))
    }
}

fn largest_difference(ours: &[f32], theirs: &[f32]) -> f32 {
    ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn maps_before_a_linear_head_take_their_contributions_with_them() {
    let case = Case::efficientnet();
    let head = case.opened.head().as_ref().unwrap();
    let look = case.look(&head.layer);
    let maps: Vec<usize> = look.top(5).into_iter().map(|ranked| ranked.map).collect();
    let found = case.ablate(&look, &maps, Replacement::Zero, 3).unwrap();
    assert_eq!(found.before, look.probabilities);

    let lost = |class: usize| -> f64 {
        let weights = head.weights.as_slice().chunks_exact(head.channels).nth(class).unwrap();
        let all = contributions(&look.means(), weights, head.bias[class]).unwrap();
        maps.iter().map(|&map| f64::from(all.maps[map])).sum()
    };
    // Softmax shifts the logarithms of all probabilities alike, so those of two classes are compared.
    let [first, second] = [0, 1].map(|place| look.predictions(2)[place].index);
    let apart = |probabilities: &[f32]| f64::from(probabilities[first].ln() - probabilities[second].ln());
    let expected = apart(&found.before) - (lost(first) - lost(second));
    assert!(
        (apart(&found.without.probabilities) - expected).abs() < 1e-3,
        "{} for {expected}",
        apart(&found.without.probabilities)
    );

    // Pooling takes the mean, so a map that is flattened to its mean changes nothing.
    let flat = case.ablate(&look, &maps, Replacement::Mean, 0).unwrap();
    assert!(largest_difference(&flat.without.probabilities, &flat.before) < 1e-5);

    // The controls have as many maps, which were not chosen and fire; the same seed draws the same.
    assert_eq!(found.controls.len(), 3);
    for control in &found.controls {
        assert_eq!(control.maps.len(), maps.len());
        assert!(control.maps.iter().all(|map| !maps.contains(map) && !look.statistics[*map].dead));
    }
    assert_ne!(found.controls[0].maps, found.controls[1].maps);
    assert_eq!(case.ablate(&look, &maps, Replacement::Zero, 3).unwrap(), found);
}

#[test]
fn the_rest_of_the_network_alone_gives_what_the_whole_gives() {
    let case = Case::efficientnet();
    // From the first layer on, and from one inside a residual block, where a path leads around it.
    let layers = case.opened.layers();
    for layer in [&layers[0], &layers[layers.len() / 2], &layers[layers.len() - 2]] {
        let look = case.look(&layer.id);
        let found = case.ablate(&look, &[], Replacement::Zero, 0).unwrap();
        let difference = largest_difference(&found.without.probabilities, &found.before);
        assert!(difference < 1e-5, "{}: {difference}", layer.id);
    }
}

#[test]
fn a_map_that_is_not_there_is_refused() {
    let case = Case::efficientnet();
    let look = case.look(case.opened.default_layer());
    let refused = case.ablate(&look, &[0, usize::MAX], Replacement::Zero, 0).unwrap_err();
    assert!(matches!(refused, AnalysisError::NoSuchMap { map: usize::MAX, .. }));
}
