//! Values at other places: what is transposed, and what is made larger by repeating each value.

use wgpu::compat::Kernel;

use super::kernels::{Chosen, THREADS, rows, word};
use super::text::shader;

/// A dimension of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dimension {
    size: usize,
    /// How many steps take the same value of the input.
    repeats: usize,
    /// How far it is in the input from that value to the next.
    stride: usize,
}

/// The dimensions of a tensor of this shape in another order: the first of the result is the `order[0]`th of the input. `None` where
/// `order` does not name each dimension once.
pub(super) fn transpose(shape: &[usize], order: &[i64], most_groups: u32) -> Option<Chosen> {
    let mut left: Vec<Option<Dimension>> = plain(shape).into_iter().map(Some).collect();
    let taken = order.iter().map(|&axis| left.get_mut(usize::try_from(axis).ok()?)?.take());
    let dimensions = taken.collect::<Option<Vec<_>>>().filter(|taken| taken.len() == shape.len())?;
    Some(rearranged(&dimensions, most_groups))
}

/// Each value of a tensor of this shape so many times along each dimension. `None` where there is not one number, of 1 or more, for each
/// dimension.
pub(super) fn repeat(shape: &[usize], repeats: &[usize], most_groups: u32) -> Option<Chosen> {
    if repeats.len() != shape.len() || repeats.contains(&0) {
        return None;
    }
    let repeated =
        |(dimension, &repeats): (Dimension, &usize)| Dimension { size: dimension.size * repeats, repeats, ..dimension };
    Some(rearranged(&plain(shape).into_iter().zip(repeats).map(repeated).collect::<Vec<_>>(), most_groups))
}

/// The dimensions of a tensor as it lies in memory.
fn plain(shape: &[usize]) -> Vec<Dimension> {
    let mut stride = 1;
    let mut dimensions: Vec<Dimension> = shape
        .iter()
        .rev()
        .map(|&size| {
            let dimension = Dimension { size, repeats: 1, stride };
            stride *= size;
            dimension
        })
        .collect();
    dimensions.reverse();
    dimensions
}

fn rearranged(dimensions: &[Dimension], most_groups: u32) -> Chosen {
    let values: usize = dimensions.iter().map(|dimension| dimension.size).product();
    let (workgroups, in_row) = rows(values.div_ceil(THREADS), most_groups);
    let mut numbers = vec![word(values), word(in_row)];
    let mut chunk = values;
    for dimension in joined(dimensions) {
        chunk /= dimension.size.max(1);
        numbers.extend([chunk, dimension.repeats, dimension.stride].map(word));
    }
    if values == 1 {
        // A single value has no dimension left, but the kernel's list of them may not be empty.
        numbers.extend([1, 1, 0]);
    }
    Chosen { kernel: Kernel { wgsl: shader!("kernels/rearrange.wgsl").to_owned(), workgroups }, numbers }
}

/// Dimensions of one value go, and those that lie one behind the other in the input become one, so that the kernel has few divisions.
fn joined(dimensions: &[Dimension]) -> Vec<Dimension> {
    let mut joined: Vec<Dimension> = Vec::new();
    for &inner in dimensions.iter().filter(|dimension| dimension.size != 1) {
        match joined.last_mut() {
            Some(outer) if outer.repeats == 1 && inner.repeats == 1 && outer.stride == inner.stride * inner.size => {
                *outer = Dimension { size: outer.size * inner.size, ..inner };
            }
            _ => joined.push(inner),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the kernel computes.
    fn run(chosen: &Chosen, input: &[u32]) -> Vec<u32> {
        let place = |index: u32| {
            let (mut rest, mut source) = (index, 0);
            for dimension in chosen.numbers[2..].chunks(3) {
                let position = rest / dimension[0];
                source += position / dimension[1] * dimension[2];
                rest -= position * dimension[0];
            }
            input[source as usize]
        };
        (0..chosen.numbers[0]).map(place).collect()
    }

    fn counted(shape: &[usize]) -> Vec<u32> {
        (0..word(shape.iter().product())).collect()
    }

    /// The place of each value of a tensor of this shape, in order.
    fn places(shape: &[usize]) -> Vec<Vec<usize>> {
        shape.iter().fold(vec![Vec::new()], |places, &size| {
            places.iter().flat_map(|place| (0..size).map(move |at| [&place[..], &[at]].concat())).collect()
        })
    }

    /// The value of [`counted`] at a place.
    fn at(shape: &[usize], place: &[usize]) -> u32 {
        word(shape.iter().zip(place).fold(0, |index, (size, at)| index * size + at))
    }

    proptest! {
        #[test]
        fn every_order_is_the_one_that_is_asked_for(
            (shape, order) in proptest::collection::vec(1_usize..5, 0..6).prop_flat_map(|shape| {
                let order = Just((0..shape.len()).collect::<Vec<usize>>()).prop_shuffle();
                (Just(shape), order)
            })
        ) {
            let axes: Vec<i64> = order.iter().map(|&axis| axis as i64).collect();
            let result: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
            let expected: Vec<u32> = places(&result).iter().map(|place| {
                let mut source = vec![0; shape.len()];
                order.iter().zip(place).for_each(|(&axis, &at)| source[axis] = at);
                at(&shape, &source)
            }).collect();
            prop_assert_eq!(run(&transpose(&shape, &axes, 65_535).unwrap(), &counted(&shape)), expected);
        }

        #[test]
        fn every_value_is_repeated_as_often_as_is_asked_for(
            sizes in proptest::collection::vec((1_usize..5, 1_usize..4), 0..5)
        ) {
            let (shape, repeats): (Vec<usize>, Vec<usize>) = sizes.into_iter().unzip();
            let result: Vec<usize> = shape.iter().zip(&repeats).map(|(size, repeats)| size * repeats).collect();
            let expected: Vec<u32> = places(&result).iter().map(|place| {
                let source: Vec<usize> = place.iter().zip(&repeats).map(|(at, repeats)| at / repeats).collect();
                at(&shape, &source)
            }).collect();
            prop_assert_eq!(run(&repeat(&shape, &repeats, 65_535).unwrap(), &counted(&shape)), expected);
        }
    }

    #[test]
    fn dimensions_that_stay_behind_each_other_are_joined() {
        let numbers = |shape: &[usize], order: &[i64]| transpose(shape, order, 65_535).unwrap().numbers[2..].to_vec();
        assert_eq!(numbers(&[1, 6, 4, 5], &[0, 1, 2, 3]), [1, 1, 1]);
        assert_eq!(numbers(&[1, 6, 4, 5], &[0, 2, 3, 1]), [6, 1, 1, 1, 1, 20]);
    }

    #[test]
    fn what_is_no_order_is_refused() {
        for order in [&[0, 0][..], &[0], &[0, 2], &[-1, 0], &[0, 1, 2]] {
            assert_eq!(transpose(&[2, 3], order, 65_535).map(|chosen| chosen.numbers), None);
        }
        assert!(repeat(&[2, 3], &[1], 65_535).is_none() && repeat(&[2, 3], &[1, 0], 65_535).is_none());
    }
}
