#!/usr/bin/env python3
"""Records what onnxruntime computes in the layers of the four models: <model>/<picture>.json and .bin.

Recorded are the outputs of every Conv, BatchNormalization, Add and Concat that are maps, the card's default layer, and
the final output. README.md beside this file describes the format. Run with the packages of requirements.txt:

    models/scripts/build.py --out models/fetched
    tests/goldens/record.py             # the values, from the committed PNGs
    tests/goldens/record.py --inputs    # the PNGs too, from scikit-image's pictures
"""

import sys

import numpy as np
import onnx
from PIL import Image

import recipe
import runner

SEED = 20_200_713
SAMPLES = 1024
RECORDED_OPS = {"Conv", "BatchNormalization", "Add", "Concat"}
# Input PNG → (picture in skimage.data, box to cut out first or None, size, mode).
INPUTS = {
    "chelsea-227": ("chelsea", None, 227, "RGB"),
    "coffee-227": ("coffee", None, 227, "RGB"),
    "chelsea-224": ("chelsea", None, 224, "RGB"),
    "coffee-224": ("coffee", None, 224, "RGB"),
    "chelsea-32": ("chelsea", None, 32, "RGB"),
    "coffee-32": ("coffee", None, 32, "RGB"),
    "astronaut-face-64": ("astronaut", (170, 55, 280, 165), 64, "L"),
    "camera-face-64": ("camera", (150, 50, 290, 190), 64, "L"),
}
PICTURES = {
    "squeezenet1.1": ["chelsea-227", "coffee-227"],
    "efficientnet-lite0": ["chelsea-224", "coffee-224"],
    "fer-mini-xception": ["astronaut-face-64", "camera-face-64"],
    "cifar10-plaincnn": ["chelsea-32", "coffee-32"],
}


class Blob:
    """The .bin file while it is written: runs of 4-byte numbers, little-endian."""

    def __init__(self):
        self.bytes = bytearray()

    def add(self, values, dtype):
        values = np.ascontiguousarray(values, dtype=dtype).ravel()
        offset = len(self.bytes)
        self.bytes += values.tobytes()
        return {"offset": offset, "count": int(values.size)}


def write_inputs():
    from skimage import data

    for name, (source, box, size, mode) in INPUTS.items():
        picture = Image.fromarray(getattr(data, source)()).convert(mode)
        if box:
            picture = picture.crop(box)
        picture.resize((size, size), Image.Resampling.BILINEAR).save(
            runner.GOLDENS / "inputs" / f"{name}.png", optimize=True
        )


def recorded_layers(model, default_layer):
    """(value name, node name, op) of every value to record, in the order of the file."""
    shapes = {
        value.name: [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
        for value in model.graph.value_info
    }
    return [
        (node.output[0], node.name, node.op_type)
        for node in model.graph.node
        if (node.op_type in RECORDED_OPS or node.output[0] == default_layer) and len(shapes[node.output[0]]) == 4
    ]


def record(name):
    card, path = runner.load_card(name)
    labels = runner.labels_of(card)
    # The PNGs already have the size of the input, and a crop would enlarge them first.
    used_recipe = {**card["recipe"], "resize": "squash"}
    model = onnx.load(path)
    layers = recorded_layers(model, card["defaultLayer"])
    output_name = model.graph.output[0].name
    model.graph.output.extend(onnx.ValueInfoProto(name=value) for value, _, _ in layers)
    session = runner.session(model.SerializeToString())
    input_name = session.get_inputs()[0].name

    for picture_name in PICTURES[name]:
        picture = Image.open(runner.GOLDENS / "inputs" / f"{picture_name}.png")
        tensor = recipe.apply(picture, used_recipe)
        output, *maps = session.run([output_name, *(value for value, _, _ in layers)], {input_name: tensor})
        blob, entries = Blob(), []
        for index, ((value, node, op), map_values) in enumerate(zip(layers, maps)):
            _, channels, height, width = map_values.shape
            flat = map_values.ravel()
            # Every layer has its own generator, so that adding a layer changes no other.
            generator = np.random.default_rng([SEED, index])
            indices = np.arange(flat.size)
            if flat.size > SAMPLES:
                indices = np.sort(generator.choice(flat.size, SAMPLES, replace=False))
            planes = map_values[0].reshape(channels, -1)
            entries.append(
                {
                    "id": value,
                    "node": node,
                    "op": op,
                    "channels": channels,
                    "height": height,
                    "width": width,
                    "largest": float(np.abs(flat).max()),
                    "means": blob.add(planes.mean(axis=1, dtype=np.float64), "<f4"),
                    "maxima": blob.add(planes.max(axis=1), "<f4"),
                    "samples": {"indices": blob.add(indices, "<u4"), "values": blob.add(flat[indices], "<f4")},
                }
            )
        manifest = {
            "model": card["file"],
            "sha256": card["sha256"],
            "versions": runner.versions(),
            "input": {
                "png": f"inputs/{picture_name}.png",
                "recipe": used_recipe,
                "name": input_name,
                "shape": list(tensor.shape),
                "first": [float(value) for value in tensor.ravel()[:16]],
                "sum": float(tensor.sum(dtype=np.float64)),
            },
            "defaultLayer": card["defaultLayer"],
            "output": {"name": output_name, "kind": card["output"], "values": blob.add(output, "<f4")},
            "top5": runner.top(output[0], labels),
            "layers": entries,
        }
        folder = runner.GOLDENS / name
        folder.mkdir(exist_ok=True)
        runner.write_json(folder / f"{picture_name}.json", manifest, lists_by_line=("top5", "layers"))
        (folder / f"{picture_name}.bin").write_bytes(blob.bytes)
        best = manifest["top5"][0]
        print(f"{name}, {picture_name}: {len(entries)} layers, {best['label']} {best['probability']:.3f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--inputs"]:
        write_inputs()
    elif sys.argv[1:]:
        sys.exit("usage: record.py [--inputs]")
    for model_name in PICTURES:
        record(model_name)
