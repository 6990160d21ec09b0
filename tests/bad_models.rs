//! Files that are no usable model, each with the error and the sentence that a person gets.

use std::collections::BTreeMap;

use featurescope::onnx::read::{ExternalFile, read};
use featurescope::onnx::shapes::{infer, settle_inputs};
use featurescope::onnx::weights::Bytes32;
use serde_json::Value;

/// The name of an error's variant and its sentence, or `None` where the file is a usable model.
fn error(bytes: &[u8]) -> Option<(String, String)> {
    let described = |debug: String, sentence: String| {
        let variant = debug.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default().to_owned();
        Some((variant, sentence))
    };
    let graph = match read(Bytes32::from(bytes), vec![]) {
        Ok(model) => model.graph,
        Err(error) => return described(format!("{error:?}"), error.to_string()),
    };
    match settle_inputs(&graph, None).and_then(|inputs| infer(&graph, &inputs)) {
        Ok(_) => None,
        Err(error) => described(format!("{error:?}"), error.to_string()),
    }
}

#[test]
fn every_bad_file_is_refused_with_its_reason() {
    let text = std::fs::read_to_string("tests/bad-models/expected.json").unwrap();
    let expected: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    assert!(expected.len() > 45, "only {} files", expected.len());
    let mut wrong = Vec::new();
    for (name, expected) in &expected {
        let bytes = std::fs::read(format!("tests/bad-models/{name}")).unwrap();
        let Some((variant, sentence)) = error(&bytes) else {
            wrong.push(format!("{name}: accepted"));
            continue;
        };
        let says = expected["says"].as_array().unwrap().iter().map(|part| part.as_str().unwrap());
        let missing: Vec<&str> = says.filter(|part| !sentence.contains(part)).collect();
        if variant != expected["error"].as_str().unwrap() || !missing.is_empty() {
            wrong.push(format!("{name}: {variant}: {sentence} (lacks {missing:?})"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_model_cut_anywhere_is_refused() {
    let whole = std::fs::read("tests/architectures/fully_convolutional.onnx").unwrap();
    assert_eq!(error(&whole), None);
    for length in 0..whole.len() {
        // Between the outermost fields a cut leaves a shorter message that is whole in itself; then the operator set,
        // which comes last, is missing.
        let (variant, sentence) = error(&whole[..length]).unwrap_or_else(|| panic!("accepted at {length}"));
        let known = ["Empty", "Truncated", "NoGraph", "Opset", "OtherFormat", "NotOnnx"];
        assert!(known.contains(&variant.as_str()), "{length}: {variant}: {sentence}");
    }
}

#[test]
fn values_of_every_type_and_form_are_read() {
    let bytes = std::fs::read("tests/data-types/tensors.onnx").unwrap();
    let weights = std::fs::read("tests/data-types/weights.bin").unwrap();
    let beside = ExternalFile { name: "somewhere/weights.bin".to_owned(), content: Bytes32::from(&weights[..]) };
    let graph = read(Bytes32::from(&bytes[..]), vec![beside]).unwrap().graph;
    let text = std::fs::read_to_string("tests/data-types/expected.json").unwrap();
    let expected: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(graph.constants.len(), expected.len());
    for (name, value) in expected {
        let constant = &graph.constants[&name];
        let numbers: Vec<f64> = value["values"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
        let shape: Vec<u64> = value["shape"].as_array().unwrap().iter().map(|v| v.as_u64().unwrap()).collect();
        assert_eq!(constant.shape.iter().map(|&size| size as u64).collect::<Vec<_>>(), shape, "{name}");
        let ours: Vec<f64> = match (constant.as_floats(), constant.as_integers()) {
            (Some(floats), _) => floats.iter().map(|&float| f64::from(float)).collect(),
            (_, Some(integers)) => integers.iter().map(|&integer| integer as f64).collect(),
            _ => other_integers(&constant.data, value["bytes"].as_u64().unwrap() as usize, value["signed"] == true),
        };
        assert_eq!(ours, numbers, "{name}");
    }
}

/// Integers that are kept as the file has them.
fn other_integers(data: &featurescope::onnx::graph::Data, width: usize, signed: bool) -> Vec<f64> {
    let featurescope::onnx::graph::Data::Other { bytes, .. } = data else { panic!("neither floats nor integers") };
    let number = |bytes: &[u8]| {
        let negative = signed && bytes[width - 1] & 0x80 != 0;
        let mut wide = [if negative { 0xff } else { 0 }; 16];
        wide[..width].copy_from_slice(bytes);
        i128::from_le_bytes(wide) as f64
    };
    bytes.chunks_exact(width).map(number).collect()
}
