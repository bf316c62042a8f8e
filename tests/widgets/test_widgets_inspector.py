"""The inspector: editing, checking as one types, resetting, following the document."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot
from window_fakes import World

from kgui.graph import edits
from kgui.widgets.node_page import NodePage
from kgui.widgets.number_fields import NumberField
from kgui.widgets.rows import Row


def page_of(world: World) -> NodePage:
    page = world.workbench.inspector.page
    assert page is not None
    return page


def number(row: Row) -> QLineEdit:
    assert isinstance(row.field, NumberField)
    return row.field.lineEdit()


def retype(row: Row, text: str) -> None:
    number(row).setFocus()
    number(row).selectAll()
    QTest.keyClicks(row.field, text)


@pytest.fixture
def dense(world: World) -> str:
    """A selected Dense layer behind an Input."""
    _, node_id = world.draw(("Input", {}), ("Dense", {"units": 32}))
    world.select(node_id)
    return node_id


def options(world: World, node_id: str) -> dict[str, object]:
    return dict(world.project.graph.node(node_id).options)


def test_without_a_selection_the_document_is_summed_up(world: World) -> None:
    assert "Drag a layer" in world.workbench.inspector.overview.hint.text()
    world.draw(("Input", {}), ("Dense", {"units": 32}))
    world.window.document.report_changed.emit(world.window.document.report)
    text = world.workbench.inspector.overview.figures.text()
    assert text == "2 layers\n1 wire\n3,200 parameters"


def test_every_option_has_a_field_with_its_value(world: World, dense: str) -> None:
    page = page_of(world)
    assert list(page.rows) == ["units", "activation", "use_bias", "kernel_initializer"]
    assert number(page.rows["units"]).text() == "32"
    activation = page.rows["activation"].field
    assert isinstance(activation, QComboBox)
    assert activation.currentText() == "(none)"
    bias = page.rows["use_bias"].field
    assert isinstance(bias, QCheckBox)
    assert bias.isChecked()


def test_shapes_and_parameters_are_shown(world: World, dense: str) -> None:
    page_of(world).refresh()
    assert page_of(world).facts.text() == "In: (None, 784)\nOut: (None, 32)\nParameters: 3,200"


def test_typing_applies_every_good_value_as_one_step(world: World, dense: str) -> None:
    retype(page_of(world).rows["units"], "128")
    assert options(world, dense) == {"units": 128}
    assert world.window.document.history.undo_label == "Set units of dense"
    world.trigger("edit.undo")
    assert options(world, dense) == {"units": 32}
    assert number(page_of(world).rows["units"]).text() == "32"


def test_leaving_the_field_ends_the_step(world: World, dense: str) -> None:
    row = page_of(world).rows["units"]
    retype(row, "12")
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    QTest.keyClicks(row.field, "8")
    world.trigger("edit.undo")
    assert options(world, dense) == {"units": 12}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0", "units must be at least 1, not 0."),
        ("-5", "units must be at least 1, not -5."),
        ("x", "units must be a whole number, not 'x'."),
        ("1.5", "units must be a whole number, not 1.5."),
    ],
)
def test_a_bad_value_is_explained_and_not_applied(
    world: World, dense: str, text: str, sentence: str
) -> None:
    row = page_of(world).rows["units"]
    number(row).setText("")
    retype(row, text)
    assert options(world, dense) == {"units": 32}  # not the 1 that stands at the front of 1.5
    assert row.message.text() == sentence
    assert row.message.isVisible()
    retype(row, "7")
    assert not row.message.isVisible()
    assert options(world, dense) == {"units": 7}


def test_an_empty_field_needs_a_value(world: World, dense: str) -> None:
    row = page_of(world).rows["units"]
    number(row).selectAll()
    QTest.keyClick(row.field, Qt.Key.Key_Delete)
    assert row.message.text() == "units needs a value."
    assert options(world, dense) == {"units": 32}


def test_a_field_being_edited_keeps_cursor_text_and_focus(world: World, dense: str) -> None:
    row = page_of(world).rows["units"]
    number(row).setFocus()
    number(row).setText("12345")
    number(row).setCursorPosition(2)
    QTest.keyClicks(row.field, "9")
    world.window.document.report_changed.emit(world.window.document.report)
    assert options(world, dense) == {"units": 129345}
    assert number(row).text() == "129345"
    assert number(row).cursorPosition() == 3
    assert page_of(world).rows["units"] is row


def test_what_is_wrong_and_being_typed_survives_other_changes(world: World, dense: str) -> None:
    row = page_of(world).rows["units"]
    retype(row, "0")
    project = edits.set_option(world.project, dense, "use_bias", False)
    world.window.document.apply("Elsewhere", project)
    assert number(row).text() == "0"
    assert row.message.isVisible()


def test_a_default_is_not_kept_and_can_be_brought_back(world: World, dense: str) -> None:
    row = page_of(world).rows["activation"]
    choose(row, "relu")
    assert options(world, dense) == {"units": 32, "activation": "relu"}
    assert row._reset.isVisible()
    choose(row, "(none)")
    assert options(world, dense) == {"units": 32}
    choose(row, "softmax")
    row._reset.click()
    assert options(world, dense) == {"units": 32}
    assert not row._reset.isVisible()
    assert world.window.document.history.undo_label == "Reset activation of dense"


def choose(row: Row, text: str) -> None:
    box = row.field
    assert isinstance(box, QComboBox)
    index = box.findText(text)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_the_arrows_of_a_number_stay_within_its_limits(world: World) -> None:
    _, dropout = world.draw(("Input", {}), ("Dropout", {"rate": 0.95}))
    world.select(dropout)
    row = page_of(world).rows["rate"]
    QTest.keyClick(row.field, Qt.Key.Key_Up)
    assert options(world, dropout) == {"rate": 1.0}
    QTest.keyClick(row.field, Qt.Key.Key_Down)
    assert options(world, dropout) == {"rate": 0.9}


def test_an_optional_number_may_be_empty(world: World) -> None:
    _, dropout = world.draw(("Input", {}), ("Dropout", {"seed": 3}))
    world.select(dropout)
    row = page_of(world).rows["seed"]
    number(row).selectAll()
    QTest.keyClick(row.field, Qt.Key.Key_Backspace)
    assert options(world, dropout) == {}
    assert not row.message.isVisible()


def test_a_check_box_is_one_step(world: World, dense: str) -> None:
    box = page_of(world).rows["use_bias"].field
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert options(world, dense) == {"units": 32, "use_bias": False}
    assert world.window.document.history.undo_label == "Set use bias of dense"
    world.trigger("edit.undo")
    assert isinstance(box, QCheckBox)
    assert box.isChecked()


def test_a_shape_is_typed_as_a_list(world: World) -> None:
    (node_id,) = world.draw(("Input", {}))
    world.select(node_id)
    row = page_of(world).rows["shape"]
    assert isinstance(row.field, QLineEdit)
    row.field.selectAll()
    QTest.keyClicks(row.field, "28, 28, 1")
    assert options(world, node_id) == {"shape": [28, 28, 1]}


def test_a_name_is_checked_and_applied(world: World, dense: str) -> None:
    row = page_of(world).name_row
    assert isinstance(row.field, QLineEdit)
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, "hidden layer")
    assert row.message.isVisible()
    assert world.project.graph.node(dense).name == "dense"
    row.field.selectAll()
    QTest.keyClicks(row.field, "input")
    assert "input" in row.message.text()
    assert world.project.graph.node(dense).name == "dense"


def test_undo_in_a_field_is_the_undo_of_the_document(world: World, dense: str) -> None:
    row = page_of(world).rows["units"]
    row.field.setFocus()
    retype(row, "77")
    QTest.keyClick(row.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert options(world, dense) == {"units": 32}
    assert number(row).text() == "32"


def test_issues_of_the_node_stand_at_their_option(world: World, qtbot: QtBot) -> None:
    node_id = world.draw(("Input", {"shape": [28, 28]}), ("Dense", {}))[0]
    world.select(node_id)
    world.workbench.data.choose("sample:iris")
    row = page_of(world).rows["shape"]
    wanted = "expects (28, 28) but the data has (784,). Change the shape."
    qtbot.waitUntil(lambda: row.message.text() == wanted)
    assert row.message.isVisible()
    assert not page_of(world).problems.isVisible()


def test_deleting_the_node_shows_the_overview(world: World, dense: str) -> None:
    world.trigger("edit.delete")
    assert world.workbench.inspector.page is None
    assert world.workbench.inspector.currentWidget() is world.workbench.inspector.overview
