//! Question 3: which part of the image is it looking at? One picture, all maps of one layer, and the predictions.

use crate::domain::overlay::{Overlay, OverlayOptions, overlay};
use crate::domain::picture::Picture;
use crate::domain::predictions::{Output, Prediction, probabilities, top};
use crate::domain::ranking::{RankOptions, Ranked, rank};
use crate::domain::recipe::{Recipe, RecipeError, Resize, apply};
use crate::domain::resample::resize;
use crate::domain::statistics::{MapStatistics, dead, means, statistics};
use crate::domain::tensor::Tensor;
use crate::engine::Engine;
use crate::onnx::layers::{Layer, Relu};

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::open::Opened;
use super::prepared::{Form, Ready};

/// What to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct LookOptions<'a> {
    /// The id of a layer of the model.
    pub layer: &'a str,
    /// How the picture becomes the input.
    pub recipe: &'a Recipe,
}

/// What a network made of a picture.
#[derive(Debug, Clone)]
pub struct Look {
    pub layer: Layer,
    /// `[1, channels, height, width]`.
    pub maps: Tensor,
    /// One entry per map.
    pub statistics: Vec<MapStatistics>,
    /// The picture as the network saw it.
    pub seen: Picture,
    /// How it became the input.
    pub recipe: Recipe,
    /// One probability per class, from 0 to 1.
    pub probabilities: Vec<f32>,
    /// Which form of the graph ran.
    pub form: Form,
}

/// Runs the network on a picture and keeps the maps of one layer.
///
/// # Errors
/// [`AnalysisError`], among them [`AnalysisError::Cancelled`] between the steps.
pub async fn look(
    opened: &Opened,
    engine: &dyn Engine,
    ready: &Ready,
    picture: &Picture,
    options: LookOptions<'_>,
    control: &dyn Control,
) -> Result<Look, AnalysisError> {
    let layer = opened.layer(options.layer)?.clone();
    let scores = opened.scores().to_owned();
    let outputs = if layer.id == scores { vec![scores] } else { vec![layer.id.clone(), scores] };
    let prepared = ready.get(opened, engine, &outputs, control).await?;
    let input = apply(picture, options.recipe)?;
    control.progress(Stage::Run, 0, 1);
    let mut tensors = prepared.run(&[(&opened.input().name, &input.input)]).await?;
    pause(control).await?;
    control.progress(Stage::Run, 1, 1);
    let output = if prepared.softmax_left_out { Output::Logits } else { opened.output() };
    let probabilities = probabilities(tensors.last().map_or(&[][..], Tensor::data), output);
    let maps = tensors.swap_remove(0);
    let statistics = statistics(&maps.maps()?);
    let recipe = options.recipe.clone();
    Ok(Look { layer, maps, statistics, seen: input.seen, recipe, probabilities, form: prepared.form })
}

impl Look {
    /// What the network was given.
    ///
    /// # Errors
    /// [`RecipeError`] as the look itself had it.
    pub fn input(&self) -> Result<Tensor, RecipeError> {
        // The picture was resized for the look already.
        let recipe = Recipe { resize: Resize::Squash, ..self.recipe.clone() };
        Ok(apply(&self.seen, &recipe)?.input)
    }

    /// The activation of each map.
    pub fn means(&self) -> Vec<f32> {
        means(&self.statistics)
    }

    /// The maps that fire most.
    pub fn top(&self, count: usize) -> Vec<Ranked> {
        rank(&self.means(), &dead(&self.statistics), RankOptions { top: count })
    }

    /// The most probable classes.
    pub fn predictions(&self, count: usize) -> Vec<Prediction> {
        top(&self.probabilities, count)
    }

    /// Whether values below zero carry meaning: the layer stands before its activation.
    pub fn signed(&self) -> bool {
        self.layer.relu != Relu::After && self.statistics.iter().any(|map| map.min < 0.0)
    }

    /// Lays maps over the picture that the network saw.
    ///
    /// # Errors
    /// [`AnalysisError::Overlay`] for a map that the layer has not, or an impossible size.
    pub fn overlay(&self, chosen: &[usize], options: &OverlayOptions) -> Result<Overlay, AnalysisError> {
        let size = (options.width, options.height);
        let maps = self.maps.maps()?;
        if size == (self.seen.width(), self.seen.height()) {
            return Ok(overlay(&self.seen, &maps, chosen, options)?);
        }
        let seen = resize(&self.seen, options.width, options.height)?;
        Ok(overlay(&seen, &maps, chosen, options)?)
    }
}
