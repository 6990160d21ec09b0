//! Values in another order of their dimensions.

use wide::f32x4;

use crate::lanes::{LANES, Lanes, copy};

/// A dimension of the result, and how far it is in the input from one of its places to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dimension {
    size: usize,
    stride: usize,
}

/// The values of a tensor of this shape with its dimensions in another order: the first of the result is the `order[0]`th of the input.
/// `None` where the order does not name each dimension once, or there are not as many values.
///
/// It is quick where the last dimension stays what it is, and where the input's last one becomes the last but one, as where remainders of a
/// stride are put between each other; otherwise it goes value by value.
#[inline(never)]
pub fn transpose(values: &[f32], shape: &[usize], order: &[usize]) -> Option<Vec<f32>> {
    let count = shape.iter().try_fold(1, |count: usize, &size| count.checked_mul(size))?;
    if order.len() != shape.len() || (0..shape.len()).any(|axis| !order.contains(&axis)) || count != values.len() {
        return None;
    }
    let mut made = vec![0.0; count];
    if count == 0 {
        return Some(made);
    }
    let stride = |axis: usize| shape[axis + 1..].iter().product();
    let dimensions = joined(order.iter().map(|&axis| Dimension { size: shape[axis], stride: stride(axis) }));
    let (inner, outer) = match &dimensions[..] {
        [outer @ .., last_but_one, last] if last_but_one.stride == 1 => ([*last_but_one, *last], outer),
        [outer @ .., last] => ([Dimension { size: 1, stride: 0 }, *last], outer),
        [] => ([Dimension { size: 1, stride: 0 }; 2], &[][..]),
    };
    let [across, last] = inner;
    for (block, made) in made.chunks_exact_mut(across.size * last.size).enumerate() {
        let mut rest = block;
        let start: usize = outer
            .iter()
            .rev()
            .map(|dimension| {
                let place = rest % dimension.size;
                rest /= dimension.size;
                place * dimension.stride
            })
            .sum();
        let row = |place: usize| &values[start + place * last.stride..][..across.size];
        match (across.size, last) {
            (1, Dimension { size, stride: 1 }) => copy(&values[start..start + size], made),
            (_, Dimension { size: 2, .. }) => in_turns(row(0), row(1), made),
            (_, Dimension { size, .. }) => {
                for place in 0..size {
                    let targets = made.iter_mut().skip(place).step_by(size);
                    targets.zip(row(place)).for_each(|(target, value)| *target = *value);
                }
            }
        }
    }
    Some(made)
}

/// Dimensions of one place go, and those that lie one behind the other in the input become one.
fn joined(dimensions: impl Iterator<Item = Dimension>) -> Vec<Dimension> {
    let mut joined: Vec<Dimension> = Vec::new();
    for inner in dimensions.filter(|dimension| dimension.size != 1) {
        match joined.last_mut() {
            Some(outer) if outer.stride == inner.stride * inner.size => {
                *outer = Dimension { size: outer.size * inner.size, ..inner };
            }
            _ => joined.push(inner),
        }
    }
    joined
}

/// The first of one row, the first of the other, the second of the one, and so on.
#[inline(always)]
fn in_turns(one: &[f32], other: &[f32], made: &mut [f32]) {
    let (fours, rest) = one.as_chunks::<4>();
    let (other_fours, other_rest) = other.as_chunks::<4>();
    let (pairs, last) = made.split_at_mut(fours.len() * LANES);
    for (made, (&one, &other)) in pairs.chunks_exact_mut(LANES).zip(fours.iter().zip(other_fours)) {
        Lanes::in_turns(f32x4::new(one), f32x4::new(other)).write(made);
    }
    for (made, (&one, &other)) in last.as_chunks_mut::<2>().0.iter_mut().zip(rest.iter().zip(other_rest)) {
        *made = [one, other];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the definition.
    fn expected(values: &[f32], shape: &[usize], order: &[usize]) -> Vec<f32> {
        let made: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
        (0..values.len())
            .map(|index| {
                let mut rest = index;
                let mut place = vec![0; shape.len()];
                for (axis, size) in order.iter().zip(&made).rev() {
                    place[*axis] = rest % size;
                    rest /= size;
                }
                values[place.iter().zip(shape).fold(0, |sum, (at, size)| sum * size + at)]
            })
            .collect()
    }

    #[test]
    fn every_order_of_dimensions() {
        let cases: [(&[usize], &[usize]); 12] = [
            (&[1, 3, 2, 2, 5, 7], &[0, 1, 4, 2, 5, 3]),
            (&[1, 2, 2, 2, 4, 8], &[0, 1, 4, 2, 5, 3]),
            (&[1, 2, 3, 4, 2, 9], &[0, 1, 4, 2, 5, 3]),
            (&[1, 4, 1, 2, 3, 17], &[0, 1, 4, 2, 5, 3]),
            (&[2, 3, 4], &[0, 1, 2]),
            (&[2, 3, 4], &[2, 1, 0]),
            (&[2, 3, 4], &[1, 0, 2]),
            (&[2, 3, 4], &[0, 2, 1]),
            (&[5], &[0]),
            (&[], &[]),
            (&[1, 1], &[1, 0]),
            (&[3, 0, 2], &[2, 0, 1]),
        ];
        for (shape, order) in cases {
            let values: Vec<f32> = (0..shape.iter().product::<usize>()).map(|value| value as f32).collect();
            assert_eq!(transpose(&values, shape, order), Some(expected(&values, shape, order)), "{shape:?} {order:?}");
        }
    }

    #[test]
    fn what_is_no_order_is_refused() {
        for order in [&[0, 0][..], &[0], &[0, 2], &[0, 1, 2]] {
            assert_eq!(transpose(&[1.0; 6], &[2, 3], order), None);
        }
        assert_eq!(transpose(&[1.0; 5], &[2, 3], &[0, 1]), None);
    }
}
