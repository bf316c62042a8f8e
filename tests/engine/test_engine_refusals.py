"""What fit, evaluate and predict refuse, and how they say so."""

from typing import Any

import numpy as np
import pytest
from small_models import ENDS, STARTS, X, Y, classifier, quiet, two_ends

from kgui.engine import Input, Model, Sequential, layers
from kgui.engine.errors import DataError, ShapeError


@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_uncompiled_models_say_so(method: str) -> None:
    model = Sequential([Input((3,)), layers.Dense(1)])
    with pytest.raises(ValueError, match=r"You must call `compile\(\)` before using the model"):
        getattr(model, method)(X, Y, verbose=0)
    assert model.predict(X).shape == (20, 1)


def test_no_loss_at_all() -> None:
    model = Sequential([Input((3,)), layers.Dense(1)])
    model.compile("sgd")
    with pytest.raises(ValueError, match="No loss to compute"):
        quiet(model, X, Y)


@pytest.mark.parametrize(
    ("x", "y", "sizes"),
    [
        (X, Y[:5], "'x' sizes: 20; 'y' sizes: 5"),
        (X[:4], Y, "'x' sizes: 4; 'y' sizes: 20"),
    ],
)
def test_unequal_lengths_are_listed(x: Any, y: Any, sizes: str) -> None:
    with pytest.raises(DataError, match=f"Data cardinality is ambiguous.*{sizes}"):
        quiet(classifier(), x, y)


def test_sample_weights_of_another_length() -> None:
    with pytest.raises(DataError, match="'sample_weight' sizes: 3"):
        quiet(classifier(), X, Y, sample_weight=np.ones(3))


@pytest.mark.parametrize("method", ["fit", "evaluate", "predict"])
def test_wrong_shapes_name_the_input(method: str) -> None:
    model = two_ends()
    data = [X, X] if method == "predict" else [[X, X], ENDS]
    with pytest.raises(DataError) as caught:
        getattr(model, method)(*([data] if method == "predict" else data), verbose=0)
    assert str(caught.value) == (
        "Input 1 with name 'b' of layer 'functional' is incompatible with the layer: "
        "expected shape=(None, 2), found shape=(20, 3)"
    )


def test_missing_and_surplus_inputs() -> None:
    with pytest.raises(DataError, match="Missing data for input b"):
        two_ends().predict({"a": X})
    with pytest.raises(DataError, match=r"expects 2 named input.*received 1 input tensors"):
        two_ends().predict(X)


@pytest.mark.parametrize("y", [None, ENDS[0]], ids=["none", "one"])
def test_targets_for_too_few_outputs(y: Any) -> None:
    with pytest.raises(DataError, match=r"has 2 output\(s\), but targets for"):
        quiet(two_ends(), STARTS, y)


def test_targets_of_a_shape_that_does_not_fit() -> None:
    model = Sequential([Input((3,)), layers.Dense(2, "softmax")])
    model.compile("sgd", "categorical_crossentropy")
    with pytest.raises(ShapeError, match=r"target.shape=\(20, 5\)"):
        quiet(model, X, np.ones((20, 5)))


@pytest.mark.parametrize("y", [X[:, :2], X[:, 0], np.ones((20, 3))], ids=["2", "flat", "3"])
def test_regression_targets_are_never_spread_over_units(y: Any) -> None:
    model = Sequential([Input((3,)), layers.Dense(4)])
    model.compile("sgd", "mse")
    with pytest.raises(ShapeError):
        quiet(model, X, y)


@pytest.mark.parametrize("bad", [2, -1, 7, float("nan")])
@pytest.mark.parametrize("where", ["train", "validation", "evaluate"])
def test_labels_out_of_range_name_the_output(bad: float, where: str) -> None:
    wrong = Y.astype("float64")
    wrong[3] = bad
    model = classifier()
    before = model.get_weights()
    with pytest.raises(DataError, match=r"outside the valid range of \[0, 2\)") as caught:
        if where == "train":
            quiet(model, X, wrong)
        elif where == "validation":
            quiet(model, X, Y, validation_data=(X, wrong))
        else:
            model.evaluate(X, wrong, verbose=0)
    assert caught.value.values["output"] == model.layers[-1].name
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize("data", [np.array(["a"] * 20), np.array([object()] * 20)])
def test_text_is_no_data(data: Any) -> None:
    with pytest.raises(DataError, match="must be numbers"):
        quiet(classifier(), X, data)
    with pytest.raises(DataError, match="must be numbers"):
        classifier().predict(np.tile(data[:, None], 3))


def test_no_samples() -> None:
    for call in (lambda m: quiet(m, X[:0], Y[:0]), lambda m: m.predict(X[:0])):
        with pytest.raises(DataError, match="There are no samples"):
            call(classifier())


@pytest.mark.parametrize("split", [1.0, 0.999, 0.96])
def test_splits_that_leave_nothing(split: float) -> None:
    with pytest.raises(ValueError, match="not sufficient to split"):
        quiet(classifier(), X, Y, validation_split=split)


@pytest.mark.parametrize("size", [0, -3])
def test_batch_sizes_are_positive(size: int) -> None:
    with pytest.raises(ValueError, match="positive integer"):
        quiet(classifier(), X, Y, batch_size=size)


def test_class_weights_need_one_output_and_no_sample_weights() -> None:
    with pytest.raises(ValueError, match="single output"):
        quiet(two_ends(), STARTS, ENDS, class_weight={0: 1.0})
    with pytest.raises(ValueError, match="no `sample_weight`"):
        quiet(classifier(), X, Y, class_weight={0: 1.0}, sample_weight=np.ones(20))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loss": "no such"}, "Could not interpret loss identifier: no such"),
        (
            {"loss": "mse", "metrics": ["logcosh", "mse"]},
            "Could not interpret metric identifier: logcosh",
        ),
        ({"loss": ["mse", "mse", "mse"]}, "as many entries as the model has outputs"),
        ({"loss": {"p": "mse", "r": "mse"}}, "key 'r' does not correspond to any model output"),
    ],
)
def test_unknown_names_surface_in_fit(options: dict[str, Any], message: str) -> None:
    model = two_ends()
    model.compile("sgd", **options)
    with pytest.raises(ValueError, match=message):
        quiet(model, STARTS, ENDS)


def test_unknown_optimizers_surface_in_compile() -> None:
    with pytest.raises(ValueError, match="Could not interpret optimizer identifier: no such"):
        two_ends().compile("no such", "mse")


def test_an_output_with_a_loss_needs_targets() -> None:
    inputs = Input((3,))
    outputs = [layers.Dense(2, name="p")(inputs), layers.Dense(2, name="q")(inputs)]
    model = Model(inputs, outputs)
    model.compile("sgd", "mse")
    with pytest.raises(DataError, match="no targets for the output 'q'"):
        model.fit(np.ones((4, 3)), {"p": np.ones((4, 2))}, verbose=0)
