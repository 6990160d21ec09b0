//! The JavaScript edge: handles for `wasm-bindgen`, plain data across the border, errors as `{code, message, node}`.
//!
//! Tensors and sessions stay here; JavaScript holds handles and gets the small things that it draws. Every async method
//! clones what it needs and returns a promise, so that no borrow of a handle lives across an await.
//!
//! A panic ends the instance: it is reported on the console, and the worker that holds the instance is replaced.

mod device;
mod drawing;
mod error;
mod image_set;
mod look;
mod mirror;
mod model;
mod model_file;
mod picture;
mod scope;
mod task;
#[cfg(feature = "rten")]
mod threads;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use self::error::WebError;
use crate::domain::colormap::Colormap;
use crate::domain::overlay::glow_ramp;

/// Runs when the module is instantiated: a panic is written to the console before the instance dies.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&panic.to_string().into())));
}

/// The 256 colours of a colour map, RGB one after another, for a legend; `glow` and `glow-signed` are those of that overlay style.
#[wasm_bindgen]
pub fn colormap(name: &str) -> Result<Uint8Array, JsValue> {
    let table = match name {
        "glow" => glow_ramp(false),
        "glow-signed" => glow_ramp(true),
        _ => Colormap::from_name(name)
            .ok_or_else(|| WebError::argument(format!("There is no colour map \"{name}\".")))?
            .table(),
    };
    Ok(Uint8Array::from(table.as_flattened()))
}
