//! Pooling over windows and over whole maps.

use super::activation;
use super::reduce;
use crate::onnx::bounds::bounds_of;
use crate::onnx::core::along::along;
use crate::onnx::core::build::{Lowering, Padded, Value, View, tensor_shape};
use crate::onnx::core::convolution::{LARGEST_SIZE, Window, depthwise};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::numbers::to_usize;
use crate::onnx::core::pooling::{global_average, max, pool};
use crate::onnx::core::rearrange;
use crate::onnx::core::volume::{Side, volume_windows};
use crate::onnx::graph::{Attribute, Constant, Node, to_i64};
use crate::onnx::slice_sums::Sums;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    if node.outputs.get(1).is_some_and(|name| !name.is_empty() && lowering.links.is_read(name)) {
        return Err(lowering.unsupported("its indices are used"));
    }
    let output = lowering.shape(node.output())?;
    let is_image = matches!(output, [1, _, _, _]);
    let (channels, height, width) = match *output {
        [batch, channels, width] => (batch * channels, 1, width),
        [batch, channels, height, width] => (batch * channels, height, width),
        _ => return in_many_dimensions(lowering, node),
    };
    if node.op == "GlobalLpPool" || node.op.starts_with("Global") && !is_image {
        return in_many_dimensions(lowering, node);
    }
    let result = match node.op.as_str() {
        "GlobalAveragePool" => {
            let image = lowering.image(node, 0)?;
            global_average(lowering, To::Node, &image)?
        }
        "GlobalMaxPool" => {
            let image = lowering.image(node, 0)?;
            let [_, height, width] = image.layout.extents;
            max(lowering, To::Node, &image, Window { kernel: [height, width], ..Window::pointwise() }, [1, 1])?
        }
        op => {
            let kernel = match *node.ints("kernel_shape").unwrap_or_default() {
                [width] => [1, to_usize(width)],
                [height, width] => [to_usize(height), to_usize(width)],
                _ => return Err(lowering.unsupported("its kernel_shape is not two numbers")),
            };
            let (image, outer) = if is_image {
                padded_input(lowering, node)?
            } else {
                let view = lowering.input(node, 0)?;
                (lowering.planes(view)?, [0; 4])
            };
            let [_, image_height, image_width] = image.layout.extents;
            let inner = [image_height + outer[0] + outer[2], image_width + outer[1] + outer[3]];
            let mut window = Window::of(lowering, node, kernel, inner, [height, width])?;
            for (own, outer) in window.pads.iter_mut().zip(outer) {
                *own += outer;
            }
            let size = [height, width];
            match op {
                "MaxPool" => max(lowering, To::Node, &image, window, size)?,
                "LpPool" => {
                    let power = node.int("p").unwrap_or(2);
                    let powers = powers(lowering, &image, power)?;
                    let ones = vec![1.0; lowering.made_up(&window.kernel)?];
                    let sums = depthwise(lowering, &powers, &ones, window, size, To::Step("sums"))?;
                    root(lowering, &sums, power)?
                }
                _ => average(lowering, node, &image, window, outer, size)?,
            }
        }
    };
    debug_assert_eq!(result.layout.extents[0], channels);
    let result = if is_image { result } else { rearrange::reshaped(lowering, result, output)? };
    lowering.set(node.output(), result);
    Ok(())
}

/// The sizes of the values to a power.
fn powers(lowering: &mut Lowering<'_>, x: &View, power: i64) -> Result<View, LowerError> {
    let size = lowering.unary(To::Step("size"), "Abs", x)?;
    #[expect(clippy::cast_precision_loss, reason = "powers are small")]
    activation::power(lowering, To::Step("power"), &size, power as f32)
}

/// The root that undoes a power.
fn root(lowering: &mut Lowering<'_>, x: &View, power: i64) -> Result<View, LowerError> {
    #[expect(clippy::cast_precision_loss, reason = "powers are small")]
    activation::power(lowering, To::Node, x, 1.0 / power.max(1) as f32)
}

