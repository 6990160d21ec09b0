//! Pure maths on tensors and pictures. Knows nothing of ONNX, engines, async or JavaScript.

pub mod colormap;
pub mod enlarge;
pub mod overlay;
pub mod picture;
pub mod ranking;
pub mod recipe;
pub mod resample;
pub mod statistics;
pub mod tensor;
