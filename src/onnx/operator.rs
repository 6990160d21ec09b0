//! The operators: one record for each, in [`table`]. Whoever asks what an operator is, asks here; how it is done is in the files of
//! its kind, which match on the enums below, so that the compiler names every place that a new kind is missing in.
//! `docs/adding-an-operator.md` says what to touch, and `tests/operators.rs` walks the table and finds what is missing in a record.

mod table;

use super::graph::Node;

pub use self::table::OPERATORS;

/// The operator set of the operators that ONNX does not have.
pub const OWN_SET: &str = "featurescope";

/// The gradient of MaxPool, in [`OWN_SET`]: of a picture and a value for each window, with MaxPool's attributes, what each
/// pixel gets when every window gives its value to its first maximum in reading order. Made of the other operators (a Conv that
/// lays out what each window sees, comparisons, a Conv that puts the result back) it took up to half of the time of
/// SqueezeNet's forward and backward pass.
pub const MAX_POOL_GRADIENT: &str = "MaxPoolGradient";

/// Weighted sums of the slices of a tensor along one of its axes, in [`OWN_SET`];
/// [`SliceSums`](super::slice_sums::SliceSums) has its attributes. Padding of any kind, cutting, repeating and resizing are this, each
/// along an axis, and so is the gradient of each.
pub const SLICE_SUMS: &str = "SliceSums";

/// Of a condition and a value, in [`OWN_SET`]: the value where the condition is not zero, and zero elsewhere, whatever stands there.
/// A product with a mask would make NaN of an infinity that is masked.
pub const GATE: &str = "Gate";

/// The nearest whole number, the even one of two, in [`OWN_SET`]: what Round is, with the derivative of the number itself
/// ([`super::gradient`] says why).
pub const STRAIGHT_ROUND: &str = "StraightRound";

/// Of each value how many others of its row, along the last axis, come before it, in [`OWN_SET`]: the larger ones, or with the attribute
/// `smallest` the smaller ones, and of equal ones those before it, or with `last` those behind it. Comparing all pairs takes as many
/// comparisons, but no memory for them.
pub const RANKS: &str = "Ranks";

/// The numbers that integers of some width stand for, in [`OWN_SET`]; not of the core set. Of a value, a scale and a zero point:
/// `(clamp(round(value / scale) + zero, low, high) − zero) · scale` with the attributes `low` and `high`; where a fourth input is given,
/// the value is multiplied by that one and not divided by the scale. The zero point may be left out. `axis` says along which axis a list
/// of scales or factors lies. `joined` is 1 where the file has no name for the value, since the operator that makes it is quantised
/// itself.
pub const QUANTIZE_DEQUANTIZE: &str = "QuantizeDequantize";

/// What is known of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    pub name: &'static str,
    /// The operator set; empty for the standard one, else [`OWN_SET`].
    pub domain: &'static str,
    /// The first set of ONNX that has it; 0 of an operator of our own.
    pub since: i64,
    /// The newest definition of it in ONNX that was read: the set that it came with; 0 of an operator of our own.
    pub newest_read: i64,
    /// How the shapes of its results follow (`shapes`).
    pub shape: ShapeRule,
    /// How its results are computed of known values (`shapes/evaluate`).
    pub values: Option<ValueRule>,
    /// The files of `lower/` that rewrite it to core operators.
    pub lowering: Option<Family>,
    /// What it has to be like in lowered graphs, where it may be in them at all.
    pub core: Option<Core>,
    /// Who computes it on the CPU, as the file has it.
    pub cpu: Option<Cpu>,
    /// The type of the elements of its first result.
    pub makes: ElementType,
    /// What a value says of those before it, for the question whether a layer lies before or after an activation.
    pub flow: Option<Flow>,
    /// Where the picture lies in its result.
    pub geometry: Geometry,
    /// It is an activation by itself.
    pub activation: bool,
    /// Activations that exporters write out are made of it.
    pub part_of_activations: bool,
    /// Its result has the elements of its first input in the same order.
    pub keeps_elements: bool,
    /// It becomes others once all shapes are known (`branches`).
    pub written_out: bool,
}

