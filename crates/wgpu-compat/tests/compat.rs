//! The compat crate on the `noop` device, which checks calls and shaders as a real one does.

use std::borrow::Cow;
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};

use pollster::block_on;
use wgpu::compat::{Error, Gpu, Kernel, Preparation, Prepared};
use wgpu::util::{DeviceExt, DownloadBuffer};
use wgpu::{
    Backends, BindGroupDescriptor, BindGroupEntry, Buffer, BufferDescriptor, BufferUsages, CommandEncoderDescriptor,
    ComputePassDescriptor, ComputePipeline, ComputePipelineDescriptor, Device, Dx12Compiler, InstanceDescriptor,
    Maintain, Queue, ShaderModuleDescriptor, ShaderSource,
};

const DOUBLE: &str = "
@group(0) @binding(0) var<storage, read_write> data: array<f32>;
@compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3<u32>) { data[id.x] *= 2.0; }
";

/// Asks for a device the way wonnx does.
async fn ask() -> Option<(Device, Queue)> {
    let instance = wgpu::Instance::new(InstanceDescriptor {
        backends: Backends::PRIMARY,
        dx12_shader_compiler: Dx12Compiler::Fxc,
    });
    let adapter = wgpu::util::initialize_adapter_from_env_or_default(&instance, Backends::PRIMARY, None).await?;
    adapter.request_device(&wgpu::DeviceDescriptor, None).await.ok()
}

async fn device() -> (Device, Queue) {
    ask().await.expect("there is a current device")
}

/// Writes nothing to what was prepared.
fn nothing<T>(_: &T, _: &Prepared) {}

fn gpu() -> Gpu {
    block_on(Gpu::noop()).expect("the noop device is always there")
}

fn buffer(device: &Device, label: &str, size: u64) -> Buffer {
    device.create_buffer(&BufferDescriptor {
        label: Some(label),
        size,
        usage: BufferUsages::STORAGE | BufferUsages::COPY_DST | BufferUsages::COPY_SRC,
        mapped_at_creation: false,
    })
}

fn pipeline(device: &Device, label: &str, wgsl: &str) -> ComputePipeline {
    let module = device.create_shader_module(ShaderModuleDescriptor {
        label: Some(label),
        source: ShaderSource::Wgsl(Cow::Borrowed(wgsl)),
    });
    device.create_compute_pipeline(&ComputePipelineDescriptor {
        label: Some(label),
        layout: None,
        module: &module,
        entry_point: "main",
    })
}

fn dispatch(device: &Device, queue: &Queue, pipeline: &ComputePipeline, buffer: &Buffer, workgroups: u32) {
    let bind_group = device.create_bind_group(&BindGroupDescriptor {
        label: None,
        layout: &pipeline.get_bind_group_layout(0),
        entries: &[BindGroupEntry { binding: 0, resource: buffer.as_entire_binding() }],
    });
    let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor::default());
    {
        let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &bind_group, &[]);
        pass.dispatch_workgroups(workgroups, 1, 1);
    }
    queue.submit(Some(encoder.finish()));
}

fn read(device: &Device, queue: &Queue, buffer: &Buffer) -> Vec<u8> {
    let (sender, receiver) = mpsc::channel();
    DownloadBuffer::read_buffer(device, queue, &buffer.slice(..), move |result| {
        sender.send(result.map(|bytes| bytes.to_vec())).expect("somebody waits");
    });
    device.poll(Maintain::Wait);
    receiver.recv().expect("the callback was called").expect("the buffer can be read")
}

#[test]
fn outside_of_a_scope_there_is_no_device_and_inside_there_is_always_the_same() {
    assert!(block_on(ask()).is_none());
    let gpu = gpu();
    block_on(gpu.scope(async {
        let (first, _) = device().await;
        let (second, queue) = device().await;
        // What one creates the other can use.
        let bytes = buffer(&first, "bytes", 16);
        queue.write_buffer(&bytes, 0, &[7; 16]);
        assert_eq!(read(&second, &queue, &bytes), [7; 16]);
    }))
    .expect("nothing is wrong");
    assert!(block_on(ask()).is_none());
}

#[test]
fn a_shader_that_is_refused_is_an_error() {
    let gpu = gpu();
    // Again for the second time, when the compiled shader could come from the first.
    for _ in 0..2 {
        let result = block_on(gpu.scope(async {
            let (device, _) = device().await;
            pipeline(&device, "node", "this is no shader");
        }));
        assert!(matches!(result, Err(Error::Validation(_))), "{result:?}");
    }
}

