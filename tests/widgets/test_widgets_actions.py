"""The one table of actions, and what is made of it."""

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu
from window_fakes import World

from kgui.widgets.actions import Entry, enable_actions, entries, handler_of
from kgui.widgets.conditions import conditions
from kgui.widgets.dialogs import About

ROOT = Path(__file__).resolve().parents[2]

CONTRACT = {
    "file.new", "file.open", "file.save", "file.save_as", "file.export_npz", "edit.undo",
    "edit.redo", "edit.cut", "edit.copy", "edit.paste", "edit.duplicate", "edit.delete",
    "edit.select_all", "view.fit", "view.zoom_in", "view.zoom_out", "node.rename",
    "arrange.layout", "train.start", "train.stop", "node.bypass", "node.add",
}  # fmt: skip


def in_menus(menu: QMenu) -> list[QAction]:
    found: list[QAction] = []
    for action in menu.actions():
        found += [action] if not action.menu() else []
    return found


def test_the_names_that_others_rely_on_are_there() -> None:
    ids = [entry.id for entry in entries()]
    assert set(ids) >= CONTRACT
    assert len(ids) == len(set(ids))


def test_no_two_actions_share_a_shortcut() -> None:
    keys = [
        QKeySequence(shortcut).toString() for entry in entries() for shortcut in entry.shortcuts
    ]
    assert all(keys)
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_every_handler_exists(world: World) -> None:
    for entry in entries():
        assert callable(handler_of(entry, world.window, world.workbench)), entry.id


def test_every_condition_is_known(world: World) -> None:
    known = conditions(world.workbench)
    assert {entry.enabled for entry in entries() if entry.enabled} == set(known)


def test_every_action_stands_in_exactly_one_menu(world: World) -> None:
    shown = Counter(
        action.objectName() for menu in world.window.menus.values() for action in in_menus(menu)
    )
    for entry in entries():
        assert shown[entry.id] == 1, entry.id


def test_every_action_of_the_toolbar_has_an_icon(world: World) -> None:
    shown = [action for action in world.window.toolbar.actions() if not action.isSeparator()]
    assert {action.objectName() for action in shown} == {e.id for e in entries() if e.icon}
    for action in shown:
        pixmap = action.icon().pixmap(18, 18)
        assert not pixmap.isNull(), action.objectName()
        image = pixmap.toImage()
        pixels = {image.pixel(x, y) for x in range(18) for y in range(18)}
        assert len(pixels) > 1, action.objectName()


def test_tool_tips_name_the_shortcut(world: World) -> None:
    assert world.window.actions_by_id["file.save"].toolTip() == "Save the document (Ctrl+S)"


def test_actions_are_enabled_by_their_condition(world: World) -> None:
    actions = world.window.actions_by_id
    off = {"edit.undo", "edit.redo", "edit.delete", "node.rename", "train.start", "train.stop",
           "file.export_npz", "edit.duplicate", "edit.copy", "edit.cut", "edit.select_all",
           "view.fit", "arrange.layout", "edit.copy_code", "code.apply", "code.revert",
           "edit.heal", "node.bypass", "edit.duplicate_shared", "node.share", "node.unshare",
           "node.group", "node.unpack", "block.enter", "block.leave", "node.edit", "node.connect",
           "wire.next", "wire.previous"}  # fmt: skip
    off |= {entry.id for entry in entries() if entry.menu == "arrange"}
    off -= {"arrange.frame", "arrange.note"}
    assert {name for name, action in actions.items() if not action.isEnabled()} == off
    ids = world.draw(("Input", {}), ("Dense", {}))
    assert actions["edit.undo"].isEnabled()
    assert actions["edit.select_all"].isEnabled()
    assert not actions["edit.delete"].isEnabled()
    world.select(ids[0])
    assert actions["edit.delete"].isEnabled()
    assert actions["node.rename"].isEnabled()
    world.select(*ids)
    assert not actions["node.rename"].isEnabled()


def test_an_unknown_condition_disables() -> None:
    entry = Entry("a.b", "A", "window.quit", "", "file", enabled="unheard_of")
    action = QAction()
    enable_actions({"a.b": action}, [entry], {})
    assert not action.isEnabled()


def test_undo_and_redo_name_the_step(world: World) -> None:
    undo, redo = (world.window.actions_by_id[f"edit.{name}"] for name in ("undo", "redo"))
    assert undo.text() == "&Undo"
    world.draw(("Input", {}))
    assert undo.text() == "&Undo Draw"
    world.trigger("edit.undo")
    assert undo.text() == "&Undo"
    assert redo.text() == "&Redo Draw"


def test_keys_of_the_window_and_of_the_canvas(world: World) -> None:
    ids = world.draw(("Input", {}), ("Dense", {}))
    canvas = world.workbench.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert canvas.selected_node_ids() == tuple(ids)
    QTest.keyClick(canvas, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert len(world.project.graph.nodes) == 4
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(world.project.graph.nodes) == 2
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(world.project.graph.nodes) == 4


def test_delete_in_a_field_deletes_no_layer(world: World) -> None:
    _, node_id = world.draw(("Input", {}), ("Dense", {"units": 32}))
    world.select(node_id)
    page = world.workbench.inspector.page
    assert page is not None
    field = page.rows["units"].field
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, Qt.Key.Key_L)
    assert len(world.project.graph.nodes) == 2


def test_cut_and_paste_keep_the_wires_among_the_layers(world: World) -> None:
    ids = world.draw(("Input", {}), ("Dense", {"units": 3}), ("Dropout", {}))
    world.select(*ids[:2])
    world.trigger("edit.cut")
    assert [node.name for node in world.project.graph.nodes] == ["dropout"]
    assert world.window.document.history.undo_label == "Cut 2 layers"
    world.trigger("edit.paste")
    graph = world.project.graph
    assert [node.name for node in graph.nodes] == ["dropout", "input", "dense"]
    assert len(graph.wires) == 1
    assert world.workbench.canvas.selected_node_ids() == tuple(n.id for n in graph.nodes[1:])


def test_pasting_something_else_changes_nothing(world: World) -> None:
    world.draw(("Input", {}))
    before = world.project
    QGuiApplication.clipboard().setText("a shopping list")
    world.trigger("edit.paste")
    assert world.project is before
    assert world.window.notices.texts() == ["The clipboard holds no layers."]


def test_about_names_the_version(world: World) -> None:
    world.trigger("help.about")
    about = world.window.findChild(About)
    assert about is not None
    assert any("0.1.0" in label.text() for label in about.findChildren(QLabel))
    about.close()


def test_the_problem_report_goes_to_the_clipboard(world: World) -> None:
    world.trigger("help.report")
    assert QGuiApplication.clipboard().text() == "the report"


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_every_action_is_documented(entry: Entry) -> None:
    assert f"`{entry.id}`" in (ROOT / "docs" / "automation.md").read_text("utf-8")
