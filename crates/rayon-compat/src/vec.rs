//! Vectors as parallel iterators.

use crate::iter::{IntoParallelIterator, Sequential};

pub type IntoIter<T> = Sequential<std::vec::IntoIter<T>>;

impl<T: Send> IntoParallelIterator for Vec<T> {
    type Iter = IntoIter<T>;
    type Item = T;

    fn into_par_iter(self) -> Self::Iter {
        Sequential(self.into_iter())
    }
}
