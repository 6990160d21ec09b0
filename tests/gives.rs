//! What networks give besides class scores: the networks of `tests/gives`, on the CPU engine as they are and in the lowered form, against
//! onnxruntime's values and a reference NMS in numpy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{Lowering, model_file, run};
use featurescope::analysis::ablate::{AblateOptions, Replacement, ablate};
use featurescope::analysis::cam::{class_activation, place_activation};
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::finds::Finds;
use featurescope::analysis::look::{Look, LookOptions, look, look_at_maps};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::boxes::{BoxForm, FoundBox};
use featurescope::domain::instances::Instance;
use featurescope::domain::picture::{Picture, decode};
use featurescope::domain::predictions::Silence;
use featurescope::domain::recipe::{Layout, Recipe, Resize};
use featurescope::domain::tensor::Tensor;
use featurescope::engine::rten::RtenEngine;
use featurescope::engine::{Engine, EngineError, LocalFuture, Runner};
use featurescope::onnx::cut::{cut, from_layer};
use featurescope::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use featurescope::onnx::head::{Kind, Reason};
use featurescope::onnx::layers::Layer;
use featurescope::onnx::lower::Limits;
use featurescope::onnx::read::{Model, read};
use featurescope::onnx::weights::Bytes32;
use serde::Deserialize;

/// The largest error of a box's sides in pixels of the picture. Our resized pixels are within one level of Pillow's.
const PIXELS: f32 = 1.0;
/// The largest error of a score, and of an element of an embedding.
const SCORE: f32 = 2e-3;
/// So large a part of a mask may be of another class: places where two classes are equal but for rounding.
const OTHER_CLASS: f64 = 0.005;

/// `expected.json`, which `generate.py` writes.
#[derive(Deserialize)]
struct Expected {
    names: Vec<String>,
    networks: BTreeMap<String, Network>,
}

#[derive(Deserialize)]
struct Network {
    /// None where the file itself tells it.
    recipe: Option<TestRecipe>,
    kind: String,
    /// Left, top, right, bottom, class and score.
    #[serde(default)]
    boxes: Vec<(f32, f32, f32, f32, usize, f32)>,
    /// Rows and columns of the masks of boxes.
    #[serde(default)]
    grid: [usize; 2],
    /// Of the first boxes: row by row `1` where the thing is, `0` where it is not, `?` where rounding would decide.
    #[serde(default)]
    masks: Vec<String>,
    #[serde(default)]
    mask: Vec<u8>,
    #[serde(default)]
    areas: BTreeMap<String, f64>,
    #[serde(default)]
    embedding: Vec<f32>,
    #[serde(default)]
    size: Vec<usize>,
}

#[derive(Deserialize)]
struct TestRecipe {
    size: usize,
    scale: f64,
    #[serde(default)]
    layout: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gives")
}

fn expected() -> Expected {
    serde_json::from_slice(&std::fs::read(folder().join("expected.json")).unwrap()).unwrap()
}

fn open(name: &str, network: &Network) -> Opened {
    let bytes = std::fs::read(folder().join(format!("{name}.onnx"))).unwrap();
    let recipe = network.recipe.as_ref().map(|recipe| Recipe {
        scale: recipe.scale,
        layout: if recipe.layout == "nhwc" { Layout::Nhwc } else { Layout::Nchw },
        ..Recipe::of_size(recipe.size, recipe.size)
    });
    Opened::new(read(Bytes32::from(&bytes[..]), Vec::new()).unwrap(), Card { recipe, ..Card::default() }).unwrap()
}

fn look_at(opened: &Opened, engine: &dyn Engine, layer: &str) -> Result<Look, String> {
    let picture = decode(&std::fs::read(folder().join("picture.png")).unwrap()).unwrap();
    let options = LookOptions { layer, recipe: opened.recipe(), patch: None, slices: &[] };
    pollster::block_on(look(opened, engine, &Ready::default(), &picture, options, &Unattended))
        .map_err(|error| error.to_string())
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Scores => "scores",
        Kind::Boxes { .. } => "boxes",
        Kind::Mask(_) => "mask",
        Kind::Embedding { .. } => "embedding",
        Kind::Picture(_) => "picture",
        Kind::Unknown => "unknown",
    }
}

