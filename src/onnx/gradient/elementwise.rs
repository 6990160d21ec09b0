//! Functions of each element by itself, and arithmetic of two operands.
//!
//! Where the derivative can be told from the function's output, it is: then the value before the function is not needed, and
//! an engine may compute the two in one step.

use super::{Backward, GradientError};
use crate::onnx::graph::Node;
use crate::onnx::operator::{GATE, RANKS, STRAIGHT_ROUND};

impl<'g> Backward<'g> {
    /// The adjoint of the operand of a function of each element.
    pub fn unary(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let Some(input) = self.wanted(node, 0) else { return Ok(()) };
        let output = node.output();
        let operand = match node.op.as_str() {
            "Relu" => self.relu(output, adjoint)?,
            "Clip" => self.clip(node, adjoint)?,
            // σ′ = σ − σ²
            "Sigmoid" => {
                let square = self.combine("Mul", output, output)?;
                let slope = self.combine("Sub", output, &square)?;
                self.combine("Mul", adjoint, &slope)?
            }
            // tanh′ = 1 − tanh²
            "Tanh" => {
                let square = self.combine("Mul", output, output)?;
                let part = self.combine("Mul", adjoint, &square)?;
                self.combine("Sub", adjoint, &part)?
            }
            "Exp" => self.combine("Mul", adjoint, output)?,
            // At 0 these two have no slope, and what comes from there is left out: of a norm over maps that are all zero the
            // gradient would be no number.
            "Log" => {
                let quotient = self.combine("Div", adjoint, input)?;
                self.combine(GATE, input, &quotient)?
            }
            // (√x)′ = 1 / (2 √x)
            "Sqrt" => {
                let quotient = self.combine("Div", adjoint, output)?;
                let quotient = self.combine(GATE, output, &quotient)?;
                self.scaled(&quotient, 0.5)?
            }
            "Abs" => {
                let sign = self.map("Sign", input)?;
                self.combine("Mul", adjoint, &sign)?
            }
            "Neg" => self.map("Neg", adjoint)?,
            // (1/x)′ = −(1/x)²
            "Reciprocal" => {
                let square = self.combine("Mul", output, output)?;
                let product = self.combine("Mul", adjoint, &square)?;
                self.map("Neg", &product)?
            }
            STRAIGHT_ROUND => adjoint.to_owned(),
            // Constant on both sides of their steps.
            "Sign" | "Floor" | "Round" | RANKS => return Ok(()),
            _ => return Err(self.unsupported("there is no rule for it")),
        };
        self.contribute(input, operand);
        Ok(())
    }

    /// Passes where the output is positive.
    fn relu(&mut self, output: &str, adjoint: &str) -> Result<String, GradientError> {
        self.where_not_zero(output, adjoint)
    }

    /// The adjoint where a value that is never negative is not zero.
    fn where_not_zero(&mut self, condition: &str, adjoint: &str) -> Result<String, GradientError> {
        if self.shape(condition)? == self.shape(adjoint)? {
            return self.combine(GATE, condition, adjoint);
        }
        // Where all elements of a map are equal, a product with a number for each map is faster on the CPU engine.
        let mask = self.map("Sign", condition)?;
        self.combine("Mul", adjoint, &mask)
    }

    /// Passes where the output lies between the bounds: where `y − low` and `high − y` are positive.
    fn clip(&mut self, node: &Node, adjoint: &str) -> Result<String, GradientError> {
        let bound = |index: usize| {
            let constant = self.lowering.source.constants.get(node.input(index)?)?;
            // A bound that no f32 lies beyond is none.
            constant.as_floats()?.first().copied().filter(|bound| bound.abs() < f32::MAX)
        };
        let bounds = [bound(1), bound(2)];
        let above = match bounds[0] {
            Some(0.0) => Some(node.output().to_owned()),
            Some(low) => {
                let low = self.lowering.number(low);
                Some(self.combine("Sub", node.output(), &low)?)
            }
            None => None,
        };
        let below = match bounds[1] {
            Some(high) => {
                let high = self.lowering.number(high);
                Some(self.combine("Sub", &high, node.output())?)
            }
            None => None,
        };
        let inside = match (above, below) {
            (None, None) => return Ok(adjoint.to_owned()),
            (Some(distance), None) | (None, Some(distance)) => distance,
            (Some(above), Some(below)) => self.combine("Mul", &above, &below)?,
        };
        self.where_not_zero(&inside, adjoint)
    }

