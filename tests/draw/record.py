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

Of a network the maps that fire most on the start, whatever anyone makes of them, in two forms:

smooth  The network with Softplus for Relu and Clip and with AveragePool for MaxPool, which has no kinks. Each map's picture is
        recorded from float64 where PyTorch repeats it in SMOOTH_RUNS runs in float32 (see below). Without kinks too the loop
        enlarges differences, only more slowly: the other maps are *chaotic*.
exact   The network as it is. Each map is drawn in float64 and RUNS times as other programs in float32 might: in float32,
        with noise in each gradient as large as float32 makes it (NOISE of the gradient's root mean square; our engine's
        gradients of map 81 differ from float64's by 2.8e-7 of it, PyTorch's own in float32 by 1.7e-7); the first run is PyTorch's
        float32 without more. `runs` holds their final activations and their pictures' correlations with float64's. A map whose runs all end in
        float64's picture is *settled*; one whose runs end in other pictures too, but in no more than PICTURES, *forks*, and all of
        them are recorded; the others are *chaotic*, and no picture of them is.

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
# Those whose whole drawings are recorded. In the others PyTorch repeats no map, with kinks or without. Without kinks, six maps
# each, these correlations with float64's pictures were found once: in EfficientNet-Lite0 our engine's are .992 to 1, and those of
# PyTorch's runs in float32 .9947 to .9987; in SqueezeNet, whose values are in the hundreds, to which Softplus is as sharp as Relu,
# ours are .951 to .9996, and PyTorch's .949 to .9998.
DRAWN = ["story/story-plain.onnx", "fetched/cifar10-plaincnn.onnx"]
# How many maps of each network are recorded, of those that fire most on the start: a dead one has no gradient to follow.
MAPS = 6
RUNS = 8
SMOOTH_RUNS = 3
NOISE = 3e-7
# Pictures that correlate so well are the same.
SAME = 0.999
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
            means = self.maps(start(SEED, size))[0].mean((1, 2))
        return [number for number in means.argsort(descending=True)[:MAPS].tolist() if means[number] > 0]


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


def record(network, number, size, blob):
    sizes, activations, pixels = draw(network, number, start(SEED, size), size)
    found = [{"activation": activations[-1], "runs": 0, "pixels": pixels}]
    others = []
    for run in range(SMOOTH_RUNS if network.smooth else RUNS):
        noise = torch.Generator().manual_seed(1000 * number + run) if run > 0 else None
        _, means, pixels = draw(network, number, start(SEED, size).float(), size, noise)
        others.append([means[-1], float(np.corrcoef(found[0]["pixels"], pixels)[0, 1])])
        alike = [one for one in found if np.corrcoef(one["pixels"], pixels)[0, 1] >= SAME]
        if not alike:
            alike = [{"activation": means[-1], "runs": 0, "pixels": pixels}]
            found += alike
        alike[0]["runs"] += 1
        if len(found) > PICTURES:
            break
    if network.smooth:
        kind = "smooth" if len(found) == 1 else "chaotic"
    else:
        kind = ["settled", "forks", "chaotic"][min(len(found) - 1, 1) + (len(found) > PICTURES)]
    pictures = []
    for one in [] if kind == "chaotic" else found:
        pictures.append({"activation": one["activation"], "runs": one["runs"], "offset": len(blob)})
        blob += np.round(one["pixels"]).astype(np.uint8).tobytes()
    print(network.file, kind, number, sizes, activations[0], activations[-1], others, flush=True)
    return {
        "model": network.file, "layer": network.layer, "kind": kind, "map": number, "seed": SEED, "sizes": sizes,
        "activation": activations[-1], "pictures": pictures, "runs": others,
    }


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
        size = Network(*settings, smooth=False).first_size()
        for smooth in (True, False):
            network = Network(*settings, smooth)
            numbers = network.firing_most(size)
            if network.file in DRAWN:
                cases += [record(network, number, size, blob) for number in numbers]
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
