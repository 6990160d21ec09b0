//! Computes the values of nodes whose inputs are all known: the arithmetic on shapes that exporters write out, and
//! constant parts of the graph.

mod elementwise;
mod moving;
mod normalise;
mod place;
mod product;
mod quantise;
mod resize;
mod sample;

use std::borrow::Cow;

pub(crate) use self::sample::base_grid;

use super::Context;
use super::reduce::reduced_axes;
use super::source::{constant_value, shape_part};
use super::value::{Elements, Value, is_float};
use crate::domain::tensor::element_count;
use crate::onnx::graph::Attribute;
use crate::onnx::operator::{Operator, ValueRule};
use crate::onnx::proto::data_type;

/// The values of a node's outputs, whose shapes are `shapes`; `None` where an input is not known, where a result does
/// not exist (a division of integers by zero), or where nobody needs the operator on constants.
pub(crate) fn evaluate(context: &Context, shapes: &[Vec<usize>]) -> Option<Vec<Value>> {
    let rule = Operator::of(context.node)?.values?;
    let one = |value: Option<Value>| value.map(|value| vec![value]);
    match rule {
        ValueRule::Constant => return one(constant_value(context)),
        ValueRule::Shape => return one(shape_value(shape_part(context).ok()?)),
        ValueRule::Size => {
            let count = element_count(context.shape(0).ok()?)?;
            return one(Value::new(vec![], data_type::INT64, Elements::Int(vec![i64::try_from(count).ok()?])));
        }
        _ => {}
    }
    let shape = shapes.first()?;
    let inputs = known_inputs(context)?;
    let first = inputs.first()?.as_deref();
    let second = || inputs.get(1).and_then(Option::as_deref);
    match rule {
        // These need no known input, and are done above.
        ValueRule::Constant | ValueRule::Shape | ValueRule::Size => None,
        ValueRule::Itself => one(Some(first?.clone())),
        ValueRule::Reshaped => {
            let value = first?;
            one(Value::new(shape.clone(), value.data_type, value.elements.clone()))
        }
        ValueRule::Elementwise => one(elementwise::elementwise(context, &context.node.op, &inputs, shape)),
        ValueRule::Cast => one(cast(first?, i32::try_from(context.node.int("to")?).ok()?)),
        ValueRule::CastLike => one(cast(first?, second()?.data_type)),
        ValueRule::ConstantOfShape => one(constant_of_shape(context, shape)),
        ValueRule::Range => one(range(&inputs, shape)),
        ValueRule::NonZero => one(non_zero(first?, shape)),
        ValueRule::Reduce => one(reduce(context, first?, shape)),
        ValueRule::ReduceFloats => one(reduce_floats(context, first?, shape)),
        ValueRule::QuantizeDequantize => one(quantise::round_trip(context, &inputs)),
        ValueRule::Hardmax => one(place::hardmax(context, first?)),
        ValueRule::Best => one(place::best(context, first?, context.node.op == "ArgMax", shape)),
        ValueRule::Normalise => normalise::normalised(context, &context.node.op, &inputs, shapes),
        ValueRule::CumSum => one(place::cumulative_sum(context, first?, second()?)),
        ValueRule::Einsum => one(product::einsum(context, &inputs, shape)),
        ValueRule::GatherElements => one(place::gather_elements(context, first?, second()?, shape)),
        ValueRule::GatherNd => one(place::gather_nd(context, first?, second()?, shape)),
        ValueRule::Gemm => one(product::gemm(context, &inputs, shape)),
        ValueRule::MatMul => one(product::matmul(first?, second()?, shape)),
        ValueRule::OneHot => one(place::one_hot(context, &inputs, shape)),
        ValueRule::Pad => one(place::pad(context, first?, inputs.get(2).and_then(Option::as_deref), shape)),
        ValueRule::Resize => one(resize::resize(context, first?, shape)),
        ValueRule::GridSample => one(sample::grid_sample(context, first?, second()?, shape)),
        ValueRule::AffineGrid => one(sample::affine_grid(context, first?, shape)),
        ValueRule::DeformConv => one(sample::deform_conv(context, &inputs, shape)),
        ValueRule::Scatter => {
            let (chosen, updates) = (second()?, inputs.get(2)?.as_deref()?);
            let place = if context.node.op == "ScatterND" { place::scatter_nd } else { place::scatter_elements };
            one(place(context, first?, chosen, updates))
        }
        ValueRule::Ranks => one(place::ranks(context, first?)),
        ValueRule::TopK => place::top_k(context, first?, shape),
        ValueRule::Trilu => one(place::triangle(context, first?, second())),
        ValueRule::Concat => one(moving::concat(context, &inputs, shape)),
        ValueRule::Expand => one(moving::expand(first?, shape)),
        ValueRule::Gather => one(moving::gather(context, first?, second()?, shape)),
        ValueRule::Slice => one(moving::slice(context, first?, shape)),
        ValueRule::Split => moving::split(context, first?, shapes),
        ValueRule::Tile => one(moving::tile(first?, shape)),
        ValueRule::Transpose => one(moving::transpose(context, first?, shape)),
    }
}

