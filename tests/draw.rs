//! Drawing maps: against the same loop in PyTorch (`draw/record.py`), and what every drawing has to show.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::draw::{DrawOptions, Drawing, Gradients, draw};
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::evaluate::{Objective, differentiate};
use featurescope::analysis::open::Opened;
use featurescope::domain::ascent::{Adam, RATE, WEIGHT_DECAY, sigmoid_slope};
use featurescope::domain::canvas::Canvas;
use featurescope::domain::penalty::Penalties;
use featurescope::domain::recipe::{Channels, Layout, Recipe, Resize};
use featurescope::domain::sight;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use serde::Deserialize;

fn open(path: &str) -> Opened {
    let bytes = fs::read(path).unwrap();
    Opened::new(read(Bytes32::from(&bytes[..]), Vec::new()).unwrap(), Card::default()).unwrap()
}

/// SqueezeNet's own recipe; the size is the canvas's.
fn recipe() -> Recipe {
    Recipe {
        size: [227, 227],
        resize: Resize::Squash,
        channels: Channels::Bgr,
        scale: 1.0,
        mean: vec![104.006, 116.669, 122.679],
        std: vec![1.0; 3],
        layout: Layout::Nchw,
        ..Recipe::of_size(1, 1)
    }
}

/// The recipe of the story's networks.
fn zero_to_one() -> Recipe {
    Recipe { channels: Channels::Rgb, scale: 1.0 / 255.0, mean: vec![0.0; 3], ..recipe() }
}

/// EfficientNet-Lite0's.
fn efficientnet() -> Recipe {
    Recipe { channels: Channels::Rgb, mean: vec![127.0; 3], std: vec![128.0; 3], ..recipe() }
}

fn run(opened: &Opened, options: DrawOptions<'_>) -> Result<Drawing, AnalysisError> {
    pollster::block_on(draw(opened, &RtenEngine, &Gradients::default(), options, &Unattended, &|_| {}))
}

