//! Progress and cancelling, passed into everything that takes long.

use crate::engine::LocalFuture;

use super::error::AnalysisError;

/// What a long call is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The model's graph is read, checked and rewritten for the engine.
    Prepare,
    /// The network runs.
    Run,
    /// Recipes are tried on photos with known labels.
    Guess,
}

/// The caller's side of a long call.
pub trait Control {
    /// Says how far the call is: `done` of `total` steps of a stage.
    fn progress(&self, stage: Stage, done: usize, total: usize);

    /// Lets other work have its turn and says whether the call shall go on. Called between steps, since an engine on
    /// the CPU holds its thread for the length of a run.
    fn pause(&self) -> LocalFuture<'_, bool>;
}

/// Lets others have their turn.
///
/// # Errors
/// [`AnalysisError::Cancelled`] where the caller wants no more.
pub async fn pause(control: &dyn Control) -> Result<(), AnalysisError> {
    if control.pause().await { Ok(()) } else { Err(AnalysisError::Cancelled) }
}

/// A caller that neither watches nor cancels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unattended;

impl Control for Unattended {
    fn progress(&self, _stage: Stage, _done: usize, _total: usize) {}

    fn pause(&self) -> LocalFuture<'_, bool> {
        Box::pin(async { true })
    }
}
