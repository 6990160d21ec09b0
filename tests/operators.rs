//! The table of operators (`src/onnx/operator/table.rs`): complete, in step with ONNX's definitions, tested, and written down.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::grid::Grid;
use featurescope::onnx::operator::{Cpu, Family, OPERATORS, OWN_SET, Operator};
use featurescope::onnx::proto::ModelProto;
use featurescope::onnx::read::OPSETS;
use prost::Message;
use serde::Deserialize;

/// What `tests/operators/record.py` records.
#[derive(Deserialize)]
struct Recorded {
    onnx: String,
    set: i64,
    operators: BTreeMap<String, BTreeMap<i64, Definition>>,
}

/// What a set of ONNX says of an operator, without types.
#[derive(Deserialize, PartialEq, Debug)]
struct Definition {
    attributes: Vec<String>,
    inputs: Vec<String>,
    outputs: Vec<String>,
}

/// Operators that may stand where constants are computed and nowhere else, so that no engine has them.
const OF_CONSTANTS_ALONE: &[&str] =
    &["CastLike", "Constant", "ConstantOfShape", "Dropout", "NonZero", "Range", "Shape", "Size"];

/// Operators whose shapes alone are known: what lies before them is looked at, they are not run.
const NOT_RUN: &[&str] = &["BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn recorded() -> Recorded {
    serde_json::from_str(&fs::read_to_string(root().join("tests/operators/schemas.json")).unwrap()).unwrap()
}

#[test]
fn records_are_sorted_and_found() {
    let keys: Vec<_> = OPERATORS.iter().map(|operator| (operator.domain, operator.name)).collect();
    assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "the table is not in order, or has an operator twice");
    for operator in OPERATORS {
        assert_eq!(Operator::named(operator.domain, operator.name), Some(operator));
    }
    assert_eq!(Operator::named("ai.onnx", "Conv"), Operator::named("", "Conv"));
    assert_eq!(Operator::named("com.microsoft", "Conv"), None);
}

/// A new set of ONNX that changes what we read of an operator fails here until somebody has read the change. Changes of types do not
/// matter: numbers are floats here, and what else there may be is refused where it is read.
#[test]
fn definitions_are_read_up_to_the_newest_set() {
    let Recorded { onnx, set, operators } = recorded();
    assert_eq!(OPSETS.end(), &set, "onnx {onnx} has operator sets up to {set}");
    for operator in OPERATORS.iter().filter(|operator| operator.domain != OWN_SET) {
        let name = operator.name;
        let sets = operators.get(name).unwrap_or_else(|| panic!("onnx {onnx} has no operator {name}"));
        assert_eq!(sets.keys().next(), Some(&operator.since), "{name} came with another set");
        let read = sets.get(&operator.newest_read);
        let read = read.unwrap_or_else(|| panic!("set {} did not change {name}", operator.newest_read));
        for (set, definition) in sets.range(operator.newest_read + 1..) {
            assert_eq!(definition, read, "set {set} changed {name}: read it, and mark it as read");
        }
    }
}

