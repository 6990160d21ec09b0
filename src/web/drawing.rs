//! A drawing on its way: a handle that makes one step at a time, so that others have their turn between two of them.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Float32Array, Object, Promise, Uint32Array};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use super::error::WebError;
use super::mirror::{Pixels, RecipeMirror, set};
use super::task::Task;
use crate::analysis::draw::{Ascent, DrawOptions, Drawn, Forward, Gradients, Preset, Sizing, Target};
use crate::analysis::open::Opened;
use crate::domain::canvas::Canvas;
use crate::domain::penalty::Penalties;
use crate::domain::recipe::Recipe;
use crate::engine::Engine;

/// The picture is handed out before every so many steps.
const ARTICLE_PICTURE_EVERY: usize = 5;
const MODERN_PICTURE_EVERY: usize = 16;

/// What to draw, and how.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DrawArguments {
    preset: String,
    layer: String,
    /// `[map, weight]` each.
    maps: Vec<(usize, f32)>,
    /// `[row, column]` of the first of these maps.
    position: Option<[usize; 2]>,
    class_index: Option<usize>,
    pub recipe: Option<RecipeMirror>,
    size: usize,
    steps: usize,
    seed: u32,
    blur: f64,
    total_variation: f64,
    l2: f64,
}

/// A drawing that waits for its next step.
#[wasm_bindgen]
pub struct Drawing {
    engine: Rc<dyn Engine>,
    opened: Rc<Opened>,
    /// Of the model, which outlives its drawings.
    gradients: Rc<Gradients>,
    /// Taken out while a step is made.
    ascent: Rc<RefCell<Option<Ascent>>>,
    forward: Rc<RefCell<Option<Rc<Forward>>>>,
    total: usize,
    picture_every: usize,
}

impl Drawing {
    pub fn begin(
        engine: Rc<dyn Engine>,
        opened: Rc<Opened>,
        gradients: Rc<Gradients>,
        arguments: &DrawArguments,
        recipe: &Recipe,
    ) -> Result<Self, WebError> {
        let &DrawArguments { size, steps, seed, blur, total_variation, l2, .. } = arguments;
        let preset = match &arguments.preset[..] {
            "article" => Preset::Article,
            "modern" => Preset::Modern,
            other => return Err(WebError::argument(format!("There is no preset \"{other}\"."))),
        };
        let target = match (arguments.class_index, arguments.position) {
            (Some(class), _) => Target::Class(class),
            (None, Some([row, column])) => {
                Target::Position { map: arguments.maps.first().map_or(0, |&(map, _)| map), row, column }
            }
            (None, None) => Target::Maps(arguments.maps.clone()),
        };
        for (name, value) in [("blur", blur), ("totalVariation", total_variation), ("l2", l2)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(WebError::argument(format!("The option {name} is {value}; it has to be a number from 0.")));
            }
        }
        let options = DrawOptions {
            preset,
            target,
            largest: size,
            steps,
            seed: seed.into(),
            blur,
            penalties: Penalties { total_variation, l2 },
            ..DrawOptions::article(&arguments.layer, 0, recipe)
        };
        let ascent = Ascent::begin(&opened, &*engine, &gradients, options)?;
        let picture_every = if preset == Preset::Article { ARTICLE_PICTURE_EVERY } else { MODERN_PICTURE_EVERY };
        let total = ascent.total();
        let (ascent, forward) = (Rc::new(RefCell::new(Some(ascent))), Rc::default());
        Ok(Self { engine, opened, gradients, ascent, forward, total, picture_every })
    }
}

#[wasm_bindgen]
impl Drawing {
    /// How many steps there are.
    #[wasm_bindgen(getter)]
    pub fn total(&self) -> usize {
        self.total
    }

    /// Makes the next step: a promise of `{ size, activation, image }`, or of nothing after the last one. The image is what the
    /// step began with, and there at a few steps of each size.
    pub fn step(&self, task: &Task) -> Promise {
        let (engine, opened, place) = (self.engine.clone(), self.opened.clone(), self.ascent.clone());
        let (gradients, control, picture_every) = (self.gradients.clone(), task.watch(), self.picture_every);
        future_to_promise(async move {
            let mut ascent = take(&place)?;
            let object = Object::new();
            let tell = |drawn: Drawn<'_>| {
                set(&object, "size", drawn.canvas.size() as f64);
                set(&object, "activation", drawn.activation);
                if drawn.step.is_multiple_of(picture_every)
                    && let Ok(image) = rgba(drawn.canvas)
                {
                    set(&object, "image", image);
                }
            };
            let made = ascent.step(&opened, &*engine, &gradients, &control, &tell).await;
            *place.borrow_mut() = Some(ascent);
            Ok(if made.map_err(WebError::from)? { object.into() } else { JsValue::UNDEFINED })
        })
    }

    /// How far it is: `{ image, activations, sizes, sizing, cured, saturated, lost, grey }`.
    pub fn result(&self) -> Result<JsValue, JsValue> {
        let place = self.ascent.borrow();
        let found = place.as_ref().ok_or_else(busy)?.drawing();
        let sizes: Vec<u32> = found.sizes.iter().map(|&size| size as u32).collect();
        let object = Object::new();
        set(&object, "image", rgba(&found.canvas)?);
        set(&object, "activations", Float32Array::from(&found.activations[..]));
        set(&object, "sizes", Uint32Array::from(&sizes[..]));
        let sizing = match found.sizing {
            Sizing::Asked => "asked",
            Sizing::Nearest => "nearest",
            Sizing::Larger => "larger",
            Sizing::Own => "own",
        };
        set(&object, "sizing", sizing);
        set(&object, "cured", found.cured as f64);
        set(&object, "saturated", found.saturated as f64);
        set(&object, "lost", found.lost as f64);
        set(&object, "grey", found.grey);
        Ok(object.into())
    }

    /// Runs the network up to the layer alone on the picture as it was when this was called first: a promise that tells
    /// nothing but that it is done. A step's cost is measured against it.
    pub fn forward(&self) -> Promise {
        let (engine, opened, place) = (self.engine.clone(), self.opened.clone(), self.ascent.clone());
        let kept = self.forward.clone();
        future_to_promise(async move {
            let known = kept.borrow().clone();
            let forward = match known {
                Some(forward) => forward,
                None => {
                    let mut ascent = take(&place)?;
                    let made = ascent.forward(&opened, &*engine).await;
                    *place.borrow_mut() = Some(ascent);
                    let made = Rc::new(made.map_err(WebError::from)?.ok_or_else(busy)?);
                    *kept.borrow_mut() = Some(made.clone());
                    made
                }
            };
            forward.run().await.map_err(WebError::from)?;
            Ok(JsValue::UNDEFINED)
        })
    }
}

fn take(place: &RefCell<Option<Ascent>>) -> Result<Ascent, JsValue> {
    place.borrow_mut().take().ok_or_else(busy)
}

fn busy() -> JsValue {
    WebError::argument("The drawing is at a step already, or has not begun.").into()
}

fn rgba(canvas: &Canvas) -> Result<JsValue, JsValue> {
    let picture = canvas.picture().map_err(WebError::from)?;
    Pixels { width: picture.width(), height: picture.height(), rgba: picture.to_rgba() }.into_js()
}
