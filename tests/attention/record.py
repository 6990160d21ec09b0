#!/usr/bin/env python3
"""Records what tokens attend to, row by row, as onnxruntime computes it: `rows.json` beside this script.

Networks with a class token (with other tokens and without) and those without one, from `tests/cases` and `tests/networks`. Of each attention over all of a
network's patches, and of each head: the row of the class token (`null`) and the rows of some patches, of which the part that falls on the patches is
kept, row by row of the picture.

    python tests/attention/record.py
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
sys.path.insert(0, str(TESTS / "networks"))

import record  # noqa: E402

# Where the network is, the attention values, rows and columns of the patches, how many tokens come before them, and how many of these are class tokens.
NETWORKS = {
    "NV-class-token": ("cases", ["softmax1", "softmax2", "softmax3"], [6, 6], 1),
    "NV-registers": ("cases", ["softmax1", "softmax2"], [6, 6], 4),
    "small-vit": ("networks", ["softmax", "softmax_1"], [4, 4], 1),
    "small-detr": ("networks", ["/transformer/encoder/layers.0/self_attn/Softmax_output_0"], [4, 4], 0),
}


def cells(rows, columns):
    """The corners, the middle and one elsewhere."""
    return [[0, 0], [rows - 1, columns - 1], [rows // 2, columns // 2], [0, columns - 1], [rows - 2, 1]]


def given(name, folder):
    """The network's file, and what it is given."""
    if folder == "networks":
        return TESTS / folder / f"{name}.onnx", record.as_input(record.picture(64, 64))
    case = json.loads((TESTS / folder / name / "case.json").read_text())["recipe"]
    pixels = np.asarray(Image.open(TESTS / folder / name / "image.png").convert("RGB"), np.float32)
    values = (pixels * np.float32(case["scale"]) - np.float32(case["mean"])) / np.float32(case["std"])
    return TESTS / folder / name / "model.onnx", values.astype(np.float32).transpose(2, 0, 1)[None].copy()


recorded = {}
for name, (folder, values, [rows, columns], before) in NETWORKS.items():
    path, tensor = given(name, folder)
    found = record.run(path, tensor)
    recorded[name] = {"grid": [rows, columns], "values": {}}
    for value in values:
        attention = found[value][0]
        assert attention.shape[1:] == (before + rows * columns,) * 2, (name, value, attention.shape)
        part = lambda token: [[record.number(x) for x in head[token, before:]] for head in attention]
        kept = [{"cell": cell, "heads": part(before + cell[0] * columns + cell[1])} for cell in cells(rows, columns)]
        if before:
            kept.append({"cell": None, "heads": part(0)})
        recorded[name]["values"][value] = kept
versions = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__, "numpy": np.__version__}
(HERE / "rows.json").write_text(json.dumps({"made_with": versions, "networks": recorded}, separators=(",", ":")) + "\n")
