//! The link between a future that is being polled and the calls that wonnx makes in it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use modern::{BufferDescriptor, BufferUsages};

use super::gpu::Gpu;
use super::readback::Readback;
use super::section::Section;
use crate::interface::Buffer;

/// The function of a kernel that is run, as wonnx asks for it.
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
    /// The buffers that can be read back and not written to: the graph's outputs.
    pub outputs: Vec<Buffer>,
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

/// What a future does on the device.
#[derive(Debug, Clone)]
pub(crate) enum Role {
    /// It prepares a session.
    Prepare(Arc<Progress>),
    /// It runs one.
    Run(Arc<Readback>),
}

/// One poll in progress.
struct Frame {
    gpu: Gpu,
    role: Role,
    /// Open from the first GPU call of the poll on.
    section: Option<Section>,
}

thread_local! {
    // A stack, so that a scope inside of a scope finds its own device and leaves the outer one as it was.
    static CURRENT: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// Makes a device current for the duration of `poll`, also where that panics. Beside what `poll` returns stands the section that
/// its GPU calls were made in, or `None` where it made none.
pub(crate) fn enter<T>(gpu: &Gpu, role: &Role, poll: impl FnOnce() -> T) -> (T, Option<Section>) {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            CURRENT.with_borrow_mut(Vec::pop);
        }
    }
    CURRENT.with_borrow_mut(|stack| stack.push(Frame { gpu: gpu.clone(), role: role.clone(), section: None }));
    let _leave = Leave;
    let polled = poll();
    (polled, CURRENT.with_borrow_mut(|stack| stack.last_mut().and_then(|frame| frame.section.take())))
}

/// Has the errors of what follows in this poll caught: to be called before every GPU call. The first one in a poll opens the
/// section, the others find it open. For another device than the current one nothing is done.
pub(crate) fn open_section(gpu: &Gpu) {
    CURRENT.with_borrow_mut(|stack| {
        if let Some(frame) = stack.last_mut().filter(|frame| frame.gpu.is(gpu)) {
            frame.section.get_or_insert_with(|| Section::open(gpu));
        }
    });
}

/// The current device.
pub(crate) fn gpu() -> Option<Gpu> {
    CURRENT.with_borrow(|stack| stack.last().map(|frame| frame.gpu.clone()))
}

fn progress() -> Option<Arc<Progress>> {
    CURRENT.with_borrow(|stack| match &stack.last()?.role {
        Role::Prepare(progress) => Some(progress.clone()),
        Role::Run(_) => None,
    })
}

/// How the outputs of the current run come back.
pub(crate) fn readback() -> Option<Arc<Readback>> {
    CURRENT.with_borrow(|stack| match &stack.last()?.role {
        Role::Prepare(_) => None,
        Role::Run(readback) => Some(readback.clone()),
    })
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

/// Remembers a new buffer that can be written to, or read back.
pub(crate) fn note_buffer(descriptor: &BufferDescriptor<'_>, buffer: &Buffer) {
    let Some(progress) = progress() else { return };
    let usage = descriptor.usage;
    if let (Some(label), true) = (descriptor.label, usage.contains(BufferUsages::COPY_DST)) {
        progress.note(|prepared| {
            prepared.inputs.insert(label.to_owned(), buffer.clone());
        });
    } else if usage.contains(BufferUsages::COPY_SRC) {
        progress.note(|prepared| prepared.outputs.push(buffer.clone()));
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
