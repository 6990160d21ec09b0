"""Small random networks that give something else than class scores, in the forms that exporters write, and what onnxruntime and a
reference NMS in numpy make of one picture.

    python3 tests/gives/generate.py        (needs onnx, onnxruntime, numpy and Pillow)

Writes `<name>.onnx`, `picture.png` and `expected.json`: for each file the recipe (null where the file itself has to tell it), the kind and
what was found, in pixels of the picture. The masks of boxes are those of the first few, over the grid of what the network saw, row by row: `1` where
the thing is, `0` where it is not, `?` where rounding would decide.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).parent
SIDE = 64
WIDTH, HEIGHT = 150, 90
CLASSES = ["person", "bicycle", "driver's licence", "dog"]
# So many boxes have their masks written down.
MASKS = 12
SQUASH = {"size": SIDE, "resize": "squash", "scale": 1 / 255, "mean": [0.0], "std": [1.0]}


class Net:
    """Builds a graph node by node."""

    def __init__(self, seed, height=SIDE, width=SIDE):
        self.height, self.width = height, width
        self.random = np.random.default_rng(seed)
        self.nodes, self.constants, self.count = [], [], 0

    def op(self, kind, *inputs, outputs=1, name=None, **attributes):
        self.count += 1
        names = [name] if name else [f"{kind.lower()}_{self.count}_{place}" for place in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"/{kind}_{self.count}", **attributes))
        return names[0] if outputs == 1 else names

    def const(self, values, kind=np.float32):
        self.count += 1
        name = f"const_{self.count}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, kind), name))
        return name

    def ints(self, *values):
        return self.const(values, np.int64)

    def conv(self, value, before, after, kernel=3, stride=1, relu=True, bias=0.0, gain=1.0):
        weights = self.random.normal(0, gain * np.sqrt(2 / (before * kernel * kernel)), (after, before, kernel, kernel))
        biases = np.full(after, bias) + self.random.normal(0, 0.05, after) if np.isscalar(bias) else bias
        result = self.op("Conv", value, self.const(weights), self.const(biases), kernel_shape=[kernel] * 2,
                         strides=[stride] * 2, pads=[kernel // 2] * 4)
        return self.op("Relu", result) if relu else result

    def linear(self, value, before, after, gain=1.0, bias=0.0):
        weights = self.const(self.random.normal(0, gain / np.sqrt(before), (before, after)))
        product = self.op("MatMul", value, weights)
        return self.op("Add", product, self.const(self.random.normal(bias, 0.3, after)))

    def backbone(self):
        """Maps of 16 channels at strides 8 and 16; `four` holds those of 12 channels at stride 4."""
        value = self.conv("images", 3, 8, stride=2, gain=2)
        value = self.four = self.conv(value, 8, 12, stride=2)
        eight = self.conv(value, 12, 16, stride=2)
        sixteen = self.conv(eight, 16, 16, stride=2)
        return [(eight, 8), (sixteen, 16)]

    def save(self, name, outputs, metadata=None, layout="nchw", producer="pytorch"):
        height, width = self.height, self.width
        shape = [1, 3, height, width] if layout == "nchw" else [1, height, width, 3]
        given = helper.make_tensor_value_info("images", TensorProto.FLOAT, shape)
        results = [helper.make_tensor_value_info(*output) for output in outputs]
        graph = helper.make_graph(self.nodes, "main_graph", [given], results, self.constants)
        model = helper.make_model(graph, producer_name=producer, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        for key, value in (metadata or {}).items():
            model.metadata_props.add(key=key, value=value)
        onnx.checker.check_model(model)
        path = HERE / f"{name}.onnx"
        onnx.save(model, path)
        assert path.stat().st_size < 100_000
        return path


def floats(name, *shape):
    return (name, TensorProto.FLOAT, list(shape))


# Pictures as networks see them.


def picture():
    """Coloured shapes on a gradient."""
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    image = Image.fromarray(np.stack([x * 255 // WIDTH, y * 255 // HEIGHT, 128 + 0 * x], -1).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    draw.ellipse([10, 12, 60, 70], fill=(230, 220, 40))
    draw.rectangle([80, 30, 130, 80], fill=(20, 40, 160))
    draw.polygon([(100, 5), (145, 25), (95, 40)], fill=(200, 30, 60))
    image.save(HERE / "picture.png")
    return image


def letterbox(image, rows=SIDE, columns=SIDE):
    """Ultralytics' LetterBox without `auto`, with Pillow's filter; and left, top and scale of the picture in it."""
    ratio = min(columns / image.width, rows / image.height)
    width, height = round(image.width * ratio), round(image.height * ratio)
    left, top = round((columns - width) / 2 - 0.1), round((rows - height) / 2 - 0.1)
    seen = Image.new("RGB", (columns, rows), (114, 114, 114))
    seen.paste(image.resize((width, height), Image.BILINEAR), (left, top))
    return seen, (left, top, image.width / width, image.height / height)


def squash(image):
    return image.resize((SIDE, SIDE), Image.BILINEAR), (0, 0, image.width / SIDE, image.height / SIDE)


def run(path, seen, layout="nchw"):
    pixels = np.asarray(seen, np.float32)[None] / 255
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {"images": pixels if layout == "nhwc" else pixels.transpose(0, 3, 1, 2)})


# The reference: what the families' own programs do with a network's numbers.


def corners(centred):
    x, y, width, height = centred.T
    return np.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], 1)


def iou(one, others):
    width = np.minimum(one[2], others[:, 2]) - np.maximum(one[0], others[:, 0])
    height = np.minimum(one[3], others[:, 3]) - np.maximum(one[1], others[:, 1])
    shared = np.clip(width, 0, None) * np.clip(height, 0, None)
    area = lambda boxes: (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])
    return shared / np.maximum(area(one) + area(others) - shared, 1e-9)


def nms(boxes, classes, scores, most):
    kept = kept_of(boxes, classes, scores, most)
    return boxes[kept], classes[kept], scores[kept]


def kept_of(boxes, classes, scores, most):
    """torchvision.ops.batched_nms, in numpy; refuses what rounding would decide."""
    assert np.abs(scores - 0.25).min() > 2e-4, "a score is too near to the threshold"
    order, kept = [place for place in np.argsort(-scores, kind="stable") if scores[place] > 0.25], []
    if most is None:
        return order
    while order:
        best = order.pop(0)
        kept.append(best)
        left = []
        for other in order:
            overlap = iou(boxes[best], boxes[other][None])[0]
            assert classes[other] != classes[best] or abs(overlap - most) > 2e-3, "an overlap is too near to the limit"
            if classes[other] != classes[best] or overlap <= most:
                left.append(other)
        order = left
    return kept


def placed(found, place):
    boxes, classes, scores = found
    left, top, across, down = place
    assert 2 <= len(boxes) <= 300, len(boxes)
    gaps = np.diff(-scores)
    assert len(gaps) == 0 or gaps.min() > 1e-5, "two scores are equal"
    return [
        [(x1 - left) * across, (y1 - top) * down, (x2 - left) * across, (y2 - top) * down, int(kind), float(score)]
        for (x1, y1, x2, y2), kind, score in zip(boxes.tolist(), classes, scores)
    ]


def best(rows):
    return rows.argmax(1), rows.max(1)


def instances(boxes, coefficients, maps, height, width):
    """Which places of the maps belong to each box's thing: sigmoid(coefficients · maps) > 0.5 where a place's middle lies in the box."""
    count, rows, columns = maps.shape
    sums = (coefficients.astype(np.float64) @ maps.reshape(count, -1)).reshape(-1, rows, columns)
    y = ((np.arange(rows) + 0.5) * height / rows)[:, None]
    x = ((np.arange(columns) + 0.5) * width / columns)[None]
    texts = []
    for (left, top, right, bottom), one in zip(boxes[:MASKS], sums):
        is_in = (x > left) & (x < right) & (y > top) & (y < bottom)
        has = is_in & (1 / (1 + np.exp(-one)) > 0.5)
        at_side = np.abs([x - left + 0 * y, x - right + 0 * y, y - top + 0 * x, y - bottom + 0 * x]).min(0) < 0.2
        unclear = (is_in | at_side) & (at_side | (np.abs(one) < 0.02 * np.abs(one).max()))
        texts.append("".join(np.where(unclear, "?", np.where(has, "1", "0")).ravel()))
    told = "".join(texts)
    assert told.count("?") < 0.2 * (told.count("1") + told.count("?")) and told.count("1") > 100, "rounding decides too much"
    return {"grid": [rows, columns], "masks": texts}


def softmax(rows, axis=-1):
    powers = np.exp(rows - rows.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


# Detectors.


def grid(side, stride):
    y, x = np.mgrid[:side, :side]
    return np.stack([x, y], -1).reshape(-1, 2), stride


def metadata(task, **more):
    names = "{" + ", ".join(f"{place}: {name!r}" for place, name in enumerate(CLASSES)) + "}"
    return {"description": "Ultralytics test", "stride": "32", "task": task, "imgsz": f"[{SIDE}, {SIDE}]", "names": names, **more}


def rows_of_anchors(net, extra=0):
    """Three anchors a place, sigmoid of everything but further numbers, rows [x, y, w, h, anything, classes, further numbers]."""
    numbers, told = 5 + len(CLASSES) + extra, 5 + len(CLASSES)
    anchors = {8: [[10, 13], [16, 30], [33, 23]], 16: [[30, 61], [62, 45], [59, 119]]}
    parts, count = [], 0
    for maps, stride in net.backbone():
        side = SIDE // stride
        count += 3 * side * side
        value = net.conv(maps, 16, 3 * numbers, kernel=1, relu=False, gain=3)
        value = net.op("Reshape", value, net.ints(1, 3, numbers, side, side))
        value = net.op("Transpose", value, perm=[0, 1, 3, 4, 2])
        if extra:
            value, more = net.op("Split", value, net.ints(told, extra), outputs=2, axis=4)
        value = net.op("Sigmoid", value)
        xy, wh, rest = net.op("Split", value, net.ints(2, 2, told - 4), outputs=3, axis=4)
        y, x = np.mgrid[:side, :side]
        places = np.broadcast_to(np.stack([x, y], -1) - 0.5, (1, 3, side, side, 2))
        xy = net.op("Mul", net.op("Add", net.op("Mul", xy, net.const(2.0)), net.const(places)), net.const(float(stride)))
        sizes = np.broadcast_to(np.reshape(anchors[stride], (1, 3, 1, 1, 2)), (1, 3, side, side, 2))
        wh = net.op("Mul", net.op("Pow", net.op("Mul", wh, net.const(2.0)), net.const(2.0)), net.const(sizes))
        value = net.op("Concat", xy, wh, rest, *([more] if extra else []), axis=4)
        parts.append(net.op("Reshape", value, net.ints(1, -1, numbers)))
    net.op("Concat", *parts, axis=1, name="output0")
    return count, numbers


def of_rows(rows):
    """Boxes, classes and scores of what may be something, and which of the rows these are."""
    places = np.flatnonzero(rows[:, 4] > 0.25)
    classes, scores = best(rows[places, 5:5 + len(CLASSES)] * rows[places, 4:5])
    return corners(rows[places, :4]), classes, scores, places


def yolov5(seed, image):
    net = Net(seed)
    shape = rows_of_anchors(net)
    told = {key: value for key, value in metadata("detect").items() if key in ("stride", "names")}
    path = net.save("yolov5", [floats("output0", 1, *shape)], told)
    seen, place = letterbox(image)
    boxes, classes, scores, _ = of_rows(run(path, seen)[0][0])
    return {"recipe": None, "kind": "boxes", "boxes": placed(nms(boxes, classes, scores, 0.45), place)}


def yolov5_seg(seed, image):
    """With the coefficients of masks behind the classes."""
    net = Net(seed)
    shape = rows_of_anchors(net, extra=6)
    net.op("Conv", net.four, net.const(net.random.normal(0, 0.3, (6, 12, 1, 1))), kernel_shape=[1, 1], name="output1")
    told = {key: value for key, value in metadata("segment").items() if key in ("stride", "names")}
    path = net.save("yolov5_seg", [floats("output0", 1, *shape), floats("output1", 1, 6, SIDE // 4, SIDE // 4)], told)
    seen, place = letterbox(image)
    rows, maps = run(path, seen)
    boxes, classes, scores, places = of_rows(rows[0])
    kept = kept_of(boxes, classes, scores, 0.45)
    masks = instances(boxes[kept], rows[0][places[kept], -6:], maps[0], SIDE, SIDE)
    return {"recipe": None, "kind": "boxes", "boxes": placed((boxes[kept], classes[kept], scores[kept]), place), **masks}


def anchor_free(net, extra=0, classes=len(CLASSES), bias=-0.5, stated=None):
    """YOLOv8's head: distances by a softmax over bins (DFL), and one sigmoid for each class. Sides in pixels as [1, 4, N] (centre and size
    or corners), the classes as [1, C, N], and further numbers as [1, extra, N], which are the same everywhere where they are stated."""
    bins, numbers = 8, []
    sides, kinds, others, centres, strides = [], [], [], [], []
    for maps, stride in net.backbone():
        down, across = -(-net.height // stride), -(-net.width // stride)
        flat = lambda value, channels: net.op("Reshape", value, net.ints(1, channels, down * across))
        sides.append(flat(net.conv(maps, 16, 4 * bins, kernel=1, relu=False, gain=4), 4 * bins))
        kinds.append(flat(net.conv(maps, 16, classes, kernel=1, relu=False, gain=3, bias=bias), classes))
        if extra:
            constant = {} if stated is None else {"gain": 0.0, "bias": np.asarray(stated)}
            others.append(flat(net.conv(maps, 16, extra, kernel=1, relu=False, **constant), extra))
        y, x = np.mgrid[:down, :across]
        centres.append(np.stack([x.ravel(), y.ravel()]) + 0.5)
        strides.append(np.full(down * across, stride))
    count = sum(len(stride) for stride in strides)
    sides = net.op("Concat", *sides, axis=2)
    kinds = net.op("Sigmoid", net.op("Concat", *kinds, axis=2))
    others = net.op("Concat", *others, axis=2) if extra else None
    value = net.op("Transpose", net.op("Reshape", sides, net.ints(1, 4, bins, count)), perm=[0, 2, 1, 3])
    value = net.op("Conv", net.op("Softmax", value, axis=1), net.const(np.arange(bins).reshape(1, bins, 1, 1)), kernel_shape=[1, 1])
    value = net.op("Reshape", value, net.ints(1, 4, count))
    near, far = net.op("Split", value, net.ints(2, 2), outputs=2, axis=1)
    centres = net.const(np.concatenate(centres, 1)[None])
    stride = net.const(np.concatenate(strides)[None, None].astype(np.float32))
    return net.op("Sub", centres, near), net.op("Add", centres, far), stride, kinds, others, count


def columns(net, extra=0, bias=-0.5, stated=None):
    first, last, stride, kinds, others, count = anchor_free(net, extra, bias=bias, stated=stated)
    centre = net.op("Div", net.op("Add", first, last), net.const(2.0))
    sides = net.op("Mul", net.op("Concat", centre, net.op("Sub", last, first), axis=1), stride)
    net.op("Concat", *[value for value in (sides, kinds, others) if value], axis=1, name="output0")
    return 4 + len(CLASSES) + extra, count


def of_columns(value):
    rows = value[0].T
    classes, scores = best(rows[:, 4:4 + len(CLASSES)])
    return nms(corners(rows[:, :4]), classes, scores, 0.7)


def yolov8(seed, image):
    net = Net(seed)
    path = net.save("yolov8", [floats("output0", 1, *columns(net))], metadata("detect"))
    seen, place = letterbox(image)
    return {"recipe": None, "kind": "boxes", "boxes": placed(of_columns(run(path, seen)[0]), place)}


def yolov8_unnamed(seed, image):
    """The same without a word about itself, for pictures that are squashed."""
    net = Net(seed)
    path = net.save("yolov8_unnamed", [floats("output0", 1, *columns(net))])
    seen, place = squash(image)
    return {"recipe": SQUASH, "kind": "boxes", "boxes": placed(of_columns(run(path, seen)[0]), place)}


def segmented(net, name, shape, image):
    """What a network with columns and the maps of masks gives."""
    height, width, count = net.height, net.width, shape[0] - 4 - len(CLASSES)
    outputs = [floats("output0", 1, *shape), floats("output1", 1, count, height // 4, width // 4)]
    path = net.save(name, outputs, {**metadata("segment"), "imgsz": f"[{height}, {width}]"})
    seen, place = letterbox(image, height, width)
    values, maps = run(path, seen)
    rows = values[0].T
    classes, scores = best(rows[:, 4:4 + len(CLASSES)])
    boxes = corners(rows[:, :4])
    kept = kept_of(boxes, classes, scores, 0.7)
    masks = instances(boxes[kept], rows[kept, 4 + len(CLASSES):], maps[0], height, width)
    return {"recipe": None, "kind": "boxes", "boxes": placed((boxes[kept], classes[kept], scores[kept]), place), **masks}


def yolov8_seg(seed, image, name="yolov8_seg", **size):
    """With the coefficients of masks, and the maps that these are mixed of as a second result."""
    net = Net(seed, **size)
    shape = columns(net, extra=6)
    net.op("Conv", net.four, net.const(net.random.normal(0, 0.3, (6, 12, 1, 1))), kernel_shape=[1, 1], name="output1")
    return segmented(net, name, shape, image)


def yolov8_seg_odd(seed, image):
    """The same of another height than width, over which the strides do not fit."""
    return yolov8_seg(seed, image, "yolov8_seg_odd", height=52, width=76)


def yolov8_seg_blue(seed, image):
    """One whose masks are known beforehand: wherever the picture is blue, as the rectangle in it."""
    net = Net(seed)
    shape = columns(net, extra=2, stated=[10.0, -5.7])
    pooled = net.op("AveragePool", "images", kernel_shape=[4, 4], strides=[4, 4])
    blue = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]).reshape(2, 3, 1, 1)
    net.op("Conv", pooled, net.const(blue), net.const([0.0, 1.0]), kernel_shape=[1, 1], name="output1")
    return segmented(net, "yolov8_seg_blue", shape, image)


def yolo26(seed, image):
    """End to end: the 20 best of all places and classes, [1, 20, 6]."""
    net = Net(seed)
    first, last, stride, kinds, _, count = anchor_free(net, bias=-1.0)
    sides = net.op("Mul", net.op("Concat", first, last, axis=1), stride)
    sides, kinds = (net.op("Transpose", value, perm=[0, 2, 1]) for value in (sides, kinds))
    _, places = net.op("TopK", net.op("ReduceMax", kinds, axes=[2], keepdims=0), net.ints(20), outputs=2, axis=1)
    places = net.op("Unsqueeze", places, net.ints(2))
    sides = net.op("GatherElements", sides, net.op("Tile", places, net.ints(1, 1, 4)), axis=1)
    kinds = net.op("GatherElements", kinds, net.op("Tile", places, net.ints(1, 1, len(CLASSES))), axis=1)
    scores = net.op("ReduceMax", kinds, axes=[2], keepdims=1)
    chosen = net.op("Cast", net.op("ArgMax", kinds, axis=2, keepdims=1), to=TensorProto.FLOAT)
    net.op("Concat", sides, scores, chosen, axis=2, name="output0")
    path = net.save("yolo26", [floats("output0", 1, 20, 6)], metadata("detect", end2end="True"))
    seen, place = letterbox(image)
    rows = run(path, seen)[0][0]
    return {"recipe": None, "kind": "boxes", "boxes": placed(nms(rows[:, :4], rows[:, 5].astype(int), rows[:, 4], None), place)}


def yolo26_seg(seed, image):
    """The same with the coefficients of masks, [1, 20, 6 + 6]."""
    net = Net(seed)
    first, last, stride, kinds, others, count = anchor_free(net, 6, bias=-1.0)
    sides = net.op("Mul", net.op("Concat", first, last, axis=1), stride)
    sides, kinds, others = (net.op("Transpose", value, perm=[0, 2, 1]) for value in (sides, kinds, others))
    _, places = net.op("TopK", net.op("ReduceMax", kinds, axes=[2], keepdims=0), net.ints(20), outputs=2, axis=1)
    places = net.op("Unsqueeze", places, net.ints(2))
    of = lambda value, numbers: net.op("GatherElements", value, net.op("Tile", places, net.ints(1, 1, numbers)), axis=1)
    sides, kinds, others = of(sides, 4), of(kinds, len(CLASSES)), of(others, 6)
    scores = net.op("ReduceMax", kinds, axes=[2], keepdims=1)
    chosen = net.op("Cast", net.op("ArgMax", kinds, axis=2, keepdims=1), to=TensorProto.FLOAT)
    net.op("Concat", sides, scores, chosen, others, axis=2, name="output0")
    net.op("Conv", net.four, net.const(net.random.normal(0, 0.3, (6, 12, 1, 1))), kernel_shape=[1, 1], name="output1")
    outputs = [floats("output0", 1, 20, 12), floats("output1", 1, 6, SIDE // 4, SIDE // 4)]
    path = net.save("yolo26_seg", outputs, metadata("segment", end2end="True"))
    seen, place = letterbox(image)
    rows, maps = run(path, seen)
    rows = rows[0]
    kept = kept_of(rows[:, :4], rows[:, 5].astype(int), rows[:, 4], None)
    masks = instances(rows[kept, :4], rows[kept, 6:], maps[0], SIDE, SIDE)
    boxes = placed((rows[kept, :4], rows[kept, 5].astype(int), rows[kept, 4]), place)
    return {"recipe": None, "kind": "boxes", "boxes": boxes, **masks}


def ssd(seed, image):
    """Corners as parts of the picture, and a softmax whose first class is nothing."""
    net, kinds, sides, priors = Net(seed), [], [], []
    classes = 1 + len(CLASSES)
    for maps, stride in net.backbone():
        side = SIDE // stride
        rows = lambda value, length: net.op("Reshape", net.op("Transpose", value, perm=[0, 2, 3, 1]), net.ints(1, -1, length))
        kinds.append(rows(net.conv(maps, 16, 2 * classes, kernel=1, relu=False, gain=3), classes))
        sides.append(rows(net.conv(maps, 16, 2 * 4, kernel=1, relu=False), 4))
        y, x = np.mgrid[:side, :side]
        centre = (np.stack([x, y], -1).reshape(-1, 1, 2) + 0.5) / side
        size = np.array([[1.5, 1.5], [3.0, 1.5]]) / side
        priors.append(np.concatenate([np.broadcast_to(centre, (side * side, 2, 2)), np.broadcast_to(size, (side * side, 2, 2))], -1).reshape(-1, 4))
    priors = np.concatenate(priors)
    net.op("Softmax", net.op("Concat", *kinds, axis=1), axis=2, name="scores")
    shift, growth = net.op("Split", net.op("Concat", *sides, axis=1), net.ints(2, 2), outputs=2, axis=2)
    centre = net.op("Add", net.op("Mul", shift, net.const(0.1 * priors[None, :, 2:])), net.const(priors[None, :, :2]))
    half = net.op("Mul", net.op("Exp", net.op("Mul", growth, net.const(0.2))), net.const(priors[None, :, 2:] / 2))
    net.op("Concat", net.op("Sub", centre, half), net.op("Add", centre, half), axis=2, name="boxes")
    path = net.save("ssd", [floats("scores", 1, len(priors), classes), floats("boxes", 1, len(priors), 4)])
    seen, place = squash(image)
    scores, boxes = run(path, seen)
    kinds, values = best(scores[0][:, 1:])
    return {"recipe": SQUASH, "kind": "boxes", "boxes": placed(nms(boxes[0] * SIDE, kinds, values, 0.45), place)}


def queries(net, classes, bias=0.0):
    """64 places as queries of 16 numbers, and their logits and sides."""
    (maps, _), _ = net.backbone()
    value = net.op("Transpose", net.op("Reshape", maps, net.ints(1, 16, 64)), perm=[0, 2, 1])
    mean = net.op("ReduceMean", value, axes=[-1], keepdims=1)
    value = net.op("Sub", value, mean)
    return net.linear(value, 16, classes, gain=6, bias=bias), net.op("Sigmoid", net.linear(value, 16, 4, gain=2))


def detr(seed, image):
    """Logits of which the last is nothing, and sides by a sigmoid."""
    net = Net(seed)
    logits, sides = queries(net, 1 + len(CLASSES))
    shift = np.zeros(1 + len(CLASSES))
    shift[-1] = 4
    net.op("Add", logits, net.const(shift), name="logits")
    net.op("Identity", sides, name="pred_boxes")
    path = net.save("detr", [floats("logits", 1, 64, 1 + len(CLASSES)), floats("pred_boxes", 1, 64, 4)])
    seen, place = squash(image)
    logits, sides = run(path, seen)
    assert (logits[0].argmax(1) == len(CLASSES)).mean() > 0.55
    classes, scores = best(softmax(logits[0])[:, :-1])
    return {"recipe": SQUASH, "kind": "boxes", "boxes": placed(nms(corners(sides[0]) * SIDE, classes, scores, None), place)}


def rtdetr(seed, image):
    """Logits each by itself."""
    net = Net(seed)
    logits, sides = queries(net, len(CLASSES), bias=-4.0)
    net.op("Identity", logits, name="logits")
    net.op("Identity", sides, name="pred_boxes")
    path = net.save("rtdetr", [floats("logits", 1, 64, len(CLASSES)), floats("pred_boxes", 1, 64, 4)])
    seen, place = squash(image)
    logits, sides = run(path, seen)
    assert (logits[0].argmax(1) == len(CLASSES) - 1).mean() < 0.45
    classes, scores = best(1 / (1 + np.exp(-logits[0])))
    return {"recipe": SQUASH, "kind": "boxes", "boxes": placed(nms(corners(sides[0]) * SIDE, classes, scores, None), place)}


def torchvision_lists(seed, image):
    """Corners in pixels, numbers of classes and scores as three lists, the best 20."""
    net = Net(seed)
    first, last, stride, kinds, _, count = anchor_free(net, bias=-1.0)
    sides = net.op("Transpose", net.op("Mul", net.op("Concat", first, last, axis=1), stride), perm=[0, 2, 1])
    sides = net.op("Reshape", sides, net.ints(count, 4))
    kinds = net.op("Reshape", net.op("Transpose", kinds, perm=[0, 2, 1]), net.ints(count, len(CLASSES)))
    _, places = net.op("TopK", net.op("ReduceMax", kinds, axes=[1], keepdims=0), net.ints(20), outputs=2, axis=0)
    net.op("Gather", sides, places, axis=0, name="boxes")
    net.op("Gather", net.op("ArgMax", kinds, axis=1, keepdims=0), places, axis=0, name="labels")
    net.op("Gather", net.op("ReduceMax", kinds, axes=[1], keepdims=0), places, axis=0, name="scores")
    path = net.save("torchvision_lists", [floats("boxes", 20, 4), ("labels", TensorProto.INT64, [20]), floats("scores", 20)])
    seen, place = squash(image)
    boxes, labels, scores = run(path, seen)
    return {"recipe": SQUASH, "kind": "boxes", "boxes": placed(nms(boxes, labels, scores, None), place)}


# Segmenters.


def decoder(net, classes, last=True):
    """Enlarged twice by Resize, as DeepLab's."""
    (maps, _), _ = net.backbone()
    value = net.conv(maps, 16, classes, kernel=1, relu=False, gain=2)
    scales = net.const([1.0, 1.0, 8.0, 8.0])
    name = {"name": "out"} if last else {}
    return net.op("Resize", value, "", scales, mode="linear", coordinate_transformation_mode="half_pixel", **name)


