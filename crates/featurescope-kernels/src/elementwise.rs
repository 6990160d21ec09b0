//! Operations on each value by itself, several at once: block by block, so that what lies between two of them never leaves the
//! processor's nearest cache.

use wide::f32x4;

use crate::Bounds;
use crate::lanes::{LANES, Lanes};
use crate::pool::{Pool, items_of_a_part};

/// What is made of the values `a` and `b` at the same place of two operands, or of `a` alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation {
    /// The nearest value within the bounds. What is no number stays none.
    Within(Bounds),
    /// −1, 0 or 1; what is no number stays none.
    Sign,
    Absolute,
    Negative,
    Sum,
    Difference,
    Product,
    Quotient,
    Smaller,
    Larger,
    /// `b` where `a` is not zero, 0 where it is zero or no number.
    Gate,
}

/// What is operated on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operand {
    /// One of the tensors, by its place.
    Tensor(usize),
    /// What an earlier step makes, by its place.
    Made(usize),
    /// The same number everywhere.
    Number(f32),
}

/// One operation. Those of one operand have the same one twice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub operation: Operation,
    pub operands: [Operand; 2],
}

/// Values that are computed at a time. With a handful of operands they fit into 32 kB.
const BLOCK: usize = 1024;

/// What the last of some steps makes of tensors of one length; `None` where the tensors are not as long as each other, or a step reads
/// what is not there.
#[inline(never)]
pub fn elementwise(steps: &[Step], tensors: &[&[f32]], pool: Pool) -> Option<Vec<f32>> {
    let length = tensors.first()?.len();
    let is_there = |place: usize, operand: &Operand| match *operand {
        Operand::Tensor(tensor) => tensor < tensors.len(),
        Operand::Made(step) => step < place,
        Operand::Number(_) => true,
    };
    let reads = |(place, step): (usize, &Step)| step.operands.iter().all(|operand| is_there(place, operand));
    if steps.is_empty() || !steps.iter().enumerate().all(reads) || tensors.iter().any(|tensor| tensor.len() != length) {
        return None;
    }
    let mut made = vec![0.0; length];
    let pool = pool.for_work(length.saturating_mul(steps.len()));
    // A block for each step, and two for the numbers among its operands, which are written down once.
    let own = vec![blocks(steps); pool.threads()];
    let of_a_part = items_of_a_part(length.div_ceil(BLOCK), pool.threads()).saturating_mul(BLOCK);
    let parts: Vec<(usize, &mut [f32])> = made.chunks_mut(of_a_part).enumerate().collect();
    pool.each(parts, own, |(part, made): &mut (usize, &mut [f32]), blocks| {
        for (block, made) in made.chunks_mut(BLOCK).enumerate() {
            run_block(steps, tensors, *part * of_a_part + block * BLOCK, blocks, made);
        }
    });
    Some(made)
}

/// Blocks of a step: its operands, where they are numbers, and what it makes.
const OF_A_STEP: usize = 3;

/// The blocks of all steps, one after another.
fn blocks(steps: &[Step]) -> Vec<f32> {
    let mut blocks = vec![0.0; steps.len() * OF_A_STEP * BLOCK];
    for (step, blocks) in steps.iter().zip(blocks.chunks_exact_mut(OF_A_STEP * BLOCK)) {
        for (operand, block) in step.operands.iter().zip(blocks.chunks_exact_mut(BLOCK)) {
            if let Operand::Number(number) = *operand {
                block.fill(number);
            }
        }
    }
    blocks
}

/// The values from `start` on, as many as there is room for.
fn run_block(steps: &[Step], tensors: &[&[f32]], start: usize, blocks: &mut [f32], made: &mut [f32]) {
    let length = made.len();
    for (place, &Step { operation, operands }) in steps.iter().enumerate() {
        let (before, of_step) = blocks.split_at_mut(place * OF_A_STEP * BLOCK);
        let (numbers, target) = of_step.split_at_mut((OF_A_STEP - 1) * BLOCK);
        let operand = |index: usize| match operands[index] {
            Operand::Tensor(tensor) => &tensors[tensor][start..start + length],
            Operand::Made(step) => &before[((step + 1) * OF_A_STEP - 1) * BLOCK..][..length],
            Operand::Number(_) => &numbers[index * BLOCK..][..length],
        };
        let target = if place + 1 == steps.len() { &mut *made } else { &mut target[..length] };
        apply(operation, operand(0), operand(1), target);
    }
}

fn apply(operation: Operation, a: &[f32], b: &[f32], made: &mut [f32]) {
    const ZERO: f32x4 = f32x4::ZERO;
    let sign = |a: f32x4| a.simd_gt(ZERO).bitselect(f32x4::ONE, a.simd_lt(ZERO).bitselect(-f32x4::ONE, a));
    // What is no number goes on, whichever of the two it is.
    let either = |a: f32x4, b: f32x4, is_first: f32x4| a.is_nan().bitselect(a, is_first.bitselect(a, b));
    match operation {
        Operation::Within(bounds) => eights(a, b, made, |a, _| a.within(bounds)),
        Operation::Sign => each(a, b, made, |a, _| sign(a)),
        Operation::Absolute => each(a, b, made, |a, _| a.abs()),
        Operation::Negative => each(a, b, made, |a, _| -a),
        Operation::Sum => each(a, b, made, |a, b| a + b),
        Operation::Difference => each(a, b, made, |a, b| a - b),
        Operation::Product => each(a, b, made, |a, b| a * b),
        Operation::Quotient => each(a, b, made, |a, b| a / b),
        Operation::Smaller => each(a, b, made, |a, b| either(a, b, a.simd_lt(b))),
        Operation::Larger => each(a, b, made, |a, b| either(a, b, a.simd_gt(b))),
        Operation::Gate => each(a, b, made, |a, b| a.abs().simd_gt(ZERO) & b),
    }
}

