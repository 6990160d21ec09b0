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
import signal
import sys
import time
import traceback
import warnings
import zlib

import families
import numpy as np
import onnx
import record
import reference
import shaped
import timm
import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
MOST_PARAMETERS = 30_000_000
# A network that takes longer to export is left out, in seconds.
LONGEST = 300
CLASSES = 10
# A map's variance is at least this share of the mean of all maps.
LEAST_VARIANCE = 0.1
# The sides that are tried in turn: the smallest at which a network of stride 32 has maps of more than two cells comes first.
SIDES = (96, 64, 128, 112, 192, 224, 256)
# The operator sets that the older exporter tries in turn.
OPSETS = (17, 18, 20)
# So many elements of each value are recorded for the small networks, whose files are kept.
SMALL_SAMPLES = 8
# Grad-CAM of so many layers is recorded for them, spread over the network.
SMALL_CAMS = 12


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
    """Means and variances of the normalizations from a few pictures of the kind that is looked at, so that values neither vanish nor grow."""
    if not norms:
        return
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for first in (1, 5):
            pictures = [record.as_input(record.picture(size, size, number)) for number in range(first, first + 4)]
            model(torch.from_numpy(np.concatenate(pictures)))
        for norm in norms:
            # A map that hardly changes in so few pictures would make rounding as large as the values of the others.
            norm.running_var.clamp_(min=LEAST_VARIANCE * norm.running_var.mean())
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
    signal.alarm(LONGEST)
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
        record.record(path, values, pixels, {**row, "cams": []}, samples)
        try:
            reference.refer(path, SMALL_CAMS if samples == SMALL_SAMPLES else None)
        except Exception as error:
            row["noReference"] = f"{type(error).__name__}: {str(error)[:200]}"
        row["side"] = side
    except Exception as error:
        for left in folder.glob(f"{name}.onnx*"):
            left.unlink()
        row["failed"] = f"{type(error).__name__}: {str(error).strip().splitlines()[0][:160] if str(error).strip() else ''}"
        logging.debug(traceback.format_exc())
    signal.alarm(0)
    row["seconds"] = round(time.time() - began, 1)
    print(json.dumps(row), flush=True)
    return row


def late(number, frame):
    raise TimeoutError(f"more than {LONGEST} seconds")


def wanted(name, only):
    return not only or any(part in name for part in only)


def everything(folder, only, exporter):
    folder.mkdir(parents=True, exist_ok=True)
    jobs = []
    for name, make, metadata in shaped.NETWORKS:
        for current in (False, True):
            jobs.append((f"{name}{'-dynamo' if current else ''}", make, 128, current, None, metadata))
    for name, changes in families.FAMILIES.items():
        for current in (False, True):
            make = lambda name=name, changes=changes: create(name, changes)
            jobs.append((f"{name}{'-dynamo' if current else ''}", make, None, current, None, None))
    for name in families.BACKBONES:
        jobs.append((f"{name}-backbone", lambda name=name: create(name, {"num_classes": 0}), None, False, None, None))
    for name in families.OPEN_SIZES:
        axes = {0: "batch", 2: "height", 3: "width"}
        jobs.append((f"{name}-open", lambda name=name: create(name, {}), None, False, axes, None))
    rows = [
        export(folder, name, make, side, current, axes, metadata)
        for name, make, side, current, axes, metadata in jobs
        if wanted(name, only) and exporter in (None, "dynamo" if current else "TorchScript")
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
    parser.add_argument("--exporter", choices=("TorchScript", "dynamo"), help="one of the two only")
    parser.add_argument("--small", action="store_true", help="the small ones of the tests")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.ERROR, stream=sys.stderr)
    torch.set_num_threads(1)
    signal.signal(signal.SIGALRM, late)
    # The exporters write attention as one operator only in part.
    timm.layers.set_fused_attn(False)
    if options.small:
        small(options.only)
    else:
        everything(options.folder, options.only, options.exporter)


if __name__ == "__main__":
    main()
