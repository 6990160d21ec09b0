//! Gradients of random windows, and of whole networks, against differences of the objective on the CPU engine.

use std::collections::BTreeMap;
use std::f32::consts::FRAC_1_SQRT_2;
use std::path::{Path, PathBuf};

use crate::support::{analyse, read_model, run};
use featurescope::domain::tensor::Tensor;
use featurescope::onnx::core_set::check;
use featurescope::onnx::gradient::{Gradient, GradientOptions, Rectifiers, gradient};
use featurescope::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use featurescope::onnx::layers;
use featurescope::onnx::lower::{Limits, lower};
use featurescope::onnx::operator::{OWN_SET, QUANTIZE_DEQUANTIZE};
use featurescope::onnx::shapes::settle_inputs;
use proptest::prelude::*;

/// Numbers between −1 and 1 that look random.
fn numbers(count: usize, seed: usize) -> Vec<f32> {
    #[expect(clippy::cast_precision_loss, reason = "below 2^24")]
    let number = |index: usize| {
        let mixed = (index * 7919 + seed * 104_729 + 12_345) % 65_537 * 7 % 2_001;
        mixed as f32 / 1_000.0 - 1.0
    };
    (0..count).map(number).collect()
}

fn integers(values: impl IntoIterator<Item = usize>) -> Attribute {
    Attribute::Ints(values.into_iter().map(|value| i64::try_from(value).unwrap()).collect())
}

/// A gradient graph with what it is run on.
struct Ready {
    gradient: Gradient,
    input: String,
    weights: Tensor,
}

impl Ready {
    fn new(graph: &Graph, inputs: &BTreeMap<String, Tensor>) -> Result<Self, String> {
        let (graph, shapes) = analyse(graph, inputs)?;
        let lowered = lower(&graph, &shapes, &Limits::default()).map_err(|error| error.to_string())?;
        let (objective, input) = (&graph.outputs[0], &graph.inputs[0].name);
        let options = GradientOptions {
            objective,
            with_respect_to: input,
            more: &[],
            read_from: None,
            also: &[],
            rectifiers: Rectifiers::Exact,
            beyond_limits: false,
        };
        let gradient = gradient(&lowered, &options, &Limits::default()).map_err(|error| error.to_string())?;
        check(&gradient.graph).map_err(|error| error.to_string())?;
        let shape = lowered.shapes[objective].clone();
        let weights = Tensor::new(shape.clone(), numbers(shape.iter().product(), 3)).unwrap();
        Ok(Self { gradient, input: input.clone(), weights })
    }

    fn run(&self, input: &Tensor) -> Result<(f32, Vec<f32>), String> {
        let inputs = BTreeMap::from([
            (self.input.clone(), input.clone()),
            (self.gradient.weights.clone(), self.weights.clone()),
        ]);
        let mut results = run(&self.gradient.graph, &inputs).map_err(|error| error.to_string())?;
        let gradient = results.remove(&self.gradient.gradient).unwrap().into_data();
        Ok((results[&self.gradient.objective].data()[0], gradient))
    }

    /// How far the objective rises between two points a step before and after the input, and how far by the gradient; and
    /// the sum of the absolute parts of the latter.
    fn rises(&self, input: &Tensor, step: &[f32]) -> Result<[f32; 3], String> {
        let moved = |sign: f32| {
            let values = input.data().iter().zip(step).map(|(value, step)| value + sign * step).collect();
            self.run(&Tensor::new(input.shape().to_vec(), values).unwrap()).map(|(value, _)| value)
        };
        let measured = moved(1.0)? - moved(-1.0)?;
        let (_, gradient) = self.run(input)?;
        let parts: Vec<f32> = gradient.iter().zip(step).map(|(slope, step)| 2.0 * slope * step).collect();
        Ok([measured, parts.iter().sum(), parts.iter().map(|part| part.abs()).sum()])
    }
}

/// A graph of one node that reads an input of this shape.
fn one_node(shape: &[usize], node: Node, constants: BTreeMap<String, Constant>) -> Graph {
    Graph {
        inputs: vec![Input { name: "x".to_owned(), shape: shape.iter().copied().map(Dimension::Fixed).collect() }],
        outputs: vec![node.output().to_owned()],
        nodes: vec![node],
        constants,
        opsets: BTreeMap::from([(String::new(), 13)]),
        stated_shapes: BTreeMap::new(),
    }
}

