"""Featurescope's recipe, written a second time with PIL and NumPy: what the recorders feed to onnxruntime.

value = (pixel · scale − mean) / std, pixel 0–255, mean and std in the order of `channels`; NCHW, batch 1.
"""

import numpy as np
from PIL import Image


def resize(picture, size, mode):
    """The picture as the network sees it. 'crop' is torchvision's Resize(round(size · 256/224)) and CenterCrop."""
    if mode == "squash":
        return picture.resize((size, size), Image.Resampling.BILINEAR)
    if mode != "crop":
        raise ValueError(f"unknown resize {mode}")
    shorter = round(size * 256 / 224)
    width, height = picture.size
    # torchvision truncates the longer side and rounds the margins, a half to the even number.
    if width <= height:
        scaled = (shorter, int(shorter * height / width))
    else:
        scaled = (int(shorter * width / height), shorter)
    picture = picture.resize(scaled, Image.Resampling.BILINEAR)
    left, top = (int(round((side - size) / 2.0)) for side in scaled)
    return picture.crop((left, top, left + size, top + size))


def apply(picture, recipe):
    """Picture → float32 array [1, channels, size, size]."""
    channels = recipe["channels"]
    picture = resize(picture.convert("RGB"), recipe["size"], recipe["resize"])
    if channels == "grey":
        planes = np.asarray(picture.convert("L"))[None]
    else:
        planes = np.asarray(picture).transpose(2, 0, 1)
        if channels == "bgr":
            planes = planes[::-1]
    mean, std = (np.asarray(recipe[part], dtype=np.float64)[:, None, None] for part in ("mean", "std"))
    values = (planes.astype(np.float64) * recipe["scale"] - mean) / std
    return np.ascontiguousarray(values[None], dtype=np.float32)
