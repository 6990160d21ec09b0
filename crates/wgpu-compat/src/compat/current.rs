//! The link between a future that is being polled and the calls that wonnx makes in it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use modern::{BufferDescriptor, BufferUsages};

use super::gpu::Gpu;
use crate::interface::Buffer;

/// The function of a kernel that is run, as in the kernels that wonnx writes itself.
pub(crate) const ENTRY_POINT: &str = "main";

/// A compute kernel to run in place of the one that wonnx wrote for a node.
///
/// The entry point is `main`; the bindings are those of wonnx's kernel, numbered from 0 in group 0, four to a group:
/// first the node's inputs in order, then its output. All of them must be used, since the layout is taken from the
/// shader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kernel {
    /// The shader.
    pub wgsl: String,
    /// How many workgroups are dispatched.
    pub workgroups: [u32; 3],
}

/// What wonnx is to find while it prepares a session.
#[derive(Debug, Default)]
pub struct Preparation {
    kernels: HashMap<String, Kernel>,
    shared: HashMap<String, Buffer>,
}

impl Preparation {
    /// Replaces the kernel of the node with this name.
    pub fn replace(&mut self, node: &str, kernel: Kernel) {
        self.kernels.insert(node.to_owned(), kernel);
    }

    /// Uses a buffer that is filled already, for example by an earlier session, as the graph input of this name. It is
    /// used only where it is exactly as large as the input.
    pub fn share(&mut self, input: &str, buffer: Buffer) {
        self.shared.insert(input.to_owned(), buffer);
    }

    /// The replacing kernels by the names of their nodes.
    pub fn kernels(&self) -> impl Iterator<Item = (&str, &Kernel)> {
        self.kernels.iter().map(|(node, kernel)| (node.as_str(), kernel))
    }
}

/// What was made while a session was prepared.
#[derive(Debug, Default)]
pub struct Prepared {
    /// Compute pipelines.
    pub pipelines: usize,
    /// Those among them whose kernel was replaced.
    pub replaced: usize,
    /// The buffers that can be written to, by label: the graph's inputs by name.
    pub inputs: HashMap<String, Buffer>,
}

/// A preparation in progress.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    preparation: Preparation,
    prepared: Mutex<Prepared>,
}

impl Progress {
    pub(crate) fn new(preparation: Preparation) -> Self {
        Self { preparation, prepared: Mutex::default() }
    }

    pub(crate) fn preparation(&self) -> &Preparation {
        &self.preparation
    }

    pub(crate) fn take(&self) -> Prepared {
        std::mem::take(&mut *self.prepared.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, change: impl FnOnce(&mut Prepared)) {
        change(&mut self.prepared.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

thread_local! {
    // A stack, so that a scope inside of a scope finds its own device and leaves the outer one as it was.
    static CURRENT: RefCell<Vec<(Gpu, Option<Arc<Progress>>)>> = const { RefCell::new(Vec::new()) };
}

/// Makes a device current for the duration of `poll`, also where that panics.
pub(crate) fn enter<T>(gpu: &Gpu, progress: Option<&Arc<Progress>>, poll: impl FnOnce() -> T) -> T {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            CURRENT.with_borrow_mut(Vec::pop);
        }
    }
    CURRENT.with_borrow_mut(|stack| stack.push((gpu.clone(), progress.cloned())));
    let _leave = Leave;
    poll()
}

/// The current device.
pub(crate) fn gpu() -> Option<Gpu> {
    CURRENT.with_borrow(|stack| stack.last().map(|(gpu, _)| gpu.clone()))
}

fn progress() -> Option<Arc<Progress>> {
    CURRENT.with_borrow(|stack| stack.last().and_then(|(_, progress)| progress.clone()))
}

/// The kernel that replaces the one of this node.
pub(crate) fn kernel(label: Option<&str>) -> Option<Kernel> {
    progress()?.preparation.kernels.get(label?).cloned()
}

/// The buffer to be used instead of a new one.
pub(crate) fn shared_buffer(descriptor: &BufferDescriptor<'_>) -> Option<Buffer> {
    if !descriptor.usage.contains(BufferUsages::COPY_DST) {
        return None;
    }
    let progress = progress()?;
    let label = descriptor.label?;
    let buffer = progress.preparation.shared.get(label).filter(|buffer| buffer.size() == descriptor.size)?;
    progress.note(|prepared| {
        prepared.inputs.insert(label.to_owned(), buffer.clone());
    });
    Some(buffer.clone())
}

/// Remembers a new buffer that can be written to.
pub(crate) fn note_buffer(descriptor: &BufferDescriptor<'_>, buffer: &Buffer) {
    if let (Some(progress), Some(label), true) =
        (progress(), descriptor.label, descriptor.usage.contains(BufferUsages::COPY_DST))
    {
        progress.note(|prepared| {
            prepared.inputs.insert(label.to_owned(), buffer.clone());
        });
    }
}

/// Counts a new pipeline.
pub(crate) fn note_pipeline(replaced: bool) {
    if let Some(progress) = progress() {
        progress.note(|prepared| {
            prepared.pipelines += 1;
            prepared.replaced += usize::from(replaced);
        });
    }
}
