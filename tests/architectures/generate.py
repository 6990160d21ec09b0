"""Writes narrow look-alikes of well-known CNNs, in the form in which exporters write them.

    python tests/architectures/generate.py

needs `onnx`, `onnxruntime` and `numpy`. Each file is a few tens of kilobytes. The weights are random (seeded by the
name), so that a mistake in any node changes the output; the structure, the operators and their forms per opset are
those that torchvision's models get from torch.onnx.export, Keras's from tf2onnx, and the old zoo's from Caffe2.
"""

import pathlib

import numpy as np
import onnxruntime

from builder import Builder

FOLDER = pathlib.Path(__file__).parent
CLASSES = 10


def resnet():
    """Basic blocks, BatchNormalization not folded (exported in training mode or without optimisation)."""
    b = Builder("resnet", 13, [1, 3, 64, 64])
    x = b.relu(b.batch_norm(b.conv("input", 3, 8, 7, 2, bias=False), 8))
    x = b.max_pool(x)
    width = 8
    for channels, stride in [(8, 1), (8, 1), (12, 2), (12, 1), (16, 2), (16, 1)]:
        y = b.relu(b.batch_norm(b.conv(x, width, channels, 3, stride, bias=False), channels))
        y = b.batch_norm(b.conv(y, channels, channels, bias=False), channels)
        if stride != 1 or width != channels:
            x = b.batch_norm(b.conv(x, width, channels, 1, stride, bias=False), channels)
        x, width = b.relu(b.node("Add", y, x)), channels
    b.save(FOLDER, b.linear(b.gap_flatten(x), width, CLASSES), [1, CLASSES])


def resnet_bottleneck():
    """Bottleneck blocks with folded normalization and a symbolic batch."""
    b = Builder("resnet_bottleneck", 17, ["batch_size", 3, 64, 64])
    x = b.max_pool(b.relu(b.conv("input", 3, 8, 7, 2)))
    width = 8
    for channels, stride in [(16, 1), (16, 1), (24, 2), (24, 1)]:
        y = b.relu(b.conv(x, width, 4, 1))
        y = b.relu(b.conv(y, 4, 4, 3, stride))
        y = b.conv(y, 4, channels, 1)
        if stride != 1 or width != channels:
            x = b.conv(x, width, channels, 1, stride)
        x, width = b.relu(b.node("Add", y, x)), channels
    b.save(FOLDER, b.linear(b.gap_flatten(x), width, CLASSES), ["batch_size", CLASSES])


def resnet_caffe2():
    """Opset 8: Sum instead of Add, AveragePool over everything, Reshape to a fixed shape, Softmax."""
    b = Builder("resnet_caffe2", 8, [1, 3, 64, 64], "gpu_0/data_0")
    x = b.relu(b.batch_norm(b.conv("gpu_0/data_0", 3, 8, 7, 2, bias=False), 8))
    x = b.max_pool(x)
    for stride in (1, 2):
        y = b.relu(b.batch_norm(b.conv(x, 8, 8, 3, stride, bias=False), 8))
        y = b.batch_norm(b.conv(y, 8, 8, bias=False), 8)
        if stride != 1:
            x = b.batch_norm(b.conv(x, 8, 8, 1, stride, bias=False), 8)
        x = b.relu(b.node("Sum", y, x))
    x = b.node("Reshape", b.average_pool(x, 8, 1), b.ints(1, 8))
    b.save(FOLDER, b.node("Softmax", b.linear(x, 8, CLASSES), axis=1), [1, CLASSES])


def mobilenet_v2():
    """Opset 9: Clip with attributes; the mean over height and width; a symbolic batch and a Shape chain."""
    b = Builder("mobilenet_v2", 9, ["batch", 3, 64, 64])
    x = b.relu6(b.conv("input", 3, 8, 3, 2))
    width = 8
    for channels, stride in [(8, 1), (12, 2), (12, 1), (12, 1), (16, 2), (16, 1)]:
        y = b.relu6(b.conv(x, width, 3 * width, 1))
        y = b.relu6(b.conv(y, 3 * width, 3 * width, 3, stride, groups=3 * width))
        y = b.conv(y, 3 * width, channels, 1)
        x, width = (b.node("Add", x, y) if stride == 1 and width == channels else y), channels
    x = b.relu6(b.conv(x, width, 32, 1))
    x = b.node("Dropout", b.flatten_by_shape(b.mean_hw(x, 1)), ratio=0.2)
    b.save(FOLDER, b.linear(x, 32, CLASSES), ["batch", CLASSES])


