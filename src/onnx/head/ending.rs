//! What the numbers at the end of a graph are, as far as the nodes that make them tell.
//!
//! Exporters end classifiers in many ways: a Softmax that is clipped, averaged with another, rid of its background or reordered;
//! a Sigmoid beside its complement; probabilities weighted and divided by their sum. Each node either keeps what its
//! input was, changes it in a known way, or makes it unknown.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::domain::shares::Normalizer;
use crate::domain::tensor::element_count;
use crate::onnx::graph::{Constant, Node};
use crate::onnx::links::Links;
use crate::onnx::operator::QUANTIZE_DEQUANTIZE;
use crate::onnx::proto::data_type;
use crate::onnx::shapes::{Context, Known, Shapes, slice_ranges};

/// So many nodes are looked at one behind the other; the ends of classifiers have a dozen.
const MOST_DEPTH: usize = 48;

/// So many nodes are looked at in all, since values that meet again are looked at for each way.
const MOST_STEPS: usize = 2048;

/// A value of more elements than this is no list of class scores.
const MOST_CLASSES: usize = 1 << 16;

/// So many scores may be parts of all classes together: a thousand classes at 16×16 places.
const MOST_PARTS: usize = 1 << 18;

/// So many parts are made in all while the end of a graph is traced, since a sum holds those of all that it adds up: about 150 MB.
const MOST_TRACED: usize = 1 << 21;

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

/// The scores before they become probabilities. A class mostly is one of them; where probabilities are averaged, or shared out
/// among others, it is a mixture of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Logits {
    /// What makes probabilities of the scores. Two of them may read the same value, where one is a Softmax and the other a Sigmoid.
    pub sources: Vec<Source>,
    /// Of each class the parts that its probability is the sum of.
    pub classes: Vec<Vec<Part>>,
    /// The probabilities were divided by a number that depends on the picture, all by the same one: shares among them hold, but
    /// none with those of other values.
    pub rescaled: bool,
}

/// A value that holds scores, and what makes probabilities of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub value: String,
    pub normalizer: Normalizer,
}

/// A part of the probability of a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The place in the list of sources.
    pub source: usize,
    /// The element of that value.
    pub element: usize,
    /// How much of its probability counts.
    pub weight: f32,
    /// The part is the complement of that probability.
    pub opposite: bool,
}

impl Part {
    /// Which way the score goes.
    pub fn sign(&self) -> f32 {
        if self.opposite { -1.0 } else { 1.0 }
    }
}

impl Logits {
    /// A value that holds one score for each class.
    pub(super) fn itself(value: &str, classes: usize) -> Self {
        Self::of(value, classes, Normalizer::Exponential)
    }

    fn of(value: &str, classes: usize, normalizer: Normalizer) -> Self {
        let part = |element| vec![Part { source: 0, element, weight: 1.0, opposite: false }];
        let sources = vec![Source { value: value.to_owned(), normalizer }];
        Self { sources, classes: (0..classes).map(part).collect(), rescaled: false }
    }

    /// The values that hold the scores, each once.
    pub fn values(&self) -> Vec<&str> {
        let mut values: Vec<&str> = Vec::with_capacity(self.sources.len());
        for source in &self.sources {
            if !values.contains(&&source.value[..]) {
                values.push(&source.value);
            }
        }
        values
    }

    /// The value, the element of it and its sign where a class is made of one score alone, however often: the mean of a score's
    /// softmax and its sigmoid rises and falls with that score.
    pub fn alone(&self, parts: &[Part]) -> Option<(&str, usize, f32)> {
        let of = |part: &Part| Some((&self.sources.get(part.source)?.value[..], part.element, part.sign()));
        let (first, rest) = parts.split_first()?;
        let first = of(first)?;
        rest.iter().all(|part| of(part) == Some(first)).then_some(first)
    }

    /// The one value that holds the scores, and of each class the element of it and its sign; nothing where a class is a mixture
    /// of several.
    pub fn plain(&self) -> Option<(&str, Vec<(usize, f32)>)> {
        let [value] = self.values()[..] else { return None };
        let plain = |parts: &Vec<Part>| self.alone(parts).map(|(_, element, sign)| (element, sign));
        Some((value, self.classes.iter().map(plain).collect::<Option<_>>()?))
    }

