//! Single nodes rewritten, the others as the file has them: every case of `tests/ops` node by node against onnxruntime's numbers, and graphs
//! of two nodes of which one runs only as it is and the other only lowered.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::{analyse, largest_difference, read_model, run};
use featurescope::analysis::evaluate::evaluate;
use featurescope::analysis::prepared::Form;
use featurescope::domain::tensor::Tensor;
use featurescope::engine::EngineError;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use featurescope::onnx::lower::Limits;
use featurescope::onnx::partly::lower_nodes;
use featurescope::onnx::read::Model;
use serde_json::Value;

/// Nothing needs splitting.
const UNLIMITED: Limits = Limits { max_binding_bytes: u64::MAX, max_workgroups: u32::MAX };

fn tensor(folder: &Path, values: &Value) -> (String, Tensor) {
    let shape = values["shape"].as_array().unwrap().iter().map(|length| length.as_u64().unwrap() as usize).collect();
    let bytes = std::fs::read(folder.join(values["file"].as_str().unwrap())).unwrap();
    let floats = bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
    (values["name"].as_str().unwrap().to_owned(), Tensor::new(shape, floats).unwrap())
}

/// Whether any node was rewritten, or what is wrong.
fn node_by_node(folder: &Path) -> Result<bool, String> {
    let case: Value = serde_json::from_slice(&std::fs::read(folder.join("case.json")).unwrap()).unwrap();
    let tensors = |key: &str| -> BTreeMap<String, Tensor> {
        case[key].as_array().unwrap().iter().map(|values| tensor(folder, values)).collect()
    };
    let (inputs, expected) = (tensors("inputs"), tensors("outputs"));
    let (folded, shapes) = analyse(&read_model(&folder.join("model.onnx")), &inputs)?;
    let partly = lower_nodes(&folded, &shapes, &UNLIMITED, |_| true);
    let results = match run(&partly.graph, &inputs) {
        // What neither has is refused as before.
        Err(EngineError::Unsupported { .. }) if partly.rewritten < folded.nodes.len() => return Ok(false),
        other => other.map_err(|error| error.to_string())?,
    };
    for (name, expected) in &expected {
        if results[name].shape() != expected.shape() {
            return Err(format!("{name} has the shape {:?}", results[name].shape()));
        }
        let difference = largest_difference(results[name].data(), expected.data());
        if difference.is_nan() || f64::from(difference) > case["tolerance"].as_f64().unwrap() {
            return Err(format!("{name} differs by {difference}"));
        }
    }
    Ok(partly.rewritten > 0)
}

#[test]
fn every_node_by_itself_agrees_with_onnxruntime() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ops");
    let listed: Vec<String> = serde_json::from_slice(&std::fs::read(root.join("index.json")).unwrap()).unwrap();
    let found: Vec<Result<bool, String>> = listed.iter().map(|name| node_by_node(&root.join(name))).collect();
    let failures: Vec<String> = listed
        .iter()
        .zip(&found)
        .filter_map(|(name, found)| Some(format!("{name}: {}", found.as_ref().err()?)))
        .collect();
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    let rewritten = found.iter().filter(|found| matches!(found, Ok(true))).count();
    assert!(rewritten > 400, "only {rewritten} of {} cases had a node that was rewritten", listed.len());
}

/// x → `only_lowered` → a → IsNaN → Where(…, 0, a) → y: IsNaN has no lowering.
fn beside(only_lowered: Node, constants: &[(&str, Constant)]) -> Graph {
    let nodes = vec![
        only_lowered.named("first"),
        Node::new("IsNaN", &["a"], "is_nan").named("second"),
        Node::new("Where", &["is_nan", "zero", "a"], "y").named("third"),
    ];
    let zero = ("zero", Constant::floats(vec![1], vec![0.0]));
    Graph {
        inputs: vec![Input { name: "x".to_owned(), shape: [1, 4, 4, 6].map(Dimension::Fixed).to_vec() }],
        outputs: vec!["y".to_owned()],
        nodes,
        constants: constants.iter().cloned().chain([zero]).map(|(name, it)| (name.to_owned(), it)).collect(),
        opsets: BTreeMap::from([(String::new(), 24)]),
        stated_shapes: BTreeMap::new(),
    }
}

#[test]
fn an_operator_that_is_only_lowered_stands_beside_one_that_is_not() {
    let ones = || Constant::floats(vec![4], vec![1.0, 2.0, 0.5, -1.0]);
    let group = Node::new("GroupNormalization", &["x", "scale", "bias"], "a").with("num_groups", Attribute::Int(2));
    let cases: Vec<(Node, Vec<(&str, Constant)>)> = vec![
        (Node::new("Mish", &["x"], "a"), vec![]),
        (Node::new("Celu", &["x"], "a"), vec![]),
        (Node::new("Selu", &["x"], "a"), vec![]),
        (Node::new("Swish", &["x"], "a"), vec![]),
        (Node::new("LRN", &["x"], "a").with("size", Attribute::Int(3)), vec![]),
        (Node::new("SpaceToDepth", &["x"], "a").with("blocksize", Attribute::Int(2)), vec![]),
        (Node::new("GlobalMaxPool", &["x"], "a"), vec![]),
        (group, vec![("scale", ones()), ("bias", ones())]),
    ];
    let values = (0..96).map(|index| (index * 37 % 29) as f32 / 7.0 - 2.0).collect();
    let x = Tensor::new(vec![1, 4, 4, 6], values).unwrap();
    for (node, constants) in cases {
        let op = node.op.clone();
        let both = beside(node, &constants);
        let mut alone = both.clone();
        alone.outputs = vec!["a".to_owned()];
        let evaluated = |graph: Graph| {
            let (producer, metadata, texts) = (String::new(), BTreeMap::new(), Vec::new());
            let element_types = BTreeMap::new();
            let model = Model { graph, producer, metadata, texts, bytes: 0, takes_integers: false, element_types };
            pollster::block_on(evaluate(&model, &RtenEngine, &[("x", &x)], &[]))
                .unwrap_or_else(|error| panic!("{op}: {error}"))
        };
        let (both, alone) = (evaluated(both), evaluated(alone));
        assert_eq!(both.form, Form::Original, "{op}");
        assert_eq!(both.values, alone.values, "{op}");
    }
}
