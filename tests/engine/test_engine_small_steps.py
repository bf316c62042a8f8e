"""What makes steps fast changes no number: grouped batches, BLAS's passes, products turned over."""

import threading
import time
from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Model, Sequential, backend, layers
from kgui.engine.backend import blas, choice, get_session, kernels_product
from kgui.engine.backend.kernels import KERNELS
from kgui.engine.batches import joined
from kgui.engine.callbacks import Callback
from kgui.engine.utils import set_random_seed


class Listening(Callback):
    """Wants to hear of every batch, so that none are taken together."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Count."""
        self.seen += 1


def network() -> Model:
    """A small classifier."""
    set_random_seed(3)
    model = Sequential([Input((6,)), layers.Dense(9, activation="relu"), layers.Dense(3)])
    model.add(layers.Softmax())
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def data(rows: int = 333) -> tuple[Any, Any]:
    """Rows that do not fill the last batch."""
    generator = np.random.default_rng(0)
    return generator.standard_normal((rows, 6), "float32"), generator.integers(0, 3, rows)


@pytest.mark.parametrize("name", ["numpy", "numba"])
@pytest.mark.parametrize(
    "options", [{}, {"shuffle": False}, {"steps_per_epoch": 7}, {"batch_size": 400}]
)
def test_batches_taken_together_give_the_same_history(name: str, options: dict[str, Any]) -> None:
    if name == "numba" and not (choice.available() and backend.wait_for_kernels()):
        pytest.skip("needs the extra kgui[fast]")
    get_session().backend = name
    x, y = data()
    arguments = {"batch_size": 8, "epochs": 6, "verbose": 0, **options}
    listening = Listening()
    histories, weights = [], []
    for callbacks in ([], [listening]):
        model = network()
        histories.append(model.fit(x, y, callbacks=callbacks, **arguments).history)
        weights.append(model.get_weights())
    assert listening.seen >= 6
    assert histories[0] == histories[1]
    assert all(np.array_equal(a, b) for a, b in zip(*weights, strict=True))


def test_a_stop_from_another_thread_ends_the_epoch() -> None:
    model = network()
    x, y = data(40_000)

    def stop() -> None:
        while not (model.history and model.history.epoch):
            time.sleep(0.001)
        model.stop_training = True

    thread = threading.Thread(target=stop)
    thread.start()
    model.fit(x, y, batch_size=2, epochs=50, verbose=0)
    thread.join()
    assert len(model.history.epoch) < 50


def test_rows_are_joined_without_a_copy_where_they_lie_together() -> None:
    order = np.random.default_rng(0).permutation(5000)
    parts = [order[start : start + 100] for start in range(500, 4500, 100)]
    assert np.shares_memory(joined(parts), order)
    assert np.array_equal(joined(parts), order[500:4500])
    apart = [*parts, np.arange(7)]
    assert np.array_equal(joined(apart), np.concatenate(apart))
    assert np.array_equal(joined([slice(3, 5), slice(5, 9)]), np.arange(3, 9))


def adam(size: int, steps: int) -> tuple[Any, Any]:
    """Weights after some steps on random gradients, by the kernel and by the formula."""
    generator = np.random.default_rng(1)
    weights = generator.standard_normal(size, "float32")
    wanted, gradient = weights.astype("float64"), np.zeros(size, "float32")
    m, v = np.zeros(size, "float32"), np.zeros(size, "float32")
    rate, time_ = np.array(0.01, "float32"), np.array(0)
    options = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
    step = KERNELS["adam"](gradient, rate, time_, m, v, out=weights, **options)
    mean, variance = np.zeros(size), np.zeros(size)
    for count in range(1, steps + 1):
        gradient[:] = generator.standard_normal(size, "float32")
        step()
        time_ += 1
        mean += (gradient - mean) * (1 - 0.9)
        variance += (gradient.astype("float64") ** 2 - variance) * (1 - 0.999)
        factor = 0.01 * np.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        wanted -= factor * mean / (np.sqrt(variance) + 1e-7)
    return weights, wanted


@pytest.mark.parametrize("size", [100, blas.WORTH, 200_001])
def test_adam_is_adam_whoever_computes_it(size: int) -> None:
    weights, wanted = adam(size, 25)
    np.testing.assert_allclose(weights, wanted, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("turned", [False, True])
def test_products_turned_over_are_the_same(turned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels_product, "_turning", {})
    monkeypatch.setattr(kernels_product, "_is_faster_turned", lambda *_: True)
    generator = np.random.default_rng(2)
    a = generator.standard_normal((20, 400), "float32")
    b = generator.standard_normal((350, 400) if turned else (400, 350), "float32")
    b = b.T if turned else b
    out = np.zeros((20, 350), "float32")
    KERNELS["dot"](a, b, out=out)()
    np.testing.assert_allclose(out, a.astype("float64") @ b, rtol=1e-4, atol=1e-4)
    assert kernels_product._turning  # the way was asked for
