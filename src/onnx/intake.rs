//! Makes every input of a network of one picture: other layouts, other numbers of channels, and inputs beside the picture.
//!
//! Whoever looks, differentiates or draws gives one picture `[1, channels, height, width]` (or channels last) of one or three channels.
//! What the file takes is made of it by nodes in front of the graph, so that nobody else has to know.

mod others;
mod picture;
mod volume;

use std::collections::{BTreeMap, BTreeSet};

use super::branches::rename;
use super::cut::read_in_bodies;
use super::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use super::slice_sums::{SliceSums, Sums};
use super::tables::IntoTable;

pub use self::others::{Beside, StandsFor};
pub use self::picture::{Arrangement, MOST_BANDS, first_channels};
pub use self::volume::{Stack, Volume};

/// How the inputs of a file are made of one picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Intake {
    /// The inputs beside the picture that a node reads, and what they get.
    pub beside: Vec<Beside>,
    /// Of a network that takes neither one nor three channels: for each of them which colour of the picture it gets, by its place;
    /// `None` for a band that is zero everywhere.
    pub bands: Vec<Option<usize>>,
    /// How often the picture stands in a stack of slices; 1 of networks that take no volumes.
    pub slices: usize,
    /// What is made of these, where there are several.
    pub stack: Option<Stack>,
}

/// The most inputs of a file that are made of one picture. Each is looked for in the whole graph.
const MOST_INPUTS: usize = 256;

/// Which colours the bands get where nobody chooses: the first three red, green and blue, and the others nothing.
pub fn usual_bands(count: usize) -> Vec<Option<usize>> {
    (0..count).map(|band| Some(band).filter(|&band| band < 3)).collect()
}

/// Whether a graph takes one picture of one or three channels as it is, as far as its input's shape says.
pub fn is_one_picture(graph: &Graph) -> bool {
    match &graph.inputs[..] {
        [input] => {
            let known = |dimension: &Dimension| matches!(dimension, Dimension::Fixed(1 | 3));
            let [_, second, _, fourth] = &input.shape[..] else { return false };
            known(second) || known(fourth)
        }
        _ => false,
    }
}

/// The position of the input that takes the picture: the one whose shape is most like a picture's, the first of several. `None` where none could.
pub fn main_input(graph: &Graph) -> Option<usize> {
    let has_windows = graph.nodes.iter().any(|node| node.op.contains("Conv"));
    let likeness = |input: &Input| -> u8 {
        let is_read = graph.nodes.iter().any(|node| reads(node, &input.name));
        let is_colours = |dimension: &Dimension| matches!(dimension, Dimension::Fixed(1 | 3));
        match &input.shape[..] {
            _ if !is_read => 0,
            [_, second, _, fourth] => 6 + u8::from(is_colours(second) || is_colours(fourth)),
            [_, ..] if !has_windows => 0,
            [_, _, _, _, _] => 5,
            [_, _, _] => 4,
            [Dimension::Fixed(1) | Dimension::Symbolic(_), Dimension::Fixed(count)] | [Dimension::Fixed(count)]
                if *count < 64 =>
            {
                0
            }
            [_, _] => 3,
            [_] => 2,
            [] if has_windows => 1,
            _ => 0,
        }
    };
    let mut best = None;
    for (place, input) in graph.inputs.iter().enumerate() {
        let found = likeness(input);
        if found > best.map_or(0, |(_, most)| most) {
            best = Some((place, found));
        }
    }
    best.map(|(place, _)| place)
}

