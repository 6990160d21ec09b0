//! A model at the size of a drawing, ready to be run forwards and backwards.

use std::cell::RefCell;
use std::rc::Rc;

use super::estimate::{Estimate, most_bytes};
use super::gradient::gradient_of;
use super::network::Network;
use super::sizes::{Plan, plan};
use super::target::{Goal, Place};
use super::{DrawOptions, Preset};
use crate::analysis::control::Control;
use crate::analysis::error::AnalysisError;
use crate::analysis::open::Opened;
use crate::analysis::prepared::ready_to_run;
use crate::domain::tensor::Tensor;
use crate::engine::{Engine, Runner};
use crate::onnx::gradient::{Gradient, Rectifiers};
use crate::onnx::lower::Lowered;
use crate::onnx::retarget::Freedom;

/// The gradients of a layer that were prepared for drawings, so that the next map of the layer finds them ready: only the weights
/// of the objective differ from map to map.
#[derive(Default)]
pub struct Gradients {
    kept: RefCell<Vec<(Key, Rc<Sessions>)>>,
    /// The plan of the last drawing, which that of the next map of the layer is as well.
    plan: RefCell<Option<(Wish, Plan)>>,
}

/// What a plan depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wish {
    place: Place,
    settled: [usize; 2],
    preset: Preset,
    largest: usize,
    first: Option<usize>,
}

/// Which graph the gradients are of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    place: Place,
    /// The input size that the model is settled on, since folding depends on it.
    settled: [usize; 2],
    /// The side of what the network sees.
    side: usize,
    /// What was written anew for this side.
    freedom: Freedom,
    beyond_limits: bool,
}

impl Gradients {
    /// So many bytes may be kept for later drawings: a wall of SqueezeNet's maps takes half of it on a GPU, where every graph has
    /// a copy of the weights and of all values.
    const MOST_KEPT: u64 = 512 << 20;

    /// The sizes of a drawing, and what they take of memory.
    ///
    /// # Errors
    /// As [`plan`].
    pub fn plan(
        &self,
        opened: &Opened,
        engine: &dyn Engine,
        place: &Place,
        options: &DrawOptions<'_>,
    ) -> Result<Plan, AnalysisError> {
        let &DrawOptions { preset, largest, first, .. } = options;
        let wish = Wish { place: place.clone(), settled: opened.size(), preset, largest, first };
        if let Some((_, known)) = self.plan.borrow().as_ref().filter(|(other, _)| *other == wish) {
            return Ok(known.clone());
        }
        let found = plan(opened, engine, place, options)?;
        self.plan.replace(Some((wish, found.clone())));
        Ok(found)
    }

    /// Those of a layer or of the scores at one side of the picture, of a drawing with this plan.
    ///
    /// # Errors
    /// What lowering refuses.
    pub fn get(
        &self,
        opened: &Opened,
        engine: &dyn Engine,
        place: &Place,
        side: usize,
        plan: &Plan,
    ) -> Result<Rc<Sessions>, AnalysisError> {
        let (freedom, beyond_limits, bytes) = (plan.freedom, plan.beyond_limits, plan.estimate.bytes_at(side));
        let key = Key { place: place.clone(), settled: opened.size(), side, freedom, beyond_limits };
        {
            let mut kept = self.kept.borrow_mut();
            kept.retain(|(other, _)| other.place == key.place && other.settled == key.settled);
            if let Some((_, sessions)) = kept.iter().find(|(other, _)| *other == key) {
                return Ok(sessions.clone());
            }
            if kept.iter().map(|(_, sessions)| sessions.bytes()).sum::<u64>().saturating_add(bytes) > most_bytes(engine)
            {
                kept.clear();
            }
        }
        let lowered = Network::new(opened, place)?.lowered(engine, side, freedom)?;
        Ok(Rc::new(Sessions::new(lowered, place, side, plan)))
    }

