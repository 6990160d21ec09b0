//! What one patch attends to within its window: its row, laid back on the whole grid, which is 0 outside of the window. The product of the attention
//! with an input that is 1 where the patch lies is this row in its window and 0 in all others, so moving its parts does the rest, whatever the
//! windows are. Maps of values whose cells lie in blocks are laid back by moving these parts as well.

use super::LayOut;
use super::attention::{AttentionRows, Way};
use super::spread::{Of, Part, Spread};
use crate::onnx::graph::{Node, to_i64};

/// Adds the maps of an attention within windows, and makes ready the other rows and the ways back.
pub(super) fn lay_out_windows(layout: &mut LayOut<'_>, value: &str, spread: &Spread) -> (String, AttentionRows) {
    let (grid, cells) = (spread.grid, spread.cells());
    let usual = [grid[0] / 2, grid[1] / 2];
    let mut row_shape = layout.shape(value);
    let rank = row_shape.len();
    row_shape[rank - 2] = 1;

    let at_usual = cells.iter().map(|cell| if *cell == Some(usual[0] * grid[1] + usual[1]) { 1.0 } else { 0.0 });
    let usual_token = layout.floats(value, "usual-token", row_shape.clone(), at_usual.collect());
    let token = layout.given(value, "token", row_shape.clone());
    let started = layout.nodes.len();
    let row = layout.add(Node::new("MatMul", &[&usual_token, value], ""), value, "row", row_shape.clone());
    let maps = onto_grid(layout, value, spread, &row);
    let there = layout.nodes[started..].iter().map(|node| node.name.clone()).collect();
    let product = Node::new("MatMul", &[&token, value], &row).named(&row);

    let windowed = Windowed { value, spread, cells: &cells, row: &row, row_shape: &row_shape, maps: &maps };
    let [back, back_chosen] = [&usual_token, &token].map(|token| windowed.back(layout, token));
    let source = value.to_owned();
    let (token_shape, usual) = (row_shape.clone(), Some(usual));
    (maps.clone(), AttentionRows { source, grid, cells, usual, token, token_shape, there, product, back, back_chosen })
}

/// The maps of a value whose grid lies in blocks, as between the attentions of NesT and Hiera, and the value made of them again: its parts are axes
/// for a moment, which are put in the order of rows and columns. `parts` are those of all axes but the last, the channels.
pub(super) fn blocks_there_and_back(
    layout: &mut LayOut<'_>,
    value: &str,
    parts: &[Part],
    grid: [usize; 2],
) -> (String, String) {
    let shape = layout.shape(value);
    let channels = shape.last().copied().unwrap_or(0);
    let order: Vec<usize> = std::iter::once(parts.len()).chain(in_order(parts)).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.length).chain([channels]).collect();
    let moved: Vec<usize> = order.iter().map(|&at| lengths[at]).collect();
    let there: Vec<i64> = order.iter().map(|&at| to_i64(at)).collect();
    let mut back = vec![0; order.len()];
    for (place, &at) in order.iter().enumerate() {
        back[at] = to_i64(place);
    }
    let taken_apart = layout.reshaped(value, value, "blocks", lengths.clone());
    let ordered = layout.transposed(&taken_apart, value, "ordered", &there, moved.clone());
    let maps = layout.reshaped(&ordered, value, "block-maps", vec![1, channels, grid[0], grid[1]]);
    let ordered = layout.reshaped(&maps, value, "ordered-again", moved);
    let blocks = layout.transposed(&ordered, value, "blocks-again", &back, lengths);
    let again = layout.reshaped(&blocks, value, "again", shape);
    (maps, again)
}

/// A row that was made of an attention, and its maps.
struct Windowed<'a> {
    value: &'a str,
    spread: &'a Spread,
    cells: &'a [Option<usize>],
    row: &'a str,
    row_shape: &'a [usize],
    maps: &'a str,
}

impl Windowed<'_> {
    /// What makes of attention and maps what the network reads instead: as much as the row has changed is added in its place.
    fn back(&self, layout: &mut LayOut<'_>, token: &str) -> Way {
        let Self { value, spread, cells, row, row_shape, maps } = *self;
        let kept = layout.nodes.len();
        let changed = from_grid(layout, value, spread, maps, row_shape);
        let change = Node::new("Sub", &[&changed, row], "");
        let mut change = layout.add(change, value, "row-change", row_shape.to_vec());
        if cells.contains(&None) {
            // What lies around the grid is on no map, and stays as it is.
            let is_cell = cells.iter().map(|cell| if cell.is_some() { 1.0 } else { 0.0 }).collect();
            let is_cell = layout.floats(value, "cells", row_shape.to_vec(), is_cell);
            let node = Node::new("Mul", &[&change, &is_cell], "");
            change = layout.add(node, value, "cell-change", row_shape.to_vec());
        }
        let mut place_shape = row_shape.to_vec();
        let rank = place_shape.len();
        place_shape.swap(rank - 2, rank - 1);
        let place = layout.reshaped(token, value, "token-place", place_shape);
        let shape = layout.shape(value);
        let change = layout.add(Node::new("MatMul", &[&place, &change], ""), value, "attention-change", shape.clone());
        let end = layout.add(Node::new("Add", &[value, &change], ""), value, "attention-changed", shape);
        Way { nodes: layout.nodes.split_off(kept), end }
    }
}

