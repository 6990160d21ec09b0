//! The linear end of a model, against class scores that onnxruntime computed.

use std::collections::BTreeMap;

use featurescope::onnx::graph::Graph;
use featurescope::onnx::head::{NoLinearHead, OutputKind, linear_head, output};
use featurescope::onnx::read::read;
use featurescope::onnx::shapes::{Shapes, infer, settle_inputs};
use featurescope::onnx::weights::Bytes32;
use serde_json::Value;

fn open(path: &str) -> (Graph, Shapes) {
    let bytes = std::fs::read(path).unwrap();
    let graph = read(Bytes32::from(&bytes[..]), vec![]).unwrap().graph;
    let shapes = infer(&graph, &settle_inputs(&graph, None).unwrap()).unwrap();
    (graph, shapes)
}

fn architecture(name: &str) -> (Graph, Shapes) {
    open(&format!("tests/architectures/{name}.onnx"))
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn weights_times_means_are_the_scores() {
    let text = std::fs::read_to_string("tests/architectures/heads.json").unwrap();
    let recorded: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(recorded.len(), 12);
    for (name, expected) in recorded {
        let (graph, shapes) = architecture(&name);
        let head = linear_head(&graph, &shapes).unwrap();
        assert_eq!(head.layer, expected["layer"].as_str().unwrap(), "{name}");
        let means = floats(&expected["means"]);
        let weights = head.weights.as_slice();
        assert_eq!((means.len(), weights.len()), (head.channels, head.channels * head.classes), "{name}");
        for (class, score) in floats(&expected["scores"]).into_iter().enumerate() {
            let row = &weights[class * head.channels..(class + 1) * head.channels];
            let sum: f64 = row.iter().zip(&means).map(|(&weight, mean)| f64::from(weight) * mean).sum();
            let ours = sum + f64::from(head.bias[class]);
            // Both are sums of float products in another order: a few times the float's precision of the largest term.
            assert!((ours - score).abs() <= 1e-5 * (1.0 + score.abs()), "{name} class {class}: {ours} for {score}");
        }
    }
}

#[test]
fn a_model_without_a_linear_head_says_why() {
    let reason = |name: &str| {
        let (graph, shapes) = architecture(name);
        linear_head(&graph, &shapes).unwrap_err()
    };
    for name in ["alexnet_caffe", "mobilenet_v3", "mobilenet_v3_written_out", "squeezenet", "vgg"] {
        assert!(matches!(reason(name), NoLinearHead::Activation { .. }), "{name}: {}", reason(name));
    }
    for name in ["convnext", "convnext_written_out"] {
        assert!(matches!(reason(name), NoLinearHead::OtherOperator { .. }), "{name}: {}", reason(name));
    }
    assert_eq!(reason("unet"), NoLinearHead::NotScores);
    let (graph, shapes) = open("models/squeezenet1.1.onnx");
    let sentence = linear_head(&graph, &shapes).unwrap_err().to_string();
    assert!(sentence.contains("in node \"conv10_relu\", Relu"), "{sentence}");
}

#[test]
fn the_kind_of_the_result_is_told_by_the_last_operator() {
    for (name, kind) in [
        ("resnet", OutputKind::Logits),
        ("resnet_caffe2", OutputKind::Softmax),
        ("keras_mobilenet", OutputKind::Softmax),
        ("keras_resnet_v2", OutputKind::Sigmoid),
    ] {
        let (graph, shapes) = architecture(name);
        let output = output(&graph, &shapes).unwrap();
        assert_eq!((output.value.as_str(), output.kind, output.classes), ("output", kind, 10), "{name}");
    }
    let (graph, shapes) = architecture("unet");
    assert_eq!(output(&graph, &shapes), None);
}
