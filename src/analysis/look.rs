//! Question 3: which part of the image is it looking at? One picture, all maps of one layer, and the predictions.

use std::rc::Rc;

use crate::domain::overlay::{Overlay, OverlayOptions, overlay};
use crate::domain::picture::Picture;
use crate::domain::predictions::{Answer, Output, Prediction, Silence, answer, top};
use crate::domain::ranking::{RankOptions, Ranked, rank};
use crate::domain::recipe::{Frame, Recipe, RecipeError, Resize, apply, frame};
use crate::domain::resample::resize;
use crate::domain::statistics::{MapStatistics, dead, means, statistics};
use crate::domain::tensor::{Tensor, element_count};
use crate::engine::{Engine, EngineError};
use crate::onnx::layers::{Layer, Relu};
use crate::onnx::lower::LowerError;

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::finds::{Finds, finds};
use super::open::Opened;
use super::prepared::{Form, Given, Prepared, Ready, Subject};
use super::stack::Stacked;

/// What to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct LookOptions<'a> {
    /// The id of a layer of the model.
    pub layer: &'a str,
    /// How the picture becomes the input.
    pub recipe: &'a Recipe,
    /// Of a layer of attention: the patch that attends. `None`: the class token, or the patch in the middle of a network without one.
    pub patch: Option<Patch>,
    /// Of a network that takes a stack of slices: several pictures that are these, from the first slice to the last. What the look is at is then the
    /// one in the middle of them. Empty: the one picture is every slice.
    pub slices: &'a [&'a Picture],
}

/// A patch of what the network sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Patch {
    /// The one at this place, from the left and from the top, from 0 to 1.
    At { x: f64, y: f64 },
    /// The one in this row and column of the grid, numbered from 0.
    In { row: usize, column: usize },
}

impl Patch {
    /// Row and column on a grid of this height and width.
    fn on(self, [height, width]: [usize; 2]) -> Result<[usize; 2], AnalysisError> {
        let along = |share: f64, count: usize| ((share * count as f64) as usize).min(count.saturating_sub(1));
        match self {
            Self::At { x, y } => Ok([along(y, height), along(x, width)]),
            Self::In { row, column } if row < height && column < width => Ok([row, column]),
            Self::In { row, column } => Err(AnalysisError::NoSuchPatch { row, column, height, width }),
        }
    }
}

/// Whose attention the maps of a look are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attending {
    /// Row and column of the patch; `None` of the class token.
    pub cell: Option<[usize; 2]>,
    /// Somebody chose it.
    pub is_chosen: bool,
}

/// What a network made of a picture.
#[derive(Debug, Clone)]
pub struct Look {
    pub layer: Layer,
    /// Of a layer of attention: whose it is.
    pub attending: Option<Attending>,
    /// Of a volume that was given picture by picture: these.
    pub stacked: Option<Stacked>,
    /// `[1, channels, height, width]`.
    pub maps: Tensor,
    /// One entry per map.
    pub statistics: Vec<MapStatistics>,
    /// The picture as the network saw it.
    pub seen: Picture,
    /// How it became the input.
    pub recipe: Recipe,
    /// One probability per class, from 0 to 1; empty where there is a reason for silence.
    pub probabilities: Vec<f32>,
    /// As what the scores were taken.
    pub output: Output,
    /// They may be something else.
    pub doubt: bool,
    /// Why there are no probabilities.
    pub silence: Option<Silence>,
    /// What it found instead of classes.
    pub finds: Finds,
    /// Where what it saw lies on the picture.
    pub frame: Frame,
    /// Why what the network gives is not known.
    pub missing: Option<AnalysisError>,
    /// Whether every value of the maps is a finite number.
    pub finite: bool,
    /// Which form of the graph ran.
    pub form: Form,
}

/// Runs the network on a picture and keeps the maps of one layer. Where an engine that takes any graph cannot run what follows the layer,
/// it is a look at the maps alone.
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
    let outputs = wanted(opened, &opened.layer(options.layer)?.id);
    match ready.seen(opened, engine, subject(opened, &options)?, &outputs, control).await {
        Ok(prepared) => run(opened, &prepared, &outputs, picture, options, control).await,
        // Where another engine may do it, that one is asked first.
        Err(error) if outputs.len() > 1 && engine.limits().is_none() && is_refused(&error) => {
            let mut found = look_at_maps(opened, engine, ready, picture, options, control).await?;
            found.missing = Some(error);
            Ok(found)
        }
        Err(error) => Err(error),
    }
}

/// The same without what the network gives, for an engine that cannot run what follows the layer.
///
/// # Errors
/// As [`look`].
pub async fn look_at_maps(
    opened: &Opened,
    engine: &dyn Engine,
    ready: &Ready,
    picture: &Picture,
    options: LookOptions<'_>,
    control: &dyn Control,
) -> Result<Look, AnalysisError> {
    let outputs = [opened.layer(options.layer)?.id.clone()];
    let prepared = ready.seen(opened, engine, subject(opened, &options)?, &outputs, control).await?;
    run(opened, &prepared, &outputs, picture, options, control).await
}

