//! Colours in which the channels of photos vary independently, so that a gradient step does not have to change red, green and
//! blue by itself to become lighter or darker.

/// The square root of the covariance of red, green and blue in ImageNet's photos (Olah, Mordvintsev, Schubert 2017, "Feature
/// Visualization", Distill; lucid's `color.py`).
const ROOT: [[f64; 3]; 3] = [[0.26, 0.09, 0.02], [0.27, 0.0, -0.05], [0.27, -0.09, 0.03]];

/// Three planes of independent colours, one after another, as planes of red, green and blue.
pub fn correlated(planes: &[f32]) -> Vec<f32> {
    mixed(planes, |to, from| ROOT[to][from])
}

/// The adjoint of [`correlated`], for gradients.
pub fn correlated_adjoint(planes: &[f32]) -> Vec<f32> {
    mixed(planes, |to, from| ROOT[from][to])
}

/// The longest column of [`ROOT`], by which it is divided so that no colour grows.
fn longest() -> f64 {
    (0..3).map(|column| ROOT.iter().map(|row| row[column] * row[column]).sum::<f64>().sqrt()).fold(0.0, f64::max)
}

fn mixed(planes: &[f32], weight: impl Fn(usize, usize) -> f64) -> Vec<f32> {
    let cells = planes.len() / 3;
    let scale = longest();
    let mut result = Vec::with_capacity(planes.len());
    for to in 0..3 {
        let weights = [0, 1, 2].map(|from| weight(to, from) / scale);
        let value =
            |cell: usize| (0..3).map(|from| weights[from] * f64::from(planes[from * cells + cell])).sum::<f64>();
        result.extend((0..cells).map(|cell| value(cell) as f32));
    }
    result
}
