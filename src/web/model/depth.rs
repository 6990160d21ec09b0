//! The strongest map of every layer.

use js_sys::{Array, Promise};
use serde::Deserialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

use super::Model;
use crate::analysis::depth::{DepthOptions, depth};
use crate::web::error::WebError;
use crate::web::mirror::{RecipeMirror, from_js, grid, set};
use crate::web::picture::Picture;
use crate::web::task::Task;

#[derive(Deserialize, Default)]
#[serde(default)]
struct DepthArguments {
    layers: Vec<String>,
    recipe: Option<RecipeMirror>,
}

#[wasm_bindgen]
impl Model {
    /// The map that fires most in each layer, made small, all from one run: a promise of `[{ layer, map, mean, width, height, data }]` in
    /// the network's order. `options`: `{ layers, recipe }`; left out, all layers and the model's recipe.
    pub fn depth(&self, picture: &Picture, options: JsValue, task: &Task) -> Promise {
        let inner = self.inner.clone();
        let (picture, slices) = (picture.inner(), picture.slices());
        let watch = task.watch();
        future_to_promise(async move {
            let DepthArguments { layers, recipe } = from_js(options)?;
            let recipe = inner.recipe(recipe)?;
            let opened = inner.settled_on(&recipe)?;
            let slices: Vec<_> = slices.iter().map(|slice| &*slice.picture).collect();
            let options = DepthOptions { layers: &layers, recipe: &recipe, slices: &slices };
            let found = depth(&opened, &*inner.engine, &inner.depths, &picture, options, &watch).await;
            let list: Array = found
                .map_err(WebError::from)?
                .iter()
                .map(|strongest| {
                    let object = grid(strongest.width, strongest.height, &strongest.data).unchecked_into();
                    set(&object, "layer", &strongest.layer[..]);
                    set(&object, "map", strongest.map as f64);
                    set(&object, "mean", strongest.mean);
                    object
                })
                .collect();
            Ok(list.into())
        })
    }
}
