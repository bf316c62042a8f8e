"""What contradicts itself is found, all of it, and what does not is left alone."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgui.graph import Frame, Graph, Node, Note, Project, Wire
from kgui.graph.rules import faults, why_not_name, why_not_text, why_not_value

NAMES = ["a", "b", "c", "d"]
NODES = tuple(Node(f"id_{name}", "Dense", name) for name in NAMES)
ENDS = st.sampled_from([*(node.id for node in NODES), "id_nowhere"])
WIRES = st.lists(st.builds(Wire, ENDS, st.integers(0, 1), ENDS, st.integers(0, 1)), max_size=7)


def _cyclic(wires: list[Wire]) -> bool:
    """Kahn's algorithm as one would write it on paper."""
    pairs = {(w.source, w.target) for w in wires if w.source != w.target}
    pairs = {pair for pair in pairs if "id_nowhere" not in pair}
    while pairs:
        targets = {target for _, target in pairs}
        rest = {pair for pair in pairs if pair[0] in targets}
        if rest == pairs:
            return True
        pairs = rest
    return False


@given(WIRES)
def test_every_kind_of_wrong_wire_is_counted(wires: list[Wire]) -> None:
    found = faults(Project(graph=Graph(NODES, tuple(wires))))
    distinct = set(wires)
    at_port = Counter((wire.target, wire.target_port) for wire in distinct)
    expected = {
        "which is no node": sum((w.source, w.target).count("id_nowhere") for w in wires),
        "is wired to itself": sum(w.source == w.target for w in wires),
        "is there": sum(count > 1 for count in Counter(wires).values()),
        "more than one wire ends": sum(count > 1 for count in at_port.values()),
    }
    for words, number in expected.items():
        assert sum(words in fault for fault in found) == number, words
    assert any("in a circle" in fault for fault in found) == _cyclic(wires)
    circles = sum("in a circle" in fault for fault in found)
    assert len(found) == sum(expected.values()) + circles


def test_a_sound_project_has_no_fault(drawing: Project, chain: Project) -> None:
    assert faults(drawing) == []
    assert faults(chain) == []


def test_nodes_are_named_in_the_sentences() -> None:
    wires = (Wire("id_a", 0, "id_b", 0), Wire("id_b", 0, "id_a", 0))
    (fault,) = faults(Project(graph=Graph(NODES, wires)))
    assert fault == 'the wires run in a circle: "b" → "a" → "b"'


def test_repeated_ids_and_names() -> None:
    nodes = (Node("1", "Dense", "a"), Node("1", "Dense", "b"), Node("2", "Dense", "b"))
    assert faults(Project(graph=Graph(nodes))) == [
        'the id "1" belongs to more than one node: "a", "b"',
        'more than one node has the name "b"',
    ]


@pytest.mark.parametrize("name", ["", "1a", "a b", "é", "../x", "a" * 65, "a\n", "a-b", "\u202ea"])
def test_hostile_names_are_refused(name: str) -> None:
    assert why_not_name(name)
    fault, *_ = faults(Project(graph=Graph((Node("1", "Dense", name),))))
    assert fault.startswith("$.nodes[0].name (node ")
    assert fault.isprintable()


@pytest.mark.parametrize("text", ["\0", "a\u202eb", "\x1b[0m", "\ud800", "é" * 2049, "a" * 4097])
def test_texts_that_hide_or_flood(text: str) -> None:
    assert why_not_text(text)
    assert why_not_value([[text]])
    assert faults(Project(notes=(Note("1", text),)))
    assert faults(Project(frames=(Frame("1", text, (0, 0, 1, 1)),)))
    assert faults(Project(id=text))


@pytest.mark.parametrize("text", ["", "a\nb\tc", "模型", "👩\u200d🔬", "a\u00a0b", "a" * 4096])
def test_texts_that_people_write(text: str) -> None:
    assert why_not_text(text) == ""


def _nested(depth: int) -> list[object]:
    value: list[object] = [0]
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize("value", [None, True, -(2**53), 1e308, "x", [[1, 2], [None]], _nested(8)])
def test_values_that_are_kept(value: object) -> None:
    assert why_not_value(value) == ""


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("-inf"),
        2**53 + 1,
        pytest.param(10**5000, id="an integer too long to print"),
        [1, [float("inf")]],
        {"a": 1},
        (1, 2),
        _nested(9),
        pytest.param(_nested(5000), id="deep"),
        [0] * 10_001,
    ],
)
def test_values_that_are_not(value: object) -> None:
    assert why_not_value(value)
    node = Node("1", "Dense", "a", {"units": value})  # type: ignore[dict-item] # the point
    (fault,) = faults(Project(graph=Graph((node,))))
    assert fault.startswith('$.nodes[0].options.units (node "a"): ')


def test_sizes_come_alone(chain: Project) -> None:
    graph = Graph((*chain.graph.nodes, Node("n0", "Dense", "1")), chain.graph.wires * 6)
    assert faults(Project(graph=graph)) == [
        "it has 10001 nodes; at most 10000 are possible",
        "it has 59994 wires; at most 50000 are possible",
    ]


def test_too_many_options() -> None:
    node = Node("1", "Dense", "a", {f"k{i}": 1 for i in range(201)})
    sentence = 'node "a" has 201 options; at most 200 are possible'
    assert faults(Project(graph=Graph((node,)))) == [sentence]


def test_other_parts_of_the_document() -> None:
    frames = (Frame("f", "", (0, 0, float("nan"), 1)), Frame("f", "", (0, 0, 1, 1)))
    found = faults(Project(id="", frames=frames, notes=(Note("", "x"),)))
    assert found == [
        "$.id: the id is empty",
        '$.frames: the id "f" is there more than once',
        "$.frames[0]: the position is not finite",
        "$.notes[0]: the id is empty",
    ]