/// Whose attention a look shall show.
fn attending(opened: &Opened, options: &LookOptions<'_>) -> Result<Option<Attending>, AnalysisError> {
    match (opened.attention(options.layer), options.patch) {
        (Some(rows), None) => Ok(Some(Attending { cell: rows.usual_cell(), is_chosen: false })),
        (Some(rows), Some(patch)) => Ok(Some(Attending { cell: Some(patch.on(rows.grid())?), is_chosen: true })),
        (None, Some(_)) => Err(AnalysisError::NotAttention(options.layer.to_owned())),
        (None, None) => Ok(None),
    }
}

/// What is looked at, and what the graph is given for it.
fn subject<'a>(opened: &Opened, options: &LookOptions<'a>) -> Result<Subject<'a>, AnalysisError> {
    let row = attending(opened, options)?.is_some_and(|attending| attending.is_chosen);
    let slices = !options.slices.is_empty();
    if slices && opened.volume().is_none() {
        return Err(AnalysisError::NoVolume);
    }
    Ok(Subject { layer: options.layer, given: Given { row, slices } })
}

/// The input that chooses the patch whose attention is looked at, where somebody chose one.
fn token(
    opened: &Opened,
    layer: &str,
    attending: Option<Attending>,
) -> Result<Option<(String, Tensor)>, AnalysisError> {
    let chosen = attending.filter(|attending| attending.is_chosen).and_then(|attending| attending.cell);
    let token = opened.attention(layer).zip(chosen).map(|(rows, cell)| rows.token(cell));
    Ok(token.transpose()?)
}

/// Whether an engine lacks an operator, or what it is made of instead would be too large (to choose among many by comparing all with all).
fn is_refused(error: &AnalysisError) -> bool {
    matches!(
        error,
        AnalysisError::Engine(EngineError::Unsupported { .. })
            | AnalysisError::Lower(
                LowerError::Unsupported { .. } | LowerError::TooLarge { .. } | LowerError::TooMuch { .. }
            )
    )
}

/// Runs a graph that gives these values, of which the first is the layer.
async fn run(
    opened: &Opened,
    prepared: &Prepared,
    outputs: &[String],
    picture: &Picture,
    options: LookOptions<'_>,
    control: &dyn Control,
) -> Result<Look, AnalysisError> {
    let layer = opened.layer(options.layer)?.clone();
    let attending = attending(opened, &options)?;
    let token = token(opened, &layer.id, attending)?;
    let input = apply(picture, options.recipe)?;
    let stacked = match options.slices {
        [] => None,
        slices => Some(Stacked::new(opened, slices, options.recipe, control).await?),
    };
    control.progress(Stage::Run, 0, 1);
    let mut inputs = Vec::new();
    if prepared.takes(&opened.input().name) {
        inputs.push((&opened.input().name[..], &input.input));
    }
    inputs.extend(token.as_ref().map(|(name, value)| (&name[..], value)));
    inputs.extend(stacked.as_ref().map(|stacked| (&stacked.input.0[..], &stacked.input.1)));
    let mut tensors = prepared.run(&inputs, control).await?;
    pause(control).await?;
    control.progress(Stage::Run, 1, 1);
    if tensors.len() != outputs.len() {
        return Err(
            EngineError::Failed(format!("{} values were asked for, {} came", outputs.len(), tensors.len())).into()
        );
    }
    // The layer may be one of the values itself.
    let value = |name: &String| {
        let place = outputs.iter().position(|output| output == name)?;
        tensors.get(place).map(Tensor::data)
    };
    let answer = match opened.scores().map(|scores| value(&scores.value)) {
        Some(Some(scores)) if scores.len() != opened.classes() => {
            return Err(other_size(opened.classes(), scores.len()));
        }
        Some(Some(scores)) => answer(scores, opened.reading(prepared.softmax_left_out)),
        Some(None) => Answer { silence: Some(Silence::Missing), doubt: true, ..Answer::default() },
        None => answer(&[], opened.reading(false)),
    };
    let Answer { probabilities, output, doubt, silence } = answer;
    // A Softmax that preparing left out is still what the file gives.
    let output = if prepared.softmax_left_out { opened.output() } else { output };
    let values: Vec<&[f32]> = opened.gives().values.iter().filter_map(value).collect();
    let frame = frame(picture.width(), picture.height(), options.recipe);
    let finds = match values.len() == opened.gives().values.len() {
        true => finds(&opened.gives().kind, &values, opened.size(), &frame),
        false => Finds::Nothing,
    };
    let maps = shaped(tensors.swap_remove(0), &layer)?;
    let statistics = statistics(&maps.maps()?);
    let finite = maps.data().iter().all(|value| value.is_finite());
    let recipe = options.recipe.clone();
    let (seen, form) = (input.seen, prepared.form);
    Ok(Look {
        layer,
        attending,
        stacked,
        maps,
        statistics,
        seen,
        recipe,
        probabilities,
        output,
        doubt,
        silence,
        finds,
        frame,
        missing: None,
        finite,
        form,
    })
}

