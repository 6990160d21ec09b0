//! Inputs beside the picture: another picture, numbers, flags, sizes, or what nobody reads.

use super::{Arrangement, Front, reads};
use crate::onnx::graph::{Attribute, Constant, Data, Dimension, Input, Node, to_i64};
use crate::onnx::proto::data_type;

/// An input beside the picture that a node reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    pub name: String,
    pub stands_for: StandsFor,
}

/// What an input beside the picture gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StandsFor {
    /// The same picture.
    Picture,
    /// Height and width of the picture.
    Size,
    /// This number everywhere; of a flag 0 is no.
    Number(f64),
}

/// What the other inputs are made of.
pub(super) struct Seen<'a> {
    /// The input that takes the picture, as the file states it.
    pub main: &'a Input,
    pub arrangement: &'a Arrangement,
    /// The value that stands in its place.
    pub made: &'a str,
}

/// The most elements that all inputs together are given as constants; a few bytes of a file could ask for any number. Beyond, a node makes
/// them, which has to fit with all else that is in memory (`onnx/budget.rs`).
const MOST_ELEMENTS: usize = 1 << 24;

/// Gives an input what it stands for; `None` where nobody reads it.
#[inline(never)]
pub(super) fn give(front: &mut Front<'_>, input: &Input, kind: Option<i32>, seen: &Seen<'_>) -> Option<Beside> {
    let name = &input.name;
    if !front.graph.nodes.iter().any(|node| reads(node, name)) {
        return None;
    }
    let stands_for = stands_for(input, kind, seen);
    match stands_for {
        StandsFor::Picture => front.replace(name, seen.made),
        StandsFor::Size => size(front, input, kind, seen),
        StandsFor::Number(number) => constant(front, input, kind, number, seen),
    }
    Some(Beside { name: name.clone(), stands_for })
}

/// What an input is for, by its shape, its type, and what exporters call it.
fn stands_for(input: &Input, kind: Option<i32>, seen: &Seen<'_>) -> StandsFor {
    let name = input.name.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    // Short words stand in others as well: "previous", "config", "stop".
    let word = |begins: &[&str], whole: &[&str]| {
        let mut words = name.split(|letter: char| !letter.is_ascii_alphabetic());
        words.any(|word| whole.contains(&word) || begins.iter().any(|begin| word.starts_with(begin)))
    };
    let is_float = is_float(kind);
    if input.shape.len() >= 3 && is_float && !has(&["mask"]) && input.shape == seen.main.shape {
        return StandsFor::Picture;
    }
    // The sizes that detectors bring their boxes back to: PaddleDetection's im_shape, RT-DETR's orig_target_sizes, YOLOv3's image_shape.
    let count = count(&input.shape);
    if has(&["size", "shape"]) && count == Some(2) {
        return StandsFor::Size;
    }
    StandsFor::Number(match input.shape.len() {
        // Which pixels are of the picture.
        _ if has(&["mask"]) && (!is_float || input.shape.len() < 4) => 1.0,
        // How often the picture was enlarged, and what scores are divided by.
        0..=2 if has(&["scale", "temperature"]) => 1.0,
        // Ultralytics' thresholds and most boxes.
        0..=2 if word(&["iou"], &[]) => 0.45,
        0..=2 if has(&["thres"]) || word(&["confid"], &["conf"]) => 0.25,
        0..=2 if word(&["topk", "maxdet"], &["max", "top"]) => 300.0,
        _ => 0.0,
    })
}

/// Whether elements are floats; of what nothing is known they are.
fn is_float(kind: Option<i32>) -> bool {
    let kind = kind.unwrap_or(data_type::FLOAT);
    [data_type::FLOAT, data_type::FLOAT16, data_type::DOUBLE, data_type::BFLOAT16].contains(&kind)
}

/// How many elements it has, with open dimensions as 1.
fn count(shape: &[Dimension]) -> Option<usize> {
    let size = |dimension: &Dimension| match dimension {
        Dimension::Fixed(size) => *size,
        Dimension::Symbolic(_) => 1,
    };
    shape.iter().map(size).try_fold(1_usize, usize::checked_mul)
}

/// The shape of the picture, height and width alone, as a value of integers.
fn sides(front: &mut Front<'_>, name: &str, seen: &Seen<'_>) -> String {
    let (shape, sides) = (front.free(&format!("{name}/of")), front.free(&format!("{name}/sides")));
    let axes = front.integers(&format!("{name}/axes"), seen.arrangement.axes().to_vec());
    front.nodes.push(Node::new("Shape", &[&seen.main.name], &shape));
    front.nodes.push(Node::new("Gather", &[&shape, &axes], &sides));
    sides
}

