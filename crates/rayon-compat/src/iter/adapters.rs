//! What a chain begins with and what stands between its beginning and its end.

use super::plumbing::{Consumer, Producer, ProducerCallback, UnindexedConsumer, bridge};
use super::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// An iterator of the standard library as a parallel one.
#[derive(Debug, Clone)]
pub struct Sequential<I>(pub(crate) I);

impl<I: Iterator<Item: Send> + Send> ParallelIterator for Sequential<I> {
    type Item = I::Item;

    fn drive_unindexed<C: UnindexedConsumer<I::Item>>(self, consumer: C) -> C::Result {
        consumer.consume(self.0)
    }

    fn opt_len(&self) -> Option<usize> {
        let (least, most) = self.0.size_hint();
        (most == Some(least)).then_some(least)
    }
}

impl<I: ExactSizeIterator<Item: Send> + Send> IndexedParallelIterator for Sequential<I> {
    fn drive<C: Consumer<I::Item>>(self, consumer: C) -> C::Result {
        consumer.consume(self.0)
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn with_producer<CB: ProducerCallback<I::Item>>(self, callback: CB) -> CB::Output {
        callback.callback(self)
    }
}

impl<I: Iterator> Producer for Sequential<I> {
    type Item = I::Item;
    type IntoIter = I;

    fn into_iter(self) -> I {
        self.0
    }

    fn split_at(self, _: usize) -> (Self, Self) {
        unreachable!("nothing is split for one thread")
    }
}

/// An adapter that needs to know nothing of positions: the iterator that it stands on, and what it does to each item.
#[derive(Debug, Clone)]
pub struct Adapted<I, S> {
    pub(super) base: I,
    pub(super) step: S,
}

pub type Map<I, F> = Adapted<I, MapStep<F>>;
pub type MapInit<I, INIT, F> = Adapted<I, MapInitStep<INIT, F>>;
pub type Filter<I, P> = Adapted<I, FilterStep<P>>;
pub type FilterMap<I, P> = Adapted<I, FilterMapStep<P>>;
pub type FlatMap<I, F> = Adapted<I, FlatMapStep<F>>;

/// The adapter of the standard library that an [`Adapted`] puts on an iterator.
pub trait Step<T> {
    type Item;

    fn apply(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = Self::Item>;
}

impl<I, S> ParallelIterator for Adapted<I, S>
where
    I: ParallelIterator,
    S: Step<I::Item, Item: Send> + Send,
{
    type Item = S::Item;

    fn drive_unindexed<C: UnindexedConsumer<S::Item>>(self, consumer: C) -> C::Result {
        self.base.drive_unindexed(After { step: self.step, consumer })
    }
}

/// A map has as many items as what it stands on.
impl<I, F, R> IndexedParallelIterator for Map<I, F>
where
    I: IndexedParallelIterator,
    F: Fn(I::Item) -> R + Send,
    R: Send,
{
    fn drive<C: Consumer<R>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn len(&self) -> usize {
        self.base.len()
    }

    fn with_producer<CB: ProducerCallback<R>>(self, callback: CB) -> CB::Output {
        self.base.with_producer(After { step: self.step, consumer: callback })
    }
}

/// What follows, as an adapter's own base sees it.
struct After<S, C> {
    step: S,
    consumer: C,
}

impl<T, S: Step<T>, C: Consumer<S::Item>> Consumer<T> for After<S, C> {
    type Result = C::Result;

    fn consume(self, items: impl Iterator<Item = T>) -> C::Result {
        self.consumer.consume(self.step.apply(items))
    }
}

impl<T, S: Step<T>, CB: ProducerCallback<S::Item>> ProducerCallback<T> for After<S, CB> {
    type Output = CB::Output;

    fn callback<P: Producer<Item = T>>(self, producer: P) -> CB::Output {
        self.consumer.callback(Sequential(self.step.apply(producer.into_iter())))
    }
}

#[derive(Debug, Clone)]
pub struct MapStep<F>(pub(super) F);

impl<T, R, F: Fn(T) -> R> Step<T> for MapStep<F> {
    type Item = R;

    fn apply(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = R> {
        items.map(self.0)
    }
}

#[derive(Debug, Clone)]
pub struct MapInitStep<INIT, F>(pub(super) INIT, pub(super) F);

impl<T, U, R, INIT: Fn() -> U, F: Fn(&mut U, T) -> R> Step<T> for MapInitStep<INIT, F> {
    type Item = R;

