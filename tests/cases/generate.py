"""Writes neighbours of the cases that were handed over: small networks of the same kinds in other forms, and what onnxruntime computes
of them.

    python tests/cases/generate.py [case ...]

Needs numpy, onnx, onnxruntime and Pillow (tests/goldens/requirements.txt). The models and pictures are the same on every run; the
expected values are those of the installed onnxruntime, with all of its own rewriting of graphs switched off. README.md describes
the files. The names of these cases begin with `N` and the kind's letter and number.

A value that the network holds as integers (of a QLinearConv, say) is recorded as the numbers that they stand for.
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
from PIL import Image

HERE = Path(__file__).parent
CASES = []
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


class Network:
    """A model under construction: `value = n("Relu", x)` adds a node."""

    def __init__(self, name, opset, size, channels):
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))
        self.name, self.opset, self.size, self.channels = name, opset, size, channels
        self.nodes, self.initializers, self.sparse, self.functions, self.counts = [], [], [], [], {}
        # Quantised values: scale and zero point of the numbers that are recorded.
        self.stored = {}
        self.shape = [1, channels, size, size]
        # What the network takes, made of the picture's values; and inputs before and beside it: type, shape, value.
        self.arrange, self.first, self.beside = lambda values: values.reshape(self.shape), {}, {}
        self.labels, self.extra_opsets, self.not_recorded = [], [], set()
        # Values whose maps are tokens: how many other tokens come first, and the grid; of [1, height, width, channels] nothing.
        self.tokens = {}

    def unique(self, stem):
        self.counts[stem] = self.counts.get(stem, 0) + 1
        return f"{stem}{self.counts[stem]}"

    def constant(self, array, dtype=None):
        array = np.asarray(array, dtype)
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        name = self.unique("k")
        self.initializers.append(numpy_helper.from_array(np.array(array, order="C"), name))
        return name

    def weights(self, *shape, scale=None):
        fan_in = int(np.prod(shape[1:])) if len(shape) > 1 else 1
        return self.constant(self.rng.normal(0, scale or np.sqrt(2 / fan_in), shape).astype(np.float32))

    def positive(self, *shape):
        return self.constant(self.rng.uniform(0.5, 1.5, shape).astype(np.float32))

    def __call__(self, op, *inputs, outputs=1, name=None, domain="", **attributes):
        names = [name or self.unique(op.lower()) for _ in range(outputs)]
        inputs = [i if isinstance(i, str) else self.constant(i) for i in inputs]
        self.nodes.append(helper.make_node(op, inputs, names, name=f"node_{names[0]}", domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def conv(self, x, channels, outputs, kernel=3, bias=True, group=1, **attributes):
        inputs = [x, self.weights(outputs, channels // group, kernel, kernel)]
        if bias:
            inputs.append(self.weights(outputs, scale=0.3))
        attributes.setdefault("pads", [kernel // 2] * 4)
        return self("Conv", *inputs, group=group, **attributes)

    def stem(self, channels=6, **attributes):
        return self("Relu", self.conv("input", self.channels, channels, **attributes))

    def head(self, x, channels, classes=5, name="scores"):
        flat = self("Flatten", self("GlobalAveragePool", x))
        return self("Gemm", flat, self.weights(classes, channels, scale=1.0), self.weights(classes, scale=0.3), transB=1,
                    name=name)

    def q(self, x, scale, zero, dtype=np.uint8, name=None, **attributes):
        """QuantizeLinear."""
        s, z = self.constant(np.float32(scale)), self.constant(np.array(zero, dtype))
        y = self("QuantizeLinear", x, s, z, name=name, **attributes)
        self.stored[y] = (scale, zero, attributes.get("axis", 1))
        return y, s, z


def case(kind, what, opset=17, size=12, channels=3, output="logits", function=None, **description):
    """Registers a function that builds a network; it returns the names of its outputs, of which `scores` scores the classes."""

    def register(function):
        name = "N" + function.__name__.replace("_", "-")
        CASES.append(dict(name=name, build=function, kind=kind, what=what, opset=opset, size=size, channels=channels,
                          output=output, description=description))
        return function

    return register


def op(name, kind, what, operator, *operands, channels=6, opset=17, size=12, **attributes):
    """Registers a network with one operator between stem and head that keeps the number of channels."""

    def build(n):
        x = n.stem(6)
        y = n(operator, x, *[operand if isinstance(operand, str) else np.asarray(operand) for operand in operands], **attributes)
        return n.head(y, channels)

    build.__name__ = name
    case(kind, what, opset=opset, size=size)(build)


def picture(n):
    """Waves of different lengths and some noise."""
    rows, columns = np.mgrid[0:n.size, 0:n.size] / n.size
    planes = [0.5 + 0.3 * np.sin(2 * np.pi * (a * rows + b * columns) + c) for a, b, c in n.rng.uniform(-2, 2, (3, 3))]
    planes = np.clip(np.stack(planes, -1) + n.rng.normal(0, 0.08, (n.size, n.size, 3)), 0, 1)
    return (planes * 255).round().astype(np.uint8)


def model_of(n, outputs):
    infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    given = helper.make_tensor_value_info("input", TensorProto.FLOAT, n.shape)
    first, beside = ([helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape, _) in inputs.items()]
                     for inputs in (n.first, n.beside))
    graph = helper.make_graph(n.nodes, n.name, [*first, given, *beside], infos, n.initializers)
    graph.sparse_initializer.extend(n.sparse)
    opsets = [helper.make_opsetid("", n.opset)] + [helper.make_opsetid(*pair) for pair in n.extra_opsets]
    ir = 13 if n.opset > 25 else 12 if n.opset > 23 else 10 if n.opset > 18 else 8
    return helper.make_model(graph, opset_imports=opsets, functions=n.functions, ir_version=ir, producer_name="featurescope tests")


def run(model, feed):
    """Every value of the graph by its name."""
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    named = [output.name for output in whole.graph.output]
    for node in whole.graph.node:
        for name in node.output:
            if name and name not in named:
                whole.graph.output.append(onnx.ValueInfoProto(name=name))
                named.append(name)
    # A result whose type was a guess.
    for output in whole.graph.output:
        output.ClearField("type")
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(whole.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip(named, session.run(named, feed)))


def real(n, name, array):
    """What is recorded of a value: floats in four dimensions."""
    if name in n.stored:
        scale, zero, axis = n.stored[name]
        form = [1] * array.ndim
        if np.ndim(scale):
            form[axis] = -1
        return (array.astype(np.float32) - np.reshape(np.float32(zero), form)) * np.reshape(np.float32(scale), form)
    return array


def maps_of(value, first=0, grid=None):
    """The maps of tokens, channels first; of a volume the slices of each channel one after another."""
    if value.ndim == 5:
        return value.reshape(1, -1, *value.shape[3:])
    if grid is None:
        return value.transpose(0, 3, 1, 2)
    cells = value[:, first:first + grid[0] * grid[1]]
    return cells.transpose(0, 2, 1).reshape(1, -1, *grid)


def write(item):
    n = Network(item["name"], item["opset"], item["size"], item["channels"])
    outputs = item["build"](n)
    outputs = [outputs] if isinstance(outputs, str) else list(outputs)
    description = dict(item["description"])
    model = model_of(n, outputs)
    image = picture(n)
    norecipe = description.pop("norecipe", False)
    layout = description.pop("layout", "nchw")
    if norecipe:
        scale, mean, std = description.pop("recipe")
    elif n.channels == 1:
        scale, mean, std = 1 / 255, [0.5], [0.25]
    else:
        scale, mean, std = 1 / 255, MEAN, STD
    pixels = image.astype(np.float64)
    if n.channels == 1:
        pixels = pixels[..., :1]
        image = np.repeat(image[..., :1], 3, -1)
    values = ((pixels * scale - mean) / std).astype(np.float32)
    values = values if layout == "nhwc" else values.transpose(2, 0, 1)
    given = n.arrange(values)
    # A second picture is the same.
    beside = {name: given if value is None else value for name, (*_, value) in (n.first | n.beside).items()}
    runs = onnx.ModelProto()
    runs.CopyFrom(model)
    # onnxruntime takes a batch of 0 at its word.
    for dimension in runs.graph.input[len(n.first)].type.tensor_type.shape.dim:
        if dimension.HasField("dim_value") and dimension.dim_value == 0:
            dimension.dim_value = 1
    found = run(runs, {"input": given, **beside})
    folder = HERE / item["name"]
    folder.mkdir()
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    Image.fromarray(image).save(folder / "image.png", optimize=True)
    layers = {}
    found.update((f"{name}/maps", maps_of(found[name], *place)) for name, place in n.tokens.items())
    for name, array in found.items():
        array = np.asarray(real(n, name, array))
        if array.ndim != 4 or array.dtype != np.float32 or array.shape[0] != 1 or name in n.not_recorded:
            continue
        flat = array.astype(np.float64).reshape(array.shape[1], -1)
        assert np.isfinite(flat).all(), (item["name"], name)
        numbers = lambda list: [float(f"{value:.7g}") for value in list]
        layers[name] = dict(shape=list(array.shape), means=numbers(flat.mean(1)), max=numbers(flat.max(1)), min=numbers(flat.min(1)))
    scores = np.asarray(real(n, "scores", found["scores"])).reshape(-1).astype(float) if "scores" in found else None
    recipe = dict(scale=scale, mean=list(mean), std=list(std), resize="squash",
                  channels="grey" if n.channels == 1 else "rgb", size=n.size)
    if layout == "nhwc":
        recipe["layout"] = "nhwc"
    text = dict(id=item["name"], source=item["kind"], what=item["what"], recipe=recipe, files=["model.onnx"], layers=layers,
                scores=None if scores is None else list(scores), output=item["output"])
    if norecipe:
        text["norecipe"] = True
    if n.labels:
        text["labels"] = n.labels
    (folder / "case.json").write_text(json.dumps(text, separators=(",", ":")) + "\n")


# --- Resize ------------------------------------------------------------------------------------------------------------

RESIZE = "A02 Resize"
op("A02_axes_not_smaller", RESIZE, "sizes of two axes, kept in proportion", "Resize", "", "", np.array([17, 9]), axes=[2, 3],
   keep_aspect_ratio_policy="not_smaller", mode="linear", opset=18)
op("A02_axes_negative", RESIZE, "negative axes in another order", "Resize", "", np.array([1.5, 0.75], np.float32), axes=[-1, -2],
   mode="linear", opset=18)
op("A02_roi_11", RESIZE, "operator set 11 with an empty region", "Resize", np.array([], np.float32), np.array([1, 1, 2.5, 1.7], np.float32),
   mode="linear", coordinate_transformation_mode="asymmetric", opset=11)
op("A02_nearest_10", RESIZE, "operator set 10", "Resize", np.array([1, 1, 1.6, 0.8], np.float32), mode="nearest", opset=10)
op("A02_linear_10", RESIZE, "operator set 10", "Resize", np.array([1, 1, 0.7, 2.2], np.float32), mode="linear", opset=10)
op("A02_upsample_7", RESIZE, "Upsample with its scales as an attribute", "Upsample", scales=[1.0, 1.0, 2.0, 3.0], mode="nearest", opset=7)
op("A02_upsample_9_linear", RESIZE, "Upsample, linear", "Upsample", np.array([1, 1, 2.5, 1.5], np.float32), mode="linear", opset=9)
op("A02_cubic_outside", RESIZE, "cubic without what lies outside, another coefficient", "Resize", "", "", np.array([1, 6, 19, 8]),
   mode="cubic", exclude_outside=1, cubic_coeff_a=-0.5, opset=13)
op("A02_cubic_align", RESIZE, "cubic with aligned corners", "Resize", "", np.array([1, 1, 1.25, 1.9], np.float32), mode="cubic",
   coordinate_transformation_mode="align_corners", opset=19)
op("A02_antialias_down", RESIZE, "linear with antialias, smaller", "Resize", "", "", np.array([1, 6, 5, 7]), mode="linear", antialias=1, opset=18)
op("A02_align_nearest", RESIZE, "nearest with aligned corners, ceil", "Resize", "", "", np.array([1, 6, 31, 7]), mode="nearest",
   coordinate_transformation_mode="align_corners", nearest_mode="ceil", opset=13)
op("A02_one_pixel", RESIZE, "to one row", "Resize", "", "", np.array([1, 6, 1, 12]), mode="linear",
   coordinate_transformation_mode="pytorch_half_pixel", opset=13)


@case(RESIZE, "the sizes are computed from another value's shape", opset=13)
def A02_like_another(n):
    x = n.stem(6)
    small = n("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])
    sizes = n("Concat", np.array([1]), n("Slice", n("Shape", small), np.array([1]), np.array([2])),
              n("Slice", n("Shape", x), np.array([2]), np.array([4])), axis=0)
    return n.head(n("Add", x, n("Resize", small, "", "", sizes, mode="linear")), 6)


@case(RESIZE, "between Transposes, channels last", opset=13)
def A02_channels_last(n):
    x = n("Transpose", n.stem(6), perm=[0, 2, 3, 1])
    x = n("Resize", x, "", np.array([1, 2, 1.5, 1], np.float32), mode="linear", coordinate_transformation_mode="half_pixel")
    return n.head(n("Transpose", x, perm=[0, 3, 1, 2]), 6)


# --- ConvTranspose -----------------------------------------------------------------------------------------------------

CONV_T = "A03 ConvTranspose"
for name, what, shape, attributes, outputs in [
        ("group_stride_3", "two groups, stride 3, pads of one side", (6, 2, 3, 4), dict(group=2, strides=[3, 2], pads=[1, 0, 0, 2]), 4),
        ("multiplier", "depthwise with two maps each", (6, 2, 3, 3), dict(group=6, strides=[2, 2], output_padding=[1, 0]), 12),
        ("gap", "the stride is wider than the kernel", (6, 4, 2, 2), dict(strides=[3, 4]), 4),
        ("lower_dilated", "SAME_LOWER, dilated", (6, 4, 3, 2), dict(auto_pad="SAME_LOWER", strides=[2, 2], dilations=[2, 1]), 4),
        ("upper_stride_1", "SAME_UPPER with an even kernel", (6, 4, 4, 2), dict(auto_pad="SAME_UPPER"), 4),
        ("shape_lower", "output_shape with SAME_LOWER", (6, 4, 3, 3), dict(auto_pad="SAME_LOWER", output_shape=[23, 24], strides=[2, 2]), 4),
        ("shape_upper", "output_shape with SAME_UPPER", (6, 4, 3, 3), dict(auto_pad="SAME_UPPER", output_shape=[24, 23], strides=[2, 2]), 4),
        ("shape_small", "output_shape that cuts off at every side", (6, 4, 3, 4), dict(output_shape=[21, 22], strides=[2, 2]), 4),
        ("shape_padding", "output_shape with output_padding", (6, 4, 3, 3), dict(output_shape=[23, 24], strides=[2, 2], output_padding=[1, 1]), 4),
        ("no_kernel_shape", "without kernel_shape, dilated", (6, 4, 2, 3), dict(dilations=[3, 2], pads=[1, 1, 2, 1]), 4)]:
    def build(n, shape=shape, attributes=attributes, outputs=outputs):
        y = n("ConvTranspose", n.stem(6), n.weights(*shape, scale=0.3), n.weights(outputs, scale=0.3), **attributes)
        return n.head(n("Relu", y), outputs)

    build.__name__ = f"A03_{name}"
    case(CONV_T, what, opset=11 if "shape" in name else 17, size=12)(build)


@case(CONV_T, "rows: one dimension")
def A03_rows(n):
    x = n("Reshape", n.stem(6), np.array([1, 6, 144]))
    y = n("ConvTranspose", x, n.weights(6, 4, 2, scale=0.4), strides=[2])
    return n.head(n("Relu", n("Reshape", y, np.array([1, 4, 12, 24]))), 4)


# --- Pooling -----------------------------------------------------------------------------------------------------------

POOLING = "A04 pooling"
op("A04_lp_1", POOLING, "LpPool p=1, SAME_UPPER", "LpPool", kernel_shape=[3, 2], strides=[2, 2], p=1, auto_pad="SAME_UPPER")
op("A04_lp_2_lower", POOLING, "LpPool, SAME_LOWER", "LpPool", kernel_shape=[2, 3], strides=[2, 1], auto_pad="SAME_LOWER")
op("A04_lp_ceil", POOLING, "LpPool with ceil_mode and dilations", "LpPool", kernel_shape=[2, 2], strides=[3, 3], dilations=[2, 1],
   ceil_mode=1, opset=18)
op("A04_global_lp_1", POOLING, "GlobalLpPool p=1", "GlobalLpPool", p=1)
op("A04_average_dilated_ceil", POOLING, "AveragePool, dilated, ceil_mode, its padding counted", "AveragePool", kernel_shape=[3, 2],
   strides=[2, 3], dilations=[2, 2], pads=[1, 1, 1, 0], ceil_mode=1, count_include_pad=1, opset=19)
op("A04_average_lower", POOLING, "AveragePool SAME_LOWER, its padding counted", "AveragePool", kernel_shape=[4, 3], strides=[2, 2],
   auto_pad="SAME_LOWER", count_include_pad=1)
op("A04_max_dilated_ceil", POOLING, "MaxPool, dilated, ceil_mode", "MaxPool", kernel_shape=[3, 2], strides=[2, 3], dilations=[2, 3],
   pads=[1, 0, 1, 1], ceil_mode=1)
op("A04_global_max", POOLING, "GlobalMaxPool", "GlobalMaxPool")


@case(POOLING, "generalised mean pooling")
def A04_gem(n):
    x = n("Pow", n("Clip", n.stem(6), np.float32(1e-6)), np.float32(3))
    y = n("Pow", n("GlobalAveragePool", x), np.float32(1 / 3))
    return n("Gemm", n("Flatten", y), n.weights(5, 6, scale=1.0), transB=1, name="scores")


@case(POOLING, "a pyramid: pooled to 1, 2 and 3 cells and joined")
def A04_pyramid(n):
    x = n.stem(6)
    parts = [n("Flatten", n("AveragePool", x, kernel_shape=[12 // cells] * 2, strides=[12 // cells] * 2)) for cells in (1, 2, 3)]
    return n("Gemm", n("Concat", *parts, axis=-1), n.weights(5, 84, scale=0.3), transB=1, name="scores")


# --- Weights that are computed -----------------------------------------------------------------------------------------

WEIGHTS = "A05 weights that are computed"


@case(WEIGHTS, "weight_norm over another dimension, axes as an input", opset=18)
def A05_weight_norm_18(n):
    v = n.weights(6, 3, 3, 3)
    norm = n("ReduceL2", v, np.array([0, 2, 3]), keepdims=1)
    w = n("Mul", n("Div", v, norm), n.positive(1, 3, 1, 1))
    return n.head(n("Relu", n("Conv", "input", w, pads=[1, 1, 1, 1])), 6)


@case(WEIGHTS, "weight_norm by squares and a root", opset=13)
def A05_weight_norm_squares(n):
    v = n.weights(6, 3, 3, 3)
    norm = n("Sqrt", n("Add", n("ReduceSumSquare", v, axes=[1, 2, 3], keepdims=1), np.float32(1e-12)))
    return n.head(n("Relu", n("Conv", "input", n("Div", v, norm), pads=[1, 1, 1, 1])), 6)


@case(WEIGHTS, "standardised weights by means, in a matrix")
def A05_standardised(n):
    v = n("Reshape", n.weights(6, 3, 3, 3), np.array([6, -1]))
    d = n("Sub", v, n("ReduceMean", v, axes=[1], keepdims=1))
    s = n("Sqrt", n("Add", n("ReduceMean", n("Mul", d, d), axes=[1], keepdims=1), np.float32(1e-5)))
    w = n("Reshape", n("Div", d, s), n("Shape", n.weights(6, 3, 3, 3)))
    return n.head(n("Relu", n("Conv", "input", n("Mul", w, np.float32(0.2)), pads=[1, 1, 1, 1])), 6)


@case(WEIGHTS, "spectral norm of constants")
def A05_spectral(n):
    w = n.weights(6, 3, 3, 3)
    m = n("Reshape", w, np.array([6, 27]))
    u = n.weights(6, scale=0.5)
    v = n("MatMul", n("Transpose", m, perm=[1, 0]), u)
    v = n("Div", v, n("ReduceL2", v, keepdims=1))
    sigma = n("ReduceSum", n("Mul", u, n("MatMul", m, v)), keepdims=0)
    return n.head(n("Relu", n("Conv", "input", n("Div", w, sigma), pads=[1, 1, 1, 1])), 6)


@case(WEIGHTS, "BatchNormalization with the picture's statistics, operator set 14, its running statistics as results of the node", opset=14)
def A05_training_14(n):
    x = n.conv("input", 3, 6)
    y = n("BatchNormalization", x, n.positive(6), n.weights(6, scale=0.3), n.weights(6, scale=0.3), n.positive(6), training_mode=1,
          outputs=3, epsilon=1e-3)[0]
    return n.head(n("Relu", y), 6)


@case(WEIGHTS, "low-rank weights: a product and a mask")
def A05_low_rank(n):
    mask = n("Trilu", np.ones((6, 6), np.float32), upper=0)
    w = n("Mul", n("MatMul", n.weights(6, 2, scale=0.6), n.weights(2, 6, scale=0.6)), mask)
    return n.head(n("Conv", n.stem(6), n("Unsqueeze", w, np.array([2, 3]))), 6)


@case(WEIGHTS, "an Einsum of constants")
def A05_einsum(n):
    w = n("Einsum", n.weights(6, 2, scale=0.7), n.weights(2, 3, scale=0.7), n.weights(3, 3, scale=0.5), equation="or,rc,kl->ockl")
    return n.head(n("Relu", n("Conv", "input", w, pads=[1, 1, 1, 1])), 6)


@case(WEIGHTS, "weights chosen by GatherND, GatherElements and ScatterND of constants")
def A05_gathered(n):
    w = n("GatherND", n.weights(8, 3, 3, 3), np.array([[1], [7], [0], [3], [3], [6]]))
    order = n.rng.integers(0, 3, (6, 3, 3, 3))
    w = n("GatherElements", w, order, axis=1)
    w = n("ScatterND", w, np.array([[0, 1], [5, 2]]), np.zeros((2, 3, 3), np.float32))
    return n.head(n("Relu", n("Conv", "input", w, pads=[1, 1, 1, 1])), 6)


# --- Normalisation -----------------------------------------------------------------------------------------------------

NORM = "A06 normalisation"
op("A06_lp_1", NORM, "LpNormalization p=1 over the width", "LpNormalization", p=1, axis=-1)


@case(NORM, "LRN over five channels, MeanVarianceNormalization over channels")
def A06_lrn_mvn(n):
    x = n("LRN", n.stem(6), size=5, alpha=0.5, beta=0.7, bias=1.5)
    return n.head(n("MeanVarianceNormalization", n.conv(x, 6, 6), axes=[1]), 6)


@case(NORM, "LayerNormalization over channels, height and width")
def A06_layer_norm_1(n):
    return n.head(n("LayerNormalization", n.stem(6), n.positive(6, 12, 12), n.weights(6, 12, 12, scale=0.2), axis=1), 6)


@case(NORM, "LayerNormalization of the last axis, without bias")
def A06_layer_norm_width(n):
    return n.head(n("LayerNormalization", n.stem(6), n.positive(12), axis=-1, epsilon=1e-3), 6)


@case(NORM, "GroupNormalization of operator set 18", opset=18)
def A06_group_norm_18(n):
    return n.head(n("GroupNormalization", n.stem(6), n.positive(3), n.weights(3, scale=0.3), num_groups=3), 6)


@case(NORM, "RMSNormalization over channels that come last", opset=23)
def A06_rms_last(n):
    x = n("Transpose", n.stem(6), perm=[0, 2, 3, 1])
    x = n("RMSNormalization", x, n.positive(6), axis=3)
    return n.head(n("Transpose", x, perm=[0, 3, 1, 2]), 6)


@case(NORM, "response normalisation, written out")
def A06_global_response(n):
    x = n.stem(6)
    g = n("ReduceL2", x, axes=[2, 3], keepdims=1)
    r = n("Div", g, n("Add", n("ReduceMean", g, axes=[1], keepdims=1), np.float32(1e-6)))
    return n.head(n("Add", x, n("Add", n("Mul", n.positive(1, 6, 1, 1), n("Mul", x, r)), n.weights(1, 6, 1, 1, scale=0.3))), 6)


@case(NORM, "InstanceNormalization of groups with a shape that is computed")
def A06_instance_groups(n):
    x = n.stem(6)
    y = n("InstanceNormalization", n("Reshape", x, np.array([0, 2, -1])), np.ones(2, np.float32), np.zeros(2, np.float32))
    return n.head(n("Reshape", y, n("Shape", x)), 6)


@case(NORM, "the scores are divided by the length of the embedding, with F.normalize")
def A06_normalised_embedding(n):
    e = n("Flatten", n("GlobalAveragePool", n.stem(6)))
    length = n("Clip", n("ReduceL2", e, axes=[1], keepdims=1), np.float32(1e-12))
    e = n("Div", e, n("Expand", length, n("Shape", e)))
    return n("MatMul", e, n.weights(6, 5, scale=3.0), name="scores")


# --- Functions of each element -----------------------------------------------------------------------------------------

EACH = "A07 functions of each element"
for name, attributes, opset in [("Ceil", {}, 13), ("Sin", {}, 7), ("Tan", {}, 17), ("Atan", {}, 17), ("Asinh", {}, 17), ("Sinh", {}, 17),
                                ("Erf", {}, 13), ("Softsign", {}, 17), ("Celu", dict(alpha=0.5), 12), ("Mish", {}, 18),
                                ("Shrink", dict(lambd=0.4, bias=0.2), 9), ("ThresholdedRelu", dict(alpha=0.6), 10), ("Sign", {}, 13),
                                ("Gelu", dict(approximate="tanh"), 20), ("HardSwish", {}, 14), ("Swish", dict(alpha=1.5), 24),
                                ("Reciprocal", {}, 13)]:
    def build(n, name=name, attributes=attributes):
        x = n.conv("input", 3, 6)
        x = n("Add", n("Abs", x), np.float32(0.3)) if name == "Reciprocal" else x
        x = n("Mul", x, np.float32(0.4)) if name in ("Tan", "Sinh") else x
        return n.head(n(name, x, **attributes), 6)

    build.__name__ = f"A07_{name.lower()}"
    case(EACH, name, opset=opset)(build)

for name, kind, low in [("uint8", TensorProto.UINT8, 0), ("int8", TensorProto.INT8, -3), ("int16", TensorProto.INT16, -3),
                        ("uint16", TensorProto.UINT16, 0), ("int64", TensorProto.INT64, -3), ("float16", TensorProto.FLOAT16, -3),
                        ("double", TensorProto.DOUBLE, -3)]:
    def build(n, kind=kind, low=low):
        x = n("Clip", n("Mul", n.conv("input", 3, 6), np.float32(40)), np.float32(low * 40), np.float32(120))
        x = n("Cast", n("Cast", x, to=kind), to=TensorProto.FLOAT)
        return n.head(n("Mul", x, np.float32(0.025)), 6)

    build.__name__ = f"A07_cast_{name}"
    case(EACH, f"Cast to {name} and back")(build)


@case(EACH, "masks: And, Or, Not, Xor of comparisons", opset=16)
def A07_masks(n):
    x, y = n.conv("input", 3, 6), n.conv("input", 3, 6)
    a, b = n("GreaterOrEqual", x, np.float32(0.2)), n("LessOrEqual", y, np.float32(0.1))
    mask = n("Or", n("And", a, n("Not", b)), n("Xor", a, n("Less", x, y)))
    return n.head(n("Where", mask, x, n("Mul", y, np.float32(0.1))), 6)


@case(EACH, "a mask by Equal, multiplied")
def A07_winner(n):
    x = n.conv("input", 3, 6)
    most = n("ReduceMax", x, axes=[1], keepdims=1)
    return n.head(n("Mul", x, n("Cast", n("Equal", x, most), to=TensorProto.FLOAT)), 6)


@case(EACH, "Mod of floats and of whole numbers")
def A07_mod(n):
    x = n.conv("input", 3, 6)
    a = n("Mod", x, np.float32(0.7), fmod=1)
    b = n("Mod", n("Cast", n("Mul", x, np.float32(10)), to=TensorProto.INT32), np.array(3, np.int32))
    return n.head(n("Add", a, n("Cast", b, to=TensorProto.FLOAT)), 6)


@case(EACH, "PReLU with one slope; maximum of three; a power that is no number")
def A07_mixed(n):
    x = n("PRelu", n.conv("input", 3, 6), np.array([0.2], np.float32))
    y = n("Max", x, n("Neg", x), np.float32(0.1))
    return n.head(n("Pow", y, n.positive(6, 1, 1)), 6)


# --- Padding, moving, computed kernels ---------------------------------------------------------------------------------

PADS = "A08 padding and moving"
op("A08_edge_axes", PADS, "edges of two axes, the last first", "Pad", np.array([1, 2, 2, 1]), "", np.array([-1, 2]), mode="edge", opset=18)
op("A08_reflect_cut", PADS, "reflected on one side, cut off on the other", "Pad", np.array([0, 0, 2, -1, 0, 0, -2, 3]), mode="reflect", opset=17)
op("A08_wrap_axes", PADS, "wrapped around, axes given", "Pad", np.array([3, 1]), "", np.array([3]), mode="wrap", opset=19)
op("A08_value_7", PADS, "operator set 7, a value", "Pad", pads=[0, 0, 1, 0, 0, 0, 2, 1], value=0.5, opset=7)
op("A08_channels_edge", PADS, "channels repeated at the edge", "Pad", np.array([0, 1, 0, 0, 0, 1, 0, 0]), mode="edge", channels=8, opset=13)
op("A08_channels_reflect", PADS, "channels reflected", "Pad", np.array([0, 2, 1, 0, 0, 0, 0, 1]), mode="reflect", channels=8, opset=13)


@case(PADS, "rolled by Slices and Concats along two axes")
def A08_roll(n):
    x = n.stem(6)
    for axis, by in ((2, 5), (3, -2)):
        first = n("Slice", x, np.array([-by]), np.array([2**31]), np.array([axis]))
        x = n("Concat", first, n("Slice", x, np.array([0]), np.array([-by]), np.array([axis])), axis=axis)
    return n.head(x, 6)


@case(PADS, "option A with a step by Slice and channels put around by Concat of zeros")
def A08_option_a_concat(n):
    x = n.stem(6)
    y = n("Slice", x, np.array([0, 0]), np.array([99, 99]), np.array([-2, -1]), np.array([2, 2]))
    zeros = n("ConstantOfShape", np.array([1, 3, 6, 6]), value=numpy_helper.from_array(np.zeros(1, np.float32)))
    return n.head(n("Add", n("Concat", zeros, y, zeros, axis=1), n.conv(x, 6, 12, strides=[2, 2])), 12)


@case(PADS, "places of the pixels as two more channels")
def A08_places(n):
    rows = np.linspace(-1, 1, 12, dtype=np.float32)
    y = n("Expand", rows.reshape(1, 1, 12, 1), np.array([1, 1, 12, 12]))
    x = n("Expand", n("Reshape", n("Range", np.float32(0), np.float32(12), np.float32(1)), np.array([1, 1, 1, 12])), np.array([1, 1, 12, 1]))
    return n.head(n("Relu", n.conv(n("Concat", "input", y, x, axis=1), 5, 6)), 6)


@case(PADS, "a kernel for each channel, made of the picture")
def A08_dynamic_depthwise(n):
    x = n.stem(6)
    k = n("Gemm", n("Flatten", n("GlobalAveragePool", x)), n.weights(54, 6, scale=0.3), n.weights(54, scale=0.2), transB=1)
    return n.head(n("Conv", x, n("Reshape", k, np.array([6, 1, 3, 3])), pads=[1, 1, 1, 1], group=6), 6)


@case(PADS, "of experts' kernels a mixture")
def A08_experts(n):
    x = n.stem(6)
    gate = n("Softmax", n("Gemm", n("Flatten", n("GlobalAveragePool", x)), n.weights(3, 6), transB=1), axis=1)
    k = n("Reshape", n("MatMul", gate, n.weights(3, 4 * 6 * 9, scale=0.2)), np.array([4, 6, 3, 3]))
    return n.head(n("Relu", n("Conv", x, k, pads=[1, 1, 1, 1])), 4)


@case(PADS, "efficient channel attention by Transpose and Squeeze")
def A08_channel_attention(n):
    x = n.stem(8)
    row = n("Transpose", n("Squeeze", n("GlobalAveragePool", x), np.array([-1])), perm=[0, 2, 1])
    row = n("Conv", row, n.weights(1, 1, 5, scale=0.5), pads=[2, 2])
    gate = n("Unsqueeze", n("Transpose", n("Sigmoid", row), perm=[0, 2, 1]), np.array([3]))
    return n.head(n("Mul", x, n("Expand", gate, n("Shape", x))), 8)


@case(PADS, "blocks of pixels to channels and back, in both orders")
def A08_blocks(n):
    x = n.stem(8)
    x = n.conv(n("SpaceToDepth", x, blocksize=2), 32, 16)
    return n.head(n("Relu", n("DepthToSpace", x, blocksize=2, mode="CRD")), 4)


@case(PADS, "patches: unfolded by Reshape and Transpose, mixed and folded again")
def A08_patches(n):
    x = n.stem(6)
    p = n("Reshape", n("Transpose", n("Reshape", x, np.array([1, 6, 3, 4, 3, 4])), perm=[0, 2, 4, 1, 3, 5]), np.array([1, 9, 96]))
    p = n("Add", p, n("Gelu" if n.opset >= 20 else "Relu", n("MatMul", n.weights(9, 9, scale=0.4), p)))
    p = n("Transpose", n("Reshape", p, np.array([1, 3, 3, 6, 4, 4])), perm=[0, 3, 1, 4, 2, 5])
    return n.head(n("Reshape", p, np.array([1, 6, 12, 12])), 6)


# --- Expanding, choosing -----------------------------------------------------------------------------------------------

CHOICE = "A09 expanding and choosing"


@case(CHOICE, "Tile by a number that is computed from shapes")
def A09_tile_shape(n):
    x = n.stem(6)
    size = n("Slice", n("Shape", x), np.array([2]), np.array([4]))
    gate = n("Tile", n("GlobalMaxPool", x), n("Concat", np.array([1, 1]), size, axis=0))
    return n.head(n("Mul", x, n("Sigmoid", gate)), 6)


@case(CHOICE, "Expand to a shape with ones that stay")
def A09_expand_ones(n):
    x = n.stem(6)
    row = n("ReduceMean", x, axes=[2], keepdims=1)
    return n.head(n("Add", x, n("Expand", row, np.array([1, 12, 1]))), 6)


@case(CHOICE, "Expand by ConstantOfShape, Where and Equal, as PyTorch writes -1", opset=11)
def A09_expand_where(n):
    x = n.stem(6)
    wanted, ones = n("Concat", np.array([-1, -1]), n("Slice", n("Shape", x), np.array([2]), np.array([4])), axis=0), np.ones(4, np.int64)
    shape = n("Where", n("Equal", wanted, np.array([-1])), ones, wanted)
    return n.head(n("Mul", x, n("Expand", n("Sigmoid", n("GlobalAveragePool", x)), shape)), 6)


@case(CHOICE, "Unsqueeze and Squeeze with negative axes, operator set 11", opset=11)
def A09_negative_axes(n):
    x = n("Squeeze", n("GlobalAveragePool", n.stem(6)), axes=[-1, 2])
    x = n("Unsqueeze", x, axes=[-1, 1])
    return n("Reshape", n("MatMul", n("Transpose", x, perm=[0, 1, 3, 2]), n.weights(6, 5, scale=1.0)), np.array([1, 5]), name="scores")


@case(CHOICE, "channels chosen by a list with negative and repeated numbers")
def A09_gather(n):
    return n.head(n("Gather", n.stem(6), np.array([[-1, 0], [3, 3]]).reshape(-1), axis=1), 4)


@case(CHOICE, "GatherND of the places of a map")
def A09_gather_nd(n):
    x = n("Transpose", n("Reshape", n.stem(6), np.array([6, 144])), perm=[1, 0])
    chosen = n("GatherND", x, np.array([[5], [17], [143], [0]]))
    return n("Gemm", n("Reshape", chosen, np.array([1, 24])), n.weights(5, 24), transB=1, name="scores")


@case(CHOICE, "ScatterND and ScatterElements set parts of the maps")
def A09_scatter(n):
    x = n.stem(6)
    x = n("ScatterND", x, np.array([[0, 1], [0, 4]]), np.zeros((2, 12, 12), np.float32))
    y = n("ScatterElements", x, np.zeros((1, 1, 12, 12), np.int64) + 3, np.full((1, 1, 12, 12), 0.25, np.float32), axis=1)
    return n.head(y, 6)


@case(CHOICE, "the two strongest channels of each pixel, by TopK, GatherElements and ScatterElements")
def A09_top_scatter(n):
    x = n.stem(6)
    values, places = n("TopK", x, np.array([2]), axis=1, outputs=2)
    n.not_recorded.add(places)
    again = n("GatherElements", x, places, axis=1)
    zeros = n("Mul", x, np.float32(0))
    return n.head(n("ScatterElements", zeros, places, n("Add", values, again), axis=1), 6)


@case(CHOICE, "the winner as OneHot")
def A09_one_hot(n):
    x = n.stem(6)
    winner = n("ArgMax", x, axis=1, keepdims=0)
    hot = n("OneHot", winner, np.array(6), np.array([0.0, 1.0], np.float32), axis=1)
    return n.head(n("Mul", x, hot), 6)


@case(CHOICE, "running sums along an axis, from behind and without the element itself", opset=14)
def A09_cumsum(n):
    x = n("CumSum", n.stem(6), np.array(3), reverse=1, exclusive=1)
    return n.head(n("Mul", n("CumSum", x, np.array(-2, np.int32)), np.float32(0.05)), 6)


@case(CHOICE, "Trilu of a computed matrix")
def A09_trilu(n):
    x = n("Trilu", n.stem(6), np.array(-1), upper=0)
    return n.head(n("Add", x, n("Trilu", n("Neg", x), np.array(2))), 6)


@case(CHOICE, "reductions of every kind, with and without their axes", opset=18)
def A09_reductions(n):
    x = n("Add", n.stem(6), np.float32(0.2))
    gates = [n(op, x, np.array([-1, 2]), keepdims=1) for op in ("ReduceL1", "ReduceLogSumExp", "ReduceSumSquare", "ReduceMin")]
    total = n("Sum", *[n("Mul", gate, np.float32(0.01)) for gate in gates])
    whole = n("ReduceMean", x, keepdims=0)
    same = n("ReduceSum", n("Mul", x, total), n.constant(np.array([], np.int64)), noop_with_empty_axes=1)
    return n.head(n("Div", same, n("Add", whole, np.float32(1))), 6)


@case(CHOICE, "attention of two heads with a causal mask", opset=14)
def A09_heads(n):
    x = n.stem(8, strides=[2, 2])
    tokens = n("Transpose", n("Reshape", x, np.array([1, 8, 36])), perm=[0, 2, 1])
    qkv = n("Reshape", n("MatMul", tokens, n.weights(8, 24, scale=0.4)), np.array([1, 36, 3, 2, 4]))
    q, k, v = [n("Squeeze", part, np.array([0])) for part in n("Split", n("Transpose", qkv, perm=[2, 0, 3, 1, 4]), np.array([1, 1, 1]), axis=0, outputs=3)]
    scores = n("Div", n("MatMul", q, n("Transpose", k, perm=[0, 1, 3, 2])), np.float32(2))
    mask = n("Cast", n("Trilu", np.ones((36, 36), np.int64), upper=0), to=TensorProto.BOOL)
    scores = n("Where", mask, scores, np.array(-np.inf, np.float32))
    n.not_recorded.add(scores)
    mixed = n("Transpose", n("MatMul", n("Softmax", scores, axis=-1), v), perm=[0, 2, 1, 3])
    mixed = n("Transpose", n("Reshape", mixed, np.array([1, 36, 8])), perm=[0, 2, 1])
    return n.head(n("Add", x, n("Reshape", mixed, np.array([1, 8, 6, 6]))), 8)


# --- Sparse constants and functions ------------------------------------------------------------------------------------

SPARSE = "A11 sparse constants"


def sparse(n, dense, form, name=None):
    """A sparse initializer with places as numbers or as coordinates."""
    dense = np.asarray(dense)
    places = np.argwhere(dense != 0) if form == "coordinates" else np.flatnonzero(dense)
    name = name or n.unique("s")
    values = numpy_helper.from_array(dense[dense != 0], name)
    indices = numpy_helper.from_array(places.astype(np.int64), f"{name}_places")
    return helper.make_sparse_tensor(values, indices, list(dense.shape)), name


for form in ("coordinates", "numbers"):
    @case(SPARSE, f"a sparse initializer of a Conv, places as {form}")
    def initializer(n, form=form):
        dense = n.rng.normal(0, 0.4, (6, 3, 3, 3)).astype(np.float32) * (n.rng.random((6, 3, 3, 3)) < 0.4)
        tensor, name = sparse(n, dense.astype(np.float32), form)
        n.sparse.append(tensor)
        return n.head(n("Relu", n("Conv", "input", name, n.weights(6, scale=0.3), pads=[1, 1, 1, 1])), 6)

    CASES[-1]["name"] = f"NA11-{form}"


@case(SPARSE, "a Constant node of a matrix with coordinates")
def A11_node(n):
    tensor, _ = sparse(n, n.rng.normal(0, 1, (6, 5)).astype(np.float32) * (n.rng.random((6, 5)) < 0.5), "coordinates", "")
    return n("MatMul", n("Flatten", n("GlobalAveragePool", n.stem(6))), n("Constant", sparse_value=tensor), name="scores")


@case(SPARSE, "sparse whole numbers: the pads of a Pad and the bounds of a Slice")
def A11_integers(n):
    tensor, name = sparse(n, np.array([0, 0, 1, 2, 0, 0, 2, 0], np.int64), "numbers")
    n.sparse.append(tensor)
    return n.head(n("Pad", n.stem(6), name), 6)


@case(SPARSE, "sparse bytes")
def A11_bytes(n):
    tensor, name = sparse(n, (n.rng.random((1, 6, 12, 12)) < 0.3).astype(np.uint8), "coordinates")
    n.sparse.append(tensor)
    x = n.stem(6)
    return n.head(n("Where", n("Cast", name, to=TensorProto.BOOL), n("Neg", x), x), 6)


FUNCTION = "A12 functions of the file"


def define(n, name, inputs, outputs, nodes, attributes=(), defaults=(), overload="", opset=None):
    opsets = [helper.make_opsetid("", opset or n.opset), helper.make_opsetid("own", 1)]
    function = helper.make_function("own", name, inputs, outputs, nodes, opsets, list(attributes), list(defaults))
    function.overload = overload
    n.functions.append(function)
    if ("own", 1) not in n.extra_opsets:
        n.extra_opsets.append(("own", 1))


@case(FUNCTION, "functions that call functions, three deep")
def A12_nested(n):
    node = helper.make_node
    define(n, "Silu", ["x"], ["y"], [node("Sigmoid", ["x"], ["s"]), node("Mul", ["x", "s"], ["y"])])
    define(n, "Block", ["x", "w", "b"], ["y"], [node("Conv", ["x", "w", "b"], ["c"], pads=[1, 1, 1, 1]),
                                               node("Silu", ["c"], ["y"], domain="own")])
    define(n, "Twice", ["x", "w", "b"], ["y"], [node("Block", ["x", "w", "b"], ["s"], domain="own"),
                                               node("Block", ["s", "w", "b"], ["t"], domain="own"), node("Add", ["s", "t"], ["y"])])
    x = n("Twice", n.stem(6), n.weights(6, 6, 3, 3), n.weights(6, scale=0.2), domain="own")
    return n.head(x, 6)


@case(FUNCTION, "attributes of a function, given and by default")
def A12_attributes(n):
    leaky = helper.make_node("LeakyRelu", ["x"], ["l"])
    leaky.attribute.append(onnx.AttributeProto(name="alpha", ref_attr_name="slope", type=onnx.AttributeProto.FLOAT))
    pool = helper.make_node("MaxPool", ["l"], ["y"], pads=[1, 1, 1, 1])
    pool.attribute.append(onnx.AttributeProto(name="kernel_shape", ref_attr_name="kernel", type=onnx.AttributeProto.INTS))
    define(n, "Pooled", ["x"], ["y"], [leaky, pool], ["kernel"], [helper.make_attribute("slope", 0.3)])
    x = n("Pooled", n.conv("input", 3, 6), domain="own", kernel=[3, 3])
    return n.head(n("Pooled", x, domain="own", kernel=[2, 2], slope=0.1), 6)


@case(FUNCTION, "a function with two results, and an input that is left out")
def A12_optional(n):
    node = helper.make_node
    define(n, "Both", ["x", "lo", "hi"], ["a", "b"], [node("Clip", ["x", "lo", "hi"], ["a"]), node("Sub", ["x", "a"], ["b"])])
    x = n.conv("input", 3, 6)
    n.nodes.append(node("Both", [x, n.constant(np.float32(0)), ""], ["upper", "below"], name="node_upper", domain="own"))
    n.nodes.append(node("Both", [x, "", n.constant(np.float32(0.5))], ["above", "rest"], name="node_rest", domain="own"))
    return n.head(n("Concat", "upper", "rest", axis=1), 12)


@case(FUNCTION, "3,000 nodes that depend on each other in a row, by functions of functions")
def A12_long(n):
    node = helper.make_node
    row = lambda domain, op, count: [node(op, [f"v{i}" if i else "x", "w"], [f"v{i + 1}" if i + 1 < count else "y"], domain=domain)
                                     for i in range(count)]
    define(n, "Ten", ["x", "w"], ["y"], row("", "MatMul", 10))
    define(n, "Hundred", ["x", "w"], ["y"], row("own", "Ten", 10))
    # A rotation, so that values neither vanish nor grow.
    turn = n.constant(np.linalg.qr(n.rng.normal(size=(12, 12)))[0])
    x = n.stem(6)
    for _ in range(30):
        x = n("Hundred", x, turn, domain="own")
    return n.head(n("Relu", x), 6)


# --- Labels and tables -------------------------------------------------------------------------------------------------

TABLES = "A13 labels in the graph"
NAMES = ["ant", "bee", "cat", "dog", "elk"]


@case(TABLES, "the name of the best class by Gather from a tensor of texts", output="softmax")
def A13_gather(n):
    p = n("Softmax", n.head(n.stem(6), 6, name="before"), axis=1, name="scores")
    names = n.unique("names")
    n.initializers.append(helper.make_tensor(names, TensorProto.STRING, [5], [name.encode() for name in NAMES]))
    n("Gather", names, n("ArgMax", p, axis=1, keepdims=0), name="label")
    n.labels = NAMES
    return ["label", "scores"]


@case(TABLES, "ZipMap with names", output="softmax")
def A13_zipmap(n):
    n("Softmax", n.head(n.stem(6), 6, name="before"), axis=1, name="scores")
    n("ZipMap", "scores", name="table", domain="ai.onnx.ml", classlabels_strings=NAMES)
    n.extra_opsets.append(("ai.onnx.ml", 1))
    n.labels = NAMES
    return ["table", "scores"]


@case(TABLES, "LabelEncoder names the best class", output="softmax")
def A13_encoder(n):
    p = n("Softmax", n.head(n.stem(6), 6, name="before"), axis=1, name="scores")
    n("LabelEncoder", n("ArgMax", p, axis=1, keepdims=0), name="label", domain="ai.onnx.ml", keys_int64s=[0, 1, 2, 3, 4],
      values_strings=NAMES)
    n.extra_opsets.append(("ai.onnx.ml", 2))
    n.labels = NAMES
    return ["scores", "label"]


# --- Quantised networks ------------------------------------------------------------------------------------------------

QUANTISED = "A16 quantised networks"


def qweights(n, *shape, scale, zero=0, dtype=np.int8):
    info = np.iinfo(dtype)
    values = np.clip(n.rng.normal(info.min / 2 + info.max / 2, 45, shape).round(), info.min, info.max).astype(dtype)
    return n.constant(values), n.constant(np.float32(scale)), n.constant(np.array(zero, dtype))


def dq(n, x, s, z, **attributes):
    return n("DequantizeLinear", x, s, z, **attributes)


def pair(n, x, scale, zero, dtype=np.uint8, **attributes):
    y, s, z = n.q(x, scale, zero, dtype, **attributes)
    return dq(n, y, s, z, **attributes)


for name, dtype, zero, opset in [("uint8", np.uint8, 110, 10), ("int8", np.int8, -10, 13), ("uint16", np.uint16, 30000, 21),
                                 ("int16", np.int16, 0, 21)]:
    def build(n, dtype=dtype, zero=zero):
        # Scales with which no sum lies halfway between two steps, where rounding to single precision decides.
        scale = 0.0313 if dtype in (np.uint8, np.int8) else 0.0001
        x = pair(n, "input", scale, zero, dtype)
        w = dq(n, *qweights(n, 6, 3, 3, 3, scale=0.00513, zero=3 if dtype == np.uint8 else 0, dtype=np.int8 if dtype != np.uint8 else np.uint8))
        y = pair(n, n("Relu", n("Conv", x, w, pads=[1, 1, 1, 1])), scale, 0 if dtype == np.uint8 else zero, dtype)
        return n.head(n("MaxPool", y, kernel_shape=[2, 2], strides=[2, 2]), 6)

    build.__name__ = f"A16_qdq_{name}"
    case(QUANTISED, f"Q and DQ of {name}", opset=opset)(build)


@case(QUANTISED, "a whole network between Q and DQ: per channel weights, pooling, addition, dense layer", opset=13)
def A16_network(n):
    x = pair(n, "input", 0.02, 114)
    w, s, z = n.constant(n.rng.integers(-127, 127, (6, 3, 3, 3)).astype(np.int8)), n.constant(n.rng.uniform(0.003, 0.006, 6).astype(np.float32)), n.constant(np.zeros(6, np.int8))
    b = dq(n, n.constant(n.rng.integers(-900, 900, 6).astype(np.int32)), n.constant(np.full(6, 0.0005, np.float32)), n.constant(np.zeros(6, np.int32)), axis=0)
    a = pair(n, n("Relu", n("Conv", x, dq(n, w, s, z, axis=0), b, pads=[1, 1, 1, 1])), 0.03, 0)
    c = pair(n, n("Conv", a, dq(n, *qweights(n, 6, 6, 1, 1, scale=0.004)), n.weights(6, scale=0.2)), 0.04, 120)
    total = pair(n, n("Add", a, c), 0.05, 100)
    p = pair(n, n("GlobalAveragePool", n("Relu", total)), 0.02, 0)
    f = n("Flatten", p)
    y = n("Gemm", f, dq(n, *qweights(n, 5, 6, scale=0.02)), n.weights(5, scale=0.3), transB=1)
    return dq(n, *n.q(y, 0.1, 90), name="scores")


@case(QUANTISED, "QLinearConv after QLinearConv, pooled between, with a bias, per channel", opset=10)
def A16_qlinear_chain(n):
    x, xs, xz = n.q("input", 0.02, 114)
    w = n.constant(n.rng.integers(-127, 127, (6, 3, 3, 3)).astype(np.int8))
    ws, wz = n.constant(n.rng.uniform(0.003, 0.006, 6).astype(np.float32)), n.constant(np.zeros(6, np.int8))
    ys, yz = n.constant(np.float32(0.05)), n.constant(np.array(20, np.uint8))
    b = n.constant(n.rng.integers(-3000, 3000, 6).astype(np.int32))
    y = n("QLinearConv", x, xs, xz, w, ws, wz, ys, yz, b, pads=[1, 1, 1, 1], strides=[2, 2])
    n.stored[y] = (0.05, 20, 1)
    w2, w2s, w2z = qweights(n, 4, 3, 3, 3, scale=0.01, zero=128, dtype=np.uint8)
    zs, zz = n.constant(np.float32(0.08)), n.constant(np.array(128, np.uint8))
    z = n("QLinearConv", y, ys, yz, w2, w2s, w2z, zs, zz, group=2, kernel_shape=[3, 3])
    n.stored[z] = (0.08, 128, 1)
    return n.head(n("Relu", n("DequantizeLinear", z, zs, zz)), 4)


@case(QUANTISED, "QLinearMatMul as the head", opset=10)
def A16_qlinear_matmul(n):
    f, fs, fz = n.q(n("Flatten", n("GlobalAveragePool", n.stem(6))), 0.01, 0)
    w = n.constant(n.rng.integers(-127, 127, (6, 5)).astype(np.int8))
    ws, wz = n.constant(np.float32(0.02)), n.constant(np.array(0, np.int8))
    ys, yz = n.constant(np.float32(0.05)), n.constant(np.array(128, np.uint8))
    y = n("QLinearMatMul", f, fs, fz, w, ws, wz, ys, yz)
    return n("DequantizeLinear", y, ys, yz, name="scores")


@case(QUANTISED, "quantised while it runs: DynamicQuantizeLinear, ConvInteger, MatMulInteger", opset=11)
def A16_dynamic(n):
    x, s, z = n("DynamicQuantizeLinear", "input", outputs=3)
    w, ws, wz = qweights(n, 6, 3, 3, 3, scale=0.004, zero=0)
    c = n("Cast", n("ConvInteger", x, w, z, wz, pads=[1, 1, 1, 1]), to=TensorProto.FLOAT)
    y = n("Relu", n("Add", n("Mul", c, n("Mul", s, ws)), n.weights(6, 1, 1, scale=0.3)))
    f, fs, fz = n("DynamicQuantizeLinear", n("Flatten", n("GlobalAveragePool", y)), outputs=3)
    m, ms, mz = qweights(n, 6, 5, scale=0.02, zero=5)
    product = n("Cast", n("MatMulInteger", f, m, fz, mz), to=TensorProto.FLOAT)
    return n("Add", n("Mul", product, n("Mul", fs, ms)), n.weights(5, scale=0.3), name="scores")


@case(QUANTISED, "weights that are quantised from floats in the graph, as training for it leaves them", opset=13)
def A16_fake_weights(n):
    w, s, z = n.q(n.weights(6, 3, 3, 3), n.rng.uniform(0.002, 0.004, 6).astype(np.float32), np.zeros(6, np.int8), np.int8, axis=0)
    y = n("Conv", pair(n, "input", 0.02, 0, np.int8), dq(n, w, s, z, axis=0), n.weights(6, scale=0.3), pads=[1, 1, 1, 1])
    return n.head(n("Relu", pair(n, y, 0.05, 0, np.int8)), 6)


@case(QUANTISED, "a scale for each channel of the maps", opset=13)
def A16_channels(n):
    x = n.stem(6)
    y = pair(n, x, n.rng.uniform(0.01, 0.05, 6).astype(np.float32), n.rng.integers(0, 20, 6), np.uint8, axis=1)
    z = pair(n, n("Transpose", y, perm=[0, 2, 3, 1]), n.rng.uniform(0.02, 0.08, 6).astype(np.float32), np.zeros(6, int), np.int8, axis=-1)
    return n.head(n("Transpose", z, perm=[0, 3, 1, 2]), 6)


@case(QUANTISED, "the integers themselves are read: cast, and dequantised by hand or with another scale", opset=13)
def A16_integers(n):
    x, _, _ = n.q(n.stem(6), 0.03, 7)
    by_hand = n("Mul", n("Sub", n("Cast", x, to=TensorProto.FLOAT), np.float32(7)), np.float32(0.03))
    other = dq(n, x, n.constant(np.float32(0.05)), n.constant(np.array(3, np.uint8)))
    whole = n("Cast", n("Cast", x, to=TensorProto.INT32), to=TensorProto.FLOAT)
    return n.head(n("Concat", by_hand, other, n("Mul", whole, np.float32(0.02)), axis=1), 18)


@case(QUANTISED, "quantised maps are moved: sliced, joined, pooled, shuffled and resized", opset=13)
def A16_moved(n):
    x, s, z = n.q(n.stem(6), 0.03, 9)
    a = n("Slice", x, np.array([1]), np.array([5]), np.array([1]))
    y = n("Concat", n("MaxPool", a, kernel_shape=[2, 2], strides=[2, 2]), n("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2]), axis=1)
    y = n("Transpose", n("Reshape", y, np.array([1, 2, 5, 6, 6])), perm=[0, 2, 1, 3, 4])
    return n.head(dq(n, n("Reshape", y, np.array([1, 10, 6, 6])), s, z), 10)


@case(QUANTISED, "dense weights in blocks of four inputs, and weights without a zero point", opset=21)
def A16_blocks(n):
    w = n.constant(n.rng.integers(-127, 127, (8, 5)).astype(np.int8))
    scales = n.constant(n.rng.uniform(0.005, 0.02, (2, 5)).astype(np.float32))
    x = n("Conv", "input", n("DequantizeLinear", n.constant(n.rng.integers(-127, 127, (8, 3, 3, 3)).astype(np.int8)), n.constant(np.float32(0.003))), pads=[1, 1, 1, 1])
    f = n("Flatten", n("GlobalAveragePool", n("Relu", x)))
    return n("MatMul", f, n("DequantizeLinear", w, scales, axis=0, block_size=4), name="scores")


@case(QUANTISED, "onnxruntime's own quantised operators", opset=13)
def A16_microsoft(n):
    n.extra_opsets.append(("com.microsoft", 1))
    own = lambda op, *inputs, stored, **attributes: (lambda y: (n.stored.update({y: stored}), y)[1])(n(op, *inputs, domain="com.microsoft", **attributes))
    c = lambda value, dtype=np.float32: n.constant(np.array(value, dtype))
    # Scales with which no sum lies halfway between two steps.
    x, xs, xz = n.q(n.stem(6), 0.0313, 5)
    y, ys, yz = n.q(n.conv("input", 3, 6), 0.0417, 120)
    ts, tz = c(0.0631), c(110, np.uint8)
    t = own("QLinearAdd", x, xs, xz, y, ys, yz, ts, tz, stored=(0.0631, 110, 1))
    ls, lz = c(0.0527), c(60, np.uint8)
    leaky = own("QLinearLeakyRelu", t, ts, tz, ls, lz, alpha=0.2, stored=(0.0527, 60, 1))
    js, jz = c(0.0703), c(40, np.uint8)
    joined = own("QLinearConcat", js, jz, leaky, ls, lz, x, xs, xz, axis=1, stored=(0.0703, 40, 1))
    ps, pz = c(0.0297), c(30, np.uint8)
    pooled = own("QLinearGlobalAveragePool", joined, js, jz, ps, pz, channels_last=0, stored=(0.0297, 30, 1))
    w, ws, wz = qweights(n, 5, 12, scale=0.01)
    b = n.constant(n.rng.integers(-900, 900, 5).astype(np.int32))
    s, z = c(0.1), c(128, np.uint8)
    return own("QGemm", n("Flatten", pooled), ps, pz, w, ws, wz, b, s, z, transB=1, name="scores", stored=(0.1, 128, 1))


@case(QUANTISED, "onnxruntime's own Softmax and Where of integers", opset=13)
def A16_microsoft_softmax(n):
    n.extra_opsets.append(("com.microsoft", 1))
    own = lambda op, *inputs, stored, **attributes: (lambda y: (n.stored.update({y: stored}), y)[1])(n(op, *inputs, domain="com.microsoft", **attributes))
    c = lambda value, dtype=np.float32: n.constant(np.array(value, dtype))
    x, xs, xz = n.q(n.stem(6), 0.0313, 5)
    ss, sz = c(1 / 256), c(0, np.uint8)
    soft = own("QLinearSoftmax", x, xs, xz, ss, sz, axis=1, opset=13, stored=(1 / 256, 0, 1))
    ws, wz = c(0.0217), c(3, np.uint8)
    odd = n.constant((np.arange(144).reshape(1, 1, 12, 12) % 3 == 1))
    chosen = own("QLinearWhere", odd, soft, ss, sz, x, xs, xz, ws, wz, stored=(0.0217, 3, 1))
    return n.head(dq(n, chosen, ws, wz), 6)


# --- Operator sets, inputs, results ------------------------------------------------------------------------------------

FORMS = "A17 to A20 operator sets, inputs and results"
for opset in (7, 8, 25):
    def build(n):
        x = n("MaxPool", n.stem(6), kernel_shape=[2, 2], strides=[2, 2])
        x = n("BatchNormalization", n.conv(x, 6, 6), n.positive(6), n.weights(6, scale=0.2), n.weights(6, scale=0.2), n.positive(6))
        return n.head(n("Relu", x), 6)

    build.__name__ = f"A17_opset_{opset}"
    case(FORMS, f"operator set {opset}", opset=opset)(build)


@case(FORMS, "a picture without a batch, channels last", layout="nhwc")
def A18_hwc(n):
    n.shape = [12, 12, 3]
    x = n("Unsqueeze", n("Transpose", "input", perm=[2, 0, 1]), np.array([0]))
    return n.head(n("Relu", n.conv(x, 3, 6)), 6)


@case(FORMS, "a grey picture without a batch", channels=1)
def A18_grey(n):
    n.shape = [1, 12, 12]
    x = n("Reshape", "input", np.array([1, 1, 12, 12]))
    return n.head(n("Relu", n.conv(x, 1, 6)), 6)


@case(FORMS, "maps first, then an embedding, then the scores")
def A19_three_results(n):
    x = n.stem(6)
    n.head(x, 6)
    flat = n("Flatten", n("GlobalAveragePool", x))
    return [x, n("MatMul", flat, n.weights(6, 7), name="embedding"), "scores"]


@case(FORMS, "labels of pixels: no class scores")
def A20_pixels(n):
    return n("Softmax", n.conv(n.stem(6), 6, 4, name="logits"), axis=1)


@case(FORMS, "LogSoftmax and its Exp", output="softmax")
def A20_log_exp(n):
    return n("Exp", n("LogSoftmax", n.head(n.stem(6), 6, name="before"), axis=-1), name="scores")


@case(FORMS, "a Softmax over maps of one pixel, then reshaped", output="softmax")
def A20_pixel_softmax(n):
    x = n("GlobalAveragePool", n.conv(n.stem(6), 6, 5, kernel=1))
    return n("Reshape", n("Softmax", x, axis=1), np.array([1, -1]), name="scores")


# --- Conditions --------------------------------------------------------------------------------------------------------

IF = "A26 If"


def branch(n, name, nodes, output, constants=()):
    info = helper.make_tensor_value_info(output, TensorProto.FLOAT, None)
    return helper.make_graph(nodes, name, [], [info], [numpy_helper.from_array(value, key) for key, value in constants])


@case(IF, "within If, on constants that are compared; branches read what is around them")
def A26_nested(n):
    x = n.conv("input", 3, 6)
    node = helper.make_node
    inner = node("If", ["small"], ["r"], name="inner",
                 then_branch=branch(n, "a", [node("Relu", [x], ["a1"])], "a1"),
                 else_branch=branch(n, "b", [node("Mul", [x, "half"], ["b1"])], "b1", [("half", np.array(0.5, np.float32))]))
    small = node("Less", ["limit", "few"], ["small"])
    outer = branch(n, "outer", [small, inner, node("Add", ["r", x], ["o1"])], "o1", [("few", np.array(3, np.int64))])
    n.initializers.append(numpy_helper.from_array(np.array(2, np.int64), "limit"))
    condition = n("Not", n("Equal", "limit", np.array(5)))
    y = n("If", condition, then_branch=outer, else_branch=branch(n, "c", [node("Neg", [x], ["c1"])], "c1"))
    return n.head(n("Relu", n.conv(y, 6, 6)), 6)


@case(IF, "on the number of channels of a computed value, in a function")
def A26_function(n):
    node = helper.make_node
    then = helper.make_graph([node("Squeeze", ["x", "axes"], ["t1"])], "t", [], [helper.make_tensor_value_info("t1", TensorProto.FLOAT, None)])
    other = helper.make_graph([node("Identity", ["x"], ["e1"])], "e", [], [helper.make_tensor_value_info("e1", TensorProto.FLOAT, None)])
    define(n, "MaybeSqueeze", ["x"], ["y"], [
        node("Constant", [], ["axes"], value_ints=[2]), node("Constant", [], ["one"], value_int=1), node("Shape", ["x"], ["s"]),
        node("Gather", ["s", "axes"], ["d"]), node("Equal", ["d", "one"], ["c"]), node("If", ["c"], ["y"], then_branch=then, else_branch=other)])
    x = n("MaybeSqueeze", n("ReduceMean", n.stem(6), axes=[2], keepdims=1), domain="own")
    y = n("MaybeSqueeze", n("ReduceMean", x, axes=[2], keepdims=1), domain="own")
    return n("Gemm", n("Flatten", y), n.weights(5, 6, scale=1.0), transB=1, name="scores")


@case(IF, "with two results")
def A26_two_results(n):
    node = helper.make_node
    x = n.conv("input", 3, 6)

    def two(name, ops):
        names = [f"{name}{index}" for index in (0, 1)]
        infos = [helper.make_tensor_value_info(value, TensorProto.FLOAT, None) for value in names]
        return helper.make_graph([node(op, [x], [value]) for op, value in zip(ops, names)], name, [], infos)

    a, b = n("If", n.constant(np.array(False)), outputs=2, then_branch=two("t", ["Neg", "Abs"]), else_branch=two("e", ["Relu", "Tanh"]))
    return n.head(n("Concat", n("Relu", n.conv(a, 6, 4)), b, axis=1), 10)


# --- Endings -----------------------------------------------------------------------------------------------------------

END = "B endings and normalisation inside"


@case(END, "the background's probability is cut off and the rest divided by their sum", output="softmax")
def B_end_background(n):
    p = n("Slice", n("Softmax", n.head(n.stem(6), 6, classes=6, name="before"), axis=1), np.array([1]), np.array([6]), np.array([1]))
    return n("Div", p, n("ReduceSum", p, np.array([1]), keepdims=1), name="scores")


@case(END, "a weighted mean of two softmaxes", output="softmax")
def B_end_weighted(n):
    a, b = [n("Softmax", n.head(n.stem(6), 6, name=name), axis=1) for name in ("one", "two")]
    return n("Add", n("Mul", a, np.float32(0.7)), n("Mul", b, np.float32(0.3)), name="scores")


@case(END, "classes in another order", output="softmax")
def B_end_order(n):
    return n("Gather", n("Softmax", n.head(n.stem(6), 6, name="before"), axis=1), np.array([3, 1, 4, 0, 2]), axis=1, name="scores")


@case(END, "normalised inside: subtracted and divided", norecipe=True, recipe=(1 / 255, [0, 0, 0], [1, 1, 1]), size=32)
def B_own_torchvision(n):
    x = n("Div", n("Sub", "input", np.reshape(np.float32(MEAN), (1, 3, 1, 1))), np.reshape(np.float32(STD), (1, 3, 1, 1)))
    return n.head(n("Relu", n.conv(x, 3, 6)), 6)


@case(END, "divided by 255 and standardised inside", norecipe=True, recipe=(1, [0, 0, 0], [1, 1, 1]), size=32)
def B_own_255(n):
    x = n("Mul", "input", np.float32(1 / 255))
    x = n("Mul", n("Sub", x, np.reshape(np.float32(MEAN), (3, 1, 1))), np.reshape(1 / np.float32(STD), (3, 1, 1)))
    return n.head(n("Relu", n.conv(x, 3, 6)), 6)


# --- Tokens ------------------------------------------------------------------------------------------------------------

TOKENS = "tokens are maps"
WIDTH, HEADS = 12, 3


def dense(n, x, inputs, outputs):
    return n("Add", n("MatMul", x, n.weights(inputs, outputs, scale=1 / np.sqrt(inputs))), n.weights(outputs, scale=0.1))


def norm(n, x):
    return n("LayerNormalization", x, n.positive(WIDTH), n.weights(WIDTH, scale=0.1), axis=-1)


def attention(n, x, count, groups=1):
    """Self-attention of `groups` windows of `count` tokens."""
    def heads(order):
        apart = n("Reshape", dense(n, x, WIDTH, WIDTH), np.array([groups, count, HEADS, WIDTH // HEADS]))
        return n("Transpose", apart, perm=order)

    query, key, value = heads([0, 2, 1, 3]), heads([0, 2, 3, 1]), heads([0, 2, 1, 3])
    weights = n("Softmax", n("Mul", n("MatMul", query, key), np.float32((WIDTH // HEADS) ** -0.5)), axis=-1)
    mixed = n("Transpose", n("MatMul", weights, value), perm=[0, 2, 1, 3])
    return dense(n, n("Reshape", mixed, np.array([groups, count, WIDTH])), WIDTH, WIDTH)


def block(n, x, count, place, name, mix=None):
    """A block of a transformer; its two sums and what is between them are layers."""
    mixed = (mix or attention)(n, norm(n, x), count)
    x = n("Add", x, mixed, name=f"{name}_attended")
    hidden = n("Gelu", dense(n, norm(n, x), WIDTH, 2 * WIDTH), name=f"{name}_hidden")
    y = n("Add", x, dense(n, hidden, 2 * WIDTH, WIDTH), name=f"{name}_block")
    n.tokens.update((value, place) for value in (x, hidden, y))
    return y


def patches(n, size=4):
    x = n.conv("input", 3, WIDTH, size, pads=[0] * 4, strides=[size, size])
    grid = [n.size // size] * 2
    return n("Transpose", n("Reshape", x, np.array([0, WIDTH, -1])), perm=[0, 2, 1]), grid, grid[0] * grid[1]


def scores(n, x):
    return n("Gemm", x, n.weights(5, WIDTH, scale=1.0), n.weights(5, scale=0.3), transB=1, name="scores")


@case(TOKENS, "a class token before the patches, which alone is read", opset=20, size=24)
def V_class_token(n):
    x, grid, count = patches(n)
    x = n("Concat", n.weights(1, 1, WIDTH, scale=0.5), x, axis=1)
    x = n("Add", x, n.weights(1, count + 1, WIDTH, scale=0.5))
    for index in range(3):
        x = block(n, x, count + 1, (1, grid), f"b{index}")
    return scores(n, n("Gather", norm(n, x), np.array(0), axis=1))


@case(TOKENS, "registers before the patches, which are averaged", opset=20, size=24)
def V_registers(n):
    x, grid, count = patches(n)
    x = n("Add", x, n.weights(1, count, WIDTH, scale=0.5))
    x = n("Concat", n.weights(1, 4, WIDTH, scale=0.5), x, axis=1)
    for index in range(2):
        x = block(n, x, count + 4, (4, grid), f"b{index}")
    kept = n("Slice", norm(n, x), np.array([4]), np.array([2**31 - 1]), np.array([1]))
    return scores(n, n("ReduceMean", kept, np.array([1]), keepdims=0))


@case(TOKENS, "windows of channels last, cut out, attended and put back", opset=20, size=32)
def V_windows(n):
    side, window = 8, 4
    x = n("Transpose", n.conv("input", 3, WIDTH, 4, pads=[0] * 4, strides=[4, 4]), perm=[0, 2, 3, 1])
    count = side // window

    def windows(n, x, _):
        x = n("Reshape", x, np.array([1, count, window, count, window, WIDTH]))
        x = n("Reshape", n("Transpose", x, perm=[0, 1, 3, 2, 4, 5]), np.array([count**2, window**2, WIDTH]))
        x = n("Reshape", attention(n, x, window**2, count**2), np.array([1, count, count, window, window, WIDTH]))
        return n("Reshape", n("Transpose", x, perm=[0, 1, 3, 2, 4, 5]), np.array([1, side, side, WIDTH]))

    for index in range(2):
        x = block(n, x, 0, (), f"b{index}", windows)
    return scores(n, n("ReduceMean", norm(n, x), np.array([1, 2]), keepdims=0))


# --- What the file takes -----------------------------------------------------------------------------------------------

TAKES = "D what the file takes"


def banded(n, count, last=False):
    """So many channels, of which the first are the picture's colours and the others zero."""
    def arrange(values):
        values = values.transpose(2, 0, 1) if last else values
        planes = np.zeros((count, n.size, n.size), np.float32)
        planes[:min(count, 3)] = values[:count]
        return (planes.transpose(1, 2, 0) if last else planes)[None]
    n.shape = [1, n.size, n.size, count] if last else [1, count, n.size, n.size]
    n.arrange = arrange


