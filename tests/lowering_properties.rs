//! Random small graphs: lowered, they give what the original gives, both on the CPU engine.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use crate::support::{analyse, largest_difference, read_model, run};
use featurescope::domain::tensor::Tensor;
use featurescope::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use featurescope::onnx::lower::{Limits, Lowered, lower};
use featurescope::onnx::shapes::settle_inputs;
use proptest::prelude::*;

/// A graph of one input that grows node by node; each node reads the value before it.
struct Chain {
    graph: Graph,
    value: String,
    shape: Vec<usize>,
    input_shape: Vec<usize>,
}

/// Numbers between −1 and 1 that look random.
fn numbers(count: usize, seed: usize) -> Vec<f32> {
    #[expect(clippy::cast_precision_loss, reason = "below 2^24")]
    let number = |index: usize| {
        let mixed = (index * 7919 + seed * 104_729 + 12_345) % 65_537 * 7 % 2_001;
        mixed as f32 / 1_000.0 - 1.0
    };
    (0..count).map(number).collect()
}

fn integers(values: impl IntoIterator<Item = usize>) -> Vec<i64> {
    values.into_iter().map(|value| i64::try_from(value).unwrap()).collect()
}

impl Chain {
    fn new(shape: &[usize]) -> Self {
        let input =
            Input { name: "input".to_owned(), shape: shape.iter().map(|&size| Dimension::Fixed(size)).collect() };
        let graph = Graph {
            inputs: vec![input],
            outputs: Vec::new(),
            nodes: Vec::new(),
            constants: BTreeMap::new(),
            opsets: BTreeMap::from([(String::new(), 13)]),
            stated_shapes: BTreeMap::new(),
        };
        Self { graph, value: "input".to_owned(), shape: shape.to_vec(), input_shape: shape.to_vec() }
    }

    fn constant(&mut self, constant: Constant) -> String {
        let name = format!("constant{}", self.graph.constants.len());
        self.graph.constants.insert(name.clone(), constant);
        name
    }

    fn weights(&mut self, shape: &[usize]) -> String {
        let seed = self.graph.constants.len();
        self.constant(Constant::floats(shape.to_vec(), numbers(shape.iter().product(), seed)))
    }

    fn push(&mut self, op: &str, others: &[&str], attributes: &[(&str, Attribute)]) {
        let output = format!("value{}", self.graph.nodes.len());
        let inputs: Vec<&str> = std::iter::once(self.value.as_str()).chain(others.iter().copied()).collect();
        let mut node = Node::new(op, &inputs, &output);
        for (name, value) in attributes {
            node.attributes.insert((*name).to_owned(), value.clone());
        }
        self.graph.nodes.push(node);
        self.value = output;
    }

    /// Lowers, runs both, and compares.
    fn check(mut self, limits: &Limits) -> Result<Lowered, TestCaseError> {
        self.graph.outputs = vec![self.value.clone()];
        let count = self.input_shape.iter().product();
        let input = Tensor::new(self.input_shape.clone(), numbers(count, 99)).unwrap();
        let inputs = BTreeMap::from([("input".to_owned(), input)]);
        let (graph, shapes) = analyse(&self.graph, &inputs).map_err(TestCaseError::reject)?;
        let expected = run(&graph, &inputs).map_err(|error| TestCaseError::reject(error.to_string()))?;
        let lowered = lower(&graph, &shapes, limits).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let actual = run(&lowered.graph, &inputs).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let difference = largest_difference(actual[&self.value].data(), expected[&self.value].data());
        let nodes: Vec<&str> = lowered.graph.nodes.iter().map(|node| node.op.as_str()).collect();
        prop_assert!(difference < 1e-5, "differs by {difference}; lowered to {nodes:?}");
        Ok(lowered)
    }
}

fn pair(most: usize) -> impl Strategy<Value = [usize; 2]> {
    [1..=most, 1..=most]
}

