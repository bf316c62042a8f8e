"""Edits change what they say, nothing else, and refuse what the file would refuse."""

from collections.abc import Callable

import pytest

from kgui.graph import Graph, Node, Project, Wire, edits
from kgui.graph.rules import faults

NOTHING_CHANGED: list[Callable[[Project], Project]] = [
    lambda p: edits.remove(p, []),
    lambda p: edits.move(p, {}),
    lambda p: edits.move(p, {"n1": (220.0, 0.0)}),
    lambda p: edits.connect(p, Wire("n0", 0, "n1", 0)),
    lambda p: edits.rename(p, "n2", "dense"),
    lambda p: edits.set_option(p, "n2", "units", 64),
    lambda p: edits.reset_option(p, "n2", "use_bias"),
    lambda p: edits.set_data(p, source="sample:mnist"),
    lambda p: edits.set_training(p),
    lambda p: edits.paste(p, [], [], (0, 0))[0],
]

UNKNOWN: list[Callable[[Project], object]] = [
    lambda p: edits.remove(p, ["nix"]),
    lambda p: edits.remove(p, [], [Wire("n0", 0, "n2", 0)]),
    lambda p: edits.move(p, {"nix": (0, 0)}),
    lambda p: edits.connect(p, Wire("nix", 0, "n1", 0)),
    lambda p: edits.why_not_connect(p, Wire("n1", 0, "nix", 0)),
    lambda p: edits.disconnect(p, Wire("n0", 0, "n3", 0)),
    lambda p: edits.rename(p, "nix", "a"),
    lambda p: edits.set_option(p, "nix", "a", 1),
    lambda p: edits.reset_option(p, "nix", "a"),
]

REFUSED: list[Callable[[Project], object]] = [
    lambda p: edits.add_node(p, Node("n0", "Dense", "fresh")),
    lambda p: edits.add_node(p, Node("n9", "Dense", "dense")),
    lambda p: edits.add_node(p, Node("n9", "Dense", "not a name")),
    lambda p: edits.add_node(p, Node("n9", "not a type", "fresh")),
    lambda p: edits.add_node(p, Node("n9", "Dense", "fresh", {"units": float("nan")})),
    lambda p: edits.connect(p, Wire("n0", 0, "n1", 1001)),
    lambda p: edits.rename(p, "n2", "dense_1"),
    lambda p: edits.rename(p, "n2", "../x"),
    lambda p: edits.set_option(p, "n2", "units", 10**30),
    lambda p: edits.set_option(p, "n2", "a key", 1),
    lambda p: edits.set_option(
        edits.add_node(p, Node("n9", "Dense", "full", {f"k{i}": i for i in range(200)})),
        *("n9", "one_more", 1),
    ),
    lambda p: edits.add_node(p, Node("n9", "Dense", "full", {f"k{i}": i for i in range(201)})),
    lambda p: edits.set_data(p, validation=1.5),
    lambda p: edits.set_data(p, source="a\0b"),
    lambda p: edits.set_training(p, epochs=0),
    lambda p: edits.set_training(p, epochs=10**30),
    lambda p: edits.set_training(p, learning_rate=float("inf")),
    lambda p: edits.paste(p, [p.graph.nodes[0]] * 2, [], (0, 0)),
    lambda p: edits.paste(p, [Node("a", "Dense", "")], [], (0, 0)),
]


@pytest.mark.parametrize("edit", NOTHING_CHANGED)
def test_the_same_object_where_nothing_changes(
    drawing: Project, edit: Callable[[Project], Project]
) -> None:
    assert edit(drawing) is drawing


@pytest.mark.parametrize("edit", UNKNOWN)
def test_unknown_ids_are_key_errors(drawing: Project, edit: Callable[[Project], object]) -> None:
    with pytest.raises(KeyError):
        edit(drawing)


@pytest.mark.parametrize("edit", REFUSED)
def test_refusals_are_sentences(drawing: Project, edit: Callable[[Project], object]) -> None:
    with pytest.raises(ValueError, match=r"^[^a-z][^\n]+[^.]\.$"):
        edit(drawing)


def test_new_node_has_a_fresh_id_and_the_next_name(drawing: Project) -> None:
    node = edits.new_node(drawing, "Dense", (1, 2e9), {"shape": (1, (2,))})  # type: ignore[dict-item] # tuples become lists
    assert node.id not in {"n0", "n1", "n2", "n3"}
    assert (node.type, node.name, node.position) == ("Dense", "dense_2", (1.0, 1e6))
    assert node.options == {"shape": [1, [2]]}
    assert edits.new_node(drawing, "ReLU", (0, 0)).name == "re_lu"


def test_add_node_appends(drawing: Project) -> None:
    node = Node("n9", "Dense", "last", {}, (0.0, float("-inf")))
    with pytest.raises(ValueError, match="finite"):
        edits.add_node(drawing, node)
    node = Node("n9", "Dense", "last", {}, (0.0, 3e6))
    added = edits.add_node(drawing, node)
    assert added.graph.nodes[:-1] == drawing.graph.nodes
    assert added.graph.nodes[-1] == Node("n9", "Dense", "last", {}, (0.0, 1e6))


