//! Functions of each element by itself.

use std::f32::consts::{FRAC_1_SQRT_2, FRAC_PI_2, PI};

use crate::onnx::bounds::bounds_of;
use crate::onnx::core::build::{Lowering, View, tensor_shape};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::graph::{Constant, Node};
use crate::onnx::operator::GATE;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let x = lowering.input(node, 0)?;
    let alpha = |default: f32| node.float("alpha").unwrap_or(default);
    let y = match node.op.as_str() {
        "Clip" => {
            let [low, high] =
                bounds_of(node, lowering.source).ok_or_else(|| lowering.unsupported("its bounds are not constants"))?;
            clip(lowering, To::Node, &x, low, high)?
        }
        // Defaults of ONNX: 0.2 and 0.5.
        "HardSigmoid" => {
            let scaled = lowering.with_number(To::Step("scaled"), "Mul", &x, alpha(0.2))?;
            let shifted =
                lowering.with_number(To::Step("shifted"), "Add", &scaled, node.float("beta").unwrap_or(0.5))?;
            clip(lowering, To::Node, &shifted, 0.0, 1.0)?
        }
        "HardSwish" => {
            let shifted = lowering.with_number(To::Step("shifted"), "Add", &x, 3.0)?;
            let gate = clip(lowering, To::Step("gate"), &shifted, 0.0, 6.0)?;
            let gated = lowering.pairwise(To::Step("gated"), "Mul", &gate, &x)?;
            lowering.with_number(To::Node, "Mul", &gated, 1.0 / 6.0)?
        }
        "Swish" => {
            let scaled = match alpha(1.0) {
                1.0 => x.clone(),
                alpha => lowering.with_number(To::Step("scaled"), "Mul", &x, alpha)?,
            };
            let gate = lowering.unary(To::Step("gate"), "Sigmoid", &scaled)?;
            lowering.pairwise(To::Node, "Mul", &x, &gate)?
        }
        "LeakyRelu" => {
            let (positive, negative) = parts(lowering, &x)?;
            let scaled = lowering.with_number(To::Step("scaled"), "Mul", &negative, alpha(0.01))?;
            lowering.pairwise(To::Node, "Add", &positive, &scaled)?
        }
        "Elu" => exponential_tail(lowering, &x, 1.0, alpha(1.0), 1.0)?,
        "Celu" => exponential_tail(lowering, &x, 1.0, alpha(1.0), 1.0 / alpha(1.0))?,
        // Defaults of ONNX, which are the constants of the SELU paper.
        "Selu" => {
            let (alpha, gamma) = (alpha(1.673_263_2), node.float("gamma").unwrap_or(1.050_701));
            exponential_tail(lowering, &x, gamma, alpha * gamma, 1.0)?
        }
        "Softplus" => {
            // log(1 + exp(x)) overflows; max(x, 0) + log(1 + exp(−|x|)) does not.
            // At 0 half of the gradient comes from the maximum, and none from the size.
            let positive = lowering.with_number(To::Step("positive"), "Max", &x, 0.0)?;
            let size = lowering.unary(To::Step("size"), "Abs", &x)?;
            let negated = lowering.unary(To::Step("negated"), "Neg", &size)?;
            let power = lowering.unary(To::Step("exp"), "Exp", &negated)?;
            let shifted = lowering.with_number(To::Step("shifted"), "Add", &power, 1.0)?;
            let rest = lowering.unary(To::Step("log"), "Log", &shifted)?;
            lowering.pairwise(To::Node, "Add", &positive, &rest)?
        }
        "Softsign" => {
            let size = lowering.unary(To::Step("size"), "Abs", &x)?;
            let shifted = lowering.with_number(To::Step("shifted"), "Add", &size, 1.0)?;
            lowering.pairwise(To::Node, "Div", &x, &shifted)?
        }
        "Mish" => mish(lowering, &x)?,
        "Erf" => erf(lowering, To::Node, &x)?,
        "Gelu" => gelu(lowering, &x, node.text("approximate") == Some("tanh"))?,
        "Ceil" => {
            let negated = lowering.unary(To::Step("negated"), "Neg", &x)?;
            let lower = lowering.unary(To::Step("floor"), "Floor", &negated)?;
            lowering.unary(To::Node, "Neg", &lower)?
        }
        "Sin" => sine(lowering, To::Node, &x, 0.0)?,
        "Cos" => sine(lowering, To::Node, &x, 0.5)?,
        "Tan" => {
            let (sine, cosine) =
                (sine(lowering, To::Step("sine"), &x, 0.0)?, sine(lowering, To::Step("cosine"), &x, 0.5)?);
            lowering.pairwise(To::Node, "Div", &sine, &cosine)?
        }
        "Sinh" | "Cosh" => {
            // Half of eˣ is taken as eˣ⁻ˡⁿ², which overflows later.
            let halved = lowering.with_number(To::Step("shifted"), "Sub", &x, std::f32::consts::LN_2)?;
            let rising = lowering.unary(To::Step("rising"), "Exp", &halved)?;
            let negated = lowering.unary(To::Step("negated"), "Neg", &x)?;
            let halved = lowering.with_number(To::Step("shifted"), "Sub", &negated, std::f32::consts::LN_2)?;
            let falling = lowering.unary(To::Step("falling"), "Exp", &halved)?;
            lowering.pairwise(To::Node, if node.op == "Sinh" { "Sub" } else { "Add" }, &rising, &falling)?
        }
        "Atan" => arc_tangent(lowering, To::Node, &x)?,
        "Asin" => arc_sine(lowering, To::Node, &x)?,
        "Acos" => {
            let sine = arc_sine(lowering, To::Step("sine"), &x)?;
            lowering.number_with(To::Node, "Sub", FRAC_PI_2, &sine)?
        }
        // sign(x) · log(|x| + √(x² + 1)), which loses nothing for large negative numbers.
        "Asinh" => {
            let (sign, size) = sign_and_size(lowering, &x)?;
            let logarithm = area(lowering, To::Step("log"), &size, 1.0)?;
            lowering.pairwise(To::Node, "Mul", &logarithm, &sign)?
        }
        "Acosh" => area(lowering, To::Node, &x, -1.0)?,
        // Half of log((1 + x) / (1 − x)).
        "Atanh" => {
            let above = lowering.with_number(To::Step("above"), "Add", &x, 1.0)?;
            let below = lowering.number_with(To::Step("below"), "Sub", 1.0, &x)?;
            let quotient = lowering.pairwise(To::Step("quotient"), "Div", &above, &below)?;
            let logarithm = lowering.unary(To::Step("log"), "Log", &quotient)?;
            lowering.with_number(To::Node, "Mul", &logarithm, 0.5)?
        }
        "Shrink" => shrink(lowering, &x, node.float("lambd").unwrap_or(0.5), node.float("bias").unwrap_or(0.0))?,
        "ThresholdedRelu" => {
            let ahead = lowering.with_number(To::Step("ahead"), "Sub", &x, alpha(1.0))?;
            let sign = lowering.unary(To::Step("sign"), "Sign", &ahead)?;
            let open = lowering.unary(To::Step("open"), "Relu", &sign)?;
            lowering.pairwise(To::Node, GATE, &open, &x)?
        }
        op => lowering.unary(To::Node, op, &x)?,
    };
    lowering.set(node.output(), y);
    Ok(())
}

