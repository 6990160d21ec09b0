//! What a drawing prepares, how much memory it may take, and what becomes of maps that have no gradient.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;

use featurescope::analysis::card::Card;
use featurescope::analysis::control::{Control, Stage, Unattended};
use featurescope::analysis::draw::{Ascent, DrawOptions, Drawing, Gradients, draw};
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::open::Opened;
use featurescope::domain::recipe::{Channels, Layout, Recipe, Resize};
use featurescope::engine::rten::RtenEngine;
use featurescope::engine::{Engine, EngineError, LocalFuture, Runner};
use featurescope::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use featurescope::onnx::lower::Limits;
use featurescope::onnx::read::{Model, read};
use featurescope::onnx::shapes::Shapes;
use featurescope::onnx::weights::Bytes32;

const STORY: &str = "models/story/story-plain.onnx";
const SQUEEZENET: &str = "models/squeezenet1.1.onnx";
/// A map of the story's network, and the layer before its activation.
const MAP: usize = 41;
const BEFORE: &str = "conv5";

fn model(path: &str) -> Model {
    read(Bytes32::from(&fs::read(path).unwrap()[..]), Vec::new()).unwrap()
}

fn open(model: Model) -> Opened {
    Opened::new(model, Card::default()).unwrap()
}

/// Pixels from 0 to 1.
fn recipe() -> Recipe {
    Recipe {
        size: [227, 227],
        resize: Resize::Squash,
        channels: Channels::Rgb,
        scale: 1.0 / 255.0,
        mean: vec![0.0; 3],
        std: vec![1.0; 3],
        layout: Layout::Nchw,
        ..Recipe::of_size(1, 1)
    }
}

fn run(opened: &Opened, options: DrawOptions<'_>) -> Result<Drawing, AnalysisError> {
    pollster::block_on(draw(opened, &RtenEngine, &Gradients::default(), options, &Unattended, &|_| {}))
}

/// The CPU engine with the limits of another one, which counts what it prepares.
#[derive(Default)]
struct Watched {
    limits: Option<Limits>,
    prepared: Cell<usize>,
}

impl Engine for Watched {
    fn name(&self) -> &'static str {
        "watched"
    }

    fn limits(&self) -> Option<Limits> {
        self.limits
    }

    fn kept_values<'g>(&self, graph: &'g Graph, _: &Shapes) -> Option<Vec<&'g str>> {
        self.limits.map(|_| graph.nodes.iter().map(Node::output).collect())
    }

    fn prepare<'a>(&'a self, graph: Graph) -> LocalFuture<'a, Result<Box<dyn Runner>, EngineError>> {
        self.prepared.set(self.prepared.get() + 1);
        RtenEngine.prepare(graph)
    }
}

#[test]
fn a_wall_prepares_once_for_each_size() {
    let opened = open(model(STORY));
    let recipe = recipe();
    let (engine, gradients) = (Watched::default(), Gradients::default());
    let drawn = |layer, map| {
        let options = DrawOptions { largest: 46, steps: 2, ..DrawOptions::article(layer, map, &recipe) };
        let before = engine.prepared.get();
        let found = pollster::block_on(draw(&opened, &engine, &gradients, options, &Unattended, &|_| {})).unwrap();
        assert_eq!((found.sizes.len(), found.cured + found.saturated), (3, 0), "map {map}");
        (found, engine.prepared.get() - before)
    };
    let (first, prepared) = drawn("relu5", MAP);
    assert_eq!(prepared, 3);
    let others: Vec<usize> = firing(&opened, "relu5").into_iter().filter(|&map| map != MAP).take(2).collect();
    for map in others {
        let (other, prepared) = drawn("relu5", map);
        assert_eq!(prepared, 0, "map {map}");
        assert_ne!(other.activations, first.activations);
    }
    // What is kept draws the same.
    assert_eq!(drawn("relu5", MAP), (first, 0));
    // Another layer's take its place, and a model that is closed frees all.
    assert_eq!(drawn("relu4", firing(&opened, "relu4")[0]).1, 3);
    assert_eq!(drawn("relu5", MAP).1, 3);
    gradients.clear();
    assert_eq!(drawn("relu5", MAP).1, 3);
}

