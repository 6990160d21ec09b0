//! Removes what changes nothing and computes what is constant.
//!
//! The names of layers and of the graph's results survive: where a node that changes nothing stands before such a name,
//! the node that makes its input takes over the name; where both names must stay, so does the node.

use std::collections::{BTreeMap, BTreeSet};

use super::branches::resolve;
use super::cut::{cut, read_in_bodies};
use super::explicit::explicit;
use super::graph::{Attribute, Constant, Data, Dimension, Graph, Node};
use super::layers;
use super::operator::{ElementType, OWN_SET, Operator};
use super::proto::data_type;
use super::shapes::{
    Context, Elements, Known, ShapeError, Shapes, Value, analyse, evaluate, is_float, pad_amounts, permutation,
    slice_ranges,
};
use crate::domain::tensor::element_count;
use crate::onnx::tables::IntoTable;

/// A folded graph and the shape of every value in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Folded {
    pub graph: Graph,
    pub shapes: Shapes,
}

/// Constants that grow when they are computed (an Expand, a Tile) may have this many elements more than what they are computed from. The
/// table of relative places of a window of 8² tokens times a layer of 384 neurons (Swin v2 by way of a small network) has 1.6 million.
const MOST_GROWN_ELEMENTS: usize = 1 << 21;

/// What a constant of up to so many elements holds is known under its other shapes too; larger ones are weights.
const MOST_KNOWN_ELEMENTS: usize = 1 << 16;

/// All that are held at a time may have grown by this many elements. What no later node reads is let go.
const MOST_GROWN_AT_A_TIME: usize = 1 << 23;

/// Removes Dropout, Identity, and every Cast, Reshape, Transpose, Slice, Pad and the like that leaves its input as it
/// is; writes out defaults ([`super::explicit`]); replaces everything that does not depend on the picture by constants, shapes included; drops what no result
/// needs.
///
/// `inputs` is as for [`super::shapes::infer`]: the folded graph is for these input shapes only, and says so.
///
/// # Errors
/// [`ShapeError`] where the shapes of the graph cannot be known.
pub fn fold(graph: &Graph, inputs: &BTreeMap<String, Vec<usize>>) -> Result<Folded, ShapeError> {
    let graph = &*resolve(graph, inputs)?;
    let known = analyse(graph, inputs)?;
    let mut protected: BTreeSet<String> = graph.outputs.iter().cloned().into_set();
    protected.extend(layers::list(graph, &known.shapes).into_iter().map(|layer| layer.id));
    let types = element_types(graph);
    let mut fold = Fold {
        opset: graph.opset(),
        source: graph,
        known,
        protected,
        types,
        renamed: BTreeMap::new(),
        nodes: Vec::new(),
        constants: graph.constants.clone(),
        readers: BTreeMap::new(),
        grown: BTreeMap::new(),
        kept: graph
            .nodes
            .iter()
            .flat_map(read_in_bodies)
            .chain(graph.outputs.iter().map(String::as_str))
            .map(str::to_owned)
            .into_set(),
    };
    for input in graph.nodes.iter().flat_map(|node| &node.inputs) {
        *fold.readers.entry(input).or_default() += 1;
    }
    for node in &graph.nodes {
        fold.node(node);
        fold.read_by(node);
    }
    let Fold { known, nodes, constants, .. } = fold;
    let mut folded = Graph { nodes, constants, ..graph.clone() };
    for input in &mut folded.inputs {
        if let Some(shape) = known.shapes.get(&input.name) {
            input.shape = shape.iter().map(|&length| Dimension::Fixed(length)).collect();
        }
    }
    // Every result is still made, since its name is protected; a cut of the graph at its own results cannot fail.
    let folded = cut(&folded, &graph.outputs).unwrap_or(folded);
    let names: BTreeSet<&str> = folded
        .nodes
        .iter()
        .flat_map(|node| node.inputs.iter().chain(&node.outputs))
        .chain(folded.inputs.iter().map(|input| &input.name))
        .map(String::as_str)
        .into_set();
    let mut shapes = known.shapes;
    shapes.retain(|name, _| names.contains(name.as_str()));
    let graph = explicit(folded, &mut shapes);
    Ok(Folded { graph, shapes })
}

