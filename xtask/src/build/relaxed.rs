//! What becomes of relaxed SIMD, whose instructions leave it to the processor how they round and what they make of what is no number.
//!
//! Products with a sum may be rounded once or twice: that is what makes them faster. Browsers without relaxed SIMD get the form with two
//! roundings, in instructions that every browser has; both forms come of one compilation, and results of the latter are those of native
//! tests, bit for bit. The compiler writes relaxed forms of smaller and larger values as well, where the program says what
//! is to become of what is no number: these are always written as they were meant.

use anyhow::{Context, Result, bail};
use walrus::ir::{
    BinaryOp, Binop, Instr, InstrSeq, LocalGet, LocalSet, TernOp, TernaryOp, UnaryOp, Unop, VisitorMut,
    dfs_pre_order_mut,
};
use walrus::{LocalId, ModuleConfig, ValType};

/// Which relaxed instructions a module keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Products with a sum.
    Products,
    Nothing,
}

/// The module with no other relaxed instructions than those that it may keep.
///
/// # Errors
/// A module that cannot be read, or one with a relaxed instruction of which there is no other form here: its name.
pub fn rewrite(module: &[u8], kept: Kept) -> Result<Vec<u8>> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false);
    let mut module = config.parse(module).context("could not read the module")?;
    let functions: Vec<_> = module.funcs.iter_local().map(|(id, _)| id).collect();
    for id in functions {
        // What is added, while the product is made. A local that nobody uses is not written.
        let addend = module.locals.add(ValType::V128);
        let mut rewriting = Rewriting { kept, addend, unknown: None };
        let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
        let entry = function.entry_block();
        dfs_pre_order_mut(&mut rewriting, function, entry);
        if let Some(unknown) = rewriting.unknown {
            let name = module.funcs.get(id).name.as_deref().unwrap_or("a function");
            bail!("{name} has the relaxed instruction {unknown}, of which there is no other form yet");
        }
    }
    Ok(module.emit_wasm())
}

struct Rewriting {
    kept: Kept,
    addend: LocalId,
    unknown: Option<String>,
}

impl VisitorMut for Rewriting {
    fn start_instr_seq_mut(&mut self, sequence: &mut InstrSeq) {
        if !sequence.instrs.iter().any(|(instruction, _)| is_relaxed(instruction)) {
            return;
        }
        for (instruction, place) in std::mem::take(&mut sequence.instrs) {
            let written = self.written(instruction);
            sequence.instrs.extend(written.into_iter().map(|instruction| (instruction, place)));
        }
    }
}

impl Rewriting {
    /// What is written for an instruction.
    fn written(&mut self, instruction: Instr) -> Vec<Instr> {
        let binary = |op| Instr::Binop(Binop { op });
        match instruction {
            Instr::TernOp(TernOp { op: TernaryOp::F32x4RelaxedMadd | TernaryOp::F32x4RelaxedNmadd })
                if self.kept == Kept::Products =>
            {
                vec![instruction]
            }
            // `a · b + c` and `c − a · b`; on the stack lie `a`, `b` and `c`.
            Instr::TernOp(TernOp { op: op @ (TernaryOp::F32x4RelaxedMadd | TernaryOp::F32x4RelaxedNmadd) }) => {
                let negation =
                    matches!(op, TernaryOp::F32x4RelaxedNmadd).then_some(Instr::Unop(Unop { op: UnaryOp::F32x4Neg }));
                let set = Instr::LocalSet(LocalSet { local: self.addend });
                let get = Instr::LocalGet(LocalGet { local: self.addend });
                let product = [set, binary(BinaryOp::F32x4Mul)].into_iter().chain(negation);
                product.chain([get, binary(BinaryOp::F32x4Add)]).collect()
            }
            Instr::Binop(Binop { op: BinaryOp::F32x4RelaxedMin }) => vec![binary(BinaryOp::F32x4PMin)],
            Instr::Binop(Binop { op: BinaryOp::F32x4RelaxedMax }) => vec![binary(BinaryOp::F32x4PMax)],
            Instr::Binop(Binop { op: BinaryOp::F64x2RelaxedMin }) => vec![binary(BinaryOp::F64x2PMin)],
            Instr::Binop(Binop { op: BinaryOp::F64x2RelaxedMax }) => vec![binary(BinaryOp::F64x2PMax)],
            other => {
                if is_relaxed(&other) {
                    self.unknown = Some(format!("{other:?}"));
                }
                vec![other]
            }
        }
    }
}

