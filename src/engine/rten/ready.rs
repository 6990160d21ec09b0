//! Weights of convolutions in the order in which our kernels read them, made at a node's first run.
//!
//! Every layer that is looked at has a graph of its own, all of which are over the same weights: they share what was made of
//! these, as long as one of them is there.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use featurescope_kernels::{Convolution, Kernels, Window};

use crate::onnx::weights::Floats;

/// What a node's convolution was made ready for last.
#[derive(Default)]
pub struct Ready(RefCell<Option<Rc<Shared>>>);

/// What a convolution is besides its weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub channels: usize,
    /// Height and width of each channel.
    pub map: [usize; 2],
    /// Output channels.
    pub made: usize,
    pub groups: usize,
    pub window: Window,
}

/// A convolution that nodes share.
pub struct Shared {
    pub convolution: Convolution,
    shape: Shape,
    /// Kept, so that no other weights come to lie where these do.
    weights: Floats,
}

thread_local! {
    static SHARED: RefCell<Vec<Weak<Shared>>> = const { RefCell::new(Vec::new()) };
}

impl Ready {
    /// The convolution with these weights; `None` where they do not fit its shape.
    pub fn of(&self, weights: &Floats, shape: Shape) -> Option<Rc<Shared>> {
        let is_it = |shared: &Rc<Shared>| {
            let same = Shape { map: shape.map, ..shared.shape } == shape && shared.convolution.suits(shape.map);
            same && std::ptr::eq(shared.weights.as_slice(), weights.as_slice())
        };
        let mut own = self.0.borrow_mut();
        if let Some(shared) = own.as_ref().filter(|shared| is_it(shared)) {
            return Some(shared.clone());
        }
        let shared = SHARED.with_borrow_mut(|all| {
            let known = all.iter().filter_map(Weak::upgrade).find(is_it);
            if known.is_some() {
                return known;
            }
            let Shape { channels, map, made, groups, window } = shape;
            let kernels = Kernels { weights: weights.as_slice(), made, groups };
            let convolution = Convolution::new(channels, map, kernels, &window)?;
            let made = Rc::new(Shared { convolution, shape, weights: weights.clone() });
            all.retain(|shared| shared.strong_count() > 0);
            all.push(Rc::downgrade(&made));
            Some(made)
        });
        own.clone_from(&shared);
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_over_the_same_weights_share_them() {
        let weights = Floats::owned(vec![2.0; 9]);
        let window = Window { size: [3, 3], strides: [1, 1], pads: [0; 4], dilations: [1, 1] };
        let shape = Shape { channels: 1, map: [3, 3], made: 1, groups: 1, window };
        let (one, other) = (Ready::default(), Ready::default());
        let shared = one.of(&weights, shape).unwrap();
        assert!(Rc::ptr_eq(&shared, &one.of(&weights, shape).unwrap()));
        assert!(Rc::ptr_eq(&shared, &other.of(&weights.clone(), shape).unwrap()));
        let elsewhere = Floats::owned(vec![2.0; 9]);
        assert!(!Rc::ptr_eq(&shared, &other.of(&elsewhere, shape).unwrap()));
        assert!(other.of(&weights, Shape { made: 2, ..shape }).is_none());
        // As for a drawing, which grows.
        let larger = other.of(&weights, Shape { map: [5, 4], ..shape }).unwrap();
        assert!(Rc::ptr_eq(&shared, &larger));
    }
}
