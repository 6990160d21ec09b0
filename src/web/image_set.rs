//! Many images, and what is asked of them.

use js_sys::{Float32Array, Object, Uint32Array};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::WebError;
use super::look::Look;
use super::mirror::{from_js, set, to_js};
use crate::analysis::image_set::{self, Map, Seen};
use crate::domain::class_maps::{ClassMapOptions, ClassMaps};

/// What one layer made of many images.
#[wasm_bindgen]
#[derive(Default)]
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

/// An output as JavaScript has it, −1 for none.
fn number_of(said: Option<usize>) -> i32 {
    said.and_then(|said| i32::try_from(said).ok()).unwrap_or(-1)
}

#[wasm_bindgen]
impl ImageSet {
    /// A set without images.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self { set: image_set::ImageSet::default() }
    }

    /// Adds what a look saw and gives its place. All looks must be at the same layer.
    pub fn add(&mut self, look: &Look) -> Result<usize, JsValue> {
        let (_, look) = look.shared();
        Ok(self.set.add(&look).map_err(WebError::from)?)
    }

    /// `{ layer, means, maxima, peaks, ranked, said }` of a look, which is all that a set keeps of it: means, largest values
    /// and their places by map, the maps that are not dead from the strongest on, and the output that stands for the image or −1.
    pub fn seen(look: &Look) -> JsValue {
        let (_, look) = look.shared();
        let Seen { layer, maps, ranked, said } = Seen::of(&look);
        let floats = |of: fn(&Map) -> f32| Float32Array::from(&maps.iter().map(of).collect::<Vec<_>>()[..]);
        let wholes = |list: Vec<u32>| Uint32Array::from(&list[..]);
        let object = Object::new();
        set(&object, "layer", layer);
        set(&object, "means", floats(|map| map.mean));
        set(&object, "maxima", floats(|map| map.max));
        set(&object, "peaks", wholes(maps.iter().map(|map| map.peak).collect()));
        set(&object, "ranked", wholes(ranked.into_iter().map(|map| map as u32).collect()));
        set(&object, "said", number_of(said));
        object.into()
    }

    /// Adds what `seen` gave, in this engine or in another worker's, and gives its place; as `add`.
    pub fn take(
        &mut self,
        layer: String,
        means: Vec<f32>,
        maxima: Vec<f32>,
        peaks: Vec<u32>,
        ranked: Vec<usize>,
        said: i32,
    ) -> Result<usize, JsValue> {
        let maps = means.into_iter().zip(maxima).zip(peaks).map(|((mean, max), peak)| Map { mean, max, peak });
        let seen = Seen { layer, maps: maps.collect(), ranked, said: usize::try_from(said).ok() };
        Ok(self.set.take(seen).map_err(WebError::from)?)
    }

    /// `[{ maps: [{ map, count }], removed: [{ map, count, alsoIn }] }]`, one per class; `alsoIn` holds places of classes.
    /// A class is a list of places of images.
    #[wasm_bindgen(js_name = classMaps)]
    pub fn class_maps(&self, classes: JsValue, per_image: usize, per_class: usize) -> Result<JsValue, JsValue> {
        let classes: Vec<Vec<usize>> = from_js(classes)?;
        let options = ClassMapOptions { per_image, per_class };
        let found = self.set.class_maps(&classes, options).map_err(WebError::from)?;
        to_js(&found.into_iter().map(ClassMapsMirror::of).collect::<Vec<_>>())
    }

    /// For each image the sum of the activations of these maps.
    pub fn sums(&self, maps: Vec<usize>) -> Vec<f32> {
        self.set.sums(&maps)
    }

    /// `{ means, maxima, peaks }` of one map, with an entry for each image; undefined for a map that the layer has not.
    pub fn map(&self, map: usize) -> JsValue {
        let Some(over) = self.set.map(map) else { return JsValue::UNDEFINED };
        let object = Object::new();
        set(&object, "means", Float32Array::from(&over.means[..]));
        set(&object, "maxima", Float32Array::from(&over.maxima[..]));
        set(&object, "peaks", Uint32Array::from(&over.peaks[..]));
        object.into()
    }

    /// For each image the output that stands for it, −1 where the network says nothing.
    pub fn said(&self) -> Vec<i32> {
        self.set.said().into_iter().map(number_of).collect()
    }

    /// `counts[class][predicted]`; `ties` lists the outputs that belong to each class, and the last column is for the rest.
    pub fn confusion(&self, classes: JsValue, ties: JsValue) -> Result<JsValue, JsValue> {
        let (classes, ties): (Vec<Vec<usize>>, Vec<Vec<usize>>) = (from_js(classes)?, from_js(ties)?);
        to_js(&self.set.confusion(&classes, &ties).map_err(WebError::from)?)
    }
}
