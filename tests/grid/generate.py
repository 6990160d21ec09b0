"""Writes a grid of forms of every operator with onnxruntime's values: `python generate.py` makes cases.bin beside this file.

Where tests/ops has the forms that were thought of, this has those that come up when shapes, strides, pads, odd channel counts, axes and
modes are drawn at random (seeded, so that the file comes out the same). A form that onnxruntime refuses is drawn anew. Needs onnx,
onnxruntime and numpy.

cases.bin: eight bytes with the length of the index (little-endian), the index as JSON, and what it points at: models (ONNX files), inputs
(bytes with a sign, in 32nds, so that they cost a byte each) and outputs (float32).
"""

import itertools
import json
import struct
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
onnxruntime.set_default_logger_severity(4)
GROUPS = []
# Not empty while forms are drawn whose inputs are made of others.
BEHIND = []


def group(count):
    """Registers a function that draws one form; it gives a Form."""

    def register(function):
        GROUPS.append((function.__name__.replace("_", "-"), count, function))
        return function

    return register


class Form:
    """A graph of one operator, or of a few that belong together."""

    def __init__(self, rng, opset=13):
        self.rng, self.opset = rng, opset
        self.nodes, self.inputs, self.constants, self.values = [], [], [], {}

    def input(self, shape, low=-96, high=97):
        if BEHIND:
            return ahead(self, tuple(int(size) for size in shape), low, high)
        return self.given(shape, low, high)

    def given(self, shape, low, high):
        name = f"x{len(self.inputs)}"
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)))
        self.values[name] = self.rng.integers(low, high, shape).astype(np.int8)
        return name

    def constant(self, array):
        array = np.asarray(array)
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        name = f"k{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def weights(self, *shape, low=-64, high=65):
        return self.constant(self.rng.integers(low, high, shape).astype(np.float32) / 64)

    def __call__(self, op, *inputs, outputs=1, **attributes):
        names = [f"y{len(self.nodes)}{'abcdef'[index]}" for index in range(outputs)]
        inputs = [given if isinstance(given, str) else self.constant(given) for given in inputs]
        attributes = {name: value for name, value in attributes.items() if value is not None}
        domain, _, op = op.rpartition(":")
        self.nodes.append(helper.make_node(op, inputs, names, domain=domain or None, **attributes))
        self.results = names
        return names[0]

    def run(self):
        infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in self.results]
        graph = helper.make_graph(self.nodes, "grid", self.inputs, infos, self.constants)
        sets = [helper.make_opsetid("", self.opset)]
        sets += [helper.make_opsetid(domain, 1) for domain in sorted({node.domain for node in self.nodes} - {""})]
        model = helper.make_model(graph, opset_imports=sets, ir_version=8 if self.opset <= 18 else 10)
        data = model.SerializeToString()
        session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
        found = session.run(self.results, {name: value.astype(np.float32) / 32 for name, value in self.values.items()})
        if any(array.dtype != np.float32 or not array.size or not np.isfinite(array).all() or array.size > 4000 for array in found):
            raise ValueError("not for comparison")
        return data, found


def pick(rng, *choices):
    return choices[rng.integers(len(choices))]


def some(rng, low, high):
    return int(rng.integers(low, high + 1))


def maps(rng, channels=None, least=4, most=10):
    return (1, channels or some(rng, 1, 9), some(rng, least, most), some(rng, least, most))


