//! Maps and sets out of iterators, by inserting one entry after another.
//!
//! `collect` sorts all entries first, and each type of entry brings its own copy of the standard library's stable sort: 5 kB
//! of the download every time, for tables of a few hundred names.

use std::collections::{BTreeMap, BTreeSet};

/// What `collect` does, without sorting first.
pub trait IntoTable: Iterator + Sized {
    /// The items, each once.
    fn into_set(self) -> BTreeSet<Self::Item>
    where
        Self::Item: Ord,
    {
        let mut set = BTreeSet::new();
        set.extend(self);
        set
    }

    /// The pairs as a map; of several with the same key the last.
    fn into_map<K: Ord, V>(self) -> BTreeMap<K, V>
    where
        Self: Iterator<Item = (K, V)>,
    {
        let mut map = BTreeMap::new();
        map.extend(self);
        map
    }
}

impl<I: Iterator> IntoTable for I {}