/// `max(x, 0)` and `min(x, 0)`, both exact. At 0 the derivative of the first is 0 and that of the second 1, as PyTorch has it for
/// functions that are made of two parts.
pub(super) fn parts(lowering: &mut Lowering<'_>, x: &View) -> Result<(View, View), LowerError> {
    let positive = lowering.unary(To::Step("positive"), "Relu", x)?;
    let negative = lowering.pairwise(To::Step("negative"), "Sub", x, &positive)?;
    Ok((positive, negative))
}

/// The whole part, towards zero.
pub(super) fn truncated(lowering: &mut Lowering<'_>, to: To<'_>, x: &View) -> Result<View, LowerError> {
    let size = lowering.unary(To::Step("size"), "Abs", x)?;
    let whole = lowering.unary(To::Step("whole"), "Floor", &size)?;
    let sign = lowering.unary(To::Step("sign"), "Sign", x)?;
    lowering.pairwise(to, "Mul", &whole, &sign)
}

/// `sin(x + π · turn)` for a turn of 0 or one half: of what is left when whole half turns are taken off x, in three pieces so that
/// nothing is lost, by the series, whose error is below 6e-8 up to π/2; odd half turns change the sign. (Shading languages
/// promise no more than 5e-4.)
fn sine(lowering: &mut Lowering<'_>, to: To<'_>, x: &View, turn: f32) -> Result<View, LowerError> {
    /// π in parts of 11, 11 and 24 bits, so that their products with up to 4,096 half turns are exact.
    const PARTS: [f32; 3] = [3.140_625, 9.670_258e-4, 6.277_114e-7];
    const TERMS: [f32; 5] = [2.755_731_9e-6, -1.984_127e-4, 8.333_333e-3, -1.666_666_7e-1, 1.0];
    let turns = lowering.with_number(To::Step("turns"), "Mul", x, 1.0 / PI)?;
    let turns = if turn == 0.0 { turns } else { lowering.with_number(To::Step("turned"), "Add", &turns, turn)? };
    let nearest = lowering.unary(To::Step("nearest"), "Round", &turns)?;
    let whole =
        if turn == 0.0 { nearest.clone() } else { lowering.with_number(To::Step("back"), "Sub", &nearest, turn)? };
    let mut rest = x.clone();
    for part in PARTS {
        let taken = lowering.with_number(To::Step("taken"), "Mul", &whole, part)?;
        rest = lowering.pairwise(To::Step("rest"), "Sub", &rest, &taken)?;
    }
    let square = lowering.pairwise(To::Step("square"), "Mul", &rest, &rest)?;
    let mut series = lowering.with_number(To::Step("term"), "Mul", &square, -2.505_210_8e-8)?;
    for (index, &term) in TERMS.iter().enumerate() {
        let sum = lowering.with_number(To::Step("sum"), "Add", &series, term)?;
        let last = index + 1 == TERMS.len();
        series = lowering.pairwise(To::Step("term"), "Mul", &sum, if last { &rest } else { &square })?;
    }
    // 1 for an even number of half turns and −1 for an odd one.
    let halved = lowering.with_number(To::Step("halved"), "Mul", &nearest, 0.5)?;
    let below = lowering.unary(To::Step("below"), "Floor", &halved)?;
    let odd = lowering.pairwise(To::Step("odd"), "Sub", &halved, &below)?;
    let scaled = lowering.with_number(To::Step("scaled"), "Mul", &odd, -4.0)?;
    let sign = lowering.with_number(To::Step("side"), "Add", &scaled, 1.0)?;
    lowering.pairwise(to, "Mul", &series, &sign)
}

