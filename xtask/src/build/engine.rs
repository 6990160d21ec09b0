//! One engine: cargo compiles it, wasm-bindgen writes its JavaScript, wasm-opt makes it smaller and faster.
//!
//! What comes out is kept under the hash of what cargo made, so that the later steps run only when that changed.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;
use wasm_bindgen_cli_support::Bindgen;

use super::later::{self, Files, IMPORTS, is_later};
use super::relaxed::{self, Kept};
use super::split::split;
use super::threads;
use super::{BuildOptions, Engine};
use crate::hash::sha256;
use crate::process;
use crate::setup::{self, WasmToolchain};
use crate::workspace;

/// Both engines are compiled with the same flags: others would build the standard library and every dependency again.
const RUSTFLAGS: &str = "-C target-feature=+simd128,+relaxed-simd -C symbol-mangling-version=v0";

/// What wasm-opt does with a module.
const PASSES: [&str; 3] = [
    // Where functions are called from one place only, wasm-opt makes them part of the caller. Browsers compile a function
    // quickly first, and for speed only between two calls of it: the kernels' loops must stay functions of their own.
    "--no-inline=*featurescope_kernels*",
    "-O3",
    // Additions of small numbers become part of the access that follows. That takes for granted that nothing lies in the
    // first kilobyte, where an address that has wrapped around would arrive: it is the far end of the stack, which the
    // linker puts before all data.
    "--low-memory-unused",
];

/// What every browser has of what the compiler was allowed to use: the target's defaults and vectors.
const FEATURES: [&str; 10] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-multivalue",
    "--enable-extended-const",
];

/// What some browsers have besides.
const RELAXED: &str = "--enable-relaxed-simd";

/// What a thread's module has: a memory that is shared.
const SHARED: &str = "--enable-threads";

/// How a module is parted and made plain, and its script changed: another way makes another engine.
const WAYS: [&str; 5] = [
    include_str!("engine.rs"),
    include_str!("later.rs"),
    include_str!("split.rs"),
    include_str!("relaxed.rs"),
    include_str!("threads.rs"),
];

/// How many finished engines are kept.
const KEPT: usize = 12;

/// Makes of cargo's module the folder that holds `featurescope.js` and the module in two parts, in each form that there is of it.
pub fn finished(engine: Engine, options: &BuildOptions, compiled: &Path) -> Result<PathBuf> {
    let bytes = fs::read(compiled).with_context(|| format!("could not read {}", compiled.display()))?;
    let steps = if options.dev { "quick" } else { "small" };
    let steps = [&[steps][..], &PASSES, &FEATURES, &later::all(), &WAYS].concat().join(" ");
    let name = sha256(&[&bytes, steps.as_bytes(), wasm_bindgen_version()?.as_bytes()]);
    let finished = workspace::cache().join("engines").join(name);
    if !finished.is_dir() {
        finish(engine, &bytes, options.dev, &finished)?;
    }
    Ok(finished)
}