/// The parts of a row in the order of maps, and where each of them lies in the row: heads, then rows and columns, the largest steps first.
fn in_order(parts: &[Part]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..parts.len()).filter(|&at| !matches!(parts[at].of, Of::Side(_))).collect();
    for side in [0, 1] {
        let mut own: Vec<usize> = (0..parts.len()).filter(|&at| parts[at].of == Of::Side(side)).collect();
        own.sort_unstable_by_key(|&at| std::cmp::Reverse(parts[at].step));
        order.extend(own);
    }
    order
}

/// A map for each head, of the rows and columns that the parts count.
fn framed(spread: &Spread) -> Vec<usize> {
    let heads = spread.parts().iter().filter(|part| !matches!(part.of, Of::Side(_))).map(|part| part.length).product();
    vec![1, heads, spread.sides[0].len(), spread.sides[1].len()]
}

/// The maps `[1, heads, height, width]` of a row of each window.
fn onto_grid(layout: &mut LayOut<'_>, value: &str, spread: &Spread, row: &str) -> String {
    let parts = spread.parts();
    let order = in_order(&parts);
    let lengths: Vec<usize> = parts.iter().map(|part| part.length).collect();
    let moved = order.iter().map(|&at| lengths[at]).collect();
    let permutation: Vec<i64> = order.iter().map(|&at| to_i64(at)).collect();
    let taken_apart = layout.reshaped(row, value, "window", lengths);
    let moved = layout.transposed(&taken_apart, value, "windows", &permutation, moved);
    let mut maps = layout.reshaped(&moved, value, "framed", framed(spread));
    for side in [0, 1] {
        let found: Vec<usize> = (0..spread.grid[side])
            .filter_map(|own| spread.sides[side].iter().position(|of| *of == Some(own)))
            .collect();
        maps = chosen(layout, value, &maps, 2 + side, &found);
    }
    // What was made last is known by the name of such a layer, be it rows or columns that were chosen or not.
    let shape = layout.shape(&maps);
    layout.reshaped(&maps, value, "attention", shape)
}

/// The row of each window that maps are made of.
fn from_grid(layout: &mut LayOut<'_>, value: &str, spread: &Spread, maps: &str, row_shape: &[usize]) -> String {
    let parts = spread.parts();
    let order = in_order(&parts);
    let mut framed = maps.to_owned();
    for side in [0, 1] {
        // What was put around the grid may be anything: it counts for nothing later.
        let mut next = 0;
        let found: Vec<usize> = spread.sides[side]
            .iter()
            .map(|of| {
                let own = of.unwrap_or(next);
                next = (own + 1) % spread.grid[side];
                own
            })
            .collect();
        framed = chosen(layout, value, &framed, 2 + side, &found);
    }
    let taken_apart = order.iter().map(|&at| parts[at].length).collect();
    let taken_apart = layout.reshaped(&framed, value, "window-again", taken_apart);
    let place = |at: usize| order.iter().position(|&other| other == at).unwrap_or(at);
    let permutation: Vec<i64> = (0..parts.len()).map(|at| to_i64(place(at))).collect();
    let lengths = parts.iter().map(|part| part.length).collect();
    let moved = layout.transposed(&taken_apart, value, "windows-again", &permutation, lengths);
    layout.reshaped(&moved, value, "row-again", row_shape.to_vec())
}

/// These rows or columns, which are few stretches.
fn chosen(layout: &mut LayOut<'_>, value: &str, input: &str, axis: usize, indices: &[usize]) -> String {
    let mut shape = layout.shape(input);
    if indices.iter().copied().eq(0..shape[axis]) {
        return input.to_owned();
    }
    let stretches: Vec<&[usize]> = indices.chunk_by(|a, b| a + 1 == *b).collect();
    let ends = |stretch: &[usize]| [to_i64(stretch[0]), to_i64(stretch[0] + stretch.len())];
    let parts: Vec<String> =
        stretches.into_iter().map(|stretch| layout.sliced(input, value, "stretch", axis, ends(stretch))).collect();
    shape[axis] = indices.len();
    layout.joined(&parts, value, "shifted", axis, shape)
}
