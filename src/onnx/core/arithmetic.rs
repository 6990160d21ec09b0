//! Arithmetic of two values that broadcast as NumPy does.

use super::along::expanded;
use super::build::{Lowering, View, tensor_shape};
use super::emit::To;
use super::error::LowerError;
use super::layout::{Arrangement, CHANNEL, Digit, Layout, arrangement_of, extents_of};
use super::movement::select_channels;
use crate::onnx::graph::{Constant, Node};
use crate::onnx::shapes::{Elements, Value as ShapeValue};

/// A computed value, or a constant of the user's graph.
#[derive(Debug, Clone)]
pub(in crate::onnx) enum Operand {
    Computed(View),
    Constant(Constant),
}

impl Operand {
    /// The shape of the value.
    pub fn shape(&self) -> Vec<usize> {
        match self {
            Self::Computed(view) => view.layout.shape(),
            Self::Constant(constant) => constant.shape.clone(),
        }
    }
}

/// Input `index` of a node; a constant of whole numbers or truth values as floats.
pub(in crate::onnx) fn operand(lowering: &mut Lowering<'_>, node: &Node, index: usize) -> Result<Operand, LowerError> {
    let constant = node.input(index).and_then(|name| lowering.constant(name));
    match constant {
        Some(constant) if constant.as_floats().is_some() => Ok(Operand::Constant(constant.clone())),
        Some(constant) => match ShapeValue::from_constant(constant).map(|value| value.elements) {
            #[expect(clippy::cast_precision_loss, reason = "everything is computed in f32")]
            Some(Elements::Int(integers)) => {
                let floats = integers.into_iter().map(|integer| integer as f32).collect();
                Ok(Operand::Constant(Constant::floats(constant.shape.clone(), floats)))
            }
            _ => Err(lowering.unsupported("an operand does not hold numbers")),
        },
        None => Ok(Operand::Computed(lowering.input(node, index)?)),
    }
}

/// The shape that two shapes broadcast to.
pub(in crate::onnx) fn broadcast_shape(left: &[usize], right: &[usize]) -> Vec<usize> {
    let rank = left.len().max(right.len());
    let size = |shape: &[usize], dimension: usize| {
        (dimension + shape.len()).checked_sub(rank).map_or(1, |dimension| shape[dimension])
    };
    (0..rank).map(|dimension| size(left, dimension).max(size(right, dimension))).collect()
}

/// Emits `left op right`; the result has this shape.
pub(in crate::onnx) fn binary(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    op: &str,
    left: &Operand,
    right: &Operand,
    shape: &[usize],
) -> Result<View, LowerError> {
    if let (Operand::Constant(_), Operand::Constant(_)) = (left, right) {
        return Err(lowering.unsupported("it has no computed operand"));
    }
    // The layout of an operand that is as large as the result stays; the other one is brought to it.
    let base = [left, right]
        .into_iter()
        .find_map(|operand| match operand {
            Operand::Computed(view) => padded_layout(&view.layout, shape),
            Operand::Constant(_) => None,
        })
        .unwrap_or_else(|| Layout::usual(shape));
    let base = without_partial_repeats(base, [left, right], shape);
    let left = conform(lowering, left, &base)?;
    let right = conform(lowering, right, &base)?;
    let tensor = lowering.arithmetic(to, op, &left, &right)?;
    if lowering.shapes[&tensor] != tensor_shape(base.extents) {
        return Err(lowering.unsupported(format!("its operands do not broadcast to {shape:?}")));
    }
    Ok(View { tensor, layout: base })
}

/// A layout in which no computed operand has to be repeated along only a part of the height or the width: where there is one,
/// what it has is put on the channels and what it lacks on the height.
fn without_partial_repeats(base: Layout, operands: [&Operand; 2], shape: &[usize]) -> Layout {
    let rank = shape.len();
    for operand in operands {
        let own = operand.shape();
        let varies = |dimension: usize| (dimension + own.len()).checked_sub(rank).is_some_and(|index| own[index] != 1);
        let mixed = base.arrangement()[CHANNEL + 1..].iter().any(|digits| {
            let varying = digits.iter().filter(|digit| varies(digit.dimension)).count();
            varying != 0 && varying != digits.len()
        });
        if mixed && matches!(operand, Operand::Computed(_)) {
            let (varying, repeated) = (0..rank).partition(|&dimension| varies(dimension));
            return Layout::arranged(rank, &arrangement_of(shape, &[varying, repeated, Vec::new()]));
        }
    }
    base
}

