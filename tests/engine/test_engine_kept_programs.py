"""A fit goes on with the programs of the fit before, unless what they were made from changed."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kgui.engine import Model, Sequential, backend, kept_programs, layers, losses, ops, regularizers
from kgui.engine.backend import get_session
from kgui.engine.optimizers import SGD
from kgui.engine.utils import set_random_seed

X = np.random.default_rng(0).standard_normal((70, 5), "float32")
Y = X[:, :2] * 2


def network(*more: Any, **compiled: Any) -> Model:
    """Layers with random numbers, state and a penalty."""
    set_random_seed(4)
    model = Sequential(
        [
            layers.Dense(6, kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dropout(0.2),
            *more,
            layers.Dense(2),
        ]
    )
    model.compile(
        **{"optimizer": SGD(0.1, momentum=0.9), "loss": "mse", "metrics": ["mae"]} | compiled
    )
    return model


def fit(model: Model, x: Any = X, y: Any = Y, **options: Any) -> dict[str, list[float]]:
    """The history of two epochs."""
    history = model.fit(x, y, epochs=2, batch_size=16, verbose=0, **options).history
    return dict(history)


def kept(model: Model) -> Any:
    """The programs that wait for the next fit."""
    return None if model.kept is None else model.kept.programs


def test_the_next_fit_uses_them_and_gives_the_same_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    results = []
    for keeping in (True, False):
        if not keeping:
            monkeypatch.setattr(kept_programs, "_check_own", _refuse)
        model = network()
        histories = [fit(model), fit(model), fit(model, validation_split=0.2)]
        assert (kept(model) is not None) == keeping
        results.append((histories, model.get_weights()))
    assert results[0][0] == results[1][0]
    assert all(np.array_equal(a, b) for a, b in zip(results[0][1], results[1][1], strict=True))


def _refuse(item: Any) -> None:
    raise kept_programs.UnknownError


def test_they_are_the_same_programs() -> None:
    model = network()
    fit(model)
    first = kept(model)
    assert first is not None
    fit(model)
    assert kept(model) is first
    fit(model, X[:40], Y[:40])
    assert kept(model) is first


def _drop_more(model: Model) -> None:
    model.layers[3].rate = 0.9


def _penalize(model: Model) -> None:
    model.layers[0].kernel.regularizer = regularizers.L1(1.0)


def _leak(model: Model) -> None:
    model.layers[2].negative_slope = 0.5


def _nesterov(model: Model) -> None:
    model.optimizer.nesterov = True


def _compile(model: Model) -> None:
    model.compile(SGD(0.1), "mae")


def _threads(model: Model) -> None:
    get_session().threads = 2


@pytest.mark.parametrize("change", [_drop_more, _penalize, _leak, _nesterov, _compile, _threads])
def test_what_changes_is_planned_anew(change: Callable[[Model], None]) -> None:
    model = network()
    fit(model)
    first = kept(model)
    change(model)
    fit(model)
    assert kept(model) is not first


def test_a_changed_rate_has_its_effect() -> None:
    """With everything dropped only the last bias learns."""
    model = network()
    fit(model)
    model.layers[3].rate = 1.0
    before = model.layers[0].bias.numpy()
    model.layers[0].kernel.regularizer = None
    model.optimizer.momentum = 0.0
    for slot in model.optimizer.slots.values():
        slot.fill(0)
    fit(model)
    assert np.array_equal(model.layers[0].bias.numpy(), before)


class Scaled(layers.Layer):
    """A layer of one's own, with a number that the plan takes in."""

    factors: dict[str, float]

    def call(self, inputs: Any) -> Any:
        """Scale."""
        return ops.multiply(inputs, self.factors["by"])


def test_with_something_of_ones_own_every_fit_plans() -> None:
    layer = Scaled()
    layer.factors = {"by": 1.0}
    model = network(layer)
    fit(model)
    assert kept(model) is None
    custom = network(loss=lambda y_true, y_pred: losses.mean_squared_error(y_true, y_pred) * 2)
    fit(custom)
    assert kept(custom) is None


def test_the_data_are_let_go() -> None:
    backend.wait_for_kernels()
    model = network()
    x, y = X.copy(), Y.copy()
    fit(model, x, y)
    gone = weakref.ref(x), weakref.ref(y)
    del x, y
    gc.collect()
    assert kept(model) is not None
    assert [reference() for reference in gone] == [None, None]
