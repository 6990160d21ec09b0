//! Models in the many forms that files have, opened and looked at: what they take, what their scores are, and that both forms of
//! the graph say the same of a picture.

use std::collections::BTreeMap;

use crate::support::Lowering;
use featurescope::analysis::beside::TextFile;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::look::{LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::{Form, Ready};
use featurescope::domain::picture::Picture;
use featurescope::domain::predictions::Output;
use featurescope::domain::recipe::{Channels, Recipe};
use featurescope::engine::Engine;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::graph::{Attribute, Constant, Data, Dimension, Graph, Input, Node};
use featurescope::onnx::read::Model;

const CHANNELS: usize = 4;

/// Numbers that look irregular.
fn values(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|index| ((index * 37 + seed * 11) % 31) as f32 / 15.5 - 0.98).collect()
}

/// Conv, Relu, mean of each map and one dense layer: `scores` of one number for each class. `input` is what the file states, and
/// `channels` what the Conv reads.
fn classifier(input: &[Dimension], channels: usize, classes: usize) -> Graph {
    let constants = [
        ("kernel", Constant::floats(vec![CHANNELS, channels, 3, 3], values(CHANNELS * channels * 9, 1))),
        ("weights", Constant::floats(vec![classes, CHANNELS], values(classes * CHANNELS, 2))),
        ("bias", Constant::floats(vec![classes], values(classes, 3))),
    ];
    Graph {
        inputs: vec![Input { name: "x".to_owned(), shape: input.to_vec() }],
        outputs: vec!["scores".to_owned()],
        nodes: vec![
            Node::new("Conv", &["x", "kernel"], "conv"),
            Node::new("Relu", &["conv"], "relu"),
            Node::new("GlobalAveragePool", &["relu"], "mean"),
            Node::new("Flatten", &["mean"], "flat"),
            Node::new("Gemm", &["flat", "weights", "bias"], "scores").with("transB", Attribute::Int(1)),
        ],
        constants: constants.into_iter().map(|(name, constant)| (name.to_owned(), constant)).collect(),
        opsets: BTreeMap::from([(String::new(), 13)]),
        stated_shapes: BTreeMap::new(),
    }
}

fn fixed(shape: &[usize]) -> Vec<Dimension> {
    shape.iter().copied().map(Dimension::Fixed).collect()
}

fn unknown() -> [Dimension; 4] {
    [(); 4].map(|()| Dimension::Symbolic(String::new()))
}

fn model(graph: Graph) -> Model {
    Model {
        graph,
        producer: String::new(),
        metadata: BTreeMap::new(),
        texts: Vec::new(),
        bytes: 0,
        takes_integers: false,
        element_types: BTreeMap::new(),
    }
}

/// The same graph with one node more, whose output is the only result.
fn ending_in(mut graph: Graph, node: Node) -> Graph {
    graph.outputs = vec![node.output().to_owned()];
    graph.nodes.push(node);
    graph
}

/// The probabilities that each form of the graph gives for a picture.
fn probabilities(opened: &Opened) -> [Vec<f32>; 2] {
    let [height, width] = opened.size();
    let pixels = (0..height * width * 3).map(|index| (index * 53 % 251) as u8).collect();
    let picture = Picture::new(width, height, pixels).unwrap();
    let engines: [(&dyn Engine, Form); 2] = [(&RtenEngine, Form::Original), (&Lowering, Form::Lowered)];
    engines.map(|(engine, form)| {
        let options = LookOptions { layer: opened.default_layer(), recipe: opened.recipe(), patch: None, slices: &[] };
        let ready = Ready::default();
        let seen = pollster::block_on(look(opened, engine, &ready, &picture, options, &Unattended)).unwrap();
        assert_eq!(seen.form, form);
        seen.probabilities
    })
}

fn assert_close(actual: &[f32], expected: &[f32]) {
    let close = actual.len() == expected.len() && actual.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5);
    assert!(close, "{actual:?} for {expected:?}");
}

