//! Normalizations and the pooling of whole maps, on floats. Sums are in double precision.

use super::moving::{all_offsets, broadcast_indices, indices, strides};
use super::place::along;
use super::{Context, Elements, Input, Value};
use crate::domain::tensor::element_count;
use crate::onnx::proto::data_type;
use crate::onnx::shapes::context::axes;
use crate::onnx::shapes::window::Windows;

/// The value of an operator of this family, or `None`.
pub(super) fn normalised(context: &Context, op: &str, inputs: &[Input], shapes: &[Vec<usize>]) -> Option<Vec<Value>> {
    let value = inputs.first()?.as_deref()?;
    let Elements::Float(floats) = &value.elements else { return None };
    let given = |index: usize| inputs.get(index).and_then(Option::as_deref);
    let shape = &value.shape;
    let epsilon = f64::from(context.node.float("epsilon").unwrap_or(1e-5));
    let one = |floats: Vec<f32>, shape: &[usize]| {
        Some(vec![Value::new(shape.to_vec(), data_type::FLOAT, Elements::Float(floats))?])
    };
    match op {
        "BatchNormalization" => {
            let (scale, bias) = (along(given(1)?, shape, 1)?, along(given(2)?, shape, 1)?);
            let training = context.node.int("training_mode").unwrap_or(0) != 0;
            let others: Vec<usize> = (0..shape.len()).filter(|&axis| axis != 1).collect();
            let groups = Groups::over(shape, &others)?;
            let (means, variances) =
                if training { groups.moments(floats) } else { (doubles(given(3)?)?, doubles(given(4)?)?) };
            let normal = groups.each(floats, |x, group| (x - means[group]) / (variances[group] + epsilon).sqrt());
            let mut results = one(scaled(&normal, &scale, &bias), shape)?;
            let momentum = f64::from(context.node.float("momentum").unwrap_or(0.9));
            for (index, now) in [(3, &means), (4, &variances)].into_iter().take(shapes.len().saturating_sub(1)) {
                let before = doubles(given(index)?)?;
                let mixed =
                    before.iter().zip(now).map(|(before, now)| (before * momentum + now * (1.0 - momentum)) as f32);
                results.extend(one(mixed.collect(), &[before.len()])?);
            }
            Some(results)
        }
        "InstanceNormalization" => {
            let (scale, bias) = (along(given(1)?, shape, 1)?, along(given(2)?, shape, 1)?);
            let groups = Groups::over(shape, &(2..shape.len()).collect::<Vec<_>>())?;
            let (means, variances) = groups.moments(floats);
            let normal = groups.each(floats, |x, group| (x - means[group]) / (variances[group] + epsilon).sqrt());
            one(scaled(&normal, &scale, &bias), shape)
        }
        "MeanVarianceNormalization" => {
            let listed = context.node.ints("axes").unwrap_or(&[0, 2, 3]);
            let groups = Groups::over(shape, &axes(listed, shape.len()).ok()?)?;
            let (means, variances) = groups.moments(floats);
            // The operator's own definition keeps a division by zero away by this much.
            let normal = groups.each(floats, |x, group| (x - means[group]) / (variances[group].sqrt() + 1e-9));
            one(normal.into_iter().map(|x| x as f32).collect(), shape)
        }
        "RMSNormalization" => {
            let first = context.axis(-1, shape.len()).ok()?;
            let groups = Groups::over(shape, &(first..shape.len()).collect::<Vec<_>>())?;
            let squares = groups.sums(floats, |x| x * x);
            let normal = groups.each(floats, |x, group| x / (squares[group] / groups.size + epsilon).sqrt());
            let Elements::Float(scale) = &given(1)?.elements else { return None };
            let places = broadcast_indices(&given(1)?.shape, shape)?;
            one(normal.iter().zip(places).map(|(x, place)| (x * f64::from(scale[place])) as f32).collect(), shape)
        }
        "LpNormalization" => {
            let axis = context.axis(-1, shape.len()).ok()?;
            let groups = Groups::over(shape, &[axis])?;
            let norms = match context.node.int("p").unwrap_or(2) {
                1 => groups.sums(floats, f64::abs),
                2 => groups.sums(floats, |x| x * x).into_iter().map(f64::sqrt).collect(),
                _ => return None,
            };
            // A vector of zeros has no direction; onnxruntime leaves it as it is.
            let normal = groups.each(floats, |x, group| if norms[group] == 0.0 { 0.0 } else { x / norms[group] });
            one(normal.into_iter().map(|x| x as f32).collect(), shape)
        }
        "GlobalLpPool" => {
            let power = context.node.int("p").unwrap_or(2) as f64;
            let groups = Groups::over(shape, &(2..shape.len()).collect::<Vec<_>>())?;
            let sums = groups.sums(floats, |x| x.abs().powf(power));
            one(sums.into_iter().map(|sum| sum.powf(1.0 / power) as f32).collect(), shapes.first()?)
        }
        "LpPool" => one(lp_pool(context, value, floats, shapes.first()?)?, shapes.first()?),
        _ => None,
    }
}

