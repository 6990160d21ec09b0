//! Feature maps that a network holds as tokens: `[1, tokens, channels]` behind the patches of a vision transformer, with class and register
//! tokens before or after those of the patches, or `[1, height, width, channels]`. They are laid back on the grid and become layers as any;
//! so do values whose cells lie in blocks, as between the attentions of Hiera, and volumes `[1, channels, depth, height, width]`, of which each
//! channel's slices are maps one after another.
//!
//! The graph is rewritten for that: behind each such value its maps `[1, channels, height, width]` are made of it, and whoever read
//! the value reads it made of the maps again. So a layer of tokens is a value on the way to the scores like any other: it is looked
//! at, differentiated and drawn without a special case. To lowering the detour is free, since it only changes how a value is looked at.

mod attention;
mod spread;
mod windows;

use std::collections::{BTreeMap, BTreeSet};

pub use self::attention::AttentionRows;
use self::attention::{Attention, attention, lay_out};
use self::spread::{Part, Spreads};
use self::windows::{blocks_there_and_back, lay_out_windows};
use super::activation::activations;
use crate::onnx::graph::{Attribute, Constant, Graph, Node, to_i64};
use crate::onnx::links::Links;
use crate::onnx::operator::{Geometry, Operator};
use crate::onnx::shapes::Shapes;

/// Grids of fewer cells are no maps: what is left of a pooling.
const LEAST_CELLS: usize = 4;

/// The values that hold maps, by their names; what they were made of.
pub type Tokens = BTreeMap<String, TokenMaps>;

/// A value that lies on a grid again.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenMaps {
    /// The value of the file.
    pub source: String,
    /// Whether places are mixed after it, by attention or a mean, so that its patches matter to what the network gives. Behind the last
    /// attention of a network that reads its class token alone they do not.
    pub is_mixed: bool,
    /// Of a volume, whose places see a part of the picture, how many slices each channel has; `None` of tokens.
    pub slices: Option<usize>,
    /// Of attention, whose maps nobody reads: its other rows, and the way back to what the network reads.
    pub rows: Option<AttentionRows>,
}

/// Where the grid's cells lie in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Rows and columns are axes.
    Axes([usize; 2]),
    /// All cells are one axis, row by row, after `before` other tokens and before `after` others.
    Tokens { axis: usize, grid: [usize; 2], before: usize, after: usize },
}

/// Where they lie in a volume.
const VOLUME: Place = Place::Axes([3, 4]);

/// What lies on the grid of a value that becomes a layer.
#[derive(Debug, Clone, PartialEq)]
enum Content {
    Channels(Place),
    /// The grid in blocks: what each axis but the last counts.
    Blocks {
        parts: Vec<Part>,
        grid: [usize; 2],
    },
    Attention(Attention),
}

/// Adds the maps of tokens, and those of what one of them attends to, to a folded graph, and their shapes.
pub fn lay_out_tokens(graph: &mut Graph, shapes: &mut Shapes) -> Tokens {
    let mut chosen = chosen(graph, shapes);
    if chosen.is_empty() {
        return Tokens::new();
    }
    let mut taken: BTreeSet<String> =
        graph.nodes.iter().flat_map(|node| node.outputs.iter()).chain(graph.constants.keys()).cloned().collect();
    let mut tokens = Tokens::new();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let mut nodes = Vec::with_capacity(graph.nodes.len());
    for mut node in std::mem::take(&mut graph.nodes) {
        for input in &mut node.inputs {
            if let Some(again) = renamed.get(input) {
                input.clone_from(again);
            }
        }
        let value = node.output().to_owned();
        nodes.push(node);
        let Some((content, is_mixed)) = chosen.remove(&value) else { continue };
        let mut layout = LayOut { graph, shapes, nodes: &mut nodes, taken: &mut taken };
        let source = value.clone();
        match content {
            Content::Channels(place) => {
                let (maps, again) = layout.there_and_back(&value, place);
                let slices = (place == VOLUME).then(|| layout.shapes.get(&value).map_or(1, |shape| shape[2]));
                tokens.insert(maps, TokenMaps { source, is_mixed, slices, rows: None });
                renamed.insert(value, again);
            }
            Content::Blocks { parts, grid } => {
                let (maps, again) = blocks_there_and_back(&mut layout, &value, &parts, grid);
                tokens.insert(maps, TokenMaps { source, is_mixed, slices: None, rows: None });
                renamed.insert(value, again);
            }
            Content::Attention(attention) => {
                let (maps, rows) = match attention {
                    Attention::Whole { grid, before } => lay_out(&mut layout, &value, grid, before),
                    Attention::Windows(spread) => lay_out_windows(&mut layout, &value, &spread),
                };
                tokens.insert(maps, TokenMaps { source, is_mixed, slices: None, rows: Some(rows) });
            }
        }
    }
    graph.nodes = nodes;
    tokens
}

