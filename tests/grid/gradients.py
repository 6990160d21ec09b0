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


class Replaced(OpRun):
    """An operator in the place of the reference's, which is another function there, of single precision, slow, or missing."""

    def _run(self, *inputs, **_):
        attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in self.onnx_node.attribute}
        return (np.asarray(self.compute(attributes, *inputs)),)

    def session(self, inputs, attributes=None):
        """onnxruntime with this node alone, whose first input is given; the others are constants."""
        node = onnx.NodeProto()
        node.CopyFrom(self.onnx_node)
        for name, value in (attributes or {}).items():
            kept = [attribute for attribute in node.attribute if attribute.name != name]
            del node.attribute[:]
            node.attribute.extend([*kept, helper.make_attribute(name, value)])
        kind = helper.np_dtype_to_tensor_dtype(inputs[0].dtype)
        given = [helper.make_tensor_value_info(node.input[0], kind, inputs[0].shape)]
        result = [helper.make_tensor_value_info(node.output[0], kind, None)]
        others = [(name, each) for name, each in zip(node.input[1:], inputs[1:]) if each is not None and name]
        constants = [numpy_helper.from_array(each.astype(np.float32) if each.dtype == np.float64 else each, name) for name, each in others]
        graph = helper.make_graph([node], "one", given, result, constants)
        sets = [helper.make_opsetid(domain, version) for domain, version in self.run_params["opsets"].items()]
        model = helper.make_model(graph, opset_imports=sets, ir_version=10)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return lambda x: session.run([node.output[0]], {node.input[0]: x})[0]


class Affine(Replaced):
    """onnxruntime's, of what is affine in its first input: shown the elements one after another, it tells what it multiplies them with."""

    attributes = None

    def matrix(self, inputs):
        if not hasattr(self, "known"):
            x = inputs[0]
            run = self.session([x.astype(np.float32), *inputs[1:]], self.attributes)
            none = run(np.zeros(x.shape, np.float32)).astype(np.float64)
            units = np.eye(x.size, dtype=np.float32).reshape(-1, *x.shape)
            self.known = np.stack([run(unit).ravel() - none.ravel() for unit in units], 1), none
        return self.known

    def compute(self, _, *inputs):
        factors, none = self.matrix(inputs)
        return (factors @ inputs[0].ravel()).reshape(none.shape) + none


class AveragePool(Affine):
    pass


class ConvTranspose(Affine):
    pass


class Pad(Affine):
    pass


class Resize(Affine):
    pass


class Upsample(Affine):
    pass


class LpPool(Affine):
    """The windows are those of the sums of magnitudes."""

    attributes = {"p": 1}

    def compute(self, attributes, x):
        factors, none = self.matrix([x])
        power = attributes.get("p", 2)
        return ((factors @ np.abs(x).ravel() ** power) ** (1 / power)).reshape(none.shape)


class MaxPool(Replaced):
    """onnxruntime has it in double precision."""

    def compute(self, _, x):
        if not hasattr(self, "known"):
            self.known = self.session([x])
        return self.known(x)


class OneHot(Replaced):
    """Nothing rises."""

    def compute(self, attributes, numbers, depth, values):
        axis = attributes.get("axis", -1)
        numbers = np.where(numbers < 0, numbers + depth, numbers)
        made = np.moveaxis(numbers[..., None] == np.arange(int(depth.item())), -1, axis)
        return np.where(made, values[1], values[0])


class CumSum(Replaced):
    def compute(self, attributes, x, axis):
        axis = int(axis.item())
        x = np.flip(x, axis) if attributes.get("reverse") else x
        sums = np.cumsum(x, axis) - (x if attributes.get("exclusive") else 0)
        return np.flip(sums, axis) if attributes.get("reverse") else sums


class Mean(Replaced):
    def compute(self, _, *inputs):
        return sum(inputs) / len(inputs)


class Erf(Replaced):
    def compute(self, _, x):
        return erf(x)


class Gelu(Replaced):
    def compute(self, attributes, x):
        if attributes.get("approximate") == b"tanh":
            return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
        return x / 2 * (1 + erf(x / np.sqrt(2)))


class MicrosoftGelu(Gelu):
    op_domain = "com.microsoft"


MicrosoftGelu.__name__ = "Gelu"


