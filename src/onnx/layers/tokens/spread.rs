//! How the cells of a grid are spread over the axes of a value whose rows and columns were taken apart, as windows are made of them: each
//! axis is a product of parts, and each part counts rows, columns or something else. Reshape and Transpose group the parts in another way;
//! Slice, Concat, Gather and Pad choose rows and columns, as the shift of every other block does. So it stays known where each cell lies.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::geometry::picture_axes;
use super::{LEAST_CELLS, Place};
use crate::onnx::graph::{Graph, Node, to_i64};
use crate::onnx::operator::{Geometry, Operator};
use crate::onnx::shapes::{Context, Known, Shapes, pad_amounts, permutation, reduced_axes, slice_ranges};

/// Longer sides are not followed: they are no grid of patches, and each row and column takes memory.
const LONGEST_SIDE: usize = 8192;

/// What a part of an axis counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Rows (0) or columns (1).
    Side(usize),
    /// The cells that are attended to, in the order of those that attend.
    Attended,
    Other,
}

/// A factor of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub of: Of,
    pub length: usize,
    /// So many rows or columns lie between one and the next.
    pub step: usize,
}

/// Rows or columns as the parts count them: which of the grid's each one is, and nothing for what was put around them.
pub(super) type Side = Rc<Vec<Option<usize>>>;

/// Where the cells of a grid lie in a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spread {
    /// The parts of each axis, that of the largest steps first; none for an axis of length 1.
    axes: Vec<Vec<Part>>,
    pub sides: [Side; 2],
    /// Rows and columns of the grid.
    pub grid: [usize; 2],
}

/// An axis that has nothing to do with the grid.
fn others(length: usize) -> Vec<Part> {
    if length == 1 { Vec::new() } else { vec![Part { of: Of::Other, length, step: 1 }] }
}

/// All rows or columns in their order.
fn all(length: usize) -> Side {
    Rc::new((0..length).map(Some).collect())
}

/// An axis with neighbouring parts made one where they count on.
fn merged(axis: Vec<Part>) -> Vec<Part> {
    let mut merged: Vec<Part> = Vec::new();
    for part in axis.into_iter().filter(|part| part.length != 1) {
        match merged.last_mut() {
            Some(last) if last.of == Of::Other && part.of == Of::Other => last.length *= part.length,
            Some(last)
                if matches!(part.of, Of::Side(_)) && last.of == part.of && last.step == part.step * part.length =>
            {
                last.length *= part.length;
                last.step = part.step;
            }
            _ => merged.push(part),
        }
    }
    merged
}

impl Spread {
    /// Of a value whose rows and columns are whole.
    fn of(place: Place, shape: &[usize]) -> Option<Self> {
        let (grid, places) = match place {
            Place::Axes(axes) => ([*shape.get(axes[0])?, *shape.get(axes[1])?], [vec![axes[0]], vec![axes[1]]]),
            Place::Tokens { axis, grid, before: 0, after: 0 } => (grid, [vec![axis], vec![axis]]),
            Place::Tokens { .. } => return None,
        };
        let axis = |(axis, &length): (usize, &usize)| {
            let sides = [0, 1].into_iter().filter(|&side| places[side].contains(&axis));
            let parts: Vec<Part> = sides.map(|side| Part { of: Of::Side(side), length: grid[side], step: 1 }).collect();
            if parts.is_empty() { others(length) } else { merged(parts) }
        };
        let axes = shape.iter().enumerate().map(axis).collect();
        let fits = grid[0] * grid[1] >= LEAST_CELLS && grid.into_iter().all(|length| length <= LONGEST_SIDE);
        fits.then(|| Self { axes, sides: grid.map(all), grid })
    }

    /// Where the grid lies, if it is whole again.
    pub fn whole(&self) -> Option<Place> {
        if self.sides != self.grid.map(all) {
            return None;
        }
        let whole = |side: usize| Part { of: Of::Side(side), length: self.grid[side], step: 1 };
        let place = |parts: &[Part]| self.axes.iter().position(|axis| axis == parts);
        if let Some(axis) = place(&[whole(0), whole(1)]) {
            return Some(Place::Tokens { axis, grid: self.grid, before: 0, after: 0 });
        }
        let [height, width] = [place(&[whole(0)])?, place(&[whole(1)])?];
        (height + 1 == width).then_some(Place::Axes([height, width]))
    }

