//! What a graph does to the picture before its first layer of weights: many networks normalise their input themselves.

use super::graph::{Constant, Graph, Node};
use super::links::Links;

/// `factor · x + offset`, one pair for each channel or one for all.
#[derive(Debug, Clone, PartialEq)]
pub struct Entrance {
    pub factor: Vec<f32>,
    pub offset: Vec<f32>,
}

/// More channels than a picture has.
const MOST_CHANNELS: usize = 4;

/// What is done to each pixel, as far as it is sums and products with constants; `None` where nothing is.
pub fn entrance(graph: &Graph) -> Option<Entrance> {
    let links = Links::new(graph);
    let mut value = graph.inputs.first()?.name.as_str();
    let mut found = Entrance { factor: vec![1.0], offset: vec![0.0] };
    let mut changed = false;
    // Every step goes to a later node, so that this ends.
    while let Some(node) = links.only_reader(value) {
        match node.op.as_str() {
            "Cast" | "Identity" | "Dropout" | "Transpose" | "Reshape" | "Squeeze" | "Unsqueeze" | "Resize"
            | "Gather" => {}
            "Add" | "Sub" | "Mul" | "Div" => {
                let Some(next) = found.after(node, value, graph) else { break };
                (found, changed) = (next, true);
            }
            "BatchNormalization" => {
                let Some(next) = found.normalised(node, graph) else { break };
                (found, changed) = (next, true);
            }
            _ => break,
        }
        if node.input(0) != Some(value) && !matches!(node.op.as_str(), "Add" | "Sub" | "Mul" | "Div") {
            break;
        }
        value = node.output();
    }
    changed.then_some(found)
}

impl Entrance {
    /// After a sum, difference, product or quotient with a constant.
    fn after(&self, node: &Node, value: &str, graph: &Graph) -> Option<Self> {
        let first = node.input(0) == Some(value);
        let constant = numbers(graph.constants.get(node.input(usize::from(first))?)?)?;
        match (node.op.as_str(), first) {
            ("Add", _) => self.with(&[1.0], &constant),
            ("Mul", _) => self.with(&constant, &[0.0]),
            ("Sub", true) => self.with(&[1.0], &negative(&constant)),
            ("Sub", false) => self.with(&[-1.0], &constant),
            ("Div", true) => self.with(&constant.iter().map(|number| 1.0 / number).collect::<Vec<_>>(), &[0.0]),
            _ => None,
        }
    }

    /// After a normalization by means and variances that were learned.
    fn normalised(&self, node: &Node, graph: &Graph) -> Option<Self> {
        let parameter = |index: usize| numbers(graph.constants.get(node.input(index)?)?);
        let (scale, bias, mean, variance) = (parameter(1)?, parameter(2)?, parameter(3)?, parameter(4)?);
        let epsilon = node.float("epsilon").unwrap_or(1e-5);
        let factor = join(&scale, &variance, |scale, variance| scale / (variance + epsilon).sqrt())?;
        let offset = join(&bias, &join(&factor, &mean, |factor, mean| factor * mean)?, |bias, shift| bias - shift)?;
        self.with(&factor, &offset)
    }

    fn with(&self, factor: &[f32], offset: &[f32]) -> Option<Self> {
        let scaled = join(&self.offset, factor, |offset, factor| offset * factor)?;
        Some(Self {
            factor: join(&self.factor, factor, |one, other| one * other)?,
            offset: join(&scaled, offset, |one, other| one + other)?,
        })
    }
}

fn negative(numbers: &[f32]) -> Vec<f32> {
    numbers.iter().map(|number| -number).collect()
}

/// A constant of one number or one for each channel.
fn numbers(constant: &Constant) -> Option<Vec<f32>> {
    let floats = constant.as_floats()?;
    // One axis is the channels'; which one does not matter here.
    let is_list = constant.shape.iter().filter(|&&length| length != 1).count() <= 1;
    (is_list && (1..=MOST_CHANNELS).contains(&floats.len()) && floats.iter().all(|number| number.is_finite()))
        .then(|| floats.to_vec())
}

/// Element by element; a list of one is as long as the other.
fn join(one: &[f32], other: &[f32], with: impl Fn(f32, f32) -> f32) -> Option<Vec<f32>> {
    let length = one.len().max(other.len());
    let at = |list: &[f32], place: usize| list.get(if list.len() == 1 { 0 } else { place }).copied();
    (0..length).map(|place| Some(with(at(one, place)?, at(other, place)?))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::onnx::graph::{Dimension, Input};

    fn of(nodes: Vec<Node>, constants: &[(&str, &[f32])]) -> Option<Entrance> {
        let constants = constants
            .iter()
            .map(|&(name, values)| (name.to_owned(), Constant::floats(vec![values.len()], values.to_vec())));
        entrance(&Graph {
            inputs: vec![Input { name: "x".to_owned(), shape: [1, 8, 8, 3].map(Dimension::Fixed).to_vec() }],
            outputs: vec![nodes.last().unwrap().output().to_owned()],
            nodes,
            constants: constants.collect(),
            opsets: BTreeMap::new(),
            stated_shapes: BTreeMap::new(),
        })
    }

    #[test]
    fn a_chain_of_sums_and_products_is_one_of_each() {
        let nodes = vec![
            Node::new("Cast", &["x"], "a"),
            Node::new("Div", &["a", "levels"], "b"),
            Node::new("Sub", &["b", "mean"], "c"),
            Node::new("Transpose", &["c"], "d"),
            Node::new("Conv", &["d", "kernel"], "e"),
        ];
        let found = of(nodes, &[("levels", &[256.0]), ("mean", &[0.5, 0.25, 0.125])]).unwrap();
        assert_eq!((&found.factor[..], &found.offset[..]), (&[1.0 / 256.0; 1][..], &[-0.5, -0.25, -0.125][..]));
        let inverted =
            of(vec![Node::new("Sub", &["white", "x"], "a"), Node::new("Conv", &["a", "k"], "b")], &[("white", &[1.0])]);
        assert_eq!(inverted, Some(Entrance { factor: vec![-1.0], offset: vec![1.0] }));
    }

    #[test]
    fn a_learned_normalization_counts_and_a_second_reader_ends_the_chain() {
        let parameters = [("s", &[2.0_f32][..]), ("b", &[1.0]), ("m", &[100.0]), ("v", &[400.0])];
        let norm = Node::new("BatchNormalization", &["x", "s", "b", "m", "v"], "a")
            .with("epsilon", crate::onnx::graph::Attribute::Float(0.0));
        let found = of(vec![norm.clone(), Node::new("Conv", &["a", "k"], "c")], &parameters).unwrap();
        assert_eq!((found.factor, found.offset), (vec![0.1], vec![-9.0]));
        let two = vec![norm, Node::new("Relu", &["x"], "other"), Node::new("Add", &["a", "other"], "c")];
        assert_eq!(of(two, &parameters), None);
        assert_eq!(of(vec![Node::new("Conv", &["x", "k"], "c")], &parameters), None);
    }
}
