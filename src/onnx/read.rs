//! Reads the bytes of an ONNX file into a [`Model`].
//!
//! The large weights stay where the file was read to (see [`super::weights`]): while the messages are parsed they are
//! only noted, and when parsing has let go of the buffer each is moved to the next lower multiple of four bytes. That
//! never harms anything that is still needed, since at least three bytes before a tensor of 128 bytes or more are its
//! own tag and length, which have been read by then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use thiserror::Error;

use super::graph::{Attribute, Constant, Data, Dimension, Graph, Input, Node};
use super::proto::{
    AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto, attribute_type, data_type,
    dimension_proto,
};
use super::weights::{Bytes32, Floats};

/// The operator set versions that we read. Older ones have other attributes for the same names.
pub const OPSETS: std::ops::RangeInclusive<i64> = 7..=23;

/// Tensors of at least this many bytes stay in the file's buffer; their tag and length take at least three bytes.
const STAYS_IN_FILE: usize = 128;

/// What is wrong with a model file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    #[error("the file is empty")]
    Empty,
    /// The bytes are not an ONNX message at all, or end too early.
    #[error("the file is not a complete ONNX model ({0})")]
    NotOnnx(String),
    /// The file was recognised as something else.
    #[error("this is {what}, not an ONNX model; {advice}")]
    OtherFormat { what: &'static str, advice: &'static str },
    #[error("the model holds no graph")]
    NoGraph,
    #[error("the model uses operator set {0}; sets {first} to {last} can be read", first = OPSETS.start(), last = OPSETS.end())]
    Opset(i64),
    #[error("in node \"{node}\": the input \"{value}\" is not made by any node before it{}", if *.cycle { " (the graph runs in a circle)" } else { "" })]
    MissingValue { node: String, value: String, cycle: bool },
    #[error("in node \"{node}\": the value \"{value}\" is made twice")]
    DuplicateValue { node: String, value: String },
    #[error("the graph promises an output \"{0}\" that no node makes")]
    MissingOutput(String),
    #[error("in tensor \"{tensor}\": {detail}")]
    BadTensor { tensor: String, detail: String },
    #[error("in input \"{input}\": {detail}")]
    BadInput { input: String, detail: String },
    #[error("the weights of this model are in a second file, \"{0}\"; open both files together")]
    MissingExternalFile(String),
}

/// A model as read: its graph and what the file says about itself.
#[derive(Debug, Clone)]
pub struct Model {
    pub graph: Graph,
    /// The program that wrote the file, such as `pytorch` or `tf2onnx`.
    pub producer: String,
    /// Free text pairs of the file.
    pub metadata: BTreeMap<String, String>,
    /// Bytes of the model file and its external data, for estimates of memory.
    pub bytes: usize,
}

/// A file with weights that lies beside the model, under the name that the model calls it by.
#[derive(Debug)]
pub struct ExternalFile {
    pub name: String,
    pub content: Bytes32,
}

/// Reads a model file and the files beside it.
///
/// # Errors
/// [`ReadError`] says what is wrong; nothing is ever guessed.
pub fn read(file: Bytes32, external: Vec<ExternalFile>) -> Result<Model, ReadError> {
    if file.as_bytes().is_empty() {
        return Err(ReadError::Empty);
    }
    let bytes = file.as_bytes().len() + external.iter().map(|file| file.content.as_bytes().len()).sum::<usize>();
    let shared = Arc::new(file);
    let message = ModelProto::decode(Bytes::from_owner(Shared(shared.clone())))
        .map_err(|error| ReadError::NotOnnx(error.to_string()))?;
    let opsets: BTreeMap<String, i64> = message
        .opset_import
        .iter()
        .map(|opset| (if opset.domain == "ai.onnx" { String::new() } else { opset.domain.clone() }, opset.version))
        .collect();
    let proto = message.graph.ok_or(ReadError::NoGraph)?;
    let opset = opsets.get("").copied().unwrap_or(1);
    if !OPSETS.contains(&opset) {
        return Err(ReadError::Opset(opset));
    }
    let external: BTreeMap<String, Arc<Bytes32>> =
        external.into_iter().map(|file| (base_name(&file.name).to_owned(), Arc::new(file.content))).collect();
    let mut reader = Reader { file: shared.clone(), external, waiting: Vec::new(), constants: BTreeMap::new() };
    let mut graph = reader.graph(proto, opsets)?;
    let Reader { file, waiting, .. } = reader;
    drop(file);
    place_in_file(shared, waiting, &mut graph);
    order(&mut graph)?;
    Ok(Model {
        graph,
        producer: message.producer_name,
        metadata: message.metadata_props.into_iter().map(|entry| (entry.key, entry.value)).collect(),
        bytes,
    })
}

