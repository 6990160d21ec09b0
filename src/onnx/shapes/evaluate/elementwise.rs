//! Arithmetic, comparisons and choices on known values.

use super::moving::broadcast_indices;
use super::{Context, Elements, Input, Value};
use crate::onnx::operator::STRAIGHT_ROUND;
use crate::onnx::proto::data_type;

/// The value of an elementwise operator, or `None` where it has no rule here or no result.
pub(super) fn elementwise(context: &Context, op: &str, inputs: &[Input], shape: &[usize]) -> Option<Value> {
    let given: Vec<&Value> = inputs.iter().filter_map(Option::as_deref).collect();
    match (op, &given[..]) {
        ("Where", [condition, yes, no]) => choose(condition, yes, no, shape),
        ("Clip", [value, ..]) => clip(context, inputs, value),
        ("Max" | "Min" | "Sum", [first, rest @ ..]) => {
            let start = spread(first, shape)?;
            rest.iter().try_fold(start, |left, right| binary(context, op, &left, right, shape))
        }
        ("Mean", [first, rest @ ..]) => {
            let start = spread(first, shape)?;
            let sum = rest.iter().try_fold(start, |left, right| binary(context, "Sum", &left, right, shape))?;
            let Elements::Float(floats) = &sum.elements else { return None };
            let mean = floats.iter().map(|float| float / given.len() as f32).collect();
            Value::new(shape.to_vec(), sum.data_type, Elements::Float(mean))
        }
        (_, [value]) => unary(context, op, value),
        (_, [left, right]) => binary(context, op, left, right, shape),
        _ => None,
    }
}

/// The value broadcast to a shape.
fn spread(value: &Value, shape: &[usize]) -> Option<Value> {
    if value.shape == shape {
        return Some(value.clone());
    }
    let indices = broadcast_indices(&value.shape, shape)?;
    Value::new(shape.to_vec(), value.data_type, value.elements.pick(&indices)?)
}

fn unary(context: &Context, op: &str, value: &Value) -> Option<Value> {
    let number = |name: &str, default: f32| context.node.float(name).unwrap_or(default);
    let elements = match &value.elements {
        Elements::Float(floats) => {
            if let Some(test) = float_property(context, op) {
                let truths = floats.iter().map(|&float| i64::from(test(float))).collect();
                return Value::new(value.shape.clone(), data_type::BOOL, Elements::Int(truths));
            }
            let function: fn(f32) -> f32 = match op {
                "Abs" => f32::abs,
                "Acos" => f32::acos,
                "Acosh" => f32::acosh,
                "Asin" => f32::asin,
                "Asinh" => f32::asinh,
                "Atan" => f32::atan,
                "Atanh" => f32::atanh,
                "Ceil" => f32::ceil,
                "Cos" => f32::cos,
                "Cosh" => f32::cosh,
                "Exp" => f32::exp,
                "Floor" => f32::floor,
                "Log" => f32::ln,
                "Neg" => |x| -x,
                "Reciprocal" => |x| 1.0 / x,
                "Relu" => |x| x.max(0.0),
                "Round" | STRAIGHT_ROUND => f32::round_ties_even,
                "Sigmoid" => |x| 1.0 / (1.0 + (-x).exp()),
                "Sign" => |x| if x == 0.0 { 0.0 } else { x.signum() },
                "Sin" => f32::sin,
                "Sinh" => f32::sinh,
                "Softplus" => |x| x.max(0.0) + (-x.abs()).exp().ln_1p(),
                "Softsign" => |x| x / (1.0 + x.abs()),
                "Sqrt" => f32::sqrt,
                "Tan" => f32::tan,
                "Tanh" => f32::tanh,
                "Shrink" => {
                    let (bias, limit) = (number("bias", 0.0), number("lambd", 0.5));
                    return mapped(value, |x| {
                        if x < -limit {
                            x + bias
                        } else if x > limit {
                            x - bias
                        } else {
                            0.0
                        }
                    });
                }
                "ThresholdedRelu" => {
                    let limit = number("alpha", 1.0);
                    return mapped(value, |x| if x > limit { x } else { 0.0 });
                }
                "LeakyRelu" => {
                    let slope = number("alpha", 0.01);
                    return mapped(value, |x| if x < 0.0 { x * slope } else { x });
                }
                _ => return None,
            };
            Elements::Float(floats.iter().map(|&float| function(float)).collect())
        }
        Elements::Int(integers) => {
            let function: fn(i64) -> Option<i64> = match op {
                "Abs" => i64::checked_abs,
                "Neg" => i64::checked_neg,
                "Not" => |x| Some(i64::from(x == 0)),
                "Relu" => |x| Some(x.max(0)),
                "Sign" => |x| Some(x.signum()),
                _ => return None,
            };
            Elements::Int(integers.iter().map(|&integer| function(integer)).collect::<Option<_>>()?)
        }
    };
    Value::new(value.shape.clone(), value.data_type, elements)
}

