//! The old interface: the names and signatures of wgpu 0.16 as wonnx 0.5.1 uses them.
//!
//! Differences that wonnx cannot see: adapters and devices are the current [`Gpu`](crate::compat::Gpu); buffers destroy
//! themselves; a pipeline may carry another kernel, and then its own number of workgroups; an empty write is none.

use std::path::Path;
use std::sync::Arc;

pub use modern::{
    Backends, BindGroup, BindGroupDescriptor, BindGroupEntry, BindGroupLayout, BufferAddress, BufferAsyncError,
    BufferDescriptor, BufferUsages, CommandBuffer, CommandEncoderDescriptor, ShaderModuleDescriptor, ShaderSource,
};
use thiserror::Error;

use crate::compat::{Counters, Gpu, current};

/// Which shader compiler Direct3D 12 uses; there is nothing to choose any more.
#[derive(Debug, Clone, Copy)]
pub enum Dx12Compiler {
    /// The one that wonnx names.
    Fxc,
}

/// What an [`Instance`] is made from. Ignored: the device is open already.
#[derive(Debug)]
pub struct InstanceDescriptor {
    pub backends: Backends,
    pub dx12_shader_compiler: Dx12Compiler,
}

/// Stands for the GPU interface; holds nothing.
#[derive(Debug)]
pub struct Instance;

impl Instance {
    /// An instance that knows the current device only.
    pub fn new(_descriptor: InstanceDescriptor) -> Self {
        Self
    }
}

/// What a device is made from. Ignored: the device is open already, with the limits of its adapter.
#[derive(Debug, Default)]
pub struct DeviceDescriptor;

/// The current device is not there to be handed out.
#[derive(Debug, Error)]
#[error("no GPU device is open on this thread")]
pub struct RequestDeviceError;

/// The adapter of the current device.
#[derive(Debug)]
pub struct Adapter(pub(crate) Gpu);

impl Adapter {
    /// The one shared device, never a new one.
    ///
    /// # Errors
    /// None; the signature is wgpu's.
    pub async fn request_device(
        &self,
        _descriptor: &DeviceDescriptor,
        _trace: Option<&Path>,
    ) -> Result<(Device, Queue), RequestDeviceError> {
        Ok((Device(self.0.clone()), Queue(self.0.clone())))
    }
}

/// The shared device.
#[derive(Debug, Clone)]
pub struct Device(pub(crate) Gpu);

/// What to wait for in [`Device::poll`].
#[derive(Debug, Clone, Copy)]
pub enum Maintain {
    /// All work that was submitted.
    Wait,
}

/// A shader that is not compiled yet.
#[derive(Debug)]
pub struct ShaderModule {
    wgsl: String,
}

/// What a pipeline is made from.
#[derive(Debug)]
pub struct ComputePipelineDescriptor<'a> {
    pub label: Option<&'a str>,
    /// Always left to the shader.
    pub layout: Option<&'a ()>,
    pub module: &'a ShaderModule,
    pub entry_point: &'a str,
}

impl Device {
    /// Creates a buffer, or hands out a shared one that the [preparation](crate::compat::Preparation) names.
    pub fn create_buffer(&self, descriptor: &BufferDescriptor<'_>) -> Buffer {
        current::shared_buffer(descriptor).unwrap_or_else(|| {
            let buffer = Buffer::new(&self.0, descriptor);
            current::note_buffer(descriptor, &buffer);
            buffer
        })
    }

    /// Starts recording commands.
    pub fn create_command_encoder(&self, descriptor: &CommandEncoderDescriptor<'_>) -> CommandEncoder {
        CommandEncoder { inner: self.0.device().create_command_encoder(descriptor), gpu: self.0.clone() }
    }

    /// Takes a shader, or the kernel that replaces it. It is compiled when a pipeline is made of it.
    pub fn create_shader_module(&self, descriptor: ShaderModuleDescriptor<'_>) -> ShaderModule {
        let wgsl = match (current::kernel(descriptor.label), descriptor.source) {
            (Some(kernel), _) => kernel.wgsl,
            (None, ShaderSource::Wgsl(wgsl)) => wgsl.into_owned(),
            // wonnx writes WGSL only; an empty shader has no entry point and is refused with an error.
            (None, _) => String::new(),
        };
        ShaderModule { wgsl }
    }

    /// Makes a pipeline of a shader, or takes the one that was made of the same text before.
    pub fn create_compute_pipeline(&self, descriptor: &ComputePipelineDescriptor<'_>) -> ComputePipeline {
        self.0.shared_counters().pipeline();
        let kernel = current::kernel(descriptor.label);
        current::note_pipeline(kernel.is_some());
        ComputePipeline {
            inner: self.0.pipeline(descriptor.label, &descriptor.module.wgsl, descriptor.entry_point),
            workgroups: kernel.map(|kernel| kernel.workgroups),
        }
    }

    /// Binds buffers to a pipeline.
    pub fn create_bind_group(&self, descriptor: &BindGroupDescriptor<'_>) -> BindGroup {
        self.0.device().create_bind_group(descriptor)
    }

    /// Waits for the GPU where the platform allows it; in a browser callbacks come by themselves.
    ///
    /// A failure means that the device is gone, which the callbacks being waited for report themselves.
    pub fn poll(&self, _maintain: Maintain) -> bool {
        self.0.raw_device().poll(modern::PollType::wait_indefinitely()).is_ok()
    }
}

