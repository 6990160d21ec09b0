"""Records what onnxruntime computes for the graph of ../self_check.rs, into recorded.bin; the one operator that it does not
have is computed here.

The graph is written down twice, here and in Rust; a test runs the Rust one on the CPU engine and compares. Needs numpy,
onnx and onnxruntime (tests/goldens/requirements.txt names versions). Run it in this folder.
"""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper


def values(shape, seed):
    index = np.arange(int(np.prod(shape)))
    return (((index * 37 + seed * 11) % 31).astype(np.float32) / np.float32(15.5) - np.float32(0.98)).reshape(shape)


nodes, constants = [], {}


def add(op, inputs, output, **attributes):
    nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))


def conv(source, output, strides, pads, group):
    kernel = constants[output + ".weights"].shape[2:]
    add("Conv", [source, output + ".weights", output + ".bias"], output, kernel_shape=list(kernel),
        strides=[strides] * 2, pads=pads, dilations=[1, 1], group=group)


for seed, (name, (out_channels, in_channels, side)) in enumerate([
    ("conv3", (6, 4, 3)), ("conv1", (5, 6, 1)), ("strided", (3, 4, 1)), ("grouped", (6, 2, 3)),
    ("depthwise", (4, 1, 3)), ("dense", (5, 4, 6)), ("many3", (32, 4, 3)), ("many1", (32, 32, 1)),
]):
    constants[name + ".weights"] = values((out_channels, in_channels, side, side), seed)
    constants[name + ".bias"] = values((out_channels,), seed + 7)
constants["low"] = np.float32(-0.375)
constants["high"] = np.float32(0.625)
constants["scales"] = np.array([1, 1, 2, 2], np.float32)
constants["shape"] = np.array([4, 36], np.int64)
constants["shape of rows"] = np.array([1, 1, 24, 6], np.int64)
constants["columns"] = values((1, 1, 6, 24), 3)

conv("x", "conv3", 1, [1] * 4, 1)
conv("conv3", "conv1", 1, [0] * 4, 1)
conv("x", "strided", 2, [0] * 4, 1)
conv("x", "grouped", 1, [1] * 4, 2)
conv("x", "depthwise", 1, [1] * 4, 4)
conv("x", "dense", 1, [0] * 4, 1)
add("Relu", ["strided"], "relu")
add("Clip", ["x", "low", "high"], "clip")
add("MaxPool", ["x"], "maxpool", kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
add("AveragePool", ["x"], "averagepool", kernel_shape=[2, 2], strides=[2, 2], pads=[0] * 4)
add("GlobalAveragePool", ["conv3"], "mean")
add("Concat", ["x", "conv1"], "concat", axis=1)
add("Resize", ["maxpool", "", "scales"], "resize", mode="nearest", nearest_mode="floor",
    coordinate_transformation_mode="asymmetric")
add("Transpose", ["x"], "transpose", perm=[0, 2, 3, 1])
add("Reshape", ["x", "shape"], "reshape")
add("Mul", ["conv3", "mean"], "scaled")
conv("x", "many3", 1, [1] * 4, 1)
conv("many3", "many1", 1, [0] * 4, 1)
add("AveragePool", ["many1"], "meansofmany", kernel_shape=[2, 2], strides=[2, 2], pads=[0] * 4)
add("Reshape", ["x", "shape of rows"], "rows")
add("MatMul", ["rows", "columns"], "product of matrices")
add("AveragePool", ["product of matrices"], "meansofproduct", kernel_shape=[2, 2], strides=[2, 2], pads=[0] * 4)
for op, source in [("Sigmoid", "x"), ("Tanh", "x"), ("Exp", "x"), ("Abs", "x"), ("Sqrt", "abs"), ("Sign", "x"),
                   ("Neg", "x"), ("Reciprocal", "exp")]:
    add(op, [source], op.lower())
for op in ["Add", "Sub", "Mul", "Div", "Min", "Max"]:
    add(op, ["x", "exp"], op.lower())

# No outputs: an engine may compute one together with its only reader, and of others a few means are enough.
inner = {"product", "many3", "many1", "rows", "product of matrices"}
add("Mul", ["x", "exp"], "product")
add("Sub", ["product", "x"], "row")
add("Sign", ["relu"], "signofzero")


def max_pool_gradient(picture, given, kernel, stride, pad):
    """What each pixel gets when every window gives its value to its first maximum."""
    padded = np.pad(picture, [(0, 0), (0, 0), (pad, pad), (pad, pad)], constant_values=-np.inf)
    result = np.zeros_like(padded)
    for place in np.ndindex(given.shape):
        _, channel, row, column = place
        window = (0, channel, slice(row * stride, row * stride + kernel), slice(column * stride, column * stride + kernel))
        first = np.unravel_index(np.argmax(padded[window]), (kernel, kernel))
        result[window][first] += given[place]
    return result[:, :, pad:-pad, pad:-pad]


names = [node.output[0] for node in nodes if node.output[0] not in inner]
graph = helper.make_graph(
    nodes, "self check", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4, 6, 6])],
    [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names],
    [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
session = onnxruntime.InferenceSession(model.SerializeToString())
outputs = session.run(names, {"x": values((1, 4, 6, 6), 1)})
outputs.append(max_pool_gradient(values((1, 4, 6, 6), 1), outputs[names.index("maxpool")], 3, 2, 1))
with open("recorded.bin", "wb") as file:
    for output in outputs:
        file.write(output.astype("<f4").tobytes())
