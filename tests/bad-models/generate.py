"""Writes files that are no usable model, and what must be said about each (expected.json).

    python tests/bad-models/generate.py

needs `onnx` and `numpy`. `error` is the name of the variant of `ReadError` or `ShapeError`; every string in `says` must
stand in its sentence.
"""

import io
import json
import pathlib
import pickle
import struct
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent
EXPECTED = {}


def write(name, content, error, *says):
    (FOLDER / name).write_bytes(content)
    EXPECTED[name] = {"error": error, "says": list(says)}


def picture(name="x", shape=(1, 3, 8, 8)):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def weights(*shape, name="w"):
    return numpy_helper.from_array(np.full(shape, 0.25, np.float32), name)


def model(nodes, outputs=("y",), inputs=None, constants=(), opset=13):
    graph = helper.make_graph(nodes, "bad", inputs or [picture()], [picture(n, None) for n in outputs], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def good():
    return model([helper.make_node("Conv", ["x", "w"], ["c"], "conv", kernel_shape=[3, 3]),
                  helper.make_node("Relu", ["c"], ["y"], "relu")], constants=[weights(8, 3, 3, 3)])


def other_formats():
    write("empty.onnx", b"", "Empty", "empty")
    write("text.onnx", "Grüße, dies ist kein Modell.\n".encode(), "OtherFormat", "a text file", ".onnx")
    html = b"\n<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n"
    write("page.onnx", html, "OtherFormat", "a web page", "download the model file itself")
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 4956208\n"
    write("lfs-pointer.onnx", pointer, "OtherFormat", "Git LFS pointer", "git lfs pull")
    write("tfjs.onnx", b'{"format": "layers-model", "modelTopology": {}}', "OtherFormat", "a JSON file", "tf2onnx")
    write("openvino.onnx", b'<?xml version="1.0"?><net name="x" version="11"></net>', "OtherFormat", "an XML file")

    def archive(*files):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as target:
            for name, content in files:
                target.writestr(zipfile.ZipInfo(name), content)
        return stream.getvalue()

    torch = archive(("archive/data.pkl", b"\x80\x02}q\x00."), ("archive/data/0", b"\0" * 16), ("archive/version", b"3\n"))
    write("torch.pt", torch, "OtherFormat", "a PyTorch file", "torch.onnx.export")
    keras = archive(("metadata.json", b"{}"), ("config.json", b"{}"), ("model.weights.h5", b"\x89HDF\r\n\x1a\n"))
    write("keras.keras", keras, "OtherFormat", "a Keras file", "tf2onnx")
    write("archive.zip", archive(("model.onnx", b"\x08\x08")), "OtherFormat", "a ZIP archive", "unpack")
    write("old-torch.pth", pickle.dumps({"state_dict": [1, 2]}, protocol=2), "OtherFormat", "pickle", "torch.onnx.export")
    write("keras.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 64, "OtherFormat", "HDF5", "tf2onnx")
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, separators=(",", ":")).encode()
    tensors = struct.pack("<Q", len(header)) + header + b"\0" * 4
    write("weights.safetensors", tensors, "OtherFormat", "safetensors", "weights without the network", "torch.onnx.export")
    write("lite.tflite", b"\x1c\0\0\0TFL3" + b"\0" * 32, "OtherFormat", "TensorFlow Lite", "--tflite")
    write("optimized.ort", b"\x20\0\0\0ORTM" + b"\0" * 32, "OtherFormat", "onnxruntime's own format")
    write("language.gguf", b"GGUF\x03\0\0\0" + b"\0" * 32, "OtherFormat", "GGUF")
    write("picture.onnx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 16, "OtherFormat", "a picture", "pictures")
    write("document.onnx", b"%PDF-1.7\n%\xe2\xe3\n", "OtherFormat", "a PDF document")
    write("packed.onnx.gz", b"\x1f\x8b\x08\0" + b"\0" * 16, "OtherFormat", "gzip", "unpack")
    noise = np.random.default_rng(1).integers(0, 256, 512).astype(np.uint8).tobytes()
    write("noise.onnx", b"\xfe" + noise, "NotOnnx", "not an ONNX model")


def broken_files():
    whole = good().SerializeToString()
    write("half.onnx", whole[: len(whole) // 2], "Truncated", "bytes too early", "fetch it again")
    write("last-byte-missing.onnx", whole[:-1], "Truncated", "at least 1 bytes too early")
    write("no-graph.onnx", b"\x08\x08B\x04\n\x00\x10\r", "NoGraph", "no graph")
    # A field whose inner length is a lie: the outermost structure is whole.
    graph = b"\x0a\x7f" + b"abc"
    write("inner-cut.onnx", b"\x08\x08:" + bytes([len(graph)]) + graph, "NotOnnx", "not an ONNX model")

    def nested(depth):
        """Graphs in attributes in nodes, far deeper than any parser should follow."""
        def varint(n):
            out = b""
            while n > 127:
                out, n = out + bytes([n & 127 | 128]), n >> 7
            return out + bytes([n])

        def field(number, content):
            return varint(number << 3 | 2) + varint(len(content)) + content

        message = b""
        for _ in range(depth):
            message = field(1, field(5, field(6, message)))
        return b"\x08\x08" + field(7, message)

    write("nested.onnx", nested(10_000), "NotOnnx", "recursion")


def graphs():
    relu = helper.make_node("Relu", ["x"], ["y"], "relu")
    for opset in (6, 29):
        content = model([relu], opset=opset).SerializeToString()
        write(f"opset{opset}.onnx", content, "Opset", f"operator set {opset}", "7 to 28", "opset 17")
    nodes = [helper.make_node("Relu", ["b"], ["y"], "after"), helper.make_node("Add", ["x", "c"], ["a"], "first"),
             helper.make_node("Relu", ["a"], ["b"], "second"), helper.make_node("Relu", ["b"], ["c"], "third")]
    write("cycle.onnx", model(nodes).SerializeToString(), "Cycle", 'in node "second"', "circle")
    nodes = [helper.make_node("Add", ["x", "y"], ["y"], "self")]
    write("self-cycle.onnx", model(nodes).SerializeToString(), "Cycle", 'in node "self"', "circle")
    nodes = [helper.make_node("Add", ["x", "nowhere"], ["y"], "add")]
    write("undefined.onnx", model(nodes).SerializeToString(), "MissingValue", 'in node "add"', '"nowhere"')
    nodes = [relu, helper.make_node("Tanh", ["x"], ["y"], "tanh")]
    write("made-twice.onnx", model(nodes).SerializeToString(), "DuplicateValue", 'in node "tanh"', '"y"')
    nodes = [relu, helper.make_node("Tanh", ["y"], ["x"], "tanh")]
    write("overwrites-input.onnx", model(nodes).SerializeToString(), "DuplicateValue", 'in node "tanh"', '"x"')
    twice = model([relu], constants=[weights(2), weights(3)])
    write("constant-twice.onnx", twice.SerializeToString(), "DuplicateName", '"w"')
    twice = model([relu], inputs=[picture(), picture()])
    write("input-twice.onnx", twice.SerializeToString(), "DuplicateName", '"x"')
    write("missing-output.onnx", model([relu], outputs=("z",)).SerializeToString(), "MissingOutput", '"z"')
    nothing = model([helper.make_node("Relu", ["x"], [], "silent"), relu])
    write("no-result.onnx", nothing.SerializeToString(), "NoResult", 'in node "silent"', "Relu makes no value")
    write("no-output.onnx", model([relu], outputs=()).SerializeToString(), "NoOutput", "no result")


def tensors():
    def with_tensor(name, error, *says, **changes):
        bad = good()
        tensor = bad.graph.initializer[0]
        for key, value in changes.items():
            if isinstance(value, list):
                tensor.ClearField(key)
                getattr(tensor, key).extend(value)
            else:
                setattr(tensor, key, value)
        write(name, bad.SerializeToString(), error, *says)

    with_tensor("negative-dimension.onnx", "BadTensor", 'in tensor "w"', "-3", dims=[8, -3, 3, 3])
    with_tensor("enormous-dimension.onnx", "BadTensor", 'in tensor "w"', dims=[2**62, 3, 3, 3])
    with_tensor("wrong-length.onnx", "BadTensor", 'in tensor "w"', "needs 225 values", dims=[9, 5, 5])
    with_tensor("odd-bytes.onnx", "BadTensor", 'in tensor "w"', "863 bytes",
                raw_data=good().graph.initializer[0].raw_data[:-1])
    with_tensor("odd-integers.onnx", "BadTensor", 'in tensor "w"', "7 bytes", dims=[1], data_type=6, raw_data=b"1234567")
    with_tensor("typed-length.onnx", "BadTensor", 'in tensor "w"', "needs 216 values", raw_data=b"", float_data=[1.0, 2.0])
    with_tensor("text-tensor.onnx", "TextResults", "texts", "scores", data_type=8)
    with_tensor("float8.onnx", "BadTensor", 'in tensor "w"', "8-bit float", data_type=17)
    for name, entries, error, says in [
        ("external-missing", {"location": "weights/w.bin"}, "MissingExternalFile", '"w.bin"'),
        ("external-nowhere", {}, "BadTensor", "names no file"),
    ]:
        bad = good()
        tensor = bad.graph.initializer[0]
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in entries.items():
            tensor.external_data.add(key=key, value=value)
        write(f"{name}.onnx", bad.SerializeToString(), error, says)


def shapes():
    """Files that can be read, but whose values have no possible shape."""
    conv = lambda **attributes: helper.make_node("Conv", ["x", "w"], ["y"], "conv", **attributes)
    w = weights(8, 3, 3, 3)
    write("enormous-input.onnx", model([helper.make_node("Relu", ["x"], ["y"], "relu")],
          inputs=[picture(shape=(1, 3, 2**31 - 1, 2**31 - 1))]).SerializeToString(), "Input", '"x"', "too large")
    write("negative-input.onnx", model([helper.make_node("Relu", ["x"], ["y"], "relu")],
          inputs=[picture(shape=(1, 3, -8, 8))]).SerializeToString(), "BadInput", '"x"', "-8")
    write("wrong-channels.onnx", model([conv()], inputs=[picture(shape=(1, 4, 8, 8))], constants=[w]).SerializeToString(),
          "Invalid", 'in node "conv"', "4 channels")
    write("enormous-pad.onnx", model([conv(pads=[2**62] * 4)], constants=[w]).SerializeToString(), "Invalid", 'in node "conv"', "pads")
    write("negative-stride.onnx", model([conv(strides=[-1, 1])], constants=[w]).SerializeToString(), "Invalid", 'in node "conv"', "strides")
    tile = helper.make_node("Tile", ["x", "r"], ["y"], "tile")
    repeats = numpy_helper.from_array(np.array([1, 1, 20000, 20000], np.int64), "r")
    write("enormous-tile.onnx", model([tile], constants=[repeats]).SerializeToString(), "TooLarge", 'in node "tile"', "too large")
    unknown = helper.make_node("Deformer", ["x"], ["y"], "strange", domain="com.example")
    bad = model([unknown])
    bad.opset_import.append(helper.make_opsetid("com.example", 1))
    write("unknown-op.onnx", bad.SerializeToString(), "Unknown", 'in node "strange"', "Deformer")
    dynamic = helper.make_node("NonZero", ["x"], ["y"], "where")
    write("dynamic.onnx", model([dynamic]).SerializeToString(), "Dynamic", 'in node "where"', "depends on the picture")


def quantised():
    """Numbers that would be guessed."""
    node = helper.make_node
    number = lambda name, value: numpy_helper.from_array(np.array(value), name)
    half = number("half", np.float32(0.5))
    largest = [node("Abs", ["x"], ["a"]), node("ReduceMax", ["a"], ["s"], axes=[0, 2, 3], keepdims=0)]
    ends = [node("DequantizeLinear", ["q", "s"], ["y"])]
    per_channel = model(largest + [node("QuantizeLinear", ["x", "s"], ["q"], "quantise")] + ends)
    write("computed-scales.onnx", per_channel.SerializeToString(), "Quantised", 'in node "quantise"', "QuantizeLinear", "more than one number")
    zero = [node("ReduceMax", ["x"], ["m"], keepdims=0), node("Custom", ["m"], ["z"], domain="com.example")]
    untold = model(zero + [node("QuantizeLinear", ["x", "half", "z"], ["q"], "quantise"), node("DequantizeLinear", ["q", "half", "z"], ["y"])],
                   constants=[half])
    write("computed-zero-point.onnx", untold.SerializeToString(), "Quantised", 'in node "quantise"', "type is not known")
    kernels = [node("Cast", ["x"], ["w"], to=TensorProto.UINT8), node("ConvInteger", ["w", "w", "", "zeros"], ["c"], "conv"),
               node("Cast", ["c"], ["y"], to=TensorProto.FLOAT)]
    zeros = model(kernels, constants=[number("zeros", np.array([1, 2, 3], np.uint8))])
    write("list-of-zero-points.onnx", zeros.SerializeToString(), "Quantised", 'in node "conv"', "ConvInteger", "list of zero points")


for part in (other_formats, broken_files, graphs, tensors, shapes, quantised):
    part()
(FOLDER / "expected.json").write_text(json.dumps(EXPECTED, indent=1) + "\n")
print(len(EXPECTED), "files,", sum(f.stat().st_size for f in FOLDER.iterdir()), "bytes")
