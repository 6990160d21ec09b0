"""Writes models/model-zoo.json: how the classifiers and a few other networks of the ONNX Model Zoo want their pixels, by the SHA-256 of their files.

    python models/scripts/model_zoo.py CLONE_OF_github.com/onnx/models

The zoo keeps its files in Git LFS, so a clone without them (GIT_LFS_SKIP_SMUDGE=1) holds pointers with hash and size, which is all that is
read. The recipes are those of the zoo's README.md of each network; networks of which it says nothing, or what their weights contradict
(Caffe2's), are left out and guessed like any other.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

IMAGENET = "imagenet1k.json"
WAYS = {
    # transforms.Resize(256), CenterCrop(224), ToTensor(), Normalize(…)
    "torchvision": dict(recipe=dict(size=224, resize="crop", channels="rgb", scale=1 / 255, mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
                        labels=IMAGENET),
    # Means of red, green and blue taken off, then blue first.
    "googlenet": dict(recipe=dict(size=224, resize="squash", channels="bgr", scale=1, mean=[103.939, 116.779, 123.68], std=[1]), labels=IMAGENET),
    # pre_process_edgetpu: crops 87.5 % of the middle, takes off 127 and divides by 128.
    "efficientnet-lite4": dict(recipe=dict(size=224, resize="crop", channels="rgb", scale=1, mean=[127], std=[128], layout="nhwc"), labels=IMAGENET),
    "mnist": dict(recipe=dict(size=28, resize="squash", channels="grey", scale=1 / 255, mean=[0], std=[1]), labels=[str(digit) for digit in range(10)]),
    "emotion-ferplus": dict(recipe=dict(size=64, resize="squash", channels="grey", scale=1, mean=[0], std=[1]),
                            labels=["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]),
    "ultraface": dict(recipe=dict(resize="squash", channels="rgb", scale=1, mean=[127], std=[128])),
    "ssd": dict(recipe=dict(size=1200, resize="squash", channels="rgb", scale=1 / 255, mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])),
}
FILES = [
    (r"/resnet/model/resnet\d+-v[12]-", "torchvision"),
    (r"/vgg/model/vgg(16|19)-(bn-)?\d", "torchvision"),
    (r"/squeezenet/model/squeezenet1\.1-", "torchvision"),
    (r"/mobilenet/model/mobilenetv2-", "torchvision"),
    (r"/shufflenet/model/shufflenet-v2-", "torchvision"),
    (r"/googlenet/model/googlenet-", "googlenet"),
    (r"/efficientnet-lite4/model/", "efficientnet-lite4"),
    (r"/mnist/model/", "mnist"),
    (r"/emotion_ferplus/model/", "emotion-ferplus"),
    (r"/ultraface/models/", "ultraface"),
    (r"/ssd/model/", "ssd"),
]


def main(clone):
    git = lambda *arguments: subprocess.run(["git", "-C", clone, *arguments], check=True, capture_output=True, text=True).stdout
    files = []
    for path in git("ls-tree", "-r", "--name-only", "HEAD", "validated/vision").splitlines():
        way = next((way for pattern, way in FILES if re.search(pattern, path)), None)
        if not path.endswith(".onnx") or way is None:
            continue
        pointer = git("show", f"HEAD:{path}")
        found = re.fullmatch(r"version \S+\noid sha256:([0-9a-f]{64})\nsize (\d+)\n", pointer)
        if found:
            # Some lie there under two names.
            files.append([int(found[2]), found[1], way])
    table = dict(source="https://github.com/onnx/models", commit=git("rev-parse", "HEAD").strip(), ways=WAYS, files=sorted(map(list, {tuple(file) for file in files})))
    lines = [json.dumps(file, separators=(",", ":")) for file in table.pop("files")]
    text = json.dumps(table, indent=1)[:-2] + ',\n "files": [\n' + ",\n".join(f"  {line}" for line in lines) + "\n ]\n}\n"
    Path(__file__).parents[1].joinpath("model-zoo.json").write_text(text)
    print(len(lines), "files")


if __name__ == "__main__":
    main(sys.argv[1])