    /// Keeps what a drawing is done with at one size, if there is room. The sizes of a layer are asked for in the same order
    /// again and again; so nothing is thrown out for it, or none would be found the next time.
    pub fn keep(&self, opened: &Opened, sessions: Rc<Sessions>) {
        let Sessions { side, freedom, beyond_limits, .. } = *sessions;
        let key = Key { place: sessions.place.clone(), settled: opened.size(), side, freedom, beyond_limits };
        let mut kept = self.kept.borrow_mut();
        let held: u64 = kept.iter().map(|(_, sessions)| sessions.bytes()).sum();
        let fits = held.saturating_add(sessions.bytes()) <= Self::MOST_KEPT;
        let same_place = kept.iter().all(|(other, _)| other.place == key.place && other.settled == key.settled);
        if fits && same_place && !kept.iter().any(|(other, _)| *other == key) {
            kept.push((key, sessions));
        }
    }

    /// Frees all that no drawing is using.
    pub fn clear(&self) {
        self.kept.borrow_mut().clear();
    }
}

/// The gradients of a layer or of the scores at one size, each prepared when it is needed for the first time.
pub struct Sessions {
    pub lowered: Lowered,
    place: Place,
    side: usize,
    freedom: Freedom,
    beyond_limits: bool,
    exact: RefCell<Option<Rc<Session>>>,
    lenient: RefCell<Lenient>,
}

/// The gradient that ascends the value before the activation.
#[derive(Default)]
enum Lenient {
    #[default]
    Unknown,
    /// No activation makes the layer, so that there is nothing to open.
    Absent,
    Ready(Rc<Session>),
}

impl Sessions {
    fn new(lowered: Lowered, place: &Place, side: usize, plan: &Plan) -> Self {
        let Plan { freedom, beyond_limits, .. } = *plan;
        let place = place.clone();
        Self { lowered, place, side, freedom, beyond_limits, exact: RefCell::default(), lenient: RefCell::default() }
    }

    /// Prepares the gradient that will be needed first: the lenient one where the map had no true one so far.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn prepare(&self, engine: &dyn Engine, opened: &Opened, helped: bool) -> Result<(), AnalysisError> {
        if !helped || self.lenient(engine, opened).await?.is_none() {
            self.exact(engine, opened).await?;
        }
        Ok(())
    }

    /// The true gradient of a map, or where that is zero the lenient one. Where a step had to be helped, the next one mostly has to
    /// be, too, and the lenient run can tell by itself.
    ///
    /// # Errors
    /// [`AnalysisError::Cancelled`], and what the engine refuses.
    pub async fn run(
        &self,
        engine: &dyn Engine,
        opened: &Opened,
        View { goal, input, helped }: View<'_>,
        control: &dyn Control,
    ) -> Result<Found, AnalysisError> {
        let weights = goal.weights(&self.lowered.shapes)?;
        let mut lenient = None;
        if helped && let Some(session) = self.lenient(engine, opened).await? {
            let found = session.run(input, &weights, control).await?;
            if found.stopped {
                return Ok(found.into_help());
            }
            lenient = Some(found);
        }
        let exact = self.exact(engine, opened).await?.run(input, &weights, control).await?;
        if !exact.is_zero() {
            return Ok(exact);
        }
        if lenient.is_none()
            && let Some(session) = self.lenient(engine, opened).await?
        {
            lenient = Some(session.run(input, &weights, control).await?);
        }
        Ok(lenient.map_or(exact, Found::into_help))
    }

    /// What is held between two runs.
    fn bytes(&self) -> u64 {
        let exact = self.exact.borrow().as_ref().map_or(0, |session| session.bytes);
        let lenient = match &*self.lenient.borrow() {
            Lenient::Ready(session) => session.bytes,
            Lenient::Unknown | Lenient::Absent => 0,
        };
        exact + lenient
    }

    async fn exact(&self, engine: &dyn Engine, opened: &Opened) -> Result<Rc<Session>, AnalysisError> {
        let known = self.exact.borrow().clone();
        if let Some(session) = known {
            return Ok(session);
        }
        let gradient = gradient_of(opened, engine, &self.lowered, &self.place, Rectifiers::Exact, self.beyond_limits)?;
        let estimate = Estimate::of(&gradient, engine, self.side);
        if self.bytes().saturating_add(estimate.bytes_at(self.side)) > most_bytes(engine) {
            self.lenient.take();
        }
        let session = Rc::new(Session::new(engine, opened, gradient, estimate.kept(engine)).await?);
        self.exact.replace(Some(session.clone()));
        Ok(session)
    }

    async fn lenient(&self, engine: &dyn Engine, opened: &Opened) -> Result<Option<Rc<Session>>, AnalysisError> {
        match &*self.lenient.borrow() {
            Lenient::Ready(session) => return Ok(Some(session.clone())),
            Lenient::Absent => return Ok(None),
            Lenient::Unknown => {}
        }
        let gradient =
            gradient_of(opened, engine, &self.lowered, &self.place, Rectifiers::OpenAtObjective, self.beyond_limits)?;
        if gradient.passing.is_none() {
            self.lenient.replace(Lenient::Absent);
            return Ok(None);
        }
        let estimate = Estimate::of(&gradient, engine, self.side);
        if self.bytes().saturating_add(estimate.bytes_at(self.side)) > most_bytes(engine) {
            self.exact.take();
        }
        let session = Rc::new(Session::new(engine, opened, gradient, estimate.kept(engine)).await?);
        self.lenient.replace(Lenient::Ready(session.clone()));
        Ok(Some(session))
    }
}

