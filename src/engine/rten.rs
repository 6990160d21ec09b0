//! The CPU engine: [rten](https://docs.rs/rten), which takes ONNX graphs as they are.

use rten::{
    LoadErrorKind, Model, ModelOptions, NodeId, OpRegistry, RunErrorKind, Value, ValueOrView, ValueView, op_registry,
};
use rten_tensor::Layout;

use super::runner::{Engine, EngineError, LocalFuture, Runner};
use crate::domain::tensor::Tensor;
use crate::onnx::encode::{Encoded, encode};
use crate::onnx::graph::{Dimension, Graph};
use crate::onnx::lower::Limits;
use crate::onnx::weights::Floats;

/// Runs graphs on the CPU, in the thread that asks.
#[derive(Debug, Default, Clone, Copy)]
pub struct RtenEngine;

impl Engine for RtenEngine {
    fn name(&self) -> &'static str {
        "rten"
    }

    fn limits(&self) -> Option<Limits> {
        None
    }

    fn prepare<'a>(&'a self, graph: Graph) -> LocalFuture<'a, Result<Box<dyn Runner>, EngineError>> {
        Box::pin(async move { Ok(Box::new(RtenRunner::new(&graph)?) as Box<dyn Runner>) })
    }
}

/// The operators that networks for pictures are written in. The linker drops the others (recurrent cells, sequences,
/// text and quantised arithmetic), which would be a third of the download.
fn operators() -> OpRegistry {
    op_registry!(
        Abs,
        Add,
        And,
        ArgMax,
        AveragePool,
        BatchNormalization,
        Cast,
        Ceil,
        Clip,
        Concat,
        ConstantOfShape,
        Conv,
        ConvTranspose,
        Cos,
        DepthToSpace,
        Div,
        Elu,
        Equal,
        Erf,
        Exp,
        Expand,
        Flatten,
        Floor,
        Gather,
        Gelu,
        Gemm,
        GlobalAveragePool,
        Greater,
        GreaterOrEqual,
        HardSigmoid,
        HardSwish,
        Identity,
        InstanceNormalization,
        LayerNormalization,
        LeakyRelu,
        Less,
        LessOrEqual,
        Log,
        LogSoftmax,
        MatMul,
        Max,
        MaxPool,
        Mean,
        Min,
        Mod,
        Mul,
        Neg,
        Not,
        Or,
        PRelu,
        Pad,
        Pow,
        Range,
        Reciprocal,
        ReduceL2,
        ReduceMax,
        ReduceMean,
        ReduceMin,
        ReduceProd,
        ReduceSum,
        ReduceSumSquare,
        Relu,
        Reshape,
        Resize,
        Round,
        Shape,
        Sigmoid,
        Sign,
        Sin,
        Size,
        Slice,
        Softmax,
        Softplus,
        Softsign,
        Split,
        Sqrt,
        Squeeze,
        Sub,
        Sum,
        Tan,
        Tanh,
        Tile,
        Transpose,
        Unsqueeze,
        Upsample,
        Where
    )
}

/// A graph loaded into rten. It borrows the weights instead of copying them.
struct RtenRunner {
    // Declared, and therefore dropped, before `_weights`, which it borrows.
    model: Model,
    inputs: Vec<(String, NodeId, Vec<Dimension>)>,
    outputs: Vec<NodeId>,
    _weights: Vec<Floats>,
}

