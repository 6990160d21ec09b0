//! Gradients on the CPU engine against what PyTorch computes in float64 (`tests/gradients/`, whose record.py describes the
//! files), and against differences of the objective itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{analyse, model_file, read_model, run};
use featurescope::analysis::evaluate::{Objective, differentiate};
use featurescope::domain::objective::{class_score, weighted_means};
use featurescope::domain::tensor::Tensor;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::core_set::check;
use featurescope::onnx::cut::cut;
use featurescope::onnx::gradient::{Gradient, GradientError, GradientOptions, Rectifiers, gradient};
use featurescope::onnx::graph::Graph;
use featurescope::onnx::lower::{Limits, Lowered, lower};
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// The largest error, as a part of the largest |gradient|.
const TOLERANCE: f32 = 1e-3;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    note: String,
    objective: String,
    with_respect_to: String,
    rectifiers: String,
    value: f32,
    inputs: Vec<Values>,
    weights: Values,
    gradient: Values,
}

#[derive(Deserialize)]
struct Values {
    #[serde(default)]
    name: String,
    shape: Vec<usize>,
    file: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gradients")
}

fn read_json<T: DeserializeOwned>(path: &Path) -> T {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
}

fn names() -> Vec<String> {
    let names: Vec<String> = read_json(&folder().join("ops/index.json"));
    assert!(names.len() >= 160, "the list of cases is not whole: {}", names.len());
    names
}

/// A case, made ready to run.
struct Loaded {
    case: Case,
    inputs: BTreeMap<String, Tensor>,
    weights: Tensor,
    expected: Vec<f32>,
    lowered: Lowered,
    gradient: Gradient,
}

impl Case {
    fn rectifiers(&self) -> Rectifiers {
        match self.rectifiers.as_str() {
            "exact" => Rectifiers::Exact,
            "open-at-objective" => Rectifiers::OpenAtObjective,
            "open" => Rectifiers::Open,
            other => panic!("unknown rectifiers {other}"),
        }
    }
}

fn load(name: &str) -> Loaded {
    let folder = folder().join("ops").join(name);
    let case: Case = read_json(&folder.join("case.json"));
    let values = |values: &Values| floats(&fs::read(folder.join(&values.file)).unwrap());
    let tensor = |it: &Values| (it.name.clone(), Tensor::new(it.shape.clone(), values(it)).unwrap());
    let inputs: BTreeMap<String, Tensor> = case.inputs.iter().map(tensor).collect();
    let (mut graph, shapes) = analyse(&read_model(&folder.join("model.onnx")), &inputs).unwrap();
    // Only an output is sure to keep its name when the graph is lowered.
    if !inputs.contains_key(&case.with_respect_to) {
        graph.outputs.push(case.with_respect_to.clone());
    }
    let lowered = lower(&graph, &shapes, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let options = GradientOptions {
        objective: &case.objective,
        with_respect_to: &case.with_respect_to,
        more: &[],
        read_from: None,
        also: &[],
        rectifiers: case.rectifiers(),
        beyond_limits: false,
    };
    let gradient = gradient(&lowered, &options, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    // The weights have the shape of the lowered value, which may have more dimensions of length 1.
    let weights = Tensor::new(lowered.shapes[&case.objective].clone(), values(&case.weights)).unwrap();
    let expected = values(&case.gradient);
    Loaded { case, inputs, weights, expected, lowered, gradient }
}

/// The objective and its gradient.
fn evaluate(gradient: &Gradient, inputs: &BTreeMap<String, Tensor>, weights: &Tensor) -> Result<(f32, Tensor), String> {
    let mut inputs = inputs.clone();
    inputs.insert(gradient.weights.clone(), weights.clone());
    let mut results = run(&gradient.graph, &inputs).map_err(|error| error.to_string())?;
    let value = results.remove(&gradient.objective).unwrap();
    assert_eq!(value.shape(), [1, 1, 1, 1]);
    Ok((value.data()[0], results.remove(&gradient.gradient).unwrap()))
}

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}

/// The largest difference; infinite where a value is not a number or one is missing.
fn error(actual: &[f32], expected: &[f32]) -> f32 {
    if actual.len() != expected.len() {
        return f32::INFINITY;
    }
    let differences = actual.iter().zip(expected).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, |worst, it| if it.is_nan() { f32::INFINITY } else { worst.max(it) })
}

