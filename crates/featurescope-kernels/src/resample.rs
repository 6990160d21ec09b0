//! The two passes of a resize with fixed-point weights: every new pixel is a weighted sum of a run of old ones.

/// Fraction bits of a weight. Pillow's number: 8 bits of pixel and 2 of headroom fill up 32.
pub const PRECISION_BITS: u32 = 32 - 8 - 2;

/// A half, for rounding.
const HALF: i32 = 1 << (PRECISION_BITS - 1);

/// The weights of the old pixels that make one new pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tap {
    /// The first old pixel.
    pub start: usize,
    /// One for each old pixel from there on, with [`PRECISION_BITS`] bits of fraction.
    pub weights: Vec<i32>,
}

/// Gives every row of `width` RGB pixels as many pixels as there are taps. Taps that reach beyond the row are cut.
#[inline(never)]
pub fn resample_columns(rgb: &[u8], width: usize, taps: &[Tap]) -> Vec<u8> {
    let rows = rgb.len() / (width * 3).max(1);
    let mut result = vec![0; rows * taps.len() * 3];
    for (row, new) in rgb.chunks_exact((width * 3).max(1)).zip(result.chunks_exact_mut((taps.len() * 3).max(1))) {
        let (pixels, _) = row.as_chunks::<3>();
        let (new, _) = new.as_chunks_mut::<3>();
        for (tap, new) in taps.iter().zip(new) {
            let [mut red, mut green, mut blue] = [HALF; 3];
            for (&weight, &[r, g, b]) in tap.weights.iter().zip(pixels.get(tap.start..).unwrap_or_default()) {
                red += i32::from(r) * weight;
                green += i32::from(g) * weight;
                blue += i32::from(b) * weight;
            }
            *new = [to_byte(red), to_byte(green), to_byte(blue)];
        }
    }
    result
}

/// Makes one row of each tap from rows of `length` bytes; the first row is number `first` for the taps.
#[inline(never)]
pub fn resample_rows(rows: &[u8], length: usize, first: usize, taps: &[Tap]) -> Vec<u8> {
    let mut result = vec![0; length * taps.len()];
    let mut sums = vec![HALF; length];
    for (tap, new) in taps.iter().zip(result.chunks_exact_mut(length.max(1))) {
        sums.fill(HALF);
        let from = rows.get(tap.start.saturating_sub(first) * length..).unwrap_or_default();
        for (&weight, row) in tap.weights.iter().zip(from.chunks_exact(length.max(1))) {
            for (sum, &value) in sums.iter_mut().zip(row) {
                *sum += i32::from(value) * weight;
            }
        }
        for (new, &sum) in new.iter_mut().zip(&sums) {
            *new = to_byte(sum);
        }
    }
    result
}

/// Drops the fraction and keeps within a byte, since rounded weights may add up to a little over one.
#[inline(always)]
fn to_byte(sum: i32) -> u8 {
    (sum >> PRECISION_BITS).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i32 = 1 << PRECISION_BITS;

    #[test]
    fn both_passes_weigh_and_round() {
        let taps = [Tap { start: 0, weights: vec![ONE] }, Tap { start: 0, weights: vec![ONE / 2, ONE / 2] }];
        let row = [10, 20, 30, 13, 20, 255];
        assert_eq!(resample_columns(&row, 2, &taps), [10, 20, 30, 12, 20, 143]);
        assert_eq!(resample_rows(&[10, 20, 13, 255], 2, 0, &taps), [10, 20, 12, 138]);
        // The rows given may begin later than the picture.
        assert_eq!(resample_rows(&[7, 8], 2, 5, &[Tap { start: 5, weights: vec![ONE] }]), [7, 8]);
        assert_eq!(resample_columns(&[], 0, &taps), [0; 0]);
    }
}
