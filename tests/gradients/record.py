#!/usr/bin/env python3
"""Records the gradients that PyTorch computes in float64: of single operators, and of the four models.

Needs PyTorch (1.13 of Debian's python3-torch was used) and onnx in the same Python:

    python3 -m venv --system-site-packages venv && venv/bin/pip install onnx==1.16.2
    venv/bin/python tests/gradients/record.py [case of an operator ...]

# ops/<case>/

A small model `model.onnx` and the gradient of `Σ weights · objective` with respect to one of its values; `case.json` holds

    note           what the case is about
    objective      the value whose elements are weighted and added up
    withRespectTo  the value that the gradient is taken with respect to
    rectifiers     exact, open-at-objective or open: which activations let the whole gradient through
    value          the sum
    inputs         [{ name, shape, file }]; files hold little-endian f32
    weights        { shape, file }
    gradient       { shape, file }

Inputs lie away from kinks and ties, unless the note says otherwise or the name ends in `-at-kinks`. `ops/index.json` lists the names of all cases.

# models.json and models.bin

The gradient of the mean of some maps of a late layer, or of a class score, with respect to the input, whose numbers come from
`picture` below. Recorded are the sum, the largest |gradient|, and the gradient at 1,024 positions: `positions` and
`gradient` are byte offsets of 1,024 numbers (u32, f32) in models.bin.

`kinks` are the values that an activation reads within NEAR of where its slope changes, so that float32 may take them for being on
the other side, if the gradient at one of the positions is then another by more than CHANGE of the largest: the activation's
output, its place, how far from the kink the value lies in float64, and under `gradient` the offset of the 1,024 numbers with the slope
of the other side. An engine may have either gradient there.
"""

import json
import shutil
import sys
import zlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import onnx_torch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
POSITIONS = 1024
NEAR = 2e-6
CHANGE = 1e-3
CASES = {}


def case(name, note=""):
    """Registers a function that builds a model: its last value is the objective."""

    def register(build):
        CASES[name] = (note, build)
        return build

    return register


