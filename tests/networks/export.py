#!/usr/bin/env python3
"""Exports networks of many families with random weights, and what onnxruntime and PyTorch compute of each (README.md).

    python tests/networks/export.py target/networks            all of them
    python tests/networks/export.py target/networks --only swin convnext
    python tests/networks/export.py --small                    the small ones that the tests run, beside this script
"""

import argparse
import json
import logging
import pathlib
import sys
import time
import traceback
import warnings
import zlib

import families
import numpy as np
import onnx
import record
import shaped
import timm
import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
MOST_PARAMETERS = 30_000_000
CLASSES = 10
# The sides that are tried in turn: the smallest at which a network of stride 32 has maps of more than two cells comes first.
SIDES = (96, 64, 128, 112, 192, 224, 256)
# The operator sets that the older exporter tries in turn.
OPSETS = (17, 18, 20)
# Grad-CAM is recorded for so many layers of each network.
CAMS = 3
# So many elements of each value are recorded for the small networks, whose files are kept.
SMALL_SAMPLES = 8


def seed(name):
    torch.manual_seed(zlib.crc32(name.encode()))


def liven(model, name):
    """Weights as a trained network might have them: nothing is zero that would switch a branch off, and values keep their size."""
    seed(name)
    for module in model.modules():
        # What is changed in place has another value when its derivative is recorded.
        if hasattr(module, "inplace"):
            module.inplace = False
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if parameter.numel() > 1 and parameter.min() == parameter.max():
                if key.endswith("bias"):
                    parameter.uniform_(-0.1, 0.1)
                else:
                    parameter.uniform_(0.5, 1.0)
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    return norms


def settle(model, norms, size):
    """Means and variances of the normalizations from a few pictures, so that values neither vanish nor grow."""
    if not norms:
        return
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for _ in range(2):
            model(torch.randn(4, 3, size, size))
    model.eval()


def create(name, changes):
    """A network of timm at the smallest side that it takes."""
    for side in SIDES:
        for sized in ({"img_size": side}, {}):
            seed(name)
            try:
                model = timm.create_model(name, pretrained=False, **{"num_classes": CLASSES, **sized, **changes}).eval()
            except Exception as error:
                problem = error
                continue
            try:
                with torch.no_grad():
                    model(torch.randn(1, 3, side, side))
                return model, side
            except Exception as error:
                problem = error
    raise problem


def first(result):
    """The result that the classes are scored in."""
    while not isinstance(result, torch.Tensor):
        result = list(result.values())[0] if isinstance(result, dict) else result[0]
    return result


def cams(model, tensor, values):
    """Grad-CAM of class 1 by PyTorch at a few layers: those of a module's results that stand in the file under a name."""
    named = {}
    for name, value in values.items():
        if isinstance(value, np.ndarray) and value.ndim == 4 and value.dtype == np.float32 and min(value.shape[2:]) > 1:
            named.setdefault(value.shape, []).append((name, value))
    found, hooks = {}, []

    def watch(module, given, result):
        if not isinstance(result, torch.Tensor) or not result.requires_grad:
            return None
        near = [
            name
            for name, value in named.get(tuple(result.shape), [])
            if np.allclose(value, result.detach().numpy(), rtol=1e-4, atol=1e-5 * float(np.abs(value).max()))
        ]
        # Two names for the same values may be read by other parts of the network.
        if len(near) == 1 and near[0] not in found:
            result.retain_grad()
            found[near[0]] = result
        # What follows may add to it in place.
        return result.clone()

    for module in model.modules():
        hooks.append(module.register_forward_hook(watch))
    source = tensor.clone().requires_grad_(True)
    try:
        score = first(model(source))
        if score.ndim != 2 or score.shape[1] != CLASSES:
            return []
        score[0, 1].backward()
    finally:
        for hook in hooks:
            hook.remove()
    layers = [(name, result) for name, result in found.items() if result.grad is not None]
    picks = sorted({round(place) for place in np.linspace(0, len(layers) - 1, CAMS)}) if layers else []
    recorded = []
    for name, result in (layers[pick] for pick in picks):
        weights = result.grad.mean((2, 3))[0]
        cells = torch.relu((weights[:, None, None] * result[0]).sum(0)).detach()
        recorded.append({"layer": name, "class": 1, "cells": [record.number(cell) for cell in cells.flatten().tolist()]})
    return recorded


