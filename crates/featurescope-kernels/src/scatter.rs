//! The gradient of max pooling.

use std::ops::Range;

use crate::Window;
use crate::lanes::{LANES, Lanes, copy_every_second};

/// What reaches each value of `input`, maps that are `map` high and wide and lie one after another, when every window gives
/// its value in `given` to its first maximum in reading order. `None` where the window or the values do not fit.
#[inline(never)]
pub fn max_pool_gradient(input: &[f32], given: &[f32], map: [usize; 2], window: &Window) -> Option<Vec<f32>> {
    let [height, width] = map;
    let [out_height, out_width] = window.output(map)?;
    let (area, out_area) = (height.checked_mul(width)?, out_height.checked_mul(out_width)?);
    if area == 0 || out_area == 0 || input.len() / area != given.len() / out_area {
        return None;
    }
    let mut gradient = vec![0.0; input.len()];
    let gaps = window.dilations;
    let side_by_side = SideBySide::of(window, [width, out_width]);
    let mut halves = Vec::new();
    let lines: Vec<Seen> = (0..out_height).map(|y| inside(y, 0, window, height)).collect();
    let columns: Vec<Seen> = (0..out_width).map(|x| inside(x, 1, window, width)).collect();
    let planes = input.chunks_exact(area).zip(gradient.chunks_exact_mut(area)).zip(given.chunks_exact(out_area));
    for ((values, gradient), given) in planes {
        for (given, lines) in given.chunks_exact(out_width).zip(&lines) {
            let one_by_one = |gradient: &mut [f32], windows: Range<usize>| {
                for (&given, columns) in given[windows.clone()].iter().zip(&columns[windows]) {
                    // Behind an activation most windows have nothing to give.
                    if given == 0.0 {
                        continue;
                    }
                    let first = first_maximum(values, width, [*lines, *columns], gaps);
                    // A window whose gaps leave it nothing but padding gives nothing.
                    if let Some(value) = first.and_then(|place| gradient.get_mut(place)) {
                        *value += given;
                    }
                }
            };
            // From the left to the right, so that what meets at a place is added in the order of the windows.
            match side_by_side.as_ref().filter(|_| lines.count == window.size[0]) {
                Some(together) => {
                    one_by_one(gradient, 0..together.windows.start);
                    let rows = lines.first * width..(lines.first + lines.count) * width;
                    together.give(&values[rows.clone()], &mut gradient[rows], given, &mut halves);
                    one_by_one(gradient, together.windows.end..out_width);
                }
                None => one_by_one(gradient, 0..out_width),
            }
        }
    }
    Some(gradient)
}

/// Windows of one row that all lie inside of the map, several of which are compared at a time: one by one each value that is larger than
/// those before it would be a branch that no processor foresees.
struct SideBySide {
    /// Which ones: a multiple of [`LANES`] in number.
    windows: Range<usize>,
    /// Where the first of them begins in its rows.
    begin: usize,
    size: [usize; 2],
    stride: usize,
    width: usize,
}

impl SideBySide {
    /// `None` for windows with gaps, for those that step further than over one value, and where there are too few.
    fn of(window: &Window, [width, out_width]: [usize; 2]) -> Option<Self> {
        let (stride, pad, size) = (window.strides[1], window.pads[1], window.size);
        if !window.has_no_gaps() || !matches!(stride, 1 | 2) {
            return None;
        }
        let first = pad.div_ceil(stride);
        let end = ((width + pad).checked_sub(size[1])? / stride + 1).min(out_width);
        let count = end.checked_sub(first)? / LANES * LANES;
        let begin = (first * stride).checked_sub(pad)?;
        (count > 0).then_some(Self { windows: first..first + count, begin, size, stride, width })
    }

