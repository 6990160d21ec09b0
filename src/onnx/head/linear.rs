//! The weights of a model's end, where the class scores are weighted sums of the means of feature maps.

use thiserror::Error;

use super::output;
use crate::domain::tensor::element_count;
use crate::onnx::graph::{Constant, Data, Graph, Node};
use crate::onnx::layers::{Geometry, Tokens, activations, geometries};
use crate::onnx::links::Links;
use crate::onnx::shapes::Shapes;
use crate::onnx::weights::Floats;

/// The end of a model whose class scores are `weights · means + bias`, where `means` are the means of a layer's maps.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearHead {
    /// The value that is pooled: `[1, channels, height, width]`.
    pub layer: String,
    pub classes: usize,
    pub channels: usize,
    /// `[classes, channels]` in row-major order.
    pub weights: Floats,
    /// One number for each class.
    pub bias: Vec<f32>,
}

/// Why a model has no [`LinearHead`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoLinearHead {
    #[error("the model's result is not one score for each class")]
    NotScores,
    #[error("the probability of a class is a mixture of several scores")]
    Mixture,
    #[error("the class scores read every position of the maps (in node \"{node}\", {op}), not the mean of each map")]
    NoPooling { node: String, op: String },
    #[error("more than one layer of weights follows the maps (in node \"{node}\", {op})")]
    SeveralLayers { node: String, op: String },
    #[error(
        "between the maps and the class scores stands an activation (in node \"{node}\", {op}), so that no map has a fixed share in a score"
    )]
    Activation { node: String, op: String },
    #[error(
        "between the maps and the class scores stands an operator that is no weighted sum (in node \"{node}\", {op})"
    )]
    OtherOperator { node: String, op: String },
}

/// The weights of the end of a model, where it is: the mean of each map (in any form), then one layer of weights; or
/// one 1×1 Conv, then the mean of each of its maps.
///
/// # Errors
/// [`NoLinearHead`] says in a sentence why there are no such weights.
pub fn linear_head(graph: &Graph, shapes: &Shapes) -> Result<LinearHead, NoLinearHead> {
    let scores = output(graph, shapes).ok_or(NoLinearHead::NotScores)?.logits;
    let (value, elements) = scores.plain().ok_or(NoLinearHead::Mixture)?;
    let links = Links::new(graph);
    // The name as the graph has it, which lives as long as the graph.
    let logits = links.name(value).ok_or(NoLinearHead::NotScores)?;
    Ok(Head { links, shapes }.read(logits)?.of_classes(&elements))
}

impl LinearHead {
    /// The same for classes that each are one of the scores, or the opposite of one.
    fn of_classes(self, elements: &[(usize, f32)]) -> Self {
        let as_they_are = |(class, &(element, sign)): (usize, &(usize, f32))| element == class && sign == 1.0;
        if elements.len() == self.classes && elements.iter().enumerate().all(as_they_are) {
            return self;
        }
        let mut weights = Vec::with_capacity(elements.len() * self.channels);
        let mut bias = Vec::with_capacity(elements.len());
        for &(element, sign) in elements {
            let row = self.weights.as_slice().chunks_exact(self.channels.max(1)).nth(element).unwrap_or_default();
            weights.extend(row.iter().map(|weight| weight * sign));
            bias.push(self.bias.get(element).map_or(0.0, |bias| bias * sign));
        }
        Self { classes: elements.len(), weights: Floats::owned(weights), bias, ..self }
    }
}

struct Head<'a> {
    links: Links<'a>,
    shapes: &'a Shapes,
}

/// One layer of weights: `[outputs, inputs]`, what it reads, and what is added.
struct Layer<'a> {
    input: &'a str,
    weights: Floats,
    bias: Vec<f32>,
}

impl<'a> Head<'a> {
    fn read(&self, logits: &'a str) -> Result<LinearHead, NoLinearHead> {
        let classes = self.count(logits);
        let geometries = geometries(self.links.graph, self.shapes, &Tokens::new());
        let (value, bias) = self.added(self.one_pixel(logits), classes);
        let node = self.maker(value)?;
        if let Some(pooled) = self.pooled(node, &geometries) {
            // The scores are made for every position and then averaged: that is the score of the averages as long as
            // nothing but a weighted sum over channels is in between.
            let (value, more) = self.added(self.same_maps(pooled), classes);
            let node = self.maker(value)?;
            let layer = self.pointwise_conv(node, false).ok_or_else(|| self.reason(node))?;
            let layer = Layer { bias: sum(&sum(&layer.bias, &bias), &more), ..layer };
            return self.found(layer, classes, self.same_maps(layer_input(&self.links, node)));
        }
        let layer = self.dense(node).ok_or_else(|| self.reason(node))?;
        let layer = Layer { bias: sum(&layer.bias, &bias), ..layer };
        let means = self.one_pixel(layer.input);
        let node = self.maker(means)?;
        match self.pooled(node, &geometries) {
            Some(pooled) => self.found(layer, classes, self.same_maps(pooled)),
            None if self.dense(node).is_some() => {
                Err(NoLinearHead::SeveralLayers { node: node.name.clone(), op: node.op.clone() })
            }
            None => Err(self.reason(node)),
        }
    }