def areas(classes):
    kinds, counts = np.unique(classes, return_counts=True)
    return {str(kind): count / classes.size for kind, count in zip(kinds.tolist(), counts.tolist())}


def of_mask(classes, layout="nchw"):
    return {"recipe": {**SQUASH, "layout": layout}, "kind": "mask", "areas": areas(classes), "mask": classes.ravel().tolist()}


def deeplab(seed, image):
    net = Net(seed)
    decoder(net, 5)
    path = net.save("deeplab", [floats("out", 1, 5, SIDE, SIDE)])
    return of_mask(run(path, squash(image)[0])[0][0].argmax(0))


def argmax(seed, image):
    """The classes as whole numbers."""
    net = Net(seed)
    net.op("ArgMax", decoder(net, 5, last=False), axis=1, keepdims=0, name="classes")
    path = net.save("argmax", [("classes", TensorProto.INT64, [1, SIDE, SIDE])])
    return of_mask(run(path, squash(image)[0])[0][0])


def unet(seed, image):
    """One sigmoid for each place."""
    net = Net(seed)
    net.op("Sigmoid", decoder(net, 1, last=False), name="output")
    path = net.save("unet", [floats("output", 1, 1, SIDE, SIDE)])
    return of_mask((run(path, squash(image)[0])[0][0, 0] > 0.5).astype(int))


