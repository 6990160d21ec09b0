//! Scripts without their comments: those are written for whoever reads the sources, and would be a third of what a visitor
//! downloads of the page.

use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::output::{Output, files};
use crate::process;
use crate::setup;
use crate::workspace;

/// Copies a folder into the output's folder `name`, its scripts without comments; with `dev` everything as it is, so that
/// a debugger shows the sources.
pub fn copy_tree(output: &mut Output, from: &Path, name: &str, dev: bool) -> Result<()> {
    if dev || !from.is_dir() {
        return output.copy_tree(from, name);
    }
    let all = files(from)?;
    let (scripts, others): (Vec<PathBuf>, Vec<PathBuf>) =
        all.into_iter().partition(|file| file.extension() == Some(OsStr::new("js")));
    let stripped = workspace::cache().join("scripts").join(if name.is_empty() { "page" } else { name });
    strip(&scripts, from, &stripped)?;
    for (folder, files) in [(from, others), (&stripped, self::files(&stripped)?)] {
        for file in files {
            let inside = file.strip_prefix(folder).context("a listed file lies outside its folder")?;
            output.copy(&file, &Path::new(name).join(inside).to_string_lossy())?;
        }
    }
    Ok(())
}

/// Writes the scripts of a folder to another folder, without their comments.
fn strip(scripts: &[PathBuf], from: &Path, to: &Path) -> Result<()> {
    if to.is_dir() {
        fs::remove_dir_all(to).with_context(|| format!("could not empty {}", to.display()))?;
    }
    process::run(
        setup::npm_tool("typescript/bin/tsc")?
            .args(["--ignoreConfig", "--allowJs", "--noCheck", "--noResolve", "--removeComments", "--skipLibCheck"])
            .args(["--target", "esnext", "--module", "esnext", "--rootDir"])
            .arg(from)
            .arg("--outDir")
            .arg(to)
            .args(scripts),
    )
    .context("could not take the comments out of the scripts")
}