def tail(n, x, channels):
    return n.head(n("Relu", n.conv(x, channels, 6)), 6)


for count in (2, 4, 13, 16):
    def build(n, count=count):
        banded(n, count)
        return tail(n, "input", count)

    build.__name__ = f"D_bands_{count}"
    case(TAKES, f"{count} channels")(build)


@case(TAKES, "six channels, at the end", layout="nhwc")
def D_bands_last(n):
    banded(n, 6, last=True)
    return tail(n, n("Transpose", "input", perm=[0, 3, 1, 2]), 6)


@case(TAKES, "five channels that the file leaves open")
def D_bands_open(n):
    banded(n, 5)
    n.shape = ["batch", "channels", n.size, n.size]
    return tail(n, "input", 5)


@case(TAKES, "[C, H, W] of four channels", opset=11)
def D_without_batch(n):
    banded(n, 4)
    of = n.arrange
    n.shape, n.arrange = n.shape[1:], lambda values: of(values)[0]
    return tail(n, n("Unsqueeze", "input", axes=[0]), 4)


@case(TAKES, "[H, W, C]", layout="nhwc")
def D_without_batch_last(n):
    n.shape = [n.size, n.size, 3]
    return tail(n, n("Unsqueeze", n("Transpose", "input", perm=[2, 0, 1]), np.array([0])), 3)


