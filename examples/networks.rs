//! Asks both forms of every network of a folder everything, and writes the table of what became of them.
//!
//! ```sh
//! python tests/networks/export.py target/networks
//! cargo run --example networks -- target/networks docs/networks.md
//! ```
//!
//! A third argument is a part of the names of the networks that are to be asked; then the table is printed only.

#[path = "../tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;

use featurescope::analysis::open::Opened;
use featurescope::engine::Engine;
use featurescope::engine::rten::RtenEngine;
use support::Lowering;
use support::networks::{Found, Network, compared, networks};

/// Layers, and Grad-CAM, may be off by this share of their largest value.
const TOLERANCE: f64 = 1e-3;

/// A network, and what became of it on each engine.
struct Row {
    network: Network,
    opened: Result<usize, String>,
    found: Vec<Found>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, target, more @ ..] = &arguments[..] else {
        eprintln!("networks FOLDER TABLE [PART OF NAMES]");
        std::process::exit(2);
    };
    let part = more.first().map_or("", |part| part);
    let asked = networks(Path::new(folder)).into_iter().filter(|network| network.name.contains(part));
    let rows = ask_all(asked.collect());
    let mut text = table(&rows);
    if part.is_empty() {
        // What `tests/networks/browser.mjs` wrote there stays.
        let before = std::fs::read_to_string(target).unwrap_or_default();
        text.push_str(before.find(BROWSER).map_or("", |place| &before[place..]));
        std::fs::write(target, text).unwrap();
    } else {
        println!("{text}");
    }
}

