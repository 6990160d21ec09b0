//! How much a graph may ask for, before any of it is begun.
//!
//! A few bytes of attributes can ask for any amount of memory and time: pads of a million pixels, a scale of a million, a window
//! as large as the picture. Sizes are therefore held against a budget as soon as they are known: when the shapes of a file
//! are inferred ([`super::shapes`]), and again when a graph that was lowered or differentiated is handed to an engine.

use std::collections::BTreeMap;

use super::graph::{Graph, Node};
use super::operator::{MAX_POOL_GRADIENT, OWN_SET, RANKS};
use super::shapes::error::{ShapeError, Shapes};

/// The most elements that a node may make of smaller inputs: 2^26 floats are 256 MB, the first layer of VGG on a picture of
/// 1024 pixels a side. What a file holds itself may be larger, and so may what is only another order of it.
pub const MOST_MADE: u64 = 1 << 26;

/// The most multiply-adds (or comparisons of a pooling) in one node, during which nobody else has a turn. The CPU engine makes
/// some 7 billion a second in a browser, so this is five seconds; the largest node of VGG-16 at 224 pixels has 1.8 billion.
pub const MOST_IN_NODE: u64 = 1 << 35;

/// The most in a whole graph, between whose parts a run can be stopped: 275 billion. ConvNeXt-XL at 384 pixels has 179 billion.
pub const MOST_IN_GRAPH: u64 = 1 << 38;

/// The most floats that are in memory at the same time while a graph runs: 2 GiB, half of what WebAssembly can address.
pub const MOST_AT_A_TIME: u64 = 1 << 29;

/// Adds up what the nodes of a graph ask for.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    work: u64,
}

impl Budget {
    /// Takes one more node into account, whose results have the shapes `made`; `shape_of` gives those of its inputs.
    ///
    /// # Errors
    /// [`ShapeError::TooLarge`] and [`ShapeError::TooMuchWork`], which name the node.
    pub fn add<'s>(
        &mut self,
        node: &Node,
        made: &[&[usize]],
        shape_of: impl Fn(&str) -> Option<&'s [usize]>,
    ) -> Result<(), ShapeError> {
        let given: Vec<&[usize]> = node.inputs.iter().map(|name| shape_of(name).unwrap_or_default()).collect();
        let read: u64 = node
            .inputs
            .iter()
            .filter_map(|name| shape_of(name))
            .fold(0, |sum: u64, shape| sum.saturating_add(count(shape)));
        if let Some(shape) = made.iter().find(|shape| count(shape) > MOST_MADE.max(read)) {
            let (node, op) = (node.name.clone(), node.op.clone());
            return Err(ShapeError::TooLarge { node, op, shape: shape.to_vec() });
        }
        let work = work(node, &given, made).saturating_add(read);
        self.work = self.work.saturating_add(work);
        if work > MOST_IN_NODE || self.work > MOST_IN_GRAPH {
            let operations = if work > MOST_IN_NODE { work } else { self.work };
            return Err(ShapeError::TooMuchWork { node: node.name.clone(), op: node.op.clone(), operations });
        }
        Ok(())
    }
}

/// Holds a graph whose values have these shapes against the budget: every node, all of them together, and what is in memory at
/// the same time.
///
/// # Errors
/// [`ShapeError::TooLarge`], [`ShapeError::TooMuchWork`] and [`ShapeError::TooMuchAtATime`].
pub fn check(graph: &Graph, shapes: &Shapes) -> Result<(), ShapeError> {
    let constant = |name: &str| graph.constants.get(name).map(|constant| &constant.shape[..]);
    let shape_of = |name: &str| constant(name).or_else(|| shapes.get(name).map(Vec::as_slice));
    let mut budget = Budget::default();
    for node in &graph.nodes {
        let made: Vec<&[usize]> = node.outputs.iter().filter_map(|name| shape_of(name)).collect();
        budget.add(node, &made, shape_of)?;
    }
    let (most, place) = most_at_a_time(graph, &|name| shape_of(name).map_or(0, count));
    if most > MOST_AT_A_TIME {
        let node = graph.nodes.get(place).map(|node| node.name.clone()).unwrap_or_default();
        return Err(ShapeError::TooMuchAtATime { node, megabytes: most.saturating_mul(4) >> 20 });
    }
    Ok(())
}

