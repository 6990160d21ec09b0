//! The licences of the page and of what is compiled into its engines: dist/licences.txt, since whoever serves dist/ passes the
//! code of many authors on, and their licences ask for their notice to come along.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::Engine;
use super::output::Output;
use crate::process::{self, command};
use crate::setup::WASM_TARGET;

/// Its name in dist/.
pub const LICENCES: &str = "licences.txt";

const OWN: &str = "Featurescope itself is offered under MIT or Apache-2.0, at your choice. The text of MIT:";

/// The licence of the page's own scripts and of our part of the engines.
const MIT: &str = include_str!("../../../LICENSE-MIT");

const INTRODUCTION: &str = "Featurescope's engines (engine/*/featurescope_bg.wasm) hold code of the Rust packages below, and of
Rust's standard library (MIT OR Apache-2.0, https://www.rust-lang.org). Where a package is offered under several licences of
which one is MIT, it is used under MIT. Licences of the page's JavaScript libraries lie in vendor/, those of models, labels
and photos in models/LICENSES.md.
";

/// Writes dist/licences.txt.
pub fn write(output: &mut Output) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = process::read(command(cargo).args([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        WASM_TARGET,
    ]))?;
    let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata wrote no JSON")?;
    output.write(LICENCES, listed(&metadata)?.as_bytes())
}

/// Every package with its licence, packages with the same text together.
fn listed(metadata: &Value) -> Result<String> {
    let compiled = compiled_in(metadata)?;
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in list(&metadata["packages"]) {
        // The workspace's own packages come from no registry.
        if package["source"].is_null() || !compiled.contains(text(&package["id"])) || is_procedural(package) {
            continue;
        }
        let licence = package["license"].as_str().unwrap_or("see its text");
        let title = format!("{} {} ({licence})", text(&package["name"]), text(&package["version"]));
        by_text.entry(licence_text(package)?).or_default().push(title);
    }
    let mut written = format!("{OWN}\n\n{}\n\n{}\n{INTRODUCTION}", MIT.trim(), "=".repeat(80));
    let mut groups: Vec<(Vec<String>, String)> = by_text.into_iter().map(|(text, titles)| (titles, text)).collect();
    groups.sort();
    for (titles, licence) in groups {
        write!(written, "\n{}\n{}\n\n{}\n", "=".repeat(80), titles.join("\n"), licence.trim())?;
    }
    Ok(written)
}

/// The ids of the packages that the engines depend on when they run.
fn compiled_in(metadata: &Value) -> Result<BTreeSet<&str>> {
    let nodes: BTreeMap<&str, &Value> =
        list(&metadata["resolve"]["nodes"]).iter().map(|node| (text(&node["id"]), node)).collect();
    let engines = Engine::ALL.map(|engine| format!("featurescope-{}", engine.name()));
    let mut waiting: Vec<&str> = list(&metadata["packages"])
        .iter()
        .filter(|package| engines.iter().any(|engine| package["name"] == engine.as_str()))
        .map(|package| text(&package["id"]))
        .collect();
    if waiting.len() != engines.len() {
        bail!("cargo metadata does not name {}", engines.join(" and "));
    }
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !found.insert(id) {
            continue;
        }
        for dependency in nodes.get(id).map_or(&[][..], |node| list(&node["deps"])) {
            // Dependencies of build scripts and tests have a kind of their own.
            if list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()) {
                waiting.push(text(&dependency["pkg"]));
            }
        }
    }
    Ok(found)
}

/// Macros run while compiling; nothing of them is in the engines.
fn is_procedural(package: &Value) -> bool {
    list(&package["targets"]).iter().any(|target| list(&target["kind"]).iter().any(|kind| kind == "proc-macro"))
}

/// The licence files of a package: MIT's alone where that is one of several to choose from.
fn licence_text(package: &Value) -> Result<String> {
    let manifest = Path::new(text(&package["manifest_path"]));
    let folder = manifest.parent().context("a package lies in no folder")?;
    let mut files: Vec<(String, PathBuf)> = fs::read_dir(folder)
        .with_context(|| format!("could not list {}", folder.display()))?
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().to_uppercase(), entry.path()))
        .filter(|(name, path)| {
            ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT"].iter().any(|start| name.starts_with(start))
                && path.is_file()
        })
        .collect();
    files.sort();
    if package["license"].as_str().is_some_and(|licence| licence.contains("OR"))
        && files.iter().any(|(name, _)| name.contains("MIT"))
    {
        files.retain(|(name, _)| name.contains("MIT"));
    }
    if files.is_empty() {
        let authors: Vec<&str> = list(&package["authors"]).iter().map(text).collect();
        return Ok(format!(
            "The package comes without a licence file; it names its licence above. Authors: {}. Source: {}",
            if authors.is_empty() { "not named".to_owned() } else { authors.join(", ") },
            package["repository"].as_str().unwrap_or("not named"),
        ));
    }
    let texts: Result<Vec<String>> = files
        .iter()
        .map(|(_, file)| {
            let bytes = fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
            Ok(String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim().to_owned())
        })
        .collect();
    Ok(texts?.join("\n\n"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
