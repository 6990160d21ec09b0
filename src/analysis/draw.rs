//! Question 2: can you draw me one? A small random picture is changed by gradient steps so that one map fires more, enlarged
//! a little, and changed again, as the article does.

use std::collections::BTreeMap;

use crate::domain::ascent::{Adam, RATE, STEPS, WEIGHT_DECAY, sizes};
use crate::domain::canvas::Canvas;
use crate::domain::objective::mean_of_map;
use crate::domain::recipe::{Layout, Recipe};
use crate::domain::tensor::Tensor;
use crate::engine::{Engine, Runner};
use crate::onnx::cut::cut;
use crate::onnx::fold::fold;
use crate::onnx::gradient::{Gradient, GradientOptions, Rectifiers, gradient};
use crate::onnx::graph::Dimension;
use crate::onnx::lower::{Lowered, lower};

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::open::Opened;
use super::prepared::UNLIMITED;

/// The least height and width that the layer must have at the first size: a map of one value has no place to draw at.
const LEAST_CELLS: usize = 2;

/// All values of a forward and backward pass together may take so many bytes: half of what a page on a phone may have.
const MOST_BYTES: u64 = 1 << 30;

/// Below this standard deviation of the pixels (from 0 to 255) a picture is called grey: the start has 2.
const GREY: f64 = 4.0;

/// What is drawn, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawOptions<'a> {
    /// The id of a layer of the model.
    pub layer: &'a str,
    /// The number of a map of it, from 0.
    pub map: usize,
    /// How pixels become the input; its size and resize do not matter here.
    pub recipe: &'a Recipe,
    /// The largest side in pixels; the sizes are the article's up to it.
    pub largest: usize,
    /// The size to begin with instead of the first at which the layer has a place to draw at.
    pub first: Option<usize>,
    /// Gradient steps at each size.
    pub steps: usize,
    pub seed: u64,
    /// Logits to begin with instead of random ones: three planes of the first size that is used.
    pub start: Option<Vec<f32>>,
}

impl<'a> DrawOptions<'a> {
    /// The article's way up to 230 pixels, which is an eighteenth of its work up to 986.
    pub fn article(layer: &'a str, map: usize, recipe: &'a Recipe) -> Self {
        Self { layer, map, recipe, largest: 230, first: None, steps: STEPS, seed: 1, start: None }
    }
}

/// One step, as it is made.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// What the step began with.
    pub canvas: &'a Canvas,
    /// The map's mean on it.
    pub activation: f32,
    /// The step's number at this size, from 0.
    pub step: usize,
}

/// A finished drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    pub canvas: Canvas,
    /// The map's mean before each step, from the first size on.
    pub activations: Vec<f32>,
    /// The sizes that were used.
    pub sizes: Vec<usize>,
    /// So many steps ascended the value before the activation, since the map was dead and had no gradient.
    pub cured: usize,
    /// The picture stayed grey.
    pub grey: bool,
}

