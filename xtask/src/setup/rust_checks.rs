//! rustfmt and clippy, which a Rust installed with the minimal profile lacks.

use anyhow::{Result, bail};

use super::{apt, report};
use crate::process::{self, command};

/// What `cargo fmt` and `cargo clippy` come from: rustup's component, and Debian's package.
const CHECKS: [(&str, &str, &str); 2] = [("fmt", "rustfmt", "rustfmt"), ("clippy", "clippy", "rust-clippy")];

/// Finds both, or installs what is missing with rustup, and where that cannot, with Debian's packages.
pub fn rust_checks() -> Result<()> {
    let mut refusals = Vec::new();
    for install in [add_with_rustup, install_from_debian] {
        let missing = missing();
        if missing.is_empty() {
            break;
        }
        if let Err(error) = install(&missing) {
            refusals.push(format!("{error:#}"));
        }
    }
    let missing = missing();
    if !missing.is_empty() {
        bail!(
            "cargo has no {}. Run `rustup component add rustfmt clippy`, or on Debian `apt-get install rustfmt rust-clippy`. Tried: {}",
            missing.iter().map(|(task, ..)| *task).collect::<Vec<_>>().join(" and no "),
            refusals.join("; ")
        );
    }
    report("rust checks", "rustfmt, clippy");
    Ok(())
}

fn missing() -> Vec<(&'static str, &'static str, &'static str)> {
    let works = |task: &str| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        process::read(command(cargo).args([task, "--version"])).is_ok()
    };
    CHECKS.into_iter().filter(|(task, ..)| !works(task)).collect()
}

fn add_with_rustup(missing: &[(&str, &str, &str)]) -> Result<()> {
    let components = missing.iter().map(|(_, component, _)| component);
    process::read(command("rustup").args(["component", "add"]).args(components)).map(drop)
}

fn install_from_debian(missing: &[(&str, &str, &str)]) -> Result<()> {
    if !apt::may_install() {
        bail!("Debian's packages can only be installed by root on Debian");
    }
    apt::install(&missing.iter().map(|(.., package)| *package).collect::<Vec<_>>())
}
