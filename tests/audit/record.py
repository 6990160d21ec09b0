#!/usr/bin/env python3
"""Records what the five questions give for real photos and for the story: recorded.json.

Written anew from the rules, with onnxruntime, numpy and Pillow alone; nothing of the product is read but the models with their
cards and the pictures. Each network runs up to its layer and from there to its result, as two models of onnxruntime:

- Question 1: of every picture the PER_IMAGE maps with the largest mean (equal means: the lower map first; a map that is equal
  everywhere is dead and has no place), of every class the PER_CLASS most frequent of them (equal counts: the lower map first), and
  from each list every map that stands in another class's list too.
- Question 3: the strongest maps of a picture, in order. Grad-CAM: a map's weight is the mean over its cells of the derivative of the
  class's logit, the cells are max(0, Σ weight · map). Both heads can be differentiated by hand: SqueezeNet's is a 1 × 1 convolution, Relu and
  the mean over all places, the story's the mean and one layer of weights.
- Question 4: the confusion matrix.
- Question 5: for every picture the sum of the means of a class's maps.
- Switched off: the rest of the network with the maps of a class set to zero, or to their mean.

The 24 photos (8 of each class, see photos/credits.json) are public domain or CC0. Needs what ../goldens/requirements.txt names.
"""

import collections
import json
import pathlib
import sys
import tempfile

import numpy as np
import onnx
import onnx.numpy_helper
import onnx.utils
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "goldens"))

import recipe  # noqa: E402
import runner  # noqa: E402

STORY = runner.ROOT / "models" / "story"
# The numbers of ImageNet's classes that are fish, buildings one visits, and tools that a hand holds.
IMAGENET = {
    "fish": [*range(0, 7), *range(389, 398)],
    "monument": [425, 483, 497, 500, 538, 663, 668, 682, 698, 821, 832, 839, 873],
    "tool": [477, 481, 587, 596, 626, 726, 740, 783, 784, 792, 845],
}
STORY_CLASSES = ["knife", "gun", "harmless"]


class Network:
    """A network in two halves."""

    def __init__(self, path, card):
        whole = onnx.load(path)
        self.card, self.layer = card, card["defaultLayer"]
        source, scores = whole.graph.input[0].name, whole.graph.output[0].name
        self.constants = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in whole.graph.initializer}
        with tempfile.TemporaryDirectory() as folder:
            halves = [str(pathlib.Path(folder) / file) for file in ("until.onnx", "rest.onnx")]
            onnx.utils.extract_model(str(path), halves[0], [source], [self.layer])
            onnx.utils.extract_model(str(path), halves[1], [self.layer], [scores])
            self.until, self.rest = (runner.session(pathlib.Path(half).read_bytes()) for half in halves)

    def maps(self, picture):
        tensor = recipe.apply(picture, self.card["recipe"])
        return self.until.run(None, {self.until.get_inputs()[0].name: tensor})[0]

    def probabilities(self, maps):
        return self.rest.run(None, {self.layer: maps})[0].ravel()

    def slopes(self, maps, number):
        """The derivative of a class's logit by every value of the maps."""
        _, _, height, width = maps.shape
        if "head_weight" in self.constants:
            weights = self.constants["head_weight"].astype(np.float64)
            weights = weights[number] if weights.shape[0] < weights.shape[1] else weights[:, number]
            return np.broadcast_to(weights[:, None, None] / (height * width), maps.shape[1:])
        weights, bias = (self.constants[name].astype(np.float64) for name in ("conv10_w", "conv10_b"))
        weights = weights[number, :, 0, 0]
        read = np.tensordot(weights, maps[0].astype(np.float64), 1) + bias[number]
        return weights[:, None, None] * (read > 0) / (height * width)

    def cam(self, maps, number):
        weights = self.slopes(maps, number).mean(axis=(1, 2))
        return weights, np.maximum(np.tensordot(weights, maps[0].astype(np.float64), 1), 0)


def means_of(maps):
    planes = maps[0].reshape(maps.shape[1], -1)
    means = planes.mean(axis=1, dtype=np.float64)
    return means, planes.min(axis=1) == planes.max(axis=1)


def strongest(seen, count):
    means, dead = seen
    return [int(number) for number in np.argsort(-means, kind="stable") if not dead[number]][:count]


def class_maps(seen, per_image, per_class):
    lists = {}
    for name, pictures in seen.items():
        counts = collections.Counter(number for picture in pictures for number in strongest(picture, per_image))
        lists[name] = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:per_class]
    found = []
    for name, entries in lists.items():
        also = {number: [other for other in lists if other != name and number in dict(lists[other])] for number, _ in entries}
        found.append({
            "name": name,
            "maps": [{"map": number, "count": count} for number, count in entries if not also[number]],
            "removed": [{"map": number, "count": count, "alsoIn": also[number]} for number, count in entries if also[number]],
        })
    return found


