"""The things in the pictures: outlines, materials and colours, drawn by chance from a random generator.

An object is a list of parts, from the lowest to the topmost. Its coordinates are its own (x to the right, y down) and
are brought into the unit circle by `normalised`, so that a scene can place every object by a centre and a radius.
"""

import dataclasses

import numpy as np

STEEL = (176, 182, 190)
DARK_STEEL = (66, 70, 78)
BLACK = (38, 38, 42)


@dataclasses.dataclass
class Part:
    """An area of one material. `points` is its outline, or a line's path if `width` is set."""

    points: np.ndarray
    material: str
    colour: tuple
    # How much the part absorbs in an x-ray, 0 for paint and print.
    density: float = 1.0
    # How the surface looks in a photo: "flat", "metal", "wood" or "ball".
    surface: str = "flat"
    # How thick the part is across its area, for the x-ray: "slab", "round", "ball" or "hollow".
    body: str = "slab"
    holes: list = dataclasses.field(default_factory=list)
    width: float = 0.0
    # Paint stays within the outline of the object's first part.
    clipped: bool = False


def polygon(*points):
    return np.array(points, dtype=float)


def ellipse(x, y, radius_x, radius_y=None, start=0.0, end=360.0, steps=48):
    radius_y = radius_x if radius_y is None else radius_y
    angle = np.radians(np.linspace(start, end, steps, endpoint=end - start < 360))
    return np.stack([x + radius_x * np.cos(angle), y + radius_y * np.sin(angle)], 1)


def rounded(left, top, right, bottom, radius):
    """A rectangle with round corners."""
    radius = min(radius, (right - left) / 2, (bottom - top) / 2)
    corners = [
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
        (left + radius, top + radius, 180),
        (right - radius, top + radius, 270),
    ]
    return np.concatenate([ellipse(x, y, radius, start=angle, end=angle + 90, steps=8) for x, y, angle in corners])


def curve(*points, steps=8, closed=False):
    """A smooth line through the points (Catmull-Rom)."""
    points = np.array(points, dtype=float)
    if closed:
        padded = np.concatenate([points[-1:], points, points[:2]])
    else:
        padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    fraction = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for before, first, second, after in zip(padded, padded[1:], padded[2:], padded[3:]):
        linear = (second - before) * fraction
        square = (2 * before - 5 * first + 4 * second - after) * fraction**2
        cube = (3 * first - before - 3 * second + after) * fraction**3
        pieces.append(first + (linear + square + cube) / 2)
    if not closed:
        pieces.append(points[-1:])
    return np.concatenate(pieces)


def normalised(parts):
    """Moves the object's bounding box to the origin and scales its farthest point to a distance of 1."""
    points = np.concatenate([part.points for part in parts])
    centre = (points.min(0) + points.max(0)) / 2
    reach = max(np.hypot(*(part.points - centre).T).max() + part.width / 2 for part in parts)
    return [
        dataclasses.replace(
            part,
            points=(part.points - centre) / reach,
            holes=[(hole - centre) / reach for hole in part.holes],
            width=part.width / reach,
        )
        for part in parts
    ]


def tinted(random, colour, amount=18):
    """A colour near the given one."""
    return tuple(np.clip(np.array(colour) + random.normal(0, amount, 3) * 0.5 + random.normal(0, amount), 8, 250))


def one_of(random, choices):
    return choices[int(random.integers(len(choices)))]


def paint_colour(random):
    """A colour of plastic or print: mostly strong ones, some grey."""
    palette = [
        (200, 50, 45), (40, 90, 190), (40, 150, 80), (235, 190, 50), (240, 130, 40), (120, 60, 150),
        (40, 170, 180), (230, 120, 150), (245, 245, 240), (60, 60, 66), (150, 150, 155), (130, 90, 60),
    ]
    return tinted(random, one_of(random, palette), 12)


def handle_material(random):
    """Material, colour and surface of a handle."""
    kind = random.random()
    if kind < 0.4:
        return "wood", tinted(random, one_of(random, [(120, 74, 40), (160, 104, 60), (84, 50, 32)])), "wood"
    if kind < 0.75:
        return "plastic", tinted(random, BLACK, 8), "flat"
    return "plastic", paint_colour(random), "flat"


# Knives. The blade points to the right and the edge down; handles end at the left.


def knife_handle(random, left, right, top, bottom, rivets):
    material, colour, surface = handle_material(random)
    middle, half = (top + bottom) / 2, (bottom - top) / 2
    sag = random.uniform(0, 0.5) * half
    outline = curve(
        (right, middle - half), ((left + right) / 2, middle - half * 0.85 + sag), (left + 0.04, middle - half + sag),
        (left, middle + sag), (left + 0.03, middle + half * 1.2 + sag), ((left + right) / 2, middle + half * 0.8 + sag),
        (right, middle + half), closed=True,
    )
    parts = [Part(outline, material, colour, 0.9, surface, "round")]
    for step in range(rivets):
        x = left + (right - left) * (step + 1) / (rivets + 1)
        parts.append(Part(ellipse(x, middle + sag * 0.7, 0.028), "steel", STEEL, 0.8, "metal"))
    return parts


