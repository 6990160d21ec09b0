//! Grad-CAM of a look: which places of the picture speak for a class, over all maps of the layer together.
//!
//! What is differentiated is the class's score before it becomes a probability. A probability that is 1 in single precision
//! has no slope, however much the picture speaks for it.

use crate::domain::cam::{Cam, cam};
use crate::domain::objective::class_score;
use crate::domain::predictions::Silence;
use crate::domain::tensor::Tensor;
use crate::engine::Engine;
use crate::onnx::head::Output;

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::look::{Look, shaped};
use super::open::Opened;
use super::prepared::{Ready, Weights};

/// Runs the network after the look's layer, and back from the score of a class (numbered from 0) before a final Softmax or Sigmoid,
/// in whatever form the graph has it. Only the layer's maps are needed for that, and the picture where a path leads around the
/// layer.
///
/// # Errors
/// [`AnalysisError::NoScores`], [`AnalysisError::NoSuchClass`], [`AnalysisError::Gradient`] for an operator after the layer that
/// has no gradient, [`AnalysisError::NotFinite`], [`AnalysisError::Cancelled`], and what lowering or the engine refuses.
pub async fn class_activation(
    opened: &Opened,
    engine: &dyn Engine,
    ready: &Ready,
    look: &Look,
    class: usize,
    control: &dyn Control,
) -> Result<Cam, AnalysisError> {
    let Output { value, classes, logits, .. } = opened.scored()?;
    let Some(&(element, sign)) = logits.elements.get(class) else {
        return Err(AnalysisError::NoSuchClass { index: class, classes: *classes });
    };
    look.finite()?;
    if look.silence == Some(Silence::NotFinite) {
        return Err(AnalysisError::NotFinite { value: value.clone() });
    }
    // Where the layer is the scores themselves nothing comes after it.
    if look.layer.id == *value {
        return Ok(cam(&look.maps, &class_score(look.maps.shape(), class)?)?);
    }
    let chosen = |shape: &[usize]| -> Result<Tensor, AnalysisError> {
        let mut chosen = class_score(shape, element)?;
        chosen.data_mut().iter_mut().for_each(|weight| *weight *= sign);
        Ok(chosen)
    };
    if look.layer.id == logits.value {
        return Ok(cam(&look.maps, &chosen(look.maps.shape())?)?);
    }
    let prepared = ready.score_gradient(opened, engine, &look.layer.id, control).await?;
    let no_weights = || AnalysisError::NotAPictureModel("the gradient of a class has no weights".to_owned());
    let Weights { input, shape } = prepared.weights.as_ref().ok_or_else(no_weights)?;
    let chosen = chosen(shape)?;
    let name = &opened.input().name;
    let picture = if prepared.takes(name) { Some(look.input()?) } else { None };
    let mut inputs: Vec<(&str, &Tensor)> = vec![(input, &chosen)];
    if prepared.takes(&look.layer.id) {
        inputs.push((&look.layer.id, &look.maps));
    }
    if let Some(picture) = &picture {
        inputs.push((name, picture));
    }
    control.progress(Stage::Run, 0, 1);
    let found = prepared.run(&inputs, control).await?;
    pause(control).await?;
    control.progress(Stage::Run, 1, 1);
    // The score stands before its derivatives.
    match found.get(1) {
        Some(gradient) if !gradient.data().iter().all(|slope| slope.is_finite()) => {
            Err(AnalysisError::NotFinite { value: logits.value.clone() })
        }
        Some(gradient) => Ok(cam(&look.maps, &shaped(gradient.clone(), &look.layer)?)?),
        None => Ok(cam(&look.maps, &Tensor::new(look.maps.shape().to_vec(), vec![0.0; look.maps.data().len()])?)?),
    }
}
