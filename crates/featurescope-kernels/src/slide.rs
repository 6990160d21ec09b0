//! Max pooling and depthwise convolution.
//!
//! A plane is first copied with its padding, split by row and column modulo the strides. Then what one place of a
//! window sees at neighbouring outputs are neighbours in memory for every stride, and [`LANES`] outputs are computed at
//! a time.

use crate::lanes::{LANES, Lanes, copy, copy_every_second};
use crate::pool::{Pool, items_of_a_part};
use crate::{Bounds, Window};

/// What [`slide_square`] reads of a row at a time: [`LANES`] values and what lies to the right of them in the window.
const REACH: usize = LANES + 4;

/// The largest value under the window, for every map of `input`, which are `map` high and wide and lie one after another.
/// Padding never is the largest; values that are no number are passed over. `None` where the window does not fit.
#[inline(never)]
pub fn max_pool(input: &[f32], map: [usize; 2], window: &Window, pool: Pool) -> Option<Vec<f32>> {
    let padding = f32::NEG_INFINITY;
    slide(
        input,
        map,
        window,
        padding,
        |_| (padding, None),
        |most, values, _| *most = most.or_larger(values),
        |most| most,
        pool,
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
    pool: Pool,
) -> Option<Vec<f32>> {
    let taps = window.size[0].checked_mul(window.size[1])?;
    if taps.checked_mul(bias.len())? != weights.len() || bias.is_empty() {
        return None;
    }
    let channel = |plane: usize| {
        let channel = plane % bias.len();
        (bias[channel], Some(&weights[channel * taps..][..taps]))
    };
    slide(input, map, window, 0.0, channel, Lanes::add_product, |sums| sums.within(bounds), pool)
}

/// Folds what the window sees at each place, beginning with a value of the plane, with a weight for each place in the window
/// (1 where there are none), and finishes it.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "what is folded, how, and who does it")]
fn slide<'w>(
    input: &[f32],
    map: [usize; 2],
    window: &Window,
    padding: f32,
    plane: impl Fn(usize) -> (f32, Option<&'w [f32]>) + Sync,
    fold: impl Fn(&mut Lanes, Lanes, f32) + Sync,
    finish: impl Fn(Lanes) -> Lanes + Sync,
    pool: Pool,
) -> Option<Vec<f32>> {
    let [height, width] = map;
    let window = &window.within(map);
    let [out_height, out_width] = window.output(map)?;
    let planes = input.len().checked_div(height.checked_mul(width)?)?;
    let mut output = vec![0.0; planes.checked_mul(out_height)?.checked_mul(out_width)?];
    let pool = pool.for_work(output.len().saturating_mul(window.size[0] * window.size[1]));
    let phases = Phases::new(map, window, padding);
    let places = phases.places(window);
    let ones = vec![1.0; places.len()];
    // The outputs of a plane in one row: between two rows of them lie those that the padded width has room for.
    let made = vec![0.0; ((out_height - 1) * phases.width + out_width).next_multiple_of(LANES)];
    let own = vec![(phases, made); pool.threads()];
    let square = window.size[0] == window.size[1] && window.has_no_gaps();
    let (image, outputs, of_a_part) = (height * width, out_height * out_width, items_of_a_part(planes, pool.threads()));
    let parts = input.chunks(of_a_part * image).zip(output.chunks_mut(of_a_part * outputs)).enumerate().collect();
    pool.each(parts, own, |(part, (input, output)): &mut (usize, (&[f32], &mut [f32])), (phases, made)| {
        for (index, (input, output)) in input.chunks_exact(image).zip(output.chunks_exact_mut(outputs)).enumerate() {
            phases.fill(input, width);
            let (start, weights) = plane(*part * of_a_part + index);
            let (values, weights) = (&phases.values[..], weights.unwrap_or(&ones));
            match (window.size[1], window.strides[1]) {
                (3, 1) if square => slide_square::<3, 1>(values, &places, start, weights, made, &fold, &finish),
                (3, 2) if square => slide_square::<3, 2>(values, &places, start, weights, made, &fold, &finish),
                (5, 1) if square => slide_square::<5, 1>(values, &places, start, weights, made, &fold, &finish),
                (5, 2) if square => slide_square::<5, 2>(values, &places, start, weights, made, &fold, &finish),
                _ => slide_any(values, &places, start, weights, made, &fold, &finish),
            }
            for (output, made) in output.chunks_exact_mut(out_width).zip(made.chunks(phases.width)) {
                copy(&made[..out_width], output);
            }
        }
    });
    Some(output)
}

/// One plane, for the windows that networks have most: as high as they are wide, and known here, so that the weights stay in
/// registers and what lies side by side is found in one go.
#[inline(never)]
fn slide_square<const SIZE: usize, const STEP: usize>(
    values: &[f32],
    places: &[usize],
    start: f32,
    weights: &[f32],
    made: &mut [f32],
    fold: &impl Fn(&mut Lanes, Lanes, f32),
    finish: &impl Fn(Lanes) -> Lanes,
) {
    let (weights, places) = (weights.as_chunks::<SIZE>().0, places.as_chunks::<SIZE>().0);
    let (Some(&weights), Some(places)) = (weights.first_chunk::<SIZE>(), places.first_chunk::<SIZE>()) else { return };
    let rows: [[&[f32]; STEP]; SIZE] =
        std::array::from_fn(|row| std::array::from_fn(|phase| &values[places[row][phase]..]));
    for (block, made) in made.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        let mut lanes = Lanes::splat(start);
        for row in 0..SIZE {
            let mut seen = [&[0.0; REACH]; STEP];
            for (phase, seen) in seen.iter_mut().enumerate() {
                match rows[row][phase].get(block * LANES..).and_then(<[f32]>::first_chunk) {
                    Some(values) => *seen = values,
                    None => return,
                }
            }
            // In reading order, in which every sum is rounded under any stride.
            for column in 0..SIZE {
                let values = Lanes::read(&seen[column % STEP][column / STEP..][..LANES]);
                fold(&mut lanes, values, weights[row][column]);
            }
        }
        finish(lanes).write(made);
    }
}

