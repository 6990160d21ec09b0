//! Where the elements of each value lie on the picture: which axes are height and width, how far apart neighbours are
//! (stride) and how much of the picture one element sees (receptive field), both in pixels.
//!
//! Joins take the maximum of their paths. An operand that is 1×1 where the result is larger (the gate of
//! squeeze-and-excite, a mean that is subtracted) is left out of the maximum: it sees the whole picture, but says the
//! same for every element. Padding does not count, so a receptive field can be larger than the picture.

use std::collections::BTreeMap;

use super::tokens::Tokens;
use crate::onnx::graph::{Graph, Node};
use crate::onnx::operator::{self, Operator};
use crate::onnx::shapes::Shapes;

/// How a value lies on the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Geometry {
    /// The axes that are height and width.
    pub axes: [usize; 2],
    /// Pixels between neighbours along height and width; below 1 where a value is finer than the picture.
    pub stride: [f64; 2],
    /// Pixels along height and width that can change an element.
    pub field: [f64; 2],
}

/// The geometry of every value that has a height and a width. Cells of tokens see all of the picture, since attention lets them; of a volume
/// height and width are the last two axes.
pub(crate) fn geometries(graph: &Graph, shapes: &Shapes, tokens: &Tokens) -> BTreeMap<String, Geometry> {
    let mut map = Map { shapes, known: BTreeMap::new(), picture: [1.0; 2] };
    for input in &graph.inputs {
        if let Some(axes) = shapes.get(&input.name).and_then(|shape| picture_axes(shape)) {
            let geometry = Geometry { axes, stride: [1.0; 2], field: [1.0; 2] };
            let size = map.size(&input.name, geometry.axes);
            map.picture = [0, 1].map(|side| map.picture[side].max(size[side]));
            map.known.insert(input.name.clone(), geometry);
        }
    }
    for node in &graph.nodes {
        let sees_all = tokens.get(node.output()).is_some_and(|maps| maps.slices.is_none());
        if let Some(geometry) = if sees_all { map.unknown(node.output()) } else { map.of_node(node) } {
            for output in node.outputs.iter().filter(|output| !output.is_empty()) {
                // Outputs of another rank, such as the mask of a Dropout that is not there, have none.
                if shapes.get(output).is_some_and(|shape| geometry.axes.iter().all(|&axis| axis < shape.len())) {
                    map.known.insert(output.clone(), geometry);
                }
            }
        }
    }
    map.known
}

/// Height and width of a graph input: channels come first unless only the last dimension looks like channels.
pub(super) fn picture_axes(shape: &[usize]) -> Option<[usize; 2]> {
    let channels = |length: usize| matches!(length, 1 | 3 | 4);
    match *shape {
        [_, second, _, last] => Some(if channels(last) && !channels(second) { [1, 2] } else { [2, 3] }),
        [first, _, last] => Some(if channels(last) && !channels(first) { [0, 1] } else { [1, 2] }),
        _ => None,
    }
}

struct Map<'a> {
    shapes: &'a Shapes,
    known: BTreeMap<String, Geometry>,
    /// Height and width of the picture.
    picture: [f64; 2],
}