@case(TAKES, "[H, W]", channels=1)
def D_sides_alone(n):
    n.shape = [n.size, n.size]
    return tail(n, n("Unsqueeze", "input", np.array([0, 1])), 1)


@case(TAKES, "[N, H, W] of grey pictures", channels=1)
def D_grey_batch(n):
    n.shape = ["N", n.size, n.size]
    n.arrange = lambda values: values.reshape(1, n.size, n.size)
    return tail(n, n("Unsqueeze", "input", np.array([1])), 1)


@case(TAKES, "[1, 784]", channels=1, size=28)
def D_row_784(n):
    n.shape = [1, 784]
    return tail(n, n("Reshape", "input", np.array([-1, 1, 28, 28])), 1)


@case(TAKES, "[N, 432], three colours in a row", size=12)
def D_row_of_colours(n):
    n.shape = ["N", 432]
    n.arrange = lambda values: values.reshape(1, 432)
    return tail(n, n("Reshape", "input", np.array([1, 3, 12, 12])), 3)


@case(TAKES, "[144], without a batch", channels=1)
def D_row_alone(n):
    n.shape = [144]
    return tail(n, n("Reshape", "input", np.array([1, 1, 12, 12])), 1)


@case(TAKES, "[1, C, 1, H, W]")
def D_one_slice(n):
    n.shape = [1, 3, 1, n.size, n.size]
    return tail(n, n("Squeeze", "input", np.array([2])), 3)


