//! The single-operator cases of `tests/ops`: the original graph (folded, as it is always run) on the CPU engine against
//! onnxruntime's numbers, and the lowered graph on the CPU engine against the same numbers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{analyse, largest_difference, read_model, run, softmax};
use featurescope::domain::tensor::Tensor;
use featurescope::onnx::lower::{Limits, LowerError, lower};
use serde::Deserialize;

/// What `case.json` holds; `tests/ops/generate.py` describes it.
#[derive(Deserialize)]
struct Case {
    note: String,
    row: String,
    inputs: Vec<Values>,
    outputs: Vec<Values>,
    tolerance: f32,
    lowered: bool,
    #[serde(default)]
    unsupported: Option<String>,
    #[serde(default)]
    softmax: bool,
}

#[derive(Deserialize)]
struct Values {
    name: String,
    shape: Vec<usize>,
    file: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ops")
}

fn tensors(folder: &Path, values: &[Values]) -> BTreeMap<String, Tensor> {
    let tensor = |values: &Values| {
        let bytes = std::fs::read(folder.join(&values.file)).unwrap();
        let floats = bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
        (values.name.clone(), Tensor::new(values.shape.clone(), floats).unwrap())
    };
    values.iter().map(tensor).collect()
}

/// Cases whose original graph the CPU engine cannot run, with the reason; where they can be lowered, it runs that. One that
/// begins to work has to leave this list.
const NOT_ON_RTEN: &[(&str, &str)] = &[
    ("average-pool-dilated", "refuses dilations"),
    ("average-pool-volume", "has one or two dimensions of maps"),
    ("celu", "has no such operator"),
    ("concat-vectors", "has GlobalMaxPool, but does not offer it"),
    ("conv-transpose-output-shape", "refuses output_shape"),
    ("conv-transpose-output-shape-odd", "refuses output_shape"),
    ("conv-transpose-same-lower", "takes SAME_LOWER for SAME_UPPER"),
    ("conv-transpose-same-lower-even", "takes SAME_LOWER for SAME_UPPER"),
    ("global-max-pool", "has GlobalMaxPool, but does not offer it"),
    ("global-max-pool-negative", "has GlobalMaxPool, but does not offer it"),
    ("global-max-pool-rows", "has GlobalMaxPool, but does not offer it"),
    ("group-norm", "has no such operator"),
    ("lrn-alexnet", "has no such operator"),
    ("lrn-any-beta", "has no such operator"),
    ("lrn-half", "has no such operator"),
    ("resize-antialias", "refuses antialias"),
    ("mish", "has no such operator"),
    ("pad-edge-far", "pads the last two dimensions only, other than with a number"),
    ("pad-reflect-far", "pads the last two dimensions only, other than with a number"),
    ("pad-wrap-far", "pads the last two dimensions only, other than with a number"),
    ("resize-antialias-cubic", "would compute it as linear"),
    ("resize-antialias-linear", "refuses antialias"),
    ("resize-axes", "refuses the policy"),
    ("selu", "has no such operator"),
    ("space-to-depth", "has no such operator"),
    ("space-to-depth-crd", "has no such operator"),
    ("unknown-activation", "has no such operator"),
    ("conv-volume-batch", "has one or two dimensions of maps"),
    ("conv-volume-batch-norm", "has one or two dimensions of maps"),
    ("conv-volume-depthwise", "has one or two dimensions of maps"),
    ("conv-volume-dilations", "has one or two dimensions of maps"),
    ("conv-volume-groups", "has one or two dimensions of maps"),
    ("conv-volume-odd-strides", "has one or two dimensions of maps"),
    ("conv-volume-one-slice", "has one or two dimensions of maps"),
    ("conv-volume-padded", "has one or two dimensions of maps"),
    ("conv-volume-patches", "has one or two dimensions of maps"),
    ("conv-volume-plain", "has one or two dimensions of maps"),
    ("conv-volume-same-lower", "has one or two dimensions of maps"),
    ("conv-volume-same-upper", "has one or two dimensions of maps"),
    ("conv-volume-strides", "has one or two dimensions of maps"),
    ("conv-volume-tubes", "has one or two dimensions of maps"),
    ("max-pool-volume-ceil", "has one or two dimensions of maps"),
    ("max-pool-volume-dilated", "has one or two dimensions of maps"),
    ("max-pool-volume-padded", "has one or two dimensions of maps"),
    ("max-pool-volume-plain", "has one or two dimensions of maps"),
    ("max-pool-volume-same", "has one or two dimensions of maps"),
    ("max-unpool-larger-volume", "has one or two dimensions of maps"),
    ("max-unpool-volume", "has one or two dimensions of maps"),
    ("max-unpool-volume-padded", "has one or two dimensions of maps"),
    ("conv-transpose-volume-doubled", "has one or two dimensions of maps"),
    ("conv-transpose-volume-groups", "has one or two dimensions of maps"),
    ("conv-transpose-volume-output-shape", "has one or two dimensions of maps"),
    ("conv-transpose-volume-overlapping", "has one or two dimensions of maps"),
    ("conv-transpose-volume-same-lower", "has one or two dimensions of maps"),
    ("unet-volume", "has one or two dimensions of maps"),
];