def keras(seed, image):
    """Channels last, and a softmax over them."""
    net = Net(seed)
    net.op("Transpose", "images", perm=[0, 3, 1, 2], name="first")
    value = net.conv(net.conv("first", 3, 8, stride=2, gain=2), 8, 8)
    value = net.conv(value, 8, 3, kernel=1, relu=False, gain=3)
    net.op("Softmax", net.op("Transpose", value, perm=[0, 2, 3, 1]), axis=-1, name="probabilities")
    path = net.save("keras", [floats("probabilities", 1, SIDE // 2, SIDE // 2, 3)], layout="nhwc", producer="tf2onnx")
    return of_mask(run(path, squash(image)[0], "nhwc")[0][0].argmax(-1), "nhwc")


# Embeddings, pictures, and what nobody can tell.


def pooled(net):
    _, (maps, _) = net.backbone()
    return net.op("Flatten", net.op("GlobalAveragePool", maps))


def of_vector(vector):
    return {"recipe": SQUASH, "kind": "embedding", "embedding": vector.ravel().tolist()}


def embedding(seed, image):
    """F.normalize of a layer's result."""
    net = Net(seed)
    value = net.linear(pooled(net), 16, 24)
    length = net.op("Clip", net.op("ReduceL2", value, axes=[1], keepdims=1), net.const(1e-12))
    net.op("Div", value, net.op("Expand", length, net.op("Shape", value)), name="output")
    path = net.save("embedding", [floats("output", 1, 24)])
    return of_vector(run(path, squash(image)[0])[0])


def embedding_written_out(seed, image):
    """x / sqrt(sum(x · x))."""
    net = Net(seed)
    value = net.linear(pooled(net), 16, 24)
    squares = net.op("ReduceSum", net.op("Mul", value, value), net.ints(1), keepdims=1)
    net.op("Div", value, net.op("Sqrt", squares), name="output")
    path = net.save("embedding_written_out", [floats("output", 1, 24)])
    return of_vector(run(path, squash(image)[0])[0])


def backbone(seed, image):
    """Pooled maps, and nothing behind them."""
    net = Net(seed)
    maps = net.conv(net.backbone()[1][0], 16, 32, kernel=1)
    net.op("Flatten", net.op("GlobalAveragePool", maps), name="features")
    path = net.save("backbone", [floats("features", 1, 32)])
    return of_vector(run(path, squash(image)[0])[0])


def restored(seed, image):
    """Twice as large a picture."""
    net = Net(seed)
    value = net.conv(net.conv("images", 3, 8), 8, 12, relu=False, gain=0.5, bias=0.5)
    net.op("DepthToSpace", value, blocksize=2, mode="CRD", name="output")
    path = net.save("restored", [floats("output", 1, 3, 2 * SIDE, 2 * SIDE)])
    value = run(path, squash(image)[0])[0][0]
    return {"recipe": SQUASH, "kind": "picture", "size": [2 * SIDE, 2 * SIDE], "range": [float(value.min()), float(value.max())]}


def tokens(seed, image):
    """Tokens of a transformer: rows as a detector has them, and no boxes."""
    net = Net(seed)
    (maps, _), _ = net.backbone()
    value = net.op("Transpose", net.op("Reshape", maps, net.ints(1, 16, 64)), perm=[0, 2, 1])
    net.op("LayerNormalization", value, net.const(np.ones(16)), net.const(np.zeros(16)), axis=-1, name="last_hidden_state")
    net.save("tokens", [floats("last_hidden_state", 1, 64, 16)])
    return {"recipe": SQUASH, "kind": "unknown"}


def classifier(seed, image):
    """Scores with Ultralytics' names and task."""
    net = Net(seed)
    net.op("Softmax", net.linear(pooled(net), 16, len(CLASSES)), axis=1, name="output0")
    net.save("classifier", [floats("output0", 1, len(CLASSES))], metadata("classify"))
    return {"recipe": None, "kind": "scores"}


NETWORKS = [yolov5, yolov5_seg, yolov8, yolov8_unnamed, yolov8_seg, yolov8_seg_odd, yolov8_seg_blue, yolo26, yolo26_seg, ssd, detr, rtdetr, torchvision_lists, deeplab, argmax, unet, keras,
            embedding, embedding_written_out, backbone, restored, tokens, classifier]


def main():
    image = picture()
    expected = {}
    for network in NETWORKS:
        for seed in range(1, 400):
            try:
                expected[network.__name__] = network(seed, image)
                break
            except AssertionError:
                # What rounding decides is compared with nothing.
                continue
        else:
            raise SystemExit(f"{network.__name__}: no seed gives what can be compared")
        found = expected[network.__name__]
        print(network.__name__, "seed", seed, found["kind"], len(found.get("boxes", [])) or found.get("areas", ""))
    (HERE / "expected.json").write_text(json.dumps({"names": CLASSES, "networks": expected}) + "\n")


main()
