//! What the end of a network is taken for: which result is the class scores, whether they are probabilities, and what Grad-CAM
//! differentiates. The network is linear after its maps, so that every right value is known: a class's score changes with
//! a map by its weight over the area of the map, whatever the file makes of the score.

use std::collections::BTreeMap;
use std::fs;

use featurescope::analysis::ablate::{AblateOptions, Ablation, Replacement, ablate};
use featurescope::analysis::cam::class_activation;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::draw::{DrawOptions, Drawing, Gradients, draw};
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::finds::Finds;
use featurescope::analysis::look::{Look, LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::picture::{Picture, decode};
use featurescope::domain::predictions::{Output, Silence};
use featurescope::domain::recipe::{Layout, Recipe};
use featurescope::engine::rten::RtenEngine;
use featurescope::engine::{Engine, EngineError, LocalFuture, Runner};
use featurescope::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use featurescope::onnx::head::{Kind, Output as Scores, OutputKind, Part};
use featurescope::onnx::lower::Limits;
use featurescope::onnx::operator::{OWN_SET, QUANTIZE_DEQUANTIZE};
use featurescope::onnx::read::{Model, read};
use featurescope::onnx::weights::Bytes32;

/// The CPU engine as one that takes lowered graphs only, as the GPU engine does.
struct Lowering;

impl Engine for Lowering {
    fn name(&self) -> &'static str {
        "rten"
    }

    fn limits(&self) -> Option<Limits> {
        Some(Limits::default())
    }

    fn prepare<'a>(&'a self, graph: Graph) -> LocalFuture<'a, Result<Box<dyn Runner>, EngineError>> {
        RtenEngine.prepare(graph)
    }
}

const MAPS: usize = 4;
const SIDE: usize = 6;

/// Numbers that look irregular.
fn values(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|index| ((index * 37 + seed * 11) % 31) as f32 / 15.5 - 0.98).collect()
}

/// `Node::new` with attributes.
fn node(op: &str, inputs: &[&str], output: &str, attributes: &[(&str, Attribute)]) -> Node {
    attributes.iter().fold(Node::new(op, inputs, output), |node, (name, value)| node.with(name, value.clone()))
}

fn int(value: i64) -> Attribute {
    Attribute::Int(value)
}

fn ints(values: &[i64]) -> Attribute {
    Attribute::Ints(values.to_vec())
}

/// A network that makes `logits`, and how it goes on.
#[derive(Clone)]
struct Network {
    classes: usize,
    /// What is added to each logit: by much, to saturate what follows.
    bias: Vec<f32>,
    tail: Vec<Node>,
    constants: Vec<(&'static str, Constant)>,
    outputs: Vec<&'static str>,
    opset: i64,
}

impl Network {
    fn new(classes: usize, tail: Vec<Node>, constants: Vec<(&'static str, Constant)>) -> Self {
        let bias = values(classes, 3);
        Self { classes, bias, tail, constants, outputs: vec!["end"], opset: 13 }
    }

    fn weights(&self) -> Vec<f32> {
        values(self.classes * MAPS, 2)
    }

    fn graph(&self) -> Graph {
        let mut constants: BTreeMap<String, Constant> = [
            ("kernel", Constant::floats(vec![MAPS, 3, 3, 3], values(MAPS * 27, 1).iter().map(|w| w / 255.0).collect())),
            ("weights", Constant::floats(vec![self.classes, MAPS], self.weights())),
            ("bias", Constant::floats(vec![self.classes], self.bias.clone())),
        ]
        .into_iter()
        .map(|(name, constant)| (name.to_owned(), constant))
        .collect();
        constants.extend(self.constants.iter().map(|(name, constant)| ((*name).to_owned(), constant.clone())));
        let mut nodes = vec![
            node("Conv", &["x", "kernel"], "conv", &[("kernel_shape", ints(&[3, 3]))]),
            Node::new("Relu", &["conv"], "relu"),
            Node::new("GlobalAveragePool", &["relu"], "mean"),
            Node::new("Flatten", &["mean"], "embedding"),
            node("Gemm", &["embedding", "weights", "bias"], "logits", &[("transB", int(1))]),
        ];
        nodes.extend(self.tail.iter().cloned());
        Graph {
            inputs: vec![Input {
                name: "x".to_owned(),
                shape: [1, 3, SIDE + 2, SIDE + 2].map(Dimension::Fixed).to_vec(),
            }],
            outputs: self.outputs.iter().map(|&name| name.to_owned()).collect(),
            nodes,
            constants,
            opsets: BTreeMap::from([(String::new(), self.opset)]),
            stated_shapes: BTreeMap::new(),
        }
    }

    fn open(&self) -> Opened {
        open(self.graph(), Card::default()).unwrap()
    }
}

fn open(graph: Graph, card: Card) -> Result<Opened, AnalysisError> {
    let recipe = card.recipe.clone().or_else(|| Some(Recipe::of_size(SIDE + 2, SIDE + 2)));
    let model = Model {
        graph,
        producer: String::new(),
        metadata: BTreeMap::new(),
        texts: Vec::new(),
        bytes: 0,
        takes_integers: false,
        element_types: BTreeMap::new(),
    };
    Opened::new(model, Card { recipe, ..card })
}

fn picture() -> Picture {
    let pixels = (0..(SIDE + 2) * (SIDE + 2) * 3).map(|index| (index * 53 % 251) as u8).collect();
    Picture::new(SIDE + 2, SIDE + 2, pixels).unwrap()
}

fn look_at(opened: &Opened, engine: &dyn Engine, ready: &Ready, layer: &str) -> Look {
    let options = LookOptions { layer, recipe: opened.recipe(), patch: None, slices: &[] };
    pollster::block_on(look(opened, engine, ready, &picture(), options, &Unattended)).unwrap()
}

const ENGINES: [&dyn Engine; 2] = [&RtenEngine, &Lowering];

/// The logits of the network, which nothing follows here, in double precision.
fn logits(network: &Network) -> Vec<f64> {
    let plain = Network { tail: vec![], outputs: vec!["logits"], ..network.clone() };
    let seen = look_at(&plain.open(), &RtenEngine, &Ready::default(), "relu");
    let weights = plain.weights();
    let score = |class: usize| {
        let of_map = |map: usize| f64::from(weights[class * MAPS + map]) * f64::from(seen.statistics[map].mean);
        f64::from(plain.bias[class]) + (0..MAPS).map(of_map).sum::<f64>()
    };
    (0..plain.classes).map(score).collect()
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - largest).exp()).sum();
    logits.iter().map(|logit| (logit - largest).exp() / sum).collect()
}

