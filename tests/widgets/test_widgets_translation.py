"""Nothing a user sees is hard-coded: in a language of brackets, every text has brackets."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDockWidget,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_fakes import World
from window_layers import ACTIVATIONS, INITIALIZERS, NODE_TYPES

from kgui.language import language
from kgui.training.events import BatchProgress, RunEnded
from kgui.widgets.dialogs import About
from kgui.widgets.shortcut_sheet import ShortcutSheet

OPEN, CLOSE = "⟦", "⟧"

KERAS = {
    *NODE_TYPES, *ACTIVATIONS, *INITIALIZERS, "adam", "lion", "rmsprop", "sgd",
    "mse", "accuracy",
    *(option.label.capitalize() for kind in NODE_TYPES.values() for option in kind.options),
    *(kind.summary for kind in NODE_TYPES.values()),
    *(option.help for kind in NODE_TYPES.values() for option in kind.options),
}  # fmt: skip
"""Identifiers of Keras, and what the catalogue of these tests says of them."""
NAMES = {"Iris", "MNIST", "150 flowers.", "Digits.", "input", "dense", "dense_1", "sample:iris"}
"""Names of data and nodes."""


KEYS = {
    "None",
    "Ctrl",
    "Shift",
    "Alt",
    "Up",
    "Down",
    "Del",
    "Home",
    "Backspace",
    "Tab",
    "Enter",
    "Return",
    *(f"F{number}" for number in range(1, 13)),
}


def bracket(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}"


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that brackets everything it is asked for."""
    monkeypatch.setattr(language, "translate", bracket)
    monkeypatch.setattr(
        language, "translate_number", lambda one, many, n: bracket(one if n == 1 else many)
    )


@pytest.fixture
def translated(brackets: None, make_world: Callable[[], World]) -> World:
    return make_world()


