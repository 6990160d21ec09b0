//! `cargo xtask test`: every check and every test, each part timed, with one closing line for all of them.

mod beside;
mod counts;
mod slowest;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::fs;
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::build::{self, BuildOptions};
use crate::fuzz;
use crate::models::{self, ModelsOptions};
use crate::process::command;
use crate::setup;
use crate::workspace;
use counts::Counts;

#[derive(Args, Debug, Clone, Default)]
pub struct TestOptions {
    /// Run one part only
    #[arg(long, value_name = "PART")]
    pub only: Option<Part>,
    /// Test the quick build of `build --dev` in the browser
    #[arg(long)]
    pub dev: bool,
}

#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Formatting, clippy and cargo's tests
    Rust,
    /// Form, lints and types of the page's scripts, and Node's tests
    Js,
    /// Both wasm builds and the browsers' tests
    Browser,
}

/// Runs the parts one after another and goes on after a failure, so that one run shows all of them. Only the engines for the web are built
/// beside cargo's checks and tests, which often wait for one processor, and the two kinds of fuzzing beside each other: all other parts hold
/// tests that are measured in time.
pub fn run(options: &TestOptions) -> Result<()> {
    let wants = |part| options.only.is_none_or(|only| only == part);
    let mut steps = Steps::default();
    let mut build = None;

    if wants(Part::Rust) || wants(Part::Browser) {
        steps.prepare("models", || models::run(&ModelsOptions::default()));
    }
    if wants(Part::Rust) {
        steps.prepare("rustfmt and clippy", setup::rust_checks);
        if wants(Part::Browser) {
            steps.prepare("build, begun", || {
                setup::wasm_toolchain()?;
                setup::npm_packages()?;
                build = Some(beside::build(options.dev)?);
                Ok(())
            });
        }
        steps.check("rustfmt", || crate::process::run(cargo("fmt").args(["--all", "--check"])));
        steps.check("clippy", || {
            crate::process::run(cargo("clippy").args(ALL_BUT_XTASK).args(WITH_DRIVERS).arg("--all-targets").args(DENY))
        });
        steps
            .check("clippy xtask", || crate::process::run(cargo("clippy").args(XTASK).arg("--all-targets").args(DENY)));
        steps.count("cargo test", || {
            counts::of_cargo(cargo("test").args(ALL_BUT_XTASK).args([
                "--exclude",
                "featurescope-fuzz",
                "--no-fail-fast",
            ]))
        });
        steps.count("cargo test xtask", || counts::of_cargo(cargo("test").args(XTASK)));
    }
    let options = BuildOptions { dev: options.dev, engine: None, deny_warnings: true, ..BuildOptions::default() };
    let built = wants(Part::Browser)
        && steps.prepare("build", || {
            if let Some(build) = build.take() {
                build.wait()?;
            }
            build::write(&options)
        });
    if wants(Part::Js) {
        steps.prepare("npm packages", setup::npm_packages);
        for task in ["format", "lint"] {
            steps.check(&format!("biome {task}"), || {
                crate::process::run(setup::npm_tool("@biomejs/biome/bin/biome")?.args([task, "--error-on-warnings"]))
            });
        }
        for project in ["tsconfig.page.json", "tsconfig.worker.json"] {
            steps.check(project, || {
                crate::process::run(setup::npm_tool("typescript/bin/tsc")?.args(["--project", project]))
            });
        }
        steps.count("node --test", || {
            let mut tests = Vec::new();
            for folder in ["tests/page", "tests/share", "tests/statistics"] {
                tests.extend(build::files(&workspace::root().join(folder))?);
            }
            let tests = tests.iter().filter(|file| file.to_string_lossy().ends_with(".test.js"));
            counts::of_node(command(setup::node()?).args(NODE_TEST).args(tests))
        });
    }
    if wants(Part::Rust) || wants(Part::Js) {
        steps.count("fuzz", || fuzzed(wants(Part::Rust), wants(Part::Js)));
    }
    if built {
        // Too large a page is a failure, but its tests still tell whether it works.
        steps.check("size budget", || build::check_budget(&options));
        // By itself, and the others in whatever order: were the engines' tests one after the other, the second's would not run after a
        // failure, and a processor would wait for the first's last test. At one address, since what a browser keeps is kept for that.
        let port = free_port();
        steps.count("browser, first visit", || browser("browser-tests-first.json", &["--project=self-check"], &port));
        let engines = ["--project=cpu", "--project=webgpu", "--no-deps"];
        steps.count("browser", || browser("browser-tests.json", &engines, &port));
        // Without the order among projects only one worker for all of them keeps them from running beside each other.
        steps.count("browser, alone", || {
            let alone = ["--project=cpu alone", "--project=webgpu alone", "--no-deps", "--workers=1"];
            browser("browser-tests-alone.json", &alone, &port)
        });
        steps.count("Firefox", firefox);
    }
    steps.close()
}

