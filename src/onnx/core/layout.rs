//! Where the elements of a value lie in the tensor that the engine computes.
//!
//! Every tensor of a lowered graph is `[1, channels, height, width]`. The values of the user's graph are not: a
//! classifier's features are `[1, 512]`, ConvNeXt's are `[1, height, width, channels]`, a channel shuffle passes through
//! five dimensions. A [`Layout`] says, for each dimension of such a value, which parts of which tensor axes it is made
//! of. Then Reshape, Transpose, Flatten, Squeeze and Unsqueeze need no computing at all: they only change the layout,
//! and elements are moved only where an operator needs them elsewhere.

use crate::domain::order::order;

/// The three axes of a tensor that can be longer than one.
pub(in crate::onnx) const CHANNEL: usize = 0;
pub(in crate::onnx) const HEIGHT: usize = 1;
pub(in crate::onnx) const WIDTH: usize = 2;

/// A run of `size` steps along one axis of the tensor, `stride` positions of that axis apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::onnx) struct Mode {
    pub axis: usize,
    pub size: usize,
    pub stride: usize,
}

/// A digit of an index: `(index of dimension / inner) mod size`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::onnx) struct Digit {
    pub dimension: usize,
    pub inner: usize,
    pub size: usize,
}

/// Which digits make up each axis, slowest first.
pub(in crate::onnx) type Arrangement = [Vec<Digit>; 3];

/// Channels, height and width of a tensor, and the modes of each dimension of the value in it, slowest first. Each
/// element of the tensor belongs to exactly one element of the value. There are no modes of size 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::onnx) struct Layout {
    pub extents: [usize; 3],
    pub dimensions: Vec<Vec<Mode>>,
}

/// The usual extents for a value of this shape: images as they are, `[1, k]` as `k` channels, anything longer with its
/// first dimensions joined into the channels.
pub(in crate::onnx) fn usual_arrangement(shape: &[usize]) -> Arrangement {
    let rank = shape.len();
    let (channel_end, height_end) = match rank {
        0..=2 if rank < 2 || shape[0] == 1 => (rank, rank),
        2 => (1, 2),
        3 if shape[0] == 1 => (2, 3),
        3 => (1, 2),
        _ => (rank - 2, rank - 1),
    };
    arrangement_of(
        shape,
        &[(0..channel_end).collect(), (channel_end..height_end).collect(), (height_end..rank).collect()],
    )
}

/// The arrangement that puts whole dimensions on the axes.
pub(in crate::onnx) fn arrangement_of(shape: &[usize], axes: &[Vec<usize>; 3]) -> Arrangement {
    let digits = |dimensions: &Vec<usize>| {
        dimensions
            .iter()
            .filter(|&&dimension| shape[dimension] != 1)
            .map(|&dimension| Digit { dimension, inner: 1, size: shape[dimension] })
            .collect()
    };
    [digits(&axes[CHANNEL]), digits(&axes[HEIGHT]), digits(&axes[WIDTH])]
}

/// The extents of an arrangement.
pub(in crate::onnx) fn extents_of(arrangement: &Arrangement) -> [usize; 3] {
    std::array::from_fn(|axis| arrangement[axis].iter().map(|digit| digit.size).product())
}

impl Layout {
    /// The layout of a value with `rank` dimensions that is arranged so.
    pub fn arranged(rank: usize, arrangement: &Arrangement) -> Self {
        let mut placed: Vec<Vec<(usize, Mode)>> = vec![Vec::new(); rank];
        for (axis, digits) in arrangement.iter().enumerate() {
            let mut stride = 1;
            for digit in digits.iter().rev() {
                placed[digit.dimension].push((digit.inner, Mode { axis, size: digit.size, stride }));
                stride *= digit.size;
            }
        }
        let dimensions = placed
            .into_iter()
            .map(|modes| {
                let descending = order(modes.len(), &|first, second| modes[second].0.cmp(&modes[first].0));
                descending.into_iter().map(|position| modes[position].1).collect()
            })
            .collect();
        Self { extents: extents_of(arrangement), dimensions }
    }

