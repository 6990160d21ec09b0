"""What the recorders share: paths, cards and an onnxruntime session that is as plain as it can be."""

import hashlib
import json
import pathlib
import platform

import numpy as np
import onnx
import onnxruntime
import PIL

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDENS = ROOT / "tests" / "goldens"
PHOTOS = ROOT / "models" / "photos"


def versions():
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "onnx": onnx.__version__,
        "onnxruntime": onnxruntime.__version__,
        "pillow": PIL.__version__,
    }


def load_card(name):
    """The model's card and the path of its file, whose sum is checked."""
    folder = GOLDENS / name if (GOLDENS / name / "card.json").is_file() else None
    card = json.loads((folder / "card.json" if folder else ROOT / "models" / f"{name}.json").read_text())
    candidates = [ROOT / "models" / card["file"], ROOT / "models" / "fetched" / card["file"]]
    path = next((path for path in candidates if path.is_file()), None)
    if path is None:
        raise SystemExit(f"{card['file']} is missing: run models/scripts/build.py --out models/fetched {name}")
    if hashlib.sha256(path.read_bytes()).hexdigest() != card["sha256"]:
        raise SystemExit(f"{path} is not the file that its card describes")
    return card, path


def labels_of(card):
    labels = card["labels"]
    return json.loads((ROOT / "models" / labels).read_text()) if isinstance(labels, str) else labels


def session(model):
    """A session without any fusion and with one thread, so that the values are those of the graph as written."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def top(probabilities, labels, count=5):
    """The largest probabilities, equal ones by index."""
    order = np.argsort(-probabilities, kind="stable")[:count]
    return [{"index": int(i), "label": labels[i], "probability": float(probabilities[i])} for i in order]


def write_json(path, value, lists_by_line=()):
    """JSON with one line per key, and one line per entry for the lists named."""
    lines = []
    for key, item in value.items():
        if key in lists_by_line:
            entries = ",\n".join("    " + json.dumps(entry, ensure_ascii=False) for entry in item)
            lines.append(f'  {json.dumps(key)}: [\n{entries}\n  ]')
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(item, ensure_ascii=False)}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
