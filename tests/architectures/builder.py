"""A graph written node by node, the way an exporter does it, with seeded random weights."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Builder:
    """Collects nodes and weights; every method returns the name of the value it makes."""

    def __init__(self, name, opset, shape, input_name="input"):
        self.name, self.opset = name, opset
        self.random = np.random.default_rng(sum(map(ord, name)))
        self.nodes, self.weights = [], []
        self.input_name, self.shape = input_name, shape
        self.count = 0

    def constant(self, array, name=None):
        name = name or f"onnx::w_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def ints(self, *numbers):
        return self.constant(np.array(numbers, np.int64))

    def scalar(self, number):
        return self.constant(np.array(number, np.float32))

    def node(self, op, *inputs, name=None, outputs=1, **attributes):
        self.count += 1
        name = name or f"/{op}_{self.count}"
        results = [f"{name}_output_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), results, name, **attributes))
        return results[0] if outputs == 1 else results

    # Layers with weights. He's initialisation keeps the values in range through many layers.

    def conv(self, x, channels_in, channels_out, kernel=3, stride=1, pads=None, groups=1, bias=True, **more):
        kernel = [kernel] * 2 if isinstance(kernel, int) else list(kernel)
        pads = pads if pads is not None else [k // 2 for k in kernel] * 2
        fan = channels_in // groups * kernel[0] * kernel[1]
        w = self.random.normal(0, np.sqrt(2 / fan), (channels_out, channels_in // groups, *kernel))
        inputs = [x, self.constant(w.astype(np.float32))]
        if bias:
            inputs.append(self.constant(self.random.normal(0, 0.1, channels_out).astype(np.float32)))
        if "auto_pad" not in more:
            more["pads"] = pads
        return self.node("Conv", *inputs, kernel_shape=kernel, strides=[stride] * 2, group=groups,
                         **{"dilations": [1, 1], **more})

    def batch_norm(self, x, channels, epsilon=1e-5):
        r = self.random
        parameters = [r.uniform(0.6, 1.4, channels), r.normal(0, 0.2, channels), r.normal(0, 0.2, channels),
                      r.uniform(0.5, 1.5, channels)]
        return self.node("BatchNormalization", x, *[self.constant(p.astype(np.float32)) for p in parameters],
                         epsilon=epsilon)

    def linear(self, x, inputs, outputs):
        w = self.random.normal(0, np.sqrt(1 / inputs), (outputs, inputs)).astype(np.float32)
        b = self.random.normal(0, 0.1, outputs).astype(np.float32)
        return self.node("Gemm", x, self.constant(w), self.constant(b), transB=1)

    def max_pool(self, x, kernel=3, stride=2, pad=1, **more):
        return self.node("MaxPool", x, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4, **more)

    def average_pool(self, x, kernel=2, stride=2, pad=0, **more):
        return self.node("AveragePool", x, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4, **more)

    def relu(self, x):
        return self.node("Relu", x)

    def relu6(self, x):
        if self.opset < 11:
            return self.node("Clip", x, min=0.0, max=6.0)
        return self.node("Clip", x, self.scalar(0), self.scalar(6))

    def silu(self, x):
        return self.node("Mul", x, self.node("Sigmoid", x))

    def hard_swish_written_out(self, x):
        clipped = self.relu6(self.node("Add", x, self.scalar(3)))
        return self.node("Div", self.node("Mul", x, clipped), self.scalar(6))

    def hard_sigmoid_written_out(self, x):
        return self.node("Div", self.relu6(self.node("Add", x, self.scalar(3))), self.scalar(6))

    def gelu_erf(self, x):
        erf = self.node("Erf", self.node("Div", x, self.scalar(np.sqrt(2))))
        product = self.node("Mul", x, self.node("Add", erf, self.scalar(1)))
        return self.node("Mul", product, self.scalar(0.5))

    def flatten_by_shape(self, x):
        """x.view(x.size(0), -1) as older PyTorch exports it."""
        zero = self.constant(np.array(0, np.int64))
        batch = self.node("Gather", self.node("Shape", x), zero, axis=0)
        parts = [self.unsqueeze(batch, 0), self.ints(-1)]
        return self.node("Reshape", x, self.node("Concat", *parts, axis=0))

    def unsqueeze(self, x, axis):
        if self.opset < 13:
            return self.node("Unsqueeze", x, axes=[axis])
        return self.node("Unsqueeze", x, self.ints(axis))

    def mean_hw(self, x, keepdims=0):
        if self.opset < 18:
            return self.node("ReduceMean", x, axes=[2, 3], keepdims=keepdims)
        return self.node("ReduceMean", x, self.ints(2, 3), keepdims=keepdims)

    def gap_flatten(self, x):
        return self.node("Flatten", self.node("GlobalAveragePool", x), axis=1)

    def save(self, folder, output, output_shape, output_name="output"):
        """Writes the model after onnx's own full check, without the shapes of inner values."""
        for node in self.nodes:
            for names in (node.input, node.output):
                for index, name in enumerate(names):
                    if name == output:
                        names[index] = output_name
        graph = helper.make_graph(
            self.nodes, self.name,
            [helper.make_tensor_value_info(self.input_name, TensorProto.FLOAT, self.shape)],
            [helper.make_tensor_value_info(output_name, TensorProto.FLOAT, output_shape)], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)],
                                  producer_name="featurescope-tests", ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, folder / f"{self.name}.onnx")