#[test]
fn records_are_complete() {
    let mut missing = Vec::new();
    for operator in OPERATORS {
        let name = operator.name;
        let mut lacks = |what: &str| missing.push(format!("{name} {what}"));
        if operator.core.is_some() && operator.lowering.is_none() {
            lacks("is a core operator, but the file's own is never lowered to it");
        }
        if operator.cpu == Some(Cpu::Rules) && operator.values.is_none() {
            lacks("is computed by rules on the CPU, and has none");
        }
        if operator.activation && operator.lowering.is_none() {
            lacks("is an activation that the GPU engine cannot have");
        }
        let runs = operator.cpu.is_some() || operator.lowering.is_some() || operator.written_out;
        let folds = operator.values.is_some();
        match (runs, OF_CONSTANTS_ALONE.contains(&name), NOT_RUN.contains(&name)) {
            (true, _, false) => {}
            (false, true, false) if folds => {}
            (false, false, true) if !folds => {}
            _ => lacks("runs on no engine, and is in neither list of such operators, or is there although it runs"),
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Every operator that runs has a case with onnxruntime's numbers, alone (`tests/ops`) or in a network (`tests/cases`).
#[test]
fn every_operator_that_runs_has_a_case() {
    let mut tested: BTreeSet<String> = BTreeSet::new();
    for file in models(&root().join("tests/ops")).into_iter().chain(models(&root().join("tests/cases"))) {
        tested.extend(operators_in(&file));
    }
    let untested: Vec<&str> = OPERATORS
        .iter()
        .filter(|operator| operator.domain != OWN_SET)
        .filter(|operator| operator.cpu.is_some() || operator.lowering.is_some() || operator.written_out)
        .map(|operator| operator.name)
        .filter(|name| !tested.contains(*name))
        .collect();
    assert!(untested.is_empty(), "no case of {}", untested.join(", "));
}

/// Operators without a form in the grid, with the reason.
const NOT_IN_GRID: &[(&str, &str)] =
    &[("IsInf", "no picture has infinite values, and no engine makes them of one"), ("IsNaN", "as IsInf")];

/// Every operator that runs has drawn forms in `tests/grid`, which are compared on both engines, with their gradients.
#[test]
fn every_operator_that_runs_is_in_the_grid() {
    let grid = Grid::read();
    let drawn: BTreeSet<&str> = grid.cases.iter().flat_map(|case| case.what.split(' ')).collect();
    let missing: Vec<&str> = OPERATORS
        .iter()
        .filter(|operator| operator.domain != OWN_SET && (operator.cpu.is_some() || operator.lowering.is_some()))
        .map(|operator| operator.name)
        .filter(|name| !drawn.contains(name) && !NOT_IN_GRID.iter().any(|(other, _)| other == name))
        .collect();
    assert!(missing.is_empty(), "no form of {}: tests/grid/generate.py draws them", missing.join(", "));
    let drawn_now: Vec<_> = NOT_IN_GRID.iter().filter(|(name, _)| drawn.contains(name)).collect();
    assert!(drawn_now.is_empty(), "take them off the list: {drawn_now:?}");
}

/// The operators of a file as its exporter wrote them, before reading writes out what is fused, quantised or a function.
fn operators_in(file: &Path) -> Vec<String> {
    let model = ModelProto::decode(&fs::read(file).unwrap()[..]).unwrap();
    let nodes = model.graph.into_iter().flat_map(|graph| graph.node);
    let inner = model.functions.into_iter().flat_map(|function| function.node);
    nodes.chain(inner).map(|node| node.op_type).collect()
}

fn models(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("model.onnx"))
        .filter(|file| file.is_file())
        .collect();
    found.sort();
    found
}

/// `docs/operators.md` is this table; `WRITE_DOCS=1 cargo test --test all operators::` writes it.
#[test]
fn the_table_is_written_down() {
    let file = root().join("docs/operators.md");
    let text = written_down();
    if std::env::var_os("WRITE_DOCS").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "docs/operators.md is not the table: write it anew with WRITE_DOCS=1");
}

fn written_down() -> String {
    let Recorded { onnx, set, .. } = recorded();
    let mut text = format!(
        "# Operators\n\n\
         What runs, from the table in `src/onnx/operator/table.rs`; `tests/operators.rs` writes this file and checks it. Operator sets {} to \
         {set} are read; definitions are those of onnx {onnx}.\n\n\
         - **CPU**: *rten* has it; *rules* computes it with the rules that fold constants; *kernel* is ours; *lowered* means made of other \
         operators.\n\
         - *written out* means made of other operators once all shapes are known, where nothing else decides what of.\n\
         - **WebGPU**: *kernel* is a kernel of the GPU engine, *lowered* means made of such.\n\
         - **Gradient**: drawing and Grad-CAM pass through it. A lowered operator has the gradient of what it is made of; where \
         that is a comparison or a choice, nothing passes through what is compared.\n\
         - An operator of which only the shape is known (—) ends what can be looked at: layers before it are shown.\n\n\
         | operator | since set | CPU | WebGPU | gradient |\n|---|---|---|---|---|\n",
        OPSETS.start(),
    );
    for operator in OPERATORS {
        let cpu = match (operator.cpu, operator.lowering) {
            (Some(Cpu::Rten | Cpu::Rewritten), _) => "rten",
            (Some(Cpu::RtenOrRules), _) => "rten, rules",
            (Some(Cpu::Rules), _) => "rules",
            (Some(Cpu::Kernel), _) => "kernel",
            (None, Some(_)) => "lowered",
            (None, None) => of_constants(operator),
        };
        let gpu = match (operator.core.map(|core| core.kernel), operator.lowering) {
            (Some(_), _) => "kernel",
            (None, Some(_)) => "lowered",
            (None, None) => of_constants(operator),
        };
        let gradient = match operator.lowering {
            Some(Family::Order) => "of the values chosen",
            Some(Family::Condition) => "of what is chosen",
            Some(_) => "yes",
            None => of_constants(operator),
        };
        let [cpu, gpu, gradient] =
            if operator.written_out { ["written out", "written out", "yes"] } else { [cpu, gpu, gradient] };
        let since = if operator.domain == OWN_SET { "ours".to_owned() } else { operator.since.to_string() };
        let _ = writeln!(text, "| {} | {since} | {cpu} | {gpu} | {gradient} |", operator.name);
    }
    text
}

fn of_constants(operator: &Operator) -> &'static str {
    if operator.values.is_some() { "of constants" } else { "—" }
}
