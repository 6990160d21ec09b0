#!/usr/bin/env python3
"""Writes most of tests/domain/data/variants: JPEG and GIF files of rare but valid forms, and what Pillow makes of them.

    apt-get install libjpeg-turbo-progs    (2.1.5: cjpeg)
    pip install numpy==2.4.6 pillow==13.0.0
    python3 tests/domain/record_variants.py

The photo is the left eye of models/photos/chelsea.webp (CC0, Stefan van der Walt).
"""

import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data" / "variants"

# Scans of one component each, or of two and one.
EACH = "0;\n1;\n2;\n"
TWO_AND_ONE = "0 1;\n2;\n"
# Scans of a progressive file, none of which is interleaved but the last.
PROGRESSIVE = (
    "0: 0-0, 0, 1;\n1: 0-0, 0, 1;\n2: 0-0, 0, 1;\n0: 1-63, 0, 2;\n1: 1-63, 0, 0;\n2: 1-63, 0, 0;\n"
    "0: 1-63, 2, 1;\n0: 1-63, 1, 0;\n0 1 2: 0-0, 1, 0;\n"
)

# What is decoded here, and what is left to the browser: sampling factors, scans, further arguments of cjpeg.
HERE = {
    "411": ("4x1,1x1,1x1", None, []),
    "440": ("1x2,1x1,1x1", None, ["-restart", "2B"]),
    "410": ("4x2,1x1,1x1", None, ["-progressive"]),
    "chroma-differs": ("2x2,2x1,1x2", None, []),
    "chroma-half": ("2x2,1x2,1x2", None, ["-progressive"]),
    "all-doubled": ("2x1,2x1,2x1", None, []),
    "progressive-each": ("2x2,1x1,1x1", PROGRESSIVE, ["-restart", "3B"]),
    "rgb": ("2x2,1x1,1x1", None, ["-rgb"]),
    "grey-2x2": ("2x2", None, ["-grayscale"]),
}
BROWSER = {
    "arithmetic-progressive": ("2x2,1x1,1x1", None, ["-arithmetic", "-progressive"]),
    "each-444-restart": ("1x1,1x1,1x1", EACH, ["-restart", "3B"]),
    "each-422": ("2x1,1x1,1x1", EACH, []),
    "two-and-one-420": ("2x2,1x1,1x1", TWO_AND_ONE, []),
    "chroma-finer-1x2": ("1x1,1x2,1x2", EACH, []),
    "chroma-finer-one": ("1x1,1x1,2x2", None, []),
    "chroma-finer-crossed": ("1x2,2x1,2x1", None, ["-progressive"]),
    "3x1": ("3x1,1x1,1x1", None, []),
    "3x2": ("3x2,1x1,1x1", None, ["-progressive"]),
    "1x4-1x2": ("1x4,1x2,1x2", None, []),
    "grey-3x1": ("3x1", None, ["-grayscale"]),
}


def cjpeg(photo, name, sampling, scans, arguments):
    with tempfile.TemporaryDirectory() as folder:
        photo.save(f"{folder}/photo.ppm")
        command = ["cjpeg", "-quality", "92", "-sample", sampling, *arguments]
        if scans:
            Path(folder, "scans").write_text(scans)
            command += ["-scans", f"{folder}/scans"]
        subprocess.run([*command, "-outfile", DATA / name, f"{folder}/photo.ppm"], check=True)
    expect(name)


def expect(name, picture=None):
    (picture or Image.open(DATA / name).convert("RGB")).save(DATA / f"{name}.expected.png", optimize=True)


