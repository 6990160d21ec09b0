//! Where things are: the checkout, cargo's target folder, dist/.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the checkout. Cargo says where this crate is when it runs it; a copied binary falls back on where it was
/// compiled.
pub fn root() -> PathBuf {
    let manifest_dir =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest_dir.parent().map_or_else(|| manifest_dir.clone(), Path::to_path_buf)
}

/// The folder that any static host can serve.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// What this tool itself keeps from one run to the next: finished engines, the Python environment.
pub fn cache() -> PathBuf {
    target().join("featurescope")
}
