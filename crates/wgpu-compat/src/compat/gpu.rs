//! The one GPU device.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

use super::counters::{Count, Counters};
use super::current::{self, ENTRY_POINT, Preparation, Prepared, Progress, Role};
use super::readback::Readback;
use super::scope::{self, Scope};
use crate::interface::Buffer;

/// Why there is no device.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpenError {
    /// The browser has no WebGPU, or it gives no adapter.
    #[error("there is no GPU adapter: {0}")]
    NoAdapter(String),
    /// There is an adapter, but it refuses a device.
    #[error("the GPU adapter gives no device: {0}")]
    NoDevice(String),
}

/// What is known about the adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Vendor, architecture, device and description as far as the platform tells them, joined by a blank; the same for
    /// the same adapter and driver as far as a page can know.
    pub adapter: String,
    /// Whether the adapter computes on the CPU: it says that it is a fallback, or it has the name of one.
    pub software: bool,
}

/// The parts of names by which software adapters are known that do not say that they are one.
const SOFTWARE_NAMES: [&str; 6] =
    ["swiftshader", "llvmpipe", "lavapipe", "softpipe", "microsoft basic render", "software"];

/// How many compiled shaders are kept. Networks need some dozens, and a few networks are looked at in turn.
const MOST_PIPELINES: usize = 512;

/// The one shared device with its queue. Clones are the same device.
#[derive(Clone)]
pub struct Gpu(Arc<Inner>);

struct Inner {
    device: modern::Device,
    queue: modern::Queue,
    info: Info,
    limits: modern::Limits,
    counters: Arc<Counters>,
    /// Compiled shaders by their text.
    pipelines: Mutex<HashMap<String, modern::ComputePipeline>>,
    lost: Arc<Mutex<Option<String>>>,
}

impl fmt::Debug for Gpu {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gpu").field("info", &self.0.info).finish_non_exhaustive()
    }
}

impl Gpu {
    /// Asks for the fastest adapter, then for a device with all the limits that the adapter has.
    ///
    /// The default limits of WebGPU (128 MiB a binding) would shut out large layers.
    ///
    /// # Errors
    /// [`OpenError`] says which of the two was refused, and why.
    pub async fn open() -> Result<Self, OpenError> {
        let mut descriptor = modern::InstanceDescriptor::new_without_display_handle();
        descriptor.backends = modern::Backends::all();
        Self::open_on(&modern::Instance::new(descriptor), None).await
    }

    /// A device that checks every call and every shader, but computes nothing: all it stores stays zero unless it is
    /// written or copied. It has WebGPU's default limits, which every browser offers. For tests.
    ///
    /// # Errors
    /// As [`Gpu::open`].
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn noop() -> Result<Self, OpenError> {
        let mut descriptor = modern::InstanceDescriptor::new_without_display_handle();
        descriptor.backends = modern::Backends::NOOP;
        descriptor.backend_options.noop = modern::NoopBackendOptions::enabled();
        Self::open_on(&modern::Instance::new(descriptor), Some(modern::Limits::default())).await
    }

    /// Without `limits` those of the adapter.
    async fn open_on(instance: &modern::Instance, limits: Option<modern::Limits>) -> Result<Self, OpenError> {
        let adapter = instance
            .request_adapter(&modern::RequestAdapterOptions {
                power_preference: modern::PowerPreference::HighPerformance,
                ..Default::default()
            })
            .await
            .map_err(|error| OpenError::NoAdapter(error.to_string()))?;
        let limits = limits.unwrap_or_else(|| adapter.limits());
        let (device, queue) = adapter
            .request_device(&modern::DeviceDescriptor { required_limits: limits.clone(), ..Default::default() })
            .await
            .map_err(|error| OpenError::NoDevice(error.to_string()))?;
        let info = describe(&adapter.get_info(), &device);
        let lost = Arc::new(Mutex::new(None));
        device.set_device_lost_callback({
            let lost = lost.clone();
            move |reason, message| note_lost(&lost, format!("{reason:?} {message}").trim().to_owned())
        });
        Ok(Self(Arc::new(Inner {
            device,
            queue,
            info,
            limits,
            counters: Arc::default(),
            pipelines: Mutex::default(),
            lost,
        })))
    }

    /// What is known about the adapter.
    pub fn info(&self) -> &Info {
        &self.0.info
    }

    /// The limits of the device: all that the adapter has.
    pub fn limits(&self) -> &modern::Limits {
        &self.0.limits
    }

    /// The counts up to now.
    pub fn count(&self) -> Count {
        self.0.counters.now()
    }