/// The correlation of two pictures' pixels.
fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (a, b) = (mean(one), mean(other));
    let sum = |f: &dyn Fn(f64, f64) -> f64| one.iter().zip(other).map(|(&x, &y)| f(x - a, y - b)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

/// The pixels of a canvas, all red ones first.
fn by_plane(canvas: &Canvas) -> Vec<f64> {
    let picture = canvas.picture().unwrap();
    (0..3)
        .flat_map(|plane| {
            picture.rgb().iter().skip(plane).step_by(3).map(|&level| f64::from(level)).collect::<Vec<_>>()
        })
        .collect()
}

/// What `record.py` recorded.
#[derive(Deserialize)]
struct Recorded {
    cases: Vec<Case>,
    states: Vec<State>,
    left_out: usize,
    adam: Vec<AdamStep>,
}

/// A drawing.
#[derive(Deserialize)]
struct Case {
    model: String,
    layer: String,
    /// Whether the network is the one without kinks.
    smooth: bool,
    kind: Kind,
    map: usize,
    seed: u32,
    sizes: Vec<usize>,
    activation: f32,
    pictures: Vec<Recording>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Smooth,
    Settled,
    Forks,
    Stuck,
    Chaotic,
}

impl Kind {
    /// PyTorch repeats the picture.
    fn repeats(self) -> bool {
        matches!(self, Self::Smooth | Self::Settled)
    }
}

#[derive(Deserialize)]
struct Recording {
    activation: f32,
    offset: usize,
}

/// The loop between two steps.
#[derive(Deserialize)]
struct State {
    model: String,
    layer: String,
    map: usize,
    size: usize,
    step: usize,
    mean: f32,
    norm: f64,
    largest: f64,
    logits: usize,
    gradient: usize,
}

#[derive(Deserialize)]
struct AdamStep {
    logits: Vec<f32>,
    gradient: Vec<f32>,
}

fn recorded() -> (Recorded, Vec<u8>) {
    let found = serde_json::from_slice(&fs::read("tests/draw/recorded.json").unwrap()).unwrap();
    (found, fs::read("tests/draw/recorded.bin").unwrap())
}

/// The recipe of a network of `record.py`.
fn recipe_of(model: &str) -> Recipe {
    match model {
        "story/story-plain.onnx" => zero_to_one(),
        "squeezenet1.1.onnx" => recipe(),
        "fetched/efficientnet-lite0.onnx" => efficientnet(),
        "fetched/cifar10-plaincnn.onnx" => Recipe { channels: Channels::Rgb, mean: vec![0.0; 3], ..recipe() },
        other => panic!("{other} has no recipe here"),
    }
}

/// The network without kinks, as `record.py` makes it.
fn smooth(model: &str) -> Opened {
    let bytes = fs::read(format!("models/{model}")).unwrap();
    let mut found = read(Bytes32::from(&bytes[..]), Vec::new()).unwrap();
    for node in &mut found.graph.nodes {
        match node.op.as_str() {
            "Relu" | "Clip" => {
                "Softplus".clone_into(&mut node.op);
                node.inputs.truncate(1);
            }
            "MaxPool" => "AveragePool".clone_into(&mut node.op),
            _ => {}
        }
    }
    Opened::new(found, Card::default()).unwrap()
}

/// The final activation and the pixels.
fn drawn(case: &Case) -> (f32, Vec<f64>) {
    let opened = if case.smooth { smooth(&case.model) } else { open(&format!("models/{}", case.model)) };
    let recipe = recipe_of(&case.model);
    let options = DrawOptions {
        largest: *case.sizes.last().unwrap(),
        start: Some(start(case.seed, case.sizes[0])),
        ..DrawOptions::article(&case.layer, case.map, &recipe)
    };
    let found = run(&opened, options).unwrap();
    assert_eq!(found.sizes, case.sizes);
    assert_eq!(found.activations.len(), 20 * case.sizes.len());
    (*found.activations.last().unwrap(), by_plane(&found.canvas))
}

/// Whether a drawing is the recorded one: the final activation within 2 %, and a picture that correlates by 0.99 or more.
fn is_that((activation, pixels): &(f32, Vec<f64>), recording: &Recording, blob: &[u8]) -> (bool, f64) {
    let expected: Vec<f64> =
        blob[recording.offset..recording.offset + pixels.len()].iter().map(|&level| f64::from(level)).collect();
    let correlation = correlation(pixels, &expected);
    let near = (activation - recording.activation).abs() <= 0.02 * recording.activation.abs();
    (near && correlation >= 0.99, correlation)
}

/// Every drawing that PyTorch repeats in float32, of the real networks and of those without kinks; real maps of every network are
/// among them.
#[test]
fn the_article_s_loop_is_pytorch_s() {
    /// Of each network.
    const LEAST_SETTLED: usize = 6;
    let (recorded, blob) = recorded();
    let mut failures = Vec::new();
    let mut smooth = 0;
    let mut settled: BTreeMap<&str, usize> = BTreeMap::new();
    for case in recorded.cases.iter().filter(|case| case.kind.repeats()) {
        let found = drawn(case);
        let (fits, correlation) = is_that(&found, &case.pictures[0], &blob);
        smooth += usize::from(case.kind == Kind::Smooth);
        let Case { model, layer, map, kind, activation, .. } = case;
        let what = format!("{model}, {layer}, {kind:?}, map {map}: {} for {activation}", found.0);
        println!("{what}, correlation {correlation:.6}");
        if !fits {
            failures.push(format!("{what}, correlation {correlation}"));
        } else if case.kind == Kind::Settled {
            *settled.entry(model).or_default() += 1;
        }
    }
    println!("{smooth} without kinks; that PyTorch repeats in float32: {settled:?}");
    assert!(smooth >= 18 && settled.values().sum::<usize>() >= 60, "fewer are recorded than record.py records");
    assert!(settled.len() == 4 && settled.values().all(|&maps| maps >= LEAST_SETTLED), "{settled:?}");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Where PyTorch's own runs in float32 fork, the drawing is one of theirs.
#[test]
fn where_pytorch_forks_it_draws_one_of_the_same_pictures() {
    let (recorded, blob) = recorded();
    for case in recorded.cases.iter().filter(|case| case.kind == Kind::Forks) {
        let found = drawn(case);
        let correlations: Vec<f64> =
            case.pictures.iter().map(|recording| is_that(&found, recording, &blob).1).collect();
        println!("{}, map {}: {} with correlations {correlations:.6?}", case.model, case.map, found.0);
        let fits = case.pictures.iter().any(|recording| is_that(&found, recording, &blob).0);
        assert!(fits, "{}, map {}: correlations {correlations:?}", case.model, case.map);
    }
}

/// From PyTorch's own logits on the way, chaotic maps among them, the next step is PyTorch's: the map's mean, and the gradient
/// within a ten-thousandth of its largest number.
#[test]
fn each_step_from_pytorch_s_logits_is_pytorch_s() {
    const POSITIONS: usize = 256;
    const LEAST_STATES: usize = 3;
    let (recorded, blob) = recorded();
    let mut worst = 0.0_f64;
    for state in &recorded.states {
        let State { model, layer, map, size, step, .. } = state;
        let opened = open(&format!("models/{model}"));
        let recipe = recipe_of(model);
        let count = 3 * size * size;
        let levels = blob[state.logits..state.logits + count].iter();
        let canvas = Canvas::of(*size, levels.map(|&level| f32::from(level as i8) / 32.0).collect());
        let pixels = canvas.pixels();
        let input = sight::input(&pixels, *size, &recipe).unwrap();
        let name = opened.input().name.clone();
        let objective = Objective::Means(vec![*map]);
        let inputs = [(&name[..], &input)];
        let found = differentiate(opened.model(), &RtenEngine, &inputs, layer, &name, &objective);
        let (mean, slopes) = pollster::block_on(found).unwrap();
        let gradient = sigmoid_slope(&sight::gradient(&slopes, *size, &recipe), &pixels);
        let expected = blob[state.gradient..state.gradient + 4 * POSITIONS].chunks_exact(4);
        let expected: Vec<f32> = expected.map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
        // As numpy's linspace with its end, cut to whole numbers.
        let place = |index: usize| index * (count - 1) / (POSITIONS - 1);
        let off = |index: usize| f64::from((gradient[place(index)] - expected[index]).abs());
        let error = (0..POSITIONS).map(off).fold(0.0, f64::max) / state.largest;
        let norm = gradient.iter().map(|&slope| f64::from(slope).powi(2)).sum::<f64>().sqrt();
        let what = format!("{model}, map {map}, {size} pixels, step {step}");
        worst = worst.max(error);
        assert!(error <= 1e-4, "{what}: the gradient is off by {error}");
        assert!((norm / state.norm - 1.0).abs() <= 1e-4, "{what}: its norm is {norm} and not {}", state.norm);
        assert!((mean - state.mean).abs() <= 1e-4 * state.mean.abs(), "{what}: {mean} for {}", state.mean);
    }
    println!("{} states, at most off by {worst:e}; {} were left out", recorded.states.len(), recorded.left_out);
    assert!(recorded.states.len() >= 24, "fewer are recorded than record.py records");
    let models: BTreeSet<&str> = recorded.states.iter().map(|state| &state.model[..]).collect();
    assert_eq!(models.len(), 4);
    for model in models {
        let states: Vec<&State> = recorded.states.iter().filter(|state| state.model == model).collect();
        let maps: BTreeSet<usize> = states.iter().map(|state| state.map).collect();
        println!("{model}: {} states of {} maps", states.len(), maps.len());
        assert!(states.len() >= LEAST_STATES, "{model}: {} states", states.len());
    }
}

/// With PyTorch's gradients of the steps of one size, the logits take PyTorch's way.
#[test]
fn adam_takes_pytorch_s_way_through_a_size() {
    let (recorded, _) = recorded();
    assert_eq!(recorded.adam.len(), 20);
    let mut logits = recorded.adam[0].logits.clone();
    let mut adam = Adam::new(logits.len(), RATE, WEIGHT_DECAY);
    for (step, AdamStep { logits: expected, gradient }) in recorded.adam.iter().enumerate() {
        for (found, expected) in logits.iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-5, "step {step}: {found} for {expected}");
        }
        adam.ascend(&mut logits, gradient);
    }
}

