//! Pure maths on tensors and pictures. Knows nothing of ONNX, engines, async or JavaScript.

pub mod tensor;