/// Runs one case and says what is wrong with it.
fn failures(name: &str) -> Vec<String> {
    let folder = folder().join(name);
    let case: Case = serde_json::from_slice(&std::fs::read(folder.join("case.json")).unwrap()).unwrap();
    let graph = read_model(&folder.join("model.onnx"));
    let (inputs, expected) = (tensors(&folder, &case.inputs), tensors(&folder, &case.outputs));
    let mut failures = Vec::new();
    let mut fail = |detail: String| failures.push(format!("{name} ({}; {}): {detail}", case.row, case.note));
    let excused = NOT_ON_RTEN.iter().any(|(case, _)| *case == name);
    let (folded, shapes) = match analyse(&graph, &inputs) {
        Ok(analysed) => analysed,
        Err(error) => return vec![format!("{name}: {error}")],
    };
    match run(&folded, &inputs) {
        Ok(results) => match wrong(&results, &expected, case.tolerance) {
            Some(_) if excused => {}
            None if excused => fail("rten now runs the original: take it off the list".to_owned()),
            Some(detail) => fail(format!("original: {detail}")),
            None => {}
        },
        Err(_) if excused => {}
        Err(error) => fail(format!("original: {error}")),
    }
    match (lower(&graph, &shapes, &Limits::default()), case.lowered) {
        (Ok(lowered), true) => {
            if lowered.removed_softmax != case.softmax {
                fail(format!("removed_softmax is {}", lowered.removed_softmax));
            }
            for output in &lowered.graph.outputs {
                let elements: usize = lowered.shapes[output].iter().product();
                if elements != expected[output].data().len() {
                    fail(format!("{output} has shape {:?}", lowered.shapes[output]));
                }
            }
            match run(&lowered.graph, &inputs) {
                Ok(mut results) => {
                    if lowered.removed_softmax {
                        results.values_mut().for_each(softmax);
                    }
                    if let Some(detail) = wrong(&results, &expected, case.tolerance) {
                        fail(format!("lowered: {detail}"));
                    }
                }
                Err(error) => fail(format!("lowered: {error}")),
            }
        }
        (Ok(_), false) => fail("was lowered although that is not known to be right".to_owned()),
        (Err(LowerError::Unsupported { op, .. }), false) if Some(&op) == case.unsupported.as_ref() => {}
        (Err(error), _) => fail(format!("lowering: {error}")),
    }
    failures
}

fn wrong(results: &BTreeMap<String, Tensor>, expected: &BTreeMap<String, Tensor>, tolerance: f32) -> Option<String> {
    expected.iter().find_map(|(name, expected)| {
        let difference = largest_difference(results[name].data(), expected.data());
        (difference.is_nan() || difference > tolerance).then(|| format!("{name} differs by {difference}"))
    })
}

/// Every folder, and each is in the list that the tests in the browser go by.
#[test]
fn every_case_agrees_with_onnxruntime() {
    let index = std::fs::read(folder().join("index.json")).unwrap();
    let listed: Vec<String> = serde_json::from_slice(&index).unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().join("case.json").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() > 100, "the cases are not all there: {}", names.len());
    let failures: Vec<String> = names.iter().flat_map(|name| failures(name)).collect();
    assert!(failures.is_empty(), "{} failures in {} cases:\n{}", failures.len(), names.len(), failures.join("\n"));
    assert_eq!(names, listed);
}