@case(TAKES, "[1, C, 4, H, W]: a stack of four slices")
def D_four_slices(n):
    n.shape = [1, 3, 4, n.size, n.size]
    n.arrange = lambda values: np.repeat(values[None, :, None], 4, 2)
    return tail(n, n("Reshape", "input", np.array([1, 12, n.size, n.size])), 12)


@case(TAKES, "[1, 4, C, H, W]: four frames")
def D_four_frames(n):
    n.shape = [1, 4, 3, n.size, n.size]
    n.arrange = lambda values: np.repeat(values[None, None], 4, 1)
    return tail(n, n("Reshape", "input", np.array([1, 12, n.size, n.size])), 12)


def volumes(n, stem, block):
    """Convolutions over slices or frames, with a sum and pooling between."""
    x = n("Relu", n("Conv", stem, n.weights(6, 3, 3, 3, 3), n.weights(6, scale=0.3), pads=[1] * 6), name="stem")
    x = n("MaxPool", x, kernel_shape=[1, 2, 2], strides=[1, 2, 2])
    y = n("Conv", x, n.weights(6, 6, 3, 1, 1), n.weights(6, scale=0.3), pads=[1, 0, 0, 1, 0, 0])
    y = n("Relu", n("BatchNormalization", y, n.positive(6), n.weights(6), n.weights(6), n.positive(6)))
    x = n("Add", x, n("Conv", y, n.weights(6, 6, 1, 3, 3), pads=[0, 1, 1, 0, 1, 1]), name="sum")
    x = n("Relu", n("Conv", x, n.weights(8, 6, 2, 3, 3), strides=[2, 2, 2], pads=[0, 1, 1, 0, 1, 1]), name=block)
    n.tokens = {"stem": (), "sum": (), block: ()}
    x = n("AveragePool", x, kernel_shape=[2, 2, 2], strides=[1, 1, 1])
    x = n("Resize", x, "", np.array([1, 1, 2, 1.5, 2], np.float32), mode="linear")
    return n.head(n("ConvTranspose", x, n.weights(8, 4, 2, 3, 3), strides=[2, 1, 2]), 4)


