//! Pools of no threads.

use std::fmt;

/// Stands for a pool of threads and runs everything on the thread that asks.
#[derive(Debug)]
pub struct ThreadPool(());

impl ThreadPool {
    /// Runs `op` and returns its result.
    #[inline]
    pub fn install<OP, R>(&self, op: OP) -> R
    where
        OP: FnOnce() -> R + Send,
        R: Send,
    {
        op()
    }
}

/// Makes a [`ThreadPool`]; what is asked for has no effect.
#[derive(Debug, Default)]
pub struct ThreadPoolBuilder(());

impl ThreadPoolBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for this many threads.
    pub fn num_threads(self, _num_threads: usize) -> Self {
        self
    }

    /// Says how threads are to be called.
    pub fn thread_name<F>(self, _closure: F) -> Self
    where
        F: FnMut(usize) -> String + 'static,
    {
        self
    }

    /// Never fails.
    pub fn build(self) -> Result<ThreadPool, ThreadPoolBuildError> {
        Ok(ThreadPool(()))
    }
}

/// What rayon returns where threads cannot be started; here nothing returns it.
#[derive(Debug)]
pub enum ThreadPoolBuildError {}

impl fmt::Display for ThreadPoolBuildError {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for ThreadPoolBuildError {}
