//! Why this class: what each feature map adds to a class's score, for a head that is a global average pooling followed by
//! one linear layer.

use thiserror::Error;

/// The parts that a class's score is the sum of.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    /// weight × mean of each map, in the order of the maps. Negative ones speak against the class.
    pub maps: Vec<f32>,
    /// What the class gets whatever the picture shows.
    pub bias: f32,
    /// The sum of all, which is the score (before a softmax) that the network itself computes.
    pub logit: f32,
}

/// The row of the linear layer does not belong to the maps.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("The class has {weights} weights, but the layer has {maps} feature maps.")]
pub struct ContributionError {
    pub weights: usize,
    pub maps: usize,
}

/// Splits the score of one class: `weights` is the class's row of the linear layer, one weight per map, and `means` are
/// the means of the maps that the pooling reads. Sort them with [`super::ranking::rank`].
///
/// # Errors
/// [`ContributionError`] where there is not one weight per map.
pub fn contributions(means: &[f32], weights: &[f32], bias: f32) -> Result<Contributions, ContributionError> {
    if means.len() != weights.len() {
        return Err(ContributionError { weights: weights.len(), maps: means.len() });
    }
    let products = means.iter().zip(weights).map(|(&mean, &weight)| f64::from(mean) * f64::from(weight));
    let logit = (products.clone().sum::<f64>() + f64::from(bias)) as f32;
    Ok(Contributions { maps: products.map(|product| product as f32).collect(), bias, logit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_score() {
        let parts = contributions(&[2.0, 0.5, 0.0], &[1.5, -4.0, 9.0], 0.25).unwrap();
        assert_eq!(parts, Contributions { maps: vec![3.0, -2.0, 0.0], bias: 0.25, logit: 1.25 });
    }

    #[test]
    fn a_row_of_another_layer_is_refused() {
        assert_eq!(contributions(&[1.0], &[1.0, 2.0], 0.0), Err(ContributionError { weights: 2, maps: 1 }));
    }
}
