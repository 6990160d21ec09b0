//! The adapter on the `noop` device: plans, shaders and buffers are checked as on a real one, values are not computed.
//! That the values are right is tested in the browser.

use std::collections::BTreeMap;

use pollster::block_on;
use wgpu::compat::{self, Gpu};

use super::plan::plan;
use super::{Form, Made, WonnxEngine};
use crate::domain::tensor::Tensor;
use crate::engine::runner::{Engine, EngineError};
use crate::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use crate::onnx::lower;
use crate::onnx::operator;
use crate::onnx::shapes::infer;

fn engine() -> WonnxEngine {
    WonnxEngine::on(block_on(Gpu::noop()).unwrap())
}

/// A graph from `x`, of this shape, with no nodes yet.
fn graph(shape: &[usize]) -> Graph {
    Graph {
        inputs: vec![Input { name: "x".to_owned(), shape: shape.iter().copied().map(Dimension::Fixed).collect() }],
        outputs: Vec::new(),
        nodes: Vec::new(),
        constants: BTreeMap::new(),
        opsets: [(String::new(), 13)].into(),
        stated_shapes: BTreeMap::new(),
    }
}

fn add_conv(graph: &mut Graph, input: &str, output: &str, in_channels: usize, out_channels: usize) {
    let (weights, bias) = (format!("{output}.weights"), format!("{output}.bias"));
    graph.nodes.push(
        Node::new("Conv", &[input, &weights, &bias], output)
            .with("kernel_shape", Attribute::Ints(vec![3, 3]))
            .with("strides", Attribute::Ints(vec![1, 1]))
            .with("pads", Attribute::Ints(vec![1; 4]))
            .with("dilations", Attribute::Ints(vec![1, 1]))
            .with("group", Attribute::Int(1)),
    );
    let values = vec![0.5; out_channels * in_channels * 9];
    graph.constants.insert(weights, Constant::floats(vec![out_channels, in_channels, 3, 3], values));
    graph.constants.insert(bias, Constant::floats(vec![out_channels], vec![0.0; out_channels]));
}

fn add_pool(graph: &mut Graph, input: &str, output: &str) {
    graph.nodes.push(
        Node::new("MaxPool", &[input], output)
            .with("kernel_shape", Attribute::Ints(vec![2, 2]))
            .with("strides", Attribute::Ints(vec![2, 2]))
            .with("pads", Attribute::Ints(vec![0; 4]))
            .with("ceil_mode", Attribute::Int(0)),
    );
}

/// Thirteen convolutions with their activations and four pools, as VGG16 has them before its last pool, and narrow.
fn plain_chain() -> Graph {
    let mut graph = graph(&[1, 3, 32, 32]);
    let (mut last, mut channels) = ("x".to_owned(), 3);
    for index in 1..=13 {
        let (conv, relu) = (format!("conv{index}"), format!("relu{index}"));
        add_conv(&mut graph, &last, &conv, channels, 4);
        graph.nodes.push(Node::new("Relu", &[&conv], &relu));
        (last, channels) = (relu, 4);
        if [2, 4, 7, 10].contains(&index) {
            let pool = format!("pool{index}");
            add_pool(&mut graph, &last, &pool);
            last = pool;
        }
    }
    graph
}

fn prepare(engine: &WonnxEngine, graph: &Graph, outputs: &[&str]) -> Made {
    let mut graph = graph.clone();
    graph.outputs = outputs.iter().map(|&name| name.to_owned()).collect();
    block_on(engine.prepare(graph)).unwrap();
    engine.made()
}

