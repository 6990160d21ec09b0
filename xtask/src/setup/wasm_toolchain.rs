//! A Rust that compiles to WebAssembly.
//!
//! Three ways, tried in this order: a compiler that is already there and has the target; `rustup target add`; Debian's
//! matched set `rustc-web`, `cargo-web`, `rust-web-src` and the linker of the same LLVM, which has no compiled standard
//! library for the target but its source: cargo builds that once (`-Z build-std`) and keeps it in the target folder.

use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{apt, report};
use crate::process::{self, command};
use crate::workspace;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// By which cargo is told the target's linker.
const LINKER: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";

/// A compiler and the cargo that belongs to it.
#[derive(Debug, Clone)]
pub struct WasmToolchain {
    cargo: PathBuf,
    rustc: PathBuf,
    /// The linker of a distribution's compiler, whose standard library has to be built from source. rustup's has its own.
    linker: Option<PathBuf>,
}

impl WasmToolchain {
    /// `cargo build` for the target with this toolchain.
    pub fn cargo_build(&self) -> Command {
        let mut cargo = command(&self.cargo);
        cargo.arg("build").env("RUSTC", &self.rustc);
        if let Some(linker) = &self.linker {
            // Building the standard library is an unstable feature of cargo; Debian's set is a stable release. It looks for a
            // linker named as rustup's, which Debian does not have.
            cargo
                .envs([("RUSTC_BOOTSTRAP", "1".as_ref()), (LINKER, linker.as_os_str())])
                .args(["-Z", "build-std=std,panic_abort"]);
        }
        cargo.args(["--target", TARGET]);
        cargo
    }

    /// The compiler's version line, part of what decides whether an engine is up to date.
    pub fn version(&self) -> Result<String> {
        process::read(command(&self.rustc).arg("--version"))
    }
}

/// Finds or installs a toolchain.
pub fn wasm_toolchain() -> Result<WasmToolchain> {
    if let Some(toolchain) = with_target() {
        return announce(toolchain);
    }
    let mut refusals = Vec::new();
    match add_with_rustup() {
        Ok(()) => {
            if let Some(toolchain) = with_target() {
                return announce(toolchain);
            }
        }
        Err(error) => refusals.push(format!("{error:#}")),
    }
    if let Some(toolchain) = from_distribution() {
        return announce(toolchain);
    }
    match install_from_debian() {
        Ok(()) => {
            if let Some(toolchain) = from_distribution() {
                return announce(toolchain);
            }
        }
        Err(error) => refusals.push(format!("{error:#}")),
    }
    bail!(
        "no Rust here compiles to {TARGET}. Run `rustup target add {TARGET}`, or on Debian `apt-get install rustc-web cargo-web rust-web-src` and the lld of the same LLVM. Tried: {}",
        refusals.join("; ")
    );
}

fn announce(toolchain: WasmToolchain) -> Result<WasmToolchain> {
    let version = toolchain.version()?;
    let library = if toolchain.linker.is_some() { ", standard library from source" } else { "" };
    report("wasm toolchain", format!("{version} ({}{library})", toolchain.rustc.display()));
    Ok(toolchain)
}

/// The first compiler with the target.
fn with_target() -> Option<WasmToolchain> {
    let rustc = rustcs().into_iter().find(|rustc| {
        process::read(command(rustc).args(["--print", "target-libdir", "--target", TARGET]))
            .is_ok_and(|folder| Path::new(&folder).is_dir())
    })?;
    Some(WasmToolchain { cargo: cargo_beside(&rustc)?, rustc, linker: None })
}

/// The first distribution's compiler with the standard library's source, where the linker of its LLVM is there as well.
fn from_distribution() -> Option<WasmToolchain> {
    let rustcs = rustcs();
    let rustc = distribution_rustc(&rustcs)?.clone();
    let linker = process::on_path(&format!("wasm-ld-{}", llvm_of(&rustc).ok()?)).into_iter().next()?;
    Some(WasmToolchain { cargo: cargo_beside(&rustc)?, rustc, linker: Some(linker) })
}

/// The first compiler with the standard library's source that is not rustup's: there, adding the target is quicker and stable.
fn distribution_rustc(rustcs: &[PathBuf]) -> Option<&PathBuf> {
    rustcs.iter().find(|rustc| {
        process::read(command(rustc).args(["--print", "sysroot"])).is_ok_and(|sysroot| {
            let rustlib = Path::new(&sysroot).join("lib/rustlib");
            rustlib.join("src/rust/library/std").is_dir() && !rustlib.join("multirust-channel-manifest.toml").is_file()
        })
    })
}

/// The compiler in use, then every other on PATH.
fn rustcs() -> Vec<PathBuf> {
    let mut rustcs: Vec<PathBuf> = process::program("RUSTC", &["rustc"]).into_iter().collect();
    for rustc in process::on_path("rustc") {
        if !rustcs.contains(&rustc) {
            rustcs.push(rustc);
        }
    }
    rustcs
}

/// The cargo of the same folder, since a distribution's cargo and its compiler are of one version.
fn cargo_beside(rustc: &Path) -> Option<PathBuf> {
    let sibling = rustc.with_file_name(format!("cargo{}", std::env::consts::EXE_SUFFIX));
    if sibling.is_file() { Some(sibling) } else { process::program("CARGO", &["cargo"]) }
}

/// Where the download is blocked it stays blocked, and asking takes long: the refusal is kept until `target/` is emptied.
fn add_with_rustup() -> Result<()> {
    let refused = workspace::cache().join("no-rustup-target");
    if refused.is_file() {
        bail!("rustup could not add {TARGET} before ({} says so)", refused.display());
    }
    let added = process::read(command("rustup").args(["target", "add", TARGET])).map(drop);
    if added.is_err() && fs::create_dir_all(workspace::cache()).is_ok() {
        // Without the note the next build asks again.
        let _ = fs::write(&refused, "");
    }
    added
}

fn install_from_debian() -> Result<()> {
    if !apt::may_install() {
        bail!("Debian's packages can only be installed by root on Debian");
    }
    apt::install(&["rustc-web", "cargo-web", "rust-web-src"])?;
    // The linker has to understand the objects that the compiler's LLVM writes.
    let rustcs = rustcs();
    let Some(rustc) = distribution_rustc(&rustcs) else {
        bail!("rustc-web and rust-web-src are installed, but no rustc on PATH has the standard library's source");
    };
    apt::install(&[&format!("lld-{}", llvm_of(rustc)?)])
}

/// The version of a compiler's LLVM, which Debian's linkers have in their names: one has to understand the objects of the other.
fn llvm_of(rustc: &Path) -> Result<String> {
    let version = process::read(command(rustc).arg("-vV"))?;
    match version.lines().find_map(|line| line.strip_prefix("LLVM version: ")?.split('.').next()) {
        Some(llvm) => Ok(llvm.to_owned()),
        None => bail!("{} does not tell its LLVM version", rustc.display()),
    }
}