/// How an operator is in a lowered graph, which is all that the engines and the gradient have to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Core {
    /// The fewest and the most inputs.
    pub inputs: [usize; 2],
    pub form: CoreForm,
    pub gradient: GradientRule,
    /// What computes it on the GPU.
    pub kernel: Kernel,
}

/// What has to be true of a node in a lowered graph (`core_set`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoreForm {
    Any,
    Conv,
    MaxPool,
    AveragePool,
    SliceSums,
    /// The second input is a constant shape.
    Shape,
    Clip,
    Concat,
    Resize,
    Transpose,
}

/// How the adjoints of its inputs follow from that of its result (`gradient`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GradientRule {
    Conv,
    MaxPool,
    /// The gradient of MaxPool has one itself.
    MaxUnpool,
    AveragePool,
    GlobalAveragePool,
    Concat,
    Resize,
    Transpose,
    Reshape,
    MatMul,
    Expand,
    Gate,
    SliceSums,
    /// Of two values, each by itself.
    Binary,
    /// Of one value.
    Unary,
}

/// The kernels of the GPU engine (`engine/wonnx`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    Conv,
    /// Of two values at a time.
    Combination,
    /// Of each value by itself.
    Map,
    SliceSums,
    Ranks,
    MatMul,
    Expand,
    GlobalAverage,
    Pool,
    PoolGradient,
    Concat,
    Transpose,
    Resize,
    /// Nothing is computed: the same buffer in another shape.
    View,
}

/// Who computes an operator on the CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cpu {
    /// rten.
    Rten,
    /// The rules that fold constants: rten lacks it, or has it in another meaning.
    Rules,
    /// rten in the usual form, the rules in others (`engine/rten/computed.rs` says which).
    RtenOrRules,
    /// A kernel of our own.
    Kernel,
    /// rten, as other operators that it has (`engine/rten/rewrite.rs`).
    Rewritten,
}

/// How the shapes of the results follow from the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShapeRule {
    /// As the first input.
    Same,
    /// All inputs broadcast together.
    Broadcast,
    BatchNormalization,
    LayerNormalization,
    Dropout,
    PRelu,
    Conv,
    ConvTranspose,
    Pool,
    GlobalPool,
    MaxUnpool,
    MaxPoolGradient,
    Gemm,
    MatMul,
    Einsum,
    DepthToSpace,
    SpaceToDepth,
    Expand,
    Flatten,
    Reshape,
    Squeeze,
    Unsqueeze,
    Tile,
    Transpose,
    Concat,
    Gather,
    GatherElements,
    GatherNd,
    Pad,
    Slice,
    SliceSums,
    Split,
    /// ArgMax and ArgMin.
    Best,
    Reduce,
    TopK,
    Resize,
    GridSample,
    AffineGrid,
    DeformConv,
    Constant,
    ConstantOfShape,
    NonZero,
    OneHot,
    Range,
    Shape,
    Size,
    /// Nobody asks, since it becomes other operators before.
    WrittenOut,
}

/// How known values are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueRule {
    /// The first input as it is.
    Itself,
    /// The first input's elements in the shape of the result.
    Reshaped,
    Elementwise,
    Constant,
    Shape,
    Size,
    Cast,
    CastLike,
    ConstantOfShape,
    Range,
    NonZero,
    /// Of integers and floats.
    Reduce,
    /// Of floats only.
    ReduceFloats,
    QuantizeDequantize,
    Hardmax,
    Best,
    Normalise,
    CumSum,
    Einsum,
    GatherElements,
    GatherNd,
    Gemm,
    MatMul,
    OneHot,
    Pad,
    Resize,
    GridSample,
    AffineGrid,
    DeformConv,
    Scatter,
    Ranks,
    TopK,
    Trilu,
    Concat,
    Expand,
    Gather,
    Slice,
    Split,
    Tile,
    Transpose,
}

/// The families of `lower/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Conv,
    ConvTranspose,
    /// Gemm and MatMul.
    Dense,
    Activation,
    Broadcast,
    Condition,
    Order,
    Place,
    Einsum,
    Pool,
    MaxPoolGradient,
    Reduce,
    Normalize,
    Rearrange,
    Pad,
    Resize,
    /// Values at positions that are computed.
    Sample,
    SliceSums,
    Quantise,
}

