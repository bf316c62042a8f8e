"""The user's own keys: typed in the sheet, refused where they are taken, kept, applied at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTextBrowser,
    QToolButton,
)
from pytestqt.qtbot import QtBot
from window_fakes import World

from kgui.widgets.actions import create_actions, entries
from kgui.widgets.layer_help import LayerHelp
from kgui.widgets.shortcut_sheet import ALSO, KEY, NAME, ShortcutSheet
from kgui.widgets.shortcuts import Shortcuts

CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def sheet(world: World, qtbot: QtBot) -> ShortcutSheet:
    """The sheet over a window with two layers of which one is selected."""
    ids = world.draw(("Input", {}), ("Dense", {}))
    world.select(ids[1])
    world.window.activateWindow()
    qtbot.waitActive(world.window)
    world.workbench.canvas.setFocus()
    world.trigger("help.shortcuts")
    found = world.window.findChild(ShortcutSheet)
    assert isinstance(found, ShortcutSheet)
    qtbot.waitActive(found)
    return found


def row_of(sheet: ShortcutSheet, name: str) -> int:
    texts = [text(sheet, row, NAME) for row in range(sheet.table.rowCount())]
    return texts.index(name)


def text(sheet: ShortcutSheet, row: int, column: int) -> str:
    item = sheet.table.item(row, column)
    assert item is not None
    return item.text()


def begin(sheet: ShortcutSheet, name: str, column: int = KEY) -> QKeySequenceEdit:
    """Press Enter on a key of an action; the field that waits for the new one."""
    sheet.table.setFocus()
    sheet.table.setCurrentCell(row_of(sheet, name), column)
    QTest.keyClick(sheet.table, Qt.Key.Key_Return)
    editors = sheet.table.findChildren(QKeySequenceEdit, "shortcuts.key")
    (editor,) = (editor for editor in editors if editor.isVisible())
    return editor


def give(
    sheet: ShortcutSheet,
    name: str,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = NONE,
    column: int = KEY,
) -> None:
    editor = begin(sheet, name, column)
    QTest.keyClick(editor, key, modifier)
    QApplication.sendPostedEvents()
    QApplication.processEvents()


def test_every_action_is_listed_with_its_keys(sheet: ShortcutSheet) -> None:
    assert not sheet.isModal()
    for entry in entries():
        row = row_of(sheet, entry.plain_text)
        shown = [text(sheet, row, KEY), text(sheet, row, ALSO)]
        assert shown == [*entry.shortcuts, "", ""][:2], entry.id
    assert text(sheet, row_of(sheet, "Walk along the wires"), KEY) == "arrows"


def test_a_key_is_typed_and_works_at_once(world: World, sheet: ShortcutSheet, qtbot: QtBot) -> None:
    give(sheet, "Duplicate", Qt.Key.Key_J, CONTROL)
    action = world.window.actions_by_id["edit.duplicate"]
    assert text(sheet, row_of(sheet, "Duplicate"), KEY) == "Ctrl+J"
    assert action.shortcut().toString() == "Ctrl+J"
    assert action.toolTip() == "Copy the selected layers beside themselves (Ctrl+J)"
    sheet.close()
    world.window.activateWindow()
    qtbot.waitActive(world.window)
    QApplication.processEvents()
    canvas = world.workbench.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_D, CONTROL)
    assert len(world.project.graph.nodes) == 2
    QTest.keyClick(canvas, Qt.Key.Key_J, CONTROL)
    assert len(world.project.graph.nodes) == 3


def test_a_second_key_stands_beside_the_first(world: World, sheet: ShortcutSheet) -> None:
    give(sheet, "Duplicate", Qt.Key.Key_J, CONTROL, ALSO)
    keys = [key.toString() for key in world.window.actions_by_id["edit.duplicate"].shortcuts()]
    assert keys == ["Ctrl+D", "Ctrl+J"]


def test_a_key_that_is_taken_is_refused_by_name(world: World, sheet: ShortcutSheet) -> None:
    give(sheet, "Duplicate", Qt.Key.Key_S, CONTROL)
    assert sheet.message.text() == "Ctrl+S is the shortcut of “Save” already."
    assert world.window.actions_by_id["edit.duplicate"].shortcut().toString() == "Ctrl+D"
    give(sheet, "Duplicate", Qt.Key.Key_Left)
    assert sheet.message.text() == (
        "Left cannot be given away: on the canvas it is there to walk along the wires."
    )
    give(sheet, "Duplicate", Qt.Key.Key_J, CONTROL)
    assert "Enter or a double-click" in sheet.message.text()


def test_escape_keeps_the_key(world: World, sheet: ShortcutSheet) -> None:
    editor = begin(sheet, "Duplicate")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert sheet.isVisible()
    assert world.window.actions_by_id["edit.duplicate"].shortcut().toString() == "Ctrl+D"


def test_delete_takes_a_key_away_and_another_may_have_it(
    world: World, sheet: ShortcutSheet
) -> None:
    sheet.table.setCurrentCell(row_of(sheet, "Save"), KEY)
    QTest.keyClick(sheet.table, Qt.Key.Key_Delete)
    assert world.window.actions_by_id["file.save"].shortcuts() == []
    assert world.window.actions_by_id["file.save"].toolTip() == "Save the document"
    give(sheet, "Duplicate", Qt.Key.Key_S, CONTROL)
    assert world.window.actions_by_id["edit.duplicate"].shortcut().toString() == "Ctrl+S"
    world.workbench.shortcuts.reset("file.save")
    assert world.window.actions_by_id["file.save"].shortcuts() == []


def test_a_row_goes_back_to_its_default(world: World, sheet: ShortcutSheet) -> None:
    give(sheet, "Fit", Qt.Key.Key_J, CONTROL)
    reset = sheet.findChild(QToolButton, "shortcuts.reset.view.fit")
    other = sheet.findChild(QToolButton, "shortcuts.reset.file.save")
    assert isinstance(reset, QToolButton)
    assert isinstance(other, QToolButton)
    assert reset.isEnabled()
    assert not other.isEnabled()
    reset.click()
    keys = [key.toString() for key in world.window.actions_by_id["view.fit"].shortcuts()]
    assert keys == ["F", "Home"]
    assert not reset.isEnabled()


def test_a_default_that_another_holds_is_not_taken_from_it(
    world: World, sheet: ShortcutSheet
) -> None:
    shortcuts = world.workbench.shortcuts
    assert shortcuts.set_key("file.save", 0, "Ctrl+J") == ""
    assert shortcuts.set_key("edit.duplicate", 0, "Ctrl+S") == ""
    assert "Duplicate" in shortcuts.reset("file.save")
    assert shortcuts.keys("file.save") == ("Ctrl+J",)


def test_all_go_back_to_their_defaults(world: World, sheet: ShortcutSheet) -> None:
    give(sheet, "Duplicate", Qt.Key.Key_J, CONTROL)
    button = sheet.findChild(QPushButton, "shortcuts.reset_all")
    assert isinstance(button, QPushButton)
    button.click()
    assert world.workbench.shortcuts.table == entries()
    assert not world.settings.contains("shortcuts/edit.duplicate")


def test_the_filter_finds_commands_and_keys(sheet: ShortcutSheet) -> None:
    field = sheet.findChild(QLineEdit, "shortcuts.filter")
    assert isinstance(field, QLineEdit)
    assert field.hasFocus()
    QTest.keyClicks(field, "bypa")
    shown = [r for r in range(sheet.table.rowCount()) if not sheet.table.isRowHidden(r)]
    assert [text(sheet, row, NAME) for row in shown] == ["Bypass"]
    field.clear()
    QTest.keyClicks(field, "ctrl+d")
    assert not sheet.table.isRowHidden(row_of(sheet, "Duplicate"))
    assert sheet.table.isRowHidden(row_of(sheet, "Undo"))


def test_keys_are_kept_for_the_next_start(
    world: World, sheet: ShortcutSheet, make_world: Callable[[], World]
) -> None:
    give(sheet, "Fit", Qt.Key.Key_J, CONTROL)
    world.workbench.shortcuts.set_key("file.save", 0, "")
    later = make_world()
    keys = [key.toString() for key in later.window.actions_by_id["view.fit"].shortcuts()]
    assert keys == ["Ctrl+J", "Home"]
    assert later.window.actions_by_id["file.save"].shortcuts() == []


def test_settings_that_make_no_sense_are_passed_over(tmp_path: Path) -> None:
    file = str(tmp_path / "keys.ini")
    settings = QSettings(file, QSettings.Format.IniFormat)
    settings.setValue("shortcuts/file.save", "Ctrl+D")
    settings.setValue("shortcuts/file.open", "Ctrl+D; Left")
    settings.setValue("shortcuts/no.such", "Ctrl+K")
    actions: dict[str, QAction] = {}
    holder = QPushButton()
    actions = create_actions(holder, entries())
    shortcuts = Shortcuts(actions, entries(), settings)
    assert shortcuts.keys("file.open") == ("Ctrl+D",)
    assert shortcuts.keys("file.save") == ()
    assert shortcuts.keys("edit.duplicate") == ()


def test_f1_explains_the_selected_layer(world: World, qtbot: QtBot) -> None:
    ids = world.draw(("Input", {}), ("Dense", {}))
    world.select(ids[1])
    world.trigger("help.layer")
    page = world.window.findChild(QTextBrowser, "layer_help.page")
    assert isinstance(page, QTextBrowser)
    said = page.toPlainText()
    assert "Every input reaches every unit." in said
    assert "units required, at least 1" in said
    assert "Outputs of the layer." in said


def test_f1_without_a_layer_lists_the_shortcuts(world: World) -> None:
    world.trigger("help.layer")
    assert world.window.findChild(LayerHelp) is None
    sheet = world.window.findChild(ShortcutSheet)
    assert sheet is not None
    assert sheet.isVisible()
