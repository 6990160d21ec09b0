"""Writes how fast every form of the grid rises along random directions: `python gradients.py` makes gradients.bin of cases.bin, both beside
this file. Needs onnx, onnxruntime and numpy; README.md says where the numbers come from.

gradients.bin: for each case of cases.bin in its order a seed (uint32, little-endian) and, for each of the three directions, the derivative
(float32) of the weighted sum of all outputs when all inputs move along it; no numbers (NaN) for what is quantised, which moves in steps only
and has a slope by agreement. Weights, places and directions are made of the seed by `numbers`,
which tests/grid_gradients.rs and tests/browser/engine/grid.mjs have as well.
"""

import itertools
import json
import math
import struct
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

HERE = Path(__file__).parent
DIRECTIONS = 3
# Streams of random numbers: for the input i the moves away from ties, then its directions, and for the output o its weights.
OF_INPUT, OF_OUTPUT = 8, 1000
# Central differences in double precision: their error is of the order of the step's square.
STEP = 1e-5
# Two steps have to find the same derivative, or a kink lies between the places: this much of a typical one.
AGREES = 1e-6
# What the reference has to agree with onnxruntime's recorded values to, or it computes something else.
SAME = 1e-5

# Derivatives with respect to one input of what is affine in each input of its own are exact whatever the step is, so onnxruntime's own
# numbers in single precision will do.
AFFINE = {"ConvTranspose", "AveragePool", "Resize", "Upsample", "Pad", "CumSum", "Mean"}
# Where nothing rises.
STEPS = {"OneHot"}
# The reference computes these in single precision, whatever it is given.
SINGLE = {"Erf", "Gelu", "GroupNormalization"}
# onnxruntime has this one in double precision.
DOUBLE = {"MaxPool"}


def mix(value):
    """A permutation of the integers of 32 bits (lowbias32 of Chris Wellons' hash-prospector)."""
    value = np.asarray(value, np.uint32).copy()
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        value ^= value >> np.uint32(shift)
        value *= np.uint32(factor)
    return value ^ value >> np.uint32(16)


def numbers(seed, stream, shape):
    """Numbers from −1 to below 1 that look random, all of them exact in single precision."""
    start = mix(mix(np.uint32(seed)) + np.uint32(stream))
    values = mix(start + np.arange(int(np.prod(shape)), dtype=np.uint32))
    return ((values >> np.uint32(8)).astype(np.float64) / 2**23 - 1).reshape(shape)


erf = np.vectorize(math.erf)


