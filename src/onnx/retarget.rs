//! A graph for another size of the picture than its file was written for.
//!
//! Shapes follow the picture by themselves, but not the sizes that an exporter has written out: the target of a Reshape or Expand,
//! the sizes of a Resize, the end of a Slice, a pooling window as large as its map, pads that were computed for one size. What a
//! written size stands for is found by settling the graph at the file's own size, at a picture twice as high and at one twice as
//! wide: a length that grows with the height is one of the height, and what is made of such lengths is made of them anew.

mod factors;
mod windows;

use std::collections::BTreeMap;

use self::factors::{Dimensions, refactored};
use super::graph::{Attribute, Constant, Graph, Node, to_i64};
use super::shapes::{Elements, ShapeError, Value, Walk};

/// The shape of each input by its name.
pub type Inputs = BTreeMap<String, Vec<usize>>;

/// How much of what a file has written out is written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freedom {
    /// Nothing.
    None,
    /// Sizes.
    Sizes,
    /// Sizes, and pads that make a window with a stride give ⌈size / stride⌉ ("SAME").
    SizesAndPads,
}

/// Which lengths of a value grow with the height and with the width of the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Growth {
    height: bool,
    width: bool,
}

impl Growth {
    fn none(self) -> bool {
        !self.height && !self.width
    }
}

/// For heights and widths of maps at the file's size, what they are at another.
type Lengths = [BTreeMap<usize, usize>; 2];

/// The file's own size, two pictures that tell height and width apart, and what is wanted.
const OWN: usize = 0;
const HIGHER: usize = 1;
const WIDER: usize = 2;
const WANTED: usize = 3;

/// The same graph for inputs of the shapes `wanted`, written for those of `own`; `axes` are those of height and width of the inputs.
///
/// # Errors
/// [`ShapeError`] where the graph takes no pictures of that size, whatever is written anew.
pub fn retarget(
    graph: &Graph,
    own: &Inputs,
    wanted: &Inputs,
    axes: [usize; 2],
    freedom: Freedom,
) -> Result<Graph, ShapeError> {
    if freedom == Freedom::None || own == wanted {
        return Ok(graph.clone());
    }
    let grown = |axis: usize| {
        let mut inputs = own.clone();
        for length in inputs.values_mut().filter_map(|shape| shape.get_mut(axis)) {
            *length = length.saturating_mul(2);
        }
        inputs
    };
    let walks = [
        Walk::new(graph, own)?,
        Walk::new(graph, &grown(axes[0]))?,
        Walk::new(graph, &grown(axes[1]))?,
        Walk::new(graph, wanted)?,
    ];
    let mut retarget = Retarget { walks, lengths: Default::default(), freedom, constants: BTreeMap::new() };
    for input in &graph.inputs {
        retarget.learn(&input.name);
    }
    let nodes = graph.nodes.iter().map(|node| retarget.node(node)).collect::<Result<_, _>>()?;
    let Retarget { constants: added, .. } = retarget;
    let mut constants = graph.constants.clone();
    constants.extend(added);
    Ok(Graph { nodes, constants, ..graph.clone() })
}

struct Retarget<'a> {
    walks: [Walk<'a>; 4],
    lengths: [Lengths; 4],
    freedom: Freedom,
    /// Of the wanted graph.
    constants: BTreeMap<String, Constant>,
}

/// A change of one node for one of the sizes.
enum Change {
    /// An input's integers or floats.
    Input(usize, Constant),
    Attribute(&'static str, Attribute),
}

impl Retarget<'_> {
    /// The node for the wanted size.
    fn node(&mut self, node: &Node) -> Result<Node, ShapeError> {
        self.walks[OWN].step(node)?;
        let mut found = node.clone();
        for size in [HIGHER, WIDER, WANTED] {
            let mut changed = node.clone();
            for change in self.changes(node, size) {
                match change {
                    Change::Attribute(name, value) => changed = changed.with(name, value),
                    Change::Input(index, constant) => {
                        let name = format!("{}/input {index} at another size", node.output());
                        let known = &mut self.walks[size].known;
                        known.shapes.insert(name.clone(), constant.shape.clone());
                        if let Some(value) = Value::from_constant(&constant) {
                            known.values.insert(name.clone(), value);
                        }
                        if size == WANTED {
                            self.constants.insert(name.clone(), constant);
                        }
                        changed.inputs[index] = name;
                    }
                }
            }
            self.walks[size].step(&changed)?;
            found = changed;
        }
        for output in &node.outputs {
            self.learn(output);
        }
        Ok(found)
    }

