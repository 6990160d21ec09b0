//! Eight values that are computed together: two vectors of WebAssembly, which leaves registers for what they are combined
//! with.
//!
//! Written in vectors, since compilers only sometimes find them in a loop over single values, and a loop is several times
//! slower where they do not.

use wide::f32x4;

use crate::Bounds;

/// How many values are computed at a time.
pub const LANES: usize = 8;

/// [`LANES`] values.
#[derive(Debug, Clone, Copy)]
pub struct Lanes([f32x4; 2]);

impl Lanes {
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self([f32x4::splat(value); 2])
    }

    #[inline(always)]
    pub fn of(values: &[f32; LANES]) -> Self {
        // Read as a whole: from single values compilers would make a vector lane by lane.
        Self(bytemuck::pod_read_unaligned(bytemuck::bytes_of(values)))
    }

    /// The first values of a slice, zeros where it has too few.
    #[inline(always)]
    pub fn read(values: &[f32]) -> Self {
        Self::of(&values.first_chunk().copied().unwrap_or_else(|| {
            let mut lanes = [0.0; LANES];
            copy(values, &mut lanes[..values.len()]);
            lanes
        }))
    }

    /// Writes as many values as there is room for.
    #[inline(always)]
    pub fn write(self, values: &mut [f32]) {
        let lanes: [f32; LANES] = bytemuck::cast(self.0);
        match values.first_chunk_mut() {
            Some(all) => *all = lanes,
            None => copy(&lanes[..values.len()], values),
        }
    }

    /// Adds the product of each of the values and the weight.
    #[inline(always)]
    pub fn add_product(&mut self, values: Self, weight: f32) {
        let weight = f32x4::splat(weight);
        self.0[0] = multiply_add(values.0[0], weight, self.0[0]);
        self.0[1] = multiply_add(values.0[1], weight, self.0[1]);
    }

    /// The same for the first half of the values alone.
    #[inline(always)]
    pub fn add_first_half(&mut self, values: Self, weight: f32) {
        self.0[0] = multiply_add(values.0[0], f32x4::splat(weight), self.0[0]);
    }

    /// Four values and four others in turns: the first, the other first, the second, and so on.
    #[inline(always)]
    pub fn in_turns(values: f32x4, others: f32x4) -> Self {
        let (a, b) = (values.to_array(), others.to_array());
        Self([f32x4::new([a[0], b[0], a[1], b[1]]), f32x4::new([a[2], b[2], a[3], b[3]])])
    }

    /// Every second of the values, from the first on, and those between them.
    #[inline(always)]
    pub fn parted(self) -> [f32x4; 2] {
        let (a, b) = (self.0[0].to_array(), self.0[1].to_array());
        [f32x4::new([a[0], a[2], b[0], b[2]]), f32x4::new([a[1], a[3], b[1], b[3]])]
    }

    /// What is made of each of the values and of the other one in its lane.
    #[inline(always)]
    pub fn with(self, others: Self, operation: impl Fn(f32x4, f32x4) -> f32x4) -> Self {
        Self([operation(self.0[0], others.0[0]), operation(self.0[1], others.0[1])])
    }

    /// In each lane all bits where this value is larger than the other, none elsewhere: for [`Self::choose`].
    #[inline(always)]
    pub fn exceeds(self, others: Self) -> Self {
        self.with(others, f32x4::simd_gt)
    }

    /// In each lane the first where all bits are set, the second where none is.
    #[inline(always)]
    pub fn choose(self, first: Self, second: Self) -> Self {
        let choose = |part: usize| self.0[part].bitselect(first.0[part], second.0[part]);
        Self([choose(0), choose(1)])
    }

    /// The larger one in each lane; these where the others are no number.
    #[inline(always)]
    pub fn or_larger(self, others: Self) -> Self {
        Self([larger(self.0[0], others.0[0]), larger(self.0[1], others.0[1])])
    }

    /// Each value, or the bound that it lies beyond. What is no number stays none.
    #[inline(always)]
    pub fn within(self, bounds: Bounds) -> Self {
        let (low, high) = (f32x4::splat(bounds.low), f32x4::splat(bounds.high));
        Self(self.0.map(|values| smaller(larger(values, low), high)))
    }
}

