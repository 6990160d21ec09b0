#!/usr/bin/env python3
"""Records Grad-CAM as pytorch-grad-cam computes it, with PyTorch in float64: recorded.json and recorded.bin.

Needs what ../gradients/record.py needs, and Pillow. The formula is written anew from `base_cam.py` and `scale_cam_image`: a map's
weight is the mean over its cells of the derivative of the class's score before Softmax; the cells are max(0, Σ weight · map);
they are scaled (minus the smallest, divided by 1e-7 + the largest), enlarged bilinearly to the input's size, and scaled again.

A case holds the byte offsets of f32 numbers in recorded.bin: `weights` (one per map), `cells` (row by row) and `pixels`, which are
1,024 of the enlarged ones, each `step` after the other. `score` is the class's.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import torch
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.append(str(HERE.parent / "gradients"))

import onnx_torch  # noqa: E402

PIXELS = 1024
# File, picture, the value before Softmax, whether the channels are blue, green, red, (pixel - mean) * scale, and the layers: a
# middle one, the last, and one that a path leads around.
NETWORKS = [
    ("squeezenet1.1.onnx", "chelsea-227", "logits", True, [104.006, 116.669, 122.679], 1.0,
     ["fire5/concat", "fire9/concat"]),
    ("fetched/efficientnet-lite0.onnx", "coffee-224", "logits", False, 127.0, 1 / 128,
     ["block7_add", "head_relu6", "block14_project"]),
]
# The classes with the largest score and with the hundredth.
PLACES = [0, 99]


def scaled(values):
    values = values - values.min()
    return values / (1e-7 + values.max())


def cam(model, seen, scores, layer, place):
    source = model.graph.input[0].name
    [maps] = onnx_torch.run(model, {source: seen}, [layer])
    maps = maps.detach().requires_grad_(True)
    [values] = onnx_torch.run(model, {source: seen, layer: maps}, [scores])
    number = int(values.flatten().argsort(descending=True)[place])
    score = values.flatten()[number]
    score.backward()
    weights = maps.grad[0].mean((1, 2))
    cells = (weights[:, None, None] * maps.detach()[0]).sum(0).clamp(min=0)
    large = torch.nn.functional.interpolate(scaled(cells)[None, None], size=seen.shape[2:], mode="bilinear")
    return number, float(score), weights.numpy(), cells.numpy(), scaled(large[0, 0]).numpy()


def main():
    cases, blob = [], bytearray()

    def keep(values):
        offset = len(blob)
        blob.extend(np.asarray(values, "<f4").tobytes())
        return offset

    for file, picture, scores, reversed_channels, mean, scale, layers in NETWORKS:
        model = onnx.load(ROOT / "models" / file)
        pixels = np.asarray(Image.open(ROOT / "tests/goldens/inputs" / f"{picture}.png").convert("RGB"), np.float64)
        seen = ((pixels[..., ::-1] if reversed_channels else pixels) - np.asarray(mean)) * scale
        seen = torch.from_numpy(np.ascontiguousarray(seen.transpose(2, 0, 1)))[None]
        for layer in layers:
            for place in PLACES:
                number, score, weights, cells, large = cam(model, seen, scores, layer, place)
                step = large.size // PIXELS
                cases.append({
                    "model": file, "picture": picture, "layer": layer, "class": number, "score": score, "maps": len(weights),
                    "height": cells.shape[0], "width": cells.shape[1], "weights": keep(weights), "cells": keep(cells),
                    "step": step, "pixels": keep(large.flatten()[: step * PIXELS : step]),
                })
                print(file, layer, number, score, cells.max(), (cells > 0).mean())
    found = {"torch": torch.__version__, "numpy": np.__version__, "cases": cases}
    (HERE / "recorded.json").write_text(json.dumps(found, indent=1) + "\n")
    (HERE / "recorded.bin").write_bytes(blob)


if __name__ == "__main__":
    main()
