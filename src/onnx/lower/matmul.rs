//! Products of two computed matrices, or of stacks of them, and Einsum, which is one after the dimensions have been put in order.

use super::LowerError;
use super::along::expanded;
use super::broadcast::{Operand, broadcast_shape, operand};
use super::build::{Lowering, View, tensor_shape};
use super::emit::To;
use super::layout::{Layout, arrangement_of, extents_of};
use super::reduce;
use crate::onnx::graph::{Constant, Node};

/// The product of two values as NumPy's `matmul` has it: the last two dimensions are matrices, those before them broadcast.
pub(super) fn product(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    left: &Operand,
    right: &Operand,
) -> Result<View, LowerError> {
    let (left_is_row, right_is_column) = (left.shape().len() == 1, right.shape().len() == 1);
    let left = if left_is_row { with_dimension(left, 0) } else { left.clone() };
    let right = if right_is_column { with_dimension(right, 1) } else { right.clone() };
    let (left_shape, right_shape) = (left.shape(), right.shape());
    let (&[ref left_stack @ .., rows, inner], &[ref right_stack @ .., other, columns]) =
        (&left_shape[..], &right_shape[..])
    else {
        return Err(lowering.unsupported("a number is no matrix"));
    };
    if inner != other {
        return Err(lowering.unsupported(format!("a product of {left_shape:?} and {right_shape:?}")));
    }
    let stack = broadcast_shape(left_stack, right_stack);
    let left = matrices(lowering, left, &stack)?;
    let right = matrices(lowering, right, &stack)?;
    let mut shape = [&stack[..], &[rows, columns]].concat();
    let rank = shape.len();
    let arrangement = arrangement_of(&shape, &[(0..rank - 2).collect(), vec![rank - 2], vec![rank - 1]]);
    let node = Node::new("MatMul", &[&left, &right], "");
    let tensor = lowering.emit(to, node, tensor_shape(extents_of(&arrangement)))?;
    let mut layout = Layout::arranged(rank, &arrangement);
    if right_is_column {
        shape.pop();
        layout.dimensions.remove(rank - 1);
    }
    if left_is_row {
        layout.dimensions.remove(rank - 2);
    }
    Ok(View { tensor, layout })
}

/// The operand with one more dimension of length 1.
fn with_dimension(operand: &Operand, at: usize) -> Operand {
    match operand {
        Operand::Computed(view) => {
            let mut layout = view.layout.clone();
            layout.dimensions.insert(at, Vec::new());
            Operand::Computed(View { tensor: view.tensor.clone(), layout })
        }
        Operand::Constant(constant) => {
            let mut constant = constant.clone();
            constant.shape.insert(at, 1);
            Operand::Constant(constant)
        }
    }
}

/// A tensor with a matrix in each channel: as many as in the stack, or one for all of them.
fn matrices(lowering: &mut Lowering<'_>, operand: Operand, stack: &[usize]) -> Result<String, LowerError> {
    let own = operand.shape();
    let rank = own.len();
    let count: usize = own[..rank - 2].iter().product();
    let fits = count == 1 || count == stack.iter().product::<usize>();
    match operand {
        Operand::Constant(constant) if fits => {
            let shape = tensor_shape([count, own[rank - 2], own[rank - 1]]);
            Ok(lowering.add_constant("matrices", Constant { shape, ..constant }))
        }
        Operand::Constant(_) => {
            Err(lowering.unsupported(format!("a constant of shape {own:?} for {stack:?} products")))
        }
        Operand::Computed(mut view) => {
            if !fits {
                let shape = [stack, &own[rank - 2..]].concat();
                view = expanded(lowering, To::Step("stack"), view, &shape)?;
            }
            let shape = view.layout.shape();
            let rank = shape.len();
            let arrangement = arrangement_of(&shape, &[(0..rank - 2).collect(), vec![rank - 2], vec![rank - 1]]);
            Ok(lowering.arranged(view, &arrangement, To::Step("matrices"))?.tensor)
        }
    }
}

