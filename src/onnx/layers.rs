//! The layers of a model that can be looked at.

mod activation;
mod geometry;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, Node};
use super::head::scores;
use super::links::Links;
use super::operator::{Flow, Operator, QUANTIZE_DEQUANTIZE};
use super::shapes::Shapes;
use crate::onnx::tables::IntoTable;

pub(crate) use self::activation::{Activation, activations};
pub(crate) use self::geometry::{Geometry, geometries};
pub use self::tokens::{AttentionRows, TokenMaps, Tokens, lay_out_tokens};

/// Where a layer's value stands relative to an activation function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relu {
    /// An activation follows, at once or after operators that only choose, move or pool values: the values are signed.
    Before,
    /// It is the result of an activation, or made of such results alone by operators that add, join, choose, move or pool them.
    After,
    /// Neither.
    None,
}

/// A value of the model that consists of feature maps: `[1, channels, height, width]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The name of the value in the user's file; of tokens, that of their maps, which is the value's with `/maps` behind it, and of what one
    /// token attends to the attention's with `/attention`.
    pub id: String,
    /// The name of its node; of the Conv where a normalization is folded into it.
    pub name: String,
    /// The operator, or for an activation that the file writes out the name of the function (`SiLU`, `HardSwish`, …).
    pub op: String,
    pub relu: Relu,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    /// How many slices of a volume each channel has, which are maps one after another; 1 of pictures.
    pub slices: usize,
    /// Pixels of the picture between neighbours, along height and width, at least 1.
    pub stride: [usize; 2],
    /// Pixels of the picture that one element sees, along height and width. Without the padding at the picture's
    /// border, so it can be larger than the picture; the maximum over all paths. Squeeze-and-excite gates, which see
    /// the whole picture but say the same everywhere, do not count.
    pub receptive_field: [usize; 2],
}

/// What there is to look at in a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layers {
    /// All layers in the order in which they are computed: the results of Conv (after a normalization that belongs to it), of
    /// activations of any kind, of Add, Concat and pooling, the maps of tokens and those of attention.
    pub all: Vec<Layer>,
    /// The layer that is shown first: the last value of more than one pixel that the head's global pooling or flatten
    /// reads, after its activation. A Conv that makes the class scores themselves is skipped, and so are tokens after the last
    /// attention of a network that reads its class token alone.
    pub default: Option<String>,
    /// The layer that the article looks at: the result of the second-to-last residual block, after its activation where it
    /// has one; in a model with fewer than two residual blocks the last Conv after its activation (not one that makes the
    /// class scores).
    pub article: Option<String>,
    /// The results of all residual blocks, before their activation: Add of two or more paths of the same shape.
    pub residual_blocks: Vec<String>,
}

/// Finds the layers of a graph to which the maps of `tokens` were added ([`lay_out_tokens`]).
pub fn survey(graph: &Graph, shapes: &Shapes, tokens: &Tokens) -> Layers {
    let survey = Survey::new(graph, shapes, tokens);
    let all = survey.layers();
    let residual_blocks = survey.residual_blocks();
    Layers {
        default: survey.default_layer(&all),
        article: survey.article_layer(&all, &residual_blocks),
        residual_blocks: residual_blocks.into_iter().map(str::to_owned).collect(),
        all,
    }
}

/// The layers alone, of a graph without maps of tokens.
pub fn list(graph: &Graph, shapes: &Shapes) -> Vec<Layer> {
    Survey::new(graph, shapes, &Tokens::new()).layers()
}

/// What an operator's result consists of, where it consists of values of its inputs, or of their means and sums.
fn flow(node: &Node) -> Option<Flow> {
    let says_so = match node.op.as_str() {
        // A cubic enlargement goes below its smallest value.
        "Resize" => node.text("mode") != Some("cubic"),
        // What is put around the picture is zero unless another value is given.
        "Pad" => node.inputs.get(2).is_none_or(String::is_empty),
        _ => true,
    };
    Operator::of(node).filter(|_| says_so).and_then(|operator| operator.flow)
}

/// Whether the node rounds the result of an operator that is quantised itself.
fn is_joined_rounding(node: &Node) -> bool {
    node.op == QUANTIZE_DEQUANTIZE && node.int("joined") == Some(1)
}

