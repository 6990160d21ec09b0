//! Writes out what onnxruntime fuses when it saves a graph that it has rewritten: a Conv or Gemm with its activation, the GELUs, and
//! products of transposed matrices.

use std::collections::BTreeSet;

use crate::onnx::graph::{Attribute, Constant, Graph, Node};
use crate::onnx::tables::IntoTable;

/// onnxruntime's own operator set.
const SET: &str = "com.microsoft";

/// The slope of a QuickGelu's sigmoid where the node names none.
const QUICK: f32 = 1.702;

/// Rewrites every fused node. A form that is not covered stays as it is, for whoever runs it to refuse by its name.
pub(super) fn write_out(graph: &mut Graph) {
    if !graph.nodes.iter().any(|node| node.domain == SET) {
        return;
    }
    let taken = graph.nodes.iter().flat_map(|node| &node.outputs).chain(graph.constants.keys()).cloned().into_set();
    let mut nodes = Vec::with_capacity(graph.nodes.len());
    let mut writer = Writer { graph, taken };
    for node in std::mem::take(&mut writer.graph.nodes) {
        let parts = if node.domain == SET { writer.parts(&node) } else { None };
        match parts {
            Some(parts) => nodes.extend(parts),
            None => nodes.push(node),
        }
    }
    writer.graph.nodes = nodes;
}

struct Writer<'g> {
    graph: &'g mut Graph,
    /// Names that are in use.
    taken: BTreeSet<String>,
}

