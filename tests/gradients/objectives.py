#!/usr/bin/env python3
"""Records objectives.json: the sum of one map, and one position of a map, and their gradients, by PyTorch in float64.

Of a layer of the story's network, for the map that fires most on record.py's picture and the place where it does; the gradient with
respect to the input at POSITIONS. Needs what record.py needs.
"""

import json

import numpy as np
import onnx
import torch

import onnx_torch
import record

MODEL, LAYER, POSITIONS = "story/story-plain.onnx", "relu5", 256


def main():
    model = onnx.load(record.ROOT / "models" / MODEL)
    given = model.graph.input[0]
    shape = [size.dim_value or 1 for size in given.type.tensor_type.shape.dim]
    variable = torch.from_numpy(record.picture(shape)).double().requires_grad_()
    (value,) = onnx_torch.run(model, {given.name: variable}, [LAYER])
    number = int(value.mean((0, 2, 3)).argmax())
    row, column = divmod(int(value[0, number].argmax()), value.shape[3])
    cases = []
    for objective, total in [({"map": number}, value[0, number].sum()), ({"map": number, "row": row, "column": column}, value[0, number, row, column])]:
        (gradient,) = torch.autograd.grad(total, variable, retain_graph=True)
        gradient = gradient.numpy().ravel()
        # Half of them where something depends on the pixel.
        rng = np.random.default_rng(len(cases))
        positions = np.sort(np.concatenate([rng.choice(np.flatnonzero(gradient), POSITIONS // 2, replace=False),
                                            rng.choice(gradient.size, POSITIONS // 2, replace=False)]))
        cases.append({**objective, "value": float(total), "largest": float(np.abs(gradient).max()), "positions": positions.tolist(),
                      "gradient": gradient[positions].tolist()})
        print(objective, float(total), cases[-1]["largest"])
    content = {"model": MODEL, "layer": LAYER, "input": given.name, "shape": shape, "cases": cases}
    (record.HERE / "objectives.json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