impl RtenRunner {
    fn new(graph: &Graph) -> Result<Self, EngineError> {
        let Encoded { message, external } = encode(graph);
        let weights: Vec<Floats> = external.values().cloned().collect();
        let mut options = ModelOptions::with_ops(operators());
        for ((location, _), floats) in external.iter().zip(&weights) {
            let bytes: &[u8] = bytemuck::cast_slice(floats.as_slice());
            // SAFETY: the slice is called 'static but only has to live as long as `model`, the only thing that keeps
            // it: `options` ends with this function, a runner returns owned values, and `_weights` holds a share of
            // the memory (which is never written to again and does not move when the share moves) until after
            // `model` is dropped, by the order of the fields.
            let bytes: &'static [u8] = unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) };
            options.external_data_static(location, bytes);
        }
        let model = options.load(message).map_err(|error| load_error(&error, graph))?;
        let node = |name: &str| {
            model.find_node(name).ok_or_else(|| EngineError::BadGraph(format!("the graph has no value \"{name}\"")))
        };
        let inputs = graph
            .inputs
            .iter()
            .map(|input| Ok((input.name.clone(), node(&input.name)?, input.shape.clone())))
            .collect::<Result<_, EngineError>>()?;
        let outputs = graph.outputs.iter().map(|name| node(name)).collect::<Result<_, _>>()?;
        Ok(Self { model, inputs, outputs, _weights: weights })
    }

    fn run_now(&self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, EngineError> {
        let mut values: Vec<(NodeId, ValueOrView)> = Vec::with_capacity(self.inputs.len());
        for (name, node, stated) in &self.inputs {
            let bad = |detail: String| EngineError::BadInput { name: name.clone(), detail };
            let (_, tensor) =
                inputs.iter().find(|(given, _)| given == name).ok_or_else(|| bad("is missing".to_owned()))?;
            if !fits(stated, tensor.shape()) {
                return Err(bad(format!("has the shape {:?}, but the model takes {}", tensor.shape(), words(stated))));
            }
            let view = ValueView::from_shape(tensor.shape(), tensor.data())
                .map_err(|error| bad(format!("cannot be read: {error}")))?;
            values.push((*node, view.into()));
        }
        let outputs = self.model.run(values, &self.outputs, None).map_err(run_error)?;
        outputs.into_iter().map(tensor).collect()
    }
}

impl Runner for RtenRunner {
    fn run<'a>(&'a self, inputs: &'a [(&'a str, &'a Tensor)]) -> LocalFuture<'a, Result<Vec<Tensor>, EngineError>> {
        Box::pin(async move { self.run_now(inputs) })
    }
}

/// Whether a tensor has the shape that the graph states. A graph that states no shape leaves it open.
fn fits(stated: &[Dimension], shape: &[usize]) -> bool {
    stated.is_empty()
        || stated.len() == shape.len()
            && stated.iter().zip(shape).all(|(stated, size)| match stated {
                Dimension::Fixed(fixed) => fixed == size,
                Dimension::Symbolic(_) => true,
            })
}

fn words(shape: &[Dimension]) -> String {
    let sizes: Vec<String> = shape
        .iter()
        .map(|dimension| match dimension {
            Dimension::Fixed(size) => size.to_string(),
            Dimension::Symbolic(_) => "any".to_owned(),
        })
        .collect();
    sizes.join("×")
}

fn tensor(value: Value) -> Result<Tensor, EngineError> {
    let Value::FloatTensor(floats) = value else {
        return Err(EngineError::Failed("an output does not consist of floats".to_owned()));
    };
    let shape = floats.shape().to_vec();
    Tensor::new(shape, floats.into_data()).map_err(|error| EngineError::Failed(error.to_string()))
}

fn load_error(error: &rten::LoadError, graph: &Graph) -> EngineError {
    let node = error.node().unwrap_or_default().to_owned();
    match error.kind() {
        LoadErrorKind::OperatorInvalid => {
            let op = graph.nodes.iter().find(|other| other.name == node).map(|other| other.op.clone());
            EngineError::Unsupported { node, op: op.unwrap_or_default(), detail: error.to_string() }
        }
        _ => EngineError::BadGraph(error.to_string()),
    }
}

fn run_error(error: rten::RunError) -> EngineError {
    match error.kind() {
        RunErrorKind::InvalidInput => EngineError::BadInput { name: String::new(), detail: error.to_string() },
        RunErrorKind::OperatorError => EngineError::Failed(error.to_string()),
        _ => EngineError::BadGraph(error.to_string()),
    }
}
