"""The command palette: opened, searched, obeyed and left by keys."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget
from pytestqt.qtbot import QtBot
from window_fakes import World

from kgui.widgets.choice_box import DETAIL, REMARK, ChoiceBox
from kgui.widgets.command_palette import commands_of
from kgui.widgets.fuzzy import answers

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(world: World, qtbot: QtBot) -> World:
    """A window with the palette open, over two layers of which one is selected."""
    ids = world.draw(("Input", {}), ("Dense", {}))
    world.select(ids[1])
    world.window.activateWindow()
    qtbot.waitActive(world.window)
    world.workbench.canvas.setFocus()
    QApplication.processEvents()  # a menu bar that was never laid out hears no shortcuts
    QTest.keyClick(world.workbench.canvas, Qt.Key.Key_P, CONTROL_SHIFT)
    return world


def box(world: World) -> ChoiceBox:
    found = world.window.findChild(ChoiceBox, "commands")
    assert isinstance(found, ChoiceBox)
    return found


def field(world: World) -> QLineEdit:
    found = world.window.findChild(QLineEdit, "commands.field")
    assert isinstance(found, QLineEdit)
    return found


def rows(world: World) -> list[str]:
    results = world.window.findChild(QListWidget, "commands.results")
    assert isinstance(results, QListWidget)
    return [results.item(row).text() for row in range(results.count())]


def press(world: World, key: Qt.Key) -> None:
    QTest.keyClick(field(world), key)


def test_the_keys_open_it_with_every_command(opened: World) -> None:
    assert box(opened).isVisible()
    assert field(opened).hasFocus()
    ids = {command.action.objectName() for command in commands_of(opened.window)}
    assert ids >= {entry.id for entry in opened.window.table} - {"help.commands"}
    assert "view.dock.side" in ids
    assert len(rows(opened)) == len(ids)


def test_enter_runs_what_was_found(opened: World) -> None:
    QTest.keyClicks(field(opened), "dupl")
    assert rows(opened)[0] == "Duplicate"
    press(opened, Qt.Key.Key_Return)
    assert len(opened.project.graph.nodes) == 3
    assert not box(opened).isVisible()
    assert opened.workbench.canvas.hasFocus()


def test_escape_changes_nothing_and_gives_the_keyboard_back(opened: World) -> None:
    before = opened.project
    QTest.keyClicks(field(opened), "dupl")
    press(opened, Qt.Key.Key_Escape)
    assert not box(opened).isVisible()
    assert opened.workbench.canvas.hasFocus()
    assert opened.project is before


def test_letters_are_no_shortcuts_meanwhile(opened: World) -> None:
    press(opened, Qt.Key.Key_M)
    press(opened, Qt.Key.Key_Delete)
    assert len(opened.project.graph.nodes) == 2
    assert not opened.project.graph.nodes[1].bypassed


def test_the_last_used_stands_first(opened: World, make_world: Callable[[], World]) -> None:
    QTest.keyClicks(field(opened), "dark theme")
    press(opened, Qt.Key.Key_Return)
    opened.trigger("help.commands")
    assert rows(opened)[0] == "Dark theme"
    later = make_world()
    later.trigger("help.commands")
    assert rows(later)[0] == "Dark theme"


def test_what_cannot_be_done_stands_last_and_does_nothing(opened: World) -> None:
    opened.workbench.training.stop()
    assert rows(opened).index("Stop") > rows(opened).index("About kgui")
    QTest.keyClicks(field(opened), "stop")
    results = box(opened).results
    assert results.item(0).text() == "Stop"
    press(opened, Qt.Key.Key_Return)
    assert box(opened).isVisible()


def test_rows_name_menu_keys_and_purpose(opened: World) -> None:
    QTest.keyClicks(field(opened), "duplicate")
    item = box(opened).results.item(0)
    assert (item.data(DETAIL), item.data(REMARK)) == ("Edit", "Ctrl+D")
    tip = opened.window.findChild(QLabel, "commands.tip")
    assert isinstance(tip, QLabel)
    assert tip.text() == "Copy the selected layers beside themselves"
    said = item.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Duplicate, Edit, Ctrl+D"


def test_arrows_mark_and_wrap(opened: World) -> None:
    QTest.keyClicks(field(opened), "zoom")
    assert box(opened).results.currentRow() == 0
    press(opened, Qt.Key.Key_Up)
    assert box(opened).results.currentRow() == box(opened).results.count() - 1
    press(opened, Qt.Key.Key_Down)
    assert box(opened).results.currentRow() == 0


def test_nothing_found_says_so(opened: World) -> None:
    QTest.keyClicks(field(opened), "qqqzzz")
    assert rows(opened) == []
    assert box(opened).tip.text() == "Nothing fits."
    press(opened, Qt.Key.Key_Return)
    assert box(opened).isVisible()


def test_the_loss_of_the_keyboard_closes_it(opened: World) -> None:
    opened.workbench.canvas.setFocus()
    assert not box(opened).isVisible()


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("save", "Save", "Save as"),
        ("sa", "Save as", "Select all"),
        ("fit", "Fit", "Shows profit"),
        ("dup", "Duplicate", "Draw up"),
        ("dar", "Delete and reconnect", "Quit"),
    ],
)
def test_the_nearer_answer_is_better(query: str, better: str, worse: str) -> None:
    assert answers(query, better) > answers(query, worse)


def test_letters_out_of_order_are_no_answer() -> None:
    assert answers("xf", "Fix") == 0
    assert answers("", "Anything") > 0
