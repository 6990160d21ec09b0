//! Memory of values that nobody needs any more, for those that are made next.

/// How many are kept: what a network makes next is mostly as large as what it made before the last.
const KEPT: usize = 2;

/// How many times as large as needed memory may be that is used again: it is kept as long as what it is used for.
const MOST: usize = 2;

/// What is at hand during a run.
#[derive(Debug, Default)]
pub struct Spare(Vec<Vec<f32>>);

impl Spare {
    /// That many values, whatever they are.
    pub fn take(&mut self, length: usize) -> Vec<f32> {
        let fits = |spare: &Vec<f32>| spare.len() >= length && spare.capacity() <= length.saturating_mul(MOST);
        match self.0.iter().position(fits) {
            Some(place) => {
                let mut values = self.0.swap_remove(place);
                values.truncate(length);
                values
            }
            None => vec![0.0; length],
        }
    }

    /// Keeps it, and lets go of the smallest where there are too many.
    pub fn give(&mut self, values: Vec<f32>) {
        self.0.push(values);
        self.0.sort_unstable_by_key(|values| std::cmp::Reverse(values.len()));
        self.0.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again_where_it_is_not_much_too_large() {
        let mut spare = Spare::default();
        for length in [10, 1000, 500] {
            spare.give(vec![1.0; length]);
        }
        assert_eq!(spare.take(10), [0.0; 10]);
        assert_eq!(spare.take(400), [1.0; 400]);
        assert_eq!(spare.take(400), [0.0; 400]);
        assert_eq!(spare.take(1000), [1.0; 1000]);
        assert_eq!(spare.take(1001), [0.0; 1001]);
    }
}