fn sigmoid(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

fn scalar(value: f32) -> Constant {
    Constant::floats(vec![], vec![value])
}

fn list(values: &[i64]) -> Constant {
    Constant::integers(vec![values.len()], values.to_vec())
}

/// A way to end: the network, what its probabilities are by their formula, what they are called, and of each class which logit
/// it is, and whether it is that one's opposite. Where no logit belongs to a class there are none.
struct Way {
    name: &'static str,
    network: Network,
    expected: fn(&[f64]) -> Vec<f64>,
    output: Output,
    logits: Vec<(usize, f32)>,
}

fn same(classes: usize) -> Vec<(usize, f32)> {
    (0..classes).map(|class| (class, 1.0)).collect()
}

const PRIORS: [f32; 3] = [0.5, 0.2, 0.3];

/// The ends that exporters write.
#[rustfmt::skip]
fn ways() -> Vec<Way> {
    let axis = || ("axis", int(1));
    let plain = || node("Softmax", &["logits"], "p", &[("axis", int(1))]);
    let keep = || ("keepdims", int(1));
    let way = |name, tail: Vec<Node>, constants, expected, output, logits| {
        Way { name, network: Network::new(3, tail, constants), expected, output, logits }
    };
    let single = |name, tail: Vec<Node>, constants, expected, output, logits| {
        Way { name, network: Network::new(1, tail, constants), expected, output, logits }
    };
    let sigmoids: fn(&[f64]) -> Vec<f64> = |z| z.iter().copied().map(sigmoid).collect();
    let both: fn(&[f64]) -> Vec<f64> = |z| vec![1.0 - sigmoid(z[0]), sigmoid(z[0])];
    vec![
        way("Softmax", vec![node("Softmax", &["logits"], "end", &[axis()])], vec![], softmax, Output::Softmax, same(3)),
        way("LogSoftmax", vec![node("LogSoftmax", &["logits"], "end", &[axis()])], vec![], softmax, Output::Logits, same(3)),
        way("Log of Softmax", vec![plain(), Node::new("Log", &["p"], "end")], vec![], softmax, Output::Logits, same(3)),
        way("Exp of LogSoftmax", vec![node("LogSoftmax", &["logits"], "l", &[axis()]), Node::new("Exp", &["l"], "end")],
            vec![], softmax, Output::Softmax, same(3)),
        way("temperature", vec![Node::new("Div", &["logits", "t"], "warm"), node("Softmax", &["warm"], "end", &[axis()])],
            vec![("t", scalar(2.0))], |z| softmax(&z.iter().map(|z| z / 2.0).collect::<Vec<_>>()), Output::Softmax,
            vec![(0, 0.5), (1, 0.5), (2, 0.5)]),
        way("clipped", vec![plain(), Node::new("Clip", &["p", "low", "high"], "end")],
            vec![("low", scalar(1e-7)), ("high", scalar(1.0 - 1e-7))], softmax, Output::Softmax, same(3)),
        way("Max and Min", vec![plain(), Node::new("Max", &["p", "low"], "a"), Node::new("Min", &["high", "a"], "end")],
            vec![("low", scalar(1e-7)), ("high", scalar(1.0))], softmax, Output::Softmax, same(3)),
        way("written out", vec![
                node("ReduceMax", &["logits"], "m", &[("axes", ints(&[1])), keep()]), Node::new("Sub", &["logits", "m"], "s"),
                Node::new("Exp", &["s"], "e"), node("ReduceSum", &["e", "one"], "sum", &[keep()]), Node::new("Div", &["e", "sum"], "end")],
            vec![("one", list(&[1]))], softmax, Output::Softmax, same(3)),
        way("logarithm written out", vec![
                Node::new("Exp", &["logits"], "e"), node("ReduceSum", &["e", "one"], "sum", &[keep()]), Node::new("Log", &["sum"], "m"),
                Node::new("Sub", &["logits", "m"], "end")],
            vec![("one", list(&[1]))], softmax, Output::Logits, same(3)),
        way("Gather", vec![plain(), node("Gather", &["p", "order"], "end", &[axis()])],
            vec![("order", list(&[2, 0, 1]))], |z| { let p = softmax(z); vec![p[2], p[0], p[1]] }, Output::Softmax,
            vec![(2, 1.0), (0, 1.0), (1, 1.0)]),
        way("without background", vec![plain(), Node::new("Slice", &["p", "from", "to", "along"], "end")],
            vec![("from", list(&[1])), ("to", list(&[i64::MAX])), ("along", list(&[1]))], |z| softmax(z)[1..].to_vec(), Output::Softmax,
            vec![(1, 1.0), (2, 1.0)]),
        way("transposed and reshaped", vec![plain(), node("Transpose", &["p"], "t", &[("perm", ints(&[1, 0]))]), Node::new("Reshape", &["t", "row"], "end")],
            vec![("row", list(&[1, 1, 3]))], softmax, Output::Softmax, same(3)),
        way("priors and their sum", vec![plain(), Node::new("Mul", &["p", "priors"], "w"),
                node("ReduceSum", &["w", "one"], "sum", &[keep()]), Node::new("Div", &["w", "sum"], "end")],
            vec![("priors", Constant::floats(vec![3], PRIORS.to_vec())), ("one", list(&[1]))],
            |z| {
                let weighed: Vec<f64> = softmax(z).iter().zip(PRIORS).map(|(p, prior)| p * f64::from(prior)).collect();
                weighed.iter().map(|w| w / weighed.iter().sum::<f64>()).collect()
            }, Output::Softmax, same(3)),
        way("some of the exponentials and their sum", vec![Node::new("Exp", &["logits"], "e"), node("Gather", &["e", "order"], "some", &[axis()]),
                node("ReduceSum", &["some", "one"], "sum", &[keep()]), Node::new("Div", &["some", "sum"], "end")],
            vec![("order", list(&[2, 0])), ("one", list(&[1]))], |z| softmax(&[z[2], z[0]]), Output::Softmax, vec![(2, 1.0), (0, 1.0)]),
        way("percent", vec![plain(), Node::new("Mul", &["p", "hundred"], "end")], vec![("hundred", scalar(100.0))],
            softmax, Output::Softmax, same(3)),
        way("mean of two", vec![plain(), Node::new("Neg", &["logits"], "n"), node("Softmax", &["n"], "q", &[axis()]),
                Node::new("Add", &["p", "q"], "sum"), Node::new("Mul", &["sum", "half"], "end")],
            vec![("half", scalar(0.5))],
            |z| softmax(z).iter().zip(softmax(&z.iter().map(|z| -z).collect::<Vec<_>>())).map(|(p, q)| (p + q) / 2.0).collect(),
            Output::Softmax, vec![]),
        way("Mean of two", vec![plain(), Node::new("Neg", &["logits"], "n"), node("Softmax", &["n"], "q", &[axis()]), Node::new("Mean", &["p", "q"], "end")],
            vec![],
            |z| softmax(z).iter().zip(softmax(&z.iter().map(|z| -z).collect::<Vec<_>>())).map(|(p, q)| (p + q) / 2.0).collect(),
            Output::Softmax, vec![]),
        way("shared out among others", vec![plain(), Node::new("MatMul", &["p", "shares"], "end")],
            vec![("shares", Constant::floats(vec![3, 2], vec![1.0, 0.0, 0.25, 0.75, 0.0, 1.0]))],
            |z| { let p = softmax(z); vec![p[0] + 0.25 * p[1], 0.75 * p[1] + p[2]] }, Output::Softmax, vec![]),
        way("Sigmoid", vec![Node::new("Sigmoid", &["logits"], "end")], vec![], sigmoids, Output::Sigmoid, same(3)),
        way("Sigmoid of old", vec![Node::new("Neg", &["logits"], "n"), Node::new("Exp", &["n"], "e"), Node::new("Add", &["e", "one"], "d"),
                Node::new("Div", &["one", "d"], "end")],
            vec![("one", scalar(1.0))], sigmoids, Output::Sigmoid, same(3)),
        way("Tanh to shares", vec![Node::new("Tanh", &["logits"], "t"), Node::new("Mul", &["t", "half"], "h"), Node::new("Add", &["h", "half"], "end")],
            vec![("half", scalar(0.5))], |z| z.iter().map(|z| sigmoid(2.0 * z)).collect(), Output::Sigmoid, same(3)),
        way("Mean of Softmax and Sigmoid", vec![plain(), Node::new("Sigmoid", &["logits"], "q"), Node::new("Mean", &["p", "q"], "end")], vec![],
            |z| softmax(z).iter().zip(z).map(|(p, &z)| (p + sigmoid(z)) / 2.0).collect(), Output::Sigmoid, same(3)),
        way("weighted sum of Sigmoid and Softmax, some of it", vec![plain(), Node::new("Sigmoid", &["logits"], "q"),
                Node::new("Mul", &["p", "much"], "a"), Node::new("Mul", &["q", "little"], "b"), Node::new("Add", &["b", "a"], "sum"),
                node("Gather", &["sum", "order"], "end", &[axis()])],
            vec![("much", scalar(0.75)), ("little", scalar(0.25)), ("order", list(&[2, 0]))],
            |z| { let p = softmax(z); [2, 0].map(|class| 0.75 * p[class] + 0.25 * sigmoid(z[class])).to_vec() }, Output::Sigmoid,
            vec![(2, 1.0), (0, 1.0)]),
        way("Softmax and Sigmoid stacked", vec![plain(), Node::new("Sigmoid", &["logits"], "q"), node("Concat", &["p", "q"], "both", &[("axis", int(0))]),
                node("ReduceMean", &["both"], "end", &[("axes", ints(&[0]))])], vec![],
            |z| softmax(z).iter().zip(z).map(|(p, &z)| (p + sigmoid(z)) / 2.0).collect(), Output::Sigmoid, same(3)),
        way("1 − mean of Softmax and Sigmoid", vec![plain(), Node::new("Sigmoid", &["logits"], "q"), Node::new("Mean", &["p", "q"], "m"),
                Node::new("Sub", &["unit", "m"], "end")], vec![("unit", scalar(1.0))],
            |z| softmax(z).iter().zip(z).map(|(p, &z)| 1.0 - (p + sigmoid(z)) / 2.0).collect(), Output::Sigmoid,
            vec![(0, -1.0), (1, -1.0), (2, -1.0)]),
        way("Softmax beside Sigmoid", vec![plain(), Node::new("Sigmoid", &["logits"], "q"), node("Concat", &["p", "q"], "end", &[axis()])], vec![],
            |z| softmax(z).into_iter().chain(z.iter().map(|&z| sigmoid(z))).collect(), Output::Sigmoid, [same(3), same(3)].concat()),
        way("one Softmax beside another", vec![plain(), Node::new("Neg", &["logits"], "n"), node("Softmax", &["n"], "q", &[axis()]),
                node("Concat", &["p", "q"], "end", &[axis()])], vec![],
            |z| softmax(z).into_iter().chain(softmax(&z.iter().map(|z| -z).collect::<Vec<_>>())).collect(), Output::Sigmoid, vec![]),
        way("product of Softmax and Sigmoid", vec![plain(), Node::new("Sigmoid", &["logits"], "q"), Node::new("Mul", &["p", "q"], "end")], vec![],
            |z| softmax(z).iter().zip(z).map(|(p, &z)| p * sigmoid(z)).collect(), Output::Sigmoid, same(3)),
        way("the larger of Softmax and Sigmoid", vec![plain(), Node::new("Sigmoid", &["logits"], "q"), Node::new("Max", &["p", "q"], "end")], vec![],
            |z| softmax(z).iter().zip(z).map(|(p, &z)| p.max(sigmoid(z))).collect(), Output::Sigmoid, same(3)),
        single("a single Sigmoid", vec![Node::new("Sigmoid", &["logits"], "end")], vec![], sigmoids, Output::Sigmoid, same(1)),
        single("a single score", vec![Node::new("Identity", &["logits"], "end")], vec![], sigmoids, Output::Logits, same(1)),
        single("1 − p and p", vec![Node::new("Sigmoid", &["logits"], "p"), Node::new("Sub", &["one", "p"], "q"), node("Concat", &["q", "p"], "end", &[axis()])],
            vec![("one", scalar(1.0))], both, Output::Softmax, vec![(0, -1.0), (0, 1.0)]),
        single("p and −p + 1", vec![Node::new("Sigmoid", &["logits"], "p"), Node::new("Mul", &["p", "minus"], "m"), Node::new("Add", &["m", "one"], "q"),
                node("Concat", &["p", "q"], "end", &[axis()])],
            vec![("one", scalar(1.0)), ("minus", scalar(-1.0))], |z| vec![sigmoid(z[0]), 1.0 - sigmoid(z[0])], Output::Softmax,
            vec![(0, 1.0), (0, -1.0)]),
    ]
}

#[test]
fn probabilities_are_shown_as_they_are_and_softmax_makes_them_of_scores() {
    for Way { name, network, expected, output, .. } in ways() {
        let expected = expected(&logits(&network));
        let opened = network.open();
        assert_eq!(opened.output(), output, "{name}");
        for engine in ENGINES {
            let seen = look_at(&opened, engine, &Ready::default(), "relu");
            assert_eq!((seen.doubt, seen.silence, seen.probabilities.len()), (false, None, expected.len()), "{name}");
            // Whatever was left out of the graph on the way.
            assert_eq!(seen.output, output, "{name}");
            for (&actual, expected) in seen.probabilities.iter().zip(&expected) {
                assert!((f64::from(actual) - expected).abs() < 1e-4, "{name}: {:?}", seen.probabilities);
            }
        }
    }
}

#[test]
fn grad_cam_differentiates_the_logit_however_sure_the_network_is() {
    for Way { name, network, logits, .. } in ways() {
        // So large that every probability is 0 or 1 in single precision, and as the network is.
        for shift in [0.0, 60.0, -60.0] {
            let mut network = network.clone();
            network.bias[0] += shift;
            let (opened, weights) = (network.open(), network.weights());
            for engine in ENGINES {
                let ready = Ready::default();
                let seen = look_at(&opened, engine, &ready, "relu");
                for (class, &(logit, sign)) in logits.iter().enumerate() {
                    let found = class_activation(&opened, engine, &ready, &seen, class, &Unattended);
                    let found = pollster::block_on(found).unwrap_or_else(|error| panic!("{name}: {error}"));
                    for (map, &weight) in found.weights.iter().enumerate() {
                        let expected = weights[logit * MAPS + map] * sign / (SIDE * SIDE) as f32;
                        assert!((weight - expected).abs() < 1e-6, "{name} class {class}: {weight} for {expected}");
                    }
                }
            }
        }
    }
}

/// Of each class the scores that its probability is a mixture of: which logit, which way, and the logarithm of the part.
type Parts = Vec<Vec<(usize, f32, f64)>>;

/// A network whose classes are mixtures, and of which parts by its logits.
type Mixture = (&'static str, Network, fn(&[f64]) -> Parts);

fn log_softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - largest).exp()).sum();
    logits.iter().map(|logit| logit - largest - sum.ln()).collect()
}

