//! Libraries of others that the page loads on demand, copied beside it: its content security policy knows no other host,
//! and a browser cannot find npm packages by their names.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::PathBuf;

use super::output::Output;
use super::scripts;
use crate::workspace;

/// Each file of dist/vendor/ and where it lies in node_modules/; every library comes with its licence. It is a file of its
/// own because Node's tests read it too (tests/vendor.mjs).
const FILES: &str = include_str!("vendor.json");

/// Writes dist/vendor/. Modules that come with their comments lose them, unless this is the quick build: of the
/// statistics they are two thirds.
pub fn copy(output: &mut Output, dev: bool) -> Result<()> {
    let packages = workspace::root().join("node_modules");
    let stripped = workspace::cache().join("scripts/vendor");
    let files: BTreeMap<String, String> = serde_json::from_str(FILES).context("could not read vendor.json")?;
    let has_comments = |name: &str| !dev && name.ends_with(".js") && !name.ends_with(".min.js");
    let scripts: Vec<PathBuf> =
        files.iter().filter(|(to, _)| has_comments(to)).map(|(_, from)| packages.join(from)).collect();
    if !scripts.is_empty() {
        scripts::strip(&scripts, &packages, &stripped)?;
    }
    for (to, from) in files {
        let folder = if has_comments(&to) { &stripped } else { &packages };
        output.copy(&folder.join(from), &format!("vendor/{to}"))?;
    }
    Ok(())
}