def is_translated(text: str) -> bool:
    """Whether nothing but translated texts, names, numbers and signs is in it."""
    plain = re.sub(r"<[^>]*>", " ", text)
    while (shorter := re.sub(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", "", plain)) != plain:
        plain = shorter
    for known in sorted((*KERAS, *NAMES, *KEYS), key=len, reverse=True):
        plain = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", "", plain)
    return not re.search(r"[A-Za-z]{2}", plain)


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Everything a widget shows or says: what it is, and the text."""
    for what in ("toolTip", "statusTip", "whatsThis", "accessibleName", "accessibleDescription"):
        yield what, getattr(widget, what)()
    for kind, what, texts in SHOWN:
        if isinstance(widget, kind):
            for text in texts(widget):
                yield what, text
    if isinstance(widget, QAbstractItemView) and not isinstance(widget.parent(), QComboBox):
        for text in item_texts(widget.model()):
            yield "item", text


SHOWN: tuple[tuple[type, str, Callable[[Any], Iterable[str]]], ...] = (
    (QLabel, "text", lambda label: [label.text()]),
    (QAbstractButton, "text", lambda button: [button.text()]),
    (QLineEdit, "placeholder", lambda line: [line.placeholderText()]),
    (QComboBox, "placeholder", lambda box: [box.placeholderText()]),
    (QComboBox, "item", lambda box: [box.itemText(index) for index in range(box.count())]),
    (QTabWidget, "tab", lambda tabs: [tabs.tabText(index) for index in range(tabs.count())]),
    (QMenu, "title", lambda menu: [menu.title()]),
    (QDockWidget, "title", lambda dock: [dock.windowTitle()]),
    (QDialog, "title", lambda dialog: [dialog.windowTitle()]),
)


def item_texts(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    place = parent if parent is not None else QModelIndex()
    for row in range(model.rowCount(place)):
        index = model.index(row, 0, place)
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            yield str(index.data(role) or "")
        yield from item_texts(model, index)


def untranslated(window: QWidget) -> list[str]:
    """What is shown without having been translated."""
    found = []
    for widget in (window, *window.findChildren(QWidget)):
        if widget.objectName().startswith(("qt_", "Scroll")):
            continue  # parts of Qt's own widgets, in Qt's own catalogue
        for what, text in texts_of(widget):
            if not is_translated(text):
                found.append(f"{type(widget).__name__} {widget.objectName()} {what}: {text}")
    for action in actions_of(window):
        for text in (action.text(), action.toolTip(), action.statusTip()):
            if not is_translated(text):
                found.append(f"action {action.objectName()}: {text}")
    return found


def actions_of(window: QWidget) -> Iterator[QAction]:
    """Every action that stands in a widget, but for those that Qt puts into its own fields."""
    for widget in (window, *window.findChildren(QWidget)):
        if not isinstance(widget, QLineEdit | QAbstractButton):
            yield from widget.actions()


def test_a_planted_text_is_found(translated: World) -> None:
    label = QLabel("Hello there", translated.window)
    assert untranslated(translated.window) == [f"QLabel {label.objectName()} text: Hello there"]


def test_the_empty_window(translated: World) -> None:
    assert untranslated(translated.window) == []
    assert is_translated(translated.window.windowTitle())


def test_with_a_drawing_data_problems_and_a_run(translated: World, qtbot: QtBot) -> None:
    world = translated
    ids = world.draw(("Input", {}), ("Dense", {"units": 3}), ("Dense", {}))
    for node_id in ids:
        world.select(node_id)
        assert untranslated(world.window) == []
    world.workbench.data.choose("sample:iris")
    qtbot.waitUntil(lambda: world.workbench.data.state == "ready")
    state = world.workbench.data_panel.state
    assert OPEN in state.text()
    state.clear()  # titles and classes are the data's own
    world.workbench.data_panel.notes.clear()
    assert untranslated(world.window) == []
    world.trigger("train.start")
    world.runs[0].epoch(0, loss=1.0, accuracy=0.5, val_loss=1.0, val_accuracy=0.5)
    world.runs[0].progress = BatchProgress(1, 2, 10, 100.0, 5.0, {})
    progress = world.workbench.plots.progress.text
    qtbot.waitUntil(lambda: "samples" in progress.text())
    assert untranslated(world.window) == []
    curves = world.workbench.plots.curves
    assert curves is not None
    assert is_translated(curves.loss_plot.axis.labelText)
    assert not curves.loss_plot.plot.getPlotItem().menuEnabled()  # pyqtgraph's is English
    world.runs[0].end(RunEnded("stopped"))
    assert untranslated(world.window) == []


def test_notices_and_small_windows(translated: World, tmp_path: Path) -> None:
    world = translated
    world.draw(("Input", {}))
    world.workbench.training.start(world.project, None)
    world.runs[0].end(RunEnded("finished"))
    world.questions.path = tmp_path / "42.npz"
    world.trigger("file.export_npz")
    assert all(OPEN in text for text in world.window.notices.texts())
    for action, kind in (("help.shortcuts", ShortcutSheet), ("help.about", About)):
        world.trigger(action)
        dialog = world.window.findChild(kind)
        assert dialog is not None
        assert untranslated(dialog) == []
        dialog.close()


def test_steps_of_the_history(translated: World) -> None:
    world = translated
    world.select(world.draw(("Input", {}), ("Dense", {}))[1])
    page = world.workbench.inspector.page
    assert page is not None
    page._set(page._type.option("units"), 3, "burst")
    page._rename("other", "burst 2")
    world.workbench.data.choose("sample:iris")
    history = world.window.document.history
    while history.undo_label != "Draw":
        assert is_translated(history.undo_label), history.undo_label
        world.trigger("edit.undo")


def test_problems_without_a_layer_are_shown_as_they_are(translated: World) -> None:
    assert isinstance(translated.workbench.problems.list, QListWidget)
    assert is_translated(translated.workbench.problems.empty.text())
