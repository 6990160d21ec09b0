//! A decoded picture.

use std::rc::Rc;

use js_sys::Uint8Array;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::WebError;
use super::mirror::{Pixels, from_js};
use crate::analysis::error::AnalysisError;
use crate::domain::picture::{self, Fill, Stroke};

/// A picture in memory, RGB with 8 bits a channel.
#[wasm_bindgen]
pub struct Picture {
    inner: Rc<picture::Picture>,
    /// Where it is a stack of several, for networks that take one: these, of which the one above is in the middle.
    slices: Vec<Slice>,
}

/// A picture of a stack.
#[derive(Clone)]
pub struct Slice {
    pub picture: Rc<picture::Picture>,
    /// The number that whoever stacks them has for it.
    pub number: u32,
}

/// The most pixels of the pictures of a stack together, each of which is three bytes here.
const MOST_PIXELS: usize = 100_000_000;

/// One pull of the eraser: `{ radius, points: [[x, y], …] }` in pixels of the picture.
#[derive(Deserialize)]
struct StrokeMirror {
    radius: f32,
    points: Vec<[f32; 2]>,
}

#[wasm_bindgen]
impl Picture {
    /// Decodes JPEG, PNG, WebP, GIF or BMP. Throws `needs-browser` for a picture that only the browser may know; its
    /// pixels then go through `fromRgba`.
    pub fn decode(bytes: &Uint8Array) -> Result<Picture, JsValue> {
        let bytes = bytes.to_vec();
        let picture = picture::decode(&bytes).map_err(WebError::from)?;
        Ok(Self::of(picture))
    }

    /// Takes pixels as the browser gives them; what is transparent lies over white.
    #[wasm_bindgen(js_name = fromRgba)]
    pub fn from_rgba(width: usize, height: usize, rgba: &Uint8Array) -> Result<Picture, JsValue> {
        let picture = picture::Picture::from_rgba(width, height, &rgba.to_vec()).map_err(WebError::from)?;
        Ok(Self::of(picture))
    }

    /// Takes the pixels of a picture that was decoded by another engine, as `rgb` gives them. Throws `bad-image` for a length
    /// that does not fit.
    #[wasm_bindgen(js_name = fromRgb)]
    pub fn from_rgb(width: usize, height: usize, rgb: &Uint8Array) -> Result<Picture, JsValue> {
        let picture = picture::Picture::new(width, height, rgb.to_vec()).map_err(WebError::from)?;
        Ok(Self::of(picture))
    }

    #[wasm_bindgen(getter)]
    pub fn width(&self) -> usize {
        self.inner.width()
    }

    #[wasm_bindgen(getter)]
    pub fn height(&self) -> usize {
        self.inner.height()
    }

    /// All pixels as they are kept: red, green and blue of each, row by row.
    pub fn rgb(&self) -> Uint8Array {
        Uint8Array::from(self.inner.rgb())
    }

    /// All pixels as RGBA: `{ width, height, data }`.
    pub fn pixels(&self) -> Result<JsValue, JsValue> {
        Pixels { width: self.inner.width(), height: self.inner.height(), rgba: self.inner.to_rgba() }.into_js()
    }

    /// A copy in which the strokes (`[{ radius, points }]`) are painted over with the mean colour of the picture.
    pub fn erase(&self, strokes: JsValue) -> Result<Picture, JsValue> {
        let strokes: Vec<StrokeMirror> = from_js(strokes)?;
        let strokes: Vec<Stroke> =
            strokes.into_iter().map(|stroke| Stroke { radius: stroke.radius, points: stroke.points }).collect();
        let erased = |picture: &Rc<picture::Picture>| {
            let mut copy = (**picture).clone();
            copy.erase(&strokes, Fill::Mean);
            Rc::new(copy)
        };
        let slices = self.slices.iter().map(|slice| Slice { picture: erased(&slice.picture), number: slice.number });
        Ok(Self { inner: erased(&self.inner), slices: slices.collect() })
    }

    /// A stack of this one alone, which has this number for whoever stacks them.
    pub fn alone(&self, number: u32) -> Picture {
        let picture = self.inner.clone();
        Self { inner: picture.clone(), slices: vec![Slice { picture, number }] }
    }

    /// This stack with another slice behind it. Throws `too-large` beyond 100 million pixels together.
    pub fn stacked(&self, next: &Picture, number: u32) -> Result<Picture, JsValue> {
        let mut slices = self.slices.clone();
        slices.push(Slice { picture: next.inner.clone(), number });
        let pixels: usize = slices.iter().map(|slice| slice.picture.width() * slice.picture.height()).sum();
        if pixels > MOST_PIXELS {
            return Err(WebError::from(AnalysisError::StackTooLarge { pixels: MOST_PIXELS / 1_000_000 }).into());
        }
        Ok(Self { inner: slices[slices.len() / 2].picture.clone(), slices })
    }
}

impl Picture {
    fn of(picture: picture::Picture) -> Self {
        Self { inner: Rc::new(picture), slices: Vec::new() }
    }

    /// The slices of a stack; none of a single picture.
    pub fn slices(&self) -> Vec<Slice> {
        self.slices.clone()
    }

    /// The picture itself, or the one in the middle of a stack.
    pub fn inner(&self) -> Rc<picture::Picture> {
        self.inner.clone()
    }
}