/// The most that the values take together where each is freed after its last reader, and the position of the node at which that
/// is. Whoever runs the graph keeps its inputs; `size` says what a value takes, constants are left out.
pub(crate) fn most_at_a_time(graph: &Graph, size: &dyn Fn(&str) -> u64) -> (u64, usize) {
    let mut last_readers: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, node) in graph.nodes.iter().enumerate() {
        for input in &node.inputs {
            last_readers.insert(input, place);
        }
    }
    let kept = graph.outputs.iter().chain(graph.inputs.iter().map(|input| &input.name)).chain(graph.constants.keys());
    for name in kept {
        last_readers.remove(&name[..]);
    }
    let mut held: u64 = graph.inputs.iter().map(|input| size(&input.name)).sum();
    let mut most = (held, 0);
    for (place, node) in graph.nodes.iter().enumerate() {
        held = node.outputs.iter().fold(held, |held, output| held.saturating_add(size(output)));
        if held > most.0 {
            most = (held, place);
        }
        for input in &node.inputs {
            if last_readers.get(&input[..]) == Some(&place) {
                last_readers.remove(&input[..]);
                held = held.saturating_sub(size(input));
            }
        }
    }
    most
}

fn count(shape: &[usize]) -> u64 {
    shape.iter().fold(1, |count: u64, &length| count.saturating_mul(length as u64))
}

/// The multiply-adds of a node, or the values that it makes where it does little with each.
fn work(node: &Node, given: &[&[usize]], made: &[&[usize]]) -> u64 {
    let input = |index: usize| given.get(index).copied().unwrap_or_default();
    let results = made.iter().fold(0, |sum: u64, shape| sum.saturating_add(count(shape)));
    let kernel = || count(input(1).get(1..).unwrap_or_default());
    let window = || {
        let sizes = node.ints("kernel_shape").unwrap_or_default();
        sizes.iter().fold(1, |area: u64, &size| area.saturating_mul(size.unsigned_abs()))
    };
    if node.domain == OWN_SET && node.op == MAX_POOL_GRADIENT {
        return count(input(1)).saturating_mul(window()).saturating_add(results);
    }
    if node.domain == OWN_SET && node.op == RANKS {
        return results.saturating_mul(input(0).last().copied().unwrap_or(1) as u64);
    }
    match &node.op[..] {
        "Conv" | "DeformConv" => results.saturating_mul(kernel()),
        "ConvTranspose" => count(input(0)).saturating_mul(kernel()).saturating_add(results),
        "MaxPool" | "AveragePool" | "LpPool" => made.first().map_or(0, |shape| count(shape)).saturating_mul(window()),
        "MatMul" => results.saturating_mul(input(0).last().copied().unwrap_or(1) as u64),
        "Gemm" => {
            let columns = made.first().and_then(|shape| shape.last()).copied().unwrap_or(1).max(1) as u64;
            count(input(1)) / columns * results
        }
        "Einsum" => einsum(node, given).max(results),
        "LRN" => {
            let neighbours = node.int("size").unwrap_or(1).unsigned_abs();
            results.saturating_mul(neighbours.min(input(0).get(1).copied().unwrap_or(1) as u64))
        }
        _ => results,
    }
}

/// Every combination of the named axes.
fn einsum(node: &Node, given: &[&[usize]]) -> u64 {
    let equation = node.text("equation").unwrap_or_default();
    let terms = equation.split("->").next().unwrap_or_default();
    let mut axes: BTreeMap<char, u64> = BTreeMap::new();
    for (term, shape) in terms.split(',').zip(given) {
        axes.extend(term.chars().filter(|letter| letter.is_alphabetic()).zip(shape.iter().map(|&size| size as u64)));
    }
    axes.values().fold(1, |product: u64, &size| product.saturating_mul(size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::graph::Attribute;

    #[test]
    fn the_work_of_a_node_is_its_multiply_adds() {
        // The first convolution of VGG-16.
        let conv = Node::new("Conv", &["x", "w"], "y");
        assert_eq!(work(&conv, &[&[1, 3, 224, 224], &[64, 3, 3, 3]], &[&[1, 64, 224, 224]]), 86_704_128);
        // Its first dense layer.
        let gemm = Node::new("Gemm", &["x", "w"], "y");
        assert_eq!(work(&gemm, &[&[1, 25_088], &[4096, 25_088]], &[&[1, 4096]]), 102_760_448);
        let product = Node::new("MatMul", &["x", "w"], "y");
        assert_eq!(work(&product, &[&[8, 5, 7], &[8, 7, 3]], &[&[8, 5, 3]]), 840);
        let sum = Node::new("Einsum", &["x", "w"], "y").with("equation", Attribute::Text("bij,bjk->bik".to_owned()));
        assert_eq!(work(&sum, &[&[8, 5, 7], &[8, 7, 3]], &[&[8, 5, 3]]), 840);
        let transposed = Node::new("ConvTranspose", &["x", "w"], "y");
        assert_eq!(work(&transposed, &[&[1, 8, 4, 4], &[8, 2, 3, 3]], &[&[1, 2, 9, 9]]), 128 * 18 + 162);
    }
}
