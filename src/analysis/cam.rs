//! Grad-CAM of a look: which places of the picture speak for a class, over all maps of the layer together.
//!
//! What is differentiated is the class's score before it becomes a probability. A probability that is 1 in single precision
//! has no slope, however much the picture speaks for it. Where the probability is a mixture, as of an ensemble, each member's
//! score counts by its share in that probability.

use crate::domain::cam::{Cam, cam};
use crate::domain::objective::{ObjectiveError, class_score};
use crate::domain::predictions::Silence;
use crate::domain::recipe::Frame;
use crate::domain::shares::{LogProbabilities, shares};
use crate::domain::tensor::{Tensor, element_count};
use crate::engine::Engine;
use crate::onnx::head::{Kind, Logits, Output, Part};

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::finds::Finds;
use super::look::{Look, shaped};
use super::open::Opened;
use super::prepared::{Prepared, Ready};

/// Runs the network after the look's layer, and back from the score of a class (numbered from 0) before a final Softmax or Sigmoid,
/// in whatever form the graph has it. Of a detector the number is that of a box in the look's list, and of a segmenter that of a class of its mask,
/// whose scores are added up over the places that it has. Only the layer's maps are needed for that, and the picture where a path leads around the
/// layer.
///
/// # Errors
/// [`AnalysisError::NoScores`], [`AnalysisError::NoSuchClass`], [`AnalysisError::NoSuchBox`], [`AnalysisError::NothingFound`],
/// [`AnalysisError::Gradient`] for an operator after the layer that has no gradient, [`AnalysisError::NotFinite`], [`AnalysisError::Cancelled`], and what lowering or the engine refuses.
pub async fn class_activation(
    opened: &Opened,
    engine: &dyn Engine,
    ready: &Ready,
    look: &Look,
    class: usize,
    control: &dyn Control,
) -> Result<Cam, AnalysisError> {
    if !matches!(look.finds, Finds::Nothing) {
        return of_finds(opened, engine, ready, look, class, None, control).await;
    }
    let Output { value, classes, logits, .. } = opened.scored()?;
    let Some(parts) = logits.classes.get(class) else {
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
    let values = logits.values();
    if values[..] == [&look.layer.id[..]] {
        let shares = shares_of(parts, logits, &[(values[0], look.maps.data())]);
        return Ok(cam(&look.maps, &chosen(look.maps.shape(), logits, values[0], parts, &shares)?)?);
    }
    let prepared = ready.score_gradient(opened, engine, look.subject(), control).await?;
    let after = After { opened, look, prepared: &prepared, logits, control };
    let alone = [Part { source: 0, element: class, weight: 1.0, opposite: false }];
    let parts = if prepared.of_result { &alone[..] } else { parts };
    control.progress(Stage::Run, 0, 1);
    let shares = if logits.alone(parts).is_some() {
        shares_of_one(parts)
    } else {
        // What is differentiated depends on the scores of the picture.
        let found = after.run(parts, &vec![0.0; parts.len()]).await?;
        let mut found = found.get(2..).unwrap_or_default().iter().map(Tensor::data);
        let mut of = |value| {
            if value == look.layer.id { look.maps.data() } else { found.next().unwrap_or_default() }
        };
        let values: Vec<(&str, &[f32])> = values.iter().map(|&value| (value, of(value))).collect();
        shares_of(parts, logits, &values)
    };
    let found = after.run(parts, &shares).await?;
    pause(control).await?;
    control.progress(Stage::Run, 1, 1);
    // The score stands before its derivatives.
    match found.get(1) {
        Some(gradient) if !gradient.data().iter().all(|slope| slope.is_finite()) => {
            let value = logits.sources.first().map_or(value, |source| &source.value);
            Err(AnalysisError::NotFinite { value: value.clone() })
        }
        Some(gradient) => Ok(cam(&look.maps, &shaped(gradient.clone(), &look.layer)?)?),
        None => Ok(cam(&look.maps, &Tensor::new(look.maps.shape().to_vec(), vec![0.0; look.maps.data().len()])?)?),
    }
}

/// The same for one place of a segmenter's mask: which places of the picture speak for a class there. `at` is in pixels of the picture, from the
/// left and from the top.
///
/// # Errors
/// As [`class_activation`], and [`AnalysisError::NoSuchClass`] for a network that gives no mask.
pub async fn place_activation(
    opened: &Opened,
    engine: &dyn Engine,
    ready: &Ready,
    look: &Look,
    (class, at): (usize, [f64; 2]),
    control: &dyn Control,
) -> Result<Cam, AnalysisError> {
    of_finds(opened, engine, ready, look, class, Some(at), control).await
}

/// The same for something that the network found, of a mask at one place or wherever the class is.
async fn of_finds(
    opened: &Opened,
    engine: &dyn Engine,
    ready: &Ready,
    look: &Look,
    number: usize,
    at: Option<[f64; 2]>,
    control: &dyn Control,
) -> Result<Cam, AnalysisError> {
    let gives = opened.gives();
    let none = |classes: usize| AnalysisError::NoSuchClass { index: number, classes };
    let (value, slopes) = match (&gives.kind, &look.finds) {
        (Kind::Boxes { form, .. }, Finds::Boxes { boxes, .. }) if at.is_none() => {
            let missing = || match boxes.len() {
                0 => AnalysisError::NothingFound,
                boxes => AnalysisError::NoSuchBox { index: number, boxes },
            };
            let found = boxes.get(number).ok_or_else(missing)?;
            (gives.values.get(form.scores()), form.slopes(found))
        }
        (Kind::Mask(form), Finds::Mask(mask)) => {
            if number >= form.classes.max(2) {
                return Err(none(form.classes.max(2)));
            }
            let slopes = match at {
                Some(at) => vec![form.slope_at(number, place_of(at, &look.frame, [mask.height, mask.width]))],
                None => form.slopes(mask, number),
            };
            (gives.values.first(), slopes)
        }
        _ => return Err(opened.scored().map_or_else(|error| error, |_| none(0))),
    };
    let value = value.ok_or_else(|| none(0))?;
    look.finite()?;
    let weighed = |shape: &[usize]| {
        let mut weights = vec![0.0; element_count(shape).unwrap_or(0)];
        for &(element, slope) in &slopes {
            let classes = weights.len();
            *weights.get_mut(element).ok_or(ObjectiveError::NoSuchClass { class: element, classes })? += slope;
        }
        Ok::<_, AnalysisError>(Tensor::new(shape.to_vec(), weights)?)
    };
    // Where the layer is the scores themselves nothing comes after it.
    if look.layer.id == *value {
        return Ok(cam(&look.maps, &weighed(look.maps.shape())?)?);
    }
    let none_rises = || Tensor::new(look.maps.shape().to_vec(), vec![0.0; look.maps.data().len()]);
    let Some(prepared) = ready.value_gradient(opened, engine, look.subject(), value, control).await? else {
        return Ok(cam(&look.maps, &none_rises()?)?);
    };
    control.progress(Stage::Run, 0, 1);
    let weights = prepared.weights.iter().map(|weights| weighed(&weights.shape)).collect::<Result<Vec<_>, _>>()?;
    let found = run_back(opened, look, &prepared, &weights, control).await?;
    pause(control).await?;
    control.progress(Stage::Run, 1, 1);
    match found.get(1) {
        Some(gradient) if !gradient.data().iter().all(|slope| slope.is_finite()) => {
            Err(AnalysisError::NotFinite { value: value.clone() })
        }
        Some(gradient) => Ok(cam(&look.maps, &shaped(gradient.clone(), &look.layer)?)?),
        None => Ok(cam(&look.maps, &none_rises()?)?),
    }
}

/// Row and column of a place of the picture in a mask of that height and width over what the network saw.
fn place_of([x, y]: [f64; 2], frame: &Frame, [height, width]: [usize; 2]) -> [usize; 2] {
    // A cast of a number below zero, or of none, is zero.
    let along = |from: f64, length: f64, count: usize| (from / length.max(f64::MIN_POSITIVE) * count as f64) as usize;
    [along(y - frame.top, frame.height, height), along(x - frame.left, frame.width, width)]
}

/// Runs the network after a look's layer forwards and back, with weights for what is differentiated.
async fn run_back(
    opened: &Opened,
    look: &Look,
    prepared: &Prepared,
    weights: &[Tensor],
    control: &dyn Control,
) -> Result<Vec<Tensor>, AnalysisError> {
    let name = &opened.input().name;
    let picture = if prepared.takes(name) { Some(look.input()?) } else { None };
    let given = look.given(opened, prepared)?;
    let names = prepared.weights.iter().map(|weights| &weights.input[..]);
    let mut inputs: Vec<(&str, &Tensor)> = names.zip(weights).collect();
    if prepared.takes(&look.layer.id) {
        inputs.push((&look.layer.id, &look.maps));
    }
    if let Some(picture) = &picture {
        inputs.push((name, picture));
    }
    inputs.extend(given.iter().map(|input| (&input.0[..], &input.1)));
    prepared.run(&inputs, control).await
}

/// The network after a look's layer, forwards and back.
struct After<'a> {
    opened: &'a Opened,
    look: &'a Look,
    prepared: &'a Prepared,
    logits: &'a Logits,
    control: &'a dyn Control,
}

