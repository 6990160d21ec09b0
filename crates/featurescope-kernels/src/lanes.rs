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
            lanes[..values.len()].copy_from_slice(values);
            lanes
        }))
    }

    /// Writes as many values as there is room for.
    #[inline(always)]
    pub fn write(self, values: &mut [f32]) {
        let lanes: [f32; LANES] = bytemuck::cast(self.0);
        match values.first_chunk_mut() {
            Some(all) => *all = lanes,
            None => values.copy_from_slice(&lanes[..values.len()]),
        }
    }

    /// Adds the product of each of the values and the weight.
    #[inline(always)]
    pub fn add_product(&mut self, values: Self, weight: f32) {
        let weight = f32x4::splat(weight);
        self.0[0] += values.0[0] * weight;
        self.0[1] += values.0[1] * weight;
    }

    /// The larger one in each lane; these where the others are no number.
    #[inline(always)]
    pub fn or_larger(self, others: Self) -> Self {
        let larger = |these: f32x4, others: f32x4| others.simd_gt(these).select(others, these);
        Self([larger(self.0[0], others.0[0]), larger(self.0[1], others.0[1])])
    }

    /// Each value, or the bound that it lies beyond. What is no number stays none.
    #[inline(always)]
    pub fn within(self, bounds: Bounds) -> Self {
        let (low, high) = (f32x4::splat(bounds.low), f32x4::splat(bounds.high));
        Self(self.0.map(|values| {
            let values = values.simd_lt(low).select(low, values);
            values.simd_gt(high).select(high, values)
        }))
    }
}