/// What is wrong with what was found, if anything.
fn difference(network: &Network, found: &Finds) -> Option<String> {
    match found {
        Finds::Boxes { boxes, masks } => {
            if boxes.len() != network.boxes.len() {
                return Some(format!("{} boxes, not {}", boxes.len(), network.boxes.len()));
            }
            let mut open: Vec<_> = boxes.iter().collect();
            for &(left, top, right, bottom, class, score) in &network.boxes {
                let is_it = |one: &&featurescope::domain::boxes::FoundBox| {
                    let sides = [one.left - left, one.top - top, one.right - right, one.bottom - bottom];
                    one.class == class
                        && (one.score - score).abs() <= SCORE
                        && sides.iter().all(|side| side.abs() <= PIXELS)
                };
                let Some(place) = open.iter().position(is_it) else {
                    return Some(format!("no box like {:?} in {open:?}", (left, top, right, bottom, class, score)));
                };
                open.remove(place);
            }
            if boxes.windows(2).any(|pair| pair[0].score < pair[1].score) {
                return Some("the best is not first".to_owned());
            }
            other_masks(network, masks, boxes.len())
        }
        Finds::Mask(mask) => {
            let other = mask.classes.iter().zip(&network.mask).filter(|(found, class)| found != class).count();
            let places = network.mask.len();
            let is_like = mask.classes.len() == places && other as f64 <= OTHER_CLASS * places as f64;
            let areas = mask.areas();
            let same = areas.len() == network.areas.len()
                && areas.iter().all(|area| (area.share - network.areas[&area.class.to_string()]).abs() <= OTHER_CLASS);
            (!is_like || !same).then(|| format!("{other} of {places} places, areas {areas:?}"))
        }
        Finds::Embedding(vector) => {
            let is_like = vector.len() == network.embedding.len()
                && vector.iter().zip(&network.embedding).all(|(found, value)| (found - value).abs() <= SCORE);
            (!is_like).then(|| format!("{vector:?}, not {:?}", network.embedding))
        }
        Finds::Picture(picture) => {
            let size = [picture.height(), picture.width()];
            (size[..] != network.size[..]).then(|| format!("a picture of {size:?}"))
        }
        Finds::Nothing => None,
        Finds::NotFinite => Some("not finite".to_owned()),
    }
}

/// What is wrong with the masks of boxes, if anything.
fn other_masks(network: &Network, masks: &[Instance], boxes: usize) -> Option<String> {
    if masks.len() != if network.masks.is_empty() { 0 } else { boxes } {
        return Some(format!("{} masks of {boxes} boxes", masks.len()));
    }
    masks.iter().zip(&network.masks).enumerate().find_map(|(number, (mask, expected))| {
        let found = whole(mask);
        let is_it = |(found, expected): (&u8, u8)| expected == b'?' || *found == expected - b'0';
        let is_like = mask.grid == network.grid
            && found.len() == expected.len()
            && found.iter().zip(expected.bytes()).all(is_it)
            && (mask.share() - found.iter().map(|&it| f64::from(it)).sum::<f64>() / found.len() as f64).abs() < 1e-9;
        (!is_like).then(|| format!("mask {number}: {mask:?}, not {expected}"))
    })
}

/// A mask over all of what the network saw.
fn whole(mask: &Instance) -> Vec<u8> {
    let mut all = vec![0; mask.grid[0] * mask.grid[1]];
    for (row, line) in mask.places.chunks_exact(mask.size[1].max(1)).enumerate() {
        all[(mask.first[0] + row) * mask.grid[1] + mask.first[1]..][..line.len()].copy_from_slice(line);
    }
    all
}

fn found_name(found: &Finds) -> &'static str {
    match found {
        Finds::Nothing => "nothing",
        Finds::Boxes { .. } => "boxes",
        Finds::Mask(_) => "mask",
        Finds::Embedding(_) => "embedding",
        Finds::Picture(_) => "picture",
        Finds::NotFinite => "not finite",
    }
}

