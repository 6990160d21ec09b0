#!/usr/bin/env python3
"""Records what the article's loop draws with PyTorch: recorded.json and recorded.bin.

The loop is that of FeatureMapVisualizer 1.0.6, written anew: logits, sigmoid, Adam with rate 0.2 and weight decay 1e-6 that
begins anew at each size, 20 steps a size, cubic enlargement of the logits by int(1.2 · size), and -mean of the map as the
loss. The network sees its own recipe of 255 · sigmoid(x). Needs what ../gradients/record.py needs.

# Why two programs draw differently

Adam divides by |gradient|: a pixel whose gradient is a millionth of the largest is moved as far as any other, and where it is
moved to hangs on the last bits of that gradient. Such a difference of 1e-5 in one pixel matters where it, or rounding alone,
takes a value across zero at a Relu or makes two values of a pooling window change places; then the gradient jumps, and the
pictures part. So it is with map 81 of story-plain: before the second step the value that Relu `relu4` cuts off in channel 17, row
2, column 1 is -1.5e-7 (the layer's are 0.5 on average). PyTorch in float32 computes anything from -2.4e-7 to 1.8e-7 for it, as the
start's last bits will have it, and of ten such runs eight draw one picture and two another; that one is the picture of our
engine, with a correlation of 1.000000 and the final activation equal to seven digits.

# What is recorded

Of a layer the MAPS maps that fire most on the start, whatever anyone makes of them. Each is drawn in float64 and several times as
other programs in float32 might: in float32, with noise in each gradient as large as float32 makes it (NOISE of the gradient's root
mean square; our engine's gradients of map 81 differ from float64's by 2.8e-7 of it, PyTorch's own in float32 by 1.7e-7); the first
run is PyTorch's float32 without more. `runs` holds their final activations and their pictures' correlations with float64's. Two runs
end in the same picture where the final activations differ by no more than NEAR and the pixels correlate by SAME or more: what our
engine is held to. PyTorch's runs alone decide what a map is:

smooth   All runs end in float64's picture, in the network with Softplus for Relu and Clip and with AveragePool for MaxPool, which
         has no kinks.
settled  The same in the network as it is.
forks    Some runs of the network as it is end in other pictures, but in no more than PICTURES; all of them are recorded.
stuck    At some step of float64's run the map has no gradient at all, since it is dead or everywhere at Relu6's limit. We help such
         a map and the article's loop does not, so there is nothing to compare.
chaotic  The others, with kinks or without: without them too the loop enlarges differences, only more slowly. No picture of them is recorded.

Late layers are recorded without kinks (SMOOTH) and as they are (EXACT), and the layers before them (EARLIER) as they are: the fewer kinks
there are between the picture and a map, the more maps are settled. Of the maps of these, the first run that ends in another
picture is the last one.

`states`, of the exact networks: what the loop computes from PyTorch's own logits on the way, for some maps of each of four networks,
settled or chaotic. The logits are rounded to 1/32, so that they are small here, and what is recorded is computed from the rounded
ones in float64: the map's mean, and its gradient with respect to the logits at some positions. A state is left out, and the next
step's taken, where PyTorch itself does not repeat that gradient to a ten-thousandth of its norm: in float32, or with the logits
changed by CHANGE. `left_out` counts these.

`adam`: some logits' gradients and values through the steps of one size.

recorded.bin holds, from the offsets in recorded.json on: pixels (three planes of bytes), logits (bytes with a sign), and
gradients (f32).
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnx.numpy_helper
import torch

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.append(str(HERE.parent / "gradients"))

import onnx_torch  # noqa: E402

# File, layer, whether the channels are blue, green, red, and (pixel - mean) * scale: the recipe of the card.
NETWORKS = [
    ("story/story-plain.onnx", "relu5", False, 0.0, 1 / 255),
    ("fetched/cifar10-plaincnn.onnx", "conv2d_5_relu", False, 0.0, 1.0),
    ("squeezenet1.1.onnx", "fire9/concat", True, [104.006, 116.669, 122.679], 1.0),
    ("fetched/efficientnet-lite0.onnx", "head_relu6", False, 127.0, 1 / 128),
]
# Those whose whole drawings of that layer are recorded, and those whose are without kinks. As they are, PyTorch repeats no map of the
# others. Without kinks it does not repeat SqueezeNet's, whose values are in the hundreds, to which Softplus is as sharp as Relu: of
# six maps, our correlations with float64's pictures were once .951 to .9996, and those of PyTorch's runs in float32 .949 to .9998.
EXACT = ["story/story-plain.onnx", "fetched/cifar10-plaincnn.onnx"]
SMOOTH = [*EXACT, "fetched/efficientnet-lite0.onnx"]
# The layers before, in the order of the graph: what each activation, block or pooling makes, until PyTorch repeats few maps or none.
EARLIER = {
    "story/story-plain.onnx": ["relu1", "relu2", "relu3", "relu4"],
    "fetched/cifar10-plaincnn.onnx": ["conv2d_relu", "conv2d_1_relu", "max_pooling2d", "conv2d_2_relu", "conv2d_3_relu"],
    "squeezenet1.1.onnx": ["conv1_relu", "pool1", "fire2/squeeze1x1_relu", "fire2/concat", "fire3/concat", "fire4/concat"],
    "fetched/efficientnet-lite0.onnx": [
        "stem_relu6", "block0_dw_relu6", "block0_project", "block1_expand_relu6", "block1_dw_relu6", "block1_project",
        "block2_expand_relu6", "block2_dw_relu6", "block2_add", "block3_dw_relu6", "block3_project", "block4_add",
    ],
}
# How many maps of each layer are recorded, of those that fire most on the start: a dead one has no gradient to follow.
MAPS = 6
# Of eight runs, none ended in the other picture of map 22 of EfficientNet-Lite0's block2_add, which is that of one in eight, and ours.
RUNS = 32
SMOOTH_RUNS = 3
NOISE = 3e-7
NEAR = 0.02
SAME = 0.99
PICTURES = 3
# How many maps of each network have states, and at which step of each size; at how many positions, and the change.
STATE_MAPS = 3
STATE_STEPS = [10, 18, 5]
POSITIONS = 256
CHANGE = 1e-6
SIZES = 3
STEPS = 20
SEED = 1


def start(seed, size):
    """The generator is written out, so that any program makes the same start."""
    state, values = seed, []
    for _ in range(3 * size * size):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append((150 + (state >> 16) % 30) / 255)
    return torch.tensor(values, dtype=torch.float64).float().double().reshape(1, 3, size, size)


class Network:
    def __init__(self, file, layer, reversed_channels, mean, scale, smooth):
        self.file, self.layer, self.reversed_channels, self.scale = file, layer, reversed_channels, scale
        self.model = onnx.load(ROOT / "models" / file)
        self.mean = torch.tensor(mean, dtype=torch.float64).reshape(1, -1, 1, 1)
        self.smooth = smooth
        if smooth:
            self.make_smooth()
        arrays = {tensor.name: onnx.numpy_helper.to_array(tensor).copy() for tensor in self.model.graph.initializer}
        tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
        self.weights = {kind: {name: tensor.to(kind) for name, tensor in tensors.items()} for kind in (torch.float32, torch.float64)}

    def make_smooth(self):
        for node in self.model.graph.node:
            if node.op_type in ("Relu", "Clip"):
                node.op_type = "Softplus"
                del node.input[1:]
            elif node.op_type == "MaxPool":
                node.op_type = "AveragePool"

    def maps(self, logits):
        pixels = 255 * torch.sigmoid(logits)
        seen = ((pixels.flip(1) if self.reversed_channels else pixels) - self.mean.to(logits.dtype)) * self.scale
        values = {self.model.graph.input[0].name: seen, **self.weights[logits.dtype]}
        for node in self.model.graph.node:
            if self.layer in values:
                break
            args = [values[name] if name else None for name in node.input]
            values[node.output[0]] = onnx_torch.compute(node, args, False)
        return values[self.layer]

    def first_size(self):
        """The first of the article's sizes at which the layer has at least 2 x 2 places."""
        size = 33
        with torch.no_grad():
            while min(self.maps(start(SEED, size)).shape[2:]) < 2:
                size = int(size * 1.2)
        return size

    def firing_most(self, size):
        with torch.no_grad():
            maps = self.maps(start(SEED, size))[0]
        means, dead = maps.mean((1, 2)), maps.amax((1, 2)) == maps.amin((1, 2))
        alive = [number for number in means.argsort(descending=True).tolist() if means[number] > 0 and not dead[number]]
        return alive[:MAPS]


