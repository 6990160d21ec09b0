//! The builder of lowered graphs, which `lower/` and `gradient/` write with: what has become of the source's values ([`build`],
//! [`values`]), how their elements lie ([`layout`]) and get elsewhere ([`movement`], [`rearrange`], [`along`]), and what is emitted
//! ([`emit`], [`arithmetic`], [`convolution`], [`padding`]).

pub(super) mod along;
pub(super) mod arithmetic;
pub(super) mod build;
pub(super) mod convolution;
pub(super) mod emit;
pub(super) mod error;
pub(super) mod layout;
pub(super) mod movement;
pub(super) mod numbers;
mod outputs;
pub(super) mod padding;
pub(super) mod pooling;
pub(super) mod rearrange;
mod split;
mod values;
pub(super) mod volume;
