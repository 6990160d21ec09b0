//! Drawing maps: against the same loop in PyTorch (`draw/record.py`), and what every drawing has to show.

use std::cell::RefCell;
use std::fs;

use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::draw::{DrawOptions, Drawing, draw};
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::open::Opened;
use featurescope::domain::canvas::Canvas;
use featurescope::domain::penalty::Penalties;
use featurescope::domain::recipe::{Channels, Layout, Recipe, Resize};
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use serde_json::Value;

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
    }
}

/// The recipe of the story's networks.
fn zero_to_one() -> Recipe {
    Recipe { channels: Channels::Rgb, scale: 1.0 / 255.0, mean: vec![0.0; 3], ..recipe() }
}

fn run(opened: &Opened, options: DrawOptions<'_>) -> Result<Drawing, AnalysisError> {
    pollster::block_on(draw(opened, &RtenEngine, options, &Unattended, &|_| {}))
}

fn floats(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
}

/// The correlation of two pictures' pixels.
fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (a, b) = (mean(one), mean(other));
    let sum = |f: &dyn Fn(f64, f64) -> f64| one.iter().zip(other).map(|(&x, &y)| f(x - a, y - b)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

fn planes(levels: &Value) -> Vec<f64> {
    levels.as_array().unwrap().iter().map(|level| level.as_f64().unwrap()).collect()
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

#[test]
fn the_article_s_loop_is_pytorch_s() {
    let recorded: Value = serde_json::from_slice(&fs::read("tests/draw/recorded.json").unwrap()).unwrap();
    let cases = recorded["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let model = case["model"].as_str().unwrap();
        let opened = open(&format!("models/{model}"));
        let recipe = zero_to_one();
        let layer = case["layer"].as_str().unwrap();
        let map = case["map"].as_u64().unwrap() as usize;
        let options = DrawOptions {
            largest: case["sizes"].as_array().unwrap().last().unwrap().as_u64().unwrap() as usize,
            start: Some(start(&case["seed"], case["sizes"][0].as_u64().unwrap() as usize)),
            ..DrawOptions::article(layer, map, &recipe)
        };
        let found = run(&opened, options).unwrap();
        let sizes: Vec<u64> = found.sizes.iter().map(|&size| size as u64).collect();
        assert_eq!(sizes, case["sizes"].as_array().unwrap().iter().map(|v| v.as_u64().unwrap()).collect::<Vec<_>>());
        let (last, theirs) = (found.activations.last().unwrap(), *floats(&case["activations"]).last().unwrap());
        assert_eq!(found.activations.len(), case["activations"].as_array().unwrap().len());
        assert!((last - theirs).abs() <= 0.02 * theirs.abs(), "map {map}: {last} for {theirs}");
        let expected: Vec<f64> = planes(&case["pixels"]);
        let correlation = correlation(&by_plane(&found.canvas), &expected);
        assert!(correlation >= 0.99, "map {map}: correlation {correlation}");
        assert!(!found.grey);
    }
}

/// The start of `record.py`: whole numbers from 150 to 179 from a linear congruential generator, divided by 255.
fn start(seed: &Value, size: usize) -> Vec<f32> {
    let mut state = seed.as_u64().unwrap() as u32;
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
    let maps: Vec<usize> = (0..TRIED).map(|_| random.usize(0..channels)).collect();
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
    pollster::block_on(draw(opened, &RtenEngine, options, &Unattended, &|drawn| {
        sizes.borrow_mut().push(drawn.canvas.size())
    }))
    .unwrap();
    sizes.into_inner()[0]
}

#[test]
fn the_activation_rises() {
    let (rose, cured, not) = rising("models/squeezenet1.1.onnx", "fire9/concat", &recipe());
    println!("SqueezeNet: {rose} of {TRIED} rose, {cured} needed the cure, {not:?} did not fire");
    // What is ascended of a dead map is the value before its activation, which is a Conv's: the first 256 maps are those of
    // one, the others those of another.
    for map in not {
        let (layer, channel) = if map < 256 { ("fire9/expand1x1", map) } else { ("fire9/expand3x3", map - 256) };
        let (first, last) = before_activation(map, layer, channel);
        assert!(last > first, "map {map}: {first} to {last}");
    }
    let opened = open("models/fetched/efficientnet-lite0.onnx");
    let layer = opened.default_layer().to_owned();
    let recipe = Recipe { channels: Channels::Rgb, mean: vec![127.0; 3], std: vec![128.0; 3], ..recipe() };
    let (rose, cured, not) = rising("models/fetched/efficientnet-lite0.onnx", &layer, &recipe);
    println!("EfficientNet-Lite0: {rose} of {TRIED} rose, {cured} needed the cure, {not:?} did not fire");
    assert!(not.is_empty());
}

/// The mean of a Conv's channel on the start and on the end of the drawing of a map.
fn before_activation(map: usize, layer: &str, channel: usize) -> (f32, f32) {
    let opened = open("models/squeezenet1.1.onnx");
    let recipe = recipe();
    let size = first_size(&opened, "fire9/concat", &recipe);
    let options = DrawOptions { largest: size, ..DrawOptions::article("fire9/concat", map, &recipe) };
    let end = run(&opened, options).unwrap().canvas.logits().to_vec();
    let mean = |logits: Vec<f32>| {
        let options = DrawOptions {
            largest: size,
            first: Some(size),
            steps: 1,
            start: Some(logits),
            ..DrawOptions::article(layer, channel, &recipe)
        };
        run(&opened, options).unwrap().activations[0]
    };
    (mean(Canvas::random(size, 1).logits().to_vec()), mean(end))
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