class BiasGelu(Gelu):
    op_domain = "com.microsoft"

    def compute(self, attributes, x, bias):
        return super().compute(attributes, x + bias)


class QuickGelu(Replaced):
    op_domain = "com.microsoft"

    def compute(self, attributes, x):
        return x / (1 + np.exp(-attributes["alpha"] * x))


class FusedMatMul(Replaced):
    op_domain = "com.microsoft"

    def compute(self, attributes, a, b):
        a, b = (np.swapaxes(factor, -1, -2) if attributes.get(turned) else factor for factor, turned in ((a, "transA"), (b, "transB")))
        return attributes.get("alpha", 1.0) * a @ b


class FusedConv(Affine):
    op_domain = "com.microsoft"
    # A slope of one everywhere.
    attributes = {"activation": "LeakyRelu", "activation_params": [1.0]}

    def compute(self, attributes, *inputs):
        x, parameters = super().compute(attributes, *inputs), attributes.get("activation_params", [])
        return {
            b"Relu": lambda: np.maximum(x, 0), b"LeakyRelu": lambda: np.where(x < 0, x * parameters[0], x), b"Tanh": lambda: np.tanh(x),
            b"Sigmoid": lambda: 1 / (1 + np.exp(-x)), b"Clip": lambda: x.clip(*parameters),
        }[attributes["activation"]]()


class GroupNormalization(Replaced):
    def compute(self, attributes, x, scale, bias):
        parts = x.reshape(x.shape[0], attributes["num_groups"], -1)
        parts = (parts - parts.mean(-1, keepdims=True)) / np.sqrt(parts.var(-1, keepdims=True) + attributes.get("epsilon", 1e-5))
        each = x.shape[1] // len(scale)
        spread = (-1, *[1] * (x.ndim - 2))
        return parts.reshape(x.shape) * scale.repeat(each).reshape(spread) + bias.repeat(each).reshape(spread)


class GlobalLpPool(Replaced):
    def compute(self, attributes, x):
        power = attributes.get("p", 2)
        return (np.abs(x) ** power).sum(tuple(range(2, x.ndim)), keepdims=True) ** (1 / power)


class GlobalMaxPool(Replaced):
    def compute(self, _, x):
        return x.max(tuple(range(2, x.ndim)), keepdims=True)


class LpNormalization(Replaced):
    def compute(self, attributes, x):
        power = attributes.get("p", 2)
        length = (np.abs(x) ** power).sum(attributes.get("axis", -1), keepdims=True) ** (1 / power)
        return np.where(length == 0, 0, x / length)


class MeanVarianceNormalization(Replaced):
    def compute(self, attributes, x):
        axes = tuple(attributes.get("axes", (0, 2, 3)))
        mean = x.mean(axes, keepdims=True)
        return (x - mean) / (np.sqrt(((x - mean) ** 2).mean(axes, keepdims=True)) + 1e-9)


