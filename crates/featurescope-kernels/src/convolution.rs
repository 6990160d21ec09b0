//! Convolution as a product of matrices: a row of weights for each output channel, a column of what the window sees for
//! each output.
//!
//! [`LANES`] neighbouring outputs are gathered into a panel, and [`ROWS`] output channels of it are computed at a time.
//! Their sums, two values of the panel and a weight fill the registers of today's processors without spilling; a block of
//! [`DEPTH`] values keeps the panel in the first cache.

use std::borrow::Cow;
use std::ops::Range;

use crate::lanes::{LANES, Lanes};
use crate::{Bounds, Window};

/// Output channels computed at a time.
const ROWS: usize = 4;

/// How many of a window's values are multiplied in one go: a panel of 16 KiB.
const DEPTH: usize = 512;

/// The weights of a convolution.
#[derive(Debug, Clone, Copy)]
pub struct Kernels<'a> {
    /// For each output channel the window of each input channel of its group.
    pub weights: &'a [f32],
    /// One value for each output channel.
    pub bias: &'a [f32],
    /// How many groups the channels are split into, each of which sees its own part of the input.
    pub groups: usize,
}

/// The convolution of images that lie one after another, each of `channels` maps that are `map` high and wide. `None` where
/// the window or the weights do not fit.
#[inline(never)]
pub fn convolve(
    input: &[f32],
    channels: usize,
    map: [usize; 2],
    kernels: Kernels,
    window: &Window,
    bounds: Bounds,
) -> Option<Vec<f32>> {
    let Kernels { weights, bias, groups } = kernels;
    let [height, width] = map;
    let [out_height, out_width] = window.output(map)?;
    let taps = window.size[0].checked_mul(window.size[1])?;
    let (seen, made) = (channels.checked_div(groups)?, bias.len().checked_div(groups)?);
    let depth = seen.checked_mul(taps)?;
    let image = channels.checked_mul(height.checked_mul(width)?)?;
    let fits = window.has_no_gaps()
        && seen * groups == channels
        && made * groups == bias.len()
        && depth.checked_mul(bias.len())? == weights.len();
    if !fits || depth == 0 || made == 0 || image == 0 {
        return None;
    }
    let outputs = out_height.checked_mul(out_width)?;
    let mut output = vec![0.0; (input.len() / image).checked_mul(bias.len())?.checked_mul(outputs)?];
    let images = input.chunks_exact(image).zip(output.chunks_exact_mut(bias.len() * outputs));
    for (input, output) in images {
        let padded = Padded::new(input, map, window.pads);
        let places = padded.places(window, seen);
        let starts: Vec<usize> = (0..outputs)
            .map(|output| {
                let (y, x) = (output / out_width, output % out_width);
                y * window.strides[0] * padded.width + x * window.strides[1]
            })
            .collect();
        for group in 0..groups {
            group_of(
                &padded.values[group * seen * padded.plane..],
                &places,
                &starts,
                &weights[group * made * depth..][..made * depth],
                &bias[group * made..][..made],
                bounds,
                &mut output[group * made * outputs..][..made * outputs],
            );
        }
    }
    Some(output)
}

/// One group of output channels. `places` is where the window finds its values, counted from where it starts for an output,
/// and `starts` is that for each output.
fn group_of(
    values: &[f32],
    places: &[usize],
    starts: &[usize],
    weights: &[f32],
    bias: &[f32],
    bounds: Bounds,
    output: &mut [f32],
) {
    let mut panel = [[0.0; LANES]; DEPTH];
    let mut packed: Vec<[f32; ROWS]> = Vec::new();
    for (block, places_of_block) in places.chunks(DEPTH).enumerate() {
        pack(weights, places.len(), block * DEPTH, places_of_block.len(), &mut packed);
        let (first, last) = (block == 0, (block + 1) * DEPTH >= places.len());
        let stage = Stage { bias: first.then_some(bias), bounds: last.then_some(bounds) };
        let panel = &mut panel[..places_of_block.len()];
        for (index, starts_of_panel) in starts.chunks(LANES).enumerate() {
            gather(values, places_of_block, starts_of_panel, panel);
            let columns = index * LANES..index * LANES + starts_of_panel.len();
            all_rows(&packed, panel, stage, output, starts.len(), columns);
        }
    }
}