fn agrees(graph: &Graph, input: Tensor, step: &[f32]) -> Result<(), TestCaseError> {
    let inputs = BTreeMap::from([("x".to_owned(), input)]);
    // A window that does not fit is no case.
    if analyse(graph, &inputs).is_err() {
        return Err(TestCaseError::reject("the window does not fit"));
    }
    let ready = Ready::new(graph, &inputs).map_err(TestCaseError::fail)?;
    let [measured, expected, size] = ready.rises(&inputs["x"], step).map_err(TestCaseError::fail)?;
    prop_assert!((measured - expected).abs() <= 2e-3 * size.max(1e-3), "rises by {measured} and not by {expected}");
    Ok(())
}

fn pair(most: usize) -> impl Strategy<Value = [usize; 2]> {
    [1..=most, 1..=most]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    /// A convolution is linear, so any step will do.
    #[test]
    fn convolutions_of_any_form(
        size in [4..10_usize, 4..10_usize],
        (groups, inputs, outputs) in (1..4_usize, 1..4_usize, 1..4_usize),
        (kernel, strides, dilations) in (pair(4), pair(4), pair(3)),
        pads in [0..6_usize, 0..6, 0..6, 0..6],
    ) {
        let shape = [1, groups * inputs, size[0], size[1]];
        let node = Node::new("Conv", &["x", "kernel"], "y")
            .with("strides", integers(strides))
            .with("dilations", integers(dilations))
            .with("pads", integers(pads))
            .with("group", Attribute::Int(i64::try_from(groups).unwrap()));
        let kernel = vec![groups * outputs, inputs, kernel[0], kernel[1]];
        let count = kernel.iter().product();
        let constants = BTreeMap::from([("kernel".to_owned(), Constant::floats(kernel, numbers(count, 1)))]);
        let count = shape.iter().product();
        let input = Tensor::new(shape.to_vec(), numbers(count, 2)).unwrap();
        agrees(&one_node(&shape, node, constants), input, &numbers(count, 5))?;
    }

    /// A pooling is linear as long as the order of the values does not change.
    #[test]
    fn poolings_of_any_form(
        average in any::<bool>(),
        counted in any::<bool>(),
        size in [4..10_usize, 4..10_usize],
        (kernel, strides, gaps) in (pair(5), pair(4), pair(4)),
        pads in [0..5_usize, 0..5, 0..5, 0..5],
    ) {
        let shape = [1, 2, size[0], size[1]];
        // ONNX asks for pads smaller than the kernel.
        let pads: [usize; 4] = std::array::from_fn(|side| pads[side] % kernel[side % 2]);
        let mut node = Node::new(if average { "AveragePool" } else { "MaxPool" }, &["x"], "y")
            .with("kernel_shape", integers(kernel))
            .with("strides", integers(strides))
            .with("pads", integers(pads));
        if average {
            node = node.with("count_include_pad", Attribute::Int(i64::from(counted)));
        } else {
            // A window that is larger than the picture may see nothing but padding.
            let fits = |axis: usize| (kernel[axis] - 1) * gaps[axis] < size[axis];
            let dilations: [usize; 2] = std::array::from_fn(|axis| if fits(axis) { gaps[axis] } else { 1 });
            node = node.with("dilations", integers(dilations));
        }
        let count: usize = shape.iter().product();
        // 211 is prime, so no two values are equal, and the least difference is 1 / 211.
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let values = (0..count).map(|index| (index * 83 % 211) as f32 / 211.0 - 0.4).collect();
        let step: Vec<f32> = numbers(count, 5).iter().map(|value| value / 500.0).collect();
        agrees(&one_node(&shape, node, BTreeMap::new()), Tensor::new(shape.to_vec(), values).unwrap(), &step)?;
    }
}

