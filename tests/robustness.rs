//! No graph and no file may make us panic, hang or take much memory, whatever its attributes hold.

use std::collections::BTreeMap;

use featurescope::onnx::cut::{cut, from_layer};
use featurescope::onnx::fold::fold;
use featurescope::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use featurescope::onnx::head::{linear_head, output};
use featurescope::onnx::layers::{Layers, Tokens, lay_out_tokens, list, survey};
use featurescope::onnx::lower::{Limits, LowerError, lower};
use featurescope::onnx::read::read;
use featurescope::onnx::shapes::{MOST_ELEMENTS, ShapeError, infer, settle_inputs};
use featurescope::onnx::weights::Bytes32;
use proptest::prelude::*;
use proptest::sample::select;

/// Every operator that has a rule, and two that have none.
const OPS: [&str; 98] = [
    "Abs",
    "Add",
    "And",
    "ArgMax",
    "AveragePool",
    "BatchNormalization",
    "Cast",
    "Ceil",
    "Clip",
    "Concat",
    "Constant",
    "ConstantOfShape",
    "Conv",
    "ConvTranspose",
    "CumSum",
    "DepthToSpace",
    "Div",
    "Dropout",
    "Einsum",
    "Elu",
    "Equal",
    "Erf",
    "Exp",
    "Expand",
    "Flatten",
    "Floor",
    "Gather",
    "GatherElements",
    "GatherND",
    "Gelu",
    "Gemm",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "Greater",
    "GroupNormalization",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "InstanceNormalization",
    "LRN",
    "LayerNormalization",
    "LeakyRelu",
    "Less",
    "Log",
    "LogSoftmax",
    "Loop",
    "LpPool",
    "MatMul",
    "Max",
    "MaxPool",
    "Mean",
    "Min",
    "Mish",
    "Mod",
    "Mul",
    "Neg",
    "NonZero",
    "Not",
    "OneHot",
    "Or",
    "PRelu",
    "Pad",
    "Pow",
    "Range",
    "Reciprocal",
    "ReduceL2",
    "ReduceMax",
    "ReduceMean",
    "ReduceMin",
    "ReduceProd",
    "ReduceSum",
    "Relu",
    "Reshape",
    "Resize",
    "Round",
    "Shape",
    "Sigmoid",
    "Sign",
    "Size",
    "Slice",
    "Softmax",
    "Softplus",
    "SpaceToDepth",
    "Split",
    "Sqrt",
    "Squeeze",
    "Sub",
    "Sum",
    "Tanh",
    "Tile",
    "TopK",
    "Transpose",
    "Trilu",
    "Unsqueeze",
    "Upsample",
    "Where",
    "Xor",
    "NoSuchOperator",
];

const ATTRIBUTES: [&str; 38] = [
    "allowzero",
    "alpha",
    "auto_pad",
    "axes",
    "axis",
    "batch_dims",
    "blocksize",
    "ceil_mode",
    "dilations",
    "end",
    "ends",
    "equation",
    "fmod",
    "group",
    "k",
    "keep_aspect_ratio_policy",
    "keepdims",
    "kernel_shape",
    "max",
    "min",
    "mode",
    "noop_with_empty_axes",
    "num_outputs",
    "output_padding",
    "output_shape",
    "pads",
    "perm",
    "scales",
    "shape",
    "split",
    "start",
    "starts",
    "strides",
    "to",
    "transA",
    "transB",
    "value",
    "value_ints",
];

fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![
        6 => -3_i64..6,
        1 => select(vec![i64::MIN, i64::MAX, i64::MIN + 1, 1 << 31, -(1 << 31), 1 << 40, 1 << 62, 100, 4096, -1]),
    ]
}

fn float() -> impl Strategy<Value = f32> {
    prop_oneof![
        4 => -3.0_f32..3.0,
        1 => select(vec![f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30, 0.0, 1e-30]),
    ]
}

fn constant() -> impl Strategy<Value = Constant> {
    prop_oneof![
        proptest::collection::vec(integer(), 0..6).prop_map(|values| Constant::integers(vec![values.len()], values)),
        proptest::collection::vec(float(), 0..6).prop_map(|values| Constant::floats(vec![values.len()], values)),
        integer().prop_map(|value| Constant::integers(vec![], vec![value])),
        proptest::collection::vec(1_usize..5, 0..5).prop_map(|shape| {
            let count = shape.iter().product();
            Constant::floats(shape, vec![0.5; count])
        }),
    ]
}

