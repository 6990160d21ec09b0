//! Asks an engine to compute a small graph whose values are known.
//!
//! A GPU, its driver, or a browser may compute wrongly without saying so. The graph has one branch for every operator that
//! lowering writes, and several for convolutions, since each kind has a kernel of its own. It is run once for each new
//! adapter and driver.
//!
//! The recorded values were computed by onnxruntime, and those of our own operator by its definition (`self_check/record.py`).

use std::collections::BTreeMap;

use super::runner::{Engine, EngineError};
use crate::domain::tensor::Tensor;
use crate::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use crate::onnx::operator::{MAX_POOL_GRADIENT, OWN_SET};

/// All outputs one after another, as little-endian `f32`.
const RECORDED: &[u8] = include_bytes!("self_check/recorded.bin");

/// How far a value may be from the recorded one, relative to the largest of its output. Exponential functions on GPUs are
/// the least exact.
const TOLERANCE: f32 = 1e-3;

const INPUT: [usize; 4] = [1, 4, 6, 6];

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelfCheck {
    /// All values are right.
    Ok,
    /// The first operator whose values are wrong, with what kind of it.
    Mismatch { op: String },
}

/// Runs the check.
///
/// # Errors
/// Where the engine does not run the graph at all.
pub async fn self_check(engine: &dyn Engine) -> Result<SelfCheck, EngineError> {
    let outputs = outputs(engine).await?;
    let mut recorded = RECORDED.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
    for ((op, _), output) in branches().iter().zip(&outputs) {
        let expected: Vec<f32> = recorded.by_ref().take(output.data().len()).collect();
        if !agree(output.data(), &expected) {
            return Ok(SelfCheck::Mismatch { op: (*op).to_owned() });
        }
    }
    Ok(SelfCheck::Ok)
}

async fn outputs(engine: &dyn Engine) -> Result<Vec<Tensor>, EngineError> {
    let input = Tensor::new(INPUT.to_vec(), values(INPUT.iter().product(), 1))
        .map_err(|error| EngineError::Failed(error.to_string()))?;
    let runner = engine.prepare(graph()).await?;
    runner.run(&[("x", &input)]).await
}

/// A value that is not a number agrees with nothing.
fn agree(actual: &[f32], expected: &[f32]) -> bool {
    let largest = expected.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    actual.len() == expected.len()
        && actual.iter().zip(expected).all(|(actual, expected)| (actual - expected).abs() <= TOLERANCE * largest)
}

/// Values between −1 and 1 that look irregular; never 0.
fn values(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|index| ((index * 37 + seed * 11) % 31) as f32 / 15.5 - 0.98).collect()
}

fn conv(input: &str, output: &str, kernel: i64, strides: i64, pads: [i64; 4], group: i64) -> Node {
    Node::new("Conv", &[input, &format!("{output}.weights"), &format!("{output}.bias")], output)
        .with("kernel_shape", Attribute::Ints(vec![kernel; 2]))
        .with("strides", Attribute::Ints(vec![strides; 2]))
        .with("pads", Attribute::Ints(pads.to_vec()))
        .with("dilations", Attribute::Ints(vec![1; 2]))
        .with("group", Attribute::Int(group))
}

/// One branch for each kind of operator: how it is called in a report, and the node that makes the output.
fn branches() -> Vec<(&'static str, Node)> {
    let pool_of = |input: &str, op: &str, output: &str, kernel: i64, pad: i64| {
        Node::new(op, &[input], output)
            .with("kernel_shape", Attribute::Ints(vec![kernel; 2]))
            .with("strides", Attribute::Ints(vec![2; 2]))
            .with("pads", Attribute::Ints(vec![pad; 4]))
            .with("ceil_mode", Attribute::Int(0))
    };
    let pool = |op: &str, output: &str, kernel: i64, pad: i64| pool_of("x", op, output, kernel, pad);
    let means = |input: &str, output: &str| {
        pool_of(input, "AveragePool", output, 2, 0).with("count_include_pad", Attribute::Int(0))
    };
    let text = |value: &str| Attribute::Text(value.to_owned());
    let mut branches = vec![
        ("Conv 3×3", conv("x", "conv3", 3, 1, [1; 4], 1)),
        ("Conv 1×1", conv("conv3", "conv1", 1, 1, [0; 4], 1)),
        ("Conv with a stride", conv("x", "strided", 1, 2, [0; 4], 1)),
        ("Conv in groups", conv("x", "grouped", 3, 1, [1; 4], 2)),
        ("Conv by channel", conv("x", "depthwise", 3, 1, [1; 4], 4)),
        ("Conv of everything", conv("x", "dense", 6, 1, [0; 4], 1)),
        ("Relu", Node::new("Relu", &["strided"], "relu")),
        ("Clip", Node::new("Clip", &["x", "low", "high"], "clip")),
        ("MaxPool", pool("MaxPool", "maxpool", 3, 1)),
        ("AveragePool", pool("AveragePool", "averagepool", 2, 0).with("count_include_pad", Attribute::Int(0))),
        ("GlobalAveragePool", Node::new("GlobalAveragePool", &["conv3"], "mean")),
        ("Concat", Node::new("Concat", &["x", "conv1"], "concat").with("axis", Attribute::Int(1))),
        (
            "Resize",
            Node::new("Resize", &["maxpool", "", "scales"], "resize")
                .with("mode", text("nearest"))
                .with("nearest_mode", text("floor"))
                .with("coordinate_transformation_mode", text("asymmetric")),
        ),
        ("Transpose", Node::new("Transpose", &["x"], "transpose").with("perm", Attribute::Ints(vec![0, 2, 3, 1]))),
        ("Reshape", Node::new("Reshape", &["x", "shape"], "reshape")),
        ("Mul by channel", Node::new("Mul", &["conv3", "mean"], "scaled")),
        // Large enough to be computed in tiles.
        ("Conv to many channels", means("many1", "meansofmany")),
        ("MatMul", means("product of matrices", "meansofproduct")),
    ];
    for (op, input, output) in [
        ("Sigmoid", "x", "sigmoid"),
        ("Tanh", "x", "tanh"),
        ("Exp", "x", "exp"),
        ("Abs", "x", "abs"),
        ("Sqrt", "abs", "sqrt"),
        ("Sign", "x", "sign"),
        ("Neg", "x", "neg"),
        ("Reciprocal", "exp", "reciprocal"),
    ] {
        branches.push((op, Node::new(op, &[input], output)));
    }
    for (op, output) in [("Add", "add"), ("Sub", "sub"), ("Mul", "mul"), ("Div", "div"), ("Min", "min"), ("Max", "max")]
    {
        branches.push((op, Node::new(op, &["x", "exp"], output)));
    }
    branches.push(("operations in a row", Node::new("Sub", &["product", "x"], "row")));
    branches.push(("Sign of zero", Node::new("Sign", &["relu"], "signofzero")));
    let mut gradient = pool(MAX_POOL_GRADIENT, "maxpoolgradient", 3, 1);
    OWN_SET.clone_into(&mut gradient.domain);
    gradient.inputs.push("maxpool".to_owned());
    branches.push((MAX_POOL_GRADIENT, gradient));
    branches
}