fn log_sigmoid(logit: f64) -> f64 {
    logit.min(0.0) - (-logit.abs()).exp().ln_1p()
}

/// The softmax of the logits, and that of their opposites, with a weight each.
fn mean_of_two(logits: &[f64], weights: [f64; 2]) -> Parts {
    let turned = log_softmax(&logits.iter().map(|logit| -logit).collect::<Vec<_>>());
    let plain = log_softmax(logits);
    let class =
        |class| vec![(class, 1.0, plain[class] + weights[0].ln()), (class, -1.0, turned[class] + weights[1].ln())];
    (0..logits.len()).map(class).collect()
}

/// Ends of which every probability is a mixture, with what is differentiated.
#[rustfmt::skip]
fn mixtures() -> Vec<Mixture> {
    let axis = || ("axis", int(1));
    let two = |rest: Vec<Node>| {
        let mut tail = vec![node("Softmax", &["logits"], "p", &[("axis", int(1))]), Node::new("Neg", &["logits"], "n"), node("Softmax", &["n"], "q", &[("axis", int(1))])];
        tail.extend(rest);
        tail
    };
    let mixture = |name, classes, tail, constants, parts| (name, Network::new(classes, tail, constants), parts);
    let equal: fn(&[f64]) -> Parts = |z| mean_of_two(z, [0.5, 0.5]);
    let sigmoids: fn(&[f64]) -> Parts = |z| z.iter().enumerate().map(|(class, &z)| vec![(class, 1.0, log_sigmoid(z)), (class, -3.0, log_sigmoid(-3.0 * z))]).collect();
    vec![
        mixture("sum and half", 3, two(vec![Node::new("Add", &["p", "q"], "sum"), Node::new("Mul", &["sum", "half"], "end")]), vec![("half", scalar(0.5))], equal),
        mixture("Mean", 3, two(vec![Node::new("Mean", &["p", "q"], "end")]), vec![], equal),
        mixture("stacked", 3, two(vec![node("Unsqueeze", &["p", "zero"], "a", &[]), node("Unsqueeze", &["q", "zero"], "b", &[]),
                node("Concat", &["a", "b"], "both", &[("axis", int(0))]), node("ReduceMean", &["both"], "end", &[("axes", ints(&[0])), ("keepdims", int(0))])]),
            vec![("zero", list(&[0]))], equal),
        mixture("stacked behind", 3, two(vec![node("Unsqueeze", &["p", "two"], "a", &[]), node("Unsqueeze", &["q", "two"], "b", &[]),
                node("Concat", &["a", "b"], "both", &[("axis", int(2))]), node("ReduceMean", &["both"], "end", &[("axes", ints(&[-1])), ("keepdims", int(0))])]),
            vec![("two", list(&[2]))], equal),
        mixture("weights", 3, two(vec![Node::new("Mul", &["p", "much"], "a"), Node::new("Mul", &["q", "little"], "b"), Node::new("Add", &["a", "b"], "end")]),
            vec![("much", scalar(0.75)), ("little", scalar(0.25))], |z| mean_of_two(z, [0.75, 0.25])),
        mixture("logarithm", 3, two(vec![Node::new("Mean", &["p", "q"], "average"), Node::new("Log", &["average"], "end")]), vec![], equal),
        mixture("some of the mean", 3, two(vec![Node::new("Mean", &["p", "q"], "average"), node("Gather", &["average", "order"], "end", &[axis()])]),
            vec![("order", list(&[2, 0]))], |z| { let all = mean_of_two(z, [0.5, 0.5]); vec![all[2].clone(), all[0].clone()] }),
        mixture("shared out", 3, vec![node("Softmax", &["logits"], "p", &[axis()]), Node::new("MatMul", &["p", "shares"], "end")],
            vec![("shares", Constant::floats(vec![3, 2], vec![1.0, 0.0, 0.25, 0.75, 0.0, 1.0]))],
            |z| { let p = log_softmax(z); vec![vec![(0, 1.0, p[0]), (1, 1.0, p[1] + 0.25f64.ln())], vec![(1, 1.0, p[1] + 0.75f64.ln()), (2, 1.0, p[2])]] }),
        mixture("shared out, turned", 3, vec![node("Softmax", &["logits"], "p", &[axis()]), node("Gemm", &["p", "shares"], "end", &[("transB", int(1))])],
            vec![("shares", Constant::floats(vec![2, 3], vec![1.0, 0.25, 0.0, 0.0, 0.75, 1.0]))],
            |z| { let p = log_softmax(z); vec![vec![(0, 1.0, p[0]), (1, 1.0, p[1] + 0.25f64.ln())], vec![(1, 1.0, p[1] + 0.75f64.ln()), (2, 1.0, p[2])]] }),
        mixture("Softmax and the Sigmoid of the opposite", 3, vec![node("Softmax", &["logits"], "p", &[axis()]), Node::new("Mul", &["logits", "minus"], "n"),
                Node::new("Sigmoid", &["n"], "q"), Node::new("Mean", &["p", "q"], "end")], vec![("minus", scalar(-3.0))],
            |z| { let p = log_softmax(z); (0..3).map(|class| vec![(class, 1.0, p[class]), (class, -3.0, log_sigmoid(-3.0 * z[class]))]).collect() }),
        mixture("Softmax and the complement of Sigmoid", 3, vec![node("Softmax", &["logits"], "p", &[axis()]), Node::new("Sigmoid", &["logits"], "s"),
                Node::new("Sub", &["one", "s"], "q"), Node::new("Add", &["p", "q"], "sum"), Node::new("Mul", &["sum", "half"], "end")],
            vec![("one", scalar(1.0)), ("half", scalar(0.5))],
            |z| { let p = log_softmax(z); (0..3).map(|class| vec![(class, 1.0, p[class]), (class, -1.0, log_sigmoid(-z[class]))]).collect() }),
        mixture("Softmax shared out, and Sigmoid", 3, vec![node("Softmax", &["logits"], "p", &[axis()]), Node::new("MatMul", &["p", "shares"], "s"),
                Node::new("Sigmoid", &["logits"], "q"), Node::new("Mean", &["s", "q"], "end")],
            vec![("shares", Constant::floats(vec![3, 3], vec![1.0, 0.0, 0.0, 0.25, 0.75, 0.0, 0.0, 0.0, 1.0]))],
            |z| { let p = log_softmax(z); vec![vec![(0, 1.0, p[0]), (1, 1.0, p[1] + 0.25f64.ln()), (0, 1.0, log_sigmoid(z[0]))],
                vec![(1, 1.0, p[1] + 0.75f64.ln()), (1, 1.0, log_sigmoid(z[1]))], vec![(2, 1.0, p[2]), (2, 1.0, log_sigmoid(z[2]))]] }),
        mixture("means of two without background", 3, two(vec![node("Gather", &["p", "order"], "a", &[axis()]), node("Gather", &["q", "order"], "b", &[axis()]),
                Node::new("Mean", &["a", "b"], "end")]),
            vec![("order", list(&[2, 0]))], |z| { let all = mean_of_two(z, [0.5, 0.5]); vec![all[2].clone(), all[0].clone()] }),
        mixture("two sigmoids", 2, vec![Node::new("Sigmoid", &["logits"], "p"), Node::new("Mul", &["logits", "minus"], "n"), Node::new("Sigmoid", &["n"], "q"), Node::new("Mean", &["p", "q"], "end")],
            vec![("minus", scalar(-3.0))], sigmoids),
        mixture("1 − mean and mean", 1, vec![Node::new("Sigmoid", &["logits"], "p"), Node::new("Mul", &["logits", "minus"], "n"), Node::new("Sigmoid", &["n"], "q"),
                Node::new("Mean", &["p", "q"], "m"), Node::new("Sub", &["one", "m"], "o"), node("Concat", &["o", "m"], "end", &[axis()])],
            vec![("minus", scalar(-3.0)), ("one", scalar(1.0))],
            |z| vec![vec![(0, -1.0, log_sigmoid(-z[0])), (0, 3.0, log_sigmoid(3.0 * z[0]))], vec![(0, 1.0, log_sigmoid(z[0])), (0, -3.0, log_sigmoid(-3.0 * z[0]))]]),
    ]
}

