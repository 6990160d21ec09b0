//! Node, and the packages of package-lock.json: what development needs, and the few libraries that the page loads on demand.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{apt, report};
use crate::hash::sha256;
use crate::process::{self, command};
use crate::workspace;

/// The oldest Node that the packages of package-lock.json run on.
const OLDEST_NODE: u32 = 20;

/// Node itself, named by NODE or found on PATH.
pub fn node() -> Result<PathBuf> {
    let mut found = process::program("NODE", &["node", "nodejs"]);
    if found.is_none() && apt::may_install() {
        apt::install(&["nodejs", "npm"])?;
        found = process::program("NODE", &["node", "nodejs"]);
    }
    found.with_context(|| format!("Node {OLDEST_NODE} or newer is needed: install it, or name it in NODE"))
}

/// Node of a sufficient version, and the development packages in node_modules/.
pub fn npm_packages() -> Result<()> {
    let node = node()?;
    let version = process::read(command(&node).arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!("Node {OLDEST_NODE} or newer is needed, but {} is {version}", node.display());
    }
    report("node", format!("{version} ({})", node.display()));

    let root = workspace::root();
    let lock = fs::read(root.join("package-lock.json")).context("could not read package-lock.json")?;
    let lock = sha256(&[&lock]);
    // npm would say so itself, but takes seconds to find out that nothing is to be done.
    let stamp = root.join("node_modules/.package-lock.sha256");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        report("npm packages", "up to date");
        return Ok(());
    }
    let npm = process::on_path("npm").into_iter().next().context("npm is needed beside Node: install it")?;
    // Scripts of packages fetch browsers and binaries that we do not use.
    process::read(command(npm).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, lock).context("could not note what was installed")?;
    report("npm packages", "installed (npm ci)");
    Ok(())
}

/// A program of an installed package, run by Node: `npm_tool("typescript/bin/tsc")`.
pub fn npm_tool(script: &str) -> Result<Command> {
    let mut tool = command(node()?);
    tool.arg(workspace::root().join("node_modules").join(script));
    Ok(tool)
}
