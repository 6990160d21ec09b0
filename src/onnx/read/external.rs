//! Finds the file that a tensor names for its values among the files that lie beside the model.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ExternalFile, ReadError, base_name};
use crate::onnx::proto::{GraphProto, TensorProto};
use crate::onnx::weights::Bytes32;

/// The files beside a model, and how many bytes the model reads of each place that it names.
pub(super) struct Files {
    files: Vec<(String, Arc<Bytes32>)>,
    read: BTreeMap<String, usize>,
}

impl Files {
    /// `graph` tells how much is read of every place.
    pub fn new(files: Vec<ExternalFile>, graph: &GraphProto) -> Self {
        let files = files.into_iter().map(|file| (file.name, Arc::new(file.content))).collect();
        let mut read: BTreeMap<String, usize> = BTreeMap::new();
        let in_nodes = graph.node.iter().flat_map(|node| &node.attribute).filter_map(|attribute| attribute.t.as_ref());
        for tensor in graph.initializer.iter().chain(in_nodes) {
            let Some(location) = entry(tensor, "location") else { continue };
            let number = |key| entry(tensor, key).and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
            let end = number("offset").saturating_add(number("length"));
            let most = read.entry(location.to_owned()).or_default();
            *most = end.max(*most);
        }
        Self { files, read }
    }

    /// The file that a place means: of those with its name the one whose path agrees with it farthest from the end. Of several
    /// that agree as far, the one that is exactly as long as what the model reads there.
    ///
    /// # Errors
    /// [`ReadError::MissingExternalFile`] where there is none, and [`ReadError::AmbiguousExternalFile`] where several remain.
    pub fn find(&self, location: &str) -> Result<&Arc<Bytes32>, ReadError> {
        let most = self.files.iter().map(|(path, _)| common_end(path, location)).max().unwrap_or(0);
        if most == 0 {
            return Err(ReadError::MissingExternalFile(base_name(location).to_owned()));
        }
        let mut found = self.files.iter().filter(|(path, _)| common_end(path, location) == most).map(|(_, file)| file);
        if let (Some(only), None) = (found.next(), found.next()) {
            return Ok(only);
        }
        let length = self.read.get(location).copied().unwrap_or(0);
        let mut fitting = self
            .files
            .iter()
            .filter(|(path, file)| common_end(path, location) == most && file.as_bytes().len() == length)
            .map(|(_, file)| file);
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(ReadError::AmbiguousExternalFile(location.to_owned())),
        }
    }
}

/// What a tensor says about its values in another file.
pub(super) fn entry<'a>(tensor: &'a TensorProto, key: &str) -> Option<&'a str> {
    tensor.external_data.iter().find(|entry| entry.key == key).map(|entry| &entry.value[..])
}

/// How many parts two paths have in common, counted from the end.
fn common_end(path: &str, other: &str) -> usize {
    let parts = |path: &'_ str| {
        path.split(['/', '\\']).map(str::to_owned).filter(|part| part != "." && !part.is_empty()).collect::<Vec<_>>()
    };
    let (path, other) = (parts(path), parts(other));
    path.iter().rev().zip(other.iter().rev()).take_while(|(part, other)| part == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, usize)], read: &[(&str, usize)]) -> Files {
        Files {
            files: list
                .iter()
                .map(|&(path, size)| (path.to_owned(), Arc::new(Bytes32::zeroed(size).unwrap())))
                .collect(),
            read: read.iter().map(|&(place, size)| (place.to_owned(), size)).collect(),
        }
    }

    #[test]
    fn the_path_that_agrees_farthest_from_the_end_is_meant() {
        let files = files(&[("model/layer0/weight.bin", 4), ("model\\layer2\\weight.bin", 8), ("other.bin", 12)], &[]);
        let length = |location: &str| files.find(location).map(|file| file.as_bytes().len());
        assert_eq!(length("layer0/weight.bin"), Ok(4));
        assert_eq!(length("./layer2/weight.bin"), Ok(8));
        assert_eq!(length("elsewhere/other.bin"), Ok(12));
        assert_eq!(length("third.bin"), Err(ReadError::MissingExternalFile("third.bin".to_owned())));
        assert_eq!(length("layer4/weight.bin"), Err(ReadError::AmbiguousExternalFile("layer4/weight.bin".to_owned())));
    }

    #[test]
    fn files_without_a_path_are_told_apart_by_their_length_or_not_at_all() {
        let read = [("a/weight.bin", 8), ("b/weight.bin", 4), ("c/weight.bin", 6)];
        let files = files(&[("weight.bin", 4), ("weight.bin", 8)], &read);
        let length = |location: &str| files.find(location).map(|file| file.as_bytes().len()).ok();
        assert_eq!([length("a/weight.bin"), length("b/weight.bin"), length("c/weight.bin")], [Some(8), Some(4), None]);
    }
}
