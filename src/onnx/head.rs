//! What the end of a model does: which of its results is the class scores, whether these are probabilities, where the scores
//! before them are, and, where the class scores are weighted sums of the means of feature maps, those weights.

mod ending;
mod gives;
mod linear;
mod logits_of;
mod results;

use super::graph::Graph;
use super::links::Links;
use super::shapes::Shapes;
use crate::domain::tensor::element_count;
use ending::{Ending, Values, ending};

pub use ending::{Logits, Part, Source};
pub use gives::{Gives, Hints, Kind, PictureForm, Reason, Task, gives};
pub use linear::{LinearHead, NoLinearHead, linear_head};
pub use logits_of::logits_of;
pub(crate) use results::scores;

/// What the numbers of a classifier's result are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// Scores of any size, or their logarithms; softmax makes probabilities of them.
    Logits,
    /// Probabilities of classes that exclude each other. They add up to 1, or to less where the file leaves classes out.
    Softmax,
    /// A probability for each class on its own.
    Sigmoid,
    /// The graph does not tell, so that the values have to.
    Unknown,
    /// Not negative, and the larger the more probable (probabilities times weights): what they add up to, the values have to tell.
    Weighted,
    /// Numbers between two bounds that are no probabilities (Tanh); softmax does not make any of them.
    Bounded,
}

/// The result of a classifier.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The name of the value.
    pub value: String,
    pub kind: OutputKind,
    pub classes: usize,
    /// What counts as the whole of a probability: 1, or 100 for percent.
    pub whole: f32,
    /// The scores before they become probabilities, for what asks how much a score changes: a probability that is 1 in single
    /// precision has no slope.
    pub logits: Logits,
}

/// What the class scores of the graph are, or `None` where no result is one number for each class.
pub fn output(graph: &Graph, shapes: &Shapes) -> Option<Output> {
    let links = Links::new(graph);
    let value = scores(graph, shapes)?;
    let classes = element_count(shapes.get(value)?)?;
    let Ending { values, logits } = ending(&links, shapes, value);
    let (kind, whole) = match values {
        Values::Scores | Values::LogProbabilities => (OutputKind::Logits, 1.0),
        Values::Distribution { whole } | Values::Parts { whole } => (OutputKind::Softmax, whole),
        // Half of a tanh and one half, for example, in single precision.
        Values::Each { low, high } if low.abs() <= f32::EPSILON * high => (OutputKind::Sigmoid, high),
        Values::Each { .. } => (OutputKind::Bounded, 1.0),
        Values::Weighted => (OutputKind::Weighted, 1.0),
        Values::Unknown => (OutputKind::Unknown, 1.0),
    };
    let logits = logits.filter(|logits| logits.classes.len() == classes);
    let itself = || Logits::itself(value, classes);
    Some(Output { value: value.to_owned(), kind, classes, whole, logits: logits.unwrap_or_else(itself) })
}

/// The value of this name, where the graph computes it and it is one number for each class.
pub fn named(graph: &Graph, shapes: &Shapes, name: &str) -> Option<String> {
    let links = Links::new(graph);
    (links.maker(name).is_some() && results::is_list(&links, shapes, name)).then(|| name.to_owned())
}
