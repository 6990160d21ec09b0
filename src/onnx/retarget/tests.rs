use super::*;
use crate::onnx::graph::{Dimension, Input};
use crate::onnx::shapes::infer;

/// A graph over a picture of 3 × 28 × 28 (or another shape) with these nodes, and constants of integers.
fn graph(input: &[usize], nodes: Vec<Node>, integers: &[(&str, &[i64])]) -> Graph {
    let outputs = vec![nodes.last().unwrap().output().to_owned()];
    let constants = integers
        .iter()
        .map(|(name, values)| ((*name).to_owned(), Constant::integers(vec![values.len()], values.to_vec())));
    Graph {
        inputs: vec![Input {
            name: "x".to_owned(),
            shape: input.iter().map(|&length| Dimension::Fixed(length)).collect(),
        }],
        outputs,
        nodes,
        constants: constants.collect(),
        opsets: BTreeMap::from([(String::new(), 13)]),
        stated_shapes: BTreeMap::new(),
    }
}

/// The shape of the last value at a square picture of this side.
fn shape_at(graph: &Graph, side: usize, freedom: Freedom) -> Result<Vec<usize>, ShapeError> {
    let shape = |length: &Dimension| match length {
        Dimension::Fixed(length) => *length,
        Dimension::Symbolic(_) => 1,
    };
    let own: Inputs =
        graph.inputs.iter().map(|input| (input.name.clone(), input.shape.iter().map(shape).collect())).collect();
    let mut wanted = own.clone();
    for shape in wanted.values_mut() {
        shape[2..4].fill(side);
    }
    let found = retarget(graph, &own, &wanted, [2, 3], freedom)?;
    Ok(infer(&found, &wanted)?.remove(&graph.outputs[0]).unwrap())
}

fn reshape(from: &str, target: &str, to: &str) -> Node {
    Node::new("Reshape", &[from, target], to)
}

