#!/usr/bin/env python3
"""Records what switching maps off does to a network's answer: recorded.json.

onnxruntime runs SqueezeNet up to a layer and from there to the scores, as two models; between them the maps that fire most
are set to zero, or to their mean. Needs what ../goldens/requirements.txt names.
"""

import json
import pathlib
import sys
import tempfile

import numpy as np
import onnx
import onnx.utils
import onnxruntime
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "goldens"))

import recipe  # noqa: E402
import runner  # noqa: E402

MODEL = "squeezenet1.1"
LAYER = "fire9/concat"
PHOTO = "coffee-227.png"
MAPS = 5


def run(path, inputs):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, inputs)[0]


def main():
    card, path = runner.load_card(MODEL)
    whole = onnx.load(path)
    name, scores = whole.graph.input[0].name, whole.graph.output[0].name
    picture = Image.open(runner.GOLDENS / "inputs" / PHOTO).convert("RGB")
    tensor = recipe.apply(picture, card["recipe"])
    with tempfile.TemporaryDirectory() as folder:
        until, rest = (str(pathlib.Path(folder) / file) for file in ("until.onnx", "rest.onnx"))
        onnx.utils.extract_model(str(path), until, [name], [LAYER])
        onnx.utils.extract_model(str(path), rest, [LAYER], [scores])
        maps = run(until, {name: tensor})
        means = maps[0].mean(axis=(1, 2), dtype=np.float64)
        strongest = np.argsort(-means, kind="stable")[:MAPS]
        found = {"versions": runner.versions(), "model": MODEL, "layer": LAYER, "photo": PHOTO, "maps": strongest.tolist()}
        for title, level in {"before": None, "zero": 0.0, "mean": means}.items():
            changed = maps.copy()
            for number in strongest:
                if level is not None:
                    changed[0, number] = level if np.isscalar(level) else level[number]
            found[title] = [round(float(value), 7) for value in run(rest, {LAYER: changed}).reshape(-1)]
    (HERE / "recorded.json").write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
