"""Writes a classifier that the GPU engine cannot run, a photo for it, and what onnxruntime makes of the two.

    python tests/browser/auto/generate.py

Needs numpy, onnx and onnxruntime (tests/goldens/requirements.txt). The recipe stands in the file's own metadata, so that no
card has to be opened beside it; the photo has the size of the input, so that nothing is resized.
"""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
SIDE, CHANNELS, CLASSES = 16, 6, 4
RECIPE = {"size": SIDE, "scale": 1 / 127.5, "mean": [1, 1, 1], "resize": "squash", "channels": "bgr"}


def png(pixels):
    """The bytes of a picture `[height, width, 3]`."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def main():
    rng = np.random.default_rng(17)

    def weights(name, *shape, scale=1.0):
        return numpy_helper.from_array(rng.normal(0, scale, shape).astype(np.float32), name)

    nodes = [
        helper.make_node("Conv", ["x", "kernel"], ["conv"], "conv", kernel_shape=[3, 3]),
        # What is no number is left out. There is no lowering for that, since shaders may take for granted that all are numbers.
        helper.make_node("IsNaN", ["conv"], ["missing"], "missing"),
        helper.make_node("Where", ["missing", "zero", "conv"], ["kept"], "kept"),
        helper.make_node("Relu", ["kept"], ["maps"], "maps"),
        helper.make_node("GlobalAveragePool", ["maps"], ["means"], "means"),
        helper.make_node("Flatten", ["means"], ["flat"], "flat"),
        helper.make_node("Gemm", ["flat", "dense"], ["scores"], "scores", transB=1),
    ]
    constants = [
        weights("kernel", CHANNELS, 3, 3, 3, scale=0.5),
        weights("dense", CLASSES, CHANNELS, scale=2.0),
        numpy_helper.from_array(np.float32(0), "zero"),
    ]
    shape = [1, 3, SIDE, SIDE]
    graph = helper.make_graph(nodes, "numbers", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, CLASSES])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, {"featurescope.recipe": json.dumps(RECIPE)})
    onnx.checker.check_model(model)
    (HERE / "numbers.onnx").write_bytes(model.SerializeToString())

    pixels = rng.integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)
    (HERE / "noise.png").write_bytes(png(pixels))
    values = (pixels[:, :, ::-1].astype(np.float32) * RECIPE["scale"] - 1).transpose(2, 0, 1)[None].astype(np.float32)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    [scores] = session.run(None, {"x": values})
    powers = np.exp(scores[0].astype(np.float64) - scores[0].max())
    (HERE / "expected.json").write_text(json.dumps({"probabilities": (powers / powers.sum()).tolist()}) + "\n")


if __name__ == "__main__":
    main()
