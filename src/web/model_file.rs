//! A model file on its way in: reserved once at its full size and filled in slices, so that it is in memory once.

use std::cell::RefCell;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::WebError;
use crate::onnx::randomise::randomise;
use crate::onnx::read::{ExternalFile, Model, ReadError, read};
use crate::onnx::weights::Bytes32;

/// `new ModelFile(byteLength)`, then `write(offset, chunk)` until it is full; files with external weights are added with
/// `addExternal(name, byteLength)` and `writeExternal(name, offset, chunk)`. Opening takes the content out. After
/// `randomise(seed)` the model opens with random weights.
#[wasm_bindgen]
pub struct ModelFile {
    content: RefCell<Content>,
}

/// What a model is read from.
#[derive(Default)]
pub struct Content {
    model: Bytes32,
    external: Vec<ExternalFile>,
    seed: Option<u64>,
}

#[wasm_bindgen]
impl ModelFile {
    #[wasm_bindgen(constructor)]
    pub fn new(byte_length: f64) -> Result<ModelFile, JsValue> {
        let model = reserve(byte_length)?;
        Ok(Self { content: RefCell::new(Content { model, ..Content::default() }) })
    }

    /// Copies a slice of the model file.
    pub fn write(&self, offset: f64, chunk: &Uint8Array) -> Result<(), JsValue> {
        Ok(copy(&mut self.content.borrow_mut().model, offset, chunk)?)
    }

    /// Opening replaces the weights by random ones.
    pub fn randomise(&self, seed: u32) {
        self.content.borrow_mut().seed = Some(seed.into());
    }

    /// Makes room for a file that lies beside the model.
    #[wasm_bindgen(js_name = addExternal)]
    pub fn add_external(&self, name: String, byte_length: f64) -> Result<(), JsValue> {
        let content = reserve(byte_length)?;
        self.content.borrow_mut().external.push(ExternalFile { name, content });
        Ok(())
    }

    /// Copies a slice of a file that lies beside the model: the one of that name that was added last.
    #[wasm_bindgen(js_name = writeExternal)]
    pub fn write_external(&self, name: &str, offset: f64, chunk: &Uint8Array) -> Result<(), JsValue> {
        let mut content = self.content.borrow_mut();
        let file = content
            .external
            .iter_mut()
            .rfind(|file| file.name == name)
            .ok_or_else(|| WebError::argument(format!("No external file \"{name}\" was added.")))?;
        Ok(copy(&mut file.content, offset, chunk)?)
    }
}

impl ModelFile {
    /// Takes the content out; the handle is empty afterwards.
    pub fn take(&self) -> Content {
        self.content.take()
    }
}

impl Content {
    /// Reads the model, and gives it random weights where that was asked for.
    ///
    /// # Errors
    /// [`ReadError`] where the file is no model.
    pub fn read(self) -> Result<Model, ReadError> {
        let mut model = read(self.model, self.external)?;
        if let Some(seed) = self.seed {
            randomise(&mut model.graph, seed);
        }
        Ok(model)
    }
}

fn reserve(byte_length: f64) -> Result<Bytes32, WebError> {
    // A float holds every length that fits into a 32-bit memory exactly; the cast saturates.
    Bytes32::zeroed(byte_length as usize).ok_or_else(|| WebError {
        code: "too-large",
        message: format!(
            "The file of {:.0} MB does not fit into this browser's memory for one page.",
            byte_length / 1e6
        ),
        node: None,
        of_engine: false,
    })
}

fn copy(target: &mut Bytes32, offset: f64, chunk: &Uint8Array) -> Result<(), WebError> {
    let start = offset as usize;
    let part = start
        .checked_add(chunk.length() as usize)
        .and_then(|end| target.as_bytes_mut().get_mut(start..end))
        .ok_or_else(|| WebError::argument("A slice reaches beyond the end of its file."))?;
    chunk.copy_to(part);
    Ok(())
}
