#!/usr/bin/env python3
"""Records Grad-CAM as pytorch-grad-cam computes it, with PyTorch in float64: recorded.json and recorded.bin.

Needs what ../gradients/record.py needs, and Pillow. The formula is written anew from `base_cam.py` and `scale_cam_image`: a map's
weight is the mean over its cells of the derivative of the class's score before Softmax; the cells are max(0, Σ weight · map);
they are scaled (minus the smallest, divided by 1e-7 + the largest), enlarged bilinearly to the input's size, and scaled again.

A picture is taken only where nothing hangs on a last bit: where no value that an activation after the layer reads lies within NEAR of
its kinks and would, on the other side, change a weight by more than CHANGE of the largest. (coffee-224 is not: at channel 353, row 0,
column 0 `block14_dw_relu6` of EfficientNet-Lite0 reads 4.2e-7, and as a negative value it would change the weights of `block7_add` by
2.0e-3 of the largest. So it does on the GPU, and not on the CPU.)

A case holds the byte offsets of f32 numbers in recorded.bin: `weights` (one per map), `cells` (row by row) and `pixels`, which are
1,024 of the enlarged ones, each `step` after the other. `score` is the class's.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.append(str(HERE.parent / "gradients"))

import onnx_torch  # noqa: E402

PIXELS = 1024
NEAR = 2e-6
CHANGE = 1e-4
# File, picture, the value before Softmax, whether the channels are blue, green, red, (pixel - mean) * scale, and the layers: a
# middle one, the last, and one that a path leads around.
NETWORKS = [
    ("squeezenet1.1.onnx", "chelsea-227", "logits", True, [104.006, 116.669, 122.679], 1.0,
     ["fire5/concat", "fire9/concat"]),
    ("fetched/efficientnet-lite0.onnx", "chelsea-224", "logits", False, 127.0, 1 / 128,
     ["block9_add", "head_relu6", "block14_project"]),
]
# The classes with the largest score and with the hundredth.
PLACES = [0, 99]


def scaled(values):
    values = values - values.min()
    return values / (1e-7 + values.max())


def weights_of(model, given, scores, layer, number, flipped=None):
    """The weights, and the places that activations read so near to a kink: (value's name, place). The slope at the place
    `flipped` is that on the other side."""
    maps = given[layer].clone().requires_grad_(True)
    values = {**given, layer: maps}
    for tensor in model.graph.initializer:
        array = torch.from_numpy(onnx.numpy_helper.to_array(tensor).copy())
        values[tensor.name] = array.double() if array.is_floating_point() else array
    near, names = [], [node.output[0] for node in model.graph.node]
    for node in model.graph.node:
        name = node.output[0]
        if scores in values:
            break
        if name in values:
            continue
        args = [values[one] if one else None for one in node.input]
        result = onnx_torch.compute(node, args, False)
        # What comes before the layer has no part in the gradient.
        if node.op_type in ("Relu", "Clip") and names.index(name) > names.index(layer):
            read, kinks = args[0], [0.0] if node.op_type == "Relu" else [float(bound) for bound in args[1:]]
            for kink in kinks:
                near += [(name, tuple(place)) for place in ((read - kink).abs() < NEAR).nonzero().tolist()]
            if flipped is not None and flipped[0] == name:
                passes = (result == read).double()
                passes[flipped[1]] = 1 - passes[flipped[1]]
                result = read * passes + (result - read * passes).detach()
        values[name] = result
    values[scores].flatten()[number].backward()
    return maps.grad[0].mean((1, 2)), near


def hangs_on_a_last_bit(model, given, scores, layer, number):
    weights, near = weights_of(model, given, scores, layer, number)
    for place in near:
        other, _ = weights_of(model, given, scores, layer, number, place)
        if (other - weights).abs().max() > CHANGE * weights.abs().max():
            return True
    return False


def cam(model, seen, scores, layer, place):
    source = model.graph.input[0].name
    [maps] = onnx_torch.run(model, {source: seen}, [layer])
    maps = maps.detach().requires_grad_(True)
    [values] = onnx_torch.run(model, {source: seen, layer: maps}, [scores])
    number = int(values.flatten().argsort(descending=True)[place])
    if hangs_on_a_last_bit(model, {source: seen, layer: maps.detach()}, scores, layer, number):
        raise SystemExit(f"{layer}, class {number}: another picture is needed, see above")
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
