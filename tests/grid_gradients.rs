//! Gradients over the grid of forms of `tests/grid`: the weighted sum of each form's outputs has to rise along random directions as its
//! gradient says, whose derivatives `tests/grid/gradients.py` recorded without any rule of differentiation.

use crate::support::Lowering;
use crate::support::grid::{Case, Grid, PART, numbers};
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::evaluate::{Objective, differentiate};
use featurescope::domain::tensor::Tensor;
use featurescope::onnx::gradient::GradientError;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;

/// The largest error of a derivative, as a part of the length of the gradient.
const TOLERANCE: f64 = 1e-4;

/// What counts as no gradient: a derivative of single precision that is zero only where it is computed with all digits.
const SMALLEST: f64 = 1e-2;

const DIRECTIONS: usize = 3;

/// Streams of random numbers, as gradients.py counts them.
const OF_INPUT: u32 = 8;
const OF_OUTPUT: u32 = 1000;

/// Inputs move at most this far from the grid's places, which are equal more often than derivatives can do with.
const AWAY: f64 = 0.45;

#[test]
fn every_form_rises_as_its_gradient_says() {
    let grid = Grid::read();
    let recorded = std::fs::read(crate::support::grid::folder().join("gradients.bin")).unwrap();
    let recorded: Vec<[u8; 4]> = recorded.chunks_exact(4).map(|four| four.try_into().unwrap()).collect();
    assert_eq!(recorded.len(), grid.cases.len() * (1 + DIRECTIONS), "gradients.bin is not of this cases.bin");
    let mut wrong = Vec::new();
    let mut worst = 0.0_f64;
    for (case, record) in grid.cases.iter().zip(recorded.chunks_exact(1 + DIRECTIONS)) {
        let slopes: Vec<f64> = record[1..].iter().map(|&four| f64::from(f32::from_le_bytes(four))).collect();
        if slopes.iter().all(|slope| slope.is_nan()) {
            // What is quantised moves in steps only, and has a slope by agreement (`src/onnx/gradient.rs`).
            let quantised = case.name.starts_with("quantised-") || case.what.contains("Quantize");
            assert!(quantised, "no slope of {} is recorded", case.name);
            continue;
        }
        match errors(&grid, case, u32::from_le_bytes(record[0]), &slopes) {
            Ok(off) if off <= TOLERANCE => worst = worst.max(off),
            Ok(off) => wrong.push(format!("{} ({}): off by {off:e}", case.name, case.what)),
            Err(error) => wrong.push(format!("{} ({}): {error}", case.name, case.what)),
        }
    }
    println!("largest error: {worst:e} of the length of the gradient");
    let shown = wrong.iter().take(200).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} failures in {} cases:\n{shown}", wrong.len(), grid.cases.len());
}

/// The largest error of a case's derivatives, as a part of the length of its gradient.
fn errors(grid: &Grid, case: &Case, seed: u32, recorded: &[f64]) -> Result<f64, AnalysisError> {
    let model = read(Bytes32::from(grid.model(case)), Vec::new()).unwrap();
    let inputs: Vec<(&str, Tensor)> = (0_u32..)
        .zip(&case.inputs)
        .map(|(index, values)| {
            let places = grid.bytes(values).iter().map(|&byte| f64::from(byte.cast_signed()));
            let away = numbers(seed, OF_INPUT * index, values.count());
            #[expect(clippy::cast_possible_truncation, reason = "places are of single precision")]
            let moved =
                places.zip(away).map(|(place, away)| ((place + away * AWAY) * f64::from(PART)) as f32).collect();
            (&values.name[..], Tensor::new(values.shape.clone(), moved).unwrap())
        })
        .collect();
    let inputs: Vec<(&str, &Tensor)> = inputs.iter().map(|(name, tensor)| (*name, tensor)).collect();
    let mut found = vec![0.0; DIRECTIONS];
    let mut squares = 0.0;
    for (input, values) in (0_u32..).zip(&case.inputs) {
        let mut gradient = vec![0.0; values.count()];
        for (output, result) in (0_u32..).zip(&case.outputs) {
            #[expect(clippy::cast_possible_truncation, reason = "these are of single precision")]
            let weights = numbers(seed, OF_OUTPUT + output, result.count()).map(|weight| weight as f32).collect();
            let objective = Objective::Weighted(weights);
            let computed = differentiate(&model, &Lowering, &inputs, &result.name, &values.name, &objective);
            match pollster::block_on(computed) {
                Ok((_, slopes)) => {
                    assert_eq!(slopes.data().len(), gradient.len(), "{}", case.name);
                    gradient.iter_mut().zip(slopes.data()).for_each(|(sum, &slope)| *sum += f64::from(slope));
                }
                // Some results do not depend on an input, as those of a Split that takes a part of it.
                Err(AnalysisError::Gradient(GradientError::NotConnected { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        squares += gradient.iter().map(|slope| slope * slope).sum::<f64>();
        for (direction, sum) in (1_u32..).zip(&mut found) {
            let along = numbers(seed, OF_INPUT * input + direction, gradient.len());
            *sum += gradient.iter().zip(along).map(|(slope, along)| slope * along).sum::<f64>();
        }
    }
    let length = squares.sqrt().max(SMALLEST);
    let off = found.iter().zip(recorded).map(|(found, recorded)| (found - recorded).abs() / length);
    Ok(off.fold(0.0, |worst, off| if off.is_nan() { f64::INFINITY } else { off.max(worst) }))
}
