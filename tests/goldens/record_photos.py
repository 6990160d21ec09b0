#!/usr/bin/env python3
"""Records what onnxruntime says about the bundled photos: photos.json.

`predictions`: for both ImageNet models, each photo and both ways of resizing, the top 5, and the 25 strongest maps of
the default layer with their means. `guess`: for both models and each common recipe, the summed probability of the
photos' labels over the photos that have labels, which is what the guess of a recipe compares. Photos are decoded by PIL
from the files that the page ships. Run as record.py.
"""

import json

import numpy as np
import onnx
from PIL import Image

import recipe
import runner

MODELS = ["squeezenet1.1", "efficientnet-lite0"]
MAPS = 25
# The common recipes, in the terms of a card.
COMMON_RECIPES = {
    "torchvision": {
        "channels": "rgb",
        "scale": 1 / 255,
        "mean": [0.485, 0.456, 0.406],
        "std": [0.229, 0.224, 0.225],
    },
    "keras-caffe": {"channels": "bgr", "scale": 1, "mean": [103.939, 116.779, 123.68], "std": [1, 1, 1]},
    "keras-tf": {"channels": "rgb", "scale": 1 / 127.5, "mean": [1, 1, 1], "std": [1, 1, 1]},
    "zero-one": {"channels": "rgb", "scale": 1 / 255, "mean": [0, 0, 0], "std": [1, 1, 1]},
    "raw": {"channels": "rgb", "scale": 1, "mean": [0, 0, 0], "std": [1, 1, 1]},
}


def main():
    photos = json.loads((runner.PHOTOS / "photos.json").read_text())
    pictures = {photo["file"]: Image.open(runner.PHOTOS / photo["file"]).convert("RGB") for photo in photos}
    predictions, guess = [], []
    for name in MODELS:
        card, path = runner.load_card(name)
        labels = runner.labels_of(card)
        model = onnx.load(path)
        output_name = model.graph.output[0].name
        model.graph.output.append(onnx.ValueInfoProto(name=card["defaultLayer"]))
        session = runner.session(model.SerializeToString())
        input_name = session.get_inputs()[0].name

        def run(photo, used_recipe):
            tensor = recipe.apply(pictures[photo["file"]], used_recipe)
            output, maps = session.run([output_name, card["defaultLayer"]], {input_name: tensor})
            return output[0], maps[0]

        for photo in photos:
            for resize in ("crop", "squash"):
                output, maps = run(photo, {**card["recipe"], "resize": resize})
                means = maps.reshape(len(maps), -1).mean(axis=1, dtype=np.float64)
                order = np.argsort(-means, kind="stable")[:MAPS]
                predictions.append(
                    {
                        "model": name,
                        "photo": photo["file"],
                        "resize": resize,
                        "top5": runner.top(output, labels),
                        "maps": [{"map": int(index), "mean": round(float(means[index]), 5)} for index in order],
                    }
                )
        for recipe_name, common in COMMON_RECIPES.items():
            for resize in ("crop", "squash"):
                used_recipe = {**common, "size": card["recipe"]["size"], "resize": resize}
                total = sum(float(run(photo, used_recipe)[0][photo["label"]].sum()) for photo in photos if photo["label"])
                guess.append({"model": name, "recipe": recipe_name, "resize": resize, "sum": round(total, 5)})
                print(guess[-1])
    runner.write_json(
        runner.GOLDENS / "photos.json",
        {"versions": runner.versions(), "guess": guess, "predictions": predictions},
        lists_by_line=("guess", "predictions"),
    )


if __name__ == "__main__":
    main()
