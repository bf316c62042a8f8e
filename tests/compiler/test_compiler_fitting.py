"""Wires judged by shape before they are drawn, in the words of the layer at their end."""

import pytest
from compiler_drawings import drawing, wire

from kgui.compiler import check
from kgui.compiler.catalog import node_types
from kgui.compiler.fitting import Fitting, why_not_take
from kgui.graph.bypass import set_bypassed
from kgui.graph.project import Project

LAYERS = {
    "picture": ("Input", {"shape": [8, 8, 3]}),
    "row": ("Input", {"shape": [64]}),
    "join": ("Concatenate", {}),
    "repeat": ("RepeatVector", {"n": 3}),
    "dense": ("Dense", {"units": 4}),
    "broken": ("RepeatVector", {"n": -3}),
}


def fitting(*wires: str) -> tuple[Project, Fitting]:
    project = drawing(LAYERS, *wires)
    return project, Fitting(project.graph, check(project))


def test_the_reason_names_layer_and_shapes() -> None:
    _, found = fitting("picture>join")
    reason = found.why_not(wire("row>join.1"))
    assert reason.startswith("Concatenate needs inputs whose shapes are the same")
    assert "(None, 8, 8, 3)" in reason
    assert "(None, 64)" in reason
    assert found.why_not(wire("picture>join.1")) == ""


def test_a_wire_that_is_replaced_does_not_count() -> None:
    _, found = fitting("picture>join", "picture>join.1")
    assert found.why_not(wire("row>join.1"))
    _, found = fitting("picture>join")
    assert found.why_not(wire("row>join.0")) == ""


def test_ranks_are_judged() -> None:
    _, found = fitting()
    assert found.why_not(wire("row>repeat")) == ""
    assert "2 axes" in found.why_not(wire("picture>repeat"))


def test_what_is_not_known_fits() -> None:
    _, found = fitting()
    assert found.why_not(wire("dense>repeat")) == ""
    assert found.why_not(wire("picture>broken")) == ""


def test_a_bypassed_layer_takes_anything() -> None:
    project = set_bypassed(drawing(LAYERS), ["repeat"], bypassed=True)
    assert Fitting(project.graph, check(project)).why_not(wire("picture>repeat")) == ""


def test_inputs_feed_only_what_takes_their_shape() -> None:
    _, found = fitting()
    given = node_types()["Input"]
    assert found.why_not_feed(given, {"shape": [5]}, "repeat", 0) == ""
    assert "2 axes" in found.why_not_feed(given, {"shape": [5, 5]}, "repeat", 0)
    assert found.why_not_feed(node_types()["Dense"], {"units": 3}, "repeat", 0) == ""


@pytest.mark.parametrize(
    ("kind", "shape", "fits"),
    [("Dense", (None, 3), True), ("Input", (None, 3), False), ("RepeatVector", (None, 3, 3), False),
     ("Add", (None, 3), True), ("Nothing", (None, 3), True)],
)  # fmt: skip
def test_new_layers_are_judged_by_what_would_come(
    kind: str, shape: tuple[int | None, ...], fits: bool
) -> None:
    assert (why_not_take(kind, _options(kind), [shape]) == "") == fits


def _options(kind: str) -> dict[str, int]:
    return {"Dense": {"units": 3}, "RepeatVector": {"n": 2}}.get(kind, {})
