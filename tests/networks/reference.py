#!/usr/bin/env python3
"""What PyTorch makes of an ONNX file: every value in double precision, and Grad-CAM by autograd, beside what onnxruntime recorded.

    python tests/networks/reference.py target/networks [part of names …]

The file itself is run, operator by operator, so the derivatives belong to the very weights and graph that Featurescope reads. Each value is
compared with the one that onnxruntime recorded; a network in which one is off is refused, and has no Grad-CAM to compare with.
"""

import argparse
import json
import math
import pathlib

import numpy as np
import onnx
import record
import torch
from onnx import numpy_helper
from torch.nn import functional as F

# A value may be off from onnxruntime's single precision by this share of its largest element.
TOLERANCE = 1e-3
CLASS = 1
# Single precision is asked so often, each time with a picture that is changed by this share.
CHANGES, CHANGE = 2, 1e-6
# Of a detector's scores so many are asked for, by each way of ranking them.
BOXES = 2
OPERATORS = {}
# What numbers that are no integers are computed in.
PRECISION = [torch.float64]


def operator(*names):
    def known(run):
        for name in names:
            OPERATORS[name] = run
        return run

    return known


def unary(**functions):
    for name, run in functions.items():
        OPERATORS[name] = lambda node, value, run=run: run(value)


def binary(**functions):
    for name, run in functions.items():
        OPERATORS[name] = lambda node, left, right, run=run: run(left, right)


unary(
    Abs=torch.abs,
    Ceil=torch.ceil,
    Cos=torch.cos,
    Erf=torch.erf,
    Exp=torch.exp,
    Floor=torch.floor,
    HardSwish=F.hardswish,
    Identity=lambda value: value,
    Log=torch.log,
    Neg=torch.neg,
    Not=torch.logical_not,
    Reciprocal=torch.reciprocal,
    Relu=torch.relu,
    Round=torch.round,
    Sigmoid=torch.sigmoid,
    Sin=torch.sin,
    Size=lambda value: torch.tensor(value.numel()),
    Softplus=F.softplus,
    Sqrt=torch.sqrt,
    Tanh=torch.tanh,
)
binary(
    Add=torch.add,
    And=torch.logical_and,
    Div=lambda left, right: left / right if left.is_floating_point() else torch.div(left, right, rounding_mode="trunc"),
    Equal=torch.eq,
    Greater=torch.gt,
    GreaterOrEqual=torch.ge,
    Less=torch.lt,
    LessOrEqual=torch.le,
    MatMul=torch.matmul,
    Mul=torch.mul,
    Or=torch.logical_or,
    Pow=torch.pow,
    PRelu=lambda value, slope: torch.where(value > 0, value, value * slope),
    Sub=torch.sub,
)


class Node:
    """A node's attributes, by name."""

    def __init__(self, node, whole):
        self.node, self.whole = node, whole
        self.attributes = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}

    def __call__(self, name, default=None):
        value = self.attributes.get(name, default)
        return value.decode() if isinstance(value, bytes) else value


def floating(tensor):
    return tensor.to(PRECISION[0]) if tensor.is_floating_point() else tensor


def numbers(tensor):
    return None if tensor is None else [int(number) for number in tensor.reshape(-1).tolist()]


def constant(proto):
    return floating(torch.from_numpy(numpy_helper.to_array(proto).copy()))


@operator("Constant")
def _constant(node):
    for name, value in node.attributes.items():
        if name == "value":
            return constant(value)
        return floating(torch.tensor(value))


@operator("ConstantOfShape")
def _constant_of_shape(node, shape):
    value = node("value")
    value = floating(torch.zeros(1)) if value is None else constant(value)
    return value.reshape(()).expand(numbers(shape)).clone()


@operator("Cast")
def _cast(node, value):
    kind = onnx.helper.tensor_dtype_to_np_dtype(node("to"))
    return floating(value.to(torch.from_numpy(np.zeros(1, kind)).dtype))


@operator("CastLike")
def _cast_like(node, value, other):
    return value.to(other.dtype)


@operator("Shape")
def _shape(node, value):
    return torch.tensor(list(value.shape)[node("start", 0) : node("end", None)])


@operator("Reshape")
def _reshape(node, value, shape):
    sides = [
        value.shape[place] if side == 0 and not node("allowzero", 0) else side for place, side in enumerate(numbers(shape))
    ]
    return value.reshape(tuple(sides))


