"""Writes one model whose constants hold the same kind of numbers in every element type and every form of storage.

    python tests/data-types/generate.py

needs `onnx` and `numpy`. `expected.json` holds what each constant must be read as: floats of any width become f32.
"""

import json
import pathlib

import numpy as np
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent
FLOATS = [0.0, 1.0, -2.5, 0.15625, 65504.0, 6.103515625e-05]
INTEGERS = {
    "INT8": [-128, 0, 127], "UINT8": [0, 128, 255], "INT16": [-32768, 1, 32767], "UINT16": [0, 1, 65535],
    "INT32": [-(2**31), 5, 2**31 - 1], "UINT32": [0, 5, 2**32 - 1], "INT64": [-(2**53), 5, 2**53], "UINT64": [0, 5, 2**53],
    "BOOL": [0, 1, 1],
}
tensors, expected = [], {}


def note(name, values, shape=None, width=0, signed=False):
    expected[name] = {"shape": shape or [len(values)], "values": values, "bytes": width, "signed": signed}


def bfloat16(values):
    return [int(np.array(v, np.float32).view(np.uint32) >> 16) for v in values]


for kind in ("FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16"):
    number = getattr(TensorProto, kind)
    values = FLOATS if kind != "BFLOAT16" else [0.0, 1.0, -2.5, 0.15625, 65536.0, 6.103515625e-05]
    if kind == "BFLOAT16":
        raw = np.array(bfloat16(values), np.uint16).tobytes()
        typed = helper.make_tensor(f"{kind}_typed", number, [6], values)
    else:
        array = np.array(values, {"FLOAT": np.float32, "DOUBLE": np.float64, "FLOAT16": np.float16}[kind])
        raw = array.tobytes()
        typed = helper.make_tensor(f"{kind}_typed", number, [6], array)
    tensors += [typed, helper.make_tensor(f"{kind}_raw", number, [2, 3], raw, raw=True)]
    note(f"{kind}_typed", values)
    note(f"{kind}_raw", values, [2, 3])
for kind, values in INTEGERS.items():
    number = getattr(TensorProto, kind)
    array = np.array(values, bool if kind == "BOOL" else kind.lower())
    width, signed = array.dtype.itemsize, kind.startswith("INT")
    tensors += [helper.make_tensor(f"{kind}_typed", number, [3], array),
                helper.make_tensor(f"{kind}_raw", number, [3, 1], array.tobytes(), raw=True)]
    note(f"{kind}_typed", values, None, width, signed)
    note(f"{kind}_raw", values, [3, 1], width, signed)

# Floats that are large enough to stay in the file, at every alignment: names of growing length shift them.
for index in range(4):
    values = (np.arange(40) * 0.5 - index).tolist()
    name = "large" + "x" * index
    tensors.append(numpy_helper.from_array(np.array(values, np.float32), name))
    note(name, values)

# Values in a file beside the model, at aligned and unaligned places.
beside = b""
for name, kind, dtype, gap in [("beside_float", "FLOAT", np.float32, 0), ("beside_shifted", "FLOAT", np.float32, 3),
                               ("beside_half", "FLOAT16", np.float16, 1), ("beside_integer", "INT64", np.int64, 0)]:
    values = [1.0, -2.0, 4.5] if kind != "INT64" else [1, -2, 4]
    beside += b"\xff" * gap
    content = np.array(values, dtype).tobytes()
    tensor = TensorProto(name=name, data_type=getattr(TensorProto, kind), dims=[3], data_location=TensorProto.EXTERNAL)
    entries = {"location": "weights.bin", "offset": str(len(beside)), "length": str(len(content))}
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=value)
    tensors.append(tensor)
    beside += content
    note(name, values)

picture = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 4, 4])
result = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3, 4, 4])
graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "types", [picture], [result], tensors)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
(FOLDER / "tensors.onnx").write_bytes(model.SerializeToString())
(FOLDER / "weights.bin").write_bytes(beside)
(FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