fn doubles(value: &Value) -> Option<Vec<f64>> {
    match &value.elements {
        Elements::Float(floats) => Some(floats.iter().map(|&float| f64::from(float)).collect()),
        Elements::Int(_) => None,
    }
}

fn scaled(normal: &[f64], scale: &[f32], bias: &[f32]) -> Vec<f32> {
    let terms = scale.iter().zip(bias);
    normal.iter().zip(terms).map(|(x, (&scale, &bias))| (x * f64::from(scale) + f64::from(bias)) as f32).collect()
}

/// Which elements are taken together.
struct Groups {
    /// The group of each element.
    of: Vec<usize>,
    count: usize,
    /// How many elements each group has.
    size: f64,
}

impl Groups {
    /// The elements that differ along `axes` only.
    fn over(shape: &[usize], axes: &[usize]) -> Option<Self> {
        let kept: Vec<usize> =
            shape.iter().enumerate().map(|(axis, &length)| if axes.contains(&axis) { 1 } else { length }).collect();
        let count = element_count(&kept)?;
        let of = broadcast_indices(&kept, shape)?;
        let size = of.len() as f64 / count.max(1) as f64;
        Some(Self { of, count, size })
    }

    fn sums(&self, floats: &[f32], function: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.count];
        for (&group, &float) in self.of.iter().zip(floats) {
            sums[group] += function(f64::from(float));
        }
        sums
    }

    /// Mean and variance of each group.
    fn moments(&self, floats: &[f32]) -> (Vec<f64>, Vec<f64>) {
        let means: Vec<f64> = self.sums(floats, |x| x).into_iter().map(|sum| sum / self.size).collect();
        let mut variances = vec![0.0; self.count];
        for (&group, &float) in self.of.iter().zip(floats) {
            variances[group] += (f64::from(float) - means[group]).powi(2) / self.size;
        }
        (means, variances)
    }

    fn each(&self, floats: &[f32], function: impl Fn(f64, usize) -> f64) -> Vec<f64> {
        self.of.iter().zip(floats).map(|(&group, &float)| function(f64::from(float), group)).collect()
    }
}

/// The root of the sum of powers of what each window sees, along any number of axes; padding adds nothing.
fn lp_pool(context: &Context, value: &Value, floats: &[f32], shape: &[usize]) -> Option<Vec<f32>> {
    let (given, made) = (value.shape.get(2..)?, shape.get(2..)?);
    let windows = Windows::read(context, given.len(), None).ok()?;
    let power = context.node.int("p").unwrap_or(2) as f64;
    let begin = windows.begin(given)?;
    let (strides, made_strides) = (strides(given), strides(made));
    // For each place along each axis the offsets of what its window sees.
    let seen = |axis: usize, at: usize| -> Vec<usize> {
        windows.places(axis, at, begin[axis], given[axis]).map(|place| place * strides[axis]).collect()
    };
    let cells = indices(&all_offsets(made));
    let mut results = Vec::with_capacity(element_count(shape)?);
    for map in floats.chunks_exact(element_count(given).filter(|&count| count > 0)?) {
        for cell in &cells {
            let offsets = (0..made.len()).map(|axis| seen(axis, cell / made_strides[axis] % made[axis]));
            let terms = indices(&offsets.collect::<Vec<_>>()).into_iter();
            let sum: f64 = terms.map(|place| f64::from(map[place]).abs().powf(power)).sum();
            results.push(sum.powf(1.0 / power) as f32);
        }
    }
    Some(results)
}
