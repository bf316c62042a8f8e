"""The progress bar of the console."""

import sys
import time

import numpy as np

from kgui.engine.callbacks.callback import Callback, Logs

WIDTH = 20
"""Characters of the bar."""


class ProgbarLogger(Callback):
    """Prints a bar per epoch (verbose 1) or a line per epoch (verbose 2)."""

    def __init__(self) -> None:
        super().__init__()
        self._began = 0.0
        self._printed = 0.0
        self._steps = 0
        self._in_fit = False

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """From now on tests are validations, which have no bar."""
        self._in_fit = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        """The next test is evaluate's."""
        self._in_fit = False

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Name the epoch."""
        self._start(self.params.get("steps"))
        if self.params.get("verbose") and (self.params.get("epochs") or 1) > 1:
            _write(f"Epoch {epoch + 1}/{self.params['epochs']}\n")

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Move the bar, at most 20 times a second."""
        self._show(batch + 1, logs)

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Start a bar of evaluate's own."""
        if not self._in_fit:
            self._start(self.params.get("steps"))

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Move the bar of evaluate; a validation has none."""
        if not self._in_fit:
            self._show(batch + 1, logs)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Finish the bar, with the validation's numbers."""
        self._finish(logs)

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Finish the bar of evaluate."""
        if not self._in_fit:
            self._finish(logs)

    def _start(self, steps: int | None) -> None:
        self._began = time.perf_counter()
        self._printed = 0.0
        self._steps = steps or 0

    def _show(self, done: int, logs: Logs | None) -> None:
        now = time.perf_counter()
        if self.params.get("verbose") == 1 and now - self._printed > 0.05:
            self._printed = now
            _write("\r" + self._line(done, logs))

    def _finish(self, logs: Logs | None) -> None:
        verbose = self.params.get("verbose")
        if verbose:
            _write(("\r" if verbose == 1 else "") + self._line(self._steps, logs) + "\n")

    def _line(self, done: int, logs: Logs | None) -> str:
        steps = self._steps or done
        full = round(WIDTH * done / max(steps, 1))
        took = time.perf_counter() - self._began
        pace = f"{took:.0f}s {1000 * took / max(done, 1):.0f}ms/step"
        numbers = "".join(f" - {key}: {np.mean(value):.4f}" for key, value in (logs or {}).items())
        bar = "━" * full + " " * (WIDTH - full) if self.params.get("verbose") == 1 else ""
        return f"{done}/{steps} {bar} {pace}{numbers}"


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