/// Every network of tests/architectures can be differentiated, and rises along its gradient as much as that says. Kinks on the
/// way and the rounding of f32 leave a few percent.
#[test]
fn every_architecture_rises_along_its_gradient() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/architectures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "onnx"));
    paths.sort();
    assert!(paths.len() >= 20, "only {} architectures were found", paths.len());
    let failures: Vec<String> = paths.iter().filter_map(|path| rises_along_its_gradient(path).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn rises_along_its_gradient(path: &Path) -> Result<(), String> {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let named = |error: String| format!("{name}: {error}");
    let mut graph = read_model(path);
    graph.outputs.truncate(1);
    let shapes = settle_inputs(&graph, Some([64, 64])).unwrap();
    let shape = shapes[&graph.inputs[0].name].clone();
    let input = Tensor::new(shape.clone(), numbers(shape.iter().product(), 2)).unwrap();
    let inputs = BTreeMap::from([(graph.inputs[0].name.clone(), input.clone())]);
    let ready = Ready::new(&graph, &inputs).map_err(named)?;
    let (_, gradient) = ready.run(&input).map_err(named)?;
    let length = gradient.iter().map(|slope| slope * slope).sum::<f32>().sqrt();
    let step: Vec<f32> = gradient.iter().map(|slope| slope / length * 0.01).collect();
    let [measured, expected, _] = ready.rises(&input, &step).map_err(named)?;
    println!("{name}: rises by {measured} and by its gradient by {expected}");
    if (measured - expected).abs() <= 0.05 * expected {
        Ok(())
    } else {
        Err(format!("{name}: rises by {measured} and not by {expected}"))
    }
}

/// Every layer can be the objective, and the value that derivatives are taken with respect to, also where lowering keeps it in
/// another order than the file.
#[test]
fn every_layer_has_a_gradient() {
    for name in ["unet", "convnext", "shufflenet_v2", "mobilenet_v3"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/architectures/{name}.onnx"));
        let graph = read_model(&path);
        let sizes = settle_inputs(&graph, Some([64, 64])).unwrap();
        let tensor = |shape: Vec<usize>| Tensor::new(shape.clone(), vec![0.5; shape.iter().product()]).unwrap();
        let inputs = sizes.into_iter().map(|(name, shape)| (name, tensor(shape))).collect();
        let (graph, shapes) = analyse(&graph, &inputs).unwrap();
        for layer in layers::list(&graph, &shapes) {
            let mut graph = graph.clone();
            graph.outputs.truncate(1);
            if !graph.outputs.contains(&layer.id) {
                graph.outputs.push(layer.id.clone());
            }
            let lowered = lower(&graph, &shapes, &Limits::default()).unwrap();
            let (input, scores) = (&graph.inputs[0].name, &graph.outputs[0]);
            for (objective, with_respect_to) in [(&layer.id, input), (scores, &layer.id)] {
                let also = [layer.id.clone()];
                let options = GradientOptions {
                    objective,
                    with_respect_to,
                    more: &[],
                    read_from: None,
                    also: &also,
                    rectifiers: Rectifiers::Exact,
                    beyond_limits: false,
                };
                let found = gradient(&lowered, &options, &Limits::default());
                let found = found.unwrap_or_else(|error| panic!("{name}, {}: {error}", layer.id));
                assert_eq!(found.shapes[&found.gradient], lowered.shapes[with_respect_to], "{name}, {}", layer.id);
                assert_eq!(found.graph.outputs, [&found.objective[..], &found.gradient[..], &layer.id[..]]);
            }
        }
    }
}

/// Functions whose derivatives are known, at 0 as well, where a map has most of its values after a Relu.
#[test]
fn inverse_functions_of_angles_have_their_derivatives() {
    type Kind = (&'static str, [f32; 4], fn(f32) -> f32);
    let kinds: [Kind; 8] = [
        ("Atan", [1.0, -1.0, 0.999_999, 1.000_001], |x| 1.0 / (1.0 + x * x)),
        ("Asin", [FRAC_1_SQRT_2, -FRAC_1_SQRT_2, 0.707, 0.708], |x| 1.0 / (1.0 - x * x).sqrt()),
        ("Asin", [0.0, 0.5, -0.5, 0.9], |x| 1.0 / (1.0 - x * x).sqrt()),
        ("Acos", [0.0, 0.5, -0.5, 0.9], |x| -1.0 / (1.0 - x * x).sqrt()),
        ("Atan", [0.0, 0.25, -0.75, 4.0], |x| 1.0 / (1.0 + x * x)),
        ("Asinh", [0.0, 0.5, -2.0, 30.0], |x| 1.0 / (x * x + 1.0).sqrt()),
        ("Acosh", [1.25, 1.5, 2.0, 30.0], |x| 1.0 / (x * x - 1.0).sqrt()),
        ("Atanh", [0.0, 0.5, -0.5, 0.9], |x| 1.0 / (1.0 - x * x)),
    ];
    for (op, points, derivative) in kinds {
        let graph = one_node(&[1, 1, 2, 2], Node::new(op, &["x"], "y"), BTreeMap::new());
        let input = Tensor::new(vec![1, 1, 2, 2], points.to_vec()).unwrap();
        let ready = Ready::new(&graph, &BTreeMap::from([("x".to_owned(), input.clone())])).unwrap();
        let (_, found) = ready.run(&input).unwrap();
        for ((&x, &found), &weight) in points.iter().zip(&found).zip(ready.weights.data()) {
            let expected = weight * derivative(x);
            assert!((found - expected).abs() <= 1e-4 * derivative(x).abs(), "{op} at {x}: {found}, not {expected}");
        }
    }
}

/// What picks, places and adds elements is linear.
#[test]
fn picking_and_placing_has_the_gradient_of_its_differences() {
    let shape = [1, 3, 4, 5];
    let constants = BTreeMap::from([
        ("axis".to_owned(), Constant::integers(vec![], vec![2])),
        ("tuples".to_owned(), Constant::integers(vec![3, 2], vec![0, 2, 0, 0, 0, 2])),
        ("two".to_owned(), Constant::integers(vec![1, 1, 4, 2], vec![0, 4, 1, 1, 2, 3, -1, 0])),
        ("some".to_owned(), Constant::floats(vec![3, 4, 5], numbers(60, 4))),
    ]);
    let nodes = [
        Node::new("CumSum", &["x", "axis"], "y").with("exclusive", Attribute::Int(1)),
        Node::new("Trilu", &["x"], "y").with("upper", Attribute::Int(0)),
        Node::new("GatherND", &["x", "tuples"], "y"),
        Node::new("GatherElements", &["x", "two"], "y").with("axis", Attribute::Int(3)),
        Node::new("ScatterND", &["x", "tuples", "some"], "y"),
    ];
    for node in nodes {
        let op = node.op.clone();
        let graph = one_node(&shape, node, constants.clone());
        let input = Tensor::new(shape.to_vec(), numbers(60, 1)).unwrap();
        agrees(&graph, input, &numbers(60, 2)).unwrap_or_else(|error| panic!("{op}: {error}"));
    }
}

/// A convolution over a volume is linear, and its maxima are as long as their order stays.
#[test]
fn windows_over_volumes_have_the_gradient_of_their_differences() {
    let shape = [1, 4, 4, 6, 5];
    let count: usize = shape.iter().product();
    let list = |numbers: &[i64]| Attribute::Ints(numbers.to_vec());
    let constants = BTreeMap::from([
        ("kernel".to_owned(), Constant::floats(vec![6, 2, 3, 2, 3], numbers(6 * 2 * 18, 1))),
        ("bias".to_owned(), Constant::floats(vec![6], numbers(6, 3))),
        ("spread".to_owned(), Constant::floats(vec![4, 3, 2, 3, 2], numbers(4 * 3 * 12, 4))),
    ]);
    let nodes = [
        Node::new("Conv", &["x", "kernel", "bias"], "y")
            .with("group", Attribute::Int(2))
            .with("strides", list(&[2, 3, 1]))
            .with("dilations", list(&[1, 2, 1]))
            .with("pads", list(&[1, 0, 1, 1, 1, 0])),
        Node::new("ConvTranspose", &["x", "spread"], "y")
            .with("strides", list(&[2, 1, 2]))
            .with("pads", list(&[0, 1, 1, 1, 0, 1])),
        Node::new("MaxPool", &["x"], "y")
            .with("kernel_shape", list(&[2, 3, 2]))
            .with("strides", list(&[1, 2, 2]))
            .with("pads", list(&[1, 0, 1, 0, 1, 0])),
    ];
    for node in nodes {
        let op = node.op.clone();
        let graph = one_node(&shape, node, constants.clone());
        // 487 is prime, so no two values are equal.
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let values = (0..count).map(|index| (index * 83 % 487) as f32 / 487.0 - 0.4).collect();
        let step: Vec<f32> = numbers(count, 5).iter().map(|value| value / 1500.0).collect();
        let input = Tensor::new(shape.to_vec(), values).unwrap();
        agrees(&graph, input, &step).unwrap_or_else(|error| panic!("{op}: {error}"));
    }
}

/// Within the range of the integers a rounding lets everything through, and beyond it nothing.
#[test]
fn quantised_values_pass_the_gradient_straight_through() {
    let constants = BTreeMap::from([("scale".to_owned(), Constant::floats(vec![], vec![0.5]))]);
    let mut node = Node::new(QUANTIZE_DEQUANTIZE, &["x", "scale"], "y")
        .with("low", Attribute::Float(-2.0))
        .with("high", Attribute::Float(3.0));
    OWN_SET.clone_into(&mut node.domain);
    let graph = one_node(&[1, 1, 2, 2], node, constants);
    let input = Tensor::new(vec![1, 1, 2, 2], vec![0.1, -0.6, 1.7, -1.2]).unwrap();
    let ready = Ready::new(&graph, &BTreeMap::from([("x".to_owned(), input.clone())])).unwrap();
    let (_, found) = ready.run(&input).unwrap();
    let weights = ready.weights.data();
    assert_eq!(found, [weights[0], weights[1], 0.0, 0.0]);
}
