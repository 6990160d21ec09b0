"""Writes a grid of forms of every operator with onnxruntime's values: `python generate.py` makes cases.bin beside this file.

Where tests/ops has the forms that were thought of, this has those that come up when shapes, strides, pads, odd channel counts, axes and
modes are drawn at random (seeded, so that the file comes out the same). A form that onnxruntime refuses is drawn anew. Needs onnx,
onnxruntime and numpy.

cases.bin: eight bytes with the length of the index (little-endian), the index as JSON, and what it points at: models (ONNX files), inputs
(bytes with a sign, in 32nds, so that they cost a byte each) and outputs (float32).
"""

import json
import struct
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
onnxruntime.set_default_logger_severity(4)
GROUPS = []


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
        self.nodes.append(helper.make_node(op, inputs, names, **attributes))
        self.results = names
        return names[0]

    def run(self):
        infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in self.results]
        graph = helper.make_graph(self.nodes, "grid", self.inputs, infos, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)],
                                  ir_version=8 if self.opset <= 18 else 10)
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
    x = f.input(maps(rng, groups * some(rng, 1, 3), 3, 6))
    inputs = [x, f.weights(f.values["x0"].shape[1], each, *size)]
    if rng.random() < 0.5:
        inputs.append(f.weights(groups * each))
    attributes = window(rng, size)
    strides = attributes["strides"] or [1, 1]
    if rng.random() < 0.3:
        attributes["output_padding"] = [some(rng, 0, stride - 1) for stride in strides]
    if rng.random() < 0.2:
        attributes.pop("pads", None)
        attributes["output_shape"] = [side * stride + some(rng, 0, 2) for side, stride in zip(f.values["x0"].shape[2:], strides)]
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
