"""Training takes its memory before the first step, and none after it."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, backend, layers
from kgui.engine.backend import choice, get_session
from kgui.engine.callbacks import Callback
from kgui.engine.models import Sequential

STEPS = 200


class Watch(Callback):
    """What is allocated from the second epoch to the last."""

    def __init__(self, epochs: int) -> None:
        super().__init__()
        self.epochs, self.grown, self.peak = epochs, 0, 0
        self._before = 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """After the first epoch everything is there."""
        if epoch == 1:
            tracemalloc.start()
            self._before = tracemalloc.get_traced_memory()[0]
            tracemalloc.reset_peak()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """At the last one it is counted."""
        if epoch == self.epochs - 1:
            now, peak = tracemalloc.get_traced_memory()
            self.grown, self.peak = now - self._before, peak - self._before
            tracemalloc.stop()


class EachBatch(Callback):
    """Wants to hear of every batch."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Look at the logs."""
        assert logs


@pytest.mark.parametrize("each_batch", [False, True])
@pytest.mark.parametrize("name", ["numpy", "numba"])
def test_a_step_allocates_less_than_a_kilobyte(name: str, each_batch: bool) -> None:
    if name == "numba" and not choice.available():
        pytest.skip("needs the extra kgui[fast]")
    get_session().backend = name
    assert name == "numpy" or backend.wait_for_kernels()
    model = Sequential([Input((64,)), layers.Dense(128, activation="relu"), layers.Dense(10)])
    model.add(layers.Activation("softmax"))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = np.zeros((32 * STEPS, 64), "float32")
    watch = Watch(epochs=3)
    callbacks = [watch, *([EachBatch()] if each_batch else [])]
    model.fit(x, np.zeros(len(x), "int32"), epochs=3, verbose=0, callbacks=callbacks)
    order = 8 * len(x)  # the permutation of an epoch
    assert watch.grown < 1024 * STEPS / 10
    assert watch.peak - 2 * order < 20_000