#[test]
fn what_networks_give_is_told_and_found_as_onnxruntime_finds_it() {
    let Expected { names, networks } = expected();
    let mut wrong = Vec::new();
    for (name, network) in &networks {
        let opened = open(name, network);
        let kind = kind_name(&opened.gives().kind);
        if kind != network.kind {
            wrong.push(format!("{name}: {kind} by {:?}, not {}", opened.gives().reason, network.kind));
            continue;
        }
        assert_eq!(opened.scores().is_some(), kind == "scores", "{name}");
        if network.recipe.is_none() {
            assert_eq!(opened.names(), names, "{name}");
            assert_eq!(opened.recipe().size, if name == "yolov8_seg_odd" { [52, 76] } else { [64, 64] });
        }
        for engine in [&RtenEngine as &dyn Engine, &Lowering] {
            // What is looked at first are maps of the picture, not numbers in a row.
            let first = opened.layer(opened.default_layer()).unwrap();
            assert!(first.height > 1 && first.width > 1, "{name}");
            let seen = match look_at(&opened, engine, opened.default_layer()) {
                // Lowering has no Gather by places that are computed.
                Err(error) if name == "torchvision_lists" && engine.limits().is_some() => {
                    assert!(error.contains("Gather"), "{error}");
                    let picture = decode(&std::fs::read(folder().join("picture.png")).unwrap()).unwrap();
                    let options = LookOptions {
                        layer: opened.default_layer(),
                        recipe: opened.recipe(),
                        patch: None,
                        slices: &[],
                    };
                    let ready = Ready::default();
                    let alone = look_at_maps(&opened, engine, &ready, &picture, options, &Unattended);
                    assert_eq!(pollster::block_on(alone).unwrap().finds, Finds::Nothing);
                    continue;
                }
                Ok(seen) => seen,
                Err(error) => {
                    wrong.push(format!("{name} ({:?}): {error}", engine.limits().is_some()));
                    continue;
                }
            };
            let expected = if matches!(kind, "scores" | "unknown") { "nothing" } else { kind };
            if found_name(&seen.finds) != expected {
                wrong.push(format!("{name}: {}", found_name(&seen.finds)));
            }
            assert_eq!(seen.silence.is_none(), kind == "scores", "{name}");
            assert!(kind == "scores" || seen.silence == Some(Silence::NoScores));
            wrong.extend(difference(network, &seen.finds).map(|detail| format!("{name}: {detail}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ultralytics_says_what_its_files_need() {
    let Expected { networks, .. } = expected();
    let of = |name: &str| open(name, &networks[name]);
    let yolo = of("yolov8");
    assert_eq!((yolo.recipe().resize, yolo.recipe().scale), (Resize::Letterbox, 1.0 / 255.0));
    assert_eq!((yolo.gives().reason, of("yolov8_unnamed").gives().reason), (Reason::Metadata, Reason::Ending));
    let classifier = of("classifier");
    assert_eq!((classifier.recipe().resize, classifier.labels().len()), (Resize::Crop, 4));
    assert_eq!((classifier.gives().kind, classifier.gives().reason), (Kind::Scores, Reason::Metadata));
}

/// The values that a network gives may be a layer that is looked at, and are found all the same.
#[test]
fn a_layer_that_is_the_answer_is_looked_at_too() {
    let Expected { networks, .. } = expected();
    let network = &networks["deeplab"];
    let opened = open("deeplab", network);
    let value = &opened.gives().values[0];
    for layer in opened.layers() {
        let seen = look_at(&opened, &RtenEngine, &layer.id).unwrap();
        assert_eq!(difference(network, &seen.finds), None, "{}", layer.id);
    }
    assert!(opened.layers().iter().any(|layer| layer.id != *value));
}

/// The masks of this network are wherever the picture is blue, as the rectangle in it: there they lie on the picture as well, whichever of its sides has
/// the grey that makes a square of it.
#[test]
fn masks_lie_where_the_things_are_on_the_picture() {
    let Expected { networks, .. } = expected();
    let opened = open("yolov8_seg_blue", &networks["yolov8_seg_blue"]);
    let wide = decode(&std::fs::read(folder().join("picture.png")).unwrap()).unwrap();
    let (width, height) = (wide.width(), wide.height());
    let turned = (0..width * height).flat_map(|place| {
        let (row, column) = (place / height, place % height);
        wide.rgb()[3 * (column * width + row)..][..3].to_vec()
    });
    let high = Picture::new(height, width, turned.collect()).unwrap();
    for picture in [wide.clone(), high] {
        let options = LookOptions { layer: opened.default_layer(), recipe: opened.recipe(), patch: None, slices: &[] };
        let ready = Ready::default();
        let seen = look(&opened, &RtenEngine, &ready, &picture, options, &Unattended);
        let seen = pollster::block_on(seen).unwrap();
        let Finds::Boxes { boxes, masks } = &seen.finds else { panic!("{:?}", seen.finds) };
        assert_eq!(boxes.len(), masks.len());
        let mut compared = [0, 0];
        for (one, mask) in boxes.iter().zip(masks) {
            let frame = mask.frame(&seen.frame);
            for (place, &has) in mask.places.iter().enumerate() {
                let step = [frame.width / mask.size[1] as f64, frame.height / mask.size[0] as f64];
                let x = frame.left + ((place % mask.size[1]) as f64 + 0.5) * step[0];
                let y = frame.top + ((place / mask.size[1]) as f64 + 0.5) * step[1];
                assert!(x > f64::from(one.left) - 0.1 && x < f64::from(one.right) + 0.1);
                assert!(y > f64::from(one.top) - 0.1 && y < f64::from(one.bottom) + 0.1);
                // Of a place and its neighbours: pixels that are blue, and all that there are; what lies beside the picture is grey.
                let around = |centre: f64, step: f64, end: usize| {
                    ((centre - step).round() as i64..(centre + step).round() as i64)
                        .filter(move |&it| it >= 0 && it < end as i64)
                };
                let pixels: Vec<bool> = around(y, step[1], picture.height())
                    .flat_map(|row| around(x, step[0], picture.width()).map(move |column| (row, column)))
                    .map(|(row, column)| {
                        let at = 3 * (row as usize * picture.width() + column as usize);
                        picture.rgb()[at..at + 3] == [20, 40, 160]
                    })
                    .collect();
                let blue = pixels.iter().filter(|&&is| is).count();
                if blue == 0 || blue == pixels.len() {
                    assert_eq!(has, u8::from(blue > 0), "{x}, {y}");
                    compared[usize::from(has)] += 1;
                }
            }
        }
        assert!(compared[0] > 500 && compared[1] > 200, "{compared:?}");
    }
}

/// A card knows better: what it calls scores are scores.
#[test]
fn a_card_makes_scores_of_what_looks_like_an_embedding() {
    let Expected { networks, .. } = expected();
    for name in ["embedding", "backbone"] {
        let opened = open(name, &networks[name]);
        let value = opened.gives().values[0].clone();
        let card = Card { scores: Some(value), recipe: Some(opened.recipe().clone()), ..Card::default() };
        let scored = Opened::new(opened.model().clone(), card).unwrap();
        assert_eq!((scored.gives().kind, scored.gives().reason), (Kind::Scores, Reason::Card), "{name}");
        assert!(look_at(&scored, &RtenEngine, scored.default_layer()).unwrap().predictions(1).len() == 1);
        // So do names of as many classes.
        let labels = (0..scored.classes()).map(|class| format!("class {class}")).collect();
        let card = Card { labels, recipe: Some(opened.recipe().clone()), ..Card::default() };
        let named = Opened::new(opened.model().clone(), card).unwrap();
        assert_eq!(named.gives().kind, Kind::Scores, "{name}");
    }
}

/// The CPU engine, were it to lack one operator.
struct Without(&'static str);

impl Engine for Without {
    fn name(&self) -> &'static str {
        "rten"
    }

    fn limits(&self) -> Option<Limits> {
        None
    }

    fn prepare<'a>(&'a self, graph: Graph) -> LocalFuture<'a, Result<Box<dyn Runner>, EngineError>> {
        match graph.nodes.iter().find(|node| node.op == self.0) {
            Some(node) => {
                let (node, op) = (node.name.clone(), node.op.clone());
                let detail = "it is missing".to_owned();
                Box::pin(async move { Err(EngineError::Unsupported { node, op, detail }) })
            }
            None => RtenEngine.prepare(graph),
        }
    }
}

/// What the engine lacks behind a layer keeps nobody from looking at the layer, and is said.
#[test]
fn a_network_whose_end_cannot_be_run_shows_its_maps() {
    let Expected { networks, .. } = expected();
    for (name, op) in [("torchvision_lists", "Gather"), ("detr", "Sigmoid")] {
        let opened = open(name, &networks[name]);
        for layer in opened.layers().iter().filter(|layer| layer.op != "Sigmoid") {
            let (whole, seen) = (look_at(&opened, &RtenEngine, &layer.id), look_at(&opened, &Without(op), &layer.id));
            let (whole, seen) = (whole.unwrap(), seen.unwrap());
            assert_eq!((&seen.maps, seen.finds), (&whole.maps, Finds::Nothing), "{name}, {}", layer.id);
            assert!(seen.missing.unwrap().to_string().contains(op) && whole.missing.is_none());
        }
    }
}

/// What Grad-CAM of a box or a class of a mask has to differentiate, from the values that the network gives: the score of that box, or the sum
/// of the class's scores where it is. `still` is what the network gives of the picture as it was: a network that finishes its boxes puts them in the
/// order of their scores, so a box may be elsewhere in `values`, and is the one that lies where it was.
fn score_of(opened: &Opened, look: &Look, still: &[Vec<f32>], values: &[Vec<f32>], number: usize) -> f64 {
    match (&opened.gives().kind, &look.finds) {
        (Kind::Boxes { form, .. }, Finds::Boxes { boxes, .. }) => {
            let found = &boxes[number];
            let place = found.place;
            match *form {
                BoxForm::Places { count, length, columns, anything, .. } => {
                    let at = |at: usize| {
                        f64::from(values[0][if columns { at * count + place } else { place * length + at }])
                    };
                    let first = if anything { 5 } else { 4 };
                    at(first + found.class) * if anything { at(4) } else { 1.0 }
                }
                BoxForm::Corners { classes, .. } => f64::from(values[1][place * classes + 1 + found.class]),
                BoxForm::Queries { classes, .. } => f64::from(values[1][place * classes + found.class]),
                BoxForm::Finished { length, .. } => {
                    let was = &still[0][place * length..][..4];
                    let away = |row: &[f32]| -> f32 { row.iter().zip(was).map(|(side, was)| (side - was).abs()).sum() };
                    let rows = values[0].chunks_exact(length);
                    let nearest = rows.min_by(|a, b| away(a).total_cmp(&away(b))).unwrap();
                    f64::from(nearest[4])
                }
                BoxForm::Lists { .. } => unreachable!("these have no gradient"),
            }
        }
        (Kind::Mask(form), Finds::Mask(mask)) => {
            let places = form.height * form.width;
            let score = |place: usize| match form.classes {
                1 => f64::from(values[0][place]) * if number == 0 { -1.0 } else { 1.0 },
                classes if form.channels_last => f64::from(values[0][place * classes + number]),
                _ => f64::from(values[0][number * places + place]),
            };
            (0..places).filter(|&place| usize::from(mask.classes[place]) == number).map(score).sum()
        }
        _ => unreachable!("only boxes and masks have Grad-CAM"),
    }
}

/// The slopes of Grad-CAM are those of the score: each map's weight is the mean of its derivatives, which is what the score gains when the whole
/// map grows a little, over the map's area.
#[test]
fn grad_cam_of_a_box_and_of_a_class_of_a_mask_follows_its_score() {
    const STEP: f32 = 1e-2;
    let Expected { networks, .. } = expected();
    let names = [
        "yolov5",
        "yolov5_seg",
        "yolov8",
        "yolov8_seg",
        "yolo26",
        "yolo26_seg",
        "ssd",
        "detr",
        "rtdetr",
        "deeplab",
        "argmax",
        "unet",
        "keras",
    ];
    for name in names {
        let opened = open(name, &networks[name]);
        // The last Relu: what follows has no kinks.
        let layer = opened.layers().iter().rfind(|layer| layer.op == "Relu").unwrap().id.clone();
        let ready = Ready::default();
        let seen = look_at(&opened, &RtenEngine, &layer).unwrap();
        let values = &opened.gives().values;
        let rest = from_layer(&cut(opened.graph(), values).unwrap(), opened.shapes(), &layer).unwrap();
        let input = seen.input().unwrap();
        let given_by = |maps: Tensor| -> Vec<Vec<f32>> {
            let inputs = BTreeMap::from([(layer.clone(), maps), (opened.input().name.clone(), input.clone())]);
            let given = run(&rest, &inputs).unwrap();
            values.iter().map(|value| given[value].data().to_vec()).collect()
        };
        let still = given_by(seen.maps.clone());
        let mut rises = 0;
        let count = match &seen.finds {
            Finds::Boxes { boxes, .. } => boxes.len().min(12),
            _ => 2,
        };
        for number in 0..count {
            let found = [&RtenEngine as &dyn Engine, &Lowering].map(|engine| {
                let cam = class_activation(&opened, engine, &ready, &seen, number, &Unattended);
                pollster::block_on(cam).unwrap_or_else(|error| panic!("{name}: {error}"))
            });
            assert_eq!(found[0], found[1], "{name}");
            let weights = &found[0].weights;
            assert!(weights.iter().all(|weight| weight.is_finite()));
            let largest = weights.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
            rises += usize::from(largest > 0.0);
            let area = seen.layer.width * seen.layer.height;
            for map in [0, 3, 7] {
                let at = |step: f32| {
                    let mut maps = seen.maps.clone();
                    maps.data_mut()[map * area..][..area].iter_mut().for_each(|value| *value += step);
                    score_of(&opened, &seen, &still, &given_by(maps), number)
                };
                let slope = (at(STEP) - at(-STEP)) / (2.0 * f64::from(STEP) * area as f64);
                let difference = (slope - f64::from(weights[map])).abs();
                assert!(
                    difference <= 0.02 * f64::from(largest) + 1e-7,
                    "{name}, {number}, map {map}: {slope}, {weights:?}"
                );
            }
        }
        assert!(rises > 0, "{name}");
        let many = pollster::block_on(class_activation(&opened, &RtenEngine, &ready, &seen, 4000, &Unattended));
        let of_boxes = matches!(many, Err(AnalysisError::NoSuchBox { index: 4000, boxes: 1.. }));
        let of_a_mask = matches!(many, Err(AnalysisError::NoSuchClass { index: 4000, .. }));
        assert_eq!(
            [of_boxes, of_a_mask],
            [matches!(seen.finds, Finds::Boxes { .. }), matches!(seen.finds, Finds::Mask(_))]
        );
    }
}

/// What speaks for a class at one place is a part of what speaks for it everywhere: over all places of a class it adds up to that.
#[test]
fn grad_cam_of_the_places_of_a_mask_adds_up_to_that_of_its_class() {
    let Expected { networks, .. } = expected();
    for name in ["deeplab", "unet", "keras"] {
        let opened = open(name, &networks[name]);
        let layer = opened.layers().iter().rfind(|layer| layer.op == "Relu").unwrap().id.clone();
        let ready = Ready::default();
        let seen = look_at(&opened, &RtenEngine, &layer).unwrap();
        let Finds::Mask(mask) = &seen.finds else { panic!("{name} gives no mask") };
        // The rarest class, so that there are few places.
        let class = mask.areas().last().unwrap().class;
        let whole = class_activation(&opened, &RtenEngine, &ready, &seen, class, &Unattended);
        let whole = pollster::block_on(whole).unwrap().weights;
        let mut sum = vec![0.0_f64; whole.len()];
        let has = |place: &usize| usize::from(mask.classes[*place]) == class;
        for place in (0..mask.classes.len()).filter(has) {
            let [row, column] = [place / mask.width, place % mask.width].map(|it| it as f64 + 0.5);
            let x = seen.frame.left + column * seen.frame.width / mask.width as f64;
            let y = seen.frame.top + row * seen.frame.height / mask.height as f64;
            let found = place_activation(&opened, &RtenEngine, &ready, &seen, (class, [x, y]), &Unattended);
            let found = pollster::block_on(found).unwrap();
            sum.iter_mut().zip(&found.weights).for_each(|(sum, &weight)| *sum += f64::from(weight));
        }
        let largest = whole.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
        assert!(largest > 0.0, "{name}");
        for (sum, weight) in sum.iter().zip(&whole) {
            assert!((sum - f64::from(*weight)).abs() <= 1e-4 * f64::from(largest), "{name}: {sum} for {weight}");
        }
    }
    let opened = open("yolov8", &networks["yolov8"]);
    let seen = look_at(&opened, &RtenEngine, opened.default_layer()).unwrap();
    let ready = Ready::default();
    let refused = place_activation(&opened, &RtenEngine, &ready, &seen, (0, [1.0, 1.0]), &Unattended);
    assert!(matches!(pollster::block_on(refused), Err(AnalysisError::NoScores { .. })));
}

/// The network with one map of a layer multiplied by nothing, in the file itself.
fn open_without(name: &str, network: &Network, layer: &str, channels: usize, map: usize) -> Opened {
    let model = open(name, network).model().clone();
    let mut graph = model.graph;
    let place = graph.nodes.iter().position(|node| node.outputs.iter().any(|output| output == layer)).unwrap();
    for output in graph.nodes[place].outputs.iter_mut().filter(|output| *output == layer) {
        *output = "whole".to_owned();
    }
    graph.nodes.insert(place + 1, Node::new("Mul", &["whole", "kept"], layer).named("switch_off"));
    let mut kept = vec![1.0; channels];
    kept[map] = 0.0;
    graph.constants.insert("kept".to_owned(), Constant::floats(vec![1, channels, 1, 1], kept));
    let recipe = Some(open(name, network).recipe().clone());
    Opened::new(Model { graph, ..model }, Card { recipe, ..Card::default() }).unwrap()
}

/// Switching a map off moves what is found to where the whole network finds it with that map multiplied by zero.
#[test]
fn what_is_found_without_a_map_is_what_the_whole_network_finds_without_it() {
    let Expected { networks, .. } = expected();
    let mut moved = 0;
    let names = [
        "yolov5",
        "yolov5_seg",
        "yolov8",
        "yolov8_seg",
        "yolov8_seg_odd",
        "yolo26",
        "yolo26_seg",
        "ssd",
        "detr",
        "rtdetr",
        "torchvision_lists",
        "deeplab",
        "argmax",
        "unet",
        "keras",
        "embedding",
        "backbone",
        "restored",
    ];
    for name in names {
        let network = &networks[name];
        let opened = open(name, network);
        // What folding has united has no node of its own in the file.
        let is_in_file = |layer: &Layer| opened.model().graph.nodes.iter().any(|node| node.outputs.contains(&layer.id));
        let is_open = |layer: &&Layer| {
            let is_given = opened.gives().values.contains(&layer.id);
            matches!(&layer.op[..], "Relu" | "Sigmoid" | "Mul" | "Conv") && !is_given && is_in_file(layer)
        };
        let layer = opened.layers().iter().rfind(is_open).unwrap().clone();
        let seen = look_at(&opened, &RtenEngine, &layer.id).unwrap();
        let map = seen.top(1)[0].map;
        // Boxes that the file itself chooses among by computed places have no lowered form.
        let engines: &[&dyn Engine] =
            if name == "torchvision_lists" { &[&RtenEngine] } else { &[&RtenEngine, &Lowering] };
        for &engine in engines {
            let ready = Ready::default();
            let off = |maps: &[usize]| {
                let options = AblateOptions { maps, to: Replacement::Zero, controls: 2, seed: 1 };
                let found = ablate(&opened, engine, &ready, &seen, options, &Unattended);
                pollster::block_on(found).unwrap_or_else(|error| panic!("{name}: {error}"))
            };
            // With nothing switched off it is what the look found.
            assert_eq!(difference(network, &off(&[]).without.finds), None, "{name}");
            let found = off(&[map]);
            let whole = open_without(name, network, &layer.id, layer.channels, map);
            let expected = look_at(&whole, engine, whole.default_layer()).unwrap().finds;
            assert!(is_alike(&found.without.finds, &expected), "{name}: {:?}, not {expected:?}", found.without.finds);
            assert_eq!(found.controls.len(), 2);
            assert!(found.before.is_empty() && found.without.probabilities.is_empty());
            moved += usize::from(found.without.finds != seen.finds);
        }
    }
    assert!(moved > 15, "{moved}");
}

/// Whether two runs found the same but for rounding.
fn is_alike(one: &Finds, other: &Finds) -> bool {
    match (one, other) {
        (Finds::Boxes { boxes: one, masks }, Finds::Boxes { boxes: other, masks: other_masks }) => {
            let sides = |it: &FoundBox| [it.left, it.top, it.right, it.bottom];
            let is_near = |(one, other): (&FoundBox, &FoundBox)| {
                let apart = sides(one).iter().zip(sides(other)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                one.class == other.class && (one.score - other.score).abs() < 1e-4 && apart < 0.01
            };
            one.len() == other.len() && one.iter().zip(other).all(is_near) && masks == other_masks
        }
        (Finds::Embedding(one), Finds::Embedding(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-4)
        }
        (Finds::Mask(one), Finds::Mask(other)) => one.classes == other.classes,
        (Finds::Picture(one), Finds::Picture(other)) => one == other,
        _ => false,
    }
}

/// What has no way back says which node it is.
#[test]
fn boxes_that_are_chosen_by_gather_have_no_grad_cam() {
    let Expected { networks, .. } = expected();
    let opened = open("torchvision_lists", &networks["torchvision_lists"]);
    let seen = look_at(&opened, &RtenEngine, opened.default_layer()).unwrap();
    let cam = pollster::block_on(class_activation(&opened, &RtenEngine, &Ready::default(), &seen, 0, &Unattended));
    assert!(matches!(cam, Err(AnalysisError::Gradient(_))), "{cam:?}");
    let opened = open("embedding", &networks["embedding"]);
    let seen = look_at(&opened, &RtenEngine, opened.default_layer()).unwrap();
    let cam = pollster::block_on(class_activation(&opened, &RtenEngine, &Ready::default(), &seen, 0, &Unattended));
    assert!(matches!(cam, Err(AnalysisError::NoScores { .. })), "{cam:?}");
}

/// Numbers of many places in a row are boxes only where sides were computed and joined to probabilities.
#[test]
fn rows_that_are_no_boxes_are_not_taken_for_some() {
    let int = Attribute::Int;
    let maps = |op: &str| Node::new(op, &["x"], "maps").with("kernel_shape", Attribute::Ints(vec![1, 1]));
    let conv = || {
        let mut conv = maps("Conv");
        conv.inputs.push("w".to_owned());
        conv
    };
    let rows = |input: &str, output: &str| Node::new("Reshape", &[input, "shape"], output);
    // A gate of its own values, as SiLU is; sides as the layer gives them, which are yet to be decoded; and decoded ones.
    let gated =
        vec![Node::new("Sigmoid", &["maps"], "gate"), Node::new("Mul", &["maps", "gate"], "silu"), rows("silu", "end")];
    let split = || {
        Node { outputs: vec!["sides".to_owned(), "scores".to_owned()], ..Node::new("Split", &["maps", "parts"], "") }
            .with("axis", int(1))
    };
    let probabilities = || Node::new("Sigmoid", &["scores"], "p");
    let join = |sides: &str| Node::new("Concat", &[sides, "p"], "joined").with("axis", int(1));
    let raw = vec![split(), probabilities(), join("sides"), rows("joined", "end")];
    let decoded =
        vec![split(), probabilities(), Node::new("Exp", &["sides"], "far"), join("far"), rows("joined", "end")];
    for (tail, kind) in [(gated, "unknown"), (raw, "unknown"), (decoded, "boxes")] {
        let graph = Graph {
            inputs: vec![Input { name: "x".to_owned(), shape: [1, 3, 8, 8].map(Dimension::Fixed).to_vec() }],
            outputs: vec!["end".to_owned()],
            nodes: std::iter::once(conv()).chain(tail).collect(),
            constants: BTreeMap::from([
                ("w".to_owned(), Constant::floats(vec![9, 3, 1, 1], vec![0.1; 27])),
                ("shape".to_owned(), Constant::integers(vec![3], vec![1, 9, 64])),
                ("parts".to_owned(), Constant::integers(vec![2], vec![4, 5])),
            ]),
            opsets: BTreeMap::from([(String::new(), 13)]),
            stated_shapes: BTreeMap::new(),
        };
        let model = read(Bytes32::from(&model_file(&graph)[..]), Vec::new()).unwrap();
        let opened = Opened::new(model, Card::default()).unwrap();
        assert_eq!(kind_name(&opened.gives().kind), kind, "{:?}", opened.gives());
    }
}
