//! Which of a graph's results is the class scores: files also give boxes, embeddings, hidden layers and the name of the best
//! class.

use std::collections::BTreeSet;

use super::ending::{Ending, Values, ending};
use crate::domain::tensor::element_count;
use crate::onnx::graph::{Graph, Node};
use crate::onnx::links::Links;
use crate::onnx::shapes::Shapes;

/// How much speaks for a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// One number that nothing tells what it is: the confidence of the best class, an age.
    Number,
    /// By its name or its making something else: a box, an embedding, the values of a hidden layer.
    Other,
    /// One number for each of several classes.
    Scores,
    /// The probability of a single class.
    Probability,
    /// Numbers for several classes, by their name scores.
    NamedScores,
    /// Probabilities of several classes, or their logarithms.
    Probabilities,
}

/// Parts of names that authors give to results which are no class scores.
const OTHERS: [&str; 13] = [
    "aux",
    "bbox",
    "box",
    "descriptor",
    "embed",
    "encod",
    "feat",
    "hidden",
    "landmark",
    "latent",
    "offset",
    "regress",
    "vector",
];

/// Parts of names of class scores.
const SCORES: [&str; 6] = ["class", "cls", "label", "logit", "prob", "score"];

/// The result of the graph that is one number for each class: of several the one that ends in probabilities, or that is computed
/// from the others, or that its name speaks for; the first of equals. What only names the best class, as converters of
/// whole pipelines add it, is none.
pub(crate) fn scores<'a>(graph: &'a Graph, shapes: &Shapes) -> Option<&'a str> {
    let links = Links::new(graph);
    let candidates = graph.outputs.iter().map(String::as_str).filter(|value| is_list(&links, shapes, value));
    let weighed: Vec<(&str, Weight)> = candidates.map(|value| (value, weight(&links, shapes, value))).collect();
    let mut best: Option<(&str, Weight)> = None;
    for &(value, weight) in &weighed {
        let is_better = best.is_none_or(|(other, most)| {
            weight > most || weight == most && weight > Weight::Other && is_made_of(&links, value, other)
        });
        if is_better {
            best = Some((value, weight));
        }
    }
    best.map(|(value, _)| value)
}

/// Whether a value is one number for each class: it has one long axis at most, and does not say which classes are best, or what
/// is true of them, instead of scoring them.
pub(crate) fn is_list(links: &Links<'_>, shapes: &Shapes, value: &str) -> bool {
    let Some(shape) = shapes.get(value) else { return false };
    let long = shape.iter().filter(|&&length| length != 1).count();
    long <= 1 && element_count(shape).is_some_and(|count| count > 0) && !names_classes(links, value)
}

fn weight(links: &Links<'_>, shapes: &Shapes, value: &str) -> Weight {
    let several = shapes.get(value).and_then(|shape| element_count(shape)) > Some(1);
    let Ending { values, .. } = ending(links, shapes, value);
    let name = value.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    match values {
        Values::Distribution { .. } | Values::Parts { .. } | Values::LogProbabilities if several => {
            Weight::Probabilities
        }
        Values::Each { low, .. } if several && low >= 0.0 => Weight::Probabilities,
        Values::Each { low, .. } if low >= 0.0 => Weight::Probability,
        _ if !several => Weight::Number,
        _ if has(&OTHERS) || is_hidden(links, value) => Weight::Other,
        _ if has(&SCORES) => Weight::NamedScores,
        _ => Weight::Scores,
    }
}

/// Whether another result than this one is by its making or its name the scores of several classes.
pub(super) fn is_scored_beside(links: &Links<'_>, shapes: &Shapes, embedding: &str) -> bool {
    let others = links.graph.outputs.iter().filter(|value| *value != embedding && is_list(links, shapes, value));
    others.map(|value| weight(links, shapes, value)).max().is_some_and(|most| most >= Weight::Scores)
}

/// Whether the name of a value says that it is an embedding.
pub(super) fn has_embedding_name(value: &str) -> bool {
    let name = value.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    ["descriptor", "embed", "latent"].iter().any(|part| name.contains(part))
}

