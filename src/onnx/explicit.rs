//! Writes out what a file leaves to defaults and to rules that changed between operator sets.
//!
//! rten 0.27 was seen to take strides and dilations from a `kernel_shape` that need not be there, to pad `SAME_LOWER` at the
//! wrong end, to read the Softmax of operator sets before 13 as that of today, and to have no Pad with axes. With everything
//! written out there is one reading only.

mod unpool;

use std::collections::BTreeSet;

use super::graph::{Attribute, Constant, Graph, Node, to_i64};
use super::operator::{MAX_POOL_GRADIENT, OWN_SET};
use super::shapes::Shapes;
use crate::onnx::tables::IntoTable;

/// The same graph with the windows of Conv and pooling nodes, the axis of each Softmax and LogSoftmax, and the amounts of each Pad
/// written out where the shapes are known. `shapes` gets those of the values that this adds.
#[must_use]
pub fn explicit(mut graph: Graph, shapes: &mut Shapes) -> Graph {
    let read: BTreeSet<String> =
        graph.nodes.iter().flat_map(|node| &node.inputs).chain(&graph.outputs).cloned().into_set();
    let nodes = std::mem::take(&mut graph.nodes);
    let taken = nodes.iter().flat_map(|node| &node.outputs).chain(graph.constants.keys()).cloned().into_set();
    let mut writer = Writer { graph, shapes, taken, nodes: Vec::new() };
    for node in nodes {
        writer.node(node, &read);
    }
    let Writer { mut graph, nodes, .. } = writer;
    graph.nodes = nodes;
    without_unread_indices(&mut graph);
    graph
}

/// The graph while it is written anew.
struct Writer<'s> {
    graph: Graph,
    shapes: &'s mut Shapes,
    /// Names that are in use.
    taken: BTreeSet<String>,
    nodes: Vec<Node>,
}

