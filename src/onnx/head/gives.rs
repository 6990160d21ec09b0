//! What a network gives for a picture: class scores, boxes, a mask, an embedding or a picture. Files do not say it; shapes, the nodes at
//! the end, the names of the results and (of Ultralytics) the metadata tell.

use std::collections::BTreeSet;

use super::ending::{Values, ending};
use super::results::{has_embedding_name, is_activation, is_list, is_normalised, is_scored_beside, scores, unchanged};
use crate::domain::boxes::{BoxForm, ClassScores};
use crate::domain::instances::MixedMasks;
use crate::domain::recipe::Layout;
use crate::domain::segments::{MOST_MASK_CLASSES, MaskForm, Single};
use crate::domain::tensor::element_count;
use crate::onnx::graph::{Graph, Node};
use crate::onnx::links::Links;
use crate::onnx::shapes::Shapes;

/// So many nodes before a result are asked what they are.
const MOST_NODES: usize = 512;

/// Detectors look at more places than this; fewer rows are those of something else.
const LEAST_PLACES: usize = 16;

/// A mask has at least one cell for so many pixels of a side: SegFormer's 4, and 8 where the network ends in the layer that scores places, as DeepLab
/// does before it enlarges. The maps of a bare backbone have 32.
const PIXELS_OF_A_CELL: usize = 4;
const PIXELS_OF_A_SCORED_CELL: usize = 8;

/// Widths of layers are multiples of this (of embeddings too), and numbers of classes rarely are: 10, 100, 1000, 21843.
const WIDTH_OF_LAYERS: usize = 32;

/// What a network gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One number for each class.
    Scores,
    Boxes {
        form: BoxForm,
        /// What the masks of the boxes are made of, if they have some.
        masks: Option<MixedMasks>,
    },
    /// A class for each place.
    Mask(MaskForm),
    /// A vector that means nothing by itself: those of like pictures are near each other.
    Embedding {
        length: usize,
    },
    Picture(PictureForm),
    Unknown,
}

/// A picture that a network makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureForm {
    /// 1 or 3.
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    /// `[1, height, width, channels]` instead of `[1, channels, height, width]`.
    pub channels_last: bool,
}

/// What tells the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Whoever knows the network: its card.
    Card,
    /// What the file says about itself.
    Metadata,
    /// The names of the results.
    Names,
    /// The nodes at the end of the network.
    Ending,
    /// How many results there are, and their shapes.
    Shapes,
}

/// What a network gives, in which values, and what tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gives {
    pub kind: Kind,
    /// The values that hold it, in the order of its form, and behind those of boxes the one that their masks are made of; none where it is
    /// unknown.
    pub values: Vec<String>,
    pub reason: Reason,
}

/// What is known beside the graph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hints {
    /// What the file says that the network was trained for.
    pub task: Option<Task>,
    /// How many class names are known; 0 where none are.
    pub names: usize,
    /// A card says which result holds the scores; it is the only one left.
    pub scores_are_stated: bool,
    /// Of the input.
    pub size: [usize; 2],
    pub layout: Layout,
}

/// `task` of Ultralytics' metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    Classify,
    /// Boxes, whatever else (masks, points, angles).
    Detect,
    /// A class for each place.
    Label,
}

/// What the graph gives.
pub fn gives(graph: &Graph, shapes: &Shapes, hints: &Hints) -> Gives {
    let links = Links::new(graph);
    let results = Results { links, shapes, hints };
    let scored = || scores(graph, shapes).map(|value| (Kind::Scores, vec![value.to_owned()]));
    if hints.scores_are_stated || hints.task == Some(Task::Classify) {
        let reason = if hints.scores_are_stated { Reason::Card } else { Reason::Metadata };
        if let Some((kind, values)) = scored() {
            return Gives { kind, values, reason };
        }
    }
    results
        .boxes()
        .or_else(|| results.embedding())
        .or_else(|| scored().map(|(kind, values)| Gives { kind, values, reason: Reason::Shapes }))
        .or_else(|| results.mask())
        .or_else(|| results.picture())
        .unwrap_or(Gives { kind: Kind::Unknown, values: Vec::new(), reason: Reason::Shapes })
}

struct Results<'a> {
    links: Links<'a>,
    shapes: &'a Shapes,
    hints: &'a Hints,
}

