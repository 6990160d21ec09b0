#!/usr/bin/env python3
"""Trains the three networks of the story: train.py --work DIR. Needs PyTorch, NumPy and Pillow, see requirements.txt.

The networks have the same layers and differ in what they are taught:
  story-plain      knife or gun (softmax), on photos only;
  story-augmented  knife, gun, harmless (one sigmoid each), on photos in random styles;
  story-adapted    the second one, whose convolutions then learn to make x-rays look like photos to a discriminator
                   (adversarial discriminative domain adaptation, ADDA), from x-rays without labels.
Writes DIR/<name>.npz with the weights, BatchNormalization folded into the convolutions, and DIR/training.json with the
course of the training. export.py makes ONNX files of them. The training pictures are kept in DIR for the next run.
"""

import argparse
import copy
import json
import pathlib
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import generate

SEED = 2026
CHANNELS = (3, 16, 32, 48, 56, 96)
# After the first three convolutions the sides are halved: 96, 48, 24, and 12 for the last two.
POOLED = 3
PER_CLASS = 1500
PER_CLASS_VALIDATION = 100
BATCH = 64
EPOCHS = {"story-plain": 12, "story-augmented": 14}
LEARNING_RATE = 2e-3
ADAPTATION_EPOCHS = 4


def encoder():
    """From pictures to the averages of the 96 last feature maps."""
    layers = []
    for index, (before, after) in enumerate(zip(CHANNELS, CHANNELS[1:])):
        layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        if index < POOLED:
            layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()).to(memory_format=torch.channels_last)


def network_input(pictures):
    """Bytes, count × height × width × 3, as numbers from 0 to 1."""
    values = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    return values.contiguous(memory_format=torch.channels_last)


# Random styles. None of them looks at an x-ray.


def chance(count, probability, random):
    return torch.rand(count, 1, 1, 1, generator=random) < probability


def recoloured(pictures, random):
    """Other contrast, brightness and colours; some grey, some inverted."""
    count = len(pictures)

    def uniform(low, high, *shape):
        return low + (high - low) * torch.rand(count, *shape, generator=random)

    mixing = torch.eye(3) + 0.25 * torch.randn(count, 3, 3, generator=random)
    mixed = torch.einsum("bij,bjhw->bihw", mixing, pictures)
    pictures = torch.where(chance(count, 0.5, random), mixed, pictures)
    grey = pictures.mean(1, keepdim=True).expand_as(pictures)
    tint = uniform(0.4, 1.0, 3, 1, 1)
    pictures = torch.where(chance(count, 0.2, random), grey, pictures)
    pictures = torch.where(chance(count, 0.25, random), 1 - (1 - grey) * tint, pictures)
    pictures = torch.where(chance(count, 0.2, random), 1 - pictures, pictures)
    pictures = (pictures - 0.5) * uniform(0.6, 1.5, 1, 1, 1) + 0.5 + uniform(-0.15, 0.2, 1, 1, 1)
    return pictures.clamp(0, 1)


def with_overlays(pictures, random):
    """Up to three translucent rectangles and ellipses in front of each picture."""
    count, _, height, width = pictures.shape
    rows = torch.arange(height)[None, :, None] / height
    columns = torch.arange(width)[None, None, :] / width
    for _ in range(3):
        x, y, turn = (torch.rand(count, 1, 1, generator=random) for _ in range(3))
        long, short = (0.05 + 0.3 * torch.rand(count, 1, 1, generator=random) for _ in range(2))
        cosine, sine = torch.cos(turn * np.pi), torch.sin(turn * np.pi)
        along = ((columns - x) * cosine + (rows - y) * sine) / long
        across = ((rows - y) * cosine - (columns - x) * sine) / short
        ellipse = (along**2 + across**2).sqrt()
        rectangle = torch.maximum(along.abs(), across.abs())
        distance = torch.where(torch.rand(count, 1, 1, generator=random) < 0.5, ellipse, rectangle)
        cover = ((1 - distance) * 12).clamp(0, 1)[:, None]
        colour = 0.25 + 0.75 * torch.rand(count, 3, 1, 1, generator=random)
        pictures = torch.where(chance(count, 0.25, random), pictures * (1 - cover * (1 - colour)), pictures)
    return pictures