/// The values that become layers, and whether places are mixed after them: results of activations, and sums of two values, as behind every
/// block, and attention. Values with channels last are such only in networks with attention: others have what they are made of with channels first.
fn chosen(graph: &Graph, shapes: &Shapes) -> BTreeMap<String, (Content, bool)> {
    let links = Links::new(graph);
    if graph.nodes.iter().any(|node| is_product_of_values(node, &links)) {
        let mut spreads = Spreads::new(graph, shapes);
        let places = places(graph, shapes, Some(&mut spreads));
        return chosen_among(&links, shapes, &places, Some(&spreads));
    }
    // A first look has no use for the part of the engine that follows windows.
    chosen_among(&links, shapes, &places(graph, shapes, None), None)
}

/// The same once it is known where the grid lies in each value; how its cells are spread is known in networks with attention.
fn chosen_among(
    links: &Links<'_>,
    shapes: &Shapes,
    places: &BTreeMap<String, Place>,
    spreads: Option<&Spreads<'_>>,
) -> BTreeMap<String, (Content, bool)> {
    let (graph, attends) = (links.graph, spreads.is_some());
    let has_volumes = graph.nodes.iter().any(|node| {
        let is_window = Operator::of(node).is_some_and(|operator| operator.geometry == Geometry::Window);
        is_window && shapes.get(node.output()).is_some_and(|shape| shape.len() == 5)
    });
    if !attends && !has_volumes && !places.values().any(|place| matches!(place, Place::Tokens { .. })) {
        return BTreeMap::new();
    }
    let activations = activations(links);
    let interior: BTreeSet<&String> = activations.values().flat_map(|activation| &activation.interior).collect();
    let last_mixing = graph.nodes.iter().rposition(|node| mixes(node, links, places));
    let mut chosen = BTreeMap::new();
    for (position, node) in graph.nodes.iter().enumerate() {
        let value = node.output();
        let is_followed = last_mixing.is_some_and(|last| last > position);
        if let Some(attention) = attention(node, shapes, places, spreads) {
            chosen.insert(value.to_owned(), (Content::Attention(attention), is_followed));
            continue;
        }
        let is_sum = matches!(node.op.as_str(), "Add" | "Sum") && links.data_inputs(node).count() > 1;
        if !activations.contains_key(value) && (!is_sum || interior.contains(&node.outputs[0])) {
            continue;
        }
        let (place, shape) = (places.get(value), shapes.get(value).map_or(&[][..], Vec::as_slice));
        let is_volume = has_volumes && place == Some(&VOLUME);
        let whole = place.filter(|place| match (place, shape) {
            (Place::Tokens { axis: 1, .. }, [1, _, _]) => true,
            (_, &[1, _, _, height, width]) => is_volume && height * width >= LEAST_CELLS,
            (Place::Axes([1, 2]), &[1, height, width, _]) => attends && height * width >= LEAST_CELLS,
            _ => false,
        });
        let in_blocks = || {
            let spread = spreads?.get(value)?;
            Some(Content::Blocks { parts: spread.blocks()?, grid: spread.grid })
        };
        if let Some(content) = whole.map(|place| Content::Channels(*place)).or_else(in_blocks) {
            chosen.insert(value.to_owned(), (content, is_volume || is_followed));
        }
    }
    chosen
}