    /// Other classes, each a sum of some of these by number and weight; nothing where that would be too many parts.
    fn mixed(self, mixtures: &[Vec<(usize, f32)>]) -> Option<Self> {
        let Self { sources, classes: of, rescaled } = self;
        let mut classes = Vec::with_capacity(mixtures.len());
        let mut count = 0;
        for mixture in mixtures {
            let mut parts: Vec<Part> = Vec::new();
            for &(place, factor) in mixture {
                parts.extend(of.get(place)?.iter().map(|part| Part { weight: part.weight * factor, ..*part }));
            }
            count += parts.len();
            if count > MOST_PARTS {
                return None;
            }
            classes.push(parts);
        }
        Some(Self { sources, classes, rescaled })
    }

    /// Whether the classes are the scores of one value as they are, from the first on.
    fn is_list(&self) -> bool {
        self.sources.len() == 1
            && self
                .classes
                .iter()
                .enumerate()
                .all(|(element, parts)| parts[..] == [Part { source: 0, element, weight: 1.0, opposite: false }])
    }

    /// The classes of several values as one list, part after part; nothing where the probabilities of one value were divided by what
    /// the others' were not.
    fn together(several: Vec<Self>) -> Option<Self> {
        let rescaled = several.iter().any(|logits| logits.rescaled);
        if rescaled && several.len() > 1 {
            return None;
        }
        let mut all = Self { sources: Vec::new(), classes: Vec::new(), rescaled };
        for Self { sources, classes, .. } in several {
            let mut places = Vec::with_capacity(sources.len());
            for source in sources {
                let known = all.sources.iter().position(|other| *other == source);
                places.push(known.unwrap_or(all.sources.len()));
                if known.is_none() {
                    all.sources.push(source);
                }
            }
            let placed = |part: Part| Part { source: places.get(part.source).copied().unwrap_or(0), ..part };
            all.classes.extend(classes.into_iter().map(|parts| parts.into_iter().map(placed).collect::<Vec<_>>()));
        }
        Some(all)
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

    /// Its opposite: what was sure is now impossible. The complement of a sum of parts is the sum of theirs only where the parts are
    /// everything, as those of a mean are; `whole` is what their weights add up to then.
    fn turned(mut self, values: Values, whole: f32) -> Self {
        let is_whole = |parts: &Vec<Part>| {
            let sum: f32 = parts.iter().map(|part| part.weight).sum();
            (sum - whole).abs() <= ROUNDING * whole
        };
        self.logits = self.logits.filter(|logits| logits.classes.iter().all(is_whole));
        for part in self.logits.iter_mut().flat_map(|logits| &mut logits.classes).flatten() {
            part.opposite = !part.opposite;
        }
        self.with(values)
    }

    /// Each class times a number, which changes no share where it is one of a mixture.
    fn weighed(mut self, weight: impl Fn(usize) -> f32) -> Self {
        for (class, parts) in self.logits.iter_mut().flat_map(|logits| &mut logits.classes).enumerate() {
            parts.iter_mut().for_each(|part| part.weight *= weight(class).abs());
        }
        self
    }

    /// A distribution over all of the elements, which were divided by their sum, or by that of their exponentials.
    fn over_all(mut self, values: Values) -> Self {
        let Some(logits) = &mut self.logits else { return self.with(values) };
        let (is_list, classes) = (logits.is_list(), logits.classes.len());
        match (&mut logits.sources[..], self.values) {
            ([Source { normalizer: normalizer @ Normalizer::Exponential, .. }], _) if is_list => {
                *normalizer = Normalizer::Softmax { stride: 1, length: classes };
                self.with(values)
            }
            // What adds up already, but for rounding or bounds.
            ([Source { normalizer: Normalizer::Softmax { length, .. }, .. }], Values::Distribution { whole })
                if *length == classes =>
            {
                self.weighed(|_| whole.recip()).with(values)
            }
            _ => {
                logits.rescaled = true;
                self.with(values)
            }
        }
    }
}

/// What the elements of `value` are.
pub(super) fn ending(links: &Links<'_>, shapes: &Shapes, value: &str) -> Ending {
    Tracer::new(links, shapes).trace(value, 0)
}

struct Tracer<'a> {
    links: &'a Links<'a>,
    shapes: &'a Shapes,
    steps: Cell<usize>,
    /// How many parts were made.
    parts: Cell<usize>,
}