    fn found(&self, layer: Layer<'a>, classes: usize, pooled: &str) -> Result<LinearHead, NoLinearHead> {
        let channels = layer.weights.as_slice().len() / classes.max(1);
        let shape = self.shapes.get(pooled).map_or(&[][..], Vec::as_slice);
        match *shape {
            [1, maps, _, _] if maps == channels && layer.weights.as_slice().len() == classes * channels => {
                let bias = if layer.bias.is_empty() { vec![0.0; classes] } else { layer.bias };
                Ok(LinearHead { layer: pooled.to_owned(), classes, channels, weights: layer.weights, bias })
            }
            _ => {
                let node = self.maker(pooled)?;
                Err(NoLinearHead::OtherOperator { node: node.name.clone(), op: node.op.clone() })
            }
        }
    }

    fn count(&self, value: &str) -> usize {
        self.shapes.get(value).and_then(|shape| element_count(shape)).unwrap_or(0)
    }

    fn maker(&self, value: &str) -> Result<&'a Node, NoLinearHead> {
        self.links.maker(value).ok_or(NoLinearHead::NotScores)
    }

    /// Why a node that stands in the way is in the way.
    fn reason(&self, node: &Node) -> NoLinearHead {
        let (name, op) = (node.name.clone(), node.op.clone());
        if activations(&self.links).contains_key(node.output()) {
            return NoLinearHead::Activation { node: name, op };
        }
        let reads_positions = node.input(0).and_then(|input| self.shapes.get(input)).is_some_and(|shape| {
            matches!(node.op.as_str(), "Flatten" | "Reshape") && matches!(shape[..], [_, _, h, w] if h * w > 1)
        });
        match node.op.as_str() {
            _ if reads_positions => NoLinearHead::NoPooling { node: name, op },
            "Conv" | "GlobalMaxPool" | "MaxPool" => NoLinearHead::NoPooling { node: name, op },
            _ => NoLinearHead::OtherOperator { node: name, op },
        }
    }

    /// Looks through nodes that keep the order of the elements of a value in which only one axis is long.
    fn one_pixel(&self, mut value: &'a str) -> &'a str {
        let long =
            |value: &str| self.shapes.get(value).map_or(0, |shape| shape.iter().filter(|&&length| length != 1).count());
        while let Some(node) = self.links.maker(value)
            && let Some(input) = node.input(0)
            && long(input) <= 1
            && matches!(
                node.op.as_str(),
                "Cast" | "Dropout" | "Flatten" | "Identity" | "Reshape" | "Squeeze" | "Transpose" | "Unsqueeze"
            )
        {
            value = input;
        }
        value
    }

    /// Looks through nodes that keep feature maps as they are, but for the order of axes.
    fn same_maps(&self, mut value: &'a str) -> &'a str {
        while let Some(node) = self.links.maker(value)
            && matches!(node.op.as_str(), "Cast" | "Dropout" | "Identity" | "Transpose")
            && let Some(input) = node.input(0)
        {
            value = input;
        }
        value
    }

    /// What a value was before constants, one for each class, were added to it; and their sum.
    fn added(&self, mut value: &'a str, classes: usize) -> (&'a str, Vec<f32>) {
        let mut bias = Vec::new();
        while let Some(node) = self.links.maker(value).filter(|node| node.op == "Add") {
            let constant = node.inputs.iter().find_map(|input| self.links.graph.constants.get(input));
            let Some(floats) = constant.and_then(Constant::as_floats) else { break };
            let (Some(input), true) =
                (self.links.data_inputs(node).next(), matches!(floats.len(), 1) || floats.len() == classes)
            else {
                break;
            };
            let spread: Vec<f32> =
                (0..classes).map(|class| floats[if floats.len() == 1 { 0 } else { class }]).collect();
            bias = sum(&bias, &spread);
            value = input;
        }
        (value, bias)
    }

    /// What a node takes the mean of over exactly height and width.
    fn pooled(&self, node: &'a Node, geometries: &std::collections::BTreeMap<String, Geometry>) -> Option<&'a str> {
        let input = node.input(0)?;
        let (shape, geometry) = (self.shapes.get(input)?, geometries.get(input)?);
        let result = self.shapes.get(node.output())?;
        let sizes = geometry.axes.map(|axis| shape.get(axis).copied().unwrap_or(1));
        let is_mean = match node.op.as_str() {
            "GlobalAveragePool" => true,
            "AveragePool" => {
                let whole =
                    node.ints("kernel_shape")?.iter().zip(sizes).all(|(&k, size)| usize::try_from(k) == Ok(size));
                whole && node.ints("pads").is_none_or(|pads| pads.iter().all(|&pad| pad == 0))
            }
            // Over these axes alone: as many elements are left as there are channels.
            "ReduceMean" => {
                let rest = element_count(shape)?.checked_div(sizes[0] * sizes[1])?;
                let channels_are_kept = result.contains(&rest) && element_count(result) == Some(rest);
                channels_are_kept && !self.reduces(node, shape, geometry)
            }
            _ => false,
        };
        is_mean.then_some(input)
    }

    /// Whether a reduction goes over another axis than height and width, as far as its size tells.
    fn reduces(&self, node: &Node, shape: &[usize], geometry: &Geometry) -> bool {
        let axes = node.ints("axes").map(<[i64]>::to_vec).or_else(|| {
            node.input(1).and_then(|axes| self.links.graph.constants.get(axes)?.as_integers().map(<[i64]>::to_vec))
        });
        let rank = shape.len() as i64;
        axes.is_none_or(|axes| {
            axes.iter().any(|&axis| {
                let axis = usize::try_from(if axis < 0 { axis.saturating_add(rank) } else { axis });
                axis.is_ok_and(|axis| !geometry.axes.contains(&axis) && shape.get(axis) != Some(&1))
            })
        })
    }

    /// A layer of weights on a value of one pixel.
    fn dense(&self, node: &'a Node) -> Option<Layer<'a>> {
        match node.op.as_str() {
            "Gemm" => self.gemm(node),
            "MatMul" => {
                let constant = self.links.graph.constants.get(node.input(1)?)?;
                let weights = transposed(constant)?;
                Some(Layer { input: node.input(0)?, weights, bias: vec![] })
            }
            "Conv" => self.pointwise_conv(node, true),
            _ => None,
        }
    }

    fn gemm(&self, node: &'a Node) -> Option<Layer<'a>> {
        let constant = self.links.graph.constants.get(node.input(1)?)?;
        let scale = node.float("alpha").unwrap_or(1.0);
        if node.int("transA").unwrap_or(0) != 0 {
            return None;
        }
        let mut weights = match (&constant.data, node.int("transB").unwrap_or(0)) {
            (Data::F32(floats), 1) => floats.clone(),
            _ => transposed(constant)?,
        };
        if scale != 1.0 {
            weights = Floats::owned(weights.as_slice().iter().map(|weight| weight * scale).collect::<Vec<_>>());
        }
        let classes = self.count(node.output());
        let beta = node.float("beta").unwrap_or(1.0);
        let bias = match node.input(2) {
            None => vec![],
            Some(name) => match self.links.graph.constants.get(name)?.as_floats()? {
                &[number] => vec![number * beta; classes],
                numbers if numbers.len() == classes => numbers.iter().map(|number| number * beta).collect(),
                _ => return None,
            },
        };
        Some(Layer { input: node.input(0)?, weights, bias })
    }

    /// A Conv that is a weighted sum over channels: 1×1, or as large as its input where that is one pixel.
    fn pointwise_conv(&self, node: &'a Node, one_pixel: bool) -> Option<Layer<'a>> {
        let input = node.input(0)?;
        let constant = self.links.graph.constants.get(node.input(1)?)?;
        let zero = |name: &str| node.ints(name).is_none_or(|list| list.iter().all(|&number| number == 0));
        let one = |name: &str| node.ints(name).is_none_or(|list| list.iter().all(|&number| number == 1));
        let is_pixel = self.shapes.get(input).is_some_and(|shape| shape.get(2..) == Some(&[1, 1]));
        let fits = node.op == "Conv"
            && matches!(constant.shape[..], [_, _, 1, 1])
            && node.int("group").unwrap_or(1) == 1
            && zero("pads")
            && one("strides")
            && (!one_pixel || is_pixel);
        let Data::F32(weights) = &constant.data else { return None };
        let bias = match node.input(2) {
            None => vec![],
            Some(name) => self.links.graph.constants.get(name)?.as_floats()?.to_vec(),
        };
        fits.then(|| Layer { input, weights: weights.clone(), bias })
    }
}

fn layer_input<'a>(links: &Links<'a>, node: &'a Node) -> &'a str {
    links.data_inputs(node).next().unwrap_or_default()
}

/// Element by element; an empty list is all zeros.
fn sum(left: &[f32], right: &[f32]) -> Vec<f32> {
    match (left, right) {
        ([], other) | (other, []) => other.to_vec(),
        _ => left.iter().zip(right).map(|(left, right)| left + right).collect(),
    }
}

/// A matrix with rows and columns swapped.
fn transposed(constant: &Constant) -> Option<Floats> {
    let (&[rows, columns], floats) = (&constant.shape[..], constant.as_floats()?) else { return None };
    let mut result = Vec::with_capacity(floats.len());
    for column in 0..columns {
        result.extend((0..rows).map(|row| floats[row * columns + column]));
    }
    Some(Floats::owned(result))
}
