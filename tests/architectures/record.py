"""Records the shape of every value of every look-alike (shapes.json), and for those with a linear head the means of the
pooled layer and the class scores (heads.json).

    python tests/architectures/record.py

needs `onnx`, `onnxruntime` and `numpy`, after `generate.py`. The names of the pooled value and of the scores are
written down by hand from the structure in `generate.py`; the numbers come from onnxruntime on a seeded picture.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime

FOLDER = pathlib.Path(__file__).parent
# model: (value whose maps are averaged, class scores before any softmax or sigmoid)
HEADS = {
    "densenet": ("/Relu_45_output_0", "output"),
    "efficientnet": ("/Mul_79_output_0", "output"),
    "fully_convolutional": ("/Relu_4_output_0", "/ReduceMean_6_output_0"),
    "googlenet": ("/Concat_59_output_0", "output"),
    "inception_v3": ("/Concat_33_output_0", "output"),
    "keras_mobilenet": ("/Min_25_output_0", "/Add_29_output_0"),
    "keras_resnet_v2": ("/Relu_19_output_0", "/Gemm_22_output_0"),
    "mobilenet_v2": ("/Clip_38_output_0", "output"),
    "resnet": ("/Relu_50_output_0", "output"),
    "resnet_bottleneck": ("/Relu_33_output_0", "output"),
    "resnet_caffe2": ("/Relu_20_output_0", "/Gemm_23_output_0"),
    "shufflenet_v2": ("/Relu_145_output_0", "output"),
}


def run(name):
    """Every value of a model that its nodes make, on a seeded picture."""
    model = onnx.load(FOLDER / f"{name}.onnx")
    known = {value.name for value in model.graph.output}
    values = [value for node in model.graph.node for value in node.output]
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(v) for v in values if v not in known)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    shape = [size if isinstance(size, int) else 1 for size in entry.shape]
    picture = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
    return dict(zip(values, session.run(values, {entry.name: picture})))


shapes, heads = {}, {}
for path in sorted(FOLDER.glob("*.onnx")):
    name = path.stem
    values = run(name)
    shapes[name] = {value: list(np.shape(result)) for value, result in values.items()}
    if name not in HEADS:
        continue
    layer, scores = HEADS[name]
    maps, result = values[layer], values[scores]
    heads[name] = {
        "layer": layer,
        "means": [float(f"{mean:.7g}") for mean in maps[0].mean(axis=(1, 2), dtype=np.float64)],
        "scores": [float(f"{score:.7g}") for score in result.reshape(-1)],
    }
(FOLDER / "heads.json").write_text(json.dumps(heads, indent=1) + "\n")
lines = [f"{json.dumps(name)}: {json.dumps(values)}" for name, values in shapes.items()]
(FOLDER / "shapes.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
