//! What one token attends to: of each head's attention `[1, heads, tokens, tokens]` the row of a token, laid on the grid of the patches, as
//! `[1, heads, height, width]`. So a head is chosen as a map is. The row is that of the class token, and without one that of the patch in the
//! middle, unless another patch is chosen ([`AttentionRows::chosen`]). Attention within windows has rows of the same kind (`windows.rs`).
//!
//! A look only needs the row itself, which nothing else in the graph reads. What comes after the layer, which is asked about by switching
//! heads off and by Grad-CAM, reads the whole of the attention: for these the row is put back into it ([`AttentionRows::taken`]).

use std::collections::BTreeMap;

use super::spread::{Spread, Spreads};
use super::{LayOut, Place};
use crate::domain::tensor::{Tensor, TensorError};
use crate::onnx::graph::{Dimension, Graph, Input, Node, to_i64};
use crate::onnx::shapes::Shapes;

/// An attention, of which one row at a time is a layer's maps.
#[derive(Debug, Clone, PartialEq)]
pub struct AttentionRows {
    /// What the network reads in the file.
    pub(super) source: String,
    /// Rows and columns of the patches.
    pub(super) grid: [usize; 2],
    /// The cell of the grid that each element of `token` is of, row by row; nothing for tokens that are no patches.
    pub(super) cells: Vec<Option<usize>>,
    /// Row and column of the patch whose row the layer shows unless another is chosen; nothing for the class token.
    pub(super) usual: Option<[usize; 2]>,
    /// The input that chooses a row, which is 1 at its place and 0 elsewhere.
    pub(super) token: String,
    pub(super) token_shape: Vec<usize>,
    /// What makes the maps of the value, which goes on reading it. The first of them takes the usual row out.
    pub(super) there: Vec<String>,
    /// Takes its place where a row is chosen.
    pub(super) product: Node,
    /// What makes of source and maps what the network reads instead.
    pub(super) back: Way,
    /// The same where a row is chosen.
    pub(super) back_chosen: Way,
}

/// Nodes, and the value that they end with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Way {
    pub nodes: Vec<Node>,
    pub end: String,
}

impl AttentionRows {
    /// Rows and columns of the patches.
    pub fn grid(&self) -> [usize; 2] {
        self.grid
    }

    /// Row and column of the patch whose attention the layer shows unless another is chosen; `None`: that of the class token.
    pub fn usual_cell(&self) -> Option<[usize; 2]> {
        self.usual
    }

    /// The input that chooses the row of a patch: its name and its value. The patch has to be on the grid.
    ///
    /// # Errors
    /// [`TensorError`], which a shape that was inferred has not.
    pub fn token(&self, [row, column]: [usize; 2]) -> Result<(String, Tensor), TensorError> {
        let chosen = Some(row * self.grid[1] + column);
        let value = self.cells.iter().map(|&cell| if cell == chosen { 1.0 } else { 0.0 }).collect();
        Ok((self.token.clone(), Tensor::new(self.token_shape.clone(), value)?))
    }

    /// The graph with an input that chooses the row. So one graph serves every patch.
    pub fn chosen(&self, graph: &Graph) -> Graph {
        let mut chosen = graph.clone();
        if let Some(node) = chosen.nodes.iter_mut().find(|node| self.there.first() == Some(&node.name)) {
            node.clone_from(&self.product);
        }
        let shape = self.token_shape.iter().map(|&length| Dimension::Fixed(length)).collect();
        chosen.inputs.push(Input { name: self.token.clone(), shape });
        chosen
    }

    /// The graph in which the network reads its attention made of the layer's maps again; where a row is [`Self::chosen`] in it, of that row's.
    pub fn taken(&self, graph: &Graph, is_chosen: bool) -> Graph {
        let (mut taken, back) = (graph.clone(), if is_chosen { &self.back_chosen } else { &self.back });
        let mut last = 0;
        for (position, node) in taken.nodes.iter_mut().enumerate() {
            if self.there.contains(&node.name) {
                last = position;
                continue;
            }
            for input in node.inputs.iter_mut().filter(|input| **input == self.source) {
                input.clone_from(&back.end);
            }
        }
        taken.nodes.splice(last + 1..last + 1, back.nodes.iter().cloned());
        taken
    }
}

/// Where the attention to the patches lies in a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Attention {
    /// Each token attends to all: `before` other tokens come before the patches.
    Whole { grid: [usize; 2], before: usize },
    /// Each patch attends to those of its window.
    Windows(Spread),
}