def mobilenet_v3(name, opset, hard_swish, hard_sigmoid):
    b = Builder(name, opset, [1, 3, 64, 64])
    swish, gate = hard_swish(b), hard_sigmoid(b)
    x = swish(b.conv("input", 3, 8, 3, 2))
    width = 8
    for channels, kernel, stride, squeeze, activation in [
        (8, 3, 1, True, b.relu), (12, 3, 2, False, b.relu), (12, 3, 1, False, b.relu),
        (16, 5, 2, True, swish), (16, 5, 1, True, swish),
    ]:
        y = activation(b.conv(x, width, 24, 1))
        y = activation(b.conv(y, 24, 24, kernel, stride, groups=24))
        if squeeze:
            s = b.relu(b.conv(b.node("GlobalAveragePool", y), 24, 8, 1))
            y = b.node("Mul", gate(b.conv(s, 8, 24, 1)), y)
        y = b.conv(y, 24, channels, 1)
        x, width = (b.node("Add", y, x) if stride == 1 and width == channels else y), channels
    x = swish(b.conv(x, width, 32, 1))
    x = swish(b.linear(b.gap_flatten(x), 32, 24))
    b.save(FOLDER, b.linear(x, 24, CLASSES), [1, CLASSES])


def shufflenet_v2():
    """Channel split and the five-dimensional shuffle with its Shape chains, as opset 11 exports it."""
    b = Builder("shufflenet_v2", 11, ["batch", 3, 64, 64])

    def size(x, axis):
        return b.unsqueeze(b.node("Gather", b.node("Shape", x), b.constant(np.array(axis, np.int64)), axis=0), 0)

    def shuffle(x):
        two = b.constant(np.array(2, np.int64))
        channels = b.node("Gather", b.node("Shape", x), b.constant(np.array(1, np.int64)), axis=0)
        half = b.unsqueeze(b.node("Div", channels, two), 0)
        wide = b.node("Concat", size(x, 0), b.ints(2), half, size(x, 2), size(x, 3), axis=0)
        y = b.node("Transpose", b.node("Reshape", x, wide), perm=[0, 2, 1, 3, 4])
        return b.node("Reshape", y, b.node("Concat", size(x, 0), b.ints(-1), size(x, 2), size(x, 3), axis=0))

    def branch(x, width, channels, stride):
        y = b.relu(b.conv(x, width, channels, 1))
        return b.relu(b.conv(b.conv(y, channels, channels, 3, stride, groups=channels), channels, channels, 1))

    x = b.max_pool(b.relu(b.conv("input", 3, 8, 3, 2)))
    width = 8
    for channels, stride in [(16, 2), (16, 1), (24, 2), (24, 1)]:
        half = channels // 2
        if stride == 1:
            left, right = b.node("Split", x, outputs=2, axis=1, split=[half, half])
            x = b.node("Concat", left, branch(right, half, half, 1), axis=1)
        else:
            left = b.relu(b.conv(b.conv(x, width, width, 3, 2, groups=width), width, half, 1))
            x = b.node("Concat", left, branch(x, width, half, 2), axis=1)
        x, width = shuffle(x), channels
    x = b.mean_hw(b.relu(b.conv(x, width, 32, 1)))
    b.save(FOLDER, b.linear(x, 32, CLASSES), ["batch", CLASSES])


