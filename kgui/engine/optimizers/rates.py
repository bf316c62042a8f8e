"""What may be given as a learning rate: a number, a schedule, or a function."""

from collections.abc import Callable
from typing import Any

from kgui.engine.optimizers.schedules import LearningRateSchedule, deserialize


def schedule_from(value: Any) -> Callable[[Any], Any] | None:
    """The schedule that was given, or None for a number; a function is asked at every update."""
    if isinstance(value, LearningRateSchedule):
        return value
    if isinstance(value, dict):
        return deserialize(value)
    return (lambda _step: value()) if callable(value) else None


def number_from(learning_rate: Any) -> float:
    """A learning rate; ValueError if it is neither a number nor a schedule."""
    if isinstance(learning_rate, bool) or not hasattr(learning_rate, "__float__"):
        raise ValueError(
            "Argument `learning_rate` should be float, or an instance of LearningRateSchedule, "
            "or a callable (that takes in the current iteration value and returns the "
            "corresponding learning rate value). "
            f"Received instead: learning_rate={learning_rate}"
        )
    return float(learning_rate)
