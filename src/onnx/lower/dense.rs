//! Gemm and MatMul: Convs that read their input where it lies. A vector is read whole by a kernel as large as the image it is
//! made of; rows along the channels by a 1×1 kernel. Where no factor is a constant matrix, see [`matmul`].

use super::conv;
use super::matmul;
use crate::onnx::core::arithmetic::{Operand, binary, operand};
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::convolution::{Weights, Window};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::layout::{CHANNEL, Digit, HEIGHT, Layout, WIDTH};
use crate::onnx::graph::{Constant, Node};

/// A constant matrix `inputs × outputs`.
struct Matrix<'c> {
    constant: &'c Constant,
    inputs: usize,
    outputs: usize,
    /// Whether it is written `outputs × inputs`, as a Conv kernel is.
    by_output: bool,
    scale: f32,
}

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let gemm = node.op == "Gemm";
    let flag = |name: &str| gemm && node.int(name).unwrap_or(0) != 0;
    let constant = |index: usize| {
        let constant = node.input(index).and_then(|name| lowering.constant(name))?;
        // One that is no matrix is multiplied as computed values are.
        (gemm || constant.shape.len() == 2).then_some(constant)
    };
    let (left, right) = (constant(0), constant(1));
    let scale = if gemm { node.float("alpha").unwrap_or(1.0) } else { 1.0 };
    // A constant on the left is one on the right of everything transposed.
    let (variable, matrix, flipped) = match (left, right) {
        (None, Some(constant)) => (0, matrix(lowering, constant, flag("transB"), scale)?, false),
        (Some(constant), None) => (1, matrix(lowering, constant, !flag("transA"), scale)?, true),
        (Some(_), Some(_)) => return Err(lowering.unsupported("both of its operands are constants")),
        (None, None) => return computed(lowering, node, scale),
    };
    let mut x = lowering.input(node, variable)?;
    if flipped != flag(if flipped { "transB" } else { "transA" }) {
        x = swapped(lowering, x)?;
    }
    let width = x.layout.shape().last().copied();
    if width != Some(matrix.inputs) {
        return Err(lowering.unsupported(format!(
            "a value of shape {:?} with {} rows",
            x.layout.shape(),
            matrix.inputs
        )));
    }
    let output_shape = lowering.shape(node.output())?;
    let addend = if gemm { node.input(2) } else { None };
    let beta = node.float("beta").unwrap_or(1.0);
    let bias = match addend {
        Some(name) if !flipped => lowering.constant(name).and_then(|constant| row(constant, matrix.outputs, beta)),
        _ => None,
    };
    let added_later = addend.filter(|_| bias.is_none() && beta != 0.0);
    let mut output = node.output().to_owned();
    let mut bias = bias;
    if !flipped
        && added_later.is_none()
        && bias.is_none()
        && let Some((index, name, row)) = following_bias(lowering, node, matrix.outputs, output_shape)
    {
        lowering.merged.insert(index);
        (output, bias) = (name, Some(row));
    }
    let batch_norm_may_follow = !flipped && added_later.is_none() && output_shape.len() == 2;
    let to = if added_later.is_some() { To::Step("product") } else { To::Node };
    let (name, mut result) = product(lowering, &x, &matrix, bias, &output, batch_norm_may_follow, to)?;
    if flipped {
        result = swapped(lowering, result)?;
    }
    if let Some(addend) = added_later {
        result = with_addend(lowering, result, addend, beta, output_shape)?;
    }
    lowering.set(&name, result);
    Ok(())
}

/// A product of two computed values, or of one and a stack of matrices that are constants.
fn computed(lowering: &mut Lowering<'_>, node: &Node, scale: f32) -> Result<(), LowerError> {
    let addend = node.input(2).filter(|_| node.op == "Gemm");
    let mut operands = Vec::new();
    for (index, flag) in ["transA", "transB"].into_iter().enumerate() {
        operands.push(match operand(lowering, node, index)? {
            Operand::Computed(view) if node.op == "Gemm" && node.int(flag).unwrap_or(0) != 0 => {
                Operand::Computed(swapped(lowering, view)?)
            }
            operand => operand,
        });
    }
    let to = if addend.is_some() || scale != 1.0 { To::Step("product") } else { To::Node };
    let mut result = matmul::product(lowering, to, &operands[0], &operands[1])?;
    if scale != 1.0 {
        let to = if addend.is_some() { To::Step("alpha") } else { To::Node };
        result = lowering.with_number(to, "Mul", &result, scale)?;
    }
    if let Some(addend) = addend {
        let shape = lowering.shape(node.output())?;
        result = with_addend(lowering, result, addend, node.float("beta").unwrap_or(1.0), shape)?;
    }
    lowering.set(node.output(), result);
    Ok(())
}

