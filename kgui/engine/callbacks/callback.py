"""The hooks, in the order in which they are called.

fit:       train_begin, per epoch: epoch_begin, per batch: train_batch_begin,
           train_batch_end, then validation (the test hooks), epoch_end; train_end
evaluate:  test_begin, per batch: test_batch_begin, test_batch_end; test_end
predict:   predict_begin, per batch: predict_batch_begin, predict_batch_end; predict_end
"""

from collections.abc import Mapping
from typing import Any

Logs = dict[str, Any]


class Callback:
    """The base: every hook does nothing. `model` and `params` are set before the first."""

    skipped_hooks: frozenset[str] = frozenset()
    """Batch hooks that would do nothing: logs are not worked out for them."""

    def __init__(self) -> None:
        self.params: Mapping[str, Any] = {}
        self._model: Any = None

    @property
    def model(self) -> Any:
        """The model at work."""
        return self._model

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Take verbose, epochs and steps."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Take the model."""
        self._model = model

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Old name of `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Old name of `on_train_batch_end`."""

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Called once when fit begins."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Called once when fit ends, with the last epoch's logs."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Called before an epoch, counted from 0."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Called after an epoch, with its logs; those of validation begin with val_."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before a training batch, counted from 0 in every epoch."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after a training batch, with the means over the epoch so far."""
        self.on_batch_end(batch, logs=logs)

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Called when evaluate or a validation begins."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Called when evaluate or a validation ends, with its logs."""

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before a batch is evaluated."""

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after a batch was evaluated, with the means so far."""

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Called when predict begins."""

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Called when predict ends."""

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before a batch is predicted."""

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after a batch was predicted; logs hold its `outputs`."""
