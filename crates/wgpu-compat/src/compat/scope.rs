//! Runs a future with the device as the current one and catches the errors of its GPU calls.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use super::current::{self, Role};
use super::gpu::Gpu;
use super::section::{Report, Section};

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

/// The future of [`Gpu::scope`], [`Gpu::run`] and [`Gpu::prepare`].
///
/// Error scopes of a device form one stack, so that two futures which hold one open while they wait would take each
/// other's. Here they are open within a single poll only, in which nothing else runs; so any number of
/// scopes can be waited for at the same time, and each sees only its own errors.
///
/// Each question about errors is answered by the GPU's process, so there are few: a poll in which the future makes no GPU
/// call asks nothing, and the future is polled only when it was woken itself. A report that arrives wakes the task as well; were the
/// future polled for that, in error scopes of its own, their reports would wake the task again, and so on for as long as the
/// future waits.
///
/// The output is held back until the device has reported on every call.
#[must_use = "a future does nothing unless it is awaited"]
pub struct Scope<F: Future> {
    gpu: Gpu,
    role: Role,
    future: Pin<Box<F>>,
    call: Arc<Call>,
    output: Option<F::Output>,
    reports: Vec<Report>,
    error: Option<Error>,
}

// Nothing is pinned in place: the future has its own box.
impl<F: Future> Unpin for Scope<F> {}

/// Wakes the task, and remembers that it was the future who asked for it.
struct Call {
    made: AtomicBool,
    task: Mutex<Waker>,
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.made.store(true, Ordering::Release);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).clone();
        task.wake();
    }
}

impl<F: Future> Scope<F> {
    pub(crate) fn new(gpu: Gpu, role: Role, future: F) -> Self {
        // Every future is polled once without having been woken.
        let call = Call { made: AtomicBool::new(true), task: Mutex::new(Waker::noop().clone()) };
        Self {
            gpu,
            role,
            future: Box::pin(future),
            call: Arc::new(call),
            output: None,
            reports: Vec::new(),
            error: None,
        }
    }

