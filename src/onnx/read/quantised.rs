//! Writes the arithmetic of quantised networks out in floats.
//!
//! A quantised value is held as what its integers stand for, under the name that the file gives it: a QuantizeLinear becomes a rounding
//! ([`QUANTIZE_DEQUANTIZE`]), the DequantizeLinear that undoes it nothing, a constant one the constant that it gives, and a QLinearConv
//! a Conv of floats whose result is rounded. So layers are the numbers that the network computes with and not their codes, every
//! engine computes them, and they have gradients. Where something else than moving, choosing or pooling reads the integers
//! themselves, they are computed. A form that is not covered stays as it is, for whoever runs it to refuse by its name.

use std::collections::{BTreeMap, BTreeSet};

use super::ReadError;
use crate::onnx::graph::{Attribute, Constant, Data, Graph, Node};
use crate::onnx::operator::{OWN_SET, QUANTIZE_DEQUANTIZE};
use crate::onnx::proto::data_type;
use crate::onnx::quantised::{Scheme, rounded};
use crate::onnx::shapes::{Value, compute, integers_of_type, is_float};
use crate::onnx::tables::IntoTable;

/// The operator sets that have quantised operators: ONNX's own, and onnxruntime's.
const SETS: [&str; 2] = ["", "com.microsoft"];

/// The most elements of all constants together that are computed here; a gigabyte, where VGG16's are half of one.
const MOST_ELEMENTS: usize = 1 << 28;

/// The most elements that a scale or zero point is computed of.
const MOST_OF_PARAMETERS: usize = 1 << 20;

const TOO_LARGE: &str = "the numbers that integers stand for take too much memory";
const SEVERAL: &str = "a scale or zero point is computed, and it may be more than one number";
const NO_TYPE: &str = "a zero point is computed, and its type is not known";
const ZEROS: &str = "a computed value has a list of zero points";

/// Rewrites every quantised node of a graph whose nodes are in order.
///
/// # Errors
/// [`ReadError::Quantised`] where a node's numbers would be guessed, or would take too much memory.
pub(super) fn write_out(graph: &mut Graph) -> Result<(), ReadError> {
    write_out_within(graph, MOST_ELEMENTS)
}

/// The same with room for so many elements.
fn write_out_within(graph: &mut Graph, room: usize) -> Result<(), ReadError> {
    let is_quantised = |node: &Node| {
        SETS.contains(&&node.domain[..])
            && (node.op.starts_with('Q') || node.op.contains("uantize") || node.op.ends_with("Integer"))
    };
    if !graph.nodes.iter().any(is_quantised) {
        return Ok(());
    }
    settle_parameters(graph, is_quantised);
    let taken = graph.nodes.iter().flat_map(|node| &node.outputs).chain(graph.constants.keys()).cloned().into_set();
    let nodes = std::mem::take(&mut graph.nodes);
    let mut writer = Writer {
        graph,
        taken,
        repeated: BTreeMap::new(),
        made: BTreeMap::new(),
        stored: BTreeMap::new(),
        steps: BTreeMap::new(),
        numbers: BTreeMap::new(),
        reals: BTreeMap::new(),
        whole: BTreeSet::new(),
        used: BTreeSet::new(),
        nodes: vec![],
        room,
        refused: None,
    };
    for node in nodes {
        writer.used.extend(node.inputs.iter().cloned());
        writer.note(&node);
        let (name, op) = (node.name.clone(), node.op.clone());
        if writer.written(&node).is_none() && writer.refused.is_none() {
            writer.other(node);
        }
        if let Some(detail) = writer.refused {
            return Err(ReadError::Quantised { node: name, op, detail });
        }
    }
    let Writer { graph, used, nodes, .. } = writer;
    graph.nodes = nodes;
    // Constants that only quantised nodes read.
    let read: BTreeSet<&String> = graph.nodes.iter().flat_map(|node| &node.inputs).chain(&graph.outputs).into_set();
    let in_bodies = graph.nodes.iter().any(|node| node.attributes.values().any(|it| matches!(it, Attribute::Graph(_))));
    graph.constants.retain(|name, _| in_bodies || read.contains(name) || !used.contains(name));
    Ok(())
}