#[test]
fn grad_cam_of_a_mixture_weighs_each_score_by_its_share() {
    for (name, network, parts) in mixtures() {
        for shift in [0.0, 60.0, -60.0] {
            let mut network = network.clone();
            network.bias[0] += shift;
            let (opened, weights) = (network.open(), network.weights());
            assert_ne!(opened.scores().map(|scores| scores.kind), Some(OutputKind::Unknown), "{name}");
            assert!(opened.head().is_err(), "{name}");
            for (class, parts) in parts(&logits(&network)).into_iter().enumerate() {
                let sum: f64 = parts.iter().map(|(_, _, part)| part.exp()).sum();
                for engine in ENGINES {
                    let ready = Ready::default();
                    let seen = look_at(&opened, engine, &ready, "relu");
                    let found = class_activation(&opened, engine, &ready, &seen, class, &Unattended);
                    let found = pollster::block_on(found).unwrap_or_else(|error| panic!("{name}: {error}"));
                    let mut any = 0.0_f32;
                    for (map, &weight) in found.weights.iter().enumerate() {
                        let slope = |&(logit, factor, part): &(usize, f32, f64)| {
                            part.exp() / sum * f64::from(factor) * f64::from(weights[logit * MAPS + map])
                        };
                        let expected = parts.iter().map(slope).sum::<f64>() as f32 / (SIDE * SIDE) as f32;
                        assert!(
                            (weight - expected).abs() < 1e-6,
                            "{name}, {shift}, class {class}: {weight} for {expected}"
                        );
                        any = any.max(weight.abs());
                    }
                    assert!(any > 1e-5, "{name}, {shift}, class {class}: nothing speaks for it");
                }
            }
        }
    }
}

/// Of each class the parts of its probability, as the graph tells them: the source's value, element, weight, and whether it is the
/// opposite. `None` where nothing is known and the result stands for itself.
type Known = Option<Vec<Vec<(String, usize, f32, bool)>>>;

fn known_parts(opened: &Opened) -> Known {
    let Scores { value, logits, .. } = opened.scores().unwrap();
    if logits.sources.iter().any(|source| source.value == *value) {
        return None;
    }
    let part = |part: &Part| (logits.sources[part.source].value.clone(), part.element, part.weight, part.opposite);
    Some(logits.classes.iter().map(|parts| parts.iter().map(part).collect()).collect())
}

/// Where the share of a score in a probability is not known, the probability itself is differentiated, and no wrong mixture.
#[test]
fn no_parts_are_told_of_a_probability_that_is_no_sum_of_them() {
    let axis = || ("axis", int(1));
    let keep = || ("keepdims", int(1));
    let softmax = || node("Softmax", &["logits"], "p", &[axis()]);
    let shares = || ("shares", Constant::floats(vec![3, 2], vec![1.0, 0.0, 0.25, 0.75, 0.0, 1.0]));
    let order = || ("order", list(&[2, 0]));
    let one = || ("one", list(&[1]));
    // Exponentials of some scores over their sum, and those of their opposites.
    let some = |scores: &'static str, names: [&'static str; 4]| {
        [
            Node::new("Exp", &[scores], names[0]),
            node("Gather", &[names[0], "order"], names[1], &[axis()]),
            node("ReduceSum", &[names[1], "one"], names[2], &[keep()]),
            Node::new("Div", &[names[1], names[2]], names[3]),
        ]
    };
    let mut two = vec![Node::new("Mul", &["logits", "minus"], "n")];
    two.extend(some("logits", ["e", "f", "g", "h"]));
    two.extend(some("n", ["i", "j", "k", "l"]));
    let mean = [two.clone(), vec![Node::new("Mean", &["h", "l"], "end")]].concat();
    let stacked = [
        two,
        vec![
            node("Concat", &["h", "l"], "both", &[("axis", int(0))]),
            node("ReduceMean", &["both"], "end", &[("axes", ints(&[0]))]),
        ],
    ]
    .concat();
    let priors = |input, names: [&'static str; 3]| {
        [
            Node::new("Mul", &[input, "priors"], names[0]),
            node("ReduceSum", &[names[0], "one"], names[1], &[keep()]),
            Node::new("Div", &[names[0], names[1]], names[2]),
        ]
    };
    let mut weighed = vec![softmax(), Node::new("Neg", &["logits"], "n"), node("Softmax", &["n"], "q", &[axis()])];
    weighed.extend(priors("p", ["a", "b", "c"]));
    weighed.extend(priors("q", ["d", "e", "f"]));
    weighed.push(Node::new("Mean", &["c", "f"], "end"));
    let cases = [
        (
            "complement of merged classes",
            vec![softmax(), Node::new("MatMul", &["p", "shares"], "s"), Node::new("Sub", &["unit", "s"], "end")],
            vec![shares(), ("unit", scalar(1.0))],
        ),
        ("mean of some and their sums", mean, vec![order(), one(), ("minus", scalar(-1.0))]),
        ("stacked some and their sums", stacked, vec![order(), one(), ("minus", scalar(-1.0))]),
        ("mean of priors and their sums", weighed, vec![("priors", Constant::floats(vec![3], PRIORS.to_vec())), one()]),
    ];
    for (name, tail, constants) in cases {
        let opened = Network::new(3, tail, constants).open();
        assert_eq!(known_parts(&opened), None, "{name}");
        assert_ne!(opened.scores().map(|scores| scores.kind), Some(OutputKind::Unknown), "{name}");
    }
}

