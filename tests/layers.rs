//! The layers that a model is said to have.

use featurescope::onnx::graph::Graph;
use featurescope::onnx::layers::{Layer, Layers, Relu, Tokens, list, survey};
use featurescope::onnx::read::read;
use featurescope::onnx::shapes::{Shapes, infer, settle_inputs};
use featurescope::onnx::weights::Bytes32;

fn open(path: &str) -> (Graph, Shapes) {
    let bytes = std::fs::read(path).unwrap();
    let graph = read(Bytes32::from(&bytes[..]), vec![]).unwrap().graph;
    let shapes = infer(&graph, &settle_inputs(&graph, None).unwrap()).unwrap();
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
    assert_eq!((last.relu, last.stride, last.receptive_field), (Relu::After, [16, 16], [207, 207]));
    let Layers { default, article, residual_blocks, .. } = survey(&graph, &shapes, &Tokens::new());
    assert_eq!(default.as_deref(), Some("fire9/concat"));
    assert_eq!(article.as_deref(), Some("fire9/expand3x3_relu"));
    assert!(residual_blocks.is_empty());
}

#[test]
fn what_is_made_of_values_after_an_activation_is_after_it() {
    let (graph, shapes) = open("models/squeezenet1.1.onnx");
    for layer in list(&graph, &shapes) {
        // Each Concat joins two Relus, and each pooling reads one or such a Concat; a Conv has its own after it.
        let expected = if layer.op == "Conv" { Relu::Before } else { Relu::After };
        assert_eq!(layer.relu, expected, "{} {}", layer.op, layer.id);
    }
    let relu = |name: &str, node: &str| {
        let (graph, shapes) = architecture(name);
        let layers = list(&graph, &shapes);
        find(&layers, &format!("{node}_output_0")).relu
    };
    // A sum of linear bottlenecks is neither; one of a Relu and a Conv goes into the next Relu.
    assert_eq!(relu("mobilenet_v2", "/Add_25"), Relu::None);
    assert_eq!(relu("resnet", "/Add_17"), Relu::Before);
    assert_eq!(relu("googlenet", "/Concat_59"), Relu::After);
    assert_eq!(relu("inception_v3", "/Concat_33"), Relu::After);
    assert_eq!(relu("vgg", "/AveragePool_32"), Relu::After);
}

fn architecture(name: &str) -> (Graph, Shapes) {
    open(&format!("tests/architectures/{name}.onnx"))
}

/// What `tests/architectures/generate.py` builds, read off it by hand: the value that the head pools or flattens (or
/// what comes before the Conv that makes the scores), and the second-to-last residual block after its activation (or
/// the last Conv after its activation).
const CHOICES: [(&str, &str, &str, usize); 20] = [
    ("alexnet_caffe", "/Relu_10", "/Relu_10", 0),
    ("convnext", "/Add_68", "/Add_53", 4),
    ("convnext_written_out", "/Add_116", "/Add_93", 4),
    ("densenet", "/Relu_45", "/Relu_41", 0),
    ("efficientnet", "/Mul_79", "/Add_47", 3),
    ("fully_convolutional", "/Relu_4", "/Relu_4", 0),
    ("googlenet", "/Concat_59", "/Relu_58", 0),
    ("inception_v3", "/Concat_33", "/Relu_31", 0),
    ("keras_mobilenet", "/Min_25", "/Min_25", 0),
    ("keras_resnet_v2", "/Relu_19", "/Add_10", 2),
    ("mobilenet_v2", "/Clip_38", "/Add_25", 4),
    ("mobilenet_v3", "/HardSwish_50", "/Add_25", 3),
    ("mobilenet_v3_written_out", "/Div_74", "/Add_30", 3),
    ("resnet", "/Relu_50", "/Relu_43", 6),
    ("resnet_bottleneck", "/Relu_33", "/Relu_26", 4),
    ("resnet_caffe2", "/Relu_20", "/Relu_11", 2),
    ("shufflenet_v2", "/Relu_145", "/Relu_145", 0),
    ("squeezenet", "/Concat_24", "/Relu_23", 0),
    ("unet", "/Softplus_20", "/Softplus_20", 0),
    ("vgg", "/AveragePool_32", "/Relu_30", 0),
];

#[test]
fn the_default_and_the_articles_layer_of_each_architecture() {
    for (name, default, article, blocks) in CHOICES {
        let (graph, shapes) = architecture(name);
        let value = |node: &str| Some(format!("{node}_output_0"));
        let found = survey(&graph, &shapes, &Tokens::new());
        assert_eq!(found.default, value(default), "{name}");
        assert_eq!(found.article, value(article), "{name}");
        assert_eq!(found.residual_blocks.len(), blocks, "{name}");
    }
}

