//! Models that are changed where it hurts: operators, attributes, constants, and who reads what.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fastrand::Rng;
use featurescope::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use featurescope::onnx::read::{Model, read};
use featurescope::onnx::weights::Bytes32;

use crate::pictures::damage;

/// Networks as exporters write them, those that run quickly.
const NETWORKS: [&str; 10] = [
    "fully_convolutional",
    "keras_mobilenet",
    "squeezenet",
    "keras_resnet_v2",
    "resnet_bottleneck",
    "resnet_caffe2",
    "googlenet",
    "unet",
    "densenet",
    "shufflenet_v2",
];

/// Operators between a Conv and the end of a network, some with attributes that they need.
const OPERATORS: [&str; 88] = [
    "Abs",
    "Add",
    "And",
    "ArgMax",
    "AveragePool",
    "BatchNormalization",
    "Cast",
    "Ceil",
    "Celu",
    "Clip",
    "Concat",
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
    "Log",
    "LogSoftmax",
    "LpNormalization",
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
    "OneHot",
    "PRelu",
    "Pad",
    "Pow",
    "Range",
    "Reciprocal",
    "ReduceL2",
    "ReduceMax",
    "ReduceMean",
    "ReduceSum",
    "Relu",
    "Reshape",
    "Resize",
    "Round",
    "ScatterND",
    "Shape",
    "Sigmoid",
    "Sign",
    "Slice",
    "Softmax",
    "Softplus",
    "SpaceToDepth",
    "Split",
    "Sqrt",
    "Squeeze",
    "Sub",
    "Tanh",
    "Tile",
    "TopK",
    "Transpose",
    "Unsqueeze",
    "Where",
];

const ATTRIBUTES: [&str; 32] = [
    "allowzero",
    "alpha",
    "auto_pad",
    "axes",
    "axis",
    "bias",
    "blocksize",
    "ceil_mode",
    "count_include_pad",
    "dilations",
    "epsilon",
    "equation",
    "group",
    "keepdims",
    "kernel_shape",
    "mode",
    "num_groups",
    "num_outputs",
    "output_padding",
    "output_shape",
    "p",
    "pads",
    "perm",
    "scales",
    "shape",
    "size",
    "split",
    "starts",
    "strides",
    "to",
    "transB",
    "value",
];

fn read_network(name: &str, root: &Path) -> Option<(Vec<u8>, Model)> {
    let bytes = fs::read(root.join(format!("tests/architectures/{name}.onnx"))).ok()?;
    let model = read(Bytes32::from(&bytes[..]), Vec::new()).ok()?;
    Some((bytes, model))
}

fn network(random: &mut Rng, root: &Path) -> (Vec<u8>, Model) {
    let name = random.choice(NETWORKS).unwrap_or("squeezenet");
    read_network(name, root).unwrap_or_else(|| panic!("tests/architectures/{name}.onnx cannot be read"))
}

/// A network as it is.
pub fn unchanged(random: &mut Rng, root: &Path) -> Model {
    network(random, root).1
}

/// A file of which some bytes are changed.
pub fn damaged(random: &mut Rng, root: &Path) -> Vec<u8> {
    let (mut bytes, _) = network(random, root);
    damage(random, &mut bytes);
    bytes
}

/// A network of which one to four things are changed.
pub fn changed(random: &mut Rng, root: &Path) -> Model {
    let (_, mut model) = network(random, root);
    for _ in 0..=random.usize(..4) {
        change(random, &mut model.graph);
    }
    model
}

fn change(random: &mut Rng, graph: &mut Graph) {
    if graph.nodes.is_empty() {
        return;
    }
    let place = random.usize(..graph.nodes.len());
    match random.u8(..12) {
        0..4 => {
            // Sizes that attributes ask for.
            let node = &mut graph.nodes[place];
            let keys: Vec<String> = node.attributes.keys().cloned().collect();
            match random.choice(&keys).filter(|_| random.u8(..4) > 0).cloned() {
                Some(key) => {
                    let known = node.attributes.remove(&key);
                    let changed = known.map(|value| changed_attribute(random, value));
                    node.attributes.extend(changed.map(|value| (key, value)));
                }
                None => {
                    let key = random.choice(ATTRIBUTES).unwrap_or("pads").to_owned();
                    let value = attribute(random);
                    node.attributes.insert(key, value);
                }
            }
        }
        4..6 => changed_constant(random, graph),
        6 => graph.nodes[place].op = random.choice(OPERATORS).unwrap_or("Relu").to_owned(),
        7 => {
            // Another value that was made before.
            let values = values_before(graph, place);
            let wanted = random.choice(&values).cloned().unwrap_or_default();
            let inputs = &mut graph.nodes[place].inputs;
            if !inputs.is_empty() {
                let index = random.usize(..inputs.len());
                inputs[index] = wanted;
            }
        }
        8 => drop(graph.nodes[place].inputs.pop()),
        9 => {
            // One more node between a value and its readers.
            let values = values_before(graph, place);
            let read = graph.nodes[place].input(0).unwrap_or_default().to_owned();
            let output = format!("fuzz/{}", random.u32(..));
            let node = node(random, &values, &read, &output);
            let made = node.output().to_owned();
            graph.nodes[place]
                .inputs
                .iter_mut()
                .filter(|input| **input == read)
                .for_each(|input| input.clone_from(&made));
            graph.nodes.insert(place, node);
        }
        10 => {
            if let Some(dimension) = graph.inputs.first_mut().and_then(|input| {
                let axes = input.shape.len().max(1);
                input.shape.get_mut(random.usize(..axes))
            }) {
                *dimension =
                    if random.bool() { Dimension::Fixed(size(random)) } else { Dimension::Symbolic("any".to_owned()) };
            }
        }
        _ => {
            graph.opsets.insert(String::new(), random.i64(1..26));
        }
    }
}

