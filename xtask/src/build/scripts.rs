//! Scripts and style sheets as they are served: comments and indentation are written for whoever reads the sources, and would
//! be half of what a visitor downloads of the page.

use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::output::{Output, files};
use crate::process;
use crate::setup;
use crate::workspace;

/// How code is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is, so that a debugger shows the sources.
    Source,
    /// Scripts without their comments, line by line as they are: `www/share/lesson-live.js` makes a classic script of them.
    WithoutComments,
    /// Scripts and style sheets without comments and needless space.
    Minified,
}

/// Copies a folder into the output's folder `name`, its code in some form. Declarations of types are of no use to a browser
/// and stay behind.
pub fn copy_tree(output: &mut Output, from: &Path, name: &str, form: Form) -> Result<()> {
    let all = files(from)?.into_iter().filter(|file| !file.to_string_lossy().ends_with(".d.ts"));
    let is_changed = |file: &PathBuf| match form {
        Form::Source => false,
        Form::WithoutComments => has_extension(file, "js"),
        Form::Minified => has_extension(file, "js") || has_extension(file, "css"),
    };
    let (code, served): (Vec<PathBuf>, Vec<PathBuf>) = all.partition(is_changed);
    if !code.is_empty() {
        let written = workspace::cache().join("scripts").join(if name.is_empty() { "page" } else { name });
        if form == Form::Minified {
            minify(&code, from, &written)?
        } else {
            strip(&code, from, &written)?
        }
        copy_files(output, &files(&written)?, &written, name)?;
    }
    copy_files(output, &served, from, name)
}

fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension() == Some(OsStr::new(extension))
}

/// Copies files of a folder to the same places in the output's folder `name`.
fn copy_files(output: &mut Output, files: &[PathBuf], from: &Path, name: &str) -> Result<()> {
    for file in files {
        let inside = file.strip_prefix(from).context("a listed file lies outside its folder")?;
        output.copy(file, &Path::new(name).join(inside).to_string_lossy())?;
    }
    Ok(())
}

/// Writes scripts and style sheets of a folder to another folder, without comments and needless space.
fn minify(code: &[PathBuf], from: &Path, to: &Path) -> Result<()> {
    empty(to)?;
    let script = workspace::root().join("xtask/src/build/minify.mjs");
    process::run(process::command(setup::node()?).arg(script).arg(from).arg(to).args(code))
        .context("could not make the page's code smaller")
}

fn empty(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        fs::remove_dir_all(folder).with_context(|| format!("could not empty {}", folder.display()))?;
    }
    Ok(())
}

/// Writes the scripts of a folder to another folder, without their comments.
pub fn strip(scripts: &[PathBuf], from: &Path, to: &Path) -> Result<()> {
    empty(to)?;
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
