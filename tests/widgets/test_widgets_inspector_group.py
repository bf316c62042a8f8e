"""The inspector on several nodes: what they share, "mixed", one step for all; steps of ten."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QStyle, QStyleOptionSpinBox
from window_fakes import World

from kgui.widgets.group_page import GroupPage
from kgui.widgets.number_fields import NumberField

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ids(world: World) -> Sequence[str]:
    """Input, Dense 8, Dense 16 and Dropout."""
    return world.draw(
        ("Input", {}), ("Dense", {"units": 8}), ("Dense", {"units": 16}), ("Dropout", {})
    )


def group(world: World) -> GroupPage:
    page = world.workbench.inspector.group
    assert page is not None
    return page


def number(world: World, name: str) -> NumberField:
    field = group(world).rows[name].field
    assert isinstance(field, NumberField)
    return field


def units(world: World) -> list[object]:
    return [node.options.get("units") for node in world.project.graph.nodes if node.type == "Dense"]


def test_layers_of_one_type_show_all_options_and_what_differs(
    world: World, ids: Sequence[str]
) -> None:
    world.select(ids[1], ids[2])
    page = group(world)
    assert page.title.text() == "2 × Dense"
    assert page.names.text() == "dense, dense_1"
    assert list(page.rows) == ["units", "activation", "use_bias", "kernel_initializer"]
    assert number(world, "units").lineEdit().text() == ""
    assert number(world, "units").lineEdit().placeholderText() == "mixed"
    bias = page.rows["use_bias"].field
    assert isinstance(bias, QCheckBox)
    assert bias.checkState() == Qt.CheckState.Checked


def test_typing_sets_all_as_one_step(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1], ids[2])
    field = number(world, "units")
    field.lineEdit().setFocus()
    QTest.keyClicks(field, "128")
    assert units(world) == [128, 128]
    assert world.window.document.history.undo_label == "Set units of 2 layers"
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert units(world) == [8, 16]
    assert field.lineEdit().text() == ""


def test_a_wrong_value_is_told_and_changes_nothing(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1], ids[2])
    before = world.project
    QTest.keyClicks(number(world, "units"), "-3")
    assert world.project is before
    assert "at least 1" in group(world).rows["units"].message.text()


def test_choices_and_ticks_can_be_mixed(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1])
    page = world.workbench.inspector.page
    assert page is not None
    QTest.mouseClick(page.rows["use_bias"].field, LEFT, pos=QPoint(8, 8))
    assert world.project.graph.node(ids[1]).options["use_bias"] is False
    world.select(ids[1], ids[2])
    rows = group(world).rows
    bias, activation = rows["use_bias"].field, rows["activation"].field
    assert isinstance(bias, QCheckBox)
    assert isinstance(activation, QComboBox)
    assert bias.checkState() == Qt.CheckState.PartiallyChecked
    QTest.mouseClick(bias, LEFT, pos=QPoint(8, 8))
    assert ["use_bias" in world.project.graph.node(node_id).options for node_id in ids[1:3]] == [
        False,
        False,
    ]
    activation.setFocus()
    QTest.keyClick(activation, Qt.Key.Key_Down)
    assert {world.project.graph.node(node_id).options["activation"] for node_id in ids[1:3]} == {
        "linear"
    }


def test_reset_takes_all_back(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1], ids[2])
    row = group(world).rows["activation"]
    field = row.field
    assert isinstance(field, QComboBox)
    QTest.keyClick(field, Qt.Key.Key_Down)
    reset = row.findChild(type(row._reset), "reset")
    assert reset.isVisible()
    QTest.mouseClick(reset, LEFT)
    assert all("activation" not in world.project.graph.node(key).options for key in ids[1:3])
    assert world.window.document.history.undo_label == "Reset activation of 2 layers"


def test_different_layers_share_what_they_share(world: World, ids: Sequence[str]) -> None:
    world.select(ids[0], ids[3])
    assert group(world).rows == {}
    assert group(world).nothing.isVisible()
    assert group(world).title.text() == "2 layers selected"


def test_the_page_follows_undo_and_deletion(world: World, ids: Sequence[str]) -> None:
    world.select(*ids[1:3])
    page = group(world)
    world.workbench.scene.select(ids[1:3])
    assert group(world) is page
    world.window.document.undo()
    assert world.workbench.inspector.group is None
    assert world.workbench.inspector.currentWidget() is world.workbench.inspector.overview


def test_shift_steps_by_ten_with_keys(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1])
    page = world.workbench.inspector.page
    assert page is not None
    field = page.rows["units"].field
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert units(world)[0] == 9
    QTest.keyClick(field, Qt.Key.Key_Up, SHIFT)
    assert units(world)[0] == 19
    QTest.keyClick(field, Qt.Key.Key_Down, SHIFT)
    QTest.keyClick(field, Qt.Key.Key_Down, SHIFT)
    assert units(world)[0] == 1


def test_shift_steps_by_ten_with_the_arrows(world: World, ids: Sequence[str]) -> None:
    world.select(ids[1])
    page = world.workbench.inspector.page
    assert page is not None
    field = page.rows["units"].field
    assert isinstance(field, NumberField)
    option = QStyleOptionSpinBox()
    field.initStyleOption(option)
    arrow = field.style().subControlRect(
        QStyle.ComplexControl.CC_SpinBox, option, QStyle.SubControl.SC_SpinBoxUp, field
    )
    place = field.mapTo(world.window, arrow.center())
    QTest.mouseClick(world.window.windowHandle(), LEFT, SHIFT, place)
    assert units(world)[0] == 18
