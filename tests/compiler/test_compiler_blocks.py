"""Blocks and shared layers: what is built of them, what is known of them, what is wrong."""

from typing import Any

import numpy as np
import pytest
from compiler_drawings import classes, drawing, told
from msgspec.structs import replace

from kgui.compiler import build, check
from kgui.compiler.fitting import Fitting
from kgui.engine.models import Model
from kgui.graph import Project, Wire, edits
from kgui.graph.blocks import BLOCK, BLOCK_INPUT, BLOCK_OUTPUT, path_to, put, within
from kgui.graph.expansion import expand
from kgui.graph.grouping import group, unpack
from kgui.graph.sharing import share, unshare


def _chain(**training: Any) -> Project:
    return drawing(
        {
            "a": ("Input", {"shape": [6]}),
            "b": ("Dense", {"units": 6, "activation": "relu"}),
            "c": ("Dropout", {"rate": 0.1}),
            "d": ("Dense", {"units": 6}),
            "e": ("Dense", {"units": 3, "activation": "softmax"}),
        },
        "a>b", "b>c", "c>d", "d>e", **training,
    )  # fmt: skip


def _twins() -> Project:
    """Two Inputs into two Denses that are one layer, and their sum."""
    project = drawing(
        {
            "one": ("Input", {"shape": [4]}),
            "two": ("Input", {"shape": [4]}),
            "left": ("Dense", {"units": 5}),
            "right": ("Dense", {"units": 7}),
            "sum": ("Add", {}),
        },
        "one>left", "two>right", "left>sum.0", "right>sum.1",
    )  # fmt: skip
    return share(project, ["left", "right"])


def _same_weights(one: Model, other: Model) -> None:
    assert len(one.weights) == len(other.weights)
    for mine, theirs in zip(one.weights, other.weights, strict=True):
        mine.assign(theirs.value)


def test_a_block_computes_what_its_layers_do() -> None:
    flat = _chain()
    grouped, block_id = group(flat, ["b", "c", "d"])
    rows = np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32)
    plain, nested = build(flat), build(grouped)
    assert [layer.name for layer in nested.layers] == ["a", "block", "e"]
    assert isinstance(nested.layers[1], Model)
    assert [layer.name for layer in nested.layers[1].layers] == ["input", "b", "c", "d"]
    _same_weights(nested, plain)
    np.testing.assert_array_equal(nested.predict(rows, verbose=0), plain.predict(rows, verbose=0))
    assert check(grouped).total_parameters == check(flat).total_parameters
    assert check(grouped).parameters[block_id] == plain.layers[1].count_params() * 2


def test_what_is_known_of_a_block_and_of_what_it_holds() -> None:
    grouped, block_id = group(_chain(), ["b", "c"])
    report = check(grouped)
    assert report.issues == ()
    assert report.shapes[block_id] == ((None, 6),)
    assert report.shapes["b"] == report.shapes["c"] == ((None, 6),)
    assert report.parameters["b"] == 42
    assert report.blocks_around["b"] == (block_id,)
    inside = within(grouped, (block_id,)).graph
    ports = [node for node in inside.nodes if node.type in (BLOCK_INPUT, BLOCK_OUTPUT)]
    assert [report.shapes[port.id] for port in ports] == [((None, 6),), ((None, 6),)]


@pytest.mark.parametrize("repeat", [1, 2, 4])
def test_repetitions_have_weights_of_their_own(repeat: int) -> None:
    grouped, block_id = group(_chain(), ["b", "c", "d"], "tower")
    repeated = edits.set_option(grouped, block_id, "repeat", repeat)
    model = build(repeated)
    names = ["tower", "tower_2", "tower_3", "tower_4"][:repeat]
    assert [layer.name for layer in model.layers] == ["a", *names, "e"]
    assert len({id(weight) for weight in model.weights}) == 4 * repeat + 2
    assert check(repeated).total_parameters == model.count_params()
    assert check(repeated).parameters[block_id] == 84 * repeat
    assert len(expand(repeated.graph).graph.nodes) == 2 + 3 * repeat