/// `log(x + √(x² + c))`.
fn area(lowering: &mut Lowering<'_>, to: To<'_>, x: &View, c: f32) -> Result<View, LowerError> {
    let square = lowering.pairwise(To::Step("square"), "Mul", x, x)?;
    let shifted = lowering.with_number(To::Step("shifted"), "Add", &square, c)?;
    let root = lowering.unary(To::Step("root"), "Sqrt", &shifted)?;
    let sum = lowering.pairwise(To::Step("sum"), "Add", x, &root)?;
    lowering.unary(to, "Log", &sum)
}

/// `atan(x / √(1 − x²))`.
fn arc_sine(lowering: &mut Lowering<'_>, to: To<'_>, x: &View) -> Result<View, LowerError> {
    let square = lowering.pairwise(To::Step("square"), "Mul", x, x)?;
    let rest = lowering.number_with(To::Step("rest"), "Sub", 1.0, &square)?;
    let root = lowering.unary(To::Step("root"), "Sqrt", &rest)?;
    let tangent = lowering.pairwise(To::Step("tangent"), "Div", x, &root)?;
    arc_tangent(lowering, to, &tangent)
}

/// The arc tangent of up to 1 by formula 4.4.49 of Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), whose error is at
/// most 2e-8; beyond it is a right angle less that of the reciprocal.
fn arc_tangent(lowering: &mut Lowering<'_>, to: To<'_>, x: &View) -> Result<View, LowerError> {
    const TERMS: [f32; 8] =
        [-0.016_165_737, 0.042_909_614, -0.075_289_64, 0.106_562_64, -0.142_089, 0.199_935_5, -0.333_331_45, 1.0];
    let (sign, size) = sign_and_size(lowering, x)?;
    let ahead = lowering.with_number(To::Step("ahead"), "Sub", &size, 1.0)?;
    let side = lowering.unary(To::Step("side"), "Sign", &ahead)?;
    let beyond = lowering.unary(To::Step("beyond"), "Relu", &side)?;
    let within = lowering.number_with(To::Step("within"), "Sub", 1.0, &beyond)?;
    // Below 1 nothing is divided, since the gradient at 0 would be no number. At 1 the masks choose: a smallest of two that are the same
    // would share the gradient out among them, and they have opposite ones.
    let large = lowering.with_number(To::Step("large"), "Max", &size, 1.0)?;
    let reciprocal = lowering.unary(To::Step("reciprocal"), "Reciprocal", &large)?;
    let of_size = lowering.pairwise(To::Step("low"), GATE, &within, &size)?;
    let of_reciprocal = lowering.pairwise(To::Step("high"), GATE, &beyond, &reciprocal)?;
    let small = lowering.pairwise(To::Step("small"), "Add", &of_size, &of_reciprocal)?;
    let square = lowering.pairwise(To::Step("square"), "Mul", &small, &small)?;
    let mut series = lowering.with_number(To::Step("term"), "Mul", &square, 0.002_866_225_7)?;
    for (index, &term) in TERMS.iter().enumerate() {
        let sum = lowering.with_number(To::Step("sum"), "Add", &series, term)?;
        let last = index + 1 == TERMS.len();
        series = lowering.pairwise(To::Step("term"), "Mul", &sum, if last { &small } else { &square })?;
    }
    let doubled = lowering.with_number(To::Step("doubled"), "Mul", &series, -2.0)?;
    let change = lowering.with_number(To::Step("change"), "Add", &doubled, FRAC_PI_2)?;
    let changed = lowering.pairwise(To::Step("changed"), "Mul", &change, &beyond)?;
    let angle = lowering.pairwise(To::Step("angle"), "Add", &series, &changed)?;
    lowering.pairwise(to, "Mul", &angle, &sign)
}