fn find<'a>(layers: &'a [Layer], id: &str) -> &'a Layer {
    layers.iter().find(|layer| layer.id == id).unwrap_or_else(|| panic!("{id} is not listed"))
}

#[test]
fn a_normalization_takes_over_its_conv() {
    let (graph, shapes) = architecture("resnet");
    let layers = list(&graph, &shapes);
    assert!(layers.iter().all(|layer| layer.op != "BatchNormalization" && layer.id != "/Conv_1_output_0"));
    let first = find(&layers, "/BatchNormalization_2_output_0");
    assert_eq!((first.op.as_str(), first.name.as_str(), first.relu), ("Conv", "/Conv_1", Relu::Before));
    // A normalization after a Concat belongs to no Conv.
    let (graph, shapes) = architecture("densenet");
    let layers = list(&graph, &shapes);
    assert!(layers.iter().all(|layer| !layer.id.contains("BatchNormalization")));
    // A bias in a node of its own belongs to its Conv, too.
    let (graph, shapes) = architecture("keras_mobilenet");
    let layers = list(&graph, &shapes);
    assert_eq!(find(&layers, "/Add_6_output_0").op, "Conv");
    assert!(layers.iter().all(|layer| layer.id != "/Conv_5_output_0"));
}

#[test]
fn activations_that_are_written_out_are_one_layer() {
    let ops = |name: &str| {
        let (graph, shapes) = architecture(name);
        list(&graph, &shapes).into_iter().map(|layer| layer.op).collect::<Vec<_>>()
    };
    let count = |ops: &[String], op: &str| ops.iter().filter(|other| *other == op).count();
    let efficientnet = ops("efficientnet");
    assert_eq!(
        (count(&efficientnet, "SiLU"), count(&efficientnet, "Sigmoid"), count(&efficientnet, "Mul")),
        (17, 5, 0)
    );
    // The same network in two forms has the same list.
    let (written_out, whole) = (ops("mobilenet_v3_written_out"), ops("mobilenet_v3"));
    assert_eq!(written_out, whole);
    assert_eq!((count(&whole, "HardSwish"), count(&whole, "HardSigmoid")), (6, 3));
    let mobilenet = ops("keras_mobilenet");
    assert_eq!((count(&mobilenet, "Clip"), count(&mobilenet, "Relu"), count(&mobilenet, "Min")), (7, 0, 0));
    assert_eq!(ops("convnext"), ops("convnext_written_out"));
}

#[test]
fn stride_and_receptive_field_follow_every_path() {
    let geometry = |name: &str, node: &str| {
        let (graph, shapes) = architecture(name);
        let layers = list(&graph, &shapes);
        let layer = find(&layers, &format!("{node}_output_0"));
        (layer.stride, layer.receptive_field)
    };
    // 7×7/2, pool 3/2, then two blocks of two 3×3 at stride 4: 7 + 2·2 + 4·(2·4) = 43; the skip sees less.
    assert_eq!(geometry("resnet", "/Relu_18"), ([4, 4], [43, 43]));
    // The gate of squeeze-and-excite sees everything and does not count: 3 at stride 2, then 3×3: 3 + 2·2 = 7.
    assert_eq!(geometry("mobilenet_v3", "/Add_14"), ([2, 2], [7, 7]));
    // Through the Transposes of a ConvNeXt block: 4/4, then 7×7: 4 + 6·4 = 28.
    assert_eq!(geometry("convnext_written_out", "/Add_35"), ([4, 4], [28, 28]));
    // 1×7, then 7×1 at stride 4: seven positions along each axis.
    assert_eq!(geometry("inception_v3", "/Conv_8").1, [11, 35]);
    assert_eq!(geometry("inception_v3", "/Conv_10").1, [35, 35]);
    // Dilation 2 at stride 2 reads 1 + 2·2 elements; the transposed Conv halves the stride again.
    assert_eq!(geometry("unet", "/Conv_6"), ([4, 4], [13, 13]));
    assert_eq!(geometry("unet", "/ConvTranspose_8"), ([2, 2], [13, 13]));
    // The five-dimensional shuffle keeps rows and columns.
    assert_eq!(geometry("shufflenet_v2", "/Conv_41"), ([8, 8], [15, 15]));
    // A global pooling sees the whole picture at least.
    assert_eq!(geometry("keras_mobilenet", "/GlobalAveragePool_26").1, [75, 75]);
}
