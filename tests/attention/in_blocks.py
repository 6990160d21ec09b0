#!/usr/bin/env python3
"""Makes small networks whose tokens lie in blocks between the attentions, and records the maps of them as their authors lay them back: `in_blocks.json`
beside this script. Hiera keeps cells in the order in which it will pool them, NesT in blocks. A third cuts its patches out of the picture without a
convolution, as many written by hand do.

    python tests/attention/in_blocks.py
"""

import json
import pathlib
import sys
import warnings

import numpy as np
import onnx
import timm
import torch
from timm.models import nest, vision_transformer

import windows

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "networks"))

import record  # noqa: E402

SIDE = 64
CLASSES = 5


def hiera():
    sizes = {"embed_dim": 8, "num_heads": 1, "stages": (1, 1, 2, 1), "img_size": (SIDE, SIDE)}
    return timm.create_model("hiera_tiny_224", num_classes=CLASSES, **sizes)


def of_hiera(model):
    return [(block, lambda x, place=place: model.reroll(x, place).permute(0, 3, 1, 2)) for place, block in enumerate(model.blocks)]


def of_three_levels():
    return nest.Nest(img_size=SIDE, embed_dims=(8, 12, 16), num_heads=(2, 2, 2), depths=(1, 1, 2), num_classes=CLASSES)


def of_nest(model):
    return [
        (block, lambda x, side=level.block_size: nest.deblockify(x, side).permute(0, 3, 1, 2))
        for level in model.levels
        for block in level.transformer_encoder
    ]


class Patches(torch.nn.Module):
    """Patches of the picture as rows of a matrix, a class token before them."""

    SIDE = 8
    CHANNELS = 12

    def __init__(self):
        super().__init__()
        cells = (SIDE // self.SIDE) ** 2
        self.embed = torch.nn.Linear(3 * self.SIDE * self.SIDE, self.CHANNELS)
        self.first = torch.nn.Parameter(torch.zeros(1, 1, self.CHANNELS))
        self.position = torch.nn.Parameter(torch.zeros(1, cells + 1, self.CHANNELS))
        self.blocks = torch.nn.ModuleList(vision_transformer.Block(self.CHANNELS, 2) for _ in range(2))
        self.norm = torch.nn.LayerNorm(self.CHANNELS)
        self.head = torch.nn.Linear(self.CHANNELS, CLASSES)

    def forward(self, picture):
        across = SIDE // self.SIDE
        parts = picture.reshape(1, 3, across, self.SIDE, across, self.SIDE)
        rows = parts.permute(0, 2, 4, 3, 5, 1).reshape(1, across * across, -1)
        x = torch.cat([self.first, self.embed(rows)], 1) + self.position
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


def of_patches(model):
    across = SIDE // Patches.SIDE
    return [(block, lambda x: x[:, 1:].transpose(1, 2).reshape(1, -1, across, across)) for block in model.blocks]


NETWORKS = [("in-blocks-hiera", hiera, of_hiera), ("in-blocks-nest", of_three_levels, of_nest), ("patches", Patches, of_patches)]


def main():
    warnings.filterwarnings("ignore")
    # The bytes of networks/64x64.rgb.
    pixels = record.picture(SIDE, SIDE)
    picture = torch.from_numpy(record.as_input(pixels))
    found = {}
    for name, make, blocks in NETWORKS:
        model = windows.livened(make(), name)
        path = HERE / f"{name}.onnx"
        torch.onnx.export(model, (picture,), path, dynamo=False, opset_version=17, input_names=["picture"], verbose=False)
        whole = onnx.load(path)
        for part in (whole.graph, *whole.graph.node, *whole.graph.value_info, *whole.graph.input, *whole.graph.output):
            part.ClearField("doc_string")
        onnx.save(whole, path)
        values = record.run(path, record.as_input(pixels))
        outputs = []
        hooks = [block.register_forward_hook(lambda module, given, output: outputs.append(output.detach())) for block, _ in blocks(model)]
        with torch.no_grad():
            model(picture)
        maps = {}
        for output, (_, laid_back) in zip(outputs, blocks(model)):
            # The value of the file that the block gives.
            same = [key for key, value in values.items() if value.shape == tuple(output.shape) and np.allclose(value, output, atol=1e-4)]
            with torch.no_grad():
                laid = laid_back(output)
            maps[same[0]] = {"shape": list(laid.shape), "values": windows.numbers(laid)}
        for hook in hooks:
            hook.remove()
        found[name] = maps
    made_with = {"timm": timm.__version__, "torch": torch.__version__.split("+")[0]}
    made = {"made_with": made_with, "size": [SIDE, SIDE], "networks": found}
    (HERE / "in_blocks.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