def chef_knife(random):
    height = random.uniform(0.2, 0.34)
    spine = -0.1
    blade = np.concatenate([
        polygon((-0.2, spine), (0.45, spine)),
        curve((0.55, spine + 0.01), (0.85, spine + 0.06), (1.0, spine + 0.13), (0.8, spine + height * 0.85),
              (0.4, spine + height), (-0.12, spine + height)),
    ])
    tang = Part(polygon((-0.85, -0.06), (-0.2, -0.09), (-0.2, 0.02), (-0.85, 0.02)), "steel", STEEL, 0.5, "metal")
    handle = knife_handle(random, -1.0, -0.2, spine - 0.005, spine + 0.17, int(random.integers(0, 4)))
    return [tang, Part(blade, "steel", tinted(random, STEEL, 10), 0.75, "metal"), *handle]


def paring_knife(random):
    blade = curve((-0.05, -0.1), (0.5, -0.1), (1.0, 0.02), (0.6, 0.1), (-0.05, 0.11), closed=False)
    return [Part(blade, "steel", tinted(random, STEEL, 10), 0.7, "metal"),
            *knife_handle(random, -0.85, -0.05, -0.12, 0.12, int(random.integers(0, 3)))]


def bread_knife(random):
    height = random.uniform(0.14, 0.2)
    teeth = int(random.integers(10, 17))
    edge = [(1.0 - 1.2 * step / (2 * teeth), height + (0.035 if step % 2 else 0.0)) for step in range(2 * teeth + 1)]
    tip = [(0.92, 0.0), (1.0, 0.04)] if random.random() < 0.5 else [(0.8, 0.0), (0.98, height)]
    blade = polygon((-0.2, 0.0), *tip, *edge)
    return [Part(blade, "steel", tinted(random, STEEL, 10), 0.7, "metal"),
            *knife_handle(random, -0.95, -0.2, -0.01, 0.17, int(random.integers(0, 4)))]


def dagger(random):
    width = random.uniform(0.07, 0.12)
    blade = polygon((-0.35, -width), (0.6, -width * 0.8), (1.0, 0), (0.6, width * 0.8), (-0.35, width))
    ridge = Part(polygon((-0.35, -0.012), (0.95, 0), (-0.35, 0.012)), "steel", (120, 124, 132), 0.2, "flat")
    guard = random.uniform(0.17, 0.26)
    material, colour, surface = handle_material(random)
    return [
        Part(blade, "steel", tinted(random, STEEL, 10), 0.75, "metal"),
        ridge,
        Part(rounded(-0.88, -0.06, -0.38, 0.06, 0.05), material, colour, 0.9, surface, "round"),
        Part(rounded(-0.42, -guard, -0.33, guard, 0.04), "steel", tinted(random, (150, 130, 80)), 1.1, "metal"),
        Part(ellipse(-0.92, 0, 0.085), "steel", tinted(random, (150, 130, 80)), 1.1, "metal", "ball"),
    ]


def bowie_knife(random):
    blade = np.concatenate([
        polygon((-0.25, -0.13), (0.4, -0.13)),
        curve((0.42, -0.12), (0.7, -0.03), (1.0, -0.07), (0.85, 0.07), (0.6, 0.14), (-0.25, 0.13)),
    ])
    return [
        Part(blade, "steel", tinted(random, STEEL, 10), 0.85, "metal"),
        *knife_handle(random, -0.95, -0.25, -0.1, 0.1, int(random.integers(0, 4))),
        Part(rounded(-0.29, -0.2, -0.21, 0.2, 0.03), "steel", tinted(random, STEEL, 14), 1.1, "metal"),
    ]


def cleaver(random):
    height = random.uniform(0.4, 0.52)
    blade = polygon((-0.25, -0.1), (0.7, -0.1), (0.75, -0.05), (0.75, height - 0.12), (0.7, height - 0.08),
                    (-0.15, height - 0.1), (-0.2, 0.06), (-0.25, 0.06))
    return [Part(blade, "steel", tinted(random, STEEL, 10), 0.9, "metal", holes=[ellipse(0.62, 0.02, 0.045)]),
            *knife_handle(random, -0.95, -0.22, -0.1, 0.08, int(random.integers(2, 4)))]


def table_knife(random):
    steel = tinted(random, (190, 194, 200), 8)
    blade = curve((-0.05, -0.07), (0.5, -0.085), (0.95, -0.06), (1.0, 0.02), (0.85, 0.09), (0.3, 0.08), (-0.05, 0.05))
    handle = curve((-0.05, -0.045), (-0.6, -0.075), (-0.95, -0.09), (-1.0, 0.0), (-0.95, 0.09), (-0.6, 0.065),
                   (-0.05, 0.05))
    return [Part(handle, "steel", steel, 0.9, "metal", "round"), Part(blade, "steel", steel, 0.6, "metal")]


