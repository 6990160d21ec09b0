//! Question 2: can you draw me one? A random picture is changed by gradient steps so that one map (or what else one asks for) fires more: as the article
//! does it, on pixels and growing, or on waves and moving, as has become usual since.

mod estimate;
mod gradient;
mod network;
mod picture;
mod session;
mod sizes;
mod target;

use std::rc::Rc;

use crate::domain::ascent::STEPS;
use crate::domain::canvas::Canvas;
use crate::domain::penalty::Penalties;
use crate::domain::recipe::Recipe;
use crate::domain::tensor::Tensor;
use crate::domain::waves;
use crate::engine::{Engine, Runner};

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::open::Opened;
use picture::Picture;
use session::{Help, Sessions, View};
use sizes::Plan;
use target::Goal;

pub use session::Gradients;
pub use sizes::Sizing;
pub use target::Target;

/// Below this standard deviation of a channel's pixels (from 0 to 255) a picture is called grey: the article's start has 2.
const GREY: f64 = 4.0;

/// The way to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Pixels, enlarged again and again: FeatureMapVisualizer 1.0.6.
    Article,
    /// Waves in independent colours at one size, seen moved, scaled and turned: lucid's defaults.
    Modern,
}

/// What is drawn, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawOptions<'a> {
    pub preset: Preset,
    /// The id of a layer of the model; of no matter where a class is the target.
    pub layer: &'a str,
    pub target: Target,
    /// How pixels become the input; its size and resize do not matter here.
    pub recipe: &'a Recipe,
    /// The side of the finished drawing in pixels. The article's is the largest of its sizes that is not above. Where the network
    /// takes no such pictures it is another one, and [`Drawing::sizing`] says why.
    pub largest: usize,
    /// The article's size to begin with instead of the first at which the layer has a place to draw at.
    pub first: Option<usize>,
    /// Gradient steps at each size.
    pub steps: usize,
    pub seed: u64,
    /// The article's logits to begin with instead of random ones: three planes of the first size that is used.
    pub start: Option<Vec<f32>>,
    /// The standard deviation in pixels of a Gaussian that blurs the picture after each enlargement, or, where it is not
    /// enlarged, after so many steps as the article makes between two enlargements; none for zero.
    pub blur: f64,
    pub penalties: Penalties,
}

impl<'a> DrawOptions<'a> {
    /// The article's way up to 230 pixels, which is an eighteenth of its work up to 986.
    pub fn article(layer: &'a str, map: usize, recipe: &'a Recipe) -> Self {
        Self {
            preset: Preset::Article,
            layer,
            target: Target::map(map),
            recipe,
            largest: 230,
            first: None,
            steps: STEPS,
            seed: 1,
            start: None,
            blur: 0.0,
            penalties: Penalties::default(),
        }
    }

    /// As many steps as lucid makes, at its size.
    pub fn modern(layer: &'a str, map: usize, recipe: &'a Recipe) -> Self {
        Self { preset: Preset::Modern, largest: waves::SIZE, steps: waves::STEPS, ..Self::article(layer, map, recipe) }
    }
}

/// One step, as it is made.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// What the step began with.
    pub canvas: &'a Canvas,
    /// What is ascended, of it or of what was seen of it: the map's mean, the value at the position, the class's score.
    pub activation: f32,
    /// The step's number at this size, from 0.
    pub step: usize,
}

/// A finished drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    pub canvas: Canvas,
    /// The same before each step, from the first size on.
    pub activations: Vec<f32>,
    /// The sizes that were used.
    pub sizes: Vec<usize>,
    /// How they came about.
    pub sizing: Sizing,
    /// So many steps ascended the value before the activation, since the map did not fire and had no gradient of its own.
    pub cured: usize,
    /// So many steps did the same since all of the map was at the upper limit of its activation (6 of ReLU6), where it has no
    /// gradient either.
    pub saturated: usize,
    /// So many steps were not taken, since the network gave no number for the activation or its gradient. After twenty of them in
    /// a row the drawing ends as it is.
    pub lost: usize,
    /// The picture stayed without a pattern: one colour all over, which is grey unless the network makes it another.
    pub grey: bool,
}