/// What lies further from zero than `threshold`, nearer to zero by `bias`.
fn shrink(lowering: &mut Lowering<'_>, x: &View, threshold: f32, bias: f32) -> Result<View, LowerError> {
    let mut sides = Vec::new();
    for side in [1.0, -1.0] {
        let turned = lowering.with_number(To::Step("side"), "Mul", x, side)?;
        let ahead = lowering.with_number(To::Step("ahead"), "Sub", &turned, threshold)?;
        let sign = lowering.unary(To::Step("sign"), "Sign", &ahead)?;
        let open = lowering.unary(To::Step("open"), "Relu", &sign)?;
        let moved = lowering.with_number(To::Step("moved"), "Sub", x, side * bias)?;
        sides.push(lowering.pairwise(To::Step("part"), GATE, &open, &moved)?);
    }
    lowering.pairwise(To::Node, "Add", &sides[0], &sides[1])
}

/// `min(max(x, low), high)`, where a bound that no f32 lies beyond is none.
pub(super) fn clip(lowering: &mut Lowering<'_>, to: To<'_>, x: &View, low: f32, high: f32) -> Result<View, LowerError> {
    match (low > f32::MIN, high < f32::MAX) {
        (false, false) => Ok(x.clone()),
        (true, false) if low == 0.0 => lowering.unary(to, "Relu", x),
        (has_low, has_high) => {
            let low = if has_low { scalar(lowering, low) } else { String::new() };
            let mut inputs = vec![x.tensor.as_str(), &low];
            let high = has_high.then(|| scalar(lowering, high));
            inputs.extend(high.as_deref());
            let tensor = lowering.emit(to, Node::new("Clip", &inputs, ""), tensor_shape(x.layout.extents))?;
            Ok(View { tensor, layout: x.layout.clone() })
        }
    }
}