/// One plane under any window. `places` is where the window finds its values.
///
/// A function of its own because WebAssembly's engines compile a function anew for speed only between two calls of it.
#[inline(never)]
fn slide_any(
    values: &[f32],
    places: &[usize],
    start: f32,
    weights: &[f32],
    made: &mut [f32],
    fold: &impl Fn(&mut Lanes, Lanes, f32),
    finish: &impl Fn(Lanes) -> Lanes,
) {
    for (block, made) in made.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        let values = &values[block * LANES..];
        let mut lanes = Lanes::splat(start);
        for (&place, &weight) in places.iter().zip(weights) {
            fold(&mut lanes, Lanes::read(&values[place..place + LANES]), weight);
        }
        finish(lanes).write(made);
    }
}

/// One plane with its padding, split by row and column modulo the strides. Each phase has its rows one after another, so that
/// all outputs of a plane are computed as if they were one row: what a place of the window sees at the next output is the next
/// value, at the end of a row too but for outputs between two rows that nobody wants.
#[derive(Clone)]
struct Phases {
    values: Vec<f32>,
    /// The strides.
    parts: [usize; 2],
    /// Values in a row of a phase.
    width: usize,
    /// Values in a phase.
    size: usize,
    top: usize,
    left: usize,
}

impl Phases {
    fn new([height, width]: [usize; 2], window: &Window, padding: f32) -> Self {
        let [top, left, bottom, right] = window.pads;
        let parts = window.strides;
        let phase_width = (left + width + right).div_ceil(parts[1]);
        let size = (top + height + bottom).div_ceil(parts[0]) * phase_width;
        // The last block of outputs reads a whole block as well. Only the inside is written later, so that the padding stays
        // for all planes.
        let values = vec![padding; parts[0] * parts[1] * size + LANES + REACH];
        Self { values, parts, width: phase_width, size, top, left }
    }

    fn fill(&mut self, plane: &[f32], width: usize) {
        let [down, across] = self.parts;
        let rows = plane.chunks_exact(width);
        if [down, across] == [1, 1] {
            let targets = self.values[self.top * self.width..].chunks_exact_mut(self.width);
            for (row, target) in rows.zip(targets) {
                copy(row, &mut target[self.left..self.left + width]);
            }
            return;
        }
        for part in 0..across {
            // The first column of the map that falls into this part, and its place there.
            let first = (part + across - self.left % across) % across;
            let place = (first + self.left) / across;
            let count = width.saturating_sub(first).div_ceil(across);
            let (mut phase, mut line) = (self.top % down, self.top / down);
            for row in rows.clone() {
                let start = (phase * across + part) * self.size + line * self.width + place;
                let (row, target) = (row.get(first..).unwrap_or_default(), &mut self.values[start..start + count]);
                match across {
                    1 => copy(row, target),
                    2 => copy_every_second(row, target),
                    _ => target.iter_mut().zip(row.iter().step_by(across)).for_each(|(to, value)| *to = *value),
                }
                phase += 1;
                if phase == down {
                    (phase, line) = (0, line + 1);
                }
            }
        }
    }

