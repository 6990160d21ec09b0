//! What gradient ascent does to every value of a picture.

use wide::f64x2;

/// The sigmoid of each value, 1 / (1 + e^−x), each of the three steps rounded to single precision: the power itself is computed in doubles,
/// so that it is the nearest number on every machine, for what a network makes of a drawing may hang on the last digit of a pixel.
#[inline(never)]
pub fn sigmoids(values: &[f32]) -> Vec<f32> {
    let sigmoid = |values: [f32; 2]| {
        powers(-f64x2::new(values.map(f64::from))).to_array().map(|power| 1.0 / (1.0 + power as f32))
    };
    let mut made = vec![0.0; values.len()];
    let (pairs, last) = values.as_chunks::<2>();
    let (made_pairs, made_last) = made.as_chunks_mut::<2>();
    for (made, &pair) in made_pairs.iter_mut().zip(pairs) {
        *made = sigmoid(pair);
    }
    if let ([made], [last]) = (made_last, last) {
        *made = sigmoid([*last; 2])[0];
    }
    made
}

/// e to the power of each, within 3e-10 of it: far nearer than single precision tells apart. Beyond ±200, where single precision has nothing
/// left but zero and infinity, as at ±200.
#[inline(always)]
fn powers(exponents: f64x2) -> f64x2 {
    /// Added to a number below 2⁵¹, it leaves the nearest whole number in the last bits.
    const WHOLE: f64 = 1.5 * (1_u64 << 52) as f64;
    /// 1 / k!, from k = 8 down: the next term of the series is below 3e-10 within ±ln 2 / 2.
    const SERIES: [f64; 9] =
        [1.0 / 40320.0, 1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let bounded = exponents.simd_lt(f64x2::splat(-200.0)).bitselect(f64x2::splat(-200.0), exponents);
    let bounded = bounded.simd_gt(f64x2::splat(200.0)).bitselect(f64x2::splat(200.0), bounded);
    // x = n ln 2 + rest, so that e^x is 2ⁿ e^rest.
    let whole = bounded * std::f64::consts::LOG2_E + WHOLE;
    let rest = bounded - (whole - WHOLE) * std::f64::consts::LN_2;
    let power = SERIES.iter().fold(f64x2::ZERO, |sum, &term| sum * rest + term);
    // n is added to the power of two that the number has.
    let [whole, power] = [whole, power].map(|values| values.to_array().map(f64::to_bits));
    let scaled = [0, 1].map(|lane| f64::from_bits(power[lane].wrapping_add(whole[lane] << 52)));
    exponents.is_nan().bitselect(exponents, f64x2::new(scaled))
}

/// Three planes of values from 0 to 1, one after another, as red, green and blue from 0 to 255 side by side. A half is rounded up.
#[inline(never)]
pub fn levels(planes: &[f32]) -> Vec<u8> {
    let cells = planes.len() / 3;
    let level = |value: f32| {
        let scaled = 255.0 * value;
        let whole = scaled as u8;
        if scaled - f32::from(whole) >= 0.5 { whole.saturating_add(1) } else { whole }
    };
    let (red, others) = planes.split_at(cells);
    let (green, blue) = others.split_at(cells);
    let mut made = vec![0; 3 * cells];
    for (pixel, ((&red, &green), &blue)) in made.as_chunks_mut::<3>().0.iter_mut().zip(red.iter().zip(green).zip(blue))
    {
        *pixel = [red, green, blue].map(level);
    }
    made
}

/// The settings of a step of Adam (Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub rate: f64,
    /// How much of the value itself is added to the gradient of the loss.
    pub weight_decay: f64,
    /// The decay of the mean and of the square, β₁ and β₂.
    pub decays: [f64; 2],
    /// What the mean and the square are divided by, since they began at zero: 1 − βᵗ.
    pub shares: [f64; 2],
    /// What keeps it from dividing by zero.
    pub epsilon: f64,
}