/// The start of `record.py`: whole numbers from 150 to 179 from a linear congruential generator, divided by 255.
fn start(seed: u32, size: usize) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (150 + (state >> 16) % 30) as f32 / 255.0
    };
    (0..3 * size * size).map(|_| next()).collect()
}

/// How many maps of each network are tried, and the seed that chooses them.
const TRIED: usize = 20;
const CHOICE: u64 = 20;

/// Draws at the first size only and says how many maps rise, how many needed the cure, and how many never fired.
fn rising(path: &str, layer: &str, recipe: &Recipe) -> (usize, usize, Vec<usize>) {
    let opened = open(path);
    let channels = opened.layer(layer).unwrap().channels;
    let mut random = fastrand::Rng::with_seed(CHOICE);
    let mut maps: Vec<usize> = (0..channels).collect();
    random.shuffle(&mut maps);
    maps.truncate(TRIED);
    let (mut rose, mut cured, mut not) = (0, 0, Vec::new());
    for &map in &maps {
        let options =
            DrawOptions { largest: first_size(&opened, layer, recipe), ..DrawOptions::article(layer, map, recipe) };
        let found = run(&opened, options).unwrap();
        let (first, last) = (found.activations[0], *found.activations.last().unwrap());
        cured += usize::from(found.cured > 0);
        if last > first { rose += 1 } else { not.push(map) }
    }
    (rose, cured, not)
}

