//! An open model.

mod cam;
mod depth;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Float32Array, Object, Promise, Uint32Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use super::drawing::{DrawArguments, Drawing};
use super::error::WebError;
use super::look::{Look, look_finds};
use super::mirror::{COLOURS, LayerMirror, RecipeMirror, from_js, set, to_js};
use super::picture::Picture;
use super::task::Task;
use crate::analysis::ablate::{AblateOptions, Given, Replacement, ablate};
use crate::analysis::depth::Depths;
use crate::analysis::draw::Gradients;
use crate::analysis::guess::{Candidate, Probe, guess};
use crate::analysis::look::{LookOptions, Patch, look, look_at_maps};
use crate::analysis::open::{ModelResult, Opened, Told};
use crate::analysis::prepared::Ready;
use crate::analysis::stack::spread;
use crate::domain::article;
use crate::domain::picture;
use crate::domain::predictions::Output;
use crate::domain::recipe::Recipe;
use crate::domain::recipe::common::CommonRecipe;
use crate::engine::Engine;
use crate::onnx::head::{Gives, Kind, Reason};
use crate::onnx::intake::{Beside, Intake, StandsFor};

/// A model that is open on an engine.
#[wasm_bindgen]
pub struct Model {
    inner: Rc<Inner>,
}

struct Inner {
    engine: Rc<dyn Engine>,
    opened: RefCell<Rc<Opened>>,
    ready: Ready,
    /// What gives all layers at once.
    depths: Depths,
    /// What drawings have prepared.
    gradients: Rc<Gradients>,
}

/// What the page says about a model.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Description<'a> {
    title: Option<&'a str>,
    producer: &'a str,
    classes: usize,
    labels: &'a [String],
    output: &'static str,
    /// The value that holds the class scores; null of a network that gives none.
    scores: Option<&'a str>,
    results: Vec<ResultMirror>,
    gives: GivesMirror<'a>,
    /// The nodes that nobody computes; what is made of them is not there.
    blocked: Vec<BlockedMirror<'a>>,
    recipe: RecipeMirror,
    recipe_is_known: bool,
    /// The network itself normalises the pixels.
    own_recipe: bool,
    layers: Vec<LayerMirror<'a>>,
    default_layer: &'a str,
    article: ArticleMirror<'a>,
    residual: bool,
    /// The recipes that can be chosen by name.
    recipes: Vec<CandidateMirror>,
    input: InputMirror<'a>,
    /// How what the file takes is made of one picture.
    takes: TakesMirror<'a>,
    told: ToldMirror<'a>,
    /// The layer whose maps are pooled and weighed by one linear layer.
    head_layer: Option<&'a str>,
    /// Why there is no such layer.
    no_head: Option<String>,
    bytes: usize,
}

/// What the network gives for a picture, in which values, what tells it, and the names of the classes of boxes and masks.
#[derive(Serialize)]
struct GivesMirror<'a> {
    kind: &'static str,
    values: &'a [String],
    reason: &'static str,
    names: &'a [String],
}

impl<'a> GivesMirror<'a> {
    fn of(opened: &'a Opened) -> Self {
        let Gives { kind, values, reason } = opened.gives();
        let kind = match kind {
            Kind::Scores => "scores",
            Kind::Boxes { .. } => "boxes",
            Kind::Mask(_) => "mask",
            Kind::Embedding { .. } => "embedding",
            Kind::Picture(_) => "picture",
            Kind::Unknown => "unknown",
        };
        let reason = match reason {
            Reason::Card => "card",
            Reason::Metadata => "metadata",
            Reason::Names => "names",
            Reason::Ending => "ending",
            Reason::Shapes => "shapes",
        };
        Self { kind, values, reason, names: opened.names() }
    }
}

#[derive(Serialize)]
struct BlockedMirror<'a> {
    node: &'a str,
    op: &'a str,
}

/// The files beside the model that say how pictures are read and how the classes are called, whether the network does the former
/// itself, and the files that say nothing.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToldMirror<'a> {
    recipe_from: Option<&'a str>,
    labels_from: Option<&'a str>,
    not_twice: bool,
    unread: &'a [String],
    /// Of which file there are how many names.
    unfit: Option<(&'a str, usize)>,
}

impl<'a> ToldMirror<'a> {
    fn of(told: &'a Told) -> Self {
        Self {
            recipe_from: told.recipe_from.as_deref(),
            labels_from: told.labels_from.as_deref(),
            not_twice: told.not_twice,
            unread: &told.unread,
            unfit: told.unfit.as_ref().map(|(file, names)| (&file[..], *names)),
        }
    }
}

