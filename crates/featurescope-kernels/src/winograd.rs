//! Convolution with a window of 3×3 that moves by one, with fewer multiplications: F(2×2, 3×3) of Lavin and Gray, Fast Algorithms
//! for Convolutional Neural Networks (2015, section 4.1).
//!
//! A tile of 2×2 outputs sees 4×4 values `d` of each map. With the window's weights `g` they are
//! `Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A`, where
//!
//! ```text
//!      ⎡1  0 −1  0⎤        ⎡ 1   0   0 ⎤
//! Bᵀ = ⎢0  1  1  0⎥    G = ⎢ ½   ½   ½ ⎥    Aᵀ = ⎡1  1  1  0⎤
//!      ⎢0 −1  1  0⎥        ⎢ ½  −½   ½ ⎥         ⎣0  1 −1 −1⎦
//!      ⎣0  1  0 −1⎦        ⎣ 0   0   1 ⎦
//! ```
//!
//! The sums over the maps are taken before the last step, so that each of the 16 places of a tile has a product of matrices of its
//! own: 16 multiplications for 4 outputs, where the definition has 36.

use wide::f32x4;

use crate::lanes::{LANES, Lanes, copy};
use crate::product::{Block, COLUMNS, DEPTH, Packed, Target, multiply, stride_for};
use crate::{Bounds, Window};

/// Outputs of a tile, down and to the right.
const TILE: usize = 2;

/// What a tile sees, down and to the right.
const SEEN: usize = TILE + 2;

/// Places of a tile.
pub const PLACES: usize = SEEN * SEEN;

/// The most weights of a transform, as windows. Transformed they take 16 ninths of their memory, beside the file's own: with those of
/// ResNet18's last block (512 × 512) the engine took 148 MB for a file of 47, beyond two and a half times.
const MOST_WINDOWS: usize = 1 << 17;

/// Tiles that are transformed at a time.
const TILES: usize = 4;

/// The weights of a convolution, transformed: a matrix for each place of a tile.
#[derive(Debug)]
pub struct Transformed {
    places: Vec<Packed>,
    made: usize,
    channels: usize,
}

impl Transformed {
    /// Of the 3×3 weights of each input channel for each output channel.
    pub fn new(weights: &[f32], made: usize, channels: usize) -> Self {
        let (windows, _) = weights.as_chunks::<9>();
        let windows: Vec<[f32; PLACES]> = windows.iter().map(transform_weights).collect();
        let at =
            |place: usize| Packed::new(made, channels, DEPTH, |row, channel| windows[row * channels + channel][place]);
        Self { places: (0..PLACES).map(at).collect(), made, channels }
    }

    /// How many values it holds, zeros included.
    #[cfg(test)]
    pub fn length(&self) -> usize {
        self.places.iter().map(Packed::length).sum()
    }

    /// Whether it can be faster than the definition, and does not take too much memory.
    pub fn covers(channels: usize, made: usize, window: &Window) -> bool {
        window.size == [3, 3]
            && window.strides == [1, 1]
            && channels.min(made) >= 8
            && channels.saturating_mul(made) <= MOST_WINDOWS
    }

    /// Whether it is for outputs of this height and width: the tiles cover little beside the outputs.
    pub fn pays(channels: usize, made: usize, [height, width]: [usize; 2], window: &Window) -> bool {
        let tiles = height.div_ceil(TILE) * width.div_ceil(TILE);
        Self::covers(channels, made, window)
            && tiles.next_multiple_of(LANES) * PLACES < (height * width).next_multiple_of(LANES) * 7
    }

    /// The convolution of one image.
    pub fn convolve(
        &self,
        input: &[f32],
        map: [usize; 2],
        window: &Window,
        bias: &[f32],
        bounds: Bounds,
        output: &mut [f32],
    ) {
        let Some([out_height, out_width]) = window.output(map) else { return };
        let [down, across] = [out_height.div_ceil(TILE), out_width.div_ceil(TILE)];
        let columns = across.div_ceil(across.div_ceil(COLUMNS));
        let rows = (COLUMNS / columns).clamp(1, down);
        let stride = stride_for(rows * columns);
        let mut seen = vec![0.0; PLACES * self.channels * stride];
        let mut sums = vec![0.0; PLACES * self.made * stride];
        for top in (0..down).step_by(rows) {
            for left in (0..across).step_by(columns) {
                let tiles =
                    Tiles { top, left, rows: rows.min(down - top), columns: columns.min(across - left), stride };
                tiles.transform_maps(input, map, window, &mut seen);
                let count = tiles.rows * tiles.columns;
                let blocks = seen.chunks_exact(self.channels * stride).zip(sums.chunks_exact_mut(self.made * stride));
                for (packed, (seen, sums)) in self.places.iter().zip(blocks) {
                    for (from, part) in packed.parts() {
                        let block = Block { values: &seen[from * stride..], stride, columns: count };
                        multiply(
                            part,
                            block,
                            Target { output: sums, stride, from: 0, bias: None, bounds: Bounds::NONE },
                        );
                    }
                }
                tiles.transform_sums(&sums, bias, [out_height, out_width], bounds, output);
            }
        }
    }
}