    /// The usual layout of a value of this shape.
    pub fn usual(shape: &[usize]) -> Self {
        Self::arranged(shape.len(), &usual_arrangement(shape))
    }

    /// The shape of the value.
    pub fn shape(&self) -> Vec<usize> {
        self.dimensions.iter().map(|modes| modes.iter().map(|mode| mode.size).product()).collect()
    }

    /// How the value is arranged now.
    pub fn arrangement(&self) -> Arrangement {
        let mut axes: [Vec<(usize, Digit)>; 3] = Default::default();
        for (dimension, modes) in self.dimensions.iter().enumerate() {
            let mut inner = 1;
            for mode in modes.iter().rev() {
                axes[mode.axis].push((mode.stride, Digit { dimension, inner, size: mode.size }));
                inner *= mode.size;
            }
        }
        axes.map(|digits| {
            let descending = order(digits.len(), &|first, second| digits[second].0.cmp(&digits[first].0));
            descending.into_iter().map(|position| digits[position].1).collect()
        })
    }

    /// Distance in the tensor's row-major order between neighbours along this mode.
    pub fn flat_stride(&self, mode: Mode) -> usize {
        let after: usize = self.extents[mode.axis + 1..].iter().product();
        mode.stride * after
    }

    /// Whether the value's row-major order is that of the tensor.
    pub fn is_row_major(&self) -> bool {
        let modes = self.dimensions.iter().flatten().map(|&mode| (mode.size, self.flat_stride(mode)));
        coalesce(modes).iter().all(|&(_, stride)| stride == 1)
    }

    /// The modes that hold the given digit, slowest first; `None` where a mode would have to be cut at a place that does
    /// not divide it.
    pub fn modes_of(&self, digit: Digit) -> Option<Vec<Mode>> {
        let mut wanted = Vec::new();
        let (mut inner, low, high) = (1, digit.inner, digit.inner * digit.size);
        for &mode in self.dimensions[digit.dimension].iter().rev() {
            let (mode_low, mode_high) = (inner, inner * mode.size);
            inner = mode_high;
            let (from, to) = (mode_low.max(low), mode_high.min(high));
            if from >= to {
                continue;
            }
            if from % mode_low != 0 || to % from != 0 || mode_high % to != 0 {
                return None;
            }
            wanted.push(Mode { axis: mode.axis, size: to / from, stride: mode.stride * (from / mode_low) });
        }
        wanted.reverse();
        (wanted.iter().map(|mode| mode.size).product::<usize>() == digit.size).then_some(wanted)
    }

    /// The same tensor seen in another shape with as many elements; `None` where a dimension would begin in the middle of
    /// a mode.
    pub fn reshaped(&self, shape: &[usize]) -> Option<Self> {
        let mut rest: Vec<Mode> = self.dimensions.iter().flatten().copied().collect();
        let mut dimensions = vec![Vec::new(); shape.len()];
        for (modes, &size) in dimensions.iter_mut().zip(shape).rev() {
            let mut missing = size;
            while missing > 1 {
                let mode = rest.pop()?;
                if missing % mode.size == 0 {
                    modes.push(mode);
                    missing /= mode.size;
                } else if mode.size % missing == 0 {
                    modes.push(Mode { size: missing, ..mode });
                    rest.push(Mode { size: mode.size / missing, stride: mode.stride * missing, ..mode });
                    missing = 1;
                } else {
                    return None;
                }
            }
            modes.reverse();
        }
        rest.is_empty().then_some(Self { extents: self.extents, dimensions })
    }

    /// The same tensor with the dimensions of the value in another order.
    pub fn transposed(&self, permutation: &[usize]) -> Self {
        let dimensions = permutation.iter().map(|&dimension| self.dimensions[dimension].clone()).collect();
        Self { extents: self.extents, dimensions }
    }