def pocket_knife(random):
    angle = np.radians(random.uniform(-60, 8))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    blade = curve((0.0, -0.08), (0.5, -0.09), (0.88, 0.0), (0.55, 0.09), (0.0, 0.08)) @ turn
    material, colour, surface = handle_material(random)
    parts = [Part(blade, "steel", tinted(random, STEEL, 10), 0.8, "metal"),
             Part(rounded(-0.95, -0.12, 0.07, 0.12, 0.11), material, colour, 0.8, surface, "round")]
    for x in (0.0, -0.82):
        parts.append(Part(ellipse(x, 0, 0.04), "steel", STEEL, 1.0, "metal"))
    # The springs and the liner show in an x-ray.
    parts.insert(0, Part(rounded(-0.92, -0.08, 0.04, 0.08, 0.08), "steel", STEEL, 0.45, "metal"))
    return parts


def cutter(random):
    colour = one_of(random, [(235, 190, 40), (210, 50, 45), (50, 110, 190), (60, 60, 64)])
    blade = polygon((0.4, -0.075), (0.95, -0.075), (0.78, 0.075), (0.4, 0.075))
    parts = [Part(blade, "steel", tinted(random, (200, 205, 210), 8), 0.55, "metal")]
    for x in (0.55, 0.7):
        parts.append(Part(polygon((x + 0.05, -0.07), (x - 0.03, 0.07)), "paint", (110, 114, 120), 0, width=0.012))
    body = np.concatenate([polygon((-0.95, -0.1), (0.4, -0.1), (0.48, -0.06), (0.48, 0.08)),
                           curve((0.35, 0.12), (-0.3, 0.13), (-0.95, 0.12), steps=4)])
    parts.append(Part(body, "plastic", tinted(random, colour, 12), 0.8, "flat", "round"))
    parts.append(Part(rounded(-0.5, -0.04, 0.36, 0.02, 0.02), "steel", DARK_STEEL, 0.6))
    parts.append(Part(rounded(-0.05, -0.07, 0.12, 0.05, 0.02), "plastic", BLACK, 0.5))
    return parts


# Guns. The muzzle points to the right.


def gun_steel(random):
    return tinted(random, one_of(random, [DARK_STEEL, BLACK, BLACK, (150, 154, 160)]), 10)


def trigger_guard(random, left, right, top, bottom, colour):
    middle = (left + right) / 2
    path = curve((left, top), (left + 0.01, bottom - 0.06), (middle, bottom), (right - 0.02, bottom - 0.05), (right, top))
    trigger = curve((middle + 0.03, top), (middle - 0.03, (top + bottom) / 2), (middle + 0.05, bottom - 0.05))
    return [Part(path, "steel", colour, 0.8, "flat", width=0.05),
            Part(trigger, "steel", tinted(random, DARK_STEEL, 8), 0.8, "flat", width=0.04)]


def pistol(random, length=None):
    steel = gun_steel(random)
    length = random.uniform(0.72, 0.95) if length is None else length
    lean = random.uniform(0.14, 0.28)
    material, colour, surface = handle_material(random) if random.random() < 0.4 else ("plastic", BLACK, "flat")
    top, bottom = -0.42, -0.16
    slide = np.concatenate([polygon((-0.8, top + 0.03), (-0.77, top), (length, top)),
                            polygon((length + 0.01, top + 0.04), (length, bottom), (-0.8, bottom))])
    frame = polygon((-0.78, bottom), (length - 0.1, bottom), (length - 0.1, bottom + 0.12), (0.2, bottom + 0.14),
                    (-0.2, bottom + 0.14), (-0.78, bottom + 0.06))
    grip = curve((-0.72, bottom + 0.02), (-0.74 - lean * 0.4, 0.1), (-0.74 - lean, 0.6), (-0.5 - lean, 0.66),
                 (-0.32 - lean, 0.6), (-0.28 - lean * 0.5, 0.2), (-0.2, bottom + 0.1), (-0.4, bottom + 0.02), closed=True,
                 steps=5)
    parts = [
        # The magazine inside the grip and the barrel inside the slide show in an x-ray.
        Part(polygon((-0.64, 0.0), (-0.4, 0.0), (-0.44 - lean, 0.6), (-0.68 - lean, 0.6)), "steel", steel, 0.8),
        *trigger_guard(random, -0.2, 0.2, bottom + 0.1, 0.22, steel),
        Part(grip, material, colour, 1.0, surface, "round"),
        Part(frame, "steel", tinted(random, steel, 6), 0.9, "flat"),
        Part(slide, "steel", steel, 1.2, "metal", "round"),
        Part(rounded(-0.2, top + 0.06, length, bottom - 0.08, 0.03), "inside", steel, 0.6),
        Part(polygon((length - 0.1, top), (length - 0.08, top - 0.05), (length - 0.03, top - 0.05), (length - 0.03, top)),
             "steel", steel, 0.9),
        Part(polygon((-0.76, top), (-0.76, top - 0.05), (-0.68, top - 0.05), (-0.66, top)), "steel", steel, 0.9),
        Part(rounded(0.0, top + 0.04, 0.26, top + 0.13, 0.02), "paint", tinted(random, (96, 98, 104), 8), 0),
    ]
    for x in np.linspace(-0.72, -0.5, 5):
        parts.append(Part(polygon((x, top + 0.05), (x - 0.02, bottom - 0.04)), "paint", (28, 28, 30), 0, width=0.018))
    for y in np.linspace(0.12, 0.45, int(random.integers(0, 5))):
        middle = -0.53 - lean * (y + 0.1) / 0.7
        parts.append(Part(polygon((middle - 0.13, y), (middle + 0.12, y)), "paint", (24, 24, 26), 0, width=0.02))
    return parts


