//! One long call as its caller sees it: progress, and a way to stop it.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::analysis::control::{Control, Stage};
use crate::engine::LocalFuture;

/// `new Task(onProgress, pause)`: `onProgress(stage, done, total)` is told how far the call is, and `pause()` returns a
/// promise that resolves when other messages have had their turn.
#[wasm_bindgen]
pub struct Task {
    watch: Watch,
}

/// What a running call keeps of its task.
#[derive(Clone)]
pub struct Watch {
    on_progress: Function,
    pause: Function,
    cancelled: Rc<Cell<bool>>,
}

#[wasm_bindgen]
impl Task {
    #[wasm_bindgen(constructor)]
    pub fn new(on_progress: Function, pause: Function) -> Self {
        Self { watch: Watch { on_progress, pause, cancelled: Rc::default() } }
    }

    /// The call ends at its next step with the error `cancelled`.
    pub fn cancel(&self) {
        self.watch.cancelled.set(true);
    }
}

impl Task {
    /// What the call takes along.
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }
}

impl Control for Watch {
    fn progress(&self, stage: Stage, done: usize, total: usize) {
        let stage = match stage {
            Stage::Prepare => "prepare",
            Stage::Run => "run",
            Stage::Guess => "guess",
        };
        // A watcher that throws has no say in the result.
        let _ = self.on_progress.call3(&JsValue::NULL, &stage.into(), &(done as f64).into(), &(total as f64).into());
    }

    fn pause(&self) -> LocalFuture<'_, bool> {
        Box::pin(async {
            if let Ok(promise) = self.pause.call0(&JsValue::NULL)
                && let Ok(promise) = promise.dyn_into::<Promise>()
            {
                let _ = JsFuture::from(promise).await;
            }
            !self.cancelled.get()
        })
    }
}
