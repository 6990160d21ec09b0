//! Everything that can go wrong between a file and an answer.

use thiserror::Error;

use crate::domain::ascent::FIRST_SIZE;
use crate::domain::contribution::ContributionError;
use crate::domain::input_form::InputFormError;
use crate::domain::objective::ObjectiveError;
use crate::domain::overlay::OverlayError;
use crate::domain::picture::PictureError;
use crate::domain::recipe::RecipeError;
use crate::domain::tensor::TensorError;
use crate::engine::EngineError;
use crate::onnx::cut::CutError;
use crate::onnx::gradient::GradientError;
use crate::onnx::lower::LowerError;
use crate::onnx::reach::Blocked;
use crate::onnx::read::ReadError;
use crate::onnx::shapes::ShapeError;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum AnalysisError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Shape(#[from] ShapeError),
    #[error(transparent)]
    Cut(#[from] CutError),
    #[error(transparent)]
    Lower(#[from] LowerError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    #[error(transparent)]
    Picture(#[from] PictureError),
    #[error(transparent)]
    Overlay(#[from] OverlayError),
    #[error(transparent)]
    Tensor(#[from] TensorError),
    #[error(transparent)]
    InputForm(#[from] InputFormError),
    #[error(transparent)]
    Contribution(#[from] ContributionError),
    #[error(transparent)]
    Gradient(#[from] GradientError),
    #[error(transparent)]
    Objective(#[from] ObjectiveError),
    #[error("drawing at {size} pixels takes about {megabytes} MB; {}", largest_that_fits(*.fits))]
    DrawTooLarge { size: usize, fits: usize, megabytes: u64 },
    #[error("{}", too_small(layer, *.largest))]
    DrawTooSmall { layer: String, largest: usize },
    /// The model is a valid graph, but not one that takes a picture and gives class scores.
    #[error("{0}")]
    NotAPictureModel(String),
    #[error(
        "this network gives no class scores (its result \"{result}\" has the shape {}), so there are no classes to ask about",
        sizes(shape)
    )]
    NoScores { result: String, shape: Vec<usize> },
    /// The file has nodes that nobody computes, and what was asked for is made of them.
    #[error("the results of this network cannot be computed here, since nobody has the operators of {}", nodes(.0))]
    Blocked(Vec<Blocked>),
    /// What an engine computed of a picture.
    #[error("the network computes infinity, or what is no number, of this picture in \"{value}\"")]
    NotFinite { value: String },
    /// Neither the file nor a card says what the scores are.
    #[error("it is not known what the values of \"{0}\" are; say whether they are logits or probabilities")]
    Unclear(String),
    #[error("the model has no layer \"{0}\"")]
    NoSuchLayer(String),
    #[error("there is no class {index}: there are {classes}, numbered from 0")]
    NoSuchClass { index: usize, classes: usize },
    #[error("there is no box {index}: there are {boxes}, numbered from 0")]
    NoSuchBox { index: usize, boxes: usize },
    #[error("the network found nothing in this picture, so there is no box to ask about")]
    NothingFound,
    #[error("there is no map {map}: the layer has {channels}, numbered from 0")]
    NoSuchMap { map: usize, channels: usize },
    /// Several pictures were given to a network that takes one.
    #[error("this network takes no stack of pictures, so it is looked at with one at a time")]
    NoVolume,
    #[error("the pictures of a stack have more than {pixels} million pixels together; make them smaller or give fewer")]
    StackTooLarge { pixels: usize },
    /// A token was chosen, of a layer that has no rows of attention.
    #[error("the layer \"{0}\" is no attention, so there is no patch to choose")]
    NotAttention(String),
    #[error("there is no patch in row {row}, column {column}: there are {height} × {width}, numbered from 0")]
    NoSuchPatch { row: usize, column: usize, height: usize, width: usize },
    #[error("there is no image {index}: there are {images}, numbered from 0")]
    NoSuchImage { index: usize, images: usize },
    #[error(
        "the images of a set must all be looked at in one layer: the first was in \"{first}\", this one is in \"{other}\""
    )]
    OtherLayer { first: String, other: String },
    /// The card says something that does not fit the model.
    #[error("the model card does not fit: {0}")]
    BadCard(String),
    /// The caller wanted no more.
    #[error("cancelled")]
    Cancelled,
}

fn too_small(layer: &str, largest: usize) -> String {
    if largest < FIRST_SIZE {
        format!("a drawing cannot have {largest} pixels a side: the smallest has {FIRST_SIZE}")
    } else {
        format!("at {largest} pixels the layer \"{layer}\" is not yet two cells high and wide: draw it larger")
    }
}

/// "boxes" (NonMaxSuppression), "masks" (RoiAlign)
fn nodes(blocked: &[Blocked]) -> String {
    let named = blocked.iter().map(|blocked| format!("\"{}\" ({})", blocked.node, blocked.op));
    named.collect::<Vec<_>>().join(", ")
}

/// "1 × 5 × 20 × 20"
fn sizes(shape: &[usize]) -> String {
    if shape.is_empty() {
        return "()".to_owned();
    }
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}

fn largest_that_fits(fits: usize) -> String {
    if fits == 0 { "no size fits".to_owned() } else { format!("up to {fits} pixels fit") }
}
