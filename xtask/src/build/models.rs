//! Models, their cards, the photos and the story's pictures, with an index of models and photos for the page.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

use super::output::{Output, files};
use crate::hash::sha256;
use crate::workspace;

/// The model that the page opens with is listed first.
const FIRST: &str = "squeezenet1.1";

/// The networks of the guided story, which lie in models/story/ with the scripts that made them.
const STORY: [&str; 3] = ["story-plain", "story-augmented", "story-adapted"];

/// Copies models/ to dist/models/ and writes dist/models/index.json: `{ "models": [card…], "photos": [photo…] }`, with the
/// cards whose model file is there.
pub fn copy(output: &mut Output) -> Result<()> {
    let folder = workspace::root().join("models");
    let mut cards: Vec<Value> = Vec::new();
    for file in files(&folder)? {
        let inside = file.strip_prefix(&folder).context("a listed file lies outside its folder")?;
        if inside.components().count() > 1 {
            continue;
        }
        match inside.extension().and_then(|extension| extension.to_str()) {
            Some("json") => {
                let value = read_json(&file)?;
                match value["file"].as_str() {
                    Some(model) => {
                        let Some(bytes) = model_file(&folder, model) else { continue };
                        offer(output, &file, &value, &bytes)?;
                        cards.push(value);
                    }
                    // Lists of labels, which cards refer to.
                    None => output.copy(&file, &format!("models/{}", inside.display()))?,
                }
            }
            Some("onnx") => {}
            // Licences go with what they are about.
            _ => output.copy(&file, &format!("models/{}", inside.display()))?,
        }
    }
    let story = folder.join("story");
    for name in STORY {
        let card = story.join(format!("{name}.json"));
        let value = read_json(&card)?;
        offer(output, &card, &value, &story.join(format!("{name}.onnx")))?;
        cards.push(value);
    }
    output.copy(&story.join("pictures.json"), "models/story/pictures.json")?;
    for pictures in ["pictures", "masks"] {
        output.copy_tree(&story.join(pictures), &format!("models/story/{pictures}"))?;
    }
    cards.sort_by_key(|card| (card["name"] != FIRST, card["name"].to_string()));
    output.copy_tree(&folder.join("maps"), "models/maps")?;
    let photos = folder.join("photos");
    output.copy_tree(&photos, "models/photos")?;
    let index = serde_json::json!({ "models": cards, "photos": read_json(&photos.join("photos.json"))? });
    output.write("models/index.json", serde_json::to_string_pretty(&index)?.as_bytes())
}

/// Writes a model and its card, after a look whether they belong together.
fn offer(output: &mut Output, card: &Path, value: &Value, model: &Path) -> Result<()> {
    check(card, value, model)?;
    for file in [card, model] {
        let name = file.file_name().context("a card or model has no name")?;
        output.copy(file, &format!("models/{}", name.to_string_lossy()))?;
    }
    Ok(())
}

/// The model beside its card, or among the fetched ones.
fn model_file(folder: &Path, name: &str) -> Option<PathBuf> {
    [folder.join(name), folder.join("fetched").join(name)].into_iter().find(|file| file.is_file())
}

/// A card names its model's hash: a model that is not the described one would be run with the wrong recipe.
fn check(card_file: &Path, card: &Value, model: &Path) -> Result<()> {
    let bytes = fs::read(model).with_context(|| format!("could not read {}", model.display()))?;
    let found = sha256(&[&bytes]);
    if card["sha256"] != found.as_str() {
        bail!("{} has sha256 {found}, but its card {} says {}", model.display(), card_file.display(), card["sha256"]);
    }
    Ok(())
}

fn read_json(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))
}
