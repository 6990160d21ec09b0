#!/usr/bin/env python3
"""Bundles photos of three classes: models/photos/classes/ and their list, models/photos/classes.json.

class_photos.py FOLDER

FOLDER holds credits.json and the photos that it names, as the teaching program GCompris has them (Debian's package
gcompris-qt-data 3.1, activity "categorization"), at most 320 pixels wide and high. credits.json is a list of
`{file, width, height, author, licence, source, sha256}`; a photo belongs to the class that its folder names.

The photos are copied pixel for pixel, so what is measured on them is what anybody measures who has GCompris. What cameras wrote
into the files (some the place where the photo was taken) is left out, a tenth of all. A photo that is neither public domain nor
CC0 is left out too, and named. The list: `classes`, each class's folder with its name in English and Chinese, and
`photos` in the order of their numbers, with their titles in English.
Exit codes: 0 written, 1 something was not as expected (the message says what).
"""

import argparse
import hashlib
import io
import json
import pathlib
import re
import shutil
import sys

from PIL import Image

PHOTOS = pathlib.Path(__file__).resolve().parent.parent / "photos"
# Of each folder here: the folder there, what the class is called, and one of it.
CLASSES = {
    "fish": ("fish", {"en": "Fish", "zh": "鱼"}, "Fish"),
    "monuments": ("monument", {"en": "Monuments", "zh": "名胜建筑"}, "Monument"),
    "tools": ("tool", {"en": "Tools", "zh": "工具"}, "Tool"),
}
# Of files whose names do not say it: what the names under which the photos were published say.
TITLES = {
    "fish1": "Grey angelfish", "fish2": "Sand smelt 1", "fish3": "Deepwater hap", "fish4": "Yellow perch", "fish5": "Swallowtail seaperch 1",
    "fish6": "Discus", "fish7": "Red mullet", "fish8": "Atlantic salmon", "fish9": "Common clownfish", "fish10": "Anthias",
    "fish11": "Golden trout", "fish12": "Axillary seabream", "fish13": "Ocellated wrasse", "fish14": "Swallowtail seaperch 2",
    "fish15": "Brown wrasse", "fish16": "Common pandora", "fish17": "Hollowsnout grenadier", "fish18": "Boarfish", "fish19": "Red porgy",
    "fish20": "Boxlip mullet", "fish21": "Pompano", "fish22": "Peacock wrasse, female", "fish23": "Rainbow wrasse, female",
    "fish24": "Rainbow wrasse, male", "fish25": "Goldfish", "fish26": "Sand smelt 2", "fish27": "Greater weever",
    "fish28": "Spotted puffer",
    "IndiaGate": "India Gate", "arcDeTriomphe": "Arc de Triomphe du Carrousel", "brandenburgGate": "Brandenburg Gate", "burj": "Burj Khalifa",
    "cathedral": "Cathedral of Santiago de Compostela", "christTheRedeemer": "Christ the Redeemer", "eiffelTower": "Eiffel Tower",
    "empireState": "Empire State Building", "greatPyramid": "Great Pyramid of Giza", "greatWall": "Great Wall of China",
    "jucheTower": "Juche Tower", "kutubMinar": "Qutb Minar", "leMusee": "The Louvre", "leaningTowerOfPisa": "Leaning Tower of Pisa",
    "monument1": "Dome of the Rock", "monument2": "Tetrapylon", "monument3": "Emperor’s Jubilee Church, Vienna",
    "mountRushmore": "Mount Rushmore", "operaHouse": "Sydney Opera House", "statueOfLiberty": "Statue of Liberty", "tajMahal": "Taj Mahal",
    "usCapitol": "US Capitol", "victoriaMemorial": "Victoria Memorial, London", "zimniPalace": "Winter Palace",
    "plier1": "Pliers 1", "plier2": "Pliers 2", "plier3": "Pliers 3", "plier4": "Pliers 4", "screwDriver1": "Screwdriver 1",
    "screwDriver2": "Screwdriver 2", "screwDriver3": "Torque screwdrivers", "spray": "Spray bottle", "tweezer": "Tweezers 1",
    "tweezer1": "Tweezers 2", "sideCutter1": "Side cutter", "nailCutter": "Nail clippers", "wrench": "Wrench 2",
}
# As credits.json writes them, and as photos.json does.
FREE = {"Public Domain": "Public domain", "CC0-1.0": "CC0-1.0"}
# The tag of EXIF that says how a picture is turned.
ORIENTATION = 0x0112
LARGEST_SIDE = 320
LARGEST_TOTAL = 2_400_000


