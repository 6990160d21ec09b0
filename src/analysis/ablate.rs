//! Switching off a muscle: some maps of a layer are set to zero, or to their mean, and only the rest of the network runs. Do
//! the predictions, or the boxes of a detector, need them? As a control, equally many maps that were drawn by lot are switched off
//! instead.

use std::rc::Rc;

use crate::domain::predictions::{Reading, Silence, answer};
use crate::domain::tensor::Tensor;
use crate::engine::Engine;
use crate::onnx::tables::IntoTable;

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::finds::{Finds, finds};
use super::look::Look;
use super::open::Opened;
use super::prepared::{Prepared, Ready};

/// What a map that is switched off becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replacement {
    /// Zero everywhere: neither where nor how much.
    Zero,
    /// Its mean everywhere: still how much, no longer where.
    Mean,
}

/// Which maps are switched off, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AblateOptions<'a> {
    /// Numbers of maps of the look's layer.
    pub maps: &'a [usize],
    pub to: Replacement,
    /// How many times equally many random maps are switched off instead.
    pub controls: usize,
    /// Decides which ones; the same seed draws the same maps.
    pub seed: u64,
}

/// What becomes of what the network gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Ablation {
    /// The probabilities with all maps as they are: as the look has them.
    pub before: Vec<f32>,
    /// Without the chosen maps.
    pub without: Given,
    pub controls: Vec<ControlRun>,
}

/// What a network gives for one value of the layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The probabilities of all classes, from 0 to 1; empty of a network that gives no class scores.
    pub probabilities: Vec<f32>,
    /// What it finds instead of classes, in places of the picture.
    pub finds: Finds,
}

/// What happens without some maps that were drawn by lot among those that fire and were not chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlRun {
    pub maps: Vec<usize>,
    pub without: Given,
}

/// Runs the rest of the network after the look's layer, with and without some of its maps.
///
/// # Errors
/// [`AnalysisError::NoSuchMap`], why there is nothing that could change ([`Look::said`]), [`AnalysisError::Cancelled`] between the runs, and what the
/// engine reports.
pub async fn ablate(
    opened: &Opened,
    engine: &dyn Engine,
    ready: &Ready,
    look: &Look,
    options: AblateOptions<'_>,
    control: &dyn Control,
) -> Result<Ablation, AnalysisError> {
    let channels = look.statistics.len();
    if let Some(&map) = options.maps.iter().find(|&&map| map >= channels) {
        return Err(AnalysisError::NoSuchMap { map, channels });
    }
    let before = match look.finds {
        Finds::Nothing => look.said(opened)?.to_vec(),
        Finds::NotFinite => return Err(not_finite(opened)),
        _ => Vec::new(),
    };
    look.finite()?;
    let drawn = draw(look, options);
    let total = 1 + drawn.len();
    let rest = Rest::new(opened, engine, ready, look, control).await?;
    let mut given = Vec::with_capacity(total);
    for (done, maps) in std::iter::once(options.maps).chain(drawn.iter().map(Vec::as_slice)).enumerate() {
        control.progress(Stage::Run, done, total);
        given.push(rest.run(without(look, maps, options.to)?, control).await?);
        pause(control).await?;
    }
    control.progress(Stage::Run, total, total);
    let mut given = given.into_iter();
    let without = given.next().unwrap_or(Given { probabilities: Vec::new(), finds: Finds::Nothing });
    let controls = drawn.into_iter().zip(given).map(|(maps, without)| ControlRun { maps, without }).collect();
    Ok(Ablation { before, without, controls })
}

/// What the network gives is infinite or no number.
fn not_finite(opened: &Opened) -> AnalysisError {
    AnalysisError::NotFinite { value: opened.gives().values.first().cloned().unwrap_or_default() }
}

/// As many maps for each control as were chosen, or as there are.
fn draw(look: &Look, options: AblateOptions<'_>) -> Vec<Vec<usize>> {
    let mut random = fastrand::Rng::with_seed(options.seed);
    let fires = |map: &usize| !look.statistics[*map].dead && !options.maps.contains(map);
    let others: Vec<usize> = (0..look.statistics.len()).filter(fires).collect();
    let one = |_| {
        let mut maps = others.clone();
        random.shuffle(&mut maps);
        maps.truncate(options.maps.len());
        maps.into_iter().into_set().into_iter().collect()
    };
    (0..options.controls).map(one).collect()
}

