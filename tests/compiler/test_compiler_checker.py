"""The checker without data: shapes, counts, and every fault at the node it belongs to."""

import time
import tracemalloc
from typing import Any

import pytest
from compiler_drawings import chain, classifier, drawing, only, told, wire

from kgui.compiler import check
from kgui.compiler.issues import Issue
from kgui.engine.backend import get_session
from kgui.graph import Graph, Node, Project

SHAPED = ("Input", {"shape": [28, 28]})
FLAT = ("Input", {"shape": [4]})
FLATTEN: tuple[str, dict[str, Any]] = ("Flatten", {})
ADD: tuple[str, dict[str, Any]] = ("Add", {})


def dense(units: Any) -> tuple[str, dict[str, Any]]:
    return ("Dense", {"units": units})


def test_shapes_and_parameters() -> None:
    report = check(classifier([28, 28], 10))
    assert report.issues == ()
    assert report.shapes == {
        "a": ((None, 28, 28),), "b": ((None, 784),), "c": ((None, 10),),
    }  # fmt: skip
    assert report.parameters == {"a": 0, "b": 0, "c": 7850}
    assert report.total_parameters == 7850


def test_nothing_global_is_touched() -> None:
    names, state = dict(get_session().names), get_session().random.getstate()
    check(classifier([5, 7], 3))
    assert dict(get_session().names) == names
    assert get_session().random.getstate() == state


def test_empty_drawing() -> None:
    issue = only(check(Project()))
    assert (issue.node_id, issue.severity, issue.message) == (
        None, "error", "The drawing is empty",
    )  # fmt: skip


def test_drawing_without_an_input() -> None:
    report = check(chain(dense(3), dense(4)))
    assert told(report) == [
        (None, "The drawing needs an Input, where the data come in"),
        ("a", "has no input"),
    ]
    assert report.shapes == {}


def test_unknown_type_leaves_what_follows_unknown() -> None:
    report = check(chain(FLAT, ("Convolution99", {"filters": 3}), dense(4), dense(2)))
    assert told(report) == [("b", "Convolution99 is not a layer that this program knows")]
    assert set(report.shapes) == {"a"}
    assert set(report.parameters) == {"a"}


def test_bad_unknown_and_missing_options() -> None:
    bad = ("Dense", {"unit": 5, "activation": "rule"})
    report = check(chain(FLAT, bad, dense(4)))
    assert [(i.node_id, i.option) for i in report.issues] == [
        ("b", "unit"), ("b", "activation"), ("b", "units"),
    ]  # fmt: skip
    assert [i.message for i in report.issues][::2] == [
        "Dense has no option unit", "units is not set",
    ]  # fmt: skip


def test_options_that_fit_alone_but_not_together_are_the_engines_to_refuse() -> None:
    report = check(chain(FLAT, ("Dense", {"units": 3, "bias_initializer": "orthogonal"})))
    assert told(report) == [
        ("b", "cannot start weights of shape (3,) as orthogonal: that takes two axes")
    ]


def test_own_faults_downstream_of_a_fault_are_told_but_no_others() -> None:
    report = check(chain(FLAT, dense(0), ADD, dense("x")))
    assert [node for node, _ in told(report)] == ["b", "d"]


def test_missing_input_has_a_hint() -> None:
    report = check(drawing({"in": FLAT, "out": dense(1), "stray": dense(2)}, "in>out"))
    issue = only(report)
    assert (issue.node_id, issue.message, issue.hint) == (
        "stray", "has no input", "Connect a wire to it",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wires", "message"),
    [
        (["a>c", "b>c.1"], "has a wire at input 2, but only 1 input"),
        (["a>c", "b>c"], "has 2 wires at input 1"),
        (["b>c.7", "a>c"], "has a wire at input 8, but only 1 input"),
        (["a.3>c", "b>d"], "takes output 4 of a, which has only 1"),
    ],
)
def test_ports(wires: list[str], message: str) -> None:
    project = drawing({"a": FLAT, "b": FLAT, "c": dense(1), "d": dense(1)}, *wires, "c>d.0")
    assert ("c", message) in told(check(project))
    assert "c" not in check(project).shapes


