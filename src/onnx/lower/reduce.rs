//! Means, sums and maxima along dimensions, and the Softmax and LogSoftmax that are made of them.

use crate::onnx::core::along::along;
use crate::onnx::core::arithmetic::{Operand, binary};
use crate::onnx::core::build::{Lowering, View, tensor_shape};
use crate::onnx::core::convolution::{Window, window_attributes};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::{Arrangement, CHANNEL, Digit, HEIGHT, Layout, WIDTH, extents_of};
use crate::onnx::core::movement;
use crate::onnx::core::numbers::from_end;
use crate::onnx::core::pooling;
use crate::onnx::core::rearrange::joined;
use crate::onnx::graph::{Attribute, Node};
use crate::onnx::slice_sums::Sums;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let rank = x.layout.dimensions.len();
    if matches!(node.op.as_str(), "Softmax" | "LogSoftmax") {
        let axes = softmax_axes(lowering, node, rank)?;
        let result = softmax(lowering, &x, &axes, node.op == "LogSoftmax")?;
        lowering.set(node.output(), result);
        return Ok(());
    }
    let axes = reduced_axes(lowering, node, rank)?;
    let keep = node.int("keepdims").unwrap_or(1) != 0;
    let result = match node.op.as_str() {
        "ReduceMean" => mean(lowering, To::Node, &x, &axes)?,
        "ReduceSum" => sum(lowering, To::Node, &x, &axes)?,
        "ReduceMax" => max(lowering, To::Node, &x, &axes)?,
        "ReduceMin" => {
            let negated = lowering.unary(To::Step("negated"), "Neg", &x)?;
            let lowest = max(lowering, To::Step("lowest"), &negated, &axes)?;
            lowering.unary(To::Node, "Neg", &lowest)?
        }
        "ReduceLogSum" => {
            let total = sum(lowering, To::Step("sum"), &x, &axes)?;
            lowering.unary(To::Node, "Log", &total)?
        }
        "ReduceLogSumExp" => {
            // Without the maximum exp would overflow.
            let shape = x.layout.shape();
            let highest = max(lowering, To::Step("highest"), &x, &axes)?;
            let (all, top) = (Operand::Computed(x.clone()), Operand::Computed(highest.clone()));
            let shifted = binary(lowering, To::Step("shifted"), "Sub", &all, &top, &shape)?;
            let powers = lowering.unary(To::Step("exp"), "Exp", &shifted)?;
            let total = sum(lowering, To::Step("total"), &powers, &axes)?;
            let logarithm = Operand::Computed(lowering.unary(To::Step("log"), "Log", &total)?);
            let mut own = shape;
            for &axis in &axes {
                own[axis] = 1;
            }
            binary(lowering, To::Node, "Add", &logarithm, &top, &own)?
        }
        "ReduceProd" => product(lowering, x, &axes)?,
        "ReduceL1" => {
            let sizes = lowering.unary(To::Step("size"), "Abs", &x)?;
            sum(lowering, To::Node, &sizes, &axes)?
        }
        "ReduceSumSquare" => {
            let squares = lowering.pairwise(To::Step("square"), "Mul", &x, &x)?;
            sum(lowering, To::Node, &squares, &axes)?
        }
        _ => {
            let squares = lowering.pairwise(To::Step("square"), "Mul", &x, &x)?;
            let total = sum(lowering, To::Step("sum"), &squares, &axes)?;
            lowering.unary(To::Node, "Sqrt", &total)?
        }
    };
    lowering.set(node.output(), if keep { result } else { without(result, &axes) });
    Ok(())
}

