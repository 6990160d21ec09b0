//! The CPU engine against onnxruntime, from pixels and from the bundled photos. `goldens/README.md` describes the
//! recordings.

mod layers;
mod photos;
mod support;
