"""Sums in number fields: what they come to, and what is no sum."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_fakes import World

from kgui.compiler.node_types import Kind
from kgui.graph.project import OptionValue
from kgui.widgets.expressions import value_of
from kgui.widgets.number_fields import NumberField
from kgui.widgets.typed_text import from_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("28*28", 784),
        ("2**5", 32),
        ("2**-1", 0.5),
        ("1/255", 1 / 255),
        ("(3 + 4) * 2 - 1", 13),
        ("7 // 2", 3),
        ("7 % 4", 3),
        ("--3", 3),
        ("1e3*2", 2000.0),
    ],
)
def test_sums_come_to_a_number(text: str, value: float) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "28*", "1/0", "0**-1", "9**9**9", "10**16", "2**0.5j", "(-8)**0.5", "a*2", "len('a')",
        "__import__('os')", "1 if 2 else 3", "[1]*3", "'a'*3", "True+1", "1<<99", "1;2", "(" * 30,
        "1+" * 40 + "1", "1e308*10", "\0",
    ],
)  # fmt: skip
def test_everything_else_comes_to_none(text: str) -> None:
    assert value_of(text) is None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "28*28", 784),
        ("integer", "10/2", 5),
        ("integer", "7/2", 3.5),
        ("integer", "28*", "28*"),
        ("number", "1/4", 0.25),
        ("number", "2*3", 6.0),
        ("number", "5-5", 0.0),
        ("number", "1-", "1-"),
        ("shape", "7*7, 3", [49, 3]),
        ("shape", "28x28", [28, 28]),
        ("numbers", "1/2, 2", [0.5, 2.0]),
    ],
)
def test_fields_read_them(kind: Kind, text: str, value: OptionValue) -> None:
    assert from_text(kind, text) == value
    assert type(from_text(kind, text)) is type(value)


def test_the_result_takes_the_place_of_the_sum(world: World) -> None:
    _, node_id = world.draw(("Input", {}), ("Dense", {"units": 8}))
    world.select(node_id)
    page = world.workbench.inspector.page
    assert page is not None
    field = page.rows["units"].field
    assert isinstance(field, NumberField)
    field.setFocus()
    field.lineEdit().selectAll()
    QTest.keyClicks(field, "28*28")
    assert world.project.graph.node(node_id).options == {"units": 784}
    assert field.lineEdit().text() == "28*28"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.lineEdit().text() == "784"
    assert world.project.graph.node(node_id).options == {"units": 784}
    world.window.document.undo()
    assert world.project.graph.node(node_id).options == {"units": 8}


def test_half_a_sum_changes_nothing(world: World) -> None:
    _, node_id = world.draw(("Input", {}), ("Dense", {"units": 8}))
    world.select(node_id)
    page = world.workbench.inspector.page
    assert page is not None
    field = page.rows["units"].field
    assert isinstance(field, NumberField)
    field.setFocus()
    field.lineEdit().selectAll()
    QTest.keyClicks(field, "28*")
    assert world.project.graph.node(node_id).options == {"units": 8}
    assert page.rows["units"].is_wrong