/// A graph and what the questions about its layers need.
struct Survey<'a> {
    graph: &'a Graph,
    shapes: &'a Shapes,
    links: Links<'a>,
    geometries: BTreeMap<String, Geometry>,
    activations: BTreeMap<String, Activation>,
    /// Values that are a part of a written-out activation.
    interior: BTreeSet<String>,
    tokens: &'a Tokens,
}

impl<'a> Survey<'a> {
    fn new(graph: &'a Graph, shapes: &'a Shapes, tokens: &'a Tokens) -> Self {
        let links = Links::new(graph);
        let activations = activations(&links);
        let interior = activations.values().flat_map(|activation| activation.interior.iter().cloned()).into_set();
        let geometries = geometries(graph, shapes, tokens);
        Self { graph, shapes, links, geometries, activations, interior, tokens }
    }

    fn layers(&self) -> Vec<Layer> {
        // A value that a Conv and its normalization make together, by name; the Conv's node.
        let mut convs: BTreeMap<&str, &Node> = BTreeMap::new();
        for node in self.graph.nodes.iter().filter(|node| matches!(node.op.as_str(), "Conv" | "ConvTranspose")) {
            convs.insert(self.normalized(node), node);
        }
        let after = self.after();
        let before = self.before();
        let mut layers = Vec::new();
        for rounded in &self.graph.nodes {
            let id = rounded.output();
            let Some((channels, [height, width], geometry)) = self.maps(id) else { continue };
            if self.links.only_reader(id).is_some_and(is_joined_rounding) {
                // The file has a name for what is rounded only.
                continue;
            }
            let joined = rounded.input(0).filter(|_| is_joined_rounding(rounded));
            let source = self.tokens.get(id).map(|maps| &maps.source[..]);
            let node = joined.or(source).and_then(|exact| self.links.maker(exact)).unwrap_or(rounded);
            let (name, op) = match (convs.get(id), self.activations.get(node.output())) {
                (Some(conv), _) => (&conv.name, conv.op.as_str()),
                (None, Some(activation)) => (&node.name, activation.op),
                (None, None) if self.tokens.get(id).is_some_and(|maps| maps.rows.is_some()) => {
                    (&node.name, "Attention")
                }
                (None, None) if source.is_some() || self.is_join_or_pooling(node) => (&node.name, node.op.as_str()),
                (None, None) => continue,
            };
            let value = source.unwrap_or(id);
            let relu = if after.contains(value) {
                Relu::After
            } else if before.contains(value) {
                Relu::Before
            } else {
                Relu::None
            };
            let pixels = |pair: [f64; 2]| pair.map(|length| length.round().max(1.0) as usize);
            layers.push(Layer {
                id: id.to_owned(),
                name: name.clone(),
                op: op.to_owned(),
                relu,
                channels,
                height,
                width,
                slices: self.tokens.get(id).and_then(|maps| maps.slices).unwrap_or(1),
                stride: pixels(geometry.stride),
                receptive_field: pixels(geometry.field),
            });
        }
        layers
    }

    fn default_layer(&self, layers: &[Layer]) -> Option<String> {
        let found = self.read_by_head().map(|read| self.before_scores(read).unwrap_or(read));
        let found = found.and_then(|value| self.nearest(value, layers)).or_else(|| {
            // A model without such a head, for example one that labels every pixel.
            let last = layers.iter().rev().find(|layer| layer.relu == Relu::After && layer.height * layer.width > 1);
            last.or(layers.last()).map(|layer| layer.id.clone())
        })?;
        let is_mixed = |id: &str| self.tokens.get(id).is_none_or(|maps| maps.is_mixed);
        if is_mixed(&found) {
            return Some(found);
        }
        let blocks = layers.iter().rev().filter(|layer| matches!(&layer.op[..], "Add" | "Sum"));
        Some(blocks.map(|layer| &layer.id).find(|id| is_mixed(id)).unwrap_or(&found).clone())
    }

