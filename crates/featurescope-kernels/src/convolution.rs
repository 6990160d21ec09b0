//! Convolution as a product of matrices: a row of weights for each output channel, a column of what the window sees for
//! each output.
//!
//! Some columns at a time are gathered into a block, part by part of the input channels, and multiplied by all rows. Padding is
//! what a block holds where nothing is gathered, so no map is copied for it.

use crate::lanes::{LANES, copy, copy_every_second};
use crate::pool::{PARTS_FOR_EACH, Pool, items_of_a_part};
use crate::product::{Block, COLUMNS, DEPTH, Packed, ROWS, Rows, Target, multiply, stride_for};
use crate::winograd::{PLACES, Transformed};
use crate::{Bounds, Window};

/// The weights of a convolution.
#[derive(Debug, Clone, Copy)]
pub struct Kernels<'a> {
    /// For each output channel the window of each input channel of its group.
    pub weights: &'a [f32],
    /// How many output channels there are.
    pub made: usize,
    /// How many groups the channels are split into, each of which sees its own part of the input.
    pub groups: usize,
}

/// A convolution that is ready to run: its weights in the order in which they are read, which is the same for maps of many sizes.
#[derive(Debug)]
pub struct Convolution {
    window: Window,
    channels: usize,
    made: usize,
    groups: usize,
    /// Whether maps of any size are convolved by the definition.
    exact: bool,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// A matrix for each group.
    Product(Vec<Packed>),
    Winograd(Transformed),
}

/// Up to this size of its values a map goes through the sums and differences of Winograd's transforms as through the definition: no sum of
/// products with weights of any network comes near the largest float.
const LARGEST: f32 = 1e18;

/// Whether all values are numbers of a size that the transforms can take. An infinite one would meet itself with the other sign, and what
/// the definition makes infinite would be no number.
#[inline(never)]
fn can_be_transformed(values: &[f32]) -> bool {
    // A part at a time, so that the comparisons of a part are made together.
    values.chunks(256).all(|part| part.iter().fold(true, |fits, value| fits & (value.abs() <= LARGEST)))
}

impl Convolution {
    /// Of images of `channels` maps that are `map` high and wide; `None` where the window or the weights do not fit.
    #[inline(never)]
    pub fn new(channels: usize, map: [usize; 2], kernels: Kernels, window: &Window) -> Option<Self> {
        // So are the weights of quantised networks, whose sums have to be the whole numbers that they are: the transforms' quarters of
        // them take two of the bits that a float has.
        let exact = kernels.weights.iter().all(|weight| weight.fract() == 0.0) || !can_be_transformed(kernels.weights);
        Self::in_form(channels, map, kernels, window, exact)
    }

    /// The same by the definition, for images that [`Convolution::takes`] says no to.
    pub fn by_definition(channels: usize, map: [usize; 2], kernels: Kernels, window: &Window) -> Option<Self> {
        Self::in_form(channels, map, kernels, window, true)
    }

    /// Whether the outputs for these images are as the definition has them, infinite ones too.
    pub fn takes(&self, input: &[f32]) -> bool {
        match self.form {
            Form::Product(_) => true,
            Form::Winograd(_) => can_be_transformed(input),
        }
    }

    fn in_form(channels: usize, map: [usize; 2], kernels: Kernels, window: &Window, exact: bool) -> Option<Self> {
        let Kernels { weights, made, groups } = kernels;
        let [out_height, out_width] = window.output(map)?;
        let taps = window.size[0].checked_mul(window.size[1])?;
        let (seen, made_by_each) = (channels.checked_div(groups)?, made.checked_div(groups)?);
        let depth = seen.checked_mul(taps)?;
        let fits = window.has_no_gaps()
            && seen * groups == channels
            && made_by_each * groups == made
            && depth.checked_mul(made)? == weights.len();
        let image = channels.checked_mul(map[0].checked_mul(map[1])?)?;
        let outputs = out_height.checked_mul(out_width)?;
        if !fits || depth == 0 || made == 0 || image == 0 || outputs == 0 {
            return None;
        }
        let form = if !exact && transforms(channels, made, groups, [out_height, out_width], window) {
            Form::Winograd(Transformed::new(weights, made, channels))
        } else {
            let part = maps_at_a_time(taps) * taps;
            let group =
                |weights: &[f32]| Packed::new(made_by_each, depth, part, |row, column| weights[row * depth + column]);
            Form::Product(weights.chunks_exact(made_by_each * depth).map(group).collect())
        };
        Some(Self { window: *window, channels, made, groups, exact, form })
    }

