//! Shapes of values, and why they cannot be known.

use std::collections::BTreeMap;

use thiserror::Error;

/// The shape of every value of a graph by its name, constants and inputs included.
pub type Shapes = BTreeMap<String, Vec<usize>>;

/// Why the shapes of a graph cannot be known.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShapeError {
    /// There is no rule for this operator, and the file states no fixed shape for its result.
    #[error("in node \"{node}\": the shape of operator {op} is not known")]
    Unknown { node: String, op: String },
    /// The shape depends on values that are only there when the graph runs.
    #[error("in node \"{node}\": the shape of {op} depends on the picture: {detail}")]
    Dynamic { node: String, op: String, detail: String },
    /// The node contradicts itself or its inputs.
    #[error("in node \"{node}\": {op} is not valid: {detail}")]
    Invalid { node: String, op: String, detail: String },
    /// A value would be larger than [`MOST_ELEMENTS`], or than [`MOST_MADE`] where its inputs are smaller.
    #[error("in node \"{node}\": {op} would make a value of shape {shape:?}, which is too large")]
    TooLarge { node: String, op: String, shape: Vec<usize> },
    /// A node, or with it all nodes so far, would take too long.
    #[error("in node \"{node}\": with {op} the model takes {} billion multiplications for one picture, which is too many", billions(*.operations))]
    TooMuchWork { node: String, op: String, operations: u64 },
    /// More would be in memory at the same time than there is.
    #[error("at node \"{node}\" the model needs {megabytes} MB for one picture, which is too much")]
    TooMuchAtATime { node: String, megabytes: u64 },
    /// An input's size is open, or what was given does not fit.
    #[error("input \"{input}\": {detail}")]
    Input { input: String, detail: String },
}

fn billions(operations: u64) -> u64 {
    operations.div_ceil(1_000_000_000)
}
