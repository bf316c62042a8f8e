"""The program's job on a machine without a display: train the bundled example on the console.

Writes the document, the trained model and a picture of its curves to the folder `out/`.
"""

import os
import sys
from pathlib import Path

from kgui.app import main as kgui

OUT = Path("out")


def draw_curves(history: Path, picture: Path) -> None:
    """Save the loss and accuracy curves of a history as a picture, with no window shown."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from kgui.widgets.plots.picture import save_curves

    save_curves(history, picture)


def main() -> int:
    """Say what happens, train, and name the files."""
    print("There is no display, so kgui trains its example here, on the console.")
    OUT.mkdir(exist_ok=True)
    graph, model, history = (OUT / name for name in ("mnist.kgui", "mnist.npz", "history.csv"))
    code = kgui(["new", "mnist-dense", "-o", str(graph)])
    code = code or kgui(["train", str(graph), "--out", str(model), "--history", str(history)])
    if code:
        return code
    picture = OUT / "curves.png"
    draw_curves(history, picture)
    print(f"The trained model is {model}, its curves are {picture}, the drawing is {graph}.")
    print("On a machine with a display, the same command opens the window.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
