#!/usr/bin/env python3
"""Writes VGG16-shaped networks with random weights.

    generate.py big OUT.onnx [--external]   about 553 MB: VGG16 with its dense layers, to measure memory with
    generate.py chain OUT.onnx              chain13.onnx: VGG16's 13 Convs, narrow, with a small head

The big file is written piece by piece (memory stays near one dense layer's row block), so the ONNX messages are encoded
here by hand and only checked by a reader. `--external` keeps the weights of at least 1 KB in OUT.onnx.data. Needs NumPy;
the values depend on the seed and on NumPy's generator only.
"""

import argparse
import pathlib

import numpy as np

SEED = 16
OPSET = 13
IR_VERSION = 8
# Output channels of VGG16's Convs, None a 2×2 max pooling: configuration D of the VGG paper.
VGG16 = [64, 64, None, 128, 128, None, 256, 256, 256, None, 512, 512, 512, None, 512, 512, 512, None]
# The same chain with channels narrow enough for a file of 170 KB.
NARROW = [8, 8, None, 16, 16, None, 16, 16, 16, None, 24, 24, 24, None, 24, 24, 24, None]
# Numbers of a weight that are made and written at a time.
BLOCK = 1 << 20
EXTERNAL_MINIMUM = 1024

FLOAT = 1
ATTRIBUTE_INT, ATTRIBUTE_INTS = 2, 7


# Protocol buffers: a field is its number and wire type, then a varint (0) or a length and bytes (2).
def varint(value):
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def integer(number, value):
    return varint(number << 3) + varint(value)


def header(number, length):
    return varint(number << 3 | 2) + varint(length)


def field(number, content):
    content = content.encode() if isinstance(content, str) else content
    return header(number, len(content)) + content


def attribute(name, value):
    if isinstance(value, int):
        return field(1, name) + integer(3, value) + integer(20, ATTRIBUTE_INT)
    return field(1, name) + b"".join(integer(8, item) for item in value) + integer(20, ATTRIBUTE_INTS)


def node(op, inputs, output, **attributes):
    return b"".join(
        [
            *(field(1, name) for name in inputs),
            field(2, output),
            field(3, output),
            field(4, op),
            *(field(5, attribute(name, value)) for name, value in attributes.items()),
        ]
    )


def value_info(name, shape):
    dimensions = b"".join(field(1, integer(1, size)) for size in shape)
    return field(1, name) + field(2, field(1, integer(1, FLOAT) + field(2, dimensions)))


class Weight:
    """A tensor of He-normal values (zero for a bias) that is made block by block."""

    def __init__(self, name, shape, fan_in, seed):
        self.name, self.shape, self.seed = name, shape, seed
        self.count = int(np.prod(shape))
        self.deviation = np.sqrt(2.0 / fan_in) if fan_in else 0.0

    def blocks(self):
        generator = np.random.default_rng([SEED, self.seed])
        for start in range(0, self.count, BLOCK):
            size = min(BLOCK, self.count - start)
            yield (generator.standard_normal(size, dtype=np.float32) * np.float32(self.deviation)).tobytes()

    def head(self):
        return b"".join(integer(1, size) for size in self.shape) + integer(2, FLOAT) + field(8, self.name)


def network(channels, input_size, dense, classes):
    """Nodes and weights of a chain of 3×3 Convs with ReLU and its head; `dense` lists the hidden Gemms' units."""
    nodes, weights = [], []

    def weight(name, shape, fan_in):
        weights.append(Weight(name, shape, fan_in, seed=len(weights)))
        return name

    value, depth, size, convs = "input", 3, input_size, 0
    for width in channels:
        if width is None:
            name = f"pool{convs}"
            nodes.append(node("MaxPool", [value], name, kernel_shape=[2, 2], strides=[2, 2]))
            value, size = name, size // 2
            continue
        convs += 1
        name = f"conv{convs}"
        inputs = [value, weight(name + "_w", [width, depth, 3, 3], depth * 9), weight(name + "_b", [width], 0)]
        nodes.append(node("Conv", inputs, name, kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1]))
        nodes.append(node("Relu", [name], name + "_relu"))
        value, depth = name + "_relu", width
    if not dense:
        nodes.append(node("GlobalAveragePool", [value], "gap"))
        value, size = "gap", 1
    nodes.append(node("Flatten", [value], "flat", axis=1))
    value, units = "flat", depth * size * size
    for index, width in enumerate([*dense, classes], start=1):
        last = index > len(dense)
        name = "logits" if last else f"fc{index}"
        inputs = [value, weight(f"fc{index}_w", [width, units], units), weight(f"fc{index}_b", [width], 0)]
        nodes.append(node("Gemm", inputs, name, transB=1))
        value, units = name, width
        if not last:
            nodes.append(node("Relu", [name], name + "_relu"))
            value = name + "_relu"
    return nodes, weights


def write(path, name, nodes, weights, input_size, classes, external):
    """Writes ModelProto(graph) with every length known beforehand, so that no weight is held as a whole."""
    before = b"".join(field(1, item) for item in nodes) + field(2, name)
    after = field(11, value_info("input", [1, 3, input_size, input_size])) + field(
        12, value_info("logits", [1, classes])
    )
    data_name = path.name + ".data"
    heads, offset = [], 0
    for weight in weights:
        size = 4 * weight.count
        if external and size >= EXTERNAL_MINIMUM:
            entries = {"location": data_name, "offset": str(offset), "length": str(size)}
            stored = b"".join(field(13, field(1, key) + field(2, value)) for key, value in entries.items())
            heads.append((weight.head() + stored + integer(14, 1), 0, True))
            offset += size
        else:
            heads.append((weight.head() + header(9, size), size, False))
    length = len(before) + len(after)
    for head, inline, _ in heads:
        tensor = len(head) + inline
        length += len(header(5, tensor)) + tensor
    with open(path, "wb") as file:
        file.write(integer(1, IR_VERSION) + field(2, "featurescope-tests") + header(7, length) + before)
        data = open(path.with_name(data_name), "wb") if external else None
        for weight, (head, inline, is_external) in zip(weights, heads):
            file.write(header(5, len(head) + inline) + head)
            for block in weight.blocks():
                (data if is_external else file).write(block)
        if data:
            data.close()
        file.write(after + field(8, field(1, "") + integer(2, OPSET)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["big", "chain"])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--external", action="store_true", help="keep the weights in OUT.onnx.data")
    arguments = parser.parse_args()
    if arguments.kind == "big":
        size, classes = 224, 1000
        nodes, weights = network(VGG16, size, [4096, 4096], classes)
    else:
        size, classes = 64, 10
        nodes, weights = network(NARROW, size, [], classes)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    write(arguments.out, f"vgg16-{arguments.kind}", nodes, weights, size, classes, arguments.external)
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
