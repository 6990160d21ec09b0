//! Parts of a graph: what some values need, and what comes after a layer.

use std::collections::BTreeSet;

use thiserror::Error;

use super::graph::{Attribute, Dimension, Graph, Input, Node};
use super::links::Links;
use super::shapes::Shapes;

/// Why a graph cannot be cut there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CutError {
    #[error("the model has no value \"{0}\"")]
    NoSuchValue(String),
    #[error("\"{0}\" is a constant of the model, not a layer")]
    Constant(String),
}

/// The graph that computes `outputs` and nothing else: only the nodes, constants and inputs that they need.
///
/// # Errors
/// [`CutError::NoSuchValue`] where an output is made by nothing in the graph.
pub fn cut(graph: &Graph, outputs: &[String]) -> Result<Graph, CutError> {
    let links = Links::new(graph);
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    let mut nodes = BTreeSet::new();
    let mut open: Vec<&str> = outputs.iter().map(String::as_str).collect();
    while let Some(value) = open.pop() {
        if value.is_empty() || !needed.insert(value) {
            continue;
        }
        match links.position(value) {
            Some(position) => {
                nodes.insert(position);
                let node = &graph.nodes[position];
                open.extend(node.inputs.iter().map(String::as_str));
                let exists = |name: &&str| {
                    links.position(name).is_some()
                        || links.is_constant(name)
                        || graph.inputs.iter().any(|input| input.name == *name)
                };
                open.extend(read_in_bodies(node).into_iter().filter(exists));
            }
            None if links.is_constant(value) || graph.inputs.iter().any(|input| input.name == value) => {}
            None => return Err(CutError::NoSuchValue(value.to_owned())),
        }
    }
    // The other results of a node that is kept exist as well, so what the file states about them stays.
    needed.extend(nodes.iter().flat_map(|&position| graph.nodes[position].outputs.iter().map(String::as_str)));
    let kept = |name: &str| needed.contains(name);
    // Removing from a copy keeps the tables as they are built, which collecting what stays would do anew.
    let (mut constants, mut stated_shapes) = (graph.constants.clone(), graph.stated_shapes.clone());
    constants.retain(|name, _| kept(name));
    stated_shapes.retain(|name, _| kept(name));
    Ok(Graph {
        inputs: graph.inputs.iter().filter(|input| kept(&input.name)).cloned().collect(),
        outputs: outputs.to_vec(),
        nodes: nodes.iter().map(|&position| graph.nodes[position].clone()).collect(),
        constants,
        opsets: graph.opsets.clone(),
        stated_shapes,
    })
}

/// The names that the bodies of a node (the branches of an If) read. Those that a body makes itself are among them.
pub(super) fn read_in_bodies(node: &Node) -> Vec<&str> {
    let mut names = Vec::new();
    for attribute in node.attributes.values() {
        if let Attribute::Graph(body) = attribute {
            names.extend(body.outputs.iter().map(String::as_str));
            for inner in &body.nodes {
                names.extend(inner.inputs.iter().map(String::as_str).filter(|name| !name.is_empty()));
                names.extend(read_in_bodies(inner));
            }
        }
    }
    names
}

/// The rest of the model after a layer: the layer's value becomes an input, and only what the results still need
/// stays. Where a path goes around the layer (the skip of a residual block), that path and the picture stay needed.
///
/// # Errors
/// [`CutError`] where the layer is no value of the graph that a node makes.
pub fn from_layer(graph: &Graph, shapes: &Shapes, layer: &str) -> Result<Graph, CutError> {
    if graph.constants.contains_key(layer) {
        return Err(CutError::Constant(layer.to_owned()));
    }
    let Some(shape) = shapes.get(layer) else { return Err(CutError::NoSuchValue(layer.to_owned())) };
    let mut rest = graph.clone();
    for node in &mut rest.nodes {
        for output in node.outputs.iter_mut().filter(|output| *output == layer) {
            output.clear();
        }
    }
    rest.nodes.retain(|node| node.outputs.iter().any(|output| !output.is_empty()));
    if rest.inputs.iter().all(|input| input.name != layer) {
        let shape = shape.iter().map(|&length| Dimension::Fixed(length)).collect();
        rest.inputs.insert(0, Input { name: layer.to_owned(), shape });
    }
    cut(&rest, &graph.outputs)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::onnx::graph::{Constant, Node};
    use crate::onnx::shapes::infer;

    /// x → Relu a → Sigmoid b → Add c (a + b) → Mul d (· k); an unused Tanh e.
    fn graph() -> Graph {
        Graph {
            inputs: vec![Input { name: "x".to_owned(), shape: [1, 2, 3, 3].map(Dimension::Fixed).to_vec() }],
            outputs: vec!["d".to_owned()],
            nodes: vec![
                Node::new("Relu", &["x"], "a"),
                Node::new("Sigmoid", &["a"], "b"),
                Node::new("Tanh", &["a"], "e"),
                Node::new("Add", &["a", "b"], "c"),
                Node::new("Mul", &["c", "k"], "d"),
            ],
            constants: BTreeMap::from([("k".to_owned(), Constant::floats(vec![], vec![2.0]))]),
            opsets: BTreeMap::from([(String::new(), 13)]),
            stated_shapes: BTreeMap::new(),
        }
    }

    fn outputs(graph: &Graph) -> Vec<&str> {
        graph.nodes.iter().map(Node::output).collect()
    }

    #[test]
    fn what_a_branch_reads_by_name_stays() {
        let mut graph = graph();
        let branch = Graph {
            nodes: vec![Node::new("Neg", &["b"], "n")],
            outputs: vec!["n".to_owned()],
            inputs: Vec::new(),
            constants: BTreeMap::new(),
            ..graph.clone()
        };
        graph.nodes.push(Node::new("If", &["k"], "f").with("then_branch", Attribute::Graph(Box::new(branch))));
        let part = cut(&graph, &["f".to_owned()]).unwrap();
        assert_eq!(outputs(&part), ["a", "b", "f"]);
        assert!(part.constants.contains_key("k"));
    }

    #[test]
    fn only_what_is_needed_stays() {
        let graph = graph();
        let part = cut(&graph, &["c".to_owned()]).unwrap();
        assert_eq!(outputs(&part), ["a", "b", "c"]);
        assert!(part.constants.is_empty());
        let all = cut(&graph, &graph.outputs).unwrap();
        assert_eq!(outputs(&all), ["a", "b", "c", "d"]);
        assert!(all.constants.contains_key("k"));
        assert_eq!(cut(&graph, &["z".to_owned()]), Err(CutError::NoSuchValue("z".to_owned())));
    }

    #[test]
    fn a_layer_becomes_the_input_of_the_rest() {
        let graph = graph();
        let shapes = infer(&graph, &BTreeMap::new()).unwrap();
        let rest = from_layer(&graph, &shapes, "c").unwrap();
        assert_eq!(outputs(&rest), ["d"]);
        assert_eq!(rest.inputs.iter().map(|input| input.name.as_str()).collect::<Vec<_>>(), ["c"]);
        // A path goes around b, so the picture stays an input.
        let rest = from_layer(&graph, &shapes, "b").unwrap();
        assert_eq!(outputs(&rest), ["a", "c", "d"]);
        assert_eq!(rest.inputs.iter().map(|input| input.name.as_str()).collect::<Vec<_>>(), ["b", "x"]);
        assert_eq!(from_layer(&graph, &shapes, "k"), Err(CutError::Constant("k".to_owned())));
    }
}