/// An input's value; `None` where the node leaves it out.
type Input<'a> = Option<Cow<'a, Value>>;

/// All inputs, or `None` where one of them is not known.
fn known_inputs<'a>(context: &Context<'a>) -> Option<Vec<Input<'a>>> {
    let count = context.node.inputs.len();
    let given = |index: &usize| context.node.input(*index).is_some();
    if !(0..count).filter(given).all(|index| context.is_known(index)) {
        return None;
    }
    (0..count).map(|index| if given(&index) { context.any_value(index).map(Some) } else { Some(None) }).collect()
}

fn shape_value(shape: &[usize]) -> Option<Value> {
    Some(Value::integers(shape.iter().map(|&length| i64::try_from(length).ok()).collect::<Option<_>>()?))
}

/// Another element type; floats are cut off towards zero.
fn cast(value: &Value, to: i32) -> Option<Value> {
    let elements = match (&value.elements, is_float(to)) {
        (Elements::Float(floats), true) => Elements::Float(floats.clone()),
        (Elements::Int(integers), true) => Elements::Float(integers.iter().map(|&integer| integer as f32).collect()),
        (Elements::Float(floats), false) if to == data_type::BOOL => {
            Elements::Int(floats.iter().map(|&float| i64::from(float != 0.0)).collect())
        }
        (Elements::Int(integers), false) if to == data_type::BOOL => {
            Elements::Int(integers.iter().map(|&integer| i64::from(integer != 0)).collect())
        }
        (Elements::Float(floats), false) => Elements::Int(floats.iter().map(|&float| cut_off(float, to)).collect()),
        (Elements::Int(integers), false) => {
            Elements::Int(integers.iter().map(|&integer| wrapped(integer, to)).collect())
        }
    };
    if to == data_type::STRING {
        return None;
    }
    Value::new(value.shape.clone(), if is_float(to) { data_type::FLOAT } else { to }, elements)
}

/// A float as an integer of a type. What is out of range becomes what onnxruntime makes of it on the processors of today: the
/// smallest number of the wide types, and of the narrow ones what is left of that or of the next wider type.
fn cut_off(float: f32, to: i32) -> i64 {
    if matches!(to, data_type::INT64 | data_type::UINT64 | data_type::UINT32) {
        // 2^63 and beyond; the comparison is false for NaN.
        let fits = float.abs() < 9.223_372e18;
        return wrapped(if fits { float as i64 } else { i64::MIN }, to);
    }
    let fits = (-2_147_483_648.0..2_147_483_648.0).contains(&float);
    wrapped(i64::from(if fits { float as i32 } else { i32::MIN }), to)
}

/// The lowest bits of an integer, as many as a type has.
fn wrapped(integer: i64, to: i32) -> i64 {
    match to {
        data_type::UINT8 => i64::from(integer as u8),
        data_type::INT8 => i64::from(integer as i8),
        data_type::UINT16 => i64::from(integer as u16),
        data_type::INT16 => i64::from(integer as i16),
        data_type::INT32 => i64::from(integer as i32),
        data_type::UINT32 => i64::from(integer as u32),
        _ => integer,
    }
}

/// One number repeated; 0.0 where the node names none.
fn constant_of_shape(context: &Context, shape: &[usize]) -> Option<Value> {
    let count = element_count(shape)?;
    let (data_type, elements) = match context.node.attributes.get("value") {
        None => (data_type::FLOAT, Elements::Float(vec![0.0; count])),
        Some(Attribute::Tensor(constant)) => {
            let value = Value::from_constant(constant)?;
            (value.data_type, value.elements.pick(&vec![0; count])?)
        }
        Some(_) => return None,
    };
    Value::new(shape.to_vec(), data_type, elements)
}

fn range(inputs: &[Input], shape: &[usize]) -> Option<Value> {
    let (start, step) = (inputs.first()?.as_deref()?, inputs.get(2)?.as_deref()?);
    let count = element_count(shape)?;
    let elements = match (&start.elements, &step.elements) {
        (Elements::Int(start), Elements::Int(step)) => {
            let (start, step) = (*start.first()?, *step.first()?);
            let number = |index| step.checked_mul(i64::try_from(index).ok()?)?.checked_add(start);
            Elements::Int((0..count).map(number).collect::<Option<_>>()?)
        }
        (Elements::Float(start), Elements::Float(step)) => {
            let (start, step) = (*start.first()?, *step.first()?);
            Elements::Float((0..count).map(|index| start + step * index as f32).collect())
        }
        _ => return None,
    };
    Value::new(shape.to_vec(), start.data_type, elements)
}

