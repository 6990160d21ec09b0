#!/usr/bin/env python3
"""Makes the ONNX files and the cards of the story: export.py --work DIR [--out DIR]. Needs onnx, see requirements.txt.

Reads the weights that train.py wrote. It is a step of its own because the files are written node by node, with plain
names, by the same builder as the other models; PyTorch is not needed for it.
"""

import argparse
import hashlib
import json
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "scripts"))

from onnx_graph import OnnxGraph  # noqa: E402

SIDE = 96
POOLED = 3
CLASSES = ["knife", "gun", "harmless"]
MODELS = {
    "story-plain": ("Knife or gun, taught on photos", CLASSES[:2], "softmax"),
    "story-augmented": ("Knife, gun, harmless, taught on photos in random styles", CLASSES, "sigmoid"),
    "story-adapted": ("Knife, gun, harmless, adapted to x-rays", CLASSES, "sigmoid"),
}


def write_onnx(name, weights, output, path):
    graph = OnnxGraph(name, producer="featurescope-story")
    value = "image"
    convolutions = sum(key.startswith("conv") and key.endswith("_weight") for key in weights)
    for number in range(1, convolutions + 1):
        conv = f"conv{number}"
        inputs = [value, *(graph.constant(f"{conv}_{part}", weights[f"{conv}_{part}"]) for part in ("weight", "bias"))]
        graph.node("Conv", inputs, conv, kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1])
        value = graph.node("Relu", [conv], f"relu{number}")
        if number <= POOLED:
            value = graph.node("MaxPool", [value], f"pool{number}", kernel_shape=[2, 2], strides=[2, 2])
    graph.node("GlobalAveragePool", [value], "global_pool")
    graph.node("Flatten", ["global_pool"], "features", axis=1)
    head = [graph.constant(f"head_{part}", weights[f"head_{part}"]) for part in ("weight", "bias")]
    graph.node("Gemm", ["features", *head], "logits", transB=1)
    if output == "softmax":
        graph.node("Softmax", ["logits"], "probabilities", axis=1)
    else:
        graph.node("Sigmoid", ["logits"], "probabilities")
    graph.save(str(path), "image", [1, 3, SIDE, SIDE], "probabilities", len(weights["head_bias"]), strict_shapes=True)


def card(name, title, labels, output, path):
    content = path.read_bytes()
    return {
        "name": name,
        "file": path.name,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "title": title,
        "recipe": {
            "size": SIDE,
            "resize": "squash",
            "channels": "rgb",
            # One by 255, so that pixels go from 0 to 1.
            "scale": 1 / 255,
            "mean": [0, 0, 0],
            "std": [1, 1, 1],
            "layout": "nchw",
        },
        "labels": labels,
        "defaultLayer": "relu5",
        "output": output,
        "licence": "CC0-1.0",
        "source": "Trained by models/story/train.py on pictures drawn by models/story/generate.py, free of rights",
    }


def in_lines(content):
    """JSON with one field a line and each list on its line, as the other cards are written."""

    def text(value, indent):
        if not isinstance(value, dict):
            return json.dumps(value)
        inner = ",\n".join(f'{indent}  "{key}": {text(entry, indent + "  ")}' for key, entry in value.items())
        return f"{{\n{inner}\n{indent}}}"

    return text(content, "") + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    arguments = parser.parse_args()
    for name, (title, labels, output) in MODELS.items():
        path = arguments.out / f"{name}.onnx"
        with np.load(arguments.work / f"{name}.npz") as stored:
            write_onnx(name, dict(stored), output, path)
        (arguments.out / f"{name}.json").write_text(in_lines(card(name, title, labels, output, path)))
        print(name, path.stat().st_size)


if __name__ == "__main__":
    main()
