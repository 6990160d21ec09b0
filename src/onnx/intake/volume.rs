//! A stack of slices that a file takes, given slice by slice. Unless that is asked for, every slice is the one picture.

use crate::domain::tensor::{Tensor, TensorError};
use crate::onnx::graph::{Constant, Dimension, Graph, Input, Node, to_i64};
use crate::onnx::shapes::Shapes;

/// The value that a stack is made as in front of the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    pub(super) value: String,
    /// The dimension that the slices lie along.
    pub(super) axis: usize,
    /// The dimension of the channels.
    pub(super) channels: usize,
}

/// A stack whose slices can be given: an input of four dimensions, since every engine takes these, with the slices as more channels or rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    stack: Stack,
    /// Of what the file takes.
    shape: Vec<usize>,
    input: String,
    target: String,
}

impl Volume {
    /// Makes ready a stack of a settled graph; `None` where the graph does not read it.
    pub fn new(graph: &mut Graph, shapes: &mut Shapes, stack: &Stack) -> Option<Self> {
        let shape = shapes.get(&stack.value).filter(|shape| shape.len() == 5)?.clone();
        let is_made = graph.nodes.iter().any(|node| node.outputs.contains(&stack.value));
        if !is_made || shape[0] != 1 {
            return None;
        }
        let taken = |name: &String| graph.constants.contains_key(name) || shapes.contains_key(name);
        let free = |suffix: &str| {
            let mut name = format!("{}/{suffix}", stack.value);
            while taken(&name) {
                name.push('\'');
            }
            name
        };
        let (input, target) = (free("given"), free("given-shape"));
        let sizes = shape.iter().map(|&size| to_i64(size)).collect();
        graph.constants.insert(target.clone(), Constant::integers(vec![shape.len()], sizes));
        let volume = Self { stack: stack.clone(), shape, input, target };
        shapes.insert(volume.input.clone(), volume.input_shape());
        Some(volume)
    }

    /// How many slices the network takes.
    pub fn slices(&self) -> usize {
        self.shape[self.stack.axis]
    }

    /// Two of the dimensions before the last two are one.
    fn input_shape(&self) -> Vec<usize> {
        let [batch, first, second, third, fourth] = self.shape[..] else { return self.shape.clone() };
        vec![batch, first * second, third, fourth]
    }

    /// The graph that is given the slices.
    pub fn given(&self, graph: &Graph) -> Graph {
        let mut given = graph.clone();
        for node in &mut given.nodes {
            if node.outputs.contains(&self.stack.value) {
                *node = Node::new("Reshape", &[&self.input, &self.target], &self.stack.value).named(&node.name);
            }
        }
        let shape = self.input_shape().into_iter().map(Dimension::Fixed).collect();
        given.inputs.push(Input { name: self.input.clone(), shape });
        given
    }

    /// The input that holds the slices, and its value, of the inputs that a network of one picture has for each slice. `bands` says which of its
    /// channels each channel of the volume gets; none where these are the same.
    ///
    /// # Errors
    /// [`TensorError`] where there are not as many slices, or not of this size.
    pub fn value(&self, slices: &[&Tensor], bands: &[Option<usize>]) -> Result<(String, Tensor), TensorError> {
        let Stack { axis, channels, .. } = self.stack;
        let count = self.shape[channels];
        let source = |channel: usize| if bands.is_empty() { Some(channel) } else { bands[channel] };
        let mut values = Vec::with_capacity(self.shape.iter().product());
        if channels == 4 {
            let given = slices.first().and_then(|slice| slice.shape().last().copied()).unwrap_or(1).max(1);
            for pixel in slices.iter().flat_map(|slice| slice.data().chunks_exact(given)) {
                values.extend((0..count).map(|channel| source(channel).map_or(0.0, |place| pixel[place])));
            }
        } else {
            let cells = self.shape[3] * self.shape[4];
            let mut plane = |slice: &Tensor, channel: usize| match source(channel) {
                Some(place) => values.extend(slice.data().iter().skip(place * cells).take(cells)),
                None => values.resize(values.len() + cells, 0.0),
            };
            if axis < channels {
                slices.iter().for_each(|slice| (0..count).for_each(|channel| plane(slice, channel)));
            } else {
                (0..count).for_each(|channel| slices.iter().for_each(|slice| plane(slice, channel)));
            }
        }
        Ok((self.input.clone(), Tensor::new(self.input_shape(), values)?))
    }
}
