//! Drawings at other sizes than the file's: of every network of the tests, and of networks whose files have sizes written out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::model_file;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::draw::{Ascent, DrawOptions, Drawing, Gradients, Preset, Sizing, draw};
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::open::Opened;
use featurescope::domain::ascent::Adam;
use featurescope::domain::penalty::Penalties;
use featurescope::domain::recipe::Recipe;
use featurescope::domain::tensor::Tensor;
use featurescope::domain::waves::Waves;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::graph::{Attribute, Constant, Data, Dimension, Graph, Input, Node};
use featurescope::onnx::read::{Model, read};
use featurescope::onnx::weights::Bytes32;
use serde_json::{Value, json};

fn run(opened: &Opened, options: DrawOptions<'_>) -> Result<Drawing, AnalysisError> {
    pollster::block_on(draw(opened, &RtenEngine, &Gradients::default(), options, &Unattended, &|_| {}))
}

/// The sizes that the page offers.
fn offered(preset: Preset) -> [usize; 4] {
    match preset {
        Preset::Article => [112, 230, 397, 986],
        Preset::Modern => [64, 128, 224, 320],
    }
}

fn options<'a>(opened: &'a Opened, preset: Preset, largest: usize) -> DrawOptions<'a> {
    let (layer, recipe) = (opened.default_layer(), opened.recipe());
    match preset {
        Preset::Article => DrawOptions { largest, ..DrawOptions::article(layer, 0, recipe) },
        Preset::Modern => DrawOptions { largest, ..DrawOptions::modern(layer, 0, recipe) },
    }
}

fn networks() -> Vec<(String, Opened)> {
    let folders = ["tests/architectures", "models", "models/fetched", "models/story"];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut paths: Vec<String> = files.map(|path| path.to_str().unwrap().to_owned()).collect();
    paths.retain(|path| path.ends_with(".onnx"));
    paths.sort();
    assert!(paths.len() >= 21, "only {paths:?}");
    // This one tells pixels apart, not pictures, and is not opened.
    paths.retain(|path| path != "tests/architectures/unet.onnx");
    let open = |path: String| {
        let model = read(Bytes32::from(&fs::read(&path).unwrap()[..]), Vec::new()).unwrap();
        let opened = Opened::new(model, Card::default()).unwrap_or_else(|error| panic!("{path}: {error}"));
        (path, opened)
    };
    paths.into_iter().map(open).collect()
}

#[test]
fn every_network_draws_at_every_size_that_is_offered() {
    for (path, opened) in networks() {
        for preset in [Preset::Article, Preset::Modern] {
            for largest in offered(preset) {
                let options = options(&opened, preset, largest);
                let sizes = match Ascent::begin(&opened, &RtenEngine, &Gradients::default(), options) {
                    Ok(ascent) => {
                        let found = ascent.drawing();
                        assert_eq!(
                            found.sizing,
                            Sizing::Asked,
                            "{path}, {preset:?} up to {largest}: {:?}",
                            found.sizes
                        );
                        found.sizes
                    }
                    // Memory alone may stand against the largest.
                    Err(AnalysisError::DrawTooLarge { size: 986, fits, .. }) if fits >= 397 => continue,
                    Err(error) => panic!("{path}, {preset:?} up to {largest}: {error}"),
                };
                match preset {
                    Preset::Article => assert!(
                        sizes.len() >= 4 && sizes.windows(2).all(|pair| pair[1] == pair[0] * 6 / 5),
                        "{path} up to {largest}: {sizes:?}"
                    ),
                    Preset::Modern => assert_eq!(sizes, [largest], "{path}"),
                }
            }
        }
    }
}

#[test]
fn every_network_makes_steps() {
    for (path, opened) in networks() {
        for (preset, largest, steps) in [(Preset::Article, 94, 2), (Preset::Modern, 64, 3)] {
            let options = DrawOptions { steps, ..options(&opened, preset, largest) };
            let found = run(&opened, options).unwrap_or_else(|error| panic!("{path}, {preset:?}: {error}"));
            assert_eq!(found.activations.len(), steps * found.sizes.len(), "{path}, {preset:?}");
            assert_eq!(found.lost, 0, "{path}, {preset:?}");
            assert!(
                found.activations.iter().all(|mean| mean.is_finite()),
                "{path}, {preset:?}: {:?}",
                found.activations
            );
        }
    }
}