/// Runs cargo and returns the module that it wrote.
pub fn compile(engine: Engine, options: &BuildOptions, toolchain: &WasmToolchain) -> Result<PathBuf> {
    let package = format!("featurescope-{}", engine.name());
    let mut cargo = toolchain.cargo_build();
    cargo
        .args(["--package", &package, "--profile", if options.dev { "wasm-dev" } else { "release" }])
        .arg("--message-format=json-diagnostic-rendered-ansi")
        .env("RUSTFLAGS", RUSTFLAGS)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        // Cargo leaves the hash out of a cdylib's file name unless this is set. With the hash, checkouts that share one
        // target folder do not take each other's modules for their own.
        .env("__CARGO_DEFAULT_LIB_METADATA", "featurescope")
        .stdout(Stdio::piped());
    let mut child = cargo.spawn().with_context(|| format!("could not start cargo for {package}"))?;
    let output = child.stdout.take().context("cargo has no output")?;
    let (mut module, mut warnings) = (None, 0);
    for line in BufReader::new(output).lines() {
        let message: Value = serde_json::from_str(&line?).unwrap_or_default();
        if let Some(diagnostic) = message["message"]["rendered"].as_str() {
            eprint!("{diagnostic}");
            warnings += usize::from(message["message"]["level"] == "warning");
        }
        if message["target"]["name"] == package.replace('-', "_").as_str() {
            let files = message["filenames"].as_array().into_iter().flatten().filter_map(Value::as_str);
            module = files.map(PathBuf::from).find(|file| file.extension().is_some_and(|end| end == "wasm")).or(module);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{package} does not compile for the web (cargo ended with {status})");
    }
    if options.deny_warnings && warnings > 0 {
        bail!("{package} compiles for the web with {warnings} warnings");
    }
    module.with_context(|| format!("cargo names no wasm file for {package}"))
}

/// The steps after cargo, into a folder that appears only when it is complete.
fn finish(engine: Engine, compiled: &[u8], dev: bool, finished: &Path) -> Result<()> {
    let unfinished = finished.with_extension(format!("unfinished-{}", std::process::id()));
    fs::create_dir_all(&unfinished).with_context(|| format!("could not make {}", unfinished.display()))?;

    let mut bindgen = Bindgen::new();
    bindgen.web(true)?.typescript(true).omit_default_module_path(false).input_bytes("featurescope", compiled.to_vec());
    // By the names of its functions the module is parted, which puts them into words without the hashes.
    bindgen.keep_debug(false).remove_producers_section(true).demangle(false);
    bindgen.generate(&unfinished).context("wasm-bindgen")?;

    let module = unfinished.join(Files::FIRST);
    if !dev {
        wasm_opt(&[&PASSES[..], &["--debuginfo", RELAXED]].concat(), &module)?;
    }
    let whole = fs::read(&module).with_context(|| format!("could not read {}", module.display()))?;
    let parts =
        split(&whole, IMPORTS, |name| !dev && is_later(engine, name)).context("could not part the engine's module")?;
    let script = unfinished.join("featurescope.js");
    let text = fs::read_to_string(&script).with_context(|| format!("could not read {}", script.display()))?;
    let text = later::with_loader(&text, &parts.name, engine.computes())?;
    fs::write(&script, text).with_context(|| format!("could not write {}", script.display()))?;
    let kept = if engine.computes() { Kept::Products } else { Kept::Nothing };
    write(&parts.first, Files::MAIN.first, kept, dev, &unfinished)?;
    write(&parts.second, Files::MAIN.second, kept, dev, &unfinished)?;
    if engine.computes() {
        let thread = threads::cut(&whole).context("could not cut a thread's module out of the engine's")?;
        write(&thread, Files::MAIN.thread, kept, dev, &unfinished)?;
        write(&parts.first, Files::PLAIN.first, Kept::Nothing, dev, &unfinished)?;
        write(&parts.second, Files::PLAIN.second, Kept::Nothing, dev, &unfinished)?;
        write(&thread, Files::PLAIN.thread, Kept::Nothing, dev, &unfinished)?;
    }
    // Another checkout may have finished the same engine in the meantime; its result is the same.
    if fs::rename(&unfinished, finished).is_err() && !finished.is_dir() {
        bail!("could not move {} into place", unfinished.display());
    }
    Ok(())
}

fn wasm_opt(passes: &[&str], module: &Path) -> Result<()> {
    process::run(
        setup::npm_tool("binaryen/bin/wasm-opt")?.args(passes).args(FEATURES).arg(module).arg("-o").arg(module),
    )
}

/// Writes a module with the relaxed instructions that it keeps.
fn write(module: &[u8], name: &str, kept: Kept, dev: bool, folder: &Path) -> Result<()> {
    let file = folder.join(name);
    fs::write(&file, relaxed::rewrite(module, kept).with_context(|| name.to_owned())?)
        .with_context(|| format!("could not write {}", file.display()))?;
    if dev {
        return Ok(());
    }
    // Names make a panic readable while developing and are a fifth of the file: wasm-opt leaves them out. Functions made of
    // one generic function follow each other, which gzip makes 4 % smaller than the order of size. wasm-opt refuses a module
    // that has relaxed instructions where it is not told of them.
    let features: &[&str] = if kept == Kept::Nothing { &[SHARED] } else { &[SHARED, RELAXED] };
    wasm_opt(&[&["--reorder-functions-by-name"], features].concat(), &file)
}

/// Removes what older builds have finished, once nobody is finishing another one.
pub fn forget_old() -> Result<()> {
    let folder = workspace::cache().join("engines");
    let mut engines: Vec<(SystemTime, PathBuf)> = fs::read_dir(&folder)
        .with_context(|| format!("could not list {}", folder.display()))?
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    engines.sort();
    let surplus = engines.len().saturating_sub(KEPT);
    for (_, engine) in engines.drain(..surplus) {
        fs::remove_dir_all(&engine).with_context(|| format!("could not remove {}", engine.display()))?;
    }
    Ok(())
}

/// The version that Cargo.lock settled on.
fn wasm_bindgen_version() -> Result<String> {
    let lock = fs::read_to_string(workspace::root().join("Cargo.lock")).context("could not read Cargo.lock")?;
    let mut lines = lock.lines().skip_while(|line| *line != "name = \"wasm-bindgen-cli-support\"");
    lines.nth(1).map(str::to_owned).context("Cargo.lock does not name wasm-bindgen-cli-support")
}