    /// The parts of a token's row: of all axes but that of the tokens that attend.
    ///
    /// The last axis has the order of the one before it, so these are the parts of all axes but the last.
    pub fn parts(&self) -> Vec<Part> {
        self.axes.split_last().map_or(Vec::new(), |(_, axes)| axes.concat())
    }

    /// The parts of all axes but the last, that of the channels, where these count each cell of the grid once, nothing lies around it, and nothing is
    /// moved within a side: what moving axes alone puts back.
    pub fn blocks(&self) -> Option<Vec<Part>> {
        let (channels, _) = self.axes.split_last()?;
        let parts = self.parts();
        let counts_once = |side: usize| {
            let mut own: Vec<&Part> = parts.iter().filter(|part| part.of == Of::Side(side)).collect();
            own.sort_unstable_by_key(|part| part.step);
            let count = own.into_iter().try_fold(1, |count, part| (part.step == count).then_some(count * part.length));
            count == Some(self.grid[side]) && self.sides[side] == all(self.grid[side])
        };
        let are_cells = parts.iter().all(|part| matches!(part.of, Of::Side(_)));
        let are_channels = channels.iter().all(|part| part.of == Of::Other);
        (are_cells && are_channels && counts_once(0) && counts_once(1)).then_some(parts)
    }

    /// Whether it is what cells attend to in an attention, of which each cell has a row.
    pub fn is_attention(&self) -> bool {
        let [heads @ .., attending, attended] = &self.axes[..] else { return false };
        let counts_cells = |part: &Part| matches!(part.of, Of::Side(_));
        let counts_attended = |part: &Part| part.of == Of::Attended;
        let lengths = |side: usize| {
            let parts = self.parts().into_iter().filter(move |part| part.of == Of::Side(side));
            parts.map(|part| part.length).product::<usize>()
        };
        let is_once = |side: usize| {
            let mut found: Vec<usize> = self.sides[side].iter().flatten().copied().collect();
            found.sort_unstable();
            found.iter().copied().eq(0..self.grid[side])
        };
        !attending.is_empty()
            && attending.iter().all(counts_cells)
            && !heads.iter().flatten().any(counts_attended)
            && matches!(attended[..], [Part { of: Of::Attended, .. }])
            && [0, 1].into_iter().all(|side| lengths(side) == self.sides[side].len() && is_once(side))
    }

    /// The cell that each element of a token's row is of; nothing where it is of what was put around the grid.
    pub fn cells(&self) -> Vec<Option<usize>> {
        let parts = self.parts();
        let count = parts.iter().map(|part| part.length).product();
        let cell = |index: usize| {
            let (mut rest, mut at) = (index, [0, 0]);
            for part in parts.iter().rev() {
                if let Of::Side(side) = part.of {
                    at[side] += rest % part.length * part.step;
                }
                rest /= part.length;
            }
            let [row, column] = [0, 1].map(|side| self.sides[side].get(at[side]).copied().flatten());
            Some(row? * self.grid[1] + column?)
        };
        (0..count).map(cell).collect()
    }

    /// The same cells in another shape.
    fn reshaped(&self, shape: &[usize]) -> Option<Self> {
        let mut waiting: Vec<Part> = self.axes.concat();
        waiting.reverse();
        let mut axes = Vec::new();
        for &length in shape {
            let (mut axis, mut open) = (Vec::new(), length);
            while open > 1 {
                let part = waiting.pop()?;
                if part.length > 0 && open % part.length == 0 {
                    open /= part.length;
                    axis.push(part);
                    continue;
                }
                if part.length % open != 0 || part.of == Of::Attended {
                    return None;
                }
                let below = part.length / open;
                let step = if part.of == Of::Other { 1 } else { part.step * below };
                waiting.push(Part { length: below, ..part });
                axis.push(Part { length: open, step, ..part });
                open = 1;
            }
            axes.push(merged(axis));
        }
        waiting.iter().all(|part| part.length == 1).then(|| Self { axes, ..self.clone() })
    }