impl Writer<'_> {
    /// What a fused node is made of.
    fn parts(&mut self, node: &Node) -> Option<Vec<Node>> {
        let input = |index: usize| node.input(index).unwrap_or_default();
        let y = node.output();
        let whole = |op: &str, inputs: &[&str]| Node::new(op, inputs, y).named(&node.name);
        match &node.op[..] {
            "FusedConv" | "FusedGemm" => {
                let op = &node.op["Fused".len()..];
                let mut attributes = node.attributes.clone();
                attributes.retain(|name, _| !name.starts_with("activation"));
                let activation = activation(node)?;
                let inputs: Vec<&str> = (0..3).map(input).collect();
                let count = inputs.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
                let addend = node.input(3).filter(|_| op == "Conv");
                let mut made =
                    if addend.is_some() || activation.is_some() { self.fresh(y, "sum") } else { y.to_owned() };
                let mut nodes = vec![Node { attributes, ..Node::new(op, &inputs[..count], &made).named(&node.name) }];
                if let Some(addend) = addend {
                    let sum = if activation.is_some() { self.fresh(y, "added") } else { y.to_owned() };
                    nodes.push(Node::new("Add", &[&made, addend], &sum));
                    made = sum;
                }
                nodes.extend(activation.map(|activation| Node {
                    inputs: vec![made],
                    outputs: vec![y.to_owned()],
                    ..activation
                }));
                Some(nodes)
            }
            "FusedMatMul" => {
                let flag = |name: &str| node.int(name).unwrap_or(0) != 0;
                if flag("transBatchA") || flag("transBatchB") {
                    return None;
                }
                let of =
                    |turned: bool, plain: &str| if turned { plain.chars().rev().collect() } else { plain.to_owned() };
                let (left, right) = (of(flag("transA"), "ij"), of(flag("transB"), "jk"));
                let product = whole("Einsum", &[input(0), input(1)])
                    .with("equation", Attribute::Text(format!("...{left},...{right}->...ik")));
                let alpha = node.float("alpha").unwrap_or(1.0);
                if alpha == 1.0 {
                    return Some(vec![product]);
                }
                let (exact, factor) = (self.fresh(y, "exact"), self.number(y, alpha));
                let product = Node { outputs: vec![exact.clone()], ..product };
                Some(vec![product, Node::new("Mul", &[&exact, &factor], y)])
            }
            "Gelu" => Some(vec![whole("Gelu", &[input(0)])]),
            "BiasGelu" | "FastGelu" => {
                let tanh = |gelu: Node| match &node.op[..] {
                    "FastGelu" => gelu.with("approximate", Attribute::Text("tanh".to_owned())),
                    _ => gelu,
                };
                let Some(bias) = node.input(1) else { return Some(vec![tanh(whole("Gelu", &[input(0)]))]) };
                let sum = self.fresh(y, "biased");
                Some(vec![Node::new("Add", &[input(0), bias], &sum), tanh(whole("Gelu", &[&sum]))])
            }
            "MultiHeadAttention" => self.attention(node),
            "QuickGelu" => {
                let slope = self.number(y, node.float("alpha").unwrap_or(QUICK));
                let [scaled, gate] = ["scaled", "gate"].map(|part| self.fresh(y, part));
                Some(vec![
                    Node::new("Mul", &[input(0), &slope], &scaled),
                    Node::new("Sigmoid", &[&scaled], &gate),
                    whole("Mul", &[input(0), &gate]),
                ])
            }
            _ => None,
        }
    }

    /// Attention of the standard operator set, of queries, keys and values that are apart. Its biases are added before.
    fn attention(&mut self, node: &Node) -> Option<Vec<Node>> {
        let heads = node.int("num_heads")?;
        let (mask, before) = (node.input(5).unwrap_or_default(), [4, 6, 7].map(|index| node.input(index)));
        let mut inputs = [0, 1, 2].map(|index| node.input(index).map(str::to_owned));
        if before.iter().any(Option::is_some) || inputs.iter().any(Option::is_none) {
            return None;
        }
        let mut nodes = Vec::new();
        if let Some(bias) = node.input(3) {
            let all = self.graph.constants.get(bias)?.as_floats()?.to_vec();
            let width = all.len() / 3;
            for ((input, part), own) in
                inputs.iter_mut().zip(["query", "key", "value"]).zip(all.chunks_exact(width.max(1)))
            {
                let [bias, sum] = ["bias", "biased"].map(|what| self.fresh(node.output(), &format!("{what}-{part}")));
                self.graph.constants.insert(bias.clone(), Constant::floats(vec![width], own.to_vec()));
                nodes.push(Node::new("Add", &[&input.take()?, &bias], &sum));
                *input = Some(sum);
            }
        }
        let [query, key, value] = inputs.map(Option::unwrap_or_default);
        let mut attention =
            Node { outputs: node.outputs.clone(), ..Node::new("Attention", &[&query, &key, &value, mask], "") }
                .named(&node.name)
                .with("q_num_heads", Attribute::Int(heads))
                .with("kv_num_heads", Attribute::Int(heads))
                .with("is_causal", Attribute::Int(node.int("unidirectional").unwrap_or(0)));
        // Zero stands for the usual scale.
        if let Some(scale) = node.float("scale").filter(|&scale| scale != 0.0) {
            attention = attention.with("scale", Attribute::Float(scale));
        }
        nodes.push(attention);
        Some(nodes)
    }

    /// A constant of one number.
    fn number(&mut self, y: &str, number: f32) -> String {
        let name = self.fresh(y, "factor");
        self.graph.constants.insert(name.clone(), Constant::floats(Vec::new(), vec![number]));
        name
    }

    /// A name that no value has.
    fn fresh(&mut self, y: &str, part: &str) -> String {
        let mut name = format!("{y}/{part}");
        while !self.taken.insert(name.clone()) {
            name.push('\'');
        }
        name
    }
}

/// The activation of a fused node, without inputs and outputs; nothing where it has none, and nothing at all where it is not known.
/// A Conv lists its numbers, a Gemm names them.
#[expect(clippy::option_option, reason = "without an activation, or with one that is not known")]
fn activation(node: &Node) -> Option<Option<Node>> {
    let Some(op) = node.text("activation").filter(|op| !op.is_empty()) else { return Some(None) };
    let listed = match node.attributes.get("activation_params") {
        Some(Attribute::Floats(numbers)) => &numbers[..],
        _ => &[],
    };
    let number = |place: usize, name: &str| listed.get(place).copied().or_else(|| node.float(name));
    let names: &[&str] = match op {
        "Relu" | "Sigmoid" | "Tanh" => &[],
        "LeakyRelu" | "Elu" => &["alpha"],
        "HardSigmoid" => &["alpha", "beta"],
        // As the operator sets before 11 have it, which every reader of ours takes.
        "Clip" => &["min", "max"],
        _ => return None,
    };
    let mut activation = Node::new(op, &[], "");
    for (place, name) in names.iter().enumerate() {
        if let Some(number) = number(place, &format!("activation_{name}")) {
            activation = activation.with(name, Attribute::Float(number));
        }
    }
    Some(Some(activation))
}