    /// Whether it is what would be made ready for maps of this size.
    pub fn suits(&self, map: [usize; 2]) -> bool {
        let transformed = matches!(self.form, Form::Winograd(_));
        let chosen = |outputs| !self.exact && transforms(self.channels, self.made, self.groups, outputs, &self.window);
        self.window.output(map).is_some_and(|outputs| chosen(outputs) == transformed)
    }

    /// The convolution of images of maps of this size that lie one after another, with a value for each output channel that is added, and the
    /// activation that follows. `None` where there are more or fewer of these.
    #[inline(never)]
    pub fn run(&self, input: &[f32], map: [usize; 2], bias: &[f32], bounds: Bounds, pool: Pool) -> Option<Vec<f32>> {
        let Self { window, channels, made, form, .. } = self;
        let [out_height, out_width] = window.output(map)?;
        let (image, outputs) = (channels * map[0] * map[1], out_height * out_width);
        if bias.len() != *made || image == 0 {
            return None;
        }
        let mut output = vec![0.0; (input.len() / image).checked_mul(*made)?.checked_mul(outputs)?];
        for (input, output) in input.chunks_exact(image).zip(output.chunks_exact_mut(made * outputs)) {
            match form {
                Form::Winograd(transformed) => {
                    transformed.convolve(input, map, window, bias, bounds, output, pool);
                }
                Form::Product(groups) => {
                    let (seen, made) = (image / groups.len(), made / groups.len());
                    let parts = input.chunks_exact(seen).zip(output.chunks_exact_mut(made * outputs));
                    for ((packed, bias), (input, output)) in groups.iter().zip(bias.chunks_exact(made)).zip(parts) {
                        product(input, map, window, packed, bias, bounds, output, pool);
                    }
                }
            }
        }
        Some(output)
    }
}

/// Whether the weights are transformed for outputs of this height and width.
fn transforms(channels: usize, made: usize, groups: usize, outputs: [usize; 2], window: &Window) -> bool {
    groups == 1 && Transformed::pays(channels, made, outputs, window)
}

/// How many values the weights of a convolution have at most in the order in which they are read, whatever maps are convolved.
pub fn packed_length(channels: usize, made: usize, groups: usize, window: &Window) -> usize {
    let (taps, seen) = (window.size[0].saturating_mul(window.size[1]), channels.checked_div(groups).unwrap_or(0));
    let rows = made.checked_div(groups).unwrap_or(0).next_multiple_of(ROWS).saturating_mul(groups);
    let may_be_transformed = groups == 1 && Transformed::covers(channels, made, window);
    rows.saturating_mul(seen).saturating_mul(if may_be_transformed { PLACES } else { taps })
}

/// How many maps a part of the weights covers, of windows with that many places.
fn maps_at_a_time(taps: usize) -> usize {
    (DEPTH / taps).max(1)
}

