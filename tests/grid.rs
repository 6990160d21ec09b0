//! The grid of forms of `tests/grid`: thousands of drawn shapes, strides, pads, axes and modes of the operators with onnxruntime's values,
//! as the file has them (on the CPU engine, which lowers what it lacks) and lowered, which is what WebGPU gets.

use std::collections::BTreeMap;

use crate::support::grid::{Case, Grid};
use crate::support::{analyse, largest_difference, run};
use featurescope::domain::tensor::Tensor;
use featurescope::engine::EngineError;
use featurescope::onnx::graph::Graph;
use featurescope::onnx::lower::{Limits, lower};
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;

/// Relative to the largest value, or to 1 where that is smaller: what the single operators of `tests/ops` are held to.
const TOLERANCE: f32 = 1e-4;

#[test]
fn every_form_agrees_with_onnxruntime() {
    let grid = Grid::read();
    let wrong: Vec<String> = grid.cases.iter().flat_map(|case| failures(&grid, case)).collect();
    let shown = wrong.iter().take(100).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} failures in {} cases:\n{shown}", wrong.len(), grid.cases.len());
}

fn failures(grid: &Grid, case: &Case) -> Vec<String> {
    let Case { name, what, inputs, outputs, .. } = case;
    let graph = read(Bytes32::from(grid.model(case)), Vec::new()).unwrap().graph;
    let inputs: BTreeMap<String, Tensor> =
        inputs.iter().map(|values| (values.name.clone(), grid.input(values))).collect();
    let failed = |detail: String| format!("{name} ({what}): {detail}");
    let (folded, shapes) = match analyse(&graph, &inputs) {
        Ok(analysed) => analysed,
        Err(error) => return vec![failed(error)],
    };
    for values in outputs {
        let (name, shape) = (&values.name, &values.shape);
        if shapes.get(name) != Some(shape) {
            return vec![failed(format!("{name} has the shape {:?} instead of {shape:?}", shapes.get(name)))];
        }
    }
    let compare = |form: &str, graph: &Graph| match run(graph, &inputs) {
        // The form is lowered then, which is compared as well.
        Err(EngineError::Unsupported { .. }) if form == "as it is" => None,
        Err(error) => Some(failed(format!("{form}: {error}"))),
        Ok(found) => outputs.iter().find_map(|values| {
            let name = &values.name;
            let difference = largest_difference(found[name].data(), &grid.output(values));
            (difference.is_nan() || difference > TOLERANCE)
                .then(|| failed(format!("{form}: {name} differs by {difference}")))
        }),
    };
    let lowered = match lower(&graph, &shapes, &Limits::default()) {
        Ok(lowered) => compare("lowered", &lowered.graph),
        Err(error) => Some(failed(format!("lowering: {error}"))),
    };
    compare("as it is", &folded).into_iter().chain(lowered).collect()
}