/// Draws what one map looks for. `watch` sees every step.
///
/// # Errors
/// [`AnalysisError::NoSuchLayer`], [`AnalysisError::NoSuchMap`], [`AnalysisError::DrawTooLarge`] before anything is computed,
/// [`AnalysisError::Cancelled`] between the steps, and what lowering or the engine refuses.
pub async fn draw(
    opened: &Opened,
    engine: &dyn Engine,
    options: DrawOptions<'_>,
    control: &dyn Control,
    watch: &dyn Fn(Drawn<'_>),
) -> Result<Drawing, AnalysisError> {
    let channels = opened.layer(options.layer)?.channels;
    if options.map >= channels {
        return Err(AnalysisError::NoSuchMap { map: options.map, channels });
    }
    let sizes = usable_sizes(opened, engine, &options)?;
    let total = sizes.len() * options.steps;
    let mut canvas = match (&options.start, sizes.first()) {
        (Some(logits), Some(&size)) => Canvas::of(size, logits.clone()),
        (None, Some(&size)) => Canvas::random(size, options.seed),
        (_, None) => {
            return Err(AnalysisError::DrawTooSmall { layer: options.layer.to_owned(), largest: options.largest });
        }
    };
    let mut activations = Vec::with_capacity(total);
    let mut cured = 0;
    for &size in &sizes {
        if canvas.size() != size {
            canvas = canvas.enlarged(size);
        }
        control.progress(Stage::Prepare, activations.len(), total);
        let lowered = lowered_at(opened, engine, options.layer, size)?;
        let exact = Session::new(engine, &lowered, opened, &options, Rectifiers::Exact).await?;
        let mut lenient: Option<Session> = None;
        let mut adam = Adam::new(canvas.logits().len(), RATE, WEIGHT_DECAY);
        for step in 0..options.steps {
            control.progress(Stage::Run, activations.len(), total);
            let input = canvas.input(options.recipe)?;
            let mut found = exact.run(&input).await?;
            if found.gradient.data().iter().all(|&value| value == 0.0) {
                let session = match lenient.take() {
                    Some(session) => session,
                    None => Session::new(engine, &lowered, opened, &options, Rectifiers::OpenAtObjective).await?,
                };
                found.gradient = session.run(&input).await?.gradient;
                lenient = Some(session);
                cured += 1;
            }
            activations.push(found.objective);
            watch(Drawn { canvas: &canvas, activation: found.objective, step });
            let ascent = canvas.gradient(&found.gradient, options.recipe);
            adam.ascend(canvas.logits_mut(), &ascent);
            pause(control).await?;
        }
    }
    control.progress(Stage::Run, total, total);
    let grey = canvas.contrast() < GREY;
    Ok(Drawing { canvas, activations, sizes, cured, grey })
}

/// The article's sizes up to the largest, from the first at which the layer has a place to draw at.
fn usable_sizes(opened: &Opened, engine: &dyn Engine, options: &DrawOptions<'_>) -> Result<Vec<usize>, AnalysisError> {
    let all = sizes(options.largest);
    // A size at which a window does not fit into its map has no shapes.
    let shape = |size: usize| lowered_at(opened, engine, options.layer, size).ok();
    let big_enough = |lowered: &Lowered| {
        lowered.shapes.get(options.layer).is_some_and(|shape| shape.iter().skip(2).all(|&cells| cells >= LEAST_CELLS))
    };
    let Some((place, lowered)) = all
        .iter()
        .enumerate()
        .filter(|&(_, &size)| size <= options.largest && options.first.is_none_or(|first| size >= first))
        .find_map(|(place, &size)| shape(size).filter(big_enough).map(|lowered| (place, lowered)))
    else {
        return Ok(Vec::new());
    };
    let used = all[place..].to_vec();
    // Everything grows with the area. The backward pass holds about as much as the forward pass.
    let elements: u64 = lowered.shapes.values().map(|shape| shape.iter().product::<usize>() as u64).sum();
    let first = used[0] as u64;
    let bytes = |size: usize| 2 * 4 * elements * (size as u64) * (size as u64) / (first * first);
    match used.iter().rev().find(|&&size| bytes(size) <= MOST_BYTES) {
        Some(&fits) if used.last() == Some(&fits) => Ok(used),
        fits => Err(AnalysisError::DrawTooLarge {
            size: options.largest,
            fits: fits.copied().unwrap_or(0),
            megabytes: bytes(used.last().copied().unwrap_or(0)) / 1_000_000,
        }),
    }
}

/// The network up to the layer for a picture of another size, in core operators.
fn lowered_at(opened: &Opened, engine: &dyn Engine, layer: &str, size: usize) -> Result<Lowered, AnalysisError> {
    let mut graph = cut(opened.graph(), &[layer.to_owned()])?;
    let mut inputs = BTreeMap::new();
    let first = match opened.form().layout {
        Layout::Nchw => 2,
        Layout::Nhwc => 1,
    };
    for input in &mut graph.inputs {
        let mut shape = opened.shapes().get(&input.name).cloned().unwrap_or_default();
        for side in shape.iter_mut().skip(first).take(2) {
            *side = size;
        }
        input.shape = shape.iter().map(|&length| Dimension::Fixed(length)).collect();
        inputs.insert(input.name.clone(), shape);
    }
    // What the file states is for its own size.
    graph.stated_shapes.clear();
    let folded = fold(&graph, &inputs)?;
    Ok(lower(&folded.graph, &folded.shapes, &engine.limits().unwrap_or(UNLIMITED))?)
}

/// An objective and its gradient at one size, ready to run.
struct Session {
    runner: Box<dyn Runner>,
    graph: Names,
    weights: Tensor,
}

/// The names of the inputs.
struct Names {
    input: String,
    weights: String,
}

/// What a run gives.
struct Found {
    objective: f32,
    gradient: Tensor,
}

impl Session {
    async fn new(
        engine: &dyn Engine,
        lowered: &Lowered,
        opened: &Opened,
        options: &DrawOptions<'_>,
        rectifiers: Rectifiers,
    ) -> Result<Self, AnalysisError> {
        let input = opened.input().name.clone();
        let limits = engine.limits().unwrap_or(UNLIMITED);
        let wanted = GradientOptions { objective: options.layer, with_respect_to: &input, also: &[], rectifiers };
        let Gradient { graph, shapes, weights, .. } = gradient(lowered, &wanted, &limits)?;
        let shape = shapes.get(options.layer).cloned().unwrap_or_default();
        let tensor = mean_of_map(&shape, options.map)?;
        let runner = engine.prepare(graph).await?;
        Ok(Self { runner, graph: Names { input, weights }, weights: tensor })
    }

    async fn run(&self, input: &Tensor) -> Result<Found, AnalysisError> {
        let Names { input: name, weights } = &self.graph;
        let mut results = self.runner.run(&[(name, input), (weights, &self.weights)]).await?.into_iter();
        let objective = results.next().and_then(|objective| objective.data().first().copied()).unwrap_or(0.0);
        let gradient = match results.next() {
            Some(gradient) => gradient,
            None => Tensor::new(input.shape().to_vec(), vec![0.0; input.data().len()])?,
        };
        Ok(Found { objective, gradient })
    }
}