/// A network of which the file has sizes written out, for pictures of one side. Of the same name the weights are the same at
/// every side.
struct Network {
    nodes: Vec<Node>,
    constants: BTreeMap<String, Constant>,
    /// The last value, its channels and its side.
    last: String,
    channels: usize,
    side: usize,
    picture: usize,
}

impl Network {
    /// A Conv and a Relu with 8 maps.
    fn new(side: usize) -> Self {
        let (nodes, constants) = (Vec::new(), BTreeMap::new());
        let mut network = Self { nodes, constants, last: "picture".to_owned(), channels: 3, side, picture: side };
        network.conv(8, 3, 1);
        network
    }

    fn name(&self) -> String {
        format!("value{}", self.nodes.len())
    }

    fn node(&mut self, op: &str, inputs: &[&str]) -> &mut Node {
        let name = self.name();
        self.nodes.push(Node::new(op, inputs, &name));
        self.last = name;
        self.nodes.last_mut().unwrap()
    }

    fn with(&mut self, name: &str, value: Attribute) {
        self.nodes.last_mut().unwrap().attributes.insert(name.to_owned(), value);
    }

    fn integers(&mut self, values: &[usize]) -> String {
        let name = format!("constant{}", self.constants.len());
        let values = values.iter().map(|&value| value as i64).collect::<Vec<_>>();
        self.constants.insert(name.clone(), Constant::integers(vec![values.len()], values));
        name
    }

    /// Weights that look random: the fractional parts of multiples of the golden ratio.
    fn weights(&mut self, shape: &[usize]) -> String {
        let name = format!("constant{}", self.constants.len());
        let count: usize = shape.iter().product();
        let first = 7 * self.constants.len() + 1;
        let spread = (2.0 / (count / shape[0]) as f64).sqrt() * 3.4;
        let value = |index: usize| (((first + index) as f64 * 0.618_033_988_75).fract() - 0.5) * spread;
        let values = (0..count).map(|index| value(index) as f32).collect();
        self.constants.insert(name.clone(), Constant::floats(shape.to_vec(), values));
        name
    }

    fn conv(&mut self, channels: usize, kernel: usize, stride: usize) {
        let (from, weights) = (self.last.clone(), self.weights(&[channels, self.channels, kernel, kernel]));
        self.node("Conv", &[&from, &weights]);
        self.with("kernel_shape", Attribute::Ints(vec![kernel as i64; 2]));
        self.with("strides", Attribute::Ints(vec![stride as i64; 2]));
        self.with("pads", Attribute::Ints(vec![(kernel / 2) as i64; 4]));
        let conv = self.last.clone();
        self.node("Relu", &[&conv]);
        (self.channels, self.side) = (channels, self.side.div_ceil(stride));
    }

    fn reshape(&mut self, target: &[usize]) {
        let (from, target) = (self.last.clone(), self.integers(target));
        self.node("Reshape", &[&from, &target]);
    }

    fn transpose(&mut self, order: &[i64]) {
        let from = self.last.clone();
        self.node("Transpose", &[&from]);
        self.with("perm", Attribute::Ints(order.to_vec()));
    }

    fn pool(&mut self, op: &str, kernel: usize, stride: usize, pads: [i64; 4]) {
        let from = self.last.clone();
        self.node(op, &[&from]);
        self.with("kernel_shape", Attribute::Ints(vec![kernel as i64; 2]));
        self.with("strides", Attribute::Ints(vec![stride as i64; 2]));
        self.with("pads", Attribute::Ints(pads.to_vec()));
    }

