#!/usr/bin/env python3
"""Makes small networks with attention within windows, and records what patches attend to there as PyTorch computes it: `windows.json` beside this script.

Swin of timm, as the older exporter (TorchScript) and PyTorch's current one write it, and of torchvision, whose windows are shifted after the padding and
not before it; and a network of blocks and grids as MaxViT has them, whose heads and windows are one axis. The second stage of the first two has windows
that reach beyond the grid.

Of each attention and some patches: each head's row, which is laid back on the grid by the definition of the windows, cell by cell; the network's
scores where that row is zero in one head; and the mean derivative of the first score with respect to it, of each head.

    python tests/attention/windows.py
"""

import json
import pathlib
import sys
import warnings
import zlib

import numpy as np
import onnx
import timm
import torch
import torchvision
from torch import nn
from torch.overrides import TorchFunctionMode
from torchvision.models.swin_transformer import SwinTransformer

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "networks"))

import record  # noqa: E402

HEIGHT, WIDTH = 48, 64
CLASSES = 5
SIDE = 4


class Windows:
    """Where the cells of a grid lie: `at(row, column)` is the window and the place in it, `grid[window][place]` the cell, or nothing."""

    def __init__(self, rows, columns, strided=False, shift=0, shifted_first=True):
        self.grid = [rows, columns]
        # A window is at most as large as the grid, which is not shifted then.
        sizes = [min(SIDE, length) for length in self.grid]
        shifts = [shift if length > SIDE else 0 for length in self.grid]
        padded = [-(-length // size) * size for length, size in zip(self.grid, sizes)]
        counts = [length // size for length, size in zip(padded, sizes)]

        def along(side, place):
            """The window and the place in it of a row or column."""
            moved = (place - shifts[side]) % (self.grid[side] if shifted_first else padded[side])
            return (moved % counts[side], moved // counts[side]) if strided else divmod(moved, sizes[side])

        self.cells = {}
        for row in range(rows):
            for column in range(columns):
                (above, inner_row), (left, inner_column) = along(0, row), along(1, column)
                self.cells[row, column] = above * counts[1] + left, inner_row * sizes[1] + inner_column
        self.count = counts[0] * counts[1]

    def row(self, attention, row, column):
        """What a patch attends to: `[heads, rows, columns]` of `[windows, heads, places, places]`."""
        window, place = self.cells[row, column]
        found = attention.new_zeros(attention.shape[1], *self.grid)
        for cell, (other, there) in self.cells.items():
            if other == window:
                found[(slice(None), *cell)] = attention[window, :, place, there]
        return found

    def without(self, attention, row, column, head):
        """The attention with the row of a patch zero in one head, but for what lies around the grid."""
        window, place = self.cells[row, column]
        changed = attention.clone()
        for other, there in self.cells.values():
            if other == window:
                changed[window, head, place, there] = 0
        return changed


class Blocks(nn.Module):
    """Attention within blocks, then within grids of every third or fourth cell. Windows and heads are one axis of it."""

    CHANNELS, HEADS = 8, 2

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, self.CHANNELS, 4, 4)
        self.mixed = nn.ModuleList(nn.Linear(self.CHANNELS, 3 * self.CHANNELS) for _ in range(2))
        self.norms = nn.ModuleList(nn.LayerNorm(self.CHANNELS) for _ in range(2))
        self.head = nn.Linear(self.CHANNELS, CLASSES)

    def attended(self, x, mixed):
        windows, tokens, channels = x.shape
        parts = mixed(x).reshape(windows, tokens, 3, self.HEADS, channels // self.HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = parts.reshape(3, windows * self.HEADS, tokens, channels // self.HEADS).unbind()
        weights = torch.bmm(query * (channels // self.HEADS) ** -0.5, key.transpose(1, 2)).softmax(-1)
        return torch.bmm(weights, value).reshape(windows, self.HEADS, tokens, -1).transpose(1, 2).reshape(windows, tokens, channels)

    def forward(self, picture):
        x = self.patches(picture).permute(0, 2, 3, 1)
        rows, columns, channels = x.shape[1:]
        apart = (1, rows // SIDE, SIDE, columns // SIDE, SIDE, channels)
        blocks = self.norms[0](x).reshape(apart).permute(0, 1, 3, 2, 4, 5)
        windows = self.attended(blocks.reshape(-1, SIDE * SIDE, channels), self.mixed[0])
        x = x + windows.reshape(blocks.shape).permute(0, 1, 3, 2, 4, 5).reshape(x.shape)
        apart = (1, SIDE, rows // SIDE, SIDE, columns // SIDE, channels)
        grids = self.norms[1](x).reshape(apart).permute(0, 2, 4, 1, 3, 5)
        windows = self.attended(grids.reshape(-1, SIDE * SIDE, channels), self.mixed[1])
        x = x + windows.reshape(grids.shape).permute(0, 3, 1, 4, 2, 5).reshape(x.shape)
        return self.head(x.mean((1, 2)))


def of_timm():
    sizes = {"img_size": (HEIGHT, WIDTH), "embed_dim": 8, "depths": (2, 2), "num_heads": (2, 2), "window_size": SIDE}
    model = timm.create_model("swin_tiny_patch4_window7_224", num_classes=CLASSES, **sizes)
    for module in model.modules():
        if hasattr(module, "fused_attn"):
            module.fused_attn = False
    return model


def of_torchvision():
    return SwinTransformer([4, 4], 8, [2, 2], [2, 2], [SIDE, SIDE], num_classes=CLASSES, stochastic_depth_prob=0.0)


ROWS, COLUMNS = HEIGHT // 4, WIDTH // 4
SWIN = [(rows, columns, False, shift) for rows, columns in ((ROWS, COLUMNS), (ROWS // 2, COLUMNS // 2)) for shift in (0, SIDE // 2)]
# name, network, whether the current exporter writes it, its windows
NETWORKS = [
    ("swin", of_timm, False, [Windows(*windows) for windows in SWIN]),
    ("swin-dynamo", of_timm, True, [Windows(*windows) for windows in SWIN]),
    ("swin-torchvision", of_torchvision, True, [Windows(*windows, False) for windows in SWIN]),
    ("blocks", Blocks, False, [Windows(ROWS, COLUMNS), Windows(ROWS, COLUMNS, True)]),
]


class Softmaxes(TorchFunctionMode):
    """Keeps what every Softmax gives, or puts something else in the place of one."""

    def __init__(self, instead=None):
        super().__init__()
        self.found, self.instead = [], instead or {}

    def __torch_function__(self, function, types, arguments=(), named=None):
        given = function(*arguments, **(named or {}))
        if function not in (torch.Tensor.softmax, torch.softmax, nn.functional.softmax):
            return given
        given = self.instead.get(len(self.found), given)
        if given.requires_grad:
            given.retain_grad()
        self.found.append(given)
        return given


def asked(rows, columns):
    """The patch in the middle, which is the usual one, two corners, and others in windows that a shift takes across the border."""
    return [[rows // 2, columns // 2], [0, 0], [rows - 1, columns - 1], [1, columns - 2], [rows - 3, 1]]


def livened(model, name):
    """Attention that is not the same everywhere."""
    torch.manual_seed(zlib.crc32(name.removesuffix("-dynamo").encode()))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "norm" in key:
                parameter.uniform_(0.5, 1.5)
            else:
                parameter.normal_(0, 1 if "position" in key else 1.2 * parameter.shape[-1] ** -0.5 if parameter.dim() > 1 else 0.2)
    return model.eval()


def numbers(values):
    return [record.number(value) for value in values.detach().reshape(-1).tolist()]


def recorded(model, picture, names, all_windows):
    with Softmaxes() as softmaxes:
        scores = model(picture)
    assert len(softmaxes.found) == len(names) == len(all_windows), (len(softmaxes.found), names)
    scores[0, 0].backward()
    values = {}
    for place, (name, windows) in enumerate(zip(names, all_windows)):
        attention = softmaxes.found[place]
        shape = (windows.count, -1, *attention.shape[-2:])
        kept = []
        for number, cell in enumerate(asked(*windows.grid)):
            row = windows.row(attention.detach().reshape(shape), *cell)
            slopes = windows.row(attention.grad.reshape(shape), *cell).mean((1, 2))
            head = number % row.shape[0]
            changed = windows.without(attention.detach().reshape(shape), *cell, head).reshape(attention.shape)
            with torch.no_grad(), Softmaxes({place: changed}):
                without = model(picture)
            kept.append({
                "cell": cell,
                "heads": [numbers(one) for one in row],
                "slopes": numbers(slopes),
                "head_off": head,
                "scores_without": numbers(without),
            })
        values[name] = {"grid": windows.grid, "rows": kept}
    return {"scores": numbers(scores), "values": values}


def main():
    warnings.filterwarnings("ignore")
    pixels = record.picture(HEIGHT, WIDTH)
    (HERE / f"{HEIGHT}x{WIDTH}.rgb").write_bytes(pixels.tobytes())
    picture = torch.from_numpy(record.as_input(pixels))
    found = {}
    for name, make, current, windows in NETWORKS:
        model = livened(make(), name)
        path = HERE / f"{name}.onnx"
        options = {"input_names": ["picture"], "dynamo": current, "verbose": False}
        options |= {"external_data": False} if current else {"opset_version": 17}
        torch.onnx.export(model, (picture,), path, **options)
        whole = onnx.load(path)
        # What the exporter tells about itself, node by node, is more than the network.
        for part in (whole.graph, *whole.graph.node, *whole.graph.value_info, *whole.graph.input, *whole.graph.output):
            part.ClearField("doc_string")
            part.ClearField("metadata_props")
        del whole.metadata_props[:]
        onnx.save(whole, path)
        names = [node.output[0] for node in whole.graph.node if node.op_type == "Softmax"]
        found[name] = recorded(model, picture, names, windows)
        scores = record.run(path, record.as_input(pixels))[whole.graph.output[0].name].reshape(-1)
        assert np.allclose(scores, found[name]["scores"], atol=1e-5), (name, scores, found[name]["scores"])
    made_with = {"timm": timm.__version__, "torch": torch.__version__.split("+")[0], "torchvision": torchvision.__version__.split("+")[0]}
    made = {"made_with": made_with, "size": [HEIGHT, WIDTH], "networks": found}
    (HERE / "windows.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
