"""Records what scikit-learn, scipy and numpy say, for the tests of www/statistics/.

Needs the packages of requirements.txt. Run it in this folder:

    python record.py

It writes, always the same:

- roc.json: score sets with the ROC curve, its area and the Youden threshold. Infinity is written as null.
- mcnemar.json: pairs of counts with the two-sided exact p-value.
- bootstrap.json: a score set, the places that each resample draws (bytes in base64: for each resample first its positives,
  then its negatives) and the percentile interval of the areas.
- random.json: the first numbers of the Mersenne Twister for a few seeds.
"""

import base64
import json
import math
from pathlib import Path

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score, roc_curve

HERE = Path(__file__).parent
RESAMPLES = 2000
SEEDED_RESAMPLES = 301


def score_sets():
    """Named positives and negatives, as lists of floats."""
    random = np.random.default_rng(20240901)
    normal = lambda mean, count: random.normal(mean, 1, count).tolist()
    ties = lambda low, high, count: (random.integers(low, high, count) / 8).tolist()
    return {
        "overlapping": (normal(1, 60), normal(0, 80)),
        "few positives": (normal(0.5, 5), normal(0, 120)),
        "ties": (ties(2, 9, 40), ties(0, 7, 55)),
        "many ties": (ties(0, 3, 30), ties(0, 2, 25)),
        "separable": (normal(20, 15), normal(0, 20)),
        "inverted": (normal(-20, 15), normal(0, 20)),
        "nearly inverted": (normal(-1, 25), normal(1, 25)),
        "all equal": ([0.25] * 7, [0.25] * 9),
        "one each": ([0.75], [0.5]),
        "one each, inverted": ([0.5], [0.75]),
        "one each, equal": ([0.5], [0.5]),
        "equal Youden index twice": ([4.0, 2.0], [3.0, 1.0]),
        # As float32 scores of a network are: close to 0 and 1, and not short in decimals.
        "probabilities": (
            np.float32(1 / (1 + np.exp(-random.normal(4, 4, 50)))).astype(float).tolist(),
            np.float32(1 / (1 + np.exp(-random.normal(-4, 4, 50)))).astype(float).tolist(),
        ),
    }


def curve(positives, negatives):
    labels = np.array([1] * len(positives) + [0] * len(negatives))
    scores = np.array(positives + negatives)
    false_positive_rate, true_positive_rate, thresholds = roc_curve(labels, scores, drop_intermediate=False)
    # In whole numbers, so that equal values are equal; argmax takes the first, which has the highest threshold.
    true_positives = np.rint(true_positive_rate * len(positives)).astype(int)
    false_positives = np.rint(false_positive_rate * len(negatives)).astype(int)
    youden = thresholds[np.argmax(true_positives * len(negatives) - false_positives * len(positives))]
    return {
        "positives": positives,
        "negatives": negatives,
        "thresholds": [finite(threshold) for threshold in thresholds],
        "falsePositiveRates": false_positive_rate.tolist(),
        "truePositiveRates": true_positive_rate.tolist(),
        "auc": float(roc_auc_score(labels, scores)),
        "youden": finite(youden),
    }


def finite(number):
    return None if math.isinf(number) else float(number)


def mcnemar():
    """Of (0, 0), which scipy refuses, the p-value is 1 by definition: nothing speaks against chance."""
    pairs = [(0, 0), (0, 1), (1, 0), (1, 1), (0, 5), (5, 0), (3, 12), (12, 3), (10, 10), (20, 40), (0, 60), (7, 8)]
    # With so many images 0.5 to the power of their number is nearly 0, or 0 from 1,075 on.
    pairs += [(0, 1000), (950, 1000), (1000, 950), (1000, 1000), (999, 1001), (800, 1200), (600, 1400), (4900, 5100)]
    tested = lambda b, c: 1.0 if b + c == 0 else float(binomtest(min(b, c), b + c, 0.5).pvalue)
    return [{"onlyFirst": b, "onlySecond": c, "p": tested(b, c)} for b, c in pairs]


def bootstrap():
    random = np.random.default_rng(20240902)
    # Rounded, so that there are ties within and between the two.
    positives = np.round(random.normal(0.8, 1, 12), 1)
    negatives = np.round(random.normal(0, 1, 15), 1)
    labels = np.array([1] * len(positives) + [0] * len(negatives))
    rows, areas = [], []
    for _ in range(RESAMPLES):
        drawn = random.integers(0, len(positives), len(positives)), random.integers(0, len(negatives), len(negatives))
        areas.append(roc_auc_score(labels, np.concatenate([positives[drawn[0]], negatives[drawn[1]]])))
        rows.append(np.concatenate(drawn).astype(np.uint8))
    low, high = np.percentile(areas, [2.5, 97.5])
    return {
        "positives": positives.tolist(),
        "negatives": negatives.tolist(),
        "resamples": RESAMPLES,
        "draws": base64.b64encode(np.concatenate(rows).tobytes()).decode(),
        "areas": [float(area) for area in areas],
        "low": float(low),
        "high": float(high),
    }


def mersenne_twister():
    """numpy's legacy generator is seeded as its authors seed it. The page uses the lower 24 bits of each number."""
    numbers = lambda seed: np.random.RandomState(seed).randint(0, 2**32, 2000, dtype=np.uint32) & 0xFFFFFF
    return [{"seed": seed, "first": numbers(seed)[:5].tolist(), "last": int(numbers(seed)[-1])} for seed in (0, 1, 42, 2**31)]


def seeded_bootstrap():
    """Resamples that the page draws itself: of each one first the positives, then the negatives, each to their own number."""
    found = []
    for seed, counts in ((7, (12, 40)), (8, (40, 7))):
        scores = np.random.default_rng(seed)
        positives, negatives = np.round(scores.normal(0.7, 1, counts[0]), 1), np.round(scores.normal(0, 1, counts[1]), 1)
        labels = np.array([1] * counts[0] + [0] * counts[1])
        numbers = np.random.RandomState(seed).randint(0, 2**32, SEEDED_RESAMPLES * sum(counts), dtype=np.uint32) & 0xFFFFFF
        numbers = (numbers / 2**24).reshape(SEEDED_RESAMPLES, sum(counts))
        areas = []
        for row in numbers:
            places = [np.floor(part * count).astype(int) for part, count in zip(np.split(row, [counts[0]]), counts)]
            areas.append(roc_auc_score(labels, np.concatenate([positives[places[0]], negatives[places[1]]])))
        low, high = np.percentile(areas, [2.5, 97.5])
        found.append({
            "seed": seed, "positives": positives.tolist(), "negatives": negatives.tolist(), "resamples": SEEDED_RESAMPLES,
            "low": float(low), "high": float(high),
        })
    return found


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    write("roc.json", [{"name": name, **curve(*scores)} for name, scores in score_sets().items()])
    write("mcnemar.json", mcnemar())
    write("bootstrap.json", bootstrap())
    write("seeded-bootstrap.json", seeded_bootstrap())
    write("random.json", mersenne_twister())
