"""What onnxruntime makes of a network and a seeded picture, value by value, as a JSON file beside the network.

Of each value that the nodes make: its shape, mean, minimum, maximum, and some of its elements at places that the reader finds
in the same way: place k is k · STEP modulo the number of elements.
"""

import json

import numpy as np
import onnx
import onnxruntime

SAMPLES = 96
# A prime larger than the values that are recorded have elements, but for a few.
STEP = 15485863
MEAN, DEVIATION = 0.5, 0.25


def picture(height, width, number=0):
    """A picture with smooth parts, edges and noise, `[height, width, 3]`, 0 to 255, another one for each number."""
    random = np.random.default_rng(height * 4099 + width + number * 1_000_003)
    rows, columns = np.mgrid[0:height, 0:width] / max(height, width)
    planes = []
    for _ in range(3):
        a, b, c, d = random.uniform(2, 14, 4)
        plane = np.sin(a * rows + c) + np.cos(b * columns + d)
        plane += 1.5 * ((rows - random.uniform(0.2, 0.8)) ** 2 + (columns - random.uniform(0.2, 0.8)) ** 2 < 0.06)
        planes.append(plane + random.normal(0, 0.25, (height, width)))
    pixels = np.stack(planes, -1)
    pixels = (pixels - pixels.min()) / (pixels.max() - pixels.min())
    return (pixels * 255).round().astype(np.uint8)


def as_input(pixels):
    """What the recipe that the survey gives makes of a picture: `[1, 3, height, width]`."""
    values = (pixels.astype(np.float32) / np.float32(255) - np.float32(MEAN)) / np.float32(DEVIATION)
    return values.transpose(2, 0, 1)[None].copy()


def number(value):
    return float(f"{value:.6g}") if np.isfinite(value) else None


def run(path, tensor):
    """Every value that the nodes of a network make, by name."""
    model = onnx.load(path)
    known = {value.name for value in model.graph.output}
    names = [value for node in model.graph.node for value in node.output if value]
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names if name not in known)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    given = {model.graph.input[0].name: tensor}
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, given)))


def summary(value, samples):
    flat = np.ascontiguousarray(value).reshape(-1)
    places = (np.arange(min(samples, flat.size), dtype=np.int64) * STEP) % flat.size
    return {
        "shape": list(value.shape),
        "mean": number(flat.mean(dtype=np.float64)),
        "min": number(flat.min()),
        "max": number(flat.max()),
        "samples": [number(sample) for sample in flat[places]],
    }


def record(path, values, pixels, more, samples=SAMPLES):
    """Writes NAME.json, and the picture's bytes as HEIGHTxWIDTH.rgb."""
    recorded = {
        name: summary(value, samples)
        for name, value in values.items()
        if isinstance(value, np.ndarray) and value.dtype == np.float32 and value.size
    }
    size = list(pixels.shape[:2])
    path.with_name(f"{size[0]}x{size[1]}.rgb").write_bytes(pixels.tobytes())
    path.with_suffix(".json").write_text(json.dumps({"size": size, "values": recorded, **more}, separators=(",", ":")))
