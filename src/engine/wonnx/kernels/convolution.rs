//! The kernels of convolutions, and what they read.

use wgpu::compat::Kernel;

use super::super::text::shader;
use super::tiled::{self, Form, Tile};
use super::{BOUNDED, Chosen, THREADS, bounds, constant, groups, rows, word};
use crate::engine::wonnx::activation::Activation;
use crate::engine::wonnx::pack::Order;
use crate::engine::wonnx::template::{Constants, expand};

/// How many neighbouring outputs of a row a thread of a convolution computes, in eight output channels where the convolution is
/// over all input channels. Those are 32 sums, which fit into the registers of small GPUs. With eight pixels the kernels were
/// no faster, and took twice as long to compile.
const PIXELS: usize = 4;

/// How many tiles of that many pixels a workgroup of a convolution computes.
const TILES: usize = 8;

/// The widest kernel whose columns are written out one by one; a wider one would make a very long shader.
const WIDEST_WINDOW: usize = 7;

/// Output channels of a thread in a convolution over all input channels.
const CHANNELS: usize = 8;

/// The sizes of a convolution of one picture.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine::wonnx) struct Conv {
    pub in_channels: usize,
    /// Height and width.
    pub input: [usize; 2],
    pub out_channels: usize,
    pub output: [usize; 2],
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
    pub dilations: [usize; 2],
    /// Top and left; the other two follow from the output's size.
    pub pads: [usize; 2],
    pub groups: usize,
}

/// What computes a convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variant {
    /// In groups, by channel among them; each column that a row of a kernel needs is read once where `by_window`.
    Grouped {
        by_window: bool,
    },
    /// Of the whole input to one pixel.
    Dense,
    /// The same by so many rows of threads that share the inputs.
    DenseShared(usize),
    /// Of 1×1, four pixels at once.
    Pointwise,
    /// All else by itself, in columns as above.
    Plain {
        by_window: bool,
    },
    Tiled(Tile),
}

impl Conv {
    /// The same computed as one row of pixels where no neighbours matter: of such a row a thread can take any values.
    fn as_row(&self) -> Self {
        let flat = [1, self.output[0] * self.output[1]];
        if self.is_one_by_one() { Self { input: flat, output: flat, ..*self } } else { *self }
    }

    fn is_one_by_one(&self) -> bool {
        self.taps() == 1 && self.strides == [1, 1] && self.pads == [0, 0] && self.output == self.input
    }

    /// Whether the output is one pixel that depends on the whole input.
    fn is_dense(&self) -> bool {
        self.output == [1, 1] && self.kernel == self.input && self.pads == [0, 0]
    }

    pub(super) fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    pub(super) fn pixels(&self) -> usize {
        self.output[0] * self.output[1]
    }

    /// The columns that the outputs of a thread depend on.
    fn window(&self) -> usize {
        (PIXELS - 1) * self.strides[1] + (self.kernel[1] - 1) * self.dilations[1] + 1
    }

    /// Whether those overlap, so that reading each once is less than reading them for every column of the kernel.
    fn reads_less_by_window(&self) -> bool {
        self.kernel[1] <= WIDEST_WINDOW && self.window() < PIXELS * self.kernel[1]
    }

    /// Whether the pixels are those of the input, a multiple of four.
    pub(super) fn reads_vectors(&self) -> bool {
        self.is_one_by_one() && self.pixels().is_multiple_of(4)
    }

    /// The kernel for a convolution [as a row](Self::as_row).
    fn variant(&self, form: Form) -> Variant {
        let by_window = self.reads_less_by_window();
        if self.groups > 1 {
            return Variant::Grouped { by_window };
        }
        if self.is_dense() {
            return form.dense_slices().map_or(Variant::Dense, Variant::DenseShared);
        }
        // What the kernels below compute, with what they throw away where sizes are no multiples of theirs.
        let rows_of_pixels = self.output[0] * self.output[1].next_multiple_of(PIXELS);
        let direct = rows_of_pixels * self.out_channels.next_multiple_of(CHANNELS);
        if let Some(tile) = form.tile(1, [self.out_channels, self.pixels()], direct) {
            return Variant::Tiled(tile);
        }
        if self.reads_vectors() { Variant::Pointwise } else { Variant::Plain { by_window } }
    }

    /// Tiles of pixels in a row of each thread's, where it computes four neighbours.
    fn rows_of_tiles(&self) -> usize {
        self.output[1].div_ceil(PIXELS)
    }