/// The indices of the elements that are not zero, one row per axis.
fn non_zero(value: &Value, shape: &[usize]) -> Option<Value> {
    let is_set = |index: &usize| match &value.elements {
        Elements::Int(integers) => integers[*index] != 0,
        Elements::Float(floats) => floats[*index] != 0.0,
    };
    let found: Vec<usize> = (0..value.elements.count()).filter(is_set).collect();
    let mut indices = Vec::new();
    for (&stride, &length) in moving::strides(&value.shape).iter().zip(&value.shape) {
        for &index in &found {
            indices.push(i64::try_from(index / stride.max(1) % length.max(1)).ok()?);
        }
    }
    Value::new(shape.to_vec(), data_type::INT64, Elements::Int(indices))
}

fn reduce(context: &Context, value: &Value, shape: &[usize]) -> Option<Value> {
    let (axes, _) = reduced_axes(context).ok()?;
    let kept: Vec<usize> =
        value.shape.iter().enumerate().map(|(axis, &length)| if axes.contains(&axis) { 1 } else { length }).collect();
    let targets = moving::broadcast_indices(&kept, &value.shape)?;
    let count = element_count(shape)?;
    if targets.is_empty() {
        return None;
    }
    let op = context.node.op.as_str();
    let elements = match &value.elements {
        Elements::Int(integers) => {
            let mut results: Vec<Option<i64>> = vec![None; count];
            for (&target, &integer) in targets.iter().zip(integers) {
                let result = results.get_mut(target)?;
                *result = Some(match (*result, op) {
                    (None, _) => integer,
                    (Some(other), "ReduceMax") => other.max(integer),
                    (Some(other), "ReduceMin") => other.min(integer),
                    (Some(other), "ReduceProd") => other.checked_mul(integer)?,
                    (Some(other), "ReduceSum") => other.checked_add(integer)?,
                    _ => return None,
                });
            }
            Elements::Int(results.into_iter().collect::<Option<_>>()?)
        }
        Elements::Float(floats) => {
            let mut results: Vec<Option<f32>> = vec![None; count];
            for (&target, &float) in targets.iter().zip(floats) {
                let result = results.get_mut(target)?;
                *result = Some(match (*result, op) {
                    (None, _) => float,
                    (Some(other), "ReduceMax") => other.max(float),
                    (Some(other), "ReduceMin") => other.min(float),
                    (Some(other), "ReduceProd") => other * float,
                    (Some(other), _) => other + float,
                });
            }
            let divisor = if op == "ReduceMean" { (floats.len() / count) as f32 } else { 1.0 };
            Elements::Float(results.into_iter().map(|sum| sum.map(|sum| sum / divisor)).collect::<Option<_>>()?)
        }
    };
    Value::new(shape.to_vec(), value.data_type, elements)
}

/// Norms and logarithms of sums, in double precision.
fn reduce_floats(context: &Context, value: &Value, shape: &[usize]) -> Option<Value> {
    let (axes, _) = reduced_axes(context).ok()?;
    let kept: Vec<usize> =
        value.shape.iter().enumerate().map(|(axis, &length)| if axes.contains(&axis) { 1 } else { length }).collect();
    let targets = moving::broadcast_indices(&kept, &value.shape)?;
    let Elements::Float(floats) = &value.elements else { return None };
    let mut sums = vec![0.0_f64; element_count(shape)?];
    let op = context.node.op.as_str();
    // The largest goes out of the exponentials first, for the sake of range.
    let largest = floats.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let shift = if op == "ReduceLogSumExp" && largest.is_finite() { f64::from(largest) } else { 0.0 };
    for (&target, &float) in targets.iter().zip(floats) {
        let float = f64::from(float);
        *sums.get_mut(target)? += match op {
            "ReduceL1" => float.abs(),
            "ReduceL2" | "ReduceSumSquare" => float * float,
            "ReduceLogSum" => float,
            _ => (float - shift).exp(),
        };
    }
    let result = |sum: f64| match op {
        "ReduceL2" => sum.sqrt(),
        "ReduceLogSum" | "ReduceLogSumExp" => sum.ln() + shift,
        _ => sum,
    };
    let results = sums.into_iter().map(|sum| result(sum) as f32).collect();
    Value::new(shape.to_vec(), value.data_type, Elements::Float(results))
}

impl<'a> Context<'a> {
    /// Whether the value of input `index` is known before the graph runs.
    pub fn is_known(&self, index: usize) -> bool {
        self.node
            .input(index)
            .is_some_and(|name| self.known.values.contains_key(name) || self.graph.constants.contains_key(name))
    }
}
