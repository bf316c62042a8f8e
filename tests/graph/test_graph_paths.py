"""Order, circles and reach, against naive versions."""

from hypothesis import given
from hypothesis import strategies as st

from kgui.graph import Project, Wire
from kgui.graph.paths import circles, downstream, in_order

IDS = [str(i) for i in range(8)]
EDGES = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] != pair[1]),
    max_size=14,
)


def _wires(pairs: list[tuple[str, str]]) -> list[Wire]:
    return [Wire(a, 0, b, port) for port, (a, b) in enumerate(pairs)]


def _reach(pairs: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Who leads to whom, by squaring the relation until nothing is new."""
    reach = set(pairs)
    while new := {(a, d) for a, b in reach for c, d in reach if b == c} - reach:
        reach |= new
    return reach


@given(EDGES)
def test_order_leads_forward_and_leaves_out_what_hangs_on_circles(
    pairs: list[tuple[str, str]],
) -> None:
    order = in_order(IDS, _wires(pairs))
    place = {node_id: index for index, node_id in enumerate(order)}
    assert all(place[a] < place[b] for a, b in pairs if b in place)
    reach = _reach(pairs)
    round_about = {a for a, b in reach if a == b}
    behind = {b for a, b in reach if a in round_about}
    assert set(order) == set(IDS) - round_about - behind


@given(EDGES)
def test_circles_are_circles_and_none_stays_hidden(pairs: list[tuple[str, str]]) -> None:
    found = circles(IDS, _wires(pairs))
    for circle in found:
        assert set(zip(circle, [*circle[1:], circle[0]], strict=True)) <= set(pairs)
    members = [node_id for circle in found for node_id in circle]
    assert len(members) == len(set(members))
    rest = [(a, b) for a, b in pairs if a not in members and b not in members]
    assert not any(a == b for a, b in _reach(rest))


@given(EDGES, st.sampled_from(IDS))
def test_downstream(pairs: list[tuple[str, str]], start: str) -> None:
    expected = {start} | {b for a, b in _reach(pairs) if a == start}
    assert downstream([start], _wires(pairs)) == expected


def test_order_keeps_the_document_order_where_it_can() -> None:
    assert in_order(["a", "b", "c", "d"], [Wire("c", 0, "a", 0)]) == ["b", "c", "a", "d"]


def test_nothing_recurses(chain: Project) -> None:
    ids, wires = [node.id for node in chain.graph.nodes], chain.graph.wires
    assert in_order(ids, wires) == ids
    assert circles(ids, wires) == []
    closed = [*wires, Wire(ids[-1], 0, ids[0], 0)]
    (circle,) = circles(ids, closed)
    assert len(circle) == len(ids)
    assert len(downstream([ids[0]], wires)) == len(ids)


def test_many_circles_behind_a_long_tail_take_linear_time() -> None:
    pairs = [(f"c{i}", f"d{i}") for i in range(4000)] + [(f"d{i}", f"c{i}") for i in range(4000)]
    tail = [("d0", "t0")] + [(f"t{i}", f"t{i + 1}") for i in range(2000)]
    into = [(f"d{i}", "t0") for i in range(4000)]
    wires = [Wire(a, 0, b, 0) for a, b in pairs + tail + into]
    ids = dict.fromkeys(end for wire in reversed(wires) for end in (wire.target, wire.source))
    assert len(circles(ids, wires)) == 4000