/// Maps of probabilities, three classes at all places of the maps, with what follows them.
fn at_places(rest: &[Node], constants: &[(&str, Constant)]) -> Opened {
    let network = Network::new(3, vec![], vec![]);
    let mut graph = network.graph();
    graph.nodes.truncate(2);
    graph.constants.insert("at places".to_owned(), Constant::floats(vec![3, MAPS, 1, 1], network.weights()));
    graph.constants.extend(constants.iter().map(|(name, constant)| ((*name).to_owned(), constant.clone())));
    graph.nodes.push(node("Conv", &["relu", "at places", "bias"], "z", &[("kernel_shape", ints(&[1, 1]))]));
    graph.nodes.push(node("Softmax", &["z"], "p", &[("axis", int(1))]));
    graph.nodes.extend(rest.iter().cloned());
    graph.nodes.push(Node::new("Flatten", &["mean"], "end"));
    open(graph, Card::default()).unwrap()
}

#[test]
fn a_weight_for_each_class_counts_at_every_place() {
    const PLACES: usize = SIDE * SIDE;
    let rest = [Node::new("Mul", &["p", "priors"], "w"), Node::new("GlobalAveragePool", &["w"], "mean")];
    let opened = at_places(&rest, &[("priors", Constant::floats(vec![3, 1, 1], PRIORS.to_vec()))]);
    let expected = |class: usize| {
        let part = |place| ("z".to_owned(), class * PLACES + place, PRIORS[class] / PLACES as f32, false);
        (0..PLACES).map(part).collect()
    };
    assert_eq!(known_parts(&opened), Some((0..3).map(expected).collect()));
}

#[test]
fn a_window_smaller_than_the_map_is_no_mean_of_all_places() {
    let pool = |attributes: &[(&str, Attribute)]| at_places(&[node("AveragePool", &["p"], "mean", attributes)], &[]);
    let side = |side: i64| ("kernel_shape", ints(&[side, side]));
    assert!(known_parts(&pool(&[side(SIDE as i64)])).is_some());
    assert!(known_parts(&pool(&[side(SIDE as i64), ("strides", ints(&[2, 2]))])).is_some());
    assert_eq!(known_parts(&pool(&[side(4), ("strides", ints(&[4, 4]))])), None);
    assert_eq!(known_parts(&pool(&[side(8), ("pads", ints(&[1, 1, 1, 1]))])), None);
}

#[test]
fn a_tanh_is_twice_a_sigmoid_in_a_mixture() {
    let tail = vec![
        Node::new("Mul", &["logits", "minus"], "n"),
        Node::new("Sigmoid", &["n"], "p"),
        Node::new("Tanh", &["logits"], "t"),
        Node::new("Add", &["p", "t"], "end"),
    ];
    let found = known_parts(&Network::new(2, tail, vec![("minus", scalar(-3.0))]).open()).unwrap();
    let expected = |class| vec![("n".to_owned(), class, 1.0, false), ("logits".to_owned(), class, 2.0, false)];
    assert_eq!(found, [expected(0), expected(1)]);
}

/// Softmax at every place, and the mean of all places after it, or of the maps before it: the same weights everywhere, so that
/// the shares of the places add up to one.
#[test]
fn grad_cam_of_a_mean_of_places_differentiates_their_scores() {
    for (pool, axes) in [("GlobalAveragePool", None), ("ReduceMean", Some([2, 3])), ("AveragePool", None)] {
        for probability in ["Softmax", "Sigmoid"] {
            for shift in [0.0_f32, 60.0, -60.0] {
                let mut network = Network::new(3, vec![], vec![]);
                network.bias[0] += shift;
                let mut graph = network.graph();
                graph
                    .constants
                    .insert("at places".to_owned(), Constant::floats(vec![3, MAPS, 1, 1], network.weights()));
                graph.nodes.truncate(2);
                graph.nodes.push(node("Conv", &["relu", "at places", "bias"], "z", &[("kernel_shape", ints(&[1, 1]))]));
                let axis: &[(&str, Attribute)] = if probability == "Softmax" { &[("axis", int(1))] } else { &[] };
                graph.nodes.push(node(probability, &["z"], "p", axis));
                let mut mean = Node::new(pool, &["p"], "mean");
                if let Some(axes) = axes {
                    mean = mean.with("axes", ints(&axes));
                }
                if pool == "AveragePool" {
                    mean = mean.with("kernel_shape", ints(&[SIDE as i64, SIDE as i64]));
                }
                graph.nodes.push(mean);
                graph.nodes.push(Node::new("Flatten", &["mean"], "end"));
                let opened = open(graph, Card::default()).unwrap();
                let weights = network.weights();
                for engine in ENGINES {
                    let ready = Ready::default();
                    let seen = look_at(&opened, engine, &ready, "relu");
                    for class in 0..3 {
                        let found = class_activation(&opened, engine, &ready, &seen, class, &Unattended);
                        let found = pollster::block_on(found).unwrap();
                        for (map, &weight) in found.weights.iter().enumerate() {
                            let expected = weights[class * MAPS + map] / (SIDE * SIDE) as f32;
                            assert!(
                                (weight - expected).abs() < 1e-6,
                                "{pool}, {shift}, {class}: {weight} for {expected}"
                            );
                        }
                    }
                    // The layer that holds the probabilities is behind the scores, and what it makes of the result is told.
                    if probability == "Softmax" {
                        continue;
                    }
                    let seen = look_at(&opened, engine, &ready, "p");
                    let found = pollster::block_on(class_activation(&opened, engine, &ready, &seen, 1, &Unattended));
                    let found = found.unwrap().weights;
                    let expected = [0.0, 1.0 / (SIDE * SIDE) as f32, 0.0];
                    assert!(found.iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-6), "{found:?}");
                }
            }
        }
    }
}

/// Where the layer is the probability, its complement falls as it rises.
#[test]
fn grad_cam_of_a_layer_behind_the_scores_is_of_the_result() {
    let tail = vec![
        node("Sub", &["one", "p"], "q", &[]),
        node("Concat", &["q", "p"], "both", &[("axis", int(1))]),
        Node::new("Flatten", &["both"], "end"),
    ];
    let network = Network::new(1, vec![], vec![]);
    let mut graph = network.graph();
    graph.nodes.truncate(3);
    graph.constants.insert("one".to_owned(), scalar(1.0));
    graph.constants.insert("at places".to_owned(), Constant::floats(vec![1, MAPS, 1, 1], network.weights()));
    graph.nodes.push(node("Conv", &["mean", "at places", "bias"], "z", &[("kernel_shape", ints(&[1, 1]))]));
    graph.nodes.push(Node::new("Sigmoid", &["z"], "p"));
    graph.nodes.extend(tail);
    let opened = open(graph, Card::default()).unwrap();
    for engine in ENGINES {
        let ready = Ready::default();
        for (layer, slope) in [("z", 1.0), ("p", 1.0)] {
            let seen = look_at(&opened, engine, &ready, layer);
            for (class, sign) in [(0, -1.0), (1, 1.0)] {
                let found = class_activation(&opened, engine, &ready, &seen, class, &Unattended);
                assert_eq!(pollster::block_on(found).unwrap().weights, [sign * slope], "{layer}, class {class}");
            }
        }
    }
}