fn attribute() -> impl Strategy<Value = Attribute> {
    let text = select(vec![
        "",
        "NOTSET",
        "SAME_UPPER",
        "SAME_LOWER",
        "VALID",
        "nearest",
        "linear",
        "not_larger",
        "ij,jk->ik",
        "i,",
        "->",
        "ij,jk",
        "ijkl->lkji",
    ]);
    prop_oneof![
        3 => integer().prop_map(Attribute::Int),
        4 => proptest::collection::vec(integer(), 0..9).prop_map(Attribute::Ints),
        1 => float().prop_map(Attribute::Float),
        1 => proptest::collection::vec(float(), 0..5).prop_map(Attribute::Floats),
        1 => text.prop_map(|text: &str| Attribute::Text(text.to_owned())),
        1 => constant().prop_map(Attribute::Tensor),
    ]
}

/// A node without names for its inputs: for each input a number that chooses among the values there are.
fn node() -> impl Strategy<Value = (Node, Vec<usize>)> {
    let attributes = proptest::collection::btree_map(select(ATTRIBUTES.to_vec()), attribute(), 0..5);
    let inputs = proptest::collection::vec(0_usize..100, 0..6);
    (select(OPS.to_vec()), attributes, inputs, 0_usize..4).prop_map(|(op, attributes, inputs, outputs)| {
        let mut node = Node::new(op, &[], "");
        node.outputs = vec![String::new(); outputs];
        node.attributes = attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        (node, inputs)
    })
}

