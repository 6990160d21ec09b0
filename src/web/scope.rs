//! The entrance: one engine, models opened on it.

use js_sys::{Promise, WebAssembly};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

use super::device::{Device, GpuUse};
use super::error::WebError;
use super::mirror::{CardMirror, form_name, from_js, set, to_js};
use super::model::Model;
use super::model_file::ModelFile;
use super::task::Task;
use crate::analysis::control::{Control, Stage, pause};
use crate::analysis::evaluate::{Objective, differentiate, evaluate};
use crate::analysis::metadata;
use crate::analysis::open::{Opened, takes};
use crate::domain::input_form::InputForm;
use crate::domain::recipe::Recipe;
use crate::domain::tensor::{Tensor, TensorError};
use crate::onnx::read;

/// An engine that is ready, and the way to open models on it.
#[wasm_bindgen]
pub struct Scope {
    device: Device,
}

/// What the module holds in memory.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Memory {
    wasm_bytes: f64,
    #[serde(flatten)]
    gpu: GpuUse,
}

/// A tensor from JavaScript.
#[derive(Deserialize)]
struct InputMirror {
    name: String,
    shape: Vec<usize>,
    data: Vec<f32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DifferentiateArguments {
    objective: String,
    with_respect_to: String,
    #[serde(default)]
    maps: Vec<usize>,
    class_index: Option<usize>,
    weights: Option<Vec<f32>>,
}

fn tensors(inputs: JsValue) -> Result<Vec<(String, Tensor)>, WebError> {
    let inputs: Vec<InputMirror> = from_js(inputs)?;
    let tensors = inputs.into_iter().map(|input| Ok((input.name, Tensor::new(input.shape, input.data)?)));
    Ok(tensors.collect::<Result<Vec<_>, TensorError>>()?)
}

/// The recipe that a file brings along: ours, or what the standard's metadata describe.
fn recipe_of_file(model: &read::Model, form: &InputForm) -> Result<Option<Recipe>, WebError> {
    let Some(text) = model.metadata.get(metadata::RECIPE_KEY) else {
        return Ok(metadata::recipe(&model.metadata, form));
    };
    let bad = || WebError {
        code: "bad-card",
        message: format!("The file's \"{}\" is not the JSON of a recipe.", metadata::RECIPE_KEY),
        node: None,
        of_engine: false,
    };
    // Read as a card with nothing else in it, which is read already.
    let card = js_sys::JSON::parse(&format!("{{\"recipe\":{text}}}")).map_err(|_| bad())?;
    let card: Option<CardMirror> = from_js(card).map_err(|_| bad())?;
    Ok(card.unwrap_or_default().into_card(form.size, form.layout)?.recipe)
}

/// `{ shape, data }`.
fn value_of(tensor: &Tensor) -> js_sys::Object {
    let value = js_sys::Object::new();
    let shape: js_sys::Array = tensor.shape().iter().map(|&size| JsValue::from(size as f64)).collect();
    set(&value, "shape", shape);
    set(&value, "data", js_sys::Float32Array::from(tensor.data()));
    value
}

#[wasm_bindgen]
impl Scope {
    /// Sets the engine up: a promise of a `Scope`, or the error `no-gpu`.
    pub fn create() -> Promise {
        future_to_promise(async {
            let device = Device::open().await.map_err(WebError::from)?;
            Ok(Scope { device }.into())
        })
    }

    /// `{ name, device, adapter, fallback }`.
    pub fn info(&self) -> Result<JsValue, JsValue> {
        to_js(&self.device.info())
    }

    /// Computes a small graph whose values are known: a promise of `{ ok, op }`, with the first operator that is wrong.
    /// Worth doing once for each adapter and driver, since a GPU computes wrongly without saying so.
    #[wasm_bindgen(js_name = selfCheck)]
    pub fn self_check(&self) -> Promise {
        let device = self.device.clone();
        future_to_promise(async move { to_js(&device.self_check().await.map_err(WebError::from)?) })
    }

    /// Takes the GPU device away, as a driver may do at any time: for the tests of what happens then.
    #[wasm_bindgen(js_name = destroyDevice)]
    pub fn destroy_device(&self) {
        self.device.destroy();
    }

