"""Take the pictures in docs/screenshots by driving the real window.

Needs no display. The pictures show a first session: the empty window, a network for the bundled
digits, the curves while it learns, and the end of the run.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
EPOCHS = 20
PATIENCE = 120.0
"""Seconds to wait for anything."""

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QCoreApplication, QEventLoop  # noqa: E402  # after the platform is set
from PySide6.QtGui import QFont  # noqa: E402  # as above
from PySide6.QtWidgets import QApplication  # noqa: E402  # as above

from kgui.app import create_window  # noqa: E402  # as above
from kgui.graph import OptionValue, edits  # noqa: E402  # as above
from kgui.widgets.main_window import MainWindow  # noqa: E402  # as above

LAYERS: tuple[tuple[str, dict[str, OptionValue]], ...] = (
    ("Input", {"shape": [28, 28]}),
    ("Flatten", {}),
    ("Dense", {"units": 128, "activation": "relu"}),
    ("Dense", {"units": 10, "activation": "softmax"}),
)


def wait_until(holds: Callable[[], bool]) -> None:
    """Let the program work until something holds; SystemExit if it never does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("The program did not get there in time.")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def settle() -> None:
    """Let everything be painted."""
    end = time.monotonic() + 0.5
    wait_until(lambda: time.monotonic() > end)


def take(window: MainWindow, name: str) -> None:
    """One picture of the whole window."""
    settle()
    path = FOLDER / f"{name}.png"
    if not window.grab().save(str(path)):
        raise SystemExit(f"Could not write {path}.")
    print(path.relative_to(ROOT))


def draw(window: MainWindow) -> list[str]:
    """Append the layers as a double-click in the palette does, and set their options."""
    workbench, ids = window.workbench, []
    for type_name, options in LAYERS:
        ids.append(workbench.canvas.append_node(type_name))
        project = window.document.project
        for option, value in options.items():
            project = edits.set_option(project, ids[-1], option, value)
        window.document.apply(f"Set options of {type_name}", project)
    settings = edits.set_training(window.document.project, epochs=EPOCHS, batch_size=128)
    window.document.apply("Change the training settings", settings)
    window.actions_by_id["arrange.layout"].trigger()
    window.actions_by_id["view.fit"].trigger()
    return ids


def session(window: MainWindow) -> None:
    """The four pictures."""
    workbench = window.workbench
    window.resize(1440, 900)
    window.actions_by_id["view.theme_light"].trigger()
    take(window, "start")
    ids = draw(window)
    workbench.data.choose("sample:mnist")
    wait_until(lambda: workbench.data.state == "ready")
    workbench.scene.select([ids[2]])
    take(window, "drawing")
    window.docks.bring_forward("training")
    window.actions_by_id["train.start"].trigger()
    wait_until(lambda: len(workbench.plots.points("loss")) >= 6)
    take(window, "training")
    wait_until(lambda: not workbench.training.is_running)
    window.docks.bring_forward("data")
    take(window, "finished")


def main() -> int:
    """Take the pictures with settings of their own."""
    with tempfile.TemporaryDirectory() as folder:
        for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = folder
        application = QApplication([])
        application.setFont(QFont("DejaVu Sans", 10))
        FOLDER.mkdir(parents=True, exist_ok=True)
        window = create_window()
        session(window)
        window.close_without_asking()
    return 0


if __name__ == "__main__":
    sys.exit(main())