/// The queue of the shared device.
#[derive(Debug, Clone)]
pub struct Queue(pub(crate) Gpu);

impl Queue {
    /// Hands recorded commands to the GPU, those of a run together with what copies its outputs.
    pub fn submit<I: IntoIterator<Item = CommandBuffer>>(&self, command_buffers: I) {
        let copies = current::readback().and_then(|readback| readback.commands(&self.0));
        self.0.submit(command_buffers.into_iter().chain(copies));
    }

    /// Copies bytes into a buffer. Empty data writes nothing, so that an input which never changes is uploaded once
    /// ([`Gpu::upload`]) and then given to wonnx as an empty tensor.
    pub fn write_buffer(&self, buffer: &Buffer, offset: BufferAddress, data: &[u8]) {
        if !data.is_empty() {
            self.0.queue().write_buffer(buffer.raw(), offset, data);
        }
    }
}

/// Records commands.
#[derive(Debug)]
pub struct CommandEncoder {
    inner: modern::CommandEncoder,
    gpu: Gpu,
}

/// What a compute pass is made from.
#[derive(Debug, Default)]
pub struct ComputePassDescriptor<'a> {
    pub label: Option<&'a str>,
}

impl CommandEncoder {
    /// Starts a compute pass.
    pub fn begin_compute_pass<'a>(&'a mut self, descriptor: &ComputePassDescriptor<'_>) -> ComputePass<'a> {
        ComputePass {
            inner: self
                .inner
                .begin_compute_pass(&modern::ComputePassDescriptor { label: descriptor.label, timestamp_writes: None }),
            workgroups: None,
            counters: self.gpu.shared_counters(),
        }
    }

    /// Ends the recording. What was wrong with it is reported now.
    pub fn finish(self) -> CommandBuffer {
        current::open_section(&self.gpu);
        self.inner.finish()
    }
}

/// A pipeline, which knows its own number of workgroups where its kernel was replaced.
#[derive(Debug)]
pub struct ComputePipeline {
    inner: modern::ComputePipeline,
    workgroups: Option<[u32; 3]>,
}

impl ComputePipeline {
    /// The layout of one bind group, as the shader states it.
    pub fn get_bind_group_layout(&self, index: u32) -> BindGroupLayout {
        self.inner.get_bind_group_layout(index)
    }
}

/// Records dispatches.
#[derive(Debug)]
pub struct ComputePass<'a> {
    inner: modern::ComputePass<'a>,
    workgroups: Option<[u32; 3]>,
    counters: &'a Counters,
}

impl ComputePass<'_> {
    /// The pipeline that the next dispatch runs.
    pub fn set_pipeline(&mut self, pipeline: &ComputePipeline) {
        self.workgroups = pipeline.workgroups;
        self.inner.set_pipeline(&pipeline.inner);
    }

    /// The buffers that the next dispatch sees.
    pub fn set_bind_group(&mut self, index: u32, bind_group: &BindGroup, offsets: &[u32]) {
        self.inner.set_bind_group(index, bind_group, offsets);
    }

    /// Runs the pipeline with this many workgroups, or with its own number where its kernel was replaced.
    pub fn dispatch_workgroups(&mut self, x: u32, y: u32, z: u32) {
        let [x, y, z] = self.workgroups.unwrap_or([x, y, z]);
        self.counters.dispatch();
        self.inner.dispatch_workgroups(x, y, z);
    }
}

/// A GPU buffer that is destroyed when its last handle is dropped.
#[derive(Debug, Clone)]
pub struct Buffer(Arc<Owned>);

#[derive(Debug)]
struct Owned {
    inner: modern::Buffer,
    counters: Arc<Counters>,
}

impl Drop for Owned {
    fn drop(&mut self) {
        self.counters.buffer_freed(self.inner.size());
        // Work that was submitted before still sees the buffer; only then is its memory freed.
        self.inner.destroy();
    }
}

impl Buffer {
    pub(crate) fn new(gpu: &Gpu, descriptor: &BufferDescriptor<'_>) -> Self {
        let counters = gpu.shared_counters().clone();
        counters.buffer_made(descriptor.size);
        // wonnx reads a Reshape's result from the buffer of its input, which it has not made for reading where that is
        // an input of the graph. The usage costs nothing.
        let mut usage = descriptor.usage;
        usage.set(
            BufferUsages::COPY_SRC,
            usage.contains(BufferUsages::STORAGE) || usage.contains(BufferUsages::COPY_SRC),
        );
        let inner = gpu.device().create_buffer(&BufferDescriptor { usage, ..descriptor.clone() });
        Self(Arc::new(Owned { inner, counters }))
    }

    pub(crate) fn raw(&self) -> &modern::Buffer {
        &self.0.inner
    }

    /// Bytes.
    pub fn size(&self) -> BufferAddress {
        self.0.inner.size()
    }

    /// The whole buffer as a binding of a shader.
    pub fn as_entire_binding(&self) -> modern::BindingResource<'_> {
        self.0.inner.as_entire_binding()
    }

    /// A part of the buffer.
    pub fn slice<S: std::ops::RangeBounds<BufferAddress>>(&self, bounds: S) -> modern::BufferSlice<'_> {
        self.0.inner.slice(bounds)
    }
}