/// The product plus `beta` times a value.
fn with_addend(
    lowering: &mut Lowering<'_>,
    product: View,
    addend: &str,
    beta: f32,
    shape: &[usize],
) -> Result<View, LowerError> {
    let addend = match lowering.constant(addend) {
        Some(constant) => Operand::Constant(constant.clone()),
        None => Operand::Computed(lowering.view(addend)?),
    };
    let addend = match (addend, beta) {
        (addend, 1.0) => addend,
        (Operand::Computed(view), beta) => {
            Operand::Computed(lowering.with_number(To::Step("beta"), "Mul", &view, beta)?)
        }
        (Operand::Constant(constant), beta) => {
            let values = constant.as_floats().ok_or_else(|| lowering.unsupported("its addend does not hold floats"))?;
            let values = values.iter().map(|value| value * beta).collect();
            Operand::Constant(Constant::floats(constant.shape, values))
        }
    };
    binary(lowering, To::Node, "Add", &Operand::Computed(product), &addend, shape)
}

fn matrix<'c>(
    lowering: &Lowering<'_>,
    constant: &'c Constant,
    by_output: bool,
    scale: f32,
) -> Result<Matrix<'c>, LowerError> {
    let (inputs, outputs) = match (constant.shape.as_slice(), by_output) {
        (&[inputs, outputs], false) | (&[outputs, inputs], true) => (inputs, outputs),
        (shape, _) => return Err(lowering.unsupported(format!("a constant of shape {shape:?} as matrix"))),
    };
    if inputs == 0 || outputs == 0 {
        return Err(lowering.unsupported(format!("a matrix of shape {:?}, which is empty", constant.shape)));
    }
    Ok(Matrix { constant, inputs, outputs, by_output, scale })
}

/// The value with its last two dimensions exchanged.
fn swapped(lowering: &Lowering<'_>, view: View) -> Result<View, LowerError> {
    let rank = view.layout.dimensions.len();
    if rank < 2 {
        return Err(lowering.unsupported("a vector cannot be transposed"));
    }
    let mut order: Vec<usize> = (0..rank).collect();
    order.swap(rank - 2, rank - 1);
    Ok(View { tensor: view.tensor, layout: view.layout.transposed(&order) })
}

/// The constant as one row of `outputs` numbers times `beta`, where it is the same for all rows.
fn row(constant: &Constant, outputs: usize, beta: f32) -> Option<Vec<f32>> {
    let values = constant.as_floats()?;
    let row: Vec<f32> = match values {
        [value] => vec![*value; outputs],
        values if values.len() == outputs && constant.shape.last() == Some(&outputs) => values.to_vec(),
        _ => return None,
    };
    Some(row.into_iter().map(|value| value * beta).collect())
}

/// An Add of a constant row that is the only use of the product: its index, its output, and the row.
fn following_bias(
    lowering: &Lowering<'_>,
    node: &Node,
    outputs: usize,
    shape: &[usize],
) -> Option<(usize, String, Vec<f32>)> {
    let (index, add) = lowering.only_reader(node.output())?;
    if add.op != "Add" || add.inputs.len() != 2 || lowering.shape(add.output()).ok()? != shape {
        return None;
    }
    let other = add.inputs.iter().find(|name| *name != node.output())?;
    let row = row(lowering.constant(other)?, outputs, 1.0)?;
    Some((index, add.output().to_owned(), row))
}

