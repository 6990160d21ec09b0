"""Writes the single-operator cases: small ONNX models with random inputs and what onnxruntime computes from them.

    python tests/ops/generate.py [case ...]

Needs numpy, onnx and onnxruntime (tests/goldens/requirements.txt). The models and inputs are the same on every run; the expected values
are those of the installed onnxruntime.

A case is a folder with `model.onnx`, `case.json` and one file of little-endian f32 values for each input and output:

    note         what the case is about
    row          the row of the table of operators, or the lowering, that it covers
    inputs       [{ name, shape, file }]
    outputs      [{ name, shape, file }]
    tolerance    largest difference, relative to the largest expected |value| (or to 1 where that is smaller)
    lowered      true, or false where lowering has to refuse it
    unsupported  the operator that lowering has to name, only where `lowered` is false
    softmax      true where lowering leaves out a Softmax at the end, so that its result has to go through one

`index.json` lists the names of all cases.
"""

import json
import shutil
import sys
import zlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

HERE = Path(__file__).parent
CASES = []


class Graph:
    """A model under construction: `value = graph("Relu", x)` adds a node."""

    def __init__(self, name, opset):
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))
        self.opset = opset
        self.nodes, self.initializers, self.inputs, self.values = [], [], [], {}
        self.counts = {}

    def unique(self, stem):
        self.counts[stem] = self.counts.get(stem, 0) + 1
        return f"{stem}{self.counts[stem]}"

    def input(self, *shape, low=-3.0, high=3.0, name=None):
        name = name or self.unique("input")
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        self.values[name] = self.rng.uniform(low, high, shape).astype(np.float32)
        return name

    def constant(self, array):
        array = np.asarray(array)
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        name = self.unique("constant")
        self.initializers.append(numpy_helper.from_array(np.array(array, order="C"), name))
        return name

    def weights(self, *shape, scale=None):
        fan_in = int(np.prod(shape[1:])) if len(shape) > 1 else 1
        scale = scale or 1.0 / np.sqrt(fan_in)
        return self.constant(self.rng.normal(0, scale, shape).astype(np.float32))

    def positive(self, *shape):
        return self.constant(self.rng.uniform(0.5, 1.5, shape).astype(np.float32))

    def __call__(self, op, *inputs, outputs=1, **attributes):
        names = [self.unique(op.lower()) for _ in range(outputs)]
        inputs = [i if isinstance(i, str) else self.constant(i) for i in inputs]
        self.nodes.append(helper.make_node(op, inputs, names, name=f"node_{names[0]}", **attributes))
        return names[0] if outputs == 1 else names

    def conv(self, x, channels, outputs, kernel, bias=True, group=1, **attributes):
        kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
        inputs = [x, self.weights(outputs, channels // group, *kernel)]
        if bias:
            inputs.append(self.weights(outputs, scale=0.5))
        if group != 1:
            attributes["group"] = group
        return self("Conv", *inputs, **attributes)

    def batch_norm(self, x, channels, **attributes):
        return self("BatchNormalization", x, self.positive(channels), self.weights(channels, scale=0.5),
                    self.weights(channels, scale=0.5), self.positive(channels), **attributes)


def case(row, opset=13, lowered=True, softmax=False, note="", tolerance=1e-4, reference=False):
    """Registers a function that builds a graph and returns its output name or names. The values are onnxruntime's, or of a form that it
    refuses, those of ONNX's own reference implementation.
    """

    def register(function):
        CASES.append(dict(name=function.__name__.replace("_", "-"), build=function, row=row, opset=opset,
                          lowered=lowered, softmax=softmax, tolerance=tolerance, reference=reference,
                          note=note or (function.__doc__ or "")))
        return function

    return register


def op(name, row, *operands, shape=(1, 4, 5, 6), low=-3.0, high=3.0, opset=13, operator, **attributes):
    """Registers a case of one operator on one input; operands are constants after it."""
    keywords = {key: attributes.pop(key) for key in ("lowered", "note", "tolerance") if key in attributes}

    def build(g):
        x = g.input(*shape, low=low, high=high)
        return g(operator, x, *[operand if isinstance(operand, str) else np.asarray(operand) for operand in operands],
                 **attributes)

    build.__name__ = name
    case(row, opset=opset, **keywords)(build)


def write(item):
    graph = Graph(item["name"], item["opset"])
    outputs = item["build"](graph)
    outputs = [outputs] if isinstance(outputs, str) else list(outputs)
    infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    others = [helper.make_opsetid(domain, 1) for domain in sorted({node.domain for node in graph.nodes} - {""})]
    model = helper.make_model(
        helper.make_graph(graph.nodes, item["name"], graph.inputs, infos, graph.initializers),
        opset_imports=[helper.make_opsetid("", item["opset"]), *others], ir_version=8 if item["opset"] <= 18 else 10,
        producer_name="featurescope tests")
    folder = HERE / item["name"]
    folder.mkdir()
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    if item["reference"]:
        results = ReferenceEvaluator(model).run(outputs, graph.values)
    else:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        results = session.run(outputs, graph.values)
    description = {"note": item["note"].strip(), "row": item["row"]}

    def tensors(pairs):
        entries = []
        for name, array in pairs:
            array.astype("<f4").tofile(folder / f"{name}.f32")
            entries.append({"name": name, "shape": list(array.shape), "file": f"{name}.f32"})
        return entries

    description["inputs"] = tensors(graph.values.items())
    description["outputs"] = tensors(zip(outputs, results))
    description["tolerance"] = item["tolerance"]
    description["lowered"] = item["lowered"] is True
    if item["lowered"] is not True:
        description["unsupported"] = item["lowered"]
    if item["softmax"]:
        description["softmax"] = True
    for array in results:
        assert np.isfinite(array).all(), item["name"]
    (folder / "case.json").write_text(json.dumps(description, indent=1) + "\n")


# --- Conv ------------------------------------------------------------------------------------------------------------


def conv(name, row, channels, outputs, kernel, size=(7, 9), opset=13, note="", **attributes):
    def build(g):
        return g.conv(g.input(1, channels, *size), channels, outputs, kernel, **attributes)

    build.__name__ = name
    case(row, opset=opset, note=note)(build)


RIGHT = "Conv with bias"
conv("conv_1x1", RIGHT, 16, 8, 1)
conv("conv_1x1_odd_channels", RIGHT, 5, 7, 1)
conv("conv_3x3", RIGHT, 4, 8, 3, pads=[1, 1, 1, 1])
conv("conv_7x7_stride_2", RIGHT, 3, 8, 7, size=(15, 13), strides=[2, 2], pads=[3, 3, 3, 3])
conv("conv_5x3", RIGHT, 3, 5, (5, 3), pads=[2, 1, 2, 1])
conv("conv_stride_2_1", RIGHT, 3, 5, 3, strides=[2, 1], pads=[1, 1, 1, 1])
conv("conv_grouped", RIGHT, 6, 9, 3, group=3, pads=[1, 1, 1, 1])
conv("conv_depthwise", RIGHT, 8, 8, 3, group=8, pads=[1, 1, 1, 1])
conv("conv_depthwise_multiplier", RIGHT, 4, 8, 3, group=4, strides=[2, 2], pads=[1, 1, 1, 1])
conv("conv_asymmetric_pads", RIGHT, 4, 4, 3, pads=[0, 1, 2, 0])
conv("conv_1x1_stride_2", RIGHT, 4, 8, 1, strides=[2, 2])
conv("conv_1x1_padded", RIGHT, 4, 8, 1, pads=[1, 1, 1, 1])
conv("conv_no_bias", "Conv 3×3 pad 1 without bias", 4, 8, 3, bias=False, pads=[1, 1, 1, 1])
conv("conv_notset", "Conv 3×3 pad 0 with auto_pad=NOTSET written out", 4, 8, 3, auto_pad="NOTSET")
conv("conv_valid", "Conv auto_pad=VALID", 4, 8, 3, auto_pad="VALID", strides=[2, 2])
conv("conv_same_upper", "Conv auto_pad=SAME_* on non-square input", 4, 8, 3, size=(6, 9), auto_pad="SAME_UPPER",
     strides=[2, 2])
conv("conv_same_lower", "Conv auto_pad=SAME_* on non-square input", 4, 8, 3, size=(6, 9), auto_pad="SAME_LOWER",
     strides=[2, 2])
conv("conv_same_upper_even_kernel", "Conv auto_pad=SAME_* on non-square input", 3, 4, 4, size=(6, 9),
     auto_pad="SAME_UPPER")
conv("conv_dilated", "Conv 3×3 with dilation", 4, 8, 3, size=(9, 11), dilations=[2, 2], pads=[2, 2, 2, 2])
conv("conv_dilated_2_3", "Conv 3×3 with dilation", 3, 4, (3, 2), size=(9, 11), dilations=[2, 3], strides=[1, 2])
conv("conv_old_opset", RIGHT, 4, 8, 3, opset=7, pads=[1, 1, 1, 1])
conv("conv_new_opset", "opset > 15", 4, 8, 3, opset=22, pads=[1, 1, 1, 1])


@case("Conv with bias")
def conv_relu_shared_weights(g):
    """Two Convs with the same weights; each keeps its node name."""
    x, w, b = g.input(1, 4, 6, 6), g.weights(4, 4, 3, 3), g.weights(4)
    y = g("Relu", g("Conv", x, w, b, pads=[1, 1, 1, 1]))
    return g("Relu", g("Conv", y, w, b, pads=[1, 1, 1, 1]))


VOLUMES = "Conv over volumes"


def volume_conv(name, channels, outputs, kernel, size=(5, 6, 7), batch=1, **attributes):
    def build(g):
        inputs = [g.input(batch, channels, *size), g.weights(outputs, channels // attributes.get("group", 1), *kernel)]
        return g("Conv", *inputs, g.weights(outputs, scale=0.5), **attributes)

    build.__name__ = f"conv_volume_{name}"
    case(VOLUMES)(build)


volume_conv("plain", 3, 4, (3, 3, 3))
volume_conv("padded", 2, 5, (3, 3, 3), pads=[1, 1, 1, 1, 1, 1])
volume_conv("strides", 3, 4, (3, 5, 3), strides=[2, 2, 2], pads=[1, 2, 1, 1, 2, 1], size=(6, 9, 8))
volume_conv("odd_strides", 2, 3, (2, 3, 2), strides=[1, 3, 2], pads=[0, 1, 1, 1, 0, 0], size=(4, 11, 7))
volume_conv("dilations", 2, 3, (2, 2, 3), dilations=[2, 3, 1], pads=[1, 1, 0, 0, 2, 1])
volume_conv("groups", 4, 6, (3, 1, 3), group=2, pads=[1, 0, 1, 1, 0, 1])
volume_conv("depthwise", 4, 4, (3, 3, 3), group=4, pads=[1, 1, 1, 1, 1, 1])
volume_conv("batch", 2, 3, (2, 3, 3), batch=2, pads=[0, 1, 1, 1, 1, 1])
volume_conv("same_upper", 2, 3, (2, 3, 4), auto_pad="SAME_UPPER", strides=[2, 2, 1])
volume_conv("same_lower", 2, 3, (2, 4, 3), auto_pad="SAME_LOWER", strides=[1, 2, 2])
volume_conv("patches", 3, 8, (2, 4, 4), strides=[2, 4, 4], size=(4, 8, 12))
volume_conv("tubes", 3, 4, (3, 1, 1), pads=[1, 0, 0, 1, 0, 0])
volume_conv("one_slice", 3, 4, (1, 3, 3), size=(1, 6, 7), pads=[0, 1, 1, 0, 1, 1])


def volume_conv_transpose(name, channels, outputs, kernel, size=(3, 4, 5), batch=1, **attributes):
    def build(g):
        inputs = [g.input(batch, channels, *size), g.weights(channels, outputs // attributes.get("group", 1), *kernel)]
        return g("ConvTranspose", *inputs, g.weights(outputs, scale=0.5), **attributes)

    build.__name__ = f"conv_transpose_volume_{name}"
    case(VOLUMES)(build)


volume_conv_transpose("doubled", 3, 4, (2, 2, 2), strides=[2, 2, 2])
volume_conv_transpose("overlapping", 3, 2, (3, 4, 3), strides=[1, 2, 2], pads=[1, 1, 0, 1, 1, 1], output_padding=[0, 0, 1])
volume_conv_transpose("groups", 4, 6, (2, 3, 2), strides=[2, 3, 1], group=2, dilations=[1, 1, 2], batch=2)
volume_conv_transpose("same_lower", 2, 3, (3, 3, 4), strides=[2, 1, 3], auto_pad="SAME_LOWER")
volume_conv_transpose("output_shape", 2, 3, (2, 3, 3), strides=[2, 2, 2], output_shape=[5, 8, 10])


@case(VOLUMES)
def unet_volume(g):
    """What networks of scans do between their windows: instance normalisation, PReLU, trilinear and nearest Resize, skips, means."""
    x = g.input(1, 3, 4, 6, 8)
    y = g("InstanceNormalization", x, g.positive(3), g.weights(3, scale=0.5), epsilon=1e-5)
    y = g("PRelu", y, g.weights(3, 1, 1, 1, scale=0.3))
    small = g("AveragePool", y, kernel_shape=[2, 2, 2], strides=[2, 2, 2])
    large = g("Resize", small, "", np.array([1, 1, 2, 2, 2], np.float32), mode="linear")
    near = g("Resize", small, "", np.array([1, 1, 2, 2, 2], np.float32), mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    y = g("Concat", y, large, near, axis=1)
    y = g.batch_norm(g("Conv", y, g.weights(5, 9, 1, 1, 1)), 5)
    return g("Softmax", g("LeakyRelu", y), axis=1), g("Flatten", g("GlobalAveragePool", y)), g("ReduceMean", y, axes=[2, 3, 4], keepdims=0)


@case(VOLUMES)
def conv_volume_batch_norm(g):
    """Norm and activation after it, and two of them with the same weights."""
    weights = g.weights(4, 4, 3, 3, 3)
    y = g("Relu", g.batch_norm(g("Conv", g.input(1, 4, 3, 5, 6), weights, pads=[1] * 6), 4))
    return g("Conv", g("MaxPool", y, kernel_shape=[2, 2, 2], strides=[1, 2, 2]), weights, g.weights(4), pads=[1] * 6)


for name, attributes in {
    "plain": dict(kernel_shape=[2, 2, 2], strides=[2, 2, 2]),
    "padded": dict(kernel_shape=[3, 3, 2], strides=[2, 1, 2], pads=[1, 1, 0, 0, 1, 1]),
    "ceil": dict(kernel_shape=[2, 3, 2], strides=[2, 2, 3], ceil_mode=1),
    "dilated": dict(kernel_shape=[2, 2, 3], dilations=[2, 3, 1]),
    "same": dict(kernel_shape=[2, 3, 2], strides=[2, 2, 1], auto_pad="SAME_LOWER"),
}.items():
    op(f"max_pool_volume_{name}", "pooling of volumes", operator="MaxPool", shape=(2, 2, 5, 6, 7), **attributes)


@case("ConvTranspose")
def conv_transpose(g):
    """The up-convolution of a U-Net."""
    return g("ConvTranspose", g.input(1, 3, 4, 5), g.weights(3, 4, 2, 2), g.weights(4), strides=[2, 2])


@case("ConvTranspose")
def conv_transpose_overlapping(g):
    return g("ConvTranspose", g.input(1, 3, 4, 5), g.weights(3, 4, 4, 3), strides=[2, 2], pads=[1, 1, 1, 1],
             output_padding=[0, 1])


@case("ConvTranspose")
def conv_transpose_stride_1(g):
    return g("ConvTranspose", g.input(1, 3, 4, 5), g.weights(3, 4, 3, 3), pads=[1, 0, 1, 2])


@case("Conv beyond the largest dispatch")
def conv_depthwise_many(g):
    """With a limit of four workgroups in a dimension: 40 channels are two parts."""
    return g.conv(g.input(1, 40, 5, 5), 40, 40, 3, group=40, pads=[1, 1, 1, 1])


@case("Conv beyond the largest dispatch")
def conv_long(g):
    """With a limit of four workgroups in a dimension: 40 rows are two rows of workgroups."""
    return g.conv(g.input(1, 2, 40, 8), 2, 2, 3, pads=[1, 1, 1, 1])


@case("ConvTranspose")
def conv_transpose_grouped(g):
    return g("ConvTranspose", g.input(1, 4, 4, 5), g.weights(4, 1, 2, 2), strides=[2, 2], group=4)


# --- Pooling ---------------------------------------------------------------------------------------------------------

POOL = "MaxPool, AveragePool, GlobalAveragePool"
IMAGE = (1, 4, 7, 9)
op("max_pool_2x2", POOL, operator="MaxPool", shape=IMAGE, kernel_shape=[2, 2], strides=[2, 2])
op("max_pool_3x3", POOL, operator="MaxPool", shape=IMAGE, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1],
   low=-3, high=-1, note="All values negative: padding must not win.")
op("max_pool_odd_channels", POOL, operator="MaxPool", shape=(1, 3, 7, 9), kernel_shape=[3, 2], strides=[1, 2])
op("max_pool_ceil", "ceil_mode", operator="MaxPool", shape=(1, 4, 6, 8), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
op("max_pool_asymmetric", POOL, operator="MaxPool", shape=IMAGE, kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])
op("max_pool_same", "auto_pad", operator="MaxPool", shape=(1, 4, 6, 9), kernel_shape=[3, 3], strides=[2, 2],
   auto_pad="SAME_UPPER")
op("max_pool_dilated", "MaxPool with dilation", operator="MaxPool", shape=IMAGE, kernel_shape=[2, 2], dilations=[2, 2])
op("max_pool_dilated_2_3", "MaxPool with dilation", operator="MaxPool", shape=(1, 3, 9, 11), kernel_shape=[3, 2],
   dilations=[2, 3], strides=[1, 2], pads=[2, 1, 1, 1], low=-3, high=-1)
op("average_pool", POOL, operator="AveragePool", shape=IMAGE, kernel_shape=[2, 2], strides=[2, 2])
op("average_pool_exclude", POOL, operator="AveragePool", shape=IMAGE, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
op("average_pool_include", POOL, operator="AveragePool", shape=IMAGE, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1],
   count_include_pad=1)
op("average_pool_ceil", "ceil_mode", operator="AveragePool", shape=(1, 3, 6, 8), kernel_shape=[3, 3], strides=[2, 2],
   ceil_mode=1)
op("average_pool_ceil_include", "ceil_mode", operator="AveragePool", shape=(1, 3, 6, 8), kernel_shape=[3, 3], strides=[2, 2],
   pads=[1, 1, 1, 1], ceil_mode=1, count_include_pad=1, opset=19)
op("average_pool_same", "auto_pad", operator="AveragePool", shape=(1, 4, 6, 9), kernel_shape=[3, 3], strides=[2, 2],
   auto_pad="SAME_LOWER")
op("average_pool_dilated", "AveragePool with dilation", operator="AveragePool", shape=IMAGE, kernel_shape=[2, 2],
   dilations=[2, 2], opset=19)
op("global_average_pool", POOL, operator="GlobalAveragePool", shape=IMAGE)
op("global_max_pool", "GlobalMaxPool", operator="GlobalMaxPool", shape=IMAGE)
op("global_max_pool_negative", "GlobalMaxPool", operator="GlobalMaxPool", shape=(1, 3, 5, 5), low=-9, high=-2)

MEAN = "ReduceMean over H×W in every opset"
op("reduce_mean_13", MEAN, operator="ReduceMean", shape=IMAGE, axes=[2, 3], keepdims=1)
op("reduce_mean_negative_axes", MEAN, operator="ReduceMean", shape=IMAGE, axes=[-1, -2], keepdims=0, opset=11)
op("reduce_mean_18", MEAN, np.array([2, 3]), operator="ReduceMean", shape=IMAGE, opset=18)
op("reduce_mean_18_flat", MEAN, np.array([-2, -1]), operator="ReduceMean", shape=IMAGE, keepdims=0, opset=18)
op("reduce_mean_channels", "ReduceMean", operator="ReduceMean", shape=IMAGE, axes=[1], keepdims=1)
op("reduce_mean_height", "ReduceMean", operator="ReduceMean", shape=IMAGE, axes=[2], keepdims=0)
op("reduce_mean_all", "ReduceMean", operator="ReduceMean", shape=IMAGE)
op("reduce_sum", "ReduceSum", np.array([2, 3]), operator="ReduceSum", shape=IMAGE)
op("reduce_max", "ReduceMax", operator="ReduceMax", shape=IMAGE, axes=[2, 3], keepdims=0)
op("reduce_max_channels", "ReduceMax", operator="ReduceMax", shape=IMAGE, axes=[1])
op("reduce_min", "ReduceMin", operator="ReduceMin", shape=IMAGE, axes=[2, 3])
op("reduce_l2", "ReduceL2", operator="ReduceL2", shape=IMAGE, axes=[1])


@case(MEAN)
def reduce_mean_nhwc(g):
    """As tf2onnx writes it: the mean over the middle dimensions of NHWC."""
    y = g("Transpose", g.conv(g.input(1, 3, 5, 6), 3, 4, 1), perm=[0, 2, 3, 1])
    return g("ReduceMean", y, axes=[1, 2], keepdims=0)


# --- Activations -----------------------------------------------------------------------------------------------------

ONE = "Relu, Sigmoid, Sign, Abs"
for name in ["Relu", "Sigmoid", "Sign", "Abs", "Tanh", "Exp", "Neg"]:
    op(name.lower(), ONE if name in ONE else "core operators", operator=name)
for name in ["Sqrt", "Reciprocal", "Log"]:
    op(name.lower(), "core operators", operator=name, low=0.1, high=5.0)
op("sigmoid_large", ONE, operator="Sigmoid", low=-100, high=100)
op("tanh_large", "core operators", operator="Tanh", low=-100, high=100)
CLIP = "Clip in every form and with any bounds"
op("clip_0_6", "Clip with whole-number bounds", 0.0, 6.0, operator="Clip", low=-9, high=9)
op("clip_minus_1_1", "Clip with whole-number bounds", -1.0, 1.0, operator="Clip")
op("clip_0_6_large", "Clip with whole-number bounds", 0.0, 6.0, operator="Clip", low=-1e6, high=1e6)
op("clip_fraction", "Clip with fractional bounds", -0.375, 0.125, operator="Clip")
op("clip_fraction_from_zero", "Clip with fractional bounds", 0.0, 0.3333, operator="Clip")
op("clip_only_min", "Clip with only min", -0.25, operator="Clip")
op("clip_only_zero", "Clip with only min", 0.0, operator="Clip")
op("clip_only_max", CLIP, "", 1.25, operator="Clip")
op("clip_no_bounds", CLIP, operator="Clip")
op("clip_attributes", "Clip with attributes (opset < 11)", operator="Clip", min=0.0, max=6.0, opset=10, low=-9, high=9)
op("clip_attribute_min", "Clip with attributes (opset < 11)", operator="Clip", min=-0.5, opset=7)
op("clip_infinite", CLIP, 0.0, np.float32(np.inf), operator="Clip")
op("clip_relu6_float_max", CLIP, operator="Clip", min=0.0, max=float(np.finfo(np.float32).max), opset=7)
op("hard_swish", "HardSwish", operator="HardSwish", low=-6, high=6, opset=14)
op("hard_sigmoid", "HardSigmoid", operator="HardSigmoid", low=-6, high=6)
op("hard_sigmoid_sixth", "HardSigmoid", operator="HardSigmoid", low=-6, high=6, alpha=1 / 6, beta=0.5)
op("leaky_relu", "LeakyRelu", operator="LeakyRelu", alpha=0.1)
op("leaky_relu_default", "LeakyRelu", operator="LeakyRelu")
op("elu", "Elu", operator="Elu", alpha=0.7)
op("selu", "Selu", operator="Selu")
op("celu", "Celu", operator="Celu", alpha=0.5)
op("softplus", "Softplus", operator="Softplus", low=-20, high=20)
op("softsign", "Softsign", operator="Softsign")
op("mish", "Mish", operator="Mish", opset=18, low=-30, high=30)
op("erf", "Erf", operator="Erf")
op("gelu", "GELU", operator="Gelu", opset=20, low=-6, high=6)
op("gelu_tanh", "GELU", operator="Gelu", opset=20, approximate="tanh", low=-6, high=6)
op("pow_2", "Pow", 2.0, operator="Pow")
op("pow_3", "Pow", 3.0, operator="Pow")
op("pow_half", "Pow", 0.5, operator="Pow", low=0.1, high=4)
op("pow_minus_1", "Pow", -1.0, operator="Pow", low=0.5, high=4)
op("pow_three_quarters", "Pow", -0.75, operator="Pow", low=0.1, high=4)
op("pow_any", "Pow", 2.2, operator="Pow", low=0.1, high=4)
op("pow_1", "Pow", 1.0, operator="Pow")


@case("an operator without a lowering", opset=18, lowered="BitwiseNot")
def unknown_activation(g):
    return g("Cast", g("BitwiseNot", g("Cast", g.input(1, 4, 5, 6), to=TensorProto.INT32)), to=TensorProto.FLOAT)


@case("PRelu")
def prelu(g):
    return g("PRelu", g.input(1, 4, 5, 6), g.weights(4, 1, 1))


@case("PRelu")
def prelu_one_slope(g):
    return g("PRelu", g.input(1, 4, 5, 6), np.array([0.25]))


@case("SiLU")
def silu(g):
    x = g.input(1, 4, 5, 6)
    return g("Mul", x, g("Sigmoid", x))


@case("HardSwish")
def hard_swish_decomposed(g):
    """As exporters before opset 14 write it."""
    x = g.input(1, 4, 5, 6, low=-6, high=6)
    y = g("Clip", g("Add", x, np.float32(3)), np.float32(0), np.float32(6))
    return g("Div", g("Mul", x, y), np.float32(6))


@case("GELU")
def gelu_decomposed(g):
    x = g.input(1, 4, 5, 6)
    erf = g("Erf", g("Div", x, np.float32(np.sqrt(2))))
    return g("Mul", g("Mul", x, g("Add", erf, np.float32(1))), np.float32(0.5))


@case("Relu inside of a chain")
def relu_chain(g):
    """A value with two readers and three outputs of the graph."""
    x = g.conv(g.input(1, 3, 5, 5), 3, 4, 3, pads=[1, 1, 1, 1])
    y = g("Relu", x)
    return [x, y, g("Add", x, y)]


# --- Arithmetic ------------------------------------------------------------------------------------------------------

BROADCAST = "Add, Mul (broadcast too)"
for name in ["Add", "Sub", "Mul", "Div"]:
    @case(BROADCAST if name in BROADCAST else "Sub, Div")
    def two(g, name=name):
        return g(name, g.input(1, 4, 5, 6), g.input(1, 4, 5, 6, low=1, high=3))

    CASES[-1]["name"] = name.lower()

    @case(BROADCAST if name in BROADCAST else "Sub, Div")
    def by_channel(g, name=name):
        return g(name, g.input(1, 4, 5, 6), g.positive(4, 1, 1))

    CASES[-1]["name"] = f"{name.lower()}-channels"

    @case(BROADCAST if name in BROADCAST else "Sub, Div")
    def from_constant(g, name=name):
        return g(name, np.float32(1.5), g.input(1, 4, 5, 6, low=1, high=3))

    CASES[-1]["name"] = f"{name.lower()}-from-scalar"


@case(BROADCAST)
def mul_spatial(g):
    """An attention map: [1,1,H,W] times [1,C,H,W]."""
    return g("Mul", g.input(1, 1, 5, 6), g.input(1, 4, 5, 6))


@case(BROADCAST)
def add_outer(g):
    """Neither operand has the result's shape."""
    return g("Add", g.input(1, 4, 1, 1), g.input(1, 1, 5, 6))


@case(BROADCAST)
def add_image_constant(g):
    return g("Add", g.input(1, 3, 4, 5), g.weights(1, 3, 4, 5))


@case(BROADCAST)
def mul_row_constant(g):
    return g("Mul", g.input(1, 3, 4, 5), g.weights(5))


@case("Sum")
def sum_of_three(g):
    return g("Sum", g.input(1, 4, 5, 6), g.input(1, 4, 5, 6), g.input(1, 4, 1, 1))


@case("Sum")
def sum_of_one(g):
    return g("Sum", g.input(1, 4, 5, 6))


@case("Mean")
def mean_of_two(g):
    return g("Mean", g.input(1, 4, 5, 6), g.input(1, 4, 5, 6))


@case("Min, Max")
def maximum(g):
    return g("Max", g.input(1, 4, 5, 6), g.input(1, 4, 5, 6))


@case("Min, Max")
def minimum(g):
    return g("Min", g.input(1, 4, 5, 6), np.float32(0.3))


@case("layer scale")
def layer_scale(g):
    x = g.input(1, 4, 5, 6)
    return g("Add", x, g("Mul", g.conv(x, 4, 4, 1), g.positive(4, 1, 1)))


@case("squeeze-and-excite")
def squeeze_excite(g):
    x = g.conv(g.input(1, 3, 6, 6), 3, 8, 3, pads=[1, 1, 1, 1])
    s = g("Relu", g.conv(g("GlobalAveragePool", x), 8, 2, 1))
    return g("Mul", x, g("Sigmoid", g.conv(s, 2, 8, 1)))


@case("squeeze-and-excite")
def squeeze_excite_dense(g):
    """With Gemm, as PyTorch's nn.Linear and view export it."""
    x = g.conv(g.input(1, 3, 6, 6), 3, 8, 3, pads=[1, 1, 1, 1])
    s = g("Flatten", g("GlobalAveragePool", x))
    s = g("Relu", g("Gemm", s, g.weights(2, 8), g.weights(2), transB=1))
    s = g("Sigmoid", g("Gemm", s, g.weights(8, 2), g.weights(8), transB=1))
    return g("Mul", x, g("Reshape", s, np.array([1, 8, 1, 1])))


@case("Greater, Where")
def where(g):
    x = g.input(1, 4, 5, 6)
    return g("Where", g("Greater", x, np.float32(0)), x, np.zeros((1, 4, 5, 6), np.float32))


# --- Normalization ---------------------------------------------------------------------------------------------------


@case("BatchNormalization folded into the Conv before it")
def conv_batch_norm(g):
    return g("Relu", g.batch_norm(g.conv(g.input(1, 3, 6, 7), 3, 6, 3, bias=False, pads=[1, 1, 1, 1]), 6))


@case("BatchNormalization folded into the Conv before it")
def conv_bias_batch_norm_depthwise(g):
    return g.batch_norm(g.conv(g.input(1, 6, 6, 7), 6, 6, 3, group=6, strides=[2, 2]), 6, epsilon=1e-3)


@case("BatchNormalization folded into the Conv before it")
def conv_batch_norm_tapped(g):
    """The Conv's own output is asked for too, so that nothing may be folded into it."""
    x = g.conv(g.input(1, 3, 6, 7), 3, 6, 3)
    return [x, g.batch_norm(x, 6)]


@case("BatchNormalization")
def relu_batch_norm(g):
    return g.batch_norm(g("Relu", g.input(1, 6, 5, 5)), 6, epsilon=1e-3)


@case("BatchNormalization", opset=7)
def batch_norm_opset_7(g):
    return g.batch_norm(g.input(1, 5, 4, 4), 5)


@case("BatchNormalization")
def gemm_batch_norm(g):
    x = g("Gemm", g("Flatten", g.input(1, 3, 2, 2)), g.weights(6, 12), g.weights(6), transB=1)
    return g.batch_norm(x, 6)


@case("BatchNormalization")
def batch_norm_vector(g):
    return g.batch_norm(g("Relu", g.input(1, 6)), 6)


LRN = "LRN"
op("lrn_alexnet", LRN, operator="LRN", shape=(1, 12, 4, 5), size=5, alpha=1e-4, beta=0.75, bias=1.0, low=-60, high=60)
op("lrn_half", LRN, operator="LRN", shape=(1, 7, 3, 3), size=3, alpha=0.5, beta=0.5, bias=2.0)
op("lrn_any_beta", LRN, operator="LRN", shape=(1, 7, 3, 3), size=3, alpha=0.5, beta=0.6, bias=1.0)


@case("LayerNormalization over channels", opset=17)
def layer_norm_nhwc(g):
    """Between the Transposes of ConvNeXt's LayerNorm2d."""
    x = g("Transpose", g.input(1, 8, 4, 5), perm=[0, 2, 3, 1])
    x = g("LayerNormalization", x, g.positive(8), g.weights(8), axis=-1, epsilon=1e-6)
    return g("Transpose", x, perm=[0, 3, 1, 2])


@case("LayerNormalization over channels", opset=17)
def layer_norm_vector(g):
    x = g("Flatten", g("GlobalAveragePool", g.input(1, 8, 4, 5)))
    return g("LayerNormalization", x, g.positive(8), g.weights(8))


def decomposed_layer_norm(g, x, channels, axis):
    shape = [channels] if axis == -1 else [channels, 1, 1]
    d = g("Sub", x, g("ReduceMean", x, axes=[axis]))
    v = g("ReduceMean", g("Pow", d, np.float32(2)), axes=[axis])
    y = g("Div", d, g("Sqrt", g("Add", v, np.float32(1e-6))))
    return g("Add", g("Mul", y, g.positive(*shape)), g.weights(*shape))


@case("LayerNormalization over channels, decomposed")
def layer_norm_decomposed(g):
    return decomposed_layer_norm(g, g.input(1, 8, 4, 5), 8, 1)


@case("LayerNormalization over channels, decomposed", opset=11)
def layer_norm_decomposed_nhwc(g):
    x = g("Transpose", g.input(1, 8, 4, 5), perm=[0, 2, 3, 1])
    return g("Transpose", decomposed_layer_norm(g, x, 8, -1), perm=[0, 3, 1, 2])


@case("Transposes around MatMul, as ConvNeXt writes its blocks", opset=17)
def convnext_block(g):
    x = g.conv(g.input(1, 3, 6, 6), 3, 8, 1)
    y = g("Transpose", g.conv(x, 8, 8, 7, group=8, pads=[3, 3, 3, 3]), perm=[0, 2, 3, 1])
    y = g("LayerNormalization", y, g.positive(8), g.weights(8), axis=-1, epsilon=1e-6)
    y = g("Add", g.weights(16), g("MatMul", y, g.weights(8, 16)))
    erf = g("Erf", g("Div", y, np.float32(np.sqrt(2))))
    y = g("Mul", g("Mul", y, g("Add", erf, np.float32(1))), np.float32(0.5))
    y = g("Add", g.weights(8), g("MatMul", y, g.weights(16, 8)))
    y = g("Transpose", y, perm=[0, 3, 1, 2])
    return g("Add", x, g("Mul", g.positive(8, 1, 1), y))


@case("InstanceNormalization")
def instance_norm(g):
    return g("InstanceNormalization", g.input(1, 4, 5, 6), g.positive(4), g.weights(4))


@case("GroupNormalization")
def group_norm_exported(g):
    """As PyTorch exports nn.GroupNorm."""
    x = g("Reshape", g.input(1, 6, 4, 5), np.array([0, 3, -1]))
    x = g("InstanceNormalization", x, np.ones(3, np.float32), np.zeros(3, np.float32))
    x = g("Reshape", x, np.array([1, 6, 4, 5]))
    return g("Add", g("Mul", x, g.positive(6, 1, 1)), g.weights(6, 1, 1))


@case("GroupNormalization", opset=21)
def group_norm(g):
    return g("GroupNormalization", g.input(1, 6, 4, 5), g.positive(6), g.weights(6), num_groups=2)


@case("LpNormalization")
def l2_norm_channels(g):
    return g("LpNormalization", g.input(1, 6, 3, 3), axis=1, p=2)


# --- Dense layers ----------------------------------------------------------------------------------------------------

GEMM = "Gemm and MatMul in every form"


def gemm(name, row, k, n, bias=True, b_shape=None, trans_b=True, trans_a=False, **attributes):
    def build(g):
        x = g.input(k, 1) if trans_a else g.input(1, k)
        inputs = [x, g.weights(n, k, scale=1 / np.sqrt(k)) if trans_b else g.weights(k, n, scale=1 / np.sqrt(k))]
        if bias:
            inputs.append(g.weights(*(b_shape if b_shape is not None else (n,))))
        return g("Gemm", *inputs, transB=int(trans_b), transA=int(trans_a), **attributes)

    build.__name__ = name
    case(row)(build)


gemm("gemm_k_510", "Gemm with K not divisible by 4 (510)", 510, 8, trans_b=False)
gemm("gemm_trans_b", "Gemm transB", 12, 10)
gemm("gemm_plain", GEMM, 12, 10, trans_b=False)
gemm("gemm_trans_a", GEMM, 12, 10, trans_a=True)
gemm("gemm_alpha_beta", GEMM, 12, 10, alpha=0.5, beta=2.0)
gemm("gemm_no_bias", GEMM, 13, 7, bias=False)
gemm("gemm_bias_matrix", GEMM, 13, 7, b_shape=(1, 7))
gemm("gemm_bias_scalar", GEMM, 13, 7, b_shape=())
gemm("gemm_one_output", GEMM, 13, 1)
gemm("gemm_beta_0", GEMM, 13, 5, beta=0.0)


@case("MatMul 1×K")
def matmul_row(g):
    return g("MatMul", g.input(1, 16), g.weights(16, 8))


@case("MatMul with odd sizes")
def matmul_odd(g):
    return g("MatMul", g.input(1, 13), g.weights(13, 7))


@case("MatMul with odd sizes")
def matmul_add(g):
    return g("Add", g("MatMul", g.input(1, 13), g.weights(13, 7)), g.weights(7))


@case(GEMM)
def matmul_rows(g):
    """Several rows, as a token mixer has."""
    return g("MatMul", g.input(1, 5, 13), g.weights(13, 7))


@case(GEMM)
def matmul_constant_left(g):
    return g("MatMul", g.weights(7, 13), g.input(13, 5))


@case(GEMM)
def gemm_rows(g):
    return g("Gemm", g.input(5, 6), g.weights(4, 6), g.weights(4), transB=1)


@case("MatMul of two computed values")
def matmul_computed(g):
    x = g.input(1, 4, 4)
    return g("MatMul", x, g("Relu", x))


@case("Flatten before a Gemm of H×W > 1 as a Conv", softmax=True)
def vgg_head(g):
    x = g("MaxPool", g("Relu", g.conv(g.input(1, 3, 6, 8), 3, 4, 3, pads=[1, 1, 1, 1])), kernel_shape=[2, 2], strides=[2, 2])
    x = g("Relu", g("Gemm", g("Flatten", x), g.weights(10, 48), g.weights(10), transB=1))
    return g("Softmax", g("Gemm", g("Dropout", x), g.weights(5, 10), g.weights(5), transB=1))


@case("Flatten before a Gemm of H×W > 1 as a Conv")
def keras_head(g):
    """As tf2onnx writes Keras' Flatten: to NHWC first."""
    x = g("Relu", g.conv(g.input(1, 3, 4, 4), 3, 4, 3))
    x = g("Reshape", g("Transpose", x, perm=[0, 2, 3, 1]), np.array([1, -1]))
    return g("Add", g("MatMul", x, g.weights(16, 6)), g.weights(6))


@case("Softmax at the end", softmax=True)
def squeezenet_head(g):
    x = g("Relu", g.conv(g("Dropout", g.input(1, 6, 5, 5)), 6, 10, 1))
    return g("Softmax", g("Reshape", g("GlobalAveragePool", x), np.array([1, 10])), axis=1)


@case("Softmax at the end", opset=9, softmax=True)
def softmax_opset_9(g):
    """Before opset 13 a Softmax goes over all dimensions from its axis on."""
    return g("Softmax", g("GlobalAveragePool", g.conv(g.input(1, 6, 5, 5), 6, 10, 1)))


@case("Softmax")
def softmax_per_pixel(g):
    """Of a segmentation network: not over all that there is, so that it has to be computed."""
    return g("Softmax", g.conv(g.input(1, 6, 5, 5), 6, 4, 1), axis=1)


OLD_SOFTMAX = "Softmax and LogSoftmax over several long axes, before opset 13"
op("softmax_old_all", OLD_SOFTMAX, operator="Softmax", shape=(1, 4, 3, 5), opset=11)
op("softmax_old_rows", OLD_SOFTMAX, operator="Softmax", shape=(1, 4, 3, 5), axis=2, opset=9)
op("softmax_old_negative", OLD_SOFTMAX, operator="Softmax", shape=(1, 4, 3, 5), axis=-2, opset=11)
op("log_softmax_old_all", OLD_SOFTMAX, operator="LogSoftmax", shape=(1, 4, 3, 5), opset=11)
op("log_softmax_old_rows", OLD_SOFTMAX, operator="LogSoftmax", shape=(1, 4, 3, 5), axis=2, opset=9)
op("log_softmax_per_pixel", "LogSoftmax", operator="LogSoftmax", shape=(1, 4, 3, 5), axis=1, low=-60, high=60)


@case("Softmax")
def softmax_attention(g):
    """A pooling with weights that are a Softmax over the pixels."""
    x = g.input(1, 4, 3, 5)
    w = g("Reshape", g.conv(x, 4, 1, 1), np.array([1, 1, 15]))
    w = g("Reshape", g("Softmax", w, axis=2), np.array([1, 1, 3, 5]))
    return g("ReduceSum", g("Mul", x, w), np.array([2, 3]))


# --- Shape and order -------------------------------------------------------------------------------------------------

ONLY = "Reshape, Flatten, Dropout as a graph's only op"
op("reshape_only", ONLY, np.array([1, 2, 10, 6]), operator="Reshape", shape=(1, 4, 5, 6))
op("flatten_only", ONLY, operator="Flatten", shape=(1, 4, 5, 6))
op("dropout_only", ONLY, operator="Dropout", shape=(1, 4, 5, 6))
op("identity_only", "Identity", operator="Identity", shape=(1, 4, 5, 6))
op("reshape_across", "Reshape", np.array([1, 10, 4, 3]), operator="Reshape", shape=(1, 4, 5, 6),
   note="The new dimensions cut through the old ones.")
op("transpose", "Transpose", operator="Transpose", shape=(1, 4, 5, 6), perm=[0, 2, 3, 1])
op("transpose_hw", "Transpose", operator="Transpose", shape=(1, 4, 5, 6), perm=[0, 1, 3, 2])
op("squeeze", "Reshape", np.array([2, 3]), operator="Squeeze", shape=(1, 4, 1, 1))
op("unsqueeze", "Reshape", np.array([2, 3]), operator="Unsqueeze", shape=(1, 4))


@case("NHWC inputs with their Transpose (as tf2onnx writes them)")
def nhwc_input(g):
    x = g("Transpose", g.input(1, 6, 7, 3), perm=[0, 3, 1, 2])
    x = g("Relu", g.conv(x, 3, 4, 3, strides=[2, 2]))
    x = g("MaxPool", x, kernel_shape=[2, 2])
    return g("Transpose", x, perm=[0, 2, 3, 1])


@case("NHWC inputs with their Transpose (as tf2onnx writes them)")
def nhwc_preprocess(g):
    x = g("Sub", g.input(1, 6, 7, 3), g.weights(3))
    x = g("Mul", x, np.float32(0.5))
    x = g("Transpose", x, perm=[0, 3, 1, 2])
    return g.conv(x, 3, 4, 3)


@case("Concat on axis 1")
def concat_channels(g):
    x = g.input(1, 3, 4, 5)
    return g("Concat", x, g("Relu", x), g.conv(x, 3, 2, 1), axis=1)


@case("Concat on axis 1")
def concat_with_itself(g):
    x = g("Relu", g.input(1, 3, 4, 5))
    return g("Concat", x, x, axis=-3)


@case("Concat on an axis other than 1")
def concat_height(g):
    return g("Concat", g.input(1, 3, 4, 5), g.input(1, 3, 2, 5), axis=2)


@case("Concat on an axis other than 1")
def concat_nhwc(g):
    x, y = g("Transpose", g.input(1, 3, 4, 5), perm=[0, 2, 3, 1]), g("Transpose", g.input(1, 2, 4, 5), perm=[0, 2, 3, 1])
    return g("Transpose", g("Concat", x, y, axis=3), perm=[0, 3, 1, 2])


@case("Concat on axis 1")
def concat_vectors(g):
    x = g.input(1, 6, 4, 4)
    y = g("Concat", g("Flatten", g("GlobalAveragePool", x)), g("Flatten", g("GlobalMaxPool", x)), axis=1)
    return g("Gemm", y, g.weights(12, 3))


SELECT = "Slice and Split as 1×1 selection Convs"
for opset in [9, 11, 13]:
    @case(SELECT, opset=opset)
    def slice_channels(g, opset=opset):
        x = g.input(1, 6, 4, 5)
        if opset == 9:
            return g("Slice", x, starts=[1], ends=[4], axes=[1])
        return g("Slice", x, np.array([1]), np.array([4]), np.array([1]))

    CASES[-1]["name"] = f"slice-channels-{opset}"


@case(SELECT)
def slice_step(g):
    return g("Slice", g.input(1, 7, 4, 5), np.array([-1]), np.array([-100]), np.array([1]), np.array([-2]))


@case("Slice of rows and columns")
def slice_crop(g):
    return g("Slice", g.input(1, 3, 6, 8), np.array([1, 2]), np.array([5, -1]), np.array([2, 3]))


@case("Slice of rows and columns")
def slice_every_second(g):
    return g("Slice", g.input(1, 3, 7, 8), np.array([1, 0]), np.array([100, 100]), np.array([2, 3]), np.array([2, 2]))


@case(SELECT)
def split_channels(g):
    a, b = g("Split", g.input(1, 6, 4, 5), np.array([2, 4]), outputs=2, axis=1)
    return [g("Relu", a), g("Sigmoid", b)]


@case(SELECT, opset=11)
def split_halves(g):
    a, b = g("Split", g.input(1, 6, 4, 5), outputs=2, axis=1)
    return g("Mul", a, g("Sigmoid", b))


@case(SELECT)
def gather_channel(g):
    """As torchvision's transform_input writes it."""
    x = g.input(1, 3, 4, 5)
    parts = []
    for channel in range(3):
        y = g("Unsqueeze", g("Gather", x, np.array(channel), axis=1), np.array([1]))
        parts.append(g("Add", g("Mul", y, np.float32(0.4 + channel)), np.float32(-0.1)))
    return g("Concat", *parts, axis=1)


SHUFFLE = "the 5-D channel shuffle as a selection"


def shuffle(g, x, channels, height, width, groups):
    x = g("Reshape", x, np.array([1, groups, channels // groups, height, width]))
    x = g("Transpose", x, perm=[0, 2, 1, 3, 4])
    return g("Reshape", x, np.array([1, channels, height, width]))


@case(SHUFFLE)
def channel_shuffle(g):
    return shuffle(g, g.input(1, 6, 3, 4), 6, 3, 4, 2)


@case(SHUFFLE)
def channel_shuffle_conv(g):
    """The Conv reads the shuffled channels where they lie."""
    return g.conv(shuffle(g, g("Relu", g.input(1, 6, 3, 4)), 6, 3, 4, 3), 6, 4, 1)


@case(SHUFFLE)
def shufflenet_unit(g):
    x = shuffle(g, g.input(1, 8, 4, 4), 8, 4, 4, 2)
    a, b = g("Split", x, np.array([4, 4]), outputs=2, axis=1)
    b = g("Relu", g.conv(b, 4, 4, 1))
    return shuffle(g, g("Concat", a, b, axis=1), 8, 4, 4, 2)


@case(SHUFFLE)
def channel_shuffle_depthwise(g):
    x = shuffle(g, g.conv(g.input(1, 6, 4, 4), 6, 6, 1, group=3), 6, 4, 4, 3)
    return g.conv(x, 6, 6, 3, group=6)


op("depth_to_space", "DepthToSpace", operator="DepthToSpace", shape=(1, 8, 3, 4), blocksize=2)
op("depth_to_space_crd", "DepthToSpace", operator="DepthToSpace", shape=(1, 8, 3, 4), blocksize=2, mode="CRD")
op("space_to_depth", "SpaceToDepth", operator="SpaceToDepth", shape=(1, 2, 6, 4), blocksize=2)
op("space_to_depth_crd", "SpaceToDepth", operator="SpaceToDepth", shape=(1, 3, 6, 4), blocksize=2, mode="CRD", opset=28,
   note="The order of DepthToSpace's CRD, which operator set 28 brought")

PAD = "Pad with more than 1"


@case(PAD)
def pad_conv(g):
    """Padding moves into the Conv."""
    return g.conv(g("Pad", g.input(1, 3, 5, 6), np.array([0, 0, 2, 1, 0, 0, 3, 2])), 3, 4, 3, strides=[2, 2])


@case(PAD, opset=9)
def pad_conv_attributes(g):
    return g.conv(g("Pad", g.input(1, 3, 5, 6), pads=[0, 0, 0, 0, 0, 0, 1, 1]), 3, 4, 3, strides=[2, 2])


@case(PAD)
def pad_conv_same(g):
    return g.conv(g("Pad", g.input(1, 3, 5, 6), np.array([0, 0, 1, 1, 0, 0, 1, 1])), 3, 4, 3, auto_pad="SAME_UPPER")


@case(PAD)
def pad_relu_pool(g):
    """Zeros before a MaxPool of values that are not negative, as Keras' ResNets have it."""
    x = g("Pad", g("Relu", g.input(1, 3, 6, 6)), np.array([0, 0, 1, 1, 0, 0, 1, 1]))
    return g("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])


@case(PAD)
def pad_pool_negative(g):
    """Here the zeros are the maximum at the border."""
    x = g("Pad", g.input(1, 3, 6, 6, low=-3, high=-1), np.array([0, 0, 1, 1, 0, 0, 1, 1]))
    return g("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])


@case(PAD)
def pad_lowest_pool(g):
    lowest = np.float32(np.finfo(np.float32).min)
    x = g("Pad", g.input(1, 3, 6, 6, low=-3, high=-1), np.array([0, 0, 1, 1, 0, 0, 1, 1]), lowest)
    return g("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])


@case(PAD)
def pad_average_pool(g):
    x = g("Pad", g.input(1, 3, 6, 6), np.array([0, 0, 1, 1, 0, 0, 1, 1]))
    return g("AveragePool", x, kernel_shape=[3, 3], strides=[2, 2])


@case(PAD)
def pad_value(g):
    return g("Pad", g.input(1, 3, 4, 5), np.array([0, 0, 2, 0, 0, 0, 1, 3]), np.float32(1.5))


@case(PAD)
def pad_twice_read(g):
    x = g("Pad", g.input(1, 3, 4, 5), np.array([0, 0, 2, 2, 0, 0, 2, 2]))
    return [x, g.conv(x, 3, 4, 3)]


op("pad_axes", PAD, np.array([2, 0, 1, 3]), np.float32(0.5), np.array([-2, 3]), operator="Pad", shape=(1, 3, 4, 5), opset=18)
op("pad_reflect", "Pad in other modes", np.array([0, 0, 1, 1, 0, 0, 1, 1]), operator="Pad", shape=(1, 3, 4, 5),
   mode="reflect")

RESIZE = "Resize nearest, floor, asymmetric, whole factors"
op("resize_nearest", RESIZE, "", np.array([1, 1, 2, 3], np.float32), operator="Resize", shape=(1, 3, 4, 5), mode="nearest",
   nearest_mode="floor", coordinate_transformation_mode="asymmetric")
op("resize_nearest_half_pixel", RESIZE, "", np.array([1, 1, 2, 2], np.float32), operator="Resize", shape=(1, 3, 4, 5),
   mode="nearest")
op("resize_nearest_sizes", RESIZE, "", "", np.array([1, 3, 8, 10]), operator="Resize", shape=(1, 3, 4, 5), mode="nearest",
   nearest_mode="floor", coordinate_transformation_mode="asymmetric")
op("resize_nearest_half", "Resize", "", np.array([1, 1, 0.5, 0.5], np.float32), operator="Resize", shape=(1, 3, 8, 6),
   mode="nearest", nearest_mode="floor", coordinate_transformation_mode="asymmetric")
LINEAR = "Resize in other modes"
op("resize_linear", LINEAR, "", np.array([1, 1, 2, 2], np.float32), operator="Resize", shape=(1, 3, 4, 5), mode="linear")
op("resize_linear_corners", LINEAR, "", "", np.array([1, 3, 7, 5]), operator="Resize", shape=(1, 3, 4, 5), mode="linear",
   coordinate_transformation_mode="align_corners")
op("resize_linear_asymmetric", LINEAR, "", np.array([1, 1, 1.5, 0.6], np.float32), operator="Resize", shape=(1, 3, 4, 5),
   mode="linear", coordinate_transformation_mode="asymmetric")
op("resize_cubic", LINEAR, "", np.array([1, 1, 2, 3], np.float32), operator="Resize", shape=(1, 3, 4, 5), mode="cubic")
op("resize_cubic_smaller", LINEAR, "", "", np.array([1, 2, 5, 4]), operator="Resize", shape=(1, 2, 9, 8), mode="cubic",
   coordinate_transformation_mode="pytorch_half_pixel", cubic_coeff_a=-0.5)
op("resize_cubic_outside", LINEAR, "", np.array([1, 1, 2, 2], np.float32), operator="Resize", shape=(1, 3, 4, 5), mode="cubic",
   exclude_outside=1)
op("resize_antialias", LINEAR, "", "", np.array([1, 3, 2, 3]), operator="Resize", shape=(1, 3, 4, 5), mode="linear",
   antialias=1, opset=18)
op("upsample_linear", LINEAR, np.array([1, 1, 2, 2], np.float32), operator="Upsample", shape=(1, 3, 4, 5), mode="linear", opset=9)
op("upsample", RESIZE, np.array([1, 1, 2, 2], np.float32), operator="Upsample", shape=(1, 3, 4, 5), opset=9)


@case("Constant, constant subgraphs and Shape chains")
def shape_chain(g):
    """`x.view(x.size(0), -1)` as old exporters write it."""
    x = g.conv(g.input(1, 3, 4, 4), 3, 4, 3)
    batch = g("Unsqueeze", g("Gather", g("Shape", x), np.array(0), axis=0), np.array([0]))
    flat = g("Reshape", x, g("Concat", batch, np.array([-1]), axis=0))
    return g("Gemm", flat, g.weights(5, 16), g.weights(5), transB=1)


@case("Constant, constant subgraphs and Shape chains")
def constant_nodes(g):
    scale = helper.make_node("Constant", [], ["scale"], name="scale",
                             value=numpy_helper.from_array(np.array([[[2.0]], [[3.0]], [[4.0]]], np.float32)))
    g.nodes.append(scale)
    return g("Mul", g.input(1, 3, 4, 4), g("Add", "scale", np.float32(1)))


# --- What is done to each dimension by itself: Pad, Expand, Tile -------------------------------------------------------

MODES = "Pad in other modes"
for mode in ("reflect", "edge", "wrap"):
    op(f"pad_{mode}_far", MODES, np.array([0, 2, 1, 3, 0, 1, 2, 0]), operator="Pad", shape=(1, 4, 5, 6), mode=mode, opset=19)
    op(f"pad_{mode}_cut", MODES, np.array([0, 0, -1, 2, 0, 0, 3, -2]), operator="Pad", shape=(1, 3, 6, 7), mode=mode, opset=19)
op("pad_channels", "Pad of channels", np.array([0, 2, 0, 0, 0, 1, 0, 0]), operator="Pad")
op("pad_negative", "Pad of channels", np.array([0, -1, 2, -2, 0, 3, -1, 1]), np.float32(-1.5), operator="Pad", shape=(1, 4, 5, 6))
op("pad_large_value", PAD, np.array([0, 0, 1, 0, 0, 0, 2, 1]), np.float32(1e6), operator="Pad", shape=(1, 3, 4, 5))
op("pad_batch", "Pad of channels", np.array([1, 0, 0, 0, 1, 0, 0, 0]), operator="Pad", shape=(1, 3, 2, 2))
op("pad_rank_5", "Pad of channels", np.array([0, 0, 1, 0, 0, 0, 0, 1, 0, 0]), operator="Pad", shape=(1, 1, 4, 3, 2))


@case("Pad in other modes")
def pad_reflect_conv(g):
    padded = g("Pad", g.input(1, 3, 6, 5), np.array([0, 0, 1, 1, 0, 0, 1, 1]), mode="reflect")
    return g.conv(padded, 3, 4, 3)


@case("Expand")
def expand_gate(g):
    """A squeeze-and-excite gate that is expanded before it is multiplied."""
    x = g.input(1, 6, 5, 4)
    gate = g("Sigmoid", g.conv(g("GlobalAveragePool", x), 6, 6, 1))
    return g("Mul", x, g("Expand", gate, np.array([1, 6, 5, 4])))


@case("Expand")
def expand_read_twice(g):
    gate = g("ReduceMax", g.input(1, 6, 5, 4), axes=[2, 3], keepdims=1)
    wide = g("Expand", gate, np.array([1, 6, 5, 4]))
    return g("Add", g("Relu", wide), g("Neg", wide))


@case("Expand")
def expand_middle(g):
    return g("Expand", g.input(1, 3, 1, 4), np.array([1, 3, 5, 4]))


@case("Expand")
def expand_new_dimensions(g):
    return g("Expand", g.input(3, 1), np.array([1, 2, 3, 4]))


@case("Expand")
def expand_channels(g):
    return g("Relu", g("Expand", g("ReduceMean", g.input(1, 5, 4, 3), axes=[1], keepdims=1), np.array([1, 8, 4, 3])))


op("tile", "Tile", np.array([1, 2, 3, 2]), operator="Tile", shape=(1, 3, 2, 4))
op("tile_channels", "Tile", np.array([1, 3, 1, 1]), operator="Tile", shape=(1, 3, 2, 4))


@case("Tile")
def repeat_interleave(g):
    """Each channel twice in a row, as repeat_interleave is exported."""
    x = g("Relu", g.input(1, 3, 4, 5))
    return g("Reshape", g("Tile", g("Unsqueeze", x, np.array([2])), np.array([1, 1, 2, 1, 1])), np.array([1, 6, 4, 5]))


# --- Products of computed values ---------------------------------------------------------------------------------------


@case("MatMul of two computed values")
def self_attention(g):
    x = g.input(1, 8, 3, 4)
    flat = [g("Reshape", g.conv(x, 8, outputs, 1), np.array([1, outputs, 12])) for outputs in (5, 5, 8)]
    scores = g("MatMul", g("Transpose", flat[0], perm=[0, 2, 1]), flat[1])
    mixed = g("MatMul", flat[2], g("Transpose", g("Softmax", scores, axis=-1), perm=[0, 2, 1]))
    return g("Add", x, g("Reshape", mixed, np.array([1, 8, 3, 4])))


@case("MatMul of two computed values")
def attention_heads(g):
    """Two heads, tokens last but one, with a mask of minus infinity."""
    x = g.input(1, 6, 8)
    heads = [g("Transpose", g("Reshape", g("MatMul", x, g.weights(8, 8)), np.array([1, 6, 2, 4])), perm=order)
             for order in ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])]
    scores = g("Mul", g("MatMul", heads[0], heads[1]), np.float32(0.5))
    mask = np.tril(np.ones((6, 6), bool))[None, None]
    scores = g("Where", mask, scores, np.array(-np.inf, np.float32))
    mixed = g("Transpose", g("MatMul", g("Softmax", scores, axis=-1), heads[2]), perm=[0, 2, 1, 3])
    return g("Reshape", mixed, np.array([1, 6, 8]))


@case("MatMul of two computed values")
def matmul_broadcast(g):
    return g("MatMul", g("Relu", g.input(1, 3, 4, 5)), g("Relu", g.input(5, 2)))


@case("MatMul of two computed values")
def matmul_constant_stack(g):
    return g("MatMul", g.input(1, 3, 4, 5), g.weights(3, 5, 2))


@case("MatMul of two computed values")
def matmul_vector(g):
    return g("MatMul", g("Relu", g.input(3, 5)), g("Relu", g.input(5)))


@case("MatMul of two computed values")
def gemm_computed(g):
    return g("Gemm", g.input(5, 3), g.input(4, 5), g("Relu", g.input(3, 4)), alpha=0.5, beta=2.0, transA=1, transB=1)


@case("Einsum")
def einsum_channels(g):
    return g("Einsum", g.input(1, 4, 3, 5), g.weights(4, 6), equation="bchw,cd->bdhw")


@case("Einsum")
def einsum_attention(g):
    return g("Einsum", g.input(1, 2, 4, 3), g.input(1, 2, 5, 3), equation="bhid,bhjd->bhij")


@case("Einsum")
def einsum_sum(g):
    return g("Einsum", g.input(1, 4, 3, 5), equation="bchw->wc")


def einsum(name, equation, *shapes, constant=None, note=""):
    def build(g):
        return g("Einsum", *[g.weights(*shape, scale=1.0) if index == constant else g.input(*shape) for index, shape in enumerate(shapes)], equation=equation)

    build.__name__ = f"einsum_{name}"
    case("Einsum", opset=13, note=note)(build)


einsum("ellipsis", "...ij,...jk->...ik", (1, 2, 3, 4), (1, 2, 4, 5))
einsum("ellipsis_implicit", "...ij,...jk", (1, 2, 3, 4), (1, 2, 4, 5))
einsum("ellipsis_broadcast", "...ij,...jk->...ik", (2, 1, 3, 4), (1, 6, 4, 5))
einsum("ellipsis_moved", "bi...->b...i", (1, 2, 3, 4))
einsum("ellipsis_summed", "b...i->...", (1, 2, 3, 4))
einsum("ellipsis_diagonal", "...ii->...i", (1, 2, 3, 3))
einsum("ellipsis_constant", "b...c,d...c->b...d", (1, 1, 3, 4), (5, 3, 1, 4), constant=1, note="dimensions of one element on both sides")
einsum("ellipsis_of_nothing", "ij->...ji", (3, 4))
einsum("diagonal", "biij->bj", (1, 3, 3, 4))
einsum("diagonal_of_three", "iii->i", (3, 3, 3))
einsum("trace", "...ii", (1, 2, 3, 3))
einsum("implicit_order", "ca,ab", (3, 4), (4, 2))
einsum("one_for_any", "ij,ij->ji", (3, 1), (3, 5))
einsum("three", "ij,jk,kl->il", (3, 4), (4, 5), (5, 6))
einsum("three_with_constant", "bi,ik,bk->bk", (1, 4), (4, 5), (1, 5), constant=1)
einsum("outer_of_three", "bi,bj,bk->bijk", (1, 2), (1, 3), (1, 4))
einsum("all", "bchw->", (1, 2, 3, 4))
einsum("spaces", "b c h w , c -> b h w", (1, 2, 3, 3), (2,), constant=1)


@case("what onnxruntime fuses")
def fused_conv(g):
    x = g.input(1, 3, 7, 8)
    y = g("FusedConv", x, g.weights(4, 3, 3, 3), g.weights(4), domain="com.microsoft", activation="Relu", pads=[1, 1, 1, 1])
    z = g("FusedConv", y, g.weights(4, 4, 1, 1), g.weights(4), y, domain="com.microsoft", activation="Relu")
    return g("FusedConv", z, g.weights(5, 4, 3, 3), domain="com.microsoft", activation="LeakyRelu", activation_params=[0.2], strides=[2, 2])


@case("what onnxruntime fuses")
def fused_conv_clip(g):
    x = g.input(1, 3, 7, 8)
    y = g("FusedConv", x, g.weights(4, 3, 3, 3, scale=1.0), g.weights(4), domain="com.microsoft", activation="Clip", activation_params=[0.0, 6.0])
    return g("FusedConv", y, g.weights(2, 4, 1, 1), domain="com.microsoft", activation="HardSigmoid", activation_params=[0.25, 0.4])


@case("what onnxruntime fuses")
def fused_gemm(g):
    x = g.input(1, 6)
    y = g("FusedGemm", x, g.weights(5, 6), g.weights(5), domain="com.microsoft", activation="LeakyRelu", activation_alpha=0.3, transB=1)
    return g("FusedGemm", y, g.weights(5, 4), domain="com.microsoft", activation="Relu")


@case("what onnxruntime fuses")
def fused_matmul(g):
    x, y = g.input(1, 2, 4, 3), g.input(1, 2, 5, 3)
    weights = g("Softmax", g("FusedMatMul", x, y, domain="com.microsoft", transB=1, alpha=0.5), axis=-1)
    return g("FusedMatMul", weights, g("FusedMatMul", y, g.weights(2, 3), domain="com.microsoft", transB=1), domain="com.microsoft")


@case("what onnxruntime fuses")
def fused_gelus(g):
    x = g.input(1, 3, 4, 6)
    own = lambda op, *inputs, **attributes: g(op, *inputs, domain="com.microsoft", **attributes)
    y = g("Add", own("Gelu", x), own("BiasGelu", x, g.weights(6)))
    return g("Sub", g("Add", y, own("FastGelu", x)), g("Add", own("QuickGelu", x), own("QuickGelu", x, alpha=1.0)))


@case("Cast", opset=15)
def cast_like(g):
    x = g.input(1, 3, 4, 6)
    whole = g("CastLike", x, np.array([1]))
    return g("Add", g("CastLike", whole, x), g("CastLike", np.array([2]), np.array([0.5], np.float32)))


@case("Hardmax")
def hardmax_classes(g):
    return g("Hardmax", g("Round", g.input(1, 7)), axis=1)


@case("Hardmax", opset=12)
def hardmax_old_all(g):
    return g("Hardmax", g("Round", g.input(1, 4, 3, 2)))


@case("Hardmax", opset=11)
def hardmax_old_rows(g):
    return g("Hardmax", g("Round", g.input(2, 4, 3)), axis=-1)


def unpooled(name, size, output_shape=None, overlapping=False, pads=None, **kept):
    def build(g):
        x, attributes = g.input(*size), dict(kept)
        if pads and "ceil_mode" not in kept:
            attributes["pads"] = pads
        maxima, places = g("MaxPool", x, outputs=2, **attributes)
        inputs = [g("Mul", maxima, np.float32(-0.5)), places]
        if overlapping:
            # Windows that have the same maximum have other values.
            axes = len(size) - 2
            inputs[0] = g("AveragePool", inputs[0], kernel_shape=[2] * axes, pads=[1] * axes + [0] * axes)
        for name in ("ceil_mode", "dilations"):
            attributes.pop(name, None)
        if output_shape:
            inputs.append(np.array(output_shape, np.int64))
        if pads:
            # onnxruntime holds the stated shape against the one that follows from these.
            attributes["pads"] = pads
        return g("MaxUnpool", *inputs, **attributes)

    build.__name__ = f"max_unpool{name}"
    case("MaxUnpool", opset=12)(build)


unpooled("", (1, 3, 6, 8), kernel_shape=[2, 2], strides=[2, 2])
unpooled("_rest", (1, 3, 7, 9), output_shape=(1, 3, 7, 9), kernel_shape=[2, 2], strides=[2, 2])
unpooled("_overlapping", (1, 2, 9, 8), output_shape=(1, 2, 9, 8), kernel_shape=[3, 3], strides=[2, 2], overlapping=True)
unpooled("_overlapping_padded", (1, 3, 8, 9), output_shape=(1, 3, 8, 9), kernel_shape=[3, 3], strides=[2, 1], pads=[1, 1, 1, 1], overlapping=True)
unpooled("_overlapping_pictures", (2, 2, 7, 7), output_shape=(2, 2, 7, 7), kernel_shape=[3, 2], strides=[1, 2], overlapping=True)
unpooled("_ceil", (1, 2, 8, 7), output_shape=(1, 2, 8, 7), kernel_shape=[3, 3], strides=[3, 3], ceil_mode=1, pads=[0, 0, 1, 2])
unpooled("_ceil_overlapping", (1, 2, 8, 8), output_shape=(1, 2, 8, 8), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1, pads=[0, 0, 1, 1], overlapping=True)
unpooled("_dilated", (1, 2, 9, 9), output_shape=(1, 2, 9, 9), kernel_shape=[2, 2], strides=[3, 2], dilations=[2, 2])
unpooled("_row", (2, 3, 9), output_shape=(2, 3, 9), kernel_shape=[2], strides=[2])
unpooled("_row_overlapping", (1, 3, 10), output_shape=(1, 3, 10), kernel_shape=[3], strides=[2], pads=[1, 1], overlapping=True)
unpooled("_volume", (1, 2, 4, 6, 5), output_shape=(1, 2, 4, 6, 5), kernel_shape=[2, 2, 2], strides=[2, 2, 2])
unpooled("_volume_padded", (2, 2, 5, 6, 5), output_shape=(2, 2, 5, 6, 5), kernel_shape=[2, 3, 1], strides=[2, 3, 2], pads=[1, 0, 0, 0, 0, 0])
# The indices count the elements of a larger result, as onnxruntime has it.
unpooled("_larger", (1, 3, 6, 8), output_shape=(1, 3, 8, 9), kernel_shape=[2, 2], strides=[2, 2])
unpooled("_larger_overlapping", (2, 2, 7, 7), output_shape=(2, 2, 8, 7), kernel_shape=[3, 2], strides=[1, 2], overlapping=True)
unpooled("_larger_row", (1, 2, 8), output_shape=(1, 2, 11), kernel_shape=[2], strides=[2])
unpooled("_larger_volume", (1, 2, 2, 4, 4), output_shape=(1, 2, 3, 4, 5), kernel_shape=[1, 2, 2], strides=[1, 2, 2])


@case("MaxUnpool", opset=12)
def max_unpool_overlapping_infinite(g):
    """What is infinite is put back as what is not; bounded afterwards, so that it can be compared."""
    x, values = g.input(1, 2, 9, 8), g.input(1, 2, 4, 3)
    g.values[values][0, :, ::2, 1] = np.inf
    g.values[values][0, 1, 1] = -np.inf
    maxima, places = g("MaxPool", x, outputs=2, kernel_shape=[3, 3], strides=[2, 2])
    full = g("MaxUnpool", values, places, np.array([1, 2, 9, 8], np.int64), kernel_shape=[3, 3], strides=[2, 2])
    return g("Clip", full, np.float32(-4), np.float32(4))


unpooled("_gaps", (1, 2, 8, 8), output_shape=(1, 2, 8, 8), kernel_shape=[2, 3], strides=[3, 3])


# --- values at computed positions --------------------------------------------------------------------------------------


def grid_sample(name, size, places, opset=20, constant=False, **attributes):
    def build(g):
        axes = len(size) - 2
        shape = (size[0], *places, axes)
        grid = g.constant(g.rng.uniform(-1.6, 1.6, shape)) if constant else g("Mul", g.input(*shape), np.float32(0.6))
        return g("GridSample", g.input(*size), grid, **attributes)

    build.__name__ = f"grid_sample_{name}"
    case("GridSample", opset=opset)(build)


for mode, old in (("nearest", "nearest"), ("linear", "bilinear"), ("cubic", "bicubic")):
    for padding in ("zeros", "border", "reflection"):
        grid_sample(f"{mode}_{padding}", (1, 3, 5, 7), (4, 6), mode=mode, padding_mode=padding)
        grid_sample(f"{mode}_{padding}_corners", (1, 3, 5, 7), (6, 3), opset=16, mode=old, padding_mode=padding, align_corners=1)
    grid_sample(f"{mode}_constant", (1, 5, 6, 7), (4, 3), constant=True, mode=mode, padding_mode="reflection")
grid_sample("many_channels", (1, 13, 6, 5), (3, 7), opset=22)
grid_sample("pictures", (2, 3, 4, 5), (3, 3), padding_mode="border")
grid_sample("pictures_constant", (2, 3, 4, 5), (3, 3), constant=True)
grid_sample("one_row", (1, 2, 1, 6), (3, 4), padding_mode="reflection", align_corners=1)
grid_sample("one_pixel", (1, 3, 1, 1), (2, 2), mode="cubic", padding_mode="reflection")
grid_sample("volume", (1, 2, 3, 4, 5), (2, 3, 4), padding_mode="border")
grid_sample("volume_nearest", (1, 2, 3, 4, 5), (2, 3, 4), mode="nearest", padding_mode="reflection", align_corners=1)
grid_sample("large", (1, 9, 40, 70), (70, 90))


@case("GridSample", opset=16)
def grid_sample_of_constant(g):
    """The value is a constant, the grid is not."""
    return g("GridSample", g.weights(1, 3, 4, 5), g("Mul", g.input(1, 3, 4, 2), np.float32(0.4)))


@case("AffineGrid", opset=20)
def affine_grid(g):
    """A spatial transformer: the position is computed from the picture."""
    x = g.input(1, 3, 6, 8)
    mean = g("Reshape", g("ReduceMean", x, g.constant(np.array([2, 3]))), g.constant(np.array([1, 3])))
    theta = g("Reshape", g("Gemm", mean, g.weights(3, 6), g.constant(np.array([1.0, 0, 0, 0, 1, 0]))), g.constant(np.array([1, 2, 3])))
    grid = g("AffineGrid", theta, g.constant(np.array([1, 3, 5, 7])))
    return g("GridSample", x, grid)


@case("AffineGrid", opset=20)
def affine_grid_corners(g):
    return g("AffineGrid", g.input(2, 2, 3), g.constant(np.array([2, 3, 5, 4])), align_corners=1)


@case("AffineGrid", opset=20)
def affine_grid_volume(g):
    return g("AffineGrid", g.input(1, 3, 4), g.constant(np.array([1, 2, 3, 4, 5])))


def deform_conv(name, channels, outputs, kernel, size=(6, 7), pads=(0, 0, 0, 0), strides=(1, 1), dilations=(1, 1), group=1,
                offset_group=1, bias=True, mask=False, computed=False, batch=1, opset=19):
    def build(g):
        made = [(size[i] + pads[i] + pads[i + 2] - dilations[i] * (kernel[i] - 1) - 1) // strides[i] + 1 for i in (0, 1)]
        taps = offset_group * kernel[0] * kernel[1]
        x = g.input(batch, channels, *size)
        offsets = g.input(batch, 2 * taps, *made, low=-2.5, high=2.5)
        weights = g.weights(outputs, channels // group, *kernel)
        if computed:
            weights = g("Mul", weights, g.input(1))
        inputs = [x, weights, g("Neg", offsets)]
        if bias or mask:
            inputs.append(g.weights(outputs, scale=0.5) if bias else "")
        if mask:
            inputs.append(g("Sigmoid", g.input(batch, taps, *made)))
        return g("DeformConv", *inputs, kernel_shape=list(kernel), pads=list(pads), strides=list(strides),
                 dilations=list(dilations), group=group, offset_group=offset_group)

    build.__name__ = f"deform_conv{name}"
    case("DeformConv", opset=opset)(build)


deform_conv("", 3, 4, (3, 3), pads=(1, 1, 1, 1))
deform_conv("_mask", 4, 5, (3, 3), pads=(1, 1, 1, 1), mask=True, opset=22)
deform_conv("_mask_without_bias", 3, 2, (2, 3), bias=False, mask=True)
deform_conv("_groups", 6, 9, (3, 2), pads=(1, 0, 1, 1), group=3)
deform_conv("_offset_groups", 6, 4, (2, 2), offset_group=3, mask=True)
deform_conv("_both_groups", 8, 4, (3, 3), size=(9, 8), strides=(2, 1), dilations=(1, 2), group=2, offset_group=4, mask=True)
deform_conv("_many_channels", 18, 7, (1, 1), size=(5, 4), strides=(2, 2), bias=False)
deform_conv("_computed", 3, 4, (2, 2), computed=True)


# --- what is written out: Attention, sequences, Loop --------------------------------------------------------------------


def attention(name, q, k, v=None, opset=23, mask=None, past=None, filled=None, outputs=1, reference=False, **attributes):
    """The scores of mode 0 and 2 are not compared with a mask, which has infinities in them."""

    def build(g):
        inputs = [g("Mul", g.input(*q), np.float32(0.7)), g("Tanh", g.input(*k)), g.input(*(v or k))]
        if mask is not None:
            inputs.append(mask(g))
        if past is not None:
            inputs += [""] * (4 - len(inputs)) + [g.constant(g.rng.normal(size=shape).astype(np.float32)) for shape in past]
        if filled is not None:
            inputs += [""] * (6 - len(inputs)) + [g.constant(np.array(filled, np.int64))]
        made = g("Attention", *inputs, outputs=outputs, **attributes)
        return made

    build.__name__ = f"attention_{name}"
    case("Attention", opset=opset, reference=reference)(build)


def random_mask(*shape):
    def build(g):
        mask = g.rng.random(shape) > 0.4
        mask[..., 0] = True
        return g.constant(mask)
    return build


attention("plain", (1, 3, 5, 8), (1, 3, 7, 8), (1, 3, 7, 6))
attention("flat", (1, 5, 24), (1, 7, 24), (1, 7, 15), q_num_heads=3, kv_num_heads=3, outputs=4)
attention("flat_grouped", (1, 5, 36), (1, 7, 12), (1, 7, 10), q_num_heads=6, kv_num_heads=2, opset=24)
attention("grouped", (1, 6, 5, 4), (1, 2, 7, 4), (1, 2, 7, 3), scale=0.3, qk_matmul_output_mode=3, outputs=4)
attention("pictures", (2, 3, 5, 8), (2, 3, 6, 8))
attention("causal", (1, 2, 5, 4), (1, 2, 7, 4), is_causal=1, qk_matmul_output_mode=3, outputs=4)
attention("causal_past", (1, 2, 3, 4), (1, 2, 3, 4), is_causal=1, past=[(1, 2, 4, 4), (1, 2, 4, 4)], outputs=3)
attention("softcap", (1, 2, 5, 4), (1, 2, 7, 4), softcap=0.9, qk_matmul_output_mode=1, outputs=4, mask=random_mask(5, 7))
attention("softcap_scores", (1, 2, 5, 4), (1, 2, 7, 4), softcap=0.9, qk_matmul_output_mode=0, outputs=4, opset=24)
attention("softcap_biased", (1, 2, 5, 4), (1, 2, 7, 4), softcap=0.9, qk_matmul_output_mode=2, outputs=4, mask=lambda g: g.input(2, 5, 7))
attention("empty_past", (1, 2, 5, 4), (1, 2, 7, 4), past=[(1, 2, 0, 4), (1, 2, 0, 4)], outputs=3)
attention("mask_of_truths", (1, 4, 5, 4), (1, 2, 7, 4), mask=random_mask(1, 4, 5, 7), opset=24)
attention("mask_of_truths_causal", (1, 2, 5, 4), (1, 2, 7, 4), mask=random_mask(5, 7), is_causal=1)
attention("mask_of_floats", (1, 10, 8), (1, 7, 8), q_num_heads=2, kv_num_heads=2, mask=lambda g: g.input(1, 1, 10, 7))
attention("mask_of_floats_causal", (1, 10, 8), (1, 7, 8), q_num_heads=2, kv_num_heads=2, mask=lambda g: g.input(10, 7), is_causal=1)
NOTHING = np.array([[1, 1, 0, 0, 1], [0, 0, 0, 0, 0], [0, 1, 0, 1, 0]], bool)


def infinite(mask):
    return np.where(mask, np.float32(0.25), np.float32(-np.inf))


attention("mask_of_nothing", (1, 2, 3, 4), (1, 2, 5, 4), mask=lambda g: g.constant(NOTHING), qk_matmul_output_mode=3, outputs=4)
attention("mask_of_nothing_floats", (1, 2, 3, 4), (1, 2, 5, 4), mask=lambda g: g.constant(infinite(NOTHING)))
attention("mask_of_nothing_causal", (1, 4, 3, 4), (1, 2, 5, 4), mask=lambda g: g.constant(~np.eye(3, 5, dtype=bool)), is_causal=1)
attention("mask_of_nothing_computed", (1, 2, 3, 4), (1, 2, 5, 4), mask=lambda g: g("Greater", g.input(3, 5), np.where(NOTHING, np.float32(0.5), np.float32(9))))
attention("nothing_filled", (2, 2, 3, 4), (2, 2, 5, 4), filled=[0, 5], opset=24)
attention("nothing_filled_causal", (2, 2, 3, 4), (2, 2, 5, 4), filled=[2, 5], opset=24, is_causal=1)
for kind, mask in dict(truths=np.array([[True], [False], [True]]), floats=np.array([[0.4], [-0.7], [-np.inf]], np.float32)).items():
    attention(f"mask_of_one_key_{kind}", (1, 2, 3, 4), (1, 2, 5, 4), mask=lambda g, mask=mask: g.constant(mask), reference=True)
attention("mask_of_one_key_single", (1, 2, 3, 4), (1, 2, 5, 4), mask=lambda g: g.input(1), reference=True)
attention("mask_of_three_keys", (1, 2, 3, 4), (1, 2, 5, 4), mask=lambda g: g.input(3, 3), reference=True)
attention("mask_of_three_keys_truths", (1, 2, 3, 4), (1, 2, 5, 4), mask=lambda g: g.constant(NOTHING[:, 2:]), reference=True, is_causal=1)
attention("mask_computed", (1, 2, 5, 4), (1, 2, 7, 4), mask=lambda g: g("Greater", g.input(5, 7), np.float32(-2.5)))


def multi_head_attention(name, bias, more=(), **attributes):
    @case("MultiHeadAttention", opset=17)
    def build(g):
        inputs = [g.input(1, 5, 12), g.input(1, 7, 12), g.input(1, 7, 12), g.weights(36, scale=0.5) if bias else ""]
        inputs += ["", *(g.input(*shape) for shape in more)]
        while not inputs[-1]:
            inputs.pop()
        return g("MultiHeadAttention", *inputs, num_heads=3, domain="com.microsoft", **attributes)

    CASES[-1]["name"] = f"multi-head-attention-{name}"


multi_head_attention("plain", False)
multi_head_attention("bias", True, scale=0.4)
multi_head_attention("mask", True, more=[(1, 3, 5, 7)])


SEQUENCES = "sequences"


@case(SEQUENCES)
def sequence_of_parts(g):
    """Taken apart, turned round and joined again."""
    parts = g("SplitToSequence", g.input(1, 6, 3, 4), axis=1, keepdims=1)
    first, last = (g("SequenceAt", parts, g.constant(np.array(place))) for place in (0, -1))
    more = g("SequenceInsert", parts, g("Relu", last), g.constant(np.array(1)))
    less = g("SequenceErase", more, g.constant(np.array(3)))
    return [g("ConcatFromSequence", less, axis=1), g("Add", first, g("Cast", g("SequenceLength", less), to=TensorProto.FLOAT))]


@case(SEQUENCES, opset=11)
def sequence_of_sizes(g):
    parts = g("SplitToSequence", g.input(1, 7, 3, 4), g.constant(np.array([2, 4, 1])), axis=1)
    return [g("SequenceAt", parts, g.constant(np.array(place))) for place in (1, 2)]


@case(SEQUENCES, opset=24)
def sequence_of_chunks(g):
    parts = g("SplitToSequence", g.input(1, 3, 7, 4), g.constant(np.array(3)), axis=-2)
    return g("ConcatFromSequence", parts, axis=-2), g("SequenceAt", parts, g.constant(np.array(-1)))


@case(SEQUENCES)
def sequence_stacked(g):
    x = g.input(1, 3, 4)
    parts = g("SequenceConstruct", x, g("Neg", x), g("Relu", x))
    alone = g("SplitToSequence", x, axis=1, keepdims=0)
    return g("ConcatFromSequence", parts, axis=1, new_axis=1), g("ConcatFromSequence", alone, axis=0, new_axis=1)


def loop_body(g, nodes, given, made, constants=()):
    """`given` and `made` are (name, type, shape)."""
    info = lambda name, kind=TensorProto.FLOAT, shape=None: helper.make_tensor_value_info(name, kind, shape)
    return helper.make_graph(nodes, "body", [info(*one) for one in given], [info(*one) for one in made], list(constants))


COUNT, GOES_ON = ("i", TensorProto.INT64, []), ("goes_on", TensorProto.BOOL, [])


@case("Loop")
def loop_with_results(g):
    """A value that is carried, and one that is collected; the round takes part."""
    x = g.input(1, 3, 4, 5)
    node = helper.make_node
    body = loop_body(g, [
        node("Cast", ["i"], ["number"], to=TensorProto.FLOAT), node("Mul", ["kept", "half"], ["less"]),
        node("Add", ["less", "number"], ["next"]), node("Sub", ["next", x], ["seen"]), node("Identity", ["goes_on"], ["still"]),
    ], [COUNT, GOES_ON, ("kept",)], [("still", TensorProto.BOOL, []), ("next",), ("seen",)],
        [numpy_helper.from_array(np.array(0.5, np.float32), "half")])
    return g("Loop", g.constant(np.array(3)), g.constant(np.array(True)), g("Relu", x), outputs=2, body=body)


@case("Loop", opset=16)
def loop_until(g):
    """The condition ends it, which follows from the round."""
    node = helper.make_node
    body = loop_body(g, [node("Tanh", ["kept"], ["bent"]), node("Add", ["bent", "kept"], ["next"]), node("Less", ["i", "three"], ["still"])],
                     [COUNT, GOES_ON, ("kept",)], [("still", TensorProto.BOOL, []), ("next",)],
                     [numpy_helper.from_array(np.array(3), "three")])
    return g("Loop", "", g.constant(np.array(True)), g.input(1, 3, 4, 5), body=body)


@case("Loop")
def loop_never(g):
    node = helper.make_node
    body = loop_body(g, [node("Neg", ["kept"], ["next"]), node("Identity", ["goes_on"], ["still"])],
                     [COUNT, GOES_ON, ("kept",)], [("still", TensorProto.BOOL, []), ("next",)])
    return g("Loop", g.constant(np.array(0)), "", g("Relu", g.input(1, 3, 4)), body=body)


@case("Loop")
def loop_over_sequence(g):
    """As exporters write a list that is filled round by round: windows of the picture, each beside what lies around it."""
    x = g.input(1, 2, 6, 4)
    node = helper.make_node
    sequence = helper.make_tensor_sequence_value_info
    tensors = [node("Add", ["i", "one"], ["end"]), node("Unsqueeze", ["i", "zero"], ["from"]), node("Unsqueeze", ["end", "zero"], ["to"]),
               node("Slice", [x, "from", "to", "rows"], ["row"]), node("SequenceInsert", ["kept", "row"], ["next"]),
               node("Identity", ["goes_on"], ["still"])]
    info = helper.make_tensor_value_info
    constants = [numpy_helper.from_array(np.array(value), name) for name, value in (("one", 1), ("zero", [0]), ("rows", [2]))]
    body = helper.make_graph(tensors, "body", [info(*COUNT), info(*GOES_ON), sequence("kept", TensorProto.FLOAT, None)],
                             [info("still", TensorProto.BOOL, []), sequence("next", TensorProto.FLOAT, None)], constants)
    rows = g("Loop", g.constant(np.array(5)), g.constant(np.array(True)), g("SequenceEmpty"), body=body)
    return g("ConcatFromSequence", rows, axis=2)


@case("Loop", opset=18)
def loop_in_loop(g):
    node = helper.make_node
    inner = loop_body(g, [node("Mul", ["deep", "outer_number"], ["deeper"]), node("Identity", ["on"], ["still_on"])],
                      [("j", TensorProto.INT64, []), ("on", TensorProto.BOOL, []), ("deep",)],
                      [("still_on", TensorProto.BOOL, []), ("deeper",)])
    body = loop_body(g, [node("Cast", ["i"], ["number"], to=TensorProto.FLOAT), node("Sub", ["number", "half"], ["outer_number"]),
                         node("Loop", ["two", "", "kept"], ["next"], body=inner), node("Identity", ["goes_on"], ["still"])],
                     [COUNT, GOES_ON, ("kept",)], [("still", TensorProto.BOOL, []), ("next",)],
                     [numpy_helper.from_array(np.array(0.5, np.float32), "half"), numpy_helper.from_array(np.array(2), "two")])
    return g("Loop", g.constant(np.array(2)), "", g.input(1, 2, 3), body=body)


@case("If")
def if_of_shape(g):
    """The condition follows from a shape, as exporters write a squeeze."""
    x = g.input(1, 3, 4, 5)
    branch = lambda name, op: helper.make_graph([helper.make_node(op, [x], [name])], name, [], [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)])
    first = g("Gather", g("Shape", x), g.constant(np.array(0)), axis=0)
    return g("If", g("Equal", first, g.constant(np.array(1))), then_branch=branch("t", "Relu"), else_branch=branch("e", "Neg"))


def scattered(name, indices, reduction, axis=1, shape=(1, 4, 5, 3), opset=18, nd=False):
    def build(g):
        numbers = np.array(indices)
        made = numbers.shape if not nd else (*numbers.shape[:-1], *shape[numbers.shape[-1]:])
        inputs = [g.input(*shape), g.constant(numbers), g("Tanh", g.input(*made))]
        return g("ScatterND" if nd else "ScatterElements", *inputs, reduction=reduction, **({} if nd else {"axis": axis}))

    build.__name__ = f"scatter_{'nd' if nd else 'elements'}_{name}"
    case("Scatter with reduction", opset=opset)(build)


MANY = np.random.default_rng(3).integers(-4, 4, (1, 9, 5, 3))
for reduction in ("add", "mul", "max", "min"):
    scattered(reduction, MANY, reduction)
    scattered(reduction, [[[0, 1], [0, 3], [0, 1]]], reduction, shape=(1, 4, 5), nd=True)
scattered("add_rows", [[[[0, 2, 2]] * 3] * 2], "add", axis=3, opset=16)


@case("TopK")
def top_k_many(g):
    """More values than a table of all pairs could hold."""
    values, places = g("TopK", g.input(1, 9000), np.array([40]), outputs=2)
    return values, g("Cast", places, to=TensorProto.FLOAT)


@case("TopK", opset=11)
def top_k_equal(g):
    """Of equal values the first comes first."""
    values, places = g("TopK", g("Round", g.input(1, 3, 40)), np.array([17]), outputs=2, largest=0)
    return values, g("Cast", places, to=TensorProto.FLOAT)


@case("IsInf and IsNaN", lowered="IsInf")
def is_inf(g):
    x = g("Div", g.constant(np.array([1.0, -1.0, 0.0, 2.0])), g("Relu", g.input(1, 3, 5, 4)))
    return g("Cast", g("IsInf", x), to=TensorProto.FLOAT)


@case("IsInf and IsNaN", lowered="IsInf")
def is_inf_negative(g):
    x = g("Log", g("Relu", g.input(1, 3, 5, 4)))
    return g("Cast", g("IsInf", x, detect_positive=0), to=TensorProto.FLOAT)


@case("IsInf and IsNaN", lowered="IsInf")
def is_inf_positive(g):
    x = g("Log", g("Relu", g.input(1, 3, 5, 4)))
    return g("Cast", g("IsInf", x, detect_negative=0), to=TensorProto.FLOAT)


@case("IsInf and IsNaN", lowered="IsNaN")
def is_nan(g):
    x = g("Sqrt", g("Round", g.input(1, 3, 5, 4)))
    return g("Cast", g("IsNaN", x), to=TensorProto.FLOAT)


@case("IsInf and IsNaN", lowered="IsNaN")
def nan_to_zero(g):
    x = g("Log", g("Round", g.input(1, 3, 5, 4)))
    x = g("Where", g("IsNaN", x), np.float32(0), x)
    return g("Where", g("IsInf", x), np.float32(-9), x)


def transposed_by_computed(name, x, kernel, bias=None, **attributes):
    def build(g):
        inputs = [g.input(*x), g("Tanh", g.input(*kernel))]
        if bias:
            inputs.append(g("Neg", g.input(bias)))
        return g("ConvTranspose", *inputs, **attributes)

    build.__name__ = f"conv_transpose_computed{name}"
    case("ConvTranspose with a kernel that is computed")(build)


transposed_by_computed("", (1, 3, 4, 5), (3, 2, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1])
transposed_by_computed("_bias", (1, 3, 4, 5), (3, 2, 2, 3), bias=2, strides=[1, 2], output_padding=[0, 1])
transposed_by_computed("_grouped", (1, 4, 4, 3), (4, 3, 3, 2), group=2, dilations=[2, 1])


@case("ConvTranspose with a kernel that is computed")
def conv_transpose_computed_only_bias(g):
    return g("ConvTranspose", g.input(1, 3, 4, 5), g.weights(3, 2, 3, 3), g("Neg", g.input(2)), strides=[2, 2])


@case("Softmax")
def softmax_height(g):
    return g("Relu", g("Softmax", g.input(1, 4, 5, 6), axis=2))


@case("Softmax")
def log_softmax_width(g):
    return g("Neg", g("LogSoftmax", g.input(1, 4, 5, 6), axis=3))


# --- Conditions and functions of each element --------------------------------------------------------------------------

for name in ("Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Equal"):
    def comparison(g, name=name):
        x = g("Round", g.input(1, 4, 5, 6))
        return g("Cast", g(name, x, g("Round", g.input(1, 4, 1, 1))), to=TensorProto.FLOAT)

    comparison.__name__ = "compare_" + "".join("_" + it.lower() if it.isupper() else it for it in name).strip("_")
    case("comparisons", opset=16)(comparison)


@case("comparisons")
def logic(g):
    x, y = g.input(1, 4, 5, 6), g.input(1, 4, 5, 6)
    first, second = g("Greater", x, np.float32(0)), g("Less", y, np.float32(1))
    either = g("Or", g("And", first, g("Not", second)), g("Xor", first, second))
    return g("Cast", either, to=TensorProto.FLOAT)


@case("Where")
def where_infinite(g):
    x = g.input(1, 4, 5, 6)
    large = g("Where", g("Greater", x, np.float32(0)), np.array(np.inf, np.float32), x)
    return g("Where", g("Greater", x, np.float32(0)), g("Exp", g("Neg", large)), x)


@case("Where")
def where_channels(g):
    x = g.input(1, 4, 5, 6)
    return g("Where", g("Greater", g("GlobalAveragePool", x), np.float32(0)), x, g("Neg", x))


@case("Where")
def softshrink(g):
    x = g.input(1, 4, 5, 6)
    above = g("Where", g("Greater", x, np.float32(0.5)), g("Sub", x, np.float32(0.5)), np.float32(0))
    below = g("Where", g("Less", x, np.float32(-0.5)), g("Add", x, np.float32(0.5)), np.float32(0))
    return g("Add", above, below)


for name, kind in (("int32", TensorProto.INT32), ("int64", TensorProto.INT64), ("uint8", TensorProto.UINT8),
                   ("bool", TensorProto.BOOL)):
    def cast(g, kind=kind):
        low, high = (0, 250) if kind == TensorProto.UINT8 else (-5, 5)
        return g("Cast", g("Cast", g.input(1, 4, 5, 6, low=low, high=high), to=kind), to=TensorProto.FLOAT)

    cast.__name__ = f"cast_{name}"
    case("Cast", opset=13)(cast)


@case("Cast")
def integer_division(g):
    x = g("Cast", g.input(1, 4, 5, 6, low=-9, high=9), to=TensorProto.INT64)
    return g("Cast", g("Add", g("Div", x, np.array(4)), g("Mod", x, np.array(3))), to=TensorProto.FLOAT)


for name in ("Floor", "Ceil", "Round", "Sin", "Cos", "Tan", "Sinh", "Cosh"):
    op(name.lower(), "functions of each element", operator=name, low=-1.4 if name == "Tan" else -6, high=1.4 if name == "Tan" else 6)
op("sin_far", "functions of each element", operator="Sin", low=-300, high=300)
op("round_half", "functions of each element", operator="Round", low=-6, high=6)
op("thresholded_relu", "functions of each element", operator="ThresholdedRelu")
op("shrink", "functions of each element", operator="Shrink", lambd=0.75, bias=0.25)


@case("Pow")
def number_to_the_power(g):
    return g("Pow", np.array(2.5, np.float32), g.input(1, 4, 5, 6))


@case("Pow")
def pow_per_channel(g):
    return g("Pow", g.input(1, 4, 5, 6, low=0.1, high=3), g.positive(4, 1, 1))


@case("Min, Max")
def maximum_of_three(g):
    return g("Max", g.input(1, 4, 5, 6), g.input(1, 4, 1, 1), np.float32(-1))


# --- Maxima over channels, whose result is one map ---------------------------------------------------------------------


@case("ReduceMax over channels")
def reduce_max_gate(g):
    x = g.input(1, 8, 5, 6)
    return [g("ReduceMax", x, axes=[1], keepdims=1), g("ReduceMin", x, axes=[1], keepdims=1)]


@case("ReduceMax over channels")
def spatial_gate(g):
    x = g.input(1, 8, 5, 6)
    both = g("Concat", g("ReduceMax", x, axes=[1], keepdims=1), g("ReduceMean", x, axes=[1], keepdims=1), axis=1)
    return g("Mul", x, g("Sigmoid", g.conv(both, 2, 1, 3, pads=[1, 1, 1, 1])))


# --- Convolutions of any form ------------------------------------------------------------------------------------------

TRANSPOSED = "ConvTranspose in any form"
for name, attributes, shape, outputs in (
        ("depthwise", dict(group=4, strides=[2, 2], pads=[1, 1, 1, 1]), (4, 1, 3, 3), 4),
        ("groups", dict(group=2, strides=[2, 1], pads=[1, 0, 0, 1]), (4, 3, 3, 2), 6),
        ("dilated", dict(dilations=[2, 3], strides=[2, 2], output_padding=[1, 1], pads=[1, 2, 1, 0]), (4, 3, 3, 2), 3),
        ("same_lower", dict(auto_pad="SAME_LOWER", strides=[2, 2]), (4, 3, 3, 3), 3),
        ("same_lower_even", dict(auto_pad="SAME_LOWER", strides=[2, 3]), (4, 3, 4, 4), 3),
        ("same_upper", dict(auto_pad="SAME_UPPER", strides=[2, 2]), (4, 3, 3, 3), 3),
        ("same_upper_padded", dict(auto_pad="SAME_UPPER", strides=[3, 2], output_padding=[1, 1]), (4, 3, 4, 3), 3),
        ("valid", dict(auto_pad="VALID", strides=[2, 2]), (4, 3, 3, 3), 3),
        ("output_shape", dict(output_shape=[10, 12], strides=[2, 2]), (4, 3, 3, 3), 3),
        ("output_shape_odd", dict(output_shape=[9, 11], strides=[2, 2]), (4, 3, 3, 3), 3),
        ("cut", dict(pads=[2, 3, 2, 3]), (4, 3, 3, 4), 3)):
    def transposed(g, attributes=attributes, shape=shape, outputs=outputs):
        return g("ConvTranspose", g.input(1, 4, 5, 6), g.weights(*shape), g.weights(outputs, scale=0.5), **attributes)

    transposed.__name__ = f"conv_transpose_{name}"
    case(TRANSPOSED)(transposed)


@case(TRANSPOSED)
def conv_transpose_rows(g):
    rows = g("Reshape", g.input(1, 4, 1, 7), np.array([1, 4, 7]))
    return g("ConvTranspose", rows, g.weights(4, 2, 3), strides=[2], pads=[1, 1])


@case("Conv in any form")
def conv_rows(g):
    rows = g("Reshape", g.input(1, 3, 1, 9), np.array([1, 3, 9]))
    return g("Conv", rows, g.weights(4, 3, 3), g.weights(4), strides=[2], pads=[1, 1])


@case("Conv in any form")
def conv_pictures(g):
    """Three pictures at once, as blur pooling and patches are written."""
    x = g("Reshape", g.input(1, 6, 5, 4), np.array([3, 2, 5, 4]))
    return g("Reshape", g.conv(x, 2, 4, 3, pads=[1, 1, 1, 1]), np.array([1, 12, 5, 4]))


@case("Conv in any form")
def efficient_channel_attention(g):
    x = g("Relu", g.input(1, 8, 5, 4))
    row = g("Reshape", g("GlobalAveragePool", x), np.array([1, 1, 8]))
    gate = g("Conv", row, g.weights(1, 1, 3), pads=[1, 1])
    return g("Mul", x, g("Sigmoid", g("Reshape", gate, np.array([1, 8, 1, 1]))))


for name, group, channels in (("", 1, 4), ("_groups", 2, 2), ("_depthwise", 4, 1)):
    def computed(g, group=group, channels=channels):
        x = g.input(1, 4, 6, 5)
        kernel = g("Reshape", g("MatMul", g("Reshape", g("GlobalAveragePool", x), np.array([1, 4])),
                                g.weights(4, 4 * channels * 9)), np.array([4, channels, 3, 3]))
        return g("Conv", x, kernel, kernel_shape=[3, 3], strides=[2, 1], pads=[1, 1, 1, 0], group=group)

    computed.__name__ = f"conv_computed{name}"
    case("Conv with a kernel that is computed")(computed)


@case("Conv with a kernel that is computed")
def conv_computed_bias(g):
    x = g.input(1, 4, 6, 5)
    bias = g("Reshape", g("GlobalAveragePool", x), np.array([4]))
    return g("Conv", x, g.weights(4, 4, 3, 3), bias, dilations=[2, 1])


# --- Resizing ----------------------------------------------------------------------------------------------------------

for mode in ("nearest", "linear", "cubic"):
    for transformation in ("half_pixel", "asymmetric", "pytorch_half_pixel", "align_corners", "half_pixel_symmetric"):
        op(f"resize_{mode}_{transformation}_by", "Resize", "", np.array([1, 1, 1.3, 0.6], np.float32), operator="Resize",
           shape=(1, 2, 9, 11), mode=mode, coordinate_transformation_mode=transformation, opset=19)
for rounding in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
    for transformation in ("half_pixel", "asymmetric", "tf_half_pixel_for_nn"):
        op(f"resize_ties_{rounding}_{transformation}", "Resize nearest at ties", "", "", np.array([1, 2, 41, 26]),
           operator="Resize", shape=(1, 2, 6, 44), mode="nearest", nearest_mode=rounding,
           coordinate_transformation_mode=transformation, opset=13)

op("resize_rows", "Resize", "", np.array([1, 1, 2], np.float32), operator="Resize", shape=(1, 3, 5), mode="linear")
op("resize_axes", "Resize", "", "", np.array([9, 7]), operator="Resize", shape=(1, 3, 4, 5), mode="linear", axes=[2, 3],
   opset=19, keep_aspect_ratio_policy="not_larger")
op("resize_antialias_cubic", "Resize", "", "", np.array([1, 3, 4, 17]), operator="Resize", shape=(1, 3, 9, 10), mode="cubic",
   antialias=1, opset=19)
op("resize_antialias_linear", "Resize", "", "", np.array([1, 3, 3, 4]), operator="Resize", shape=(1, 3, 10, 9), mode="linear",
   antialias=1, opset=18)
op("resize_nearest_10", "Resize", np.array([1, 1, 0.6, 1.7], np.float32), operator="Resize", shape=(1, 2, 9, 11), mode="nearest", opset=10)

# --- Pooling, norms and orders -----------------------------------------------------------------------------------------

op("lp_pool", "LpPool", operator="LpPool", kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 0], p=3)
op("global_lp_pool", "LpPool", operator="GlobalLpPool", p=3)
op("average_pool_rows", "pooling of rows", operator="AveragePool", shape=(1, 3, 9), kernel_shape=[3], strides=[2], pads=[1, 1])
op("max_pool_rows", "pooling of rows", operator="MaxPool", shape=(1, 3, 9), kernel_shape=[3], strides=[2], pads=[1, 1])
op("max_pool_pictures", "pooling of rows", operator="MaxPool", shape=(2, 3, 6, 5), kernel_shape=[2, 2])
op("average_pool_volume", "pooling of rows", operator="AveragePool", shape=(1, 1, 6, 4, 5), kernel_shape=[3, 1, 2],
   pads=[1, 0, 0, 1, 0, 1])
op("global_max_pool_rows", "pooling of rows", operator="GlobalMaxPool", shape=(1, 3, 9))


@case("LpNormalization")
def lp_normalization_of_zero(g):
    """Two of the pixels are zero in every channel."""
    mask = np.ones((1, 1, 3, 4), np.float32)
    mask[0, 0, 1, 1:3] = 0
    return g("LpNormalization", g("Mul", g.input(1, 5, 3, 4), mask), axis=1, p=2)


@case("BatchNormalization with the picture's statistics", opset=15)
def batch_norm_training(g):
    x = g.conv(g.input(1, 3, 5, 6), 3, 4, 3)
    return g("BatchNormalization", x, g.positive(4), g.weights(4), g.weights(4), g.positive(4), outputs=3, training_mode=1)[0]


op("mean_variance", "MeanVarianceNormalization", operator="MeanVarianceNormalization", opset=13)
op("mean_variance_axes", "MeanVarianceNormalization", operator="MeanVarianceNormalization", axes=[2, 3], opset=13)


@case("RMSNormalization", opset=23)
def rms_norm(g):
    return g("RMSNormalization", g.input(1, 3, 5, 6), g.weights(6), axis=-1)


@case("TopK")
def top_k(g):
    return g("TopK", g.input(1, 8, 3, 4), np.array([3]), outputs=2, axis=1)[0]


@case("TopK")
def top_k_smallest(g):
    return g("TopK", g.input(1, 3, 4, 6), np.array([2]), outputs=2, largest=0)[0]


@case("TopK")
def arg_max(g):
    x = g("Round", g.input(1, 8, 3, 4))
    return g("Cast", g("ArgMax", x, axis=1), to=TensorProto.FLOAT)


@case("TopK")
def arg_min(g):
    return g("Cast", g("ArgMin", g.input(1, 8, 3, 4), axis=2, keepdims=0), to=TensorProto.FLOAT)


op("reduce_prod", "reductions", operator="ReduceProd", axes=[1])
op("reduce_prod_map", "reductions", operator="ReduceProd", axes=[2, 3], keepdims=0, low=-1.5, high=1.5)
op("reduce_prod_one", "reductions", operator="ReduceProd", axes=[0])
op("reduce_log_sum", "reductions", operator="ReduceLogSum", axes=[1], low=0.1)
op("reduce_log_sum_exp", "reductions", operator="ReduceLogSumExp", axes=[2, 3], keepdims=0)


# --- Elements that are picked and placed -------------------------------------------------------------------------------

PLACES = "picking and placing by indices"
WHOLE = (1, 4, 5, 6)


def both(name, build, row=PLACES, opset=17, note=""):
    """The same operator on constants, which folding computes, and on a computed value, which the engines compute."""

    def folded(g):
        return g("Mul", g.input(1, 1, 1, 1), build(g, g.weights(*WHOLE, scale=1.5)))

    folded.__name__ = f"{name}_of_constants"
    case(row, opset=opset, note=note)(folded)

    def computed(g):
        return build(g, g("Neg", g.input(*WHOLE)))

    computed.__name__ = name
    case(row, opset=opset, note=note)(computed)


C = np.array
for name, build, opset in [
        ("gather_nd_channels", lambda g, x: g("GatherND", x, C([[0, 3], [0, -1], [0, 0]])), 13),
        ("gather_nd_elements", lambda g, x: g("GatherND", x, C([[[0, 3, 1, 5], [0, 0, 4, 0]], [[0, 1, 2, 3], [0, 1, 2, -6]]])), 12),
        ("gather_nd_batch", lambda g, x: g("GatherND", x, C([[[3], [1]]]), batch_dims=1), 13),
        ("gather_elements_channels", lambda g, x: g("GatherElements", x, g.rng.integers(-4, 4, (1, 2, 5, 6)), axis=1), 13),
        ("gather_elements_width", lambda g, x: g("GatherElements", x, g.rng.integers(0, 6, (1, 3, 5, 9)), axis=-1), 11),
        ("scatter_nd_channels", lambda g, x: g("ScatterND", x, C([[0, 2], [0, 0]]), g.weights(2, 5, 6)), 16),
        ("scatter_nd_elements", lambda g, x: g("ScatterND", x, C([[0, 2, 1, 4], [0, -1, 0, 0]]), C([9.0, -9.0])), 13),
        ("scatter_nd_by_itself", lambda g, x: g("ScatterND", x, C([[0, 1], [0, 3]]), g("GatherND", g("Abs", x), C([[0, 0], [0, 2]]))), 11),
        ("scatter_elements_rows", lambda g, x: g("ScatterElements", x, g.rng.permuted(np.tile(np.arange(5).reshape(1, 1, 5, 1), (1, 4, 1, 3)), axis=2)[:, :, :2],
                                                  g.weights(1, 4, 2, 3), axis=2), 18),
        ("scatter_elements_old", lambda g, x: g("Scatter", x, C([[[[1], [3]]]]), g.weights(1, 1, 2, 1), axis=3), 9),
        ("cum_sum_channels", lambda g, x: g("CumSum", x, C(1)), 11),
        ("cum_sum_exclusive", lambda g, x: g("CumSum", x, C(-1, np.int32), exclusive=1), 14),
        ("cum_sum_reverse", lambda g, x: g("CumSum", x, C(2), reverse=1), 14),
        ("cum_sum_both", lambda g, x: g("CumSum", x, C(3), exclusive=1, reverse=1), 14),
        ("trilu_upper", lambda g, x: g("Trilu", x), 14),
        ("trilu_lower_shifted", lambda g, x: g("Trilu", x, C(-2), upper=0), 14),
        ("trilu_upper_shifted", lambda g, x: g("Trilu", x, C(1), upper=1), 14),
            ("hardmax", lambda g, x: g("Hardmax", g("Round", x)), 13),
        ("hardmax_middle", lambda g, x: g("Hardmax", g("Round", x), axis=-3), 13),
        ("hardmax_old", lambda g, x: g("Hardmax", g("Round", x), axis=2), 11),
        ("one_hot_last", lambda g, x: g("OneHot", g("ArgMax", x, axis=1, keepdims=0), C(4), C([0.5, 2.5])), 11),
        ("one_hot_middle", lambda g, x: g("OneHot", g("ArgMin", x, axis=3, keepdims=0), C([6.0]), C([-1.0, 1.0]), axis=1), 13),
        ("one_hot_negative", lambda g, x: g("OneHot", g("Sub", g("ArgMax", x, axis=1, keepdims=0), C(4)), C([4]), C([0.0, 1.0]), axis=-1), 13),
        ("arg_max_flat", lambda g, x: g("Cast", g("ArgMax", g("Round", x), axis=-1, keepdims=0), to=TensorProto.FLOAT), 13),
        ("arg_max_last_of_equal", lambda g, x: g("Cast", g("ArgMax", g("Round", x), axis=1, select_last_index=1), to=TensorProto.FLOAT), 12),
        ("arg_min_last_of_equal", lambda g, x: g("Cast", g("ArgMin", g("Round", x), axis=2, select_last_index=1), to=TensorProto.FLOAT), 13),
        ("arg_max_negative_axis", lambda g, x: g("Cast", g("ArgMax", x, axis=-2), to=TensorProto.FLOAT), 11),
        ("top_k_both", lambda g, x: g("Add", *(lambda t: [t[0], g("Cast", t[1], to=TensorProto.FLOAT)])(g("TopK", x, C([2]), outputs=2, axis=2))), 11),
        ("lp_pool_2", lambda g, x: g("LpPool", x, kernel_shape=[2, 3], strides=[2, 1], pads=[0, 1, 1, 1]), 11),
        ("lp_pool_same", lambda g, x: g("LpPool", x, kernel_shape=[3, 2], strides=[2, 2], p=1, auto_pad="SAME_UPPER"), 11),
        ("lp_pool_dilated_ceil", lambda g, x: g("LpPool", x, kernel_shape=[2, 2], strides=[2, 3], dilations=[2, 1], ceil_mode=1, p=3), 18),
        ("lp_pool_rows", lambda g, x: g("LpPool", g("Reshape", x, C([1, 4, 30])), kernel_shape=[4], strides=[3], pads=[1, 2]), 11),
        ("global_lp_pool_2", lambda g, x: g("GlobalLpPool", x), 2 + 9),
        ("shrink_hard", lambda g, x: g("Shrink", x, lambd=0.8), 9),
        ("shrink_soft", lambda g, x: g("Shrink", x, lambd=0.3, bias=0.3), 9),
        ("thresholded_relu_default", lambda g, x: g("ThresholdedRelu", x), 10),
        ("thresholded_relu_low", lambda g, x: g("ThresholdedRelu", x, alpha=0.25), 10),
        ("mod_float", lambda g, x: g("Mod", x, np.float32(0.8), fmod=1), 13),
        ("mod_negative", lambda g, x: g("Mod", x, np.float32(-0.75), fmod=1), 10),
        ("mod_of_integers", lambda g, x: g("Cast", g("Mod", g("Cast", g("Mul", x, np.float32(5)), to=TensorProto.INT32), C(-3, np.int32)), to=TensorProto.FLOAT), 13),
        ("mod_of_integers_like_c", lambda g, x: g("Cast", g("Mod", g("Cast", g("Mul", x, np.float32(5)), to=TensorProto.INT64), C(3), fmod=1), to=TensorProto.FLOAT), 13),
        ("narrow_uint8", lambda g, x: g("Cast", g("Cast", g("Mul", g("Abs", x), np.float32(50)), to=TensorProto.UINT8), to=TensorProto.FLOAT), 13),
        ("narrow_int8", lambda g, x: g("Cast", g("Cast", g("Mul", x, np.float32(20)), to=TensorProto.INT8), to=TensorProto.FLOAT), 13),
        ("narrow_uint16", lambda g, x: g("Cast", g("Cast", g("Mul", g("Abs", x), np.float32(5000)), to=TensorProto.UINT16), to=TensorProto.FLOAT), 13),
        ("narrow_int16", lambda g, x: g("Cast", g("Cast", g("Mul", x, np.float32(5000)), to=TensorProto.INT16), to=TensorProto.FLOAT), 13),
        ("narrow_twice", lambda g, x: g("Cast", g("Cast", g("Cast", g("Mul", x, np.float32(40)), to=TensorProto.INT32), to=TensorProto.INT8), to=TensorProto.FLOAT), 13),
        ("hard_range", lambda g, x: g("Clip", g("Cast", g("Cast", g("Mul", x, np.float32(40)), to=TensorProto.INT64), to=TensorProto.FLOAT), np.float32(-30), np.float32(50)), 13)]:
    both(name, build, opset=opset)

for name, low, high, opset in [("Sin", -9, 9, 7), ("Cos", -9, 9, 7), ("Tan", -1.4, 1.4, 7), ("Asin", -0.99, 0.99, 7), ("Acos", -0.99, 0.99, 7), ("Atan", -20, 20, 7),
                               ("Sinh", -5, 5, 9), ("Cosh", -5, 5, 9), ("Asinh", -50, 50, 9), ("Acosh", 1.01, 50, 9), ("Atanh", -0.95, 0.95, 9)]:
    def of_constants(g, name=name, low=low, high=high):
        return g("Mul", g.input(1, 1, 1, 1), g(name, g.constant(g.rng.uniform(low, high, WHOLE).astype(np.float32))))

    of_constants.__name__ = f"{name.lower()}_of_constants"
    case("trigonometry", opset=opset)(of_constants)
    if name not in ("Sin", "Cos", "Tan", "Sinh", "Cosh"):
        op(f"{name.lower()}", "trigonometry", operator=name, low=low, high=high, opset=opset)


op("lp_pool_volume", "LpPool", operator="LpPool", shape=(1, 2, 2, 5, 6), kernel_shape=[2, 3, 2], strides=[1, 2, 2], p=1)
op("lp_pool_volume_2", "LpPool", operator="LpPool", shape=(1, 2, 4, 5, 6), kernel_shape=[2, 2, 3], strides=[2, 1, 2], pads=[0, 1, 1, 0, 0, 1])
op("lp_pool_volume_same", "LpPool", operator="LpPool", shape=(1, 2, 4, 5, 6), kernel_shape=[3, 2, 3], strides=[2, 2, 2], p=3, auto_pad="SAME_UPPER")


@case("constants among computed values")
def concat_constant(g):
    return g("Concat", np.ones((1, 2, 5, 6), np.float32), g.input(1, 3, 5, 6), g.weights(1, 1, 5, 6), axis=1)


@case("constants among computed values")
def concat_constant_rows(g):
    return g("Concat", g.input(1, 3, 5, 6), np.zeros((1, 3, 1, 6), np.float32), axis=-2)


# --- Integers that stand for numbers -----------------------------------------------------------------------------------

QUANTISED = "QuantizeLinear and its relatives"


def pair(g, x, scale, zero, dtype=np.uint8, **attributes):
    """Quantised and back."""
    scale, zero = g.constant(np.array(scale, np.float32)), g.constant(np.array(zero, dtype))
    return g("DequantizeLinear", g("QuantizeLinear", x, scale, zero, **attributes), scale, zero, **attributes)


for name, scale, zero, dtype, opset, attributes in [
        ("uint8", 0.02, 100, np.uint8, 10, {}), ("int8", 0.02, -7, np.int8, 13, {}), ("int16", 0.0001, 5, np.int16, 21, {}),
        ("uint16", 0.0001, 33000, np.uint16, 21, {}), ("halves", 0.25, 3, np.int8, 13, {}),
        ("channels", [0.01, 0.02, 0.03, 0.25], [3, 0, 130, 128], np.uint8, 13, dict(axis=1)),
        ("width", [0.01, 0.02, 0.03, 0.25, 0.5, 0.02], [0] * 6, np.int8, 19, dict(axis=-1))]:
    def quantised(g, scale=scale, zero=zero, dtype=dtype, attributes=attributes, name=name):
        x = g.input(1, 4, 5, 6)
        # Halves of steps, which go to the even one.
        x = g("Mul", g("Round", g("Mul", x, np.float32(8))), np.float32(0.125)) if name == "halves" else x
        return pair(g, x, scale, zero, dtype, **attributes)

    quantised.__name__ = f"quantize_{name}"
    case(QUANTISED, opset=opset, tolerance=1e-6)(quantised)


@case(QUANTISED)
def quantize_no_zero_point(g):
    scale = g.constant(np.float32(0.01))
    return g("DequantizeLinear", g("QuantizeLinear", g.input(1, 4, 5, 6), scale), scale)


@case(QUANTISED, opset=21)
def quantize_output_type(g):
    scale = g.constant(np.float32(0.02))
    return g("DequantizeLinear", g("QuantizeLinear", g.input(1, 4, 5, 6), scale, output_dtype=TensorProto.INT8), scale)


@case(QUANTISED)
def dequantize_of_constants(g):
    parts = []
    for kind, zero in ((np.uint8, 130), (np.int8, -3), (np.int32, 0)):
        values = g.constant(g.rng.integers(*(0, 255) if kind == np.uint8 else (-120, 120), (1, 4, 5, 6)).astype(kind))
        parts.append(g("DequantizeLinear", values, np.float32(0.02), g.constant(np.array(zero, kind))))
    per_axis = g.constant(g.rng.integers(0, 255, (1, 4, 5, 6)).astype(np.uint8))
    parts.append(g("DequantizeLinear", per_axis, g.positive(5), g.constant(np.arange(5).astype(np.uint8)), axis=2))
    return g("Mul", g.input(1, 1, 1, 1), g("Sum", *parts))


@case(QUANTISED, opset=21)
def dequantize_blocks(g):
    values = g.constant(g.rng.integers(-120, 120, (1, 5, 3, 4)).astype(np.int8))
    zeros = g.constant(g.rng.integers(-5, 5, (1, 3, 3, 4)).astype(np.int8))
    return g("Add", g.input(1, 5, 3, 4), g("DequantizeLinear", values, g.positive(1, 3, 3, 4), zeros, axis=1, block_size=2))


@case(QUANTISED)
def dynamic_quantize(g):
    y, scale, zero = g("DynamicQuantizeLinear", g.input(1, 4, 5, 6), outputs=3)
    return [g("DequantizeLinear", y, scale, zero), g("Reshape", scale, np.array([1])), g("Reshape", g("Cast", zero, to=TensorProto.FLOAT), np.array([1]))]


@case(QUANTISED)
def matmul_integer(g):
    x, scale, zero = g("DynamicQuantizeLinear", g.input(1, 12), outputs=3)
    w = g.constant(g.rng.integers(-127, 127, (12, 5)).astype(np.int8))
    product = g("MatMulInteger", x, w, zero, g.constant(np.arange(5).astype(np.int8)))
    return g("Mul", g("Cast", product, to=TensorProto.FLOAT), scale)


@case(QUANTISED)
def conv_integer(g):
    scale, zero = np.float32(0.02), np.array(90, np.uint8)
    x = g("QuantizeLinear", g.input(1, 3, 7, 8), scale, zero)
    w = g.constant(g.rng.integers(0, 255, (4, 3, 3, 3)).astype(np.uint8))
    return g("Cast", g("ConvInteger", x, w, zero, g.constant(np.array(127, np.uint8)), strides=[2, 1], pads=[1, 0, 1, 1]), to=TensorProto.FLOAT)


def of_its_range(g, x, largest):
    """A scale that the picture decides on."""
    return g("Div", g("ReduceMax", g("Abs", x), keepdims=0), np.float32(largest))


@case(QUANTISED)
def quantize_computed_uint8(g):
    x = g.input(1, 4, 5, 6)
    scale = g("Div", g("Sub", g("ReduceMax", x, keepdims=0), g("ReduceMin", x, keepdims=0)), np.float32(255))
    zero = g("Cast", g("Clip", g("Round", g("Div", g("Neg", g("ReduceMin", x, keepdims=0)), scale)), np.float32(0), np.float32(255)), to=TensorProto.UINT8)
    return g("DequantizeLinear", g("QuantizeLinear", x, scale, zero), scale, zero)


@case(QUANTISED)
def quantize_computed_int8(g):
    x = g.input(1, 4, 5, 6)
    scale = of_its_range(g, x, 127)
    zero = g("Cast", g("Mul", scale, np.float32(0)), to=TensorProto.INT8)
    return g("DequantizeLinear", g("QuantizeLinear", x, scale, zero), scale, zero)


@case(QUANTISED)
def quantize_settled_channels(g):
    """Scale and zero point are computed of constants, one for each channel."""
    x = g.input(1, 4, 5, 6)
    scale = g("Div", np.float32([2, 3, 4, 5]), np.float32(127))
    zero = g("Cast", np.float32([-3, 0, 5, -60]), to=TensorProto.INT8)
    return g("DequantizeLinear", g("QuantizeLinear", x, scale, zero, axis=1), scale, zero, axis=1)


def quantised_between(name, *operands, dtype=np.uint8, operator, **attributes):
    def build(g):
        scale, zero = g.constant(np.float32(0.03)), g.constant(np.array(100 if dtype == np.uint8 else -7, dtype))
        x = g("QuantizeLinear", g.input(1, 4, 5, 6), scale, zero)
        return g("DequantizeLinear", g(operator, x, *[g.constant(np.asarray(operand)) for operand in operands], **attributes), scale, zero)

    build.__name__ = name
    case(QUANTISED)(build)


PADS = np.array([0, 0, 1, 2, 0, 0, 0, 1])
quantised_between("quantize_pad", PADS, np.uint8(100), operator="Pad")
quantised_between("quantize_pad_int8", PADS, np.int8(90), operator="Pad", dtype=np.int8)
quantised_between("quantize_pad_zero", PADS, operator="Pad")
quantised_between("quantize_clip", np.uint8(80), np.uint8(140), operator="Clip")
quantised_between("quantize_max", np.uint8(110), operator="Max")
quantised_between("quantize_min", np.arange(85, 115, dtype=np.int8).reshape(5, 6), operator="Min", dtype=np.int8)
quantised_between("quantize_concat", np.arange(120, dtype=np.uint8).reshape(1, 4, 5, 6), operator="Concat", axis=1)


@case(QUANTISED)
def quantize_read_in_branch(g):
    scale, zero = g.constant(np.float32(0.03)), g.constant(np.array(100, np.uint8))
    x = g("QuantizeLinear", g.input(1, 4, 5, 6), scale, zero)
    branch = lambda name, **attributes: helper.make_graph(
        [helper.make_node("Transpose", [x], [name], **attributes)], name, [], [helper.make_tensor_value_info(name, TensorProto.UINT8, None)])
    y = g("If", g.constant(np.array(True)), then_branch=branch("t", perm=[0, 1, 3, 2]), else_branch=branch("e", perm=[0, 1, 2, 3]))
    return g("DequantizeLinear", y, scale, zero)


@case(QUANTISED)
def matmul_integer_bias(g):
    """A bias of integers is added before they are numbers."""
    x, scale, zero = g("DynamicQuantizeLinear", g.input(1, 12), outputs=3)
    w = g.constant(g.rng.integers(-127, 127, (12, 5)).astype(np.int8))
    total = g("Add", g("MatMulInteger", x, w, zero), g.constant(g.rng.integers(-9000, 9000, 5).astype(np.int32)))
    return g("Mul", g("Cast", total, to=TensorProto.FLOAT), scale)


def main(chosen):
    names = [item["name"] for item in CASES]
    assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]
    for folder in HERE.iterdir():
        if folder.is_dir() and (folder.name in chosen or folder.name not in names or not chosen):
            shutil.rmtree(folder)
    for item in CASES:
        if chosen and item["name"] not in chosen:
            continue
        try:
            write(item)
        except Exception as error:
            raise RuntimeError(f"in case {item['name']}") from error
    (HERE / "index.json").write_text(json.dumps(sorted(names), indent=1) + "\n")
    print(len(names), "cases")


if __name__ == "__main__":
    main(sys.argv[1:])