#[test]
fn every_case_agrees_with_pytorch() {
    let mut failures = Vec::new();
    let mut worst = 0.0_f32;
    for name in names() {
        let Loaded { case, inputs, weights, expected, gradient, .. } = load(&name);
        let mut fail = |detail: String| failures.push(format!("{name} ({}): {detail}", case.note));
        match evaluate(&gradient, &inputs, &weights) {
            Ok((value, actual)) => {
                let off = error(actual.data(), &expected) / largest(&expected).max(1e-6);
                worst = worst.max(off);
                if off > TOLERANCE {
                    fail(format!("the gradient is off by {off:e}"));
                }
                if (value - case.value).abs() > 1e-4 * case.value.abs().max(1.0) {
                    fail(format!("the objective is {value} and not {}", case.value));
                }
            }
            Err(error) => fail(error),
        }
    }
    println!("largest error of a case: {worst:e} of its largest |gradient|");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// Cases where a small step crosses a kink or a tie, or where the gradient is not that of the objective.
const NOT_SMOOTH: &[&str] =
    &["max-pool-ties", "open-at-objective", "open-everywhere", "sign-only", "layer-as-variable", "log-at-zero"];

/// Inputs of these cases lie exactly where the slope changes.
fn is_at_kinks(name: &str) -> bool {
    name.ends_with("-at-kinks")
}

/// Along a random direction the objective rises as the gradient says: a central difference, on the engine itself.
#[test]
fn every_case_agrees_with_differences_of_the_objective() {
    let mut failures = Vec::new();
    for name in names().iter().filter(|name| !NOT_SMOOTH.contains(&name.as_str()) && !is_at_kinks(name)) {
        let Loaded { case, inputs, weights, gradient, .. } = load(name);
        let input = &inputs[&case.with_respect_to];
        let direction = picture(input.shape().to_vec());
        let step = 2e-3;
        let moved = |distance: f32| {
            let values = input.data().iter().zip(direction.data()).map(|(value, along)| value + distance * along);
            let mut inputs = inputs.clone();
            inputs.insert(case.with_respect_to.clone(), Tensor::new(input.shape().to_vec(), values.collect()).unwrap());
            evaluate(&gradient, &inputs, &weights).unwrap().0
        };
        let measured = (moved(step) - moved(-step)) / (2.0 * step);
        let (_, slopes) = evaluate(&gradient, &inputs, &weights).unwrap();
        let parts: Vec<f32> = slopes.data().iter().zip(direction.data()).map(|(slope, along)| slope * along).collect();
        let expected: f32 = parts.iter().sum();
        let size: f32 = parts.iter().map(|part| part.abs()).sum();
        if (measured - expected).abs() > 1e-2 * size {
            failures.push(format!("{name}: rises by {measured} and not by {expected}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[derive(Deserialize)]
struct Objectives {
    model: String,
    layer: String,
    input: String,
    shape: Vec<usize>,
    cases: Vec<ObjectiveCase>,
}

#[derive(Deserialize)]
struct ObjectiveCase {
    map: usize,
    row: Option<usize>,
    column: Option<usize>,
    value: f32,
    largest: f32,
    positions: Vec<usize>,
    gradient: Vec<f32>,
}

/// The sum of a map and one position of it, by the function that differentiates any model (`objectives.py`).
#[test]
fn a_sum_and_a_position_agree_with_pytorch() {
    let Objectives { model: path, layer, input, shape, cases } = read_json(&folder().join("objectives.json"));
    let bytes = fs::read(Path::new("models").join(path)).unwrap();
    let model = read(Bytes32::from(&bytes[..]), Vec::new()).unwrap();
    let given = picture(shape);
    for case in &cases {
        let objective = match (case.row, case.column) {
            (Some(row), Some(column)) => Objective::Position { map: case.map, row, column },
            _ => Objective::Sum(case.map),
        };
        let inputs = [(&input[..], &given)];
        let found = differentiate(&model, &RtenEngine, &inputs, &layer, &input, &objective);
        let (value, slopes) = pollster::block_on(found).unwrap();
        let computed: Vec<f32> = case.positions.iter().map(|&position| slopes.data()[position]).collect();
        let off = error(&computed, &case.gradient) / case.largest;
        println!("{objective:?}: {value}, the gradient off by {off:e} of its largest number");
        assert!(off <= TOLERANCE, "{objective:?}: off by {off}");
        assert!((value - case.value).abs() <= 1e-4 * case.value.abs(), "{objective:?}: {value} for {}", case.value);
    }
    assert_eq!(cases.len(), 2);
}

/// Element by element the objective rises as the gradient says: central differences in float64 (`differences.py`), which knows no
/// rule of differentiation.
#[test]
fn every_operator_agrees_with_differences_in_float64() {
    /// Two whose gradient is not that of the objective, one at ties, one at the end of a logarithm.
    const LEFT_OUT: usize = 4;
    let recorded: BTreeMap<String, Vec<(usize, f64)>> = read_json(&folder().join("differences.json"));
    let mut elements = 0;
    let mut worst = 0.0_f64;
    assert_eq!(recorded.len(), names().iter().filter(|name| !is_at_kinks(name)).count() - LEFT_OUT);
    for (name, differences) in &recorded {
        let Loaded { inputs, weights, expected, gradient, .. } = load(name);
        let (_, slopes) = evaluate(&gradient, &inputs, &weights).unwrap();
        let largest = f64::from(largest(&expected).max(1e-6));
        assert!(!differences.is_empty(), "{name}: no element is recorded");
        elements += differences.len();
        for &(element, slope) in differences {
            let off = (f64::from(slopes.data()[element]) - slope).abs() / largest;
            worst = worst.max(off);
            assert!(off <= f64::from(TOLERANCE), "{name}, element {element}: {} for {slope}", slopes.data()[element]);
        }
    }
    println!("{elements} elements, at most off by {worst:e} of the largest |gradient|");
    assert!(elements >= 900, "fewer are recorded than differences.py records");
}

/// What a node computes, whatever it is called.
fn work(node: &featurescope::onnx::graph::Node) -> String {
    format!("{} {:?} {:?}", node.op, node.inputs, node.attributes)
}

/// The forward pass is there once, as it was lowered; nothing after the objective; no node does what another one does.
fn assert_nothing_is_computed_twice(name: &str, gradient: &Gradient, lowered: &Lowered, objective: &str) {
    check(&gradient.graph).unwrap_or_else(|error| panic!("{name}: {error}"));
    let forward = cut(&lowered.graph, &[objective.to_owned()]).unwrap();
    let known: BTreeSet<&str> = lowered.graph.nodes.iter().map(|node| node.output()).collect();
    let kept: Vec<_> = gradient.graph.nodes.iter().filter(|node| known.contains(node.output())).cloned().collect();
    assert_eq!(kept, forward.nodes, "{name}");
    let mut seen = BTreeSet::new();
    for node in &gradient.graph.nodes {
        assert!(seen.insert(work(node)), "{name}: {} is done twice: {}", node.name, work(node));
    }
    let names: BTreeSet<&str> = gradient.graph.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names.len(), gradient.graph.nodes.len(), "{name}: two nodes have the same name");
}

#[test]
fn nothing_is_computed_twice() {
    for name in names() {
        let Loaded { case, lowered, gradient, .. } = load(&name);
        assert_nothing_is_computed_twice(&name, &gradient, &lowered, &case.objective);
    }
}

/// A case in the form of `tests/ops`, for which the browser tests know how to run it on either engine: the gradient graph
/// as a model, whose weights are an input and whose outputs are the sum and the gradient.
fn graph_case(name: &str, loaded: &Loaded) -> String {
    let Loaded { case, gradient, .. } = loaded;
    let shape = |name: &str| gradient.shapes[name].clone();
    let inputs = gradient.graph.inputs.iter().map(|input| {
        let values = case.inputs.iter().find(|values| values.name == input.name).unwrap_or(&case.weights);
        json!({ "name": input.name, "shape": shape(&input.name), "file": format!("../../ops/{name}/{}", values.file) })
    });
    let content = json!({
        "note": case.note,
        "row": "gradient",
        "inputs": inputs.collect::<Vec<_>>(),
        "outputs": [
            { "name": gradient.objective, "shape": [1, 1, 1, 1], "file": "objective.f32" },
            {
                "name": gradient.gradient,
                "shape": shape(&gradient.gradient),
                "file": format!("../../ops/{name}/{}", case.gradient.file),
            },
        ],
        "tolerance": 1e-4,
        "lowered": true,
    });
    format!("{}\n", serde_json::to_string_pretty(&content).unwrap())
}

/// With the variable UPDATE_GRADIENT_GRAPHS set, writes the graphs anew.
#[test]
fn the_graphs_for_the_browser_are_those_of_today() {
    let update = std::env::var_os("UPDATE_GRADIENT_GRAPHS").is_some();
    for name in names() {
        let loaded = load(&name);
        let folder = folder().join("graphs").join(&name);
        let files = [
            ("model.onnx", model_file(&loaded.gradient.graph)),
            ("case.json", graph_case(&name, &loaded).into_bytes()),
            ("objective.f32", loaded.case.value.to_le_bytes().to_vec()),
        ];
        fs::create_dir_all(&folder).unwrap();
        for (file, content) in files {
            let path = folder.join(file);
            if update {
                fs::write(&path, content).unwrap();
            } else {
                let found = fs::read(&path).unwrap_or_default();
                assert!(found == content, "{}: run with UPDATE_GRADIENT_GRAPHS=1", path.display());
            }
        }
        // The page lowers whatever it runs, so a lowered graph has to come through that once more.
        let mut inputs = loaded.inputs.clone();
        inputs.insert(loaded.gradient.weights.clone(), loaded.weights.clone());
        inputs.retain(|name, _| loaded.gradient.graph.inputs.iter().any(|input| input.name == *name));
        let widened = inputs.into_iter().map(|(name, tensor)| {
            let shape = loaded.gradient.shapes[&name].clone();
            (name, Tensor::new(shape, tensor.into_data()).unwrap())
        });
        let inputs = widened.collect();
        let (graph, shapes) = analyse(&read_model(&folder.join("model.onnx")), &inputs).unwrap();
        let again = lower(&graph, &shapes, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let results = run(&again.graph, &inputs).unwrap_or_else(|error| panic!("{name}: {error}"));
        let off = error(results[&loaded.gradient.gradient].data(), &loaded.expected);
        assert!(off <= TOLERANCE * largest(&loaded.expected).max(1e-6), "{name}: lowered again it is off by {off}");
    }
}

/// Numbers between −2 and 2 that look random; record.py makes the same.
#[expect(clippy::cast_precision_loss, reason = "only the top 24 bits are kept")]
fn picture(shape: Vec<usize>) -> Tensor {
    let mut state = 0x2545_F491_u32;
    let values = (0..shape.iter().product()).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as f32 / 16_777_216.0 * 4.0 - 2.0
    });
    let values = values.collect();
    Tensor::new(shape, values).unwrap()
}

#[derive(Deserialize)]
struct ModelCase {
    model: String,
    input: String,
    shape: Vec<usize>,
    objective: String,
    #[serde(default)]
    maps: Vec<usize>,
    class: Option<usize>,
    value: f32,
    largest: f32,
    positions: usize,
    gradient: usize,
}

fn model(file: &str) -> Graph {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let bundled = models.join(file);
    let path = if bundled.is_file() { bundled } else { models.join("fetched").join(file) };
    assert!(path.is_file(), "{file} is missing: run `cargo xtask models`, which fetches it");
    read_model(&path)
}

#[test]
fn whole_models_agree_with_pytorch() {
    const POSITIONS: usize = 1024;
    let cases: Vec<ModelCase> = read_json(&folder().join("models.json"));
    let blob = fs::read(folder().join("models.bin")).unwrap();
    assert_eq!(cases.len(), 8);
    let mut failures = Vec::new();
    for case in cases {
        let inputs = BTreeMap::from([(case.input.clone(), picture(case.shape.clone()))]);
        let (mut graph, shapes) = analyse(&model(&case.model), &inputs).unwrap();
        graph.outputs = vec![case.objective.clone()];
        let lowered = lower(&graph, &shapes, &Limits::default()).unwrap();
        let options = GradientOptions {
            objective: &case.objective,
            with_respect_to: &case.input,
            more: &[],
            read_from: None,
            also: &[],
            rectifiers: Rectifiers::Exact,
            beyond_limits: false,
        };
        let name = format!("{}, {}", case.model, case.objective);
        let gradient = gradient(&lowered, &options, &Limits::default()).unwrap();
        assert_nothing_is_computed_twice(&name, &gradient, &lowered, &case.objective);
        let shape = &lowered.shapes[&case.objective];
        let weights = match case.class {
            Some(class) => class_score(shape, class),
            None => weighted_means(shape, &case.maps.iter().map(|&map| (map, 1.0)).collect::<Vec<_>>()),
        };
        let (value, actual) = evaluate(&gradient, &inputs, &weights.unwrap()).unwrap();
        let bytes = |offset: usize| &blob[offset..offset + 4 * POSITIONS];
        let positions = bytes(case.positions).chunks_exact(4).map(|four| u32::from_le_bytes(four.try_into().unwrap()));
        let computed: Vec<f32> = positions.map(|position| actual.data()[position as usize]).collect();
        let off = error(&computed, &floats(bytes(case.gradient))) / case.largest;
        let largest_off = (largest(actual.data()) - case.largest).abs() / case.largest;
        let forward = cut(&lowered.graph, &lowered.graph.outputs).unwrap().nodes.len();
        println!(
            "{name}: {forward} nodes and {} more; error {off:e} of the largest |gradient|",
            gradient.graph.nodes.len() - forward
        );
        if off > TOLERANCE || largest_off > TOLERANCE {
            failures.push(format!("{name}: off by {off:e}, and the largest by {largest_off:e}"));
        }
        if (value - case.value).abs() > 1e-3 * case.value.abs() {
            failures.push(format!("{name}: the objective is {value} and not {}", case.value));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_cannot_be_differentiated_is_named() {
    let Loaded { lowered, case, .. } = load("layer-as-variable");
    let of = |objective: &str, with_respect_to: &str| {
        let options = GradientOptions {
            objective,
            with_respect_to,
            more: &[],
            read_from: None,
            also: &[],
            rectifiers: Rectifiers::Exact,
            beyond_limits: false,
        };
        gradient(&lowered, &options, &Limits::default()).map(|_| ()).unwrap_err()
    };
    assert!(matches!(of("nothing", "input"), GradientError::Cut(_)));
    assert!(matches!(of(&case.with_respect_to, &case.objective), GradientError::NotConnected { .. }));
    assert!(matches!(of(&case.objective, "nothing"), GradientError::NotConnected { .. }));
}

/// For each element of the objective's value by itself: where nothing would pass its activation, the true gradient is zero.
#[test]
fn an_open_gradient_tells_where_the_true_one_is_zero() {
    assert_eq!(load("open-everywhere").gradient.passing, None);
    let Loaded { inputs, weights, lowered, gradient: open, case, .. } = load("open-at-objective");
    let passing = open.passing.as_deref().unwrap();
    let options = GradientOptions {
        objective: &case.objective,
        with_respect_to: &case.with_respect_to,
        more: &[],
        read_from: None,
        also: &[],
        rectifiers: Rectifiers::Exact,
        beyond_limits: false,
    };
    let exact = gradient(&lowered, &options, &Limits::default()).unwrap();
    assert_eq!(exact.passing, None);
    let (mut stopped, mut passed) = (0, 0);
    for element in 0..weights.data().len() {
        let mut one = vec![0.0; weights.data().len()];
        one[element] = 1.0;
        let one = Tensor::new(weights.shape().to_vec(), one).unwrap();
        let mut given = inputs.clone();
        given.insert(open.weights.clone(), one.clone());
        let told = run(&open.graph, &given).unwrap()[passing].data()[0];
        let (_, truth) = evaluate(&exact, &inputs, &one).unwrap();
        if told == 0.0 {
            stopped += 1;
            assert_eq!(largest(truth.data()), 0.0, "element {element}");
        } else {
            passed += 1;
            assert_eq!(told, 1.0, "element {element}");
            assert!(largest(truth.data()) > 0.0, "element {element}");
        }
    }
    assert!(stopped > 10 && passed > 10, "{stopped} stopped, {passed} passed");
}
