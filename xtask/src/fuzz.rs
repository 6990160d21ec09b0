//! `cargo xtask fuzz`: hostile models, pictures, cards, links, snapshots and archives, made from a seed.
//!
//! The core's run natively in a process of their own (`fuzz/tests/fuzz.rs`), the page's in Node (`fuzz/page.mjs`). A panic, an error that
//! is not ours, more than five seconds or too much memory is a failure, named by its seed and number.

use anyhow::{Context, Result};
use clap::Args;
use std::process::{Child, Command};

use crate::process::{command, run as run_command};
use crate::setup;

#[derive(Args, Debug, Clone)]
pub struct FuzzOptions {
    /// How long, half of it for the core and half for the page
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    pub minutes: f64,
    /// Other cases than those that every run begins with
    #[arg(long)]
    pub seed: Option<u64>,
}

/// Both, one after the other.
pub fn run(options: &FuzzOptions) -> Result<()> {
    let seconds = (options.minutes * 30.0).round().max(1.0) as u64;
    setup::npm_packages()?;
    core(seconds, options.seed)?;
    page(seconds, options.seed)
}

/// Models, pictures and cards.
fn core(seconds: u64, seed: Option<u64>) -> Result<()> {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // With the flags of the tests, so that nothing is compiled twice.
    cargo.args([
        "test",
        "--workspace",
        "--exclude",
        "xtask",
        "--features",
        "featurescope/wonnx",
        "--test",
        "fuzz",
        "--",
    ]);
    run_command(cargo.args(times(seconds, seed)))
}

/// Links, snapshots, archives and cards.
fn page(seconds: u64, seed: Option<u64>) -> Result<()> {
    run_command(&mut page_command(seconds, seed)?)
}

/// The same from the usual seed, beside what else runs: whoever begins it waits for it and looks how it ended.
pub fn begin_page(seconds: u64) -> Result<Child> {
    page_command(seconds, None)?.spawn().context("could not start the page's fuzzing")
}

fn page_command(seconds: u64, seed: Option<u64>) -> Result<Command> {
    let mut node = command(setup::node()?);
    node.args(["--import", "./tests/vendor.mjs", "fuzz/page.mjs"]).args(times(seconds, seed));
    Ok(node)
}

fn times(seconds: u64, seed: Option<u64>) -> Vec<String> {
    let seed = seed.into_iter().flat_map(|seed| ["--seed".to_owned(), seed.to_string()]);
    ["--seconds".to_owned(), seconds.to_string()].into_iter().chain(seed).collect()
}
