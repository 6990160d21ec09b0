//! Whole networks: the lowered graph against the original one, both on the CPU engine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{analyse, largest_difference, read_model, run, softmax};
use featurescope::domain::tensor::Tensor;
use featurescope::onnx::graph::Graph;
use featurescope::onnx::layers;
use featurescope::onnx::lower::{Limits, Lowered, lower};
use featurescope::onnx::shapes::{Shapes, settle_inputs};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Networks whose original rten 0.27 cannot run, since it has no LRN; the single-operator cases compare that one with
/// onnxruntime.
const ONLY_LOWERED: &[&str] = &["alexnet_caffe"];

/// Numbers between −2 and 2 that look random and are the same on every run.
fn picture(shape: Vec<usize>) -> Tensor {
    let mut state = 0x2545_F491_u32;
    let count = shape.iter().product();
    let values = (0..count).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        #[expect(clippy::cast_precision_loss, reason = "only the top 24 bits are kept")]
        let unit = (state >> 8) as f32 / 16_777_216.0;
        unit * 4.0 - 2.0
    });
    Tensor::new(shape, values.collect()).unwrap()
}

fn inputs_of(graph: &Graph, size: [usize; 2]) -> BTreeMap<String, Tensor> {
    let shapes = settle_inputs(graph, Some(size)).unwrap();
    shapes.into_iter().map(|(name, shape)| (name, picture(shape))).collect()
}

/// All layers as outputs besides those of the graph, as the page asks for them.
fn tapped(graph: &Graph, shapes: &Shapes) -> Graph {
    let mut graph = graph.clone();
    for layer in layers::list(&graph, shapes) {
        if !graph.outputs.contains(&layer.id) {
            graph.outputs.push(layer.id);
        }
    }
    graph
}

/// Lowers a graph with all its layers tapped and says where it differs from the original.
fn compare(name: &str, graph: &Graph, size: [usize; 2], limits: &Limits) -> Result<Lowered, String> {
    let inputs = inputs_of(graph, size);
    let (folded, shapes) = analyse(graph, &inputs)?;
    let graph = tapped(&folded, &shapes);
    let lowered = lower(&graph, &shapes, limits).map_err(|error| format!("{name}: {error}"))?;
    let mut actual = run(&lowered.graph, &inputs).map_err(|error| format!("{name}: lowered: {error}"))?;
    let expected = match run(&graph, &inputs) {
        Ok(_) if ONLY_LOWERED.contains(&name) => return Err(format!("{name}: rten now runs the original")),
        Err(_) if ONLY_LOWERED.contains(&name) => return Ok(lowered),
        expected => expected.map_err(|error| format!("{name}: original: {error}"))?,
    };
    if lowered.removed_softmax {
        // The first output is the model's own.
        softmax(actual.get_mut(&folded.outputs[0]).unwrap());
    }
    for output in &graph.outputs {
        let difference = largest_difference(actual[output].data(), expected[output].data());
        if difference.is_nan() || difference > 1e-4 {
            return Err(format!("{name}: {output} of shape {:?} differs by {difference}", expected[output].shape()));
        }
    }
    Ok(lowered)
}

#[test]
fn squeezenet_gives_the_same_layers() {
    let graph = read_model(&root().join("models/squeezenet1.1.onnx"));
    let lowered = compare("squeezenet1.1", &graph, [227, 227], &Limits::default()).unwrap();
    assert!(lowered.removed_softmax);
    let convs = lowered.graph.nodes.iter().filter(|node| node.op == "Conv");
    assert_eq!(convs.clone().count(), 26);
    let names: Vec<&str> = convs.map(|node| node.name.as_str()).collect();
    let original: Vec<&str> =
        graph.nodes.iter().filter(|node| node.op == "Conv").map(|node| node.name.as_str()).collect();
    assert_eq!(names, original);
    // 26 Conv and Relu, 3 pools, 8 Concat, 1 global pool: nothing is added.
    let (folded, shapes) = analyse(&graph, &inputs_of(&graph, [227, 227])).unwrap();
    let untapped = lower(&folded, &shapes, &Limits::default()).unwrap().graph;
    let ops: Vec<String> = untapped.nodes.iter().map(|node| format!("{} {}", node.op, node.name)).collect();
    assert_eq!(ops.len(), 26 + 26 + 3 + 8 + 1, "{ops:#?}");
    assert_eq!(untapped.outputs, graph.outputs);
}

/// The narrow look-alikes of well-known networks, as different exporters write them.
#[test]
fn every_architecture_gives_the_same_layers() {
    let mut failures = Vec::new();
    let mut count = 0;
    let folder = root().join("tests/architectures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "onnx")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        count += 1;
        if let Err(failure) = compare(name, &read_model(path), [64, 64], &Limits::default()) {
            failures.push(failure);
        }
    }
    assert!(count >= 20, "only {count} architectures were found");
    assert!(failures.is_empty(), "{} of {count} failed:\n{}", failures.len(), failures.join("\n"));
}
