//! regex-lite under the name of regex.
//!
//! wonnx writes its shaders with the template engine tera, and tera searches text with regex in four of its filters and one
//! of its tests. wonnx's templates use none of them, yet regex with its three search engines and Unicode's tables would be
//! the largest part of the WebGPU engine's download. regex-lite is by regex's authors, has the same interface without
//! Unicode classes, and weighs a tenth.

pub use regex_lite::{Captures, Regex};
