//! The operator of our own that moves, repeats, cuts, pads and mixes the slices of a tensor along one axis.

use super::graph::{Attribute, Node, to_i64};
use super::operator::{OWN_SET, SLICE_SUMS};

/// What each slice of the result is: a sum of slices of the input, each times a weight.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sums {
    /// Where the terms of each slice of the result end; they begin where those of the one before end. A slice without terms is
    /// zero.
    pub ends: Vec<usize>,
    /// Which slice of the input each term takes.
    pub sources: Vec<usize>,
    /// What it is multiplied by.
    pub weights: Vec<f32>,
}

impl Sums {
    /// The memory of a term as a number of floats: its place, its end and its weight here, and again as a node's attributes of 64, 64 and
    /// 32 bits.
    pub const NUMBERS_OF_A_TERM: usize = 10;

    /// Every slice is one of the input, or zero.
    pub fn taking(sources: impl IntoIterator<Item = Option<usize>>) -> Self {
        let mut sums = Self::default();
        for source in sources {
            sums.push(source.map(|source| (source, 1.0)));
        }
        sums
    }

    /// Adds a slice to the result.
    pub fn push(&mut self, terms: impl IntoIterator<Item = (usize, f32)>) {
        for (source, weight) in terms {
            self.sources.push(source);
            self.weights.push(weight);
        }
        self.ends.push(self.sources.len());
    }

    /// How many slices the result has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the result has no slices.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The terms of a slice of the result.
    pub fn terms(&self, slice: usize) -> impl Iterator<Item = (usize, f32)> {
        let start = slice.checked_sub(1).map_or(0, |before| self.ends[before]);
        let range = start..self.ends[slice];
        self.sources[range.clone()].iter().copied().zip(self.weights[range].iter().copied())
    }

    /// The adjoint: what each of the `inputs` slices of the input gives to the result, in the order of the result.
    pub fn transposed(&self, inputs: usize) -> Self {
        let mut counts = vec![0; inputs];
        for &source in &self.sources {
            counts[source] += 1;
        }
        let mut end = 0;
        let ends: Vec<usize> = counts
            .iter()
            .map(|count| {
                end += count;
                end
            })
            .collect();
        let mut places: Vec<usize> = ends.iter().zip(&counts).map(|(end, count)| end - count).collect();
        let (mut sources, mut weights) = (vec![0; self.sources.len()], vec![0.0; self.sources.len()]);
        for slice in 0..self.len() {
            for (source, weight) in self.terms(slice) {
                let place = &mut places[source];
                (sources[*place], weights[*place]) = (slice, weight);
                *place += 1;
            }
        }
        Self { ends, sources, weights }
    }

    /// Whether the result is the input of so many slices.
    pub fn changes_nothing(&self, inputs: usize) -> bool {
        self.len() == inputs
            && self.sources.len() == inputs
            && self
                .sources
                .iter()
                .zip(&self.ends)
                .enumerate()
                .all(|(at, (&source, &end))| source == at && end == at + 1)
            && self.weights.iter().all(|&weight| weight == 1.0)
    }
}

/// A node of this kind.
#[derive(Debug, Clone, PartialEq)]
pub struct SliceSums {
    /// The axis of the tensor that the slices follow each other along.
    pub axis: usize,
    pub sums: Sums,
}

impl SliceSums {
    /// What a node says; `None` where it contradicts itself.
    pub fn of(node: &Node) -> Option<Self> {
        let numbers = |name: &str| -> Option<Vec<usize>> {
            node.ints(name)?.iter().map(|&number| usize::try_from(number).ok()).collect()
        };
        let Some(Attribute::Floats(weights)) = node.attributes.get("weights") else { return None };
        let (ends, sources, weights) = (numbers("ends")?, numbers("sources")?, weights.clone());
        let axis = usize::try_from(node.int("axis")?).ok()?;
        let ordered = ends.is_sorted() && ends.last() == Some(&sources.len()) && sources.len() == weights.len();
        ordered.then_some(Self { axis, sums: Sums { ends, sources, weights } })
    }

    /// The node that says it.
    pub fn node(&self, input: &str) -> Node {
        let numbers = |numbers: &[usize]| Attribute::Ints(numbers.iter().map(|&number| to_i64(number)).collect());
        let mut node = Node::new(SLICE_SUMS, &[input], "")
            .with("axis", Attribute::Int(to_i64(self.axis)))
            .with("ends", numbers(&self.sums.ends))
            .with("sources", numbers(&self.sums.sources))
            .with("weights", Attribute::Floats(self.sums.weights.clone()));
        OWN_SET.clone_into(&mut node.domain);
        node
    }

    /// The shape of the result for an input of this shape; `None` where there are not so many slices.
    pub fn shape(&self, input: &[usize]) -> Option<Vec<usize>> {
        let size = *input.get(self.axis)?;
        let mut shape = input.to_vec();
        shape[self.axis] = self.sums.len();
        self.sums.sources.iter().all(|&source| source < size).then_some(shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_adjoint_takes_each_term_the_other_way() {
        let mut sums = Sums::taking([Some(2), None, Some(0), Some(2)]);
        sums.push([(0, 0.25), (1, 0.75)]);
        let back = sums.transposed(3);
        let terms: Vec<Vec<(usize, f32)>> = (0..3).map(|slice| back.terms(slice).collect()).collect();
        assert_eq!(terms, [vec![(2, 1.0), (4, 0.25)], vec![(4, 0.75)], vec![(0, 1.0), (3, 1.0)]]);
        assert_eq!(back.transposed(5), sums);
    }

    #[test]
    fn a_node_says_what_it_was_made_of_and_nothing_that_cannot_be() {
        let sums = SliceSums { axis: 2, sums: Sums::taking([Some(1), None, Some(0)]) };
        let node = sums.node("x");
        assert_eq!(SliceSums::of(&node), Some(sums.clone()));
        assert_eq!(sums.shape(&[1, 4, 2, 5]), Some(vec![1, 4, 3, 5]));
        assert_eq!(sums.shape(&[1, 4, 1, 5]), None);
        assert_eq!(SliceSums::of(&node.clone().with("ends", Attribute::Ints(vec![1, 0, 2]))), None);
        assert_eq!(SliceSums::of(&node.with("ends", Attribute::Ints(vec![1, 1, 3]))), None);
    }
}
