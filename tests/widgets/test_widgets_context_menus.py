"""The menus of the canvas: what stands in them, by the mouse and by keys."""

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from window_fakes import World

from kgui.widgets.context_menus import CONTENTS, fill

RIGHT, NONE = Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def ids(world: World, qtbot: QtBot) -> Iterator[Sequence[str]]:
    """Input, Dense and Flatten in a row on an active canvas; no menu stays open."""
    drawn = world.draw(("Input", {}), ("Dense", {"units": 8}), ("Flatten", {}))
    world.window.activateWindow()
    qtbot.waitActive(world.window)
    world.workbench.canvas.fit()
    world.workbench.canvas.setFocus()
    yield drawn
    for menu in world.workbench.menus.menus.values():
        menu.close()


def click(world: World, place: QPointF) -> None:
    """The right button as the system delivers it: a press, then the event for the menu."""
    canvas = world.workbench.canvas
    pixel, viewport = canvas.mapFromScene(place), canvas.viewport()
    QTest.mousePress(viewport, RIGHT, NONE, pixel)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(
        viewport, QContextMenuEvent(reason, pixel, viewport.mapToGlobal(pixel), NONE)
    )
    QTest.mouseRelease(viewport, RIGHT, NONE, pixel)


def opened(world: World, kind: str) -> QMenu:
    menu = world.window.findChild(QMenu, f"menu.{kind}")
    assert isinstance(menu, QMenu)
    assert menu.isVisible()
    return menu


def names(menu: QMenu) -> set[str]:
    return {action.objectName() for action in menu.actions() if not action.isSeparator()}


def entry(menu: QMenu, name: str) -> QAction:
    return next(action for action in menu.actions() if action.objectName() == name)


def test_the_menu_of_a_node(world: World, ids: Sequence[str]) -> None:
    card = world.workbench.canvas.node_item(ids[1]).card
    click(world, card.center())
    menu = opened(world, "node")
    assert names(menu) >= {
        "node.edit", "node.rename", "node.connect", "node.bypass", "edit.copy", "edit.duplicate",
        "edit.delete", "edit.heal", "help.layer",
    }  # fmt: skip
    assert "node.add" not in names(menu)
    assert world.workbench.canvas.selected_node_ids() == (ids[1],)
    entry(menu, "edit.delete").trigger()
    assert len(world.project.graph.nodes) == 2


def test_a_click_on_one_of_many_keeps_the_selection(world: World, ids: Sequence[str]) -> None:
    world.select(*ids)
    click(world, world.workbench.canvas.node_item(ids[1]).card.center())
    assert world.workbench.canvas.selected_node_ids() == tuple(ids)


def test_the_menu_of_a_wire(world: World, ids: Sequence[str]) -> None:
    canvas = world.workbench.canvas
    start, end = canvas.port_position(ids[0], 0, True), canvas.port_position(ids[1], 0, False)
    click(world, (start + end) / 2)
    menu = opened(world, "wire")
    assert names(menu) >= {"wire.source", "wire.target", "edit.delete", "node.add"}
    assert entry(menu, "wire.source").text() == "Go to input"
    entry(menu, "wire.target").trigger()
    assert canvas.selected_node_ids() == (ids[1],)


def test_the_menu_of_a_port(world: World, ids: Sequence[str]) -> None:
    canvas = world.workbench.canvas
    click(world, canvas.port_position(ids[1], 0, False))
    menu = opened(world, "port")
    entry(menu, "port.disconnect").trigger()
    assert [wire.target for wire in world.project.graph.wires] == [ids[2]]
    click(world, canvas.port_position(ids[1], 0, False))
    assert not entry(menu, "port.disconnect").isEnabled()
    entry(menu, "port.connect").trigger()
    assert canvas.connecting.box.isVisible()
    rows = canvas.connecting.box.results
    assert rows.item(0).text() == "from input"


def test_the_menu_of_the_ground(world: World, ids: Sequence[str]) -> None:
    canvas = world.workbench.canvas
    click(world, canvas.mapToScene(QPoint(5, 5)))
    menu = opened(world, "canvas")
    assert names(menu) >= {"node.add", "edit.paste", "view.fit", "edit.undo"}
    assert not {"node.edit", "edit.delete"} & names(menu)


@pytest.mark.parametrize("key", [Qt.Key.Key_Menu, Qt.Key.Key_F10])
def test_keys_open_the_menu_of_what_is_selected(
    world: World, ids: Sequence[str], key: Qt.Key
) -> None:
    canvas = world.workbench.canvas
    QApplication.processEvents()  # a menu bar that was never laid out hears no shortcuts
    modifier = Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_F10 else NONE
    world.select(ids[1])
    QTest.keyClick(canvas, key, modifier)
    opened(world, "node").close()
    canvas.walker.next_wire()
    QTest.keyClick(canvas, key, modifier)
    opened(world, "wire").close()
    world.select()
    QTest.keyClick(canvas, key, modifier)
    menu = opened(world, "canvas")
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
    assert canvas.hasFocus()


def test_the_key_of_the_system_does_not_open_a_second_one(world: World, ids: Sequence[str]) -> None:
    canvas = world.workbench.canvas
    reason = QContextMenuEvent.Reason.Keyboard
    event = QContextMenuEvent(reason, QPoint(5, 5), canvas.mapToGlobal(QPoint(5, 5)), NONE)
    QApplication.sendEvent(canvas.viewport(), event)
    assert not any(menu.isVisible() for menu in world.workbench.menus.menus.values())


def test_entries_show_their_keys_and_follow_their_state(world: World, ids: Sequence[str]) -> None:
    world.select(*ids)
    QTest.keyClick(world.workbench.canvas, Qt.Key.Key_Menu)
    menu = opened(world, "node")
    assert entry(menu, "edit.duplicate").shortcut().toString() == "Ctrl+D"
    assert not entry(menu, "node.rename").isEnabled()


def test_every_name_in_the_menus_is_an_action_or_a_pattern(world: World) -> None:
    later = {"problems.repair", "view.snap", "view.minimap"}
    plain = {name for kind in CONTENTS.values() for name in kind if name and "*" not in name}
    assert plain - later <= set(world.window.actions_by_id)


def test_many_of_one_kind_are_folded(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.setObjectName("menu.node")
    actions = {name: QAction(name, menu) for name in ("a.x", "arrange.a", "arrange.b", "arrange.c")}
    fill(menu, ("a.x", "", "arrange.*", "", "none.*", ""), actions)
    first, line, folded = menu.actions()
    assert first is actions["a.x"]
    assert line.isSeparator()
    inner = folded.menu()
    assert isinstance(inner, QMenu)
    assert inner.objectName() == "menu.node.arrange"
    assert len(inner.actions()) == 3


def test_the_filter_leaves_other_events_alone(world: World, ids: Sequence[str]) -> None:
    assert not world.workbench.menus.eventFilter(world.workbench.canvas, QEvent(QEvent.Type.User))
