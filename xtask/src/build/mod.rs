//! `cargo xtask build`: the page with its engines, models and photos in dist/, a folder for any static host.

mod address;
mod budget;
mod engine;
mod later;
mod licences;
mod models;
mod offline;
mod output;
mod relaxed;
mod scripts;
mod split;
mod threads;
mod types;
mod vendor;

use anyhow::Result;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::Instant;

use crate::setup::{self, WasmToolchain};
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
    /// Where the page will lie, for the pictures of link previews, which need whole addresses
    #[arg(long, value_name = "URL", value_parser = address::parse)]
    pub address: Option<String>,
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

    /// Whether the processor computes the network: then relaxed SIMD and threads make it faster.
    pub fn computes(self) -> bool {
        self == Engine::Cpu
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
    for (engine, built) in engines(options, &toolchain)? {
        let folder = format!("engine/{}", engine.name());
        match built {
            Some(built) => scripts::copy_tree(&mut output, &built, &folder, form(Form::WithoutComments))?,
            None => output.keep(&folder)?,
        }
    }
    scripts::copy_tree(&mut output, &workspace::root().join("www"), "", form(Form::Minified))?;
    if let Some(address) = &options.address {
        address::stamp(&mut output, address)?;
    }
    models::copy(&mut output)?;
    types::generate(&mut output)?;
    vendor::copy(&mut output, options.dev)?;
    licences::write(&mut output)?;
    offline::stamp(&mut output)?;
    // Only now, since one that was made long ago may have been copied.
    engine::forget_old()?;
    output.remove_the_rest()
}

/// The folder of each engine that is wanted. The one is made small while cargo compiles the other, since both take a processor alone for
/// a minute.
fn engines(options: &BuildOptions, toolchain: &WasmToolchain) -> Result<Vec<(Engine, Option<PathBuf>)>> {
    std::thread::scope(|scope| {
        let mut builds = Vec::new();
        for engine in Engine::ALL {
            if options.engine.is_some_and(|only| only != engine) {
                builds.push((engine, None));
                continue;
            }
            let started = Instant::now();
            let compiled = engine::compile(engine, options, toolchain)?;
            let finish = move || {
                let built = engine::finished(engine, options, &compiled);
                println!(
                    "{:<16} built in {:.1} s",
                    format!("engine {}", engine.name()),
                    started.elapsed().as_secs_f32()
                );
                built
            };
            builds.push((engine, Some(scope.spawn(finish))));
        }
        let joined = |build: std::thread::ScopedJoinHandle<'_, Result<PathBuf>>| {
            build.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        builds.into_iter().map(|(engine, build)| Ok((engine, build.map(joined).transpose()?))).collect()
    })
}