def draw(network, number, logits, size, noise=None, watch=None):
    """The sizes, the map's means before each step, and the picture from 0 to 255. `noise` is a generator, or none; `watch` is
    called with the turn, the step, the logits before it and their gradient."""
    sizes, activations = [], []
    for turn in range(SIZES):
        if turn > 0:
            size = int(size * 1.2)
            logits = torch.nn.functional.interpolate(logits, size=(size, size), mode="bicubic")
        logits = logits.detach().clone().requires_grad_(True)
        optimiser = torch.optim.Adam([logits], lr=0.2, weight_decay=1e-6)
        sizes.append(size)
        for step in range(STEPS):
            optimiser.zero_grad()
            activation = network.maps(logits)[0, number].mean()
            (-activation).backward()
            activations.append(float(activation))
            if noise is not None:
                gradient = logits.grad
                gradient += NOISE * gradient.square().mean().sqrt() * torch.randn(gradient.shape, generator=noise)
            if watch is not None:
                watch(turn, step, logits.detach(), logits.grad)
            optimiser.step()
    return sizes, activations, 255 * torch.sigmoid(logits.detach()).flatten().double().numpy()


def is_same(one, activation, pixels):
    near = abs(one["activation"] - activation) <= NEAR * abs(one["activation"])
    return near and np.corrcoef(one["pixels"], pixels)[0, 1] >= SAME


