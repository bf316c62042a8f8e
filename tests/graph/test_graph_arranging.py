"""Things lined up: edges on one line, even gaps, chains that run level."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgui.graph import Wire
from kgui.graph.arranging import (
    CHAIN_GAP,
    Edge,
    Rectangle,
    Rectangles,
    align,
    bounds,
    distribute,
    straighten,
)

THREE: Rectangles = {
    "a": (0.0, 0.0, 100.0, 80.0),
    "b": (130.0, 50.0, 60.0, 30.0),
    "c": (300.0, -20.0, 100.0, 120.0),
}
NUMBER = st.integers(-1000, 1000).map(float)
SIZE = st.integers(1, 300).map(float)
RECTANGLES = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(NUMBER, NUMBER, SIZE, SIZE), max_size=8
)


def level(wire: Wire) -> tuple[float, float]:
    """Every wire begins and ends 10 below the top of its nodes."""
    return 10.0, 10.0


def test_bounds_hold_all() -> None:
    assert bounds(THREE.values()) == (0, -20, 400, 120)


@pytest.mark.parametrize(
    ("edge", "places"),
    [
        ("left", [(0, 0), (0, 50), (0, -20)]),
        ("right", [(300, 0), (340, 50), (300, -20)]),
        ("top", [(0, -20), (130, -20), (300, -20)]),
        ("bottom", [(0, 20), (130, 70), (300, -20)]),
        ("centre_horizontal", [(150, 0), (170, 50), (150, -20)]),
        ("centre_vertical", [(0, 0), (130, 25), (300, -20)]),
    ],
)
def test_align(edge: Edge, places: list[tuple[float, float]]) -> None:
    assert list(align(THREE, edge).values()) == places
    assert align({}, edge) == {}


def test_distribute_leaves_even_gaps() -> None:
    assert distribute(THREE, "horizontal") == {"a": (0, 0), "b": (170, 50), "c": (300, -20)}
    tall = {"a": THREE["a"], "b": THREE["b"], "d": (0.0, 180.0, 10.0, 20.0)}
    assert distribute(tall, "vertical") == {"a": (0, 0), "b": (130, 115), "d": (0, 180)}


def test_two_are_not_distributed() -> None:
    two = {key: THREE[key] for key in "ab"}
    assert distribute(two, "horizontal") == {"a": (0, 0), "b": (130, 50)}


@given(RECTANGLES)
def test_gaps_are_even_and_the_ends_stay(rectangles: Rectangles) -> None:
    places = distribute(rectangles, "horizontal")
    assert {key: place[1] for key, place in places.items()} == {
        key: rectangle[1] for key, rectangle in rectangles.items()
    }
    row = list(places)
    gaps = [
        places[after][0] - places[before][0] - rectangles[before][2]
        for before, after in itertools.pairwise(row)
    ]
    if len(row) > 2:
        assert gaps == pytest.approx([gaps[0]] * len(gaps))
    for end in row[:1] + row[-1:]:
        assert places[end] == pytest.approx(rectangles[end][:2])


@given(RECTANGLES, st.sampled_from(["left", "right", "top", "bottom", "centre_horizontal"]))
def test_aligning_twice_changes_nothing(rectangles: Rectangles, edge: Edge) -> None:
    once = placed(rectangles, align(rectangles, edge))
    twice = align(once, edge)
    for key, place in twice.items():
        assert place == pytest.approx(once[key][:2])


def placed(rectangles: Rectangles, places: dict[str, tuple[float, float]]) -> Rectangles:
    return {key: (*places[key], *rectangle[2:]) for key, rectangle in rectangles.items()}


def chain(*ids: str) -> list[Wire]:
    return [Wire(a, 0, b, 0) for a, b in itertools.pairwise(ids)]


def test_a_chain_runs_level_from_its_first_node() -> None:
    places = straighten(THREE, chain("a", "b", "c"), level)
    assert places == {"a": (0, 0), "b": (130, 0), "c": (300, 0)}


def test_ports_decide_what_is_level() -> None:
    places = straighten(THREE, chain("a", "b"), lambda wire: (40.0, 15.0))
    assert places == {"a": (0, 0), "b": (130, 25), "c": (300, -20)}


def test_nodes_that_would_cover_each_other_go_to_the_right() -> None:
    stacked = {key: (0.0, 100.0 * index, 90.0, 80.0) for index, key in enumerate("abc")}
    places = straighten(stacked, chain("a", "b", "c"), level)
    step = 90 + CHAIN_GAP
    assert places == {"a": (0, 0), "b": (step, 0), "c": (2 * step, 0)}


def test_a_branch_is_a_line_of_its_own() -> None:
    rectangles: dict[str, Rectangle] = {
        key: (200.0 * index, 7.0 * index, 100.0, 80.0) for index, key in enumerate("abcdefg")
    }
    wires = [*chain("a", "b", "c", "d", "g"), *chain("a", "e", "f", "g"), Wire("x", 0, "a", 0)]
    places = straighten(rectangles, wires, level)
    assert [places[key][1] for key in "abcdg"] == [0] * 5
    assert places["e"][1] == places["f"][1] == 28


def test_long_chains_are_quick() -> None:
    ids = [str(i) for i in range(10_000)]
    rectangles = dict.fromkeys(ids, (0.0, 0.0, 10.0, 10.0))
    wires = [Wire(a, 0, b, 0) for a, b in itertools.pairwise(ids)]
    assert straighten(rectangles, wires, level)[ids[-1]][0] == 9_999 * (10 + CHAIN_GAP)
