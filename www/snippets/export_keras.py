"""Exports a Keras image classifier for Featurescope: my-model.onnx and its card, my-model.json.

Change the three marked places, run it, and drop both files on the page together.
Needs tensorflow and tf2onnx.
"""

import hashlib
import json
import pathlib

import tensorflow as tf
import tf2onnx

# 1. Your trained network, with its weights, and the class names in the order of its outputs.
model = tf.keras.models.load_model("my-model.keras")
labels = ["cat", "dog", "horse"]

# 2. Height, width and channels of the pictures it was trained on.
height, width, channels = model.input_shape[1:]

# 3. How those pictures became numbers: value = (pixel * scale - mean) / std, with pixel from 0 to 255 and mean and std
# in the order of "channels". The preprocess_input of keras.applications, by its mode:
#   "tf" (MobileNet, Inception, ResNetV2): rgb, scale 1/127.5, mean 1, std 1
#   "caffe" (VGG, ResNet): bgr, scale 1, mean [103.939, 116.779, 123.68], std 1
#   "torch" (DenseNet): rgb, scale 1/255, mean [0.485, 0.456, 0.406], std [0.229, 0.224, 0.225]
#   EfficientNet, MobileNetV3 and networks with a Rescaling layer take raw pixels: rgb, scale 1, mean 0, std 1
recipe = {
    "size": [height, width],
    "resize": "squash",  # image_dataset_from_directory and load_img squash; "crop" keeps the shape, cuts the edges
    "channels": "rgb" if channels == 3 else "grey",
    "scale": 1 / 255,
    "mean": [0] * channels,
    "std": [1] * channels,
    "layout": "nhwc",  # Keras puts the channels last
}

name = "my-model"
# tf2onnx has no support for Keras 3 models as such, but for functions: this works with Keras 2 and 3.
function = tf.function(lambda pictures: model(pictures, training=False))
signature = [tf.TensorSpec([1, height, width, channels], tf.float32, name="input")]
tf2onnx.convert.from_function(function, input_signature=signature, opset=13, output_path=f"{name}.onnx")

file = pathlib.Path(f"{name}.onnx").read_bytes()
card = {
    "name": name,
    "file": f"{name}.onnx",
    "bytes": len(file),
    "sha256": hashlib.sha256(file).hexdigest(),
    "title": "My model",
    "recipe": recipe,
    "labels": labels,
    # What the network returns: "softmax" (the usual last activation in Keras), "logits" (before softmax), or "sigmoid"
    # (each class on its own).
    "output": "softmax",
}
pathlib.Path(f"{name}.json").write_text(json.dumps(card, indent=2, ensure_ascii=False))
print(f"{name}.onnx ({len(file) / 1e6:.1f} MB) and {name}.json written")
