#!/usr/bin/env python3
"""Records how far PyTorch's own drawings are apart where it does not repeat them: runs.json and runs.bin.

The networks, the loop and its noise are record.py's, with the real Relu, Clip and MaxPool. Some maps of SqueezeNet's last fire module,
chosen by SEED among those that fire on the start (a dead map has no gradient, and PyTorch's loop does nothing about it), none
excluded afterwards, map 81 of story-plain and map 0 of cifar10-plaincnn are drawn from the same start and with the same weights. An
earlier comparison had left out these two, and 281 of SqueezeNet, which is among the chosen, because our picture was another than
PyTorch's. EfficientNet-Lite0 is not drawn here, since its runs take long. The runs are

    in float64,
    in float32,
    in float32 by two threads, which add in another order, and
    in float32 with noise in each gradient as large as float32 makes it (NOISE in record.py), NOISY times.

`activations` holds the map's mean before every step in float64, and `spread` by how much of it any other run is off at most. Of each
run `runs` holds the final activation and the correlation of the picture's pixels with float64's, which begin at `picture` in
runs.bin (three planes of bytes). `dies` is the first step before which the map is dead in any run, or null: from there on PyTorch's
loop changes nothing but by weight decay. Needs what ../gradients/record.py needs.

# Map 0 of cifar10-plaincnn

State by state, PyTorch's runs in float64 and in float32 have gradients that differ by less than 1e-6 of their norm for thirty
steps. Before the eleventh step at the second size (46 pixels) the window of `max_pooling2d_1` in channel 8, row 7, column 6 has two values within
rounding of each other: 6.26701021 and 6.26700919 in float64, 6.26700926 and 6.26701307 in float32. So the two runs choose different
maxima; their gradients differ by 8e-4 there, by 2.7e-2 three steps later, and float32's picture ends with a correlation of .986 and an activation
0.6 % larger: within 2 %, and another picture. With noise in the gradients the runs part earlier, and end at .77 to .95. Our engine
chooses as float64 does, and its picture is float64's (.99988). An earlier build drew another, with an activation as near: which way it
goes there hangs on the last bits.
"""

import json
import pathlib

import numpy as np
import torch

import record

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20
# How many maps of a network are chosen.
CHOSEN = {"squeezenet1.1.onnx": 4}
NAMED = {"story/story-plain.onnx": [81], "fetched/cifar10-plaincnn.onnx": [0]}
NOISY = 20


def runs(network, number, size):
    """Name, start and whether it is noisy, and how many threads."""
    start = record.start(record.SEED, size)
    yield "float64", start, None, 1
    yield "float32", start.float(), None, 1
    yield "two threads", start.float(), None, 2
    for run in range(NOISY):
        yield f"noise {run + 1}", start.float(), torch.Generator().manual_seed(1000 * number + run), 1


def main():
    cases, blob = [], bytearray()
    for settings in record.NETWORKS:
        if settings[0] not in CHOSEN and settings[0] not in NAMED:
            continue
        network = record.Network(*settings, smooth=False)
        size = network.first_size()
        with torch.no_grad():
            means = network.maps(record.start(record.SEED, size))[0].mean((1, 2))
        firing = [map for map in range(len(means)) if means[map] > 0]
        chosen = np.random.default_rng(SEED).choice(firing, CHOSEN.get(network.file, 0), replace=False).tolist()
        for number in sorted(chosen + NAMED.get(network.file, [])):
            means, pictures, names = [], [], []
            for name, start, noise, threads in runs(network, number, size):
                torch.set_num_threads(threads)
                sizes, activations, pixels = record.draw(network, number, start, size, noise)
                means.append(activations)
                pictures.append(pixels)
                names.append(name)
                print(network.file, number, sizes, name, activations[0], activations[-1],
                      np.corrcoef(pictures[0], pixels)[0, 1], flush=True)
            means = np.array(means)
            spread = np.abs(means - means[0]).max(0) / np.maximum(np.abs(means[0]), 1e-9)
            dead = np.flatnonzero((means == 0).any(0))
            cases.append({
                "model": network.file, "layer": network.layer, "map": number, "seed": record.SEED, "sizes": sizes,
                "activations": means[0].round(6).tolist(), "spread": [float(f"{one:.3e}") for one in spread],
                "dies": int(dead[0]) if len(dead) else None, "picture": len(blob),
                "runs": [
                    {"name": name, "activation": round(float(one[-1]), 6),
                     "correlation": round(float(np.corrcoef(pictures[0], pixels)[0, 1]), 6)}
                    for name, one, pixels in zip(names, means, pictures)
                ],
            })
            blob += np.round(pictures[0]).astype(np.uint8).tobytes()
            (HERE / "runs.json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}) + "\n")
            (HERE / "runs.bin").write_bytes(blob)


if __name__ == "__main__":
    main()
