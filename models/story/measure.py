#!/usr/bin/env python3
"""Measures the networks on the shipped pictures and writes figures.json. Needs onnxruntime, see requirements.txt.

The questions and the rules are the article's: which maps belong to a class (question 1), the sum of a class's maps for
every picture (question 5), and whether maps look at the object or at something else (its riddle).
"""

import json
import math
import pathlib
import re
from collections import Counter

import numpy as np
import onnx
import onnxruntime
from PIL import Image

from export import in_lines

HERE = pathlib.Path(__file__).parent
MODELS = ("story-plain", "story-augmented", "story-adapted")
ADAPTED_FROM = {"story-adapted": "story-augmented"}
CLASSES = ("knife", "gun", "harmless")
LAYER = "relu5"
# The article's 25 are 1 % to 5 % of its layers. 25 of 96 maps would be a quarter of this one: the lists of two classes
# would be almost the same and lose nearly all maps to each other.
MAPS_PER_IMAGE = 10
MAPS_PER_CLASS = 10
SEED = 1
CONFIDENT = 0.9
SAID = 0.5
ROUND = ("basketball", "football", "tennis ball", "beach ball", "apple")


def round_figures(value, digits=4):
    """Rounds all numbers within lists and dictionaries, and makes them Python's own."""
    if isinstance(value, dict):
        return {key: round_figures(entry, digits) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [round_figures(entry, digits) for entry in value]
    if isinstance(value, np.integer):
        return int(value)
    return round(float(value), digits) if isinstance(value, (float, np.floating)) else value


class Network:
    """A network that also gives the maps of its last layer before the averages."""

    def __init__(self, name):
        self.card = json.loads((HERE / f"{name}.json").read_text())
        model = onnx.load(HERE / self.card["file"])
        model.graph.output.append(onnx.helper.make_tensor_value_info(LAYER, onnx.TensorProto.FLOAT, None))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])

    def run(self, pixels):
        values = pixels.astype(np.float32) * np.float32(self.card["recipe"]["scale"])
        probabilities, maps = self.session.run(None, {"image": values.transpose(2, 0, 1)[None]})
        return probabilities[0], maps[0]

    def said(self, probabilities):
        """The class that the network names, None where no sigmoid reaches one half."""
        best = int(np.argmax(probabilities))
        is_silent = self.card["output"] == "sigmoid" and probabilities[best] < SAID
        return None if is_silent else self.card["labels"][best]


def ranked(maps):
    """The maps by descending mean, of equal ones the lower first; dead maps are left out."""
    means = maps.mean((1, 2), dtype=np.float64)
    is_alive = maps.max((1, 2)) > maps.min((1, 2))
    return [int(index) for index in np.argsort(-means, kind="stable") if is_alive[index]]


def class_maps(images_by_class):
    """Question 1: the most frequent maps of each class, without those that another class has too."""
    frequent = {}
    for group, images in images_by_class.items():
        counts = Counter(index for maps in images for index in ranked(maps)[:MAPS_PER_IMAGE])
        frequent[group] = sorted(counts, key=lambda index: (-counts[index], index))[:MAPS_PER_CLASS]

    def is_shared(group, index):
        return any(index in maps for other, maps in frequent.items() if other != group)

    return {group: [index for index in maps if not is_shared(group, index)] for group, maps in frequent.items()}


def rank_statistic(positive, negative):
    """The chance that a value of the first kind is above one of the second (area under the curve); ties count half."""
    positive, negative = np.array(positive)[:, None], np.array(negative)[None, :]
    return float(((positive > negative) + 0.5 * (positive == negative)).mean())


def best_threshold(sums, is_of_class):
    """The sum from which on to raise the alarm, as www/statistics/roc.js chooses it: the one with the largest difference of
    recall and false alarms, of equal ones the highest; infinite, which is no alarm at all, where none is better than that."""
    sums, is_of_class = np.array(sums), np.array(is_of_class)
    positives, negatives = int(is_of_class.sum()), int((~is_of_class).sum())

    def gain(threshold):
        # Times both numbers of pictures it is whole, so that equal ones are equal to the last bit.
        alarm = sums >= threshold
        return int(alarm[is_of_class].sum()) * negatives - int(alarm[~is_of_class].sum()) * positives

    # Of several with the largest gain max takes the first.
    return max([math.inf, *sorted(set(sums.tolist()), reverse=True)], key=gain)