#[test]
fn a_tap_makes_no_second_copy_of_what_is_before_it() {
    let engine = engine();
    let graph = plain_chain();
    assert_eq!(prepare(&engine, &graph, &["relu13"]), Made { nodes: 17, pipelines: 17 });
    assert_eq!(prepare(&engine, &graph, &["relu13", "relu5"]), Made { nodes: 17, pipelines: 17 });
    let all: Vec<String> = (1..=13).map(|index| format!("relu{index}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(prepare(&engine, &graph, &all), Made { nodes: 17, pipelines: 17 });
    // A convolution that is read before its activation is not joined with it.
    assert_eq!(prepare(&engine, &graph, &["relu13", "conv5"]), Made { nodes: 18, pipelines: 18 });
    let all: Vec<String> = (1..=13).map(|index| format!("conv{index}")).collect();
    let mut all: Vec<&str> = all.iter().map(String::as_str).collect();
    all.push("relu13");
    assert_eq!(prepare(&engine, &graph, &all), Made { nodes: 30, pipelines: 30 });
}

#[test]
fn every_kernel_is_accepted_in_both_forms_and_the_buffers_go_with_the_runner() {
    for engine in [engine().with_tiles(), engine().with_form(Form::Direct)] {
        let before = engine.count();
        // The values are all zero on this device, so that only the mismatch is certain.
        block_on(crate::engine::self_check::self_check(&engine)).unwrap();
        let Made { nodes, pipelines } = engine.made();
        assert_eq!(nodes, pipelines);
        assert_eq!(engine.count().live_buffers, before.live_buffers);
        assert_eq!(engine.count().live_bytes, before.live_bytes);
    }
}

#[test]
fn a_software_adapter_has_no_tiles() {
    let engine = engine();
    let limits = engine.gpu.limits();
    let info = |software| compat::Info { adapter: "an adapter".to_owned(), software };
    assert_eq!(Form::of(&info(true), limits), Form::Direct);
    assert_eq!(Form::of(&info(false), limits), Form::LEAST, "the device for tests has WebGPU's least limits");
}

/// The shader for a 3×3 convolution to so many channels of so many pixels in tiles, as the number of its threads, or 0 where it has none.
fn threads_of(channels: usize, pixels: usize, form: Form) -> usize {
    let mut graph = graph(&[1, 4, pixels / 4, 4]);
    add_conv(&mut graph, "x", "y", 4, channels);
    graph.outputs = vec!["y".to_owned()];
    let plan = plan(&graph, engine().gpu.limits(), form).unwrap();
    let (_, kernel) = plan.preparation.kernels().next().unwrap();
    let stated = kernel.wgsl.lines().find_map(|line| line.strip_prefix("const THREADS = ")?.strip_suffix("u;"));
    stated.map_or(0, |threads| threads.parse().unwrap())
}

#[test]
fn tiles_are_chosen_by_the_size_of_the_output_and_the_limits_of_the_device() {
    // The largest tile that there are enough of.
    assert_eq!(threads_of(128, 4096, Form::LEAST), 256);
    // The next one where a workgroup may have no more threads, or no more memory.
    assert_eq!(threads_of(128, 4096, Form::Tiled { threads: 255, bytes: 16_384 }), 128);
    assert_eq!(threads_of(128, 4096, Form::Tiled { threads: 256, bytes: 12_287 }), 128);
    // Too few of any but the smallest.
    assert_eq!(threads_of(64, 196, Form::LEAST), 64);
    // Where even that would compute mostly for nothing, or nothing fits, threads compute by themselves.
    assert_eq!(threads_of(4, 64, Form::LEAST), 0);
    assert_eq!(threads_of(128, 4096, Form::Tiled { threads: 256, bytes: 1_024 }), 0);
}

#[test]
fn the_gradient_of_max_pooling_is_accepted() {
    let engine = engine();
    let mut graph = graph(&[1, 3, 9, 9]);
    add_pool(&mut graph, "x", "pooled");
    let mut gradient = graph.nodes[0].clone();
    (gradient.op, gradient.domain) = (operator::MAX_POOL_GRADIENT.to_owned(), operator::OWN_SET.to_owned());
    (gradient.inputs, gradient.outputs) = (vec!["x".to_owned(), "pooled".to_owned()], vec!["given".to_owned()]);
    graph.nodes.push(gradient.named("given"));
    // The place of each window's maximum, and what reaches it.
    assert_eq!(prepare(&engine, &graph, &["given"]), Made { nodes: 3, pipelines: 3 });
}

#[test]
fn operations_on_each_value_run_as_one_where_nothing_else_reads_what_lies_between() {
    let engine = engine();
    let mut graph = graph(&[1, 3, 5, 7]);
    graph.constants.insert("six".to_owned(), Constant::floats(vec![], vec![6.0]));
    graph.constants.insert("of each channel".to_owned(), Constant::floats(vec![1, 3, 1, 1], vec![2.0; 3]));
    // What the gradient of a Clip between 0 and 6 is made of.
    for (op, inputs, output) in [
        ("Sub", ["x", "six"], "below"),
        ("Mul", ["x", "below"], "inside"),
        ("Sign", ["inside", ""], "sign"),
        ("Neg", ["sign", ""], "mask"),
        ("Relu", ["x", ""], "given"),
        ("Mul", ["given", "mask"], "gradient"),
        ("Mul", ["gradient", "of each channel"], "scaled"),
        ("Exp", ["scaled", ""], "last"),
    ] {
        let inputs: Vec<&str> = inputs.into_iter().filter(|input| !input.is_empty()).collect();
        graph.nodes.push(Node::new(op, &inputs, output));
    }
    assert_eq!(prepare(&engine, &graph, &["gradient"]), Made { nodes: 1, pipelines: 1 });
    // A value that is wanted itself, and one that differs from channel to channel, stand on their own.
    assert_eq!(prepare(&engine, &graph, &["gradient", "mask"]), Made { nodes: 2, pipelines: 2 });
    assert_eq!(prepare(&engine, &graph, &["last"]), Made { nodes: 3, pipelines: 3 });
}

#[test]
fn a_long_row_of_operations_is_joined_in_parts() {
    let engine = engine();
    let mut graph = graph(&[1, 1, 2, 2]);
    let mut last = "x".to_owned();
    for index in 0..70 {
        let next = format!("y{index}");
        graph.nodes.push(Node::new("Neg", &[&last], &next));
        last = next;
    }
    assert_eq!(prepare(&engine, &graph, &[&last]), Made { nodes: 3, pipelines: 3 });
    // Sums of ten tensors, of which a shader takes six.
    for index in 0..10 {
        graph.nodes.push(Node::new("Neg", &["x"], &format!("part{index}")));
        let before = if index == 0 { "x".to_owned() } else { format!("sum{}", index - 1) };
        graph.nodes.push(Node::new("Add", &[&before, &format!("part{index}")], &format!("sum{index}")));
    }
    let parts: Vec<String> = (0..10).map(|index| format!("part{index}")).collect();
    let outputs: Vec<&str> = parts.iter().map(String::as_str).chain(["sum9"]).collect();
    assert_eq!(prepare(&engine, &graph, &outputs), Made { nodes: 12, pipelines: 12 });
}

#[test]
fn pictures_one_after_another_leave_nothing_behind() {
    let engine = engine();
    let mut graph = plain_chain();
    graph.outputs = vec!["relu13".to_owned(), "relu2".to_owned()];
    let runner = block_on(engine.prepare(graph)).unwrap();
    let picture = Tensor::new(vec![1, 3, 32, 32], vec![0.5; 3 * 32 * 32]).unwrap();
    let before = engine.count();
    for _ in 0..5 {
        let outputs = block_on(runner.run(&[("x", &picture)])).unwrap();
        assert_eq!(outputs.iter().map(Tensor::shape).collect::<Vec<_>>(), [[1, 4, 2, 2], [1, 4, 32, 32]]);
    }
    assert_eq!(engine.count().live_bytes, before.live_bytes);
    assert_eq!(engine.count().pipelines, before.pipelines);
    assert_eq!(engine.count().dispatches - before.dispatches, 5 * 17);
    // Both outputs come back at once, copied by the submission that computes them, and each run asks about errors of two kinds once.
    assert_eq!(engine.count().readbacks - before.readbacks, 5);
    assert_eq!(engine.count().submissions - before.submissions, 5);
    assert_eq!(engine.count().error_scopes - before.error_scopes, 5 * 2);
}

#[test]
fn preparing_asks_about_errors_once_with_all_weights() {
    let engine = engine();
    let before = engine.count();
    prepare(&engine, &plain_chain(), &["relu13"]);
    assert_eq!(engine.count().error_scopes - before.error_scopes, 2);
    assert_eq!(engine.count().readbacks, before.readbacks);
}

#[test]
fn a_concat_of_many_is_done_in_parts() {
    let engine = engine();
    let mut graph = graph(&[1, 2, 4, 4]);
    let names: Vec<String> = (0..40).map(|index| format!("part{index}")).collect();
    for name in &names {
        graph.nodes.push(Node::new("Neg", &["x"], name));
    }
    let inputs: Vec<&str> = names.iter().map(String::as_str).collect();
    graph.nodes.push(Node::new("Concat", &inputs, "all").with("axis", Attribute::Int(1)));
    graph.outputs = vec!["all".to_owned()];
    let runner = block_on(engine.prepare(graph)).unwrap();
    let picture = Tensor::new(vec![1, 2, 4, 4], vec![0.5; 32]).unwrap();
    let outputs = block_on(runner.run(&[("x", &picture)])).unwrap();
    assert_eq!(outputs[0].shape(), [1, 80, 4, 4]);
    assert_eq!(engine.made().nodes, engine.made().pipelines);
}

#[test]
fn the_count_of_ranks_is_accepted() {
    let engine = engine();
    let mut graph = graph(&[1, 2, 1, 5]);
    let mut node = Node::new(operator::RANKS, &["x"], "ranks").with("last", Attribute::Int(1));
    operator::OWN_SET.clone_into(&mut node.domain);
    graph.nodes.push(node);
    assert_eq!(prepare(&engine, &graph, &["ranks"]), Made { nodes: 1, pipelines: 1 });
}

/// wonnx walks a graph by recursion, so that a deep one took more stack than there is.
#[test]
fn a_deep_graph_is_walked_from_milestones() {
    const DEEP: usize = 2_500;
    let engine = engine();
    let mut graph = graph(&[1, 2, 4, 4]);
    graph.constants.insert("turn".to_owned(), Constant::floats(vec![1, 1, 4, 4], vec![0.5; 16]));
    // Two rows beside each other, of which one takes two steps where the other takes one, so that no depth is that of both.
    for place in 0..DEEP {
        let before = |row: &str| if place == 0 { "x".to_owned() } else { format!("{row}{}", place - 1) };
        for row in ["long", "short"] {
            let half = format!("{row}{place} half");
            graph.nodes.push(Node::new("MatMul", &[&before(row), "turn"], &half));
            if row == "long" {
                graph.nodes.push(Node::new("MatMul", &[&half, "turn"], &format!("long{place}")));
            } else {
                graph.nodes.push(Node::new("MatMul", &[&half, &before("short")], &format!("short{place}")));
            }
        }
    }
    let (long, short) = (format!("long{}", DEEP - 1), format!("short{}", DEEP - 1));
    graph.outputs = vec![short.clone(), long.clone()];
    let plan = plan(&graph, engine.gpu.limits(), engine.form).unwrap();
    assert_eq!(plan.outputs.iter().map(|(name, _)| name).collect::<Vec<_>>(), [&short, &long]);
    assert_eq!(plan.milestones.len(), 2 * (2 * DEEP / 200));
    // No more stack than a WebAssembly module has.
    let made = std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || prepare(&WonnxEngine::on(block_on(Gpu::noop()).unwrap()), &graph, &[&short, &long]));
    let made = made.unwrap().join().unwrap();
    assert_eq!(made.nodes, 4 * DEEP + plan.milestones.len());
}

#[test]
fn what_cannot_be_run_is_refused_by_name() {
    let engine = engine();
    let refuse = |graph: Graph| block_on(engine.prepare(graph)).map(|_| ()).unwrap_err();

    let mut unknown = graph(&[1, 2, 4, 4]);
    unknown.nodes.push(Node::new("Softmax", &["x"], "y").named("the node"));
    unknown.outputs = vec!["y".to_owned()];
    assert!(
        matches!(refuse(unknown), EngineError::Unsupported { node, op, .. } if node == "the node" && op == "Softmax")
    );

    let mut no_output = graph(&[1, 2, 4, 4]);
    no_output.outputs = vec!["x".to_owned()];
    assert!(matches!(refuse(no_output), EngineError::BadGraph(_)));

    let mut large = graph(&[1, 64, 1024, 1024]);
    large.nodes.push(Node::new("Relu", &["x"], "y"));
    large.outputs = vec!["y".to_owned()];
    assert!(matches!(refuse(large), EngineError::TooLarge(_)));
}

/// What lowering writes for a Conv with `outputs` channels, and what the adapter makes of it, under limits other than the device's.
fn lowered_and_planned(
    outputs: usize,
    group: usize,
    limits: lower::Limits,
    device: compat::Limits,
) -> Result<(Vec<String>, Vec<[u32; 3]>), EngineError> {
    let inputs_per_group = if group == 1 { 8 } else { 1 };
    let mut graph = graph(&[1, inputs_per_group * group, 4, 4]);
    add_conv(&mut graph, "x", "y", inputs_per_group, outputs);
    graph.nodes[0].attributes.insert("group".to_owned(), Attribute::Int(group as i64));
    graph.outputs = vec!["y".to_owned()];
    let shapes = infer(&graph, &BTreeMap::new()).unwrap();
    let lowered = lower::lower(&graph, &shapes, &limits).unwrap().graph;
    let plan = plan(&lowered, &device, Form::Direct)?;
    let workgroups = plan.preparation.kernels().map(|(_, kernel)| kernel.workgroups).collect();
    Ok((lowered.nodes.into_iter().map(|node| node.op).collect(), workgroups))
}

#[test]
fn a_convolution_beyond_the_largest_dispatch_or_binding_runs_in_parts() {
    let roomy = lower::Limits { max_binding_bytes: 1 << 20, max_workgroups: 65_535 };
    let device =
        |most: u32| compat::Limits { max_compute_workgroups_per_dimension: most, ..engine().gpu.limits().clone() };
    let within = |workgroups: &[[u32; 3]], most: u32| workgroups.iter().flatten().all(|&count| count <= most);

    // Four workgroups of eight channels each.
    let few = lower::Limits { max_workgroups: 4, ..roomy };
    let (ops, workgroups) = lowered_and_planned(40, 40, few, device(4)).unwrap();
    assert_eq!(ops, ["SliceSums", "Conv", "SliceSums", "Conv", "Concat"], "each part selects its own inputs");
    assert!(within(&workgroups, 4), "{workgroups:?}");
    assert!(matches!(lowered_and_planned(40, 40, roomy, device(4)), Err(EngineError::TooLarge(_))));

    // 288 bytes for each output: no more than 16 fit, in whole vectors of four.
    let narrow = lower::Limits { max_binding_bytes: 5_000, ..roomy };
    let (ops, _) = lowered_and_planned(24, 1, narrow, device(65_535)).unwrap();
    assert_eq!(ops, ["Conv", "Conv", "Concat"]);
}

#[test]
fn a_value_beyond_what_kernels_of_wonnx_would_take_is_computed() {
    let engine = engine();
    // 25 million values, where wonnx's own kernels for a value each would take 17 million.
    let large = |op: &str| {
        let mut graph = graph(&[1, 6, 2048, 2048]);
        graph.nodes.push(Node::new(op, &["x"], "y").with("perm", Attribute::Ints(vec![0, 2, 3, 1])));
        graph.outputs = vec!["y".to_owned()];
        plan(&graph, engine.gpu.limits(), engine.form).map(|_| ())
    };
    assert_eq!(large("Relu"), Ok(()));
    assert_eq!(large("Transpose"), Ok(()));
}

#[test]
fn a_wrong_input_and_a_lost_device_are_errors() {
    let engine = engine();
    let mut graph = graph(&[1, 2, 4, 4]);
    graph.nodes.push(Node::new("Relu", &["x"], "y"));
    graph.outputs = vec!["y".to_owned()];
    let runner = block_on(engine.prepare(graph.clone())).unwrap();
    let right = Tensor::new(vec![1, 2, 4, 4], vec![0.0; 32]).unwrap();
    let wrong = Tensor::new(vec![1, 2, 2, 8], vec![0.0; 32]).unwrap();
    let run = |name: &str, tensor: &Tensor| block_on(runner.run(&[(name, tensor)])).map(|_| ());
    assert_eq!(run("x", &right), Ok(()));
    assert!(matches!(run("x", &wrong), Err(EngineError::BadInput { .. })));
    assert!(matches!(run("z", &right), Err(EngineError::BadInput { .. })));
    engine.destroy();
    assert!(matches!(run("x", &right), Err(EngineError::DeviceLost(_))));
    assert!(matches!(block_on(engine.prepare(graph)), Err(EngineError::DeviceLost(_))));
}
