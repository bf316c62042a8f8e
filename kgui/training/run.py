"""One run from a project to a trained model; the window and the command line share it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kgui.compiler.builder import build, fault, node_ids
from kgui.compiler.checker import check
from kgui.compiler.data_fit import input_arrays
from kgui.compiler.objective import compile_model, needs_one_hot
from kgui.compiler.wording import explain
from kgui.data import open_source
from kgui.data.values import Array, Part, Parts, Summary
from kgui.engine.backend import Session, use_session
from kgui.engine.callbacks import Callback, EarlyStopping, History
from kgui.engine.errors import EngineError, LayerError
from kgui.engine.models import Model
from kgui.graph.project import Project
from kgui.interchange.trained import Numbers, TrainedModel
from kgui.io.errors import InputError, KguiError, MemoryNeedError
from kgui.language import tr
from kgui.training.bridge import EventBridge
from kgui.training.events import Event
from kgui.training.failures import (
    DrawingError,
    DrawingTooLargeError,
    LayerFailedError,
    StopRequestedError,
)

Listener = Callable[[Event], None]
ShouldStop = Callable[[], bool]


def _ignore(event: Event) -> None:
    """Nobody listens."""


def _never() -> bool:
    return False


def train(
    project: Project,
    *,
    folder: Path | None = None,
    listener: Listener = _ignore,
    should_stop: ShouldStop = _never,
) -> TrainedModel:
    """Train a project; the same project and data give the same numbers bit for bit, anywhere.

    `folder` is where relative data paths begin. The listener hears RunStarted, BatchProgress (at
    most 30 a second) and EpochEnded in this thread. Raises a KguiError, or StopRequestedError if
    the stop came before anything was trained; after that a stop gives what was learnt so far.
    """
    with use_session(Session(project.training.seed)):
        source = open_source(project.data, folder)
        refuse_faults(project, source.summary)
        parts, preparation = source.split(project.training.seed)
        try:
            run = _Run(project, source.summary, parts, should_stop)
            run.fit(listener)
            evaluation = {} if run.stopped else run.evaluate()
        except (LayerError, EngineError, MemoryError) as error:
            raise told(error) from error
        history = {name: list(values) for name, values in run.history.history.items()}
        return TrainedModel(
            run.model, project, preparation, source.summary.target, history,
            len(run.history.epoch), project.training.seed, evaluation, run.stopped,
        )  # fmt: skip


def refuse_faults(project: Project, summary: Summary | None) -> None:
    """Raise DrawingError or DrawingTooLargeError for the first fault of the drawing."""
    for issue in check(project, summary).errors:
        message = str(fault(project.graph, issue))
        if issue.cause == "memory":
            raise DrawingTooLargeError(message, issue.node_id)
        raise DrawingError(message, issue.node_id)


def told(error: BaseException) -> KguiError:
    """What the engine raised, as a sentence with its exit code."""
    cause = error.__cause__ if isinstance(error, LayerError) else error
    if isinstance(cause, MemoryError):
        return MemoryNeedError(
            tr("The memory was used up while training. Take a smaller batch size or network.")
        )
    if isinstance(error, LayerError):
        phases = {"forward": tr("forward"), "backward": tr("backward"), "update": tr("update")}
        text = tr("{layer} failed in the {phase} pass: {reason}.")
        text = text if error.layer else tr("Training failed in the {phase} pass: {reason}.")
        phase = phases.get(error.phase, error.phase)
        return LayerFailedError(
            text.format(layer=error.layer, phase=phase, reason=str(cause).rstrip(".")), error.layer
        )
    if isinstance(error, EngineError):
        text = explain(error)
        layer = str(error.values.get("output", ""))
        text = f"{layer}: {text}" if layer else text
        return InputError(f"{text}.")
    return LayerFailedError(str(error))


def node_at_fault(project: Project, error: KguiError) -> str | None:
    """Id of the node that a failure of `train` names; None if it names none."""
    if isinstance(error, DrawingError | DrawingTooLargeError):
        return error.node_id
    if isinstance(error, LayerFailedError):
        return node_ids(project).get(error.layer)
    return None


class _Run:
    """The model of one run and the arrays in the form that it takes them."""

    def __init__(
        self, project: Project, summary: Summary, parts: Parts, should_stop: ShouldStop
    ) -> None:
        _leave_if(should_stop)
        self._project, self._parts, self._should_stop = project, parts, should_stop
        self._target, self._notes = summary.target, summary.notes
        self._arrays = input_arrays(project.graph, summary)
        self.model: Model = build(project)
        compile_model(self.model, project, self._target)
        self._one_hot = needs_one_hot(project, self._target, self.model.outputs[0].shape)
        self.history = History()
        self.stopped = False

    def fit(self, listener: Listener) -> None:
        """Train until the last epoch, until nothing improves, or until a stop."""
        settings, part = self._project.training, self._parts.train
        bridge = EventBridge(
            listener, self._should_stop, part.rows, settings.batch_size, self._notes
        )
        callbacks: list[Callback] = [bridge, *self._early_stopping(), self.history]
        validation = self._parts.validation
        try:
            self.model.fit(
                *self._data(part),
                batch_size=settings.batch_size,
                epochs=settings.epochs,
                verbose=0,
                callbacks=callbacks,
                validation_data=None if validation is None else self._data(validation),
            )
        except StopRequestedError:
            self.stopped = True

    def _early_stopping(self) -> list[Callback]:
        patience = self._project.training.patience
        if patience is None:
            return []
        monitor = "loss" if self._parts.validation is None else "val_loss"
        return [EarlyStopping(monitor, patience=patience)]

    def evaluate(self) -> dict[str, Numbers]:
        """Loss and metrics on every part; nothing if a stop is asked for meanwhile."""
        named = {
            "train": self._parts.train,
            "validation": self._parts.validation,
            "test": self._parts.test,
        }
        size = self._project.training.batch_size
        poll = [_StopPoll(self._should_stop)]
        found: dict[str, Numbers] = {}
        try:
            for name, part in named.items():
                if part is not None:
                    found[name] = self.model.evaluate(
                        *self._data(part), batch_size=size, verbose=0, callbacks=poll,
                        return_dict=True,
                    )  # fmt: skip
        except StopRequestedError:
            self.stopped = True
            return {}
        return found

    def _data(self, part: Part) -> tuple[dict[str, Array], Array]:
        inputs = {name: part.inputs[array] for name, array in self._arrays.items()}
        return inputs, self._targets(part.targets)

    def _targets(self, targets: Array) -> Array:
        if not self._one_hot:
            return targets
        return np.eye(len(self._target.classes), dtype=np.float32)[np.asarray(targets, np.intp)]


class _StopPoll(Callback):
    """Leaves an evaluation when a stop is asked for."""

    def __init__(self, should_stop: ShouldStop) -> None:
        super().__init__()
        self._should_stop = should_stop

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Ask."""
        _leave_if(self._should_stop)


def _leave_if(should_stop: ShouldStop) -> None:
    if should_stop():
        raise StopRequestedError