    fn poll_future(&mut self) {
        let waker = Waker::from(self.call.clone());
        let future = self.future.as_mut();
        let (polled, section) = current::enter(&self.gpu, &self.role, || future.poll(&mut Context::from_waker(&waker)));
        if let Some(section) = section {
            self.gpu.shared_counters().error_scopes(Section::REPORTS as u64);
            self.reports.extend(section.close());
        }
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
        // Before the question whether the future was woken: whoever wakes it from here on wakes this task.
        this.call.task.lock().unwrap_or_else(PoisonError::into_inner).clone_from(context.waker());
        if this.output.is_none() && this.call.made.swap(false, Ordering::AcqRel) {
            this.poll_future();
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
    use std::future::{poll_fn, ready};
    use std::sync::atomic::AtomicUsize;

    use pollster::block_on;

    use super::*;
    use crate::BufferUsages;

    fn gpu() -> Gpu {
        block_on(Gpu::noop()).expect("the noop device is always there")
    }

    fn out_of_memory() -> Option<modern::Error> {
        Some(modern::Error::OutOfMemory { source: "no memory".into() })
    }

    fn refused(description: &str) -> Option<modern::Error> {
        Some(modern::Error::Validation { source: "refused".into(), description: description.to_owned() })
    }

    /// What becomes of a future that is done, once the device has reported this of its calls.
    fn outcome(reports: Vec<Option<modern::Error>>) -> Result<u32, Error> {
        let mut scope = gpu().scope(ready(0));
        scope.output = Some(7);
        scope.reports = reports.into_iter().map(|report| Box::pin(ready(report)) as Report).collect();
        block_on(scope)
    }

    /// A report that arrives when it is asked for the `nth` time.
    fn late(nth: usize, found: Option<modern::Error>) -> Report {
        let (mut asked, mut found) = (0, Some(found));
        Box::pin(poll_fn(move |_| {
            asked += 1;
            if asked < nth { Poll::Pending } else { Poll::Ready(found.take().flatten()) }
        }))
    }

    /// A GPU call that is refused, with `what` in the error.
    fn refused_call(gpu: &Gpu, what: &str) {
        let descriptor = modern::BufferDescriptor {
            label: Some(what),
            size: 16,
            usage: BufferUsages::empty(),
            mapped_at_creation: false,
        };
        drop(gpu.device().create_buffer(&descriptor));
    }

    /// A waker that counts, for a task that is polled by hand.
    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
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
        let mut scope = gpu().scope(ready(7));
        scope.reports.push(late(2, out_of_memory()));
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut scope).poll(&mut context).is_pending());
        assert_eq!(Pin::new(&mut scope).poll(&mut context), Poll::Ready(Err(Error::OutOfMemory)));
    }

    #[test]
    fn a_report_that_arrives_does_not_poll_the_future() {
        let polls = Arc::new(AtomicUsize::new(0));
        let wakers = Arc::new(Mutex::new(Vec::<Waker>::new()));
        let gpu = gpu();
        let mut scope = gpu.scope(poll_fn({
            let (polls, wakers) = (polls.clone(), wakers.clone());
            move |context: &mut Context<'_>| {
                wakers.lock().unwrap().push(context.waker().clone());
                if polls.fetch_add(1, Ordering::Relaxed) == 0 { Poll::Pending } else { Poll::Ready(7) }
            }
        }));
        scope.reports.extend([late(3, None), late(5, None)]);
        let woken = Arc::new(Count::default());
        let waker = Waker::from(woken.clone());
        let mut context = Context::from_waker(&waker);
        // As often as a task is woken by the reports of the device.
        for _ in 0..50 {
            assert!(Pin::new(&mut scope).poll(&mut context).is_pending());
        }
        assert_eq!(polls.load(Ordering::Relaxed), 1);
        assert_eq!(gpu.count().error_scopes, 0, "the future made no call");
        wakers.lock().unwrap()[0].wake_by_ref();
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        assert_eq!(Pin::new(&mut scope).poll(&mut context), Poll::Ready(Ok(7)));
        assert_eq!(polls.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_future_that_moves_to_another_task_wakes_that_one() {
        let mut inner = None;
        let mut scope = gpu().scope(poll_fn(|context: &mut Context<'_>| {
            inner = Some(context.waker().clone());
            Poll::<()>::Pending
        }));
        let (before, after) = (Arc::new(Count::default()), Arc::new(Count::default()));
        for task in [&before, &after] {
            let waker = Waker::from(task.clone());
            assert!(Pin::new(&mut scope).poll(&mut Context::from_waker(&waker)).is_pending());
        }
        drop(scope);
        inner.expect("it was polled").wake();
        assert_eq!((before.0.load(Ordering::Relaxed), after.0.load(Ordering::Relaxed)), (0, 1));
    }

    #[test]
    fn a_future_that_is_woken_often_asks_about_errors_once() {
        for times in [1, 10, 1000] {
            let gpu = gpu();
            let mut left = times;
            let scope = gpu.scope(poll_fn(|context: &mut Context<'_>| {
                if left == times {
                    drop(gpu.device().create_command_encoder(&modern::CommandEncoderDescriptor::default()));
                }
                left -= 1;
                context.waker().wake_by_ref();
                if left == 0 { Poll::Ready(()) } else { Poll::Pending }
            }));
            assert_eq!(block_on(scope), Ok(()));
            assert_eq!(gpu.count().error_scopes, 2, "woken {times} times");
        }
    }

    #[test]
    fn errors_of_every_poll_are_caught() {
        for bad in [0, 1, 4] {
            let gpu = gpu();
            let mut poll = 0;
            let scope = gpu.scope(poll_fn(|context: &mut Context<'_>| {
                if poll == bad {
                    refused_call(&gpu, "the bad one");
                }
                poll += 1;
                context.waker().wake_by_ref();
                if poll == 5 { Poll::Ready(()) } else { Poll::Pending }
            }));
            assert!(matches!(block_on(scope), Err(Error::Validation(error)) if error.contains("the bad one")));
        }
    }

    #[test]
    fn scopes_inside_of_each_other_and_of_another_device_have_their_own_errors() {
        let (gpu, other) = (gpu(), self::gpu());
        let outer = gpu.scope(async {
            // Not of this scope's device: nobody asks about its errors here.
            assert_eq!(other.count().error_scopes, 0);
            let inner = gpu.scope(async { refused_call(&gpu, "the inner") }).await;
            assert!(matches!(inner, Err(Error::Validation(error)) if error.contains("the inner")));
            drop(gpu.device().create_command_encoder(&modern::CommandEncoderDescriptor::default()));
            let inner = other.scope(async { refused_call(&other, "of the other") }).await;
            assert!(matches!(inner, Err(Error::Validation(error)) if error.contains("of the other")));
            // While one of this scope is open.
            let inner = gpu.scope(async { refused_call(&gpu, "the second") }).await;
            assert!(matches!(inner, Err(Error::Validation(error)) if error.contains("the second")));
        });
        assert_eq!(block_on(outer), Ok(()));
        assert_eq!((gpu.count().error_scopes, other.count().error_scopes), (6, 2));
    }
}
