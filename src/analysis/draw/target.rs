//! What is made large in a drawing.

use crate::analysis::error::AnalysisError;
use crate::analysis::open::Opened;
use crate::domain::objective::{ObjectiveError, position, weighted_means, weighted_scores};
use crate::domain::tensor::{Tensor, element_count};
use crate::onnx::head::logits_of;
use crate::onnx::layers::Layer;
use crate::onnx::shapes::Shapes;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// The means of some maps of the layer, each `(map, weight)` times its weight, added up.
    Maps(Vec<(usize, f32)>),
    /// One value of a map. Row and column are those of the map that the network makes of a picture of its own size; in a map of
    /// another size it is the value that lies at the same place of the picture.
    Position { map: usize, row: usize, column: usize },
    /// The score of a class before it becomes a probability. What it is a mixture of counts by its weight in it.
    Class(usize),
}

impl Target {
    /// The mean of one map.
    pub fn map(map: usize) -> Self {
        Self::Maps(vec![(map, 1.0)])
    }
}

/// Where it is computed: all targets of one place share their graphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The id of a layer.
    Layer(String),
    Scores,
}

impl Place {
    /// What a graph has to return for it. What is ascended of a layer of probabilities are their scores, which come second.
    pub fn values(&self, opened: &Opened) -> Result<Vec<String>, AnalysisError> {
        Ok(match self {
            Self::Layer(layer) => {
                std::iter::once(layer.clone()).chain(logits_of(opened.graph(), opened.shapes(), layer)).collect()
            }
            Self::Scores => opened.scored()?.logits.values().into_iter().map(str::to_owned).collect(),
        })
    }
}

/// A target that the model has.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    Maps {
        layer: String,
        maps: Vec<(usize, f32)>,
    },
    /// `middle`: of the position, from 0 to 1 in each direction.
    Position {
        layer: String,
        map: usize,
        middle: [f64; 2],
    },
    /// Of each value that holds scores.
    Scores(Vec<Scores>),
}

/// The scores of a value that count.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    value: String,
    /// How many it has for pictures of the model's own size.
    count: usize,
    /// Their places among these, and weights.
    chosen: Vec<(usize, f32)>,
}

impl Goal {
    /// # Errors
    /// [`AnalysisError::NoSuchLayer`], [`AnalysisError::NoSuchMap`], [`AnalysisError::Objective`] for a position that the map has not,
    /// [`AnalysisError::NoScores`] and [`AnalysisError::NoSuchClass`].
    pub fn new(opened: &Opened, layer: &str, target: &Target) -> Result<Self, AnalysisError> {
        let found = opened.layer(layer);
        let has = |channels: usize, map: usize| {
            if map < channels { Ok(()) } else { Err(AnalysisError::NoSuchMap { map, channels }) }
        };
        let layer = layer.to_owned();
        match *target {
            Target::Class(class) => Self::class(opened, class),
            Target::Position { map, row, column } => {
                let &Layer { channels, height, width, .. } = found?;
                has(channels, map)?;
                if row >= height || column >= width {
                    return Err(ObjectiveError::NoSuchPosition { row, column, height, width }.into());
                }
                let middle = |place: usize, of: usize| (place as f64 + 0.5) / of as f64;
                Ok(Self::Position { layer, map, middle: [middle(row, height), middle(column, width)] })
            }
            Target::Maps(ref maps) => {
                let channels = found?.channels;
                maps.iter().try_for_each(|&(map, _)| has(channels, map))?;
                Ok(Self::Maps { layer, maps: maps.clone() })
            }
        }
    }

    fn class(opened: &Opened, class: usize) -> Result<Self, AnalysisError> {
        let scores = opened.scored()?;
        let logits = &scores.logits;
        let no_such_class = AnalysisError::NoSuchClass { index: class, classes: scores.classes };
        let parts = logits.classes.get(class).ok_or(no_such_class)?;
        let of = |value: &str| -> Vec<(usize, f32)> {
            if let Some((only, element, sign)) = logits.alone(parts) {
                return if only == value { vec![(element, sign)] } else { Vec::new() };
            }
            let held = parts.iter().filter(|part| logits.sources.get(part.source).is_some_and(|of| of.value == value));
            held.map(|part| (part.element, part.sign() * part.weight)).collect()
        };
        let count = |value: &str| opened.shapes().get(value).and_then(|shape| element_count(shape)).unwrap_or_default();
        let scores = |value| Scores { value: String::from(value), count: count(value), chosen: of(value) };
        Ok(Self::Scores(logits.values().into_iter().map(scores).collect()))
    }

    pub fn place(&self) -> Place {
        match self {
            Self::Maps { layer, .. } | Self::Position { layer, .. } => Place::Layer(layer.clone()),
            Self::Scores(_) => Place::Scores,
        }
    }

    /// The weights of each value that is differentiated, for the shapes of a lowered graph: of the layer, or of all that
    /// hold scores.
    ///
    /// # Errors
    /// [`ObjectiveError`] for values that have other shapes than those of the goal.
    pub fn weights(&self, shapes: &Shapes) -> Result<Vec<Tensor>, ObjectiveError> {
        let of = |value: &str| shapes.get(value).map(Vec::as_slice).unwrap_or_default();
        match self {
            Self::Maps { layer, maps } => Ok(vec![weighted_means(of(layer), maps)?]),
            Self::Position { layer, map, middle: [row, column] } => {
                let shape = of(layer);
                let at = |middle: f64, axis: usize| (middle * shape.get(axis).copied().unwrap_or(0) as f64) as usize;
                Ok(vec![position(shape, *map, at(*row, 2), at(*column, 3))?])
            }
            Self::Scores(values) => values
                .iter()
                .map(|Scores { value, count, chosen }| match of(value) {
                    shape if element_count(shape) == Some(*count) => weighted_scores(shape, chosen),
                    // A network without a pooling at its end makes maps of scores of a larger picture.
                    shape => weighted_means(shape, chosen),
                })
                .collect(),
        }
    }
}

/// Whether a value that holds so many scores at the model's own size holds the same ones in this shape: as many, or a map of each.
pub fn holds_scores(shape: &[usize], count: usize) -> bool {
    element_count(shape) == Some(count) || (shape.len() == 4 && shape[1] == count)
}
