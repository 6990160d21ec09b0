"""A Keras .h5 classifier (configuration of Keras 2 or 3, sequential or functional) as an NCHW ONNX graph.

Knows the layers of the two networks that `build.py` converts. A BatchNormalization right after a linear Conv is
folded into it; any other stays a node. A separable Conv becomes a depthwise and a pointwise one.
"""

import json

import h5py
import numpy as np

from onnx_graph import OnnxGraph, same_padding

INPUT = "input"


def convert(source, target, graph_name, softmax_on_logits=False):
    """`softmax_on_logits`: the last Dense is left without its activation and a Softmax is added, for a network
    whose file records a ReLU there by mistake."""
    with h5py.File(source, "r") as file:
        config = json.loads(file.attrs["model_config"])
        weights = {}
        file["model_weights"].visititems(
            lambda name, item: weights.update({name: np.array(item)}) if isinstance(item, h5py.Dataset) else None
        )
    Converter(config, weights, graph_name, softmax_on_logits).save(target)


class Converter:
    def __init__(self, config, weights, graph_name, softmax_on_logits):
        self.config = config
        self.weights = weights
        self.graph = OnnxGraph(graph_name)
        self.softmax_on_logits = softmax_on_logits
        # Value name → (height, width, channels) of a map or (units,) of a vector.
        self.shapes = {}
        # Flattened value → (height, width, channels) before: Keras flattens in HWC order, ONNX in CHW order.
        self.flattened = {}
        self.last_layer = layers_of(config)[-1]["config"]["name"]

    def save(self, target):
        height, width, channels = input_shape(self.config)
        self.shapes[INPUT] = (height, width, channels)
        output = self.model(self.config, INPUT)
        if self.softmax_on_logits:
            output = self.activation(output, "softmax", "softmax")
        self.graph.save(
            target, INPUT, [1, channels, height, width], output, self.shapes[output][0], strict_shapes=True
        )

    def model(self, config, value):
        """Converts a (nested) model whose input is `value`; returns the value of its last layer."""
        outputs, current = {}, value
        for layer in layers_of(config):
            name, kind = layer["config"]["name"], layer["class_name"]
            if kind == "InputLayer":
                outputs[name] = value
                continue
            if config["class_name"] == "Sequential":
                inputs = [current]
            else:
                inputs = [outputs[source] for source in inbound_layers(layer["inbound_nodes"])]
            if kind in ("Functional", "Model", "Sequential"):
                current = self.model(layer, inputs[0])
            else:
                current = self.layer(kind, layer["config"], inputs)
            outputs[name] = current
        return current

    def layer(self, kind, config, inputs):
        name, value = config["name"], inputs[0]
        if kind == "Dropout":
            return value
        if kind == "Conv2D":
            kernel = self.weight(name, "kernel").transpose(3, 2, 0, 1)
            bias = self.weight(name, "bias") if config["use_bias"] else None
            return self.conv(value, name, kernel, bias, pair(config["strides"]), config["padding"], config["activation"])
        if kind == "SeparableConv2D":
            depthwise = self.weight(name, "depthwise_kernel").transpose(2, 3, 0, 1)
            pointwise = self.weight(name, "pointwise_kernel").transpose(3, 2, 0, 1)
            bias = self.weight(name, "bias") if config["use_bias"] else None
            value = self.conv(
                value, name + "_dw", depthwise, None, pair(config["strides"]), config["padding"], group=len(depthwise)
            )
            return self.conv(value, name + "_pw", pointwise, bias, [1, 1], "valid", config["activation"])
        if kind == "BatchNormalization":
            return self.batch_normalization(value, name, config)
        if kind == "Activation":
            return self.activation(value, config["activation"], name)
        if kind == "MaxPooling2D":
            return self.max_pool(value, name, pair(config["pool_size"]), pair(config["strides"]), config["padding"])
        if kind == "GlobalAveragePooling2D":
            self.graph.node("GlobalAveragePool", [value], name)
            flat = self.graph.node("Flatten", [name], name + "_flat", axis=1)
            self.shapes[flat] = (self.shapes[value][2],)
            return flat
        if kind == "Add":
            self.graph.node("Add", inputs, name)
            self.shapes[name] = self.shapes[value]
            return name
        if kind == "Flatten":
            self.graph.node("Flatten", [value], name, axis=1)
            self.flattened[name] = self.shapes[value]
            self.shapes[name] = (int(np.prod(self.shapes[value])),)
            return name
        if kind == "Dense":
            return self.dense(value, name, config["activation"])
        raise ValueError(f'in layer "{name}": Keras layer {kind} is not supported')

    def conv(self, value, name, kernel, bias, strides, padding, activation=None, group=1):
        height, width, _ = self.shapes[value]
        size = list(kernel.shape[2:])
        (height, width), pads = padded(padding, [height, width], size, strides)
        self.graph.constant(name + "_w", kernel)
        self.graph.constant(name + "_b", np.zeros(len(kernel)) if bias is None else bias)
        self.graph.node(
            "Conv", [value, name + "_w", name + "_b"], name, kernel_shape=size, strides=strides, pads=pads, group=group
        )
        self.shapes[name] = (height, width, len(kernel))
        return self.activation(name, activation, f"{name}_{activation}")

    def batch_normalization(self, value, name, config):
        mean = self.weight(name, "moving_mean").astype(np.float64)
        variance = self.weight(name, "moving_variance").astype(np.float64)
        gamma = self.weight(name, "gamma") if config["scale"] else np.ones_like(mean)
        beta = self.weight(name, "beta") if config["center"] else np.zeros_like(mean)
        producer = self.graph.producer_of(value)
        if producer is not None and producer.op_type == "Conv":
            scale = gamma / np.sqrt(variance + config["epsilon"])
            self.graph.replace_constant(value + "_w", lambda kernel: kernel * scale[:, None, None, None])
            self.graph.replace_constant(value + "_b", lambda bias: (bias - mean) * scale + beta)
            return value
        parts = {"s": gamma, "o": beta, "m": mean, "v": variance}
        inputs = [value] + [self.graph.constant(f"{name}_{part}", values) for part, values in parts.items()]
        self.graph.node("BatchNormalization", inputs, name, epsilon=float(config["epsilon"]))
        self.shapes[name] = self.shapes[value]
        return name

    def activation(self, value, activation, name):
        if activation in (None, "linear"):
            return value
        op = {"relu": "Relu", "softmax": "Softmax"}[activation]
        self.graph.node(op, [value], name, **({"axis": 1} if op == "Softmax" else {}))
        self.shapes[name] = self.shapes[value]
        return name

    def max_pool(self, value, name, size, strides, padding):
        height, width, channels = self.shapes[value]
        if size == [1, 1] and strides == [1, 1]:
            return value
        (height, width), pads = padded(padding, [height, width], size, strides)
        self.graph.node("MaxPool", [value], name, kernel_shape=size, strides=strides, pads=pads)
        self.shapes[name] = (height, width, channels)
        return name

    def dense(self, value, name, activation):
        weights = self.weight(name, "kernel")
        if value in self.flattened:
            height, width, channels = self.flattened[value]
            weights = weights.reshape(height, width, channels, -1).transpose(2, 0, 1, 3).reshape(len(weights), -1)
        inputs = [value, self.graph.constant(name + "_w", weights), self.graph.constant(name + "_b", self.weight(name, "bias"))]
        self.graph.node("Gemm", inputs, name)
        self.shapes[name] = (weights.shape[1],)
        if self.softmax_on_logits and name == self.last_layer:
            return name
        return self.activation(name, activation, f"{name}_{activation}")

    def weight(self, layer, name):
        """The one array called `name` (with or without ":0") that belongs to `layer`."""
        found = [
            key for key in self.weights if key.split("/")[-1].split(":")[0] == name and layer in key.split("/")
        ]
        if len(found) != 1:
            raise ValueError(f'in layer "{layer}": {len(found)} arrays are called {name}')
        return self.weights[found[0]]