    /// Reads and checks a model: a promise of a `Model`. Takes the content out of `file`; `card` is a model card or
    /// `undefined`.
    pub fn open(&self, file: &ModelFile, card: JsValue, task: &Task) -> Promise {
        let content = file.take();
        let engine = self.device.engine();
        let watch = task.watch();
        future_to_promise(async move {
            watch.progress(Stage::Prepare, 0, 2);
            pause(&watch).await.map_err(WebError::from)?;
            let model = content.read().map_err(WebError::from)?;
            watch.progress(Stage::Prepare, 1, 2);
            pause(&watch).await.map_err(WebError::from)?;
            let form = takes(&model).map_err(WebError::from)?;
            // What the reader of JSON says of a field is for programmers, but better than nothing.
            let card: Option<CardMirror> = from_js(card).map_err(|error| WebError {
                code: "bad-card",
                message: format!("A field of the model card cannot be read ({}).", error.message),
                ..error
            })?;
            let mut card = card.unwrap_or_default().into_card(form.size, form.layout)?;
            if card.recipe.is_none() {
                card.recipe = recipe_of_file(&model, &form)?;
            }
            let opened = Opened::new(model, card).map_err(WebError::from)?;
            watch.progress(Stage::Prepare, 2, 2);
            Ok(Model::new(engine, opened).into())
        })
    }

    /// Runs any graph on given inputs: `inputs` is `[{ name, shape, data }]` with numbers in reading order, `outputs` the
    /// names of the wanted values (`[]`: the graph's results). A promise of
    /// `{ values: [{ shape, data }], form, softmaxLeftOut }`. Takes the content out of `file`.
    pub fn evaluate(&self, file: &ModelFile, inputs: JsValue, outputs: Vec<String>) -> Promise {
        let content = file.take();
        let engine = self.device.engine();
        future_to_promise(async move {
            let model = content.read().map_err(WebError::from)?;
            let tensors = tensors(inputs)?;
            let given: Vec<(&str, &Tensor)> = tensors.iter().map(|(name, tensor)| (&name[..], tensor)).collect();
            let found = evaluate(&model, &*engine, &given, &outputs).await.map_err(WebError::from)?;
            let values = js_sys::Array::new();
            for tensor in &found.values {
                values.push(&value_of(tensor));
            }
            let object = js_sys::Object::new();
            set(&object, "values", values);
            set(&object, "form", form_name(found.form));
            set(&object, "softmaxLeftOut", found.softmax_left_out);
            Ok(object.into())
        })
    }

    /// The gradient of an objective with respect to a value of any graph: `inputs` as for `evaluate`; `options`:
    /// `{ objective, withRespectTo, maps }` for the sum of the means of some maps of the value `objective`, with `classIndex` in
    /// the place of `maps` for one score of it, or `weights` for all of its elements, each times its weight. A promise of
    /// `{ value, gradient: { shape, data } }`. Takes the content out of `file`.
    pub fn differentiate(&self, file: &ModelFile, inputs: JsValue, options: JsValue) -> Promise {
        let content = file.take();
        let engine = self.device.engine();
        future_to_promise(async move {
            let DifferentiateArguments { objective, with_respect_to, maps, class_index, weights } = from_js(options)?;
            let chosen = match (class_index, weights) {
                (Some(class), _) => Objective::Score(class),
                (None, Some(weights)) => Objective::Weighted(weights),
                (None, None) => Objective::Means(maps),
            };
            let model = content.read().map_err(WebError::from)?;
            let tensors = tensors(inputs)?;
            let given: Vec<(&str, &Tensor)> = tensors.iter().map(|(name, tensor)| (&name[..], tensor)).collect();
            let found = differentiate(&model, &*engine, &given, &objective, &with_respect_to, &chosen);
            let (value, gradient) = found.await.map_err(WebError::from)?;
            let object = js_sys::Object::new();
            set(&object, "value", value);
            set(&object, "gradient", value_of(&gradient));
            Ok(object.into())
        })
    }

    /// `{ wasmBytes, gpuBuffers, gpuBytes, pipelines, dispatches, submissions, readbacks, errorScopes, preparedNodes,
    /// preparedPipelines }` at the moment.
    pub fn memory(&self) -> Result<JsValue, JsValue> {
        let memory = wasm_bindgen::memory().unchecked_into::<WebAssembly::Memory>();
        let bytes = memory.buffer().unchecked_into::<js_sys::ArrayBuffer>().byte_length();
        to_js(&Memory { wasm_bytes: f64::from(bytes), gpu: self.device.gpu_use() })
    }
}