def jpegs(photo):
    for where, variants in [("here", HERE), ("browser", BROWSER)]:
        for name, (sampling, scans, arguments) in variants.items():
            cjpeg(photo, f"{where}-{name}.jpg", sampling, scans, arguments)
    # CMYK as PIL writes it, and the same values called YCCK.
    cmyk = DATA / "here-cmyk.jpg"
    photo.convert("CMYK").save(cmyk, quality=92)
    expect(cmyk.name)
    file = bytearray(cmyk.read_bytes())
    file[file.index(b"Adobe") + 11] = 2
    (DATA / "here-ycck.jpg").write_bytes(file)
    expect("here-ycck.jpg")
    # RGB called YCbCr by a JFIF mark, which counts for more than the components' names.
    plain = (DATA / "here-all-doubled.jpg").read_bytes()
    start = plain.index(b"\xff\xc0")
    named = bytearray(plain)
    scan = named.index(b"\xff\xda")
    for place, letter in enumerate(b"RGB"):
        named[start + 10 + 3 * place] = letter
        named[scan + 5 + 2 * place] = letter
    (DATA / "browser-jfif-named-rgb.jpg").write_bytes(named)
    expect("browser-jfif-named-rgb.jpg", Image.open(DATA / "here-all-doubled.jpg").convert("RGB"))


def turned(photo):
    """A file that is left to the browser and says that it has to be turned (EXIF orientation 6)."""
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = photo.transpose(Image.Transpose.ROTATE_90)
    with tempfile.TemporaryDirectory() as folder:
        upright.save(f"{folder}/photo.ppm")
        subprocess.run(["cjpeg", "-quality", "92", "-arithmetic", "-outfile", f"{folder}/a.jpg", f"{folder}/photo.ppm"], check=True)
        file = Path(folder, "a.jpg").read_bytes()
        stored = Image.open(f"{folder}/a.jpg").convert("RGB")
    block = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
    (DATA / "browser-arithmetic-turned.jpg").write_bytes(file[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + file[2:])
    expect("browser-arithmetic-turned.jpg", stored.transpose(Image.Transpose.ROTATE_270))


def gif(photo, name, screen, place, extension=b""):
    """A GIF whose screen and first frame are where they are told to be; what is outside the frame shows white."""
    with tempfile.TemporaryDirectory() as folder:
        photo.quantize(16).save(f"{folder}/a.gif")
        file = bytearray(Path(folder, "a.gif").read_bytes())
    table = 3 * 2 << (file[10] & 7)
    frame = file.index(b",", 13 + table)
    file[6:10] = struct.pack("<HH", *screen)
    file[frame + 1 : frame + 5] = struct.pack("<HH", *place)
    file[13 + table : 13 + table] = extension
    (DATA / name).write_bytes(file)
    size = [max(side, at + length) for side, at, length in zip(screen, place, photo.size)]
    whole = Image.new("RGB", size, "white")
    whole.paste(photo.quantize(16).convert("RGB"), place)
    expect(name, whole)


def gifs(photo):
    gif(photo, "gif-no-screen.gif", (0, 0), (0, 0))
    gif(photo, "gif-over-right.gif", (30, 200), (7, 11))
    # A comment in which an image seems to begin.
    gif(photo, "gif-comment.gif", (20, 20), (0, 0), b"\x21\xfe\x05,,,,,\x00")
    gif(photo, "gif-inside.gif", (100, 90), (21, 17))


def main():
    DATA.mkdir(parents=True, exist_ok=True)
    chelsea = Image.open(ROOT / "models" / "photos" / "chelsea.webp").convert("RGB")
    photo = chelsea.crop((100, 75, 157, 118))
    jpegs(photo)
    turned(photo)
    gifs(photo)
    # 12 bits and lossless: cjpeg here writes neither, so the frame's header alone is changed.
    baseline = bytearray((DATA / "here-all-doubled.jpg").read_bytes())
    frame = baseline.index(b"\xff\xc0")
    twelve = bytearray(baseline)
    twelve[frame + 1] = 0xC1
    twelve[frame + 4] = 12
    (DATA / "nobody-12-bit.jpg").write_bytes(twelve)
    lossless = bytearray(baseline)
    lossless[frame + 1] = 0xC3
    (DATA / "nobody-lossless.jpg").write_bytes(lossless)


if __name__ == "__main__":
    main()
