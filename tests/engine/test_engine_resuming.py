"""A training that was interrupted and taken up again is the one that never was."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Sequential, callbacks, layers, optimizers, utils

ROWS = np.random.default_rng(0)
X, Y = ROWS.standard_normal((50, 4)), ROWS.standard_normal((50, 1))
EPOCHS = 5

OPTIMIZERS: dict[str, Callable[[], Any]] = {
    "adam_amsgrad": lambda: optimizers.Adam(amsgrad=True),
    "nadam": lambda: optimizers.Nadam(),
    "sgd_schedule": lambda: optimizers.SGD(
        optimizers.schedules.ExponentialDecay(0.1, 7, 0.9), momentum=0.9, nesterov=True
    ),
    "averages": lambda: optimizers.RMSprop(use_ema=True, ema_overwrite_frequency=3, centered=True),
    "accumulation": lambda: optimizers.AdamW(gradient_accumulation_steps=3),
    "lion_clipped": lambda: optimizers.Lion(clipnorm=0.1),
    "ftrl": lambda: optimizers.Ftrl(),
}


class StopError(Exception):
    """A power cut."""


class PowerCut(callbacks.Callback):
    """Ends everything in an epoch."""

    def __init__(self, epoch: int, batch: int) -> None:
        super().__init__()
        self.at, self.now = (epoch, batch), 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Remember the epoch."""
        self.now = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Stop at the place."""
        if (self.now, batch) == self.at:
            raise StopError


def train(optimizer: str, *hooks: callbacks.Callback) -> tuple[Sequential, dict[str, Any]]:
    """The script that a person starts once, and again after the power cut."""
    utils.set_random_seed(3)
    model = Sequential([Input((4,)), layers.Dense(6, "tanh"), layers.Dropout(0.3), layers.Dense(1)])
    model.compile(OPTIMIZERS[optimizer](), "mse")
    history = model.fit(X, Y, batch_size=16, epochs=EPOCHS, verbose=0, callbacks=list(hooks))
    return model, history.history


@pytest.mark.parametrize("epoch", range(EPOCHS))
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_restored_training_is_the_uninterrupted_one(
    optimizer: str, epoch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, history = train(optimizer)
    backup = tmp_path / "backup"
    # The format that every installation has.
    monkeypatch.setattr("kgui.engine.callbacks.backup_and_restore.find_spec", lambda _: None)
    with pytest.raises(StopError):
        train(optimizer, callbacks.BackupAndRestore(backup), PowerCut(epoch, 2))
    model, rest = train(optimizer, callbacks.BackupAndRestore(backup))
    assert rest["loss"] == history["loss"][epoch:]
    for mine, theirs in zip(model.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    states = zip(model.optimizer.variables, whole.optimizer.variables, strict=True)
    for mine, theirs in states:
        np.testing.assert_array_equal(mine.numpy(), theirs.numpy())


@pytest.mark.parametrize("ending", [".npz", ".weights.h5"])
def test_weights_and_optimizer_go_on_in_a_new_model(ending: str, tmp_path: Path) -> None:
    if ending == ".weights.h5":
        pytest.importorskip("h5py")
    path = tmp_path / f"half{ending}"
    whole, history = train("adam_amsgrad")
    checkpoint = callbacks.ModelCheckpoint(path, save_weights_only=True, save_freq=8)  # 2 epochs
    with pytest.raises(StopError):
        train("adam_amsgrad", checkpoint, PowerCut(2, 1))
    utils.set_random_seed(3)
    model = Sequential([Input((4,)), layers.Dense(6, "tanh"), layers.Dropout(0.3), layers.Dense(1)])
    model.compile(OPTIMIZERS["adam_amsgrad"](), "mse")
    model.optimizer.build(model.trainable_weights)
    model.load_weights(path)
    rest = model.fit(X, Y, batch_size=16, initial_epoch=2, epochs=EPOCHS, verbose=0)
    assert rest.history["loss"] == history["loss"][2:]
    for mine, theirs in zip(model.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