/// Whether a value is what the end of a network still reads on the way to its classes: pooled maps, the result of an activation, or
/// a vector of length 1.
fn is_hidden(links: &Links<'_>, value: &str) -> bool {
    links.maker(unchanged(links, value)).is_some_and(|node| match node.op.as_str() {
        "GlobalAveragePool" | "AveragePool" | "ReduceMean" | "GlobalMaxPool" | "MaxPool" | "ReduceMax" => {
            links.readers(value).next().is_some() || node.input(0).is_some_and(|maps| is_activation(links, maps))
        }
        "Tanh" => true,
        _ => is_activation(links, node.output()) || is_divided(links, value),
    })
}

/// Whether a value is divided by something like its length.
fn is_divided(links: &Links<'_>, value: &str) -> bool {
    links.maker(unchanged(links, value)).is_some_and(|node| {
        let is_length =
            |length: &Node| matches!(length.op.as_str(), "ReduceL2" | "Clip" | "Expand" | "Max" | "Sqrt" | "Add");
        match node.op.as_str() {
            "LpNormalization" => true,
            "Div" => node.input(1).and_then(|length| links.maker(unchanged(links, length))).is_some_and(is_length),
            _ => false,
        }
    })
}

/// Whether a value is a vector that was divided by its length, the root of the sum of its squares.
pub(super) fn is_normalised(links: &Links<'_>, value: &str) -> bool {
    let Some(node) = links.maker(unchanged(links, value)) else { return false };
    match node.op.as_str() {
        "LpNormalization" => node.int("p").unwrap_or(2) == 2,
        "Div" => node.input(1).is_some_and(|length| is_length(links, length)),
        _ => false,
    }
}

/// Whether a value is the root of a sum of squares, kept from being zero or in another shape.
fn is_length<'a>(links: &Links<'a>, mut value: &'a str) -> bool {
    let mut is_root = false;
    while let Some(node) = links.maker(value) {
        match node.op.as_str() {
            "ReduceL2" => return true,
            "ReduceSum" | "ReduceSumSquare" => return is_root,
            "Sqrt" => is_root = true,
            "Add" | "Cast" | "Clip" | "Expand" | "Identity" | "Max" | "Reshape" | "Unsqueeze" => {}
            "Pow" => is_root = node.input(1).and_then(|power| links.scalar(power)) == Some(0.5),
            _ => return false,
        }
        let Some(input) = links.data_inputs(node).next() else { return false };
        value = input;
    }
    false
}

pub(super) fn is_activation(links: &Links<'_>, value: &str) -> bool {
    links.maker(unchanged(links, value)).is_some_and(|node| {
        matches!(
            node.op.as_str(),
            "Elu" | "Gelu" | "HardSwish" | "LeakyRelu" | "Mish" | "PRelu" | "Relu" | "Selu" | "Softplus" | "Swish"
        )
    })
}

/// Whether `value` is computed from `other`.
fn is_made_of(links: &Links<'_>, value: &str, other: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if value == other {
            return true;
        }
        if seen.insert(value)
            && let Some(node) = links.maker(value)
        {
            open.extend(node.inputs.iter().map(String::as_str));
        }
    }
    false
}

/// Whether a value says which classes are best, or is true or false of them, instead of scoring them.
fn names_classes(links: &Links<'_>, value: &str) -> bool {
    links.maker(unchanged(links, value)).is_some_and(|node| {
        matches!(
            node.op.as_str(),
            "ArgMax" | "ArgMin" | "TopK" | "NonZero" | "Equal" | "Greater" | "GreaterOrEqual" | "Less" | "LessOrEqual"
        )
    })
}

/// The value itself, looked at through nodes that keep all elements in their order (where only one axis is long).
pub(super) fn unchanged<'a>(links: &Links<'a>, mut value: &'a str) -> &'a str {
    while let Some(node) = links.maker(value)
        && matches!(node.op.as_str(), "Cast" | "Dropout" | "Flatten" | "Identity" | "Reshape" | "Squeeze" | "Unsqueeze")
        && let Some(input) = node.input(0)
    {
        value = input;
    }
    value
}
