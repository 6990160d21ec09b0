//! Reads the bytes of an ONNX file into a [`Model`].
//!
//! The large weights stay where the file was read to (see [`super::weights`]); `read/tensors.rs` has them.

mod elements;
mod external;
mod format;
mod functions;
mod fused;
mod order;
mod quantised;
mod sparse;
mod tensors;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use thiserror::Error;

use super::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use super::proto::{
    AttributeProto, GraphProto, ModelProto, NodeProto, ValueInfoProto, attribute_type, data_type, dimension_proto,
};
use super::weights::Bytes32;

use self::external::Files;
use self::tensors::{Waiting, place_in_file};
use super::batch::add_batch;
use super::intake::main_input;
use crate::onnx::tables::IntoTable;

/// The operator set versions that we read. Older ones have other attributes for the same names.
pub const OPSETS: std::ops::RangeInclusive<i64> = 7..=28;

/// What is wrong with a model file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    #[error("the file is empty")]
    Empty,
    /// The bytes are not an ONNX message.
    #[error("the file is not an ONNX model ({0})")]
    NotOnnx(String),
    /// A field of the model reaches beyond the end of the file.
    #[error("the file ends at least {missing} bytes too early, so the download or copy is incomplete; fetch it again")]
    Truncated { missing: u64 },
    /// The file was recognised as something else.
    #[error("this is {what}, not an ONNX model; {advice}")]
    OtherFormat { what: &'static str, advice: &'static str },
    #[error("the model holds no graph")]
    NoGraph,
    #[error("the model uses operator set {0}, but sets {first} to {last} can be read; export it again with opset 17", first = OPSETS.start(), last = OPSETS.end())]
    Opset(i64),
    #[error("in node \"{node}\": nothing makes its input \"{value}\"")]
    MissingValue { node: String, value: String },
    #[error("in node \"{node}\": it waits for its own result, since the graph runs in a circle")]
    Cycle { node: String },
    #[error("in node \"{node}\": the value \"{value}\" is made twice")]
    DuplicateValue { node: String, value: String },
    #[error("in node \"{node}\": {op} makes no value")]
    NoResult { node: String, op: String },
    #[error("the name \"{0}\" stands for two inputs or constants")]
    DuplicateName(String),
    #[error("the graph promises an output \"{0}\" that no node makes")]
    MissingOutput(String),
    #[error("the graph has no result")]
    NoOutput,
    #[error("in tensor \"{tensor}\": {detail}")]
    BadTensor { tensor: String, detail: String },
    #[error("in input \"{input}\": {detail}")]
    BadInput { input: String, detail: String },
    #[error("the weights of this model are in a second file, \"{0}\"; open both files together")]
    MissingExternalFile(String),
    #[error(
        "several of the files may be \"{0}\"; choose the folder that holds the model, so that their paths tell them apart"
    )]
    AmbiguousExternalFile(String),
    #[error("the function {op} that the file defines cannot be read: {detail}")]
    Function { op: String, detail: &'static str },
    #[error("in node \"{node}\": the quantised {op} cannot be read: {detail}")]
    Quantised { node: String, op: String, detail: &'static str },
    #[error("all results of the model are texts or tables of texts; export it with its scores as a result")]
    TextResults,
}

/// A model as read: its graph and what the file says about itself.
#[derive(Debug, Clone)]
pub struct Model {
    pub graph: Graph,
    /// The program that wrote the file, such as `pytorch` or `tf2onnx`.
    pub producer: String,
    /// Free text pairs of the file.
    pub metadata: BTreeMap<String, String>,
    /// The lists of texts in the file, such as class names.
    pub texts: Vec<Vec<String>>,
    /// Bytes of the model file and its external data, for estimates of memory.
    pub bytes: usize,
    /// The elements of the input that takes the picture are whole numbers, as those of a picture that is not prepared.
    pub takes_integers: bool,
    /// The element type of each input, by its name: the number of `TensorProto.DataType`.
    pub element_types: BTreeMap<String, i32>,
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
    format::check(file.as_bytes())?;
    let bytes = file.as_bytes().len() + external.iter().map(|file| file.content.as_bytes().len()).sum::<usize>();
    let shared = Arc::new(file);
    let message = ModelProto::decode(Bytes::from_owner(Shared(shared.clone()))).map_err(|error| not_onnx(&error))?;
    let opsets: BTreeMap<String, i64> = message
        .opset_import
        .iter()
        .map(|opset| (if opset.domain == "ai.onnx" { String::new() } else { opset.domain.clone() }, opset.version))
        .into_map();
    let mut proto = message.graph.ok_or(ReadError::NoGraph)?;
    let opset = opsets.get("").copied().unwrap_or(1);
    if !OPSETS.contains(&opset) {
        return Err(ReadError::Opset(opset));
    }
    let element_types = element_types(&proto);
    functions::inline(&mut proto, &message.functions)?;
    drop(message.functions);
    let external = Files::new(external, &proto);
    let mut reader = Reader::new(shared.clone(), external);
    let mut graph = reader.graph(proto, opsets)?;
    let Reader { file, waiting, texts: tables, .. } = reader;
    drop(file);
    place_in_file(shared, waiting, &mut graph);
    if graph.outputs.is_empty() {
        return Err(ReadError::NoOutput);
    }
    let mut texts = texts::leave_out(&mut graph, tables.keys().cloned().into_set());
    texts.extend(tables.into_values());
    if graph.outputs.is_empty() {
        return Err(ReadError::TextResults);
    }
    order::order(&mut graph)?;
    fused::write_out(&mut graph);
    quantised::write_out(&mut graph)?;
    let picture = main_input(&graph).and_then(|place| graph.inputs.get(place));
    let takes_integers = picture.and_then(|input| element_types.get(&input.name)).is_some_and(is_integer);
    add_batch(&mut graph);
    Ok(Model {
        graph,
        takes_integers,
        element_types,
        texts,
        producer: message.producer_name,
        metadata: message.metadata_props.into_iter().map(|entry| (entry.key, entry.value)).into_map(),
        bytes,
    })
}

/// The element type of each input, the weights that old files list among them included.
fn element_types(proto: &GraphProto) -> BTreeMap<String, i32> {
    let typed = |value: &ValueInfoProto| {
        let element = value.r#type.as_ref()?.tensor_type.as_ref()?.elem_type;
        Some((value.name.clone(), element))
    };
    proto.input.iter().filter_map(typed).into_map()
}

fn is_integer(element: &i32) -> bool {
    (data_type::UINT8..=data_type::INT64).contains(element) || [data_type::UINT32, data_type::UINT64].contains(element)
}

/// What the parser says. It names every message it is in, which of one nested too deep are hundreds: the first and the last of it
/// say enough.
fn not_onnx(error: &prost::DecodeError) -> ReadError {
    const KEPT: usize = 80;
    let text = error.to_string();
    let end = text.char_indices().nth_back(KEPT).map_or(0, |(place, _)| place);
    ReadError::NotOnnx(match text.char_indices().nth(KEPT) {
        Some((begin, _)) if begin < end => format!("{} … {}", &text[..begin], &text[end..]),
        _ => text,
    })
}

/// Lets `Bytes` own a share of the file.
struct Shared(Arc<Bytes32>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

struct Reader {
    file: Arc<Bytes32>,
    external: Files,
    waiting: Vec<Waiting>,
    constants: BTreeMap<String, Constant>,
    /// The file's tensors of texts.
    texts: BTreeMap<String, Vec<String>>,
    /// The names of all constants, those that wait included.
    names: BTreeSet<String>,
    /// Inside of an If, Loop or Scan, whose constants are copied.
    in_body: bool,
}

impl Reader {
    fn new(file: Arc<Bytes32>, external: Files) -> Self {
        Self {
            file,
            external,
            waiting: Vec::new(),
            constants: BTreeMap::new(),
            texts: BTreeMap::new(),
            names: BTreeSet::new(),
            in_body: false,
        }
    }

    /// The body of an If, Loop or Scan. Its names are its own.
    fn body(&mut self, proto: GraphProto) -> Result<Graph, ReadError> {
        let (constants, names) = (std::mem::take(&mut self.constants), std::mem::take(&mut self.names));
        let outside = std::mem::replace(&mut self.in_body, true);
        let graph = self.graph(proto, BTreeMap::new());
        (self.constants, self.names, self.in_body) = (constants, names, outside);
        graph
    }

    fn graph(&mut self, proto: GraphProto, opsets: BTreeMap<String, i64>) -> Result<Graph, ReadError> {
        for tensor in proto.initializer {
            let name = tensor.name.clone();
            self.constant(name, tensor)?;
        }
        for sparse in proto.sparse_initializer {
            let name = sparse.values.as_ref().map(|values| values.name.clone()).unwrap_or_default();
            self.sparse_constant(name, sparse)?;
        }
        let mut nodes = Vec::with_capacity(proto.node.len());
        for node in proto.node {
            self.node(node, &mut nodes)?;
        }
        let constants = std::mem::take(&mut self.constants);
        let mut inputs = Vec::new();
        let mut input_names = BTreeSet::new();
        for value in &proto.input {
            // Files older than IR 4 list every weight among the inputs, too.
            if !self.names.contains(&value.name) {
                if !input_names.insert(&value.name) {
                    return Err(ReadError::DuplicateName(value.name.clone()));
                }
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
        if proto.output.iter().all(String::is_empty) {
            return Err(ReadError::NoResult { node: name, op: proto.op_type });
        }
        // Its name before operator set 11.
        let op_type = if proto.op_type == "Scatter" { "ScatterElements".to_owned() } else { proto.op_type };
        let proto = NodeProto { op_type, ..proto };
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
            "sparse_value" => return self.sparse_constant(output, attribute.sparse_tensor.unwrap_or_default()),
            "value_string" | "value_strings" => {
                let list = if attribute.name == "value_string" { vec![attribute.s] } else { attribute.strings };
                let list = list.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
                self.claim(&output)?;
                self.texts.insert(output, list);
                return Ok(());
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
        self.claim(&output)?;
        self.constants.insert(output, constant);
        Ok(())
    }

    /// Takes a name for a constant.
    fn claim(&mut self, name: &str) -> Result<(), ReadError> {
        if self.names.insert(name.to_owned()) { Ok(()) } else { Err(ReadError::DuplicateName(name.to_owned())) }
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
                self.tensor_attribute(&name, &tensor)?
            }
            attribute_type::GRAPH => Attribute::Graph(Box::new(self.body(*proto.g.unwrap_or_default())?)),
            // Files older than IR 4 leave the type out: it is told by the field that is filled.
            _ if !proto.ints.is_empty() => Attribute::Ints(proto.ints),
            _ if !proto.floats.is_empty() => Attribute::Floats(proto.floats),
            _ if !proto.strings.is_empty() => Attribute::Texts(proto.strings.iter().map(text).collect()),
            _ if !proto.s.is_empty() => Attribute::Text(text(&proto.s)),
            _ if proto.t.is_some() => {
                self.tensor_attribute(&format!("{node}.{}", proto.name), &proto.t.unwrap_or_default())?
            }
            _ if proto.f != 0.0 => Attribute::Float(proto.f),
            _ => Attribute::Int(proto.i),
        }))
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

/// The last part of a path, whichever way its slashes lean.
pub fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
