"""Computes ONNX graphs with PyTorch in float64, so that it can differentiate them.

Knows the operators that the cases of record.py and the four models use, in the forms in which they use them, and refuses all
others by name.
"""

import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper


def attributes(node):
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def pads_of(attr):
    """Left, right, top, bottom, as torch pads the last axes first."""
    if attr.get("auto_pad", b"NOTSET") not in (b"NOTSET", b""):
        raise NotImplementedError("auto_pad")
    top, left, bottom, right = attr.get("pads", [0, 0, 0, 0])
    return [left, right, top, bottom]


def conv(x, weight, bias, attr):
    x = F.pad(x, pads_of(attr))
    return F.conv2d(
        x, weight, bias, attr.get("strides", [1, 1]), 0, attr.get("dilations", [1, 1]), attr.get("group", 1)
    )


def pool(op, x, attr):
    kernel, strides = attr["kernel_shape"], attr.get("strides", [1, 1])
    dilations = attr.get("dilations", [1, 1])
    if attr.get("ceil_mode", 0) or (op == "AveragePool" and dilations != [1, 1]):
        raise NotImplementedError("ceil_mode, or dilations of an AveragePool")
    pads = pads_of(attr)
    if op == "MaxPool":
        return F.max_pool2d(F.pad(x, pads, value=-torch.inf), kernel, strides, 0, dilations)
    sums = F.avg_pool2d(F.pad(x, pads), kernel, strides, divisor_override=1)
    ones = torch.ones_like(x)
    counted = F.pad(ones, pads, value=1.0 if attr.get("count_include_pad", 0) else 0.0)
    return sums / F.avg_pool2d(counted, kernel, strides, divisor_override=1)


def batch_norm(x, scale, bias, mean, variance, attr):
    axes = [1, -1] + [1] * (x.dim() - 2)
    factor = scale / torch.sqrt(variance + attr.get("epsilon", 1e-5))
    return (x - mean.reshape(axes)) * factor.reshape(axes) + bias.reshape(axes)


def gemm(a, b, c, attr):
    if attr.get("transA", 0):
        raise NotImplementedError("transA")
    product = attr.get("alpha", 1.0) * (a @ (b.T if attr.get("transB", 0) else b))
    return product if c is None else product + attr.get("beta", 1.0) * c


def straight_through(x, y, is_open):
    """The value of y with the gradient of x."""
    return x + (y - x).detach() if is_open else y


def resize(x, scales, sizes, attr):
    mode, coordinates = attr["mode"], attr["coordinate_transformation_mode"]
    if sizes is not None and (mode, coordinates) in INTERPOLATED:
        corners = None if mode == b"nearest" else coordinates == b"align_corners"
        return F.interpolate(x, [int(size) for size in sizes[2:]], mode=INTERPOLATED[mode, coordinates], align_corners=corners)
    expected = {"mode": b"nearest", "nearest_mode": b"floor", "coordinate_transformation_mode": b"asymmetric"}
    if any(attr.get(name) != value for name, value in expected.items()):
        raise NotImplementedError("this form of Resize")
    _, _, down, across = [int(scale) for scale in scales.tolist()]
    return x.repeat_interleave(down, 2).repeat_interleave(across, 3)


# What torch calls a form of Resize. Its nearest neighbour is the one below, in asymmetric coordinates; its cubic has the factor −0.75,
# which is the one of ONNX.
INTERPOLATED = {
    (b"nearest", b"asymmetric"): "nearest",
    (b"linear", b"half_pixel"): "bilinear",
    (b"linear", b"align_corners"): "bilinear",
    (b"cubic", b"half_pixel"): "bicubic",
    (b"cubic", b"align_corners"): "bicubic",
}


def pad(x, pads, value, attr):
    begin, end = pads.tolist()[: x.dim()], pads.tolist()[x.dim():]
    last_first = [length for pair in zip(begin[::-1], end[::-1]) for length in pair]
    mode = {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}[
        attr.get("mode", b"constant").decode()
    ]
    if mode == "constant":
        return F.pad(x, last_first, value=0.0 if value is None else float(value))
    return F.pad(x, last_first[:4], mode=mode)


def log(x):
    """The logarithm, without a slope at 0: there PyTorch's own is infinite, and no number as soon as it is not read."""
    is_zero = x == 0
    return torch.where(is_zero, -torch.inf, torch.log(torch.where(is_zero, 1.0, x)))


