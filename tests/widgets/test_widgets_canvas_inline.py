"""The main options edited on the node itself: opened by mouse and keys, kept or left."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import World
from window_layers import NODE_TYPES

from kgui.widgets.canvas.inline import InlineEditor
from kgui.widgets.canvas.looks import main_options
from kgui.widgets.number_fields import NumberField

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def ids(world: World, qtbot: QtBot) -> Sequence[str]:
    """Input, Dense 8, Flatten; the whole drawing in view, the canvas with the keyboard."""
    drawn = world.draw(("Input", {}), ("Dense", {"units": 8}), ("Flatten", {}))
    world.window.activateWindow()
    qtbot.waitActive(world.window)
    world.workbench.canvas.fit()
    world.workbench.canvas.setFocus()
    return drawn


def inline(world: World) -> InlineEditor:
    return world.workbench.canvas.inline


def units(world: World) -> NumberField:
    field = inline(world).findChild(NumberField, "inline.units")
    assert isinstance(field, NumberField)
    return field


def body(world: World, node_id: str) -> QPoint:
    canvas = world.workbench.canvas
    return canvas.mapFromScene(canvas.node_item(node_id).card.topLeft() + QPointF(95, 14))


def open_by_mouse(world: World, node_id: str) -> None:
    viewport = world.workbench.canvas.viewport()
    QTest.mouseClick(viewport, LEFT, NONE, body(world, node_id))
    QTest.mouseDClick(viewport, LEFT, NONE, body(world, node_id))


def press(widget: QWidget, key: Qt.Key) -> None:
    QTest.keyClick(widget, key)


def test_a_double_click_edits_on_the_node(world: World, ids: Sequence[str]) -> None:
    open_by_mouse(world, ids[1])
    assert inline(world).isVisible()
    assert units(world).hasFocus()
    QTest.keyClicks(units(world), "64")
    assert world.project.graph.node(ids[1]).options == {"units": 8}
    press(units(world), Qt.Key.Key_Return)
    assert world.project.graph.node(ids[1]).options == {"units": 64}
    assert world.window.document.history.undo_label == "Set units of dense"
    assert not inline(world).isVisible()
    assert world.workbench.canvas.hasFocus()


def test_enter_edits_the_selected_node_and_tab_goes_on(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1])
    before = world.project
    press(world.workbench.canvas, Qt.Key.Key_Return)
    QTest.keyClicks(units(world), "3")
    press(units(world), Qt.Key.Key_Tab)
    activation = inline(world).findChild(QComboBox, "inline.activation")
    assert isinstance(activation, QComboBox)
    assert activation.hasFocus()
    QTest.keyClicks(activation, "soft")
    press(activation, Qt.Key.Key_Return)
    assert world.project.graph.node(ids[1]).options == {"units": 3, "activation": "softmax"}
    assert world.window.document.history.undo_label == "Change dense"
    world.window.document.undo()
    assert world.project is before


def test_escape_leaves_it_as_it_was(world: World, ids: Sequence[str]) -> None:
    before = world.project
    open_by_mouse(world, ids[1])
    QTest.keyClicks(units(world), "64")
    press(units(world), Qt.Key.Key_Escape)
    assert not inline(world).isVisible()
    assert world.project is before
    assert world.workbench.canvas.hasFocus()


def test_a_click_elsewhere_keeps_it(world: World, ids: Sequence[str]) -> None:
    open_by_mouse(world, ids[1])
    QTest.keyClicks(units(world), "64")
    QTest.mouseClick(world.workbench.canvas.viewport(), LEFT, NONE, QPoint(5, 5))
    assert world.project.graph.node(ids[1]).options == {"units": 64}
    assert not inline(world).isVisible()


def test_what_is_wrong_is_said_and_not_kept(world: World, ids: Sequence[str]) -> None:
    before = world.project
    open_by_mouse(world, ids[1])
    QTest.keyClicks(units(world), "-4")
    message = inline(world).findChild(QLabel, "inline.message")
    assert isinstance(message, QLabel)
    assert "at least 1" in message.text()
    press(units(world), Qt.Key.Key_Return)
    assert inline(world).isVisible()
    world.workbench.canvas.setFocus()
    assert not inline(world).isVisible()
    assert world.project is before


def test_tab_and_letters_are_no_shortcuts_meanwhile(world: World, ids: Sequence[str]) -> None:
    open_by_mouse(world, ids[1])
    press(units(world), Qt.Key.Key_M)
    press(units(world), Qt.Key.Key_Tab)
    assert not world.workbench.canvas.search.box.isVisible()
    assert not world.project.graph.node(ids[1]).bypassed


def test_a_layer_without_options_has_no_form(world: World, ids: Sequence[str]) -> None:
    world.select(ids[2])
    press(world.workbench.canvas, Qt.Key.Key_Return)
    assert not inline(world).isVisible()
    assert world.workbench.inspector.page is not None


def test_the_form_stays_on_its_node(world: World, ids: Sequence[str]) -> None:
    open_by_mouse(world, ids[1])
    place = inline(world).pos()
    world.workbench.canvas.pan(QPoint(40, 25))
    assert inline(world).pos() - place == QPoint(40, 25)


def test_the_window_may_be_closed_meanwhile(world: World, ids: Sequence[str]) -> None:
    """The fixture destroys the window after this: the form must not reach for its scene then."""
    before = world.project
    open_by_mouse(world, ids[1])
    QTest.keyClicks(units(world), "64")
    world.window.close_without_asking()
    assert not inline(world).isVisible()
    assert world.project is before


def test_an_edit_from_elsewhere_closes_it(world: World, ids: Sequence[str]) -> None:
    open_by_mouse(world, ids[1])
    world.window.document.undo()
    assert not inline(world).isVisible()


def test_required_options_and_the_activation_are_the_main_ones() -> None:
    assert [option.name for option in main_options(NODE_TYPES["Dense"])] == ["units", "activation"]
    assert [option.name for option in main_options(NODE_TYPES["Dropout"])] == ["rate"]
    assert main_options(NODE_TYPES["Flatten"]) == ()