/// Whether an instruction belongs to relaxed SIMD, as all do that take three operands.
fn is_relaxed(instruction: &Instr) -> bool {
    use {BinaryOp::*, UnaryOp::*};
    match instruction {
        Instr::TernOp(_) => true,
        Instr::Binop(Binop { op }) => matches!(
            op,
            I8x16RelaxedSwizzle
                | F32x4RelaxedMin
                | F32x4RelaxedMax
                | F64x2RelaxedMin
                | F64x2RelaxedMax
                | I16x8RelaxedQ15mulrS
                | I16x8RelaxedDotI8x16I7x16S
        ),
        Instr::Unop(Unop { op }) => matches!(
            op,
            I32x4RelaxedTruncF32x4S
                | I32x4RelaxedTruncF32x4U
                | I32x4RelaxedTruncF64x2SZero
                | I32x4RelaxedTruncF64x2UZero
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::ir::InstrLocId;
    use walrus::{FunctionBuilder, Module};

    /// A function of vectors, as many as the instruction takes.
    fn sample(instruction: Instr, operands: usize) -> Vec<u8> {
        let mut module = Module::default();
        let vectors = vec![ValType::V128; operands];
        let arguments: Vec<_> = vectors.iter().map(|&ty| module.locals.add(ty)).collect();
        let mut builder = FunctionBuilder::new(&mut module.types, &vectors, &[ValType::V128]);
        let mut body = builder.func_body();
        for &argument in &arguments {
            body.local_get(argument);
        }
        body.instr(instruction);
        let function = builder.finish(arguments, &mut module.funcs);
        module.exports.add("sample", function);
        module.emit_wasm()
    }

    fn product(op: TernaryOp) -> Vec<u8> {
        sample(Instr::TernOp(TernOp { op }), 3)
    }

    /// The operations of its function, in their order.
    fn operations(module: &[u8]) -> String {
        let module = Module::from_buffer(module).unwrap();
        let (_, function) = module.funcs.iter_local().next().unwrap();
        let block = function.block(function.entry_block());
        let words = |(instruction, _): &(Instr, InstrLocId)| match instruction {
            Instr::TernOp(TernOp { op }) => format!("{op:?} "),
            Instr::Binop(Binop { op }) => format!("{op:?} "),
            Instr::Unop(Unop { op }) => format!("{op:?} "),
            _ => String::new(),
        };
        block.instrs.iter().map(words).collect()
    }

    #[test]
    fn a_product_and_a_sum_become_two_instructions_where_they_are_not_kept() {
        let (madd, nmadd) = (product(TernaryOp::F32x4RelaxedMadd), product(TernaryOp::F32x4RelaxedNmadd));
        let written = |module: &[u8], kept| operations(&rewrite(module, kept).unwrap());
        assert_eq!(written(&madd, Kept::Products), "F32x4RelaxedMadd ");
        assert_eq!(written(&madd, Kept::Nothing), "F32x4Mul F32x4Add ");
        assert_eq!(written(&nmadd, Kept::Products), "F32x4RelaxedNmadd ");
        assert_eq!(written(&nmadd, Kept::Nothing), "F32x4Mul F32x4Neg F32x4Add ");
    }

    #[test]
    fn what_is_smaller_or_larger_is_told_exactly_in_either_form() {
        let module = sample(Instr::Binop(Binop { op: BinaryOp::F32x4RelaxedMin }), 2);
        for kept in [Kept::Products, Kept::Nothing] {
            assert_eq!(operations(&rewrite(&module, kept).unwrap()), "F32x4PMin ");
        }
    }

    #[test]
    fn an_instruction_without_another_form_is_named() {
        for kept in [Kept::Products, Kept::Nothing] {
            let error = rewrite(&product(TernaryOp::I8x16RelaxedLaneselect), kept).unwrap_err();
            assert!(error.to_string().contains("I8x16RelaxedLaneselect"), "{error}");
        }
    }
}