@case(TAKES, "[1, C, 4, H, W]: convolutions over volumes")
def D_volume_convolutions(n):
    n.shape = [1, 3, 4, n.size, n.size]
    n.arrange = lambda values: np.repeat(values[None, :, None], 4, 2)
    return volumes(n, "input", "last")


@case(TAKES, "[1, 4, C, H, W]: convolutions over frames")
def D_frame_convolutions(n):
    n.shape = [1, 4, 3, n.size, n.size]
    n.arrange = lambda values: np.repeat(values[None, None], 4, 1)
    return volumes(n, n("Transpose", "input", perm=[0, 2, 1, 3, 4]), "last")


@case(TAKES, "a batch of 0")
def D_batch_0(n):
    n.shape, n.arrange = [0, 3, n.size, n.size], lambda values: values[None]
    return tail(n, "input", 3)


@case(TAKES, "no declared shape, and a dense layer that fits one size alone", size=32)
def D_no_shape(n):
    n.shape, n.arrange = None, lambda values: values[None]
    x = n("MaxPool", n("Relu", n.conv("input", 3, 4)), kernel_shape=[4, 4], strides=[4, 4])
    return n("Gemm", n("Flatten", x), n.weights(5, 256, scale=0.2), transB=1, name="scores")


@case(TAKES, "no declared shape, channels last", layout="nhwc", size=32)
def D_no_shape_last(n):
    n.shape, n.arrange = None, lambda values: values[None]
    x = n("Relu", n.conv(n("Transpose", "input", perm=[0, 3, 1, 2]), 3, 4, strides=[2, 2]))
    return n("Gemm", n("Flatten", x), n.weights(5, 1024, scale=0.1), transB=1, name="scores")