struct Fold<'a> {
    opset: i64,
    source: &'a Graph,
    known: Known,
    protected: BTreeSet<String>,
    types: BTreeMap<&'a str, i32>,
    /// A value that is gone, and the value that stands for it.
    renamed: BTreeMap<String, String>,
    nodes: Vec<Node>,
    constants: BTreeMap<String, Constant>,
    /// How often a value is still to be read.
    readers: BTreeMap<&'a str, usize>,
    /// By how many elements each constant that was computed here has grown, itself or by what it was computed from, as long as it is held.
    grown: BTreeMap<String, usize>,
    /// What stays in the graph reads these, or a body of a branch may.
    kept: BTreeSet<String>,
}

impl<'a> Fold<'a> {
    /// Lets go of what was computed for nodes that have all become constants themselves.
    fn read_by(&mut self, node: &'a Node) {
        for input in &node.inputs {
            let Some(left) = self.readers.get_mut(input.as_str()) else { continue };
            *left -= 1;
            if *left == 0 && !self.kept.contains(input) && self.grown.remove(input).is_some() {
                self.known.values.remove(input);
                self.constants.remove(input);
            }
        }
    }

    fn node(&mut self, node: &'a Node) {
        if self.replaced_by_constants(node) {
            return;
        }
        let mut node = self.plain(node);
        for input in &mut node.inputs {
            if let Some(name) = self.renamed.get(input) {
                input.clone_from(name);
            }
        }
        self.kept.extend(node.inputs.iter().cloned());
        match self.same_as(&node) {
            Some(source) if self.unite(&source, node.output()) => {}
            _ => self.nodes.push(node),
        }
    }

    /// A Cast to what another value is as the Cast to that type, and a Concat without what has no elements.
    fn plain(&self, node: &Node) -> Node {
        if node.op == "Concat" && node.domain.is_empty() {
            let is_empty = |name: &String| self.known.shapes.get(name).is_some_and(|shape| shape.contains(&0));
            let mut node = node.clone();
            // Where all are empty so is the result, which is refused where it is computed.
            if !node.outputs.first().is_some_and(is_empty) {
                node.inputs.retain(|input| !is_empty(input));
            }
            return node;
        }
        let like = node.input(1).filter(|_| node.op == "CastLike" && node.domain.is_empty());
        let Some(&kind) = like.and_then(|like| self.types.get(like)) else { return node.clone() };
        Node::new("Cast", &node.inputs.iter().take(1).map(String::as_str).collect::<Vec<_>>(), node.output())
            .named(&node.name)
            .with("to", Attribute::Int(kind.into()))
    }

    /// Turns the results of a node into constants, where they are known.
    fn replaced_by_constants(&mut self, node: &Node) -> bool {
        let named = || node.outputs.iter().filter(|output| !output.is_empty());
        if named().any(|output| self.protected.contains(output)) {
            return false;
        }
        if let Some(constant) = self.reshaped_constant(node) {
            self.add_constant(node.output(), constant);
            return true;
        }
        if !named().all(|output| self.known.values.contains_key(output)) {
            let Some(values) = self.computed(node) else { return false };
            let (read, grown) = (self.elements_read(node), self.grown_before(node));
            for (output, value) in node.outputs.iter().zip(values).filter(|(output, _)| !output.is_empty()) {
                let count = value.elements.count();
                match count.min(count.saturating_sub(read).saturating_add(grown)) {
                    0 => None,
                    grown => self.grown.insert(output.clone(), grown),
                };
                self.known.values.insert(output.clone(), value);
            }
        }
        let constants: Option<Vec<(String, Constant)>> =
            named().map(|output| Some((output.clone(), self.known.values.get(output)?.to_constant()?))).collect();
        let Some(constants) = constants else { return false };
        self.constants.extend(constants);
        true
    }

    /// The values of all outputs of a node whose inputs are known, unless they are too large.
    fn computed(&self, node: &Node) -> Option<Vec<Value>> {
        let shape =
            |output: &String| if output.is_empty() { Some(vec![]) } else { self.known.shapes.get(output).cloned() };
        let shapes: Vec<Vec<usize>> = node.outputs.iter().map(shape).collect::<Option<_>>()?;
        let counts: Vec<usize> = shapes.iter().map(|shape| element_count(shape)).collect::<Option<_>>()?;
        let (read, before) = (self.elements_read(node), self.grown_before(node));
        let held: usize = self.grown.values().sum();
        let grown = |count: usize| count.min(count.saturating_sub(read).saturating_add(before));
        let all = counts.iter().map(|&count| grown(count)).fold(held, usize::saturating_add);
        if counts.iter().any(|count| count.saturating_sub(read) > MOST_GROWN_ELEMENTS) || all > MOST_GROWN_AT_A_TIME {
            return None;
        }
        let context = Context { node, opset: self.opset, graph: self.source, known: &self.known };
        evaluate(&context, &shapes).filter(|values| values.len() >= node.outputs.len())
    }

