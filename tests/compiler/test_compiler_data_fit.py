"""The drawing against the data: rows at the Inputs, the target at the output, the loss."""

from dataclasses import replace
from typing import Any

import pytest
from compiler_drawings import chain, classes, classifier, drawing, numbers, only, told

from kgui.compiler import check, input_arrays
from kgui.compiler.objective import METRICS
from kgui.data.values import Summary, Target

IRIS = classes("iris setosa", "iris versicolor", "iris virginica")
TWO = classes("no", "yes")
FOUR = ("Input", {"shape": [4]})


def test_a_fitting_drawing() -> None:
    assert check(classifier([4], 3), IRIS).issues == ()
    assert check(classifier([4], 1, "sigmoid"), TWO).issues == ()
    assert check(classifier([4], 2), TWO).issues == ()
    assert check(classifier([4], 3, None), IRIS).issues == ()
    assert check(classifier([4], 1, None), numbers()).issues == ()
    assert check(classifier([4], 2, "relu"), numbers(2)).issues == ()


def test_rows_of_another_shape() -> None:
    issue = only(check(classifier([784], 3), classes("a", "b", "c", shape=(28, 28))))
    assert (issue.node_id, issue.option, issue.cause) == ("a", "shape", "data")
    assert issue.message == "takes (784,), but the data has (28, 28): set its shape to 28, 28"


@pytest.mark.parametrize(
    ("shape", "row", "fits"),
    [
        ([28, 28, 1], (28, 28), True),
        ([28, 28], (28, 28, 1), True),
        ([28, 28], (28, 28, 3), False),
        ([4], (5,), False),
        ([1], (), True),
    ],
)
def test_a_last_axis_of_one_may_be_missing(
    shape: list[int], row: tuple[int, ...], fits: bool
) -> None:
    report = check(classifier(shape, 2), classes("a", "b", shape=row))
    assert (report.errors == ()) == fits


def test_unknown_sizes_fit_any() -> None:
    nodes = {"a": ("Input", {"shape": [None]}), "b": ("Activation", {"activation": "softmax"})}
    report = check(drawing(nodes, "a>b"), IRIS)
    assert all(issue.node_id != "a" for issue in report.issues)


def test_units_and_classes() -> None:
    issue = only(check(classifier([4], 10), IRIS))
    assert (issue.node_id, issue.severity, issue.option) == ("c", "error", "units")
    assert issue.message == (
        "has 10 units, but the data has 3 classes: iris setosa, iris versicolor, iris virginica"
    )
    many = classes(*(str(n) for n in range(12)))
    assert only(check(classifier([4], 10), many)).message.endswith("12 classes: 0, 1, 2, …")
    ((_, message),) = told(check(chain(FOUR, ("Activation", {"activation": "softmax"})), IRIS))
    assert message.startswith("has 4 values, but the data has 3 classes: iris setosa, ")


def test_one_unit_for_two_classes_takes_sigmoid() -> None:
    issue = only(check(classifier([4], 1, None), TWO))
    assert issue.message == "has one unit for two classes: that takes the activation sigmoid"
    assert issue.hint


def test_one_class_cannot_be_learnt() -> None:
    assert told(check(classifier([4], 1, "sigmoid"), classes("only"))) == [
        ("c", "cannot learn kind: the data has only one class")
    ]


def test_numbers_and_units() -> None:
    assert told(check(classifier([4], 3, None), numbers())) == [
        ("c", "has 3 units, but the data has 1 number to predict per row")
    ]
    assert told(check(classifier([4], 1, None), numbers(2))) == [
        ("c", "has 1 unit, but the data has 2 numbers to predict per row")
    ]


def test_an_output_of_many_axes_needs_a_flatten() -> None:
    project = chain(("Input", {"shape": [5, 4]}), ("Dense", {"units": 3}))
    issue = only(check(project, classes("a", "b", "c", shape=(5, 4))))
    assert issue.message == "gives (None, 5, 3), but the data has one class per row"
    assert issue.hint == "Insert a Flatten before it"


def test_further_outputs_are_told_and_the_fitting_one_is_the_output() -> None:
    stray = ("Dropout", {"rate": 0.5})
    nodes = {"in": FOUR, "stray": stray, "out": ("Dense", {"units": 3, "activation": "softmax"})}
    issue = only(check(drawing(nodes, "in>stray", "in>out"), IRIS))
    assert (issue.node_id, issue.severity) == ("stray", "error")
    assert issue.message == "leads nowhere: the data has only one target"
    assert issue.hint == "Connect it, or delete it; the output is out"


def test_a_node_with_a_fault_of_its_own_is_no_further_output() -> None:
    nodes = {"in": FOUR, "out": ("Dense", {"units": 3}), "stray": ("Dense", {"units": 3})}
    assert told(check(drawing(nodes, "in>out"), IRIS)) == [("stray", "has no input")]


def test_number_of_inputs() -> None:
    nodes = {
        "a": FOUR, "b": FOUR, "c": ("Add", {}), "d": ("Dense", {"units": 3}),
    }  # fmt: skip
    issue = only(check(drawing(nodes, "a>c.0", "b>c.1", "c>d"), IRIS))
    assert (issue.node_id, issue.cause) == (None, "data")
    assert issue.message == (
        "The number of Inputs that feed something is 2, but the data has 1 arrays: x"
    )


def test_input_arrays_by_name_or_by_order() -> None:
    nodes = {"a": FOUR, "b": FOUR, "spare": FOUR, "c": ("Add", {})}
    graph = drawing(nodes, "a>c.0", "b>c.1").graph

    def arrays(*names: str) -> dict[str, str]:
        shapes = dict.fromkeys(names, (4,))
        return input_arrays(graph, Summary("t", 9, shapes, Target("y", "numbers")))

    assert arrays("b", "a") == {"a": "a", "b": "b"}
    assert arrays("x", "b") == {"a": "x", "b": "b"}
    assert arrays("x") == {}


