//! Plain mirrors of the inner types, as they cross the border. The inner types know nothing of serde or JavaScript.

use js_sys::{Float32Array, Object, Reflect, Uint8ClampedArray};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::error::WebError;
use crate::analysis::beside::TextFile;
use crate::analysis::card::Card;
use crate::analysis::prepared::Form;
use crate::domain::predictions::{Output, Prediction};
use crate::domain::ranking::Ranked;
use crate::domain::recipe::{Channels, Layout, Recipe, Resize};
use crate::domain::resample::Filter;
use crate::onnx::layers::{Layer, Relu};

/// Reads an argument.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, WebError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| WebError::argument(error.to_string()))
}

/// Writes a plain object.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&serializer)?)
}

/// Puts a property on a plain object, which cannot fail.
pub fn set(object: &Object, key: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(object, &key.into(), &value.into());
}

/// `{ width, height, data }` with RGBA for a canvas.
pub struct Pixels {
    pub width: usize,
    pub height: usize,
    pub rgba: Vec<u8>,
}

impl Pixels {
    pub fn into_js(self) -> Result<JsValue, JsValue> {
        Ok(self.into_object().into())
    }

    pub fn into_object(self) -> Object {
        let object = Object::new();
        set(&object, "width", self.width as f64);
        set(&object, "height", self.height as f64);
        set(&object, "data", Uint8ClampedArray::from(&self.rgba[..]));
        object
    }
}

/// `{ width, height, data }` with the values of one map in reading order.
pub fn grid(width: usize, height: usize, values: &[f32]) -> JsValue {
    let object = Object::new();
    set(&object, "width", width as f64);
    set(&object, "height", height as f64);
    set(&object, "data", Float32Array::from(values));
    object.into()
}

#[derive(Serialize, Deserialize, Clone)]
#[serde(untagged)]
pub enum SizeMirror {
    Square(usize),
    HeightWidth([usize; 2]),
}

/// A recipe as DESIGN and model cards write it; what is left out has its default.
#[derive(Serialize, Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub struct RecipeMirror {
    pub size: Option<SizeMirror>,
    #[serde(default = "squash")]
    pub resize: String,
    #[serde(default = "rgb")]
    pub channels: String,
    #[serde(default = "one")]
    pub scale: f64,
    #[serde(default = "zeros")]
    pub mean: Vec<f64>,
    #[serde(default = "ones")]
    pub std: Vec<f64>,
    pub layout: Option<String>,
    #[serde(default, skip_serializing_if = "is_none")]
    pub crop_share: Option<f64>,
    /// Left out for the usual one, `bilinear`.
    #[serde(default, skip_serializing_if = "is_none")]
    pub filter: Option<String>,
}

/// What is left out is not written either, so that recipes of before stay as they are.
fn is_none<T>(value: &Option<T>) -> bool {
    value.is_none()
}

fn squash() -> String {
    "squash".to_owned()
}

fn rgb() -> String {
    "rgb".to_owned()
}

fn one() -> f64 {
    1.0
}

fn zeros() -> Vec<f64> {
    vec![0.0]
}

fn ones() -> Vec<f64> {
    vec![1.0]
}

impl RecipeMirror {
    /// The recipe; `size` and `layout` stand in for what is left out.
    pub fn into_recipe(self, size: [usize; 2], layout: Layout) -> Result<Recipe, WebError> {
        let unknown = |field: &str, value: &str| WebError {
            code: "bad-card",
            message: format!("The recipe's {field} \"{value}\" is not known."),
            node: None,
            of_engine: false,
        };
        Ok(Recipe {
            size: match self.size {
                Some(SizeMirror::Square(side)) => [side, side],
                Some(SizeMirror::HeightWidth(size)) => size,
                None => size,
            },
            resize: match self.resize.as_str() {
                "squash" => Resize::Squash,
                "crop" => Resize::Crop,
                "letterbox" => Resize::Letterbox,
                other => return Err(unknown("resize", other)),
            },
            channels: match self.channels.as_str() {
                "rgb" => Channels::Rgb,
                "bgr" => Channels::Bgr,
                "grey" | "gray" => Channels::Grey,
                other => return Err(unknown("channels", other)),
            },
            scale: self.scale,
            mean: self.mean,
            std: self.std,
            layout: match self.layout.as_deref() {
                Some("nchw") => Layout::Nchw,
                Some("nhwc") => Layout::Nhwc,
                None => layout,
                Some(other) => return Err(unknown("layout", other)),
            },
            crop_share: self.crop_share,
            filter: match &self.filter {
                None => Filter::default(),
                Some(name) => Filter::NAMES
                    .iter()
                    .find(|(_, known)| known == name)
                    .map(|(filter, _)| *filter)
                    .ok_or_else(|| unknown("filter", name))?,
            },
        })
    }