def write(model, tensor, path, current, axes):
    options = {"input_names": ["picture"], "dynamo": current, "verbose": False}
    if current:
        shapes = None if axes is None else ({2: torch.export.Dim.AUTO, 3: torch.export.Dim.AUTO},)
        torch.onnx.export(model, (tensor,), path, external_data=True, dynamic_shapes=shapes, **options)
        return
    axes = None if axes is None else {"picture": dict(axes)}
    for number in OPSETS:
        try:
            torch.onnx.export(model, (tensor,), path, opset_version=number, dynamic_axes=axes, **options)
            return
        except Exception as error:
            problem = error
    raise problem


def finish(path, metadata, strip):
    """Adds metadata, and takes out what the exporter tells about itself node by node, which is more than the network."""
    whole = onnx.load(path, load_external_data=False)
    if strip:
        for part in (whole.graph, *whole.graph.node, *whole.graph.value_info, *whole.graph.input, *whole.graph.output):
            part.ClearField("doc_string")
            part.ClearField("metadata_props")
        del whole.metadata_props[:]
    if metadata:
        onnx.helper.set_model_props(whole, metadata)
    path.write_bytes(whole.SerializeToString())


def export(folder, name, make, side=None, current=False, axes=None, metadata=None, samples=record.SAMPLES):
    """Exports one network and records its values; says how it went."""
    began = time.time()
    path = folder / f"{name}.onnx"
    if path.with_suffix(".json").exists():
        return None
    row = {"name": name, "exporter": "dynamo" if current else "TorchScript"}
    try:
        model, side = make() if side is None else (make(), side)
        row["parameters"] = sum(parameter.numel() for parameter in model.parameters())
        if row["parameters"] > MOST_PARAMETERS:
            raise ValueError(f"{row['parameters']} parameters")
        settle(model, liven(model, name), side)
        model.eval()
        pixels = record.picture(side, side)
        tensor = torch.from_numpy(record.as_input(pixels))
        write(model, tensor, path, current, axes)
        finish(path, metadata, strip=samples == SMALL_SAMPLES)
        values = record.run(path, tensor.numpy())
        try:
            more = {"cams": cams(model, tensor, values)}
        except Exception as error:
            more = {"cams": [], "noCams": str(error)[:200]}
        record.record(path, values, pixels, {**row, **more}, samples)
        row["side"] = side
    except Exception as error:
        for left in folder.glob(f"{name}.onnx*"):
            left.unlink()
        row["failed"] = f"{type(error).__name__}: {str(error).strip().splitlines()[0][:160] if str(error).strip() else ''}"
        logging.debug(traceback.format_exc())
    row["seconds"] = round(time.time() - began, 1)
    print(json.dumps(row), flush=True)
    return row


def wanted(name, only):
    return not only or any(part in name for part in only)


def everything(folder, only):
    folder.mkdir(parents=True, exist_ok=True)
    jobs = []
    for name, make, metadata in shaped.NETWORKS:
        for current in (False, True):
            jobs.append((f"{name}{'-dynamo' if current else ''}", make, 128, current, None, metadata))
    for name, changes in families.FAMILIES.items():
        jobs.append((name, lambda name=name, changes=changes: create(name, changes), None, False, None, None))
    for name in families.BACKBONES:
        jobs.append((f"{name}-backbone", lambda name=name: create(name, {"num_classes": 0}), None, False, None, None))
    for name in families.OPEN_SIZES:
        axes = {0: "batch", 2: "height", 3: "width"}
        jobs.append((f"{name}-open", lambda name=name: create(name, {}), None, False, axes, None))
    for name, changes in families.FAMILIES.items():
        jobs.append((f"{name}-dynamo", lambda name=name, changes=changes: create(name, changes), None, True, None, None))
    rows = [
        export(folder, name, make, side, current, axes, metadata)
        for name, make, side, current, axes, metadata in jobs
        if wanted(name, only)
    ]
    with (folder / "exported.jsonl").open("a") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows if row)


def small(only):
    for name, make, side, current, metadata in shaped.SMALL:
        if wanted(name, only):
            export(HERE, name, make, side, current, None, metadata, SMALL_SAMPLES)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("--only", nargs="*", default=[], help="parts of the names of the networks")
    parser.add_argument("--small", action="store_true", help="the small ones of the tests")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.ERROR, stream=sys.stderr)
    torch.set_num_threads(1)
    # The exporters write attention as one operator only in part.
    timm.layers.set_fused_attn(False)
    if options.small:
        small(options.only)
    else:
        everything(options.folder, options.only)


if __name__ == "__main__":
    main()
