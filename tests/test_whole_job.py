"""Draw it, train it, take it: the whole job in the real window, with real events and files."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QTreeView
from pytestqt.qtbot import QtBot

from kgui.app import create_window
from kgui.graph import load
from kgui.language import RESOURCES
from kgui.widgets.main_window import MainWindow

ROOT = Path(__file__).resolve().parent.parent
LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
EPOCHS = 3


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The program's own window, shown."""
    window = create_window()
    window.resize(1400, 900)
    qtbot.waitExposed(window)
    yield window
    window.close_without_asking()
    window.deleteLater()


def palette_entry(view: QTreeView, name: str) -> QModelIndex:
    model = view.model()
    found = model.match(
        model.index(0, 0), Qt.ItemDataRole.DisplayRole, name, 1,
        Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive,
    )  # fmt: skip
    return found[0]


def drop(window: MainWindow, name: str, place: QPoint) -> None:
    """Drag a layer out of the palette and drop it on the canvas."""
    view = window.findChild(QTreeView, "palette")
    data = view.model().mimeData([palette_entry(view, name)])
    viewport, copy = window.workbench.canvas.viewport(), Qt.DropAction.CopyAction
    for event in (
        QDragEnterEvent(place, copy, data, LEFT, NO_KEYS),
        QDragMoveEvent(place, copy, data, LEFT, NO_KEYS),
        QDropEvent(QPointF(place), copy, data, LEFT, NO_KEYS),
    ):
        QApplication.sendEvent(viewport, event)
        assert event.isAccepted()


def wire(window: MainWindow, source: int, target: int) -> None:
    """Drag a wire from a node's output to another's input."""
    canvas, nodes = window.workbench.canvas, window.document.project.graph.nodes
    start = canvas.mapFromScene(canvas.port_position(nodes[source].id, 0, True))
    goal = canvas.mapFromScene(canvas.port_position(nodes[target].id, 0, False))
    QTest.mousePress(canvas.viewport(), LEFT, NO_KEYS, start)
    for step in range(1, 11):
        QTest.mouseMove(canvas.viewport(), start + (goal - start) * step / 10)
    QTest.mouseRelease(canvas.viewport(), LEFT, NO_KEYS, goal)


def choose(box: QComboBox, wanted: str) -> None:
    """Choose an entry as a person does: with the keyboard, entry by entry."""
    box.setFocus()
    target = box.findText(wanted)
    assert target >= 0
    while box.currentIndex() != target:
        down = box.currentIndex() < target
        QTest.keyClick(box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def set_option(window: MainWindow, index: int, option: str, value: str) -> None:
    """Select a node by clicking it, and type an option into the inspector."""
    canvas = window.workbench.canvas
    node = window.document.project.graph.nodes[index]
    card = canvas.node_item(node.id).card
    QTest.mouseClick(
        canvas.viewport(), LEFT, NO_KEYS,
        canvas.mapFromScene(card.topLeft() + QPointF(card.width() / 2, 14)),
    )  # fmt: skip
    field = window.workbench.inspector.findChild(object, f"option.{option}")
    if isinstance(field, QComboBox):
        choose(field, value)
        return
    line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, value)
    QTest.keyClick(line, Qt.Key.Key_Return)


def draw(window: MainWindow) -> None:
    """Input, Flatten, Dense and Dense, dropped, wired and set for pictures of digits."""
    for column, name in enumerate(("Input", "Flatten", "Dense", "Dense")):
        drop(window, name, QPoint(120 + 215 * column, 200))
    for source in range(3):
        wire(window, source, source + 1)
    set_option(window, 0, "shape", "28, 28")
    set_option(window, 2, "units", "64")
    set_option(window, 2, "activation", "relu")
    set_option(window, 3, "units", "10")
    set_option(window, 3, "activation", "softmax")


def train(window: MainWindow, qtbot: QtBot) -> None:
    """Pick MNIST, press Train, and wait for the end."""
    window.docks.bring_forward("data")
    choose(window.findChild(QComboBox, "data.sample"), "MNIST")
    qtbot.waitUntil(lambda: window.workbench.data.state == "ready", timeout=20_000)
    qtbot.waitUntil(lambda: window.actions_by_id["train.start"].isEnabled(), timeout=5_000)
    with qtbot.waitSignal(window.workbench.training.ended, timeout=60_000) as blocker:
        window.actions_by_id["train.start"].trigger()
    assert blocker.args[0].outcome == "finished"