/// What an engine gave for a layer, in the layer's shape. Lowering keeps the order of a value and not its dimensions, and an engine may
/// see another size than shape inference did.
pub(super) fn shaped(maps: Tensor, layer: &Layer) -> Result<Tensor, AnalysisError> {
    let shape = [1, layer.channels, layer.height, layer.width];
    if maps.shape() == shape {
        return Ok(maps);
    }
    let found = maps.data().len();
    if element_count(&shape) != Some(found) {
        return Err(other_size(element_count(&shape).unwrap_or(usize::MAX), found));
    }
    Ok(Tensor::new(shape.to_vec(), maps.into_data())?)
}

fn other_size(expected: usize, found: usize) -> AnalysisError {
    EngineError::Failed(format!("a value of the model should have {expected} elements, but has {found}")).into()
}

/// The values that a look at a layer needs: the layer, and what the network gives.
pub(super) fn wanted(opened: &Opened, layer: &str) -> Vec<String> {
    let given = opened.gives().values.iter().filter(|value| *value != layer).cloned();
    std::iter::once(layer.to_owned()).chain(given).collect()
}

impl Look {
    /// What comes after the layer is made ready for this.
    pub fn subject(&self) -> Subject<'_> {
        let row = self.attending.is_some_and(|attending| attending.is_chosen);
        Subject { layer: &self.layer.id, given: Given { row, slices: self.stacked.is_some() } }
    }

    /// What else than the picture and the layer a graph takes that was made ready for this: the input that chooses the patch whose attention was looked
    /// at, and that with the slices of a volume.
    ///
    /// # Errors
    /// [`AnalysisError::Tensor`], which a shape that was inferred has not.
    pub fn given(&self, opened: &Opened, prepared: &Prepared) -> Result<Vec<Rc<(String, Tensor)>>, AnalysisError> {
        let token = token(opened, &self.layer.id, self.attending)?.map(Rc::new);
        let slices = self.stacked.as_ref().map(|stacked| stacked.input.clone());
        Ok(token.into_iter().chain(slices).filter(|input| prepared.takes(&input.0)).collect())
    }

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

    /// The probabilities, for what asks about classes.
    ///
    /// # Errors
    /// Why there are none: [`AnalysisError::NoScores`], [`AnalysisError::NotFinite`] or [`AnalysisError::Unclear`].
    pub fn said(&self, opened: &Opened) -> Result<&[f32], AnalysisError> {
        let scores = opened.scored()?;
        match self.silence {
            None => Ok(&self.probabilities),
            Some(Silence::NotFinite | Silence::NoScores) => {
                Err(AnalysisError::NotFinite { value: scores.value.clone() })
            }
            Some(Silence::Unclear) => Err(AnalysisError::Unclear(scores.value.clone())),
            Some(Silence::Missing) => Err(self.missing.clone().unwrap_or(AnalysisError::Unclear(scores.value.clone()))),
        }
    }

    /// # Errors
    /// [`AnalysisError::NotFinite`] where a value of the maps is none, so that nothing can be computed from them.
    pub fn finite(&self) -> Result<(), AnalysisError> {
        if self.finite { Ok(()) } else { Err(AnalysisError::NotFinite { value: self.layer.id.clone() }) }
    }

    /// Whether values below zero carry meaning: the layer stands before its activation.
    pub fn signed(&self) -> bool {
        self.layer.relu != Relu::After && self.statistics.iter().any(|map| map.min < 0.0)
    }

    /// Lays maps over the picture that the network saw; of a stack of them over the slice that the maps are about, and where they are about several over
    /// the one in the middle.
    ///
    /// # Errors
    /// [`AnalysisError::Overlay`] for a map that the layer has not, or an impossible size.
    pub fn overlay(&self, chosen: &[usize], options: &OverlayOptions) -> Result<Overlay, AnalysisError> {
        let size = (options.width, options.height);
        let maps = self.maps.maps()?;
        let slice = self.stacked.as_ref().and_then(|stacked| stacked.under(chosen, self.layer.slices));
        let seen = slice.unwrap_or(&self.seen);
        if size == (seen.width(), seen.height()) {
            return Ok(overlay(seen, &maps, chosen, options)?);
        }
        let seen = resize(seen, options.width, options.height)?;
        Ok(overlay(&seen, &maps, chosen, options)?)
    }
}