/// Lets `Bytes` own a share of the file.
struct Shared(Arc<Bytes32>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A large tensor that is still unaligned in the file's buffer.
struct Waiting {
    name: String,
    shape: Vec<usize>,
    offset: usize,
    count: usize,
}

struct Reader {
    file: Arc<Bytes32>,
    external: BTreeMap<String, Arc<Bytes32>>,
    waiting: Vec<Waiting>,
    constants: BTreeMap<String, Constant>,
}

impl Reader {
    fn graph(&mut self, proto: GraphProto, opsets: BTreeMap<String, i64>) -> Result<Graph, ReadError> {
        for tensor in proto.initializer {
            let name = tensor.name.clone();
            self.constant(name, tensor)?;
        }
        let mut nodes = Vec::with_capacity(proto.node.len());
        for node in proto.node {
            self.node(node, &mut nodes)?;
        }
        let constants = std::mem::take(&mut self.constants);
        let constant =
            |name: &str| constants.contains_key(name) || self.waiting.iter().any(|waiting| waiting.name == name);
        let mut inputs = Vec::new();
        for value in &proto.input {
            // Files older than IR 4 list every weight among the inputs, too.
            if !constant(&value.name) {
                inputs.push(Input { name: value.name.clone(), shape: stated_shape(value)?.unwrap_or_default() });
            }
        }
        let mut stated_shapes = BTreeMap::new();
        for value in proto.value_info.iter().chain(&proto.output) {
            if let Some(shape) = stated_shape(value)? {
                stated_shapes.insert(value.name.clone(), shape);
            }
        }
        let outputs = proto.output.into_iter().map(|value| value.name).collect();
        Ok(Graph { inputs, outputs, nodes, constants, opsets, stated_shapes })
    }

    fn node(&mut self, proto: NodeProto, nodes: &mut Vec<Node>) -> Result<(), ReadError> {
        let name = match proto.name.as_str() {
            "" => proto.output.first().cloned().unwrap_or_default(),
            name => name.to_owned(),
        };
        let domain = if proto.domain == "ai.onnx" { String::new() } else { proto.domain };
        let mut attributes = BTreeMap::new();
        for attribute in proto.attribute {
            let key = attribute.name.clone();
            if let (true, Some(output)) = (proto.op_type == "Constant", proto.output.first()) {
                self.constant_node(output.clone(), attribute)?;
            } else if let Some(value) = self.attribute(&name, attribute)? {
                attributes.insert(key, value);
            }
        }
        if proto.op_type != "Constant" {
            nodes.push(Node {
                name,
                op: proto.op_type,
                domain,
                inputs: proto.input,
                outputs: proto.output,
                attributes,
            });
        }
        Ok(())
    }

    /// A `Constant` node is the same as an initializer under the name of its output.
    fn constant_node(&mut self, output: String, attribute: AttributeProto) -> Result<(), ReadError> {
        let constant = match attribute.name.as_str() {
            "value" => {
                let tensor = attribute.t.unwrap_or_default();
                return self.constant(output, tensor);
            }
            "value_float" => Constant::floats(vec![], vec![attribute.f]),
            "value_floats" => Constant::floats(vec![attribute.floats.len()], attribute.floats),
            "value_int" => Constant::integers(vec![], vec![attribute.i]),
            "value_ints" => Constant::integers(vec![attribute.ints.len()], attribute.ints),
            other => {
                return Err(ReadError::BadTensor {
                    tensor: output,
                    detail: format!("a constant of the kind {other} cannot be read"),
                });
            }
        };
        self.constants.insert(output, constant);
        Ok(())
    }

    fn attribute(&mut self, node: &str, proto: AttributeProto) -> Result<Option<Attribute>, ReadError> {
        let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
        Ok(Some(match proto.r#type {
            attribute_type::FLOAT => Attribute::Float(proto.f),
            attribute_type::INT => Attribute::Int(proto.i),
            attribute_type::STRING => Attribute::Text(text(&proto.s)),
            attribute_type::FLOATS => Attribute::Floats(proto.floats),
            attribute_type::INTS => Attribute::Ints(proto.ints),
            attribute_type::STRINGS => Attribute::Texts(proto.strings.iter().map(text).collect()),
            attribute_type::TENSOR => {
                let tensor = proto.t.unwrap_or_default();
                let name = format!("{node}.{}", proto.name);
                Attribute::Tensor(self.values(&name, &tensor)?.into_constant(&name)?)
            }
            attribute_type::GRAPH => {
                // A deep copy, so that no view of the file's buffer survives parsing.
                let copy = GraphProto::decode(Bytes::from(proto.g.unwrap_or_default().encode_to_vec()))
                    .map_err(|error| ReadError::NotOnnx(error.to_string()))?;
                Attribute::Graph(Box::new(copy))
            }
            // Files older than IR 4 leave the type out: it is told by the field that is filled.
            _ if !proto.ints.is_empty() => Attribute::Ints(proto.ints),
            _ if !proto.floats.is_empty() => Attribute::Floats(proto.floats),
            _ if !proto.s.is_empty() => Attribute::Text(text(&proto.s)),
            _ if proto.f != 0.0 => Attribute::Float(proto.f),
            _ => Attribute::Int(proto.i),
        }))
    }

    /// Notes a constant of the graph, without a copy where it is large.
    fn constant(&mut self, name: String, tensor: TensorProto) -> Result<(), ReadError> {
        match self.values(&name, &tensor)? {
            Values::Ready(constant) => {
                self.constants.insert(name, constant);
            }
            Values::InFile { shape, offset, count } => self.waiting.push(Waiting { name, shape, offset, count }),
        }
        Ok(())
    }

    fn values(&self, name: &str, tensor: &TensorProto) -> Result<Values, ReadError> {
        let bad = |detail: String| ReadError::BadTensor { tensor: name.to_owned(), detail };
        let shape = tensor
            .dims
            .iter()
            .map(|&size| usize::try_from(size).map_err(|_| bad(format!("the dimension {size} is impossible"))))
            .collect::<Result<Vec<_>, _>>()?;
        let count = crate::domain::tensor::element_count(&shape)
            .ok_or_else(|| bad(format!("the shape {shape:?} is impossibly large")))?;
        let wrong_length =
            |actual: usize| bad(format!("the shape {shape:?} needs {count} values, but the file holds {actual}"));
        if tensor.data_location == 1 {
            return self.external_values(name, tensor, shape, count);
        }
        let raw = &tensor.raw_data[..];
        if tensor.data_type == data_type::FLOAT && !raw.is_empty() {
            if count.checked_mul(4) != Some(raw.len()) {
                return Err(wrong_length(raw.len() / 4));
            }
            let inside = (raw.as_ptr() as usize).checked_sub(self.file.as_bytes().as_ptr() as usize);
            return Ok(match inside {
                Some(offset) if raw.len() >= STAYS_IN_FILE && offset + raw.len() <= self.file.as_bytes().len() => {
                    Values::InFile { shape, offset, count }
                }
                _ => Values::Ready(Constant { shape, data: Data::F32(Floats::owned(floats_from(raw))) }),
            });
        }
        let data = if raw.is_empty() { typed_values(tensor) } else { raw_values(tensor.data_type, raw) }
            .ok_or_else(|| bad(format!("values of the type number {} cannot be read", tensor.data_type)))?;
        let actual = match &data {
            Data::F32(floats) => floats.as_slice().len(),
            Data::I64(integers) => integers.len(),
            Data::Other { data_type, bytes } => bytes.len() / element_bytes(*data_type).unwrap_or(1),
        };
        if actual != count {
            return Err(wrong_length(actual));
        }
        Ok(Values::Ready(Constant { shape, data }))
    }

    fn external_values(
        &self,
        name: &str,
        tensor: &TensorProto,
        shape: Vec<usize>,
        count: usize,
    ) -> Result<Values, ReadError> {
        let bad = |detail: String| ReadError::BadTensor { tensor: name.to_owned(), detail };
        let entry = |key: &str| tensor.external_data.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
        let location = entry("location").ok_or_else(|| bad("it names no file for its values".to_owned()))?;
        let file = self
            .external
            .get(base_name(location))
            .ok_or_else(|| ReadError::MissingExternalFile(base_name(location).to_owned()))?;
        let number = |key: &str, otherwise: usize| match entry(key) {
            Some(text) => text.parse().map_err(|_| bad(format!("the {key} \"{text}\" is not a number"))),
            None => Ok(otherwise),
        };
        let offset: usize = number("offset", 0)?;
        let size = element_bytes(tensor.data_type)
            .ok_or_else(|| bad(format!("values of the type number {} cannot be read", tensor.data_type)))?;
        let length = count.checked_mul(size).ok_or_else(|| bad("it is impossibly large".to_owned()))?;
        let part = offset
            .checked_add(length)
            .and_then(|end| file.as_bytes().get(offset..end))
            .ok_or_else(|| bad(format!("it reaches beyond the end of \"{}\"", base_name(location))))?;
        let data = match Floats::in_file(file.clone(), offset, count) {
            Some(floats) if tensor.data_type == data_type::FLOAT => Data::F32(floats),
            _ => raw_values(tensor.data_type, part)
                .ok_or_else(|| bad(format!("values of the type number {} cannot be read", tensor.data_type)))?,
        };
        Ok(Values::Ready(Constant { shape, data }))
    }
}