    /// The adjoints of the operands of arithmetic.
    pub fn binary(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let (Some(left), Some(right)) = (node.input(0), node.input(1)) else {
            return Err(self.unsupported("an operand is missing"));
        };
        let (left_wanted, right_wanted) = (self.wanted(node, 0).is_some(), self.wanted(node, 1).is_some());
        match node.op.as_str() {
            "Add" => {
                self.contribute_summed(node, 0, adjoint.to_owned())?;
                self.contribute_summed(node, 1, adjoint.to_owned())?;
            }
            "Sub" => {
                self.contribute_summed(node, 0, adjoint.to_owned())?;
                if right_wanted {
                    let negated = self.map("Neg", adjoint)?;
                    self.contribute_summed(node, 1, negated)?;
                }
            }
            // The square of a value.
            "Mul" if left == right => {
                let product = self.combine("Mul", adjoint, left)?;
                let doubled = self.scaled(&product, 2.0)?;
                self.contribute_summed(node, 0, doubled)?;
            }
            "Mul" => {
                for (index, wanted, other) in [(0, left_wanted, right), (1, right_wanted, left)] {
                    if wanted {
                        let product = self.combine("Mul", adjoint, other)?;
                        self.contribute_summed(node, index, product)?;
                    }
                }
            }
            // (a / b)′ = a′ / b − (a / b) · b′ / b
            "Div" => {
                let quotient = self.combine("Div", adjoint, right)?;
                if right_wanted {
                    let product = self.combine("Mul", &quotient, node.output())?;
                    let negated = self.map("Neg", &product)?;
                    self.contribute_summed(node, 1, negated)?;
                }
                self.contribute_summed(node, 0, quotient)?;
            }
            // The smaller or larger operand has it all, and equal ones half each: of h = adjoint / 2 and the sign s of what
            // the operand is ahead by, h + s · h and h − s · h.
            _ => {
                let (first, second) = if node.op == "Max" { (left, right) } else { (right, left) };
                let ahead = self.combine("Sub", first, second)?;
                let sign = self.map("Sign", &ahead)?;
                let half = self.scaled(adjoint, 0.5)?;
                let signed = self.combine("Mul", &half, &sign)?;
                for (index, wanted, op) in [(0, left_wanted, "Add"), (1, right_wanted, "Sub")] {
                    if wanted {
                        let share = self.combine(op, &half, &signed)?;
                        self.contribute_summed(node, index, share)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The adjoint of a value behind a gate, which passes where the gate is open. A condition has no slope.
    pub fn gate(&mut self, node: &'g Node, adjoint: &str) -> Result<(), GradientError> {
        let (Some(condition), Some(_)) = (node.input(0), self.wanted(node, 1)) else { return Ok(()) };
        let passed = self.combine(GATE, condition, adjoint)?;
        self.contribute_summed(node, 1, passed)
    }

    /// Hands the adjoint in the shape of the result on to operand `index`, if it is wanted there.
    pub fn contribute_summed(&mut self, node: &'g Node, index: usize, adjoint: String) -> Result<(), GradientError> {
        let Some(operand) = self.wanted(node, index) else { return Ok(()) };
        let (result, shape) = (self.shape(node.output())?, self.shape(operand)?);
        let adjoint = self.unbroadcast(adjoint, &result, &shape)?;
        self.contribute(operand, adjoint);
        Ok(())
    }
}
