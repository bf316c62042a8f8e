"""Text to value and back."""

import pytest

from kgui.compiler.node_types import Kind
from kgui.graph.project import OptionValue
from kgui.widgets.typed_text import from_text, to_text


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "64", 64),
        ("integer", " -3 ", -3),
        ("integer", "", None),
        ("integer", "6.5", 6.5),
        ("integer", "many", "many"),
        ("integer", "1_000", "1_000"),
        ("integer", "١٢٣", "١٢٣"),
        ("integer", "9" * 5000, "9" * 5000),
        ("number", "1e-3", 0.001),
        ("number", ".5", 0.5),
        ("number", "1e999", "1e999"),
        ("number", "nan", "nan"),
        ("shape", "28, 28, 1", [28, 28, 1]),
        ("shape", "(28, 28)", [28, 28]),
        ("shape", "28 × 28", [28, 28]),
        ("shape", "784", [784]),
        ("shape", "any, 3", [None, 3]),
        ("shape", "", None),
        ("shape", "28, x", "28, x"),
        ("integers", "1", 1),
        ("integers", "1, 2", [1, 2]),
        ("numbers", "-0.5, 1e3", [-0.5, 1000.0]),
        ("numbers", "[2]", [2.0]),
        ("numbers", "", None),
        ("numbers", "1, x", "1, x"),
        ("numbers", "1,,2", "1,,2"),
        ("text", " relu ", "relu"),
    ],
)
def test_text_is_read_as_it_was_meant(kind: Kind, text: str, value: OptionValue) -> None:
    assert from_text(kind, text) == value
    assert type(from_text(kind, text)) is type(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", 512),
        ("number", 0.001),
        ("number", 1e-7),
        ("shape", [28, 28, 1]),
        ("shape", [None, 3]),
        ("integers", 2),
        ("integers", [1, 2]),
        ("numbers", [-0.5, 1.25]),
        ("integer", None),
    ],
)
def test_what_is_shown_reads_as_the_same_value(kind: Kind, value: OptionValue) -> None:
    assert from_text(kind, to_text(kind, value)) == value