/// The maps that fire on the start at the first size.
fn firing(opened: &Opened, layer: &str) -> Vec<usize> {
    let recipe = recipe();
    let fires = |map: &usize| {
        let options = DrawOptions { largest: 33, steps: 2, ..DrawOptions::article(layer, *map, &recipe) };
        let found = run(opened, options).unwrap();
        found.activations[0] > 0.01 && found.cured == 0
    };
    (0..opened.layer(layer).unwrap().channels.min(60)).filter(fires).collect()
}

/// What a drawing up to `largest` is refused for, if it is.
fn refused(opened: &Opened, engine: &dyn Engine, layer: &str, largest: usize) -> Option<AnalysisError> {
    let recipe = recipe();
    let article = DrawOptions { largest, ..DrawOptions::article(layer, 0, &recipe) };
    Ascent::begin(opened, engine, &Gradients::default(), article).err()
}

#[test]
fn memory_is_estimated_by_what_grows() {
    let gpu =
        Watched { limits: Some(Limits { max_binding_bytes: 1 << 30, max_workgroups: u32::MAX }), ..Watched::default() };
    let squeezenet = open(model(SQUEEZENET));
    let cases: [(&str, &Opened, &str, usize); 3] = [
        ("SqueezeNet", &squeezenet, "fire9/concat", 986),
        ("VGG-16", &open(vgg16()), "relu13", 230),
        ("ResNet-50", &open(resnet50()), "relu49", 230),
    ];
    for (name, opened, layer, largest) in cases {
        for engine in [&RtenEngine as &dyn Engine, &gpu] {
            assert_eq!(refused(opened, engine, layer, largest), None, "{name} on {}", engine.name());
        }
    }
}

/// The largest size that is said to fit does, and the next one does not.
#[test]
fn what_fits_is_exact() {
    let opened = open(model(SQUEEZENET));
    let recipe = recipe();
    let modern = |engine: &dyn Engine, largest| {
        let options = DrawOptions { largest, ..DrawOptions::modern("fire9/concat", 0, &recipe) };
        Ascent::begin(&opened, engine, &Gradients::default(), options).err()
    };
    // No value may take more than two megabytes: the first Conv's 64 maps at 180 pixels do.
    let small =
        Watched { limits: Some(Limits { max_binding_bytes: 2 << 20, max_workgroups: u32::MAX }), ..Watched::default() };
    for engine in [&RtenEngine as &dyn Engine, &small] {
        let Some(AnalysisError::DrawTooLarge { fits, .. }) = modern(engine, 4_000_000_000) else {
            panic!("it was not refused on {}", engine.name());
        };
        println!("modern on {}: up to {fits}", engine.name());
        assert_eq!(modern(engine, fits), None);
        assert!(
            matches!(modern(engine, fits + 1), Some(AnalysisError::DrawTooLarge { fits: other, .. }) if other == fits)
        );
        let Some(AnalysisError::DrawTooLarge { fits, .. }) = refused(&opened, engine, "fire9/concat", 9000) else {
            panic!("it was not refused on {}", engine.name());
        };
        println!("as the article on {}: up to {fits}", engine.name());
        assert_eq!(refused(&opened, engine, "fire9/concat", fits), None);
    }
}

