#!/usr/bin/env python3
"""Records what networks that take a stack of slices make of several pictures, as onnxruntime computes it: `slices.rgb` (the pictures' bytes, one after
another) and `recorded.json` beside this script.

Two of the networks are of `tests/cases`, of four slices: `[1, C, D, H, W]` and `[1, D, C, H, W]`. The other two are made here: `last.onnx` takes
`[1, D, H, W, C]`, and `bands.onnx` five channels, of which the last two get zeros. Each is given as many pictures as it has slices, more, and fewer;
which picture each slice is stands beside the values.

    python tests/volumes/record.py
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
sys.path.insert(0, str(TESTS / "networks"))

import record  # noqa: E402

PICTURES = 7
SIDE = 12
SLICES = 4
# How the slices `[D, C, H, W]` lie in what the network takes.
NETWORKS = {
    "tests/cases/ND-volume-convolutions/model.onnx": [1, 0, 2, 3],
    "tests/cases/ND-frame-convolutions/model.onnx": [0, 1, 2, 3],
    "tests/volumes/last.onnx": [0, 2, 3, 1],
    "tests/volumes/bands.onnx": [1, 0, 2, 3],
}
# By how many pictures there are: which of them each of the four slices is.
STACKS = {4: [0, 1, 2, 3], 7: [0, 2, 4, 6], 2: [0, 0, 1, 1], 1: [0, 0, 0, 0], 3: [0, 1, 1, 2]}
VALUES = ["stem", "sum", "last"]


def small(name, shape, channels, first=()):
    """A network of three convolutions over the volume; `first`: what brings its channels to the front."""
    random = np.random.default_rng(len(name))
    source = first[-1].output[0] if first else "input"

    def conv(number, inputs, outputs, window):
        weights = random.normal(0, (2 / (inputs * window**3)) ** 0.5, (outputs, inputs, window, window, window))
        return numpy_helper.from_array(weights.astype(np.float32), f"w{number}")

    dense = numpy_helper.from_array(random.normal(0, 0.5, (4, 6)).astype(np.float32), "dense")
    pads = [1] * 6
    nodes = [
        *first,
        helper.make_node("Conv", [source, "w1"], ["conv1"], name="conv1", pads=pads),
        helper.make_node("Relu", ["conv1"], ["stem"], name="stem"),
        helper.make_node("Conv", ["stem", "w2"], ["conv2"], name="conv2", pads=pads),
        helper.make_node("Add", ["stem", "conv2"], ["sum"], name="sum"),
        helper.make_node("Conv", ["sum", "w3"], ["conv3"], name="conv3", pads=pads, strides=[2, 2, 2]),
        helper.make_node("Relu", ["conv3"], ["last"], name="last"),
        helper.make_node("GlobalAveragePool", ["last"], ["pooled"], name="pooled"),
        helper.make_node("Flatten", ["pooled"], ["flat"], name="flat"),
        helper.make_node("Gemm", ["flat", "dense"], ["scores"], name="scores", transB=1),
    ]
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)  # noqa: E731
    weights = [conv(1, channels, 6, 3), conv(2, 6, 6, 3), conv(3, 6, 6, 3), dense]
    graph = helper.make_graph(nodes, name, [value("input", shape)], [value("scores", [1, 4])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, HERE / f"{name}.onnx")


def numbers(values):
    return [record.number(value) for value in values.reshape(-1)]


small("bands", [1, 5, SLICES, SIDE, SIDE], 5)
forward = helper.make_node("Transpose", ["input"], ["forward"], name="forward", perm=[0, 4, 1, 2, 3])
small("last", [1, SLICES, SIDE, SIDE, 3], 3, [forward])
recipe = json.loads((TESTS / "cases/ND-volume-convolutions/case.json").read_text())["recipe"]
assert recipe["size"] == SIDE
pictures = [record.picture(SIDE, SIDE, number) for number in range(PICTURES)]
(HERE / "slices.rgb").write_bytes(b"".join(picture.tobytes() for picture in pictures))


def as_slice(pixels, channels):
    values = pixels.astype(np.float32) * np.float32(recipe["scale"]) - np.float32(recipe["mean"])
    values = (values / np.float32(recipe["std"])).astype(np.float32).transpose(2, 0, 1)
    return np.concatenate([values, np.zeros((channels - 3, SIDE, SIDE), np.float32)])


recorded = {}
for path, order in NETWORKS.items():
    model = onnx.load(TESTS.parent / path)
    channels = model.graph.input[0].type.tensor_type.shape.dim[1 + order.index(1)].dim_value
    stacks = []
    for count, places in STACKS.items():
        stack = np.stack([as_slice(pictures[place], channels) for place in places]).transpose(order)[None]
        found = record.run(TESTS.parent / path, np.ascontiguousarray(stack))
        # Each channel's slices are maps one after another.
        maps = {value: found[value][0].reshape(-1, *found[value].shape[3:]) for value in VALUES}
        means = {value: numbers(one.mean((1, 2), dtype=np.float64)) for value, one in maps.items()}
        scores = numbers(found[model.graph.output[0].name])
        stacks.append({"pictures": count, "slices": places, "means": means, "last": numbers(found["last"]), "scores": scores})
    recorded[path] = {"recipe": recipe | {"layout": "nhwc" if order[-1] == 1 else "nchw"}, "stacks": stacks}
versions = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__, "numpy": np.__version__}
(HERE / "recorded.json").write_text(json.dumps({"made_with": versions, "side": SIDE, "networks": recorded}, separators=(",", ":")) + "\n")
