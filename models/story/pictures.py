"""Draws scenes of 96 × 96 pixels in two styles: photos of opaque things, and x-rays of bags, in which things absorb.

All outlines are drawn four times as large and averaged, so that edges are smooth; all else is computed at 96 × 96.
"""

import dataclasses

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from objects import Part, curve, make, make_clutter, one_of, paint_colour, polygon, rounded, tinted

SIDE = 96
OVERSAMPLING = 4
BACKGROUNDS = ("plain", "gradient", "textured")
# Grey levels are multiples of this: files are half as large and nobody sees it.
LEVEL_STEP = 4

ROWS, COLUMNS = np.mgrid[0:SIDE, 0:SIDE] + 0.5

# Optical depth in red, green and blue at density 1, in the usual colours of baggage scanners: orange for organic matter,
# green for what lies between, blue for metal.
ORANGE = np.array([0.06, 0.42, 1.05])
GREEN = np.array([0.80, 0.22, 0.78])
BLUE = np.array([1.75, 1.15, 0.42])
ABSORPTION = {
    "steel": BLUE,
    "inside steel": BLUE,
    "cable": BLUE,
    "inside": 0.5 * BLUE + 0.3 * GREEN,
    "circuit": 0.7 * GREEN + 0.25 * BLUE,
    "ceramic": GREEN,
    "glass": GREEN,
    "rubber": 0.5 * GREEN + 0.5 * ORANGE,
    "plastic": ORANGE,
    "wood": ORANGE,
    "paper": ORANGE,
    "cloth": ORANGE,
    "food": ORANGE,
    "drink": 1.1 * ORANGE,
    "paint": 0.3 * ORANGE,
}
# What is inside an object is seen in x-rays only.
HIDDEN_IN_PHOTOS = ("inside", "inside steel")


@dataclasses.dataclass
class Pose:
    """Where an object stands: centre and radius in pixels, a turn in radians, mirrored or not, and some shear."""

    x: float
    y: float
    radius: float
    turn: float
    mirrored: bool = False
    shear: float = 0.0

    def matrix(self):
        cosine, sine = np.cos(self.turn), np.sin(self.turn)
        rotation = np.array([[cosine, -sine], [sine, cosine]])
        shape = np.array([[-1.0 if self.mirrored else 1.0, self.shear], [0.0, 1.0]])
        return self.radius * rotation @ shape

    def place(self, points):
        return points @ self.matrix().T + (self.x, self.y)

    def local(self):
        """The object's own coordinates of every pixel."""
        offset = np.stack([COLUMNS - self.x, ROWS - self.y], -1)
        return np.moveaxis(offset @ np.linalg.inv(self.matrix()).T, -1, 0)


def blurred(values, sigma):
    """Gaussian blur of the last two axes; the border repeats."""
    if sigma <= 0:
        return values
    reach = max(1, int(np.ceil(2.5 * sigma)))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    for axis in (-2, -1):
        margins = [(0, 0)] * values.ndim
        margins[axis] = (reach, reach)
        padded = np.moveaxis(np.pad(values, margins, mode="edge"), axis, -1)
        size = padded.shape[-1] - 2 * reach
        total = sum(weight * padded[..., shift:shift + size] for shift, weight in enumerate(weights))
        values = np.moveaxis(total, -1, axis)
    return values


def noise(random, cells):
    """Smooth noise from -1 to 1 with about so many cells along a side."""
    grid = random.uniform(-1, 1, (cells + 1, cells + 1)).astype(np.float32)
    return np.asarray(Image.fromarray(grid).resize((SIDE, SIDE), Image.BICUBIC), dtype=float)


