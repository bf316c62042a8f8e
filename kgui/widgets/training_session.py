"""One training run at a time: start, stop, progress at 30 Hz, and exactly one end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from kgui.graph.project import Project
from kgui.language import tr
from kgui.training.events import EpochEnded, RunEnded, RunStarted
from kgui.widgets.services import Run

POLL = 33
"""Milliseconds: 30 times a second."""


class TrainingSession(QObject):
    """Hands the project to a run and passes on what it tells."""

    started = Signal(object)
    """RunStarted."""
    epoch_ended = Signal(object)
    """EpochEnded."""
    progressed = Signal(object)
    """BatchProgress, the newest."""
    ended = Signal(object)
    """RunEnded."""
    running_changed = Signal(bool)
    idle = Signal()
    """The last thread has finished."""

    def __init__(self, create_run: Callable[[Project, Path | None], Run], parent: QObject) -> None:
        super().__init__(parent)
        self._create_run = create_run
        self._run: Run | None = None
        self._ending: list[Run] = []
        self._last_seen: object = None
        self.trained: Any = None
        self.project: Project | None = None
        self._timer = QTimer(self, interval=POLL)
        self._timer.timeout.connect(self._poll)

    @property
    def is_running(self) -> bool:
        """Whether a run goes on."""
        return self._run is not None

    def start(self, project: Project, folder: Path | None) -> None:
        """Train a project, unless a run goes on already."""
        if self._run is not None:
            return
        run = self._create_run(project, folder)
        run.started_run.connect(self._on_started)
        run.epoch_ended.connect(self._on_epoch_ended)
        run.ended.connect(self._on_ended)
        run.finished.connect(self._on_finished)
        self._run, self.project, self._last_seen = run, project, None
        self._timer.start()
        self.running_changed.emit(True)
        run.start()

    def stop(self) -> None:
        """Ask the run to end after its current batch; what it learnt is kept."""
        if self._run is not None:
            self._run.stop()

    def forget(self) -> None:
        """Another document is open: end the run unheard, and drop the trained model."""
        self.stop()
        self._detach()
        self.trained = None
        self.running_changed.emit(False)

    def close(self) -> bool:
        """Stop and wait; false if a thread takes longer than five seconds."""
        self.stop()
        runs = [*self._ending, *([self._run] if self._run is not None else [])]
        return all(run.wait(5000) for run in runs)

    def _poll(self) -> None:
        progress = self._run.latest() if self._run is not None else None
        if progress is not None and progress is not self._last_seen:
            self._last_seen = progress
            self.progressed.emit(progress)

    def _on_started(self, event: RunStarted) -> None:
        if self._is_current(self.sender()):
            self.started.emit(event)

    def _on_epoch_ended(self, event: EpochEnded) -> None:
        if self._is_current(self.sender()):
            self.epoch_ended.emit(event)

    def _on_ended(self, event: RunEnded) -> None:
        if self._is_current(self.sender()):
            self._settle(event)

    def _on_finished(self) -> None:
        if self._is_current(self.sender()):
            message = tr("Training ended without a result; the log says more.")
            self._settle(RunEnded("failed", message))
        sender: object = self.sender()
        for run in [run for run in self._ending if run is sender]:
            run.wait(5000)
            self._ending.remove(run)
        if not self._ending and self._run is None:
            self.idle.emit()

    def _is_current(self, sender: object) -> bool:
        return sender is self._run

    def _settle(self, event: RunEnded) -> None:
        run = self._detach()
        # A run stopped before its first epoch has learnt nothing: the model before it stays.
        if run is not None and event.outcome != "failed" and run.trained is not None:
            self.trained = run.trained
        self.running_changed.emit(False)
        self.ended.emit(event)

    def _detach(self) -> Run | None:
        """Hear no more of the run; its thread is kept until it has finished."""
        run, self._run = self._run, None
        if run is not None:
            self._ending.append(run)
            self._timer.stop()
        return run
