//! Chooses the kernel for a node. The kernels themselves are in `kernels/`.
//!
//! wonnx's own are wrong in some form (3×3 convolutions without bias, dilation, `Clip` with bounds of more than one decimal) or slow
//! (all convolutions, which compute one to four outputs per thread, and element by element operations, which run one thread per
//! workgroup), and none of them is run.
//!
//! A kernel does not contain the sizes of its node: they are numbers in a small buffer. So a network needs a handful of
//! shaders and not one for each node, and compiling shaders is what takes the time when a model is opened.

mod convolution;
mod tiled;

use std::fmt::Write;

use wgpu::compat::Kernel;

use super::activation::Activation;
use super::template::expand;
use super::text::shader;
use crate::onnx::slice_sums::Sums;

pub(super) use self::convolution::{Conv, conv};
pub use self::tiled::Form;
pub(super) use self::tiled::matmul as tiled_matmul;

/// Threads of a workgroup in the kernels that go through values in order.
pub(super) const THREADS: usize = 64;

/// A kernel together with the numbers that it reads: its last input.
#[derive(Debug)]
pub(super) struct Chosen {
    pub kernel: Kernel,
    pub numbers: Vec<u32>,
}

/// What a pooling makes of the values in its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pool {
    Max,
    Average,
    /// The padding counts as zeros.
    AverageWithPadding,
    /// The index in the input of the first maximum in reading order, as a whole number.
    Place,
}

/// A pooling of `planes` planes; all pairs are height and width, or top and left.
pub(super) fn pool(
    pool: Pool,
    planes: usize,
    [input, output, kernel, strides, pads]: [[usize; 2]; 5],
    dilations: [usize; 2],
    most_groups: u32,
) -> Chosen {
    let values = planes * output[0] * output[1];
    let (workgroups, in_row) = rows(values.div_ceil(THREADS), most_groups);
    let operation = match pool {
        Pool::Max => 0,
        Pool::Average => 1,
        Pool::AverageWithPadding => 2,
        Pool::Place => 3,
    };
    let mut numbers = vec![word(values), word(in_row)];
    numbers.extend([input, output, kernel, strides, pads].concat().into_iter().map(word));
    numbers.push(operation);
    numbers.extend(dilations.map(word));
    Chosen { kernel: Kernel { wgsl: shader!("kernels/pool.wgsl").to_owned(), workgroups }, numbers }
}

/// The gradient of a max pooling of `planes` planes, from the places that [`Pool::Place`] gives. All pairs are height and width,
/// or top and left.
pub(super) fn max_pool_gradient(
    planes: usize,
    [input, output, kernel, strides, pads]: [[usize; 2]; 5],
    dilations: [usize; 2],
    most_groups: u32,
) -> Chosen {
    let values = planes * input[0] * input[1];
    let (workgroups, in_row) = rows(values.div_ceil(THREADS), most_groups);
    let mut numbers = vec![word(values), word(in_row)];
    numbers.extend([input, output, pads].concat().into_iter().map(word));
    let constants = [("KERNEL", kernel), ("STRIDE", strides), ("DILATION", dilations)]
        .iter()
        .flat_map(|(name, [y, x])| [constant(&format!("{name}_Y"), *y), constant(&format!("{name}_X"), *x)])
        .collect();
    let wgsl = expand(shader!("kernels/pool_gradient.wgsl"), &constants);
    Chosen { kernel: Kernel { wgsl, workgroups }, numbers }
}

/// Tensors of these lengths one behind the other.
pub(super) fn concat(lengths: &[usize], most_groups: u32) -> Chosen {
    let values = lengths.iter().sum();
    let (workgroups, in_row) = rows(usize::div_ceil(values, THREADS), most_groups);
    let mut numbers = vec![word(values), word(in_row)];
    let mut end = 0;
    for length in lengths {
        end += length;
        numbers.push(word(end));
    }
    let count = lengths.len();
    let wgsl = bindings(count, "f32") + &expand(shader!("kernels/concat.wgsl"), &[constant("INPUTS", count)].into());
    Chosen { kernel: Kernel { wgsl, workgroups }, numbers }
}

/// The bindings of a kernel with so many inputs: `input0` and so on, `sizes` and `output`.
pub(super) fn bindings(inputs: usize, values: &str) -> String {
    let mut wgsl = String::new();
    // wonnx binds four buffers to a group.
    let mut bind = |index: usize, what: &str| {
        let _ = writeln!(wgsl, "@group({}) @binding({}) var<storage, {what};", index / 4, index % 4);
    };
    for index in 0..inputs {
        bind(index, &format!("read> input{index}: array<{values}>"));
    }
    bind(inputs, "read> sizes: Sizes");
    bind(inputs + 1, &format!("read_write> output: array<{values}>"));
    wgsl
}

