//! Featurescope's only build tool. `cargo xtask help` lists what it does.

mod bench;
mod build;
mod fuzz;
mod hash;
mod http;
mod models;
mod process;
mod serve;
mod setup;
mod test;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sets up, builds, serves and tests Featurescope")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Find or install what building and testing need, one line for each
    Setup,
    /// Write the page with its engines, models and photos to dist/
    Build(build::BuildOptions),
    /// Build, then serve dist/ at a printed address
    Serve(serve::ServeOptions),
    /// Set up and run every test; ends with the line "N passed, N failed"
    Test(test::TestOptions),
    /// Try hostile models, pictures, links and archives, made from a seed
    Fuzz(fuzz::FuzzOptions),
    /// Rebuild the models that the repository does not hold into models/fetched/
    Models(models::ModelsOptions),
    /// Time our engines beside onnxruntime-web's in one browser
    Bench(bench::BenchOptions),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Setup => setup::everything(),
        Task::Build(options) => build::run(&options),
        Task::Serve(options) => serve::run(&options),
        Task::Test(options) => test::run(&options),
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Models(options) => models::run(&options),
        Task::Bench(options) => bench::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