@case(TAKES, "a second input that nobody reads")
def D_beside_unused(n):
    n.beside["training"] = (TensorProto.BOOL, [], np.array(False))
    return tail(n, "input", 3)


@case(TAKES, "a second input with a default")
def D_beside_default(n):
    n.initializers.append(numpy_helper.from_array(np.float32([0.5]), "ratio"))
    n.beside["ratio"] = (TensorProto.FLOAT, [1], np.float32([0.5]))
    return tail(n, n("Mul", "input", "ratio"), 3)


@case(TAKES, "a flag")
def D_beside_flag(n):
    n.beside["is_training"] = (TensorProto.BOOL, [1], np.array([False]))
    x = n("Relu", n.conv("input", 3, 6))
    return tail(n, n("Where", "is_training", n("Mul", x, np.float32(0)), x), 6)


@case(TAKES, "a number that scores are divided by")
def D_beside_number(n):
    n.beside["temperature"] = (TensorProto.FLOAT, [1], np.float32([1]))
    return n("Div", n.head(n("Relu", n.conv("input", 3, 6)), 6, name="cold"), "temperature", name="scores")


@case(TAKES, "whole numbers, the size of the picture among them")
def D_beside_size(n):
    n.beside["orig_target_sizes"] = (TensorProto.INT64, ["N", 2], np.array([[n.size, n.size]]))
    n.beside["timestep"] = (TensorProto.INT32, ["N"], np.array([0], np.int32))
    x = n.conv("input", 3, 6)
    share = n("Div", n("Cast", "orig_target_sizes", to=TensorProto.FLOAT), np.float32(24))
    x = n("Mul", x, n("ReduceMean", share, axes=[0, 1], keepdims=0))
    return n.head(n("Relu", n("Add", x, n("Cast", "timestep", to=TensorProto.FLOAT))), 6)