    /// Why the device was lost, or `None` while it is there. What was made on a lost device never works again.
    pub fn lost(&self) -> Option<String> {
        self.0.lost.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes the device away, as a driver may do at any time. Used to free everything at once, and to test what happens.
    pub fn destroy(&self) {
        note_lost(&self.0.lost, "Destroyed".to_owned());
        self.0.device.destroy();
    }

    /// Runs a future with this device as the current one, and catches the errors of its GPU calls.
    pub fn scope<F: Future>(&self, future: F) -> Scope<F> {
        self.run(Vec::new(), future)
    }

    /// Like [`Gpu::scope`] for a future that runs a session: its outputs, as [`Prepared`] has them, come back together as soon as
    /// the first is asked for.
    pub fn run<F: Future>(&self, outputs: Vec<Buffer>, future: F) -> Scope<F> {
        Scope::new(self.clone(), Role::Run(Arc::new(Readback::new(outputs))), future)
    }

    /// Like [`Gpu::scope`] for a future that prepares a session: kernels and buffers are taken from `preparation`, and
    /// what was made is returned beside the future's output. `fill` is called with both at the end, to write to
    /// the new buffers.
    ///
    /// # Errors
    /// As [`Gpu::scope`].
    pub async fn prepare<F: Future>(
        &self,
        preparation: Preparation,
        future: F,
        fill: impl FnOnce(&F::Output, &Prepared),
    ) -> Result<(F::Output, Prepared), scope::Error> {
        let progress = Arc::new(Progress::new(preparation));
        let filled = async {
            self.compile_ahead(progress.preparation());
            let output = future.await;
            let prepared = progress.take();
            fill(&output, &prepared);
            (output, prepared)
        };
        Scope::new(self.clone(), Role::Prepare(progress.clone()), filled).await
    }

    /// Hands the replacing kernels to the GPU process before wonnx asks for them, so that it compiles them while wonnx
    /// still plans its buffers.
    fn compile_ahead(&self, preparation: &Preparation) {
        for (node, kernel) in preparation.kernels() {
            self.pipeline(Some(node), &kernel.wgsl, ENTRY_POINT);
        }
        // A browser keeps calls back until something is submitted or the task ends.
        self.submit([]);
    }

    /// Hands recorded commands to the GPU.
    pub(crate) fn submit(&self, commands: impl IntoIterator<Item = modern::CommandBuffer>) {
        self.0.counters.submission();
        self.queue().submit(commands);
    }

    /// Copies bytes into a buffer from `offset` on, both multiples of four. The copy is made by the platform, outside of
    /// the program's own memory. Errors are seen by the enclosing [`Gpu::scope`].
    pub fn upload(&self, buffer: &Buffer, offset: u64, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.queue().write_buffer(buffer.raw(), offset, bytes);
        }
    }

    /// The device for a call whose errors are to be caught.
    pub(crate) fn device(&self) -> &modern::Device {
        current::open_section(self);
        &self.0.device
    }

    /// The queue for a call whose errors are to be caught.
    pub(crate) fn queue(&self) -> &modern::Queue {
        current::open_section(self);
        &self.0.queue
    }

    /// The device for anything else.
    pub(crate) fn raw_device(&self) -> &modern::Device {
        &self.0.device
    }

    /// Whether this is the same device.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The queue for anything else.
    #[cfg(feature = "drivers")]
    pub(crate) fn raw_queue(&self) -> &modern::Queue {
        &self.0.queue
    }

    /// How every shader is compiled.
    pub(crate) fn compilation_options() -> modern::PipelineCompilationOptions<'static> {
        modern::PipelineCompilationOptions {
            // Every kernel writes workgroup memory before it reads it.
            zero_initialize_workgroup_memory: false,
            ..Default::default()
        }
    }

    /// The pipeline of a shader, compiled where it is the first with this text.
    pub(crate) fn pipeline(&self, label: Option<&str>, wgsl: &str, entry_point: &str) -> modern::ComputePipeline {
        let mut pipelines = self.0.pipelines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pipeline) = pipelines.get(wgsl) {
            return pipeline.clone();
        }
        self.0.counters.compilation();
        let device = self.device();
        let module = device.create_shader_module(modern::ShaderModuleDescriptor {
            label,
            source: modern::ShaderSource::Wgsl(wgsl.into()),
        });
        let pipeline = device.create_compute_pipeline(&modern::ComputePipelineDescriptor {
            label,
            layout: None,
            module: &module,
            entry_point: Some(entry_point),
            compilation_options: Self::compilation_options(),
            cache: None,
        });
        if pipelines.len() >= MOST_PIPELINES {
            pipelines.clear();
        }
        pipelines.insert(wgsl.to_owned(), pipeline.clone());
        pipeline
    }

    /// Forgets the compiled shaders, since one of them may be one that was refused.
    pub(crate) fn forget_pipelines(&self) {
        self.0.pipelines.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn shared_counters(&self) -> &Arc<Counters> {
        &self.0.counters
    }
}

/// Keeps the first reason.
fn note_lost(lost: &Mutex<Option<String>>, reason: String) {
    lost.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
}

fn describe(info: &modern::AdapterInfo, device: &modern::Device) -> Info {
    let mut parts = details(device);
    parts.extend([info.name.clone(), info.driver.clone(), info.driver_info.clone()]);
    parts.retain(|part| !part.trim().is_empty());
    parts.dedup();
    let adapter = parts.join(" ");
    let lower = adapter.to_lowercase();
    let software =
        info.device_type == modern::DeviceType::Cpu || SOFTWARE_NAMES.iter().any(|name| lower.contains(name));
    Info { adapter, software }
}

/// Vendor, architecture and device, which wgpu does not pass on.
#[cfg(target_arch = "wasm32")]
fn details(device: &modern::Device) -> Vec<String> {
    let get = |object: &js_sys::Object, key: &str| js_sys::Reflect::get(object, &key.into()).ok();
    let Some(info) = device.as_webgpu().and_then(|device| get(device.as_ref(), "adapterInfo")) else {
        return Vec::new();
    };
    let info = js_sys::Object::from(info);
    ["vendor", "architecture", "device"].iter().filter_map(|key| get(&info, key)?.as_string()).collect()
}

#[cfg(not(target_arch = "wasm32"))]
fn details(_device: &modern::Device) -> Vec<String> {
    Vec::new()
}
