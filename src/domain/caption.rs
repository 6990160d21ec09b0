//! What a figure's caption says about a feature map, as data. The page puts words to it, in the visitor's language.

use super::statistics::plane_statistics;

/// A third of the picture in each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    UpperLeft,
    Upper,
    UpperRight,
    Left,
    Centre,
    Right,
    LowerLeft,
    Lower,
    LowerRight,
}

impl Place {
    /// In reading order.
    pub const ALL: [Self; 9] = [
        Self::UpperLeft,
        Self::Upper,
        Self::UpperRight,
        Self::Left,
        Self::Centre,
        Self::Right,
        Self::LowerLeft,
        Self::Lower,
        Self::LowerRight,
    ];

    /// The third that the centre of a cell lies in, for a map of `height × width` cells. Cells outside count to the
    /// nearest edge.
    pub fn of_cell(row: usize, column: usize, height: usize, width: usize) -> Self {
        let third = |cell: usize, count: usize| ((2 * cell + 1) * 3 / (2 * count.max(1))).min(2);
        Self::ALL[third(row, height) * 3 + third(column, width)]
    }

    /// The key by which the page finds its words.
    pub fn name(self) -> &'static str {
        match self {
            Self::UpperLeft => "upper-left",
            Self::Upper => "upper",
            Self::UpperRight => "upper-right",
            Self::Left => "left",
            Self::Centre => "centre",
            Self::Right => "right",
            Self::LowerLeft => "lower-left",
            Self::Lower => "lower",
            Self::LowerRight => "lower-right",
        }
    }
}

/// The facts for a caption such as "Map 143 fires most (mean 3.2) at the upper left".
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Caption {
    /// The map has one value everywhere.
    Dead,
    /// Nothing in the map is positive.
    Silent { mean: f32 },
    Fires {
        mean: f32,
        max: f32,
        /// Where the largest value is.
        place: Place,
        /// The share of cells, from 0 to 1, whose value is at least half of the largest: small for a map that looks at
        /// one spot.
        share: f32,
    },
}

/// The facts about one map with rows of `width` values.
pub fn caption(plane: &[f32], width: usize) -> Caption {
    let statistics = plane_statistics(plane, width);
    let (mean, max) = (statistics.mean, statistics.max);
    if statistics.dead {
        Caption::Dead
    } else if max > 0.0 {
        let place = Place::of_cell(statistics.row, statistics.column, plane.len() / width.max(1), width);
        let strong = plane.iter().filter(|&&value| value >= max / 2.0).count();
        Caption::Fires { mean, max, place, share: strong as f32 / plane.len() as f32 }
    } else {
        Caption::Silent { mean }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_thirds() {
        let line: Vec<&str> = (0..7).map(|column| Place::of_cell(3, column, 7, 7).name()).collect();
        assert_eq!(line, ["left", "left", "centre", "centre", "centre", "right", "right"]);
        assert_eq!(Place::of_cell(0, 0, 2, 2), Place::UpperLeft);
        assert_eq!(Place::of_cell(1, 1, 2, 2), Place::LowerRight);
        assert_eq!(Place::of_cell(0, 0, 1, 1), Place::Centre);
        assert_eq!(Place::of_cell(9, 9, 0, 0), Place::LowerRight);
    }

    #[test]
    fn facts_by_hand() {
        let fires = caption(&[0.0, 0.0, 4.0, 0.0, 2.0, 0.0], 3);
        assert_eq!(fires, Caption::Fires { mean: 1.0, max: 4.0, place: Place::UpperRight, share: 2.0 / 6.0 });
        assert_eq!(caption(&[5.0, 5.0], 2), Caption::Dead);
        assert_eq!(caption(&[-3.0, -1.0], 2), Caption::Silent { mean: -2.0 });
        assert_eq!(caption(&[], 0), Caption::Dead);
        assert!(matches!(caption(&[1.0, 2.0], 0), Caption::Fires { .. }));
    }
}
