"""Writes cases.json: single nodes with random parameters, and the shapes that onnx and onnxruntime give them.

    python tests/shapes/generate.py

needs `onnx`, `onnxruntime` and `numpy`. A case is recorded with the shapes that onnxruntime really produced; where it
cannot run the node, with those of onnx.shape_inference. A case that both refuse is recorded as an error. Where the two
tools disagree about a shape the generator prints it, and the one that ran is right.
"""

import collections
import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper, shape_inference

FOLDER = pathlib.Path(__file__).parent
R = np.random.default_rng(20240601)
onnxruntime.set_default_logger_severity(4)
CASES = []
TALLY = collections.Counter()


def pick(*options):
    return options[R.integers(len(options))]


def number(low, high):
    """An integer from low to high, both included."""
    return int(R.integers(low, high + 1))


def numbers(count, low, high):
    return [number(low, high) for _ in range(count)]


def case(op, opset, *inputs, outputs=1, **attributes):
    """Each input is a shape (a tuple: known only when it runs), an array (a constant) or None (left out)."""
    names, values, constants, feeds = [], [], [], {}
    for index, value in enumerate(inputs):
        name = "" if value is None else f"i{index}"
        names.append(name)
        if isinstance(value, tuple):
            values.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, value))
            feeds[name] = np.zeros(value, np.float32)
        elif value is not None:
            constants.append(numpy_helper.from_array(value, name))
    results = [f"o{index}" for index in range(outputs)]
    attributes = {key: value for key, value in attributes.items() if value is not None}
    node = helper.make_node(op, names, results, "node", **attributes)
    graph = helper.make_graph([node], "case", values, [helper.make_empty_tensor_value_info(n) for n in results], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    inferred = ran = None
    try:
        known = shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph.output
        shapes = [[d.dim_value if d.HasField("dim_value") else None for d in o.type.tensor_type.shape.dim]
                  if o.type.tensor_type.HasField("shape") else None for o in known]
        inferred = shapes if all(s is not None and None not in s for s in shapes) else "unknown"
    except Exception:
        pass
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        ran = [list(np.shape(value)) for value in session.run(None, feeds)]
    except Exception as error:
        # What onnxruntime refuses is wrong even if onnx has no objection, unless it merely lacks the operator.
        if "NOT_IMPLEMENTED" not in str(error).upper().replace(" ", "_"):
            inferred = None
    if ran and inferred not in ("unknown", ran):
        print("disagree:", op, opset, [list(v) if isinstance(v, tuple) else v for v in inputs], attributes, "onnx", inferred, "ran", ran)
    # onnxruntime makes empty maps where no window fits, lets PRelu enlarge its input, and takes the largest end of a
    # backward Slice for the beginning; none of this is in the standard.
    lenient = ran and (op.endswith("Pool") and 0 in ran[0] or op in {"PRelu", "Slice"} and ran != inferred)
    if lenient or ran is None and inferred == "unknown":
        TALLY["not recorded"] += 1
        return
    expected = ran or inferred
    TALLY[op, "valid" if expected else "error"] += 1

    def described(value):
        if value is None or isinstance(value, tuple):
            return value
        kind = "float" if value.dtype == np.float32 else "int"
        return {"shape": list(value.shape), kind: value.reshape(-1).tolist()}

    CASES.append({"op": op, "opset": opset, "inputs": [described(v) for v in inputs], "outputs": outputs,
                  "attributes": attributes, "shapes": expected})


def weights(*shape):
    return tuple(shape)


def ints(*values):
    return np.array(values, np.int64)


def floats(*values):
    return np.array(values, np.float32)


def windows(kernel_given=True, count=2):
    """Random window attributes, explicit or automatic."""
    attributes = {"kernel_shape": numbers(count, 1, 4) if kernel_given else None}
    if R.random() < 0.7:
        attributes["strides"] = numbers(count, 1, 3)
    mode = pick("explicit", "explicit", "explicit", "SAME_UPPER", "SAME_LOWER", "VALID", "none", "NOTSET")
    if mode in ("explicit", "NOTSET"):
        attributes["pads"] = numbers(2 * count, 0, 1)
    if mode not in ("explicit", "none"):
        attributes["auto_pad"] = mode
    return attributes


def convolution():
    for _ in range(60):
        group, per_group, maps = pick(1, 1, 2, 4), number(1, 3), number(1, 3)
        kernel = numbers(2, 1, 4)
        attributes = windows(False)
        if R.random() < 0.3 and not attributes.get("auto_pad", "").startswith("SAME"):
            attributes["dilations"] = numbers(2, 1, 3)
        bias = weights(group * maps) if R.random() < 0.5 else None
        inputs = [weights(1, group * per_group, number(4, 12), number(4, 12)), weights(group * maps, per_group, *kernel)]
        case("Conv", pick(7, 11, 22), *inputs, *([bias] if bias else []), group=group, **attributes)
    case("Conv", 11, weights(1, 3, 9), weights(4, 3, 3), pads=[1, 1])
    case("Conv", 11, weights(1, 3, 4, 4, 4), weights(4, 3, 3, 3, 3))
    case("Conv", 11, weights(1, 3, 5, 5), weights(4, 2, 3, 3))
    case("Conv", 11, weights(1, 3, 2, 2), weights(4, 3, 3, 3))
    case("Conv", 11, weights(1, 3, 5, 5), weights(4, 3, 3, 3), kernel_shape=[3, 2])
    for _ in range(50):
        group, per_group, maps = pick(1, 1, 2), number(1, 3), number(1, 3)
        attributes = windows(False)
        if R.random() < 0.3 and "auto_pad" not in attributes:
            attributes["dilations"] = numbers(2, 1, 2)
        if R.random() < 0.3 and "strides" in attributes:
            attributes["output_padding"] = [number(0, s - 1) for s in attributes["strides"]]
        inputs = [weights(1, group * per_group, number(3, 8), number(3, 8)),
                  weights(group * per_group, maps, *numbers(2, 2, 4))]
        case("ConvTranspose", pick(7, 11), *inputs, group=group, **attributes)
    case("ConvTranspose", 11, weights(1, 3, 4, 4), weights(3, 2, 3, 3), strides=[2, 2], output_shape=[8, 8])


def pooling():
    for _ in range(100):
        op = pick("MaxPool", "AveragePool", "MaxPool", "AveragePool", "LpPool")
        opset = pick(7, 8, 10, 11, 12, 19, 22)
        attributes = windows()
        if op == "LpPool":
            opset = pick(7, 11, 18)
        automatic = attributes.get("auto_pad", "").startswith("SAME")
        if not automatic and R.random() < 0.5 and (opset >= 10 and op != "LpPool" or opset >= 19):
            attributes["ceil_mode"] = number(0, 1)
        if automatic and "strides" in attributes:
            attributes["strides"] = [min(s, k) for s, k in zip(attributes["strides"], attributes["kernel_shape"])]
        dilates = op == "MaxPool" and opset >= 10 or op == "AveragePool" and opset >= 19
        if R.random() < 0.3 and dilates and not automatic:
            attributes["dilations"] = numbers(2, 1, 2)
        if "pads" in attributes:
            attributes["pads"] = [min(p, k - 1) for p, k in zip(attributes["pads"], attributes["kernel_shape"] * 2)]
        two = op == "MaxPool" and opset >= 8 and R.random() < 0.2
        case(op, opset, weights(1, number(1, 3), number(4, 13), number(4, 13)), outputs=2 if two else 1, **attributes)
    for op in ("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"):
        case(op, 11, weights(1, 3, 5, 7))
        case(op, 11, weights(1, 3, 5))
    case("MaxPool", 11, weights(1, 3, 5, 5))
    case("MaxPool", 11, weights(1, 3, 2, 2), kernel_shape=[3, 3])


def elementwise():
    for op in ("Add", "Sub", "Mul", "Div", "Pow", "PRelu", "Max", "Min", "Sum", "Mean"):
        for a, b in [((1, 3, 4, 5), (1, 3, 4, 5)), ((1, 3, 4, 5), (3, 1, 1)), ((1, 3, 4, 5), (5,)), ((1, 3, 4, 5), ()),
                     ((3, 1, 1), (1, 3, 4, 5)), ((1, 3, 4, 5), (4, 1)), ((1, 3, 4, 5), (3,)), ((2, 1, 4), (1, 5, 1))]:
            case(op, 13, weights(*a), weights(*b))
    for op in ("Equal", "Greater", "Less", "LessOrEqual"):
        case(op, 13, weights(1, 3, 4, 5), weights(3, 1, 1))
    for op in ("Relu", "Sigmoid", "Tanh", "Elu", "Selu", "LeakyRelu", "Softplus", "Softsign", "HardSigmoid", "HardSwish",
               "Mish", "Erf", "Exp", "Log", "Sqrt", "Abs", "Neg", "Sign", "Reciprocal", "Floor", "Ceil", "Round",
               "Softmax", "LogSoftmax", "Identity", "Clip", "Celu", "ThresholdedRelu", "Shrink"):
        case(op, 18, weights(1, 3, 4, 5))
    case("Gelu", 20, weights(1, 3, 4, 5))
    case("LRN", 13, weights(1, 3, 4, 5), size=3)
    case("InstanceNormalization", 13, weights(1, 3, 4, 5), weights(3), weights(3))
    case("BatchNormalization", 9, weights(1, 3, 4, 5), *[weights(3)] * 4)
    case("BatchNormalization", 15, weights(1, 3, 4, 5), *[weights(3)] * 4)
    case("BatchNormalization", 15, weights(1, 3, 4, 5), *[weights(4)] * 4)
    case("LayerNormalization", 17, weights(1, 4, 5, 3), weights(3), weights(3))
    case("LayerNormalization", 17, weights(1, 4, 5, 3), weights(5, 3), outputs=3, axis=-2)
    case("GroupNormalization", 21, weights(1, 4, 5, 3), weights(4), weights(4), num_groups=2)
    case("Dropout", 10, weights(1, 3, 4))
    case("Dropout", 13, weights(1, 3, 4), floats(0.5).reshape(()), outputs=2)
    case("Where", 13, np.array([[True], [False]]), weights(1, 3), weights(2, 1))
    case("CumSum", 14, weights(2, 3), np.array(1, np.int64))


def linear():
    for _ in range(12):
        m, k, n, a, b = *numbers(3, 1, 5), number(0, 1), number(0, 1)
        left, right = (weights(k, m) if a else weights(m, k)), (weights(n, k) if b else weights(k, n))
        addend = pick(None, weights(n), weights(m, n), weights(1, n), weights(m, 1), weights(1))
        case("Gemm", pick(11, 13), left, right, *([addend] if addend else []), transA=a, transB=b)
    case("Gemm", 13, weights(2, 3), weights(4, 5))
    for a, b in [((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)), ((3,), (3,)), ((1, 5, 2, 3), (3, 4)), ((5, 2, 3), (5, 3, 4)),
                 ((2, 1, 2, 3), (5, 3, 4)), ((2, 3), (5, 3, 4)), ((2, 3), (2, 4)), ((3, 2, 3), (2, 3, 4))]:
        case("MatMul", 13, weights(*a), weights(*b))
    for equation, *shapes in [("ij,jk->ik", (2, 3), (3, 4)), ("bhid,bhjd->bhij", (1, 2, 3, 4), (1, 2, 5, 4)),
                              ("ij,jk", (2, 3), (3, 4)), ("ii->i", (3, 3)), ("nchw->nhwc", (1, 2, 3, 4)), ("ij->", (2, 3)),
                              ("ij, kj -> ik", (2, 3), (4, 3)), ("ij,jk->ik", (2, 3), (4, 5))]:
        case("Einsum", 13, *[weights(*s) for s in shapes], equation=equation)


def reshaping():
    for shape, wanted in [((1, 3, 4, 4), (1, -1)), ((1, 3, 4, 4), (0, 0, -1)), ((1, 3, 4, 4), (1, 48)), ((1, 6, 2, 2), (1, 2, 3, 2, 2)),
                          ((1, 3, 4, 4), (1, 5, -1)), ((2, 3), (-1, -1)), ((2, 3), (3, 2)), ((2, 3), (7,)), ((2, 3), (0, 0, 0)),
                          ((6,), (-1, 2)), ((1,), ()), ((2, 3), (0, -1, 1))]:
        case("Reshape", pick(7, 13, 14), weights(*shape), ints(*wanted))
    case("Reshape", 14, np.zeros((0, 3), np.float32), ints(3, 0), allowzero=1)
    for axis in (None, 0, 1, 2, 3, 4, -1, -4, 5, -5):
        case("Flatten", pick(11, 13), weights(1, 3, 4, 5), axis=axis)
    for perm in (None, [0, 2, 3, 1], [3, 2, 1, 0], [0, 1, 2], [0, 1, 1, 2]):
        case("Transpose", 13, weights(1, 3, 4, 5), perm=perm)
    for axes in (None, [0], [0, 2], [-1], [1]):
        case("Squeeze", 11, weights(1, 3, 1, 1), axes=axes)
        case("Squeeze", 13, weights(1, 3, 1, 1), *([ints(*axes)] if axes else []))
    for axes in ([0], [0, 3], [-1], [1, -1], [5], [0, 0]):
        case("Unsqueeze", 11, weights(3, 4), axes=axes)
        case("Unsqueeze", 13, weights(3, 4), ints(*axes))
    for shape, wanted in [((1, 3, 1), (2, 3, 4)), ((3, 1), (2, 3, 4)), ((3, 4), (1, 1)), ((3, 4), (2, 3, 4)), ((3,), (4,)), ((3, 1), (4,))]:
        case("Expand", 13, weights(*shape), ints(*wanted))
    for repeats in ((1, 2), (3, 1), (0, 2), (2,)):
        case("Tile", 13, weights(2, 3), ints(*repeats))
    for block in (1, 2, 3):
        case("DepthToSpace", 13, weights(1, 8, 2, 3), blocksize=block)
        case("SpaceToDepth", 13, weights(1, 2, 4, 6), blocksize=block)


def moving():
    for axis, *shapes in [(1, (1, 2, 3), (1, 4, 3)), (-1, (1, 2, 3), (1, 2, 5)), (0, (2,), (3,), (4,)), (1, (1, 2, 3), (1, 2, 4)),
                          (3, (1, 2, 3), (1, 2, 3)), (1, (1, 2, 3))]:
        case("Concat", 13, *[weights(*s) for s in shapes], axis=axis)
    case("Split", 11, weights(1, 6, 4), outputs=2, axis=1)
    case("Split", 11, weights(1, 6, 4), outputs=2, axis=1, split=[2, 4])
    case("Split", 11, weights(1, 6, 4), outputs=2, axis=1, split=[2, 3])
    case("Split", 13, weights(1, 6, 4), ints(1, 5), outputs=2, axis=-2)
    case("Split", 13, weights(1, 6, 4), outputs=3, axis=1)
    case("Split", 18, weights(1, 7, 4), outputs=3, axis=1, num_outputs=3)
    case("Split", 18, weights(1, 7, 4), outputs=2, axis=1, num_outputs=2)
    case("Split", 18, weights(1, 7, 4), ints(3, 4), outputs=2, axis=1)
    for _ in range(50):
        shape = numbers(number(1, 4), 1, 6)
        axes = sorted(R.permutation(len(shape))[: number(1, len(shape))].tolist())
        count = len(axes)
        bound = lambda: pick(number(-8, 8), number(-8, 8), 2**31 - 1, -(2**31), 2**63 - 1, -(2**63))
        starts, ends = [bound() for _ in axes], [bound() for _ in axes]
        steps = [pick(1, 1, 2, 3, -1, -2) for _ in axes]
        if R.random() < 0.3:
            case("Slice", 9, weights(*shape), starts=starts, ends=ends, axes=axes)
        else:
            axes = [a - len(shape) if R.random() < 0.3 else a for a in axes]
            case("Slice", pick(10, 11, 13), weights(*shape), ints(*starts), ints(*ends), ints(*axes), ints(*steps))
    case("Slice", 13, weights(4, 5), ints(1), ints(3))
    case("Slice", 13, weights(4, 5), ints(1), ints(3), ints(0), ints(0))
    for _ in range(15):
        pads = numbers(8, -1, 2)
        mode = pick("constant", "reflect", "edge")
        if mode != "constant":
            pads = [abs(p) for p in pads]
        case("Pad", 10, weights(1, 3, 4, 5), pads=[0, 0, *pads[2:4], 0, 0, *pads[6:]], mode=mode)
        case("Pad", pick(11, 13, 19), weights(1, 3, 4, 5), ints(0, 0, *pads[2:4], 0, 0, *pads[6:]), mode=mode)
        case("Pad", 18, weights(1, 3, 4, 5), ints(*pads[:4]), None, ints(2, -1), mode=mode)
    for axis in (0, 1, 2, -1):
        case("Gather", 13, weights(3, 4, 5), np.array(1, np.int64), axis=axis)
        case("Gather", 13, weights(3, 4, 5), ints(0, 2), axis=axis)
        case("Gather", 13, weights(3, 4, 5), np.array([[0, 1], [2, 0]], np.int64), axis=axis)
    case("Gather", 13, weights(3, 4), ints(0), axis=2)
    case("GatherElements", 13, weights(3, 4), np.array([[0, 1]], np.int64), axis=0)
    case("GatherND", 13, weights(3, 4, 5), np.array([[0, 1], [2, 0]], np.int64))
    case("GatherND", 13, weights(2, 4, 5), np.array([[1], [2]], np.int64), batch_dims=1)


def reducing():
    for op in ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"):
        for axes in (None, [2, 3], [-1], [1, -2], [4], [1, 1]):
            for keep in (None, 0, 1):
                # Some of onnxruntime's older reductions pass over an axis that does not exist.
                if op != "ReduceSum" and axes != [4]:
                    case(op, 11, weights(1, 3, 4, 5), axes=axes, keepdims=keep)
                case(op, 13 if op == "ReduceSum" else 18, weights(1, 3, 4, 5), *([ints(*axes)] if axes else []), keepdims=keep)
        case(op, 18, weights(1, 3, 4, 5), noop_with_empty_axes=1)
    for op in ("ArgMax", "ArgMin"):
        for axis, keep in [(None, None), (1, 0), (-1, 1), (4, 1)]:
            case(op, 13, weights(1, 3, 4, 5), axis=axis, keepdims=keep)
    case("TopK", 9, weights(1, 10), outputs=2, k=3)
    case("TopK", 11, weights(1, 10), ints(3), outputs=2)
    case("TopK", 11, weights(1, 10), ints(30), outputs=2)


def resizing():
    for _ in range(12):
        scales = floats(1, 1, pick(0.5, 2, 1.5, 3, 0.3), pick(0.5, 2, 2.7, 1))
        shape = weights(1, 2, number(2, 9), number(2, 9))
        case("Upsample", 7, shape, scales=[max(1.0, float(s)) for s in scales], mode="nearest")
        case("Upsample", 9, shape, np.maximum(scales, 1), mode=pick("nearest", "linear"))
        case("Resize", 10, shape, scales, mode="nearest")
        case("Resize", pick(11, 13, 18, 19), shape, floats(), scales, mode=pick("nearest", "linear"))
        case("Resize", pick(13, 18, 19), shape, None, scales, mode="linear")
        case("Resize", pick(11, 13, 19), shape, floats(), floats(), ints(1, 2, number(1, 9), number(1, 9)), mode="nearest")
        case("Resize", pick(13, 18), shape, None, None, ints(1, 2, number(1, 9), number(1, 9)), mode="nearest")
        case("Resize", 18, shape, None, None, ints(number(1, 9), number(1, 9)), axes=[2, 3],
             keep_aspect_ratio_policy=pick("stretch", "not_larger", "not_smaller"), mode="nearest")
        case("Resize", 18, shape, None, scales[2:], axes=[2, 3], mode="nearest")
    case("Resize", 13, weights(1, 2, 3, 3), None, floats(2, 2), mode="nearest")


def sources():
    for start, end in [(None, None), (1, None), (-2, None), (0, 2), (2, 1), (-9, 9)]:
        case("Shape", 15, weights(1, 3, 4, 5), start=start, end=end)
    case("Size", 13, weights(1, 3, 4, 5))
    case("ConstantOfShape", 13, ints(2, 3))
    case("ConstantOfShape", 13, ints())
    for start, limit, delta in [(0, 5, 1), (5, 0, -2), (0, 5, 2), (3, 3, 1), (5, 0, 1)]:
        case("Range", 13, *[np.array(v, np.int64) for v in (start, limit, delta)])
        case("Range", 13, *[np.array(v, np.float32) for v in (start, limit + 0.5, delta)])
    case("NonZero", 13, ints(0, 1, 2, 0))
    case("OneHot", 13, ints(0, 1), np.array(4, np.int64), floats(0, 1))
    case("OneHot", 13, ints(0, 1), np.array(4, np.int64), floats(0, 1), axis=0)


for part in (convolution, pooling, elementwise, linear, reshaping, moving, reducing, resizing, sources):
    part()
seen, unique = set(), []
for entry in CASES:
    text = json.dumps(entry)
    if text not in seen:
        seen.add(text)
        unique.append(text)
(FOLDER / "cases.json").write_text("[\n" + ",\n".join(unique) + "\n]\n")
valid = sum(n for (k, n) in TALLY.items() if isinstance(k, tuple) and k[1] == "valid")
print(f"{len(unique)} cases, {valid} valid before duplicates were dropped, {TALLY['not recorded']} not recorded")
