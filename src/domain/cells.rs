//! Feature maps made small: the means of windows that lie side by side and cover the map.

use super::statistics::plane_statistics;

/// A map whose cells differ by less than this share of the largest is taken for constant. Means of up to a few hundred equal values are
/// off by so much in single precision where windows are of different sizes.
const CONSTANT: f32 = 1e-5;

/// Windows of one size that cover a map, the last of each row and column perhaps in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cells {
    /// Height and width of the map, both at least 1.
    pub size: [usize; 2],
    /// Height and width of each window.
    pub window: [usize; 2],
}

/// What the cells say of their map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellStatistics {
    /// The mean over all values of the map, as [`MapStatistics`](super::statistics::MapStatistics) has it but for rounding.
    pub mean: f32,
    /// The map has one value everywhere.
    pub dead: bool,
}

impl Cells {
    /// The finest ones of which there are no more than `most` (at least 1) along either axis.
    pub fn within(size: [usize; 2], most: usize) -> Self {
        Self { size, window: size.map(|length| length.div_ceil(most.max(1)).max(1)) }
    }

    /// How many there are in a column and in a row.
    pub fn count(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.size[axis].div_ceil(self.window[axis]))
    }

    /// Whether each cell is a value of the map itself.
    pub fn are_values(&self) -> bool {
        self.window == [1, 1]
    }

    /// How many values cell number `place` covers along an axis.
    fn covered(&self, axis: usize, place: usize) -> usize {
        self.window[axis].min(self.size[axis].saturating_sub(place * self.window[axis]))
    }

    /// The statistics of a map from the means in its cells, which are in row-major order.
    pub fn statistics(&self, cells: &[f32]) -> CellStatistics {
        let [rows, columns] = self.count();
        let plain = plane_statistics(cells, columns);
        if self.are_values() || plain.dead {
            return CellStatistics { mean: plain.mean, dead: plain.dead };
        }
        let mut sum = 0.0_f64;
        for row in 0..rows {
            for column in 0..columns {
                let values = self.covered(0, row) * self.covered(1, column);
                sum += f64::from(cells.get(row * columns + column).copied().unwrap_or(0.0)) * values as f64;
            }
        }
        let mean = (sum / (self.size[0] * self.size[1]) as f64) as f32;
        let largest = plain.max.abs().max(plain.min.abs());
        CellStatistics { mean, dead: plain.max - plain.min <= CONSTANT * largest }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_windows_cover_the_map() {
        let cells = Cells::within([27, 16], 16);
        assert_eq!((cells.window, cells.count(), cells.are_values()), ([2, 1], [14, 16], false));
        assert_eq!((cells.covered(0, 12), cells.covered(0, 13)), (2, 1));
        assert!(Cells::within([13, 13], 16).are_values());
    }

    #[test]
    fn constant_maps_are_dead_also_but_for_rounding() {
        let cells = Cells::within([3, 2], 2);
        assert_eq!(cells.statistics(&[0.5, 0.5, 0.500_000_1, 0.5]), CellStatistics { mean: 0.5, dead: true });
        assert!(!cells.statistics(&[0.0, 0.0, 1e-9, 0.0]).dead);
    }

    proptest! {
        #[test]
        fn the_mean_is_that_of_the_map(
            (size, plane) in [1_usize..40, 1_usize..40].prop_flat_map(|size| {
                (Just(size), prop::collection::vec(-8.0_f32..8.0, size[0] * size[1]))
            }),
            most in 1_usize..17,
        ) {
            let cells = Cells::within(size, most);
            let [rows, columns] = cells.count();
            prop_assert!(rows <= most && columns <= most);
            let mut means = Vec::new();
            for row in 0..rows {
                for column in 0..columns {
                    let mut inside = Vec::new();
                    for y in (row * cells.window[0]..size[0]).take(cells.window[0]) {
                        for x in (column * cells.window[1]..size[1]).take(cells.window[1]) {
                            inside.push(f64::from(plane[y * size[1] + x]));
                        }
                    }
                    means.push((inside.iter().sum::<f64>() / inside.len() as f64) as f32);
                }
            }
            let expected = plane_statistics(&plane, size[1]).mean;
            prop_assert!((cells.statistics(&means).mean - expected).abs() <= 1e-5);
        }
    }
}