def compact_pistol(random):
    return pistol(random, length=random.uniform(0.3, 0.5))


def silenced_pistol(random):
    parts = pistol(random, length=random.uniform(0.35, 0.5))
    silencer = Part(rounded(0.45, -0.39, 1.3, -0.19, 0.03), "steel", tinted(random, BLACK, 6), 1.0, "metal", "hollow")
    return [silencer, *parts]


def revolver(random):
    steel = gun_steel(random)
    length = random.uniform(0.55, 1.05)
    _, colour, _ = handle_material(random)
    wooden = random.random() < 0.6
    grip = curve((-0.5, -0.22), (-0.68, -0.12), (-0.72, 0.1), (-0.92, 0.5), (-0.8, 0.62), (-0.55, 0.56), (-0.46, 0.3),
                 (-0.34, 0.1), (-0.2, -0.05), closed=True, steps=5)
    frame = polygon((-0.55, -0.3), (-0.3, -0.4), (0.32, -0.4), (0.32, -0.06), (0.2, 0.02), (-0.3, 0.02), (-0.55, -0.1))
    parts = [
        *trigger_guard(random, -0.22, 0.16, -0.02, 0.26, steel),
        Part(grip, "wood" if wooden else "plastic", tinted(random, (130, 80, 45)) if wooden else colour, 1.0,
             "wood" if wooden else "flat", "round"),
        Part(frame, "steel", steel, 0.9, "metal"),
        Part(polygon((0.3, -0.38), (length, -0.38), (length, -0.24), (0.3, -0.22)), "steel", steel, 1.1, "metal", "round"),
        Part(rounded(0.32, -0.22, length * 0.85, -0.14, 0.03), "steel", steel, 0.8, "metal"),
        Part(rounded(-0.18, -0.44, 0.22, -0.04, 0.07), "steel", tinted(random, steel, 8), 1.0, "metal", "round"),
        Part(polygon((-0.52, -0.28), (-0.66, -0.46), (-0.58, -0.5), (-0.42, -0.34)), "steel", steel, 0.9),
        Part(polygon((length - 0.12, -0.38), (length - 0.06, -0.46), (length - 0.02, -0.46), (length - 0.02, -0.38)),
             "steel", steel, 0.9),
    ]
    for y in (-0.34, -0.24, -0.14):
        parts.append(Part(rounded(-0.12, y - 0.022, 0.12, y + 0.022, 0.02), "paint", (30, 30, 34), 0))
    return parts


def machine_pistol(random):
    steel = gun_steel(random)
    parts = [
        *trigger_guard(random, -0.3, 0.02, 0.0, 0.26, steel),
        Part(polygon((-0.5, 0.0), (-0.28, 0.0), (-0.34, 0.52), (-0.58, 0.52)), "plastic", BLACK, 1.0, "flat", "round"),
        Part(polygon((0.06, 0.0), (0.24, 0.0), (0.3, 0.72), (0.12, 0.72)), "steel", steel, 0.9, "metal"),
        Part(rounded(-0.7, -0.26, 0.62, 0.04, 0.04), "steel", steel, 1.1, "metal", "round"),
        Part(rounded(0.6, -0.19, 1.0, -0.07, 0.02), "steel", tinted(random, DARK_STEEL, 8), 1.0, "metal", "round"),
        Part(rounded(-0.2, -0.32, 0.3, -0.26, 0.02), "steel", BLACK, 0.6),
    ]
    if random.random() < 0.5:
        stock = polygon((-0.7, -0.2), (-1.15, -0.2), (-1.15, 0.14), (-1.08, 0.14), (-1.08, -0.12), (-0.7, -0.12))
        parts.append(Part(stock, "steel", steel, 0.8))
    return parts


