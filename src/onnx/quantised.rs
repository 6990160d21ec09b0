//! How integers stand for numbers: `(integer − zero) · scale`.

/// Scales and zero points of a tensor: one for all of it, one for each place along an axis, or one for each block of so many places
/// along it (then as many along the other axes as the tensor has).
pub(crate) struct Scheme<'a> {
    pub scales: &'a [f32],
    pub zeros: &'a [f32],
    pub axis: usize,
    /// The places of a block; 0 where there are no blocks.
    pub block: usize,
}

impl Scheme<'_> {
    /// For an element of a tensor of this shape, by its position, the place of its scale and zero point; `None` where the shape does
    /// not fit their number.
    pub fn places(&self, shape: &[usize]) -> Option<impl Fn(usize) -> usize + use<>> {
        let count = self.scales.len().max(self.zeros.len());
        let fits = |list: &[f32]| list.len() == 1 || list.len() == count;
        let length = shape.get(self.axis).copied().unwrap_or(1);
        let inner: usize = shape.iter().skip(self.axis + 1).product();
        let outer: usize = shape.iter().take(self.axis).product();
        let (block, blocked) = (self.block.max(1), self.block > 0);
        let blocks = length.div_ceil(block);
        let expected = if blocked { outer * blocks * inner } else { length };
        let fits = fits(self.scales) && fits(self.zeros) && (count == 1 || count == expected) && inner * length > 0;
        fits.then_some(move |index: usize| {
            let place = index / inner % length;
            match (count, blocked) {
                (1, _) => 0,
                (_, false) => place,
                (_, true) => (index / inner / length * blocks + place / block) * inner + index % inner,
            }
        })
    }
}

/// What an integer from `low` to `high` stands for that is nearest to a number of steps; of two that are as near the even one, as
/// onnxruntime takes it.
pub(crate) fn rounded(steps: f32, scale: f32, zero: f32, low: f32, high: f32) -> f32 {
    // Not f32::clamp, which panics where the bounds are the wrong way round.
    ((steps.round_ties_even() + zero).max(low).min(high) - zero) * scale
}
