//! rayon's interface without its threads.
//!
//! rten spreads its loops over threads with rayon. A page has one thread, on which rayon ran them all, and its splitting of
//! loops, compiled once for every loop, was downloaded for nothing. This crate has those traits and functions of rayon 1
//! that rten's crates and walrus (which reads WebAssembly for the build tool) use, under rayon's names and with its
//! bounds; each chain of adapters becomes one iterator of the standard library. It is written for this purpose and shares
//! no code with rayon.
//!
//! What differs is what one thread implies: [`current_num_threads`] is 1 everywhere, items are visited in order, and a
//! thread pool runs what it is given at once, where it is.

pub mod iter;
pub mod slice;
mod thread_pool;
pub mod vec;

pub use thread_pool::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// The traits that add `par_iter` and the like to what has them.
pub mod prelude {
    pub use crate::iter::{
        IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator,
        ParallelIterator,
    };
    pub use crate::slice::{ParallelSlice, ParallelSliceMut};
}

/// How many threads share the work: one.
#[inline]
pub fn current_num_threads() -> usize {
    1
}