def rifle(random):
    steel = gun_steel(random)
    wooden = random.random() < 0.5
    colour = tinted(random, (126, 78, 44)) if wooden else tinted(random, BLACK, 8)
    material, surface = ("wood", "wood") if wooden else ("plastic", "flat")
    stock = polygon((-0.35, -0.16), (-0.6, -0.1), (-1.1, -0.08), (-1.12, 0.24), (-1.0, 0.25), (-0.62, 0.06), (-0.35, 0.02))
    magazine = curve((0.02, 0.0), (0.06, 0.22), (0.16, 0.42), (0.32, 0.36), (0.22, 0.18), (0.2, 0.0))
    return [
        *trigger_guard(random, -0.24, 0.0, 0.0, 0.18, steel),
        Part(stock, material, colour, 1.0, surface, "round"),
        Part(polygon((-0.34, 0.0), (-0.2, 0.0), (-0.3, 0.34), (-0.44, 0.32)), material, colour, 1.0, surface, "round"),
        Part(magazine, "steel", steel, 0.9, "metal"),
        Part(rounded(0.3, -0.16, 0.8, 0.0, 0.05), material, colour, 0.9, surface, "round"),
        Part(rounded(-0.36, -0.2, 0.34, 0.02, 0.03), "steel", steel, 1.1, "metal", "round"),
        Part(rounded(0.7, -0.14, 1.25, -0.07, 0.01), "steel", steel, 1.0, "metal", "round"),
        Part(polygon((1.12, -0.14), (1.15, -0.24), (1.19, -0.24), (1.19, -0.14)), "steel", steel, 0.8),
    ]


# Harmless things.


def ball(colour, density=0.5):
    return Part(ellipse(0, 0, 1, steps=72), "rubber", colour, density, "ball", "hollow")


def basketball(random):
    parts = [ball(tinted(random, (222, 110, 42), 14), 0.55)]
    turn = random.uniform(0, np.pi)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    bulge = random.uniform(-0.35, 0.35)
    seams = [
        curve((-1, 0), (0, bulge), (1, 0)),
        curve((0, -1), (bulge * 0.6, 0), (0, 1)),
        curve((-0.72, -0.7), (-0.42, 0), (-0.72, 0.7)),
        curve((0.72, -0.7), (0.42, 0), (0.72, 0.7)),
    ]
    for seam in seams:
        parts.append(Part(seam @ rotation, "rubber", (44, 30, 26), 0.25, width=0.06, clipped=True))
    return parts


def football(random):
    parts = [ball(tinted(random, (240, 240, 238), 6), 0.45)]
    turn = random.uniform(0, 360)

    def pentagon(x, y, radius, angle):
        return ellipse(x, y, radius, start=angle, end=angle + 360, steps=5)

    parts.append(Part(pentagon(0, 0, 0.34, turn), "rubber", BLACK, 0.1, clipped=True))
    for angle in np.radians(turn + 72 * np.arange(5)):
        x, y = np.cos(angle), np.sin(angle)
        parts.append(Part(polygon((0.3 * x, 0.3 * y), (0.66 * x, 0.66 * y)), "paint", BLACK, 0.1, width=0.04))
        outer = pentagon(0.86 * x, 0.86 * y, 0.3, np.degrees(angle) + 180)
        parts.append(Part(outer, "rubber", BLACK, 0.1, clipped=True))
    return parts


def tennis_ball(random):
    parts = [ball(tinted(random, (205, 225, 60), 10), 0.5)]
    for side in (-1, 1):
        seam = curve((side * 0.9, -0.75), (side * 0.35, -0.2), (side * 0.35, 0.2), (side * 0.9, 0.75))
        parts.append(Part(seam, "paint", (245, 245, 235), 0.1, width=0.07, clipped=True))
    return parts


def beach_ball(random):
    parts = [ball((245, 245, 240), 0.2)]
    pole = random.uniform(-0.3, 0.3, 2)
    colours = [(220, 50, 50), (245, 245, 240), (250, 205, 50), (245, 245, 240), (50, 120, 210), (245, 245, 240)]
    start = random.uniform(0, 60)
    for index, colour in enumerate(colours):
        wedge = ellipse(0, 0, 1, start=start + 60 * index, end=start + 60 * index + 60, steps=14)
        parts.append(Part(np.concatenate([pole[None], wedge]), "paint", colour, 0.0, "ball", clipped=True))
    return [*parts, Part(ellipse(*pole, 0.12), "rubber", (245, 245, 240), 0.3)]


def apple(random):
    colour = tinted(random, one_of(random, [(196, 40, 40), (120, 180, 60), (220, 170, 60)]), 12)
    body = curve((0, -0.72), (0.4, -0.86), (0.85, -0.5), (0.85, 0.1), (0.5, 0.75), (0.12, 0.86), (0, 0.8), (-0.12, 0.86),
                 (-0.5, 0.75), (-0.85, 0.1), (-0.85, -0.5), (-0.4, -0.86), closed=True)
    return [Part(body, "food", colour, 1.0, "ball", "ball"),
            Part(curve((0, -0.7), (0.04, -0.9), (0.12, -1.08)), "wood", (90, 60, 36), 0.5, width=0.07),
            Part(curve((0.1, -0.95), (0.35, -1.12), (0.55, -0.98), (0.3, -0.88), closed=True), "food", (84, 150, 60), 0.15)]


