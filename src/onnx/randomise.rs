//! A network that has learned nothing: the same graph with the weights that training would have begun with. What its maps
//! seem to say of a class is what any network's would.

use std::collections::BTreeMap;

use super::graph::{Attribute, Constant, Graph, Node};

/// Gives every weight a random value and every normalisation its start.
///
/// Weights of Conv, Gemm and MatMul are uniform within ±√(6 / inputs of an output) (He et al. 2015, "Delving Deep into
/// Rectifiers", equation 10, for a uniform distribution), so that values keep their size from layer to layer; biases are
/// zero, and a BatchNormalization neither scales nor shifts. Weights that are whole numbers stand for others, as a quantised network has
/// them; these keep their spread. The same seed gives the same weights.
pub fn randomise(graph: &mut Graph, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let Graph { nodes, constants, .. } = graph;
    for node in &*nodes {
        match node.op.as_str() {
            "Conv" | "Gemm" | "MatMul" => {
                let weights = node.input(1).and_then(|name| constants.get(name));
                let Some(fan_in) = weights.and_then(|weights| fan_in(node, weights)) else { continue };
                let limit = weights.and_then(spread_of_integers).unwrap_or((6.0 / fan_in as f32).sqrt());
                replace(node, 1, constants, || limit * (2.0 * random.f32() - 1.0));
                replace(node, 2, constants, || 0.0);
            }
            "BatchNormalization" => {
                for (index, start) in [(1, 1.0), (2, 0.0), (3, 0.0), (4, 1.0)] {
                    replace(node, index, constants, || start);
                }
            }
            _ => {}
        }
    }
}

/// Gives every value of a node's input another one, where the input is a constant of floats.
fn replace(node: &Node, input: usize, constants: &mut BTreeMap<String, Constant>, mut value: impl FnMut() -> f32) {
    let Some(constant) = node.input(input).and_then(|name| constants.get_mut(name)) else { return };
    let Some(count) = constant.as_floats().map(<[f32]>::len) else { return };
    *constant = Constant::floats(std::mem::take(&mut constant.shape), (0..count).map(|_| value()).collect());
}

/// The limit of uniform values that are as large on average as these weights, where all of them are whole numbers.
fn spread_of_integers(weights: &Constant) -> Option<f32> {
    let values = weights.as_floats()?;
    let square = values.iter().map(|value| value * value).sum::<f32>() / values.len().max(1) as f32;
    let differ = values.windows(2).any(|pair| pair[0] != pair[1]);
    (differ && square > 1.0 && values.iter().all(|value| value.fract() == 0.0)).then(|| (3.0 * square).sqrt())
}

/// How many inputs each output of a layer adds up.
fn fan_in(node: &Node, weights: &Constant) -> Option<usize> {
    let shape = &weights.shape;
    let inputs = match (node.op.as_str(), &shape[..]) {
        ("Conv", [_, rest @ ..]) => rest.iter().product(),
        ("Gemm", [rows, columns]) => match node.attributes.get("transB") {
            Some(Attribute::Int(1)) => *columns,
            _ => *rows,
        },
        ("MatMul", [.., rows, _]) => *rows,
        _ => return None,
    };
    (inputs > 0).then_some(inputs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> Graph {
        let constant = |shape: &[usize]| Constant::floats(shape.to_vec(), vec![7.0; shape.iter().product()]);
        Graph {
            inputs: Vec::new(),
            outputs: vec!["scores".to_owned()],
            nodes: vec![
                Node::new("Conv", &["image", "w", "b"], "c"),
                Node::new("BatchNormalization", &["c", "scale", "shift", "mean", "variance"], "n"),
                Node::new("Add", &["n", "seven"], "a"),
                Node::new("Gemm", &["a", "head"], "scores").with("transB", Attribute::Int(1)),
            ],
            constants: BTreeMap::from([
                ("w".to_owned(), constant(&[8, 4, 3, 2])),
                ("b".to_owned(), constant(&[8])),
                ("scale".to_owned(), constant(&[8])),
                ("shift".to_owned(), constant(&[8])),
                ("mean".to_owned(), constant(&[8])),
                ("variance".to_owned(), constant(&[8])),
                ("seven".to_owned(), constant(&[1])),
                ("head".to_owned(), constant(&[2, 6])),
            ]),
            opsets: BTreeMap::new(),
            stated_shapes: BTreeMap::new(),
        }
    }

    #[test]
    fn nothing_learned_stays() {
        let mut first = graph();
        randomise(&mut first, 1);
        let values = |name: &str| first.constants[name].as_floats().unwrap();
        let limit = (6.0_f32 / 24.0).sqrt();
        assert!(values("w").iter().all(|weight| weight.abs() <= limit));
        assert!(values("w").iter().any(|weight| weight.abs() > 0.8 * limit));
        assert!(values("head").iter().all(|weight| weight.abs() <= 1.0));
        assert_eq!((values("b"), values("mean"), values("shift")), (&[0.0; 8][..], &[0.0; 8][..], &[0.0; 8][..]));
        assert_eq!((values("scale"), values("variance")), (&[1.0; 8][..], &[1.0; 8][..]));
        // What is no weight stays, and so does every shape.
        assert_eq!(values("seven"), [7.0]);
        assert_eq!(first.constants["w"].shape, [8, 4, 3, 2]);

        let (mut same, mut other) = (graph(), graph());
        randomise(&mut same, 1);
        randomise(&mut other, 2);
        assert_eq!(first, same);
        assert_ne!(first, other);
    }
}
