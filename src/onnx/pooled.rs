//! A graph that gives many layers at once, each made small.

use super::cut::{CutError, cut};
use super::graph::{Attribute, Graph, Node, to_i64};
use super::shapes::Shapes;
use crate::domain::cells::Cells;

/// A layer and how small it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The id of the layer, whose value is `[1, channels, height, width]`.
    pub layer: String,
    pub channels: usize,
    pub cells: Cells,
}

/// The graph whose outputs are the means in the cells of some layers, in their order (a layer whose cells are its values, as it is), and
/// the shapes of its values. Nothing behind the last layer is left in it.
///
/// # Errors
/// [`CutError::NoSuchValue`] for a layer that no node makes.
pub fn pooled(graph: &Graph, shapes: &Shapes, wanted: &[Wanted]) -> Result<(Graph, Shapes), CutError> {
    let layers: Vec<String> = wanted.iter().map(|wanted| wanted.layer.clone()).collect();
    let mut graph = cut(graph, &layers)?;
    let mut shapes = shapes.clone();
    for (place, Wanted { layer, channels, cells }) in wanted.iter().enumerate() {
        if cells.are_values() {
            continue;
        }
        let mut name = format!("{layer}/cells");
        while shapes.contains_key(&name) {
            name.push('\'');
        }
        let count = cells.count();
        // What the last windows lack is padding, which is not counted.
        let lacking = [0, 1].map(|axis| to_i64(count[axis] * cells.window[axis] - cells.size[axis]));
        let window = cells.window.map(to_i64).to_vec();
        graph.nodes.push(
            Node::new("AveragePool", &[layer], &name)
                .with("kernel_shape", Attribute::Ints(window.clone()))
                .with("strides", Attribute::Ints(window))
                .with("pads", Attribute::Ints(vec![0, 0, lacking[0], lacking[1]]))
                .with("count_include_pad", Attribute::Int(0)),
        );
        shapes.insert(name.clone(), vec![1, *channels, count[0], count[1]]);
        graph.outputs[place] = name;
    }
    Ok((graph, shapes))
}