fn first_size(opened: &Opened, layer: &str, recipe: &Recipe) -> usize {
    let sizes = RefCell::new(Vec::new());
    let options = DrawOptions { largest: 79, steps: 1, ..DrawOptions::article(layer, 0, recipe) };
    pollster::block_on(draw(opened, &RtenEngine, &Gradients::default(), options, &Unattended, &|drawn| {
        sizes.borrow_mut().push(drawn.canvas.size())
    }))
    .unwrap();
    sizes.into_inner()[0]
}

#[test]
fn the_activation_rises() {
    let opened = open("models/fetched/efficientnet-lite0.onnx");
    let cases = [
        ("models/squeezenet1.1.onnx", "fire9/concat", recipe()),
        ("models/fetched/efficientnet-lite0.onnx", opened.default_layer(), efficientnet()),
    ];
    for (path, layer, recipe) in cases {
        let (rose, cured, not) = rising(path, layer, &recipe);
        println!("{path}: {rose} of {TRIED} rose, {cured} needed the cure, {not:?} did not fire");
        assert_eq!((rose, not), (TRIED, Vec::new()), "{path}");
    }
}

#[test]
fn a_seed_draws_the_same_and_bad_wishes_are_refused() {
    let opened = open("models/story/story-plain.onnx");
    let recipe = zero_to_one();
    let options = |map, largest| DrawOptions { largest, steps: 3, ..DrawOptions::article("relu5", map, &recipe) };
    let first = run(&opened, options(41, 39)).unwrap();
    assert_eq!(first, run(&opened, options(41, 39)).unwrap());
    assert_eq!((first.sizes.clone(), first.activations.len()), (vec![33, 39], 6));
    assert_ne!(first.canvas, run(&opened, DrawOptions { seed: 2, ..options(41, 39) }).unwrap().canvas);
    assert!(matches!(run(&opened, options(96, 39)), Err(AnalysisError::NoSuchMap { map: 96, channels: 96 })));
    assert!(matches!(run(&opened, options(0, 20)), Err(AnalysisError::DrawTooSmall { .. })));
    let huge = run(&opened, options(0, 9000)).unwrap_err();
    assert!(matches!(huge, AnalysisError::DrawTooLarge { fits, .. } if fits >= 230), "{huge}");
}

/// With the modern preset the network sees another view at every step, so single steps say little: the mean of the last ten is
/// compared with that of the first ten.
#[test]
fn modern_drawings_rise_and_are_seeded() {
    let opened = open("models/squeezenet1.1.onnx");
    let recipe = recipe();
    let mut random = fastrand::Rng::with_seed(CHOICE);
    let (mut cured, mut least) = (0, f32::INFINITY);
    for _ in 0..6 {
        let map = random.usize(0..512);
        let options = DrawOptions { largest: 64, steps: 60, ..DrawOptions::modern("fire9/concat", map, &recipe) };
        let found = run(&opened, options.clone()).unwrap();
        assert_eq!((found.sizes.clone(), found.activations.len(), found.canvas.size()), (vec![64], 60, 64));
        let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
        let (first, last) = (mean(&found.activations[..10]), mean(&found.activations[50..]));
        assert!(last > first, "map {map}: {first} to {last}, {} cured", found.cured);
        cured += usize::from(found.cured > 0);
        least = least.min(last - first);
        if map.is_multiple_of(2) {
            assert_eq!(found, run(&opened, options.clone()).unwrap());
            assert_ne!(found.canvas, run(&opened, DrawOptions { seed: 2, ..options }).unwrap().canvas);
        }
    }
    println!("modern: six maps rose, by {least} at least, {cured} needed the cure");
}

#[test]
fn blur_and_penalties_make_either_preset_smoother() {
    let opened = open("models/story/story-plain.onnx");
    let recipe = zero_to_one();
    let article = DrawOptions { largest: 46, ..DrawOptions::article("relu5", 41, &recipe) };
    let modern = DrawOptions { largest: 40, steps: 60, ..DrawOptions::modern("relu5", 41, &recipe) };
    for options in [article, modern] {
        let variation = Penalties { total_variation: 1.0, l2: 0.0 };
        let distance = Penalties { total_variation: 0.0, l2: 1.0 };
        let of = |options: DrawOptions<'_>, penalty: Penalties| {
            let canvas = run(&opened, options).unwrap().canvas;
            penalty.value(&canvas.pixels(), canvas.size())
        };
        let rough = of(options.clone(), variation);
        let blurred = of(DrawOptions { blur: 1.5, ..options.clone() }, variation);
        let varied =
            of(DrawOptions { penalties: Penalties { total_variation: 4.0, l2: 0.0 }, ..options.clone() }, variation);
        assert!(blurred < 0.9 * rough && varied < 0.9 * rough, "{rough}, blurred {blurred}, held back {varied}");
        let far = of(options.clone(), distance);
        let near =
            of(DrawOptions { penalties: Penalties { total_variation: 0.0, l2: 8.0 }, ..options.clone() }, distance);
        assert!(near < 0.9 * far, "{far}, held back {near}");
    }
}