/// Whether a node lets places of its input see each other.
fn mixes(node: &Node, links: &Links<'_>, places: &BTreeMap<String, Place>) -> bool {
    let of_places = links.data_inputs(node).any(|input| places.contains_key(input));
    match Operator::of(node).map(|operator| operator.geometry) {
        _ if is_product_of_values(node, links) => true,
        Some(Geometry::Window | Geometry::Whole) => of_places,
        Some(Geometry::Reduced) => of_places && !places.contains_key(node.output()),
        _ => false,
    }
}

/// Whether a node multiplies two computed matrices, as attention does.
fn is_product_of_values(node: &Node, links: &Links<'_>) -> bool {
    matches!(node.op.as_str(), "MatMul" | "Einsum") && links.data_inputs(node).count() > 1
}

/// The place of every value that has one. How the cells of all values are spread is found beside it where it is asked for, and brings places
/// back after windows and where 2×2 cells became one.
fn places(graph: &Graph, shapes: &Shapes, mut spreads: Option<&mut Spreads<'_>>) -> BTreeMap<String, Place> {
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for node in &graph.nodes {
        let Some(operator) = Operator::of(node) else { continue };
        for output in node.outputs.iter().filter(|output| !output.is_empty()) {
            let Some(shape) = shapes.get(output) else { continue };
            let tracker = Tracker { node, shapes, places: &places };
            let mut place = tracker.place(operator, shape).filter(|place| is_in(*place, shape));
            if let Some(spreads) = &mut spreads {
                spreads.add(node, operator, output, place);
                place = place.or_else(|| spreads.get(output)?.whole());
            }
            if let Some(place) = place {
                places.insert(output.clone(), place);
            }
        }
    }
    places
}

/// Whether a value of this shape has room for the place.
fn is_in(place: Place, shape: &[usize]) -> bool {
    match place {
        Place::Axes(axes) => axes.iter().all(|&axis| axis < shape.len()),
        Place::Tokens { axis, grid: [height, width], before, after } => {
            height * width >= LEAST_CELLS && shape.get(axis) == Some(&(height * width + before + after))
        }
    }
}

struct Tracker<'a> {
    node: &'a Node,
    shapes: &'a Shapes,
    places: &'a BTreeMap<String, Place>,
}