    /// Which side an axis is, where it is all of its rows or columns.
    fn side(&self, axis: usize) -> Option<usize> {
        match self.axes.get(axis)?[..] {
            [Part { of: Of::Side(side), length, step: 1 }] if length == self.sides[side].len() => Some(side),
            _ => None,
        }
    }

    /// With these rows or columns at an axis, so many.
    fn with_side(
        &self,
        axis: usize,
        side: usize,
        count: usize,
        found: impl Iterator<Item = Option<usize>>,
    ) -> Option<Self> {
        let mut spread = self.clone();
        // One row stays a part, since others may be joined to it.
        *spread.axes.get_mut(axis)? = vec![Part { of: Of::Side(side), length: count, step: 1 }];
        spread.sides[side] = (1..=LONGEST_SIDE).contains(&count).then(|| Rc::new(found.collect()))?;
        Some(spread)
    }

    /// So many of an axis of such a length: the one at each place.
    fn chosen(&self, axis: usize, length: usize, count: usize, one: impl Fn(usize) -> Option<usize>) -> Option<Self> {
        if count == length && (0..count).all(|at| one(at) == Some(at)) {
            return Some(self.clone());
        }
        if let Some(side) = self.side(axis) {
            let own = &self.sides[side];
            if (0..count).any(|at| one(at).is_none_or(|index| index >= own.len())) {
                return None;
            }
            return self.with_side(axis, side, count, (0..count).map(|at| own[one(at)?]));
        }
        let mut spread = self.clone();
        let parts = spread.axes.get_mut(axis)?;
        let is_other = parts.iter().all(|part| part.of == Of::Other);
        *parts = others(count);
        is_other.then_some(spread)
    }

    /// With other parts in some axes, of which every element is made of all that was there. Rows and columns that lay there are one from then on.
    fn mixed(&self, axes: &[usize], parts: &[Part]) -> Option<Self> {
        let mut spread = self.clone();
        for &axis in axes {
            *spread.axes.get_mut(axis)? = parts.to_vec();
        }
        for side in [0, 1] {
            let parts = || spread.axes.iter().flatten().filter(|part| part.of == Of::Side(side));
            let (count, step) =
                (parts().map(|part| part.length).product::<usize>(), parts().map(|part| part.step).min());
            let (length, step) = (spread.sides[side].len(), step.unwrap_or(1));
            if count == length {
                continue;
            }
            let in_order = spread.sides[side].iter().enumerate().all(|(at, of)| of.is_none_or(|of| of == at));
            if count * step != length || !in_order {
                return None;
            }
            for part in spread.axes.iter_mut().flatten().filter(|part| part.of == Of::Side(side)) {
                part.step /= step;
            }
            spread.sides[side] = all(count);
            spread.grid[side] = count;
        }
        (spread.grid[0] * spread.grid[1] >= LEAST_CELLS).then_some(spread)
    }

