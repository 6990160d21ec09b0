#!/usr/bin/env python3
"""Records what the article's loop draws with PyTorch: recorded.json.

The loop is that of FeatureMapVisualizer 1.0.6, written anew: logits, sigmoid, Adam with rate 0.2 and weight decay 1e-6 that
begins anew at each size, 20 steps a size, cubic enlargement of the logits by int(1.2 · size), and -mean of the map as the
loss. The network sees its own recipe of 255 · sigmoid(x). Needs what ../gradients/record.py needs.

The loop is chaotic: where a value passes zero at an activation, or two values of a pooling window change places, the last
bit of a number decides what is drawn in the end, and PyTorch in float32 and in float64 draw different pictures of most maps.
So only maps are recorded that PyTorch itself draws alike when the start is changed by a millionth.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import torch

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.append(str(HERE.parent / "gradients"))

import onnx_torch  # noqa: E402

LAYER = "fire9/concat"
# How many maps are recorded, of those that fire most on the start: a dead one has no gradient to follow.
MAPS = 3
CANDIDATES = 24
# A map is reproducible where so many starts that differ by so much end in pictures that correlate so well.
CHANGED_STARTS = 4
CHANGE = 1e-6
CORRELATION = 0.999
SIZES = 3
STEPS = 20
SEED = 1
MEAN = torch.tensor([104.006, 116.669, 122.679], dtype=torch.float64).reshape(1, 3, 1, 1)


def start(seed, size):
    """The generator is written out, so that any program makes the same start."""
    state, values = seed, []
    for _ in range(3 * size * size):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append((150 + (state >> 16) % 30) / 255)
    return torch.tensor(values, dtype=torch.float64).float().double().reshape(1, 3, size, size)


def maps_of(model, logits):
    pixels = 255 * torch.sigmoid(logits)
    return onnx_torch.run(model, {model.graph.input[0].name: pixels.flip(1) - MEAN}, [LAYER])[0]


def first_size(model):
    size = 33
    with torch.no_grad():
        while min(maps_of(model, start(1, size)).shape[2:]) < 2:
            size = int(size * 1.2)
    return size


def draw(model, number, logits, size):
    sizes, activations = [], []
    for turn in range(SIZES):
        if turn > 0:
            size = int(size * 1.2)
            logits = torch.nn.functional.interpolate(logits, size=(size, size), mode="bicubic")
        logits = logits.detach().requires_grad_(True)
        optimiser = torch.optim.Adam([logits], lr=0.2, weight_decay=1e-6)
        sizes.append(size)
        for _ in range(STEPS):
            optimiser.zero_grad()
            activation = maps_of(model, logits)[0, number].mean()
            (-activation).backward()
            activations.append(float(activation))
            optimiser.step()
    return sizes, activations, 255 * torch.sigmoid(logits.detach()).flatten().numpy()


def record(model, number, size):
    """What is drawn of a map, or None where it hangs on the last bit."""
    begin = start(SEED, size)
    sizes, activations, pixels = draw(model, number, begin, size)
    if activations[-1] == 0:
        return None
    torch.manual_seed(SEED)
    for _ in range(CHANGED_STARTS):
        changed = draw(model, number, begin + CHANGE * torch.randn_like(begin), size)[2]
        if np.corrcoef(pixels, changed)[0, 1] < CORRELATION:
            return None
    levels = np.round(pixels).astype(int).tolist()
    return {"layer": LAYER, "map": number, "seed": SEED, "sizes": sizes, "activations": activations, "pixels": levels}


def main():
    model = onnx.load(ROOT / "models" / "squeezenet1.1.onnx")
    size = first_size(model)
    with torch.no_grad():
        means = maps_of(model, start(SEED, size))[0].mean((1, 2))
    cases, tried = [], 0
    for number in means.argsort(descending=True)[:CANDIDATES].tolist():
        tried += 1
        case = record(model, number, size)
        if case:
            cases.append(case)
            print(number, case["sizes"], case["activations"][0], case["activations"][-1], flush=True)
        if len(cases) == MAPS:
            break
    found = {"torch": torch.__version__, "numpy": np.__version__, "tried": tried, "cases": cases}
    (HERE / "recorded.json").write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
