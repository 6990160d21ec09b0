//! What types outside this crate need to become parallel iterators.
//!
//! They implement [`Producer`] and pass consumers and callbacks on; they implement neither of those, so that these two are
//! simpler here than in rayon.

use super::IndexedParallelIterator;

/// What takes all items at the end of a chain.
pub trait Consumer<Item>: Sized {
    type Result;

    /// Runs through all items.
    fn consume(self, items: impl Iterator<Item = Item>) -> Self::Result;
}

/// In rayon a consumer of pieces of which it does not matter where they lie; here every consumer.
pub trait UnindexedConsumer<Item>: Consumer<Item> {}

impl<Item, C: Consumer<Item>> UnindexedConsumer<Item> for C {}

/// What makes an iterator of the standard library.
pub trait Producer: Sized {
    type Item;
    type IntoIter: Iterator<Item = Self::Item>;

    fn into_iter(self) -> Self::IntoIter;

    /// For rayon, which gives each thread a piece; never called here.
    fn split_at(self, index: usize) -> (Self, Self);
}

/// A function of any producer.
pub trait ProducerCallback<T> {
    type Output;

    fn callback<P: Producer<Item = T>>(self, producer: P) -> Self::Output;
}

/// Hands the items of a parallel iterator to a consumer.
pub fn bridge<I, C>(par_iter: I, consumer: C) -> C::Result
where
    I: IndexedParallelIterator,
    C: Consumer<I::Item>,
{
    par_iter.with_producer(Bridge(consumer))
}

struct Bridge<C>(C);

impl<T, C: Consumer<T>> ProducerCallback<T> for Bridge<C> {
    type Output = C::Result;

    fn callback<P: Producer<Item = T>>(self, producer: P) -> C::Result {
        self.0.consume(producer.into_iter())
    }
}