#[test]
fn a_call_that_is_refused_is_an_error() {
    let result = block_on(gpu().scope(async {
        let (device, queue) = device().await;
        let small = buffer(&device, "small", 16);
        queue.write_buffer(&small, 8, &[0; 16]);
    }));
    assert!(matches!(result, Err(Error::Validation(_))), "{result:?}");
}

#[test]
fn a_buffer_beyond_the_adapter_is_an_error_and_the_device_goes_on() {
    let gpu = gpu();
    let result = block_on(gpu.scope(async { drop(buffer(&device().await.0, "enormous", 1 << 50)) }));
    assert!(matches!(result, Err(Error::Validation(_) | Error::OutOfMemory)), "{result:?}");
    assert_eq!(block_on(gpu.scope(async { drop(buffer(&device().await.0, "small", 16)) })), Ok(()));
    assert_eq!(gpu.count().live_bytes, 0);
}

#[test]
fn scopes_that_take_turns_see_their_own_errors_only() {
    // Yields once, so that the other future runs while this scope is open.
    async fn pause() {
        let mut paused = false;
        poll_fn(|context| {
            if std::mem::replace(&mut paused, true) {
                Poll::Ready(())
            } else {
                context.waker().wake_by_ref();
                Poll::Pending
            }
        })
        .await;
    }
    let gpu = gpu();
    let mut good = pin!(gpu.scope(async {
        let (device, _) = device().await;
        pause().await;
        pipeline(&device, "good", DOUBLE);
    }));
    let mut bad = pin!(gpu.scope(async {
        let (device, _) = device().await;
        pipeline(&device, "bad", "no shader");
        pause().await;
    }));
    let mut context = Context::from_waker(Waker::noop());
    assert!(good.as_mut().poll(&mut context).is_pending());
    assert!(bad.as_mut().poll(&mut context).is_pending());
    assert!(matches!(good.as_mut().poll(&mut context), Poll::Ready(Ok(()))));
    assert!(matches!(bad.as_mut().poll(&mut context), Poll::Ready(Err(Error::Validation(_)))));
}

#[test]
fn a_kernel_is_replaced_by_the_name_of_its_node() {
    let gpu = gpu();
    let before = gpu.count();
    let mut preparation = Preparation::default();
    // wonnx's own shader for this node would be refused, so it cannot have been used.
    preparation.replace("second", Kernel { wgsl: DOUBLE.to_owned(), workgroups: [3, 1, 1] });
    let ((), prepared) = block_on(gpu.prepare(
        preparation,
        async {
            let (device, queue) = device().await;
            let data = buffer(&device, "data", 64);
            let first = pipeline(&device, "first", DOUBLE);
            let second = pipeline(&device, "second", "no shader");
            dispatch(&device, &queue, &first, &data, 1);
            dispatch(&device, &queue, &second, &data, u32::MAX);
        },
        nothing,
    ))
    .expect("the number of workgroups is the kernel's own");
    assert_eq!((prepared.pipelines, prepared.replaced), (2, 1));
    assert_eq!(prepared.inputs.keys().collect::<Vec<_>>(), ["data"]);
    assert_eq!(gpu.count().pipelines - before.pipelines, 2);
    // Both come from the same text.
    assert_eq!(gpu.count().compilations - before.compilations, 1);
    assert_eq!(gpu.count().dispatches - before.dispatches, 2);
    // One that hands the kernels over ahead, and one for each dispatch.
    assert_eq!(gpu.count().submissions - before.submissions, 3);
    assert_eq!(gpu.count().error_scopes - before.error_scopes, 2);
}

#[test]
fn buffers_are_counted_while_they_live() {
    let gpu = gpu();
    block_on(gpu.scope(async {
        let (device, queue) = device().await;
        let one = buffer(&device, "one", 64);
        let two = device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("two"),
            contents: &[1, 2, 3],
            usage: BufferUsages::STORAGE | BufferUsages::COPY_SRC,
        });
        assert_eq!((gpu.count().live_buffers, gpu.count().live_bytes), (2, 68));
        assert_eq!(read(&device, &queue, &two), [1, 2, 3, 0]);
        let also_one = one.clone();
        drop((one, two));
        assert_eq!((gpu.count().live_buffers, gpu.count().live_bytes), (1, 64));
        drop(also_one);
    }))
    .expect("nothing is wrong");
    assert_eq!((gpu.count().live_buffers, gpu.count().live_bytes), (0, 0));
}