/// `G g Gᵀ`, in doubles, so that each weight is rounded once: what a tile sees is multiplied by these.
fn transform_weights(window: &[f32; 9]) -> [f32; PLACES] {
    let line = |[a, b, c]: [f64; 3]| [a, (a + b + c) * 0.5, (a - b + c) * 0.5, c];
    let rows: [[f64; SEEN]; 3] =
        std::array::from_fn(|row| line(std::array::from_fn(|column| f64::from(window[row * 3 + column]))));
    let columns: [[f64; SEEN]; SEEN] = std::array::from_fn(|column| line(rows.map(|row| row[column])));
    std::array::from_fn(|place| columns[place % SEEN][place / SEEN] as f32)
}

/// A rectangle of tiles.
#[derive(Debug, Clone, Copy)]
struct Tiles {
    top: usize,
    left: usize,
    rows: usize,
    columns: usize,
    /// Between two rows of a block, each of which has a value for each tile.
    stride: usize,
}

impl Tiles {
    /// `Bᵀ d B` of every tile: for each place a block with a row for each map.
    fn transform_maps(self, input: &[f32], map: [usize; 2], window: &Window, seen: &mut [f32]) {
        let [height, width] = map;
        let maps = input.len() / (height * width);
        // What the tiles see of a map, with padding. The last transformed ones of a row may lie beyond it.
        let length = self.columns.next_multiple_of(TILES) * TILE + LANES;
        let lines = self.rows * TILE + 2;
        let mut patch = vec![0.0; lines * length];
        let [first_row, first_column] = [self.top, self.left].map(|tile| tile * TILE);
        let (above, before) = (window.pads[0].saturating_sub(first_row), window.pads[1].saturating_sub(first_column));
        let row = first_row.saturating_sub(window.pads[0]);
        let column = first_column.saturating_sub(window.pads[1]).min(width);
        let count = (width - column).min((self.columns * TILE + 2).saturating_sub(before));
        for (index, values) in input.chunks_exact(height * width).enumerate() {
            let inside = values.chunks_exact(width).skip(row).zip(patch.chunks_exact_mut(length).skip(above));
            for (values, patch) in inside {
                copy(&values[column..column + count], &mut patch[before..before + count]);
            }
            self.transform_map(&patch, length, &mut seen[index * self.stride..], maps * self.stride);
        }
    }

    /// One map. The values of a place begin `apart` from those of the place before.
    #[inline(never)]
    fn transform_map(self, patch: &[f32], length: usize, seen: &mut [f32], apart: usize) {
        for row in 0..self.rows {
            for first in (0..self.columns).step_by(TILES) {
                let lines: [[f32x4; SEEN]; SEEN] = std::array::from_fn(|line| {
                    let values = &patch[(row * TILE + line) * length + first * TILE..][..LANES + TILE];
                    let [a, b] = Lanes::read(values).parted();
                    let [c, d] = Lanes::read(&values[TILE..]).parted();
                    line_seen([a, b, c, d])
                });
                let tile = row * self.columns + first;
                for column in 0..SEEN {
                    let down = line_seen(lines.map(|line| line[column]));
                    for (line, values) in down.iter().enumerate() {
                        let place = (line * SEEN + column) * apart + tile;
                        seen[place..place + TILES].copy_from_slice(&values.to_array());
                    }
                }
            }
        }
    }

    /// `Aᵀ m A` of every tile and output channel, with the bias and between the bounds.
    fn transform_sums(
        self,
        sums: &[f32],
        bias: &[f32],
        [height, width]: [usize; 2],
        bounds: Bounds,
        output: &mut [f32],
    ) {
        for ((channel, output), &bias) in output.chunks_exact_mut(height * width).enumerate().zip(bias) {
            let from = &sums[channel * self.stride..];
            self.transform_channel(from, sums.len() / PLACES, bias, width, bounds, output);
        }
    }

    /// One output channel.
    #[inline(never)]
    fn transform_channel(
        self,
        sums: &[f32],
        apart: usize,
        bias: f32,
        width: usize,
        bounds: Bounds,
        output: &mut [f32],
    ) {
        let bias = f32x4::splat(bias);
        for row in 0..self.rows {
            let lines = output.chunks_exact_mut(width).skip((self.top + row) * TILE);
            let mut lines = lines.take(TILE);
            let [mut upper, mut lower] = [lines.next(), lines.next()];
            for first in (0..self.columns).step_by(TILES) {
                let tile = row * self.columns + first;
                let across: [[f32x4; TILE]; SEEN] = std::array::from_fn(|line| {
                    line_made(std::array::from_fn(|column| {
                        let place = (line * SEEN + column) * apart + tile;
                        let values: [f32; TILES] = sums[place..].first_chunk().copied().unwrap_or_default();
                        f32x4::new(values)
                    }))
                });
                let [left, right] = [0, 1].map(|column| line_made(across.map(|line| line[column])));
                let from = (self.left + first) * TILE;
                for (line, target) in [&mut upper, &mut lower].into_iter().enumerate() {
                    let Some(target) = target else { continue };
                    let until = width.min(from + TILE * TILES.min(self.columns - first));
                    let values = Lanes::in_turns(left[line] + bias, right[line] + bias);
                    values.within(bounds).write(&mut target[from..until]);
                }
            }
        }
    }
}

/// `Bᵀ` times what a line of a tile holds.
#[inline(always)]
fn line_seen([a, b, c, d]: [f32x4; SEEN]) -> [f32x4; SEEN] {
    [a - c, b + c, c - b, b - d]
}

/// `Aᵀ` times the sums of a line of a tile.
#[inline(always)]
fn line_made([a, b, c, d]: [f32x4; SEEN]) -> [f32x4; TILE] {
    [a + b + c, b - c - d]
}