/// The type of the elements of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementType {
    /// That of the first input.
    OfFirst,
    /// That of the second input.
    OfSecond,
    /// What its attribute `to` says.
    Stated,
    /// 64-bit integers.
    Integers,
    Truths,
    /// It depends on what the operator makes up.
    Unknown,
}

/// What the value of an operator says of the values before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It consists of the first input's values, or of means and maxima of them.
    First,
    /// Of all inputs' values.
    All,
    /// Of sums or products of the inputs' values.
    Sum,
}

/// Where rows and columns of the picture lie in the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Geometry {
    /// Where they lie in the inputs.
    Joined,
    /// A window goes over them.
    Window,
    /// One window over everything.
    Whole,
    Transpose,
    /// In other axes, as far as they are kept.
    Reshaped,
    Resized,
    Sliced,
    /// Kept unless they are the last axis.
    LastMixed,
    Gather,
    Reduced,
    /// Nobody knows.
    Lost,
}

impl Operator {
    const fn onnx(name: &'static str, since: i64, newest_read: i64, shape: ShapeRule) -> Self {
        Self {
            name,
            domain: "",
            since,
            newest_read,
            shape,
            values: None,
            lowering: None,
            core: None,
            cpu: None,
            makes: ElementType::OfFirst,
            flow: None,
            geometry: Geometry::Joined,
            activation: false,
            part_of_activations: false,
            keeps_elements: false,
            written_out: false,
        }
    }

    /// One that becomes others once all shapes are known.
    const fn written_out(name: &'static str, since: i64, newest_read: i64) -> Self {
        Self {
            written_out: true,
            makes: ElementType::Unknown,
            ..Self::onnx(name, since, newest_read, ShapeRule::WrittenOut)
        }
    }

    const fn own(name: &'static str, shape: ShapeRule) -> Self {
        Self { domain: OWN_SET, ..Self::onnx(name, 0, 0, shape) }
    }

    const fn values(self, rule: ValueRule) -> Self {
        Self { values: Some(rule), ..self }
    }

    const fn lowered(self, family: Family) -> Self {
        Self { lowering: Some(family), ..self }
    }

    const fn core(self, inputs: [usize; 2], form: CoreForm, gradient: GradientRule, kernel: Kernel) -> Self {
        Self { core: Some(Core { inputs, form, gradient, kernel }), ..self }
    }

    /// A core operator on each value by itself, in any form.
    const fn map(self) -> Self {
        self.core([1, 1], CoreForm::Any, GradientRule::Unary, Kernel::Map)
    }

    /// A core operator on two values at a time, in any form.
    const fn combination(self) -> Self {
        self.core([2, 2], CoreForm::Any, GradientRule::Binary, Kernel::Combination)
    }

    const fn cpu(self, cpu: Cpu) -> Self {
        Self { cpu: Some(cpu), ..self }
    }

    const fn makes(self, makes: ElementType) -> Self {
        Self { makes, ..self }
    }

    const fn flow(self, flow: Flow) -> Self {
        Self { flow: Some(flow), ..self }
    }

    const fn geometry(self, geometry: Geometry) -> Self {
        Self { geometry, ..self }
    }

    const fn activation(self) -> Self {
        Self { activation: true, ..self }
    }

    const fn part_of_activations(self) -> Self {
        Self { part_of_activations: true, ..self }
    }

    const fn keeps_elements(self) -> Self {
        Self { keeps_elements: true, ..self }
    }

    /// The record of the operator that a node is; `None` of one that is not known.
    pub fn of(node: &Node) -> Option<&'static Self> {
        Self::named(&node.domain, &node.op)
    }

    /// The record of an operator. The standard set has the names "" and `ai.onnx`.
    pub fn named(domain: &str, name: &str) -> Option<&'static Self> {
        let domain = if domain == "ai.onnx" { "" } else { domain };
        let place = OPERATORS.binary_search_by(|other| (other.domain, other.name).cmp(&(domain, name))).ok()?;
        OPERATORS.get(place)
    }
}
