//! The operators that rten lacks, or computes as something else, where the rules that fold constants know them: the same rules
//! compute them here. That is slower than a kernel and costs no download.

use std::collections::BTreeMap;

use rten::{Value, ValueView};
use rten_tensor::{Layout, Tensor};

use crate::engine::runner::EngineError;
use crate::onnx::graph::{Graph, Node};
use crate::onnx::operator::{Cpu, Operator};
use crate::onnx::proto::data_type;
use crate::onnx::shapes::{self, Elements, compute};

/// A node that the folding rules compute.
pub struct ComputedNode {
    node: Node,
    opset: i64,
    constants: BTreeMap<String, shapes::Value>,
    /// The values that it takes from others.
    pub inputs: Vec<String>,
}

impl ComputedNode {
    /// The node in our form, if it is one that rten shall not have.
    pub fn of(node: &Node, graph: &Graph) -> Option<Self> {
        let by_rules = match Operator::of(node)?.cpu? {
            Cpu::Rules => true,
            Cpu::RtenOrRules => !rten_has(node, graph),
            Cpu::Rten | Cpu::Kernel | Cpu::Rewritten => false,
        };
        if !by_rules || !computes(node) {
            return None;
        }
        let (mut constants, mut inputs) = (BTreeMap::new(), Vec::new());
        for name in node.inputs.iter().filter(|name| !name.is_empty()) {
            match graph.constants.get(name) {
                Some(constant) => {
                    constants.insert(name.clone(), shapes::Value::from_constant(constant)?);
                }
                None => inputs.push(name.clone()),
            }
        }
        Some(Self { node: node.clone(), opset: graph.opset(), constants, inputs })
    }

    /// Computes the node from the values of [`Self::inputs`].
    ///
    /// # Errors
    /// [`EngineError::Unsupported`] where no rule computes it in its form, [`EngineError::Failed`] for values of a kind that it does
    /// not take.
    pub fn run(&self, values: &[ValueView]) -> Result<Vec<(&str, Value)>, EngineError> {
        let mut given: BTreeMap<&str, shapes::Value> = BTreeMap::new();
        for (name, value) in self.inputs.iter().zip(values) {
            given
                .insert(name, ours(value).ok_or_else(|| self.refused("its input is of a kind that it does not take"))?);
        }
        let of = |name: &String| given.get(&name[..]).or_else(|| self.constants.get(name)).cloned();
        let inputs = self.node.inputs.iter().map(of).collect();
        let made = compute(&self.node, self.opset, inputs).map_err(|detail| self.refused(&detail))?;
        let named = self.node.outputs.iter().zip(made).filter(|(name, _)| !name.is_empty());
        named
            .map(|(name, value)| Ok((&name[..], theirs(value).ok_or_else(|| self.refused("its result has no shape"))?)))
            .collect()
    }

    fn refused(&self, detail: &str) -> EngineError {
        EngineError::Unsupported { node: self.node.name.clone(), op: self.node.op.clone(), detail: detail.to_owned() }
    }
}

/// Whether the rules take the operator in this form. What they do not take is refused before it runs, so that it is lowered.
fn computes(node: &Node) -> bool {
    let known = |name: &str, forms: &[&str]| node.text(name).is_none_or(|form| forms.contains(&form));
    match &node.op[..] {
        "LpNormalization" => matches!(node.int("p"), None | Some(1 | 2)),
        "Resize" | "Upsample" => {
            known("mode", &["nearest", "linear", "bilinear", "cubic"])
                && known("nearest_mode", &["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"])
                && !matches!(node.text("coordinate_transformation_mode"), Some("tf_crop_and_resize"))
                && node.int("antialias").unwrap_or(0) == 0
        }
        "ScatterElements" | "ScatterND" => known("reduction", &["none", "add", "mul", "max", "min"]),
        _ => true,
    }
}

