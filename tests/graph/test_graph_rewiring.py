"""Chains stay chains: healing, inserting, attaching, and going past what is bypassed."""

import pytest

from kgui.graph import Graph, Node, Project, Wire, edits, from_json, to_json
from kgui.graph.bypass import active, passed_origins, set_bypassed
from kgui.graph.diff import difference
from kgui.graph.rewiring import attach, heal, insert


def wires(project: Project) -> set[tuple[str, str, int]]:
    return {(wire.source, wire.target, wire.target_port) for wire in project.graph.wires}


@pytest.fixture
def branching() -> Project:
    """a -> b -> c, a -> c as well (the second input), c -> d and c -> e."""
    nodes = tuple(Node(name, "Add", name) for name in "abcde")
    lines = (("a", "b", 0), ("b", "c", 0), ("a", "c", 1), ("c", "d", 0), ("c", "e", 0))
    return Project(id="p", graph=Graph(nodes, tuple(Wire(s, 0, t, p) for s, t, p in lines)))


def test_heal_joins_what_the_node_stood_between(drawing: Project) -> None:
    healed = heal(drawing, ["n1"])
    assert wires(healed) == {("n0", "n2", 0), ("n2", "n3", 0)}
    assert [node.id for node in healed.graph.nodes] == ["n0", "n2", "n3"]


def test_heal_goes_past_several_in_a_row(drawing: Project) -> None:
    assert wires(heal(drawing, ["n1", "n2"])) == {("n0", "n3", 0)}


def test_heal_keeps_every_target_and_takes_the_first_input(branching: Project) -> None:
    assert wires(heal(branching, ["c"])) == {("a", "b", 0), ("b", "d", 0), ("b", "e", 0)}


def test_heal_at_the_ends_leaves_nothing_loose(drawing: Project) -> None:
    assert wires(heal(drawing, ["n0"])) == {("n1", "n2", 0), ("n2", "n3", 0)}
    assert wires(heal(drawing, ["n3"])) == {("n0", "n1", 0), ("n1", "n2", 0)}


def test_heal_cuts_the_wires_named(drawing: Project) -> None:
    healed = heal(drawing, ["n2"], [drawing.graph.wires[0]])
    assert wires(healed) == {("n1", "n3", 0)}
    assert heal(drawing, ()) is drawing


def test_heal_of_an_unknown_id_is_a_key_error(drawing: Project) -> None:
    with pytest.raises(KeyError):
        heal(drawing, ["nobody"])


def test_insert_puts_the_node_between_both_ends(drawing: Project) -> None:
    project = edits.add_node(drawing, Node("new", "Dropout", "dropout"))
    project = insert(project, "new", drawing.graph.wires[1])
    assert wires(project) == {("n0", "n1", 0), ("n1", "new", 0), ("new", "n2", 0), ("n2", "n3", 0)}


def test_insert_that_closes_a_circle_is_refused(branching: Project) -> None:
    with pytest.raises(ValueError, match="circle"):
        insert(branching, "d", branching.graph.wires[0], port=1)


def test_attach_passes_over_what_has_no_end_or_no_room(drawing: Project) -> None:
    project = edits.add_node(drawing, Node("new", "Dense", "dense_2"))
    lines = [Wire("gone", 0, "new", 0), Wire("n1", 0, "new", 0), Wire("n0", 0, "new", 0)]
    assert wires(attach(project, lines)) == wires(drawing) | {("n1", "new", 0)}
    assert attach(project, lines[:1]) is project


def test_bypassed_nodes_are_gone_past(branching: Project) -> None:
    project = set_bypassed(branching, ["b", "c"], bypassed=True)
    assert {(w.source, w.target) for w in active(project.graph).wires} == {("a", "d"), ("a", "e")}
    assert passed_origins(project.graph) == {"b": ("a", 0), "c": ("a", 0)}
    assert wires(project) == wires(branching)
    back = set_bypassed(project, ["b", "c"], bypassed=False)
    assert back == branching
    assert active(back.graph) is back.graph


def test_bypassing_is_a_change_of_the_graph_and_is_kept(drawing: Project) -> None:
    project = set_bypassed(drawing, ["n1"], bypassed=True)
    assert set_bypassed(project, ["n1"], bypassed=True) is project
    assert difference(drawing, project).graph_changed
    data = to_json(project)
    assert b'"bypassed": true' in data
    assert b"bypassed" not in to_json(drawing)
    assert from_json(data, "x.kgui") == project
