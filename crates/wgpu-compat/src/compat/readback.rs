//! Brings the outputs of a run back from the GPU, all of them at once.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use modern::{
    BufferAddress, BufferAsyncError, BufferDescriptor, BufferSlice, BufferUsages, CommandBuffer,
    CommandEncoderDescriptor, MapMode,
};

use super::gpu::Gpu;
use crate::interface::Buffer;
use crate::util::DownloadBuffer;

/// wonnx asks for one output, waits for it, and asks for the next. Each wait is a way to the GPU's process and back and needs
/// error scopes of its own, so here all outputs are copied by the submission that computes them, the first question maps them
/// together, and the others are answered from what has arrived.
#[derive(Debug)]
pub(crate) struct Readback {
    outputs: Vec<Buffer>,
    together: Mutex<Option<Together>>,
}

/// The contents of all outputs one after another, in one buffer.
#[derive(Debug)]
struct Together {
    copy: Copy,
    asked: bool,
    arrived: Arc<AtomicBool>,
}

impl Readback {
    pub(crate) fn new(outputs: Vec<Buffer>) -> Self {
        Self { outputs, together: Mutex::default() }
    }

    /// What copies the outputs, to be submitted after the commands that compute them: wonnx submits once in a run. `None` from the
    /// second time on, and where they exceed one buffer and come one by one.
    pub(crate) fn commands(&self, gpu: &Gpu) -> Option<CommandBuffer> {
        let mut together = self.together.lock().unwrap_or_else(PoisonError::into_inner);
        if together.is_some() || self.outputs.is_empty() {
            return None;
        }
        let sources: Vec<_> = self.outputs.iter().map(|output| output.slice(..)).collect();
        let (copy, commands) = Copy::new(gpu, &sources)?;
        *together = Some(Together { copy, asked: false, arrived: Arc::default() });
        Some(commands)
    }

    /// Calls `callback` with the contents of a slice when they are there, or when they will not come.
    pub(crate) fn read(
        &self,
        gpu: &Gpu,
        slice: &BufferSlice<'_>,
        callback: impl FnOnce(Result<DownloadBuffer, BufferAsyncError>) + Send + 'static,
    ) {
        let Some(place) = self.outputs.iter().position(|output| is_whole(output, slice)) else {
            return read_alone(gpu, slice, callback);
        };
        let mut together = self.together.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *together {
            Some(Together { copy, asked, arrived }) if !*asked => {
                *asked = true;
                copy.map(gpu, {
                    let (copy, arrived) = (copy.clone(), arrived.clone());
                    move |result| {
                        arrived.store(result.is_ok(), Ordering::Release);
                        callback(result.and_then(|()| copy.view(place)));
                    }
                });
            }
            Some(Together { copy, arrived, .. }) if arrived.load(Ordering::Acquire) => {
                let view = copy.view(place);
                // What is called may ask for the next output.
                drop(together);
                callback(view);
            }
            _ => {
                drop(together);
                read_alone(gpu, slice, callback);
            }
        }
    }
}

/// Brings back one slice by itself.
pub(crate) fn read_alone(
    gpu: &Gpu,
    slice: &BufferSlice<'_>,
    callback: impl FnOnce(Result<DownloadBuffer, BufferAsyncError>) + Send + 'static,
) {
    match Copy::new(gpu, &[*slice]) {
        Some((copy, commands)) => {
            gpu.submit([commands]);
            copy.clone().map(gpu, move |result| callback(result.and_then(|()| copy.view(0))));
        }
        // No slice is larger than a buffer.
        None => callback(Err(BufferAsyncError)),
    }
}

fn is_whole(buffer: &Buffer, slice: &BufferSlice<'_>) -> bool {
    buffer.raw() == slice.buffer() && slice.offset() == 0 && slice.size() == buffer.size()
}

/// Slices of buffers that are copied to where they can be read.
#[derive(Debug, Clone)]
struct Copy {
    buffer: Buffer,
    parts: Vec<Range<BufferAddress>>,
}

impl Copy {
    /// With the commands that copy. `None` where they do not fit into one buffer.
    fn new(gpu: &Gpu, sources: &[BufferSlice<'_>]) -> Option<(Self, CommandBuffer)> {
        let mut parts: Vec<Range<BufferAddress>> = Vec::with_capacity(sources.len());
        for source in sources {
            let begin = parts.last().map_or(0, |part| part.end.next_multiple_of(modern::MAP_ALIGNMENT));
            parts.push(begin..begin + source.size());
        }
        let size = parts.last().map_or(0, |part| part.end);
        if size > gpu.limits().max_buffer_size {
            return None;
        }
        let descriptor = BufferDescriptor {
            label: Some("download"),
            size,
            usage: BufferUsages::COPY_DST | BufferUsages::MAP_READ,
            mapped_at_creation: false,
        };
        let buffer = Buffer::new(gpu, &descriptor);
        let mut encoder = gpu.device().create_command_encoder(&CommandEncoderDescriptor { label: None });
        for (source, part) in sources.iter().zip(&parts) {
            encoder.copy_buffer_to_buffer(source.buffer(), source.offset(), buffer.raw(), part.start, source.size());
        }
        Some((Self { buffer, parts }, encoder.finish()))
    }

    fn map(&self, gpu: &Gpu, callback: impl FnOnce(Result<(), BufferAsyncError>) + Send + 'static) {
        gpu.shared_counters().readback();
        self.buffer.raw().map_async(MapMode::Read, .., callback);
    }

    /// The contents of one slice, once the buffer is mapped.
    fn view(&self, place: usize) -> Result<DownloadBuffer, BufferAsyncError> {
        let part = self.parts.get(place).cloned().ok_or(BufferAsyncError)?;
        let view = self.buffer.raw().get_mapped_range(part).map_err(|_| BufferAsyncError)?;
        Ok(DownloadBuffer::new(view, self.buffer.clone()))
    }
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;

    #[test]
    fn outputs_that_fit_into_no_buffer_together_come_one_by_one() {
        let gpu = block_on(Gpu::noop()).expect("the noop device is always there");
        let size = gpu.limits().max_buffer_size / 2;
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_SRC;
        let large = Buffer::new(&gpu, &BufferDescriptor { label: None, size, usage, mapped_at_creation: false });
        // Three times the same one, so that the test itself needs less.
        let readback = Readback::new(vec![large.clone(), large.clone(), large.clone()]);
        let arrived = Arc::new(Mutex::new(Vec::new()));
        for _ in 0..2 {
            readback.read(&gpu, &large.slice(..), {
                let arrived = arrived.clone();
                move |result| arrived.lock().unwrap().push(result.map(|bytes| bytes.len() as u64))
            });
            gpu.raw_device().poll(modern::PollType::wait_indefinitely()).unwrap();
        }
        assert_eq!(*arrived.lock().unwrap(), [Ok(size), Ok(size)]);
        assert_eq!(gpu.count().readbacks, 2);
    }
}