/// What a block of the weights begins and ends with: the first one with the bias instead of earlier sums, the last one with
/// the activation.
#[derive(Debug, Clone, Copy)]
struct Stage<'a> {
    bias: Option<&'a [f32]>,
    bounds: Option<Bounds>,
}

/// A panel's outputs in all channels, which have `outputs` values each, at these columns.
///
/// A function of its own because WebAssembly's engines compile a function anew for speed only between two calls of it.
#[inline(never)]
fn all_rows(
    packed: &[[f32; ROWS]],
    panel: &[[f32; LANES]],
    stage: Stage,
    output: &mut [f32],
    outputs: usize,
    columns: Range<usize>,
) {
    let rows = output.chunks_mut(ROWS * outputs);
    for (block, (weights, output)) in packed.chunks_exact(panel.len()).zip(rows).enumerate() {
        let mut sums = [Lanes::splat(0.0); ROWS];
        for (row, (sums, output)) in sums.iter_mut().zip(output.chunks_exact(outputs)).enumerate() {
            *sums = match stage.bias {
                Some(bias) => Lanes::splat(bias[block * ROWS + row]),
                None => Lanes::read(&output[columns.clone()]),
            };
        }
        for (weights, values) in weights.iter().zip(panel) {
            let values = Lanes::of(values);
            for row in 0..ROWS {
                sums[row].add_product(values, weights[row]);
            }
        }
        for (sums, output) in sums.iter().zip(output.chunks_exact_mut(outputs)) {
            let finished = stage.bounds.map_or(*sums, |bounds| sums.within(bounds));
            finished.write(&mut output[columns.clone()]);
        }
    }
}

/// A block of the weights, `count` of each row of `depth` from `from` on, with [`ROWS`] rows side by side. Rows that the last
/// part lacks are zeros.
fn pack(weights: &[f32], depth: usize, from: usize, count: usize, packed: &mut Vec<[f32; ROWS]>) {
    packed.clear();
    let zeros = [0.0; DEPTH];
    for rows in weights.chunks(ROWS * depth) {
        let row = |index: usize| match rows.get(index * depth..(index + 1) * depth) {
            Some(row) => &row[from..from + count],
            None => &zeros[..count],
        };
        let (a, b, c, d) = (row(0), row(1), row(2), row(3));
        packed.extend(a.iter().zip(b).zip(c).zip(d).map(|(((&a, &b), &c), &d)| [a, b, c, d]));
    }
}

/// What the windows of a panel see. Columns that the last panel lacks repeat its last one.
fn gather(values: &[f32], places: &[usize], starts: &[usize], panel: &mut [[f32; LANES]]) {
    let last = starts.len() - 1;
    let starts: [usize; LANES] = std::array::from_fn(|column| starts[column.min(last)]);
    let neighbours = (0..LANES).all(|column| starts[column] == starts[0] + column);
    for (seen, &place) in panel.iter_mut().zip(places) {
        let values = &values[place..];
        if neighbours {
            seen.copy_from_slice(&values[starts[0]..starts[0] + LANES]);
        } else {
            *seen = starts.map(|start| values[start]);
        }
    }
}

/// The maps of an image with their padding.
struct Padded<'a> {
    values: Cow<'a, [f32]>,
    width: usize,
    /// Values in a padded map.
    plane: usize,
}

impl<'a> Padded<'a> {
    fn new(input: &'a [f32], [height, width]: [usize; 2], [top, left, bottom, right]: [usize; 4]) -> Self {
        if [top, left, bottom, right] == [0; 4] {
            return Self { values: Cow::Borrowed(input), width, plane: height * width };
        }
        let padded_width = left + width + right;
        let plane = (top + height + bottom) * padded_width;
        let mut values = vec![0.0; input.len() / (height * width) * plane];
        for (map, target) in input.chunks_exact(height * width).zip(values.chunks_exact_mut(plane)) {
            let rows = target.chunks_exact_mut(padded_width).skip(top);
            for (row, target) in map.chunks_exact(width).zip(rows) {
                target[left..left + width].copy_from_slice(row);
            }
        }
        Self { values: Cow::Owned(values), width: padded_width, plane }
    }