/// Emits `x · matrix + bias`; gives the name of the value that this is, which is another than `output` where a
/// BatchNormalization was taken in.
fn product(
    lowering: &mut Lowering<'_>,
    x: &View,
    matrix: &Matrix<'_>,
    bias: Option<Vec<f32>>,
    output: &str,
    batch_norm_may_follow: bool,
    to: To<'_>,
) -> Result<(String, View), LowerError> {
    let rank = x.layout.dimensions.len();
    let last = rank - 1;
    let is_vector = x.layout.dimensions[..last].iter().all(Vec::is_empty);
    let x = if is_vector { x.clone() } else { rows_on_channels(lowering, x)? };
    let [_, height, width] = x.layout.extents;
    let (kernel, size) = if is_vector { ([height, width], [1, 1]) } else { ([1, 1], [height, width]) };
    // The input of each weight of a kernel, in the order of the kernel.
    let order = if is_vector {
        x.layout.element_index(&[last])
    } else {
        let order = x.layout.channel_index(&[last]);
        order.ok_or_else(|| lowering.unsupported("its rows are not along the channels"))?
    };
    let shape = vec![matrix.outputs, order.len() / (kernel[0] * kernel[1]), kernel[0], kernel[1]];
    let weights = kernel_of(lowering, matrix, &order, shape)?;
    let mut weights = Weights {
        kernel: weights,
        kernel_name: None,
        bias: bias.map(|bias| Constant::floats(vec![bias.len()], bias)),
        bias_name: None,
    };
    let mut name = output.to_owned();
    if batch_norm_may_follow {
        name = conv::absorb_followers(lowering, output, &mut weights)?;
    }
    lowering.place.output.clone_from(&name);
    let extents = [matrix.outputs, size[0], size[1]];
    let window = Window { kernel, ..Window::pointwise() };
    let tensor = lowering.convolve(&x.tensor, weights, &window, extents, to)?;
    let mut arrangement = x.layout.arrangement();
    arrangement[CHANNEL] = match matrix.outputs {
        1 => Vec::new(),
        outputs => vec![Digit { dimension: last, inner: 1, size: outputs }],
    };
    if is_vector {
        (arrangement[HEIGHT], arrangement[WIDTH]) = (Vec::new(), Vec::new());
    }
    Ok((name, View { tensor, layout: Layout::arranged(rank, &arrangement) }))
}

/// The value with its last dimension, and nothing else, along the channels.
fn rows_on_channels(lowering: &mut Lowering<'_>, x: &View) -> Result<View, LowerError> {
    let last = x.layout.dimensions.len() - 1;
    let mut arrangement = x.layout.arrangement();
    let all_channels_are_rows = arrangement[CHANNEL].iter().all(|digit| digit.dimension == last);
    let all_rows_are_channels = x.layout.dimensions[last].iter().all(|mode| mode.axis == CHANNEL);
    if all_channels_are_rows && all_rows_are_channels {
        return Ok(x.clone());
    }
    let size: usize = x.layout.shape()[last];
    let others = |digits: &[Digit]| digits.iter().filter(|digit| digit.dimension != last).copied().collect::<Vec<_>>();
    let mut height = others(&arrangement[CHANNEL]);
    height.extend(others(&arrangement[HEIGHT]));
    arrangement = [vec![Digit { dimension: last, inner: 1, size }], height, others(&arrangement[WIDTH])];
    if size == 1 {
        arrangement[CHANNEL].clear();
    }
    lowering.arranged(x.clone(), &arrangement, To::Step("rows"))
}

/// The matrix as a Conv kernel. Where it is already written as one, the values are shared, not copied.
fn kernel_of(
    lowering: &Lowering<'_>,
    matrix: &Matrix<'_>,
    order: &[usize],
    shape: Vec<usize>,
) -> Result<Constant, LowerError> {
    let values = matrix.constant.as_floats().ok_or_else(|| lowering.unsupported("its matrix does not hold floats"))?;
    let in_order = order.iter().enumerate().all(|(index, &input)| index == input);
    if matrix.by_output && matrix.scale == 1.0 && in_order {
        return Ok(Constant { shape, data: matrix.constant.data.clone() });
    }
    let (input_stride, output_stride) = if matrix.by_output { (1, matrix.inputs) } else { (matrix.outputs, 1) };
    let mut kernel = Vec::with_capacity(values.len());
    for output in 0..matrix.outputs {
        kernel.extend(order.iter().map(|input| values[input * input_stride + output * output_stride] * matrix.scale));
    }
    Ok(Constant::floats(shape, kernel))
}
