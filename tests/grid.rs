//! The grid of forms of `tests/grid`: thousands of drawn shapes, strides, pads, axes and modes of the operators with onnxruntime's values,
//! as the file has them (on the CPU engine, which lowers what it lacks) and lowered, which is what WebGPU gets.

mod support;

use std::collections::BTreeMap;

use featurescope::domain::tensor::Tensor;
use featurescope::engine::EngineError;
use featurescope::onnx::graph::Graph;
use featurescope::onnx::lower::{Limits, LowerError, lower};
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use serde::Deserialize;
use support::{analyse, largest_difference, run};

/// The index at the beginning of `cases.bin`; `tests/grid/generate.py` describes it.
#[derive(Deserialize)]
struct Index {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    what: String,
    model: [usize; 2],
    inputs: Vec<Values>,
    outputs: Vec<Values>,
}

#[derive(Deserialize)]
struct Values {
    name: String,
    shape: Vec<usize>,
    at: usize,
}

/// Relative to the largest value, or to 1 where that is smaller: what the single operators of `tests/ops` are held to.
const TOLERANCE: f32 = 1e-4;

/// Forms that the CPU engine runs and WebGPU does not, with the reason; one that is lowered has to leave this list.
const NOT_LOWERED: &[(&str, &str)] =
    &[("choose-55", "what is there takes part in the sum"), ("choose-68", "what is there takes part in the sum")];

/// Inputs are held in this part of one.
const PART: f32 = 1.0 / 32.0;

#[test]
fn every_form_agrees_with_onnxruntime() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/grid/cases.bin")).unwrap();
    let (length, rest) = bytes.split_at(8);
    let length = usize::try_from(u64::from_le_bytes(length.try_into().unwrap())).unwrap();
    let (index, blob) = rest.split_at(length);
    let Index { cases } = serde_json::from_slice(index).unwrap();
    assert!(cases.len() >= 2000, "there are {} cases only", cases.len());
    let wrong: Vec<String> = cases.iter().flat_map(|case| failures(case, blob)).collect();
    let shown = wrong.iter().take(100).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} failures in {} cases:\n{shown}", wrong.len(), cases.len());
}

fn failures(case: &Case, blob: &[u8]) -> Vec<String> {
    let Case { name, what, model: [at, length], inputs, outputs } = case;
    let graph = read(Bytes32::from(&blob[*at..at + length]), Vec::new()).unwrap().graph;
    let inputs: BTreeMap<String, Tensor> = inputs
        .iter()
        .map(|Values { name, shape, at }| {
            let count: usize = shape.iter().product();
            let values = blob[*at..at + count].iter().map(|&byte| f32::from(byte.cast_signed()) * PART).collect();
            (name.clone(), Tensor::new(shape.clone(), values).unwrap())
        })
        .collect();
    let failed = |detail: String| format!("{name} ({what}): {detail}");
    let (folded, shapes) = match analyse(&graph, &inputs) {
        Ok(analysed) => analysed,
        Err(error) => return vec![failed(error)],
    };
    for Values { name, shape, .. } in outputs {
        if shapes.get(name) != Some(shape) {
            return vec![failed(format!("{name} has the shape {:?} instead of {shape:?}", shapes.get(name)))];
        }
    }
    let compare = |form: &str, graph: &Graph| match run(graph, &inputs) {
        // The form is lowered then, which is compared as well.
        Err(EngineError::Unsupported { .. }) if form == "as it is" => None,
        Err(error) => Some(failed(format!("{form}: {error}"))),
        Ok(found) => outputs.iter().find_map(|Values { name, shape, at }| {
            let count: usize = shape.iter().product();
            let floats = blob[*at..at + 4 * count].chunks_exact(4);
            let expected: Vec<f32> = floats.map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
            let difference = largest_difference(found[name].data(), &expected);
            (difference.is_nan() || difference > TOLERANCE)
                .then(|| failed(format!("{form}: {name} differs by {difference}")))
        }),
    };
    let excused = NOT_LOWERED.iter().any(|(other, _)| other == name);
    let lowered = match lower(&graph, &shapes, &Limits::default()) {
        Ok(_) if excused => Some(failed("is lowered now: take it off the list".to_owned())),
        Ok(lowered) => compare("lowered", &lowered.graph),
        Err(LowerError::Unsupported { .. }) if excused => None,
        Err(error) => Some(failed(format!("lowering: {error}"))),
    };
    compare("as it is", &folded).into_iter().chain(lowered).collect()
}
