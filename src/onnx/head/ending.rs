//! What the numbers at the end of a graph are, as far as the nodes that make them tell.
//!
//! Exporters end classifiers in many ways: a Softmax that is clipped, averaged with another, rid of its background or reordered;
//! a Sigmoid beside its complement; probabilities weighted and divided by their sum. Each node either keeps what its
//! input was, changes it in a known way, or makes it unknown.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::domain::tensor::element_count;
use crate::onnx::graph::{Constant, Node};
use crate::onnx::links::Links;
use crate::onnx::proto::data_type;
use crate::onnx::shapes::{Context, Known, Shapes, slice_ranges};

/// So many nodes are looked at one behind the other; the ends of classifiers have a dozen.
const MOST_DEPTH: usize = 48;

/// So many nodes are looked at in all, since values that meet again are looked at for each way.
const MOST_STEPS: usize = 2048;

/// A value of more elements than this is no list of class scores.
const MOST_CLASSES: usize = 1 << 16;

/// Bounds and constants that are this near to 0 or 1 are there for the sake of range: Keras clips to 1e-7, others to 1e-3.
const MARGIN: f32 = 0.01;

/// Sums of weights that should be 1 are so within this, after rounding to single precision.
const ROUNDING: f32 = 1e-3;

/// What the elements of a value are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Values {
    /// Numbers of any size.
    Scores,
    /// Logarithms of probabilities that add up to 1.
    LogProbabilities,
    /// Probabilities that add up to `whole`.
    Distribution {
        whole: f32,
    },
    /// Some of those.
    Parts {
        whole: f32,
    },
    /// Each by itself between two bounds, by a function that rises with the logit.
    Each {
        low: f32,
        high: f32,
    },
    /// Not negative, and the larger the more probable; what they add up to is not known.
    Weighted,
    Unknown,
}

/// The scores before they become probabilities. Class `i` is the element `elements[i].0` of the value, times `elements[i].1`,
/// which is −1 where the class is the opposite of that score.
#[derive(Debug, Clone, PartialEq)]
pub struct Logits {
    pub value: String,
    pub elements: Vec<(usize, f32)>,
}

impl Logits {
    /// A value that holds one score for each class.
    pub(super) fn itself(value: &str, classes: usize) -> Self {
        Self { value: value.to_owned(), elements: (0..classes).map(|class| (class, 1.0)).collect() }
    }
}

/// What a value is, and the logits that it is made of where that is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ending {
    pub values: Values,
    pub logits: Option<Logits>,
}

impl Ending {
    fn unknown() -> Self {
        Self { values: Values::Unknown, logits: None }
    }

    /// The same logits, of other values.
    fn with(self, values: Values) -> Self {
        Self { values, ..self }
    }

    /// Some elements of it, by number.
    fn picked(self, chosen: &[usize]) -> Self {
        let Self { values, logits } = self;
        let logits = logits.and_then(|Logits { value, elements }| {
            let elements = chosen.iter().map(|&place| elements.get(place).copied()).collect::<Option<_>>()?;
            Some(Logits { value, elements })
        });
        Self { values, logits }
    }

    /// Its opposite: what was sure is now impossible.
    fn turned(mut self, values: Values) -> Self {
        for (_, sign) in self.logits.iter_mut().flat_map(|logits| &mut logits.elements) {
            *sign = -*sign;
        }
        self.with(values)
    }
}

/// What the elements of `value` are.
pub(super) fn ending(links: &Links<'_>, shapes: &Shapes, value: &str) -> Ending {
    Tracer { links, shapes, steps: Cell::new(0) }.trace(value, 0)
}

struct Tracer<'a> {
    links: &'a Links<'a>,
    shapes: &'a Shapes,
    steps: Cell<usize>,
}