/// The attention of a network, over all of its tokens or within windows: a Softmax over the tokens, for each head and token.
pub(super) fn attention(
    node: &Node,
    shapes: &Shapes,
    places: &BTreeMap<String, Place>,
    spreads: Option<&Spreads<'_>>,
) -> Option<Attention> {
    let shape = shapes.get(node.output()).filter(|_| node.op == "Softmax")?;
    let &[.., rows, columns] = &shape[..] else { return None };
    if rows != columns {
        return None;
    }
    let spread = spreads.and_then(|spreads| spreads.get(node.output()));
    if let Some(spread) = spread.filter(|spread| spread.whole().is_none() && spread.is_attention()) {
        let last = [-1, to_i64(shape.len() - 1)];
        return node.int("axis").is_none_or(|axis| last.contains(&axis)).then(|| Attention::Windows(spread.clone()));
    }
    let Place::Tokens { axis, grid, before, .. } = *places.get(node.output())? else { return None };
    let has_heads = matches!(shape[..], [1, heads, _, _] | [heads, _, _] if heads > 0);
    (has_heads && axis + 2 == shape.len()).then_some(Attention::Whole { grid, before })
}

/// Adds the maps of an attention, and makes ready the other rows and the ways back.
pub(super) fn lay_out(
    layout: &mut LayOut<'_>,
    value: &str,
    grid: [usize; 2],
    before: usize,
) -> (String, AttentionRows) {
    let shape = layout.shape(value);
    let rank = shape.len();
    let (rows, columns) = (rank - 2, rank - 1);
    let tokens = shape[columns];
    let cells = grid[0] * grid[1];
    // The first of the tokens before the patches is the class token.
    let usual = if before > 0 { 0 } else { (grid[0] / 2) * grid[1] + grid[1] / 2 };
    let part = |from: usize, to: usize| [to_i64(from), to_i64(to)];
    let started = layout.nodes.len();
    let row = layout.sliced(value, value, "row", rows, part(usual, usual + 1));
    let patches = match before == 0 && cells == tokens {
        true => row.clone(),
        false => layout.sliced(&row, value, "attended", columns, part(before, before + cells)),
    };
    let maps = layout.reshaped(&patches, value, "attention", vec![1, shape[rank - 3], grid[0], grid[1]]);
    let there: Vec<String> = layout.nodes[started..].iter().map(|node| node.name.clone()).collect();

    // From here on what is added is taken out of the graph again, and kept for who asks.
    let kept = layout.nodes.len();
    let mut patch_shape = shape.clone();
    (patch_shape[rows], patch_shape[columns]) = (1, cells);
    let mut parts = Vec::new();
    if before > 0 {
        parts.push(layout.sliced(&row, value, "row-before", columns, part(0, before)));
    }
    parts.push(layout.reshaped(&maps, value, "row-again", patch_shape));
    if before + cells < tokens {
        parts.push(layout.sliced(&row, value, "row-after", columns, part(before + cells, tokens)));
    }
    let mut row_shape = shape.clone();
    row_shape[rows] = 1;
    let whole_row = layout.joined(&parts, value, "whole-row", columns, row_shape.clone());
    let made_again = layout.nodes.split_off(kept);

    let mut parts = Vec::new();
    if usual > 0 {
        parts.push(layout.sliced(value, value, "rows-before", rows, part(0, usual)));
    }
    parts.push(whole_row.clone());
    if usual + 1 < tokens {
        parts.push(layout.sliced(value, value, "rows-after", rows, part(usual + 1, tokens)));
    }
    let end = layout.joined(&parts, value, "attention-again", rows, shape.clone());
    let nodes = made_again.iter().cloned().chain(layout.nodes.split_off(kept)).collect();
    let back = Way { nodes, end };

    let mut token_shape = vec![1; rank];
    token_shape[columns] = tokens;
    let token = layout.given(value, "token", token_shape.clone());
    let product = Node::new("MatMul", &[&token, value], &row).named(&row);
    // Where the row is one of many it is not cut out but added: as much as it has changed, in its place.
    let mut order: Vec<i64> = (0..rank).map(to_i64).collect();
    order.swap(rows, columns);
    let mut place_shape = token_shape.clone();
    place_shape.swap(rows, columns);
    let place = layout.transposed(&token, value, "token-place", &order, place_shape);
    let change = layout.add(Node::new("Sub", &[&whole_row, &row], ""), value, "row-change", row_shape);
    let change = layout.add(Node::new("MatMul", &[&place, &change], ""), value, "attention-change", shape.clone());
    let end = layout.add(Node::new("Add", &[value, &change], ""), value, "attention-changed", shape);
    let nodes = made_again.into_iter().chain(layout.nodes.split_off(kept)).collect();
    let back_chosen = Way { nodes, end };

    let source = value.to_owned();
    let cells = (0..tokens).map(|token| token.checked_sub(before).filter(|&cell| cell < grid[0] * grid[1])).collect();
    let usual = usual.checked_sub(before).map(|cell| [cell / grid[1], cell % grid[1]]);
    (maps, AttentionRows { source, grid, cells, usual, token, token_shape, there, product, back, back_chosen })
}