@case(TAKES, "a second picture: two in one pass")
def D_beside_picture(n):
    n.beside["other"] = (TensorProto.FLOAT, n.shape, None)
    first, second = n.conv("input", 3, 6), n.conv("other", 3, 6)
    return n.head(n("Relu", n("Sub", first, second)), 6)


@case(TAKES, "a mask of the picture's size, which the file leaves open")
def D_beside_mask(n):
    n.shape = ["N", 3, "height", "width"]
    n.arrange = lambda values: values[None]
    n.beside["pixel_mask"] = (TensorProto.INT64, ["N", "height", "width"], np.ones((1, n.size, n.size), np.int64))
    x = n.conv("input", 3, 6)
    return n.head(n("Relu", n("Mul", x, n("Cast", n("Unsqueeze", "pixel_mask", np.array([1])), to=TensorProto.FLOAT))), 6)


@case(TAKES, "a vector beside a picture of four channels, the other input first")
def D_beside_vector(n):
    banded(n, 4)
    n.first = {"state": (TensorProto.FLOAT, [1, 8], np.zeros((1, 8), np.float32))}
    x = n.conv("input", 4, 6)
    gate = n("Sigmoid", n("Gemm", "state", n.weights(8, 6), n.weights(6)))
    return n.head(n("Relu", n("Mul", x, n("Unsqueeze", gate, np.array([2, 3])))), 6)


def main(chosen):
    names = [item["name"] for item in CASES]
    assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]
    for folder in HERE.iterdir():
        # Those of N14 are written by ../networks/cases.py.
        is_own = folder.is_dir() and folder.name.startswith("N") and not folder.name.startswith("N14")
        if is_own and (folder.name in chosen or folder.name not in names or not chosen):
            shutil.rmtree(folder)
    for item in CASES:
        if not chosen or item["name"] in chosen:
            try:
                write(item)
            except Exception as error:
                raise RuntimeError(f"in case {item['name']}") from error
    print(len(names), "cases")


if __name__ == "__main__":
    main(sys.argv[1:])