fn graph() -> impl Strategy<Value = Graph> {
    let shape = proptest::collection::vec(prop_oneof![9 => 1_usize..9, 1 => Just(1 << 20)], 0..5);
    let nodes = proptest::collection::vec(node(), 1..7);
    (shape, nodes, proptest::collection::vec(constant(), 1..5), 7_i64..24).prop_map(
        |(shape, nodes, constants, opset)| {
            let mut values = vec!["x".to_owned(), String::new()];
            let constants: BTreeMap<String, Constant> =
                constants.into_iter().enumerate().map(|(index, constant)| (format!("c{index}"), constant)).collect();
            values.extend(constants.keys().cloned());
            let mut made = Vec::new();
            for (index, (mut node, inputs)) in nodes.into_iter().enumerate() {
                node.name = format!("n{index}");
                node.inputs = inputs.into_iter().map(|choice| values[choice % values.len()].clone()).collect();
                for (output, name) in node.outputs.iter_mut().enumerate() {
                    *name = format!("n{index}.{output}");
                    values.push(name.clone());
                }
                made.push(node);
            }
            let outputs =
                made.iter().filter_map(|node: &Node| node.outputs.first()).next_back().cloned().into_iter().collect();
            Graph {
                inputs: vec![Input { name: "x".to_owned(), shape: shape.into_iter().map(Dimension::Fixed).collect() }],
                outputs,
                nodes: made,
                constants,
                opsets: BTreeMap::from([(String::new(), opset)]),
                stated_shapes: BTreeMap::new(),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8000, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_is_understood_or_refused(graph in graph()) {
        let inputs = BTreeMap::new();
        match infer(&graph, &inputs) {
            Err(error) => prop_assert!(!error.to_string().is_empty()),
            Ok(shapes) => {
                for shape in shapes.values() {
                    prop_assert!(shape.iter().product::<usize>() <= MOST_ELEMENTS);
                }
                let (mut laid_out, mut all_shapes) = (graph.clone(), shapes.clone());
                let tokens = lay_out_tokens(&mut laid_out, &mut all_shapes);
                prop_assert_eq!(&infer(&laid_out, &inputs).unwrap(), &all_shapes);
                let found = survey(&laid_out, &all_shapes, &tokens);
                prop_assert!(found.default.iter().all(|id| found.all.iter().any(|layer| layer.id == *id)));
                let Layers { all: layers, default, article, .. } = survey(&graph, &shapes, &Tokens::new());
                for layer in &layers {
                    prop_assert_eq!(&shapes[&layer.id], &[1, layer.channels, layer.height, layer.width]);
                    from_layer(&graph, &shapes, &layer.id).unwrap();
                }
                let is_layer = |id: &String| layers.iter().any(|layer| layer.id == *id);
                prop_assert!(default.iter().all(is_layer));
                prop_assert!(article.iter().all(is_layer));
                let _ = (linear_head(&graph, &shapes), output(&graph, &shapes));
                // Folding keeps every result, and shapes of the values that stay.
                let folded = fold(&graph, &inputs).unwrap();
                prop_assert_eq!(&folded.graph.outputs, &graph.outputs);
                for (name, shape) in infer(&folded.graph, &inputs).unwrap() {
                    prop_assert_eq!(folded.shapes.get(&name).unwrap_or(&shape), &shape, "{}", name);
                }
                prop_assert!(cut(&folded.graph, &folded.graph.outputs).is_ok());
                let _ = lower(&graph, &shapes, &Limits::default());
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(Bytes32::from(&bytes[..]), vec![]);
    }

    #[test]
    fn a_damaged_model_is_understood_or_refused(
        changes in proptest::collection::vec((0_usize..100_000, any::<u8>()), 1..8),
        name in select(vec!["fully_convolutional", "keras_mobilenet", "squeezenet"]),
    ) {
        let mut bytes = std::fs::read(format!("tests/architectures/{name}.onnx")).unwrap();
        let length = bytes.len();
        for (place, value) in changes {
            bytes[place % length] = value;
        }
        if let Ok(model) = read(Bytes32::from(&bytes[..]), vec![])
            && let Ok(inputs) = settle_inputs(&model.graph, Some([64, 64]))
            && let Ok(shapes) = infer(&model.graph, &inputs)
        {
            list(&model.graph, &shapes);
            let _ = (linear_head(&model.graph, &shapes), output(&model.graph, &shapes));
            fold(&model.graph, &inputs).unwrap();
        }
    }
}

/// A graph of one node on an input of this shape, lowered.
fn lowered(shape: &[usize], node: Node, constants: &[(&str, Constant)]) -> Result<(), LowerError> {
    let graph = Graph {
        inputs: vec![Input { name: "x".to_owned(), shape: shape.iter().copied().map(Dimension::Fixed).collect() }],
        outputs: vec![node.output().to_owned()],
        nodes: vec![node],
        constants: constants.iter().map(|(name, constant)| ((*name).to_owned(), constant.clone())).collect(),
        opsets: BTreeMap::from([(String::new(), 13)]),
        stated_shapes: BTreeMap::new(),
    };
    let shapes = infer(&graph, &BTreeMap::new())?;
    lower(&graph, &shapes, &Limits { max_binding_bytes: u64::MAX, max_workgroups: u32::MAX }).map(|_| ())
}

/// A few bytes of attributes may not ask for gigabytes of weights, nor for hours.
#[test]
fn lowering_makes_up_only_so_many_weights() {
    const LONG: i64 = 1 << 20;
    let too_large = |result: Result<(), LowerError>| match result {
        Err(LowerError::TooLarge { node, .. })
        | Err(LowerError::Shape(ShapeError::TooLarge { node, .. } | ShapeError::TooMuchWork { node, .. })) => {
            node == "y"
        }
        _ => false,
    };
    let one = Constant::floats(vec![1, 1, 1, 1], vec![1.0]);
    let strides = Node::new("ConvTranspose", &["x", "w"], "y").with("strides", Attribute::Ints(vec![LONG, LONG]));
    assert!(too_large(lowered(&[1, 1, 1, 1], strides, &[("w", one)])));

    let neighbours = Node::new("LRN", &["x"], "y").with("size", Attribute::Int(i64::MAX));
    assert!(too_large(lowered(&[1, 1 << 20, 1, 1], neighbours, &[])));

    let integers = |value: i64| Constant::integers(vec![1], vec![value]);
    let every_second = Node::new("Slice", &["x", "begin", "end", "axis", "step"], "y");
    let bounds = [("begin", integers(0)), ("end", integers(LONG)), ("axis", integers(1)), ("step", integers(2))];
    // Channels that are taken one by one need no weights.
    assert_eq!(lowered(&[1, 1 << 20, 1, 1], every_second, &bounds), Ok(()));

    // So many windows of so many columns, each of which sees the one pixel.
    let windows = |count: i64| {
        Node::new("AveragePool", &["x"], "y")
            .with("kernel_shape", Attribute::Ints(vec![1, count]))
            .with("pads", Attribute::Ints(vec![0, count - 1, 0, count - 1]))
    };
    assert!(too_large(lowered(&[1, 1, 1, 1], windows(1 << 19), &[])));
    assert_eq!(lowered(&[1, 1, 1, 1], windows(1 << 17), &[]), Ok(()));
}

#[test]
fn lowering_refuses_what_has_no_elements() {
    let empty =
        |result: Result<(), LowerError>| matches!(result, Err(LowerError::Unsupported { node, .. }) if node == "y");
    let no_outputs = Constant::floats(vec![4, 0], Vec::new());
    assert!(empty(lowered(&[1, 4], Node::new("Gemm", &["x", "w"], "y"), &[("w", no_outputs.clone())])));
    assert!(empty(lowered(&[1, 4], Node::new("MatMul", &["x", "w"], "y"), &[("w", no_outputs)])));
    let integers = |value: i64| Constant::integers(vec![1], vec![value]);
    let nothing = [("begin", integers(1)), ("end", integers(1)), ("axis", integers(1))];
    assert!(empty(lowered(&[1, 4, 2, 2], Node::new("Slice", &["x", "begin", "end", "axis"], "y"), &nothing)));
}