def mug(random):
    colour = paint_colour(random)
    width = random.uniform(0.5, 0.62)
    handle = curve((width - 0.05, -0.4), (width + 0.42, -0.38), (width + 0.42, 0.28), (width - 0.05, 0.38))
    wall = np.concatenate([polygon((-width, -0.68), (width, -0.68)), ellipse(0, 0.68, width, 0.12, 0, 180, 16)])
    parts = [Part(handle, "ceramic", colour, 0.9, "flat", "round", width=0.14),
             Part(wall, "ceramic", colour, 0.8, "flat", "hollow"),
             Part(ellipse(0, -0.68, width, 0.13), "ceramic", tuple(np.clip(np.array(colour) * 0.6, 0, 255)), 0.3)]
    if random.random() < 0.5:
        parts.append(Part(rounded(-width, -0.1, width, 0.18, 0.0), "paint", paint_colour(random), 0.0))
    return parts


def key(random):
    colour = tinted(random, one_of(random, [(200, 170, 80), (180, 184, 190)]), 10)
    teeth = [(1.0, 0.0)]
    for x in np.linspace(0.95, 0.35, 7):
        teeth += [(x, random.uniform(0.08, 0.2)), (x - 0.07, random.uniform(0.08, 0.2))]
    shaft = polygon((-0.3, -0.09), (0.93, -0.09), *teeth, (0.2, 0.09), (-0.3, 0.09))
    return [Part(shaft, "steel", colour, 0.8, "metal"),
            Part(ellipse(-0.58, 0, 0.4, 0.36), "steel", colour, 0.8, "metal", holes=[ellipse(-0.74, 0, 0.11)])]


def book(random):
    cover = paint_colour(random)
    half = random.uniform(0.55, 0.7)
    parts = [Part(rounded(-half, -0.85, half, 0.85, 0.03), "paper", cover, 1.1, "flat"),
             Part(rounded(half - 0.07, -0.8, half, 0.8, 0.0), "paint", (240, 236, 220), 0.0),
             Part(rounded(-half, -0.85, -half + 0.12, 0.85, 0.0), "paper", tuple(np.array(cover) * 0.7), 0.3)]
    title = paint_colour(random)
    for y in (-0.5, -0.34):
        wide = random.uniform(0.2, half - 0.15)
        parts.append(Part(rounded(-wide, y, wide, y + 0.08, 0.0), "paint", title, 0.0))
    if random.random() < 0.6:
        parts.append(Part(ellipse(0.02, 0.25, random.uniform(0.15, 0.3)), "paint", paint_colour(random), 0.0))
    return parts


def bottle(random):
    colour = one_of(random, [(60, 130, 80), (120, 190, 220), (130, 80, 40), (200, 220, 225)])
    width = random.uniform(0.24, 0.34)
    body = np.concatenate([
        curve((0.1, -0.85), (0.1, -0.6), (width, -0.28), (width, 0.2), (width, 0.9), steps=6),
        curve((-width, 0.9), (-width, 0.2), (-width, -0.28), (-0.1, -0.6), (-0.1, -0.85), steps=6),
    ])
    return [Part(body, "drink", tinted(random, colour, 10), 1.0, "metal", "round"),
            Part(rounded(-0.13, -1.0, 0.13, -0.84, 0.03), "plastic", paint_colour(random), 0.7),
            Part(rounded(-width, 0.0, width, 0.5, 0.0), "paint", paint_colour(random), 0.1)]


def phone(random):
    parts = [Part(rounded(-0.47, -0.95, 0.47, 0.95, 0.12), "circuit", tinted(random, BLACK, 10), 0.8),
             Part(rounded(-0.41, -0.78, 0.41, 0.8, 0.03), "paint", paint_colour(random), 0.0),
             Part(rounded(-0.32, -0.1, 0.3, 0.7, 0.04), "inside", BLACK, 0.7)]
    for row in range(int(random.integers(2, 5))):
        for column in range(3):
            x, y = -0.34 + 0.25 * column, -0.66 + 0.3 * row
            parts.append(Part(rounded(x, y, x + 0.17, y + 0.19, 0.04), "paint", paint_colour(random), 0.0))
    for x in (-0.25, 0.1):
        parts.append(Part(rounded(x, -0.7, x + 0.2, -0.45, 0.0), "inside steel", BLACK, 0.35))
    return parts


def spoon(random):
    steel = tinted(random, (190, 194, 200), 8)
    handle = curve((-0.95, -0.06), (-0.5, -0.05), (0.3, -0.03), (0.45, 0.0), (0.3, 0.03), (-0.5, 0.05), (-0.95, 0.06))
    return [Part(handle, "steel", steel, 0.7, "metal", "round"),
            Part(ellipse(0.68, 0, 0.32, 0.2), "steel", steel, 0.6, "metal"),
            Part(ellipse(0.69, 0.01, 0.22, 0.12), "paint", tuple(np.array(steel) * 0.82), 0.0)]


def glasses(random):
    frame = paint_colour(random)
    glass = one_of(random, [(70, 74, 84), (150, 200, 215), (120, 96, 70)])
    parts = []
    for side in (-1, 1):
        lens = rounded(side * 0.5 - 0.34, -0.26, side * 0.5 + 0.34, 0.28, random.uniform(0.12, 0.3))
        parts.append(Part(lens, "glass", glass, 0.4))
        parts.append(Part(np.concatenate([lens, lens[:1]]), "plastic", frame, 0.8, width=0.09))
        temple = curve((side * 0.84, -0.14), (side * 0.98, -0.25), (side * 0.9, -0.5))
        parts.append(Part(temple, "steel", frame, 0.6, width=0.07))
    return [*parts, Part(curve((-0.18, -0.08), (0, -0.18), (0.18, -0.08)), "plastic", frame, 0.8, width=0.08)]


