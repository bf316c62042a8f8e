"""The tapes at work: primitives tell them what they compute, without knowing more of them."""

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any, Protocol


class Recorder(Protocol):
    """What takes down primitives as they are computed."""

    def values(self, variable: Any) -> Any:
        """The variable's values as they are now, kept even if the variable changes."""

    def record(self, primitive: Any, tensors: Sequence[Any], done: Any, output: Any) -> None:
        """Take down one primitive that was computed on these tensors."""


_recorders: ContextVar[tuple[Recorder, ...]] = ContextVar("recorders", default=())


def recorders() -> tuple[Recorder, ...]:
    """The tapes that record in this thread, the outermost first."""
    return _recorders.get()


def start_recording(recorder: Recorder) -> None:
    """Have everything computed in this thread recorded."""
    _recorders.set((*_recorders.get(), recorder))


def end_recording(recorder: Recorder) -> None:
    """Leave this recorder out from now on."""
    _recorders.set(tuple(other for other in _recorders.get() if other is not recorder))