def record(network, number, size, blob, most_pictures):
    """A map's pictures, of which no more than `most_pictures` are recorded."""
    stuck = []
    sizes, activations, pixels = draw(
        network, number, start(SEED, size), size, watch=lambda turn, step, logits, gradient: stuck.append(not gradient.any()))
    found = [{"activation": activations[-1], "runs": 0, "pixels": pixels}]
    others = []
    for run in range(0 if any(stuck) else SMOOTH_RUNS if network.smooth else RUNS):
        noise = torch.Generator().manual_seed(1000 * number + run) if run > 0 else None
        _, means, pixels = draw(network, number, start(SEED, size).float(), size, noise)
        others.append([round(means[-1], 6), round(float(np.corrcoef(found[0]["pixels"], pixels)[0, 1]), 6)])
        alike = [one for one in found if is_same(one, means[-1], pixels)]
        if not alike:
            alike = [{"activation": means[-1], "runs": 0, "pixels": pixels}]
            found += alike
        alike[0]["runs"] += 1
        if len(found) > most_pictures:
            break
    if any(stuck):
        kind = "stuck"
    elif len(found) == 1:
        kind = "smooth" if network.smooth else "settled"
    else:
        kind = "chaotic" if len(found) > most_pictures else "forks"
    pictures = []
    for one in [] if kind in ("stuck", "chaotic") else found:
        pictures.append({"activation": one["activation"], "runs": one["runs"], "offset": len(blob)})
        blob += np.round(one["pixels"]).astype(np.uint8).tobytes()
    print(network.file, network.layer, kind, number, sizes, activations[0], activations[-1], others, flush=True)
    return {
        "model": network.file, "layer": network.layer, "smooth": network.smooth, "kind": kind, "map": number, "seed": SEED,
        "sizes": sizes, "activation": activations[-1], "pictures": pictures, "runs": others,
    }