    /// The beginning of `Sizes` in `conv_sizes.wgsl`, filled up so that the bias can follow.
    fn numbers(&self, activation: Activation, tiles_in_dispatch_row: usize) -> Vec<u32> {
        let [low, high] = bounds(activation);
        let mut numbers: Vec<u32> =
            [[self.in_channels, self.input[0], self.input[1]], [self.out_channels, self.output[0], self.output[1]]]
                .iter()
                .flatten()
                .chain([self.kernel, self.strides, self.dilations, self.pads].iter().flatten())
                .chain([&self.groups])
                .map(|&size| word(size))
                .chain([low, high, word(tiles_in_dispatch_row)])
                .collect();
        numbers.resize(numbers.len().next_multiple_of(4), 0);
        numbers
    }

    /// How many products are added up.
    #[cfg(any(test, feature = "drivers"))]
    pub fn multiply_adds(&self) -> usize {
        self.in_channels / self.groups * self.taps() * self.out_channels * self.pixels()
    }

    /// How many bytes the kernel reads from global memory: of inputs, weights and bias, counted from its loops. What a cache has of it is
    /// counted each time, and so is a value in the padding, of which a kernel reads another and takes zero.
    #[cfg(any(test, feature = "drivers"))]
    pub fn bytes_read(&self, form: Form) -> usize {
        let conv = self.as_row();
        let variant = conv.variant(form);
        let blocks = conv.out_channels.div_ceil(4);
        let weights = conv.in_channels * conv.taps() * blocks * VECTOR;
        // Of a channel, for all threads of one or two blocks of output channels.
        let columns_read = |by_window: bool| {
            let columns = if by_window { conv.window() } else { PIXELS * conv.kernel[1] };
            conv.rows_of_tiles() * conv.rows_inside() * columns * NUMBER
        };
        let taps_inside = conv.rows_of_tiles() * conv.rows_inside() * conv.kernel[1];
        match variant {
            Variant::Grouped { by_window } => {
                let tiles = conv.rows_of_tiles() * conv.output[0];
                let of_channel = columns_read(by_window) + taps_inside * NUMBER;
                conv.out_channels * (conv.in_channels / conv.groups * of_channel + tiles * NUMBER)
            }
            Variant::Dense | Variant::DenseShared(_) => {
                weights + blocks * (conv.in_channels * conv.taps() * NUMBER + VECTOR)
            }
            Variant::Pointwise => {
                let of_channel = VECTOR + CHANNELS * NUMBER;
                conv.pixels() / 4 * blocks.div_ceil(2) * (conv.in_channels * of_channel + CHANNELS * NUMBER)
            }
            Variant::Plain { by_window } => {
                let tiles = conv.rows_of_tiles() * conv.output[0];
                let of_channel = columns_read(by_window) + taps_inside * CHANNELS * NUMBER;
                blocks.div_ceil(2) * (conv.in_channels * of_channel + tiles * CHANNELS * NUMBER)
            }
            Variant::Tiled(tile) => {
                let [across, down] = tile.count(conv.out_channels, conv.pixels());
                let inputs = conv.in_channels * conv.taps() * conv.pixels().div_ceil(4) * VECTOR;
                let bias = tile.threads() * tile.blocks * VECTOR;
                across * weights + down * inputs + across * down * bias
            }
        }
    }

    /// How many rows of the input all rows of the output read together, without those in the padding.
    #[cfg(any(test, feature = "drivers"))]
    fn rows_inside(&self) -> usize {
        let inside = |y: usize, tap: usize| {
            let at = y * self.strides[0] + tap * self.dilations[0];
            at >= self.pads[0] && at - self.pads[0] < self.input[0]
        };
        (0..self.output[0]).map(|y| (0..self.kernel[0]).filter(|&tap| inside(y, tap)).count()).sum()
    }
}

/// Bytes of a number.
#[cfg(any(test, feature = "drivers"))]
const NUMBER: usize = 4;

/// Bytes of a vector of four.
#[cfg(any(test, feature = "drivers"))]
const VECTOR: usize = 16;

