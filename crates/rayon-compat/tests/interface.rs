//! What rten and walrus rely on.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::iter::plumbing::{Consumer, Producer, ProducerCallback, UnindexedConsumer, bridge};
use rayon::prelude::*;

/// A parallel iterator of another crate, made as rten's `ParIter` is.
struct Countdown(usize);

impl ParallelIterator for Countdown {
    type Item = usize;

    fn drive_unindexed<C: UnindexedConsumer<usize>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn opt_len(&self) -> Option<usize> {
        Some(self.0)
    }
}

impl IndexedParallelIterator for Countdown {
    fn drive<C: Consumer<usize>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn len(&self) -> usize {
        self.0
    }

    fn with_producer<CB: ProducerCallback<usize>>(self, callback: CB) -> CB::Output {
        callback.callback(self)
    }
}

impl Producer for Countdown {
    type Item = usize;
    type IntoIter = std::iter::Rev<std::ops::Range<usize>>;

    fn into_iter(self) -> Self::IntoIter {
        (0..self.0).rev()
    }

    fn split_at(self, _: usize) -> (Self, Self) {
        panic!("there is one thread")
    }
}

#[test]
fn items_come_in_order() {
    let seen = Mutex::new(Vec::new());
    (0..5).into_par_iter().for_each(|item| seen.lock().unwrap().push(item));
    assert_eq!(seen.into_inner().unwrap(), [0, 1, 2, 3, 4]);
}

#[test]
fn adapters_do_what_the_standard_library_s_do() {
    let words = vec!["one", "three", "four"];
    let lengths: Vec<usize> = words.par_iter().map(|word| word.len()).collect();
    assert_eq!(lengths, [3, 5, 4]);
    assert_eq!(words.par_iter().filter(|word| word.len() > 3).collect::<Vec<_>>(), [&"three", &"four"]);
    assert_eq!(words.par_iter().filter_map(|word| word.find('o')).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(
        words.clone().into_par_iter().flat_map(|word| word.as_bytes()[..2].to_vec()).collect::<Vec<_>>(),
        b"onthfo"
    );
    assert_eq!(lengths.into_par_iter().reduce(|| 10, |sum, length| sum + length), 22);
}

#[test]
fn zipped_and_numbered_iterators_of_all_kinds_know_their_length() {
    let mut written = [0; 7];
    let read = [10, 20, 30, 40, 50, 60, 70];
    let pairs = written.par_chunks_mut(3).zip(read.par_chunks(3)).zip(Countdown(9)).enumerate();
    assert_eq!((pairs.len(), pairs.opt_len()), (3, Some(3)));
    pairs.for_each(|(position, ((to, from), count))| {
        assert_eq!(position + count, 8);
        to.copy_from_slice(from);
        to[0] += count;
    });
    assert_eq!(written, [18, 20, 30, 47, 50, 60, 76]);
    assert_eq!(Countdown(3).zip([1, 2, 3, 4].par_iter()).map(|(a, b)| a * b).enumerate().len(), 3);
}

#[test]
fn mutable_iterators_change_what_they_stand_on() {
    let mut numbers = vec![1, 2, 3];
    numbers.par_iter_mut().zip(Countdown(3)).for_each(|(number, count)| *number *= count);
    assert_eq!(numbers, [2, 2, 0]);
}

#[test]
fn maps_give_every_entry_once() {
    let map: HashMap<u8, char> = [(1, 'a'), (2, 'b'), (3, 'c')].into();
    let mut entries: Vec<_> = map.par_iter().map(|(key, value)| (*key, *value)).collect();
    entries.sort_unstable();
    assert_eq!(entries, [(1, 'a'), (2, 'b'), (3, 'c')]);
}

#[test]
fn the_first_error_stops_the_rest() {
    let calls = AtomicUsize::new(0);
    let outcome = (0..10).into_par_iter().try_for_each(|item| {
        calls.fetch_add(1, Ordering::Relaxed);
        if item == 3 { Err("three") } else { Ok(()) }
    });
    assert_eq!((outcome, calls.into_inner()), (Err("three"), 4));
    assert_eq!((0..3).into_par_iter().try_for_each(|_| Ok::<(), ()>(())), Ok(()));
}

#[test]
fn what_map_init_makes_is_used_again() {
    let made = AtomicUsize::new(0);
    let sums = (1..4).into_par_iter().with_max_len(1).map_init(
        || made.fetch_add(1, Ordering::Relaxed),
        |sum, item| {
            *sum += item;
            *sum
        },
    );
    assert_eq!(sums.collect::<Vec<_>>(), [1, 3, 6]);
    assert_eq!(made.into_inner(), 1);
}

#[test]
#[should_panic = "chunk size must be non-zero"]
fn chunks_of_nothing_panic() {
    [1, 2].par_chunks(0).for_each(|_| ());
}

#[test]
fn a_pool_runs_at_once_and_there_is_one_thread() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).thread_name(|index| format!("worker-{index}")).build();
    let here = std::thread::current().id();
    assert_eq!(pool.unwrap().install(|| std::thread::current().id()), here);
    assert_eq!(rayon::current_num_threads(), 1);
}
