//! Graphs that could do harm while they are written out in plain operators, and a Loop around an If.

use std::collections::BTreeMap;

use featurescope::analysis::evaluate::evaluate;
use featurescope::domain::tensor::Tensor;
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::graph::{Attribute, Constant, Data, Dimension, Graph, Input, Node};
use featurescope::onnx::intake::take_one_picture;
use featurescope::onnx::read::Model;

/// A graph of one picture of 1 × 1 × 2 × 2.
fn graph(nodes: Vec<Node>, constants: &[(&str, Constant)], output: &str) -> Graph {
    Graph {
        inputs: vec![Input { name: "x".to_owned(), shape: [1, 1, 2, 2].map(Dimension::Fixed).to_vec() }],
        outputs: vec![output.to_owned()],
        nodes,
        constants: constants.iter().cloned().map(|(name, constant)| (name.to_owned(), constant)).collect(),
        opsets: BTreeMap::from([(String::new(), 20)]),
        stated_shapes: BTreeMap::new(),
    }
}

fn body(nodes: Vec<Node>, inputs: &[&str], outputs: &[&str]) -> Attribute {
    let input = |name: &&str| Input { name: (*name).to_owned(), shape: Vec::new() };
    Attribute::Graph(Box::new(Graph {
        inputs: inputs.iter().map(input).collect(),
        outputs: outputs.iter().map(|name| (*name).to_owned()).collect(),
        ..graph(nodes, &[], "")
    }))
}

fn truth() -> Constant {
    // 9 is BOOL in TensorProto.
    Constant { shape: Vec::new(), data: Data::Other { data_type: 9, bytes: vec![1].into() } }
}

fn result(graph: Graph) -> Result<Tensor, String> {
    let (producer, metadata, texts, element_types) = (String::new(), BTreeMap::new(), Vec::new(), BTreeMap::new());
    let model = Model { graph, producer, metadata, texts, bytes: 0, takes_integers: false, element_types };
    let x = Tensor::new(vec![1, 1, 2, 2], vec![1.0, 2.0, 3.0, 4.0]).unwrap();
    let found = pollster::block_on(evaluate(&model, &RtenEngine, &[("x", &x)], &[]));
    found.map(|mut found| found.values.remove(0)).map_err(|error| error.to_string())
}

/// What an If makes in the body of a Loop has another name in each round.
#[test]
fn a_loop_around_an_if_goes_round_each_time() {
    let branch = || body(vec![Node::new("Mul", &["kept", "factor"], "t")], &[], &["t"]);
    let choice = Node::new("If", &["yes"], "next").with("then_branch", branch()).with("else_branch", branch());
    let rounds =
        body(vec![choice, Node::new("Identity", &["on"], "goes_on")], &["round", "on", "kept"], &["goes_on", "next"]);
    let node = Node::new("Loop", &["count", "yes", "x"], "y").with("body", rounds);
    let constants = [
        ("count", Constant::integers(Vec::new(), vec![3])),
        ("yes", truth()),
        ("factor", Constant::floats(vec![1], vec![10.0])),
    ];
    let found = result(graph(vec![node, Node::new("Neg", &["y"], "z")], &constants, "z")).unwrap();
    assert_eq!(found.data(), [-1000.0, -2000.0, -3000.0, -4000.0]);
}

#[test]
fn sequences_of_values_of_different_ranks_are_not_joined() {
    let nodes = vec![
        Node::new("SequenceConstruct", &["x", "short"], "all"),
        Node::new("ConcatFromSequence", &["all"], "y")
            .with("axis", Attribute::Int(-1))
            .with("new_axis", Attribute::Int(1)),
    ];
    assert!(result(graph(nodes, &[("short", Constant::floats(vec![5], vec![0.0; 5]))], "y")).is_err());
}