def test_a_wire_too_many_at_a_layer_of_two_inputs() -> None:
    nodes = {"a": FLAT, "b": FLAT, "c": FLAT, "less": ("Subtract", {})}
    report = check(drawing(nodes, "a>less", "b>less.1", "c>less.2"))
    assert ("less", "has a wire at input 3, but takes exactly 2 inputs") in told(report)


def test_input_takes_no_wires() -> None:
    report = check(drawing({"a": FLAT, "b": FLAT, "c": dense(2)}, "a>b", "b>c"))
    assert told(report) == [("b", "takes no wires: data come in here")]
    assert report.shapes["c"] == ((None, 2),)


def test_merging_takes_wires_in_the_order_of_ports_whatever_gaps_there_are() -> None:
    nodes = {"a": FLAT, "b": ("Input", {"shape": [9]}), "c": ("Concatenate", {}), "d": dense(2)}
    report = check(drawing(nodes, "b>c.7", "a>c.2", "c>d"))
    assert report.issues == ()
    assert report.shapes["c"] == ((None, 13),)


def test_merging_too_little() -> None:
    assert told(check(drawing({"a": FLAT, "b": ADD}, "a>b"))) == [
        ("b", "needs at least 2 inputs, but has 1")
    ]


def test_flatten_is_suggested_where_it_helps_and_only_there() -> None:
    nodes = {"a": SHAPED, "b": ("Input", {"shape": [784]}), "c": ADD}
    issue = only(check(drawing(nodes, "a>c.0", "b>c.1")))
    assert issue.message.startswith("needs inputs of one shape, but gets (None, 28, 28) and ")
    assert issue.hint == "Insert a Flatten between a and it"
    nodes["b"] = ("Input", {"shape": [785]})
    assert only(check(drawing(nodes, "a>c.0", "b>c.1"))).hint == ""
    nodes["b"] = ("Input", {"shape": [56, 14]})
    hint = only(check(drawing(nodes, "a>c.0", "b>c.1"))).hint
    assert hint == "Insert a Flatten before each of its inputs"


def test_shape_errors_name_shapes() -> None:
    report = check(chain(("Input", {"shape": [None, 3]}), FLATTEN, dense(2)))
    assert told(report) == [
        ("c", "needs to know the size of the input's last axis, but gets (None, None)")
    ]
    assert told(check(chain(("Input", {"shape": []}), dense(2)))) == [
        ("b", "needs an input with at least 2 axes (the batch is one), but gets (None,)")
    ]


def test_unused_inputs() -> None:
    project = drawing({"a": FLAT, "b": dense(2), "spare": FLAT}, "a>b")
    assert only(check(project)) == Issue(
        "spare", "warning", "feeds nothing", "Draw a wire from it to a layer"
    )
    assert only(check(chain(FLAT))).severity == "error"


def test_unconnected_components_are_several_outputs() -> None:
    nodes = {"a": FLAT, "b": dense(2), "c": FLAT, "d": dense(3)}
    assert check(drawing(nodes, "a>b", "c>d")).issues == ()


def test_names_must_differ() -> None:
    nodes = (Node("1", "Input", "x", {"shape": [4]}), Node("2", "Dense", "x", {"units": 2}))
    report = check(Project(graph=Graph(nodes, (wire("1>2"),))))
    assert told(report) == [("2", "another node is called x as well: names must differ")]
    assert report.shapes["2"] == ((None, 2),)


def test_circles_and_loose_wires_are_survived() -> None:
    nodes = {"a": FLAT, "b": ADD, "c": dense(4), "d": dense(1), "e": dense(0)}
    project = drawing(nodes, "a>b.0", "b>c", "c>b.1", "c>d", "d>e", "ghost>a", "a>ghost")
    ((node, message), (last, _)) = told(check(project))
    assert node in ("b", "c")
    assert message.startswith("is part of a circle: ")
    assert last == "e"
    assert set(check(project).shapes) == {"a"}


