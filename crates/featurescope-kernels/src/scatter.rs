//! The gradient of max pooling.

use crate::Window;

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
    let [down, across] = window.dilations;
    let lines: Vec<Seen> = (0..out_height).map(|y| inside(y, 0, window, height)).collect();
    let columns: Vec<Seen> = (0..out_width).map(|x| inside(x, 1, window, width)).collect();
    let planes = input.chunks_exact(area).zip(gradient.chunks_exact_mut(area)).zip(given.chunks_exact(out_area));
    for ((values, gradient), given) in planes {
        for (given, lines) in given.chunks_exact(out_width).zip(&lines) {
            for (&given, columns) in given.iter().zip(&columns) {
                // Behind an activation most windows have nothing to give.
                if given == 0.0 {
                    continue;
                }
                let first = first_maximum(values, width, [*lines, *columns], [down, across]);
                // A window whose gaps leave it nothing but padding gives nothing.
                if let Some(value) = first.and_then(|place| gradient.get_mut(place)) {
                    *value += given;
                }
            }
        }
    }
    Some(gradient)
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
