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

/// Copies a folder into the output's folder `name`, its scripts without comments; with `dev` as they are, so that a
/// debugger shows the sources. Declarations of types are of no use to a browser and stay behind.
pub fn copy_tree(output: &mut Output, from: &Path, name: &str, dev: bool) -> Result<()> {
    let all = files(from)?.into_iter().filter(|file| !file.to_string_lossy().ends_with(".d.ts"));
    let (scripts, mut served): (Vec<PathBuf>, Vec<PathBuf>) =
        all.partition(|file| file.extension() == Some(OsStr::new("js")));
    if dev {
        served.extend(scripts);
    } else {
        let stripped = workspace::cache().join("scripts").join(if name.is_empty() { "page" } else { name });
        strip(&scripts, from, &stripped)?;
        copy_files(output, &files(&stripped)?, &stripped, name)?;
    }
    copy_files(output, &served, from, name)
}

/// Copies files of a folder to the same places in the output's folder `name`.
fn copy_files(output: &mut Output, files: &[PathBuf], from: &Path, name: &str) -> Result<()> {
    for file in files {
        let inside = file.strip_prefix(from).context("a listed file lies outside its folder")?;
        output.copy(file, &Path::new(name).join(inside).to_string_lossy())?;
    }
    Ok(())
}

/// Writes the scripts of a folder to another folder, without their comments.
pub fn strip(scripts: &[PathBuf], from: &Path, to: &Path) -> Result<()> {
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
