//! The values of a tensor from the forms in which a file holds them.

use crate::onnx::graph::Data;
use crate::onnx::proto::{TensorProto, data_type};
use crate::onnx::weights::Floats;

/// Little-endian floats.
pub(super) fn floats_from(raw: &[u8]) -> Vec<f32> {
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

/// The name of an element type, for messages.
pub(super) fn type_name(kind: i32) -> String {
    match kind {
        0 => "\"undefined\"".to_owned(),
        data_type::STRING => "text".to_owned(),
        14 | 15 => "complex number".to_owned(),
        17..=20 => "8-bit float".to_owned(),
        21 | 22 => "4-bit integer".to_owned(),
        23 => "4-bit float".to_owned(),
        other => format!("number {other}"),
    }
}

/// The values of a tensor from its bytes; floats of any width become `f32`. `None` for types that nothing reads.
pub(super) fn raw_values(kind: i32, raw: &[u8]) -> Option<Data> {
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

/// The values of a tensor from the field of its type.
pub(super) fn typed_values(tensor: &TensorProto) -> Option<Data> {
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