class LRN(Replaced):
    def compute(self, attributes, x):
        size, last = attributes["size"], x.shape[1] - 1
        squares = [(x[:, max(0, c - (size - 1) // 2):min(last, c + size // 2) + 1] ** 2).sum(1) for c in range(last + 1)]
        base = attributes.get("bias", 1.0) + attributes.get("alpha", 1e-4) / size * np.stack(squares, 1)
        return x / base ** attributes.get("beta", 0.75)


class BatchNormalization(Replaced):
    def compute(self, attributes, x, *parameters):
        scale, bias, mean, variance = (each.reshape(-1, *[1] * (x.ndim - 2)) for each in parameters)
        return (x - mean) / np.sqrt(variance + attributes.get("epsilon", 1e-5)) * scale + bias


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


class GridSample(Replaced):
    def compute(self, attributes, x, grid):
        mode = attributes.get("mode", b"linear").decode()
        mode = {"bilinear": "linear", "bicubic": "cubic"}.get(mode, mode)
        padding, corners = attributes.get("padding_mode", b"zeros").decode(), attributes.get("align_corners", 0)
        flat = grid.reshape(grid.shape[0], -1, grid.shape[-1])
        positions = []
        for axis, size in enumerate(x.shape[2:]):
            place = flat[..., flat.shape[-1] - 1 - axis]
            positions.append((place + 1) / 2 * (size - 1) if corners else ((place + 1) * size - 1) / 2)
        return sample(x, positions, mode, padding, corners).reshape(*x.shape[:2], *grid.shape[1:-1])


class AffineGrid(Replaced):
    def compute(self, attributes, theta, sizes):
        corners = attributes.get("align_corners", 0)
        spatial = [int(size) for size in sizes[2:]]
        places = [np.linspace(-1, 1, size) if corners else (2 * np.arange(size) + 1) / size - 1 for size in spatial]
        places = np.meshgrid(*places, indexing="ij")[::-1]
        places = np.stack([*places, np.ones_like(places[0])], -1).reshape(1, -1, len(spatial) + 1)
        return (places @ np.swapaxes(theta, 1, 2)).reshape(theta.shape[0], *spatial, len(spatial))


class DeformConv(Replaced):
    def compute(self, attributes, x, weight, offset, bias=None, mask=None):
        strides, dilations, pads = attributes["strides"], attributes["dilations"], attributes["pads"]
        group, offset_group = attributes["group"], attributes["offset_group"]
        (batch, channels), (down, across), made = x.shape[:2], weight.shape[2:], offset.shape[2:]
        offset = offset.reshape(batch, offset_group, down * across, 2, *made)
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
        return result if bias is None else result + bias.reshape(-1, 1, 1)


REPLACED = [
    AffineGrid, AveragePool, BatchNormalization, BiasGelu, ConvTranspose, CumSum, DeformConv, Erf, FusedConv, FusedMatMul, Gelu, GlobalLpPool,
    GlobalMaxPool, GridSample, GroupNormalization, LRN, LpNormalization, LpPool, MaxPool, Mean, MeanVarianceNormalization, MicrosoftGelu, OneHot,
    Pad, QuickGelu, Resize, Upsample,
]


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

    def outputs(self):
        """A function of the inputs, of double precision."""
        model = onnx.ModelProto()
        model.CopyFrom(self.model)
        for tensor in model.graph.initializer:
            if tensor.data_type == TensorProto.FLOAT:
                tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float64), tensor.name))
        for node in model.graph.node:
            for attribute in node.attribute:
                if node.op_type == "Cast" and attribute.i == TensorProto.FLOAT:
                    attribute.i = TensorProto.DOUBLE
        for info in [*model.graph.input, *model.graph.output]:
            info.type.tensor_type.elem_type = TensorProto.DOUBLE
        evaluator = ReferenceEvaluator(model, new_ops=REPLACED)
        return lambda values: dict(zip(evaluator.output_names, evaluator.run(None, values)))

    def check(self, run):
        """Whether it computes what onnxruntime did."""
        found = run(self.values)
        for name, expected in self.recorded.items():
            assert found[name].shape == expected.shape, f"{self.name}: {found[name].shape}, not {expected.shape}"
            difference = np.abs(found[name] - expected).max() / max(1, np.abs(expected).max())
            assert difference <= SAME, f"{self.name}: off by {difference}"


def slopes(case, run, seed):
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

    found = [np.array([along(direction, size) for direction in range(DIRECTIONS)]) for size in (STEP, STEP / 4)]
    typical = np.sqrt((found[0] ** 2).mean())
    return found[0] if np.isfinite(found).all() and np.abs(found[0] - found[1]).max() <= AGREES * max(typical, 1e-3) else None


def main():
    data = (HERE / "cases.bin").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    index, blob = json.loads(data[8:8 + length]), data[8 + length:]
    result, drawn = bytearray(), Counter()
    warnings.simplefilter("ignore")
    for entry in index["cases"]:
        case = Case(entry, blob)
        if any("Quantize" in what for what in case.what) or case.name.startswith("quantised"):
            result += struct.pack(f"<I{DIRECTIONS}f", 0, *[math.nan] * DIRECTIONS)
            continue
        run = case.outputs()
        case.check(run)
        for seed in range(20):
            found = slopes(case, run, seed)
            if found is not None:
                break
        else:
            raise ValueError(f"{case.name} ({entry['what']}): there is a kink everywhere")
        drawn[seed] += 1
        result += struct.pack(f"<I{DIRECTIONS}f", seed, *found)
    (HERE / "gradients.bin").write_bytes(result)
    print(sum(drawn.values()), "cases, with so many places drawn anew:", dict(drawn))


if __name__ == "__main__":
    onnxruntime.set_default_logger_severity(4)
    main()