impl After<'_> {
    /// The sum of some scores, each times its share, and its derivatives; where there are several values, the values as well.
    async fn run(&self, parts: &[Part], shares: &[f64]) -> Result<Vec<Tensor>, AnalysisError> {
        let Self { opened, look, prepared, logits, control } = *self;
        let weights: Vec<Tensor> = prepared
            .weights
            .iter()
            .zip(logits.values())
            .map(|(weights, value)| chosen(&weights.shape, logits, value, parts, shares))
            .collect::<Result<_, _>>()?;
        run_back(opened, look, prepared, &weights, control).await
    }
}

/// Of the parts of one score one counts, whatever makes probabilities of it.
fn shares_of_one(parts: &[Part]) -> Vec<f64> {
    (0..parts.len()).map(|part| if part == 0 { 1.0 } else { 0.0 }).collect()
}

/// How much each part makes of a class's probability, from the values that hold the scores.
fn shares_of(parts: &[Part], logits: &Logits, values: &[(&str, &[f32])]) -> Vec<f64> {
    let held = |value: &str| values.iter().find(|(name, _)| *name == value).map_or(&[][..], |(_, scores)| *scores);
    let mut sources: Vec<_> =
        logits.sources.iter().map(|source| LogProbabilities::new(source.normalizer, held(&source.value))).collect();
    let logarithm = |part: &Part| match sources.get_mut(part.source) {
        Some(source) => f64::from(part.weight).ln() + source.of(part.element, part.opposite),
        None => f64::NEG_INFINITY,
    };
    shares(&parts.iter().map(logarithm).collect::<Vec<_>>())
}

/// The weights of the scores that a value holds.
fn chosen(
    shape: &[usize],
    logits: &Logits,
    value: &str,
    parts: &[Part],
    shares: &[f64],
) -> Result<Tensor, AnalysisError> {
    let mut weights = vec![0.0; element_count(shape).unwrap_or(0)];
    let is_held = |part: &Part| logits.sources.get(part.source).is_some_and(|source| source.value == value);
    for (part, share) in parts.iter().zip(shares).filter(|(part, _)| is_held(part)) {
        let classes = weights.len();
        let weight =
            weights.get_mut(part.element).ok_or(ObjectiveError::NoSuchClass { class: part.element, classes })?;
        *weight += *share as f32 * part.sign();
    }
    Ok(Tensor::new(shape.to_vec(), weights)?)
}
