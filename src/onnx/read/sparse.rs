//! Tensors of which a file holds only what is not zero.

use std::sync::Arc;

use super::elements::{element_bytes, floats_from};
use super::tensors::Values;
use super::{ReadError, Reader};
use crate::domain::tensor::element_count;
use crate::onnx::graph::{Constant, Data};
use crate::onnx::proto::{SparseTensorProto, TensorProto};
use crate::onnx::weights::Floats;

/// The most elements of a whole tensor: 256 MB of floats. A few bytes of a file could ask for any number.
const MOST_ELEMENTS: usize = 1 << 26;

impl Reader {
    /// Notes a sparse constant as a whole one.
    pub(super) fn sparse_constant(&mut self, name: String, sparse: SparseTensorProto) -> Result<(), ReadError> {
        let bad = |detail: String| ReadError::BadTensor { tensor: name.clone(), detail };
        let shape = sparse.dims.iter().map(|&size| usize::try_from(size).ok()).collect::<Option<Vec<usize>>>();
        let (shape, count) = shape
            .and_then(|shape| element_count(&shape).filter(|&count| count <= MOST_ELEMENTS).map(|count| (shape, count)))
            .ok_or_else(|| bad(format!("the shape {:?} is impossible", sparse.dims)))?;
        let (Some(values), Some(indices)) = (sparse.values, sparse.indices) else {
            return Err(bad("its values or their places are missing".to_owned()));
        };
        let (values, indices) = (self.small(&name, &values)?, self.small(&name, &indices)?);
        let places = indices.as_integers().and_then(|numbers| places(numbers, &indices.shape, &shape));
        let places = places.ok_or_else(|| bad("the places of its values are outside of it".to_owned()))?;
        let data = match &values.data {
            Data::F32(floats) => whole(floats.as_slice(), &places, count).map(|all| Data::F32(Floats::owned(all))),
            Data::I64(integers) => whole(integers, &places, count).map(|all| Data::I64(all.into())),
            Data::Other { data_type, bytes } => {
                let size = element_bytes(*data_type).unwrap_or(1);
                other(bytes, size, &places, count).map(|bytes| Data::Other { data_type: *data_type, bytes })
            }
        };
        let data = data.ok_or_else(|| bad(format!("it has {} places", places.len())))?;
        self.claim(&name)?;
        self.constants.insert(name, Constant { shape, data });
        Ok(())
    }

    /// A tensor with memory of its own.
    fn small(&self, name: &str, tensor: &TensorProto) -> Result<Constant, ReadError> {
        Ok(match self.values(name, tensor)? {
            Values::Ready(constant) => constant,
            Values::InFile { shape, .. } => Constant::floats(shape, floats_from(&tensor.raw_data)),
        })
    }
}

/// The places as indices into the whole tensor, from these or from coordinates.
fn places(numbers: &[i64], form: &[usize], shape: &[usize]) -> Option<Vec<usize>> {
    let index = |&number: &i64| usize::try_from(number).ok();
    match form {
        [_] => numbers.iter().map(index).collect(),
        [_, rank] if *rank == shape.len() && *rank > 0 => numbers
            .chunks_exact(*rank)
            .map(|coordinates| {
                coordinates.iter().zip(shape).try_fold(0_usize, |place, (coordinate, &length)| {
                    let coordinate = index(coordinate).filter(|&coordinate| coordinate < length)?;
                    place.checked_mul(length)?.checked_add(coordinate)
                })
            })
            .collect(),
        _ => None,
    }
}

/// Elements of so many bytes.
fn other(bytes: &[u8], size: usize, places: &[usize], count: usize) -> Option<Arc<[u8]>> {
    let mut all = vec![0; count.checked_mul(size)?];
    if bytes.len() != places.len().checked_mul(size)? {
        return None;
    }
    for (element, &place) in bytes.chunks_exact(size).zip(places) {
        all.get_mut(place.checked_mul(size)?..)?.get_mut(..size)?.copy_from_slice(element);
    }
    Some(all.into())
}

fn whole<T: Copy + Default>(values: &[T], places: &[usize], count: usize) -> Option<Vec<T>> {
    if values.len() != places.len() {
        return None;
    }
    let mut all = vec![T::default(); count];
    for (&value, &place) in values.iter().zip(places) {
        *all.get_mut(place)? = value;
    }
    Some(all)
}
