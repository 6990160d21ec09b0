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
use crate::pool::{PARTS_FOR_EACH, Pool, items_of_a_part};
use crate::product::{Block, COLUMNS, DEPTH, Packed, Rows, Target, multiply, stride_for};
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
    #[allow(clippy::too_many_arguments, reason = "what a convolution is, and who does it")]
    pub fn convolve(
        &self,
        input: &[f32],
        map: [usize; 2],
        window: &Window,
        bias: &[f32],
        bounds: Bounds,
        output: &mut [f32],
        pool: Pool,
    ) {
        let Some([out_height, out_width]) = window.output(map) else { return };
        let pool = pool.for_work(output.len().saturating_mul(self.channels * PLACES / (TILE * TILE)));
        let [down, across] = [out_height.div_ceil(TILE), out_width.div_ceil(TILE)];
        let columns = across.div_ceil(across.div_ceil(COLUMNS));
        let rows = (COLUMNS / columns).clamp(1, down);
        let stride = stride_for(rows * columns);
        let seen = Maps { input, map, window };
        let made = Made { bias, bounds, width: out_width };
        let rectangles = |top: usize| {
            (0..across).step_by(columns).map(move |left| Tiles {
                top,
                left,
                rows: rows.min(down - top),
                columns: columns.min(across - left),
                stride,
            })
        };
        let strips = down.div_ceil(rows);
        let room = || (vec![0.0; PLACES * self.channels * stride], vec![0.0; PLACES * self.made * stride]);
        let patch = || vec![0.0; Tiles::patch([rows, columns])];
        if pool.threads() == 1 || strips >= pool.threads() * PARTS_FOR_EACH {
            // A strip of tiles has a slice of each output channel.
            let mut parts: Vec<(usize, Vec<&mut [f32]>)> =
                (0..down).step_by(rows).map(|top| (top, Vec::with_capacity(self.made))).collect();
            for channel in output.chunks_exact_mut(out_height * out_width) {
                let lines = channel.chunks_mut(rows * TILE * out_width);
                parts.iter_mut().zip(lines).for_each(|((_, slices), lines)| slices.push(lines));
            }
            let own = (0..pool.threads()).map(|_| (room(), patch())).collect();
            pool.each(parts, own, |(top, slices), ((values, sums), patch)| {
                for tiles in rectangles(*top) {
                    let mut places: [&mut [f32]; PLACES] = Default::default();
                    let all = values.chunks_exact_mut(self.channels * stride);
                    places.iter_mut().zip(all).for_each(|(place, values)| *place = values);
                    tiles.transform_maps(seen, 0..self.channels, patch, &mut places);
                    let blocks = values.chunks_exact(self.channels * stride);
                    for ((packed, values), sums) in
                        self.places.iter().zip(blocks).zip(sums.chunks_exact_mut(self.made * stride))
                    {
                        tiles.multiply(packed, values, sums);
                    }
                    tiles.transform_sums(sums, 0, made, *top, slices);
                }
            });
            return;
        }
        // Of few strips each step is spread by itself: over maps, places, and output channels.
        let (mut values, mut sums) = room();
        let mut patches: Vec<Vec<f32>> = (0..pool.threads()).map(|_| patch()).collect();
        let maps_of_a_part = items_of_a_part(self.channels, pool.threads());
        let channels_of_a_part = items_of_a_part(self.made, pool.threads());
        for tiles in (0..down).step_by(rows).flat_map(rectangles) {
            let mut parts: Vec<(usize, Vec<&mut [f32]>)> =
                (0..self.channels).step_by(maps_of_a_part).map(|first| (first, Vec::with_capacity(PLACES))).collect();
            for place in values.chunks_exact_mut(self.channels * stride) {
                let some = place.chunks_mut(maps_of_a_part * stride);
                parts.iter_mut().zip(some).for_each(|((_, places), some)| places.push(some));
            }
            pool.each(parts, patches.iter_mut().collect(), |(first, places), patch| {
                let maps = *first..self.channels.min(*first + maps_of_a_part);
                tiles.transform_maps(seen, maps, patch, places);
            });
            let blocks = values.chunks_exact(self.channels * stride).zip(sums.chunks_exact_mut(self.made * stride));
            let parts = self.places.iter().zip(blocks).collect();
            pool.each(
                parts,
                vec![(); pool.threads()],
                |(packed, (values, sums)): &mut (&Packed, (&[f32], &mut [f32])), ()| {
                    tiles.multiply(packed, values, sums);
                },
            );
            let mut channels: Vec<&mut [f32]> = output.chunks_exact_mut(out_height * out_width).collect();
            let parts = channels.chunks_mut(channels_of_a_part).enumerate().collect();
            pool.each(parts, vec![(); pool.threads()], |(part, channels): &mut (usize, &mut [&mut [f32]]), ()| {
                tiles.transform_sums(&sums, *part * channels_of_a_part, made, 0, channels);
            });
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

/// What is convolved.
#[derive(Debug, Clone, Copy)]
struct Maps<'a> {
    input: &'a [f32],
    map: [usize; 2],
    window: &'a Window,
}

/// What follows the sums, and how wide the outputs are.
#[derive(Debug, Clone, Copy)]
struct Made<'a> {
    bias: &'a [f32],
    bounds: Bounds,
    width: usize,
}