impl Writer<'_> {
    fn shape(&self, name: Option<&str>) -> Option<&Vec<usize>> {
        let name = name?;
        self.shapes.get(name).or_else(|| self.graph.constants.get(name).map(|constant| &constant.shape))
    }

    /// Adds a node with everything written out. `read` are the values that anybody reads.
    fn node(&mut self, mut node: Node, read: &BTreeSet<String>) {
        match node.op.as_str() {
            "Conv" | "MaxPool" | "AveragePool" | "LpPool" => {
                let pixels = |name| self.shape(name).and_then(|shape| shape.get(2..)).map(<[usize]>::to_vec);
                let kernel = pixels(node.input(1)).filter(|_| node.op == "Conv");
                if let (Some(input), Some(output)) = (pixels(node.input(0)), pixels(Some(node.output())))
                    && input.len() == output.len()
                {
                    window(&mut node, kernel, &input, &output);
                }
            }
            // Its pads stay as they are. They follow rules of their own: SAME_UPPER and SAME_LOWER make the result `stride` times as
            // large, with the larger part of an odd total at the end or at the beginning, as onnxruntime has it; with output_shape
            // the total is what is too much, and its larger part is at the beginning unless SAME_UPPER says otherwise. Lowering
            // knows them all (`lower/conv_transpose.rs`); rten knows SAME_UPPER, and neither SAME_LOWER nor output_shape, which are
            // refused before it could read them.
            "ConvTranspose" => {
                if let Some(kernel) = self.shape(node.input(1)).and_then(|shape| shape.get(2..)).map(<[usize]>::to_vec)
                {
                    let rank = kernel.len();
                    window_defaults(&mut node, Some(kernel), rank);
                }
            }
            "Hardmax" | "Softmax" | "LogSoftmax" if self.graph.opset() < 13 => {
                if let Some(shape) = self.shape(node.input(0)).cloned() {
                    return self.old_softmax(node, &shape);
                }
            }
            "Pad" => self.pad(&mut node),
            "Squeeze" | "Unsqueeze" => self.scalar_axes(&mut node),
            "MaxUnpool" => {
                if let Some(parts) = unpool::parts(self, &node) {
                    return self.nodes.extend(parts);
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
        self.nodes.push(node);
    }

    /// Before operator set 13 a Softmax goes over all dimensions from its axis on. Where at most one of them is longer than 1,
    /// that one is the axis of today's Softmax; where there are more, they are made one dimension and then parted again.
    fn old_softmax(&mut self, mut node: Node, shape: &[usize]) {
        let axis = node.int("axis").unwrap_or(1);
        let first = usize::try_from(if axis < 0 { axis.saturating_add(to_i64(shape.len())) } else { axis });
        let Some((outer, inner)) = first.ok().and_then(|first| shape.split_at_checked(first)) else {
            // No axis of its input; both engines refuse it.
            return self.nodes.push(node);
        };
        let mut long = (outer.len()..shape.len()).filter(|&dimension| shape[dimension] != 1);
        let (only, more) = (long.next(), long.next().is_some());
        if !more {
            node.attributes.insert("axis".to_owned(), Attribute::Int(only.map_or(axis, to_i64)));
            return self.nodes.push(node);
        }
        let matrix = [outer.iter().product(), inner.iter().product()];
        let Some(output) = node.outputs.first_mut().map(std::mem::take) else {
            return self.nodes.push(node);
        };
        let [flat, result] = ["flat", "result"].map(|part| self.fresh(&format!("{output}/{part}")));
        for value in [&flat, &result] {
            self.shapes.insert(value.clone(), matrix.to_vec());
        }
        let [joined, parted] = [&matrix[..], shape].map(|shape| {
            let name = self.fresh(&format!("{output}/shape"));
            let sizes = shape.iter().map(|&size| to_i64(size)).collect();
            self.graph.constants.insert(name.clone(), Constant::integers(vec![shape.len()], sizes));
            name
        });
        self.nodes.push(Node::new("Reshape", &[node.input(0).unwrap_or_default(), &joined], &flat));
        node.inputs = vec![flat];
        node.outputs = vec![result.clone()];
        node.attributes.insert("axis".to_owned(), Attribute::Int(1));
        self.nodes.push(node);
        self.nodes.push(Node::new("Reshape", &[&result, &parted], &output));
    }

    /// A Pad that names its axes, as operator set 18 has it, pads all of them instead, most by nothing.
    fn pad(&mut self, node: &mut Node) {
        let rank = self.shape(node.input(0)).map(Vec::len);
        let integers = |index| self.graph.constants.get(node.input(index)?)?.as_integers();
        let (Some(rank), Some(pads), Some(axes)) = (rank, integers(1), integers(3)) else { return };
        let mut all = vec![0; 2 * rank];
        for (index, &axis) in axes.iter().enumerate() {
            let axis = usize::try_from(if axis < 0 { axis.saturating_add(to_i64(rank)) } else { axis });
            let Some(axis) = axis.ok().filter(|&axis| axis < rank) else { return };
            let (Some(&before), Some(&after)) = (pads.get(index), pads.get(axes.len() + index)) else { return };
            (all[axis], all[rank + axis]) = (before, after);
        }
        let name = self.fresh(&format!("{}/pads", node.output()));
        self.graph.constants.insert(name.clone(), Constant::integers(vec![2 * rank], all));
        node.inputs[1] = name;
        node.inputs.truncate(3);
    }

    /// Axes that are a number instead of a list of one, as onnxruntime accepts them, become the list.
    fn scalar_axes(&mut self, node: &mut Node) {
        let axis = node.input(1).and_then(|name| self.graph.constants.get(name)).filter(|axes| axes.shape.is_empty());
        let Some(&[axis]) = axis.and_then(Constant::as_integers) else { return };
        let name = self.fresh(&format!("{}/axes", node.output()));
        self.graph.constants.insert(name.clone(), Constant::integers(vec![1], vec![axis]));
        node.inputs[1] = name;
    }

    /// A name that no value has.
    fn fresh(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        while !self.taken.insert(name.clone()) {
            name.push('\'');
        }
        name
    }
}

/// Takes the indices from each MaxPool that nobody reads any more.
fn without_unread_indices(graph: &mut Graph) {
    let gradient = |node: &Node| node.domain == OWN_SET && node.op == MAX_POOL_GRADIENT;
    if !graph.nodes.iter().any(gradient) {
        return;
    }
    let read: BTreeSet<String> =
        graph.nodes.iter().flat_map(|node| &node.inputs).chain(&graph.outputs).cloned().into_set();
    for node in graph.nodes.iter_mut().filter(|node| node.op == "MaxPool") {
        if node.outputs.get(1).is_some_and(|indices| !read.contains(indices)) {
            node.outputs.truncate(1);
        }
    }
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
            let stride = along("strides", axis);
            // A pooling is padded as if it had no gaps (`shapes/window.rs`), so its result may be smaller.
            let (windows, dilation) = match node.op.as_str() {
                "Conv" => (to_i64(output[axis]), along("dilations", axis)),
                _ => ((to_i64(input[axis]) + stride - 1) / stride, 1),
            };
            let span = (windows - 1) * stride + (kernel[axis] - 1) * dilation + 1;
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
        // AveragePool has no dilations before operator set 19, LpPool before 18.
        let is_new = name == "dilations" && matches!(&node.op[..], "AveragePool" | "LpPool");
        if node.ints(name).is_none() && !is_new {
            node.attributes.insert(name.to_owned(), Attribute::Ints(vec![1; rank]));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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

    fn graph(opset: i64, nodes: Vec<Node>) -> Graph {
        Graph {
            inputs: Vec::new(),
            outputs: vec!["y".to_owned()],
            nodes,
            constants: BTreeMap::new(),
            opsets: BTreeMap::from([(String::new(), opset)]),
            stated_shapes: BTreeMap::new(),
        }
    }

    /// The operators that an old Softmax becomes, and its axis.
    fn old_softmax(shape: &[usize], axis: Option<i64>) -> (Vec<String>, Option<i64>) {
        let mut node = Node::new("Softmax", &["x"], "y");
        if let Some(axis) = axis {
            node = node.with("axis", Attribute::Int(axis));
        }
        let mut shapes = Shapes::from([("x".to_owned(), shape.to_vec()), ("y".to_owned(), shape.to_vec())]);
        let graph = explicit(graph(11, vec![node]), &mut shapes);
        assert!(graph.nodes.iter().all(|node| shapes.contains_key(node.output())));
        let axis = graph.nodes.iter().find_map(|node| node.int("axis"));
        (graph.nodes.into_iter().map(|node| node.op).collect(), axis)
    }

    #[test]
    fn an_old_softmax_goes_over_all_dimensions_from_its_axis_on() {
        let as_it_is = |axis: i64| (vec!["Softmax".to_owned()], Some(axis));
        assert_eq!(old_softmax(&[1, 1000, 1, 1], None), as_it_is(1));
        assert_eq!(old_softmax(&[1, 1, 1, 10], None), as_it_is(3));
        assert_eq!(old_softmax(&[1, 4, 5, 6], Some(-1)), as_it_is(3));
        let in_one = (["Reshape", "Softmax", "Reshape"].map(str::to_owned).to_vec(), Some(1));
        assert_eq!(old_softmax(&[1, 4, 5, 6], None), in_one);
        assert_eq!(old_softmax(&[2, 3], Some(0)), in_one);
        // An axis that is not there stays for the engines to refuse.
        assert_eq!(old_softmax(&[1, 4, 5, 6], Some(9)), as_it_is(9));
    }

    #[test]
    fn a_pad_with_axes_pads_all_of_them() {
        let mut graph = graph(18, vec![Node::new("Pad", &["x", "pads", "", "axes"], "y")]);
        graph.constants.insert("pads".to_owned(), Constant::integers(vec![4], vec![1, 2, 3, 4]));
        graph.constants.insert("axes".to_owned(), Constant::integers(vec![2], vec![-1, 2]));
        let graph = explicit(graph, &mut Shapes::from([("x".to_owned(), vec![1, 3, 5, 5])]));
        assert_eq!(graph.nodes[0].inputs, ["x", "y/pads", ""]);
        assert_eq!(graph.constants["y/pads"].as_integers(), Some(&[0, 0, 2, 1, 0, 0, 4, 3][..]));
    }
}
