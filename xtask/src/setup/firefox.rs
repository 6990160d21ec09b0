//! The second browser of the tests, whose WebGPU is another one than Chromium's.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

use super::{apt, report};
use crate::process::{self, command};

const NAMES: [&str; 2] = ["firefox-esr", "firefox"];

/// Where drivers for Vulkan, which Firefox runs WebGPU on, are listed.
const DRIVERS: [&str; 3] = ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/// The browser named by FIREFOX or found on PATH, with a driver for its WebGPU; Debian's packages are installed where there
/// is none. Mesa's driver computes on the processor, so that no graphics card is needed.
pub fn firefox() -> Result<PathBuf> {
    let mut found = process::program("FIREFOX", &NAMES);
    let mut missing = Vec::new();
    if found.is_none() {
        missing.push("firefox-esr");
    }
    if !has_driver() {
        missing.push("mesa-vulkan-drivers");
    }
    if !missing.is_empty() && apt::may_install() {
        apt::install(&missing)?;
        found = process::program("FIREFOX", &NAMES);
    }
    let Some(browser) = found else {
        bail!(
            "the tests need Firefox: install it (Debian: `apt-get install firefox-esr`) or name it in the environment variable FIREFOX"
        );
    };
    if !has_driver() {
        bail!(
            "the tests need a driver for Vulkan, on which Firefox runs WebGPU (Debian: `apt-get install mesa-vulkan-drivers`)"
        );
    }
    let version = process::read(command(&browser).arg("--version"))
        .with_context(|| format!("{} does not start", browser.display()))?;
    report("firefox", format!("{} ({})", version, browser.display()));
    Ok(browser)
}

fn has_driver() -> bool {
    let lists = |folder: &str| Path::new(folder).read_dir().is_ok_and(|mut files| files.next().is_some());
    !cfg!(target_os = "linux") || DRIVERS.into_iter().any(lists)
}
