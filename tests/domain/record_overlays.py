#!/usr/bin/env python3
"""Writes overlays.json and overlay-*.png into tests/domain/data: overlays as DESIGN defines them, a second time.

Enlargement is onnxruntime's Resize (half_pixel), colours are matplotlib's, the rest is NumPy in double precision.

    pip install numpy==2.4.6 pillow==13.0.0 matplotlib==3.11.2 onnx==1.23.2 onnxruntime==1.32.0
    python3 tests/domain/record_overlays.py
"""

import json
from pathlib import Path

import matplotlib
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from PIL import Image

DATA = Path(__file__).parent / "data"
CASES = [
    {"name": "alpha", "maps": [0], "style": "alpha", "colormap": "viridis", "scale": None},
    {"name": "alpha-layer", "maps": [1], "style": "alpha", "colormap": "inferno", "scale": 4.5},
    {"name": "multiply-sum", "maps": [0, 1, 2], "style": "multiply", "gain": 2.0, "scale": 1.0},
    {"name": "raw-nearest", "maps": [2], "style": "raw", "colormap": "turbo", "scale": None, "enlargement": "nearest"},
    {"name": "alpha-sum", "maps": [0, 2], "style": "alpha", "colormap": "cividis", "scale": None},
    {"name": "signed", "maps": [3], "style": "alpha", "colormap": "PuOr_r", "scale": None, "signed": True},
    {"name": "glow", "maps": [0], "style": "glow", "scale": None},
    {"name": "glow-set", "maps": [1], "style": "glow", "scale": 9.0},
    {"name": "glow-signed", "maps": [3], "style": "glow", "scale": None, "signed": True},
    {"name": "spotlight", "maps": [0], "style": "spotlight", "scale": None},
    {"name": "spotlight-sum", "maps": [0, 2], "style": "spotlight", "scale": 2.0},
    {"name": "spotlight-signed", "maps": [3], "style": "spotlight", "scale": None, "signed": True},
]


def enlarge(plane, height, width, enlargement):
    mode = {"nearest": {"mode": "nearest", "nearest_mode": "round_prefer_ceil"}, "bilinear": {"mode": "linear"}}[enlargement]
    node = helper.make_node("Resize", ["x", "", "", "sizes"], ["y"], coordinate_transformation_mode="half_pixel", **mode)
    graph = helper.make_graph(
        [node],
        "resize",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, *plane.shape])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, height, width])],
        [helper.make_tensor("sizes", TensorProto.INT64, [4], [1, 1, height, width])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": plane[None, None].astype(np.float32)})[0][0, 0].astype(np.float64)


def smoothstep(value):
    value = np.clip(value, 0, 1)
    return value * value * (3 - 2 * value)


def glow(picture, value):
    """Inferno at 0.2 + 0.8 · √|v| over grey from 16 to 92, in full from |v| = 0.3 on; negative values with red and blue exchanged."""
    grey = picture @ [0.2126, 0.7152, 0.0722] / 255
    grey = (grey + 0.3 * grey * (1 - grey))[:, :, None]
    colour = np.round(matplotlib.colormaps["inferno"](0.2 + 0.8 * np.sqrt(np.abs(value[:, :, 0])))[:, :, :3] * 255)
    colour = np.where(value < 0, colour[:, :, ::-1], colour) * (0.8 + 0.2 * grey)
    share = smoothstep(np.abs(value) / 0.3)
    return (1 - share) * (16 + 76 * grey) + share * colour


def spotlight(picture, value):
    """From 8 … 72 to 28 … 255 with lifted middle tones, in full from v = 0.5 on."""
    level = picture / 255
    share = smoothstep(value / 0.5)
    return (1 - share) * (8 + 64 * level) + share * (28 + 227 * (level + 0.5 * level * (1 - level)))


def draw(picture, maps, case):
    height, width = picture.shape[:2]
    signed = case.get("signed", False)
    value = np.zeros((height, width))
    for index in case["maps"]:
        plane = maps[index]
        scale = case["scale"] or (np.abs(plane).max() if signed else plane.max())
        value += enlarge(plane, height, width, case.get("enlargement", "bilinear")) / scale
    value *= case.get("gain", 1.0)
    value = np.clip(value, -1.0 if signed else 0.0, 1.0)[:, :, None]
    if case["style"] == "multiply":
        return picture * value
    if case["style"] in ("glow", "spotlight"):
        return {"glow": glow, "spotlight": spotlight}[case["style"]](picture, value)
    colours = matplotlib.colormaps[case["colormap"]]((value[:, :, 0] + 1) / 2 if signed else value[:, :, 0])[:, :, :3] * 255
    if case["style"] == "raw":
        return colours
    share = 0.7 * np.abs(value)
    return (1 - share) * picture + share * colours


def main():
    picture = np.asarray(Image.open(DATA / "photo.png")).astype(np.float64)
    generator = np.random.default_rng(2)
    maps = np.maximum(generator.normal(0.0, 1.0, (4, 5, 7)), 0.0) * np.array([0.3, 2.0, 0.5, 1.0])[:, None, None]
    maps[3] = generator.normal(0.0, 3.0, (5, 7))
    maps = maps.astype(np.float32).astype(np.float64)
    for case in CASES:
        drawn = np.round(draw(picture, maps, case)).astype(np.uint8)
        Image.fromarray(drawn).save(DATA / f"overlay-{case['name']}.png", optimize=True)
    record = {"shape": [1, *maps.shape], "values": [float(value) for value in maps.ravel()], "cases": CASES}
    (DATA / "overlays.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