def densenet():
    b = Builder("densenet", 12, [1, 3, 64, 64])
    x, width = b.max_pool(b.relu(b.conv("input", 3, 8, 7, 2))), 8
    for block in range(2):
        features = [x]
        for _ in range(3):
            joined = b.node("Concat", *features, axis=1) if len(features) > 1 else x
            y = b.relu(b.conv(b.relu(b.batch_norm(joined, width)), width, 8, 1))
            features.append(b.conv(y, 8, 4, bias=False))
            width += 4
        x = b.node("Concat", *features, axis=1)
        if block == 0:
            x = b.average_pool(b.conv(b.relu(b.batch_norm(x, width)), width, width // 2, 1, bias=False))
            width //= 2
    x = b.relu(b.batch_norm(x, width))
    b.save(FOLDER, b.linear(b.gap_flatten(x), width, CLASSES), [1, CLASSES])


def googlenet():
    """Inception modules, pooling with ceil_mode, and the channel-wise input transform of torchvision."""
    b = Builder("googlenet", 14, [1, 3, 64, 64])
    channels = []
    for index, (scale, shift) in enumerate([(0.458, -0.03), (0.448, -0.088), (0.45, -0.188)]):
        channel = b.node("Gather", "input", b.constant(np.array(index, np.int64)), axis=1)
        channel = b.node("Mul", b.unsqueeze(channel, 1), b.scalar(scale))
        channels.append(b.node("Add", channel, b.scalar(shift)))
    x = b.node("Concat", *channels, axis=1)
    x = b.max_pool(b.relu(b.conv(x, 3, 8, 7, 2)), 3, 2, 0, ceil_mode=1)
    width = 8
    for index in range(3):
        paths = [
            b.relu(b.conv(x, width, 4, 1)),
            b.relu(b.conv(b.relu(b.conv(x, width, 4, 1)), 4, 8)),
            b.relu(b.conv(b.relu(b.conv(x, width, 2, 1)), 2, 4)),
            b.relu(b.conv(b.max_pool(x, 3, 1, 1, ceil_mode=1), width, 4, 1)),
        ]
        x, width = b.node("Concat", *paths, axis=1), 20
        if index == 1:
            x = b.max_pool(x, 2, 2, 0, ceil_mode=1)
    x = b.node("Dropout", b.gap_flatten(x))
    b.save(FOLDER, b.linear(x, width, CLASSES), [1, CLASSES])


def inception_v3():
    """Kernels of 1×7 and 7×1, average pooling that counts its padding."""
    b = Builder("inception_v3", 15, [1, 3, 75, 75])
    x = b.relu(b.conv("input", 3, 8, 3, 2, pads=[0] * 4))
    x = b.max_pool(b.relu(b.conv(x, 8, 12)), 3, 2, 0)
    width = 12
    for _ in range(2):
        y = b.relu(b.conv(x, width, 4, 1))
        y = b.relu(b.conv(y, 4, 4, (1, 7)))
        y = b.relu(b.conv(y, 4, 8, (7, 1)))
        z = b.relu(b.conv(b.average_pool(x, 3, 1, 1, count_include_pad=1), width, 8, 1))
        x, width = b.node("Concat", b.relu(b.conv(x, width, 4, 1)), y, z, axis=1), 20
    down = [b.relu(b.conv(x, width, 8, 3, 2, pads=[0] * 4)), b.max_pool(x, 3, 2, 0)]
    x = b.node("Concat", *down, axis=1)
    b.save(FOLDER, b.linear(b.gap_flatten(x), 28, CLASSES), [1, CLASSES])


def efficientnet():
    """SiLU, squeeze-and-excite with it, depthwise 5×5, opset 18's ReduceMean with axes as an input."""
    b = Builder("efficientnet", 18, [1, 3, 64, 64])
    x, width = b.silu(b.conv("input", 3, 8, 3, 2)), 8
    for channels, kernel, stride in [(8, 3, 1), (12, 3, 2), (12, 3, 1), (16, 5, 2), (16, 5, 1)]:
        wide = 3 * width
        y = b.silu(b.conv(x, width, wide, 1))
        y = b.silu(b.conv(y, wide, wide, kernel, stride, groups=wide))
        s = b.silu(b.conv(b.mean_hw(y, 1), wide, 4, 1))
        y = b.node("Mul", b.node("Sigmoid", b.conv(s, 4, wide, 1)), y)
        y = b.conv(y, wide, channels, 1)
        x, width = (b.node("Add", y, x) if stride == 1 and width == channels else y), channels
    x = b.silu(b.conv(x, width, 32, 1))
    b.save(FOLDER, b.linear(b.gap_flatten(x), 32, CLASSES), [1, CLASSES])


def convnext(name, opset, layer_norm):
    """Depthwise 7×7, normalization over channels last, linear layers as MatMul, GELU, layer scale."""
    b = Builder(name, opset, [1, 3, 64, 64])

    def parameters(channels):
        r = b.random
        return [b.constant(v.astype(np.float32)) for v in (r.uniform(0.6, 1.4, channels), r.normal(0, 0.2, channels))]

    def norm(x, channels):
        return layer_norm(b, x, *parameters(channels))

    def norm2d(x, channels):
        return b.node("Transpose", norm(b.node("Transpose", x, perm=[0, 2, 3, 1]), channels), perm=[0, 3, 1, 2])

    def dense(x, inputs, outputs):
        w = b.random.normal(0, np.sqrt(1 / inputs), (inputs, outputs)).astype(np.float32)
        bias = b.random.normal(0, 0.1, outputs).astype(np.float32)
        return b.node("Add", b.constant(bias), b.node("MatMul", x, b.constant(w)))

    x = norm2d(b.conv("input", 3, 8, 4, 4, pads=[0] * 4), 8)
    width = 8
    for channels in (8, 12):
        if channels != width:
            x = b.conv(norm2d(x, width), width, channels, 2, 2, pads=[0] * 4)
            width = channels
        for _ in range(2):
            y = b.node("Transpose", b.conv(x, width, width, 7, groups=width), perm=[0, 2, 3, 1])
            y = b.gelu_erf(dense(norm(y, width), width, 3 * width))
            y = b.node("Transpose", dense(y, 3 * width, width), perm=[0, 3, 1, 2])
            scale = b.random.uniform(0.5, 1, (width, 1, 1)).astype(np.float32)
            x = b.node("Add", b.node("Mul", y, b.constant(scale)), x)
    x = norm2d(b.node("GlobalAveragePool", x), width)
    b.save(FOLDER, b.linear(b.node("Flatten", x, axis=1), width, CLASSES), [1, CLASSES])


def layer_norm_op(b, x, scale, bias):
    return b.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-6)


def layer_norm_written_out(b, x, scale, bias):
    centred = b.node("Sub", x, b.node("ReduceMean", x, axes=[-1]))
    variance = b.node("ReduceMean", b.node("Pow", centred, b.scalar(2)), axes=[-1])
    deviation = b.node("Sqrt", b.node("Add", variance, b.scalar(1e-6)))
    return b.node("Add", b.node("Mul", b.node("Div", centred, deviation), scale), bias)


def vgg():
    """Thirteen convolutions and three dense layers, one of which reads every position."""
    b = Builder("vgg", 10, [1, 3, 64, 64])
    x, width = "input", 3
    for block, count in enumerate([2, 2, 3, 3, 3]):
        for _ in range(count):
            channels = 6 + block
            x, width = b.relu(b.conv(x, width, channels)), channels
        x = b.max_pool(x, 2, 2, 0)
    x = b.node("Flatten", b.average_pool(x, 1, 1), axis=1)
    x = b.node("Dropout", b.relu(b.linear(x, width * 4, 24)))
    x = b.node("Dropout", b.relu(b.linear(x, 24, 24)))
    b.save(FOLDER, b.linear(x, 24, CLASSES), [1, CLASSES])


def alexnet_caffe():
    """Opset 7: LRN, grouped convolutions, ceil-free pooling, Dropout, Softmax."""
    b = Builder("alexnet_caffe", 7, [1, 3, 67, 67], "data_0")
    x = b.relu(b.conv("data_0", 3, 8, 11, 4, pads=[0] * 4))
    x = b.max_pool(b.node("LRN", x, size=5, alpha=1e-2, beta=0.75, bias=1.0), 3, 2, 0)
    x = b.relu(b.conv(x, 8, 12, 5, groups=2))
    x = b.max_pool(b.node("LRN", x, size=5, alpha=1e-2, beta=0.75, bias=1.0), 3, 2, 0)
    x = b.relu(b.conv(x, 12, 12, 3, groups=2))
    x = b.node("Reshape", x, b.ints(1, 108))
    x = b.node("Dropout", b.relu(b.linear(x, 108, 24)))
    b.save(FOLDER, b.node("Softmax", b.linear(x, 24, CLASSES), axis=1), [1, CLASSES])


def squeezenet():
    """torchvision's order: dropout, the Conv that makes the scores, ReLU, global pooling."""
    b = Builder("squeezenet", 16, [1, 3, 64, 64])
    x = b.max_pool(b.relu(b.conv("input", 3, 8, 3, 2, pads=[0] * 4)), 3, 2, 0, ceil_mode=1)
    width = 8
    for squeeze, expand in [(4, 8), (4, 8), (6, 12)]:
        s = b.relu(b.conv(x, width, squeeze, 1))
        x = b.node("Concat", b.relu(b.conv(s, squeeze, expand, 1)), b.relu(b.conv(s, squeeze, expand)), axis=1)
        width = 2 * expand
    x = b.relu(b.conv(b.node("Dropout", x), width, CLASSES, 1))
    b.save(FOLDER, b.gap_flatten(x), [1, CLASSES])


def fully_convolutional():
    """A 1×1 Conv makes the scores without a ReLU, the mean follows: a linear head in the other order."""
    b = Builder("fully_convolutional", 13, [1, 3, 32, 32])
    x = b.relu(b.conv(b.relu(b.conv("input", 3, 8, 3, 2)), 8, 12, 3, 2))
    b.save(FOLDER, b.node("Softmax", b.mean_hw(b.conv(x, 12, CLASSES, 1)), axis=1), [1, CLASSES])


def keras_mobilenet():
    """tf2onnx: channels last at the input, one Transpose, SAME padding that is asymmetric, Min after Relu as ReLU6,
    a bias in a node of its own, MatMul and Add, Softmax."""
    b = Builder("keras_mobilenet", 13, ["unk__614", 64, 64, 3], "input_1")
    x, width = b.node("Transpose", "input_1", perm=[0, 3, 1, 2]), 3

    def relu6(x):
        return b.node("Min", b.relu(x), b.scalar(6))

    def bias(x, channels):
        return b.node("Add", x, b.constant(b.random.normal(0, 0.1, (1, channels, 1, 1)).astype(np.float32)))

    for channels, stride in [(8, 2), (12, 1), (16, 2), (20, 2)]:
        same = [0, 0, 1, 1] if stride == 2 else [1, 1, 1, 1]
        if width > 3:
            x = relu6(bias(b.conv(x, width, width, 3, stride, same, groups=width, bias=False), width))
            x = relu6(b.conv(x, width, channels, 1))
        else:
            x = relu6(b.conv(x, width, channels, 3, stride, same))
        width = channels
    x = b.node("Squeeze", b.node("GlobalAveragePool", x), b.ints(2, 3))
    w = b.random.normal(0, np.sqrt(1 / width), (width, CLASSES)).astype(np.float32)
    x = b.node("MatMul", x, b.constant(w))
    x = b.node("Add", x, b.constant(b.random.normal(0, 0.1, CLASSES).astype(np.float32)))
    b.save(FOLDER, b.node("Softmax", x, axis=-1), ["unk__614", CLASSES])


def keras_resnet_v2():
    """tf2onnx again: Pad as a node, auto_pad, normalization before the activation, channels-last mean at the end."""
    b = Builder("keras_resnet_v2", 12, ["N", 64, 64, 3], "input_1")
    x = b.node("Transpose", "input_1", perm=[0, 3, 1, 2])
    x = b.node("Pad", x, b.ints(0, 0, 3, 3, 0, 0, 3, 3))
    x = b.conv(x, 3, 8, 7, 2, pads=[0] * 4)
    x = b.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")
    for stride in (1, 2):
        p = b.relu(b.batch_norm(x, 8))
        y = b.relu(b.conv(p, 8, 8, 3, stride, auto_pad="SAME_UPPER"))
        y = b.conv(y, 8, 8, 1)
        shortcut = x if stride == 1 else b.node("MaxPool", x, kernel_shape=[1, 1], strides=[2, 2])
        x = b.node("Add", shortcut, y)
    x = b.node("Transpose", b.relu(b.batch_norm(x, 8)), perm=[0, 2, 3, 1])
    x = b.node("ReduceMean", x, axes=[1, 2], keepdims=0)
    b.save(FOLDER, b.node("Sigmoid", b.linear(x, 8, CLASSES)), ["N", CLASSES])


def unet():
    """ConvTranspose, Resize to a size that is computed, LeakyRelu, PRelu, InstanceNormalization; no class scores."""
    b = Builder("unet", 13, [1, 3, 32, 32])

    def norm(x, channels):
        r = b.random
        parameters = r.uniform(0.6, 1.4, channels), r.normal(0, 0.2, channels)
        return b.node("InstanceNormalization", x, *[b.constant(p.astype(np.float32)) for p in parameters])

    a = b.node("LeakyRelu", norm(b.conv("input", 3, 8), 8), alpha=0.1)
    c = b.node("PRelu", b.conv(a, 8, 12, 3, 2), b.constant(np.full((12, 1, 1), 0.2, np.float32)))
    d = b.node("Elu", b.conv(c, 12, 12, 3, 2, dilations=[2, 2], pads=[2] * 4), alpha=1.0)
    w = b.random.normal(0, 0.2, (12, 8, 2, 2)).astype(np.float32)
    up = b.node("ConvTranspose", d, b.constant(w), kernel_shape=[2, 2], strides=[2, 2])
    e = b.relu(b.conv(b.node("Concat", up, c, axis=1), 20, 8))
    two, four = b.ints(2), b.ints(4)
    sizes = b.node("Slice", b.node("Shape", a), two, four, b.ints(0))
    front = b.node("Slice", b.node("Shape", e), b.ints(0), two, b.ints(0))
    up = b.node("Resize", e, "", "", b.node("Concat", front, sizes, axis=0), mode="nearest",
                coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    f = b.node("Softplus", b.conv(b.node("Concat", up, a, axis=1), 16, 8))
    b.save(FOLDER, b.conv(f, 8, 2, 1), [1, 2, 32, 32])


def main():
    resnet()
    resnet_bottleneck()
    resnet_caffe2()
    mobilenet_v2()
    mobilenet_v3("mobilenet_v3", 17, lambda b: lambda x: b.node("HardSwish", x),
                 lambda b: lambda x: b.node("HardSigmoid", x, alpha=1 / 6, beta=0.5))
    mobilenet_v3("mobilenet_v3_written_out", 11, lambda b: b.hard_swish_written_out,
                 lambda b: b.hard_sigmoid_written_out)
    shufflenet_v2()
    densenet()
    googlenet()
    inception_v3()
    efficientnet()
    convnext("convnext", 17, layer_norm_op)
    convnext("convnext_written_out", 12, layer_norm_written_out)
    vgg()
    alexnet_caffe()
    squeezenet()
    fully_convolutional()
    keras_mobilenet()
    keras_resnet_v2()
    unet()
    for path in sorted(FOLDER.glob("*.onnx")):
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        value = session.get_inputs()[0]
        shape = [size if isinstance(size, int) else 1 for size in value.shape]
        picture = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
        result = session.run(None, {value.name: picture})[0]
        assert np.isfinite(result).all() and result.std() > 1e-3, path.name
        print(f"{path.name:32} {path.stat().st_size:7} bytes  output {result.shape} spread {result.std():.3f}")


if __name__ == "__main__":
    main()