    /// Where a window over this many maps finds its values, counted from its first.
    fn places(&self, window: &Window, maps: usize) -> Vec<usize> {
        let mut places = Vec::with_capacity(maps * window.size[0] * window.size[1]);
        for map in 0..maps {
            for row in 0..window.size[0] {
                places.extend((0..window.size[1]).map(|column| map * self.plane + row * self.width + column));
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: usize) -> Vec<f32> {
        (0..count).map(|index| (index * 37 % 101) as f32 - 50.0).collect()
    }

    /// Every output by the definition.
    fn by_definition(
        input: &[f32],
        channels: usize,
        [height, width]: [usize; 2],
        Kernels { weights, bias, groups }: Kernels,
        window: &Window,
    ) -> Vec<f32> {
        let [out_height, out_width] = window.output([height, width]).unwrap();
        let (seen, made) = (channels / groups, bias.len() / groups);
        let mut output = Vec::new();
        for image in input.chunks_exact(channels * height * width) {
            for (channel, &bias) in bias.iter().enumerate() {
                for place in 0..out_height * out_width {
                    let mut sum = bias;
                    for tap in 0..seen * window.size[0] * window.size[1] {
                        let map = channel / made * seen + tap / (window.size[0] * window.size[1]);
                        let (row, column) = (tap / window.size[1] % window.size[0], tap % window.size[1]);
                        let y = (place / out_width * window.strides[0] + row).checked_sub(window.pads[0]);
                        let x = (place % out_width * window.strides[1] + column).checked_sub(window.pads[1]);
                        if let (Some(y), Some(x)) = (y, x)
                            && y < height
                            && x < width
                        {
                            let weight = weights[channel * seen * window.size[0] * window.size[1] + tap];
                            sum += weight * image[(map * height + y) * width + x];
                        }
                    }
                    output.push(sum);
                }
            }
        }
        output
    }

    #[test]
    fn agrees_with_its_definition() {
        // The last case is deeper than a block.
        let cases = [(1, 1, 1), (3, 5, 1), (4, 8, 1), (6, 4, 2), (150, 6, 1)];
        for (channels, made, groups) in cases {
            for map in [[7, 9], [5, 16]] {
                for (size, strides, pads) in [
                    ([1, 1], [1, 1], [0; 4]),
                    ([3, 3], [1, 1], [1; 4]),
                    ([3, 2], [2, 3], [0, 1, 2, 0]),
                    ([2, 5], [1, 2], [1, 2, 0, 2]),
                ] {
                    let window = Window { size, strides, pads, dilations: [1, 1] };
                    // Whole numbers, so that the order of additions does not matter.
                    let input = values(2 * channels * map[0] * map[1]);
                    let weights = values(made * channels / groups * size[0] * size[1]);
                    let bias = values(made);
                    let kernels = Kernels { weights: &weights, bias: &bias, groups };
                    let expected = by_definition(&input, channels, map, kernels, &window);
                    let found = convolve(&input, channels, map, kernels, &window, Bounds::NONE);
                    assert_eq!(found.as_ref(), Some(&expected), "{channels} {made} {groups} {map:?} {window:?}");
                    let bounds = Bounds { low: 0.0, high: 100.0 };
                    let bounded: Vec<f32> = expected.iter().map(|value| value.clamp(0.0, 100.0)).collect();
                    assert_eq!(convolve(&input, channels, map, kernels, &window, bounds), Some(bounded));
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let window = Window { size: [3, 3], strides: [1, 1], pads: [0; 4], dilations: [1, 1] };
        let refuse = |channels: usize, map: [usize; 2], weights: &[f32], bias: &[f32], groups: usize| {
            let input = vec![0.0; channels * map[0] * map[1]];
            convolve(&input, channels, map, Kernels { weights, bias, groups }, &window, Bounds::NONE).is_none()
        };
        assert!(refuse(1, [2, 2], &[0.0; 9], &[0.0], 1));
        assert!(refuse(1, [3, 3], &[0.0; 8], &[0.0], 1));
        assert!(refuse(1, [3, 3], &[0.0; 9], &[], 1));
        assert!(refuse(0, [3, 3], &[], &[0.0], 1));
        assert!(refuse(1, [3, 3], &[0.0; 9], &[0.0], 0));
        assert!(refuse(3, [3, 3], &[0.0; 18], &[0.0; 2], 2));
    }
}
