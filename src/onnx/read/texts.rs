//! Leaves out what is made of texts: tables of class names and what reads them, and the dictionaries that converters of whole
//! pipelines put after a network. The names themselves are kept, since they may be the classes'.

use std::collections::BTreeSet;

use crate::onnx::graph::{Attribute, Graph, Node};
use crate::onnx::proto::data_type;

/// Removes every node that makes or reads something else than numbers, and the results that are made of them; a dictionary of scores
/// is replaced by the scores. `texts` are the names of the file's tensors of texts. Returns the lists of names that removed
/// nodes hold.
pub(super) fn leave_out(graph: &mut Graph, texts: BTreeSet<String>) -> Vec<Vec<String>> {
    let mut without = texts;
    let mut names = Vec::new();
    // Nodes may stand in any order as yet.
    loop {
        let before = without.len();
        for node in &graph.nodes {
            if is_of_texts(node) || node.inputs.iter().any(|input| without.contains(input)) {
                without.extend(node.outputs.iter().filter(|output| !output.is_empty()).cloned());
            }
        }
        if without.len() == before {
            break;
        }
    }
    if without.is_empty() {
        return names;
    }
    let mut outputs: Vec<String> = Vec::new();
    for output in std::mem::take(&mut graph.outputs) {
        let maker = graph.nodes.iter().find(|node| node.outputs.contains(&output));
        let numbers = match maker.filter(|node| node.op == "ZipMap") {
            Some(map) => map.input(0).map(str::to_owned),
            None => Some(output),
        };
        outputs.extend(numbers.filter(|output| !without.contains(output)));
    }
    let mut seen = BTreeSet::new();
    outputs.retain(|output| seen.insert(output.clone()));
    graph.outputs = outputs;
    let (gone, kept): (Vec<Node>, Vec<Node>) = std::mem::take(&mut graph.nodes)
        .into_iter()
        .partition(|node| node.outputs.iter().any(|output| without.contains(output)));
    graph.nodes = kept;
    for value in gone.iter().flat_map(|node| node.attributes.values()) {
        if let Attribute::Texts(list) = value {
            names.push(list.clone());
        }
    }
    names
}

/// Whether a node makes texts, or a dictionary or sequence.
fn is_of_texts(node: &Node) -> bool {
    let gives_texts =
        |name: &str| matches!(node.attributes.get(name), Some(Attribute::Texts(list)) if !list.is_empty());
    match &node.op[..] {
        "ZipMap" | "CategoryMapper" | "StringNormalizer" | "StringConcat" | "StringSplit" | "RegexFullMatch" => true,
        "LabelEncoder" => ["values_strings", "classes_strings", "values_tensor"].into_iter().any(gives_texts),
        "Cast" => node.int("to") == Some(data_type::STRING.into()),
        _ => false,
    }
}