/// A number as a constant without dimensions, which is what Clip takes.
fn scalar(lowering: &mut Lowering<'_>, number: f32) -> String {
    let name = format!("scalar/{:08x}", number.to_bits());
    lowering.keep_constant(&name, Constant::floats(Vec::new(), vec![number]));
    name
}

/// `slope · max(x, 0) + alpha · (exp(rate · min(x, 0)) − 1)`.
fn exponential_tail(
    lowering: &mut Lowering<'_>,
    x: &View,
    slope: f32,
    alpha: f32,
    rate: f32,
) -> Result<View, LowerError> {
    let (mut positive, mut negative) = parts(lowering, x)?;
    if rate != 1.0 {
        negative = lowering.with_number(To::Step("rate"), "Mul", &negative, rate)?;
    }
    let power = lowering.unary(To::Step("exp"), "Exp", &negative)?;
    let mut tail = lowering.with_number(To::Step("tail"), "Sub", &power, 1.0)?;
    if alpha != 1.0 {
        tail = lowering.with_number(To::Step("scaled"), "Mul", &tail, alpha)?;
    }
    if slope != 1.0 {
        positive = lowering.with_number(To::Step("slope"), "Mul", &positive, slope)?;
    }
    lowering.pairwise(To::Node, "Add", &positive, &tail)
}

/// `x · tanh(log(1 + exp(x)))`, which is `x · n / (n + 2)` with `n = e(e + 2)`, `e = exp(x)`. From x = 20 on the fraction is
/// 1 in f32, and below it nothing overflows.
fn mish(lowering: &mut Lowering<'_>, x: &View) -> Result<View, LowerError> {
    let low = clip(lowering, To::Step("bounded"), x, f32::NEG_INFINITY, 20.0)?;
    let power = lowering.unary(To::Step("exp"), "Exp", &low)?;
    let shifted = lowering.with_number(To::Step("shifted"), "Add", &power, 2.0)?;
    let top = lowering.pairwise(To::Step("top"), "Mul", &power, &shifted)?;
    let bottom = lowering.with_number(To::Step("bottom"), "Add", &top, 2.0)?;
    let fraction = lowering.pairwise(To::Step("fraction"), "Div", &top, &bottom)?;
    lowering.pairwise(To::Node, "Mul", x, &fraction)
}

/// The sign, which is 1 for 0 as well, so that the derivative there is that of the positive side, and the size.
fn sign_and_size(lowering: &mut Lowering<'_>, x: &View) -> Result<(View, View), LowerError> {
    let side = lowering.unary(To::Step("side"), "Sign", x)?;
    let side = lowering.with_number(To::Step("side"), "Add", &side, 0.5)?;
    let sign = lowering.unary(To::Step("sign"), "Sign", &side)?;
    let size = lowering.pairwise(To::Step("size"), "Mul", x, &sign)?;
    Ok((sign, size))
}

/// The error function by formula 7.1.26 of Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964); its error is
/// at most 1.5e-7.
pub(super) fn erf(lowering: &mut Lowering<'_>, to: To<'_>, x: &View) -> Result<View, LowerError> {
    const P: f32 = 0.327_591_1;
    const COEFFICIENTS: [f32; 5] = [1.061_405_4, -1.453_152, 1.421_413_8, -0.284_496_74, 0.254_829_6];
    let (sign, size) = sign_and_size(lowering, x)?;
    let scaled = lowering.with_number(To::Step("scaled"), "Mul", &size, P)?;
    let shifted = lowering.with_number(To::Step("shifted"), "Add", &scaled, 1.0)?;
    let t = lowering.unary(To::Step("t"), "Reciprocal", &shifted)?;
    let mut polynomial = lowering.with_number(To::Step("term"), "Mul", &t, COEFFICIENTS[0])?;
    for coefficient in &COEFFICIENTS[1..] {
        let sum = lowering.with_number(To::Step("sum"), "Add", &polynomial, *coefficient)?;
        polynomial = lowering.pairwise(To::Step("term"), "Mul", &sum, &t)?;
    }
    let square = lowering.pairwise(To::Step("square"), "Mul", x, x)?;
    let negated = lowering.unary(To::Step("negated"), "Neg", &square)?;
    let power = lowering.unary(To::Step("exp"), "Exp", &negated)?;
    let rest = lowering.pairwise(To::Step("rest"), "Mul", &polynomial, &power)?;
    let positive = lowering.number_with(To::Step("positive"), "Sub", 1.0, &rest)?;
    lowering.pairwise(to, "Mul", &sign, &positive)
}