    fn shape(&self, size: usize, name: &str) -> &[usize] {
        self.walks[size].known.shapes.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Which lengths of a value grow with the picture.
    fn growth(&self, name: &str) -> Vec<Growth> {
        let [own, higher, wider] = [OWN, HIGHER, WIDER].map(|size| self.shape(size, name));
        let differs = |other: &[usize], axis: usize, length: usize| other.get(axis).is_some_and(|&it| it != length);
        let growth = |(axis, &length): (usize, &usize)| Growth {
            height: differs(higher, axis, length),
            width: differs(wider, axis, length),
        };
        own.iter().enumerate().map(growth).collect()
    }

    /// Remembers what the heights and widths of a value become.
    fn learn(&mut self, name: &str) {
        for (axis, growth) in self.growth(name).into_iter().enumerate() {
            let kind = match (growth.height, growth.width) {
                (true, false) => 0,
                (false, true) => 1,
                _ => continue,
            };
            let own = self.shape(OWN, name)[axis];
            for size in [HIGHER, WIDER, WANTED] {
                if let Some(&length) = self.shape(size, name).get(axis) {
                    self.lengths[size][kind].insert(own, length);
                }
            }
        }
    }

    fn changes(&self, node: &Node, size: usize) -> Vec<Change> {
        if !matches!(node.domain.as_str(), "" | "ai.onnx") {
            return Vec::new();
        }
        let change = match node.op.as_str() {
            "Reshape" => self.reshape(node, size),
            "Expand" => self.expand(node, size),
            "Tile" => self.tile(node, size),
            "Resize" | "Upsample" => self.resize(node, size),
            "Slice" => return self.slice(node, size).unwrap_or_default(),
            "Conv" | "AveragePool" | "LpPool" | "MaxPool" => return self.window(node, size).unwrap_or_default(),
            _ => None,
        };
        change.into_iter().collect()
    }

    /// The elements of an input that the file has written out: they are the same at this size as at the file's own.
    fn written(&self, node: &Node, index: usize, size: usize) -> Option<Elements> {
        let name = node.input(index)?;
        let value = self.walks[OWN].value(name)?;
        (self.walks[size].value(name)? == value).then(|| value.into_owned().elements)
    }

    fn integers(&self, node: &Node, index: usize, size: usize) -> Option<Vec<i64>> {
        match self.written(node, index, size)? {
            Elements::Int(integers) => Some(integers),
            Elements::Float(_) => None,
        }
    }

    fn floats(&self, node: &Node, index: usize, size: usize) -> Option<Vec<f32>> {
        match self.written(node, index, size)? {
            Elements::Float(floats) => Some(floats),
            Elements::Int(_) => None,
        }
    }

    fn reshape(&self, node: &Node, size: usize) -> Option<Change> {
        let input = node.input(0)?;
        let attribute = node.ints("shape").is_some();
        if !attribute {
            self.integers(node, 1, size)?;
        }
        let dimensions = Dimensions {
            own: self.shape(OWN, input),
            growth: &self.growth(input),
            now: self.shape(size, input),
            lengths: &self.lengths[size],
        };
        let shape = refactored(&dimensions, self.shape(OWN, node.output()))?;
        let shape: Vec<i64> = shape.into_iter().map(to_i64).collect();
        Some(if attribute {
            Change::Attribute("shape", Attribute::Ints(shape))
        } else {
            Change::Input(1, Constant::integers(vec![shape.len()], shape))
        })
    }

    /// What a length of a result becomes that the input has as 1: height and width are the last two axes.
    fn spread(&self, rank: usize, axis: usize, own: usize, size: usize) -> Option<usize> {
        let kind = (axis + 2).checked_sub(rank)?;
        self.lengths[size].get(kind)?.get(&own).copied()
    }

    fn expand(&self, node: &Node, size: usize) -> Option<Change> {
        let mut target = self.integers(node, 1, size)?;
        let (own, now) = (self.shape(OWN, node.input(0)?), self.shape(size, node.input(0)?));
        let rank = target.len();
        for (axis, length) in target.iter_mut().enumerate() {
            let written = usize::try_from(*length).ok()?;
            // The axes of the input are the last ones of the target.
            let given =
                (axis + own.len()).checked_sub(rank).and_then(|place| Some((*own.get(place)?, *now.get(place)?)));
            let becomes = match given {
                Some((before, after)) if before == written => Some(after),
                Some((1, _)) | None if written > 1 => self.spread(rank, axis, written, size),
                _ => None,
            };
            *length = to_i64(becomes.unwrap_or(written));
        }
        Some(Change::Input(1, Constant::integers(vec![rank], target)))
    }

    fn tile(&self, node: &Node, size: usize) -> Option<Change> {
        let mut repeats = self.integers(node, 1, size)?;
        let own = self.shape(OWN, node.input(0)?);
        let rank = repeats.len();
        for (axis, times) in
            repeats.iter_mut().enumerate().filter(|(axis, times)| own.get(*axis) == Some(&1) && **times > 1)
        {
            let becomes = self.spread(rank, axis, usize::try_from(*times).ok()?, size);
            *times = becomes.map_or(*times, to_i64);
        }
        Some(Change::Input(1, Constant::integers(vec![rank], repeats)))
    }

    /// Sizes that are written out follow the input, or the maps of before that had these sizes; scales only where they spread a
    /// single cell over a whole map.
    fn resize(&self, node: &Node, size: usize) -> Option<Change> {
        let input = node.input(0)?;
        let (own, now, result) = (self.shape(OWN, input), self.shape(size, input), self.shape(OWN, node.output()));
        let growth = self.growth(input);
        let rank = own.len();
        let becomes = |axis: usize| -> Option<usize> {
            let (own, now, result) = (*own.get(axis)?, *now.get(axis)?, *result.get(axis)?);
            let growth = growth.get(axis)?;
            if own == result && !growth.none() {
                return Some(now);
            }
            let spread = || self.spread(rank, axis, result, size);
            if growth.none() {
                return if own == 1 && result > 1 { spread() } else { Some(result) };
            }
            spread().or_else(|| Some(now.checked_mul(result)?.checked_add(own / 2)? / own))
        };
        let axes = match node.ints("axes") {
            Some(list) => list
                .iter()
                .map(|&axis| usize::try_from(if axis < 0 { axis + to_i64(rank) } else { axis }).ok())
                .collect::<Option<Vec<_>>>()?,
            None => (0..rank).collect(),
        };
        if let Some(sizes) = self.integers(node, 3, size) {
            let sizes: Vec<i64> =
                axes.iter().zip(sizes).map(|(&axis, written)| becomes(axis).map_or(written, to_i64)).collect();
            return Some(Change::Input(3, Constant::integers(vec![sizes.len()], sizes)));
        }
        let index = if node.input(2).is_some() { 2 } else { 1 };
        let scales = self.floats(node, index, size).filter(|scales| !scales.is_empty())?;
        let scaled = |(&axis, scale): (&usize, f32)| match becomes(axis) {
            Some(length) if own.get(axis) == Some(&1) && growth.get(axis).is_some_and(|growth| growth.none()) => {
                length as f32
            }
            _ => scale,
        };
        let scales: Vec<f32> = axes.iter().zip(scales).map(scaled).collect();
        Some(Change::Input(index, Constant::floats(vec![scales.len()], scales)))
    }

    /// What is counted from the end in truth is so at every size: an end that is the length, or a place in the second half.
    fn slice(&self, node: &Node, size: usize) -> Option<Vec<Change>> {
        let input = node.input(0)?;
        let (own, now) = (self.shape(OWN, input), self.shape(size, input));
        let growth = self.growth(input);
        let read = |name: &str, index: usize| {
            node.ints(name).map(<[i64]>::to_vec).or_else(|| self.integers(node, index, size))
        };
        let starts = read("starts", 1)?;
        let axes = read("axes", 3).unwrap_or_else(|| (0..to_i64(starts.len())).collect());
        let becomes = |axis: i64, written: i64| -> Option<i64> {
            let axis = usize::try_from(if axis < 0 { axis + to_i64(own.len()) } else { axis }).ok()?;
            let (own, now) = (to_i64(*own.get(axis)?), to_i64(*now.get(axis)?));
            let grows = !growth.get(axis)?.none();
            let from_end = grows && (1..=own).contains(&written) && 2 * written > own;
            from_end.then(|| now - (own - written))
        };
        let change = |name: &'static str, index: usize, written: Vec<i64>| {
            let places: Vec<i64> =
                axes.iter().zip(written).map(|(&axis, place)| becomes(axis, place).unwrap_or(place)).collect();
            if node.ints(name).is_some() {
                Change::Attribute(name, Attribute::Ints(places))
            } else {
                Change::Input(index, Constant::integers(vec![places.len()], places))
            }
        };
        let mut changes = vec![change("starts", 1, starts)];
        if let Some(ends) = read("ends", 2) {
            changes.push(change("ends", 2, ends));
        }
        Some(changes)
    }
}

#[cfg(test)]
mod tests;