    /// Values one behind the other along an axis.
    fn joined(values: &[&Self], along: usize, length: usize) -> Option<Self> {
        let (&first, rest) = values.split_first()?;
        let elsewhere = |spread: &Self| {
            let mut axes = spread.axes.clone();
            *axes.get_mut(along)? = Vec::new();
            Some(axes)
        };
        let axes = elsewhere(first)?;
        if rest.iter().any(|other| other.grid != first.grid || elsewhere(other).as_ref() != Some(&axes)) {
            return None;
        }
        if let Some(side) = first.side(along) {
            let is_alike =
                |other: &&Self| other.side(along) == Some(side) && other.sides[1 - side] == first.sides[1 - side];
            let found = values.iter().flat_map(|value| value.sides[side].iter().copied());
            return if rest.iter().all(is_alike) { first.with_side(along, side, length, found) } else { None };
        }
        if values.iter().any(|value| value.axes[along].iter().any(|part| part.of != Of::Other)) {
            return None;
        }
        let mut joined = first.clone();
        joined.axes[along] = others(length);
        if rest.iter().all(|other| other.sides == first.sides) {
            return Some(joined);
        }
        // Every second row and column, and those between them, are one row and column of a coarser grid.
        for side in [0, 1] {
            let count = first.sides[side].len();
            let step = first.grid[side].div_ceil(count.max(1));
            let is_in_step =
                |value: &Self| value.sides[side].iter().enumerate().all(|(at, of)| of.is_none_or(|of| of / step == at));
            if !values.iter().all(|value| value.sides[side].len() == count && is_in_step(value)) {
                return None;
            }
            joined.sides[side] = all(count);
            joined.grid[side] = count;
        }
        (joined.grid[0] * joined.grid[1] >= LEAST_CELLS).then_some(joined)
    }
}

/// The spreads of the values of a graph, as far as they are known.
pub(super) struct Spreads<'a> {
    graph: &'a Graph,
    shapes: &'a Shapes,
    found: BTreeMap<String, Spread>,
}

impl<'a> Spreads<'a> {
    /// With those of the pictures that go in: some networks cut their patches out of the picture by themselves and multiply them by a
    /// matrix.
    pub fn new(graph: &'a Graph, shapes: &'a Shapes) -> Self {
        let of_input = |name: &String| {
            let shape = shapes.get(name).filter(|shape| shape.len() == 4)?;
            Some((name.clone(), Spread::of(Place::Axes(picture_axes(shape)?), shape)?))
        };
        let found = graph.inputs.iter().filter_map(|input| of_input(&input.name)).collect();
        Self { graph, shapes, found }
    }

    pub fn get(&self, value: &str) -> Option<&Spread> {
        self.found.get(value)
    }

    /// Adds that of a node's result: as its inputs have it, or else as its place says.
    pub fn add(&mut self, node: &Node, operator: &Operator, output: &str, place: Option<Place>) {
        let Some(shape) = self.shapes.get(output) else { return };
        let found = self.of_node(node, operator, output, shape);
        let found = found.filter(|spread| spread.axes.len() == shape.len());
        if let Some(spread) = found.or_else(|| Spread::of(place?, shape)) {
            self.found.insert(output.to_owned(), spread);
        }
    }

    fn input(&self, node: &Node, index: usize) -> Option<&Spread> {
        self.found.get(node.input(index)?)
    }

