//! The tensors of a file: values of every type and form, and the large weights, which stay where they are.
//!
//! While the messages are parsed these are only noted, and when parsing has let go of the buffer each is moved to the next
//! lower multiple of four bytes. That never harms anything that is still needed, since at least three bytes before a tensor of
//! 128 bytes or more are its own tag and length, which have been read by then.

use std::sync::Arc;

use super::elements::{element_bytes, floats_from, raw_values, type_name, typed_values};
use super::external::entry;
use super::{ReadError, Reader, base_name};
use crate::domain::order::order;
use crate::onnx::graph::{Attribute, Constant, Data, Graph};
use crate::onnx::proto::{TensorProto, data_type};
use crate::onnx::weights::{Bytes32, Floats};

/// Tensors of at least this many bytes stay in the file's buffer; their tag and length take at least three bytes.
const STAYS_IN_FILE: usize = 128;

/// A large tensor that is still unaligned in the file's buffer.
pub(super) struct Waiting {
    name: String,
    shape: Vec<usize>,
    offset: usize,
    count: usize,
}

impl Reader {
    /// A tensor in an attribute is small, so it gets memory of its own.
    pub fn tensor_attribute(&self, name: &str, tensor: &TensorProto) -> Result<Attribute, ReadError> {
        if tensor.data_type == data_type::STRING {
            return Ok(Attribute::Texts(texts(tensor)));
        }
        Ok(Attribute::Tensor(match self.values(name, tensor)? {
            Values::Ready(constant) => constant,
            Values::InFile { shape, .. } => Constant::floats(shape, floats_from(&tensor.raw_data)),
        }))
    }

    /// Notes a constant of the graph, without a copy where it is large.
    pub fn constant(&mut self, name: String, tensor: TensorProto) -> Result<(), ReadError> {
        self.claim(&name)?;
        if tensor.data_type == data_type::STRING {
            self.texts.insert(name, texts(&tensor));
            return Ok(());
        }
        match self.values(&name, &tensor)? {
            Values::Ready(constant) => {
                self.constants.insert(name, constant);
            }
            Values::InFile { shape, .. } if self.in_body => {
                self.constants.insert(name, Constant::floats(shape, floats_from(&tensor.raw_data)));
            }
            Values::InFile { shape, offset, count } => self.waiting.push(Waiting { name, shape, offset, count }),
        }
        Ok(())
    }

    pub(super) fn values(&self, name: &str, tensor: &TensorProto) -> Result<Values, ReadError> {
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
        let unreadable = || bad(format!("values of the type {} cannot be read", type_name(tensor.data_type)));
        let size = element_bytes(tensor.data_type).ok_or_else(unreadable)?;
        if !raw.is_empty() && count.checked_mul(size) != Some(raw.len()) {
            return Err(bad(format!(
                "the shape {shape:?} needs {count} values of {size} bytes, but the file holds {} bytes",
                raw.len()
            )));
        }
        if tensor.data_type == data_type::FLOAT && !raw.is_empty() {
            let inside = (raw.as_ptr() as usize).checked_sub(self.file.as_bytes().as_ptr() as usize);
            return Ok(match inside {
                Some(offset) if raw.len() >= STAYS_IN_FILE && offset + raw.len() <= self.file.as_bytes().len() => {
                    Values::InFile { shape, offset, count }
                }
                _ => Values::Ready(Constant { shape, data: Data::F32(Floats::owned(floats_from(raw))) }),
            });
        }
        let data = if raw.is_empty() { typed_values(tensor) } else { raw_values(tensor.data_type, raw) }
            .ok_or_else(unreadable)?;
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
        let location = entry(tensor, "location").ok_or_else(|| bad("it names no file for its values".to_owned()))?;
        let file = self.external.find(location)?;
        let number = |key: &str, otherwise: usize| match entry(tensor, key) {
            Some(text) => text.parse().map_err(|_| bad(format!("the {key} \"{text}\" is not a number"))),
            None => Ok(otherwise),
        };
        let offset: usize = number("offset", 0)?;
        let unreadable = || bad(format!("values of the type {} cannot be read", type_name(tensor.data_type)));
        let size = element_bytes(tensor.data_type).ok_or_else(unreadable)?;
        let length = count.checked_mul(size).ok_or_else(|| bad("it is impossibly large".to_owned()))?;
        let stated = number("length", length)?;
        if stated != length {
            return Err(bad(format!(
                "the shape {shape:?} needs {length} bytes, but {stated} are said to be in the file"
            )));
        }
        let part = offset
            .checked_add(length)
            .and_then(|end| file.as_bytes().get(offset..end))
            .ok_or_else(|| bad(format!("it reaches beyond the end of \"{}\"", base_name(location))))?;
        let data = match Floats::in_file(file.clone(), offset, count) {
            Some(floats) if tensor.data_type == data_type::FLOAT => Data::F32(floats),
            _ => raw_values(tensor.data_type, part).ok_or_else(unreadable)?,
        };
        Ok(Values::Ready(Constant { shape, data }))
    }
}

/// The values of a tensor: ready, or large and still unaligned in the file.
pub(super) enum Values {
    Ready(Constant),
    InFile { shape: Vec<usize>, offset: usize, count: usize },
}

/// Aligns the large tensors within the file's buffer and adds them to the graph's constants.
pub(super) fn place_in_file(shared: Arc<Bytes32>, mut waiting: Vec<Waiting>, graph: &mut Graph) {
    let Some(mut file) = Arc::into_inner(shared) else {
        unreachable!("parsing ended and gave back every share of the file");
    };
    let offsets: Vec<usize> = waiting.iter().map(|tensor| tensor.offset).collect();
    let bytes = file.as_bytes_mut();
    for position in order(offsets.len(), &|first, second| offsets[first].cmp(&offsets[second])) {
        let tensor = &mut waiting[position];
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

/// The texts of a tensor of them.
fn texts(tensor: &TensorProto) -> Vec<String> {
    tensor.string_data.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
}