#[test]
fn a_refusal_says_what_is_wrong() {
    let sentence =
        |opened: &Opened, layer: &str, largest| refused(opened, &RtenEngine, layer, largest).map(|it| it.to_string());
    let squeezenet = open(model(SQUEEZENET));
    let tiny = sentence(&squeezenet, "fire9/concat", 20).unwrap();
    assert!(tiny.contains("the smallest has 33"), "{tiny}");
    // An operator that cannot be lowered is not a question of size.
    let mut odd = model(STORY);
    let relu = odd.graph.nodes.iter_mut().find(|node| node.output() == "relu5").unwrap();
    "Einsum".clone_into(&mut relu.op);
    odd.graph.stated_shapes.clear();
    let stated = [1, 96, 8, 8].map(Dimension::Fixed).to_vec();
    odd.graph.stated_shapes.insert("relu5".to_owned(), stated);
    if let Ok(odd) = Opened::new(odd, Card::default())
        && let Some(layer) = odd.layers().iter().find(|layer| layer.id == "relu5").map(|layer| layer.id.clone())
    {
        let sentence = sentence(&odd, &layer, 230).unwrap();
        assert!(sentence.contains("Einsum"), "{sentence}");
    }
}

/// Puts these nodes in the place of the last Relu; the last one's value is read instead of its.
fn splice(model: &mut Model, nodes: Vec<Node>) {
    let graph = &mut model.graph;
    let place = graph.nodes.iter().position(|node| node.output() == "relu5").unwrap();
    let layer = nodes.last().unwrap().output().to_owned();
    graph.nodes.remove(place);
    for node in &mut graph.nodes {
        for input in node.inputs.iter_mut().filter(|input| *input == "relu5") {
            layer.clone_into(input);
        }
    }
    graph.nodes.splice(place..place, nodes);
    graph.stated_shapes.clear();
}

/// Changes the map's filter in the last Conv: a factor for its weights, and what is added to its bias.
fn change(model: &mut Model, factor: f32, added: f32) {
    let mut edit = |name: &str, edit: &dyn Fn(&mut f32)| {
        let constant = model.graph.constants.get_mut(name).unwrap();
        let mut values = constant.as_floats().unwrap().to_vec();
        let each = values.len() / 96;
        values[MAP * each..(MAP + 1) * each].iter_mut().for_each(edit);
        *constant = Constant::floats(constant.shape.clone(), values);
    };
    edit("conv5_weight", &|weight| *weight *= factor);
    edit("conv5_bias", &|bias| *bias += added);
}

/// How the last Relu may be written instead, as a layer of this name.
fn forms() -> Vec<(&'static str, Vec<Node>)> {
    let pool = |op: &str, from: &str, to: &str| {
        let node = Node::new(op, &[from], to).with("kernel_shape", Attribute::Ints(vec![2, 2]));
        node.with("strides", Attribute::Ints(vec![1, 1]))
    };
    vec![
        ("Relu", vec![Node::new("Relu", &["conv5"], "layer")]),
        ("MaxPool", vec![Node::new("Relu", &["conv5"], "before"), pool("MaxPool", "before", "layer")]),
        ("AveragePool", vec![Node::new("Relu", &["conv5"], "before"), pool("AveragePool", "before", "layer")]),
        ("Relu, Min", vec![Node::new("Relu", &["conv5"], "before"), Node::new("Min", &["before", "six"], "layer")]),
        (
            "Max, Min",
            vec![Node::new("Max", &["zero", "conv5"], "before"), Node::new("Min", &["before", "six"], "layer")],
        ),
        ("Min, Relu", vec![Node::new("Min", &["conv5", "six"], "before"), Node::new("Relu", &["before"], "layer")]),
        ("HardSwish", vec![Node::new("HardSwish", &["conv5"], "layer")]),
        (
            "HardSwish, written out",
            vec![
                Node::new("Add", &["conv5", "three"], "shifted"),
                Node::new("Clip", &["shifted", "zero", "six"], "gate"),
                Node::new("Mul", &["conv5", "gate"], "gated"),
                Node::new("Div", &["gated", "six"], "layer"),
            ],
        ),
        (
            "HardSigmoid, pooled",
            vec![Node::new("HardSigmoid", &["conv5"], "before"), pool("MaxPool", "before", "layer")],
        ),
    ]
}

