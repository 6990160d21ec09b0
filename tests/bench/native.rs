//! The GPU engine on this machine's own driver, without a browser: `cargo xtask bench --native`.
//!
//! For each network it times the whole run and every kernel by itself, in both forms of the products of matrices, and says what is read from
//! global memory for each multiply-add, counted from the loops of the kernels. Figures count only where the results are the CPU engine's.

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use featurescope::analysis::card::Card;
use featurescope::analysis::open::Opened;
use featurescope::domain::picture::decode;
use featurescope::domain::recipe::apply;
use featurescope::domain::tensor::Tensor;
use featurescope::engine::Engine;
use featurescope::engine::self_check::{SelfCheck, self_check};
use featurescope::engine::wonnx::{Form, Measured, WonnxEngine, Work};
use featurescope::onnx::graph::{Dimension, Graph};
use featurescope::onnx::lower::lower;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use pollster::block_on;
use support::grid::Grid;
use support::{analyse, largest_difference, run, softmax};

const USAGE: &str = "bench [MODEL…] [--picture FILE] [--runs N] [--peak GFLOPS] [--kernels N] [--check]
  MODEL…         ONNX files (those beside the program)
  --picture FILE what they look at (chelsea.webp beside the program)
  --runs N       counted runs of each network in each form (7)
  --peak GFLOPS  what the device could do at most (two for a multiply-add), for the share of it
  --kernels N    how many of a network's kernels are listed, the slowest first (10)
  --check        in a checkout: first holds every form of an operator in tests/grid against onnxruntime's values, in both forms";

/// The largest difference of a result from the CPU engine's, relative to the largest value.
const TOLERANCE: f32 = 1e-3;

/// The same for single operators.
const OPERATOR_TOLERANCE: f32 = 1e-4;

struct Options {
    picture: PathBuf,
    models: Vec<PathBuf>,
    runs: usize,
    peak: Option<f64>,
    kernels: usize,
    check: bool,
}

fn main() -> ExitCode {
    let result = options(std::env::args().skip(1)).and_then(|options| bench(&options));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let beside = std::env::current_exe().map_err(|error| error.to_string())?.with_file_name("");
    let picture = beside.join("chelsea.webp");
    let mut options = Options { picture, models: Vec::new(), runs: 7, peak: None, kernels: 10, check: false };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} takes a value\n{USAGE}"));
        let number = |text: String| {
            let number = text.parse::<f64>().ok().filter(|&number| number > 0.0);
            number.ok_or_else(|| format!("{text} is no number above zero\n{USAGE}"))
        };
        let count = |text: String| {
            let count = text.parse::<usize>().ok().filter(|&count| count > 0);
            count.ok_or_else(|| format!("{text} is no whole number above zero\n{USAGE}"))
        };
        match &argument[..] {
            "--picture" => options.picture = value()?.into(),
            "--runs" => options.runs = count(value()?)?,
            "--peak" => options.peak = Some(number(value()?)?),
            "--kernels" => options.kernels = count(value()?)?,
            "--check" => options.check = true,
            _ if argument.starts_with('-') => return Err(format!("{argument} is not known\n{USAGE}")),
            _ => options.models.push(argument.into()),
        }
    }
    if options.models.is_empty() {
        let files = std::fs::read_dir(&beside).map_err(|error| error.to_string())?.filter_map(Result::ok);
        options.models =
            files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|it| it == "onnx")).collect();
        options.models.sort();
    }
    Ok(options)
}

/// The engine in the forms that this device has room for, that which it would choose itself first.
fn engines() -> Result<Vec<WonnxEngine>, String> {
    let open = || block_on(WonnxEngine::open()).map_err(|error| error.to_string());
    let engine = open()?;
    let info = engine.info();
    println!("{}{}\n", info.adapter, if info.software { ", which computes on the processor" } else { "" });
    let other = match engine.form() {
        Form::Direct => open()?.with_tiles(),
        Form::Tiled { .. } => open()?.with_form(Form::Direct),
    };
    Ok(vec![engine, other])
}

fn bench(options: &Options) -> Result<(), String> {
    let engines = engines()?;
    for engine in &engines {
        let checked = block_on(self_check(engine)).map_err(|error| error.to_string())?;
        if let SelfCheck::Mismatch { op } = checked {
            return Err(format!("{}: the self-check finds {op} wrong", name(engine)));
        }
        if options.check {
            check_operators(engine)?;
        }
    }
    let picture = std::fs::read(&options.picture).map_err(|error| error.to_string())?;
    let networks = options.models.iter().map(|path| Network::read(path, &picture)).collect::<Result<Vec<_>, _>>()?;
    let mut measured = Vec::new();
    for network in &networks {
        for engine in &engines {
            measured.push((network, engine, network.measure(engine, options.runs)?));
        }
    }
    print_networks(&measured, options.peak);
    print_reads(&measured);
    for (network, engine, figures) in &measured {
        print_kernels(&format!("{}, {}", network.name, name(engine)), &figures.kernels, options);
    }
    Ok(())
}