/// Half a minute of hostile input for the core and for the page, side by side: each takes one processor for its own time, whatever else
/// runs. What once failed in the core is tried first. `cargo xtask fuzz --minutes N` is for more.
fn fuzzed(core: bool, page: bool) -> Result<Counts> {
    let (mut of_core, mut of_page) = (Ok(Counts::default()), Counts::default());
    let page = if page { Some(fuzz::begin_page(FUZZ_SECONDS)?) } else { None };
    if core {
        let tests = ["--test", "corpus", "--test", "fuzz", "--no-fail-fast"];
        of_core = counts::of_cargo(cargo("test").args(ALL_BUT_XTASK).args(tests));
    }
    if let Some(mut page) = page {
        let passed = page.wait().context("the page's fuzzing could not be waited for")?.success();
        of_page = Counts { passed: u64::from(passed), failed: u64::from(!passed), skipped: 0 };
    }
    Ok(of_core? + of_page)
}

/// As long as the core's takes by itself (`fuzz/tests/fuzz.rs`).
const FUZZ_SECONDS: u64 = 30;

/// Node's own test runner. What the page imports from vendor/, which only a build fills, comes from the npm packages.
const NODE_TEST: [&str; 4] = ["--import", "./tests/vendor.mjs", "--test", "--test-reporter=tap"];

/// Warnings are errors.
const DENY: [&str; 3] = ["--", "-D", "warnings"];

/// The GPU engine is no default feature; on the device without a GPU its plans and shaders are checked. With both engines in one
/// build everything is compiled once.
const ALL_BUT_XTASK: [&str; 5] = ["--workspace", "--exclude", "xtask", "--features", "featurescope/wonnx"];

/// What the native bench has besides, which clippy reads in the same turn. What nobody uses without it is found by the build for the web,
/// where a warning is an error.
const WITH_DRIVERS: [&str; 2] = ["--features", "featurescope/drivers"];

/// This tool is compiled with its own profile; with the tests' it would take minutes.
const XTASK: [&str; 4] = ["--package", "xtask", "--profile", "xtask"];

fn cargo(task: &str) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg(task);
    cargo
}

/// Playwright on a server of its own at this port, with arguments that choose among the projects of its configuration.
fn browser(report: &str, chosen: &[&str], port: &std::io::Result<u16>) -> Result<Counts> {
    let port = port.as_ref().map_err(|error| anyhow::anyhow!("could not find a free port: {error}"))?;
    let chromium = setup::chromium()?;
    let server = std::env::current_exe().context("could not find this program's own file")?;
    let report = workspace::cache().join(report);
    let _ = fs::remove_file(&report);
    let counts = counts::of_playwright(
        setup::npm_tool("@playwright/test/cli.js")?
            .args(["test", "--config", "tests/browser/playwright.config.mjs", "--reporter=list,json"])
            .args(chosen)
            .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
            .env("CHROMIUM", chromium)
            // The models' own environment has what generating a large one for a test takes.
            .env("PYTHON", models::environment()?)
            .env("PORT", port.to_string())
            .env("XTASK", server),
        &report,
    )?;
    slowest::print(&report)?;
    Ok(counts)
}

/// The built page in Firefox, driven by Node's own test runner.
fn firefox() -> Result<Counts> {
    let test = workspace::root().join("tests/firefox/firefox.test.js");
    counts::of_node(command(setup::node()?).args(NODE_TEST).arg(test).env("FIREFOX", setup::firefox()?))
}

/// A port that nothing listens on, so that two checkouts can be tested at once.
fn free_port() -> std::io::Result<u16> {
    TcpListener::bind(("127.0.0.1", 0))?.local_addr().map(|address| address.port())
}

/// What ran so far.
#[derive(Default)]
struct Steps {
    rows: Vec<(String, Counts, Duration)>,
}

impl Steps {
    /// What tests need. It counts only when it fails: as one failure.
    fn prepare(&mut self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        self.count(name, || step().map(|()| Counts::default()))
    }

    /// A check that holds or does not, and counts as one test.
    fn check(&mut self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        self.count(name, || step().map(|()| Counts { passed: 1, ..Counts::default() }))
    }

    /// A step that counts tests itself; one that cannot run counts as one failure.
    fn count(&mut self, name: &str, step: impl FnOnce() -> Result<Counts>) -> bool {
        println!("\n== {name}");
        let started = Instant::now();
        let counts = step().unwrap_or_else(|error| {
            println!("{name}: {error:#}");
            Counts { failed: 1, ..Counts::default() }
        });
        self.rows.push((name.to_owned(), counts, started.elapsed()));
        counts.failed == 0
    }

    /// Prints the table and the closing line.
    fn close(&self) -> Result<()> {
        println!("\n{:<22} {:>7} {:>7} {:>8} {:>9}", "step", "passed", "failed", "skipped", "seconds");
        let mut total = Counts::default();
        for (name, counts, took) in &self.rows {
            let Counts { passed, failed, skipped } = counts;
            println!("{name:<22} {passed:>7} {failed:>7} {skipped:>8} {:>9.1}", took.as_secs_f32());
            total = total + *counts;
        }
        println!("\n{total}");
        if total.failed > 0 {
            bail!("not everything passed");
        }
        Ok(())
    }
}
