//! Libraries of others that the page loads on demand, copied beside it: its content security policy knows no other host,
//! and a browser cannot find npm packages by their names.

use anyhow::{Context, Result};
use std::collections::BTreeMap;

use super::output::Output;
use crate::workspace;

/// Each file of dist/vendor/ and where it lies in node_modules/; every library comes with its licence. It is a file of its
/// own because Node's tests read it too (tests/vendor.mjs).
const FILES: &str = include_str!("vendor.json");

/// Writes dist/vendor/.
pub fn copy(output: &mut Output) -> Result<()> {
    let packages = workspace::root().join("node_modules");
    let files: BTreeMap<String, String> = serde_json::from_str(FILES).context("could not read vendor.json")?;
    for (to, from) in files {
        output.copy(&packages.join(from), &format!("vendor/{to}"))?;
    }
    Ok(())
}
