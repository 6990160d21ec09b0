//! The network up to a layer, for pictures of any size that it takes.

use std::borrow::Cow;

use super::target::{Place, holds_scores};
use crate::analysis::error::AnalysisError;
use crate::analysis::open::Opened;
use crate::analysis::prepared::UNLIMITED;
use crate::domain::recipe::Layout;
use crate::domain::tensor::element_count;
use crate::engine::Engine;
use crate::onnx::branches::resolve;
use crate::onnx::cut::cut;
use crate::onnx::fold::fold;
use crate::onnx::gradient::GradientError;
use crate::onnx::graph::{Dimension, Graph};
use crate::onnx::lower::{Lowered, lower};
use crate::onnx::retarget::{Freedom, Inputs, retarget};
use crate::onnx::shapes::{ShapeError, Shapes, infer};

/// The least height and width that the layer must have: a map of one value has no place to draw at.
const LEAST_CELLS: usize = 2;

/// What becomes of a picture of some size.
pub enum Fit {
    Fits,
    /// The layer has less than two cells a side, a window is larger than its map, or the scores are others than at the model's own size.
    TooSmall,
    /// No engine could hold it, whatever the network makes of it.
    TooLarge,
    /// The network takes no pictures of that size.
    Refused(AnalysisError),
}

pub struct Network<'a> {
    opened: &'a Opened,
    /// What has to be large enough.
    place: &'a Place,
    /// As the file has it, up to what is ascended, which it returns.
    graph: Graph,
}

impl<'a> Network<'a> {
    /// # Errors
    /// [`AnalysisError::Cut`], and [`AnalysisError::NoScores`] where there are none.
    pub fn new(opened: &'a Opened, place: &'a Place) -> Result<Self, AnalysisError> {
        let outputs = place.values(opened)?;
        let mut unsettled = opened.unsettled();
        let shape = |name: &String| opened.shapes().get(name).cloned().unwrap_or_default();
        let own = unsettled.inputs.iter().map(|input| (input.name.clone(), shape(&input.name))).collect();
        // What lies in an If has no shape and cannot be written anew for another size. Where its condition cannot be known, folding
        // says so.
        if let Ok(Cow::Owned(resolved)) = resolve(&unsettled, &own) {
            unsettled = resolved;
        }
        // A value that only folding brings to light is in the folded graph.
        let graph = cut(&unsettled, &outputs).or_else(|_| cut(opened.graph(), &outputs))?;
        Ok(Self { opened, place, graph })
    }

    /// The side of the pictures that the model is settled on, where they are square.
    pub fn own_side(&self) -> Option<usize> {
        let [height, width] = self.opened.size();
        (height == width).then_some(height)
    }

    pub fn fit(&self, side: usize, freedom: Freedom) -> Fit {
        let shapes = self.at(side, freedom).and_then(|(graph, inputs)| match infer(&graph, &inputs) {
            // Folding may do without an operator that has no rule.
            Err(ShapeError::Unknown { .. }) => Ok(fold(&graph, &inputs)?.shapes),
            found => Ok(found?),
        });
        match shapes {
            Ok(shapes) if self.is_there(&shapes) => Fit::Fits,
            Ok(_) => Fit::TooSmall,
            Err(AnalysisError::Shape(ShapeError::Invalid { op, .. }))
                if matches!(op.as_str(), "Conv" | "ConvTranspose" | "AveragePool" | "LpPool" | "MaxPool") =>
            {
                Fit::TooSmall
            }
            Err(AnalysisError::Shape(ShapeError::TooLarge { .. } | ShapeError::Input { .. })) => Fit::TooLarge,
            Err(error) => Fit::Refused(error),
        }
    }

    /// Whether a layer has room, or the scores are those of the classes.
    fn is_there(&self, shapes: &Shapes) -> bool {
        match self.place {
            Place::Layer(layer) => {
                shapes.get(layer).is_some_and(|shape| shape.iter().skip(2).all(|&cells| cells >= LEAST_CELLS))
            }
            Place::Scores => self.graph.outputs.iter().all(|value| {
                let own = self.opened.shapes().get(value).and_then(|shape| element_count(shape));
                own.zip(shapes.get(value)).is_some_and(|(own, shape)| holds_scores(shape, own))
            }),
        }
    }

    /// In core operators.
    ///
    /// # Errors
    /// Why the network takes no pictures of this size, or cannot be lowered.
    pub fn lowered(&self, engine: &dyn Engine, side: usize, freedom: Freedom) -> Result<Lowered, AnalysisError> {
        let (graph, inputs) = self.at(side, freedom)?;
        let folded = fold(&graph, &inputs)?;
        let limits = engine.limits().unwrap_or(UNLIMITED);
        // Only core operators have gradients, on any engine.
        Ok(lower(&folded.graph, &folded.shapes, &limits).map_err(GradientError::from)?)
    }

    fn at(&self, side: usize, freedom: Freedom) -> Result<(Graph, Inputs), AnalysisError> {
        let axes = match self.opened.form().layout {
            Layout::Nchw => [2, 3],
            Layout::Nhwc => [1, 2],
        };
        let shape = |name: &String| self.opened.shapes().get(name).cloned().unwrap_or_default();
        let own: Inputs = self.graph.inputs.iter().map(|input| (input.name.clone(), shape(&input.name))).collect();
        let mut wanted = own.clone();
        for shape in wanted.values_mut() {
            for axis in axes {
                if let Some(length) = shape.get_mut(axis) {
                    *length = side;
                }
            }
        }
        let mut graph = retarget(&self.graph, &own, &wanted, axes, freedom)?;
        if own != wanted {
            // What the file states is for its own size.
            graph.stated_shapes.clear();
        }
        for input in &mut graph.inputs {
            let shape = wanted.get(&input.name).into_iter().flatten();
            input.shape = shape.map(|&length| Dimension::Fixed(length)).collect();
        }
        Ok((graph, wanted))
    }
}