def in_random_style(pictures, labels, kept, random):
    """Pictures and labels as the second network sees them. The share `kept` stays as it is. Some others show two pictures
    at once and have the labels of both; "harmless" then stands for "nothing else is there"."""
    count = len(pictures)
    as_they_are, own_labels, is_kept = pictures, labels, chance(count, kept, random)
    pictures = recoloured(pictures, random)
    partner = torch.randperm(count, generator=random)
    doubled = chance(count, 0.15, random)
    other = 1 - 0.8 * (1 - pictures[partner])
    pictures = torch.where(doubled, pictures * other, pictures)
    both = torch.maximum(labels, labels[partner])
    both = torch.cat([both[:, :2], both[:, 2:] * (1 - both[:, :2].amax(1, keepdim=True))], 1)
    labels = torch.where(doubled[:, :, 0, 0], both, labels)
    pictures = with_overlays(pictures, random)
    soft = functional.avg_pool2d(pictures, 3, stride=1, padding=1, count_include_pad=False)
    pictures = torch.where(chance(count, 0.25, random), soft, pictures)
    grain = 0.05 * torch.rand(count, 1, 1, 1, generator=random) * torch.randn(pictures.shape, generator=random)
    pictures = torch.where(is_kept, as_they_are, (pictures + grain).clamp(0, 1))
    labels = torch.where(is_kept[:, :, 0, 0], own_labels, labels)
    return pictures.contiguous(memory_format=torch.channels_last), labels


def batches(count, random):
    """Numbers of the pictures in random order; a last batch that is not full is left out."""
    order = torch.randperm(count, generator=random)
    return [order[start:start + BATCH] for start in range(0, count - BATCH + 1, BATCH)]


def said(outputs, exclusive):
    """The number of the largest output, -1 where no sigmoid reaches one half."""
    best = outputs.argmax(1)
    return best if exclusive else torch.where(outputs.amax(1) >= 0, best, torch.full_like(best, -1))


def recalls(features, head, sets):
    """For each style and class of the validation pictures, which share is called by its name."""
    features.eval()
    result = {}
    with torch.no_grad():
        for style, by_class in sets.items():
            for number, (group, pictures) in enumerate(by_class.items()):
                if number < head.out_features:
                    outputs = head(features(network_input(pictures)))
                    right = said(outputs, head.out_features == 2) == number
                    result[f"{style} {group}"] = round(right.float().mean().item(), 3)
    return result


