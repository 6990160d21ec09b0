//! The WebAssembly module with the CPU engine: everything that `featurescope` exports to JavaScript, and nothing else.

// Naming the crate is what links it, with every function that it exports.
#[cfg(target_arch = "wasm32")]
use featurescope as _;
