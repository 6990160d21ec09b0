//! A small tensor that is known before the graph runs.

use std::sync::Arc;

use crate::domain::tensor::element_count;
use crate::onnx::graph::{Constant, Data};
use crate::onnx::proto::data_type;

/// The elements of a [`Value`] in row-major order. Integers of any width, and truth values, are held as `i64`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Elements {
    Int(Vec<i64>),
    Float(Vec<f32>),
}

impl Elements {
    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Self::Int(integers) => integers.len(),
            Self::Float(floats) => floats.len(),
        }
    }

    /// The elements at `indices`, or `None` where one does not exist.
    pub fn pick(&self, indices: &[usize]) -> Option<Self> {
        fn at<T: Copy>(elements: &[T], indices: &[usize]) -> Option<Vec<T>> {
            indices.iter().map(|&index| elements.get(index).copied()).collect()
        }
        Some(match self {
            Self::Int(integers) => Self::Int(at(integers, indices)?),
            Self::Float(floats) => Self::Float(at(floats, indices)?),
        })
    }
}

/// A tensor of known elements.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value {
    pub shape: Vec<usize>,
    /// The number of `TensorProto.DataType`; `FLOAT` for floats of any width.
    pub data_type: i32,
    pub elements: Elements,
}

/// Whether an element type is a float of any width; all are `f32` in our graphs.
pub(crate) fn is_float(data_type: i32) -> bool {
    matches!(data_type, data_type::FLOAT | data_type::DOUBLE | data_type::FLOAT16 | data_type::BFLOAT16)
}

impl Value {
    /// A value, or `None` where the number of elements does not fit the shape.
    pub fn new(shape: Vec<usize>, data_type: i32, elements: Elements) -> Option<Self> {
        (element_count(&shape)? == elements.count()).then_some(Self { shape, data_type, elements })
    }

    /// 64-bit integers in one dimension.
    pub fn integers(values: Vec<i64>) -> Self {
        Self { shape: vec![values.len()], data_type: data_type::INT64, elements: Elements::Int(values) }
    }

    /// The integers, where the elements are integers.
    pub fn as_integers(&self) -> Option<&[i64]> {
        match &self.elements {
            Elements::Int(integers) => Some(integers),
            Elements::Float(_) => None,
        }
    }

    /// The value of a constant; `None` for texts and other types that nothing computes with.
    pub fn from_constant(constant: &Constant) -> Option<Self> {
        let (data_type, elements) = match &constant.data {
            Data::F32(floats) => (data_type::FLOAT, Elements::Float(floats.as_slice().to_vec())),
            Data::I64(integers) => (data_type::INT64, Elements::Int(integers.to_vec())),
            Data::Other { data_type, bytes } => (*data_type, Elements::Int(integers_from_bytes(*data_type, bytes)?)),
        };
        Self::new(constant.shape.clone(), data_type, elements)
    }

    /// The constant with this value; `None` where an integer is out of its type's range.
    pub fn to_constant(&self) -> Option<Constant> {
        let data = match (&self.elements, self.data_type) {
            (Elements::Float(floats), _) => return Some(Constant::floats(self.shape.clone(), floats.clone())),
            (Elements::Int(integers), data_type::INT64) => Data::I64(integers.as_slice().into()),
            (Elements::Int(integers), data_type) => {
                Data::Other { data_type, bytes: integers_to_bytes(data_type, integers)? }
            }
        };
        Some(Constant { shape: self.shape.clone(), data })
    }
}

/// Calls `$body` with the integer type of `$data_type` as `$type`.
macro_rules! with_integer_type {
    ($data_type:expr, $type:ident => $body:expr) => {
        match $data_type {
            data_type::UINT8 | data_type::BOOL => {
                type $type = u8;
                $body
            }
            data_type::INT8 => {
                type $type = i8;
                $body
            }
            data_type::UINT16 => {
                type $type = u16;
                $body
            }
            data_type::INT16 => {
                type $type = i16;
                $body
            }
            data_type::INT32 => {
                type $type = i32;
                $body
            }
            data_type::UINT32 => {
                type $type = u32;
                $body
            }
            data_type::UINT64 => {
                type $type = u64;
                $body
            }
            _ => None,
        }
    };
}

/// Little-endian integers of an ONNX element type other than 64-bit ones.
fn integers_from_bytes(data_type: i32, bytes: &[u8]) -> Option<Vec<i64>> {
    integers_of_type(data_type, bytes)?.collect()
}

/// The same, one after the other; within, `None` for one that 64 bits with a sign do not hold.
pub(crate) fn integers_of_type(data_type: i32, bytes: &[u8]) -> Option<Box<dyn Iterator<Item = Option<i64>> + '_>> {
    with_integer_type!(data_type, Integer => {
        const WIDTH: usize = size_of::<Integer>();
        let (chunks, rest) = bytes.as_chunks::<WIDTH>();
        let integers = chunks.iter().map(|&chunk| i64::try_from(i128::from(Integer::from_le_bytes(chunk))).ok());
        if rest.is_empty() { Some(Box::new(integers) as Box<dyn Iterator<Item = _>>) } else { None }
    })
}

/// The little-endian bytes of integers of an ONNX element type other than 64-bit ones.
fn integers_to_bytes(data_type: i32, integers: &[i64]) -> Option<Arc<[u8]>> {
    with_integer_type!(data_type, Integer => {
        let mut bytes = Vec::with_capacity(integers.len().checked_mul(size_of::<Integer>())?);
        for &integer in integers {
            bytes.extend(Integer::try_from(integer).ok()?.to_le_bytes());
        }
        Some(bytes.into())
    })
}
