"""Networks in the shapes of known detectors, segmenters and transformers, written from their published descriptions.

Each is a function of a width, so that the tests have small ones of the same form. Nothing here comes from the projects whose networks
have these shapes, and the weights are random.
"""

import functools

import timm
import torch
from torch import nn
from torch.nn import functional as F



class Conv(nn.Module):
    """Convolution, normalization and activation."""

    def __init__(self, before, after, kernel=1, stride=1, groups=1, activation=nn.SiLU, dilation=1):
        super().__init__()
        padding = dilation * (kernel - 1) // 2
        self.conv = nn.Conv2d(before, after, kernel, stride, padding, dilation, groups, bias=False)
        self.norm = nn.BatchNorm2d(after)
        self.activation = activation() if activation else nn.Identity()

    def forward(self, x):
        return self.activation(self.norm(self.conv(x)))


class Bottleneck(nn.Module):
    def __init__(self, width, shortcut, share=1.0):
        super().__init__()
        inner = max(1, int(width * share))
        self.first, self.second, self.shortcut = Conv(width, inner, 3), Conv(inner, width, 3), shortcut

    def forward(self, x):
        found = self.second(self.first(x))
        return x + found if self.shortcut else found


class Nested(nn.Module):
    """A cross-stage block of bottlenecks (YOLO11's C3k)."""

    def __init__(self, width, count=2):
        super().__init__()
        half = max(1, width // 2)
        self.one, self.two, self.last = Conv(width, half), Conv(width, half), Conv(2 * half, width)
        self.blocks = nn.Sequential(*(Bottleneck(half, True) for _ in range(count)))

    def forward(self, x):
        return self.last(torch.cat((self.blocks(self.one(x)), self.two(x)), 1))


class Stage(nn.Module):
    """Splits the channels, sends one half through blocks, and joins all that came about (C2f, C3k2)."""

    def __init__(self, before, after, count=1, shortcut=False, share=0.5, nested=None):
        super().__init__()
        self.half = max(2, int(after * share))
        self.open, self.close = Conv(before, 2 * self.half), Conv((2 + count) * self.half, after)
        if nested is None:
            blocks = [Bottleneck(self.half, shortcut) for _ in range(count)]
        elif nested:
            blocks = [Nested(self.half) for _ in range(count)]
        else:
            blocks = [Bottleneck(self.half, shortcut, 0.5) for _ in range(count)]
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x):
        parts = list(self.open(x).chunk(2, 1))
        for block in self.blocks:
            parts.append(block(parts[-1]))
        return self.close(torch.cat(parts, 1))


