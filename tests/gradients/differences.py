#!/usr/bin/env python3
"""Records differences.json: by how much the objective of each case in ops/ rises with single elements, in float64.

A check of the gradients that needs no rules of differentiation: central differences of `Σ weights · objective` with steps of STEP, at
the element with the largest |gradient| of the case and at others chosen at random. For each case [[element, slope], ...]. An element is left out
where the difference with twice the step is another by more than AGREE of the largest |gradient|: there is a kink or a tie within the
step. Left out are the cases whose gradient is not that of the objective, and those whose elements lie at ties or kinks on purpose. Run it
after record.py, which says what it needs; with the names of cases it records these alone, and those that are new.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch

import onnx_torch

HERE = Path(__file__).resolve().parent
ELEMENTS = 12
STEP = 1e-5
AGREE = 1e-6


def is_left_out(name):
    return name in {"open-at-objective", "open-everywhere", "max-pool-ties", "log-at-zero"} or name.endswith("-at-kinks")


def slopes(name):
    folder = HERE / "ops" / name
    case = json.loads((folder / "case.json").read_text())
    model = onnx.load(folder / "model.onnx")

    def values(of):
        return torch.from_numpy(np.fromfile(folder / of["file"], "<f4").reshape(of["shape"])).double()

    inputs = {one["name"]: values(one) for one in case["inputs"]}
    weights, gradient = values(case["weights"]), values(case["gradient"]).flatten()
    if case["withRespectTo"] not in inputs:
        (inputs[case["withRespectTo"]],) = onnx_torch.run(model, inputs, [case["withRespectTo"]])
    variable = inputs[case["withRespectTo"]].detach()
    largest = float(gradient.abs().max())

    def slope(element, step):
        sums = []
        for sign in (1, -1):
            moved = variable.clone()
            moved.view(-1)[element] += sign * step
            with torch.no_grad():
                (value,) = onnx_torch.run(model, {**inputs, case["withRespectTo"]: moved}, [case["objective"]])
            sums.append(float((weights * value).sum()))
        return (sums[0] - sums[1]) / (2 * step)

    chosen = np.random.default_rng(len(gradient)).permutation(len(gradient))[:ELEMENTS].tolist()
    found = []
    for element in dict.fromkeys([int(gradient.abs().argmax()), *chosen]):
        near, far = slope(element, STEP), slope(element, 2 * STEP)
        if abs(near - far) <= AGREE * max(largest, 1e-6):
            found.append([element, near])
    return found


def main():
    names = json.loads((HERE / "ops" / "index.json").read_text())
    chosen, file = sys.argv[1:], HERE / "differences.json"
    known = json.loads(file.read_text()) if chosen else {}
    names = [name for name in names if not is_left_out(name)]
    found = {name: slopes(name) if name in chosen or name not in known else known[name] for name in names}
    file.write_text(json.dumps(found) + "\n")
    print(len(found), "cases,", sum(map(len, found.values())), "elements; none at", [name for name, list in found.items() if not list])


if __name__ == "__main__":
    main()