/// The story's network with its last activation in another form, and the map's filter changed.
fn changed(nodes: Vec<Node>, factor: f32, added: f32) -> Opened {
    let mut changed = model(STORY);
    for (name, number) in [("zero", 0.0), ("three", 3.0), ("six", 6.0)] {
        changed.graph.constants.insert(name.to_owned(), Constant::floats(Vec::new(), vec![number]));
    }
    changed.graph.opsets.insert(String::new(), 14);
    splice(&mut changed, nodes);
    change(&mut changed, factor, added);
    open(changed)
}

/// The map's mean before its activation, on logits of this size.
fn before_activation(opened: &Opened, size: usize, logits: Vec<f32>) -> f32 {
    let recipe = recipe();
    let options = DrawOptions {
        largest: size,
        first: Some(size),
        steps: 1,
        start: Some(logits),
        ..DrawOptions::article(BEFORE, MAP, &recipe)
    };
    run(opened, options).unwrap().activations[0]
}

#[test]
fn a_dead_map_starts_whatever_its_activation_is_written_as() {
    let recipe = recipe();
    for (name, nodes) in forms() {
        // So low that the map is dead on the start, and everywhere.
        let opened = changed(nodes, 1.0, -9.0);
        let options = DrawOptions { largest: 39, ..DrawOptions::article("layer", MAP, &recipe) };
        let found = run(&opened, options).unwrap();
        let grey = vec![0.6; 3 * 39 * 39];
        let (first, last) =
            (before_activation(&opened, 39, grey), before_activation(&opened, 39, found.canvas.logits().to_vec()));
        println!(
            "{name}: {} of {} steps helped, before the activation {first} on grey, {last} at the end",
            found.cured,
            found.activations.len()
        );
        assert_eq!(found.activations[0], 0.0, "{name}: the map is not dead");
        assert!(found.cured > 0 && !found.grey, "{name}: {} cured, grey: {}", found.cured, found.grey);
        assert!(last > first + 1.0, "{name}: {first} to {last}");
    }
}

#[test]
fn a_map_at_its_upper_limit_is_told_from_a_dead_one() {
    let recipe = recipe();
    for (name, nodes) in forms().into_iter().filter(|(name, _)| name.contains("Min")) {
        let options = DrawOptions { largest: 33, steps: 4, ..DrawOptions::article("layer", MAP, &recipe) };
        let found = run(&changed(nodes, 1.0, 50.0), options).unwrap();
        assert_eq!((found.cured, found.saturated, found.activations[0]), (0, 4, 6.0), "{name}");
    }
}

/// A map without weights has no gradient before its activation either: nothing is claimed, and the picture is called grey. So it
/// is where its bias alone makes it fire.
#[test]
fn a_map_that_nothing_can_make_fire_leaves_a_grey_picture() {
    let recipe = recipe();
    for bias in [-9.0, 2.0] {
        let opened = changed(vec![Node::new("Relu", &["conv5"], "layer")], 0.0, bias);
        let article = DrawOptions { largest: 39, ..DrawOptions::article("layer", MAP, &recipe) };
        let modern = DrawOptions { largest: 40, steps: 40, ..DrawOptions::modern("layer", MAP, &recipe) };
        for options in [article, modern] {
            let preset = options.preset;
            let found = run(&opened, options).unwrap();
            println!("{preset:?}, bias {bias}: contrast {}", found.canvas.contrast());
            assert!(found.grey, "{preset:?}, bias {bias}: contrast {}", found.canvas.contrast());
            assert_eq!((found.cured, found.saturated), (0, 0), "{preset:?}, bias {bias}");
        }
    }
}

/// The logits before and after the first step of a drawing of 33 pixels.
fn first_step(opened: &Opened) -> Vec<(f64, f64)> {
    let recipe = recipe();
    let article = DrawOptions { largest: 33, steps: 1, ..DrawOptions::article("layer", MAP, &recipe) };
    let start = Ascent::begin(opened, &RtenEngine, &Gradients::default(), article.clone()).unwrap().drawing().canvas;
    let end = run(opened, article).unwrap().canvas;
    start.logits().iter().zip(end.logits()).map(|(&before, &after)| (f64::from(before), f64::from(after))).collect()
}