def test_the_whole_job(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    draw(window)
    graph = window.document.project.graph
    assert [node.type for node in graph.nodes] == ["Input", "Flatten", "Dense", "Dense"]
    assert len(graph.wires) == 3
    window.docks.bring_forward("training")
    epochs = window.findChild(object, "training.epochs").findChild(QLineEdit)
    epochs.setFocus()
    epochs.selectAll()
    QTest.keyClicks(epochs, str(EPOCHS))
    QTest.keyClick(epochs, Qt.Key.Key_Return)
    train(window, qtbot)
    assert window.document.report.errors == ()

    for name in ("loss", "val_loss", "accuracy", "val_accuracy"):
        assert [epoch for epoch, _ in window.workbench.plots.points(name)] == [1, 2, 3]

    path, model = tmp_path / "job.kgui", tmp_path / "job.npz"
    questions = window.workbench.files.questions
    questions.document_to_save = lambda proposal: path
    questions.model_to_export = lambda proposal: model
    window.actions_by_id["file.save"].trigger()
    window.actions_by_id["file.export_npz"].trigger()
    assert load(path) == window.document.project
    trained = window.workbench.training.trained

    second = create_window(path)
    assert second.document.project == window.document.project
    assert not second.document.is_modified
    again = tmp_path / "again.npz"
    second.workbench.files.questions.model_to_export = lambda proposal: again
    assert second.actions_by_id["file.export_npz"].isEnabled()
    second.actions_by_id["file.export_npz"].trigger()
    assert again.read_bytes() == model.read_bytes()
    second.close_without_asking()
    second.deleteLater()

    pictures = np.load(RESOURCES / "samples" / "mnist.npz")["x_test"][:200]
    expected = trained.model.predict(pictures.astype(np.float32) / 255)
    np.testing.assert_allclose(predict_alone(model, pictures, tmp_path), expected, atol=1e-5)


def predict_alone(model: Path, pictures: np.ndarray, folder: Path) -> np.ndarray:
    """What the program printed in the documentation answers, in a process with NumPy alone."""
    text = (ROOT / "docs" / "npz-format.md").read_text("utf-8")
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    np.save(folder / "pictures.npy", pictures)
    script = folder / "predict.py"
    script.write_text(
        "import sys\n"
        "for name in ('kgui', 'PySide6', 'duckdb', 'msgspec'): sys.modules[name] = None\n"
        + found.group(1)
        + f"\nimport numpy\nnumpy.save({str(folder / 'out.npy')!r}, "
        f"predict({str(model)!r}, numpy.load({str(folder / 'pictures.npy')!r})))\n"
    )
    subprocess.run([sys.executable, str(script)], check=True, cwd=folder)
    return np.load(folder / "out.npy")


def test_stop_keeps_what_was_learnt(window: MainWindow, qtbot: QtBot) -> None:
    draw(window)
    window.workbench.data.choose("sample:mnist")
    qtbot.waitUntil(lambda: window.actions_by_id["train.start"].isEnabled(), timeout=20_000)
    window.actions_by_id["train.start"].trigger()
    plots = window.workbench.plots
    qtbot.waitUntil(lambda: len(plots.points("loss")) >= 1, timeout=30_000)
    with qtbot.waitSignal(window.workbench.training.ended, timeout=10_000) as blocker:
        window.actions_by_id["train.stop"].trigger()
    assert blocker.args[0].outcome == "stopped"
    assert window.actions_by_id["file.export_npz"].isEnabled()


def test_closing_while_training_is_safe(window: MainWindow, qtbot: QtBot) -> None:
    draw(window)
    window.workbench.data.choose("sample:mnist")
    qtbot.waitUntil(lambda: window.actions_by_id["train.start"].isEnabled(), timeout=20_000)
    window.actions_by_id["train.start"].trigger()
    qtbot.waitUntil(lambda: window.workbench.training.is_running, timeout=10_000)
    window.close_without_asking()
    assert not window.isVisible()
    qtbot.waitUntil(lambda: not window.workbench.training.is_running, timeout=5_000)


def test_undo_takes_back_every_step(window: MainWindow) -> None:
    before = window.document.project
    draw(window)
    after = window.document.project
    while window.actions_by_id["edit.undo"].isEnabled():
        window.actions_by_id["edit.undo"].trigger()
    assert window.document.project is before
    while window.actions_by_id["edit.redo"].isEnabled():
        window.actions_by_id["edit.redo"].trigger()
    assert window.document.project is after