/// The layer's value with some maps replaced.
fn without(look: &Look, maps: &[usize], to: Replacement) -> Result<Tensor, AnalysisError> {
    let mut value = look.maps.clone();
    let cells = look.layer.height * look.layer.width;
    for &map in maps {
        let level = match to {
            Replacement::Zero => 0.0,
            Replacement::Mean => look.statistics[map].mean,
        };
        value.data_mut()[map * cells..(map + 1) * cells].fill(level);
    }
    Ok(value)
}

/// The network after the layer.
struct Rest<'a> {
    opened: &'a Opened,
    look: &'a Look,
    /// What it computes of what the network gives; the layer may be among that itself.
    values: Vec<String>,
    prepared: Option<Rc<Prepared>>,
    /// The network's input, where a path leads around the layer.
    picture: Option<(&'a str, Tensor)>,
    /// What else it takes.
    given: Vec<Rc<(String, Tensor)>>,
    reading: Reading,
}

impl<'a> Rest<'a> {
    async fn new(
        opened: &'a Opened,
        engine: &dyn Engine,
        ready: &Ready,
        look: &'a Look,
        control: &dyn Control,
    ) -> Result<Self, AnalysisError> {
        // What the values of one picture have told holds for all that is done to it.
        let reading = |softmax_left_out: bool| match opened.reading(softmax_left_out) {
            reading if softmax_left_out => reading,
            reading => Reading { whole: reading.whole, ..Reading::known(look.output) },
        };
        let values: Vec<String> =
            opened.gives().values.iter().filter(|value| **value != look.layer.id).cloned().collect();
        // Where the layer is all that the network gives nothing comes after it.
        if values.is_empty() {
            let (prepared, picture, given) = (None, None, Vec::new());
            return Ok(Self { opened, look, values, prepared, picture, given, reading: reading(false) });
        }
        let prepared = ready.rest(opened, engine, look.subject(), &values, control).await?;
        let name = &opened.input().name;
        let picture = if prepared.takes(name) { Some((&name[..], look.input()?)) } else { None };
        let given = look.given(opened, &prepared)?;
        let reading = reading(prepared.softmax_left_out);
        Ok(Self { opened, look, values, prepared: Some(prepared), picture, given, reading })
    }

    /// What the network gives for another value of the layer.
    async fn run(&self, layer: Tensor, control: &dyn Control) -> Result<Given, AnalysisError> {
        let mut computed = Vec::new();
        if let Some(prepared) = &self.prepared {
            let mut inputs = vec![(&self.look.layer.id[..], &layer)];
            if let Some((name, picture)) = &self.picture {
                inputs.push((name, picture));
            }
            inputs.extend(self.given.iter().map(|input| (&input.0[..], &input.1)));
            computed = prepared.run(&inputs, control).await?;
        }
        let value = |name: &String| match self.values.iter().position(|value| value == name) {
            Some(place) => computed.get(place).map(Tensor::data),
            None => Some(layer.data()),
        };
        let gives = self.opened.gives();
        let values: Vec<&[f32]> = gives.values.iter().filter_map(value).collect();
        let probabilities = match (self.opened.scores(), values.first()) {
            (Some(_), Some(scores)) => self.read(scores)?,
            _ => Vec::new(),
        };
        let finds = finds(&gives.kind, &values, self.opened.size(), &self.look.frame);
        Ok(Given { probabilities, finds })
    }

    fn read(&self, scores: &[f32]) -> Result<Vec<f32>, AnalysisError> {
        let found = answer(scores, self.reading);
        match found.silence {
            None => Ok(found.probabilities),
            Some(Silence::NoScores | Silence::NotFinite | Silence::Missing) => Err(not_finite(self.opened)),
            Some(Silence::Unclear) => {
                Err(AnalysisError::Unclear(self.opened.gives().values.first().cloned().unwrap_or_default()))
            }
        }
    }
}