def alarm_clock(random):
    colour = paint_colour(random)
    hour, minute = random.uniform(0, 2 * np.pi, 2)
    parts = [
        Part(ellipse(-0.5, -0.75, 0.27, 0.22), "steel", tinted(random, (200, 170, 80)), 0.6, "metal"),
        Part(ellipse(0.5, -0.75, 0.27, 0.22), "steel", tinted(random, (200, 170, 80)), 0.6, "metal"),
        Part(polygon((-0.5, 0.6), (-0.68, 0.98)), "steel", STEEL, 0.8, width=0.14),
        Part(polygon((0.5, 0.6), (0.68, 0.98)), "steel", STEEL, 0.8, width=0.14),
        Part(ellipse(0, 0, 0.82), "plastic", colour, 0.7, "flat", "hollow"),
        Part(ellipse(0, 0, 0.63), "paper", (246, 244, 236), 0.3),
        Part(ellipse(0.05, 0.1, 0.3), "inside steel", BLACK, 0.4),
    ]
    for angle, length in ((hour, 0.34), (minute, 0.52)):
        parts.append(Part(polygon((0, 0), (length * np.cos(angle), length * np.sin(angle))), "paint", BLACK, 0, width=0.07))
    return parts


def toothbrush(random):
    colour = paint_colour(random)
    handle = curve((-0.98, -0.05), (-0.5, -0.07), (0.1, -0.05), (0.5, -0.03), (0.98, -0.035), (0.98, 0.05), (0.5, 0.04),
                   (0.1, 0.06), (-0.5, 0.07), (-0.98, 0.06))
    parts = [Part(handle, "plastic", colour, 0.7, "flat", "round")]
    for x in np.linspace(0.58, 0.92, 5):
        parts.append(Part(rounded(x - 0.028, -0.22, x + 0.028, -0.02, 0.01), "plastic", (240, 244, 250), 0.35))
    return parts


def hair_dryer(random):
    colour = paint_colour(random)
    body = curve((-0.55, -0.62), (-0.1, -0.6), (0.75, -0.42), (0.75, -0.02), (-0.1, 0.1), (-0.55, 0.12), (-0.8, -0.25),
                 closed=True)
    handle = curve((-0.42, 0.0), (-0.34, 0.5), (-0.3, 0.95), (-0.08, 0.95), (-0.08, 0.5), (-0.06, 0.0), closed=True)
    return [
        Part(handle, "plastic", tuple(np.array(colour) * 0.85), 0.7, "flat", "round"),
        Part(body, "plastic", colour, 0.6, "flat", "round"),
        Part(ellipse(-0.32, -0.25, 0.22), "inside steel", BLACK, 0.7),
        Part(rounded(0.05, -0.36, 0.5, -0.1, 0.03), "inside steel", BLACK, 0.3),
        Part(polygon((0.72, -0.44), (0.95, -0.48), (0.95, 0.04), (0.72, 0.0)), "plastic", BLACK, 0.7),
        Part(ellipse(-0.5, -0.25, 0.16, 0.22), "paint", (46, 46, 50), 0),
        Part(rounded(-0.28, 0.3, -0.16, 0.5, 0.03), "paint", (240, 240, 240), 0),
    ]


def umbrella(random):
    colour = paint_colour(random)
    cloth = np.concatenate([ellipse(0, 0.1, 0.98, 0.8, 180, 360, 30)] +
                           [ellipse(x, 0.1, 0.245, 0.12, 0, -180, 10) for x in (0.735, 0.245, -0.245, -0.735)])
    hook = curve((0, -0.7), (0, 0.2), (0, 0.75), (0.06, 0.92), (0.2, 0.92), (0.25, 0.78))
    parts = [Part(hook, "steel", (120, 84, 50), 0.7, width=0.07), Part(cloth, "cloth", colour, 0.5)]
    for x in (-0.49, 0.0, 0.49):
        parts.append(Part(curve((0, -0.7), (x * 0.8, -0.4), (x, 0.05)), "steel", tuple(np.array(colour) * 0.7), 0.4,
                          width=0.035))
    return parts


# Things that belong to no class. The small ones lie beside objects of a class; the larger ones are in the riddle only.


def coin(random):
    colour = tinted(random, one_of(random, [(200, 160, 80), (180, 182, 188)]), 10)
    return [Part(ellipse(0, 0, 1), "steel", colour, 0.7, "metal"),
            Part(ellipse(0, 0, 0.78), "paint", tuple(np.array(colour) * 0.9), 0.0, "metal")]