#[test]
fn a_value_is_not_split_into_any_number_of_parts() {
    let nodes = vec![
        Node::new("ConstantOfShape", &["length"], "long"),
        Node::new("SplitToSequence", &["long"], "all"),
        Node::new("SequenceAt", &["all", "zero"], "part"),
        Node::new("Add", &["x", "part"], "y"),
    ];
    let number = |number| Constant::integers(vec![1], vec![number]);
    let constants = [("length", number(1 << 26)), ("zero", Constant::integers(Vec::new(), vec![0]))];
    assert!(result(graph(nodes, &constants, "y")).is_err());
}

#[test]
fn nothing_is_sampled_of_an_axis_without_elements_or_in_any_number_of_axes() {
    let sample = || {
        Node::new("GridSample", &["value", "grid"], "sampled")
            .with("padding_mode", Attribute::Text("border".to_owned()))
    };
    let nodes =
        |sample: Node| vec![sample, Node::new("ReduceSum", &["sampled"], "sum"), Node::new("Add", &["x", "sum"], "y")];
    let floats = |shape: &[usize]| Constant::floats(shape.to_vec(), vec![0.0; shape.iter().product()]);
    let empty = [("value", floats(&[1, 1, 0, 5])), ("grid", floats(&[1, 2, 2, 2]))];
    assert!(result(graph(nodes(sample()), &empty, "y")).is_err());
    let many = [("value", floats(&[1; 22])), ("grid", floats(&[&[1; 21][..], &[20]].concat()))];
    assert!(result(graph(nodes(sample().with("mode", Attribute::Text("cubic".to_owned()))), &many, "y")).is_err());
}

/// What inputs beside the picture are given is bounded in all, and what is not given as a constant is made by a node; a file of very many inputs is left.
#[test]
fn inputs_beside_the_picture_are_not_given_any_number_of_constants() {
    let with_inputs = |count: usize, sizes: &[usize]| {
        let names: Vec<String> = (0..count).map(|index| format!("state{index}")).collect();
        let mut nodes = vec![Node::new("Identity", &["x"], "sum")];
        let mut taken = graph(Vec::new(), &[], "y");
        for name in &names {
            let shape = sizes.iter().copied().map(Dimension::Fixed).collect();
            taken.inputs.push(Input { name: name.clone(), shape });
            nodes.push(Node::new("ReduceSum", &[name], &format!("{name}/sum")));
        }
        let sums: Vec<String> = names.iter().map(|name| format!("{name}/sum")).collect();
        let all: Vec<&str> = ["sum"].into_iter().chain(sums.iter().map(String::as_str)).collect();
        nodes.push(Node::new("Sum", &all, "y"));
        taken.nodes = nodes;
        let intake = take_one_picture(&mut taken, &BTreeMap::new(), None);
        let given = taken.constants.values().map(|constant| constant.shape.iter().product::<usize>());
        (taken.inputs.len(), intake.beside.len(), given.sum::<usize>())
    };
    // 64 MB each.
    let (inputs, beside, given) = with_inputs(20, &[1, 1 << 24]);
    assert_eq!((inputs, beside), (1, 20));
    assert!(given < (1 << 24) + 1000, "{given} elements");
    let (inputs, beside, given) = with_inputs(5, &[1, 1 << 10]);
    assert_eq!((inputs, beside, given), (1, 5, 5 << 10));
    assert_eq!(with_inputs(300, &[1, 2]), (301, 0, 0));
}

#[test]
fn a_mask_of_any_size_is_not_written_out() {
    let nodes = vec![
        Node::new("ConstantOfShape", &["shape"], "long"),
        Node::new("Mul", &["long", "one"], "tokens"),
        Node::new("Attention", &["tokens", "tokens", "tokens"], "attended")
            .with("is_causal", Attribute::Int(1))
            .with("q_num_heads", Attribute::Int(1))
            .with("kv_num_heads", Attribute::Int(1)),
        Node::new("ReduceSum", &["attended"], "sum"),
        Node::new("Add", &["x", "sum"], "y"),
    ];
    let constants =
        [("shape", Constant::integers(vec![3], vec![1, 1 << 16, 1])), ("one", Constant::floats(vec![1], vec![1.0]))];
    let mut graph = graph(nodes, &constants, "y");
    graph.opsets.insert(String::new(), 23);
    assert!(result(graph).is_err());
}
