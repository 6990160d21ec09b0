//! `cargo xtask bench`: our engines beside onnxruntime-web's, in one browser session; or the GPU engine on this machine's own driver.

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
    /// Without a browser: every kernel and whole networks on this machine's graphics driver
    #[arg(long)]
    pub native: bool,
    /// Passed on to tests/bench/run.mjs, or with --native to tests/bench/native.rs
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<String>,
}

/// Builds, serves the checkout (the harness needs dist/ and node_modules/ from one origin) and prints the harness' table.
///
/// tests/bench/run.mjs is told `ADDRESS` (of the checkout's root, ends with a slash), `ISOLATED` (the same from a server that isolates what
/// it serves, for threads) and `CHROMIUM`.
pub fn run(options: &BenchOptions) -> Result<()> {
    if options.native {
        return native(&options.arguments);
    }
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

/// Not the release profile, whose one unit takes minutes to compile: the time that counts passes on the graphics card.
const PROFILE: &str = "wasm-dev";

/// Puts the program, its networks and a picture into one folder, which can be taken to any machine of this kind, and runs it.
fn native(arguments: &[String]) -> Result<()> {
    models::run(&ModelsOptions::default())?;
    let folder = workspace::target().join("bench");
    process::run(command(setup::node()?).arg("tests/bench/write-networks.mjs").arg(&folder))?;
    for file in ["models/squeezenet1.1.onnx", "models/fetched/efficientnet-lite0.onnx", "models/photos/chelsea.webp"] {
        let source = workspace::root().join(file);
        let name = source.file_name().context("a file has a name")?;
        std::fs::copy(&source, folder.join(name)).with_context(|| format!("could not copy {file}"))?;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    process::run(command(cargo).args(["build", "--profile", PROFILE, "--example", "bench", "--features", "drivers"]))?;
    let program = format!("bench{}", std::env::consts::EXE_SUFFIX);
    let source = workspace::target().join(PROFILE).join("examples").join(&program);
    let target = folder.join(&program);
    std::fs::copy(&source, &target).with_context(|| format!("could not copy {}", source.display()))?;
    process::run(command(&target).args(arguments)).context("the native benchmark did not finish")
}