def window(rng, kernel):
    """Strides, dilations and padding of a window."""
    found = dict(strides=pick(rng, None, [1, 1], [2, 2], [2, 1], [3, 2]), dilations=pick(rng, None, None, [1, 1], [2, 2], [1, 2]))
    kind = pick(rng, "none", "pads", "pads", "odd", "SAME_UPPER", "SAME_LOWER", "VALID")
    if kind == "pads":
        found["pads"] = [kernel[0] // 2, kernel[1] // 2] * 2
    elif kind == "odd":
        found["pads"] = [some(rng, 0, kernel[side % 2] - 1) for side in range(4)]
    elif kind != "none":
        found["auto_pad"] = kind
    return found


def kernel(rng):
    return pick(rng, [1, 1], [2, 2], [3, 3], [3, 3], [5, 5], [1, 3], [3, 2])


@group(380)
def conv(rng):
    f = Form(rng, pick(rng, 9, 11, 13, 22))
    groups = pick(rng, 1, 1, 1, 2, 3, 4)
    size = kernel(rng)
    each, outputs = some(rng, 1, 4), groups * some(rng, 1, 5)
    if rng.random() < 0.15:
        each = 1
    x = f.input(maps(rng, groups * each))
    inputs = [x, f.weights(outputs, each, *size)]
    if rng.random() < 0.7:
        inputs.append(f.weights(outputs))
    f("Conv", *inputs, group=groups if groups > 1 else None, kernel_shape=pick(rng, None, size), **window(rng, size))
    return f


@group(200)
def conv_transpose(rng):
    f = Form(rng, pick(rng, 11, 13, 22))
    groups, size = pick(rng, 1, 1, 2, 3), kernel(rng)
    each = some(rng, 1, 3)
    shape = maps(rng, groups * some(rng, 1, 3), 3, 6)
    x = f.input(shape)
    inputs = [x, f.weights(shape[1], each, *size)]
    if rng.random() < 0.5:
        inputs.append(f.weights(groups * each))
    attributes = window(rng, size)
    strides = attributes["strides"] or [1, 1]
    if rng.random() < 0.3:
        attributes["output_padding"] = [some(rng, 0, stride - 1) for stride in strides]
    if rng.random() < 0.2:
        attributes.pop("pads", None)
        attributes["output_shape"] = [side * stride + some(rng, 0, 2) for side, stride in zip(shape[2:], strides)]
    f("ConvTranspose", *inputs, group=groups if groups > 1 else None, **attributes)
    return f


@group(300)
def pool(rng):
    f = Form(rng, pick(rng, 10, 11, 13, 19, 22))
    op = pick(rng, "MaxPool", "MaxPool", "AveragePool", "AveragePool", "LpPool")
    size = kernel(rng)
    attributes = window(rng, size)
    if op == "AveragePool" and f.opset < 19 or op == "LpPool" and f.opset < 18:
        attributes.pop("dilations")
    if op != "LpPool" or f.opset >= 18:
        attributes["ceil_mode"] = pick(rng, None, 0, 1)
    if op == "AveragePool":
        attributes["count_include_pad"] = pick(rng, None, 0, 1)
    if op == "LpPool":
        attributes["p"] = pick(rng, None, 1, 2, 3)
    f(op, f.input(maps(rng)), kernel_shape=size, **attributes)
    return f


@group(40)
def global_pool(rng):
    f = Form(rng, 13)
    op = pick(rng, "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")
    f(op, f.input(pick(rng, maps(rng), (1, some(rng, 1, 9), 7))), p=pick(rng, None, 1, 2, 3) if op == "GlobalLpPool" else None)
    return f


@group(280)
def resize(rng):
    f = Form(rng, pick(rng, 11, 13, 18, 19))
    mode = pick(rng, "nearest", "nearest", "linear", "linear", "cubic")
    places = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"]
    if f.opset < 13 and mode == "nearest":
        places.append("tf_half_pixel_for_nn")
    if f.opset >= 19:
        places.append("half_pixel_symmetric")
    attributes = dict(mode=mode, coordinate_transformation_mode=pick(rng, None, *places))
    if mode == "nearest":
        attributes["nearest_mode"] = pick(rng, None, "round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
    if mode == "cubic":
        attributes["cubic_coeff_a"] = pick(rng, None, -0.5)
        attributes["exclude_outside"] = pick(rng, None, None, 1)
    if mode != "nearest" and f.opset >= 18:
        attributes["antialias"] = pick(rng, None, None, 1)
    shape = maps(rng, some(rng, 1, 4), 3, 7)
    x = f.input(shape)
    empty = f.constant(np.array([], np.float32)) if f.opset < 13 else ""
    if rng.random() < 0.5:
        sizes = np.array([1, shape[1], some(rng, 1, 13), some(rng, 1, 13)])
        f("Resize", x, empty, "" if f.opset >= 13 else empty, sizes, **attributes)
    else:
        scales = np.float32([1, 1, *rng.choice([0.5, 0.75, 1, 1.25, 1.5, 2, 2.6, 3], 2)])
        f("Resize", x, empty, scales, **attributes)
    return f


@group(140)
def pad(rng):
    f = Form(rng, pick(rng, 11, 13, 18, 19))
    mode = pick(rng, "constant", "constant", "reflect", "edge", *(["wrap"] if f.opset >= 19 else []))
    shape = pick(rng, maps(rng, None, 4, 7), (1, some(rng, 2, 5), some(rng, 3, 6)))
    rank = len(shape)
    low = -1 if mode == "constant" else 0
    far = rng.random() < 0.3
    pads = [some(rng, low, 2) if far or axis % rank >= 2 else 0 for axis in range(2 * rank)]
    inputs = [f.input(shape), np.array(pads)]
    if mode == "constant" and rng.random() < 0.5:
        inputs.append(np.float32(pick(rng, 0, 1.5, -2)))
    f("Pad", *inputs, mode=mode)
    return f


@group(120)
def cut(rng):
    """Slice."""
    f = Form(rng, pick(rng, 10, 13))
    shape = pick(rng, maps(rng), (some(rng, 1, 3), some(rng, 3, 8)), (1, some(rng, 2, 6), some(rng, 3, 8)))
    axes = sorted(rng.choice(len(shape), some(rng, 1, len(shape)), replace=False).tolist())
    starts = [some(rng, -shape[axis], shape[axis] - 1) for axis in axes]
    steps = [pick(rng, 1, 1, 2, 3, -1, -2) for _ in axes]
    ends = [pick(rng, 2**31 - 1, shape[axis], some(rng, 1, shape[axis])) if step > 0 else pick(rng, -(2**31), -shape[axis] - 1)
            for axis, step in zip(axes, steps)]
    axes = [axis - len(shape) if rng.random() < 0.3 else axis for axis in axes]
    f("Slice", f.input(shape), np.array(starts), np.array(ends), np.array(axes), np.array(steps))
    return f


@group(220)
def move(rng):
    """Values that are joined, parted, chosen, turned and seen in other shapes."""
    f = Form(rng, pick(rng, 13, 18))
    shape = pick(rng, maps(rng, None, 3, 6), (1, some(rng, 2, 7), some(rng, 2, 7)), (some(rng, 2, 4), some(rng, 2, 7)))
    rank = len(shape)
    axis = some(rng, -rank, rank - 1)
    op = pick(rng, "Concat", "Split", "Gather", "Transpose", "Reshape", "Flatten", "Unsqueeze", "Expand", "Tile", "DepthToSpace",
              "SpaceToDepth")
    if op == "Concat":
        other = list(shape)
        other[axis] = some(rng, 1, 4)
        f(op, *[f.input(each) for each in (shape, tuple(other), shape)][: some(rng, 2, 3)], axis=axis)
    elif op == "Split":
        parts = some(rng, 1, shape[axis])
        sizes = np.array([parts, shape[axis] - parts] if parts < shape[axis] else [parts])
        f(op, f.input(shape), sizes, outputs=len(sizes), axis=axis)
    elif op == "Gather":
        chosen = rng.integers(-shape[axis], shape[axis], pick(rng, (), (some(rng, 1, 4),), (2, 2)))
        f(op, f.input(shape), np.array(chosen), axis=axis)
    elif op == "Transpose":
        f(op, f.input(shape), perm=pick(rng, None, rng.permutation(rank).tolist()))
    elif op == "Reshape":
        sizes = list(rng.permutation(shape))
        if rng.random() < 0.5:
            sizes[some(rng, 0, rank - 1)] = -1
        if rng.random() < 0.4:
            sizes = [shape[0], -1] if rank > 2 else [-1]
        f(op, f.input(shape), np.array(sizes, np.int64))
    elif op == "Flatten":
        f(op, f.input(shape), axis=axis)
    elif op == "Unsqueeze":
        y = f(op, f.input(shape), np.array(sorted(rng.choice(rank + 1, some(rng, 1, 2), replace=False))))
        f("Squeeze", y, *([np.array([0])] if shape[0] == 1 and rng.random() < 0.5 else []))
    elif op == "Expand":
        small = [1 if rng.random() < 0.5 else size for size in shape][some(rng, 0, rank - 1):]
        f(op, f.input(tuple(small)), np.array(shape))
    elif op == "Tile":
        f(op, f.input(shape), np.array([some(rng, 1, 3) if rng.random() < 0.6 else 1 for _ in shape]))
    elif op == "DepthToSpace":
        block = pick(rng, 2, 3)
        f(op, f.input((1, block * block * some(rng, 1, 3), some(rng, 2, 4), some(rng, 2, 4))), blocksize=block,
          mode=pick(rng, None, "DCR", "CRD"))
    else:
        block = pick(rng, 2, 3)
        f(op, f.input((1, some(rng, 1, 3), block * some(rng, 1, 3), block * some(rng, 1, 3))), blocksize=block)
    return f


def broadcastable(rng, shape):
    other = [1 if rng.random() < 0.35 else size for size in shape]
    return tuple(other[some(rng, 0, len(shape) - 1):] if rng.random() < 0.4 else other)


@group(220)
def arithmetic(rng):
    f = Form(rng, pick(rng, 13, 14))
    shape = pick(rng, maps(rng, None, 2, 5), (1, some(rng, 1, 7), some(rng, 2, 7)), (some(rng, 1, 4), some(rng, 2, 7)))
    op = pick(rng, "Add", "Sub", "Mul", "Div", "Min", "Max", "Sum", "Mean", "Pow", "PRelu", "Mod", "Where", "Equal", "Greater", "LessOrEqual")
    positive = dict(low=1) if op in ("Pow", "Div", "Mod") else {}
    shapes = [shape, broadcastable(rng, shape)]
    if rng.random() < 0.4 and op != "PRelu":
        shapes.reverse()
    first = f.input(shapes[0], **(positive if op == "Pow" else {}))
    if op == "PRelu":
        channels = shape[1] if len(shape) > 1 else 1
        f(op, first, f.weights(*pick(rng, (channels, *[1] * (len(shape) - 2)), (1,))))
        return f
    second = f.input(shapes[1], **positive) if rng.random() < 0.6 else f.weights(*shapes[1], **(dict(low=8) if positive else {}))
    if op == "Where":
        f(op, f("Greater", first, np.float32(0.25)), first, second)
    elif op in ("Equal", "Greater", "LessOrEqual"):
        f("Cast", f(op, first, second), to=TensorProto.FLOAT)
    elif op == "Mod":
        f(op, first, second, fmod=1)
    elif op in ("Min", "Max", "Sum", "Mean") and rng.random() < 0.5:
        f(op, first, second, f.input(broadcastable(rng, shape)))
    else:
        f(op, first, second)
    return f


@group(220)
def reduce(rng):
    f = Form(rng, pick(rng, 11, 13, 18))
    op = pick(rng, "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp",
              "ReduceLogSum", "ReduceProd")
    shape = pick(rng, maps(rng, None, 2, 5), (1, some(rng, 2, 7), some(rng, 2, 7)), (some(rng, 1, 4), some(rng, 2, 7)))
    axes = rng.choice(len(shape), some(rng, 1, len(shape)), replace=False).tolist()
    axes = [axis - len(shape) if rng.random() < 0.3 else axis for axis in axes]
    low = dict(low=1) if op == "ReduceLogSum" else dict(low=-40, high=41)
    x, keepdims = f.input(shape, **low), pick(rng, None, 0, 1)
    given = f.opset >= 18 or op == "ReduceSum" and f.opset >= 13
    if rng.random() < 0.15:
        f(op, x, keepdims=keepdims)
    elif given:
        f(op, x, np.array(axes), keepdims=keepdims)
    else:
        f(op, x, axes=axes, keepdims=keepdims)
    return f


@group(140)
def normalise(rng):
    shape = maps(rng, pick(rng, 2, 4, 6, 8), 2, 6)
    channels = shape[1]
    op = pick(rng, "BatchNormalization", "InstanceNormalization", "LRN", "LayerNormalization", "GroupNormalization", "LpNormalization",
              "MeanVarianceNormalization", "Softmax", "LogSoftmax", "Hardmax")
    f = Form(rng, {"LayerNormalization": 17, "GroupNormalization": pick(rng, 18, 21)}.get(op, 13))
    if op in ("LayerNormalization", "Softmax", "LogSoftmax", "Hardmax", "LpNormalization") and rng.random() < 0.5:
        shape = (1, some(rng, 2, 6), some(rng, 2, 7))
    x = f.input(shape)
    if op == "BatchNormalization":
        f(op, x, f.weights(channels), f.weights(channels), f.weights(channels), f.weights(channels, low=8), epsilon=pick(rng, None, 1e-3))
    elif op == "InstanceNormalization":
        f(op, x, f.weights(channels), f.weights(channels), epsilon=pick(rng, None, 1e-3))
    elif op == "LRN":
        f(op, x, size=pick(rng, 1, 3, 5), alpha=pick(rng, None, 0.1), beta=pick(rng, None, 0.5), bias=pick(rng, None, 2.0))
    elif op == "LayerNormalization":
        axis = some(rng, 1, len(shape) - 1)
        inputs = [f.weights(*shape[axis:])] + ([f.weights(*shape[axis:])] if rng.random() < 0.6 else [])
        f(op, x, *inputs, axis=pick(rng, axis, axis - len(shape)))
    elif op == "GroupNormalization":
        groups = pick(rng, 1, 2)
        count = groups if f.opset < 21 else channels
        f(op, x, f.weights(count), f.weights(count), num_groups=groups)
    elif op == "LpNormalization":
        f(op, x, axis=some(rng, -len(shape), len(shape) - 1), p=pick(rng, None, 1, 2))
    elif op == "MeanVarianceNormalization":
        f(op, x, axes=pick(rng, None, [2, 3], [1, 2, 3]))
    else:
        # Something follows, so that no Softmax ends the graph.
        f("Neg", f(op, x, axis=some(rng, -len(shape), len(shape) - 1)))
    return f


@group(180)
def product(rng):
    f = Form(rng, pick(rng, 11, 13))
    rows, inner, columns = some(rng, 1, 7), some(rng, 1, 7), some(rng, 1, 7)
    op = pick(rng, "Gemm", "Gemm", "MatMul", "MatMul", "MatMul", "Einsum")
    if op == "Gemm":
        turned = [some(rng, 0, 1), some(rng, 0, 1)]
        a, b = [(rows, inner), (inner, rows)][turned[0]], [(inner, columns), (columns, inner)][turned[1]]
        inputs = [f.input(a), f.weights(*b) if rng.random() < 0.7 else f.input(b)]
        if rng.random() < 0.6:
            inputs.append(f.weights(*pick(rng, (columns,), (1,), (rows, columns), (rows, 1))))
        f(op, *inputs, transA=turned[0], transB=turned[1], alpha=pick(rng, None, 0.5), beta=pick(rng, None, 2.0))
        return f
    batch = pick(rng, (), (1,), (some(rng, 2, 3),), (1, some(rng, 2, 3)), (2, 3))
    if op == "MatMul":
        a, b = (*batch, rows, inner), (*pick(rng, (), batch, tuple(1 for _ in batch)), inner, columns)
        if rng.random() < 0.1:
            a = (inner,)
        f(op, f.input(a), f.weights(*b) if rng.random() < 0.5 else f.input(b))
        return f
    f.opset = 13
    equation, a, b = pick(rng, ("bij,bjk->bik", (2, rows, inner), (2, inner, columns)), ("bhid,bhjd->bhij", (1, 2, rows, inner), (1, 2, columns, inner)),
                          ("bchw,co->bohw", (1, inner, rows, 3), (inner, columns)), ("nchw,nqc->nqhw", (1, inner, 3, rows), (1, columns, inner)),
                          ("ij,ij->i", (rows, inner), (rows, inner)), ("i,j->ij", (rows,), (columns,)))
    f(op, f.input(a), f.input(b) if rng.random() < 0.6 else f.weights(*b), equation=equation)
    return f


@group(160)
def choose(rng):
    """Values found by their size or place."""
    f = Form(rng, pick(rng, 13, 16))
    shape = pick(rng, maps(rng, None, 2, 5), (1, some(rng, 2, 6), some(rng, 2, 6)), (some(rng, 2, 4), some(rng, 2, 6)))
    rank = len(shape)
    axis = some(rng, -rank, rank - 1)
    op = pick(rng, "TopK", "ArgMax", "ArgMin", "ScatterElements", "ScatterND", "GatherElements", "GatherND", "CumSum", "Trilu", "OneHot")
    x = f.input(shape)
    if op == "TopK":
        values = f(op, x, np.array([some(rng, 1, shape[axis])]), outputs=2, axis=axis, largest=pick(rng, None, 0, 1))
        f.results = [values]
    elif op in ("ArgMax", "ArgMin"):
        f("Cast", f(op, x, axis=axis, keepdims=pick(rng, None, 0, 1)), to=TensorProto.FLOAT)
    elif op == "ScatterElements":
        chosen = list(shape)
        chosen[axis] = some(rng, 1, shape[axis])
        # Each place once, since the order of writing is not said.
        places = np.argsort(rng.random(shape), axis)[tuple(slice(0, size) for size in chosen)]
        f(op, x, places, f.input(tuple(chosen)), axis=axis, reduction=pick(rng, None, "add") if f.opset >= 16 else None)
    elif op == "ScatterND":
        places = np.stack(np.unravel_index(rng.choice(int(np.prod(shape)), some(rng, 1, 5), replace=False), shape), -1)
        f(op, x, places.astype(np.int64), f.input((len(places),)))
    elif op == "GatherElements":
        chosen = list(shape)
        chosen[axis] = some(rng, 1, 4)
        f(op, x, rng.integers(-shape[axis], shape[axis], chosen), axis=axis)
    elif op == "GatherND":
        depth = some(rng, 1, rank)
        f(op, x, np.stack([rng.integers(0, shape[place], (some(rng, 1, 1) + 2,)) for place in range(depth)], -1))
    elif op == "CumSum":
        f(op, x, np.array(axis), exclusive=pick(rng, None, 1), reverse=pick(rng, None, 1))
    elif op == "Trilu":
        f.opset = 16
        f(op, x, *([np.array(some(rng, -2, 2))] if rng.random() < 0.6 else []), upper=pick(rng, None, 0, 1))
    else:
        f(op, f("Cast", x, to=TensorProto.INT64), np.array(some(rng, 3, 5)), np.float32([0.5, 2]), axis=axis)
    return f


@group(160)
def activate(rng):
    op, attributes, opset = pick(
        rng, ("Relu", {}, 13), ("LeakyRelu", dict(alpha=pick(rng, None, 0.2)), 13), ("Elu", dict(alpha=pick(rng, None, 0.7)), 13),
        ("Selu", {}, 13), ("Celu", dict(alpha=pick(rng, None, 1.5)), 13), ("HardSigmoid", dict(alpha=pick(rng, None, 0.3)), 13),
        ("HardSwish", {}, 14), ("Sigmoid", {}, 13), ("Tanh", {}, 13), ("Softplus", {}, 13), ("Softsign", {}, 13), ("Mish", {}, 18),
        ("Gelu", dict(approximate=pick(rng, None, "tanh")), 20), ("Erf", {}, 13), ("Exp", {}, 13), ("Abs", {}, 13), ("Sign", {}, 13),
        ("Neg", {}, 13), ("Floor", {}, 13), ("Ceil", {}, 13), ("Round", {}, 13), ("Sin", {}, 13), ("Cos", {}, 13), ("Atan", {}, 13),
        ("Shrink", dict(lambd=pick(rng, None, 1.0), bias=pick(rng, None, 0.5)), 13), ("ThresholdedRelu", dict(alpha=pick(rng, None, 0.3)), 13),
        ("Sinh", {}, 13), ("Cosh", {}, 13), ("Asinh", {}, 13), ("Sqrt", {}, 13), ("Log", {}, 13), ("Reciprocal", {}, 13))
    f = Form(rng, opset)
    shape = pick(rng, maps(rng, None, 1, 5), (1, some(rng, 1, 9)), (1, some(rng, 2, 5), some(rng, 2, 5)))
    f(op, f.input(shape, **(dict(low=4) if op in ("Sqrt", "Log", "Reciprocal") else {})), **attributes)
    return f


@group(40)
def first_conv_of_many_channels(rng):
    """By name, since onnxruntime-web is slow here: what sees the picture's channels, of which there are more than three."""
    f = Form(rng, pick(rng, 11, 13, 22))
    size, channels, outputs = kernel(rng), some(rng, 4, 16), some(rng, 1, 9)
    inputs = [f.input(maps(rng, channels, 5, 11)), f.weights(outputs, channels, *size)]
    y = f("Conv", *inputs, *([f.weights(outputs)] if rng.random() < 0.7 else []), **window(rng, size))
    if rng.random() < 0.5:
        f(pick(rng, "Relu", "Sigmoid", "HardSwish") if f.opset > 13 else "Relu", y)
    return f


@group(80)
def same_upper_with_stride_2(rng):
    """By name, since onnxruntime-web is wrong here."""
    f = Form(rng, pick(rng, 11, 13, 22))
    op, size = pick(rng, "Conv", "Conv", "Conv", "MaxPool", "AveragePool", "LpPool", "ConvTranspose"), kernel(rng)
    attributes = dict(auto_pad="SAME_UPPER", strides=[2, 2])
    if op == "Conv":
        groups, each = pick(rng, 1, 1, 2, 3), some(rng, 1, 4)
        f(op, f.input(maps(rng, groups * each)), f.weights(groups * some(rng, 1, 4), each, *size), group=groups, **attributes)
    elif op == "ConvTranspose":
        channels = some(rng, 1, 4)
        f(op, f.input(maps(rng, channels, 3, 6)), f.weights(channels, some(rng, 1, 3), *size), **attributes)
    else:
        f(op, f.input(maps(rng)), kernel_shape=size, **attributes)
    return f


@group(70)
def logic(rng):
    """Comparisons that are joined, and what they choose."""
    f = Form(rng, pick(rng, 13, 16))
    shape = pick(rng, maps(rng, None, 2, 5), (1, some(rng, 1, 7), some(rng, 2, 7)), (some(rng, 1, 4), some(rng, 2, 7)))
    x, y = f.input(shape), f.input(broadcastable(rng, shape))

    def compared(value):
        return f(pick(rng, "Less", "Greater", "LessOrEqual", "GreaterOrEqual"), value, np.float32(some(rng, -8, 8) / 8))

    op = pick(rng, "And", "Or", "Xor", "Not", "Less", "GreaterOrEqual")
    if op == "Not":
        truth = f(op, compared(x))
    elif op in ("And", "Or", "Xor"):
        truth = f(op, compared(x), compared(y))
    else:
        truth = f(op, x, y)
    what = pick(rng, "Cast", "Where", "Where", "Mul")
    if what == "Where":
        f("Where", truth, f("Mul", x, f.weights(*shape)), pick(rng, y, np.float32(-0.5)))
    elif what == "Mul":
        f("Mul", f("Cast", truth, to=TensorProto.FLOAT), x)
    else:
        f("Cast", truth, to=TensorProto.FLOAT)
    return f


@group(130)
def curve(rng):
    """Functions of one value that are rarer, or have bounds and further forms."""
    op, attributes, opset, bounds = pick(
        rng, ("Acos", {}, 13, (-28, 29)), ("Asin", {}, 13, (-28, 29)), ("Atanh", {}, 13, (-28, 29)), ("Acosh", {}, 13, (34, 120)),
        ("Tan", {}, 13, (-40, 41)), ("Identity", {}, 13, (-96, 97)), ("Dropout", {}, 13, (-96, 97)), ("Clip", {}, 13, (-96, 97)),
        ("Clip", {}, 7, (-96, 97)), ("Swish", dict(alpha=pick(rng, None, 1.5, -0.5)), 24, (-96, 97)), ("Atan", {}, 13, (-96, 97)),
        ("Ceil", {}, 13, (-96, 97)), ("Cos", {}, 13, (-96, 97)), ("Softsign", {}, 13, (-96, 97)), ("Relu", {}, 14, (-96, 97)),
        ("Elu", dict(alpha=pick(rng, 0.3, 1.7)), 7, (-96, 97)), ("Selu", dict(alpha=pick(rng, None, 1.2), gamma=pick(rng, None, 1.3)), 13, (-96, 97)),
        ("HardSigmoid", dict(alpha=pick(rng, None, 0.4), beta=pick(rng, None, 0.3)), 13, (-96, 97)),
        ("LeakyRelu", dict(alpha=pick(rng, -0.3, 1.4, 0.0)), 16, (-96, 97)), ("ThresholdedRelu", dict(alpha=pick(rng, -0.5, 0.0)), 10, (-96, 97)),
        ("Shrink", dict(lambd=pick(rng, 0.3, 1.2), bias=pick(rng, 0.0, -0.4, 1.2)), 9, (-96, 97)),
        ("Softplus", {}, 13, (-120, 121)), ("Pow", {}, 13, (4, 97)), ("PRelu", {}, 16, (-96, 97)))
    f = Form(rng, opset)
    shape = pick(rng, maps(rng, None, 1, 5), (1, some(rng, 1, 9)), (1, some(rng, 2, 5), some(rng, 2, 5)))
    inputs = [f.input(shape, *bounds)]
    if op == "Clip" and opset == 13:
        low, high = some(rng, -40, 0) / 16, some(rng, 1, 40) / 16
        inputs += pick(rng, [np.float32(low), np.float32(high)], [np.float32(low)], ["", np.float32(high)], [np.float32(0), np.float32(6)])
    elif op == "Clip":
        attributes = pick(rng, dict(min=-0.5, max=1.5), dict(min=0.25), dict(max=0.75))
    elif op == "Pow":
        inputs.append(np.float32(pick(rng, -2, -1, -0.5, 0.5, 1, 2, 2.5, 3)))
    elif op == "PRelu":
        inputs.append(f.weights(*shape))
    f(op, *inputs, **attributes)
    return f


@group(30)
def root_mean_square(rng):
    f = Form(rng, 23)
    shape = pick(rng, maps(rng, None, 2, 5), (1, some(rng, 2, 6), some(rng, 2, 7)))
    axis = some(rng, 1, len(shape) - 1)
    f("RMSNormalization", f.input(shape), f.weights(*shape[axis:]), axis=pick(rng, axis, axis - len(shape)), epsilon=pick(rng, None, 1e-3))
    return f


@group(30)
def upsample(rng):
    f = Form(rng, 9)
    scales = np.float32([1, 1, *rng.choice([1, 2, 3, 1.5, 2.5], 2)])
    f("Upsample", f.input(maps(rng, some(rng, 1, 5), 2, 6)), scales, mode=pick(rng, "nearest", "linear"))
    return f


def attend(f, queries, keys, values, size, axis=-1):
    """Softmax(queries · keysᵀ / √size) · values; heads and windows lie in the axes before the last two."""
    turned = f("Transpose", keys, perm=[0, 2, 1] if size[0] == 3 else [0, 1, 3, 2])
    scores = f("Mul", f("MatMul", queries, turned), np.float32(size[1] ** -0.5))
    return f("MatMul", f("Softmax", scores, axis=axis), values)


@group(260)
def compose(rng):
    """A few operators behind each other, as networks have them: what is repeated, summed and seen otherwise on the way there comes back."""
    f = Form(rng, 13)
    kind = pick(rng, "attention", "heads", "windows", "gate", "softmax", "centre", "chain", "chain", "join", "product")
    if kind in ("attention", "heads"):
        heads = some(rng, 1, 3) if kind == "heads" else 1
        tokens, channels = some(rng, 2, 6), heads * some(rng, 1, 3)
        x = f.input((1, tokens, channels))
        # Values may be what the queries and keys are made of, and the weights may add up to one in the other direction.
        sources = 3 if kind == "heads" or rng.random() < 0.5 else 2
        parts = [f("MatMul", x, f.weights(channels, channels)) for _ in range(sources)]
        if kind == "attention":
            y = attend(f, *[*parts, x][:3], (3, channels), pick(rng, -1, -1, 1))
        else:
            parts = [f("Transpose", f("Reshape", part, np.array([1, tokens, heads, -1])), perm=[0, 2, 1, 3]) for part in parts]
            y = attend(f, *parts, (4, channels // heads))
            y = f("Reshape", f("Transpose", y, perm=[0, 2, 1, 3]), np.array([1, tokens, channels]))
        if rng.random() < 0.5:
            f("Add", y, x)
    elif kind == "windows":
        side, channels, down, across = 2, some(rng, 1, 4), some(rng, 1, 3), some(rng, 1, 3)
        x = f.input((1, down * side, across * side, channels))
        parted = f("Transpose", f("Reshape", x, np.array([1, down, side, across, side, channels])), perm=[0, 1, 3, 2, 4, 5])
        tokens = f("Reshape", parted, np.array([down * across, side * side, channels]))
        y = attend(f, f("MatMul", tokens, f.weights(channels, channels)), tokens, tokens, (3, channels))
        y = f("Transpose", f("Reshape", y, np.array([1, down, across, side, side, channels])), perm=[0, 1, 3, 2, 4, 5])
        f("Reshape", y, np.array([1, down * side, across * side, channels]))
    elif kind == "gate":
        shape = maps(rng, some(rng, 1, 6), 2, 6)
        x = f.input(shape)
        op, inner = pick(rng, "GlobalAveragePool", "GlobalMaxPool", "ReduceMean"), some(rng, 1, 3)
        if op == "ReduceMean":
            gate = f(op, x, axes=[pick(rng, 1, 2, 3)])
        else:
            gate = f("Relu", f("Conv", f(op, x), f.weights(inner, shape[1], 1, 1)))
            gate = f("Conv", gate, f.weights(shape[1], inner, 1, 1), f.weights(shape[1]))
        f("Mul", x, f(pick(rng, "Sigmoid", "HardSigmoid"), gate))
    elif kind == "softmax":
        shape = pick(rng, maps(rng, None, 2, 5), (1, some(rng, 2, 6), some(rng, 2, 6)), (some(rng, 2, 4), some(rng, 2, 6)))
        x, axis = f.input(shape), some(rng, -len(shape), len(shape) - 1)
        y = f(pick(rng, "Softmax", "Softmax", "LogSoftmax"), x, axis=axis)
        y = f("Mul", y, pick(rng, x, f.weights(*shape)))
        if rng.random() < 0.6:
            f("ReduceSum", y, np.array([pick(rng, axis, some(rng, 0, len(shape) - 1))]), keepdims=some(rng, 0, 1))
    elif kind == "centre":
        shape = pick(rng, maps(rng, None, 2, 5), (1, some(rng, 2, 6), some(rng, 2, 6)), (some(rng, 2, 4), some(rng, 2, 6)))
        axes = sorted(rng.choice(len(shape), some(rng, 1, len(shape) - 1), replace=False).tolist())
        x = f.input(shape)
        y = f("Sub", x, f(pick(rng, "ReduceMean", "ReduceMax", "ReduceMin", "ReduceLogSumExp"), x, axes=axes))
        if rng.random() < 0.6:
            y = f("Div", y, f("Add", f(pick(rng, "ReduceL2", "ReduceL1"), y, axes=axes), np.float32(0.5)))
        if rng.random() < 0.5:
            f("Mul", y, f("Expand", f("ReduceMean", y, axes=axes), np.array(shape)))
    elif kind == "chain":
        y = f.input(maps(rng, some(rng, 1, 5), 5, 9))
        for _ in range(some(rng, 2, 4)):
            y = link(f, rng, y)
        end = pick(rng, "none", "GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceL2", "Gemm")
        if end == "ReduceMean":
            f(end, y, axes=pick(rng, [1], [2], [3], [2, 3], [1, 2]), keepdims=some(rng, 0, 1))
        elif end == "ReduceL2":
            f(end, y, axes=[pick(rng, 1, 2, 3)])
        elif end == "Gemm":
            f("Gemm", f("Flatten", f("AveragePool", y, kernel_shape=[2, 2], ceil_mode=some(rng, 0, 1))), f.weights(*gemm_shape(f)), transB=1)
        elif end != "none":
            f(end, y)
    elif kind == "join":
        shape = maps(rng, some(rng, 2, 5), 3, 6)
        x = f.input(shape)
        axis = some(rng, 1, 3)
        cut = some(rng, 1, shape[axis] - 1)
        first = f("Slice", x, np.array([0]), np.array([cut]), np.array([axis]))
        second = f("Slice", x, np.array([cut]), np.array([shape[axis]]), np.array([axis]))
        joined = [f(pick(rng, "Tanh", "Relu"), first), second, f(pick(rng, "Sigmoid", "Neg"), x)]
        y = f("Concat", *[joined[place] for place in rng.permutation(3)], axis=axis)
        f("Transpose", y, perm=rng.permutation(4).tolist()) if rng.random() < 0.5 else f("Flatten", y, axis=some(rng, 0, 3))
    else:
        batch = pick(rng, (), (some(rng, 1, 3),), (1, some(rng, 1, 3)))
        rows, inner = some(rng, 1, 5), some(rng, 2, 5)
        x = f.input((*batch, rows, inner))
        turned = f("Transpose", f("Tanh", x), perm=[*range(len(batch)), len(batch) + 1, len(batch)])
        y = f("MatMul", *pick(rng, (x, turned), (turned, x)))
        if rng.random() < 0.5:
            # No Softmax ends the graph.
            f("Neg", f(pick(rng, "Relu", "Softmax", "Abs"), y))
    return f


def value_shape(f):
    """The shape of what was made last, as onnxruntime finds it."""
    *_, (array, *_) = f.run()
    return array.shape


def gemm_shape(f):
    return 3, value_shape(f)[1]


def link(f, rng, y):
    """One more operator on maps."""
    shape = value_shape(f) if f.nodes else f.values["x0"].shape
    channels = shape[1]
    op = pick(rng, "Conv", "Conv", "MaxPool", "AveragePool", "Resize", "Pad", "Relu", "Sigmoid", "BatchNormalization", "InstanceNormalization",
              "Softmax", "ConvTranspose", "LRN", "PRelu", "Add", "DepthToSpace", "GlobalAdd", "Transpose", "LayerNorm")
    size = pick(rng, [1, 1], [2, 2], [3, 3], [3, 2])
    if op == "Conv":
        depthwise = rng.random() < 0.3
        outputs = channels * some(rng, 1, 2) if depthwise else some(rng, 1, 5)
        return f(op, y, f.weights(outputs, 1 if depthwise else channels, *size), f.weights(outputs), group=channels if depthwise else 1,
                 **window(rng, size))
    if op == "ConvTranspose":
        return f(op, y, f.weights(channels, some(rng, 1, 3), *size), strides=pick(rng, [1, 1], [2, 2]))
    if op in ("MaxPool", "AveragePool"):
        attributes = window(rng, size)
        attributes.pop("dilations")
        return f(op, y, kernel_shape=size, **attributes)
    if op == "Resize":
        return f(op, y, "", np.float32([1, 1, *rng.choice([0.5, 1.5, 2], 2)]), mode=pick(rng, "nearest", "linear"))
    if op == "Pad":
        return f(op, y, np.array([0, 0, *rng.integers(0, 2, 2), 0, 0, *rng.integers(0, 2, 2)]), mode=pick(rng, "constant", "reflect", "edge"))
    if op in ("BatchNormalization", "InstanceNormalization"):
        scale, bias, mean, variance = f.weights(channels), f.weights(channels), f.weights(channels), f.weights(channels, low=8)
        return f(op, y, scale, bias, mean, variance) if op == "BatchNormalization" else f(op, y, scale, bias)
    if op == "Softmax":
        return f(op, y, axis=some(rng, 1, 3))
    if op == "LRN":
        return f(op, y, size=3, alpha=0.5)
    if op == "PRelu":
        return f(op, y, f.weights(channels, 1, 1))
    if op == "Add":
        return f(op, y, f("Mul", y, f.weights(1, shape[3])))
    if op == "GlobalAdd":
        return f("Add", y, f("GlobalAveragePool", f("Relu", y)))
    if op == "Transpose":
        return f(op, y, perm=[0, *(rng.permutation(3) + 1).tolist()])
    if op == "DepthToSpace":
        return f(op, f("Conv", y, f.weights(4, channels, 1, 1)), blocksize=2)
    if op == "LayerNorm":
        mean = f("Sub", y, f("ReduceMean", y, axes=[1]))
        return f("Div", mean, f("Sqrt", f("Add", f("ReduceMean", f("Mul", mean, mean), axes=[1]), np.float32(0.1))))
    return f(op, y)


@group(60)
def fused(rng):
    """What onnxruntime's optimiser leaves in a file."""
    f = Form(rng, 13)
    op = pick(rng, "FusedConv", "FusedConv", "FusedMatMul", "FusedMatMul", "BiasGelu", "QuickGelu", "Gelu")
    if op == "FusedConv":
        channels, size = some(rng, 1, 4), kernel(rng)
        activation, parameters = pick(rng, ("Relu", None), ("LeakyRelu", [0.2]), ("Sigmoid", None), ("Tanh", None), ("Clip", [-0.5, 0.75]))
        f(f"com.microsoft:{op}", f.input(maps(rng, channels)), f.weights(some(rng, 1, 4), channels, *size), activation=activation,
          activation_params=parameters, **window(rng, size))
    elif op == "FusedMatMul":
        rows, inner, columns = some(rng, 1, 5), some(rng, 1, 5), some(rng, 1, 5)
        turned = [some(rng, 0, 1), some(rng, 0, 1)]
        batch = pick(rng, (), (some(rng, 1, 3),))
        a = (*batch, *((inner, rows) if turned[0] else (rows, inner)))
        b = (*batch, *((columns, inner) if turned[1] else (inner, columns)))
        f(f"com.microsoft:{op}", f.input(a), f.input(b) if rng.random() < 0.5 else f.weights(*b), transA=turned[0], transB=turned[1],
          alpha=pick(rng, None, 0.5))
    else:
        shape = pick(rng, (1, some(rng, 1, 6), some(rng, 2, 7)), (some(rng, 1, 4), some(rng, 2, 7)))
        x = f.input(shape)
        f(f"com.microsoft:{op}", x, *([f.weights(shape[-1])] if op == "BiasGelu" else []), alpha=1.5 if op == "QuickGelu" else None)
    return f


@group(160)
def quantised(rng):
    """Integers; the scales are powers of two, so that halves are halves in any arithmetic."""
    f = Form(rng, 21)
    kind = pick(rng, "round", "round", "rows", "QLinearConv", "QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "Dynamic", "QLinearAdd",
                "QLinearMul", "QLinearConcat", "QLinearGlobalAveragePool", "QLinearLeakyRelu")
    signed = rng.random() < 0.5
    small = np.int8 if signed else np.uint8

    def scale(least=3, most=5):
        return np.float32(0.5 ** some(rng, least, most))

    def zero(kind=small):
        return kind(some(rng, -9, 9) if kind == np.int8 else some(rng, 110, 140))

    def integers(value, given, at):
        return f("QuantizeLinear", value, given, at)

    def weights(*shape, kind=np.int8):
        return rng.integers(-20, 21, shape).astype(kind) if kind == np.int8 else rng.integers(100, 140, shape).astype(kind)

    if kind == "round":
        shape = pick(rng, maps(rng, None, 2, 5), (1, some(rng, 2, 9)))
        dtype = pick(rng, np.int8, np.uint8, np.int16, np.uint16)
        given, at = scale(0, 5), dtype(some(rng, 0, 20))
        f("DequantizeLinear", integers(f.input(shape), given, at), given, at)
    elif kind == "rows":
        shape = maps(rng, some(rng, 1, 6), 2, 5)
        axis = some(rng, 1, 3)
        given = np.float32(0.5 ** rng.integers(1, 6, shape[axis]))
        at = rng.integers(0, 9, shape[axis]).astype(small)
        f("DequantizeLinear", f("QuantizeLinear", f.input(shape), given, at, axis=axis), given, at, axis=axis)
    elif kind == "QLinearConv":
        groups, each, size = pick(rng, 1, 1, 2), some(rng, 1, 4), kernel(rng)
        outputs = groups * some(rng, 1, 3)
        x_scale, x_zero, y_scale, y_zero = scale(), zero(), scale(0, 2), zero()
        inputs = [integers(f.input(maps(rng, groups * each)), x_scale, x_zero), x_scale, x_zero, weights(outputs, each, *size)]
        inputs += [np.float32(0.5 ** rng.integers(3, 6, outputs)), np.zeros(outputs, np.int8)] if rng.random() < 0.5 else [scale(), np.int8(0)]
        inputs += [y_scale, y_zero] + ([rng.integers(-99, 99, outputs).astype(np.int32)] if rng.random() < 0.6 else [])
        f("DequantizeLinear", f(kind, *inputs, group=groups, **window(rng, size)), y_scale, y_zero)
    elif kind == "QLinearMatMul":
        rows, inner, columns = some(rng, 1, 5), some(rng, 1, 6), some(rng, 1, 5)
        x_scale, x_zero, y_scale, y_zero = scale(), zero(), scale(0, 2), zero()
        product = f(kind, integers(f.input((rows, inner)), x_scale, x_zero), x_scale, x_zero, weights(inner, columns, kind=small), scale(), zero(),
                    y_scale, y_zero)
        f("DequantizeLinear", product, y_scale, y_zero)
    elif kind in ("ConvInteger", "MatMulInteger"):
        x_scale, x_zero, channels = scale(), np.uint8(some(rng, 110, 140)), some(rng, 1, 5)
        if kind == "ConvInteger":
            size = kernel(rng)
            made = f(kind, integers(f.input(maps(rng, channels)), x_scale, x_zero), weights(some(rng, 1, 4), channels, *size, kind=np.uint8), x_zero,
                     np.uint8(120), **window(rng, size))
        else:
            made = f(kind, integers(f.input((some(rng, 1, 5), channels)), x_scale, x_zero), weights(channels, some(rng, 1, 5)), x_zero, np.int8(0))
        f("Mul", f("Cast", made, to=TensorProto.FLOAT), np.float32(x_scale / 32))
    elif kind == "Dynamic":
        f("DynamicQuantizeLinear", f.input(pick(rng, maps(rng, None, 2, 5), (1, some(rng, 2, 9)))), outputs=3)
        f("DequantizeLinear", *f.results)
    elif kind in ("QLinearAdd", "QLinearMul"):
        shape = maps(rng, None, 2, 5)
        parts = []
        for each in (shape, broadcastable(rng, shape)):
            given, at = scale(), zero()
            parts += [integers(f.input(each), given, at), given, at]
        y_scale, y_zero = scale(2, 4), zero()
        f("DequantizeLinear", f(f"com.microsoft:{kind}", *parts, y_scale, y_zero), y_scale, y_zero)
    elif kind == "QLinearConcat":
        shape, axis, parts = maps(rng, None, 2, 5), some(rng, 1, 3), []
        for _ in range(2):
            given, at = scale(), zero()
            parts += [integers(f.input(shape), given, at), given, at]
        y_scale, y_zero = scale(2, 4), zero()
        f("DequantizeLinear", f(f"com.microsoft:{kind}", y_scale, y_zero, *parts, axis=axis), y_scale, y_zero)
    else:
        x_scale, x_zero, y_scale, y_zero = scale(), zero(), scale(3, 5), zero()
        shape = (1, some(rng, 1, 6), *pick(rng, (2, 2), (2, 4), (4, 4))) if kind == "QLinearGlobalAveragePool" else maps(rng, None, 2, 5)
        given = [integers(f.input(shape), x_scale, x_zero), x_scale, x_zero, y_scale, y_zero]
        attributes = dict(channels_last=0) if kind == "QLinearGlobalAveragePool" else dict(alpha=0.25)
        f("DequantizeLinear", f(f"com.microsoft:{kind}", *given, **attributes), y_scale, y_zero)
    return f


@group(120)
def steps(rng):
    """Quotients that are rounded: a half has to be one to the last digit. The divisors are no powers of two."""
    f = Form(rng, 13)
    shape = pick(rng, maps(rng, None, 2, 5), (1, some(rng, 2, 9)), (some(rng, 1, 4), some(rng, 2, 7)))
    x, by = f.input(shape), np.float32(pick(rng, 3, 5, 6, 7, 9, 11, 13) / 64)
    kind = pick(rng, "Round", "Floor", "Ceil", "Cast", "Dynamic", "Quantize", "Mod", "computed")
    if kind == "Dynamic":
        f("DynamicQuantizeLinear", x, outputs=3)
        f("DequantizeLinear", *f.results)
    elif kind == "Quantize":
        at = pick(rng, np.int8(3), np.uint8(128))
        f("DequantizeLinear", f("QuantizeLinear", x, by, at), by, at)
    elif kind == "Cast":
        f("Cast", f("Cast", f("Div", x, by), to=TensorProto.INT32), to=TensorProto.FLOAT)
    elif kind == "Mod":
        f(kind, x, by, fmod=1)
    elif kind == "computed":
        f("Round", f("Div", x, f("ReduceMax", f("Abs", x), keepdims=some(rng, 0, 1))))
    else:
        f(kind, f("Div", x, by))
    return f


@group(140)
def sampled(rng):
    """Values at positions that are computed."""
    op = pick(rng, "GridSample", "GridSample", "GridSample", "AffineGrid", "DeformConv", "DeformConv")
    f = Form(rng, {"GridSample": pick(rng, 16, 20), "AffineGrid": 20, "DeformConv": pick(rng, 19, 22)}[op])
    corners = pick(rng, None, 0, 1)
    if op == "GridSample":
        old = f.opset < 20
        mode = pick(rng, None, "nearest", *(("bilinear", "bicubic") if old else ("linear", "cubic")))
        padding = pick(rng, None, "zeros", "border", "reflection")
        batch, spatial = pick(rng, 1, 1, 2), [some(rng, 1, 6), some(rng, 2, 6)]
        if not old and mode in ("nearest", "linear") and rng.random() < 0.2:
            spatial.append(some(rng, 2, 4))
        places = [some(rng, 1, 5) for _ in spatial]
        x, shape = f.input((batch, some(rng, 1, 5), *spatial)), (batch, *places, len(spatial))
        grid = f.weights(*shape, low=-90, high=91) if rng.random() < 0.3 else f("Mul", f.input(shape), np.float32(0.45))
        f(op, x, grid, mode=mode, padding_mode=padding, align_corners=corners)
    elif op == "AffineGrid":
        batch, axes = some(rng, 1, 2), pick(rng, 2, 2, 3)
        sizes = np.array([batch, some(rng, 1, 4), *rng.integers(2, 6, axes)])
        grid = f(op, f.input((batch, axes, axes + 1), -40, 41), sizes, align_corners=corners)
        if axes == 2 and rng.random() < 0.5:
            f("GridSample", f.input((batch, 2, 4, 5)), grid, padding_mode=pick(rng, "zeros", "border"))
    else:
        size, groups, offset_groups = pick(rng, [1, 1], [2, 2], [3, 3], [2, 3]), pick(rng, 1, 1, 2), pick(rng, 1, 1, 2)
        strides, dilations = pick(rng, [1, 1], [2, 1], [2, 2]), pick(rng, [1, 1], [1, 1], [1, 2])
        pads = pick(rng, [0] * 4, [size[0] // 2, size[1] // 2] * 2, [1, 0, 0, 1])
        channels, outputs, spatial = 2 * some(rng, 1, 3), groups * some(rng, 1, 3), [some(rng, 4, 7), some(rng, 4, 7)]
        made = [(spatial[i] + pads[i] + pads[i + 2] - dilations[i] * (size[i] - 1) - 1) // strides[i] + 1 for i in (0, 1)]
        taps = offset_groups * size[0] * size[1]
        inputs = [f.input((1, channels, *spatial)), f.weights(outputs, channels // groups, *size), f.input((1, 2 * taps, *made))]
        if rng.random() < 0.6:
            inputs.append(f.weights(outputs))
            if rng.random() < 0.5:
                inputs.append(f.input((1, taps, *made)))
        f(op, *inputs, kernel_shape=size, strides=strides, dilations=dilations, pads=pads, group=groups, offset_group=offset_groups)
    return f


def ahead(f, shape, low, high):
    """A value of this shape that is made of an input: it is seen in another order, cut, joined or repeated before it is read."""
    rng, rank = f.rng, len(shape)
    kind = pick(rng, "Transpose", "Transpose", "Reshape", "Expand", "Slice", "Concat", "Flatten", "Tanh", "plain")
    axis = some(rng, 0, rank - 1) if rank else 0
    if kind == "Transpose" and rank > 1:
        order = rng.permutation(rank)
        return f(kind, f.given([shape[place] for place in np.argsort(order)], low, high), perm=order.tolist())
    if kind == "Reshape":
        first = int(np.prod(shape[:axis]))
        return f(kind, f.given(pick(rng, (first, int(np.prod(shape[axis:]))), (1, int(np.prod(shape))), (1, *shape)), low, high), np.array(shape))
    if kind == "Expand" and rank:
        return f(kind, f.given([1 if rng.random() < 0.4 else size for size in shape], low, high), np.array(shape))
    if kind == "Slice" and rank:
        before, after, step = some(rng, 0, 2), some(rng, 0, 2), pick(rng, 1, 1, 2, -1)
        larger = list(shape)
        larger[axis] = before + abs(step) * shape[axis] + after
        start, end = (before, before + step * shape[axis]) if step > 0 else (before + shape[axis] - 1, before - 1 if before else -(2**31))
        return f(kind, f.given(larger, low, high), np.array([start]), np.array([end]), np.array([axis]), np.array([step]))
    if kind == "Concat" and rank and shape[axis] > 1:
        cut = some(rng, 1, shape[axis] - 1)
        parts = [[*shape[:axis], size, *shape[axis + 1:]] for size in (cut, shape[axis] - cut)]
        return f(kind, *[f.given(part, low, high) for part in parts], axis=axis)
    if kind == "Flatten" and rank == 2:
        return f(kind, f.given((shape[0], *pick(rng, (1, shape[1]), (shape[1], 1))), low, high))
    if kind == "Tanh" and low == -96:
        return f(kind, f.given(shape, low, high))
    return f.given(shape, low, high)


def after(f, shape):
    """Something that reads the result."""
    rng, rank, (y, *_) = f.rng, len(shape), f.results
    kind = pick(rng, "Transpose", "Reshape", "mean", "gate", "Softmax", "MatMul", "Concat", "Slice", "Relu", "scale", "none")
    axis = some(rng, 0, rank - 1) if rank else 0

    def mean(value, keepdims):
        return f("ReduceMean", value, *([np.array([axis])] if f.opset >= 18 else []), axes=[axis] if f.opset < 18 else None, keepdims=keepdims)

    if kind == "none" or not rank:
        return
    if kind == "Transpose":
        f(kind, y, perm=rng.permutation(rank).tolist())
    elif kind == "Reshape":
        f("Sigmoid", f(kind, y, np.array([int(np.prod(shape[:axis])), -1])))
    elif kind == "mean":
        mean(y, some(rng, 0, 1))
    elif kind == "gate":
        f("Mul", y, f("Sigmoid", mean(y, 1)))
    elif kind == "Softmax" and f.opset >= 13:
        f("Neg", f(kind, y, axis=axis))
    elif kind == "MatMul" and rank > 1:
        f(kind, y, f.weights(shape[-1], some(rng, 1, 4)))
    elif kind == "Concat":
        f(kind, f("Tanh", y), y, axis=axis)
    elif kind == "Slice":
        f(kind, y, np.array([0]), np.array([max(1, shape[axis] - 1)]), np.array([axis]))
    elif kind == "scale":
        f("Mul", y, f.weights(*broadcastable(rng, shape)))
    else:
        f("Relu", y)


@group(900)
def behind(rng):
    """Every other form behind something and before something: values are seen in other orders there, and their gradients as well."""
    # Only those above, so that a new group below leaves these forms as they are.
    above = itertools.takewhile(lambda group: group[0] != "behind", GROUPS)
    left_out = ("compose", "quantised", "steps", "upsample", "first-conv-of-many-channels")
    functions = [function for name, _, function in above if name not in left_out]
    function = functions[rng.integers(len(functions))]
    BEHIND.append(True)
    try:
        f = function(rng)
    finally:
        BEHIND.clear()
    if len(f.results) == 1:
        after(f, value_shape(f))
    return f


@group(90)
def attention(rng):
    """Attention as one operator."""
    f = Form(rng, pick(rng, 23, 24))
    heads, each, tokens, keys = some(rng, 1, 3), some(rng, 1, 4), some(rng, 1, 5), some(rng, 2, 6)
    groups, width = pick(rng, heads, heads, 1), some(rng, 1, 4)
    if rng.random() < 0.5:
        shapes = (1, tokens, heads * each), (1, keys, groups * each), (1, keys, groups * width)
        attributes = dict(q_num_heads=heads, kv_num_heads=groups)
    else:
        shapes, attributes = ((1, heads, tokens, each), (1, groups, keys, each), (1, groups, keys, width)), {}
    inputs = [f.input(shape) for shape in shapes]
    if rng.random() < 0.4:
        mask = rng.random((tokens, keys)) > 0.4
        mask[:, 0] = True
        inputs.append(pick(rng, f.constant(mask), f.input((tokens, keys))))
    f("Attention", *inputs, is_causal=pick(rng, None, None, 1), scale=pick(rng, None, 0.4), softcap=pick(rng, None, None, 1.5), **attributes)
    return f


def main():
    cases, blob = [], bytearray()

    def put(data):
        at = len(blob)
        blob.extend(data)
        return at

    for name, count, function in GROUPS:
        made = seed = 0
        while made < count:
            rng = np.random.default_rng([len(name), sum(map(ord, name)), seed])
            seed += 1
            assert seed < 20 * count, f"{name}: onnxruntime refuses too many forms"
            try:
                form = function(rng)
                model, found = form.run()
            except Exception:
                continue
            made += 1
            inputs = [dict(name=key, shape=list(value.shape), at=put(value.tobytes())) for key, value in form.values.items()]
            outputs = [dict(name=key, shape=list(value.shape), at=put(value.astype("<f4").tobytes()))
                       for key, value in zip(form.results, found)]
            what = " ".join(node.op_type for node in form.nodes)
            cases.append(dict(name=f"{name}-{made}", what=what, model=[put(model), len(model)], inputs=inputs, outputs=outputs))
        print(name, made, "of", seed)
    index = json.dumps(dict(onnxruntime=onnxruntime.__version__, cases=cases), separators=(",", ":")).encode()
    (HERE / "cases.bin").write_bytes(struct.pack("<Q", len(index)) + index + bytes(blob))
    print(len(cases), "cases,", 8 + len(index) + len(blob), "bytes")


if __name__ == "__main__":
    main()
