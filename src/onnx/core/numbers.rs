//! Numbers of attributes and axes.

use crate::onnx::graph::to_i64;

/// A size that an attribute states; what is negative is refused by comparison, as too large.
pub(in crate::onnx) fn to_usize(value: i64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// An axis or index counted from the front, where negative ones count from the end; `usize::MAX` where it lies before the front,
/// so that a comparison with the size refuses it.
pub(in crate::onnx) fn from_end(axis: i64, rank: usize) -> usize {
    let from_front = if axis < 0 { axis.saturating_add(to_i64(rank)) } else { axis };
    usize::try_from(from_front).unwrap_or(usize::MAX)
}
