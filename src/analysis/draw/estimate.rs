//! What a gradient takes of memory, estimated for other sizes of the picture from one that is known.

use crate::engine::Engine;
use crate::onnx::budget::most_at_a_time;
use crate::onnx::gradient::Gradient;
use crate::onnx::graph::{Data, Node};

/// What a drawing may take on the CPU: half of the memory that a page on a phone may have.
const MOST_ON_CPU: u64 = 1 << 30;

/// What it may take on a GPU, where nearly every value of a graph has its own buffer for as long as the graph is ready.
const MOST_ON_GPU: u64 = 2 << 30;

/// So many bytes a drawing may take.
pub fn most_bytes(engine: &dyn Engine) -> u64 {
    if engine.limits().is_some() { MOST_ON_GPU } else { MOST_ON_CPU }
}

/// The bytes that one gradient takes at one side of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    side: usize,
    /// Weights, in the engine's own order as well, which are the same for every side.
    constants: u64,
    /// Inputs and what nodes make, as far as it is in memory at the same time; it grows with the area.
    values: u64,
    /// The largest single value, likewise.
    largest: u64,
}

impl Estimate {
    /// Of a gradient for pictures of this side.
    pub fn of(gradient: &Gradient, engine: &dyn Engine, side: usize) -> Self {
        let Gradient { graph, shapes, .. } = gradient;
        let bytes = |name: &str| shapes.get(name).map_or(0, |shape| floats(shape));
        let kept = engine.kept_values(graph, shapes);
        let all_at_once = kept.is_some();
        let made = kept.unwrap_or_else(|| graph.nodes.iter().map(Node::output).collect());
        let names = || graph.inputs.iter().map(|input| &input.name[..]).chain(made.iter().copied());
        let values = if all_at_once { names().map(bytes).sum() } else { most_at_a_time(graph, &bytes).0 };
        let constants = graph.constants.values().map(|constant| match &constant.data {
            Data::F32(_) | Data::I64(_) => floats(&constant.shape),
            Data::Other { bytes, .. } => bytes.len() as u64,
        });
        let constants = constants.sum::<u64>().saturating_add(engine.packed_bytes(graph));
        Self { side, constants, values, largest: names().map(bytes).max().unwrap_or(0) }
    }

    /// What the gradient takes while it runs.
    pub fn bytes_at(&self, side: usize) -> u64 {
        self.constants.saturating_add(self.scaled(self.values, side))
    }

    /// What its largest value takes.
    pub fn largest_at(&self, side: usize) -> u64 {
        self.scaled(self.largest, side)
    }

    /// What it takes between two runs.
    pub fn kept(&self, engine: &dyn Engine) -> u64 {
        if engine.limits().is_some() { self.bytes_at(self.side) } else { self.constants }
    }

    fn scaled(&self, bytes: u64, side: usize) -> u64 {
        let area = |side: usize| (side as u128).pow(2);
        u64::try_from(u128::from(bytes).saturating_mul(area(side)) / area(self.side).max(1)).unwrap_or(u64::MAX)
    }
}

fn floats(shape: &[usize]) -> u64 {
    shape.iter().fold(4, |bytes: u64, &length| bytes.saturating_mul(length as u64))
}