fn graph() -> Graph {
    let mut nodes: Vec<Node> = branches().into_iter().map(|(_, node)| node).collect();
    let outputs = nodes.iter().map(|node| node.output().to_owned()).collect();
    // No outputs: an engine may compute one together with its only reader, and of others a few means are enough. Each comes right before what
    // reads it, which comes after what this reads.
    for node in [
        Node::new("Mul", &["x", "exp"], "product"),
        conv("many3", "many1", 1, 1, [0; 4], 1),
        conv("x", "many3", 3, 1, [1; 4], 1),
        Node::new("MatMul", &["rows", "columns"], "product of matrices"),
        Node::new("Reshape", &["x", "shape of rows"], "rows"),
    ] {
        let reads = |reader: &Node| reader.inputs.iter().any(|input| input == node.output());
        let reader = nodes.iter().position(reads).unwrap_or(nodes.len());
        nodes.insert(reader, node);
    }
    let mut constants = BTreeMap::from([
        ("low".to_owned(), Constant::floats(vec![], vec![-0.375])),
        ("high".to_owned(), Constant::floats(vec![], vec![0.625])),
        ("scales".to_owned(), Constant::floats(vec![4], vec![1.0, 1.0, 2.0, 2.0])),
        ("shape".to_owned(), Constant::integers(vec![2], vec![4, 36])),
        ("shape of rows".to_owned(), Constant::integers(vec![4], vec![1, 1, 24, 6])),
        ("columns".to_owned(), Constant::floats(vec![1, 1, 6, 24], values(6 * 24, 3))),
    ]);
    for (seed, (name, [out_channels, in_channels, side])) in [
        ("conv3", [6, 4, 3]),
        ("conv1", [5, 6, 1]),
        ("strided", [3, 4, 1]),
        ("grouped", [6, 2, 3]),
        ("depthwise", [4, 1, 3]),
        ("dense", [5, 4, 6]),
        ("many3", [32, 4, 3]),
        ("many1", [32, 32, 1]),
    ]
    .into_iter()
    .enumerate()
    {
        let weights = values(out_channels * in_channels * side * side, seed);
        let shape = vec![out_channels, in_channels, side, side];
        constants.insert(format!("{name}.weights"), Constant::floats(shape, weights));
        constants.insert(format!("{name}.bias"), Constant::floats(vec![out_channels], values(out_channels, seed + 7)));
    }
    Graph {
        inputs: vec![Input { name: "x".to_owned(), shape: INPUT.map(Dimension::Fixed).to_vec() }],
        outputs,
        nodes,
        constants,
        opsets: [(String::new(), 13)].into(),
        stated_shapes: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_graph_is_in_the_core_set() {
        crate::onnx::core_set::check(&graph()).unwrap();
    }

    /// Every value is close to what was recorded, and the record belongs to this graph.
    #[cfg(feature = "rten")]
    #[test]
    fn the_cpu_engine_computes_what_was_recorded() {
        use crate::engine::rten::RtenEngine;

        let computed = pollster::block_on(outputs(&RtenEngine)).unwrap();
        assert_eq!(computed.iter().map(|output| output.data().len()).sum::<usize>() * 4, RECORDED.len());
        assert_eq!(pollster::block_on(self_check(&RtenEngine)).unwrap(), SelfCheck::Ok);
    }

    #[test]
    fn a_value_that_is_off_or_no_number_is_noticed() {
        assert!(agree(&[1.0, 0.0], &[1.0, 0.0005]));
        assert!(!agree(&[1.0, 0.0], &[1.0, 0.01]));
        assert!(!agree(&[f32::NAN], &[1.0]));
        assert!(!agree(&[], &[1.0]));
    }
}
