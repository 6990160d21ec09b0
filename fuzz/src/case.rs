//! One case: what it is made of hangs on the seed and its number alone.

use std::path::Path;

use fastrand::Rng;
use featurescope::analysis::beside::TextFile;
use featurescope::analysis::card::Card;
use featurescope::domain::predictions::Output;
use featurescope::domain::recipe::{Channels, Layout, Recipe, Resize};
use featurescope::domain::resample::Filter;
use featurescope::onnx::read::Model;

use crate::{models, pictures};

/// What is handed to the core.
pub enum Case {
    /// A model file, byte by byte.
    File(Vec<u8>),
    /// A model whose graph was changed, or made up, and what a card says of it.
    Graph(Box<Model>, Box<Card>),
    Picture(Vec<u8>),
}

/// The case of this number. `root` is the repository.
pub fn case(seed: u64, number: u64, root: &Path) -> Case {
    // The golden ratio spreads neighbouring numbers.
    let mut random = Rng::with_seed(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    match random.u8(..100) {
        0..45 => Case::Graph(Box::new(models::changed(&mut random, root)), Box::default()),
        45..75 => Case::Graph(Box::new(models::made_up(&mut random)), Box::default()),
        75..80 => Case::Graph(Box::new(models::unchanged(&mut random, root)), Box::new(card(&mut random))),
        80..90 => Case::File(models::damaged(&mut random, root)),
        _ => Case::Picture(pictures::damaged(&mut random, root)),
    }
}

/// Text files beside a model, which may say anything.
fn beside(random: &mut Rng) -> Vec<TextFile> {
    const TEXTS: [&str; 6] = [
        "{",
        "{\"image_mean\": [1e30, -1, 0], \"image_std\": [0], \"size\": 4097}",
        "{\"size\": {\"shortest_edge\": 1}, \"do_center_crop\": true, \"crop_size\": 0, \"image_std\": [1e-30]}",
        "{\"id2label\": {\"999999999\": \"x\"}, \"pretrained_cfg\": {\"input_size\": [3, 1e9, 2], \"mean\": [], \"std\": []}}",
        "{\"id2label\": {\"1\": \"x\", \"0\": \"\\ud800\"}}",
        "[\"a\", 1]",
    ];
    let text = |random: &mut Rng| (*random.choice(&TEXTS).unwrap_or(&"")).to_owned();
    (0..random.usize(..3)).map(|_| TextFile { name: "config.json".to_owned(), text: text(random) }).collect()
}

/// A card that may say anything.
fn card(random: &mut Rng) -> Card {
    let number = |random: &mut Rng| {
        *random.choice(&[0.0, 1.0, -1.0, 1e-30, 1e30, f64::NAN, f64::INFINITY, 255.0]).unwrap_or(&1.0)
    };
    let sides = [0, 1, 2, 31, 32, 64, 224, 4096, 1 << 20, usize::MAX];
    let side = |random: &mut Rng| *random.choice(&sides).unwrap_or(&32);
    let count = random.usize(..5);
    let recipe = Recipe {
        size: [side(random), side(random)],
        resize: *random.choice(&[Resize::Squash, Resize::Crop, Resize::Letterbox]).unwrap_or(&Resize::Crop),
        channels: *random.choice(&[Channels::Rgb, Channels::Bgr, Channels::Grey]).unwrap_or(&Channels::Rgb),
        scale: number(random),
        mean: (0..count).map(|_| number(random)).collect(),
        std: (0..random.usize(..5)).map(|_| number(random)).collect(),
        layout: if random.u8(..4) > 0 { Layout::Nchw } else { Layout::Nhwc },
        crop_share: random.bool().then(|| number(random)),
        filter: Filter::NAMES[random.usize(..3)].0,
    };
    Card {
        title: random.bool().then(|| "=1+1".repeat(random.usize(..200))),
        recipe: (random.u8(..4) > 0).then_some(recipe),
        labels: (0..random.usize(..20)).map(|index| format!("{index}\u{202e}<b>")).collect(),
        scores: (random.u8(..4) == 0).then(|| "no such value".to_owned()),
        default_layer: random.bool().then(|| "no such layer".to_owned()),
        bands: random
            .bool()
            .then(|| (0..random.usize(..6)).map(|_| random.bool().then(|| random.usize(..4))).collect()),
        beside: beside(random),
        recipe_from: None,
        labels_from: None,
        output: *random
            .choice(&[None, Some(Output::Logits), Some(Output::Softmax), Some(Output::Sigmoid)])
            .unwrap_or(&None),
    }
}
