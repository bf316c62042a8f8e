"""Layers from left to right, rows apart, wires straight; the same every time."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgui.graph import Graph, Node, Project, Wire, arrange, edits
from kgui.graph.layout import COLUMN_WIDTH, ROW_HEIGHT


def _project(number: int, pairs: list[tuple[int, int]]) -> Project:
    """Nodes 0, 1, ... and a wire for each pair, at the next port of its target."""
    ports = [0] * number
    wires = []
    for source, target in pairs:
        wires.append(Wire(str(source), 0, str(target), ports[target]))
        ports[target] += 1
    nodes = tuple(Node(str(i), "Dense", f"n{i}", {}, (7.0 * i, -3.0 * i)) for i in range(number))
    return Project(id="p", graph=Graph(nodes, tuple(wires)))


PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30).map(
    lambda pairs: sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
)


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_wires_lead_right_and_nothing_overlaps(pairs: list[tuple[int, int]]) -> None:
    project = _project(12, pairs)
    positions = arrange(project)
    assert positions.keys() == {str(i) for i in range(12)}
    for source, target in pairs:
        assert positions[str(source)][0] + COLUMN_WIDTH <= positions[str(target)][0]
    for (x1, y1), (x2, y2) in itertools.combinations(positions.values(), 2):
        assert abs(x1 - x2) >= COLUMN_WIDTH or abs(y1 - y2) >= ROW_HEIGHT - 1
    corner = [min(axis) for axis in zip(*positions.values(), strict=True)]
    assert corner == [0.0, -33.0]
    assert arrange(edits.move(project, positions)) == positions


def test_a_chain_is_a_line() -> None:
    positions = arrange(_project(4, [(0, 1), (1, 2), (2, 3)]))
    assert list(positions.values()) == [(i * COLUMN_WIDTH, -9.0) for i in range(4)]


def test_a_long_wire_runs_beside_the_nodes() -> None:
    positions = arrange(_project(4, [(0, 1), (1, 2), (2, 3), (0, 3)]))
    beside = {positions[i][1] for i in "12"}
    assert len(beside) == 1
    straight = (positions["0"][1] + positions["3"][1]) / 2
    assert abs(straight - beside.pop()) >= ROW_HEIGHT / 4


def test_a_tree_has_no_crossing() -> None:
    pairs = [(0, 1), (0, 2), (2, 5), (1, 6), (2, 3), (1, 4)]
    positions = arrange(_project(7, pairs))
    for (a, b), (c, d) in itertools.combinations(pairs, 2):
        if positions[str(a)][0] == positions[str(c)][0] and a != c:
            above = positions[str(a)][1] < positions[str(c)][1]
            assert (positions[str(b)][1] < positions[str(d)][1]) == above


def test_ports_decide_who_is_above() -> None:
    nodes = tuple(Node(i, "Dense", i) for i in "abm")
    wires = (Wire("a", 0, "m", 1), Wire("b", 0, "m", 0))
    positions = arrange(Project(graph=Graph(nodes, wires)))
    assert positions["b"][1] < positions["a"][1]


def test_a_selection_stays_where_it_is() -> None:
    project = edits.move(_project(5, [(0, 1), (1, 2), (2, 3), (3, 4)]), {"2": (50.0, 70.0)})
    positions = arrange(project, ["2", "3"], column_width=100)
    assert positions == {"2": (21.0, -9.0), "3": (121.0, -9.0)}
    assert arrange(project, []) == {}
    with pytest.raises(KeyError):
        arrange(project, ["2", "nix"])


def test_circles_do_not_hang_it() -> None:
    wires = (Wire("0", 0, "1", 0), Wire("1", 0, "0", 0))
    project = Project(graph=Graph(_project(2, []).graph.nodes, wires))
    assert len(set(arrange(project).values())) == 2


def test_large_drawings(chain: Project) -> None:
    assert len(arrange(chain)) == 10_000
    skips = [(i, i + step) for i in range(0, 900, 3) for step in (1, 2, 90)]
    project = _project(1_000, sorted(set(skips)))
    start = time.perf_counter()
    arrange(project)
    assert time.perf_counter() - start < 2
