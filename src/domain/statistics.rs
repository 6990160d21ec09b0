//! What one number says about a feature map.

use super::tensor::Maps;

/// The numbers of one feature map for one picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapStatistics {
    /// The activation of the map: the mean over height × width of the values as they are.
    pub mean: f32,
    pub max: f32,
    pub min: f32,
    /// Row of the largest value; of equal ones the first in reading order.
    pub row: usize,
    /// Column of the largest value.
    pub column: usize,
    /// The map has one value everywhere, so it shows nothing.
    ///
    /// A map of a single cell (after a global pooling) is always constant; it is dead where that cell is zero.
    pub dead: bool,
}

/// The statistics of every map of a layer, in the order of the maps.
pub fn statistics(maps: &Maps<'_>) -> Vec<MapStatistics> {
    maps.planes().map(|plane| plane_statistics(plane, maps.width())).collect()
}

/// The mean of every map in order.
pub fn means(statistics: &[MapStatistics]) -> Vec<f32> {
    statistics.iter().map(|map| map.mean).collect()
}

/// Which maps are dead, in the order of the maps.
pub fn dead(statistics: &[MapStatistics]) -> Vec<bool> {
    statistics.iter().map(|map| map.dead).collect()
}

/// The largest value of the layer, the scale of overlays that are to be compared between maps; 0 without maps.
pub fn largest(statistics: &[MapStatistics]) -> f32 {
    statistics.iter().map(|map| map.max).reduce(f32::max).unwrap_or(0.0)
}

/// The largest magnitude of the layer, the scale of signed overlays; 0 without maps.
pub fn largest_magnitude(statistics: &[MapStatistics]) -> f32 {
    statistics.iter().map(|map| map.max.max(-map.min)).reduce(f32::max).unwrap_or(0.0)
}

/// The statistics of one map with rows of `width` values. An empty one is dead.
pub fn plane_statistics(plane: &[f32], width: usize) -> MapStatistics {
    let Some(&first) = plane.first() else {
        return MapStatistics { mean: 0.0, max: 0.0, min: 0.0, row: 0, column: 0, dead: true };
    };
    // In double precision, since a mean must not depend on the order in which an engine would add up.
    let mut sum = 0.0_f64;
    let (mut max, mut min, mut position) = (first, first, 0);
    for (index, &value) in plane.iter().enumerate() {
        sum += f64::from(value);
        if value > max {
            (max, position) = (value, index);
        }
        if value < min {
            min = value;
        }
    }
    let dead = if plane.len() == 1 { max == 0.0 } else { max == min };
    let mean = (sum / plane.len() as f64) as f32;
    // Rows of no width cannot be, but must not be divided by either.
    let width = width.max(1);
    MapStatistics { mean, max, min, row: position / width, column: position % width, dead }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tensor::Tensor;

    fn of(channels: usize, height: usize, width: usize, data: &[f32]) -> Vec<MapStatistics> {
        let tensor = Tensor::new(vec![1, channels, height, width], data.to_vec()).unwrap();
        statistics(&tensor.maps().unwrap())
    }

    #[test]
    fn numbers_by_hand() {
        let statistics = of(2, 2, 3, &[0.0, 1.0, 2.0, 6.0, 3.0, 6.0, -1.0, -2.0, -3.0, -4.0, -5.0, -9.0]);
        let first = MapStatistics { mean: 3.0, max: 6.0, min: 0.0, row: 1, column: 0, dead: false };
        let second = MapStatistics { mean: -4.0, max: -1.0, min: -9.0, row: 0, column: 0, dead: false };
        assert_eq!(statistics, [first, second]);
        assert_eq!((largest(&statistics), largest_magnitude(&statistics)), (6.0, 9.0));
        assert_eq!(means(&statistics), [3.0, -4.0]);
    }

    #[test]
    fn constant_maps_are_dead_but_a_single_cell_only_at_zero() {
        assert_eq!(dead(&of(3, 1, 2, &[0.0, 0.0, 5.0, 5.0, 0.0, 0.1])), [true, true, false]);
        assert_eq!(dead(&of(2, 1, 1, &[0.0, 5.0])), [true, false]);
    }

    #[test]
    fn the_mean_does_not_lose_small_values() {
        let mut data = vec![0.25_f32; 1 << 14];
        data[0] = 1.0e8;
        let expected = (1.0e8 + 0.25 * f64::from((1 << 14) - 1)) / f64::from(1 << 14);
        assert_eq!(of(1, 128, 128, &data)[0].mean, expected as f32);
    }

    #[test]
    fn what_is_empty_is_dead() {
        let none = MapStatistics { mean: 0.0, max: 0.0, min: 0.0, row: 0, column: 0, dead: true };
        assert_eq!(plane_statistics(&[], 3), none);
        assert_eq!((largest(&[]), largest_magnitude(&[])), (0.0, 0.0));
        // Where nothing is above zero, too, the largest is what it is.
        let below = of(1, 1, 2, &[-3.0, -1.0]);
        assert_eq!((largest(&below), largest_magnitude(&below)), (-1.0, 3.0));
        assert_eq!(plane_statistics(&[1.0, 4.0], 0).row, 1);
    }
}