def test_a_node_wired_to_itself() -> None:
    report = check(drawing({"a": FLAT, "b": ADD}, "a>b.0", "b>b.1"))
    assert told(report) == [("b", 'is part of a circle: "b" → "b"')]


def test_softmax_of_one_unit() -> None:
    issue = only(check(classifier([4], 1)))
    assert (issue.node_id, issue.severity, issue.option) == ("c", "warning", "activation")
    assert (
        only(check(chain(FLAT, dense(1), ("Activation", {"activation": "softmax"})))).node_id == "c"
    )
    assert check(classifier([4], 1, "sigmoid")).issues == ()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"optimizer": "rmsprop2"},
            "The optimizer rmsprop2 does not exist; possible are adam, sgd",
        ),
        ({"loss": "mze"}, "The loss mze does not exist; possible are auto, sparse_"),
        ({"metrics": ("auto", "beauty")}, "The metric beauty does not exist; possible are auto, a"),
    ],
)
def test_settings_that_do_not_exist(settings: dict[str, Any], message: str) -> None:
    issue = only(check(classifier([4], 3, **settings)))
    assert (issue.node_id, issue.severity) == (None, "error")
    assert issue.message.startswith(message)


def test_momentum_without_effect() -> None:
    assert only(check(classifier([4], 3, momentum=0.9))).severity == "warning"
    assert check(classifier([4], 3, momentum=0.9, optimizer="sgd")).issues == ()


def test_issues_follow_the_data() -> None:
    nodes = {"z": dense(0), "y": ("Nothing", {}), "x": ("Input", {"shape": [0]})}
    report = check(drawing(nodes, "x>y", "y>z", loss="none"))
    assert [issue.node_id for issue in report.issues] == [None, "x", "y", "z"]


def test_endless_sizes_take_no_memory() -> None:
    huge = [dense(10**12), *[dense(10**6 + n) for n in range(50)], dense(2**53)]
    tracemalloc.start()
    report = check(chain(("Input", {"shape": [2**53]}), *huge), free_memory=8_100_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**22
    issue = only(report)
    assert (issue.node_id, issue.cause) == ("b", "memory")
    assert issue.message == "needs more than 1000 EB of memory, 8.1 GB is free"
    assert report.parameters["b"] == (2**53 + 1) * 10**12
    assert len(report.shapes) == 53


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 10**5000, {"a": 1}, [[[1]]]],
    ids=["nan", "inf", "endless", "object", "list"],
)
def test_values_that_no_file_holds(value: Any) -> None:
    report = check(chain(FLAT, dense(value), ("Rescaling", {"scale": value})))
    assert [(i.node_id, i.option) for i in report.issues] == [("b", "units"), ("c", "scale")]


def test_an_edit_of_a_large_drawing_is_checked_in_milliseconds() -> None:
    units = [8 + n % 5 for n in range(300)]
    check(wide(units))
    best = 1.0
    for changed in (101, 102, 103):
        units[150] = changed
        start = time.perf_counter()
        report = check(wide(units))
        best = min(best, time.perf_counter() - start)
    assert report.errors == ()
    assert best < 0.05  # measured: 3 ms


def wide(units: list[int]) -> Project:
    nodes = {f"d{n}": dense(size) for n, size in enumerate(units)}
    wires = [f"d{n}>d{n + 1}" for n in range(len(units) - 1)]
    return drawing({"in": FLAT, **nodes}, "in>d0", *wires)


def test_the_deepest_drawing() -> None:
    report = check(wide([8] * 5000))
    assert report.errors == ()
    assert len(report.shapes) == 5001


def test_a_name_has_no_slash() -> None:
    nodes = (Node("1", "Input", "x", {"shape": [4]}), Node("2", "Dense", "a/b", {"units": 2}))
    report = check(Project(graph=Graph(nodes, (wire("1>2"),))))
    assert told(report) == [("2", "is called a/b, but the name of a layer must not contain /")]