/// Lowers an Einsum of one or two operands.
pub(super) fn einsum(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let operands = (0..node.inputs.len()).map(|index| operand(lowering, node, index)).collect::<Result<Vec<_>, _>>()?;
    let equation: String = node.text("equation").unwrap_or_default().chars().filter(|it| !it.is_whitespace()).collect();
    let refused = lowering.unsupported(format!("the equation {equation:?} of {} operands", operands.len()));
    let (inputs, output) = match equation.split_once("->") {
        Some((inputs, output)) => (inputs, output.to_owned()),
        // Without an arrow the result has the labels that occur once, in alphabetical order.
        None => {
            let labels: Vec<char> = equation.chars().filter(char::is_ascii_alphabetic).collect();
            let mut once: Vec<char> = Vec::new();
            for label in 'A'..='z' {
                if labels.iter().filter(|&&it| it == label).count() == 1 {
                    once.push(label);
                }
            }
            (&equation[..], once.into_iter().collect())
        }
    };
    let output: Vec<char> = output.chars().collect();
    let mut terms: Vec<(Operand, Vec<char>)> = Vec::new();
    for (operand, labels) in operands.into_iter().zip(inputs.split(',')) {
        let labels: Vec<char> = labels.chars().collect();
        let each_once = labels.iter().enumerate().all(|(at, label)| !labels[..at].contains(label));
        if !each_once || labels.len() != operand.shape().len() || !labels.iter().all(char::is_ascii_alphabetic) {
            return Err(refused);
        }
        terms.push((operand, labels));
    }
    let others = |terms: &[(Operand, Vec<char>)], own: usize, label: char| {
        output.contains(&label)
            || terms.iter().enumerate().any(|(at, (_, labels))| at != own && labels.contains(&label))
    };
    // What only one operand has is added up first.
    for own in 0..terms.len() {
        let (operand, labels) = &terms[own];
        let alone: Vec<usize> = (0..labels.len()).filter(|&at| !others(&terms, own, labels[at])).collect();
        if alone.is_empty() {
            continue;
        }
        let Operand::Computed(view) = operand else { return Err(refused) };
        let sum = reduce::sum(lowering, To::Step("sum"), view, &alone)?;
        let labels = labels.iter().enumerate().filter(|(at, _)| !alone.contains(at)).map(|(_, &label)| label).collect();
        terms[own] = (Operand::Computed(reduce::without(sum, &alone)), labels);
    }
    let mut terms = terms.into_iter();
    let result = match (terms.next(), terms.next(), terms.next()) {
        (Some((Operand::Computed(view), labels)), None, None) => ordered(&view, &labels, &output).ok_or(refused)?,
        (Some((left, left_labels)), Some((right, right_labels)), None) => {
            let both = |label: &char| left_labels.contains(label) && right_labels.contains(label);
            let of = |labels: &[char], wanted: &dyn Fn(&char) -> bool| -> Vec<char> {
                labels.iter().copied().filter(|label| wanted(label)).collect()
            };
            let stack = of(&output, &both);
            let inner = of(&left_labels, &|label| both(label) && !output.contains(label));
            let rows = of(&output, &|label| left_labels.contains(label) && !both(label));
            let columns = of(&output, &|label| right_labels.contains(label) && !both(label));
            let size = |label: &char| {
                let at = |labels: &[char]| labels.iter().position(|it| it == label);
                at(&left_labels).map(|at| left.shape()[at]).or_else(|| at(&right_labels).map(|at| right.shape()[at]))
            };
            let sizes = |labels: &[char]| labels.iter().filter_map(size).collect::<Vec<usize>>();
            let count = |labels: &[char]| sizes(labels).iter().product::<usize>();
            let matrices = |lowering: &mut Lowering<'_>, operand: &Operand, labels: &[char], order: [&[char]; 3]| {
                let shape = [&sizes(order[0])[..], &[count(order[1]), count(order[2])]].concat();
                in_order(lowering, operand, labels, &order.concat(), &shape)
            };
            let left = matrices(lowering, &left, &left_labels, [&stack, &rows, &inner])?;
            let right = matrices(lowering, &right, &right_labels, [&stack, &inner, &columns])?;
            let product = product(lowering, To::Node, &left, &right)?;
            let labels = [&stack[..], &rows, &columns].concat();
            let apart = super::rearrange::reshaped(lowering, product, &sizes(&labels))?;
            ordered(&apart, &labels, &output).ok_or(refused)?
        }
        _ => return Err(refused),
    };
    lowering.set(node.output(), result);
    Ok(())
}

/// The value with its dimensions in another order.
fn ordered(view: &View, labels: &[char], wanted: &[char]) -> Option<View> {
    let order: Option<Vec<usize>> = wanted.iter().map(|label| labels.iter().position(|it| it == label)).collect();
    let order = order.filter(|order| order.len() == labels.len())?;
    Some(View { tensor: view.tensor.clone(), layout: view.layout.transposed(&order) })
}

/// The operand with its dimensions in another order, seen in a shape.
fn in_order(
    lowering: &mut Lowering<'_>,
    operand: &Operand,
    labels: &[char],
    wanted: &[char],
    shape: &[usize],
) -> Result<Operand, LowerError> {
    let refused = |lowering: &Lowering<'_>| lowering.unsupported(format!("dimensions {wanted:?} of {labels:?}"));
    match operand {
        Operand::Computed(view) => {
            let view = ordered(view, labels, wanted).ok_or_else(|| refused(lowering))?;
            Ok(Operand::Computed(super::rearrange::reshaped(lowering, view, shape)?))
        }
        Operand::Constant(constant) => {
            let own = Layout::arranged(
                labels.len(),
                &[
                    arrangement_of(&constant.shape, &[(0..labels.len()).collect(), Vec::new(), Vec::new()])[0].clone(),
                    Vec::new(),
                    Vec::new(),
                ],
            );
            let order: Option<Vec<usize>> =
                wanted.iter().map(|label| labels.iter().position(|it| it == label)).collect();
            let order = order.filter(|order| order.len() == labels.len()).ok_or_else(|| refused(lowering))?;
            let values = constant.as_floats().ok_or_else(|| refused(lowering))?;
            let mut moved = vec![0.0; values.len()];
            for (element, place) in own.element_index(&order).into_iter().enumerate() {
                moved[place] = values[element];
            }
            Ok(Operand::Constant(Constant::floats(shape.to_vec(), moved)))
        }
    }
}
