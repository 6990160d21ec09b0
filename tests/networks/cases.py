#!/usr/bin/env python3
"""Makes cases of the browser's tests (`tests/cases`) of two of the small networks, of which both engines show every layer there.

    python tests/networks/export.py --small
    python tests/networks/cases.py
"""

import json
import pathlib
import shutil

import numpy as np
import record
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
CASES = HERE.parent / "cases"
WHAT = {
    "lraspp": "LR-ASPP on a network like MobileNetV3: gates, a depthwise window of 5, maps enlarged to another's size",
    "rtdetr": "the shape of RT-DETR by PyTorch's current exporter, with external data: attention, chosen cells, GridSample at its end",
}


def numbers(values):
    return [record.number(value) for value in values]


def layer(value):
    planes = value.reshape(*value.shape[1:2], -1)
    means, most, least = planes.mean(1, dtype=np.float64), planes.max(1), planes.min(1)
    return {"shape": list(value.shape), "means": numbers(means), "max": numbers(most), "min": numbers(least)}


for name, what in WHAT.items():
    source = HERE / f"small-{name}.onnx"
    folder = CASES / f"N14-{name}"
    folder.mkdir(exist_ok=True)
    shutil.copy(source, folder / "model.onnx")
    files = ["model.onnx"]
    for data in HERE.glob(f"{source.name}.data"):
        shutil.copy(data, folder / data.name)
        files.append(data.name)
    pixels = record.picture(64, 64)
    Image.fromarray(pixels).save(folder / "image.png", optimize=True)
    values = record.run(source, record.as_input(pixels))
    maps = {
        key: layer(value)
        for key, value in values.items()
        if value.dtype == np.float32 and value.ndim == 4 and value.shape[0] == 1
    }
    recipe = {
        "scale": 1 / 255,
        "mean": [record.MEAN] * 3,
        "std": [record.DEVIATION] * 3,
        "resize": "squash",
        "channels": "rgb",
        "size": 64,
    }
    case = {
        "id": folder.name,
        "source": "issue 14, any network",
        "what": what,
        "recipe": recipe,
        "files": files,
        "layers": maps,
        "scores": None,
        "output": "logits",
    }
    (folder / "case.json").write_text(json.dumps(case, separators=(",", ":")))
