//! The size of a first visit's code: HTML aside, everything that the page loads before it shows its first look.

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Engine;
use super::later::Files;
use crate::workspace;

/// What wasm, JavaScript and CSS of a first visit may weigh at the most, in gzip bytes.
const LIMIT: usize = 850_000;

/// What scripts and style sheets of the page and its worker may weigh of that before a question is opened.
const PAGE_LIMIT: usize = 60_000;

/// Prints what each engine's first visit weighs; an error where one is over the budget.
pub fn report(dev: bool) -> Result<()> {
    let dist = workspace::dist();
    let page = page_code(&dist)?;
    let page_bytes: usize = page.iter().map(|file| gzip_bytes(file)).sum::<Result<usize>>()?;
    let mut over = Vec::new();
    if page_bytes > PAGE_LIMIT {
        over.push(format!("scripts and styles of the page: {page_bytes} of {PAGE_LIMIT} bytes"));
    }
    println!(
        "first visit      gzip kB:   wasm   its JS   page ({} files, of {})   total of {}    wasm loaded later",
        page.len(),
        PAGE_LIMIT / 1000,
        LIMIT / 1000
    );
    for engine in Engine::ALL {
        let folder = dist.join("engine").join(engine.name());
        if !folder.is_dir() {
            continue;
        }
        let wasm = gzip_bytes(&folder.join(Files::MAIN.first))?;
        let glue = gzip_bytes(&folder.join("featurescope.js"))?;
        let total = wasm + glue + page_bytes;
        let kilobytes = |bytes: usize| bytes as f64 / 1000.0;
        println!(
            "  engine {:<14} {:>9.1} {:>8.1} {:>22.1} {:>12.1} {:>20.1}",
            engine.name(),
            kilobytes(wasm),
            kilobytes(glue),
            kilobytes(page_bytes),
            kilobytes(total),
            kilobytes(gzip_bytes(&folder.join(Files::MAIN.second))?)
        );
        if total > LIMIT {
            over.push(format!("engine {}: {total} of {LIMIT} bytes", engine.name()));
        }
    }
    if !over.is_empty() && !dev {
        bail!("a first visit weighs more code (gzip) than it may: {}", over.join(", "));
    }
    Ok(())
}

/// The scripts and style sheets that index.html names and whatever they load on their own: static imports, imported style
/// sheets and workers. What is imported only when it is used (`import()`) is not part of a first visit.
fn page_code(dist: &Path) -> Result<BTreeSet<PathBuf>> {
    let page = dist.join("index.html");
    let mut found = BTreeSet::new();
    if !page.is_file() {
        return Ok(found);
    }
    let mut unread = vec![page];
    while let Some(file) = unread.pop() {
        let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
        let folder = file.parent().unwrap_or(dist);
        for name in references(&text) {
            let Ok(referred) = folder.join(name).canonicalize() else { continue };
            let is_code = referred.extension().is_some_and(|extension| extension == "js" || extension == "css");
            if is_code && found.insert(referred.clone()) {
                unread.push(referred);
            }
        }
    }
    Ok(found)
}

/// The file names that a text refers to in one of the forms that load at once.
fn references(text: &str) -> Vec<&str> {
    const FORMS: [&str; 11] = [
        "src=\"",
        "href=\"",
        "from '",
        "from \"",
        "from\"",
        "import '",
        "import \"",
        "import\"",
        "new URL('",
        "new URL(\"",
        "@import \"",
    ];
    let mut names = Vec::new();
    for form in FORMS {
        for (position, _) in text.match_indices(form) {
            let rest = &text[position + form.len()..];
            let quote = if form.ends_with('\'') { '\'' } else { '"' };
            if let Some(end) = rest.find(quote) {
                names.push(&rest[..end]);
            }
        }
    }
    names
}

fn gzip_bytes(file: &Path) -> Result<usize> {
    let bytes = fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok(encoder.finish()?.len())
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn finds_what_loads_at_once_and_not_what_waits() {
        let script = "import { a } from './a.js';\nimport './b.js';\nnew Worker(new URL(\"./worker.js\", import.meta.url));\nawait import('./later.js');";
        assert_eq!(references(script), ["./a.js", "./b.js", "./worker.js"]);
        let minified = r#"import{a}from"./a.js";import"./b.js";new Worker(new URL("./worker.js",import.meta.url));await import("./later.js")"#;
        assert_eq!(references(minified), ["./a.js", "./b.js", "./worker.js"]);
        let page = r#"<link rel="stylesheet" href="style.css"><script type="module" src="main.js"></script>"#;
        assert_eq!(references(page), ["main.js", "style.css"]);
    }
}
