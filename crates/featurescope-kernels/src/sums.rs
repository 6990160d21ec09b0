//! Sums of slices of a tensor, and means of maps.

/// What each slice of the result is the sum of.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// Where the terms of each slice of the result end; they begin where those of the one before end.
    pub ends: &'a [usize],
    /// Which slice of the input each term takes.
    pub sources: &'a [usize],
    /// What it is multiplied by.
    pub weights: &'a [f32],
}

/// Of a tensor of `outer` × `size` × `inner` values one of `outer` × as many slices as there are sums × `inner`; `None` where the
/// terms do not fit it.
#[inline(never)]
pub fn slice_sums(values: &[f32], [outer, size, inner]: [usize; 3], terms: &Terms) -> Option<Vec<f32>> {
    let Terms { ends, sources, weights } = *terms;
    let fits = values.len() == outer.checked_mul(size)?.checked_mul(inner)?
        && sources.len() == weights.len()
        && sources.iter().all(|&source| source < size)
        && ends.is_sorted()
        && ends.last().is_none_or(|&end| end <= sources.len());
    if !fits {
        return None;
    }
    let mut made = vec![0.0; outer.checked_mul(ends.len())?.checked_mul(inner)?];
    if made.is_empty() {
        return Some(made);
    }
    for (block, values) in made.chunks_exact_mut(ends.len() * inner).zip(values.chunks_exact(size * inner)) {
        let mut start = 0;
        for (slice, &end) in block.chunks_exact_mut(inner).zip(ends) {
            for (&source, &weight) in sources[start..end].iter().zip(&weights[start..end]) {
                let given = &values[source * inner..(source + 1) * inner];
                if end - start == 1 && weight == 1.0 {
                    slice.copy_from_slice(given);
                } else {
                    slice.iter_mut().zip(given).for_each(|(sum, value)| *sum += weight * value);
                }
            }
            start = end;
        }
    }
    Some(made)
}

/// The mean of each map of that many values, which lie one after another; `None` for maps without values.
///
/// Added up in doubles, so that the order of the values decides nothing: a mean is the nearest float but for the last digit.
#[inline(never)]
pub fn means(maps: &[f32], size: usize) -> Option<Vec<f32>> {
    /// Sums that do not wait for each other.
    const SUMS: usize = 4;
    if size == 0 {
        return None;
    }
    let mean = |map: &[f32]| {
        let (blocks, rest) = map.as_chunks::<SUMS>();
        let mut sums = [0.0; SUMS];
        for values in blocks {
            sums.iter_mut().zip(values).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        let all: f64 = sums.iter().copied().chain(rest.iter().copied().map(f64::from)).sum();
        (all / size as f64) as f32
    };
    Some(maps.chunks_exact(size).map(mean).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_taken_and_added() {
        let terms = Terms { ends: &[1, 1, 3], sources: &[1, 0, 1], weights: &[1.0, 0.5, 2.0] };
        let made = slice_sums(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], [2, 2, 2], &terms).unwrap();
        assert_eq!(made, [3.0, 4.0, 0.0, 0.0, 6.5, 9.0, 7.0, 8.0, 0.0, 0.0, 16.5, 19.0]);
        assert_eq!(slice_sums(&[1.0], [1, 1, 1], &terms), None);
    }

    #[test]
    fn means_are_of_all_values() {
        for size in [1, 3, 8, 49, 169] {
            let maps: Vec<f32> = (0..3 * size).map(|index| (index % 7) as f32).collect();
            let expected = maps.chunks(size).map(|map| map.iter().sum::<f32>() / size as f32);
            assert_eq!(means(&maps, size), Some(expected.collect()));
        }
        // In floats every second one would be lost.
        assert_eq!(means(&[16_777_216.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0], 8), Some(vec![16_777_218.0 / 8.0]));
        assert_eq!(means(&[], 0), None);
    }
}
