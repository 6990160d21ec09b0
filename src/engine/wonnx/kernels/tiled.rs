//! Products of matrices in tiles that a workgroup keeps in its own memory: convolutions over all channels, and `MatMul`.
//!
//! A thread of the other kernels reads all that it needs from global memory: 1.5 bytes for each multiply-add of a 1×1 convolution. A tile of
//! 64 channels and 64 pixels reads an eighth of a byte.

use wgpu::compat::{Info, Kernel, Limits};

use super::super::text::shader;
use super::{Chosen, constant, word};
use crate::engine::wonnx::template::{Constants, expand};

/// How products of matrices are computed on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Each thread by itself.
    Direct,
    /// In tiles, by what a workgroup may have.
    Tiled {
        /// Threads.
        threads: usize,
        /// Bytes of its own memory.
        bytes: usize,
    },
}

/// Steps of a product that a workgroup holds at a time.
const DEPTH: usize = 16;

/// Output channels of a workgroup of `dense_shared.wgsl`: sixteen vectors of four.
pub(super) const DENSE_CHANNELS: usize = 64;

/// So many workgroups are enough to keep a graphics card busy; of fewer large tiles some of its processors would have none.
const ENOUGH: usize = 64;

/// The part of an output that a workgroup computes. A thread has four pixels of `blocks` vectors of four channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    pub channels: usize,
    pub pixels: usize,
    pub blocks: usize,
}

/// The larger a tile, the less it reads. Those of few channels are for layers that have few, the last for layers that have few
/// of both.
const TILES: [Tile; 5] = [
    Tile { channels: 128, pixels: 64, blocks: 2 },
    Tile { channels: 64, pixels: 64, blocks: 2 },
    Tile { channels: 32, pixels: 64, blocks: 1 },
    Tile { channels: 16, pixels: 128, blocks: 1 },
    Tile { channels: 32, pixels: 32, blocks: 1 },
];

impl Tile {
    pub fn threads(self) -> usize {
        self.channels / (4 * self.blocks) * (self.pixels / 4)
    }

    /// Bytes of the workgroup's memory.
    fn bytes(self) -> usize {
        DEPTH * (self.channels + self.pixels) * 4
    }

    /// How many tiles there are of pixels, and of channels.
    pub fn count(self, channels: usize, pixels: usize) -> [usize; 2] {
        [pixels.div_ceil(self.pixels), channels.div_ceil(self.channels)]
    }

    /// What all tiles compute for each step, with what is thrown away.
    fn area(self, channels: usize, pixels: usize) -> usize {
        self.count(channels, pixels).into_iter().fold(self.channels * self.pixels, usize::saturating_mul)
    }

    fn sizes(self) -> Constants {
        [
            constant("CHANNEL_BLOCKS", self.channels / 4),
            constant("PIXEL_BLOCKS", self.pixels / 4),
            constant("BLOCKS", self.blocks),
            constant("THREADS", self.threads()),
            constant("DEPTH", DEPTH),
        ]
        .into()
    }

    /// What `conv_tiled.wgsl` is written out with, for a window of so many columns; `vectors` says whether pixels are read by four.
    pub fn constants(self, taps: usize, columns: usize, vectors: bool) -> Constants {
        let mut constants = self.sizes();
        constants.extend([
            constant("TAPS", taps),
            constant("KERNEL_WIDTH", columns),
            constant("POINTWISE", usize::from(vectors)),
            constant("GATHERED", usize::from(!vectors)),
        ]);
        constants
    }
}

impl Form {
    /// What every device with WebGPU gives to a workgroup.
    #[cfg(test)]
    pub const LEAST: Self = Self::Tiled { threads: 256, bytes: 16_384 };

    /// The form for a device.
    ///
    /// A software adapter has no memory that is nearer than any other, and leaves and enters each thread again at every barrier: on Mesa's
    /// llvmpipe SqueezeNet took 153 ms by threads themselves and 321 ms in tiles, ResNet-18 0.9 s and 3.3 s.
    pub fn of(info: &Info, limits: &Limits) -> Self {
        if info.software { Self::Direct } else { Self::in_tiles(limits) }
    }

    /// Tiles by what a device gives to a workgroup.
    pub fn in_tiles(limits: &Limits) -> Self {
        Self::Tiled {
            threads: limits.max_compute_invocations_per_workgroup.min(limits.max_compute_workgroup_size_x) as usize,
            bytes: limits.max_compute_workgroup_storage_size as usize,
        }
    }

    /// The tile for `planes` outputs of so many channels and pixels: that which computes the least for nothing, of two the larger, among those that
    /// are [`ENOUGH`]; where none is, the smallest, since nodes of any small size then share a shader. `None` where threads by themselves, which
    /// compute `direct` values for a step of one output, compute less than half.
    pub(super) fn tile(self, planes: usize, [channels, pixels]: [usize; 2], direct: usize) -> Option<Tile> {
        let Self::Tiled { threads, bytes } = self else { return None };
        let mut fitting = TILES.into_iter().filter(|tile| tile.threads() <= threads && tile.bytes() <= bytes);
        let keeps_busy =
            |tile: &Tile| tile.count(channels, pixels).into_iter().fold(planes, usize::saturating_mul) >= ENOUGH;
        let area = |tile: &Tile| tile.area(channels, pixels);
        let best = fitting.clone().filter(keeps_busy).min_by_key(area);
        best.or_else(|| fitting.next_back()).filter(|tile| area(tile) <= direct.saturating_mul(2))
    }

    /// How many rows of threads share the inputs of a fully connected layer, if any do.
    pub(super) fn dense_slices(self) -> Option<usize> {
        let Self::Tiled { threads, .. } = self else { return None };
        [16, 8].into_iter().find(|slices| DENSE_CHANNELS / 4 * slices <= threads)
    }
}

/// A kernel with the loop over products in its place.
pub(super) fn with_products(source: &str) -> String {
    source.replace("#products", shader!("products.wgsl").trim_end())
}

/// Products of `matrices` pairs of matrices, as [`super::matmul`] takes them, in tiles; `None` where these would compute much for nothing, or
/// exceed a dispatch.
pub(in crate::engine::wonnx) fn matmul(
    matrices: usize,
    [rows, inner, columns]: [usize; 3],
    steps: [usize; 2],
    form: Form,
    most_groups: u32,
) -> Option<Chosen> {
    let tile = form.tile(matrices, [rows, columns], rows * columns)?;
    let [across, down] = tile.count(rows, columns);
    let workgroups = [across, down, matrices].map(word);
    if workgroups.iter().any(|&count| count > most_groups) {
        return None;
    }
    let numbers = [rows, columns, inner, steps[0], steps[1]].map(word).to_vec();
    let wgsl = expand(&with_products(shader!("matmul_tiled.wgsl")), &tile.sizes());
    Some(Chosen { kernel: Kernel { wgsl, workgroups }, numbers })
}