    /// Another Conv and Relu, which are the layer, and a linear head.
    fn finish(mut self) -> Opened {
        self.conv(6, 3, 1);
        let (layer, channels, side) = (self.last.clone(), self.channels, self.picture);
        self.node("GlobalAveragePool", &[&layer]);
        let means = self.last.clone();
        self.node("Flatten", &[&means]);
        let (flat, head) = (self.last.clone(), self.weights(&[channels, 4]));
        self.node("MatMul", &[&flat, &head]);
        let graph = Graph {
            inputs: vec![Input {
                name: "picture".to_owned(),
                shape: [1, 3, side, side].map(Dimension::Fixed).to_vec(),
            }],
            outputs: vec![self.last],
            nodes: self.nodes,
            constants: self.constants,
            opsets: BTreeMap::from([(String::new(), 13)]),
            stated_shapes: BTreeMap::new(),
        };
        let story = read(Bytes32::from(&fs::read("models/story/story-plain.onnx").unwrap()[..]), Vec::new()).unwrap();
        let opened = Opened::new(Model { graph, metadata: Default::default(), ..story }, Card::default()).unwrap();
        assert_eq!(opened.default_layer(), layer);
        opened
    }
}

/// ShuffleNet's exchange of channels between groups.
fn channel_shuffle(side: usize) -> Opened {
    let mut network = Network::new(side);
    network.reshape(&[1, 2, 4, side, side]);
    network.transpose(&[0, 2, 1, 3, 4]);
    network.reshape(&[1, 8, side, side]);
    network.finish()
}

/// Groups of maps that are normalised together, as exporters write it before operator set 18.
fn group_norm(side: usize) -> Opened {
    let mut network = Network::new(side);
    network.conv(8, 3, 2);
    let half = network.side;
    network.reshape(&[1, 4, 2 * half * half]);
    let (from, scale, bias) = (network.last.clone(), "scale".to_owned(), "bias".to_owned());
    network.constants.insert(scale.clone(), Constant::floats(vec![4], vec![1.5, 1.0, 0.5, 2.0]));
    network.constants.insert(bias.clone(), Constant::floats(vec![4], vec![0.1, 0.2, 0.3, 0.4]));
    network.node("InstanceNormalization", &[&from, &scale, &bias]);
    network.reshape(&[1, 8, half, half]);
    network.finish()
}

/// Blocks of 2 × 2 cells as channels.
fn pixel_unshuffle(side: usize) -> Opened {
    let mut network = Network::new(side);
    let half = side / 2;
    network.reshape(&[1, 8, half, 2, half, 2]);
    network.transpose(&[0, 1, 3, 5, 2, 4]);
    network.reshape(&[1, 32, half, half]);
    (network.channels, network.side) = (32, half);
    network.finish()
}

/// Half the map, enlarged to the size of the map before by sizes that are written out.
fn fixed_resize(side: usize) -> Opened {
    let mut network = Network::new(side);
    let whole = network.last.clone();
    network.pool("MaxPool", 2, 2, [0; 4]);
    let (half, sizes) = (network.last.clone(), network.integers(&[1, 8, side, side]));
    network.node("Resize", &[&half, "", "", &sizes]);
    network.with("mode", Attribute::Text("nearest".to_owned()));
    network.with("coordinate_transformation_mode", Attribute::Text("asymmetric".to_owned()));
    network.with("nearest_mode", Attribute::Text("floor".to_owned()));
    let enlarged = network.last.clone();
    network.node("Add", &[&enlarged, &whole]);
    network.finish()
}

/// Squeeze and excite over a window as large as the map.
fn whole_window(side: usize) -> Opened {
    let mut network = Network::new(side);
    let whole = network.last.clone();
    network.pool("AveragePool", side, 1, [0; 4]);
    let means = network.last.clone();
    network.node("Sigmoid", &[&means]);
    let gate = network.last.clone();
    network.node("Mul", &[&whole, &gate]);
    network.finish()
}

