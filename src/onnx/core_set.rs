//! The operators that every engine computes right, and the form they must have. Lowering writes nothing else, and the
//! wonnx adapter accepts nothing else, since it has kernels for these forms only.
//!
//! Which they are stands in the table of operators ([`super::operator`]); `tests/ops` holds the cases, with onnxruntime's values.

use thiserror::Error;

use super::graph::{Attribute, Graph, Node};
use super::operator::{Core, CoreForm, OWN_SET, Operator};
use super::slice_sums::SliceSums;

/// The operator set version that lowered graphs are written in. wonnx refuses more than 15, and 13 is the first in which
/// every operator that we write takes its parameters as it does today.
pub const OPSET: i64 = 13;

/// The operator set that an operator of the core set belongs to.
pub fn domain_of(op: &str) -> &'static str {
    let own = |operator: &Operator| operator.core.is_some();
    if Operator::named(OWN_SET, op).is_some_and(own) { OWN_SET } else { "" }
}

/// A node that is not in the core set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("in node {node:?}: operator {op} {detail}")]
pub struct NotCore {
    pub node: String,
    pub op: String,
    pub detail: String,
}

/// Checks that the graph consists of core operators in their right form.
///
/// # Errors
/// [`NotCore`] for the first node that does not.
pub fn check(graph: &Graph) -> Result<(), NotCore> {
    for node in &graph.nodes {
        let failed = |detail: String| NotCore { node: node.name.clone(), op: node.op.clone(), detail };
        let core =
            Operator::of(node).filter(|operator| operator.domain == node.domain).and_then(|operator| operator.core);
        let Core { inputs: [fewest, most], form, .. } =
            core.ok_or_else(|| failed("is not in the core set".to_owned()))?;
        if !(fewest..=most).contains(&node.inputs.len()) || node.outputs.len() != 1 {
            return Err(failed(format!("has {} inputs and {} outputs", node.inputs.len(), node.outputs.len())));
        }
        let checked = match form {
            CoreForm::Any => Ok(()),
            CoreForm::Conv => conv(node, graph),
            CoreForm::MaxPool => max_pool(node),
            CoreForm::AveragePool => pool(node),
            CoreForm::SliceSums => slice_sums(node),
            CoreForm::Shape => constant_shape(node, graph),
            CoreForm::Clip => clip(node, graph),
            CoreForm::Concat => concat(node),
            CoreForm::Resize => resize(node, graph),
            CoreForm::Transpose => transpose(node),
        };
        checked.map_err(failed)?;
    }
    Ok(())
}

fn length(node: &Node, attribute: &str, expected: usize) -> Result<(), String> {
    match node.ints(attribute) {
        Some(values) if values.len() == expected && values.iter().all(|&value| value >= 0) => Ok(()),
        Some(values) => Err(format!("has {attribute} {values:?}")),
        None => Err(format!("has no {attribute}")),
    }
}

fn window(node: &Node) -> Result<(), String> {
    length(node, "kernel_shape", 2)?;
    length(node, "strides", 2)?;
    length(node, "pads", 4)?;
    if node.attributes.contains_key("auto_pad") {
        return Err("has an auto_pad attribute".to_owned());
    }
    Ok(())
}

fn conv(node: &Node, graph: &Graph) -> Result<(), String> {
    window(node)?;
    length(node, "dilations", 2)?;
    if node.int("group").is_none() {
        return Err("has no group attribute".to_owned());
    }
    let rank = |index: usize| node.input(index).and_then(|name| graph.constants.get(name)).map(|it| it.shape.len());
    match (rank(1), rank(2)) {
        (Some(4), Some(1)) => Ok(()),
        _ => Err("needs a constant kernel of 4 dimensions and a constant bias".to_owned()),
    }
}

fn max_pool(node: &Node) -> Result<(), String> {
    window(node)?;
    let dilations =
        node.ints("dilations").is_none_or(|dilations| matches!(dilations, &[down, across] if down > 0 && across > 0));
    if dilations && node.int("ceil_mode").unwrap_or(0) == 0 {
        Ok(())
    } else {
        Err("has ceil_mode or odd dilations".to_owned())
    }
}

fn pool(node: &Node) -> Result<(), String> {
    window(node)?;
    match (node.int("ceil_mode"), node.ints("dilations")) {
        (None | Some(0), None | Some([1, 1])) => Ok(()),
        _ => Err("has ceil_mode or dilations".to_owned()),
    }
}

fn slice_sums(node: &Node) -> Result<(), String> {
    SliceSums::of(node).map(|_| ()).ok_or_else(|| "does not say what it sums".to_owned())
}

fn clip(node: &Node, graph: &Graph) -> Result<(), String> {
    let one_number = |name: &str| {
        graph.constants.get(name).and_then(|constant| constant.as_floats()).is_some_and(|values| values.len() == 1)
    };
    let bounds = [1, 2].map(|index| node.input(index));
    if bounds.iter().flatten().all(|name| one_number(name)) {
        Ok(())
    } else {
        Err("has bounds that are not constant numbers".to_owned())
    }
}

fn concat(node: &Node) -> Result<(), String> {
    if node.int("axis") == Some(1) { Ok(()) } else { Err("is not along the channels".to_owned()) }
}

fn resize(node: &Node, graph: &Graph) -> Result<(), String> {
    for (attribute, expected) in
        [("mode", "nearest"), ("nearest_mode", "floor"), ("coordinate_transformation_mode", "asymmetric")]
    {
        if node.text(attribute) != Some(expected) {
            return Err(format!("has {attribute} {:?}", node.text(attribute)));
        }
    }
    let scales = node.input(2).and_then(|name| graph.constants.get(name)).and_then(|constant| constant.as_floats());
    match scales {
        Some([1.0, 1.0, height, width]) if height.fract() == 0.0 && width.fract() == 0.0 => Ok(()),
        scales => Err(format!("has scales {scales:?}")),
    }
}

fn transpose(node: &Node) -> Result<(), String> {
    if matches!(node.attributes.get("perm"), Some(Attribute::Ints(_))) { Ok(()) } else { Err("has no perm".to_owned()) }
}

fn constant_shape(node: &Node, graph: &Graph) -> Result<(), String> {
    let shape = node.input(1).and_then(|name| graph.constants.get(name)).and_then(|constant| constant.as_integers());
    match shape {
        Some(shape) if shape.iter().all(|&size| size > 0) => Ok(()),
        _ => Err("needs a constant shape".to_owned()),
    }
}
