//! Operations on each value by itself. One on its own runs in a shader that holds all of its kind. Several of which each only
//! serves the next run in a shader that is written for them.

use std::fmt::Write;

use wgpu::compat::Kernel;

use super::activation::{Activation, activation};
use super::kernels::{BOUNDED, Chosen, THREADS, bindings, bounds, rows, word};
use super::text::shader;
use crate::onnx::graph::Node;
use crate::onnx::joined::Joinable;
use crate::onnx::links::Links;
use crate::onnx::operator;

/// What is made of a value `v`; the first is an activation. A hyperbolic tangent beyond ±10 is ±1 in 32 bits, while some
/// drivers compute it as ∞/∞.
const MAPS: [(&str, &str); 13] = [
    ("Clip", "bounded(v, low, high)"),
    ("Sigmoid", "1.0 / (1.0 + exp(-v))"),
    ("Tanh", "tanh(clamp(v, vec4<f32>(-10.0), vec4<f32>(10.0)))"),
    ("Exp", "exp(v)"),
    ("Log", "log(v)"),
    ("Sqrt", "sqrt(v)"),
    ("Abs", "abs(v)"),
    ("Sign", "sign(v)"),
    ("Neg", "-v"),
    ("Reciprocal", "1.0 / v"),
    ("Floor", "floor(v)"),
    // To even where two are as near, as ONNX has it.
    ("Round", "round(v)"),
    (operator::STRAIGHT_ROUND, "round(v)"),
];

/// What is made of two values.
const COMBINATIONS: [(&str, &str); 7] = [
    ("Add", "a + b"),
    ("Sub", "a - b"),
    ("Mul", "a * b"),
    ("Div", "a / b"),
    ("Min", "min(a, b)"),
    ("Max", "max(a, b)"),
    // Closed for what is no number, as on the CPU.
    (operator::GATE, "select(zero, b, abs(a) > zero)"),
];

/// The most tensors that operations that are joined may read: a shader may bind eight buffers everywhere, and the numbers and
/// the output are two of them.
const MOST_TENSORS: usize = 6;

/// The most operations that are joined, so that no file makes an endless shader.
const MOST_OPERATIONS: usize = 32;

/// An operation on every value, or `None` where there is no such operation.
pub(super) fn map(op: &str, values: usize, most_groups: u32) -> Option<Chosen> {
    let operation = MAPS.iter().position(|(name, _)| *name == op)?;
    Some(map_with(operation, Activation::None, values, most_groups))
}

/// An activation on its own.
pub(super) fn activation_alone(activation: Activation, values: usize, most_groups: u32) -> Chosen {
    map_with(0, activation, values, most_groups)
}

fn map_with(operation: usize, activation: Activation, values: usize, most_groups: u32) -> Chosen {
    let vectors = values.div_ceil(4);
    let (workgroups, in_row) = rows(vectors.div_ceil(THREADS), most_groups);
    let [low, high] = bounds(activation);
    Chosen {
        kernel: Kernel { wgsl: with_cases(shader!("kernels/map.wgsl"), &MAPS) + BOUNDED, workgroups },
        numbers: vec![word(vectors), word(in_row), word(operation), low, high],
    }
}

/// An operation on pairs of values, or `None` where there is no such operation. The shapes have been checked to broadcast
/// to `output`.
pub(super) fn combine(
    op: &str,
    first: &[usize],
    second: &[usize],
    output: &[usize],
    most_groups: u32,
) -> Option<Chosen> {
    let operation = COMBINATIONS.iter().position(|(name, _)| *name == op)?;
    let values: usize = output.iter().product();
    let (workgroups, in_row) = rows(values.div_ceil(THREADS), most_groups);
    let mut numbers = vec![word(values), word(in_row), word(operation)];
    for dimension in dimensions(first, second, output) {
        numbers.extend([dimension.chunk, dimension.first, dimension.second].map(word));
    }
    if values == 1 {
        // A single value has no dimension left, but the kernel's list of them may not be empty.
        numbers.extend([1, 0, 0]);
    }
    let wgsl = with_cases(shader!("kernels/combine.wgsl"), &COMBINATIONS);
    Some(Chosen { kernel: Kernel { wgsl, workgroups }, numbers })
}

/// Writes the cases of a shader that holds all operations of a kind. The last one is what a switch has to have.
fn with_cases(source: &str, operations: &[(&str, &str)]) -> String {
    let mut cases = String::new();
    for (index, (_, expression)) in operations.iter().enumerate() {
        let case = if index + 1 == operations.len() { "default".to_owned() } else { format!("case {index}u") };
        // Writing to a string cannot fail.
        let _ = writeln!(cases, "        {case}: {{ result = {expression}; }}");
    }
    source.replace("#cases\n", &cases)
}

/// What a shader that is written for several operations takes.
pub(super) const JOINABLE: Joinable<'static> =
    Joinable { operands: &operands, operations: MOST_OPERATIONS, tensors: MOST_TENSORS };

/// The expression of a node's operation.
fn expression(node: &Node) -> Option<&'static str> {
    let op = if node.op == "Relu" { "Clip" } else { &node.op };
    MAPS.iter().chain(&COMBINATIONS).find(|(name, _)| *name == op).map(|(_, expression)| *expression)
}

