//! Brings weights to the GPU in the order that the kernels read them in, a small piece at a time.

use crate::onnx::weights::Floats;

/// How many values are put in order and uploaded at once: 1 MiB.
const PIECE: usize = 1 << 18;

/// What is uploaded once as an input of the wonnx graph: numbers, then values.
#[derive(Debug)]
pub(super) struct Upload {
    input: String,
    numbers: Vec<u32>,
    values: Option<(Floats, Order)>,
}

/// The order of the values in the GPU's buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Order {
    /// As in the graph.
    Same,
    /// The weights of a convolution, `[out_channels, in_channels, taps]` in the graph, as
    /// `[in_channels, taps, out_channels]` with the output channels filled up with zeros to a multiple of four: a thread
    /// then reads the weights of four output channels at once.
    OutChannelsLast { out_channels: usize, in_channels: usize, taps: usize },
}

impl Order {
    /// How many values the buffer holds.
    pub(super) fn length(self, values: usize) -> usize {
        match self {
            Self::Same => values,
            Self::OutChannelsLast { out_channels, in_channels, taps } => {
                in_channels * taps * out_channels.next_multiple_of(4)
            }
        }
    }
}

impl Upload {
    /// A constant of the graph.
    pub(super) fn constant(input: String, values: Floats, order: Order) -> Self {
        Self { input, numbers: Vec::new(), values: Some((values, order)) }
    }

    /// The numbers that a kernel reads, and the values that follow them.
    pub(super) fn numbers(input: String, numbers: Vec<u32>, values: Option<Floats>) -> Self {
        Self { input, numbers, values: values.map(|values| (values, Order::Same)) }
    }

    /// The name of the graph input.
    pub(super) fn input(&self) -> &str {
        &self.input
    }

    /// Calls `write` with an offset in bytes and the bytes that belong there, until everything is written.
    pub(super) fn run(&self, mut write: impl FnMut(u64, &[u8])) {
        if !self.numbers.is_empty() {
            write(0, bytemuck::cast_slice(&self.numbers));
        }
        let Some((values, order)) = &self.values else {
            return;
        };
        let values = values.as_slice();
        let after_numbers = size_of_val(&self.numbers[..]);
        match *order {
            Order::Same => write(after_numbers as u64, bytemuck::cast_slice(values)),
            Order::OutChannelsLast { out_channels, in_channels, taps } => {
                let width = out_channels.next_multiple_of(4);
                let channels_at_once = (PIECE / (width * taps)).clamp(1, in_channels.max(1));
                let mut piece = Vec::new();
                for first in (0..in_channels).step_by(channels_at_once) {
                    let count = channels_at_once.min(in_channels - first) * taps;
                    piece.clear();
                    piece.resize(count * width, 0.0);
                    for out_channel in 0..out_channels {
                        let start = (out_channel * in_channels + first) * taps;
                        for (row, value) in values[start..start + count].iter().enumerate() {
                            piece[row * width + out_channel] = *value;
                        }
                    }
                    let offset = after_numbers + first * taps * width * size_of::<f32>();
                    write(offset as u64, bytemuck::cast_slice(&piece));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_transposed_and_filled_up() {
        // Two output channels, three input channels, two taps; the value says where it stands: 100·out + 10·in + tap.
        let values: Vec<f32> = (0..2)
            .flat_map(|out| {
                (0..3).flat_map(move |channel| (0..2).map(move |tap| (100 * out + 10 * channel + tap) as f32))
            })
            .collect();
        let order = Order::OutChannelsLast { out_channels: 2, in_channels: 3, taps: 2 };
        let mut buffer = vec![f32::NAN; order.length(values.len())];
        Upload::constant("w".to_owned(), Floats::owned(values), order).run(|offset, bytes| {
            let start = usize::try_from(offset).unwrap() / 4;
            let values: &[f32] = bytemuck::cast_slice(bytes);
            buffer[start..start + values.len()].copy_from_slice(values);
        });
        let expected = [[0.0, 100.0], [1.0, 101.0], [10.0, 110.0], [11.0, 111.0], [20.0, 120.0], [21.0, 121.0]];
        let rows: Vec<[f32; 4]> = expected.iter().map(|[first, second]| [*first, *second, 0.0, 0.0]).collect();
        assert_eq!(buffer, rows.concat());
    }
}