#[test]
fn the_end_of_the_graph_wins_over_a_card_that_speaks_of_logits() {
    let card = Card { output: Some(Output::Logits), ..Card::default() };
    let scores = classifier(&fixed(&[1, 3, 8, 8]), 3, 5);
    let plain = Opened::new(model(scores.clone()), card.clone()).unwrap();
    assert_eq!(plain.output(), Output::Logits);
    let [expected, lowered] = probabilities(&plain);
    assert_close(&lowered, &expected);
    assert!((expected.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    for (op, output) in [("Softmax", Output::Softmax), ("LogSoftmax", Output::Logits)] {
        let node = Node::new(op, &["scores"], "end").with("axis", Attribute::Int(1));
        let opened = Opened::new(model(ending_in(scores.clone(), node)), card.clone()).unwrap();
        assert_eq!(opened.output(), output, "{op}");
        for probabilities in probabilities(&opened) {
            assert_close(&probabilities, &expected);
        }
    }
    let sigmoid = Opened::new(model(ending_in(scores, Node::new("Sigmoid", &["scores"], "end"))), card).unwrap();
    assert_eq!(sigmoid.output(), Output::Sigmoid);
    let [original, lowered] = probabilities(&sigmoid);
    assert_close(&lowered, &original);
    assert!((original.iter().sum::<f32>() - 1.0).abs() > 1e-3, "{original:?}");
}

#[test]
fn a_single_score_is_the_logit_of_yes() {
    let scores = classifier(&fixed(&[1, 3, 8, 8]), 3, 1);
    let sigmoid = ending_in(scores.clone(), Node::new("Sigmoid", &["scores"], "end"));
    let [expected, _] = probabilities(&Opened::new(model(sigmoid), Card::default()).unwrap());
    assert!((0.01..0.99).contains(&expected[0]), "{expected:?}");
    for probabilities in probabilities(&Opened::new(model(scores.clone()), Card::default()).unwrap()) {
        assert_close(&probabilities, &expected);
    }
    // A Softmax of one score is 1, with both engines.
    let softmax = ending_in(scores, Node::new("Softmax", &["scores"], "end").with("axis", Attribute::Int(1)));
    for probabilities in probabilities(&Opened::new(model(softmax), Card::default()).unwrap()) {
        assert_eq!(probabilities, [1.0]);
    }
}

/// As exporters trace it: a channel shuffle and a flattening whose sizes hold the batch.
fn traced(batch: usize) -> Graph {
    let mut graph = classifier(&fixed(&[batch, 3, 8, 8]), 3, 5);
    let size = batch as i64;
    for (name, shape) in
        [("apart", vec![size, 2, 2, 6, 6]), ("together", vec![size, 4, 6, 6]), ("rows", vec![size, -1])]
    {
        graph.constants.insert(name.to_owned(), Constant::integers(vec![shape.len()], shape));
    }
    let shuffle = [
        Node::new("Reshape", &["relu", "apart"], "a"),
        Node::new("Transpose", &["a"], "b").with("perm", Attribute::Ints(vec![0, 2, 1, 3, 4])),
        Node::new("Reshape", &["b", "together"], "c"),
    ];
    graph.nodes.splice(2..2, shuffle);
    graph.nodes[5] = Node::new("GlobalAveragePool", &["c"], "mean");
    graph.nodes[6] = Node::new("Reshape", &["mean", "rows"], "flat");
    graph
}

#[test]
fn a_batch_that_the_file_fixes_becomes_one_picture() {
    let [expected, _] = probabilities(&Opened::new(model(traced(1)), Card::default()).unwrap());
    let opened = Opened::new(model(traced(8)), Card::default()).unwrap();
    assert_eq!(opened.classes(), 5);
    for probabilities in probabilities(&opened) {
        assert_close(&probabilities, &expected);
    }
}

#[test]
fn channels_that_the_file_leaves_open_are_those_of_the_weights() {
    let open = |channels: usize| Opened::new(model(classifier(&unknown(), channels, 5)), Card::default());
    for (channels, form) in [(3, Channels::Rgb), (1, Channels::Grey)] {
        let opened = open(channels).unwrap();
        assert_eq!(opened.form().channels, form);
        assert_eq!(opened.shapes()["x"], [1, channels, 224, 224]);
        let [original, lowered] = probabilities(&opened);
        assert_close(&lowered, &original);
    }
    // Other numbers get the colours of a picture first, and nothing in the rest.
    let four = open(4).unwrap();
    assert_eq!(
        (four.form().channels, four.intake().bands.as_slice()),
        (Channels::Rgb, &[Some(0), Some(1), Some(2), None][..])
    );
    let [original, lowered] = probabilities(&four);
    assert_close(&lowered, &original);
    let infrared = Card { bands: Some(vec![None, Some(2), Some(0), Some(1)]), ..Card::default() };
    let mut chosen = classifier(&unknown(), 4, 5);
    let asked = Opened::new(model(chosen.clone()), infrared).unwrap();
    assert_eq!(asked.intake().bands, [None, Some(2), Some(0), Some(1)]);
    // The same as a network whose weights are in that order.
    let Constant { data: Data::F32(kernel), .. } = &chosen.constants["kernel"] else { panic!("no floats") };
    let kernel = kernel.as_slice();
    let ordered = (0..CHANNELS).flat_map(|map| [2, 3, 1].map(|band| kernel[(map * 4 + band) * 9..][..9].to_vec()));
    let ordered = Constant::floats(vec![CHANNELS, 3, 3, 3], ordered.flatten().collect());
    chosen.constants.insert("kernel".to_owned(), ordered);
    let same = Opened::new(model(chosen), Card::default()).unwrap();
    assert_close(&probabilities(&asked)[0], &probabilities(&same)[0]);
    assert_eq!(asked.with_recipe(asked.recipe().clone()).unwrap().intake(), asked.intake());
    assert!(matches!(
        Opened::new(model(classifier(&fixed(&[1, 17, 40, 40]), 17, 5)), Card::default()),
        Err(AnalysisError::InputForm(_))
    ));
    // In groups of one channel each there are as many channels as groups.
    let mut grouped = classifier(&unknown(), 1, 5);
    grouped.constants.insert("kernel".to_owned(), Constant::floats(vec![3, 1, 3, 3], values(27, 1)));
    grouped.constants.insert("weights".to_owned(), Constant::floats(vec![5, 3], values(15, 2)));
    grouped.nodes[0] = Node::new("Conv", &["x", "kernel"], "conv").with("group", Attribute::Int(3));
    let opened = Opened::new(model(grouped), Card::default()).unwrap();
    assert_eq!((opened.form().channels, &opened.shapes()["x"][..]), (Channels::Rgb, &[1, 3, 224, 224][..]));
}

#[test]
fn of_several_results_the_scores_are_found() {
    let with = |extra: &[Node], outputs: &[&str]| {
        let mut graph = classifier(&fixed(&[1, 3, 8, 8]), 3, 5);
        graph.nodes.extend(extra.iter().cloned());
        graph.outputs = outputs.iter().map(|&name| name.to_owned()).collect();
        graph.constants.insert("k".to_owned(), Constant::integers(vec![1], vec![3]));
        Opened::new(model(graph), Card::default())
    };
    let label = Node::new("ArgMax", &["scores"], "label").with("axis", Attribute::Int(1));
    let named = [label.clone(), Node::new("Cast", &["label"], "named").with("to", Attribute::Int(1))];
    let mut best = Node::new("TopK", &["scores", "k"], "best");
    best.outputs.push("places".to_owned());
    let confidence = Node::new("ReduceMax", &["scores"], "confidence").with("keepdims", Attribute::Int(0));
    for (extra, outputs) in [
        (&[label.clone()][..], &["label", "scores"][..]),
        (&named, &["named", "scores"]),
        (&[best], &["best", "places", "scores"]),
        (&[confidence], &["confidence", "scores"]),
    ] {
        let opened = with(extra, outputs).unwrap();
        assert_eq!(
            opened.scores().map(|scores| (&scores.value[..], scores.classes)),
            Some(("scores", 5)),
            "{outputs:?}"
        );
    }
    assert!(with(&[label], &["label"]).unwrap().scores().is_none());
}

#[test]
fn the_metadata_of_a_file_give_the_recipe_that_no_card_gives() {
    let mut stated = model(classifier(&fixed(&[1, 3, 8, 8]), 3, 5));
    stated.metadata.insert("Image.BitmapPixelFormat".to_owned(), "Bgr8".to_owned());
    stated.metadata.insert("Image.NominalPixelRange".to_owned(), "NominalRange_0_255".to_owned());
    let opened = Opened::new(stated.clone(), Card::default()).unwrap();
    let found = opened.recipe();
    assert_eq!((found.channels, found.scale, found.size), (Channels::Bgr, 1.0, [8, 8]));
    let card = Card { recipe: Some(Recipe::of_size(8, 8)), ..Card::default() };
    assert_eq!(Opened::new(stated, card.clone()).unwrap().recipe(), card.recipe.as_ref().unwrap());
}

/// A dense layer fits one size alone, which neither the file's shape nor anybody else tells.
#[test]
fn a_size_that_only_a_dense_layer_tells_is_found() {
    for (shape, side) in [(&unknown()[..], 96), (&[], 28), (&[], 299)] {
        let mut graph = classifier(shape, 3, 5);
        let flat = CHANNELS * (side - 2) * (side - 2);
        graph.nodes[2] = Node::new("Identity", &["relu"], "mean");
        graph.constants.insert("weights".to_owned(), Constant::floats(vec![5, flat], values(5 * flat, 2)));
        let opened = Opened::new(model(graph), Card::default()).unwrap();
        assert_eq!((opened.size(), opened.recipe().size, opened.form().size), ([side; 2], [side; 2], [side; 2]));
    }
}

/// What is no picture is refused with a reason, and a text network is not taken for one.
#[test]
fn inputs_that_cannot_be_a_picture_are_refused() {
    let mut graph = classifier(&fixed(&[1, 3, 8, 8]), 3, 5);
    graph.nodes[0] = Node::new("Identity", &["x"], "conv");
    graph.inputs = ["x", "mask"].map(|name| Input { name: name.to_owned(), shape: fixed(&[1, 128]) }).to_vec();
    graph.nodes.push(Node::new("Relu", &["mask"], "other"));
    let refused = Opened::new(model(graph), Card::default()).err().unwrap();
    assert_eq!(refused.to_string(), "the model takes 2 inputs, and none of them could be a picture");
}

fn beside(files: &[(&str, &str)]) -> Card {
    let file = |&(name, text): &(&str, &str)| TextFile { name: name.to_owned(), text: text.to_owned() };
    Card { beside: files.iter().map(file).collect(), ..Card::default() }
}

const PREPROCESSOR: (&str, &str) = (
    "preprocessor_config.json",
    r#"{"do_normalize": true, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.25, 0.5, 0.125], "size": {"height": 40, "width": 48}}"#,
);

#[test]
fn files_beside_the_model_tell_recipe_and_names() {
    let config =
        ("config.json", r#"{"model_type": "resnet", "id2label": {"0": "a", "1": "b", "2": "c", "3": "d", "4": "e"}}"#);
    let open = model(classifier(&unknown(), 3, 5));
    let opened = Opened::new(open.clone(), beside(&[config, PREPROCESSOR])).unwrap();
    assert_eq!((opened.size(), opened.labels()), ([40, 48], &["a", "b", "c", "d", "e"].map(str::to_owned)[..]));
    assert_eq!((&opened.recipe().mean[..], &opened.recipe().std[..]), (&[0.5, 0.4, 0.3][..], &[0.25, 0.5, 0.125][..]));
    let told = opened.told();
    assert_eq!(
        (told.has_recipe, told.recipe_from.as_deref(), told.labels_from.as_deref(), told.not_twice, told.unread.len()),
        (true, Some("preprocessor_config.json"), Some("config.json"), false, 0)
    );
    // What somebody says counts before the files, whose names stay.
    let said = opened.with_recipe(Recipe::of_size(40, 48)).unwrap();
    assert_eq!((said.recipe(), said.labels().len(), said.told()), (&Recipe::of_size(40, 48), 5, told));
    let card = Card {
        labels: vec!["x".to_owned(); 5],
        recipe: Some(Recipe::of_size(8, 8)),
        ..beside(&[config, PREPROCESSOR])
    };
    let carded = Opened::new(open.clone(), card).unwrap();
    assert_eq!((carded.size(), &carded.labels()[0][..]), ([8, 8], "x"));
    assert_eq!((&carded.told().recipe_from, &carded.told().labels_from), (&None, &None));
    // What is known by what the file is; names that somebody says are from nowhere.
    let known = Card { recipe: Some(Recipe::of_size(8, 8)), recipe_from: Some("zoo".to_owned()), ..Card::default() };
    let named = Opened::new(open.clone(), Card { labels: vec!["x".to_owned(); 5], ..known }).unwrap();
    assert_eq!((named.told().recipe_from.as_deref(), &named.told().labels_from), (Some("zoo"), &None));
    // Names of other classes, and what cannot be read, change nothing.
    let wrong = beside(&[("config.json", r#"{"id2label": {"0": "a", "1": "b"}}"#), ("preprocessor_config.json", "{")]);
    let opened = Opened::new(open, wrong).unwrap();
    assert_eq!((opened.labels().len(), opened.told().has_recipe), (0, false));
    assert_eq!(opened.told().unfit, Some(("config.json".to_owned(), 2)));
    assert_eq!(opened.told().unread, ["preprocessor_config.json"]);
}

/// A network that takes off mean and deviation itself, with the file of its training library that asks for it as well.
#[test]
fn what_the_network_does_itself_is_not_done_twice() {
    let mut graph = classifier(&fixed(&[1, 3, 40, 48]), 3, 5);
    graph.constants.insert("shift".to_owned(), Constant::floats(vec![1, 3, 1, 1], vec![0.5, 0.4, 0.3]));
    graph.constants.insert("spread".to_owned(), Constant::floats(vec![1, 3, 1, 1], vec![0.25, 0.5, 0.125]));
    graph.nodes[0] = Node::new("Conv", &["normal", "kernel"], "conv");
    let steps = [Node::new("Sub", &["x", "shift"], "shifted"), Node::new("Div", &["shifted", "spread"], "normal")];
    graph.nodes.splice(0..0, steps);
    let opened = Opened::new(model(graph), beside(&[PREPROCESSOR])).unwrap();
    assert!(opened.told().not_twice);
    assert_eq!(
        (opened.recipe().scale, &opened.recipe().mean[..], &opened.recipe().std[..]),
        (1.0 / 255.0, &[0.0][..], &[1.0][..])
    );
}