/// The values of a tensor: ready, or large and still unaligned in the file.
enum Values {
    Ready(Constant),
    InFile { shape: Vec<usize>, offset: usize, count: usize },
}

impl Values {
    fn into_constant(self, name: &str) -> Result<Constant, ReadError> {
        match self {
            Self::Ready(constant) => Ok(constant),
            Self::InFile { .. } => Err(ReadError::BadTensor {
                tensor: name.to_owned(),
                detail: "an attribute holds more values than an operator can need".to_owned(),
            }),
        }
    }
}

/// Aligns the large tensors within the file's buffer and adds them to the graph's constants.
fn place_in_file(shared: Arc<Bytes32>, mut waiting: Vec<Waiting>, graph: &mut Graph) {
    let Some(mut file) = Arc::into_inner(shared) else {
        unreachable!("parsing ended and gave back every share of the file");
    };
    waiting.sort_by_key(|tensor| tensor.offset);
    let bytes = file.as_bytes_mut();
    for tensor in &mut waiting {
        let aligned = tensor.offset & !3;
        bytes.copy_within(tensor.offset..tensor.offset + tensor.count * 4, aligned);
        tensor.offset = aligned;
    }
    let file = Arc::new(file);
    for Waiting { name, shape, offset, count } in waiting {
        if let Some(floats) = Floats::in_file(file.clone(), offset, count) {
            graph.constants.insert(name, Constant { shape, data: Data::F32(floats) });
        }
    }
}

