#!/usr/bin/env python3
"""Writes tests/domain/data: picture files in every format and what PIL makes of them, as PNG.

    pip install numpy==2.4.6 pillow==13.0.0
    python3 tests/domain/record_pictures.py

The photo is the left eye of models/photos/chelsea.webp (CC0, Stefan van der Walt).
"""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
BILINEAR = Image.Resampling.BILINEAR
# Width and height: up, down, both, out of shape, one side unchanged, down to a pixel.
SIZES = [(224, 224), (32, 32), (61, 94), (90, 27), (7, 13), (122, 20), (61, 17), (100, 47), (1, 1), (2, 150)]


def write(name, content):
    (DATA / name).write_bytes(content)


def png(colour_type, depth, width, rows, extra=b""):
    """A PNG written by hand, since PIL writes neither 16-bit colour nor 16-bit alpha."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, len(rows), depth, colour_type, 0, 0, 0)
    lines = b"".join(b"\0" + bytes(row) for row in rows)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")
    )


def over_white(picture):
    """PIL's own compositing."""
    picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def resized(photo):
    for width, height in SIZES:
        photo.resize((width, height), BILINEAR).save(DATA / f"photo-{width}x{height}.png", optimize=True)


def jpegs(large):
    """JPEG as cameras and editors write it, and PIL's decoding."""
    variants = {
        "420": {"quality": 85, "subsampling": 2},
        "422": {"quality": 90, "subsampling": 1},
        "444": {"quality": 95, "subsampling": 0},
        "progressive": {"quality": 80, "progressive": True},
        "restart": {"quality": 85, "restart_marker_blocks": 2},
    }
    for name, options in variants.items():
        large.save(DATA / f"jpeg-{name}.jpg", **options)
    large.convert("L").save(DATA / "jpeg-grey.jpg", quality=85)
    for name in [*variants, "grey"]:
        Image.open(DATA / f"jpeg-{name}.jpg").convert("RGB").save(DATA / f"jpeg-{name}.png", optimize=True)


def orientations():
    """The same upright picture in all eight EXIF orientations: a white disc upper left on four coloured quarters."""
    upright = Image.new("RGB", (48, 32))
    for left, top, colour in [(0, 0, "darkred"), (24, 0, "green"), (0, 16, "navy"), (24, 16, "goldenrod")]:
        upright.paste(colour, (left, top, left + 24, top + 16))
    rows, columns = np.mgrid[:32, :48]
    upright.paste("white", mask=Image.fromarray(((columns - 8) ** 2 + (rows - 8) ** 2 < 25).astype(np.uint8) * 255))
    upright.save(DATA / "orientation.png", optimize=True)
    # How the stored picture is made from the upright one, so that the viewer's turn undoes it (EXIF 2.32, tag 274).
    stored = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    for orientation, turn in stored.items():
        picture = upright if turn is None else upright.transpose(turn)
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture.save(DATA / f"orientation-{orientation}.jpg", quality=95, subsampling=0, exif=exif)


def lossless(photo):
    """Formats whose pixels must come out exactly, those with alpha over white within one level."""
    width, height = photo.size
    pixels = np.asarray(photo)
    alpha = np.linspace(0, 255, width).astype(np.uint8)[None].repeat(height, axis=0)
    rgba = Image.fromarray(np.dstack([pixels, alpha]))
    grey = photo.convert("L")
    expected = {}

    def case(name, expectation):
        expected[name] = expectation
        expectation.save(DATA / f"{name}.expected.png", optimize=True)

    photo.save(DATA / "rgb.bmp")
    case("rgb.bmp", photo)
    photo.quantize(64).save(DATA / "palette.bmp")
    case("palette.bmp", photo.quantize(64).convert("RGB"))
    rgba.save(DATA / "rgba.png", optimize=True)
    case("rgba.png", over_white(rgba))
    rgba.save(DATA / "rgba.webp", lossless=True, exact=True)
    case("rgba.webp", over_white(rgba))
    grey_alpha = Image.merge("LA", (grey, Image.fromarray(alpha)))
    grey_alpha.save(DATA / "grey-alpha.png", optimize=True)
    case("grey-alpha.png", over_white(grey_alpha))
    grey.save(DATA / "grey.png", optimize=True)
    case("grey.png", grey.convert("RGB"))
    photo.convert("1").save(DATA / "bits.png", optimize=True)
    case("bits.png", photo.convert("1").convert("RGB"))
    palette = photo.quantize(32)
    palette.save(DATA / "palette.png", transparency=5, optimize=True)
    case("palette.png", over_white(Image.open(DATA / "palette.png")))
    palette.save(DATA / "transparent.gif", transparency=5)
    case("transparent.gif", over_white(Image.open(DATA / "transparent.gif")))
    photo.quantize(16).save(DATA / "animated.gif", save_all=True, append_images=[Image.new("RGB", photo.size, "red")], duration=100)
    case("animated.gif", Image.open(DATA / "animated.gif").convert("RGB"))
    photo.save(DATA / "animated.webp", save_all=True, append_images=[Image.new("RGB", photo.size, "red")], duration=100, lossless=True)
    case("animated.webp", photo)
    # 16 bits: a value whose high byte is the pixel and whose low byte rounds down or up, but never past the half.
    low = (np.arange(pixels.size).reshape(pixels.shape) % 100).astype(np.int32)
    deep = np.clip(pixels.astype(np.int32) * 257 + low - 50, 0, 65535).astype(">u2")
    write("rgb16.png", png(2, 16, width, [row.tobytes() for row in deep]))
    case("rgb16.png", photo)
    deep_grey = (np.asarray(grey).astype(np.int32) * 257).astype(">u2")
    write("grey16.png", png(0, 16, width, [row.tobytes() for row in deep_grey]))
    case("grey16.png", grey.convert("RGB"))


def lossy_webp(large):
    large.save(DATA / "lossy.webp", quality=80)
    Image.open(DATA / "lossy.webp").convert("RGB").save(DATA / "lossy.png", optimize=True)


def crops(large):
    """torchvision's Resize and CenterCrop, from its documentation, for sides whose margins are odd."""
    cases = []
    for name, picture, side in [("wide", large, 64), ("tall", large.rotate(90, expand=True), 61), ("small", large, 224)]:
        shorter = round(side * 256 / 224)
        width, height = picture.size
        scaled = (shorter, int(shorter * height / width)) if width <= height else (int(shorter * width / height), shorter)
        left, top = (int(round((length - side) / 2.0)) for length in scaled)
        seen = picture.resize(scaled, BILINEAR).crop((left, top, left + side, top + side))
        picture.save(DATA / f"crop-{name}.png", optimize=True)
        seen.save(DATA / f"crop-{name}-seen.png", optimize=True)
        cases.append({"name": name, "side": side})
    write("crops.json", (json.dumps(cases, indent=1) + "\n").encode())


def main():
    DATA.mkdir(exist_ok=True)
    chelsea = Image.open(ROOT / "models" / "photos" / "chelsea.webp").convert("RGB")
    photo = chelsea.crop((120, 90, 181, 137))
    large = chelsea.crop((95, 70, 200, 151))
    photo.save(DATA / "photo.png", optimize=True)
    resized(photo)
    jpegs(large)
    orientations()
    lossless(photo)
    lossy_webp(large)
    crops(large)


if __name__ == "__main__":
    main()
