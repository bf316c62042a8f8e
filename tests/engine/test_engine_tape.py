"""Loops of one's own: tapes, gradients, and updates equal to what fit does."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kgui.engine import GradientTape, Input, Sequential, Variable, layers, losses, ops
from kgui.engine.backend import Session, use_session
from kgui.engine.optimizers import SGD, Adam, Lion, Nadam, Optimizer, RMSprop
from kgui.engine.optimizers.schedules import ExponentialDecay

RANDOM = np.random.default_rng(7)
X = RANDOM.normal(size=(48, 4)).astype("float32")
Y = RANDOM.integers(0, 3, 48)
WEIGHTS = RANDOM.random(48).astype("float32")


def network() -> Sequential:
    with use_session(Session(seed=3)):
        return Sequential(
            [
                Input((4,)),
                layers.Dense(
                    8, "relu", kernel_regularizer="l2", kernel_constraint="non_neg", name="first"
                ),
                layers.Dropout(0.3, seed=5),
                layers.Dense(3, "softmax", activity_regularizer="l1", name="last"),
            ]
        )


OPTIMIZERS: list[Callable[[], Optimizer]] = [
    lambda: SGD(0.1),
    lambda: SGD(0.1, momentum=0.9, nesterov=True, clipnorm=0.01),
    lambda: Adam(0.01, weight_decay=0.1, global_clipnorm=0.1),
    lambda: Adam(ExponentialDecay(0.1, 2, 0.5), use_ema=True, ema_overwrite_frequency=3),
    lambda: RMSprop(gradient_accumulation_steps=2),
    lambda: Nadam(clipvalue=0.01),
    lambda: Lion(loss_scale_factor=8.0),
]


def own_loop(model: Any, optimizer: Any, epochs: int) -> list[float]:
    loss_of, history = losses.SparseCategoricalCrossentropy(), []
    for _ in range(epochs):
        total = 0.0
        for start in range(0, len(X), 16):
            rows = slice(start, start + 16)
            with GradientTape() as tape:
                outputs = model(X[rows], training=True)
                loss = loss_of(Y[rows], outputs, WEIGHTS[rows]) + sum(model.losses)
                scaled = optimizer.scale_loss(loss)
            variables = model.trainable_variables
            gradients = tape.gradient(scaled, variables)
            optimizer.apply_gradients(zip(gradients, variables, strict=True))
            total += float(loss) * 16
        history.append(total / len(X))
    return history


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_own_loop_equals_fit(make: Callable[[], Optimizer]) -> None:
    fitted, own, optimizer = network(), network(), make()
    fitted.compile(make(), "sparse_categorical_crossentropy")
    history = fitted.fit(
        X, Y, batch_size=16, epochs=3, shuffle=False, verbose=0, sample_weight=WEIGHTS
    )
    losses_of_own = own_loop(own, optimizer, 3)
    optimizer.finalize_variable_values()
    np.testing.assert_allclose(losses_of_own, history.history["loss"], rtol=1e-6)
    for mine, theirs in zip(own.get_weights(), fitted.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-7)


def test_fit_goes_on_where_an_own_loop_ended() -> None:
    whole, mixed = network(), network()
    options = {"batch_size": 16, "shuffle": False, "verbose": 0, "sample_weight": WEIGHTS}
    for model in (whole, mixed):
        model.compile(Adam(0.01), "sparse_categorical_crossentropy")
    whole.fit(X, Y, epochs=3, **options)
    own_loop(mixed, mixed.optimizer, 1)
    mixed.fit(X, Y, epochs=1, **options)
    own_loop(mixed, mixed.optimizer, 1)
    for mine, theirs in zip(mixed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-7)


def test_variables_may_change_before_the_gradient_is_asked() -> None:
    variable = Variable(3.0)
    with GradientTape(persistent=True) as tape:
        square = variable * variable
        variable.assign(5.0)
        product = square * variable
    variable.assign(100.0)
    assert tape.gradient(square, variable) == 6.0
    assert tape.gradient(product, variable) == 5.0 * 6.0 + 9.0


def test_gradients_come_in_the_structure_of_the_sources() -> None:
    a, b, unused = Variable([1.0, 2.0]), Variable(3.0), Variable([[7.0]])
    with GradientTape(persistent=True) as tape:
        inner = a * b
        loss = ops.sum(inner)
    found = tape.gradient(loss, {"a": a, "rest": [b, unused, inner]})
    np.testing.assert_array_equal(found["a"], [3.0, 3.0])
    assert found["rest"][0] == 3.0
    assert found["rest"][1] is None
    np.testing.assert_array_equal(found["rest"][2], [1.0, 1.0])
    zero = tape.gradient(loss, unused, unconnected_gradients="zero")
    np.testing.assert_array_equal(zero, [[0.0]])


def test_output_gradients_and_several_targets() -> None:
    a = Variable([1.0, 2.0])
    with GradientTape(persistent=True) as tape:
        square, cube = a * a, a * a * a
    found = tape.gradient(square, a, output_gradients=np.array([1.0, 10.0]))
    np.testing.assert_array_equal(found, [2.0, 40.0])
    np.testing.assert_array_equal(tape.gradient([square, cube], a), [5.0, 16.0])


def test_watching() -> None:
    free, frozen = Variable(2.0), Variable(3.0, trainable=False)
    array = np.array([1.0, 2.0], "float32")
    with GradientTape(persistent=True) as tape:
        tape.watch([array, frozen])
        result = ops.sum(array * (free * frozen))
    assert tape.watched_variables() == (frozen, free)
    assert tape.gradient(ops.sum(array), array) is None
    assert tape.gradient(result, frozen) == 6.0
    with GradientTape(watch_accessed_variables=False) as tape:
        result = free * frozen
    assert tape.gradient(result, free) is None
    with GradientTape() as tape, pytest.warns(UserWarning, match="must be floating"):
        tape.watch(np.arange(3))
    with GradientTape() as tape, pytest.raises(TypeError, match="not a tensor"):
        tape.watch("text")