/// One group of output channels.
#[allow(clippy::too_many_arguments, reason = "what a convolution is, and who does it")]
fn product(
    input: &[f32],
    map: [usize; 2],
    window: &Window,
    packed: &Packed,
    bias: &[f32],
    bounds: Bounds,
    output: &mut [f32],
    pool: Pool,
) {
    let outputs = output.len() / bias.len();
    let Some([_, out_width]) = window.output(map) else { return };
    let taps = window.size[0] * window.size[1];
    let panels = outputs.div_ceil(LANES);
    let columns = panels.div_ceil(panels.div_ceil(COLUMNS / LANES)) * LANES;
    let stride = stride_for(columns);
    let depth = packed.parts().map(|(_, part)| part.depth).max().unwrap_or(0);
    let pool = pool.for_work(output.len().saturating_mul(packed.depth()));
    let mut blocks: Vec<Seen> = (0..outputs)
        .step_by(columns)
        .map(|from| {
            let columns = columns.min(outputs - from);
            let place =
                |tap: usize| runs(from, columns, out_width, map, window, [tap / window.size[1], tap % window.size[1]]);
            Seen { columns, places: (0..taps).map(place).collect(), rows: Vec::with_capacity(bias.len()) }
        })
        .collect();
    for row in output.chunks_exact_mut(outputs) {
        blocks.iter_mut().zip(row.chunks_mut(columns)).for_each(|(block, row)| block.rows.push(row));
    }
    let gathered = |places: &[Vec<Run>], columns: usize, (first, depth): (usize, usize), values: &mut [f32]| {
        let maps = input.chunks_exact(map[0] * map[1]).skip(first / taps);
        gather(maps, places, window.strides[1], columns, &mut values[..depth * stride], stride);
    };
    if pool.threads() == 1 || blocks.len() >= pool.threads() * PARTS_FOR_EACH {
        let own = (0..pool.threads()).map(|_| vec![0.0; depth * stride]).collect();
        pool.each(blocks, own, |Seen { columns, places, rows }, values| {
            for (first, part) in packed.parts() {
                gathered(places, *columns, (first, part.depth), values);
                let block = Block { values, stride, columns: *columns };
                multiply(part, block, Target { rows: Rows::Each(rows), bias: Some(bias), bounds });
            }
        });
        return;
    }
    // Of few blocks the rows are spread, for which what the window sees is gathered once.
    let mut values = vec![0.0; depth * stride];
    let of_a_part = items_of_a_part(bias.len().div_ceil(ROWS), pool.threads());
    for Seen { columns, places, mut rows } in blocks {
        for (first, part) in packed.parts() {
            gathered(&places, columns, (first, part.depth), &mut values);
            let block = Block { values: &values, stride, columns };
            let some: Vec<_> =
                rows.chunks_mut(of_a_part * ROWS).zip(bias.chunks(of_a_part * ROWS)).enumerate().collect();
            pool.each(some, vec![(); pool.threads()], |(index, (rows, bias)), ()| {
                let part = part.rows(*index * of_a_part, of_a_part);
                multiply(part, block, Target { rows: Rows::Each(rows), bias: Some(bias), bounds });
            });
        }
    }
}

/// What the window sees at some outputs, and the outputs themselves: a slice for each output channel.
struct Seen<'a> {
    columns: usize,
    /// For each place of the window.
    places: Vec<Vec<Run>>,
    rows: Vec<&'a mut [f32]>,
}

/// Values of a map that one place of the window sees at neighbouring outputs.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// The first in the map; others follow a stride apart.
    source: usize,
    /// Where they go in a row of the block.
    target: usize,
    length: usize,
}

/// What a place of the window sees at some outputs, but for padding.
fn runs(
    from: usize,
    count: usize,
    out_width: usize,
    [height, width]: [usize; 2],
    window: &Window,
    [row, column]: [usize; 2],
) -> Vec<Run> {
    let [top, left, ..] = window.pads;
    // The outputs of a row at which the place lies in the map.
    let [down, across] = window.strides;
    let first = left.saturating_sub(column).div_ceil(across);
    let end = (width + left).saturating_sub(column).div_ceil(across).min(out_width);
    let mut runs = Vec::new();
    for y in from / out_width..(from + count).div_ceil(out_width) {
        let begin = y * out_width;
        let inside = (begin + first).max(from)..(begin + end).min(from + count);
        let Some(line) = (y * down + row).checked_sub(top).filter(|&line| line < height) else { continue };
        if inside.is_empty() {
            continue;
        }
        let source = line * width + (inside.start - begin) * across + column - left;
        let joined = runs.last_mut().filter(|run: &&mut Run| {
            across == 1 && run.target + run.length == inside.start - from && run.source + run.length == source
        });
        match joined {
            Some(run) => run.length += inside.len(),
            None => runs.push(Run { source, target: inside.start - from, length: inside.len() }),
        }
    }
    runs
}