def confusion(said, ties, sigmoid):
    columns = list(said)
    counts = [[0] * (len(columns) + 1) for _ in columns]
    for row, name in enumerate(columns):
        for probabilities in said[name]:
            number = int(probabilities.argmax())
            # Where each class has a probability of its own, none of them is said below one half.
            silent = sigmoid and probabilities[number] < 0.5
            place = next((place for place, column in enumerate(columns) if not silent and number in ties[column]), len(columns))
            counts[row][place] += 1
    return {"labels": [*columns, "other"], "counts": counts}


def floats(values):
    """With nine digits a float32 is told from its neighbours."""
    return [float(f"{value:.9g}") for value in np.ravel(values)]


def audit(network, sets, per_image, per_class, ties, chosen):
    """`sets`: the source and the target, each {class: {file: picture}}; `chosen`: which of the pictures have Grad-CAM and maps
    switched off, [set, class, place]."""
    maps = [{name: [network.maps(picture) for picture in files.values()] for name, files in one.items()} for one in sets]
    seen = [{name: [means_of(value) for value in values] for name, values in one.items()} for one in maps]
    said = [{name: [network.probabilities(value) for value in values] for name, values in one.items()} for one in maps]
    found = class_maps(seen[0], per_image, per_class)
    sigmoid = network.card["output"] == "sigmoid"
    sums = {
        entry["name"]: {
            name: floats([sum(means[one["map"]] for one in entry["maps"] if not dead[one["map"]]) for means, dead in pictures])
            for name, pictures in seen[-1].items()
        }
        for entry in found
    }
    looks = []
    for place, name, number in chosen:
        value, probabilities = maps[place][name][number], said[place][name][number]
        means, _ = seen[place][name][number]
        index = int(probabilities.argmax())
        weights, cells = network.cam(value, index)
        off = next(entry for entry in found if entry["name"] == name)["maps"] or found[0]["maps"]
        off = [entry["map"] for entry in off]
        after = {}
        for title in ("zero", "mean"):
            changed = value.copy()
            for one in off:
                changed[0, one] = 0 if title == "zero" else means[one]
            after[title] = floats(network.probabilities(changed))
        looks.append({
            "file": list(sets[place][name])[number], "top": strongest((means, seen[place][name][number][1]), per_image),
            "means": floats(means), "class": index, "probabilities": floats(probabilities),
            "weights": floats(weights), "cells": floats(cells), "off": off, "after": after,
        })
    return {
        "layer": network.layer, "perImage": per_image, "perClass": per_class, "ties": ties,
        "sets": [{name: list(files) for name, files in one.items()} for one in sets],
        "classMaps": found, "sums": sums, "confusion": [confusion(one, ties, sigmoid) for one in said], "looks": looks,
    }


def load(folder, files):
    return {file: Image.open(folder / file).convert("RGB") for file in files}


def main():
    photos = HERE / "photos"
    listed = [entry["file"] for entry in json.loads((photos / "credits.json").read_text())]
    classes = {name: load(photos, [file for file in listed if file.startswith(f"{name}/")]) for name in IMAGENET}
    card, path = runner.load_card("squeezenet1.1")
    chosen = [(0, name, place) for name in classes for place in (0, 3, 6)]
    found = {"squeezenet1.1": audit(Network(path, card), [classes], 25, 25, IMAGENET, chosen)}

    pictures = json.loads((STORY / "pictures.json").read_text())
    pictures = pictures if isinstance(pictures, list) else pictures["pictures"]
    sets = [
        {name: load(STORY, [one["file"] for one in pictures if (one["style"], one["class"]) == (style, name)]) for name in STORY_CLASSES}
        for style in ("photo", "xray")
    ]
    for name in ("story-plain", "story-augmented", "story-adapted"):
        card = json.loads((STORY / f"{name}.json").read_text())
        ties = {label: [card["labels"].index(label)] if label in card["labels"] else [] for label in STORY_CLASSES}
        chosen = [(place, label, number) for place in (0, 1) for label in STORY_CLASSES for number in (0, 17)]
        found[name] = audit(Network(STORY / card["file"], card), sets, 10, 10, ties, chosen)

    runner.write_json(HERE / "recorded.json", {"versions": runner.versions(), **found})
    for name, one in found.items():
        print(name, [(entry["name"], len(entry["maps"]), len(entry["removed"])) for entry in one["classMaps"]], one["confusion"])


if __name__ == "__main__":
    main()
