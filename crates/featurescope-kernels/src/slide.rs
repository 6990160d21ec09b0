//! Max pooling and depthwise convolution.
//!
//! A plane is first copied into rows with its padding, split by column modulo the stride. Then what one place of a
//! window sees at neighbouring outputs are neighbours in memory for every stride, and [`LANES`] outputs are computed at
//! a time.

use crate::lanes::{LANES, Lanes};
use crate::{Bounds, Window};

/// The largest value under the window, for every map of `input`, which are `map` high and wide and lie one after another.
/// Padding never is the largest; values that are no number are passed over. `None` where the window does not fit.
#[inline(never)]
pub fn max_pool(input: &[f32], map: [usize; 2], window: &Window) -> Option<Vec<f32>> {
    let padding = f32::NEG_INFINITY;
    slide(
        input,
        map,
        window,
        padding,
        |_| (padding, None),
        |most, values, _| *most = most.or_larger(values),
        |most| most,
    )
}

/// The convolution of every map with its own kernel. `weights` are the kernels of `bias.len()` channels one after another;
/// map number `n` belongs to channel `n` modulo the channels. `None` where the window or the weights do not fit.
#[inline(never)]
pub fn depthwise(
    input: &[f32],
    map: [usize; 2],
    weights: &[f32],
    bias: &[f32],
    window: &Window,
    bounds: Bounds,
) -> Option<Vec<f32>> {
    let taps = window.size[0].checked_mul(window.size[1])?;
    if taps.checked_mul(bias.len())? != weights.len() || bias.is_empty() {
        return None;
    }
    let channel = |plane: usize| {
        let channel = plane % bias.len();
        (bias[channel], Some(&weights[channel * taps..][..taps]))
    };
    slide(input, map, window, 0.0, channel, Lanes::add_product, |sums| sums.within(bounds))
}

/// Folds what the window sees at each place, beginning with a value of the plane, with a weight for each place in the window
/// (1 where there are none), and finishes it.
#[inline(always)]
fn slide<'w>(
    input: &[f32],
    map: [usize; 2],
    window: &Window,
    padding: f32,
    plane: impl Fn(usize) -> (f32, Option<&'w [f32]>),
    fold: impl Fn(&mut Lanes, Lanes, f32),
    finish: impl Fn(Lanes) -> Lanes,
) -> Option<Vec<f32>> {
    let [height, width] = map;
    let [out_height, out_width] = window.output(map)?;
    let planes = input.len().checked_div(height.checked_mul(width)?)?;
    let mut output = vec![0.0; planes.checked_mul(out_height)?.checked_mul(out_width)?];
    let mut rows = Rows::new(map, window, padding, out_width);
    let places = rows.places(window);
    let ones = vec![1.0; places.len()];
    for (index, (input, output)) in
        input.chunks_exact(height * width).zip(output.chunks_exact_mut(out_height * out_width)).enumerate()
    {
        rows.fill(input, width);
        let (start, weights) = plane(index);
        let step = window.strides[0] * rows.parts * rows.length;
        slide_plane(&rows.values, step, &places, start, weights.unwrap_or(&ones), output, out_width, &fold, &finish);
    }
    Some(output)
}

/// One plane. `values` is what [`Rows`] holds, of which the window moves on by `step` for each row of outputs, and `places` is
/// where it finds its values.
///
/// A function of its own because WebAssembly's engines compile a function anew for speed only between two calls of it.
#[expect(clippy::too_many_arguments, reason = "A struct of them would have this one use.")]
#[inline(never)]
fn slide_plane(
    values: &[f32],
    step: usize,
    places: &[usize],
    start: f32,
    weights: &[f32],
    output: &mut [f32],
    out_width: usize,
    fold: &impl Fn(&mut Lanes, Lanes, f32),
    finish: &impl Fn(Lanes) -> Lanes,
) {
    for (y, output) in output.chunks_exact_mut(out_width).enumerate() {
        for (block, output) in output.chunks_mut(LANES).enumerate() {
            let values = &values[y * step + block * LANES..];
            let mut lanes = Lanes::splat(start);
            for (&place, &weight) in places.iter().zip(weights) {
                fold(&mut lanes, Lanes::read(&values[place..place + LANES]), weight);
            }
            finish(lanes).write(output);
        }
    }
}

/// One plane with its padding, each row split by column modulo the stride.
struct Rows {
    values: Vec<f32>,
    /// How many parts a row is split into: the stride.
    parts: usize,
    /// Values in a part.
    length: usize,
    top: usize,
    left: usize,
}

impl Rows {
    fn new([height, width]: [usize; 2], window: &Window, padding: f32, out_width: usize) -> Self {
        let [top, left, bottom, right] = window.pads;
        let parts = window.strides[1];
        // The last block of outputs reads a whole block as well.
        let read = out_width.next_multiple_of(LANES) + (window.size[1] - 1) * window.dilations[1] / parts;
        let length = read.max((left + width + right).div_ceil(parts));
        // Only the inside is written later, so that the padding stays for all planes.
        Self { values: vec![padding; (top + height + bottom) * parts * length], parts, length, top, left }
    }

