//! Who does the work of our kernels: threads, where whoever holds the engine has some.

use std::cell::Cell;

use featurescope_kernels::Pool;

thread_local! {
    static POOL: Cell<Pool> = const { Cell::new(Pool::ALONE) };
}

/// Has what this thread computes from now on done by a pool.
pub fn share_with(pool: Pool) {
    POOL.set(pool);
}

/// Those who do the work.
pub(super) fn pool() -> Pool {
    POOL.get()
}
