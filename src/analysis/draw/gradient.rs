//! The graph of what is drawn and its gradient.

use super::target::Place;
use crate::analysis::error::AnalysisError;
use crate::analysis::open::Opened;
use crate::analysis::prepared::UNLIMITED;
use crate::engine::Engine;
use crate::onnx::cut::CutError;
use crate::onnx::gradient::{Gradient, GradientOptions, Rectifiers, gradient};
use crate::onnx::lower::Lowered;

/// A layer's value and its gradient with respect to the picture, or, of a layer of probabilities, the gradient of their scores; or the
/// class scores and theirs.
pub fn gradient_of(
    opened: &Opened,
    engine: &dyn Engine,
    lowered: &Lowered,
    place: &Place,
    rectifiers: Rectifiers,
    beyond_limits: bool,
) -> Result<Gradient, AnalysisError> {
    let limits = engine.limits().unwrap_or(UNLIMITED);
    let outputs = &lowered.graph.outputs;
    let (objective, more, read_from) = match place {
        Place::Layer(layer) => {
            // Lowering might see the two in other shapes.
            let same_shape = |logits: &&String| lowered.shapes.get(*logits) == lowered.shapes.get(layer);
            let logits = outputs.get(1).filter(same_shape);
            (logits.unwrap_or(layer), &[][..], logits.map(|_| &layer[..]))
        }
        Place::Scores => {
            let (first, more) = outputs.split_first().ok_or_else(|| CutError::NoSuchValue(String::new()))?;
            (first, more, None)
        }
    };
    let options = GradientOptions {
        objective,
        more,
        read_from,
        with_respect_to: &opened.input().name,
        also: &[],
        rectifiers,
        beyond_limits,
    };
    Ok(gradient(lowered, &options, &limits)?)
}
