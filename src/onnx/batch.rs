//! Models whose file fixes a batch of several pictures, or knows none, taken for a batch of one.

use std::collections::BTreeSet;

use super::graph::{Attribute, Constant, Dimension, Graph, Node};
use crate::onnx::tables::IntoTable;

/// The same graph for a batch of 1. Shapes follow the input by themselves, but not those that an exporter has written out: the
/// target of a Reshape or Expand that begins with the file's batch, as `x.view(x.size(0), -1)` is traced.
#[must_use]
pub fn for_one_picture(graph: &Graph) -> Graph {
    let mut graph = graph.clone();
    let batch = graph.inputs.first().and_then(|input| match input.shape.first() {
        Some(Dimension::Fixed(batch)) if input.shape.len() > 1 => Some(*batch),
        _ => None,
    });
    let Some(batch) = batch.filter(|&batch| batch > 1).and_then(|batch| i64::try_from(batch).ok()) else {
        return graph;
    };
    // What is made of constants alone, weights for example, has no batch.
    let mut of_pictures: BTreeSet<String> = graph.inputs.iter().map(|input| input.name.clone()).into_set();
    let mut nodes = std::mem::take(&mut graph.nodes);
    for node in &mut nodes {
        if !node.inputs.iter().any(|input| of_pictures.contains(input)) {
            continue;
        }
        if matches!(node.op.as_str(), "Reshape" | "Expand") && node.domain.is_empty() {
            retarget(&mut graph, node, batch);
        }
        of_pictures.extend(node.outputs.iter().filter(|output| !output.is_empty()).cloned());
    }
    graph.nodes = nodes;
    graph
}

/// Gives the input of a network that takes a picture without a batch, as `[3, height, width]`, one of 1, which its first node takes off
/// again.
pub fn add_batch(graph: &mut Graph) {
    let [input] = &mut graph.inputs[..] else { return };
    let is_channels = |dimension: &Dimension| matches!(dimension, Dimension::Fixed(1 | 3));
    match &input.shape[..] {
        [first, _, last]
            if (is_channels(first) || is_channels(last)) && graph.nodes.iter().any(|node| node.op.contains("Conv")) => {
        }
        _ => return,
    }
    let name = input.name.clone();
    let mut picture = format!("{name}/picture");
    let taken = |name: &str| {
        graph.constants.contains_key(name)
            || graph.nodes.iter().any(|node| node.outputs.iter().any(|output| output == name))
    };
    while taken(&picture) {
        picture.push('\'');
    }
    input.shape.insert(0, Dimension::Fixed(1));
    for read in graph.nodes.iter_mut().flat_map(|node| &mut node.inputs).filter(|read| **read == name) {
        read.clone_from(&picture);
    }
    let axes = format!("{picture}/axes");
    let mut squeeze = Node::new("Squeeze", &[&name], &picture);
    // The axes are an attribute before operator set 13 and an input from it on.
    if graph.opset() < 13 {
        squeeze = squeeze.with("axes", Attribute::Ints(vec![0]));
    } else {
        squeeze.inputs.push(axes.clone());
        graph.constants.insert(axes, Constant::integers(vec![1], vec![0]));
    }
    graph.nodes.insert(0, squeeze);
}

/// Gives a node a target of its own with a batch of 1, where its present one begins with `batch`; others may read that one.
fn retarget(graph: &mut Graph, node: &mut Node, batch: i64) {
    let target = node.input(1).and_then(|name| graph.constants.get(name)).and_then(Constant::as_integers);
    let Some((&first, rest)) = target.and_then(<[i64]>::split_first) else { return };
    if first != batch {
        return;
    }
    let sizes: Vec<i64> = std::iter::once(1).chain(rest.iter().copied()).collect();
    let mut name = format!("{}/target", node.output());
    while graph.constants.contains_key(&name) {
        name.push('\'');
    }
    graph.constants.insert(name.clone(), Constant::integers(vec![sizes.len()], sizes));
    node.inputs[1] = name;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::onnx::graph::Input;

    #[test]
    fn only_targets_that_begin_with_the_batch_change() {
        let graph = Graph {
            inputs: vec![Input { name: "x".to_owned(), shape: [8, 4, 3, 3].map(Dimension::Fixed).to_vec() }],
            outputs: vec!["f".to_owned()],
            nodes: vec![
                Node::new("Reshape", &["x", "apart"], "a"),
                Node::new("Reshape", &["a", "open"], "b"),
                Node::new("Reshape", &["weights", "flat"], "w"),
                Node::new("Reshape", &["b", "flat"], "f"),
            ],
            constants: BTreeMap::from([
                ("apart".to_owned(), Constant::integers(vec![5], vec![8, 2, 2, 3, 3])),
                ("open".to_owned(), Constant::integers(vec![4], vec![-1, 4, 3, 3])),
                ("flat".to_owned(), Constant::integers(vec![2], vec![8, -1])),
                ("weights".to_owned(), Constant::floats(vec![16], vec![0.0; 16])),
            ]),
            opsets: BTreeMap::new(),
            stated_shapes: BTreeMap::new(),
        };
        let one = for_one_picture(&graph);
        let target = |node: usize| one.constants[&one.nodes[node].inputs[1]].as_integers().unwrap().to_vec();
        assert_eq!([target(1), target(2)], [vec![-1, 4, 3, 3], vec![8, -1]]);
        assert_eq!([target(0), target(3)], [vec![1, 2, 2, 3, 3], vec![1, -1]]);
        assert_eq!(one.constants["flat"], graph.constants["flat"]);
    }
}
