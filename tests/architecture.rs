//! The layers point one way (ARCHITECTURE.md): `domain ← onnx ← engine ← analysis ← web`, each knowing only the ones
//! before it. This reads the sources and names every line that points the other way.

use std::collections::{BTreeMap, BTreeSet};
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

/// Files that need each other cannot be understood one by one. The one circle that is allowed is that of a file with its own parts, `x.rs`
/// with those in `x/`, which speak of the same thing.
#[test]
fn files_do_not_need_each_other() {
    let modules: BTreeMap<Vec<String>, PathBuf> =
        sources(&root().join("src"), "rs").into_iter().map(|file| (module_of(&file), file)).collect();
    let mut needs: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
    for (module, file) in &modules {
        let text = fs::read_to_string(file).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for path in used_paths(text, module) {
            // What is named is in the longest path that is a file.
            let file = (1..=path.len()).rev().find_map(|length| modules.get_key_value(&path[..length]));
            let own_part = |other: &[String]| other.starts_with(module);
            needs
                .entry(module)
                .or_default()
                .extend(file.map(|(other, _)| &other[..]).filter(|other| !module.is_empty() && !own_part(other)));
        }
    }
    let mut circles = Vec::new();
    for (module, direct) in &needs {
        // Whether any path leads back.
        let (mut seen, mut next): (BTreeSet<&[String]>, Vec<&[String]>) =
            (BTreeSet::new(), direct.iter().copied().collect());
        while let Some(other) = next.pop() {
            if seen.insert(other) {
                next.extend(needs.get(other).into_iter().flatten());
            }
        }
        if seen.contains(module) {
            circles.push(module.join("::"));
        }
    }
    assert!(circles.is_empty(), "these files are in a circle with others: {}", circles.join(", "));
}

/// `src/onnx/fold.rs` is `onnx::fold`, `src/onnx/mod.rs` is `onnx`, `src/lib.rs` the root.
fn module_of(file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(root().join("src")).unwrap().with_extension("");
    let mut names: Vec<String> =
        inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|last| last == "mod" || last == "lib") {
        names.pop();
    }
    names
}

/// Every path of this crate that a file's `use` lines and its code name, from the root.
fn used_paths(text: &str, module: &[String]) -> Vec<Vec<String>> {
    let code: String = text.lines().map(|line| format!("{}\n", without_comment(line))).collect();
    let mut trees: Vec<&str> = code.split("use ").skip(1).filter_map(|rest| rest.split(';').next()).collect();
    trees.extend(["crate::", "super::", "self::"].iter().flat_map(|begin| {
        code.match_indices(begin).map(|(place, _)| {
            let rest = &code[place..];
            let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == ':'));
            &rest[..end.unwrap_or(rest.len())]
        })
    }));
    let mut paths = Vec::new();
    for path in trees.into_iter().flat_map(leaves) {
        let mut names = path.split("::").map(|name| name.trim().to_owned()).peekable();
        let mut place = match names.peek().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("super" | "self") => module.to_vec(),
            _ => continue,
        };
        while let Some(name) = names.next_if(|name| matches!(&name[..], "crate" | "super" | "self")) {
            if name == "super" {
                place.pop();
            }
        }
        place.extend(names.filter(|name| !name.is_empty()));
        paths.push(place);
    }
    paths
}

/// `a::{b, c::{d, e}}` → `a::b`, `a::c::d`, `a::c::e`.
fn leaves(tree: &str) -> Vec<String> {
    let Some((before, list)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let list = list.trim_end().strip_suffix('}').unwrap_or(list);
    let (mut items, mut item, mut nesting) = (Vec::new(), String::new(), 0);
    for letter in list.chars() {
        match letter {
            '{' => nesting += 1,
            '}' => nesting -= 1,
            _ => {}
        }
        if letter == ',' && nesting == 0 {
            items.push(std::mem::take(&mut item));
        } else {
            item.push(letter);
        }
    }
    items.push(item);
    let items = items.iter().filter(|item| !item.trim().is_empty());
    items.flat_map(|item| leaves(item)).map(|leaf| format!("{}{leaf}", before.trim())).collect()
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
    assert_eq!(leaves("a::{b, c::{d, e}}"), ["a::b", "a::c::d", "a::c::e"]);
    let found = used_paths("use super::{c, d::E};\nlet x = crate::f::g(1);", &["a".to_owned(), "b".to_owned()]);
    assert_eq!(found, [vec!["a", "c"], vec!["a", "d", "E"], vec!["f", "g"], vec!["a"]]);
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
