"""Stop when a number no longer improves."""

import warnings
from typing import Any

from kgui.engine.callbacks.callback import Logs
from kgui.engine.callbacks.monitor import MonitorCallback
from kgui.engine.callbacks.progress_bar import say


class EarlyStopping(MonitorCallback):
    """Stops fit once the monitored number has not improved for some epochs.

    Args:
        monitor: Name of the number in the epoch's logs.
        min_delta: Least change that counts as better.
        patience: Epochs without improvement before fit stops.
        verbose: 1 says when and why.
        mode: "min", "max", or "auto": as the metric of that name wants it.
        baseline: Value that has to be beaten for the patience to start again.
        restore_best_weights: Take the weights of the best epoch at the end.
        start_from_epoch: Epochs before this one are not looked at.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        self.verbose = verbose
        self.patience, self.baseline = patience, baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self._reset()

    def _reset(self) -> None:
        self.wait = 0
        self.stopped_epoch = 0
        self.best = None
        self.best_epoch = 0
        self.best_weights: list[Any] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Start again."""
        self._reset()
        self.check_direction()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compare the epoch's number with the best so far."""
        self.find_direction()
        value = (logs or {}).get(self.monitor)
        if value is None:
            available = ",".join((logs or {}).keys())
            warnings.warn(
                f"Early stopping conditioned on metric `{self.monitor}` which is not available. "
                f"Available metrics are: {available}",
                stacklevel=2,
            )
            return
        if epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self.best_weights, self.best_epoch = self.model.get_weights(), epoch
        self.wait += 1
        if self.is_improvement(value, self.best):
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self.is_improvement(value, self.baseline):
                self.wait = 0
            return
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Say why it stopped, and take the best weights if asked for."""
        if self.stopped_epoch > 0 and self.verbose > 0:
            say(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose > 0:
                say(
                    "Restoring model weights from the end of the best epoch: "
                    f"{self.best_epoch + 1}."
                )
            self.model.set_weights(self.best_weights)
