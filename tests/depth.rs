//! The strongest map of every layer from one run, against a look at each layer.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Lowering, model_file};
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::depth::{DepthOptions, Depths, Strongest, depth};
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::look::{Look, LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::cells::Cells;
use featurescope::domain::picture::decode;
use featurescope::domain::recipe::Recipe;
use featurescope::engine::Engine;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;

/// The largest difference between means or cells, as a share of the largest of the layer.
const TOLERANCE: f32 = 1e-4;

fn open(bytes: &[u8]) -> Opened {
    Opened::new(read(Bytes32::from(bytes), Vec::new()).unwrap(), Card::default()).unwrap()
}

fn picture() -> featurescope::domain::picture::Picture {
    decode(&fs::read("tests/goldens/inputs/chelsea-224.png").unwrap()).unwrap()
}

fn ask(
    opened: &Opened,
    engine: &dyn Engine,
    depths: &Depths,
    layers: &[String],
) -> Result<Vec<Strongest>, AnalysisError> {
    let options = DepthOptions { layers, recipe: opened.recipe(), slices: &[] };
    pollster::block_on(depth(opened, engine, depths, &picture(), options, &Unattended))
}

fn look_at(opened: &Opened, layer: &str, recipe: &Recipe) -> Look {
    let options = LookOptions { layer, recipe, patch: None, slices: &[] };
    pollster::block_on(look(opened, &RtenEngine, &Ready::default(), &picture(), options, &Unattended)).unwrap()
}

/// The means of a map in windows side by side.
fn pooled(plane: &[f32], cells: Cells) -> Vec<f32> {
    let ([height, width], [down, across]) = (cells.size, cells.window);
    let mut found = Vec::new();
    for top in (0..height).step_by(down) {
        for left in (0..width).step_by(across) {
            let rows = top..height.min(top + down);
            let values: Vec<f64> = rows
                .flat_map(|y| (left..width.min(left + across)).map(move |x| f64::from(plane[y * width + x])))
                .collect();
            found.push((values.iter().sum::<f64>() / values.len() as f64) as f32);
        }
    }
    found
}

/// Holds what came of one run against a look at each of the layers.
fn check(opened: &Opened, found: &[Strongest], layers: &[&str]) {
    assert_eq!(found.iter().map(|strongest| &strongest.layer[..]).collect::<Vec<_>>(), layers);
    for Strongest { layer, map, mean, height, width, data } in found {
        let look = look_at(opened, layer, opened.recipe());
        let first = look.top(1)[0];
        assert_eq!(*map, first.map, "{layer}");
        let maps = look.maps.maps().unwrap();
        let cells = Cells::within([maps.height(), maps.width()], 16);
        assert_eq!([*height, *width], cells.count(), "{layer}");
        let largest = maps.plane(*map).unwrap().iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        assert!((mean - first.mean).abs() <= TOLERANCE * largest, "{layer}: {mean} and {}", first.mean);
        let expected = pooled(maps.plane(*map).unwrap(), cells);
        for (found, expected) in data.iter().zip(&expected) {
            assert!((found - expected).abs() <= TOLERANCE * largest, "{layer}: {found} and {expected}");
        }
        assert_eq!(data.len(), expected.len(), "{layer}");
    }
}

/// The layers that have more than one cell and a live map.
fn with_maps(opened: &Opened) -> Vec<&str> {
    let several = opened.layers().iter().filter(|layer| layer.height * layer.width > 1);
    several
        .filter(|layer| !look_at(opened, &layer.id, opened.recipe()).top(1).is_empty())
        .map(|layer| &layer.id[..])
        .collect()
}

#[test]
fn one_run_gives_what_looks_give() {
    for model in ["models/squeezenet1.1.onnx", "models/story/story-plain.onnx"] {
        let opened = open(&fs::read(model).unwrap());
        let layers = with_maps(&opened);
        for engine in [&RtenEngine as &dyn Engine, &Lowering] {
            check(&opened, &ask(&opened, engine, &Depths::default(), &[]).unwrap(), &layers);
        }
    }
}

#[test]
fn a_graph_is_kept_for_the_next_picture_and_some_layers_may_be_chosen() {
    let opened = open(&fs::read("models/squeezenet1.1.onnx").unwrap());
    let depths = Depths::default();
    let all = with_maps(&opened);
    // In whatever order they are asked for, they come in the network's.
    let layers = [all[7].to_owned(), all[2].to_owned()];
    let first = ask(&opened, &RtenEngine, &depths, &layers).unwrap();
    check(&opened, &first, &[all[2], all[7]]);
    assert_eq!(ask(&opened, &RtenEngine, &depths, &layers).unwrap(), first);
    let unknown = ask(&opened, &RtenEngine, &depths, &["nothing".to_owned()]);
    assert_eq!(unknown.unwrap_err(), AnalysisError::NoSuchLayer("nothing".to_owned()));
}

/// x → Conv a → Relu b → an operator that lowered graphs do not have → Add f, with b → Relu d.
fn with_a_gap() -> Graph {
    let weights: Vec<f32> = (0..12).map(|index| ((index * 7) % 5) as f32 - 1.5).collect();
    let conv = Node::new("Conv", &["x", "w"], "a").with("kernel_shape", Attribute::Ints(vec![1, 1]));
    Graph {
        inputs: vec![Input { name: "x".to_owned(), shape: [1, 3, 20, 17].map(Dimension::Fixed).to_vec() }],
        outputs: vec!["d".to_owned()],
        nodes: vec![
            conv,
            Node::new("Relu", &["a"], "b"),
            Node::new("IsNaN", &["b"], "c"),
            Node::new("Cast", &["c"], "e").with("to", Attribute::Int(1)),
            Node::new("Add", &["e", "b"], "f"),
            Node::new("Relu", &["f"], "d"),
        ],
        constants: [("w".to_owned(), Constant::floats(vec![4, 3, 1, 1], weights))].into(),
        opsets: [(String::new(), 13)].into(),
        stated_shapes: BTreeMap::new(),
    }
}

#[test]
fn layers_behind_an_operator_that_the_engine_lacks_are_left_out() {
    let opened = open(&model_file(&with_a_gap()));
    assert_eq!(opened.layers().iter().map(|layer| &layer.id[..]).collect::<Vec<_>>(), ["a", "b", "f", "d"]);
    check(&opened, &ask(&opened, &RtenEngine, &Depths::default(), &[]).unwrap(), &["a", "b", "f", "d"]);
    check(&opened, &ask(&opened, &Lowering, &Depths::default(), &[]).unwrap(), &["a", "b"]);
    assert!(ask(&opened, &Lowering, &Depths::default(), &["d".to_owned()]).is_err());
}