    /// By how much the inputs of a node have grown.
    fn grown_before(&self, node: &Node) -> usize {
        node.inputs.iter().filter_map(|input| self.grown.get(input)).sum()
    }

    /// Of all inputs of a node.
    fn elements_read(&self, node: &Node) -> usize {
        let count =
            |input: &String| self.known.shapes.get(input).map_or(0, |shape| element_count(shape).unwrap_or(usize::MAX));
        node.inputs.iter().map(count).fold(0, usize::saturating_add)
    }

    /// A constant under another shape shares the values, which may be large.
    fn reshaped_constant(&self, node: &Node) -> Option<Constant> {
        let keeps_elements = Operator::of(node).is_some_and(|operator| operator.keeps_elements);
        if !keeps_elements || !node.domain.is_empty() || node.outputs.iter().skip(1).any(|output| self.is_read(output))
        {
            return None;
        }
        let source = self.constants.get(node.input(0)?)?;
        Some(Constant { shape: self.known.shapes.get(node.output())?.clone(), data: source.data.clone() })
    }

    fn add_constant(&mut self, name: &str, constant: Constant) {
        if let Some(value) = Value::from_constant(&constant)
            && value.elements.count() <= MOST_KNOWN_ELEMENTS
        {
            self.known.values.insert(name.to_owned(), value);
        }
        self.constants.insert(name.to_owned(), constant);
    }

    /// The value that a node's first result is the same as; its inputs carry the folded graph's names.
    fn same_as(&self, node: &Node) -> Option<String> {
        if !node.domain.is_empty() || node.outputs.iter().skip(1).any(|output| self.is_read(output)) {
            return None;
        }
        let input = node.input(0)?;
        let shape = self.known.shapes.get(input)?;
        let unchanged = self.known.shapes.get(node.output()) == Some(shape);
        let context = Context { node, opset: self.opset, graph: self.source, known: &self.known };
        let same = match node.op.as_str() {
            "Identity" => true,
            "Dropout" => context.value(2).is_none_or(|training| training.elements == Elements::Int(vec![0])),
            "Cast" => {
                let to = node.int("to").and_then(|to| i32::try_from(to).ok())?;
                let from = self.types.get(self.original(node)).copied()?;
                from == to || is_float(from) && is_float(to)
            }
            "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" | "Expand" | "Tile" => unchanged,
            "Concat" | "Max" | "Mean" | "Min" | "Split" | "Sum" => unchanged && node.inputs.len() == 1,
            "Mul" => {
                let factor = unchanged.then(|| context.any_value(1)).flatten()?;
                matches!(&factor.elements, Elements::Float(factors) if factors.iter().all(|&factor| factor == 1.0))
            }
            "Slice" => unchanged && slice_ranges(&context).ok()?.iter().all(|range| range.step > 0),
            "Pad" => pad_amounts(&context).ok()?.into_iter().flatten().all(|amount| amount == 0),
            "Transpose" => {
                let order = permutation(&context).ok()?;
                if let Some(source) = self.undone_transpose(input, &order) {
                    return Some(source);
                }
                let long: Vec<usize> = order.into_iter().filter(|&axis| shape[axis] != 1).collect();
                unchanged && long.is_sorted()
            }
            _ => false,
        };
        same.then(|| input.to_owned())
    }

    /// The input of the Transpose that made `value`, where `order` brings its axes back.
    fn undone_transpose(&self, value: &str, order: &[usize]) -> Option<String> {
        let before = self.nodes.iter().rfind(|node| node.outputs.iter().any(|output| output == value))?;
        if before.op != "Transpose" {
            return None;
        }
        let context = Context { node: before, opset: self.opset, graph: self.source, known: &self.known };
        let first = permutation(&context).ok()?;
        let undone = order.iter().enumerate().all(|(axis, &source)| first.get(source) == Some(&axis));
        undone.then(|| before.input(0).map(str::to_owned)).flatten()
    }

