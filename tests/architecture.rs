//! The layers point one way (ARCHITECTURE.md): `domain ← onnx ← engine ← analysis ← web`, each knowing only the ones
//! before it. This reads the sources and names every line that points the other way.

use std::fs;
use std::path::{Path, PathBuf};

/// In order: a layer may know the ones before it.
const LAYERS: [&str; 5] = ["domain", "onnx", "engine", "analysis", "web"];

/// Crates that belong to some layers only: everywhere else, naming one is a leak.
const CRATES: [(&str, &[&str]); 10] = [
    ("prost", &["onnx"]),
    ("image", &["domain"]),
    ("rustfft", &["domain"]),
    ("rten", &["engine"]),
    ("wonnx", &["engine"]),
    ("wgpu", &["engine"]),
    ("protobuf", &["engine"]),
    ("wasm_bindgen", &["engine", "web"]),
    ("js_sys", &["engine", "web"]),
    ("web_sys", &["engine", "web"]),
];

#[test]
fn layers_know_only_the_ones_before_them() {
    let mut violations = Vec::new();
    for (position, layer) in LAYERS.iter().enumerate() {
        for file in sources(&root().join("src").join(layer), "rs") {
            let text = fs::read_to_string(&file).unwrap();
            let depth = module_depth(&file);
            for (line, path) in paths_from_the_root(&text, depth) {
                let found = LAYERS.iter().position(|other| *other == path);
                if found.is_some_and(|other| other > position) {
                    violations.push(format!("{}: `{layer}` knows `{path}`", place(&file, line)));
                }
            }
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn crates_stay_in_their_layers() {
    let mut violations = Vec::new();
    for layer in LAYERS {
        for file in sources(&root().join("src").join(layer), "rs") {
            let text = fs::read_to_string(&file).unwrap();
            for (number, line) in code_lines(&text) {
                for (name, layers) in CRATES {
                    if !layers.contains(&layer) && names_crate(line, name) {
                        violations.push(format!("{}: `{layer}` names the crate `{name}`", place(&file, number)));
                    }
                }
            }
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn the_page_reaches_the_engines_only_through_the_worker() {
    let www = root().join("www");
    let mut violations = Vec::new();
    for file in sources(&www, "js") {
        let inside = file.strip_prefix(&www).unwrap();
        if inside.starts_with("worker") {
            continue;
        }
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            let imports = line.contains("import ") || line.contains("import(") || line.contains(" from ");
            let is_type = line.trim_start().starts_with(['*', '/']);
            if imports && !is_type && ["/worker/", "/engine/"].iter().any(|folder| line.contains(folder)) {
                violations.push(format!("{}: {}", place(&file, number + 1), line.trim()));
            }
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn the_wgpu_crate_does_not_know_the_product() {
    for file in sources(&root().join("crates/wgpu-compat/src"), "rs") {
        let text = fs::read_to_string(&file).unwrap();
        let found = code_lines(&text).find(|(_, line)| line.to_lowercase().contains("featurescope"));
        assert!(found.is_none(), "{} names the product", place(&file, found.map_or(0, |(number, _)| number)));
    }
}

/// The check itself: a reversed arrow is found in each of its spellings.
#[test]
fn sees_every_spelling() {
    let seen =
        |text: &str, depth| paths_from_the_root(text, depth).into_iter().map(|(_, path)| path).collect::<Vec<_>>();
    assert_eq!(seen("use crate::engine::Runner;", 1), ["engine"]);
    assert_eq!(seen("use crate::{\n    domain::tensor::{Maps, Tensor},\n    web,\n};", 1), ["domain", "web"]);
    assert_eq!(seen("let run = crate::engine::run;", 1), ["engine"]);
    assert_eq!(seen("use super::super::engine;", 2), ["engine"]);
    assert_eq!(seen("use super::engine;", 2), Vec::<String>::new());
    assert_eq!(seen("// unlike crate::engine\n", 1), Vec::<String>::new());
    assert!(names_crate("use rten::Model;", "rten") && names_crate("let x = rten::Model::load();", "rten"));
    assert!(!names_crate("use crate::engine::rten::Engine;", "rten") && !names_crate("mod rten;", "rten"));
}

/// The first name after each `crate::`, and after each `super::super::…` that reaches the root, with its line; of a list
/// in braces, every name.
fn paths_from_the_root(text: &str, depth: usize) -> Vec<(usize, String)> {
    let code: String = text.lines().map(|line| format!("{}\n", without_comment(line))).collect();
    let mut found = Vec::new();
    for (position, _) in code.match_indices("crate::") {
        found.push((position, position + "crate::".len()));
    }
    let climb = "super::".repeat(depth);
    for (position, _) in code.match_indices(&climb) {
        found.push((position, position + climb.len()));
    }
    let mut paths = Vec::new();
    for (position, start) in found {
        let line = code[..position].matches('\n').count() + 1;
        for name in first_names(&code[start..]) {
            paths.push((line, name));
        }
    }
    paths
}

/// `engine::Runner` → engine; `{domain::tensor::{A, B}, web}` → domain, web.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(list) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut names, mut item, mut nesting) = (Vec::new(), String::new(), 0);
    for letter in list.chars() {
        match letter {
            '{' => nesting += 1,
            '}' if nesting == 0 => break,
            '}' => nesting -= 1,
            ',' if nesting == 0 => names.push(name(&std::mem::take(&mut item))),
            _ => {}
        }
        if letter != ',' || nesting > 0 {
            item.push(letter);
        }
    }
    names.push(name(&item));
    names.retain(|name| !name.is_empty());
    names
}

/// Whether a line of code begins a path at this crate.
fn names_crate(line: &str, name: &str) -> bool {
    let path = format!("{name}::");
    line.match_indices(&path).any(|(position, _)| {
        let before = line[..position].chars().next_back();
        before.is_none_or(|letter| !(letter.is_alphanumeric() || letter == '_' || letter == ':'))
            || line[..position].ends_with(" ::")
    })
}

fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, without_comment(line)))
}

fn without_comment(line: &str) -> &str {
    line.split("//").next().unwrap_or(line)
}

/// How many `super::` lead from a file to the root: src/onnx/graph.rs is `onnx::graph`, src/onnx/mod.rs is `onnx`.
fn module_depth(file: &Path) -> usize {
    let inside = file.strip_prefix(root().join("src")).unwrap();
    inside.components().count() - usize::from(inside.ends_with("mod.rs"))
}

/// Files with this extension in a folder and its folders; a layer of one file (src/web.rs) counts too.
fn sources(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        Some(folder.with_extension(extension)).filter(|file| file.is_file()).into_iter().collect();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn place(file: &Path, line: usize) -> String {
    format!("{}:{line}", file.strip_prefix(root()).unwrap_or(file).display())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