    /// Of the rows that the windows see: each window gives its value to its first maximum. `halves` is room to work in.
    #[inline(always)]
    fn give(&self, values: &[f32], gradient: &mut [f32], given: &[f32], halves: &mut Vec<f32>) {
        let Self { windows, begin, size, stride, width } = self;
        let (width, stride) = (*width, *stride);
        // Of a stride of two every second value of a row, then those between them, so that what windows side by side see at the same
        // place lies side by side.
        let half = width.div_ceil(2);
        if stride == 2 {
            halves.resize(values.len() / width * 2 * half, 0.0);
            for (row, halves) in values.chunks_exact(width).zip(halves.chunks_exact_mut(2 * half)) {
                let (even, odd) = halves.split_at_mut(half);
                copy_every_second(row, even);
                copy_every_second(&row[1..], &mut odd[..width / 2]);
            }
        }
        let seen = |row: usize, column: usize, window: usize| {
            let place = begin + column;
            let from = match stride {
                2 => &halves[row * 2 * half + place % 2 * half + place / 2 + window..],
                _ => &values[row * width + place + window..],
            };
            Lanes::of(from.first_chunk().unwrap_or(&[0.0; LANES]))
        };
        let given = &given[windows.clone()];
        for (block, given) in given.chunks_exact(LANES).enumerate() {
            if given.iter().all(|&given| given == 0.0) {
                continue;
            }
            let window = block * LANES;
            let (mut largest, mut which) = (seen(0, 0, window), Lanes::splat(0.0));
            let mut place = 0.0;
            for row in 0..size[0] {
                for column in 0..size[1] {
                    let value = seen(row, column, window);
                    let exceeds = value.exceeds(largest);
                    (largest, which) = (exceeds.choose(value, largest), exceeds.choose(Lanes::splat(place), which));
                    place += 1.0;
                }
            }
            let mut places = [0.0; LANES];
            which.write(&mut places);
            for (lane, (&given, place)) in given.iter().zip(places).enumerate() {
                let place = place as usize;
                let (row, column) = (place / size[1], place % size[1]);
                if given != 0.0 {
                    gradient[row * width + begin + (window + lane) * stride + column] += given;
                }
            }
        }
    }
}

/// What a window sees of the rows or of the columns of a map.
#[derive(Debug, Clone, Copy)]
struct Seen {
    first: usize,
    count: usize,
}

/// The rows or columns of a map that a window sees.
fn inside(place: usize, axis: usize, window: &Window, length: usize) -> Seen {
    let (begin, gap) = (place * window.strides[axis], window.dilations[axis]);
    let (start, end) = (window.pads[axis], window.pads[axis] + length);
    let skipped = start.saturating_sub(begin).div_ceil(gap);
    let until = end.saturating_sub(begin).div_ceil(gap).min(window.size[axis]);
    Seen { first: (begin + skipped * gap).saturating_sub(start), count: until.saturating_sub(skipped) }
}

