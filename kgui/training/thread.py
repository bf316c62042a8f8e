"""Training in the background: the one module of this package that knows Qt."""

import logging
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from kgui.graph.project import Project
from kgui.interchange.trained import TrainedModel
from kgui.io.errors import KguiError
from kgui.language import tr
from kgui.training.events import BatchProgress, EpochEnded, Event, RunEnded, RunStarted
from kgui.training.failures import StopRequestedError
from kgui.training.keeping import keep
from kgui.training.mailbox import Mailbox
from kgui.training.run import node_at_fault, train

SWITCH_INTERVAL = 0.0005
"""Seconds a thread computes before another gets its turn: keeps the window fluent."""

_log = logging.getLogger("kgui.training")


class TrainingThread(QThread):
    """Trains a project; receivers of its signals run in the thread they live in.

    Signals carry the values of kgui.training.events. `ended` comes exactly once, last.
    """

    started_run = Signal(object)
    epoch_ended = Signal(object)
    ended = Signal(object)

    def __init__(
        self, project: Project, folder: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._project, self._folder = project, folder
        self._mailbox: Mailbox[BatchProgress] = Mailbox()
        self._trained: TrainedModel | None = None

    @property
    def trained(self) -> TrainedModel | None:
        """What was learnt, once `ended` has come; None if nothing was."""
        return self._trained

    def latest(self) -> BatchProgress | None:
        """The newest progress; to be asked for at most 30 times a second."""
        return self._mailbox.latest()

    def stop(self) -> None:
        """Ask the run to end after the current batch; what it learnt is kept."""
        self.requestInterruption()

    def run(self) -> None:
        """The run itself, in the new thread."""
        usual = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)
        try:
            event = self._train()
        except BaseException as error:
            event = self._failure(error)
        finally:
            sys.setswitchinterval(usual)
        self.ended.emit(event)

    def _train(self) -> RunEnded:
        try:
            self._trained = train(
                self._project,
                folder=self._folder,
                listener=self._tell,
                should_stop=self.isInterruptionRequested,
            )
        except StopRequestedError:
            return RunEnded("stopped")
        try:
            keep(self._trained)
        except (KguiError, OSError) as error:
            # The model is there all the same; only a later session will not find it.
            _log.warning("The trained model could not be kept: %s", error)
        return RunEnded("stopped" if self._trained.stopped else "finished")

    def _tell(self, event: Event) -> None:
        if isinstance(event, BatchProgress):
            self._mailbox.put(event)
        elif isinstance(event, RunStarted):
            self.started_run.emit(event)
        elif isinstance(event, EpochEnded):
            self.epoch_ended.emit(event)

    def _failure(self, error: BaseException) -> RunEnded:
        if isinstance(error, KguiError):
            if error.__cause__ is not None:
                _log.error("Training failed.", exc_info=error)
            return RunEnded("failed", str(error), node_at_fault(self._project, error))
        _log.error("Training failed for a reason nobody foresaw.", exc_info=error)
        text = tr("Training failed unexpectedly ({kind}: {reason}); the log says more.")
        return RunEnded("failed", text.format(kind=type(error).__name__, reason=error))