/// Whether an operator computes each number of its result by itself, so that of one number each it makes one.
fn is_elementwise(op: &str) -> bool {
    matches!(
        op,
        "Abs"
            | "Add"
            | "Cast"
            | "Ceil"
            | "Clip"
            | "Div"
            | "Exp"
            | "Floor"
            | "Identity"
            | "Log"
            | "Max"
            | "Min"
            | "Mul"
            | "Neg"
            | "Pow"
            | "Reciprocal"
            | "Round"
            | "Sigmoid"
            | "Sqrt"
            | "Sub"
            | "Where"
    )
}

/// Whether an operator gives its first input another shape.
fn is_reshaping(op: &str) -> bool {
    matches!(op, "Flatten" | "Reshape" | "Squeeze" | "Unsqueeze")
}

/// Computes scales and zero points that are made of constants alone: only then are their number and their type known.
fn settle_parameters(graph: &mut Graph, is_quantised: impl Fn(&Node) -> bool) {
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for node in graph.nodes.iter().rev() {
        if is_quantised(node) || node.outputs.iter().any(|output| wanted.contains(output)) {
            wanted.extend(node.inputs.iter().cloned());
        }
    }
    let opset = graph.opset();
    for node in std::mem::take(&mut graph.nodes) {
        let settled = node.outputs.iter().any(|output| wanted.contains(output) && !graph.outputs.contains(output));
        match settled.then(|| settled_value(graph, &node, opset)).flatten() {
            Some(constant) => {
                graph.constants.insert(node.output().to_owned(), constant);
            }
            None => graph.nodes.push(node),
        }
    }
}

/// The result of a node whose inputs are few and all constants.
fn settled_value(graph: &Graph, node: &Node, opset: i64) -> Option<Constant> {
    let known = is_elementwise(&node.op)
        || is_reshaping(&node.op)
        || node.op.starts_with("Reduce")
        || matches!(&node.op[..], "Concat" | "Gather" | "Slice" | "Transpose");
    (known && node.domain.is_empty() && node.outputs.len() == 1).then_some(())?;
    let mut count = 1_usize;
    let mut inputs = Vec::new();
    for name in &node.inputs {
        inputs.push(if name.is_empty() {
            None
        } else {
            let constant = graph.constants.get(name)?;
            // Results that broadcast have at most as many elements as all inputs multiplied.
            count = constant.shape.iter().try_fold(count, |count, &length| count.checked_mul(length))?;
            (count <= MOST_OF_PARAMETERS).then_some(())?;
            Some(Value::from_constant(constant)?)
        });
    }
    compute(node, opset, inputs).ok()?.into_iter().next()?.to_constant()
}

/// What is known of a value before it is computed.
#[derive(Debug, Clone, Copy, Default)]
struct Made {
    /// It is a single number.
    one: bool,
    /// The number of its `TensorProto.DataType` in the file.
    kind: Option<i32>,
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
    /// How often a name was asked for that is in use.
    repeated: BTreeMap<String, usize>,
    /// What is known of computed values of the file.
    made: BTreeMap<String, Made>,
    /// The values that are held as what their integers stand for.
    stored: BTreeMap<String, Stored>,
    /// The integers of a stored value less its zero point, where somebody reads them.
    steps: BTreeMap<String, String>,
    /// The constants of one number, by its bits and what they are for.
    numbers: BTreeMap<(u32, &'static str), String>,
    /// What integers with this scale, zero point, axis and block stand for: the same memory for all that read them.
    reals: BTreeMap<(String, String, String, i64, i64), String>,
    /// The values of the file that are integers there and the same numbers as floats here.
    whole: BTreeSet<String>,
    /// Every value that a node of the file reads.
    used: BTreeSet<String>,
    nodes: Vec<Node>,
    /// How many elements more may be made.
    room: usize,
    /// Why a quantised node cannot be written out.
    refused: Option<&'static str>,
}

impl Writer<'_> {
    /// Notes what is known of a node's results.
    fn note(&mut self, node: &Node) {
        if node.op == "DynamicQuantizeLinear" {
            for (output, kind) in node.outputs.iter().skip(1).zip([data_type::FLOAT, data_type::UINT8]) {
                self.made.insert(output.clone(), Made { one: true, kind: Some(kind) });
            }
            return;
        }
        let inputs: Vec<Made> =
            node.inputs.iter().filter(|input| !input.is_empty()).map(|input| self.made_of(input)).collect();
        let reduced = node.op.starts_with("Reduce")
            && inputs.len() == 1
            && node.ints("axes").is_none()
            && node.int("noop_with_empty_axes").unwrap_or(0) == 0;
        let read = if is_elementwise(&node.op) { inputs.len() } else { usize::from(is_reshaping(&node.op)) };
        if !node.domain.is_empty() || read == 0 && !reduced {
            return;
        }
        let kind = match node.int("to").filter(|_| node.op == "Cast") {
            Some(to) => i32::try_from(to).ok(),
            None => inputs.get(usize::from(node.op == "Where")).and_then(|made| made.kind),
        };
        let one = reduced || inputs.iter().take(read).all(|made| made.one);
        self.made.insert(node.output().to_owned(), Made { one, kind });
    }