    fn apply(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = R> {
        let Self(init, map) = self;
        let mut state = init();
        items.map(move |item| map(&mut state, item))
    }
}

#[derive(Debug, Clone)]
pub struct FilterStep<P>(pub(super) P);

impl<T, P: Fn(&T) -> bool> Step<T> for FilterStep<P> {
    type Item = T;

    fn apply(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        items.filter(self.0)
    }
}

#[derive(Debug, Clone)]
pub struct FilterMapStep<P>(pub(super) P);

impl<T, R, P: Fn(T) -> Option<R>> Step<T> for FilterMapStep<P> {
    type Item = R;

    fn apply(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = R> {
        items.filter_map(self.0)
    }
}

#[derive(Debug, Clone)]
pub struct FlatMapStep<F>(pub(super) F);

impl<T, PI: IntoParallelIterator, F: Fn(T) -> PI> Step<T> for FlatMapStep<F> {
    type Item = PI::Item;

    fn apply(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = PI::Item> {
        // An inner parallel iterator cannot be held half used, as an iterator can.
        items.flat_map(move |item| (self.0)(item).into_par_iter().collect::<Vec<_>>())
    }
}

/// Items with their positions.
#[derive(Debug, Clone)]
pub struct Enumerate<I> {
    pub(super) base: I,
}

impl<I: IndexedParallelIterator> ParallelIterator for Enumerate<I> {
    type Item = (usize, I::Item);

    fn drive_unindexed<C: UnindexedConsumer<Self::Item>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn opt_len(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<I: IndexedParallelIterator> IndexedParallelIterator for Enumerate<I> {
    fn drive<C: Consumer<Self::Item>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn len(&self) -> usize {
        self.base.len()
    }

    fn with_producer<CB: ProducerCallback<Self::Item>>(self, callback: CB) -> CB::Output {
        self.base.with_producer(Numbering(callback))
    }
}

struct Numbering<CB>(CB);

impl<T, CB: ProducerCallback<(usize, T)>> ProducerCallback<T> for Numbering<CB> {
    type Output = CB::Output;

    fn callback<P: Producer<Item = T>>(self, producer: P) -> CB::Output {
        self.0.callback(Sequential(producer.into_iter().enumerate()))
    }
}

/// Pairs, as many as the shorter side has.
#[derive(Debug, Clone)]
pub struct Zip<A, B> {
    pub(super) a: A,
    pub(super) b: B,
}

impl<A: IndexedParallelIterator, B: IndexedParallelIterator> ParallelIterator for Zip<A, B> {
    type Item = (A::Item, B::Item);

    fn drive_unindexed<C: UnindexedConsumer<Self::Item>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn opt_len(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<A: IndexedParallelIterator, B: IndexedParallelIterator> IndexedParallelIterator for Zip<A, B> {
    fn drive<C: Consumer<Self::Item>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn len(&self) -> usize {
        self.a.len().min(self.b.len())
    }

    fn with_producer<CB: ProducerCallback<Self::Item>>(self, callback: CB) -> CB::Output {
        self.a.with_producer(ZipFirst { b: self.b, callback })
    }
}

/// Takes the left side of a [`Zip`], while the right one waits.
struct ZipFirst<B, CB> {
    b: B,
    callback: CB,
}

impl<T, B, CB> ProducerCallback<T> for ZipFirst<B, CB>
where
    B: IndexedParallelIterator,
    CB: ProducerCallback<(T, B::Item)>,
{
    type Output = CB::Output;

    fn callback<P: Producer<Item = T>>(self, producer: P) -> CB::Output {
        self.b.with_producer(ZipSecond { a: producer.into_iter(), callback: self.callback })
    }
}

/// Takes the right side of a [`Zip`], the left side being an iterator already.
struct ZipSecond<A, CB> {
    a: A,
    callback: CB,
}

impl<T, A, CB> ProducerCallback<T> for ZipSecond<A, CB>
where
    A: Iterator,
    CB: ProducerCallback<(A::Item, T)>,
{
    type Output = CB::Output;

    fn callback<P: Producer<Item = T>>(self, producer: P) -> CB::Output {
        self.callback.callback(Sequential(self.a.zip(producer.into_iter())))
    }
}