/// Weighted sums of slices of a tensor of `outer` × `size` × `inner` values.
pub(super) fn slice_sums(sums: &Sums, [outer, size, inner]: [usize; 3], most_groups: u32) -> Chosen {
    let values = outer * sums.len() * inner;
    let (workgroups, in_row) = rows(values.div_ceil(THREADS), most_groups);
    let mut numbers = [values, in_row, size, inner, sums.len(), sums.sources.len()].map(word).to_vec();
    numbers.extend(sums.ends.iter().chain(&sums.sources).map(|&number| word(number)));
    numbers.extend(sums.weights.iter().map(|weight| weight.to_bits()));
    Chosen { kernel: Kernel { wgsl: shader!("kernels/slice_sums.wgsl").to_owned(), workgroups }, numbers }
}

/// How many values of its row of `size` come before each of `values`.
pub(super) fn ranks(values: usize, size: usize, smallest: bool, last: bool, most_groups: u32) -> Chosen {
    let (workgroups, in_row) = rows(values.div_ceil(THREADS), most_groups);
    let numbers = vec![word(values), word(in_row), word(size), u32::from(smallest), u32::from(last)];
    Chosen { kernel: Kernel { wgsl: shader!("kernels/ranks.wgsl").to_owned(), workgroups }, numbers }
}

/// Products of `matrices` pairs of matrices of `rows` × `inner` and `inner` × `columns` values. `steps` says how far it is from one
/// matrix to the next on the left and on the right.
pub(super) fn matmul(
    matrices: usize,
    [rows_of_left, inner, columns]: [usize; 3],
    steps: [usize; 2],
    most_groups: u32,
) -> Chosen {
    let values = matrices * rows_of_left * columns;
    let (workgroups, in_row) = rows(values.div_ceil(THREADS), most_groups);
    let numbers = [values, in_row, rows_of_left, columns, inner, steps[0], steps[1]].map(word).to_vec();
    Chosen { kernel: Kernel { wgsl: shader!("kernels/matmul.wgsl").to_owned(), workgroups }, numbers }
}

/// The mean of each plane of `area` values.
pub(super) fn global_average(planes: usize, area: usize, most_groups: u32) -> Chosen {
    let (workgroups, in_row) = rows(planes, most_groups);
    let wgsl = shader!("kernels/global_average.wgsl").to_owned();
    Chosen { kernel: Kernel { wgsl, workgroups }, numbers: vec![word(planes), word(in_row), word(area)] }
}

/// What shaders with an activation call.
pub(super) const BOUNDED: &str = shader!("kernels/bounded.wgsl");

/// The bits of the lowest and highest value that an activation lets through. Shaders need not know infinities, so an open
/// end is the largest number there is, which [`BOUNDED`] takes for none.
pub(super) fn bounds(activation: Activation) -> [u32; 2] {
    let [low, high] = match activation {
        Activation::None => [f32::MIN, f32::MAX],
        Activation::Relu => [0.0, f32::MAX],
        Activation::Clip(low, high) => [low.clamp(f32::MIN, f32::MAX), high.clamp(f32::MIN, f32::MAX)],
    };
    [low.to_bits(), high.to_bits()]
}

fn constant(name: &str, value: usize) -> (String, usize) {
    (name.to_owned(), value)
}

/// A size as a shader takes it. Everything that is larger is refused, since no buffer could hold it.
pub(super) fn word(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// How many workgroups cover `items`. Saturates, on which the caller refuses the kernel as too large.
fn groups(items: usize, in_group: usize) -> u32 {
    word(items.div_ceil(in_group))
}

/// Workgroups in rows of a length that a dispatch may have, and that length.
pub(super) fn rows(count: usize, most: u32) -> ([u32; 3], usize) {
    let in_row = count.clamp(1, most as usize);
    ([word(in_row), groups(count, in_row), 1], in_row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_workgroups_are_dispatched_in_rows() {
        assert_eq!(rows(5, 65_535), ([5, 1, 1], 5));
        assert_eq!(rows(200_000, 65_535), ([65_535, 4, 1], 65_535));
        assert_eq!(rows(0, 65_535), ([1, 0, 1], 1));
    }
}
