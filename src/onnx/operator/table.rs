//! The records of all operators, in the order of their operator sets and names.

use super::Operator;
use super::{
    CoreForm, Cpu, ElementType, Family, Flow, GATE, Geometry, GradientRule, Kernel, MAX_POOL_GRADIENT,
    QUANTIZE_DEQUANTIZE, RANKS, SLICE_SUMS, STRAIGHT_ROUND, ShapeRule, ValueRule,
};

const fn onnx(name: &'static str, since: i64, newest_read: i64, shape: ShapeRule) -> Operator {
    Operator::onnx(name, since, newest_read, shape)
}

const fn written_out(name: &'static str, since: i64, newest_read: i64) -> Operator {
    Operator::written_out(name, since, newest_read)
}

const fn own(name: &'static str, shape: ShapeRule) -> Operator {
    Operator::own(name, shape)
}

/// Every operator that is known. Sorted, so that it can be searched.
pub static OPERATORS: &[Operator] = &[
    onnx("Abs", 1, 13, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).map().cpu(Cpu::Rten),
    onnx("Acos", 7, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("Acosh", 9, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("Add", 1, 14, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Broadcast)
        .combination()
        .cpu(Cpu::Rten)
        .flow(Flow::Sum)
        .part_of_activations(),
    onnx("AffineGrid", 20, 20, ShapeRule::AffineGrid)
        .values(ValueRule::AffineGrid)
        .lowered(Family::Sample)
        .cpu(Cpu::Rules)
        .geometry(Geometry::Lost),
    onnx("And", 1, 7, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Condition)
        .cpu(Cpu::Rules)
        .makes(ElementType::Truths),
    onnx("ArgMax", 1, 13, ShapeRule::Best)
        .values(ValueRule::Best)
        .lowered(Family::Order)
        .cpu(Cpu::Rules)
        .makes(ElementType::Integers)
        .geometry(Geometry::Lost),
    onnx("ArgMin", 1, 13, ShapeRule::Best)
        .values(ValueRule::Best)
        .lowered(Family::Order)
        .cpu(Cpu::Rules)
        .makes(ElementType::Integers)
        .geometry(Geometry::Lost),
    onnx("Asin", 7, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("Asinh", 9, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("Atan", 7, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("Atanh", 9, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    written_out("Attention", 23, 25),
    onnx("AveragePool", 1, 22, ShapeRule::Pool)
        .lowered(Family::Pool)
        .core([1, 1], CoreForm::AveragePool, GradientRule::AveragePool, Kernel::Pool)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Window),
    onnx("BatchNormalization", 1, 15, ShapeRule::BatchNormalization)
        .values(ValueRule::Normalise)
        .lowered(Family::Normalize)
        .cpu(Cpu::RtenOrRules),
    onnx("BitShift", 11, 28, ShapeRule::Broadcast),
    onnx("BitwiseAnd", 18, 18, ShapeRule::Broadcast),
    onnx("BitwiseNot", 18, 18, ShapeRule::Same),
    onnx("BitwiseOr", 18, 18, ShapeRule::Broadcast),
    onnx("BitwiseXor", 18, 18, ShapeRule::Broadcast),
    onnx("Cast", 1, 28, ShapeRule::Same)
        .values(ValueRule::Cast)
        .lowered(Family::Rearrange)
        .cpu(Cpu::RtenOrRules)
        .makes(ElementType::Stated)
        .flow(Flow::First)
        .part_of_activations(),
    onnx("CastLike", 15, 25, ShapeRule::Same).values(ValueRule::CastLike).makes(ElementType::OfSecond),
    onnx("Ceil", 1, 13, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("Celu", 12, 28, ShapeRule::Same).lowered(Family::Activation).activation(),
    onnx("Clip", 1, 13, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .core([2, 3], CoreForm::Clip, GradientRule::Unary, Kernel::Map)
        .cpu(Cpu::Rten)
        .activation()
        .part_of_activations(),
    onnx("Concat", 1, 13, ShapeRule::Concat)
        .values(ValueRule::Concat)
        .lowered(Family::Rearrange)
        .core([1, usize::MAX], CoreForm::Concat, GradientRule::Concat, Kernel::Concat)
        .cpu(Cpu::Rten)
        .flow(Flow::All),
    written_out("ConcatFromSequence", 11, 11),
    onnx("Constant", 1, 25, ShapeRule::Constant).values(ValueRule::Constant),
    onnx("ConstantOfShape", 9, 25, ShapeRule::ConstantOfShape)
        .values(ValueRule::ConstantOfShape)
        .makes(ElementType::Unknown),
    onnx("Conv", 1, 22, ShapeRule::Conv)
        .lowered(Family::Conv)
        .core([3, 3], CoreForm::Conv, GradientRule::Conv, Kernel::Conv)
        .cpu(Cpu::Rten)
        .geometry(Geometry::Window),
    onnx("ConvTranspose", 1, 22, ShapeRule::ConvTranspose)
        .lowered(Family::ConvTranspose)
        .cpu(Cpu::Rten)
        .geometry(Geometry::Window),
    onnx("Cos", 7, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("Cosh", 9, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("CumSum", 11, 14, ShapeRule::Same).values(ValueRule::CumSum).lowered(Family::Place).cpu(Cpu::Rules),
    onnx("DeformConv", 19, 22, ShapeRule::DeformConv)
        .values(ValueRule::DeformConv)
        .lowered(Family::Sample)
        .cpu(Cpu::Rules)
        .geometry(Geometry::Window),
    onnx("DepthToSpace", 1, 28, ShapeRule::DepthToSpace)
        .lowered(Family::Rearrange)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Resized),
    onnx("Div", 1, 14, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Broadcast)
        .combination()
        .cpu(Cpu::Rten)
        .part_of_activations(),
    onnx("Dropout", 1, 22, ShapeRule::Dropout)
        .values(ValueRule::Itself)
        .lowered(Family::Rearrange)
        .flow(Flow::First)
        .keeps_elements(),
    onnx("Einsum", 12, 28, ShapeRule::Einsum)
        .values(ValueRule::Einsum)
        .lowered(Family::Einsum)
        .cpu(Cpu::Rules)
        .geometry(Geometry::Lost),
    onnx("Elu", 1, 22, ShapeRule::Same).lowered(Family::Activation).cpu(Cpu::Rten).activation(),
    onnx("Equal", 1, 19, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Condition)
        .cpu(Cpu::Rules)
        .makes(ElementType::Truths),
    onnx("Erf", 9, 13, ShapeRule::Same).lowered(Family::Activation).cpu(Cpu::Rten).part_of_activations(),
    onnx("Exp", 1, 13, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rten)
        .part_of_activations(),
    onnx("Expand", 8, 13, ShapeRule::Expand)
        .values(ValueRule::Expand)
        .lowered(Family::Rearrange)
        .core([2, 2], CoreForm::Shape, GradientRule::Expand, Kernel::Expand)
        .cpu(Cpu::Rules)
        .flow(Flow::First)
        .geometry(Geometry::Lost),
    onnx("Flatten", 1, 25, ShapeRule::Flatten)
        .values(ValueRule::Reshaped)
        .lowered(Family::Rearrange)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Reshaped)
        .keeps_elements(),
    onnx("Floor", 1, 13, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rules),
    onnx("Gather", 1, 13, ShapeRule::Gather)
        .values(ValueRule::Gather)
        .lowered(Family::Rearrange)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Gather),
    onnx("GatherElements", 11, 13, ShapeRule::GatherElements)
        .values(ValueRule::GatherElements)
        .lowered(Family::Place)
        .cpu(Cpu::Rules)
        .geometry(Geometry::Lost),
    onnx("GatherND", 11, 13, ShapeRule::GatherNd)
        .values(ValueRule::GatherNd)
        .lowered(Family::Place)
        .cpu(Cpu::Rules)
        .geometry(Geometry::Lost),
    onnx("Gelu", 20, 20, ShapeRule::Same).lowered(Family::Activation).cpu(Cpu::Rten).activation(),
    onnx("Gemm", 1, 13, ShapeRule::Gemm)
        .values(ValueRule::Gemm)
        .lowered(Family::Dense)
        .cpu(Cpu::Rten)
        .geometry(Geometry::Lost),
    onnx("GlobalAveragePool", 1, 22, ShapeRule::GlobalPool)
        .lowered(Family::Pool)
        .core([1, 1], CoreForm::Any, GradientRule::GlobalAveragePool, Kernel::GlobalAverage)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Whole),
    onnx("GlobalLpPool", 1, 22, ShapeRule::GlobalPool)
        .values(ValueRule::Normalise)
        .lowered(Family::Pool)
        .cpu(Cpu::Rules)
        .flow(Flow::First)
        .geometry(Geometry::Whole),
    onnx("GlobalMaxPool", 1, 22, ShapeRule::GlobalPool)
        .lowered(Family::Pool)
        .flow(Flow::First)
        .geometry(Geometry::Whole),
    onnx("Greater", 1, 13, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Condition)
        .cpu(Cpu::Rten)
        .makes(ElementType::Truths),
    onnx("GreaterOrEqual", 12, 16, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Condition)
        .cpu(Cpu::Rules)
        .makes(ElementType::Truths),
    onnx("GridSample", 16, 22, ShapeRule::GridSample)
        .values(ValueRule::GridSample)
        .lowered(Family::Sample)
        .cpu(Cpu::Rules)
        .flow(Flow::First)
        .geometry(Geometry::Lost),
    onnx("GroupNormalization", 18, 21, ShapeRule::Same).lowered(Family::Normalize),
    onnx("HardSigmoid", 1, 22, ShapeRule::Same)
        .lowered(Family::Activation)
        .cpu(Cpu::Rten)
        .activation()
        .part_of_activations(),
    onnx("HardSwish", 14, 22, ShapeRule::Same).lowered(Family::Activation).cpu(Cpu::Rten).activation(),
    onnx("Hardmax", 1, 13, ShapeRule::Same).values(ValueRule::Hardmax).lowered(Family::Order).cpu(Cpu::Rules),
    onnx("Identity", 1, 25, ShapeRule::Same)
        .values(ValueRule::Itself)
        .lowered(Family::Rearrange)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .part_of_activations()
        .keeps_elements(),
    written_out("If", 1, 25),
    onnx("InstanceNormalization", 1, 22, ShapeRule::Same)
        .values(ValueRule::Normalise)
        .lowered(Family::Normalize)
        .cpu(Cpu::Rten),
    onnx("IsInf", 10, 20, ShapeRule::Same).values(ValueRule::Elementwise).cpu(Cpu::Rules).makes(ElementType::Truths),
    onnx("IsNaN", 9, 20, ShapeRule::Same).values(ValueRule::Elementwise).cpu(Cpu::Rules).makes(ElementType::Truths),
    onnx("LRN", 1, 13, ShapeRule::Same).lowered(Family::Normalize),
    onnx("LayerNormalization", 17, 17, ShapeRule::LayerNormalization).lowered(Family::Normalize).cpu(Cpu::Rten),
    onnx("LeakyRelu", 1, 16, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .cpu(Cpu::Rten)
        .activation(),
    onnx("Less", 1, 13, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Condition)
        .cpu(Cpu::Rten)
        .makes(ElementType::Truths),
    onnx("LessOrEqual", 12, 16, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Condition)
        .cpu(Cpu::Rules)
        .makes(ElementType::Truths),
    onnx("Log", 1, 13, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rten)
        .part_of_activations(),
    onnx("LogSoftmax", 1, 13, ShapeRule::Same).lowered(Family::Reduce).cpu(Cpu::Rten),
    written_out("Loop", 1, 25),
    onnx("LpNormalization", 1, 22, ShapeRule::Same)
        .values(ValueRule::Normalise)
        .lowered(Family::Normalize)
        .cpu(Cpu::Rules),
    onnx("LpPool", 1, 22, ShapeRule::Pool)
        .values(ValueRule::Normalise)
        .lowered(Family::Pool)
        .cpu(Cpu::Rules)
        .flow(Flow::First)
        .geometry(Geometry::Window),
    onnx("MatMul", 1, 13, ShapeRule::MatMul)
        .values(ValueRule::MatMul)
        .lowered(Family::Dense)
        .core([2, 2], CoreForm::Any, GradientRule::MatMul, Kernel::MatMul)
        .cpu(Cpu::Rten)
        .geometry(Geometry::LastMixed),
    onnx("Max", 1, 13, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Broadcast)
        .combination()
        .cpu(Cpu::Rten)
        .flow(Flow::All)
        .part_of_activations(),
    onnx("MaxPool", 1, 22, ShapeRule::Pool)
        .lowered(Family::Pool)
        .core([1, 1], CoreForm::MaxPool, GradientRule::MaxPool, Kernel::Pool)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Window),
    Operator { written_out: true, ..onnx("MaxUnpool", 9, 22, ShapeRule::MaxUnpool) },
    onnx("Mean", 1, 13, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Broadcast)
        .cpu(Cpu::Rten)
        .flow(Flow::All),
    onnx("MeanVarianceNormalization", 9, 13, ShapeRule::Same)
        .values(ValueRule::Normalise)
        .lowered(Family::Normalize)
        .cpu(Cpu::Rules),
    onnx("Min", 1, 13, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Broadcast)
        .combination()
        .cpu(Cpu::Rten)
        .flow(Flow::All)
        .part_of_activations(),
    onnx("Mish", 18, 22, ShapeRule::Same).lowered(Family::Activation).activation(),
    onnx("Mod", 10, 28, ShapeRule::Broadcast).values(ValueRule::Elementwise).lowered(Family::Broadcast).cpu(Cpu::Rules),
    onnx("Mul", 1, 14, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Broadcast)
        .combination()
        .cpu(Cpu::Rten)
        .flow(Flow::Sum)
        .part_of_activations(),
    onnx("Neg", 1, 13, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rten)
        .part_of_activations(),
    onnx("NonZero", 9, 13, ShapeRule::NonZero)
        .values(ValueRule::NonZero)
        .makes(ElementType::Integers)
        .geometry(Geometry::Lost),
    onnx("Not", 1, 1, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Condition)
        .cpu(Cpu::Rules)
        .makes(ElementType::Truths),
    onnx("OneHot", 9, 28, ShapeRule::OneHot)
        .values(ValueRule::OneHot)
        .lowered(Family::Place)
        .cpu(Cpu::Rules)
        .makes(ElementType::Unknown)
        .geometry(Geometry::Lost),
    onnx("Or", 1, 7, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Condition)
        .cpu(Cpu::Rules)
        .makes(ElementType::Truths),
    onnx("PRelu", 1, 16, ShapeRule::PRelu).lowered(Family::Broadcast).cpu(Cpu::Rten).activation(),
    onnx("Pad", 1, 25, ShapeRule::Pad).values(ValueRule::Pad).lowered(Family::Pad).cpu(Cpu::Rten).flow(Flow::First),
    onnx("Pow", 1, 15, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Broadcast)
        .cpu(Cpu::Rten)
        .part_of_activations(),
    onnx("RMSNormalization", 23, 23, ShapeRule::Same)
        .values(ValueRule::Normalise)
        .lowered(Family::Normalize)
        .cpu(Cpu::Rules),
    onnx("Range", 11, 27, ShapeRule::Range).values(ValueRule::Range),
    onnx("Reciprocal", 1, 13, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rten),
    onnx("ReduceL1", 1, 18, ShapeRule::Reduce)
        .values(ValueRule::ReduceFloats)
        .lowered(Family::Reduce)
        .cpu(Cpu::Rules)
        .geometry(Geometry::Reduced),
    onnx("ReduceL2", 1, 18, ShapeRule::Reduce)
        .values(ValueRule::ReduceFloats)
        .lowered(Family::Reduce)
        .cpu(Cpu::Rten)
        .geometry(Geometry::Reduced),
    onnx("ReduceLogSum", 1, 28, ShapeRule::Reduce)
        .values(ValueRule::ReduceFloats)
        .lowered(Family::Reduce)
        .cpu(Cpu::Rules)
        .geometry(Geometry::Reduced),
    onnx("ReduceLogSumExp", 1, 28, ShapeRule::Reduce)
        .values(ValueRule::ReduceFloats)
        .lowered(Family::Reduce)
        .cpu(Cpu::Rules)
        .geometry(Geometry::Reduced),
    onnx("ReduceMax", 1, 20, ShapeRule::Reduce)
        .values(ValueRule::Reduce)
        .lowered(Family::Reduce)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Reduced),
    onnx("ReduceMean", 1, 18, ShapeRule::Reduce)
        .values(ValueRule::Reduce)
        .lowered(Family::Reduce)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Reduced),
    onnx("ReduceMin", 1, 20, ShapeRule::Reduce)
        .values(ValueRule::Reduce)
        .lowered(Family::Reduce)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Reduced),
    onnx("ReduceProd", 1, 18, ShapeRule::Reduce)
        .values(ValueRule::Reduce)
        .lowered(Family::Reduce)
        .cpu(Cpu::Rules)
        .geometry(Geometry::Reduced),
    onnx("ReduceSum", 1, 13, ShapeRule::Reduce)
        .values(ValueRule::Reduce)
        .lowered(Family::Reduce)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Reduced),
    onnx("ReduceSumSquare", 1, 18, ShapeRule::Reduce)
        .values(ValueRule::ReduceFloats)
        .lowered(Family::Reduce)
        .cpu(Cpu::Rten)
        .geometry(Geometry::Reduced),
    onnx("Relu", 1, 14, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rewritten)
        .activation()
        .part_of_activations(),
    onnx("Reshape", 1, 25, ShapeRule::Reshape)
        .values(ValueRule::Reshaped)
        .lowered(Family::Rearrange)
        .core([2, 2], CoreForm::Shape, GradientRule::Reshape, Kernel::View)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Reshaped)
        .keeps_elements(),
    onnx("Resize", 10, 19, ShapeRule::Resize)
        .values(ValueRule::Resize)
        .lowered(Family::Resize)
        .core([3, 3], CoreForm::Resize, GradientRule::Resize, Kernel::Resize)
        .cpu(Cpu::RtenOrRules)
        .flow(Flow::First)
        .geometry(Geometry::Resized),
    onnx("Round", 11, 22, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rules),
    onnx("ScatterElements", 11, 18, ShapeRule::Same).values(ValueRule::Scatter).lowered(Family::Place).cpu(Cpu::Rules),
    onnx("ScatterND", 11, 18, ShapeRule::Same).values(ValueRule::Scatter).lowered(Family::Place).cpu(Cpu::Rules),
    onnx("Selu", 1, 22, ShapeRule::Same).lowered(Family::Activation).activation(),
    written_out("SequenceAt", 11, 11),
    written_out("SequenceConstruct", 11, 11),
    written_out("SequenceEmpty", 11, 11),
    written_out("SequenceErase", 11, 11),
    written_out("SequenceInsert", 11, 11),
    written_out("SequenceLength", 11, 11),
    onnx("Shape", 1, 25, ShapeRule::Shape)
        .values(ValueRule::Shape)
        .makes(ElementType::Integers)
        .geometry(Geometry::Lost),
    onnx("Shrink", 9, 9, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .cpu(Cpu::Rules)
        .activation(),
    onnx("Sigmoid", 1, 13, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rten)
        .activation()
        .part_of_activations(),
    onnx("Sign", 9, 13, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rewritten),
    onnx("Sin", 7, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("Sinh", 9, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("Size", 1, 25, ShapeRule::Size).values(ValueRule::Size).makes(ElementType::Integers).geometry(Geometry::Lost),
    onnx("Slice", 1, 13, ShapeRule::Slice)
        .values(ValueRule::Slice)
        .lowered(Family::Rearrange)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Sliced),
    onnx("Softmax", 1, 13, ShapeRule::Same).lowered(Family::Reduce).cpu(Cpu::Rten),
    onnx("Softplus", 1, 22, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .cpu(Cpu::Rten)
        .activation()
        .part_of_activations(),
    onnx("Softsign", 1, 22, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .cpu(Cpu::Rten)
        .activation(),
    onnx("SpaceToDepth", 1, 28, ShapeRule::SpaceToDepth)
        .lowered(Family::Rearrange)
        .flow(Flow::First)
        .geometry(Geometry::Resized),
    onnx("Split", 1, 18, ShapeRule::Split)
        .values(ValueRule::Split)
        .lowered(Family::Rearrange)
        .cpu(Cpu::Rten)
        .flow(Flow::First),
    written_out("SplitToSequence", 11, 24),
    onnx("Sqrt", 1, 13, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rten),
    onnx("Squeeze", 1, 25, ShapeRule::Squeeze)
        .values(ValueRule::Reshaped)
        .lowered(Family::Rearrange)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Reshaped)
        .keeps_elements(),
    onnx("Sub", 1, 14, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Broadcast)
        .combination()
        .cpu(Cpu::Rten)
        .part_of_activations(),
    onnx("Sum", 1, 13, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Broadcast)
        .cpu(Cpu::Rten)
        .flow(Flow::Sum),
    onnx("Swish", 24, 24, ShapeRule::Same).lowered(Family::Activation).activation(),
    onnx("Tan", 7, 22, ShapeRule::Same).values(ValueRule::Elementwise).lowered(Family::Activation).cpu(Cpu::Rules),
    onnx("Tanh", 1, 13, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rten)
        .activation()
        .part_of_activations(),
    onnx("ThresholdedRelu", 10, 22, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .cpu(Cpu::Rules)
        .activation(),
    onnx("Tile", 1, 13, ShapeRule::Tile)
        .values(ValueRule::Tile)
        .lowered(Family::Rearrange)
        .cpu(Cpu::Rules)
        .flow(Flow::First)
        .geometry(Geometry::Lost),
    onnx("TopK", 1, 24, ShapeRule::TopK)
        .values(ValueRule::TopK)
        .lowered(Family::Order)
        .cpu(Cpu::Rules)
        .geometry(Geometry::Lost),
    onnx("Transpose", 1, 25, ShapeRule::Transpose)
        .values(ValueRule::Transpose)
        .lowered(Family::Rearrange)
        .core([1, 1], CoreForm::Transpose, GradientRule::Transpose, Kernel::Transpose)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Transpose),
    onnx("Trilu", 14, 14, ShapeRule::Same).values(ValueRule::Trilu).lowered(Family::Place).cpu(Cpu::Rules),
    onnx("Unsqueeze", 1, 25, ShapeRule::Unsqueeze)
        .values(ValueRule::Reshaped)
        .lowered(Family::Rearrange)
        .cpu(Cpu::Rten)
        .flow(Flow::First)
        .geometry(Geometry::Reshaped)
        .keeps_elements(),
    onnx("Upsample", 1, 10, ShapeRule::Resize)
        .values(ValueRule::Resize)
        .lowered(Family::Resize)
        .cpu(Cpu::RtenOrRules)
        .flow(Flow::First)
        .geometry(Geometry::Resized),
    onnx("Where", 9, 16, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Condition)
        .cpu(Cpu::Rten)
        .makes(ElementType::OfSecond),
    onnx("Xor", 1, 7, ShapeRule::Broadcast)
        .values(ValueRule::Elementwise)
        .lowered(Family::Condition)
        .cpu(Cpu::Rules)
        .makes(ElementType::Truths),
    own(GATE, ShapeRule::Broadcast)
        .lowered(Family::Broadcast)
        .core([2, 2], CoreForm::Any, GradientRule::Gate, Kernel::Combination)
        .cpu(Cpu::Rewritten),
    own(MAX_POOL_GRADIENT, ShapeRule::MaxPoolGradient)
        .lowered(Family::MaxPoolGradient)
        .core([2, 2], CoreForm::MaxPool, GradientRule::MaxUnpool, Kernel::PoolGradient)
        .cpu(Cpu::Kernel),
    own(QUANTIZE_DEQUANTIZE, ShapeRule::Same)
        .values(ValueRule::QuantizeDequantize)
        .lowered(Family::Quantise)
        .cpu(Cpu::Rules)
        .flow(Flow::First),
    own(RANKS, ShapeRule::Same)
        .values(ValueRule::Ranks)
        .lowered(Family::Order)
        .core([1, 1], CoreForm::Any, GradientRule::Unary, Kernel::Ranks)
        .cpu(Cpu::Rules),
    own(SLICE_SUMS, ShapeRule::SliceSums)
        .lowered(Family::SliceSums)
        .core([1, 1], CoreForm::SliceSums, GradientRule::SliceSums, Kernel::SliceSums)
        .cpu(Cpu::Kernel),
    own(STRAIGHT_ROUND, ShapeRule::Same)
        .values(ValueRule::Elementwise)
        .lowered(Family::Activation)
        .map()
        .cpu(Cpu::Rules),
];
