//! Shape inference against what other tools say.

use std::collections::BTreeMap;

use featurescope::onnx::graph::{Dimension, Graph};
use featurescope::onnx::read::read;
use featurescope::onnx::shapes::{Shapes, infer};
use featurescope::onnx::weights::Bytes32;

fn graph(path: &str) -> Graph {
    let bytes = std::fs::read(path).unwrap();
    read(Bytes32::from(&bytes[..]), vec![]).unwrap().graph
}

/// The shapes we infer when the file's own statements are hidden.
fn inferred(graph: &Graph) -> Shapes {
    let hidden = Graph { stated_shapes: BTreeMap::new(), ..graph.clone() };
    infer(&hidden, &BTreeMap::new()).unwrap()
}

fn fixed(shape: &[Dimension]) -> Option<Vec<usize>> {
    shape.iter().map(|size| if let Dimension::Fixed(size) = size { Some(*size) } else { None }).collect()
}

#[test]
fn squeezenet_has_the_shapes_that_its_file_states() {
    let graph = graph("models/squeezenet1.1.onnx");
    let shapes = inferred(&graph);
    let mut compared = 0;
    for (name, stated) in &graph.stated_shapes {
        if let Some(stated) = fixed(stated) {
            assert_eq!(shapes[name], stated, "{name}");
            compared += 1;
        }
    }
    assert!(compared >= 66, "only {compared} values were compared");
}
