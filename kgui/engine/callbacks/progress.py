"""The progress bar of the console."""

from collections.abc import Mapping
from typing import Any

from kgui.engine.callbacks.callback import Callback, Logs
from kgui.engine.callbacks.progress_bar import Progbar, say


class ProgbarLogger(Callback):
    """Prints a bar per epoch (verbose 1) or a line per epoch (verbose 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0
        self.progbar: Progbar | None = None
        self.target: int | None = None
        self.verbose = 1
        self.epochs = 1
        self._in_fit = False

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Take what is counted, and how much is to be said."""
        super().set_params(params)
        verbose = params["verbose"]
        self.verbose = 1 if verbose == "auto" else verbose
        self.epochs, self.target = params["epochs"], params["steps"]

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """From now on tests are validations, which have no bar."""
        self._in_fit = True

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Start the bar of evaluate."""
        if not self._in_fit:
            self._start()

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Start the bar of predict."""
        self._start()

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Start the bar of the epoch, and name it if there are several."""
        self._start()
        if self.verbose and self.epochs > 1:
            say(f"Epoch {epoch + 1}/{self.epochs}")

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Move the bar."""
        self._move(batch, logs)

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Move the bar of evaluate."""
        if not self._in_fit:
            self._move(batch, logs)

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Move the bar of predict."""
        self._move(batch, None)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Finish the bar, with the validation's numbers."""
        self._finish(logs)

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Finish the bar of evaluate."""
        if not self._in_fit:
            self._finish(logs)

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Finish the bar of predict."""
        self._finish(None)

    def _start(self) -> None:
        self.seen = 0
        self.progbar = Progbar(self.target, verbose=self.verbose, stateless_metrics=())

    def _bar(self) -> Progbar:
        if self.progbar is None:
            self._start()
        assert self.progbar is not None  # noqa: S101 - just made
        return self.progbar

    def _move(self, batch: int, logs: Logs | None) -> None:
        self.seen = batch + 1
        if self.verbose == 1:
            self._bar().update(self.seen, list((logs or {}).items()), finalize=False)

    def _finish(self, logs: Logs | None) -> None:
        bar = self._bar()
        if self.target is None:
            self.target = bar.target = self.seen
        bar.update(self.target, list((logs or {}).items()), finalize=True)