#[derive(Debug, Clone)]
struct ConvCase {
    size: [usize; 2],
    groups: usize,
    inputs_per_group: usize,
    outputs_per_group: usize,
    kernel: [usize; 2],
    strides: [usize; 2],
    dilations: [usize; 2],
    pads: [usize; 4],
    auto_pad: Option<&'static str>,
    outer: Option<[usize; 4]>,
    shuffled: bool,
    bias: bool,
    batch_norm: bool,
}

fn conv_case() -> impl Strategy<Value = ConvCase> {
    let shape = ([5..10_usize, 5..10_usize], 1..4_usize, 1..4_usize, 1..4_usize);
    let window = (pair(3), pair(3), pair(2), [0..3_usize, 0..3, 0..3, 0..3]);
    let auto_pad = prop_oneof![3 => Just(None), 1 => Just(Some("SAME_UPPER")), 1 => Just(Some("SAME_LOWER"))];
    let outer = proptest::option::weighted(0.3, [0..3_usize, 0..3, 0..3, 0..3]);
    (shape, window, auto_pad, outer, any::<[bool; 3]>()).prop_map(
        |(
            (size, groups, inputs_per_group, outputs_per_group),
            (kernel, strides, dilations, pads),
            auto_pad,
            outer,
            flags,
        )| ConvCase {
            size,
            groups,
            inputs_per_group,
            outputs_per_group,
            kernel,
            strides,
            dilations,
            pads,
            auto_pad,
            outer,
            shuffled: flags[0],
            bias: flags[1],
            batch_norm: flags[2],
        },
    )
}

fn conv_chain(case: &ConvCase) -> Chain {
    let inputs = case.groups * case.inputs_per_group;
    let outputs = case.groups * case.outputs_per_group;
    let mut chain = Chain::new(&[1, inputs, case.size[0], case.size[1]]);
    if case.shuffled && inputs.is_multiple_of(2) {
        let apart = integers([1, 2, inputs / 2, case.size[0], case.size[1]]);
        let shape = chain.constant(Constant::integers(vec![5], apart));
        chain.push("Reshape", &[&shape], &[]);
        chain.push("Transpose", &[], &[("perm", Attribute::Ints(vec![0, 2, 1, 3, 4]))]);
        let joined = integers([1, inputs, case.size[0], case.size[1]]);
        let shape = chain.constant(Constant::integers(vec![4], joined));
        chain.push("Reshape", &[&shape], &[]);
    }
    if let Some([top, left, bottom, right]) = case.outer {
        let pads = integers([0, 0, top, left, 0, 0, bottom, right]);
        let pads = chain.constant(Constant::integers(vec![8], pads));
        chain.push("Pad", &[&pads], &[]);
    }
    let kernel = chain.weights(&[outputs, case.inputs_per_group, case.kernel[0], case.kernel[1]]);
    let mut others = vec![kernel];
    if case.bias {
        others.push(chain.weights(&[outputs]));
    }
    let mut attributes = vec![
        ("strides", Attribute::Ints(integers(case.strides))),
        ("dilations", Attribute::Ints(integers(case.dilations))),
        ("group", Attribute::Int(i64::try_from(case.groups).unwrap())),
    ];
    match case.auto_pad {
        Some(auto_pad) => attributes.push(("auto_pad", Attribute::Text(auto_pad.to_owned()))),
        None => attributes.push(("pads", Attribute::Ints(integers(case.pads)))),
    }
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    chain.push("Conv", &others, &attributes);
    if case.batch_norm {
        let parameters = [0, 1, 2].map(|_| chain.weights(&[outputs]));
        let variance = numbers(outputs, 5).iter().map(|value| value.abs() + 0.5).collect();
        let variance = chain.constant(Constant::floats(vec![outputs], variance));
        let [gamma, beta, mean] = parameters;
        chain.push("BatchNormalization", &[&gamma, &beta, &mean, &variance], &[]);
    }
    chain
}