/// The axes of a reduction, in every opset's form.
fn reduced_axes(lowering: &Lowering<'_>, node: &Node, rank: usize) -> Result<Vec<usize>, LowerError> {
    // Where a file has both, the input counts, as for its shape.
    let axes = match node.input(1) {
        None => node.ints("axes"),
        Some(_) => {
            let axes = lowering.integer_input(node, 1);
            Some(axes.ok_or_else(|| lowering.unsupported("its axes are not constants"))?)
        }
    };
    match axes {
        Some(axes) if !axes.is_empty() => {
            let axes: Vec<usize> = axes.iter().map(|&axis| from_end(axis, rank)).collect();
            if axes.iter().any(|&axis| axis >= rank) {
                return Err(lowering.unsupported(format!("axes beyond the {rank} dimensions of its input")));
            }
            Ok(axes)
        }
        _ if node.int("noop_with_empty_axes").unwrap_or(0) != 0 => Ok(Vec::new()),
        _ => Ok((0..rank).collect()),
    }
}

/// The dimensions that a Softmax sums over. Before opset 13 these are all from `axis` on.
pub(super) fn softmax_axes(lowering: &Lowering<'_>, node: &Node, rank: usize) -> Result<Vec<usize>, LowerError> {
    let modern = lowering.source.opset() >= 13;
    let axis = from_end(node.int("axis").unwrap_or(if modern { -1 } else { 1 }), rank);
    if axis >= rank {
        return Err(lowering.unsupported(format!("axis {axis} of a value with {rank} dimensions")));
    }
    Ok(if modern { vec![axis] } else { (axis..rank).collect() })
}

/// The Softmax along the axes, or its logarithm.
fn softmax(lowering: &mut Lowering<'_>, x: &View, axes: &[usize], logarithm: bool) -> Result<View, LowerError> {
    let shape = x.layout.shape();
    let x = Operand::Computed(x.clone());
    let Operand::Computed(view) = &x else {
        return Err(lowering.unsupported("it has no computed operand"));
    };
    // Without the maximum exp would overflow.
    let highest = max(lowering, To::Step("highest"), view, axes)?;
    let shifted = binary(lowering, To::Step("shifted"), "Sub", &x, &Operand::Computed(highest), &shape)?;
    let powers = lowering.unary(To::Step("exp"), "Exp", &shifted)?;
    let total = sum(lowering, To::Step("total"), &powers, axes)?;
    if logarithm {
        let total = lowering.unary(To::Step("log"), "Log", &total)?;
        return binary(lowering, To::Node, "Sub", &Operand::Computed(shifted), &Operand::Computed(total), &shape);
    }
    binary(lowering, To::Node, "Div", &Operand::Computed(powers), &Operand::Computed(total), &shape)
}

/// The value without dimensions that have length 1.
pub(super) fn without(view: View, axes: &[usize]) -> View {
    let dimensions = view.layout.dimensions.into_iter().enumerate();
    let dimensions = dimensions.filter(|(index, _)| !axes.contains(index)).map(|(_, modes)| modes).collect();
    View { tensor: view.tensor, layout: Layout { extents: view.layout.extents, dimensions } }
}

/// The mean along the axes, which become of length 1.
pub(super) fn mean(lowering: &mut Lowering<'_>, to: To<'_>, x: &View, axes: &[usize]) -> Result<View, LowerError> {
    average(lowering, to, x, axes, false)
}

/// The sum along the axes, which become of length 1.
pub(super) fn sum(lowering: &mut Lowering<'_>, to: To<'_>, x: &View, axes: &[usize]) -> Result<View, LowerError> {
    average(lowering, to, x, axes, true)
}

/// The product along the axes, which become of length 1: half of the slices times the other half, again and again.
fn product(lowering: &mut Lowering<'_>, x: View, axes: &[usize]) -> Result<View, LowerError> {
    let mut all = x;
    for &axis in axes {
        loop {
            let size = all.layout.shape()[axis];
            if size <= 1 {
                break;
            }
            let slices = |from: usize, to: usize| Sums::taking((from..to).map(Some));
            let half = size / 2;
            let first = along(lowering, To::Step("first"), all.clone(), axis, slices(0, half))?;
            let second = along(lowering, To::Step("second"), all.clone(), axis, slices(half, 2 * half))?;
            let mut parts = vec![lowering.pairwise(To::Step("product"), "Mul", &first, &second)?];
            if size % 2 == 1 {
                parts.push(along(lowering, To::Step("last"), all, axis, slices(size - 1, size))?);
            }
            all = match &parts[..] {
                [only] => only.clone(),
                parts => joined(lowering, To::Step("left"), parts, axis)?,
            };
        }
    }
    Ok(all)
}

