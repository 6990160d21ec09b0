//! What ends a chain.

use std::marker::PhantomData;

use super::plumbing::Consumer;

pub struct ForEach<OP>(pub OP);

impl<T, OP: Fn(T)> Consumer<T> for ForEach<OP> {
    type Result = ();

    fn consume(self, items: impl Iterator<Item = T>) {
        items.for_each(self.0);
    }
}

pub struct TryForEach<OP>(pub OP);

impl<T, E, OP: Fn(T) -> Result<(), E>> Consumer<T> for TryForEach<OP> {
    type Result = Result<(), E>;

    fn consume(self, mut items: impl Iterator<Item = T>) -> Self::Result {
        items.try_for_each(self.0)
    }
}

pub struct Reduce<ID, OP>(pub ID, pub OP);

impl<T, ID, OP> Consumer<T> for Reduce<ID, OP>
where
    ID: Fn() -> T,
    OP: Fn(T, T) -> T,
{
    type Result = T;

    fn consume(self, items: impl Iterator<Item = T>) -> T {
        items.fold((self.0)(), self.1)
    }
}

pub struct Collect<C>(pub PhantomData<fn() -> C>);

impl<T, C: FromIterator<T>> Consumer<T> for Collect<C> {
    type Result = C;

    fn consume(self, items: impl Iterator<Item = T>) -> C {
        items.collect()
    }
}