/// The kernel of a convolution, and the order that it wants its weights in. The bias has to follow its numbers.
pub(in crate::engine::wonnx) fn conv(
    conv: &Conv,
    activation: Activation,
    form: Form,
    most_groups: u32,
) -> (Chosen, Order) {
    let (taps, conv) = (conv.taps(), &conv.as_row());
    let variant = conv.variant(form);
    let by_window = matches!(variant, Variant::Grouped { by_window: true } | Variant::Plain { by_window: true });
    let source = match variant {
        Variant::Grouped { by_window: true } => shader!("conv_grouped_window.wgsl"),
        Variant::Grouped { by_window: false } => shader!("conv_grouped.wgsl"),
        Variant::Dense => shader!("dense.wgsl"),
        Variant::DenseShared(_) => shader!("dense_shared.wgsl"),
        Variant::Pointwise => shader!("conv_pointwise.wgsl"),
        Variant::Plain { by_window: true } => shader!("conv_window.wgsl"),
        Variant::Plain { by_window: false } => shader!("conv.wgsl"),
        Variant::Tiled(_) => shader!("conv_tiled.wgsl"),
    };
    let (workgroups, tiles_in_row) = match variant {
        Variant::Dense => ([groups(conv.out_channels, 4 * THREADS), 1, 1], TILES),
        Variant::DenseShared(_) => ([groups(conv.out_channels, tiled::DENSE_CHANNELS), 1, 1], 1),
        Variant::Tiled(tile) => {
            let [pixels, channels] = tile.count(conv.out_channels, conv.pixels());
            let ([across, down, _], in_row) = rows(pixels, most_groups);
            ([across, word(channels), down], in_row)
        }
        Variant::Grouped { .. } | Variant::Pointwise | Variant::Plain { .. } => {
            let tiles = conv.rows_of_tiles() * conv.output[0];
            let ([across, down, _], in_row) = rows(tiles.div_ceil(TILES), most_groups);
            let channels = if conv.groups > 1 { 8 } else { 8 * CHANNELS };
            ([across, groups(conv.out_channels, channels), down], TILES * in_row)
        }
    };
    let constants = match variant {
        Variant::Tiled(tile) => tile.constants(taps, conv.kernel[1], conv.reads_vectors()),
        Variant::DenseShared(slices) => [constant("SLICES", slices)].into(),
        // The names of the values in a window are chosen by these.
        _ if by_window => [
            constant("KERNEL_WIDTH", conv.kernel[1]),
            constant("STRIDE_X", conv.strides[1]),
            constant("DILATION_X", conv.dilations[1]),
            constant("WINDOW", conv.window()),
        ]
        .into(),
        _ => Constants::new(),
    };
    let order = if conv.groups > 1 {
        Order::Same
    } else {
        Order::OutChannelsLast { out_channels: conv.out_channels, in_channels: conv.in_channels, taps }
    };
    let wgsl = expand(&tiled::with_products(source), &constants) + shader!("conv_sizes.wgsl") + BOUNDED;
    (Chosen { kernel: Kernel { wgsl, workgroups }, numbers: conv.numbers(activation, tiles_in_row) }, order)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A convolution of 3×3 with padding.
    fn three_by_three(in_channels: usize, out_channels: usize, [height, width]: [usize; 2]) -> Conv {
        Conv {
            in_channels,
            input: [height, width],
            out_channels,
            output: [height, width],
            kernel: [3, 3],
            strides: [1, 1],
            dilations: [1, 1],
            pads: [1, 1],
            groups: 1,
        }
    }

    #[test]
    fn a_convolution_of_many_pixels_is_dispatched_in_rows() {
        let sizes = three_by_three(3, 65, [40, 4]);
        // Forty tiles are five workgroups; 65 channels are two.
        assert_eq!(conv(&sizes, Activation::None, Form::Direct, 5).0.kernel.workgroups, [5, 2, 1]);
        let (chosen, _) = conv(&sizes, Activation::None, Form::Direct, 4);
        assert_eq!((chosen.kernel.workgroups, chosen.numbers[17]), ([4, 2, 2], 32));
    }

    #[test]
    fn nodes_that_differ_in_size_share_a_shader() {
        for form in [Form::Direct, Form::LEAST] {
            let of = |channels: usize, side: usize, activation: Activation| {
                conv(&three_by_three(channels, 2 * channels, [side; 2]), activation, form, 65_535).0.kernel.wgsl
            };
            assert_eq!(of(16, 32, Activation::Relu), of(24, 30, Activation::None), "{form:?}");
        }
    }

    #[test]
    fn tiles_read_at_most_a_quarter_of_what_threads_read_by_themselves() {
        let by_one = Conv { kernel: [1, 1], pads: [0, 0], ..three_by_three(256, 256, [28, 28]) };
        for sizes in [by_one, three_by_three(128, 128, [28, 28])] {
            let [direct, tiled] = [Form::Direct, Form::LEAST].map(|form| sizes.bytes_read(form));
            assert!(4 * tiled <= direct, "{sizes:?}: {tiled} and {direct}");
        }
        // Of each multiply-add: a vector of values and two of weights for 32 of them, and the bias.
        assert_eq!(by_one.bytes_read(Form::Direct), by_one.multiply_adds() * 3 / 2 + 28 * 28 / 4 * 32 * 32);
    }
}