    /// Whether dimension `dimension` is a whole axis of the tensor in its order.
    pub fn is_axis(&self, dimension: usize, axis: usize) -> bool {
        let modes = coalesce(self.dimensions[dimension].iter().map(|mode| (mode.size, mode.stride)));
        let on_axis = self.dimensions[dimension].iter().all(|mode| mode.axis == axis);
        match modes[..] {
            [] => self.extents[axis] == 1,
            [(size, 1)] => on_axis && size == self.extents[axis],
            _ => false,
        }
    }

    /// For each channel the index along the dimensions in `of`, seen as one row-major index; `None` where part of those
    /// dimensions lies on another axis.
    pub fn channel_index(&self, of: &[usize]) -> Option<Vec<usize>> {
        let mut indices = vec![0; self.extents[CHANNEL]];
        let mut inner = 1;
        for &dimension in of.iter().rev() {
            for mode in self.dimensions[dimension].iter().rev() {
                if mode.axis != CHANNEL {
                    return None;
                }
                for (channel, index) in indices.iter_mut().enumerate() {
                    *index += channel / mode.stride % mode.size * inner;
                }
                inner *= mode.size;
            }
        }
        Some(indices)
    }

    /// For each element of the tensor in row-major order its index in a row-major tensor of the value's `dimensions`.
    pub fn element_index(&self, dimensions: &[usize]) -> Vec<usize> {
        let mut indices = vec![0; self.extents.iter().product()];
        let mut inner = 1;
        for &dimension in dimensions.iter().rev() {
            for &mode in self.dimensions[dimension].iter().rev() {
                let stride = self.flat_stride(mode);
                for (element, index) in indices.iter_mut().enumerate() {
                    *index += element / stride % mode.size * inner;
                }
                inner *= mode.size;
            }
        }
        indices
    }
}

/// Joins neighbouring `(size, stride)` pairs that are one longer run; leaves out those of size 1.
pub(in crate::onnx) fn coalesce(modes: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (size, stride) in modes.filter(|&(size, _)| size != 1) {
        match joined.last_mut() {
            Some(last) if last.1 == size * stride => *last = (last.0 * size, stride),
            _ => joined.push((size, stride)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flattened_image_is_still_the_same_tensor() {
        let image = Layout::usual(&[1, 3, 4, 5]);
        let flat = image.reshaped(&[1, 60]).unwrap();
        assert!(flat.is_row_major());
        assert_eq!(flat.extents, [3, 4, 5]);
        assert_eq!(flat.reshaped(&[1, 3, 20]).unwrap().shape(), [1, 3, 20]);
        assert_eq!(flat.reshaped(&[1, 12, 5]).unwrap().reshaped(&[1, 3, 4, 5]), Some(image));
    }

    #[test]
    fn a_channel_shuffle_permutes_channels_only() {
        let shuffled = Layout::usual(&[1, 6, 2, 2])
            .reshaped(&[1, 2, 3, 2, 2])
            .unwrap()
            .transposed(&[0, 2, 1, 3, 4])
            .reshaped(&[1, 6, 2, 2])
            .unwrap();
        assert!(!shuffled.is_row_major());
        // Channel 1 of the tensor is group 0, member 1, which comes to place 1 × 2 + 0.
        assert_eq!(shuffled.channel_index(&[1]).unwrap(), [0, 2, 4, 1, 3, 5]);
    }

    #[test]
    fn an_arrangement_survives_the_way_there_and_back() {
        let layout = Layout::usual(&[1, 6, 2, 3]).reshaped(&[1, 2, 3, 6]).unwrap().transposed(&[0, 2, 1, 3]);
        let again = Layout::arranged(4, &layout.arrangement());
        assert_eq!(layout.extents, again.extents);
        assert_eq!(layout.element_index(&[0, 1, 2, 3]), again.element_index(&[0, 1, 2, 3]));
    }

    #[test]
    fn a_dimension_that_begins_inside_a_mode_is_refused() {
        assert_eq!(Layout::usual(&[1, 6, 5, 1]).reshaped(&[1, 10, 3]), None);
    }
}