class Build:
    """A model under construction: `value = build("Relu", x)` adds a node."""

    def __init__(self, name):
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))
        self.nodes, self.initializers, self.inputs, self.values = [], [], [], {}
        self.with_respect_to, self.rectifiers, self.opset = "input", "exact", 14

    def __call__(self, op, *inputs, unread=(), **attributes):
        output = f"value{len(self.nodes)}"
        outputs = [output, *unread]
        self.nodes.append(helper.make_node(op, list(inputs), outputs, name=f"node{len(self.nodes)}", **attributes))
        return output

    def input(self, *shape, low=-2.0, high=2.0, name="input", kinks=()):
        """Numbers that are at least 0.05 away from the kinks."""
        values = self.rng.uniform(low, high, shape)
        for kink in kinks:
            near = np.abs(values - kink) < 0.05
            values[near] = kink + np.where(values[near] < kink, -0.1, 0.1)
        return self.given(name, values)

    def distinct(self, *shape, name="input"):
        """Numbers of which any two differ by 0.02 or more, some of them negative."""
        count = int(np.prod(shape))
        return self.given(name, (self.rng.permutation(count).reshape(shape) - count / 3) * 0.02)

    def given(self, name, values):
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, values.shape))
        self.values[name] = values.astype(np.float32)
        return name

    def constant(self, array):
        array = np.asarray(array)
        array = array.astype(np.float32) if array.dtype == np.float64 else array
        name = f"constant{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def weights(self, *shape):
        return self.constant(self.rng.normal(0.0, 1.0 / np.sqrt(max(1, np.prod(shape[1:]))), shape))

    def conv(self, x, channels, outputs, kernel, group=1, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1)):
        weights = self.weights(outputs, channels // group, *kernel)
        return self("Conv", x, weights, self.weights(outputs), kernel_shape=kernel, group=group, strides=strides,
                    pads=pads, dilations=dilations)


def conv_case(name, size, channels, outputs, kernel, note="", **window):
    @case(name, note)
    def build(b):
        b.conv(b.input(1, channels, *size), channels, outputs, kernel, **window)


conv_case("conv-1x1", (4, 5), 3, 5, (1, 1))
conv_case("conv-3x3", (6, 7), 3, 4, (3, 3), pads=(1, 1, 1, 1))
conv_case("conv-valid", (6, 7), 3, 4, (3, 2))
conv_case("conv-stride-2", (7, 8), 3, 4, (3, 3), strides=(2, 2), pads=(1, 1, 1, 1))
conv_case("conv-stride-2-unread-end", (8, 7), 3, 4, (3, 3), strides=(2, 2), note="the last row and no column is left unread")
conv_case("conv-stride-2-even", (8, 8), 2, 3, (3, 3), strides=(2, 2), pads=(0, 0, 1, 1), note="as TensorFlow pads")
conv_case("conv-7x7-stride-2", (11, 12), 3, 4, (7, 7), strides=(2, 2), pads=(3, 3, 3, 3))
conv_case("conv-11x11-stride-4", (19, 23), 3, 2, (11, 11), strides=(4, 4))
conv_case("conv-1x1-stride-2", (7, 6), 3, 4, (1, 1), strides=(2, 2))
conv_case("conv-2x2-stride-3", (8, 9), 2, 3, (2, 2), strides=(3, 3), note="some pixels are never read")
conv_case("conv-stride-2-1", (7, 8), 3, 4, (3, 5), strides=(2, 1), pads=(1, 2, 1, 2))
conv_case("conv-asymmetric-pads", (6, 7), 3, 4, (3, 4), strides=(1, 2), pads=(0, 2, 2, 1))
conv_case("conv-large-pads", (5, 6), 2, 3, (3, 3), pads=(4, 3, 5, 4), note="outputs at the border see nothing but padding")
conv_case("conv-large-pads-stride-2", (5, 6), 2, 3, (3, 3), strides=(2, 2), pads=(5, 3, 4, 6))
conv_case("conv-large-pads-dilated", (5, 6), 2, 3, (2, 2), dilations=(3, 2), pads=(4, 5, 6, 4))
conv_case("conv-dilated", (9, 8), 3, 4, (3, 3), dilations=(2, 2), pads=(2, 2, 2, 2))
conv_case("conv-dilated-stride-2", (10, 9), 2, 3, (3, 3), dilations=(2, 3), strides=(2, 2), pads=(2, 3, 2, 3))
conv_case("conv-grouped", (5, 6), 6, 4, (3, 3), group=2, pads=(1, 1, 1, 1))
conv_case("conv-grouped-stride-2", (7, 6), 6, 9, (3, 3), group=3, strides=(2, 2), pads=(1, 1, 1, 1))
conv_case("conv-depthwise", (6, 5), 4, 4, (3, 3), group=4, pads=(1, 1, 1, 1))
conv_case("conv-depthwise-stride-2", (9, 8), 4, 4, (5, 5), group=4, strides=(2, 2), pads=(2, 2, 2, 2))
conv_case("conv-depthwise-multiplier", (6, 5), 3, 6, (3, 3), group=3, strides=(2, 2), pads=(0, 1, 1, 0))
conv_case("conv-whole-picture", (4, 5), 3, 6, (4, 5), note="one output pixel, as dense layers are lowered")


def unary_case(name, low=-2.0, high=2.0, kinks=(), **attributes):
    @case("-".join(word.lower() for word in name.split()))
    def build(b):
        b(name, b.input(1, 2, 3, 4, low=low, high=high, kinks=kinks), **attributes)


unary_case("Relu", kinks=[0])
unary_case("Sigmoid", low=-4, high=4)
unary_case("Tanh")
unary_case("Exp")
unary_case("Log", low=0.3)
unary_case("Sqrt", low=0.3)
unary_case("Abs", kinks=[0])
unary_case("Neg")
unary_case("Reciprocal", low=0.4)
unary_case("HardSwish", low=-5, high=5, kinks=[-3, 3])
unary_case("LeakyRelu", kinks=[0], alpha=0.2)
unary_case("Elu", kinks=[0], alpha=0.7)


@case("sign", "the gradient is zero; the other path has one")
def _(b):
    x = b.input(1, 2, 3, 4, kinks=[0])
    b("Mul", x, b("Sign", x))


@case("sign-only", "the gradient is zero everywhere")
def _(b):
    b("Sign", b.input(1, 2, 3, 4, kinks=[0]))


def clip_case(name, low, high, spread):
    @case(name)
    def build(b):
        kinks = [bound for bound in (low, high) if bound is not None]
        bounds = ["" if bound is None else b.constant(np.float32(bound)) for bound in (low, high)]
        b("Clip", b.input(1, 2, 4, 5, low=-spread, high=spread, kinks=kinks), *bounds)


clip_case("clip-0-6", 0.0, 6.0, 9.0)
clip_case("clip-minus-1-1", -1.0, 1.0, 2.0)
clip_case("clip-from", -0.7, None, 2.0)
clip_case("clip-to", None, 0.4, 2.0)


@case("relu6-in-a-row", "mask and Conv one after the other")
def _(b):
    x = b.conv(b.input(1, 2, 5, 5), 2, 3, (3, 3), pads=(1, 1, 1, 1))
    x = b("Clip", x, b.constant(np.float32(0)), b.constant(np.float32(0.5)))
    b.conv(x, 3, 2, (3, 3), pads=(1, 1, 1, 1))


def binary_case(op, suffix, shape, constant, left=True):
    """The input on one side, a constant on the other; for Mul and Div away from zero."""

    @case(f"{op.lower()}-{suffix}")
    def build(b):
        positive = op == "Div"
        x = b.input(1, *shape, low=0.5 if positive else -2.0)
        other = b.constant(b.rng.uniform(0.5 if positive else -2.0, 2.0, (1, *constant)))
        b(op, *((x, other) if left else (other, x)))


for operation in ["Add", "Sub", "Mul", "Div", "Min", "Max"]:
    binary_case(operation, "image", (2, 3, 4), (2, 3, 4))
    binary_case(operation, "from-constant", (2, 3, 4), (2, 1, 1), left=False)
    binary_case(operation, "repeated-pixels", (3, 1, 1), (3, 3, 4))
binary_case("Mul", "repeated-channels", (1, 3, 4), (3, 3, 4))
binary_case("Add", "repeated-channels", (1, 3, 4), (3, 1, 1))
binary_case("Add", "repeated-all", (1, 1, 1), (3, 4, 5))
binary_case("Mul", "repeated-rows", (3, 1, 4), (3, 3, 4))
binary_case("Sub", "repeated-columns", (2, 3, 1), (1, 3, 4), left=False)


@case("two-inputs", "the gradient with respect to the second")
def _(b):
    x, y = b.input(1, 2, 3, 4), b.input(1, 2, 1, 1, low=0.5, name="second")
    b.with_respect_to = "second"
    b("Mul", b("Div", x, y), b("Sub", y, x))


@case("square", "both operands are the same value")
def _(b):
    x = b.input(1, 2, 3, 4)
    b("Mul", x, x)


@case("squeeze-excite", "a gate from the means multiplies every pixel")
def _(b):
    x = b.input(1, 4, 3, 5)
    gate = b("Relu", b.conv(b("GlobalAveragePool", x), 4, 3, (1, 1)))
    b("Mul", x, b("Sigmoid", b.conv(gate, 3, 4, (1, 1))))


@case("mean-only", "every pixel has the same gradient")
def _(b):
    b("GlobalAveragePool", b.input(1, 3, 3, 5))


@case("mean-and-subtract", "as normalisations do: the mean and the pixels meet again")
def _(b):
    x = b.input(1, 3, 3, 5)
    centred = b("Sub", x, b("GlobalAveragePool", x))
    variance = b("GlobalAveragePool", b("Mul", centred, centred))
    b("Div", centred, b("Sqrt", b("Add", variance, b.constant(np.full((1, 1, 1, 1), 0.1)))))


@case("batch-norm", "folded into the Conv, and alone")
def _(b):
    x = b.conv(b.input(1, 3, 5, 4), 3, 4, (3, 3), pads=(1, 1, 1, 1))
    parameters = lambda: [b.constant(b.rng.uniform(0.5, 1.5, 4)) for _ in range(4)]
    b("BatchNormalization", b("Tanh", b("BatchNormalization", x, *parameters())), *parameters())


def pool_case(name, op, size, kernel, strides, pads=(0, 0, 0, 0), note="", channels=2, **attributes):
    @case(name, note)
    def build(b):
        b(op, b.distinct(1, channels, *size), kernel_shape=kernel, strides=strides, pads=pads, **attributes)


pool_case("max-pool-2x2", "MaxPool", (6, 8), (2, 2), (2, 2))
pool_case("max-pool-2x2-odd", "MaxPool", (5, 7), (2, 2), (2, 2), note="the last row and column are not read")
pool_case("max-pool-3x3-stride-2", "MaxPool", (9, 8), (3, 3), (2, 2))
pool_case("max-pool-3x3-padded", "MaxPool", (7, 8), (3, 3), (2, 2), (1, 1, 1, 1), note="negative maxima beside padding")
pool_case("max-pool-3x3-same", "MaxPool", (6, 8), (3, 3), (2, 2), (0, 0, 1, 1))
pool_case("max-pool-3x3-stride-1", "MaxPool", (6, 5), (3, 3), (1, 1), (1, 1, 1, 1))
pool_case("max-pool-5x3", "MaxPool", (9, 8), (5, 3), (2, 3), (1, 1, 2, 0))
pool_case("max-pool-row", "MaxPool", (4, 9), (1, 4), (1, 2))
pool_case("max-pool-subsample", "MaxPool", (5, 6), (1, 1), (2, 2))
pool_case("max-pool-13x13", "MaxPool", (9, 9), (13, 13), (1, 1), (6, 6, 6, 6), channels=1)
pool_case("max-pool-dilated", "MaxPool", (9, 8), (3, 2), (1, 1), (2, 1, 2, 2), dilations=(2, 3))
pool_case("max-pool-dilated-stride-2", "MaxPool", (10, 9), (3, 3), (2, 3), (2, 1, 1, 2), dilations=(2, 2),
          note="some pixels are in the gaps of all windows")
pool_case("average-pool-2x2", "AveragePool", (6, 8), (2, 2), (2, 2))
pool_case("average-pool-3x3", "AveragePool", (7, 8), (3, 3), (2, 2))
pool_case("average-pool-exclude", "AveragePool", (7, 8), (3, 3), (2, 2), (1, 1, 1, 1), count_include_pad=0)
pool_case("average-pool-include", "AveragePool", (7, 8), (3, 3), (2, 2), (1, 1, 1, 1), count_include_pad=1)
pool_case("average-pool-stride-1", "AveragePool", (5, 6), (3, 3), (1, 1), (1, 1, 1, 1), count_include_pad=0)


@case("global-max-pool")
def _(b):
    b("GlobalMaxPool", b.distinct(1, 3, 4, 5))


@case("max-pool-ties", "many equal maxima: each window gives its own to the first of them in reading order")
def _(b):
    b("MaxPool", b.given("input", b.rng.integers(-1, 2, (1, 3, 9, 9)).astype(float)), kernel_shape=(3, 3), strides=(2, 2))


@case("relu-max-pool", "zeros tie, and Relu's mask is zero there")
def _(b):
    x = b("Relu", b.conv(b.input(1, 2, 9, 9), 2, 3, (3, 3)))
    b.conv(b("MaxPool", x, kernel_shape=(3, 3), strides=(2, 2)), 3, 2, (1, 1))


@case("concat", "parts of 2, 4 and 3 channels, one of which is read twice")
def _(b):
    x = b.input(1, 3, 4, 5)
    parts = [b("Tanh", b.conv(x, 3, channels, (1, 1))) for channels in (2, 4)]
    b.conv(b("Concat", parts[0], parts[1], x, parts[0], axis=1), 11, 3, (1, 1))


@case("concat-of-means", "the gradient of the Concat is the same for each pixel")
def _(b):
    x = b.input(1, 4, 3, 3)
    b("GlobalAveragePool", b("Concat", b("Relu", x), b("Neg", x), axis=1))


@case("resize", "nearest neighbours by 2 and 3")
def _(b):
    scales = b.constant(np.array([1, 1, 2, 3], np.float64))
    x = b("Resize", b.input(1, 2, 3, 4), "", scales, mode="nearest", nearest_mode="floor",
          coordinate_transformation_mode="asymmetric")
    b.conv(x, 2, 3, (3, 3), pads=(1, 1, 1, 1))


@case("transpose", "height and width exchanged")
def _(b):
    b.conv(b("Transpose", b.input(1, 2, 4, 3), perm=[0, 1, 3, 2]), 2, 3, (3, 3))


@case("channel-shuffle", "Reshape, Transpose, Reshape before a depthwise Conv")
def _(b):
    x = b("Reshape", b.input(1, 6, 3, 4), b.constant(np.array([1, 2, 3, 3, 4])))
    x = b("Reshape", b("Transpose", x, perm=[0, 2, 1, 3, 4]), b.constant(np.array([1, 6, 3, 4])))
    b.conv(x, 6, 6, (3, 3), group=6, pads=(1, 1, 1, 1))


@case("dense", "Flatten and two Gemm")
def _(b):
    x = b("Flatten", b("Relu", b.conv(b.input(1, 2, 5, 4), 2, 3, (3, 3), pads=(1, 1, 1, 1))))
    x = b("Relu", b("Gemm", x, b.weights(8, 60), b.weights(8), transB=1))
    b("Gemm", x, b.weights(8, 5), b.weights(5))


@case("dense-from-vector", "an input that is no picture")
def _(b):
    b("Sigmoid", b("Gemm", b.input(1, 6), b.weights(6, 4), b.weights(4)))


@case("residual", "two blocks, the second with a projection")
def _(b):
    x = b.conv(b.input(1, 2, 8, 8), 2, 4, (3, 3), pads=(1, 1, 1, 1))
    y = b.conv(b("Relu", b.conv(x, 4, 4, (3, 3), pads=(1, 1, 1, 1))), 4, 4, (3, 3), pads=(1, 1, 1, 1))
    x = b("Relu", b("Add", x, y))
    y = b.conv(x, 4, 6, (3, 3), strides=(2, 2), pads=(1, 1, 1, 1))
    b("Relu", b("Add", y, b.conv(x, 4, 6, (1, 1), strides=(2, 2))))


@case("layer-as-variable", "the gradient of scores with respect to a layer, as for Grad-CAM")
def _(b):
    layer = b("Relu", b.conv(b.input(1, 2, 7, 7), 2, 4, (3, 3), strides=(2, 2)))
    b.with_respect_to = layer
    x = b("Relu", b.conv(layer, 4, 5, (3, 3), pads=(1, 1, 1, 1)))
    b("Gemm", b("Flatten", b("GlobalAveragePool", x)), b.weights(5, 3), b.weights(3))


def open_case(name, rectifiers, note):
    @case(name, note)
    def build(b):
        b.rectifiers = rectifiers
        x = b("Relu", b.conv(b.input(1, 2, 6, 6), 2, 3, (3, 3), pads=(1, 1, 1, 1)))
        parts = [b("Relu", b.conv(x, 3, 2, (1, 1))), b("Clip", b.conv(x, 3, 3, (3, 3), pads=(1, 1, 1, 1)),
                                                        b.constant(np.float32(0)), b.constant(np.float32(0.4)))]
        b("Concat", *parts, axis=1)


open_case("open-at-objective", "open-at-objective", "the activations before the Concat let everything through")
open_case("open-everywhere", "open", "all activations let everything through")


def at_kinks(name, kinks, opset=14, **attributes):
    """An activation whose input holds each of its kinks exactly, several times, and values on both sides. The slope is PyTorch's."""

    @case(f"{name.lower()}-at-kinks")
    def build(b):
        b.opset = opset
        values = b.rng.uniform(-4.0, 4.0, (1, 2, 4, 5))
        values.ravel()[::3] = np.resize(kinks, values.ravel()[::3].shape)
        if attributes.get("slope") is not None:
            b(name, b.given("input", values), b.constant(np.array(attributes["slope"]).reshape(-1, 1, 1)))
        else:
            b(name, b.given("input", values), **attributes)


at_kinks("Relu", [0.0])
at_kinks("LeakyRelu", [0.0], alpha=0.2)
at_kinks("PRelu", [0.0], slope=[0.25, -0.5])
at_kinks("Elu", [0.0], alpha=0.7)
at_kinks("Celu", [0.0], alpha=0.7)
at_kinks("Selu", [0.0])
at_kinks("Softplus", [0.0])
at_kinks("Softsign", [0.0])
at_kinks("HardSigmoid", [-3.0, 3.0], alpha=1.0 / 6.0, beta=0.5)
at_kinks("ThresholdedRelu", [1.0], alpha=1.0)
at_kinks("Shrink", [-0.5, 0.5], bias=0.5, lambd=0.5)
at_kinks("Abs", [0.0])
at_kinks("Mish", [0.0], opset=18)
at_kinks("Erf", [0.0])

unary_case("Softplus", low=-6, high=6)
unary_case("Celu", kinks=[0], alpha=0.7)
unary_case("Selu", kinks=[0])
unary_case("Softsign", kinks=[0])
unary_case("Erf", low=-3, high=3)
unary_case("HardSigmoid", kinks=[-3, 3], low=-5, high=5, alpha=1.0 / 6.0, beta=0.5)
unary_case("ThresholdedRelu", kinks=[1], alpha=1.0)
unary_case("Shrink", kinks=[-0.5, 0.5], bias=0.5, lambd=0.5)


@case("prelu")
def _(b):
    b("PRelu", b.input(1, 3, 3, 4, kinks=[0]), b.constant(np.array([0.25, -0.5, 1.5]).reshape(3, 1, 1)))


@case("gelu", "as exporters write it out")
def _(b):
    x = b.input(1, 2, 3, 4, low=-4.0, high=4.0)
    erf = b("Erf", b("Div", x, b.constant(np.sqrt(2.0))))
    b("Mul", b("Mul", x, b("Add", erf, b.constant(np.float32(1)))), b.constant(np.float32(0.5)))


@case("sqrt-at-zero", "the length of maps that are zero has no slope, as torch.norm says")
def _(b):
    values = b.rng.uniform(-2.0, 2.0, (1, 3, 3, 4))
    values[:, 1] = 0.0
    b("ReduceL2", b.given("input", values), axes=[2, 3])


@case("log-at-zero", "the logarithm of a sum that is zero; where it is read, nothing is handed on")
def _(b):
    values = b.rng.uniform(0.2, 2.0, (1, 3, 3, 4))
    values[:, 1] = 0.0
    sums = b("GlobalAveragePool", b.given("input", values))
    positive = b("Greater", sums, b.constant(np.float32(0)))
    b("Where", positive, b("Log", sums), b.constant(np.float32(-1)))


@case("matmul-computed", "both factors are computed from the input")
def _(b):
    x = b.input(1, 4, 3, 5)
    rows = b("Reshape", b.conv(x, 4, 6, (1, 1)), b.constant(np.array([1, 6, 15])))
    columns = b("Transpose", b("Reshape", b("Tanh", b.conv(x, 4, 4, (1, 1))), b.constant(np.array([1, 4, 15]))), perm=[0, 2, 1])
    b("Reshape", b("MatMul", rows, columns), b.constant(np.array([1, 6, 4, 1])))


@case("self-attention", "queries, keys and values of all places, in two heads")
def _(b):
    x = b.input(1, 4, 3, 2)

    def heads(order):
        part = b("Reshape", b.conv(x, 4, 4, (1, 1)), b.constant(np.array([1, 2, 2, 6])))
        return b("Transpose", part, perm=order)

    weights = b("Softmax", b("Mul", b("MatMul", heads([0, 1, 3, 2]), heads([0, 1, 2, 3])), b.constant(np.float32(0.7))), axis=-1)
    b("MatMul", weights, heads([0, 1, 3, 2]))


@case("matmul-repeated", "one factor has fewer axes than the other")
def _(b):
    x = b.input(1, 3, 4, 5)
    mean = b("Reshape", b("GlobalAveragePool", b.conv(x, 3, 10, (1, 1))), b.constant(np.array([5, 2])))
    b("MatMul", x, mean)


@case("einsum-attention")
def _(b):
    x = b.input(1, 2, 4, 3)
    b("Einsum", x, b("Tanh", b.conv(x, 2, 2, (1, 1))), equation="bhid,bhjd->bhij")


@case("einsum-channels", "a constant matrix mixes the channels")
def _(b):
    b("Einsum", b.input(1, 4, 3, 5), b.weights(4, 6), equation="bchw,cd->bdhw")


@case("einsum-sum", "axes that only one operand has are summed")
def _(b):
    x = b("Einsum", b.input(1, 4, 3, 5), equation="bchw->wc")
    b("Reshape", x, b.constant(np.array([1, 5, 4, 1])))


@case("einsum-ellipsis", "an ellipsis on both sides, of one element on one of them")
def _(b):
    x = b.input(1, 2, 4, 3)
    b("Einsum", x, b("Tanh", b.conv(x, 2, 1, (1, 1))), equation="...ij,...kj->...ik")


@case("einsum-diagonal", "a label that stands twice")
def _(b):
    x = b("Einsum", b.input(1, 3, 4, 4), equation="bcii->bic")
    b("Reshape", x, b.constant(np.array([1, 4, 3, 1])))


@case("einsum-of-three")
def _(b):
    x = b.input(1, 2, 4, 3)
    x = b("Einsum", x, b("Tanh", x), b.weights(3, 5), equation="bcij,bcik,jl->bckl")


@case("max-unpool", "values of their own go back to where the maxima were")
def _(b):
    x = b.distinct(1, 2, 7, 8)
    maxima = b("MaxPool", x, unread=["places"], kernel_shape=[2, 2], strides=[2, 2])
    values = b.conv(maxima, 2, 2, (1, 1))
    b("MaxUnpool", values, "places", b.constant(np.array([1, 2, 7, 8])), kernel_shape=[2, 2], strides=[2, 2])


def grid_sample_case(mode, padding, note="", size=(1, 3, 5, 6), **attributes):
    @case(f"grid-sample-{mode}-{padding}", note or "with respect to the picture and the grid that is made of it")
    def build(b):
        b.opset = 20
        x = b.input(*size)
        grid = b("Transpose", b("Tanh", b.conv(x, 3, 2, (2, 3))), perm=[0, 2, 3, 1])
        grid = b("Mul", grid, b.constant(np.float32(1.3)))
        b("GridSample", x, grid, mode=mode, padding_mode=padding, **attributes)


grid_sample_case("nearest", "border", "with respect to the picture; the grid has no influence")
grid_sample_case("linear", "zeros")
grid_sample_case("linear", "border", align_corners=1)
grid_sample_case("linear", "reflection")
grid_sample_case("cubic", "zeros", align_corners=1)
grid_sample_case("cubic", "border", size=(1, 3, 9, 10))
grid_sample_case("cubic", "reflection")


@case("attention", "grouped queries; with respect to what all three are made of")
def _(b):
    b.opset = 24
    x = b.input(1, 3, 4, 5)

    def tokens(channels):
        value = b("Reshape", b.conv(x, 3, channels, (1, 2)), b.constant(np.array([1, channels, 16])))
        return b("Transpose", value, perm=[0, 2, 1])

    made = b("Attention", tokens(12), tokens(6), tokens(4), q_num_heads=4, kv_num_heads=2, is_causal=1)
    b("Reshape", made, b.constant(np.array([1, 16, 2, 4])))


@case("affine-grid", "a spatial transformer")
def _(b):
    b.opset = 20
    x = b.input(1, 3, 5, 6)
    mean = b("Flatten", b("GlobalAveragePool", b("Tanh", x)))
    theta = b("Gemm", mean, b.weights(3, 6), b.constant(np.array([0.9, 0.1, 0.02, -0.1, 0.8, 0.03], np.float32)))
    theta = b("Reshape", theta, b.constant(np.array([1, 2, 3])))
    b("GridSample", x, b("AffineGrid", theta, b.constant(np.array([1, 3, 4, 7]))))


@case("deform-conv", "with respect to the picture, and to the offsets and the mask that are made of it")
def _(b):
    b.opset = 19
    x = b.input(1, 4, 6, 7)
    offsets = b("Tanh", b.conv(x, 4, 2 * 2 * 6, (2, 3), pads=(1, 0, 1, 1), strides=(2, 1)))
    mask = b("Sigmoid", b.conv(x, 4, 2 * 6, (2, 3), pads=(1, 0, 1, 1), strides=(2, 1)))
    b("DeformConv", x, b.weights(6, 2, 2, 3), offsets, b.weights(6), mask, kernel_shape=[2, 3], pads=[1, 0, 1, 1], strides=[2, 1],
      group=2, offset_group=2)


@case("conv-transpose-computed", "with respect to what its kernel is made of as well")
def _(b):
    x = b.input(1, 4, 3, 3)
    kernel = b("Reshape", b("Tanh", b.conv(x, 4, 2, (1, 1))), b.constant(np.array([2, 1, 3, 3])))
    b("ConvTranspose", b.conv(x, 4, 2, (1, 1)), kernel, strides=[2, 1], dilations=[1, 2])


@case("reduce-prod", "one of the factors is zero")
def _(b):
    x = b.input(1, 5, 3, 4)
    b.values[x][0, 2, 1] = 0
    b("ReduceProd", x, axes=[1])


def shape_case(name, note, build_value, shape, size=(1, 3, 4, 5)):
    @case(name, note)
    def build(b):
        x = build_value(b, b.input(*size))
        b("Mul", x, b.constant(b.rng.uniform(-2.0, 2.0, shape)))


shape_case("expand-gate", "a gate of one pixel is repeated over a map, as expand_as is exported",
           lambda b, x: b("Mul", x, b("Expand", b("Sigmoid", b("GlobalAveragePool", x)), b.constant(np.array([1, 3, 4, 5])))),
           (1, 3, 4, 5))
shape_case("expand-channels", "one map becomes three",
           lambda b, x: b("Expand", b("Tanh", x), b.constant(np.array([1, 3, 4, 5]))), (1, 3, 4, 5), (1, 1, 4, 5))
shape_case("expand-rows", "a row is repeated",
           lambda b, x: b("Expand", x, b.constant(np.array([1, 3, 4, 5]))), (1, 3, 4, 5), (1, 3, 1, 5))
shape_case("tile", "", lambda b, x: b("Tile", x, b.constant(np.array([1, 2, 3, 2]))), (1, 6, 12, 10))
shape_case("repeat-interleave", "each channel twice in a row",
           lambda b, x: b("Reshape", b("Tile", b("Unsqueeze", x, b.constant(np.array([2]))), b.constant(np.array([1, 1, 2, 1, 1]))),
                          b.constant(np.array([1, 6, 4, 5]))), (1, 6, 4, 5))


def pad_case(name, note, pads, mode, shape, opset=14, value=None):
    @case(f"pad-{name}", note)
    def build(b):
        b.opset = opset
        given = [] if value is None else [b.constant(np.float32(value))]
        x = b("Pad", b.input(1, 3, 4, 5), b.constant(np.array(pads)), *given, mode=mode)
        b("Mul", x, b.constant(b.rng.uniform(-2.0, 2.0, shape)))


pad_case("constant", "a value that is not zero", [0, 0, 1, 2, 0, 0, 0, 3], "constant", (1, 3, 5, 10), value=1.5)
pad_case("channels", "", [0, 1, 0, 0, 0, 2, 0, 0], "constant", (1, 6, 4, 5))
pad_case("negative", "pixels are cut off on two sides", [0, 0, -1, 2, 0, 0, 1, -2], "constant", (1, 3, 4, 5))
pad_case("reflect", "", [0, 0, 1, 3, 0, 0, 3, 2], "reflect", (1, 3, 8, 10))
pad_case("edge", "", [0, 0, 2, 1, 0, 0, 1, 4], "edge", (1, 3, 7, 10))
pad_case("wrap", "", [0, 0, 1, 3, 0, 0, 2, 1], "wrap", (1, 3, 7, 9), opset=19)


def resize_case(name, mode, sizes, coordinates="half_pixel", **attributes):
    @case(f"resize-{name}")
    def build(b):
        x = b("Resize", b.input(1, 2, 4, 5), "", "", b.constant(np.array([1, 2, *sizes])), mode=mode,
              coordinate_transformation_mode=coordinates, **attributes)
        b("Mul", x, b.constant(b.rng.uniform(-2.0, 2.0, (1, 2, *sizes))))


resize_case("nearest-sizes", "nearest", (7, 8), "asymmetric", nearest_mode="floor")
resize_case("nearest-smaller", "nearest", (3, 2), "asymmetric", nearest_mode="floor")
resize_case("linear", "linear", (8, 10))
resize_case("linear-sizes", "linear", (7, 8))
resize_case("linear-smaller", "linear", (3, 2))
resize_case("linear-corners", "linear", (7, 8), "align_corners")
resize_case("cubic", "cubic", (8, 10))
resize_case("cubic-sizes", "cubic", (7, 9))
resize_case("cubic-smaller", "cubic", (3, 4))
resize_case("cubic-corners", "cubic", (7, 8), "align_corners")


@case("where", "two functions of the input, one of them where another is above a bound")
def _(b):
    x = b.input(1, 3, 4, 5, kinks=[0.25])
    chosen = b("Greater", x, b.constant(np.float32(0.25)))
    b("Where", chosen, b("Mul", x, x), b("Tanh", b.conv(x, 3, 3, (1, 1))))


@case("where-constants", "a mask of the file, and a constant beside the value, which is repeated over the channels")
def _(b):
    mask = b.constant(b.rng.integers(0, 2, (1, 1, 4, 5)).astype(bool))
    b("Where", mask, b("Tanh", b.input(1, 3, 4, 5)), b.constant(np.float32(-2)))


@case("where-gate", "the one that is chosen from has one pixel")
def _(b):
    x = b.input(1, 3, 4, 5, kinks=[0])
    b("Where", b("Less", x, b.constant(np.float32(0))), b("GlobalAveragePool", x), x)


@case("top-k", "the three largest of each pixel's channels")
def _(b):
    x = b("TopK", b.distinct(1, 6, 3, 4), b.constant(np.array([3])), axis=1, unread=["places"])
    b("Mul", x, b.constant(b.rng.uniform(-2.0, 2.0, (1, 3, 3, 4))))


@case("top-k-smallest", "of the columns")
def _(b):
    x = b("TopK", b("Tanh", b.distinct(1, 2, 3, 6)), b.constant(np.array([2])), axis=3, largest=0, unread=["places"])
    b("Mul", x, b.constant(b.rng.uniform(-2.0, 2.0, (1, 2, 3, 2))))


def reference(name):
    return {"shape": None, "file": f"{name}.f32"}


def opened(model, objective, rectifiers):
    """Which activations let the whole gradient through, by their outputs."""
    if rectifiers == "open":
        return lambda value: True
    if rectifiers == "exact":
        return lambda value: False
    values = {objective}
    for node in reversed(model.graph.node):
        if node.output[0] in values and node.op_type in ("Concat", "Reshape", "Transpose"):
            values.update(node.input)
    return values.__contains__


def record_case(name, note, build_model):
    b = Build(name)
    build_model(b)
    objective = b.nodes[-1].output[0]
    outputs = [helper.make_tensor_value_info(objective, TensorProto.FLOAT, None)]
    graph = helper.make_graph(b.nodes, name, b.inputs, outputs, b.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", b.opset)], ir_version=8)
    inputs = {key: torch.from_numpy(values).double() for key, values in b.values.items()}
    if b.with_respect_to not in inputs:
        (inputs[b.with_respect_to],) = onnx_torch.run(model, inputs, [b.with_respect_to])
    variable = inputs[b.with_respect_to].detach().requires_grad_()
    inputs[b.with_respect_to] = variable
    (value,) = onnx_torch.run(model, inputs, [objective], opened(model, objective, b.rectifiers))
    weights = b.rng.normal(size=tuple(value.shape)).astype(np.float32)
    total = (torch.from_numpy(weights).double() * value).sum()
    total.backward()

    folder = HERE / "ops" / name
    folder.mkdir(parents=True)
    # The shape of the result is inferred, and the name of this generator would only add to the file.
    onnx.save(onnx.shape_inference.infer_shapes(model), folder / "model.onnx")

    def save(stem, array):
        np.ascontiguousarray(array, "<f4").tofile(folder / f"{stem}.f32")
        return {"shape": list(array.shape), "file": f"{stem}.f32"}

    content = {
        "note": note,
        "objective": objective,
        "withRespectTo": b.with_respect_to,
        "rectifiers": b.rectifiers,
        "value": float(total),
        "inputs": [{"name": key, **save(key, values)} for key, values in b.values.items()],
        "weights": save("weights", weights),
        "gradient": save("gradient", variable.grad.numpy()),
    }
    (folder / "case.json").write_text(json.dumps(content, indent=1) + "\n")


def picture(shape):
    """Numbers between −2 and 2 that look random; tests/gradients.rs makes the same."""
    state, values = 0x2545F491, np.empty(int(np.prod(shape)), np.float32)
    for index in range(values.size):
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        values[index] = np.float32(state >> 8) / np.float32(1 << 24) * np.float32(4) - np.float32(2)
    return values.reshape(shape)


# Model file, layer or scores, and how many maps (None: the class with the highest score).
MODELS = [
    ("squeezenet1.1.onnx", "fire9/concat", 3),
    ("squeezenet1.1.onnx", "fire5/concat", 2),
    ("efficientnet-lite0.onnx", "head_relu6", 3),
    ("efficientnet-lite0.onnx", "block14_add", 3),
    ("cifar10-plaincnn.onnx", "conv2d_5_relu", 3),
    ("cifar10-plaincnn.onnx", "dense_2", None),
    ("fer-mini-xception.onnx", "add_4", 3),
    ("fer-mini-xception.onnx", "global_average_pooling2d_1_flat", None),
]


def slopes(model, source, values, objective, weights, flipped=None):
    """The gradient of Σ weights · objective, and the kinks nearby: (output, place, distance). At the kink `flipped` the slope is
    that of the other side."""
    variable = values.clone().requires_grad_()
    known = {source: variable}
    for tensor in model.graph.initializer:
        array = torch.from_numpy(numpy_helper.to_array(tensor).copy())
        known[tensor.name] = array.double() if array.is_floating_point() else array
    kinks = []
    for node in model.graph.node:
        if objective in known:
            break
        args = [known[name] if name else None for name in node.input]
        output, result = node.output[0], onnx_torch.compute(node, args, False)
        if node.op_type in ("Relu", "Clip"):
            read = args[0].detach()
            for bound in [0.0] if node.op_type == "Relu" else [float(one) for one in args[1:]]:
                near = ((read - bound).abs() < NEAR).nonzero().tolist()
                kinks += [(output, tuple(place), float(read[tuple(place)]) - bound) for place in near]
            if flipped is not None and flipped[0] == output:
                passes = (result.detach() == read).double()
                passes[flipped[1]] = 1 - passes[flipped[1]]
                through = args[0] * passes
                result = through + (result - through).detach()
        known[output] = result
    (known[objective] * weights).sum().backward()
    return variable.grad.numpy().ravel(), kinks


def record_models():
    blob, entries = bytearray(), []

    def add(values, dtype):
        offset = len(blob)
        blob.extend(np.ascontiguousarray(values, dtype).tobytes())
        return offset

    for index, (file, objective, count) in enumerate(MODELS):
        path = ROOT / "models" / file
        model = onnx.load(path if path.exists() else ROOT / "models" / "fetched" / file)
        given = model.graph.input[0]
        shape = [size.dim_value for size in given.type.tensor_type.shape.dim]
        variable = torch.from_numpy(picture(shape)).double().requires_grad_()
        (value,) = onnx_torch.run(model, {given.name: variable}, [objective])
        if count is None:
            chosen = {"class": int(value.argmax())}
            total = value.flatten()[chosen["class"]]
        else:
            # The strongest maps, since those are alive.
            means = value.mean((2, 3))[0]
            chosen = {"maps": sorted(int(map) for map in means.argsort(descending=True)[:count])}
            total = means[chosen["maps"]].sum()
        total.backward(retain_graph=True)
        gradient = variable.grad.numpy().ravel()
        positions = np.sort(np.random.default_rng(index).choice(gradient.size, POSITIONS, replace=False))
        weights = torch.autograd.grad(total, value)[0]
        largest = np.abs(gradient).max()
        again, nearby = slopes(model, given.name, variable.detach(), objective, weights)
        assert np.abs(again - gradient).max() <= 1e-9 * largest
        kinks = []
        for output, place, distance in nearby:
            other, _ = slopes(model, given.name, variable.detach(), objective, weights, (output, place))
            if np.abs(other - gradient)[positions].max() > CHANGE * largest:
                offset = add(other[positions], "<f4")
                kinks.append({"value": output, "place": place, "distance": distance, "gradient": offset})
        entries.append(
            {
                "model": file,
                "input": given.name,
                "shape": shape,
                "objective": objective,
                **chosen,
                "value": float(total),
                "largest": float(np.abs(gradient).max()),
                "positions": add(positions, "<u4"),
                "gradient": add(gradient[positions], "<f4"),
                "kinks": kinks,
            }
        )
        print(f"{file}, {objective}: {chosen}, value {float(total):.4g}, largest {entries[-1]['largest']:.3g}")
    lines = ",\n".join(" " + json.dumps(entry) for entry in entries)
    (HERE / "models.json").write_text(f"[\n{lines}\n]\n")
    (HERE / "models.bin").write_bytes(blob)


if __name__ == "__main__":
    chosen = sys.argv[1:]
    for case_name, (case_note, function) in CASES.items():
        if not chosen or case_name in chosen:
            shutil.rmtree(HERE / "ops" / case_name, ignore_errors=True)
            record_case(case_name, case_note, function)
    (HERE / "ops" / "index.json").write_text(json.dumps(sorted(CASES), indent=1) + "\n")
    print(f"{len(CASES)} cases")
    if not chosen:
        record_models()
