//! Writes the arithmetic of quantised networks out in floats.
//!
//! A quantised value is held as what its integers stand for, under the name that the file gives it: a QuantizeLinear becomes a rounding
//! ([`QUANTIZE_DEQUANTIZE`]), the DequantizeLinear that undoes it nothing, a constant one the constant that it gives, and a QLinearConv
//! a Conv of floats whose result is rounded. So layers are the numbers that the network computes with and not their codes, every
//! engine computes them, and they have gradients. Where something else than moving, choosing or pooling reads the integers
//! themselves, they are computed. A form that is not covered stays as it is, for whoever runs it to refuse by its name.

use std::collections::{BTreeMap, BTreeSet};

use crate::onnx::core_set::{OWN_SET, QUANTIZE_DEQUANTIZE};
use crate::onnx::graph::{Attribute, Constant, Data, Graph, Node};
use crate::onnx::proto::data_type;
use crate::onnx::quantised::{Scheme, rounded};
use crate::onnx::shapes::{Elements, Value};
use crate::onnx::tables::IntoTable;

/// The operator sets that have quantised operators: ONNX's own, and onnxruntime's.
const SETS: [&str; 2] = ["", "com.microsoft"];

/// The most elements of a constant that is computed here; a gigabyte.
const MOST_ELEMENTS: usize = 1 << 28;

/// Rewrites every quantised node of a graph whose nodes are in order.
pub(super) fn write_out(graph: &mut Graph) {
    let is_quantised = |node: &Node| {
        SETS.contains(&&node.domain[..])
            && (node.op.starts_with('Q') || node.op.contains("uantize") || node.op.ends_with("Integer"))
    };
    if !graph.nodes.iter().any(is_quantised) {
        return;
    }
    let taken = graph.nodes.iter().flat_map(|node| &node.outputs).chain(graph.constants.keys()).cloned().into_set();
    let nodes = std::mem::take(&mut graph.nodes);
    let mut writer =
        Writer { graph, taken, stored: BTreeMap::new(), steps: BTreeMap::new(), used: BTreeSet::new(), nodes: vec![] };
    for node in nodes {
        writer.used.extend(node.inputs.iter().cloned());
        if writer.written(&node).is_none() {
            writer.other(node);
        }
    }
    let Writer { graph, used, nodes, .. } = writer;
    graph.nodes = nodes;
    // Constants that only quantised nodes read.
    let read: BTreeSet<&String> = graph.nodes.iter().flat_map(|node| &node.inputs).chain(&graph.outputs).into_set();
    let in_bodies = graph.nodes.iter().any(|node| node.attributes.values().any(|it| matches!(it, Attribute::Graph(_))));
    graph.constants.retain(|name, _| in_bodies || read.contains(name) || !used.contains(name));
}

/// How a quantised value is stored: the names of its scale and zero point, the axis of a list of them, and the range of its integers.
#[derive(Debug, Clone, PartialEq)]
struct Stored {
    scale: String,
    /// Empty for zero.
    zero: String,
    /// Where there are several scales.
    axis: Option<i64>,
    range: [f32; 2],
}

struct Writer<'g> {
    graph: &'g mut Graph,
    /// Names that are in use.
    taken: BTreeSet<String>,
    /// The values that are held as what their integers stand for.
    stored: BTreeMap<String, Stored>,
    /// The integers of a stored value less its zero point, where somebody reads them.
    steps: BTreeMap<String, String>,
    /// Every value that a node of the file reads.
    used: BTreeSet<String>,
    nodes: Vec<Node>,
}

