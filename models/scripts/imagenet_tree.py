#!/usr/bin/env python3
"""Writes models/imagenet-tree.json: what ImageNet's 1000 outputs are kinds of.

imagenet_tree.py WHEEL DEB [--out FILE]

WHEEL is the PyPI package timm (`pip download --no-deps timm==1.0.31`, SHA-256
5bd50f7d0fe6d09bf9285ac2523234a1b7e6bf075c0be3e7aed09139fcb617c7), of which data/_info/imagenet_synsets.txt
names the WordNet synset of each output. DEB is Debian's package wordnet-base (`apt-get download wordnet-base`, 1:3.0-37,
SHA-256 61060d960f9ada8fa120872312eccd3ecebfbab8c4579e4f5a74e1cf67620752), of which data.noun holds the synsets with
their words and what each is a kind of (hypernyms), index.noun the order in which the meanings of a word are used, and
noun.exc irregular plurals.

The file: `words`, for each synset its words and its id as one string, separated by commas; the first 1000 are the outputs in
their order. `above`, for each synset the places of those it is a kind of. `senses`, for a word of several synsets their places,
the most used meaning first. `plurals`, irregular plurals of these words.

Exit codes: 0 written, 1 something was not as expected (the message says what).
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

SYNSETS = "timm/data/_info/imagenet_synsets.txt"
OUT = pathlib.Path(__file__).resolve().parent.parent / "imagenet-tree.json"


def read_synsets(path):
    """Of data.noun: offset -> (words, offsets of the hypernyms). The format: man page wndb(5WN)."""
    synsets = {}
    for line in lines(path):
        fields = line.split("|")[0].split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * place].replace("_", " ") for place in range(count)]
        pointers = fields[5 + 2 * count:]
        above = [pointers[place + 1] for place in range(0, 4 * int(fields[4 + 2 * count]), 4)
                 if pointers[place] in ("@", "@i") and pointers[place + 2] == "n"]
        synsets[fields[0]] = (words, above)
    return synsets


def read_senses(path):
    """Of index.noun: word -> offsets, the most used meaning first."""
    senses = {}
    for line in lines(path):
        fields = line.split()
        senses[fields[0].replace("_", " ")] = fields[6 + int(fields[3]):]
    return senses


def lines(path):
    """Without the licence, whose lines begin with spaces."""
    return [line for line in path.read_text().splitlines() if not line.startswith(" ")]


def tree(outputs, synsets, senses, exceptions):
    order = list(outputs)
    for offset in order:
        order += [above for above in synsets[offset][1] if above not in order]
    places = {offset: place for place, offset in enumerate(order)}
    meanings = {}
    for offset in order:
        for word in synsets[offset][0]:
            meanings.setdefault(word.lower(), set()).add(offset)
    plurals = {}
    for line in exceptions:
        plural, *singulars = [word.replace("_", " ") for word in line.split()]
        for singular in singulars:
            if singular in meanings and plural not in meanings:
                plurals.setdefault(plural, singular)
    return {
        "source": "ImageNet's synsets: timm 1.0.31 (Apache-2.0). Words and hypernyms: WordNet 3.0, (c) 2006 by Princeton University "
        "(WordNet licence). See LICENSES.md.",
        "words": [",".join([*synsets[offset][0], f"n{offset}"]) for offset in order],
        "above": [[places[above] for above in synsets[offset][1]] for offset in order],
        "senses": {word: [places[offset] for offset in senses[word] if offset in found]
                   for word, found in sorted(meanings.items()) if len(found) > 1},
        "plurals": dict(sorted(plurals.items())),
    }


def dumped(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def written(value):
    """One synset or word a line, so that a change can be read."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(dumped, value)) + "\n]"
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{dumped(key)}:{dumped(one)}" for key, one in value.items()) + "\n}"
    return dumped(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("wheel", type=pathlib.Path)
    parser.add_argument("deb", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    arguments = parser.parse_args()
    with zipfile.ZipFile(arguments.wheel) as wheel:
        names = wheel.read(SYNSETS).decode().split()
    if len(names) != 1000 or not all(name.startswith("n") for name in names):
        sys.exit(f"{SYNSETS} does not list 1000 nouns")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", arguments.deb, folder], check=True)
        wordnet = pathlib.Path(folder) / "usr/share/wordnet"
        synsets = read_synsets(wordnet / "data.noun")
        missing = [name for name in names if name[1:] not in synsets]
        if missing:
            sys.exit(f"WordNet's data.noun has no {missing[:5]}")
        found = tree([name[1:] for name in names], synsets, read_senses(wordnet / "index.noun"), lines(wordnet / "noun.exc"))
    if any("," in word for offset in names for word in synsets[offset[1:]][0]):
        sys.exit("a word holds a comma, which separates words")
    arguments.out.write_text("{\n" + ",\n".join(f"{dumped(key)}: {written(value)}" for key, value in found.items()) + "\n}\n")
    print(f"{arguments.out}: {len(found['words'])} synsets, {len(found['senses'])} words of several")


if __name__ == "__main__":
    main()
