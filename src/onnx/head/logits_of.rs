//! The scores of a layer that is the network's answer: maps of probabilities, as networks have them that label every place, or that
//! average the probabilities of all places.

use std::collections::BTreeSet;

use crate::onnx::graph::Graph;
use crate::onnx::links::Links;
use crate::onnx::operator::QUANTIZE_DEQUANTIZE;
use crate::onnx::shapes::Shapes;

/// The value that holds the scores of a layer, in its shape, where the layer makes probabilities of them and nothing that is
/// learnt comes after it. Such a layer has no slope where it is sure, though its scores have. Inside of a network a sigmoid is an
/// activation like any other.
pub fn logits_of(graph: &Graph, shapes: &Shapes, layer: &str) -> Option<String> {
    let links = Links::new(graph);
    let mut value = layer;
    let logits = loop {
        let node = links.maker(value).filter(|node| node.domain.is_empty() || node.op == QUANTIZE_DEQUANTIZE)?;
        match node.op.as_str() {
            "Cast" | "Clip" | "Dropout" | "Identity" | "Max" | "Min" | "Round" | QUANTIZE_DEQUANTIZE => {
                value = links.data_inputs(node).next().filter(|_| links.data_inputs(node).count() == 1)?;
            }
            "HardSigmoid" | "Hardmax" | "LogSoftmax" | "Sigmoid" | "Softmax" | "Softsign" | "Tanh" => {
                break node.input(0)?;
            }
            _ => return None,
        }
    };
    let is_same_shape = shapes.get(logits).is_some() && shapes.get(logits) == shapes.get(layer);
    (is_same_shape && links.maker(logits).is_some() && ends_the_network(&links, layer)).then(|| logits.to_owned())
}

/// Whether what follows a value only chooses, moves, averages, scales or compares its elements.
fn ends_the_network(links: &Links<'_>, layer: &str) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![layer]);
    while let Some(value) = open.pop() {
        for node in links.readers(value) {
            let learns = match node.op.as_str() {
                "Conv" | "ConvTranspose" | "Einsum" | "Gemm" | "MatMul" => true,
                // A gate.
                "Mul" | "Div" => links.data_inputs(node).count() > 1,
                _ => false,
            };
            if learns {
                return false;
            }
            open.extend(node.outputs.iter().map(String::as_str).filter(|output| seen.insert(*output)));
        }
    }
    true
}
