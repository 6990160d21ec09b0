#!/usr/bin/env python3
"""Draws the pictures of the story: generate.py [--out DIR]. Needs NumPy and Pillow, see requirements.txt.

Writes pictures/<style>/<class>/NN.webp, the masks of their objects likewise in masks/, and pictures.json, which lists all.
`training_pictures` makes the pictures that the networks learn from; those are never saved.
"""

import argparse
import json
import pathlib

import numpy as np
from PIL import Image

import objects
import pictures

STYLES = ("photo", "xray")
CLASSES = ("knife", "gun", "harmless")
SHIPPED_PER_CLASS = 30
# Every use has its own number, so that no shipped picture is ever trained on.
SHIPPED, TRAINING, VALIDATION, RIDDLE = 1, 2, 3, 4
SEED = 2026

# The riddle: each object in the same pose on a plain, a gradient and a textured background. First round harmless ones.
RIDDLE_OBJECTS = [
    ("harmless", "basketball", True),
    ("harmless", "basketball", True),
    ("harmless", "football", True),
    ("harmless", "tennis ball", True),
    ("knife", "chef's knife", False),
    ("gun", "pistol", False),
    ("no class", "light bulb", False),
    ("no class", "rubber duck", False),
]


def background_of(style, index):
    """Takes turns, so that each background is equally frequent in every class."""
    if style == "photo":
        return pictures.BACKGROUNDS[index % 3]
    return "belt" if index % 6 == 5 else "bag"


def draw(use, style, group, kind, index):
    """Picture, mask, what is behind the object and the kind of background of one numbered scene."""
    number = [SEED, use, STYLES.index(style), CLASSES.index(group), index]
    random = np.random.default_rng(number)
    parts = objects.make(random, group, kind)
    background = background_of(style, index)
    if style == "photo":
        picture, mask, shown = pictures.photo(random, parts, pictures.photo_pose(random, group), background)
    else:
        picture, mask, shown = pictures.xray(random, parts, pictures.xray_pose(random), background)
    return picture, mask, shown, background


def kind_of(group, index):
    """All kinds of a class in turn, each round shifted by one, so that no kind always has the same background."""
    kinds = list(objects.KINDS[group])
    return kinds[(index + index // len(kinds)) % len(kinds)]


def training_pictures(use, style, group, count):
    """`count` pictures of a class as one array of bytes, count × 96 × 96 × 3."""
    return np.stack([draw(use, style, group, kind_of(group, index), index)[0] for index in range(count)])


def riddle_scene(number, background):
    """The object of that number in front of that background. Object and pose are the same in front of each; background,
    light and shadow are not."""
    group, kind, _ = RIDDLE_OBJECTS[number]
    random = np.random.default_rng([SEED, RIDDLE, number])
    parts = objects.make(random, group, kind)
    pose = pictures.photo_pose(random, group)
    scene = np.random.default_rng([SEED, RIDDLE, number, pictures.BACKGROUNDS.index(background)])
    return pictures.photo(scene, parts, pose, background, alone=True)


def save(folder, name, picture, mask):
    """Saves both and returns their paths within `folder`."""
    files = {"file": f"pictures/{name}.webp", "mask": f"masks/{name}.png"}
    for path in files.values():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(folder / files["file"], lossless=True, quality=100, method=6)
    Image.fromarray(mask >= 0.5).save(folder / files["mask"], optimize=True)
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    folder = parser.parse_args().out
    listed = []
    for style in STYLES:
        for group in CLASSES:
            for index in range(SHIPPED_PER_CLASS):
                kind = kind_of(group, index)
                picture, mask, shown, background = draw(SHIPPED, style, group, kind, index)
                files = save(folder, f"{style}/{group}/{index + 1:02}", picture, mask)
                listed.append({"style": style, "class": group, **files, "object": kind, "background": background,
                               "behind": shown})
    for number, (group, kind, is_round) in enumerate(RIDDLE_OBJECTS):
        for background in pictures.BACKGROUNDS:
            picture, mask, shown = riddle_scene(number, background)
            name = f"{number + 1}-{kind}-{background}".replace(" ", "-").replace("'", "")
            files = save(folder, f"riddle/{name}", picture, mask)
            # "same" is one number for all pictures of one object in one pose.
            listed.append({"style": "riddle", "class": group, **files, "object": kind, "background": background,
                           "behind": shown, "round": is_round, "same": number + 1})
    lines = ",\n".join("  " + json.dumps(entry) for entry in listed)
    (folder / "pictures.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
