"""The program's job on a machine without a display: train the bundled example on the console.

Writes the document, the trained model and a picture of its curves to the folder `out/`.
"""

import csv
import os
import sys
from pathlib import Path

from kgui.app import main as kgui

OUT = Path("out")


def read_history(path: Path) -> list[dict[str, float]]:
    """The logs of every epoch, from the table that `kgui train --history` writes."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{key: float(value) for key, value in row.items() if key != "epoch"} for row in rows]


def main() -> int:
    """Say what happens, train, and name the files."""
    print("There is no display, so kgui trains its example here, on the console.", flush=True)
    OUT.mkdir(exist_ok=True)
    graph, model, history = (OUT / name for name in ("mnist.kgui", "mnist.npz", "history.csv"))
    code = kgui(["new", "mnist-dense", "-o", str(graph)])
    code = code or kgui(["train", str(graph), "--out", str(model), "--history", str(history)])
    if code:
        return code
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from kgui.widgets.plots.picture import save_curves  # after the platform is set

    save_curves(read_history(history), OUT / "curves.png")
    print(f"The trained model is {model}, its curves are {OUT / 'curves.png'}.")
    print(f"With a display, {graph} opens in the window: kgui {graph}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
