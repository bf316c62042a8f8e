"""The article's network on the full MNIST: trained, exported, and judged by NumPy alone.

python tools/train_mnist.py FOLDER      the folder of the four IDX files
"""

import gzip
import json
import re
import sys
import tempfile
from pathlib import Path

import numpy as np

from kgui.app import main as kgui

ROOT = Path(__file__).resolve().parent.parent


def read_idx(path: Path, header: int) -> np.ndarray:
    """The bytes of an IDX file after its header."""
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def documented_predict() -> str:
    """The NumPy-only program of docs/npz-format.md, as printed there."""
    text = (ROOT / "docs" / "npz-format.md").read_text("utf-8")
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    return found.group(1) if found else ""


def main(folder: Path) -> int:
    """Train five epochs and print the accuracy of the exported file on the test images."""
    with tempfile.TemporaryDirectory() as place:
        graph, model = str(Path(place) / "mnist.kgui"), str(Path(place) / "mnist.npz")
        kgui(["new", "mnist-dense", "-o", graph])
        code = kgui(
            ["train", graph, "--data", str(folder), "--epochs", "5", "--batch-size", "32",
             "--seed", "0", "--out", model]
        )  # fmt: skip
        if code:
            return code
        scope: dict[str, object] = {}
        exec(documented_predict(), scope)  # noqa: S102 - the program the documentation prints
        images = read_idx(folder / "t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
        labels = read_idx(folder / "t10k-labels-idx1-ubyte.gz", 8)
        predictions = scope["predict"](model, images)  # type: ignore[operator] # defined there
        accuracy = float((predictions.argmax(1) == labels).mean())
    print(json.dumps({"test_accuracy_by_numpy": accuracy, "samples": len(labels)}))
    return 0 if accuracy >= 0.975 else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