@pytest.mark.parametrize(
    ("drawn", "loss", "summary", "severity", "words"),
    [
        ((3, "softmax"), "sparse_categorical_crossentropy", IRIS, None, ""),
        ((3, "softmax"), "categorical_crossentropy", IRIS, None, ""),
        ((3, "softmax"), "crossentropy", IRIS, None, ""),
        ((3, "softmax"), "mse", IRIS, "warning", "mse, which is for numbers"),
        ((1, "sigmoid"), "binary_crossentropy", TWO, None, ""),
        ((1, "sigmoid"), "categorical_crossentropy", TWO, "error", "one unit per class"),
        ((1, None), "mae", numbers(), None, ""),
        ((1, None), "sparse_categorical_crossentropy", numbers(), "error", "price holds numbers"),
        ((1, None), "binary_crossentropy", numbers(), "warning", "price holds numbers"),
        ((3, "relu"), "auto", IRIS, "warning", "ends in relu"),
        ((1, "sigmoid"), "auto", numbers(), "warning", "between 0 and 1"),
    ],
)
def test_loss_and_activation(
    drawn: tuple[int, Any], loss: str, summary: Summary, severity: str | None, words: str
) -> None:
    report = check(classifier([4], *drawn, loss=loss), summary)
    if severity is None:
        assert report.issues == ()
    else:
        issue = only(report)
        assert (issue.node_id, issue.severity, issue.cause) == ("c", severity, "data")
        assert words in issue.message


@pytest.mark.parametrize("loss", ["auto", "sparse_categorical_crossentropy"])
@pytest.mark.parametrize("metric", METRICS)
def test_metrics_of_class_numbers(metric: str, loss: str) -> None:
    report = check(classifier([4], 3, loss=loss, metrics=(metric,)), IRIS)
    if metric in ("accuracy", "sparse_categorical_accuracy"):
        assert report.issues == ()
        return
    issue = only(report)
    assert (issue.node_id, issue.severity) == ("c", "error")
    assert issue.message == (
        f"is measured with {metric}, which does not fit one class out of several"
    )
    assert issue.hint == "Set the metric to accuracy"


@pytest.mark.parametrize("metric", METRICS)
def test_metrics_of_one_hot_classes(metric: str) -> None:
    training = {"loss": "categorical_crossentropy", "metrics": (metric,)}
    messages = told(check(classifier([4], 3, **training), IRIS))
    text = f"is measured with {metric}, which does not fit the loss categorical_crossentropy"
    assert messages == ([("c", text)] if metric == "sparse_categorical_accuracy" else [])


@pytest.mark.parametrize("metric", METRICS)
def test_metrics_of_one_unit_and_of_numbers(metric: str) -> None:
    assert told(check(classifier([4], 1, "sigmoid", metrics=(metric,)), TWO)) == []
    assert told(check(classifier([4], 1, None, metrics=(metric,)), numbers())) == []


def test_an_unknown_metric_is_told_once() -> None:
    assert only(check(classifier([4], 3, metrics=("akuracy",)), IRIS)).node_id is None


@pytest.mark.parametrize(
    ("look_up", "options"),
    [("Embedding", {"input_dim": 9, "output_dim": 2}), ("CategoryEncoding", {"num_tokens": 9})],
)
def test_indices_are_not_looked_up_in_scaled_data(look_up: str, options: dict[str, Any]) -> None:
    ends = (("Flatten", {}), ("Dense", {"units": 2, "activation": "softmax"}))
    drawn = chain(FOUR, ("Reshape", {"target_shape": [2, 2]}), ("Flatten", {}),
                  (look_up, options), *ends)  # fmt: skip
    issue = only(check(drawn, replace(TWO, is_scaled=True)))
    assert (issue.node_id, issue.severity) == ("d", "error")
    assert "takes whole numbers from 0" in issue.message
    assert issue.hint == "Set the scaling of the data to none"
    assert told(check(drawn, TWO)) == []
    between = chain(FOUR, ("Rescaling", {"scale": 9.0}), (look_up, options), *ends)
    assert told(check(between, replace(TWO, is_scaled=True))) == []


def test_an_unknown_loss_is_told_once() -> None:
    assert only(check(classifier([4], 3, loss="mze"), IRIS)).node_id is None


def test_broken_drawings_are_held_against_data_as_far_as_they_go() -> None:
    report = check(chain(("Input", {"shape": [5]}), ("Dense", {"units": 0})), IRIS)
    assert [(i.node_id, i.option) for i in report.issues] == [("b", "units"), ("a", "shape")][::-1]


@pytest.mark.parametrize(
    ("look_up", "option"), [("Embedding", "input_dim"), ("CategoryEncoding", "num_tokens")]
)
def test_indices_have_a_place_to_be_looked_up(look_up: str, option: str) -> None:
    more = {"output_dim": 2} if look_up == "Embedding" else {}
    between = ("Flatten", {})
    ends = (between, ("Dense", {"units": 2, "activation": "softmax"}))
    drawn = chain(FOUR, (look_up, {option: 9, **more}), *ends)
    found = replace(TWO, greatest={"x": 9.0})
    (issue,) = [i for i in check(drawn, found).errors if i.option == option]
    assert issue.message == "takes indices from 0 to 8, but the data go up to 9"
    assert issue.hint == f"Set {option} to 10"
    fitting = chain(FOUR, (look_up, {option: 10, **more}), *ends)
    assert not [i for i in check(fitting, found).errors if i.option == option]
