//! Memory of values that a run needs no more, for those that our kernels make next.

use std::collections::BTreeMap;

use rten::{Value, ValueOrView};

/// Of memory that is given, at most so many times what was asked for: the rest would lie idle as long as the new value is there.
const MOST: usize = 4;

/// What one run has left over.
#[derive(Debug, Default)]
pub struct Spare(Vec<Vec<f32>>);

impl Spare {
    /// Keeps the memory of values that nobody needs.
    pub fn keep(&mut self, values: BTreeMap<&str, ValueOrView>) {
        self.0.extend(values.into_values().filter_map(|value| match value {
            ValueOrView::Value(Value::FloatTensor(floats)) => Some(floats.into_data()),
            _ => None,
        }));
    }

    /// So many values, whatever they are.
    pub fn room(&mut self, length: usize) -> Vec<f32> {
        let fits = |kept: &Vec<f32>| (length..=length.saturating_mul(MOST)).contains(&kept.capacity());
        let sizes = self.0.iter().enumerate().filter(|(_, kept)| fits(kept));
        let smallest = sizes.min_by_key(|(_, kept)| kept.capacity()).map(|(place, _)| place);
        let Some(place) = smallest else { return vec![0.0; length] };
        let mut room = self.0.swap_remove(place);
        // Only what lies beyond its values is written.
        room.resize(length, 0.0);
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rten_tensor::Tensor;

    fn value(values: Vec<f32>) -> ValueOrView<'static> {
        ValueOrView::Value(Tensor::from_data(&[values.len()], values).into())
    }

    #[test]
    fn the_smallest_that_is_large_enough_and_not_too_large_is_used_again() {
        let mut spare = Spare::default();
        spare.keep(
            [("a", value(vec![1.0; 100])), ("b", value(vec![2.0; 30])), ("c", value(vec![3.0; 40]))]
                .into_iter()
                .collect(),
        );
        assert_eq!(spare.room(20), vec![2.0; 20]);
        assert_eq!(spare.room(20), vec![3.0; 20]);
        assert_eq!(spare.room(20), vec![0.0; 20]);
        assert_eq!(spare.room(101), vec![0.0; 101]);
        assert_eq!(spare.room(100), vec![1.0; 100]);
    }
}
