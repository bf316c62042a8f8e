"""Random models of layers: planned, called and numerically differentiated, all the same."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgui.engine import Input, Model, layers
from kgui.engine.backend import Session, use_session
from kgui.engine.optimizers import SGD

WIDTH = 3
DATA = np.random.default_rng(2).uniform(-1, 1, (5, WIDTH))
TARGETS = np.random.default_rng(3).uniform(-1, 1, (5, WIDTH))
SMOOTH = ("tanh", "sigmoid", "softmax", "silu", "softplus", "elu")


def model_of(steps: list[tuple[int, int, int]], ends: list[int]) -> Model:
    """A graph of layers over two inputs; layers come back, some of them frozen."""
    inputs = [Input((WIDTH,), name="a"), Input((WIDTH,), name="b")]
    shared = [layers.Dense(WIDTH, activation=name) for name in (None, "tanh")]
    frozen = layers.Dense(WIDTH, activation="sigmoid", trainable=False)
    tensors: list[Any] = list(inputs)
    for kind, first, second in steps:
        a, b = tensors[-1 - first % len(tensors)], tensors[-1 - second % len(tensors)]
        choices = (
            lambda a=a: layers.Dense(WIDTH)(a),
            lambda a=a: shared[0](a),
            lambda a=a: shared[1](a),
            lambda a=a: frozen(a),
            lambda a=a, b=b: layers.Add()([a, b]),
            lambda a=a, b=b: layers.Add()([a, b, a]),
            lambda a=a, b=b: layers.Dense(WIDTH)(layers.Concatenate()([a, b])),
            lambda a=a: layers.Rescaling(0.7, 0.1)(a),
            lambda a=a: layers.Flatten()(a),
            lambda a=a: layers.Dropout(0.0)(a),
            lambda a=a, b=b: a * b - a / 2.0,
            lambda a=a, second=second: layers.Activation(SMOOTH[second % len(SMOOTH)])(a),
        )
        tensors.append(choices[kind]())
    if tensors[-1] in inputs:
        tensors.append(layers.Dense(WIDTH)(tensors[-1]))
    outputs = [layers.Activation("linear")(tensors[-1 - end % len(tensors)]) for end in ends]
    return Model(inputs, [layers.Dense(WIDTH)(tensors[-1]), *outputs])


def move(weights: list[Any], ways: list[Any], step: float) -> list[Any]:
    return [weight + step * way for weight, way in zip(weights, ways, strict=True)]


STEPS = st.lists(
    st.tuples(st.integers(0, 11), st.sampled_from([0, 0, 0, 1, 2, 3, 4]), st.integers(0, 5)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(steps=STEPS, ends=st.lists(st.integers(0, 4), max_size=2))
def test_random_models(steps: Any, ends: list[int]) -> None:
    with use_session(Session(seed=5)) as session:
        session.floatx = "float64"
        model = model_of(steps, ends)
        x = [DATA, DATA[::-1].copy()]
        y = [TARGETS] * len(model.outputs)
        called = model(x)
        for one, other in zip(model.predict(x, batch_size=2), called, strict=True):
            np.testing.assert_allclose(one, other, 1e-12, 1e-14)

        losses = ["mse"] * len(model.outputs)
        model.compile(SGD(1.0), losses, loss_weights=[1.0 + i for i in range(len(losses))])
        before = [weight.numpy() for weight in model.trainable_weights]
        still = [weight.numpy() for weight in model.non_trainable_weights]
        reported = model.fit(x, y, batch_size=5, shuffle=False, verbose=0).history["loss"][0]
        gradients = [
            old - weight.array for old, weight in zip(before, model.trainable_weights, strict=True)
        ]
        for old, weight in zip(still, model.non_trainable_weights, strict=True):
            np.testing.assert_array_equal(old, weight.array)
        _restore(model, before)
        assert _loss(model, x, y) == pytest.approx(reported, rel=1e-12)

        ways = [np.cos(np.arange(old.size)).reshape(old.shape) for old in before]
        rate = 0.0
        for sign in (1, -1):
            _restore(model, move(before, ways, sign * 1e-5))
            rate += sign * _loss(model, x, y) / 2e-5
        predicted = sum(float((g * way).sum()) for g, way in zip(gradients, ways, strict=True))
        assert predicted == pytest.approx(rate, rel=1e-5, abs=1e-6)


def _restore(model: Model, values: list[Any]) -> None:
    for weight, value in zip(model.trainable_weights, values, strict=True):
        weight.assign(value)


def _loss(model: Model, x: Any, y: Any) -> float:
    found = model.evaluate(x, y, verbose=0)
    return float(found[0] if isinstance(found, list) else found)