    pub fn of(recipe: &Recipe) -> Self {
        let [height, width] = recipe.size;
        Self {
            size: Some(if height == width { SizeMirror::Square(height) } else { SizeMirror::HeightWidth(recipe.size) }),
            resize: match recipe.resize {
                Resize::Squash => "squash",
                Resize::Crop => "crop",
                Resize::Letterbox => "letterbox",
            }
            .to_owned(),
            channels: match recipe.channels {
                Channels::Rgb => "rgb",
                Channels::Bgr => "bgr",
                Channels::Grey => "grey",
            }
            .to_owned(),
            scale: recipe.scale,
            mean: recipe.mean.clone(),
            std: recipe.std.clone(),
            layout: Some(
                match recipe.layout {
                    Layout::Nchw => "nchw",
                    Layout::Nhwc => "nhwc",
                }
                .to_owned(),
            ),
            crop_share: recipe.crop_share,
            filter: Filter::NAMES
                .iter()
                .find(|(filter, _)| *filter == recipe.filter && *filter != Filter::default())
                .map(|(_, name)| (*name).to_owned()),
        }
    }
}

/// A model card; what the page keeps for itself (file, licence, source) is passed over.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct CardMirror {
    pub title: Option<String>,
    pub recipe: Option<RecipeMirror>,
    pub labels: Option<Vec<String>>,
    pub default_layer: Option<String>,
    pub output: Option<String>,
    pub scores: Option<String>,
    /// Of a network of other than one or three channels: `red`, `green`, `blue` or null for each.
    pub bands: Option<Vec<Option<String>>>,
    /// The text files beside the model.
    pub beside: Vec<TextFileMirror>,
    /// Where recipe and names were found.
    pub from: Option<String>,
    /// The names were said by somebody instead.
    pub labels_are_said: bool,
}

/// A text file.
#[derive(Deserialize)]
pub struct TextFileMirror {
    name: String,
    text: String,
}

/// The names of a picture's colours, by their places.
pub const COLOURS: [&str; 3] = ["red", "green", "blue"];

/// The place of a colour.
fn colour(name: Option<&str>) -> Result<Option<usize>, WebError> {
    let Some(name) = name else { return Ok(None) };
    COLOURS.iter().position(|&colour| colour == name).map(Some).ok_or_else(|| WebError {
        code: "bad-card",
        message: format!("The card's band \"{name}\" is not known: use red, green, blue or null."),
        node: None,
        of_engine: false,
    })
}

impl CardMirror {
    /// `size` and `layout` are what the model's input says.
    pub fn into_card(self, size: [usize; 2], layout: Layout) -> Result<Card, WebError> {
        let output = match &self.output {
            None => None,
            Some(name) => Some(Output::from_name(name).ok_or_else(|| WebError {
                code: "bad-card",
                message: format!("The card's output \"{name}\" is not known: use logits, softmax or sigmoid."),
                node: None,
                of_engine: false,
            })?),
        };
        Ok(Card {
            title: self.title,
            recipe: self.recipe.map(|recipe| recipe.into_recipe(size, layout)).transpose()?,
            labels: self.labels.unwrap_or_default(),
            default_layer: self.default_layer,
            output,
            scores: self.scores,
            labels_from: self.from.clone().filter(|_| !self.labels_are_said),
            recipe_from: self.from,
            beside: self.beside.into_iter().map(|TextFileMirror { name, text }| TextFile { name, text }).collect(),
            bands: self.bands.map(|bands| bands.iter().map(|band| colour(band.as_deref())).collect()).transpose()?,
        })
    }
}

/// `original` where the file's graph runs as it is, `lowered` where it was rewritten.
pub fn form_name(form: Form) -> &'static str {
    match form {
        Form::Original => "original",
        Form::Lowered => "lowered",
    }
}

/// A layer of the list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerMirror<'a> {
    id: &'a str,
    name: &'a str,
    op: &'a str,
    relu: &'static str,
    channels: usize,
    height: usize,
    width: usize,
    slices: usize,
    stride: [usize; 2],
    receptive_field: [usize; 2],
}

impl<'a> LayerMirror<'a> {
    pub fn of(layer: &'a Layer) -> Self {
        Self {
            id: &layer.id,
            name: &layer.name,
            op: &layer.op,
            relu: match layer.relu {
                Relu::Before => "before",
                Relu::After => "after",
                Relu::None => "none",
            },
            channels: layer.channels,
            height: layer.height,
            width: layer.width,
            slices: layer.slices,
            stride: layer.stride,
            receptive_field: layer.receptive_field,
        }
    }
}

/// A place in a ranking.
#[derive(Serialize)]
pub struct RankedMirror {
    map: usize,
    mean: f32,
    rank: usize,
}

impl From<Ranked> for RankedMirror {
    fn from(ranked: Ranked) -> Self {
        Self { map: ranked.map, mean: ranked.mean, rank: ranked.rank }
    }
}

/// A class with its probability, from 0 to 1.
#[derive(Serialize)]
pub struct PredictionMirror<'a> {
    pub index: usize,
    pub label: &'a str,
    pub probability: f32,
}

impl<'a> PredictionMirror<'a> {
    pub fn of(prediction: &Prediction, labels: &'a [String]) -> Self {
        Self {
            index: prediction.index,
            label: labels.get(prediction.index).map_or("", String::as_str),
            probability: prediction.probability,
        }
    }
}