    /// The name that a node's first input has in the source graph.
    fn original<'b>(&'b self, node: &Node) -> &'b str {
        let source = self.source.nodes.iter().find(|source| source.output() == node.output());
        source.and_then(|source| source.input(0)).unwrap_or_default()
    }

    fn is_read(&self, value: &str) -> bool {
        !value.is_empty()
            && (self.source.outputs.iter().any(|output| output == value)
                || self.source.nodes.iter().any(|node| node.inputs.iter().any(|input| input == value)))
    }

    /// Makes `copy` another name of `source`, or says that both names must stay.
    fn unite(&mut self, source: &str, copy: &str) -> bool {
        if !self.protected.contains(copy) {
            self.renamed.insert(copy.to_owned(), source.to_owned());
            return true;
        }
        let made_here = self.nodes.iter().any(|node| node.outputs.iter().any(|output| output == source));
        if self.protected.contains(source) || !made_here {
            return false;
        }
        for node in &mut self.nodes {
            for name in node.inputs.iter_mut().chain(&mut node.outputs).filter(|name| *name == source) {
                copy.clone_into(name);
            }
        }
        for name in self.renamed.values_mut().filter(|name| *name == source) {
            copy.clone_into(name);
        }
        self.renamed.insert(source.to_owned(), copy.to_owned());
        true
    }
}