fn split_digits(digits: &[Digit], axes: &[usize]) -> (Vec<Digit>, Vec<Digit>) {
    digits.iter().partition(|digit| axes.contains(&digit.dimension))
}

/// The value arranged so that the height and the width are each reduced wholly or not at all; and which of them are.
fn reducible(lowering: &mut Lowering<'_>, x: &View, axes: &[usize]) -> Result<(View, [bool; 2]), LowerError> {
    let arrangement = x.layout.arrangement();
    let parts = arrangement.each_ref().map(|digits| split_digits(digits, axes));
    let mixed = |axis: usize| !parts[axis].0.is_empty() && !parts[axis].1.is_empty();
    if !mixed(HEIGHT) && !mixed(WIDTH) {
        return Ok((x.clone(), [HEIGHT, WIDTH].map(|axis| !parts[axis].0.is_empty())));
    }
    let view = apart(lowering, x, axes)?;
    let reduced = view.layout.extents[HEIGHT] != 1;
    Ok((view, [reduced, false]))
}

/// The value with what is reduced on the height, and what is kept where it was, but for rows, which join the columns. Were all that is kept on
/// the channels, whatever goes over these afterwards would have weights for all pixels at once.
fn apart(lowering: &mut Lowering<'_>, x: &View, axes: &[usize]) -> Result<View, LowerError> {
    let [channels, rows, columns] = x.layout.arrangement().map(|digits| split_digits(&digits, axes));
    let reduced = [channels.0, rows.0, columns.0].concat();
    let kept = [rows.1, columns.1].concat();
    lowering.arranged(x.clone(), &[channels.1, reduced, kept], To::Step("apart"))
}

#[expect(clippy::cast_precision_loss, reason = "sizes of images are far below 2^24")]
fn average(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    x: &View,
    axes: &[usize],
    as_sum: bool,
) -> Result<View, LowerError> {
    let (x, pooled) = reducible(lowering, x, axes)?;
    let rank = x.layout.dimensions.len();
    let mut arrangement = x.layout.arrangement();
    let mut extents = x.layout.extents;
    let (reduced_channels, kept_channels) = split_digits(&arrangement[CHANNEL], axes);
    let reduced_count: usize = reduced_channels.iter().map(|digit| digit.size).product();
    let pooled_count: usize =
        [HEIGHT, WIDTH].iter().filter(|&&axis| pooled[axis - 1]).map(|&axis| extents[axis]).product();
    let mix = reduced_count > 1;
    let scale = as_sum && pooled_count > 1 && !mix;
    let mut tensor = x.tensor.clone();
    if pooled.contains(&true) {
        let kernel = [HEIGHT, WIDTH].map(|axis| if pooled[axis - 1] { extents[axis] } else { 1 });
        let all = kernel == [extents[HEIGHT], extents[WIDTH]];
        for axis in [HEIGHT, WIDTH] {
            if pooled[axis - 1] {
                extents[axis] = 1;
                arrangement[axis].clear();
            }
        }
        let to = if mix || scale { To::Step("pooled") } else { to };
        let node = if all {
            Node::new("GlobalAveragePool", &[&tensor], "")
        } else {
            let node = Node::new("AveragePool", &[&tensor], "").with("count_include_pad", Attribute::Int(0));
            window_attributes(node, &Window { kernel, ..Window::pointwise() })
        };
        tensor = lowering.emit(to, node, tensor_shape(extents))?;
    }
    if mix {
        let total = if as_sum { pooled_count as f32 } else { 1.0 / reduced_count as f32 };
        let kept_layout = Layout::arranged(rank, &[arrangement[CHANNEL].clone(), Vec::new(), Vec::new()]);
        let outputs: usize = kept_channels.iter().map(|digit| digit.size).product();
        let inputs = extents[CHANNEL];
        let mut weights = vec![0.0; lowering.made_up(&[outputs, inputs])?];
        let target = kept_index(&kept_layout, &arrangement[CHANNEL], axes);
        for (input, output) in target.into_iter().enumerate() {
            weights[output * inputs + input] = total;
        }
        extents[CHANNEL] = outputs;
        tensor = movement::mix_channels(lowering, &tensor, weights, extents, None, to)?;
        arrangement[CHANNEL] = kept_channels;
    }
    if scale {
        let number = lowering.number(pooled_count as f32);
        tensor = lowering.arithmetic(to, "Mul", &tensor, &number)?;
    } else if !mix && !pooled.contains(&true) {
        // Nothing but dimensions of length 1 is reduced.
        let number = lowering.number(0.0);
        tensor = lowering.arithmetic(to, "Add", &tensor, &number)?;
    }
    Ok(View { tensor, layout: Layout::arranged(rank, &arrangement) })
}