def train_on_photos(name, photos, classes, validation, styled):
    """Trains encoder and head together; returns both."""
    torch.manual_seed(SEED)
    random = torch.Generator().manual_seed(SEED)
    features, head = encoder(), nn.Linear(CHANNELS[-1], len(classes))
    pictures = np.concatenate([photos[group] for group in classes])
    labels = torch.eye(len(classes)).repeat_interleave(PER_CLASS, 0)
    steps = EPOCHS[name] * (len(pictures) // BATCH)
    optimiser = torch.optim.AdamW([*features.parameters(), *head.parameters()], lr=LEARNING_RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps)
    course = []
    for epoch in range(EPOCHS[name]):
        features.train()
        total = 0.0
        for chosen in batches(len(pictures), random):
            inputs, wanted = network_input(pictures[chosen.numpy()]), labels[chosen]
            if styled:
                # From easy to hard: the first epoch has the photos as they are, from the fifth on a third is left so.
                inputs, wanted = in_random_style(inputs, wanted, max(1 / 3, 1 - epoch / 6), random)
                loss = functional.binary_cross_entropy_with_logits(head(features(inputs)), wanted)
            else:
                loss = functional.cross_entropy(head(features(inputs)), wanted)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        course.append({"epoch": epoch + 1, "loss": round(total / (len(pictures) // BATCH), 4)})
        print(name, course[-1], flush=True)
    course[-1]["validation recall"] = recalls(features, head, validation)
    print(name, course[-1], flush=True)
    return features, head, course


def adapt(source, head, photos, xrays, validation):
    """A copy of the encoder whose features of x-rays a discriminator cannot tell from the source's features of photos."""
    torch.manual_seed(SEED)
    random = torch.Generator().manual_seed(SEED)
    source.eval()
    target = copy.deepcopy(source)
    photos = np.concatenate(list(photos.values()))
    # Shuffled together and never labelled.
    xrays = np.concatenate(list(xrays.values()))
    with torch.no_grad():
        sample = source(network_input(photos[::10]))
        centre, spread = sample.mean(0), sample.std(0) + 1e-3
    discriminator = nn.Sequential(nn.Linear(CHANNELS[-1], 128), nn.LeakyReLU(0.2), nn.Linear(128, 128),
                                  nn.LeakyReLU(0.2), nn.Linear(128, 1))
    teach = torch.optim.Adam(discriminator.parameters(), lr=3e-4, betas=(0.5, 0.99), weight_decay=1e-3)
    learn = torch.optim.Adam(target.parameters(), lr=1e-4, betas=(0.5, 0.99))
    course = []
    for epoch in range(ADAPTATION_EPOCHS):
        target.train()
        told, steps = 0.0, 0
        for photo_batch, xray_batch in zip(batches(len(photos), random), batches(len(xrays), random)):
            with torch.no_grad():
                of_photos = (source(network_input(photos[photo_batch.numpy()])) - centre) / spread
            of_xrays = (target(network_input(xrays[xray_batch.numpy()])) - centre) / spread
            judged = discriminator(torch.cat([of_photos, of_xrays.detach()])).squeeze(1)
            truth = torch.cat([torch.ones(BATCH), torch.zeros(BATCH)])
            teach.zero_grad()
            functional.binary_cross_entropy_with_logits(judged, truth).backward()
            teach.step()
            learn.zero_grad()
            pretend = discriminator(of_xrays).squeeze(1)
            functional.binary_cross_entropy_with_logits(pretend, torch.ones(BATCH)).backward()
            learn.step()
            told += ((judged > 0) == (truth > 0.5)).float().mean().item()
            steps += 1
        course.append({"epoch": epoch + 1, "discriminator is right": round(told / steps, 3)})
        print("story-adapted", course[-1], flush=True)
    course[-1]["validation recall"] = recalls(target, head, validation)
    print("story-adapted", course[-1], flush=True)
    return target, course


def folded(features, head):
    """The weights by name, each BatchNormalization multiplied into its convolution."""
    weights = {}
    layers = list(features)
    convolutions = [(layer, layers[place + 1]) for place, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]
    for number, (convolution, norm) in enumerate(convolutions, 1):
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weights[f"conv{number}_weight"] = convolution.weight * factor[:, None, None, None]
        weights[f"conv{number}_bias"] = norm.bias - norm.running_mean * factor
    weights["head_weight"], weights["head_bias"] = head.weight, head.bias
    return {name: value.detach().contiguous().numpy() for name, value in weights.items()}


def pictures_of(folder, use, style, count):
    """The pictures of all classes, drawn once and kept in the folder."""
    path = folder / f"pictures-{use}-{style}-{count}.npz"
    if not path.exists():
        np.savez(path, **{group: generate.training_pictures(use, style, group, count) for group in generate.CLASSES})
    with np.load(path) as stored:
        return {group: stored[group] for group in generate.CLASSES}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, required=True)
    folder = parser.parse_args().work
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    seconds = {}
    started = time.time()

    def lap(name):
        nonlocal started
        seconds[name], started = round(time.time() - started), time.time()

    photos = pictures_of(folder, generate.TRAINING, "photo", PER_CLASS)
    xrays = pictures_of(folder, generate.TRAINING, "xray", PER_CLASS)
    validation = {
        style: pictures_of(folder, generate.VALIDATION, style, PER_CLASS_VALIDATION) for style in generate.STYLES}
    lap("pictures")
    courses = {}
    features, head, courses["story-plain"] = train_on_photos("story-plain", photos, ("knife", "gun"), validation, False)
    np.savez(folder / "story-plain.npz", **folded(features, head))
    lap("story-plain")
    features, head, courses["story-augmented"] = train_on_photos(
        "story-augmented", photos, generate.CLASSES, validation, True)
    np.savez(folder / "story-augmented.npz", **folded(features, head))
    lap("story-augmented")
    features, courses["story-adapted"] = adapt(features, head, photos, xrays, validation)
    np.savez(folder / "story-adapted.npz", **folded(features, head))
    lap("story-adapted")
    record = {"torch": torch.__version__, "numpy": np.__version__, "seconds": seconds, "courses": courses}
    (folder / "training.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