/// One step of Adam that makes what `gradient` is the gradient of grow. All slices have one length; what is longer is left as it is.
#[inline(never)]
pub fn adam(values: &mut [f32], gradient: &[f32], means: &mut [f64], squares: &mut [f64], step: &Step) {
    let Step { rate, weight_decay, decays: [of_mean, of_square], shares: [mean_share, square_share], epsilon } = *step;
    let pair = |value: [f32; 2]| f64x2::new(value.map(f64::from));
    let one = |value: &mut [f32; 2], gradient: [f32; 2], mean: &mut [f64; 2], square: &mut [f64; 2]| {
        let now = pair(*value);
        let loss = now * weight_decay - pair(gradient);
        let (new_mean, new_square) = (
            f64x2::new(*mean) * of_mean + loss * (1.0 - of_mean),
            f64x2::new(*square) * of_square + loss * (1.0 - of_square) * loss,
        );
        let way = (new_mean / f64x2::splat(mean_share)) / ((new_square / f64x2::splat(square_share)).sqrt() + epsilon);
        *value = (now - way * rate).to_array().map(|value| value as f32);
        (*mean, *square) = (new_mean.to_array(), new_square.to_array());
    };
    let length = values.len().min(gradient.len()).min(means.len()).min(squares.len());
    let (pairs, last) = values[..length].as_chunks_mut::<2>();
    let (gradients, last_gradient) = gradient[..length].as_chunks::<2>();
    let (mean_pairs, last_mean) = means[..length].as_chunks_mut::<2>();
    let (square_pairs, last_square) = squares[..length].as_chunks_mut::<2>();
    let memory = mean_pairs.iter_mut().zip(square_pairs);
    for ((value, &gradient), (mean, square)) in pairs.iter_mut().zip(gradients).zip(memory) {
        one(value, gradient, mean, square);
    }
    if let ([value], [gradient], [mean], [square]) = (last, last_gradient, last_mean, last_square) {
        let (mut values, mut means, mut squares) = ([*value, 0.0], [*mean, 0.0], [*square, 0.0]);
        one(&mut values, [*gradient, 0.0], &mut means, &mut squares);
        (*value, *mean, *square) = (values[0], means[0], squares[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Beside one in doubles; and the native library's power is the nearest number as well, but for very few values.
    #[test]
    fn a_sigmoid_is_near_the_true_one_and_never_beyond_its_ends() {
        let values: Vec<f32> = (-2001..2002).map(|step| step as f32 / 10.0).collect();
        let found = sigmoids(&values);
        for (&value, &found) in values.iter().zip(&found) {
            let expected = 1.0 / (1.0 + (-f64::from(value)).exp());
            assert!((f64::from(found) - expected).abs() < 2e-7 && (0.0..=1.0).contains(&found), "{value}: {found}");
        }
        let same = values.iter().zip(&found).filter(|&(value, &found)| found == 1.0 / (1.0 + (-value).exp())).count();
        assert!(same + 5 > values.len(), "{same} of {}", values.len());
        let ends = sigmoids(&[f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0, f32::MAX, f32::MIN, f32::NAN]);
        assert_eq!(ends[..6], [1.0, 0.0, 0.5, 0.5, 1.0, 0.0]);
        assert!(ends[6].is_nan() && sigmoids(&[]).is_empty());
    }

    #[test]
    fn levels_are_rounded_as_by_hand() {
        let planes: Vec<f32> = (0..3 * 400).map(|place| place as f32 / 1199.0).chain([f32::NAN; 3]).collect();
        let cells = planes.len() / 3;
        let expected: Vec<u8> = (0..cells)
            .flat_map(|cell| [0, 1, 2].map(|plane| (255.0 * planes[plane * cells + cell]).round() as u8))
            .collect();
        assert_eq!(levels(&planes), expected);
        assert_eq!(levels(&[0.5 / 255.0, 1.0, 2.0]), [1, 255, 255]);
        assert!(levels(&[]).is_empty());
    }

    /// Value by value, as the algorithm has it.
    #[test]
    fn adam_is_the_algorithm() {
        for length in [0, 1, 2, 7] {
            let start: Vec<f32> = (0..length).map(|place| place as f32 - 2.5).collect();
            let (mut values, mut means, mut squares) = (start.clone(), vec![0.0; length], vec![0.0; length]);
            let (mut expected, mut mean, mut square) = (start, vec![0.0; length], vec![0.0; length]);
            for time in 1..6 {
                let gradient: Vec<f32> =
                    (0..length).map(|place| ((place * 3 + time as usize) % 5) as f32 - 2.0).collect();
                let shares = [1.0 - 0.9_f64.powi(time), 1.0 - 0.999_f64.powi(time)];
                let step = Step { rate: 0.1, weight_decay: 0.01, decays: [0.9, 0.999], shares, epsilon: 1e-8 };
                adam(&mut values, &gradient, &mut means, &mut squares, &step);
                for place in 0..length {
                    let loss = 0.01 * f64::from(expected[place]) - f64::from(gradient[place]);
                    mean[place] = 0.9 * mean[place] + (1.0 - 0.9) * loss;
                    square[place] = 0.999 * square[place] + (1.0 - 0.999) * loss * loss;
                    let way = (mean[place] / shares[0]) / ((square[place] / shares[1]).sqrt() + 1e-8);
                    expected[place] = (f64::from(expected[place]) - 0.1 * way) as f32;
                }
                assert_eq!(values, expected, "{length} values, step {time}");
            }
        }
    }
}