/// Pooling over all of each map, whatever its dimensions are; means over windows of more dimensions than two, which are taken along one
/// after another; and maxima over those of volumes, which are taken of each slice and then along the depth.
fn in_many_dimensions(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let shape = x.layout.shape();
    let axes: Vec<usize> = (2..shape.len()).collect();
    let result = match node.op.as_str() {
        "GlobalAveragePool" => reduce::mean(lowering, To::Node, &x, &axes)?,
        "GlobalMaxPool" => reduce::max(lowering, To::Node, &x, &axes)?,
        "GlobalLpPool" => {
            let power = node.int("p").unwrap_or(2);
            let powers = powers(lowering, &x, power)?;
            let sums = reduce::sum(lowering, To::Step("sums"), &powers, &axes)?;
            root(lowering, &sums, power)?
        }
        "AveragePool" | "LpPool" => {
            let output = lowering.shape(node.output())?;
            let power = (node.op == "LpPool").then(|| node.int("p").unwrap_or(2));
            let mut result = match power {
                Some(power) => powers(lowering, &x, power)?,
                None => x,
            };
            for axis in axes.clone() {
                let windows = windows_along(lowering, node, axis - 2, axes.len(), shape[axis], output[axis])?;
                let last = axis + 1 == shape.len() && power.is_none();
                result = along(lowering, if last { To::Node } else { To::Step("windows") }, result, axis, windows)?;
            }
            match power {
                Some(power) => root(lowering, &result, power)?,
                None => result,
            }
        }
        "MaxPool" if shape.len() == 5 => max_of_volume(lowering, node, x)?,
        _ => return Err(lowering.unsupported(format!("of a value of shape {shape:?}"))),
    };
    lowering.set(node.output(), result);
    Ok(())
}

/// The maxima of windows over a volume.
fn max_of_volume(lowering: &mut Lowering<'_>, node: &Node, x: View) -> Result<View, LowerError> {
    let (shape, output) = (x.layout.shape(), lowering.shape(node.output())?);
    let ([batch, channels, depth, height, width], &[_, _, slices, rows, columns]) = (
        <[usize; 5]>::try_from(shape).unwrap_or_default(),
        <&[usize; 5]>::try_from(output).map_err(|_| lowering.unsupported(format!("as a value of shape {output:?}")))?,
    );
    let [along, down, across] = volume_windows(lowering, node, [depth, height, width], [slices, rows, columns])?;
    let stack = [1, batch * channels * depth, height, width];
    let images = rearrange::reshaped(lowering, x, &stack)?;
    let images = lowering.as_image(images)?;
    let maxima = max(lowering, To::Step("slices"), &images, down.with(&across), [rows, columns])?;
    let maxima = rearrange::reshaped(lowering, maxima, &[1, batch * channels, depth, rows * columns])?;
    let maxima = lowering.as_image(maxima)?;
    let result = max(lowering, To::Node, &maxima, along.with(&Side::default()), [slices, rows * columns])?;
    rearrange::reshaped(lowering, result, output)
}

/// The means of the windows along one of several axes; of an LpPool the sums.
fn windows_along(
    lowering: &Lowering<'_>,
    node: &Node,
    axis: usize,
    axes: usize,
    size: usize,
    output: usize,
) -> Result<Sums, LowerError> {
    let number = |name: &str, index: usize, default: usize| {
        let value = node.ints(name).and_then(|values| values.get(index));
        value.map_or(default, |&value| to_usize(value)).min(LARGEST_SIZE)
    };
    if node.text("auto_pad").is_some_and(|auto| !matches!(auto, "NOTSET" | "VALID" | "")) {
        return Err(lowering.unsupported("auto_pad in more than two dimensions"));
    }
    let (kernel, stride, gap) =
        (number("kernel_shape", axis, 1), number("strides", axis, 1), number("dilations", axis, 1));
    let (before, after) = (number("pads", axis, 0), number("pads", axis + axes, 0));
    let counted = node.int("count_include_pad").unwrap_or(0) != 0;
    lowering.made_up(&[output, kernel])?;
    let mut sums = Sums::default();
    for place in 0..output {
        let taps = (0..kernel).map(|tap| place * stride + tap * gap);
        let inside: Vec<usize> = taps.clone().filter_map(|at| at.checked_sub(before)).filter(|&at| at < size).collect();
        let count = if counted { taps.filter(|&at| at < size + before + after).count() } else { inside.len() };
        #[expect(clippy::cast_precision_loss, reason = "windows are small")]
        let share = if node.op == "LpPool" { 1.0 } else { 1.0 / count.max(1) as f32 };
        sums.push(inside.into_iter().map(|at| (at, share)));
    }
    Ok(sums)
}

/// The gradient of MaxPool is in the core set as it is.
pub(super) fn lower_max_gradient(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let (picture, given) = (lowering.input(node, 0)?, lowering.input(node, 1)?);
    let shape = picture.layout.shape();
    let (image, given) = (lowering.planes(picture)?, lowering.planes(given)?);
    let mut own = node.clone();
    own.inputs = vec![image.tensor, given.tensor];
    let tensor = lowering.emit(To::Node, own, tensor_shape(image.layout.extents))?;
    let result = rearrange::reshaped(lowering, View { tensor, layout: image.layout }, &shape)?;
    lowering.set(node.output(), result);
    Ok(())
}

