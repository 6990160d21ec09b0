//! Which feature maps fire most.

use super::order::order;

/// How many maps a ranking shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankOptions {
    /// At most so many maps.
    pub top: usize,
}

impl Default for RankOptions {
    /// 60, the number of overlays in the article's first figure.
    fn default() -> Self {
        Self { top: 60 }
    }
}

/// A place in a ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The number of the map, from 0.
    pub map: usize,
    pub mean: f32,
    /// From 1.
    pub rank: usize,
}

/// Ranks maps by descending mean; of equal means the lower map comes first.
///
/// Dead maps never fill up the top, so the result is shorter where fewer maps are alive. `dead` may be shorter than
/// `means` (or empty): the maps beyond it count as alive. A mean that is not a number has no place.
pub fn rank(means: &[f32], dead: &[bool], options: RankOptions) -> Vec<Ranked> {
    let is_dead = |map: usize| dead.get(map).copied().unwrap_or(false);
    let alive: Vec<(usize, f32)> =
        means.iter().copied().enumerate().filter(|&(map, mean)| !is_dead(map) && !mean.is_nan()).collect();
    // Equal means stay in order, so that the lower map comes first. Adding zero makes the two zeros equal, which
    // `total_cmp` tells apart.
    let mean = |position: usize| alive[position].1 + 0.0;
    let descending = order(alive.len(), &|first, second| mean(second).total_cmp(&mean(first)));
    let ranked = descending.into_iter().take(options.top).map(|position| alive[position]);
    ranked.enumerate().map(|(index, (map, mean))| Ranked { map, mean, rank: index + 1 }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ties_go_to_the_lower_map_and_dead_maps_stay_out() {
        let means = [0.5, 2.0, -0.0, 2.0, 0.0, f32::NAN, 9.0];
        let dead = [false, false, false, false, false, false, true];
        let ranked = rank(&means, &dead, RankOptions { top: 10 });
        assert_eq!(ranked.iter().map(|place| place.map).collect::<Vec<_>>(), [1, 3, 0, 2, 4]);
        assert_eq!(ranked[1], Ranked { map: 3, mean: 2.0, rank: 2 });
        assert_eq!(rank(&means, &[], RankOptions { top: 1 })[0].map, 6);
        assert!(rank(&[], &[], RankOptions::default()).is_empty());
        assert_eq!(rank(&[1.0; 100], &[], RankOptions::default()).len(), 60);
    }

    proptest! {
        #[test]
        fn a_ranking_is_sorted_complete_and_alive(
            // Few distinct means, so that ties are common.
            maps in prop::collection::vec((-3_i8..4, prop::bool::weighted(0.2)), 0..40),
            top in 0_usize..50,
        ) {
            let means: Vec<f32> = maps.iter().map(|&(mean, _)| f32::from(mean)).collect();
            let dead: Vec<bool> = maps.iter().map(|&(_, dead)| dead).collect();
            let ranked = rank(&means, &dead, RankOptions { top });
            let alive = dead.iter().filter(|&&dead| !dead).count();
            prop_assert_eq!(ranked.len(), top.min(alive));
            for (index, place) in ranked.iter().enumerate() {
                prop_assert_eq!(place.rank, index + 1);
                prop_assert_eq!(place.mean, means[place.map]);
                prop_assert!(!dead[place.map]);
            }
            for pair in ranked.windows(2) {
                prop_assert!(pair[0].mean > pair[1].mean || (pair[0].mean == pair[1].mean && pair[0].map < pair[1].map));
            }
            // Whoever is left out is not better than the last one in.
            if let Some(last) = ranked.last() {
                for (map, &mean) in means.iter().enumerate() {
                    if !dead[map] && !ranked.iter().any(|place| place.map == map) {
                        prop_assert!(mean < last.mean || (mean == last.mean && map > last.map));
                    }
                }
            }
        }
    }
}