def soft_shrink(x, attr):
    if attr["bias"] != attr["lambd"]:
        raise NotImplementedError("a Shrink that is no soft shrink")
    return F.softshrink(x, attr["lambd"])


def deform_conv(x, weights, offsets, bias, mask, attr):
    """Of one picture: each place of the kernel is sampled by itself."""
    (down, across), (rows, columns), groups = weights.shape[2:], offsets.shape[2:], attr.get("offset_group", 1)
    strides, dilations, pads = attr.get("strides", [1, 1]), attr.get("dilations", [1, 1]), attr.get("pads", [0] * 4)
    size = torch.tensor([x.shape[3], x.shape[2]], dtype=x.dtype)
    seen = []
    for group, part in enumerate(x.chunk(groups, 1)):
        for tap in range(down * across):
            at = group * down * across + tap
            y = torch.arange(rows)[:, None] * strides[0] - pads[0] + tap // across * dilations[0] + offsets[0, 2 * at]
            x_ = torch.arange(columns)[None] * strides[1] - pads[1] + tap % across * dilations[1] + offsets[0, 2 * at + 1]
            value = F.grid_sample(part, ((torch.stack([x_, y], 2) * 2 + 1) / size - 1)[None], align_corners=False)
            seen.append(value if mask is None else value * mask[:, at])
    taps = [torch.stack(seen[group * down * across : (group + 1) * down * across], 2) for group in range(groups)]
    columns_ = torch.cat(taps, 1).reshape(1, -1, rows, columns)
    return F.conv2d(columns_, weights.flatten(1)[:, :, None, None], bias, groups=attr.get("group", 1))