/// What nodes before this one, the inputs and the constants give.
fn values_before(graph: &Graph, place: usize) -> Vec<String> {
    let made = graph.nodes[..place].iter().flat_map(|node| &node.outputs).filter(|name| !name.is_empty());
    let inputs = graph.inputs.iter().map(|input| &input.name);
    made.chain(inputs).chain(graph.constants.keys()).cloned().chain([String::new()]).collect()
}

fn size(random: &mut Rng) -> usize {
    *random.choice(&[0, 1, 2, 3, 7, 33, 64, 1000, 4096, 1 << 16, 1 << 20, 1 << 31, usize::MAX]).unwrap_or(&1)
}

fn integer(random: &mut Rng) -> i64 {
    match random.u8(..4) {
        0 => *random
            .choice(&[
                i64::MIN,
                i64::MAX,
                1 << 31,
                -(1 << 31),
                1 << 20,
                1 << 16,
                1 << 40,
                1 << 62,
                1_000_000,
                4096,
                255,
                256,
            ])
            .unwrap_or(&0),
        _ => random.i64(-3..9),
    }
}

fn float(random: &mut Rng) -> f32 {
    match random.u8(..4) {
        0 => *random
            .choice(&[f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30, 1e6, 0.0, -0.0, 1e-40])
            .unwrap_or(&0.0),
        _ => random.f32() * 6.0 - 3.0,
    }
}

fn changed_attribute(random: &mut Rng, value: Attribute) -> Attribute {
    match value {
        Attribute::Int(_) => Attribute::Int(integer(random)),
        Attribute::Float(_) => Attribute::Float(float(random)),
        Attribute::Ints(mut list) if !list.is_empty() => {
            let place = random.usize(..list.len());
            list[place] = integer(random);
            Attribute::Ints(list)
        }
        Attribute::Floats(mut list) if !list.is_empty() => {
            let place = random.usize(..list.len());
            list[place] = float(random);
            Attribute::Floats(list)
        }
        _ => attribute(random),
    }
}

fn attribute(random: &mut Rng) -> Attribute {
    const TEXTS: [&str; 14] = [
        "",
        "NOTSET",
        "SAME_UPPER",
        "SAME_LOWER",
        "VALID",
        "nearest",
        "linear",
        "cubic",
        "reflect",
        "edge",
        "constant",
        "bchw->bc",
        "ij,jk->ik",
        "align_corners",
    ];
    match random.u8(..6) {
        0 => Attribute::Int(integer(random)),
        1 => Attribute::Float(float(random)),
        2 => Attribute::Floats((0..random.usize(..5)).map(|_| float(random)).collect()),
        3 => Attribute::Text(random.choice(TEXTS).unwrap_or("").to_owned()),
        _ => Attribute::Ints((0..random.usize(..9)).map(|_| integer(random)).collect()),
    }
}

/// A constant with other values, or of another shape.
fn changed_constant(random: &mut Rng, graph: &mut Graph) {
    let names: Vec<String> = graph.constants.keys().cloned().collect();
    let Some(name) = random.choice(&names).cloned() else { return };
    let Some(before) = graph.constants.remove(&name) else { return };
    let changed = match (before.as_floats(), before.as_integers()) {
        (Some(floats), _) if !floats.is_empty() => {
            let mut floats = floats.to_vec();
            let place = random.usize(..floats.len());
            floats[place] = float(random);
            let mut shape = before.shape.clone();
            if random.u8(..3) == 0 {
                shape = vec![floats.len()];
            }
            Constant::floats(shape, floats)
        }
        (_, Some(integers)) if !integers.is_empty() => {
            let mut integers = integers.to_vec();
            let place = random.usize(..integers.len());
            integers[place] = integer(random);
            Constant::integers(before.shape.clone(), integers)
        }
        _ => before.clone(),
    };
    graph.constants.insert(name, changed);
}