def test_a_later_repetition_that_does_not_fit_is_told_at_the_block() -> None:
    project = edits.set_option(_chain(), "b", "units", 7)
    project = edits.set_option(project, "d", "units", 5)
    project = drawing(
        {"a": ("Input", {"shape": [8]}), "r": ("Reshape", {"target_shape": [2, 4]}),
         "f": ("Flatten", {}), "d": ("Dense", {"units": 5})},
        "a>r", "r>f", "f>d",
    )  # fmt: skip
    grouped, block_id = group(project, ["r", "f", "d"])
    assert check(grouped).errors == ()
    repeated = edits.set_option(grouped, block_id, "repeat", 3)
    ((node_id, message),) = told(check(repeated))
    assert node_id == block_id
    assert message.startswith("r, in repetition 2: ")


def test_a_shared_layer_is_one_layer_and_counts_once() -> None:
    project = _twins()
    report = check(project)
    assert report.issues == ()
    assert report.parameters["left"] == 25
    assert "right" not in report.parameters
    assert report.total_parameters == 25
    assert report.shapes["right"] == ((None, 5),)
    model = build(project)
    assert model.count_params() == 25
    rows = [np.eye(4, dtype=np.float32), np.eye(4, dtype=np.float32)[::-1].copy()]
    kernel, bias = model.get_weights()
    expected = rows[0] @ kernel + bias + rows[1] @ kernel + bias
    np.testing.assert_allclose(model.predict(rows, verbose=0), expected, rtol=1e-6)


def test_a_shared_layer_refuses_another_size_where_it_is_used_again() -> None:
    project = edits.set_option(_twins(), "two", "shape", [3])
    ((node_id, message),) = told(check(project))
    assert node_id == "right"
    assert "4" in message and "3" in message


def test_options_of_a_shared_layer_are_set_from_everywhere() -> None:
    project = edits.set_option(_twins(), "right", "units", 9)
    assert project.graph.node("left").options == {"units": 9}
    assert project.graph.node("right").options == {}
    assert check(project).shapes["right"] == ((None, 9),)


def test_what_is_left_of_a_shared_layer_keeps_it() -> None:
    project = edits.remove(_twins(), ["left"])
    right = project.graph.node("right")
    assert (right.shares, right.options) == ("", {"units": 5})


def test_bypassing_the_owner_leaves_the_layer_to_the_others() -> None:
    project = drawing(
        {"a": ("Input", {"shape": [4]}), "b": ("Dense", {"units": 4}),
         "c": ("Dense", {"units": 4}), "d": ("Dense", {"units": 2})},
        "a>b", "b>c", "c>d",
    )  # fmt: skip
    project = share(project, ["b", "c"])
    nodes = tuple(replace(node, bypassed=node.id == "b") for node in project.graph.nodes)
    project = replace(project, graph=replace(project.graph, nodes=nodes))
    assert check(project).errors == ()
    assert build(project).count_params() == 20 + 10


def test_unsharing_gives_each_its_own() -> None:
    project = unshare(_twins(), ["right"])
    assert build(project).count_params() == 50
    project = unshare(_twins(), ["left"])
    assert project.graph.node("right").options == {"units": 5}
    assert build(project).count_params() == 50


def test_a_block_can_be_shared() -> None:
    project = drawing(
        {"one": ("Input", {"shape": [4]}), "two": ("Input", {"shape": [4]}),
         "left": ("Dense", {"units": 5}), "right": ("Dense", {"units": 5}), "sum": ("Add", {})},
        "one>left", "two>right", "left>sum.0", "right>sum.1",
    )  # fmt: skip
    project, first = group(project, ["left"])
    project, second = group(project, ["right"])
    project = share(project, [first, second])
    report = check(project)
    assert report.issues == ()
    assert report.total_parameters == build(project).count_params() == 25
    assert report.shapes[second] == ((None, 5),)


def test_blocks_stand_in_blocks() -> None:
    grouped, inner = group(_chain(), ["c", "d"], "inner")
    grouped, outer = group(grouped, ["b", inner], "outer")
    assert path_to(grouped, "d") == (outer, inner)
    report = check(grouped)
    assert report.issues == ()
    assert report.blocks_around["d"] == (outer, inner)
    assert report.parameters[outer] == report.parameters[inner] + 42
    model = build(grouped)
    nested = model.layers[1]
    assert isinstance(nested, Model)
    assert [layer.name for layer in nested.layers] == ["input", "b", "inner"]