/// Where there is no gradient, the article's weight decay of 1e-6 alone is what Adam follows, with its rate of 0.2: PyTorch's
/// first step is rate · g / (|g| + 1e-8) for the gradient g.
#[test]
fn weight_decay_and_rate_are_the_article_s() {
    let opened = changed(vec![Node::new("Relu", &["conv5"], "layer")], 0.0, -9.0);
    for (before, after) in first_step(&opened) {
        let decay = 1e-6 * before;
        let wanted = before - 0.2 * decay / (decay + 1e-8);
        assert!((after - wanted).abs() < 1e-6, "{before} to {after}, not {wanted}");
    }
}

/// A dead map's first step is at most a quarter as large as the article's, and nearly that wherever it has a gradient.
#[test]
fn a_dead_map_is_helped_by_small_steps() {
    let moved: Vec<f64> = first_step(&changed(vec![Node::new("Relu", &["conv5"], "layer")], 1.0, -9.0))
        .into_iter()
        .map(|(before, after)| (after - before).abs())
        .collect();
    assert!(moved.iter().all(|&step| step <= 0.05 + 1e-6));
    assert!(moved.iter().filter(|&&step| step > 0.049).count() > moved.len() / 2);
}

/// Cancels at its third pause.
struct Impatient {
    pauses: Cell<usize>,
}

impl Control for Impatient {
    fn progress(&self, _stage: Stage, _done: usize, _total: usize) {}

    fn pause(&self) -> LocalFuture<'_, bool> {
        self.pauses.set(self.pauses.get() + 1);
        Box::pin(async { self.pauses.get() < 4 })
    }
}

/// At 230 pixels one step lets others have their turn many times.
#[test]
fn a_large_step_can_be_cancelled_in_its_middle() {
    let opened = open(model(SQUEEZENET));
    let recipe = recipe();
    let options = DrawOptions { largest: 230, first: Some(230), ..DrawOptions::article("fire9/concat", 0, &recipe) };
    let gradients = Gradients::default();
    let mut ascent = Ascent::begin(&opened, &RtenEngine, &gradients, options).unwrap();
    let control = Impatient { pauses: Cell::new(0) };
    let steps = Cell::new(0);
    let watch = |_: featurescope::analysis::draw::Drawn<'_>| steps.set(steps.get() + 1);
    let stopped = pollster::block_on(ascent.step(&opened, &RtenEngine, &gradients, &control, &watch));
    assert_eq!((stopped, control.pauses.get(), steps.get()), (Err(AnalysisError::Cancelled), 4, 0));
}

/// A network under construction, whose weights are all zero.
struct Build {
    nodes: Vec<Node>,
    constants: BTreeMap<String, Constant>,
}

impl Build {
    fn new() -> Self {
        Self { nodes: Vec::new(), constants: BTreeMap::new() }
    }

    fn conv(&mut self, from: &str, to: &str, channels: [usize; 2], kernel: usize, stride: usize) {
        let (weights, bias) = (format!("{to}/weights"), format!("{to}/bias"));
        let [inputs, outputs] = channels;
        let shape = vec![outputs, inputs, kernel, kernel];
        self.constants.insert(weights.clone(), Constant::floats(shape.clone(), vec![0.0; shape.iter().product()]));
        self.constants.insert(bias.clone(), Constant::floats(vec![outputs], vec![0.0; outputs]));
        let (kernel, stride) = (kernel as i64, stride as i64);
        let node = Node::new("Conv", &[from, &weights, &bias], to)
            .with("kernel_shape", Attribute::Ints(vec![kernel; 2]))
            .with("strides", Attribute::Ints(vec![stride; 2]))
            .with("pads", Attribute::Ints(vec![kernel / 2; 4]));
        self.nodes.push(node);
    }

