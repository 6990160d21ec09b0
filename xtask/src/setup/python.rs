//! Python, which rebuilds the models that the repository does not hold.

use anyhow::{Result, bail};
use std::path::PathBuf;

use super::{apt, report};
use crate::process::{self, command};

/// A Python 3.11 or newer that can make virtual environments, named by PYTHON or found on PATH.
pub fn python() -> Result<PathBuf> {
    if let Some(python) = usable() {
        return Ok(python);
    }
    if apt::may_install() {
        apt::install(&["python3", "python3-venv"])?;
        if let Some(python) = usable() {
            return Ok(python);
        }
    }
    bail!(
        "rebuilding the models needs Python 3.11 or newer with venv: install it (Debian: `apt-get install python3 python3-venv`) or name it in PYTHON"
    );
}

fn usable() -> Option<PathBuf> {
    // ensurepip is what Debian leaves out of python3 and what venv cannot do without.
    const CHECK: &str =
        "import sys, venv, ensurepip; assert sys.version_info >= (3, 11); print('Python', sys.version.split()[0])";
    let candidates = match process::program("PYTHON", &[]) {
        Some(named) => vec![named],
        None => ["python3", "python"].iter().flat_map(|name| process::on_path(name)).collect(),
    };
    candidates.into_iter().find(|python| match process::read(command(python).args(["-c", CHECK])) {
        Ok(version) => {
            report("python", format!("{version} ({})", python.display()));
            true
        }
        Err(_) => false,
    })
}
