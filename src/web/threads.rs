//! Threads of the browser for the loops of the CPU engine: workers that share its memory.

use std::cell::RefCell;

use featurescope_kernels::{Pool, Work, address};
use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsValue, throw_val};

use crate::engine::rten::threads::share_with;

thread_local! {
    static SPREAD: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Has the work of the kernels done by so many threads, this one among them. `spread(address, parts)` calls the export
/// `featurescope_work(address, part, thread)` once for each part, here or in a worker over the same memory, and returns when all of them are
/// done. One thread, or none, is this one alone.
#[wasm_bindgen(js_name = shareWork)]
pub fn share_work(threads: usize, spread: Option<Function>) {
    let pool = if spread.is_some() { Pool::new(threads, by_workers) } else { Pool::ALONE };
    SPREAD.set(spread);
    share_with(pool);
}

fn by_workers(parts: usize, work: &Work<'_>) {
    let call = |spread: &Function| {
        let (address, parts) = (JsValue::from_f64(address(&work) as f64), JsValue::from_f64(parts as f64));
        spread.call2(&JsValue::UNDEFINED, &address, &parts)
    };
    // Cloned, so that nothing is borrowed while the work is done.
    let spread = SPREAD.with_borrow(Clone::clone);
    // Whatever a thread throws has left some of the work undone: this instance is lost, as by a panic.
    if let Some(Err(error)) = spread.as_ref().map(call) {
        throw_val(error);
    }
}
