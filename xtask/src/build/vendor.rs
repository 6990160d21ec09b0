//! Libraries of others that the page loads on demand, copied beside it: its content security policy knows no other host.

use anyhow::Result;

use super::output::Output;
use crate::workspace;

/// From node_modules to dist/vendor: Observable Plot and what it stands on, each with its licence.
const FILES: [(&str, &str); 4] = [
    ("d3/dist/d3.min.js", "d3.min.js"),
    ("d3/LICENSE", "d3.LICENSE.txt"),
    ("@observablehq/plot/dist/plot.umd.min.js", "plot.umd.min.js"),
    ("@observablehq/plot/LICENSE", "plot.LICENSE.txt"),
];

/// Writes dist/vendor/.
pub fn copy(output: &mut Output) -> Result<()> {
    let packages = workspace::root().join("node_modules");
    for (from, to) in FILES {
        output.copy(&packages.join(from), &format!("vendor/{to}"))?;
    }
    Ok(())
}
