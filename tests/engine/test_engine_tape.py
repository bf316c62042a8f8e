"""Loops of one's own: tapes, gradients, and updates equal to what fit does."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kgui.engine import GradientTape, Input, Model, Sequential, Variable, layers, losses, ops
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


def test_a_tape_gives_gradients_once_unless_it_is_persistent() -> None:
    variable = Variable(2.0)
    tape = GradientTape()
    with pytest.raises(RuntimeError, match="A non-persistent GradientTape can only be used"):
        tape.gradient(variable, variable)
    with tape:
        square = variable * variable
        with pytest.raises(ValueError, match="Tape is still recording"), tape:
            pass
    assert tape.gradient(square, variable) == 4.0
    with pytest.raises(RuntimeError, match="A non-persistent GradientTape can only be used"):
        tape.gradient(square, variable)


def test_stop_recording_and_reset() -> None:
    variable = Variable(2.0)
    with GradientTape(persistent=True) as tape:
        with tape.stop_recording():
            aside = variable * variable
        square = variable * variable
        constant = ops.stop_gradient(square) * variable
    assert tape.gradient(aside, variable) is None
    assert tape.gradient(square, variable) == 4.0
    assert tape.gradient(constant, variable) == 4.0
    tape.reset()
    assert tape.watched_variables() == ()
    assert tape.gradient(square, variable) is None


def test_wrong_requests() -> None:
    variable = Variable(2.0)
    with GradientTape(persistent=True) as tape:
        square = variable * variable
    with pytest.raises(ValueError, match="Unknown value for unconnected_gradients"):
        tape.gradient(square, variable, unconnected_gradients="nothing")
    with pytest.raises(TypeError, match="not a tensor or variable"):
        tape.gradient(square, "variable")
    with pytest.raises(ValueError, match="structure of `target`"):
        tape.gradient(square, variable, output_gradients=[1.0, 2.0])
    with pytest.warns(UserWarning, match="dtype of the target tensor must be floating"):
        assert tape.gradient(np.int64(3), variable) is None


def test_tapes_inside_one_another() -> None:
    variable = Variable(3.0)
    with GradientTape() as outer:
        with GradientTape() as inner:
            square = variable * variable
        slope = inner.gradient(square, variable)
        total = square * 2.0
        curved = square + slope
    assert slope == 6.0
    assert outer.gradient(total, variable) == 12.0
    with GradientTape() as outer:
        with GradientTape() as inner:
            square = variable * variable
        curved = square + inner.gradient(square, variable)
    with pytest.raises(NotImplementedError, match="Second derivatives are not supported"):
        outer.gradient(curved, variable)


def test_shared_layers_add_up_and_inputs_have_gradients() -> None:
    with use_session(Session(seed=5)):
        first, second = Input((4,)), Input((4,))
        shared = layers.Dense(3, "tanh")
        model = Model([first, second], layers.Add()([shared(first), shared(second)]))
    a, b = X[:5], X[5:10]
    with GradientTape(persistent=True) as tape:
        tape.watch([a, b])
        both = ops.sum(model([a, b]))
        one, other = ops.sum(shared(a)), ops.sum(shared(b))
    whole = tape.gradient(both, [shared.kernel, a])
    parts = [tape.gradient(part, shared.kernel) for part in (one, other)]
    np.testing.assert_allclose(whole[0], parts[0] + parts[1], rtol=1e-6)
    np.testing.assert_allclose(whole[1], tape.gradient(one, a))


def test_dropout_has_one_mask_for_both_ways() -> None:
    layer = layers.Dropout(0.5, seed=1)
    ones = np.ones((4, 50), "float32")
    with GradientTape() as tape:
        tape.watch(ones)
        dropped = layer(ones, training=True)
    np.testing.assert_array_equal(tape.gradient(dropped, ones), dropped)
    assert 0.2 < (dropped == 0).mean() < 0.8


def test_gradients_of_what_is_behind_a_variable_that_was_read() -> None:
    picture = Variable(X[:2])
    layer = layers.Dense(3, "softmax")
    with GradientTape() as tape:
        loss = losses.SparseCategoricalCrossentropy()(Y[:2], layer(picture))
    found = tape.gradient(loss, [picture, *layer.trainable_weights])
    assert [gradient.shape for gradient in found] == [(2, 4), (4, 3), (3,)]


def test_another_thread_records_nothing_here() -> None:
    variable, seen = Variable(2.0), []
    with GradientTape() as tape:
        thread = threading.Thread(target=lambda: seen.append(variable * variable))
        thread.start()
        thread.join()
    assert tape.gradient(seen[0], variable) is None


def test_one_plain_number_is_logged_and_predictions_are_plain_arrays() -> None:
    model = network()
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = ops.convert_to_tensor(X), ops.convert_to_tensor(Y)
    history = model.fit(x, y, epochs=1, verbose=0)
    assert all(type(value) is float for values in history.history.values() for value in values)
    assert type(model.predict(x, verbose=0)) is np.ndarray
    assert all(type(weight) is np.ndarray for weight in model.get_weights())


def test_the_same_seed_repeats_an_own_loop_bit_for_bit() -> None:
    def run() -> list[Any]:
        with use_session(Session(seed=11)):
            model = Sequential([Input((4,)), layers.Dropout(0.5), layers.Dense(3, "softmax")])
            return [own_loop(model, Adam(), 2), *model.get_weights()]

    for first, second in zip(run(), run(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_jacobians_are_rows_of_gradients() -> None:
    x = ops.convert_to_tensor(np.linspace(-1, 1, 6).reshape(2, 3))
    weight, other = Variable(np.linspace(0, 1, 6).reshape(3, 2)), Variable(1.0)
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = ops.tanh(x @ weight)
    whole, none = tape.jacobian(y, [weight, other])
    assert (whole.shape, none) == ((2, 2, 3, 2), None)
    for row in np.ndindex(2, 2):
        factor = np.zeros((2, 2), "float32")
        factor[row] = 1
        np.testing.assert_allclose(whole[row], tape.gradient(y, weight, factor), 1e-6)
    every = tape.jacobian(y, x)
    each = tape.batch_jacobian(y, x)
    assert (every.shape, each.shape) == ((2, 2, 2, 3), (2, 2, 3))
    for sample in range(2):
        np.testing.assert_allclose(each[sample], every[sample, :, sample], 1e-6)
    with pytest.raises(ValueError, match="Need first dimension"):
        tape.batch_jacobian(y, weight)


def test_a_tape_gives_one_jacobian_unless_it_is_persistent() -> None:
    x = Variable([1.0, 2.0])
    with GradientTape() as tape:
        y = x * x
    np.testing.assert_allclose(tape.jacobian(y, x), np.diag([2.0, 4.0]))
    with pytest.raises(RuntimeError, match="jacobians"):
        tape.jacobian(y, x)
    with GradientTape() as tape:
        y = x * 2
    zeros = tape.jacobian(y, Variable([1.0, 2.0, 3.0]), unconnected_gradients="zero")
    assert zeros.shape == (2, 3)
