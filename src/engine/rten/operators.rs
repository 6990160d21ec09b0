//! The operators of rten that a graph may have.

use rten::{OpRegistry, op_registry};

/// Writes the registry and the names of what is in it from one list.
macro_rules! registered {
    ($($name:ident),* $(,)?) => {
        /// The operators of rten that are registered.
        #[cfg(test)]
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// What [`Cpu::Rten`](crate::onnx::operator::Cpu) stands for. The linker drops the others (recurrent cells, sequences, text and
        /// quantised arithmetic), which would be a third of the download. What only computes shapes (Shape, Size, Range,
        /// ConstantOfShape) is never left in a graph, since every shape is known and folded before.
        pub fn operators() -> OpRegistry {
            op_registry!($($name),*)
        }
    };
}

registered!(
    Abs,
    Add,
    AveragePool,
    BatchNormalization,
    Cast,
    Clip,
    Concat,
    Conv,
    ConvTranspose,
    DepthToSpace,
    Div,
    Elu,
    Erf,
    Exp,
    Flatten,
    Gather,
    Gelu,
    Gemm,
    GlobalAveragePool,
    Greater,
    HardSigmoid,
    HardSwish,
    Identity,
    InstanceNormalization,
    LayerNormalization,
    LeakyRelu,
    Less,
    Log,
    LogSoftmax,
    MatMul,
    Max,
    MaxPool,
    Mean,
    Min,
    Mul,
    Neg,
    PRelu,
    Pad,
    Pow,
    Reciprocal,
    ReduceL2,
    ReduceMax,
    ReduceMean,
    ReduceMin,
    ReduceSum,
    ReduceSumSquare,
    Reshape,
    Resize,
    Sigmoid,
    Slice,
    Softmax,
    Softplus,
    Softsign,
    Split,
    Sqrt,
    Squeeze,
    Sub,
    Sum,
    Tanh,
    Transpose,
    Unsqueeze,
    Upsample,
    Where
);

#[cfg(test)]
mod tests {
    use super::NAMES;
    use crate::onnx::operator::{Cpu, OPERATORS};

    /// Both builds register this list, so what the tests run is what the page runs.
    #[test]
    fn what_the_table_gives_rten_is_registered_and_nothing_else() {
        let given = |cpu| matches!(cpu, Some(Cpu::Rten | Cpu::RtenOrRules));
        let mut expected: Vec<&str> = OPERATORS.iter().filter(|it| given(it.cpu)).map(|it| it.name).collect();
        expected.sort_unstable();
        let mut registered = NAMES.to_vec();
        registered.sort_unstable();
        assert_eq!(registered, expected);
    }
}