/// How the inputs of a file are made of one picture: what those beside it get, which colour each of its channels gets where these are
/// neither one nor three, and how often the picture stands in a stack.
#[derive(Serialize)]
struct TakesMirror<'a> {
    beside: Vec<BesideMirror<'a>>,
    bands: Vec<Option<&'static str>>,
    slices: usize,
}

/// `picture`: the same one; `size`: its height and width; `number`: `value` everywhere.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BesideMirror<'a> {
    name: &'a str,
    stands_for: &'static str,
    value: Option<f64>,
}

impl<'a> TakesMirror<'a> {
    fn of(Intake { beside, bands, slices, .. }: &'a Intake) -> Self {
        let beside = beside.iter().map(|Beside { name, stands_for }| {
            let (stands_for, value) = match *stands_for {
                StandsFor::Picture => ("picture", None),
                StandsFor::Size => ("size", None),
                StandsFor::Number(value) => ("number", Some(value)),
            };
            BesideMirror { name, stands_for, value }
        });
        let colour = |band: &Option<usize>| band.and_then(|place| COLOURS.get(place).copied());
        Self { beside: beside.collect(), bands: bands.iter().map(colour).collect(), slices: *slices }
    }
}

/// A result of the file; `scores` where it could be the class scores.
#[derive(Serialize)]
struct ResultMirror {
    name: String,
    shape: Vec<usize>,
    scores: bool,
}

#[derive(Serialize)]
struct InputMirror<'a> {
    name: &'a str,
    shape: Vec<usize>,
}

/// A recipe that can be chosen, with the summed probability of the known labels where it was tried.
#[derive(Serialize)]
struct CandidateMirror {
    name: &'static str,
    recipe: RecipeMirror,
    score: f64,
}

/// The recipes that can be chosen by name, the one that the graph itself asks for first.
fn recipes(opened: &Opened) -> Vec<CandidateMirror> {
    let own = opened.own_recipe();
    let others = CommonRecipe::ALL.iter().filter(|&&common| own.is_none_or(|(name, _)| name != common));
    let common = others.map(|&common| (common, common.recipe(opened.form())));
    let all = own.map(|(name, recipe)| (name, recipe.clone())).into_iter().chain(common);
    all.map(|(name, recipe)| CandidateMirror::of(&Candidate { name, recipe, score: 0.0 })).collect()
}

impl CandidateMirror {
    fn of(candidate: &Candidate) -> Self {
        Self { name: candidate.name.name(), recipe: RecipeMirror::of(&candidate.recipe), score: candidate.score }
    }
}

/// What the switch "as the article" sets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArticleMirror<'a> {
    layer: &'a str,
    recipe: RecipeMirror,
    /// The overlay's gain; its style is `multiply` and its scale 1.
    gain: f32,
    maps_per_image: usize,
    maps_per_class: usize,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct LookArguments {
    layer: Option<String>,
    recipe: Option<RecipeMirror>,
    /// Of attention: the patch that attends.
    patch: Option<PatchArgument>,
    /// Without what the network gives.
    maps_alone: bool,
}

/// A patch by its place in what the network sees, from 0 to 1, or by its row and column.
#[derive(Deserialize)]
#[serde(untagged)]
enum PatchArgument {
    At { x: f64, y: f64 },
    In { row: usize, column: usize },
}

impl From<PatchArgument> for Patch {
    fn from(argument: PatchArgument) -> Self {
        match argument {
            PatchArgument::At { x, y } => Self::At { x, y },
            PatchArgument::In { row, column } => Self::In { row, column },
        }
    }
}

#[derive(Deserialize)]
struct AblateArguments {
    maps: Vec<usize>,
    to: String,
    controls: usize,
    seed: u32,
}

impl Model {
    pub fn new(engine: Rc<dyn Engine>, opened: Opened) -> Self {
        let opened = RefCell::new(Rc::new(opened));
        Self {
            inner: Rc::new(Inner {
                engine,
                opened,
                ready: Ready::default(),
                depths: Depths::default(),
                gradients: Rc::default(),
            }),
        }
    }
}

