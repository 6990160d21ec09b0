#!/usr/bin/env python3
"""Records what switching maps off does to a network's answer: recorded.json.

onnxruntime runs each of the networks up to a layer and from there to the scores, as two models; between them the maps that fire most
are set to zero, or to their mean. The layer of EfficientNet-Lite0 lies in the middle, inside a residual block, so that a path leads
around it. Needs what ../goldens/requirements.txt names.
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

# Network, layer, photo, and how many maps.
CASES = [
    ("squeezenet1.1", "fire9/concat", "coffee-227.png", 5),
    ("efficientnet-lite0", "block9_expand_relu6", "coffee-224.png", 60),
]


def run(path, inputs):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, inputs)[0]


def record(network, layer, photo, count):
    card, path = runner.load_card(network)
    whole = onnx.load(path)
    name, scores = whole.graph.input[0].name, whole.graph.output[0].name
    picture = Image.open(runner.GOLDENS / "inputs" / photo).convert("RGB")
    tensor = recipe.apply(picture, card["recipe"])
    with tempfile.TemporaryDirectory() as folder:
        until, rest = (str(pathlib.Path(folder) / file) for file in ("until.onnx", "rest.onnx"))
        onnx.utils.extract_model(str(path), until, [name], [layer])
        onnx.utils.extract_model(str(path), rest, [layer, name], [scores])
        session = onnxruntime.InferenceSession(rest, providers=["CPUExecutionProvider"])
        taken = {one.name for one in session.get_inputs()}
        maps = run(until, {name: tensor})
        means = maps[0].mean(axis=(1, 2), dtype=np.float64)
        strongest = np.argsort(-means, kind="stable")[:count]
        found = {"model": network, "layer": layer, "photo": photo, "maps": strongest.tolist()}
        for title, level in {"before": None, "zero": 0.0, "mean": means}.items():
            changed = maps.copy()
            for number in strongest:
                if level is not None:
                    changed[0, number] = level if np.isscalar(level) else level[number]
            given = {key: value for key, value in {layer: changed, name: tensor}.items() if key in taken}
            found[title] = [round(float(value), 7) for value in session.run(None, given)[0].reshape(-1)]
        print(network, layer, sorted(taken), {title: (int(np.argmax(found[title])), max(found[title])) for title in ("before", "zero", "mean")})
    return found


def main():
    cases = [record(*case) for case in CASES]
    (HERE / "recorded.json").write_text(json.dumps({"versions": runner.versions(), "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