/// What every place of the window sees in each of the maps: a row for each, as many as the block has.
#[inline(never)]
fn gather<'a>(
    maps: impl Iterator<Item = &'a [f32]>,
    places: &[Vec<Run>],
    step: usize,
    columns: usize,
    block: &mut [f32],
    stride: usize,
) {
    for (map, block) in maps.zip(block.chunks_exact_mut(places.len() * stride)) {
        for (runs, row) in places.iter().zip(block.chunks_exact_mut(stride)) {
            if runs.iter().map(|run| run.length).sum::<usize>() < columns {
                for values in row.as_chunks_mut::<LANES>().0 {
                    *values = [0.0; LANES];
                }
            }
            for &Run { source, target, length } in runs {
                let target = &mut row[target..target + length];
                match step {
                    1 => copy(&map[source..source + length], target),
                    2 => copy_every_second(&map[source..], target),
                    _ => target.iter_mut().zip(map[source..].iter().step_by(step)).for_each(|(to, value)| *to = *value),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::of_threads;

    fn values(count: usize) -> Vec<f32> {
        (0..count).map(|index| (index * 37 % 101) as f32 - 50.0).collect()
    }

    /// Every output by the definition.
    fn by_definition(
        input: &[f32],
        channels: usize,
        [height, width]: [usize; 2],
        Kernels { weights, made, groups }: Kernels,
        bias: &[f32],
        window: &Window,
    ) -> Vec<f32> {
        let [out_height, out_width] = window.output([height, width]).unwrap();
        let (seen, made) = (channels / groups, made / groups);
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

    /// Numbers that are whole but for a scale, so that they may be transformed.
    fn halves(count: usize) -> Vec<f32> {
        values(count).iter().map(|value| value * 0.5).collect()
    }

    /// The largest difference of two images, for the largest value.
    fn difference(found: &[f32], expected: &[f32]) -> f32 {
        assert_eq!(found.len(), expected.len());
        let largest = expected.iter().fold(1.0, |largest: f32, value| largest.max(value.abs()));
        found.iter().zip(expected).fold(0.0, |most: f32, (found, expected)| most.max((found - expected).abs()))
            / largest
    }

    /// Whatever form is chosen, on maps whose sizes no block divides.
    #[test]
    fn agrees_with_its_definition() {
        // The last two are deeper than a part of the weights.
        let cases = [(1, 1, 1), (3, 5, 1), (4, 8, 1), (6, 4, 2), (8, 9, 1), (13, 11, 1), (150, 6, 1), (520, 8, 1)];
        for (channels, made, groups) in cases {
            for map in [[7, 9], [5, 16], [1, 30], [31, 3], [6, 75]] {
                for (size, strides, pads) in [
                    ([1, 1], [1, 1], [0; 4]),
                    ([1, 1], [2, 3], [0; 4]),
                    ([3, 3], [1, 1], [1; 4]),
                    ([3, 3], [1, 1], [2, 0, 1, 2]),
                    ([3, 3], [2, 2], [1, 0, 0, 1]),
                    ([3, 2], [2, 3], [0, 1, 2, 0]),
                    ([2, 5], [1, 2], [1, 2, 0, 2]),
                ] {
                    let window = Window { size, strides, pads, dilations: [1, 1] };
                    if window.output(map).is_none() {
                        continue;
                    }
                    // Whole numbers, so that the order of additions does not matter.
                    let input = values(2 * channels * map[0] * map[1]);
                    let weights = values(made * channels / groups * size[0] * size[1]);
                    let bias = values(made);
                    let kernels = Kernels { weights: &weights, made, groups };
                    let expected = by_definition(&input, channels, map, kernels, &bias, &window);
                    let ready = Convolution::new(channels, map, kernels, &window).unwrap();
                    let found = ready.run(&input, map, &bias, Bounds::NONE, Pool::ALONE);
                    assert_eq!(found.as_ref(), Some(&expected), "{channels} {made} {groups} {map:?} {window:?}");
                    let bounds = Bounds { low: 0.0, high: 100.0 };
                    let bounded: Vec<f32> = expected.iter().map(|value| value.clamp(0.0, 100.0)).collect();
                    assert_eq!(ready.run(&input, map, &bias, bounds, Pool::ALONE), Some(bounded));
                }
            }
        }
    }

    /// What the transforms quarter may be a little off.
    #[test]
    fn what_is_transformed_agrees_with_the_definition() {
        for (channels, made) in [(8, 9), (13, 11), (150, 8), (520, 8)] {
            for map in [[7, 9], [5, 16], [6, 75]] {
                for pads in [[0; 4], [1; 4], [2, 0, 1, 2]] {
                    let window = Window { size: [3, 3], strides: [1, 1], pads, dilations: [1, 1] };
                    let (input, bias) = (values(2 * channels * map[0] * map[1]), values(made));
                    let weights = halves(made * channels * 9);
                    let kernels = Kernels { weights: &weights, made, groups: 1 };
                    let ready = Convolution::new(channels, map, kernels, &window).unwrap();
                    let expected = by_definition(&input, channels, map, kernels, &bias, &window);
                    for bounds in [Bounds::NONE, Bounds { low: 0.0, high: 100.0 }] {
                        let expected: Vec<f32> =
                            expected.iter().map(|value| value.clamp(bounds.low, bounds.high)).collect();
                        let found = ready.run(&input, map, &bias, bounds, Pool::ALONE).unwrap();
                        assert!(difference(&found, &expected) <= 2e-6, "{channels} {made} {map:?} {window:?}");
                    }
                }
            }
        }
    }

    /// Maps large and small, so that blocks are spread as well as rows, and strips as well as steps.
    #[test]
    fn threads_change_no_bit() {
        for (channels, made, groups) in [(16, 24, 1), (3, 33, 1), (64, 40, 1), (24, 36, 3), (520, 20, 1)] {
            for map in [[7, 9], [14, 14], [40, 61]] {
                for (size, strides) in [([1, 1], [1, 1]), ([3, 3], [1, 1]), ([3, 3], [2, 2]), ([2, 5], [1, 2])] {
                    let window =
                        Window { size, strides, pads: [1, 1, 0, 1].map(|pad| pad.min(size[0] - 1)), dilations: [1, 1] };
                    let (input, bias) = (halves(2 * channels * map[0] * map[1]), values(made));
                    let weights = halves(made * channels / groups * size[0] * size[1]);
                    let ready =
                        Convolution::new(channels, map, Kernels { weights: &weights, made, groups }, &window).unwrap();
                    let run = |pool| ready.run(&input, map, &bias, Bounds { low: -50.0, high: 9e5 }, pool).unwrap();
                    let alone = run(Pool::ALONE);
                    for pool in [of_threads::<2>(), of_threads::<3>(), of_threads::<8>()] {
                        assert!(run(pool) == alone, "{pool:?} {channels} {made} {groups} {map:?} {window:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn windows_of_three_rows_and_columns_are_transformed_where_maps_are_large() {
        let form = |channels: usize, map: [usize; 2], strides: [usize; 2]| {
            let window = Window { size: [3, 3], strides, pads: [1; 4], dilations: [1, 1] };
            let weights = halves(8 * channels * 9);
            let kernels = Kernels { weights: &weights, made: 8, groups: 1 };
            Convolution::new(channels, map, kernels, &window).map(|ready| ready.form)
        };
        assert!(matches!(form(8, [7, 7], [1, 1]), Some(Form::Winograd(_))));
        assert!(matches!(form(8, [2, 2], [1, 1]), Some(Form::Product(_))));
        assert!(matches!(form(3, [7, 7], [1, 1]), Some(Form::Product(_))));
        assert!(matches!(form(8, [7, 7], [2, 2]), Some(Form::Product(_))));
    }

    /// As long as they are below 2^24, the last whole number before floats skip some.
    #[test]
    fn whole_numbers_stay_whole() {
        let window = Window { size: [3, 3], strides: [1, 1], pads: [1; 4], dilations: [1, 1] };
        // 64 × 9 products of eight bits each.
        let input: Vec<f32> = values(64 * 12 * 12).iter().map(|value| (value + 50.0) * 2.55).map(f32::round).collect();
        let weights: Vec<f32> = values(8 * 64 * 9).iter().map(|value| (value * 2.5).round() + 1.0).collect();
        let kernels = Kernels { weights: &weights, made: 8, groups: 1 };
        let ready = Convolution::new(64, [12, 12], kernels, &window).unwrap();
        assert!(matches!(ready.form, Form::Product(_)) && ready.suits([12, 12]) && ready.suits([40, 3]));
        let found = ready.run(&input, [12, 12], &[0.0; 8], Bounds::NONE, Pool::ALONE);
        assert_eq!(found, Some(by_definition(&input, 64, [12, 12], kernels, &[0.0; 8], &window)));
    }

    #[test]
    fn weights_without_end_are_not_transformed() {
        let window = Window { size: [3, 3], strides: [1, 1], pads: [1; 4], dilations: [1, 1] };
        let mut weights = halves(8 * 8 * 9);
        weights[100] = f32::INFINITY;
        let ready = Convolution::new(8, [12, 12], Kernels { weights: &weights, made: 8, groups: 1 }, &window).unwrap();
        assert!(matches!(ready.form, Form::Product(_)));
    }

    #[test]
    fn packed_weights_take_what_is_said_at_most() {
        for (channels, made, groups, size) in
            [(8, 9, 1, [3, 3]), (6, 4, 2, [3, 3]), (3, 5, 1, [2, 5]), (520, 8, 1, [1, 1])]
        {
            let window = Window { size, strides: [1, 1], pads: [0; 4], dilations: [1, 1] };
            let weights = halves(made * channels / groups * size[0] * size[1]);
            let ready =
                Convolution::new(channels, [9, 9], Kernels { weights: &weights, made, groups }, &window).unwrap();
            let length: usize = match &ready.form {
                Form::Product(parts) => parts.iter().map(Packed::length).sum(),
                Form::Winograd(transformed) => transformed.length(),
            };
            assert_eq!(length, packed_length(channels, made, groups, &window), "{channels} {made} {groups} {size:?}");
        }
        let strides = Window { size: [3, 3], strides: [2, 1], pads: [0; 4], dilations: [1, 1] };
        assert_eq!(packed_length(8, 6, 1, &strides), 8 * 8 * 9);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let window = Window { size: [3, 3], strides: [1, 1], pads: [0; 4], dilations: [1, 1] };
        let refuse = |channels: usize, map: [usize; 2], weights: &[f32], made: usize, groups: usize| {
            Convolution::new(channels, map, Kernels { weights, made, groups }, &window).is_none()
        };
        assert!(refuse(1, [2, 2], &[0.0; 9], 1, 1));
        assert!(refuse(1, [3, 3], &[0.0; 8], 1, 1));
        assert!(refuse(1, [3, 3], &[0.0; 9], 0, 1));
        assert!(refuse(0, [3, 3], &[], 1, 1));
        assert!(refuse(1, [3, 3], &[0.0; 9], 1, 0));
        assert!(refuse(3, [3, 3], &[0.0; 18], 2, 2));
        let ready = Convolution::new(1, [3, 3], Kernels { weights: &[0.0; 9], made: 1, groups: 1 }, &window).unwrap();
        assert!(ready.run(&[0.0; 9], [3, 3], &[], Bounds::NONE, Pool::ALONE).is_none());
        assert_eq!(ready.run(&[0.0; 9], [3, 3], &[1.0], Bounds::NONE, Pool::ALONE), Some(vec![1.0]));
    }

    #[test]
    fn what_the_transforms_cannot_take_is_convolved_by_the_definition() {
        let window = Window { size: [3, 3], strides: [1, 1], pads: [1; 4], dilations: [1, 1] };
        let (weights, bias) = (halves(8 * 8 * 9), values(8));
        let kernels = Kernels { weights: &weights, made: 8, groups: 1 };
        let usual = Convolution::new(8, [12, 12], kernels, &window).unwrap();
        assert!(matches!(usual.form, Form::Winograd(_)));
        let mut input = values(8 * 12 * 12);
        assert!(usual.takes(&input));
        for large in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1e37] {
            input[500] = large;
            assert!(!usual.takes(&input));
            let exact = Convolution::by_definition(8, [12, 12], kernels, &window).unwrap();
            assert!(exact.takes(&input));
            let found = exact.run(&input, [12, 12], &bias, Bounds::NONE, Pool::ALONE).unwrap();
            let expected = by_definition(&input, 8, [12, 12], kernels, &bias, &window);
            let same = |found: f32, expected: f32| {
                found == expected
                    || found.is_nan() && expected.is_nan()
                    || (found - expected).abs() <= 1e-6 * expected.abs()
            };
            assert!(found.iter().zip(&expected).all(|(&found, &expected)| same(found, expected)), "{large}");
        }
    }
}
