//! A piece of work on the device whose errors are caught.

use std::future::Future;
use std::pin::Pin;

use modern::{ErrorFilter, ErrorScopeGuard};

use super::gpu::Gpu;

/// What the device says of a section's calls, once it has looked at all of them: the first error of one kind.
pub(crate) type Report = Pin<Box<dyn Future<Output = Option<modern::Error>>>>;

/// Two error scopes of the device, open from the first GPU call of a poll to the end of that poll.
///
/// The scopes of a device form one stack, so a section never outlasts the poll that it belongs to: nothing else runs in
/// between, and whatever runs inside of it closes its own before.
///
/// Dropped without [`Section::close`] (where the poll panics) it closes, and its errors are lost.
#[derive(Debug)]
pub(crate) struct Section {
    // In this order: what was opened last is closed first, when dropped as well.
    validation: ErrorScopeGuard,
    memory: ErrorScopeGuard,
}

impl Section {
    /// How many reports a section has, one for each kind of error that is caught.
    pub(crate) const REPORTS: usize = 2;

    pub(crate) fn open(gpu: &Gpu) -> Self {
        let device = gpu.raw_device();
        let memory = device.push_error_scope(ErrorFilter::OutOfMemory);
        let validation = device.push_error_scope(ErrorFilter::Validation);
        Self { validation, memory }
    }

    /// Ends the section. The reports come when the GPU has got as far as here.
    pub(crate) fn close(self) -> [Report; Self::REPORTS] {
        let Self { validation, memory } = self;
        let validation: Report = Box::pin(validation.pop());
        [validation, Box::pin(memory.pop())]
    }
}