/// A node of any kind that reads `first` and some of `values`.
fn node(random: &mut Rng, values: &[String], first: &str, output: &str) -> Node {
    let op = random.choice(OPERATORS).unwrap_or("Relu");
    let mut node = Node::new(op, &[first], output);
    for _ in 0..random.usize(..4) {
        node.inputs.push(random.choice(values).cloned().unwrap_or_default());
    }
    for _ in 0..random.usize(..3) {
        let name = random.choice(ATTRIBUTES).unwrap_or("axes").to_owned();
        let value = attribute(random);
        node.attributes.insert(name, value);
    }
    // What poolings cannot do without, or they would all be refused at once.
    if op.ends_with("Pool") && !op.starts_with("Global") {
        let kernel = (0..2).map(|_| if random.u8(..8) == 0 { integer(random) } else { random.i64(1..4) }).collect();
        node.attributes.entry("kernel_shape".to_owned()).or_insert(Attribute::Ints(kernel));
    }
    node
}

/// A Conv, a few nodes of any kind, and the end of a classifier, with constants that fit or do not.
pub fn made_up(random: &mut Rng) -> Model {
    let (channels, side) = (random.usize(1..9), random.usize(8..40));
    let weights = |random: &mut Rng, shape: &[usize]| {
        let count = shape.iter().product::<usize>();
        Constant::floats(shape.to_vec(), (0..count).map(|_| random.f32() - 0.5).collect())
    };
    let integers =
        |random: &mut Rng, count: usize| Constant::integers(vec![count], (0..count).map(|_| integer(random)).collect());
    let small = |random: &mut Rng, count: usize| {
        Constant::integers(vec![count], (0..count).map(|_| random.i64(-1..3)).collect())
    };
    let wild =
        |random: &mut Rng, count: usize| Constant::floats(vec![count], (0..count).map(|_| float(random)).collect());
    let mut constants = BTreeMap::from([
        ("w".to_owned(), weights(random, &[channels, 3, 3, 3])),
        ("again".to_owned(), weights(random, &[channels, channels, 3, 3])),
        ("depthwise".to_owned(), weights(random, &[channels, 1, 3, 3])),
        ("head".to_owned(), weights(random, &[5, channels])),
        ("bias".to_owned(), weights(random, &[5])),
        ("each".to_owned(), weights(random, &[channels])),
        ("scalar".to_owned(), Constant::floats(vec![], vec![float(random)])),
        ("shape".to_owned(), Constant::integers(vec![4], vec![1, channels as i64, side as i64, side as i64])),
        ("flat".to_owned(), Constant::integers(vec![3], vec![1, channels as i64, -1])),
        ("axis".to_owned(), Constant::integers(vec![1], vec![random.i64(-4..4)])),
    ]);
    for count in [1, 2, 4, 8] {
        constants.insert(format!("integers{count}"), integers(random, count));
        constants.insert(format!("small{count}"), small(random, count));
        constants.insert(format!("floats{count}"), wild(random, count));
    }
    let pads = Attribute::Ints(vec![1; 4]);
    let mut nodes = vec![Node::new("Conv", &["x", "w"], "v0").with("pads", pads)];
    let mut values: Vec<String> =
        constants.keys().cloned().chain(["x".to_owned(), "v0".to_owned(), String::new()]).collect();
    let mut last = "v0".to_owned();
    for index in 1..=random.usize(1..5) {
        let output = format!("v{index}");
        nodes.push(node(random, &values, &last, &output));
        values.push(output.clone());
        last = output;
    }
    nodes.push(Node::new("Relu", &[&last], "relu"));
    nodes.push(Node::new("GlobalAveragePool", &["relu"], "pooled"));
    nodes.push(Node::new("Flatten", &["pooled"], "flattened"));
    let mut output = "flattened";
    if random.bool() {
        nodes.push(Node::new("Gemm", &["flattened", "head", "bias"], "scores").with("transB", Attribute::Int(1)));
        output = "scores";
    }
    let shape = [1, 3, side, side].map(Dimension::Fixed).to_vec();
    let graph = Graph {
        inputs: vec![Input { name: "x".to_owned(), shape }],
        outputs: vec![output.to_owned()],
        nodes,
        constants,
        opsets: BTreeMap::from([(String::new(), random.i64(9..23))]),
        stated_shapes: BTreeMap::new(),
    };
    Model {
        graph,
        producer: String::new(),
        metadata: BTreeMap::new(),
        texts: Vec::new(),
        bytes: 0,
        takes_integers: random.u8(..8) == 0,
        element_types: BTreeMap::new(),
    }
}
