"""A thin builder for the ONNX graphs written here: opset 13, IR 8, NCHW, batch 1, each node named after its one output."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 13
IR_VERSION = 8


class OnnxGraph:
    def __init__(self, name, producer=""):
        self.name = name
        self.producer = producer
        self.nodes = []
        self.initializers = []

    def constant(self, name, values):
        """Adds a float32 initializer and returns its name."""
        values = np.ascontiguousarray(values, dtype=np.float32)
        self.initializers.append(numpy_helper.from_array(values, name))
        return name

    def replace_constant(self, name, change):
        """Replaces the initializer `name` by `change(its values)`."""
        for index, tensor in enumerate(self.initializers):
            if tensor.name == name:
                values = np.asarray(change(numpy_helper.to_array(tensor)), dtype=np.float32)
                self.initializers[index] = numpy_helper.from_array(values, name)
                return
        raise KeyError(name)

    def node(self, op, inputs, output, name=None, **attributes):
        """Adds a node and returns the name of its output, which is the node's name too unless one is given."""
        self.nodes.append(helper.make_node(op, inputs, [output], name=name or output, **attributes))
        return output

    def producer_of(self, value):
        """The node that writes `value`, or None for an input."""
        return next((node for node in self.nodes if value in node.output), None)

    def save(self, path, input_name, input_shape, output_name, classes, strict_shapes=False):
        """Checks the graph, infers all shapes and writes the file."""
        graph = helper.make_graph(
            self.nodes,
            self.name,
            [helper.make_tensor_value_info(input_name, TensorProto.FLOAT, input_shape)],
            [helper.make_tensor_value_info(output_name, TensorProto.FLOAT, [1, classes])],
            self.initializers,
        )
        options = {"producer_name": self.producer} if self.producer else {}
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], **options)
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        onnx.save(onnx.shape_inference.infer_shapes(model, strict_mode=strict_shapes), path)


def same_padding(size, kernel, stride):
    """Output size and (before, after) padding of TensorFlow's "same" along one axis: the odd pixel goes after."""
    output = -(-size // stride)
    total = max((output - 1) * stride + kernel - size, 0)
    return output, (total // 2, total - total // 2)
