//! Writes a graph as an ONNX message whose large weights stay outside it, where they are in memory already.

use std::collections::BTreeMap;

use prost::Message;

use super::graph::{Attribute, Constant, Data, Dimension, Graph, Node};
use super::proto::{
    AttributeProto, DimensionProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, StringStringEntryProto,
    TensorProto, TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto, attribute_type, data_type,
    dimension_proto,
};
use super::weights::Floats;

/// Constants of at most this many values are written into the message: engines look at small ones (epsilons, axes,
/// exponents) to recognise patterns, and a copy costs nothing.
const WRITTEN_INTO_MESSAGE: usize = 256;

/// A graph as ONNX bytes, and the weights that it refers to as external data, by the name of the file that stands for each.
pub struct Encoded {
    pub message: Vec<u8>,
    pub external: BTreeMap<String, Floats>,
}

/// Writes `graph` as an ONNX model.
pub fn encode(graph: &Graph) -> Encoded {
    let mut external = BTreeMap::new();
    let proto = graph_proto(graph, &mut external);
    let model = ModelProto {
        ir_version: 10,
        producer_name: "featurescope".to_owned(),
        graph: Some(proto),
        opset_import: graph
            .opsets
            .iter()
            .map(|(domain, &version)| OperatorSetIdProto { domain: domain.clone(), version })
            .collect(),
        metadata_props: Vec::new(),
        functions: Vec::new(),
    };
    Encoded { message: model.encode_to_vec(), external }
}

/// The message of a graph; its large weights go into `external`.
fn graph_proto(graph: &Graph, external: &mut BTreeMap<String, Floats>) -> GraphProto {
    GraphProto {
        name: "featurescope".to_owned(),
        node: graph.nodes.iter().map(node).collect(),
        initializer: graph
            .constants
            .iter()
            .map(|(name, constant)| match &constant.data {
                Data::F32(floats) if floats.as_slice().len() > WRITTEN_INTO_MESSAGE => {
                    // Readers of external data accept a plain file name that ends in ".data" and nothing else.
                    let location = format!("{}.data", external.len());
                    let proto = external_tensor(name, &location, constant, floats);
                    external.insert(location, floats.clone());
                    proto
                }
                _ => tensor(name, constant),
            })
            .collect(),
        input: graph
            .inputs
            .iter()
            .map(|input| value(&input.name, Some(&input.shape).filter(|shape| !shape.is_empty())))
            .collect(),
        output: graph.outputs.iter().map(|output| value(output, None)).collect(),
        value_info: Vec::new(),
        sparse_initializer: Vec::new(),
    }
}

fn node(node: &Node) -> NodeProto {
    NodeProto {
        input: node.inputs.clone(),
        output: node.outputs.clone(),
        name: node.name.clone(),
        op_type: node.op.clone(),
        domain: node.domain.clone(),
        overload: String::new(),
        attribute: node.attributes.iter().map(|(name, value)| attribute(name, value)).collect(),
    }
}

fn attribute(name: &str, value: &Attribute) -> AttributeProto {
    let mut proto = AttributeProto { name: name.to_owned(), ..AttributeProto::default() };
    proto.r#type = match value {
        Attribute::Int(value) => {
            proto.i = *value;
            attribute_type::INT
        }
        Attribute::Float(value) => {
            proto.f = *value;
            attribute_type::FLOAT
        }
        Attribute::Text(value) => {
            proto.s = value.clone().into();
            attribute_type::STRING
        }
        Attribute::Ints(values) => {
            proto.ints.clone_from(values);
            attribute_type::INTS
        }
        Attribute::Floats(values) => {
            proto.floats.clone_from(values);
            attribute_type::FLOATS
        }
        Attribute::Texts(values) => {
            proto.strings = values.iter().map(|text| text.clone().into()).collect();
            attribute_type::STRINGS
        }
        Attribute::Tensor(constant) => {
            proto.t = Some(tensor("", constant));
            attribute_type::TENSOR
        }
        Attribute::Graph(graph) => {
            // No engine has an operator with a body, so its weights go nowhere.
            proto.g = Some(Box::new(graph_proto(graph, &mut BTreeMap::new())));
            attribute_type::GRAPH
        }
    };
    proto
}

fn dimensions(shape: &[usize]) -> Vec<i64> {
    shape.iter().map(|&size| size as i64).collect()
}

fn tensor(name: &str, constant: &Constant) -> TensorProto {
    let (kind, raw) = match &constant.data {
        Data::F32(floats) => (data_type::FLOAT, bytemuck::cast_slice(floats.as_slice()).to_vec()),
        Data::I64(integers) => (data_type::INT64, bytemuck::cast_slice(integers).to_vec()),
        Data::Other { data_type, bytes } => (*data_type, bytes.to_vec()),
    };
    TensorProto {
        name: name.to_owned(),
        dims: dimensions(&constant.shape),
        data_type: kind,
        raw_data: raw.into(),
        ..TensorProto::default()
    }
}

fn external_tensor(name: &str, location: &str, constant: &Constant, floats: &Floats) -> TensorProto {
    let entry = |key: &str, value: String| StringStringEntryProto { key: key.to_owned(), value };
    TensorProto {
        name: name.to_owned(),
        dims: dimensions(&constant.shape),
        data_type: data_type::FLOAT,
        data_location: 1,
        external_data: vec![
            entry("location", location.to_owned()),
            entry("offset", "0".to_owned()),
            entry("length", (floats.as_slice().len() * 4).to_string()),
        ],
        ..TensorProto::default()
    }
}

/// An input or output. One without a shape is a value inside of a larger graph, of which the type is not known either.
fn value(name: &str, shape: Option<&Vec<Dimension>>) -> ValueInfoProto {
    let dim = |dimension: &Dimension| DimensionProto {
        value: Some(match dimension {
            Dimension::Fixed(size) => dimension_proto::Value::Size(*size as i64),
            Dimension::Symbolic(name) => dimension_proto::Value::Name(name.clone()),
        }),
    };
    let of_shape = |shape: &Vec<Dimension>| TypeProto {
        tensor_type: Some(TensorTypeProto {
            elem_type: data_type::FLOAT,
            shape: Some(TensorShapeProto { dim: shape.iter().map(dim).collect() }),
        }),
    };
    ValueInfoProto { name: name.to_owned(), r#type: shape.map(of_shape) }
}