def leaf(random):
    colour = tinted(random, one_of(random, [(80, 150, 60), (190, 120, 40), (150, 60, 40)]), 14)
    blade = curve((-0.8, 0), (-0.3, -0.38), (0.4, -0.3), (1, 0), (0.4, 0.3), (-0.3, 0.38), closed=True)
    return [Part(blade, "cloth", colour, 0.2),
            Part(polygon((-1, 0), (0.9, 0)), "cloth", tuple(np.array(colour) * 0.7), 0.1, width=0.06)]


def pencil(random):
    colour = paint_colour(random)
    return [Part(polygon((-1, -0.07), (0.75, -0.07), (0.75, 0.07), (-1, 0.07)), "wood", colour, 0.6, "flat", "round"),
            Part(polygon((0.75, -0.07), (1, 0), (0.75, 0.07)), "wood", (225, 190, 140), 0.4),
            Part(rounded(-1, -0.075, -0.85, 0.075, 0.01), "rubber", (230, 140, 150), 0.6)]


def ring(random):
    return [Part(ellipse(0, 0, 1), "steel", tinted(random, (190, 180, 150), 20), 0.8, "metal", holes=[ellipse(0, 0, 0.72)])]


def cable(random):
    waves = [(x, random.uniform(-0.5, 0.5)) for x in np.linspace(-0.9, 0.9, 7)]
    colour = tinted(random, one_of(random, [BLACK, (235, 235, 235), (180, 40, 40)]), 8)
    return [Part(curve(*waves), "cable", colour, 0.9, width=0.07),
            Part(rounded(0.82, waves[-1][1] - 0.12, 1.05, waves[-1][1] + 0.12, 0.03), "circuit", colour, 0.8)]


def battery(random):
    return [Part(rounded(-0.9, -0.28, 0.85, 0.28, 0.06), "steel", paint_colour(random), 0.9, "metal", "round"),
            Part(rounded(0.83, -0.1, 0.98, 0.1, 0.03), "steel", STEEL, 0.9, "metal")]


def light_bulb(random):
    glass = curve((-0.22, 0.3), (-0.3, 0.1), (-0.55, -0.2), (-0.5, -0.68), (0, -0.95), (0.5, -0.68), (0.55, -0.2),
                  (0.3, 0.1), (0.22, 0.3))
    parts = [Part(glass, "glass", (250, 232, 150), 0.3, "ball", "hollow"),
             Part(rounded(-0.22, 0.3, 0.22, 0.85, 0.08), "steel", (150, 150, 156), 0.7, "metal", "round")]
    for y in (0.42, 0.55, 0.68):
        parts.append(Part(polygon((-0.22, y + 0.03), (0.22, y - 0.03)), "paint", (90, 90, 96), 0, width=0.04))
    return parts


def rubber_duck(random):
    yellow = tinted(random, (250, 205, 40), 6)
    body = curve((-0.95, -0.15), (-0.7, 0.05), (-0.2, -0.02), (0.2, -0.1), (0.75, 0.1), (0.7, 0.6), (0, 0.8),
                 (-0.65, 0.65), (-0.9, 0.2), closed=True)
    wing = curve((-0.4, 0.2), (0, 0.12), (0.3, 0.25), (0.0, 0.5), (-0.35, 0.45), closed=True)
    return [Part(body, "rubber", yellow, 0.4, "ball", "hollow"),
            Part(polygon((0.68, -0.52), (1.02, -0.42), (0.7, -0.3)), "rubber", (235, 110, 30), 0.4),
            Part(ellipse(0.38, -0.45, 0.4), "rubber", yellow, 0.35, "ball", "hollow"),
            Part(ellipse(0.52, -0.55, 0.06), "paint", BLACK, 0),
            Part(wing, "paint", tuple(np.array(yellow) * 0.88), 0)]


KINDS = {
    "knife": {
        "chef's knife": chef_knife,
        "paring knife": paring_knife,
        "bread knife": bread_knife,
        "dagger": dagger,
        "bowie knife": bowie_knife,
        "cleaver": cleaver,
        "table knife": table_knife,
        "pocket knife": pocket_knife,
        "cutter": cutter,
    },
    "gun": {
        "pistol": pistol,
        "compact pistol": compact_pistol,
        "pistol with silencer": silenced_pistol,
        "revolver": revolver,
        "machine pistol": machine_pistol,
        "rifle": rifle,
    },
    "harmless": {
        "basketball": basketball,
        "football": football,
        "tennis ball": tennis_ball,
        "beach ball": beach_ball,
        "apple": apple,
        "mug": mug,
        "key": key,
        "book": book,
        "bottle": bottle,
        "phone": phone,
        "spoon": spoon,
        "glasses": glasses,
        "alarm clock": alarm_clock,
        "toothbrush": toothbrush,
        "hair dryer": hair_dryer,
        "umbrella": umbrella,
    },
    "no class": {"light bulb": light_bulb, "rubber duck": rubber_duck},
}
CLUTTER = [coin, leaf, pencil, ring, cable, battery]


def make(random, group, kind):
    """An object of that kind, by chance of `random`, within the unit circle."""
    return normalised(KINDS[group][kind](random))


def make_clutter(random):
    return normalised(one_of(random, CLUTTER)(random))
