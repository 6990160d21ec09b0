//! Counts what is made on the device and what is still alive, so that tests can see copies and leaks.

use std::sync::atomic::{AtomicU64, Ordering};

/// Running counts of one device; read with [`Gpu::count`](super::Gpu::count).
#[derive(Debug, Default)]
pub struct Counters {
    pipelines: AtomicU64,
    compilations: AtomicU64,
    dispatches: AtomicU64,
    submissions: AtomicU64,
    readbacks: AtomicU64,
    error_scopes: AtomicU64,
    live_buffers: AtomicU64,
    live_bytes: AtomicU64,
}

/// The counts at one moment. All but the last two only grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Compute pipelines asked for so far.
    pub pipelines: u64,
    /// Those among them whose shader had to be compiled, since none with the same text was there.
    pub compilations: u64,
    /// Dispatches recorded so far.
    pub dispatches: u64,
    /// Submissions to the queue so far, one for each read-back included.
    pub submissions: u64,
    /// Buffers mapped so far, to read what came back from the GPU.
    pub readbacks: u64,
    /// Error scopes closed so far. Each is a question that the GPU's process answers.
    pub error_scopes: u64,
    /// Buffers that are alive now.
    pub live_buffers: u64,
    /// Their bytes.
    pub live_bytes: u64,
}

impl Counters {
    pub(crate) fn pipeline(&self) {
        self.pipelines.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn compilation(&self) {
        self.compilations.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn dispatch(&self) {
        self.dispatches.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn submission(&self) {
        self.submissions.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn readback(&self) {
        self.readbacks.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn error_scopes(&self, count: u64) {
        self.error_scopes.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn buffer_made(&self, bytes: u64) {
        self.live_buffers.fetch_add(1, Ordering::Relaxed);
        self.live_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn buffer_freed(&self, bytes: u64) {
        self.live_buffers.fetch_sub(1, Ordering::Relaxed);
        self.live_bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Count {
        Count {
            pipelines: self.pipelines.load(Ordering::Relaxed),
            compilations: self.compilations.load(Ordering::Relaxed),
            dispatches: self.dispatches.load(Ordering::Relaxed),
            submissions: self.submissions.load(Ordering::Relaxed),
            readbacks: self.readbacks.load(Ordering::Relaxed),
            error_scopes: self.error_scopes.load(Ordering::Relaxed),
            live_buffers: self.live_buffers.load(Ordering::Relaxed),
            live_bytes: self.live_bytes.load(Ordering::Relaxed),
        }
    }
}
