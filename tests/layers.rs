//! The layers that a model is said to have.

use std::collections::BTreeMap;

use featurescope::onnx::graph::Graph;
use featurescope::onnx::layers::{Relu, article_layer, default_layer, list, residual_blocks};
use featurescope::onnx::read::read;
use featurescope::onnx::shapes::{Shapes, infer};
use featurescope::onnx::weights::Bytes32;

fn open(path: &str) -> (Graph, Shapes) {
    let bytes = std::fs::read(path).unwrap();
    let graph = read(Bytes32::from(&bytes[..]), vec![]).unwrap().graph;
    let shapes = infer(&graph, &BTreeMap::new()).unwrap();
    (graph, shapes)
}

#[test]
fn squeezenet_lists_its_layers_and_skips_the_class_scores() {
    let (graph, shapes) = open("models/squeezenet1.1.onnx");
    let layers = list(&graph, &shapes);
    let convs = layers.iter().filter(|layer| layer.op == "Conv");
    assert_eq!(convs.count(), 26);
    let find = |id: &str| layers.iter().find(|layer| layer.id == id).unwrap();
    let first = find("conv1");
    assert_eq!((first.relu, first.channels, first.height, first.width), (Relu::Before, 64, 113, 113));
    assert_eq!((first.stride, first.receptive_field), ([2, 2], [3, 3]));
    // By hand: 3×3 stride 2, pool 3/2, two fires of 3×3, pool, two, pool, four: 3+4+2·8+8+2·16+16+4·32 = 207.
    let last = find("fire9/concat");
    assert_eq!((last.relu, last.stride, last.receptive_field), (Relu::None, [16, 16], [207, 207]));
    assert_eq!(default_layer(&graph, &shapes).as_deref(), Some("fire9/concat"));
    assert_eq!(article_layer(&graph, &shapes).as_deref(), Some("fire9/expand3x3_relu"));
    assert!(residual_blocks(&graph, &shapes).is_empty());
}
