//! Grad-CAM of a look: which places of the picture speak for a class, over all maps of the layer together.

use crate::domain::cam::{Cam, cam};
use crate::domain::objective::class_score;
use crate::domain::tensor::Tensor;
use crate::engine::Engine;

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::look::Look;
use super::open::Opened;
use super::prepared::{Ready, Weights};

/// Runs the network after the look's layer, and back from the score of a class (numbered from 0) before a final Softmax. Only the
/// layer's maps are needed for that, and the picture where a path leads around the layer.
///
/// # Errors
/// [`AnalysisError::NoSuchClass`], [`AnalysisError::Gradient`] for an operator after the layer that has no gradient,
/// [`AnalysisError::Cancelled`], and what lowering or the engine refuses.
pub async fn class_activation(
    opened: &Opened,
    engine: &dyn Engine,
    ready: &Ready,
    look: &Look,
    class: usize,
    control: &dyn Control,
) -> Result<Cam, AnalysisError> {
    let classes = look.probabilities.len();
    if class >= classes {
        return Err(AnalysisError::NoSuchClass { index: class, classes });
    }
    // Where the layer is the scores themselves nothing comes after it.
    if look.layer.id == opened.scores() {
        return Ok(cam(&look.maps, &class_score(look.maps.shape(), class)?)?);
    }
    let prepared = ready.score_gradient(opened, engine, &look.layer.id, control).await?;
    let no_weights = || AnalysisError::NotAPictureModel("the gradient of a class has no weights".to_owned());
    let Weights { input, shape } = prepared.weights.as_ref().ok_or_else(no_weights)?;
    let chosen = class_score(shape, class)?;
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
    let found = prepared.run(&inputs).await?;
    pause(control).await?;
    control.progress(Stage::Run, 1, 1);
    // The score stands before its derivatives.
    match found.get(1) {
        Some(gradient) => Ok(cam(&look.maps, gradient)?),
        None => Ok(cam(&look.maps, &Tensor::new(look.maps.shape().to_vec(), vec![0.0; look.maps.data().len()])?)?),
    }
}
