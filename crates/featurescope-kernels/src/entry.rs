//! The way of some work to threads that have nothing of the program but its memory and the functions of the parts.

use crate::Work;

/// Where a thread finds some work: the address of a reference to it, which lies in this memory.
///
/// What gets the address has to be done with it before the reference ends.
pub fn address(work: &&Work<'_>) -> usize {
    // Exposed, since what comes back with it is read through.
    std::ptr::from_ref(work).expose_provenance()
}

/// Does one part of the work at an address of [`address`], as thread number `thread`.
///
/// # Safety
/// The reference at the address has to be there until this returns, and no two threads at work may have the same number or do the same
/// part.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn featurescope_work(work: *const &Work<'_>, part: usize, thread: usize) {
    // SAFETY: the caller's promise. What is borrowed in the work may be used by several threads at once, since work is `Sync`; memory that
    // they share is that of one program, in which addresses of data and of functions mean the same.
    let work = unsafe { *work };
    work(part, thread);
}
