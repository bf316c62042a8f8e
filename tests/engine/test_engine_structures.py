"""Inputs, targets, losses, metrics and weights in lists and dicts inside each other."""

from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Model, layers
from kgui.engine.errors import DataError

RANDOM = np.random.default_rng(4)
A, B = RANDOM.normal(size=(12, 4)), RANDOM.normal(size=(12, 3))
Y, Z = RANDOM.normal(size=(12, 2)), RANDOM.normal(size=(12, 1))


def model(nested: bool) -> Model:
    first, second = Input((4,), name="a"), Input((3,), name="b")
    ends = layers.Dense(2, "tanh", name="o1"), layers.Dense(1, name="o2")
    left, right = ends[0](first), ends[1](second)
    made = Model(
        {"p": [first, second]} if nested else [first, second],
        {"q": [left, right]} if nested else [left, right],
    )
    values = np.random.default_rng(1)
    made.set_weights([values.normal(size=w.shape) for w in made.get_weights()])
    return made


def fitted(made: Model, x: Any, y: Any, weight: Any) -> list[float]:
    history = made.fit(x, y, sample_weight=weight, epochs=3, batch_size=5, verbose=0, shuffle=False)
    return [round(value, 5) for value in history.history["loss"]]


def test_lists_in_dicts_are_trained_as_plain_lists_are() -> None:
    plain, nested = model(nested=False), model(nested=True)
    plain.compile("adam", ["mse", "mae"], metrics=[["mae"], ["mse"]], loss_weights=[1.0, 2.0])
    nested.compile(
        "adam", {"q": ["mse", "mae"]}, metrics={"q": ["mae", "mse"]}, loss_weights={"q": [1.0, 2.0]}
    )
    weight = RANDOM.uniform(0, 2, 12)
    expected = fitted(plain, [A, B], [Y, Z], [weight, weight])
    found = fitted(nested, {"p": [A, B]}, {"q": [Y, Z]}, {"q": [weight, weight]})
    assert found == expected
    results = nested.evaluate({"p": [A, B]}, {"q": [Y, Z]}, verbose=0, return_dict=True)
    assert sorted(results) == ["loss", "o1_mae", "o2_mse", "q/o1_loss", "q/o2_loss"]
    predicted = nested.predict({"p": [A, B]}, verbose=0)
    np.testing.assert_array_equal(predicted["q"][1], plain.predict([A, B], verbose=0)[1])


def test_dicts_in_lists() -> None:
    first, second = Input((4,), name="a"), Input((3,), name="b")
    ends = [{"u": layers.Dense(2, name="o1")(first)}, layers.Dense(1, name="o2")(second)]
    made = Model([{"a": first}, second], ends)
    made.compile("sgd", "mse")
    losses = fitted(made, [{"a": A}, B], [{"u": Y}, Z], None)
    assert losses[-1] < losses[0]


def test_another_structure_is_refused() -> None:
    with pytest.raises(DataError, match="doesn't match the expected structure"):
        model(nested=True).predict({"p": [A]}, verbose=0)