/// For each channel the channel that it becomes part of.
fn kept_index(layout: &Layout, digits: &[Digit], axes: &[usize]) -> Vec<usize> {
    let mut index = vec![0];
    for digit in digits {
        let kept = !axes.contains(&digit.dimension);
        index = index
            .iter()
            .flat_map(|&before| (0..digit.size).map(move |step| if kept { before * digit.size + step } else { before }))
            .collect();
    }
    debug_assert_eq!(index.len(), layout.extents[CHANNEL]);
    index
}

/// The maximum of all channels at each pixel: that of each column of the tensor seen as one plane with a channel in each row.
fn max_of_channels(lowering: &mut Lowering<'_>, to: To<'_>, x: &View) -> Result<View, LowerError> {
    let [channels, height, width] = x.layout.extents;
    let plane = tensor_shape([1, channels, height * width]);
    let tensor = lowering.reshape(To::Step("plane"), &x.tensor, plane.clone())?;
    let image = View { tensor, layout: Layout::usual(&plane) };
    let window = Window { kernel: [channels, 1], ..Window::pointwise() };
    let highest = pooling::max(lowering, To::Step("highest"), &image, window, [1, height * width])?;
    let tensor = lowering.reshape(to, &highest.tensor, tensor_shape([1, height, width]))?;
    let [_, rows, columns] = x.layout.arrangement();
    Ok(View { tensor, layout: Layout::arranged(x.layout.dimensions.len(), &[Vec::new(), rows, columns]) })
}

/// The maximum along the axes, which become of length 1.
pub(super) fn max(lowering: &mut Lowering<'_>, to: To<'_>, x: &View, axes: &[usize]) -> Result<View, LowerError> {
    let parts = x.layout.arrangement().each_ref().map(|digits| split_digits(digits, axes));
    let channels_too = !parts[CHANNEL].0.is_empty();
    if channels_too && parts[CHANNEL].1.is_empty() && parts[HEIGHT].0.is_empty() && parts[WIDTH].0.is_empty() {
        return max_of_channels(lowering, to, x);
    }
    let (x, pooled) = if channels_too {
        let view = apart(lowering, x, axes)?;
        (view, [true, false])
    } else {
        reducible(lowering, x, axes)?
    };
    let rank = x.layout.dimensions.len();
    let mut arrangement: Arrangement = x.layout.arrangement();
    let extents = x.layout.extents;
    let kernel = [HEIGHT, WIDTH].map(|axis| if pooled[axis - 1] { extents[axis] } else { 1 });
    for axis in [HEIGHT, WIDTH] {
        if pooled[axis - 1] {
            arrangement[axis].clear();
        }
    }
    let [_, height, width] = extents_of(&arrangement);
    let image = View { tensor: x.tensor.clone(), layout: Layout::usual(&tensor_shape(extents)) };
    let pooled = pooling::max(lowering, to, &image, Window { kernel, ..Window::pointwise() }, [height, width])?;
    Ok(View { tensor: pooled.tensor, layout: Layout::arranged(rank, &arrangement) })
}
