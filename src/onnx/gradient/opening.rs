//! Which activations let the whole gradient through, and where to.

use std::collections::BTreeSet;

use super::Rectifiers;
use crate::onnx::graph::{Constant, Graph, Node};
use crate::onnx::operator::STRAIGHT_ROUND;

/// Which adjoints are being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Those that open activations let through.
    Open,
    /// Those of activations that are exact.
    Exact,
    /// Both, which are the same so far.
    Both,
}

/// The values whose nodes let the gradient through if they are activations.
pub fn open_values<'g>(graph: &'g Graph, objectives: &[&str], rectifiers: Rectifiers) -> BTreeSet<&'g str> {
    match rectifiers {
        Rectifiers::Exact => BTreeSet::new(),
        Rectifiers::Open => graph.nodes.iter().map(Node::output).collect(),
        Rectifiers::OpenAtObjective => open_at(graph, objectives, true),
    }
}

/// Takes the upper limits off the activations that make the objectives. A gate that closes, as HardSwish has one, keeps its own: beyond
/// it the value goes on.
pub fn lift_limits(graph: &mut Graph, objectives: &[&str]) {
    let direct: BTreeSet<String> = open_at(graph, objectives, false).into_iter().map(str::to_owned).collect();
    // What is read aside of the way would be another value there.
    let aside: BTreeSet<String> = graph
        .nodes
        .iter()
        .filter(|node| !direct.contains(node.output()))
        .flat_map(|node| node.inputs.iter().cloned())
        .collect();
    let mut lifted = Vec::new();
    for (place, node) in graph.nodes.iter().enumerate() {
        let output = node.output();
        // Which operand is passed takes a walk through the graph, so it is asked last.
        if direct.contains(output)
            && !aside.contains(output)
            && let Some(operand) = passed_operand(graph, node)
            && let Some(value) = node.input(operand)
        {
            let value = value.to_owned();
            let low = node.input(1);
            // A bound for each channel might make the value larger.
            let is_number =
                |name: &str| graph.constants.get(name).is_some_and(|bound| bound.shape.iter().all(|&side| side == 1));
            let bound = node.input(1_usize.saturating_sub(operand));
            match node.op.as_str() {
                // The third input is the upper bound.
                "Clip" if node.input(2).is_none() => {}
                "Clip" if low.is_some() => {
                    lifted.push((place, "Clip", std::iter::once(value).chain(low.map(str::to_owned)).collect()));
                }
                "Min" if !bound.is_some_and(is_number) => {}
                "Clip" | "Min" => lifted.push((place, "Max", vec![value, NO_LIMIT.to_owned()])),
                _ => {}
            }
        }
    }
    if lifted.iter().any(|(_, op, _)| *op == "Max") {
        graph.constants.insert(NO_LIMIT.to_owned(), Constant::floats(vec![1, 1, 1, 1], vec![f32::MIN]));
    }
    for (place, op, inputs) in lifted {
        let node = &mut graph.nodes[place];
        op.clone_into(&mut node.op);
        node.inputs = inputs;
    }
}

/// The name of the least number.
const NO_LIMIT: &str = "number/no-limit";

/// From the objectives back to the activations that make them, with or without those in the gates of others.
fn open_at<'g>(graph: &'g Graph, objectives: &[&str], gates: bool) -> BTreeSet<&'g str> {
    let (mut open, mut behind): (BTreeSet<&str>, BTreeSet<&str>) = (BTreeSet::new(), BTreeSet::new());
    for node in graph.nodes.iter().rev() {
        let output = node.output();
        let is_behind = behind.contains(output);
        if !objectives.contains(&output) && !open.contains(output) && !is_behind {
            continue;
        }
        match passed_operand(graph, node) {
            Some(_) if node.op == "Mul" && !gates => {}
            Some(operand) => {
                open.insert(output);
                // An activation may be written as several one after another, as ReLU6 is by Relu and Min. Whatever else lies
                // before it is exact.
                behind.extend(node.input(operand));
                let gate = (node.op == "Mul").then(|| node.input(1 - operand)).flatten();
                open.extend(
                    gate.and_then(|gate| elementwise_path(graph, gate, node.input(operand)?)).unwrap_or_default(),
                );
            }
            None if is_behind => {}
            None => {
                open.insert(output);
                if sees_through(graph, node) {
                    open.extend(node.inputs.iter().map(String::as_str));
                }
            }
        }
    }
    open
}

/// Whether the node's output is zero or constant only where all of what it reads is.
fn sees_through(graph: &Graph, node: &Node) -> bool {
    match node.op.as_str() {
        "Concat" | "Reshape" | "Transpose" | "MaxPool" | "AveragePool" | "GlobalAveragePool" | STRAIGHT_ROUND => true,
        "Add" | "Sub" | "Mul" | "Div" => only_variable(graph, node).is_some(),
        _ => false,
    }
}

/// For an activation that is constant somewhere, the operand that the whole gradient is handed to when it is open.
pub fn passed_operand(graph: &Graph, node: &Node) -> Option<usize> {
    match node.op.as_str() {
        // The last two are constant in single precision.
        "Relu" | "Clip" | "Sigmoid" | "Tanh" => Some(0),
        "Min" | "Max" => only_variable(graph, node),
        // A value times a function of itself that closes where the value is small. Its slope is not that of the function alone:
        // below the bend of HardSwish, opening the Clip in it would lead away from the bend.
        "Mul" => (0..2).find(|&operand| {
            let (value, gate) = (node.input(operand), node.input(1 - operand));
            value.zip(gate).is_some_and(|(value, gate)| value != gate && elementwise_path(graph, gate, value).is_some())
        }),
        _ => None,
    }
}

/// The values on the way from `value`, which is not among them, to `function` where that is computed from it element by element,
/// with nothing but constants beside.
fn elementwise_path<'g>(graph: &'g Graph, function: &'g str, value: &str) -> Option<Vec<&'g str>> {
    let (mut path, mut place) = (Vec::new(), function);
    while place != value {
        let node = graph.nodes.iter().rev().find(|node| node.output() == place)?;
        let operand = match node.op.as_str() {
            "Relu" | "Clip" | "Sigmoid" | "Tanh" | "Exp" | "Reciprocal" => 0,
            "Add" | "Sub" | "Mul" | "Div" | "Min" | "Max" => only_variable(graph, node)?,
            _ => return None,
        };
        path.push(place);
        place = node.input(operand)?;
    }
    Some(path)
}

/// The one of two operands that is not a constant.
fn only_variable(graph: &Graph, node: &Node) -> Option<usize> {
    let constant = |index: usize| node.input(index).is_some_and(|name| graph.constants.contains_key(name));
    match (constant(0), constant(1)) {
        (false, true) => Some(0),
        (true, false) => Some(1),
        _ => None,
    }
}