impl<'a> Tracer<'a> {
    fn new(links: &'a Links<'a>, shapes: &'a Shapes) -> Self {
        Self { links, shapes, steps: Cell::new(0), parts: Cell::new(0) }
    }

    fn trace(&self, value: &str, depth: usize) -> Ending {
        self.steps.set(self.steps.get() + 1);
        let Some(node) = self.links.maker(value) else { return Ending::unknown() };
        let known = node.domain.is_empty() || node.op == QUANTIZE_DEQUANTIZE;
        if depth > MOST_DEPTH || self.steps.get() > MOST_STEPS || !known {
            return Ending::unknown();
        }
        let Ending { values, logits } = self.of_node(node, value, depth + 1).unwrap_or_else(Ending::unknown);
        // A constant may repeat values, as NumPy broadcasts them.
        let logits = logits.filter(|logits| self.count(value) == Some(logits.classes.len()));
        Ending { values, logits }
    }

    /// Whether so many more parts may be made, which are counted then.
    fn has_room(&self, parts: usize) -> bool {
        let all = self.parts.get().saturating_add(parts);
        let fits = all <= MOST_TRACED;
        if fits {
            self.parts.set(all);
        }
        fits
    }

    /// [`Logits::mixed`], as long as there is room.
    fn mixed(&self, logits: Logits, mixtures: &[Vec<(usize, f32)>]) -> Option<Logits> {
        logits.mixed(mixtures).filter(|logits| self.has_room(logits.classes.iter().map(Vec::len).sum()))
    }

