"""train_on_batch, test_on_batch, predict_on_batch, and what a compiled model knows."""

from typing import Any

import numpy as np
import pytest
from small_models import ENDS, STARTS, X, Y, classifier, quiet, two_ends

from kgui.engine import Input, Sequential, layers, metrics
from kgui.engine.backend import get_session


def test_single_steps_are_those_of_fit() -> None:
    one, other = classifier(metrics=["accuracy"]), classifier(metrics=["accuracy"])
    other.set_weights(one.get_weights())
    history = quiet(one, X, Y, batch_size=20, epochs=3, shuffle=False)
    steps = [other.train_on_batch(X, Y, return_dict=True) for _ in range(3)]
    for key, numbers in history.items():
        assert [step[key] for step in steps] == pytest.approx(numbers, rel=1e-6)


def test_returns_a_number_a_list_or_a_dict() -> None:
    assert isinstance(classifier().train_on_batch(X, Y), float)
    model = classifier(metrics=["accuracy"])
    found = model.test_on_batch(X, Y)
    assert isinstance(found, list) and len(found) == 2
    assert model.test_on_batch(X, Y, return_dict=True) == {"accuracy": found[1], "loss": found[0]}
    np.testing.assert_allclose(model.predict_on_batch(X), model.predict(X, verbose=0), rtol=1e-6)


def test_weights_change_numbers_as_in_evaluate() -> None:
    model = classifier(weighted_metrics=["accuracy"])
    weights = np.linspace(0, 2, 20)
    expected = model.evaluate(X, Y, sample_weight=weights, verbose=0)
    assert model.test_on_batch(X, Y, weights) == pytest.approx(expected, rel=1e-6)
    by_class = model.test_on_batch(X, Y, np.where(Y == 0, 3.0, 1.0))
    assert model.train_on_batch(X, Y, class_weight={0: 3.0}) == pytest.approx(by_class, rel=1e-6)


def test_several_outputs_and_the_names_of_metrics() -> None:
    model = two_ends()
    model.compile("sgd", "mse", metrics=[["mae"], ["mae"]])
    assert model.metrics_names == ["loss", "compile_metrics"]
    found = model.train_on_batch(STARTS, ENDS)
    assert model.metrics_names == ["loss", "compile_metrics", "p_loss", "q_loss"]
    again = model.get_metrics_result()
    assert found == [again[key] for key in ("loss", "p_loss", "q_loss", "p_mae", "q_mae")]
    assert [metric.name for metric in model.metrics[1].metrics] == ["mae", "mae"]
    assert model.metrics[1].result() == {key: again[key] for key in ("p_mae", "q_mae")}
    model.reset_metrics()
    assert set(model.get_metrics_result().values()) == {0.0}


def test_programs_are_made_once_and_again_when_weights_move() -> None:
    model = classifier()
    model.train_on_batch(X, Y)
    work = model.batch_work
    for size in (20, 8, 20):
        model.train_on_batch(X[:size], Y[:size])
        model.predict_on_batch(X[:size])
    assert model.batch_work is work
    before = model.predict_on_batch(X)
    other = Sequential(list(model.layers))
    other.compile("sgd", "sparse_categorical_crossentropy")
    quiet(other, X, Y)
    after = model.predict_on_batch(X)
    assert not np.array_equal(before, after)
    np.testing.assert_allclose(after, other.predict(X, verbose=0), rtol=1e-6)
    model.compile("adam", "sparse_categorical_crossentropy")
    assert model.batch_work is None


def test_metrics_that_no_plan_computes() -> None:
    model = Sequential([Input((3,)), layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=[metrics.AUC()])
    targets = np.repeat([0.0, 1.0], 10)[:, None]
    first = model.test_on_batch(X, targets)
    assert first == model.test_on_batch(X, targets)
    assert first[1] == pytest.approx(model.evaluate(X, targets, verbose=0)[1], rel=1e-6)


def test_what_an_uncompiled_model_knows() -> None:
    model = Sequential([Input((3,)), layers.Dense(1)])
    assert not hasattr(model, "optimizer")
    assert (model.loss, model.compiled, model.metrics) == (None, None, [])
    for method in (model.train_on_batch, model.test_on_batch):
        with pytest.raises(ValueError, match=r"You must call `compile\(\)`"):
            method(X, Y)
    model.compile("sgd", "mse", metrics=["mae"])
    assert (model.loss, model.optimizer.name) == ("mse", "sgd")


def test_deferred_models_are_built_by_the_first_batch() -> None:
    model = Sequential([layers.Dense(2)])
    model.compile("sgd", "mse")
    model.train_on_batch(X, X[:, :2])
    assert model.built and model.predict_on_batch(X).shape == (20, 2)


def test_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_session(), "floatx", "float64")
    model = Sequential([Input((3,)), layers.Dense(2)])
    model.compile("adafactor", "mse")
    found: Any = [model.train_on_batch(X, X[:, :2]) for _ in range(3)]
    assert found[0] > found[-1] and model.predict_on_batch(X).dtype == "float64"


def test_a_loss_that_overflows_is_infinite_without_a_warning() -> None:
    model = Sequential([Input((3,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    assert model.train_on_batch(X * 1e30, X[:, :1]) == np.inf
