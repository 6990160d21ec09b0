//! A folded graph computes what the original does, at every layer.

use std::collections::{BTreeMap, BTreeSet};

use featurescope::domain::tensor::Tensor;
use featurescope::onnx::encode::{Encoded, encode};
use featurescope::onnx::fold::fold;
use featurescope::onnx::graph::{Dimension, Graph};
use featurescope::onnx::layers::list;
use featurescope::onnx::read::read;
use featurescope::onnx::shapes::{infer, settle_inputs};
use featurescope::onnx::weights::Bytes32;
use rten::{ModelOptions, Value, ValueView};
use rten_tensor::Layout;

const ARCHITECTURES: [&str; 20] = [
    "alexnet_caffe",
    "convnext",
    "convnext_written_out",
    "densenet",
    "efficientnet",
    "fully_convolutional",
    "googlenet",
    "inception_v3",
    "keras_mobilenet",
    "keras_resnet_v2",
    "mobilenet_v2",
    "mobilenet_v3",
    "mobilenet_v3_written_out",
    "resnet",
    "resnet_bottleneck",
    "resnet_caffe2",
    "shufflenet_v2",
    "squeezenet",
    "unet",
    "vgg",
];

/// Values between −1 and 1 that look random and are the same on every machine.
fn picture(shape: &[usize]) -> Tensor {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    Tensor::new(shape.to_vec(), (0..shape.iter().product()).map(|_| next()).collect()).unwrap()
}

/// Runs a graph as it is on rten with all operators that it has: what only computes shapes is gone when the page runs a graph, so
/// that its engine does without.
fn run(graph: &Graph, input: &Tensor) -> Result<Vec<Tensor>, String> {
    let Encoded { message, external } = encode(graph);
    let mut options = ModelOptions::with_all_ops();
    for (location, floats) in &external {
        // The test's process is short, and its networks are small.
        let bytes: &'static [u8] = bytemuck::cast_slice::<f32, u8>(floats.as_slice()).to_vec().leak();
        options.external_data_static(location, bytes);
    }
    let model = options.load(message).map_err(|error| error.to_string())?;
    let node = |name: &String| model.find_node(name).ok_or_else(|| format!("there is no \"{name}\""));
    let view = ValueView::from_shape(input.shape(), input.data()).map_err(|error| error.to_string())?;
    let outputs = graph.outputs.iter().map(node).collect::<Result<Vec<_>, _>>()?;
    let given = vec![(node(&graph.inputs[0].name)?, view.into())];
    let results = model.run(given, &outputs, None).map_err(|error| error.to_string())?;
    let tensor = |value| match value {
        Value::FloatTensor(floats) => Ok(Tensor::new(floats.shape().to_vec(), floats.into_data()).unwrap()),
        _ => Err("an output does not consist of floats".to_owned()),
    };
    results.into_iter().map(tensor).collect()
}

#[test]
fn folding_changes_no_layer_of_any_architecture() {
    for name in ARCHITECTURES {
        let bytes = std::fs::read(format!("tests/architectures/{name}.onnx")).unwrap();
        let mut graph = read(Bytes32::from(&bytes[..]), vec![]).unwrap().graph;
        let inputs = settle_inputs(&graph, None).unwrap();
        let layers = list(&graph, &infer(&graph, &inputs).unwrap());
        let shape = &inputs[&graph.inputs[0].name];
        graph.inputs[0].shape = shape.iter().map(|&size| Dimension::Fixed(size)).collect();

        let folded = fold(&graph, &inputs).unwrap();
        assert_eq!(folded.graph.outputs, graph.outputs, "{name}");
        let left: BTreeSet<&str> = folded.graph.nodes.iter().map(|node| node.op.as_str()).collect();
        for gone in ["Shape", "Gather", "Dropout", "Identity", "Constant", "Unsqueeze"] {
            // GoogLeNet's input transform gathers channels of the picture, which is no constant.
            let is_data = name == "googlenet" && matches!(gone, "Gather" | "Unsqueeze");
            assert!(is_data || !left.contains(gone), "{name} still has {gone}");
        }
        // The layers are the same ones, and are listed alike.
        assert_eq!(list(&folded.graph, &folded.shapes), layers, "{name}");

        let taps: Vec<String> = layers.iter().map(|layer| layer.id.clone()).chain(graph.outputs.clone()).collect();
        let taps: Vec<String> = taps.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let input = picture(shape);
        // rten is built without the random operators, Dropout among them; when it is used a Dropout is an Identity.
        for node in graph.nodes.iter_mut().filter(|node| node.op == "Dropout") {
            "Identity".clone_into(&mut node.op);
            node.attributes.clear();
        }
        let original = run(&Graph { outputs: taps.clone(), ..graph.clone() }, &input);
        let ours = run(&Graph { outputs: taps.clone(), ..folded.graph.clone() }, &input);
        if name == "alexnet_caffe" {
            // rten has no LRN. Once it has, this fails and the exception goes.
            for result in [original, ours] {
                assert!(result.unwrap_err().contains("LRN operator not supported"));
            }
            continue;
        }
        let (original, ours) = (original.unwrap(), ours.unwrap());
        for ((tap, original), ours) in taps.iter().zip(&original).zip(&ours) {
            assert_eq!(original.shape(), ours.shape(), "{name}: {tap}");
            // The same operators on the same numbers, but fewer of them: not a bit may differ.
            let largest = original.data().iter().fold(0f32, |most, value| most.max(value.abs()));
            let differences = original.data().iter().zip(ours.data()).map(|(original, ours)| (original - ours).abs());
            let difference = differences.fold(0f32, f32::max);
            assert!(difference == 0.0, "{name}: {tap} differs by {difference} of {largest}");
        }
    }
}

#[test]
fn a_folded_graph_is_for_its_picture_size() {
    let bytes = std::fs::read("tests/architectures/shufflenet_v2.onnx").unwrap();
    let graph = read(Bytes32::from(&bytes[..]), vec![]).unwrap().graph;
    let shape = vec![1, 3, 96, 160];
    let folded = fold(&graph, &BTreeMap::from([("input".to_owned(), shape.clone())])).unwrap();
    assert_eq!(folded.graph.inputs[0].shape, shape.iter().map(|&size| Dimension::Fixed(size)).collect::<Vec<_>>());
    let scores = run(&folded.graph, &picture(&shape)).unwrap();
    assert_eq!(scores[0].shape(), [1, 10]);
}