/// Asks all networks, as many at once as there are cores; in their order.
fn ask_all(networks: Vec<Network>) -> Vec<Row> {
    let waiting = Mutex::new(networks.into_iter().enumerate());
    let rows = Mutex::new(BTreeMap::new());
    let next = || waiting.lock().unwrap().next();
    let work = || {
        while let Some((place, network)) = next() {
            let row = ask(network);
            rows.lock().unwrap().insert(place, row);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    rows.into_inner().unwrap().into_values().collect()
}

fn ask(network: Network) -> Row {
    let opened = panics(|| network.open());
    let engines: [&dyn Engine; 2] = [&RtenEngine, &Lowering];
    let found = match &opened {
        Ok(opened) => engines.map(|engine| asked_of(&network, opened, engine)).into_iter().collect(),
        Err(_) => Vec::new(),
    };
    let row = Row { opened: opened.map(|opened| compared(&opened).count()), network, found };
    eprintln!("{}", details(&row));
    row
}

fn asked_of(network: &Network, opened: &Opened, engine: &dyn Engine) -> Found {
    panics(|| Ok(network.survey(opened, engine))).unwrap_or_else(|error| Found {
        look: Err(error.clone()),
        right: 0,
        wrong: Vec::new(),
        deviation: (0.0, String::new()),
        cam: None,
        draw: Err(error),
        milliseconds: 0,
    })
}

/// A panic is one of the things that a network may find out.
fn panics<T>(ask: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(ask)).unwrap_or_else(|_| Err("a panic".to_owned()))
}

/// What a developer wants to know of one network.
fn details(row: &Row) -> String {
    let mut text = row.network.name.clone();
    match &row.opened {
        Ok(layers) => write!(text, ": {layers} layers").unwrap(),
        Err(error) => return format!("{text}: not opened: {error}"),
    }
    for (engine, found) in ["original", "lowered"].iter().zip(&row.found) {
        let (deviation, layer) = &found.deviation;
        write!(text, "\n  {engine}: {} right, off by {deviation:.1e} at {layer}", found.right).unwrap();
        write!(text, ", {} ms", found.milliseconds).unwrap();
        for (what, error) in problems(found) {
            write!(text, "\n    {what}: {error}").unwrap();
        }
        for wrong in &found.wrong {
            write!(text, "\n    {wrong}").unwrap();
        }
    }
    text
}

/// Whether all is right, and what is not.
fn problems(found: &Found) -> Vec<(&'static str, String)> {
    let mut list = Vec::new();
    if let Err(error) = &found.look {
        list.push(("look", error.clone()));
    } else if let [first, rest @ ..] = &found.wrong[..] {
        list.push(("look", format!("{first} (and {} layers more)", rest.len())));
    }
    if found.deviation.0 > TOLERANCE {
        list.push(("values", format!("{} is off by {:.1e}", found.deviation.1, found.deviation.0)));
    }
    match &found.cam {
        Some(Err(error)) => list.push(("Grad-CAM", error.clone())),
        Some(Ok((deviation, layer))) if *deviation > TOLERANCE => {
            list.push(("Grad-CAM", format!("off by {deviation:.1e} at {layer}")));
        }
        _ => {}
    }
    if let Err(error) = &found.draw {
        list.push(("draw", error.clone()));
    }
    list
}

/// How many of how many.
#[derive(Default)]
struct Count {
    all: usize,
    of: usize,
}

impl Count {
    fn add(&mut self, right: bool) {
        self.all += 1;
        self.of += usize::from(right);
    }

    fn text(&self) -> String {
        format!("{} of {}", self.of, self.all)
    }
}

fn cell(result: &Result<String, String>) -> String {
    match result {
        Ok(text) => text.clone(),
        Err(_) => "**no**".to_owned(),
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(HEAD);
    let mut totals: BTreeMap<(&str, usize), [Count; 4]> = BTreeMap::new();
    let mut lines = String::new();
    let mut remaining: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        let (name, exporter) = (&row.network.name, &row.network.recorded.exporter);
        let layers = row.opened.as_ref().map_or("**not opened**".to_owned(), ToString::to_string);
        write!(lines, "| {name} | {exporter} | {:.1} | {layers} |", row.network.recorded.parameters as f64 / 1e6)
            .unwrap();
        if let Err(error) = &row.opened {
            lines.push_str(" | | | | | |\n");
            remaining.entry(error.clone()).or_default().push(name.clone());
            for engine in 0..2 {
                let counts = totals.entry((exporter, engine)).or_default();
                counts[0].add(false);
                counts[1].add(false);
            }
            continue;
        }
        for (engine, found) in row.found.iter().enumerate() {
            let counts = totals.entry((exporter, engine)).or_default();
            let wrong = problems(found);
            let is_right = |what: &str| wrong.iter().all(|(other, _)| *other != what);
            let looks = found.look.is_ok() && found.wrong.is_empty();
            counts[0].add(looks);
            counts[1].add(looks && is_right("values"));
            if let Some(cam) = &found.cam {
                counts[2].add(cam.is_ok() && is_right("Grad-CAM"));
            }
            counts[3].add(found.draw.is_ok());
            let values = if looks { Ok(format!("{:.0e}", found.deviation.0)) } else { Err(String::new()) };
            let cam = match &found.cam {
                None => "–".to_owned(),
                Some(cam) => {
                    cell(&cam.clone().map(|(off, _)| if off > 0.0 { format!("{off:.0e}") } else { "yes".to_owned() }))
                }
            };
            write!(lines, " {} | {cam} | {} |", cell(&values), cell(&found.draw.clone().map(|side| side.to_string())))
                .unwrap();
            for (what, error) in wrong {
                let form = ["as it is", "lowered"][engine];
                remaining.entry(format!("{what}, {form}: {error}")).or_default().push(name.clone());
            }
        }
        lines.push('\n');
    }
    text.push_str("| exporter | form | look | all layers right | Grad-CAM | draw |\n|---|---|---|---|---|---|\n");
    for ((exporter, engine), counts) in &totals {
        let form = ["as it is", "lowered"][*engine];
        let counts = counts.each_ref().map(Count::text);
        writeln!(text, "| {exporter} | {form} | {} |", counts.join(" | ")).unwrap();
    }
    text.push_str(COLUMNS);
    text.push_str(&lines);
    text.push_str("\n## What remains\n\n");
    let mut remaining: Vec<(String, Vec<String>)> = remaining.into_iter().collect();
    remaining.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    for (problem, names) in remaining {
        writeln!(text, "- {problem} ({})", names.join(", ")).unwrap();
    }
    text
}

const BROWSER: &str = "\n## In the browser\n";

const HEAD: &str = "# Networks of many families

Written by `cargo run --example networks`; what is asked of each network, and how to make this table again, is in
`tests/networks/README.md`. The weights are random. *As it is* is the graph of the file on the CPU engine, *lowered* is the graph that WebGPU
gets, run by the CPU engine.

";

const COLUMNS: &str = "
Of each network: the layers that are listed; then, in both forms, by how much the worst of them is off from onnxruntime's values (relative
to the layer's largest), by how much Grad-CAM is off from PyTorch's in double precision (*yes*: finite, nothing to compare with; –: neither scores nor boxes nor a mask), and the side in pixels of
the drawing of which a step was made.

| network | exporter | M parameters | layers | off | Grad-CAM | draws | lowered: off | Grad-CAM | draws |
|---|---|---|---|---|---|---|---|---|---|
";