/// A product and a sum in each lane. On the web the browser may round once where it rounds twice natively, whichever its processor
/// does faster (WebAssembly's relaxed SIMD); for browsers without it the build writes the two roundings.
#[inline(always)]
fn multiply_add(values: f32x4, weights: f32x4, sums: f32x4) -> f32x4 {
    #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
    return bytemuck::cast(core::arch::wasm32::f32x4_relaxed_madd(
        bytemuck::cast(values),
        bytemuck::cast(weights),
        bytemuck::cast(sums),
    ));
    #[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
    return values * weights + sums;
}

/// The larger one in each lane; these where one is no number.
#[inline(always)]
fn larger(these: f32x4, others: f32x4) -> f32x4 {
    // One instruction either way: x86's takes its second operand where one is no number, WebAssembly's its first.
    if cfg!(target_feature = "sse") { others.fast_max(these) } else { these.fast_max(others) }
}

/// The smaller one in each lane; these where one is no number.
#[inline(always)]
fn smaller(these: f32x4, others: f32x4) -> f32x4 {
    if cfg!(target_feature = "sse") { others.fast_min(these) } else { these.fast_min(others) }
}

/// Copies values one after another to a place of the same length.
///
/// Written in vectors, since a copy of unknown length becomes `memory.copy`, for which browsers leave WebAssembly: for the few
/// values of a row of a map the way there and back takes several times as long as the copy.
#[inline(always)]
pub fn copy(values: &[f32], target: &mut [f32]) {
    let length = values.len().min(target.len());
    let (values, target) = (&values[..length], &mut target[..length]);
    if let (Some(&last), Some(_)) = (values.last_chunk::<4>(), target.last_chunk::<4>()) {
        let (blocks, _) = values.as_chunks::<4>();
        for (&values, target) in blocks.iter().zip(target.as_chunks_mut::<4>().0) {
            *target = values;
        }
        // The rest, together with some of what was copied before.
        if let Some(target) = target.last_chunk_mut() {
            *target = last;
        }
    } else {
        target.iter_mut().zip(values).for_each(|(target, value)| *target = *value);
    }
}

/// Every second value, as many as there is room for.
#[inline(always)]
pub fn copy_every_second(values: &[f32], target: &mut [f32]) {
    // The last value may have no neighbour any more.
    let blocks = (target.len() / 4).min(values.len() / LANES);
    let (whole, rest) = target.split_at_mut(blocks * 4);
    let (given, values) = values.split_at(blocks * LANES);
    for (target, given) in whole.as_chunks_mut::<4>().0.iter_mut().zip(given.as_chunks().0) {
        *target = Lanes::of(given).parted()[0].to_array();
    }
    for (target, value) in rest.iter_mut().zip(values.iter().step_by(2)) {
        *target = *value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_stays_none_and_is_never_the_larger() {
        let values = Lanes::read(&[f32::NAN, -1.0, 0.5, 7.0, f32::INFINITY]);
        let mut bounded = [0.0; LANES];
        values.within(Bounds { low: 0.0, high: 6.0 }).write(&mut bounded);
        assert!(bounded[0].is_nan());
        assert_eq!(bounded[1..], [0.0, 0.5, 6.0, 6.0, 0.0, 0.0, 0.0]);
        let mut larger = [0.0; LANES];
        Lanes::splat(2.0).or_larger(values).write(&mut larger);
        assert_eq!(larger, [2.0, 2.0, 2.0, 7.0, f32::INFINITY, 2.0, 2.0, 2.0]);
    }

    #[test]
    fn rows_of_every_length_are_copied() {
        let values: Vec<f32> = (0..40_u8).map(f32::from).collect();
        for length in 0..20 {
            let mut target = vec![-1.0; length];
            copy(&values[..length], &mut target);
            assert_eq!(target, values[..length]);
            let halves: Vec<f32> = values.iter().copied().step_by(2).take(length).collect();
            copy_every_second(&values[..(2 * length).saturating_sub(1)], &mut target);
            assert_eq!(target, halves);
        }
    }
}
