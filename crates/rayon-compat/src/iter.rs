//! Parallel iterators: each chain of them becomes one iterator of the standard library.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::ops::Range;

mod adapters;
mod consumers;
pub mod plumbing;

pub use adapters::{Adapted, Enumerate, Filter, FilterMap, FlatMap, Map, MapInit, Sequential, Zip};

use consumers::{Collect, ForEach, Reduce, TryForEach};
use plumbing::{Consumer, ProducerCallback, UnindexedConsumer};

pub trait ParallelIterator: Sized + Send {
    type Item: Send;

    /// Hands an iterator over all items to the consumer.
    fn drive_unindexed<C>(self, consumer: C) -> C::Result
    where
        C: UnindexedConsumer<Self::Item>;

    /// How many items there are, where that is known beforehand.
    fn opt_len(&self) -> Option<usize> {
        None
    }

    fn for_each<OP>(self, op: OP)
    where
        OP: Fn(Self::Item) + Sync + Send,
    {
        self.drive_unindexed(ForEach(op));
    }

    /// Stops at the first error. rayon also takes functions that return options.
    fn try_for_each<OP, E>(self, op: OP) -> Result<(), E>
    where
        OP: Fn(Self::Item) -> Result<(), E> + Sync + Send,
        E: Send,
    {
        self.drive_unindexed(TryForEach(op))
    }

    fn map<F, R>(self, map_op: F) -> Map<Self, F>
    where
        F: Fn(Self::Item) -> R + Sync + Send,
        R: Send,
    {
        Adapted { base: self, step: adapters::MapStep(map_op) }
    }

    /// `init` makes what `map_op` may change and use again; it is called once.
    fn map_init<F, INIT, T, R>(self, init: INIT, map_op: F) -> MapInit<Self, INIT, F>
    where
        F: Fn(&mut T, Self::Item) -> R + Sync + Send,
        INIT: Fn() -> T + Sync + Send,
        R: Send,
    {
        Adapted { base: self, step: adapters::MapInitStep(init, map_op) }
    }

    fn filter<P>(self, filter_op: P) -> Filter<Self, P>
    where
        P: Fn(&Self::Item) -> bool + Sync + Send,
    {
        Adapted { base: self, step: adapters::FilterStep(filter_op) }
    }

    fn filter_map<P, R>(self, filter_op: P) -> FilterMap<Self, P>
    where
        P: Fn(Self::Item) -> Option<R> + Sync + Send,
        R: Send,
    {
        Adapted { base: self, step: adapters::FilterMapStep(filter_op) }
    }

    fn flat_map<F, PI>(self, map_op: F) -> FlatMap<Self, F>
    where
        F: Fn(Self::Item) -> PI + Sync + Send,
        PI: IntoParallelIterator,
    {
        Adapted { base: self, step: adapters::FlatMapStep(map_op) }
    }

    fn reduce<OP, ID>(self, identity: ID, op: OP) -> Self::Item
    where
        OP: Fn(Self::Item, Self::Item) -> Self::Item + Sync + Send,
        ID: Fn() -> Self::Item + Sync + Send,
    {
        self.drive_unindexed(Reduce(identity, op))
    }

    /// Collects in order.
    fn collect<C>(self) -> C
    where
        C: FromIterator<Self::Item>,
    {
        self.drive_unindexed(Collect(PhantomData))
    }
}

/// Parallel iterators that know their length.
#[expect(clippy::len_without_is_empty, reason = "as in rayon")]
pub trait IndexedParallelIterator: ParallelIterator {
    fn drive<C: Consumer<Self::Item>>(self, consumer: C) -> C::Result;

    fn len(&self) -> usize;

    /// Hands the callback what makes an iterator of the standard library over all items.
    fn with_producer<CB: ProducerCallback<Self::Item>>(self, callback: CB) -> CB::Output;

    fn zip<Z>(self, zip_op: Z) -> Zip<Self, Z::Iter>
    where
        Z: IntoParallelIterator,
        Z::Iter: IndexedParallelIterator,
    {
        Zip { a: self, b: zip_op.into_par_iter() }
    }

    fn enumerate(self) -> Enumerate<Self> {
        Enumerate { base: self }
    }

    /// Asks for pieces of at most `max` items; there are no pieces.
    fn with_max_len(self, _max: usize) -> Self {
        self
    }
}

pub trait IntoParallelIterator {
    type Iter: ParallelIterator<Item = Self::Item>;
    type Item: Send;

    fn into_par_iter(self) -> Self::Iter;
}

impl<T: ParallelIterator> IntoParallelIterator for T {
    type Iter = T;
    type Item = T::Item;

    fn into_par_iter(self) -> T {
        self
    }
}

impl IntoParallelIterator for Range<usize> {
    type Iter = Sequential<Self>;
    type Item = usize;

    fn into_par_iter(self) -> Self::Iter {
        Sequential(self)
    }
}

impl<'data, K: Sync, V: Sync, S> IntoParallelIterator for &'data HashMap<K, V, S> {
    type Iter = Sequential<std::collections::hash_map::Iter<'data, K, V>>;
    type Item = (&'data K, &'data V);

    fn into_par_iter(self) -> Self::Iter {
        Sequential(self.iter())
    }
}

/// `par_iter` for everything whose reference is a parallel iterator.
pub trait IntoParallelRefIterator<'data> {
    type Iter: ParallelIterator<Item = Self::Item>;
    type Item: Send + 'data;

    fn par_iter(&'data self) -> Self::Iter;
}

impl<'data, I: 'data + ?Sized> IntoParallelRefIterator<'data> for I
where
    &'data I: IntoParallelIterator,
{
    type Iter = <&'data I as IntoParallelIterator>::Iter;
    type Item = <&'data I as IntoParallelIterator>::Item;

    fn par_iter(&'data self) -> Self::Iter {
        self.into_par_iter()
    }
}

/// `par_iter_mut` for everything whose mutable reference is a parallel iterator.
pub trait IntoParallelRefMutIterator<'data> {
    type Iter: ParallelIterator<Item = Self::Item>;
    type Item: Send + 'data;

    fn par_iter_mut(&'data mut self) -> Self::Iter;
}

impl<'data, I: 'data + ?Sized> IntoParallelRefMutIterator<'data> for I
where
    &'data mut I: IntoParallelIterator,
{
    type Iter = <&'data mut I as IntoParallelIterator>::Iter;
    type Item = <&'data mut I as IntoParallelIterator>::Item;

    fn par_iter_mut(&'data mut self) -> Self::Iter {
        self.into_par_iter()
    }
}