#[derive(Debug, Clone)]
struct PoolCase {
    average: bool,
    size: [usize; 2],
    kernel: [usize; 2],
    strides: [usize; 2],
    pads: [usize; 4],
    ceil: bool,
    counted: bool,
    relu: bool,
    outer: Option<[usize; 4]>,
}

fn pool_case() -> impl Strategy<Value = PoolCase> {
    let outer = proptest::option::weighted(0.3, [0..3_usize, 0..3, 0..3, 0..3]);
    ([5..10_usize, 5..10_usize], pair(4), pair(3), [0..4_usize, 0..4, 0..4, 0..4], any::<[bool; 4]>(), outer).prop_map(
        |(size, kernel, strides, pads, [average, ceil, counted, relu], outer)| PoolCase {
            average,
            size,
            kernel,
            strides,
            // ONNX asks for pads smaller than the kernel.
            pads: std::array::from_fn(|side| pads[side] % kernel[side % 2]),
            // What ceil_mode adds to a mean that counts padding is told by the cases from onnxruntime: engines differ.
            ceil: ceil && !(average && counted),
            counted,
            relu,
            outer,
        },
    )
}

fn pool_chain(case: &PoolCase) -> Chain {
    let mut chain = Chain::new(&[1, 3, case.size[0], case.size[1]]);
    if case.relu {
        chain.push("Relu", &[], &[]);
    }
    if let Some([top, left, bottom, right]) = case.outer {
        let pads = integers([0, 0, top, left, 0, 0, bottom, right]);
        let pads = chain.constant(Constant::integers(vec![8], pads));
        chain.push("Pad", &[&pads], &[]);
    }
    let mut attributes = vec![
        ("kernel_shape", Attribute::Ints(integers(case.kernel))),
        ("strides", Attribute::Ints(integers(case.strides))),
        ("pads", Attribute::Ints(integers(case.pads))),
        ("ceil_mode", Attribute::Int(i64::from(case.ceil))),
    ];
    if case.average {
        attributes.push(("count_include_pad", Attribute::Int(i64::from(case.counted))));
    }
    chain.push(if case.average { "AveragePool" } else { "MaxPool" }, &[], &attributes);
    chain
}

