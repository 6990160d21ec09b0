//! Threads that share the work of one kernel.
//!
//! A kernel splits its work into parts that write to different places. Threads take the parts as they come, and what a part computes does
//! not depend on who takes it, so that results are the same on any number of threads.
//!
//! On the web the threads are workers whose module holds the parts' functions and nothing else (`xtask/src/build/threads.rs`): a part
//! may not allocate, and the build fails where one could. So what it needs is there before it begins, a piece for each thread where
//! threads would meet.

use std::sync::{Mutex, PoisonError};

/// What is done for a part by a thread: the numbers of both.
pub type Work<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// Who does the parts.
#[derive(Debug, Clone, Copy)]
pub struct Pool {
    threads: usize,
    spread: fn(usize, &Work<'_>),
}

impl Pool {
    /// The caller does everything.
    pub const ALONE: Self = Self { threads: 1, spread: one_after_another };

    /// So many threads, the caller among them. `spread` calls the work once for each part, with the number of the thread, and returns
    /// when all are done.
    pub const fn new(threads: usize, spread: fn(usize, &Work<'_>)) -> Self {
        Self { threads, spread }
    }

    /// How many threads there are, at least one.
    pub fn threads(&self) -> usize {
        self.threads.max(1)
    }

    /// The same for work of so many multiplications: alone where others would come too late.
    pub(crate) fn for_work(self, multiplications: usize) -> Self {
        if multiplications < WORTHWHILE { Self::ALONE } else { self }
    }

    /// Does all parts.
    pub(crate) fn run(&self, parts: usize, work: &Work<'_>) {
        if parts > 1 && self.threads > 1 { (self.spread)(parts, work) } else { one_after_another(parts, work) }
    }

    /// Does something with each of the items, together with what belongs to the thread that does it. `own` has as many items as there are
    /// threads. Both end with this, in the caller, since ending them may free memory.
    pub(crate) fn each<T: Send, Own: Send>(
        &self,
        items: Vec<T>,
        own: Vec<Own>,
        work: impl Fn(&mut T, &mut Own) + Sync,
    ) {
        let items: Vec<Mutex<T>> = items.into_iter().map(Mutex::new).collect();
        let own: Vec<Mutex<Own>> = own.into_iter().map(Mutex::new).collect();
        self.run(items.len(), &|part, thread| {
            // Nobody else does this part, and nobody else is this thread: neither lock is waited for.
            let mut item = items[part].lock().unwrap_or_else(PoisonError::into_inner);
            let mut own = own[thread].lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut item, &mut own);
        });
    }
}

/// Multiplications that are worth a second thread: it needs about as long to begin as the first for these.
const WORTHWHILE: usize = 1 << 17;

/// Of so many items, how many a part has: a few parts for each thread, so that none waits long for another, and few enough that taking them
/// costs nothing.
pub fn items_of_a_part(items: usize, threads: usize) -> usize {
    items.div_ceil(threads * PARTS_FOR_EACH).max(1)
}

/// Parts for each thread.
pub const PARTS_FOR_EACH: usize = 4;

fn one_after_another(parts: usize, work: &Work<'_>) {
    (0..parts).for_each(|part| work(part, 0));
}

/// A pool of threads that are made anew for each run: for tests.
#[cfg(test)]
pub fn of_threads<const THREADS: usize>() -> Pool {
    fn spread<const THREADS: usize>(parts: usize, work: &Work<'_>) {
        let next = std::sync::atomic::AtomicUsize::new(0);
        let take = |thread: usize| {
            loop {
                let part = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if part >= parts {
                    return;
                }
                work(part, thread);
            }
        };
        std::thread::scope(|scope| {
            for thread in 1..THREADS {
                scope.spawn(move || take(thread));
            }
            take(0);
        });
    }
    Pool::new(THREADS, spread::<THREADS>)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_done_once_by_any_number_of_threads() {
        for pool in [Pool::ALONE, of_threads::<1>(), of_threads::<2>(), of_threads::<5>()] {
            for count in [0, 1, 2, 7, 100] {
                let mut done = vec![0; count];
                let mut taken = vec![0; pool.threads()];
                let items: Vec<(usize, &mut usize)> = done.iter_mut().enumerate().collect();
                pool.each(items, taken.iter_mut().collect(), |(part, done), taken| {
                    **done += *part + 1;
                    **taken += 1;
                });
                assert_eq!(done, (1..=count).collect::<Vec<_>>());
                assert_eq!(taken.iter().sum::<usize>(), count);
            }
        }
    }
}
