//! `cargo xtask bench`: our engines beside onnxruntime-web's, in one browser session.

use anyhow::{Context, Result};
use clap::Args;

use crate::build::{self, BuildOptions};
use crate::models::{self, ModelsOptions};
use crate::process::{self, command};
use crate::serve::BackgroundServer;
use crate::setup;
use crate::workspace;

#[derive(Args, Debug, Clone, Default)]
pub struct BenchOptions {
    /// Passed on to tests/bench/run.mjs
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<String>,
}

/// Builds, serves the checkout (the harness needs dist/ and node_modules/ from one origin) and prints the harness' table.
///
/// tests/bench/run.mjs is told `ADDRESS` (of the checkout's root, ends with a slash), `ISOLATED` (the same from a server that isolates what
/// it serves, for threads) and `CHROMIUM`.
pub fn run(options: &BenchOptions) -> Result<()> {
    models::run(&ModelsOptions::default())?;
    build::run(&BuildOptions::default())?;
    let chromium = setup::chromium()?;
    let open = BackgroundServer::start(workspace::root(), false)?;
    let isolated = BackgroundServer::start(workspace::root(), true)?;
    process::run(
        command(setup::node()?)
            .arg("tests/bench/run.mjs")
            .args(&options.arguments)
            .env("ADDRESS", open.address())
            .env("ISOLATED", isolated.address())
            .env("CHROMIUM", chromium),
    )
    .context("the benchmark did not finish")
}
