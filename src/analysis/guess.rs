//! Which recipe was a classifier without a card trained with? Asks the network itself, with photos of known labels.

use crate::domain::guess::guess as choose;
use crate::domain::order::order;
use crate::domain::picture::Picture;
use crate::domain::predictions::answer;
use crate::domain::recipe::common::CommonRecipe;
use crate::domain::recipe::{Recipe, apply};
use crate::domain::tensor::Tensor;
use crate::engine::Engine;

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::look::wanted;
use super::open::Opened;
use super::prepared::Ready;

/// A photo with the classes that count as right for it.
#[derive(Debug, Clone)]
pub struct Probe<'a> {
    pub picture: &'a Picture,
    pub labels: &'a [usize],
}

/// A recipe that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub name: CommonRecipe,
    pub recipe: Recipe,
    /// The summed probability of the known labels, from 0 to the number of photos.
    pub score: f64,
}

/// The recipes that a model may have been trained with: the common ones, or, of a network that normalises its input itself, pixels as
/// it takes them.
pub fn candidates(opened: &Opened) -> Vec<(CommonRecipe, Recipe)> {
    if let Some((name, recipe)) = opened.own_recipe() {
        return vec![(name, recipe.clone())];
    }
    CommonRecipe::ALL.iter().map(|&name| (name, name.recipe(opened.form()))).collect()
}

/// Tries the common recipes on photos with known labels; the best comes first, ties in the order of the list.
///
/// An empty list means that the photos decide nothing: the model's classes are others.
///
/// # Errors
/// [`AnalysisError`], among them [`AnalysisError::Cancelled`] between the runs.
pub async fn guess(
    opened: &Opened,
    engine: &dyn Engine,
    ready: &Ready,
    probes: &[Probe<'_>],
    control: &dyn Control,
) -> Result<Vec<Candidate>, AnalysisError> {
    // With the default layer among the outputs it is the graph that the first look needs, so it is prepared once.
    let outputs = wanted(opened, opened.default_layer());
    let prepared = ready.get(opened, engine, &outputs, control).await?;
    let reading = opened.reading(prepared.softmax_left_out);
    let tried = candidates(opened);
    let total = tried.len() * probes.len();
    let mut found = Vec::with_capacity(tried.len());
    let mut answers = Vec::with_capacity(tried.len());
    for (name, recipe) in tried {
        let mut of_recipe = Vec::with_capacity(probes.len());
        for probe in probes {
            let input = apply(probe.picture, &recipe)?.input;
            let tensors = prepared.run(&[(&opened.input().name, &input)], control).await?;
            of_recipe.push(answer(tensors.last().map_or(&[][..], Tensor::data), reading).probabilities);
            control.progress(Stage::Guess, answers.len() * probes.len() + of_recipe.len(), total);
            pause(control).await?;
        }
        answers.push(of_recipe);
        found.push(Candidate { name, recipe, score: 0.0 });
    }
    let known: Vec<Vec<usize>> = probes.iter().map(|probe| probe.labels.to_vec()).collect();
    let Some(chosen) = choose(&answers, &known) else { return Ok(Vec::new()) };
    let scores = &chosen.scores;
    let descending = order(scores.len(), &|first, second| scores[second].total_cmp(&scores[first]));
    let candidate = |position: usize| Candidate { score: scores[position], ..found[position].clone() };
    Ok(descending.into_iter().map(candidate).collect())
}
