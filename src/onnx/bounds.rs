//! What an activation bounds its input to.

use super::graph::{Graph, Node};

/// The least and the largest value that a Relu or a Clip gives; infinite where it has none. `None` of every other node, and of a Clip with
/// bounds that are computed. Bounds are attributes before operator set 11 and inputs from it on; either may be left out.
pub fn bounds_of(node: &Node, graph: &Graph) -> Option<[f32; 2]> {
    if !matches!(node.domain.as_str(), "" | "ai.onnx") {
        return None;
    }
    match &node.op[..] {
        "Relu" => Some([0.0, f32::INFINITY]),
        "Clip" => {
            let bound = |name: &str, index: usize, missing: f32| match (node.float(name), node.input(index)) {
                (Some(bound), _) => Some(bound),
                (None, None) => Some(missing),
                (None, Some(input)) => graph.constants.get(input)?.as_floats()?.first().copied(),
            };
            Some([bound("min", 1, f32::NEG_INFINITY)?, bound("max", 2, f32::INFINITY)?])
        }
        _ => None,
    }
}