impl Writer<'_> {
    /// Adds what a quantised node is made of; `None` where it is none, or in a form that is not covered.
    fn written(&mut self, node: &Node) -> Option<()> {
        if !SETS.contains(&&node.domain[..]) {
            return None;
        }
        let input = |index: usize| node.input(index).unwrap_or_default().to_owned();
        let y = node.output();
        match &node.op[..] {
            "QuantizeLinear" | "DequantizeLinear" if node.input(1).is_none() => None,
            "QuantizeLinear" => {
                let stored = self.stored_as(&input(1), &input(2), node)?;
                self.rounded(&input(0), y, stored, &node.name, false)
            }
            "DequantizeLinear" => {
                let (axis, block) = (node.int("axis"), node.int("block_size").unwrap_or(0));
                let axis = axis.unwrap_or(1);
                let real = self.real(&input(0), &input(1), &input(2), axis, block, Some(y))?;
                self.named(&real, y, node);
                Some(())
            }
            "DynamicQuantizeLinear" => self.dynamic(node),
            "QLinearConv" => self.of_integers(node, "Conv", [0, 3], 8, [6, 7], 0),
            "QLinearMatMul" => self.of_integers(node, "MatMul", [0, 3], usize::MAX, [6, 7], -1),
            "QGemm" if node.float("alpha").is_none_or(|alpha| alpha == 1.0) => {
                let axis = if node.int("transB").unwrap_or(0) == 0 { 1 } else { 0 };
                self.of_integers(node, "Gemm", [0, 3], 6, [7, 8], axis)
            }
            "QLinearAdd" | "QLinearMul" => {
                let a = self.real(&input(0), &input(1), &input(2), 0, 0, None)?;
                let b = self.real(&input(3), &input(4), &input(5), 0, 0, None)?;
                self.between(node, &node.op["QLinear".len()..], vec![a, b], [6, 7])
            }
            "QLinearConcat" => {
                let parts = (2..node.inputs.len()).step_by(3);
                let parts = parts.map(|at| self.real(&input(at), &input(at + 1), &input(at + 2), 0, 0, None));
                let parts = parts.collect::<Option<_>>()?;
                self.between(node, "Concat", parts, [0, 1])
            }
            "QLinearAveragePool" | "QLinearGlobalAveragePool" | "QLinearLeakyRelu" | "QLinearSigmoid"
                if node.int("channels_last").unwrap_or(0) == 0 =>
            {
                let x = self.real(&input(0), &input(1), &input(2), 0, 0, None)?;
                self.between(node, &node.op["QLinear".len()..], vec![x], [3, 4])
            }
            "ConvInteger" | "MatMulInteger" => {
                let x = self.less_zero(&input(0), &input(2), 0)?;
                let w = self.less_zero(&input(1), &input(3), if node.op == "ConvInteger" { 0 } else { -1 })?;
                self.push(&node.op[..node.op.len() - "Integer".len()], &[&x, &w], y, node);
                Some(())
            }
            _ => None,
        }
    }

    /// Adds a node of the file that is not quantised itself.
    fn other(&mut self, mut node: Node) {
        let moves = matches!(
            &node.op[..],
            "Concat"
                | "DepthToSpace"
                | "Dropout"
                | "Expand"
                | "Flatten"
                | "Gather"
                | "Identity"
                | "MaxPool"
                | "Reshape"
                | "Slice"
                | "SpaceToDepth"
                | "Split"
                | "Squeeze"
                | "Tile"
                | "Transpose"
                | "Unsqueeze"
        );
        let read = if node.op == "Concat" { node.inputs.len() } else { 1 };
        let first = node.input(0).and_then(|input| self.stored.get(input)).cloned();
        if let Some(stored) = first.filter(|stored| moves && stored.axis.is_none())
            && node.inputs[..read].iter().all(|input| {
                self.stored
                    .get(input)
                    .is_some_and(|other| self.same(&other.scale, &stored.scale) && self.same(&other.zero, &stored.zero))
            })
        {
            self.stored.extend(node.outputs.iter().map(|output| (output.clone(), stored.clone())));
        } else {
            for input in &mut node.inputs {
                *input = self.integers_of(input);
            }
        }
        self.nodes.push(node);
    }

    /// What the integers of `name` stand for, in floats; of a constant the constant, under the name `wanted` if there is one.
    fn real(
        &mut self,
        name: &str,
        scale: &str,
        zero: &str,
        axis: i64,
        block: i64,
        wanted: Option<&str>,
    ) -> Option<String> {
        if let Some(constant) = self.graph.constants.get(name).filter(|_| !self.stored.contains_key(name)) {
            let real = self.dequantised(constant, scale, zero, axis, block)?;
            let name = match wanted.filter(|wanted| !self.graph.outputs.iter().any(|output| output == wanted)) {
                Some(wanted) => wanted.to_owned(),
                None => self.fresh(&format!("{name}/real")),
            };
            self.graph.constants.insert(name.clone(), real);
            return Some(name);
        }
        let zero = self.zero(zero)?;
        if let Some(stored) = self.stored.get(name)
            && self.same(&stored.scale, scale)
            && self.same(&stored.zero, &zero)
            && stored.axis.is_none_or(|own| own == axis)
        {
            return Some(name.to_owned());
        }
        self.is_one(scale).then_some(())?;
        let (integers, scale) = (self.integers_of(name), self.floats(scale)?);
        let from_zero = self.combined("Sub", &integers, &zero, &format!("{name}/from_zero"));
        Some(self.combined("Mul", &from_zero, &scale, &format!("{name}/real")))
    }

    /// The integers of `name` less their zero point, as floats.
    fn less_zero(&mut self, name: &str, zero: &str, axis: i64) -> Option<String> {
        let Some(stored) = self.stored.get(name).cloned() else {
            if self.graph.constants.contains_key(name) {
                return self.real(name, "", zero, axis, 0, None);
            }
            let zero = self.zero(zero)?;
            return Some(self.combined("Sub", name, &zero, &format!("{name}/from_zero")));
        };
        let zero = self.zero(zero)?;
        if !self.same(&stored.zero, &zero) {
            let integers = self.integers_of(name);
            return Some(self.combined("Sub", &integers, &zero, &format!("{name}/from_zero")));
        }
        stored.axis.is_none().then(|| self.steps(name, &stored))
    }

    /// Of a stored value with one scale, the integers less the zero point.
    fn steps(&mut self, name: &str, stored: &Stored) -> String {
        if let Some(steps) = self.steps.get(name) {
            return steps.clone();
        }
        let factor = match self.list(&stored.scale) {
            Some(scale) => self.constant("factor", Constant::floats(Vec::new(), vec![1.0 / scale[0]])),
            None => {
                let factor = self.fresh(&format!("{name}/factor"));
                self.nodes.push(Node::new("Reciprocal", &[&stored.scale], &factor));
                factor
            }
        };
        let steps = self.fresh(&format!("{name}/steps"));
        let one = self.constant("one", Constant::floats(Vec::new(), vec![1.0]));
        // Whole again but for rounding, and within the range.
        let whole = Stored { scale: one, zero: String::new(), axis: None, range: [f32::MIN, f32::MAX] };
        self.push_rounding(name, &steps, &whole, Some(&factor), &steps, false);
        self.steps.insert(name.to_owned(), steps.clone());
        steps
    }

    /// The integers of a stored value; any other value as it is.
    fn integers_of(&mut self, name: &str) -> String {
        let Some(stored) = self.stored.get(name).cloned() else { return name.to_owned() };
        if stored.axis.is_none() {
            let steps = self.steps(name, &stored);
            return self.combined("Add", &steps, &stored.zero, &format!("{name}/integers"));
        }
        // In a form that nothing computes, and says so by its name.
        let integers = self.fresh(&format!("{name}/integers"));
        self.nodes.push(Node::new("QuantizeLinear", &[name, &stored.scale, &stored.zero], &integers));
        integers
    }

    /// The operator `op` between integers, exact as it is among integers. The inputs from `operands` on are a value, its scale and its zero
    /// point each; the weights' scales lie along an axis. The result is quantised with the inputs `made`, if they are given.
    fn of_integers(
        &mut self,
        node: &Node,
        op: &str,
        operands: [usize; 2],
        bias: usize,
        made: [usize; 2],
        axis: i64,
    ) -> Option<()> {
        let input = |index: usize| node.input(index).unwrap_or_default();
        let [x, w] = operands;
        node.input(x + 1).and(node.input(w + 1))?;
        let mut inputs =
            vec![self.less_zero(input(x), input(x + 2), 0)?, self.less_zero(input(w), input(w + 2), axis)?];
        if node.input(bias).is_some() {
            inputs.push(self.real(input(bias), "", "", 0, 0, None)?);
        }
        let (own, weights) = (self.list(input(x + 1))?, self.list(input(w + 1))?);
        let &[own] = &own[..] else { return None };
        let scales = |divisor: f32| weights.iter().map(|weight| own * weight / divisor).collect::<Vec<f32>>();
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let exact = self.fresh(&format!("{}/exact", node.output()));
        self.push(op, &inputs, &exact, node);
        if input(made[0]).is_empty() {
            // The result of a dense layer: the last axis is that of the scales.
            let factors = scales(1.0);
            let factor = self.constant("factor", Constant::floats(vec![factors.len()], factors));
            self.nodes.push(Node::new("Mul", &[&exact, &factor], node.output()));
            return Some(());
        }
        let stored = self.stored_as(input(made[0]), input(made[1]), node)?;
        let (None, &[scale]) = (stored.axis, &self.list(&stored.scale)?[..]) else { return None };
        let factors = scales(scale);
        let factor = self.constant("factor", Constant::floats(vec![factors.len()], factors));
        // Along the channels of maps, and the last axis of a matrix.
        let placed = Stored { axis: Some(if op == "Conv" { 1 } else { -1 }), ..stored.clone() };
        let name = format!("{}/rounded", node.name);
        self.push_rounding(&exact, node.output(), &placed, Some(&factor), &name, true);
        self.stored.insert(node.output().to_owned(), stored);
        Some(())
    }

    /// The operator `op` between numbers, whose result is quantised with the scale and zero point of these inputs; not at all where the
    /// node has none.
    fn between(&mut self, node: &Node, op: &str, inputs: Vec<String>, [scale, zero]: [usize; 2]) -> Option<()> {
        let input = |index: usize| node.input(index).unwrap_or_default();
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        if input(scale).is_empty() {
            self.push(op, &inputs, node.output(), node);
            return Some(());
        }
        let stored = self.stored_as(input(scale), input(zero), node)?;
        stored.axis.is_none().then_some(())?;
        let exact = self.fresh(&format!("{}/exact", node.output()));
        self.push(op, &inputs, &exact, node);
        self.rounded(&exact, node.output(), stored, &format!("{}/rounded", node.name), true)
    }

    /// `y` as `x` in these integers.
    fn rounded(&mut self, x: &str, y: &str, stored: Stored, name: &str, joined: bool) -> Option<()> {
        match self.graph.constants.get(x).and_then(Constant::as_floats) {
            Some(floats) if !self.graph.outputs.iter().any(|output| output == y) => {
                // Weights that are quantised here as well.
                let (scales, zeros) = (self.list(&stored.scale)?, self.list(&stored.zero)?);
                let shape = self.graph.constants.get(x)?.shape.clone();
                let axis = from_end(stored.axis.unwrap_or(0), shape.len())?;
                let place = Scheme { scales: &scales, zeros: &zeros, axis, block: 0 }.places(&shape)?;
                let [low, high] = stored.range;
                let at = |(index, &float): (usize, &f32)| {
                    let place = place(index);
                    let [scale, zero] = [&scales, &zeros].map(|list| list[place.min(list.len() - 1)]);
                    rounded(float / scale, scale, zero, low, high)
                };
                let floats = floats.iter().enumerate().map(at).collect();
                self.graph.constants.insert(y.to_owned(), Constant::floats(shape, floats));
            }
            _ => self.push_rounding(x, y, &stored, None, name, joined),
        }
        self.stored.insert(y.to_owned(), stored);
        Some(())
    }

    fn push_rounding(&mut self, x: &str, y: &str, stored: &Stored, factor: Option<&str>, name: &str, joined: bool) {
        let inputs = [x, &stored.scale, &stored.zero, factor.unwrap_or_default()];
        let count = inputs.iter().rposition(|input| !input.is_empty()).map_or(0, |last| last + 1);
        let mut node = Node::new(QUANTIZE_DEQUANTIZE, &inputs[..count], y).named(name);
        OWN_SET.clone_into(&mut node.domain);
        let [low, high] = stored.range.map(Attribute::Float);
        let numbers = stored.axis.map(|axis| ("axis", Attribute::Int(axis))).into_iter();
        let numbers = numbers.chain(joined.then_some(("joined", Attribute::Int(1))));
        let attributes = numbers.chain([("low", low), ("high", high)]);
        node.attributes.extend(attributes.map(|(name, value)| (name.to_owned(), value)));
        self.nodes.push(node);
    }

    /// Scale and zero point that are made of the least and the largest of the value, as onnxruntime makes them.
    fn dynamic(&mut self, node: &Node) -> Option<()> {
        let (x, [y, scale, zero]) = (node.input(0)?, <&[String; 3]>::try_from(&node.outputs[..]).ok()?);
        let number = |number: f32| Constant::floats(Vec::new(), vec![number]);
        let none = self.constant("none", number(0.0));
        let name = |part: &str| format!("{y}/{part}");
        let keeps = |op: &str| Node {
            attributes: [("keepdims".to_owned(), Attribute::Int(0))].into(),
            ..Node::new(op, &[], "")
        };
        let [largest, least] = [("ReduceMax", "largest"), ("ReduceMin", "least")].map(|(op, part)| {
            let value = self.fresh(&name(part));
            self.push(op, &[x], &value, &Node { name: value.clone(), ..keeps(op) });
            value
        });
        let (most, least) =
            (self.combined("Max", &largest, &none, &name("most")), self.combined("Min", &least, &none, &name("from")));
        let range = self.combined("Sub", &most, &least, &name("range"));
        // A value that is zero everywhere has the scale 1 there; any scale makes zero of it.
        let smallest = self.constant("smallest", number(f32::MIN_POSITIVE * 1024.0));
        let range = self.combined("Max", &range, &smallest, &name("range"));
        let steps = self.constant("steps", number(255.0));
        let made = self.combined("Div", &range, &steps, &name("scale"));
        self.named(&made, scale, &Node { name: name("scale"), ..keeps("") });
        let quotient = self.combined("Div", &least, scale, &name("quotient"));
        let negative = self.combined("Sub", &none, &quotient, &name("negative"));
        let one = self.constant("one", number(1.0));
        let whole = Stored { scale: one, zero: String::new(), axis: None, range: [0.0, 255.0] };
        self.push_rounding(&negative, zero, &whole, None, &name("zero"), false);
        let stored = Stored { scale: scale.clone(), zero: zero.clone(), axis: None, range: [0.0, 255.0] };
        self.rounded(x, y, stored, &node.name, false)
    }

    /// The scale and zero point of a node's result.
    fn stored_as(&mut self, scale: &str, zero: &str, node: &Node) -> Option<Stored> {
        let stated = node.int("output_dtype").filter(|&kind| kind != 0).and_then(|kind| i32::try_from(kind).ok());
        let kind = match self.graph.constants.get(zero).map(|constant| &constant.data) {
            Some(Data::Other { data_type, .. }) => *data_type,
            Some(_) => return None,
            None => stated.unwrap_or(data_type::UINT8),
        };
        let range = match kind {
            data_type::UINT8 => [0.0, 255.0],
            data_type::INT8 => [-128.0, 127.0],
            data_type::UINT16 => [0.0, 65_535.0],
            data_type::INT16 => [-32_768.0, 32_767.0],
            _ => return None,
        };
        let one = self.is_one(scale) && (zero.is_empty() || self.is_one(zero));
        (one || node.int("block_size").unwrap_or(0) == 0 && self.is_list(scale)).then_some(())?;
        let axis = (!one).then(|| node.int("axis").unwrap_or(1));
        Some(Stored { scale: self.floats(scale)?, zero: self.zero(zero)?, axis, range })
    }

    /// A constant of integers as the floats that they stand for.
    fn dequantised(&self, constant: &Constant, scale: &str, zero: &str, axis: i64, block: i64) -> Option<Constant> {
        let count = crate::domain::tensor::element_count(&constant.shape).filter(|&count| count <= MOST_ELEMENTS)?;
        let Elements::Int(integers) = Value::from_constant(constant)?.elements else { return None };
        let (scales, zeros) = (if scale.is_empty() { vec![1.0] } else { self.list(scale)? }, self.list(zero)?);
        let axis = from_end(axis, constant.shape.len()).or((scales.len() == 1 && zeros.len() == 1).then_some(0))?;
        let scheme = Scheme { scales: &scales, zeros: &zeros, axis, block: usize::try_from(block).ok()? };
        let mut floats = Vec::with_capacity(count);
        if count > 0 {
            let place = scheme.places(&constant.shape)?;
            floats.extend(integers.iter().enumerate().map(|(index, &integer)| {
                let place = place(index);
                let [scale, zero] = [&scales, &zeros].map(|list| list[place.min(list.len() - 1)]);
                // Zero points are small; their difference is taken among integers, as onnxruntime does.
                #[expect(clippy::cast_possible_truncation, reason = "a zero point is a whole number")]
                let from_zero = integer.saturating_sub(zero as i64);
                from_zero as f32 * scale
            }));
        }
        Some(Constant::floats(constant.shape.clone(), floats))
    }

    /// The numbers of a constant, which is of floats or integers; a single zero where it is left out.
    fn list(&self, name: &str) -> Option<Vec<f32>> {
        if name.is_empty() {
            return Some(vec![0.0]);
        }
        let list = match Value::from_constant(self.graph.constants.get(name)?)?.elements {
            Elements::Float(floats) => floats,
            Elements::Int(integers) => integers.into_iter().map(|integer| integer as f32).collect(),
        };
        (!list.is_empty()).then_some(list)
    }

    /// The name of a zero point in floats; empty where it is zero.
    fn zero(&mut self, name: &str) -> Option<String> {
        match self.graph.constants.contains_key(name) {
            true if self.list(name)?.iter().all(|&zero| zero == 0.0) => Some(String::new()),
            _ => self.floats(name),
        }
    }

    /// The name of a constant in floats; of a computed value its own.
    fn floats(&mut self, name: &str) -> Option<String> {
        match self.graph.constants.get(name) {
            Some(constant) if constant.as_floats().is_none() => {
                let (shape, list) = (constant.shape.clone(), self.list(name)?);
                let wanted = self.fresh(&format!("{name}/real"));
                self.graph.constants.insert(wanted.clone(), Constant::floats(shape, list));
                Some(wanted)
            }
            _ => Some(name.to_owned()),
        }
    }

    /// Whether a scale or zero point is one number. One that is computed is taken for it.
    fn is_one(&self, name: &str) -> bool {
        self.graph.constants.get(name).is_none_or(|constant| constant.shape.iter().product::<usize>() == 1)
    }

    /// Whether it is a list of numbers along an axis.
    fn is_list(&self, name: &str) -> bool {
        self.graph.constants.get(name).is_some_and(|constant| constant.shape.len() == 1)
    }

    /// Whether two names stand for the same numbers.
    fn same(&self, one: &str, other: &str) -> bool {
        one == other || self.list(one).is_some_and(|list| self.list(other) == Some(list))
    }

    /// Adds a node with the name and attributes of one of the file.
    fn push(&mut self, op: &str, inputs: &[&str], y: &str, node: &Node) {
        let mut attributes = node.attributes.clone();
        attributes.remove("channels_last");
        self.nodes.push(Node { attributes, ..Node::new(op, inputs, y).named(&node.name) });
    }

    /// Adds `left op right` under a name like this; without the operator where nothing is added or taken away.
    fn combined(&mut self, op: &str, left: &str, right: &str, wanted: &str) -> String {
        if right.is_empty() {
            return left.to_owned();
        }
        let value = self.fresh(wanted);
        self.nodes.push(Node::new(op, &[left, right], &value));
        value
    }

    /// Gives a value the name that the file has for it.
    fn named(&mut self, value: &str, y: &str, node: &Node) {
        let constant = self.graph.constants.get(value).filter(|_| !self.graph.outputs.iter().any(|output| output == y));
        if let Some(constant) = constant.cloned() {
            self.graph.constants.insert(y.to_owned(), constant);
        } else if value != y {
            self.nodes.push(Node::new("Identity", &[value], y).named(&node.name));
        }
    }

    /// A constant under a name like this.
    fn constant(&mut self, wanted: &str, constant: Constant) -> String {
        let name = self.fresh(&format!("quantised/{wanted}"));
        self.graph.constants.insert(name.clone(), constant);
        name
    }

    /// A name that no value has.
    fn fresh(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        while !self.taken.insert(name.clone()) {
            name.push('\'');
        }
        name
    }
}

/// An axis that may count from the end.
fn from_end(axis: i64, rank: usize) -> Option<usize> {
    let axis = if axis < 0 { axis.checked_add(i64::try_from(rank).ok()?)? } else { axis };
    usize::try_from(axis).ok().filter(|&axis| axis < rank.max(1))
}