impl Tracer<'_> {
    fn trace(&self, value: &str, depth: usize) -> Ending {
        self.steps.set(self.steps.get() + 1);
        let Some(node) = self.links.maker(value) else { return Ending::unknown() };
        if depth > MOST_DEPTH || self.steps.get() > MOST_STEPS || !node.domain.is_empty() {
            return Ending::unknown();
        }
        self.of_node(node, value, depth + 1).unwrap_or_else(Ending::unknown)
    }

    fn of_node(&self, node: &Node, value: &str, depth: usize) -> Option<Ending> {
        let input = || node.input(0).map(|input| self.trace(input, depth));
        match node.op.as_str() {
            "Dropout" | "Flatten" | "Identity" | "Reshape" | "Round" | "Squeeze" | "Unsqueeze" => input(),
            "Cast" => {
                let floats =
                    [data_type::FLOAT, data_type::FLOAT16, data_type::DOUBLE, data_type::BFLOAT16].map(i64::from);
                floats.contains(&node.int("to")?).then(input)?
            }
            "Transpose" => (self.long_axes(node.input(0)?)? <= 1).then(input)?,
            "Softmax" => Some(self.softmax(node)?.with(Values::Distribution { whole: 1.0 })),
            "LogSoftmax" => Some(self.softmax(node)?.with(Values::LogProbabilities)),
            "Sigmoid" | "HardSigmoid" => Some(self.each(node.input(0)?, 0.0)),
            "Tanh" | "Softsign" => Some(self.each(node.input(0)?, -1.0)),
            "Log" => {
                let x = input()?;
                matches!(x.values, Values::Distribution { .. }).then(|| x.with(Values::LogProbabilities))
            }
            "Exp" => {
                let x = input()?;
                let exponential = match x.values {
                    Values::LogProbabilities => Values::Distribution { whole: 1.0 },
                    Values::Scores => Values::Weighted,
                    _ => return None,
                };
                Some(x.with(exponential))
            }
            "Neg" => self.affine(input()?, -1.0, 0.0),
            "Clip" => self.clipped(input()?, self.bound(node, 1, "min"), self.bound(node, 2, "max")),
            "Max" | "Min" => {
                let (input, constant) = self.with_constant(node)?;
                let bound = Some(single(constant)?);
                let (low, high) = if node.op == "Max" { (bound, None) } else { (None, bound) };
                self.clipped(self.trace(input, depth), low, high)
            }
            "Add" | "Sub" | "Mul" | "Div" if self.with_constant(node).is_some() => {
                self.with_a_constant(node, value, depth)
            }
            "Add" | "Sum" | "Mean" => self.added(node, value, depth),
            "Sub" => {
                // The same number taken off every score changes no probability; so is the maximum, or the logarithm of the sum.
                let (scores, shift) = (node.input(0)?, node.input(1)?);
                let x = self.trace(scores, depth);
                let is_shift = self.count(shift)? == 1 && self.count(scores)? > 1;
                match x.values {
                    Values::Scores if is_shift && self.is_log_of_sum(shift) => Some(x.with(Values::LogProbabilities)),
                    Values::Scores if is_shift => Some(x),
                    Values::Scores => self.itself(value),
                    _ => None,
                }
            }
            "Div" => self.divided(node, value, depth),
            "Reciprocal" => self.sigmoid_written_out(node.input(0)?, depth),
            "LpNormalization" => {
                let x = input()?;
                let of_sum = node.int("p") == Some(1) && self.is_not_negative(node.input(0)?, &x);
                if of_sum { Some(x.with(Values::Distribution { whole: 1.0 })) } else { self.itself(value) }
            }
            "Gather" | "Slice" | "Split" => self.some_elements(node, value, input()?),
            "Concat" => self.joined(node, value, depth),
            "GlobalAveragePool" | "AveragePool" | "ReduceMean" => match input()?.values {
                // The same at every position, and so on average.
                mean @ (Values::Distribution { .. } | Values::Each { .. } | Values::Weighted) => {
                    Some(Ending { values: mean, logits: None })
                }
                _ => self.itself(value),
            },
            "Gemm" | "MatMul" => {
                let x = input()?;
                match x.values {
                    Values::Distribution { .. } => {
                        Some(Ending { values: self.shared_out(node, x.values)?, logits: None })
                    }
                    _ => self.itself(value),
                }
            }
            "BatchNormalization"
            | "Celu"
            | "Conv"
            | "ConvTranspose"
            | "Elu"
            | "Gelu"
            | "GlobalMaxPool"
            | "HardSwish"
            | "InstanceNormalization"
            | "LayerNormalization"
            | "LeakyRelu"
            | "LRN"
            | "MaxPool"
            | "Mish"
            | "PRelu"
            | "Relu"
            | "Selu"
            | "Softplus"
            | "Swish"
            | "ThresholdedRelu"
            | "Einsum" => self.itself(value),
            _ => None,
        }
    }

    fn count(&self, value: &str) -> Option<usize> {
        element_count(self.shapes.get(value)?)
    }

    fn long_axes(&self, value: &str) -> Option<usize> {
        Some(self.shapes.get(value)?.iter().filter(|&&length| length != 1).count())
    }

    /// Scores that are their own logits.
    fn itself(&self, value: &str) -> Option<Ending> {
        let logits = self.count(value).filter(|&count| count <= MOST_CLASSES).map(|count| Logits::itself(value, count));
        Some(Ending { values: Values::Scores, logits })
    }

    /// What a Softmax reads. Of probabilities or logarithms of them, as of other values, it is their softmax.
    fn softmax(&self, node: &Node) -> Option<Ending> {
        self.itself(node.input(0)?)
    }

    /// A function that rises from `low` to 1, of the logit.
    fn each(&self, logits: &str, low: f32) -> Ending {
        let logits =
            self.count(logits).filter(|&count| count <= MOST_CLASSES).map(|count| Logits::itself(logits, count));
        Ending { values: Values::Each { low, high: 1.0 }, logits }
    }

    /// The one input that is computed, and the constant beside it.
    fn with_constant<'n>(&self, node: &'n Node) -> Option<(&'n str, &Constant)> {
        let [first, second] = &node.inputs[..] else { return None };
        let constants = &self.links.graph.constants;
        match (constants.get(first), constants.get(second)) {
            (None, Some(constant)) => Some((first, constant)),
            (Some(constant), None) => Some((second, constant)),
            _ => None,
        }
    }

    /// A bound of a Clip: an attribute before operator set 11, then an input.
    fn bound(&self, node: &Node, input: usize, attribute: &str) -> Option<f32> {
        node.float(attribute).or_else(|| self.links.scalar(node.input(input)?))
    }

    /// Bounds that no probability reaches but by rounding keep probabilities; wide ones keep scores.
    fn clipped(&self, x: Ending, low: Option<f32>, high: Option<f32>) -> Option<Ending> {
        let keeps = |least: f32, most: f32, margin: f32| {
            low.is_none_or(|low| low <= least + margin) && high.is_none_or(|high| high >= most - margin)
        };
        let is_kept = match x.values {
            Values::Distribution { whole } | Values::Parts { whole } => keeps(0.0, whole, MARGIN * whole),
            Values::Each { low, high } => keeps(low, high, MARGIN * (high - low)),
            Values::Weighted => keeps(0.0, 1.0, MARGIN),
            // A softmax of scores from −10 to 10 still tells 1 from 1e-8.
            Values::Scores | Values::LogProbabilities => keeps(-10.0, 10.0, 0.0),
            Values::Unknown => false,
        };
        is_kept.then_some(x)
    }

    /// `factor · x + offset`.
    fn affine(&self, x: Ending, factor: f32, offset: f32) -> Option<Ending> {
        let moved = |number: f32| number * factor + offset;
        match x.values {
            Values::Each { low, high } if factor > 0.0 => {
                Some(x.with(Values::Each { low: moved(low), high: moved(high) }))
            }
            Values::Each { low, high } if factor < 0.0 => {
                Some(x.turned(Values::Each { low: moved(high), high: moved(low) }))
            }
            Values::Distribution { whole } if factor > 0.0 && offset.abs() <= MARGIN * whole * factor => {
                Some(x.with(Values::Distribution { whole: whole * factor }))
            }
            Values::Parts { whole } if factor > 0.0 && offset.abs() <= MARGIN * whole * factor => {
                Some(x.with(Values::Parts { whole: whole * factor }))
            }
            // What is left of the whole: of two classes that is the other one's, of more what speaks against each.
            Values::Distribution { whole } | Values::Parts { whole } if factor < 0.0 => {
                Some(x.turned(Values::Each { low: moved(whole), high: moved(0.0) }))
            }
            Values::Weighted if factor > 0.0 && offset >= 0.0 => Some(x),
            _ => None,
        }
    }

    /// A sum, difference, product or quotient with a constant.
    fn with_a_constant(&self, node: &Node, value: &str, depth: usize) -> Option<Ending> {
        let (input, constant) = self.with_constant(node)?;
        let constant_first = node.input(0) != Some(input);
        if node.op == "Div" && constant_first {
            return (single(constant)? == 1.0).then(|| self.sigmoid_written_out(input, depth))?;
        }
        let x = self.trace(input, depth);
        match x.values {
            Values::Scores => return self.itself(value),
            Values::LogProbabilities | Values::Unknown => return None,
            _ => {}
        }
        let Some(number) = single(constant) else {
            // A weight for each class, as priors are.
            let floats = constant.as_floats()?;
            let weighs = matches!(node.op.as_str(), "Mul" | "Div") && floats.iter().all(|&weight| weight > 0.0);
            let keeps_order = !matches!(x.values, Values::Each { low, .. } if low < 0.0);
            return (weighs && keeps_order).then(|| x.with(Values::Weighted));
        };
        match node.op.as_str() {
            "Mul" => self.affine(x, number, 0.0),
            "Div" => self.affine(x, 1.0 / number, 0.0),
            "Add" => self.affine(x, 1.0, number),
            _ if constant_first => self.affine(x, -1.0, number),
            _ => self.affine(x, 1.0, -number),
        }
    }

    /// A sum or mean of several computed values.
    fn added(&self, node: &Node, value: &str, depth: usize) -> Option<Ending> {
        let parts = node.inputs.iter().map(|input| self.trace(input, depth).values);
        let count = node.inputs.len();
        let sum = parts.reduce(|sum, part| match (sum, part) {
            (Values::Scores, Values::Scores) => Values::Scores,
            (Values::Distribution { whole: one }, Values::Distribution { whole: other }) => {
                Values::Distribution { whole: one + other }
            }
            (Values::Each { low, high }, Values::Each { low: other_low, high: other_high }) => {
                Values::Each { low: low + other_low, high: high + other_high }
            }
            (Values::Weighted | Values::Distribution { .. }, Values::Weighted | Values::Distribution { .. }) => {
                Values::Weighted
            }
            _ => Values::Unknown,
        })?;
        let share = if node.op == "Mean" { 1.0 / count as f32 } else { 1.0 };
        match sum {
            Values::Scores => self.itself(value),
            sum => self.affine(Ending { values: sum, logits: None }, share, 0.0),
        }
    }

    /// Something divided by its sum is a distribution.
    fn divided(&self, node: &Node, value: &str, depth: usize) -> Option<Ending> {
        let (numerator, sum) = (node.input(0)?, node.input(1)?);
        let x = self.trace(numerator, depth);
        let summed = self.links.maker(self.same(sum));
        let is_sum = summed.is_some_and(|node| {
            matches!(node.op.as_str(), "ReduceSum" | "ReduceL1") && node.input(0) == Some(numerator)
        });
        if is_sum && self.count(sum)? == 1 && self.is_not_negative(numerator, &x) {
            return Some(x.with(Values::Distribution { whole: 1.0 }));
        }
        if x.values == Values::Scores { self.itself(value) } else { None }
    }

    /// A value as it is before a node that only keeps it from being zero, or makes its shape anew.
    fn same<'v>(&'v self, mut value: &'v str) -> &'v str {
        for _ in 0..MOST_DEPTH {
            let Some(node) = self.links.maker(value) else { break };
            let keeps = match node.op.as_str() {
                "Add" | "Max" => self
                    .with_constant(node)
                    .filter(|(_, constant)| single(constant).is_some_and(|number| (0.0..=MARGIN).contains(&number)))
                    .map(|(input, _)| input),
                "Clip" | "Expand" | "Identity" | "Reshape" | "Unsqueeze" => node.input(0),
                _ => None,
            };
            let Some(input) = keeps else { break };
            value = input;
        }
        value
    }

    fn is_not_negative(&self, value: &str, ending: &Ending) -> bool {
        match ending.values {
            Values::Distribution { .. } | Values::Parts { .. } | Values::Weighted => true,
            Values::Each { low, .. } => low >= 0.0,
            _ => self.links.maker(value).is_some_and(|node| matches!(node.op.as_str(), "Abs" | "Relu" | "Softplus")),
        }
    }

    /// Whether a value is the logarithm of a sum of exponentials.
    fn is_log_of_sum(&self, value: &str) -> bool {
        let made_by = |value: &str, op: &str| self.links.maker(self.same(value)).filter(|node| node.op == op);
        made_by(value, "ReduceLogSumExp").is_some()
            || made_by(value, "Log").and_then(|log| made_by(log.input(0)?, "ReduceSum")).is_some()
    }

    /// The sigmoid of z as 1 / (1 + exp(−z)), of which this is the denominator.
    fn sigmoid_written_out(&self, denominator: &str, depth: usize) -> Option<Ending> {
        let sum = self.links.maker(denominator).filter(|node| node.op == "Add")?;
        let (exponential, one) = self.with_constant(sum)?;
        let exponential = self.links.maker(exponential).filter(|node| node.op == "Exp")?;
        let negative = self.links.maker(exponential.input(0)?)?;
        let is_negated = match negative.op.as_str() {
            "Neg" => true,
            "Mul" => single(self.with_constant(negative)?.1)? == -1.0,
            _ => false,
        };
        let logits = self.links.data_inputs(negative).next()?;
        // Its argument has to be there, whatever it is.
        let known = depth <= MOST_DEPTH && is_negated && single(one)? == 1.0;
        known.then(|| self.each(logits, 0.0))
    }

    /// Elements that are picked from a list.
    fn some_elements(&self, node: &Node, value: &str, x: Ending) -> Option<Ending> {
        if x.values == Values::Scores {
            return self.itself(value);
        }
        let input = node.input(0)?;
        let shape = self.shapes.get(input)?;
        let count = element_count(shape)?;
        if self.long_axes(input)? > 1 || count > MOST_CLASSES {
            return None;
        }
        let axis = shape.iter().position(|&length| length == count)?;
        let chosen = self.chosen(node, value, axis, count)?;
        let mut left = vec![true; count];
        chosen.iter().for_each(|&place| left[place] = false);
        let is_all = chosen.len() == count && !left.contains(&true);
        let values = match x.values {
            Values::Distribution { whole } if !is_all => Values::Parts { whole },
            // The logarithms of some probabilities do not add up to anything.
            Values::LogProbabilities if !is_all => Values::Unknown,
            values => values,
        };
        Some(x.picked(&chosen).with(values))
    }

    /// The numbers of the elements that a Gather, Slice or Split of the one long axis picks.
    fn chosen(&self, node: &Node, value: &str, axis: usize, count: usize) -> Option<Vec<usize>> {
        let signed = i64::try_from(count).ok()?;
        let rank = self.shapes.get(node.input(0)?)?.len();
        match node.op.as_str() {
            "Gather" if count > 1 && axis_of(node, rank, 0)? != axis => Some((0..count).collect()),
            "Gather" => {
                let indices = self.links.graph.constants.get(node.input(1)?)?.as_integers()?;
                let place = |&index: &i64| usize::try_from(if index < 0 { index + signed } else { index }).ok();
                indices.iter().map(place).map(|place| place.filter(|&place| place < count)).collect()
            }
            "Slice" => {
                let shapes = Shapes::from([(node.input(0)?.to_owned(), self.shapes.get(node.input(0)?)?.clone())]);
                let known = Known { shapes, values: BTreeMap::new() };
                let context = Context { node, opset: self.links.graph.opset(), graph: self.links.graph, known: &known };
                let ranges = slice_ranges(&context).ok()?;
                let Some(range) = ranges.iter().rev().find(|range| range.axis == axis) else {
                    return Some((0..count).collect());
                };
                let place = |step: usize| usize::try_from(range.start + range.step * i64::try_from(step).ok()?).ok();
                (0..range.count).map(|step| place(step).filter(|&place| place < count)).collect()
            }
            _ => {
                if axis_of(node, rank, 0)? != axis {
                    return Some((0..count).collect());
                }
                let mut first = 0_usize;
                for output in &node.outputs {
                    let length = self.count(output)?;
                    if output == value {
                        let last = first.checked_add(length).filter(|&last| last <= count)?;
                        return Some((first..last).collect());
                    }
                    first += length;
                }
                None
            }
        }
    }

    /// Values one behind the other: a probability and its complement, parts of one distribution, or sigmoids.
    fn joined(&self, node: &Node, value: &str, depth: usize) -> Option<Ending> {
        if node.inputs.iter().any(|input| self.links.is_constant(input)) {
            return self.itself(value);
        }
        let parts: Vec<Ending> = node.inputs.iter().map(|input| self.trace(input, depth)).collect();
        let first = parts.first()?.values;
        if parts.iter().all(|part| part.values == Values::Scores) {
            return self.itself(value);
        }
        if let [part] = &parts[..] {
            return Some(part.clone());
        }
        let values = match first {
            Values::Each { .. } if parts.iter().all(|part| part.values == first) => first,
            Values::Parts { .. } if parts.iter().all(|part| part.values == first) => first,
            _ => return None,
        };
        let logits = parts.into_iter().map(|part| part.logits).collect::<Option<Vec<_>>>();
        let logits = logits.and_then(|parts| {
            let value = parts.first()?.value.clone();
            let same = parts.iter().all(|part| part.value == value);
            same.then(|| Logits { value, elements: parts.into_iter().flat_map(|part| part.elements).collect() })
        });
        let elements = logits.as_ref().map_or(&[][..], |logits| &logits.elements);
        let values = match (values, elements) {
            // p and 1 − p.
            (Values::Each { low: 0.0, high }, &[(one, sign), (other, opposite)])
                if one == other && sign == -opposite =>
            {
                Values::Distribution { whole: high }
            }
            _ => values,
        };
        Some(Ending { values, logits })
    }

    /// A distribution over classes that is shared out among others: every share is the weights' of one class.
    fn shared_out(&self, node: &Node, values: Values) -> Option<Values> {
        let Values::Distribution { whole } = values else { return None };
        let constant = self.links.graph.constants.get(node.input(1)?)?;
        let (&[rows, columns], floats) = (&constant.shape[..], constant.as_floats()?) else { return None };
        let plain = node.input(2).is_none() && node.float("alpha").is_none_or(|alpha| alpha == 1.0);
        if !plain || columns == 0 || node.int("transA").unwrap_or(0) != 0 {
            return None;
        }
        if floats.iter().any(|&weight| weight < 0.0) {
            return Some(Values::Scores);
        }
        let turned = node.int("transB").unwrap_or(0) != 0;
        let mut sums = vec![0.0_f32; if turned { columns } else { rows }];
        for (place, weight) in floats.iter().enumerate() {
            sums[if turned { place % columns } else { place / columns }] += weight;
        }
        let shares = sums.iter().all(|sum| (sum - 1.0).abs() <= ROUNDING);
        Some(if shares { Values::Distribution { whole } } else { Values::Weighted })
    }
}

/// The axis attribute of a node, counted from the front.
fn axis_of(node: &Node, rank: usize, default: i64) -> Option<usize> {
    let axis = node.int("axis").unwrap_or(default);
    usize::try_from(if axis < 0 { axis + i64::try_from(rank).ok()? } else { axis }).ok()
}

/// The number of a constant that holds one, or the same one everywhere.
fn single(constant: &Constant) -> Option<f32> {
    let (&first, rest) = constant.as_floats()?.split_first()?;
    rest.iter().all(|&number| number == first).then_some(first)
}
