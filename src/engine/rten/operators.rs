//! The operators of rten that a graph may have.

use rten::{OpRegistry, op_registry};

/// The operators that networks for pictures are written in. The linker drops the others (recurrent cells, sequences,
/// text and quantised arithmetic), which would be a third of the download. Relu and Sign are rewritten before
/// ([`super::rewrite`]). What only computes shapes (Shape, Size, Range, ConstantOfShape) is never left in a graph, since every
/// shape is known and folded before.
pub fn operators() -> OpRegistry {
    let registry = op_registry!(
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
    // Natively the download does not matter, and the tests run graphs as files have them, before folding.
    #[cfg(not(target_arch = "wasm32"))]
    let registry = with_shape_operators(registry);
    registry
}

/// Adds the operators that only compute shapes.
#[cfg(not(target_arch = "wasm32"))]
fn with_shape_operators(mut registry: OpRegistry) -> OpRegistry {
    use rten::op_types::{Ceil, ConstantOfShape, Equal, Expand, Floor, Mod, Range, Shape, Size};

    let shape_operators: [&dyn rten::RegisterOp; 9] =
        [&Ceil, &ConstantOfShape, &Equal, &Expand, &Floor, &Mod, &Range, &Shape, &Size];
    for operator in shape_operators {
        operator.register(&mut registry);
    }
    registry
}
