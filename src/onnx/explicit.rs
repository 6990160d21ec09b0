//! Writes out what a file leaves to defaults and to rules that changed between operator sets.
//!
//! rten 0.27 was seen to take strides and dilations from a `kernel_shape` that need not be there, to pad `SAME_LOWER` at the
//! wrong end, and to read the Softmax of operator sets before 13 as that of today. With everything written out there is
//! one reading only.

use std::collections::BTreeSet;

use super::graph::{Attribute, Graph, Node};
use super::shapes::Shapes;
use crate::onnx::tables::IntoTable;

/// The same graph with the windows of Conv and pooling nodes, and the axis of each Softmax, written out where the shapes are
/// known.
#[must_use]
pub fn explicit(mut graph: Graph, shapes: &Shapes) -> Graph {
    let opset = graph.opset();
    let read: BTreeSet<String> =
        graph.nodes.iter().flat_map(|node| &node.inputs).chain(&graph.outputs).cloned().into_set();
    for node in &mut graph.nodes {
        let shape = |name: Option<&str>| {
            let name = name?;
            shapes.get(name).or_else(|| graph.constants.get(name).map(|constant| &constant.shape))
        };
        match node.op.as_str() {
            "Conv" | "MaxPool" | "AveragePool" => {
                let pixels = |name: Option<&str>| shape(name).and_then(|shape| shape.get(2..)).map(<[usize]>::to_vec);
                let kernel = pixels(node.input(1)).filter(|_| node.op == "Conv");
                if let (Some(input), Some(output)) = (pixels(node.input(0)), pixels(Some(node.output())))
                    && input.len() == output.len()
                {
                    window(node, kernel, &input, &output);
                }
            }
            // Its pads follow rules of their own, which rten and lowering both know.
            "ConvTranspose" => {
                if let Some(kernel) = shape(node.input(1)).and_then(|shape| shape.get(2..)).map(<[usize]>::to_vec) {
                    let rank = kernel.len();
                    window_defaults(node, Some(kernel), rank);
                }
            }
            "Softmax" if opset < 13 => {
                if let Some(shape) = shape(node.input(0)) {
                    let axis = softmax_axis(node.int("axis").unwrap_or(1), shape);
                    node.attributes.insert("axis".to_owned(), Attribute::Int(axis));
                }
            }
            // A Dropout whose name has to stay; it drops nothing when a network is used. One whose mask is read stays.
            "Dropout" if !node.outputs.iter().skip(1).any(|mask| read.contains(mask)) => {
                "Identity".clone_into(&mut node.op);
                node.inputs.truncate(1);
                node.outputs.truncate(1);
                node.attributes.clear();
            }
            _ => {}
        }
    }
    graph
}

/// Writes out kernel, strides, dilations and pads of a window that turns `input` pixels along each axis into `output` pixels.
fn window(node: &mut Node, kernel: Option<Vec<usize>>, input: &[usize], output: &[usize]) {
    let rank = input.len();
    window_defaults(node, kernel, rank);
    let Some(kernel) = node.ints("kernel_shape").filter(|kernel| kernel.len() == rank) else {
        return;
    };
    let at_end = match node.text("auto_pad") {
        Some("SAME_UPPER") => true,
        Some("SAME_LOWER") => false,
        _ => {
            let pads = match (node.text("auto_pad"), node.ints("pads")) {
                (Some("VALID"), _) | (_, None) => vec![0; 2 * rank],
                (_, Some(pads)) => pads.to_vec(),
            };
            node.attributes.remove("auto_pad");
            node.attributes.insert("pads".to_owned(), Attribute::Ints(pads));
            return;
        }
    };
    let along = |name: &str, axis: usize| node.ints(name).and_then(|values| values.get(axis)).copied().unwrap_or(1);
    let totals: Vec<i64> = (0..rank)
        .map(|axis| {
            let span =
                (to_i64(output[axis]) - 1) * along("strides", axis) + (kernel[axis] - 1) * along("dilations", axis) + 1;
            (span - to_i64(input[axis])).max(0)
        })
        .collect();
    let smaller = totals.iter().map(|total| total / 2);
    let larger = totals.iter().map(|total| total - total / 2);
    let pads: Vec<i64> = if at_end { smaller.chain(larger).collect() } else { larger.chain(smaller).collect() };
    node.attributes.remove("auto_pad");
    node.attributes.insert("pads".to_owned(), Attribute::Ints(pads));
}

/// Writes out kernel, strides and dilations.
fn window_defaults(node: &mut Node, kernel: Option<Vec<usize>>, rank: usize) {
    if let (None, Some(kernel)) = (node.ints("kernel_shape"), kernel) {
        let sizes = kernel.into_iter().map(to_i64).collect();
        node.attributes.insert("kernel_shape".to_owned(), Attribute::Ints(sizes));
    }
    for name in ["strides", "dilations"] {
        // AveragePool has no dilations before operator set 19.
        if node.ints(name).is_none() && !(name == "dilations" && node.op == "AveragePool") {
            node.attributes.insert(name.to_owned(), Attribute::Ints(vec![1; rank]));
        }
    }
}

/// Before operator set 13 a Softmax goes over all dimensions from its axis on. Where at most one of them is longer than 1, that
/// one is the axis of today's Softmax; where there are more, the axis stays and only lowering knows what it means.
fn softmax_axis(axis: i64, shape: &[usize]) -> i64 {
    let first = usize::try_from(if axis < 0 { axis + to_i64(shape.len()) } else { axis }).unwrap_or(0);
    let mut long = (first..shape.len()).filter(|&dimension| shape[dimension] != 1);
    match (long.next(), long.next()) {
        (Some(only), None) => to_i64(only),
        _ => axis,
    }
}

fn to_i64(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_goes_to_the_side_that_the_name_says() {
        let node = |auto_pad: &str| {
            let text = Attribute::Text(auto_pad.to_owned());
            let mut node = Node::new("MaxPool", &["x"], "y").with("auto_pad", text);
            node.attributes.insert("kernel_shape".to_owned(), Attribute::Ints(vec![3, 3]));
            node.attributes.insert("strides".to_owned(), Attribute::Ints(vec![2, 2]));
            window(&mut node, None, &[6, 9], &[3, 5]);
            node.ints("pads").map(<[i64]>::to_vec)
        };
        // 6 rows need 7, 9 columns need 11.
        assert_eq!(node("SAME_UPPER"), Some(vec![0, 1, 1, 1]));
        assert_eq!(node("SAME_LOWER"), Some(vec![1, 1, 0, 1]));
    }

    #[test]
    fn an_old_softmax_of_a_pooled_vector_goes_over_its_classes() {
        assert_eq!(softmax_axis(1, &[1, 1000, 1, 1]), 1);
        assert_eq!(softmax_axis(1, &[1, 1, 1, 10]), 3);
        assert_eq!(softmax_axis(1, &[1, 4, 5, 6]), 1);
    }
}