    fn pool(&mut self, from: &str, to: &str, kernel: i64) {
        let node = Node::new("MaxPool", &[from], to)
            .with("kernel_shape", Attribute::Ints(vec![kernel; 2]))
            .with("strides", Attribute::Ints(vec![2; 2]))
            .with("pads", Attribute::Ints(vec![kernel / 3; 4]));
        self.nodes.push(node);
    }

    /// Ends it with a linear head.
    fn finish(mut self, from: &str, channels: usize) -> Model {
        self.nodes.push(Node::new("GlobalAveragePool", &[from], "means"));
        self.nodes.push(Node::new("Flatten", &["means"], "flat"));
        self.constants.insert("head".to_owned(), Constant::floats(vec![channels, 10], vec![0.0; 10 * channels]));
        self.nodes.push(Node::new("MatMul", &["flat", "head"], "scores"));
        let shape = vec![Dimension::Fixed(1), Dimension::Fixed(3), Dimension::Fixed(224), Dimension::Fixed(224)];
        let graph = Graph {
            inputs: vec![Input { name: "picture".to_owned(), shape }],
            outputs: vec!["scores".to_owned()],
            nodes: self.nodes,
            constants: self.constants,
            opsets: BTreeMap::from([(String::new(), 13)]),
            stated_shapes: BTreeMap::new(),
        };
        Model { graph, ..model(STORY) }
    }
}

/// Simonyan and Zisserman 2014, table 1, column D, without its dense layers.
fn vgg16() -> Model {
    let mut build = Build::new();
    let (mut from, mut channels, mut count) = ("picture".to_owned(), 3, 0);
    for (block, (width, convs)) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)].into_iter().enumerate() {
        for _ in 0..convs {
            count += 1;
            let (conv, relu) = (format!("conv{count}"), format!("relu{count}"));
            build.conv(&from, &conv, [channels, width], 3, 1);
            build.nodes.push(Node::new("Relu", &[&conv], &relu));
            (from, channels) = (relu, width);
        }
        let pool = format!("pool{block}");
        build.pool(&from, &pool, 2);
        from = pool;
    }
    build.finish(&from, channels)
}

/// He et al. 2015, table 1, 50 layers.
fn resnet50() -> Model {
    let mut build = Build::new();
    build.conv("picture", "conv1", [3, 64], 7, 2);
    build.nodes.push(Node::new("Relu", &["conv1"], "relu1"));
    build.pool("relu1", "pool1", 3);
    let (mut from, mut channels, mut count) = ("pool1".to_owned(), 64, 1);
    for (stage, blocks) in [3, 4, 6, 3].into_iter().enumerate() {
        let width = 64 << stage;
        for block in 0..blocks {
            let stride = if block == 0 && stage > 0 { 2 } else { 1 };
            let mut last = from.clone();
            let mut inputs = channels;
            for (kernel, outputs, step) in [(1, width, 1), (3, width, stride), (1, 4 * width, 1)] {
                count += 1;
                let (conv, relu) = (format!("conv{count}"), format!("relu{count}"));
                build.conv(&last, &conv, [inputs, outputs], kernel, step);
                inputs = outputs;
                if outputs == 4 * width {
                    let shortcut = if block == 0 {
                        let shortcut = format!("shortcut{stage}");
                        build.conv(&from, &shortcut, [channels, outputs], 1, stride);
                        shortcut
                    } else {
                        from.clone()
                    };
                    let sum = format!("sum{count}");
                    build.nodes.push(Node::new("Add", &[&conv, &shortcut], &sum));
                    build.nodes.push(Node::new("Relu", &[&sum], &relu));
                } else {
                    build.nodes.push(Node::new("Relu", &[&conv], &relu));
                }
                last = relu;
            }
            (from, channels) = (last, 4 * width);
        }
    }
    build.finish(&from, channels)
}