class Pyramid(nn.Module):
    """Pooling again and again, joined (SPPF)."""

    def __init__(self, width, shortcut=False):
        super().__init__()
        self.open, self.close = Conv(width, width // 2), Conv(width * 2, width)
        self.pool, self.shortcut = nn.MaxPool2d(5, 1, 2), shortcut

    def forward(self, x):
        parts = [self.open(x)]
        for _ in range(3):
            parts.append(self.pool(parts[-1]))
        found = self.close(torch.cat(parts, 1))
        return found + x if self.shortcut else found


class SpatialAttention(nn.Module):
    """Attention between the places of a map, with a depthwise convolution as position (YOLO11's C2PSA)."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.head = heads, width // heads
        self.key = self.head // 2
        self.all = Conv(width, width + 2 * heads * self.key, activation=None)
        self.place = Conv(width, width, 3, groups=width, activation=None)
        self.out = Conv(width, width, activation=None)

    def forward(self, x):
        batch, channels, height, width = x.shape
        joined = self.all(x).view(batch, self.heads, 2 * self.key + self.head, height * width)
        query, key, value = joined.split((self.key, self.key, self.head), 2)
        rows = ((query.transpose(-2, -1) @ key) * self.key**-0.5).softmax(-1)
        found = (value @ rows.transpose(-2, -1)).view(batch, channels, height, width)
        return self.out(found + self.place(value.reshape(batch, channels, height, width)))


class Attended(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.half = max(1, width // 2)
        self.open, self.close = Conv(width, width), Conv(width, width)
        self.attention = SpatialAttention(self.half, max(1, self.half // 64))
        self.feed = nn.Sequential(Conv(self.half, width), Conv(width, self.half, activation=None))

    def forward(self, x):
        kept, x = self.open(x).split((self.half, self.half), 1)
        x = x + self.attention(x)
        x = x + self.feed(x)
        return self.close(torch.cat((kept, x), 1))


def anchors(maps):
    """The centres of the cells of all maps, in cells, and the stride of each: `[2, cells]` and `[1, cells]`."""
    points, strides = [], []
    for found, stride in maps:
        height, width = found.shape[2:]
        rows, columns = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
        points.append(torch.stack((columns.reshape(-1), rows.reshape(-1))))
        strides.append(torch.full((1, height * width), float(stride)))
    return torch.cat(points, 1), torch.cat(strides, 1)


class Detect(nn.Module):
    """Boxes and class scores of the cells of three maps. `bins`: distances as distributions over so many bins; 1: as numbers."""

    def __init__(self, widths, classes, bins, depthwise, chosen=0, masks=0):
        super().__init__()
        self.classes, self.bins, self.chosen, self.masks = classes, bins, chosen, masks
        inner = max(widths[0] // 4, bins * 4, 16 if widths[0] > 16 else 4)
        scored = max(widths[0], min(classes, 100))
        self.boxes = nn.ModuleList(
            nn.Sequential(Conv(width, inner, 3), Conv(inner, inner, 3), nn.Conv2d(inner, 4 * bins, 1)) for width in widths
        )
        if depthwise:
            self.scores = nn.ModuleList(
                nn.Sequential(
                    Conv(width, width, 3, groups=width),
                    Conv(width, scored),
                    Conv(scored, scored, 3, groups=scored),
                    Conv(scored, scored),
                    nn.Conv2d(scored, classes, 1),
                )
                for width in widths
            )
        else:
            self.scores = nn.ModuleList(
                nn.Sequential(Conv(width, scored, 3), Conv(scored, scored, 3), nn.Conv2d(scored, classes, 1))
                for width in widths
            )
        if masks:
            self.prototypes = nn.Sequential(
                Conv(widths[0], widths[0], 3),
                nn.ConvTranspose2d(widths[0], widths[0], 2, 2),
                Conv(widths[0], widths[0], 3),
                Conv(widths[0], masks),
            )
            self.shapes = nn.ModuleList(
                nn.Sequential(Conv(width, masks, 3), Conv(masks, masks, 3), nn.Conv2d(masks, masks, 1)) for width in widths
            )

    def forward(self, maps):
        points, strides = anchors(list(zip(maps, (8, 16, 32))))
        distances = torch.cat([head(x).flatten(2) for head, x in zip(self.boxes, maps)], 2)
        scores = torch.cat([head(x).flatten(2) for head, x in zip(self.scores, maps)], 2).sigmoid()
        if self.bins > 1:
            batch, _, cells = distances.shape
            shares = distances.view(batch, 4, self.bins, cells).transpose(2, 1).softmax(1)
            weights = torch.arange(self.bins, dtype=torch.float32).view(1, self.bins, 1, 1)
            distances = F.conv2d(shares, weights).view(batch, 4, cells)
        low, high = distances.chunk(2, 1)
        low, high = points - low, points + high
        if self.chosen:
            return self.best(torch.cat((low, high), 1) * strides, scores)
        boxes = torch.cat(((low + high) / 2, high - low), 1) * strides
        if not self.masks:
            return torch.cat((boxes, scores), 1)
        shapes = torch.cat([head(x).flatten(2) for head, x in zip(self.shapes, maps)], 2)
        return torch.cat((boxes, scores, shapes), 1), self.prototypes(maps[0])

    def best(self, boxes, scores):
        """The most certain pairs of a cell and a class: corners, score and class number, `[1, chosen, 6]`."""
        boxes, scores = boxes.transpose(1, 2), scores.transpose(1, 2)
        count = min(self.chosen, scores.shape[1])
        cells = scores.amax(2).topk(count)[1].unsqueeze(2)
        boxes = boxes.gather(1, cells.repeat(1, 1, 4))
        scores = scores.gather(1, cells.repeat(1, 1, self.classes))
        scores, pairs = scores.flatten(1).topk(count)
        rows = (pairs // self.classes).unsqueeze(2).repeat(1, 1, 4)
        number = (pairs % self.classes).unsqueeze(2).to(boxes.dtype)
        return torch.cat((boxes.gather(1, rows), scores.unsqueeze(2), number), 2)


class Yolo(nn.Module):
    """The shape of YOLOv8 (`version` 8), YOLO11 and YOLO26, their smallest widths at `width` 16."""

    def __init__(self, version, width=16, classes=80, masks=0, bins=16):
        super().__init__()
        a, b, c, d, e = (width * factor for factor in (1, 2, 4, 8, 16))
        old = version == 8
        later = functools.partial(Stage, nested=None if old else True)
        early = functools.partial(Stage, nested=None if old else False)
        widths = (b, c, d, e) if old else (c, d, d, e)
        share = {} if old else {"share": 0.25}
        count = 2 if old else 1
        self.stem = nn.Sequential(Conv(3, a, 3, 2), Conv(a, b, 3, 2), early(b, widths[0], 1, True, **share))
        self.eight = nn.Sequential(Conv(widths[0], c, 3, 2), early(c, widths[1], count, True, **share))
        self.sixteen = nn.Sequential(Conv(widths[1], d, 3, 2), later(d, widths[2], count, True))
        end = [Conv(widths[2], e, 3, 2), later(e, e, 1, True), Pyramid(e, version == 26)]
        self.thirty_two = nn.Sequential(*end, *([] if old else [Attended(e)]))
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        neck = early if old else functools.partial(Stage, nested=version == 26)
        self.up_sixteen, self.up_eight = neck(e + widths[2], d), neck(d + widths[1], c)
        self.down_sixteen, self.out_sixteen = Conv(c, c, 3, 2), neck(c + d, d)
        self.down_thirty_two, self.out_thirty_two = Conv(d, d, 3, 2), later(d + e, e)
        bins = 1 if version == 26 else bins
        self.detect = Detect((c, d, e), classes, bins, not old, 300 if version == 26 else 0, masks)

    def forward(self, x):
        eight = self.eight(self.stem(x))
        sixteen = self.sixteen(eight)
        thirty_two = self.thirty_two(sixteen)
        joined = self.up_sixteen(torch.cat((self.up(thirty_two), sixteen), 1))
        small = self.up_eight(torch.cat((self.up(joined), eight), 1))
        middle = self.out_sixteen(torch.cat((self.down_sixteen(small), joined), 1))
        large = self.out_thirty_two(torch.cat((self.down_thirty_two(middle), thirty_two), 1))
        return self.detect([small, middle, large])


class UNet(nn.Module):
    def __init__(self, width=16, classes=3, transposed=True):
        super().__init__()
        widths = [width * factor for factor in (1, 2, 4, 8)]
        self.down = nn.ModuleList(self.pair(before, after) for before, after in zip([3, *widths], widths))
        self.pool = nn.MaxPool2d(2)
        steps = list(zip(widths[::-1], widths[-2::-1]))
        if transposed:
            self.up = nn.ModuleList(nn.ConvTranspose2d(before, after, 2, 2) for before, after in steps)
        else:
            enlarge = functools.partial(nn.Upsample, scale_factor=2, mode="bilinear", align_corners=True)
            self.up = nn.ModuleList(nn.Sequential(enlarge(), nn.Conv2d(before, after, 1)) for before, after in steps)
        self.join = nn.ModuleList(self.pair(2 * after, after) for _, after in steps)
        self.last = nn.Conv2d(width, classes, 1)

    @staticmethod
    def pair(before, after):
        return nn.Sequential(Conv(before, after, 3, activation=nn.ReLU), Conv(after, after, 3, activation=nn.ReLU))

    def forward(self, x):
        kept = []
        for stage in self.down:
            x = stage(self.pool(x) if kept else x)
            kept.append(x)
        for up, join, other in zip(self.up, self.join, kept[-2::-1]):
            x = join(torch.cat((other, up(x)), 1))
        return self.last(x)


class Residual(nn.Module):
    def __init__(self, before, after, stride=1, dilation=1):
        super().__init__()
        self.one = Conv(before, after, 3, stride, activation=nn.ReLU, dilation=dilation)
        self.two = Conv(after, after, 3, activation=None, dilation=dilation)
        same = before == after and stride == 1
        self.past = nn.Identity() if same else Conv(before, after, 1, stride, activation=None)

    def forward(self, x):
        return F.relu(self.two(self.one(x)) + self.past(x))


class DeepLab(nn.Module):
    """DeepLabV3: dilated residual blocks, convolutions of several dilations beside each other, and their enlargement."""

    def __init__(self, width=16, classes=21):
        super().__init__()
        w = width
        self.body = nn.Sequential(
            Conv(3, w, 7, 2, activation=nn.ReLU),
            nn.MaxPool2d(3, 2, 1),
            Residual(w, w),
            Residual(w, 2 * w, 2),
            Residual(2 * w, 4 * w, 1, 2),
            Residual(4 * w, 8 * w, 1, 4),
        )
        inner = 4 * w
        self.near = Conv(8 * w, inner, activation=nn.ReLU)
        self.far = nn.ModuleList(Conv(8 * w, inner, 3, activation=nn.ReLU, dilation=rate) for rate in (12, 24, 36))
        self.whole = nn.Sequential(nn.AdaptiveAvgPool2d(1), Conv(8 * w, inner, activation=nn.ReLU))
        self.joined = nn.Sequential(Conv(5 * inner, inner, activation=nn.ReLU), nn.Dropout(0.5))
        self.last = nn.Sequential(Conv(inner, inner, 3, activation=nn.ReLU), nn.Conv2d(inner, classes, 1))

    def forward(self, x):
        size = x.shape[-2:]
        found = self.body(x)
        whole = F.interpolate(self.whole(found), size=found.shape[-2:], mode="bilinear", align_corners=False)
        parts = [self.near(found), *(far(found) for far in self.far), whole]
        scores = self.last(self.joined(torch.cat(parts, 1)))
        return F.interpolate(scores, size=size, mode="bilinear", align_corners=False)


class Inverted(nn.Module):
    """MobileNetV3's block: wide, depthwise, gated, narrow."""

    def __init__(self, before, after, stride, gated):
        super().__init__()
        wide = 3 * before
        self.open = Conv(before, wide, activation=nn.Hardswish)
        self.depth = Conv(wide, wide, 5, stride, wide, nn.Hardswish)
        inner = max(4, wide // 4)
        layers = (nn.AdaptiveAvgPool2d(1), nn.Conv2d(wide, inner, 1), nn.ReLU(), nn.Conv2d(inner, wide, 1), nn.Hardsigmoid())
        self.gate = nn.Sequential(*layers) if gated else None
        self.close, self.shortcut = Conv(wide, after, activation=None), stride == 1 and before == after

    def forward(self, x):
        found = self.depth(self.open(x))
        found = self.close(found * self.gate(found) if self.gate else found)
        return x + found if self.shortcut else found


class Lraspp(nn.Module):
    """LR-ASPP on a network like MobileNetV3: one gated branch, and one from the finer maps."""

    def __init__(self, width=16, classes=21):
        super().__init__()
        w = width
        self.low = nn.Sequential(
            Conv(3, w, 3, 2, activation=nn.Hardswish), Inverted(w, w, 2, True), Inverted(w, 2 * w, 2, False)
        )
        self.high = nn.Sequential(Inverted(2 * w, 4 * w, 2, True), Inverted(4 * w, 4 * w, 1, True))
        self.seen = Conv(4 * w, 2 * w, activation=nn.ReLU)
        self.scale = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(4 * w, 2 * w, 1, bias=False), nn.Sigmoid())
        self.of_low, self.of_high = nn.Conv2d(2 * w, classes, 1), nn.Conv2d(2 * w, classes, 1)

    def forward(self, x):
        low = self.low(x)
        high = self.high(low)
        found = self.seen(high) * self.scale(high)
        found = F.interpolate(found, size=low.shape[-2:], mode="bilinear", align_corners=False)
        scores = self.of_low(low) + self.of_high(found)
        return F.interpolate(scores, size=x.shape[-2:], mode="bilinear", align_corners=False)


class Detr(nn.Module):
    """DETR: a convolutional network, a transformer over its cells, and a fixed number of queries."""

    def __init__(self, width=16, hidden=64, heads=4, layers=2, queries=20, classes=91):
        super().__init__()
        w = width
        self.body = nn.Sequential(
            Conv(3, w, 7, 2, activation=nn.ReLU),
            nn.MaxPool2d(3, 2, 1),
            Residual(w, w),
            Residual(w, 2 * w, 2),
            Residual(2 * w, 4 * w, 2),
        )
        self.project = nn.Conv2d(4 * w, hidden, 1)
        self.transformer = nn.Transformer(hidden, heads, layers, layers, 2 * hidden, 0.0, batch_first=True)
        self.rows, self.columns = (nn.Parameter(torch.rand(50, hidden // 2)) for _ in range(2))
        self.queries = nn.Parameter(torch.rand(1, queries, hidden))
        self.classes = nn.Linear(hidden, classes + 1)
        self.boxes = nn.Sequential(nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 4))

    def forward(self, x):
        found = self.project(self.body(x))
        height, width = found.shape[-2:]
        columns = self.columns[:width].unsqueeze(0).repeat(height, 1, 1)
        rows = self.rows[:height].unsqueeze(1).repeat(1, width, 1)
        places = torch.cat((columns, rows), -1).flatten(0, 1).unsqueeze(0)
        queries = self.queries.repeat(x.shape[0], 1, 1)
        answers = self.transformer(places + 0.1 * found.flatten(2).transpose(1, 2), queries)
        return self.classes(answers), self.boxes(answers).sigmoid()


class Sampled(nn.Module):
    """Attention to a few places that are computed (deformable attention), as RT-DETR's decoder has it."""

    def __init__(self, hidden, heads, points=4):
        super().__init__()
        self.heads, self.points = heads, points
        self.offsets, self.shares = nn.Linear(hidden, heads * points * 2), nn.Linear(hidden, heads * points)
        self.value, self.out = nn.Conv2d(hidden, hidden, 1), nn.Linear(hidden, hidden)

    def forward(self, queries, boxes, maps):
        batch, count, hidden = queries.shape
        value = self.value(maps).reshape(batch * self.heads, hidden // self.heads, *maps.shape[-2:])
        offsets = self.offsets(queries).view(batch, count, self.heads, self.points, 2)
        places = boxes[:, :, None, None, :2] + 0.5 / self.points * offsets * boxes[:, :, None, None, 2:]
        grid = (2 * places - 1).permute(0, 2, 1, 3, 4).flatten(0, 1)
        seen = F.grid_sample(value, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
        shares = self.shares(queries).view(batch, count, self.heads, self.points).softmax(-1)
        shares = shares.permute(0, 2, 1, 3).reshape(batch * self.heads, 1, count, self.points)
        found = (seen * shares).sum(-1).view(batch, hidden, count).transpose(1, 2)
        return self.out(found)


class RtDetr(nn.Module):
    """The shape of RT-DETR: the cells that score best become queries, which look at computed places."""

    def __init__(self, width=16, hidden=64, heads=4, queries=12, classes=80):
        super().__init__()
        w = width
        self.body = nn.Sequential(
            Conv(3, w, 3, 2, activation=nn.ReLU), Residual(w, w, 2), Residual(w, 2 * w, 2), Residual(2 * w, 4 * w, 2)
        )
        self.project, self.count = Conv(4 * w, hidden, activation=None), queries
        self.encoder = nn.TransformerEncoderLayer(hidden, heads, 2 * hidden, 0.0, F.gelu, batch_first=True)
        self.scored, self.placed = nn.Linear(hidden, classes), nn.Linear(hidden, 4)
        self.attention = nn.MultiheadAttention(hidden, heads, batch_first=True)
        self.sampled, self.norm = Sampled(hidden, heads), nn.LayerNorm(hidden)
        self.classes, self.boxes = nn.Linear(hidden, classes), nn.Linear(hidden, 4)

    def forward(self, x):
        maps = self.project(self.body(x))
        batch, hidden, height, width = maps.shape
        cells = self.encoder(maps.flatten(2).transpose(1, 2))
        best = self.scored(cells).max(-1).values.topk(self.count, 1).indices.unsqueeze(-1)
        queries = cells.gather(1, best.repeat(1, 1, hidden))
        boxes = self.placed(queries)
        queries = queries + self.attention(queries, queries, queries)[0]
        maps = cells.transpose(1, 2).reshape(batch, hidden, height, width)
        queries = self.norm(queries + self.sampled(queries, boxes.sigmoid(), maps))
        return (self.boxes(queries) + boxes).sigmoid(), self.classes(queries)


class Ssd(nn.Module):
    """The shape of SSD: boxes and class probabilities from maps of several sizes."""

    def __init__(self, width=16, classes=21, anchors=4):
        super().__init__()
        w, self.number = width, classes
        self.stages = nn.ModuleList(
            [
                nn.Sequential(Conv(3, w, 3, 2, activation=nn.ReLU6), Residual(w, 2 * w, 2), Residual(2 * w, 4 * w, 2)),
                Residual(4 * w, 4 * w, 2),
                Residual(4 * w, 4 * w, 2),
            ]
        )
        self.boxes = nn.ModuleList(nn.Conv2d(4 * w, anchors * 4, 3, padding=1) for _ in self.stages)
        self.scores = nn.ModuleList(nn.Conv2d(4 * w, anchors * classes, 3, padding=1) for _ in self.stages)

    def forward(self, x):
        boxes, scores = [], []
        for stage, box, score in zip(self.stages, self.boxes, self.scores):
            x = stage(x)
            boxes.append(box(x).permute(0, 2, 3, 1).reshape(x.shape[0], -1, 4))
            scores.append(score(x).permute(0, 2, 3, 1).reshape(x.shape[0], -1, self.number))
        return torch.cat(boxes, 1), torch.cat(scores, 1).softmax(-1)


class Embedding(nn.Module):
    """A vector of length 1, as networks that compare faces or products give it."""

    def __init__(self, width=16, length=32):
        super().__init__()
        w = width
        self.body = nn.Sequential(Conv(3, w, 3, 2, activation=nn.PReLU), Residual(w, 2 * w, 2), Residual(2 * w, 4 * w, 2))
        self.last = nn.Linear(4 * w, length)

    def forward(self, x):
        return F.normalize(self.last(self.body(x).mean((2, 3))))


def describe(task, side, classes):
    """The metadata that Ultralytics writes into its files."""
    names = {number: f"thing {number}" for number in range(classes)}
    return {"stride": "32", "task": task, "batch": "1", "imgsz": str([side, side]), "names": str(names)}


def of_timm(name, **changes):
    return lambda: timm.create_model(name, pretrained=False, num_classes=10, **changes).eval()


def made(kind, *arguments, **options):
    return lambda: kind(*arguments, **options).eval()


# name, network, metadata
NETWORKS = [
    ("yolov8n-shaped", made(Yolo, 8), describe("detect", 128, 80)),
    ("yolo11n-shaped", made(Yolo, 11), describe("detect", 128, 80)),
    ("yolo26n-shaped", made(Yolo, 26), describe("detect", 128, 80)),
    ("yolo11n-seg-shaped", made(Yolo, 11, masks=32), describe("segment", 128, 80)),
    ("unet", made(UNet), None),
    ("unet-bilinear", made(UNet, transposed=False), None),
    ("deeplabv3-shaped", made(DeepLab), None),
    ("lraspp-shaped", made(Lraspp), None),
    ("detr-shaped", made(Detr), None),
    ("rtdetr-shaped", made(RtDetr), None),
    ("ssd-shaped", made(Ssd), None),
    ("embedding", made(Embedding), None),
]

VIT = {"img_size": 64, "embed_dim": 16, "depth": 2, "num_heads": 2}
SWIN = {"img_size": 64, "embed_dim": 8, "depths": (2, 2), "num_heads": (2, 2), "window_size": 4}
# name, network, side, whether the current exporter writes it, metadata
SMALL = [
    ("small-yolov8", made(Yolo, 8, 1, 3, bins=4), 64, False, describe("detect", 64, 3)),
    ("small-yolo26", made(Yolo, 26, 1, 3), 64, False, describe("detect", 64, 3)),
    ("small-yolo11-seg", made(Yolo, 11, 1, 3, 4, 4), 64, False, describe("segment", 64, 3)),
    ("small-unet", made(UNet, 3), 64, False, None),
    ("small-deeplab", made(DeepLab, 3, 3), 64, True, None),
    ("small-lraspp", made(Lraspp, 4, 3), 64, False, None),
    ("small-detr", made(Detr, 4, 16, 2, 1, 5, 3), 64, False, None),
    ("small-rtdetr", made(RtDetr, 4, 16, 2, 5, 3), 64, True, None),
    ("small-ssd", made(Ssd, 3, 3, 2), 64, False, None),
    ("small-embedding", made(Embedding, 4, 8), 64, False, None),
    ("small-vit", of_timm("vit_tiny_patch16_224", **VIT), 64, True, None),
    ("small-swin", of_timm("swin_tiny_patch4_window7_224", **SWIN), 64, True, None),
]