def test_unpacking_is_the_reverse_of_grouping() -> None:
    flat = _chain()
    grouped, block_id = group(flat, ["b", "c", "d"])
    opened, ids = unpack(grouped, block_id)
    assert set(ids) == {"b", "c", "d"}
    assert opened.graph.nodes == flat.graph.nodes
    assert sorted(opened.graph.wires) == sorted(flat.graph.wires)


def test_several_ports_in_the_order_of_the_wires() -> None:
    project = drawing(
        {"a": ("Input", {"shape": [4]}), "b": ("Input", {"shape": [3]}),
         "c": ("Dense", {"units": 2}), "d": ("Concatenate", {}), "e": ("Dense", {"units": 5}),
         "f": ("Concatenate", {})},
        "a>c", "c>d.0", "b>d.1", "d>e", "c>f.0", "e>f.1",
    )  # fmt: skip
    grouped, block_id = group(project, ["c", "d", "e"])
    report = check(grouped)
    assert report.issues == ()
    assert report.shapes[block_id] == ((None, 2), (None, 5))
    assert build(grouped).outputs[0].shape == (None, 7)


def test_a_block_without_wires_is_told_once_at_the_block() -> None:
    grouped, block_id = group(_chain(), ["b", "c", "d"])
    wire = next(wire for wire in grouped.graph.wires if wire.target == block_id)
    cut = edits.disconnect(grouped, wire)
    found = told(check(cut))
    assert (block_id, "has no input") in found
    assert not any(node_id in ("b", "c", "d") for node_id, _ in found)


def test_faults_within_a_block_are_told_where_they_are() -> None:
    grouped, block_id = group(_chain(), ["b", "c", "d"])
    level = edits.set_option(within(grouped, (block_id,)), "d", "units", 0)
    broken = put(grouped, (block_id,), level)
    assert [node_id for node_id, _ in told(check(broken))] == ["d"]


def test_data_are_held_against_the_layer_in_the_block() -> None:
    grouped, _ = group(_chain(), ["e"])
    report = check(grouped, classes("x", "y", shape=(6,)))
    assert [node_id for node_id, _ in told(report)] == ["e"]
    assert check(grouped, classes("x", "y", "z", shape=(6,))).errors == ()


def test_ports_outside_and_inputs_inside_of_blocks() -> None:
    project = _chain()
    project = edits.add_node(project, edits.new_node(project, BLOCK_OUTPUT, (0, 0)))
    assert "has a place within blocks only" in [message for _, message in told(check(project))]
    grouped, block_id = group(_chain(), ["b", "c"])
    level = within(grouped, (block_id,))
    level = edits.add_node(level, edits.new_node(level, "Input", (0, 0), {"shape": [3]}))
    assert "stands in a block" in [
        message for _, message in told(check(put(grouped, (block_id,), level)))
    ]


def test_a_new_block_passes_data_on() -> None:
    project = drawing({"a": ("Input", {"shape": [4]}), "z": ("Dense", {"units": 2})})
    block = edits.new_node(project, BLOCK, (0, 0))
    project = edits.add_node(project, block)
    for source, target in (("a", block.id), (block.id, "z")):
        project = edits.connect(project, Wire(source, 0, target, 0))
    assert check(project).errors == ()
    assert build(project).count_params() == 10


def test_a_block_repeated_beyond_all_limits_is_refused() -> None:
    grouped, inner = group(_chain(), ["b", "c", "d"])
    grouped = edits.set_option(grouped, inner, "repeat", 1000)
    grouped, outer = group(grouped, [inner])
    grouped = edits.set_option(grouped, outer, "repeat", 1000)
    assert ("would make" in told(check(grouped))[0][1]) is True


def test_a_wire_into_a_block_is_judged_by_what_is_in_it() -> None:
    project = drawing(
        {"a": ("Input", {"shape": [6, 4]}), "b": ("Input", {"shape": [9]}),
         "r": ("Reshape", {"target_shape": [3, 3]}), "d": ("Dense", {"units": 2})},
        "b>r", "r>d",
    )  # fmt: skip
    grouped, block_id = group(project, ["r", "d"])
    fitting = Fitting(grouped.graph, check(grouped))
    assert fitting.why_not(Wire("b", 0, block_id, 0)) == ""
    reason = fitting.why_not(Wire("a", 0, block_id, 0))
    assert reason.startswith("r in block ")