impl Map<'_> {
    fn size(&self, value: &str, axes: [usize; 2]) -> [f64; 2] {
        let shape = self.shapes.get(value).map_or(&[][..], Vec::as_slice);
        axes.map(|axis| shape.get(axis).map_or(1.0, |&length| length as f64))
    }

    fn shape(&self, value: Option<&str>) -> Option<&[usize]> {
        self.shapes.get(value?).map(Vec::as_slice)
    }

    fn of_node(&self, node: &Node) -> Option<Geometry> {
        let first = node.input(0).and_then(|input| self.known.get(input)).copied();
        match Operator::of(node).map_or(operator::Geometry::Joined, |operator| operator.geometry) {
            operator::Geometry::Window => {
                let geometry = first.or_else(|| self.unknown(node.input(0)?))?;
                let rank = self.shape(node.input(0))?.len();
                let last = matches!(rank, 4 | 5).then(|| [rank - 2, rank - 1]);
                if Some(geometry.axes) == last { self.windowed(node, geometry) } else { None }
            }
            operator::Geometry::Whole => Some(self.whole(node, first?)),
            operator::Geometry::Transpose => {
                let order: Vec<usize> = match node.ints("perm") {
                    Some(order) => order.iter().map(|&axis| usize::try_from(axis)).collect::<Result<_, _>>().ok()?,
                    None => (0..self.shape(node.input(0))?.len()).rev().collect(),
                };
                let [height, width] = first?.axes.map(|axis| order.iter().position(|&source| source == axis));
                Some(Geometry { axes: [height?, width?], ..first? })
            }
            operator::Geometry::Reshaped => self.reshaped(node, first?),
            operator::Geometry::Resized => self.resized(node, first?),
            operator::Geometry::Sliced => Some(self.sliced(node, first?)),
            operator::Geometry::LastMixed => {
                // A product with a matrix of weights mixes the last axis only.
                let rank = self.shape(node.input(0))?.len();
                first.filter(|geometry| !geometry.axes.contains(&(rank - 1)))
            }
            operator::Geometry::Reduced => self.reduced(node, first?),
            operator::Geometry::Gather => {
                // A channel picked by one index takes its axis along, a list of indices keeps it.
                let axis = node.int("axis").unwrap_or(0);
                let rank = self.shape(node.input(0))?.len();
                let axis = usize::try_from(if axis < 0 { axis.saturating_add(rank as i64) } else { axis }).ok()?;
                let indices = self.shape(node.input(1))?.len();
                let moved = first?.axes.map(|own| if own > axis { own + indices - 1 } else { own });
                (!first?.axes.contains(&axis)).then_some(Geometry { axes: moved, ..first? })
            }
            operator::Geometry::Lost => None,
            operator::Geometry::Joined => self.joined(node),
        }
    }

    /// A value that goes into a Conv has channels, height and width, even if it was lost how they lie on the picture:
    /// then every element is said to see all of it.
    fn unknown(&self, value: &str) -> Option<Geometry> {
        let rank = self.shapes.get(value)?.len();
        let axes = matches!(rank, 4 | 5).then(|| [rank - 2, rank - 1])?;
        let size = self.size(value, axes);
        let stride = [0, 1].map(|side| self.picture[side] / size[side].max(1.0));
        Some(Geometry { axes, stride, field: self.picture })
    }

    fn windowed(&self, node: &Node, from: Geometry) -> Option<Geometry> {
        let kernel: Vec<usize> = match node.op.as_str() {
            "Conv" | "ConvTranspose" | "DeformConv" => self.shape(node.input(1))?.get(2..)?.to_vec(),
            _ => node.ints("kernel_shape")?.iter().map(|&length| usize::try_from(length).unwrap_or(1)).collect(),
        };
        // Before those of height and width stands the depth's number, if there is one.
        let first = from.axes[0] - 2;
        let number = |name: &str, side: usize| {
            node.ints(name).and_then(|list| list.get(first + side)).map_or(1.0, |&number| number as f64)
        };
        let mut to = from;
        for side in [0, 1] {
            let (stride, dilation) = (number("strides", side), number("dilations", side));
            let reach = (*kernel.get(first + side)? as f64 - 1.0) * dilation;
            if node.op == "ConvTranspose" {
                to.stride[side] = from.stride[side] / stride;
                to.field[side] = from.field[side] + (reach / stride).floor() * from.stride[side];
            } else {
                to.stride[side] = from.stride[side] * stride;
                to.field[side] = from.field[side] + reach * from.stride[side];
            }
        }
        Some(to)
    }

    /// One window over everything.
    fn whole(&self, node: &Node, from: Geometry) -> Geometry {
        let size = node.input(0).map_or([1.0; 2], |input| self.size(input, from.axes));
        let mut to = from;
        for side in [0, 1] {
            to.stride[side] = from.stride[side] * size[side];
            to.field[side] = (from.field[side] + (size[side] - 1.0) * from.stride[side]).max(self.picture[side]);
        }
        to
    }

    /// Reduced over both axes it is a global pooling; over neither, the axes may move.
    fn reduced(&self, node: &Node, from: Geometry) -> Option<Geometry> {
        let input = self.shape(node.input(0))?;
        let output = self.shapes.get(node.output())?;
        let whole = self.whole(node, from);
        if output.len() == input.len() {
            let gone = from.axes.map(|axis| output[axis] != input[axis]);
            return Some(if gone == [true, true] || output.iter().all(|&length| length == 1) {
                whole
            } else if gone == [false, false] {
                from
            } else {
                let pick =
                    |pair: [f64; 2], all: [f64; 2]| [0, 1].map(|side| if gone[side] { all[side] } else { pair[side] });
                Geometry { stride: pick(from.stride, whole.stride), field: pick(from.field, whole.field), ..from }
            });
        }
        self.reshaped(node, from)
    }

    /// The axes of the result that hold the same rows and columns, if there are any.
    fn reshaped(&self, node: &Node, from: Geometry) -> Option<Geometry> {
        let (input, output) = (self.shape(node.input(0))?, self.shapes.get(node.output())?);
        let same = |axis: usize, other: usize| {
            let around = |shape: &[usize], axis: usize| {
                [&shape[..axis], &shape[axis + 1..]].map(|part| part.iter().product::<usize>())
            };
            input[axis] == output[other] && around(input, axis) == around(output, other)
        };
        let [height, width] = from.axes;
        if height >= input.len() || width >= input.len() {
            return None;
        }
        let axes = (0..output.len()).filter(|&axis| same(height, axis)).flat_map(|first| {
            (0..output.len())
                .filter(move |&second| second != first && same(width, second))
                .map(move |second| [first, second])
        });
        // Where dimensions of 1 leave a choice, the axes that keep their distance from the end are meant.
        let moved = |axes: &[usize; 2]| {
            let distance = |shape: &[usize], axis: usize| shape.len() - axis;
            let change = |from: usize, to: usize| distance(input, from).abs_diff(distance(output, to));
            change(height, axes[0]) + change(width, axes[1])
        };
        axes.filter(|[first, second]| (first < second) == (height < width))
            .min_by_key(moved)
            .map(|axes| Geometry { axes, ..from })
    }

    fn resized(&self, node: &Node, from: Geometry) -> Option<Geometry> {
        let (input, output) = (self.size(node.input(0)?, from.axes), self.size(node.output(), from.axes));
        // Linear interpolation reads two elements, cubic four.
        let neighbours = match node.text("mode") {
            Some("linear") => 1.0,
            Some("cubic") => 3.0,
            _ => 0.0,
        };
        let mut to = from;
        for side in [0, 1] {
            let factor = input[side] / output[side].max(1.0);
            to.stride[side] = from.stride[side] * factor;
            to.field[side] += match node.op.as_str() {
                "SpaceToDepth" => (factor - 1.0) * from.stride[side],
                _ => neighbours * from.stride[side],
            };
        }
        Some(to)
    }

    /// A step along an axis spreads the elements.
    fn sliced(&self, node: &Node, from: Geometry) -> Geometry {
        let (Some(input), Some(output)) = (node.input(0), Some(node.output())) else { return from };
        let (before, after) = (self.size(input, from.axes), self.size(output, from.axes));
        let mut to = from;
        for side in [0, 1] {
            // A Slice by a step of 2 or more leaves the n-th part; a crop of that very size is not told apart from it,
            // which matters little, since exporters slice feature maps by steps and pictures by crops.
            let step = (before[side] / after[side].max(1.0)).round();
            if step >= 2.0 && (before[side] / step).ceil() == after[side] && node.inputs.len() > 4 {
                to.stride[side] *= step;
            }
        }
        to
    }

    /// Elementwise operators, Concat, Split, Pad and the like: aligned at the last axis.
    fn joined(&self, node: &Node) -> Option<Geometry> {
        let output = self.shapes.get(node.output())?;
        let mut joined: Option<Geometry> = None;
        let mut pooled: Option<Geometry> = None;
        for input in node.inputs.iter().filter(|input| !input.is_empty()) {
            let (Some(geometry), Some(shape)) = (self.known.get(input), self.shapes.get(input)) else { continue };
            let Some(shift) = output.len().checked_sub(shape.len()) else { continue };
            let geometry = Geometry { axes: geometry.axes.map(|axis| axis + shift), ..*geometry };
            let is_gate = self.size(input, geometry.axes.map(|axis| axis - shift)) == [1.0; 2]
                && self.size(node.output(), geometry.axes) != [1.0; 2];
            let target = if is_gate { &mut pooled } else { &mut joined };
            *target = Some(match *target {
                Some(other) if other.axes == geometry.axes => Geometry {
                    axes: other.axes,
                    stride: [0, 1].map(|side| other.stride[side].max(geometry.stride[side])),
                    field: [0, 1].map(|side| other.field[side].max(geometry.field[side])),
                },
                Some(other) => other,
                None => geometry,
            });
        }
        joined.or(pooled)
    }
}