/// A residual block with the pads that Keras's "same" gives at this size.
fn same_pads(side: usize) -> Opened {
    let mut network = Network::new(side);
    let whole = network.last.clone();
    let total = ((side - 1) / 2 * 2 + 3 - side) as i64;
    let (begin, end) = (total / 2, total - total / 2);
    network.pool("MaxPool", 3, 2, [begin, begin, end, end]);
    let pooled = network.last.clone();
    network.last = whole;
    network.conv(8, 1, 2);
    let short = network.last.clone();
    network.node("Add", &[&pooled, &short]);
    network.finish()
}

/// The exchange of channels in the branch of an If whose condition is known, as exporters leave it in.
fn known_condition(side: usize) -> Opened {
    let mut network = Network::new(side);
    let (from, before) = (network.last.clone(), network.nodes.len());
    network.reshape(&[1, 2, 4, side, side]);
    network.transpose(&[0, 2, 1, 3, 4]);
    network.reshape(&[1, 8, side, side]);
    let exchange = network.nodes.split_off(before);
    let body = |nodes: Vec<Node>| {
        let outputs = vec![nodes.last().unwrap().output().to_owned()];
        let (inputs, opsets, stated_shapes) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        Attribute::Graph(Box::new(Graph { inputs, outputs, nodes, constants: BTreeMap::new(), opsets, stated_shapes }))
    };
    let truth = Data::Other { data_type: 9, bytes: [1].into() };
    network.constants.insert("known".to_owned(), Constant { shape: vec![], data: truth });
    network.node("If", &["known"]);
    network.with("then_branch", body(exchange));
    network.with("else_branch", body(vec![Node::new("Neg", &[&from], "negative")]));
    network.finish()
}