/// A step on a value of any shape; numbers choose among what is possible.
#[derive(Debug, Clone)]
enum Step {
    Transpose(Vec<u8>),
    Reshape(Vec<u8>),
    Relu,
    AddLast,
    MulImage,
    Mean(u8),
    Slice(u8, u8),
    MatMul(u8),
    Double(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let bytes = || proptest::collection::vec(any::<u8>(), 5);
    prop_oneof![
        3 => bytes().prop_map(Step::Transpose),
        3 => bytes().prop_map(Step::Reshape),
        1 => Just(Step::Relu),
        1 => Just(Step::AddLast),
        1 => Just(Step::MulImage),
        1 => any::<u8>().prop_map(Step::Mean),
        1 => any::<[u8; 2]>().prop_map(|[axis, end]| Step::Slice(axis, end)),
        1 => any::<u8>().prop_map(Step::MatMul),
        1 => any::<u8>().prop_map(Step::Double),
    ]
}

fn apply(chain: &mut Chain, step: &Step) {
    let rank = chain.shape.len();
    match step {
        Step::Transpose(keys) => {
            // The batch stays in front, as in every network.
            let mut order: Vec<usize> = (1..rank).collect();
            order.sort_by_key(|&axis| keys[axis % keys.len()]);
            order.insert(0, 0);
            chain.push("Transpose", &[], &[("perm", Attribute::Ints(integers(order.iter().copied())))]);
            chain.shape = order.iter().map(|&axis| chain.shape[axis]).collect();
        }
        Step::Reshape(choices) => {
            let mut rest: usize = chain.shape.iter().product();
            let mut shape = vec![1];
            for &choice in &choices[..usize::from(choices[4] % 4)] {
                let divisors: Vec<usize> = (1..=rest).filter(|divisor| rest.is_multiple_of(*divisor)).collect();
                let divisor = divisors[usize::from(choice) % divisors.len()];
                shape.push(divisor);
                rest /= divisor;
            }
            shape.push(rest);
            let target = chain.constant(Constant::integers(vec![shape.len()], integers(shape.iter().copied())));
            chain.push("Reshape", &[&target], &[]);
            chain.shape = shape;
        }
        Step::Relu => chain.push("Relu", &[], &[]),
        Step::AddLast => {
            let last = chain.shape[rank - 1];
            let row = chain.weights(&[last]);
            chain.push("Add", &[&row], &[]);
        }
        Step::MulImage => {
            let mut shape = chain.shape.clone();
            shape[rank - 1] = 1;
            let image = chain.weights(&shape);
            chain.push("Mul", &[&image], &[]);
        }
        Step::Mean(axis) => {
            let axis = usize::from(*axis) % rank;
            chain.push("ReduceMean", &[], &[("axes", Attribute::Ints(integers([axis])))]);
            let (mean, whole) = (chain.value.clone(), chain.graph.nodes.last().unwrap().inputs[0].clone());
            chain.value = whole;
            chain.push("Sub", &[&mean], &[]);
        }
        Step::Slice(axis, end) => {
            let axis = usize::from(*axis) % rank;
            let end = 1 + usize::from(*end) % chain.shape[axis];
            let parameters = [0, end, axis].map(|value| chain.constant(Constant::integers(vec![1], integers([value]))));
            let [start, stop, axes] = parameters.each_ref().map(String::as_str);
            chain.push("Slice", &[start, stop, axes], &[]);
            chain.shape[axis] = end;
        }
        Step::MatMul(outputs) if rank > 1 => {
            let outputs = 1 + usize::from(*outputs) % 5;
            let matrix = chain.weights(&[chain.shape[rank - 1], outputs]);
            chain.push("MatMul", &[&matrix], &[]);
            chain.shape[rank - 1] = outputs;
        }
        Step::MatMul(_) => {}
        Step::Double(axis) => {
            let axis = usize::from(*axis) % rank;
            if axis > 0 && chain.shape.iter().product::<usize>() < 1_000 {
                let value = chain.value.clone();
                chain.push("Concat", &[&value], &[("axis", Attribute::Int(i64::try_from(axis).unwrap()))]);
                chain.shape[axis] *= 2;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn convs_of_any_form(case in conv_case()) {
        let lowered = conv_chain(&case).check(&Limits::default())?;
        let convs = lowered.graph.nodes.iter().filter(|node| node.op == "Conv").count();
        // One for the Conv, and one where shuffled channels have to move before a grouped Conv or a Pad.
        prop_assert!(convs <= 2, "{convs} Convs");
    }

    #[test]
    fn convs_in_parts(case in conv_case()) {
        // A workgroup of a Conv with groups makes eight output channels; the widest Conv of these cases has nine.
        let limits = Limits { max_binding_bytes: 1 << 16, max_workgroups: 1 };
        let lowered = conv_chain(&case).check(&limits)?;
        for node in lowered.graph.nodes.iter().filter(|node| node.op == "Conv") {
            let most = if node.int("group") == Some(1) { 64 } else { 8 };
            prop_assert!(lowered.shapes[node.output()][1] <= most);
        }
    }

    #[test]
    fn pools_of_any_form(case in pool_case()) {
        pool_chain(&case).check(&Limits::default())?;
    }

    #[test]
    fn values_in_any_shape_and_order(steps in proptest::collection::vec(step(), 1..8)) {
        let mut chain = Chain::new(&[1, 6, 4, 5]);
        for step in &steps {
            apply(&mut chain, step);
        }
        chain.push("Relu", &[], &[]);
        chain.check(&Limits::default())?;
    }
}

/// The graphs of all single-operator cases, with the shapes of their inputs.
fn case_graphs() -> &'static [(Graph, BTreeMap<String, Tensor>)] {
    static GRAPHS: OnceLock<Vec<(Graph, BTreeMap<String, Tensor>)>> = OnceLock::new();
    GRAPHS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ops");
        let names: Vec<String> = serde_json::from_slice(&std::fs::read(folder.join("index.json")).unwrap()).unwrap();
        let graph = |name: &String| {
            let graph = read_model(&folder.join(name).join("model.onnx"));
            let shapes = settle_inputs(&graph, None).unwrap();
            let zeros = |(name, shape): (String, Vec<usize>)| {
                let count = shape.iter().product();
                (name, Tensor::new(shape, vec![0.0; count]).unwrap())
            };
            (graph, shapes.into_iter().map(zeros).collect())
        };
        names.iter().map(graph).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever number a file states, lowering gives a graph or an error, and does not panic.
    #[test]
    fn odd_attributes_are_no_panic(
        choice in any::<[prop::sample::Index; 2]>(),
        odd in prop_oneof![Just(-1), Just(0), Just(2), Just(7), Just(-9), Just(1 << 40), Just(i64::MAX), Just(i64::MIN)],
    ) {
        let targets: Vec<(usize, usize, &String)> = case_graphs()
            .iter()
            .enumerate()
            .flat_map(|(index, (graph, _))| graph.nodes.iter().enumerate().map(move |(place, node)| (index, place, node)))
            .flat_map(|(index, place, node)| node.attributes.iter().map(move |attribute| (index, place, attribute)))
            .filter(|(.., (_, value))| matches!(value, Attribute::Int(_) | Attribute::Ints(_)))
            .map(|(index, place, (name, _))| (index, place, name))
            .collect();
        let &(index, place, name) = choice[0].get(&targets);
        let (graph, inputs) = &case_graphs()[index];
        let mut graph = graph.clone();
        let value = match &graph.nodes[place].attributes[name] {
            Attribute::Ints(values) if !values.is_empty() => {
                let mut values = values.clone();
                *choice[1].get_mut(&mut values) = odd;
                Attribute::Ints(values)
            }
            _ => Attribute::Int(odd),
        };
        graph.nodes[place].attributes.insert(name.clone(), value);
        if let Ok((graph, shapes)) = analyse(&graph, inputs) {
            let _either = lower(&graph, &shapes, &Limits::default());
        }
    }
}

/// A dense layer beyond the largest binding is computed in parts of whole rows.
#[test]
fn a_dense_layer_beyond_the_largest_binding_is_split() {
    let mut chain = Chain::new(&[1, 8, 4, 4]);
    let shape = chain.constant(Constant::integers(vec![2], vec![1, 128]));
    chain.push("Reshape", &[&shape], &[]);
    let (matrix, bias) = (chain.weights(&[30, 128]), chain.weights(&[30]));
    chain.push("Gemm", &[&matrix, &bias], &[("transB", Attribute::Int(1))]);
    // 512 bytes for each output: no more than 12 fit.
    let limits = Limits { max_binding_bytes: 7_000, max_workgroups: 65_535 };
    let lowered = chain.check(&limits).unwrap();
    let ops: Vec<&str> = lowered.graph.nodes.iter().map(|node| node.op.as_str()).collect();
    assert_eq!(ops, ["Conv", "Conv", "Conv", "Concat"]);
    assert_eq!(lowered.graph.nodes[3].name, "value1");
}

/// What does not fit in any way is an error with the node's name.
#[test]
fn a_value_beyond_the_largest_binding_is_refused() {
    let mut chain = Chain::new(&[1, 8, 20, 20]);
    let kernel = chain.weights(&[4, 8, 1, 1]);
    chain.push("Conv", &[&kernel], &[]);
    let limits = Limits { max_binding_bytes: 3_000, max_workgroups: 65_535 };
    let error = chain.check(&limits).unwrap_err().to_string();
    assert!(error.contains("\"value0\"") && error.contains("3000"), "{error}");
}