impl Tracker<'_> {
    fn input(&self, index: usize) -> Option<(Place, &[usize])> {
        let name = self.node.input(index)?;
        Some((*self.places.get(name)?, self.shapes.get(name)?))
    }

    /// Where the grid lies in a result of this shape.
    fn place(&self, operator: &Operator, shape: &[usize]) -> Option<Place> {
        match operator.geometry {
            // Whatever a window went over are maps.
            Geometry::Window => match shape.len() {
                4 => Some(Place::Axes([2, 3])),
                5 => Some(VOLUME),
                _ => None,
            },
            Geometry::Transpose => {
                let (place, from) = self.input(0)?;
                let order: Vec<usize> = match self.node.ints("perm") {
                    Some(order) => order.iter().map(|&axis| usize::try_from(axis).ok()).collect::<Option<_>>()?,
                    None => (0..from.len()).rev().collect(),
                };
                let moved = |axis: usize| order.iter().position(|&source| source == axis);
                Some(match place {
                    Place::Axes([height, width]) => Place::Axes([moved(height)?, moved(width)?]),
                    Place::Tokens { axis, grid, before, after } => {
                        Place::Tokens { axis: moved(axis)?, grid, before, after }
                    }
                })
            }
            Geometry::Reshaped => self.reshaped(shape),
            Geometry::Sliced => self.sliced(shape),
            Geometry::LastMixed => {
                let (place, from) = self.input(0)?;
                // The rows of a product are those of its first operand, in as many dimensions.
                let last = from.len().checked_sub(1)?;
                let kept = match place {
                    Place::Axes(axes) => !axes.contains(&last),
                    Place::Tokens { axis, .. } => axis != last,
                };
                (kept && shape.len() == from.len()).then_some(place)
            }
            Geometry::Gather => {
                let (place, from) = self.input(0)?;
                // Where one index was taken, its axis is gone.
                let axis = self.node.int("axis").unwrap_or(0);
                let axis = usize::try_from(if axis < 0 { axis + to_i64(from.len()) } else { axis }).ok()?;
                let moved = |own: usize| match own {
                    _ if shape.len() + 1 != from.len() => (own != axis).then_some(own),
                    own if own == axis => None,
                    own => Some(if own > axis { own - 1 } else { own }),
                };
                Some(match place {
                    Place::Axes([height, width]) => Place::Axes([moved(height)?, moved(width)?]),
                    Place::Tokens { axis, grid, before, after } => {
                        Place::Tokens { axis: moved(axis)?, grid, before, after }
                    }
                })
            }
            Geometry::Resized | Geometry::Whole => {
                let (place, _) = self.input(0)?;
                matches!(place, Place::Axes([2, 3]) | VOLUME).then_some(place)
            }
            Geometry::Reduced => {
                let (place, from) = self.input(0)?;
                let is_kept = |axis: usize| shape.len() == from.len() && shape.get(axis) == from.get(axis);
                let axes = match place {
                    Place::Axes(axes) => axes,
                    Place::Tokens { axis, .. } => [axis; 2],
                };
                axes.into_iter().all(is_kept).then_some(place)
            }
            Geometry::Lost => None,
            Geometry::Joined if self.node.op == "Concat" => self.joined_tokens(),
            Geometry::Joined => (0..self.node.inputs.len()).find_map(|index| {
                let (place, from) = self.input(index)?;
                (from.len() == shape.len() && is_in(place, shape)).then_some(place)
            }),
        }
    }

    /// The cells in another shape: two axes become one or the other way round, or an axis stays with all that lies before it.
    fn reshaped(&self, shape: &[usize]) -> Option<Place> {
        let (place, from) = self.input(0)?;
        let before = |shape: &[usize], axis: usize| shape.iter().take(axis).product::<usize>();
        // The axis of the result with this length that has as much before it.
        let found = |first: usize, length: usize| {
            let ahead = before(from, first);
            (0..shape.len()).find(|&axis| shape[axis] == length && before(shape, axis) == ahead)
        };
        match place {
            Place::Axes([height, width]) => {
                let sizes = [*from.get(height)?, *from.get(width)?];
                let stays = [found(height, sizes[0]), found(width, sizes[1])];
                if let [Some(to_height), Some(to_width)] = stays
                    && to_height + 1 == to_width
                    && height + 1 == width
                {
                    return Some(Place::Axes([to_height, to_width]));
                }
                let axis = (height + 1 == width).then(|| found(height, sizes[0] * sizes[1])).flatten()?;
                Some(Place::Tokens { axis, grid: sizes, before: 0, after: 0 })
            }
            Place::Tokens { axis, grid, before: first, after } => {
                if let Some(axis) = found(axis, *from.get(axis)?) {
                    return Some(Place::Tokens { axis, grid, before: first, after });
                }
                let height = found(axis, grid[0]).filter(|_| first == 0 && after == 0)?;
                (shape.get(height + 1) == Some(&grid[1])).then_some(Place::Axes([height, height + 1]))
            }
        }
    }

    /// Other tokens are cut off, or nothing of the grid is.
    fn sliced(&self, shape: &[usize]) -> Option<Place> {
        let (place, from) = self.input(0)?;
        match place {
            Place::Axes(axes) => axes.iter().all(|&axis| shape.get(axis) == from.get(axis)).then_some(place),
            Place::Tokens { axis, grid, before, after } => {
                let length = *shape.get(axis)?;
                let cells = grid[0] * grid[1];
                let place = |before: usize, after: usize| Some(Place::Tokens { axis, grid, before, after });
                match length {
                    _ if length == cells + before + after => place(before, after),
                    _ if length == cells + after => place(0, after),
                    _ if length == cells + before => place(before, 0),
                    _ if length == cells => place(0, 0),
                    _ => None,
                }
            }
        }
    }

    /// Other tokens before or after the grid's, or values joined along another axis.
    fn joined_tokens(&self) -> Option<Place> {
        let along = self.node.int("axis").unwrap_or(0);
        let own = (0..self.node.inputs.len()).find(|&index| self.input(index).is_some())?;
        let (place, from) = self.input(own)?;
        let along = usize::try_from(if along < 0 { along + to_i64(from.len()) } else { along }).ok()?;
        let Place::Tokens { axis, grid, before, after } = place else {
            let Place::Axes(axes) = place else { return None };
            return (!axes.contains(&along)).then_some(place);
        };
        if axis != along {
            return Some(place);
        }
        let length = |name: &String| self.shapes.get(name).and_then(|shape| shape.get(axis)).copied();
        let sum = |names: &[String]| names.iter().map(length).sum::<Option<usize>>();
        let (first, rest) = self.node.inputs.split_at(own);
        let later = rest.get(1..).unwrap_or_default();
        // Two grids along one axis are no grid.
        if later.iter().any(|name| self.places.contains_key(name)) {
            return None;
        }
        let (ahead, behind) = (sum(first)?, sum(later)?);
        Some(Place::Tokens { axis, grid, before: before + ahead, after: after + behind })
    }
}