type Kind = (&'static str, fn(usize) -> Opened, usize, usize);

/// Written for one size and drawn at another, a network is what it is when it is written for that size.
#[test]
fn what_is_written_for_one_size_is_what_it_would_be_for_another() {
    let kinds: [Kind; 8] = [
        ("an If whose condition is known", known_condition, 28, 46),
        ("channel shuffle", channel_shuffle, 28, 46),
        ("group normalization", group_norm, 28, 39),
        ("blocks of pixels", pixel_unshuffle, 28, 46),
        ("fixed sizes of Resize", fixed_resize, 28, 46),
        ("a window over all", whole_window, 28, 39),
        ("pads for an even size", same_pads, 30, 39),
        ("pads for an even size at an even one", same_pads, 30, 46),
    ];
    for (name, network, own, side) in kinds {
        let (other, same) = (network(own), network(side));
        let drawn = |opened: &Opened| {
            let article = options(opened, Preset::Article, side);
            run(opened, DrawOptions { first: Some(side), steps: 4, ..article })
                .unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        let (found, wanted) = (drawn(&other), drawn(&same));
        assert_eq!((&found.sizes, found.sizing), (&vec![side], Sizing::Asked), "{name}");
        assert!(wanted.activations[3] > wanted.activations[0], "{name}: {:?}", wanted.activations);
        assert_eq!(found.activations, wanted.activations, "{name}");
        assert_eq!(found.canvas, wanted.canvas, "{name}");
    }
}

type Recorded = (&'static str, fn(usize) -> Opened);

/// What is recorded for the browser: networks as files, and drawings of them at sizes that the page offers.
const RECORDED: [Recorded; 3] =
    [("channel-shuffle", channel_shuffle), ("group-norm", group_norm), ("pixel-unshuffle", pixel_unshuffle)];

/// `tests/draw/sizes/` for `tests/browser/engine-sizes.spec.mjs`: each network's file, and in `drawings.json` what this engine draws
/// of it. With the variable UPDATE_DRAWN_SIZES set, writes them anew.
#[test]
fn the_drawings_for_the_browser_are_those_of_today() {
    let folder = Path::new("tests/draw/sizes");
    let update = std::env::var_os("UPDATE_DRAWN_SIZES").is_some();
    let mut networks = Vec::new();
    for (name, network) in RECORDED {
        let opened = network(28);
        let recipe = Recipe { scale: 1.0 / 255.0, mean: vec![0.5; 3], std: vec![0.25; 3], ..Recipe::of_size(28, 28) };
        let mut drawings = Vec::new();
        for (preset, size, steps) in
            [(Preset::Article, 112, 2)].into_iter().chain(offered(Preset::Modern).map(|size| (Preset::Modern, size, 3)))
        {
            let found = run(&opened, DrawOptions { recipe: &recipe, steps, ..options(&opened, preset, size) }).unwrap();
            assert!(found.activations.iter().all(|mean| *mean > 0.0), "{name}: {:?}", found.activations);
            let sizing = match found.sizing {
                Sizing::Asked => "asked",
                Sizing::Nearest => "nearest",
                Sizing::Larger => "larger",
                Sizing::Own => "own",
            };
            drawings.push(json!({
                "preset": if preset == Preset::Article { "article" } else { "modern" },
                "size": size,
                "steps": steps,
                "sizes": found.sizes,
                "sizing": sizing,
                "activations": found.activations,
            }));
        }
        let path = folder.join(format!("{name}.onnx"));
        let content = model_file(&opened.unsettled());
        if update {
            fs::create_dir_all(folder).unwrap();
            fs::write(&path, &content).unwrap();
        }
        assert!(fs::read(&path).unwrap() == content, "{name} is another network");
        networks.push(json!({
            "name": name,
            "layer": opened.default_layer(),
            "recipe": { "size": 28, "scale": recipe.scale, "mean": recipe.mean, "std": recipe.std },
            "drawings": drawings,
        }));
    }
    let path = folder.join("drawings.json");
    let found = Value::from(networks);
    if update {
        fs::write(&path, format!("{found:#}\n")).unwrap();
    }
    let recorded: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    same("drawings", &found, &recorded);
}

/// The same but for the last digits, which depend on the machine.
fn same(place: &str, found: &Value, recorded: &Value) {
    match (found, recorded) {
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            assert!((one - other).abs() <= 1e-3 * other.abs() + 1e-5, "{place}: {one}, not {other}");
        }
        (Value::Array(list), Value::Array(other)) => {
            assert_eq!(list.len(), other.len(), "{place}");
            list.iter()
                .zip(other)
                .enumerate()
                .for_each(|(at, (one, other))| same(&format!("{place}.{at}"), one, other));
        }
        (Value::Object(fields), Value::Object(other)) => {
            assert!(fields.keys().eq(other.keys()), "{place}");
            fields.iter().for_each(|(name, one)| same(&format!("{place}.{name}"), one, &other[name]));
        }
        _ => assert_eq!(found, recorded, "{place}"),
    }
}

/// Of sizes that do not come out even the next ones that do.
#[test]
fn blocks_of_pixels_are_drawn_at_even_sizes() {
    let opened = pixel_unshuffle(28);
    let article = run(&opened, DrawOptions { steps: 1, ..options(&opened, Preset::Article, 112) }).unwrap();
    assert_eq!((article.sizing, &article.sizes[..]), (Sizing::Nearest, &[32, 38, 46, 54, 66, 78, 94, 112][..]));
    let modern = run(&opened, DrawOptions { steps: 1, ..options(&opened, Preset::Modern, 65) }).unwrap();
    assert_eq!((modern.sizing, modern.sizes), (Sizing::Nearest, vec![64]));
}

/// Where something of the picture's size is learned, there is no other size.
#[test]
fn a_network_with_a_learned_place_is_drawn_at_its_own_size() {
    let mut network = Network::new(40);
    let (from, places) = (network.last.clone(), network.weights(&[1, 8, 40, 40]));
    network.node("Add", &[&from, &places]);
    let opened = network.finish();
    for largest in [39, 112] {
        let found = run(&opened, DrawOptions { steps: 2, ..options(&opened, Preset::Article, largest) }).unwrap();
        // As many steps as the article makes at 33 and 39.
        assert_eq!((found.sizing, found.sizes, found.activations.len()), (Sizing::Own, vec![40], 4), "up to {largest}");
        let found = run(&opened, DrawOptions { steps: 2, ..options(&opened, Preset::Modern, largest) }).unwrap();
        assert_eq!((found.sizing, found.sizes), (Sizing::Own, vec![28]), "up to {largest}");
    }
}

/// The first size that works is above the one that was asked for.
#[test]
fn a_deep_layer_is_drawn_larger() {
    let mut network = Network::new(96);
    for _ in 0..5 {
        network.pool("MaxPool", 2, 2, [0; 4]);
        network.side /= 2;
    }
    let opened = network.finish();
    let found = run(&opened, DrawOptions { steps: 1, ..options(&opened, Preset::Article, 56) }).unwrap();
    assert_eq!((found.sizing, found.sizes), (Sizing::Larger, vec![66]));
    let found = run(&opened, DrawOptions { steps: 1, ..options(&opened, Preset::Modern, 40) }).unwrap();
    assert_eq!((found.sizing, found.sizes), (Sizing::Larger, vec![55]));
    let found = run(&opened, DrawOptions { steps: 1, ..options(&opened, Preset::Article, 94) }).unwrap();
    assert_eq!((found.sizing, found.sizes), (Sizing::Asked, vec![66, 79, 94]));
}

/// The logarithm of a negative number is none: no step is made of it.
#[test]
fn what_is_no_number_is_not_followed() {
    let mut network = Network::new(40);
    let from = network.last.clone();
    network.constants.insert("below".to_owned(), Constant::floats(vec![], vec![-100.0]));
    network.node("Add", &[&from, "below"]);
    let low = network.last.clone();
    network.node("Log", &[&low]);
    let opened = network.finish();
    let article = options(&opened, Preset::Article, 46);
    let start = Ascent::begin(&opened, &RtenEngine, &Gradients::default(), article.clone()).unwrap().drawing().canvas;
    let found = run(&opened, article).unwrap();
    assert!(found.activations.iter().all(|mean| mean.is_nan()), "{:?}", found.activations);
    assert_eq!((found.lost, found.activations.len()), (20, 20));
    assert_eq!(found.canvas, start);
    let found = run(&opened, options(&opened, Preset::Modern, 40)).unwrap();
    assert_eq!((found.lost, found.activations.len()), (20, 20));
}

/// Adam's first step moves each coefficient by the whole rate, which is lucid's 0.05, and nothing decays: what one Conv of one pixel
/// makes of a picture has a gradient that is known.
#[test]
fn a_modern_step_is_as_large_as_lucid_s() {
    let mut network = Network::new(40);
    (network.nodes, network.constants, network.channels) = (Vec::new(), BTreeMap::new(), 3);
    network.last = "picture".to_owned();
    network.conv(8, 1, 1);
    let weights = network.constants["constant0"].as_floats().unwrap()[..3].to_vec();
    let opened = network.finish();
    let recipe = opened.recipe();
    let (side, seed) = (40, 1);
    let modern = DrawOptions { largest: side, seed, steps: 1, ..DrawOptions::modern("value0", 0, recipe) };
    let found = run(&opened, modern).unwrap();

    let mut waves = Waves::random(side, seed);
    let start = waves.canvas().logits().to_vec();
    let input = waves.input(recipe).unwrap();
    let cells = input.data().len() / 3;
    let slopes = weights.iter().flat_map(|weight| vec![weight / cells as f32; cells]).collect();
    let slopes = Tensor::new(input.shape().to_vec(), slopes).unwrap();
    let slopes = waves.gradient(&slopes, recipe, Penalties::default(), found.activations[0]);
    let mut adam = Adam::new(waves.count(), 0.05, 0.0);
    adam.ascend(waves.coefficients_mut(), &slopes);
    waves.paint();
    let moved = |logits: &[f32]| -> Vec<f64> {
        logits.iter().zip(&start).map(|(&after, &before)| f64::from(after) - f64::from(before)).collect()
    };
    let (found, wanted) = (moved(found.canvas.logits()), moved(waves.canvas().logits()));
    let length = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
    let apart: Vec<f64> = found.iter().zip(&wanted).map(|(one, other)| one - other).collect();
    println!("a step of {}, {} apart", length(&wanted), length(&apart));
    assert!(length(&wanted) > 1.0 && length(&apart) < 0.01 * length(&wanted));
}
