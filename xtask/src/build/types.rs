//! Type declarations of the public JavaScript API, from its JSDoc comments.

use anyhow::{Context, Result};
use std::fs;

use super::output::Output;
use crate::process;
use crate::setup;
use crate::workspace;

/// Writes dist/types/ for www/featurescope.js and what it imports.
pub fn generate(output: &mut Output) -> Result<()> {
    let entry = workspace::root().join("www/featurescope.js");
    if !entry.is_file() {
        return Ok(());
    }
    let folder = workspace::cache().join("types");
    if folder.is_dir() {
        fs::remove_dir_all(&folder).with_context(|| format!("could not empty {}", folder.display()))?;
    }
    process::run(
        setup::npm_tool("typescript/bin/tsc")?.args(["--project", "tsconfig.types.json", "--outDir"]).arg(&folder),
    )?;
    output.copy_tree(&folder, "types")
}
