//! What a network made of a picture.

use std::rc::Rc;

use js_sys::{Float32Array, Uint32Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::error::WebError;
use super::mirror::{LayerMirror, Pixels, PredictionMirror, RankedMirror, form_name, from_js, grid, set, to_js};
use crate::analysis::error::AnalysisError;
use crate::analysis::finds::Finds;
use crate::analysis::look;
use crate::analysis::open::Opened;
use crate::domain::colormap::Colormap;
use crate::domain::contribution::contributions;
use crate::domain::enlarge::Enlargement;
use crate::domain::instances::Instance;
use crate::domain::overlay::{OverlayOptions, Scale, Style};
use crate::domain::predictions::Silence;
use crate::domain::recipe::Frame;
use crate::domain::statistics::{largest, largest_magnitude};
use crate::onnx::head::Kind;
use crate::onnx::layers::Layer;

/// The maps of one layer for one picture, with predictions.
#[wasm_bindgen]
pub struct Look {
    opened: Rc<Opened>,
    look: Rc<look::Look>,
    /// Of a stack of pictures, the numbers that whoever stacked them has for these.
    numbers: Vec<u32>,
}

/// The numbers of one map beside its mean.
#[derive(Serialize)]
struct StatisticsMirror {
    mean: f32,
    max: f32,
    min: f32,
    row: usize,
    column: usize,
    dead: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct OverlayArguments {
    style: Option<String>,
    colormap: Option<String>,
    /// `map`, `layer`, or the number that is the largest value of the image set.
    scale: Option<ScaleArgument>,
    alpha: Option<f32>,
    gain: Option<f32>,
    enlargement: Option<String>,
    width: Option<usize>,
    height: Option<usize>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ScaleArgument {
    Name(String),
    Value(f32),
}

/// A box on the picture.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BoxMirror<'a> {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    class_index: usize,
    label: &'a str,
    score: f32,
}

/// A class in a mask.
#[derive(Serialize)]
struct AreaMirror<'a> {
    index: usize,
    label: &'a str,
    share: f64,
}

/// A patch of what the network saw: its row and column, and its middle from the left and from the top, from 0 to 1.
#[derive(Serialize)]
struct PatchMirror {
    row: usize,
    column: usize,
    x: f64,
    y: f64,
}

/// A rectangle on the picture.
#[derive(Serialize)]
struct FrameMirror {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// The mask of a box: `{ frame, width, height, data, share }`.
fn instance(mask: &Instance, frame: &Frame) -> Result<js_sys::Object, JsValue> {
    let Frame { left: x, top: y, width, height } = mask.frame(frame);
    let object = js_sys::Object::new();
    set(&object, "frame", to_js(&FrameMirror { x, y, width, height })?);
    set(&object, "width", mask.size[1] as f64);
    set(&object, "height", mask.size[0] as f64);
    set(&object, "data", js_sys::Uint8Array::from(&mask.places[..]));
    set(&object, "share", mask.share());
    Ok(object)
}

/// As [`Look::finds`] says.
#[inline(never)]
pub fn look_finds(opened: &Opened, finds: &Finds, frame: &Frame) -> Result<JsValue, JsValue> {
    if *finds == Finds::Nothing {
        return Ok(JsValue::UNDEFINED);
    }
    let names = opened.names();
    let name = |class: usize| names.get(class).map_or("", String::as_str);
    let object = js_sys::Object::new();
    let Frame { left: x, top: y, width, height } = *frame;
    set(&object, "frame", to_js(&FrameMirror { x, y, width, height })?);
    match finds {
        Finds::Nothing => {}
        Finds::Boxes { boxes, masks } => {
            let boxes: Vec<_> = boxes
                .iter()
                .map(|one| BoxMirror {
                    x: one.left,
                    y: one.top,
                    width: one.right - one.left,
                    height: one.bottom - one.top,
                    class_index: one.class,
                    label: name(one.class),
                    score: one.score,
                })
                .collect();
            let boxes = to_js(&boxes)?;
            let list: &js_sys::Array = boxes.unchecked_ref();
            for (one, mask) in list.iter().zip(masks) {
                set(one.unchecked_ref(), "mask", instance(mask, frame)?);
            }
            set(&object, "boxes", boxes);
        }
        Finds::Mask(mask) => {
            let areas = mask.areas();
            let areas: Vec<_> = areas
                .iter()
                .map(|area| AreaMirror { index: area.class, label: name(area.class), share: area.share })
                .collect();
            let value = js_sys::Object::new();
            set(&value, "width", mask.width as f64);
            set(&value, "height", mask.height as f64);
            set(&value, "data", js_sys::Uint8Array::from(&mask.classes[..]));
            set(&value, "isBinary", matches!(&opened.gives().kind, Kind::Mask(form) if form.classes == 1));
            set(&value, "areas", to_js(&areas)?);
            set(&object, "mask", value);
        }
        Finds::Embedding(vector) => set(&object, "embedding", Float32Array::from(&vector[..])),
        Finds::Picture(picture) => {
            let pixels = Pixels { width: picture.width(), height: picture.height(), rgba: picture.to_rgba() };
            set(&object, "picture", pixels.into_object());
        }
        Finds::NotFinite => set(&object, "notFinite", true),
    }
    Ok(object.into())
}

fn no_such_map(map: usize, channels: usize) -> WebError {
    WebError::argument(format!("There is no map {map}: the layer has {channels}, numbered from 0."))
}

impl Look {
    pub fn new(opened: Rc<Opened>, look: look::Look, numbers: Vec<u32>) -> Self {
        Self { opened, look: Rc::new(look), numbers }
    }

    /// The same for a call that outlives the caller's handle.
    pub fn shared(&self) -> (Rc<Opened>, Rc<look::Look>) {
        (self.opened.clone(), self.look.clone())
    }

    /// What the arguments of an overlay on this picture mean.
    pub fn options(&self, arguments: OverlayArguments) -> Result<OverlayOptions, WebError> {
        let unknown = |what: &str, name: &str| WebError::argument(format!("There is no {what} \"{name}\"."));
        let mut options = OverlayOptions {
            signed: self.look.signed(),
            width: arguments.width.unwrap_or(self.look.seen.width()),
            height: arguments.height.unwrap_or(self.look.seen.height()),
            ..OverlayOptions::default()
        };
        if let Some(style) = arguments.style {
            options.style = match style.as_str() {
                "alpha" => Style::Alpha,
                "multiply" => Style::Multiply,
                "raw" => Style::Raw,
                "glow" => Style::Glow,
                "spotlight" => Style::Spotlight,
                other => return Err(unknown("overlay style", other)),
            };
        }
        if let Some(name) = arguments.colormap {
            options.colormap = Colormap::from_name(&name).ok_or_else(|| unknown("colour map", &name))?;
        }
        options.scale = match arguments.scale {
            None => Scale::Map,
            Some(ScaleArgument::Value(value)) => Scale::By(value),
            Some(ScaleArgument::Name(name)) => match name.as_str() {
                "map" => Scale::Map,
                "layer" => Scale::By(self.layer_scale()),
                other => return Err(unknown("scale", other)),
            },
        };
        if let Some(alpha) = arguments.alpha {
            options.alpha = alpha;
        }
        if let Some(gain) = arguments.gain {
            options.gain = gain;
        }
        if let Some(name) = arguments.enlargement {
            options.enlargement = match name.as_str() {
                "bilinear" => Enlargement::Bilinear,
                "nearest" => Enlargement::Nearest,
                other => return Err(unknown("enlargement", other)),
            };
        }
        Ok(options)
    }

    fn layer_scale(&self) -> f32 {
        let statistics = &self.look.statistics;
        if self.look.signed() { largest_magnitude(statistics) } else { largest(statistics) }
    }
}

#[wasm_bindgen]
impl Look {
    /// The layer as in the list of layers.
    #[wasm_bindgen(getter)]
    pub fn layer(&self) -> Result<JsValue, JsValue> {
        to_js(&LayerMirror::of(&self.look.layer))
    }

    /// Of attention, the patch whose it is: `{ row, column, x, y }`, or `null` of a class token's; `undefined` of any other layer.
    #[wasm_bindgen(getter)]
    pub fn patch(&self) -> Result<JsValue, JsValue> {
        let Some(attending) = self.look.attending else { return Ok(JsValue::UNDEFINED) };
        let Some([row, column]) = attending.cell else { return Ok(JsValue::NULL) };
        let middle = |place: usize, count: usize| (place as f64 + 0.5) / count as f64;
        let Layer { height, width, .. } = self.look.layer;
        to_js(&PatchMirror { row, column, x: middle(column, width), y: middle(row, height) })
    }

    /// Of a stack of pictures, which of them each slice of the network was, numbered from 0; `undefined` of a single picture.
    #[wasm_bindgen(getter)]
    pub fn slices(&self) -> Option<Uint32Array> {
        let stacked = self.look.stacked.as_ref()?;
        let pictures: Vec<u32> =
            stacked.pictures.iter().filter_map(|&picture| self.numbers.get(picture).copied()).collect();
        Some(Uint32Array::from(&pictures[..]))
    }

    /// Whether values below zero carry meaning, so that overlays are drawn with diverging colours.
    #[wasm_bindgen(getter)]
    pub fn signed(&self) -> bool {
        self.look.signed()
    }

    /// Whether the engine ran the file's graph as it is (`original`) or rewritten (`lowered`).
    #[wasm_bindgen(getter)]
    pub fn form(&self) -> String {
        form_name(self.look.form).to_owned()
    }

    /// As what the scores were taken: `logits`, `softmax` or `sigmoid`.
    #[wasm_bindgen(getter)]
    pub fn output(&self) -> String {
        self.look.output.name().to_owned()
    }

    /// Whether the scores may be something else.
    #[wasm_bindgen(getter)]
    pub fn doubt(&self) -> bool {
        self.look.doubt
    }

    /// Why there are no predictions: `no-scores`, `not-finite`, `unclear` or `missing`; `undefined` where there are.
    #[wasm_bindgen(getter)]
    pub fn silence(&self) -> Option<String> {
        let name = |silence| match silence {
            Silence::NoScores => "no-scores",
            Silence::NotFinite => "not-finite",
            Silence::Unclear => "unclear",
            Silence::Missing => "missing",
        };
        self.look.silence.map(|silence| name(silence).to_owned())
    }

    /// Why what the network gives is not known, as an error; `undefined` where it is.
    #[wasm_bindgen(getter)]
    pub fn missing(&self) -> JsValue {
        self.look.missing.clone().map_or(JsValue::UNDEFINED, |error| WebError::from(error).into())
    }

    /// What the network found instead of classes, and where what it saw lies on the picture: `{ frame, boxes, mask, embedding, picture,
    /// notFinite }`, of which all but the first are there where the network gives that; `undefined` of one that gives class scores.
    pub fn finds(&self) -> Result<JsValue, JsValue> {
        look_finds(&self.opened, &self.look.finds, &self.look.frame)
    }

    /// Whether every value of the maps is a finite number.
    #[wasm_bindgen(getter)]
    pub fn finite(&self) -> bool {
        self.look.finite
    }

    /// The largest value of the layer (the largest magnitude, where it is signed).
    #[wasm_bindgen(getter, js_name = layerScale)]
    pub fn layer_scale_js(&self) -> f32 {
        self.layer_scale()
    }

    /// The activation of each map.
    pub fn means(&self) -> Float32Array {
        Float32Array::from(&self.look.means()[..])
    }

    /// `[{ mean, max, min, row, column, dead }]`, one per map.
    pub fn statistics(&self) -> Result<JsValue, JsValue> {
        let list: Vec<_> = self
            .look
            .statistics
            .iter()
            .map(|map| StatisticsMirror {
                mean: map.mean,
                max: map.max,
                min: map.min,
                row: map.row,
                column: map.column,
                dead: map.dead,
            })
            .collect();
        to_js(&list)
    }

    /// The `count` maps that fire most: `[{ map, mean, rank }]`.
    pub fn top(&self, count: usize) -> Result<JsValue, JsValue> {
        let list: Vec<RankedMirror> = self.look.top(count).into_iter().map(RankedMirror::from).collect();
        to_js(&list)
    }

    /// The `count` most probable classes: `[{ index, label, probability }]`.
    pub fn predictions(&self, count: usize) -> Result<JsValue, JsValue> {
        let predictions = self.look.predictions(count);
        let labels = self.opened.labels();
        to_js(&predictions.iter().map(|prediction| PredictionMirror::of(prediction, labels)).collect::<Vec<_>>())
    }

    /// The values of one map: `{ width, height, data }`.
    pub fn map(&self, map: usize) -> Result<JsValue, JsValue> {
        let maps = self.look.maps.maps().map_err(WebError::from)?;
        let plane = maps.plane(map).ok_or_else(|| no_such_map(map, maps.channels()))?;
        Ok(grid(maps.width(), maps.height(), plane))
    }

    /// The picture as the network saw it: `{ width, height, data }` with RGBA.
    pub fn seen(&self) -> Result<JsValue, JsValue> {
        let seen = &self.look.seen;
        Pixels { width: seen.width(), height: seen.height(), rgba: seen.to_rgba() }.into_js()
    }

    /// Lays maps over that picture, several as their clipped sum:
    /// `{ width, height, data, dead, scale }`. Options as in the public API.
    pub fn overlay(&self, maps: &Uint32Array, options: JsValue) -> Result<JsValue, JsValue> {
        let arguments: Option<OverlayArguments> = from_js(options)?;
        let options = self.options(arguments.unwrap_or_default())?;
        let chosen: Vec<usize> = maps.to_vec().into_iter().map(|map| map as usize).collect();
        let overlay = self.look.overlay(&chosen, &options).map_err(WebError::from)?;
        let object = Pixels { width: overlay.width, height: overlay.height, rgba: overlay.rgba }.into_object();
        set(&object, "dead", overlay.dead);
        set(&object, "scale", overlay.scale.map_or(JsValue::NULL, JsValue::from));
        Ok(object.into())
    }

    /// What each map adds to the score of a class, where the layer is pooled and weighed by one linear layer:
    /// `{ contributions, bias, logit }`, or `undefined`.
    pub fn contributions(&self, class: usize) -> Result<JsValue, JsValue> {
        self.opened.scored().map_err(WebError::from)?;
        let Ok(head) = self.opened.head() else { return Ok(JsValue::UNDEFINED) };
        if head.layer != self.look.layer.id {
            return Ok(JsValue::UNDEFINED);
        }
        let weights = head.weights.as_slice().chunks_exact(head.channels.max(1)).nth(class);
        let (Some(weights), Some(&bias)) = (weights, head.bias.get(class)) else {
            return Err(WebError::from(AnalysisError::NoSuchClass { index: class, classes: head.classes }).into());
        };
        let found = contributions(&self.look.means(), weights, bias).map_err(WebError::from)?;
        let object = js_sys::Object::new();
        set(&object, "contributions", Float32Array::from(&found.maps[..]));
        set(&object, "bias", found.bias);
        set(&object, "logit", found.logit);
        Ok(object.into())
    }
}