    fn article_layer(&self, layers: &[Layer], blocks: &[&str]) -> Option<String> {
        if let [.., block, _] = blocks {
            return Some(self.after_activation(block).unwrap_or(block).to_owned());
        }
        let scores = self.read_by_head().and_then(|read| self.scores(read));
        let convs =
            layers.iter().rev().filter(|layer| layer.op == "Conv" && scores.is_none_or(|conv| conv.name != layer.name));
        convs
            .filter(|layer| layer.height * layer.width > 1)
            .find_map(|layer| self.after_activation(&layer.id))
            .map(str::to_owned)
    }

    /// The results of activations, and what is made of these alone: a Concat of two Relus has no negative values either.
    fn after(&self) -> BTreeSet<&'a str> {
        let mut after: BTreeSet<&str> = BTreeSet::new();
        for node in &self.graph.nodes {
            let made = match flow(node) {
                _ if self.activations.contains_key(node.output()) => true,
                Some(Flow::First) => node.input(0).is_some_and(|input| after.contains(input)),
                // A constant may be negative.
                Some(Flow::All | Flow::Sum) => node.inputs.iter().all(|input| after.contains(input.as_str())),
                None => false,
            };
            if made {
                after.extend(node.outputs.iter().map(String::as_str));
            }
        }
        after
    }

    /// What goes into an activation, be it through operators that choose, move or pool values.
    fn before(&self) -> BTreeSet<&str> {
        let mut before: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = self.activations.values().map(|activation| activation.input.as_str()).collect();
        while let Some(value) = open.pop() {
            if !before.insert(value) {
                continue;
            }
            let Some(node) = self.links.maker(value) else { continue };
            match flow(node) {
                Some(Flow::First) => open.extend(node.input(0)),
                Some(Flow::All) => open.extend(self.links.data_inputs(node)),
                // Of a sum each part alone may be anything.
                Some(Flow::Sum) | None => {}
            }
        }
        before
    }

    /// Channels, height and width of a value that holds feature maps, channels first.
    fn maps(&self, value: &str) -> Option<(usize, [usize; 2], Geometry)> {
        let geometry = self.geometries.get(value).filter(|geometry| geometry.axes == [2, 3])?;
        match self.shapes.get(value)?[..] {
            [1, channels, height, width] => Some((channels, [height, width], *geometry)),
            _ => None,
        }
    }

    fn is_join_or_pooling(&self, node: &Node) -> bool {
        match node.op.as_str() {
            "Add" | "Sum" => self.links.data_inputs(node).count() > 1 && !self.interior.contains(node.output()),
            "Concat" => true,
            "AveragePool" | "LpPool" | "MaxPool" => true,
            "GlobalAveragePool" | "GlobalLpPool" | "GlobalMaxPool" => true,
            "ReduceMean" | "ReduceMax" => {
                // Pooling written as a reduction over height and width.
                let size = node.input(0).and_then(|input| self.maps(input)).map(|(channels, size, _)| (channels, size));
                let result = self.maps(node.output()).map(|(channels, size, _)| (channels, size));
                matches!((size, result), (Some((before, size)), Some((after, [1, 1]))) if before == after && size != [1, 1])
            }
            _ => false,
        }
    }

    /// The value of a Conv after the normalization and the per-channel factors and biases that belong to it alone.
    fn normalized(&self, conv: &'a Node) -> &'a str {
        let mut value = conv.output();
        while let Some(reader) = self.links.only_reader(value) {
            let belongs = match reader.op.as_str() {
                "BatchNormalization" => reader.input(0) == Some(value),
                QUANTIZE_DEQUANTIZE => is_joined_rounding(reader),
                "Add" | "Mul" => reader.inputs.iter().any(|input| self.is_per_channel(input, value)),
                _ => false,
            };
            if !belongs {
                break;
            }
            value = reader.output();
        }
        value
    }

    /// Whether `constant` holds one number for each channel of `value`.
    fn is_per_channel(&self, constant: &str, value: &str) -> bool {
        let (Some(constant), Some((channels, _, _))) = (self.graph.constants.get(constant), self.maps(value)) else {
            return false;
        };
        channels > 1 && matches!(constant.shape[..], [1, count, 1, 1] | [count, 1, 1] if count == channels)
    }

    /// The value itself, looked at through nodes that change nothing.
    fn origin<'b>(&'b self, mut value: &'b str) -> &'b str {
        while let Some(node) = self.links.maker(value)
            && matches!(node.op.as_str(), "Identity" | "Dropout")
            && let Some(input) = node.input(0)
        {
            value = input;
        }
        value
    }

    /// The activation's result of a value that goes into one.
    fn after_activation(&self, value: &str) -> Option<&str> {
        let after = |(output, activation): (&'_ String, &Activation)| {
            (self.origin(&activation.input) == value).then(|| self.links.position(output)).flatten()
        };
        let position = self.activations.iter().filter_map(after).min()?;
        Some(self.graph.nodes[position].output())
    }

    fn residual_blocks(&self) -> Vec<&'a str> {
        let is_block = |node: &&Node| {
            let Some((_, size, _)) = self.maps(node.output()) else { return false };
            let same = |input: &str| self.shapes.get(input) == self.shapes.get(node.output());
            matches!(node.op.as_str(), "Add" | "Sum")
                && size != [1, 1]
                && self.is_join_or_pooling(node)
                && self.links.data_inputs(node).all(same)
                && self.links.data_inputs(node).into_set().len() > 1
        };
        self.graph.nodes.iter().filter(is_block).map(Node::output).collect()
    }

    /// The last value of more than one pixel that the way from the class scores backwards meets.
    fn read_by_head(&self) -> Option<&'a str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![self.result()?];
        let mut last: Option<(usize, &str)> = None;
        while let Some(value) = open.pop() {
            if !seen.insert(value) {
                continue;
            }
            let Some(position) = self.links.position(value) else { continue };
            if self.pixels(value) > 1 {
                if last.is_none_or(|(other, _)| position > other) {
                    last = Some((position, value));
                }
                continue;
            }
            open.extend(self.links.data_inputs(&self.graph.nodes[position]));
        }
        last.map(|(_, value)| value).filter(|value| !self.links.is_output(value))
    }

    /// The class scores, or the first result of a model that has none.
    fn result(&self) -> Option<&'a str> {
        scores(self.graph, self.shapes).or(self.graph.outputs.first().map(String::as_str))
    }

    /// Height times width; 0 for a value that has none.
    fn pixels(&self, value: &str) -> usize {
        let (Some(geometry), Some(shape)) = (self.geometries.get(value), self.shapes.get(value)) else { return 0 };
        geometry.axes.iter().map(|&axis| shape.get(axis).copied().unwrap_or(1)).product()
    }

    /// The Conv that makes the class scores, where the head that reads `value` has no weights of its own.
    fn scores<'b>(&'b self, value: &'b str) -> Option<&'b Node> {
        let position = self.links.position(value)?;
        let classes = self.shapes.get(self.result()?)?.iter().product::<usize>();
        let linear = |node: &Node| matches!(node.op.as_str(), "Gemm" | "MatMul" | "Conv");
        if self.graph.nodes[position + 1..].iter().any(linear) {
            return None;
        }
        let mut value = value;
        loop {
            let node = self.links.maker(value)?;
            if node.op == "Conv" {
                let maps = self.shapes.get(node.output())?.get(1).copied();
                return (maps == Some(classes)).then_some(node);
            }
            let looks_through =
                matches!(node.op.as_str(), "BatchNormalization" | "Dropout" | "Identity" | "Transpose" | "Add");
            value = match self.activations.get(value) {
                Some(activation) => &activation.input,
                None if looks_through && self.links.data_inputs(node).count() == 1 => node.input(0)?,
                None => return None,
            };
        }
    }

    /// What the Conv that makes the class scores reads.
    fn before_scores<'b>(&'b self, read: &'b str) -> Option<&'b str> {
        self.scores(read)?.input(0)
    }

    /// The listed layer that a value is, or the nearest one that it is made from.
    fn nearest(&self, value: &str, layers: &[Layer]) -> Option<String> {
        let mut value = value;
        loop {
            if layers.iter().any(|layer| layer.id == value) {
                return Some(value.to_owned());
            }
            let node = self.links.maker(value)?;
            value = self.links.data_inputs(node).max_by_key(|input| (self.pixels(input), std::cmp::Reverse(*input)))?;
        }
    }
}