/// How many inputs are operated on; the bounds of a Clip are not. `None` where there is no such operation.
fn operands(node: &Node) -> Option<usize> {
    expression(node)?;
    Some(if COMBINATIONS.iter().any(|(name, _)| *name == node.op) { 2 } else { 1 })
}

/// Nodes that were joined as [`JOINABLE`] says, in order, as one kernel that reads their tensors; the last makes the output. `None`
/// where one of them is no such node.
pub(super) fn joined(nodes: &[&Node], links: &Links<'_>, values: usize, most_groups: u32) -> Option<Chosen> {
    let tensors = JOINABLE.tensors(nodes, links);
    let vectors = values.div_ceil(4);
    let (workgroups, in_row) = rows(vectors.div_ceil(THREADS), most_groups);
    let mut numbers = vec![word(vectors), word(in_row)];
    let first_number = numbers.len();
    let mut operations = String::new();
    for index in 0..tensors.len() {
        let _ = writeln!(operations, "    let tensor{index} = input{index}[index];");
    }
    for (index, node) in nodes.iter().enumerate() {
        let mut number = |bits: u32| {
            numbers.push(bits);
            format!("vec4<f32>(sizes.numbers[{}])", numbers.len() - 1 - first_number)
        };
        let _ = writeln!(operations, "    var made{index}: vec4<f32>;\n    {{");
        let operands = JOINABLE.operands(node);
        let names = if operands.len() == 2 { &["a", "b"][..] } else { &["v"] };
        for (name, operand) in names.iter().zip(&operands) {
            let inner = nodes.iter().position(|node| node.output() == *operand).map(|at| format!("made{at}"));
            let outer = || tensors.iter().position(|tensor| tensor == operand).map(|at| format!("tensor{at}"));
            let value = match inner.or_else(outer) {
                Some(value) => value,
                None => number(links.scalar(operand)?.to_bits()),
            };
            let _ = writeln!(operations, "        let {name} = {value};");
        }
        if let Some(activation) = activation(node, links.graph) {
            let [low, high] = bounds(activation).map(&mut number);
            let _ = writeln!(operations, "        let low = {low};\n        let high = {high};");
        }
        let _ = writeln!(operations, "        made{index} = {};\n    }}", expression(node)?);
    }
    let _ = write!(operations, "    output[index] = made{};", nodes.len().checked_sub(1)?);
    if numbers.len() == first_number {
        // The kernel's list of numbers may not be empty.
        numbers.push(0);
    }
    let wgsl = bindings(tensors.len(), "vec4<f32>")
        + &shader!("kernels/joined.wgsl").replace("#operations", &operations)
        + BOUNDED;
    Some(Chosen { kernel: Kernel { wgsl, workgroups }, numbers })
}

/// A dimension of two tensors that are combined.
#[derive(Debug, PartialEq, Eq)]
struct Dimension {
    size: usize,
    /// How many values of the output follow each other for one step in this dimension.
    chunk: usize,
    /// How far a step in this dimension goes in each tensor; 0 where its size is 1.
    first: usize,
    second: usize,
}

/// The dimensions of two tensors that are combined, outermost first. Those that lie one behind the other in both tensors
/// are joined, so that the kernel has few divisions.
fn dimensions(first: &[usize], second: &[usize], output: &[usize]) -> Vec<Dimension> {
    let mut dimensions: Vec<Dimension> = Vec::new();
    let (mut chunk, mut first_values, mut second_values) = (1, 1, 1);
    for (from_last, &size) in output.iter().rev().enumerate() {
        let size_in = |shape: &[usize]| shape.iter().rev().nth(from_last).copied().unwrap_or(1);
        let (first_size, second_size) = (size_in(first), size_in(second));
        let stride = |size: usize, values: usize| if size == 1 { 0 } else { values };
        let next = Dimension {
            size,
            chunk,
            first: stride(first_size, first_values),
            second: stride(second_size, second_values),
        };
        chunk *= size;
        first_values *= first_size;
        second_values *= second_size;
        if size == 1 {
            continue;
        }
        match dimensions.last_mut() {
            Some(inner) if next.first == inner.first * inner.size && next.second == inner.second * inner.size => {
                inner.size *= size;
            }
            _ => dimensions.push(next),
        }
    }
    dimensions.reverse();
    dimensions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_that_lie_behind_each_other_are_joined() {
        let per_channel = dimensions(&[1, 6, 4, 5], &[1, 6, 1, 1], &[1, 6, 4, 5]);
        assert_eq!(
            per_channel,
            [
                Dimension { size: 6, chunk: 20, first: 20, second: 1 },
                Dimension { size: 20, chunk: 1, first: 1, second: 0 }
            ]
        );
        let scalar = dimensions(&[2, 3], &[], &[2, 3]);
        assert_eq!(scalar, [Dimension { size: 6, chunk: 1, first: 1, second: 0 }]);
        let outer = dimensions(&[3, 1], &[1, 4], &[3, 4]);
        assert_eq!(outer.len(), 2);
    }
}
