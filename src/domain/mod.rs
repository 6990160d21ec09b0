//! Pure maths on tensors and pictures. Knows nothing of ONNX, engines, async or JavaScript.

pub mod article;
pub mod ascent;
pub mod cam;
pub mod canvas;
pub mod class_maps;
pub mod colormap;
pub mod confusion;
pub mod contribution;
pub mod cubic;
pub mod enlarge;
pub mod guess;
pub mod input_form;
pub mod objective;
pub mod order;
pub mod overlay;
pub mod picture;
pub mod predictions;
pub mod ranking;
pub mod recipe;
pub mod resample;
pub mod statistics;
pub mod tensor;
