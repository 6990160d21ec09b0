//! The browser of the tests.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;

use super::{apt, report};
use crate::process::{self, command};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser named by CHROMIUM or found on PATH; Debian's package is installed where there is none.
pub fn chromium() -> Result<PathBuf> {
    let mut found = process::program("CHROMIUM", &NAMES);
    if found.is_none() && apt::may_install() {
        // Without a font of its own the page would be drawn without letters.
        apt::install(&["chromium", "fonts-dejavu-core"])?;
        found = process::program("CHROMIUM", &NAMES);
    }
    let Some(browser) = found else {
        bail!(
            "the browser tests need Chromium: install it (Debian: `apt-get install chromium`) or name it in the environment variable CHROMIUM"
        );
    };
    let version = process::read(command(&browser).arg("--version"))
        .with_context(|| format!("{} does not start", browser.display()))?;
    report("chromium", format!("{} ({})", version, browser.display()));
    Ok(browser)
}