    fn of_node(&self, node: &Node, operator: &Operator, output: &str, shape: &[usize]) -> Option<Spread> {
        let axis = |usual: i64, rank: usize| {
            let axis = node.int("axis").unwrap_or(usual);
            usize::try_from(if axis < 0 { axis + to_i64(rank) } else { axis }).ok().filter(|&axis| axis < rank)
        };
        match operator.geometry {
            Geometry::Transpose => {
                let spread = self.input(node, 0)?;
                let order = permutation(&self.context(node, &self.known(node))).ok()?;
                let axes = order.iter().map(|&axis| spread.axes.get(axis).cloned()).collect::<Option<_>>()?;
                Some(Spread { axes, ..spread.clone() })
            }
            Geometry::Reshaped => self.input(node, 0)?.reshaped(shape),
            Geometry::Sliced => {
                let mut spread = self.input(node, 0)?.clone();
                let known = self.known(node);
                for range in slice_ranges(&self.context(node, &known)).ok()? {
                    let one = |at: usize| usize::try_from(range.start + to_i64(at) * range.step).ok();
                    let length = *self.shapes.get(node.input(0)?)?.get(range.axis)?;
                    spread = spread.chosen(range.axis, length, range.count, one)?;
                }
                Some(spread)
            }
            Geometry::LastMixed => {
                let spread = self.input(node, 0)?;
                let (rank, length) = (shape.len(), *shape.last()?);
                let is_attended = self.input(node, 1).is_some_and(|other| {
                    let [attending, attended] = [spread.axes.iter().nth_back(1), other.axes.last()];
                    let counts_cells = attending.is_some_and(|axis| axis.iter().any(|part| part.of != Of::Other));
                    other.axes.len() == rank && counts_cells && attending == attended && other.sides == spread.sides
                });
                let attended = || vec![Part { of: Of::Attended, length, step: 1 }];
                let parts = if is_attended { attended() } else { others(length) };
                spread.mixed(&[spread.axes.len().checked_sub(1)?], &parts)
            }
            Geometry::Gather => {
                let spread = self.input(node, 0)?;
                let from = self.shapes.get(node.input(0)?)?;
                let (axis, indices) = (axis(0, from.len())?, self.graph.constants.get(node.input(1)?)?);
                let length = from[axis];
                let indices = indices.as_integers()?;
                let one = |at: usize| {
                    let index = indices[at];
                    usize::try_from(if index < 0 { index.checked_add(to_i64(length))? } else { index }).ok()
                };
                spread.chosen(axis, length, indices.len(), one)?.reshaped(shape)
            }
            Geometry::Joined => match node.op.as_str() {
                "Concat" => {
                    let along = axis(0, shape.len())?;
                    let values: Vec<&Spread> =
                        node.inputs.iter().map(|name| self.found.get(name)).collect::<Option<_>>()?;
                    Spread::joined(&values, along, shape[along])
                }
                "Split" => {
                    let along = axis(0, shape.len())?;
                    let lengths = node.outputs.iter().map(|name| self.shapes.get(name)?.get(along).copied());
                    let lengths: Vec<usize> = lengths.collect::<Option<_>>()?;
                    let own = node.outputs.iter().position(|name| name == output)?;
                    let first: usize = lengths[..own].iter().sum();
                    let one = |at: usize| Some(first + at);
                    self.input(node, 0)?.chosen(along, lengths.iter().sum(), lengths[own], one)
                }
                "Pad" => {
                    let mut spread = self.input(node, 0)?.clone();
                    let amounts = pad_amounts(&self.context(node, &self.known(node))).ok()?;
                    for (axis, amounts) in amounts.into_iter().enumerate().filter(|(_, amounts)| *amounts != [0, 0]) {
                        let side = spread.side(axis)?;
                        let [before, after] = amounts.map(|amount| usize::try_from(amount).ok());
                        let (before, after) = (before?, after?);
                        let own = Rc::clone(&spread.sides[side]);
                        let around = |count: usize| std::iter::repeat_n(None, count);
                        let found = around(before).chain(own.iter().copied()).chain(around(after));
                        spread = spread.with_side(axis, side, before + own.len() + after, found)?;
                    }
                    Some(spread)
                }
                _ => node.inputs.iter().find_map(|name| {
                    let has_all = self.shapes.get(name).is_some_and(|from| from == shape);
                    self.found.get(name).filter(|_| has_all).cloned()
                }),
            },
            // As Hiera pools: what is largest along an axis of neighbours.
            Geometry::Reduced if node.op.starts_with("Reduce") => {
                let (axes, is_kept) = reduced_axes(&self.context(node, &self.known(node))).ok()?;
                let mut spread = self.input(node, 0)?.mixed(&axes, &[])?;
                if !is_kept {
                    let kept = spread.axes.into_iter().enumerate().filter(|(axis, _)| !axes.contains(axis));
                    spread.axes = kept.map(|(_, parts)| parts).collect();
                }
                Some(spread)
            }
            Geometry::Window | Geometry::Whole | Geometry::Resized | Geometry::Reduced | Geometry::Lost => None,
        }
    }

    /// The shape of the first input, which is all that the rules of these operators ask besides constants.
    fn known(&self, node: &Node) -> Known {
        let first = node.input(0).and_then(|name| Some((name.to_owned(), self.shapes.get(name)?.clone())));
        Known { shapes: first.into_iter().collect(), ..Known::default() }
    }

    fn context<'b>(&'b self, node: &'b Node, known: &'b Known) -> Context<'b> {
        Context { node, opset: self.graph.opset(), graph: self.graph, known }
    }
}