/// Two networks on one picture: of a layer that only one of them has, the other says nothing.
#[test]
fn grad_cam_of_an_ensemble_is_of_the_member_that_has_the_layer() {
    let mut network = Network::new(3, vec![], vec![]);
    network.bias[0] += 60.0;
    let mut graph = network.graph();
    let second = |name: &str| {
        if graph.constants.contains_key(name) || name == "x" { name.to_owned() } else { format!("{name} 2") }
    };
    let twins: Vec<Node> = graph
        .nodes
        .iter()
        .map(|node| {
            let mut twin = node.clone();
            twin.inputs.iter_mut().for_each(|input| *input = second(input));
            twin.outputs.iter_mut().for_each(|output| *output = second(output));
            twin
        })
        .collect();
    graph.nodes.extend(twins);
    graph.nodes.push(node("Softmax", &["logits"], "p", &[("axis", int(1))]));
    graph.nodes.push(node("Softmax", &["logits 2"], "q", &[("axis", int(1))]));
    graph.nodes.push(Node::new("Mean", &["p", "q"], "end"));
    let opened = open(graph, Card::default()).unwrap();
    for engine in ENGINES {
        let ready = Ready::default();
        let seen = look_at(&opened, engine, &ready, "relu 2");
        for class in 0..3 {
            let found =
                pollster::block_on(class_activation(&opened, engine, &ready, &seen, class, &Unattended)).unwrap();
            for (map, &weight) in found.weights.iter().enumerate() {
                let expected = network.weights()[class * MAPS + map] / 2.0 / (SIDE * SIDE) as f32;
                assert!((weight - expected).abs() < 1e-6, "class {class}: {weight} for {expected}");
            }
        }
    }
}

/// What a network of maps, each a score at every place and a probability of it, has drawn for a class.
fn drawn(shift: f32, probability: &[Node], layer: &str, rest: &[Node], engine: &dyn Engine) -> Drawing {
    let mut network = Network::new(3, vec![], vec![]);
    network.bias[1] += shift;
    let mut graph = network.graph();
    graph.nodes.truncate(2);
    graph.inputs[0].shape = [1, 3, 16, 16].map(Dimension::Fixed).to_vec();
    graph.constants.insert("at places".to_owned(), Constant::floats(vec![3, MAPS, 1, 1], network.weights()));
    graph.constants.insert("back".to_owned(), Constant::floats(vec![1, 3, 1, 1], vec![0.5, -1.0, 0.25]));
    graph.constants.insert("one".to_owned(), scalar(1.0));
    graph.constants.insert("low".to_owned(), scalar(1e-7));
    graph.constants.insert("step".to_owned(), scalar(1.0 / 255.0));
    graph.nodes.push(node("Conv", &["relu", "at places", "bias"], "z", &[("kernel_shape", ints(&[1, 1]))]));
    graph.nodes.extend(probability.iter().chain(rest).cloned());
    let opened = open(graph, Card { recipe: Some(Recipe::of_size(16, 16)), ..Card::default() }).unwrap();
    let recipe = opened.recipe().clone();
    let options = DrawOptions { largest: 56, first: Some(56), steps: 3, ..DrawOptions::article(layer, 1, &recipe) };
    pollster::block_on(draw(&opened, engine, &Gradients::default(), options, &Unattended, &|_| {})).unwrap()
}

#[test]
fn a_drawing_of_probabilities_ascends_their_scores_however_sure_they_are() {
    let mean = [Node::new("GlobalAveragePool", &["p"], "mean"), Node::new("Flatten", &["mean"], "end")];
    let mut rounded = node(
        QUANTIZE_DEQUANTIZE,
        &["s", "step"],
        "r",
        &[("low", Attribute::Float(0.0)), ("high", Attribute::Float(255.0))],
    );
    OWN_SET.clone_into(&mut rounded.domain);
    let ways: [(&str, Vec<Node>); 5] = [
        (
            "Softmax, rounded",
            vec![
                node("Softmax", &["z"], "s", &[("axis", int(1))]),
                rounded,
                Node::new("Clip", &["r", "low", "one"], "p"),
            ],
        ),
        ("Sigmoid", vec![Node::new("Sigmoid", &["z"], "p")]),
        ("Tanh", vec![Node::new("Tanh", &["z"], "p")]),
        ("HardSigmoid", vec![Node::new("HardSigmoid", &["z"], "p")]),
        (
            "Softmax",
            vec![node("Softmax", &["z"], "s", &[("axis", int(1))]), Node::new("Clip", &["s", "low", "one"], "p")],
        ),
    ];
    for engine in ENGINES {
        let plain = drawn(0.0, &[Node::new("Identity", &["z"], "p")], "z", &mean, engine);
        for (name, probability) in &ways {
            for shift in [0.0, 60.0, -300.0] {
                let found = drawn(shift, probability, "p", &mean, engine);
                assert!(found.canvas == plain.canvas, "{name}, {shift}");
                assert_eq!((found.cured, found.saturated, found.lost), (0, 0, 0), "{name}, {shift}");
                // What is told is the layer's own mean.
                let told = found.activations[0];
                assert!((-1.0..=1.0).contains(&told) && (shift <= 0.0 || told > 0.99), "{name}, {shift}: {told}");
            }
        }
    }
}

/// Inside of a network a sigmoid or tanh is an activation: its own slope is followed as long as there is one, and the value before it
/// where there is none.
#[test]
fn a_drawing_of_a_saturated_activation_does_not_stand_still() {
    let rest = [
        node("Conv", &["p", "back"], "more", &[("kernel_shape", ints(&[1, 1]))]),
        Node::new("GlobalAveragePool", &["more"], "mean"),
        Node::new("Flatten", &["mean"], "end"),
    ];
    for engine in ENGINES {
        let plain = drawn(0.0, &[Node::new("Identity", &["z"], "p")], "z", &rest, engine);
        for op in ["Sigmoid", "Tanh"] {
            let of = |shift| drawn(shift, &[Node::new(op, &["z"], "p")], "p", &rest, engine);
            let free = of(0.0);
            assert!(free.canvas != plain.canvas && (free.cured, free.saturated) == (0, 0), "{op}");
            for (shift, helped) in [(60.0, (0, 3)), (-300.0, (3, 0))] {
                let found = of(shift);
                assert_eq!((found.cured, found.saturated), helped, "{op}, {shift}");
                // A step of what does not fire is shorter.
                assert!((found.canvas == plain.canvas) == (shift > 0.0), "{op}, {shift}");
            }
        }
    }
}

#[test]
fn contributions_add_up_to_the_logit_of_every_class() {
    for Way { name, network, logits: of, .. } in ways().into_iter().filter(|way| !way.logits.is_empty()) {
        let opened = network.open();
        let temperature = name == "temperature";
        if temperature {
            // The weights are those of the score before it is divided, as the sentence about the head says.
            assert!(opened.head().is_err());
            continue;
        }
        let head = opened.head().as_ref().unwrap_or_else(|reason| panic!("{name}: {reason}"));
        let seen = look_at(&opened, &RtenEngine, &Ready::default(), "relu");
        let scores = logits(&network);
        assert_eq!((head.classes, head.layer.as_str()), (of.len(), "relu"), "{name}");
        for (class, &(logit, sign)) in of.iter().enumerate() {
            let row = &head.weights.as_slice()[class * MAPS..(class + 1) * MAPS];
            let sum: f32 =
                row.iter().zip(seen.means()).map(|(weight, mean)| weight * mean).sum::<f32>() + head.bias[class];
            let expected = scores[logit] * f64::from(sign);
            assert!((f64::from(sum) - expected).abs() < 1e-4, "{name} class {class}: {sum} for {expected}");
        }
    }
}

#[test]
fn where_nothing_tells_the_values_do_and_the_page_is_told_of_doubt() {
    // The square of a score over the sum of squares is a distribution that no rule of ours knows.
    let squares = vec![
        Node::new("Mul", &["logits", "logits"], "s"),
        node("ReduceSum", &["s", "one"], "sum", &[("keepdims", int(1))]),
        Node::new("Div", &["s", "sum"], "end"),
    ];
    let one = || ("one", list(&[1]));
    let distribution = Network::new(3, squares, vec![one()]);
    let look_of = |network: &Network| look_at(&network.open(), &RtenEngine, &Ready::default(), "relu");
    let seen = look_of(&distribution);
    assert_eq!((seen.output, seen.doubt, seen.silence), (Output::Softmax, false, None));
    let squared: Vec<f64> = logits(&distribution).iter().map(|z| z * z).collect();
    for (&actual, square) in seen.probabilities.iter().zip(&squared) {
        assert!((f64::from(actual) - square / squared.iter().sum::<f64>()).abs() < 1e-5);
    }
    // Shares of the largest are from 0 to 1, but add up to more.
    let shares = vec![
        Node::new("Mul", &["logits", "logits"], "s"),
        node("ReduceMax", &["s"], "m", &[("axes", ints(&[1])), ("keepdims", int(1))]),
        Node::new("Div", &["s", "m"], "end"),
    ];
    let seen = look_of(&Network::new(3, shares, vec![]));
    assert_eq!((seen.output, seen.doubt), (Output::Sigmoid, true));
    // A product of scores is anything.
    let product = Network::new(
        3,
        vec![
            Node::new("Mul", &["logits", "logits"], "s"),
            Node::new("Sub", &["s", "logits"], "d"),
            Node::new("Mul", &["d", "logits"], "end"),
        ],
        vec![],
    );
    let seen = look_of(&product);
    assert_eq!((seen.output, seen.doubt), (Output::Logits, true));
    // Whoever knows it says so, and the doubt is gone.
    assert!(!look_of_output(&product, Output::Logits).doubt);
}