#[wasm_bindgen]
impl Model {
    /// Everything about the model that does not depend on a picture, see `Description`.
    pub fn describe(&self) -> Result<JsValue, JsValue> {
        let opened = self.inner.opened();
        let (head_layer, no_head) = match opened.head() {
            Ok(head) => (Some(&head.layer[..]), None),
            Err(reason) => (None, Some(reason.to_string())),
        };
        to_js(&Description {
            title: opened.title(),
            producer: &opened.model().producer,
            classes: opened.classes(),
            labels: opened.labels(),
            output: opened.output().name(),
            scores: opened.scores().map(|scores| &scores.value[..]),
            results: opened
                .results()
                .into_iter()
                .map(|ModelResult { name, shape, is_list }| ResultMirror { name, shape, scores: is_list })
                .collect(),
            gives: GivesMirror::of(&opened),
            blocked: opened
                .blocked()
                .iter()
                .map(|blocked| BlockedMirror { node: &blocked.node, op: &blocked.op })
                .collect(),
            recipe: RecipeMirror::of(opened.recipe()),
            recipe_is_known: opened.told().has_recipe,
            told: ToldMirror::of(opened.told()),
            own_recipe: opened.own_recipe().is_some(),
            layers: opened.layers().iter().map(LayerMirror::of).collect(),
            default_layer: opened.default_layer(),
            article: ArticleMirror {
                layer: opened.article_layer(),
                recipe: RecipeMirror::of(&article::recipe(opened.form())),
                gain: article::overlay(opened.residual(), 1, 1).gain,
                maps_per_image: article::MAPS_PER_IMAGE,
                maps_per_class: article::MAPS_PER_CLASS,
            },
            recipes: recipes(&opened),
            residual: opened.residual(),
            input: InputMirror {
                name: &opened.input().name,
                shape: opened.shapes().get(&opened.input().name).cloned().unwrap_or_default(),
            },
            takes: TakesMirror::of(opened.intake()),
            head_layer,
            no_head,
            bytes: opened.model().bytes,
        })
    }

    /// Runs the model on a picture: a promise of a `Look`. `options`: `{ layer, recipe, patch, mapsAlone }`; left out, the default layer
    /// and the model's recipe. `patch`, of a layer of attention: `{ x, y }` or `{ row, column }` of the patch that attends. `mapsAlone`: without what the network gives, which the engine may not be able to run.
    pub fn look(&self, picture: &Picture, options: JsValue, task: &Task) -> Promise {
        let inner = self.inner.clone();
        let (picture, slices) = (picture.inner(), picture.slices());
        let watch = task.watch();
        future_to_promise(async move {
            let numbers = slices.iter().map(|slice| slice.number).collect();
            let slices: Vec<&picture::Picture> = slices.iter().map(|slice| &*slice.picture).collect();
            let options: Option<LookArguments> = from_js(options)?;
            let options = options.unwrap_or_default();
            let recipe = inner.recipe(options.recipe)?;
            let opened = inner.settled_on(&recipe)?;
            let layer = options.layer.unwrap_or_else(|| opened.default_layer().to_owned());
            let maps_alone = options.maps_alone;
            let options =
                LookOptions { layer: &layer, recipe: &recipe, patch: options.patch.map(Patch::from), slices: &slices };
            let (engine, ready) = (&*inner.engine, &inner.ready);
            let result = if maps_alone {
                look_at_maps(&opened, engine, ready, &picture, options, &watch).await
            } else {
                look(&opened, engine, ready, &picture, options, &watch).await
            };
            Ok(Look::new(opened, result.map_err(WebError::from)?, numbers).into())
        })
    }

    /// Which of so many pictures each slice of the network would be, where they are given as a stack; `undefined` of a network that takes none.
    pub fn spread(&self, pictures: usize) -> Option<Uint32Array> {
        let opened = self.inner.opened.borrow().clone();
        let places = spread(pictures, opened.volume()?.slices());
        let places: Vec<u32> = places.into_iter().map(|place| place as u32).collect();
        Some(Uint32Array::from(&places[..]))
    }

    /// Switches maps of a look's layer off and runs the rest of the network: a promise of
    /// `{ after, finds, controls: [{ maps, after, finds }] }` with the probabilities of all classes, and what is found instead of classes as
    /// [`Look::finds`] says. `options`: `{ maps, to: "zero" | "mean", controls, seed }`.
    pub fn ablate(&self, look: &Look, options: JsValue, task: &Task) -> Promise {
        let inner = self.inner.clone();
        let (opened, look) = look.shared();
        let watch = task.watch();
        future_to_promise(async move {
            let AblateArguments { maps, to, controls, seed } = from_js(options)?;
            let to = match to.as_str() {
                "zero" => Replacement::Zero,
                "mean" => Replacement::Mean,
                other => return Err(WebError::argument(format!("There is no replacement \"{other}\".")).into()),
            };
            let options = AblateOptions { maps: &maps, to, controls, seed: seed.into() };
            let found = ablate(&opened, &*inner.engine, &inner.ready, &look, options, &watch);
            let found = found.await.map_err(WebError::from)?;
            let given = |given: &Given| -> Result<Object, JsValue> {
                let object = Object::new();
                set(&object, "after", Float32Array::from(&given.probabilities[..]));
                set(&object, "finds", look_finds(&opened, &given.finds, &look.frame)?);
                Ok(object)
            };
            let object = given(&found.without)?;
            let controls = Array::new();
            for control in &found.controls {
                let object = given(&control.without)?;
                let maps: Vec<u32> = control.maps.iter().map(|&map| map as u32).collect();
                set(&object, "maps", Uint32Array::from(&maps[..]));
                controls.push(&object);
            }
            set(&object, "controls", controls);
            Ok(object.into())
        })
    }