/// Nodes being added behind a value.
struct LayOut<'a> {
    graph: &'a mut Graph,
    shapes: &'a mut Shapes,
    nodes: &'a mut Vec<Node>,
    taken: &'a mut BTreeSet<String>,
}

impl LayOut<'_> {
    /// The maps of a value, and the value made of them again.
    fn there_and_back(&mut self, value: &str, place: Place) -> (String, String) {
        let shape = self.shapes.get(value).cloned().unwrap_or_default();
        let channels = shape.last().copied().unwrap_or(0);
        match place {
            VOLUME => {
                let [slices, height, width] = [2, 3, 4].map(|axis| shape.get(axis).copied().unwrap_or(0));
                let count = shape.get(1).copied().unwrap_or(0) * slices;
                let maps = self.reshaped(value, value, "maps", vec![1, count, height, width]);
                let again = self.reshaped(&maps, value, "again", shape);
                (maps, again)
            }
            Place::Axes(_) => {
                let [height, width] = [1, 2].map(|axis| shape.get(axis).copied().unwrap_or(0));
                let maps = self.transposed(value, value, "maps", &[0, 3, 1, 2], vec![1, channels, height, width]);
                let again = self.transposed(&maps, value, "again", &[0, 2, 3, 1], shape);
                (maps, again)
            }
            Place::Tokens { grid: [height, width], before, after, .. } => {
                let cells = height * width;
                let part = |from: usize, to: usize| [to_i64(from), to_i64(to)];
                let patches = match (before, after) {
                    (0, 0) => value.to_owned(),
                    _ => self.sliced(value, value, "patches", 1, part(before, before + cells)),
                };
                let rows = self.transposed(&patches, value, "rows", &[0, 2, 1], vec![1, channels, cells]);
                let maps = self.reshaped(&rows, value, "maps", vec![1, channels, height, width]);
                let rows = self.reshaped(&maps, value, "rows", vec![1, channels, cells]);
                let again = self.transposed(&rows, value, "again", &[0, 2, 1], vec![1, cells, channels]);
                if before + after == 0 {
                    return (maps, again);
                }
                let mut parts = Vec::new();
                if before > 0 {
                    parts.push(self.sliced(value, value, "first", 1, part(0, before)));
                }
                parts.push(again);
                if after > 0 {
                    let last = before + cells;
                    parts.push(self.sliced(value, value, "last", 1, part(last, last + after)));
                }
                let again = self.joined(&parts, value, "tokens", 1, shape);
                (maps, again)
            }
        }
    }

    fn transposed(&mut self, input: &str, value: &str, suffix: &str, order: &[i64], shape: Vec<usize>) -> String {
        let node = Node::new("Transpose", &[input], "").with("perm", Attribute::Ints(order.to_vec()));
        self.add(node, value, suffix, shape)
    }

    /// The shape of a value.
    fn shape(&self, value: &str) -> Vec<usize> {
        self.shapes.get(value).cloned().unwrap_or_default()
    }

    /// The name of an input of this shape.
    fn given(&mut self, value: &str, suffix: &str, shape: Vec<usize>) -> String {
        let name = self.free(&format!("{value}/{suffix}"));
        self.shapes.insert(name.clone(), shape);
        name
    }

    fn floats(&mut self, value: &str, suffix: &str, shape: Vec<usize>, floats: Vec<f32>) -> String {
        let name = self.free(&format!("{value}/{suffix}"));
        self.graph.constants.insert(name.clone(), Constant::floats(shape, floats));
        name
    }

    /// Values joined along an axis; one alone stays as it is.
    fn joined(&mut self, parts: &[String], value: &str, suffix: &str, axis: usize, shape: Vec<usize>) -> String {
        if let [part] = parts {
            return part.clone();
        }
        let inputs: Vec<&str> = parts.iter().map(String::as_str).collect();
        let node = Node::new("Concat", &inputs, "").with("axis", Attribute::Int(to_i64(axis)));
        self.add(node, value, suffix, shape)
    }

    fn reshaped(&mut self, input: &str, value: &str, suffix: &str, shape: Vec<usize>) -> String {
        let sizes = shape.iter().map(|&size| to_i64(size)).collect();
        let target = self.constant(value, "shape", sizes);
        self.add(Node::new("Reshape", &[input, &target], ""), value, suffix, shape)
    }

    /// What lies from the first to before the last of a range along an axis. From operator set 10 on its ends are inputs.
    fn sliced(&mut self, input: &str, value: &str, suffix: &str, axis: usize, [first, last]: [i64; 2]) -> String {
        let mut shape = self.shape(input);
        if let Some(length) = shape.get_mut(axis) {
            *length = usize::try_from(last - first).unwrap_or(0);
        }
        let axis = to_i64(axis);
        let ints = |number: i64| Attribute::Ints(vec![number]);
        let node = if self.graph.opset() < 10 {
            let ends = Node::new("Slice", &[input], "").with("starts", ints(first)).with("ends", ints(last));
            ends.with("axes", ints(axis))
        } else {
            let inputs = [first, last, axis].map(|number| self.constant(value, "range", vec![number]));
            Node::new("Slice", &[input, &inputs[0], &inputs[1], &inputs[2]], "")
        };
        self.add(node, value, suffix, shape)
    }

    fn constant(&mut self, value: &str, suffix: &str, integers: Vec<i64>) -> String {
        let name = self.free(&format!("{value}/{suffix}"));
        self.graph.constants.insert(name.clone(), Constant::integers(vec![integers.len()], integers));
        name
    }

    fn add(&mut self, mut node: Node, value: &str, suffix: &str, shape: Vec<usize>) -> String {
        let name = self.free(&format!("{value}/{suffix}"));
        node.outputs = vec![name.clone()];
        node.name.clone_from(&name);
        self.shapes.insert(name.clone(), shape);
        self.nodes.push(node);
        name
    }

    fn free(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        while !self.taken.insert(name.clone()) {
            name.push('\'');
        }
        name
    }
}