def test_remove_takes_the_wires_along(drawing: Project) -> None:
    rest = edits.remove(drawing, ["n2"])
    assert [node.id for node in rest.graph.nodes] == ["n0", "n1", "n3"]
    assert rest.graph.wires == (Wire("n0", 0, "n1", 0),)


def test_remove_wires_only(drawing: Project) -> None:
    wire = Wire("n1", 0, "n2", 0)
    cut = edits.disconnect(drawing, wire)
    assert wire not in cut.graph.wires
    assert len(cut.graph.wires) == 2
    assert cut.graph.nodes is not None
    assert edits.connect(cut, wire).graph.wires[-1] == wire


def test_move_holds_positions_within_reach(drawing: Project) -> None:
    moved = edits.move(drawing, {"n0": (1e308, float("nan")), "n1": (5, 6)})
    assert moved.graph.node("n0").position == (1e6, 0.0)
    assert moved.graph.node("n1").position == (5.0, 6.0)
    assert moved.graph.node("n2") is drawing.graph.node("n2")


def test_connect_replaces_what_was_on_the_port(drawing: Project) -> None:
    connected = edits.connect(drawing, Wire("n0", 0, "n3", 0))
    assert [wire for wire in connected.graph.wires if wire.target == "n3"] == [
        Wire("n0", 0, "n3", 0)
    ]


def test_why_not_connect(drawing: Project) -> None:
    assert edits.why_not_connect(drawing, Wire("n0", 0, "n3", 1)) == ""
    assert (
        edits.why_not_connect(drawing, Wire("n2", 0, "n2", 0)) == "dense cannot be its own input."
    )
    circle = edits.why_not_connect(drawing, Wire("n3", 0, "n1", 0))
    assert circle == "dense_1 depends on flatten already; this wire would close a circle."
    with pytest.raises(ValueError, match="circle"):
        edits.connect(drawing, Wire("n3", 0, "n1", 0))


def test_rename(drawing: Project) -> None:
    assert edits.rename(drawing, "n2", "hidden").graph.node("n2").name == "hidden"
    assert edits.why_not_rename(drawing, "n2", "hidden") == ""
    assert edits.why_not_rename(drawing, "n2", "flatten") == 'Another node has the name "flatten".'


def test_set_and_reset_option(drawing: Project) -> None:
    changed = edits.set_option(drawing, "n2", "units", 65)
    assert changed.graph.node("n2").options["units"] == 65
    assert drawing.graph.node("n2").options["units"] == 64
    assert "units" not in edits.reset_option(changed, "n2", "units").graph.node("n2").options
    assert edits.set_option(changed, "n2", "units", 64) == drawing


def test_an_option_may_change_its_type_alone(drawing: Project) -> None:
    one = edits.set_option(drawing, "n2", "axis", 1)
    assert edits.set_option(one, "n2", "axis", True).graph.node("n2").options["axis"] is True
    assert isinstance(
        edits.set_option(one, "n2", "axis", 1.0).graph.node("n2").options["axis"], float
    )


def test_settings(drawing: Project) -> None:
    assert edits.set_data(drawing, target="species").data.target == "species"
    assert edits.set_training(drawing, metrics=["mae"]).training.metrics == ("mae",)
    with pytest.raises(ValueError, match=r'^Missing is "x"; possible are "drop", "refuse"\.$'):
        edits.set_data(drawing, missing="x")
    with pytest.raises(TypeError):
        edits.set_training(drawing, epoch=3)


def test_paste_makes_copies_with_the_wires_between_them(drawing: Project) -> None:
    nodes = drawing.graph.nodes[1:3]
    pasted, ids = edits.paste(drawing, nodes, drawing.graph.wires, (10.0, 20.0))
    first, second = (pasted.graph.node(node_id) for node_id in ids)
    assert pasted.graph.nodes == (*drawing.graph.nodes, first, second)
    assert (first.name, first.position) == ("flatten_1", (230.0, 20.0))
    assert (second.name, second.options) == ("dense_2", nodes[1].options)
    assert pasted.graph.wires == (*drawing.graph.wires, Wire(first.id, 0, second.id, 0))
    assert faults(pasted) == []


def test_limits(chain: Project) -> None:
    with pytest.raises(ValueError, match="at most 10000 nodes"):
        edits.add_node(chain, Node("more", "Dense", "more"))
    with pytest.raises(ValueError, match="at most 10000 nodes"):
        edits.paste(chain, chain.graph.nodes[:2], [], (0, 0))
    nodes = chain.graph.nodes[:52]
    pairs = [(a, b) for a in range(51) for b in range(a + 1, 52)]
    wires = [Wire(f"n{a}", 0, f"n{b}", 52 * p + a) for p in range(19) for a, b in pairs]
    wires += [Wire("n0", 0, "n51", 988 - i) for i in range(50_000)]
    full = Project(graph=Graph(nodes, tuple(dict.fromkeys(wires[:50_000]))))
    assert len(full.graph.wires) < 50_000
    crowded = Project(graph=Graph(nodes, tuple(wires[:50_000])))
    with pytest.raises(ValueError, match="at most 50000 wires"):
        edits.connect(crowded, Wire("n0", 0, "n1", 999))


def test_a_deep_chain(chain: Project) -> None:
    assert "circle" in edits.why_not_connect(chain, Wire("n9999", 0, "n0", 0))
    assert edits.why_not_connect(chain, Wire("n0", 0, "n9999", 1)) == ""