    /// Begins to draw what a map, one place of it, a mixture of maps or a class looks for: a `Drawing`. `options`: `{ preset:
    /// "article" | "modern", layer, maps: [[map, weight]], position: [row, column], classIndex, recipe, size,
    /// steps, seed, blur, totalVariation, l2 }`.
    pub fn draw(&self, options: JsValue) -> Result<Drawing, JsValue> {
        let mut arguments: DrawArguments = from_js(options)?;
        let recipe = self.inner.recipe(arguments.recipe.take())?;
        let Inner { engine, gradients, .. } = &*self.inner;
        Ok(Drawing::begin(engine.clone(), self.inner.opened(), gradients.clone(), &arguments, &recipe)?)
    }

    /// Takes another recipe from now on.
    #[wasm_bindgen(js_name = setRecipe)]
    pub fn set_recipe(&self, recipe: JsValue) -> Result<(), JsValue> {
        let recipe = self.inner.recipe(Some(from_js(recipe)?))?;
        let opened = self.inner.opened().with_recipe(recipe).map_err(WebError::from)?;
        self.inner.replace(opened)?;
        Ok(())
    }

    /// Takes the scores as `logits`, `softmax` or `sigmoid` from now on.
    #[wasm_bindgen(js_name = setOutput)]
    pub fn set_output(&self, output: &str) -> Result<(), JsValue> {
        let unknown =
            || WebError::argument(format!("There is no output \"{output}\": use logits, softmax or sigmoid."));
        let output = Output::from_name(output).ok_or_else(unknown)?;
        let opened = self.inner.opened().with_output(output).map_err(WebError::from)?;
        self.inner.replace(opened)?;
        Ok(())
    }

    /// Tries the common recipes on photos with known labels: a promise of `[{ name, recipe, score }]`, the best first;
    /// empty where the photos decide nothing. Changes nothing; see `setRecipe`.
    pub fn guess(&self, probes: &Probes, task: &Task) -> Promise {
        let inner = self.inner.clone();
        let probes = probes.list.borrow().clone();
        let watch = task.watch();
        future_to_promise(async move {
            let opened = inner.opened();
            let probes: Vec<Probe> = probes.iter().map(|(picture, labels)| Probe { picture, labels }).collect();
            let found = guess(&opened, &*inner.engine, &inner.ready, &probes, &watch).await.map_err(WebError::from)?;
            let found: Vec<CandidateMirror> = found.iter().map(CandidateMirror::of).collect();
            to_js(&found)
        })
    }

    /// Frees what is prepared on the engine; the next look prepares it again.
    pub fn release(&self) {
        self.inner.ready.clear();
        self.inner.depths.clear();
        self.inner.gradients.clear();
    }
}

impl Inner {
    fn opened(&self) -> Rc<Opened> {
        self.opened.borrow().clone()
    }

    fn recipe(&self, given: Option<RecipeMirror>) -> Result<Recipe, WebError> {
        let opened = self.opened();
        match given {
            None => Ok(opened.recipe().clone()),
            Some(recipe) => recipe.into_recipe(opened.size(), opened.form().layout),
        }
    }

    /// The model with another recipe, which may be for another input size where the file leaves it open.
    fn settled_on(&self, recipe: &Recipe) -> Result<Rc<Opened>, WebError> {
        let opened = self.opened();
        if opened.size() == recipe.size {
            return Ok(opened);
        }
        self.replace(opened.with_recipe(recipe.clone())?)
    }

    fn replace(&self, other: Opened) -> Result<Rc<Opened>, WebError> {
        let other = Rc::new(other);
        if self.opened().size() != other.size() {
            self.ready.clear();
            self.depths.clear();
            self.gradients.clear();
        }
        *self.opened.borrow_mut() = other.clone();
        Ok(other)
    }
}

/// Photos with known labels, by which a recipe is guessed: `add(picture, labels)` for each.
#[wasm_bindgen]
#[derive(Default)]
pub struct Probes {
    list: RefCell<Vec<(Rc<picture::Picture>, Vec<usize>)>>,
}

#[wasm_bindgen]
impl Probes {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a photo and the indices of the classes that count as right for it.
    pub fn add(&self, picture: &Picture, labels: &Uint32Array) {
        let labels = labels.to_vec().into_iter().map(|label| label as usize).collect();
        self.list.borrow_mut().push((picture.inner(), labels));
    }
}