def record_layer(network, blob, most_pictures):
    size = network.first_size()
    return [record(network, number, size, blob, most_pictures) for number in network.firing_most(size)]


def mean_and_gradient(network, number, logits):
    logits = logits.clone().requires_grad_(True)
    mean = network.maps(logits)[0, number].mean()
    mean.backward()
    return float(mean), logits.grad.double()


def is_smooth(network, number, logits, gradient):
    """Whether PyTorch repeats the gradient."""
    noise = torch.Generator().manual_seed(1)
    changed = [logits + CHANGE * torch.randn(logits.shape, generator=noise, dtype=torch.float64) for _ in range(4)]
    others = [mean_and_gradient(network, number, one)[1] for one in [logits.float(), *changed]]
    return all((other - gradient).norm() <= 1e-4 * gradient.norm() for other in others) and gradient.norm() > 0


def record_states(network, number, size, blob):
    """States on the way of a map, and how many were left out."""
    states, left_out = {}, 0

    def watch(turn, step, logits, _):
        nonlocal left_out
        if turn in states or step < STATE_STEPS[turn]:
            return
        levels = (32 * logits).round().clamp(-127, 127)
        logits = levels.double() / 32
        mean, gradient = mean_and_gradient(network, number, logits)
        if not is_smooth(network, number, logits, gradient):
            left_out += 1
            return
        gradient = gradient.flatten().numpy()
        positions = np.linspace(0, gradient.size - 1, POSITIONS).astype(int)
        states[turn] = {
            "model": network.file, "layer": network.layer, "map": number, "size": logits.shape[2], "step": step, "mean": mean,
            "norm": float(np.linalg.norm(gradient)), "largest": float(np.abs(gradient).max()), "logits": len(blob),
            "gradient": len(blob) + gradient.size,
        }
        blob.extend(levels.flatten().numpy().astype(np.int8).tobytes())
        blob.extend(gradient[positions].astype("<f4").tobytes())

    draw(network, number, start(SEED, size), size, watch=watch)
    print(network.file, "states", number, [(one["size"], one["step"]) for one in states.values()], "left out", left_out, flush=True)
    return list(states.values()), left_out


def record_adam(network, number, size):
    """Through the first size: each step's gradients of the map's mean at some positions, and the logits before it."""
    steps = []

    def watch(turn, step, logits, gradient):
        if turn == 0:
            kept = slice(None, None, logits.numel() // 24)
            steps.append({"logits": logits.flatten()[kept].tolist(), "gradient": (-gradient).flatten()[kept].tolist()})

    draw(network, number, start(SEED, size), size, watch=watch)
    return steps


def main():
    torch.set_num_threads(1)
    cases, states, left_out, adam, blob = [], [], 0, [], bytearray()
    for settings in NETWORKS:
        file, _, *recipe = settings
        for layer in EARLIER[file]:
            cases += record_layer(Network(file, layer, *recipe, smooth=False), blob, 1)
        if file in SMOOTH:
            cases += record_layer(Network(*settings, smooth=True), blob, 1)
        network = Network(*settings, smooth=False)
        if file in EXACT:
            cases += record_layer(network, blob, PICTURES)
        size = network.first_size()
        numbers = network.firing_most(size)
        for number in numbers[:STATE_MAPS]:
            more, without = record_states(network, number, size, blob)
            states += more
            left_out += without
        adam = adam or record_adam(network, numbers[0], size)
        found = {
            "torch": torch.__version__, "numpy": np.__version__, "cases": cases, "states": states, "left_out": left_out,
            "adam": adam,
        }
        (HERE / "recorded.json").write_text(json.dumps(found) + "\n")
        (HERE / "recorded.bin").write_bytes(blob)


if __name__ == "__main__":
    main()