    fn of_node(&self, node: &Node, value: &str, depth: usize) -> Option<Ending> {
        let input = || node.input(0).map(|input| self.trace(input, depth));
        match node.op.as_str() {
            "Dropout" | "Flatten" | "Identity" | "Reshape" | "Round" | "Squeeze" | "Unsqueeze"
            | QUANTIZE_DEQUANTIZE => input(),
            "Cast" => {
                let floats =
                    [data_type::FLOAT, data_type::FLOAT16, data_type::DOUBLE, data_type::BFLOAT16].map(i64::from);
                floats.contains(&node.int("to")?).then(input)?
            }
            "Transpose" => (self.long_axes(node.input(0)?)? <= 1).then(input)?,
            // A Hardmax is sure of the largest score.
            "Softmax" | "Hardmax" => Some(self.softmax(node)?.with(Values::Distribution { whole: 1.0 })),
            "LogSoftmax" => Some(self.softmax(node)?.with(Values::LogProbabilities)),
            "Sigmoid" | "HardSigmoid" => Some(self.each(node.input(0)?, 0.0)),
            // (tanh x + 1) / 2 = σ(2x)
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
            "Max" | "Min" if self.with_constant(node).is_some() => {
                let (input, constant) = self.with_constant(node)?;
                let bound = Some(single(constant)?);
                let (low, high) = if node.op == "Max" { (bound, None) } else { (None, bound) };
                self.clipped(self.trace(input, depth), low, high)
            }
            "Add" | "Sub" | "Mul" | "Div" if self.with_constant(node).is_some() => {
                self.with_a_constant(node, value, depth)
            }
            "Add" | "Sum" | "Mean" => self.added(node, value, depth),
            "Max" | "Min" | "Mul" => self.of_the_same(node, value, depth),
            "Sub" => {
                // The same number taken off every score changes no probability; so is the maximum, or the logarithm of the sum.
                let (scores, shift) = (node.input(0)?, node.input(1)?);
                let x = self.trace(scores, depth);
                let is_shift = self.count(shift)? == 1 && self.count(scores)? > 1;
                match x.values {
                    Values::Scores if is_shift && self.is_log_of_sum(shift) => {
                        Some(x.over_all(Values::LogProbabilities))
                    }
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
                if of_sum { Some(x.over_all(Values::Distribution { whole: 1.0 })) } else { self.itself(value) }
            }
            "Gather" | "Slice" | "Split" => self.some_elements(node, value, input()?),
            "Concat" => self.joined(node, value, depth),
            "GlobalAveragePool" | "AveragePool" | "ReduceMean" => {
                let Ending { values, logits } = input()?;
                match values {
                    // The same at every position, and so on average.
                    Values::Distribution { .. } | Values::Each { .. } | Values::Weighted => {
                        let logits = logits.and_then(|logits| self.mixed(logits, &self.averaged(node, value)?));
                        Some(Ending { values, logits })
                    }
                    _ => self.itself(value),
                }
            }
            "Gemm" | "MatMul" => {
                let x = input()?;
                match x.values {
                    Values::Distribution { .. } => self.shared_out(node, x),
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
        let count = self.count(value).filter(|&count| count <= MOST_CLASSES && self.has_room(count));
        Some(Ending { values: Values::Scores, logits: count.map(|count| Logits::itself(value, count)) })
    }

    /// What a Softmax reads. Of probabilities or logarithms of them, as of other values, it is their softmax.
    fn softmax(&self, node: &Node) -> Option<Ending> {
        let logits = node.input(0)?;
        let shape = self.shapes.get(logits)?;
        // Before operator set 13 all axes from the named one on are one.
        let together = self.links.graph.opset() < 13;
        let axis = axis_of(node, shape.len(), if together { 1 } else { -1 })?;
        let inner: usize = shape.iter().skip(axis + 1).product();
        let length = *shape.get(axis)?;
        let normalizer = if together {
            Normalizer::Softmax { stride: 1, length: length * inner }
        } else {
            Normalizer::Softmax { stride: inner, length }
        };
        Some(Ending { values: Values::Scores, logits: self.made_by(normalizer, logits) })
    }

    /// A function that rises from `low` to 1, of the logit. All of them are sigmoids, or nearly so.
    fn each(&self, logits: &str, low: f32) -> Ending {
        let logits = self.made_by(Normalizer::Sigmoid { slope: 1.0 - low }, logits);
        // tanh x = 2 σ(2x) − 1, which is twice a sigmoid where it is added to one.
        Ending { values: Values::Each { low, high: 1.0 }, logits }.weighed(|_| 1.0 - low)
    }

    fn made_by(&self, normalizer: Normalizer, logits: &str) -> Option<Logits> {
        let count = self.count(logits).filter(|&count| count <= MOST_PARTS && self.has_room(count))?;
        Some(Logits::of(logits, count, normalizer))
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
        let x = x.weighed(|_| factor);
        let moved = |number: f32| number * factor + offset;
        match x.values {
            Values::Each { low, high } if factor > 0.0 => {
                Some(x.with(Values::Each { low: moved(low), high: moved(high) }))
            }
            Values::Each { low, high } if factor < 0.0 => {
                Some(x.turned(Values::Each { low: moved(high), high: moved(low) }, moved(low) - moved(high)))
            }
            Values::Distribution { whole } if factor > 0.0 && offset.abs() <= MARGIN * whole * factor => {
                Some(x.with(Values::Distribution { whole: whole * factor }))
            }
            Values::Parts { whole } if factor > 0.0 && offset.abs() <= MARGIN * whole * factor => {
                Some(x.with(Values::Parts { whole: whole * factor }))
            }
            // What is left of the whole: of two classes that is the other one's, of more what speaks against each.
            Values::Distribution { whole } | Values::Parts { whole } if factor < 0.0 => {
                Some(x.turned(Values::Each { low: moved(whole), high: moved(0.0) }, -factor * whole))
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
            let shape = self.shapes.get(value)?;
            let weight = |element: usize| {
                let weight = floats.get(repeated_place(element, shape, &constant.shape)).copied().unwrap_or(1.0);
                if node.op == "Mul" { weight } else { weight.recip() }
            };
            return (weighs && keeps_order).then(|| x.weighed(weight).with(Values::Weighted));
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
        let parts: Vec<Ending> = node.inputs.iter().map(|input| self.trace(input, depth)).collect();
        let count = node.inputs.len();
        let sum = parts.iter().map(|part| part.values).reduce(|sum, part| match (sum, part) {
            (Values::Scores, Values::Scores) => Values::Scores,
            (Values::Distribution { whole: one }, Values::Distribution { whole: other }) => {
                Values::Distribution { whole: one + other }
            }
            (Values::Each { low, high }, Values::Each { low: other_low, high: other_high }) => {
                Values::Each { low: low + other_low, high: high + other_high }
            }
            // What is added to probabilities that stand each by itself stands by itself.
            (Values::Each { low, high }, Values::Distribution { whole } | Values::Parts { whole })
            | (Values::Distribution { whole } | Values::Parts { whole }, Values::Each { low, high }) => {
                Values::Each { low, high: high + whole }
            }
            (one, other) if is_not_negative(one) && is_not_negative(other) => Values::Weighted,
            _ => Values::Unknown,
        })?;
        let share = if node.op == "Mean" { 1.0 / count as f32 } else { 1.0 };
        match sum {
            Values::Scores => self.itself(value),
            sum => self.affine(Ending { values: sum, logits: self.summed(parts, value) }, share, 0.0),
        }
    }

    /// A product of two probabilities, or the larger or smaller of them: it rises with the score of a class where both are made of it.
    fn of_the_same(&self, node: &Node, value: &str, depth: usize) -> Option<Ending> {
        let [one, other] = &node.inputs[..] else { return None };
        let (one, other) = (self.trace(one, depth), self.trace(other, depth));
        let (low, high) = bounds(one.values)?;
        let (other_low, other_high) = bounds(other.values)?;
        if low < 0.0 || other_low < 0.0 {
            return None;
        }
        let high = match node.op.as_str() {
            "Max" => high.max(other_high),
            "Min" => high.min(other_high),
            _ => high * other_high,
        };
        let both = self.summed(vec![one, other], value);
        let alone = |logits: &Logits| logits.classes.iter().all(|parts| logits.alone(parts).is_some());
        Some(Ending { values: Values::Each { low: 0.0, high }, logits: both.filter(alone) })
    }

    /// The logits of a sum of values that have one element for each class.
    fn summed(&self, parts: Vec<Ending>, value: &str) -> Option<Logits> {
        let (several, classes) = (parts.len(), self.count(value)?);
        let parts = parts.into_iter().map(|part| part.logits.filter(|logits| logits.classes.len() == classes));
        let all = Logits::together(parts.collect::<Option<Vec<_>>>()?)?;
        let of_class = |class: usize| (0..several).map(|part| (part * classes + class, 1.0)).collect();
        self.mixed(all, &(0..classes).map(of_class).collect::<Vec<_>>())
    }

    /// Of each element of a mean those that it is the mean of.
    fn averaged(&self, node: &Node, value: &str) -> Option<Vec<Vec<(usize, f32)>>> {
        let (shape, left) = (self.shapes.get(node.input(0)?)?, self.count(value)?);
        let rank = shape.len();
        let reduced: Vec<usize> = match node.op.as_str() {
            "ReduceMean" => {
                let axes = match (node.ints("axes"), node.input(1)) {
                    (Some(axes), _) => axes.to_vec(),
                    (None, Some(axes)) if !axes.is_empty() => {
                        self.links.graph.constants.get(axes)?.as_integers()?.to_vec()
                    }
                    _ => (0..i64::try_from(rank).ok()?).collect(),
                };
                axes.into_iter().map(|axis| place_of(axis, rank)).collect::<Option<_>>()?
            }
            op => {
                // A window that leaves one place may be smaller than the map, which then has places that do not count.
                let maps = shape.get(2..)?;
                let sees_all = node.ints("kernel_shape").is_some_and(|kernel| {
                    kernel.len() == maps.len()
                        && kernel.iter().zip(maps).all(|(&size, &length)| usize::try_from(size) == Ok(length))
                });
                let all = |attribute: &str, number: i64| {
                    node.ints(attribute).is_none_or(|given| given.iter().all(|&given| given == number))
                };
                if op == "AveragePool" && !(sees_all && all("pads", 0) && all("dilations", 1)) {
                    return None;
                }
                (2..rank).collect()
            }
        };
        let kept = |axis: &usize| !reduced.contains(axis);
        // A pooling of windows leaves more.
        if (0..rank).filter(kept).map(|axis| shape[axis]).product::<usize>() != left {
            return None;
        }
        let count = element_count(shape)?;
        let share = left as f32 / count.max(1) as f32;
        let mut mixtures = vec![Vec::new(); left];
        for element in 0..count {
            let (mut rest, mut place, mut stride) = (element, 0, 1);
            for axis in (0..rank).rev() {
                if kept(&axis) {
                    place += rest % shape[axis] * stride;
                    stride *= shape[axis];
                }
                rest /= shape[axis];
            }
            mixtures.get_mut(place)?.push((element, share));
        }
        Some(mixtures)
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
            return Some(x.over_all(Values::Distribution { whole: 1.0 }));
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
        is_not_negative(ending.values)
            || self.links.maker(value).is_some_and(|node| matches!(node.op.as_str(), "Abs" | "Relu" | "Softplus"))
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
        let chosen = self.chosen(node, value, axis, count).filter(|chosen| chosen.len() <= MOST_CLASSES)?;
        let mut left = vec![true; count];
        chosen.iter().for_each(|&place| left[place] = false);
        let is_all = chosen.len() == count && !left.contains(&true);
        let values = match x.values {
            Values::Distribution { whole } if !is_all => Values::Parts { whole },
            // The logarithms of some probabilities do not add up to anything.
            Values::LogProbabilities if !is_all => Values::Unknown,
            values => values,
        };
        let mixtures: Vec<_> = chosen.iter().map(|&place| vec![(place, 1.0)]).collect();
        Some(Ending { values, logits: x.logits.and_then(|logits| self.mixed(logits, &mixtures)) })
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
        let axis = axis_of(node, self.shapes.get(value)?.len(), 0)?;
        let inner = |input: &String| Some(self.shapes.get(input)?.get(axis..)?.iter().product::<usize>());
        let lengths: Vec<usize> = node.inputs.iter().map(inner).collect::<Option<_>>()?;
        // One behind the other along an axis of their own, as the members of an ensemble are, each stays what it was.
        let is_stacked = || {
            node.inputs.iter().all(|input| {
                self.shapes.get(input).is_some_and(|shape| shape.get(axis) == Some(&1)) && self.count(input) > Some(1)
            })
        };
        let values = match first {
            Values::Distribution { .. } if parts.iter().all(|part| part.values == first) && is_stacked() => first,
            _ => parts.iter().map(|part| part.values).reduce(beside)?,
        };
        let logits = self.one_behind_the_other(parts, &lengths);
        let pair = match logits.as_ref().map(|logits| &logits.classes[..]) {
            Some([one, other]) => Some((&one[..], &other[..])),
            _ => None,
        };
        let values = match (values, pair) {
            // p and 1 − p, also of means.
            (Values::Each { low: 0.0, high }, Some((one, other)))
                if one.len() == other.len()
                    && one
                        .iter()
                        .zip(other)
                        .all(|(one, other)| *one == Part { opposite: !other.opposite, ..*other }) =>
            {
                Values::Distribution { whole: high }
            }
            _ => values,
        };
        Some(Ending { values, logits })
    }

    /// The logits of a join, of whose parts so many elements follow each other.
    fn one_behind_the_other(&self, parts: Vec<Ending>, lengths: &[usize]) -> Option<Logits> {
        let all = Logits::together(parts.into_iter().map(|part| part.logits).collect::<Option<Vec<_>>>()?)?;
        let outer = all.classes.len().checked_div(lengths.iter().sum())?;
        let mut order = Vec::with_capacity(all.classes.len());
        for round in 0..outer {
            let mut first = 0;
            for length in lengths {
                order.extend((0..*length).map(|place| vec![(first + round * length + place, 1.0)]));
                first += outer * length;
            }
        }
        self.mixed(all, &order)
    }

    /// A distribution over classes that is shared out among others: every share is the weights' of one class.
    fn shared_out(&self, node: &Node, x: Ending) -> Option<Ending> {
        let Values::Distribution { whole } = x.values else { return None };
        let constant = self.links.graph.constants.get(node.input(1)?)?;
        let (&[rows, columns], floats) = (&constant.shape[..], constant.as_floats()?) else { return None };
        let plain = node.input(2).is_none() && node.float("alpha").is_none_or(|alpha| alpha == 1.0);
        if !plain || columns == 0 || node.int("transA").unwrap_or(0) != 0 {
            return None;
        }
        if floats.iter().any(|&weight| weight < 0.0) {
            return Some(Ending { values: Values::Scores, logits: None });
        }
        let turned = node.int("transB").unwrap_or(0) != 0;
        let (from, to) = if turned { (columns, rows) } else { (rows, columns) };
        let mut sums = vec![0.0_f32; from];
        let mut mixtures = vec![Vec::new(); to];
        for (place, &weight) in floats.iter().enumerate() {
            let (row, column) = (place / columns, place % columns);
            let (source, class) = if turned { (column, row) } else { (row, column) };
            sums[source] += weight;
            if weight > 0.0 {
                mixtures[class].push((source, weight));
            }
        }
        let shares = sums.iter().all(|sum| (sum - 1.0).abs() <= ROUNDING);
        let values = if shares { Values::Distribution { whole } } else { Values::Weighted };
        let logits = x.logits.filter(|logits| logits.classes.len() == from);
        Some(Ending { values, logits: logits.and_then(|logits| self.mixed(logits, &mixtures)) })
    }
}

/// Whether values of that kind are never below zero.
fn is_not_negative(values: Values) -> bool {
    match values {
        Values::Distribution { .. } | Values::Parts { .. } | Values::Weighted => true,
        Values::Each { low, .. } => low >= 0.0,
        Values::Scores | Values::LogProbabilities | Values::Unknown => false,
    }
}

/// Between what values of that kind lie, where that is known.
fn bounds(values: Values) -> Option<(f32, f32)> {
    match values {
        Values::Distribution { whole } | Values::Parts { whole } => Some((0.0, whole)),
        Values::Each { low, high } => Some((low, high)),
        Values::Scores | Values::LogProbabilities | Values::Weighted | Values::Unknown => None,
    }
}

/// What values are of which some are `one` and the others `other`, one behind the other.
fn beside(one: Values, other: Values) -> Values {
    match (bounds(one), bounds(other)) {
        _ if one == other && matches!(one, Values::Parts { .. }) => one,
        // A sigmoid beside a softmax, or two softmax: nothing is known of what they add up to.
        (Some((low, high)), Some(other)) if (low, high) == other => Values::Each { low, high },
        _ => Values::Unknown,
    }
}

/// Which element of a value of shape `own` takes part in an element of a result of `shape`, as NumPy broadcasts.
fn repeated_place(element: usize, shape: &[usize], own: &[usize]) -> usize {
    let (mut rest, mut place, mut stride) = (element, 0, 1);
    for (&length, &own) in shape.iter().rev().zip(own.iter().rev()) {
        if own != 1 {
            place += rest % length.max(1) * stride;
        }
        stride *= own;
        rest /= length.max(1);
    }
    place
}

/// The axis attribute of a node, counted from the front.
fn axis_of(node: &Node, rank: usize, default: i64) -> Option<usize> {
    place_of(node.int("axis").unwrap_or(default), rank)
}

fn place_of(axis: i64, rank: usize) -> Option<usize> {
    usize::try_from(if axis < 0 { axis + i64::try_from(rank).ok()? } else { axis }).ok()
}

/// The number of a constant that holds one, or the same one everywhere.
fn single(constant: &Constant) -> Option<f32> {
    let (&first, rest) = constant.as_floats()?.split_first()?;
    rest.iter().all(|&number| number == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::graph::Graph;

    #[test]
    fn a_sum_of_many_large_values_is_given_up_before_it_takes_all_memory() {
        // 16 sigmoids at 128×128 places, added up so often: each addend would hold a part for every one of them.
        let shape = vec![1, 16, 128, 128];
        for (times, is_known) in [(1, true), (1900, false)] {
            let graph = Graph {
                inputs: Vec::new(),
                outputs: vec!["end".to_owned()],
                nodes: vec![
                    Node::new("Sigmoid", &["z"], "s"),
                    Node::new("Sum", &vec!["s"; times], "sum"),
                    Node::new("GlobalAveragePool", &["sum"], "end"),
                ],
                constants: BTreeMap::new(),
                opsets: BTreeMap::from([(String::new(), 13)]),
                stated_shapes: BTreeMap::new(),
            };
            let mut shapes: Shapes = ["z", "s", "sum"].map(|name| (name.to_owned(), shape.clone())).into();
            shapes.insert("end".to_owned(), vec![1, 16, 1, 1]);
            let links = Links::new(&graph);
            let Ending { values, logits } = ending(&links, &shapes, "end");
            assert_eq!(values, Values::Each { low: 0.0, high: times as f32 });
            assert_eq!(logits.is_some(), is_known, "{times}");
            let tracer = Tracer::new(&links, &shapes);
            let parts = |_| tracer.trace("s", 0).logits.map_or(0, |logits| logits.classes.len());
            assert!((0..times).map(parts).sum::<usize>() <= MOST_TRACED, "{times}");
        }
    }
}