    /// What is known of a constant or a computed value of the file.
    fn made_of(&self, name: &str) -> Made {
        match self.graph.constants.get(name) {
            Some(constant) => Made {
                one: constant.shape.iter().product::<usize>() == 1,
                kind: Some(match constant.data {
                    Data::F32(_) => data_type::FLOAT,
                    Data::I64(_) => data_type::INT64,
                    Data::Other { data_type, .. } => data_type,
                }),
            },
            None => self.made.get(name).copied().unwrap_or_default(),
        }
    }

    /// Ends the writing of a node, with the reason.
    fn refuse<T>(&mut self, detail: &'static str) -> Option<T> {
        self.refused = Some(detail);
        None
    }

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
                let axis = if node.int("transB").unwrap_or(0) == 0 { -1 } else { 0 };
                self.of_integers(node, "Gemm", [0, 3], 6, [7, 8], axis)
            }
            "QLinearAdd" | "QLinearMul" => {
                let a = self.real(&input(0), &input(1), &input(2), 0, 0, None)?;
                let b = self.real(&input(3), &input(4), &input(5), 0, 0, None)?;
                self.between(node, &node.op["QLinear".len()..], vec![a, b], [6, 7])
            }
            "QLinearWhere" => {
                let a = self.real(&input(1), &input(2), &input(3), 0, 0, None)?;
                let b = self.real(&input(4), &input(5), &input(6), 0, 0, None)?;
                self.between(node, "Where", vec![input(0), a, b], [7, 8])
            }
            // Its operator set tells over which axes it goes.
            "QLinearSoftmax" if (node.int("opset").unwrap_or(0) < 13) == (self.graph.opset() < 13) => {
                let x = self.real(&input(0), &input(1), &input(2), 0, 0, None)?;
                self.between(node, "Softmax", vec![x], [3, 4])
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
                self.whole.insert(y.to_owned());
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
            // Of the other operators the first output is moved; the others are indices or a mask.
            let moved = if node.op == "Split" { node.outputs.len() } else { 1 };
            self.stored.extend(node.outputs.iter().take(moved).map(|output| (output.clone(), stored.clone())));
        } else {
            let is_whole = |input: &String| self.stored.contains_key(input) || self.whole.contains(input);
            let compares = matches!(&node.op[..], "Equal" | "Greater" | "GreaterOrEqual" | "Less" | "LessOrEqual");
            // What gives the same of integers as of floats.
            let mixes = compares
                || matches!(
                    &node.op[..],
                    "Add" | "Clip" | "Concat" | "Max" | "Min" | "Mul" | "PRelu" | "Pad" | "Sub" | "Where"
                );
            let beside = node.domain.is_empty() && node.inputs.iter().any(is_whole);
            for input in &mut node.inputs {
                let kind = self.graph.constants.get(input).map(|constant| &constant.data);
                let integers = matches!(kind, Some(Data::Other { data_type, .. }) if *data_type != data_type::BOOL);
                *input = match beside && mixes && integers {
                    true => self.floats(input).unwrap_or_else(|| input.clone()),
                    false => self.integers_of(input),
                };
            }
            if beside && (moves || mixes && !compares) {
                self.whole.extend(node.outputs.first().cloned());
            }
        }
        let mut attributes = std::mem::take(&mut node.attributes);
        for attribute in attributes.values_mut() {
            if let Attribute::Graph(body) = attribute {
                self.within(body);
            }
        }
        self.nodes.push(Node { attributes, ..node });
    }

    /// Has the body of a node read the integers of the stored values around it.
    fn within(&mut self, body: &mut Graph) {
        let made = body.nodes.iter().flat_map(|node| &node.outputs).chain(body.constants.keys());
        let own = made.chain(body.inputs.iter().map(|input| &input.name)).cloned().into_set();
        let mut nodes = std::mem::take(&mut body.nodes);
        let read = nodes.iter_mut().flat_map(|node| &mut node.inputs).chain(&mut body.outputs);
        for name in read.filter(|name| !own.contains(*name)) {
            self.used.insert(name.clone());
            *name = self.integers_of(name);
        }
        for attribute in nodes.iter_mut().flat_map(|node| node.attributes.values_mut()) {
            if let Attribute::Graph(inner) = attribute {
                self.within(inner);
            }
        }
        body.nodes = nodes;
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
        if self.graph.constants.contains_key(name) && !self.stored.contains_key(name) {
            let known = (name.to_owned(), scale.to_owned(), zero.to_owned(), axis, block);
            if let Some(real) = self.reals.get(&known) {
                return Some(real.clone());
            }
            let real = self.dequantised(name, scale, zero, axis, block)?;
            let name = match wanted.filter(|wanted| !self.graph.outputs.iter().any(|output| output == wanted)) {
                Some(wanted) => wanted.to_owned(),
                None => self.fresh(&format!("{name}/real")),
            };
            self.graph.constants.insert(name.clone(), real);
            self.reals.insert(known, name.clone());
            return Some(name);
        }
        let zero = self.zero(zero)?;
        if let Some(stored) = self.stored.get(name)
            && self.same(&stored.scale, scale)
            && self.same(&stored.zero, &zero)
            && stored.axis.is_none_or(|own| own == axis || self.is_same_axis(name, own, axis))
        {
            return Some(name.to_owned());
        }
        if !(self.is_one(scale) && (zero.is_empty() || self.is_one(&zero))) {
            return if self.graph.constants.contains_key(scale) { None } else { self.refuse(SEVERAL) };
        }
        let (integers, scale) = (self.integers_of(name), self.floats(scale)?);
        let from_zero = self.combined("Sub", &integers, &zero, &format!("{name}/from_zero"));
        Some(self.combined("Mul", &from_zero, &scale, &format!("{name}/real")))
    }

    /// The integers of `name` less their zero point, as floats.
    fn less_zero(&mut self, name: &str, zero: &str, axis: i64) -> Option<String> {
        if !self.stored.contains_key(name) && self.graph.constants.contains_key(name) {
            return self.real(name, "", zero, axis, 0, None);
        }
        let zero = self.zero(zero)?;
        let stored = self.stored.get(name).cloned();
        let Some(stored) = stored.filter(|stored| self.same(&stored.zero, &zero)) else {
            // Others than those along the last axis would be taken from it all the same.
            if !(zero.is_empty() || axis == -1 || self.is_one(&zero)) {
                return self.refuse(ZEROS);
            }
            let integers = self.integers_of(name);
            return Some(self.combined("Sub", &integers, &zero, &format!("{name}/from_zero")));
        };
        stored.axis.is_none().then(|| self.steps(name, &stored))
    }

    /// Of a stored value with one scale, the integers less the zero point.
    fn steps(&mut self, name: &str, stored: &Stored) -> String {
        if let Some(steps) = self.steps.get(name) {
            return steps.clone();
        }
        let factor = match self.list(&stored.scale) {
            Some(scale) => self.number("factor", 1.0 / scale[0]),
            None => {
                let factor = self.fresh(&format!("{name}/factor"));
                self.nodes.push(Node::new("Reciprocal", &[&stored.scale], &factor));
                factor
            }
        };
        let steps = self.fresh(&format!("{name}/steps"));
        let one = self.number("one", 1.0);
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
        match self.graph.constants.get(x).filter(|constant| constant.as_floats().is_some()).cloned() {
            Some(constant) if !self.graph.outputs.iter().any(|output| output == y) => {
                // Weights that are quantised here as well.
                let (scales, zeros) = (self.list(&stored.scale)?, self.list(&stored.zero)?);
                let (shape, floats) = (constant.shape.clone(), constant.as_floats()?);
                let mut made = self.reserved(floats.len())?;
                let axis = from_end(stored.axis.unwrap_or(0), shape.len())?;
                let place = Scheme { scales: &scales, zeros: &zeros, axis, block: 0 }.places(&shape)?;
                let [low, high] = stored.range;
                let at = |(index, &float): (usize, &f32)| {
                    let place = place(index);
                    let [scale, zero] = [&scales, &zeros].map(|list| list[place.min(list.len() - 1)]);
                    rounded(float / scale, scale, zero, low, high)
                };
                made.extend(floats.iter().enumerate().map(at));
                self.graph.constants.insert(y.to_owned(), Constant::floats(shape, made));
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
        let none = self.number("none", 0.0);
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
        let smallest = self.number("smallest", f32::MIN_POSITIVE * 1024.0);
        let range = self.combined("Max", &range, &smallest, &name("range"));
        let steps = self.number("steps", 255.0);
        let made = self.combined("Div", &range, &steps, &name("scale"));
        self.named(&made, scale, &Node { name: name("scale"), ..keeps("") });
        let quotient = self.combined("Div", &least, scale, &name("quotient"));
        let negative = self.combined("Sub", &none, &quotient, &name("negative"));
        let one = self.number("one", 1.0);
        let whole = Stored { scale: one, zero: String::new(), axis: None, range: [0.0, 255.0] };
        self.push_rounding(&negative, zero, &whole, None, &name("zero"), false);
        // It is of floats here.
        self.reals.insert((zero.clone(), String::new(), String::new(), 0, 0), zero.clone());
        let stored = Stored { scale: scale.clone(), zero: zero.clone(), axis: None, range: [0.0, 255.0] };
        self.rounded(x, y, stored, &node.name, false)
    }

    /// The scale and zero point of a node's result.
    fn stored_as(&mut self, scale: &str, zero: &str, node: &Node) -> Option<Stored> {
        let stated = node.int("output_dtype").filter(|&kind| kind != 0).and_then(|kind| i32::try_from(kind).ok());
        let kind = match self.graph.constants.get(zero).map(|constant| &constant.data) {
            Some(Data::Other { data_type, .. }) => *data_type,
            Some(_) => return None,
            None if zero.is_empty() => stated.unwrap_or(data_type::UINT8),
            None => match self.made_of(zero).kind {
                Some(kind) => kind,
                None => return self.refuse(NO_TYPE),
            },
        };
        let range = match kind {
            data_type::UINT8 => [0.0, 255.0],
            data_type::INT8 => [-128.0, 127.0],
            data_type::UINT16 => [0.0, 65_535.0],
            data_type::INT16 => [-32_768.0, 32_767.0],
            _ => return None,
        };
        let one = self.is_one(scale) && (zero.is_empty() || self.is_one(zero));
        let listed = |name: &str| name.is_empty() || self.graph.constants.contains_key(name);
        if !(one || listed(scale) && listed(zero)) {
            return self.refuse(SEVERAL);
        }
        (one || node.int("block_size").unwrap_or(0) == 0 && self.is_list(scale)).then_some(())?;
        let axis = (!one).then(|| node.int("axis").unwrap_or(1));
        Some(Stored { scale: self.floats(scale)?, zero: self.zero(zero)?, axis, range })
    }

    /// An empty list with memory for so many floats.
    fn reserved(&mut self, count: usize) -> Option<Vec<f32>> {
        let mut floats = Vec::new();
        match self.room.checked_sub(count) {
            Some(room) if floats.try_reserve_exact(count).is_ok() => self.room = room,
            _ => return self.refuse(TOO_LARGE),
        }
        Some(floats)
    }

    /// A constant of integers as the floats that they stand for.
    fn dequantised(&mut self, name: &str, scale: &str, zero: &str, axis: i64, block: i64) -> Option<Constant> {
        let constant = self.graph.constants.get(name)?.clone();
        let count = crate::domain::tensor::element_count(&constant.shape)?;
        let (scales, zeros) = (if scale.is_empty() { vec![1.0] } else { self.list(scale)? }, self.list(zero)?);
        let axis = from_end(axis, constant.shape.len()).or((scales.len() == 1 && zeros.len() == 1).then_some(0))?;
        let scheme = Scheme { scales: &scales, zeros: &zeros, axis, block: usize::try_from(block).ok()? };
        let mut floats = self.reserved(count)?;
        if count > 0 {
            let place = scheme.places(&constant.shape)?;
            let at = |(index, integer): (usize, Option<i64>)| {
                let place = place(index);
                let [scale, zero] = [&scales, &zeros].map(|list| list[place.min(list.len() - 1)]);
                // Zero points are small; their difference is taken among integers, as onnxruntime does.
                #[expect(clippy::cast_possible_truncation, reason = "a zero point is a whole number")]
                let from_zero = integer?.saturating_sub(zero as i64);
                Some(from_zero as f32 * scale)
            };
            for float in integers(&constant)?.enumerate().map(at) {
                floats.push(float?);
            }
        }
        (floats.len() == count).then(|| Constant::floats(constant.shape, floats))
    }

    /// The numbers of a constant, which is of floats or integers; a single zero where it is left out.
    fn list(&self, name: &str) -> Option<Vec<f32>> {
        if name.is_empty() {
            return Some(vec![0.0]);
        }
        let constant = self.graph.constants.get(name)?;
        let list = match constant.as_floats() {
            Some(floats) => floats.to_vec(),
            None => integers(constant)?.map(|integer| Some(integer? as f32)).collect::<Option<_>>()?,
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

    /// The name of a scale or zero point in floats.
    fn floats(&mut self, name: &str) -> Option<String> {
        let known = (name.to_owned(), String::new(), String::new(), 0, 0);
        if let Some(real) = self.reals.get(&known) {
            return Some(real.clone());
        }
        match self.graph.constants.get(name) {
            Some(constant) if constant.as_floats().is_some() => Some(name.to_owned()),
            Some(_) => self.real(name, "", "", 0, 0, None),
            None if self.made_of(name).kind.is_none_or(is_float) || self.whole.contains(name) => Some(name.to_owned()),
            None => {
                let real = self.fresh(&format!("{name}/real"));
                let to = Attribute::Int(data_type::FLOAT.into());
                self.nodes.push(Node::new("Cast", &[name], &real).with("to", to));
                self.reals.insert(known, real.clone());
                Some(real)
            }
        }
    }

    /// Whether a scale or zero point is one number.
    fn is_one(&self, name: &str) -> bool {
        self.made_of(name).one
    }

    /// Whether two axes of a value are the same, one of which counts from the end; not where the file does not state how many it has.
    fn is_same_axis(&self, name: &str, one: i64, other: i64) -> bool {
        let rank = self.graph.stated_shapes.get(name).map(Vec::len);
        rank.is_some_and(|rank| from_end(one, rank).is_some_and(|axis| from_end(other, rank) == Some(axis)))
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
        attributes.remove("opset");
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

    /// A constant of one number, made once.
    fn number(&mut self, wanted: &'static str, number: f32) -> String {
        if let Some(name) = self.numbers.get(&(number.to_bits(), wanted)) {
            return name.clone();
        }
        let name = self.constant(wanted, Constant::floats(Vec::new(), vec![number]));
        self.numbers.insert((number.to_bits(), wanted), name.clone());
        name
    }

    /// A name that no value has.
    fn fresh(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let count = self.repeated.entry(name.clone()).or_insert(0);
        while !self.taken.insert(name.clone()) {
            *count += 1;
            name = format!("{wanted}/{count}");
        }
        name
    }
}

/// The integers of a constant, one after the other; within, `None` for one that does not fit.
fn integers(constant: &Constant) -> Option<Box<dyn Iterator<Item = Option<i64>> + '_>> {
    match &constant.data {
        Data::F32(_) => None,
        Data::I64(integers) => Some(Box::new(integers.iter().map(|&integer| Some(integer)))),
        Data::Other { data_type, bytes } => integers_of_type(*data_type, bytes),
    }
}

/// An axis that may count from the end.
fn from_end(axis: i64, rank: usize) -> Option<usize> {
    let axis = if axis < 0 { axis.checked_add(i64::try_from(rank).ok()?)? } else { axis };
    usize::try_from(axis).ok().filter(|&axis| axis < rank.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::graph::{Dimension, Input};

    fn integers_of_8_bits(shape: &[usize], bytes: &[u8]) -> Constant {
        let data = Data::Other { data_type: data_type::UINT8, bytes: bytes.into() };
        Constant { shape: shape.to_vec(), data }
    }

    /// A graph with the picture `x`, the scales `s` and `t`, and the zero point `z`.
    fn graph(nodes: Vec<Node>, output: &str) -> Graph {
        let number = |number| Constant::floats(Vec::new(), vec![number]);
        let constants = [
            ("s", number(0.5)),
            ("t", number(0.25)),
            ("z", integers_of_8_bits(&[], &[3])),
            ("w", integers_of_8_bits(&[4], &[1, 2, 3, 4])),
            ("scales", Constant::floats(vec![3], vec![0.5, 0.25, 2.0])),
            ("zeros", integers_of_8_bits(&[3], &[1, 2, 3])),
        ];
        Graph {
            inputs: vec![Input { name: "x".to_owned(), shape: [1, 3, 8, 8].map(Dimension::Fixed).to_vec() }],
            outputs: vec![output.to_owned()],
            nodes,
            constants: constants.map(|(name, constant)| (name.to_owned(), constant)).into(),
            opsets: [(String::new(), 19)].into(),
            stated_shapes: BTreeMap::new(),
        }
    }

    fn written(nodes: Vec<Node>, output: &str) -> Graph {
        let mut graph = graph(nodes, output);
        write_out(&mut graph).unwrap();
        graph
    }

    fn node<'g>(graph: &'g Graph, output: &str) -> &'g Node {
        graph.nodes.iter().find(|node| node.output() == output).unwrap()
    }

    #[test]
    fn weights_that_several_nodes_read_are_made_once() {
        let read = |scale: &str, y: &str| Node::new("DequantizeLinear", &["w", scale, "z"], y);
        let sum = Node::new("Sum", &["x", "a", "b", "c"], "y");
        let nodes = vec![read("s", "a"), read("s", "b"), read("t", "c"), sum];
        let made = written(nodes.clone(), "y");
        let floats = |name: &str| made.constants[name].as_floats().unwrap();
        assert_eq!(floats("a"), [-1.0, -0.5, 0.0, 0.5]);
        assert_eq!(floats("c"), [-0.5, -0.25, 0.0, 0.25]);
        assert_eq!(floats("a").as_ptr(), floats("b").as_ptr());
        // Two times four numbers.
        assert!(write_out_within(&mut graph(nodes.clone(), "y"), 8).is_ok());
        let refused = write_out_within(&mut graph(nodes, "y"), 7);
        let says = ReadError::Quantised { node: "c".to_owned(), op: "DequantizeLinear".to_owned(), detail: TOO_LARGE };
        assert_eq!(refused, Err(says));
    }

    #[test]
    fn weights_that_are_quantised_here_are_counted_too() {
        let quantised = |y: &str| Node::new("QuantizeLinear", &["scales", "s", "z"], y);
        let read = |q: &str, y: &str| Node::new("DequantizeLinear", &[q, "s", "z"], y);
        let nodes =
            vec![quantised("p"), read("p", "a"), quantised("q"), read("q", "b"), Node::new("Add", &["a", "b"], "y")];
        // Three each, and the zero point.
        assert!(write_out_within(&mut graph(nodes.clone(), "y"), 7).is_ok());
        assert!(write_out_within(&mut graph(nodes, "y"), 6).is_err());
    }

    /// Each value has names made for it, and all of them ask for the same ones: in the time that this takes, no search begins anew.
    #[test]
    fn many_values_are_named_quickly() {
        let mut nodes = Vec::new();
        for index in 0..20_000 {
            nodes.push(Node::new("QuantizeLinear", &["x", "s", "z"], &format!("q{index}")));
            nodes.push(Node::new("Cast", &[&format!("q{index}")], &format!("c{index}")));
        }
        let made = written(nodes, "c0");
        let numbers = made.constants.keys().filter(|name| name.starts_with("quantised/")).count();
        assert_eq!(numbers, 2, "one, and the factor");
        let names = made.nodes.iter().flat_map(|node| &node.outputs);
        assert_eq!(names.clone().into_set().len(), names.count());
    }

    #[test]
    fn names_in_use_are_not_taken() {
        let quantised = Node::new("QuantizeLinear", &["x", "s", "z"], "q");
        let taken = Node::new("Relu", &["x"], "q/steps");
        let also = Node::new("Relu", &["x"], "q/steps/1");
        let made = written(vec![quantised, taken, also, Node::new("Cast", &["q"], "y")], "y");
        assert!(made.nodes.iter().any(|node| node.output() == "q/steps/2"), "{:?}", made.nodes);
    }

    #[test]
    fn indices_and_masks_are_no_quantised_values() {
        let quantised = Node::new("QuantizeLinear", &["x", "s", "z"], "q");
        let outputs = ["p", "indices"].map(str::to_owned).to_vec();
        let pooled = Node { outputs, ..Node::new("MaxPool", &["q"], "") };
        let read = Node::new("DequantizeLinear", &["p", "s", "z"], "r");
        let made = written(vec![quantised, pooled, read, Node::new("Cast", &["indices"], "y")], "y");
        assert_eq!(node(&made, "y").inputs, ["indices"]);
        assert_eq!(node(&made, "r").op, "Identity");
        let quantised = Node::new("QuantizeLinear", &["x", "s", "z"], "q");
        let outputs = ["a", "b"].map(str::to_owned).to_vec();
        let split = Node { outputs, ..Node::new("Split", &["q"], "") };
        let made = written(vec![quantised, split, Node::new("DequantizeLinear", &["b", "s", "z"], "y")], "y");
        assert_eq!(node(&made, "y").op, "Identity");
    }

    #[test]
    fn the_body_of_a_node_reads_integers_as_the_file_says() {
        let quantised = Node::new("QuantizeLinear", &["x", "s", "z"], "q");
        let mut inner = graph(vec![Node::new("Cast", &["q"], "i")], "i");
        inner.inputs.clear();
        let branch = |body: Graph| Attribute::Graph(Box::new(body));
        let nested = Node::new("If", &["condition"], "n").with("then_branch", branch(inner.clone()));
        // A value of the body's own has this name.
        let own = vec![Node::new("Relu", &["x"], "q"), Node::new("Cast", &["q"], "i")];
        let own = Graph { nodes: own, ..inner.clone() };
        let outer = Graph { nodes: vec![nested], outputs: vec!["n".to_owned()], ..inner };
        let node =
            Node::new("If", &["condition"], "y").with("then_branch", branch(outer)).with("else_branch", branch(own));
        let made = written(vec![quantised, node], "y");
        let body = |node: &Node, name: &str| match &node.attributes[name] {
            Attribute::Graph(body) => body.clone(),
            other => panic!("{other:?}"),
        };
        let last = made.nodes.last().unwrap();
        let inner = body(&body(last, "then_branch").nodes[0], "then_branch");
        assert_eq!(inner.nodes[0].inputs, ["q/integers"]);
        assert!(made.nodes.iter().any(|node| node.output() == "q/integers" && node.op == "Add"));
        assert_eq!(body(last, "else_branch").nodes[1].inputs, ["q"]);
    }

    #[test]
    fn an_axis_may_count_from_either_end() {
        let axis = |node: Node, axis: i64| node.with("axis", Attribute::Int(axis));
        let quantised = axis(Node::new("QuantizeLinear", &["x", "scales", "zeros"], "q"), 1);
        let read = |from: i64| axis(Node::new("DequantizeLinear", &["q", "scales", "zeros"], "y"), from);
        for (from, ranks, op) in [(1, None, "Identity"), (-3, Some(4), "Identity"), (-2, Some(4), "DequantizeLinear")] {
            let mut graph = graph(vec![quantised.clone(), read(from)], "y");
            let stated = ranks.map(|rank| ("q".to_owned(), vec![Dimension::Fixed(3); rank]));
            graph.stated_shapes.extend(stated);
            write_out(&mut graph).unwrap();
            assert_eq!(node(&graph, "y").op, op, "{from}");
        }
    }
}
