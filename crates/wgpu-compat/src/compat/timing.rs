//! How long a kernel takes by itself, on the driver of this machine.

use std::time::{Duration, Instant};

use modern::{
    BindGroup, BindGroupDescriptor, BindGroupEntry, BufferDescriptor, BufferUsages, CommandEncoderDescriptor,
    ComputePassDescriptor, ComputePipeline, PollType,
};

use super::current::{ENTRY_POINT, Kernel};
use super::gpu::Gpu;

/// What a kernel is bound to: its length in bytes, and what it begins with; the rest is zero.
#[derive(Debug, Clone, Default)]
pub struct Binding {
    pub bytes: u64,
    /// Pieces with their offsets in bytes, both multiples of four.
    pub content: Vec<(u64, Vec<u8>)>,
}

/// wonnx binds so many buffers to a group.
const IN_GROUP: usize = 4;

/// A measurement is of so many dispatches that it takes about this long, so that starting them does not count.
const LONG_ENOUGH: Duration = Duration::from_millis(30);

/// The most dispatches of a measurement.
const MOST_DISPATCHES: u32 = 1_000;

/// Of so many measurements the median counts.
const MEASUREMENTS: usize = 5;

impl Gpu {
    /// The time of one dispatch of a kernel with these buffers, its inputs in order and then its output.
    ///
    /// # Errors
    /// What the driver says where it refuses the kernel or is lost.
    pub fn time(&self, kernel: &Kernel, bindings: &[Binding]) -> Result<Duration, String> {
        let scope = self.raw_device().push_error_scope(modern::ErrorFilter::Validation);
        let pipeline = self.pipeline_alone(&kernel.wgsl);
        let groups = self.groups(&pipeline, bindings);
        let dispatch = |times: u32| self.dispatch(&pipeline, &groups, kernel.workgroups, times);
        let first = dispatch(1).and_then(|_| dispatch(1))?;
        if let Some(error) = pollster::block_on(scope.pop()) {
            return Err(error.to_string());
        }
        let wanted = LONG_ENOUGH.as_nanos() / first.as_nanos().max(1);
        let times = u32::try_from(wanted).unwrap_or(MOST_DISPATCHES).clamp(1, MOST_DISPATCHES);
        let mut measured = Vec::with_capacity(MEASUREMENTS);
        for _ in 0..MEASUREMENTS {
            // What one more than many takes beyond one is the dispatches alone.
            let (many, one) = (dispatch(times + 1)?, dispatch(1)?);
            measured.push(many.saturating_sub(one) / times);
        }
        measured.sort();
        Ok(measured[MEASUREMENTS / 2])
    }

    /// A pipeline that nobody else uses.
    fn pipeline_alone(&self, wgsl: &str) -> ComputePipeline {
        let device = self.raw_device();
        let source = modern::ShaderSource::Wgsl(wgsl.into());
        let module = device.create_shader_module(modern::ShaderModuleDescriptor { label: None, source });
        device.create_compute_pipeline(&modern::ComputePipelineDescriptor {
            label: None,
            layout: None,
            module: &module,
            entry_point: Some(ENTRY_POINT),
            compilation_options: Self::compilation_options(),
            cache: None,
        })
    }

    fn groups(&self, pipeline: &ComputePipeline, bindings: &[Binding]) -> Vec<BindGroup> {
        let device = self.raw_device();
        let buffers: Vec<modern::Buffer> = bindings
            .iter()
            .map(|binding| {
                let usage = BufferUsages::STORAGE | BufferUsages::COPY_DST;
                let size = binding.bytes.next_multiple_of(16);
                let buffer =
                    device.create_buffer(&BufferDescriptor { label: None, size, usage, mapped_at_creation: false });
                for (offset, bytes) in &binding.content {
                    self.raw_queue().write_buffer(&buffer, *offset, bytes);
                }
                buffer
            })
            .collect();
        (0_u32..)
            .zip(buffers.chunks(IN_GROUP))
            .map(|(group, buffers)| {
                let entries: Vec<BindGroupEntry<'_>> = (0..)
                    .zip(buffers)
                    .map(|(binding, buffer)| BindGroupEntry { binding, resource: buffer.as_entire_binding() })
                    .collect();
                let layout = pipeline.get_bind_group_layout(group);
                device.create_bind_group(&BindGroupDescriptor { label: None, layout: &layout, entries: &entries })
            })
            .collect()
    }

    /// Dispatches so many times in one submission, and waits for the end.
    fn dispatch(
        &self,
        pipeline: &ComputePipeline,
        groups: &[BindGroup],
        [x, y, z]: [u32; 3],
        times: u32,
    ) -> Result<Duration, String> {
        let device = self.raw_device();
        let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor::default());
        let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
        pass.set_pipeline(pipeline);
        for (index, group) in (0..).zip(groups) {
            pass.set_bind_group(index, group, &[]);
        }
        for _ in 0..times {
            pass.dispatch_workgroups(x, y, z);
        }
        drop(pass);
        let commands = encoder.finish();
        let began = Instant::now();
        self.raw_queue().submit([commands]);
        device.poll(PollType::wait_indefinitely()).map_err(|error| error.to_string())?;
        Ok(began.elapsed())
    }
}
