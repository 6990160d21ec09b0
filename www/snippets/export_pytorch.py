"""Exports a PyTorch image classifier for Featurescope: my-model.onnx and its card, my-model.json.

Change the three marked places, run it, and drop both files on the page together.
Needs torch (1.13 or newer) and onnx; from torch 2.5 on onnxscript too.
"""

import hashlib
import inspect
import json
import pathlib

import torch

# 1. Your trained network, with its weights, and the class names in the order of its outputs.
import torchvision

model = torchvision.models.resnet18(weights="IMAGENET1K_V1")
labels = "imagenet1k.json"  # or your own: ["cat", "dog", "horse"]

# 2. Height and width of the pictures it was trained on.
size = 224

# 3. How those pictures became numbers: value = (pixel * scale - mean) / std, with pixel from 0 to 255 and mean and std
# in the order of "channels". This is torchvision's ToTensor() and Normalize(); leave mean at 0 and std at 1 without
# Normalize().
recipe = {
    "size": size,  # or [height, width]
    "resize": "crop",  # Resize and CenterCrop; "squash" for Resize((size, size)), which keeps the whole picture
    "channels": "rgb",  # "bgr" for pictures read with OpenCV, "grey" for one channel
    "scale": 1 / 255,  # ToTensor() divides by 255
    "mean": [0.485, 0.456, 0.406],
    "std": [0.229, 0.224, 0.225],
    "layout": "nchw",
}

name = "my-model"
model = model.cpu().eval()  # without eval(), dropout and batch normalization behave as in training
channels = 1 if recipe["channels"] == "grey" else 3
example = torch.zeros(1, channels, size, size)
options = {"input_names": ["input"], "output_names": ["logits"]}
if "external_data" in inspect.signature(torch.onnx.export).parameters:
    options.update(dynamo=True, external_data=False)  # one file, weights inside
torch.onnx.export(model, (example,), f"{name}.onnx", **options)

file = pathlib.Path(f"{name}.onnx").read_bytes()
card = {
    "name": name,
    "file": f"{name}.onnx",
    "bytes": len(file),
    "sha256": hashlib.sha256(file).hexdigest(),
    "title": "My model",
    "recipe": recipe,
    "labels": labels,
    # What the network returns: "logits" (before softmax, as here), "softmax", or "sigmoid" (each class on its own).
    "output": "logits",
}
pathlib.Path(f"{name}.json").write_text(json.dumps(card, indent=2, ensure_ascii=False))
print(f"{name}.onnx ({len(file) / 1e6:.1f} MB) and {name}.json written")
