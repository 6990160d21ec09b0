#!/usr/bin/env python3
"""Records what the article's algorithm finds for four small classes: turned.json and photos.json.

The pictures of the first are those of ../goldens/inputs in 227 × 227, mirrored and turned, so that any program makes the same
pixels of them; those of the second are twenty photos that `cargo xtask models` fetches, in four made classes. The algorithm is written here anew, from onnxruntime's maps: for each image the PER_IMAGE maps with
the largest mean, dead ones left out; for each class the PER_CLASS most frequent of them, of equal counts the lower map
first; from every class the maps that another class has too. Needs what ../goldens/requirements.txt names.
"""

import collections
import json
import pathlib
import sys

import numpy as np
import onnx
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "goldens"))

import recipe  # noqa: E402
import runner  # noqa: E402

MODEL = "squeezenet1.1"
PER_IMAGE, PER_CLASS = 25, 25
# Each image: the picture, whether it is mirrored left to right, and how often it is turned by 90° to the left after that.
TURNED = {
    "classes": {
        "cat": [["chelsea-227.png", False, 0], ["chelsea-227.png", True, 0], ["chelsea-227.png", False, 2]],
        "turned cat": [["chelsea-227.png", False, 1], ["chelsea-227.png", False, 3], ["chelsea-227.png", True, 1]],
        "cup": [["coffee-227.png", False, 0], ["coffee-227.png", True, 0], ["coffee-227.png", False, 2]],
        "turned cup": [["coffee-227.png", False, 1], ["coffee-227.png", False, 3], ["coffee-227.png", True, 1]],
    },
    # SqueezeNet's outputs for tabby and Egyptian cat, and for espresso and cup.
    "ties": {"cat": [281, 285], "turned cat": [], "cup": [967, 968], "turned cup": []},
}
FETCHED = runner.ROOT / "models" / "fetched" / "imagenet-photos"
# The number at the end of a photo's name is its class.
PHOTOS = {
    "classes": {
        "animal": ["00_243.png", "14_129.png", "15_99.png", "16_251.png", "17_22.png"],
        "small": ["02_438.png", "03_990.png", "04_949.png", "18_317.png", "19_305.png"],
        "large": ["05_853.png", "06_609.png", "07_609.png", "08_915.png", "13_471.png"],
        "thing": ["01_559.png", "09_455.png", "10_541.png", "11_630.png", "12_741.png"],
    },
    "ties": {
        "animal": [243, 129, 99, 251, 22], "small": [438, 990, 949, 317, 305], "large": [853, 609, 915, 471],
        "thing": [559, 455, 541, 630, 741],
    },
}


def turned(name, mirrored, turns):
    picture = np.asarray(Image.open(runner.GOLDENS / "inputs" / name).convert("RGB"))
    return Image.fromarray(np.rot90(picture[:, ::-1] if mirrored else picture, turns).copy())


def record(case, classes, ties, picture):
    card, path = runner.load_card(MODEL)
    model = onnx.load(path)
    scores = model.graph.output[0].name
    model.graph.output.append(onnx.ValueInfoProto(name=card["defaultLayer"]))
    session = runner.session(model.SerializeToString())
    name = session.get_inputs()[0].name

    means, said = {}, {}
    for class_name, images in classes.items():
        means[class_name], said[class_name] = [], []
        for image in images:
            tensor = recipe.apply(picture(image), card["recipe"])
            output, maps = session.run([scores, card["defaultLayer"]], {name: tensor})
            planes = maps[0].reshape(maps.shape[1], -1)
            mean = planes.mean(axis=1, dtype=np.float64)
            mean[planes.min(axis=1) == planes.max(axis=1)] = -np.inf
            means[class_name].append(mean)
            said[class_name].append(int(output.ravel().argmax()))

    frequent = {}
    for class_name, images in means.items():
        counts = collections.Counter()
        for mean in images:
            order = np.argsort(-mean, kind="stable")[:PER_IMAGE]
            counts.update(int(i) for i in order if np.isfinite(mean[i]))
        frequent[class_name] = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:PER_CLASS]

    class_maps = []
    for class_name, entries in frequent.items():
        also = {i: [o for o in frequent if o != class_name and i in dict(frequent[o])] for i, _ in entries}
        class_maps.append({
            "name": class_name,
            "maps": [{"map": i, "count": n} for i, n in entries if not also[i]],
            "removed": [{"map": i, "count": n, "alsoIn": also[i]} for i, n in entries if also[i]],
        })
    sums = {
        found["name"]: {
            class_name: [float(sum(mean[entry["map"]] for entry in found["maps"] if np.isfinite(mean[entry["map"]]))) for mean in images]
            for class_name, images in means.items()
        }
        for found in class_maps
    }
    columns = list(classes)
    confusion = [[0] * (len(columns) + 1) for _ in columns]
    for row, class_name in enumerate(columns):
        for output in said[class_name]:
            place = next((p for p, tied in enumerate(ties.values()) if output in tied), len(columns))
            confusion[row][place] += 1
    found = {
        "versions": runner.versions(), "model": MODEL, "classes": classes, "ties": ties, "perImage": PER_IMAGE,
        "perClass": PER_CLASS, "classMaps": class_maps, "sums": sums, "confusion": confusion,
    }
    (HERE / f"{case}.json").write_text(json.dumps(found, indent=1) + "\n")


def main():
    record("turned", **TURNED, picture=lambda image: turned(*image))
    record("photos", **PHOTOS, picture=lambda name: Image.open(FETCHED / name).convert("RGB"))


if __name__ == "__main__":
    main()