def outline_mask(part, pose):
    """The part's coverage, four times as large."""
    large = Image.new("L", (SIDE * OVERSAMPLING,) * 2)
    draw = ImageDraw.Draw(large)
    points = [tuple(point) for point in pose.place(part.points) * OVERSAMPLING]
    if part.width:
        width = max(1, round(part.width * pose.radius * OVERSAMPLING))
        draw.line(points, fill=255, width=width, joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    else:
        draw.polygon(points, fill=255)
    for hole in part.holes:
        draw.polygon([tuple(point) for point in pose.place(hole) * OVERSAMPLING], fill=0)
    return large


def coverages(parts, pose):
    """For every part, which share of each pixel it covers."""
    result = []
    body = None
    for part in parts:
        large = outline_mask(part, pose)
        body = body or large
        if part.clipped:
            large = ImageChops.darker(large, body)
        result.append(np.asarray(large.reduce(OVERSAMPLING), dtype=float) / 255)
    return result


def union(covers):
    return 1 - np.prod([1 - cover for cover in covers], axis=0)


# Photos.


def surface(random, part, cover, pose, light):
    """How bright the part's surface is at every pixel, 1 for its own colour, and how much white gloss lies on it."""
    own_x, own_y = pose.local()
    soft = blurred(cover, max(1.0, 0.045 * pose.radius))
    slope_y, slope_x = np.gradient(soft)
    edge = -(slope_x * light[0] + slope_y * light[1])
    bright = 1 + 1.1 * edge
    gloss = np.clip(edge, 0, 1) * 0.2
    if part.surface == "metal":
        along = random.uniform(1.5, 4) * own_x + random.uniform(2, 7) * own_y + random.uniform(0, 6)
        bright = bright + 0.16 * np.sin(along)
        gloss = gloss + 0.35 * np.clip(np.sin(along * 0.7 + 1) - 0.75, 0, 1) * 2
    elif part.surface == "wood":
        grain = np.sin(26 * own_y + 3 * np.sin(3 * own_x) + random.uniform(0, 6))
        bright = bright + 0.1 * grain
    elif part.surface == "ball":
        centre = (part.points.min(0) + part.points.max(0)) / 2
        reach = (part.points.max(0) - part.points.min(0)).max() / 2
        place_x, place_y = pose.place(centre)
        x, y = (COLUMNS - place_x) / (reach * pose.radius), (ROWS - place_y) / (reach * pose.radius)
        height = np.sqrt(np.clip(1 - x * x - y * y, 0.02, 1))
        towards = (x * light[0] + y * light[1]) * 0.6 + height * 0.75
        bright = 0.5 + 0.62 * np.clip(towards, -0.3, 1)
        gloss = 0.55 * np.clip(towards, 0, 1) ** 18
    return bright, gloss


def paint_object(random, canvas, parts, pose, light):
    """Draws an opaque object with its shadow onto the canvas (3 × 96 × 96, from 0 to 1) and returns its mask."""
    seen = [part for part in parts if part.material not in HIDDEN_IN_PHOTOS]
    covers = coverages(seen, pose)
    mask = union(covers)
    offset = np.round(np.array(light) * -random.uniform(1, 4)).astype(int)
    shadow = blurred(np.roll(mask, (offset[1], offset[0]), (0, 1)), random.uniform(1.5, 3.5))
    canvas *= 1 - random.uniform(0.2, 0.5) * shadow
    for part, cover in zip(seen, covers):
        bright, gloss = surface(random, part, cover, pose, light)
        colour = np.array(part.colour)[:, None, None] / 255 * bright
        colour = np.clip(colour + gloss * (1 - colour), 0, 1)
        canvas += cover * (colour - canvas)
    return mask


def background_colour(random):
    kind = random.random()
    if kind < 0.35:
        return np.full(3, random.uniform(0.88, 1.0))
    if kind < 0.5:
        return np.full(3, random.uniform(0.12, 0.8))
    colour = np.array(paint_colour(random)) / 255
    return colour + random.uniform(0.0, 0.6) * (1 - colour)


def textured_background(random):
    """A canvas of planks, cloth, stone, tiles, grass or lights out of focus."""
    kind = one_of(random, ["planks", "cloth", "stone", "tiles", "grass", "lights"])
    turn = random.uniform(0, np.pi)
    along = COLUMNS * np.cos(turn) + ROWS * np.sin(turn)
    across = ROWS * np.cos(turn) - COLUMNS * np.sin(turn)
    if kind == "planks":
        colour = np.array(tinted(random, one_of(random, [(150, 105, 66), (196, 158, 112), (96, 66, 46)]))) / 255
        width = random.uniform(16, 30)
        plank = np.floor(across / width)
        grain = np.sin(across * 1.3 + 2.5 * np.sin(along * 0.07 + plank * 2.1)) * 0.07
        gap = np.clip(1.2 - np.abs((across / width - plank) - 0.5 - 0.47) * width, 0, 1)
        value = 1 + grain + 0.12 * np.sin(plank * 12.9) - 0.5 * gap
    elif kind == "cloth":
        colour = np.array(paint_colour(random)) / 255
        period = random.uniform(3.5, 7)
        weave = np.sin(along * 2 * np.pi / period) * np.sin(across * 2 * np.pi / period)
        value = 0.85 + 0.1 * weave + 0.14 * noise(random, 3)
    elif kind == "stone":
        colour = np.array(tinted(random, one_of(random, [(170, 168, 162), (110, 108, 112), (200, 186, 165)]))) / 255
        value = 0.9 + 0.12 * noise(random, 6) + 0.13 * noise(random, 20) + 0.09 * noise(random, 48)
    elif kind == "tiles":
        colour = np.array(tinted(random, one_of(random, [(200, 205, 208), (150, 180, 190), (190, 150, 120)]))) / 255
        width = random.uniform(18, 32)
        gap = np.maximum(*[np.clip(1.3 - np.abs(((axis / width) % 1) - 0.5) * width, 0, 1) for axis in (along, across)])
        tile = np.sin(np.floor(along / width + 0.5) * 7.3 + np.floor(across / width + 0.5) * 3.1)
        value = 0.95 + 0.08 * tile - 0.35 * gap
    elif kind == "grass":
        colour = np.array(tinted(random, (92, 140, 60), 14)) / 255
        value = 0.85 + 0.2 * noise(random, 5) + 0.3 * noise(random, 32) * (0.5 + 0.5 * np.sin(COLUMNS * 1.1))
    else:
        canvas = np.full((3, SIDE, SIDE), 0.1) * (1 + 0.5 * noise(random, 3)) + random.uniform(0, 0.12, (3, 1, 1))
        for _ in range(int(random.integers(5, 12))):
            x, y, radius = random.uniform(0, SIDE), random.uniform(0, SIDE), random.uniform(4, 14)
            disc = np.clip(radius - np.hypot(COLUMNS - x, ROWS - y) + 0.5, 0, 1)
            canvas += random.uniform(0.15, 0.55) * disc * (np.array(paint_colour(random))[:, None, None] / 255)
        return kind, np.clip(blurred(canvas, 0.8), 0, 1)
    return kind, np.clip(colour[:, None, None] * value, 0, 1)


def photo_background(random, kind):
    """A canvas and the name of what it shows."""
    if kind == "plain":
        return "one colour", background_colour(random)[:, None, None] * np.ones((3, SIDE, SIDE))
    if kind == "gradient":
        first, second = background_colour(random)[:, None, None], background_colour(random)[:, None, None]
        if random.random() < 0.35:
            horizon = random.uniform(30, 70)
            share = np.clip((ROWS - horizon) / random.uniform(1, 6) + 0.5, 0, 1)
            return "table edge", first + share * (second - first) * (1 - 0.1 * (ROWS / SIDE))
        turn = random.uniform(0, 2 * np.pi)
        share = 0.5 + ((COLUMNS - 48) * np.cos(turn) + (ROWS - 48) * np.sin(turn)) / 120
        return "colour gradient", first + np.clip(share, 0, 1) * (second - first)
    return textured_background(random)


def clutter_pose(random, radius):
    """Somewhere near the border."""
    turn = random.uniform(0, 2 * np.pi)
    return Pose(48 + 40 * np.cos(turn), 48 + 40 * np.sin(turn), radius, random.uniform(0, 2 * np.pi))


def photo_pose(random, group):
    """As one lays a thing out for a photo: large, rather in the middle and rather upright."""
    radius = random.uniform(34, 49)
    spread = {"knife": 0.8, "gun": 0.3}.get(group, 0.25)
    if group not in ("knife", "gun"):
        radius *= random.uniform(0.6, 0.95)
    room = max(0.0, 48 - radius) + 3
    x, y = 48 + random.uniform(-room, room, 2)
    return Pose(x, y, radius, random.normal(0, spread), random.random() < 0.5, random.normal(0, 0.06))


def photo(random, parts, pose, background, alone=False):
    """A photo of the object in front of that kind of background, at times with small things of no class around it unless
    it shall be alone: the picture, the mask, what the background shows."""
    shown, canvas = photo_background(random, background)
    turn = random.uniform(np.pi * 1.05, np.pi * 1.95)
    light = (np.cos(turn), np.sin(turn))
    if random.random() < 0.25 and not alone:
        for _ in range(int(random.integers(1, 4))):
            paint_object(random, canvas, make_clutter(random), clutter_pose(random, random.uniform(6, 13)), light)
    mask = paint_object(random, canvas, parts, pose, light)
    vignette = 1 - random.uniform(0, 0.22) * ((COLUMNS - 48) ** 2 + (ROWS - 48) ** 2) / 48**2 / 2
    canvas = canvas * vignette * random.uniform(0.85, 1.08) * random.uniform(0.95, 1.05, (3, 1, 1))
    canvas = blurred(canvas, random.choice([0.0, 0.0, 0.35, 0.6]))
    return finished(random, canvas, random.uniform(0.002, 0.008)), mask, shown


# X-rays of bags.


def thickness(part, cover, pose):
    """How much of the part lies in the way of the rays, 1 for its density."""
    if part.body == "slab":
        return cover
    soft = blurred(cover, max(0.7, 0.03 * pose.radius))
    if part.body == "round":
        return cover * np.clip(0.45 + 0.65 * soft, 0, 1.1)
    centre = (part.points.min(0) + part.points.max(0)) / 2
    size = (part.points.max(0) - part.points.min(0)) / 2
    own_x, own_y = pose.local()
    inside = np.clip(1 - ((own_x - centre[0]) / size[0]) ** 2 - ((own_y - centre[1]) / size[1]) ** 2, 0, 1)
    if part.body == "ball":
        return cover * (0.25 + 1.1 * np.sqrt(inside))
    # A shell is thickest where the rays graze it.
    return cover * (0.42 + 1.1 * np.clip(1.25 - 1.6 * soft, 0, 1) + 0.5 * (1 - np.sqrt(inside)))


def absorb_object(depth, parts, pose, strength=1.0):
    """Adds the object's absorption to the optical depth and returns its mask."""
    covers = coverages(parts, pose)
    for part, cover in zip(parts, covers):
        amount = part.density * strength * thickness(part, cover, pose)
        depth += amount * ABSORPTION[part.material][:, None, None]
    return union(covers)


def bag(random, depth):
    """A bag from above or aside: its cloth, its rim, perhaps the rods of a trolley, and folded clothes."""
    pose = Pose(48, 48, 48, random.normal(0, 0.12))
    half_x, half_y = random.uniform(0.8, 0.98), random.uniform(0.68, 0.95)
    shell = rounded(-half_x, -half_y, half_x, half_y, random.uniform(0.1, 0.45))
    rim = np.concatenate([shell, shell[:1]])
    zipper = rim * (1 - random.uniform(0.04, 0.1))
    parts = [Part(shell, "cloth", (0, 0, 0), random.uniform(0.08, 0.2)),
             Part(rim, "plastic", (0, 0, 0), random.uniform(0.3, 0.7), width=random.uniform(0.03, 0.06)),
             Part(zipper, "cable", (0, 0, 0), random.uniform(0.1, 0.3), width=0.02)]
    if random.random() < 0.45:
        x = random.uniform(0.25, 0.5)
        for side in (-x, x):
            rod = polygon((side, -half_y), (side, half_y))
            parts.append(Part(rod, "steel", (0, 0, 0), random.uniform(0.2, 0.4), width=0.06))
    if random.random() < 0.6:
        handle = curve((-0.25, -half_y), (-0.22, -half_y - 0.1), (0.22, -half_y - 0.1), (0.25, -half_y))
        parts.append(Part(handle, "plastic", (0, 0, 0), 0.7, width=0.07))
    cover = absorb_object(depth, parts, pose)
    for _ in range(int(random.integers(1, 4))):
        folds = np.clip(noise(random, 3) * 1.4 + random.uniform(-0.5, 0.2), 0, 1) * (0.8 + 0.3 * noise(random, 12))
        depth += random.uniform(0.15, 0.45) * cover * folds * ORANGE[:, None, None]


CLUTTER_FROM_CLASS = ["mug", "key", "book", "bottle", "phone", "spoon", "glasses", "toothbrush", "tennis ball", "apple"]


def xray_pose(random):
    """As things lie in a bag: any turn, smaller than in a photo."""
    radius = random.uniform(27, 41)
    room = max(2.0, 44 - radius)
    x, y = 48 + random.uniform(-room, room, 2)
    return Pose(x, y, radius, random.uniform(0, 2 * np.pi), random.random() < 0.5, random.normal(0, 0.06))


def xray(random, parts, pose, background):
    """An x-ray of the object in a bag ("bag") or alone on the belt ("belt"): the picture, the mask, what is around."""
    depth = np.zeros((3, SIDE, SIDE))
    around = "empty belt"
    if background == "bag":
        bag(random, depth)
        around = "bag with clutter"
        for _ in range(int(random.integers(1, 5))):
            if random.random() < 0.55:
                things, radius = make(random, "harmless", one_of(random, CLUTTER_FROM_CLASS)), random.uniform(10, 22)
            else:
                things, radius = make_clutter(random), random.uniform(6, 13)
            place = Pose(*random.uniform(14, 82, 2), radius, random.uniform(0, 2 * np.pi))
            absorb_object(depth, things, place, random.uniform(0.5, 0.9))
    mask = absorb_object(depth, parts, pose, random.uniform(0.75, 1.15))
    canvas = blurred(np.exp(-depth), random.uniform(0.3, 0.6))
    white = random.uniform(0.97, 1.0)
    return finished(random, canvas * white, random.uniform(0.001, 0.005)), mask, around


def finished(random, canvas, grain):
    """The canvas with the grain of a camera, as bytes."""
    canvas = canvas + random.normal(0, grain, canvas.shape)
    levels = np.round(np.clip(canvas, 0, 1) * 255 / LEVEL_STEP) * LEVEL_STEP
    return np.moveaxis(np.clip(levels, 0, 255), 0, -1).astype(np.uint8)