fn gelu(lowering: &mut Lowering<'_>, x: &View, tanh: bool) -> Result<View, LowerError> {
    let inner = if tanh {
        let square = lowering.pairwise(To::Step("square"), "Mul", x, x)?;
        let scaled = lowering.with_number(To::Step("cubic"), "Mul", &square, 0.044_715)?;
        let shifted = lowering.with_number(To::Step("linear"), "Add", &scaled, 1.0)?;
        let product = lowering.pairwise(To::Step("product"), "Mul", &shifted, x)?;
        let argument = lowering.with_number(To::Step("argument"), "Mul", &product, (2.0 / PI).sqrt())?;
        lowering.unary(To::Step("tanh"), "Tanh", &argument)?
    } else {
        let argument = lowering.with_number(To::Step("argument"), "Mul", x, FRAC_1_SQRT_2)?;
        erf(lowering, To::Step("erf"), &argument)?
    };
    let shifted = lowering.with_number(To::Step("gate"), "Add", &inner, 1.0)?;
    let gated = lowering.pairwise(To::Step("gated"), "Mul", x, &shifted)?;
    lowering.with_number(To::Node, "Mul", &gated, 0.5)
}

/// `x` to the power of a number.
pub(super) fn power(lowering: &mut Lowering<'_>, to: To<'_>, x: &View, exponent: f32) -> Result<View, LowerError> {
    if exponent < 0.0 {
        if exponent == -1.0 {
            return lowering.unary(to, "Reciprocal", x);
        }
        let positive = power(lowering, To::Step("power"), x, -exponent)?;
        return lowering.unary(to, "Reciprocal", &positive);
    }
    // Whole exponents by products, quarters by square roots: exact to rounding, and right for negative numbers where the
    // exponent is whole.
    let quarters = exponent * 4.0;
    if quarters.fract() != 0.0 || exponent > 16.0 {
        let logarithm = lowering.unary(To::Step("log"), "Log", x)?;
        let scaled = lowering.with_number(To::Step("scaled"), "Mul", &logarithm, exponent)?;
        return lowering.unary(to, "Exp", &scaled);
    }
    let mut factors = Vec::new();
    let mut square = x.clone();
    let mut whole = exponent.trunc();
    while whole > 0.0 {
        if whole % 2.0 == 1.0 {
            factors.push(square.clone());
        }
        whole = (whole / 2.0).trunc();
        if whole > 0.0 {
            square = lowering.pairwise(To::Step("square"), "Mul", &square, &square)?;
        }
    }
    let quarter_count = quarters % 4.0;
    if quarter_count != 0.0 {
        let root = lowering.unary(To::Step("root"), "Sqrt", x)?;
        if quarter_count >= 2.0 {
            factors.push(root.clone());
        }
        if quarter_count % 2.0 == 1.0 {
            factors.push(lowering.unary(To::Step("root"), "Sqrt", &root)?);
        }
    }
    let Some((first, rest)) = factors.split_first() else {
        // x to the power of 0.
        let zero = lowering.with_number(To::Step("zero"), "Mul", x, 0.0)?;
        return lowering.with_number(to, "Add", &zero, 1.0);
    };
    let Some((last, middle)) = rest.split_last() else {
        // One factor alone has been emitted as a step; give it the name that is asked for.
        return lowering.with_number(to, "Mul", first, 1.0);
    };
    let mut product = first.clone();
    for factor in middle {
        product = lowering.pairwise(To::Step("product"), "Mul", &product, factor)?;
    }
    lowering.pairwise(to, "Mul", &product, last)
}