fn look_of_output(network: &Network, output: Output) -> Look {
    let stated = network.open().with_output(output).unwrap();
    assert_eq!(stated.output(), output);
    look_at(&stated, &RtenEngine, &Ready::default(), "relu")
}

#[test]
fn tanh_gives_neither_probabilities_nor_scores_and_is_asked_about() {
    let network = Network::new(3, vec![Node::new("Tanh", &["logits"], "end")], vec![]);
    let opened = network.open();
    let (ready, engine) = (Ready::default(), &RtenEngine);
    let seen = look_at(&opened, engine, &ready, "relu");
    assert_eq!((seen.silence, seen.doubt, seen.probabilities.len()), (Some(Silence::Unclear), true, 0));
    let options = AblateOptions { maps: &[0], to: Replacement::Zero, controls: 1, seed: 1 };
    let refused = pollster::block_on(ablate(&opened, engine, &ready, &seen, options, &Unattended));
    assert!(matches!(refused, Err(AnalysisError::Unclear(_))), "{refused:?}");
    // Grad-CAM needs no probability, and a class has a logit all the same.
    assert!(pollster::block_on(class_activation(&opened, engine, &ready, &seen, 1, &Unattended)).is_ok());
    let said = look_of_output(&network, Output::Logits);
    assert_eq!((said.silence, said.doubt, said.probabilities.len()), (None, false, 3));
    // Priors without a sum are no distribution, and no scores either.
    let weighted = vec![node("Softmax", &["logits"], "p", &[("axis", int(1))]), Node::new("Mul", &["p", "w"], "end")];
    let weights = |values: Vec<f32>| vec![("w", Constant::floats(vec![3], values))];
    let seen =
        look_at(&Network::new(3, weighted.clone(), weights(PRIORS.to_vec())).open(), engine, &Ready::default(), "relu");
    assert_eq!((seen.output, seen.doubt, seen.silence), (Output::Sigmoid, true, None));
    let seen =
        look_at(&Network::new(3, weighted, weights(vec![40.0, 10.0, 5.0])).open(), engine, &Ready::default(), "relu");
    assert_eq!(seen.silence, Some(Silence::Unclear));
}

