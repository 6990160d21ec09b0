"""Writes the small networks of tests/browser/page-outputs.spec.mjs.

    python tests/outputs/generate.py

tanh.onnx ends in Tanh, of which neither scores nor probabilities can be told. infinite.onnx computes infinity in the first map
of its first layer. boxes.onnx gives boxes before probabilities.
"""

from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent
CLASSES = 3


def write(name, outputs, tail, shift=0.0):
    random = numpy.random.default_rng(7)
    constants = {
        "kernel": random.normal(0, 0.3, (4, 3, 3, 3)),
        "shift": numpy.array([shift, 0, 0, 0]),
        "weights": random.normal(0, 1, (CLASSES, 4)),
        "bias": random.normal(0, 1, CLASSES),
        "sides": random.normal(0, 1, (4, 4)),
    }
    nodes = [
        helper.make_node("Conv", ["input", "kernel", "shift"], ["conv"], kernel_shape=[3, 3]),
        helper.make_node("Relu", ["conv"], ["relu"]),
        helper.make_node("GlobalAveragePool", ["relu"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights", "bias"], ["logits"], transB=1),
        *tail,
    ]
    used = {value for node in nodes for value in node.input}
    graph = helper.make_graph(
        nodes,
        "outputs",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, 24, 24])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None) for output in outputs],
        [numpy_helper.from_array(value.astype(numpy.float32), key) for key, value in constants.items() if key in used],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, FOLDER / name)


write("tanh.onnx", ["end"], [helper.make_node("Tanh", ["logits"], ["end"])])
write("infinite.onnx", ["end"], [helper.make_node("Softmax", ["logits"], ["end"])], shift=numpy.inf)
write("boxes.onnx", ["boxes", "probabilities"], [
    helper.make_node("Gemm", ["flat", "sides"], ["boxes"], transB=1),
    helper.make_node("Softmax", ["logits"], ["probabilities"]),
])
