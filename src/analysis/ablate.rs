//! Switching off a muscle: some maps of a layer are set to zero, or to their mean, and only the rest of the network runs. Do
//! the predictions need them? As a control, equally many maps that were drawn by lot are switched off instead.

use std::rc::Rc;

use crate::domain::predictions::{Reading, Silence, answer};
use crate::domain::tensor::Tensor;
use crate::engine::Engine;
use crate::onnx::tables::IntoTable;

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
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

/// The probabilities of all classes, from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Ablation {
    /// With all maps as they are.
    pub before: Vec<f32>,
    /// Without the chosen maps.
    pub after: Vec<f32>,
    pub controls: Vec<ControlRun>,
}

/// What happens without some maps that were drawn by lot among those that fire and were not chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlRun {
    pub maps: Vec<usize>,
    pub after: Vec<f32>,
}

/// Runs the rest of the network after the look's layer, with and without some of its maps.
///
/// # Errors
/// [`AnalysisError::NoSuchMap`], why there are no predictions ([`Look::said`]), [`AnalysisError::Cancelled`] between the runs, and what the engine reports.
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
    let before = look.said(opened)?.to_vec();
    look.finite()?;
    let drawn = draw(look, options);
    let total = 1 + drawn.len();
    let rest = Rest::new(opened, engine, ready, look, control).await?;
    let mut after = Vec::with_capacity(total);
    for (done, maps) in std::iter::once(options.maps).chain(drawn.iter().map(Vec::as_slice)).enumerate() {
        control.progress(Stage::Run, done, total);
        after.push(rest.run(without(look, maps, options.to)?, control).await?);
        pause(control).await?;
    }
    control.progress(Stage::Run, total, total);
    let mut after = after.into_iter();
    Ok(Ablation {
        before,
        after: after.next().unwrap_or_default(),
        controls: drawn.into_iter().zip(after).map(|(maps, after)| ControlRun { maps, after }).collect(),
    })
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
    look: &'a Look,
    prepared: Option<Rc<Prepared>>,
    /// The network's input, where a path leads around the layer.
    picture: Option<(&'a str, Tensor)>,
    reading: Reading,
    /// The name of the scores.
    scores: &'a str,
}

impl<'a> Rest<'a> {
    async fn new(
        opened: &'a Opened,
        engine: &dyn Engine,
        ready: &Ready,
        look: &'a Look,
        control: &dyn Control,
    ) -> Result<Self, AnalysisError> {
        let scores = &opened.scored()?.value[..];
        // What the values of one picture have told holds for all that is done to it.
        let reading = |softmax_left_out: bool| match opened.reading(softmax_left_out) {
            reading if softmax_left_out => reading,
            reading => Reading { whole: reading.whole, ..Reading::known(look.output) },
        };
        // Where the layer is the scores themselves nothing comes after it.
        if look.layer.id == scores {
            return Ok(Self { look, prepared: None, picture: None, reading: reading(false), scores });
        }
        let prepared = ready.rest(opened, engine, &look.layer.id, control).await?;
        let name = &opened.input().name;
        let picture = if prepared.takes(name) { Some((&name[..], look.input()?)) } else { None };
        let reading = reading(prepared.softmax_left_out);
        Ok(Self { look, prepared: Some(prepared), picture, reading, scores })
    }

    /// The probabilities for another value of the layer.
    async fn run(&self, value: Tensor, control: &dyn Control) -> Result<Vec<f32>, AnalysisError> {
        let Some(prepared) = &self.prepared else { return self.read(value.data()) };
        let mut inputs = vec![(&self.look.layer.id[..], &value)];
        if let Some((name, picture)) = &self.picture {
            inputs.push((name, picture));
        }
        let scores = prepared.run(&inputs, control).await?;
        self.read(scores.first().map_or(&[][..], Tensor::data))
    }

    fn read(&self, scores: &[f32]) -> Result<Vec<f32>, AnalysisError> {
        let found = answer(scores, self.reading);
        match found.silence {
            None => Ok(found.probabilities),
            Some(Silence::NoScores | Silence::NotFinite | Silence::Missing) => {
                Err(AnalysisError::NotFinite { value: self.scores.to_owned() })
            }
            Some(Silence::Unclear) => Err(AnalysisError::Unclear(self.scores.to_owned())),
        }
    }
}