/// The layout with leading dimensions of 1 added, where that makes it one of this shape.
fn padded_layout(layout: &Layout, shape: &[usize]) -> Option<Layout> {
    let missing = shape.len().checked_sub(layout.dimensions.len())?;
    let mut layout = layout.clone();
    layout.dimensions.splice(0..0, std::iter::repeat_n(Vec::new(), missing));
    (layout.shape() == shape).then_some(layout)
}

/// A tensor that broadcasts against tensors of the base layout as the operand does against values of the base's shape.
fn conform(lowering: &mut Lowering<'_>, operand: &Operand, base: &Layout) -> Result<String, LowerError> {
    let rank = base.dimensions.len();
    let own_shape = operand.shape();
    let missing = rank
        .checked_sub(own_shape.len())
        .ok_or_else(|| lowering.unsupported(format!("an operand of shape {own_shape:?} does not broadcast")))?;
    let varies = |dimension: usize| dimension >= missing && own_shape[dimension - missing] != 1;
    let wanted = base.arrangement();
    // An axis of which only a part varies has to be filled up.
    let kept: Arrangement = wanted
        .each_ref()
        .map(|digits| digits.iter().filter(|digit| varies(digit.dimension)).copied().collect::<Vec<_>>());
    let partly: [bool; 3] =
        std::array::from_fn(|axis| !kept[axis].is_empty() && kept[axis].len() != wanted[axis].len());
    match operand {
        Operand::Constant(constant) => constant_tensor(lowering, constant, base, &own_shape, missing),
        Operand::Computed(view) => {
            let Some(layout) = padded_rank(&view.layout, missing) else {
                return Err(lowering.unsupported("its operands do not broadcast"));
            };
            let view = View { tensor: view.tensor.clone(), layout };
            let compact = lowering.arranged(view, &kept, To::Step("operand"))?;
            if !partly.contains(&true) {
                return Ok(compact.tensor);
            }
            if partly[1] || partly[2] {
                let view = View { tensor: compact.tensor, layout: compact.layout };
                let whole = expanded(lowering, To::Step("repeated"), view, &base.shape())?;
                return Ok(lowering.arranged(whole, &wanted, To::Step("operand"))?.tensor);
            }
            let channels = repeated_channels(&wanted[CHANNEL], &varies);
            select_channels(lowering, &compact.tensor, &channels, To::Step("repeated"))
        }
    }
}

fn padded_rank(layout: &Layout, missing: usize) -> Option<Layout> {
    let mut shape = layout.shape();
    shape.splice(0..0, std::iter::repeat_n(1, missing));
    padded_layout(layout, &shape)
}

/// For each channel of the base its channel in a tensor that holds only the varying digits.
fn repeated_channels(digits: &[Digit], varies: &impl Fn(usize) -> bool) -> Vec<usize> {
    let mut channels = vec![0];
    for digit in digits {
        let varying = varies(digit.dimension);
        channels = channels
            .iter()
            .flat_map(|&channel| {
                (0..digit.size).map(move |step| if varying { channel * digit.size + step } else { channel })
            })
            .collect();
    }
    channels
}

/// A constant in the order of the base layout, of length 1 along each axis on which it does not vary.
fn constant_tensor(
    lowering: &mut Lowering<'_>,
    constant: &Constant,
    base: &Layout,
    shape: &[usize],
    missing: usize,
) -> Result<String, LowerError> {
    let values = constant.as_floats().ok_or_else(|| lowering.unsupported("an operand does not hold floats"))?;
    if let [value] = values {
        return Ok(lowering.number(*value));
    }
    if shape.iter().product::<usize>() != values.len() {
        return Err(lowering.unsupported(format!("{} numbers as a constant of shape {shape:?}", values.len())));
    }
    let varies = |dimension: usize| dimension >= missing && shape[dimension - missing] != 1;
    let base_shape = base.shape();
    if (0..base_shape.len()).any(|dimension| varies(dimension) && shape[dimension - missing] != base_shape[dimension]) {
        return Err(lowering.unsupported(format!("a constant of shape {shape:?} does not broadcast to {base_shape:?}")));
    }
    let arrangement = base.arrangement();
    let used =
        arrangement.map(|digits| if digits.iter().any(|digit| varies(digit.dimension)) { digits } else { Vec::new() });
    let layout = Layout::arranged(base_shape.len(), &used);
    let varying: Vec<usize> = (0..base_shape.len()).filter(|&dimension| varies(dimension)).collect();
    let ordered = layout.element_index(&varying).into_iter().map(|index| values[index]).collect();
    let extents = extents_of(&used);
    Ok(lowering.add_constant("operand", Constant::floats(tensor_shape(extents), ordered)))
}