#[test]
fn what_a_card_calls_probabilities_is_none_where_the_values_are_beyond_one() {
    let mut network = Network::new(3, vec![Node::new("Identity", &["logits"], "end")], vec![]);
    network.bias = vec![5.0, -3.0, 2.0];
    let seen = look_of_output(&network, Output::Softmax);
    assert_eq!((seen.output, seen.doubt), (Output::Logits, true));
    assert!((seen.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

/// Results beside each other, as detectors, face networks and debug exports have them.
fn heads() -> Network {
    let tail = vec![
        node("Gemm", &["embedding", "w1", "b1"], "fc", &[("transB", int(1))]),
        Node::new("Relu", &["fc"], "hidden"),
        node("Gemm", &["hidden", "w4", "b4"], "boxes", &[("transB", int(1))]),
        node("Gemm", &["hidden", "w3", "b3"], "scores", &[("transB", int(1))]),
        node("Softmax", &["scores"], "probs", &[("axis", int(1))]),
        node("LogSoftmax", &["scores"], "logprobs", &[("axis", int(1))]),
        node("Gemm", &["hidden", "w0", "b0"], "raw", &[("transB", int(1))]),
        Node::new("Sigmoid", &["raw"], "objectness"),
        node("LpNormalization", &["embedding"], "unit", &[("axis", int(1)), ("p", int(2))]),
        node("Gemm", &["fc", "w5", "b5"], "last", &[("transB", int(1))]),
        node("Conv", &["relu", "k"], "map", &[("kernel_shape", ints(&[1, 1]))]),
        node("Transpose", &["map"], "dense", &[("perm", ints(&[0, 2, 3, 1]))]),
        node("ReduceMax", &["probs"], "confidence", &[("keepdims", int(0))]),
        node("ArgMax", &["probs"], "label", &[("axis", int(1))]),
    ];
    let gemm = |rows: usize, columns: usize, seed| Constant::floats(vec![rows, columns], values(rows * columns, seed));
    let bias = |rows: usize| Constant::floats(vec![rows], values(rows, 9));
    let constants = vec![
        ("w1", gemm(7, MAPS, 4)),
        ("b1", bias(7)),
        ("w4", gemm(4, 7, 5)),
        ("b4", bias(4)),
        ("w3", gemm(3, 7, 6)),
        ("b3", bias(3)),
        ("w0", gemm(1, 7, 7)),
        ("b0", bias(1)),
        ("w5", gemm(6, 7, 8)),
        ("b5", bias(6)),
        ("k", Constant::floats(vec![5, MAPS, 1, 1], values(5 * MAPS, 10))),
    ];
    Network::new(2, tail, constants)
}

#[test]
fn of_several_results_the_class_scores_are_taken_in_any_order() {
    let cases: [(&[&str], &str); 18] = [
        (&["boxes", "probs"], "probs"),
        (&["embedding", "scores"], "scores"),
        (&["hidden", "probs"], "probs"),
        (&["embedding", "hidden", "probs"], "probs"),
        (&["scores", "probs"], "probs"),
        (&["scores", "logprobs"], "logprobs"),
        (&["boxes", "scores"], "scores"),
        (&["boxes", "objectness"], "objectness"),
        (&["scores", "objectness"], "scores"),
        (&["probs", "objectness", "boxes"], "probs"),
        (&["unit", "scores"], "scores"),
        (&["unit", "last"], "last"),
        (&["hidden", "last"], "last"),
        (&["fc", "last"], "last"),
        (&["dense", "relu", "probs"], "probs"),
        (&["confidence", "label", "scores"], "scores"),
        (&["confidence", "label", "probs"], "probs"),
        (&["map", "scores"], "scores"),
    ];
    for (outputs, expected) in cases {
        for turned in [false, true] {
            let mut outputs = outputs.to_vec();
            if turned {
                outputs.reverse();
            }
            let mut graph = heads().graph();
            graph.outputs = outputs.iter().map(|&name| name.to_owned()).collect();
            let opened = open(graph.clone(), Card::default()).unwrap();
            let found = opened.scores().map(|scores| scores.value.clone());
            assert_eq!(found.as_deref(), Some(expected), "{outputs:?}");
            assert_eq!(opened.results().len(), outputs.len());
            // A card that names another one is believed.
            for named in outputs.iter().filter(|name| !["dense", "relu", "map", "label"].contains(name)) {
                let card = Card { scores: Some((*named).to_owned()), ..Card::default() };
                let opened = open(graph.clone(), card).unwrap();
                assert_eq!(opened.scores().map(|scores| &scores.value[..]), Some(*named), "{outputs:?}");
                let again = opened.with_recipe(opened.recipe().clone()).unwrap();
                assert_eq!(again.scores().map(|scores| &scores.value[..]), Some(*named));
            }
        }
    }
    for wrong in ["dense", "nothing", "x", "label"] {
        let mut graph = heads().graph();
        graph.outputs = vec!["probs".to_owned(), "dense".to_owned(), "label".to_owned()];
        let refused = open(graph, Card { scores: Some(wrong.to_owned()), ..Card::default() });
        assert!(matches!(refused.map(|_| ()), Err(AnalysisError::BadCard(_))), "{wrong}");
    }
}

#[test]
fn a_network_without_class_scores_is_looked_at_all_the_same() {
    for outputs in [&["dense"][..], &["relu"], &["map", "relu"], &["label"]] {
        let mut graph = heads().graph();
        graph.outputs = outputs.iter().map(|&name| name.to_owned()).collect();
        let opened = open(graph, Card::default()).unwrap();
        assert!(opened.scores().is_none() && opened.classes() == 0, "{outputs:?}");
        for engine in ENGINES {
            let ready = Ready::default();
            let seen = look_at(&opened, engine, &ready, "relu");
            assert_eq!((seen.silence, seen.statistics.len()), (Some(Silence::NoScores), MAPS), "{outputs:?}");
            assert!(seen.predictions(5).is_empty() && seen.top(2).len() == 2);
            let cam = pollster::block_on(class_activation(&opened, engine, &ready, &seen, 0, &Unattended));
            // The classes of a mask can be asked about.
            match opened.gives().kind {
                Kind::Mask(_) => assert!(cam.is_ok() && matches!(outputs[0], "dense" | "map"), "{cam:?}"),
                _ => assert!(matches!(cam, Err(AnalysisError::NoScores { .. })), "{cam:?}"),
            }
            let options = AblateOptions { maps: &[0], to: Replacement::Zero, controls: 1, seed: 1 };
            let found = pollster::block_on(ablate(&opened, engine, &ready, &seen, options, &Unattended));
            // A mask may change without a map, and has no probabilities either.
            match (&opened.gives().kind, found) {
                (Kind::Mask(_), Ok(Ablation { before, without, .. })) => {
                    assert!(before.is_empty() && without.probabilities.is_empty());
                    assert!(matches!(without.finds, Finds::Mask(_)), "{outputs:?}");
                }
                (Kind::Mask(_), other) => panic!("{outputs:?}: {other:?}"),
                (_, refused) => assert!(matches!(refused, Err(AnalysisError::NoScores { .. })), "{refused:?}"),
            }
        }
    }
}

#[test]
fn infinity_and_what_is_no_number_are_said_and_never_a_probability() {
    for (value, of_layer) in
        [(f32::NAN, true), (f32::INFINITY, true), (f32::NAN, false), (f32::INFINITY, false), (f32::NEG_INFINITY, false)]
    {
        let mut network = Network::new(3, vec![node("Softmax", &["logits"], "end", &[("axis", int(1))])], vec![]);
        if !of_layer {
            network.bias = vec![value; 3];
        }
        let mut graph = network.graph();
        if of_layer {
            graph.constants.insert("shift".to_owned(), Constant::floats(vec![MAPS], vec![value, 0.0, 0.0, 0.0]));
            graph.nodes[0].inputs.push("shift".to_owned());
        }
        let opened = open(graph, Card::default()).unwrap();
        let (ready, engine) = (Ready::default(), &RtenEngine);
        let seen = look_at(&opened, engine, &ready, "conv");
        assert_eq!(seen.finite, !of_layer, "{value}");
        // A Relu may make zero of what is no number.
        if !of_layer || value == f32::INFINITY {
            assert_eq!(seen.silence, Some(Silence::NotFinite), "{value} {of_layer}");
        }
        assert_eq!(seen.probabilities.is_empty(), seen.silence.is_some());
        assert!(seen.probabilities.iter().all(|probability| probability.is_finite()));
        let cam = pollster::block_on(class_activation(&opened, engine, &ready, &seen, 0, &Unattended));
        assert!(matches!(cam, Err(AnalysisError::NotFinite { .. })), "{cam:?}");
        if of_layer {
            assert!(!seen.means()[0].is_finite() && seen.means()[1].is_finite());
        }
        let options = AblateOptions { maps: &[1], to: Replacement::Zero, controls: 1, seed: 1 };
        let refused = pollster::block_on(ablate(&opened, engine, &ready, &seen, options, &Unattended));
        assert!(matches!(refused, Err(AnalysisError::NotFinite { .. })), "{refused:?}");
    }
}

/// A network whose input goes through `nodes` to `in`, without a recipe.
fn with_entrance(nodes: &[Node], constants: &[(&str, &[f32])], takes_integers: bool) -> Opened {
    let mut graph = Network::new(3, vec![Node::new("Identity", &["logits"], "end")], vec![]).graph();
    graph.inputs[0].shape = [1, SIDE + 2, SIDE + 2, 3].map(Dimension::Fixed).to_vec();
    let to_maps = Node::new("Transpose", &["in"], "chw").with("perm", ints(&[0, 3, 1, 2]));
    graph.nodes[0].inputs[0] = "chw".to_owned();
    graph.nodes.splice(0..0, nodes.iter().cloned().chain([to_maps]));
    for (name, values) in constants {
        graph.constants.insert((*name).to_owned(), Constant::floats(vec![values.len()], values.to_vec()));
    }
    let model = Model {
        graph,
        producer: String::new(),
        metadata: BTreeMap::new(),
        texts: Vec::new(),
        bytes: 0,
        takes_integers,
        element_types: BTreeMap::new(),
    };
    Opened::new(model, Card::default()).unwrap()
}

#[test]
fn a_network_that_normalises_its_input_gets_pixels_as_they_are() {
    let levels = Recipe { layout: Layout::Nhwc, ..Recipe::of_size(SIDE + 2, SIDE + 2) };
    let cast = || Node::new("Cast", &["x"], "c").with("to", int(1));
    let rescaled = [Node::new("Mul", &["x", "s"], "a"), Node::new("Add", &["a", "o"], "in")];
    let keras = with_entrance(&rescaled, &[("s", &[1.0 / 127.5]), ("o", &[-1.0])], false);
    assert_eq!(keras.recipe(), &levels);
    let bytes = with_entrance(&[cast(), Node::new("Identity", &["c"], "in")], &[], true);
    assert_eq!(bytes.recipe(), &levels);
    let shares = [Node::new("Sub", &["x", "m"], "a"), Node::new("Div", &["a", "d"], "in")];
    let shares = with_entrance(&shares, &[("m", &[0.485, 0.456, 0.406]), ("d", &[0.229, 0.224, 0.225])], false);
    assert_eq!(shares.recipe(), &Recipe { scale: 1.0 / 255.0, ..levels.clone() });
    let plain = with_entrance(&[Node::new("Identity", &["x"], "in")], &[], false);
    assert!(plain.own_recipe().is_none() && plain.recipe().mean.len() == 3);
    // What a card says holds.
    let given = keras.with_recipe(Recipe { scale: 0.5, ..levels.clone() }).unwrap();
    assert_eq!((given.recipe().scale, given.own_recipe().map(|(_, recipe)| recipe)), (0.5, Some(&levels)));
}

#[test]
fn no_picture_of_the_story_is_without_a_reason_for_what_the_network_is_sure_of() {
    #[derive(serde::Deserialize)]
    struct StoryCard {
        recipe: serde_json::Value,
    }
    let card: StoryCard =
        serde_json::from_str(&fs::read_to_string("models/story/story-adapted.json").unwrap()).unwrap();
    let size = card.recipe["size"].as_u64().unwrap() as usize;
    let numbers = |key: &str| -> Option<Vec<f64>> {
        let value = card.recipe.get(key)?;
        value.as_array().map(|list| list.iter().filter_map(serde_json::Value::as_f64).collect())
    };
    let plain = Recipe::of_size(size, size);
    let recipe = Recipe {
        scale: card.recipe["scale"].as_f64().unwrap_or(1.0),
        mean: numbers("mean").unwrap_or_else(|| plain.mean.clone()),
        std: numbers("std").unwrap_or_else(|| plain.std.clone()),
        ..plain
    };
    let model = read(Bytes32::from(&fs::read("models/story/story-adapted.onnx").unwrap()[..]), vec![]).unwrap();
    let opened = Opened::new(model, Card { recipe: Some(recipe), ..Card::default() }).unwrap();
    let ready = Ready::default();
    let mut files: Vec<_> = walk("models/story/pictures");
    files.retain(|path| !path.starts_with("models/story/pictures/riddle"));
    files.sort();
    assert_eq!(files.len(), 180);
    let (mut zero, mut saturated) = (0, 0);
    for file in files {
        let picture = decode(&fs::read(file).unwrap()).unwrap();
        let options = LookOptions { layer: opened.default_layer(), recipe: opened.recipe(), patch: None, slices: &[] };
        let seen = pollster::block_on(look(&opened, &RtenEngine, &ready, &picture, options, &Unattended)).unwrap();
        let best = seen.predictions(1)[0];
        saturated += usize::from(best.probability == 1.0);
        let found = class_activation(&opened, &RtenEngine, &ready, &seen, best.index, &Unattended);
        let cells = pollster::block_on(found).unwrap().cells;
        zero += usize::from(cells.data().iter().all(|&cell| cell == 0.0));
    }
    println!("{zero} zero maps, {saturated} probabilities of 1");
    assert_eq!(zero, 0);
    assert!(saturated > 0);
}

fn walk(folder: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(path.to_str().unwrap())) } else { found.push(path) }
    }
    found
}