impl Tiles {
    /// The length of a row of what so many columns of tiles see: the last transformed ones of a row may lie beyond it.
    fn length(columns: usize) -> usize {
        columns.next_multiple_of(TILES) * TILE + LANES
    }

    /// How many values so many rows and columns of tiles see of a map, with padding.
    fn patch([rows, columns]: [usize; 2]) -> usize {
        (rows * TILE + 2) * Self::length(columns)
    }

    /// `Bᵀ d B` of every tile in some of the maps: for each place a row for each of these. `patch` has room for what the tiles see of a map.
    fn transform_maps(self, seen: Maps, maps: std::ops::Range<usize>, patch: &mut [f32], places: &mut [&mut [f32]]) {
        let Maps { input, map: [height, width], window } = seen;
        let length = Self::length(self.columns);
        let patch = &mut patch[..Self::patch([self.rows, self.columns])];
        // Only the inside is written below.
        patch.fill(0.0);
        let [first_row, first_column] = [self.top, self.left].map(|tile| tile * TILE);
        let (above, before) = (window.pads[0].saturating_sub(first_row), window.pads[1].saturating_sub(first_column));
        let row = first_row.saturating_sub(window.pads[0]);
        let column = first_column.saturating_sub(window.pads[1]).min(width);
        let count = (width - column).min((self.columns * TILE + 2).saturating_sub(before));
        let maps = input.chunks_exact(height * width).skip(maps.start).take(maps.len());
        for (index, values) in maps.enumerate() {
            let inside = values.chunks_exact(width).skip(row).zip(patch.chunks_exact_mut(length).skip(above));
            for (values, patch) in inside {
                copy(&values[column..column + count], &mut patch[before..before + count]);
            }
            self.transform_map(patch, length, places, index * self.stride);
        }
    }

    /// The sums of a place: a row for each output channel.
    fn multiply(self, packed: &Packed, values: &[f32], sums: &mut [f32]) {
        let (stride, columns) = (self.stride, self.rows * self.columns);
        for (from, part) in packed.parts() {
            let rows = Rows::Apart(&mut *sums, stride);
            let block = Block { values: &values[from * stride..], stride, columns };
            multiply(part, block, Target { rows, bias: None, bounds: Bounds::NONE });
        }
    }

    /// One map, whose values begin at `from` of each place.
    #[inline(never)]
    fn transform_map(self, patch: &[f32], length: usize, places: &mut [&mut [f32]], from: usize) {
        for row in 0..self.rows {
            for first in (0..self.columns).step_by(TILES) {
                let lines: [[f32x4; SEEN]; SEEN] = std::array::from_fn(|line| {
                    let values = &patch[(row * TILE + line) * length + first * TILE..][..LANES + TILE];
                    let [a, b] = Lanes::read(values).parted();
                    let [c, d] = Lanes::read(&values[TILE..]).parted();
                    line_seen([a, b, c, d])
                });
                let tile = from + row * self.columns + first;
                for column in 0..SEEN {
                    let down = line_seen(lines.map(|line| line[column]));
                    for (line, values) in down.iter().enumerate() {
                        let place = &mut places[line * SEEN + column];
                        place[tile..tile + TILES].copy_from_slice(&values.to_array());
                    }
                }
            }
        }
    }

    /// `Aᵀ m A` of every tile in some of the output channels, from number `first` on, with the bias and between the bounds. What
    /// there is of a channel begins at the line of tiles `from`.
    fn transform_sums(self, sums: &[f32], first: usize, made: Made, from: usize, channels: &mut [&mut [f32]]) {
        for ((channel, output), &bias) in channels.iter_mut().enumerate().zip(&made.bias[first..]) {
            let sums = &sums[(first + channel) * self.stride..];
            self.transform_channel(sums, made.bias.len() * self.stride, bias, made, from, output);
        }
    }

    /// One output channel.
    #[inline(never)]
    fn transform_channel(
        self,
        sums: &[f32],
        apart: usize,
        bias: f32,
        Made { bounds, width, .. }: Made,
        from: usize,
        output: &mut [f32],
    ) {
        let bias = f32x4::splat(bias);
        for row in 0..self.rows {
            let lines = output.chunks_exact_mut(width).skip((self.top + row) * TILE - from * TILE);
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
