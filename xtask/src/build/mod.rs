//! `cargo xtask build`: the page with its engines, models and photos in dist/, a folder for any static host.

mod budget;
mod engine;
mod later;
mod licences;
mod models;
mod offline;
mod output;
mod scripts;
mod split;
mod types;
mod vendor;

use anyhow::Result;
use clap::{Args, ValueEnum};
use std::time::Instant;

use crate::setup;
use crate::workspace;
use output::Output;
pub use output::files;
use scripts::Form;

#[derive(Args, Debug, Clone, Default)]
pub struct BuildOptions {
    /// Compile quickly: no link-time optimisation, no wasm-opt, no size budget
    #[arg(long)]
    pub dev: bool,
    /// Build this engine only; what dist/ has of the other one stays
    #[arg(long, value_name = "ENGINE")]
    pub engine: Option<Engine>,
    /// Fail on a warning of the compiler
    #[arg(long)]
    pub deny_warnings: bool,
}

/// The crate is compiled twice, with one engine each.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Cpu,
    Gpu,
}

impl Engine {
    pub const ALL: [Engine; 2] = [Engine::Cpu, Engine::Gpu];

    /// Its folder in dist/engine/, and the end of its package's name.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Cpu => "cpu",
            Engine::Gpu => "gpu",
        }
    }
}

/// Builds everything that is out of date and checks the size of a first visit.
pub fn run(options: &BuildOptions) -> Result<()> {
    write(options)?;
    check_budget(options)
}

/// An error where a first visit weighs too much; the quick build is only measured.
pub fn check_budget(options: &BuildOptions) -> Result<()> {
    budget::report(options.dev)
}

/// Writes dist/.
pub fn write(options: &BuildOptions) -> Result<()> {
    let toolchain = setup::wasm_toolchain()?;
    setup::npm_packages()?;
    let mut output = Output::new(workspace::dist());
    let form = |released| if options.dev { Form::Source } else { released };
    for engine in Engine::ALL {
        let folder = format!("engine/{}", engine.name());
        if options.engine.is_some_and(|only| only != engine) {
            output.keep(&folder)?;
            continue;
        }
        let started = Instant::now();
        let built = engine::build(engine, options, &toolchain)?;
        scripts::copy_tree(&mut output, &built, &folder, form(Form::WithoutComments))?;
        println!("{:<16} built in {:.1} s", format!("engine {}", engine.name()), started.elapsed().as_secs_f32());
    }
    scripts::copy_tree(&mut output, &workspace::root().join("www"), "", form(Form::Minified))?;
    models::copy(&mut output)?;
    types::generate(&mut output)?;
    vendor::copy(&mut output, options.dev)?;
    licences::write(&mut output)?;
    offline::stamp(&mut output)?;
    output.remove_the_rest()
}