/// Brings the nodes into an order in which each can run, and checks that every value is made exactly once.
fn order(graph: &mut Graph) -> Result<(), ReadError> {
    let mut made: BTreeSet<String> = graph.constants.keys().cloned().collect();
    made.extend(graph.inputs.iter().map(|input| input.name.clone()));
    let mut all = made.clone();
    for node in &graph.nodes {
        for value in node.outputs.iter().filter(|value| !value.is_empty()) {
            if !all.insert(value.clone()) {
                return Err(ReadError::DuplicateValue { node: node.name.clone(), value: value.clone() });
            }
        }
    }
    let mut ordered = Vec::with_capacity(graph.nodes.len());
    let mut rest = std::mem::take(&mut graph.nodes);
    // Nearly every file is in order already, so this is one pass; each further pass places at least one node.
    while !rest.is_empty() {
        let before = rest.len();
        let mut later = Vec::new();
        for node in rest {
            if node.inputs.iter().all(|input| input.is_empty() || made.contains(input)) {
                made.extend(node.outputs.iter().cloned());
                ordered.push(node);
            } else {
                later.push(node);
            }
        }
        if later.len() == before {
            let Some((node, value)) = later.iter().find_map(|node| {
                node.inputs.iter().find(|input| !input.is_empty() && !made.contains(*input)).map(|value| (node, value))
            }) else {
                break;
            };
            let undefined = later
                .iter()
                .flat_map(|node| node.inputs.iter().map(move |input| (node, input)))
                .find(|(_, input)| !input.is_empty() && !all.contains(*input));
            let ((node, value), cycle) = match undefined {
                Some(found) => (found, false),
                None => ((node, value), true),
            };
            return Err(ReadError::MissingValue { node: node.name.clone(), value: value.clone(), cycle });
        }
        rest = later;
    }
    graph.nodes = ordered;
    match graph.outputs.iter().find(|output| !made.contains(*output)) {
        Some(output) => Err(ReadError::MissingOutput(output.clone())),
        None => Ok(()),
    }
}