/// The image to pool, and padding that was put off and that the pooling can do itself: with what a MaxPool pads with anyway, or
/// zeros that are counted.
fn padded_input(lowering: &mut Lowering<'_>, node: &Node) -> Result<(View, [usize; 4]), LowerError> {
    let Some(Value::Padded(Padded { image, pads, fill, .. })) =
        node.input(0).and_then(|name| lowering.values.get(name)).cloned()
    else {
        return Ok((lowering.image(node, 0)?, [0; 4]));
    };
    let (kernel, no_pads_of_its_own) = (
        node.ints("kernel_shape").unwrap_or_default(),
        node.ints("pads").is_none_or(|pads| pads.iter().all(|&pad| pad == 0))
            && node.text("auto_pad").is_none_or(|auto| auto == "NOTSET"),
    );
    // A window that sees nothing but padding has no maximum and no mean.
    let every_window_sees_the_image = kernel.len() == 2
        && (0..4).all(|side| to_i64(pads[side]) < kernel[side % 2])
        && node.int("ceil_mode").unwrap_or(0) == 0;
    // Zeros do not change the maximum of values that are not negative.
    let zeros_are_lowest = fill == 0.0 && node.input(0).is_some_and(|name| is_not_negative(lowering, name));
    let can = match node.op.as_str() {
        "MaxPool" => fill == f32::NEG_INFINITY || fill <= f32::MIN || zeros_are_lowest,
        _ => fill == 0.0,
    };
    if can && no_pads_of_its_own && every_window_sees_the_image {
        return Ok((image, pads));
    }
    Ok((lowering.image(node, 0)?, [0; 4]))
}

/// Whether the padded value comes from an activation that gives nothing below zero.
fn is_not_negative(lowering: &Lowering<'_>, padded: &str) -> bool {
    let maker = |value: &str| lowering.links.maker(value);
    let Some(node) = maker(padded).and_then(|pad| pad.input(0)).and_then(maker) else {
        return false;
    };
    matches!(node.op.as_str(), "Sigmoid" | "HardSigmoid" | "Softplus")
        || bounds_of(node, lowering.source).is_some_and(|[low, _]| low >= 0.0)
}

/// AveragePool. `outer` is zero padding that belongs to the image, and is therefore always counted; the node's own padding is
/// counted where it says so; what ceil_mode adds is never counted.
fn average(
    lowering: &mut Lowering<'_>,
    node: &Node,
    image: &View,
    window: Window,
    outer: [usize; 4],
    size: [usize; 2],
) -> Result<View, LowerError> {
    let counted = node.int("count_include_pad").unwrap_or(0) != 0;
    let own: [usize; 4] = match node.ints("pads") {
        Some(&[top, left, bottom, right]) => [top, left, bottom, right].map(to_usize),
        _ if counted => std::array::from_fn(|side| window.pads[side] - outer[side].min(window.pads[side])),
        _ => [0; 4],
    };
    let counted_pads: [usize; 4] = std::array::from_fn(|side| outer[side] + if counted { own[side] } else { 0 });
    let image_size = [image.layout.extents[1], image.layout.extents[2]];
    let counts: [Vec<usize>; 2] = std::array::from_fn(|axis| {
        (0..size[axis])
            .map(|place| {
                // Positions in the image; the padding before it is negative.
                let begin = to_i64(place * window.strides[axis]) - to_i64(window.pads[axis]);
                let (low, high) = (-to_i64(counted_pads[axis]), to_i64(image_size[axis] + counted_pads[axis + 2]));
                // How many steps of the window lie before a position.
                let before = |bound: i64| {
                    to_usize((bound - begin).max(0)).div_ceil(window.dilations[axis]).min(window.kernel[axis])
                };
                before(high).saturating_sub(before(low))
            })
            .collect()
    });
    let plain = window.dilations == [1, 1];
    let all_of_the_window = (0..2).all(|axis| counts[axis].iter().all(|&count| count == window.kernel[axis]));
    let include =
        |value: i64| Node::new("AveragePool", &[&image.tensor], "").with("count_include_pad", Attribute::Int(value));
    if plain && all_of_the_window {
        return pool(lowering, To::Node, include(1), image, window, size);
    }
    if plain && counted_pads == [0; 4] {
        return pool(lowering, To::Node, include(0), image, window, size);
    }
    // The sum of each window, and how many it is the sum of.
    let ones = vec![1.0; lowering.made_up(&window.kernel)?];
    lowering.made_up(&size)?;
    let sums = depthwise(lowering, image, &ones, window, size, To::Step("sums"))?;
    #[expect(clippy::cast_precision_loss, reason = "windows have few pixels")]
    let shares: Vec<f32> =
        counts[0].iter().flat_map(|rows| counts[1].iter().map(move |columns| 1.0 / (rows * columns) as f32)).collect();
    let shares = lowering.add_constant("shares", Constant::floats(tensor_shape([1, size[0], size[1]]), shares));
    let tensor = lowering.arithmetic(To::Node, "Mul", &sums.tensor, &shares)?;
    Ok(View { tensor, layout: sums.layout })
}