/// The value with a function applied to each of its floats.
fn mapped(value: &Value, function: impl Fn(f32) -> f32) -> Option<Value> {
    let Elements::Float(floats) = &value.elements else { return None };
    let floats = floats.iter().map(|&float| function(float)).collect();
    Value::new(value.shape.clone(), value.data_type, Elements::Float(floats))
}

/// What IsNaN and IsInf ask about a float.
fn float_property(context: &Context, op: &str) -> Option<Box<dyn Fn(f32) -> bool>> {
    match op {
        "IsNaN" => Some(Box::new(f32::is_nan)),
        "IsInf" => {
            let detects = |name: &str| context.node.int(name).unwrap_or(1) != 0;
            let (negative, positive) = (detects("detect_negative"), detects("detect_positive"));
            Some(Box::new(move |x| x.is_infinite() && if x < 0.0 { negative } else { positive }))
        }
        _ => None,
    }
}

fn binary(context: &Context, op: &str, left: &Value, right: &Value, shape: &[usize]) -> Option<Value> {
    let (left, right) = (spread(left, shape)?, spread(right, shape)?);
    let compared = |results: Vec<bool>| {
        let integers = results.into_iter().map(i64::from).collect();
        Value::new(shape.to_vec(), data_type::BOOL, Elements::Int(integers))
    };
    match (&left.elements, &right.elements) {
        (Elements::Int(a), Elements::Int(b)) => {
            if let Some(test) = integer_test(op) {
                return compared(a.iter().zip(b).map(|(a, b)| test(a, b)).collect());
            }
            let remainder_like_c = context.node.int("fmod").unwrap_or(0) != 0;
            let results = a.iter().zip(b).map(|(&a, &b)| integer(op, a, b, remainder_like_c));
            Value::new(shape.to_vec(), left.data_type, Elements::Int(results.collect::<Option<_>>()?))
        }
        (Elements::Float(a), Elements::Float(b)) => {
            if let Some(test) = float_test(op) {
                return compared(a.iter().zip(b).map(|(a, b)| test(a, b)).collect());
            }
            let function = float(op, context.node.int("fmod").unwrap_or(0) != 0)?;
            let results = a.iter().zip(b).map(|(&a, &b)| function(a, b)).collect();
            Value::new(shape.to_vec(), data_type::FLOAT, Elements::Float(results))
        }
        // Only Pow may mix types: the exponent can be of any.
        (Elements::Float(a), Elements::Int(b)) if op == "Pow" => {
            let results = a.iter().zip(b).map(|(a, &b)| a.powf(b as f32)).collect();
            Value::new(shape.to_vec(), data_type::FLOAT, Elements::Float(results))
        }
        _ => None,
    }
}

fn integer_test(op: &str) -> Option<fn(&i64, &i64) -> bool> {
    Some(match op {
        "And" => |a, b| *a != 0 && *b != 0,
        "Equal" => i64::eq,
        "Greater" => i64::gt,
        "GreaterOrEqual" => i64::ge,
        "Less" => i64::lt,
        "LessOrEqual" => i64::le,
        "Or" => |a, b| *a != 0 || *b != 0,
        "Xor" => |a, b| (*a != 0) != (*b != 0),
        _ => return None,
    })
}