/// Where the first maximum in reading order lies; the first value stays it where that is no number.
#[inline(always)]
fn first_maximum(
    values: &[f32],
    width: usize,
    [lines, columns]: [Seen; 2],
    [down, across]: [usize; 2],
) -> Option<usize> {
    let mut place = lines.first * width + columns.first;
    let (mut most, mut largest) = (place, *values.get(place).filter(|_| lines.count * columns.count > 0)?);
    for _ in 0..lines.count {
        let row = values.get(place..place + (columns.count - 1) * across + 1)?;
        // Said for windows without gaps, so that these take no steps of a length that is only known when they run.
        let mut consider = |column: usize, value: f32| {
            if value > largest {
                (most, largest) = (place + column, value);
            }
        };
        if across == 1 {
            row.iter().enumerate().for_each(|(column, &value)| consider(column, value));
        } else {
            row.iter().step_by(across).enumerate().for_each(|(column, &value)| consider(column * across, value));
        }
        place += down * width;
    }
    Some(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_maxima_gets_it_all() {
        let window = Window { size: [3, 3], strides: [2, 2], pads: [1, 1, 0, 0], dilations: [1, 1] };
        let input = [
            -1.0, -2.0, -3.0, -3.0, //
            -2.0, -1.0, -3.0, -2.0, //
            -3.0, -2.0, -2.0, -2.0, //
            -4.0, -5.0, -6.0, -2.0,
        ];
        // Windows of rows 0–1 and 1–3, columns 0–1 and 1–3.
        let gradient = max_pool_gradient(&input, &[1.0, 10.0, 100.0, 1000.0], [4, 4], &window);
        let mut expected = [0.0; 16];
        expected[0] = 1.0;
        expected[5] = 1110.0;
        assert_eq!(gradient, Some(expected.to_vec()));
    }

    #[test]
    fn gaps_are_not_seen() {
        let window = Window { size: [2, 2], strides: [1, 2], pads: [1, 1, 0, 0], dilations: [2, 3] };
        let input = [
            9.0, 1.0, 9.0, 2.0, //
            3.0, 5.0, 9.0, 5.0, //
            4.0, 6.0, 9.0, 7.0,
        ];
        // Windows of rows 1 alone and 0 and 2, and of columns 2 alone.
        let gradient = max_pool_gradient(&input, &[1.0, 10.0], [3, 4], &window);
        let mut expected = [0.0; 12];
        expected[6] = 1.0;
        expected[2] = 10.0;
        assert_eq!(gradient, Some(expected.to_vec()));
    }

    /// By the definition, one window after another, with equal values and values that are no numbers.
    #[test]
    fn windows_side_by_side_are_those_one_by_one() {
        for (size, stride) in
            [([3, 3], 2), ([2, 2], 2), ([3, 3], 1), ([5, 5], 1), ([1, 2], 2), ([4, 3], 2), ([3, 2], 3)]
        {
            for (pads, map) in [([0; 4], [9, 41]), ([1, 1, 0, 1], [7, 40]), ([0, 1, 1, 0], [12, 23]), ([0; 4], [5, 8])]
            {
                let window = Window { size, strides: [stride; 2], pads, dilations: [1, 1] };
                let Some([out_height, out_width]) = window.output(map) else { continue };
                let value = |place: usize| if place % 37 == 5 { f32::NAN } else { (place * 7 % 11) as f32 - 4.0 };
                let input: Vec<f32> = (0..2 * map[0] * map[1]).map(value).collect();
                let given: Vec<f32> =
                    (0..2 * out_height * out_width).map(|place| (place * 5 % 7) as f32 / 3.0 - 1.0).collect();
                let mut expected = vec![0.0; input.len()];
                for (place, &given) in given.iter().enumerate() {
                    let (map_of, y, x) =
                        (place / (out_height * out_width), place / out_width % out_height, place % out_width);
                    let mut first: Option<(usize, f32)> = None;
                    for (row, column) in (0..size[0]).flat_map(|row| (0..size[1]).map(move |column| (row, column))) {
                        let at =
                            |begin: usize, pad: usize, length: usize| begin.checked_sub(pad).filter(|&at| at < length);
                        let (Some(row), Some(column)) =
                            (at(y * stride + row, pads[0], map[0]), at(x * stride + column, pads[1], map[1]))
                        else {
                            continue;
                        };
                        let place = (map_of * map[0] + row) * map[1] + column;
                        if first.is_none_or(|(_, largest)| input[place] > largest) {
                            first = Some((place, input[place]));
                        }
                    }
                    if let Some((place, _)) = first {
                        expected[place] += given;
                    }
                }
                assert_eq!(max_pool_gradient(&input, &given, map, &window), Some(expected), "{window:?} on {map:?}");
            }
        }
    }

    #[test]
    fn a_window_of_padding_gives_nothing() {
        let window = Window { size: [2, 1], strides: [1, 1], pads: [1, 0, 1, 0], dilations: [2, 1] };
        assert_eq!(max_pool_gradient(&[1.0], &[5.0], [1, 1], &window), Some(vec![0.0]));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let window = Window { size: [2, 2], strides: [2, 2], pads: [0; 4], dilations: [1, 1] };
        assert_eq!(max_pool_gradient(&[0.0; 16], &[0.0; 3], [4, 4], &window), None);
        assert_eq!(max_pool_gradient(&[0.0; 1], &[], [1, 1], &window), None);
    }
}
