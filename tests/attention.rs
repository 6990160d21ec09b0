//! What a class token attends to, as a layer: its maps against the attention itself, and what comes after it against the whole network with
//! that attention changed in the file.

use std::path::Path;

use crate::support::{Lowering, largest_difference};
use featurescope::analysis::ablate::{AblateOptions, Replacement, ablate};
use featurescope::analysis::cam::class_activation;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::evaluate::evaluate;
use featurescope::analysis::look::{Look, LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::picture::decode;
use featurescope::domain::recipe::Recipe;
use featurescope::engine::Engine;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::graph::{Constant, Node};
use featurescope::onnx::read::{Model, read};
use featurescope::onnx::weights::Bytes32;

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
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gives/picture.png");
    let picture = decode(&std::fs::read(picture).unwrap()).unwrap();
    let options = LookOptions { layer, recipe: opened.recipe() };
    pollster::block_on(look(opened, engine, &Ready::default(), &picture, options, &Unattended)).unwrap()
}

fn attention_layers(opened: &Opened) -> Vec<String> {
    let layers = opened.layers().iter().filter(|layer| layer.op == "Attention");
    layers.map(|layer| layer.id.clone()).collect()
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

/// The network with the first row's attention of one head to the patches multiplied by zero, in the file itself.
fn without_head(name: &str, look: &Look, head: usize) -> Opened {
    let mut model = model(name);
    let source = look.layer.id.strip_suffix("/attention").unwrap();
    let opened = open(model.clone());
    let shape = opened.shapes()[source].clone();
    let &[_, rows, columns] = &shape[shape.len() - 3..] else { panic!("{shape:?}") };
    let cells = look.layer.height * look.layer.width;
    let before = if name == "NV-registers" { columns - cells } else { 1 };
    let mut kept = vec![1.0; shape.iter().product()];
    kept[head * rows * columns + before..][..cells].fill(0.0);
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
        for id in attention_layers(&opened) {
            let seen = look_at(&opened, &RtenEngine, &id);
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
                    // Nobody reads what the first token has seen last where the answer is a mean of the patches.
                    assert!(found != seen.probabilities || name == "NV-registers", "{name}, {id}, head {head}");
                }
            }
        }
    }
}

#[test]
fn grad_cam_of_attention_follows_the_score() {
    const STEP: f32 = 1e-3;
    for name in NETWORKS {
        let opened = open(model(name));
        let id = attention_layers(&opened).pop().unwrap();
        let ready = Ready::default();
        let seen = look_at(&opened, &RtenEngine, &id);
        let found = pollster::block_on(class_activation(&opened, &RtenEngine, &ready, &seen, 0, &Unattended)).unwrap();
        assert_eq!(found.weights.iter().any(|&weight| weight != 0.0), name == "NV-class-token", "{name}");
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