/// Whether rten has the operator in this form as ONNX means it.
fn rten_has(node: &Node, graph: &Graph) -> bool {
    let text = |name: &str| node.text(name).unwrap_or_default();
    match &node.op[..] {
        "BatchNormalization" => node.int("training_mode").unwrap_or(0) == 0,
        "Cast" => {
            // rten keeps to the range of 32 bits, where narrower types begin again, and of truth values it makes whole numbers.
            let narrow = [data_type::UINT8, data_type::INT8, data_type::UINT16, data_type::INT16, data_type::BOOL];
            !node.int("to").is_some_and(|to| narrow.iter().any(|&kind| i64::from(kind) == to))
        }
        // Whole multiples of the nearest pixel are the same by every reckoning, and rten is fast at them.
        "Resize" => {
            let scales = node.input(2).and_then(|name| graph.constants.get(name)).and_then(|scales| scales.as_floats());
            let whole = scales.is_some_and(|scales| scales.iter().all(|scale| scale.fract() == 0.0 && *scale >= 1.0));
            let usual = matches!(text("mode"), "" | "nearest")
                && text("coordinate_transformation_mode") == "asymmetric"
                && text("nearest_mode") == "floor"
                && node.ints("axes").is_none();
            whole && usual
        }
        "Upsample" => matches!(text("mode"), "" | "nearest"),
        _ => true,
    }
}

/// A value of rten's in the form of the folding rules. rten's integers, truth values among them, have 32 bits.
fn ours(value: &ValueView) -> Option<shapes::Value> {
    let integers =
        |shape: &[usize], data: Vec<i64>| shapes::Value::new(shape.to_vec(), data_type::INT64, Elements::Int(data));
    match value {
        ValueView::FloatTensor(floats) => {
            let data = floats.iter().copied().collect();
            shapes::Value::new(floats.shape().to_vec(), data_type::FLOAT, Elements::Float(data))
        }
        ValueView::Int32Tensor(data) => integers(data.shape(), data.iter().map(|&integer| integer.into()).collect()),
        ValueView::Int8Tensor(data) => integers(data.shape(), data.iter().map(|&integer| integer.into()).collect()),
        ValueView::UInt8Tensor(data) => integers(data.shape(), data.iter().map(|&integer| integer.into()).collect()),
        _ => None,
    }
}

fn theirs(value: shapes::Value) -> Option<Value> {
    let shape = &value.shape[..];
    Some(match value.elements {
        Elements::Float(floats) => Tensor::try_from_data(shape, floats).ok()?.into(),
        Elements::Int(integers) => {
            let narrow = |integer: i64| i32::try_from(integer).unwrap_or(if integer < 0 { i32::MIN } else { i32::MAX });
            Tensor::try_from_data(shape, integers.into_iter().map(narrow).collect::<Vec<i32>>()).ok()?.into()
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::engine::Engine;
    use crate::engine::rten::RtenEngine;
    use crate::onnx::graph::{Attribute, Constant, Dimension, Input};

    fn graph(node: Node) -> Graph {
        let places = Constant::integers(vec![1, 1, 1, 1], vec![0]);
        let more = Constant::floats(vec![1, 1, 1, 1], vec![0.5]);
        let scales = Constant::floats(vec![4], vec![1.0, 1.0, 1.5, 1.5]);
        Graph {
            inputs: vec![Input { name: "x".to_owned(), shape: [1, 2, 4, 4].map(Dimension::Fixed).to_vec() }],
            outputs: vec!["y".to_owned()],
            nodes: vec![node],
            constants: [("places", places), ("more", more), ("scales", scales)]
                .map(|(name, constant)| (name.to_owned(), constant))
                .into(),
            opsets: BTreeMap::from([(String::new(), 18)]),
            stated_shapes: BTreeMap::new(),
        }
    }

    /// A form that no rule takes is refused when the graph is made ready, which is when there is another way.
    #[test]
    fn what_the_rules_do_not_compute_is_refused_before_it_runs() {
        let text = |text: &str| Attribute::Text(text.to_owned());
        let resize = || Node::new("Resize", &["x", "", "scales"], "y");
        let scatter = || Node::new("ScatterElements", &["x", "places", "more"], "y");
        let forms = [
            (Node::new("LpNormalization", &["x"], "y"), ("p", Attribute::Int(3))),
            (resize().with("mode", text("linear")), ("coordinate_transformation_mode", text("tf_crop_and_resize"))),
            (resize(), ("nearest_mode", text("as it comes"))),
            (scatter(), ("reduction", text("median"))),
        ];
        for (node, (name, form)) in forms {
            let usual = graph(node.clone());
            assert!(ComputedNode::of(&usual.nodes[0], &usual).is_some(), "{node:?}");
            let odd = graph(node.clone().with(name, form));
            assert!(ComputedNode::of(&odd.nodes[0], &odd).is_none(), "{node:?}");
            let refused = pollster::block_on(RtenEngine.prepare(odd)).err();
            assert!(matches!(refused, Some(EngineError::Unsupported { .. })), "{node:?}: {refused:?}");
        }
    }
}