impl<'a> Results<'a> {
    fn all(&self) -> impl Iterator<Item = &'a str> {
        self.links.graph.outputs.iter().map(String::as_str)
    }

    /// A result's shape, without the batch.
    fn shape(&self, value: &str) -> &'a [usize] {
        let shape = self.shapes.get(value).map_or(&[][..], Vec::as_slice);
        shape.strip_prefix(&[1]).unwrap_or(shape)
    }

    fn boxes(&self) -> Option<Gives> {
        let is_told = self.hints.task == Some(Task::Detect);
        let told = |reason| if is_told { Reason::Metadata } else { reason };
        if let Some((form, values, reason)) = self.boxes_and_scores() {
            return Some(Gives { kind: Kind::Boxes { form, masks: None }, values, reason: told(reason) });
        }
        let mixed = self.mixed();
        let rest = mixed.as_ref().map_or(0, |(_, masks)| masks.maps);
        let single = self.all().find_map(|value| Some((value, self.boxes_in_one(value, is_told, rest)?)));
        let (value, form) = single?;
        let mut values = vec![value.to_owned()];
        // Each box has as many numbers more as there are maps.
        let is_told_of_maps = match form {
            BoxForm::Places { length, classes, anything, .. } => length == 4 + usize::from(anything) + classes + rest,
            BoxForm::Finished { length, .. } => length == 6 + rest,
            _ => false,
        };
        let masks = mixed.filter(|_| is_told_of_maps).map(|(maps, masks)| {
            values.push(maps.to_owned());
            masks
        });
        Some(Gives { kind: Kind::Boxes { form, masks }, values, reason: told(Reason::Ending) })
    }

    /// The result that masks are made of: maps, of which each box has a coefficient for each.
    fn mixed(&self) -> Option<(&'a str, MixedMasks)> {
        self.all().find_map(|value| match *self.shape(value) {
            [maps, height, width] => Some((value, MixedMasks { maps, height, width })),
            _ => None,
        })
    }

    /// Boxes and classes in one value. `rest` is how many numbers a box may have besides.
    fn boxes_in_one(&self, value: &'a str, is_told: bool, rest: usize) -> Option<BoxForm> {
        let &[first, second] = self.shape(value) else { return None };
        let before = self.before(value);
        let names = self.hints.names;
        if is_told || before.contains("TopK") || before.contains("NonMaxSuppression") {
            let is_finished = before.contains("TopK") || before.contains("NonMaxSuppression");
            if second == 6 + rest && (is_finished || (second == 6 && first <= 1000)) && first > 0 {
                return Some(BoxForm::Finished { count: first, length: second });
            }
        }
        // Every family makes probabilities of its scores, and joins them to sides that it has computed. What a layer gives without
        // that is an earlier form of a box, which its program decodes.
        let joined = self.joined(value);
        let is = |operators: &[&str]| operators.iter().any(|operator| joined.contains(operator));
        let is_box = is(&["Sigmoid", "Softmax"]) && is(&["Add", "Div", "Exp", "Mul", "Pow", "Sub"]);
        if !(is_told || is_box) {
            return None;
        }
        let columns = first < second;
        let (length, count) = if columns { (first, second) } else { (second, first) };
        if count < LEAST_PLACES || length < 5 {
            return None;
        }
        // YOLOv5 has rows and the others columns, but exporters turn them.
        let anything = match names {
            0 => !columns,
            _ if length == 5 + names + rest => true,
            _ if length == 4 + names + rest => false,
            _ => !columns,
        };
        let sides = if anything { 5 } else { 4 };
        let classes = match names {
            0 => length.checked_sub(sides + rest)?,
            names => names.min(length.checked_sub(sides)?),
        };
        (classes > 0).then_some(BoxForm::Places { count, length, classes, columns, anything })
    }

    /// Boxes in one value and scores in another.
    fn boxes_and_scores(&self) -> Option<(BoxForm, Vec<String>, Reason)> {
        let names = |value: &str, parts: &[&str]| {
            let name = value.to_ascii_lowercase();
            parts.iter().any(|part| name.contains(part))
        };
        // Of four classes there are four scores as well.
        let four = || self.all().filter(|value| matches!(self.shape(value), &[count, 4] if count > 1));
        let sides = four()
            .find(|value| names(value, &["box", "coord", "loc"]))
            .or_else(|| four().find(|value| !names(value, &["class", "cls", "conf", "logit", "prob", "score"])))?;
        let count = self.shape(sides)[0];
        let others = || self.all().filter(move |value| *value != sides);
        let of = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>();
        let lists: Vec<&str> = others().filter(|value| *self.shape(value) == [count]).collect();
        if let [one, other, ..] = lists[..] {
            let is_label = |value: &str| names(value, &["label", "class", "cls"]) || self.is_whole(value);
            let (numbers, labels) = if is_label(one) && !is_label(other) { (other, one) } else { (one, other) };
            return Some((BoxForm::Lists { count }, of(&[sides, numbers, labels]), Reason::Shapes));
        }
        let scored = |value: &&str| matches!(self.shape(value), &[rows, classes] if rows == count && classes > 0);
        let numbers = others().find(scored)?;
        let classes = self.shape(numbers)[1];
        // The classes of each place are the last axis.
        let scores = match self.last_of(numbers) {
            Some("Softmax") => ClassScores::Softmax,
            Some("Sigmoid") => ClassScores::Sigmoid,
            _ => ClassScores::Logits,
        };
        let is_query =
            names(sides, &["pred_boxes"]) || names(numbers, &["pred_logits"]) || self.last_of(sides) == Some("Sigmoid");
        let form = if is_query {
            BoxForm::Queries { count, classes, scores }
        } else {
            BoxForm::Corners { count, classes, scores }
        };
        Some((form, of(&[sides, numbers]), Reason::Shapes))
    }

    /// A vector that is compared and not read.
    fn embedding(&self) -> Option<Gives> {
        let lists = || self.all().filter(|value| is_list(&self.links, self.shapes, value));
        let length = |value: &str| self.shapes.get(value).and_then(|shape| element_count(shape)).unwrap_or(0);
        let found = |value: &str, reason| Gives {
            kind: Kind::Embedding { length: length(value) },
            values: vec![value.to_owned()],
            reason,
        };
        let has_names = |value: &str| self.hints.names > 0 && self.hints.names == length(value);
        let is_alone = |value: &str| !is_scored_beside(&self.links, self.shapes, value);
        let long = || lists().filter(|value| length(value) > 1 && !has_names(value) && is_alone(value));
        if let Some(value) = long().find(|value| is_normalised(&self.links, value)) {
            return Some(found(value, Reason::Ending));
        }
        if let Some(value) = long().find(|value| has_embedding_name(value)) {
            return Some(found(value, Reason::Names));
        }
        // Pooled maps without a layer of weights behind them: what is left of a classifier whose last layer was taken off.
        let is_backbone = |value: &&str| length(value) % WIDTH_OF_LAYERS == 0 && self.is_pooled(value);
        long().find(is_backbone).map(|value| found(value, Reason::Ending))
    }

    fn is_pooled(&self, value: &str) -> bool {
        let Some(node) = self.links.maker(unchanged(&self.links, value)) else { return false };
        match node.op.as_str() {
            "GlobalAveragePool" | "GlobalMaxPool" => true,
            "AveragePool" | "ReduceMean" | "ReduceMax" => {
                let shape = node.input(0).and_then(|input| self.shapes.get(input));
                shape.is_some_and(|shape| shape.len() == 4)
                    && self.shape(node.output()).iter().filter(|&&side| side > 1).count() <= 1
            }
            _ => false,
        }
    }

    fn mask(&self) -> Option<Gives> {
        if let Some((value, form)) = self.all().find_map(|value| self.chosen_classes(value)) {
            return Some(Gives { kind: Kind::Mask(form), values: vec![value.to_owned()], reason: Reason::Ending });
        }
        let (value, form, reason) = self.all().find_map(|value| {
            let (form, reason) = self.mask_of(value)?;
            Some((value, form, reason))
        })?;
        let reason = if self.hints.task == Some(Task::Label) { Reason::Metadata } else { reason };
        Some(Gives { kind: Kind::Mask(form), values: vec![value.to_owned()], reason })
    }

    /// The scores of which an ArgMax takes the best class of each place.
    fn chosen_classes(&self, value: &str) -> Option<(&'a str, MaskForm)> {
        let best = self.links.maker(unchanged(&self.links, value)).filter(|node| node.op == "ArgMax")?;
        let scores = self.links.name(best.input(0)?)?;
        let shape = self.shapes.get(scores)?;
        let axis = best.int("axis").unwrap_or(0);
        let axis = usize::try_from(if axis < 0 { axis + shape.len() as i64 } else { axis }).ok()?;
        let single = Single::Logit;
        match (&shape[..], axis) {
            (&[1, classes, height, width], 1) if height * width > 1 => {
                Some((scores, MaskForm { classes, height, width, channels_last: false, single }))
            }
            (&[1, height, width, classes], 3) if height * width > 1 => {
                Some((scores, MaskForm { classes, height, width, channels_last: true, single }))
            }
            _ => None,
        }
        .filter(|(_, form)| (2..=MOST_MASK_CLASSES).contains(&form.classes))
    }

    /// The form of a value's places: classes or colours, height and width.
    fn places(&self, value: &str) -> Option<(usize, usize, usize, bool)> {
        let &[1, first, second, third] = self.shapes.get(value)?.as_slice() else { return None };
        let channels_last = self.hints.layout == Layout::Nhwc && third < first;
        let (channels, height, width) = if channels_last { (third, first, second) } else { (first, second, third) };
        (height > 1 && width > 1).then_some((channels, height, width, channels_last))
    }

    fn mask_of(&self, value: &str) -> Option<(MaskForm, Reason)> {
        let (classes, height, width, channels_last) = self.places(value)?;
        let name = value.to_ascii_lowercase();
        let is_named = ["mask", "seg", "matte", "alpha"].iter().any(|part| name.contains(part));
        let values = ending(&self.links, self.shapes, value).values;
        let last = self.last_of(value);
        let is_probability = last == Some("Sigmoid") || matches!(values, Values::Each { low, .. } if low >= 0.0);
        let single = if is_probability { Single::Probability } else { Single::Logit };
        let form = MaskForm { classes, height, width, channels_last, single };
        let [rows, columns] = self.hints.size;
        let is_near = |pixels: usize| height * pixels >= rows && width * pixels >= columns;
        let is_told = self.hints.task == Some(Task::Label) || self.hints.names > 1 && self.hints.names == classes;
        let by = |reason| Some((form, reason));
        match classes {
            0 => None,
            _ if classes > MOST_MASK_CLASSES => None,
            _ if is_told || is_named && is_near(PIXELS_OF_A_SCORED_CELL) => {
                by(if is_named { Reason::Names } else { Reason::Shapes })
            }
            // The values of a layer, not the scores of places.
            _ if is_activation(&self.links, value) => None,
            1 if is_probability && is_near(PIXELS_OF_A_CELL) => by(Reason::Ending),
            1 => None,
            _ if matches!(last, Some("Softmax" | "LogSoftmax")) => by(Reason::Ending),
            // A picture has three colours, and is as large as the input or larger.
            3 if is_near(1) => None,
            _ if is_near(PIXELS_OF_A_CELL) => by(Reason::Shapes),
            _ if is_near(PIXELS_OF_A_SCORED_CELL) && last == Some("Conv") => by(Reason::Ending),
            _ => None,
        }
    }

    fn picture(&self) -> Option<Gives> {
        let [rows, columns] = self.hints.size;
        self.all().find_map(|value| {
            let (channels, height, width, channels_last) = self.places(value)?;
            let is_picture = matches!(channels, 1 | 3) && 2 * height >= rows && 2 * width >= columns;
            let form = PictureForm { channels, height, width, channels_last };
            is_picture.then(|| Gives {
                kind: Kind::Picture(form),
                values: vec![value.to_owned()],
                reason: Reason::Shapes,
            })
        })
    }

    /// The operators that make a value of what its last layers of weights give.
    fn before(&self, value: &str) -> BTreeSet<&'a str> {
        let (mut operators, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![value]);
        while let Some(node) = open.pop().and_then(|value| self.links.maker(value)) {
            operators.insert(node.op.as_str());
            if seen.len() > MOST_NODES || learns(node) {
                continue;
            }
            open.extend(
                self.links.data_inputs(node).filter(|input| seen.insert(*input) && self.links.maker(input).is_some()),
            );
        }
        operators
    }

    /// The operators that make the elements of a value, before what only moves, joins and chooses them.
    fn joined(&self, value: &'a str) -> BTreeSet<&'a str> {
        let (mut operators, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![value]);
        while let Some(value) = open.pop() {
            let Some(node) = self.links.maker(value) else { continue };
            let inputs = self.links.data_inputs(node).filter(|input| seen.insert(*input));
            match node.op.as_str() {
                // Sides may be written into their places.
                "Concat" | "ScatterND" => open.extend(inputs),
                op if moves(op) => open.extend(inputs.take(1)),
                op => {
                    operators.insert(op);
                }
            }
        }
        operators
    }

    /// The operator that makes the elements of a value, before what only moves, joins and chooses them.
    fn last_of(&self, value: &str) -> Option<&'a str> {
        let mut value = value;
        for _ in 0..MOST_NODES {
            let node = self.links.maker(value)?;
            match self.links.data_inputs(node).next() {
                Some(input) if moves(&node.op) => value = input,
                _ => return Some(&node.op),
            }
        }
        None
    }

    /// Whether a value is made of whole numbers.
    fn is_whole(&self, value: &str) -> bool {
        self.links.maker(unchanged(&self.links, value)).is_some_and(|node| {
            matches!(node.op.as_str(), "ArgMax" | "Mod")
                || node.op == "TopK" && node.outputs.get(1).is_some_and(|indices| indices == value)
        })
    }
}

/// Whether an operator only moves, joins and chooses elements.
fn moves(op: &str) -> bool {
    matches!(
        op,
        "Cast"
            | "Concat"
            | "Dropout"
            | "Flatten"
            | "Gather"
            | "GatherElements"
            | "Identity"
            | "Reshape"
            | "Slice"
            | "Split"
            | "Squeeze"
            | "Transpose"
            | "Unsqueeze"
    )
}

fn learns(node: &Node) -> bool {
    matches!(node.op.as_str(), "Conv" | "ConvTranspose" | "Gemm" | "MatMul")
}
