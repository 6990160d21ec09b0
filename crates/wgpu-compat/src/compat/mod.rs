//! What the adapter around wonnx uses: the one device, errors as values, kernels of one's own, uploads, counters.
//!
//! ```no_run
//! # async fn example<T>(load: impl Future<Output = T>, run: impl Future<Output = T>) -> Result<(), Box<dyn std::error::Error>> {
//! use wgpu::compat::{Gpu, Kernel, Preparation, Prepared};
//!
//! let gpu = Gpu::open().await?;                    // asks for the adapter first; no GPU is an error, not a panic
//! let mut preparation = Preparation::default();
//! preparation.replace("conv1", Kernel { wgsl: String::new(), workgroups: [1, 1, 1] });
//! // wonnx's Session::from_model_with_config, and what is written to the session's buffers once.
//! let fill = |_: &T, prepared: &Prepared| gpu.upload(&prepared.inputs["conv1.weight"], 0, &[0; 64]);
//! let (session, prepared) = gpu.prepare(preparation, load, fill).await?;
//! let outputs = gpu.run(prepared.outputs, run).await?; // wonnx's Session::run
//! # Ok(())
//! # }
//! ```

mod counters;
pub(crate) mod current;
mod gpu;
pub(crate) mod readback;
mod scope;
mod section;
#[cfg(feature = "drivers")]
mod timing;

pub use counters::{Count, Counters};
pub use current::{Kernel, Preparation, Prepared};
pub use gpu::{Gpu, Info, OpenError};
pub use modern::Limits;
pub use scope::{Error, Scope};
#[cfg(feature = "drivers")]
pub use timing::Binding;

pub use crate::interface::Buffer;
