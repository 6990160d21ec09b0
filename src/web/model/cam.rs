//! Grad-CAM of a look.

use js_sys::{Float32Array, Object, Promise};
use serde::Deserialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

use super::Model;
use crate::analysis::cam::{class_activation, place_activation};
use crate::domain::overlay::overlay;
use crate::domain::resample::resize;
use crate::web::error::WebError;
use crate::web::look::{Look, OverlayArguments};
use crate::web::mirror::{Pixels, from_js, grid, set};
use crate::web::task::Task;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CamArguments {
    class_index: usize,
    /// A place of the picture, from the left and from the top, in pixels.
    at: Option<[f64; 2]>,
    #[serde(default)]
    overlay: OverlayArguments,
}

#[wasm_bindgen]
impl Model {
    /// Where a look's picture speaks for a class: a promise of `{ width, height, data, cells, weights, image }`. `data`: from 0
    /// to 1 at the size that the network saw; `cells`: `{ width, height, data }`, the sum itself; `weights`: one per map; `image`:
    /// the cells laid over the picture, `{ width, height, data }` with RGBA. `options`: `{ classIndex, overlay }`, the latter as for
    /// `Look.overlay`, and of a segmenter `at: [x, y]` in pixels of the picture, for the class at that place alone.
    pub fn cam(&self, look: &Look, options: JsValue, task: &Task) -> Promise {
        let inner = self.inner.clone();
        let parsed: Result<(usize, _, _), JsValue> = from_js(options).map_err(JsValue::from).and_then(|arguments| {
            let CamArguments { class_index, at, overlay } = arguments;
            Ok((class_index, at, look.options(overlay)?))
        });
        let (opened, look) = look.shared();
        let watch = task.watch();
        future_to_promise(async move {
            let (class, at, mut options) = parsed?;
            let (engine, ready) = (&*inner.engine, &inner.ready);
            let found = match at {
                Some(at) => place_activation(&opened, engine, ready, &look, (class, at), &watch).await,
                None => class_activation(&opened, engine, ready, &look, class, &watch).await,
            };
            let found = found.map_err(WebError::from)?;
            // What speaks against the class is cut off, so nothing is below zero.
            options.signed = false;
            let seen = resize(&look.seen, options.width, options.height).map_err(WebError::from)?;
            let cells = found.cells.maps().map_err(WebError::from)?;
            let drawn = overlay(&seen, &cells, &[0], &options).map_err(WebError::from)?;
            let (width, height) = (look.seen.width(), look.seen.height());
            let pixels = found.enlarged([height, width]).map_err(WebError::from)?;
            let result: Object = grid(width, height, &pixels).unchecked_into();
            set(&result, "cells", grid(cells.width(), cells.height(), found.cells.data()));
            set(&result, "weights", Float32Array::from(&found.weights[..]));
            set(&result, "image", Pixels { width: drawn.width, height: drawn.height, rgba: drawn.rgba }.into_js()?);
            Ok(result.into())
        })
    }
}