def pair(value):
    return list(value) if isinstance(value, (list, tuple)) else [value, value]


def padded(mode, size, kernel, strides):
    """Output size [H, W] and ONNX pads [top, left, bottom, right] of Keras's padding `mode`."""
    if mode == "valid":
        return [(size[axis] - kernel[axis]) // strides[axis] + 1 for axis in (0, 1)], [0, 0, 0, 0]
    (height, rows), (width, columns) = (same_padding(size[axis], kernel[axis], strides[axis]) for axis in (0, 1))
    return [height, width], [rows[0], columns[0], rows[1], columns[1]]


def layers_of(model):
    config = model["config"]
    return config["layers"] if isinstance(config, dict) else config


def input_shape(model):
    """(height, width, channels), from the first layer's configuration."""
    config = layers_of(model)[0]["config"]
    return (config.get("batch_shape") or config.get("batch_input_shape"))[1:]


def inbound_layers(nodes):
    """Names of the layers that feed a layer. Keras 2 lists them, Keras 3 nests them in the call's arguments."""
    if not nodes:
        return []
    if not isinstance(nodes[0], dict):
        return [entry[0] for entry in nodes[0]]
    names = []

    def collect(item):
        if isinstance(item, dict):
            if item.get("class_name") == "__keras_tensor__":
                names.append(item["config"]["keras_history"][0])
            else:
                for part in item.values():
                    collect(part)
        elif isinstance(item, list):
            for part in item:
                collect(part)

    collect(nodes[0]["args"])
    return names