def compute(node, args, is_open):
    """The output of a node for its inputs, of which those that are left out are None."""
    attr, op = attributes(node), node.op_type
    x, others = args[0], args[1:] + [None] * 5
    simple = {
        "Sigmoid": torch.sigmoid, "Tanh": torch.tanh, "Exp": torch.exp, "Log": log, "Sqrt": torch.sqrt,
        "Abs": torch.abs, "Neg": torch.neg, "Sign": torch.sign, "Reciprocal": torch.reciprocal,
        "Softsign": F.softsign, "Selu": F.selu, "Not": torch.logical_not,
        "Identity": lambda x: x, "HardSwish": F.hardswish, "Mish": F.mish, "Softplus": F.softplus, "Erf": torch.erf,
    }
    pairs = {"Add": torch.add, "Sub": torch.sub, "Mul": torch.mul, "Div": torch.div, "Min": torch.minimum,
             "Max": torch.maximum, "MatMul": torch.matmul, "Greater": torch.gt, "Less": torch.lt}
    if op in simple:
        return simple[op](x)
    if op in pairs:
        return pairs[op](x, others[0])
    if op == "Relu":
        return straight_through(x, F.relu(x), is_open)
    if op == "Clip":
        low, high = (None if bound is None else float(bound) for bound in others[:2])
        return straight_through(x, torch.clamp(x, low, high), is_open)
    if op == "LeakyRelu":
        return F.leaky_relu(x, attr.get("alpha", 0.01))
    if op == "Elu":
        return F.elu(x, attr.get("alpha", 1.0))
    if op == "Celu":
        return F.celu(x, attr.get("alpha", 1.0))
    if op == "PRelu":
        return F.prelu(x, others[0].flatten())
    if op == "HardSigmoid":
        if abs(attr["alpha"] - 1 / 6) > 1e-6 or attr["beta"] != 0.5:
            raise NotImplementedError("a HardSigmoid of other constants")
        return F.hardsigmoid(x)
    if op == "ThresholdedRelu":
        return F.threshold(x, attr["alpha"], 0.0)
    if op == "Shrink":
        return soft_shrink(x, attr)
    if op == "ReduceL2":
        return torch.linalg.vector_norm(x, dim=attr["axes"], keepdim=bool(attr.get("keepdims", 1)))
    if op == "Softmax":
        return torch.softmax(x, attr["axis"])
    if op == "Einsum":
        return torch.einsum(attr["equation"].decode(), *args)
    if op == "Expand":
        return x + torch.zeros([int(size) for size in others[0]], dtype=x.dtype)
    if op == "Tile":
        return x.repeat(*others[0].tolist())
    if op == "Unsqueeze":
        return x.unsqueeze(int(others[0]))
    if op == "Pad":
        return pad(x, others[0], others[1], attr)
    if op == "Where":
        return torch.where(x, others[0], others[1])
    if op == "TopK":
        return torch.topk(x, int(others[0]), attr["axis"], bool(attr.get("largest", 1)))[0]
    if op == "Conv":
        return conv(x, others[0], others[1], attr)
    if op in ("MaxPool", "AveragePool"):
        return pool(op, x, attr)
    if op == "MaxUnpool":
        return F.max_unpool2d(x, others[0], attr["kernel_shape"], attr["strides"], output_size=others[1].tolist())
    if op == "Attention":
        scale, shape = attr.get("scale"), x.shape
        heads = [attr["q_num_heads"], *[attr["kv_num_heads"]] * 2]
        q, k, v = (part.reshape(*part.shape[:2], count, -1).transpose(1, 2) for part, count in zip(args, heads))
        k, v = (part.repeat_interleave(heads[0] // heads[1], 1) for part in (k, v))
        made = F.scaled_dot_product_attention(q, k, v, is_causal=bool(attr.get("is_causal", 0)), scale=scale)
        return made.transpose(1, 2).reshape(*shape[:2], -1)
    if op == "GridSample":
        mode = attr.get("mode", b"linear").decode()
        mode = {"linear": "bilinear", "cubic": "bicubic"}.get(mode, mode)
        return F.grid_sample(x, others[0], mode, attr.get("padding_mode", b"zeros").decode(), bool(attr.get("align_corners", 0)))
    if op == "AffineGrid":
        return F.affine_grid(x, others[0].tolist(), bool(attr.get("align_corners", 0)))
    if op == "DeformConv":
        return deform_conv(x, *others[:4], attr)
    if op == "ConvTranspose":
        if any(attr.get("pads", [0])):
            raise NotImplementedError("pads of a ConvTranspose")
        return F.conv_transpose2d(
            x, others[0], others[1], attr.get("strides", [1, 1]), 0, 0, attr.get("group", 1), attr.get("dilations", [1, 1])
        )
    if op == "LpPool":
        return F.lp_pool2d(x, attr["p"], attr["kernel_shape"], attr["strides"])
    if op == "ReduceProd":
        return torch.prod(x, attr["axes"][0], keepdim=bool(attr.get("keepdims", 1)))
    if op == "GlobalAveragePool":
        return x.mean((2, 3), keepdim=True)
    if op == "GlobalMaxPool":
        return x.amax((2, 3), keepdim=True)
    if op == "Concat":
        return torch.cat(args, attr["axis"])
    if op == "Flatten":
        return x.flatten(attr.get("axis", 1))
    if op == "Gemm":
        return gemm(x, others[0], others[1], attr)
    if op == "BatchNormalization":
        return batch_norm(x, *others[:4], attr)
    if op == "Resize":
        return resize(x, others[1], others[2], attr)
    if op == "Transpose":
        return x.permute(attr["perm"])
    if op == "Reshape":
        return x.reshape([int(size) for size in others[0].tolist()])
    raise NotImplementedError(op)


def run(model, inputs, wanted, is_open=lambda value: False):
    """The named values for `inputs` (name → tensor of float64). A value that is in `inputs` is not computed."""
    values = dict(inputs)
    for tensor in model.graph.initializer:
        array = torch.from_numpy(numpy_helper.to_array(tensor).copy())
        values[tensor.name] = array.double() if array.is_floating_point() else array
    for node in model.graph.node:
        if all(name in values for name in wanted):
            break
        if node.output[0] in values:
            continue
        args = [values[name] if name else None for name in node.input]
        try:
            values[node.output[0]] = compute(node, args, is_open(node.output[0]))
            if node.op_type == "MaxPool" and len(node.output) > 1:
                attr = attributes(node)
                values[node.output[1]] = F.max_pool2d(args[0], attr["kernel_shape"], attr["strides"], return_indices=True)[1]
        except NotImplementedError as error:
            raise NotImplementedError(f"in node {node.name!r} ({node.op_type}): {error}") from error
    return [values[name] for name in wanted]
