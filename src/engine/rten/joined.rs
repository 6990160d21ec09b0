//! Operations on each value by itself that are computed at once instead of one after another: rten would write down what lies between
//! them.

use featurescope_kernels::{Bounds, Operand, Operation, Step, elementwise};
use rten::{Value, ValueView};
use rten_tensor::{Layout, Tensor};

use super::threads;
use crate::engine::runner::EngineError;
use crate::onnx::bounds::bounds_of;
use crate::onnx::graph::{Dimension, Graph, Node};
use crate::onnx::joined::Joinable;
use crate::onnx::links::Links;
use crate::onnx::operator::{GATE, OWN_SET};
use crate::onnx::shapes::{Shapes, infer};

/// What the kernel takes. A network's gradient has five in a row; more tensors than these are no longer near the processor at once.
pub const JOINABLE: Joinable<'static> = Joinable { operands: &operands, operations: 16, tensors: 8 };

/// Nodes that one call of the kernel computes.
pub struct JoinedNodes {
    name: String,
    /// The tensors that are operated on.
    pub inputs: Vec<String>,
    pub output: String,
    steps: Vec<Step>,
}

impl JoinedNodes {
    /// The nodes in our form, in order; `None` for a single one that rten computes as fast and as ONNX means it.
    pub fn of(nodes: &[&Node], links: &Links<'_>) -> Option<Self> {
        let (last, before) = nodes.split_last()?;
        if before.is_empty() && !matches!(&last.op[..], "Sign" | GATE) {
            return None;
        }
        let tensors = JOINABLE.tensors(nodes, links);
        let operand = |name: &str| {
            let made = nodes.iter().position(|node| node.output() == name).map(Operand::Made);
            let tensor = || tensors.iter().position(|tensor| *tensor == name).map(Operand::Tensor);
            made.or_else(tensor).or_else(|| links.scalar(name).map(Operand::Number))
        };
        let step = |node: &&Node| {
            let operands = JOINABLE.operands(node);
            let (first, last) = (operand(operands.first()?)?, operand(operands.last()?)?);
            Some(Step { operation: operation(node, links.graph)?, operands: [first, last] })
        };
        Some(Self {
            name: last.name.clone(),
            inputs: tensors.iter().map(|&tensor| tensor.to_owned()).collect(),
            output: last.output().to_owned(),
            steps: nodes.iter().map(step).collect::<Option<_>>()?,
        })
    }

    /// Computes the nodes.
    ///
    /// # Errors
    /// [`EngineError::Failed`] for tensors that are not as large as each other.
    pub fn run(&self, inputs: &[ValueView]) -> Result<Value, EngineError> {
        let failed = |what: &str| EngineError::Failed(format!("in node \"{}\": {what}", self.name));
        let floats = inputs.iter().enumerate().map(|(index, value)| match value {
            ValueView::FloatTensor(floats) => Ok(floats.to_contiguous()),
            _ => Err(failed(&format!("input {index} does not consist of floats"))),
        });
        let tensors = floats.collect::<Result<Vec<_>, EngineError>>()?;
        let shape = tensors.first().map(|tensor| tensor.shape().to_vec()).unwrap_or_default();
        if tensors.iter().any(|tensor| tensor.shape() != shape) {
            return Err(failed("the inputs do not have the same shape"));
        }
        let values: Vec<&[f32]> = tensors.iter().map(|tensor| tensor.data()).collect();
        let made = elementwise(&self.steps, &values, threads::pool());
        let made = made.ok_or_else(|| failed("the inputs do not fit its operations"))?;
        let tensor = Tensor::try_from_data(&shape[..], made);
        Ok(tensor.map_err(|error| failed(&error.to_string()))?.into())
    }
}

/// The shapes of all values where every input has a fixed one; none where they are open, since then tensors that are as large as each other
/// for one picture may not be for several.
pub fn fixed_shapes(graph: &Graph) -> Shapes {
    let is_fixed = |dimension: &Dimension| matches!(dimension, Dimension::Fixed(_));
    if graph.inputs.iter().all(|input| !input.shape.is_empty() && input.shape.iter().all(is_fixed)) {
        infer(graph, &[].into()).unwrap_or_default()
    } else {
        Shapes::default()
    }
}

/// Whether the kernel can compute a node of floats.
pub fn takes(node: &Node, graph: &Graph) -> bool {
    operands(node).is_some() && operation(node, graph).is_some()
}

/// How many inputs of a node are operated on; `None` where the kernel does not know its operator. (Exponents, roots and the like are as fast
/// in rten.)
fn operands(node: &Node) -> Option<usize> {
    let own = node.domain == OWN_SET;
    let given = node.inputs.len();
    match &node.op[..] {
        GATE if own => Some(2),
        "Relu" | "Sign" | "Abs" | "Neg" | "Clip" if !own => Some(1),
        "Add" | "Sub" | "Mul" | "Div" | "Min" | "Max" if !own && given == 2 => Some(2),
        _ => None,
    }
}

fn operation(node: &Node, graph: &Graph) -> Option<Operation> {
    Some(match &node.op[..] {
        "Relu" | "Clip" => {
            let [low, high] = bounds_of(node, graph)?;
            Operation::Within(Bounds { low, high })
        }
        "Sign" => Operation::Sign,
        "Abs" => Operation::Absolute,
        "Neg" => Operation::Negative,
        "Add" => Operation::Sum,
        "Sub" => Operation::Difference,
        "Mul" => Operation::Product,
        "Div" => Operation::Quotient,
        "Min" => Operation::Smaller,
        "Max" => Operation::Larger,
        GATE => Operation::Gate,
        _ => return None,
    })
}
