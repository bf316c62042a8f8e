"""Save the model, or its weights, while it is trained."""

import warnings
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from kgui.engine.callbacks.callback import Logs
from kgui.engine.callbacks.frequency import Batches, skip_batches
from kgui.engine.callbacks.monitor import MonitorCallback
from kgui.engine.callbacks.progress_bar import say

MODEL_ENDINGS = (".keras", ".h5", ".npz")
WEIGHTS_ENDINGS = (".weights.h5", ".npz")


class ModelCheckpoint(MonitorCallback):
    """Saves the model at every epoch's end, or every so many batches, or when it got better.

    Args:
        filepath: File to write; may hold {epoch}, {batch} and names of the logs: "{epoch:02d}.npz".
        monitor: Name of the number in the logs that says what is better.
        verbose: 1 says what is done.
        save_best_only: Save only when the number has improved.
        save_weights_only: Save the weights, not the model.
        mode: "min", "max", or "auto": as the metric of that name wants it.
        save_freq: "epoch", or a number of batches.
        initial_value_threshold: Value that has to be beaten before anything is saved.
    """

    def __init__(
        self,
        filepath: str | PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str | int = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__(monitor, mode, baseline=initial_value_threshold)
        self.verbose, self.filepath = verbose, fspath(filepath)
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        self.save_freq = save_freq
        self._epoch = 0
        self._batches = Batches()
        if save_freq != "epoch" and not isinstance(save_freq, int):
            raise ValueError(
                f"Unrecognized save_freq: {save_freq}. "
                "Expected save_freq are 'epoch' or integer values"
            )
        if save_freq == "epoch":
            skip_batches(self, ModelCheckpoint)
        self._check_ending()

    def _check_ending(self) -> None:
        if self.save_weights_only and not self.filepath.endswith(WEIGHTS_ENDINGS):
            raise ValueError(
                "When using `save_weights_only=True` in `ModelCheckpoint`, the filepath provided "
                "must end in `.weights.h5` (Keras weights format) or `.npz`. Received: "
                f"filepath={self.filepath}"
            )
        if not self.filepath.endswith(MODEL_ENDINGS):
            raise ValueError(
                "The filepath provided must end in `.keras` (Keras model format) or `.npz`. "
                f"Received: filepath={self.filepath}"
            )

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Find out which way is better, where that matters."""
        if self.save_best_only:
            self.check_direction()

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Remember the epoch."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Save if enough batches have gone by."""
        if self._batches.is_due(batch, self.save_freq):
            self._save(self._epoch, batch, logs or {})

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Save, unless batches decide."""
        if self.save_best_only:
            self.find_direction()
        if self.save_freq == "epoch":
            self._save(epoch, None, logs or {})

    def _save(self, epoch: int, batch: int | None, logs: Logs) -> None:
        path = self._path(epoch, batch, logs)
        if not self._wants(epoch, logs, path):
            return
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        if Path(path).is_dir():
            raise OSError(
                "Please specify a non-directory filepath for ModelCheckpoint. Filepath used is an "
                f"existing directory: {path}"
            )
        save = self.model.save_weights if self.save_weights_only else self.model.save
        save(path, overwrite=True)
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1}: finished saving model to {path}")

    def _path(self, epoch: int, batch: int | None, logs: Logs) -> str:
        about = {"epoch": epoch + 1, **logs}
        if batch is not None:
            about.setdefault("batch", batch + 1)
        try:
            return self.filepath.format(**about)
        except KeyError as error:
            raise KeyError(
                f'Failed to format this callback filepath: "{self.filepath}". Reason: {error}'
            ) from error

    def _wants(self, epoch: int, logs: Logs, path: str) -> bool:
        """True if the model is to be saved; says so if wished."""
        if not self.save_best_only:
            self._say(epoch, f"saving model to {path}")
            return True
        value = logs.get(self.monitor)
        if value is None:
            warnings.warn(f"Can save best model only with {self.monitor} available.", stacklevel=4)
            return True
        if np.ndim(value) > 0:
            warnings.warn(
                "Can save best model only when `monitor` is a scalar value. "
                f"Received: {value}. Falling back to `save_best_only=False`.",
                stacklevel=4,
            )
            return True
        before = "None" if self.best is None else f"{self.best:.5f}"
        if not self.is_improvement(value, self.best):
            self._say(epoch, f"{self.monitor} did not improve from {before}")
            return False
        self._say(
            epoch, f"{self.monitor} improved from {before} to {value:.5f}, saving model to {path}"
        )
        self.best = value
        return True

    def _say(self, epoch: int, text: Any) -> None:
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1}: {text}")
