//! Runs a future with the device as the current one and catches the errors of its GPU calls.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use modern::ErrorFilter;

use super::current::{self, Progress};
use super::gpu::Gpu;

/// What went wrong on the device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A call, or a shader, was not valid. Without this the results would be zeros.
    #[error("the GPU refused a call: {0}")]
    Validation(String),
    /// There was no memory for a buffer.
    #[error("the GPU is out of memory")]
    OutOfMemory,
    /// The device is gone, with the reason as the platform gives it.
    #[error("the GPU device was lost: {0}")]
    Lost(String),
}

type PopFuture = Pin<Box<dyn Future<Output = Option<modern::Error>>>>;

/// The future of [`Gpu::scope`].
///
/// Error scopes of a device form one stack, so that two futures which hold one open while they wait would take each
/// other's. Here a scope is opened and closed within each single poll, in which nothing else runs; so any number of
/// scopes can be waited for at the same time, and each sees only its own errors.
///
/// The output is held back until the device has reported on every call.
#[must_use = "a future does nothing unless it is awaited"]
pub struct Scope<F: Future> {
    gpu: Gpu,
    progress: Option<Arc<Progress>>,
    future: Pin<Box<F>>,
    output: Option<F::Output>,
    reports: Vec<PopFuture>,
    error: Option<Error>,
}

// Nothing is pinned in place: the future has its own box.
impl<F: Future> Unpin for Scope<F> {}

impl<F: Future> Scope<F> {
    pub(crate) fn new(gpu: Gpu, progress: Option<Arc<Progress>>, future: F) -> Self {
        Self { gpu, progress, future: Box::pin(future), output: None, reports: Vec::new(), error: None }
    }

    fn poll_future(&mut self, context: &mut Context<'_>) {
        let device = self.gpu.device();
        let memory = device.push_error_scope(ErrorFilter::OutOfMemory);
        let validation = device.push_error_scope(ErrorFilter::Validation);
        let future = self.future.as_mut();
        let polled = current::enter(&self.gpu, self.progress.as_ref(), || future.poll(context));
        self.reports.push(Box::pin(validation.pop()));
        self.reports.push(Box::pin(memory.pop()));
        if let Poll::Ready(output) = polled {
            self.output = Some(output);
        }
    }

    fn poll_reports(&mut self, context: &mut Context<'_>) {
        let error = &mut self.error;
        self.reports.retain_mut(|report| match report.as_mut().poll(context) {
            Poll::Ready(found) => {
                // Lack of memory explains the validation errors that follow from it, and the first error the others.
                match found.map(Error::from) {
                    Some(Error::OutOfMemory) => *error = Some(Error::OutOfMemory),
                    Some(found) => _ = error.get_or_insert(found),
                    None => {}
                }
                false
            }
            Poll::Pending => true,
        });
    }
}

impl<F: Future> Future for Scope<F> {
    type Output = Result<F::Output, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if this.output.is_none() {
            this.poll_future(context);
        }
        this.poll_reports(context);
        if !this.reports.is_empty() {
            return Poll::Pending;
        }
        match this.output.take() {
            None => Poll::Pending,
            Some(output) => {
                if this.error.is_some() {
                    this.gpu.forget_pipelines();
                }
                Poll::Ready(match (this.gpu.lost(), this.error.take()) {
                    (Some(reason), _) => Err(Error::Lost(reason)),
                    (None, Some(error)) => Err(error),
                    (None, None) => Ok(output),
                })
            }
        }
    }
}

impl From<modern::Error> for Error {
    fn from(error: modern::Error) -> Self {
        match error {
            modern::Error::OutOfMemory { .. } => Self::OutOfMemory,
            modern::Error::Validation { description, .. } | modern::Error::Internal { description, .. } => {
                Self::Validation(description)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use pollster::block_on;

    use super::*;

    fn out_of_memory() -> Option<modern::Error> {
        Some(modern::Error::OutOfMemory { source: "no memory".into() })
    }

    fn refused(description: &str) -> Option<modern::Error> {
        Some(modern::Error::Validation { source: "refused".into(), description: description.to_owned() })
    }

    /// What becomes of a future that is done, once the device has reported this of its calls.
    fn outcome(reports: Vec<Option<modern::Error>>) -> Result<u32, Error> {
        let gpu = block_on(Gpu::noop()).expect("the noop device is always there");
        let mut scope = Scope::new(gpu, None, ready(0));
        scope.output = Some(7);
        scope.reports = reports.into_iter().map(|report| Box::pin(ready(report)) as PopFuture).collect();
        block_on(scope)
    }

    #[test]
    fn lack_of_memory_explains_what_follows_from_it() {
        assert_eq!(outcome(vec![None, None]), Ok(7));
        assert_eq!(outcome(vec![None, out_of_memory()]), Err(Error::OutOfMemory));
        assert_eq!(outcome(vec![refused("no buffer"), out_of_memory()]), Err(Error::OutOfMemory));
        assert_eq!(outcome(vec![out_of_memory(), refused("no buffer")]), Err(Error::OutOfMemory));
        assert_eq!(
            outcome(vec![refused("first"), None, refused("second")]),
            Err(Error::Validation("first".to_owned()))
        );
    }

    #[test]
    fn a_result_waits_for_the_last_report() {
        let gpu = block_on(Gpu::noop()).expect("the noop device is always there");
        let mut scope = Scope::new(gpu, None, ready(7));
        let mut asked = false;
        scope.reports.push(Box::pin(std::future::poll_fn(move |_| {
            if std::mem::replace(&mut asked, true) { Poll::Ready(out_of_memory()) } else { Poll::Pending }
        })));
        let mut context = Context::from_waker(std::task::Waker::noop());
        assert!(Pin::new(&mut scope).poll(&mut context).is_pending());
        assert_eq!(Pin::new(&mut scope).poll(&mut context), Poll::Ready(Err(Error::OutOfMemory)));
    }
}