/// The element type of every value where it is known; `FLOAT` stands for floats of any width. Inputs hold pictures and
/// are floats whatever the file says, since that is what engines are given. So is whatever an operator of ours makes.
pub(crate) fn element_types(graph: &Graph) -> BTreeMap<&str, i32> {
    let mut types: BTreeMap<&str, i32> =
        graph.inputs.iter().map(|input| (input.name.as_str(), data_type::FLOAT)).into_map();
    for (name, constant) in &graph.constants {
        let kind = match &constant.data {
            Data::F32(_) => data_type::FLOAT,
            Data::I64(_) => data_type::INT64,
            Data::Other { data_type, .. } => *data_type,
        };
        types.insert(name, kind);
    }
    for node in graph.nodes.iter().filter(|node| node.domain.is_empty() || node.domain == OWN_SET) {
        let of = |index: usize| node.input(index).and_then(|input| types.get(input)).copied();
        let kind = match Operator::of(node).map_or(ElementType::Unknown, |operator| operator.makes) {
            _ if node.domain == OWN_SET => Some(data_type::FLOAT),
            ElementType::OfFirst => of(0),
            ElementType::OfSecond => of(1),
            ElementType::Stated => node.int("to").and_then(|to| i32::try_from(to).ok()),
            ElementType::Integers => Some(data_type::INT64),
            ElementType::Truths => Some(data_type::BOOL),
            ElementType::Unknown => None,
        };
        if let (Some(kind), Some(output)) = (kind, node.outputs.first()) {
            types.insert(output, kind);
        }
    }
    types
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::graph::Input;

    fn graph(nodes: Vec<Node>, outputs: &[&str], constants: &[(&str, Constant)]) -> Graph {
        Graph {
            inputs: vec![Input { name: "x".to_owned(), shape: [1, 3, 4, 4].map(Dimension::Fixed).to_vec() }],
            outputs: outputs.iter().map(|&name| name.to_owned()).collect(),
            nodes,
            constants: constants.iter().map(|(name, constant)| ((*name).to_owned(), constant.clone())).collect(),
            opsets: BTreeMap::from([(String::new(), 13)]),
            stated_shapes: BTreeMap::new(),
        }
    }

    fn folded(graph: &Graph) -> Graph {
        fold(graph, &BTreeMap::new()).unwrap().graph
    }

    fn lines(graph: &Graph) -> Vec<String> {
        graph.nodes.iter().map(|node| format!("{} = {}({})", node.output(), node.op, node.inputs.join(", "))).collect()
    }

    #[test]
    fn a_dropout_before_a_result_hands_its_name_on() {
        let graph = graph(
            vec![
                Node::new("Identity", &["x"], "a"),
                Node::new("Neg", &["a"], "b"),
                Node::new("Abs", &["b"], "c"),
                Node::new("Dropout", &["b"], "y"),
            ],
            &["y", "c"],
            &[],
        );
        assert_eq!(lines(&folded(&graph)), ["y = Neg(x)", "c = Abs(y)"]);
    }

    #[test]
    fn a_layer_and_a_result_keep_both_names() {
        let graph =
            graph(vec![Node::new("Relu", &["x"], "layer"), Node::new("Identity", &["layer"], "y")], &["y"], &[]);
        assert_eq!(lines(&folded(&graph)), ["layer = Relu(x)", "y = Identity(layer)"]);
    }

    #[test]
    fn the_shape_chain_of_a_flatten_becomes_one_constant() {
        let graph = graph(
            vec![
                Node::new("Neg", &["x"], "a"),
                Node::new("Shape", &["a"], "shape"),
                Node::new("Gather", &["shape", "zero"], "batch"),
                Node::new("Unsqueeze", &["batch", "axes"], "batch1"),
                Node::new("Concat", &["batch1", "rest"], "wanted").with("axis", Attribute::Int(0)),
                Node::new("Reshape", &["a", "wanted"], "y"),
            ],
            &["y"],
            &[
                ("zero", Constant::integers(vec![], vec![0])),
                ("axes", Constant::integers(vec![1], vec![0])),
                ("rest", Constant::integers(vec![1], vec![-1])),
            ],
        );
        let result = fold(&graph, &BTreeMap::new()).unwrap();
        assert_eq!(lines(&result.graph), ["a = Neg(x)", "y = Reshape(a, wanted)"]);
        assert_eq!(result.graph.constants["wanted"], Constant::integers(vec![2], vec![1, -1]));
        assert_eq!(result.graph.constants.len(), 1);
        assert_eq!(result.shapes["y"], [1, 48]);
    }

    #[test]
    fn weights_that_are_computed_become_constants() {
        let graph = graph(
            vec![
                Node::new("Transpose", &["w"], "t").with("perm", Attribute::Ints(vec![1, 0])),
                Node::new("Sqrt", &["t"], "r"),
                Node::new("Mul", &["r", "two"], "m"),
                Node::new("MatMul", &["x", "m"], "y"),
            ],
            &["y"],
            &[
                ("w", Constant::floats(vec![3, 4], (0..12).map(|index| (index * index) as f32).collect())),
                ("two", Constant::floats(vec![], vec![2.0])),
            ],
        );
        let result = folded(&graph);
        assert_eq!(lines(&result), ["y = MatMul(x, m)"]);
        let expected: Vec<f32> = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11].map(|value| (2 * value) as f32).to_vec();
        assert_eq!(result.constants["m"], Constant::floats(vec![4, 3], expected));
    }

    #[test]
    fn what_changes_nothing_goes_and_what_changes_something_stays() {
        let integers = |values: &[i64]| Constant::integers(vec![values.len()], values.to_vec());
        let to = |kind: i32| Attribute::Int(i64::from(kind));
        let graph = graph(
            vec![
                Node::new("Cast", &["x"], "cast").with("to", to(data_type::FLOAT16)),
                Node::new("Reshape", &["cast", "same"], "reshape"),
                Node::new("Slice", &["reshape", "start", "end", "axis"], "slice"),
                Node::new("Pad", &["slice", "none"], "padded"),
                Node::new("Mul", &["padded", "ones"], "pad"),
                Node::new("Transpose", &["pad"], "there").with("perm", Attribute::Ints(vec![0, 2, 3, 1])),
                Node::new("Transpose", &["there"], "back").with("perm", Attribute::Ints(vec![0, 3, 1, 2])),
                Node::new("Slice", &["back", "last", "first", "axis", "step"], "reversed"),
                Node::new("Cast", &["reversed"], "whole").with("to", to(data_type::INT32)),
                Node::new("Cast", &["whole"], "y").with("to", to(data_type::FLOAT)),
            ],
            &["y"],
            &[
                ("same", integers(&[0, -1, 4, 4])),
                ("start", integers(&[0])),
                ("end", integers(&[i64::MAX])),
                ("axis", integers(&[2])),
                ("none", integers(&[0; 8])),
                ("ones", Constant::floats(vec![1, 3, 1, 1], vec![1.0; 3])),
                ("last", integers(&[-1])),
                ("first", integers(&[i64::MIN])),
                ("step", integers(&[-1])),
            ],
        );
        let result = folded(&graph);
        let expected = ["reversed = Slice(x, last, first, axis, step)", "whole = Cast(reversed)", "y = Cast(whole)"];
        assert_eq!(lines(&result), expected);
    }

    #[test]
    fn a_table_that_a_small_network_makes_weights_of_is_a_constant_and_its_steps_are_let_go() {
        // As Swin v2 makes the weights of its windows from the places of their tokens.
        let table = Constant::floats(vec![2401, 2], (0..4802).map(|index| index as f32 / 4802.0).collect());
        let matrix = |rows: usize, columns: usize| {
            Constant::floats(vec![rows, columns], (0..rows * columns).map(|index| (index % 7) as f32 - 3.0).collect())
        };
        let mut nodes = Vec::new();
        let mut sum = "x".to_owned();
        // More than may be held at a time, one after the other.
        for block in 0..12 {
            let name = |what: &str| format!("{what}{block}");
            nodes.push(Node::new("Gemm", &["table", "first"], &name("wide")));
            nodes.push(Node::new("Relu", &[&name("wide")], &name("positive")));
            nodes.push(Node::new("Gemm", &[&name("positive"), "second"], &name("narrow")));
            nodes.push(Node::new("ReduceMean", &[&name("narrow")], &name("mean")));
            nodes.push(Node::new("Add", &[&sum, &name("mean")], &name("sum")));
            sum = name("sum");
        }
        let all = graph(nodes, &[&sum], &[("table", table), ("first", matrix(2, 384)), ("second", matrix(384, 3))]);
        let folded = folded(&all);
        assert!(folded.nodes.iter().all(|node| node.op == "Add"), "{:?}", lines(&folded));
        assert!(folded.constants.values().all(|constant| constant.shape.iter().product::<usize>() == 1));
    }

    #[test]
    fn what_has_no_elements_joins_nothing() {
        let bounds = |value: i64| Constant::integers(vec![1], vec![value]);
        let graph = graph(
            vec![
                Node::new("Slice", &["x", "zero", "zero", "axis"], "none"),
                Node::new("Abs", &["x"], "all"),
                Node::new("Concat", &["none", "all"], "joined").with("axis", Attribute::Int(1)),
                Node::new("Neg", &["joined"], "y"),
            ],
            &["y"],
            &[("zero", bounds(0)), ("axis", bounds(1))],
        );
        assert_eq!(lines(&folded(&graph)), ["joined = Abs(x)", "y = Neg(joined)"]);
    }

    #[test]
    fn a_table_that_a_node_still_reads_stays() {
        let shape = Constant::integers(vec![4], vec![1, 3, 64, 64]);
        let one = Constant::floats(vec![1, 3, 1, 1], vec![1.0, 2.0, 3.0]);
        let mut all = graph(
            vec![Node::new("Expand", &["one", "shape"], "table"), Node::new("Sub", &["x", "table"], "y")],
            &["y"],
            &[("one", one), ("shape", shape)],
        );
        all.inputs[0].shape = [1, 3, 64, 64].map(Dimension::Fixed).to_vec();
        let folded = folded(&all);
        assert_eq!(lines(&folded), ["y = Sub(x, table)"]);
        assert_eq!(folded.constants["table"].shape, [1, 3, 64, 64]);
    }

    #[test]
    fn what_was_computed_from_a_table_counts_as_it() {
        // Each pair leaves behind two million elements that some reader is still to come for.
        let mut nodes = Vec::new();
        for pair in 0..6 {
            let name = |what: &str| format!("{what}{pair}");
            nodes.push(Node::new("Expand", &["one", "shape"], &name("wide")));
            nodes.push(Node::new("Neg", &[&name("wide")], &name("turned")));
        }
        for pair in 0..6 {
            nodes.push(Node::new("ReduceMean", &[&format!("turned{pair}")], &format!("mean{pair}")));
        }
        let means: Vec<String> = (0..6).map(|pair| format!("mean{pair}")).collect();
        let outputs: Vec<&str> = means.iter().map(String::as_str).collect();
        let constants =
            [("one", Constant::floats(vec![1], vec![1.0])), ("shape", Constant::integers(vec![1], vec![1 << 21]))];
        let folded = folded(&graph(nodes, &outputs, &constants));
        let left = folded.nodes.iter().filter(|node| node.op == "Expand").count();
        assert!((2..=3).contains(&left), "{:?}", lines(&folded));
    }
}
