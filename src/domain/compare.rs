//! Two photos side by side: which feature maps differ most.

/// One map in two pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The number of the map, from 0.
    pub map: usize,
    /// Its mean in the first picture.
    pub first: f32,
    /// Its mean in the second picture.
    pub second: f32,
    /// `second − first`: positive where the map fires more in the second picture.
    pub difference: f32,
}

/// The `top` maps whose means differ most either way, the largest difference first; of equal ones the lower map comes
/// first. Maps that only one picture has, or whose difference is not a number, are left out.
pub fn differences(first: &[f32], second: &[f32], top: usize) -> Vec<Difference> {
    let difference =
        |(map, (&first, &second)): (usize, (&f32, &f32))| Difference { map, first, second, difference: second - first };
    let mut differences: Vec<Difference> =
        first.iter().zip(second).enumerate().map(difference).filter(|map| !map.difference.is_nan()).collect();
    // A stable sort keeps the lower map first.
    differences.sort_by(|one, other| other.difference.abs().total_cmp(&one.difference.abs()));
    differences.truncate(top);
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_difference_comes_first_whichever_way() {
        let found = differences(&[1.0, 5.0, 2.0, 0.0, f32::NAN], &[2.0, 1.0, 1.0, 0.0, 1.0], 3);
        let short: Vec<(usize, f32)> = found.iter().map(|map| (map.map, map.difference)).collect();
        assert_eq!(short, [(1, -4.0), (0, 1.0), (2, -1.0)]);
        assert_eq!((found[0].first, found[0].second), (5.0, 1.0));
        assert!(differences(&[], &[], 9).is_empty());
    }
}