    /// Where the window finds its values, row by row, counted from where it starts for an output.
    fn places(&self, window: &Window) -> Vec<usize> {
        let ([height, width], [down, across]) = (window.size, self.parts);
        let place = |row: usize, column: usize| {
            let (row, column) = (row * window.dilations[0], column * window.dilations[1]);
            (row % down * across + column % across) * self.size + row / down * self.width + column / across
        };
        (0..height).flat_map(|row| (0..width).map(move |column| place(row, column))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::of_threads;

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

    #[test]
    fn a_stride_beyond_the_map_takes_no_more_memory_than_the_map() {
        let input: Vec<f32> = (0..35).map(|index| index as f32).collect();
        for stride in [8, 1 << 20, usize::MAX >> 1] {
            let window = Window { size: [3, 3], strides: [stride, 2], pads: [1, 0, 0, 1], dilations: [1, 1] };
            let found = max_pool(&input, [5, 7], &window, Pool::ALONE).unwrap();
            assert_eq!(found, [9.0, 11.0, 13.0], "{stride}");
        }
    }

    fn windows() -> Vec<Window> {
        let mut windows = Vec::new();
        for size in [[1, 1], [2, 2], [3, 3], [5, 5], [3, 5], [7, 2]] {
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
        for map in [[7, 9], [8, 24], [12, 17], [1, 5], [30, 3]] {
            let input = values(6 * map[0] * map[1]);
            for window in windows().into_iter().filter(|window| window.output(map).is_some()) {
                let taps = window.size[0] * window.size[1];
                let expected = by_definition(&input, map, &window, |_, seen| {
                    seen.map(|(_, value)| value).fold(f32::NEG_INFINITY, f32::max)
                });
                assert_eq!(max_pool(&input, map, &window, Pool::ALONE), Some(expected), "{map:?} {window:?}");

                let (weights, bias) = (values(3 * taps), values(3));
                let expected = by_definition(&input, map, &window, |plane, seen| {
                    let kernel = &weights[plane % 3 * taps..];
                    bias[plane % 3] + seen.map(|(tap, value)| value * kernel[tap]).sum::<f32>()
                });
                assert_eq!(
                    depthwise(&input, map, &weights, &bias, &window, Bounds::NONE, Pool::ALONE),
                    Some(expected),
                    "{map:?} {window:?}"
                );
            }
        }
    }

    #[test]
    fn threads_change_no_bit() {
        let (map, planes) = ([30, 41], 26);
        let input: Vec<f32> = values(planes * map[0] * map[1]).iter().map(|value| value * 0.3).collect();
        for window in windows() {
            let weights = values(13 * window.size[0] * window.size[1]);
            let run = |pool| {
                let sums = depthwise(&input, map, &weights, &values(13), &window, Bounds::NONE, pool).unwrap();
                (max_pool(&input, map, &window, pool).unwrap(), sums)
            };
            let alone = run(Pool::ALONE);
            assert!(run(of_threads::<2>()) == alone && run(of_threads::<5>()) == alone, "{window:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let window = Window { size: [3, 3], strides: [1, 1], pads: [0; 4], dilations: [1, 1] };
        assert_eq!(max_pool(&[0.0; 4], [2, 2], &window, Pool::ALONE), None);
        assert_eq!(max_pool(&[], [0, 0], &window, Pool::ALONE), None);
        assert_eq!(max_pool(&[0.0; 16], [4, 4], &Window { dilations: [2, 2], ..window }, Pool::ALONE), None);
        assert_eq!(depthwise(&[0.0; 9], [3, 3], &[0.0; 8], &[0.0], &window, Bounds::NONE, Pool::ALONE), None);
        assert_eq!(depthwise(&[0.0; 9], [3, 3], &[], &[], &window, Bounds::NONE, Pool::ALONE), None);
    }
}
