//! Debian's packages, where we may install them.

use anyhow::Result;
use std::path::Path;

use crate::process::{self, command};

/// Whether this is Debian (or a child of it) and we are root, so that `apt-get install` works without asking anyone.
pub fn may_install() -> bool {
    Path::new("/etc/debian_version").is_file()
        && !process::on_path("apt-get").is_empty()
        && process::read(command("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// Installs packages after one fresh reading of the package lists.
pub fn install(packages: &[&str]) -> Result<()> {
    println!("installing {} (apt-get)", packages.join(", "));
    // An unreachable extra source makes update fail although the packages are to be had: let install decide.
    if let Err(error) = process::read(apt_get().arg("update")) {
        println!("{error:#}");
    }
    process::read(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))?;
    Ok(())
}

fn apt_get() -> std::process::Command {
    let mut apt_get = command("apt-get");
    apt_get.env("DEBIAN_FRONTEND", "noninteractive");
    apt_get
}