def local_response(x, size, alpha=1e-4, beta=0.75, bias=1.0):
    last = x.shape[1] - 1
    squares = [(x[:, max(0, c - (size - 1) // 2):min(last, c + size // 2) + 1] ** 2).sum(1) for c in range(last + 1)]
    return x / (bias + alpha / size * np.stack(squares, 1)) ** beta


class LRN(OpRun):
    """In the place of the reference's, which is another function where the size is not of the last maps."""

    def _run(self, x, alpha=None, beta=None, bias=None, size=None):
        return (local_response(x, size, alpha, beta, bias),)


class BatchNormalization(OpRun):
    """In the place of the reference's, which takes old sets as if they were trained."""

    def _run(self, x, scale, bias, mean, variance, epsilon=None, momentum=None, training_mode=None):
        scale, bias, mean, variance = (each.reshape(-1, *[1] * (x.ndim - 2)) for each in (scale, bias, mean, variance))
        return ((x - mean) / np.sqrt(variance + epsilon) * scale + bias,)


def weights_at(mode, between):
    """For each element near a position, its number from that below and its weight."""
    if mode == "nearest":
        return [(0, np.ones_like(between))]
    if mode == "linear":
        return [(0, 1 - between), (1, between)]
    a = -0.75

    def near(t):
        return ((a + 2) * t - (a + 3)) * t * t + 1

    def far(t):
        return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a

    return [(-1, far(1 + between)), (0, near(between)), (1, near(1 - between)), (2, far(2 - between))]


def sample(x, positions, mode="linear", padding="zeros", corners=False):
    """x[n, :, positions…] for positions [n, count] along each axis."""
    axes = []
    for position, size in zip(positions, x.shape[2:]):
        below = np.rint(position) if mode == "nearest" else np.floor(position)
        elements = []
        for offset, weight in weights_at(mode, position - below):
            index = below + offset
            if padding == "reflection":
                first, period = (0, size - 1) if corners else (-0.5, size)
                turns, rest = np.divmod(np.abs(index - first), max(period, 1e-9))
                index = np.where(turns % 2 == 0, first + rest, first + period - rest).round()
            if padding == "zeros":
                weight = weight * ((index >= 0) & (index < size))
            elements.append((index.clip(0, size - 1).astype(int), weight))
        axes.append(elements)
    total = 0
    for chosen in itertools.product(*axes):
        picture = np.arange(x.shape[0])[:, None]
        values = x[(picture, slice(None), *[index for index, _ in chosen])]
        total = total + values * np.prod([weight for _, weight in chosen], 0)[..., None]
    return np.moveaxis(total, -1, 1)


class GridSample(OpRun):
    """The reference's takes minutes, and is of single precision."""

    def _run(self, x, grid, align_corners=None, mode=None, padding_mode=None):
        mode = {"bilinear": "linear", "bicubic": "cubic"}.get(mode, mode)
        flat = grid.reshape(grid.shape[0], -1, grid.shape[-1])
        positions = []
        for axis, size in enumerate(x.shape[2:]):
            place = flat[..., flat.shape[-1] - 1 - axis]
            positions.append((place + 1) / 2 * (size - 1) if align_corners else ((place + 1) * size - 1) / 2)
        return (sample(x, positions, mode, padding_mode, align_corners).reshape(*x.shape[:2], *grid.shape[1:-1]),)


class AffineGrid(OpRun):
    """As GridSample."""

    def _run(self, theta, sizes, align_corners=None):
        spatial = [int(size) for size in sizes[2:]]
        places = [np.linspace(-1, 1, size) if align_corners else (2 * np.arange(size) + 1) / size - 1 for size in spatial]
        places = np.meshgrid(*places, indexing="ij")[::-1]
        return (np.stack([*places, np.ones_like(places[0])], -1).reshape(1, -1, len(spatial) + 1) @ np.swapaxes(theta, 1, 2)).reshape(
            theta.shape[0], *spatial, len(spatial)),


class DeformConv(OpRun):
    """As GridSample."""

    def _run(self, x, weight, offset, bias=None, mask=None, dilations=None, group=None, kernel_shape=None, offset_group=None, pads=None,
             strides=None):
        (batch, channels), (down, across), made = x.shape[:2], weight.shape[2:], offset.shape[2:]
        offset = offset.reshape(batch, offset_group, down * across, 2, *made)
        strides, dilations, pads = strides or [1, 1], dilations or [1, 1], pads or [0] * 4
        seen = np.zeros((batch, channels, down * across, *made))
        each = channels // offset_group
        for part, tap in itertools.product(range(offset_group), range(down * across)):
            places = [np.arange(made[axis]) * strides[axis] - pads[axis] + (tap // across, tap % across)[axis] * dilations[axis] for axis in (0, 1)]
            places = np.meshgrid(*places, indexing="ij")
            positions = [(places[axis] + offset[:, part, tap, axis]).reshape(batch, -1) for axis in (0, 1)]
            values = sample(x[:, part * each:(part + 1) * each], positions).reshape(batch, each, *made)
            if mask is not None:
                values = values * mask.reshape(batch, offset_group, down * across, 1, *made)[:, part, tap]
            seen[:, part * each:(part + 1) * each, tap] = values
        seen = seen.reshape(batch, group, channels // group, down * across, *made)
        kernel = weight.reshape(group, -1, channels // group, down * across)
        result = np.einsum("bgcthw,goct->bgohw", seen, kernel).reshape(batch, -1, *made)
        return (result if bias is None else result + bias.reshape(-1, 1, 1),)


REPLACED = [AffineGrid, BatchNormalization, DeformConv, GridSample, LRN]


class Case:
    def __init__(self, entry, blob):
        at, length = entry["model"]
        self.name, self.what = entry["name"], entry["what"].split()
        self.model = onnx.ModelProto.FromString(blob[at:at + length])
        self.values, self.recorded = {}, {}
        for given in entry["inputs"]:
            values = np.frombuffer(blob, np.int8, int(np.prod(given["shape"])), given["at"])
            self.values[given["name"]] = values.reshape(given["shape"]).astype(np.float64) / 32
        for result in entry["outputs"]:
            values = np.frombuffer(blob, "<f4", int(np.prod(result["shape"])), result["at"])
            self.recorded[result["name"]] = values.reshape(result["shape"])

    def attributes(self):
        return {attribute.name: helper.get_attribute_value(attribute) for attribute in self.model.graph.node[-1].attribute}

    def in_double(self):
        """The graph with all floats in double precision."""
        model = self.parted()
        for tensor in model.graph.initializer:
            # Of Resize the standard says that scales are of single precision.
            if tensor.data_type == TensorProto.FLOAT and self.what != ["Resize"]:
                tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float64), tensor.name))
        for node in model.graph.node:
            for attribute in node.attribute:
                if node.op_type == "Cast" and attribute.i == TensorProto.FLOAT:
                    attribute.i = TensorProto.DOUBLE
        for info in [*model.graph.input, *model.graph.output]:
            info.type.tensor_type.elem_type = TensorProto.DOUBLE
        return model

    def agrees(self, run):
        try:
            found = run(self.values)
        except Exception:
            return False
        for name, expected in self.recorded.items():
            if found[name].shape != expected.shape:
                return False
            if not np.abs(found[name] - expected).max() <= SAME * max(1, np.abs(expected).max()):
                return False
        return True

    def parted(self):
        """The graph without a convolution that is fused with an activation."""
        model = onnx.ModelProto()
        model.CopyFrom(self.model)
        if self.what == ["FusedConv"]:
            (node,) = model.graph.node
            attributes = self.attributes()
            kept = [attribute for attribute in node.attribute if not attribute.name.startswith("activation")]
            conv = helper.make_node("Conv", node.input, ["conv"])
            conv.attribute.extend(kept)
            op, parameters = attributes["activation"].decode(), attributes.get("activation_params", [])
            bounds = [numpy_helper.from_array(np.float32(value), f"bound{place}") for place, value in enumerate(parameters)]
            if op == "Clip":
                after = helper.make_node(op, ["conv", "bound0", "bound1"], node.output)
                model.graph.initializer.extend(bounds)
            else:
                after = helper.make_node(op, ["conv"], node.output, **({"alpha": parameters[0]} if parameters else {}))
            del model.graph.node[:]
            model.graph.node.extend([conv, after])
        return model

    # What computes the outputs: each gives a function of the inputs.

    def reference(self):
        evaluator = ReferenceEvaluator(self.in_double(), new_ops=REPLACED)
        return lambda values: dict(zip(evaluator.output_names, evaluator.run(None, values)))

    def onnxruntime(self, model, dtype):
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        names = list(self.recorded)
        return lambda values: dict(zip(names, session.run(names, {name: value.astype(dtype) for name, value in values.items()})))

    def formula(self):
        """What is missing in onnx's reference, of single precision there, or other than onnxruntime's: in a few lines of numpy each."""
        attributes, op = self.attributes(), self.what[0]
        constants = [numpy_helper.to_array(tensor).astype(np.float64) for tensor in self.model.graph.initializer]
        power = attributes.get("p", 2)

        def normalise(x, axis):
            size = (np.abs(x) ** power).sum(axis, keepdims=True) ** (1 / power)
            return x / size

        def standardise(x, axes):
            mean = x.mean(axes, keepdims=True)
            return (x - mean) / (np.sqrt(((x - mean) ** 2).mean(axes, keepdims=True)) + 1e-9)

        def pool(x):
            # Which elements a window sees is read off onnxruntime, which is shown one after another.
            model = onnx.ModelProto()
            model.CopyFrom(self.model)
            node = model.graph.node[0]
            kept = [attribute for attribute in node.attribute if attribute.name != "p"]
            del node.attribute[:]
            node.attribute.extend([*kept, helper.make_attribute("p", 1)])
            if not hasattr(self, "seen"):
                run, (name,), (result,) = self.onnxruntime(model, np.float32), self.values, self.recorded
                units = np.eye(x.size).reshape(-1, *x.shape)
                self.seen = np.stack([run({name: unit})[result].ravel() for unit in units], 1).round()
            return (self.seen @ np.abs(x).ravel() ** power).reshape(next(iter(self.recorded.values())).shape) ** (1 / power)

        def groups(x):
            scale, bias = constants
            parts = x.reshape(attributes["num_groups"], -1)
            parts = (parts - parts.mean(1, keepdims=True)) / np.sqrt(parts.var(1, keepdims=True) + attributes.get("epsilon", 1e-5))
            each = x.shape[1] // len(scale)
            return parts.reshape(x.shape) * scale.repeat(each).reshape(-1, 1, 1) + bias.repeat(each).reshape(-1, 1, 1)

        def gelu(x):
            if attributes.get("approximate") == b"tanh":
                return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
            return x / 2 * (1 + erf(x / np.sqrt(2)))

        def product(a, b):
            a, b = (np.swapaxes(factor, -1, -2) if attributes.get(turned) else factor for factor, turned in ((a, "transA"), (b, "transB")))
            return attributes.get("alpha", 1.0) * a @ b

        functions = {
            "BiasGelu": lambda x: gelu(x + constants[0]),
            "Erf": erf,
            "FusedMatMul": lambda a, b=None: product(a, constants[0] if b is None else b),
            "QuickGelu": lambda x: x / (1 + np.exp(-attributes["alpha"] * x)),
            "Gelu": gelu,
            "GroupNormalization": groups,
            "GlobalLpPool": lambda x: (np.abs(x) ** power).sum(tuple(range(2, x.ndim)), keepdims=True) ** (1 / power),
            "GlobalMaxPool": lambda x: x.max(tuple(range(2, x.ndim)), keepdims=True),
            "LpNormalization": lambda x: normalise(x, attributes.get("axis", -1)),
            "MeanVarianceNormalization": lambda x: standardise(x, tuple(attributes.get("axes", (0, 2, 3)))),
            "LpPool": pool,
        }
        return lambda values: {name: functions[op](*values.values()) for name in self.recorded}

    def ways(self):
        """What may compute the form, the first that agrees with onnxruntime's recorded values being taken, and the step for it."""
        op = self.what[-1] if self.what[-1] != "Neg" else self.what[0]
        if op not in SINGLE:
            yield "onnx's reference, in double precision", self.reference, STEP
        if op in DOUBLE:
            yield "onnxruntime, in double precision", lambda: self.onnxruntime(self.in_double(), np.float64), STEP
        if op in AFFINE:
            yield "onnxruntime, of what is affine", lambda: self.onnxruntime(self.model, np.float32), 1.0
        if op in STEPS:
            yield "onnxruntime, of steps", lambda: self.onnxruntime(self.model, np.float32), STEP
        yield "formula", self.formula, STEP


def slopes(case, run, seed, step):
    """The derivative along each direction, or None where a kink is too near."""
    places = {}
    for index, (name, value) in enumerate(case.values.items()):
        # At most this far towards the next of the grid's places, so that signs stay and equals do not.
        away = numbers(seed, OF_INPUT * index, value.shape) * 0.45 / 32
        places[name] = (value + away).astype(np.float32).astype(np.float64)
    weights = {name: numbers(seed, OF_OUTPUT + index, value.shape) for index, (name, value) in enumerate(case.recorded.items())}

    def along(direction, size):
        total = 0.0
        moved = []
        for sign in (1, -1):
            found = run({name: place + sign * size * numbers(seed, OF_INPUT * index + 1 + direction, place.shape)
                         for index, (name, place) in enumerate(places.items())})
            moved.append(found)
        for name, weight in weights.items():
            total += (weight * (moved[0][name].astype(np.float64) - moved[1][name])).sum() / (2 * size)
        return total

    found = [np.array([along(direction, size) for direction in range(DIRECTIONS)]) for size in (step, step / 4)]
    typical = np.sqrt((found[0] ** 2).mean())
    # In single precision a shorter step only adds to the rounding.
    allowed = AGREES if step == STEP else 1e-4
    return found[0] if np.isfinite(found).all() and np.abs(found[0] - found[1]).max() <= allowed * max(typical, 1e-3) else None


def main():
    data = (HERE / "cases.bin").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    index, blob = json.loads(data[8:8 + length]), data[8 + length:]
    result, counts, drawn = bytearray(), Counter(), Counter()
    warnings.simplefilter("ignore")
    for entry in index["cases"]:
        case = Case(entry, blob)
        if any("Quantize" in what for what in case.what) or case.name.startswith("quantised"):
            result += struct.pack(f"<I{DIRECTIONS}f", 0, *[math.nan] * DIRECTIONS)
            continue
        for way, make, step in case.ways():
            try:
                run = make()
            except Exception:
                continue
            if case.agrees(run):
                break
        else:
            print(f"{case.name} ({entry['what']}): nothing computes it"); continue
        for seed in range(20):
            found = slopes(case, run, seed, step)
            if found is not None:
                break
        else:
            print(f"{case.name} ({entry['what']}): there is a kink everywhere"); continue
        counts[way, entry["what"]] += 1
        drawn[seed] += 1
        result += struct.pack(f"<I{DIRECTIONS}f", seed, *found)
    (HERE / "gradients.bin").write_bytes(result)
    for way in sorted({way for way, _ in counts}):
        whats = {what: count for (other, what), count in counts.items() if other == way}
        print(f"{way}: {sum(whats.values())}", "" if len(whats) > 12 else whats)
    print("places drawn anew:", dict(drawn))


if __name__ == "__main__":
    onnxruntime.set_default_logger_severity(4)
    main()