@operator("Flatten")
def _flatten(node, value):
    axis = node("axis", 1) % (value.ndim + 1)
    return value.reshape(math.prod(value.shape[:axis]), -1)


@operator("Transpose")
def _transpose(node, value):
    return value.permute(node("perm", list(range(value.ndim))[::-1]))


@operator("Squeeze")
def _squeeze(node, value, axes=None):
    axes = [axis for axis, side in enumerate(value.shape) if side == 1] if axes is None else numbers(axes)
    return value.squeeze([axis % value.ndim for axis in axes])


@operator("Unsqueeze")
def _unsqueeze(node, value, axes):
    for axis in sorted(axis % (value.ndim + axes.numel()) for axis in numbers(axes)):
        value = value.unsqueeze(axis)
    return value


@operator("Concat")
def _concat(node, *values):
    return torch.cat(values, node("axis"))


@operator("Split")
def _split(node, value, sizes=None):
    axis = node("axis", 0)
    if sizes is None:
        each = -(-value.shape[axis] // node("num_outputs", len(node.node.output)))
        return torch.split(value, each, axis)
    return torch.split(value, numbers(sizes), axis)


@operator("Slice")
def _slice(node, value, starts, ends, axes=None, steps=None):
    starts, ends = numbers(starts), numbers(ends)
    axes = list(range(len(starts))) if axes is None else numbers(axes)
    steps = [1] * len(starts) if steps is None else numbers(steps)
    for start, end, axis, step in zip(starts, ends, axes, steps):
        side = value.shape[axis]
        # What lies before the first element is the end of a slice that runs backwards.
        places = list(range(side))[slice(start, None if step < 0 and end < -side else end, step)]
        value = value.index_select(axis, torch.tensor(places, dtype=torch.int64))
    return value


@operator("Gather")
def _gather(node, value, places):
    axis = node("axis", 0) % value.ndim
    flat = places.reshape(-1) % value.shape[axis]
    return value.index_select(axis, flat).reshape((*value.shape[:axis], *places.shape, *value.shape[axis + 1 :]))


@operator("GatherElements")
def _gather_elements(node, value, places):
    axis = node("axis", 0)
    return torch.gather(value, axis, places % value.shape[axis])


@operator("GatherND")
def _gather_nd(node, value, places):
    if node("batch_dims", 0):
        raise NotImplementedError("GatherND with batches")
    return value[tuple(places.unbind(-1))]


@operator("ScatterND")
def _scatter_nd(node, value, places, updates):
    if node("reduction", "none") != "none":
        raise NotImplementedError("ScatterND that adds")
    return value.index_put(tuple(places.unbind(-1)), updates)


@operator("Expand")
def _expand(node, value, shape):
    return value.expand(torch.broadcast_shapes(value.shape, numbers(shape)))


@operator("Tile")
def _tile(node, value, repeats):
    return value.repeat(numbers(repeats))


@operator("Range")
def _range(node, start, limit, delta):
    return torch.arange(start.item(), limit.item(), delta.item(), dtype=start.dtype)


@operator("Where")
def _where(node, condition, left, right):
    return torch.where(condition, left, right)


@operator("Mod")
def _mod(node, left, right):
    return torch.fmod(left, right) if node("fmod", 0) else torch.remainder(left, right)


@operator("CumSum")
def _cumsum(node, value, axis):
    if node("exclusive", 0) or node("reverse", 0):
        raise NotImplementedError("CumSum of another kind")
    return value.cumsum(int(axis))


@operator("Max")
def _max(node, *values):
    return torch.stack(torch.broadcast_tensors(*values)).amax(0)


@operator("Min")
def _min(node, *values):
    return torch.stack(torch.broadcast_tensors(*values)).amin(0)


@operator("Sum")
def _sum(node, *values):
    return sum(values)


@operator("Clip")
def _clip(node, value, least=None, most=None):
    value = value if least is None else torch.maximum(value, least)
    return value if most is None else torch.minimum(value, most)


@operator("HardSigmoid")
def _hard_sigmoid(node, value):
    return (node("alpha", 0.2) * value + node("beta", 0.5)).clamp(0, 1)


@operator("LeakyRelu")
def _leaky(node, value):
    return F.leaky_relu(value, node("alpha", 0.01))


@operator("Elu")
def _elu(node, value):
    return F.elu(value, node("alpha", 1.0))


@operator("Gelu")
def _gelu(node, value):
    return F.gelu(value, approximate=node("approximate", "none"))


@operator("Swish")
def _swish(node, value):
    return value * torch.sigmoid(node("alpha", 1.0) * value)


@operator("Softmax")
def _softmax(node, value):
    return value.softmax(node("axis", -1))


@operator("LogSoftmax")
def _log_softmax(node, value):
    return value.log_softmax(node("axis", -1))


@operator("Einsum")
def _einsum(node, *values):
    return torch.einsum(node("equation"), *values)


@operator("Gemm")
def _gemm(node, left, right, bias=None):
    left = left.t() if node("transA", 0) else left
    right = right.t() if node("transB", 0) else right
    found = node("alpha", 1.0) * (left @ right)
    return found if bias is None else found + node("beta", 1.0) * bias


@operator("TopK")
def _top(node, value, count):
    return torch.topk(value, int(count), node("axis", -1), bool(node("largest", 1)), bool(node("sorted", 1)))


@operator("ArgMax")
def _arg_max(node, value):
    return value.argmax(node("axis", 0), keepdim=bool(node("keepdims", 1)))


def reduction(name, run):
    def reduce(node, value, axes=None):
        axes = node("axes") if axes is None else numbers(axes)
        if not axes:
            if node("noop_with_empty_axes", 0):
                return value
            axes = list(range(value.ndim))
        return run(value, axes, bool(node("keepdims", 1)))

    OPERATORS[name] = reduce


reduction("ReduceMean", lambda value, axes, keep: value.mean(axes, keep))
reduction("ReduceSum", lambda value, axes, keep: value.sum(axes, keep))
reduction("ReduceMax", lambda value, axes, keep: value.amax(axes, keep))
reduction("ReduceMin", lambda value, axes, keep: value.amin(axes, keep))
reduction("ReduceL2", lambda value, axes, keep: value.square().sum(axes, keep).sqrt())
reduction("ReduceSumSquare", lambda value, axes, keep: value.square().sum(axes, keep))


@operator("Pad")
def _pad(node, value, pads, fill=None, axes=None):
    pads = numbers(pads)
    axes = list(range(value.ndim)) if axes is None else [axis % value.ndim for axis in numbers(axes)]
    both = {axis: (pads[place], pads[place + len(axes)]) for place, axis in enumerate(axes)}
    mode = node("mode", "constant")
    order = [both.get(axis, (0, 0)) for axis in range(value.ndim)][::-1]
    if mode == "constant":
        return F.pad(value, [side for pair in order for side in pair], value=0.0 if fill is None else float(fill))
    while order and order[-1] == (0, 0):
        order.pop()
    mode = {"reflect": "reflect", "edge": "replicate", "wrap": "circular"}[mode]
    return F.pad(value, [side for pair in order for side in pair], mode=mode)


def window(node, value, kernel):
    """The steps and gaps of a window, and the value with what it has beyond its sides where these differ."""
    count = len(kernel)
    strides, dilations = node("strides", [1] * count), node("dilations", [1] * count)
    pads = node("pads", [0] * 2 * count)
    same = node("auto_pad", "NOTSET")
    if same in ("SAME_UPPER", "SAME_LOWER"):
        sides = zip(value.shape[2:], kernel, strides, dilations)
        lacks = [max(0, (-(-side // step) - 1) * step + (size - 1) * gap + 1 - side) for side, size, step, gap in sides]
        less, more = [lack // 2 for lack in lacks], [-(-lack // 2) for lack in lacks]
        pads = less + more if same == "SAME_UPPER" else more + less
    return strides, dilations, pads[:count], pads[count:]


def uneven(value, before, after, fill):
    return F.pad(value, [side for pair in list(zip(before, after))[::-1] for side in pair], value=fill)


@operator("Conv")
def _conv(node, value, weights, bias=None):
    kernel = list(weights.shape[2:])
    strides, dilations, before, after = window(node, value, kernel)
    if before != after:
        value, before = uneven(value, before, after, 0.0), [0] * len(kernel)
    run = (F.conv1d, F.conv2d, F.conv3d)[len(kernel) - 1]
    return run(value, weights, bias, strides, before, dilations, node("group", 1))


@operator("ConvTranspose")
def _conv_transpose(node, value, weights, bias=None):
    kernel = list(weights.shape[2:])
    strides, dilations, before, after = window(node, value, kernel)
    if before != after or len(kernel) != 2:
        raise NotImplementedError("ConvTranspose of this form")
    more = node("output_padding", [0, 0])
    return F.conv_transpose2d(value, weights, bias, strides, before, more, node("group", 1), dilations)


@operator("MaxPool")
def _max_pool(node, value):
    kernel = node("kernel_shape")
    strides, dilations, before, after = window(node, value, kernel)
    ceil = bool(node("ceil_mode", 0))
    if before != after:
        value, before = uneven(value, before, after, -math.inf), [0] * len(kernel)
    return F.max_pool2d(value, kernel, strides, before, dilations, ceil)


@operator("AveragePool")
def _average_pool(node, value):
    kernel = node("kernel_shape")
    strides, _, before, after = window(node, value, kernel)
    ceil, with_pads = bool(node("ceil_mode", 0)), bool(node("count_include_pad", 0))
    if before == after:
        return F.avg_pool2d(value, kernel, strides, before, ceil, with_pads)
    padded = uneven(value, before, after, 0.0)
    found = F.avg_pool2d(padded, kernel, strides, 0, ceil, True)
    if with_pads:
        return found
    counted = uneven(torch.ones_like(value), before, after, 0.0)
    return found / F.avg_pool2d(counted, kernel, strides, 0, ceil, True)


@operator("GlobalAveragePool")
def _global_average(node, value):
    return value.mean(list(range(2, value.ndim)), True)


@operator("GlobalMaxPool")
def _global_max(node, value):
    return value.amax(list(range(2, value.ndim)), True)


@operator("BatchNormalization")
def _batch_norm(node, value, scale, bias, mean, variance):
    if node("training_mode", 0):
        # Its own mean and variance: what standardizes weights. Nothing reads the running ones that it gives besides.
        return F.batch_norm(value, None, None, scale, bias, True, 0.0, node("epsilon", 1e-5))
    return F.batch_norm(value, mean, variance, scale, bias, False, 0.0, node("epsilon", 1e-5))


@operator("InstanceNormalization")
def _instance_norm(node, value, scale, bias):
    return F.instance_norm(value, None, None, scale, bias, True, 0.0, node("epsilon", 1e-5))


@operator("GroupNormalization")
def _group_norm(node, value, scale, bias):
    return F.group_norm(value, node("num_groups"), scale, bias, node("epsilon", 1e-5))


@operator("LayerNormalization")
def _layer_norm(node, value, scale, bias=None):
    axis = node("axis", -1) % value.ndim
    return F.layer_norm(value, value.shape[axis:], scale, bias, node("epsilon", 1e-5))


@operator("RMSNormalization")
def _rms_norm(node, value, scale):
    axis = node("axis", -1) % value.ndim
    return F.rms_norm(value, value.shape[axis:], scale, node("epsilon", 1e-5))


@operator("DepthToSpace")
def _depth_to_space(node, value):
    if node("mode", "DCR") != "CRD":
        raise NotImplementedError("DepthToSpace in the other order")
    return F.pixel_shuffle(value, node("blocksize"))


@operator("Resize")
def _resize(node, value, roi=None, scales=None, sizes=None):
    if sizes is not None:
        sides = numbers(sizes)[2:]
    else:
        sides = [int(side * scale) for side, scale in zip(value.shape[2:], scales.tolist()[2:])]
    mode, places = node("mode", "nearest"), node("coordinate_transformation_mode", "half_pixel")
    if mode == "nearest":
        if (places, node("nearest_mode", "round_prefer_floor")) != ("asymmetric", "floor"):
            raise NotImplementedError(f"Resize to the nearest by {places}")
        return F.interpolate(value, sides)
    mode = {"linear": "bilinear", "cubic": "bicubic"}[mode]
    if places not in ("half_pixel", "pytorch_half_pixel", "align_corners"):
        raise NotImplementedError(f"Resize by {places}")
    aligned = places == "align_corners"
    return F.interpolate(value, sides, mode=mode, align_corners=aligned, antialias=bool(node("antialias", 0)))


@operator("GridSample")
def _grid_sample(node, value, grid):
    mode = {"bilinear": "bilinear", "linear": "bilinear", "nearest": "nearest"}[node("mode", "linear")]
    return F.grid_sample(value, grid, mode, node("padding_mode", "zeros"), bool(node("align_corners", 0)))


@operator("Attention")
def _attention(node, query, key, value, mask=None):
    if query.ndim != 4 or node("is_causal", 0) or node("softcap", 0.0):
        raise NotImplementedError("Attention of this form")
    return F.scaled_dot_product_attention(query, key, value, mask, scale=node("scale"))


def run(graph, known):
    """Every value of a graph, by name, where the values in `known` are given."""
    known.update((proto.name, constant(proto)) for proto in graph.initializer)
    for node in graph.node:
        given = [known[name] if name else None for name in node.input]
        if node.op_type == "If":
            branch = Node(node, graph)("then_branch" if bool(given[0]) else "else_branch")
            run(branch, known)
            found = [known[value.name] for value in branch.output]
        elif node.op_type not in OPERATORS or node.domain:
            raise NotImplementedError(f"{node.domain} {node.op_type}".strip())
        else:
            found = OPERATORS[node.op_type](Node(node, graph), *given)
        found = [found] if isinstance(found, torch.Tensor) else list(found)
        for name, value in zip(node.output, found):
            if value.requires_grad:
                # What is only laid out anew would share its derivative with what it was made of.
                value = value.clone() if value._base is not None or any(value is other for other in given) else value
                value.retain_grad()
            known[name] = value
    return known


def off(value, recorded):
    """By how much a value is off from the recorded one, relative to the largest element."""
    if list(value.shape) != recorded["shape"]:
        return math.inf
    flat = value.detach().reshape(-1)
    samples = [(place * record.STEP % flat.numel(), sample) for place, sample in enumerate(recorded["samples"])]
    largest = max(abs(recorded["min"] or 0), abs(recorded["max"] or 0), 1e-6)
    differences = [abs(flat[place].item() - sample) for place, sample in samples if sample is not None]
    # What is infinite has no number there.
    ends = ((flat.min().item(), recorded["min"]), (flat.max().item(), recorded["max"]))
    differences += [abs(found - end) for found, end in ends if end is not None]
    return max(differences, default=0.0) / largest


def planes(name, value):
    """A layer's maps and derivative as `[C, H, W]`, and the layer's name: of tokens those that stand on a square grid."""
    gradient = value.grad
    if value.ndim == 4 and value.shape[0] == 1 and min(value.shape[2:]) > 1:
        return name, value[0], gradient[0]
    if value.ndim == 3 and value.shape[0] == 1:
        for others in (0, 1, 2, 5):
            side = math.isqrt(max(value.shape[1] - others, 0))
            if side > 1 and side * side == value.shape[1] - others:
                return f"{name}/maps", *(part[0, others:].t().reshape(-1, side, side) for part in (value, gradient))
    return None


def slopes(value, element):
    """What is differentiated: one element of a value."""
    weights = torch.zeros_like(value)
    weights.view(-1)[element] = 1.0
    return weights


def objectives(known, graph, metadata):
    """What Grad-CAM may be asked for, as `(name of a value, weights of its elements, what Featurescope calls it)`.

    The score of class 1; of a mask the scores of its largest class, where that has the highest; of a detector the best scores.
    """
    names = [result.name for result in graph.output if known[result.name].requires_grad]
    for name in names:
        value, first = known[name], name == names[0]
        if first and value.ndim == 2 and value.shape[0] == 1 and value.shape[1] > CLASS:
            yield name, slopes(value, CLASS), {"class": CLASS}
            return
        if first and value.ndim == 4 and value.shape[0] == 1 and value.shape[1] > 1:
            best = value.argmax(1, keepdim=True)
            label = best.flatten().bincount().argmax().item()
            places = torch.arange(value.shape[1]).reshape(1, -1, 1, 1)
            yield name, ((best == label) & (places == label)).double(), {"class": label}
            return
        if value.ndim != 3 or value.shape[2] == 4:
            continue
        scores, order = value.detach(), torch.arange(value.numel()).reshape(value.shape)
        if "names" in metadata and value.shape[2] != 6:
            classes = metadata["names"].count(":")
            scores, order = scores[:, 4 : 4 + classes], order[:, 4 : 4 + classes]
        elif value.shape[2] == 6:
            scores, order = scores[:, :, 4:5], order[:, :, 4:5]
        for ranked in (scores, scores.softmax(-1)):
            for place in ranked.flatten().topk(BOXES).indices.tolist():
                element = order.flatten()[place].item()
                yield name, slopes(value, element), {"class": 0, "element": element}


def cams(known, asked, names):
    """Grad-CAM of what is asked for at every layer that has a derivative, by the layer's name and what was asked for."""
    found = {}
    for score, weights, what in asked:
        for value in known.values():
            value.grad = None
        (known[score] * weights).sum().backward(retain_graph=True)
        for name in names:
            value = known[name]
            if not value.is_floating_point() or value.grad is None:
                continue
            layer = planes(name, value)
            if layer is not None:
                name, maps, gradient = layer
                parts = gradient.mean((1, 2))[:, None, None] * maps
                cells = torch.relu(parts.sum(0)).detach().flatten()
                # Beside the padding of a largest value, which is infinite, there are no numbers.
                if cells.isfinite().all():
                    found[name, *what.values()] = ({"layer": name, **what}, cells.double().numpy())
    return found


def computed(model, recorded, precision, change=0):
    """Every value of a network in a precision; with a number, of a picture that was changed a little."""
    PRECISION[0] = precision
    pixels = torch.from_numpy(record.as_input(record.picture(*recorded["size"]))).double()
    if change:
        pixels *= 1 + CHANGE * torch.randn(pixels.shape, generator=torch.Generator().manual_seed(change), dtype=torch.float64)
    return run(model.graph, {model.graph.input[0].name: pixels.to(precision).requires_grad_(True)})


def refer(path, most=None):
    """Adds to what was recorded of a network: by how much it is off, and Grad-CAM, of so many layers at the most.

    `single` is by how much PyTorch's own single precision is off there when the picture changes by a millionth: near a corner of a ReLU, or
    between two largest values that are almost equal, the derivative depends on how values were rounded, and there is no right one to compare with.
    """
    recorded = json.loads(path.with_suffix(".json").read_text())
    model = onnx.load(path)
    known = computed(model, recorded, torch.float64)
    worst = (0.0, "")
    for name, expected in recorded["values"].items():
        if name in known:
            worst = max(worst, (off(known[name], expected), name))
    recorded["double"] = {"off": record.number(worst[0]), "at": worst[1]}
    recorded["cams"] = []
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    asked = {json.dumps(what): (*rest, what) for *rest, what in objectives(known, model.graph, metadata)}.values()
    if worst[0] <= TOLERANCE and asked:
        names = [name for node in model.graph.node for name in node.output if name in known]
        found = cams(known, asked, names)
        asked = [(score, weights.float(), what) for score, weights, what in asked]
        singles = [cams(computed(model, recorded, torch.float32, change), asked, names) for change in range(CHANGES)]
        places = list(found)
        count = len(found) if most is None else min(most, len(found))
        for place in np.linspace(0, len(found) - 1, count):
            what, cells = found[places[round(place)]]
            others = [single[places[round(place)]][1] for single in singles if places[round(place)] in single]
            single = max((np.abs(cells - other).max() for other in others), default=1.0) / max(cells.max(), 1e-6)
            cells = [record.number(cell) for cell in cells.tolist()]
            recorded["cams"].append({**what, "single": record.number(single), "cells": cells})
    path.with_suffix(".json").write_text(json.dumps(recorded, separators=(",", ":")))
    return worst, len(recorded["cams"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("parts", nargs="*", help="parts of the names of the networks")
    parser.add_argument("--most", type=int, help="record Grad-CAM of so many layers at the most")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for path in sorted(options.folder.glob("*.onnx")):
        if path.with_suffix(".json").exists() and (
            not options.parts or any(part in path.stem for part in options.parts)
        ):
            try:
                (worst, layer), count = refer(path, options.most)
                print(f"{path.stem}: off by {worst:.1e} at {layer}; Grad-CAM of {count} layers", flush=True)
            except Exception as error:
                print(f"{path.stem}: {type(error).__name__}: {str(error)[:300]}", flush=True)


if __name__ == "__main__":
    main()
