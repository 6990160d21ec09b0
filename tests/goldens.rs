//! The CPU engine against onnxruntime, from pixels and from the bundled photos. `goldens/README.md` describes the
//! recordings.

#[path = "goldens/layers.rs"]
mod layers;
#[path = "goldens/photos.rs"]
mod photos;
#[path = "goldens/support.rs"]
mod support;