#[inline(always)]
fn each(a: &[f32], b: &[f32], made: &mut [f32], operation: impl Fn(f32x4, f32x4) -> f32x4) {
    eights(a, b, made, |a, b| a.with(b, &operation));
}

#[inline(always)]
fn eights(a: &[f32], b: &[f32], made: &mut [f32], operation: impl Fn(Lanes, Lanes) -> Lanes) {
    for ((made, a), b) in made.chunks_mut(LANES).zip(a.chunks(LANES)).zip(b.chunks(LANES)) {
        operation(Lanes::read(a), Lanes::read(b)).write(made);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::of_threads;

    const A: [f32; 8] = [-2.0, -0.5, -0.0, 0.0, 0.25, 3.0, 9.0, f32::INFINITY];
    const B: [f32; 8] = [1.0, 2.0, 3.0, 4.0, -5.0, 6.0, 7.0, 8.0];

    fn one(operation: Operation) -> Vec<f32> {
        let step = Step { operation, operands: [Operand::Tensor(0), Operand::Tensor(1)] };
        elementwise(&[step], &[&A, &B], Pool::ALONE).unwrap()
    }

    #[test]
    fn each_operation_is_what_its_name_says() {
        assert_eq!(one(Operation::Within(Bounds { low: 0.0, high: 6.0 })), [0.0, 0.0, 0.0, 0.0, 0.25, 3.0, 6.0, 6.0]);
        assert_eq!(one(Operation::Sign), [-1.0, -1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(one(Operation::Absolute), A.map(f32::abs));
        assert_eq!(one(Operation::Negative), A.map(|a| -a));
        assert_eq!(one(Operation::Gate), [1.0, 2.0, 0.0, 0.0, -5.0, 6.0, 7.0, 8.0]);
        type Pair = fn(f32, f32) -> f32;
        let pairs: [(Operation, Pair); 6] = [
            (Operation::Sum, |a, b| a + b),
            (Operation::Difference, |a, b| a - b),
            (Operation::Product, |a, b| a * b),
            (Operation::Quotient, |a, b| a / b),
            (Operation::Smaller, f32::min),
            (Operation::Larger, f32::max),
        ];
        for (operation, expected) in pairs {
            let expected: Vec<f32> = A.iter().zip(B).map(|(&a, b)| expected(a, b)).collect();
            assert_eq!(one(operation), expected, "{operation:?}");
        }
    }

    #[test]
    fn what_is_no_number_stays_none_but_closes_a_gate() {
        for (operation, none) in [
            (Operation::Within(Bounds { low: 0.0, high: 6.0 }), [true, false]),
            (Operation::Sign, [true, false]),
            (Operation::Smaller, [true, true]),
            (Operation::Larger, [true, true]),
            (Operation::Gate, [false, true]),
        ] {
            let step = Step { operation, operands: [Operand::Tensor(0), Operand::Tensor(1)] };
            let made = elementwise(&[step], &[&[f32::NAN, 1.0], &[1.0, f32::NAN]], Pool::ALONE).unwrap();
            assert_eq!([made[0].is_nan(), made[1].is_nan()], none, "{operation:?}");
        }
    }

    /// The gradient of a ReLU6: what comes back passes where the value lies between the bounds.
    #[test]
    fn steps_follow_each_other_in_blocks_of_any_length_on_any_number_of_threads() {
        let [value, adjoint] = [Operand::Tensor(0), Operand::Tensor(1)];
        let step = |operation, operands| Step { operation, operands };
        let steps = [
            step(Operation::Difference, [value, Operand::Number(6.0)]),
            step(Operation::Product, [value, Operand::Made(0)]),
            step(Operation::Sign, [Operand::Made(1); 2]),
            step(Operation::Negative, [Operand::Made(2); 2]),
            step(Operation::Product, [adjoint, Operand::Made(3)]),
        ];
        for length in [0, 1, 7, BLOCK, 3 * BLOCK + 5, 200 * BLOCK + 1] {
            let values: Vec<f32> = (0..length).map(|place| (place % 23) as f32 / 2.0 - 2.0).collect();
            let adjoints: Vec<f32> = (0..length).map(|place| (place % 11) as f32 - 5.0).collect();
            let passes = |value: f32| match value {
                0.0 | 6.0 => 0.0,
                value if (0.0..6.0).contains(&value) => 1.0,
                _ => -1.0,
            };
            let expected: Vec<f32> =
                values.iter().zip(&adjoints).map(|(&value, adjoint)| adjoint * passes(value)).collect();
            for pool in [Pool::ALONE, of_threads::<3>()] {
                assert_eq!(elementwise(&steps, &[&values, &adjoints], pool).unwrap(), expected);
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_none() {
        let step = |operand| Step { operation: Operation::Negative, operands: [operand; 2] };
        let run = |step, tensors: &[&[f32]]| elementwise(&[step], tensors, Pool::ALONE);
        assert_eq!(run(step(Operand::Tensor(1)), &[&[1.0]]), None);
        assert_eq!(run(step(Operand::Made(0)), &[&[1.0]]), None);
        assert_eq!(run(step(Operand::Tensor(0)), &[&[1.0], &[1.0, 2.0]]), None);
        assert_eq!(run(step(Operand::Number(1.0)), &[]), None);
        assert_eq!(elementwise(&[], &[&[1.0]], Pool::ALONE), None);
    }
}
