//! Question 1: which feature maps belong to a class? Those that are most often among the strongest of its images, without those
//! that are so of another class's images.

use super::article::{MAPS_PER_CLASS, MAPS_PER_IMAGE};
use super::order::order;

/// How many maps count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassMapOptions {
    /// At most so many maps are taken of each image, the strongest (the article's N1).
    pub per_image: usize,
    /// At most so many maps are kept for each class, the most frequent (the article's N2).
    pub per_class: usize,
}

impl Default for ClassMapOptions {
    /// 25 and 25, as in the article.
    fn default() -> Self {
        Self { per_image: MAPS_PER_IMAGE, per_class: MAPS_PER_CLASS }
    }
}

/// A map that belongs to a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The number of the map, from 0.
    pub map: usize,
    /// In how many of the class's images it is among the strongest.
    pub count: usize,
}

/// A map that would belong to a class if others did not have it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    pub map: usize,
    pub count: usize,
    /// The other classes whose most frequent maps it is among, by their places in the list of classes.
    pub also_in: Vec<usize>,
}

/// What a class's images have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClassMaps {
    /// The maps of this class alone: by descending count, of equal counts the lower map first.
    pub maps: Vec<Counted>,
    /// The maps that are among the most frequent of another class too, whatever their counts there, in the same order.
    pub removed: Vec<Shared>,
}

/// Finds the maps of each class.
///
/// `classes` holds, for each class, the maps of each of its images from the strongest on ([`rank`](super::ranking::rank)
/// leaves dead maps out). A class's frequent maps depend on its own images only; those that are also frequent in another
/// class are taken from both and not replaced.
pub fn class_maps(classes: &[Vec<&[usize]>], options: ClassMapOptions) -> Vec<ClassMaps> {
    let frequent: Vec<Vec<Counted>> = classes.iter().map(|images| most_frequent(images, options)).collect();
    let others_with = |class: usize, map: usize| -> Vec<usize> {
        let has = |other: &usize| *other != class && frequent[*other].iter().any(|counted| counted.map == map);
        (0..frequent.len()).filter(has).collect()
    };
    let of_class = |(class, counted): (usize, &Vec<Counted>)| {
        let mut found = ClassMaps::default();
        for &Counted { map, count } in counted {
            let also_in = others_with(class, map);
            if also_in.is_empty() {
                found.maps.push(Counted { map, count });
            } else {
                found.removed.push(Shared { map, count, also_in });
            }
        }
        found
    };
    frequent.iter().enumerate().map(of_class).collect()
}

/// The maps that are among the strongest in most images. A class whose images have fewer maps gets a shorter list.
fn most_frequent(images: &[&[usize]], options: ClassMapOptions) -> Vec<Counted> {
    let taken = || images.iter().flat_map(|ranked| &ranked[..ranked.len().min(options.per_image)]);
    let mut counts = vec![0; taken().max().map_or(0, |map| map + 1)];
    for &map in taken() {
        counts[map] += 1;
    }
    let counted = counts.into_iter().enumerate().filter(|&(_, count)| count > 0);
    let counted: Vec<Counted> = counted.map(|(map, count)| Counted { map, count }).collect();
    // Equal counts stay in order, so that the lower map comes first.
    let frequent = order(counted.len(), &|first, second| counted[second].count.cmp(&counted[first].count));
    frequent.into_iter().take(options.per_class).map(|position| counted[position]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn numbers(class: &ClassMaps) -> Vec<usize> {
        class.maps.iter().map(|counted| counted.map).collect()
    }

    /// The example of the article's question 1.
    #[test]
    fn the_golden_example() {
        let cat: Vec<&[usize]> = vec![&[1, 2, 4], &[1, 3, 4], &[1, 5, 6]];
        let options = ClassMapOptions { per_image: 3, per_class: 2 };
        let alone = class_maps(std::slice::from_ref(&cat), options);
        assert_eq!(alone[0].maps, [Counted { map: 1, count: 3 }, Counted { map: 4, count: 2 }]);

        let dog: Vec<&[usize]> = vec![&[1, 10], &[10, 1]];
        let both = class_maps(&[cat, dog], options);
        assert_eq!((numbers(&both[0]), numbers(&both[1])), (vec![4], vec![10]));
        assert_eq!(both[0].removed, [Shared { map: 1, count: 3, also_in: vec![1] }]);
        assert_eq!(both[1].removed, [Shared { map: 1, count: 2, also_in: vec![0] }]);
    }

    #[test]
    fn nothing_is_made_up() {
        let options = ClassMapOptions::default();
        assert!(class_maps(&[], options).is_empty());
        assert_eq!(class_maps(&[vec![], vec![&[]]], options), [ClassMaps::default(), ClassMaps::default()]);
        // Fewer maps than asked for stay fewer.
        assert_eq!(numbers(&class_maps(&[vec![&[7, 2]]], options)[0]), [2, 7]);
        let none = ClassMapOptions { per_image: 0, per_class: 25 };
        assert_eq!(class_maps(&[vec![&[7, 2]]], none), [ClassMaps::default()]);
    }

    /// Classes of images whose maps are permutations, as rankings are.
    fn classes() -> impl Strategy<Value = Vec<Vec<Vec<usize>>>> {
        let image = (Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle(), 0_usize..12)
            .prop_map(|(maps, count)| maps[..count].to_vec());
        prop::collection::vec(prop::collection::vec(image, 0..6), 0..5)
    }

    fn borrow(classes: &[Vec<Vec<usize>>]) -> Vec<Vec<&[usize]>> {
        classes.iter().map(|images| images.iter().map(Vec::as_slice).collect()).collect()
    }

    proptest! {
        #[test]
        fn the_rules_hold(classes in classes(), per_image in 0_usize..8, per_class in 0_usize..8) {
            let options = ClassMapOptions { per_image, per_class };
            let found = class_maps(&borrow(&classes), options);
            prop_assert_eq!(found.len(), classes.len());
            let mut seen = BTreeSet::new();
            for (class, found) in found.iter().enumerate() {
                // No map belongs to two classes, and none is listed twice.
                for map in numbers(found) {
                    prop_assert!(seen.insert(map));
                }
                let removed: BTreeSet<usize> = found.removed.iter().map(|shared| shared.map).collect();
                prop_assert_eq!(removed.len(), found.removed.len());
                prop_assert!(found.maps.iter().all(|counted| !removed.contains(&counted.map)));
                prop_assert!(found.maps.len() + found.removed.len() <= per_class);
                for pair in found.maps.windows(2) {
                    prop_assert!(pair[0].count > pair[1].count || pair[0].count == pair[1].count && pair[0].map < pair[1].map);
                }
                // A class alone has both lists together: what is frequent depends on no other class.
                let alone = class_maps(&borrow(&classes[class..=class]), options);
                let all: BTreeSet<usize> = numbers(found).into_iter().chain(removed).collect();
                prop_assert_eq!(numbers(&alone[0]).into_iter().collect::<BTreeSet<_>>(), all);
                for shared in &found.removed {
                    prop_assert!(!shared.also_in.is_empty() && !shared.also_in.contains(&class));
                }
            }
        }

        #[test]
        fn the_order_of_images_does_not_matter(classes in classes(), per_image in 1_usize..8, per_class in 1_usize..8) {
            let options = ClassMapOptions { per_image, per_class };
            let mut reversed = classes.clone();
            for images in &mut reversed {
                images.reverse();
            }
            prop_assert_eq!(class_maps(&borrow(&classes), options), class_maps(&borrow(&reversed), options));
        }
    }
}
