//! Products of a matrix of weights, which is packed once, and a block of columns.
//!
//! [`LANES`] neighbouring columns are multiplied by [`ROWS`] rows at a time: their sums, two vectors of values and a weight fill
//! the registers of today's processors without spilling. [`DEPTH`] bounds how much of the rows is in use at once, so that the
//! weights of [`ROWS`] rows stay in the first cache while all columns of a block are multiplied by them, and the block in the
//! second.

use crate::Bounds;
use crate::lanes::{LANES, Lanes};

/// Rows computed at a time.
pub const ROWS: usize = 4;

/// How many values of a row are multiplied in one go: of [`ROWS`] rows 8 KiB.
pub const DEPTH: usize = 512;

/// Columns of a block at most: with [`DEPTH`] 160 KiB of values.
pub const COLUMNS: usize = 8 * LANES;

/// A matrix of weights in the order in which they are read: parts of its columns one after another, in each of them blocks of
/// [`ROWS`] rows side by side. Rows that the last block lacks are zeros.
#[derive(Debug, Clone, PartialEq)]
pub struct Packed {
    weights: Vec<[f32; ROWS]>,
    rows: usize,
    depth: usize,
    part: usize,
}

impl Packed {
    /// A matrix of which `at` gives the value at a row and a column, in parts of `part` columns.
    pub fn new(rows: usize, depth: usize, part: usize, at: impl Fn(usize, usize) -> f32) -> Self {
        let mut weights = Vec::with_capacity(rows.div_ceil(ROWS) * depth);
        for from in (0..depth).step_by(part.max(1)) {
            for first in (0..rows).step_by(ROWS) {
                weights.extend((from..depth.min(from + part)).map(|column| -> [f32; ROWS] {
                    std::array::from_fn(|row| if first + row < rows { at(first + row, column) } else { 0.0 })
                }));
            }
        }
        Self { weights, rows, depth, part }
    }

    /// How many values it holds, zeros included.
    #[cfg(test)]
    pub fn length(&self) -> usize {
        self.weights.len() * ROWS
    }

    /// How many columns it has.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Its parts: how many columns lie before each, and the part's weights.
    pub fn parts(&self) -> impl Iterator<Item = (usize, Part<'_>)> {
        let blocks = self.rows.div_ceil(ROWS);
        (0..self.depth).step_by(self.part.max(1)).map(move |from| {
            let depth = self.part.min(self.depth - from);
            let weights = &self.weights[from * blocks..][..depth * blocks];
            (from, Part { weights, depth, is_first: from == 0, is_last: from + depth == self.depth })
        })
    }
}

/// Some of the columns of a [`Packed`].
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    weights: &'a [[f32; ROWS]],
    /// How many columns.
    pub depth: usize,
    is_first: bool,
    is_last: bool,
}

impl Part<'_> {
    /// Some of its rows: so many blocks of [`ROWS`], from a first one on.
    pub fn rows(self, from: usize, blocks: usize) -> Self {
        let weights = self.weights.get(from * self.depth..).unwrap_or_default();
        Self { weights: weights.get(..blocks * self.depth).unwrap_or(weights), ..self }
    }
}

/// Columns that a matrix is multiplied by: row after row, each of them `stride` values long.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    pub values: &'a [f32],
    pub stride: usize,
    /// How many columns are meant; up to the next multiple of [`LANES`] others are computed as well.
    pub columns: usize,
}

/// What lies between two rows of a block with that many columns. Rows that are a power of two apart would share a few places
/// of the cache. Behind the columns is room for [`LANES`] values that nobody reads.
pub fn stride_for(columns: usize) -> usize {
    let stride = (columns + LANES / 2).next_multiple_of(LANES);
    if stride.is_multiple_of(4 * LANES) { stride + 2 * LANES } else { stride }
}

/// The rows that a product goes to, each with room for the block's columns.
#[derive(Debug)]
pub enum Rows<'a, 'rows> {
    /// One after another, so far apart.
    Apart(&'a mut [f32], usize),
    Each(&'a mut [&'rows mut [f32]]),
}

impl Rows<'_, '_> {
    /// [`ROWS`] of them, from a multiple of that on; empty ones where there are no more.
    fn some(&mut self, from: usize) -> [&mut [f32]; ROWS] {
        let mut found: [&mut [f32]; ROWS] = Default::default();
        match self {
            Self::Apart(values, apart) => {
                let rows = values.get_mut(from * *apart..).unwrap_or_default().chunks_mut(*apart);
                found.iter_mut().zip(rows).for_each(|(found, row)| *found = row);
            }
            Self::Each(rows) => {
                let rows = rows.get_mut(from..).unwrap_or_default();
                found.iter_mut().zip(rows).for_each(|(found, row)| *found = row);
            }
        }
        found
    }
}

/// Where a product goes, with what follows the sums.
#[derive(Debug)]
pub struct Target<'a, 'rows> {
    pub rows: Rows<'a, 'rows>,
    /// What the sums of each row begin with; zeros where there is none.
    pub bias: Option<&'a [f32]>,
    pub bounds: Bounds,
}

/// The product of a part and a block, whose rows belong to the part's columns. The first part begins the sums, others go on with
/// those that lie in the target, and the last one bounds them.
///
/// A function of its own because WebAssembly's engines compile a function anew for speed only between two calls of it.
#[inline(never)]
pub fn multiply(part: Part, block: Block, target: Target) {
    let Target { mut rows, bias, bounds } = target;
    for (index, weights) in part.weights.chunks_exact(part.depth).enumerate() {
        let mut rows = rows.some(index * ROWS);
        let start: [f32; ROWS] =
            std::array::from_fn(|row| bias.and_then(|bias| bias.get(index * ROWS + row)).copied().unwrap_or(0.0));
        for first in (0..block.columns).step_by(LANES) {
            let places = first..block.columns.min(first + LANES);
            let mut sums = start.map(Lanes::splat);
            if !part.is_first {
                for (sums, row) in sums.iter_mut().zip(&rows) {
                    *sums = Lanes::read(row.get(places.clone()).unwrap_or_default());
                }
            }
            if block.columns - first > LANES / 2 {
                add_products::<false>(&mut sums, weights, block, first);
            } else {
                add_products::<true>(&mut sums, weights, block, first);
            }
            for (sums, row) in sums.iter().zip(&mut rows) {
                let finished = if part.is_last { sums.within(bounds) } else { *sums };
                finished.write(row.get_mut(places.clone()).unwrap_or_default());
            }
        }
    }
}

/// Adds the products of each of the weights and the values from place `first` of the row that belongs to it; of the first half
/// of the values where there are no more.
#[inline(always)]
fn add_products<const HALF: bool>(sums: &mut [Lanes; ROWS], weights: &[[f32; ROWS]], block: Block, first: usize) {
    // Said once, so that it is not asked for every row.
    assert!(first + LANES <= block.stride);
    for (weights, values) in weights.iter().zip(block.values.chunks_exact(block.stride)) {
        let values = Lanes::read(&values[first..first + LANES]);
        for row in 0..ROWS {
            if HALF {
                sums[row].add_first_half(values, weights[row]);
            } else {
                sums[row].add_product(values, weights[row]);
            }
        }
    }
}
