//! Reads an ONNX model, understands it, and writes graphs for the engines. Knows nothing of engines, pictures or
//! JavaScript.

pub mod batch;
pub mod bounds;
pub mod branches;
pub mod budget;
mod core;
pub mod core_set;
pub mod cut;
pub(crate) mod einsum;
pub mod encode;
pub mod entrance;
pub mod explicit;
pub mod fold;
pub mod gradient;
pub mod graph;
pub mod head;
pub mod intake;
pub(crate) mod joined;
pub mod layers;
pub(crate) mod links;
pub mod lower;
pub mod operator;
pub mod partly;
pub mod pooled;
pub mod proto;
pub(crate) mod quantised;
pub mod randomise;
pub mod reach;
pub mod read;
pub mod retarget;
pub(crate) mod sampling;
pub mod shapes;
pub mod slice_sums;
pub mod tables;
pub mod weights;
