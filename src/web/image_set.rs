//! Images by class, and what is asked of them.

use js_sys::{Array, Float32Array};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::WebError;
use super::look::Look;
use super::mirror::{from_js, to_js};
use crate::analysis::image_set;
use crate::domain::class_maps::{ClassMapOptions, ClassMaps};

/// What one layer made of many images.
#[wasm_bindgen]
pub struct ImageSet {
    set: image_set::ImageSet,
}

#[derive(Serialize)]
struct ClassMapsMirror {
    maps: Vec<CountedMirror>,
    removed: Vec<SharedMirror>,
}

#[derive(Serialize)]
struct CountedMirror {
    map: usize,
    count: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SharedMirror {
    map: usize,
    count: usize,
    also_in: Vec<usize>,
}

impl ClassMapsMirror {
    fn of(found: ClassMaps) -> Self {
        let maps = found.maps.into_iter().map(|counted| CountedMirror { map: counted.map, count: counted.count });
        let removed = found.removed.into_iter().map(|shared| SharedMirror {
            map: shared.map,
            count: shared.count,
            also_in: shared.also_in,
        });
        Self { maps: maps.collect(), removed: removed.collect() }
    }
}

#[wasm_bindgen]
impl ImageSet {
    /// A set of so many classes, all empty.
    #[wasm_bindgen(constructor)]
    pub fn new(classes: usize) -> Self {
        Self { set: image_set::ImageSet::new(classes) }
    }

    /// Adds what a look saw to a class. All looks must be at the same layer.
    pub fn add(&mut self, class: usize, look: &Look) -> Result<(), JsValue> {
        let (look, output) = look.parts();
        Ok(self.set.add(class, look, output).map_err(WebError::from)?)
    }

    /// `[{ maps: [{ map, count }], removed: [{ map, count, alsoIn }] }]`, one per class; `alsoIn` holds places of classes.
    #[wasm_bindgen(js_name = classMaps)]
    pub fn class_maps(&self, per_image: usize, per_class: usize) -> Result<JsValue, JsValue> {
        let found = self.set.class_maps(ClassMapOptions { per_image, per_class });
        to_js(&found.into_iter().map(ClassMapsMirror::of).collect::<Vec<_>>())
    }

    /// For each class an array with the sum of the activations of these maps for each image.
    pub fn sums(&self, maps: Vec<usize>) -> Array {
        self.set.sums(&maps).iter().map(|sums| Float32Array::from(&sums[..])).collect()
    }

    /// `counts[class][predicted]`; `ties` lists the outputs that belong to each class, and the last column is for the rest.
    pub fn confusion(&self, ties: JsValue) -> Result<JsValue, JsValue> {
        let ties: Vec<Vec<usize>> = from_js(ties)?;
        to_js(&self.set.confusion(&ties))
    }
}