    fn fill(&mut self, plane: &[f32], width: usize) {
        let inside = self.values.chunks_exact_mut(self.parts * self.length).skip(self.top);
        for (row, target) in plane.chunks_exact(width).zip(inside) {
            for (part, target) in target.chunks_exact_mut(self.length).enumerate() {
                // The first column of the map that falls into this part, and its place there.
                let first = (part + self.parts - self.left % self.parts) % self.parts;
                let place = (first + self.left) / self.parts;
                if self.parts == 1 {
                    target[place..place + width].copy_from_slice(row);
                } else {
                    let columns = row.iter().skip(first).step_by(self.parts);
                    for (target, &value) in target[place..].iter_mut().zip(columns) {
                        *target = value;
                    }
                }
            }
        }
    }

    /// Where the window finds its values, row by row, counted from where it starts for an output.
    fn places(&self, window: &Window) -> Vec<usize> {
        let ([height, width], [down, across]) = (window.size, window.dilations);
        let place = |row: usize, column: usize| {
            let (row, column) = (row * down, column * across);
            (row * self.parts + column % self.parts) * self.length + column / self.parts
        };
        (0..height).flat_map(|row| (0..width).map(move |column| place(row, column))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every output by the definition.
    fn by_definition(
        input: &[f32],
        [height, width]: [usize; 2],
        window: &Window,
        mut each: impl FnMut(usize, &mut dyn Iterator<Item = (usize, f32)>) -> f32,
    ) -> Vec<f32> {
        let [out_height, out_width] = window.output([height, width]).unwrap();
        let mut output = Vec::new();
        for (plane, map) in input.chunks_exact(height * width).enumerate() {
            for y in 0..out_height {
                for x in 0..out_width {
                    let mut seen = (0..window.size[0] * window.size[1]).filter_map(|tap| {
                        let (row, column) = (tap / window.size[1], tap % window.size[1]);
                        let (row, column) = (row * window.dilations[0], column * window.dilations[1]);
                        let row = (y * window.strides[0] + row).checked_sub(window.pads[0])?;
                        let column = (x * window.strides[1] + column).checked_sub(window.pads[1])?;
                        (row < height && column < width).then(|| (tap, map[row * width + column]))
                    });
                    output.push(each(plane, &mut seen));
                }
            }
        }
        output
    }

    fn windows() -> Vec<Window> {
        let mut windows = Vec::new();
        for size in [[1, 1], [2, 2], [3, 3], [3, 5], [7, 2]] {
            for strides in [[1, 1], [2, 2], [1, 3], [3, 4]] {
                for pads in [[0; 4], [1, 1, 1, 1], [0, 1, 2, 0], [2, 0, 0, 1]] {
                    for dilations in [[1, 1], [2, 3]] {
                        windows.push(Window { size, strides, pads, dilations });
                    }
                }
            }
        }
        windows
    }

    fn values(count: usize) -> Vec<f32> {
        (0..count).map(|index| (index * 37 % 101) as f32 - 50.0).collect()
    }

    #[test]
    fn both_agree_with_their_definition() {
        for map in [[7, 9], [8, 24], [12, 17]] {
            let input = values(6 * map[0] * map[1]);
            for window in windows().into_iter().filter(|window| window.output(map).is_some()) {
                let taps = window.size[0] * window.size[1];
                let expected = by_definition(&input, map, &window, |_, seen| {
                    seen.map(|(_, value)| value).fold(f32::NEG_INFINITY, f32::max)
                });
                assert_eq!(max_pool(&input, map, &window), Some(expected), "{map:?} {window:?}");

                let (weights, bias) = (values(3 * taps), values(3));
                let expected = by_definition(&input, map, &window, |plane, seen| {
                    let kernel = &weights[plane % 3 * taps..];
                    bias[plane % 3] + seen.map(|(tap, value)| value * kernel[tap]).sum::<f32>()
                });
                assert_eq!(
                    depthwise(&input, map, &weights, &bias, &window, Bounds::NONE),
                    Some(expected),
                    "{map:?} {window:?}"
                );
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let window = Window { size: [3, 3], strides: [1, 1], pads: [0; 4], dilations: [1, 1] };
        assert_eq!(max_pool(&[0.0; 4], [2, 2], &window), None);
        assert_eq!(max_pool(&[], [0, 0], &window), None);
        assert_eq!(max_pool(&[0.0; 16], [4, 4], &Window { dilations: [2, 2], ..window }), None);
        assert_eq!(depthwise(&[0.0; 9], [3, 3], &[0.0; 8], &[0.0], &window, Bounds::NONE), None);
        assert_eq!(depthwise(&[0.0; 9], [3, 3], &[], &[], &window, Bounds::NONE), None);
    }
}
