//! The service worker's list of this build's files: without it the worker cannot tell one version from another.

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use super::licences::LICENCES;
use super::output::Output;
use crate::hash::sha256;

const WORKER: &str = "service-worker.js";

/// Hexadecimal digits of a file's hash: 64 bits, enough to tell versions of one file apart.
const DIGITS: usize = 16;

/// Writes the list in front of the service worker. Everything else has to be in the output by now.
pub fn stamp(output: &mut Output) -> Result<()> {
    let mut files = Map::new();
    let mut page = Vec::new();
    for (name, bytes) in output.contents()? {
        if name == WORKER || name.starts_with("types/") || name.ends_with(".md") || name == LICENCES {
            continue;
        }
        if is_page(&name) {
            page.push(Value::from(name.clone()));
        }
        files.insert(name, Value::from(&sha256(&[&bytes])[..DIGITS]));
    }
    let version = sha256(&[serde_json::to_string(&files)?.as_bytes()]);
    let build = json!({ "version": &version[..DIGITS], "files": files, "page": page });
    let script = output.read(WORKER).context("the service worker has to be copied first")?;
    output.write(WORKER, &[format!("globalThis.build = {build};\n").as_bytes(), script.as_slice()].concat())
}

/// What waits until it is used, beside the models themselves: engines, the story's pictures, the photos of the bundled classes
/// with their list, what was recorded of the maps, and the picture of link previews, which the page itself never shows.
const WAITING: [&str; 5] = ["engine/", "models/story/", "models/photos/classes", "models/maps/", "icons/preview."];

/// Whether a file is kept with the first visit: all that is small, so that every part of the page works offline.
fn is_page(name: &str) -> bool {
    !(WAITING.iter().any(|start| name.starts_with(start)) || name.ends_with(".onnx"))
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn neither_engines_nor_models_nor_many_pictures_are_kept_beforehand() {
        assert!(
            ["index.html", "vendor/fflate.js", "models/index.json", "models/photos/coffee.jpg"]
                .into_iter()
                .all(is_page)
        );
        let waiting = [
            "engine/cpu/featurescope_bg.wasm",
            "models/squeezenet1.1.onnx",
            "models/story/pictures.json",
            "icons/preview.jpg",
            "models/photos/classes.json",
            "models/maps/squeezenet1.1/426.webp",
            "models/photos/classes/fish/fish1.webp",
        ];
        assert!(!waiting.into_iter().any(is_page));
    }
}
