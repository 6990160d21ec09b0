//! Runs other programs and says which one failed.

use anyhow::{Context, Result, bail};
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::workspace;

/// A command that runs at the root of the checkout with nothing to read.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    // Cargo points this at its own toolchain's libraries for what it runs; another toolchain must not load those.
    command.env_remove("LD_LIBRARY_PATH");
    command
}

/// Runs to the end with its output shown; an error names the command line.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("could not start {}", line(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", line(command));
    }
    Ok(())
}

/// Runs to the end and returns what it printed; its error output is part of the error.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("could not start {}", line(command)))?;
    if !output.status.success() {
        bail!("{} ended with {}: {}", line(command), output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Every file of this name in the folders of PATH, first found first.
pub fn on_path(name: &str) -> Vec<PathBuf> {
    let Some(path) = env::var_os("PATH") else { return Vec::new() };
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in env::split_paths(&path) {
        let file = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        if file.is_file() && !found.contains(&file) {
            found.push(file);
        }
    }
    found
}

/// A program named by an environment variable, or else the first on PATH.
pub fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(named) = env::var_os(variable).filter(|value| !value.is_empty()) {
        return Some(PathBuf::from(named));
    }
    names.iter().find_map(|name| on_path(name).into_iter().next())
}

/// The command line as a person would type it, with paths inside the checkout made short.
pub fn line(command: &Command) -> String {
    let root = workspace::root();
    let short = |part: &OsStr| Path::new(part).strip_prefix(&root).unwrap_or(Path::new(part)).display().to_string();
    let mut words = vec![short(command.get_program())];
    words.extend(command.get_args().map(short));
    format!("`{}`", words.join(" "))
}