fn name(engine: &WonnxEngine) -> &'static str {
    match engine.form() {
        Form::Direct => "direct",
        Form::Tiled { .. } => "in tiles",
    }
}

/// Holds the drawn forms of operators against onnxruntime's values.
fn check_operators(engine: &WonnxEngine) -> Result<(), String> {
    let grid = Grid::read();
    let limits = engine.limits().unwrap_or_default();
    let (mut wrong, mut worst) = (Vec::new(), 0.0_f32);
    for case in &grid.cases {
        let failed = |detail: String| format!("{} ({}): {detail}", case.name, case.what);
        let graph = read(Bytes32::from(grid.model(case)), Vec::new()).map_err(|error| failed(error.to_string()))?.graph;
        let inputs: BTreeMap<String, Tensor> =
            case.inputs.iter().map(|values| (values.name.clone(), grid.input(values))).collect();
        let (_, shapes) = analyse(&graph, &inputs)?;
        let lowered = lower(&graph, &shapes, &limits).map_err(|error| failed(error.to_string()))?.graph;
        let found = run_on(engine, &lowered, &inputs).map_err(failed)?;
        for (values, found) in case.outputs.iter().zip(found) {
            let difference = largest_difference(found.data(), &grid.output(values));
            worst = worst.max(difference);
            if difference.is_nan() || difference > OPERATOR_TOLERANCE {
                wrong.push(failed(format!("{} differs by {difference}", values.name)));
            }
        }
    }
    println!("{} forms of operators {}, off by {worst:.1e} at most\n", grid.cases.len(), name(engine));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn run_on(engine: &WonnxEngine, graph: &Graph, inputs: &BTreeMap<String, Tensor>) -> Result<Vec<Tensor>, String> {
    let runner = block_on(engine.prepare(graph.clone())).map_err(|error| error.to_string())?;
    let mut given = Vec::with_capacity(inputs.len());
    for (name, shape) in runner_inputs(graph) {
        let tensor = Tensor::new(shape, inputs[&name].data().to_vec()).map_err(|error| error.to_string())?;
        given.push((name, tensor));
    }
    let given: Vec<(&str, &Tensor)> = given.iter().map(|(name, tensor)| (&name[..], tensor)).collect();
    block_on(runner.run(&given)).map_err(|error| error.to_string())
}

/// The inputs of a lowered graph, whose shapes are fixed.
fn runner_inputs(graph: &Graph) -> Vec<(String, Vec<usize>)> {
    let size = |dimension: &Dimension| match dimension {
        Dimension::Fixed(size) => *size,
        Dimension::Symbolic(_) => 1,
    };
    graph.inputs.iter().map(|input| (input.name.clone(), input.shape.iter().map(size).collect())).collect()
}

/// A network ready to be measured.
struct Network {
    name: String,
    graph: Graph,
    inputs: BTreeMap<String, Tensor>,
    opened: Opened,
    /// What the CPU engine gives.
    expected: Vec<Tensor>,
}

/// What one network took in one form.
struct Figures {
    /// From the input to the outputs in our hands.
    whole: Duration,
    /// Of one run: dispatches, submissions, read-backs.
    calls: [u64; 3],
    kernels: Vec<Measured>,
}

impl Network {
    fn read(path: &Path, picture: &[u8]) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let bytes = std::fs::read(path).map_err(|error| failed(&error))?;
        let model = read(Bytes32::from(&bytes[..]), Vec::new()).map_err(|error| failed(&error))?;
        let opened = Opened::new(model, Card::default()).map_err(|error| failed(&error))?;
        let picture = decode(picture).map_err(|error| failed(&error))?;
        let input = apply(&picture, opened.recipe()).map_err(|error| failed(&error))?.input;
        let inputs: BTreeMap<String, Tensor> = [(opened.input().name.clone(), input)].into();
        let graph = opened.graph().clone();
        let outputs = run(&graph, &inputs).map_err(|error| failed(&error))?;
        let expected = graph.outputs.iter().map(|output| outputs[output].clone()).collect();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, graph, inputs, opened, expected })
    }

    fn measure(&self, engine: &WonnxEngine, runs: usize) -> Result<Figures, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}, {}: {error}", self.name, name(engine));
        let lowered = lower(&self.graph, self.opened.shapes(), &engine.limits().unwrap_or_default())
            .map_err(|error| failed(&error))?;
        let runner = block_on(engine.prepare(lowered.graph.clone())).map_err(|error| failed(&error))?;
        let given: Vec<(&str, &Tensor)> = self.inputs.iter().map(|(name, tensor)| (&name[..], tensor)).collect();
        let mut outputs = block_on(runner.run(&given)).map_err(|error| failed(&error))?;
        if lowered.removed_softmax {
            softmax(&mut outputs[0]);
        }
        for (output, expected) in outputs.iter().zip(&self.expected) {
            let difference = largest_difference(output.data(), expected.data());
            if difference.is_nan() || difference > TOLERANCE {
                return Err(failed(&format!("differs from the CPU engine's by {difference}")));
            }
        }
        let before = engine.count();
        let mut times = Vec::with_capacity(runs);
        for _ in 0..runs {
            let began = Instant::now();
            block_on(runner.run(&given)).map_err(|error| failed(&error))?;
            times.push(began.elapsed());
        }
        let after = engine.count();
        let calls = [
            after.dispatches - before.dispatches,
            after.submissions - before.submissions,
            after.readbacks - before.readbacks,
        ];
        times.sort();
        let kernels = engine.measure(&lowered.graph).map_err(|error| failed(&error))?;
        Ok(Figures { whole: times[runs / 2], calls: calls.map(|count| count / runs as u64), kernels })
    }
}