/// Draws what one map looks for. `gradients` holds those of earlier drawings, and `watch` sees every step.
///
/// # Errors
/// As [`Ascent::begin`] and [`Ascent::step`].
pub async fn draw(
    opened: &Opened,
    engine: &dyn Engine,
    gradients: &Gradients,
    options: DrawOptions<'_>,
    control: &dyn Control,
    watch: &dyn Fn(Drawn<'_>),
) -> Result<Drawing, AnalysisError> {
    let mut ascent = Ascent::begin(opened, engine, gradients, options)?;
    while ascent.step(opened, engine, gradients, control, watch).await? {
        pause(control).await?;
    }
    Ok(ascent.drawing())
}

/// A drawing on its way, which goes on when it is told to.
pub struct Ascent {
    goal: Goal,
    recipe: Recipe,
    steps: usize,
    blur: f64,
    penalties: Penalties,
    picture: Picture,
    plan: Plan,
    /// The gradients for the size that the picture has now.
    sessions: Option<Rc<Sessions>>,
    activations: Vec<f32>,
    cured: usize,
    saturated: usize,
    lost: usize,
    /// As many of them in a row, up to now.
    lost_in_a_row: usize,
    /// Whether the last step had to be helped over a map without a gradient.
    helped: bool,
}

impl Ascent {
    /// Makes the start and estimates the memory. Nothing is run.
    ///
    /// # Errors
    /// As [`Goal::new`], [`AnalysisError::DrawTooLarge`], [`AnalysisError::DrawTooSmall`], and why the model cannot be lowered or
    /// has no gradient.
    pub fn begin(
        opened: &Opened,
        engine: &dyn Engine,
        gradients: &Gradients,
        options: DrawOptions<'_>,
    ) -> Result<Self, AnalysisError> {
        let goal = Goal::new(opened, options.layer, &options.target)?;
        let plan = gradients.plan(opened, engine, &goal.place(), &options)?;
        let first = plan.sizes.first().copied().unwrap_or(options.largest);
        Ok(Self {
            goal,
            recipe: options.recipe.clone(),
            steps: options.steps,
            blur: options.blur,
            penalties: options.penalties,
            picture: Picture::start(&options, first),
            plan,
            sessions: None,
            activations: Vec::new(),
            cured: 0,
            saturated: 0,
            lost: 0,
            lost_in_a_row: 0,
            helped: false,
        })
    }

    /// How many steps there are in all.
    pub fn total(&self) -> usize {
        self.plan.sizes.len() * self.steps
    }

    /// Makes the next step; false where all are made.
    ///
    /// # Errors
    /// [`AnalysisError::Cancelled`] between preparing and running or between parts of a long run, and what lowering or the engine
    /// refuses.
    pub async fn step(
        &mut self,
        opened: &Opened,
        engine: &dyn Engine,
        gradients: &Gradients,
        control: &dyn Control,
        watch: &dyn Fn(Drawn<'_>),
    ) -> Result<bool, AnalysisError> {
        let (made, total) = (self.activations.len(), self.total());
        let size = made.checked_div(self.steps).and_then(|place| self.plan.sizes.get(place)).copied();
        // What is no number on the same picture is none again.
        let size = size.filter(|_| self.lost_in_a_row < STEPS);
        if size != Some(self.picture.canvas().size())
            && let Some(sessions) = self.sessions.take()
        {
            gradients.keep(opened, sessions);
        }
        let Some(size) = size else {
            control.progress(Stage::Run, total, total);
            return Ok(false);
        };
        let step = made % self.steps;
        if self.picture.canvas().size() != size {
            self.picture.enlarge(size);
        }
        // The start has nothing to blur.
        if self.blur > 0.0 && made > 0 && self.picture.is_to_be_blurred(step) {
            self.picture.blur(self.blur);
        }
        let sessions = match &self.sessions {
            Some(sessions) => sessions.clone(),
            None => {
                control.progress(Stage::Prepare, made, total);
                let side = self.picture.seen_side();
                let sessions = gradients.get(opened, engine, &self.goal.place(), side, &self.plan)?;
                sessions.prepare(engine, opened, self.helped).await?;
                pause(control).await?;
                self.sessions = Some(sessions.clone());
                sessions
            }
        };
        control.progress(Stage::Run, made, total);
        let input = self.picture.input(&self.recipe)?;
        let view = View { goal: &self.goal, input: &input, helped: self.helped };
        let found = sessions.run(engine, opened, view, control).await?;
        self.helped = found.help != Help::None;
        match found.help {
            Help::None => {}
            Help::Dead => self.cured += 1,
            Help::Saturated => self.saturated += 1,
        }
        self.activations.push(found.activation);
        watch(Drawn { canvas: self.picture.canvas(), activation: found.activation, step });
        if found.is_finite() {
            self.lost_in_a_row = 0;
            self.picture.ascend(&found, &self.recipe, self.penalties);
        } else {
            self.lost += 1;
            self.lost_in_a_row += 1;
        }
        Ok(true)
    }

    /// How far it is.
    pub fn drawing(&self) -> Drawing {
        let canvas = self.picture.canvas().clone();
        let grey = canvas.contrast() < GREY;
        let (activations, mut sizes) = (self.activations.clone(), self.plan.sizes.clone());
        sizes.dedup();
        let Self { plan: Plan { sizing, .. }, cured, saturated, lost, .. } = *self;
        Drawing { canvas, activations, sizes, sizing, cured, saturated, lost, grey }
    }

    /// The network up to the layer alone, ready for the picture as it is now: what a step is compared with. Nothing for a
    /// drawing that has not begun.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn forward(&mut self, opened: &Opened, engine: &dyn Engine) -> Result<Option<Forward>, AnalysisError> {
        let Some(sessions) = &self.sessions else { return Ok(None) };
        let input = self.picture.input(&self.recipe)?;
        let runner = engine.prepare(sessions.lowered.graph.clone()).await?;
        Ok(Some(Forward { runner, name: opened.input().name.clone(), input }))
    }
}

/// A forward pass that can be repeated.
pub struct Forward {
    runner: Box<dyn Runner>,
    name: String,
    input: Tensor,
}

impl Forward {
    /// # Errors
    /// What the engine reports.
    pub async fn run(&self) -> Result<(), AnalysisError> {
        self.runner.run(&[(&self.name, &self.input)]).await?;
        Ok(())
    }
}