#[test]
fn the_outputs_of_a_run_come_back_together() {
    let gpu = gpu();
    let load = async {
        let (device, queue) = device().await;
        let [first, second] = [("first", 20), ("second", 32)].map(|(label, size)| buffer(&device, label, size));
        (device, queue, first, second)
    };
    let ((device, queue, first, second), _) =
        block_on(gpu.prepare(Preparation::default(), load, nothing)).expect("nothing is wrong");
    for round in 1..=2 {
        let before = gpu.count();
        let outputs = block_on(gpu.run(vec![first.clone(), second.clone()], async {
            gpu.upload(&first, 0, &[round; 20]);
            gpu.upload(&second, 0, &[round + 10; 32]);
            // What computes them, in wonnx; they are copied with it.
            queue.submit(Some(device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default()).finish()));
            (read(&device, &queue, &first), read(&device, &queue, &second))
        }));
        assert_eq!(outputs, Ok((vec![round; 20], vec![round + 10; 32])));
        let now = gpu.count();
        assert_eq!(now.readbacks - before.readbacks, 1);
        assert_eq!(now.submissions - before.submissions, 1);
        assert_eq!(now.error_scopes - before.error_scopes, 2);
        assert_eq!(now.live_bytes, before.live_bytes);
    }
}

#[test]
fn outputs_are_the_buffers_that_can_be_read_and_not_written() {
    let gpu = gpu();
    let load = async {
        let (device, _) = device().await;
        let make = |size, usage| {
            device.create_buffer(&BufferDescriptor { label: Some("x"), size, usage, mapped_at_creation: false })
        };
        make(16, BufferUsages::STORAGE);
        make(20, BufferUsages::STORAGE | BufferUsages::COPY_SRC);
        make(24, BufferUsages::STORAGE | BufferUsages::COPY_DST);
        make(28, BufferUsages::STORAGE | BufferUsages::COPY_SRC);
    };
    let ((), prepared) = block_on(gpu.prepare(Preparation::default(), load, nothing)).expect("nothing is wrong");
    assert_eq!(prepared.outputs.iter().map(Buffer::size).collect::<Vec<_>>(), [20, 28]);
}

#[test]
fn what_is_no_output_comes_back_by_itself() {
    let gpu = gpu();
    let ((device, queue, data), _) = block_on(gpu.prepare(
        Preparation::default(),
        async {
            let (device, queue) = device().await;
            let data = buffer(&device, "data", 32);
            (device, queue, data)
        },
        |(_, _, data), _| gpu.upload(data, 16, &[9; 16]),
    ))
    .expect("nothing is wrong");
    let halves = block_on(gpu.run(vec![data.clone()], async {
        [0..16, 16..32].map(|half| {
            let (sender, receiver) = mpsc::channel();
            DownloadBuffer::read_buffer(&device, &queue, &data.slice(half), move |result| {
                sender.send(result.map(|bytes| bytes.to_vec())).expect("somebody waits");
            });
            device.poll(Maintain::Wait);
            receiver.recv().expect("the callback was called").expect("the buffer can be read")
        })
    }));
    assert_eq!(halves, Ok([vec![0; 16], vec![9; 16]]));
    assert_eq!(gpu.count().readbacks, 2);
}

#[test]
fn an_empty_write_leaves_what_was_uploaded() {
    let gpu = gpu();
    let ((device, queue), prepared) = block_on(gpu.prepare(
        Preparation::default(),
        async {
            let (device, queue) = device().await;
            buffer(&device, "weights", 16);
            (device, queue)
        },
        nothing,
    ))
    .expect("nothing is wrong");
    let weights = &prepared.inputs["weights"];
    block_on(gpu.scope(async {
        gpu.upload(weights, 0, &[5; 16]);
        queue.write_buffer(weights, 0, &[]);
        assert_eq!(read(&device, &queue, weights), [5; 16]);
    }))
    .expect("nothing is wrong");
}

#[test]
fn a_shared_buffer_is_used_where_it_fits() {
    let gpu = gpu();
    let prepare = |preparation: Preparation, size: u64| {
        let future = async move { drop(buffer(&device().await.0, "weights", size)) };
        block_on(gpu.prepare(preparation, future, nothing)).expect("nothing is wrong").1
    };
    let first = prepare(Preparation::default(), 64);
    let share = || {
        let mut preparation = Preparation::default();
        preparation.share("weights", first.inputs["weights"].clone());
        preparation
    };
    let _second = prepare(share(), 64);
    assert_eq!(gpu.count().live_buffers, 1);
    let _third = prepare(share(), 32);
    assert_eq!(gpu.count().live_buffers, 2);
}

#[test]
fn a_lost_device_is_an_error() {
    let gpu = gpu();
    assert_eq!(gpu.lost(), None);
    let ran = Cell::new(false);
    gpu.destroy();
    let result = block_on(gpu.scope(async { ran.set(true) }));
    assert!(matches!(result, Err(Error::Lost(_))), "{result:?}");
    assert!(ran.get());
    assert!(gpu.lost().is_some());
}
