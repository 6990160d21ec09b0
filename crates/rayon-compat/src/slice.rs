//! Slices as parallel iterators.

use crate::iter::{IntoParallelIterator, Sequential};

pub type Iter<'data, T> = Sequential<std::slice::Iter<'data, T>>;
pub type IterMut<'data, T> = Sequential<std::slice::IterMut<'data, T>>;
pub type Chunks<'data, T> = Sequential<std::slice::Chunks<'data, T>>;
pub type ChunksMut<'data, T> = Sequential<std::slice::ChunksMut<'data, T>>;

pub trait ParallelSlice<T: Sync> {
    fn as_parallel_slice(&self) -> &[T];

    /// Pieces of `chunk_size` elements, the last of which may be shorter. A size of zero panics.
    fn par_chunks(&self, chunk_size: usize) -> Chunks<'_, T> {
        Sequential(self.as_parallel_slice().chunks(chunk_size))
    }
}

impl<T: Sync> ParallelSlice<T> for [T] {
    fn as_parallel_slice(&self) -> &[T] {
        self
    }
}

pub trait ParallelSliceMut<T: Send> {
    fn as_parallel_slice_mut(&mut self) -> &mut [T];

    /// Pieces of `chunk_size` elements, the last of which may be shorter. A size of zero panics.
    fn par_chunks_mut(&mut self, chunk_size: usize) -> ChunksMut<'_, T> {
        Sequential(self.as_parallel_slice_mut().chunks_mut(chunk_size))
    }
}

impl<T: Send> ParallelSliceMut<T> for [T] {
    fn as_parallel_slice_mut(&mut self) -> &mut [T] {
        self
    }
}

impl<'data, T: Sync> IntoParallelIterator for &'data [T] {
    type Iter = Iter<'data, T>;
    type Item = &'data T;

    fn into_par_iter(self) -> Self::Iter {
        Sequential(self.iter())
    }
}

impl<'data, T: Send> IntoParallelIterator for &'data mut [T] {
    type Iter = IterMut<'data, T>;
    type Item = &'data mut T;

    fn into_par_iter(self) -> Self::Iter {
        Sequential(self.iter_mut())
    }
}