/// Drawings of the networks whose maps PyTorch does not repeat, and how far its own runs are apart (`draw/runs.py`).
#[derive(Deserialize)]
struct Apart {
    model: String,
    layer: String,
    map: usize,
    seed: u32,
    sizes: Vec<usize>,
    activations: Vec<f32>,
    spread: Vec<f32>,
    dies: Option<usize>,
    picture: usize,
    runs: Vec<ApartRun>,
}

#[derive(Deserialize)]
struct ApartRun {
    activation: f64,
    correlation: f64,
}

#[derive(Deserialize)]
struct AllApart {
    cases: Vec<Apart>,
}

/// Step by step we are with PyTorch for as long as its own runs are together; at the end the map fires
/// as much as in one of them, and the picture is as like float64's as one of theirs; where they all agree, so do we.
#[test]
fn we_are_where_pytorch_s_own_runs_are() {
    /// Runs whose activations differ by less at a step are together there.
    const TOGETHER: f32 = 1e-3;
    let AllApart { cases } = serde_json::from_slice(&fs::read("tests/draw/runs.json").unwrap()).unwrap();
    let blob = fs::read("tests/draw/runs.bin").unwrap();
    let (mut followed, mut agreed) = (0, 0);
    for Apart { model, layer, map, seed, sizes, activations, spread, dies, picture, runs } in &cases {
        let opened = open(&format!("models/{model}"));
        let recipe = recipe_of(model);
        let options = DrawOptions {
            largest: *sizes.last().unwrap(),
            start: Some(start(*seed, sizes[0])),
            ..DrawOptions::article(layer, *map, &recipe)
        };
        let found = run(&opened, options).unwrap();
        assert_eq!(&found.sizes, sizes);
        // What we do about a dead map PyTorch's loop does not.
        let end = dies.unwrap_or(activations.len());
        let parted = spread[..end].iter().position(|&spread| spread > TOGETHER).unwrap_or(end);
        followed += parted;
        for (step, (ours, theirs)) in found.activations.iter().zip(activations).take(parted).enumerate() {
            let off = (ours - theirs).abs();
            assert!(off <= 2.0 * TOGETHER * theirs.abs(), "{model}, map {map}, step {step}: {ours} for {theirs}");
        }
        let what = format!("{model}, map {map}: together for {parted} steps");
        if let Some(step) = dies {
            println!("{what}; dies in PyTorch before step {step}");
            continue;
        }
        let pixels = by_plane(&found.canvas);
        let expected: Vec<f64> = blob[*picture..picture + pixels.len()].iter().map(|&level| f64::from(level)).collect();
        let (activation, likeness) = (f64::from(*found.activations.last().unwrap()), correlation(&pixels, &expected));
        let range = |runs: &[ApartRun], value: &dyn Fn(&ApartRun) -> f64| {
            runs.iter().map(value).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), it| (a.min(it), b.max(it)))
        };
        // The first is float64 itself, of which the others' likeness is measured.
        let activations = range(runs, &|run| run.activation);
        let correlations = range(&runs[1..], &|run| run.correlation);
        println!(
            "{what}; {activation:.2}, theirs {activations:.2?}; correlation {likeness:.4}, theirs {correlations:.4?}"
        );
        let margin = 1e-3 * activations.1;
        let among = activation >= activations.0 - margin && activation <= activations.1 + margin;
        assert!(among, "{what}: {activation}, and theirs are {activations:?}");
        assert!(likeness >= correlations.0 - 1e-3, "{what}: correlation {likeness}, and theirs are {correlations:?}");
        let same = |run: &ApartRun| {
            run.correlation >= 0.99 && (run.activation - runs[0].activation).abs() <= 0.02 * runs[0].activation
        };
        if runs.iter().all(same) {
            agreed += 1;
            let ours = ApartRun { activation, correlation: likeness };
            assert!(
                same(&ours),
                "{what}: PyTorch's runs agree, and ours does not: {activation}, correlation {likeness}"
            );
        }
    }
    println!("{} maps, {followed} steps together, {agreed} that PyTorch repeats", cases.len());
    assert!(cases.len() >= 6, "fewer are recorded than runs.py records");
}