fn stated_shape(value: &ValueInfoProto) -> Result<Option<Vec<Dimension>>, ReadError> {
    let Some(shape) =
        value.r#type.as_ref().and_then(|kind| kind.tensor_type.as_ref()).and_then(|kind| kind.shape.as_ref())
    else {
        return Ok(None);
    };
    shape
        .dim
        .iter()
        .map(|dimension| match &dimension.value {
            // Exporters write 0 or -1 for "any size".
            Some(dimension_proto::Value::Size(0 | -1)) | None => Ok(Dimension::Symbolic(String::new())),
            Some(dimension_proto::Value::Name(name)) => Ok(Dimension::Symbolic(name.clone())),
            Some(dimension_proto::Value::Size(size)) => {
                usize::try_from(*size).ok().filter(|&size| size <= i32::MAX as usize).map(Dimension::Fixed).ok_or_else(
                    || ReadError::BadInput {
                        input: value.name.clone(),
                        detail: format!("the dimension {size} is impossible"),
                    },
                )
            }
        })
        .collect::<Result<Vec<_>, _>>()
        .map(Some)
}

fn floats_from(raw: &[u8]) -> Vec<f32> {
    raw.chunks_exact(4).map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect()
}

/// Bytes of one element, or `None` for types without a fixed size.
pub(super) fn element_bytes(kind: i32) -> Option<usize> {
    Some(match kind {
        data_type::UINT8 | data_type::INT8 | data_type::BOOL => 1,
        data_type::UINT16 | data_type::INT16 | data_type::FLOAT16 | data_type::BFLOAT16 => 2,
        data_type::FLOAT | data_type::INT32 | data_type::UINT32 => 4,
        data_type::INT64 | data_type::UINT64 | data_type::DOUBLE => 8,
        _ => return None,
    })
}

fn raw_values(kind: i32, raw: &[u8]) -> Option<Data> {
    let eight = |bytes: &[u8]| bytes.try_into().unwrap_or([0; 8]);
    Some(match kind {
        data_type::FLOAT => Data::F32(Floats::owned(floats_from(raw))),
        data_type::FLOAT16 => Data::F32(Floats::owned(
            raw.chunks_exact(2)
                .map(|bytes| half::f16::from_le_bytes([bytes[0], bytes[1]]).to_f32())
                .collect::<Vec<_>>(),
        )),
        data_type::BFLOAT16 => Data::F32(Floats::owned(
            raw.chunks_exact(2)
                .map(|bytes| half::bf16::from_le_bytes([bytes[0], bytes[1]]).to_f32())
                .collect::<Vec<_>>(),
        )),
        // Engines compute in f32 only.
        data_type::DOUBLE => Data::F32(Floats::owned(
            raw.chunks_exact(8).map(|bytes| f64::from_le_bytes(eight(bytes)) as f32).collect::<Vec<_>>(),
        )),
        data_type::INT64 => Data::I64(raw.chunks_exact(8).map(|bytes| i64::from_le_bytes(eight(bytes))).collect()),
        _ => {
            element_bytes(kind)?;
            Data::Other { data_type: kind, bytes: raw.into() }
        }
    })
}

fn typed_values(tensor: &TensorProto) -> Option<Data> {
    let words = &tensor.int32_data;
    Some(match tensor.data_type {
        data_type::FLOAT => Data::F32(Floats::owned(&tensor.float_data[..])),
        data_type::DOUBLE => {
            Data::F32(Floats::owned(tensor.double_data.iter().map(|&value| value as f32).collect::<Vec<_>>()))
        }
        // The specification stores 16-bit floats as their bits in 32-bit integers.
        data_type::FLOAT16 => Data::F32(Floats::owned(
            words.iter().map(|&bits| half::f16::from_bits(bits as u16).to_f32()).collect::<Vec<_>>(),
        )),
        data_type::BFLOAT16 => Data::F32(Floats::owned(
            words.iter().map(|&bits| half::bf16::from_bits(bits as u16).to_f32()).collect::<Vec<_>>(),
        )),
        data_type::INT64 => Data::I64(tensor.int64_data[..].into()),
        kind @ (data_type::UINT32 | data_type::UINT64) => {
            let size = element_bytes(kind)?;
            let bytes = tensor.uint64_data.iter().flat_map(|value| value.to_le_bytes()[..size].to_vec()).collect();
            Data::Other { data_type: kind, bytes }
        }
        kind => {
            let size = element_bytes(kind)?;
            let bytes = words.iter().flat_map(|value| value.to_le_bytes()[..size].to_vec()).collect();
            Data::Other { data_type: kind, bytes }
        }
    })
}

/// The last part of a path, whichever way its slashes lean.
pub fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