fn size(front: &mut Front<'_>, input: &Input, kind: Option<i32>, seen: &Seen<'_>) {
    let name = &input.name;
    let sides = sides(front, name, seen);
    let shape: Vec<i64> = input
        .shape
        .iter()
        .map(|dimension| match dimension {
            Dimension::Fixed(size) => to_i64(*size),
            Dimension::Symbolic(_) => 1,
        })
        .collect();
    let (cast, shaped) = (front.free(&format!("{name}/cast")), front.free(&format!("{name}/size")));
    let to = if is_float(kind) { data_type::FLOAT } else { kind.unwrap_or(data_type::INT64) };
    front.nodes.push(Node::new("Cast", &[&sides], &cast).with("to", Attribute::Int(to.into())));
    let target = front.integers(&format!("{name}/shape"), shape);
    front.nodes.push(Node::new("Reshape", &[&cast, &target], &shaped));
    front.replace(name, &shaped);
}

/// A number in every place; heights and widths that the file leaves open are the picture's.
fn constant(front: &mut Front<'_>, input: &Input, kind: Option<i32>, number: f64, seen: &Seen<'_>) {
    let name = &input.name;
    let rank = input.shape.len();
    // Which of the picture's sides an open dimension is.
    let side = |axis: usize, symbol: &str| {
        let by_place = (rank >= 3 && axis + 2 >= rank).then(|| axis + 2 - rank);
        seen.arrangement.side_named(symbol).or(by_place)
    };
    let mut fixed = vec![1; rank];
    let mut open = Vec::new();
    for (axis, dimension) in input.shape.iter().enumerate() {
        match dimension {
            Dimension::Fixed(size) => fixed[axis] = *size,
            Dimension::Symbolic(symbol) => open.extend(side(axis, symbol).map(|side| (axis, side))),
        }
    }
    let value = front.free(&format!("{name}/constant"));
    let elements = fixed.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    let left = MOST_ELEMENTS - front.given;
    if let Some(count) = elements.filter(|&count| count <= left && open.is_empty()) {
        front.given += count;
        front.graph.constants.insert(value.clone(), everywhere(fixed, count, kind, number));
        return front.replace(name, &value);
    }
    let sides = sides(front, name, seen);
    // Of the list [1, sizes that are known …, height, width] each dimension is one.
    let mut known: Vec<i64> = fixed.iter().map(|&size| to_i64(size)).collect();
    let places: Vec<i64> = (0..rank)
        .map(|axis| to_i64(open.iter().find(|(at, _)| *at == axis).map_or(axis, |(_, side)| rank + side)))
        .collect();
    known.truncate(rank);
    let (known, places) =
        (front.integers(&format!("{name}/known"), known), front.integers(&format!("{name}/places"), places));
    let (all, shape) = (front.free(&format!("{name}/all")), front.free(&format!("{name}/shape")));
    front.nodes.push(Node::new("Concat", &[&known, &sides], &all).with("axis", Attribute::Int(0)));
    front.nodes.push(Node::new("Gather", &[&all, &places], &shape));
    let filled = Attribute::Tensor(everywhere(vec![1], 1, kind, number));
    front.nodes.push(Node::new("ConstantOfShape", &[&shape], &value).with("value", filled));
    front.replace(name, &value);
}

/// A constant of one number.
fn everywhere(shape: Vec<usize>, count: usize, kind: Option<i32>, number: f64) -> Constant {
    let kind = kind.unwrap_or(data_type::FLOAT);
    if is_float(Some(kind)) {
        return Constant::floats(shape, vec![number as f32; count]);
    }
    let integer = number as i64;
    let width = match kind {
        data_type::INT64 => return Constant::integers(shape, vec![integer; count]),
        data_type::UINT64 => 8,
        data_type::INT32 | data_type::UINT32 => 4,
        data_type::INT16 | data_type::UINT16 => 2,
        // 8-bit integers and flags.
        _ => 1,
    };
    let bytes: Vec<u8> = (0..count).flat_map(|_| integer.to_le_bytes().into_iter().take(width)).collect();
    Constant { shape, data: Data::Other { data_type: kind, bytes: bytes.into() } }
}