fn float_test(op: &str) -> Option<fn(&f32, &f32) -> bool> {
    Some(match op {
        "Equal" => f32::eq,
        "Greater" => f32::gt,
        "GreaterOrEqual" => f32::ge,
        "Less" => f32::lt,
        "LessOrEqual" => f32::le,
        _ => return None,
    })
}

fn integer(op: &str, a: i64, b: i64, remainder_like_c: bool) -> Option<i64> {
    match op {
        "Add" | "Sum" => a.checked_add(b),
        "Div" => a.checked_div(b),
        "Max" => Some(a.max(b)),
        "Min" => Some(a.min(b)),
        "Mod" if remainder_like_c => a.checked_rem(b),
        // Without fmod the remainder has the sign of the divisor, as in Python.
        "Mod" => a.checked_rem(b).map(|rest| if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }),
        "Mul" => a.checked_mul(b),
        "Pow" => a.checked_pow(u32::try_from(b).ok()?),
        "Sub" => a.checked_sub(b),
        _ => None,
    }
}

fn float(op: &str, remainder_like_c: bool) -> Option<fn(f32, f32) -> f32> {
    Some(match op {
        "Add" | "Sum" => |a, b| a + b,
        "Div" => |a, b| a / b,
        "Max" => f32::max,
        "Min" => f32::min,
        "Mod" if remainder_like_c => |a, b| a % b,
        // The sign of the divisor, as for integers.
        "Mod" => |a, b| {
            let rest = a % b;
            if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
        },
        "Mul" => |a, b| a * b,
        "Pow" => f32::powf,
        "Sub" => |a, b| a - b,
        _ => return None,
    })
}

fn choose(condition: &Value, yes: &Value, no: &Value, shape: &[usize]) -> Option<Value> {
    let (condition, yes, no) = (spread(condition, shape)?, spread(yes, shape)?, spread(no, shape)?);
    let condition = condition.as_integers()?;
    let elements = match (&yes.elements, &no.elements) {
        (Elements::Int(yes), Elements::Int(no)) => {
            let chosen = condition.iter().zip(yes.iter().zip(no));
            Elements::Int(chosen.map(|(&test, (&yes, &no))| if test != 0 { yes } else { no }).collect())
        }
        (Elements::Float(yes), Elements::Float(no)) => {
            let chosen = condition.iter().zip(yes.iter().zip(no));
            Elements::Float(chosen.map(|(&test, (&yes, &no))| if test != 0 { yes } else { no }).collect())
        }
        _ => return None,
    };
    Value::new(shape.to_vec(), yes.data_type, elements)
}

/// Bounds from inputs, or from attributes before opset 11.
fn clip(context: &Context, inputs: &[Input], value: &Value) -> Option<Value> {
    let bound = |index: usize| inputs.get(index).and_then(Option::as_deref);
    let elements = match &value.elements {
        Elements::Float(floats) => {
            let limit = |index: usize, attribute: &str, default: f32| match bound(index).map(|value| &value.elements) {
                Some(Elements::Float(limit)) => limit.first().copied(),
                Some(Elements::Int(_)) => None,
                None => Some(context.node.float(attribute).unwrap_or(default)),
            };
            let (least, most) = (limit(1, "min", f32::MIN)?, limit(2, "max", f32::MAX)?);
            // Not f32::clamp, which panics where the bounds are the wrong way round.
            Elements::Float(floats.iter().map(|float| float.max(least).min(most)).collect())
        }
        Elements::Int(integers) => {
            let limit = |index: usize, default: i64| match bound(index) {
                Some(value) => value.as_integers()?.first().copied(),
                None => Some(default),
            };
            let (least, most) = (limit(1, i64::MIN)?, limit(2, i64::MAX)?);
            Elements::Int(integers.iter().map(|&integer| integer.max(least).min(most)).collect())
        }
    };
    Value::new(value.shape.clone(), value.data_type, elements)
}