def natural(entry):
    """Where a picture stands in its class on the page: by the name that www/classes/story-pictures.js gives it, as people count."""
    name = f"{entry['object']}, {entry['behind']} ({entry['file'].split('/')[-1]})"
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def choosing(entries):
    """The files that choose the threshold; the others are scored. It is the page's own split with the seed 1: that of
    www/statistics/split.js, with the shuffle of simple-statistics and the lower 24 bits of the Mersenne Twister."""
    stream = np.random.RandomState(SEED)
    chosen = set()
    for group in CLASSES:
        ordered = sorted((entry for entry in entries if entry["class"] == group), key=natural)
        chooses = [place < -(-len(ordered) // 2) for place in range(len(ordered))]
        for length in range(len(ordered), 0, -1):
            drawn = int((int(stream.randint(0, 2**32, dtype=np.uint32)) & 0xFFFFFF) * 2.0**-24 * length)
            chooses[length - 1], chooses[drawn] = chooses[drawn], chooses[length - 1]
        chosen |= {entry["file"] for entry, does in zip(ordered, chooses) if does}
    return chosen


def detector(sums, is_of_class, chooses):
    """Alarm when the sum passes a threshold, chosen on one half of each class's pictures and scored on the other."""
    sums, is_of_class, chooses = np.array(sums), np.array(is_of_class), np.array(chooses)
    threshold = best_threshold(sums[chooses], is_of_class[chooses])
    alarm, truth = sums[~chooses] >= threshold, is_of_class[~chooses]
    # JSON has no infinite number: null is no alarm.
    return {"threshold": None if math.isinf(threshold) else threshold, "recall": alarm[truth].mean(),
            "falseAlarms": alarm[~truth].mean()}


def outside_share(maps, chosen, mask):
    """Which share of the chosen maps' positive activation lies outside the object. None without any activation."""
    height, width = maps.shape[1:]
    by_area = mask.reshape(height, mask.shape[0] // height, width, mask.shape[1] // width).mean((1, 3))
    positive = np.clip(maps[chosen], 0, None).sum(0, dtype=np.float64)
    return None if positive.sum() == 0 else float((positive * (1 - by_area)).sum() / positive.sum())


def mean(values):
    values = [value for value in values if value is not None]
    return float(np.mean(values)) if values else None


def measure(name, listed, source=None):
    network = Network(name)
    labels = network.card["labels"]
    seen = []
    for entry in listed:
        pixels = np.asarray(Image.open(HERE / entry["file"]).convert("RGB"))
        mask = np.asarray(Image.open(HERE / entry["mask"])).astype(float)
        probabilities, maps = network.run(pixels)
        seen.append({**entry, "pixels": pixels, "area": mask, "probabilities": probabilities, "maps": maps,
                     "said": network.said(probabilities)})

    def of(style, group=None):
        return [item for item in seen if item["style"] == style and group in (None, item["class"])]

    columns = [*labels, *(["none"] if network.card["output"] == "sigmoid" else [])]
    result = {"name": name, "output": network.card["output"], "said": columns, "confusion": {}, "recall": {}}
    for style in ("photo", "xray"):
        counts = {group: Counter(item["said"] or "none" for item in of(style, group)) for group in CLASSES}
        result["confusion"][style] = {group: [counts[group][column] for column in columns] for group in CLASSES}
        result["recall"][style] = {group: counts[group][group] / len(of(style, group)) for group in labels}

    def question_five(maps):
        """For every picture the sums of the given maps of each class, and how well they tell the class from the rest."""
        entry = {"maps": maps, "sums": {}, "auc": {}, "detector": {}}
        for style in ("photo", "xray"):
            items = of(style)
            choosers = choosing(items)
            for store in ("sums", "auc", "detector"):
                entry[store][style] = {}
            for group, chosen in maps.items():
                sums = [float(item["maps"][chosen].mean((1, 2), dtype=np.float64).sum()) for item in items]
                is_of_class = [item["class"] == group for item in items]
                entry["sums"][style][group] = sums
                entry["auc"][style][group] = rank_statistic(
                    [value for value, belongs in zip(sums, is_of_class) if belongs],
                    [value for value, belongs in zip(sums, is_of_class) if not belongs])
                entry["detector"][style][group] = detector(
                    sums, is_of_class, [item["file"] in choosers for item in items])
        return entry

    # The maps of the classes that the network was taught, and of all three, which can be compared between the networks.
    for key, groups in (("taughtClasses", labels), ("threeClasses", CLASSES)):
        found = class_maps({group: [item["maps"] for item in of("photo", group)] for group in groups})
        result[key] = question_five(found)
    if source is not None:
        # An adapted encoder is made for the target alone. The source pictures belong to the one it was adapted from, and
        # both share their maps one by one.
        result["mapsOfSource"] = {"source": source["name"], **question_five(source["threeClasses"]["maps"])}
    knife_maps = result["taughtClasses"]["maps"]["knife"]

    def outside(items, knife_maps=knife_maps):
        return {"knifeMaps": mean(outside_share(item["maps"], knife_maps, item["area"]) for item in items),
                "allMaps": mean(outside_share(item["maps"], slice(None), item["area"]) for item in items),
                "area": mean(float(1 - item["area"].mean()) for item in items)}

    result["outsideTheObject"] = {style: {group: outside(of(style, group)) for group in CLASSES}
                                  for style in ("photo", "xray")}
    by_background = {}
    for background in ("plain", "gradient", "textured"):
        by_background[background] = outside([item for item in of("photo", "knife") if item["background"] == background])
    result["outsideTheObject"]["photo knife by background"] = by_background

    dangerous = [labels.index("knife"), labels.index("gun")]

    def called_dangerous(items):
        called = [item for item in items if item["said"] in ("knife", "gun")]
        return {
            "pictures": len(items),
            "calledKnife": sum(item["said"] == "knife" for item in called),
            "calledGun": sum(item["said"] == "gun" for item in called),
            "either": len(called),
            "confident": sum(max(item["probabilities"][dangerous]) >= CONFIDENT for item in called),
        }

    result["harmlessCalledDangerous"] = {
        "round, riddle": called_dangerous([item for item in of("riddle") if item["round"]]),
        "round, photo": called_dangerous([item for item in of("photo", "harmless") if item["object"] in ROUND]),
        "round, xray": called_dangerous([item for item in of("xray", "harmless") if item["object"] in ROUND]),
        "all harmless, photo": called_dangerous(of("photo", "harmless")),
        "all harmless, xray": called_dangerous(of("xray", "harmless")),
        "no class, riddle": called_dangerous(of("riddle", "no class")),
    }
    # As the walk on the page shows it: with the knife maps that are left when all three classes have maps.
    result["riddleOutside"] = {
        key: outside([item for item in of("riddle") if (item["class"] == "knife") == is_knife], result["threeClasses"]["maps"]["knife"])
        for key, is_knife in (("knives", True), ("others", False))}
    result["riddle"] = []
    for item in of("riddle"):
        order = ranked(item["maps"])
        ranks = sorted(order.index(index) + 1 for index in knife_maps if index in order)
        result["riddle"].append({
            "file": item["file"],
            "said": item["said"],
            "probabilities": [float(value) for value in item["probabilities"]],
            "ranksOfKnifeMaps": ranks,
            "outside": outside([item]),
            "knifeSum": float(item["maps"][knife_maps].mean((1, 2), dtype=np.float64).sum()),
        })
    return result


def main():
    listed = json.loads((HERE / "pictures.json").read_text())
    models = {}
    for name in MODELS:
        models[name] = round_figures(measure(name, listed, models.get(ADAPTED_FROM.get(name))))
    figures = {
        "layer": LAYER,
        "mapsPerImage": MAPS_PER_IMAGE,
        "mapsPerClass": MAPS_PER_CLASS,
        "seed": SEED,
        "confident": CONFIDENT,
        "versions": {"numpy": np.__version__, "onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
        "models": models,
    }
    (HERE / "figures.json").write_text(in_lines(figures))


if __name__ == "__main__":
    main()
