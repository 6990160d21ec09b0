//! Finds or installs what building and testing need. Each part prints one line.

mod apt;
mod chromium;
mod firefox;
mod node;
mod python;
mod rust_checks;
mod wasm_toolchain;

use anyhow::Result;

pub use chromium::chromium;
pub use firefox::firefox;
pub use node::{node, npm_packages, npm_tool};
pub use python::python;
pub use rust_checks::rust_checks;
pub use wasm_toolchain::{TARGET as WASM_TARGET, WasmToolchain, wasm_toolchain};

/// All of it, for `cargo xtask setup`.
pub fn everything() -> Result<()> {
    wasm_toolchain()?;
    rust_checks()?;
    npm_packages()?;
    chromium()?;
    firefox()?;
    python()?;
    Ok(())
}

/// The one line of a part.
fn report(what: &str, found: impl std::fmt::Display) {
    println!("{what:<16} {found}");
}