def by_number(name):
    return [int(part) if part.isdigit() else part.lower() for part in re.split(r"(\d+)", name)]


def title(name):
    """What a photo shows: as written above, or the words of its file's name ("measuringTape4" is "Measuring tape 4")."""
    words = re.sub(r"([A-Z]+(?=[A-Z][a-z])|[A-Z]|\d+)", r" \1", name).strip()
    return TITLES.get(name, words[:1].upper() + words[1:].lower())


def without_metadata(webp):
    """A WebP file without its chunks EXIF and XMP, and without the flags that announce them (RFC 9649, 2.7)."""
    chunks, place = [], 12
    while place < len(webp):
        end = place + 8 + int.from_bytes(webp[place + 4:place + 8], "little")
        name, chunk = webp[place:place + 4], bytearray(webp[place:end + end % 2])
        if name == b"VP8X":
            chunk[8] &= ~0b1100
        if name not in (b"EXIF", b"XMP "):
            chunks.append(bytes(chunk))
        place = end + end % 2
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def bundle(folder):
    credits = json.loads((folder / "credits.json").read_text())
    left_out = [credit["file"] for credit in credits if credit["licence"] not in FREE]
    if left_out:
        print("left out, neither public domain nor CC0:", ", ".join(left_out))
    target = PHOTOS / "classes"
    shutil.rmtree(target, ignore_errors=True)
    photos = []
    for name, (there, _, one) in CLASSES.items():
        (target / name).mkdir(parents=True)
        own = sorted((credit for credit in credits if credit["file"].split("/")[0] == there and credit["licence"] in FREE),
                     key=lambda credit: by_number(credit["file"]))
        for number, credit in enumerate(own, 1):
            data = (folder / credit["file"]).read_bytes()
            if hashlib.sha256(data).hexdigest() != credit["sha256"]:
                raise ValueError(f"{credit['file']} is not the file of which credits.json speaks")
            bare = without_metadata(data)
            with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(bare)) as image:
                size = image.size
                if image.convert("RGB").tobytes() != before.convert("RGB").tobytes() or before.getexif().get(ORIENTATION, 1) != 1:
                    raise ValueError(f"{credit['file']} would be another picture without its metadata")
            if size != (credit["width"], credit["height"]) or max(size) > LARGEST_SIDE:
                raise ValueError(f"{credit['file']} is {size[0]} by {size[1]}")
            file = f"{name}/{pathlib.PurePath(credit['file']).name}"
            (target / file).write_bytes(bare)
            photos.append({
                "class": name,
                "file": file,
                "title": title(pathlib.PurePath(credit["file"]).stem),
                "alt": f"{one} {number}",
                "author": credit["author"],
                "licence": FREE[credit["licence"]],
                "source": credit["source"],
                "width": size[0],
                "height": size[1],
            })
    return {"classes": [{"name": name, "title": names} for name, (_, names, _) in CLASSES.items()], "photos": photos}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    listed = bundle(parser.parse_args().folder)
    lines = [json.dumps(entry, ensure_ascii=False) for entry in listed["photos"]]
    classes = json.dumps(listed["classes"], ensure_ascii=False)
    (PHOTOS / "classes.json").write_text(f'{{\n  "classes": {classes},\n  "photos": [\n    ' + ",\n    ".join(lines) + "\n  ]\n}\n")
    total = sum(file.stat().st_size for file in [PHOTOS / "classes.json", *(PHOTOS / "classes").glob("*/*")])
    if total > LARGEST_TOTAL:
        raise ValueError(f"{total} bytes are more than {LARGEST_TOTAL}")
    print(f"{len(lines)} photos, {total} bytes with their list")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"error: {error}")