/// GFLOP/s, two for a multiply-add.
fn rate(multiply_adds: usize, time: Duration) -> f64 {
    2.0 * multiply_adds as f64 / time.as_secs_f64() / 1e9
}

fn share(rate: f64, peak: Option<f64>) -> String {
    peak.map_or_else(|| "–".to_owned(), |peak| format!("{:.1} %", 100.0 * rate / peak))
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1e3)
}

fn print_networks(measured: &[(&Network, &WonnxEngine, Figures)], peak: Option<f64>) {
    println!(
        "| network | form | run, ms | kernels alone, ms | multiply-adds, millions | GFLOP/s | of the peak | dispatches | submissions | read-backs |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (network, engine, Figures { whole, calls: [dispatches, submissions, readbacks], kernels }) in measured {
        let multiply_adds = kernels.iter().filter_map(|kernel| kernel.work).map(|work| work.multiply_adds).sum();
        let rate = rate(multiply_adds, *whole);
        println!(
            "| {} | {} | {} | {} | {:.0} | {rate:.1} | {} | {dispatches} | {submissions} | {readbacks} |",
            network.name,
            name(engine),
            milliseconds(*whole),
            milliseconds(kernels.iter().map(|kernel| kernel.time).sum()),
            multiply_adds as f64 / 1e6,
            share(rate, peak),
        );
    }
}

/// What the kernels in tiles read, beside what threads by themselves do.
fn print_reads(measured: &[(&Network, &WonnxEngine, Figures)]) {
    println!("\n| network | convolutions | bytes for each multiply-add, direct | in tiles | ratio |");
    println!("|---|---|---:|---:|---:|");
    for (network, _, Figures { kernels, .. }) in
        measured.iter().filter(|(_, engine, _)| matches!(engine.form(), Form::Tiled { .. }))
    {
        let mut kinds: BTreeMap<&str, Work> = BTreeMap::new();
        for (kernel, work) in kernels.iter().filter_map(|kernel| Some((kernel, kernel.work?))) {
            let sum = kinds.entry(&kernel.what).or_default();
            sum.multiply_adds += work.multiply_adds;
            sum.bytes_read += work.bytes_read;
            sum.bytes_read_directly += work.bytes_read_directly;
        }
        for (what, work) in kinds {
            let [direct, tiled] =
                [work.bytes_read_directly, work.bytes_read].map(|bytes| bytes as f64 / work.multiply_adds as f64);
            println!("| {} | {what} | {direct:.3} | {tiled:.3} | {:.2} |", network.name, tiled / direct);
        }
    }
}

fn print_kernels(title: &str, kernels: &[Measured], options: &Options) {
    let mut sorted: Vec<&Measured> = kernels.iter().collect();
    sorted.sort_by_key(|kernel| std::cmp::Reverse(kernel.time));
    println!("\n{title}\n\n| value | operator | ms | multiply-adds, millions | GFLOP/s | of the peak | GB/s read |");
    println!("|---|---|---:|---:|---:|---:|---:|");
    for Measured { value, what, time, work } in sorted.into_iter().take(options.kernels) {
        let of_work = work.map_or_else(
            || "– | – | – | –".to_owned(),
            |work| {
                let rate = rate(work.multiply_adds, *time);
                let read = work.bytes_read as f64 / time.as_secs_f64() / 1e9;
                let millions = work.multiply_adds as f64 / 1e6;
                format!("{millions:.1} | {rate:.1} | {} | {read:.1}", share(rate, options.peak))
            },
        );
        println!("| `{value}` | {what} | {} | {of_work} |", milliseconds(*time));
    }
}
