//! What rten takes and computes as something else, or refuses only when it runs. It is refused before, so that the graph is
//! lowered instead.

use crate::engine::runner::EngineError;
use crate::onnx::graph::{Graph, Node};

/// # Errors
/// [`EngineError::Unsupported`] names the first node that rten would compute as something else.
pub fn check(graph: &Graph) -> Result<(), EngineError> {
    for node in graph.nodes.iter().filter(|node| node.domain.is_empty()) {
        if let Some(detail) = misread(node, graph) {
            let (node, op) = (node.name.clone(), node.op.clone());
            return Err(EngineError::Unsupported { node, op, detail: detail.to_owned() });
        }
    }
    Ok(())
}

fn misread(node: &Node, graph: &Graph) -> Option<&'static str> {
    let text = |name: &str| node.text(name).unwrap_or_default();
    match &node.op[..] {
        "Conv" | "ConvTranspose"
            if node.input(1).and_then(|name| graph.constants.get(name)).is_some_and(|it| it.shape.len() > 4) =>
        {
            Some("only one or two dimensions of maps have windows")
        }
        "ConvTranspose" if text("auto_pad") == "SAME_LOWER" => Some("SAME_LOWER would be taken for SAME_UPPER"),
        "ConvTranspose" if text("auto_pad") == "SAME_UPPER" && leaves_gaps(node) => {
            Some("windows that are narrower than their stride would be padded by less than nothing")
        }
        "AveragePool" | "MaxPool" if node.ints("kernel_shape").is_some_and(|kernel| kernel.len() > 2) => {
            Some("only one or two dimensions of maps are pooled")
        }
        "Pad" if !matches!(text("mode"), "" | "constant") && pads_far(node, graph) => {
            Some("only the last two dimensions are padded with other than a number")
        }
        "Resize" if resizes_volumes(node, graph) => Some("only values of up to four dimensions are resized"),
        "Resize" if !matches!(text("keep_aspect_ratio_policy"), "" | "stretch") => {
            Some("the policy for the aspect ratio would be left out")
        }
        _ => None,
    }
}

/// Whether a Pad reaches beyond the last two dimensions. Where its axes are chosen it is not known how many there are.
fn pads_far(node: &Node, graph: &Graph) -> bool {
    let given = node.input(1).and_then(|name| graph.constants.get(name)?.as_integers());
    let pads = node.ints("pads").or(given).unwrap_or_default();
    let far = |side: &[i64]| side.iter().rev().skip(2).any(|&pad| pad != 0);
    let (begins, ends) = pads.split_at(pads.len() / 2);
    node.input(3).is_some() || far(begins) || far(ends)
}

/// Whether a Resize is one of more than pictures, as far as its numbers say: one for each dimension, or for each of those that are named.
fn resizes_volumes(node: &Node, graph: &Graph) -> bool {
    let count = |index: usize| node.input(index).and_then(|name| graph.constants.get(name)?.shape.first().copied());
    let most = if node.ints("axes").is_some() { 2 } else { 4 };
    [2, 3].into_iter().filter_map(count).any(|count| count > most)
}

/// Whether a window is narrower than its stride.
fn leaves_gaps(node: &Node) -> bool {
    let numbers = |name: &str| node.ints(name).unwrap_or_default();
    let along = |list: &[i64], axis: usize| list.get(axis).copied().unwrap_or(1);
    let narrow = |(axis, &length): (usize, &i64)| {
        let reach = length.saturating_sub(1).saturating_mul(along(numbers("dilations"), axis)).saturating_add(1);
        reach < along(numbers("strides"), axis)
    };
    numbers("kernel_shape").iter().enumerate().any(narrow)
}