/// What a step looks at.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub goal: &'a Goal,
    /// What the network sees.
    pub input: &'a Tensor,
    /// The step before had to be helped.
    pub helped: bool,
}

/// An objective and its gradient at one size, ready to run.
struct Session {
    runner: Box<dyn Runner>,
    /// The names of the inputs.
    input: String,
    weights: Vec<String>,
    /// Whether the last output tells what the true derivative would be.
    tells_passing: bool,
    /// What it holds between two runs.
    bytes: u64,
}

/// What a run gives.
pub struct Found {
    pub activation: f32,
    /// With respect to the input.
    pub gradient: Tensor,
    pub help: Help,
    /// Nothing passes the activations that make the map: its true gradient is zero.
    stopped: bool,
}

/// What had to be done about a map without a gradient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Help {
    /// Nothing, or nothing could be done.
    None,
    /// The map did not fire; the value before its activation is ascended.
    Dead,
    /// The same, since all of the map was at the upper limit of its activation.
    Saturated,
}

impl Found {
    /// This gradient is followed instead of the true one, which is zero.
    fn into_help(self) -> Self {
        let help = match (self.is_zero(), self.activation > 0.0, self.stopped) {
            (false, false, _) => Help::Dead,
            (false, true, true) => Help::Saturated,
            // A map that fires by its bias alone, on a picture that says nothing to it, is neither.
            _ => Help::None,
        };
        Self { help, ..self }
    }

    /// The mean and its gradient are numbers, so that they can be followed.
    pub fn is_finite(&self) -> bool {
        self.activation.is_finite() && self.gradient.data().iter().all(|value| value.is_finite())
    }

    fn is_zero(&self) -> bool {
        self.gradient.data().iter().all(|&value| value == 0.0)
    }
}

impl Session {
    async fn new(engine: &dyn Engine, opened: &Opened, gradient: Gradient, bytes: u64) -> Result<Self, AnalysisError> {
        let Gradient { graph, shapes, weights, more_weights, passing, .. } = gradient;
        let weights = std::iter::once(weights).chain(more_weights).collect();
        let input = opened.input().name.clone();
        let runner = ready_to_run(engine, graph, &shapes).await?;
        Ok(Self { runner, input, weights, tells_passing: passing.is_some(), bytes })
    }

    async fn run(&self, input: &Tensor, weights: &[Tensor], control: &dyn Control) -> Result<Found, AnalysisError> {
        let weights = self.weights.iter().map(String::as_str).zip(weights);
        let given: Vec<(&str, &Tensor)> = std::iter::once((&self.input[..], input)).chain(weights).collect();
        let go_on = || control.pause();
        let results = self.runner.run_in_parts(&given, &go_on).await?;
        let mut results = results.ok_or(AnalysisError::Cancelled)?.into_iter();
        let number = |result: Option<Tensor>| result.and_then(|result| result.data().first().copied());
        let activation = number(results.next()).unwrap_or(0.0);
        let gradient = match results.next() {
            Some(gradient) => gradient,
            None => Tensor::new(input.shape().to_vec(), vec![0.0; input.data().len()])?,
        };
        let stopped = self.tells_passing && number(results.next()) == Some(0.0);
        Ok(Found { activation, gradient, help: Help::None, stopped })
    }
}