/// Rewrites a graph so that its only input is one picture. `types` holds the element type of each input by its name (numbers of
/// `TensorProto.DataType`), `bands` what was chosen for the bands; where the file takes another number of them, the usual ones are taken.
///
/// A graph without an input that could be a picture stays as it is, and so does one of more than 256 inputs.
pub fn take_one_picture(graph: &mut Graph, types: &BTreeMap<String, i32>, bands: Option<&[Option<usize>]>) -> Intake {
    let mut intake = Intake { slices: 1, ..Intake::default() };
    if is_one_picture(graph) || graph.inputs.len() > MOST_INPUTS {
        return intake;
    }
    let Some(place) = main_input(graph) else { return intake };
    let Some(arrangement) = picture::arrangement(graph, place) else { return intake };
    let main = graph.inputs.remove(place);
    let rest = std::mem::take(&mut graph.inputs);
    if arrangement.bands > 0 {
        let fitting = bands.filter(|bands| bands.len() == arrangement.bands);
        intake.bands = fitting.map_or_else(|| usual_bands(arrangement.bands), <[_]>::to_vec);
    }
    intake.slices = arrangement.slices();
    let names = rest.iter().chain([&main]).map(|input| input.name.clone()).into_set();
    let mut front = Front { graph, nodes: Vec::new(), names, given: 0 };
    let made = picture::make(&mut front, &main.name, &arrangement, &intake.bands);
    intake.stack = arrangement.stack(&made);
    let seen = others::Seen { main: &main, arrangement: &arrangement, made: &made };
    for input in rest {
        intake.beside.extend(others::give(&mut front, &input, types.get(&input.name).copied(), &seen));
    }
    let Front { graph, nodes, .. } = front;
    graph.nodes.splice(0..0, nodes);
    graph.inputs = vec![Input { name: main.name, shape: arrangement.declared() }];
    intake
}

/// Whether a node reads a value, itself or in the bodies of an If or Loop.
fn reads(node: &Node, value: &str) -> bool {
    node.inputs.iter().any(|input| input == value) || read_in_bodies(node).contains(&value)
}

/// The front of a graph under construction.
struct Front<'a> {
    graph: &'a mut Graph,
    nodes: Vec<Node>,
    /// Of the inputs that the file has.
    names: BTreeSet<String>,
    /// How many elements the inputs beside the picture were given as constants.
    given: usize,
}

impl Front<'_> {
    /// A name that nothing has.
    fn free(&self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let taken = |name: &str| {
            self.graph.constants.contains_key(name)
                || self.names.contains(name)
                || self
                    .nodes
                    .iter()
                    .chain(&self.graph.nodes)
                    .any(|node| node.outputs.iter().any(|output| output == name))
        };
        while taken(&name) {
            name.push('\'');
        }
        name
    }

    /// Whoever reads a value reads another one from now on, also in the bodies of an If or Loop.
    fn replace(&mut self, value: &str, by: &str) {
        let names = BTreeMap::from([(value.to_owned(), by.to_owned())]);
        for node in &mut self.graph.nodes {
            node.inputs.iter_mut().filter(|input| **input == value).for_each(|input| by.clone_into(input));
            for attribute in node.attributes.values_mut() {
                if let Attribute::Graph(body) = attribute {
                    rename(body, &names);
                }
            }
        }
    }

    /// A list of integers as a constant.
    fn integers(&mut self, wanted: &str, values: Vec<i64>) -> String {
        let name = self.free(wanted);
        self.graph.constants.insert(name.clone(), Constant::integers(vec![values.len()], values));
        name
    }

    /// Squeeze or Unsqueeze, whose axes are an attribute before operator set 13 and an input from it on.
    fn with_axes(&mut self, op: &str, input: &str, output: &str, axes: Vec<i64>) -> Node {
        let node = Node::new(op, &[input], output);
        if self.graph.opset() < 13 {
            return node.with("axes", Attribute::Ints(axes));
        }
        let name = self.integers(&format!("{output}/axes"), axes);
        Node::new(op, &[input, &name], output)
    }
}

/// Chooses slices of a value along an axis.
fn choose(input: &str, output: &str, axis: usize, sources: &[Option<usize>]) -> Node {
    let mut node = SliceSums { axis, sums: Sums::taking(sources.iter().copied()) }.node(input);
    output.clone_into(&mut node.name);
    node.outputs = vec![output.to_owned()];
    node
}