/// What it is, the shape of the picture, the target that the file states, and for a picture of another side what it becomes.
type Case = (&'static str, [usize; 4], &'static [i64], usize, &'static [usize]);

#[test]
fn a_target_is_made_of_the_lengths_of_its_input() {
    let cases: [Case; 10] = [
        ("channels into groups", [1, 16, 28, 28], &[1, 4, 4, 28, 28], 56, &[1, 4, 4, 56, 56]),
        ("as many channels as rows", [1, 28, 28, 28], &[1, 4, 7, 28, 28], 56, &[1, 4, 7, 56, 56]),
        ("cells in a row", [1, 16, 28, 28], &[1, 16, 784], 14, &[1, 16, 196]),
        ("a group's values in a row", [1, 16, 28, 28], &[1, 4, 3136], 56, &[1, 4, 12544]),
        ("blocks of pixels", [1, 3, 28, 28], &[1, 3, 14, 2, 14, 2], 56, &[1, 3, 28, 2, 28, 2]),
        ("windows", [1, 3, 28, 28], &[1, 3, 4, 7, 4, 7], 14, &[1, 3, 2, 7, 2, 7]),
        ("everything in a row", [1, 3, 28, 28], &[1, -1], 14, &[1, 588]),
        ("an open length", [1, 16, 28, 28], &[1, 4, -1, 28, 28], 56, &[1, 4, 4, 56, 56]),
        ("a batch of maps", [1, 16, 28, 28], &[16, 1, 28, 28], 14, &[16, 1, 14, 14]),
        ("nothing of the picture's", [1, 16, 28, 28], &[4, 4, 28, 28], 33, &[4, 4, 33, 33]),
    ];
    for (name, input, target, side, wanted) in cases {
        let graph = graph(&input, vec![reshape("x", "target", "y")], &[("target", target)]);
        assert_eq!(shape_at(&graph, side, Freedom::Sizes), Ok(wanted.to_vec()), "{name}");
        assert_eq!(shape_at(&graph, 28, Freedom::Sizes), shape_at(&graph, 28, Freedom::None), "{name} at its own size");
    }
}

#[test]
fn cells_in_a_row_become_a_map_again() {
    // A non-local block: rows of cells, and back.
    let graph = graph(
        &[1, 8, 8, 8],
        vec![
            Node::new("Relu", &["x"], "a"),
            reshape("a", "row", "b"),
            Node::new("Transpose", &["b"], "c").with("perm", Attribute::Ints(vec![0, 2, 1])),
            Node::new("MatMul", &["c", "b"], "d"),
            Node::new("MatMul", &["b", "d"], "e"),
            reshape("e", "map", "f"),
            Node::new("Add", &["f", "x"], "g"),
        ],
        &[("row", &[1, 8, 64]), ("map", &[1, 8, 8, 8])],
    );
    assert!(shape_at(&graph, 13, Freedom::None).is_err());
    assert_eq!(shape_at(&graph, 13, Freedom::Sizes), Ok(vec![1, 8, 13, 13]));
    assert_eq!(shape_at(&graph, 64, Freedom::Sizes), Ok(vec![1, 8, 64, 64]));
}

#[test]
fn groups_are_normalised_and_become_a_map_again() {
    for row in [[1, 4, -1], [1, 4, 256]] {
        let graph = graph(
            &[1, 16, 8, 8],
            vec![
                Node::new("Relu", &["x"], "a"),
                reshape("a", "row", "b"),
                Node::new("Relu", &["b"], "c"),
                reshape("c", "map", "d"),
            ],
            &[("row", &row), ("map", &[1, 16, 8, 8])],
        );
        assert_eq!(shape_at(&graph, 13, Freedom::Sizes), Ok(vec![1, 16, 13, 13]));
    }
}

#[test]
fn blocks_of_pixels_come_out_even_or_not_at_all() {
    let graph = graph(
        &[1, 3, 8, 8],
        vec![
            reshape("x", "blocks", "a"),
            Node::new("Transpose", &["a"], "b").with("perm", Attribute::Ints(vec![0, 1, 3, 5, 2, 4])),
            reshape("b", "channels", "c"),
        ],
        &[("blocks", &[1, 3, 4, 2, 4, 2]), ("channels", &[1, 12, 4, 4])],
    );
    assert_eq!(shape_at(&graph, 46, Freedom::Sizes), Ok(vec![1, 12, 23, 23]));
    assert!(shape_at(&graph, 33, Freedom::Sizes).is_err());
}

#[test]
fn sizes_windows_and_ends_follow() {
    let floor = |kernel: i64, from: &str, to: &str| {
        Node::new("AveragePool", &[from], to).with("kernel_shape", Attribute::Ints(vec![kernel; 2]))
    };
    // Half the map, enlarged to the map before; a gate that is spread over it; and what is cut off its edge.
    let graph = graph(
        &[1, 4, 8, 8],
        vec![
            floor(2, "x", "half").with("strides", Attribute::Ints(vec![2; 2])),
            Node::new("Resize", &["half", "", "", "sizes"], "full"),
            Node::new("Add", &["full", "x"], "sum"),
            floor(8, "sum", "mean"),
            Node::new("Expand", &["mean", "whole"], "gate"),
            Node::new("Tile", &["mean", "times"], "tiled"),
            Node::new("Mul", &["gate", "tiled"], "gates"),
            Node::new("Mul", &["gates", "sum"], "gated"),
            Node::new("Slice", &["gated", "starts", "ends", "axes"], "inner"),
        ],
        &[
            ("sizes", &[1, 4, 8, 8]),
            ("whole", &[1, 4, 8, 8]),
            ("times", &[1, 1, 8, 8]),
            ("starts", &[1, 1]),
            ("ends", &[7, 8]),
            ("axes", &[2, 3]),
        ],
    );
    assert!(shape_at(&graph, 13, Freedom::None).is_err());
    assert_eq!(shape_at(&graph, 13, Freedom::Sizes), Ok(vec![1, 4, 11, 12]));
    assert_eq!(shape_at(&graph, 30, Freedom::Sizes), Ok(vec![1, 4, 28, 29]));
}

/// As Keras writes a residual block: the pads that it gives a pooling depend on whether the length is even.
#[test]
fn pads_that_were_computed_for_one_size_are_computed_again() {
    let pool = |pads: [i64; 4]| {
        Node::new("MaxPool", &["x"], "pooled")
            .with("kernel_shape", Attribute::Ints(vec![3; 2]))
            .with("strides", Attribute::Ints(vec![2; 2]))
            .with("pads", Attribute::Ints(pads.to_vec()))
    };
    let short = Node::new("MaxPool", &["x"], "short")
        .with("kernel_shape", Attribute::Ints(vec![1; 2]))
        .with("strides", Attribute::Ints(vec![2; 2]));
    for (side, pads) in [(30, [0, 0, 1, 1]), (15, [1, 1, 1, 1])] {
        let graph = graph(
            &[1, 3, side, side],
            vec![pool(pads), short.clone(), Node::new("Add", &["pooled", "short"], "y")],
            &[],
        );
        for other in [16_usize, 17, 30, 33] {
            let cells = other.div_ceil(2);
            assert_eq!(
                shape_at(&graph, other, Freedom::SizesAndPads),
                Ok(vec![1, 3, cells, cells]),
                "{side} to {other}"
            );
        }
        // Only pads on one side tell an odd length from an even one.
        assert_eq!(shape_at(&graph, 17, Freedom::Sizes).is_err(), side == 30);
    }
}

/// What is turned around ends before the first place, which files write as the smallest number there is.
#[test]
fn a_slice_to_the_very_end_stays_one() {
    for (start, end, step) in [(0, i64::MAX, 1), (-1, i64::MIN, -1), (0, i64::from(i32::MAX), 2)] {
        let graph = graph(
            &[1, 3, 28, 28],
            vec![Node::new("Slice", &["x", "starts", "ends", "axes", "steps"], "y")],
            &[("starts", &[start]), ("ends", &[end]), ("axes", &[2]), ("steps", &[step])],
        );
        let rows = if step == 2 { 17 } else { 33 };
        assert_eq!(shape_at(&graph, 33, Freedom::Sizes), Ok(vec![1, 3, rows, 33]), "{start} to {end}");
    }
}
