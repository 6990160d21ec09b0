//! What the class token of a vision transformer attends to: of each head's attention `[1, heads, tokens, tokens]` the row of the first
//! token, laid on the grid of the patches, as `[1, heads, height, width]`. So a head is chosen as a map is.
//!
//! A look only needs the row itself, which nothing else in the graph reads. What comes after the layer, which is asked about by switching
//! heads off and by Grad-CAM, reads the whole of the attention: for these the row is put back into it ([`Detour`]).

use std::collections::BTreeMap;

use super::{LayOut, Place};
use crate::onnx::graph::{Graph, Node, to_i64};
use crate::onnx::shapes::Shapes;

/// The way from an attention layer's maps back into the value that the network reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Detour {
    /// What the network reads in the file.
    source: String,
    /// What makes the maps of that, which goes on reading it.
    there: Vec<String>,
    /// What makes of source and maps what the network reads instead.
    nodes: Vec<Node>,
    again: String,
}

impl Detour {
    /// The graph in which the network reads its attention made of the layer's maps again.
    pub fn taken(&self, graph: &Graph) -> Graph {
        let mut taken = graph.clone();
        let mut last = 0;
        for (position, node) in taken.nodes.iter_mut().enumerate() {
            if self.there.contains(&node.name) {
                last = position;
                continue;
            }
            for input in node.inputs.iter_mut().filter(|input| **input == self.source) {
                input.clone_from(&self.again);
            }
        }
        taken.nodes.splice(last + 1..last + 1, self.nodes.iter().cloned());
        taken
    }
}

/// Where the first token's attention to the patches lies in a value: `before` other tokens come before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attention {
    grid: [usize; 2],
    before: usize,
}

/// The attention of a network with a class token: a Softmax over the tokens, for each head and token.
pub(super) fn attention(node: &Node, shapes: &Shapes, places: &BTreeMap<String, Place>) -> Option<Attention> {
    let Place::Tokens { axis, grid, before, .. } = *places.get(node.output())? else { return None };
    let heads = match shapes.get(node.output())?[..] {
        [1, heads, rows, columns] | [heads, rows, columns] if rows == columns => heads,
        _ => return None,
    };
    let rank = shapes.get(node.output())?.len();
    (node.op == "Softmax" && heads > 0 && axis + 2 == rank && before > 0).then_some(Attention { grid, before })
}

/// Adds the maps of an attention, and makes ready the way back.
pub(super) fn lay_out(layout: &mut LayOut<'_>, value: &str, Attention { grid, before }: Attention) -> (String, Detour) {
    let shape = layout.shape(value);
    let rank = shape.len();
    let (rows, columns) = (rank - 2, rank - 1);
    let tokens = shape[columns];
    let cells = grid[0] * grid[1];
    let part = |from: usize, to: usize| [to_i64(from), to_i64(to)];
    let started = layout.nodes.len();
    let row = layout.sliced(value, value, "first-row", rows, part(0, 1));
    let patches = layout.sliced(&row, value, "attended", columns, part(before, before + cells));
    let maps = layout.reshaped(&patches, value, "attention", vec![1, shape[rank - 3], grid[0], grid[1]]);
    let there: Vec<String> = layout.nodes[started..].iter().map(|node| node.name.clone()).collect();
    // From here on what is added is taken out of the graph again, and kept for who asks.
    let back = layout.nodes.len();
    let mut patch_shape = shape.clone();
    (patch_shape[rows], patch_shape[columns]) = (1, cells);
    let mut parts = vec![layout.sliced(&row, value, "row-before", columns, part(0, before))];
    parts.push(layout.reshaped(&maps, value, "row-again", patch_shape));
    if before + cells < tokens {
        parts.push(layout.sliced(&row, value, "row-after", columns, part(before + cells, tokens)));
    }
    let mut row_shape = shape.clone();
    row_shape[rows] = 1;
    let whole_row = layout.joined(&parts, value, "first-row-again", columns, row_shape);
    let others = layout.sliced(value, value, "other-rows", rows, part(1, tokens));
    let again = layout.joined(&[whole_row, others], value, "attention-again", rows, shape);
    let nodes = layout.nodes.split_off(back);
    (maps, Detour { source: value.to_owned(), there, nodes, again })
}
